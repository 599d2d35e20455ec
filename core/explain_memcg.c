// SPDX-License-Identifier: GPL-2.0
/*
 * A memory cgroup at its limit, in sentences. Pure.
 */
#include "oomx_explain.h"
#include "oomx_names.h"

/* memory.stat of the group, bytes to pages. */
static struct oomx_opt stat(const struct oomx_facts *f, u32 i)
{
	struct oomx_opt v = oomx_table_value(&f->stats, 0, i);

	v.v /= f->page_size;
	return v;
}

static void say_limit(struct oomx_text *t, const struct oomx_facts *f, const struct oomx_memcg *m)
{
	const char *own = oomx_fact_own_memcg(f);
	const char *hit = oomx_fact_string(f, m->path);

	oomx_print(t, "The memory cgroup ");
	oomx_print_untrusted(t, hit);
	if (own && hit && strcmp(own, hit)) {
		oomx_print(t, f->imported ? ", above the victim's own " :
					    ", above the task's own ");
		oomx_print_untrusted(t, own);
		oomx_print(t, ",");
	}
	oomx_print(t, " is at its limit: it uses ");
	oomx_explain_mb(t, oomx_memcg_value(m, OOMX_MEMCG_USAGE), f->page_size);
	oomx_print(t, " of ");
	oomx_explain_mb(t, oomx_memcg_value(m, OOMX_MEMCG_MAX), f->page_size);
}

/* By how much the request would have gone over it. */
static void say_excess(struct oomx_text *t, const struct oomx_facts *f, const struct oomx_memcg *m)
{
	struct oomx_opt usage = oomx_memcg_value(m, OOMX_MEMCG_USAGE);
	struct oomx_opt max = oomx_memcg_value(m, OOMX_MEMCG_MAX);
	u64 want;

	if (!usage.known || !max.known || f->trigger.order < 0 || f->trigger.order >= 32 ||
	    f->trigger.flags & OOMX_TRIGGER_NO_REQUEST)
		return;
	want = usage.v + (1ULL << f->trigger.order);
	if (want <= max.v) {
		oomx_print(t, ", so that the request would fit by now");
		return;
	}
	oomx_print(t, ", and the request would take it ");
	oomx_explain_mb(t, oomx_known(want - max.v), f->page_size);
	oomx_print(t, " over");
}

static void say_before(struct oomx_text *t, const struct oomx_facts *f, const struct oomx_memcg *m)
{
	struct oomx_opt kills = oomx_table_value(&f->events, 0, OOMX_EV_OOM_KILL);

	if (f->imported && !oomx_memcg_value(m, OOMX_MEMCG_FAILCNT).known) {
		oomx_print(t, ". ");
		return;
	}
	oomx_print(t, ". It ran into the limit ");
	oomx_print_opt(t, 0, oomx_memcg_value(m, OOMX_MEMCG_FAILCNT));
	oomx_print(t, " times (failcnt)");
	if (kills.known && kills.v)
		oomx_print(t, ", and %llu of its tasks had been killed before",
			   (unsigned long long)kills.v);
	oomx_print(t, ". ");
}

static struct oomx_opt lists(const struct oomx_facts *f, u32 active, u32 inactive)
{
	struct oomx_opt a = stat(f, active), b = stat(f, inactive);

	return (struct oomx_opt){ a.known && b.known ? a.v + b.v : 0, a.known && b.known };
}

/* Kernels that keep memory.stat private still show the sizes of the LRU lists. */
static void say_lists(struct oomx_text *t, const struct oomx_facts *f)
{
	struct oomx_opt anon = lists(f, OOMX_STAT_ACTIVE_ANON, OOMX_STAT_INACTIVE_ANON);

	if (stat(f, OOMX_STAT_ANON).known || !anon.known)
		return;
	oomx_print(t, "Its LRU lists hold anonymous and shared memory ");
	oomx_explain_mb(t, anon, f->page_size);
	oomx_print(t, ", page cache ");
	oomx_explain_mb(t, lists(f, OOMX_STAT_ACTIVE_FILE, OOMX_STAT_INACTIVE_FILE),
			f->page_size);
	oomx_print(t, "; more of memory.stat is n/a on this kernel. ");
}

