// SPDX-License-Identifier: GPL-2.0
/*
 * The replay of the choice on made-up tasks, and what follow-ups make of an event.
 */
#include "../core/choice.c"
#include "../core/outcome.c"
#include "../core/report_choice.c"
#include "../core/report_aftermath.c"

#include "oomx_test.h"

#define LOOK(name)	OOMX_LOOK_##name
#define BUF_SIZE	4096

/* Every branch of oom_evaluate_task() and oom_badness(), and what goes before what. */
static const struct {
	u32 look;
	s16 adj;
	bool sysrq;
	u8 status;
} statuses[] = {
	{ LOOK(MM), 0, false, OOMX_TASK_CANDIDATE },
	{ LOOK(MM), 1000, false, OOMX_TASK_CANDIDATE },
	{ LOOK(MM), -999, false, OOMX_TASK_CANDIDATE },
	{ LOOK(MM), -1000, false, OOMX_TASK_ADJ_MIN },
	{ 0, 0, false, OOMX_TASK_NO_MM },
	{ 0, -1000, false, OOMX_TASK_NO_MM },
	{ LOOK(MM) | LOOK(MM_SKIP), 0, false, OOMX_TASK_OOM_SKIP },
	{ LOOK(MM) | LOOK(MM_SKIP) | LOOK(VFORK), 0, false, OOMX_TASK_OOM_SKIP },
	{ LOOK(MM) | LOOK(MM_SKIP), -1000, false, OOMX_TASK_ADJ_MIN },
	{ LOOK(MM) | LOOK(VFORK), 0, false, OOMX_TASK_VFORK },
	{ LOOK(LOCKED), 0, false, OOMX_TASK_LOCKED },
	/* who is outside is not looked at, whatever else is true of it */
	{ LOOK(MM) | LOOK(INIT) | LOOK(ORIGIN), 0, false, OOMX_TASK_INIT },
	{ LOOK(MM) | LOOK(OTHER_MEMCG) | LOOK(VICTIM), 0, false, OOMX_TASK_OTHER_MEMCG },
	{ LOOK(MM) | LOOK(OTHER_CPUSET) | LOOK(VICTIM), 0, false, OOMX_TASK_OTHER_CPUSET },
	{ LOOK(MM) | LOOK(OTHER_POLICY) | LOOK(ORIGIN), 0, false, OOMX_TASK_OTHER_MEMPOLICY },
	{ LOOK(LOCKED) | LOOK(OTHER_MEMCG), 0, false, OOMX_TASK_OTHER_MEMCG },
	/* an earlier victim; sysrq kills regardless */
	{ LOOK(MM) | LOOK(VICTIM), 0, false, OOMX_TASK_IN_FLIGHT },
	{ LOOK(VICTIM), -1000, false, OOMX_TASK_IN_FLIGHT },
	{ LOOK(MM) | LOOK(VICTIM) | LOOK(VICTIM_DONE), 0, false, OOMX_TASK_OOM_SKIP },
	{ LOOK(MM) | LOOK(VICTIM), 0, true, OOMX_TASK_CANDIDATE },
	{ LOOK(MM) | LOOK(VICTIM) | LOOK(MM_SKIP), 0, true, OOMX_TASK_OOM_SKIP },
	{ LOOK(MM) | LOOK(VICTIM) | LOOK(ORIGIN), 0, false, OOMX_TASK_IN_FLIGHT },
	/* who asks for it goes first, even without an mm */
	{ LOOK(MM) | LOOK(ORIGIN), -1000, false, OOMX_TASK_OOM_ORIGIN },
	{ LOOK(ORIGIN), 0, false, OOMX_TASK_OOM_ORIGIN },
};

static void status_of_each(struct kunit *test)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(statuses); i++)
		OOMX_EXPECT_EQ_AT(test, i,
				  oomx_task_status(statuses[i].look, statuses[i].adj,
						   statuses[i].sysrq), statuses[i].status);
}

