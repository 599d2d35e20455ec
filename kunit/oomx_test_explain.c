// SPDX-License-Identifier: GPL-2.0
/*
 * The explanation: the arithmetic of the watermarks and every root cause, on made-up
 * records. All sizes are pages of 4 kB.
 */
#include "oomx_explain.h"
#include "oomx_names.h"
#include "oomx_test.h"

#define BUF_SIZE	16384
#define NR_ORDERS	4
#define MIB		256	/* pages */

/* A record in the making, and what is read from it. */
struct explain_test {
	struct oomx_builder b;
	struct oomx_strings strings;
	struct oomx_view view;
	struct oomx_facts f;
	char text[512];
	char out[2048];
	u64 sums[8];
	struct oomx_ranked order[16];
	u64 buf[BUF_SIZE / sizeof(u64)];
};

/* A zone: flags 0 is "all of OOMX_ZONE_IN_ALL". */
struct test_zone {
	const char *name;
	u64 free, min, high, managed, reserve, highatomic, cma;
	u32 node;
	u32 closed;			/* OOMX_ZONE_IN_* that it is not */
	u32 types[NR_ORDERS];		/* of the blocks that are free */
	u32 blocks[NR_ORDERS];
};

static int explain_test_init(struct kunit *test)
{
	struct explain_test *e = oomx_test_alloc(test, sizeof(*e));

	test->priv = e;
	oomx_strings_init(&e->strings, e->text, sizeof(e->text));
	return oomx_build_begin(&e->b, e->buf, sizeof(e->buf), OOMX_RECORD_EVENT, 1);
}

static void put_trigger(struct explain_test *e, u32 kind, s32 order, u32 flags)
{
	struct oomx_trigger *t = oomx_build_table(&e->b, OOMX_SEC_TRIGGER, sizeof(*t), 1);
	struct oomx_system *s = oomx_build_table(&e->b, OOMX_SEC_SYSTEM, sizeof(*s), 1);

	t->kind = kind;
	t->order = order;
	t->flags = flags;
	t->highest_zone = 1;
	t->memcg = oomx_strings_add(&e->strings, "/a/b");
	s->page_size = 4096;
	s->nr_orders = NR_ORDERS;
	s->migratetypes = oomx_strings_add(&e->strings, "UMEHC");
}

static void put_zone(struct oomx_zone *z, const struct test_zone *from)
{
	strscpy(z->name, from->name, sizeof(z->name));
	z->node = from->node;
	z->flags = OOMX_ZONE_IN_ALL & ~from->closed;
	z->valid = 1ULL << OOMX_ZONE_FREE | 1ULL << OOMX_ZONE_MIN | 1ULL << OOMX_ZONE_HIGH |
		   1ULL << OOMX_ZONE_MANAGED | 1ULL << OOMX_ZONE_RESERVED_HIGHATOMIC |
		   1ULL << OOMX_ZONE_FREE_CMA;
	z->v[OOMX_ZONE_FREE] = from->free;
	z->v[OOMX_ZONE_MIN] = from->min;
	z->v[OOMX_ZONE_HIGH] = from->high;
	z->v[OOMX_ZONE_MANAGED] = from->managed;
	z->v[OOMX_ZONE_RESERVED_HIGHATOMIC] = from->highatomic;
	z->v[OOMX_ZONE_FREE_CMA] = from->cma;
}

static void put_zones(struct explain_test *e, const struct test_zone *zones, u32 n)
{
	struct oomx_zone *z = oomx_build_table(&e->b, OOMX_SEC_ZONE, sizeof(*z), n);
	struct oomx_buddy *buddy;
	u64 *reserve;
	u32 i, order;

	buddy = oomx_build_table(&e->b, OOMX_SEC_BUDDY, NR_ORDERS * sizeof(*buddy), n);
	reserve = oomx_build_table(&e->b, OOMX_SEC_RESERVE, 2 * sizeof(*reserve), n);
	for (i = 0; i < n; i++) {
		put_zone(&z[i], &zones[i]);
		reserve[2 * i + 1] = zones[i].reserve;
		for (order = 0; order < NR_ORDERS; order++) {
			buddy[NR_ORDERS * i + order].types = zones[i].types[order];
			buddy[NR_ORDERS * i + order].free = zones[i].blocks[order];
		}
	}
}

static void load(struct kunit *test)
{
	struct explain_test *e = test->priv;

	oomx_build_copy(&e->b, OOMX_SEC_STRINGS, e->text, 1, e->strings.len);
	oomx_build_end(&e->b);
	KUNIT_ASSERT_FALSE(test, e->b.overflow);
	OOMX_EXPECT_EQ(test, oomx_record_check(e->buf, sizeof(e->buf), NULL), 0);
	e->view = (struct oomx_view){
		.event = (const struct oomx_record *)e->buf, .order = e->order, .sums = e->sums,
	};
	oomx_facts_load(&e->f, &e->view);
}

/* As init, once more: for tables of records. */
static void again(struct kunit *test)
{
	struct explain_test *e = test->priv;

	memset(e, 0, sizeof(*e));
	oomx_strings_init(&e->strings, e->text, sizeof(e->text));
	oomx_build_begin(&e->b, e->buf, sizeof(e->buf), OOMX_RECORD_EVENT, 1);
}

