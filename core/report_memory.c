// SPDX-License-Identifier: GPL-2.0
/*
 * Zones, buddy lists, balance and nodes, as text.
 */
#include "oomx_explain.h"
#include "oomx_names.h"
#include "oomx_report.h"
#include "oomx_select.h"

#define BAR_MAX	40	/* characters */

/* Zone values with a column of their own, and those that follow in words. */
static const u8 zone_columns[] = {
	OOMX_ZONE_FREE, OOMX_ZONE_MIN, OOMX_ZONE_LOW, OOMX_ZONE_HIGH, OOMX_ZONE_PRESENT,
	OOMX_ZONE_MANAGED,
};

static bool has_column(u32 value)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(zone_columns); i++)
		if (zone_columns[i] == value)
			return true;
	return false;
}

static void print_zone_name(struct oomx_text *t, const struct oomx_zone *z)
{
	char name[OOMX_ZONE_NAME_LEN];

	memcpy(name, z->name, sizeof(name));
	name[sizeof(name) - 1] = '\0';
	oomx_print(t, "%6u  ", z->node);
	oomx_print_untrusted(t, name);
	while (t->column < 15)
		oomx_print(t, " ");
}

static void print_zone_row(struct oomx_text *t, const struct oomx_facts *f,
			   const struct oomx_zone *z)
{
	u32 i;

	print_zone_name(t, z);
	for (i = 0; i < ARRAY_SIZE(zone_columns); i++)
		oomx_print_kb(t, 10, oomx_value(z->valid, z->v, OOMX_ZONE_NR, zone_columns[i]),
			      f->page_size);
	oomx_print(t, "%s\n", (z->flags & OOMX_ZONE_IN_ALL) == OOMX_ZONE_IN_ALL ? " *" : "");
}

/*
 * "name value", pages in kB. What this kernel does not count is left out: of many zones and nodes
 * it would be told many times.
 */
static void print_count(struct oomx_text *t, const struct oomx_facts *f, const char *name,
			struct oomx_opt v, bool pages)
{
	if (v.known)
		oomx_word(t, 16, "%s %llu", name, (unsigned long long)
			  (pages ? oomx_kb(v.v, f->page_size) : v.v));
}

static void print_reserve(struct oomx_text *t, const struct oomx_facts *f, u32 zone)
{
	u32 n = f->reserve.esize / sizeof(u64), i;
	u64 reserve;

	oomx_word(t, 16, "lowmem_reserve[]");
	for (i = 0; zone < f->reserve.count && i < n; i++) {
		memcpy(&reserve, f->reserve.data + (size_t)f->reserve.esize * zone +
		       i * sizeof(reserve), sizeof(reserve));
		oomx_word(t, 16, "%llu", (unsigned long long)oomx_kb(reserve, f->page_size));
	}
	if (zone >= f->reserve.count)
		oomx_word(t, 16, "n/a");
}

static void print_zone_words(struct oomx_text *t, const struct oomx_facts *f,
			     const struct oomx_zone *z, u32 zone)
{
	u32 i;

	print_zone_name(t, z);
	for (i = 0; i < OOMX_ZONE_NR; i++)
		if (!has_column(i))
			print_count(t, f, oomx_zone_names[i],
				    oomx_value(z->valid, z->v, OOMX_ZONE_NR, i), true);
	print_reserve(t, f, zone);
	oomx_print(t, "\n");
}

/**
 * oomx_report_zones() - the zones
 * @t: text
 * @f: facts
 *
 * Context: Any.
 */
void oomx_report_zones(struct oomx_text *t, const struct oomx_facts *f)
{
	struct oomx_zone z;
	u32 i;

	oomx_print(t, "\nZONES, kB (min, low and high with their boost; *: open to the request)\n");
	oomx_print(t, "  node  zone   %10s%10s%10s%10s%10s%10s\n", "free", "min", "low", "high",
		   "present", "managed");
	for (i = 0; oomx_table_get(&f->zones, i, &z, sizeof(z)); i++)
		print_zone_row(t, f, &z);
	oomx_print(t, "\n");
	for (i = 0; oomx_table_get(&f->zones, i, &z, sizeof(z)); i++)
		print_zone_words(t, f, &z, i);
}

