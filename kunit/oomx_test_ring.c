// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of the ring: what is stored comes back whole, in order and exactly once,
 * and what is lost is counted.
 */
#include "oomx_test_ring.h"
#include "../core/ring.c"

#define RING_SIZE	256

/* A ring between two words that it must not touch, and a record on each side of it. */
struct ring_test {
	struct oomx_ring ring;
	u64 before;
	u64 mem[2 * RING_SIZE / sizeof(u64)];
	u64 after;
	u64 in[RING_SIZE / sizeof(u64) + 1];
	u64 out[RING_SIZE / sizeof(u64) + 1];
};

static int ring_test_init(struct kunit *test)
{
	struct ring_test *t = oomx_test_alloc(test, sizeof(*t));

	test->priv = t;
	memset(t, 0xa5, sizeof(*t));
	return oomx_ring_init(&t->ring, t->mem, RING_SIZE, RING_SIZE);
}

/* Push a record whose event number equals the sequence number that it should get. */
static bool push(struct ring_test *t, u32 len)
{
	return oomx_ring_push(&t->ring, make_record(t->in, len, t->ring.next_seq));
}

static void build(struct ring_test *t, u32 len, u64 event)
{
	make_record(oomx_ring_reserve(&t->ring, t->ring.max), len, event);
}

static void push_many(struct ring_test *t, u32 len, u32 count)
{
	while (count--)
		push(t, len);
}

static void expect_read(struct kunit *test, struct oomx_cursor *c, u32 len, u64 seq)
{
	struct ring_test *t = test->priv;

	memset(t->out, 0xff, sizeof(t->out));
	KUNIT_EXPECT_TRUE(test, oomx_ring_read(&t->ring, c, t->out, sizeof(t->out)));
	KUNIT_EXPECT_TRUE_MSG(test, record_intact(t->out, len, seq, seq),
			      "record %lld", (long long)seq);
	OOMX_EXPECT_EQ(test, c->seq, seq + 1);
}

static void expect_end(struct kunit *test, struct oomx_cursor *c)
{
	struct ring_test *t = test->priv;

	KUNIT_EXPECT_FALSE(test, oomx_ring_read(&t->ring, c, t->out, sizeof(t->out)));
}

static void init_wants_room_and_alignment(struct kunit *test)
{
	static const struct {
		u64 size;
		u64 max;
		int ret;
	} rows[] = {
		{ 0, 0, -1 }, { 24, 24, -1 }, { 256, 24, -1 }, { 256, 33, -1 }, { 252, 32, -1 },
		{ 32, 40, -1 }, { 32, 32, 0 }, { 40, 32, 0 }, { 256, 32, 0 }, { 256, 256, 0 },
	};
	struct ring_test *t = test->priv;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		OOMX_EXPECT_EQ_AT(test, i, oomx_ring_init(&t->ring, t->mem, rows[i].size,
							  rows[i].max), rows[i].ret);
}

static void init_makes_an_empty_ring(struct kunit *test)
{
	struct ring_test *t = test->priv;
	struct oomx_cursor first, last;

	oomx_ring_first(&t->ring, &first);
	oomx_ring_last(&t->ring, &last);
	OOMX_EXPECT_EQ(test, first.seq, 1);
	OOMX_EXPECT_EQ(test, last.seq, 1);
	OOMX_EXPECT_EQ(test, first.pos, last.pos);
	OOMX_EXPECT_EQ(test, t->ring.overwritten, 0);
	OOMX_EXPECT_EQ(test, t->ring.rejected, 0);
	expect_end(test, &first);
}

static void push_numbers_from_one(struct kunit *test)
{
	struct ring_test *t = test->priv;
	struct oomx_cursor c;

	KUNIT_EXPECT_TRUE(test, push(t, 32));
	KUNIT_EXPECT_TRUE(test, push(t, 64));
	oomx_ring_first(&t->ring, &c);
	expect_read(test, &c, 32, 1);
	expect_read(test, &c, 64, 2);
	KUNIT_EXPECT_TRUE(test, push(t, 256));
	OOMX_EXPECT_EQ(test, t->ring.next_seq, 4);
}

