// SPDX-License-Identifier: GPL-2.0
/*
 * The ring as a program sees it.
 *
 * ring read [DELAY_MS]	follows it until the module is gone; a line a record, "SEQ TYPE
 *			EVENT", and a line "lost SEQ NEXT" a gap; sleeps after each, until
 *			SIGUSR1 comes
 * ring wait HOW	waits at the end (HOW: read, poll, select, epoll), then says what a
 *			read says, or (open) to open it again after poll
 * ring hold		opens it and waits to be killed
 * ring contract	the contract of the file; at least three records must be there, and
 *			none may come
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <unistd.h>

#include "uapi/oomx.h"

#define RING	"/sys/kernel/debug/oomx/ring"

static union {
	struct oomx_record r;
	char bytes[4 << 20];
} buf;

static int open_ring(int flags)
{
	int fd = open(RING, O_RDONLY | flags);

	if (fd < 0) {
		perror(RING);
		exit(1);
	}
	return fd;
}

static atomic_int delay_ms;

static void hurry(int sig)
{
	(void)sig;
	delay_ms = 0;
}

static int follow(void)
{
	unsigned long long next = 0;
	int fd = open_ring(0);
	ssize_t n;

	signal(SIGUSR1, hurry);
	setvbuf(stdout, NULL, _IOLBF, 0);
	while ((n = read(fd, &buf, sizeof(buf))) > 0 || errno == EPIPE) {
		if (n < 0)
			continue;
		if (next && buf.r.seq != next)
			printf("lost %llu %llu\n", next, (unsigned long long)buf.r.seq);
		printf("%llu %u %llu\n", (unsigned long long)buf.r.seq, buf.r.type,
		       (unsigned long long)buf.r.event);
		next = buf.r.seq + 1;
		usleep(delay_ms * 1000);
	}
	printf("end %s\n", strerrorname_np(errno));
	return 0;
}

static void wait_by(int fd, const char *how)
{
	struct epoll_event event = { .events = EPOLLIN };
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	fd_set set;
	int epoll;

	if (!strcmp(how, "poll") || !strcmp(how, "open")) {
		poll(&pfd, 1, -1);
		printf("%s", pfd.revents & POLLHUP ? "hup " : "");
	} else if (!strcmp(how, "select")) {
		FD_ZERO(&set);
		FD_SET(fd, &set);
		select(fd + 1, &set, NULL, NULL, NULL);
	} else if (!strcmp(how, "epoll")) {
		epoll = epoll_create1(0);
		epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
		epoll_wait(epoll, &event, 1, -1);
		printf("%s", event.events & EPOLLHUP ? "hup " : "");
		/* left open: it still knows the file when the module is gone */
	}
}

static int wait_at_end(const char *how)
{
	int fd = open_ring(0);
	ssize_t n;

	lseek(fd, 0, SEEK_END);
	puts("waiting");
	fflush(stdout);
	wait_by(fd, how);
	/* once more, while the module waits for the first one to close; debugfs is gone already */
	if (!strcmp(how, "open"))
		n = open("/proc/oomx/ring", O_RDONLY);
	else
		n = read(fd, &buf, sizeof(buf));
	printf("%s\n", n < 0 ? strerrorname_np(errno) : "record");
	return 0;
}

static int bad;

static void expect(int line, int ok, const char *what)
{
	if (!ok) {
		printf("# ring.c:%d: not so: %s (errno %d)\n", line, what, errno);
		bad = 1;
	}
}

#define EXPECT(what)	expect(__LINE__, what, #what)

static int fails_with(ssize_t ret, int err)
{
	return ret == -1 && errno == err;
}

static ssize_t take(int fd)
{
	return read(fd, &buf, sizeof(buf));
}

/* Too small, exactly enough, bad address: what failed comes again. */
static void small_buffers(int fd, unsigned long long first)
{
	unsigned int len;

	EXPECT(take(fd) == (ssize_t)buf.r.len);
	EXPECT(buf.r.magic == OOMX_MAGIC && buf.r.seq == first);
	len = buf.r.len;
	EXPECT(lseek(fd, 0, SEEK_SET) == (off_t)first);
	EXPECT(fails_with(read(fd, &buf, 0), EINVAL));
	EXPECT(fails_with(read(fd, &buf, 8), EINVAL));
	EXPECT(fails_with(read(fd, &buf, len - 1), EINVAL));
	EXPECT(fails_with(read(fd, (void *)8, len), EFAULT));
	EXPECT(read(fd, &buf, len) == (ssize_t)len && buf.r.seq == first);
	EXPECT(take(fd) == (ssize_t)buf.r.len && buf.r.seq == first + 1);
}

/* Return: the number after the last record's. */
static unsigned long long to_the_end(int fd, unsigned long long seq)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };

	EXPECT(poll(&pfd, 1, 0) == 1 && pfd.revents == POLLIN);
	while (take(fd) > 0) {
		EXPECT(buf.r.seq == seq);
		seq++;
	}
	EXPECT(errno == EAGAIN);
	EXPECT(poll(&pfd, 1, 0) == 0);
	return seq;
}

static void seeking(int fd, unsigned long long first, unsigned long long end)
{
	EXPECT(lseek(fd, 0, SEEK_CUR) == (off_t)end);
	EXPECT(lseek(fd, end - 1, SEEK_SET) == (off_t)(end - 1));
	EXPECT(take(fd) > 0 && buf.r.seq == end - 1);
	EXPECT(lseek(fd, first + 1, SEEK_SET) == (off_t)(first + 1));
	EXPECT(fails_with(lseek(fd, end + 1, SEEK_SET), EINVAL));
	EXPECT(fails_with(lseek(fd, -1, SEEK_SET), EINVAL));
	EXPECT(fails_with(lseek(fd, 1, SEEK_END), EINVAL));
	EXPECT(fails_with(lseek(fd, -1, SEEK_CUR), EINVAL));
	EXPECT(take(fd) > 0 && buf.r.seq == first + 1);
	EXPECT(lseek(fd, end, SEEK_SET) == (off_t)end);
	EXPECT(fails_with(take(fd), EAGAIN));
	EXPECT(lseek(fd, 0, SEEK_END) == (off_t)end);
	EXPECT(fails_with(take(fd), EAGAIN));
}

/* A record that was overwritten can be gone to: the read says so, once. */
static void overwritten(int fd, unsigned long long first)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };

	if (first == 1)
		return;
	EXPECT(lseek(fd, 1, SEEK_SET) == 1);
	EXPECT(poll(&pfd, 1, 0) == 1 && pfd.revents & POLLERR);
	EXPECT(fails_with(take(fd), EPIPE));
	EXPECT(take(fd) > 0 && buf.r.seq == first);
}

static int contract(void)
{
	int fd = open_ring(O_NONBLOCK), other = open_ring(O_NONBLOCK);
	unsigned long long first = lseek(fd, 0, SEEK_CUR), end;

	EXPECT(lseek(fd, 0, SEEK_SET) == (off_t)first);
	small_buffers(fd, first);
	end = to_the_end(fd, first + 2);
	EXPECT(end - first >= 3);
	seeking(fd, first, end);
	EXPECT(take(other) > 0 && buf.r.seq == first);
	overwritten(fd, first);
	return bad;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	delay_ms = argc > 2 ? atoi(argv[2]) : 0;
	if (!strcmp(what, "read"))
		return follow();
	if (!strcmp(what, "wait") && argc > 2)
		return wait_at_end(argv[2]);
	if (!strcmp(what, "contract"))
		return contract();
	if (!strcmp(what, "hold") && open_ring(0) >= 0)
		return pause();
	return 2;
}
