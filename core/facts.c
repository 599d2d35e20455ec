// SPDX-License-Identifier: GPL-2.0
/*
 * An event taken apart, for the printers. Pure.
 */
#include "oomx_report.h"

/**
 * oomx_facts_load() - take a view apart
 * @f: set up here
 * @view: event and follow-ups; outlives @f
 *
 * Context: Any.
 */
void oomx_facts_load(struct oomx_facts *f, const struct oomx_view *view)
{
	const struct oomx_record *r = view->event;
	struct oomx_table sys = oomx_record_table(r, OOMX_SEC_SYSTEM);
	struct oomx_table trigger = oomx_record_table(r, OOMX_SEC_TRIGGER), log;

	memset(f, 0, sizeof(*f));
	f->view = view;
	oomx_table_get(&sys, 0, &f->sys, sizeof(f->sys));
	oomx_table_get(&trigger, 0, &f->trigger, sizeof(f->trigger));
	f->trigger.comm[OOMX_COMM_LEN - 1] = '\0';
	f->page_size = f->sys.page_size >= 1024 ? f->sys.page_size : 4096;
	f->zones = oomx_record_table(r, OOMX_SEC_ZONE);
	f->buddy = oomx_record_table(r, OOMX_SEC_BUDDY);
	f->reserve = oomx_record_table(r, OOMX_SEC_RESERVE);
	f->nodes = oomx_record_table(r, OOMX_SEC_NODE);
	f->memcgs = oomx_record_table(r, OOMX_SEC_MEMCG);
	f->events = oomx_record_table(r, OOMX_SEC_MEMCG_EVENTS);
	f->stats = oomx_record_table(r, OOMX_SEC_MEMCG_STAT);
	f->cgroups = oomx_record_table(r, OOMX_SEC_CGROUP);
	f->tasks = oomx_record_table(r, OOMX_SEC_TASK);
	f->kthreads = oomx_record_table(r, OOMX_SEC_KTHREAD);
	f->sysvals = oomx_record_table(r, OOMX_SEC_SYSTEM_VALUES);
	f->capture = oomx_record_table(r, OOMX_SEC_CAPTURE);
	f->imported = r->flags & OOMX_RECORD_IMPORTED;
	log = oomx_record_table(r, OOMX_SEC_LOG);
	oomx_table_get(&log, 0, &f->log, sizeof(f->log));
}

/**
 * oomx_fact_string() - a string of the event
 * @f: facts
 * @offset: as stored in the record
 *
 * Context: Any.
 * Return: the string, or NULL when it is unknown.
 */
const char *oomx_fact_string(const struct oomx_facts *f, u32 offset)
{
	return oomx_record_string(f->view->event, offset);
}

/**
 * oomx_fact_boot_id() - boot id as the kernel prints it
 * @f: facts
 * @text: set to it, 8-4-4-4-12 hexadecimal digits
 *
 * Context: Any.
 * Return: false when it is unknown; @text is empty then.
 */
bool oomx_fact_boot_id(const struct oomx_facts *f, char text[OOMX_BOOT_ID_LEN])
{
	static const u8 none[sizeof(f->sys.boot_id)];
	u32 i, n = 0;

	text[0] = '\0';
	if (!memcmp(f->sys.boot_id, none, sizeof(none)))
		return false;
	for (i = 0; i < sizeof(none); i++)
		n += snprintf(text + n, OOMX_BOOT_ID_LEN - n, "%s%02x",
			      i > 3 && i < 11 && !(i % 2) ? "-" : "", f->sys.boot_id[i]);
	return true;
}

/**
 * oomx_fact_sys() - a value of the machine
 * @f: facts
 * @value: enum oomx_system_value
 *
 * Context: Any.
 * Return: the value, or one that is not known.
 */
struct oomx_opt oomx_fact_sys(const struct oomx_facts *f, u32 value)
{
	return oomx_table_value(&f->sysvals, 0, value);
}

