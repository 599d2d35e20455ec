/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Building, checking and walking records; see include/uapi/oomx.h for the layout.
 */
#ifndef _OOMX_RECORD_H
#define _OOMX_RECORD_H

#include "oomx_types.h"

/**
 * struct oomx_builder - a record under construction
 * @buf: memory of the caller, aligned to OOMX_ALIGN
 * @size: bytes of @buf
 * @len: bytes used
 * @open: the section that oomx_build_add() appends to, or NULL
 * @overflow: something did not fit; what was built so far is still a valid record
 */
struct oomx_builder {
	u8 *buf;
	u32 size;
	u32 len;
	struct oomx_section *open;
	bool overflow;
};

int oomx_build_begin(struct oomx_builder *b, void *buf, u32 size, u16 type, u64 event);
void *oomx_build_table(struct oomx_builder *b, u16 type, u16 esize, u32 count);
bool oomx_build_copy(struct oomx_builder *b, u16 type, const void *data, u16 esize, u32 count);
bool oomx_build_open(struct oomx_builder *b, u16 type, u16 esize);
void *oomx_build_add(struct oomx_builder *b);
u32 oomx_build_room(const struct oomx_builder *b);
void oomx_build_grow(struct oomx_builder *b, u32 n);
void oomx_build_close(struct oomx_builder *b);
u32 oomx_build_end(struct oomx_builder *b);

/**
 * struct oomx_strings - strings of a record under construction
 * @buf: memory of the caller; the first byte is the empty string
 * @size: bytes of @buf, at least 1
 * @len: bytes used
 * @dropped: strings that did not fit
 */
struct oomx_strings {
	char *buf;
	u32 size;
	u32 len;
	u32 dropped;
};

void oomx_strings_init(struct oomx_strings *s, char *buf, u32 size);
char *oomx_strings_room(struct oomx_strings *s, u32 *room);
u32 oomx_strings_commit(struct oomx_strings *s, u32 len);
u32 oomx_strings_add(struct oomx_strings *s, const char *str);

/**
 * struct oomx_table - a section of a record, as one table
 * @data: first element
 * @esize: bytes from one element to the next
 * @count: number of elements; 0 when the record has no such section
 */
struct oomx_table {
	const u8 *data;
	u32 esize;
	u32 count;
};

/**
 * oomx_put() - a counter of a masked block is known
 * @valid: mask of known values
 * @v: values
 * @i: which one, below 64
 * @value: its value
 *
 * Context: Any.
 */
static inline void oomx_put(u64 *valid, u64 *v, u32 i, u64 value)
{
	*valid |= 1ULL << i;
	v[i] = value;
}

int oomx_record_check(const void *buf, size_t size, size_t *where);
struct oomx_table oomx_section_table(const struct oomx_section *s);
struct oomx_table oomx_record_table(const struct oomx_record *r, u16 type);
const void *oomx_table_get(const struct oomx_table *t, u32 i, void *copy, size_t size);
const char *oomx_record_string(const struct oomx_record *r, u32 offset);

struct oomx_opt oomx_value(u64 valid, const u64 *v, u32 n, u32 i);
struct oomx_opt oomx_table_value(const struct oomx_table *t, u32 row, u32 i);

#endif /* _OOMX_RECORD_H */