static void read_returns_records_in_order(struct kunit *test)
{
	struct ring_test *t = test->priv;
	struct oomx_cursor c;

	push(t, 32);
	push(t, 96);
	push(t, 40);
	oomx_ring_first(&t->ring, &c);
	expect_read(test, &c, 32, 1);
	expect_read(test, &c, 96, 2);
	expect_read(test, &c, 40, 3);
	expect_end(test, &c);
}

/* 4 * 64 = 256: the ring is full, and nothing is lost */
static void exact_fit_loses_nothing(struct kunit *test)
{
	struct ring_test *t = test->priv;
	struct oomx_cursor c;
	u64 seq;

	push_many(t, 64, 4);
	OOMX_EXPECT_EQ(test, t->ring.overwritten, 0);
	oomx_ring_first(&t->ring, &c);
	for (seq = 1; seq <= 4; seq++)
		expect_read(test, &c, 64, seq);
	expect_end(test, &c);
}

static void record_of_the_size_of_the_ring_fits(struct kunit *test)
{
	struct ring_test *t = test->priv;
	struct oomx_cursor c;

	push_many(t, 40, 3);
	KUNIT_EXPECT_TRUE(test, push(t, RING_SIZE));
	OOMX_EXPECT_EQ(test, t->ring.overwritten, 3);
	oomx_ring_first(&t->ring, &c);
	expect_read(test, &c, RING_SIZE, 4);
	expect_end(test, &c);
}

/* The fifth record of 64 bytes takes the place of the first, and only of it. */
static void overwrite_takes_the_oldest(struct kunit *test)
{
	struct ring_test *t = test->priv;
	struct oomx_cursor c;
	u64 seq;

	push_many(t, 64, 5);
	OOMX_EXPECT_EQ(test, t->ring.overwritten, 1);
	oomx_ring_first(&t->ring, &c);
	for (seq = 2; seq <= 5; seq++)
		expect_read(test, &c, 64, seq);
	expect_end(test, &c);
}

/* 6 * 40 = 240, 16 free. 104 more need 88: three of 40 go (80 would not do). */
static void overwrite_takes_no_more_than_needed(struct kunit *test)
{
	struct ring_test *t = test->priv;
	struct oomx_cursor c;

	push_many(t, 40, 6);
	push(t, 104);
	OOMX_EXPECT_EQ(test, t->ring.overwritten, 3);
	oomx_ring_first(&t->ring, &c);
	expect_read(test, &c, 40, 4);
	expect_read(test, &c, 40, 5);
	expect_read(test, &c, 40, 6);
	expect_read(test, &c, 104, 7);
}

/* 6 * 40 = 240, 16 free. 96 more need 80: exactly two of 40 go. */
static void overwrite_may_fill_the_ring_again(struct kunit *test)
{
	struct ring_test *t = test->priv;

	push_many(t, 40, 6);
	push(t, 96);
	OOMX_EXPECT_EQ(test, t->ring.overwritten, 2);
	OOMX_EXPECT_EQ(test, t->ring.first_seq, 3);
}

static void losses_add_up(struct kunit *test)
{
	struct ring_test *t = test->priv;

	push_many(t, 64, 100);
	OOMX_EXPECT_EQ(test, t->ring.overwritten, 96);
	OOMX_EXPECT_EQ(test, t->ring.first_seq, 97);
	OOMX_EXPECT_EQ(test, t->ring.next_seq, 101);
}

static void record_larger_than_allowed_is_rejected(struct kunit *test)
{
	struct ring_test *t = test->priv;
	struct oomx_cursor c;

	oomx_ring_init(&t->ring, t->mem, RING_SIZE, 64);
	push_many(t, 64, 4);
	KUNIT_EXPECT_FALSE(test, push(t, 72));
	OOMX_EXPECT_EQ(test, t->ring.rejected, 1);
	OOMX_EXPECT_EQ(test, t->ring.overwritten, 0);
	KUNIT_EXPECT_TRUE(test, push(t, 64));
	oomx_ring_first(&t->ring, &c);
	expect_read(test, &c, 64, 2);
}

