/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The KUnit suites of oomx_test.ko, and what they share.
 *
 * Only what KUnit of 5.10 has is used. Every core file is included by exactly one
 * of the tests, since all of them are linked into one module.
 */
#ifndef _OOMX_TEST_H
#define _OOMX_TEST_H

#include <kunit/test.h>
#include <linux/slab.h>

#include "oomx_types.h"

extern struct kunit_suite oomx_ring_suite;
extern struct kunit_suite oomx_ring_model_suite;
extern struct kunit_suite oomx_record_suite;
extern struct kunit_suite oomx_select_suite;
extern struct kunit_suite oomx_report_suite;
extern struct kunit_suite oomx_explain_suite;
extern struct kunit_suite oomx_choice_suite;
extern struct kunit_suite oomx_outcome_suite;
extern struct kunit_suite oomx_log_suite;

/* KUnit of 5.10 wants both sides to be of one type. */
#define OOMX_EXPECT_EQ(test, left, right) \
	KUNIT_EXPECT_EQ(test, (s64)(left), (s64)(right))

/* The same in a table or a loop: @row says where. */
#define OOMX_EXPECT_EQ_AT(test, row, left, right) \
	KUNIT_EXPECT_EQ_MSG(test, (s64)(left), (s64)(right), "at %lld", (long long)(row))

#define OOMX_ASSERT_EQ_AT(test, row, left, right) \
	KUNIT_ASSERT_EQ_MSG(test, (s64)(left), (s64)(right), "at %lld", (long long)(row))

/* Zeroed memory that goes with the test. */
static inline void *oomx_test_alloc(struct kunit *test, size_t size)
{
	void *mem = kunit_kzalloc(test, size, GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, mem);
	return mem;
}

/* splitmix64: the same numbers for the same @seed, on every kernel. */
static inline u64 oomx_test_random(u64 *seed)
{
	u64 z = (*seed += 0x9e3779b97f4a7c15ULL);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

#endif /* _OOMX_TEST_H */
