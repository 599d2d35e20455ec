/* SPDX-License-Identifier: GPL-2.0 */
/*
 * oomx, the tool: reads the records of the module, live or from a file.
 */
#ifndef _TOOL_H
#define _TOOL_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "oomx_report.h"

/* Exit codes; oomx.8 documents them. */
enum {
	STATUS_OK	= 0,
	STATUS_FAILED	= 1,	/* the system said no: not root, no module, no disk */
	STATUS_USAGE	= 2,	/* the command line is wrong */
	STATUS_NO_EVENT	= 3,	/* there is no such event */
	STATUS_CORRUPT	= 4,	/* the input is no record of oomx, or a damaged one */
};

/**
 * struct options - the command line
 * @command: what to do
 * @arg: its argument, or NULL
 * @input: file with records instead of the module's ring; "-" is standard input
 * @textfile: where metrics go instead of standard output
 * @json: JSON instead of text
 * @journal: to the systemd journal instead of standard output
 * @all: follow: begin with the events that are there already
 * @openmetrics: metrics: strictly as OpenMetrics names counters
 * @follow: import: the log goes on
 * @list: import: a line an event
 * @summary: import: counts only
 * @save: import: directory for the records
 */
struct options {
	const char *command;
	const char *arg;
	const char *input;
	const char *textfile;
	bool json;
	bool journal;
	bool all;
	bool openmetrics;
	bool follow;
	bool list;
	bool summary;
	const char *save;
};

/**
 * struct event - an event and what became of it
 * @view: for the printers; owns all that it points to
 * @deadline_ms: follow: when it is printed at the latest, CLOCK_MONOTONIC
 */
struct event {
	struct oomx_view view;
	u64 deadline_ms;
};

/**
 * struct events - events in the order they were taken
 * @v: array of @n
 * @n: how many
 * @orphans: follow-ups of events that are not there
 */
struct events {
	struct event *v;
	size_t n;
	u64 orphans;
};

/* output.c */
void complain(const char *fmt, ...) __printf(1, 2);
void *xalloc(void *old, size_t size);
int print_text(const char *text);
int print_end(void);

/* events.c */
void events_add(struct events *e, const struct oomx_record *r);
void events_drop_first(struct events *e);
void events_free(struct events *e);
struct event *events_find(struct events *e, u64 id);
int events_load(struct events *e, const struct options *o);
typedef size_t (*printer)(const struct oomx_view *view, char *buf, size_t size);
char *event_text(const struct event *ev, printer print);
int print_event(const struct event *ev, printer print);
size_t event_line(const struct oomx_view *view, char *buf, size_t size);

/* file.c */
int file_read(const char *path, int (*take)(void *arg, const struct oomx_record *r), void *arg);
int file_replace(const char *path, int (*write)(FILE *to, void *arg), void *arg);

/* live.c */
#define LIVE_AGAIN	0	/* nothing to read now */
#define LIVE_LOST	-1	/* records were overwritten before they were read */
#define LIVE_GONE	-2	/* the module was unloaded */
#define LIVE_ERROR	-3	/* said already */

/**
 * struct live - the module's ring
 * @fd: open file, or -1
 * @buf: the last record read
 * @size: bytes of @buf
 * @next_seq: number of the record expected next; 0: any
 * @lost: LIVE_LOST, and LIVE_AGAIN after it: how many records
 */
struct live {
	int fd;
	void *buf;
	size_t size;
	u64 next_seq;
	u64 lost;
};

int live_open(struct live *live, bool quiet);
int live_read(struct live *live);
int live_end(struct live *live);
void live_close(struct live *live);
int live_all(int (*take)(void *arg, const struct oomx_record *r), void *arg);
int live_stats(int (*take)(void *arg, const char *name, u64 value), void *arg);
int live_complain(const char *path);

/* json.c */
int json_print(const struct event *ev, bool one_line);
char *json_text(const struct event *ev);

/* commands: each returns an exit code */
int cmd_list(const struct options *o);
int cmd_show(const struct options *o);
int cmd_top(const struct options *o);
int cmd_now(const struct options *o);
int cmd_save(const struct options *o);
int cmd_follow(const struct options *o);
int cmd_metrics(const struct options *o);
int cmd_import(const struct options *o);

/* journal.c */
int journal_send(const struct event *ev);

#endif /* _TOOL_H */
