// SPDX-License-Identifier: GPL-2.0
/*
 * Why the allocator had no page: its own arithmetic on the zones of a record. Pure.
 */
#include "oomx_explain.h"

static struct oomx_opt zone_value(const struct oomx_zone *z, u32 value)
{
	return oomx_value(z->valid, z->v, OOMX_ZONE_NR, value);
}

/**
 * oomx_has_request() - was there a request that the zones could not serve?
 * @f: facts
 *
 * Context: Any.
 * Return: false for memory cgroups at their limit, sysrq and dry runs.
 */
bool oomx_has_request(const struct oomx_facts *f)
{
	return f->trigger.order >= 0 && f->trigger.order < 32 &&
	       !(f->trigger.flags & OOMX_TRIGGER_NO_REQUEST) &&
	       (f->trigger.kind == OOMX_KIND_GLOBAL || f->trigger.kind == OOMX_KIND_CPUSET ||
		f->trigger.kind == OOMX_KIND_MEMPOLICY);
}

static u32 nr_orders(const struct oomx_facts *f)
{
	return min_t(u32, f->buddy.esize / sizeof(struct oomx_buddy), 32);
}

/*
 * Migrate types that the request may take a block of, as a mask. The first three are for
 * everybody, and so are the reserve that kernels had before 4.4 and what a log does not tell
 * the type of; CMA is for movable pages, the highatomic reserve for victims.
 */
static u32 usable_types(const struct oomx_facts *f)
{
	const char *letters = oomx_fact_string(f, f->sys.migratetypes);
	u32 types = 0, i;

	for (i = 0; letters && letters[i] && i < 32; i++) {
		if (strchr("UMER?", letters[i]) ||
		    (letters[i] == 'C' && f->trigger.flags & OOMX_TRIGGER_MOVABLE) ||
		    (letters[i] == 'H' && f->trigger.flags & OOMX_TRIGGER_VICTIM))
			types |= 1U << i;
	}
	return types;
}

static bool has_block(const struct oomx_facts *f, u32 zone)
{
	u32 types = usable_types(f), order;

	for (order = f->trigger.order; order < nr_orders(f); order++)
		if (oomx_fact_buddy(f, zone, order).types & types)
			return true;
	return false;
}

static u64 reserve_of(const struct oomx_facts *f, u32 zone)
{
	u32 i = f->trigger.highest_zone;
	u64 reserve = 0;

	if (zone < f->reserve.count && i < f->reserve.esize / sizeof(reserve))
		memcpy(&reserve, f->reserve.data + (size_t)f->reserve.esize * zone +
		       i * sizeof(reserve), sizeof(reserve));
	return reserve;
}

/* Source: __zone_watermark_unusable_free(). */
static void take_usable(const struct oomx_facts *f, const struct oomx_zone *z,
			struct oomx_watermark *w)
{
	struct oomx_opt exact = zone_value(z, OOMX_ZONE_FREE_HIGHATOMIC);

	if (!(f->trigger.flags & (OOMX_TRIGGER_HIGH | OOMX_TRIGGER_VICTIM)))
		w->highatomic = exact.known ? exact.v :
				zone_value(z, OOMX_ZONE_RESERVED_HIGHATOMIC).v;
	if (!(f->trigger.flags & OOMX_TRIGGER_MOVABLE))
		w->cma = zone_value(z, OOMX_ZONE_FREE_CMA).v;
	w->usable = (s64)(w->free - w->highatomic - w->cma - ((1ULL << f->trigger.order) - 1));
}

/* Source: __zone_watermark_ok(): __GFP_HIGH may use half of min, a victim half of that. */
static u64 min_of(const struct oomx_facts *f, u64 min)
{
	if (f->trigger.flags & OOMX_TRIGGER_HIGH)
		min -= min / 2;
	if (f->trigger.flags & OOMX_TRIGGER_VICTIM)
		min -= min / 2;
	return min;
}

