// SPDX-License-Identifier: GPL-2.0
/*
 * Checking and walking records. Pure: no clock, no allocation, no live
 * state; every access is held against the bounds of the buffer.
 */
#include "oomx_record.h"

static_assert(OOMX_STAT_NR <= 64 && OOMX_NODE_NR <= 64 && OOMX_ZONE_NR <= 64, "masks");
static_assert(sizeof(struct oomx_record) == 32, "ABI");
static_assert(sizeof(struct oomx_section) == 8, "ABI");
static_assert(sizeof(struct oomx_system) == 48, "ABI");
static_assert(sizeof(struct oomx_trigger) == 104, "ABI");
static_assert(sizeof(struct oomx_node) == 16 + 8 * OOMX_NODE_NR, "ABI");
static_assert(sizeof(struct oomx_zone) == 40 + 8 * OOMX_ZONE_NR, "ABI");
static_assert(sizeof(struct oomx_memcg) == 24 + 8 * OOMX_MEMCG_NR, "ABI");
static_assert(sizeof(struct oomx_task) == 112, "ABI");
static_assert(sizeof(struct oomx_kthread) == 20, "ABI");
static_assert(sizeof(struct oomx_victim) == 88, "ABI");
static_assert(sizeof(struct oomx_release) == 32, "ABI");
static_assert(sizeof(struct oomx_moment) == 16, "ABI");
static_assert(sizeof(struct oomx_repeat) == 16, "ABI");
static_assert(sizeof(struct oomx_log) == 32, "ABI");

/* The section at @at, when it lies in [.., len) as a whole; else NULL. */
static const struct oomx_section *section_at(const u8 *buf, size_t len, size_t at)
{
	const struct oomx_section *s = (const struct oomx_section *)(buf + at);

	if (len - at < sizeof(*s))
		return NULL;
	if (OOMX_ROUND_UP(OOMX_SECTION_BYTES(s)) > len - at - sizeof(*s))
		return NULL;
	return s;
}

/* Elements and padding of a well-placed section are what they must be. */
static bool section_sane(const struct oomx_section *s)
{
	u64 bytes = OOMX_SECTION_BYTES(s), i;
	const u8 *data = OOMX_SECTION_DATA(s);

	if (!s->type || (s->count && !s->esize))
		return false;
	if (s->type == OOMX_SEC_STRINGS || s->type == OOMX_SEC_STACK) {
		if (s->esize != 1 || (bytes && data[bytes - 1]))
			return false;
	}
	for (i = bytes; i < OOMX_ROUND_UP(bytes); i++)
		if (data[i])
			return false;
	return true;
}

/**
 * oomx_record_check() - is this a whole and well-formed record?
 * @buf: bytes from anywhere, aligned to OOMX_ALIGN
 * @size: number of bytes; more than one record may follow
 * @where: set to the offset of the fault; may be NULL
 *
 * After this the walking functions below can be used on @buf. Types and elements
 * that are not known here pass.
 *
 * Context: Any.
 * Return: 0, or -1.
 */
int oomx_record_check(const void *buf, size_t size, size_t *where)
{
	const struct oomx_record *r = buf;
	const struct oomx_section *s;
	size_t at = 0;

	if (where)
		*where = 0;
	if (size < sizeof(*r) || r->magic != OOMX_MAGIC || !r->version || !r->type)
		return -1;
	if (r->len < sizeof(*r) || r->len > size || r->len % OOMX_ALIGN)
		return -1;
	for (at = sizeof(*r); at < r->len;) {
		if (where)
			*where = at;
		s = section_at(buf, r->len, at);
		if (!s || !section_sane(s))
			return -1;
		at += sizeof(*s) + OOMX_ROUND_UP(OOMX_SECTION_BYTES(s));
	}
	return 0;
}

/**
 * oomx_section_table() - a section as a table
 * @s: section of a record that passed oomx_record_check()
 *
 * Context: Any.
 * Return: the table.
 */
struct oomx_table oomx_section_table(const struct oomx_section *s)
{
	return (struct oomx_table){
		.data = OOMX_SECTION_DATA(s), .esize = s->esize, .count = s->count,
	};
}

/**
 * oomx_record_table() - the first section of a type
 * @r: record that passed oomx_record_check()
 * @type: enum oomx_section_type
 *
 * Context: Any.
 * Return: the table; one of count 0 when there is no such section.
 */
struct oomx_table oomx_record_table(const struct oomx_record *r, u16 type)
{
	struct oomx_table none = { 0 };
	const struct oomx_section *s;

	OOMX_FOR_EACH_SECTION(r, s)
		if (s->type == type)
			return oomx_section_table(s);
	return none;
}

/**
 * oomx_table_get() - an element as this reader knows it
 * @t: table
 * @i: index
 * @copy: memory for the element; what an older writer did not have stays 0
 * @size: bytes of @copy
 *
 * Context: Any.
 * Return: @copy, or NULL (with @copy zeroed) when there is no element @i.
 */
const void *oomx_table_get(const struct oomx_table *t, u32 i, void *copy, size_t size)
{
	memset(copy, 0, size);
	if (i >= t->count)
		return NULL;
	memcpy(copy, t->data + (size_t)t->esize * i, size < t->esize ? size : t->esize);
	return copy;
}

/**
 * oomx_record_string() - a string of the record
 * @r: record that passed oomx_record_check()
 * @offset: as stored in the record, not trusted
 *
 * Context: Any.
 * Return: the string; NULL when it is unknown or @offset is not one of a string.
 */
const char *oomx_record_string(const struct oomx_record *r, u32 offset)
{
	struct oomx_table t = oomx_record_table(r, OOMX_SEC_STRINGS);

	if (!offset || offset >= t.count)
		return NULL;
	return (const char *)t.data + offset;
}

/**
 * oomx_value() - a counter of a masked block
 * @valid: mask of known values
 * @v: values
 * @n: number of values that are there, at most 64
 * @i: which one
 *
 * Context: Any.
 * Return: the value, or one that is not known.
 */
struct oomx_opt oomx_value(u64 valid, const u64 *v, u32 n, u32 i)
{
	struct oomx_opt opt = { 0 };

	if (i >= n || i >= 64 || !(valid >> i & 1))
		return opt;
	opt.known = true;
	opt.v = v[i];
	return opt;
}

/**
 * oomx_table_value() - a counter of a table of struct oomx_values
 * @t: table
 * @row: which element
 * @i: which value of it
 *
 * Context: Any.
 * Return: the value, or one that is not known.
 */
struct oomx_opt oomx_table_value(const struct oomx_table *t, u32 row, u32 i)
{
	struct oomx_opt unknown = { 0 };
	u64 valid, v;

	if (row >= t->count || i >= 64 || t->esize < OOMX_VALUES_SIZE((u64)i + 1))
		return unknown;
	memcpy(&valid, t->data + (size_t)t->esize * row, sizeof(valid));
	memcpy(&v, t->data + (size_t)t->esize * row + OOMX_VALUES_SIZE(i), sizeof(v));
	return (struct oomx_opt){ .known = valid >> i & 1, .v = valid >> i & 1 ? v : 0 };
}
