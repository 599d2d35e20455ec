// SPDX-License-Identifier: GPL-2.0
/*
 * Who was chosen, why, why not others, and whether it helped: as text. Pure.
 */
#include "oomx_explain.h"
#include "oomx_names.h"
#include "oomx_outcome.h"
#include "oomx_select.h"

#define VICTIMS_MAX	3	/* victims named in the summary */
#define WHY_NOT_MAX	2	/* tasks of which the summary says why they were spared */

static void say_task(struct oomx_text *t, const char *comm, u32 pid)
{
	oomx_print_untrusted(t, comm);
	oomx_print(t, " (pid %u)", pid);
}

static void say_ranked(struct oomx_text *t, const struct oomx_facts *f,
		       const struct oomx_task *task)
{
	struct oomx_opt score = oomx_fact_score(f, task);

	say_task(t, task->comm, task->pid);
	if (task->status == OOMX_TASK_OOM_ORIGIN)
		oomx_print(t, ", which asked to be killed first");
	else if (score.known)
		oomx_print(t, " with %lld points (score %lld)", (long long)task->points,
			   (long long)score.v);
	else if (task->flags & OOMX_TASK_HAS_POINTS)
		oomx_print(t, " with %lld points", (long long)task->points);
}

/* Candidates in the record whose points are not known. A panic has no order of them. */
static u32 without_points(const struct oomx_facts *f)
{
	struct oomx_task task;
	u32 n = 0, i;

	for (i = 0; oomx_table_get(&f->tasks, i, &task, sizeof(task)); i++)
		n += task.status == OOMX_TASK_CANDIDATE && !(task.flags & OOMX_TASK_HAS_POINTS);
	return n;
}

static void say_candidates(struct oomx_text *t, const struct oomx_facts *f,
			   const struct oomx_task *first)
{
	struct oomx_opt n = oomx_fact_capture(f, OOMX_CAP_CANDIDATES);
	u32 unknown = first->status == OOMX_TASK_CANDIDATE ? without_points(f) : 0;

	if (!unknown) {
		oomx_print(t, "The highest badness of ");
		oomx_print_opt(t, 0, n);
		oomx_print(t, n.v == 1 ? " candidate: " : " candidates: ");
		return;
	}
	oomx_print(t, "The points of %u of ", unknown);
	oomx_print_opt(t, 0, n);
	oomx_print(t, n.v == 1 ? " candidate" : " candidates");
	oomx_print(t, " are not known: any of these may come first. ");
	oomx_print(t, first->flags & OOMX_TASK_HAS_POINTS ? "The highest of the others: " :
							     "The largest: ");
}

static void say_ranking(struct oomx_text *t, const struct oomx_facts *f)
{
	struct oomx_decision d;
	struct oomx_task task;

	if (!oomx_fact_task(f, 0, &task) || !oomx_task_selectable(&task)) {
		oomx_print(t, f->imported && !f->tasks.count ? "The log holds no task table. " :
							      "No task could be killed. ");
		return;
	}
	if (f->imported && !(task.flags & OOMX_TASK_HAS_POINTS)) {
		oomx_say_log_choice(t, f);
		return;
	}
	oomx_decision(f, &d);
	say_candidates(t, f, &task);
	say_ranked(t, f, &task);
	if (oomx_fact_task(f, 1, &task) && oomx_task_selectable(&task)) {
		oomx_print(t, ", then ");
		say_ranked(t, f, &task);
	}
	if (d.margin.known)
		oomx_print(t, "; the margin is %llu points", (unsigned long long)d.margin.v);
	oomx_print(t, ". ");
	if (d.ties.v)
		oomx_print(t, "%llu more had as many points: the kernel takes the last it sees. ",
			   (unsigned long long)d.ties.v);
}

/* The task of the prediction. Return: false when there is none in the record. */
static bool chosen(const struct oomx_facts *f, struct oomx_task *task)
{
	struct oomx_opt tgid = oomx_fact_choice(f, OOMX_CHOICE_TGID);
	u32 i;

	for (i = 0; tgid.known && oomx_fact_task(f, i, task); i++)
		if (task->tgid == tgid.v)
			return true;
	return false;
}

