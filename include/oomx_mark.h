/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where the time of a capture goes, for the benchmark. In a module built without OOMX_MARKS=y
 * nothing of this is left.
 */
#ifndef _OOMX_MARK_H
#define _OOMX_MARK_H

enum oomx_mark {
	OOMX_MARK_OTHER,	/* between what follows */
	OOMX_MARK_DOMAIN,	/* what is short, and the base of the scores */
	OOMX_MARK_TRIGGER,	/* the trigger, its stack and its strings */
	OOMX_MARK_SYSTEM,
	OOMX_MARK_MEMCG,
	OOMX_MARK_ZONE,
	OOMX_MARK_NODE,
	OOMX_MARK_TASK,
	OOMX_MARK_REST,		/* the choice, cgroups, strings, the sums of the capture */
	OOMX_MARK_RING,		/* the record into the ring */
	OOMX_MARK_VICTIM,	/* inside mark_victim */
	OOMX_MARK_NR
};

#ifdef OOMX_MARKS
#include <linux/string.h>
#include <linux/timex.h>

/* Clock cycles of the last event, by section; /sys/module/oomx/parameters/marks. */
extern unsigned long oomx_marks[OOMX_MARK_NR];
extern unsigned long oomx_marked;

/* The time since the last mark was spent on @section. */
static inline void oomx_mark(enum oomx_mark section)
{
	unsigned long now = get_cycles();

	oomx_marks[section] += now - oomx_marked;
	oomx_marked = now;
}

static inline void oomx_mark_begin(void)
{
	memset(oomx_marks, 0, sizeof(oomx_marks));
	oomx_marked = get_cycles();
}

static inline void oomx_mark_again(void)
{
	oomx_marked = get_cycles();
}
#else
static inline void oomx_mark(enum oomx_mark section) { }
static inline void oomx_mark_begin(void) { }
static inline void oomx_mark_again(void) { }
#endif

#endif /* _OOMX_MARK_H */
