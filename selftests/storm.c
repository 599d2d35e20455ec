// SPDX-License-Identifier: GPL-2.0
/*
 * storm N DIR...: N children that run out of memory in the cgroups of the directories, in
 * turn, one at a time. Ends with 0 when all of them were killed.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define BYTES	(64UL << 20)

static int put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	int ok = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return ok ? 0 : -1;
}

static void child(const char *dir)
{
	char path[4096];
	char *p;

	snprintf(path, sizeof(path), "%s/cgroup.procs", dir);
	if (put("/proc/self/oom_score_adj", "0") || put(path, "0"))
		_exit(1);
	p = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p != MAP_FAILED)
		memset(p, 1, BYTES);
	_exit(2);
}

int main(int argc, char **argv)
{
	int n = argc > 2 ? atoi(argv[1]) : 0, i, status;
	pid_t pid;

	for (i = 0; i < n; i++) {
		pid = fork();
		if (!pid)
			child(argv[2 + i % (argc - 2)]);
		if (pid < 0 || waitpid(pid, &status, 0) != pid)
			return 1;
		if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL) {
			fprintf(stderr, "storm: child %d was not killed (%#x)\n", i, status);
			return 1;
		}
	}
	return n <= 0;
}
