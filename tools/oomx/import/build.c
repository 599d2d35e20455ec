// SPDX-License-Identifier: GPL-2.0
/*
 * A report taken apart becomes a record, with what the log tells of the end as follow-ups.
 */
#include <stdlib.h>

#include "draft.h"
#include "oomx_select.h"

/* Beside tables of variable length: heads, sections of one element, padding. */
#define FIXED_BYTES	16384

static const char migratetypes[] = "UMEHCIR?";

static u32 kind_of(const struct draft *d)
{
	if (d->trigger.order < 0)
		return OOMX_KIND_SYSRQ;
	if (d->constraint)
		return d->constraint;
	if (d->memcg_words || d->has_memcg)
		return OOMX_KIND_MEMCG;
	return OOMX_KIND_GLOBAL;
}

static u8 status_of(const struct oomx_task *t)
{
	if (t->status)
		return t->status;	/* killed by an event before */
	if (t->pid == 1)
		return OOMX_TASK_INIT;
	return t->oom_score_adj == OOMX_ADJ_MIN ? OOMX_TASK_ADJ_MIN : OOMX_TASK_CANDIDATE;
}

static const struct oomx_task *task_of(const struct draft *d, u32 pid)
{
	u32 i;

	for (i = 0; i < d->n_tasks; i++)
		if (d->tasks[i].pid == pid)
			return &d->tasks[i];
	return NULL;
}

static void know_trigger(struct draft *d)
{
	const struct oomx_task *t = task_of(d, d->trigger.pid);
	u64 us = d->start.mono_us;

	d->trigger.kind = kind_of(d);
	if (d->trigger.kind == OOMX_KIND_MEMCG || d->trigger.order < 0)
		d->trigger.flags &= ~OOMX_TRIGGER_NO_FS;
	if (t) {
		d->trigger.tgid = t->tgid;
		d->trigger.uid = t->uid;
		if (d->trigger.oom_score_adj == OOMX_NO_ADJ)
			d->trigger.oom_score_adj = t->oom_score_adj;
	}
	d->trigger.monotonic_ns = us == NO_CLOCK ? 0 : us * 1000;
	d->trigger.realtime_ns = d->start.real_ns;
	d->trigger.flags |= d->start.flags;
}

static void know_tasks(struct draft *d)
{
	u32 i;

	for (i = 0; i < d->n_tasks; i++)
		d->tasks[i].status = status_of(&d->tasks[i]);
}

/* The path of the victim's group is that of a task, if its row is there. */
static void know_victims(struct draft *d)
{
	u32 i, kb = d->page_size / 1024, pid;
	const struct oomx_task *t;
	struct oomx_victim *v;

	for (i = 0; i < d->n_victims; i++) {
		v = &d->victims[i].v;
		t = task_of(d, v->pid);
		v->rss_anon /= kb;
		v->rss_file /= kb;
		v->rss_shmem /= kb;
		v->pgtables_bytes *= 1024;
		if (t) {
			v->tgid = t->tgid;
			v->uid = t->uid;
		}
		/* at the end of a line it may be cut */
		if (t && t->oom_score_adj != OOMX_NO_ADJ)
			v->oom_score_adj = t->oom_score_adj;
	}
	if (!d->n_victims || !d->victim_path)
		return;
	pid = d->victims[0].v.pid;
	d->victims[0].v.cgroup = 1;
	for (i = 0; i < d->n_tasks; i++)
		if (d->tasks[i].pid == pid)
			d->tasks[i].cgroup = 0;
}

static void put_values(struct oomx_builder *b, u16 type, u64 valid, const u64 *v, u32 n)
{
	struct oomx_values *to = oomx_build_table(b, type, OOMX_VALUES_SIZE(n), 1);

	to->valid = valid;
	memcpy(to + 1, v, n * sizeof(*v));
}

/* Numbers that are known of every zone: blocks of so many orders, or entries of the reserve. */
static u32 least(const struct draft *d, bool buddy)
{
	u32 n = d->n_zones ? U32_MAX : 0, i;

	for (i = 0; i < d->n_zones; i++)
		n = min_t(u32, n, buddy ? d->zones[i].orders : d->zones[i].reserves);
	return n;
}

