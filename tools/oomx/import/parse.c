// SPDX-License-Identifier: GPL-2.0
/*
 * A report taken apart, line by line.
 */
#include <stdlib.h>

#include "import.h"

#define STRINGS_SIZE	(256 * 1024)

static struct draft *new_draft(const struct report *r)
{
	struct draft *d = xalloc(NULL, sizeof(*d));

	memset(d, 0, sizeof(*d));
	d->strings_buf = xalloc(NULL, STRINGS_SIZE);
	oomx_strings_init(&d->strings, d->strings_buf, STRINGS_SIZE);
	d->host = draft_string(d, r->host, strlen(r->host));
	d->start.mono_us = NO_CLOCK;
	d->trigger.pid = OOMX_NONE;
	d->trigger.tgid = OOMX_NONE;
	d->trigger.ppid = OOMX_NONE;
	d->trigger.uid = OOMX_NONE;
	d->trigger.cpu = OOMX_NONE;
	d->trigger.highest_zone = OOMX_NONE;
	d->trigger.oom_score_adj = OOMX_NO_ADJ;
	d->trigger.flags = OOMX_TRIGGER_NO_REQUEST;
	d->log.line = r->number;
	d->log.offset = r->offset;
	return d;
}

/* Counters of a second Mem-Info belong to a failed allocation that came in between. */
static void parse_memory(struct draft *d, enum line_kind kind, const char *line)
{
	switch (kind) {
	case LINE_GLOBAL:
		parse_global(d, line);
		break;
	case LINE_NODE:
		parse_node(d, line);
		break;
	case LINE_ZONE:
		parse_zone(d, line);
		break;
	case LINE_RESERVE:
		parse_reserve(d, line);
		break;
	case LINE_BUDDY:
		parse_buddy(d, line);
		break;
	case LINE_TOTAL:
		parse_total(d, line);
		break;
	case LINE_HUGE:
		parse_huge(d, line);
		break;
	default:
		break;
	}
}

static void parse_group(struct draft *d, enum line_kind kind, const char *line)
{
	switch (kind) {
	case LINE_LIMIT:
		parse_limit(d, line);
		break;
	case LINE_USAGE:
		parse_usage(d, line);
		break;
	case LINE_STATS:
		parse_stats(d, line);
		break;
	case LINE_STAT:
		parse_stat(d, line);
		break;
	case LINE_COLUMNS:
		parse_columns(d, line);
		break;
	case LINE_ROW:
		parse_row(d, line);
		break;
	default:
		break;
	}
}

static void parse_end(struct draft *d, const struct line *l, const char *line)
{
	switch (l->kind) {
	case LINE_DECISION:
		parse_decision(d, line);
		break;
	case LINE_CHOSEN:
		parse_chosen(d, line);
		break;
	case LINE_KILLED:
		parse_killed(d, line, &l->stamp);
		break;
	case LINE_GROUP:
		d->group = true;
		d->memcg_words = true;
		break;
	case LINE_EXITING:
	case LINE_NOBODY:
	case LINE_PANIC:
		parse_outcome(d, l->kind);
		break;
	default:
		break;
	}
}

static void parse_begin(struct draft *d, enum line_kind kind, const char *line)
{
	switch (kind) {
	case LINE_HEAD:
		parse_head(d, line);
		break;
	case LINE_CPUSET:
		parse_cpuset(d, line);
		break;
	case LINE_CPU:
		parse_cpu(d, line);
		break;
	case LINE_FRAME:
		parse_frame(d, line);
		break;
	default:
		break;
	}
}

/* What is missing at either end, by what was there. */
static void find_cuts(struct draft *d, bool ended)
{
	bool more = d->n_tasks || d->n_zones || d->has_memcg || d->stack_len || d->trigger.comm[0];

	if (!more)
		d->log.flags |= OOMX_LOG_KILL_ONLY;
	else if (d->trigger.flags & OOMX_TRIGGER_NO_REQUEST)
		d->log.flags |= OOMX_LOG_NO_START;
	if (!ended)
		d->log.flags |= OOMX_LOG_NO_END;
}

/**
 * draft_of() - take a report apart
 * @r: report, put together where lines were broken
 *
 * Return: to be given to draft_free().
 */
struct draft *draft_of(const struct report *r)
{
	struct draft *d = new_draft(r);
	const struct line *l;
	const char *text;
	bool twice = false;
	size_t i;

	for (i = 0; i < r->n; i++) {
		l = &r->lines[i];
		text = r->text + l->at;
		d->log.lines += l->kind != LINE_OTHER;
		if (d->start.mono_us == NO_CLOCK && !d->start.real_ns)
			d->start = l->stamp;
		twice = twice || (l->kind == LINE_MEMINFO && d->meminfo);
		d->meminfo = d->meminfo || l->kind == LINE_MEMINFO;
		parse_begin(d, l->kind, text);
		if (!twice)
			parse_memory(d, l->kind, text);
		parse_group(d, l->kind, text);
		parse_end(d, l, text);
	}
	parse_decided(d);
	parse_memory_end(d);
	find_cuts(d, d->n_victims || d->result);
	return d;
}

/**
 * draft_free() - forget a draft
 * @d: draft
 */
void draft_free(struct draft *d)
{
	free(d->strings_buf);
	free(d->nodes);
	free(d->added);
	free(d->zones);
	free(d->stack);
	free(d->tasks);
	free(d->victims);
	free(d);
}