/* What it consists of; nothing is counted twice: shared memory is part of "file". */
static void say_content(struct oomx_text *t, const struct oomx_facts *f,
			const struct oomx_memcg *m)
{
	static const struct {
		u8 stat;
		const char *name;
	} parts[] = {
		{ OOMX_STAT_ANON, "anon" }, { OOMX_STAT_FILE, "file" },
		{ OOMX_STAT_SHMEM, "shmem" }, { OOMX_STAT_SLAB_RECLAIMABLE, "reclaimable slab" },
		{ OOMX_STAT_SLAB_UNRECLAIMABLE, "unreclaimable slab" },
		{ OOMX_STAT_PAGETABLES, "page tables" },
		{ OOMX_STAT_KERNEL_STACK, "kernel stacks" }, { OOMX_STAT_SOCK, "sockets" },
	};
	struct oomx_opt usage = oomx_memcg_value(m, OOMX_MEMCG_USAGE), part, shmem;
	s64 rest = (s64)usage.v;
	u32 i, n = 0;

	shmem = stat(f, OOMX_STAT_SHMEM);
	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		part = stat(f, parts[i].stat);
		if (parts[i].stat == OOMX_STAT_FILE)
			part.v -= min_t(u64, part.v, shmem.v);
		if (!part.known || !part.v)
			continue;
		oomx_print(t, "%s %s ", n++ ? "," : "It consists of", parts[i].name);
		oomx_explain_mb(t, part, f->page_size);
		rest = oomx_minus(rest, (s64)part.v);
	}
	if (!n) {
		say_lists(t, f);
		return;
	}
	oomx_print(t, "; ");
	oomx_explain_mb(t, (struct oomx_opt){ usage.known && rest >= 0 ? rest : 0, usage.known },
			f->page_size);
	oomx_print(t, " are in none of these. ");
}

/* Was there anything left that reclaim could have taken? */
static void say_reclaim(struct oomx_text *t, const struct oomx_facts *f,
			const struct oomx_memcg *m)
{
	struct oomx_opt file = lists(f, OOMX_STAT_ACTIVE_FILE, OOMX_STAT_INACTIVE_FILE);
	struct oomx_opt used = oomx_memcg_value(m, OOMX_MEMCG_SWAP_USAGE);

	if (f->imported && !file.known)
		return;
	oomx_print(t, "Reclaim had left: page cache ");
	oomx_explain_mb(t, file, f->page_size);
	if (used.known) {
		oomx_print(t, "; in swap are ");
		oomx_explain_mb(t, used, f->page_size);
		oomx_print(t, " (memory.swap.max: ");
		oomx_explain_mb(t, oomx_memcg_value(m, OOMX_MEMCG_SWAP_MAX), f->page_size);
		oomx_print(t, ")");
	}
	oomx_print(t, ". ");
}

/* Levels above it whose memory.low or memory.min reclaim had to respect. */
static void say_protection(struct oomx_text *t, const struct oomx_facts *f)
{
	struct oomx_opt low, min;
	struct oomx_memcg m;
	u32 i;

	for (i = 0; oomx_table_get(&f->memcgs, i, &m, sizeof(m)); i++) {
		low = oomx_memcg_value(&m, OOMX_MEMCG_LOW);
		min = oomx_memcg_value(&m, OOMX_MEMCG_MIN);
		if ((!low.known || !low.v) && (!min.known || !min.v))
			continue;
		oomx_print_untrusted(t, oomx_fact_string(f, m.path));
		oomx_print(t, " is protected: min ");
		oomx_explain_mb(t, min, f->page_size);
		oomx_print(t, ", low ");
		oomx_explain_mb(t, low, f->page_size);
		oomx_print(t, ". ");
	}
}

/**
 * oomx_explain_memcg() - a memory cgroup that is at its limit
 * @t: text
 * @f: facts of a memcg event
 *
 * Context: Any.
 */
void oomx_explain_memcg(struct oomx_text *t, const struct oomx_facts *f)
{
	struct oomx_memcg m;

	if (!oomx_table_get(&f->memcgs, 0, &m, sizeof(m))) {
		oomx_print(t, "A memory cgroup was at its limit; which one is not known. ");
		return;
	}
	say_limit(t, f, &m);
	say_excess(t, f, &m);
	say_before(t, f, &m);
	say_content(t, f, &m);
	say_reclaim(t, f, &m);
	say_protection(t, f);
}
