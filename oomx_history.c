// SPDX-License-Identifier: GPL-2.0
/*
 * The events in the ring, a line each.
 */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "oomx.h"
#include "oomx_report.h"

/* @event: number of the oldest event that is in the ring as a whole; 0: none. */
static int first_event(u64 *event)
{
	struct oomx_cursor c;
	void *buf = NULL;
	size_t size = 0;
	int ret = 1;

	*event = 0;
	oomx_store_first(&c);
	while (!*event && ret > 0) {
		ret = oomx_store_next(&c, &buf, &size);
		if (ret > 0 && ((struct oomx_record *)buf)->type == OOMX_RECORD_EVENT)
			*event = ((struct oomx_record *)buf)->event;
	}
	kvfree(buf);
	return min(ret, 0);
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
	if (first_event(&first))
		goto free;
	oomx_store_state(&state);
	if (!first)
		return h;
	h->count = state.events - first + 1;
	h->lines = kvcalloc(h->count, sizeof(*h->lines), GFP_KERNEL);
	if (h->lines && !fill(h, first))
		return h;
free:
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
