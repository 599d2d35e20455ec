// SPDX-License-Identifier: GPL-2.0
/* memory.stat in a public array, summed up as it changes; until 2d146aa3aa84 (v5.13) */
#include <linux/memcontrol.h>

long probe(struct mem_cgroup *memcg);
long probe(struct mem_cgroup *memcg)
{
	return atomic_long_read(&memcg->vmstats[NR_FILE_PAGES]);
}
