// SPDX-License-Identifier: GPL-2.0
/*
 * Lines that are packed: with colours of a terminal, or as a JSON object, as journalctl -o json
 * and container runtimes write it. What comes out looks like a line of journalctl -o short-unix.
 */
#include <stdlib.h>

#include "import.h"

/**
 * struct span - a part of a line
 * @at: where it begins; NULL: it is not there
 * @len: bytes
 */
struct span {
	const char *at;
	size_t len;
};

/* The fields of such an object that matter. */
enum { MESSAGE, REALTIME, MONOTONIC, TIME, HOST, IDENTIFIER, FIELDS };

static const struct {
	const char *name;
	u32 field;
} names[] = {
	{ "MESSAGE", MESSAGE }, { "message", MESSAGE }, { "log", MESSAGE }, { "msg", MESSAGE },
	{ "__REALTIME_TIMESTAMP", REALTIME }, { "_SOURCE_MONOTONIC_TIMESTAMP", MONOTONIC },
	{ "time", TIME }, { "_HOSTNAME", HOST }, { "SYSLOG_IDENTIFIER", IDENTIFIER },
};

static void take_out(char *text, size_t len)
{
	memmove(text, text + len, strlen(text + len) + 1);
}

/* ESC [ ... and a letter */
static void strip_colours(char *text)
{
	size_t len;

	while ((text = strchr(text, '\033'))) {
		len = 1;
		if (text[1] == '[')
			len = 2 + strspn(text + 2, "0123456789;?");
		take_out(text, text[1] == '[' && text[len] ? len + 1 : len);
	}
}

static const char *past_spaces(const char *p)
{
	return p + strspn(p, " \t");
}

/* "...", with what is between; NULL: it has no end */
static const char *past_string(const char *p, struct span *s)
{
	if (*p != '"')
		return NULL;
	s->at = ++p;
	while (*p && *p != '"')
		p += *p == '\\' && p[1] ? 2 : 1;
	s->len = p - s->at;
	return *p ? p + 1 : NULL;
}

/* A value that is no string; objects and arrays are passed over. */
static const char *past_value(const char *p)
{
	struct span string;
	int depth = 0;

	while (p && *p && (depth || (*p != ',' && *p != '}'))) {
		if (*p == '"') {
			p = past_string(p, &string);
			continue;
		}
		depth += *p == '{' || *p == '[';
		depth -= *p == '}' || *p == ']';
		p++;
	}
	return p;
}

static void keep(struct span f[FIELDS], const struct span *name, const struct span *value)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (strlen(names[i].name) == name->len && value->at &&
		    !memcmp(names[i].name, name->at, name->len))
			f[names[i].field] = *value;
}

static bool take_object(const char *p, struct span f[FIELDS])
{
	struct span name, value;

	p = past_spaces(p);
	while (p && (*p == '{' || *p == ',')) {
		p = past_string(past_spaces(p + 1), &name);
		if (!p)
			return false;
		p = past_spaces(p);
		if (*p != ':')
			return false;
		p = past_spaces(p + 1);
		value.at = NULL;
		p = *p == '"' ? past_string(p, &value) : past_value(p);
		if (!p)
			return false;
		keep(f, &name, &value);
		p = past_spaces(p);
	}
	return p && *p == '}' && !*past_spaces(p + 1) && f[MESSAGE].at;
}

/* What a backslash stands before: one character, which follows it in the line. */
static const char *unescape(const char *p, char *c)
{
	char hex[5] = "";

	switch (*p) {
	case 'n':
	case 'r':
		*c = '\n';
		return p + 1;
	case 't':
		*c = ' ';
		return p + 1;
	case 'u':
		memcpy(hex, p + 1, strnlen(p + 1, 4));
		*c = strtoul(hex, NULL, 16) < 128 ? strtoul(hex, NULL, 16) : '?';
		return p + 1 + strlen(hex);
	default:
		*c = *p;
		return p + 1;
	}
}

/* The text of a string; further lines in it as syslog daemons write them. */
static void put_string(FILE *to, const struct span *s)
{
	const char *p = s->at, *end = s->at + s->len;
	char c;

	while (p < end) {
		c = *p++;
		if (c == '\\' && p < end)
			p = unescape(p, &c);
		if (c == '\n')
			fputs(p < end ? "#012" : "", to);
		else
			fputc(c ? c : ' ', to);
	}
}

/* Microseconds as seconds */
static void put_time(FILE *to, const struct span *s, const char *before, const char *after)
{
	u64 us = s->at ? strtoull(s->at, NULL, 10) : 0;

	if (us)
		fprintf(to, "%s%llu.%06llu%s ", before, (unsigned long long)us / 1000000,
			(unsigned long long)us % 1000000, after);
}

static void put_line(FILE *to, const struct span f[FIELDS])
{
	const struct span *who = &f[IDENTIFIER];
	bool kernel = !who->at || (who->len == 6 && !memcmp(who->at, "kernel", 6));

	put_time(to, &f[REALTIME], "", "");
	if (!f[REALTIME].at && f[TIME].at)
		fprintf(to, "%.*s ", (int)f[TIME].len, f[TIME].at);
	if (f[HOST].at)
		fprintf(to, "%.*s ", (int)f[HOST].len, f[HOST].at);
	if (!kernel)
		fprintf(to, "%s%.*s[0]: ", f[HOST].at ? "" : "n/a ", (int)who->len, who->at);
	else if (f[HOST].at || who->at)
		fputs("kernel: ", to);
	put_time(to, &f[MONOTONIC], "[", "]");
	put_string(to, &f[MESSAGE]);
}

/**
 * line_unpack() - make a plain line of one that is packed
 * @text: line
 * @size: bytes there is room for
 */
void line_unpack(char *text, size_t size)
{
	struct span f[FIELDS] = { 0 };
	size_t len = 0;
	char *line;
	FILE *to;

	if (!strncmp(text, "\xef\xbb\xbf", 3))
		take_out(text, 3);
	if (*past_spaces(text) == '{' && take_object(text, f)) {
		to = open_memstream(&line, &len);
		if (!to)
			exit(STATUS_FAILED);
		put_line(to, f);
		if (fclose(to))
			exit(STATUS_FAILED);
		if (len < size)
			memcpy(text, line, len + 1);
		free(line);
	}
	strip_colours(text);
}
