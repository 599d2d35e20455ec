// SPDX-License-Identifier: GPL-2.0
/*
 * What is short: a memory cgroup, or the zones that a request may use.
 */
#include <linux/bitmap.h>
#include <linux/jhash.h>
#include <linux/mmzone.h>
#include <linux/nodemask.h>
#include <linux/oom.h>
#include <linux/vmstat.h>

#include "capture.h"

static unsigned int bit_of(int nid, unsigned int index)
{
	return nid * MAX_NR_ZONES + index;
}

static void find_zones(struct oomx_domain *d, const struct oom_control *oc)
{
	unsigned int i;
	int nid;

	bitmap_zero(d->zones, OOMX_DOMAIN_ZONES);
	for_each_online_node(nid)
		for (i = 0; nid < OOMX_MAX_NODES && i < MAX_NR_ZONES; i++)
			if (oomx_zone_eligible(nid, i, oc))
				__set_bit(bit_of(nid, i), d->zones);
}

static s64 free_pages_of(const struct oomx_domain *d)
{
	struct zone *zone;
	unsigned int i;
	s64 pages = 0;
	int nid;

	for_each_online_node(nid) {
		for (i = 0; nid < OOMX_MAX_NODES && i < MAX_NR_ZONES; i++) {
			zone = &NODE_DATA(nid)->node_zones[i];
			if (test_bit(bit_of(nid, i), d->zones) && populated_zone(zone))
				pages += zone_page_state(zone, NR_FREE_PAGES);
		}
	}
	return pages;
}

static s64 pages_of(const struct oomx_domain *d)
{
	return d->memcg ? oomx_memcg_usage(d->memcg) : free_pages_of(d);
}

/**
 * oomx_domain_take() - what is short, and how much of it there is
 * @d: set here; no reference is taken
 * @oc: of the trigger
 * @kind: enum oomx_kind
 *
 * Context: As oomx_capture_event().
 */
void oomx_domain_take(struct oomx_domain *d, const struct oom_control *oc, u32 kind)
{
	d->memcg = oc->memcg;
	if (d->memcg) {
		d->id = oomx_memcg_id(d->memcg);
	} else {
		find_zones(d, oc);
		d->id = (u64)kind << 56 | jhash(d->zones, sizeof(d->zones), 0);
	}
	d->pages = pages_of(d);
}

/**
 * oomx_domain_get() - keep a domain beyond its event
 * @d: domain
 *
 * Context: Inside out_of_memory(), or any where a reference is held.
 * Return: false when it cannot be kept.
 */
bool oomx_domain_get(struct oomx_domain *d)
{
	return !d->memcg || oomx_memcg_get(d->memcg);
}

/**
 * oomx_domain_put() - a domain is not needed any more
 * @d: domain that was kept
 *
 * Context: Any.
 */
void oomx_domain_put(struct oomx_domain *d)
{
	if (d->memcg)
		oomx_memcg_put(d->memcg);
}

/**
 * oomx_domain_freed() - what came back since the event
 * @d: domain that was kept
 *
 * Context: Any.
 * Return: pages; negative: there is less than at the event.
 */
s64 oomx_domain_freed(const struct oomx_domain *d)
{
	s64 now = pages_of(d);

	return d->memcg ? d->pages - now : now - d->pages;
}
