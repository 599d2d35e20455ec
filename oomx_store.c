// SPDX-License-Identifier: GPL-2.0
/*
 * The ring of the module, its lock, and copies of what is in it.
 *
 * Writers run inside the OOM path and in dying victims: they may not sleep. Readers
 * copy one record at a time under the lock, which is thereby held for the time of one
 * memcpy(), and do everything else on their copy.
 */
#include <linux/err.h>
#include <linux/irq_work.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include "oomx.h"

static struct oomx_ring ring;			/* guarded by ring_lock */
static struct oomx_cursor last_event;		/* guarded by ring_lock; seq 0: none yet */
static u64 last_event_nr;			/* guarded by ring_lock */
static DEFINE_RAW_SPINLOCK(ring_lock);

#define SEEK_STEPS	64	/* records stepped over in one hold of ring_lock */

/* Readers that wait for a record. */
static DECLARE_WAIT_QUEUE_HEAD(readers);

/* Waking takes locks that the OOM path, and a dying task, had better not wait for. */
static void wake_readers(struct irq_work *work)
{
	wake_up_all(&readers);
}

static struct irq_work wake_work;

/**
 * oomx_store_init() - allocate the ring
 * @size: bytes of all records together
 * @max: bytes of the largest record, at most @size
 *
 * Context: Process, may sleep.
 * Return: 0, -ENOMEM, or -EINVAL when @size is too small for @max.
 */
int oomx_store_init(size_t size, size_t max)
{
	void *buf;

	size = PAGE_ALIGN(size);
	if (max > size)
		return -EINVAL;
	buf = oomx_map_twice(size / PAGE_SIZE, DIV_ROUND_UP(max, PAGE_SIZE));
	if (!buf)
		return -ENOMEM;
	init_irq_work(&wake_work, wake_readers);
	if (oomx_ring_init(&ring, buf, size, max)) {
		oomx_unmap(buf, size / PAGE_SIZE);
		return -EINVAL;
	}
	return 0;
}

/**
 * oomx_store_exit() - free the ring
 *
 * Context: Process, may sleep. No hook and no reader is left.
 */
void oomx_store_exit(void)
{
	irq_work_sync(&wake_work);
	oomx_unmap(ring.buf, ring.size / PAGE_SIZE);
}

/* A reader that does not sleep yet will look before it does. */
static void notify_readers(void)
{
	if (wq_has_sleeper(&readers))
		irq_work_queue(&wake_work);
}

/**
 * oomx_store_push() - store a record about an event
 * @r: whole record; oomx_store_commit() is for events themselves
 *
 * Context: Any but NMI. Takes ring_lock for the time of the copy. Waiting readers are
 * woken from an interrupt, soon.
 */
void oomx_store_push(const struct oomx_record *r)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&ring_lock, flags);
	oomx_ring_push(&ring, r);
	raw_spin_unlock_irqrestore(&ring_lock, flags);
	notify_readers();
}

/**
 * oomx_store_reserve() - where to build the record of an event
 * @size: bytes, a multiple of OOMX_ALIGN and at most those of the largest record
 *
 * Context: Guarded by oom_lock until oomx_store_commit(). Takes ring_lock, for as many of the
 * oldest records as make room: each is a step, and none is smaller than a header.
 * Return: memory of that size.
 */
void *oomx_store_reserve(size_t size)
{
	unsigned long flags;
	void *r;

	raw_spin_lock_irqsave(&ring_lock, flags);
	r = oomx_ring_reserve(&ring, size);
	raw_spin_unlock_irqrestore(&ring_lock, flags);
	return r;
}

/**
 * oomx_store_commit() - the record of the event is whole
 * @event: its number
 *
 * Context: After oomx_store_reserve(). Takes ring_lock. Waiting readers are woken as by
 * oomx_store_push().
 */
void oomx_store_commit(u64 event)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&ring_lock, flags);
	oomx_ring_last(&ring, &last_event);
	oomx_ring_commit(&ring);
	last_event_nr = event;
	raw_spin_unlock_irqrestore(&ring_lock, flags);
	notify_readers();
}

/**
 * oomx_store_of_panic() - the record of the newest event, where it lies
 * @event: its number
 *
 * No lock is taken: a CPU that was stopped may hold it.
 *
 * Context: Panic notifier: no other CPU runs any more, as far as the kernel could stop them.
 * Return: the record; NULL when it is not whole, or was overwritten.
 */
