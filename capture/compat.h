/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The only place that knows kernel versions and architectures.
 *
 * OOMX_HAVE_* come from compile probes in capture/probes/, run by Kbuild: stable
 * kernels take changes back, so that version numbers lie.
 */
#ifndef _OOMX_COMPAT_H
#define _OOMX_COMPAT_H

#include <linux/cpumask.h>
#include <linux/ftrace.h>
#include <linux/hugetlb.h>
#include <linux/memcontrol.h>
#include <linux/mm.h>
#include <linux/mm_inline.h>
#include <linux/mmzone.h>
#include <linux/notifier.h>
#include <linux/pid.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/sched/coredump.h>
#include <linux/sched/signal.h>
#include <linux/vmstat.h>
#include <linux/workqueue.h>
#include <trace/events/oom.h>

#include "oomx_types.h"

/* Home of panic_notifier_list since v5.14; before, linux/kernel.h. */
#ifdef OOMX_HAVE_PANIC_NOTIFIER_HEADER
#include <linux/panic_notifier.h>
#endif

/* The workqueue of schedule_delayed_work(). */
#ifdef OOMX_HAVE_PERCPU_WQ
#define oomx_system_wq	system_percpu_wq
#else
#define oomx_system_wq	system_wq
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
 * ftrace hands out a struct ftrace_regs since v5.11, before it pt_regs. Arguments can be
 * had of the former since v6.2; until then all registers must be saved.
 */
#if defined(OOMX_HAVE_FTRACE_REGS_ARGUMENT) || defined(OOMX_HAVE_FTRACE_REGS)
#define oomx_ftrace_regs	ftrace_regs
#else
#define oomx_ftrace_regs	pt_regs
#endif

#if defined(OOMX_HAVE_FTRACE_REGS_ARGUMENT) && defined(CONFIG_DYNAMIC_FTRACE_WITH_ARGS)
#define OOMX_HAS_FTRACE		true
#define OOMX_FTRACE_FLAGS	0

static inline unsigned long oomx_ftrace_argument(struct ftrace_regs *regs)
{
	return ftrace_regs_get_argument(regs, 0);
}
#elif defined(CONFIG_DYNAMIC_FTRACE_WITH_REGS) && defined(OOMX_HAVE_FTRACE_REGS)
#define OOMX_HAS_FTRACE		true
#define OOMX_FTRACE_FLAGS	FTRACE_OPS_FL_SAVE_REGS

static inline unsigned long oomx_ftrace_argument(struct ftrace_regs *regs)
{
	return regs_get_kernel_argument(ftrace_get_regs(regs), 0);
}
#elif defined(CONFIG_DYNAMIC_FTRACE_WITH_REGS)
#define OOMX_HAS_FTRACE		true
#define OOMX_FTRACE_FLAGS	(FTRACE_OPS_FL_SAVE_REGS | FTRACE_OPS_FL_RECURSION_SAFE)

static inline unsigned long oomx_ftrace_argument(struct pt_regs *regs)
{
	return regs_get_kernel_argument(regs, 0);
}
#else
#define OOMX_HAS_FTRACE		false
#define OOMX_FTRACE_FLAGS	0

static inline unsigned long oomx_ftrace_argument(struct oomx_ftrace_regs *regs)
{
	return 0;
}
#endif

/*
 * A kprobe would mask interrupts on arm64; on PREEMPT_RT it could not take a lock that sleeps.
 * On x86_64 it has preemption off, and interrupts on: no other task runs on this CPU between
 * the parts of a record.
 */
#define OOMX_FTRACE_IS_BETTER	(IS_ENABLED(CONFIG_ARM64) || IS_ENABLED(CONFIG_PREEMPT_RT))

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

/* Each of a task's four counters is read on every CPU, those that were taken away included. */
static inline u32 oomx_looks_of_sums(void)
{
	/* a CPU on its way may be in both, or missed: it is a cost, not a number to tell */
	return (num_online_cpus() + data_race(cpumask_weight(cpu_dying_mask))) / 4;
}
#else
static inline u64 oomx_mm_counter(struct mm_struct *mm, int member)
{
	return get_mm_counter(mm, member);
}

