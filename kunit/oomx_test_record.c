// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of the record: what is built can be read back, what does not fit leaves a
 * valid record, and no bytes whatever lead the walking functions astray.
 */
#include "oomx_test.h"
#include "../core/build.c"
#include "../core/record.c"

#define BUF_SIZE	1024
#define HEADER		sizeof(struct oomx_record)
#define SECTION		sizeof(struct oomx_section)
#define SEC_UNKNOWN	0x7abc		/* a type that no writer has had so far */
#define POISON		0xa5

/* A record under construction; its memory is poisoned beforehand. */
struct record_test {
	struct oomx_builder b;
	struct oomx_record *r;
	u64 mem[BUF_SIZE / sizeof(u64)];
};

static int record_test_init(struct kunit *test)
{
	struct record_test *t = oomx_test_alloc(test, sizeof(*t));

	memset(t->mem, POISON, sizeof(t->mem));
	t->r = (struct oomx_record *)t->mem;
	test->priv = t;
	return oomx_build_begin(&t->b, t->mem, sizeof(t->mem), OOMX_RECORD_EVENT, 5);
}

static int check(const struct record_test *t)
{
	return oomx_record_check(t->r, t->b.len, NULL);
}

static bool all_bytes(const void *mem, u8 byte, size_t len)
{
	const u8 *p = mem;

	while (len && *p == byte) {
		p++;
		len--;
	}
	return !len;
}

static struct oomx_section *nth_section(struct oomx_record *r, u32 n)
{
	const struct oomx_section *s = OOMX_SECTION_FIRST(r);

	while (n--)
		s = OOMX_SECTION_NEXT(s);
	return (struct oomx_section *)s;
}

static void expect_string(struct kunit *test, const char *s, const char *expected)
{
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, s);
	KUNIT_EXPECT_STREQ(test, s, expected);
}

/* ---- the builder ---- */

static void begin_writes_the_header(struct kunit *test)
{
	struct record_test *t = test->priv;

	OOMX_EXPECT_EQ(test, oomx_build_end(&t->b), HEADER);
	OOMX_EXPECT_EQ(test, t->r->magic, OOMX_MAGIC);
	OOMX_EXPECT_EQ(test, t->r->version, OOMX_VERSION);
	OOMX_EXPECT_EQ(test, t->r->type, OOMX_RECORD_EVENT);
	OOMX_EXPECT_EQ(test, t->r->len, HEADER);
	OOMX_EXPECT_EQ(test, t->r->flags, 0);
	OOMX_EXPECT_EQ(test, t->r->seq, 0);
	OOMX_EXPECT_EQ(test, t->r->event, 5);
	OOMX_EXPECT_EQ(test, check(t), 0);
}

static void begin_wants_room_for_the_header(struct kunit *test)
{
	struct record_test *t = test->priv;

	memset(t->mem, POISON, sizeof(t->mem));
	OOMX_EXPECT_EQ(test, oomx_build_begin(&t->b, t->mem, HEADER - 1, 1, 1), -1);
	KUNIT_EXPECT_TRUE(test, all_bytes(t->mem, POISON, sizeof(t->mem)));
	OOMX_EXPECT_EQ(test, oomx_build_begin(&t->b, t->mem, HEADER, 1, 1), 0);
}

/* 3 * 5 = 15 bytes, padded to 16 */
static void table_is_zeroed_with_its_padding(struct kunit *test)
{
	struct record_test *t = test->priv;
	u8 *data = oomx_build_table(&t->b, OOMX_SEC_ZONE, 5, 3);
	struct oomx_section *s = nth_section(t->r, 0);

	KUNIT_EXPECT_TRUE(test, data == (u8 *)OOMX_SECTION_DATA(s));
	KUNIT_EXPECT_TRUE(test, all_bytes(data, 0, 16));
	OOMX_EXPECT_EQ(test, s->type, OOMX_SEC_ZONE);
	OOMX_EXPECT_EQ(test, s->esize, 5);
	OOMX_EXPECT_EQ(test, s->count, 3);
	OOMX_EXPECT_EQ(test, oomx_build_end(&t->b), HEADER + SECTION + 16);
	OOMX_EXPECT_EQ(test, check(t), 0);
}

static void table_may_be_empty(struct kunit *test)
{
	struct record_test *t = test->priv;

	KUNIT_EXPECT_TRUE(test, oomx_build_table(&t->b, OOMX_SEC_ZONE, 8, 0));
	OOMX_EXPECT_EQ(test, oomx_build_end(&t->b), HEADER + SECTION);
	OOMX_EXPECT_EQ(test, check(t), 0);
	OOMX_EXPECT_EQ(test, oomx_record_table(t->r, OOMX_SEC_ZONE).count, 0);
}

static void copy_round_trip(struct kunit *test)
{
	static const u32 from[] = { 11, 22, 33 };
	struct record_test *t = test->priv;
	struct oomx_table table;

	KUNIT_EXPECT_TRUE(test, oomx_build_copy(&t->b, OOMX_SEC_BUDDY, from, 4, 3));
	oomx_build_end(&t->b);
	OOMX_EXPECT_EQ(test, check(t), 0);
	table = oomx_record_table(t->r, OOMX_SEC_BUDDY);
	OOMX_EXPECT_EQ(test, table.esize, 4);
	OOMX_EXPECT_EQ(test, table.count, 3);
	OOMX_EXPECT_EQ(test, memcmp(table.data, from, sizeof(from)), 0);
}

static void add_appends_to_the_open_section(struct kunit *test)
{
	struct record_test *t = test->priv;
	struct oomx_table table;
	u32 i;

	KUNIT_EXPECT_TRUE(test, oomx_build_open(&t->b, OOMX_SEC_KTHREAD, 20));
	for (i = 0; i < 5; i++)
		memset(oomx_build_add(&t->b), i, 20);
	oomx_build_end(&t->b);
	OOMX_EXPECT_EQ(test, check(t), 0);
	table = oomx_record_table(t->r, OOMX_SEC_KTHREAD);
	OOMX_EXPECT_EQ(test, table.count, 5);
	for (i = 0; i < 5; i++)
		KUNIT_EXPECT_TRUE(test, all_bytes(table.data + 20 * i, i, 20));
}

