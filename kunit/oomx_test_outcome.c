// SPDX-License-Identifier: GPL-2.0
/*
 * What follow-ups make of an event: its outcome, and whether that was predicted.
 */
#include "../core/outcome.c"
#include "../core/report_choice.c"
#include "../core/report_aftermath.c"

#include "oomx_test.h"

#define BUF_SIZE	4096

static void marks_tell_results(struct kunit *test)
{
	OOMX_EXPECT_EQ(test, oomx_mark_result(false, 0, false), OOMX_RESULT_CURRENT_DYING);
	OOMX_EXPECT_EQ(test, oomx_mark_result(true, 0, true), OOMX_RESULT_VICTIM_EXITING);
	OOMX_EXPECT_EQ(test, oomx_mark_result(true, 1, false), OOMX_RESULT_KILLED);
	OOMX_EXPECT_EQ(test, oomx_mark_result(true, 3, true), OOMX_RESULT_GROUP_KILLED);
	KUNIT_EXPECT_TRUE(test, oomx_agrees(7, 100, true, 7, 100));
	KUNIT_EXPECT_FALSE(test, oomx_agrees(7, 100, true, 7, 101));
	KUNIT_EXPECT_FALSE(test, oomx_agrees(7, 100, true, 8, 100));
	KUNIT_EXPECT_TRUE(test, oomx_agrees(7, 0, false, 7, 55));
}

/* An event and its follow-ups. */
struct outcome_test {
	u64 event[BUF_SIZE / sizeof(u64)];
	u64 followups[BUF_SIZE / sizeof(u64)];
	u64 unknown;	/* values of the choice that are not known */
	struct oomx_view view;
	struct oomx_facts f;
	struct oomx_outcome o;
	char text[BUF_SIZE];
};

static int outcome_init(struct kunit *test)
{
	test->priv = oomx_test_alloc(test, sizeof(struct outcome_test));
	return 0;
}

/* @result: of the replay: process 60 with 128 points, or 59 in flight; 0: no replay. */
static void put_event(struct outcome_test *t, u32 kind, u32 result)
{
	struct oomx_trigger *trigger;
	struct oomx_builder b;
	u64 *v;

	oomx_build_begin(&b, t->event, sizeof(t->event), OOMX_RECORD_EVENT, 5);
	trigger = oomx_build_table(&b, OOMX_SEC_TRIGGER, sizeof(*trigger), 1);
	trigger->kind = kind;
	if (result) {
		v = oomx_build_table(&b, OOMX_SEC_CHOICE, OOMX_VALUES_SIZE(OOMX_CHOICE_NR), 1);
		v[0] = 1ULL << OOMX_CHOICE_RESULT;
		if (result == OOMX_RESULT_KILLED)
			v[0] |= 1ULL << OOMX_CHOICE_TGID | 1ULL << OOMX_CHOICE_PID |
				1ULL << OOMX_CHOICE_POINTS;
		else if (result == OOMX_RESULT_VICTIM_IN_FLIGHT)
			v[0] |= 1ULL << OOMX_CHOICE_IN_FLIGHT;
		v[0] &= ~t->unknown;
		v[1 + OOMX_CHOICE_RESULT] = result;
		v[1 + OOMX_CHOICE_TGID] = 60;
		v[1 + OOMX_CHOICE_PID] = 60;
		v[1 + OOMX_CHOICE_POINTS] = 128;
		v[1 + OOMX_CHOICE_IN_FLIGHT] = 59;
	}
	oomx_build_end(&b);
	t->view.event = (const struct oomx_record *)t->event;
	t->view.followups = t->followups;
}

static void begin_followup(struct outcome_test *t, struct oomx_builder *b)
{
	u8 *to = (u8 *)t->followups + t->view.followups_len;

	oomx_build_begin(b, to, BUF_SIZE - t->view.followups_len, OOMX_RECORD_FOLLOWUP, 5);
}

/* Append a follow-up of one section. */
static void *put_followup(struct outcome_test *t, u16 type, u16 size)
{
	struct oomx_builder b;
	void *payload;

	begin_followup(t, &b);
	payload = oomx_build_table(&b, type, size, 1);
	t->view.followups_len += oomx_build_end(&b);
	return payload;
}

static void build_victim(struct oomx_builder *b, u32 pid, u32 flags)
{
	struct oomx_victim *v = oomx_build_table(b, OOMX_SEC_VICTIM, sizeof(*v), 1);

	*v = (struct oomx_victim){ .pid = pid, .tgid = pid, .flags = flags, .rss_anon = 256 };
	memcpy(v->comm, "task", 5);
}