static const struct {
	const char *what;
	struct test_zone zone;
	s32 order;
	u32 flags;
	u8 verdict;
	s64 usable;
	u64 missing;
} watermarks[] = {
	/* 1000 > 900 + 0 */
	{ "over", { "Normal", 1000, 900 }, 0, 0, OOMX_VERDICT_OK, 1000, 0 },
	/* more than needed is what counts: 900 > 900 is not so, and nothing is missing */
	{ "equal", { "Normal", 900, 900 }, 0, 0, OOMX_VERDICT_BELOW_MIN, 900, 0 },
	{ "one more", { "Normal", 901, 900 }, 0, 0, OOMX_VERDICT_OK, 901, 0 },
	{ "below min", { "Normal", 880, 900 }, 0, 0, OOMX_VERDICT_BELOW_MIN, 880, 20 },
	/* 950 > 900, but not > 900 + 100 */
	{ "reserve", { "DMA", 950, 900, .reserve = 100 }, 0, 0, OOMX_VERDICT_RESERVE, 950, 50 },
	{ "both", { "DMA", 890, 900, .reserve = 100 }, 0, 0, OOMX_VERDICT_BELOW_MIN, 890, 110 },
	/* 1000 - 200 = 800: with the reserve for atomic requests it would pass */
	{ "highatomic", { "Normal", 1000, 900, .highatomic = 200 }, 0, 0,
	  OOMX_VERDICT_HIGHATOMIC, 800, 100 },
	/* reserved are 5000, more than is free at all */
	{ "negative", { "Normal", 1000, 900, .highatomic = 5000 }, 0, 0,
	  OOMX_VERDICT_HIGHATOMIC, -4000, 4900 },
	/* __GFP_HIGH: half of min, and the highatomic reserve: 500 > 450 */
	{ "__GFP_HIGH", { "Normal", 500, 900, .highatomic = 200 }, 0, OOMX_TRIGGER_HIGH,
	  OOMX_VERDICT_OK, 500, 0 },
	/* a victim: half of min: 460 > 450 */
	{ "victim", { "Normal", 460, 900 }, 0, OOMX_TRIGGER_VICTIM, OOMX_VERDICT_OK, 460, 0 },
	/* both: 900 - 450 = 450, - 225 = 225; the reserve is not halved: 225 + 100 = 325 */
	{ "high victim", { "Normal", 320, 900, .reserve = 100 }, 0,
	  OOMX_TRIGGER_HIGH | OOMX_TRIGGER_VICTIM, OOMX_VERDICT_RESERVE, 320, 5 },
	/* CMA is for movable pages only */
	{ "CMA", { "Normal", 1000, 900, .cma = 150 }, 0, 0, OOMX_VERDICT_BELOW_MIN, 850, 50 },
	{ "movable", { "Normal", 1000, 900, .cma = 150 }, 0, OOMX_TRIGGER_MOVABLE,
	  OOMX_VERDICT_OK, 1000, 0 },
	/* order 2: 3 pages less; a block of order 3 serves it, too */
	{ "order", { "Normal", 1000, 900, .types = { [3] = 1 } }, 2, 0, OOMX_VERDICT_OK, 997, 0 },
	{ "order short", { "Normal", 903, 900, .types = { [3] = 1 } }, 2, 0,
	  OOMX_VERDICT_BELOW_MIN, 900, 0 },
	{ "fragmented", { "Normal", 1000, 900, .types = { 7, 7, 0, 0 } }, 2, 0,
	  OOMX_VERDICT_FRAGMENTED, 997, 0 },
	/* bit 3 is H: for victims; bit 4 is C: for movable pages */
	{ "block in H", { "Normal", 1000, 900, .types = { [2] = 8 } }, 2, 0,
	  OOMX_VERDICT_FRAGMENTED, 997, 0 },
	{ "victim in H", { "Normal", 1000, 900, .types = { [2] = 8 } }, 2, OOMX_TRIGGER_VICTIM,
	  OOMX_VERDICT_OK, 997, 0 },
	{ "block in C", { "Normal", 1000, 900, .types = { [2] = 16 } }, 2, 0,
	  OOMX_VERDICT_FRAGMENTED, 997, 0 },
	{ "movable in C", { "Normal", 1000, 900, .types = { [2] = 16 } }, 2,
	  OOMX_TRIGGER_MOVABLE, OOMX_VERDICT_OK, 997, 0 },
	{ "gfp", { "Normal", 10, 900, .closed = OOMX_ZONE_IN_GFP }, 0, 0,
	  OOMX_VERDICT_INELIGIBLE, 10, 0 },
	{ "nodemask", { "Normal", 10, 900, .closed = OOMX_ZONE_IN_NODEMASK }, 0, 0,
	  OOMX_VERDICT_INELIGIBLE, 10, 0 },
	{ "cpuset", { "Normal", 10, 900, .closed = OOMX_ZONE_IN_CPUSET }, 0, 0,
	  OOMX_VERDICT_INELIGIBLE, 10, 0 },
	/* 32-bit MIPS: 4561 pages are over 2521, not over 2521 + 2048 = 4569 */
	{ "mips Normal", { "Normal", 4561, 2521, .reserve = 2048 }, 0, 0,
	  OOMX_VERDICT_RESERVE, 4561, 8 },
	{ "mips HighMem", { "HighMem", 56, 64 }, 0, 0, OOMX_VERDICT_BELOW_MIN, 56, 8 },
	/* 64-bit Arm: 31341 of 1368 + 30091 = 31459; 59709 - 37888 = 21821 of 21159 */
	{ "arm DMA", { "DMA", 31341, 1368, .reserve = 30091 }, 0, 0,
	  OOMX_VERDICT_RESERVE, 31341, 118 },
	{ "arm Normal", { "Normal", 59709, 21159, .highatomic = 37888 }, 0, 0,
	  OOMX_VERDICT_OK, 21821, 0 },
};

