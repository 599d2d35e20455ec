// SPDX-License-Identifier: GPL-2.0
/*
 * The ring against a model of it, in long runs of random steps, in plain memory and in that
 * which the module gives it. core/ring.c itself is in oomx_test_ring.c.
 */
#include "oomx_test_ring.h"
#include "../oomx_map.c"

#define MODEL_STEPS	20000
#define MODEL_READERS	4
#define MODEL_MAX	PAGE_SIZE

/* What the ring should do, told by nothing but the list of all lengths ever pushed. */
struct ring_model {
	struct oomx_ring ring;
	u64 size;
	u64 max;
	u64 random;
	void *building;			/* the place that is reserved, or NULL */
	u32 room;			/* its size */
	u32 nr_waiting;
	u32 waits[MODEL_MAX / HEADER];	/* their lengths */
	u64 waiting;			/* and the sum of these */
	u64 first;			/* oldest record that should be there */
	u64 next;			/* number of the next one */
	u64 rejected;
	u64 used;			/* bytes from first to next */
	u64 lost;			/* what all readers lost together */
	struct oomx_cursor reader[MODEL_READERS];
	u64 expects[MODEL_READERS];	/* the number each reader should find next */
	void *mem;			/* of the ring */
	u64 in[MODEL_MAX / sizeof(u64) + 8];
	u64 out[MODEL_MAX / sizeof(u64) + 8];
	u32 len[MODEL_STEPS + 1];	/* by number */
};

/* Records are numbered in the order they will have, those that wait included. */
static void model_add(struct ring_model *m, u32 len)
{
	m->len[m->next++] = len;
	m->used += len;
}

/* The oldest go until @need bytes are free. */
static void model_drop(struct ring_model *m, u64 need)
{
	while (m->used + need > m->size)
		m->used -= m->len[m->first++];
}

static u32 model_random_len(struct ring_model *m, u64 max)
{
	return HEADER + 8 * (oomx_test_random(&m->random) % (max / 8 - 2));
}

static bool model_push(struct ring_model *m)
{
	u32 len = model_random_len(m, m->max), i;
	u64 held = m->building ? m->room + m->waiting : 0;
	bool fits = len <= m->max && held + len <= m->size;
	u64 event = m->next + (m->building ? 1 + m->nr_waiting : 0);

	if (oomx_ring_push(&m->ring, make_record(m->in, len, event)) != fits)
		return false;
	if (!fits) {
		m->rejected++;
		return true;
	}
	model_drop(m, held + len);
	if (!m->building) {
		model_add(m, len);
		return true;
	}
	i = m->nr_waiting++;
	m->waits[i] = len;
	m->waiting += len;
	return true;
}

static bool model_reserve(struct ring_model *m)
{
	m->room = model_random_len(m, m->max);
	if (m->room > m->max)
		m->room = m->max;
	model_drop(m, m->room);
	m->building = oomx_ring_reserve(&m->ring, m->room);
	return m->building;
}

/* Written as late as can be: what waits must not stand in what may be written. */
static bool model_commit(struct ring_model *m)
{
	u32 len = min_t(u32, model_random_len(m, m->room), m->room), i;
	u64 seq = m->next;

	memset(m->building, 0xff, m->room);
	make_record(m->building, len, seq);
	m->building = NULL;
	model_add(m, len);
	for (i = 0; i < m->nr_waiting; i++)
		model_add(m, m->waits[i]);
	m->nr_waiting = 0;
	m->waiting = 0;
	return oomx_ring_commit(&m->ring) == seq;
}

static bool model_resume(struct ring_model *m, u32 i)
{
	u64 lost = m->expects[i] < m->first ? m->first - m->expects[i] : 0;

	m->expects[i] += lost;
	m->lost += lost;
	return oomx_ring_resume(&m->ring, &m->reader[i]) == lost &&
	       m->reader[i].seq == m->expects[i];
}

static bool model_read(struct ring_model *m, u32 i)
{
	u64 seq = m->expects[i];
	bool there = seq < m->next;
	u32 len = there ? m->len[seq] : 0;

	if (there && oomx_ring_read(&m->ring, &m->reader[i], m->out, len - 1))
		return false;
	if (oomx_ring_read(&m->ring, &m->reader[i], m->out, sizeof(m->out)) != there)
		return false;
	m->expects[i] += there;
	return !there || record_intact(m->out, len, seq, seq);
}

