// SPDX-License-Identifier: GPL-2.0
/*
 * Each allocation of an operation fails once: the first in the first run, the second in the
 * next, until a run ends before its allocation comes. Each run has to end well or with
 * ENOMEM, and the same without a fault has to work right after it.
 *
 * inject load MODULE PARAMETERS	load and unload it; of the first faults, those of the
 *				kernel's loader, only some
 * inject same FILE			read it: always the same
 * inject text FILE [GROUP]		read a report, of GROUP written to the file first
 * inject record FILE [GROUP]		the same with a record
 * inject ring				read all records
 *
 * Says how many faults there were, and how they ended.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "uapi/oomx.h"

#define RING	"/sys/kernel/debug/oomx/ring"
#define LOADER_STEP	16
#define WRONG	EBADMSG		/* what no system call says here */

static union {
	char bytes[4 << 20];
	struct oomx_record r;
} got, whole, expected;
static size_t expected_len;
static const char *file, *param;

/* The allocation that is to fail: counts down, and is 0 once one did. */
static int fault_fd;
static bool armed, struck;

static void arm(unsigned int n)
{
	char text[16];
	int len = sprintf(text, "%u", n);

	if (pwrite(fault_fd, text, len, 0) != len) {
		perror("fail-nth");
		exit(1);
	}
	armed = n;
}

/* No more faults; was there one? */
static void disarm(void)
{
	char text[16] = "";

	if (armed)
		struck = pread(fault_fd, text, sizeof(text) - 1, 0) > 0 && !atoi(text);
	arm(0);
}

static int fail(const char *what)
{
	printf("# %s: %s\n", file, what);
	return WRONG;
}

static bool holds(const char *path, const char *word)
{
	static char text[1 << 20];
	int fd = open(path, O_RDONLY);
	size_t len = 0;
	ssize_t n;

	while ((n = read(fd, text + len, sizeof(text) - 1 - len)) > 0)
		len += n;
	close(fd);
	text[len] = 0;
	return strstr(text, word);
}

/* All of an open file into @got. Return: 0 or errno. */
static int read_whole(int fd, size_t *len)
{
	ssize_t n;

	*len = 0;
	while ((n = read(fd, got.bytes + *len, sizeof(got) - *len)) > 0)
		*len += n;
	return n < 0 ? errno : 0;
}

static int read_file(int flags, size_t *len)
{
	int fd = open(file, flags);
	int err = fd < 0 ? errno : 0;

	if (!err && param && write(fd, param, strlen(param)) < 0)
		err = errno;
	if (!err)
		err = read_whole(fd, len);
	if (fd >= 0)
		close(fd);
	return err;
}

static int read_same(void)
{
	size_t len;
	int err = read_file(O_RDONLY, &len);

	if (err)
		return err;
	if (!expected_len) {
		memcpy(&expected, &got, len);
		expected_len = len;
	}
	return len == expected_len && !memcmp(&got, &expected, len) ? 0 : fail("not the same");
}

/* A report of now is another each time. */
static int read_text(void)
{
	size_t len;
	int err = read_file(O_RDWR, &len);

	if (err)
		return err;
	got.bytes[len] = 0;
	return strstr(got.bytes, "\nTRIGGER") && strstr(got.bytes, "\nCANDIDATES") &&
	       strstr(got.bytes, "\nCAPTURE") ? 0 : fail("not a whole report");
}

static int read_record(void)
{
	size_t len;
	int err = read_file(O_RDWR, &len);

	if (err)
		return err;
	return len > sizeof(got.r) && len == got.r.len ? 0 : fail("not a whole record");
}

/* A read that failed has lost nothing: the next one goes on. */
static int read_ring(void)
{
	int fd = open(file, O_RDONLY | O_NONBLOCK), failed = 0;
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	size_t len = 0;
	ssize_t n;

	if (fd < 0)
		return errno;
	if (poll(&pfd, 1, 0) < 0 && errno == ENOMEM)
		failed = ENOMEM;
	while ((n = read(fd, &got, sizeof(got))) > 0 || errno == ENOMEM) {
		if (n < 0) {
			failed = ENOMEM;
			continue;
		}
		memcpy(whole.bytes + len, &got, n);
		len += n;
	}
	n = errno;
	close(fd);
	if (n != EAGAIN)
		return n;
	if (!expected_len) {
		memcpy(&expected, &whole, len);
		expected_len = len;
	}
	return len == expected_len && !memcmp(&whole, &expected, len) ? failed :
		fail("records are missing");
}

/* Nothing of the module may be left. */
static int is_gone(void)
{
	if (!access("/proc/oomx", F_OK) || !access("/sys/kernel/debug/oomx", F_OK) ||
	    !access("/sys/module/oomx", F_OK))
		return fail("a directory is left");
	if (holds("/proc/modules", "oomx "))
		return fail("the module is left");
	if (holds("/sys/kernel/debug/kprobes/list", "out_of_memory") ||
	    holds("/sys/kernel/debug/kprobes/list", "exit_oom_victim") ||
	    holds("/sys/kernel/debug/kprobes/list", "oomx"))
		return fail("a kprobe is left");
	if (holds("/sys/kernel/tracing/enabled_functions", "out_of_memory"))
		return fail("an ftrace hook is left");
	/* mapped by code that has no name any more */
	if (holds("/proc/vmallocinfo", " 0xffffffff"))
		return fail("memory is left");
	return 0;
}

