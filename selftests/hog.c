// SPDX-License-Identifier: GPL-2.0
/*
 * hog [-b NODE] [-p|-t] MB [SECONDS]: takes MB of anonymous memory, a page at a time, and
 * holds it for SECONDS (for good when not given). 0 MB: only waits. -b: binds its memory to
 * a node. -p: takes the page tables first, so that it can only be a page that is not to be had.
 * -t: takes page tables, by reading a byte of every 2 MB. Says "holding" when it has all.
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

#define TABLE_BYTES	(2UL << 20)	/* what a page table maps */

/* A table stays when the page that it was made for is given back. */
static void make_tables(char *p, size_t bytes, size_t page)
{
	size_t i;

	for (i = 0; i < bytes; i += TABLE_BYTES) {
		p[i] = 1;
		madvise(p + i, page, MADV_DONTNEED);
	}
}

static int take_pages(size_t bytes, int tables_first)
{
	size_t page = sysconf(_SC_PAGESIZE), i;
	char *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED)
		return -1;
	if (tables_first)
		make_tables(p, bytes, page);
	for (i = 0; i < bytes; i += page)
		p[i] = 1;
	return 0;
}

static int take(size_t bytes)
{
	return take_pages(bytes, 0);
}

static int take_tables_first(size_t bytes)
{
	return take_pages(bytes, 1);
}

/* The zero page is read everywhere: nothing is held but the tables that map it. */
static int take_tables(size_t bytes)
{
	size_t step = TABLE_BYTES, size = bytes / 4096 * step, i;
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
	if (argc > 2 && (!strcmp(argv[1], "-t") || !strcmp(argv[1], "-p"))) {
		taker = argv[1][1] == 't' ? take_tables : take_tables_first;
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