/* Lengths of 1 to 8 need 7 to 0 bytes of padding, over the poison. */
static void close_zeroes_the_padding(struct kunit *test)
{
	struct record_test *t = test->priv;
	u16 esize;

	for (esize = 1; esize <= 8; esize++) {
		oomx_build_open(&t->b, SEC_UNKNOWN, esize);
		memset(oomx_build_add(&t->b), POISON, esize);
		oomx_build_close(&t->b);
		OOMX_EXPECT_EQ_AT(test, esize, t->b.len % OOMX_ALIGN, 0);
		KUNIT_EXPECT_TRUE(test, all_bytes((u8 *)t->mem + t->b.len - 8 + esize,
						  0, 8 - esize));
	}
	oomx_build_end(&t->b);
	OOMX_EXPECT_EQ(test, check(t), 0);
}

static void close_without_open_does_nothing(struct kunit *test)
{
	struct record_test *t = test->priv;

	oomx_build_close(&t->b);
	oomx_build_close(&t->b);
	OOMX_EXPECT_EQ(test, oomx_build_end(&t->b), HEADER);
}

static void open_section_may_stay_empty(struct kunit *test)
{
	struct record_test *t = test->priv;

	oomx_build_open(&t->b, OOMX_SEC_TASK, sizeof(struct oomx_task));
	OOMX_EXPECT_EQ(test, oomx_build_end(&t->b), HEADER + SECTION);
	OOMX_EXPECT_EQ(test, nth_section(t->r, 0)->count, 0);
	OOMX_EXPECT_EQ(test, check(t), 0);
}

static void add_without_open_fails(struct kunit *test)
{
	struct record_test *t = test->priv;

	KUNIT_EXPECT_TRUE(test, !oomx_build_add(&t->b));
	KUNIT_EXPECT_FALSE(test, t->b.overflow);
	oomx_build_table(&t->b, OOMX_SEC_ZONE, 8, 1);
	KUNIT_EXPECT_TRUE(test, !oomx_build_add(&t->b));
	oomx_build_open(&t->b, OOMX_SEC_NODE, 8);
	oomx_build_close(&t->b);
	KUNIT_EXPECT_TRUE(test, !oomx_build_add(&t->b));
}

static void end_closes_the_open_section(struct kunit *test)
{
	struct record_test *t = test->priv;

	oomx_build_open(&t->b, SEC_UNKNOWN, 3);
	memset(oomx_build_add(&t->b), POISON, 3);
	OOMX_EXPECT_EQ(test, oomx_build_end(&t->b), HEADER + SECTION + 8);
	OOMX_EXPECT_EQ(test, t->r->len, HEADER + SECTION + 8);
	KUNIT_EXPECT_TRUE(test, !t->b.open);
	OOMX_EXPECT_EQ(test, check(t), 0);
}

/* ---- overflow ---- */

/* 1024 - 32 - 8 = 984 bytes of payload fill the buffer to the last byte. */
static void table_that_fits_exactly(struct kunit *test)
{
	struct record_test *t = test->priv;
	u32 most = BUF_SIZE - HEADER - SECTION;

	KUNIT_EXPECT_TRUE(test, !oomx_build_table(&t->b, OOMX_SEC_STACK, 1, most + 1));
	KUNIT_EXPECT_TRUE(test, t->b.overflow);
	OOMX_EXPECT_EQ(test, t->b.len, HEADER);
	t->b.overflow = false;
	KUNIT_EXPECT_TRUE(test, oomx_build_table(&t->b, OOMX_SEC_STACK, 1, most));
	KUNIT_EXPECT_FALSE(test, t->b.overflow);
	OOMX_EXPECT_EQ(test, oomx_build_end(&t->b), BUF_SIZE);
	OOMX_EXPECT_EQ(test, check(t), 0);
}

/* In 32 bits the bytes would wrap: 0x8000 * 0x20000 is 2^32. */
static void table_of_absurd_size_is_refused(struct kunit *test)
{
	static const struct {
		u16 esize;
		u32 count;
	} rows[] = {
		{ 0x8000, 0x20000 }, { 0xffff, U32_MAX }, { 1, U32_MAX },
		{ 1, U32_MAX - 6 }, { 8, 0x20000000 }, { 0xffff, 1 },
	};
	struct record_test *t = test->priv;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		t->b.overflow = false;
		KUNIT_EXPECT_TRUE_MSG(test, !oomx_build_table(&t->b, SEC_UNKNOWN, rows[i].esize,
							      rows[i].count), "row %u", i);
		KUNIT_EXPECT_TRUE(test, t->b.overflow);
	}
	OOMX_EXPECT_EQ(test, oomx_build_end(&t->b), HEADER);
}

static void copy_that_does_not_fit_is_refused(struct kunit *test)
{
	struct record_test *t = test->priv;
	u64 from[2] = { 1, 2 };

	oomx_build_begin(&t->b, t->mem, HEADER + SECTION + 15, OOMX_RECORD_EVENT, 5);
	KUNIT_EXPECT_FALSE(test, oomx_build_copy(&t->b, SEC_UNKNOWN, from, 8, 2));
	KUNIT_EXPECT_TRUE(test, t->b.overflow);
	KUNIT_EXPECT_TRUE(test, oomx_build_copy(&t->b, SEC_UNKNOWN, from, 8, 1));
	OOMX_EXPECT_EQ(test, oomx_build_end(&t->b), HEADER + SECTION + 8);
	OOMX_EXPECT_EQ(test, check(t), 0);
}

static void open_that_does_not_fit_is_refused(struct kunit *test)
{
	struct record_test *t = test->priv;

	oomx_build_begin(&t->b, t->mem, HEADER + SECTION - 1, OOMX_RECORD_EVENT, 5);
	KUNIT_EXPECT_FALSE(test, oomx_build_open(&t->b, OOMX_SEC_TASK, 8));
	KUNIT_EXPECT_TRUE(test, t->b.overflow);
	KUNIT_EXPECT_TRUE(test, !oomx_build_add(&t->b));
	OOMX_EXPECT_EQ(test, oomx_build_end(&t->b), HEADER);
	OOMX_EXPECT_EQ(test, check(t), 0);
}