static u8 verdict_of(const struct oomx_facts *f, u32 zone, const struct oomx_watermark *w)
{
	s64 needed = (s64)(w->min + w->reserve);

	if (w->usable > needed)
		return !f->trigger.order || has_block(f, zone) ? OOMX_VERDICT_OK :
								 OOMX_VERDICT_FRAGMENTED;
	if ((s64)((u64)w->usable + w->highatomic) > needed)
		return OOMX_VERDICT_HIGHATOMIC;
	return w->usable > (s64)w->min ? OOMX_VERDICT_RESERVE : OOMX_VERDICT_BELOW_MIN;
}

/**
 * oomx_watermark() - could the request have had pages of this zone?
 * @f: facts
 * @zone: index into the zones
 * @w: set to the arithmetic and its verdict; unknown where a counter is missing
 *
 * Source: __zone_watermark_ok() with ALLOC_WMARK_MIN, as the last attempt before
 * out_of_memory() makes it.
 *
 * Context: Any.
 */
void oomx_watermark(const struct oomx_facts *f, u32 zone, struct oomx_watermark *w)
{
	struct oomx_opt free, min;
	struct oomx_zone z;

	memset(w, 0, sizeof(*w));
	if (!oomx_has_request(f) || f->trigger.highest_zone == OOMX_NONE ||
	    !oomx_table_get(&f->zones, zone, &z, sizeof(z)))
		return;
	free = zone_value(&z, OOMX_ZONE_FREE);
	min = zone_value(&z, OOMX_ZONE_MIN);
	if (!free.known || !min.known)
		return;
	w->free = free.v;
	take_usable(f, &z, w);
	w->min = min_of(f, min.v);
	w->reserve = reserve_of(f, zone);
	if ((z.flags & OOMX_ZONE_IN_ALL) != OOMX_ZONE_IN_ALL) {
		w->verdict = OOMX_VERDICT_INELIGIBLE;
		return;
	}
	w->verdict = verdict_of(f, zone, w);
	if (w->usable < (s64)(w->min + w->reserve))
		w->missing = w->min + w->reserve - w->usable;
}

/* What is free in a zone above those of the request, and would not be missed there. */
static u64 spare(const struct oomx_facts *f, u32 zone)
{
	struct oomx_opt free, high;
	struct oomx_zone z;

	oomx_table_get(&f->zones, zone, &z, sizeof(z));
	free = zone_value(&z, OOMX_ZONE_FREE);
	high = zone_value(&z, OOMX_ZONE_HIGH);
	if (z.flags & OOMX_ZONE_IN_GFP || !free.known || !high.known || free.v < high.v)
		return 0;
	return free.v - high.v;
}

/**
 * oomx_verdicts() - the verdicts of all zones
 * @f: facts
 * @v: set to their sums
 *
 * Context: Any.
 */
void oomx_verdicts(const struct oomx_facts *f, struct oomx_verdicts *v)
{
	struct oomx_watermark w;
	u32 i;

	memset(v, 0, sizeof(*v));
	for (i = 0; i < f->zones.count; i++) {
		oomx_watermark(f, i, &w);
		v->n[w.verdict]++;
		v->missing += w.missing;
		if (w.verdict == OOMX_VERDICT_INELIGIBLE)
			v->elsewhere += spare(f, i);
	}
}

/**
 * oomx_free_below() - free memory in blocks that are too small
 * @f: facts
 * @zone: index into the zones
 * @order: order of the request
 *
 * Context: Any.
 * Return: pages.
 */
u64 oomx_free_below(const struct oomx_facts *f, u32 zone, u32 order)
{
	u64 pages = 0;
	u32 i;

	for (i = 0; i < nr_orders(f) && i < order; i++)
		pages += (u64)oomx_fact_buddy(f, zone, i).free << i;
	return pages;
}

/**
 * oomx_unusable_index() - how much of the free memory a request cannot use
 * @f: facts
 * @zone: index into the zones
 * @order: order of the request
 *
 * Source: unusable_free_index(), debugfs extfrag/unusable_index.
 *
 * Context: Any.
 * Return: 0 (all of it can be used) to 1000 (nothing; also when nothing is free).
 */
u32 oomx_unusable_index(const struct oomx_facts *f, u32 zone, u32 order)
{
	u64 all = oomx_free_below(f, zone, 32);

	return all ? oomx_free_below(f, zone, order) * 1000 / all : 1000;
}
