// SPDX-License-Identifier: GPL-2.0
/*
 * The arithmetic of mm/oom_kill.c on plain numbers. Pure.
 */
#include "oomx_select.h"

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
u64 oomx_task_usage(const struct oomx_task *t, u32 page_size)
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
s64 oomx_badness(const struct oomx_task *t, u32 page_size, u64 totalpages)
{
	u64 adj = (u64)(s64)t->oom_score_adj * (totalpages / 1000);

	return (s64)(oomx_task_usage(t, page_size) + adj);
}

/**
 * oomx_score() - points on the scale of oom_score_adj
 * @points: as oomx_badness() returns
 * @totalpages: pages the points are relative to
 *
 * Context: Any.
 * Return: @points * 1000 / @totalpages, held within +-1000000; 0 when @totalpages is 0.
 */
s64 oomx_score(s64 points, u64 totalpages)
{
	s64 total = totalpages > S64_MAX / 1000 ? S64_MAX / 1000 : (s64)totalpages;

	if (!total)
		return 0;
	if (points / total >= 1000)
		return 1000000;
	if (points / total <= -1000)
		return -1000000;
	/* |points| < 1000 * total <= S64_MAX: split, so that * 1000 cannot overflow */
	return points / total * 1000 + points % total * 1000 / total;
}

/**
 * oomx_task_selectable() - could the kernel have chosen this task?
 * @t: task
 *
 * Context: Any.
 * Return: true for candidates, and for tasks that asked to be killed first.
 */
bool oomx_task_selectable(const struct oomx_task *t)
{
	return t->status == OOMX_TASK_CANDIDATE || t->status == OOMX_TASK_OOM_ORIGIN;
}

/* What tasks are ranked by: candidates by points, the others below them by size. */
static s64 rank_key(const struct oomx_task *t)
{
	u64 held = t->rss_anon + t->rss_file + t->rss_shmem + t->swap;

	if (t->status == OOMX_TASK_OOM_ORIGIN)
		return S64_MAX;
	if (oomx_task_selectable(t) && t->flags & OOMX_TASK_HAS_POINTS)
		return t->points;
	return S64_MIN + (s64)min_t(u64, held, S64_MAX / 2);
}

/**
 * oomx_ranks_before() - order of two tasks in the ranking
 * @a: task
 * @b: another one
 *
 * Source: oom_evaluate_task(): more points win; of equal ones the later in the scan
 * (the kernel replaces its choice when points are equal). Tasks that cannot be chosen
 * come after all that can, the larger first.
 *
 * Context: Any.
 * Return: true when @a ranks above @b.
 */
bool oomx_ranks_before(const struct oomx_task *a, const struct oomx_task *b)
{
	s64 ka = rank_key(a), kb = rank_key(b);

	if (oomx_task_selectable(a) != oomx_task_selectable(b))
		return oomx_task_selectable(a);
	if (ka != kb)
		return ka > kb;
	return a->scan > b->scan;
}

static const struct oomx_task *task_at(const struct oomx_table *tasks, u32 i)
{
	return (const void *)(tasks->data + (size_t)tasks->esize * i);
}

static bool index_before(const struct oomx_table *tasks, u32 a, u32 b)
{
	return oomx_ranks_before(task_at(tasks, a), task_at(tasks, b));
}

/**
 * oomx_heap_sift() - restore the heap after its entry @i got a higher rank
 * @tasks: the tasks that @heap indexes
 * @heap: indexes; entry 0 is the lowest ranking task
 * @n: number of entries
 * @i: the entry
 *
 * Context: Any. At most log2(@n) steps.
 */
void oomx_heap_sift(const struct oomx_table *tasks, u32 *heap, u32 n, u32 i)
{
	u32 child, swap;

	while ((child = 2 * i + 1) < n) {
		if (child + 1 < n && index_before(tasks, heap[child], heap[child + 1]))
			child++;
		if (!index_before(tasks, heap[i], heap[child]))
			break;
		swap = heap[i];
		heap[i] = heap[child];
		heap[child] = swap;
		i = child;
	}
}

/**
 * oomx_heap_make() - arrange all tasks of a table in a heap
 * @tasks: tasks
 * @heap: @n indexes, filled here
 * @n: number of tasks
 *
 * Context: Any. Linear in @n.
 */
void oomx_heap_make(const struct oomx_table *tasks, u32 *heap, u32 n)
{
	u32 i;

	for (i = 0; i < n; i++)
		heap[i] = i;
	for (i = n / 2; i-- > 0;)
		oomx_heap_sift(tasks, heap, n, i);
}

/**
 * oomx_rank() - the order of the ranking
 * @tasks: table of struct oomx_task
 * @order: set to the @tasks->count indexes, highest rank first
 *
 * A table whose elements are not struct oomx_task keeps its order.
 *
 * Context: Any. A heap sort: no memory of its own, n * log2(n) steps.
 */
void oomx_rank(const struct oomx_table *tasks, u32 *order)
{
	u32 n = tasks->count, i, lowest;

	if (tasks->esize < sizeof(struct oomx_task) || tasks->esize % OOMX_ALIGN) {
		for (i = 0; i < n; i++)
			order[i] = i;
		return;
	}
	oomx_heap_make(tasks, order, n);
	while (n > 1) {
		lowest = order[0];
		order[0] = order[--n];
		order[n] = lowest;
		oomx_heap_sift(tasks, order, n, 0);
	}
}
