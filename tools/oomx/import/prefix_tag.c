// SPDX-License-Identifier: GPL-2.0
/*
 * What stands before the kernel's own words beside times: who wrote them, and how important
 * they are.
 */
#include <ctype.h>

#include "draft.h"

/* The most telling of these is in any line that a daemon has written. */
#define TIMES	(PART_ISO | PART_SYSLOG | PART_UNIX | PART_CTIME)

/* "kernel: " or "kernel[0]: " */
static bool kernel_tag(const char **at)
{
	const char *p = *at;

	if (!take(&p, "kernel"))
		return false;
	if (take(&p, "["))
		p += strspn(p, "0123456789");
	take(&p, "]");
	if (!take(&p, ":"))
		return false;
	take(&p, " ");
	*at = p;
	return true;
}

/* Is this the tag of a program? Where no host need be told, only one with a pid is. */
static bool other_tag(const char *p, bool syslog)
{
	size_t len = strcspn(p, " ");

	return len > 1 && p[len - 1] == ':' && (syslog || p[len - 2] == ']');
}

static bool past_word(const char **at)
{
	size_t len = strcspn(*at, " ");

	*at += len;
	return len && take(at, " ");
}

/* "kern.warn " */
static bool facility(const char **at)
{
	static const char *const names[] = {
		"kern.", "user.", "daemon.", "syslog.", "auth.", "authpriv.", "cron.", "mail.",
		"local",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		if (!take(at, names[i]))
			continue;
		*at += strspn(*at, "0123456789.");
		*at += strspn(*at, "abcdefghijklmnopqrstuvwxyz");
		return take(at, " ");
	}
	return false;
}

/* RFC 5424: "host kernel - - - "; of structured data no more than one element */
static bool tag_5424(const char **at, struct prefix *p)
{
	const char *host = *at, *name;

	if (!past_word(at))
		return false;
	name = *at;
	if (!past_word(at) || !past_word(at) || !past_word(at))
		return false;
	if (take(at, "["))
		*at += strcspn(*at, "]");
	if (!take(at, "-") && !take(at, "]"))
		return false;
	take(at, " ");
	take(at, "\xef\xbb\xbf");
	p->foreign = strncmp(name, "kernel ", 7);
	p->host = host;
	p->host_len = strcspn(host, " ");
	return true;
}

/* syslogd's messages to all terminals have nothing before it */
static bool tag_alone(const char **at, struct prefix *p)
{
	if (take(at, "Message from syslogd@"))
		p->foreign = true;
	take(at, " ");
	return !p->foreign && kernel_tag(at) && **at == '[';
}

/**
 * prefix_tag() - "host kernel: ", behind a time
 * @at: in the line
 * @p: prefix so far
 *
 * Return: true if it is there, and @at is behind it.
 */
bool prefix_tag(const char **at, struct prefix *p)
{
	const char *host = *at;

	if (!p->parts)
		return tag_alone(at, p);
	if (p->parts & PART_VERSION)
		return p->parts & PART_ISO && tag_5424(at, p);
	if (!(p->parts & (TIMES | PART_PRINTK)))
		return false;
	if (kernel_tag(at))
		return true;
	if (!past_word(at))
		return false;
	p->foreign = p->parts & PART_FACILITY || facility(at);
	p->foreign = p->parts & TIMES && !kernel_tag(&(const char *){ *at }) &&
		     (p->foreign || other_tag(*at, p->parts & PART_SYSLOG));
	if (!kernel_tag(at))
		return false;
	p->host = host;
	p->host_len = strcspn(host, " ");
	return true;
}

/**
 * prefix_facility() - "kern.warn ", behind a time
 * @at: in the line
 * @p: prefix so far
 *
 * Return: as prefix_tag().
 */
bool prefix_facility(const char **at, struct prefix *p)
{
	return p->parts & TIMES && facility(at);
}

/**
 * prefix_version() - the "1 " of RFC 5424, before a time
 * @at: in the line
 * @p: prefix so far
 *
 * Return: as prefix_tag().
 */
bool prefix_version(const char **at, struct prefix *p)
{
	return !(p->parts & ~PART_PRIORITY) && take(at, "1 ") && isdigit((unsigned char)**at) &&
	       strspn(*at, "0123456789") == 4 && (*at)[4] == '-';
}

static bool caller_id(const char **at, struct prefix *p)
{
	bool task = **at == 'T';
	u64 number;

	if (!take(at, "T") && !take(at, "C"))
		return false;
	if (!take_number(at, &number))
		return false;
	p->caller = (number << 1 | task) + 1;
	return true;
}

/**
 * prefix_caller() - [  T118] and [   C0], of CONFIG_PRINTK_CALLER
 * @at: in the line
 * @p: prefix so far
 *
 * Return: as prefix_tag().
 */
bool prefix_caller(const char **at, struct prefix *p)
{
	if (!take(at, "["))
		return false;
	*at += strspn(*at, " ");
	if (!caller_id(at, p) || !take(at, "]"))
		return false;
	take(at, " ");
	return true;
}

/**
 * prefix_kmsg() - "4,1234,8640211000412,-,caller=T118;", of /dev/kmsg
 * @at: in the line
 * @p: prefix so far
 *
 * Return: as prefix_tag().
 */
bool prefix_kmsg(const char **at, struct prefix *p)
{
	u64 priority, sequence, us;

	if (p->parts || !take_number(at, &priority) || !take(at, ",") ||
	    !take_number(at, &sequence) || !take(at, ",") || !take_number(at, &us) ||
	    !take(at, ","))
		return false;
	if (!take(at, "-") && !take(at, "c"))
		return false;
	if (take(at, ",caller="))
		caller_id(at, p);
	*at += strcspn(*at, ";");
	if (!take(at, ";"))
		return false;
	p->stamp.mono_us = us;
	return true;
}

/**
 * prefix_field() - "MESSAGE=" of journalctl -o export and verbose; other fields are foreign
 * @at: in the line
 * @p: prefix so far
 *
 * Return: as prefix_tag().
 */
bool prefix_field(const char **at, struct prefix *p)
{
	size_t len;

	if (p->parts)
		return false;
	*at += strspn(*at, " ");
	if (take(at, "MESSAGE="))
		return true;
	len = strspn(*at, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
	p->foreign = len > 3 && (*at)[len] == '=';
	return false;
}

/**
 * prefix_level() - dmesg -x: "kern  :err   : "
 * @at: in the line
 * @p: prefix so far
 *
 * Return: as prefix_tag().
 */
bool prefix_level(const char **at, struct prefix *p)
{
	if (!take(at, "kern"))
		return false;
	*at += strspn(*at, " ");
	if (!take(at, ":"))
		return false;
	*at += strspn(*at, "abcdefghijklmnopqrstuvwxyz");
	*at += strspn(*at, " ");
	return take(at, ": ");
}

/**
 * prefix_stream() - "stdout F ", of container runtimes
 * @at: in the line
 * @p: prefix so far
 *
 * Return: as prefix_tag().
 */
bool prefix_stream(const char **at, struct prefix *p)
{
	return take(at, "stdout F ") || take(at, "stderr F ");
}
