// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of the selection: the arithmetic of the kernel's oom_badness() worked out by
 * hand, and the ranking held against oom_evaluate_task() and a plain sort.
 */
#include "oomx_test.h"
#include "../core/select.c"

#define PAGE		4096
#define MANY		64

#define CANDIDATE	OOMX_TASK_CANDIDATE
#define ORIGIN		OOMX_TASK_OOM_ORIGIN
#define DEAD		OOMX_TASK_OOM_SKIP	/* stands for all that cannot be chosen */
#define POINTS		OOMX_TASK_HAS_POINTS

/* ---- usage ---- */

static void usage_is_a_sum_of_pages(struct kunit *test)
{
	static const struct {
		u64 anon, file, shmem, swap, pgtables_bytes;
		u32 page_size;
		u64 usage;
	} rows[] = {
		{ 0, 0, 0, 0, 0, PAGE, 0 },
		{ 1000, 0, 0, 0, 0, PAGE, 1000 },
		{ 0, 200, 0, 0, 0, PAGE, 200 },
		{ 0, 0, 30, 0, 0, PAGE, 30 },
		{ 0, 0, 0, 4, 0, PAGE, 4 },
		/* 1000 + 200 + 30 + 4 + 8192 / 4096 = 1236 */
		{ 1000, 200, 30, 4, 8192, PAGE, 1236 },
		/* 2^64 - 1 + 3 wraps to 2 */
		{ U64_MAX, 3, 0, 0, 0, PAGE, 2 },
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct oomx_task t = {
			.rss_anon = rows[i].anon, .rss_file = rows[i].file,
			.rss_shmem = rows[i].shmem, .swap = rows[i].swap,
			.pgtables_bytes = rows[i].pgtables_bytes,
		};

		OOMX_EXPECT_EQ_AT(test, i, oomx_task_usage(&t, rows[i].page_size),
				  rows[i].usage);
	}
}

static void page_tables_count_in_whole_pages(struct kunit *test)
{
	static const struct {
		u64 bytes;
		u32 page_size;
		u64 usage;
	} rows[] = {
		{ 4095, 4096, 10 },
		{ 4096, 4096, 11 },
		{ 8191, 4096, 11 },
		{ 8192, 4096, 12 },
		{ 65535, 65536, 10 },		/* arm64 and ppc64 with 64K pages */
		{ 131071, 65536, 11 },
		{ U64_MAX, 1U << 31, 10 + (1ULL << 33) - 1 },
		{ 1 << 20, 0, 10 },		/* page size unknown: left out */
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct oomx_task t = { .rss_anon = 10, .pgtables_bytes = rows[i].bytes };

		OOMX_EXPECT_EQ_AT(test, i, oomx_task_usage(&t, rows[i].page_size),
				  rows[i].usage);
	}
}

/* ---- badness ---- */

struct badness_row {
	u64 usage;
	s16 adj;
	u64 totalpages;
	s64 points;
};

static void expect_badness(struct kunit *test, const struct badness_row *rows, u32 n)
{
	u32 i;

	for (i = 0; i < n; i++) {
		struct oomx_task t = {
			.rss_anon = rows[i].usage, .oom_score_adj = rows[i].adj,
		};

		OOMX_EXPECT_EQ_AT(test, i, oomx_badness(&t, PAGE, rows[i].totalpages),
				  rows[i].points);
	}
}

static void badness_adds_adj_per_mille(struct kunit *test)
{
	static const struct badness_row rows[] = {
		{ 5000, 0, 1000000, 5000 },
		/* 5000 + 500 * (1000000 / 1000) = 5000 + 500000 */
		{ 5000, 500, 1000000, 505000 },
		/* 5000 + 1000 * 1000 */
		{ 5000, 1000, 1000000, 1005000 },
		/* 0 + 1 * (4194304 / 1000) = 4194 */
		{ 0, 1, 4194304, 4194 },
	};

	expect_badness(test, rows, ARRAY_SIZE(rows));
}

static void badness_may_be_negative(struct kunit *test)
{
	static const struct badness_row rows[] = {
		/* 5000 - 5 * 1000 = 0 */
		{ 5000, -5, 1000000, 0 },
		/* 5000 - 6 * 1000 */
		{ 5000, -6, 1000000, -1000 },
		/* 5000 - 999 * 1000 */
		{ 5000, -999, 1000000, -994000 },
		/* -1000 is no special case of the arithmetic */
		{ 5000, OOMX_ADJ_MIN, 1000000, -995000 },
	};

	expect_badness(test, rows, ARRAY_SIZE(rows));
}