/* Of the log since the last time. */
static struct {
	int lines;	/* the module's words */
	bool traced;	/* the kernel told where the fault was: of __GFP_NOWARN it does not */
	bool ours;	/* there the module was at work */
} said;

/* What the kernel marks with a "?" may be left on the stack from the module before. */
static void read_log(void)
{
	int n = klogctl(4, whole.bytes, sizeof(whole) - 1);	/* read and clear */
	char *line, *rest = whole.bytes;

	whole.bytes[n < 0 ? 0 : n] = 0;
	memset(&said, 0, sizeof(said));
	while ((line = strsep(&rest, "\n"))) {
		said.lines += !!strstr(line, "oomx: ");
		said.traced |= !!strcasestr(line, "call trace:");
		said.ours |= strstr(line, "[oomx]") && !strstr(line, " ? ");
	}
}

static bool is_all_there(void)
{
	return holds("/proc/oomx/stats", "hook_live 1\n") &&
	       holds("/proc/oomx/stats", "hook_victims 1\n") &&
	       holds("/proc/oomx/stats", "hook_releases 1\n") &&
	       holds("/proc/oomx/stats", "hook_reaper 1\n") &&
	       !access("/sys/kernel/debug/oomx/now", R_OK);
}

/* Loaded in spite of a fault: with all its parts, or with a word about what is missing. */
static int unload(int lines)
{
	static int usual;

	if (!usual || lines < usual)
		usual = lines;
	if (!is_all_there() && lines <= usual)
		return fail("a part of it is missing, in silence");
	if (syscall(SYS_delete_module, "oomx", 0))
		return errno;
	return is_gone();
}

/* The module has had its word about a fault. */
static bool called;

/* Faults that the kernel told to be the module's, and errors of the kernel's own meanwhile. */
static unsigned int ours, kernels;

/*
 * The kernel allocates first, and says nothing when that fails. The module has a word for each
 * fault. Whose it was, the kernel tells; where it does not, all are the module's since its first
 * word: apart from pages of slabs they come in the same order each time.
 */
static int load(void)
{
	int fd = open(file, O_RDONLY);
	int err = fd < 0 || syscall(SYS_finit_module, fd, param, 0) ? errno : 0;

	disarm();
	if (fd >= 0)
		close(fd);
	read_log();
	ours += said.ours;
	if (!err)
		return unload(said.lines);
	if (!said.lines && (said.traced ? said.ours : called))
		return fail("an error, in silence");
	kernels += called && !said.lines;
	called |= said.lines;
	return is_gone() ?: err;
}

static unsigned int faults, errors;

/*
 * Run @n of many, and one without a fault; to load takes long, and the next run does it anyway.
 * Return: 0, or an error that is not ENOMEM.
 */
static int run_one(int (*op)(void), unsigned int n)
{
	int err;

	struck = false;
	arm(n);
	err = op();
	disarm();
	faults += struck;
	if (err == ENOMEM && struck) {
		errors++;
		err = 0;
	}
	return err || op == load ? err : op();
}

/*
 * Of the faults before the module is called, which are the kernel's own, one in LOADER_STEP. @n is
 * set to where each is to be tried. Return: as run_one().
 */
static int load_coarsely(unsigned int *n)
{
	int err = 0;

	while (!err && struck && !called) {
		err = run_one(load, *n);
		*n += LOADER_STEP;
	}
	*n -= 2 * LOADER_STEP - 1;
	called = false;
	kernels = 0;
	return err;
}

static int run(int (*op)(void))
{
	unsigned int n = 1;
	int err = op();

	struck = true;
	if (!err && op == load)
		err = load_coarsely(&n);
	while (!err && struck)
		err = run_one(op, n++);
	printf("# %s%s%s: %u faults up to the %u. allocation, %u times ENOMEM\n", file,
	       param ? " " : "", param ?: "", faults, n - 1 - !struck, errors);
	if (op == load)
		printf("# %u faults were the module's by their stack, %u errors later not\n",
		       ours, kernels);
	if (err)
		printf("# with fault %u: %s\n", n - 1, strerror(err));
	return err || !errors || (op == load && !ours);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*op)(void);
	} ops[] = {
		{ "load", load }, { "same", read_same }, { "text", read_text },
		{ "record", read_record }, { "ring", read_ring }, { NULL, NULL },
	};
	size_t i;

	file = argc > 2 ? argv[2] : RING;
	param = argc > 3 ? argv[3] : NULL;
	fault_fd = open("/proc/thread-self/fail-nth", O_RDWR);
	for (i = 0; argc > 1 && ops[i].name; i++)
		if (!strcmp(argv[1], ops[i].name))
			return run(ops[i].op);
	return 2;
}