static void watermark_verdicts(struct kunit *test)
{
	struct explain_test *e = test->priv;
	struct oomx_watermark w;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(watermarks); i++) {
		again(test);
		put_trigger(e, OOMX_KIND_GLOBAL, watermarks[i].order, watermarks[i].flags);
		put_zones(e, &watermarks[i].zone, 1);
		load(test);
		oomx_watermark(&e->f, 0, &w);
		KUNIT_EXPECT_EQ_MSG(test, (s64)w.verdict, (s64)watermarks[i].verdict, "%s",
				    watermarks[i].what);
		KUNIT_EXPECT_EQ_MSG(test, (s64)w.usable, (s64)watermarks[i].usable, "%s",
				    watermarks[i].what);
		KUNIT_EXPECT_EQ_MSG(test, (s64)w.missing, (s64)watermarks[i].missing, "%s",
				    watermarks[i].what);
	}
}

/* Newer kernels know what of the reserve is free: that counts, not its size. */
static void free_highatomic_is_exact(struct kunit *test)
{
	static const struct test_zone zone = { "Normal", 1000, 900, .highatomic = 500 };
	struct explain_test *e = test->priv;
	struct oomx_watermark w;
	struct oomx_zone *z;

	put_trigger(e, OOMX_KIND_GLOBAL, 0, 0);
	put_zones(e, &zone, 1);
	load(test);
	z = (struct oomx_zone *)e->f.zones.data;
	z->valid |= 1ULL << OOMX_ZONE_FREE_HIGHATOMIC;
	z->v[OOMX_ZONE_FREE_HIGHATOMIC] = 60;
	oomx_watermark(&e->f, 0, &w);
	OOMX_EXPECT_EQ(test, w.verdict, OOMX_VERDICT_OK);
	OOMX_EXPECT_EQ(test, w.usable, 940);
}

/*
 * 90 * 4 + 5 * 8 = 400 kB are free, of which order 1 wants 4 kB less; the zone above is
 * closed to it.
 */
static const char request_text[] =
	"\nWHY THE REQUEST FAILED, as __zone_watermark_ok() counts\n"
	"  node 0 DMA: free 400 kB - highatomic 40 kB - 4 kB for the order = 356 kB,\n"
	"      needs more than min 400 kB + reserve 80 kB: 124 kB short (below_min). In\n"
	"      blocks below order 1: 360 kB of 400 kB; unusable free index 0.900.\n"
	"  node 1 Normal: free 4000 kB, not for this request: its gfp mask allows no zone\n"
	"      so high\n";

static void request_is_exact(struct kunit *test)
{
	static const struct test_zone zones[] = {
		{ "DMA", 100, 100, .reserve = 20, .highatomic = 10, .blocks = { 90, 5 } },
		{ "Normal", 1000, 100, .node = 1, .closed = OOMX_ZONE_IN_GFP },
	};
	struct explain_test *e = test->priv;
	struct oomx_text t = { .buf = e->out, .size = sizeof(e->out) };

	put_trigger(e, OOMX_KIND_GLOBAL, 1, 0);
	put_zones(e, zones, 2);
	load(test);
	oomx_report_request(&t, &e->f);
	oomx_text_end(&t);
	KUNIT_EXPECT_STREQ(test, (const char *)e->out, (const char *)request_text);
}

/* A zone whose counters are missing has no verdict; nor has one without a request. */
static void no_verdict_without_numbers(struct kunit *test)
{
	static const struct test_zone zone = { "Normal", 10, 900 };
	static const u32 kinds[] = { OOMX_KIND_MEMCG, OOMX_KIND_SYSRQ };
	struct explain_test *e = test->priv;
	struct oomx_watermark w;
	u32 i;

	put_trigger(e, OOMX_KIND_GLOBAL, 0, 0);
	put_zones(e, &zone, 1);
	load(test);
	((struct oomx_zone *)e->f.zones.data)->valid &= ~(1ULL << OOMX_ZONE_MIN);
	oomx_watermark(&e->f, 0, &w);
	OOMX_EXPECT_EQ(test, w.verdict, OOMX_VERDICT_UNKNOWN);
	oomx_watermark(&e->f, 1, &w);
	OOMX_EXPECT_EQ(test, w.verdict, OOMX_VERDICT_UNKNOWN);
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		again(test);
		put_trigger(e, kinds[i], 0, 0);
		put_zones(e, &zone, 1);
		load(test);
		oomx_watermark(&e->f, 0, &w);
		OOMX_EXPECT_EQ(test, w.verdict, OOMX_VERDICT_UNKNOWN);
	}
}

