// SPDX-License-Identifier: GPL-2.0
/*
 * The arithmetic of mm/oom_kill.c on plain numbers. Pure.
 */
#include "oomx_select.h"

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

/* Where the keys of those are that rank by their size, in three ranges: the others are below. */
#define KEYS_BY_SIZE	(S64_MIN + 2 * KEYS_RANGE)
#define KEYS_RANGE	(S64_MAX / 4 + 1)

/**
 * oomx_rank_key() - what tasks are ranked by
 * @t: task
 *
 * Candidates by their points, or by their size below these where they have none; below them
 * those that cannot be chosen, by their size.
 *
 * Context: Any.
 * Return: a number, higher for what ranks higher.
 */
s64 oomx_rank_key(const struct oomx_task *t)
{
	s64 held = min_t(u64, t->rss_anon + t->rss_file + t->rss_shmem + t->swap, KEYS_RANGE - 1);

	if (!oomx_task_selectable(t))
		return S64_MIN + held;
	if (t->status == OOMX_TASK_OOM_ORIGIN)
		return S64_MAX;
	if (t->flags & OOMX_TASK_HAS_POINTS)
		return max_t(s64, t->points, KEYS_BY_SIZE);
	return S64_MIN + KEYS_RANGE + held;
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
	s64 ka = oomx_rank_key(a), kb = oomx_rank_key(b);

	return ka != kb ? ka > kb : a->scan > b->scan;
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
 * oomx_kept_sift() - restore the heap of those that were kept, after entry @i got a higher key
 * @kept: heap, the lowest key first
 * @n: number of entries
 * @i: the entry
 *
 * Context: Any. At most log2(@n) steps.
 */
void oomx_kept_sift(struct oomx_kept *kept, u32 n, u32 i)
{
	struct oomx_kept moved = kept[i];
	u32 child;

	while ((child = 2 * i + 1) < n) {
		if (child + 1 < n && kept[child + 1].key < kept[child].key)
			child++;
		if (kept[child].key >= moved.key)
			break;
		kept[i] = kept[child];
		i = child;
	}
	kept[i] = moved;
}

/**
 * oomx_kept_make() - all tasks of a table as those that were kept
 * @tasks: table of struct oomx_task
 * @kept: as many entries, filled here
 *
 * Context: Any. Linear in the number of tasks.
 */
void oomx_kept_make(const struct oomx_table *tasks, struct oomx_kept *kept)
{
	u32 n = tasks->count, i;

	for (i = 0; i < n; i++)
		kept[i] = (struct oomx_kept){ oomx_rank_key(task_at(tasks, i)), i };
	for (i = n / 2; i-- > 0;)
		oomx_kept_sift(kept, n, i);
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
