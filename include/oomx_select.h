/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The arithmetic of mm/oom_kill.c on plain numbers: badness, order of the candidates.
 */
#ifndef _OOMX_SELECT_H
#define _OOMX_SELECT_H

#include "oomx_record.h"

#define OOMX_ADJ_MIN	(-1000)		/* OOM_SCORE_ADJ_MIN */

/**
 * oomx_task_selectable() - could the kernel have chosen this task?
 * @t: task
 *
 * Context: Any.
 * Return: true for candidates, and for tasks that asked to be killed first.
 */
static inline bool oomx_task_selectable(const struct oomx_task *t)
{
	return t->status == OOMX_TASK_CANDIDATE || t->status == OOMX_TASK_OOM_ORIGIN;
}

/**
 * oomx_task_usage() - what killing a task can give back
 * @t: task with its mm fields known
 * @page_size: bytes
 *
 * Source: oom_badness(): resident pages, swap entries, page tables in whole pages.
 *
 * Context: Any.
 * Return: pages.
 */
static inline u64 oomx_task_usage(const struct oomx_task *t, u32 page_size)
{
	u64 usage = t->rss_anon + t->rss_file + t->rss_shmem + t->swap;

	return page_size ? usage + t->pgtables_bytes / page_size : usage;
}

/**
 * oomx_badness() - points of a task
 * @t: task with its mm fields known
 * @page_size: bytes
 * @totalpages: RAM and swap that the request could have used, pages
 *
 * Source: oom_badness(): usage + oom_score_adj * (totalpages / 1000), the division
 * first, in the wrapping arithmetic of an unsigned long.
 *
 * Context: Any.
 * Return: points, in pages; may be negative.
 */
static inline s64 oomx_badness(const struct oomx_task *t, u32 page_size, u64 totalpages)
{
	u64 adj = (u64)(s64)t->oom_score_adj * (totalpages / 1000);

	return (s64)(oomx_task_usage(t, page_size) + adj);
}

/**
 * struct oomx_ranked - a task in the order of the ranking
 * @key: oomx_rank_key()
 * @scan: of the task: of equal keys the later one ranks higher
 * @index: into the table of the tasks
 */
struct oomx_ranked {
	s64 key;
	u32 scan;
	u32 index;
};

s64 oomx_score(s64 points, u64 totalpages);
s64 oomx_rank_key(const struct oomx_task *t);
bool oomx_ranks_before(const struct oomx_task *a, const struct oomx_task *b);
void oomx_heap_make(const struct oomx_table *tasks, struct oomx_ranked *heap);
void oomx_heap_replace(struct oomx_ranked *heap, u32 n, struct oomx_ranked by);
void oomx_rank(const struct oomx_table *tasks, struct oomx_ranked *order);

#endif /* _OOMX_SELECT_H */