static void badness_divides_first(struct kunit *test)
{
	static const struct badness_row rows[] = {
		/* n / 1000 = 0 for n < 1000: no adj can do anything */
		{ 70, 1000, 0, 70 },
		{ 70, 1000, 1, 70 },
		{ 70, 1000, 999, 70 },
		{ 70, -1000, 999, 70 },
		/* 1000 / 1000 = 1 */
		{ 70, 1000, 1000, 1070 },
		{ 70, -1000, 1000, -930 },
		/* 1999 / 1000 = 1: 70 + 500 (multiplied first: 70 + 999) */
		{ 70, 500, 1999, 570 },
		{ 70, -500, 1999, -430 },
	};

	expect_badness(test, rows, ARRAY_SIZE(rows));
}

/* No kernel lets these adj through, but a record may hold them. */
static void badness_with_huge_adj(struct kunit *test)
{
	static const struct badness_row rows[] = {
		/* 1 + 32767 * 1000 */
		{ 1, 32767, 1000000, 32767001 },
		/* 1 - 32768 * 1000 */
		{ 1, -32768, 1000000, -32767999 },
	};

	expect_badness(test, rows, ARRAY_SIZE(rows));
}

/* 2^64 / 1000 = 18446744073709551, 616 left over */
static void badness_wraps_like_unsigned_long(struct kunit *test)
{
	static const struct badness_row rows[] = {
		{ U64_MAX, 0, 1000, -1 },
		{ S64_MAX, 1, 1000, S64_MIN },
		{ 0, -1, U64_MAX, -18446744073709551LL },
		/* 1000 * 18446744073709551 = 2^64 - 616 */
		{ 0, 1000, U64_MAX, -616 },
		{ 0, -1000, U64_MAX, 616 },
		{ 700, 1000, U64_MAX, 84 },
	};

	expect_badness(test, rows, ARRAY_SIZE(rows));
}

/* 100 + 20 + 3 + 4 + 5 = 132; 132 - 2 * (65000 / 1000) = 2 */
static void badness_takes_all_of_the_usage(struct kunit *test)
{
	struct oomx_task t = {
		.rss_anon = 100, .rss_file = 20, .rss_shmem = 3, .swap = 4,
		.pgtables_bytes = 5 * PAGE + 1, .oom_score_adj = -2, .total_vm = 1 << 20,
	};

	OOMX_EXPECT_EQ(test, oomx_badness(&t, PAGE, 65000), 2);
}

/* ---- score ---- */

struct score_row {
	s64 points;
	u64 totalpages;
	s64 score;
};

static void expect_score(struct kunit *test, const struct score_row *rows, u32 n)
{
	u32 i;

	for (i = 0; i < n; i++)
		OOMX_EXPECT_EQ_AT(test, i, oomx_score(rows[i].points, rows[i].totalpages),
				  rows[i].score);
}

static void score_is_per_mille(struct kunit *test)
{
	static const struct score_row rows[] = {
		{ 0, 1000, 0 },
		{ 500, 1000, 500 },
		{ -500, 1000, -500 },
		/* 262144 * 1000 / 1048576 = 250 */
		{ 262144, 1048576, 250 },
		/* 3 * 1000 / 2 */
		{ 3, 2, 1500 },
		{ 1, 1, 1000 },
	};

	expect_score(test, rows, ARRAY_SIZE(rows));
}

static void score_is_cut_towards_zero(struct kunit *test)
{
	static const struct score_row rows[] = {
		/* 1000 / 3 = 333.3, 2000 / 3 = 666.6, 5000 / 3 = 1666.6 */
		{ 1, 3, 333 },
		{ -1, 3, -333 },
		{ 2, 3, 666 },
		{ -2, 3, -666 },
		{ 5, 3, 1666 },
		{ -5, 3, -1666 },
		{ 1, 1001, 0 },
		{ -1, 1001, 0 },
		{ 1999, 2000, 999 },
	};

	expect_score(test, rows, ARRAY_SIZE(rows));
}

static void score_without_totalpages_is_zero(struct kunit *test)
{
	static const struct score_row rows[] = {
		{ 0, 0, 0 }, { 1, 0, 0 }, { S64_MIN, 0, 0 }, { S64_MAX, 0, 0 },
	};

	expect_score(test, rows, ARRAY_SIZE(rows));
}