/* Elements of any size are added until none fits: the record stays in its buffer. */
static void add_stops_before_the_end(struct kunit *test)
{
	struct record_test *t = test->priv;
	u32 esize, size = HEADER + SECTION + 100, n;
	u8 *buf = (u8 *)t->mem;

	for (esize = 1; esize <= 110; esize++) {
		memset(buf, POISON, BUF_SIZE);
		oomx_build_begin(&t->b, buf, size, OOMX_RECORD_EVENT, 5);
		oomx_build_open(&t->b, SEC_UNKNOWN, esize);
		for (n = 0; oomx_build_add(&t->b); n++)
			memset(buf + t->b.len - esize, esize, esize);
		KUNIT_EXPECT_TRUE(test, t->b.overflow);
		oomx_build_end(&t->b);
		OOMX_EXPECT_EQ_AT(test, esize, check(t), 0);
		OOMX_EXPECT_EQ_AT(test, esize, nth_section(t->r, 0)->count, n);
		KUNIT_EXPECT_TRUE(test, n * esize + 8 + esize > 100);
		KUNIT_EXPECT_TRUE(test, all_bytes(buf + size, POISON, BUF_SIZE - size));
	}
}

/* As many elements as there is room for are taken in at once, and not one more. */
static void grow_stops_before_the_end(struct kunit *test)
{
	struct record_test *t = test->priv;
	u32 room;

	OOMX_EXPECT_EQ(test, oomx_build_room(&t->b), 0);
	oomx_build_open(&t->b, SEC_UNKNOWN, 20);
	room = oomx_build_room(&t->b);
	OOMX_EXPECT_EQ(test, room, (BUF_SIZE - HEADER - SECTION - 8) / 20);
	oomx_build_grow(&t->b, room + 1);
	OOMX_EXPECT_EQ(test, oomx_build_room(&t->b), room);
	oomx_build_grow(&t->b, 3);
	oomx_build_grow(&t->b, 0);
	oomx_build_grow(&t->b, room - 3);
	OOMX_EXPECT_EQ(test, oomx_build_room(&t->b), 0);
	oomx_build_end(&t->b);
	OOMX_EXPECT_EQ(test, nth_section(t->r, 0)->count, room);
	OOMX_EXPECT_EQ(test, check(t), 0);
	oomx_build_grow(&t->b, 1);
	OOMX_EXPECT_EQ(test, nth_section(t->r, 0)->count, room);
}

/* ---- a record with something of everything ---- */

static void build_strings(struct oomx_builder *b)
{
	static const char strings[] = "\0/user.slice\0Normal";

	oomx_build_copy(b, OOMX_SEC_STRINGS, strings, 1, sizeof(strings));
}

static void build_values(struct oomx_builder *b)
{
	static const u64 values[] = { 0x5, 10, 20, 30 };

	oomx_build_copy(b, OOMX_SEC_SYSTEM_VALUES, values, sizeof(values), 1);
}

static void build_tasks(struct oomx_builder *b)
{
	struct oomx_task *task;
	u32 pid;

	if (!oomx_build_open(b, OOMX_SEC_TASK, sizeof(*task)))
		return;
	for (pid = 1; pid <= 2; pid++) {
		task = oomx_build_add(b);
		if (!task)
			break;
		memset(task, 0, sizeof(*task));
		task->pid = pid;
	}
	oomx_build_close(b);
}

/* 32 + 32 + 40 + 16 + 16 + 232 + 24 = 392 bytes when there is room for all */
static u32 build_sample(struct oomx_builder *b, void *buf, u32 size)
{
	oomx_build_begin(b, buf, size, OOMX_RECORD_EVENT, 5);
	build_strings(b);
	build_values(b);
	oomx_build_table(b, SEC_UNKNOWN, 3, 1);
	oomx_build_copy(b, OOMX_SEC_STACK, "a+0x1\0b", 1, 8);
	build_tasks(b);
	oomx_build_table(b, OOMX_SEC_BUDDY, sizeof(struct oomx_buddy), 2);
	return oomx_build_end(b);
}

#define SAMPLE_LEN	392
#define SAMPLE_SECTIONS	6

static u32 make_sample(struct record_test *t)
{
	return build_sample(&t->b, t->mem, sizeof(t->mem));
}

static void sample_is_valid(struct kunit *test)
{
	struct record_test *t = test->priv;

	OOMX_EXPECT_EQ(test, make_sample(t), SAMPLE_LEN);
	KUNIT_EXPECT_FALSE(test, t->b.overflow);
	OOMX_EXPECT_EQ(test, check(t), 0);
	OOMX_EXPECT_EQ(test, oomx_record_table(t->r, OOMX_SEC_TASK).count, 2);
}

/* Whatever the room, what was built is valid and stays in it, and a loss is told. */
static void overflow_leaves_a_valid_record(struct kunit *test)
{
	struct record_test *t = test->priv;
	u8 *buf = (u8 *)t->mem;
	u32 size, len;

	for (size = HEADER; size <= SAMPLE_LEN + 8; size++) {
		memset(buf, POISON, BUF_SIZE);
		len = build_sample(&t->b, buf, size);
		KUNIT_EXPECT_TRUE_MSG(test, len <= size, "size %u", size);
		OOMX_EXPECT_EQ_AT(test, size, oomx_record_check(buf, len, NULL), 0);
		KUNIT_EXPECT_TRUE_MSG(test, all_bytes(buf + size, POISON, BUF_SIZE - size),
				      "size %u", size);
		OOMX_EXPECT_EQ_AT(test, size, t->b.overflow, len < SAMPLE_LEN);
	}
}

/* ---- strings ---- */