/**
 * oomx_fact_capture() - a value of the capture
 * @f: facts
 * @value: enum oomx_capture_value
 *
 * Context: Any.
 * Return: the value, or one that is not known.
 */
struct oomx_opt oomx_fact_capture(const struct oomx_facts *f, u32 value)
{
	return oomx_table_value(&f->capture, 0, value);
}

/**
 * oomx_fact_node() - a node counter of the whole machine
 * @f: facts
 * @value: enum oomx_node_value
 *
 * Context: Any.
 * Return: the value, or one that is not known.
 */
struct oomx_opt oomx_fact_node(const struct oomx_facts *f, u32 value)
{
	struct oomx_opt unknown = { 0 };
	struct oomx_node n;
	u32 i;

	for (i = 0; oomx_table_get(&f->nodes, i, &n, sizeof(n)); i++)
		if (n.node == OOMX_NODE_ALL)
			return oomx_value(n.valid, n.v, OOMX_NODE_NR, value);
	return unknown;
}

/**
 * oomx_fact_zones() - a zone counter, summed over all zones
 * @f: facts
 * @value: enum oomx_zone_value
 *
 * Context: Any.
 * Return: the sum; not known when it is not known of a zone, or there is none.
 */
struct oomx_opt oomx_fact_zones(const struct oomx_facts *f, u32 value)
{
	struct oomx_opt sum = { .known = f->zones.count > 0 }, one;
	struct oomx_zone z;
	u32 i;

	for (i = 0; oomx_table_get(&f->zones, i, &z, sizeof(z)); i++) {
		one = oomx_value(z.valid, z.v, OOMX_ZONE_NR, value);
		sum.known = sum.known && one.known;
		sum.v = sum.known ? sum.v + one.v : 0;
	}
	return sum;
}

/**
 * oomx_fact_zones_missing() - are there zones that the record does not have?
 * @f: facts
 *
 * Logs since 6.1 do not show those above the zones of the request, and a log may be cut.
 *
 * Context: Any.
 * Return: true if the pages of the zones are not those of the machine, by more than 1 %.
 */
bool oomx_fact_zones_missing(const struct oomx_facts *f)
{
	struct oomx_opt total = oomx_fact_sys(f, OOMX_SYS_TOTALRAM);
	struct oomx_opt managed = oomx_fact_zones(f, OOMX_ZONE_MANAGED);

	return f->imported && managed.known && total.known &&
	       managed.v < total.v - total.v / 100;
}

/**
 * oomx_fact_managed() - all managed pages of the machine
 * @f: facts
 *
 * Logs of old kernels do not tell them by zone, and others not of all zones.
 *
 * Context: Any.
 * Return: pages, or a value that is not known.
 */
struct oomx_opt oomx_fact_managed(const struct oomx_facts *f)
{
	struct oomx_opt managed = oomx_fact_zones(f, OOMX_ZONE_MANAGED);

	return managed.known && !oomx_fact_zones_missing(f) ?
	       managed : oomx_fact_sys(f, OOMX_SYS_TOTALRAM);
}

/**
 * oomx_fact_buddy() - the free blocks of one order in one zone
 * @f: facts
 * @zone: index into the zones
 * @order: order
 *
 * Context: Any.
 * Return: the blocks; none where the record has no such order.
 */
struct oomx_buddy oomx_fact_buddy(const struct oomx_facts *f, u32 zone, u32 order)
{
	struct oomx_buddy b = { 0 };

	if (zone < f->buddy.count && (order + 1) * sizeof(b) <= f->buddy.esize)
		memcpy(&b, f->buddy.data + (size_t)f->buddy.esize * zone + order * sizeof(b),
		       sizeof(b));
	return b;
}

/**
 * oomx_memcg_value() - a counter of a memory cgroup
 * @m: cgroup
 * @value: enum oomx_memcg_value
 *
 * Context: Any.
 * Return: the value, or one that is not known.
 */
