// SPDX-License-Identifier: GPL-2.0
/* under CONFIG_MEMCG_V1 since v7.3 */
#include <linux/memcontrol.h>

int probe(struct mem_cgroup *memcg);
int probe(struct mem_cgroup *memcg)
{
	return memcg->swappiness;
}