/* Up to four tasks; pid 0 ends the list. Task @i is process 10 + @i. */
struct made_up {
	u8 status;
	s64 points;
};

static struct oomx_task task_of(const struct made_up *from, u32 i)
{
	return (struct oomx_task){
		.status = from->status,
		.points = from->points,
		.pid = 10 + i,
		.tgid = 10 + i,
		.scan = i,
		.flags = OOMX_TASK_HAS_MM |
			 (from->status == OOMX_TASK_CANDIDATE ? OOMX_TASK_HAS_POINTS : 0),
	};
}

#define CANDIDATE(points)	{ OOMX_TASK_CANDIDATE, points }
#define WITH(status)		{ OOMX_TASK_##status, 0 }

static const struct {
	const char *what;
	struct made_up tasks[4];
	u32 pid;
	u32 result;
	u32 ties;
	s64 margin;	/* -1: none */
	u32 rule;
} choices[] = {
	{ "the most points", { CANDIDATE(5), CANDIDATE(9), CANDIDATE(7) },
	  11, OOMX_RESULT_KILLED, 0, 2, OOMX_RULE_BADNESS },
	{ "the later of equal ones", { CANDIDATE(9), CANDIDATE(9), CANDIDATE(7) },
	  11, OOMX_RESULT_KILLED, 1, 0, OOMX_RULE_BADNESS },
	{ "ties below the top do not count", { CANDIDATE(7), CANDIDATE(7), CANDIDATE(9) },
	  12, OOMX_RESULT_KILLED, 0, 2, OOMX_RULE_BADNESS },
	{ "three equal", { CANDIDATE(9), CANDIDATE(9), CANDIDATE(9) },
	  12, OOMX_RESULT_KILLED, 2, 0, OOMX_RULE_BADNESS },
	{ "alone", { CANDIDATE(3) }, 10, OOMX_RESULT_KILLED, 0, -1, OOMX_RULE_BADNESS },
	{ "negative points are points", { CANDIDATE(-9), CANDIDATE(-3), CANDIDATE(-5) },
	  11, OOMX_RESULT_KILLED, 0, 2, OOMX_RULE_BADNESS },
	{ "the second before the first", { CANDIDATE(9), CANDIDATE(8), CANDIDATE(1) },
	  10, OOMX_RESULT_KILLED, 0, 1, OOMX_RULE_BADNESS },
	{ "origin", { CANDIDATE(5), WITH(OOM_ORIGIN), CANDIDATE(9) },
	  11, OOMX_RESULT_KILLED, 0, -1, OOMX_RULE_ORIGIN },
	{ "an earlier victim ends the scan", { CANDIDATE(5), WITH(IN_FLIGHT), CANDIDATE(9) },
	  0, OOMX_RESULT_VICTIM_IN_FLIGHT, 0, -1, 0 },
	{ "the first of two", { CANDIDATE(5), WITH(IN_FLIGHT), WITH(IN_FLIGHT) },
	  0, OOMX_RESULT_VICTIM_IN_FLIGHT, 0, -1, 0 },
	{ "none may be killed", { WITH(ADJ_MIN), WITH(INIT), WITH(VFORK), WITH(NO_MM) },
	  0, OOMX_RESULT_NO_KILLABLE, 0, -1, 0 },
	{ "nobody is there", { }, 0, OOMX_RESULT_NO_KILLABLE, 0, -1, 0 },
};

static void replay(struct oomx_choice *c, const struct made_up *tasks, u32 n,
		   const struct oomx_request *req)
{
	struct oomx_task t;
	u32 i;

	oomx_choice_begin(c, 11);
	for (i = 0; i < n && tasks[i].status; i++) {
		t = task_of(&tasks[i], i);
		oomx_choice_see(c, &t);
	}
	oomx_choice_end(c, req);
}

