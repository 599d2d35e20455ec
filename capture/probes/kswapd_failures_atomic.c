// SPDX-License-Identifier: GPL-2.0
/* an atomic_t since v6.18; an int before */
#include <linux/mmzone.h>

int probe(struct pglist_data *pgdat);
int probe(struct pglist_data *pgdat)
{
	return atomic_read(&pgdat->kswapd_failures);
}
