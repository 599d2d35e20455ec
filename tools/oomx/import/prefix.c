// SPDX-License-Identifier: GPL-2.0
/*
 * What stands before the kernel's own words in a line of a log.
 *
 * dmesg, journalctl, syslog daemons and container runtimes each put something there, and
 * some of it several times over. Each part is taken off by a function of its own, in any
 * order, until none fits.
 */
#include <ctype.h>
#include <stdlib.h>
#include <time.h>

#include "draft.h"

#define NSEC_PER_SEC	1000000000ULL

static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
static const char days[] = "SunMonTueWedThuFriSat";

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static void spaces(const char **p)
{
	while (**p == ' ')
		(*p)++;
}

/* A number of @min to @max digits. */
static bool digits(const char **p, int min, int max, int *v)
{
	int n = 0;

	for (*v = 0; n < max && is_digit((*p)[n]); n++)
		*v = *v * 10 + ((*p)[n] - '0');
	if (n < min || is_digit((*p)[n]))
		return false;
	*p += n;
	return true;
}

/* Three letters out of a list of such. */
static bool abbreviation(const char **p, const char *list, int *index)
{
	const char *at;

	for (at = list; *at; at += 3) {
		if (strncmp(*p, at, 3))
			continue;
		*index = (at - list) / 3;
		*p += 3;
		return true;
	}
	return false;
}

/* ".123456" as nanoseconds; nothing is 0. */
static u64 fraction(const char **p)
{
	u64 ns = 0, unit = NSEC_PER_SEC / 10;

	if ((**p != '.' && **p != ',') || !is_digit((*p)[1]))
		return 0;
	for ((*p)++; is_digit(**p); (*p)++) {
		ns += unit * (**p - '0');
		unit /= 10;
	}
	return ns;
}

static bool clock_of_day(const char **p, struct tm *tm, u64 *ns)
{
	if (!digits(p, 2, 2, &tm->tm_hour) || !take(p, ":") || !digits(p, 2, 2, &tm->tm_min) ||
	    !take(p, ":") || !digits(p, 2, 2, &tm->tm_sec))
		return false;
	*ns = fraction(p);
	return tm->tm_hour < 24 && tm->tm_min < 60 && tm->tm_sec <= 60;
}

/* The most telling of several times in a line counts: the one with a zone, then a year. */
static void set_real(struct prefix *p, struct tm *tm, u64 ns, u32 flags)
{
	time_t s = timegm(tm);

	if (s <= 0 || (p->stamp.real_ns && p->stamp.flags <= flags))
		return;
	p->stamp.real_ns = (u64)s * NSEC_PER_SEC + ns;
	p->stamp.flags = flags;
}

/* <4> */
static bool priority(const char **at, struct prefix *p)
{
	int v;

	return take(at, "<") && digits(at, 1, 3, &v) && take(at, ">");
}

/* [  128.496873], and with the time since the line before: [  128.496873 <    0.000001>] */
static bool printk_time(const char **at, struct prefix *p)
{
	char *end;
	u64 s;

	if (!take(at, "["))
		return false;
	spaces(at);
	if (!is_digit(**at))
		return false;
	s = strtoull(*at, &end, 10);
	*at = end;
	if (**at != '.' || !is_digit((*at)[1]))
		return false;
	s = s * 1000000 + fraction(at) / 1000;
	spaces(at);
	if (take(at, "<"))
		*at += strcspn(*at, "]");
	if (!take(at, "]"))
		return false;
	take(at, " ");
	p->stamp.mono_us = s;
	return true;
}

/* [Thu Dec  7 00:29:05 2023], without brackets at the beginning of a line */
static bool ctime_of(const char **at, struct prefix *p)
{
	struct tm tm = { 0 };
	int day;
	u64 ns;

	bool bare = !take(at, "[");

	if ((bare && p->parts) || !abbreviation(at, days, &day) || !take(at, " ") ||
	    !abbreviation(at, months, &tm.tm_mon))
		return false;
	spaces(at);
	if (!digits(at, 1, 2, &tm.tm_mday) || !take(at, " ") || !clock_of_day(at, &tm, &ns) ||
	    !take(at, " ") || !digits(at, 4, 4, &tm.tm_year) || (!bare && !take(at, "]")))
		return false;
	if (!take(at, " ") && bare)
		return false;
	tm.tm_year -= 1900;
	set_real(p, &tm, ns, OOMX_TRIGGER_LOCAL_TIME);
	return true;
}

/* dmesg -e: [Dec 7 00:29] once a minute, and [  +0.000012] */
static bool delta(const char **at, struct prefix *p)
{
	int v;

	if (!take(at, "["))
		return false;
	if (abbreviation(at, months, &v)) {
		*at += strspn(*at, " :0123456789");
	} else {
		spaces(at);
		if (!take(at, "+"))
			return false;
		*at += strspn(*at, ".0123456789");
	}
	if (!take(at, "]"))
		return false;
	take(at, " ");
	return true;
}

