// SPDX-License-Identifier: GPL-2.0
/*
 * Zones, buddy lists and nodes, as show_mem() prints them and more.
 *
 * All counters are single words, read without a lock, as the kernel's report reads them.
 * Only the buddy lists the kernel reads under zone->lock, which we may not take: their
 * counts can be off from each other by what is freed or allocated meanwhile.
 */
#include <linux/cpuset.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/nodemask.h>
#include <linux/oom.h>
#include <linux/vmstat.h>

#include "capture.h"
#include "compat.h"

/* Counters of a zone that are read as they are; OOMX_NO_ITEM: this kernel has none. */
static const struct {
	u8 value;
	u8 item;
} zone_items[] = {
	{ OOMX_ZONE_FREE,		NR_FREE_PAGES },
	{ OOMX_ZONE_ACTIVE_ANON,	NR_ZONE_ACTIVE_ANON },
	{ OOMX_ZONE_INACTIVE_ANON,	NR_ZONE_INACTIVE_ANON },
	{ OOMX_ZONE_ACTIVE_FILE,	NR_ZONE_ACTIVE_FILE },
	{ OOMX_ZONE_INACTIVE_FILE,	NR_ZONE_INACTIVE_FILE },
	{ OOMX_ZONE_UNEVICTABLE,	NR_ZONE_UNEVICTABLE },
	{ OOMX_ZONE_WRITEPENDING,	NR_ZONE_WRITE_PENDING },
	{ OOMX_ZONE_MLOCKED,		NR_MLOCK },
	{ OOMX_ZONE_BOUNCE,		OOMX_NR_BOUNCE },
	{ OOMX_ZONE_ZSPAGES,		OOMX_NR_ZSPAGES },
	{ OOMX_ZONE_PAGETABLES,		OOMX_ZONE_NR_PAGETABLE },
	{ OOMX_ZONE_FREE_CMA,		NR_FREE_CMA_PAGES },
};

/* Counters of a node; the slab counters are bytes for memcg, but pages here. */
static const struct {
	u8 value;
	u8 item;
	u16 unit;	/* 0: 1 */
} node_items[] = {
	{ OOMX_NODE_ACTIVE_ANON,	NR_ACTIVE_ANON },
	{ OOMX_NODE_INACTIVE_ANON,	NR_INACTIVE_ANON },
	{ OOMX_NODE_ACTIVE_FILE,	NR_ACTIVE_FILE },
	{ OOMX_NODE_INACTIVE_FILE,	NR_INACTIVE_FILE },
	{ OOMX_NODE_UNEVICTABLE,	NR_UNEVICTABLE },
	{ OOMX_NODE_ISOLATED_ANON,	NR_ISOLATED_ANON },
	{ OOMX_NODE_ISOLATED_FILE,	NR_ISOLATED_FILE },
	{ OOMX_NODE_ANON_MAPPED,	NR_ANON_MAPPED },
	{ OOMX_NODE_MAPPED,		NR_FILE_MAPPED },
	{ OOMX_NODE_FILE_PAGES,		NR_FILE_PAGES },
	{ OOMX_NODE_DIRTY,		NR_FILE_DIRTY },
	{ OOMX_NODE_WRITEBACK,		NR_WRITEBACK },
	{ OOMX_NODE_WRITEBACK_TEMP,	OOMX_NR_WRITEBACK_TEMP },
	{ OOMX_NODE_SHMEM,		NR_SHMEM },
	{ OOMX_NODE_SHMEM_THP,		NR_SHMEM_THPS, OOMX_THP_UNIT },
	{ OOMX_NODE_SHMEM_PMDMAPPED,	NR_SHMEM_PMDMAPPED, OOMX_THP_UNIT },
	{ OOMX_NODE_FILE_THP,		NR_FILE_THPS, OOMX_THP_UNIT },
	{ OOMX_NODE_FILE_PMDMAPPED,	NR_FILE_PMDMAPPED, OOMX_THP_UNIT },
	{ OOMX_NODE_ANON_THP,		NR_ANON_THPS, OOMX_THP_UNIT },
	{ OOMX_NODE_KERNEL_STACK_KB,	NR_KERNEL_STACK_KB },
	{ OOMX_NODE_SHADOW_STACK_KB,	OOMX_NR_SHADOW_STACK_KB },
	{ OOMX_NODE_PAGETABLES,		OOMX_NODE_NR_PAGETABLE },
	{ OOMX_NODE_SEC_PAGETABLES,	OOMX_NR_SECONDARY_PAGETABLE },
	{ OOMX_NODE_SLAB_RECLAIMABLE,	NR_SLAB_RECLAIMABLE_B },
	{ OOMX_NODE_SLAB_UNRECLAIMABLE,	NR_SLAB_UNRECLAIMABLE_B },
	{ OOMX_NODE_MISC_RECLAIMABLE,	NR_KERNEL_MISC_RECLAIMABLE },
	{ OOMX_NODE_SWAPCACHE,		OOMX_NR_SWAPCACHE },
	{ OOMX_NODE_HUGETLB,		OOMX_NR_HUGETLB },
	{ OOMX_NODE_VMALLOC,		OOMX_NR_VMALLOC },
	{ OOMX_NODE_BALLOON,		OOMX_NR_BALLOON },
	{ OOMX_NODE_GPU_ACTIVE,		OOMX_NR_GPU_ACTIVE },
	{ OOMX_NODE_GPU_RECLAIM,	OOMX_NR_GPU_RECLAIM },
};