/* 6 + 3 * 2 + 1 * 8 = 20 pages; for order 3 12 of them are too small: 0.600. */
static void unusable_index(struct kunit *test)
{
	static const struct test_zone zones[] = {
		{ "Normal", .blocks = { 6, 3, 0, 1 } }, { "empty" },
	};
	static const u32 index[NR_ORDERS] = { 0, 300, 600, 600 };
	static const u32 below[NR_ORDERS] = { 0, 6, 12, 12 };
	struct explain_test *e = test->priv;
	u32 i;

	put_trigger(e, OOMX_KIND_GLOBAL, 3, 0);
	put_zones(e, zones, 2);
	load(test);
	for (i = 0; i < NR_ORDERS; i++) {
		OOMX_EXPECT_EQ_AT(test, i, oomx_unusable_index(&e->f, 0, i), index[i]);
		OOMX_EXPECT_EQ_AT(test, i, oomx_free_below(&e->f, 0, i), below[i]);
	}
	OOMX_EXPECT_EQ(test, oomx_unusable_index(&e->f, 1, 0), 1000);
}

/* The counters of the machine, in MiB. */
struct host {
	u64 anon, file, shmem, slab, slab_reclaimable, pagetables, hugetlb, vmalloc;
};

static void put_host(struct explain_test *e, const struct host *h)
{
	struct oomx_node *n = oomx_build_table(&e->b, OOMX_SEC_NODE, sizeof(*n), 1);
	u64 *sys = oomx_build_table(&e->b, OOMX_SEC_SYSTEM_VALUES,
				    OOMX_VALUES_SIZE(OOMX_SYS_NR), 1);

	n->node = OOMX_NODE_ALL;
	n->valid = (1ULL << OOMX_NODE_KERNEL_STACK_KB) - 1;
	n->valid |= 1ULL << OOMX_NODE_PAGETABLES | 1ULL << OOMX_NODE_SLAB_RECLAIMABLE |
		    1ULL << OOMX_NODE_SLAB_UNRECLAIMABLE | 1ULL << OOMX_NODE_HUGETLB;
	/* of the pool, what is in use */
	n->v[OOMX_NODE_HUGETLB] = h->hugetlb / 2 * MIB;
	n->v[OOMX_NODE_ACTIVE_ANON] = (h->anon + h->shmem) * MIB;
	n->v[OOMX_NODE_INACTIVE_FILE] = h->file * MIB;
	n->v[OOMX_NODE_FILE_PAGES] = (h->file + h->shmem) * MIB;
	n->v[OOMX_NODE_SHMEM] = h->shmem * MIB;
	n->v[OOMX_NODE_SLAB_UNRECLAIMABLE] = h->slab * MIB;
	n->v[OOMX_NODE_SLAB_RECLAIMABLE] = h->slab_reclaimable * MIB;
	n->v[OOMX_NODE_PAGETABLES] = h->pagetables * MIB;
	sys[0] = 1ULL << OOMX_SYS_HUGETLB | 1ULL << OOMX_SYS_VMALLOC |
		 1ULL << OOMX_SYS_SWAP_TOTAL | 1ULL << OOMX_SYS_SWAP_FREE;
	sys[1 + OOMX_SYS_HUGETLB] = h->hugetlb * MIB;
	sys[1 + OOMX_SYS_VMALLOC] = h->vmalloc * MIB;
}

/* A machine of 1000 MiB with 4 MiB free, in two zones that are both short. */
static const struct test_zone short_zones[] = {
	{ "DMA", MIB, 2 * MIB, 3 * MIB, 16 * MIB },
	{ "Normal", 3 * MIB, 4 * MIB, 5 * MIB, 984 * MIB },
};

static const struct {
	struct host host;
	u32 class;
	u32 nearest[2];
	s64 mb;
} hosts[] = {
	{ { .anon = 800 }, OOMX_CAUSE_HOST_EXHAUSTED, { 0 }, 800 },
	/* page cache that could not be reclaimed is of processes, too */
	{ { .anon = 300, .file = 300, .shmem = 300 }, OOMX_CAUSE_HOST_EXHAUSTED, { 0 }, 600 },
	{ { .anon = 100, .slab = 700 }, OOMX_CAUSE_HOST_LEAK_SLAB, { 0 }, 700 },
	{ { .anon = 200, .slab = 300, .slab_reclaimable = 300 }, OOMX_CAUSE_HOST_LEAK_SLAB,
	  { 0 }, 600 },
	{ { .anon = 300, .pagetables = 600 }, OOMX_CAUSE_HOST_PAGETABLES, { 0 }, 600 },
	{ { .anon = 100, .shmem = 800 }, OOMX_CAUSE_HOST_SHMEM, { 0 }, 800 },
	{ { .anon = 100, .hugetlb = 800 }, OOMX_CAUSE_HOST_HUGETLB, { 0 }, 800 },
	/* 1000 - 4 - 100 = 896 that no counter explains */
	{ { .anon = 100 }, OOMX_CAUSE_HOST_UNACCOUNTED, { 0 }, 896 },
	/* 1000 - 4 - 100 - 700 = 196 more beside the 700 */
	{ { .anon = 100, .vmalloc = 700 }, OOMX_CAUSE_HOST_UNACCOUNTED, { 0 }, 896 },
	/* 450 and 440 of 1000: neither stands out */
	{ { .anon = 450, .shmem = 440 }, OOMX_CAUSE_UNKNOWN,
	  { OOMX_CAUSE_HOST_EXHAUSTED, OOMX_CAUSE_HOST_SHMEM } },
	/* 1.5 times the second is enough, a little less is not: 549, 366, 81 unaccounted */
	{ { .anon = 549, .shmem = 366 }, OOMX_CAUSE_HOST_EXHAUSTED, { 0 }, 549 },
	{ { .anon = 549, .shmem = 367 }, OOMX_CAUSE_UNKNOWN,
	  { OOMX_CAUSE_HOST_EXHAUSTED, OOMX_CAUSE_HOST_SHMEM } },
};

