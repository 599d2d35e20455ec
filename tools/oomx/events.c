// SPDX-License-Identifier: GPL-2.0
/*
 * Records gathered by event.
 */
#include <stdlib.h>

#include "tool.h"

static void *copy(const void *from, size_t len)
{
	return memcpy(xalloc(NULL, len), from, len);
}

static void add_event(struct events *e, const struct oomx_record *r)
{
	struct oomx_view *view;

	e->v = xalloc(e->v, (e->n + 1) * sizeof(*e->v));
	memset(&e->v[e->n], 0, sizeof(e->v[e->n]));
	view = &e->v[e->n++].view;
	view->event = copy(r, r->len);
	view->order = xalloc(NULL, (oomx_record_table(r, OOMX_SEC_TASK).count + 1ULL) *
			     sizeof(*view->order));
	view->sums = xalloc(NULL, (oomx_record_table(r, OOMX_SEC_CGROUP).count + 1ULL) *
			    sizeof(*view->sums));
}

static void add_followup(struct oomx_view *view, const struct oomx_record *r)
{
	u8 *all = xalloc((void *)view->followups, view->followups_len + r->len);

	memcpy(all + view->followups_len, r, r->len);
	view->followups = all;
	view->followups_len += r->len;
}

/**
 * events_add() - add a record
 * @e: events
 * @r: record that passed oomx_record_check(); is copied
 */
void events_add(struct events *e, const struct oomx_record *r)
{
	struct event *ev;

	if (r->type == OOMX_RECORD_EVENT) {
		add_event(e, r);
	} else if (r->type == OOMX_RECORD_FOLLOWUP) {
		ev = events_find(e, r->event);
		if (ev)
			add_followup(&ev->view, r);
		else
			e->orphans++;
	}
}

static void free_event(struct event *ev)
{
	free((void *)ev->view.event);
	free((void *)ev->view.followups);
	free(ev->view.order);
	free(ev->view.sums);
}

/**
 * events_drop_first() - forget the oldest event
 * @e: events, one at least
 */
void events_drop_first(struct events *e)
{
	free_event(&e->v[0]);
	e->n--;
	memmove(e->v, e->v + 1, e->n * sizeof(*e->v));
}

/**
 * events_free() - forget all
 * @e: events
 */
void events_free(struct events *e)
{
	size_t i;

	for (i = 0; i < e->n; i++)
		free_event(&e->v[i]);
	free(e->v);
	memset(e, 0, sizeof(*e));
}

/**
 * events_find() - an event by its number
 * @e: events
 * @id: its number
 *
 * Return: the newest of that number (a file may hold those of several boots), or NULL.
 */
struct event *events_find(struct events *e, u64 id)
{
	size_t i;

	for (i = e->n; i-- > 0;)
		if (e->v[i].view.event->event == id)
			return &e->v[i];
	return NULL;
}

static int take(void *arg, const struct oomx_record *r)
{
	events_add(arg, r);
	return STATUS_OK;
}

/**
 * events_load() - read all there is
 * @e: events, filled
 * @o: where from
 *
 * Return: exit code, errors were said.
 */
int events_load(struct events *e, const struct options *o)
{
	memset(e, 0, sizeof(*e));
	return o->input ? file_read(o->input, take, e) : live_all(take, e);
}

/**
 * event_text() - have an event printed
 * @ev: event
 * @print: printer
 *
 * Return: the text, to be freed.
 */
char *event_text(const struct event *ev, printer print)
{
	size_t len = print(&ev->view, NULL, 0);
	char *text = xalloc(NULL, len + 1);

	print(&ev->view, text, len + 1);
	return text;
}

/**
 * print_event() - print an event as text
 * @ev: event
 * @print: printer
 *
 * Return: exit code.
 */
int print_event(const struct event *ev, printer print)
{
	char *text = event_text(ev, print);
	int ret = print_text(text);

	free(text);
	return ret;
}

/**
 * event_line() - printer of an event in one line
 * @view: event and follow-ups
 * @buf: where to, or NULL to measure
 * @size: bytes of @buf
 *
 * Return: as oomx_report().
 */
size_t event_line(const struct oomx_view *view, char *buf, size_t size)
{
	struct oomx_text t = { .buf = buf, .size = size };
	const char *r = view->followups, *end = r + view->followups_len;
	struct oomx_line line = { 0 };

	oomx_line_add(&line, view->event);
	for (; r < end; r += ((const struct oomx_record *)r)->len)
		oomx_line_add(&line, (const struct oomx_record *)r);
	oomx_line_print(&t, &line);
	return oomx_text_end(&t);
}
