// SPDX-License-Identifier: GPL-2.0
/*
 * The ring for programs: records as they are, by the contract of /dev/kmsg (see
 * Documentation/ABI/testing/dev-kmsg).
 *
 * The file lives in /proc, and debugfs links to it: proc_remove() closes what is still
 * open before the module's text goes, while an open file of debugfs either pins its
 * module or outlives it. A waiting reader must not hold up rmmod, nor be left behind.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/delay.h>
#include <linux/err.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/proc_fs.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/wait.h>

#include "oomx.h"

/* How long unloading waits for readers to see ENODEV and close, ms. */
#define GRACE_MS	200

/**
 * struct oomx_reader - an open file
 * @lock: one read or seek at a time; held while a read waits
 * @cursor: the next record to read
 */
struct oomx_reader {
	struct mutex lock;	/* @cursor, and who waits */
	struct oomx_cursor cursor;
};

static struct proc_dir_entry *file_entry;
static atomic_t nr_open;
static bool gone;	/* set once; the module is being unloaded */

static bool readable(const struct oomx_cursor *c)
{
	struct oomx_cursor end;

	oomx_store_last(&end);
	return c->seq < end.seq;
}

static int wait_for_record(struct oomx_reader *reader, bool nonblock)
{
	bool ready = readable(&reader->cursor);
	int err;

	if (!ready && !READ_ONCE(gone)) {
		if (nonblock)
			return -EAGAIN;
		err = wait_event_interruptible(*oomx_store_readers(),
					       readable(&reader->cursor) || READ_ONCE(gone));
		if (err)
			return err;
	}
	return READ_ONCE(gone) ? -ENODEV : 0;
}

static void count_overrun(struct oomx_reader *reader)
{
	u64 lost = oomx_store_resume(&reader->cursor);

	oomx_count(OOMX_COUNT_READER_OVERRUNS);
	atomic64_add(lost, &oomx_counters[OOMX_COUNT_READER_LOST]);
}

/* The record at the cursor, fit to leave the kernel; @next is set behind it. */
static struct oomx_record *take_record(struct oomx_reader *reader, struct oomx_cursor *next)
{
	struct oomx_record *copy = NULL;
	void *raw = NULL;
	size_t size = 0;
	int ret;

	*next = reader->cursor;
	ret = oomx_store_next(next, &raw, &size);
	if (ret <= 0) {
		ret = ret ?: -EAGAIN;
	} else if (((struct oomx_record *)raw)->seq != reader->cursor.seq) {
		count_overrun(reader);
		ret = -EPIPE;
	} else {
		copy = oomx_export(raw);
		ret = -ENOMEM;
	}
	kvfree(raw);
	return copy ?: ERR_PTR(ret);
}

static ssize_t read_locked(struct oomx_reader *reader, char __user *buf, size_t count,
			   bool nonblock)
{
	struct oomx_cursor next;
	struct oomx_record *r;
	ssize_t ret = wait_for_record(reader, nonblock);

	if (ret)
		return ret;
	r = take_record(reader, &next);
	if (IS_ERR(r))
		return PTR_ERR(r);
	ret = r->len;
	if (r->len > count)
		ret = -EINVAL;
	else if (copy_to_user(buf, r, r->len))
		ret = -EFAULT;
	else
		reader->cursor = next;
	kvfree(r);
	return ret;
}

static ssize_t ring_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	struct oomx_reader *reader = file->private_data;
	ssize_t ret;

	ret = mutex_lock_interruptible(&reader->lock);
	if (ret)
		return ret;
	ret = read_locked(reader, buf, count, file->f_flags & O_NONBLOCK);
	mutex_unlock(&reader->lock);
	return ret;
}

static loff_t seek_locked(struct oomx_reader *reader, loff_t offset, int whence)
{
	if (whence == SEEK_SET && offset > 0)
		return oomx_store_seek(&reader->cursor, offset) ?: offset;
	if (offset)
		return -EINVAL;
	if (whence == SEEK_SET)
		oomx_store_first(&reader->cursor);
	else if (whence == SEEK_END)
		oomx_store_last(&reader->cursor);
	else if (whence != SEEK_CUR)
		return -EINVAL;
	return reader->cursor.seq;
}