static void host_classes(struct kunit *test)
{
	struct explain_test *e = test->priv;
	struct oomx_cause c;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(hosts); i++) {
		again(test);
		put_trigger(e, OOMX_KIND_GLOBAL, 0, 0);
		put_zones(e, short_zones, 2);
		put_host(e, &hosts[i].host);
		load(test);
		oomx_cause(&e->f, &c);
		OOMX_EXPECT_EQ_AT(test, i, c.class, hosts[i].class);
		OOMX_EXPECT_EQ_AT(test, i, c.pages, hosts[i].mb * MIB);
		OOMX_EXPECT_EQ_AT(test, i, c.nearest[0], hosts[i].nearest[0]);
		OOMX_EXPECT_EQ_AT(test, i, c.nearest[1], hosts[i].nearest[1]);
	}
}

/* Most of the memory is free: whatever is the largest part, it is not the cause. */
static void free_memory_is_no_cause(struct kunit *test)
{
	static const struct test_zone zone = { "Normal", 700 * MIB, MIB, 2 * MIB, 1000 * MIB };
	static const struct host host = { .anon = 290 };
	struct explain_test *e = test->priv;
	struct oomx_cause c;

	put_trigger(e, OOMX_KIND_GLOBAL, 0, 0);
	put_zones(e, &zone, 1);
	put_host(e, &host);
	load(test);
	oomx_cause(&e->f, &c);
	OOMX_EXPECT_EQ(test, c.class, OOMX_CAUSE_UNKNOWN);
	OOMX_EXPECT_EQ(test, c.nearest[0], OOMX_CAUSE_HOST_EXHAUSTED);
}

static u32 class_of(struct kunit *test, const struct test_zone *zones, u32 n, s32 order)
{
	static const struct host host = { .anon = 800 };
	struct explain_test *e = test->priv;
	struct oomx_cause c;

	again(test);
	put_trigger(e, OOMX_KIND_GLOBAL, order, 0);
	put_zones(e, zones, n);
	put_host(e, &host);
	load(test);
	oomx_cause(&e->f, &c);
	return c.class;
}

/* What the zones say goes before what the memory is used for. */
static void zone_classes(struct kunit *test)
{
	/* HighMem has 200 MiB free, of which the request for Normal can use none */
	static const struct test_zone highmem[] = {
		{ "Normal", MIB, 2 * MIB, 3 * MIB, 500 * MIB },
		{ "HighMem", 200 * MIB, MIB, 2 * MIB, 500 * MIB, .closed = OOMX_ZONE_IN_GFP },
	};
	/* the same with 6 MiB free there, 4 over high: that would not have helped for long */
	static const struct test_zone little[] = {
		{ "Normal", MIB, 2 * MIB, 3 * MIB, 500 * MIB },
		{ "HighMem", 6 * MIB, MIB, 2 * MIB, 500 * MIB, .closed = OOMX_ZONE_IN_GFP },
	};
	/* every zone over min, each keeps the rest back */
	static const struct test_zone reserve[] = {
		{ "DMA", 3 * MIB, MIB, 2 * MIB, 16 * MIB, .reserve = 3 * MIB },
		{ "Normal", 9 * MIB, MIB, 2 * MIB, 984 * MIB, .highatomic = 9 * MIB },
	};
	static const struct test_zone fragmented[] = {
		{ "DMA", MIB, 2 * MIB, 3 * MIB, 16 * MIB },
		{ "Normal", 90 * MIB, 4 * MIB, 5 * MIB, 984 * MIB, .types = { 7, 7, 0, 0 } },
	};
	static const struct test_zone whole[] = {
		{ "DMA", MIB, 2 * MIB, 3 * MIB, 16 * MIB },
		{ "Normal", 90 * MIB, 4 * MIB, 5 * MIB, 984 * MIB, .types = { 7, 7, 0, 1 } },
	};

	/* one zone has no block, the other does: memory was freed meanwhile */
	static const struct test_zone mixed[] = {
		{ "DMA", 9 * MIB, 2 * MIB, 3 * MIB, 16 * MIB, .types = { 7, 7, 0, 0 } },
		{ "Normal", 90 * MIB, 4 * MIB, 5 * MIB, 984 * MIB, .types = { 7, 7, 0, 1 } },
	};

	OOMX_EXPECT_EQ(test, class_of(test, highmem, 2, 0), OOMX_CAUSE_ZONE_RESERVE);
	OOMX_EXPECT_EQ(test, class_of(test, little, 2, 0), OOMX_CAUSE_HOST_EXHAUSTED);
	OOMX_EXPECT_EQ(test, class_of(test, reserve, 2, 0), OOMX_CAUSE_ZONE_RESERVE);
	OOMX_EXPECT_EQ(test, class_of(test, fragmented, 2, 3), OOMX_CAUSE_FRAGMENTATION);
	OOMX_EXPECT_EQ(test, class_of(test, whole, 2, 3), OOMX_CAUSE_HOST_EXHAUSTED);
	OOMX_EXPECT_EQ(test, class_of(test, mixed, 2, 3), OOMX_CAUSE_HOST_EXHAUSTED);
	OOMX_EXPECT_EQ(test, class_of(test, short_zones, 2, 0), OOMX_CAUSE_HOST_EXHAUSTED);
}