static void choice_of_each(struct kunit *test)
{
	const struct oomx_request req = { .kind = OOMX_KIND_MEMCG };
	u64 v[OOMX_CHOICE_NR], valid;
	struct oomx_choice c;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(choices); i++) {
		replay(&c, choices[i].tasks, 4, &req);
		valid = oomx_choice_values(&c, v);
		OOMX_EXPECT_EQ_AT(test, i, c.pid, choices[i].pid);
		OOMX_EXPECT_EQ_AT(test, i, v[OOMX_CHOICE_RESULT], choices[i].result);
		OOMX_EXPECT_EQ_AT(test, i, v[OOMX_CHOICE_PID], choices[i].pid);
		OOMX_EXPECT_EQ_AT(test, i, v[OOMX_CHOICE_TIES], choices[i].ties);
		OOMX_EXPECT_EQ_AT(test, i, v[OOMX_CHOICE_RULE], choices[i].rule);
		OOMX_EXPECT_EQ_AT(test, i, valid >> OOMX_CHOICE_MARGIN & 1,
				  choices[i].margin >= 0);
		if (choices[i].margin >= 0)
			OOMX_EXPECT_EQ_AT(test, i, v[OOMX_CHOICE_MARGIN], choices[i].margin);
		OOMX_EXPECT_EQ_AT(test, i, v[OOMX_CHOICE_IN_FLIGHT],
				  choices[i].result == OOMX_RESULT_VICTIM_IN_FLIGHT ? 11 : 0);
	}
}

static const struct oomx_opt off;
static const struct oomx_opt on = { .known = true, .v = 1 };
static const struct oomx_opt always = { .known = true, .v = 2 };

/* Process 11 is the trigger, with fewer points than 10. */
static const struct {
	const char *what;
	u32 kind;
	bool no_fs;
	const struct oomx_opt *panic;
	const struct oomx_opt *allocating;
	u8 trigger;
	u32 pid;
	u32 result;
} requests[] = {
	{ "no __GFP_FS goes before all", OOMX_KIND_GLOBAL, true, &always, &on,
	  OOMX_TASK_CANDIDATE, 0, OOMX_RESULT_NO_FS },
	{ "panic, the machine", OOMX_KIND_GLOBAL, false, &on, &on,
	  OOMX_TASK_CANDIDATE, 0, OOMX_RESULT_PANIC },
	{ "panic_on_oom=1 spares a memcg", OOMX_KIND_MEMCG, false, &on, &off,
	  OOMX_TASK_CANDIDATE, 10, OOMX_RESULT_KILLED },
	{ "and a cpuset", OOMX_KIND_CPUSET, false, &on, &off,
	  OOMX_TASK_CANDIDATE, 10, OOMX_RESULT_KILLED },
	{ "and a policy", OOMX_KIND_MEMPOLICY, false, &on, &off,
	  OOMX_TASK_CANDIDATE, 10, OOMX_RESULT_KILLED },
	{ "2 does not", OOMX_KIND_MEMCG, false, &always, &off,
	  OOMX_TASK_CANDIDATE, 0, OOMX_RESULT_PANIC },
	{ "but sysrq", OOMX_KIND_SYSRQ, false, &always, &off,
	  OOMX_TASK_CANDIDATE, 10, OOMX_RESULT_KILLED },
	{ "the trigger itself", OOMX_KIND_GLOBAL, false, &off, &on,
	  OOMX_TASK_CANDIDATE, 11, OOMX_RESULT_KILLED },
	{ "not of a memcg", OOMX_KIND_MEMCG, false, &off, &on,
	  OOMX_TASK_CANDIDATE, 10, OOMX_RESULT_KILLED },
	{ "even if it is an earlier victim", OOMX_KIND_GLOBAL, false, &off, &on,
	  OOMX_TASK_IN_FLIGHT, 11, OOMX_RESULT_KILLED },
	{ "not outside of the cpuset", OOMX_KIND_CPUSET, false, &off, &on,
	  OOMX_TASK_OTHER_CPUSET, 10, OOMX_RESULT_KILLED },
	{ "not outside of the policy", OOMX_KIND_MEMPOLICY, false, &off, &on,
	  OOMX_TASK_OTHER_MEMPOLICY, 10, OOMX_RESULT_KILLED },
	{ "not init", OOMX_KIND_GLOBAL, false, &off, &on,
	  OOMX_TASK_INIT, 10, OOMX_RESULT_KILLED },
};

