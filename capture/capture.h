/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Private to capture/: one record in the making.
 */
#ifndef _OOMX_CAPTURE_H
#define _OOMX_CAPTURE_H

#include <linux/oom.h>

#include "oomx.h"

struct mem_cgroup;

/* What is kept of an event; all memory for it is allocated at load. */
#define OOMX_MAX_NODES		64
#define OOMX_MAX_ZONES		128
#define OOMX_MAX_MEMCGS		64	/* levels of a chain */
#define OOMX_MAX_CGROUPS	512	/* different ones that tasks live in */
#define OOMX_MAX_KTHREADS	2048
#define OOMX_STRINGS_SIZE	32768

/**
 * struct oomx_capture - the record in the making
 * @b: the record
 * @strings: its strings
 * @oc: of the trigger
 * @kind: enum oomx_kind
 * @totalpages: base of the scores
 * @totalpages_known: false where the size of swap cannot be read
 * @cap: enum oomx_capture_value
 * @max_tasks: tasks kept
 * @tasks: the open table of tasks
 * @heap: indexes into @tasks, the lowest ranking first; used once @tasks is full
 * @kthreads: kernel threads seen
 * @cgroups: memory cgroups seen
 * @nr_cgroups: how many of them
 *
 * There is one, guarded by the kernel's oom_lock.
 */
struct oomx_capture {
	struct oomx_builder b;
	struct oomx_strings strings;
	const struct oom_control *oc;
	u32 kind;
	u64 totalpages;
	bool totalpages_known;
	u64 cap[OOMX_CAP_NR];
	u32 max_tasks;
	struct oomx_table tasks;
	u32 *heap;
	struct oomx_kthread *kthreads;
	struct oomx_cgroup *cgroups;
	u32 nr_cgroups;
};

static inline bool oomx_is_sysrq(const struct oom_control *oc)
{
	return oc->order == -1;
}

static inline void oomx_copy_comm(char *to, const char *from)
{
	memcpy(to, from, OOMX_COMM_LEN);
	to[OOMX_COMM_LEN - 1] = '\0';
}

/* A known counter: into @v[i], and its bit into @valid. */
static inline void oomx_put(u64 *valid, u64 *v, u32 i, u64 value)
{
	*valid |= 1ULL << i;
	v[i] = value;
}

/* symbols.c: variables of the kernel that are not exported; absent ones are not known */
void oomx_symbols_init(void);
struct oomx_opt oomx_read_symbol(u32 sys_value);

/* trigger.c */
void oomx_take_system(struct oomx_capture *c);
void oomx_take_trigger(struct oomx_capture *c, unsigned long caller);
void oomx_system_init(void);

/* zones.c */
u32 oomx_constraint_kind(const struct oom_control *oc);
u64 oomx_policy_pages(const struct oom_control *oc, u32 kind);
void oomx_take_zones(struct oomx_capture *c);
void oomx_take_nodes(struct oomx_capture *c);

/* memcg.c */
#ifdef CONFIG_MEMCG
void oomx_take_memcgs(struct oomx_capture *c);
void oomx_cgroups_reset(struct oomx_capture *c);
u32 oomx_cgroup_of(struct oomx_capture *c, struct task_struct *p);
bool oomx_in_memcg(struct task_struct *p, struct mem_cgroup *memcg);
struct oomx_opt oomx_memcg_totalpages(struct mem_cgroup *memcg);
u32 oomx_take_memcg_stat(u64 *to, struct mem_cgroup *memcg, bool fresh);
#else
static inline void oomx_take_memcgs(struct oomx_capture *c) { }
static inline void oomx_cgroups_reset(struct oomx_capture *c) { }

static inline u32 oomx_cgroup_of(struct oomx_capture *c, struct task_struct *p)
{
	return OOMX_NONE;
}

static inline bool oomx_in_memcg(struct task_struct *p, struct mem_cgroup *memcg)
{
	return true;
}

static inline struct oomx_opt oomx_memcg_totalpages(struct mem_cgroup *memcg)
{
	return (struct oomx_opt){ 0 };
}
#endif

/* tasks.c */
void oomx_take_tasks(struct oomx_capture *c);

#endif /* _OOMX_CAPTURE_H */
