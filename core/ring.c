// SPDX-License-Identifier: GPL-2.0
/*
 * The ring of records: storage only. See include/oomx_ring.h.
 */
#include "oomx_ring.h"

static void copy_in(struct oomx_ring *ring, u64 pos, const void *from, size_t len)
{
	u64 at = pos % ring->size;
	size_t part = min_t(u64, len, ring->size - at);

	memcpy(ring->buf + at, from, part);
	memcpy(ring->buf, (const u8 *)from + part, len - part);
}

static void copy_out(const struct oomx_ring *ring, u64 pos, void *to, size_t len)
{
	u64 at = pos % ring->size;
	size_t part = min_t(u64, len, ring->size - at);

	memcpy(to, ring->buf + at, part);
	memcpy((u8 *)to + part, ring->buf, len - part);
}

/**
 * oomx_ring_init() - an empty ring
 * @ring: ring to set up
 * @buf: its memory, aligned to OOMX_ALIGN
 * @size: bytes of @buf
 *
 * Context: Any.
 * Return: 0, or -1 when @size cannot hold a record or is no multiple of OOMX_ALIGN.
 */
int oomx_ring_init(struct oomx_ring *ring, void *buf, u64 size)
{
	if (size < sizeof(struct oomx_record) || size % OOMX_ALIGN)
		return -1;
	memset(ring, 0, sizeof(*ring));
	ring->buf = buf;
	ring->size = size;
	ring->first_seq = 1;
	ring->next_seq = 1;
	return 0;
}

static void drop_oldest(struct oomx_ring *ring)
{
	struct oomx_record r;

	copy_out(ring, ring->tail, &r, sizeof(r));
	ring->tail += r.len;
	ring->first_seq++;
	ring->overwritten++;
}

/**
 * oomx_ring_push() - store a record, overwriting the oldest as needed
 * @ring: ring
 * @r: whole record; its seq is set here
 *
 * A record larger than the ring is rejected and counted; what is in the ring stays.
 *
 * Context: Any; the caller serialises.
 * Return: the sequence number, or 0 when the record was rejected.
 */
u64 oomx_ring_push(struct oomx_ring *ring, struct oomx_record *r)
{
	if (r->len > ring->size) {
		ring->rejected++;
		return 0;
	}
	while (ring->head - ring->tail + r->len > ring->size)
		drop_oldest(ring);
	r->seq = ring->next_seq++;
	copy_in(ring, ring->head, r, r->len);
	ring->head += r->len;
	return r->seq;
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
	copy_out(ring, c->pos, head, sizeof(*head));
	return true;
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
	copy_out(ring, c->pos, buf, r.len);
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