static void score_is_held_within_a_million(struct kunit *test)
{
	static const struct score_row rows[] = {
		{ 999, 1, 999000 },
		{ -999, 1, -999000 },
		/* 1999 * 1000 / 2 = 999500 */
		{ 1999, 2, 999500 },
		{ 1000, 1, 1000000 },
		{ 1001, 1, 1000000 },
		{ -1000, 1, -1000000 },
		{ -1001, 1, -1000000 },
		{ S64_MAX, 1, 1000000 },
		{ S64_MIN, 1, -1000000 },
	};

	expect_score(test, rows, ARRAY_SIZE(rows));
}

/* Where points * 1000 would not fit into 64 bits. */
static void score_does_not_overflow(struct kunit *test)
{
	static const struct score_row rows[] = {
		/* a half, three quarters */
		{ 1LL << 52, 1ULL << 53, 500 },
		{ -(3LL << 51), 1ULL << 53, -750 },
		/* 2^62 / 2^53 = 512 times 1000 */
		{ 1LL << 62, 1ULL << 53, 512000 },
		/* 999 * total + total - 1: just below a million */
		{ 9223372036854774999LL, 9223372036854775ULL, 999999 },
		{ -9223372036854774999LL, 9223372036854775ULL, -999999 },
		{ S64_MAX, 9223372036854775ULL, 1000000 },
		{ S64_MIN, 9223372036854775ULL, -1000000 },
		/* more pages than there can be */
		{ 5, U64_MAX, 0 },
		{ -5, 1ULL << 63, 0 },
	};

	expect_score(test, rows, ARRAY_SIZE(rows));
}

/* ---- order of two ---- */

static void selectable_are_candidates_and_origins(struct kunit *test)
{
	struct oomx_task t = { 0 };
	u32 status;

	for (status = 0; status < 256; status++) {
		t.status = status;
		OOMX_EXPECT_EQ_AT(test, status, oomx_task_selectable(&t),
				  status == 1 || status == 9);
	}
}

struct rank_row {
	u8 status, flags;
	s64 points;
	u64 anon;
	u32 scan;
};

static struct oomx_task rank_task(const struct rank_row *row)
{
	struct oomx_task t = {
		.status = row->status, .flags = row->flags, .points = row->points,
		.rss_anon = row->anon, .scan = row->scan,
	};

	return t;
}

/* The first of each pair ranks above the second, and not the other way round. */
static void expect_order(struct kunit *test, const struct rank_row (*pairs)[2], u32 n)
{
	struct oomx_task a, b;
	u32 i;

	for (i = 0; i < n; i++) {
		a = rank_task(&pairs[i][0]);
		b = rank_task(&pairs[i][1]);
		KUNIT_EXPECT_TRUE_MSG(test, oomx_ranks_before(&a, &b), "pair %u", i);
		KUNIT_EXPECT_FALSE_MSG(test, oomx_ranks_before(&b, &a), "pair %u", i);
		KUNIT_EXPECT_FALSE_MSG(test, oomx_ranks_before(&a, &a), "pair %u", i);
	}
}

static void more_points_rank_first(struct kunit *test)
{
	static const struct rank_row pairs[][2] = {
		{ { CANDIDATE, POINTS, 11, 0, 1 }, { CANDIDATE, POINTS, 10, 99, 2 } },
		{ { CANDIDATE, POINTS, 0, 0, 1 }, { CANDIDATE, POINTS, -1, 99, 2 } },
		{ { CANDIDATE, POINTS, -5, 0, 1 }, { CANDIDATE, POINTS, -6, 99, 2 } },
		{ { CANDIDATE, POINTS, S64_MAX, 0, 1 }, { CANDIDATE, POINTS, S64_MIN, 0, 2 } },
	};

	expect_order(test, pairs, ARRAY_SIZE(pairs));
}

/* The kernel goes on to the next task only if it has fewer points than the chosen one. */
static void of_equal_points_the_later_ranks_first(struct kunit *test)
{
	static const struct rank_row pairs[][2] = {
		{ { CANDIDATE, POINTS, 10, 0, 2 }, { CANDIDATE, POINTS, 10, 99, 1 } },
		{ { CANDIDATE, POINTS, -7, 0, 9 }, { CANDIDATE, POINTS, -7, 99, 8 } },
		{ { CANDIDATE, POINTS, 0, 0, U32_MAX }, { CANDIDATE, POINTS, 0, 0, 0 } },
	};

	expect_order(test, pairs, ARRAY_SIZE(pairs));
}

