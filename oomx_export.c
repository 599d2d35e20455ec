// SPDX-License-Identifier: GPL-2.0
/*
 * What a record looks like outside of the kernel: addresses become symbol names.
 *
 * The capture stores return addresses, because looking up names takes longer than all
 * the rest of it. The lookup is done here, on a reader's copy; no address leaves.
 */
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "oomx.h"

/* symbol+offset/size [module], and its NUL */
#define FRAME_LEN	192

/* What a record can grow by. */
#define GROWTH(frames)	((frames) * FRAME_LEN + sizeof(struct oomx_section))

static bool export_stack(struct oomx_builder *b, const struct oomx_section *s)
{
	const u64 *addr = OOMX_SECTION_DATA(s);
	struct oomx_strings names;
	char frame[FRAME_LEN];
	char *buf;
	u32 i;

	buf = kmalloc(s->count * FRAME_LEN + 1, GFP_KERNEL);
	if (!buf)
		return false;
	oomx_strings_init(&names, buf, s->count * FRAME_LEN + 1);
	for (i = 0; i < s->count; i++) {
		/* as the kernel prints a call trace */
		scnprintf(frame, sizeof(frame), "%pB", (void *)(unsigned long)addr[i]);
		oomx_strings_add(&names, frame);
	}
	oomx_build_copy(b, OOMX_SEC_STACK, buf + 1, 1, names.len - 1);
	kfree(buf);
	return true;
}

static u32 frames_of(const struct oomx_record *r)
{
	return oomx_record_table(r, OOMX_SEC_PRIVATE).count;
}

/**
 * oomx_export() - a copy of a record, fit to leave the kernel
 * @r: record as it lies in the ring
 *
 * Context: Process, may sleep.
 * Return: the copy, to be freed with kvfree(), or NULL.
 */
struct oomx_record *oomx_export(const struct oomx_record *r)
{
	size_t size = r->len + GROWTH(frames_of(r));
	const struct oomx_section *s;
	struct oomx_builder b;
	void *buf;

	buf = kvmalloc(size, GFP_KERNEL);
	if (!buf)
		return NULL;
	oomx_build_begin(&b, buf, size, r->type, r->event);
	OOMX_FOR_EACH_SECTION(r, s) {
		if (s->type != OOMX_SEC_PRIVATE) {
			oomx_build_copy(&b, s->type, OOMX_SECTION_DATA(s), s->esize, s->count);
		} else if (!export_stack(&b, s)) {
			kvfree(buf);
			return NULL;
		}
	}
	oomx_build_end(&b);
	((struct oomx_record *)buf)->seq = r->seq;
	return buf;
}

/**
 * oomx_export_size() - the largest record that can leave the kernel
 *
 * Context: Any, after oomx_capture_init().
 * Return: bytes.
 */
size_t oomx_export_size(void)
{
	return oomx_capture_size(U32_MAX) + GROWTH(OOMX_MAX_FRAMES);
}
