// SPDX-License-Identifier: GPL-2.0
/*
 * Which lines belong to one report.
 *
 * The kernel prints one report at a time, but a log may hold those of several hosts, line
 * by line among each other, and any other message in between.
 */
#include <stdlib.h>

#include "import.h"

#define HOSTS		16	/* reports that are open at a time, each of another host */
#define PATIENCE	5000	/* lines without one of the report, after which it is over */

/**
 * struct reports - reports under way
 * @v: by host; those that are not open are free
 * @latest: which a line was added to last
 * @done: takes a report that is complete
 * @after: takes a line about something that was killed before
 * @arg: for both
 */
struct reports {
	struct report v[HOSTS];
	struct report *latest;
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
	return false;
}

static void finish(struct reports *rs, struct report *r)
{
	if (r->open && r->proof)
		rs->done(rs->arg, r);
	report_reset(r);
}

/**
 * reports_end() - no more lines come
 * @rs: reports
 */
void reports_end(struct reports *rs)
{
	size_t i;

	for (i = 0; i < HOSTS; i++)
		finish(rs, &rs->v[i]);
}

/**
 * reports_idle() - no more lines come of reports that got none for a while
 * @rs: reports
 */
void reports_idle(struct reports *rs)
{
	u64 now = now_ms();
	size_t i;

	for (i = 0; i < HOSTS; i++)
		if (rs->v[i].open && now >= rs->v[i].seen_ms + IDLE_MS)
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

/* May a report begin with such a line? What comes before it may be missing. */
static bool can_start(enum line_kind kind)
{
	switch (kind) {
	case LINE_OTHER:
	case LINE_FRAME:
	case LINE_TRACE:
	case LINE_STAT:
	case LINE_GLOBAL:
	case LINE_TOTAL:
	case LINE_GROUP:
	case LINE_REAPED:
	case LINE_UNREAPED:
	case LINE_FAILURE:
	case LINE_BOOT:
		return false;
	default:
		return true;
	}
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

/* Without a prefix another message looks the same, but for what the long lines consist of. */
static bool has_words(const char *text)
{
	static const char *const long_ones[] = {
		"kB", "KB", "gfp_mask=", "order=", "oom_score_adj", "mems_allowed=", "memcg=",
		"task=", "pid=", "uid=",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(long_ones); i++)
		if (strstr(text, long_ones[i]))
			return true;
	return false;
}

/* Broken lines of a log without prefixes: the rest of a long one is nothing of its own. */
static bool is_rest(const struct report *r, const char *text, enum line_kind kind)
{
	const struct line *last = &r->lines[r->n - 1];

	if (last->width < 60 || (kind != LINE_OTHER && kind != LINE_GLOBAL) ||
	    (last->width != r->broken_at && !has_words(text)))
		return false;
	switch (last->kind) {
	case LINE_HEAD:
	case LINE_NODE:
	case LINE_ZONE:
	case LINE_BUDDY:
	case LINE_STATS:
	case LINE_COLUMNS:
	case LINE_DECISION:
	case LINE_KILLED:
		return true;
	case LINE_ROW:
		return last->width == r->broken_at;
	default:
		return last->kind == LINE_OTHER;	/* the rest so far */
	}
}

/* Does a line without a prefix go on where the last one ended? */
static bool continues(const struct report *r, const char *text, const struct prefix *p,
		      enum line_kind kind)
{
	if (p->parts || !r->n)
		return false;
	if (!r->parts)
		return is_rest(r, text, kind);
	/* one message of several lines, of which only the first has a prefix */
	if (kind == LINE_STAT && (r->last == LINE_STATS || r->last == LINE_STAT))
		return false;
	return kind != LINE_GLOBAL || (r->last != LINE_MEMINFO && r->last != LINE_GLOBAL);
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
		reports_end(rs);
		return;
	}
	if (kind == LINE_REAPED || kind == LINE_UNREAPED) {
		reaped(rs, r, text, kind, p);
		return;
	}
	if (r && continues(r, text, p, kind)) {
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
		if (!can_start(kind))
			return;
		start(rs, p, number, offset);
		r = rs->latest;
	}
	rs->latest = r;
	add(r, text, p, in_context(r, kind), number);
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
	const char *part, *next;
	struct prefix p;
	char *copy;

	prefix_parse(text, &p);
	if (p.foreign || !*text)
		return;
	part = text + p.len;
	/* rsyslog writes a message of several lines so */
	while ((next = strstr(part, "#012"))) {
		copy = strndup(part, next - part);
		if (!copy)
			exit(STATUS_FAILED);
		line(rs, copy, &p, number, offset);
		free(copy);
		part = next + 4;
	}
	line(rs, part, &p, number, offset);
}
