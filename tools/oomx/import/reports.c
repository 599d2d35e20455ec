// SPDX-License-Identifier: GPL-2.0
/*
 * Which lines belong to one report.
 *
 * The kernel prints one report at a time, but a log may hold those of several hosts, line
 * by line among each other, and any other message in between.
 */
#include <stdlib.h>

#include "draft.h"

#define HOSTS		16	/* reports that are open at a time, each of another host */
#define HELD_MAX	2	/* the names of a task are in no more lines in a row */
#define PATIENCE	5000	/* lines without one of the report, after which it is over */

/**
 * struct held - a line that waits
 * @text: with its prefix
 * @number: of the line
 * @offset: of the line
 */
struct held {
	char *text;
	u64 number;
	u64 offset;
};

/**
 * struct reports - reports under way
 * @v: by host; those that are not open are free
 * @latest: which a line was added to last
 * @held: lines of which only the next tells whether they begin with a host
 * @n_held: how many
 * @done: takes a report that is complete
 * @after: takes a line about something that was killed before
 * @arg: for both
 */
struct reports {
	struct report v[HOSTS];
	struct report *latest;
	struct held held[HELD_MAX];
	size_t n_held;
	void (*done)(void *arg, struct report *r);
	void (*after)(void *arg, const char *line, enum line_kind kind, const struct prefix *p);
	void *arg;
};

/**
 * reports_new() - nothing is under way yet
 * @done: called with each report that is complete; may keep nothing of it
 * @after: called with each line about something that was killed before
 * @arg: for both
 *
 * Return: to be given to reports_free().
 */
struct reports *reports_new(void (*done)(void *arg, struct report *r),
			    void (*after)(void *arg, const char *line, enum line_kind kind,
					  const struct prefix *p), void *arg)
{
	struct reports *rs = xalloc(NULL, sizeof(*rs));

	memset(rs, 0, sizeof(*rs));
	rs->done = done;
	rs->after = after;
	rs->arg = arg;
	return rs;
}

/**
 * reports_free() - forget all
 * @rs: reports
 */
void reports_free(struct reports *rs)
{
	size_t i;

	for (i = 0; i < HOSTS; i++)
		report_free(&rs->v[i]);
	while (rs->n_held)
		free(rs->held[--rs->n_held].text);
	free(rs);
}

/**
 * reports_open() - is a report under way?
 * @rs: reports
 *
 * Return: true if any is, and lines have to be looked at one by one.
 */
bool reports_open(const struct reports *rs)
{
	size_t i;

	for (i = 0; i < HOSTS; i++)
		if (rs->v[i].open)
			return true;
	return rs->n_held;
}

static void finish(struct reports *rs, struct report *r)
{
	if (r->open && r->proof)
		rs->done(rs->arg, r);
	report_reset(r);
}

static void finish_all(struct reports *rs)
{
	size_t i;

	for (i = 0; i < HOSTS; i++)
		finish(rs, &rs->v[i]);
}

static struct report *oldest(struct reports *rs)
{
	struct report *r = &rs->v[0];
	size_t i;

	for (i = 0; i < HOSTS; i++) {
		if (!rs->v[i].open)
			return &rs->v[i];
		if (rs->v[i].used < r->used)
			r = &rs->v[i];
	}
	return r;
}

/* The report under way that a line may belong to; lines without a prefix to the latest. */
static struct report *find(struct reports *rs, const struct prefix *p)
{
	size_t i;

	if (!p->parts && rs->latest && rs->latest->open)
		return rs->latest;
	for (i = 0; i < HOSTS; i++)
		if (rs->v[i].open && strlen(rs->v[i].host) == p->host_len &&
		    (!p->host_len || !memcmp(rs->v[i].host, p->host, p->host_len)))
			return &rs->v[i];
	return NULL;
}

