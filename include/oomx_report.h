/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Record to text. The printer owns no state and knows no clock: the same bytes in give
 * the same text out, in the kernel and outside.
 */
#ifndef _OOMX_REPORT_H
#define _OOMX_REPORT_H

#include "oomx_record.h"
#include "oomx_select.h"
#include "oomx_text.h"

/**
 * struct oomx_view - an event as it is handed to the printer
 * @event: record that passed oomx_record_check(), or that is trusted otherwise
 * @followups: its follow-up records, back to back; checked likewise
 * @followups_len: bytes of @followups
 * @order: room for an entry a task, filled by the printer
 * @sums: room for a number a cgroup that tasks live in, or NULL: sums are left out
 */
struct oomx_view {
	const struct oomx_record *event;
	const void *followups;
	size_t followups_len;
	struct oomx_ranked *order;
	u64 *sums;
};

/**
 * struct oomx_facts - a view, taken apart
 * @view: the view
 * @sys: where the record was taken
 * @trigger: who asked for memory
 * @page_size: bytes, at least 1024
 * @zones: struct oomx_zone
 * @buddy: an array of struct oomx_buddy a zone
 * @reserve: an array of __u64 a zone
 * @nodes: struct oomx_node
 * @memcgs: struct oomx_memcg
 * @events: struct oomx_values a memcg
 * @stats: struct oomx_values a memcg
 * @cgroups: struct oomx_cgroup
 * @tasks: struct oomx_task
 * @kthreads: struct oomx_kthread
 * @sysvals: struct oomx_values of enum oomx_system_value
 * @capture: struct oomx_values of enum oomx_capture_value
 * @imported: the record was read from a kernel log
 * @log: where in it
 */
struct oomx_facts {
	const struct oomx_view *view;
	struct oomx_system sys;
	struct oomx_trigger trigger;
	u32 page_size;
	struct oomx_table zones;
	struct oomx_table buddy;
	struct oomx_table reserve;
	struct oomx_table nodes;
	struct oomx_table memcgs;
	struct oomx_table events;
	struct oomx_table stats;
	struct oomx_table cgroups;
	struct oomx_table tasks;
	struct oomx_table kthreads;
	struct oomx_table sysvals;
	struct oomx_table capture;
	bool imported;
	struct oomx_log log;
};

size_t oomx_report(const struct oomx_view *view, char *buf, size_t size);
size_t oomx_report_top(const struct oomx_view *view, char *buf, size_t size);

/* history.c */
#define OOMX_LINE_PATH	128

/**
 * struct oomx_line - an event, as far as one line shows it
 * @event: its number; 0: not seen
 * @realtime_ns: when
 * @kind: enum oomx_kind
 * @flags: OOMX_TRIGGER_*
 * @order: of the request
 * @pid: of the trigger
 * @comm: of the trigger
 * @path: of the memory cgroup that hit its limit, or empty
 * @path_cut: @path is only the beginning
 * @result: enum oomx_result; 0: not known
 * @victims: tasks marked as victims
 * @victim_pid: the first of them
 * @victim_comm: its name
 */
struct oomx_line {
	u64 event;
	u64 realtime_ns;
	u32 kind;
	u32 flags;
	s32 order;
	u32 pid;
	char comm[OOMX_COMM_LEN];
	char path[OOMX_LINE_PATH];
	bool path_cut;
	u32 result;
	u32 victims;
	u32 victim_pid;
	char victim_comm[OOMX_COMM_LEN];
};

void oomx_line_add(struct oomx_line *line, const struct oomx_record *r);
void oomx_line_print(struct oomx_text *t, const struct oomx_line *line);

/* facts.c */
void oomx_facts_load(struct oomx_facts *f, const struct oomx_view *view);
#define OOMX_BOOT_ID_LEN	37

