// SPDX-License-Identifier: GPL-2.0
/*
 * A log as it comes, in blocks of bounded size.
 *
 * While no report is under way only lines with one of a few words are looked at; memmem()
 * finds these. A word that stands in the middle of a report, whose beginning is missing,
 * makes the lines before it be looked at, as far as they are still there.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "import.h"

#define BLOCK		1048576
#define LINE_MAX_BYTES	65536	/* what is longer is cut */
#define LOOK_BACK	65536	/* bytes before a word that may belong to its report */
#define READ_FAILED	-1
#define NOTHING_YET	-2
#define POLL_MS		250	/* follow: how often to look for more, and for what is over */

/* One of these is in every report, however much of it is missing, and near its beginning. */
static const char *const words[] = {
	" invoked oom-kill", "mems_allowed=", "Mem-Info:", "emory cgroup stats",
	"result of limit of ", "Tasks state (", " pid ]", "  pid  ]", "oom-kill:con",
	"ut of memory", "Killed process ", "oom_reaper: ", "OOM victim ",
};

/**
 * struct scan - a log under way
 * @rs: takes its lines
 * @buf: a block, behind what was left of the last
 * @len: bytes of @buf
 * @at: what comes before it was taken
 * @floor: no line before this is looked at again
 * @behind: 1 + where each word comes next in @buf; not looked for while it is not above @at
 * @number: lines before @counted
 * @counted: up to where lines were counted
 * @offset: of @buf in the log
 * @line: the line being looked at
 */
struct scan {
	struct reports *rs;
	char *buf;
	size_t len;
	size_t at;
	size_t floor;
	size_t behind[ARRAY_SIZE(words)];
	u64 number;
	size_t counted;
	u64 offset;
	char line[LINE_MAX_BYTES];
};

static u64 line_number(struct scan *s, size_t at)
{
	const char *p = s->buf + s->counted, *end = s->buf + at;

	while (p < end && (p = memchr(p, '\n', end - p))) {
		s->number++;
		p++;
	}
	s->counted = at;
	return s->number + 1;
}

static size_t line_end(const struct scan *s, size_t at)
{
	const char *end = memchr(s->buf + at, '\n', s->len - at);

	return end ? (size_t)(end - s->buf) : s->len;
}

static size_t line_start(const struct scan *s, size_t at)
{
	const char *nl = at ? memrchr(s->buf, '\n', at) : NULL;

	return nl ? (size_t)(nl - s->buf) + 1 : 0;
}

/* A string without NULs, line ends and what else some tool left there. */
static void copy_line(struct scan *s, size_t at, size_t end)
{
	size_t len = end - at < sizeof(s->line) ? end - at : sizeof(s->line) - 1, i;

	memcpy(s->line, s->buf + at, len);
	for (i = 0; i < len; i++)
		if (!s->line[i])
			s->line[i] = ' ';
	while (len && (s->line[len - 1] == '\r' || s->line[len - 1] == '\n'))
		len--;
	s->line[len] = '\0';
	line_unpack(s->line, sizeof(s->line));
}

static void take_line(struct scan *s, size_t at, size_t end)
{
	u64 number = line_number(s, at);

	copy_line(s, at, end);
	reports_line(s->rs, s->line, number, s->offset + at);
	s->at = end < s->len ? end + 1 : end;
	s->floor = s->at;
}

/* The next word from @s->at on; @s->len: there is none. */
static size_t next_word(struct scan *s)
{
	size_t first = s->len, i;
	const char *found;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		if (s->behind[i] <= s->at) {
			found = memmem(s->buf + s->at, s->len - s->at, words[i], strlen(words[i]));
			s->behind[i] = (found ? (size_t)(found - s->buf) : s->len) + 1;
		}
		first = min_t(size_t, first, s->behind[i] - 1);
	}
	return first;
}

/* May the line before a word be one of its report? */
static bool belongs(struct scan *s, size_t at, size_t end)
{
	struct prefix p;
	enum line_kind kind;

	copy_line(s, at, end);
	prefix_parse(s->line, &p);
	kind = line_classify(s->line + p.len);
	return kind == LINE_ROW || kind == LINE_ZONE || kind == LINE_NODE ||
	       kind == LINE_RESERVE || kind == LINE_BUDDY || kind == LINE_USAGE ||
	       kind == LINE_TOTAL;
}

