// SPDX-License-Identifier: GPL-2.0
/*
 * Memory cgroups as what is short, as what is killed, and by their paths.
 */
#include <linux/cgroup.h>
#include <linux/err.h>
#include <linux/memcontrol.h>
#include <linux/page_counter.h>
#include <linux/rcupdate.h>

#include "capture.h"

/**
 * oomx_memcg_usage() - what a group uses
 * @memcg: group
 *
 * Context: Any.
 * Return: pages.
 */
s64 oomx_memcg_usage(struct mem_cgroup *memcg)
{
	return atomic_long_read(&memcg->memory.usage);
}

/**
 * oomx_memcg_id() - number of a group
 * @memcg: group
 *
 * Context: Any.
 * Return: cgroup id, which is not used again.
 */
u64 oomx_memcg_id(struct mem_cgroup *memcg)
{
	return cgroup_id(memcg->css.cgroup);
}

/**
 * oomx_memcg_get() - take a reference
 * @memcg: group
 *
 * Context: Any.
 * Return: false when it is on its way out.
 */
bool oomx_memcg_get(struct mem_cgroup *memcg)
{
	return css_tryget(&memcg->css);
}

/**
 * oomx_memcg_put() - drop a reference
 * @memcg: group
 *
 * Context: Any. The last one leaves the rest to a worker.
 */
void oomx_memcg_put(struct mem_cgroup *memcg)
{
	css_put(&memcg->css);
}

/**
 * oomx_memcg_oom_group() - is a victim killed with its group?
 * @victim: task
 * @memcg: group that is out of memory, or NULL
 *
 * Source: mem_cgroup_get_oom_group().
 *
 * Context: Any.
 * Return: true if memory.oom.group of its group, or one above it up to @memcg, is set.
 */
bool oomx_memcg_oom_group(struct task_struct *victim, struct mem_cgroup *memcg)
{
	struct mem_cgroup *of;
	bool group = false;

	if (mem_cgroup_disabled() || !cgroup_subsys_on_dfl(memory_cgrp_subsys))
		return false;
	rcu_read_lock();
	of = mem_cgroup_from_task(victim);
	if (of && memcg && !mem_cgroup_is_descendant(of, memcg))
		of = NULL;
	for (; of && !group; of = of == memcg ? NULL : parent_mem_cgroup(of))
		group = READ_ONCE(of->oom_group);
	rcu_read_unlock();
	return group;
}

/**
 * oomx_memcg_of_path() - a group by its path
 * @path: from the root of the hierarchy, "/a/b"
 *
 * Context: Process, may sleep.
 * Return: the group, with a reference; -ENOENT: no such cgroup; -EINVAL: it has no memory
 * controller of its own, or there is none.
 */
struct mem_cgroup *oomx_memcg_of_path(const char *path)
{
	struct mem_cgroup *memcg = ERR_PTR(-EINVAL);
	struct cgroup_subsys_state *css;
	struct cgroup *cgrp;

	if (mem_cgroup_disabled() || path[0] != '/')
		return memcg;
	cgrp = cgroup_get_from_path(path);
	if (IS_ERR(cgrp))
		return PTR_ERR(cgrp) == -ENOTDIR ? ERR_PTR(-EINVAL) : ERR_CAST(cgrp);
	rcu_read_lock();
	css = rcu_dereference(cgrp->subsys[memory_cgrp_id]);
	if (css && css_tryget(css))
		memcg = mem_cgroup_from_css(css);
	rcu_read_unlock();
	cgroup_put(cgrp);
	return memcg;
}