static void strings_start_with_the_empty_one(struct kunit *test)
{
	struct oomx_strings s;
	char buf[4] = "abc";

	oomx_strings_init(&s, buf, sizeof(buf));
	OOMX_EXPECT_EQ(test, s.len, 1);
	OOMX_EXPECT_EQ(test, s.dropped, 0);
	expect_string(test, buf, "");
}

/* "" at 0, "one" at 1 to 4, "three" at 5 to 10 */
static void strings_add_returns_offsets(struct kunit *test)
{
	struct oomx_strings s;
	char buf[32];

	oomx_strings_init(&s, buf, sizeof(buf));
	OOMX_EXPECT_EQ(test, oomx_strings_add(&s, "one"), 1);
	OOMX_EXPECT_EQ(test, oomx_strings_add(&s, "three"), 5);
	OOMX_EXPECT_EQ(test, s.len, 11);
	expect_string(test, buf + 1, "one");
	expect_string(test, buf + 5, "three");
}

/* 8 bytes hold "", and one string of 6 with its NUL, but none of 7. */
static void strings_exact_fit(struct kunit *test)
{
	struct oomx_strings s;
	char buf[9];

	buf[8] = 'x';
	oomx_strings_init(&s, buf, 8);
	OOMX_EXPECT_EQ(test, oomx_strings_add(&s, "1234567"), 0);
	OOMX_EXPECT_EQ(test, oomx_strings_add(&s, "123456"), 1);
	OOMX_EXPECT_EQ(test, s.len, 8);
	OOMX_EXPECT_EQ(test, oomx_strings_add(&s, ""), 0);
	OOMX_EXPECT_EQ(test, s.dropped, 2);
	OOMX_EXPECT_EQ(test, buf[8], 'x');
}

static void strings_dropped_are_counted(struct kunit *test)
{
	static const char too_long[] = "longer than all of the buffer";
	struct oomx_strings s;
	char buf[8];

	oomx_strings_init(&s, buf, sizeof(buf));
	OOMX_EXPECT_EQ(test, oomx_strings_add(&s, too_long), 0);
	OOMX_EXPECT_EQ(test, oomx_strings_add(&s, "abc"), 1);
	OOMX_EXPECT_EQ(test, oomx_strings_add(&s, "abc"), 0);
	OOMX_EXPECT_EQ(test, oomx_strings_add(&s, "de"), 5);
	OOMX_EXPECT_EQ(test, s.dropped, 2);
	expect_string(test, buf + 1, "abc");
	expect_string(test, buf + 5, "de");
}

static void strings_of_one_byte_take_none(struct kunit *test)
{
	struct oomx_strings s;
	char buf[1];
	u32 room;

	oomx_strings_init(&s, buf, sizeof(buf));
	oomx_strings_room(&s, &room);
	OOMX_EXPECT_EQ(test, room, 0);
	OOMX_EXPECT_EQ(test, oomx_strings_add(&s, ""), 0);
	OOMX_EXPECT_EQ(test, oomx_strings_commit(&s, 0), 0);
	OOMX_EXPECT_EQ(test, s.dropped, 2);
}

static void strings_written_in_place(struct kunit *test)
{
	struct oomx_strings s;
	char buf[16];
	char *to;
	u32 room;

	oomx_strings_init(&s, buf, sizeof(buf));
	oomx_strings_add(&s, "ab");
	to = oomx_strings_room(&s, &room);
	OOMX_EXPECT_EQ(test, room, 12);
	KUNIT_EXPECT_TRUE(test, to == buf + 4);
	memcpy(to, "/path!", 6);
	OOMX_EXPECT_EQ(test, oomx_strings_commit(&s, 5), 4);
	expect_string(test, buf + 4, "/path");
	OOMX_EXPECT_EQ(test, s.len, 10);
}

/* What snprintf() says it would have written may be larger than the room. */
static void strings_commit_of_too_much_is_dropped(struct kunit *test)
{
	static const u32 lens[] = { 7, 8, 9, 1000, U32_MAX };
	struct oomx_strings s;
	char buf[8];
	u32 i;

	oomx_strings_init(&s, buf, sizeof(buf));
	for (i = 0; i < ARRAY_SIZE(lens); i++)
		OOMX_EXPECT_EQ_AT(test, lens[i], oomx_strings_commit(&s, lens[i]), 0);
	OOMX_EXPECT_EQ(test, s.dropped, ARRAY_SIZE(lens));
	OOMX_EXPECT_EQ(test, s.len, 1);
	OOMX_EXPECT_EQ(test, oomx_strings_commit(&s, 6), 1);
}

static void strings_round_trip(struct kunit *test)
{
	struct record_test *t = test->priv;
	struct oomx_strings s;
	char buf[32];
	u32 one, two;

	oomx_strings_init(&s, buf, sizeof(buf));
	one = oomx_strings_add(&s, "/a/b");
	two = oomx_strings_add(&s, "x86_64");
	oomx_build_copy(&t->b, OOMX_SEC_STRINGS, s.buf, 1, s.len);
	oomx_build_end(&t->b);
	OOMX_EXPECT_EQ(test, check(t), 0);
	expect_string(test, oomx_record_string(t->r, one), "/a/b");
	expect_string(test, oomx_record_string(t->r, two), "x86_64");
}

/* Offset 0 is "unknown"; 19 is the NUL at the end of the 20 bytes, 20 is outside. */
static void string_offsets_are_not_trusted(struct kunit *test)
{
	struct record_test *t = test->priv;

	make_sample(t);
	KUNIT_EXPECT_TRUE(test, !oomx_record_string(t->r, 0));
	expect_string(test, oomx_record_string(t->r, 1), "/user.slice");
	expect_string(test, oomx_record_string(t->r, 13), "Normal");
	expect_string(test, oomx_record_string(t->r, 19), "");
	KUNIT_EXPECT_TRUE(test, !oomx_record_string(t->r, 20));
	KUNIT_EXPECT_TRUE(test, !oomx_record_string(t->r, U32_MAX));
}

static void string_of_a_record_without_strings(struct kunit *test)
{
	struct record_test *t = test->priv;

	oomx_build_end(&t->b);
	KUNIT_EXPECT_TRUE(test, !oomx_record_string(t->r, 0));
	KUNIT_EXPECT_TRUE(test, !oomx_record_string(t->r, 1));
}