/* oom_task_origin(): points = LONG_MAX, whatever it holds */
static void origin_ranks_first(struct kunit *test)
{
	static const struct rank_row pairs[][2] = {
		{ { ORIGIN, POINTS, -5, 0, 1 }, { CANDIDATE, POINTS, 10, 9, 2 } },
		{ { ORIGIN, 0, 0, 0, 1 }, { CANDIDATE, POINTS, S64_MAX - 1, 9, 2 } },
		{ { ORIGIN, POINTS, 1, 0, 2 }, { ORIGIN, POINTS, 1000, 9, 1 } },
		{ { CANDIDATE, POINTS, S64_MAX, 0, 2 }, { ORIGIN, POINTS, 5, 9, 1 } },
	};

	expect_order(test, pairs, ARRAY_SIZE(pairs));
}

static void what_cannot_be_chosen_ranks_last(struct kunit *test)
{
	static const struct rank_row pairs[][2] = {
		{ { CANDIDATE, POINTS, -1000000, 0, 1 }, { DEAD, POINTS, 1000000, 99, 2 } },
		{ { CANDIDATE, POINTS, S64_MIN, 0, 1 }, { DEAD, 0, 0, U64_MAX, 2 } },
		{ { CANDIDATE, 0, 0, 0, 1 }, { DEAD, POINTS, 5, 99, 2 } },
		{ { ORIGIN, 0, 0, 0, 1 }, { OOMX_TASK_ADJ_MIN, 0, 0, 99, 2 } },
		{ { CANDIDATE, POINTS, 0, 0, 1 }, { OOMX_TASK_LOCKED, 0, 0, 99, 2 } },
	};

	expect_order(test, pairs, ARRAY_SIZE(pairs));
}

/* A stale value in points must not count while the flag says that it is not known. */
static void candidates_without_points_rank_by_size(struct kunit *test)
{
	static const struct rank_row pairs[][2] = {
		{ { CANDIDATE, POINTS, -1000000, 0, 1 }, { CANDIDATE, 0, 50, 99, 2 } },
		{ { CANDIDATE, POINTS, -1000000, 0, 1 }, { CANDIDATE, 0, 0, U64_MAX, 2 } },
		{ { CANDIDATE, 0, 0, 8, 1 }, { CANDIDATE, 0, 50, 7, 2 } },
		{ { CANDIDATE, 0, 0, 8, 2 }, { CANDIDATE, 0, 50, 8, 1 } },
	};

	expect_order(test, pairs, ARRAY_SIZE(pairs));
}

/* One page of difference is enough, at both ends of the scale. */
static void others_rank_by_size_then_scan(struct kunit *test)
{
	static const struct rank_row pairs[][2] = {
		{ { DEAD, 0, 0, 100, 1 }, { DEAD, POINTS, 77, 50, 2 } },
		{ { DEAD, 0, 0, 3, 1 }, { DEAD, 0, 0, 2, 2 } },
		{ { DEAD, 0, 0, 2, 1 }, { DEAD, 0, 0, 1, 2 } },
		{ { DEAD, 0, 0, 1, 1 }, { DEAD, 0, 0, 0, 2 } },
		{ { DEAD, 0, 0, 9, 2 }, { DEAD, 0, 0, 9, 1 } },
		{ { DEAD, 0, 0, 1ULL << 63, 1 }, { DEAD, 0, 0, 1, 2 } },
		{ { DEAD, 0, 0, U64_MAX, 1 }, { DEAD, 0, 0, 1ULL << 40, 2 } },
	};

	expect_order(test, pairs, ARRAY_SIZE(pairs));
}

/* 1 + 1 + 1 + 1 = 4 pages are more than 3, wherever they are. */
static void size_is_resident_and_swapped(struct kunit *test)
{
	struct oomx_task a = {
		.status = DEAD, .rss_anon = 1, .rss_file = 1, .rss_shmem = 1, .swap = 1,
	};
	struct oomx_task b = { .status = DEAD, .rss_anon = 3, .scan = 1, .total_vm = 99 };

	KUNIT_EXPECT_TRUE(test, oomx_ranks_before(&a, &b));
	KUNIT_EXPECT_FALSE(test, oomx_ranks_before(&b, &a));
}

