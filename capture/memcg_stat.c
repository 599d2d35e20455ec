// SPDX-License-Identifier: GPL-2.0
/*
 * memory.stat of a group, as far as public structures tell.
 *
 * The kernel gathers per-CPU changes into these sums when somebody asks, or every 2 s.
 * It does so before it prints them in its report; we may not (it takes locks), but can
 * add up what it would gather:
 *
 *	sum(group) + for group and every group below it:
 *		its sum of children not gathered yet + its per-CPU changes
 *
 * That is done for the group that is out of memory, within bounds. For the other levels,
 * and past the bounds, the sums stand as they were gathered last, and are marked so.
 * Older kernels sum up as they go, in batches of 32 pages a CPU, and print what they have.
 * Kernels that keep these numbers private still show the sizes of the LRU lists.
 */
#include <linux/cgroup.h>
#include <linux/memcontrol.h>
#include <linux/nodemask.h>

#include "capture.h"
#include "compat.h"

/* Sums that are looked at of each value: of a subtree's groups, by node and mostly by CPU. */
#define MAX_SUMS	2048
#define LRU_SUMS	4	/* of a list: generations */

static const struct {
	u8 stat;
	u8 item;
	u32 unit;	/* bytes; 0: a page */
} stat_items[] = {
	{ OOMX_STAT_ANON,		NR_ANON_MAPPED },
	{ OOMX_STAT_FILE,		NR_FILE_PAGES },
	{ OOMX_STAT_KERNEL_STACK,	NR_KERNEL_STACK_KB, 1024 },
	{ OOMX_STAT_PAGETABLES,		OOMX_NODE_NR_PAGETABLE },
	{ OOMX_STAT_SEC_PAGETABLES,	OOMX_NR_SECONDARY_PAGETABLE },
	{ OOMX_STAT_SHMEM,		NR_SHMEM },
	{ OOMX_STAT_FILE_MAPPED,	NR_FILE_MAPPED },
	{ OOMX_STAT_FILE_DIRTY,		NR_FILE_DIRTY },
	{ OOMX_STAT_FILE_WRITEBACK,	NR_WRITEBACK },
	{ OOMX_STAT_SWAPCACHED,		OOMX_NR_SWAPCACHE },
	{ OOMX_STAT_ANON_THP,		OOMX_MEMCG_NR_ANON_THPS, OOMX_THP_UNIT * PAGE_SIZE },
	{ OOMX_STAT_FILE_THP,		OOMX_MEMCG_NR_FILE_THPS, OOMX_THP_UNIT * PAGE_SIZE },
	{ OOMX_STAT_SHMEM_THP,		OOMX_MEMCG_NR_SHMEM_THPS, OOMX_THP_UNIT * PAGE_SIZE },
	{ OOMX_STAT_INACTIVE_ANON,	NR_INACTIVE_ANON },
	{ OOMX_STAT_ACTIVE_ANON,	NR_ACTIVE_ANON },
	{ OOMX_STAT_INACTIVE_FILE,	NR_INACTIVE_FILE },
	{ OOMX_STAT_ACTIVE_FILE,	NR_ACTIVE_FILE },
	{ OOMX_STAT_UNEVICTABLE,	NR_UNEVICTABLE },
	{ OOMX_STAT_SLAB_RECLAIMABLE,	NR_SLAB_RECLAIMABLE_B, 1 },
	{ OOMX_STAT_SLAB_UNRECLAIMABLE,	NR_SLAB_UNRECLAIMABLE_B, 1 },
	{ OOMX_STAT_REFAULT_ANON,	WORKINGSET_REFAULT_ANON, 1 },
	{ OOMX_STAT_REFAULT_FILE,	WORKINGSET_REFAULT_FILE, 1 },
	{ OOMX_STAT_ACTIVATE_ANON,	WORKINGSET_ACTIVATE_ANON, 1 },
	{ OOMX_STAT_ACTIVATE_FILE,	WORKINGSET_ACTIVATE_FILE, 1 },
	{ OOMX_STAT_RESTORE_ANON,	WORKINGSET_RESTORE_ANON, 1 },
	{ OOMX_STAT_RESTORE_FILE,	WORKINGSET_RESTORE_FILE, 1 },
	{ OOMX_STAT_NODERECLAIM,	WORKINGSET_NODERECLAIM, 1 },
};