bool oomx_fact_boot_id(const struct oomx_facts *f, char text[OOMX_BOOT_ID_LEN]);
const char *oomx_fact_string(const struct oomx_facts *f, u32 offset);
struct oomx_opt oomx_fact_sys(const struct oomx_facts *f, u32 value);
struct oomx_opt oomx_fact_capture(const struct oomx_facts *f, u32 value);
struct oomx_opt oomx_fact_node(const struct oomx_facts *f, u32 value);
struct oomx_opt oomx_fact_zones(const struct oomx_facts *f, u32 value);
bool oomx_fact_zones_missing(const struct oomx_facts *f);
struct oomx_opt oomx_fact_managed(const struct oomx_facts *f);
struct oomx_buddy oomx_fact_buddy(const struct oomx_facts *f, u32 zone, u32 order);
struct oomx_opt oomx_memcg_value(const struct oomx_memcg *m, u32 value);
bool oomx_fact_task(const struct oomx_facts *f, u32 rank, struct oomx_task *t);
const char *oomx_fact_cgroup(const struct oomx_facts *f, u32 index);
const char *oomx_fact_own_memcg(const struct oomx_facts *f);

/**
 * struct oomx_followup - walking the follow-ups of a view, one section at a time
 * @record: the follow-up
 * @section: its section; NULL before the first
 */
struct oomx_followup {
	const struct oomx_record *record;
	const struct oomx_section *section;
};

bool oomx_followup_next(const struct oomx_view *view, struct oomx_followup *at);
bool oomx_followup_find(const struct oomx_view *view, struct oomx_followup *at, u16 type);

/* The root causes. Names: oomx_cause_names[]. */
enum oomx_cause_class {
	OOMX_CAUSE_UNKNOWN,
	OOMX_CAUSE_MEMCG_LIMIT,		/* the task's own cgroup hit its limit */
	OOMX_CAUSE_MEMCG_PARENT_LIMIT,	/* an ancestor of it did */
	OOMX_CAUSE_HOST_EXHAUSTED,	/* processes hold the memory */
	OOMX_CAUSE_HOST_LEAK_SLAB,
	OOMX_CAUSE_HOST_PAGETABLES,
	OOMX_CAUSE_HOST_SHMEM,
	OOMX_CAUSE_HOST_HUGETLB,
	OOMX_CAUSE_HOST_UNACCOUNTED,	/* no process explains it */
	OOMX_CAUSE_CPUSET,
	OOMX_CAUSE_MEMPOLICY,
	OOMX_CAUSE_ZONE_RESERVE,	/* enough is free, but not for this request */
	OOMX_CAUSE_FRAGMENTATION,
	OOMX_CAUSE_SYSRQ,
	OOMX_CAUSE_NR
};

extern const char *const oomx_cause_names[OOMX_CAUSE_NR];	/* names.c */

/* balance.c */
#define OOMX_BALANCE_MAX	16

/**
 * struct oomx_balance - where the managed pages are
 * @key: the same as @name, for programs
 * @name: what the pages are used for
 * @class: root cause that this part stands for when it is the largest
 * @pages: how many; negative only for "unaccounted", when counters overlap
 */
struct oomx_balance {
	const char *key;
	const char *name;
	u32 class;
	s64 pages;
};

u32 oomx_balance(const struct oomx_facts *f, struct oomx_balance *to);

/* report parts */
void oomx_report_log_head(struct oomx_text *t, const struct oomx_facts *f);
void oomx_report_log(struct oomx_text *t, const struct oomx_facts *f);
void oomx_report_summary(struct oomx_text *t, const struct oomx_facts *f);
#define OOMX_PANIC_LINES	3

void oomx_report_panic(struct oomx_text *t, const struct oomx_facts *f, u32 line);
void oomx_report_zones(struct oomx_text *t, const struct oomx_facts *f);
void oomx_report_buddy(struct oomx_text *t, const struct oomx_facts *f);
void oomx_report_balance(struct oomx_text *t, const struct oomx_facts *f);
void oomx_report_nodes(struct oomx_text *t, const struct oomx_facts *f);
void oomx_report_memcgs(struct oomx_text *t, const struct oomx_facts *f);
void oomx_report_tasks(struct oomx_text *t, const struct oomx_facts *f);

#endif /* _OOMX_REPORT_H */
