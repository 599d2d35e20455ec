/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The choice: replayed before the kernel makes it, and held against it afterwards.
 */
#ifndef _OOMX_OUTCOME_H
#define _OOMX_OUTCOME_H

#include "oomx_report.h"
#include "oomx_select.h"

/**
 * struct oomx_choice - select_bad_process() in the making
 * @points: of the task chosen so far
 * @second: points of the best of the others
 * @pid: of the task chosen so far; 0: none
 * @tgid: its process
 * @n: tasks that could have been chosen
 * @ties: others with the same points
 * @in_flight: tgid of an earlier victim, which ended the scan; 0: none
 * @trigger_tgid: process of the trigger
 * @trigger_pid: its pid, where it could be killed for the request; 0: it could not
 * @rule: enum oomx_rule
 * @result: enum oomx_result; 0: not known
 * @blind: a candidate has no points, so that the best of them is not known
 * @cut: the scan did not come to the last task, so that none of this is known
 */
struct oomx_choice {
	s64 points;
	s64 second;
	u32 pid;
	u32 tgid;
	u32 n;
	u32 ties;
	u32 in_flight;
	u32 trigger_tgid;
	u32 trigger_pid;
	u32 rule;
	u32 result;
	bool blind;
	bool cut;
};

/**
 * struct oomx_request - what the choice depends on, beside the tasks
 * @kind: enum oomx_kind
 * @no_fs: the request has no __GFP_FS, and is not of a memory cgroup
 * @panic_on_oom: vm.panic_on_oom
 * @kill_allocating: vm.oom_kill_allocating_task
 */
struct oomx_request {
	u32 kind;
	bool no_fs;
	struct oomx_opt panic_on_oom;
	struct oomx_opt kill_allocating;
};

/* What is true of a task, for oomx_task_status(); OOMX_LOOK_LOCKED: no more is known. */
#define OOMX_LOOK_INIT		0x001	/* the global init */
#define OOMX_LOOK_OTHER_MEMCG	0x002
#define OOMX_LOOK_OTHER_CPUSET	0x004
#define OOMX_LOOK_OTHER_POLICY	0x008
#define OOMX_LOOK_VICTIM	0x010	/* marked for an earlier OOM */
#define OOMX_LOOK_VICTIM_DONE	0x020	/* ... and its memory has the mark MMF_OOM_SKIP */
#define OOMX_LOOK_ORIGIN	0x040	/* oom_task_origin() */
#define OOMX_LOOK_MM		0x080	/* one of its threads has an mm */
#define OOMX_LOOK_MM_SKIP	0x100	/* ... with the mark MMF_OOM_SKIP */
#define OOMX_LOOK_VFORK		0x200	/* in_vfork() */
#define OOMX_LOOK_LOCKED	0x400	/* a lock was held */

/**
 * oomx_choice_is() - would this task be chosen, of those seen so far?
 * @c: choice, not ended
 * @t: task that was seen
 *
 * Context: Any.
 * Return: true if it would.
 */
static inline bool oomx_choice_is(const struct oomx_choice *c, const struct oomx_task *t)
{
	return c->pid && c->tgid == t->tgid;
}

/* choice.c */
u8 oomx_task_exception(u32 look, s16 adj, bool sysrq);
void oomx_choice_begin(struct oomx_choice *c, u32 trigger_tgid);
void oomx_choice_weigh(struct oomx_choice *c, const struct oomx_task *t);
void oomx_choice_end(struct oomx_choice *c, const struct oomx_request *req);
u64 oomx_choice_values(const struct oomx_choice *c, u64 v[OOMX_CHOICE_NR]);

/**
 * oomx_task_status() - may this task be chosen, and if not, why?
 * @look: OOMX_LOOK_*
 * @adj: its oom_score_adj
 * @sysrq: the event was asked for by sysrq
 *
 * Context: Any.
 * Return: enum oomx_task_status.
 */
static inline u8 oomx_task_status(u32 look, s16 adj, bool sysrq)
{
	if (look == OOMX_LOOK_MM && adj != OOMX_ADJ_MIN)
		return OOMX_TASK_CANDIDATE;	/* as nearly all of them */
	return oomx_task_exception(look, adj, sysrq);
}

