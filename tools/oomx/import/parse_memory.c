// SPDX-License-Identifier: GPL-2.0
/*
 * Zones, nodes and the whole machine. Sizes stay in kB until the page size is known.
 */
#include <stdlib.h>

#include "draft.h"
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

/**
 * node_of() - a node of the draft
 * @d: draft
 * @number: of the node, or OOMX_NODE_ALL: the whole machine, which is the first
 *
 * Return: the node, made when there is none yet.
 */
struct oomx_node *node_of(struct draft *d, u32 number)
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

/* Kernels before 4.8 count by zone; some counters stayed there longer. */
static void add_to_node(struct draft *d, u32 number, u32 i, u64 value)
{
	struct oomx_node *n = node_of(d, number);
	u64 *added = &d->added[n - d->nodes];

	if (n->valid >> i & 1 && !(*added >> i & 1))
		return;
	*added |= 1ULL << i;
	oomx_put(&n->valid, n->v, i, n->v[i] + value);
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
			oomx_put(&all->valid, all->v, i, p.value);
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
			oomx_put(&n->valid, n->v, i, p.value);
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
			oomx_put(&z->zone.valid, z->zone.v, i, p.value);
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

	oomx_put(&all->valid, all->v, i, pages);
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
		oomx_put(&d->sys_valid, d->sys, OOMX_SYS_RAM, n);
	} else if (take(&what, "pages reserved") || take(&what, "reserved pages")) {
		oomx_put(&d->sys_valid, d->sys, OOMX_SYS_RESERVED, n);
	} else if (take(&what, "pages cma reserved")) {
		oomx_put(&d->sys_valid, d->sys, OOMX_SYS_CMA_TOTAL, n);
	} else if (take(&what, "pages hwpoisoned")) {
		oomx_put(&d->sys_valid, d->sys, OOMX_SYS_HWPOISONED, n);
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
		oomx_put(&d->sys_valid, d->sys, OOMX_SYS_SWAP_FREE, n);
	} else if (!strncmp(line, "Total swap", 10) && find_number(line, "=", &n)) {
		oomx_put(&d->sys_valid, d->sys, OOMX_SYS_SWAP_TOTAL, n);
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
		oomx_put(&d->sys_valid, d->sys, OOMX_SYS_HUGETLB,
			 d->sys[OOMX_SYS_HUGETLB] + total * kb);
}
