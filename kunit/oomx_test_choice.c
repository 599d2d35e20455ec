// SPDX-License-Identifier: GPL-2.0
/*
 * The replay of the choice on made-up tasks.
 */
#include "../core/choice.c"

#include "oomx_test.h"

#define LOOK(name)	OOMX_LOOK_##name

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

#define SCORED	(OOMX_TASK_HAS_MM | OOMX_TASK_HAS_POINTS)

/* The first task has 9 points and the status @first, the second 7, the one behind @third 1. */
static bool is_seen_as_if_weighed(u8 first, const struct oomx_task *third)
{
	struct oomx_task t[] = {
		{ .status = first, .points = 9, .pid = 20, .tgid = 20, .flags = SCORED },
		{ .status = OOMX_TASK_CANDIDATE, .points = 7, .pid = 21, .tgid = 21,
		  .flags = SCORED },
		*third,
		{ .status = OOMX_TASK_CANDIDATE, .points = 1, .pid = 22, .tgid = 22,
		  .flags = SCORED },
	};
	struct oomx_choice seen, weighed;
	u32 i;

	oomx_choice_begin(&seen, 11);
	oomx_choice_begin(&weighed, 11);
	for (i = 0; i < ARRAY_SIZE(t); i++) {
		oomx_choice_see(&seen, &t[i]);
		oomx_choice_weigh(&weighed, &t[i]);
	}
	return !memcmp(&seen, &weighed, sizeof(seen));
}

/* Who is neither the best nor the second is not weighed, unless there is more to it. */
static void third_task_need_not_be_weighed(struct kunit *test)
{
	static const u8 flags[] = { 0, OOMX_TASK_HAS_MM, SCORED };
	static const s64 points[] = { 1, 7, 9, 10 };
	u32 row, i;

	for (row = 0; row < ARRAY_SIZE(flags) * ARRAY_SIZE(points) * 2; row++) {
		struct oomx_task t = {
			.flags = flags[row / 8], .points = points[row / 2 % 4],
			.pid = 10 + row % 2, .tgid = 10 + row % 2,
		};

		for (t.status = 1; t.status <= OOMX_TASK_OOM_ORIGIN; t.status++)
			for (i = 1; i <= OOMX_TASK_OOM_ORIGIN; i++)
				KUNIT_EXPECT_TRUE_MSG(test, is_seen_as_if_weighed(i, &t),
						      "row %u, after %u: %u", row, i, t.status);
	}
}

/* A scan that was cut short knows of none of the tasks that it did not come to. */
static void cut_is_unknown(struct kunit *test)
{
	static const struct made_up task = CANDIDATE(100);
	struct oomx_request global = { .kind = OOMX_KIND_GLOBAL };
	struct oomx_request allocating = global, no_fs = global;
	struct oomx_choice c;

	allocating.kill_allocating = (struct oomx_opt){ .known = true, .v = 1 };
	no_fs.no_fs = true;
	replay(&c, &task, 1, &global);
	OOMX_EXPECT_EQ(test, c.result, OOMX_RESULT_KILLED);
	c.cut = true;
	oomx_choice_end(&c, &global);
	OOMX_EXPECT_EQ(test, c.result, 0);
	OOMX_EXPECT_EQ(test, c.pid, 0);
	c.trigger_pid = 10;
	oomx_choice_end(&c, &allocating);
	OOMX_EXPECT_EQ(test, c.result, 0);
	/* what needs no task is known all the same */
	oomx_choice_end(&c, &no_fs);
	OOMX_EXPECT_EQ(test, c.result, OOMX_RESULT_NO_FS);
	/* and the kernel's scan ends at an earlier victim */
	c.in_flight = 9;
	oomx_choice_end(&c, &global);
	OOMX_EXPECT_EQ(test, c.result, OOMX_RESULT_VICTIM_IN_FLIGHT);
}

static struct kunit_case choice_cases[] = {
	KUNIT_CASE(status_of_each),
	KUNIT_CASE(choice_of_each),
	KUNIT_CASE(request_decides),
	KUNIT_CASE(protected_trigger_is_spared),
	KUNIT_CASE(blind_is_unknown),
	KUNIT_CASE(third_task_need_not_be_weighed),
	KUNIT_CASE(cut_is_unknown),
	{}
};

struct kunit_suite oomx_choice_suite = {
	.name = "oomx_choice",
	.test_cases = choice_cases,
};
