// SPDX-License-Identifier: GPL-2.0
/*
 * The choice of a victim, replayed on plain numbers. Pure.
 *
 * Source: out_of_memory(), select_bad_process(), oom_evaluate_task(), oom_badness().
 */
#include "oomx_outcome.h"
#include "oomx_select.h"

/* oom_badness() without its points: is the task worth any? */
static u8 badness_status(u32 look, s16 adj)
{
	if (look & OOMX_LOOK_LOCKED)
		return OOMX_TASK_LOCKED;
	if (!(look & OOMX_LOOK_MM))
		return OOMX_TASK_NO_MM;
	if (adj == OOMX_ADJ_MIN)
		return OOMX_TASK_ADJ_MIN;
	if (look & OOMX_LOOK_MM_SKIP)
		return OOMX_TASK_OOM_SKIP;
	if (look & OOMX_LOOK_VFORK)
		return OOMX_TASK_VFORK;
	return OOMX_TASK_CANDIDATE;
}

/**
 * oomx_task_exception() - oomx_task_status() of a task that is not as most are
 * @look: OOMX_LOOK_*
 * @adj: its oom_score_adj
 * @sysrq: the event was asked for by sysrq
 *
 * In the order of oom_evaluate_task(): who is outside of the domain is not looked at; an
 * earlier victim ends the scan unless its memory is gone, which sysrq does not heed; a
 * task that asked for it goes before all others.
 *
 * Context: Any.
 * Return: enum oomx_task_status.
 */
u8 oomx_task_exception(u32 look, s16 adj, bool sysrq)
{
	if (look & OOMX_LOOK_INIT)
		return OOMX_TASK_INIT;
	if (look & OOMX_LOOK_OTHER_MEMCG)
		return OOMX_TASK_OTHER_MEMCG;
	if (look & OOMX_LOOK_OTHER_CPUSET)
		return OOMX_TASK_OTHER_CPUSET;
	if (look & OOMX_LOOK_OTHER_POLICY)
		return OOMX_TASK_OTHER_MEMPOLICY;
	if (look & OOMX_LOOK_VICTIM && !sysrq)
		return look & OOMX_LOOK_VICTIM_DONE ? OOMX_TASK_OOM_SKIP : OOMX_TASK_IN_FLIGHT;
	if (look & OOMX_LOOK_ORIGIN)
		return OOMX_TASK_OOM_ORIGIN;
	return badness_status(look, adj);
}

/**
 * oomx_choice_begin() - before the first task
 * @c: choice
 * @trigger_tgid: process that asked for memory
 *
 * Context: Any.
 */
void oomx_choice_begin(struct oomx_choice *c, u32 trigger_tgid)
{
	memset(c, 0, sizeof(*c));
	c->points = S64_MIN;
	c->second = S64_MIN;
	c->trigger_tgid = trigger_tgid;
}

/* What vm.oom_kill_allocating_task asks of the trigger. */
static bool killable(const struct oomx_task *t)
{
	return t->status != OOMX_TASK_INIT && t->status != OOMX_TASK_OTHER_CPUSET &&
	       t->status != OOMX_TASK_OTHER_MEMPOLICY && t->flags & OOMX_TASK_HAS_MM &&
	       t->oom_score_adj != OOMX_ADJ_MIN;
}

static void prefer(struct oomx_choice *c, const struct oomx_task *t, s64 points)
{
	c->ties = c->n > 1 && points == c->points ? c->ties + 1 : 0;
	c->second = c->points;
	c->points = points;
	c->pid = t->pid;
	c->tgid = t->tgid;
	c->rule = t->status == OOMX_TASK_OOM_ORIGIN ? OOMX_RULE_ORIGIN : OOMX_RULE_BADNESS;
}

/**
 * oomx_choice_weigh() - oomx_choice_see() of a task that may change the choice
 * @c: choice
 * @t: task with its status and points
 *
 * Source: oom_evaluate_task(). Of equal points the later task wins.
 *
 * Context: Any.
 */
