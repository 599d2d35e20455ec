// SPDX-License-Identifier: GPL-2.0
/*
 * Where the managed pages are. Pure.
 *
 * Nothing is counted twice. The LRU lists hold anonymous memory, page cache and shared
 * memory together; NR_FILE_PAGES holds page cache, shared memory and swap cache. So:
 *
 *	file	= file_pages - shmem - swap cache
 *	anon	= all LRU lists - file - shmem	(swap cache is anonymous memory)
 *
 * Where kernel stacks are vmalloc areas, they are taken out of these. Per-CPU memory is
 * not in here: its first chunk was reserved at boot and is no managed memory, and how
 * large it is cannot be read.
 *
 * What no counter explains is "unaccounted": pages that drivers and the kernel took with
 * alloc_pages(), and pages on their way between lists.
 */
#include "oomx_report.h"

struct sum {
	struct oomx_balance *to;
	u32 n;
	s64 rest;
};

/* What the parts are, in the order of the report. */
enum part {
	FREE, FREE_PCP, ANON, FILE_CACHE, SHMEM, SLAB_RECLAIMABLE, SLAB_UNRECLAIMABLE,
	PAGETABLES, SEC_PAGETABLES, KERNEL_STACK, VMALLOC, HUGETLB, BALLOON, UNACCOUNTED,
};

static const struct oomx_balance parts[] = {
	[FREE] = { "free", "free", OOMX_CAUSE_UNKNOWN },
	[FREE_PCP] = { "free_pcp", "free, on per-CPU lists", OOMX_CAUSE_UNKNOWN },
	[ANON] = { "anon", "anonymous memory", OOMX_CAUSE_HOST_EXHAUSTED },
	[FILE_CACHE] = { "file", "page cache", OOMX_CAUSE_HOST_EXHAUSTED },
	[SHMEM] = { "shmem", "shared memory", OOMX_CAUSE_HOST_SHMEM },
	[SLAB_RECLAIMABLE] = {
		"slab_reclaimable", "reclaimable slab", OOMX_CAUSE_HOST_LEAK_SLAB },
	[SLAB_UNRECLAIMABLE] = {
		"slab_unreclaimable", "unreclaimable slab", OOMX_CAUSE_HOST_LEAK_SLAB },
	[PAGETABLES] = { "pagetables", "page tables", OOMX_CAUSE_HOST_PAGETABLES },
	[SEC_PAGETABLES] = {
		"sec_pagetables", "secondary page tables", OOMX_CAUSE_HOST_PAGETABLES },
	[KERNEL_STACK] = { "kernel_stack", "kernel stacks", OOMX_CAUSE_HOST_UNACCOUNTED },
	[VMALLOC] = { "vmalloc", "vmalloc areas", OOMX_CAUSE_HOST_UNACCOUNTED },
	[HUGETLB] = { "hugetlb", "hugetlb", OOMX_CAUSE_HOST_HUGETLB },
	[BALLOON] = { "balloon", "balloon", OOMX_CAUSE_HOST_UNACCOUNTED },
	[UNACCOUNTED] = { "unaccounted", "unaccounted", OOMX_CAUSE_HOST_UNACCOUNTED },
};

static_assert(ARRAY_SIZE(parts) <= OOMX_BALANCE_MAX, "room");

static void put(struct sum *s, enum part i, s64 pages)
{
	s->to[s->n] = parts[i];
	s->to[s->n++].pages = pages;
	s->rest = oomx_minus(s->rest, pages);
}

static void put_opt(struct sum *s, enum part i, struct oomx_opt pages)
{
	if (pages.known)
		put(s, i, (s64)pages.v);
}

static u64 node(const struct oomx_facts *f, u32 value)
{
	return oomx_fact_node(f, value).v;
}

static void put_user(struct sum *s, const struct oomx_facts *f)
{
	u64 lru = node(f, OOMX_NODE_ACTIVE_ANON) + node(f, OOMX_NODE_INACTIVE_ANON) +
		  node(f, OOMX_NODE_ACTIVE_FILE) + node(f, OOMX_NODE_INACTIVE_FILE) +
		  node(f, OOMX_NODE_ISOLATED_ANON) + node(f, OOMX_NODE_ISOLATED_FILE) +
		  node(f, OOMX_NODE_UNEVICTABLE);
	u64 shmem = node(f, OOMX_NODE_SHMEM);
	s64 file = (s64)(node(f, OOMX_NODE_FILE_PAGES) - shmem - node(f, OOMX_NODE_SWAPCACHE));

	/* the counters are not one snapshot: what does not fit shows as unaccounted */
	file = max_t(s64, file, 0);
	put(s, ANON, max_t(s64, (s64)(lru - (u64)file - shmem), 0));
	put(s, FILE_CACHE, file);
	put(s, SHMEM, (s64)shmem);
}

static void put_stacks(struct sum *s, const struct oomx_facts *f)
{
	struct oomx_opt stack = oomx_fact_node(f, OOMX_NODE_KERNEL_STACK_KB);
	struct oomx_opt vmalloc = oomx_fact_sys(f, OOMX_SYS_VMALLOC);

	stack.v /= f->page_size / 1024;
	if (f->sys.flags & OOMX_SYSTEM_VMAP_STACK) {
		vmalloc.known = vmalloc.known && stack.known;
		vmalloc.v -= min_t(u64, vmalloc.v, stack.v);
	}
	put_opt(s, KERNEL_STACK, stack);
	put_opt(s, VMALLOC, vmalloc);
}

/**
 * oomx_balance() - where the managed pages are
 * @f: facts
 * @to: room for OOMX_BALANCE_MAX entries
 *
 * Context: Any.
 * Return: number of entries, the last one "unaccounted"; their sum is the number of
 * managed pages. 0 when that, free memory or a counter of the LRU lists is not known.
 */
u32 oomx_balance(const struct oomx_facts *f, struct oomx_balance *to)
{
	struct oomx_opt managed = oomx_fact_managed(f);
	struct sum s = { .to = to, .rest = (s64)managed.v };

	if (!managed.known || !oomx_fact_node(f, OOMX_NODE_ACTIVE_ANON).known ||
	    !oomx_fact_zones(f, OOMX_ZONE_FREE).known || oomx_fact_zones_missing(f))
		return 0;
	put_opt(&s, FREE, oomx_fact_zones(f, OOMX_ZONE_FREE));
	put_opt(&s, FREE_PCP, oomx_fact_zones(f, OOMX_ZONE_FREE_PCP));
	put_user(&s, f);
	put_opt(&s, SLAB_RECLAIMABLE, oomx_fact_node(f, OOMX_NODE_SLAB_RECLAIMABLE));
	put_opt(&s, SLAB_UNRECLAIMABLE, oomx_fact_node(f, OOMX_NODE_SLAB_UNRECLAIMABLE));
	put_opt(&s, PAGETABLES, oomx_fact_node(f, OOMX_NODE_PAGETABLES));
	put_opt(&s, SEC_PAGETABLES, oomx_fact_node(f, OOMX_NODE_SEC_PAGETABLES));
	put_stacks(&s, f);
	/* the pools, used or not: what newer kernels count by node is in use */
	put_opt(&s, HUGETLB, oomx_fact_sys(f, OOMX_SYS_HUGETLB));
	put_opt(&s, BALLOON, oomx_fact_node(f, OOMX_NODE_BALLOON));
	put(&s, UNACCOUNTED, s.rest);
	return s.n;
}
