// SPDX-License-Identifier: GPL-2.0
/* 28f836b6777b ("mm/page_alloc: split per cpu page lists and zone stats", v5.14) removed it */
#include <linux/mmzone.h>

int probe(struct zone *zone);
int probe(struct zone *zone)
{
	return per_cpu_ptr(zone->pageset, 0)->pcp.count;
}
