// SPDX-License-Identifier: GPL-2.0
/*
 * fuzz SECONDS SEED FILE...: random bytes, sizes and offsets, written to and read from the
 * files by several processes at once. Says how many calls there were, and how they ended.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WORKERS	4
#define BYTES	(2 << 20)
#define ERRORS	256

/* Shared by all workers. */
static struct {
	atomic_ulong writes;
	atomic_ulong reads;
	atomic_ulong accepted;		/* writes that took some bytes */
	atomic_ulong errors[ERRORS];	/* by errno, of both */
} *count;

static char *buf;
static unsigned int seed;

static unsigned int any(unsigned int n)
{
	seed = seed * 1103515245 + 12345;
	return (seed >> 8) % n;
}

/* Small sizes, those around a page, and large ones. */
static size_t any_size(void)
{
	static const size_t around[] = { 0, 1, 4095, 4096, 4097, 65536, BYTES };

	return any(2) ? any(64) : any(2) ? around[any(7)] : any(BYTES);
}

static off_t any_offset(void)
{
	static const off_t around[] = { 0, 1, -1, 4096, INT32_MAX, INT64_MAX, INT64_MIN };

	return any(2) ? (off_t)any(100000) : around[any(7)];
}

/* Text is more likely to get somewhere than bytes. */
static size_t fill_word(void)
{
	static const char *const words[] = { "/", "/small", "/small\n", "//", "/..", "/nowhere" };
	const char *word = words[any(6)];

	return strlen(strcpy(buf, word));
}

static void fill(size_t size)
{
	static const char text[] = "/,.0123456789abc\n";
	size_t i;
	int as_text = any(2);

	for (i = 0; i < size; i++)
		buf[i] = as_text ? text[any(sizeof(text) - 1)] : (char)any(256);
}

static void counted(ssize_t ret)
{
	if (ret < 0)
		count->errors[errno % ERRORS]++;
}

static void do_write(int fd)
{
	size_t size = any_size();
	/* now and then memory that is not there */
	char *from = any(16) ? buf : (char *)8;
	ssize_t ret;

	if (from == buf && !any(4))
		size = fill_word();
	else if (from == buf)
		fill(size > 8192 ? 8192 : size);
	ret = any(2) ? write(fd, from, size) : pwrite(fd, from, size, any_offset());
	count->writes++;
	count->accepted += ret > 0;
	counted(ret);
}

static void do_read(int fd)
{
	size_t size = any_size();
	char *to = any(16) ? buf : (char *)8;
	struct iovec parts[2] = { { to, any(64) }, { buf, size } };

	count->reads++;
	if (any(4))
		counted(any(2) ? read(fd, to, size) : pread(fd, to, size, any_offset()));
	else
		counted(readv(fd, parts, 2));
}

/* One of what else there is to do with a file. */
static void do_other(int fd)
{
	struct pollfd p = { .fd = fd, .events = (short)any(65536) };
	void *map;

	switch (any(4)) {
	case 0:
		counted(lseek(fd, any_offset(), (int)any(6)));
		return;
	case 1:
		poll(&p, 1, 1);
		return;
	case 2:
		counted(ioctl(fd, any(1 << 30), buf));
		return;
	default:
		map = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
		if (map != MAP_FAILED)
			munmap(map, 4096);
	}
}

/* Two processes may use one open file: the last step is made by a child as well. */
static void use(int fd)
{
	int steps = 1 + (int)any(20);
	int forked = !any(8) && !fork();

	while (steps--) {
		if (any(2))
			do_write(fd);
		else if (any(4))
			do_read(fd);
		else
			do_other(fd);
	}
	if (forked)
		_exit(0);
}

static void work(char **files, int n, time_t end)
{
	static const int modes[] = { O_RDONLY, O_WRONLY, O_RDWR };
	int fd;

	buf = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	while (buf != MAP_FAILED && time(NULL) < end) {
		fd = open(files[any(n)], modes[any(3)] | O_NONBLOCK);
		counted(fd);
		if (fd >= 0) {
			use(fd);
			close(fd);
		}
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
	}
	_exit(buf == MAP_FAILED);
}

int main(int argc, char **argv)
{
	int i, status, bad = 0;
	time_t end;

	if (argc < 4)
		return 2;
	count = mmap(NULL, sizeof(*count), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		     -1, 0);
	end = time(NULL) + atoi(argv[1]);
	for (i = 0; i < WORKERS; i++) {
		seed = (unsigned int)atoi(argv[2]) + i * 7919;
		if (!fork())
			work(argv + 3, argc - 3, end);
	}
	while (wait(&status) > 0)
		bad += status != 0;
	printf("%lu writes, %lu of them accepted; %lu reads;", count->writes, count->accepted,
	       count->reads);
	for (i = 0; i < ERRORS; i++)
		if (count->errors[i])
			printf(" %lu %s", count->errors[i], strerror(i));
	printf("\n");
	return bad != 0;
}
