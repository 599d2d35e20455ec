// SPDX-License-Identifier: GPL-2.0
/*
 * Values as JSON. Unknown is null, never 0; what a double cannot hold is a string.
 */
#include <stdlib.h>

#include "json.h"
#include "tool.h"

#define EXACT	9007199254740992ULL	/* integers up to here survive any JSON parser */

/**
 * json_number() - a number
 * @v: number
 *
 * Return: integer, or a string when it is above 2^53.
 */
json_t *json_number(u64 v)
{
	char text[24];

	if (v <= EXACT)
		return json_integer(v);
	snprintf(text, sizeof(text), "%llu", (unsigned long long)v);
	return json_string(text);
}

/**
 * json_signed() - a number that may be negative
 * @v: number
 *
 * Return: integer, or a string when it is beyond 2^53.
 */
json_t *json_signed(s64 v)
{
	char text[24];

	if (v >= 0)
		return json_number(v);
	if (v >= -(s64)EXACT)
		return json_integer(v);
	snprintf(text, sizeof(text), "%lld", (long long)v);
	return json_string(text);
}

/**
 * json_opt() - a number that may be unknown
 * @v: number
 *
 * Return: as json_number(), or null.
 */
json_t *json_opt(struct oomx_opt v)
{
	return v.known ? json_number(v.v) : json_null();
}

/**
 * json_limit() - a limit
 * @v: number
 *
 * Return: as json_opt(); "max", as in the files of a cgroup, where there is no limit.
 */
json_t *json_limit(struct oomx_opt v)
{
	return v.known && v.v == OOMX_UNLIMITED ? json_string("max") : json_opt(v);
}

/**
 * json_known() - a number that may be unknown
 * @v: number
 * @known: it is not
 *
 * Return: as json_number(), or null.
 */
json_t *json_known(u64 v, bool known)
{
	return known ? json_number(v) : json_null();
}

/**
 * json_id() - a number that names something
 * @id: number; OOMX_NONE: not known
 *
 * Return: as json_number(), or null.
 */
json_t *json_id(u32 id)
{
	return json_known(id, id != OOMX_NONE);
}

/**
 * json_adj() - an oom_score_adj
 * @adj: oom_score_adj; OOMX_NO_ADJ: not known
 *
 * Return: as json_signed(), or null.
 */
json_t *json_adj(s32 adj)
{
	return adj == OOMX_NO_ADJ ? json_null() : json_signed(adj);
}

/* Bytes of the UTF-8 character at @c, 0 if it is none. */
static size_t utf8_len(const char *c)
{
	size_t n = 1, max = strlen(c);
	json_t *probe;

	max = max < 4 ? max : 4;
	for (; n <= max; n++) {
		probe = json_stringn(c, n);
		json_decref(probe);
		if (probe)
			return n;
	}
	return 0;
}

/**
 * json_name() - a name that a user chose
 * @str: any bytes, or NULL
 *
 * Return: string, in which bytes that are not UTF-8, and the backslash, are \xNN; or null.
 */
json_t *json_name(const char *str)
{
	char *text, *to;
	json_t *json;
	size_t n;

	if (!str)
		return json_null();
	text = xalloc(NULL, 4 * strlen(str) + 1);
	for (to = text; *str; str += n ? n : 1) {
		n = *str == '\\' ? 0 : utf8_len(str);
		if (!n)
			to += sprintf(to, "\\x%02x", (unsigned char)*str);
		else
			to = mempcpy(to, str, n);
	}
	*to = '\0';
	json = json_string(text);
	free(text);
	return json;
}

/**
 * json_comm() - the name of a task
 * @comm: any bytes, the last one is not looked at
 *
 * Return: as json_name().
 */
json_t *json_comm(const char comm[OOMX_COMM_LEN])
{
	char text[OOMX_COMM_LEN] = "";

	memcpy(text, comm, OOMX_COMM_LEN - 1);
	return json_name(text);
}

/**
 * json_put_pages() - add a counter as NAME_pages
 * @to: object
 * @name: its name
 * @pages: value
 */
void json_put_pages(json_t *to, const char *name, struct oomx_opt pages)
{
	char key[64];

	snprintf(key, sizeof(key), "%s_pages", name);
	json_object_set_new(to, key, json_opt(pages));
}
