// SPDX-License-Identifier: GPL-2.0
/*
 * hog [-b NODE] MB [SECONDS]: takes MB of anonymous memory, a page at a time, and holds it
 * for SECONDS (for good when not given). 0 MB: only waits. -b: binds its memory to a node.
 * Says "holding" when it has all.
 */
#include <linux/mempolicy.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static int bind_to(int node)
{
	unsigned long mask = 1UL << node;

	return syscall(SYS_set_mempolicy, MPOL_BIND, &mask, 8 * sizeof(mask));
}

static int take(size_t bytes)
{
	size_t page = sysconf(_SC_PAGESIZE), i;
	char *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED)
		return -1;
	for (i = 0; i < bytes; i += page)
		p[i] = 1;
	return 0;
}

int main(int argc, char **argv)
{
	size_t bytes;

	if (argc > 2 && !strcmp(argv[1], "-b")) {
		if (bind_to(atoi(argv[2])))
			return 1;
		argc -= 2;
		argv += 2;
	}
	bytes = argc > 1 ? strtoul(argv[1], NULL, 0) << 20 : 0;
	if (bytes && take(bytes))
		return 1;
	puts("holding");
	fflush(stdout);
	if (argc > 2)
		sleep(atoi(argv[2]));
	else
		pause();
	return 0;
}
