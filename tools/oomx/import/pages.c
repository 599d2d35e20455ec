// SPDX-License-Identifier: GPL-2.0
/*
 * When all of a report has been read: sizes in kB become pages, and nodes the whole machine.
 */
#include "draft.h"
#include "oomx_names.h"

static void zone_to_pages(struct oomx_zone *z, u32 kb)
{
	u32 i;

	for (i = 0; i < OOMX_ZONE_NR; i++)
		z->v[i] /= kb;
}

/* The whole machine is in pages already, stacks stay in kB. */
static void node_to_pages(struct oomx_node *n, u32 kb)
{
	u32 i;

	for (i = 0; i < OOMX_NODE_NR; i++)
		if (n->node != OOMX_NODE_ALL && oomx_node_is_pages(i))
			n->v[i] /= kb;
}

/* What has no limit has no size, and what is counted has none either. */
static void memcg_to_pages(struct draft *d, u32 kb)
{
	static const u8 sizes[] = {
		OOMX_MEMCG_USAGE, OOMX_MEMCG_MAX, OOMX_MEMCG_SWAP_USAGE, OOMX_MEMCG_SWAP_MAX,
		OOMX_MEMCG_MEMSW_USAGE, OOMX_MEMCG_MEMSW_MAX, OOMX_MEMCG_KMEM_USAGE,
		OOMX_MEMCG_KMEM_MAX,
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		if (d->memcg.v[sizes[i]] != OOMX_UNLIMITED)
			d->memcg.v[sizes[i]] /= kb;
	for (i = 0; i < OOMX_STAT_NR; i++)
		if (d->stat_kb >> i & 1)
			d->stat[i] /= kb;
}

static void convert(struct draft *d)
{
	u32 kb = d->page_size / 1024, i;

	for (i = 0; i < d->n_zones; i++)
		zone_to_pages(&d->zones[i].zone, kb);
	for (i = 0; i < d->n_nodes; i++)
		node_to_pages(&d->nodes[i], kb);
	d->sys[OOMX_SYS_SWAP_FREE] /= kb;
	d->sys[OOMX_SYS_SWAP_TOTAL] /= kb;
	d->sys[OOMX_SYS_HUGETLB] /= kb;
	memcg_to_pages(d, kb);
	for (i = 0; i < d->n_tasks && d->tables_in_pages; i++)
		d->tasks[i].pgtables_bytes *= d->page_size;
}

static bool known(const struct draft *d, u32 i)
{
	return d->sys_valid >> i & 1;
}

/* Does the log show every zone of the machine? */
static bool all_zones(const struct draft *d)
{
	u64 present = 0;
	u32 i;

	for (i = 0; i < d->n_zones; i++)
		present += d->zones[i].zone.v[OOMX_ZONE_PRESENT];
	return known(d, OOMX_SYS_RAM) && present == d->sys[OOMX_SYS_RAM];
}

/* Where there is but one node, it has what the kernel prints of the machine only. */
static void only_node(struct draft *d)
{
	struct oomx_node *all = &d->nodes[0], *n = &d->nodes[1];
	u32 i;

	for (i = 0; i < OOMX_NODE_NR; i++)
		if (all->valid >> i & 1 && !(n->valid >> i & 1))
			oomx_put(&n->valid, n->v, i, all->v[i]);
}

/* Counters that the kernel prints by node only. */
static void sum_nodes(struct draft *d, u32 value)
{
	struct oomx_node *all = node_of(d, OOMX_NODE_ALL);
	u64 sum = 0;
	u32 i;

	if (all->valid >> value & 1 || d->n_nodes < 2)
		return;
	for (i = 0; i < d->n_nodes; i++) {
		if (&d->nodes[i] == all)
			continue;
		if (!(d->nodes[i].valid >> value & 1))
			return;
		sum += d->nodes[i].v[value];
	}
	oomx_put(&all->valid, all->v, value, sum);
}

static void whole_machine(struct draft *d)
{
	u32 i;

	for (i = 0; i < OOMX_NODE_NR && all_zones(d); i++)
		sum_nodes(d, i);
	if (d->n_nodes == 2 && all_zones(d))
		only_node(d);
	if (known(d, OOMX_SYS_RAM) && known(d, OOMX_SYS_RESERVED) &&
	    d->sys[OOMX_SYS_RAM] >= d->sys[OOMX_SYS_RESERVED])
		oomx_put(&d->sys_valid, d->sys, OOMX_SYS_TOTALRAM,
			 d->sys[OOMX_SYS_RAM] - d->sys[OOMX_SYS_RESERVED]);
	/* a kernel without swap prints nothing between these two */
	if (d->saw_cache && known(d, OOMX_SYS_RAM) && !known(d, OOMX_SYS_SWAP_TOTAL)) {
		oomx_put(&d->sys_valid, d->sys, OOMX_SYS_SWAP_TOTAL, 0);
		oomx_put(&d->sys_valid, d->sys, OOMX_SYS_SWAP_FREE, 0);
	}
}

/* kB of a page, by a size that the table tells in pages and the line of the kill in kB. */
static u32 page_kb(const struct draft *d, const struct victim_draft *k)
{
	u64 pages, kb;
	u32 i;

	for (i = 0; i < d->n_tasks; i++) {
		pages = d->tasks[i].total_vm;
		if (d->tasks[i].pid != k->v.pid || !pages || k->total_vm_kb % pages)
			continue;
		kb = k->total_vm_kb / pages;
		if (kb == 4 || kb == 8 || kb == 16 || kb == 64 || kb == 256)
			return kb;
	}
	return 0;
}

/* Page tables are whole pages, and no kernel has smaller ones than of 4 kB. */
static bool small_tables(const struct draft *d)
{
	u32 i;

	for (i = 0; i < d->n_tasks && !d->tables_in_pages; i++)
		if (d->tasks[i].pgtables_bytes % 8192 == 4096)
			return true;
	return false;
}

static u32 page_size_of_tasks(const struct draft *d)
{
	u32 kb = small_tables(d) ? 4 : 0, i;

	for (i = 0; i < d->n_victims && !kb; i++)
		kb = page_kb(d, &d->victims[i]);
	return kb * 1024;
}

/**
 * pages_end() - everything of the machine has been seen: sizes become pages
 * @d: draft
 */
void pages_end(struct draft *d)
{
	const char *machine = d->machine ? d->strings_buf + d->machine : "";

	if (!d->page_size)
		d->page_size = page_size_of_tasks(d);
	if (!d->page_size && (!strcmp(machine, "x86_64") || !strcmp(machine, "i686")))
		d->page_size = 4096;
	if (!d->page_size) {
		d->log.flags |= OOMX_LOG_NO_PAGE_SIZE;
		d->page_size = 4096;
	}
	convert(d);
	whole_machine(d);
}