/* "Z", "+01:00", " UTC"; false: no zone is told */
static bool zone_offset(const char **at, int *seconds)
{
	int sign = **at == '-' ? -1 : 1, h, m;
	const char *p = *at;

	*seconds = 0;
	if (take(at, "Z") || take(at, " UTC"))
		return true;
	if (*p != '+' && *p != '-')
		return false;
	p++;
	if (!is_digit(p[0]) || !is_digit(p[1]))
		return false;
	h = (p[0] - '0') * 10 + (p[1] - '0');
	p += 2;
	take(&p, ":");
	if (!digits(&p, 2, 2, &m))
		return false;
	*seconds = sign * (h * 3600 + m * 60);
	*at = p;
	return true;
}

/* 2023-12-07T00:29:05.123456+01:00, and journalctl's "Thu 2023-12-07 00:29:05 UTC" */
static bool iso(const char **at, struct prefix *p)
{
	struct tm tm = { 0 };
	int offset, day;
	bool zone;
	u64 ns;

	if (abbreviation(at, days, &day) && !take(at, " "))
		return false;
	if (!digits(at, 4, 4, &tm.tm_year) || !take(at, "-") || !digits(at, 2, 2, &tm.tm_mon) ||
	    !take(at, "-") || !digits(at, 2, 2, &tm.tm_mday) ||
	    (!take(at, "T") && !take(at, " ")) ||
	    !clock_of_day(at, &tm, &ns))
		return false;
	zone = zone_offset(at, &offset);
	/* other zones have names, which tell no offset for sure */
	if (!zone && **at == ' ' && isupper((*at)[1]) && isupper((*at)[2]) && isupper((*at)[3]))
		*at += 1 + strcspn(*at + 1, " ");
	if (!take(at, " "))
		return false;
	tm.tm_year -= 1900;
	tm.tm_mon--;
	tm.tm_sec -= offset;
	set_real(p, &tm, ns, zone ? 0 : OOMX_TRIGGER_LOCAL_TIME);
	return true;
}

/* Dec  7 00:29:05, with the year behind the day on some */
static bool syslog(const char **at, struct prefix *p)
{
	u32 flags = OOMX_TRIGGER_LOCAL_TIME | OOMX_TRIGGER_NO_YEAR;
	struct tm tm = { .tm_year = 72 };
	int year;
	u64 ns;

	if (!abbreviation(at, months, &tm.tm_mon) || !take(at, " "))
		return false;
	spaces(at);
	if (!digits(at, 1, 2, &tm.tm_mday) || !take(at, " "))
		return false;
	if (digits(at, 4, 4, &year)) {
		if (!take(at, " "))
			return false;
		tm.tm_year = year - 1900;
		flags = OOMX_TRIGGER_LOCAL_TIME;
	}
	if (!clock_of_day(at, &tm, &ns) || !take(at, " "))
		return false;
	set_real(p, &tm, ns, flags);
	return true;
}

/* journalctl -o short-unix: 1701905345.123456 */
static bool unix_time(const char **at, struct prefix *p)
{
	u64 s;
	const char *start = *at;

	if (!take_number(at, &s) || *at - start != 10 || **at != '.')
		return false;
	p->stamp.real_ns = s * NSEC_PER_SEC + fraction(at);
	p->stamp.flags = 0;
	return take(at, " ");
}

static const struct {
	u32 part;
	bool (*take)(const char **at, struct prefix *p);
} parts[] = {
	{ PART_KMSG, prefix_kmsg }, { PART_FIELD, prefix_field },
	{ PART_PRIORITY, priority }, { PART_VERSION, prefix_version },
	{ PART_PRINTK, printk_time }, { PART_CALLER, prefix_caller }, { PART_CTIME, ctime_of },
	{ PART_DELTA, delta }, { PART_ISO, iso }, { PART_SYSLOG, syslog },
	{ PART_UNIX, unix_time }, { PART_FACILITY, prefix_facility }, { PART_TAG, prefix_tag },
	{ PART_LEVEL, prefix_level }, { PART_STREAM, prefix_stream },
};

static bool take_part(const char **at, struct prefix *p)
{
	const char *next;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		next = *at;
		if (p->parts & parts[i].part || !parts[i].take(&next, p))
			continue;
		p->parts |= parts[i].part;
		*at = next;
		return true;
	}
	return false;
}

/**
 * prefix_parse() - find where the kernel's own words begin
 * @line: NUL-terminated line
 * @p: set to what stands before them
 */
void prefix_parse(const char *line, struct prefix *p)
{
	const char *at = line;

	memset(p, 0, sizeof(*p));
	p->stamp.mono_us = NO_CLOCK;
	while (take_part(&at, p))
		;
	p->len = at - line;
}

/**
 * prefix_untag() - what looks like a host is one of the kernel's words
 * @line: NUL-terminated line
 * @p: prefix that ends with "host kernel: "
 */
void prefix_untag(const char *line, struct prefix *p)
{
	p->len = p->host - line;
	p->parts &= ~PART_TAG;
	p->host = NULL;
	p->host_len = 0;
}
