// SPDX-License-Identifier: GPL-2.0
/*
 * What goes on around a module that comes and goes, until SIGTERM; then a line with how often.
 *
 * race cgroups N DIR	N workers that make a cgroup in DIR, run out of memory in it, move into
 *			another one while they do, and remove both
 * race tasks N		N workers whose children change their names, credentials and
 *			oom_score_adj, start threads, execute, and exit
 * race readers N	N workers that open, read, seek, poll and write what there is in /proc/oomx
 */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"

#define WORKERS	16

/* Shared by all workers. */
static struct {
	atomic_ulong done;
	atomic_ulong killed;
	atomic_ulong bytes;
} *count;

static unsigned int seed;

static unsigned int any(unsigned int n)
{
	seed = seed * 1103515245 + 12345;
	return (seed >> 8) % n;
}

static void make_cgroup(const char *dir)
{
	mkdir(dir, 0755);
	put(dir, "memory.max", "2M");
}

static void killed_in(const char *dir, const char *other)
{
	char text[16];
	pid_t pid = fork();
	int status;

	if (!pid)
		be_killed_in(dir);
	usleep(any(3000));
	snprintf(text, sizeof(text), "%d", pid);
	put(other, "cgroup.procs", text);
	if (waitpid(pid, &status, 0) == pid && WIFSIGNALED(status))
		count->killed++;
}

static void cgroups(const char *base, int worker)
{
	char dir[2048], other[2048];
	unsigned long i;

	for (i = 0;; i++) {
		snprintf(dir, sizeof(dir), "%s/%d-%lu", base, worker, i);
		snprintf(other, sizeof(other), "%s/%d-%lu-other", base, worker, i);
		make_cgroup(dir);
		make_cgroup(other);
		killed_in(dir, other);
		if (rmdir(dir) || rmdir(other))
			return;
		count->done++;
	}
}

static void *sleeper(void *unused)
{
	usleep(1000);
	return unused;
}

static void change(void)
{
	char name[16], adj[8];
	pthread_t thread;

	snprintf(name, sizeof(name), "race-%u", any(1000));
	prctl(PR_SET_NAME, name);
	snprintf(adj, sizeof(adj), "%u", any(1000));
	put("/proc/self", "oom_score_adj", adj);
	if (any(2) && (setgid(1000 + any(9)) || setuid(1000 + any(9))))
		_exit(1);
	if (!any(3))
		execl("/proc/self/exe", "race", NULL);
	if (any(2) && !pthread_create(&thread, NULL, sleeper, NULL))
		pthread_exit(NULL);	/* the leader goes first, without an mm */
	_exit(0);
}

static void tasks(void)
{
	for (;;) {
		pid_t pid = fork();

		seed += (unsigned int)count->done;
		if (!pid)
			change();
		if (pid > 0)
			count->done++;
		while (waitpid(-1, NULL, any(4) ? WNOHANG : 0) > 0)
			;
	}
}

static const char *const files[] = {
	"last", "history", "stats", "format", "now", "now_record", "ring",
};

/* A reader may have the file open when the module goes, and read on. */
static void use(int fd)
{
	static char buf[1 << 20];
	struct pollfd p = { .fd = fd, .events = POLLIN };
	ssize_t n;

	if (!any(4) && write(fd, "/race", 5) == 5)
		count->bytes += 5;
	if (!any(4))
		lseek(fd, any(100), any(3));
	if (!any(4))
		poll(&p, 1, any(20));
	while ((n = read(fd, buf, 1 + any(sizeof(buf)))) > 0)
		count->bytes += n;
	if (!any(4))
		usleep(any(50000));
}

static void readers(void)
{
	char path[64];
	int fd;

	for (;;) {
		snprintf(path, sizeof(path), "/proc/oomx/%s", files[any(7)]);
		fd = open(path, (any(4) ? O_RDONLY : O_RDWR) | (any(64) ? O_NONBLOCK : 0));
		if (fd < 0) {
			usleep(1000);
			continue;
		}
		use(fd);
		close(fd);
		count->done++;
	}
}

static void work(char **argv, int worker)
{
	seed = worker * 7919 + 1;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (!strcmp(argv[1], "cgroups") && argv[3])
		cgroups(argv[3], worker);
	else if (!strcmp(argv[1], "tasks"))
		tasks();
	else if (!strcmp(argv[1], "readers"))
		readers();
	perror(argv[1]);	/* no worker ends by itself */
	_exit(1);
}

/* Until SIGTERM. Return: how many workers had died by then. */
static int until_told(pid_t *pids, int n, const sigset_t *set)
{
	int sig, i, dead = 0;

	sigwait(set, &sig);
	for (i = 0; i < n; i++) {
		dead += waitpid(pids[i], NULL, WNOHANG) != 0;
		kill(pids[i], SIGKILL);
		waitpid(pids[i], NULL, 0);
	}
	return dead;
}

int main(int argc, char **argv)
{
	int n = argc > 2 ? atoi(argv[2]) : 0, i, dead;
	pid_t pids[WORKERS];
	sigset_t set;

	if (n < 1 || n > WORKERS)
		return 0;	/* what the workers execute */
	count = mmap(NULL, sizeof(*count), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		     -1, 0);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	for (i = 0; i < n; i++) {
		pids[i] = fork();
		if (!pids[i])
			work(argv, i);
	}
	dead = until_told(pids, n, &set);
	printf("%s: %lu done, %lu killed, %lu bytes, %d workers dead\n", argv[1],
	       count->done, count->killed, count->bytes, dead);
	return dead != 0;
}
