// SPDX-License-Identifier: GPL-2.0
/*
 * hog MB [SECONDS]: takes MB of anonymous memory, a page at a time, and holds it for
 * SECONDS (for good when not given). 0 MB: only waits. Says "holding" when it has all.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	size_t bytes = argc > 1 ? strtoul(argv[1], NULL, 0) << 20 : 0, page = sysconf(_SC_PAGESIZE), i;
	char *p;

	if (bytes) {
		p = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (p == MAP_FAILED)
			return 1;
		for (i = 0; i < bytes; i += page)
			p[i] = 1;
	}
	puts("holding");
	fflush(stdout);
	if (argc > 2)
		sleep(atoi(argv[2]));
	else
		pause();
	return 0;
}