/*
 * 300 of the 1000 MiB are in the page cache counter: 200 are cache, 60 shared, 40 swap
 * cache. All LRU lists hold 500: 200 cache, 60 shared, so 240 anonymous, swap cache
 * included. 50 MiB of vmalloc are stacks for 10. 4 are free: 446 are not explained.
 */
static void balance_counts_once(struct kunit *test)
{
	static const struct host host = { .file = 240, .shmem = 60, .anon = 200, .vmalloc = 50 };
	struct explain_test *e = test->priv;
	struct oomx_balance parts[OOMX_BALANCE_MAX];
	static const struct {
		const char *key;
		s64 mb;
	} want[] = {
		{ "free", 4 }, { "anon", 240 }, { "file", 200 }, { "shmem", 60 },
		{ "kernel_stack", 10 }, { "vmalloc", 40 }, { "unaccounted", 446 },
	};
	struct oomx_node *node;
	u32 n, i, k;

	put_trigger(e, OOMX_KIND_GLOBAL, 0, 0);
	put_zones(e, short_zones, 2);
	put_host(e, &host);
	load(test);
	e->f.sys.flags = OOMX_SYSTEM_VMAP_STACK;
	node = (struct oomx_node *)e->f.nodes.data;
	node->valid |= 1ULL << OOMX_NODE_SWAPCACHE | 1ULL << OOMX_NODE_KERNEL_STACK_KB;
	node->v[OOMX_NODE_SWAPCACHE] = 40 * MIB;
	node->v[OOMX_NODE_KERNEL_STACK_KB] = 10 * 1024;
	n = oomx_balance(&e->f, parts);
	for (i = 0, k = 0; i < n && k < ARRAY_SIZE(want); i++) {
		if (strcmp(parts[i].key, want[k].key))
			continue;
		OOMX_EXPECT_EQ_AT(test, k, parts[i].pages, want[k].mb * MIB);
		k++;
	}
	OOMX_EXPECT_EQ(test, k, ARRAY_SIZE(want));
}

static u32 class_of_kind(struct kunit *test, u32 kind, const char *hit)
{
	struct explain_test *e = test->priv;
	struct oomx_memcg *m;
	struct oomx_cause c;

	again(test);
	put_trigger(e, kind, 0, 0);
	m = oomx_build_table(&e->b, OOMX_SEC_MEMCG, sizeof(*m), 1);
	m->path = hit ? oomx_strings_add(&e->strings, hit) : 0;
	load(test);
	oomx_cause(&e->f, &c);
	return c.class;
}

/* The trigger lives in /a/b. */
static void kinds_decide(struct kunit *test)
{
	OOMX_EXPECT_EQ(test, class_of_kind(test, OOMX_KIND_MEMCG, "/a/b"), OOMX_CAUSE_MEMCG_LIMIT);
	OOMX_EXPECT_EQ(test, class_of_kind(test, OOMX_KIND_MEMCG, "/a"),
		       OOMX_CAUSE_MEMCG_PARENT_LIMIT);
	OOMX_EXPECT_EQ(test, class_of_kind(test, OOMX_KIND_MEMCG, NULL), OOMX_CAUSE_UNKNOWN);
	OOMX_EXPECT_EQ(test, class_of_kind(test, OOMX_KIND_CPUSET, "/"), OOMX_CAUSE_CPUSET);
	OOMX_EXPECT_EQ(test, class_of_kind(test, OOMX_KIND_MEMPOLICY, "/"), OOMX_CAUSE_MEMPOLICY);
	OOMX_EXPECT_EQ(test, class_of_kind(test, OOMX_KIND_SYSRQ, "/"), OOMX_CAUSE_SYSRQ);
	OOMX_EXPECT_EQ(test, class_of_kind(test, 99, "/"), OOMX_CAUSE_UNKNOWN);
}

/* Whatever the counters are, the parts are the managed pages. */
static void balance_sums_to_managed(struct kunit *test)
{
	static const struct test_zone nodes[] = {
		{ "DMA32", 10, .managed = 3000, .node = 0 },
		{ "Normal", 20, .managed = 70000, .node = 0 },
		{ "Normal", 30, .managed = 65536, .node = 1 },
	};
	struct explain_test *e = test->priv;
	struct oomx_balance parts[OOMX_BALANCE_MAX];
	u64 seed = 5, sum;
	u32 i, k, n;

	for (i = 0; i < 200; i++) {
		struct host h = { 0 };

		h.anon = oomx_test_random(&seed) % 600;
		h.file = oomx_test_random(&seed) % 600;
		h.shmem = oomx_test_random(&seed) % 600;
		h.slab = oomx_test_random(&seed) % 300;
		h.hugetlb = oomx_test_random(&seed) % 300;
		again(test);
		put_trigger(e, OOMX_KIND_GLOBAL, 0, 0);
		put_zones(e, nodes, 3);
		put_host(e, &h);
		load(test);
		n = oomx_balance(&e->f, parts);
		for (k = 0, sum = 0; k < n; k++)
			sum += parts[k].pages;
		OOMX_EXPECT_EQ_AT(test, i, sum, 3000 + 70000 + 65536);
	}
}

