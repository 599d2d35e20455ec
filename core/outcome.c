// SPDX-License-Identifier: GPL-2.0
/*
 * How an event ended, from its record and its follow-ups. Pure.
 */
#include "oomx_names.h"
#include "oomx_outcome.h"
#include "oomx_select.h"

/**
 * oomx_fact_choice() - a value of the replay
 * @f: facts
 * @value: enum oomx_choice_value
 *
 * Context: Any.
 * Return: the value, or one that is not known.
 */
struct oomx_opt oomx_fact_choice(const struct oomx_facts *f, u32 value)
{
	struct oomx_table t = oomx_record_table(f->view->event, OOMX_SEC_CHOICE);

	return oomx_table_value(&t, 0, value);
}

/* The first value of this kind that a follow-up has. */
static struct oomx_opt decision_value(const struct oomx_facts *f, u32 value)
{
	struct oomx_opt v = { 0 };
	struct oomx_followup at = { 0 };
	struct oomx_table t;

	while (!v.known && oomx_followup_find(f->view, &at, OOMX_SEC_DECISION)) {
		t = oomx_section_table(at.section);
		v = oomx_table_value(&t, 0, value);
	}
	return v;
}

/**
 * oomx_victim_next() - walk the victims of an event
 * @f: facts
 * @at: zeroed before the first call
 * @v: set to the next victim
 *
 * Context: Any.
 * Return: false at the end.
 */
bool oomx_victim_next(const struct oomx_facts *f, struct oomx_followup *at, struct oomx_victim *v)
{
	struct oomx_table t;

	while (oomx_followup_find(f->view, at, OOMX_SEC_VICTIM)) {
		t = oomx_section_table(at->section);
		if (!oomx_table_get(&t, 0, v, sizeof(*v)))
			continue;
		v->comm[OOMX_COMM_LEN - 1] = '\0';
		return true;
	}
	return false;
}

/* When the first such thing happened to @pid. */
static struct oomx_opt moment(const struct oomx_facts *f, u16 type, u32 pid)
{
	struct oomx_followup at = { 0 };
	struct oomx_opt never = { 0 };
	struct oomx_moment m;
	struct oomx_table t;

	while (oomx_followup_find(f->view, &at, type)) {
		t = oomx_section_table(at.section);
		if (oomx_table_get(&t, 0, &m, sizeof(m)) && m.pid == pid)
			return oomx_known(m.after_ns);
	}
	return never;
}

/**
 * oomx_victim_reaped() - when the OOM reaper was done with a victim
 * @f: facts
 * @pid: of the victim
 *
 * Context: Any.
 * Return: ns since the trigger; not known when it was not seen.
 */
struct oomx_opt oomx_victim_reaped(const struct oomx_facts *f, u32 pid)
{
	return moment(f, OOMX_SEC_REAP, pid);
}

/**
 * oomx_victim_released() - when a victim gave up its memory
 * @f: facts
 * @pid: of the victim
 *
 * Context: Any.
 * Return: ns since the trigger; not known when it was not seen.
 */
struct oomx_opt oomx_victim_released(const struct oomx_facts *f, u32 pid)
{
	return moment(f, OOMX_SEC_RELEASE, pid);
}

/**
 * oomx_victim_stuck() - did a victim keep its memory for too long?
 * @f: facts
 * @pid: of the victim
 *
 * Context: Any.
 * Return: true when it still had it after 10 s.
 */
bool oomx_victim_stuck(const struct oomx_facts *f, u32 pid)
{
	return moment(f, OOMX_SEC_STUCK, pid).known;
}

/**
 * oomx_result_name() - name of a result
 * @result: enum oomx_result
 *
 * Context: Any.
 * Return: the name, or NULL when it is not known.
 */
const char *oomx_result_name(u32 result)
{
	return result < ARRAY_SIZE(oomx_result_names) ? oomx_result_names[result] : NULL;
}

/**
 * oomx_mark_result() - what it means that a victim is marked
 * @counted: the kernel had counted the pages for its choice
 * @kills: kills that it counted since the trigger; a number above 0 when not known
 * @group: memory.oom.group of the victim's cgroup applies
 *
 * Source: out_of_memory() marks a dying trigger before it looks for a victim;
 * oom_kill_process() marks a dying victim without a kill.
 *
 * Context: Any.
 * Return: enum oomx_result.
 */
