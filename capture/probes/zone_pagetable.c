// SPDX-License-Identifier: GPL-2.0
/* f0c0c115fb81 ("mm: memcontrol: account pagetables per node", v5.11) moved it */
#include <linux/build_bug.h>
#include <linux/mmzone.h>

/* among the counters of a zone it stands before all those that are of nodes alone */
static_assert((int)NR_PAGETABLE < (int)NR_VM_ZONE_STAT_ITEMS);
