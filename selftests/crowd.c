// SPDX-License-Identifier: GPL-2.0
/*
 * crowd threads N: a process with N threads that sleep.
 * crowd processes N: N processes that sleep.
 * crowd varied N: the same, of different sizes.
 * crowd churn: processes that fork, change their names and exit, until killed.
 * All say "ready" when they are there.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define STACK	16384

static void *sleeper(void *unused)
{
	while (pause())
		;
	return unused;
}

static int threads(int n)
{
	pthread_attr_t attr;
	pthread_t thread;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK);
	while (n--)
		if (pthread_create(&thread, &attr, sleeper, NULL))
			return 1;
	return 0;
}

#define PAGE	4096
#define SIZES	16	/* a power of two; each process has a page more than the one before */

/*
 * A process's latest pages are counted aside: up to 6.1 by each task, until it unmaps something;
 * then by each CPU, until it counts 32 at once, or twice the number of CPUs. An OOM before 7.2
 * does not see them. Of 128 pages at least 64 are of one page table, and counted at once when
 * they go. A few may still be aside after that.
 */
#define ASIDE	(128 * PAGE)

static int count_all(void)
{
	void *pages = mmap(NULL, ASIDE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	return pages == MAP_FAILED || munmap(pages, ASIDE);
}

static int grow(int i)
{
	static char memory[SIZES * PAGE];
	int pages = -i & (SIZES - 1);

	memset(memory, 1, pages * PAGE);
	__asm__ volatile("" : : "r" (memory) : "memory");
	return count_all();
}

static int processes(int n, int varied)
{
	pid_t pid;

	while (n--) {
		pid = fork();
		if (!pid && varied && grow(n))
			return 1;
		if (!pid)
			sleeper(NULL);
		if (pid < 0)
			return 1;
	}
	return 0;
}

/* Each child is another name, and another process id, for some 100 us. */
static void come_and_go(void)
{
	char name[16];
	int i = 0;

	for (;;) {
		if (!fork()) {
			snprintf(name, sizeof(name), "churn-%d", i % 1000);
			prctl(PR_SET_NAME, name);
			_exit(0);
		}
		if (++i % 8 == 0)
			while (waitpid(-1, NULL, WNOHANG) > 0)
				;
	}
}

static int make(const char *what, int n)
{
	if (!strcmp(what, "threads"))
		return threads(n);
	return processes(n, !strcmp(what, "varied"));
}

int main(int argc, char **argv)
{
	int n = argc > 2 ? atoi(argv[2]) : 0;

	if (argc > 2 && make(argv[1], n)) {
		perror(argv[1]);
		kill(0, SIGKILL);
	}
	puts("ready");
	fflush(stdout);
	if (argc == 2)
		come_and_go();
	sleeper(NULL);
	return 0;
}