u32 oomx_mark_result(bool counted, u64 kills, bool group)
{
	if (!counted)
		return OOMX_RESULT_CURRENT_DYING;
	if (!kills)
		return OOMX_RESULT_VICTIM_EXITING;
	return group ? OOMX_RESULT_GROUP_KILLED : OOMX_RESULT_KILLED;
}

/**
 * oomx_followup_result() - what a follow-up with a victim says of the end
 * @r: follow-up, well-formed
 *
 * Context: Any.
 * Return: enum oomx_result.
 */
u32 oomx_followup_result(const struct oomx_record *r)
{
	struct oomx_table d = oomx_record_table(r, OOMX_SEC_DECISION);
	struct oomx_opt kills = oomx_table_value(&d, 0, OOMX_DEC_KILLS);
	struct oomx_opt told = oomx_table_value(&d, 0, OOMX_DEC_RESULT);

	if (told.known)
		return told.v;
	return oomx_mark_result(oomx_table_value(&d, 0, OOMX_DEC_TOTALPAGES).known,
				kills.known ? kills.v : 1,
				oomx_table_value(&d, 0, OOMX_DEC_OOM_GROUP).v);
}

/**
 * oomx_agrees() - did the kernel do as predicted?
 * @predicted_tgid: process that the replay chose; 0: none
 * @points: its points
 * @by_points: the rule was badness
 * @tgid: process that was marked first
 * @kernel_points: as the kernel counted them
 *
 * Context: Any.
 * Return: true if it is the same process with the same points.
 */
bool oomx_agrees(u64 predicted_tgid, s64 points, bool by_points, u32 tgid, s64 kernel_points)
{
	return predicted_tgid == tgid && (!by_points || points == kernel_points);
}

/**
 * oomx_fact_totalpages() - the base of the scores
 * @f: facts
 *
 * Context: Any.
 * Return: the kernel's own where it told it, else ours; or one that is not known.
 */
struct oomx_opt oomx_fact_totalpages(const struct oomx_facts *f)
{
	struct oomx_opt total = decision_value(f, OOMX_DEC_TOTALPAGES);

	return total.known ? total : oomx_fact_capture(f, OOMX_CAP_TOTALPAGES);
}

/**
 * oomx_fact_score() - points of a task on the scale of oom_score_adj
 * @f: facts
 * @t: task
 *
 * Where the kernel's totalpages are not ours, the points are counted again with them.
 *
 * Context: Any.
 * Return: the score, signed; not known for tasks that have no points.
 */
struct oomx_opt oomx_fact_score(const struct oomx_facts *f, const struct oomx_task *t)
{
	struct oomx_opt ours = oomx_fact_capture(f, OOMX_CAP_TOTALPAGES);
	struct oomx_opt total = oomx_fact_totalpages(f), none = { 0 };
	s64 points = t->points;

	if (!(t->flags & OOMX_TASK_HAS_POINTS) || !total.known)
		return none;
	if (total.v != ours.v)
		points = oomx_badness(t, f->page_size, total.v);
	return oomx_known(oomx_score(points, total.v));
}

/*
 * A log tells who was killed, and until 5.2 the score and whether a child was killed instead
 * of the task that was chosen.
 */
static void compare_log(const struct oomx_facts *f, struct oomx_decision *d)
{
	struct oomx_opt chosen = decision_value(f, OOMX_DEC_CHOSEN), score;
	struct oomx_followup at = { 0 };
	struct oomx_victim v;
	struct oomx_task task;
	u32 i;

	d->kernel_score = decision_value(f, OOMX_DEC_SCORE);
	if (!d->predicted.known || !oomx_victim_next(f, &at, &v))
		return;
	d->same = d->predicted.v == (chosen.known ? chosen.v : v.pid);
	for (i = 0; oomx_table_get(&f->tasks, i, &task, sizeof(task)); i++)
		if (task.pid == d->predicted.v)
			d->score = oomx_fact_score(f, &task);
	score = d->score;
	d->agrees = oomx_known(d->same && (!d->kernel_score.known || !score.known ||
					   score.v == d->kernel_score.v));
}

static void compare(const struct oomx_facts *f, struct oomx_decision *d)
{
	struct oomx_followup at = { 0 };
	struct oomx_victim v;

	if (f->imported) {
		compare_log(f, d);
		return;
	}
	if (!d->kernel_points.known || !oomx_victim_next(f, &at, &v) ||
	    !oomx_fact_choice(f, OOMX_CHOICE_RESULT).known)
		return;
	d->same = d->tgid.known && d->tgid.v == v.tgid;
	d->agrees = oomx_known(oomx_agrees(d->tgid.v, (s64)d->points.v, d->points.known, v.tgid,
					   (s64)d->kernel_points.v));
}