/* Another candidate that uses more: then oom_score_adj made the difference. */
static void say_although(struct oomx_text *t, const struct oomx_facts *f,
			 const struct oomx_task *task)
{
	u64 usage = oomx_task_usage(task, f->page_size);
	struct oomx_task other;
	u32 rank, i;

	for (i = 0, rank = 0; oomx_fact_task(f, i, &other); i++) {
		rank += oomx_task_selectable(&other);
		if (!oomx_task_selectable(&other) || other.tgid == task->tgid ||
		    oomx_task_usage(&other, f->page_size) <= usage)
			continue;
		oomx_print(t, "It comes first although #%u, ", rank);
		say_task(t, other.comm, other.pid);
		oomx_print(t, ", uses more memory, because of oom_score_adj %d",
			   task->oom_score_adj);
		oomx_print(t, " against %d. ", other.oom_score_adj);
		return;
	}
}

static const char *why_not(u8 status)
{
	static const char *const reasons[] = {
		[OOMX_TASK_INIT] = "it is init",
		[OOMX_TASK_OTHER_CPUSET] = "its cpuset has no node in common with the trigger's",
		[OOMX_TASK_OTHER_MEMPOLICY] = "its memory policy allows none of the nodes",
		[OOMX_TASK_IN_FLIGHT] = "it was killed before, and has not gone yet",
		[OOMX_TASK_OOM_SKIP] = "its memory was taken before, or cannot be",
		[OOMX_TASK_ADJ_MIN] = "its oom_score_adj is -1000",
		[OOMX_TASK_VFORK] = "it is between vfork() and exec()",
		[OOMX_TASK_LOCKED] = "its lock was held, so that nothing is known of it",
	};

	return status < ARRAY_SIZE(reasons) ? reasons[status] : NULL;
}

static void say_spared(struct oomx_text *t, const struct oomx_facts *f,
		       const struct oomx_task *task)
{
	oomx_print(t, "Not ");
	say_task(t, task->comm, task->pid);
	oomx_print(t, " with ");
	oomx_explain_mb(t, oomx_known(oomx_task_usage(task, f->page_size)), f->page_size);
	oomx_print(t, ": %s. ", why_not(task->status));
}

/* Tasks that hold more than the one chosen, and could not be. */
static void say_why_not(struct oomx_text *t, const struct oomx_facts *f, u64 usage)
{
	struct oomx_task task;
	u32 said = 0, i;

	for (i = 0; said < WHY_NOT_MAX && oomx_fact_task(f, i, &task); i++) {
		if (!why_not(task.status) || oomx_task_usage(&task, f->page_size) <= usage)
			continue;
		if (task.status == OOMX_TASK_INIT && !usage)
			continue;	/* nobody would have expected that */
		said++;
		say_spared(t, f, &task);
	}
}

/**
 * oomx_say_choice() - who was to be chosen, why, and why not the others
 * @t: text
 * @f: facts; the order of the view is filled
 *
 * Context: Any.
 */
void oomx_say_choice(struct oomx_text *t, const struct oomx_facts *f)
{
	struct oomx_opt rule = oomx_fact_choice(f, OOMX_CHOICE_RULE);
	struct oomx_task task;
	u64 usage = 0;

	if (rule.v == OOMX_RULE_ALLOCATING)
		oomx_print(t, "vm.oom_kill_allocating_task is set: the trigger itself is killed. ");
	else
		say_ranking(t, f);
	if (chosen(f, &task)) {
		usage = oomx_task_usage(&task, f->page_size);
		if (rule.v == OOMX_RULE_BADNESS)
			say_although(t, f, &task);
	}
	if (rule.v != OOMX_RULE_ALLOCATING)
		say_why_not(t, f, usage);
}

/* The highest of the ranking, without it. Return: false when there is no task. */
static bool first(const struct oomx_facts *f, struct oomx_task *task)
{
	struct oomx_task other;
	u32 i;

	if (!oomx_table_get(&f->tasks, 0, task, sizeof(*task)))
		return false;
	for (i = 1; oomx_table_get(&f->tasks, i, &other, sizeof(other)); i++)
		if (oomx_ranks_before(&other, task))
			*task = other;
	task->comm[OOMX_COMM_LEN - 1] = '\0';
	return true;
}

/**
 * oomx_say_first() - who comes first, or why nobody does: where there is no order of the view
 * @t: text
 * @f: facts
 *
 * Context: Any. Linear in the number of tasks.
 */
