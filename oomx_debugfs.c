// SPDX-License-Identifier: GPL-2.0
/*
 * /sys/kernel/debug/oomx: what programs read, as links into /proc/oomx.
 *
 * The files themselves are in /proc because they may be open, and waited for, while the
 * module is unloaded; see oomx_reader.c. As usual with debugfs, nothing depends on it.
 */
#include <linux/debugfs.h>
#include <linux/err.h>

#include "oomx.h"

static struct dentry *dir;

/**
 * oomx_debugfs_init() - create the directory
 *
 * Context: Process, may sleep.
 */
void oomx_debugfs_init(void)
{
	dir = debugfs_create_dir("oomx", NULL);
	debugfs_create_symlink("ring", dir, "/proc/oomx/ring");
	debugfs_create_symlink("stats", dir, "/proc/oomx/stats");
	debugfs_create_symlink("format", dir, "/proc/oomx/format");
	debugfs_create_symlink("now", dir, "/proc/oomx/now_record");
}

/**
 * oomx_debugfs_exit() - remove the directory
 *
 * Context: Process, may sleep.
 */
void oomx_debugfs_exit(void)
{
	debugfs_remove(dir);
}
