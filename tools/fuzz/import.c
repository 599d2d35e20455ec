// SPDX-License-Identifier: GPL-2.0
/*
 * Any bytes as a kernel log: what is found must make records that pass the check, and print.
 */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tool.h"

int fuzz_one(const u8 *data, size_t size) __asm__("LLVMFuzzerTestOneInput");

static int write_all(int fd, const u8 *data, size_t size)
{
	return write(fd, data, size) == (ssize_t)size ? 0 : -1;
}

int fuzz_one(const u8 *data, size_t size)
{
	struct options o = { .command = "import" };
	int fd = memfd_create("log", 0);
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	o.arg = path;
	if (fd < 0 || write_all(fd, data, size))
		abort();
	cmd_import(&o);
	o.json = true;
	cmd_import(&o);
	o.summary = true;
	cmd_import(&o);
	close(fd);
	return 0;
}