static inline u32 oomx_looks_of_sums(void)
{
	return 0;
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

/*
 * Counters of zones and nodes that not every kernel has, or not under every
 * configuration.
 */
#define OOMX_NO_ITEM	0xff

#ifdef OOMX_HAVE_NR_BOUNCE
#define OOMX_NR_BOUNCE			NR_BOUNCE
#else
#define OOMX_NR_BOUNCE			OOMX_NO_ITEM
#endif
#ifdef OOMX_HAVE_NR_ZSPAGES
#define OOMX_NR_ZSPAGES			NR_ZSPAGES
#else
#define OOMX_NR_ZSPAGES			OOMX_NO_ITEM
#endif
#ifdef OOMX_HAVE_NR_WRITEBACK_TEMP
#define OOMX_NR_WRITEBACK_TEMP		NR_WRITEBACK_TEMP
#else
#define OOMX_NR_WRITEBACK_TEMP		OOMX_NO_ITEM
#endif
#ifdef OOMX_HAVE_NR_SWAPCACHE
#define OOMX_NR_SWAPCACHE		NR_SWAPCACHE
#else
#define OOMX_NR_SWAPCACHE		OOMX_NO_ITEM
#endif
#ifdef OOMX_HAVE_NR_SECONDARY_PAGETABLE
#define OOMX_NR_SECONDARY_PAGETABLE	NR_SECONDARY_PAGETABLE
#else
#define OOMX_NR_SECONDARY_PAGETABLE	OOMX_NO_ITEM
#endif
#ifdef OOMX_HAVE_NR_KERNEL_SCS_KB
#define OOMX_NR_SHADOW_STACK_KB		NR_KERNEL_SCS_KB
#else
#define OOMX_NR_SHADOW_STACK_KB		OOMX_NO_ITEM
#endif
#ifdef OOMX_HAVE_NR_HUGETLB
#define OOMX_NR_HUGETLB			NR_HUGETLB
#else
#define OOMX_NR_HUGETLB			OOMX_NO_ITEM
#endif
#ifdef OOMX_HAVE_NR_BALLOON_PAGES
#define OOMX_NR_BALLOON			NR_BALLOON_PAGES
#else
#define OOMX_NR_BALLOON			OOMX_NO_ITEM
#endif
#ifdef OOMX_HAVE_NR_GPU_ACTIVE
#define OOMX_NR_GPU_ACTIVE		NR_GPU_ACTIVE
#else
#define OOMX_NR_GPU_ACTIVE		OOMX_NO_ITEM
#endif
#ifdef OOMX_HAVE_NR_GPU_RECLAIM
#define OOMX_NR_GPU_RECLAIM		NR_GPU_RECLAIM
#else
#define OOMX_NR_GPU_RECLAIM		OOMX_NO_ITEM
#endif

/* Pages of vmalloc areas: a counter of nodes in place of the variable nr_vmalloc_pages. */
#ifdef OOMX_HAVE_NR_VMALLOC
#define OOMX_NR_VMALLOC			NR_VMALLOC
#define OOMX_HAS_VMALLOC_COUNTER	true

static inline u64 oomx_vmalloc_pages(void)
{
	return max(atomic_long_read(&vm_node_stat[NR_VMALLOC]), 0L);
}
#else
#define OOMX_NR_VMALLOC			OOMX_NO_ITEM
#define OOMX_HAS_VMALLOC_COUNTER	false

static inline u64 oomx_vmalloc_pages(void)
{
	return 0;
}
#endif

/* Page tables were counted by zone once. */
#ifdef OOMX_HAVE_ZONE_PAGETABLE
#define OOMX_ZONE_NR_PAGETABLE		NR_PAGETABLE
#define OOMX_NODE_NR_PAGETABLE		OOMX_NO_ITEM
#else
#define OOMX_ZONE_NR_PAGETABLE		OOMX_NO_ITEM
#define OOMX_NODE_NR_PAGETABLE		NR_PAGETABLE
#endif

/* Pages of one unit of the counters of transparent huge pages. */
#if defined(OOMX_HAVE_THP_IN_PAGES) || !defined(CONFIG_TRANSPARENT_HUGEPAGE)
#define OOMX_THP_UNIT	1
#else
#define OOMX_THP_UNIT	HPAGE_PMD_NR
#endif

/*
 * Those of a group: 5.10 counts huge pages of files and shared memory by node only.
 * Without CONFIG_TRANSPARENT_HUGEPAGE no kernel shows any.
 */
#ifdef CONFIG_TRANSPARENT_HUGEPAGE
#define OOMX_MEMCG_NR_ANON_THPS		NR_ANON_THPS
#else
#define OOMX_MEMCG_NR_ANON_THPS		OOMX_NO_ITEM
#endif
#if defined(CONFIG_TRANSPARENT_HUGEPAGE) && !defined(OOMX_HAVE_MEMCG_VMSTATS)
#define OOMX_MEMCG_NR_FILE_THPS		NR_FILE_THPS
#define OOMX_MEMCG_NR_SHMEM_THPS	NR_SHMEM_THPS
#else
#define OOMX_MEMCG_NR_FILE_THPS		OOMX_NO_ITEM
#define OOMX_MEMCG_NR_SHMEM_THPS	OOMX_NO_ITEM
#endif

#ifdef OOMX_HAVE_KSWAPD_FAILURES_ATOMIC
static inline u64 oomx_kswapd_failures(struct pglist_data *pgdat)
{
	return atomic_read(&pgdat->kswapd_failures);
}
#else
static inline u64 oomx_kswapd_failures(struct pglist_data *pgdat)
{
	return READ_ONCE(pgdat->kswapd_failures);
}
#endif

#ifdef OOMX_HAVE_NR_FREE_HIGHATOMIC
#define OOMX_HAS_FREE_HIGHATOMIC	true

static inline unsigned long oomx_free_highatomic(struct zone *zone)
{
	return READ_ONCE(zone->nr_free_highatomic);
}
#else
#define OOMX_HAS_FREE_HIGHATOMIC	false

static inline unsigned long oomx_free_highatomic(struct zone *zone)
{
	return 0;
}
#endif

/* Free pages on one CPU's list; racy, and safe. */
#ifdef OOMX_HAVE_PER_CPU_PAGESET_TYPE
static inline int oomx_pcp_count(struct zone *zone, int cpu)
{
	return READ_ONCE(per_cpu_ptr(zone->pageset, cpu)->pcp.count);
}
#else
static inline int oomx_pcp_count(struct zone *zone, int cpu)
{
	return READ_ONCE(per_cpu_ptr(zone->per_cpu_pageset, cpu)->count);
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
	/* words of a mask that is being changed: the kernel reads it in the same way */
	return data_race(nodes_intersects(a->mems_allowed, b->mems_allowed));
}
#else
static inline bool oomx_mems_intersect(struct task_struct *a, struct task_struct *b)
{
	return true;
}
#endif

#ifdef CONFIG_MEMCG
/*
 * Does failcnt count? Where it is of cgroup v1 only, mem_cgroup_print_oom_meminfo() prints an
 * event of the group in its place.
 */
#ifdef OOMX_HAVE_TRACK_FAILCNT
static inline bool oomx_has_failcnt(const struct page_counter *counter)
{
	return counter->track_failcnt;
}
#else
static inline bool oomx_has_failcnt(const struct page_counter *counter)
{
	return true;
}
#endif

#ifdef OOMX_HAVE_MEMCG_OOM_GROUP_KILL
#define OOMX_MEMCG_OOM_GROUP_KILL	MEMCG_OOM_GROUP_KILL
#else
#define OOMX_MEMCG_OOM_GROUP_KILL	OOMX_NO_ITEM
#endif

/* A counter of cgroup v1, which later kernels may be built without. */
#ifdef OOMX_HAVE_MEMCG_KMEM
static inline const struct page_counter *oomx_memcg_kmem(struct mem_cgroup *memcg)
{
	return &memcg->kmem;
}
#else
static inline const struct page_counter *oomx_memcg_kmem(struct mem_cgroup *memcg)
{
	return NULL;
}
#endif

/* Another one; without it vm.swappiness counts. */
#ifdef OOMX_HAVE_MEMCG_SWAPPINESS
static inline struct oomx_opt oomx_memcg_swappiness(struct mem_cgroup *memcg)
{
	return (struct oomx_opt){ .known = true, .v = READ_ONCE(memcg->swappiness) };
}
#else
static inline struct oomx_opt oomx_memcg_swappiness(struct mem_cgroup *memcg)
{
	return (struct oomx_opt){ 0 };
}
#endif

/* memory.stat in a public array, hierarchical, up to 32 pages a CPU behind. */
#ifdef OOMX_HAVE_MEMCG_VMSTATS
#define OOMX_MEMCG_HAS_VMSTATS	true
#define OOMX_MEMCG_NR_STATS	OOMX_STAT_NR

static inline long oomx_memcg_vmstat(struct mem_cgroup *memcg, int item)
{
	return atomic_long_read(&memcg->vmstats[item]);
}

static inline u64 oomx_memcg_vmevent(struct mem_cgroup *memcg, enum vm_event_item item)
{
	return atomic_long_read(&memcg->vmevents[item]);
}
#else
#define OOMX_MEMCG_HAS_VMSTATS	false
/* later kernels show no module the events: no room is spent on them */
#define OOMX_MEMCG_NR_STATS	OOMX_STAT_PGSCAN

static inline long oomx_memcg_vmstat(struct mem_cgroup *memcg, int item)
{
	return 0;
}

static inline u64 oomx_memcg_vmevent(struct mem_cgroup *memcg, int item)
{
	return 0;
}
#endif

/*
 * Per-node memcg statistics in public structures (v5.15 to v6.9). @pending: what is not
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

/*
 * Pages of a lruvec that the multi-generational LRU holds: those are not counted in
 * lru_zone_size[]. The two youngest generations are what is shown as active.
 */
#ifdef CONFIG_LRU_GEN
static inline u64 oomx_lru_gen_pages(struct lruvec *lruvec, enum lru_list lru)
{
	long pages = 0;
	int gen, zone;

	if (lru == LRU_UNEVICTABLE)
		return 0;	/* they are not among them */
	for (gen = 0; gen < MAX_NR_GENS; gen++)
		for (zone = 0; zone < MAX_NR_ZONES; zone++)
			if (lru_gen_is_active(lruvec, gen) == is_active_lru(lru))
				pages += READ_ONCE(lruvec->lrugen.nr_pages[gen][is_file_lru(lru)]
						   [zone]);
	return max(pages, 0L);
}
#else
static inline u64 oomx_lru_gen_pages(struct lruvec *lruvec, enum lru_list lru)
{
	return 0;
}
#endif
#endif /* CONFIG_MEMCG */

#endif /* _OOMX_COMPAT_H */