static bool in_cpuset(int nid, gfp_t gfp)
{
	/*
	 * __cpuset_node_allowed(). Without __GFP_HARDWALL an outer cpuset decides, which
	 * is not readable here; the outermost one allows all.
	 */
	return node_isset(nid, cpuset_current_mems_allowed) || !(gfp & __GFP_HARDWALL) ||
	       tsk_is_oom_victim(current);
}

static bool in_nodemask(int nid, const nodemask_t *mask)
{
	return !mask || node_isset(nid, *mask);
}

static struct zone *zone_of(int nid, unsigned int index)
{
	struct zone *zone = &NODE_DATA(nid)->node_zones[index];

	return populated_zone(zone) ? zone : NULL;
}

static bool cpuset_limits(const struct oom_control *oc)
{
	unsigned int i;
	int nid;

	for_each_online_node(nid) {
		if (!in_nodemask(nid, oc->nodemask) || in_cpuset(nid, oc->gfp_mask))
			continue;
		for (i = 0; i <= gfp_zone(oc->gfp_mask); i++)
			if (zone_of(nid, i))
				return true;
	}
	return false;
}

/**
 * oomx_constraint_kind() - what limits a request that is not of a memcg or sysrq
 * @oc: of the trigger
 *
 * Source: constrained_alloc().
 *
 * Context: As oomx_capture_event().
 * Return: enum oomx_kind.
 */
u32 oomx_constraint_kind(const struct oom_control *oc)
{
	if (!IS_ENABLED(CONFIG_NUMA) || !oc->zonelist || oc->gfp_mask & __GFP_THISNODE)
		return OOMX_KIND_GLOBAL;
	if (oc->nodemask && !nodes_subset(node_states[N_MEMORY], *oc->nodemask))
		return OOMX_KIND_MEMPOLICY;
	return cpuset_limits(oc) ? OOMX_KIND_CPUSET : OOMX_KIND_GLOBAL;
}

/**
 * oomx_policy_pages() - RAM that the scores of an event are relative to, without swap
 * @oc: of the trigger
 * @kind: enum oomx_kind, not OOMX_KIND_MEMCG
 *
 * Source: constrained_alloc().
 *
 * Context: As oomx_capture_event().
 * Return: pages.
 */
u64 oomx_policy_pages(const struct oom_control *oc, u32 kind)
{
	const nodemask_t *mask = oc->nodemask;
	u64 pages = 0;
	int nid;

	if (kind == OOMX_KIND_CPUSET)
		mask = &cpuset_current_mems_allowed;
	else if (kind != OOMX_KIND_MEMPOLICY)
		return totalram_pages();
	for_each_online_node(nid) {
		if (!node_isset(nid, *mask))
			continue;
		/* memory may come or go; the kernel adds it up in the same way */
		pages += data_race(node_present_pages(nid));
	}
	return pages;
}