static void put_tasks(struct explain_test *e)
{
	static const struct {
		u64 anon, swap, pgtables;
		u32 cgroup;
	} rows[] = {
		{ 10, 0, 1, 0 }, { 500, 5, 0, 1 }, { 500, 7, 2, 0 }, { 400, 0, 9, 1 }, { 0 },
	};
	struct oomx_task *t = oomx_build_table(&e->b, OOMX_SEC_TASK, sizeof(*t),
					       ARRAY_SIZE(rows));
	struct oomx_cgroup *c = oomx_build_table(&e->b, OOMX_SEC_CGROUP, sizeof(*c), 2);
	u32 i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		t[i].rss_anon = rows[i].anon;
		t[i].swap = rows[i].swap;
		t[i].pgtables_bytes = rows[i].pgtables * 4096;
		t[i].cgroup = i == 4 ? OOMX_NONE : rows[i].cgroup;
		t[i].tgid = 100 + i;
	}
	c[1].path = oomx_strings_add(&e->strings, "/a");
}

static void holders_are_the_largest(struct kunit *test)
{
	struct explain_test *e = test->priv;
	struct oomx_holders h;

	put_trigger(e, OOMX_KIND_GLOBAL, 0, 0);
	put_tasks(e);
	load(test);
	/* with page tables 11, 500, 502, 409, 0 */
	oomx_largest_tasks(&e->f, oomx_size_resident, &h);
	OOMX_EXPECT_EQ(test, h.n, 3);
	OOMX_EXPECT_EQ(test, h.index[0], 2);
	OOMX_EXPECT_EQ(test, h.index[1], 1);
	OOMX_EXPECT_EQ(test, h.index[2], 3);
	OOMX_EXPECT_EQ(test, h.pages[2], 409);
	OOMX_EXPECT_EQ(test, h.total, 1422);
	oomx_largest_tasks(&e->f, oomx_size_swap, &h);
	OOMX_EXPECT_EQ(test, h.n, 2);
	OOMX_EXPECT_EQ(test, h.index[0], 2);
	/* 11 + 502 in the first, 500 + 409 in the second */
	oomx_largest_cgroups(&e->f, &h);
	OOMX_EXPECT_EQ(test, h.n, 2);
	OOMX_EXPECT_EQ(test, h.index[0], 1);
	OOMX_EXPECT_EQ(test, h.pages[0], 909);
	OOMX_EXPECT_EQ(test, h.pages[1], 513);
	e->view.sums = NULL;
	oomx_largest_cgroups(&e->f, &h);
	OOMX_EXPECT_EQ(test, h.n, 0);
}

static const char *advice_of(struct kunit *test, struct oomx_cause *c, u32 *at)
{
	struct explain_test *e = test->priv;
	struct oomx_text t = { .buf = e->out, .size = sizeof(e->out) };

	if (!oomx_advice(&t, &e->f, c, at))
		return NULL;
	oomx_text_end(&t);
	return e->out;
}

/* 1422 pages of tasks in a machine of @managed pages. */
static void advice_load(struct kunit *test, u64 managed, bool unkillable)
{
	struct explain_test *e = test->priv;
	struct test_zone zone = { "Normal", .managed = managed };
	struct oomx_task *task;

	again(test);
	put_trigger(e, OOMX_KIND_GLOBAL, 0, 0);
	put_zones(e, &zone, 1);
	put_tasks(e);
	load(test);
	if (!unkillable)
		return;
	task = (struct oomx_task *)e->f.tasks.data;
	task[3].status = OOMX_TASK_ADJ_MIN;
}

/* A line only where a quarter of the memory forces it. */
static void advice_needs_its_number(struct kunit *test)
{
	struct oomx_cause c = { .class = OOMX_CAUSE_HOST_EXHAUSTED };
	const char *line;
	u32 at = 0;

	advice_load(test, 4000, true);		/* 409 of 4000 */
	KUNIT_EXPECT_TRUE(test, !advice_of(test, &c, &at));
	advice_load(test, 1636, true);		/* 409 of 1636: a quarter */
	at = 0;
	line = advice_of(test, &c, &at);
	KUNIT_ASSERT_TRUE(test, line);
	KUNIT_EXPECT_TRUE(test, strstr(line, "1636 kB are held by tasks that cannot be killed"));
	KUNIT_EXPECT_TRUE(test, strstr(line, "(pid 103)"));
	KUNIT_EXPECT_TRUE(test, !advice_of(test, &c, &at));
	advice_load(test, 36, false);		/* 9 pages of page tables of 36 */
	at = 0;
	line = advice_of(test, &c, &at);
	KUNIT_ASSERT_TRUE(test, line);
	KUNIT_EXPECT_TRUE(test, strstr(line, "36 kB of page tables belong to one process"));
	c = (struct oomx_cause){ .class = OOMX_CAUSE_HOST_SHMEM, .pages = 7 };
	advice_load(test, 4000, false);
	at = 0;
	line = advice_of(test, &c, &at);
	KUNIT_ASSERT_TRUE(test, line);
	KUNIT_EXPECT_TRUE(test, strstr(line, "28 kB stay until the files are removed"));
}

