// SPDX-License-Identifier: GPL-2.0
/*
 * zoo SEED KIND DIR: a random family of processes in the memory cgroups below DIR, and an
 * out-of-memory of KIND among them; ends when the first of them was killed, and leaves none.
 *
 * DIR has the cgroups a/b, a/d, c and e. KIND: memcg, group, global, sysrq, cpuset, mempolicy.
 * Sizes, shared and swapped-out memory, sparse mappings, threads with a dead leader,
 * vfork, CLONE_VM, oom_score_adj and memory policies follow from SEED.
 */
#include <fcntl.h>
#include <linux/mempolicy.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"

#define MIB	1048576UL
#define PATH	512
#define ANIMALS_MAX	12

/* Where processes live, and where the limit may be. */
static const char *const leaves[] = { "/a/b", "/a/d", "/c", "/e" };
static const char *const levels[] = { "", "/a", "/a/b", "/c" };
static const char *const leaf_of[] = { "/e", "/a/d", "/a/b", "/c" };	/* who lives where */
static unsigned long long seed;
static int ready[2];	/* a byte for each process that has all it wants */

static unsigned int below(unsigned int n)
{
	unsigned long long z = (seed += 0x9e3779b97f4a7c15ULL);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return (z ^ (z >> 31)) % n;
}

static int one_in(unsigned int n)
{
	return !below(n);
}

static void fail(const char *what)
{
	perror(what);
	kill(getppid(), SIGTERM);
	_exit(1);
}

static long get(const char *path, const char *key)
{
	FILE *f = fopen(path, "r");
	char name[64];
	long n = -1, v;

	if (!f)
		return -1;
	if (!key && fscanf(f, "%ld", &n) != 1)
		n = -1;
	while (key && fscanf(f, "%63s %ld", name, &v) == 2)
		if (!strcmp(name, key))
			n = v;
	fclose(f);
	return n;
}

static void *map(size_t bytes, int flags)
{
	void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		       flags | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

static void take(size_t bytes, int flags)
{
	char *p = bytes ? map(bytes, flags) : NULL;

	if (!p)
		return;
	memset(p, 1, bytes);
	if (one_in(3))
		madvise(p, bytes / 2, MADV_PAGEOUT);
}

static void take_tables(unsigned int n)
{
	char *p = map(n * 2 * MIB, MAP_PRIVATE);
	static char sum;

	if (p)
		madvise(p, n * 2 * MIB, MADV_NOHUGEPAGE);
	while (p && n--)
		sum += p[n * 2 * MIB];
}

static void *rest(void *unused)
{
	while (pause())
		;
	return unused;
}

static void say_ready(void)
{
	if (write(ready[1], "", 1) != 1)
		_exit(1);
}

static void start_threads(unsigned int n)
{
	pthread_attr_t attr;
	pthread_t thread;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 65536);
	while (n--)
		pthread_create(&thread, &attr, rest, NULL);
}

static int resting(void *unused)
{
	rest(unused);
	return 0;
}

static void share_memory(void)
{
	char *stack = map(65536, MAP_PRIVATE);

	if (stack)
		clone(resting, stack + 65536, CLONE_VM | SIGCHLD, NULL);
}

static void bind_to(unsigned int node)
{
	unsigned long mask = 1UL << node;

	syscall(SYS_set_mempolicy, MPOL_BIND, &mask, 8 * sizeof(mask));
}

static void set_adj(int adj)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", adj);
	put("/proc/self", "oom_score_adj", text);
}

static int random_adj(void)
{
	static const int special[] = { -1000, -999, -1, 1, 999, 1000 };

	if (one_in(2))
		return 0;
	return one_in(2) ? special[below(6)] : (int)below(601) - 300;
}

static void settle(void)
{
	if (one_in(8)) {
		say_ready();
		if (!vfork())
			rest(NULL);
	} else if (one_in(4)) {
		start_threads(1 + below(4));
		say_ready();
		if (one_in(2))
			syscall(SYS_exit, 0);	/* the leader goes, the threads stay */
	} else {
		if (one_in(6))
			share_memory();
		say_ready();
	}
	rest(NULL);
}

static void animal(const char *dir)
{
	char path[PATH];

	snprintf(path, sizeof(path), "%s%s", dir, leaves[below(4)]);
	if (put(path, "cgroup.procs", "0"))
		fail("cannot move");
	set_adj(random_adj());
	if (one_in(4))
		bind_to(below(2));
	take(below(6000) * 1024UL, MAP_PRIVATE);
	if (one_in(4))
		take(below(2000) * 1024UL, MAP_SHARED);
	if (one_in(4))
		take_tables(below(300));
	settle();
	_exit(0);
}