void oomx_say_first(struct oomx_text *t, const struct oomx_facts *f)
{
	struct oomx_opt unseen = oomx_fact_capture(f, OOMX_CAP_UNSEEN);
	struct oomx_task task;

	if (unseen.v)
		oomx_print(t, "%llu tasks were not looked at, for lack of time. ",
			   (unsigned long long)unseen.v);
	if (!first(f, &task))
		return;
	if (oomx_task_selectable(&task)) {
		say_candidates(t, f, &task);
		say_ranked(t, f, &task);
		oomx_print(t, ". ");
		return;
	}
	if (!unseen.v)
		oomx_print(t, "No task could be killed. ");
	if (why_not(task.status))
		say_spared(t, f, &task);
}

static void say_end(struct oomx_text *t, const struct oomx_facts *f, const struct oomx_victim *v)
{
	struct oomx_opt reaped = oomx_victim_reaped(f, v->pid);
	struct oomx_opt released = oomx_victim_released(f, v->pid);

	if (reaped.known && reaped.v == OOMX_NO_TIME) {
		oomx_print(t, " and was reaped");
	} else if (reaped.known) {
		oomx_print(t, f->imported ? " and was reaped after " : ", was reaped after ");
		oomx_print_ms(t, reaped.v);
	}
	if (f->imported)
		return;
	if (released.known) {
		oomx_print(t, " and gave up its memory %safter ",
			   oomx_victim_stuck(f, v->pid) ? "only " : "");
		oomx_print_ms(t, released.v);
	} else if (oomx_victim_stuck(f, v->pid)) {
		oomx_print(t, " and is stuck: it has not given up its memory in 10 s");
	} else {
		oomx_print(t, " and has not given up its memory yet, as far as was recorded");
	}
}

static void say_victim(struct oomx_text *t, const struct oomx_facts *f,
		       const struct oomx_victim *v, u32 result)
{
	say_task(t, v->comm, v->pid);
	if (v->flags & OOMX_VICTIM_SHARES_MM) {
		oomx_print(t, " was killed, too, because it shares that memory. ");
		return;
	}
	if (result == OOMX_RESULT_CURRENT_DYING || result == OOMX_RESULT_VICTIM_EXITING)
		oomx_print(t, " was about to die and got access to the reserves; it held ");
	else
		oomx_print(t, f->imported ? " was killed" : " was marked to be killed; it held ");
	if (f->imported && !(v->flags & OOMX_VICTIM_NO_RSS))
		oomx_print(t, "; it held ");
	if (!(v->flags & OOMX_VICTIM_NO_RSS)) {
		oomx_explain_mb(t, oomx_known(v->rss_anon + v->rss_file + v->rss_shmem),
				f->page_size);
		oomx_print(t, " resident");
	}
	say_end(t, f, v);
	oomx_print(t, ". ");
}

static void say_victims(struct oomx_text *t, const struct oomx_facts *f,
			const struct oomx_outcome *o)
{
	struct oomx_followup at = { 0 };
	struct oomx_victim v;
	u32 n = 0;

	if (o->result == OOMX_RESULT_GROUP_KILLED)
		oomx_print(t, "memory.oom.group had all tasks of the cgroup killed. ");
	while (oomx_victim_next(f, &at, &v))
		if (n++ < VICTIMS_MAX)
			say_victim(t, f, &v, o->result);
	if (n > VICTIMS_MAX)
		oomx_print(t, "%u more were killed. ", n - VICTIMS_MAX);
}

static const char *sentence(u32 result)
{
	static const char *const sentences[] = {
		[OOMX_RESULT_NO_FS] =
			"Nothing was killed: the request has no __GFP_FS, and is tried again. ",
		[OOMX_RESULT_VICTIM_IN_FLIGHT] =
			"Nothing was killed: the kernel waits for an earlier victim. ",
		[OOMX_RESULT_NO_KILLABLE] = "Nothing was killed: nothing could be. ",
		[OOMX_RESULT_VICTIM_EXITING] =
			"Nothing was killed: the chosen task was gone by then. ",
		[OOMX_RESULT_PANIC] = "The kernel panicked. ",
	};

	return result < ARRAY_SIZE(sentences) ? sentences[result] : NULL;
}

