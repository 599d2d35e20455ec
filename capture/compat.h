/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The only place that knows kernel versions and architectures.
 *
 * OOMX_HAVE_* come from compile probes in capture/probes/, run by Kbuild: stable
 * kernels take changes back, so that version numbers lie.
 */
#ifndef _OOMX_COMPAT_H
#define _OOMX_COMPAT_H

#include <linux/hugetlb.h>
#include <linux/memcontrol.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/notifier.h>
#include <linux/pid.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/sched/coredump.h>
#include <linux/sched/signal.h>
#include <linux/vmstat.h>
#include <trace/events/oom.h>

/* Home of panic_notifier_list since v5.14; before, linux/kernel.h. */
#ifdef OOMX_HAVE_PANIC_NOTIFIER_HEADER
#include <linux/panic_notifier.h>
#endif

/* Where the probed function returns to, at its entry. */
#ifdef CONFIG_X86
static inline unsigned long oomx_caller(struct pt_regs *regs)
{
	return regs_get_kernel_stack_nth(regs, 0);
}
#elif defined(CONFIG_ARM64)
static inline unsigned long oomx_caller(struct pt_regs *regs)
{
	return procedure_link_pointer(regs);
}
#else
static inline unsigned long oomx_caller(struct pt_regs *regs)
{
	return 0;
}
#endif

/*
 * mark_victim passes the task since "tracing/oom: ..." 72ba14deb40a (v6.9), which the
 * stable kernels took back; before that, a pid.
 */
#ifdef OOMX_HAVE_MARK_VICTIM_TASK
#define OOMX_DEFINE_MARK_VICTIM(name, handler)					\
	static void name(void *data, struct task_struct *task, uid_t uid)	\
	{									\
		handler(task);							\
	}
#else
#define OOMX_DEFINE_MARK_VICTIM(name, handler)					\
	static void name(void *data, int pid)					\
	{									\
		struct task_struct *task;					\
										\
		rcu_read_lock();						\
		task = pid_task(find_pid_ns(pid, &init_pid_ns), PIDTYPE_PID);	\
		if (task)							\
			handler(task);						\
		rcu_read_unlock();						\
	}
#endif

/*
 * The counters that oom_badness() adds up: exact sums where it uses get_mm_rss_sum(),
 * else the plain (on some kernels approximate) reading.
 */
#ifdef OOMX_HAVE_MM_RSS_SUM
static inline u64 oomx_mm_counter(struct mm_struct *mm, int member)
{
	return get_mm_counter_sum(mm, member);
}
#else
static inline u64 oomx_mm_counter(struct mm_struct *mm, int member)
{
	return get_mm_counter(mm, member);
}
#endif

#ifdef OOMX_HAVE_MM_FLAGS_TEST
static inline bool oomx_mm_oom_skip(struct mm_struct *mm)
{
	return mm_flags_test(MMF_OOM_SKIP, mm);
}
#else
static inline bool oomx_mm_oom_skip(struct mm_struct *mm)
{
	return test_bit(MMF_OOM_SKIP, &mm->flags);
}
#endif

/* MAX_ORDER changed its meaning, NR_PAGE_ORDERS came late: ask the array. */
#define OOMX_NR_ORDERS	ARRAY_SIZE(((struct zone *)NULL)->free_area)

/* Free pages on one CPU's list; racy, and safe. */
#ifdef OOMX_HAVE_PER_CPU_PAGESET_TYPE
static inline int oomx_pcp_count(struct zone *zone, int cpu)
{
	return per_cpu_ptr(zone->pageset, cpu)->pcp.count;
}
#else
static inline int oomx_pcp_count(struct zone *zone, int cpu)
{
	return per_cpu_ptr(zone->per_cpu_pageset, cpu)->count;
}
#endif

/* One of the events of /proc/vmstat, as one CPU counted them. */
#ifdef CONFIG_VM_EVENT_COUNTERS
static inline unsigned long oomx_vm_event(enum vm_event_item item, int cpu)
{
	return READ_ONCE(per_cpu(vm_event_states, cpu).event[item]);
}
#else
static inline unsigned long oomx_vm_event(enum vm_event_item item, int cpu)
{
	return 0;
}
#endif

