// SPDX-License-Identifier: GPL-2.0
/*
 * The commands that print what there is, and end.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "tool.h"

/**
 * cmd_list() - a line an event
 * @o: options
 *
 * Return: exit code.
 */
int cmd_list(const struct options *o)
{
	struct events e;
	int ret = events_load(&e, o), printed = STATUS_OK;
	size_t i;

	for (i = 0; i < e.n && !printed; i++)
		printed = o->json ? json_print(&e.v[i], true) : print_event(&e.v[i], event_line);
	if (!e.n && !ret && !o->json)
		printed = print_text("no OOM since the module was loaded\n");
	events_free(&e);
	return ret ? ret : printed;
}

static struct event *choose(struct events *e, const char *arg)
{
	char *end;
	u64 id;

	if (!arg || !strcmp(arg, "last"))
		return e->n ? &e->v[e->n - 1] : NULL;
	errno = 0;
	id = strtoull(arg, &end, 10);
	return *end || !*arg || errno || arg[0] == '-' ? NULL : events_find(e, id);
}

static int no_event(const struct events *e, const char *arg)
{
	if (!e->n)
		complain("there is no event");
	else
		complain("there is no event %s; there are %llu to %llu", arg,
			 (unsigned long long)e->v[0].view.event->event,
			 (unsigned long long)e->v[e->n - 1].view.event->event);
	return STATUS_NO_EVENT;
}

static int show(const struct options *o, printer print)
{
	struct event *ev;
	struct events e;
	int ret = events_load(&e, o), shown;

	ev = choose(&e, o->arg);
	if (ev)
		shown = o->json ? json_print(ev, false) : print_event(ev, print);
	else
		shown = ret ? ret : no_event(&e, o->arg);
	events_free(&e);
	return ret ? ret : shown;
}

/**
 * cmd_show() - the report of an event
 * @o: options
 *
 * Return: exit code.
 */
int cmd_show(const struct options *o)
{
	return show(o, oomx_report);
}

/**
 * cmd_top() - the ranking of an event
 * @o: options
 *
 * Return: exit code.
 */
int cmd_top(const struct options *o)
{
	return show(o, oomx_report_top);
}

static int save_record(void *arg, const struct oomx_record *r)
{
	if (fwrite(r, r->len, 1, arg) == 1)
		return STATUS_OK;
	complain("cannot write: %m");
	return STATUS_FAILED;
}

static int save_all(FILE *to, void *arg)
{
	const struct options *o = arg;

	return o->input ? file_read(o->input, save_record, to) : live_all(save_record, to);
}

/**
 * cmd_save() - all records into a file
 * @o: options
 *
 * Return: exit code.
 */
int cmd_save(const struct options *o)
{
	int ret;

	if (strcmp(o->arg, "-"))
		return file_replace(o->arg, save_all, (void *)o);
	if (isatty(STDOUT_FILENO)) {
		complain("records are not for a terminal: oomx save FILE");
		return STATUS_USAGE;
	}
	ret = save_all(stdout, (void *)o);
	return ret ? ret : print_end();
}