static void put_victim(struct outcome_test *t, u32 pid, u32 flags)
{
	struct oomx_builder b;

	begin_followup(t, &b);
	build_victim(&b, pid, flags);
	t->view.followups_len += oomx_build_end(&b);
}

/* A victim and the kernel's numbers are one record. */
static void put_mark(struct outcome_test *t, u32 pid, s64 points, u64 kills, bool group)
{
	struct oomx_builder b;
	u64 *v;

	begin_followup(t, &b);
	build_victim(&b, pid, 0);
	v = oomx_build_table(&b, OOMX_SEC_DECISION, OOMX_VALUES_SIZE(OOMX_DEC_NR), 1);
	v[0] = 1ULL << OOMX_DEC_TOTALPAGES | 1ULL << OOMX_DEC_CHOSEN_POINTS |
	       1ULL << OOMX_DEC_KILLS | 1ULL << OOMX_DEC_OOM_GROUP;
	v[1 + OOMX_DEC_TOTALPAGES] = 1000;
	v[1 + OOMX_DEC_CHOSEN_POINTS] = points;
	v[1 + OOMX_DEC_KILLS] = kills;
	v[1 + OOMX_DEC_OOM_GROUP] = group;
	t->view.followups_len += oomx_build_end(&b);
}

static void put_release(struct outcome_test *t, u32 pid, s64 freed)
{
	struct oomx_release *r = put_followup(t, OOMX_SEC_RELEASE, sizeof(*r));

	*r = (struct oomx_release){
		.after_ns = 5000000, .pid = pid, .tgid = pid, .freed = freed,
		.flags = OOMX_RELEASE_HAS_FREED,
	};
}

static void put_moment(struct outcome_test *t, u16 type, u32 pid)
{
	struct oomx_moment *m = put_followup(t, type, sizeof(*m));

	*m = (struct oomx_moment){ .after_ns = 7000000, .pid = pid, .tgid = pid };
}

static void judge(struct outcome_test *t)
{
	oomx_facts_load(&t->f, &t->view);
	oomx_outcome(&t->f, &t->o);
}

static const char *said(struct outcome_test *t)
{
	struct oomx_text text = { .buf = t->text, .size = sizeof(t->text) };

	judge(t);
	oomx_say_outcome(&text, &t->f);
	oomx_report_aftermath(&text, &t->f);
	oomx_text_end(&text);
	return t->text;
}

static void killed_and_released(struct kunit *test)
{
	struct outcome_test *t = test->priv;
	struct oomx_decision d;

	put_event(t, OOMX_KIND_MEMCG, OOMX_RESULT_KILLED);
	put_mark(t, 60, 128, 1, false);
	put_victim(t, 61, OOMX_VICTIM_SHARES_MM);
	judge(t);
	OOMX_EXPECT_EQ(test, t->o.result, OOMX_RESULT_KILLED);
	OOMX_EXPECT_EQ(test, t->o.victims, 2);
	KUNIT_EXPECT_FALSE(test, t->o.settled);
	KUNIT_EXPECT_FALSE(test, t->o.inferred);
	put_moment(t, OOMX_SEC_REAP, 60);
	put_release(t, 60, 2560);
	KUNIT_EXPECT_TRUE(test, strstr(said(t), "to the page"));
	KUNIT_EXPECT_TRUE(test, strstr(t->text, "shares that memory"));
	KUNIT_EXPECT_TRUE(test, strstr(t->text, "was reaped after 7.000 ms"));
	KUNIT_EXPECT_TRUE(test, strstr(t->text, "10.0 MB came back to the memory cgroup"));
	KUNIT_EXPECT_TRUE(test, t->o.settled);
	OOMX_EXPECT_EQ(test, t->o.freed.v, 2560);
	oomx_decision(&t->f, &d);
	KUNIT_EXPECT_TRUE(test, d.agrees.known && d.agrees.v);
}

static void disagreement_is_told(struct kunit *test)
{
	struct outcome_test *t = test->priv;
	struct oomx_decision d;

	put_event(t, OOMX_KIND_GLOBAL, OOMX_RESULT_KILLED);
	put_mark(t, 77, 130, 1, false);
	KUNIT_EXPECT_TRUE(test, strstr(said(t), "ours was pid 60 with 128 points"));
	KUNIT_EXPECT_TRUE(test, strstr(t->text, "The kernel counted 130 points"));
	oomx_decision(&t->f, &d);
	KUNIT_EXPECT_TRUE(test, d.agrees.known && !d.agrees.v && !d.same);
}