struct oomx_opt oomx_memcg_value(const struct oomx_memcg *m, u32 value)
{
	return oomx_value(m->valid, m->v, OOMX_MEMCG_NR, value);
}

/**
 * oomx_fact_task() - a task by its rank
 * @f: facts; the order of the view is filled, or there is none
 * @rank: from 0
 * @t: set to the task
 *
 * Context: Any.
 * Return: false when there is no such rank.
 */
bool oomx_fact_task(const struct oomx_facts *f, u32 rank, struct oomx_task *t)
{
	bool ranked = f->view->order && rank < f->tasks.count;
	u32 i = ranked ? f->view->order[rank].index : U32_MAX;

	if (!oomx_table_get(&f->tasks, i, t, sizeof(*t)))
		return false;
	t->comm[OOMX_COMM_LEN - 1] = '\0';
	return true;
}

/**
 * oomx_fact_cgroup() - path of a memory cgroup that tasks live in
 * @f: facts
 * @index: as in struct oomx_task
 *
 * Context: Any.
 * Return: the path, or NULL when it is unknown.
 */
const char *oomx_fact_cgroup(const struct oomx_facts *f, u32 index)
{
	struct oomx_cgroup c;

	oomx_table_get(&f->cgroups, index, &c, sizeof(c));
	return oomx_fact_string(f, c.path);
}

/* A log tells the cgroup of the victim, and not that of the trigger. */
static const char *victim_memcg(const struct oomx_facts *f)
{
	struct oomx_followup at = { 0 };
	struct oomx_victim v;
	struct oomx_table t;

	if (!f->imported || !oomx_followup_find(f->view, &at, OOMX_SEC_VICTIM))
		return f->imported && f->cgroups.count == 1 ? oomx_fact_cgroup(f, 0) : NULL;
	t = oomx_section_table(at.section);
	oomx_table_get(&t, 0, &v, sizeof(v));
	return v.cgroup ? oomx_fact_cgroup(f, v.cgroup - 1) : NULL;
}

/**
 * oomx_fact_own_memcg() - the memory cgroup of the task, whose or whose ancestor's limit was hit
 * @f: facts
 *
 * Context: Any.
 * Return: that of the trigger; in a record from a log that of the victim; NULL: not known.
 */
const char *oomx_fact_own_memcg(const struct oomx_facts *f)
{
	const char *own = oomx_fact_string(f, f->trigger.memcg);

	return own ? own : victim_memcg(f);
}

/**
 * oomx_followup_next() - walk the sections of all follow-ups
 * @view: event and follow-ups
 * @at: zeroed before the first call; set to the next section
 *
 * Context: Any.
 * Return: false at the end.
 */
bool oomx_followup_next(const struct oomx_view *view, struct oomx_followup *at)
{
	const char *end;

	if (!view->followups)
		return false;
	end = (const char *)view->followups + view->followups_len;
	if (!at->record) {
		at->record = view->followups;
		at->section = NULL;
	}
	while (at->record && (const char *)at->record < end) {
		at->section = at->section ? OOMX_SECTION_NEXT(at->section) :
					    OOMX_SECTION_FIRST(at->record);
		if (!OOMX_SECTION_END(at->record, at->section))
			return true;
		at->record = (const void *)((const char *)at->record + at->record->len);
		at->section = NULL;
	}
	return false;
}

/**
 * oomx_followup_find() - walk the sections of one type of all follow-ups
 * @view: event and follow-ups
 * @at: zeroed before the first call; set to the next such section
 * @type: enum oomx_section_type
 *
 * Context: Any.
 * Return: false at the end.
 */
bool oomx_followup_find(const struct oomx_view *view, struct oomx_followup *at, u16 type)
{
	while (oomx_followup_next(view, at))
		if (at->section->type == type)
			return true;
	return false;
}