#define NR_ITEMS	ARRAY_SIZE(stat_items)

/* Events of a group, each of one or two of the kernel's own. */
static const struct {
	u8 stat;
	u8 a;
	u8 b;
} event_items[] = {
	{ OOMX_STAT_PGSCAN,		PGSCAN_KSWAPD, PGSCAN_DIRECT },
	{ OOMX_STAT_PGSTEAL,		PGSTEAL_KSWAPD, PGSTEAL_DIRECT },
	{ OOMX_STAT_PGFAULT,		PGFAULT },
	{ OOMX_STAT_PGMAJFAULT,		PGMAJFAULT },
	{ OOMX_STAT_PGREFILL,		PGREFILL },
	{ OOMX_STAT_PGACTIVATE,		PGACTIVATE },
	{ OOMX_STAT_PGDEACTIVATE,	PGDEACTIVATE },
	{ OOMX_STAT_PGLAZYFREE,		PGLAZYFREE },
	{ OOMX_STAT_PGLAZYFREED,	PGLAZYFREED },
};

static void add_flushed(long *sums, struct mem_cgroup *memcg)
{
	u32 i;
	int nid;

	for_each_online_node(nid)
		for (i = 0; i < NR_ITEMS; i++)
			if (stat_items[i].item != OOMX_NO_ITEM)
				sums[i] += oomx_lruvec_flushed(memcg->nodeinfo[nid],
							       stat_items[i].item);
}

static void add_node_pending(long *sums, struct mem_cgroup_per_node *pn)
{
	u32 i;
	int cpu;

	for (i = 0; i < NR_ITEMS; i++) {
		if (stat_items[i].item == OOMX_NO_ITEM)
			continue;
		sums[i] += oomx_lruvec_children(pn, stat_items[i].item);
		for_each_possible_cpu(cpu)
			sums[i] += oomx_lruvec_pending(pn, stat_items[i].item, cpu);
	}
}

/* Is the subtree small enough to be looked at as a whole, at that @cost for a group? */
static bool subtree_is_bounded(struct mem_cgroup *memcg, unsigned int cost)
{
	struct cgroup_subsys_state *pos;
	int room = MAX_SUMS;

	css_for_each_descendant_pre(pos, &memcg->css) {
		room -= cost;
		if (room < 0)
			return false;
	}
	return true;
}

static void add_pending(long *sums, struct mem_cgroup *memcg)
{
	struct cgroup_subsys_state *pos;
	int nid;

	css_for_each_descendant_pre(pos, &memcg->css)
		for_each_online_node(nid)
			add_node_pending(sums, mem_cgroup_from_css(pos)->nodeinfo[nid]);
}

static const struct {
	u8 stat;
	u8 lru;
} lru_items[] = {
	{ OOMX_STAT_INACTIVE_ANON,	LRU_INACTIVE_ANON },
	{ OOMX_STAT_ACTIVE_ANON,	LRU_ACTIVE_ANON },
	{ OOMX_STAT_INACTIVE_FILE,	LRU_INACTIVE_FILE },
	{ OOMX_STAT_ACTIVE_FILE,	LRU_ACTIVE_FILE },
	{ OOMX_STAT_UNEVICTABLE,	LRU_UNEVICTABLE },
};

static u64 lru_pages(struct mem_cgroup_per_node *pn, enum lru_list lru)
{
	u64 pages = oomx_lru_gen_pages(&pn->lruvec, lru);
	int zone;

	for (zone = 0; zone < MAX_NR_ZONES; zone++)
		pages += READ_ONCE(pn->lru_zone_size[zone][lru]);
	return pages;
}

