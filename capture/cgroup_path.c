// SPDX-License-Identifier: GPL-2.0
/*
 * The path of a cgroup, where no lock may be waited for.
 */
#include <linux/cgroup.h>
#include <linux/kernfs.h>
#include <linux/preempt.h>
#include <linux/string.h>

#include "capture.h"

/* kernfs_path() takes a lock that sleeps on PREEMPT_RT, in most kernels. */
static bool may_lock(void)
{
	return !IS_ENABLED(CONFIG_PREEMPT_RT) || preemptible();
}

/* Put @name before what is at @end. Return: its start, or NULL when there is no room. */
static char *put_before(const char *buf, char *end, const char *name)
{
	size_t len = strlen(name);

	if ((size_t)(end - buf) < len + 1)
		return NULL;
	end -= len;
	memcpy(end, name, len);
	*--end = '/';
	return end;
}

/* Groups of cgroup v2 are never renamed, and RCU holds them: their names can just be read. */
static int walk_up(struct cgroup *cgrp, char *buf, size_t size)
{
	char *end = buf + size - 1, *start = end;
	struct cgroup *parent;
	size_t len;

	*end = '\0';
	for (; start && (parent = cgroup_parent(cgrp)); cgrp = parent)
		start = put_before(buf, start, (__force const char *)READ_ONCE(cgrp->kn->name));
	if (!start)
		return -ENAMETOOLONG;
	if (start == end)
		start = put_before(buf, start, "");
	len = end - start;
	memmove(buf, start, len + 1);
	return len;
}

/**
 * oomx_cgroup_path() - the path of a cgroup of the memory controller
 * @cgrp: cgroup
 * @buf: memory
 * @size: bytes of @buf, at least 2
 *
 * Context: As oomx_capture_event(), under rcu_read_lock().
 * Return: length; @size or more: it did not fit; -EWOULDBLOCK: it cannot be read here.
 */
int oomx_cgroup_path(struct cgroup *cgrp, char *buf, size_t size)
{
	int len;

	if (may_lock()) {
		len = cgroup_path(cgrp, buf, size);
		return len < 0 ? (int)size : len;	/* of E2BIG, in later kernels */
	}
	if (!cgroup_subsys_on_dfl(memory_cgrp_subsys))
		return -EWOULDBLOCK;
	len = walk_up(cgrp, buf, size);
	return len < 0 ? (int)size : len;
}