static void start(struct reports *rs, const struct prefix *p, u64 number, u64 offset)
{
	struct report *r = oldest(rs);

	finish(rs, r);
	r->open = true;
	r->number = number;
	r->offset = offset;
	r->parts = p->parts;
	if (p->host && p->host_len < sizeof(r->host))
		memcpy(r->host, p->host, p->host_len);
	r->stamp.mono_us = NO_CLOCK;
	rs->latest = r;
}

static bool ends(enum line_kind kind)
{
	return kind == LINE_KILLED || kind == LINE_EXITING || kind == LINE_NOBODY ||
	       kind == LINE_PANIC;
}

/* A symbol of the stack tells as well as words do. */
static bool is_proof(const char *text, enum line_kind kind)
{
	return line_is_proof(kind) ||
	       (kind == LINE_FRAME && (strstr(text, "out_of_memory+0x") ||
				       strstr(text, "oom_kill_process+0x")));
}

/* Kinds that are what they look like only behind certain others. */
static enum line_kind in_context(const struct report *r, enum line_kind kind)
{
	if (kind == LINE_STAT && r->last != LINE_STATS && r->last != LINE_STAT)
		return LINE_OTHER;
	if (kind == LINE_GLOBAL && r->last != LINE_MEMINFO && r->last != LINE_GLOBAL)
		return LINE_OTHER;
	return kind;
}

static void add(struct report *r, const char *text, const struct prefix *p, enum line_kind kind,
		u64 number)
{
	/* without a prefix it would pass for the rest of the line before */
	if (kind == LINE_OTHER && !p->parts)
		return;
	report_add(r, text, p, kind);
	if (kind == LINE_OTHER)
		return;
	r->used = number;
	r->seen_ms = now_ms();
	next_note(r, text, p, kind);
	r->proof = r->proof || is_proof(text, kind);
	if (r->last != LINE_GROUP || kind != LINE_KILLED)
		r->last = kind;
	r->said_end = r->said_end || ends(kind);
}

/*
 * In a storm the group is told of again, right after the task that was chosen: that one is not
 * of the group before.
 */
static struct report *split_group(struct reports *rs, struct report *r, u64 number, u64 offset)
{
	struct line last = r->lines[r->n - 1];
	struct prefix p = { .parts = last.parts, .stamp = last.stamp };
	char host[sizeof(r->host)], *text;

	if (last.kind != LINE_KILLED || r->n < 3)
		return r;
	text = strdup(r->text + last.at);
	if (!text)
		exit(STATUS_FAILED);
	memcpy(host, r->host, sizeof(host));
	p.host = host;
	p.host_len = strlen(host);
	r->n--;
	finish(rs, r);
	start(rs, &p, number, offset);
	add(rs->latest, text, &p, LINE_KILLED, number);
	free(text);
	return rs->latest;
}

/*
 * What the OOM reaper did: said while the report of another kill is printed, or long after its
 * own. It ends the report that names the task; without the line of the kill, too.
 */
static void reaped(struct reports *rs, struct report *r, const char *text, enum line_kind kind,
		   const struct prefix *p)
{
	u32 pid;

	if (r && parse_reaped(text, &pid) && next_names(r, pid)) {
		if (r->last == LINE_GROUP) {
			report_add(r, text, p, kind);
			return;
		}
		if (r->last == LINE_DECISION || r->said_end)
			finish(rs, r);
	}
	rs->after(rs->arg, text, kind, p);
}

static void line(struct reports *rs, const char *text, struct prefix *p, u64 number, u64 offset)
{
	enum line_kind kind = line_classify(text);
	struct report *r = find(rs, p);

	if (kind == LINE_BOOT) {
		finish_all(rs);
		return;
	}
	if (kind == LINE_REAPED || kind == LINE_UNREAPED) {
		reaped(rs, r, text, kind, p);
		return;
	}
	if (r && report_continues(r, text, p, kind)) {
		r->broken_at = max_t(size_t, r->broken_at, r->lines[r->n - 1].width);
		report_add(r, text, p, LINE_OTHER);
		return;
	}
	if (r && next_is_foreign(r, p, kind))
		return;
	if (r && kind == LINE_GROUP && r->last == LINE_GROUP)
		r = split_group(rs, r, number, offset);
	if (r && (next_begins(r, text, p, kind) || number - r->used > PATIENCE)) {
		finish(rs, r);
		r = NULL;
	}
	if (!r) {
		if (!line_can_start(kind))
			return;
		start(rs, p, number, offset);
		r = rs->latest;
	}
	rs->latest = r;
	add(r, text, p, in_context(r, kind), number);
}