/* ---- the check ---- */

static void check_lets_other_records_follow(struct kunit *test)
{
	struct record_test *t = test->priv;

	make_sample(t);
	OOMX_EXPECT_EQ(test, oomx_record_check(t->r, BUF_SIZE, NULL), 0);
}

static void check_rejects_bad_headers(struct kunit *test)
{
	static const struct oomx_record rows[] = {
		{ .magic = 0, .version = 1, .type = 1, .len = 32 },
		{ .magic = 0x4f4f4d58, .version = 1, .type = 1, .len = 32 },
		{ .magic = OOMX_MAGIC, .version = 0, .type = 1, .len = 32 },
		{ .magic = OOMX_MAGIC, .version = 1, .type = 0, .len = 32 },
		{ .magic = OOMX_MAGIC, .version = 1, .type = 1, .len = 0 },
		{ .magic = OOMX_MAGIC, .version = 1, .type = 1, .len = 24 },
		{ .magic = OOMX_MAGIC, .version = 1, .type = 1, .len = 33 },
		{ .magic = OOMX_MAGIC, .version = 1, .type = 1, .len = 36 },
		{ .magic = OOMX_MAGIC, .version = 1, .type = 1, .len = 40 },
		{ .magic = OOMX_MAGIC, .version = 1, .type = 1, .len = U32_MAX },
		{ .magic = OOMX_MAGIC, .version = 1, .type = 1, .len = 0xfffffff8 },
	};
	size_t where;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		where = 99;
		OOMX_EXPECT_EQ_AT(test, i, oomx_record_check(&rows[i], 32, &where), -1);
		OOMX_EXPECT_EQ_AT(test, i, where, 0);
	}
}

static void check_accepts_newer_writers(struct kunit *test)
{
	struct record_test *t = test->priv;

	make_sample(t);
	t->r->version = 0xffff;
	t->r->type = 0x1234;
	t->r->flags = 0xffffffff;
	OOMX_EXPECT_EQ(test, check(t), 0);
}

/* One section of 8 bytes of payload, all of them @fill, is the whole record. */
static int check_section(struct record_test *t, u16 type, u16 esize, u32 count, u8 fill)
{
	struct oomx_section *s;
	size_t where;
	int ret;

	oomx_build_begin(&t->b, t->mem, sizeof(t->mem), OOMX_RECORD_EVENT, 5);
	memset(oomx_build_table(&t->b, SEC_UNKNOWN, 8, 1), fill, 8);
	s = nth_section(t->r, 0);
	s->type = type;
	s->esize = esize;
	s->count = count;
	ret = oomx_record_check(t->r, oomx_build_end(&t->b), &where);
	return ret && where != HEADER ? -2 : ret;
}

static void check_judges_sections(struct kunit *test)
{
	static const struct {
		u16 type;
		u16 esize;
		u32 count;
		u8 fill;
		int ret;
	} rows[] = {
		{ SEC_UNKNOWN, 8, 1, 1, 0 },
		{ SEC_UNKNOWN, 1, 8, 1, 0 },
		{ SEC_UNKNOWN, 7, 1, 0, 0 },
		{ SEC_UNKNOWN, 1, 3, 0, 0 },
		{ OOMX_SEC_STRINGS, 1, 8, 0, 0 },
		{ OOMX_SEC_STACK, 1, 8, 0, 0 },
		{ 0, 8, 1, 0, -1 },			/* no type */
		{ SEC_UNKNOWN, 0, 8, 0, -1 },		/* elements of no size */
		{ SEC_UNKNOWN, 7, 1, 1, -1 },		/* padding not 0 */
		{ SEC_UNKNOWN, 1, 1, 1, -1 },
		{ SEC_UNKNOWN, 9, 1, 0, -1 },		/* beyond the end */
		{ SEC_UNKNOWN, 1, 9, 0, -1 },
		{ SEC_UNKNOWN, 8, 2, 0, -1 },
		{ SEC_UNKNOWN, 0x8000, 0x20000, 0, -1 },	/* 2^32 bytes */
		{ SEC_UNKNOWN, 8, 0x20000001, 0, -1 },	/* 2^32 + 8 */
		{ SEC_UNKNOWN, 1, U32_MAX, 0, -1 },
		{ SEC_UNKNOWN, 0xffff, U32_MAX, 0, -1 },
		{ OOMX_SEC_STRINGS, 1, 8, 'a', -1 },	/* no NUL at the end */
		{ OOMX_SEC_STACK, 1, 8, 'a', -1 },
		{ OOMX_SEC_STRINGS, 2, 4, 0, -1 },	/* not of bytes */
		{ OOMX_SEC_STACK, 8, 1, 0, -1 },
	};
	struct record_test *t = test->priv;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		OOMX_EXPECT_EQ_AT(test, i, rows[i].ret,
				  check_section(t, rows[i].type, rows[i].esize,
						rows[i].count, rows[i].fill));
}

/* The padding of 7 bytes: a bit in any of them is a fault. */
static void check_sees_every_byte_of_padding(struct kunit *test)
{
	struct record_test *t = test->priv;
	u8 *data = oomx_build_table(&t->b, SEC_UNKNOWN, 1, 1);
	u32 i;

	oomx_build_end(&t->b);
	for (i = 0; i < 8; i++) {
		data[i] = 1;
		OOMX_EXPECT_EQ_AT(test, i, check(t), i ? -1 : 0);
		data[i] = 0;
	}
}

/* Strings are at 32, the values at 32 + 8 + 24 = 64, the stack at 64 + 40 + 16 = 120. */
static void check_tells_where_the_fault_is(struct kunit *test)
{
	struct record_test *t = test->priv;
	size_t where = 99;

	make_sample(t);
	OOMX_EXPECT_EQ(test, oomx_record_check(t->r, t->b.len, &where), 0);
	nth_section(t->r, 3)->esize = 2;
	OOMX_EXPECT_EQ(test, oomx_record_check(t->r, t->b.len, &where), -1);
	OOMX_EXPECT_EQ(test, where, 120);
	nth_section(t->r, 1)->type = 0;
	OOMX_EXPECT_EQ(test, oomx_record_check(t->r, t->b.len, &where), -1);
	OOMX_EXPECT_EQ(test, where, 64);
}