/* @words: what is said of a prediction that did not come true */
static void expect_not_predicted(struct kunit *test, u32 result, const char *words)
{
	struct outcome_test *t = test->priv;

	t->view.followups_len = 0;
	put_event(t, OOMX_KIND_GLOBAL, result);
	put_mark(t, 77, 130, 1, false);
	KUNIT_EXPECT_TRUE_MSG(test, strstr(said(t), words), "%s", t->text);
	KUNIT_EXPECT_TRUE(test, strstr(t->text, ". The kernel counted 130 points for its "));
}

/* The earlier victim was gone when the kernel looked. */
static void other_ends_were_predicted(struct kunit *test)
{
	expect_not_predicted(test, OOMX_RESULT_VICTIM_IN_FLIGHT,
			     "predicted: an earlier victim, process 59, was still in flight at ");
	expect_not_predicted(test, OOMX_RESULT_PANIC,
			     "predicted: ours was that the kernel panics.");
	expect_not_predicted(test, OOMX_RESULT_NO_KILLABLE,
			     "predicted: ours was that nothing is killed.");
}

/* As with vm.oom_kill_allocating_task. */
static void rule_without_points(struct kunit *test)
{
	((struct outcome_test *)test->priv)->unknown = 1ULL << OOMX_CHOICE_POINTS;
	expect_not_predicted(test, OOMX_RESULT_KILLED, "predicted: ours was pid 60. The kernel ");
}

/* The same task, but memory moved while the kernel counted. */
static void other_points_are_told(struct kunit *test)
{
	struct outcome_test *t = test->priv;

	put_event(t, OOMX_KIND_GLOBAL, OOMX_RESULT_KILLED);
	put_mark(t, 60, 126, 1, false);
	KUNIT_EXPECT_TRUE(test, strstr(said(t), "with 128 points, while the kernel counted 126"));
}

static void group_is_told(struct kunit *test)
{
	struct outcome_test *t = test->priv;

	put_event(t, OOMX_KIND_MEMCG, OOMX_RESULT_KILLED);
	put_mark(t, 60, 128, 1, true);
	put_victim(t, 62, 0);
	put_release(t, 60, 1);
	judge(t);
	OOMX_EXPECT_EQ(test, t->o.result, OOMX_RESULT_GROUP_KILLED);
	KUNIT_EXPECT_FALSE(test, t->o.settled);
	put_release(t, 62, -3);
	KUNIT_EXPECT_TRUE(test, strstr(said(t), "memory.oom.group had all"));
	KUNIT_EXPECT_TRUE(test, strstr(t->text, "12 kB less than before"));
	KUNIT_EXPECT_TRUE(test, t->o.settled);
}

static void exiting_victim(struct kunit *test)
{
	struct outcome_test *t = test->priv;

	put_event(t, OOMX_KIND_MEMCG, OOMX_RESULT_KILLED);
	put_mark(t, 60, 128, 0, false);
	KUNIT_EXPECT_TRUE(test, strstr(said(t), "was about to die"));
	OOMX_EXPECT_EQ(test, t->o.result, OOMX_RESULT_VICTIM_EXITING);
}

static void dying_trigger(struct kunit *test)
{
	struct outcome_test *t = test->priv;
	struct oomx_decision d;

	put_event(t, OOMX_KIND_GLOBAL, OOMX_RESULT_KILLED);
	put_victim(t, 42, 0);
	judge(t);
	OOMX_EXPECT_EQ(test, t->o.result, OOMX_RESULT_CURRENT_DYING);
	oomx_decision(&t->f, &d);
	KUNIT_EXPECT_FALSE(test, d.agrees.known);
}

static void stuck_is_told(struct kunit *test)
{
	struct outcome_test *t = test->priv;

	put_event(t, OOMX_KIND_MEMCG, OOMX_RESULT_KILLED);
	put_mark(t, 60, 128, 1, false);
	put_moment(t, OOMX_SEC_REAP_SKIP, 60);
	put_moment(t, OOMX_SEC_STUCK, 60);
	KUNIT_EXPECT_TRUE(test, strstr(said(t), "is stuck"));
	KUNIT_EXPECT_TRUE(test, t->o.settled);
}

