// SPDX-License-Identifier: GPL-2.0
/*
 * hog [-b NODE] [-t] MB [SECONDS]: takes MB of anonymous memory, a page at a time, and
 * holds it for SECONDS (for good when not given). 0 MB: only waits. -b: binds its memory to
 * a node. -t: takes page tables, by reading a byte of every 2 MB. Says "holding" when it has
 * all.
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

/* The zero page is read everywhere: nothing is held but the tables that map it. */
static int take_tables(size_t bytes)
{
	size_t step = 2UL << 20, size = bytes / 4096 * step, i;
	char *p = mmap(NULL, size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	char sum = 0;

	if (p == MAP_FAILED)
		return -1;
	madvise(p, size, MADV_NOHUGEPAGE);
	for (i = 0; i < size; i += step)
		sum += p[i];
	return sum;
}

int main(int argc, char **argv)
{
	int (*taker)(size_t bytes) = take;
	size_t bytes;

	if (argc > 2 && !strcmp(argv[1], "-b")) {
		if (bind_to(atoi(argv[2])))
			return 1;
		argc -= 2;
		argv += 2;
	}
	if (argc > 2 && !strcmp(argv[1], "-t")) {
		taker = take_tables;
		argc--;
		argv++;
	}
	bytes = argc > 1 ? strtoul(argv[1], NULL, 0) << 20 : 0;
	if (bytes && taker(bytes))
		return 1;
	puts("holding");
	fflush(stdout);
	if (argc > 2)
		sleep(atoi(argv[2]));
	else
		pause();
	return 0;
}
