// SPDX-License-Identifier: GPL-2.0
/* 69473e5de873 ("mm: memcontrol: convert NR_ANON_THPS account to pages", v5.11) and after */
#include <linux/mm.h>
#include <linux/vmstat.h>

bool probe(void);
bool probe(void)
{
	return vmstat_item_print_in_thp(NR_ANON_THPS);
}
