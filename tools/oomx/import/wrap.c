// SPDX-License-Identifier: GPL-2.0
/*
 * Lines that were broken on the way, by a terminal, a mail program or a person.
 *
 * Where the kernel's lines have prefixes, a line without one goes on where the last ended.
 * A terminal breaks at a column, in the middle of a number if need be: then most of the
 * pieces are equally long, and those belong together as they stand. What is shorter, and
 * all that a mail program has broken, has lost a space.
 */
#include <ctype.h>
#include <stdlib.h>

#include "import.h"

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

/**
 * report_continues() - does a line go on where the last one of a report ended?
 * @r: report
 * @text: the line
 * @p: prefix
 * @kind: of the line
 *
 * Return: true if it does, as far as can be told.
 */
bool report_continues(const struct report *r, const char *text, const struct prefix *p,
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

struct pieces {
	size_t width;	/* of the longest that goes on in the next line */
	bool hard;	/* broken at a column */
	bool single;	/* there is but one, which may be either */
};

/* Does the text end with the last number of its line? More digits may follow, but no words. */
static bool is_whole(const char *text)
{
	static const char *const last[] = {
		"oom_score_adj:", "oom_score_adj=", "failcnt ", ",uid=",
	};
	size_t len = strlen(text), n, i;

	while (len && isdigit((unsigned char)text[len - 1]))
		len--;
	for (i = 0; i < ARRAY_SIZE(last); i++) {
		n = strlen(last[i]);
		if (text[len] && len >= n && !memcmp(text + len - n, last[i], n))
			return true;
	}
	return false;
}

static bool goes_on(const struct report *r, size_t i)
{
	const char *text, *next;

	if (i + 1 >= r->n || r->lines[i + 1].kind != LINE_OTHER || r->lines[i + 1].parts)
		return false;
	text = r->text + r->lines[i].at;
	next = r->text + r->lines[i + 1].at;
	if (r->lines[i].kind == LINE_STAT || is_whole(text))
		return isdigit((unsigned char)*next) && !next[strspn(next, "0123456789 ")];
	return true;
}

static struct pieces measure(const struct report *r)
{
	struct pieces p = { 0 };
	size_t i, all = 0, full = 0;

	for (i = 0; i < r->n; i++)
		if (goes_on(r, i) && r->lines[i].width > p.width)
			p.width = r->lines[i].width;
	for (i = 0; i < r->n; i++) {
		all += goes_on(r, i);
		full += goes_on(r, i) && r->lines[i].width == p.width;
	}
	p.single = all == 1;
	p.hard = p.single || (full > 1 && full * 2 >= all);
	return p;
}

/* Append line @i of @from to the last one of @to. */
static void append(struct report *to, const struct report *from, size_t i,
		   const struct pieces *p)
{
	const char *more = from->text + from->lines[i].at;
	size_t len = strlen(more) + 1;

	to->len--;	/* the NUL */
	if (!p->hard || from->lines[i - 1].width < p->width)
		to->text[to->len++] = ' ';
	else if (p->single && isdigit((unsigned char)*more) && to->len &&
		 isdigit((unsigned char)to->text[to->len - 1]))
		to->text[to->len++] = '?';	/* one number, or two? */
	memcpy(to->text + to->len, more, len);
	to->len += len;
}

static void copy(struct report *to, const struct report *from, size_t i)
{
	const char *text = from->text + from->lines[i].at;
	size_t len = strlen(text) + 1;

	to->lines[to->n] = from->lines[i];
	to->lines[to->n++].at = to->len;
	memcpy(to->text + to->len, text, len);
	to->len += len;
}

static bool ends_in_number(enum line_kind kind)
{
	return kind == LINE_HEAD || kind == LINE_USAGE || kind == LINE_DECISION ||
	       kind == LINE_KILLED || kind == LINE_RESERVE;
}

/* Lines of the greatest width, where several kinds of them end there: they are cut; else 0. */
static size_t right_edge(const struct report *r)
{
	size_t edge = 0, i, n = 0;
	u64 kinds = 0;

	for (i = 0; i < r->n; i++)
		edge = max_t(size_t, edge, r->lines[i].width);
	for (i = 0; i < r->n; i++) {
		if (r->lines[i].width != edge)
			continue;
		n++;
		kinds |= 1ULL << r->lines[i].kind;
	}
	return n > 2 && kinds & (kinds - 1) ? edge : 0;
}

/* Of a number at the edge more digits may be missing. */
static void cut_numbers(struct report *r)
{
	size_t edge = right_edge(r), i, len;
	char *text;

	for (i = 0; i < r->n && edge; i++) {
		text = r->text + r->lines[i].at;
		if (r->lines[i].width != edge || !ends_in_number(r->lines[i].kind))
			continue;
		for (len = strlen(text); len && isdigit((unsigned char)text[len - 1]); len--)
			text[len - 1] = '\0';
	}
}

/**
 * report_unwrap() - put broken lines together
 * @r: report; its lines are classified anew where they grew
 *
 * Where all are cut at a column instead, they lose the number that ends there.
 */
void report_unwrap(struct report *r)
{
	struct pieces p = measure(r);
	struct report whole = *r;
	struct line *last;
	size_t i;

	if (!p.width) {
		cut_numbers(r);
		return;
	}
	whole.n = 0;
	whole.len = 0;
	whole.text = xalloc(NULL, r->len + r->n);
	whole.lines = xalloc(NULL, r->n * sizeof(*r->lines));
	for (i = 0; i < r->n; i++) {
		if (!i || !goes_on(r, i - 1)) {
			copy(&whole, r, i);
			continue;
		}
		append(&whole, r, i, &p);
		last = &whole.lines[whole.n - 1];
		last->kind = line_classify(whole.text + last->at);
	}
	free(r->text);
	free(r->lines);
	*r = whole;
	r->room = r->len;
	r->lines_room = r->n;
}