/* The record starts at each place of the memory in turn, and reaches beyond its end. */
static void record_beyond_the_end_is_whole(struct kunit *test)
{
	struct ring_test *t = test->priv;
	struct oomx_cursor c;
	u32 at;

	for (at = HEADER; at < RING_SIZE; at += OOMX_ALIGN) {
		oomx_ring_init(&t->ring, t->mem, RING_SIZE, RING_SIZE);
		push(t, at);
		push(t, 96);
		oomx_ring_first(&t->ring, &c);
		if (c.seq == 1)
			expect_read(test, &c, at, 1);
		expect_read(test, &c, 96, 2);
		expect_end(test, &c);
	}
}

/* A reader before it can step over it, and so can the overwriting. */
static void record_beyond_the_end_can_be_stepped_over(struct kunit *test)
{
	struct ring_test *t = test->priv;
	struct oomx_cursor c;
	u32 at;

	for (at = RING_SIZE - HEADER; at < RING_SIZE; at += OOMX_ALIGN) {
		oomx_ring_init(&t->ring, t->mem, RING_SIZE, RING_SIZE);
		push(t, at);
		push(t, 64);
		push(t, 64);
		oomx_ring_first(&t->ring, &c);
		OOMX_EXPECT_EQ_AT(test, at, c.seq, 2);
		oomx_ring_skip(&t->ring, &c);
		expect_read(test, &c, 64, 3);
		push(t, 168);
		OOMX_EXPECT_EQ_AT(test, at, t->ring.first_seq, 3);
	}
}

static void memory_around_the_ring_is_untouched(struct kunit *test)
{
	struct ring_test *t = test->priv;
	u64 guard = 0xa5a5a5a5a5a5a5a5ULL;
	u32 len;

	for (len = HEADER; len <= RING_SIZE + 8; len += OOMX_ALIGN) {
		push_many(t, len, 20);
		build(t, min_t(u32, len, RING_SIZE), 0);
		oomx_ring_commit(&t->ring);
	}
	OOMX_EXPECT_EQ(test, t->before, guard);
	OOMX_EXPECT_EQ(test, t->after, guard);
}

/* Until it is committed it is not there; then it is what was written, where it was written. */
static void record_built_in_place(struct kunit *test)
{
	struct ring_test *t = test->priv;
	struct oomx_cursor c;

	oomx_ring_init(&t->ring, t->mem, RING_SIZE, 96);
	push(t, 40);
	oomx_ring_first(&t->ring, &c);
	build(t, 64, 2);
	expect_read(test, &c, 40, 1);
	expect_end(test, &c);
	OOMX_EXPECT_EQ(test, oomx_ring_commit(&t->ring), 2);
	expect_read(test, &c, 64, 2);
	expect_end(test, &c);
	OOMX_EXPECT_EQ(test, t->ring.overwritten, 0);
}

/* 40 + 64 of 256 are used then: 152 fit without a loss, no more. */
static void what_was_not_needed_is_free_again(struct kunit *test)
{
	struct ring_test *t = test->priv;

	oomx_ring_init(&t->ring, t->mem, RING_SIZE, 160);
	push(t, 40);
	build(t, 64, 2);
	oomx_ring_commit(&t->ring);
	push(t, 152);
	OOMX_EXPECT_EQ(test, t->ring.overwritten, 0);
	push(t, 32);
	OOMX_EXPECT_EQ(test, t->ring.overwritten, 1);
}

