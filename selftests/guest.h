/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the programs of the tests share.
 */
#ifndef _OOMX_GUEST_H
#define _OOMX_GUEST_H

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Return: 0, or -1 when the file did not take all of it. */
static inline int put(const char *dir, const char *file, const char *text)
{
	char path[4096];
	int fd, ok;

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	fd = open(path, O_WRONLY);
	ok = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	if (fd >= 0)
		close(fd);
	return ok ? 0 : -1;
}

/* In a cgroup, as one that may be killed: take memory until that happens. */
static inline void be_killed_in(const char *cgroup)
{
	const size_t bytes = 64UL << 20;
	char *p;

	if (put("/proc/self", "oom_score_adj", "0") || put(cgroup, "cgroup.procs", "0"))
		_exit(1);
	p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p != MAP_FAILED)
		memset(p, 1, bytes);
	_exit(2);
}

#endif /* _OOMX_GUEST_H */
