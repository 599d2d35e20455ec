// SPDX-License-Identifier: GPL-2.0
/*
 * Events that were read from a kernel log: what it does not hold is n/a, and the kernel's
 * choice is held against its task table.
 */
#include "../core/doing.c"
#include "../core/report_log.c"
#include "../core/report_log_choice.c"

#include "oomx_test.h"

#define BUF_SIZE	8192

/* An imported event, its follow-up, and what is printed of it. */
struct log_test {
	u64 event[BUF_SIZE / sizeof(u64)];
	u64 followup[BUF_SIZE / sizeof(u64)];
	struct oomx_builder b;
	struct oomx_view view;
	struct oomx_facts f;
	struct oomx_ranked order[8];
	char text[BUF_SIZE];
};

static int log_init(struct kunit *test)
{
	test->priv = oomx_test_alloc(test, sizeof(struct log_test));
	return 0;
}

static void begin(struct log_test *l)
{
	struct oomx_trigger *t;

	oomx_build_begin(&l->b, l->event, sizeof(l->event), OOMX_RECORD_EVENT, 3);
	((struct oomx_record *)l->event)->flags = OOMX_RECORD_IMPORTED;
	t = oomx_build_table(&l->b, OOMX_SEC_TRIGGER, sizeof(*t), 1);
	*t = (struct oomx_trigger){
		.kind = OOMX_KIND_GLOBAL, .pid = OOMX_NONE, .tgid = OOMX_NONE, .ppid = OOMX_NONE,
		.uid = OOMX_NONE, .cpu = OOMX_NONE, .highest_zone = OOMX_NONE,
		.oom_score_adj = OOMX_NO_ADJ, .flags = OOMX_TRIGGER_NO_REQUEST,
	};
}

static void load(struct log_test *l)
{
	oomx_build_end(&l->b);
	l->view.event = (const struct oomx_record *)l->event;
	l->view.order = l->order;
	oomx_facts_load(&l->f, &l->view);
}

/* Processes 10 and 20 with 300 and 200 points of 1000 pages; the replay chose @predicted. */
static void put_tasks(struct log_test *l, u32 predicted)
{
	struct oomx_task *t = oomx_build_table(&l->b, OOMX_SEC_TASK, sizeof(*t), 2);
	u64 *v, i;

	for (i = 0; i < 2; i++) {
		t[i].pid = 10 * (i + 1);
		t[i].tgid = t[i].pid;
		t[i].status = OOMX_TASK_CANDIDATE;
		t[i].points = 300 - 100 * (s64)i;
		t[i].flags = OOMX_TASK_HAS_MM | OOMX_TASK_HAS_POINTS;
		l->order[i].index = i;
	}
	memcpy(t[0].comm, "large", 6);
	memcpy(t[1].comm, "small", 6);
	v = oomx_build_table(&l->b, OOMX_SEC_CAPTURE, OOMX_VALUES_SIZE(OOMX_CAP_NR), 1);
	v[0] = 1ULL << OOMX_CAP_TOTALPAGES;
	v[1 + OOMX_CAP_TOTALPAGES] = 1000;
	v = oomx_build_table(&l->b, OOMX_SEC_CHOICE, OOMX_VALUES_SIZE(OOMX_CHOICE_NR), 1);
	v[0] = 1ULL << OOMX_CHOICE_PID | 1ULL << OOMX_CHOICE_TGID;
	v[1 + OOMX_CHOICE_PID] = predicted;
	v[1 + OOMX_CHOICE_TGID] = predicted;
}

/* @score, @chosen: 0: the log does not tell */
static void put_kill(struct log_test *l, u32 pid, u64 score, u64 chosen)
{
	struct oomx_victim *victim;
	struct oomx_builder b;
	u64 *v;

	oomx_build_begin(&b, l->followup, sizeof(l->followup), OOMX_RECORD_FOLLOWUP, 3);
	victim = oomx_build_table(&b, OOMX_SEC_VICTIM, sizeof(*victim), 1);
	victim->pid = pid;
	victim->tgid = OOMX_NONE;
	victim->uid = OOMX_NONE;
	v = oomx_build_table(&b, OOMX_SEC_DECISION, OOMX_VALUES_SIZE(OOMX_DEC_NR), 1);
	v[0] = 1ULL << OOMX_DEC_RESULT;
	v[1 + OOMX_DEC_RESULT] = OOMX_RESULT_KILLED;
	v[0] |= score ? 1ULL << OOMX_DEC_SCORE : 0;
	v[1 + OOMX_DEC_SCORE] = score;
	v[0] |= chosen ? 1ULL << OOMX_DEC_CHOSEN : 0;
	v[1 + OOMX_DEC_CHOSEN] = chosen;
	l->view.followups = l->followup;
	l->view.followups_len = oomx_build_end(&b);
}

static const char *agreement(struct log_test *l, u32 predicted, u32 killed, u64 score, u64 chosen)
{
	struct oomx_text t = { .buf = l->text, .size = sizeof(l->text) };

	begin(l);
	put_tasks(l, predicted);
	put_kill(l, killed, score, chosen);
	load(l);
	oomx_say_log_agreement(&t, &l->f);
	oomx_text_end(&t);
	return l->text;
}

static bool says(const char *text, const char *words)
{
	return strstr(text, words);
}