static void put_system(struct oomx_builder *b, struct draft *d)
{
	struct oomx_system sys = {
		.page_size = d->log.flags & OOMX_LOG_NO_PAGE_SIZE ? 0 : d->page_size,
		.release = d->release, .machine = d->machine, .nodename = d->host,
		.migratetypes = draft_string(d, migratetypes, strlen(migratetypes)),
	};

	sys.nr_orders = least(d, true);
	oomx_build_copy(b, OOMX_SEC_SYSTEM, &sys, sizeof(sys), 1);
	put_values(b, OOMX_SEC_SYSTEM_VALUES, d->sys_valid, d->sys, OOMX_SYS_NR);
	oomx_build_copy(b, OOMX_SEC_TRIGGER, &d->trigger, sizeof(d->trigger), 1);
	if (d->stack_len)
		oomx_build_copy(b, OOMX_SEC_STACK, d->stack, 1, d->stack_len);
}

static void put_zones(struct oomx_builder *b, const struct draft *d)
{
	u32 row = least(d, true) * sizeof(struct oomx_buddy), i;
	struct oomx_zone *zone;
	u8 *to;

	oomx_build_copy(b, OOMX_SEC_NODE, d->nodes, sizeof(*d->nodes), d->n_nodes);
	zone = oomx_build_table(b, OOMX_SEC_ZONE, sizeof(*zone), d->n_zones);
	for (i = 0; i < d->n_zones; i++)
		zone[i] = d->zones[i].zone;
	if (row) {
		to = oomx_build_table(b, OOMX_SEC_BUDDY, row, d->n_zones);
		for (i = 0; i < d->n_zones; i++)
			memcpy(to + i * row, d->zones[i].buddy, row);
	}
	row = least(d, false) * sizeof(u64);
	if (row) {
		to = oomx_build_table(b, OOMX_SEC_RESERVE, row, d->n_zones);
		for (i = 0; i < d->n_zones; i++)
			memcpy(to + i * row, d->zones[i].reserve, row);
	}
}

static void put_memcg(struct oomx_builder *b, struct draft *d)
{
	struct oomx_cgroup own = { .path = d->victim_path };

	if (d->has_memcg || d->limit_path) {
		d->memcg.path = d->limit_path;
		d->memcg.flags |= OOMX_MEMCG_IS_OOM;
		oomx_build_copy(b, OOMX_SEC_MEMCG, &d->memcg, sizeof(d->memcg), 1);
		put_values(b, OOMX_SEC_MEMCG_STAT, d->stat_valid, d->stat, OOMX_STAT_NR);
	}
	if (d->victim_path)
		oomx_build_copy(b, OOMX_SEC_CGROUP, &own, sizeof(own), 1);
}

static void put_tasks(struct oomx_builder *b, struct draft *d)
{
	u64 cap[OOMX_CAP_NR] = { 0 }, choice[OOMX_CHOICE_NR], valid = 0;
	struct totalpages total;
	u32 i;

	choice_total(d, &total);
	valid = choice_make(d, &total, choice);
	put_values(b, OOMX_SEC_CHOICE, valid, choice, OOMX_CHOICE_NR);
	oomx_build_copy(b, OOMX_SEC_TASK, d->tasks, sizeof(*d->tasks), d->n_tasks);
	for (i = 0; i < d->n_tasks; i++)
		cap[OOMX_CAP_CANDIDATES] += oomx_task_selectable(&d->tasks[i]);
	cap[OOMX_CAP_TOTALPAGES] = total.min;
	valid = 0;
	if (choice_whole(d))
		valid |= 1ULL << OOMX_CAP_CANDIDATES;
	if (total.known && total.min == total.max)
		valid |= 1ULL << OOMX_CAP_TOTALPAGES;
	put_values(b, OOMX_SEC_CAPTURE, valid, cap, OOMX_CAP_NR);
}

static size_t most_bytes(const struct draft *d)
{
	return FIXED_BYTES + d->strings.len + sizeof(migratetypes) + d->stack_len +
	       d->n_nodes * sizeof(*d->nodes) + d->n_zones * sizeof(*d->zones) +
	       (size_t)d->n_tasks * sizeof(*d->tasks);
}

static void end_record(struct oomx_builder *b, struct events *to)
{
	struct oomx_record *r = (struct oomx_record *)b->buf;

	oomx_build_end(b);
	r->flags = OOMX_RECORD_IMPORTED;
	if (b->overflow || oomx_record_check(r, r->len, NULL)) {
		complain("a report made no record: this is a bug");
		abort();
	}
	events_add(to, r);
	free(b->buf);
}