static void take_pcp(struct oomx_zone *z, struct zone *zone)
{
	u64 free = 0;
	int cpu;

	for_each_online_cpu(cpu)
		free += oomx_pcp_count(zone, cpu);
	oomx_put(&z->valid, z->v, OOMX_ZONE_FREE_PCP, free);
	oomx_put(&z->valid, z->v, OOMX_ZONE_LOCAL_PCP,
		 oomx_pcp_count(zone, raw_smp_processor_id()));
}

static void take_zone_values(struct oomx_zone *z, struct zone *zone)
{
	u64 *valid = &z->valid, *v = z->v;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(zone_items); i++)
		if (zone_items[i].item != OOMX_NO_ITEM)
			oomx_put(valid, v, zone_items[i].value,
				 zone_page_state(zone, zone_items[i].item));
	oomx_put(valid, v, OOMX_ZONE_BOOST, READ_ONCE(zone->watermark_boost));
	/* with the boost, which kswapd may take back at any time */
	oomx_put(valid, v, OOMX_ZONE_MIN, data_race(min_wmark_pages(zone)));
	/* the same */
	oomx_put(valid, v, OOMX_ZONE_LOW, data_race(low_wmark_pages(zone)));
	/* the same */
	oomx_put(valid, v, OOMX_ZONE_HIGH, data_race(high_wmark_pages(zone)));
	oomx_put(valid, v, OOMX_ZONE_RESERVED_HIGHATOMIC,
		 READ_ONCE(zone->nr_reserved_highatomic));
	if (OOMX_HAS_FREE_HIGHATOMIC)
		oomx_put(valid, v, OOMX_ZONE_FREE_HIGHATOMIC, oomx_free_highatomic(zone));
	oomx_put(valid, v, OOMX_ZONE_SPANNED, READ_ONCE(zone->spanned_pages));
	oomx_put(valid, v, OOMX_ZONE_PRESENT, READ_ONCE(zone->present_pages));
	oomx_put(valid, v, OOMX_ZONE_MANAGED, zone_managed_pages(zone));
	oomx_put(valid, v, OOMX_ZONE_CMA, oomx_zone_cma(zone));
	take_pcp(z, zone);
}

static u32 zone_flags(int nid, u32 index, const struct oom_control *oc)
{
	u32 flags = 0;

	if (index <= gfp_zone(oc->gfp_mask))
		flags |= OOMX_ZONE_IN_GFP;
	if (in_nodemask(nid, oc->nodemask))
		flags |= OOMX_ZONE_IN_NODEMASK;
	if (in_cpuset(nid, oc->gfp_mask))
		flags |= OOMX_ZONE_IN_CPUSET;
	return flags;
}

/**
 * oomx_zone_eligible() - may the request take pages of a zone?
 * @nid: node
 * @index: of the zone in it
 * @oc: of the trigger
 *
 * Context: As oomx_capture_event().
 * Return: true if it may.
 */
bool oomx_zone_eligible(int nid, u32 index, const struct oom_control *oc)
{
	return zone_flags(nid, index, oc) == OOMX_ZONE_IN_ALL;
}

static void take_zone(struct oomx_zone *z, struct zone *zone, const struct oom_control *oc)
{
	z->node = zone_to_nid(zone);
	z->index = zone_idx(zone);
	z->flags = zone_flags(z->node, z->index, oc);
	strscpy(z->name, zone->name, sizeof(z->name));
	take_zone_values(z, zone);
}

static void take_buddy(struct oomx_buddy *to, struct zone *zone)
{
	const struct free_area *area;
	unsigned int order, type;

	for (order = 0; order < OOMX_NR_ORDERS; order++, to++) {
		area = &zone->free_area[order];
		to->free = READ_ONCE(area->nr_free);
		for (type = 0; type < MIGRATE_TYPES; type++)
			if (!list_empty(&area->free_list[type]))
				to->types |= 1U << type;
	}
}

static void take_reserve(u64 *to, struct zone *zone)
{
	unsigned int i;

	for (i = 0; i < MAX_NR_ZONES; i++)
		to[i] = READ_ONCE(zone->lowmem_reserve[i]);
}

