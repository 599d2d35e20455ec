// SPDX-License-Identifier: GPL-2.0
/*
 * What happened, in a few sentences. Pure.
 */
#include "oomx_explain.h"
#include "oomx_names.h"
#include "oomx_outcome.h"
#include "oomx_select.h"

#define INDENT		2
#define ADVICE_MAX	3

/* The three largest parts of the balance, free memory left out. */
static void say_balance(struct oomx_text *t, const struct oomx_facts *f)
{
	struct oomx_balance parts[OOMX_BALANCE_MAX];
	u32 n = oomx_balance(f, parts), i, k, max;
	s64 managed = (s64)oomx_fact_managed(f).v;

	if (n < 5 || managed <= 0)
		return;
	oomx_print(t, "Of the machine's memory the most is:");
	for (k = 0; k < 3; k++) {
		max = n - 1;
		for (i = 0; i < n; i++)
			if (parts[i].class != OOMX_CAUSE_UNKNOWN &&
			    parts[i].pages > parts[max].pages)
				max = i;
		oomx_print(t, "%s %s ", k ? "," : "", parts[max].name);
		oomx_explain_mb(t, oomx_known(max_t(s64, parts[max].pages, 0)), f->page_size);
		oomx_print(t, " (%lld %%)", (long long)oomx_score(parts[max].pages, managed) / 10);
		parts[max].pages = -1;
	}
	oomx_print(t, ". ");
}

static void say_task(struct oomx_text *t, const char *comm, u32 pid)
{
	oomx_print_untrusted(t, comm);
	if (pid != OOMX_NONE)
		oomx_print(t, " (pid %u)", pid);
}

static void say_request(struct oomx_text *t, const struct oomx_facts *f)
{
	const struct oomx_trigger *tr = &f->trigger;

	if (tr->order < 0 || tr->kind == OOMX_KIND_MANUAL || !tr->comm[0])
		return;
	say_task(t, tr->comm, tr->pid);
	if (tr->flags & OOMX_TRIGGER_NO_REQUEST) {
		oomx_print(t, " asked for memory; how much the log does not tell. ");
		return;
	}
	oomx_print(t, " asked for ");
	if (tr->order < 32)
		oomx_explain_mb(t, oomx_known(1ULL << tr->order), f->page_size);
	else
		oomx_print(t, "n/a");
	oomx_print(t, " (order %d, ", tr->order);
	if (f->imported && !tr->gfp_flags)
		oomx_print(t, "gfp_mask %#x", tr->gfp_mask);
	else
		oomx_print_untrusted(t, oomx_fact_string(f, tr->gfp_flags));
	oomx_print(t, "). ");
}

static void paragraph(struct oomx_text *t, const struct oomx_facts *f,
		      void (*say)(struct oomx_text *t, const struct oomx_facts *f))
{
	oomx_wrap(t, INDENT);
	say(t, f);
	oomx_wrap_end(t);
}

static void say_why(struct oomx_text *t, const struct oomx_facts *f)
{
	say_request(t, f);
	oomx_explain_doing(t, f);
	oomx_explain_zones(t, f);
	oomx_explain_swap(t, f);
}

static void print_cause(struct oomx_text *t, const struct oomx_facts *f,
			const struct oomx_cause *c)
{
	if (f->trigger.kind != OOMX_KIND_MANUAL)
		oomx_print(t, "  Cause: %s%s\n", oomx_cause_names[c->class],
			   oomx_swap_full(f).v ? ", swap full" : "");
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
	if (!(f->log.flags & OOMX_LOG_KILL_ONLY)) {
		paragraph(t, f, say_why);
		oomx_print(t, "\n");
	}
	/* of a memory cgroup at its limit the machine's memory is not the matter */
	if (f->trigger.kind != OOMX_KIND_MEMCG) {
		paragraph(t, f, say_balance);
		oomx_print(t, "\n");
	}
	paragraph(t, f, oomx_say_choice);
	oomx_print(t, "\n");
	paragraph(t, f, oomx_say_outcome);
	oomx_print(t, "\n");
	print_advice(t, f, &cause);
}

static void say_cause(struct oomx_text *t, const struct oomx_facts *f)
{
	struct oomx_cause cause;

	oomx_cause(f, &cause);
	oomx_print(t, "Cause: %s. ", oomx_cause_names[cause.class]);
	oomx_explain_cause(t, f, &cause);
}

static void (*const panic_lines[])(struct oomx_text *t, const struct oomx_facts *f) = {
	say_cause, say_why, oomx_say_first,
};

static_assert(ARRAY_SIZE(panic_lines) == OOMX_PANIC_LINES, "lines");

/**
 * oomx_report_panic() - the summary, for the console of a machine that panics
 * @t: text
 * @f: facts; neither the order of the view nor follow-ups are needed
 * @line: which line of it, below OOMX_PANIC_LINES
 *
 * Context: Any. Linear in the number of tasks.
 */
void oomx_report_panic(struct oomx_text *t, const struct oomx_facts *f, u32 line)
{
	panic_lines[line](t, f);
}
