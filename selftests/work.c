// SPDX-License-Identifier: GPL-2.0
/*
 * work loop N: N rounds of page faults, a fork and allocations in the kernel; prints what each
 * took, in nanoseconds.
 * work run CMD...: a command, its output thrown away; prints two times in nanoseconds: what
 * passed, and what of it the CPU worked for the command.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PAGE	4096
#define PAGES	64

static long long at(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static long long used(void)
{
	struct rusage children;

	getrusage(RUSAGE_CHILDREN, &children);
	return at(CLOCK_PROCESS_CPUTIME_ID) + 1000LL *
	       (1000000LL * (children.ru_utime.tv_sec + children.ru_stime.tv_sec) +
		children.ru_utime.tv_usec + children.ru_stime.tv_usec);
}

static int faults(void)
{
	char *p = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		       -1, 0);
	int i;

	if (p == MAP_FAILED)
		return 1;
	for (i = 0; i < PAGES; i++)
		p[i * PAGE] = 1;
	__asm__ volatile("" : : "r" (p) : "memory");
	return munmap(p, PAGES * PAGE);
}

static int children(void)
{
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	return pid < 0 || waitpid(pid, NULL, 0) != pid;
}

static int allocations(void)
{
	static char page[PAGE];
	int fds[2];

	if (pipe(fds))
		return 1;
	if (write(fds[1], page, PAGE) != PAGE || read(fds[0], page, PAGE) != PAGE)
		return 1;
	return close(fds[0]) || close(fds[1]);
}

static int loop(int n)
{
	long long start;

	while (n--) {
		start = at(CLOCK_MONOTONIC);
		if (faults() || children() || allocations())
			return 1;
		printf("%lld\n", at(CLOCK_MONOTONIC) - start);
	}
	return 0;
}

static int child(char **argv)
{
	int status, null;
	pid_t pid = fork();

	if (!pid) {
		null = open("/dev/null", O_WRONLY);
		dup2(null, STDOUT_FILENO);
		execvp(argv[0], argv);
		_exit(127);
	}
	return waitpid(pid, &status, 0) != pid || status;
}

static int command(char **argv)
{
	long long start = at(CLOCK_MONOTONIC), worked = used();
	int err = child(argv);

	worked = used() - worked;
	printf("%lld %lld\n", at(CLOCK_MONOTONIC) - start, worked);
	return err;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "loop"))
		return loop(atoi(argv[2]));
	if (argc > 2 && !strcmp(argv[1], "run"))
		return command(&argv[2]);
	return 1;
}
