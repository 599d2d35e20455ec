/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Text of at most 80 columns into a buffer of the caller.
 */
#ifndef _OOMX_TEXT_H
#define _OOMX_TEXT_H

#include "oomx_types.h"

#define OOMX_COLUMNS	80

/**
 * struct oomx_text - text in the making
 * @buf: memory of the caller, or NULL to count only
 * @size: bytes of @buf
 * @len: bytes the whole text takes; past @size only counted
 * @column: where the next character goes
 * @wrap: lines are broken at spaces and begin at column @wrap - 1; 0: they are not
 * @glued: the word goes on where the last one ended
 * @word_len: characters of @word
 * @word: what was printed since the last space, while lines are broken
 */
struct oomx_text {
	char *buf;
	size_t size;
	size_t len;
	u32 column;
	u32 wrap;
	bool glued;
	u32 word_len;
	char word[OOMX_COLUMNS];
};

void oomx_print(struct oomx_text *t, const char *fmt, ...) __printf(2, 3);
void oomx_print_untrusted(struct oomx_text *t, const char *str);
void oomx_pad(struct oomx_text *t, u32 column);
void oomx_word(struct oomx_text *t, u32 indent, const char *fmt, ...) __printf(3, 4);
void oomx_words(struct oomx_text *t, u32 indent, const char *text);
void oomx_wrap(struct oomx_text *t, u32 indent);
void oomx_wrap_end(struct oomx_text *t);
void oomx_print_opt(struct oomx_text *t, int width, struct oomx_opt n);
void oomx_print_kb(struct oomx_text *t, int width, struct oomx_opt pages, u32 page_size);
void oomx_print_ms(struct oomx_text *t, u64 ns);
void oomx_print_time(struct oomx_text *t, u64 realtime_ns);
void oomx_print_moment(struct oomx_text *t, u64 realtime_ns, u32 flags);
void oomx_print_id(struct oomx_text *t, int width, u32 id);
void oomx_print_adj(struct oomx_text *t, int width, s32 adj);
size_t oomx_text_end(struct oomx_text *t);
u64 oomx_kb(u64 pages, u32 page_size);
u32 oomx_decimals(u64 n);

#endif /* _OOMX_TEXT_H */