/* ---- bytes from anywhere ---- */

/*
 * Walk all there is in a record that passed the check. Nothing handed out may lie
 * outside of it.
 */
static bool inside(const struct oomx_record *r, const void *p, u64 bytes)
{
	const u8 *from = (const u8 *)(r + 1), *end = (const u8 *)r + r->len;

	return (const u8 *)p >= from && (const u8 *)p <= end &&
	       bytes <= (u64)(end - (const u8 *)p);
}

static bool strings_inside(const struct oomx_record *r)
{
	struct oomx_table t = oomx_record_table(r, OOMX_SEC_STRINGS);
	const char *s;
	u32 i;

	for (i = 0; i < t.count + 2; i++) {
		s = oomx_record_string(r, i);
		if (s && (!inside(r, s, 1) || !memchr(s, 0, (const char *)r + r->len - s)))
			return false;
	}
	return true;
}

/* The elements at both ends and behind them, as larger and smaller than they are. */
static bool elements_inside(const struct oomx_record *r, const struct oomx_table *t)
{
	u32 at[] = { 0, t->count - 1, t->count, t->count + 1, U32_MAX }, i;
	struct oomx_task copy;
	const void *p;

	if (t->count && !inside(r, t->data, (u64)t->esize * t->count))
		return false;
	for (i = 0; i < ARRAY_SIZE(at); i++) {
		p = oomx_table_get(t, at[i], &copy, sizeof(copy));
		if (p != (at[i] < t->count ? &copy : NULL))
			return false;
		oomx_table_get(t, at[i], &copy, 1);
		oomx_table_value(t, at[i], 0);
		oomx_table_value(t, at[i], 63);
	}
	return true;
}

static bool walk_inside(const struct oomx_record *r)
{
	const struct oomx_section *s;
	struct oomx_table t;

	OOMX_FOR_EACH_SECTION(r, s) {
		if (!inside(r, s, SECTION) ||
		    !inside(r, OOMX_SECTION_DATA(s), OOMX_SECTION_BYTES(s)))
			return false;
		t = oomx_record_table(r, s->type);
		if (!elements_inside(r, &t))
			return false;
	}
	return (const u8 *)s == (const u8 *)r + r->len && strings_inside(r);
}

static void every_truncation_is_rejected(struct kunit *test)
{
	struct record_test *t = test->priv;
	u32 len = make_sample(t), n;
	u8 *copy;

	for (n = 0; n < len; n++) {
		copy = oomx_test_alloc(test, n ? n : 1);
		memcpy(copy, t->mem, n);
		OOMX_EXPECT_EQ_AT(test, n, oomx_record_check(copy, n, NULL), -1);
	}
}

/* Cut and with a length that says so: valid only where a section ends. */
static void every_shortened_record_is_judged(struct kunit *test)
{
	struct record_test *t = test->priv;
	u32 len = make_sample(t), n, valid = 0;
	struct oomx_record *r;

	for (n = HEADER; n < len; n++) {
		r = oomx_test_alloc(test, n);
		memcpy(r, t->mem, n);
		r->len = n;
		if (oomx_record_check(r, n, NULL))
			continue;
		valid++;
		KUNIT_EXPECT_TRUE_MSG(test, walk_inside(r), "length %u", n);
	}
	OOMX_EXPECT_EQ(test, valid, SAMPLE_SECTIONS);
}

/* Each byte in turn takes every other value: it is rejected, or can still be walked. */
static void every_corruption_is_survived(struct kunit *test)
{
	struct record_test *t = test->priv;
	u32 len = make_sample(t), at, flip, rejected = 0;
	u8 *copy = oomx_test_alloc(test, len);

	memcpy(copy, t->mem, len);
	for (at = 0; at < len; at++) {
		for (flip = 1; flip < 256; flip++) {
			copy[at] ^= flip;
			if (oomx_record_check(copy, len, NULL))
				rejected++;
			else
				KUNIT_ASSERT_TRUE_MSG(test, walk_inside((void *)copy),
						      "byte %u ^ %u", at, flip);
			copy[at] ^= flip;
		}
	}
	/* the magic (4 bytes) and the padding (4 + 5 bytes) at least */
	KUNIT_EXPECT_TRUE(test, rejected >= 13 * 255);
	OOMX_EXPECT_EQ(test, oomx_record_check(copy, len, NULL), 0);
}

/* Two or three structural fields at once, with the values that overflow. */
static void random_corruptions_are_survived(struct kunit *test)
{
	static const u16 values[] = { 0, 1, 2, 7, 8, 9, 0x7fff, 0x8000, 0xffff };
	struct record_test *t = test->priv;
	u32 len = make_sample(t), i, n;
	u16 *copy = oomx_test_alloc(test, len);
	u64 seed = 42;

	for (i = 0; i < 50000; i++) {
		memcpy(copy, t->mem, len);
		for (n = 0; n < 3; n++)
			copy[4 + oomx_test_random(&seed) % (len / 2 - 4)] =
				values[oomx_test_random(&seed) % ARRAY_SIZE(values)];
		if (!oomx_record_check(copy, len, NULL))
			KUNIT_ASSERT_TRUE_MSG(test, walk_inside((void *)copy), "run %u", i);
	}
}

/* Numbers in the header, and payload: any value is as good as another. */
static void contents_are_not_judged(struct kunit *test)
{
	struct record_test *t = test->priv;

	make_sample(t);
	t->r->seq = U64_MAX;
	t->r->event = U64_MAX;
	memset((u8 *)OOMX_SECTION_DATA(nth_section(t->r, 1)), 0xff, 32);
	memset((u8 *)OOMX_SECTION_DATA(nth_section(t->r, 4)), 0xff, 224);
	OOMX_EXPECT_EQ(test, check(t), 0);
}

