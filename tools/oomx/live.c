// SPDX-License-Identifier: GPL-2.0
/*
 * The module's ring and counters.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "tool.h"

#define RING	"/proc/oomx/ring"
#define STATS	"/proc/oomx/stats"
#define FIRST_SIZE	262144

/**
 * live_complain() - say why a file of the module cannot be opened, and what to do
 * @path: file; errno tells why
 *
 * Return: STATUS_FAILED.
 */
int live_complain(const char *path)
{
	int err = errno;

	if ((err == EACCES || err == EPERM) && geteuid())
		complain("not root: only root may read the records (try sudo)");
	else if (err == ENODEV || (err == ENOENT && access("/proc/oomx", F_OK)))
		complain("module not loaded: modprobe oomx");
	else if (err == EPERM)
		complain("not allowed: root needs CAP_SYSLOG, which a container may be without");
	else
		complain("cannot open %s: %s", path, strerror(err));
	return STATUS_FAILED;
}

/**
 * live_open() - open the ring, at its oldest record
 * @live: set up here
 * @quiet: say nothing when it cannot be opened
 *
 * Return: exit code.
 */
int live_open(struct live *live, bool quiet)
{
	memset(live, 0, sizeof(*live));
	live->fd = open(RING, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (live->fd >= 0)
		return STATUS_OK;
	return quiet ? STATUS_FAILED : live_complain(RING);
}

/**
 * live_close() - close the ring
 * @live: ring
 */
void live_close(struct live *live)
{
	if (live->fd >= 0)
		close(live->fd);
	free(live->buf);
	memset(live, 0, sizeof(*live));
	live->fd = -1;
}

/**
 * live_end() - go behind the newest record
 * @live: ring
 *
 * Return: exit code.
 */
int live_end(struct live *live)
{
	if (lseek(live->fd, 0, SEEK_END) >= 0)
		return STATUS_OK;
	complain("cannot seek in the ring: %m");
	return STATUS_FAILED;
}

static int check_record(struct live *live, size_t len)
{
	const struct oomx_record *r = live->buf;

	if (oomx_record_check(r, len, NULL) || r->len != len) {
		complain("the module sent a record that is damaged");
		return LIVE_ERROR;
	}
	live->lost = live->next_seq && r->seq > live->next_seq ? r->seq - live->next_seq : 0;
	live->next_seq = r->seq + 1;
	return 1;
}

static int read_error(struct live *live)
{
	switch (errno) {
	case EAGAIN:
	case EINTR:
		return LIVE_AGAIN;
	case EPIPE:
		return LIVE_LOST;
	case ENODEV:
	case EIO:
		return LIVE_GONE;
	}
	complain("cannot read the ring: %m");
	return LIVE_ERROR;
}

/**
 * live_read() - read the next record
 * @live: ring; the record is in its buf, what was lost before it in its lost
 *
 * Return: 1, or LIVE_*.
 */
int live_read(struct live *live)
{
	ssize_t n = -1;

	errno = EINVAL;
	if (live->size)
		n = read(live->fd, live->buf, live->size);
	/* too small: nothing is lost by asking again */
	while (n < 0 && errno == EINVAL && live->size < 1UL << 30) {
		live->size = live->size ? 2 * live->size : FIRST_SIZE;
		live->buf = xalloc(live->buf, live->size);
		n = read(live->fd, live->buf, live->size);
	}
	return n < 0 ? read_error(live) : check_record(live, n);
}

/**
 * live_all() - read the ring from its oldest record to its end
 * @take: called for each record; its return value, if not STATUS_OK, ends it
 * @arg: for @take
 *
 * Return: exit code, errors were said.
 */
int live_all(int (*take)(void *arg, const struct oomx_record *r), void *arg)
{
	struct live live;
	int ret = live_open(&live, false), got;

	if (ret)
		return ret;
	do {
		got = live_read(&live);
		if (got > 0)
			ret = take(arg, live.buf);
	} while (!ret && (got > 0 || got == LIVE_LOST));
	if (got == LIVE_GONE)
		complain("the module was unloaded meanwhile");
	if (got == LIVE_GONE || got == LIVE_ERROR)
		ret = STATUS_FAILED;
	live_close(&live);
	return ret;
}

/**
 * live_stats() - read the module's counters
 * @take: called for each; its return value, if not STATUS_OK, ends it
 * @arg: for @take
 *
 * Return: exit code, errors were said.
 */
int live_stats(int (*take)(void *arg, const char *name, u64 value), void *arg)
{
	FILE *f = fopen(STATS, "re");
	int ret = STATUS_OK;
	unsigned long long value;
	char name[64];

	if (!f)
		return live_complain(STATS);
	while (!ret && fscanf(f, "%63s %llu", name, &value) == 2)
		ret = take(arg, name, value);
	fclose(f);
	return ret;
}
