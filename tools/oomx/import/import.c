// SPDX-License-Identifier: GPL-2.0
/*
 * oomx import: the OOM reports of a kernel log, as events.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "draft.h"

#define PENDING_MAX	64	/* events that wait for a line about their end */
#define KILLED_MAX	256	/* tasks killed before that are known still */

/* Pids are given anew: who was killed so long before is another. */
#define KILLED_S	60

/**
 * struct killed - a task that was killed by an event before
 * @host: hash of the name of the machine
 * @pid: of the task
 * @comm: of the task
 * @stamp: when
 * @kb: what it held in memory, at least
 * @skipped: the OOM reaper gave up on it
 */
struct killed {
	u32 host;
	u32 pid;
	char comm[OOMX_COMM_LEN];
	struct stamp stamp;
	u64 kb;
	bool skipped;
};

struct pending {
	struct draft *draft;
	u64 since_ms;
};

/**
 * struct import - an import under way
 * @o: the command line
 * @id: number of the last event
 * @v: events that are complete, but for a line about their end, oldest first
 * @n: how many
 * @killed: the last that were killed, a ring
 * @n_killed: how many there have been
 * @summary: of all, or NULL
 * @strange: it was said that a prefix is not known
 * @status: exit code
 */
struct import {
	const struct options *o;
	u64 id;
	struct pending v[PENDING_MAX];
	u32 n;
	struct killed killed[KILLED_MAX];
	u64 n_killed;
	struct summary *summary;
	bool strange;
	int status;
};

static u32 hash(const char *name)
{
	u32 h = 2166136261U;

	while (*name)
		h = (h ^ (u8)*name++) * 16777619U;
	return h;
}

/* Was it in the same run of the machine, and a moment ago? */
static bool is_recent(const struct stamp *then, const struct stamp *when)
{
	if (then->mono_us != NO_CLOCK && when->mono_us != NO_CLOCK)
		return when->mono_us >= then->mono_us &&
		       when->mono_us - then->mono_us <= KILLED_S * 1000000ULL;
	return then->real_ns && when->real_ns >= then->real_ns && then->flags == when->flags &&
	       when->real_ns - then->real_ns <= KILLED_S * 1000000000ULL;
}

/* Its memory was taken, or is not taken any more; another one of its pid and name has some. */
static bool is_left(const struct draft *d, const struct oomx_task *t, const struct killed *before)
{
	u64 kb = (t->rss_anon + t->rss_file + t->rss_shmem) * (d->page_size / 1024);

	return t->pid == before->pid && !strcmp(t->comm, before->comm) &&
	       (!d->n_victims || d->victims[0].v.pid != t->pid) &&
	       (before->skipped || kb * 10 <= before->kb);
}

/*
 * A task that an event before had killed, and that is in the table still: another one can
 * only have been chosen if its memory was taken before.
 */
static void mark_killed(struct import *im, struct draft *d)
{
	u32 host = hash(d->strings_buf + d->host), i, k;
	const struct killed *before;

	for (k = 0; k < KILLED_MAX && k < im->n_killed; k++) {
		before = &im->killed[k];
		if (before->host != host || !is_recent(&before->stamp, &d->start))
			continue;
		for (i = 0; i < d->n_tasks; i++)
			if (is_left(d, &d->tasks[i], before))
				d->tasks[i].status = OOMX_TASK_OOM_SKIP;
	}
}

static void remember_killed(struct import *im, const struct draft *d)
{
	const struct oomx_victim *v;
	struct killed *k;
	u32 i;

	for (i = 0; i < d->n_victims; i++) {
		v = &d->victims[i].v;
		k = &im->killed[im->n_killed++ % KILLED_MAX];
		k->host = hash(d->strings_buf + d->host);
		k->pid = v->pid;
		memcpy(k->comm, v->comm, sizeof(k->comm));
		k->stamp = d->victims[i].stamp;
		k->kb = v->rss_anon + v->rss_file + v->rss_shmem;
		k->skipped = d->victims[i].skipped;
	}
}

static int save_event(FILE *to, void *arg)
{
	const struct oomx_view *view = arg;

	if (fwrite(view->event, view->event->len, 1, to) == 1 &&
	    (!view->followups_len || fwrite(view->followups, view->followups_len, 1, to) == 1))
		return STATUS_OK;
	complain("cannot write: %m");
	return STATUS_FAILED;
}