/* 4 * 64 are in the ring: 96 need the place of two. */
static void reserving_takes_the_oldest(struct kunit *test)
{
	struct ring_test *t = test->priv;
	struct oomx_cursor c;

	oomx_ring_init(&t->ring, t->mem, RING_SIZE, 96);
	push_many(t, 64, 4);
	build(t, 32, 5);
	OOMX_EXPECT_EQ(test, t->ring.overwritten, 2);
	oomx_ring_commit(&t->ring);
	oomx_ring_first(&t->ring, &c);
	expect_read(test, &c, 64, 3);
	expect_read(test, &c, 64, 4);
	expect_read(test, &c, 32, 5);
	expect_end(test, &c);
}

/* At each place of the memory: what was pushed meanwhile comes behind, in its order. */
static void records_wait_for_the_one_in_place(struct kunit *test)
{
	struct ring_test *t = test->priv;
	struct oomx_cursor c;
	u32 at, len;

	for (at = HEADER; at < RING_SIZE; at += OOMX_ALIGN) {
		for (len = HEADER; len <= 96; len += OOMX_ALIGN) {
			oomx_ring_init(&t->ring, t->mem, RING_SIZE, 96);
			t->ring.head = at;
			t->ring.tail = at;
			build(t, len, 1);
			oomx_ring_push(&t->ring, make_record(t->in, 40, 2));
			oomx_ring_push(&t->ring, make_record(t->in, 48, 3));
			oomx_ring_first(&t->ring, &c);
			expect_end(test, &c);
			OOMX_EXPECT_EQ(test, oomx_ring_commit(&t->ring), 1);
			expect_read(test, &c, len, 1);
			expect_read(test, &c, 40, 2);
			expect_read(test, &c, 48, 3);
			expect_end(test, &c);
		}
	}
}

/* 160 are reserved, and 96 are left: for two of 40. The loss is counted, the rest is whole. */
static void too_many_waiting_are_rejected(struct kunit *test)
{
	struct ring_test *t = test->priv;
	struct oomx_cursor c;

	oomx_ring_init(&t->ring, t->mem, RING_SIZE, 160);
	push_many(t, 40, 3);
	build(t, 160, 4);
	KUNIT_EXPECT_TRUE(test, oomx_ring_push(&t->ring, make_record(t->in, 40, 5)));
	KUNIT_EXPECT_TRUE(test, oomx_ring_push(&t->ring, make_record(t->in, 40, 6)));
	KUNIT_EXPECT_FALSE(test, oomx_ring_push(&t->ring, make_record(t->in, 40, 7)));
	OOMX_EXPECT_EQ(test, t->ring.rejected, 1);
	OOMX_EXPECT_EQ(test, oomx_ring_commit(&t->ring), 4);
	oomx_ring_first(&t->ring, &c);
	expect_read(test, &c, 160, 4);
	expect_read(test, &c, 40, 5);
	expect_read(test, &c, 40, 6);
	expect_end(test, &c);
}

static void peek_does_not_move(struct kunit *test)
{
	struct ring_test *t = test->priv;
	struct oomx_record head;
	struct oomx_cursor c;

	push(t, 40);
	push(t, 64);
	oomx_ring_first(&t->ring, &c);
	KUNIT_EXPECT_TRUE(test, oomx_ring_peek(&t->ring, &c, &head));
	OOMX_EXPECT_EQ(test, head.len, 40);
	OOMX_EXPECT_EQ(test, head.seq, 1);
	expect_read(test, &c, 40, 1);
	KUNIT_EXPECT_TRUE(test, oomx_ring_peek(&t->ring, &c, &head));
	OOMX_EXPECT_EQ(test, head.len, 64);
}

static void peek_at_the_end_finds_nothing(struct kunit *test)
{
	struct ring_test *t = test->priv;
	struct oomx_record head = { .seq = 77 };
	struct oomx_cursor c;

	push(t, 40);
	oomx_ring_last(&t->ring, &c);
	KUNIT_EXPECT_FALSE(test, oomx_ring_peek(&t->ring, &c, &head));
	OOMX_EXPECT_EQ(test, head.seq, 77);
}

