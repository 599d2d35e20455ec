// SPDX-License-Identifier: GPL-2.0
/*
 * What happened, in a few sentences. Pure.
 */
#include "oomx_explain.h"
#include "oomx_names.h"
#include "oomx_select.h"

#define INDENT		2
#define ADVICE_MAX	3

/* The three largest parts of the balance, free memory left out. */
static void say_balance(struct oomx_text *t, const struct oomx_facts *f)
{
	struct oomx_balance parts[OOMX_BALANCE_MAX];
	u32 n = oomx_balance(f, parts), i, k, max;
	s64 managed = (s64)oomx_fact_zones(f, OOMX_ZONE_MANAGED).v;

	if (n < 5 || managed <= 0)
		return;
	oomx_print(t, "Of the machine's memory the most is:");
	for (k = 0; k < 3; k++) {
		max = 2;	/* 0 and 1 are free */
		for (i = 2; i < n; i++)
			if (parts[i].pages > parts[max].pages)
				max = i;
		oomx_print(t, "%s %s ", k ? "," : "", parts[max].name);
		oomx_explain_mb(t, oomx_known(max_t(s64, parts[max].pages, 0)), f->page_size);
		oomx_print(t, " (%lld %%)", (long long)parts[max].pages * 100 / managed);
		parts[max].pages = -1;
	}
	oomx_print(t, ". ");
}

static void say_task(struct oomx_text *t, const char *comm, u32 pid)
{
	oomx_print_untrusted(t, comm);
	oomx_print(t, " (pid %u)", pid);
}

static void say_request(struct oomx_text *t, const struct oomx_facts *f)
{
	const struct oomx_trigger *tr = &f->trigger;

	if (tr->order < 0)
		return;
	say_task(t, tr->comm, tr->pid);
	oomx_print(t, " asked for ");
	if (tr->order < 32)
		oomx_explain_mb(t, oomx_known(1ULL << tr->order), f->page_size);
	else
		oomx_print(t, "n/a");
	oomx_print(t, " (order %d, ", tr->order);
	oomx_print_untrusted(t, oomx_fact_string(f, tr->gfp_flags));
	oomx_print(t, "). ");
}

static void say_ranked(struct oomx_text *t, const struct oomx_facts *f,
		       const struct oomx_task *task)
{
	struct oomx_opt total = oomx_fact_capture(f, OOMX_CAP_TOTALPAGES);

	say_task(t, task->comm, task->pid);
	if (task->status == OOMX_TASK_OOM_ORIGIN)
		oomx_print(t, ", which asked to be killed first");
	else if (task->flags & OOMX_TASK_HAS_POINTS)
		oomx_print(t, " with %lld points (score %lld)", (long long)task->points,
			   (long long)oomx_score(task->points, total.v));
}

static void say_ranking(struct oomx_text *t, const struct oomx_facts *f)
{
	struct oomx_opt n = oomx_fact_capture(f, OOMX_CAP_CANDIDATES);
	struct oomx_task task;

	if (!oomx_fact_task(f, 0, &task) || !oomx_task_selectable(&task)) {
		oomx_print(t, "No task could be killed. ");
		return;
	}
	oomx_print(t, "The highest badness of ");
	oomx_print_opt(t, 0, n);
	oomx_print(t, n.v == 1 ? " candidate: " : " candidates: ");
	say_ranked(t, f, &task);
	if (oomx_fact_task(f, 1, &task) && oomx_task_selectable(&task)) {
		oomx_print(t, ", then ");
		say_ranked(t, f, &task);
	}
	oomx_print(t, ". ");
}

static void say_release(struct oomx_text *t, const struct oomx_facts *f, u32 pid)
{
	struct oomx_followup at = { 0 };
	struct oomx_table table;
	struct oomx_release r;

	while (oomx_followup_find(f->view, &at, OOMX_SEC_RELEASE)) {
		table = oomx_record_table(at.record, OOMX_SEC_RELEASE);
		oomx_table_get(&table, 0, &r, sizeof(r));
		if (r.pid != pid)
			continue;
		oomx_print(t, " and gave up its memory after ");
		oomx_print_ms(t, r.after_ns);
		return;
	}
	oomx_print(t, " and has not given up its memory yet, as far as was recorded");
}

static bool say_victims(struct oomx_text *t, const struct oomx_facts *f)
{
	struct oomx_followup at = { 0 };
	struct oomx_table table;
	struct oomx_victim v;
	u32 n = 0;

	while (oomx_followup_find(f->view, &at, OOMX_SEC_VICTIM)) {
		if (++n > 3)
			continue;
		table = oomx_record_table(at.record, OOMX_SEC_VICTIM);
		oomx_table_get(&table, 0, &v, sizeof(v));
		v.comm[OOMX_COMM_LEN - 1] = '\0';
		say_task(t, v.comm, v.pid);
		oomx_print(t, " was marked to be killed; it held ");
		oomx_explain_mb(t, oomx_known(v.rss_anon + v.rss_file + v.rss_shmem), f->page_size);
		oomx_print(t, " resident");
		say_release(t, f, v.pid);
		oomx_print(t, ". ");
	}
	if (n > 3)
		oomx_print(t, "%u more were marked. ", n - 3);
	return n;
}

static void paragraph(struct oomx_text *t, const struct oomx_facts *f,
		      void (*say)(struct oomx_text *t, const struct oomx_facts *f))
{
	oomx_wrap(t, INDENT);
	say(t, f);
	oomx_wrap_end(t);
}

static void say_outcome(struct oomx_text *t, const struct oomx_facts *f)
{
	if (!say_victims(t, f))
		oomx_print(t, "No task is known to have been marked to be killed. ");
}

static void say_why(struct oomx_text *t, const struct oomx_facts *f)
{
	say_request(t, f);
	oomx_explain_zones(t, f);
	oomx_explain_swap(t, f);
}

static void print_cause(struct oomx_text *t, const struct oomx_facts *f,
			const struct oomx_cause *c)
{
	oomx_print(t, "  Cause: %s%s\n", oomx_cause_names[c->class],
		   oomx_swap_full(f) ? ", swap full" : "");
	oomx_wrap(t, INDENT);
	oomx_explain_cause(t, f, c);
	oomx_wrap_end(t);
	oomx_print(t, "\n");
}

static void print_advice(struct oomx_text *t, const struct oomx_facts *f,
			 const struct oomx_cause *c)
{
	u32 at = 0, next = 0, n;

	for (n = 0; n < ADVICE_MAX; n++) {
		struct oomx_text nowhere = { 0 };

		if (!oomx_advice(&nowhere, f, c, &next))
			break;
		oomx_wrap(t, INDENT);
		oomx_print(t, "Advice: ");
		oomx_advice(t, f, c, &at);
		oomx_wrap_end(t);
		oomx_print(t, "\n");
	}
}

/**
 * oomx_report_summary() - why it happened and what, in a few sentences
 * @t: text
 * @f: facts; the order of the view is filled
 *
 * Context: Any.
 */
void oomx_report_summary(struct oomx_text *t, const struct oomx_facts *f)
{
	struct oomx_cause cause;

	oomx_cause(f, &cause);
	print_cause(t, f, &cause);
	paragraph(t, f, say_why);
	oomx_print(t, "\n");
	paragraph(t, f, say_balance);
	oomx_print(t, "\n");
	paragraph(t, f, say_ranking);
	oomx_print(t, "\n");
	paragraph(t, f, say_outcome);
	oomx_print(t, "\n");
	print_advice(t, f, &cause);
}
