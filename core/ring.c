// SPDX-License-Identifier: GPL-2.0
/*
 * The ring of records: storage only. See include/oomx_ring.h.
 */
#include "oomx_ring.h"

/* Where a position is. A record is in one piece: it may reach beyond the end of the ring. */
static struct oomx_record *place(const struct oomx_ring *ring, u64 pos)
{
	return (struct oomx_record *)(ring->buf + pos % ring->size);
}

/**
 * oomx_ring_init() - an empty ring
 * @ring: ring to set up
 * @buf: its memory, @size + @max bytes, aligned to OOMX_ALIGN; the last @max are the first
 * ones once more, or memory of their own
 * @size: bytes of all records together, a multiple of OOMX_ALIGN
 * @max: bytes of the largest record, a multiple of OOMX_ALIGN and at most @size
 *
 * Context: Any.
 * Return: 0, or -1 when the sizes are not as above or @max has no room for a record.
 */
int oomx_ring_init(struct oomx_ring *ring, void *buf, u64 size, u64 max)
{
	if (max < sizeof(struct oomx_record) || max > size || max % OOMX_ALIGN ||
	    size % OOMX_ALIGN)
		return -1;
	memset(ring, 0, sizeof(*ring));
	ring->buf = buf;
	ring->size = size;
	ring->max = max;
	ring->first_seq = 1;
	ring->next_seq = 1;
	return 0;
}

static void drop_oldest(struct oomx_ring *ring)
{
	ring->tail += place(ring, ring->tail)->len;
	ring->first_seq++;
	ring->overwritten++;
}

/* Overwrite the oldest until @len more bytes fit. Return: false if they would not even then. */
static bool make_room(struct oomx_ring *ring, u64 len)
{
	u64 need = ring->reserved + ring->waiting + len;

	if (need > ring->size)
		return false;
	while (ring->head - ring->tail + need > ring->size)
		drop_oldest(ring);
	return true;
}

/* The record that stands at the head becomes part of the ring. Return: its number. */
static u64 take_in(struct oomx_ring *ring)
{
	struct oomx_record *r = place(ring, ring->head);

	r->seq = ring->next_seq++;
	ring->head += r->len;
	return r->seq;
}

/**
 * oomx_ring_push() - store a record, overwriting the oldest as needed
 * @ring: ring
 * @r: whole record
 *
 * A record that is larger than allowed is rejected and counted; what is in the ring stays.
 * While a place is reserved the record waits behind it, and gets its number when that is
 * committed. It is rejected, too, when so many wait that no more fit.
 *
 * Context: Any; the caller serialises.
 * Return: false when the record was rejected.
 */
bool oomx_ring_push(struct oomx_ring *ring, const struct oomx_record *r)
{
	if (r->len > ring->max || !make_room(ring, r->len)) {
		ring->rejected++;
		return false;
	}
	memcpy(place(ring, ring->head + ring->reserved + ring->waiting), r, r->len);
	if (ring->reserved)
		ring->waiting += r->len;
	else
		take_in(ring);
	return true;
}

/**
 * oomx_ring_reserve() - a place to build the next record in
 * @ring: ring; no place is reserved
 * @len: bytes, a multiple of OOMX_ALIGN and at most those of the largest record
 *
 * As many of the oldest records are overwritten as that needs.
 *
 * Context: Any; the caller serialises, and then may write there without that.
 * Return: the place.
 */
struct oomx_record *oomx_ring_reserve(struct oomx_ring *ring, u64 len)
{
	make_room(ring, len);
	ring->reserved = len;
	return place(ring, ring->head);
}

/* In small parts and upwards: the same memory may stand at two addresses. */
static void move_down(u8 *to, const u8 *from, u32 len)
{
	u8 part[64];
	u32 at, n;

	for (at = 0; at < len; at += n) {
		n = min_t(u32, len - at, sizeof(part));
		memcpy(part, from + at, n);
		memcpy(to + at, part, n);
	}
}

/**
 * oomx_ring_commit() - the record at the reserved place is whole
 * @ring: ring
 *
 * What it does not need of the place is free again: records that waited move up to it.
 *
 * Context: Any; the caller serialises.
 * Return: the sequence number.
 */
u64 oomx_ring_commit(struct oomx_ring *ring)
{
	u64 from = ring->head + ring->reserved, end = from + ring->waiting;
	u64 seq = take_in(ring);
	const struct oomx_record *r;

	ring->reserved = 0;
	ring->waiting = 0;
	while (from < end) {
		r = place(ring, from);
		from += r->len;
		move_down((u8 *)place(ring, ring->head), (const u8 *)r, r->len);
		take_in(ring);
	}
	return seq;
}

