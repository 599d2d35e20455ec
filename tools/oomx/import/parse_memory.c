// SPDX-License-Identifier: GPL-2.0
/*
 * Zones, nodes and the whole machine. Sizes stay in kB until the page size is known.
 */
#include <stdlib.h>

#include "import.h"
#include "oomx_names.h"

/* The kernel's letters, in the order of our bits; '?': a block of a type that is not told. */
static const char letters[] = "UMEHCIR?";

/* No machine has more; a log that has is not one. */
#define NODES_MAX	1025
#define ZONES_MAX	4096

static struct oomx_node *find_node(const struct draft *d, u32 number)
{
	u32 i;

	for (i = 0; i < d->n_nodes; i++)
		if (d->nodes[i].node == number)
			return &d->nodes[i];
	return NULL;
}

/* The whole machine is the first, as in records of the module. */
static struct oomx_node *node_of(struct draft *d, u32 number)
{
	struct oomx_node *n = find_node(d, number);

	if (n)
		return n;
	if (!d->n_nodes && number != OOMX_NODE_ALL)
		node_of(d, OOMX_NODE_ALL);
	if (d->n_nodes == NODES_MAX)
		return &d->nodes[NODES_MAX - 1];
	d->nodes = xalloc(d->nodes, (d->n_nodes + 1) * sizeof(*d->nodes));
	d->added = xalloc(d->added, (d->n_nodes + 1) * sizeof(*d->added));
	n = &d->nodes[d->n_nodes];
	memset(n, 0, sizeof(*n));
	n->node = number;
	d->added[d->n_nodes++] = 0;
	return n;
}

static void set(u64 *valid, u64 *v, u32 i, u64 value)
{
	*valid |= 1ULL << i;
	v[i] = value;
}

/* Kernels before 4.8 count by zone; some counters stayed there longer. */
static void add_to_node(struct draft *d, u32 number, u32 i, u64 value)
{
	struct oomx_node *n = node_of(d, number);
	u64 *added = &d->added[n - d->nodes];

	if (n->valid >> i & 1 && !(*added >> i & 1))
		return;
	*added |= 1ULL << i;
	set(&n->valid, n->v, i, n->v[i] + value);
}

/* Of the whole machine the kernel spells two of them otherwise than of a node. */
static int global_index(const struct pair *p)
{
	if (p->len == 13 && !memcmp(p->name, "isolated_anon", 13))
		return OOMX_NODE_ISOLATED_ANON;
	if (p->len == 13 && !memcmp(p->name, "isolated_file", 13))
		return OOMX_NODE_ISOLATED_FILE;
	return name_index(oomx_node_names, OOMX_NODE_NR, p->name, p->len);
}

/**
 * parse_global() - a line of the counters of the whole machine, in pages
 * @d: draft
 * @line: line
 */
void parse_global(struct draft *d, const char *line)
{
	struct oomx_node *all = node_of(d, OOMX_NODE_ALL);
	struct pair p;
	int i;

	while (take_pair(&line, &p, false)) {
		i = global_index(&p);
		if (i >= 0)
			set(&all->valid, all->v, i, p.value);
	}
}

static u32 take_node(const char **line)
{
	u64 node = 0;

	if (take(line, "Node "))
		take_number(line, &node);
	take(line, " ");
	return node;
}

/**
 * parse_node() - "Node 0 active_anon:4036276kB ..."
 * @d: draft
 * @line: line
 */
void parse_node(struct draft *d, const char *line)
{
	struct oomx_node *n = node_of(d, take_node(&line));
	struct pair p;
	int i;

	while (take_pair(&line, &p, true)) {
		i = name_index(oomx_node_names, OOMX_NODE_NR, p.name, p.len);
		if (i >= 0)
			set(&n->valid, n->v, i, p.value);
	}
}

static struct zone_draft *new_zone(struct draft *d, const char **line)
{
	struct zone_draft *z;
	size_t len;

	d->zones = xalloc(d->zones, (d->n_zones + 1) * sizeof(*d->zones));
	z = &d->zones[d->n_zones];
	d->n_zones += d->n_zones < ZONES_MAX;
	memset(z, 0, sizeof(*z));
	z->zone.node = take_node(line);
	len = strcspn(*line, " :");
	memcpy(z->zone.name, *line, len < OOMX_ZONE_NAME_LEN ? len : OOMX_ZONE_NAME_LEN - 1);
	*line += len;
	return z;
}

/**
 * parse_zone() - "Node 0 DMA free:125364kB boost:0kB min:5472kB ..."
 * @d: draft
 * @line: line
 */
void parse_zone(struct draft *d, const char *line)
{
	struct zone_draft *z = new_zone(d, &line);
	struct pair p;
	int i;

	while (take_pair(&line, &p, true)) {
		i = name_index(oomx_zone_names, OOMX_ZONE_NR, p.name, p.len);
		if (i >= 0)
			set(&z->zone.valid, z->zone.v, i, p.value);
		i = name_index(oomx_node_names, OOMX_NODE_NR, p.name, p.len);
		if (i >= 0)
			add_to_node(d, z->zone.node, i, p.value);
	}
}

/**
 * parse_reserve() - "lowmem_reserve[]: 0 0 30091 30091", pages, of the zone before
 * @d: draft
 * @line: line
 */