static void choice_is_held_against_the_table(struct kunit *test)
{
	struct log_test *l = test->priv;

	KUNIT_EXPECT_TRUE(test, says(agreement(l, 10, 10, 0, 0), "It is the choice that follows"));
	KUNIT_EXPECT_TRUE(test, says(agreement(l, 10, 10, 300, 0), "with the score of 300 that"));
	KUNIT_EXPECT_TRUE(test, says(agreement(l, 10, 10, 301, 0), "printed a score of 301, and"));
	KUNIT_EXPECT_TRUE(test, says(agreement(l, 10, 20, 0, 0), "large (pid 10) comes first"));
	KUNIT_EXPECT_TRUE(test, says(agreement(l, 10, 20, 0, 0), "It does not follow"));
	/* a child of the one that was chosen: the choice follows all the same */
	KUNIT_EXPECT_TRUE(test, says(agreement(l, 10, 20, 0, 10), "sacrificed a child"));
	KUNIT_EXPECT_TRUE(test, says(l->text, "It is the choice that follows"));
}

static void agreement_is_told_to_programs(struct kunit *test)
{
	struct log_test *l = test->priv;
	struct oomx_decision d;

	agreement(l, 10, 10, 300, 0);
	oomx_decision(&l->f, &d);
	KUNIT_EXPECT_TRUE(test, d.agrees.known && d.agrees.v);
	agreement(l, 10, 10, 299, 0);
	oomx_decision(&l->f, &d);
	KUNIT_EXPECT_TRUE(test, d.agrees.known && !d.agrees.v && d.same);
	agreement(l, 20, 10, 0, 0);
	oomx_decision(&l->f, &d);
	KUNIT_EXPECT_TRUE(test, d.agrees.known && !d.agrees.v && !d.same);
}

static const char *report(struct log_test *l)
{
	oomx_report(&l->view, l->text, sizeof(l->text));
	return l->text;
}

/* Nothing but the line of the kill: no zero, no section, no date of 1970. */
static void unknown_is_not_zero(struct kunit *test)
{
	struct log_test *l = test->priv;

	begin(l);
	put_kill(l, 77, 0, 0);
	load(l);
	report(l);
	KUNIT_EXPECT_TRUE(test, says(l->text, "time n/a"));
	KUNIT_EXPECT_TRUE(test, says(l->text, "tgid n/a, uid n/a"));
	KUNIT_EXPECT_TRUE(test, says(l->text, "The log holds no task table"));
	KUNIT_EXPECT_TRUE(test, says(l->text, "not in the log: request, stack, zones,"));
	KUNIT_EXPECT_FALSE(test, says(l->text, "\nZONES"));
	KUNIT_EXPECT_FALSE(test, says(l->text, "\nCAPTURE"));
	KUNIT_EXPECT_FALSE(test, says(l->text, "1970"));
	KUNIT_EXPECT_FALSE(test, says(l->text, "4294967295"));
}

static void times_are_as_exact_as_the_log(struct kunit *test)
{
	struct log_test *l = test->priv;
	struct oomx_text t = { .buf = l->text, .size = sizeof(l->text) };

	oomx_print_moment(&t, 94348883000000000, OOMX_TRIGGER_LOCAL_TIME | OOMX_TRIGGER_NO_YEAR);
	oomx_text_end(&t);
	KUNIT_EXPECT_STREQ(test, (const char *)l->text, "12-28 00:01:23.000000 local time");
}

/* The zones of a log may be but some: then the sum of their pages is not the machine's. */
static void missing_zones_are_noticed(struct kunit *test)
{
	struct log_test *l = test->priv;
	struct oomx_zone *z;
	u64 *v;

	begin(l);
	z = oomx_build_table(&l->b, OOMX_SEC_ZONE, sizeof(*z), 1);
	z->valid = 1ULL << OOMX_ZONE_MANAGED;
	z->v[OOMX_ZONE_MANAGED] = 900;
	v = oomx_build_table(&l->b, OOMX_SEC_SYSTEM_VALUES, OOMX_VALUES_SIZE(OOMX_SYS_NR), 1);
	v[0] = 1ULL << OOMX_SYS_TOTALRAM;
	v[1 + OOMX_SYS_TOTALRAM] = 1000;
	load(l);
	KUNIT_EXPECT_TRUE(test, oomx_fact_zones_missing(&l->f));
	OOMX_EXPECT_EQ(test, oomx_fact_managed(&l->f).v, 1000);
	v[1 + OOMX_SYS_TOTALRAM] = 905;
	KUNIT_EXPECT_FALSE(test, oomx_fact_zones_missing(&l->f));
	OOMX_EXPECT_EQ(test, oomx_fact_managed(&l->f).v, 900);
}

static const struct {
	const char *frame;
	const char *text;
} frames[] = {
	{ "__alloc_pages+0x1/0x2", NULL },
	{ "add_to_page_cache_lru+0x4a/0xc0", "a page went into the page cache" },
	{ "do_anonymous_page.isra.0+0x1/0x2", "a page of anonymous memory was touched first" },
	{ "do_anonymous_pages+0x1/0x2", NULL },
	{ "__pud_alloc+0x1/0x2", "a page table was needed" },
	{ "__pte_alloc_kernel+0x1/0x2", "a page table was needed" },
};

static void frames_tell_what_was_done(struct kunit *test)
{
	const char *text;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(frames); i++) {
		text = doing(frames[i].frame);
		OOMX_EXPECT_EQ_AT(test, i, !text, !frames[i].text);
		if (text && frames[i].text)
			KUNIT_EXPECT_STREQ(test, text, frames[i].text);
	}
}

static struct kunit_case log_cases[] = {
	KUNIT_CASE(choice_is_held_against_the_table),
	KUNIT_CASE(agreement_is_told_to_programs),
	KUNIT_CASE(unknown_is_not_zero),
	KUNIT_CASE(times_are_as_exact_as_the_log),
	KUNIT_CASE(missing_zones_are_noticed),
	KUNIT_CASE(frames_tell_what_was_done),
	{}
};

struct kunit_suite oomx_log_suite = {
	.name = "oomx_log",
	.init = log_init,
	.test_cases = log_cases,
};
