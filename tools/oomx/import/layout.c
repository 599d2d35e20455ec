// SPDX-License-Identifier: GPL-2.0
/*
 * Which zones the kernel of a log was built with, and which of them a request may use.
 *
 * lowmem_reserve[] has an entry for each type of zone that the kernel knows, and a log does
 * not say which these are. All combinations are tried that have so many, that have the zones
 * of the log, in which no zone keeps anything back from requests for itself or for zones below
 * it, and in which it keeps more back where a zone with memory follows. If these differ in
 * what the request may use, it is not known.
 */
#include <stdlib.h>

#include "draft.h"

/* In the order of the kernel's enum zone_type. */
enum { DMA, DMA32, NORMAL, HIGHMEM, MOVABLE, DEVICE, TYPES };

static const char *const type_names[TYPES] = {
	"DMA", "DMA32", "Normal", "HighMem", "Movable", "Device",
};

/* The low bits of a gfp mask, the same in every kernel since 2.6.32. */
#define GFP_DMA		0x1
#define GFP_HIGHMEM	0x2
#define GFP_DMA32	0x4
#define GFP_MOVABLE	0x8

static u32 type_of(const struct zone_draft *z)
{
	u32 i;

	for (i = 0; i < TYPES; i++)
		if (!strcmp(z->zone.name, type_names[i]))
			return i;
	return TYPES;
}

/* Index of a type in a layout, or of the next lower one that it has. */
static u32 index_in(u32 layout, u32 type)
{
	return __builtin_popcount(layout & ((1U << type) - 1));
}

/* gfp_zone() */
static u32 wanted(u32 layout, u32 gfp)
{
	if (gfp & GFP_DMA)
		return layout >> DMA & 1 ? DMA : NORMAL;
	if (gfp & GFP_DMA32)
		return layout >> DMA32 & 1 ? DMA32 : NORMAL;
	if (!(gfp & GFP_HIGHMEM))
		return NORMAL;
	if (gfp & GFP_MOVABLE)
		return MOVABLE;
	return layout >> HIGHMEM & 1 ? HIGHMEM : NORMAL;
}

static bool fits_zone(u32 layout, const struct zone_draft *z)
{
	u32 type = type_of(z), i;

	if (type == TYPES || !(layout >> type & 1) ||
	    z->reserves != (u32)__builtin_popcount(layout))
		return false;
	for (i = 0; i <= index_in(layout, type); i++)
		if (z->reserve[i])
			return false;
	return true;
}

/* Pages of a zone from which on a lower one must keep some back: lowmem_reserve_ratio is 256. */
#define RAISES_FROM	4096

/*
 * Source: setup_per_zone_lowmem_reserve(), which adds up the pages of the zones above, unless
 * the ratio of the zone is set to 0.
 */
static bool raises(u32 layout, const struct zone_draft *low, const struct zone_draft *high)
{
	u32 at = index_in(layout, type_of(high));
	u64 pages = high->zone.v[high->zone.valid >> OOMX_ZONE_MANAGED & 1 ? OOMX_ZONE_MANAGED :
									  OOMX_ZONE_PRESENT];

	if (low->zone.node != high->zone.node || pages < RAISES_FROM ||
	    at <= index_in(layout, type_of(low)) || !low->reserve[low->reserves - 1])
		return true;
	return low->reserve[at] > low->reserve[at - 1];
}

static bool fits_pairs(const struct draft *d, u32 layout, const struct zone_draft *low)
{
	u32 i;

	for (i = 0; i < d->n_zones; i++)
		if (!raises(layout, low, &d->zones[i]))
			return false;
	return true;
}

static bool fits(const struct draft *d, u32 layout)
{
	u32 i;

	if (!(layout >> NORMAL & 1) || !(layout >> MOVABLE & 1) ||
	    (layout >> HIGHMEM & 1 && layout >> DMA32 & 1))
		return false;
	for (i = 0; i < d->n_zones; i++)
		if (!fits_zone(layout, &d->zones[i]))
			return false;
	for (i = 0; i < d->n_zones; i++)
		if (!fits_pairs(d, layout, &d->zones[i]))
			return false;
	return d->n_zones > 0;
}

/* Is it the same for every zone of the log? */
static bool same(const struct draft *d, u32 a, u32 b)
{
	u32 gfp = d->trigger.gfp_mask, type, i;
	u32 ia = index_in(a, wanted(a, gfp)), ib = index_in(b, wanted(b, gfp));

	for (i = 0; i < d->n_zones; i++) {
		type = type_of(&d->zones[i]);
		if (d->zones[i].reserve[ia] != d->zones[i].reserve[ib] ||
		    (index_in(a, type) <= ia) != (index_in(b, type) <= ib))
			return false;
	}
	return true;
}

/* The layout, 0 when it cannot be told. */
static u32 find_layout(const struct draft *d)
{
	u32 found = 0, layout;

	for (layout = 1; layout < 1U << TYPES; layout++) {
		if (!fits(d, layout))
			continue;
		if (found && !same(d, found, layout))
			return 0;
		if (!found)
			found = layout;
	}
	return found;
}

/* Is a node in "0,2-3"? A list that is not told, or "(null)", allows all. */
static bool allows(const struct draft *d, u32 list, u32 node)
{
	const char *at = d->strings_buf + list;
	u64 from, to;

	if (!*at || *at == '(')
		return true;
	while (take_number(&at, &from)) {
		to = from;
		if (take(&at, "-"))
			take_number(&at, &to);
		if (node >= from && node <= to)
			return true;
		take(&at, ",");
	}
	return false;
}

/**
 * layout_zones() - number the zones, and say which the request may use
 * @d: draft
 *
 * Source: gfp_zone(). Before 5.8 the reserve was that against the highest zone that has
 * memory instead of the highest allowed: the same number, unless that is on another node.
 */
void layout_zones(struct draft *d)
{
	u32 layout = d->trigger.flags & OOMX_TRIGGER_NO_REQUEST ? 0 : find_layout(d), i;
	struct oomx_zone *z;

	if (layout)
		d->trigger.highest_zone = index_in(layout, wanted(layout, d->trigger.gfp_mask));
	for (i = 0; i < d->n_zones; i++) {
		z = &d->zones[i].zone;
		z->index = index_in(layout ? layout : (1U << TYPES) - 1, type_of(&d->zones[i]));
		if (layout && z->index <= d->trigger.highest_zone)
			z->flags |= OOMX_ZONE_IN_GFP;
		if (allows(d, d->trigger.nodemask, z->node))
			z->flags |= OOMX_ZONE_IN_NODEMASK;
		if (allows(d, d->trigger.cpuset_mems, z->node))
			z->flags |= OOMX_ZONE_IN_CPUSET;
	}
}
