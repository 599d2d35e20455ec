// SPDX-License-Identifier: GPL-2.0
/* under CONFIG_MEMCG_V1 since v6.11 */
#include <linux/memcontrol.h>

void *probe(struct mem_cgroup *memcg);
void *probe(struct mem_cgroup *memcg)
{
	return &memcg->kmem;
}
