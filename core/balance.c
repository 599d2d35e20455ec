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

static void put(struct sum *s, const char *name, s64 pages)
{
	s->to[s->n++] = (struct oomx_balance){ .name = name, .pages = pages };
	s->rest -= pages;
}

static void put_opt(struct sum *s, const char *name, struct oomx_opt pages)
{
	if (pages.known)
		put(s, name, (s64)pages.v);
}

static s64 node(const struct oomx_facts *f, u32 value)
{
	return (s64)oomx_fact_node(f, value).v;
}

static void put_user(struct sum *s, const struct oomx_facts *f)
{
	s64 lru = node(f, OOMX_NODE_ACTIVE_ANON) + node(f, OOMX_NODE_INACTIVE_ANON) +
		  node(f, OOMX_NODE_ACTIVE_FILE) + node(f, OOMX_NODE_INACTIVE_FILE) +
		  node(f, OOMX_NODE_ISOLATED_ANON) + node(f, OOMX_NODE_ISOLATED_FILE) +
		  node(f, OOMX_NODE_UNEVICTABLE);
	s64 shmem = node(f, OOMX_NODE_SHMEM);
	s64 file = node(f, OOMX_NODE_FILE_PAGES) - shmem - node(f, OOMX_NODE_SWAPCACHE);

	/* the counters are not one snapshot: what does not fit shows as unaccounted */
	file = max_t(s64, file, 0);
	put(s, "anonymous memory", max_t(s64, lru - file - shmem, 0));
	put(s, "page cache", file);
	put(s, "shared memory", shmem);
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
	put_opt(s, "kernel stacks", stack);
	put_opt(s, "vmalloc areas", vmalloc);
}

/**
 * oomx_balance() - where the managed pages are
 * @f: facts
 * @to: room for OOMX_BALANCE_MAX entries
 *
 * Context: Any.
 * Return: number of entries, the last one "unaccounted"; their sum is the number of
 * managed pages. 0 when that or a counter of the LRU lists is not known.
 */
u32 oomx_balance(const struct oomx_facts *f, struct oomx_balance *to)
{
	struct oomx_opt managed = oomx_fact_zones(f, OOMX_ZONE_MANAGED);
	struct sum s = { .to = to, .rest = (s64)managed.v };

	if (!managed.known || !oomx_fact_node(f, OOMX_NODE_ACTIVE_ANON).known)
		return 0;
	put_opt(&s, "free", oomx_fact_zones(f, OOMX_ZONE_FREE));
	put_opt(&s, "free, on per-CPU lists", oomx_fact_zones(f, OOMX_ZONE_FREE_PCP));
	put_user(&s, f);
	put_opt(&s, "slab, reclaimable", oomx_fact_node(f, OOMX_NODE_SLAB_RECLAIMABLE));
	put_opt(&s, "slab, unreclaimable", oomx_fact_node(f, OOMX_NODE_SLAB_UNRECLAIMABLE));
	put_opt(&s, "page tables", oomx_fact_node(f, OOMX_NODE_PAGETABLES));
	put_opt(&s, "secondary page tables", oomx_fact_node(f, OOMX_NODE_SEC_PAGETABLES));
	put_stacks(&s, f);
	put_opt(&s, "hugetlb", oomx_fact_node(f, OOMX_NODE_HUGETLB));
	put_opt(&s, "balloon", oomx_fact_node(f, OOMX_NODE_BALLOON));
	put(&s, "unaccounted", s.rest);
	return s.n;
}