/**
 * oomx_ring_first() - go to the oldest record
 * @ring: ring
 * @c: cursor to set
 *
 * Context: Any; the caller serialises.
 */
void oomx_ring_first(const struct oomx_ring *ring, struct oomx_cursor *c)
{
	c->pos = ring->tail;
	c->seq = ring->first_seq;
}

/**
 * oomx_ring_last() - go behind the newest record
 * @ring: ring
 * @c: cursor to set
 *
 * Context: Any; the caller serialises.
 */
void oomx_ring_last(const struct oomx_ring *ring, struct oomx_cursor *c)
{
	c->pos = ring->head;
	c->seq = ring->next_seq;
}

/**
 * oomx_ring_resume() - go on after a pause, in which records may have been lost
 * @ring: ring
 * @c: cursor; moved to the oldest record when it was overrun
 *
 * Context: Any; the caller serialises.
 * Return: number of records that were lost to this reader.
 */
u64 oomx_ring_resume(const struct oomx_ring *ring, struct oomx_cursor *c)
{
	u64 lost;

	if (c->seq >= ring->first_seq)
		return 0;
	lost = ring->first_seq - c->seq;
	oomx_ring_first(ring, c);
	return lost;
}

/**
 * oomx_ring_peek() - the header of the next record
 * @ring: ring
 * @c: cursor that was not overrun
 * @head: set to the header
 *
 * Context: Any; the caller serialises.
 * Return: false when there is no next record.
 */
bool oomx_ring_peek(const struct oomx_ring *ring, const struct oomx_cursor *c,
		    struct oomx_record *head)
{
	if (c->pos >= ring->head)
		return false;
	*head = *place(ring, c->pos);
	return true;
}

/**
 * oomx_ring_at() - the next record, where it lies
 * @ring: ring
 * @c: cursor
 *
 * Context: Any; the caller serialises.
 * Return: the record, until it is overwritten; NULL when the cursor was overrun, or there is
 * no next record.
 */
const struct oomx_record *oomx_ring_at(const struct oomx_ring *ring, const struct oomx_cursor *c)
{
	if (c->seq < ring->first_seq || c->pos >= ring->head)
		return NULL;
	return place(ring, c->pos);
}

/**
 * oomx_ring_read() - copy the next record and move behind it
 * @ring: ring
 * @c: cursor that was not overrun
 * @buf: where to
 * @size: bytes of @buf
 *
 * Context: Any; the caller serialises.
 * Return: false when there is no next record or @buf is too small; nothing moves then.
 */
bool oomx_ring_read(const struct oomx_ring *ring, struct oomx_cursor *c, void *buf, size_t size)
{
	struct oomx_record r;

	if (!oomx_ring_peek(ring, c, &r) || r.len > size)
		return false;
	memcpy(buf, place(ring, c->pos), r.len);
	oomx_ring_skip(ring, c);
	return true;
}

/**
 * oomx_ring_skip() - move behind the next record, if there is one
 * @ring: ring
 * @c: cursor that was not overrun
 *
 * Context: Any; the caller serialises.
 */
void oomx_ring_skip(const struct oomx_ring *ring, struct oomx_cursor *c)
{
	struct oomx_record r;

	if (!oomx_ring_peek(ring, c, &r))
		return;
	c->pos += r.len;
	c->seq = r.seq + 1;
}

/**
 * oomx_ring_seek() - move on towards a record
 * @ring: ring
 * @c: cursor, at or before the record; one that was overrun begins at the oldest
 * @seq: number of the record; the one behind the newest is the end
 * @steps: records to step over at most
 *
 * A record that was overwritten can be gone to, too: reading there is an overrun.
 *
 * Context: Any; the caller serialises.
 * Return: true when the cursor is there, or as near as it gets; false: call again.
 */
bool oomx_ring_seek(const struct oomx_ring *ring, struct oomx_cursor *c, u64 seq, u32 steps)
{
	oomx_ring_resume(ring, c);
	if (seq < ring->first_seq) {
		c->seq = seq;
		return true;
	}
	while (c->seq < seq && c->seq < ring->next_seq) {
		if (!steps--)
			return false;
		oomx_ring_skip(ring, c);
	}
	return true;
}