/* The one behind the end of the memory, too; and none that is not there any more, or not yet. */
static void record_where_it_lies(struct kunit *test)
{
	struct ring_test *t = test->priv;
	struct oomx_cursor first, c;

	oomx_ring_first(&t->ring, &first);
	KUNIT_EXPECT_FALSE(test, oomx_ring_at(&t->ring, &first));
	push_many(t, 96, 2);
	KUNIT_EXPECT_TRUE(test, record_intact(oomx_ring_at(&t->ring, &first), 96, 1, 1));
	oomx_ring_last(&t->ring, &c);
	KUNIT_EXPECT_FALSE(test, oomx_ring_at(&t->ring, &c));
	push(t, 96);
	KUNIT_EXPECT_TRUE(test, record_intact(oomx_ring_at(&t->ring, &c), 96, 3, 3));
	KUNIT_EXPECT_FALSE(test, oomx_ring_at(&t->ring, &first));
}

static void read_into_a_small_buffer_changes_nothing(struct kunit *test)
{
	struct ring_test *t = test->priv;
	struct oomx_cursor c;
	size_t size;

	push(t, 64);
	oomx_ring_first(&t->ring, &c);
	t->out[0] = 77;
	for (size = 0; size < 64; size++)
		KUNIT_EXPECT_FALSE(test, oomx_ring_read(&t->ring, &c, t->out, size));
	OOMX_EXPECT_EQ(test, t->out[0], 77);
	OOMX_EXPECT_EQ(test, c.seq, 1);
	expect_read(test, &c, 64, 1);
}

static void read_into_an_exact_buffer(struct kunit *test)
{
	struct ring_test *t = test->priv;
	struct oomx_cursor c;

	push(t, 64);
	oomx_ring_first(&t->ring, &c);
	t->out[8] = 77;
	KUNIT_EXPECT_TRUE(test, oomx_ring_read(&t->ring, &c, t->out, 64));
	KUNIT_EXPECT_TRUE(test, record_intact(t->out, 64, 1, 1));
	OOMX_EXPECT_EQ(test, t->out[8], 77);
}

static void skip_steps_over_one(struct kunit *test)
{
	struct ring_test *t = test->priv;
	struct oomx_cursor c;

	push(t, 96);
	push(t, 40);
	oomx_ring_first(&t->ring, &c);
	oomx_ring_skip(&t->ring, &c);
	OOMX_EXPECT_EQ(test, c.seq, 2);
	expect_read(test, &c, 40, 2);
}

static void skip_at_the_end_stays(struct kunit *test)
{
	struct ring_test *t = test->priv;
	struct oomx_cursor c;

	push(t, 40);
	oomx_ring_last(&t->ring, &c);
	oomx_ring_skip(&t->ring, &c);
	OOMX_EXPECT_EQ(test, c.seq, 2);
	push(t, 48);
	expect_read(test, &c, 48, 2);
}

static void last_sees_only_what_follows(struct kunit *test)
{
	struct ring_test *t = test->priv;
	struct oomx_cursor c;

	push_many(t, 40, 3);
	oomx_ring_last(&t->ring, &c);
	expect_end(test, &c);
	push(t, 48);
	expect_read(test, &c, 48, 4);
}

/* 4 fit; of 10 pushed the reader, who waited for the first, lost 6. */
static void overrun_is_told_and_counted(struct kunit *test)
{
	struct ring_test *t = test->priv;
	struct oomx_cursor c;

	oomx_ring_first(&t->ring, &c);
	push_many(t, 64, 10);
	OOMX_EXPECT_EQ(test, oomx_ring_resume(&t->ring, &c), 6);
	OOMX_EXPECT_EQ(test, c.seq, 7);
	OOMX_EXPECT_EQ(test, oomx_ring_resume(&t->ring, &c), 0);
	expect_read(test, &c, 64, 7);
}

