// SPDX-License-Identifier: GPL-2.0
/*
 * Words of a line.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <strings.h>

#include "draft.h"

/**
 * take() - go past a word
 * @p: in the line
 * @word: word
 *
 * Return: false when the line does not go on with it; @p stays.
 */
bool take(const char **p, const char *word)
{
	size_t len = strlen(word);

	if (strncmp(*p, word, len))
		return false;
	*p += len;
	return true;
}

/**
 * take_number() - go past a number
 * @p: in the line
 * @v: set to it
 *
 * Return: false when the line does not go on with one that fits; @p stays.
 */
bool take_number(const char **p, u64 *v)
{
	char *end;

	if (!isdigit((unsigned char)**p))
		return false;
	errno = 0;
	*v = strtoull(*p, &end, 10);
	if (errno)
		return false;
	*p = end;
	return true;
}

/**
 * take_signed() - go past a number that may be negative
 * @p: in the line
 * @v: set to it
 *
 * Return: as take_number().
 */
bool take_signed(const char **p, s64 *v)
{
	const char *at = *p;
	bool minus = take(&at, "-");
	u64 n;

	if (!take_number(&at, &n) || n > S64_MAX)
		return false;
	*v = minus ? -(s64)n : (s64)n;
	*p = at;
	return true;
}

/**
 * find_number() - the number behind a word
 * @line: line
 * @after: word
 * @v: set to the number
 *
 * Return: false when the line does not have both.
 */
bool find_number(const char *line, const char *after, u64 *v)
{
	const char *at = strstr(line, after);

	if (!at)
		return false;
	at += strlen(after);
	while (*at == ' ')
		at++;
	return take_number(&at, v);
}

/**
 * find_kb() - the size behind a word
 * @line: line
 * @after: word
 * @v: set to the size, kB
 *
 * Return: false when the line does not have both; a number without its unit is not whole.
 */
bool find_kb(const char *line, const char *after, u64 *v)
{
	const char *at = strstr(line, after);
	u64 kb;

	if (!at)
		return false;
	at += strlen(after);
	at += strspn(at, " ");
	if (!take_number(&at, &kb) || strncasecmp(at, "kb", 2))
		return false;
	*v = kb;
	return true;
}

/**
 * copy_comm() - the name of a task
 * @to: set to it
 * @from: in the line
 * @len: bytes; what is longer than a name can be is cut
 */
void copy_comm(char to[OOMX_COMM_LEN], const char *from, size_t len)
{
	memset(to, 0, OOMX_COMM_LEN);
	memcpy(to, from, len < OOMX_COMM_LEN ? len : OOMX_COMM_LEN - 1);
}

/* The last place of a word in a text. */
static const char *last(const char *text, const char *word)
{
	const char *at, *found = NULL;

	for (at = strstr(text, word); at; at = strstr(at + 1, word))
		found = at;
	return found;
}

/**
 * take_comm() - go past a name in parentheses, which may hold parentheses
 * @p: in the line, at the first of the name
 * @before: what follows it, its parenthesis included; "": the end of the line
 * @comm: set to the name
 */
void take_comm(const char **p, const char *before, char comm[OOMX_COMM_LEN])
{
	const char *end = *before ? last(*p, before) : NULL;

	if (!end)
		end = *before ? strchr(*p, ')') : last(*p, ")");
	if (!end)
		end = *p + strlen(*p);
	copy_comm(comm, *p, end - *p);
	*p = *end ? end + 1 : end;
}

/**
 * draft_string() - keep a string
 * @d: draft
 * @from: in the line
 * @len: bytes
 *
 * Return: its offset in the strings of the record.
 */
u32 draft_string(struct draft *d, const char *from, size_t len)
{
	u32 room;
	char *to = oomx_strings_room(&d->strings, &room);

	if (!len)
		return 0;
	if (len < room)
		memcpy(to, from, len);
	return oomx_strings_commit(&d->strings, len < room ? len : room);
}

static bool in_name(char c)
{
	return isalnum((unsigned char)c) || strchr("_()+-", c);
}

/**
 * take_pair() - go past the next "name:12kB"
 * @p: in the line
 * @pair: set to it
 * @unit: a number without kB is not whole: the line was cut
 *
 * What is no pair is passed over. A name may follow its forerunner's unit without a space:
 * that is how lines look which were broken at one.
 *
 * Return: false at the end of the line.
 */
bool take_pair(const char **p, struct pair *pair, bool unit)
{
	const char *at = *p, *end;

	while (*at) {
		while (*at && !in_name(*at))
			at++;
		pair->name = at;
		while (*at && in_name(*at))
			at++;
		end = at;
		if (*at != ':' || end == pair->name) {
			at += *at != '\0';
			continue;
		}
		at++;
		at += strspn(at, " ");
		if (!take_number(&at, &pair->value))
			continue;
		pair->len = end - pair->name;
		if (!strncasecmp(at, "kb", 2))
			at += 2;
		else if (unit && !*at)
			continue;
		*p = at;
		return true;
	}
	*p = at;
	return false;
}

/**
 * name_index() - a name in a table of names
 * @names: table
 * @n: its entries
 * @name: name, in any case
 * @len: bytes of it
 *
 * Return: index, -1: there is no such name.
 */
int name_index(const char *const *names, u32 n, const char *name, size_t len)
{
	u32 i;

	for (i = 0; i < n; i++)
		if (names[i] && strlen(names[i]) == len && !strncasecmp(names[i], name, len))
			return i;
	return -1;
}
