// SPDX-License-Identifier: GPL-2.0
/*
 * Text into a buffer, with columns, line breaks and the escaping of untrusted bytes.
 */
#include "oomx_text.h"

static void store_char(struct oomx_text *t, char c)
{
	if (t->buf && t->len < t->size)
		t->buf[t->len] = c;
	t->len++;
	t->column = c == '\n' ? 0 : t->column + 1;
}

/* The word that was gathered: after a space, or on a new line. */
static void flush_word(struct oomx_text *t)
{
	u32 indent = t->wrap - 1, i;

	if (!t->word_len)
		return;
	if (!t->glued) {
		if (t->column > indent && t->column + 1 + t->word_len > OOMX_COLUMNS)
			store_char(t, '\n');
		else if (t->column)
			store_char(t, ' ');
		while (t->column < indent)
			store_char(t, ' ');
	}
	for (i = 0; i < t->word_len; i++)
		store_char(t, t->word[i]);
	t->word_len = 0;
}

static void wrap_char(struct oomx_text *t, char c)
{
	if (c == ' ') {
		flush_word(t);
		t->glued = false;
		return;
	}
	if (t->word_len == sizeof(t->word)) {
		flush_word(t);
		t->glued = true;
	}
	t->word[t->word_len++] = c;
}

static void put_char(struct oomx_text *t, char c)
{
	if (t->wrap)
		wrap_char(t, c);
	else
		store_char(t, c);
}

static void put_bytes(struct oomx_text *t, const char *bytes, size_t n)
{
	while (n--)
		put_char(t, *bytes++);
}

/**
 * oomx_print() - append formatted text
 * @t: text
 * @fmt: as of printf; the result is at most 255 characters
 *
 * For trusted text only: names that users choose go through oomx_print_untrusted().
 *
 * Context: Any.
 */
void oomx_print(struct oomx_text *t, const char *fmt, ...)
{
	char buf[256];
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(buf, sizeof(buf), fmt, args);
	va_end(args);
	put_bytes(t, buf, min_t(size_t, len, sizeof(buf) - 1));
}

/**
 * oomx_print_untrusted() - append a name that a user chose
 * @t: text
 * @str: bytes, or NULL for "n/a"
 *
 * Control characters, bytes past ASCII and the backslash become \xNN, as in /dev/kmsg.
 *
 * Context: Any.
 */
void oomx_print_untrusted(struct oomx_text *t, const char *str)
{
	const unsigned char *c;

	for (c = (const unsigned char *)(str ? str : "n/a"); *c; c++) {
		if (*c < ' ' || *c >= 0x7f || *c == '\\')
			oomx_print(t, "\\x%02x", *c);
		else
			put_char(t, *c);
	}
}

/**
 * oomx_pad() - spaces up to a column, one at least unless the line is empty
 * @t: text
 * @column: first column after the spaces
 *
 * Context: Any.
 */
void oomx_pad(struct oomx_text *t, u32 column)
{
	if (t->column && t->column >= column)
		put_char(t, ' ');
	while (t->column < column)
		put_char(t, ' ');
}

/* Begin a word of @len characters: after a space, or on a new line. */
static void begin_word(struct oomx_text *t, u32 indent, size_t len)
{
	if (t->column > indent && t->column + 1 + len > OOMX_COLUMNS)
		put_char(t, '\n');
	oomx_pad(t, indent);
}

/**
 * oomx_word() - append something that is not broken over lines
 * @t: text
 * @indent: column where lines begin
 * @fmt: as of printf; the result is at most 127 characters
 *
 * Context: Any.
 */
void oomx_word(struct oomx_text *t, u32 indent, const char *fmt, ...)
{
	char buf[128];
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(buf, sizeof(buf), fmt, args);
	va_end(args);
	len = min_t(int, len, sizeof(buf) - 1);
	begin_word(t, indent, len);
	put_bytes(t, buf, len);
}

/**
 * oomx_words() - append a text, breaking lines at its spaces
 * @t: text
 * @indent: column where lines begin
 * @text: what to append; untrusted parts were escaped before
 *
 * Context: Any.
 */
void oomx_words(struct oomx_text *t, u32 indent, const char *text)
{
	size_t len;

	while (*text) {
		len = strcspn(text, " ");
		if (len) {
			begin_word(t, indent, len);
			put_bytes(t, text, len);
		}
		text += len;
		text += strspn(text, " ");
	}
}

/**
 * oomx_wrap() - break lines at spaces from here on
 * @t: text
 * @indent: column where lines begin
 *
 * Several spaces become one. No newline may be printed before oomx_wrap_end().
 *
 * Context: Any.
 */
void oomx_wrap(struct oomx_text *t, u32 indent)
{
	t->wrap = indent + 1;
	t->glued = false;
	t->word_len = 0;
}

/**
 * oomx_wrap_end() - break lines no more
 * @t: text
 *
 * Context: Any.
 */
void oomx_wrap_end(struct oomx_text *t)
{
	flush_word(t);
	t->wrap = 0;
}

/**
 * oomx_print_opt() - append a number, or n/a
 * @t: text
 * @width: right-aligned to this width
 * @n: number
 *
 * Context: Any.
 */