/* ---- walking ---- */

static void unknown_sections_are_skipped(struct kunit *test)
{
	static const u16 unknown[] = { 0x7fff, OOMX_SEC_PRIVATE, 0xffff };
	struct record_test *t = test->priv;
	u64 v = 77;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(unknown); i++)
		memset(oomx_build_table(&t->b, unknown[i], 3, i), 0xff, 3 * i);
	oomx_build_copy(&t->b, OOMX_SEC_RESERVE, &v, 8, 1);
	oomx_build_end(&t->b);
	OOMX_EXPECT_EQ(test, check(t), 0);
	OOMX_EXPECT_EQ(test, oomx_record_table(t->r, OOMX_SEC_RESERVE).count, 1);
	OOMX_EXPECT_EQ(test, *(u64 *)oomx_record_table(t->r, OOMX_SEC_RESERVE).data, 77);
}

static void table_that_is_missing_is_empty(struct kunit *test)
{
	struct record_test *t = test->priv;
	struct oomx_table table;

	make_sample(t);
	table = oomx_record_table(t->r, OOMX_SEC_VICTIM);
	OOMX_EXPECT_EQ(test, table.count, 0);
	OOMX_EXPECT_EQ(test, table.esize, 0);
	KUNIT_EXPECT_TRUE(test, !table.data);
}

static void first_of_equal_sections_counts(struct kunit *test)
{
	struct record_test *t = test->priv;

	oomx_build_table(&t->b, OOMX_SEC_BUDDY, 8, 2);
	oomx_build_table(&t->b, OOMX_SEC_BUDDY, 8, 3);
	oomx_build_end(&t->b);
	OOMX_EXPECT_EQ(test, oomx_record_table(t->r, OOMX_SEC_BUDDY).count, 2);
}

/* A newer writer's elements of 12 bytes, read by one who knows the first 8. */
static void elements_larger_than_known(struct kunit *test)
{
	static const u32 data[] = { 1, 2, 3, 4, 5, 6 };
	struct oomx_table t = { .data = (const u8 *)data, .esize = 12, .count = 2 };
	u32 copy[3] = { 9, 9, 9 };

	KUNIT_EXPECT_TRUE(test, oomx_table_get(&t, 1, copy, 8) == copy);
	OOMX_EXPECT_EQ(test, copy[0], 4);
	OOMX_EXPECT_EQ(test, copy[1], 5);
	OOMX_EXPECT_EQ(test, copy[2], 9);
}

/* An older writer's elements of 4 bytes, read by one who knows 12: the rest is 0. */
static void elements_smaller_than_known(struct kunit *test)
{
	static const u32 data[] = { 1, 2 };
	struct oomx_table t = { .data = (const u8 *)data, .esize = 4, .count = 2 };
	u32 copy[3] = { 9, 9, 9 };

	KUNIT_EXPECT_TRUE(test, oomx_table_get(&t, 0, copy, 12) == copy);
	OOMX_EXPECT_EQ(test, copy[0], 1);
	OOMX_EXPECT_EQ(test, copy[1], 0);
	OOMX_EXPECT_EQ(test, copy[2], 0);
}

static void elements_that_do_not_exist(struct kunit *test)
{
	static const u32 data[] = { 1, 2 };
	static const u32 at[] = { 2, 3, 0x40000000, U32_MAX };
	struct oomx_table t = { .data = (const u8 *)data, .esize = 4, .count = 2 };
	u32 copy, i;

	for (i = 0; i < ARRAY_SIZE(at); i++) {
		copy = 9;
		KUNIT_EXPECT_TRUE(test, !oomx_table_get(&t, at[i], &copy, 4));
		OOMX_EXPECT_EQ_AT(test, at[i], copy, 0);
	}
}

/* ---- values ---- */

static void value_follows_the_mask(struct kunit *test)
{
	static const u64 v[] = { 10, 0, 30, 40 };
	static const struct {
		u64 valid;
		u32 n, i;
		bool known;
		u64 v;
	} rows[] = {
		{ 0x3, 4, 0, true, 10 },
		{ 0x3, 4, 1, true, 0 },		/* known, and 0 */
		{ 0x3, 4, 2, false, 0 },	/* there, but not known */
		{ 0xf, 4, 3, true, 40 },
		{ 0xf, 3, 3, false, 0 },	/* known, but not there */
		{ ~0ULL, 4, 4, false, 0 },
		{ ~0ULL, 100, 64, false, 0 },	/* no such bit */
		{ ~0ULL, 4, U32_MAX, false, 0 },
		{ 0, 4, 0, false, 0 },
	};
	struct oomx_opt opt;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		opt = oomx_value(rows[i].valid, v, rows[i].n, rows[i].i);
		OOMX_EXPECT_EQ_AT(test, i, opt.known, rows[i].known);
		OOMX_EXPECT_EQ_AT(test, i, opt.v, rows[i].v);
	}
}

static void value_of_the_last_bit(struct kunit *test)
{
	u64 v[64] = { [63] = 63, [62] = 62 };

	KUNIT_EXPECT_TRUE(test, oomx_value(1ULL << 63, v, 64, 63).known);
	OOMX_EXPECT_EQ(test, oomx_value(1ULL << 63, v, 64, 63).v, 63);
	KUNIT_EXPECT_FALSE(test, oomx_value(1ULL << 63, v, 64, 62).known);
	OOMX_EXPECT_EQ(test, oomx_value(1ULL << 63, v, 64, 62).v, 0);
}

/* Two rows of a mask and two values; only what the mask says is known. */
static void table_value_follows_the_mask(struct kunit *test)
{
	static const u64 data[] = { 0x1, 10, 20, 0x2, 30, 40 };
	static const struct {
		u32 row, i;
		bool known;
		u64 v;
	} rows[] = {
		{ 0, 0, true, 10 },
		{ 0, 1, false, 0 },
		{ 1, 0, false, 0 },
		{ 1, 1, true, 40 },
		{ 0, 2, false, 0 },		/* not in the element */
		{ 2, 0, false, 0 },		/* no such row */
		{ U32_MAX, 0, false, 0 },
		{ 0, U32_MAX, false, 0 },
	};
	struct oomx_table t = { .data = (const u8 *)data, .esize = 24, .count = 2 };
	struct oomx_opt opt;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		opt = oomx_table_value(&t, rows[i].row, rows[i].i);
		OOMX_EXPECT_EQ_AT(test, i, opt.known, rows[i].known);
		OOMX_EXPECT_EQ_AT(test, i, opt.v, rows[i].v);
	}
}

