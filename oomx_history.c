// SPDX-License-Identifier: GPL-2.0
/*
 * The events in the ring, a line each.
 */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "oomx.h"
#include "oomx_report.h"

/* Number of the oldest event that is in the ring as a whole; 0: none. */
static u64 first_event(void)
{
	struct oomx_cursor c;
	void *buf = NULL;
	size_t size = 0;
	u64 event = 0;

	oomx_store_first(&c);
	while (!event && oomx_store_next(&c, &buf, &size) > 0)
		if (((struct oomx_record *)buf)->type == OOMX_RECORD_EVENT)
			event = ((struct oomx_record *)buf)->event;
	kvfree(buf);
	return event;
}

static int fill(struct oomx_history *h, u64 first)
{
	struct oomx_record *r;
	struct oomx_cursor c;
	void *buf = NULL;
	size_t size = 0;
	int ret;

	oomx_store_first(&c);
	while ((ret = oomx_store_next(&c, &buf, &size)) > 0) {
		r = buf;
		if (r->event >= first && r->event - first < h->count)
			oomx_line_add(&h->lines[r->event - first], r);
	}
	kvfree(buf);
	return ret;
}

/**
 * oomx_history_take() - the events in the ring
 *
 * Context: Process, may sleep.
 * Return: to be freed with oomx_history_free(), or ERR_PTR(-ENOMEM).
 */
struct oomx_history *oomx_history_take(void)
{
	struct oomx_history *h = kzalloc(sizeof(*h), GFP_KERNEL);
	struct oomx_store_state state;
	u64 first;

	if (!h)
		return ERR_PTR(-ENOMEM);
	first = first_event();
	oomx_store_state(&state);
	if (!first)
		return h;
	h->count = state.events - first + 1;
	h->lines = kvcalloc(h->count, sizeof(*h->lines), GFP_KERNEL);
	if (h->lines && !fill(h, first))
		return h;
	oomx_history_free(h);
	return ERR_PTR(-ENOMEM);
}

/**
 * oomx_history_free() - free a history
 * @h: history
 *
 * Context: Process.
 */
void oomx_history_free(struct oomx_history *h)
{
	kvfree(h->lines);
	kfree(h);
}
