/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Private to capture/: one record in the making.
 */
#ifndef _OOMX_CAPTURE_H
#define _OOMX_CAPTURE_H

#include <linux/compiler.h>
#include <linux/err.h>
#include <linux/memcontrol.h>
#include <linux/oom.h>

#include "oomx.h"
#include "oomx_outcome.h"
#include "oomx_select.h"

struct cgroup;
struct mem_cgroup;
struct zone;

/* What is kept of an event; all memory for it is allocated at load. */
#define OOMX_MAX_ZONES		128
#define OOMX_MAX_MEMCGS		64	/* levels of a chain */
#define OOMX_MAX_CGROUPS	512	/* different ones that tasks live in */
#define OOMX_MAX_KTHREADS	2048
#define OOMX_STRINGS_SIZE	32768
#define OOMX_SPARE_ROWS		2	/* behind the tasks that are kept */
#define OOMX_CGROUP_HASH_BITS	10	/* twice as many entries as OOMX_MAX_CGROUPS */

/**
 * struct oomx_cgroup_slot - a group that was seen, by its address
 * @memcg: group; compared only
 * @index: into the table of groups
 * @inside: it is the one that is out of memory, or below it
 * @capture: number of the capture that made the entry: it counts in that one only
 */
struct oomx_cgroup_slot {
	const struct mem_cgroup *memcg;
	u32 index;
	u32 capture;
	bool inside;
};

/**
 * struct oomx_capture - the record in the making
 * @manual: a dry run: nothing is counted
 * @b: the record
 * @strings: its strings
 * @oc: of the trigger
 * @kind: enum oomx_kind; of a dry run that of the OOM it plays
 * @repeats: OOMs of this domain before, each within 5 s of the next
 * @totalpages: base of the scores
 * @totalpages_known: false where the size of swap cannot be read
 * @deadline: monotonic ns when to look at no more tasks
 * @late: it is over
 * @looks: since the clock was read
 * @looks_of_sums: what a task's counters count for
 * @cap: enum oomx_capture_value
 * @max_tasks: processes kept
 * @max_kthreads: kernel threads kept
 * @tasks: the open table of tasks; its count is 0 until it is full, or all tasks were seen
 * @next: row where the next task goes
 * @end: row behind the table; OOMX_SPARE_ROWS are there
 * @heap: of @tasks, the lowest ranking first; used once @tasks is full
 * @kthreads: kernel threads seen
 * @cgroups: memory cgroups seen
 * @nr_cgroups: how many of them
 * @slots: hash of @cgroups
 * @seen: the group seen last, which most often is that of the next task, too
 * @capture_nr: of this capture; 0 marks slots that were never used
 * @zones: zones of this capture
 * @frames: return addresses of the trigger
 * @one_node: no cpuset can make a difference
 * @best: row of the one that would be chosen, if it came when @tasks was full; else NULL
 * @choice: the replay of the choice
 * @domain: what is short
 *
 * That of OOM events is guarded by the kernel's oom_lock; each dry run has its own.
 */
struct oomx_capture {
	bool manual;
	struct oomx_builder b;
	struct oomx_strings strings;
	const struct oom_control *oc;
	u32 kind;
	u32 repeats;
	u64 totalpages;
	bool totalpages_known;
	u64 deadline;
	bool late;
	u32 looks;
	u32 looks_of_sums;
	u64 cap[OOMX_CAP_NR];
	u32 max_tasks;
	u32 max_kthreads;
	struct oomx_table tasks;
	struct oomx_task *next;
	struct oomx_task *end;
	struct oomx_ranked *heap;
	struct oomx_kthread *kthreads;
	struct oomx_cgroup *cgroups;
	u32 nr_cgroups;
	struct oomx_cgroup_slot slots[1 << OOMX_CGROUP_HASH_BITS];
	struct oomx_cgroup_slot seen;
	u32 capture_nr;
	struct zone *zones[OOMX_MAX_ZONES];
	unsigned long frames[OOMX_MAX_FRAMES + 16];
	bool one_node;
	struct oomx_task *best;
	struct oomx_choice choice;
	struct oomx_domain domain;
};

static inline bool oomx_is_sysrq(const struct oom_control *oc)
{
	return oc->order == -1;
}

/* Requests without __GFP_FS that out_of_memory() kills nothing for. */
static inline bool oomx_is_no_fs(const struct oom_control *oc)
{
	return oc->gfp_mask && !(oc->gfp_mask & __GFP_FS) && !oc->memcg;
}

