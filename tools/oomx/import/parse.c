// SPDX-License-Identifier: GPL-2.0
/*
 * A report taken apart, line by line.
 */
#include <stdlib.h>

#include "draft.h"

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

/* What is told by the line alone; the end is told by parse_end(). */
static void (*const parsers[])(struct draft *d, const char *line) = {
	[LINE_HEAD] = parse_head, [LINE_CPUSET] = parse_cpuset, [LINE_CPU] = parse_cpu,
	[LINE_FRAME] = parse_frame, [LINE_GLOBAL] = parse_global, [LINE_NODE] = parse_node,
	[LINE_ZONE] = parse_zone, [LINE_RESERVE] = parse_reserve, [LINE_BUDDY] = parse_buddy,
	[LINE_TOTAL] = parse_total, [LINE_HUGE] = parse_huge, [LINE_LIMIT] = parse_limit,
	[LINE_USAGE] = parse_usage, [LINE_STATS] = parse_stats, [LINE_STAT] = parse_stat,
	[LINE_COLUMNS] = parse_columns, [LINE_ROW] = parse_row, [LINE_DECISION] = parse_decision,
	[LINE_CHOSEN] = parse_chosen,
};

static void parse_line(struct draft *d, enum line_kind kind, const char *line)
{
	if (kind < ARRAY_SIZE(parsers) && parsers[kind])
		parsers[kind](d, line);
}

static bool is_memory(enum line_kind kind)
{
	return kind >= LINE_GLOBAL && kind <= LINE_HUGE;
}

static bool is_stack(enum line_kind kind)
{
	return kind == LINE_CPUSET || kind == LINE_CPU || kind == LINE_FRAME;
}

/**
 * struct bounds - how far the lines of a report are its own for sure
 * @stack: number of the first line that may belong to the stack of another message
 * @memory: of the first that may belong to the memory of a failed allocation
 */
struct bounds {
	size_t stack;
	size_t memory;
};

/*
 * Another CPU may report a failed allocation, or warn, in between, and print the same lines:
 * what comes behind the beginning of such a message could be of either. Its memory comes
 * behind ours if ours was under way already.
 */
static struct bounds find_bounds(const struct report *r)
{
	struct bounds b = { r->n, r->n };
	bool cpu = false, meminfo = false;
	enum line_kind kind;
	size_t i;

	for (i = 0; i < r->n; i++) {
		kind = r->lines[i].kind;
		if (b.stack == r->n && (kind == LINE_FAILURE || (kind == LINE_CPU && cpu) ||
					is_memory(kind) || kind == LINE_USAGE))
			b.stack = i;
		if (b.memory == r->n && ((kind == LINE_FAILURE && !meminfo) ||
					 (kind == LINE_MEMINFO && meminfo)))
			b.memory = i;
		cpu = cpu || kind == LINE_CPU;
		meminfo = meminfo || kind == LINE_MEMINFO;
	}
	return b;
}

/* Is the stack not whole, but for what another message took from it? */
static bool is_cut(const struct report *r, const struct bounds *b)
{
	return b->stack < r->n && (r->lines[b->stack].kind == LINE_FAILURE ||
				   r->lines[b->stack].kind == LINE_CPU);
}

static void parse_end(struct draft *d, const struct line *l, const char *line)
{
	switch (l->kind) {
	case LINE_KILLED:
		parse_killed(d, line, &l->stamp);
		break;
	case LINE_REAPED:
	case LINE_UNREAPED:
		draft_reaped(d, line, l->kind, &l->stamp);
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
	struct bounds b = find_bounds(r);
	size_t i;

	for (i = 0; i < r->n; i++) {
		l = &r->lines[i];
		text = r->text + l->at;
		d->log.lines += l->kind != LINE_OTHER;
		if (d->start.mono_us == NO_CLOCK && !d->start.real_ns)
			d->start = l->stamp;
		d->meminfo = d->meminfo || (l->kind == LINE_MEMINFO && i < b.memory);
		if (l->kind == LINE_HEAD)
			d->head_parts = l->parts;
		if (i < (is_memory(l->kind) ? b.memory : is_stack(l->kind) ? b.stack : r->n))
			parse_line(d, l->kind, text);
		parse_end(d, l, text);
	}
	if (is_cut(r, &b) && d->stack_len)
		d->trigger.flags |= OOMX_TRIGGER_STACK_CUT;
	parse_head_end(d);
	parse_decided(d);
	pages_end(d);
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
	pids_free(&d->by_pid);
	free(d);
}