static u32 find_zones(struct oomx_capture *c)
{
	struct zone *zone;
	u32 n = 0, i;
	int nid;

	for_each_online_node(nid) {
		for (i = 0; i < MAX_NR_ZONES; i++) {
			zone = zone_of(nid, i);
			if (zone && n < OOMX_MAX_ZONES)
				c->zones[n++] = zone;
			else if (zone)
				c->cap[OOMX_CAP_ZONES_DROPPED]++;
		}
	}
	return n;
}

/**
 * oomx_take_zones() - every populated zone of every node
 * @c: capture
 *
 * Context: As oomx_capture_event().
 */
void oomx_take_zones(struct oomx_capture *c)
{
	u32 n = find_zones(c), i;
	struct oomx_buddy *buddy;
	struct oomx_zone *z;
	u64 *reserve;

	z = oomx_build_table(&c->b, OOMX_SEC_ZONE, sizeof(*z), n);
	buddy = oomx_build_table(&c->b, OOMX_SEC_BUDDY, OOMX_NR_ORDERS * sizeof(*buddy), n);
	reserve = oomx_build_table(&c->b, OOMX_SEC_RESERVE, MAX_NR_ZONES * sizeof(*reserve), n);
	if (!z || !buddy || !reserve)
		return;
	for (i = 0; i < n; i++) {
		take_zone(&z[i], c->zones[i], c->oc);
		take_buddy(&buddy[i * OOMX_NR_ORDERS], c->zones[i]);
		take_reserve(&reserve[i * MAX_NR_ZONES], c->zones[i]);
	}
}

static void take_node_values(struct oomx_node *n, const atomic_long_t *stat)
{
	unsigned int i;
	long pages;

	for (i = 0; i < ARRAY_SIZE(node_items); i++) {
		if (node_items[i].item == OOMX_NO_ITEM)
			continue;
		pages = atomic_long_read(&stat[node_items[i].item]);
		/* per-CPU deltas are not in yet: the kernel, too, reads these as 0 */
		oomx_put(&n->valid, n->v, node_items[i].value,
			 max(pages, 0L) * (node_items[i].unit ?: 1));
	}
}

/* Page tables of a node, or of all, in kernels that count them by zone. */
static void take_zone_pagetables(struct oomx_node *n)
{
	u64 pages = 0;
	struct zone *zone;
	unsigned int i;
	int nid;

	if (OOMX_ZONE_NR_PAGETABLE == OOMX_NO_ITEM)
		return;
	for_each_online_node(nid) {
		for (i = 0; i < MAX_NR_ZONES; i++) {
			zone = zone_of(nid, i);
			if (zone && (n->node == OOMX_NODE_ALL || n->node == nid))
				pages += zone_page_state(zone, OOMX_ZONE_NR_PAGETABLE);
		}
	}
	oomx_put(&n->valid, n->v, OOMX_NODE_PAGETABLES, pages);
}

/**
 * oomx_take_nodes() - counters of the machine and of every node
 * @c: capture
 *
 * Context: As oomx_capture_event().
 */
void oomx_take_nodes(struct oomx_capture *c)
{
	struct oomx_node *n;
	u32 taken = 0;
	int nid;

	if (!oomx_build_open(&c->b, OOMX_SEC_NODE, sizeof(*n)))
		return;
	n = oomx_build_add(&c->b);
	if (n) {
		memset(n, 0, sizeof(*n));
		n->node = OOMX_NODE_ALL;
		take_node_values(n, vm_node_stat);
		take_zone_pagetables(n);
	}
	for_each_online_node(nid) {
		n = taken++ < OOMX_MAX_NODES ? oomx_build_add(&c->b) : NULL;
		if (!n) {
			c->cap[OOMX_CAP_NODES_DROPPED]++;
			continue;
		}
		memset(n, 0, sizeof(*n));
		n->node = nid;
		take_node_values(n, NODE_DATA(nid)->vm_stat);
		take_zone_pagetables(n);
		oomx_put(&n->valid, n->v, OOMX_NODE_KSWAPD_FAILURES,
			 oomx_kswapd_failures(NODE_DATA(nid)));
	}
	oomx_build_close(&c->b);
}