/* A log without an OOM leaves nothing behind. */
static int make_dir(const char *path)
{
	if (!mkdir(path, 0755) || errno == EEXIST)
		return STATUS_OK;
	complain("cannot create %s: %m", path);
	return STATUS_FAILED;
}

static bool is_no_dir(const char *path)
{
	struct stat st;

	if (stat(path, &st) || S_ISDIR(st.st_mode))
		return false;
	complain("%s is no directory", path);
	return true;
}

/* One file an event; what is there already stays. */
static int save(const struct import *im, struct event *ev)
{
	char *path = NULL;
	int ret = STATUS_FAILED;

	if (make_dir(im->o->save))
		return STATUS_FAILED;
	if (asprintf(&path, "%s/%06llu.oomx", im->o->save, (unsigned long long)im->id) < 0)
		exit(STATUS_FAILED);
	if (!access(path, F_OK))
		complain("%s is there already: import into an empty directory", path);
	else
		ret = file_replace(path, save_event, &ev->view);
	free(path);
	return ret;
}

static int print(const struct import *im, struct event *ev)
{
	if (im->summary) {
		summary_add(im->summary, ev);
		return STATUS_OK;
	}
	if (im->o->save && save(im, ev))
		return STATUS_FAILED;
	if (im->o->json)
		return json_print(ev, true);
	if (im->o->list || im->o->save)
		return print_event(ev, event_line);
	if (im->id > 1 && print_text("\n"))
		return STATUS_FAILED;
	return print_event(ev, oomx_report);
}

static void emit_first(struct import *im)
{
	struct draft *d = im->v[0].draft;
	struct events e = { 0 };

	im->n--;
	memmove(im->v, im->v + 1, im->n * sizeof(*im->v));
	mark_killed(im, d);
	remember_killed(im, d);
	build_event(d, ++im->id, &e);
	draft_free(d);
	if (!im->status)
		im->status = print(im, &e.v[0]);
	events_free(&e);
}

static int idle(void *arg)
{
	struct import *im = arg;

	while (im->n && (!im->o->follow || now_ms() >= im->v[0].since_ms + IDLE_MS))
		emit_first(im);
	return im->status;
}

static void report_done(void *arg, struct report *r)
{
	struct import *im = arg;
	struct draft *d;

	if (im->n == PENDING_MAX)
		emit_first(im);
	report_unwrap(r);
	d = draft_of(r);
	im->v[im->n++] = (struct pending){ d, r->seen_ms };
	if (d->strange && !im->strange) {
		complain("line %llu: an unknown prefix: what stands behind it may be missing",
			 (unsigned long long)r->number);
		im->strange = true;
	}
}

static bool same_host(const struct draft *d, const struct prefix *p)
{
	const char *host = d->strings_buf + d->host;

	return strlen(host) == p->host_len && (!p->host_len || !memcmp(host, p->host, p->host_len));
}

/* The OOM reaper says what it did after the report, if not after those that follow. */
static void line_after(void *arg, const char *line, enum line_kind kind, const struct prefix *p)
{
	struct import *im = arg;
	u32 n;

	for (n = im->n; n-- > 0;)
		if (same_host(im->v[n].draft, p) &&
		    draft_reaped(im->v[n].draft, line, kind, &p->stamp))
			return;
}

static int finish(struct import *im, const char *path)
{
	if (im->status)
		return im->status;
	if (im->summary)
		return summary_print(im->summary, im->o->json);
	if (im->id)
		return STATUS_OK;
	complain("%s: no report of an OOM in it", !strcmp(path, "-") ? "standard input" : path);
	return STATUS_NO_EVENT;
}

/**
 * cmd_import() - kernel logs as events
 * @o: options
 *
 * Return: exit code.
 */
int cmd_import(const struct options *o)
{
	struct import im = { .o = o };
	const char *path = o->arg ? o->arg : "-";
	struct reports *rs;
	int ret;

	if (!o->arg && isatty(STDIN_FILENO)) {
		complain("import: which log? (oomx import FILE, or - for standard input)");
		return STATUS_USAGE;
	}
	if (o->save && is_no_dir(o->save))
		return STATUS_FAILED;
	im.summary = o->summary ? summary_new() : NULL;
	rs = reports_new(report_done, line_after, &im);
	ret = scan_file(path, o->follow, rs, idle, &im);
	reports_end(rs);
	while (im.n)
		emit_first(&im);
	reports_free(rs);
	if (!ret)
		ret = finish(&im, path);
	summary_free(im.summary);
	return ret;
}
