// SPDX-License-Identifier: GPL-2.0
/*
 * The lines of one report.
 */
#include <stdlib.h>
#include <time.h>

#include "import.h"

/**
 * now_ms() - the time, of a clock that is not set
 *
 * Return: milliseconds.
 */
u64 now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (u64)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void *room(void *p, size_t *have, size_t need, size_t size)
{
	if (need <= *have)
		return p;
	*have = need * 2;
	return xalloc(p, *have * size);
}

/* A line that was kept only for what might follow it. */
static void drop_other(struct report *r)
{
	const struct line *last = r->n ? &r->lines[r->n - 1] : NULL;

	if (!last || last->kind != LINE_OTHER || !last->parts)
		return;
	r->len = last->at;
	r->n--;
}

/**
 * report_add() - add a line
 * @r: report
 * @text: line without its prefix
 * @p: prefix
 * @kind: of the line; LINE_OTHER without a prefix: the rest of the line before
 *
 * A line of no kind is kept until the next comes: it may be the first part of one that
 * was broken.
 */
void report_add(struct report *r, const char *text, const struct prefix *p, enum line_kind kind)
{
	size_t len = strlen(text) + 1;

	if (kind != LINE_OTHER || p->parts)
		drop_other(r);
	r->text = room(r->text, &r->room, r->len + len, 1);
	r->lines = room(r->lines, &r->lines_room, r->n + 1, sizeof(*r->lines));
	memcpy(r->text + r->len, text, len);
	r->lines[r->n++] = (struct line){
		.at = r->len, .kind = kind, .parts = p->parts, .width = p->len + len - 1,
		.stamp = p->stamp,
	};
	r->len += len;
}

/**
 * report_reset() - forget the lines, keep the memory
 * @r: report
 */
void report_reset(struct report *r)
{
	struct report empty = {
		.text = r->text, .room = r->room, .lines = r->lines, .lines_room = r->lines_room,
	};

	pids_free(&r->killed);
	*r = empty;
}

/**
 * report_free() - give the memory back
 * @r: report
 */
void report_free(struct report *r)
{
	pids_free(&r->killed);
	free(r->text);
	free(r->lines);
}