/* The kernel's letters of the migrate types, as in its report. */
static void type_letters(const struct oomx_facts *f, u32 types, char *to, size_t size)
{
	const char *letters = oomx_fact_string(f, f->sys.migratetypes);
	size_t n = letters ? strlen(letters) : 0, i;

	for (i = 0; i < 32 && size > 1; i++) {
		if (!(types >> i & 1))
			continue;
		*to++ = i < n && letters[i] > ' ' && letters[i] < 0x7f ? letters[i] : '?';
		size--;
	}
	*to = '\0';
}

static void print_buddy(struct oomx_text *t, const struct oomx_facts *f, u32 zone)
{
	u32 orders = f->buddy.esize / sizeof(struct oomx_buddy), i;
	u64 total = 0, kb = f->page_size / 1024;
	struct oomx_buddy b;
	char types[33];

	for (i = 0; i < orders && i < 64; i++) {
		b = oomx_fact_buddy(f, zone, i);
		type_letters(f, b.types, types, sizeof(types));
		oomx_word(t, 16, b.free ? "%u*%llukB(%s)" : "%u*%llukB", b.free,
			  (unsigned long long)kb << i, types);
		total += (u64)b.free << i;
	}
	oomx_word(t, 16, "= %llukB\n", (unsigned long long)oomx_kb(total, f->page_size));
}

/**
 * oomx_report_buddy() - the free blocks of each order
 * @t: text
 * @f: facts
 *
 * Context: Any.
 */
void oomx_report_buddy(struct oomx_text *t, const struct oomx_facts *f)
{
	struct oomx_zone z;
	u32 i;

	oomx_print(t, "\nBUDDY LISTS, free blocks (U unmovable, M movable, E reclaimable,\n"
		   "H highatomic, C CMA, I isolated)\n");
	for (i = 0; oomx_table_get(&f->zones, i, &z, sizeof(z)); i++) {
		print_zone_name(t, &z);
		print_buddy(t, f, i);
	}
}

static void print_share(struct oomx_text *t, s64 pages, u64 managed)
{
	/* counters are not one snapshot: a part may come out larger than the whole */
	s64 permille = oomx_score(pages, managed), bar = min_t(s64, (permille + 12) / 25, BAR_MAX);
	u64 size = permille < 0 ? -permille : permille;

	oomx_print(t, "%s%4llu.%llu %%%s", permille < 0 ? "-" : "", (unsigned long long)size / 10,
		   (unsigned long long)size % 10, bar > 0 ? " " : "");
	while (bar-- > 0)
		oomx_print(t, "#");
}

static void print_holders(struct oomx_text *t, const struct oomx_facts *f,
			  const struct oomx_holders *h, bool cgroups)
{
	u32 i;

	oomx_print(t, cgroups ? "  largest cgroups, by the tasks in them:" : "  largest tasks:");
	oomx_wrap(t, 4);
	for (i = 0; i < h->n; i++) {
		if (cgroups)
			oomx_print_untrusted(t, oomx_fact_cgroup(f, h->index[i]));
		else
			oomx_explain_task(t, f, h->index[i]);
		oomx_print(t, " ");
		oomx_explain_mb(t, oomx_known(h->pages[i]), f->page_size);
		oomx_explain_share(t, h->pages[i], oomx_fact_managed(f).v);
		oomx_print(t, i + 1 < h->n ? ", " : "");
	}
	oomx_wrap_end(t);
	oomx_print(t, h->n ? "\n" : " n/a\n");
}

/* Resident memory and page tables; pages that tasks share count for each of them. */
static void print_largest(struct oomx_text *t, const struct oomx_facts *f)
{
	struct oomx_holders h;

	oomx_largest_tasks(f, oomx_size_resident, &h);
	print_holders(t, f, &h, false);
	/* of a log only the victim's cgroup is known */
	if (f->imported)
		return;
	oomx_largest_cgroups(f, &h);
	print_holders(t, f, &h, true);
}

/**
 * oomx_report_balance() - where the memory is
 * @t: text
 * @f: facts
 *
 * Context: Any.
 */
