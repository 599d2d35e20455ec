// SPDX-License-Identifier: GPL-2.0
/* 7e1c0d6f5820 ("memcg: switch lruvec stats to rstat", v5.15); private since v6.10 */
#include <linux/memcontrol.h>

long probe(struct mem_cgroup_per_node *pn);
long probe(struct mem_cgroup_per_node *pn)
{
	return pn->lruvec_stats.state[0] + pn->lruvec_stats.state_pending[0] +
	       per_cpu_ptr(pn->lruvec_stats_percpu, 0)->state_prev[0];
}