/**
 * oomx_decision() - what was predicted, and what the kernel decided
 * @f: facts
 * @d: set here
 *
 * Context: Any.
 */
void oomx_decision(const struct oomx_facts *f, struct oomx_decision *d)
{
	memset(d, 0, sizeof(*d));
	d->totalpages = oomx_fact_totalpages(f);
	d->predicted = oomx_fact_choice(f, OOMX_CHOICE_PID);
	d->tgid = oomx_fact_choice(f, OOMX_CHOICE_TGID);
	d->points = oomx_fact_choice(f, OOMX_CHOICE_POINTS);
	d->margin = oomx_fact_choice(f, OOMX_CHOICE_MARGIN);
	d->ties = oomx_fact_choice(f, OOMX_CHOICE_TIES);
	d->rule = oomx_fact_choice(f, OOMX_CHOICE_RULE);
	d->kernel_points = decision_value(f, OOMX_DEC_CHOSEN_POINTS);
	compare(f, d);
}

/* The victims, whether all of them are done with, and what the first one tells. */
static void see_victims(const struct oomx_facts *f, struct oomx_outcome *o)
{
	struct oomx_followup at = { 0 };
	struct oomx_victim v;

	o->settled = true;
	while (oomx_victim_next(f, &at, &v)) {
		if (!o->victims++)
			o->result = oomx_followup_result(at.record);
		if (!(v.flags & OOMX_VICTIM_SHARES_MM) && !oomx_victim_released(f, v.pid).known &&
		    !oomx_victim_stuck(f, v.pid))
			o->settled = false;
	}
}

static void see_releases(const struct oomx_facts *f, struct oomx_outcome *o)
{
	struct oomx_followup at = { 0 };
	struct oomx_release r;
	struct oomx_table t;

	while (oomx_followup_find(f->view, &at, OOMX_SEC_RELEASE)) {
		t = oomx_section_table(at.section);
		oomx_table_get(&t, 0, &r, sizeof(r));
		if (r.flags & OOMX_RELEASE_HAS_FREED)
			o->freed = oomx_known(r.freed);
	}
}

static void see_repeat(const struct oomx_facts *f, struct oomx_outcome *o)
{
	struct oomx_followup at = { 0 };
	struct oomx_repeat again;
	struct oomx_table t;

	if (!oomx_followup_find(f->view, &at, OOMX_SEC_REPEAT))
		return;
	t = oomx_section_table(at.section);
	oomx_table_get(&t, 0, &again, sizeof(again));
	o->again_ns = oomx_known(again.after_ns);
	o->again_event = oomx_known(again.event);
}

/* Without a victim: what the replay says, where that needs no victim. */
static void infer(const struct oomx_facts *f, struct oomx_outcome *o)
{
	struct oomx_opt result = oomx_fact_choice(f, OOMX_CHOICE_RESULT);
	struct oomx_followup at = { 0 };

	o->settled = false;
	if (decision_value(f, OOMX_DEC_RESULT).known) {
		o->result = decision_value(f, OOMX_DEC_RESULT).v;
		o->settled = true;
		return;
	}
	if (f->imported)
		return;
	if (o->notifier_freed.v && f->trigger.kind != OOMX_KIND_SYSRQ) {
		o->result = OOMX_RESULT_FREED_BY_NOTIFIER;
		o->settled = true;
		return;
	}
	if (!result.known || f->trigger.kind == OOMX_KIND_MANUAL)
		return;
	o->inferred = result.v != OOMX_RESULT_NO_FS;
	if (result.v != OOMX_RESULT_KILLED)
		o->result = result.v;
	else if (oomx_followup_find(f->view, &at, OOMX_SEC_NO_VICTIM))
		o->result = OOMX_RESULT_VICTIM_EXITING;
	o->settled = o->result;
	o->inferred = o->inferred && o->result;
}

/**
 * oomx_outcome() - how the event ended
 * @f: facts
 * @o: set here
 *
 * Context: Any.
 */
void oomx_outcome(const struct oomx_facts *f, struct oomx_outcome *o)
{
	memset(o, 0, sizeof(*o));
	o->notifier_freed = decision_value(f, OOMX_DEC_NOTIFIER_FREED);
	see_victims(f, o);
	see_releases(f, o);
	see_repeat(f, o);
	if (!o->victims)
		infer(f, o);
}
