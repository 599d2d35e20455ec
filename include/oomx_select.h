/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The arithmetic of mm/oom_kill.c on plain numbers: badness, order of the candidates.
 */
#ifndef _OOMX_SELECT_H
#define _OOMX_SELECT_H

#include "oomx_record.h"

#define OOMX_ADJ_MIN	(-1000)		/* OOM_SCORE_ADJ_MIN */

u64 oomx_task_usage(const struct oomx_task *t, u32 page_size);
s64 oomx_badness(const struct oomx_task *t, u32 page_size, u64 totalpages);
s64 oomx_score(s64 points, u64 totalpages);
bool oomx_task_selectable(const struct oomx_task *t);
bool oomx_ranks_before(const struct oomx_task *a, const struct oomx_task *b);
void oomx_heap_sift(const struct oomx_table *tasks, u32 *heap, u32 n, u32 i);
void oomx_heap_make(const struct oomx_table *tasks, u32 *heap, u32 n);
void oomx_rank(const struct oomx_table *tasks, u32 *order);

#endif /* _OOMX_SELECT_H */
