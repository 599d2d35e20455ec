// SPDX-License-Identifier: GPL-2.0
/*
 * Dry runs: what would happen if memory ran out now. Nobody is killed, nothing is stored.
 *
 *	/proc/oomx/now		the report
 *	/proc/oomx/now_record	the record, for programs
 *
 * A cgroup path written to the open file makes it a memory cgroup at its limit instead of
 * the machine. The run is made by the first read after that.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "oomx.h"

/**
 * struct oomx_now - an open file
 * @lock: one read or write at a time
 * @memcg: to play the OOM of, with a reference; NULL: the machine
 * @snap: the run, once it was made
 */
struct oomx_now {
	struct mutex lock;	/* @memcg and @snap */
	struct mem_cgroup *memcg;
	struct oomx_snapshot *snap;
};

static struct oomx_now *new_now(void)
{
	struct oomx_now *now = kzalloc(sizeof(*now), GFP_KERNEL);

	if (now)
		mutex_init(&now->lock);
	return now;
}

static void free_now(struct oomx_now *now)
{
	oomx_snapshot_free(now->snap);
	oomx_capture_put_memcg(now->memcg);
	mutex_destroy(&now->lock);
	kfree(now);
}

/* Make the run, unless it was made. @now is locked. */
static int run(struct oomx_now *now)
{
	struct oomx_snapshot *snap;
	struct oomx_record *r;

	if (now->snap)
		return 0;
	r = oomx_capture_now(now->memcg);
	snap = r ? oomx_snapshot_of(r) : ERR_PTR(-ENOMEM);
	kvfree(r);
	if (IS_ERR(snap))
		return PTR_ERR(snap);
	now->snap = snap;
	return 0;
}

static int choose(struct oomx_now *now, char *path)
{
	struct mem_cgroup *memcg = oomx_capture_find_memcg(strim(path));

	if (IS_ERR(memcg))
		return PTR_ERR(memcg);
	mutex_lock(&now->lock);
	oomx_capture_put_memcg(now->memcg);
	now->memcg = memcg;
	oomx_snapshot_free(now->snap);
	now->snap = NULL;
	mutex_unlock(&now->lock);
	return 0;
}

static ssize_t write_path(struct oomx_now *now, const char __user *buf, size_t count)
{
	char *path;
	int err;

	if (!count || count > PATH_MAX)
		return -EINVAL;
	path = memdup_user_nul(buf, count);
	if (IS_ERR(path))
		return PTR_ERR(path);
	/* a NUL inside is no path of any cgroup */
	err = strlen(path) == count ? choose(now, path) : -EINVAL;
	kfree(path);
	return err ?: count;
}

static int now_show(struct seq_file *m, void *v)
{
	struct oomx_now *now = m->private;
	int err;

	mutex_lock(&now->lock);
	err = run(now);
	if (!err)
		oomx_print_snapshot(m, now->snap);
	mutex_unlock(&now->lock);
	return err;
}

static int now_open(struct inode *inode, struct file *file)
{
	struct oomx_now *now;
	int err = oomx_may_open();

	if (err)
		return err;
	now = new_now();
	if (!now)
		return -ENOMEM;
	err = single_open(file, now_show, now);
	if (err)
		free_now(now);
	return err;
}

static ssize_t now_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	struct seq_file *m = file->private_data;

	return write_path(m->private, buf, count);
}

static int now_release(struct inode *inode, struct file *file)
{
	free_now(((struct seq_file *)file->private_data)->private);
	return single_release(inode, file);
}

static const struct proc_ops now_ops = {
	.proc_open	= now_open,
	.proc_read	= seq_read,
	.proc_write	= now_write,
	.proc_lseek	= seq_lseek,
	.proc_release	= now_release,
};

static int record_open(struct inode *inode, struct file *file)
{
	int err = oomx_may_open();

	if (err)
		return err;
	file->private_data = new_now();
	return file->private_data ? 0 : -ENOMEM;
}

static ssize_t record_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	struct oomx_now *now = file->private_data;
	const struct oomx_record *r;
	ssize_t ret;

	mutex_lock(&now->lock);
	ret = run(now);
	if (!ret) {
		r = now->snap->event;
		ret = simple_read_from_buffer(buf, count, pos, r, r->len);
	}
	mutex_unlock(&now->lock);
	return ret;
}

static ssize_t record_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	return write_path(file->private_data, buf, count);
}

static int record_release(struct inode *inode, struct file *file)
{
	free_now(file->private_data);
	return 0;
}

static const struct proc_ops record_ops = {
	.proc_open	= record_open,
	.proc_read	= record_read,
	.proc_write	= record_write,
	.proc_lseek	= default_llseek,
	.proc_release	= record_release,
};

/**
 * oomx_now_init() - create the files of dry runs
 * @dir: /proc/oomx
 *
 * Context: Process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int oomx_now_init(struct proc_dir_entry *dir)
{
	if (proc_create("now", 0600, dir, &now_ops) &&
	    proc_create("now_record", 0600, dir, &record_ops))
		return 0;
	return -ENOMEM;
}