static void repeat_is_told(struct kunit *test)
{
	struct outcome_test *t = test->priv;
	struct oomx_repeat *r;

	put_event(t, OOMX_KIND_MEMCG, OOMX_RESULT_KILLED);
	put_mark(t, 60, 128, 1, false);
	r = put_followup(t, OOMX_SEC_REPEAT, sizeof(*r));
	*r = (struct oomx_repeat){ .after_ns = 20000000, .event = 6 };
	KUNIT_EXPECT_TRUE(test, strstr(said(t), "out of memory again after 20.000 ms (event 6)"));
	OOMX_EXPECT_EQ(test, t->o.again_event.v, 6);
}

static void notifier_is_told(struct kunit *test)
{
	struct outcome_test *t = test->priv;
	u64 *v;

	put_event(t, OOMX_KIND_GLOBAL, OOMX_RESULT_KILLED);
	v = put_followup(t, OOMX_SEC_DECISION, OOMX_VALUES_SIZE(OOMX_DEC_NR));
	v[0] = 1ULL << OOMX_DEC_NOTIFIER_FREED;
	v[1 + OOMX_DEC_NOTIFIER_FREED] = 99;
	KUNIT_EXPECT_TRUE(test, strstr(said(t), "OOM notifiers gave back 99 pages"));
	OOMX_EXPECT_EQ(test, t->o.result, OOMX_RESULT_FREED_BY_NOTIFIER);
	KUNIT_EXPECT_TRUE(test, t->o.settled);
	KUNIT_EXPECT_FALSE(test, t->o.inferred);
}

/* Without a victim: known from the request, inferred from the replay, or not known. */
static void without_a_victim(struct kunit *test)
{
	static const struct {
		u32 replayed, result;
		bool inferred;
	} rows[] = {
		{ OOMX_RESULT_NO_FS, OOMX_RESULT_NO_FS, false },
		{ OOMX_RESULT_VICTIM_IN_FLIGHT, OOMX_RESULT_VICTIM_IN_FLIGHT, true },
		{ OOMX_RESULT_NO_KILLABLE, OOMX_RESULT_NO_KILLABLE, true },
		{ OOMX_RESULT_PANIC, OOMX_RESULT_PANIC, true },
		{ OOMX_RESULT_KILLED, 0, false },
		{ 0, 0, false },
	};
	struct outcome_test *t = test->priv;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		memset(t, 0, sizeof(*t));
		put_event(t, OOMX_KIND_GLOBAL, rows[i].replayed);
		judge(t);
		OOMX_EXPECT_EQ_AT(test, i, t->o.result, rows[i].result);
		OOMX_EXPECT_EQ_AT(test, i, t->o.inferred, rows[i].inferred);
		OOMX_EXPECT_EQ_AT(test, i, t->o.settled, rows[i].result != 0);
	}
	/* the next event came, and none had been marked */
	put_event(t, OOMX_KIND_GLOBAL, OOMX_RESULT_KILLED);
	put_moment(t, OOMX_SEC_NO_VICTIM, 0);
	judge(t);
	OOMX_EXPECT_EQ(test, t->o.result, OOMX_RESULT_VICTIM_EXITING);
	KUNIT_EXPECT_TRUE(test, t->o.inferred);
}

static void dry_run_has_no_outcome(struct kunit *test)
{
	struct outcome_test *t = test->priv;

	put_event(t, OOMX_KIND_MANUAL, OOMX_RESULT_KILLED);
	KUNIT_EXPECT_TRUE(test, strstr(said(t), "this is a dry run"));
	OOMX_EXPECT_EQ(test, t->o.result, 0);
	KUNIT_EXPECT_TRUE(test, !oomx_result_name(0) && !oomx_result_name(99));
}