/* The pool of one size of huge pages; without hugetlb there is no such variable, either. */
#ifdef CONFIG_HUGETLB_PAGE
#define OOMX_MAX_HSTATES	HUGE_MAX_HSTATE

static inline u64 oomx_hstate_pages(const struct hstate *h)
{
	return (u64)READ_ONCE(h->nr_huge_pages) << h->order;
}
#else
#define OOMX_MAX_HSTATES	0

static inline u64 oomx_hstate_pages(const struct hstate *h)
{
	return 0;
}
#endif

#ifdef CONFIG_CMA
#define OOMX_CMA_LETTER	"C"

static inline unsigned long oomx_zone_cma(struct zone *zone)
{
	return zone->cma_pages;
}
#else
#define OOMX_CMA_LETTER	""

static inline unsigned long oomx_zone_cma(struct zone *zone)
{
	return 0;
}
#endif

#ifdef CONFIG_MEMORY_ISOLATION
#define OOMX_ISOLATE_LETTER	"I"
#else
#define OOMX_ISOLATE_LETTER	""
#endif

/* Letters of show_migration_types(), in the order of enum migratetype. */
#define OOMX_MIGRATETYPE_LETTERS	"UMEH" OOMX_CMA_LETTER OOMX_ISOLATE_LETTER

/* Is @task's memory policy one that the OOM killer respects, and disjoint from @mask? */
#ifdef CONFIG_NUMA
#include <linux/mempolicy.h>

#ifdef OOMX_HAVE_MEMPOLICY_NODES
static inline bool oomx_policy_excludes(struct task_struct *task, const nodemask_t *mask)
{
	struct mempolicy *policy = task->mempolicy;

	return policy && policy->mode == MPOL_BIND && !nodes_intersects(policy->nodes, *mask);
}
#else
static inline bool oomx_policy_excludes(struct task_struct *task, const nodemask_t *mask)
{
	struct mempolicy *policy = task->mempolicy;

	return policy && (policy->mode == MPOL_BIND || policy->mode == MPOL_INTERLEAVE) &&
	       !nodes_intersects(policy->v.nodes, *mask);
}
#endif
#else
static inline bool oomx_policy_excludes(struct task_struct *task, const nodemask_t *mask)
{
	return false;
}
#endif

/* cpuset_mems_allowed_intersects() */
#ifdef CONFIG_CPUSETS
static inline bool oomx_mems_intersect(struct task_struct *a, struct task_struct *b)
{
	return nodes_intersects(a->mems_allowed, b->mems_allowed);
}
#else
static inline bool oomx_mems_intersect(struct task_struct *a, struct task_struct *b)
{
	return true;
}
#endif

#ifdef CONFIG_MEMCG
/* As mem_cgroup_print_oom_meminfo() prints it. */
static inline u64 oomx_failcnt(const struct page_counter *counter)
{
	return counter->failcnt;
}

/*
 * Per-node memcg statistics in public structures (v5.13 to v6.9). @pending: what is not
 * flushed into them yet, of this group alone.
 */
#ifdef OOMX_HAVE_LRUVEC_STATS
#define OOMX_MEMCG_HAS_STATS	true

static inline long oomx_lruvec_flushed(struct mem_cgroup_per_node *pn, int item)
{
	return READ_ONCE(pn->lruvec_stats.state[item]);
}

static inline long oomx_lruvec_pending(struct mem_cgroup_per_node *pn, int item, int cpu)
{
	struct lruvec_stats_percpu *stats = per_cpu_ptr(pn->lruvec_stats_percpu, cpu);

	return READ_ONCE(stats->state[item]) - READ_ONCE(stats->state_prev[item]);
}

static inline long oomx_lruvec_children(struct mem_cgroup_per_node *pn, int item)
{
	return READ_ONCE(pn->lruvec_stats.state_pending[item]);
}
#else
#define OOMX_MEMCG_HAS_STATS	false

static inline long oomx_lruvec_flushed(struct mem_cgroup_per_node *pn, int item)
{
	return 0;
}

static inline long oomx_lruvec_pending(struct mem_cgroup_per_node *pn, int item, int cpu)
{
	return 0;
}

static inline long oomx_lruvec_children(struct mem_cgroup_per_node *pn, int item)
{
	return 0;
}
#endif
#endif /* CONFIG_MEMCG */

#endif /* _OOMX_COMPAT_H */