/* One record lost is the least that can be. */
static void overrun_by_one(struct kunit *test)
{
	struct ring_test *t = test->priv;
	struct oomx_cursor c;

	oomx_ring_first(&t->ring, &c);
	push_many(t, 64, 5);
	OOMX_EXPECT_EQ(test, oomx_ring_resume(&t->ring, &c), 1);
	expect_read(test, &c, 64, 2);
}

static void resume_in_time_loses_nothing(struct kunit *test)
{
	struct ring_test *t = test->priv;
	struct oomx_cursor first, second, last;

	push_many(t, 64, 4);
	oomx_ring_first(&t->ring, &first);
	oomx_ring_first(&t->ring, &second);
	oomx_ring_skip(&t->ring, &second);
	oomx_ring_last(&t->ring, &last);
	OOMX_EXPECT_EQ(test, oomx_ring_resume(&t->ring, &first), 0);
	push(t, 64);
	OOMX_EXPECT_EQ(test, oomx_ring_resume(&t->ring, &second), 0);
	OOMX_EXPECT_EQ(test, oomx_ring_resume(&t->ring, &last), 0);
	expect_read(test, &second, 64, 2);
	expect_read(test, &last, 64, 5);
}

/* One reads each record at once, one every third push, one comes at the end. */
static void readers_do_not_disturb_each_other(struct kunit *test)
{
	struct ring_test *t = test->priv;
	struct oomx_cursor fast, slow, late;
	u64 seq, lost = 0;

	oomx_ring_first(&t->ring, &fast);
	slow = fast;
	late = fast;
	for (seq = 1; seq <= 30; seq++) {
		push(t, 64);
		expect_read(test, &fast, 64, seq);
		if (seq % 3)
			continue;
		lost += oomx_ring_resume(&t->ring, &slow);
		expect_read(test, &slow, 64, slow.seq);
	}
	OOMX_EXPECT_EQ(test, oomx_ring_resume(&t->ring, &fast), 0);
	/* the oldest of 4 is number 27: after it was read, 10 were read and 17 lost */
	OOMX_EXPECT_EQ(test, slow.seq, 28);
	OOMX_EXPECT_EQ(test, lost, 17);
	OOMX_EXPECT_EQ(test, oomx_ring_resume(&t->ring, &late), 26);
}

/*
 * The reader has seen the header of record 2, and waits; then its memory is taken by the
 * middle of others. It is told, and what it gets next is whole.
 */
static void overrun_in_the_middle_of_a_record(struct kunit *test)
{
	struct ring_test *t = test->priv;
	struct oomx_record head;
	struct oomx_cursor c;

	push_many(t, 64, 4);
	oomx_ring_first(&t->ring, &c);
	oomx_ring_skip(&t->ring, &c);
	KUNIT_EXPECT_TRUE(test, oomx_ring_peek(&t->ring, &c, &head));
	OOMX_EXPECT_EQ(test, head.seq, 2);
	/* 5 takes the place of 1 and the first half of 2, 6 the rest of it and all of 3 */
	push_many(t, 96, 2);
	OOMX_EXPECT_EQ(test, oomx_ring_resume(&t->ring, &c), 2);
	expect_read(test, &c, 64, 4);
	expect_read(test, &c, 96, 5);
	expect_read(test, &c, 96, 6);
	expect_end(test, &c);
}

static void seek_finds_every_record(struct kunit *test)
{
	struct ring_test *t = test->priv;
	struct oomx_cursor c;
	u64 seq;

	push_many(t, 40, 8);	/* 3 to 8 are left */
	for (seq = 3; seq <= 8; seq++) {
		oomx_ring_first(&t->ring, &c);
		KUNIT_EXPECT_TRUE(test, oomx_ring_seek(&t->ring, &c, seq, 100));
		expect_read(test, &c, 40, seq);
	}
	oomx_ring_first(&t->ring, &c);
	KUNIT_EXPECT_TRUE(test, oomx_ring_seek(&t->ring, &c, 9, 100));
	OOMX_EXPECT_EQ(test, c.seq, 9);
	expect_end(test, &c);
}