void oomx_print_opt(struct oomx_text *t, int width, struct oomx_opt n)
{
	if (!n.known)
		oomx_print(t, "%*s", width, "n/a");
	else if (n.v == OOMX_UNLIMITED)
		oomx_print(t, "%*s", width, "max");
	else
		oomx_print(t, "%*llu", width, (unsigned long long)n.v);
}

/**
 * oomx_kb() - pages in kB
 * @pages: pages
 * @page_size: bytes
 *
 * Context: Any.
 * Return: kB.
 */
u64 oomx_kb(u64 pages, u32 page_size)
{
	return pages * (page_size / 1024);
}

/**
 * oomx_print_kb() - append pages as kB, or n/a
 * @t: text
 * @width: right-aligned to this width
 * @pages: pages
 * @page_size: bytes
 *
 * Context: Any.
 */
void oomx_print_kb(struct oomx_text *t, int width, struct oomx_opt pages, u32 page_size)
{
	if (pages.known && pages.v != OOMX_UNLIMITED)
		pages.v = oomx_kb(pages.v, page_size);
	oomx_print_opt(t, width, pages);
}

/**
 * oomx_print_ms() - append a duration in ms, above a minute in s; three decimals
 * @t: text
 * @ns: nanoseconds
 *
 * Context: Any.
 */
void oomx_print_ms(struct oomx_text *t, u64 ns)
{
	u64 us = ns / 1000;
	bool seconds = us >= 60000000;

	us /= seconds ? 1000 : 1;
	oomx_print(t, "%llu.%03llu %s", (unsigned long long)(us / 1000),
		   (unsigned long long)(us % 1000), seconds ? "s" : "ms");
}

/**
 * oomx_decimals() - width of a number
 * @n: number
 *
 * Context: Any.
 * Return: its decimal digits.
 */
u32 oomx_decimals(u64 n)
{
	u32 digits = 1;

	while (n >= 10) {
		n /= 10;
		digits++;
	}
	return digits;
}

/**
 * oomx_print_id() - append a number that names something, or n/a
 * @t: text
 * @width: right-aligned to this width
 * @id: number; OOMX_NONE: not known
 *
 * Context: Any.
 */
void oomx_print_id(struct oomx_text *t, int width, u32 id)
{
	oomx_print_opt(t, width, (struct oomx_opt){ .v = id, .known = id != OOMX_NONE });
}

/**
 * oomx_print_adj() - append an oom_score_adj, or n/a
 * @t: text
 * @width: right-aligned to this width
 * @adj: oom_score_adj; OOMX_NO_ADJ: not known
 *
 * Context: Any.
 */
void oomx_print_adj(struct oomx_text *t, int width, s32 adj)
{
	if (adj == OOMX_NO_ADJ)
		oomx_print(t, "%*s", width, "n/a");
	else
		oomx_print(t, "%*d", width, adj);
}

/*
 * Days since 1970-01-01 to a date of the Gregorian calendar, by eras of 400 years.
 * @year: print it, too
 */
static void print_date(struct oomx_text *t, u64 days, bool year)
{
	u64 z = days + 719468, era = z / 146097, doe = z % 146097;
	u64 yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	u64 doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
	u64 month = mp < 10 ? mp + 3 : mp - 9;

	if (year)
		oomx_print(t, "%04llu-", (unsigned long long)(yoe + era * 400 + (month <= 2)));
	oomx_print(t, "%02llu-%02llu", (unsigned long long)month,
		   (unsigned long long)(doy - (153 * mp + 2) / 5 + 1));
}

/**
 * oomx_print_moment() - append a moment as date and time, as far as they are known
 * @t: text
 * @realtime_ns: CLOCK_REALTIME, ns
 * @flags: OOMX_TRIGGER_LOCAL_TIME, OOMX_TRIGGER_NO_YEAR
 *
 * Context: Any.
 */
void oomx_print_moment(struct oomx_text *t, u64 realtime_ns, u32 flags)
{
	u64 us = realtime_ns / 1000, s = us / 1000000;

	print_date(t, s / 86400, !(flags & OOMX_TRIGGER_NO_YEAR));
	oomx_print(t, " %02llu:%02llu:%02llu.%06llu%s", (unsigned long long)s / 3600 % 24,
		   (unsigned long long)s / 60 % 60, (unsigned long long)s % 60,
		   (unsigned long long)us % 1000000,
		   flags & OOMX_TRIGGER_LOCAL_TIME ? " local time" : " UTC");
}

/**
 * oomx_print_time() - append a moment as date and time, UTC
 * @t: text
 * @realtime_ns: CLOCK_REALTIME, ns
 *
 * Context: Any.
 */
void oomx_print_time(struct oomx_text *t, u64 realtime_ns)
{
	oomx_print_moment(t, realtime_ns, 0);
}

/**
 * oomx_text_end() - end the text as snprintf() does
 * @t: text
 *
 * Context: Any.
 * Return: bytes of the whole text without the NUL.
 */
size_t oomx_text_end(struct oomx_text *t)
{
	if (t->buf && t->size)
		t->buf[min_t(size_t, t->len, t->size - 1)] = '\0';
	return t->len;
}
