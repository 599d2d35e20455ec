// SPDX-License-Identifier: GPL-2.0
/* c928807f6f6b ("mm/page_alloc: keep track of free highatomic", v6.12) */
#include <linux/mmzone.h>

unsigned long probe(struct zone *zone);
unsigned long probe(struct zone *zone)
{
	return zone->nr_free_highatomic;
}
