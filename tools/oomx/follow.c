// SPDX-License-Identifier: GPL-2.0
/*
 * Events as they come.
 *
 * An event is complete when its victims have given up their memory. It is printed then,
 * or after a second, in the order of the events.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "oomx_outcome.h"
#include "tool.h"

#define HOLD_MS		1000	/* an event is held back so long to be complete */
#define REOPEN_MS	200	/* how often to look whether the module is back */

static u64 now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000ULL + t.tv_nsec / 1000000;
}

/* A line between two reports. */
static int emit_text(const struct event *ev)
{
	int ret = print_event(ev, oomx_report);

	return ret ? ret : print_text("\n");
}

static int emit(const struct options *o, const struct event *ev)
{
	if (o->journal)
		return journal_send(ev);
	return o->json ? json_print(ev, true) : emit_text(ev);
}

static bool complete(const struct event *ev)
{
	struct oomx_outcome outcome;
	struct oomx_facts facts;

	oomx_facts_load(&facts, &ev->view);
	oomx_outcome(&facts, &outcome);
	return outcome.settled;
}

/* Print what is complete or was held for long enough; @all: the rest, too. */
static int emit_ready(const struct options *o, struct events *e, bool all)
{
	u64 now = now_ms();
	int ret = STATUS_OK;

	while (!ret && e->n && (all || complete(&e->v[0]) || now >= e->v[0].deadline_ms)) {
		ret = emit(o, &e->v[0]);
		events_drop_first(e);
	}
	return ret;
}

static void add(struct events *e, const struct live *live)
{
	const struct oomx_record *r = live->buf;

	if (live->lost)
		complain("%llu records were lost: overwritten before they could be read",
			 (unsigned long long)live->lost);
	events_add(e, r);
	if (r->type == OOMX_RECORD_EVENT)
		e->v[e->n - 1].deadline_ms = now_ms() + HOLD_MS;
}

static int wait_ms(const struct events *e)
{
	u64 now = now_ms();

	if (!e->n)
		return -1;
	return e->v[0].deadline_ms > now ? (int)(e->v[0].deadline_ms - now) : 0;
}

/* Follow until the module goes. */
static int follow_ring(const struct options *o, struct live *live)
{
	struct pollfd poll_fd = { .fd = live->fd, .events = POLLIN };
	struct events e = { 0 };
	int ret = STATUS_OK, got;

	do {
		got = live_read(live);
		if (got > 0)
			add(&e, live);
		else if (got == LIVE_AGAIN)
			poll(&poll_fd, 1, wait_ms(&e));
		/* in the middle of many, wait for the follow-ups that are there */
		if (got <= 0 || e.n > 64)
			ret = emit_ready(o, &e, got == LIVE_GONE);
	} while (!ret && got != LIVE_GONE && got != LIVE_ERROR);
	events_free(&e);
	return got == LIVE_ERROR ? STATUS_FAILED : ret;
}

static void wait_for_module(struct live *live)
{
	struct timespec pause = { .tv_nsec = REOPEN_MS * 1000000L };

	complain("the module was unloaded; waiting for it to come back");
	live_close(live);
	/* not at once: the file may still be there */
	do {
		nanosleep(&pause, NULL);
	} while (live_open(live, true));
	complain("the module is back");
}

static int follow_live(const struct options *o)
{
	struct live live;
	int ret = live_open(&live, false);

	if (!ret && !o->all)
		ret = live_end(&live);
	while (!ret) {
		ret = follow_ring(o, &live);
		if (!ret)
			wait_for_module(&live);
	}
	live_close(&live);
	return ret;
}

/**
 * cmd_follow() - print each event as it comes
 * @o: options
 *
 * Return: exit code; from a file, when all of it was printed.
 */
int cmd_follow(const struct options *o)
{
	struct events e;
	int ret, emitted;

	if (!o->input)
		return follow_live(o);
	ret = events_load(&e, o);
	emitted = emit_ready(o, &e, true);
	events_free(&e);
	return ret ? ret : emitted;
}
