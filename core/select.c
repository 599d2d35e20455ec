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

static struct oomx_ranked ranked(const struct oomx_task *t, u32 index)
{
	return (struct oomx_ranked){ oomx_rank_key(t), t->scan, index };
}

static bool is_before(const struct oomx_ranked *a, const struct oomx_ranked *b)
{
	return a->key != b->key ? a->key > b->key : a->scan > b->scan;
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
	struct oomx_ranked ra = ranked(a, 0), rb = ranked(b, 0);

	return is_before(&ra, &rb);
}

#define CHILDREN	4	/* of an entry of the heap */

/* The lowest ranking child of entry @i; 0 when it has none. */
static u32 lowest_child(const struct oomx_ranked *heap, u32 n, u32 i)
{
	u32 child = CHILDREN * i + 1, end = min_t(u32, child + CHILDREN, n), low = child;

	if (child >= n)
		return 0;
	while (++child < end)
		if (is_before(&heap[low], &heap[child]))
			low = child;
	return low;
}

/*
 * The heap has the lowest rank first. Put @moved where it belongs, at or below entry @top: most
 * belong far down, so its place is made there and goes up as long as it is too low.
 */
static void sift(struct oomx_ranked *heap, u32 n, u32 top, struct oomx_ranked moved)
{
	u32 i = top, to;

	while ((to = lowest_child(heap, n, i))) {
		heap[i] = heap[to];
		i = to;
	}
	while (i > top && is_before(&heap[(i - 1) / CHILDREN], &moved)) {
		to = (i - 1) / CHILDREN;
		heap[i] = heap[to];
		i = to;
	}
	heap[i] = moved;
}

/**
 * oomx_heap_make() - arrange all tasks of a table in a heap
 * @tasks: table of struct oomx_task
 * @heap: as many entries, filled here, the lowest rank first
 *
 * Context: Any. Linear in the number of tasks.
 */
void oomx_heap_make(const struct oomx_table *tasks, struct oomx_ranked *heap)
{
	u32 n = tasks->count, i;

	for (i = 0; i < n; i++)
		heap[i] = ranked((const void *)(tasks->data + (size_t)tasks->esize * i), i);
	for (i = (n + CHILDREN - 1) / CHILDREN; i-- > 0;)
		sift(heap, n, i, heap[i]);
}

/**
 * oomx_heap_replace() - another task took the place of the lowest ranking one
 * @heap: heap
 * @n: number of entries, at least 1
 * @by: the task, which ranks higher
 *
 * Context: Any. The logarithm of @n is the number of steps.
 */
void oomx_heap_replace(struct oomx_ranked *heap, u32 n, struct oomx_ranked by)
{
	sift(heap, n, 0, by);
}

/**
 * oomx_rank() - the order of the ranking
 * @tasks: table of struct oomx_task
 * @order: as many entries, filled here, the highest rank first
 *
 * A table whose elements are not struct oomx_task keeps its order.
 *
 * Context: Any. A heap sort: no memory of its own, n * log2(n) steps.
 */
void oomx_rank(const struct oomx_table *tasks, struct oomx_ranked *order)
{
	u32 n = tasks->count, i;
	struct oomx_ranked last;

	if (tasks->esize < sizeof(struct oomx_task) || tasks->esize % OOMX_ALIGN) {
		for (i = 0; i < n; i++)
			order[i] = (struct oomx_ranked){ .index = i };
		return;
	}
	oomx_heap_make(tasks, order);
	while (n > 1) {
		last = order[--n];
		order[n] = order[0];
		sift(order, n, 0, last);
	}
}
