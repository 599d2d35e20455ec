// SPDX-License-Identifier: GPL-2.0
/*
 * The root cause of an event: one class, and what decided it. Pure.
 *
 * For the whole machine the class is that of the largest part of the balance, when it
 * is clearly the largest. The thresholds below are a heuristic.
 */
#include "oomx_explain.h"

/* Free memory elsewhere, in 1000 of all, from which "may not use it" is the cause. */
#define ELSEWHERE_PERMILLE	50

/* The largest class must be so much larger than the second, in 100 of that. */
#define CLEAR_PERCENT		150

/* Swap with less than one page left of so many is full. */
#define SWAP_FULL_OF	100

/**
 * oomx_swap_full() - was swap configured, and used up?
 * @f: facts
 *
 * That none is free says nothing without its size: so it is after swapoff, too, and until 6.2 a
 * task may seem to have pages in it then, because a thread counts its last faults by itself.
 *
 * Context: Any.
 * Return: 1 if less than 1 % of it was free, 0 if more was or there is none; not known where the
 * size of swap or of what is free is not.
 */
struct oomx_opt oomx_swap_full(const struct oomx_facts *f)
{
	struct oomx_opt total = oomx_fact_sys(f, OOMX_SYS_SWAP_TOTAL);
	struct oomx_opt free = oomx_fact_sys(f, OOMX_SYS_SWAP_FREE);

	if (!total.known || !free.known)
		return (struct oomx_opt){ 0 };
	return oomx_known(free.v < total.v / SWAP_FULL_OF + !!(total.v % SWAP_FULL_OF));
}

/* Is the task's own cgroup the one that hit its limit? */
static u32 memcg_class(const struct oomx_facts *f)
{
	struct oomx_memcg m;
	const char *own = oomx_fact_own_memcg(f), *hit;

	oomx_table_get(&f->memcgs, 0, &m, sizeof(m));
	hit = oomx_fact_string(f, m.path);
	if (!own || !hit)
		return OOMX_CAUSE_UNKNOWN;
	return strcmp(own, hit) ? OOMX_CAUSE_MEMCG_PARENT_LIMIT : OOMX_CAUSE_MEMCG_LIMIT;
}

/* Classes that the zones decide: there was memory, but not for this request. */
static u32 zones_class(const struct oomx_facts *f)
{
	u64 managed = oomx_fact_managed(f).v;
	struct oomx_verdicts v;

	oomx_verdicts(f, &v);
	if (v.n[OOMX_VERDICT_UNKNOWN])
		return OOMX_CAUSE_UNKNOWN;
	if (f->trigger.order && v.n[OOMX_VERDICT_FRAGMENTED] && !v.n[OOMX_VERDICT_OK])
		return OOMX_CAUSE_FRAGMENTATION;
	if (v.elsewhere > v.missing && v.elsewhere > managed / 1000 * ELSEWHERE_PERMILLE)
		return OOMX_CAUSE_ZONE_RESERVE;
	if (!v.n[OOMX_VERDICT_BELOW_MIN] && !v.n[OOMX_VERDICT_OK] &&
	    v.n[OOMX_VERDICT_RESERVE] + v.n[OOMX_VERDICT_HIGHATOMIC])
		return OOMX_CAUSE_ZONE_RESERVE;
	return OOMX_CAUSE_UNKNOWN;
}

/* The balance by class. @name: of the largest part of each. */
struct by_class {
	s64 pages[OOMX_CAUSE_NR];
	s64 part[OOMX_CAUSE_NR];
	const char *name[OOMX_CAUSE_NR];
};

/* So that neither sums nor percentages of damaged records overflow. */
static s64 bounded(s64 pages)
{
	return max_t(s64, min_t(s64, pages, S64_MAX / 1000), S64_MIN / 1000);
}

static void sum_classes(const struct oomx_facts *f, struct by_class *by)
{
	struct oomx_balance parts[OOMX_BALANCE_MAX];
	u32 n = oomx_balance(f, parts), i, c;

	memset(by, 0, sizeof(*by));
	for (i = 0; i < n; i++) {
		c = parts[i].class;
		by->pages[c] = bounded(by->pages[c] + bounded(parts[i].pages));
		if (!by->name[c] || parts[i].pages > by->part[c]) {
			by->name[c] = parts[i].name;
			by->part[c] = parts[i].pages;
		}
	}
}

/* The largest class but @but, and but free memory, which has the class unknown. */
static u32 largest(const struct by_class *by, u32 but)
{
	u32 max = 0, i;

	for (i = OOMX_CAUSE_UNKNOWN + 1; i < OOMX_CAUSE_NR; i++)
		if (i != but && (!max || by->pages[i] > by->pages[max]))
			max = i;
	return max;
}

static void host_class(const struct oomx_facts *f, struct oomx_cause *c)
{
	struct by_class by;
	u32 first, second;
	s64 beside;

	sum_classes(f, &by);
	first = largest(&by, 0);
	second = largest(&by, first);
	beside = max_t(s64, by.pages[second], by.pages[OOMX_CAUSE_UNKNOWN]);
	if (by.pages[first] <= 0)
		return;
	if (by.pages[first] * 100 < beside * CLEAR_PERCENT) {
		c->nearest[0] = first;
		c->nearest[1] = by.pages[second] > 0 ? second : OOMX_CAUSE_UNKNOWN;
		return;
	}
	c->class = first;
	c->name = by.name[first];
	c->part = by.part[first];
	c->pages = by.pages[first];
}

/**
 * oomx_cause() - the root cause of an event
 * @f: facts
 * @c: set to the class and to what decided it
 *
 * Context: Any.
 */
void oomx_cause(const struct oomx_facts *f, struct oomx_cause *c)
{
	static const u8 fixed[] = {
		[OOMX_KIND_CPUSET] = OOMX_CAUSE_CPUSET,
		[OOMX_KIND_MEMPOLICY] = OOMX_CAUSE_MEMPOLICY,
		[OOMX_KIND_SYSRQ] = OOMX_CAUSE_SYSRQ,
	};
	u32 kind = f->trigger.kind;

	memset(c, 0, sizeof(*c));
	if (kind == OOMX_KIND_MEMCG)
		c->class = memcg_class(f);
	else if (kind < ARRAY_SIZE(fixed) && fixed[kind])
		c->class = fixed[kind];
	else if (kind == OOMX_KIND_GLOBAL)
		c->class = zones_class(f);
	if (kind == OOMX_KIND_GLOBAL && !c->class)
		host_class(f, c);
}