/* All bits of the mask are set, but only whole values are there: (esize - 8) / 8. */
static void table_value_needs_a_whole_value(struct kunit *test)
{
	static const u64 data[] = { ~0ULL, 10, 20 };
	struct oomx_table t = { .data = (const u8 *)data, .count = 1 };
	u32 i;

	for (t.esize = 1; t.esize <= 24; t.esize++)
		for (i = 0; i < 64; i++)
			OOMX_EXPECT_EQ_AT(test, t.esize * 100 + i,
					  oomx_table_value(&t, 0, i).known,
					  8 * (i + 2) <= t.esize);
}

/* Elements of 65 values: the mask has no bit for the last of them. */
static void table_value_ends_with_the_mask(struct kunit *test)
{
	u64 *data = oomx_test_alloc(test, 66 * 8);
	struct oomx_table t = { .data = (const u8 *)data, .esize = 66 * 8, .count = 1 };

	memset(data, 0xff, 66 * 8);
	data[64] = 63;
	KUNIT_EXPECT_TRUE(test, oomx_table_value(&t, 0, 63).known);
	OOMX_EXPECT_EQ(test, oomx_table_value(&t, 0, 63).v, 63);
	KUNIT_EXPECT_FALSE(test, oomx_table_value(&t, 0, 64).known);
}

/* Elements of 20 bytes: in odd rows nothing is aligned. */
static void table_value_of_unaligned_elements(struct kunit *test)
{
	static const u64 rows[][2] = { { 0x1, 11 }, { 0x1, 12 }, { 0x0, 13 } };
	u8 *data = oomx_test_alloc(test, 60);
	struct oomx_table t = { .data = data, .esize = 20, .count = 3 };
	u32 i;

	for (i = 0; i < 3; i++)
		memcpy(data + 20 * i, rows[i], sizeof(rows[i]));
	OOMX_EXPECT_EQ(test, oomx_table_value(&t, 0, 0).v, 11);
	OOMX_EXPECT_EQ(test, oomx_table_value(&t, 1, 0).v, 12);
	KUNIT_EXPECT_TRUE(test, oomx_table_value(&t, 1, 0).known);
	KUNIT_EXPECT_FALSE(test, oomx_table_value(&t, 2, 0).known);
}

static struct kunit_case record_cases[] = {
	KUNIT_CASE(begin_writes_the_header),
	KUNIT_CASE(begin_wants_room_for_the_header),
	KUNIT_CASE(table_is_zeroed_with_its_padding),
	KUNIT_CASE(table_may_be_empty),
	KUNIT_CASE(copy_round_trip),
	KUNIT_CASE(add_appends_to_the_open_section),
	KUNIT_CASE(close_zeroes_the_padding),
	KUNIT_CASE(close_without_open_does_nothing),
	KUNIT_CASE(open_section_may_stay_empty),
	KUNIT_CASE(add_without_open_fails),
	KUNIT_CASE(end_closes_the_open_section),
	KUNIT_CASE(table_that_fits_exactly),
	KUNIT_CASE(table_of_absurd_size_is_refused),
	KUNIT_CASE(copy_that_does_not_fit_is_refused),
	KUNIT_CASE(open_that_does_not_fit_is_refused),
	KUNIT_CASE(add_stops_before_the_end),
	KUNIT_CASE(grow_stops_before_the_end),
	KUNIT_CASE(sample_is_valid),
	KUNIT_CASE(overflow_leaves_a_valid_record),
	KUNIT_CASE(strings_start_with_the_empty_one),
	KUNIT_CASE(strings_add_returns_offsets),
	KUNIT_CASE(strings_exact_fit),
	KUNIT_CASE(strings_dropped_are_counted),
	KUNIT_CASE(strings_of_one_byte_take_none),
	KUNIT_CASE(strings_written_in_place),
	KUNIT_CASE(strings_commit_of_too_much_is_dropped),
	KUNIT_CASE(strings_round_trip),
	KUNIT_CASE(string_offsets_are_not_trusted),
	KUNIT_CASE(string_of_a_record_without_strings),
	KUNIT_CASE(check_lets_other_records_follow),
	KUNIT_CASE(check_rejects_bad_headers),
	KUNIT_CASE(check_accepts_newer_writers),
	KUNIT_CASE(check_judges_sections),
	KUNIT_CASE(check_sees_every_byte_of_padding),
	KUNIT_CASE(check_tells_where_the_fault_is),
	KUNIT_CASE(every_truncation_is_rejected),
	KUNIT_CASE(every_shortened_record_is_judged),
	KUNIT_CASE(every_corruption_is_survived),
	KUNIT_CASE(random_corruptions_are_survived),
	KUNIT_CASE(contents_are_not_judged),
	KUNIT_CASE(unknown_sections_are_skipped),
	KUNIT_CASE(table_that_is_missing_is_empty),
	KUNIT_CASE(first_of_equal_sections_counts),
	KUNIT_CASE(elements_larger_than_known),
	KUNIT_CASE(elements_smaller_than_known),
	KUNIT_CASE(elements_that_do_not_exist),
	KUNIT_CASE(value_follows_the_mask),
	KUNIT_CASE(value_of_the_last_bit),
	KUNIT_CASE(table_value_follows_the_mask),
	KUNIT_CASE(table_value_needs_a_whole_value),
	KUNIT_CASE(table_value_ends_with_the_mask),
	KUNIT_CASE(table_value_of_unaligned_elements),
	{}
};

struct kunit_suite oomx_record_suite = {
	.name = "oomx_record",
	.init = record_test_init,
	.test_cases = record_cases,
};