/* ---- order of many ---- */

struct select_test {
	struct oomx_task tasks[MANY];
	struct oomx_table table;
	struct oomx_ranked order[MANY];
	u32 expected[MANY];
	struct oomx_ranked heap[MANY];
};

static int select_test_init(struct kunit *test)
{
	struct select_test *t = oomx_test_alloc(test, sizeof(*t));

	t->table.data = (const u8 *)t->tasks;
	t->table.esize = sizeof(t->tasks[0]);
	test->priv = t;
	return 0;
}

/* Few different points and sizes, so that many are equal; scan order is another one. */
static void make_tasks(struct select_test *t, u32 n, u64 seed)
{
	static const u8 status[] = { CANDIDATE, CANDIDATE, CANDIDATE, CANDIDATE, DEAD, ORIGIN };
	struct oomx_task *task;
	u32 i, kinds = seed % 3 ? 5 : 6;

	t->table.count = n;
	for (i = 0; i < n; i++) {
		task = &t->tasks[i];
		memset(task, 0, sizeof(*task));
		task->status = status[oomx_test_random(&seed) % kinds];
		task->flags = POINTS;
		task->points = (s64)(oomx_test_random(&seed) % 9) - 4;
		task->rss_anon = oomx_test_random(&seed) % 5;
		task->scan = (i * 7 + 3) % MANY;
	}
}

/* A sort too simple to be wrong. */
static void sort_plainly(struct select_test *t)
{
	const struct oomx_task *task;
	u32 *e = t->expected, i, k;

	for (i = 0; i < t->table.count; i++) {
		task = &t->tasks[i];
		for (k = i; k && oomx_ranks_before(task, &t->tasks[e[k - 1]]); k--)
			e[k] = e[k - 1];
		e[k] = i;
	}
}

static bool is_permutation(const struct oomx_ranked *order, u32 n)
{
	u64 seen = 0;
	u32 i;

	for (i = 0; i < n; i++) {
		if (order[i].index >= n || seen >> order[i].index & 1)
			return false;
		seen |= 1ULL << order[i].index;
	}
	return true;
}

static bool is_expected(const struct select_test *t, u32 n)
{
	while (n--)
		if (t->order[n].index != t->expected[n])
			return false;
	return true;
}

static void rank_is_a_permutation(struct kunit *test)
{
	struct select_test *t = test->priv;
	u32 n;

	for (n = 0; n <= MANY; n++) {
		make_tasks(t, n, n);
		memset(t->order, 0xff, sizeof(t->order));
		oomx_rank(&t->table, t->order);
		KUNIT_EXPECT_TRUE_MSG(test, is_permutation(t->order, n), "%u tasks", n);
		if (n < MANY)
			OOMX_EXPECT_EQ_AT(test, n, t->order[n].index, U32_MAX);
	}
}

static void rank_equals_a_plain_sort(struct kunit *test)
{
	struct select_test *t = test->priv;
	u32 n;

	for (n = 0; n <= MANY; n++) {
		make_tasks(t, n, n + 100);
		sort_plainly(t);
		oomx_rank(&t->table, t->order);
		KUNIT_EXPECT_TRUE_MSG(test, is_expected(t, n), "%u tasks", n);
	}
}

/* Worked by hand: the origin, 9 points, 5 points (scan 4, then 2), not selectable. */
static void rank_of_a_small_table(struct kunit *test)
{
	static const struct rank_row rows[] = {
		{ DEAD, 0, 0, 10, 0 },
		{ CANDIDATE, POINTS, 9, 0, 1 },
		{ CANDIDATE, POINTS, 5, 0, 2 },
		{ ORIGIN, POINTS, 1, 0, 3 },
		{ CANDIDATE, POINTS, 5, 0, 4 },
		{ DEAD, 0, 0, 20, 5 },
	};
	static const u32 expected[] = { 3, 1, 4, 2, 5, 0 };
	struct select_test *t = test->priv;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		t->tasks[i] = rank_task(&rows[i]);
	t->table.count = ARRAY_SIZE(rows);
	oomx_rank(&t->table, t->order);
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		OOMX_EXPECT_EQ_AT(test, i, t->order[i].index, expected[i]);
}

