/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A ring of whole records that overwrites the oldest.
 *
 * Positions are 64-bit byte offsets that only grow; a position modulo the size is
 * the place in memory. Records lie back to back from @tail to @head.
 *
 *	tail                          head
 *	 | rec seq 7 | rec seq 8 | rec seq 9 |   free   |
 *	 ^ first_seq                         ^ next_seq = 10
 *
 * A record is in one piece: the one that begins before the end of the memory and ends
 * behind it reaches into @max bytes more, which are the first ones of the memory, mapped
 * a second time (memory of their own would do as well). So it can be built in its place,
 * too: that is reserved, written without a lock, and committed. What is pushed meanwhile
 * waits:
 *
 *	head
 *	 | reserved, at most @max | waiting |
 *
 * Every record gets the next sequence number. What was lost shows: a reader that
 * expects a sequence number below first_seq has been overrun, and knows by how much.
 * There is no locking in here: the owner of the memory serialises all calls.
 */
#ifndef _OOMX_RING_H
#define _OOMX_RING_H

#include "oomx_types.h"

/**
 * struct oomx_ring - storage of records
 * @buf: memory of the owner, @size + @max bytes, aligned to OOMX_ALIGN
 * @size: bytes of all records together, a multiple of OOMX_ALIGN
 * @max: bytes of the largest record
 * @head: position where the next record goes
 * @tail: position of the oldest record
 * @reserved: bytes at @head for the record that is being built, or 0
 * @waiting: bytes behind these, of records that wait for it
 * @first_seq: sequence number of the record at @tail
 * @next_seq: sequence number of the next record, from 1
 * @overwritten: records that made room for newer ones
 * @rejected: records that were too large, and took no sequence number
 */
struct oomx_ring {
	u8 *buf;
	u64 size;
	u64 max;
	u64 head;
	u64 tail;
	u64 reserved;
	u64 waiting;
	u64 first_seq;
	u64 next_seq;
	u64 overwritten;
	u64 rejected;
};

/**
 * struct oomx_cursor - a place between records, as a reader keeps it
 * @pos: position of the next record to read
 * @seq: its sequence number
 */
struct oomx_cursor {
	u64 pos;
	u64 seq;
};

int oomx_ring_init(struct oomx_ring *ring, void *buf, u64 size, u64 max);
bool oomx_ring_push(struct oomx_ring *ring, const struct oomx_record *r);
struct oomx_record *oomx_ring_reserve(struct oomx_ring *ring, u64 len);
u64 oomx_ring_commit(struct oomx_ring *ring);
void oomx_ring_first(const struct oomx_ring *ring, struct oomx_cursor *c);
void oomx_ring_last(const struct oomx_ring *ring, struct oomx_cursor *c);
u64 oomx_ring_resume(const struct oomx_ring *ring, struct oomx_cursor *c);
bool oomx_ring_peek(const struct oomx_ring *ring, const struct oomx_cursor *c,
		    struct oomx_record *head);
const struct oomx_record *oomx_ring_at(const struct oomx_ring *ring, const struct oomx_cursor *c);
bool oomx_ring_read(const struct oomx_ring *ring, struct oomx_cursor *c, void *buf, size_t size);
void oomx_ring_skip(const struct oomx_ring *ring, struct oomx_cursor *c);
bool oomx_ring_seek(const struct oomx_ring *ring, struct oomx_cursor *c, u64 seq, u32 steps);

#endif /* _OOMX_RING_H */