/* How the one that runs out of memory begins. */
static void prepare_trigger(const char *dir, const char *leaf, const char *kind)
{
	char path[PATH];

	snprintf(path, sizeof(path), "%s%s", dir, leaf);
	if (put(path, "cgroup.procs", "0"))
		fail("cannot move");
	set_adj(below(400));
	if (!strcmp(kind, "mempolicy"))
		bind_to(1);
}

static void trigger(const char *dir, const char *leaf, const char *kind, long kills)
{
	char *p;

	prepare_trigger(dir, leaf, kind);
	if (!strcmp(kind, "sysrq"))
		_exit(put("/proc", "sysrq-trigger", "f"));
	while (get("/proc/vmstat", "oom_kill") == kills) {
		p = map(MIB / 2, MAP_PRIVATE);
		if (!p)
			break;
		madvise(p, MIB / 2, MADV_NOHUGEPAGE);
		memset(p, 1, MIB / 2);
	}
	_exit(0);
}

/* Return: the leaf in which memory will run out. */
static const char *set_limit(const char *dir, const char *kind)
{
	unsigned int i = below(4);
	char level[PATH], path[PATH + 32], text[32];

	if (!strcmp(kind, "cpuset"))
		return "/c";
	if (strcmp(kind, "memcg") && strcmp(kind, "group"))
		return leaf_of[i];
	snprintf(level, sizeof(level), "%s%s", dir, levels[i]);
	snprintf(path, sizeof(path), "%s/memory.current", level);
	snprintf(text, sizeof(text), "%ld", get(path, NULL) + (long)MIB);
	put(level, "memory.max", text);
	if (!strcmp(kind, "group")) {
		snprintf(path, sizeof(path), "%s%s", dir, levels[1 + below(3)]);
		put(path, "memory.oom.group", "1");
	}
	return leaf_of[i];
}

/* Before 5.14 there is no cgroup.kill. */
static void kill_members(const char *dir, const char *leaf)
{
	char path[PATH];
	FILE *f;
	int pid;

	snprintf(path, sizeof(path), "%s%s/cgroup.procs", dir, leaf);
	f = fopen(path, "r");
	if (!f)
		return;
	while (fscanf(f, "%d", &pid) == 1)
		kill(pid, SIGKILL);
	fclose(f);
}

/* cgroup.kill does not reach the threads of a dead leader, kill() does. */
static void clear(const char *dir, const pid_t *pids, unsigned int n)
{
	char path[PATH];
	unsigned int i;

	for (i = 0; i < n; i++)
		kill(pids[i], SIGKILL);
	if (put(dir, "cgroup.kill", "1"))
		for (i = 0; i < sizeof(leaf_of) / sizeof(*leaf_of); i++)
			kill_members(dir, leaf_of[i]);
	for (i = 0; i < 4; i++) {
		snprintf(path, sizeof(path), "%s%s", dir, levels[i]);
		put(path, "memory.oom.group", "0");
		put(path, "memory.max", "max");
	}
	while (wait(NULL) > 0)
		;
	snprintf(path, sizeof(path), "%s/cgroup.events", dir);
	while (get(path, "populated") > 0)
		usleep(10000);
}

static int wait_for(unsigned int n)
{
	char byte;

	while (n--)
		if (read(ready[0], &byte, 1) != 1)
			return -1;
	return 0;
}

int main(int argc, char **argv)
{
	const char *leaf;
	unsigned int n, i;
	pid_t pid, pids[ANIMALS_MAX];
	long kills;

	if (argc != 4 || pipe(ready))
		return 1;
	seed = strtoull(argv[1], NULL, 0);
	n = 3 + below(ANIMALS_MAX - 2);
	for (i = 0; i < n; i++) {
		below(2);
		pids[i] = fork();
		if (!pids[i]) {
			seed += i * 7919;
			animal(argv[3]);
		}
	}
	close(ready[1]);
	if (wait_for(n))
		return 1;
	usleep(20000);	/* until those that pause have got there */
	leaf = set_limit(argv[3], argv[2]);
	kills = get("/proc/vmstat", "oom_kill");
	pid = fork();
	if (!pid)
		trigger(argv[3], leaf, argv[2], kills);
	waitpid(pid, NULL, 0);
	for (i = 0; i < 100 && get("/proc/vmstat", "oom_kill") == kills; i++)
		usleep(10000);
	clear(argv[3], pids, n);
	return get("/proc/vmstat", "oom_kill") == kills;
}
