// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's choice, held against the task table of its log, in sentences. Pure.
 */
#include "oomx_explain.h"
#include "oomx_outcome.h"
#include "oomx_select.h"

static bool find_task(const struct oomx_facts *f, u64 pid, struct oomx_task *task)
{
	u32 i;

	for (i = 0; oomx_table_get(&f->tasks, i, task, sizeof(*task)); i++)
		if (task->pid == pid) {
			task->comm[OOMX_COMM_LEN - 1] = '\0';
			return true;
		}
	return false;
}

static void say_task(struct oomx_text *t, const struct oomx_task *task)
{
	oomx_print_untrusted(t, task->comm);
	oomx_print(t, " (pid %u)", task->pid);
}

/**
 * oomx_say_log_choice() - who had to be chosen, where the points are not known
 * @t: text
 * @f: facts of an imported event with tasks; the order of the view is filled
 *
 * Context: Any.
 */
void oomx_say_log_choice(struct oomx_text *t, const struct oomx_facts *f)
{
	struct oomx_opt pid = oomx_fact_choice(f, OOMX_CHOICE_PID);
	struct oomx_task task;

	if (pid.known && find_task(f, pid.v, &task)) {
		oomx_print(t, "Of the %u tasks in the log ", f->tasks.count);
		say_task(t, &task);
		oomx_print(t, " has the highest badness, ");
		oomx_print(t, "however much swap there is. ");
		return;
	}
	oomx_fact_task(f, 0, &task);
	oomx_print(t, "Points cannot be told from this log; of the candidates ");
	say_task(t, &task);
	oomx_print(t, " holds the most, ");
	oomx_explain_mb(t, oomx_known(oomx_task_usage(&task, f->page_size)), f->page_size);
	oomx_print(t, ". ");
}

/* A score that the kernel printed and ours, where they differ. */
static void say_score(struct oomx_text *t, const struct oomx_decision *d)
{
	oomx_print(t, "It is the choice that follows from the task table, but the kernel printed ");
	oomx_print(t, "a score of %lld, and the table makes %lld: ",
		   (long long)d->kernel_score.v, (long long)d->score.v);
	oomx_print(t, "the sizes moved between the two, or uid 0 was not root. ");
}

/* What the table cannot show, and what might have been in the way of the first. */
static void say_why_other(struct oomx_text *t, const struct oomx_facts *f,
			  const struct oomx_decision *d)
{
	struct oomx_task first;

	if (!find_task(f, d->predicted.v, &first))
		return;
	oomx_print(t, "It does not follow from the task table, where ");
	say_task(t, &first);
	oomx_print(t, " comes first");
	if (d->points.known)
		oomx_print(t, " with %lld points", (long long)d->points.v);
	oomx_print(t, ". A table does not show whose memory was taken before, who is between ");
	oomx_print(t, "vfork() and exec() or outside of the cpuset, and sizes that move ");
	oomx_print(t, "while it is printed: one of these would explain it. ");
}

static void say_child(struct oomx_text *t, const struct oomx_facts *f, u64 pid)
{
	struct oomx_task task;

	oomx_print(t, "The kernel had chosen ");
	if (find_task(f, pid, &task))
		say_task(t, &task);
	else
		oomx_print(t, "pid %llu", (unsigned long long)pid);
	oomx_print(t, " and sacrificed a child of it, as kernels before 5.1 do. ");
}

/**
 * oomx_say_log_agreement() - does the kernel's choice follow from the table of its log?
 * @t: text
 * @f: facts of an imported event
 *
 * Context: Any. Nothing is said where it cannot be told.
 */
void oomx_say_log_agreement(struct oomx_text *t, const struct oomx_facts *f)
{
	struct oomx_followup at = { 0 };
	struct oomx_opt chosen = { 0 };
	struct oomx_decision d;
	struct oomx_table table;

	if (oomx_followup_find(f->view, &at, OOMX_SEC_DECISION)) {
		table = oomx_section_table(at.section);
		chosen = oomx_table_value(&table, 0, OOMX_DEC_CHOSEN);
	}
	if (chosen.known)
		say_child(t, f, chosen.v);
	oomx_decision(f, &d);
	if (!d.agrees.known)
		return;
	if (!d.same) {
		say_why_other(t, f, &d);
	} else if (!d.agrees.v) {
		say_score(t, &d);
	} else if (d.kernel_score.known && d.score.known) {
		oomx_print(t, "It is the choice that follows from the task table, with the ");
		oomx_print(t, "score of %lld that the kernel printed. ", (long long)d.score.v);
	} else {
		oomx_print(t, "It is the choice that follows from the task table. ");
	}
}