static inline void oomx_copy_comm(char *to, const char *from)
{
	/* its owner may be changing it: half new and half old, it can still be shown */
	data_race(memcpy(to, from, OOMX_COMM_LEN));
	to[OOMX_COMM_LEN - 1] = '\0';
}

/* symbols.c: variables of the kernel that are not exported; absent ones are not known */
int oomx_symbols_init(void);
struct oomx_opt oomx_read_symbol(u32 sys_value);

/* trigger.c */
void oomx_take_system(struct oomx_capture *c);
void oomx_take_trigger(struct oomx_capture *c, const struct oomx_entry *entry);
void oomx_system_init(void);

/* zones.c */
u32 oomx_constraint_kind(const struct oom_control *oc);
u64 oomx_policy_pages(const struct oom_control *oc, u32 kind);
bool oomx_zone_eligible(int nid, u32 index, const struct oom_control *oc);
void oomx_take_zones(struct oomx_capture *c);
void oomx_take_nodes(struct oomx_capture *c);

/* memcg.c */
#ifdef CONFIG_MEMCG
void oomx_take_memcgs(struct oomx_capture *c);
void oomx_cgroups_reset(struct oomx_capture *c);
void oomx_see_cgroup(struct oomx_capture *c, struct mem_cgroup *memcg);
struct oomx_opt oomx_memcg_totalpages(struct mem_cgroup *memcg);
u32 oomx_take_memcg_stat(u64 *to, struct mem_cgroup *memcg, bool fresh);
s64 oomx_memcg_usage(struct mem_cgroup *memcg);
u64 oomx_memcg_id(struct mem_cgroup *memcg);
bool oomx_memcg_get(struct mem_cgroup *memcg);
void oomx_memcg_put(struct mem_cgroup *memcg);
bool oomx_memcg_oom_group(struct task_struct *victim, struct mem_cgroup *memcg);
struct mem_cgroup *oomx_memcg_of_path(const char *path);

/**
 * oomx_cgroup_of() - the memory cgroup of a process
 * @c: capture
 * @p: thread group leader, or any thread when only the group is wanted
 *
 * Context: As oomx_capture_event(), under rcu_read_lock().
 * Return: its group; without an index where there is none, or no room for it.
 */
static inline const struct oomx_cgroup_slot *oomx_cgroup_of(struct oomx_capture *c,
							    struct task_struct *p)
{
	struct mem_cgroup *memcg;

	if (mem_cgroup_disabled())
		return &c->seen;
	memcg = mem_cgroup_from_css(task_css(p, memory_cgrp_id));
	if (c->seen.memcg != memcg)
		oomx_see_cgroup(c, memcg);
	return &c->seen;
}

/* cgroup_path.c */
int oomx_cgroup_path(struct cgroup *cgrp, char *buf, size_t size);
#else
static inline void oomx_take_memcgs(struct oomx_capture *c) { }

static inline void oomx_cgroups_reset(struct oomx_capture *c)
{
	c->seen.index = OOMX_NONE;
}

static inline const struct oomx_cgroup_slot *oomx_cgroup_of(struct oomx_capture *c,
							    struct task_struct *p)
{
	return &c->seen;
}

static inline struct oomx_opt oomx_memcg_totalpages(struct mem_cgroup *memcg)
{
	return (struct oomx_opt){ 0 };
}

static inline s64 oomx_memcg_usage(struct mem_cgroup *memcg)
{
	return 0;
}

static inline u64 oomx_memcg_id(struct mem_cgroup *memcg)
{
	return 0;
}

static inline bool oomx_memcg_get(struct mem_cgroup *memcg)
{
	return false;
}

static inline void oomx_memcg_put(struct mem_cgroup *memcg) { }

static inline bool oomx_memcg_oom_group(struct task_struct *victim, struct mem_cgroup *memcg)
{
	return false;
}

static inline struct mem_cgroup *oomx_memcg_of_path(const char *path)
{
	return ERR_PTR(-EOPNOTSUPP);
}
#endif

/* domain.c */
void oomx_domain_take(struct oomx_domain *d, const struct oom_control *oc, u32 kind);

/* tasks.c */
void oomx_take_tasks(struct oomx_capture *c);

#endif /* _OOMX_CAPTURE_H */