void oomx_report_balance(struct oomx_text *t, const struct oomx_facts *f)
{
	struct oomx_balance entries[OOMX_BALANCE_MAX];
	u32 n = oomx_balance(f, entries), i;
	u64 managed = oomx_fact_managed(f).v;
	u64 present = oomx_fact_zones(f, OOMX_ZONE_PRESENT).v;

	oomx_print(t, "\nMEMORY of the machine, kB\n");
	if (!n)
		oomx_print(t, "  n/a: counters are missing\n");
	for (i = 0; i < n; i++) {
		oomx_print(t, "  %-22s %12lld ", entries[i].name,
			   (long long)oomx_kb(entries[i].pages, f->page_size));
		print_share(t, entries[i].pages, managed);
		oomx_print(t, "\n");
	}
	if (!n)
		return;
	oomx_print(t, "  %-22s %12llu  (beside %llu reserved at boot)\n", "managed",
		   (unsigned long long)oomx_kb(managed, f->page_size),
		   (unsigned long long)oomx_kb(present - managed, f->page_size));
	print_largest(t, f);
}

/* What the kernel's report says beside all that, and what no balance can hold. */
static void print_beside(struct oomx_text *t, const struct oomx_facts *f)
{
	oomx_print(t, "  beside: per-CPU areas ");
	oomx_print_kb(t, 0, oomx_fact_sys(f, OOMX_SYS_PERCPU), f->page_size);
	oomx_print(t, " (partly reserved at boot), CMA ");
	oomx_print_kb(t, 0, oomx_fact_sys(f, OOMX_SYS_CMA_TOTAL), f->page_size);
	oomx_print(t, ", hwpoisoned ");
	oomx_print_kb(t, 0, oomx_fact_sys(f, OOMX_SYS_HWPOISONED), f->page_size);
	oomx_print(t, "\n");
}

static void print_swap(struct oomx_text *t, const struct oomx_facts *f)
{
	oomx_print(t, "  swap kB: total ");
	oomx_print_kb(t, 0, oomx_fact_sys(f, OOMX_SYS_SWAP_TOTAL), f->page_size);
	oomx_print(t, ", free ");
	oomx_print_kb(t, 0, oomx_fact_sys(f, OOMX_SYS_SWAP_FREE), f->page_size);
	oomx_print(t, ", swap cache ");
	oomx_print_kb(t, 0, oomx_fact_node(f, OOMX_NODE_SWAPCACHE), f->page_size);
	oomx_print(t, "; page cache in all ");
	oomx_print_kb(t, 0, oomx_fact_node(f, OOMX_NODE_FILE_PAGES), f->page_size);
	oomx_print(t, "\n");
}

static void print_node(struct oomx_text *t, const struct oomx_facts *f, const struct oomx_node *n)
{
	u32 i;

	if (n->node == OOMX_NODE_ALL)
		oomx_print(t, "  all nodes");
	else
		oomx_print(t, "  node %u", n->node);
	for (i = 0; i < OOMX_NODE_NR; i++)
		print_count(t, f, oomx_node_names[i],
			    oomx_value(n->valid, n->v, OOMX_NODE_NR, i), oomx_node_is_pages(i));
	oomx_print(t, "\n");
}

/* In a log, the machine may tell more than the one node that is in it, or something else. */
static bool only_node(const struct oomx_facts *f)
{
	struct oomx_node all, one;
	u32 i, differ = 0;

	oomx_table_get(&f->nodes, 0, &all, sizeof(all));
	oomx_table_get(&f->nodes, 1, &one, sizeof(one));
	for (i = 0; i < OOMX_NODE_NR && f->imported; i++)
		differ += all.valid >> i & 1 && (!(one.valid >> i & 1) || all.v[i] != one.v[i]);
	return f->nodes.count == 2 && !differ;
}

/**
 * oomx_report_nodes() - the counters of the nodes
 * @t: text
 * @f: facts
 *
 * Context: Any.
 */
void oomx_report_nodes(struct oomx_text *t, const struct oomx_facts *f)
{
	struct oomx_node n;
	u32 i;

	oomx_print(t, "\nNODES, kB (kswapd_failures: from 16 on \"all_unreclaimable\")\n");
	/* with one node, "all nodes" would say the same once more */
	for (i = only_node(f); oomx_table_get(&f->nodes, i, &n, sizeof(n)); i++)
		print_node(t, f, &n);
	print_swap(t, f);
	print_beside(t, f);
}