static void say_no_victim(struct oomx_text *t, const struct oomx_facts *f,
			  const struct oomx_outcome *o)
{
	if (o->result == OOMX_RESULT_FREED_BY_NOTIFIER) {
		oomx_print(t, "Nothing was killed: OOM notifiers gave back %llu pages. ",
			   (unsigned long long)o->notifier_freed.v);
	} else if (sentence(o->result)) {
		oomx_print(t, "%s", sentence(o->result));
		if (o->inferred)
			oomx_print(t, "(This follows from the record: there is no trace of it.) ");
	} else {
		oomx_print(t, f->imported ? "Who was killed the log does not tell. " :
			   "No task is known to have been marked to be killed. ");
	}
}

/* Where the replay chose no task. An earlier victim may go before the kernel looks. */
static void say_no_choice(struct oomx_text *t, const struct oomx_facts *f)
{
	u64 result = oomx_fact_choice(f, OOMX_CHOICE_RESULT).v;

	if (result == OOMX_RESULT_VICTIM_IN_FLIGHT)
		oomx_print(t, "an earlier victim, process %llu, was still in flight at the trigger",
			   (unsigned long long)oomx_fact_choice(f, OOMX_CHOICE_IN_FLIGHT).v);
	else if (result == OOMX_RESULT_PANIC)
		oomx_print(t, "ours was that the kernel panics");
	else
		oomx_print(t, "ours was that nothing is killed");
}

static void say_not_predicted(struct oomx_text *t, const struct oomx_facts *f,
			      const struct oomx_decision *d)
{
	oomx_print(t, "It was not predicted: ");
	if (d->predicted.known)
		oomx_print(t, "ours was pid %llu", (unsigned long long)d->predicted.v);
	else
		say_no_choice(t, f);
	if (d->points.known)
		oomx_print(t, " with %lld points", (long long)d->points.v);
	oomx_print(t, ". The kernel counted %lld points for its choice. ",
		   (long long)d->kernel_points.v);
}

static void say_agreement(struct oomx_text *t, const struct oomx_facts *f)
{
	struct oomx_decision d;

	if (f->imported) {
		oomx_say_log_agreement(t, f);
		return;
	}
	oomx_decision(f, &d);
	if (!d.agrees.known)
		return;
	if (d.agrees.v && d.points.known) {
		oomx_print(t, "This is the choice that was predicted, to the page. ");
	} else if (d.agrees.v) {
		oomx_print(t, "This is the choice that was predicted. ");
	} else if (d.same) {
		oomx_print(t, "This is the choice that was predicted, but with %lld points, ",
			   (long long)d.points.v);
		oomx_print(t, "while the kernel counted %lld. ", (long long)d.kernel_points.v);
	} else {
		say_not_predicted(t, f, &d);
	}
}

static const char *domain(const struct oomx_facts *f)
{
	if (f->trigger.kind == OOMX_KIND_SYSRQ)
		return "the machine";
	return f->trigger.kind == OOMX_KIND_MEMCG ? "the memory cgroup" :
						    "the zones of the request";
}

static void say_help(struct oomx_text *t, const struct oomx_facts *f,
		     const struct oomx_outcome *o)
{
	struct oomx_opt repeats = oomx_fact_choice(f, OOMX_CHOICE_REPEATS);
	s64 freed = (s64)o->freed.v;

	if (o->freed.known) {
		oomx_explain_mb(t, oomx_known(oomx_magnitude(freed)), f->page_size);
		oomx_print(t, freed < 0 ? " less than before are free in %s. " :
					  " came back to %s. ", domain(f));
	}
	if (o->again_ns.known) {
		oomx_print(t, "It did not help for long: out of memory again after ");
		oomx_print_ms(t, o->again_ns.v);
		oomx_print(t, " (event %llu). ", (unsigned long long)o->again_event.v);
	}
	if (repeats.v)
		oomx_print(t, "The same happened %llu times before, each within 5 s of the next. ",
			   (unsigned long long)repeats.v);
}

/**
 * oomx_say_outcome() - how it ended, and whether it helped
 * @t: text
 * @f: facts
 *
 * Context: Any.
 */
void oomx_say_outcome(struct oomx_text *t, const struct oomx_facts *f)
{
	struct oomx_outcome o;

	if (f->trigger.kind == OOMX_KIND_MANUAL) {
		oomx_print(t, "Nothing happened: this is a dry run. ");
		return;
	}
	oomx_outcome(f, &o);
	if (o.victims)
		say_victims(t, f, &o);
	else
		say_no_victim(t, f, &o);
	say_agreement(t, f);
	say_help(t, f, &o);
}
