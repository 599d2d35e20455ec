// SPDX-License-Identifier: GPL-2.0
/*
 * holder MB MS: takes MB of memory and sleeps in the kernel for MS, deaf to signals
 * (needs stall.ko).
 * holder -t MB MS: a thread sleeps so, then the process takes MB.
 * holder -v MB: takes MB, then waits for a child of vfork() that does nothing.
 * holder -s MB: has a second process with the same memory (CLONE_VM), and takes MB.
 */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void take(size_t bytes)
{
	char *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p != MAP_FAILED)
		memset(p, 1, bytes);
}

static int sleep_in_kernel(const char *ms)
{
	int fd = open("/proc/stall", O_WRONLY);
	char text[32];

	snprintf(text, sizeof(text), "hold %s", ms);
	return fd < 0 || write(fd, text, strlen(text)) < 0;
}

static void *sleep_in_thread(void *ms)
{
	return sleep_in_kernel(ms) ? NULL : ms;
}

static int rest(void *unused)
{
	while (pause())
		;
	return !unused;
}

int main(int argc, char **argv)
{
	static char stack[65536];
	pthread_t thread;

	if (argc == 3 && !strcmp(argv[1], "-s")) {
		clone(rest, stack + sizeof(stack), CLONE_VM | SIGCHLD, NULL);
		take(strtoul(argv[2], NULL, 0) << 20);
	} else if (argc == 3 && !strcmp(argv[1], "-v")) {
		take(strtoul(argv[2], NULL, 0) << 20);
		if (!vfork())
			rest(NULL);
	} else if (argc == 4 && !strcmp(argv[1], "-t")) {
		pthread_create(&thread, NULL, sleep_in_thread, argv[3]);
		usleep(200000);
		take(strtoul(argv[2], NULL, 0) << 20);
		pthread_join(thread, NULL);
	} else if (argc == 3) {
		take(strtoul(argv[1], NULL, 0) << 20);
		return sleep_in_kernel(argv[2]);
	}
	return argc < 3;
}
