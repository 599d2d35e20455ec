// SPDX-License-Identifier: GPL-2.0
/*
 * Dry runs.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "tool.h"

#define NOW	"/proc/oomx/now_record"
#define STEP	262144

static int choose_cgroup(int fd, const char *cgroup)
{
	if (write(fd, cgroup, strlen(cgroup)) >= 0)
		return STATUS_OK;
	if (errno == ENOENT)
		complain("there is no memory cgroup %s", cgroup);
	else if (errno == EINVAL)
		complain("%s: not the path of a memory cgroup, such as /system.slice", cgroup);
	else
		complain("cannot choose the memory cgroup %s: %m", cgroup);
	return STATUS_FAILED;
}

static int read_record(int fd, struct events *e)
{
	u8 *buf = NULL;
	size_t len = 0;
	ssize_t n;
	int ret = STATUS_FAILED;

	do {
		buf = xalloc(buf, len + STEP);
		n = read(fd, buf + len, STEP);
		len += n > 0 ? n : 0;
	} while (n > 0);
	if (n < 0) {
		complain("cannot read %s: %m", NOW);
	} else if (oomx_record_check(buf, len, NULL)) {
		complain("the module sent a record that is damaged");
	} else {
		events_add(e, (const struct oomx_record *)buf);
		ret = STATUS_OK;
	}
	free(buf);
	return ret;
}

/**
 * cmd_now() - who would be killed if memory ran out now
 * @o: options
 *
 * Return: exit code.
 */
int cmd_now(const struct options *o)
{
	int fd = open(NOW, O_RDWR | O_CLOEXEC), ret = STATUS_OK;
	struct events e = { 0 };

	if (fd < 0)
		return live_complain(NOW);
	if (o->arg)
		ret = choose_cgroup(fd, o->arg);
	if (!ret)
		ret = read_record(fd, &e);
	if (!ret)
		ret = o->json ? json_print(&e.v[0], false) : print_event(&e.v[0], oomx_report);
	events_free(&e);
	close(fd);
	return ret;
}
