// SPDX-License-Identifier: GPL-2.0
/*
 * /sys/kernel/debug/oomx: what programs read, as links into /proc/oomx.
 *
 * The files themselves are in /proc because they may be open, and waited for, while the
 * module is unloaded; see oomx_reader.c. As usual with debugfs, nothing depends on it.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/printk.h>

#include "oomx.h"

static struct dentry *dir;

static int create_links(void)
{
	static const char *const links[][2] = {
		{ "ring",	"/proc/oomx/ring" },
		{ "stats",	"/proc/oomx/stats" },
		{ "format",	"/proc/oomx/format" },
		{ "now",	"/proc/oomx/now_record" },
	};
	struct dentry *link = dir;
	int i;

	for (i = 0; i < ARRAY_SIZE(links) && !IS_ERR(link); i++)
		link = debugfs_create_symlink(links[i][0], dir, links[i][1]);
	return PTR_ERR_OR_ZERO(link);
}

/**
 * oomx_debugfs_init() - create the directory
 *
 * All of it or nothing, and then with a message.
 *
 * Context: Process, may sleep.
 */
void oomx_debugfs_init(void)
{
	int err;

	dir = debugfs_create_dir("oomx", NULL);
	err = create_links();
	if (!err)
		return;
	pr_warn("nothing in debugfs (%d): what programs read is in /proc/oomx only\n", err);
	oomx_debugfs_exit();
}

/**
 * oomx_debugfs_exit() - remove the directory
 *
 * Context: Process, may sleep.
 */
void oomx_debugfs_exit(void)
{
	debugfs_remove(dir);
	dir = NULL;
}