static bool model_skip(struct ring_model *m, u32 i)
{
	struct oomx_record head;
	bool there = m->expects[i] < m->next;

	if (oomx_ring_peek(&m->ring, &m->reader[i], &head) != there)
		return false;
	oomx_ring_skip(&m->ring, &m->reader[i]);
	m->expects[i] += there;
	return !there || head.len == m->len[head.seq];
}

static bool model_jump(struct ring_model *m, u32 i, bool last)
{
	if (last)
		oomx_ring_last(&m->ring, &m->reader[i]);
	else
		oomx_ring_first(&m->ring, &m->reader[i]);
	m->expects[i] = last ? m->next : m->first;
	return m->reader[i].seq == m->expects[i];
}

/* Reader 0 is the quickest. Jumps are rare, so that overruns are not. */
static bool model_step(struct ring_model *m)
{
	u32 dice = oomx_test_random(&m->random) % 64;
	u32 i = dice < 16 ? 0 : dice % MODEL_READERS;

	if (dice >= 58)
		return m->building ? model_commit(m) : model_reserve(m);
	if (dice >= 40)
		return model_push(m);
	if (!model_resume(m, i))
		return false;
	if (dice == 39)
		return model_jump(m, i, oomx_test_random(&m->random) & 1);
	return dice % 8 == 7 ? model_skip(m, i) : model_read(m, i);
}

static bool model_agrees(const struct ring_model *m)
{
	const struct oomx_ring *ring = &m->ring;

	return ring->first_seq == m->first && ring->next_seq == m->next &&
	       ring->overwritten == m->first - 1 && ring->rejected == m->rejected &&
	       ring->head - ring->tail == m->used;
}

static void model_run(struct kunit *test, struct ring_model *m, void *mem, u64 size, u64 max)
{
	u32 step, i;

	memset(m, 0, sizeof(*m));
	m->mem = mem;
	m->size = size;
	m->max = max;
	m->random = size;
	m->first = 1;
	m->next = 1;
	OOMX_EXPECT_EQ(test, oomx_ring_init(&m->ring, m->mem, size, max), 0);
	for (i = 0; i < MODEL_READERS; i++)
		model_jump(m, i, false);
	for (step = 0; step < MODEL_STEPS; step++)
		KUNIT_ASSERT_TRUE_MSG(test, model_step(m) && model_agrees(m),
				      "ring of %lld, step %u", (long long)size, step);
	/* the run was worth something: all kinds of loss were seen, often */
	KUNIT_EXPECT_TRUE(test, m->first > 1000 && m->rejected > 20 && m->lost > 100);
}

static void ring_behaves_like_a_list(struct kunit *test)
{
	static const u64 rows[][2] = {
		{ 32, 32 }, { 40, 40 }, { 64, 64 }, { 200, 104 }, { 256, 256 }, { 256, 40 },
		{ 1000, 200 }, { 1024, 1024 }, { 1024, 504 },
	};
	struct ring_model *m = oomx_test_alloc(test, sizeof(*m));
	void *mem = oomx_test_alloc(test, 2 * MODEL_MAX);
	u32 i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		model_run(test, m, mem, rows[i][0], rows[i][1]);
}

/* As in the module: what is behind the end is the beginning, at a second address. */
static void ring_behaves_like_a_list_when_mapped_twice(struct kunit *test)
{
	static const u64 max[] = { MODEL_MAX, 504, 200 };
	struct ring_model *m = oomx_test_alloc(test, sizeof(*m));
	u8 *mem = oomx_map_twice(1, 1);
	u32 i;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, mem);
	WRITE_ONCE(mem[0], 1);
	OOMX_EXPECT_EQ(test, READ_ONCE(mem[PAGE_SIZE]), 1);
	for (i = 0; i < ARRAY_SIZE(max); i++)
		model_run(test, m, mem, PAGE_SIZE, max[i]);
	oomx_unmap(mem, 1);
}

static struct kunit_case ring_model_cases[] = {
	KUNIT_CASE(ring_behaves_like_a_list),
	KUNIT_CASE(ring_behaves_like_a_list_when_mapped_twice),
	{}
};

struct kunit_suite oomx_ring_model_suite = {
	.name = "oomx_ring_model",
	.test_cases = ring_model_cases,
};