static void parts_of(struct reports *rs, const char *part, struct prefix *p, u64 number,
		     u64 offset)
{
	const char *next;
	char *copy;

	/* rsyslog writes a message of several lines so */
	while ((next = strstr(part, "#012"))) {
		copy = strndup(part, next - part);
		if (!copy)
			exit(STATUS_FAILED);
		line(rs, copy, p, number, offset);
		free(copy);
		part = next + 4;
	}
	line(rs, part, p, number, offset);
}

/* Take the lines that waited. @next: prefix of the one behind them, or NULL */
static void release(struct reports *rs, const struct prefix *next)
{
	size_t n = rs->n_held, i;
	struct prefix p;
	struct held *h;

	rs->n_held = 0;
	for (i = 0; i < n; i++) {
		h = &rs->held[i];
		prefix_parse(h->text, &p);
		if (next && next->parts & PART_PRINTK && !(next->parts & PART_TAG))
			prefix_untag(h->text, &p);
		parts_of(rs, h->text + p.len, &p, h->number, h->offset);
		free(h->text);
	}
}

/*
 * In "[128.496873] a kernel: b invoked oom-killer:" the task may be b, on the host a, or
 * "a kernel: b". The lines around it tell.
 */
static bool is_doubtful(const char *text, const struct prefix *p)
{
	const char *end = p->host ? strstr(p->host, " invoked oom-killer:") : NULL;

	if (!p->host || p->parts & ~(PART_PRINTK | PART_TAG | PART_PRIORITY | PART_LEVEL))
		return false;
	if (!end)
		end = strstr(p->host, " cpuset=");
	return end && end - p->host < OOMX_COMM_LEN;
}

/* Return: true when the line has to wait. */
static bool hold(struct reports *rs, const char *text, struct prefix *p, u64 number, u64 offset)
{
	struct prefix plain = *p;
	struct report *r;
	char *copy;

	if (!is_doubtful(text, p) || find(rs, p) || rs->n_held == HELD_MAX)
		return false;
	prefix_untag(text, &plain);
	r = find(rs, &plain);
	if (r && r->parts & PART_PRINTK) {
		*p = plain;
		return false;
	}
	copy = strdup(text);
	if (!copy)
		exit(STATUS_FAILED);
	rs->held[rs->n_held++] = (struct held){ copy, number, offset };
	return true;
}

/**
 * reports_line() - a line of the log
 * @rs: reports
 * @text: the line, NUL-terminated
 * @number: of the line, from 1
 * @offset: of the line, bytes
 */
void reports_line(struct reports *rs, const char *text, u64 number, u64 offset)
{
	struct prefix p;

	prefix_parse(text, &p);
	if (p.foreign || !*text || hold(rs, text, &p, number, offset))
		return;
	release(rs, &p);
	parts_of(rs, text + p.len, &p, number, offset);
}

/**
 * reports_end() - no more lines come
 * @rs: reports
 */
void reports_end(struct reports *rs)
{
	release(rs, NULL);
	finish_all(rs);
}

/**
 * reports_idle() - no more lines come of reports that got none for a while
 * @rs: reports
 */
void reports_idle(struct reports *rs)
{
	u64 now = now_ms();
	size_t i;

	release(rs, NULL);
	for (i = 0; i < HOSTS; i++)
		if (rs->v[i].open && now >= rs->v[i].seen_ms + IDLE_MS)
			finish(rs, &rs->v[i]);
}
