// SPDX-License-Identifier: GPL-2.0
/*
 * Events of the same domain in a row: the kill before them did not help.
 */
#include <linux/kernel.h>
#include <linux/ktime.h>

#include "oomx.h"

#define WITHIN_NS	5000000000ULL	/* an event so soon after another repeats it */
#define NR_RECENT	16

/**
 * struct recent - a domain that was out of memory lately
 * @id: of the domain
 * @event: number of its last event
 * @ns: time of it, monotonic
 * @row: events before that one, each within 5 s of the next
 */
struct recent {
	u64 id;
	u64 event;
	u64 ns;
	u32 row;
};

static struct recent recent[NR_RECENT];	/* guarded by oom_lock */

static struct recent *find(u64 id)
{
	struct recent *oldest = recent, *r;

	for (r = recent; r < recent + NR_RECENT; r++) {
		if (r->event && r->id == id)
			return r;
		if (r->ns < oldest->ns)
			oldest = r;
	}
	return oldest;
}

static void tell(const struct recent *before, u64 event, u64 now)
{
	u8 buf[96] __aligned(OOMX_ALIGN);
	struct oomx_repeat repeat = { .after_ns = now - before->ns, .event = event };
	struct oomx_builder b;

	oomx_build_begin(&b, buf, sizeof(buf), OOMX_RECORD_FOLLOWUP, before->event);
	oomx_build_copy(&b, OOMX_SEC_REPEAT, &repeat, sizeof(repeat), 1);
	oomx_build_end(&b);
	oomx_store_push((struct oomx_record *)buf);
}

/**
 * oomx_repeats() - has this domain been out of memory just now?
 * @d: domain of a new event
 * @event: number of that event
 *
 * The event before it gets a follow-up that says so.
 *
 * Context: Inside out_of_memory(), guarded by oom_lock.
 * Return: how many events of this domain came before, each within 5 s of the next.
 */
u32 oomx_repeats(const struct oomx_domain *d, u64 event)
{
	struct recent *r = find(d->id);
	u64 now = ktime_get_mono_fast_ns();
	u32 row = 0;

	if (r->event && r->id == d->id && now - r->ns <= WITHIN_NS) {
		row = r->row + 1;
		oomx_count(OOMX_COUNT_REPEATS);
		tell(r, event, now);
	}
	*r = (struct recent){ .id = d->id, .event = event, .ns = now, .row = row };
	return row;
}
