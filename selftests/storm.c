// SPDX-License-Identifier: GPL-2.0
/*
 * storm N DIR...: N children that run out of memory in the cgroups of the directories, in
 * turn, one at a time. Ends with 0 when all of them were killed.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"

int main(int argc, char **argv)
{
	int n = argc > 2 ? atoi(argv[1]) : 0, i, status;
	pid_t pid;

	for (i = 0; i < n; i++) {
		pid = fork();
		if (!pid)
			be_killed_in(argv[2 + i % (argc - 2)]);
		if (pid < 0 || waitpid(pid, &status, 0) != pid)
			return 1;
		if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL) {
			fprintf(stderr, "storm: child %d was not killed (%#x)\n", i, status);
			return 1;
		}
	}
	return n <= 0;
}
