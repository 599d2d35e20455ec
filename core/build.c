// SPDX-License-Identifier: GPL-2.0
/*
 * Building records. Pure: no clock, no allocation, no live state; nothing is written past the
 * end of the buffer.
 */
#include "oomx_record.h"

/**
 * oomx_build_begin() - start a record
 * @b: builder to set up
 * @buf: memory for the record, aligned to OOMX_ALIGN, all of it usable
 * @size: bytes of @buf
 * @type: enum oomx_record_type
 * @event: event number the record belongs to
 *
 * Context: Any.
 * Return: 0, or -1 when not even the header fits.
 */
int oomx_build_begin(struct oomx_builder *b, void *buf, u32 size, u16 type, u64 event)
{
	struct oomx_record *r = buf;

	memset(b, 0, sizeof(*b));
	if (size < sizeof(*r))
		return -1;
	memset(r, 0, sizeof(*r));
	r->magic = OOMX_MAGIC;
	r->version = OOMX_VERSION;
	r->type = type;
	r->event = event;
	b->buf = buf;
	b->size = size;
	b->len = sizeof(*r);
	return 0;
}

/**
 * oomx_build_open() - open a section whose number of elements is not known yet
 * @b: builder
 * @type: enum oomx_section_type
 * @esize: bytes of one element, not 0
 *
 * One section is open at a time.
 *
 * Context: Any.
 * Return: false when the section header does not fit; nothing was changed then.
 */
bool oomx_build_open(struct oomx_builder *b, u16 type, u16 esize)
{
	struct oomx_section *s = (struct oomx_section *)(b->buf + b->len);

	if (b->size - b->len < sizeof(*s)) {
		b->overflow = true;
		return false;
	}
	s->type = type;
	s->esize = esize;
	s->count = 0;
	b->len += sizeof(*s);
	b->open = s;
	return true;
}

/**
 * oomx_build_add() - append one element to the open section
 * @b: builder
 *
 * Context: Any.
 * Return: the element, not zeroed, or NULL when no section is open, or when behind the
 * element there would be no room for the largest padding.
 */
void *oomx_build_add(struct oomx_builder *b)
{
	void *element = b->buf + b->len;

	if (!b->open)
		return NULL;
	if (!oomx_build_room(b)) {
		b->overflow = true;
		return NULL;
	}
	oomx_build_grow(b, 1);
	return element;
}

/**
 * oomx_build_room() - how much the open section may still grow
 * @b: builder
 *
 * Context: Any.
 * Return: elements that fit behind it, and behind them the largest padding; 0 when no section
 * is open.
 */
u32 oomx_build_room(const struct oomx_builder *b)
{
	u32 room = b->size - b->len;

	if (!b->open || room < OOMX_ALIGN)
		return 0;
	return (room - OOMX_ALIGN) / b->open->esize;
}

/**
 * oomx_build_grow() - take elements into the open section that were written behind it
 * @b: builder
 * @n: how many of them, at most oomx_build_room()
 *
 * Context: Any.
 */
void oomx_build_grow(struct oomx_builder *b, u32 n)
{
	if (!n || n > oomx_build_room(b))
		return;
	b->open->count += n;
	b->len += n * b->open->esize;
}

/**
 * oomx_build_close() - close the open section and zero its padding
 * @b: builder
 *
 * Context: Any. Does nothing when no section is open.
 */
void oomx_build_close(struct oomx_builder *b)
{
	while (b->open && b->len % OOMX_ALIGN)
		b->buf[b->len++] = 0;
	b->open = NULL;
}

/**
 * oomx_build_table() - append a whole section of zeroed elements
 * @b: builder; must have no section open
 * @type: enum oomx_section_type
 * @esize: bytes of one element
 * @count: number of elements
 *
 * Context: Any.
 * Return: the first element, zeroed, or NULL when the section does not fit as a whole.
 */
void *oomx_build_table(struct oomx_builder *b, u16 type, u16 esize, u32 count)
{
	u64 bytes = OOMX_ROUND_UP((u64)esize * count);
	struct oomx_section *s;

	if (bytes + sizeof(*s) > b->size - b->len || !oomx_build_open(b, type, esize)) {
		b->overflow = true;
		return NULL;
	}
	b->open->count = count;
	b->open = NULL;
	memset(b->buf + b->len, 0, bytes);
	b->len += bytes;
	return b->buf + b->len - bytes;
}

/**
 * oomx_build_copy() - append a whole section from memory
 * @b: builder; must have no section open
 * @type: enum oomx_section_type
 * @data: elements; may be NULL where there are none
 * @esize: bytes of one element
 * @count: number of elements
 *
 * Context: Any.
 * Return: false when the section does not fit.
 */
bool oomx_build_copy(struct oomx_builder *b, u16 type, const void *data, u16 esize, u32 count)
{
	void *to = oomx_build_table(b, type, esize, count);

	if (!to)
		return false;
	if (count)
		memcpy(to, data, (size_t)esize * count);
	return true;
}

/**
 * oomx_build_end() - finish the record
 * @b: builder
 *
 * Context: Any.
 * Return: bytes of the record, a multiple of OOMX_ALIGN.
 */
u32 oomx_build_end(struct oomx_builder *b)
{
	oomx_build_close(b);
	((struct oomx_record *)b->buf)->len = b->len;
	return b->len;
}

/**
 * oomx_strings_init() - start with the empty string at offset 0
 * @s: strings to set up
 * @buf: memory
 * @size: bytes of @buf, at least 1
 *
 * Context: Any.
 */
void oomx_strings_init(struct oomx_strings *s, char *buf, u32 size)
{
	s->buf = buf;
	s->size = size;
	s->len = 1;
	s->dropped = 0;
	buf[0] = '\0';
}

/**
 * oomx_strings_room() - where the next string may be written in place
 * @s: strings
 * @room: set to the bytes there, the terminating NUL included; may be 0
 *
 * Context: Any.
 * Return: the first free byte. oomx_strings_commit() keeps what was written.
 */
char *oomx_strings_room(struct oomx_strings *s, u32 *room)
{
	*room = s->size - s->len;
	return s->buf + s->len;
}

/**
 * oomx_strings_commit() - keep a string written to oomx_strings_room()
 * @s: strings
 * @len: its length without the NUL; when NUL and string do not fit, it is dropped
 *
 * Context: Any.
 * Return: offset of the string, or 0 when it was dropped (and counted).
 */
u32 oomx_strings_commit(struct oomx_strings *s, u32 len)
{
	u32 offset = s->len;

	if (len >= s->size - s->len) {
		s->dropped++;
		return 0;
	}
	s->buf[s->len + len] = '\0';
	s->len += len + 1;
	return offset;
}

/**
 * oomx_strings_add() - append a string
 * @s: strings
 * @str: string
 *
 * Context: Any.
 * Return: its offset, or 0 when it did not fit (and was counted).
 */
u32 oomx_strings_add(struct oomx_strings *s, const char *str)
{
	size_t len = strlen(str);

	if (len < s->size - s->len)
		memcpy(s->buf + s->len, str, len);
	return oomx_strings_commit(s, len < s->size ? len : s->size);
}