/* oom_evaluate_task() for each task in scan order: index of the chosen one, or @n. */
static u32 kernel_choice(const struct select_test *t, u32 n)
{
	s64 points, chosen_points = S64_MIN;
	u32 scan, i, chosen = n;

	for (scan = 0; scan < MANY; scan++) {
		for (i = 0; i < n && t->tasks[i].scan != scan; i++)
			;
		if (i == n || !oomx_task_selectable(&t->tasks[i]))
			continue;
		points = t->tasks[i].status == ORIGIN ? S64_MAX : t->tasks[i].points;
		if (points == S64_MIN || points < chosen_points)
			continue;
		chosen = i;
		chosen_points = points;
	}
	return chosen;
}

static void rank_starts_with_the_kernels_choice(struct kunit *test)
{
	struct select_test *t = test->priv;
	u32 n, seed, chosen;

	for (seed = 0; seed < 20; seed++) {
		for (n = 1; n <= MANY; n += 3) {
			make_tasks(t, n, seed);
			chosen = kernel_choice(t, n);
			oomx_rank(&t->table, t->order);
			if (chosen < n)
				OOMX_EXPECT_EQ_AT(test, n, t->order[0].index, chosen);
		}
	}
}

/* A newer writer's larger tasks: the known part of each decides. */
static void rank_of_larger_elements(struct kunit *test)
{
	struct select_test *t = test->priv;
	u32 size = sizeof(struct oomx_task) + 24, i;
	u8 *larger = oomx_test_alloc(test, 40 * size);

	make_tasks(t, 40, 7);
	sort_plainly(t);
	for (i = 0; i < 40; i++) {
		memset(larger + i * size, 0xff, size);
		memcpy(larger + i * size, &t->tasks[i], sizeof(t->tasks[i]));
	}
	t->table.data = larger;
	t->table.esize = size;
	oomx_rank(&t->table, t->order);
	KUNIT_EXPECT_TRUE(test, is_expected(t, 40));
}

/* Too small to be tasks, or not aligned: they are not looked at. */
static void rank_of_foreign_elements_keeps_the_order(struct kunit *test)
{
	static const u32 sizes[] = { 0, 1, 8, 104, 111, 113, 116 };
	struct select_test *t = test->priv;
	u32 i, n;

	make_tasks(t, 40, 7);
	for (n = 0; n < ARRAY_SIZE(sizes); n++) {
		memset(t->order, 0xff, sizeof(t->order));
		t->table.esize = sizes[n];
		oomx_rank(&t->table, t->order);
		for (i = 0; i < 40; i++)
			OOMX_EXPECT_EQ_AT(test, sizes[n], t->order[i].index, i);
	}
}

/* ---- the heap ---- */

/* No entry ranks above what is below it, each as its task says: the lowest is entry 0. */
static bool is_heap(const struct select_test *t, u32 n)
{
	u32 i;

	for (i = 1; i < n; i++)
		if (oomx_ranks_before(&t->tasks[t->heap[(i - 1) / CHILDREN].index],
				      &t->tasks[t->heap[i].index]))
			return false;
	return true;
}

static void heap_make_puts_the_lowest_first(struct kunit *test)
{
	struct select_test *t = test->priv;
	u32 n;

	for (n = 1; n <= MANY; n++) {
		make_tasks(t, n, n + 200);
		sort_plainly(t);
		oomx_heap_make(&t->table, t->heap);
		KUNIT_EXPECT_TRUE_MSG(test, is_permutation(t->heap, n), "%u tasks", n);
		KUNIT_EXPECT_TRUE_MSG(test, is_heap(t, n), "%u tasks", n);
		OOMX_EXPECT_EQ_AT(test, n, t->heap[0].index, t->expected[n - 1]);
	}
}

/* The lowest gets more points, again and again. */
static void heap_replace_restores_the_heap(struct kunit *test)
{
	struct select_test *t = test->priv;
	struct oomx_task *lowest;
	u64 seed = 1;
	u32 i;

	make_tasks(t, 50, 1);
	oomx_heap_make(&t->table, t->heap);
	for (i = 0; i < 500; i++) {
		lowest = &t->tasks[t->heap[0].index];
		lowest->status = CANDIDATE;
		lowest->points += 1 + oomx_test_random(&seed) % 10;
		oomx_heap_replace(t->heap, 50, ranked(lowest, t->heap[0].index));
		KUNIT_ASSERT_TRUE_MSG(test, is_heap(t, 50), "step %u", i);
	}
	KUNIT_EXPECT_TRUE(test, is_permutation(t->heap, 50));
}