/* Offsets are sequence numbers, 0 is the oldest record. Return: that of the next one. */
static loff_t ring_lseek(struct file *file, loff_t offset, int whence)
{
	struct oomx_reader *reader = file->private_data;
	loff_t ret;

	ret = mutex_lock_interruptible(&reader->lock);
	if (ret)
		return ret;
	ret = seek_locked(reader, offset, whence);
	mutex_unlock(&reader->lock);
	return ret;
}

/*
 * The cursor is read without @lock, which a blocked read holds: a poll that races with a
 * read of the same file may tell the state before or after it.
 */
static __poll_t ring_poll(struct file *file, poll_table *wait)
{
	struct oomx_reader *reader = file->private_data;
	struct oomx_cursor first, end;
	u64 seq;

	poll_wait(file, oomx_store_readers(), wait);
	if (READ_ONCE(gone))
		return EPOLLIN | EPOLLRDNORM | EPOLLERR | EPOLLHUP;
	oomx_store_first(&first);
	oomx_store_last(&end);
	seq = READ_ONCE(reader->cursor.seq);
	if (seq < first.seq)
		return EPOLLIN | EPOLLRDNORM | EPOLLERR | EPOLLPRI;
	return seq < end.seq ? EPOLLIN | EPOLLRDNORM : 0;
}

static int ring_open(struct inode *inode, struct file *file)
{
	struct oomx_reader *reader;
	int err = oomx_may_open();

	if (err)
		return err;
	if (READ_ONCE(gone))
		return -ENODEV;
	reader = kzalloc(sizeof(*reader), GFP_KERNEL);
	if (!reader)
		return -ENOMEM;
	mutex_init(&reader->lock);
	oomx_store_first(&reader->cursor);
	file->private_data = reader;
	atomic_inc(&nr_open);
	return 0;
}

static int ring_release(struct inode *inode, struct file *file)
{
	struct oomx_reader *reader = file->private_data;

	mutex_destroy(&reader->lock);
	kfree(reader);
	atomic_dec(&nr_open);
	return 0;
}

static const struct proc_ops ring_ops = {
	.proc_open	= ring_open,
	.proc_read	= ring_read,
	.proc_lseek	= ring_lseek,
	.proc_poll	= ring_poll,
	.proc_release	= ring_release,
};

/**
 * oomx_reader_init() - create the file
 * @dir: /proc/oomx
 *
 * Context: Process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int oomx_reader_init(struct proc_dir_entry *dir)
{
	file_entry = proc_create("ring", 0400, dir, &ring_ops);
	return file_entry ? 0 : -ENOMEM;
}

/* Nobody may be on the wait queue when it goes: poll leaves when woken, epoll is told. */
static void drain_wait_queue(struct wait_queue_head *readers)
{
	/* no one comes any more: the file is gone, so it can only become empty */
	while (waitqueue_active(readers)) {
		__wake_up(readers, TASK_NORMAL, 0, poll_to_key(EPOLLHUP | POLLFREE));
		usleep_range(1000, 2000);
	}
	/* epoll may still hold the lock of the queue, under RCU */
	synchronize_rcu();
}

/**
 * oomx_reader_exit() - wake all readers, and remove the file
 *
 * Who waits gets ENODEV at once, who polled when it reads within the grace time, and who opens it
 * then; later, /proc itself answers with EIO.
 *
 * Context: Process, may sleep. No record is stored any more.
 */
void oomx_reader_exit(void)
{
	ktime_t end = ktime_add_ms(ktime_get(), GRACE_MS);

	WRITE_ONCE(gone, true);
	wake_up_all(oomx_store_readers());
	while (atomic_read(&nr_open) && ktime_before(ktime_get(), end))
		usleep_range(1000, 2000);
	proc_remove(file_entry);
	drain_wait_queue(oomx_store_readers());
}
