/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Records for the tests of the ring, which can be told from each other to the last word.
 */
#ifndef _OOMX_TEST_RING_H
#define _OOMX_TEST_RING_H

#include "oomx_ring.h"
#include "oomx_test.h"

#define HEADER		sizeof(struct oomx_record)

/* Every word of the payload tells which record it belongs to, and its place there. */
static inline u64 payload_word(u64 event, u32 i)
{
	return event * 1000003 + i;
}

static inline struct oomx_record *make_record(void *buf, u32 len, u64 event)
{
	struct oomx_record *r = buf;
	u64 *payload = (u64 *)(r + 1);
	u32 i;

	memset(r, 0, sizeof(*r));
	r->magic = OOMX_MAGIC;
	r->len = len;
	r->event = event;
	for (i = 0; i < (len - HEADER) / sizeof(u64); i++)
		payload[i] = payload_word(event, i);
	return r;
}

static inline bool record_intact(const void *buf, u32 len, u64 event, u64 seq)
{
	const struct oomx_record *r = buf;
	const u64 *payload = (const u64 *)(r + 1);
	u32 i;

	if (r->magic != OOMX_MAGIC || r->len != len || r->event != event || r->seq != seq)
		return false;
	for (i = 0; i < (len - HEADER) / sizeof(u64); i++)
		if (payload[i] != payload_word(event, i))
			return false;
	return true;
}

#endif /* _OOMX_TEST_RING_H */