/* What the capture does: the first @k tasks, then each with a higher key for the lowest. */
static void keep_top(struct select_test *t, u32 k)
{
	u32 n = t->table.count, i;

	t->table.count = k;
	oomx_heap_make(&t->table, t->heap);
	t->table.count = n;
	for (i = k; i < n; i++) {
		if (oomx_rank_key(&t->tasks[i]) <= t->heap[0].key)
			continue;
		oomx_heap_replace(t->heap, k, ranked(&t->tasks[i], i));
	}
}

static bool contains(const struct oomx_ranked *set, u32 n, u32 what)
{
	while (n--)
		if (set[n].index == what)
			return true;
	return false;
}

/* Of those with the same key as the last of the top, any may be kept. */
static void heap_keeps_the_top(struct kunit *test)
{
	struct select_test *t = test->priv;
	s64 last;
	u32 k, i;

	make_tasks(t, MANY, 5);
	sort_plainly(t);
	for (k = 1; k <= MANY; k++) {
		keep_top(t, k);
		last = oomx_rank_key(&t->tasks[t->expected[k - 1]]);
		OOMX_EXPECT_EQ_AT(test, k, t->heap[0].key, last);
		for (i = 0; i < MANY; i++)
			if (oomx_rank_key(&t->tasks[i]) > last)
				KUNIT_EXPECT_TRUE_MSG(test, contains(t->heap, k, i),
						      "task %u of the top %u", i, k);
	}
}

/* The three ranges of keys do not touch, whatever the numbers. */
static void keys_of_points_are_above_all_others(struct kunit *test)
{
	struct oomx_task t = { .status = CANDIDATE, .flags = POINTS, .points = S64_MIN };
	struct oomx_task none = { .status = CANDIDATE, .rss_anon = U64_MAX };
	struct oomx_task dead = { .status = DEAD, .rss_anon = U64_MAX };

	KUNIT_EXPECT_TRUE(test, oomx_rank_key(&t) > oomx_rank_key(&none));
	none.rss_anon = 0;
	KUNIT_EXPECT_TRUE(test, oomx_rank_key(&none) > oomx_rank_key(&dead));
}

static struct kunit_case select_cases[] = {
	KUNIT_CASE(usage_is_a_sum_of_pages),
	KUNIT_CASE(page_tables_count_in_whole_pages),
	KUNIT_CASE(badness_adds_adj_per_mille),
	KUNIT_CASE(badness_may_be_negative),
	KUNIT_CASE(badness_divides_first),
	KUNIT_CASE(badness_with_huge_adj),
	KUNIT_CASE(badness_wraps_like_unsigned_long),
	KUNIT_CASE(badness_takes_all_of_the_usage),
	KUNIT_CASE(score_is_per_mille),
	KUNIT_CASE(score_is_cut_towards_zero),
	KUNIT_CASE(score_without_totalpages_is_zero),
	KUNIT_CASE(score_is_held_within_a_million),
	KUNIT_CASE(score_does_not_overflow),
	KUNIT_CASE(selectable_are_candidates_and_origins),
	KUNIT_CASE(more_points_rank_first),
	KUNIT_CASE(of_equal_points_the_later_ranks_first),
	KUNIT_CASE(origin_ranks_first),
	KUNIT_CASE(what_cannot_be_chosen_ranks_last),
	KUNIT_CASE(candidates_without_points_rank_by_size),
	KUNIT_CASE(others_rank_by_size_then_scan),
	KUNIT_CASE(size_is_resident_and_swapped),
	KUNIT_CASE(rank_is_a_permutation),
	KUNIT_CASE(rank_equals_a_plain_sort),
	KUNIT_CASE(rank_of_a_small_table),
	KUNIT_CASE(rank_starts_with_the_kernels_choice),
	KUNIT_CASE(rank_of_larger_elements),
	KUNIT_CASE(rank_of_foreign_elements_keeps_the_order),
	KUNIT_CASE(heap_make_puts_the_lowest_first),
	KUNIT_CASE(heap_replace_restores_the_heap),
	KUNIT_CASE(heap_keeps_the_top),
	KUNIT_CASE(keys_of_points_are_above_all_others),
	{}
};

struct kunit_suite oomx_select_suite = {
	.name = "oomx_select",
	.init = select_test_init,
	.test_cases = select_cases,
};
