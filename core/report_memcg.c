// SPDX-License-Identifier: GPL-2.0
/*
 * The chain of memory cgroups, as text.
 */
#include "oomx_names.h"
#include "oomx_report.h"

static void print_row(struct oomx_text *t, const struct oomx_facts *f, const struct oomx_memcg *m)
{
	static const u8 columns[] = {
		OOMX_MEMCG_USAGE, OOMX_MEMCG_MAX, OOMX_MEMCG_HIGH, OOMX_MEMCG_LOW, OOMX_MEMCG_MIN,
	};
	u32 i;

	oomx_print(t, m->flags & OOMX_MEMCG_IS_OOM ? " *" : "  ");
	for (i = 0; i < ARRAY_SIZE(columns); i++)
		oomx_print_kb(t, 11, oomx_memcg_value(m, columns[i]), f->page_size);
	oomx_print_opt(t, 9, oomx_memcg_value(m, OOMX_MEMCG_FAILCNT));
	oomx_print(t, "  ");
	oomx_print_untrusted(t, oomx_fact_string(f, m->path));
	oomx_print(t, "\n");
}

static void print_counter(struct oomx_text *t, const struct oomx_facts *f,
			  const struct oomx_memcg *m, const char *name, u32 usage)
{
	if (!oomx_memcg_value(m, usage).known)
		return;
	oomx_pad(t, 4);
	oomx_print(t, "%s: usage ", name);
	oomx_print_kb(t, 0, oomx_memcg_value(m, usage), f->page_size);
	oomx_print(t, " limit ");
	oomx_print_kb(t, 0, oomx_memcg_value(m, usage + 1), f->page_size);
	oomx_print(t, " failcnt ");
	oomx_print_opt(t, 0, oomx_memcg_value(m, usage + 2));
	oomx_print(t, "\n");
}

static void print_watermark(struct oomx_text *t, const struct oomx_facts *f,
			    const struct oomx_memcg *m)
{
	if (f->imported)
		return;
	oomx_print(t, "    memory: highest usage ever ");
	oomx_print_kb(t, 0, oomx_memcg_value(m, OOMX_MEMCG_WATERMARK), f->page_size);
	if (oomx_memcg_value(m, OOMX_MEMCG_OOM_GROUP).known)
		oomx_print(t, ", memory.oom.group %llu",
			   (unsigned long long)oomx_memcg_value(m, OOMX_MEMCG_OOM_GROUP).v);
	if (oomx_memcg_value(m, OOMX_MEMCG_SWAPPINESS).known)
		oomx_print(t, ", swappiness %llu",
			   (unsigned long long)oomx_memcg_value(m, OOMX_MEMCG_SWAPPINESS).v);
	oomx_print(t, "\n");
}

static void print_events(struct oomx_text *t, const struct oomx_facts *f, u32 level)
{
	struct oomx_opt v;
	u32 i;

	if (f->imported)
		return;
	oomx_print(t, "    events:");
	for (i = 0; i < OOMX_EV_NR; i++) {
		v = oomx_table_value(&f->events, level, i);
		if (v.known)
			oomx_word(t, 12, "%s %llu", oomx_event_names[i], (unsigned long long)v.v);
		else
			oomx_word(t, 12, "%s n/a", oomx_event_names[i]);
	}
	oomx_print(t, "\n");
}

/* Which values of memory.stat are not known of a group. */
static u64 hidden_stats(const struct oomx_facts *f, u32 level)
{
	u64 hidden = 0;
	u32 i;

	for (i = 0; i < OOMX_STAT_NR; i++)
		if (!oomx_table_value(&f->stats, level, i).known)
			hidden |= 1ULL << i;
	return hidden;
}

/* They are the same for all groups of a kernel: named once. */
static void print_hidden(struct oomx_text *t, const struct oomx_facts *f, u32 level)
{
	u64 hidden = hidden_stats(f, level);
	u32 i;

	if (f->imported)
		return;
	if (level && hidden && hidden == hidden_stats(f, 0)) {
		oomx_words(t, 12, "n/a: as above");
		return;
	}
	oomx_word(t, 12, hidden ? "n/a:" : "");
	for (i = 0; i < OOMX_STAT_NR; i++)
		if (hidden >> i & 1)
			oomx_word(t, 12, "%s", oomx_stat_names[i]);
}

/* Bytes as kB, events as they are. */
static void print_stat(struct oomx_text *t, const struct oomx_facts *f, u32 level, bool stale)
{
	struct oomx_opt v;
	u32 i;

	if (f->imported && !~(hidden_stats(f, level) | ~0ULL << OOMX_STAT_NR))
		return;
	oomx_print(t, stale ? "    stat, up to 2 s old:" : "    stat:");
	for (i = 0; i < OOMX_STAT_NR; i++) {
		v = oomx_table_value(&f->stats, level, i);
		if (v.known)
			oomx_word(t, 12, "%s %llu", oomx_stat_names[i], (unsigned long long)
				  (oomx_stat_is_bytes(i) ? v.v / 1024 : v.v));
	}
	print_hidden(t, f, level);
	oomx_print(t, "\n");
}

static void print_level(struct oomx_text *t, const struct oomx_facts *f,
			const struct oomx_memcg *m, u32 level)
{
	oomx_print(t, "  ");
	oomx_print_untrusted(t, oomx_fact_string(f, m->path));
	if (f->imported)
		oomx_print(t, "\n");
	else
		oomx_print(t, " (id %llu)\n", (unsigned long long)m->id);
	print_watermark(t, f, m);
	print_counter(t, f, m, "swap", OOMX_MEMCG_SWAP_USAGE);
	print_counter(t, f, m, "memory+swap", OOMX_MEMCG_MEMSW_USAGE);
	print_counter(t, f, m, "kmem", OOMX_MEMCG_KMEM_USAGE);
	print_events(t, f, level);
	print_stat(t, f, level, m->flags & OOMX_MEMCG_STAT_STALE);
}

/**
 * oomx_report_memcgs() - the chain of memory cgroups
 * @t: text
 * @f: facts
 *
 * Context: Any.
 */
void oomx_report_memcgs(struct oomx_text *t, const struct oomx_facts *f)
{
	struct oomx_memcg m;
	u32 i;

	oomx_print(t, "\nMEMORY CGROUPS, kB (events and workingset_*: numbers), %s\n",
		   f->imported ? "of which a log\nshows the one that hit its limit (*)" :
		   f->trigger.kind == OOMX_KIND_MEMCG ?
		   "from the\none that hit its limit (*) to the root" :
		   "from the\ntrigger's to the root");
	if (!f->memcgs.count) {
		oomx_print(t, "  n/a: no memory controller\n");
		return;
	}
	oomx_print(t, "%13s%11s%11s%11s%11s%9s  path\n", "usage", "max", "high", "low", "min",
		   "failcnt");
	for (i = 0; oomx_table_get(&f->memcgs, i, &m, sizeof(m)); i++)
		print_row(t, f, &m);
	for (i = 0; oomx_table_get(&f->memcgs, i, &m, sizeof(m)); i++)
		print_level(t, f, &m, i);
}