/* Beyond the end there is nothing to go to; before the oldest, an overrun. */
static void seek_outside_of_the_ring(struct kunit *test)
{
	struct ring_test *t = test->priv;
	struct oomx_cursor c;

	push_many(t, 40, 8);
	oomx_ring_first(&t->ring, &c);
	KUNIT_EXPECT_TRUE(test, oomx_ring_seek(&t->ring, &c, 10, 100));
	OOMX_EXPECT_EQ(test, c.seq, 9);
	KUNIT_EXPECT_TRUE(test, oomx_ring_seek(&t->ring, &c, 1, 100));
	OOMX_EXPECT_EQ(test, c.seq, 1);
	OOMX_EXPECT_EQ(test, oomx_ring_resume(&t->ring, &c), 2);
	expect_read(test, &c, 40, 3);
}

/* A few steps at a time, and records may be lost on the way. */
static void seek_in_steps(struct kunit *test)
{
	struct ring_test *t = test->priv;
	struct oomx_cursor c;

	push_many(t, 40, 6);
	oomx_ring_first(&t->ring, &c);
	KUNIT_EXPECT_FALSE(test, oomx_ring_seek(&t->ring, &c, 6, 2));
	OOMX_EXPECT_EQ(test, c.seq, 3);
	push_many(t, 40, 4);	/* 5 is the oldest now */
	KUNIT_EXPECT_TRUE(test, oomx_ring_seek(&t->ring, &c, 6, 1));
	expect_read(test, &c, 40, 6);
}

static struct kunit_case ring_cases[] = {
	KUNIT_CASE(init_wants_room_and_alignment),
	KUNIT_CASE(init_makes_an_empty_ring),
	KUNIT_CASE(push_numbers_from_one),
	KUNIT_CASE(read_returns_records_in_order),
	KUNIT_CASE(exact_fit_loses_nothing),
	KUNIT_CASE(record_of_the_size_of_the_ring_fits),
	KUNIT_CASE(overwrite_takes_the_oldest),
	KUNIT_CASE(overwrite_takes_no_more_than_needed),
	KUNIT_CASE(overwrite_may_fill_the_ring_again),
	KUNIT_CASE(losses_add_up),
	KUNIT_CASE(record_larger_than_allowed_is_rejected),
	KUNIT_CASE(record_beyond_the_end_is_whole),
	KUNIT_CASE(record_beyond_the_end_can_be_stepped_over),
	KUNIT_CASE(memory_around_the_ring_is_untouched),
	KUNIT_CASE(record_built_in_place),
	KUNIT_CASE(what_was_not_needed_is_free_again),
	KUNIT_CASE(reserving_takes_the_oldest),
	KUNIT_CASE(records_wait_for_the_one_in_place),
	KUNIT_CASE(too_many_waiting_are_rejected),
	KUNIT_CASE(peek_does_not_move),
	KUNIT_CASE(peek_at_the_end_finds_nothing),
	KUNIT_CASE(record_where_it_lies),
	KUNIT_CASE(read_into_a_small_buffer_changes_nothing),
	KUNIT_CASE(read_into_an_exact_buffer),
	KUNIT_CASE(skip_steps_over_one),
	KUNIT_CASE(skip_at_the_end_stays),
	KUNIT_CASE(last_sees_only_what_follows),
	KUNIT_CASE(overrun_is_told_and_counted),
	KUNIT_CASE(overrun_by_one),
	KUNIT_CASE(resume_in_time_loses_nothing),
	KUNIT_CASE(readers_do_not_disturb_each_other),
	KUNIT_CASE(overrun_in_the_middle_of_a_record),
	KUNIT_CASE(seek_finds_every_record),
	KUNIT_CASE(seek_outside_of_the_ring),
	KUNIT_CASE(seek_in_steps),
	{}
};

struct kunit_suite oomx_ring_suite = {
	.name = "oomx_ring",
	.init = ring_test_init,
	.test_cases = ring_cases,
};