static void add_lru(u64 *pages, struct mem_cgroup *memcg)
{
	int nid;
	u32 i;

	for_each_online_node(nid)
		for (i = 0; i < ARRAY_SIZE(lru_items); i++)
			pages[i] += lru_pages(memcg->nodeinfo[nid], lru_items[i].lru);
}

/* The LRU lists of a group, for kernels that show nothing else. */
static void take_lru(u64 *to, struct mem_cgroup *memcg)
{
	u64 pages[ARRAY_SIZE(lru_items)] = { 0 };
	struct cgroup_subsys_state *pos;
	u32 i;

	if (!subtree_is_bounded(memcg, num_online_nodes() * LRU_SUMS))
		return;
	css_for_each_descendant_pre(pos, &memcg->css)
		add_lru(pages, mem_cgroup_from_css(pos));
	for (i = 0; i < ARRAY_SIZE(lru_items); i++)
		oomx_put(to, to + 1, lru_items[i].stat, pages[i] * PAGE_SIZE);
}

static void put_sums(u64 *to, const long *sums)
{
	u32 i;

	for (i = 0; i < NR_ITEMS; i++)
		if (stat_items[i].item != OOMX_NO_ITEM)
			oomx_put(to, to + 1, stat_items[i].stat,
				 (u64)max(sums[i], 0L) * (stat_items[i].unit ?: PAGE_SIZE));
}

/* What memory_stat_format() prints of a group, for kernels that show all of it. */
static void take_vmstats(u64 *to, struct mem_cgroup *memcg)
{
	long sums[NR_ITEMS];
	u32 i;

	for (i = 0; i < NR_ITEMS; i++)
		if (stat_items[i].item != OOMX_NO_ITEM)
			sums[i] = oomx_memcg_vmstat(memcg, stat_items[i].item);
	put_sums(to, sums);
	oomx_put(to, to + 1, OOMX_STAT_SOCK,
		 max(oomx_memcg_vmstat(memcg, MEMCG_SOCK), 0L) * PAGE_SIZE);
	oomx_put(to, to + 1, OOMX_STAT_PERCPU,
		 max(oomx_memcg_vmstat(memcg, MEMCG_PERCPU_B), 0L));
	for (i = 0; i < ARRAY_SIZE(event_items); i++)
		oomx_put(to, to + 1, event_items[i].stat,
			 oomx_memcg_vmevent(memcg, event_items[i].a) +
			 (event_items[i].b ? oomx_memcg_vmevent(memcg, event_items[i].b) : 0));
}

/* ... and of kernels that show those which are counted by node. Return: flags. */
static u32 take_lruvec_stats(u64 *to, struct mem_cgroup *memcg, bool fresh)
{
	unsigned int cost = num_possible_cpus() * num_online_nodes();
	long sums[NR_ITEMS] = { 0 };

	add_flushed(sums, memcg);
	fresh = fresh && subtree_is_bounded(memcg, cost);
	if (fresh)
		add_pending(sums, memcg);
	put_sums(to, sums);
	return fresh ? 0 : OOMX_MEMCG_STAT_STALE;
}

/**
 * oomx_take_memcg_stat() - memory.stat of a group
 * @to: struct oomx_values of OOMX_MEMCG_NR_STATS values, zeroed
 * @memcg: group
 * @fresh: gather what is not gathered yet
 *
 * Context: As oomx_capture_event(), under rcu_read_lock().
 * Return: flags for struct oomx_memcg.
 */
u32 oomx_take_memcg_stat(u64 *to, struct mem_cgroup *memcg, bool fresh)
{
	if (OOMX_MEMCG_HAS_VMSTATS)
		take_vmstats(to, memcg);
	else if (OOMX_MEMCG_HAS_STATS)
		return take_lruvec_stats(to, memcg, fresh);
	else if (fresh)
		take_lru(to, memcg);
	return 0;
}