#define SWAP_SIZE	BIT_ULL(OOMX_SYS_SWAP_TOTAL)
#define SWAP_LEFT	BIT_ULL(OOMX_SYS_SWAP_FREE)

static void swap_load(struct kunit *test, u64 known, u64 total, u64 left)
{
	struct explain_test *e = test->priv;
	u64 *sys;

	again(test);
	put_trigger(e, OOMX_KIND_GLOBAL, 0, 0);
	put_tasks(e);	/* two of them have pages in swap */
	sys = oomx_build_table(&e->b, OOMX_SEC_SYSTEM_VALUES, OOMX_VALUES_SIZE(OOMX_SYS_NR), 1);
	sys[0] = known;
	sys[1 + OOMX_SYS_SWAP_TOTAL] = total;
	sys[1 + OOMX_SYS_SWAP_FREE] = left;
	load(test);
}

/* 1 % of 1000 is 10: less is full. What is not known is neither. */
static void swap_is_full_below_one_percent(struct kunit *test)
{
	static const struct {
		u64 known, total, free;
		struct oomx_opt full;
	} rows[] = {
		{ SWAP_SIZE | SWAP_LEFT, 0, 0, { 0, true } },
		{ SWAP_SIZE | SWAP_LEFT, 1000, 10, { 0, true } },
		{ SWAP_SIZE | SWAP_LEFT, 1000, 9, { 1, true } },
		{ SWAP_SIZE | SWAP_LEFT, 1000, 0, { 1, true } },
		{ SWAP_SIZE | SWAP_LEFT, 1000, 1000, { 0, true } },
		{ SWAP_SIZE | SWAP_LEFT, 1050, 10, { 1, true } },
		{ SWAP_SIZE | SWAP_LEFT, 99, 1, { 0, true } },
		{ SWAP_SIZE | SWAP_LEFT, 99, 0, { 1, true } },
		{ SWAP_SIZE, 1000, 0, { 0, false } },
		{ SWAP_LEFT, 0, 0, { 0, false } },
		{ 0, 0, 0, { 0, false } },
	};
	struct explain_test *e = test->priv;
	struct oomx_opt full;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		swap_load(test, rows[i].known, rows[i].total, rows[i].free);
		full = oomx_swap_full(&e->f);
		OOMX_EXPECT_EQ_AT(test, i, full.known, rows[i].full.known);
		OOMX_EXPECT_EQ_AT(test, i, full.v, rows[i].full.v);
	}
}

/* A pool that could not be read is in what no counter explains, and only there. */
static void unaccounted_may_be_huge_pages(struct kunit *test)
{
	static const struct {
		const char *name;
		bool known, may_be;
	} rows[] = {
		{ "unaccounted", false, true }, { "unaccounted", true, false },
		{ "kernel stacks", false, false },
	};
	static const struct host host = { .anon = 100 };
	struct oomx_cause c = { .class = OOMX_CAUSE_HOST_UNACCOUNTED };
	struct explain_test *e = test->priv;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct oomx_text t = { .buf = e->out, .size = sizeof(e->out) };

		again(test);
		put_trigger(e, OOMX_KIND_GLOBAL, 0, 0);
		if (rows[i].known)
			put_host(e, &host);
		load(test);
		c.name = rows[i].name;
		oomx_explain_cause(&t, &e->f, &c);
		oomx_text_end(&t);
		OOMX_EXPECT_EQ_AT(test, i, !!strstr(e->out, "pools of huge pages"), rows[i].may_be);
	}
}

/* Every class has a name and a sentence; none of it breaks on a record without numbers. */
static void every_class_has_a_sentence(struct kunit *test)
{
	struct explain_test *e = test->priv;
	struct oomx_cause c = { .name = "unaccounted", .pages = 1 };

	put_trigger(e, OOMX_KIND_GLOBAL, 0, 0);
	load(test);
	for (c.class = 0; c.class < OOMX_CAUSE_NR; c.class++) {
		struct oomx_text t = { .buf = e->out, .size = sizeof(e->out) };

		KUNIT_EXPECT_TRUE(test, oomx_cause_names[c.class]);
		oomx_explain_cause(&t, &e->f, &c);
		KUNIT_EXPECT_TRUE_MSG(test, oomx_text_end(&t) > 20, "class %u", c.class);
	}
}

static struct kunit_case explain_cases[] = {
	KUNIT_CASE(watermark_verdicts),
	KUNIT_CASE(free_highatomic_is_exact),
	KUNIT_CASE(request_is_exact),
	KUNIT_CASE(no_verdict_without_numbers),
	KUNIT_CASE(unusable_index),
	KUNIT_CASE(host_classes),
	KUNIT_CASE(free_memory_is_no_cause),
	KUNIT_CASE(zone_classes),
	KUNIT_CASE(balance_counts_once),
	KUNIT_CASE(kinds_decide),
	KUNIT_CASE(balance_sums_to_managed),
	KUNIT_CASE(holders_are_the_largest),
	KUNIT_CASE(advice_needs_its_number),
	KUNIT_CASE(swap_is_full_below_one_percent),
	KUNIT_CASE(unaccounted_may_be_huge_pages),
	KUNIT_CASE(every_class_has_a_sentence),
	{}
};

struct kunit_suite oomx_explain_suite = {
	.name = "oomx_explain",
	.init = explain_test_init,
	.test_cases = explain_cases,
};