/* Where to begin, so that what is left of a report without a beginning is not missed. */
static size_t look_back(struct scan *s, size_t at)
{
	size_t lowest = at > LOOK_BACK ? at - LOOK_BACK : 0, first = at, strange = 0, start;

	if (lowest < s->floor)
		lowest = s->floor;
	while (at > lowest && strange < 8) {
		start = line_start(s, at - 1);
		if (start < lowest)
			break;
		if (belongs(s, start, at - 1)) {
			first = start;
			strange = 0;
		} else {
			strange++;
		}
		at = start;
	}
	return first;
}

/* The end of the last line that is complete; @last: of all there is. */
static size_t complete(const struct scan *s, bool last)
{
	size_t whole = last ? s->len : line_start(s, s->len);

	/* a line without an end is cut */
	return s->len - whole >= BLOCK ? s->len : whole;
}

static void take_block(struct scan *s, bool last)
{
	size_t whole = complete(s, last), word, end;

	memset(s->behind, 0, sizeof(s->behind));
	while (s->at < whole) {
		if (!reports_open(s->rs)) {
			word = next_word(s);
			if (word >= whole) {
				s->at = whole;
				return;
			}
			s->at = look_back(s, line_start(s, word));
		}
		end = line_end(s, s->at);
		take_line(s, s->at, end < whole ? end : whole);
	}
}

/* Keep what is not taken yet, and what a word might look back at. */
static void shift(struct scan *s)
{
	size_t keep = s->at > LOOK_BACK ? line_start(s, s->at - LOOK_BACK) : 0;

	line_number(s, keep > s->counted ? keep : s->counted);
	memmove(s->buf, s->buf + keep, s->len - keep);
	s->offset += keep;
	s->len -= keep;
	s->at -= keep;
	s->counted -= keep;
	s->floor = s->floor > keep ? s->floor - keep : 0;
}

/* A file goes on when it grew; when it is shorter than it was, somebody emptied it. */
static ssize_t at_end(int fd)
{
	off_t at = lseek(fd, 0, SEEK_CUR);
	struct stat st;

	if (at < 0 || fstat(fd, &st) || !S_ISREG(st.st_mode))
		return 0;
	if (st.st_size < at)
		lseek(fd, 0, SEEK_SET);
	else
		poll(NULL, 0, POLL_MS);
	return NOTHING_YET;
}

/* Return: bytes read, 0 at the end, READ_FAILED or NOTHING_YET */
static ssize_t more(struct scan *s, int fd, bool follow)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	ssize_t n;

	if (follow && !poll(&p, 1, POLL_MS))
		return NOTHING_YET;
	n = read(fd, s->buf + s->len, BLOCK);
	if (n > 0)
		s->len += n;
	return n || !follow ? n : at_end(fd);
}

/* Return: exit code, or READ_FAILED with errno. */
static int scan_fd(struct scan *s, const char *path, int fd, bool follow,
		   int (*idle)(void *arg), void *arg)
{
	int ret = STATUS_OK;
	ssize_t n = 1;
	bool first = true;

	while (n && !ret) {
		n = more(s, fd, follow);
		if (n == READ_FAILED && errno == EINTR)
			continue;
		if (n == READ_FAILED)
			return READ_FAILED;
		if (first && n > 0 && magic_refuse(path, s->buf, s->len))
			return STATUS_FAILED;
		first = first && n <= 0;
		if (n >= 0)
			take_block(s, !n);
		if (n > 0)
			shift(s);
		if (follow)
			reports_idle(s->rs);
		ret = follow || !n ? idle(arg) : STATUS_OK;
	}
	return ret;
}

/**
 * scan_file() - read a log
 * @path: file; "-" is standard input
 * @follow: it goes on; print what is complete when nothing comes for a while
 * @rs: takes its lines
 * @idle: called when there is time to print
 * @arg: for @idle
 *
 * Return: exit code, errors were said.
 */
int scan_file(const char *path, bool follow, struct reports *rs, int (*idle)(void *arg), void *arg)
{
	bool std = !strcmp(path, "-");
	int fd = std ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC), ret;
	struct scan *s;

	if (fd < 0) {
		complain("cannot read %s: %m", path);
		return STATUS_FAILED;
	}
	s = xalloc(NULL, sizeof(*s));
	memset(s, 0, sizeof(*s));
	s->rs = rs;
	s->buf = xalloc(NULL, 3 * BLOCK);
	ret = scan_fd(s, path, fd, follow, idle, arg);
	if (ret == READ_FAILED) {
		complain("cannot read %s: %m", std ? "standard input" : path);
		ret = STATUS_FAILED;
	}
	if (!std)
		close(fd);
	free(s->buf);
	free(s);
	return ret;
}