void parse_reserve(struct draft *d, const char *line)
{
	struct zone_draft *z = d->n_zones ? &d->zones[d->n_zones - 1] : NULL;

	line += strlen("lowmem_reserve[]:");
	while (z && z->reserves < MAX_ZONE_TYPES) {
		line += strspn(line, " ");
		if (!take_number(&line, &z->reserve[z->reserves]))
			return;
		z->reserves++;
	}
}

static struct zone_draft *find_zone(struct draft *d, const char **line)
{
	u32 node = take_node(line), i;
	size_t len = strcspn(*line, ":");

	for (i = 0; i < d->n_zones; i++) {
		if (d->zones[i].zone.node != node || strlen(d->zones[i].zone.name) != len ||
		    memcmp(d->zones[i].zone.name, *line, len))
			continue;
		*line += len;
		return &d->zones[i];
	}
	return NULL;
}

/* " (UME)", or nothing */
static u32 take_types(const char **line)
{
	u32 types = 0;
	const char *c;

	*line += strspn(*line, " ");
	if (**line != '(')
		return 1U << (sizeof(letters) - 2);
	for ((*line)++; **line && **line != ')'; (*line)++) {
		c = strchr(letters, **line);
		types |= 1U << (c ? c - letters : (long)sizeof(letters) - 2);
	}
	take(line, ")");
	return types;
}

/**
 * parse_buddy() - "Node 0 DMA: 3*4kB (UM) 1*8kB (U) ... = 125444kB"
 * @d: draft
 * @line: line
 */
void parse_buddy(struct draft *d, const char *line)
{
	struct zone_draft *z = find_zone(d, &line);
	u64 blocks, kb;
	u32 types;

	if (!z)
		return;
	take(&line, ":");
	while (z->orders < MAX_ORDERS) {
		line += strspn(line, " ");
		if (!take_number(&line, &blocks) || !take(&line, "*") || !take_number(&line, &kb) ||
		    !take(&line, "kB"))
			return;
		if (!z->orders && !d->page_size && kb && kb < 1024)
			d->page_size = kb * 1024;
		types = take_types(&line);
		z->buddy[z->orders].free = blocks;
		z->buddy[z->orders++].types = blocks ? types : 0;
	}
}

static void set_node(struct draft *d, u32 i, u64 pages)
{
	struct oomx_node *all = node_of(d, OOMX_NODE_ALL);

	set(&all->valid, all->v, i, pages);
}

/* Lines of "N words". */
static void parse_count(struct draft *d, u64 n, const char *what)
{
	if (take(&what, "total pagecache pages")) {
		d->saw_cache = true;
		set_node(d, OOMX_NODE_FILE_PAGES, n);
	} else if (take(&what, "pages in swap cache")) {
		set_node(d, OOMX_NODE_SWAPCACHE, n);
	} else if (take(&what, "pages RAM")) {
		set(&d->sys_valid, d->sys, OOMX_SYS_RAM, n);
	} else if (take(&what, "pages reserved") || take(&what, "reserved pages")) {
		set(&d->sys_valid, d->sys, OOMX_SYS_RESERVED, n);
	} else if (take(&what, "pages cma reserved")) {
		set(&d->sys_valid, d->sys, OOMX_SYS_CMA_TOTAL, n);
	} else if (take(&what, "pages hwpoisoned")) {
		set(&d->sys_valid, d->sys, OOMX_SYS_HWPOISONED, n);
	}
}

/**
 * parse_total() - "262144 pages RAM", "Free swap  = 0kB" and the like
 * @d: draft
 * @line: line
 */
void parse_total(struct draft *d, const char *line)
{
	u64 n;

	if (!strncmp(line, "Free swap", 9) && find_number(line, "=", &n)) {
		set(&d->sys_valid, d->sys, OOMX_SYS_SWAP_FREE, n);
	} else if (!strncmp(line, "Total swap", 10) && find_number(line, "=", &n)) {
		set(&d->sys_valid, d->sys, OOMX_SYS_SWAP_TOTAL, n);
	} else if (take_number(&line, &n)) {
		take(&line, " ");
		parse_count(d, n, line);
	}
}

/**
 * parse_huge() - "Node 0 hugepages_total=0 ... hugepages_size=2048kB"
 * @d: draft
 * @line: line
 */
void parse_huge(struct draft *d, const char *line)
{
	u64 total, kb;

	if (find_number(line, "hugepages_total=", &total) &&
	    find_number(line, "hugepages_size=", &kb) && total < U32_MAX && kb < U32_MAX)
		set(&d->sys_valid, d->sys, OOMX_SYS_HUGETLB,
		    d->sys[OOMX_SYS_HUGETLB] + total * kb);
}

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
			set(&n->valid, n->v, i, all->v[i]);
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
	set(&all->valid, all->v, value, sum);
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
		set(&d->sys_valid, d->sys, OOMX_SYS_TOTALRAM,
		    d->sys[OOMX_SYS_RAM] - d->sys[OOMX_SYS_RESERVED]);
	/* a kernel without swap prints nothing between these two */
	if (d->saw_cache && known(d, OOMX_SYS_RAM) && !known(d, OOMX_SYS_SWAP_TOTAL)) {
		set(&d->sys_valid, d->sys, OOMX_SYS_SWAP_TOTAL, 0);
		set(&d->sys_valid, d->sys, OOMX_SYS_SWAP_FREE, 0);
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
 * parse_memory_end() - everything of the machine has been seen: sizes become pages
 * @d: draft
 */
void parse_memory_end(struct draft *d)
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