const struct oomx_record *oomx_store_of_panic(u64 event)
{
	const struct oomx_record *r = NULL;

	if (event == last_event_nr)
		r = oomx_ring_at(&ring, &last_event);
	return r && r->event == event ? r : NULL;
}

/**
 * oomx_store_readers() - where readers wait for the next record
 *
 * Context: Any.
 * Return: the wait queue; woken after each record.
 */
struct wait_queue_head *oomx_store_readers(void)
{
	return &readers;
}

/**
 * oomx_store_state() - figures of the store
 * @state: filled here
 *
 * Context: Any but NMI.
 */
void oomx_store_state(struct oomx_store_state *state)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&ring_lock, flags);
	state->size = ring.size;
	state->used = ring.head - ring.tail;
	state->records = ring.next_seq - ring.first_seq;
	state->overwritten = ring.overwritten;
	state->rejected = ring.rejected;
	state->events = last_event_nr;
	raw_spin_unlock_irqrestore(&ring_lock, flags);
}

/**
 * oomx_store_first() - go to the oldest record
 * @c: cursor to set
 *
 * Context: Any but NMI.
 */
void oomx_store_first(struct oomx_cursor *c)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&ring_lock, flags);
	oomx_ring_first(&ring, c);
	raw_spin_unlock_irqrestore(&ring_lock, flags);
}

/**
 * oomx_store_last() - go behind the newest record
 * @c: cursor to set
 *
 * Context: Any but NMI.
 */
void oomx_store_last(struct oomx_cursor *c)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&ring_lock, flags);
	oomx_ring_last(&ring, c);
	raw_spin_unlock_irqrestore(&ring_lock, flags);
}

/**
 * oomx_store_resume() - go on after a pause
 * @c: cursor; moved to the oldest record when it was overrun
 *
 * Context: Any but NMI.
 * Return: number of records that were lost to this reader.
 */
u64 oomx_store_resume(struct oomx_cursor *c)
{
	unsigned long flags;
	u64 lost;

	raw_spin_lock_irqsave(&ring_lock, flags);
	lost = oomx_ring_resume(&ring, c);
	raw_spin_unlock_irqrestore(&ring_lock, flags);
	return lost;
}

/**
 * oomx_store_seek() - go to a record
 * @c: cursor to set
 * @seq: number of the record, which may be overwritten, or of the next one to come
 *
 * Context: Process.
 * Return: 0, or -EINVAL when there was no such record yet; @c is unchanged then.
 */
int oomx_store_seek(struct oomx_cursor *c, u64 seq)
{
	struct oomx_cursor at;
	unsigned long flags;
	bool there;

	oomx_store_first(&at);
	do {
		raw_spin_lock_irqsave(&ring_lock, flags);
		there = oomx_ring_seek(&ring, &at, seq, SEEK_STEPS);
		raw_spin_unlock_irqrestore(&ring_lock, flags);
	} while (!there);
	if (at.seq != seq)
		return -EINVAL;
	*c = at;
	return 0;
}

/* Read the record at @c. Return its length; 0 at the end; more than @size: not read. */
static u32 try_next(struct oomx_cursor *c, void *buf, size_t size)
{
	struct oomx_record r = { 0 };
	unsigned long flags;

	raw_spin_lock_irqsave(&ring_lock, flags);
	oomx_ring_resume(&ring, c);
	if (oomx_ring_peek(&ring, c, &r) && r.len <= size)
		oomx_ring_read(&ring, c, buf, size);
	raw_spin_unlock_irqrestore(&ring_lock, flags);
	return r.len;
}

/**
 * oomx_store_next() - copy the next record out of the ring
 * @c: cursor; moved behind the record, and over what was lost before it
 * @buf: buffer of kvmalloc(), or NULL; replaced by a larger one as needed
 * @size: bytes of @buf
 *
 * Context: Process, may sleep. The caller frees @buf with kvfree().
 * Return: 1, 0 at the end, or -ENOMEM.
 */
int oomx_store_next(struct oomx_cursor *c, void **buf, size_t *size)
{
	u32 len;

	while ((len = try_next(c, *buf, *size)) > *size) {
		kvfree(*buf);
		*size = 0;
		*buf = kvmalloc(len, GFP_KERNEL);
		if (!*buf)
			return -ENOMEM;
		*size = len;
	}
	return len > 0;
}