static void begin_record(struct oomx_builder *b, size_t size, u16 type, u64 id)
{
	oomx_build_begin(b, xalloc(NULL, size), size, type, id);
}

/* Since the first line, where both tell printk's clock. */
static u64 after(const struct draft *d, const struct stamp *when)
{
	if (when->mono_us == NO_CLOCK || d->start.mono_us == NO_CLOCK ||
	    when->mono_us < d->start.mono_us)
		return OOMX_NO_TIME;
	return (when->mono_us - d->start.mono_us) * 1000;
}

/* enum oom_constraint of the kernel */
static const u8 constraints[] = {
	[OOMX_KIND_GLOBAL] = 0, [OOMX_KIND_CPUSET] = 1, [OOMX_KIND_MEMPOLICY] = 2,
	[OOMX_KIND_MEMCG] = 3,
};

static void put_decision(struct oomx_builder *b, const struct draft *d)
{
	u64 v[OOMX_DEC_NR] = { 0 }, valid = 1ULL << OOMX_DEC_RESULT;

	v[OOMX_DEC_RESULT] = d->group ? OOMX_RESULT_GROUP_KILLED : d->result;
	v[OOMX_DEC_SCORE] = d->score.v;
	if (d->score.known)
		valid |= 1ULL << OOMX_DEC_SCORE;
	if (d->constraint) {
		v[OOMX_DEC_CONSTRAINT] = constraints[d->constraint];
		valid |= 1ULL << OOMX_DEC_CONSTRAINT;
	}
	v[OOMX_DEC_CHOSEN] = d->chosen;
	if (d->chosen && d->n_victims && d->chosen != d->victims[0].v.pid)
		valid |= 1ULL << OOMX_DEC_CHOSEN;
	put_values(b, OOMX_SEC_DECISION, valid, v, OOMX_DEC_NR);
}

static void build_moment(const struct draft *d, u64 id, u16 type, const struct victim_draft *k,
			 struct events *to)
{
	struct oomx_moment m = { .pid = k->v.pid, .tgid = k->v.tgid };
	struct oomx_builder b;

	m.after_ns = after(d, &k->reaped);
	begin_record(&b, FIXED_BYTES, OOMX_RECORD_FOLLOWUP, id);
	oomx_build_copy(&b, type, &m, sizeof(m), 1);
	end_record(&b, to);
}

static void build_victim(struct draft *d, u64 id, u32 i, struct events *to)
{
	struct victim_draft *k = &d->victims[i];
	struct oomx_builder b;

	k->v.after_ns = after(d, &k->stamp);
	begin_record(&b, FIXED_BYTES, OOMX_RECORD_FOLLOWUP, id);
	oomx_build_copy(&b, OOMX_SEC_VICTIM, &k->v, sizeof(k->v), 1);
	if (!i)
		put_decision(&b, d);
	end_record(&b, to);
	if (k->has_reaped)
		build_moment(d, id, OOMX_SEC_REAP, k, to);
	if (k->skipped)
		build_moment(d, id, OOMX_SEC_REAP_SKIP, k, to);
}

static void build_end(struct draft *d, u64 id, struct events *to)
{
	struct oomx_builder b;
	u32 i;

	for (i = 0; i < d->n_victims; i++)
		build_victim(d, id, i, to);
	if (d->n_victims || !d->result)
		return;
	begin_record(&b, FIXED_BYTES, OOMX_RECORD_FOLLOWUP, id);
	put_decision(&b, d);
	end_record(&b, to);
}

/**
 * build_event() - make the records of an event
 * @d: draft, complete; its numbers are put into the units of the record
 * @id: number of the event
 * @to: events, added to
 */
void build_event(struct draft *d, u64 id, struct events *to)
{
	struct oomx_builder b;

	know_trigger(d);
	know_tasks(d);
	know_victims(d);
	vintage_rules(d);
	layout_zones(d);
	begin_record(&b, most_bytes(d), OOMX_RECORD_EVENT, id);
	put_system(&b, d);
	put_zones(&b, d);
	put_memcg(&b, d);
	put_tasks(&b, d);
	oomx_build_copy(&b, OOMX_SEC_LOG, &d->log, sizeof(d->log), 1);
	oomx_build_copy(&b, OOMX_SEC_STRINGS, d->strings.buf, 1, d->strings.len);
	end_record(&b, to);
	build_end(d, id, to);
}