/**
 * oomx_choice_see() - the next task of the scan
 * @c: choice
 * @t: task with its status and points
 *
 * Context: Any.
 */
static inline void oomx_choice_see(struct oomx_choice *c, const struct oomx_task *t)
{
	/* nearly all of them: neither the best nor the second */
	if (t->points <= c->second && t->points < c->points && t->status == OOMX_TASK_CANDIDATE &&
	    t->flags & OOMX_TASK_HAS_POINTS && t->tgid != c->trigger_tgid && !c->in_flight)
		c->n++;
	else
		oomx_choice_weigh(c, t);
}

/**
 * struct oomx_decision - what was predicted, and what the kernel decided
 * @totalpages: base of the scores: the kernel's, or ours where it told none
 * @predicted: pid of the task that the replay chose
 * @tgid: its process
 * @points: of that task, signed
 * @margin: points to the second
 * @ties: others with the same points
 * @rule: enum oomx_rule
 * @kernel_points: of the task that the kernel chose, signed
 * @score: of the task that the replay chose; only of a log
 * @kernel_score: of the task that the kernel chose, as its log tells it
 * @same: the kernel chose the same task, whatever the points
 * @agrees: 1: the kernel chose the same task, with the same points; 0: it did not
 */
struct oomx_decision {
	struct oomx_opt totalpages;
	struct oomx_opt predicted;
	struct oomx_opt tgid;
	struct oomx_opt points;
	struct oomx_opt margin;
	struct oomx_opt ties;
	struct oomx_opt rule;
	struct oomx_opt kernel_points;
	struct oomx_opt score;
	struct oomx_opt kernel_score;
	bool same;
	struct oomx_opt agrees;
};

/**
 * struct oomx_outcome - how an event ended
 * @result: enum oomx_result; 0: not known
 * @inferred: it left no trace of its own, and follows from the replay
 * @settled: all is known that will be
 * @victims: tasks that were marked, or killed because they share memory
 * @freed: pages that came back when the last victim gave up its memory, signed
 * @notifier_freed: pages that OOM notifiers gave back
 * @again_ns: when the same domain was out of memory again
 * @again_event: number of that event
 */
struct oomx_outcome {
	u32 result;
	bool inferred;
	bool settled;
	u32 victims;
	struct oomx_opt freed;
	struct oomx_opt notifier_freed;
	struct oomx_opt again_ns;
	struct oomx_opt again_event;
};

/* outcome.c */
struct oomx_opt oomx_fact_totalpages(const struct oomx_facts *f);
struct oomx_opt oomx_fact_score(const struct oomx_facts *f, const struct oomx_task *t);
struct oomx_opt oomx_fact_choice(const struct oomx_facts *f, u32 value);
void oomx_decision(const struct oomx_facts *f, struct oomx_decision *d);
void oomx_outcome(const struct oomx_facts *f, struct oomx_outcome *o);
const char *oomx_result_name(u32 result);
u32 oomx_followup_result(const struct oomx_record *r);
u32 oomx_mark_result(bool counted, u64 kills, bool group);
bool oomx_agrees(u64 predicted_tgid, s64 points, bool by_points, u32 tgid, s64 kernel_points);
bool oomx_victim_next(const struct oomx_facts *f, struct oomx_followup *at,
		      struct oomx_victim *v);
struct oomx_opt oomx_victim_reaped(const struct oomx_facts *f, u32 pid);
struct oomx_opt oomx_victim_released(const struct oomx_facts *f, u32 pid);
bool oomx_victim_stuck(const struct oomx_facts *f, u32 pid);

/* report_choice.c */
void oomx_say_choice(struct oomx_text *t, const struct oomx_facts *f);
void oomx_say_first(struct oomx_text *t, const struct oomx_facts *f);
void oomx_say_outcome(struct oomx_text *t, const struct oomx_facts *f);
void oomx_report_aftermath(struct oomx_text *t, const struct oomx_facts *f);

/* report_log_choice.c: of a kernel log */
void oomx_say_log_choice(struct oomx_text *t, const struct oomx_facts *f);
void oomx_say_log_agreement(struct oomx_text *t, const struct oomx_facts *f);

#endif /* _OOMX_OUTCOME_H */