static void request_decides(struct kunit *test)
{
	struct oomx_choice c;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(requests); i++) {
		const struct made_up tasks[] = { CANDIDATE(9), { requests[i].trigger, 5 } };
		const struct oomx_request req = {
			.kind = requests[i].kind, .no_fs = requests[i].no_fs,
			.panic_on_oom = *requests[i].panic,
			.kill_allocating = *requests[i].allocating,
		};

		replay(&c, tasks, ARRAY_SIZE(tasks), &req);
		OOMX_EXPECT_EQ_AT(test, i, c.result, requests[i].result);
		OOMX_EXPECT_EQ_AT(test, i, c.pid, requests[i].pid);
		OOMX_EXPECT_EQ_AT(test, i, c.in_flight, 0);
	}
}

/* With oom_score_adj -1000 the trigger is not killed, whatever the sysctl says. */
static void protected_trigger_is_spared(struct kunit *test)
{
	const struct oomx_request req = { .kind = OOMX_KIND_GLOBAL, .kill_allocating = on };
	struct oomx_task t = { .tgid = 11, .pid = 11, .status = OOMX_TASK_ADJ_MIN,
			       .oom_score_adj = -1000, .flags = OOMX_TASK_HAS_MM };
	struct oomx_choice c;

	oomx_choice_begin(&c, 11);
	oomx_choice_see(&c, &t);
	oomx_choice_end(&c, &req);
	OOMX_EXPECT_EQ(test, c.pid, 0);
	OOMX_EXPECT_EQ(test, c.result, OOMX_RESULT_PANIC);
}

/* A candidate without points: the best may be that one, so nothing is predicted. */
static void blind_is_unknown(struct kunit *test)
{
	const struct oomx_request req = { .kind = OOMX_KIND_MEMCG };
	struct oomx_task t = { .tgid = 10, .pid = 10, .status = OOMX_TASK_CANDIDATE };
	u64 v[OOMX_CHOICE_NR];
	struct oomx_choice c;

	oomx_choice_begin(&c, 11);
	oomx_choice_see(&c, &t);
	oomx_choice_end(&c, &req);
	OOMX_EXPECT_EQ(test, oomx_choice_values(&c, v), 0);
}

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

/* @result: of the replay, which chose process 60 with 128 points; 0: no replay. */
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
		v[0] = 1ULL << OOMX_CHOICE_RESULT | 1ULL << OOMX_CHOICE_TGID |
		       1ULL << OOMX_CHOICE_PID | 1ULL << OOMX_CHOICE_POINTS;
		v[1 + OOMX_CHOICE_RESULT] = result;
		v[1 + OOMX_CHOICE_TGID] = 60;
		v[1 + OOMX_CHOICE_PID] = 60;
		v[1 + OOMX_CHOICE_POINTS] = 128;
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
	KUNIT_EXPECT_TRUE(test, strstr(t->text, "the kernel counted 130"));
	oomx_decision(&t->f, &d);
	KUNIT_EXPECT_TRUE(test, d.agrees.known && !d.agrees.v && !d.same);
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
	static u32 order[] = { 0, 1, 2, 3 };
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

static struct kunit_case choice_cases[] = {
	KUNIT_CASE(status_of_each),
	KUNIT_CASE(choice_of_each),
	KUNIT_CASE(request_decides),
	KUNIT_CASE(protected_trigger_is_spared),
	KUNIT_CASE(blind_is_unknown),
	KUNIT_CASE(marks_tell_results),
	KUNIT_CASE(killed_and_released),
	KUNIT_CASE(disagreement_is_told),
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

struct kunit_suite oomx_choice_suite = {
	.name = "oomx_choice",
	.init = outcome_init,
	.test_cases = choice_cases,
};