/* Append the follow-ups of @event that come at or after @c. */
static int collect_followups(struct oomx_snapshot *snap, struct oomx_cursor *c, u64 event)
{
	struct oomx_record *r;
	size_t size = 0;
	void *buf = NULL, *all;
	int ret;

	while ((ret = oomx_store_next(c, &buf, &size)) > 0) {
		r = buf;
		if (r->type != OOMX_RECORD_FOLLOWUP || r->event != event)
			continue;
		all = krealloc(snap->followups, snap->followups_len + r->len, GFP_KERNEL);
		if (!all) {
			ret = -ENOMEM;
			break;
		}
		memcpy(all + snap->followups_len, r, r->len);
		snap->followups = all;
		snap->followups_len += r->len;
	}
	kvfree(buf);
	return ret;
}

/* The event as it may leave the kernel, with room for its ranking. */
static int set_event(struct oomx_snapshot *snap, const struct oomx_record *raw)
{
	struct oomx_table tasks, cgroups;

	snap->event = oomx_export(raw);
	if (!snap->event)
		return -ENOMEM;
	tasks = oomx_record_table(snap->event, OOMX_SEC_TASK);
	snap->order = kvmalloc_array(tasks.count + 1, sizeof(*snap->order), GFP_KERNEL);
	cgroups = oomx_record_table(snap->event, OOMX_SEC_CGROUP);
	snap->sums = kvmalloc_array(cgroups.count + 1, sizeof(*snap->sums), GFP_KERNEL);
	return snap->order && snap->sums ? 0 : -ENOMEM;
}

/* Copy the event at @c. */
static int fill_snapshot(struct oomx_snapshot *snap, struct oomx_cursor *c)
{
	void *raw = NULL;
	size_t size = 0;
	u64 event = 0;
	int ret;

	ret = oomx_store_next(c, &raw, &size);
	if (ret > 0 && ((struct oomx_record *)raw)->type == OOMX_RECORD_EVENT) {
		event = ((struct oomx_record *)raw)->event;
		ret = set_event(snap, raw);
	} else if (ret >= 0) {
		/* its own follow-ups, or a newer event just now, took its place */
		ret = -ENODATA;
	}
	kvfree(raw);
	if (ret < 0)
		return ret;
	ret = collect_followups(snap, c, event);
	return ret < 0 ? ret : 1;
}

/**
 * oomx_snapshot_of() - a copy of one record
 * @r: event, as it was captured
 *
 * Context: Process, may sleep.
 * Return: the copy, to be freed with oomx_snapshot_free(); ERR_PTR(-ENOMEM).
 */
struct oomx_snapshot *oomx_snapshot_of(const struct oomx_record *r)
{
	struct oomx_snapshot *snap = kzalloc(sizeof(*snap), GFP_KERNEL);
	int err = snap ? set_event(snap, r) : -ENOMEM;

	if (!err)
		return snap;
	oomx_snapshot_free(snap);
	return ERR_PTR(err);
}

/**
 * oomx_snapshot_last() - copy the newest event with its follow-ups
 *
 * Context: Process, may sleep.
 * Return: the copy, to be freed with oomx_snapshot_free(); NULL when there is no event
 * yet; ERR_PTR(-ENOMEM), or ERR_PTR(-ENODATA) when it was overwritten.
 */
struct oomx_snapshot *oomx_snapshot_last(void)
{
	struct oomx_snapshot *snap;
	struct oomx_cursor c;
	unsigned long flags;
	int ret;

	raw_spin_lock_irqsave(&ring_lock, flags);
	c = last_event;
	raw_spin_unlock_irqrestore(&ring_lock, flags);
	if (!c.seq)
		return NULL;
	snap = kzalloc(sizeof(*snap), GFP_KERNEL);
	if (!snap)
		return ERR_PTR(-ENOMEM);
	ret = fill_snapshot(snap, &c);
	if (ret > 0)
		return snap;
	oomx_snapshot_free(snap);
	return ERR_PTR(ret);
}

/**
 * oomx_snapshot_free() - free a copy
 * @snap: copy, NULL or ERR_PTR
 *
 * Context: Process.
 */
void oomx_snapshot_free(struct oomx_snapshot *snap)
{
	if (IS_ERR_OR_NULL(snap))
		return;
	kvfree(snap->event);
	kfree(snap->followups);
	kvfree(snap->order);
	kvfree(snap->sums);
	kfree(snap);
}