/* Three tasks: 60 was chosen for its adj, 61 uses more, 62 most and may not be killed. */
static void why_not_the_others(struct kunit *test)
{
	static const struct oomx_task tasks[] = {
		{ .pid = 60, .tgid = 60, .rss_anon = 100, .points = 600, .oom_score_adj = 500,
		  .status = OOMX_TASK_CANDIDATE, .comm = "small",
		  .flags = OOMX_TASK_HAS_MM | OOMX_TASK_HAS_POINTS },
		{ .pid = 61, .tgid = 61, .rss_anon = 300, .points = 300, .comm = "large",
		  .status = OOMX_TASK_CANDIDATE, .scan = 1,
		  .flags = OOMX_TASK_HAS_MM | OOMX_TASK_HAS_POINTS },
		{ .pid = 62, .tgid = 62, .rss_anon = 5120, .oom_score_adj = -1000,
		  .status = OOMX_TASK_ADJ_MIN, .comm = "sshd", .flags = OOMX_TASK_HAS_MM },
		{ .pid = 63, .tgid = 63, .rss_anon = 50, .comm = "tiny",
		  .status = OOMX_TASK_VFORK, .flags = OOMX_TASK_HAS_MM },
	};
	static struct oomx_ranked order[] = {
		{ .index = 0 }, { .index = 1 }, { .index = 2 }, { .index = 3 },
	};
	struct outcome_test *t = test->priv;
	struct oomx_text text = { .buf = t->text, .size = sizeof(t->text) };
	struct oomx_builder b;
	u64 *v;

	oomx_build_begin(&b, t->event, sizeof(t->event), OOMX_RECORD_EVENT, 5);
	v = oomx_build_table(&b, OOMX_SEC_CHOICE, OOMX_VALUES_SIZE(OOMX_CHOICE_NR), 1);
	v[0] = 1ULL << OOMX_CHOICE_TGID | 1ULL << OOMX_CHOICE_RULE | 1ULL << OOMX_CHOICE_MARGIN;
	v[1 + OOMX_CHOICE_TGID] = 60;
	v[1 + OOMX_CHOICE_RULE] = OOMX_RULE_BADNESS;
	v[1 + OOMX_CHOICE_MARGIN] = 300;
	oomx_build_copy(&b, OOMX_SEC_TASK, tasks, sizeof(tasks[0]), ARRAY_SIZE(tasks));
	oomx_build_end(&b);
	t->view = (struct oomx_view){ .event = (const void *)t->event, .order = order };
	oomx_facts_load(&t->f, &t->view);
	oomx_say_choice(&text, &t->f);
	oomx_text_end(&text);
	KUNIT_EXPECT_TRUE(test, strstr(t->text, "the margin is 300 points"));
	KUNIT_EXPECT_TRUE(test, strstr(t->text, "It comes first although #2, large (pid 61),"));
	KUNIT_EXPECT_TRUE(test, strstr(t->text, "because of oom_score_adj 500 against 0."));
	KUNIT_EXPECT_TRUE(test, strstr(t->text, "Not sshd (pid 62) with 20.0 MB: its oom_score"));
	KUNIT_EXPECT_FALSE(test, strstr(t->text, "tiny"));
}

/* 100 pages and adj 500: of our 1000 pages 600 points, of the kernel's 2000 1100: 550. */
static void score_is_of_the_kernel(struct kunit *test)
{
	static const struct oomx_task task = {
		.rss_anon = 100, .oom_score_adj = 500, .points = 600,
		.flags = OOMX_TASK_HAS_POINTS | OOMX_TASK_HAS_MM,
	};
	struct outcome_test *t = test->priv;
	u64 *v;

	put_event(t, OOMX_KIND_MEMCG, OOMX_RESULT_KILLED);
	judge(t);
	KUNIT_EXPECT_FALSE(test, oomx_fact_score(&t->f, &task).known);
	v = put_followup(t, OOMX_SEC_DECISION, OOMX_VALUES_SIZE(OOMX_DEC_NR));
	v[0] = 1ULL << OOMX_DEC_TOTALPAGES;
	v[1 + OOMX_DEC_TOTALPAGES] = 2000;
	judge(t);
	OOMX_EXPECT_EQ(test, oomx_fact_score(&t->f, &task).v, 550);
	OOMX_EXPECT_EQ(test, oomx_fact_totalpages(&t->f).v, 2000);
}

static struct kunit_case outcome_cases[] = {
	KUNIT_CASE(marks_tell_results),
	KUNIT_CASE(killed_and_released),
	KUNIT_CASE(disagreement_is_told),
	KUNIT_CASE(other_ends_were_predicted),
	KUNIT_CASE(rule_without_points),
	KUNIT_CASE(other_points_are_told),
	KUNIT_CASE(group_is_told),
	KUNIT_CASE(exiting_victim),
	KUNIT_CASE(dying_trigger),
	KUNIT_CASE(stuck_is_told),
	KUNIT_CASE(repeat_is_told),
	KUNIT_CASE(notifier_is_told),
	KUNIT_CASE(without_a_victim),
	KUNIT_CASE(dry_run_has_no_outcome),
	KUNIT_CASE(why_not_the_others),
	KUNIT_CASE(score_is_of_the_kernel),
	{}
};

struct kunit_suite oomx_outcome_suite = {
	.name = "oomx_outcome",
	.init = outcome_init,
	.test_cases = outcome_cases,
};