void oomx_choice_weigh(struct oomx_choice *c, const struct oomx_task *t)
{
	s64 points = t->status == OOMX_TASK_OOM_ORIGIN ? S64_MAX : t->points;

	if (t->tgid == c->trigger_tgid && killable(t))
		c->trigger_pid = t->pid;
	if (c->in_flight)
		return;
	if (t->status == OOMX_TASK_IN_FLIGHT)
		c->in_flight = t->tgid;
	if (!oomx_task_selectable(t))
		return;
	c->blind = c->blind || (t->status == OOMX_TASK_CANDIDATE &&
				!(t->flags & OOMX_TASK_HAS_POINTS));
	c->n++;
	if (points >= c->points)
		prefer(c, t, points);
	else if (points > c->second)
		c->second = points;
}

/* check_panic_on_oom() */
static bool panics(const struct oomx_request *req)
{
	if (!req->panic_on_oom.v || req->kind == OOMX_KIND_SYSRQ)
		return false;
	return req->panic_on_oom.v == 2 || req->kind == OOMX_KIND_GLOBAL;
}

static u32 scan_result(const struct oomx_choice *c, const struct oomx_request *req)
{
	if (c->in_flight)
		return OOMX_RESULT_VICTIM_IN_FLIGHT;
	if (c->cut)
		return 0;
	if (c->pid)
		return c->blind ? 0 : OOMX_RESULT_KILLED;
	if (req->kind == OOMX_KIND_MEMCG || req->kind == OOMX_KIND_SYSRQ)
		return OOMX_RESULT_NO_KILLABLE;
	return OOMX_RESULT_PANIC;
}

/**
 * oomx_choice_end() - after the last task: what will become of the event
 * @c: choice; its rule and result are set
 * @req: what the choice depends on, beside the tasks
 *
 * Source: out_of_memory(), in its order. What cannot be seen at its entry is not in it:
 * notifiers that free memory, and a trigger or a victim that is about to die.
 *
 * Context: Any.
 */
void oomx_choice_end(struct oomx_choice *c, const struct oomx_request *req)
{
	if (req->no_fs) {
		c->result = OOMX_RESULT_NO_FS;
	} else if (panics(req)) {
		c->result = OOMX_RESULT_PANIC;
	} else if (req->kill_allocating.v && req->kind != OOMX_KIND_MEMCG && c->cut) {
		c->result = 0;	/* the trigger may be one of those not seen */
	} else if (req->kill_allocating.v && req->kind != OOMX_KIND_MEMCG && c->trigger_pid) {
		c->result = OOMX_RESULT_KILLED;
		c->rule = OOMX_RULE_ALLOCATING;
		c->pid = c->trigger_pid;
		c->tgid = c->trigger_tgid;
		c->ties = 0;
		c->in_flight = 0;
	} else {
		c->result = scan_result(c, req);
	}
	if (c->result != OOMX_RESULT_KILLED)
		c->pid = 0;
}

/**
 * oomx_choice_values() - the choice as values of OOMX_SEC_CHOICE
 * @c: choice, ended
 * @v: values, enum oomx_choice_value
 *
 * Context: Any.
 * Return: mask of the values that are known.
 */
u64 oomx_choice_values(const struct oomx_choice *c, u64 v[OOMX_CHOICE_NR])
{
	u64 valid = 0;

	memset(v, 0, OOMX_CHOICE_NR * sizeof(*v));
	if (c->result)
		oomx_put(&valid, v, OOMX_CHOICE_RESULT, c->result);
	if (c->in_flight)
		oomx_put(&valid, v, OOMX_CHOICE_IN_FLIGHT, c->in_flight);
	if (!c->pid)
		return valid;
	oomx_put(&valid, v, OOMX_CHOICE_RULE, c->rule);
	oomx_put(&valid, v, OOMX_CHOICE_PID, c->pid);
	oomx_put(&valid, v, OOMX_CHOICE_TGID, c->tgid);
	if (c->rule != OOMX_RULE_BADNESS)
		return valid;
	oomx_put(&valid, v, OOMX_CHOICE_POINTS, c->points);
	oomx_put(&valid, v, OOMX_CHOICE_TIES, c->ties);
	if (c->n > 1)
		oomx_put(&valid, v, OOMX_CHOICE_MARGIN, c->points - c->second);
	return valid;
}
