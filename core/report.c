// SPDX-License-Identifier: GPL-2.0
/*
 * The report of an event: record to text. Pure; see include/oomx_report.h.
 */
#include "oomx_explain.h"
#include "oomx_names.h"
#include "oomx_outcome.h"
#include "oomx_report.h"
#include "oomx_select.h"

#define LABEL	2	/* columns where labels and values of the trigger begin */
#define VALUE	18

static const char *kind_name(const struct oomx_facts *f)
{
	return oomx_name(oomx_kind_names, ARRAY_SIZE(oomx_kind_names), f->trigger.kind);
}

static void print_head(struct oomx_text *t, const struct oomx_facts *f)
{
	u64 us = f->trigger.boottime_ns / 1000;
	char boot[OOMX_BOOT_ID_LEN];

	if (f->imported) {
		oomx_report_log_head(t, f);
		return;
	}
	if (f->trigger.kind == OOMX_KIND_MANUAL)
		oomx_print(t, "DRY RUN: as if memory ran out now\n");
	else
		oomx_print(t, "OOM event %llu: %s\n", (unsigned long long)f->view->event->event,
			   kind_name(f));
	oomx_print_time(t, f->trigger.realtime_ns);
	oomx_print(t, ", %llu.%06llu s after boot", (unsigned long long)us / 1000000,
		   (unsigned long long)us % 1000000);
	oomx_print(t, "\nhost ");
	oomx_print_untrusted(t, oomx_fact_string(f, f->sys.nodename));
	oomx_print(t, ", Linux ");
	oomx_print_untrusted(t, oomx_fact_string(f, f->sys.release));
	oomx_print(t, " ");
	oomx_print_untrusted(t, oomx_fact_string(f, f->sys.machine));
	oomx_print(t, ", %u CPUs online\nboot %s\n\n", f->sys.online_cpus,
		   oomx_fact_boot_id(f, boot) ? boot : "n/a");
}

static void label(struct oomx_text *t, const char *name)
{
	oomx_pad(t, LABEL);
	oomx_print(t, "%s", name);
	oomx_pad(t, VALUE);
}

static void print_string(struct oomx_text *t, const struct oomx_facts *f, const char *name,
			 u32 offset)
{
	label(t, name);
	oomx_print_untrusted(t, oomx_fact_string(f, offset));
	oomx_print(t, "\n");
}

static void print_stack(struct oomx_text *t, const struct oomx_facts *f)
{
	struct oomx_table stack = oomx_record_table(f->view->event, OOMX_SEC_STACK);
	const char *frame = (const char *)stack.data;
	u32 at = 0;

	label(t, "stack");
	if (!stack.count)
		oomx_print(t, "n/a\n");
	for (; at < stack.count; at += strlen(frame + at) + 1) {
		if (at)
			oomx_pad(t, VALUE);
		oomx_print_untrusted(t, frame + at);
		oomx_print(t, "\n");
	}
	if (f->trigger.flags & OOMX_TRIGGER_STACK_CUT) {
		oomx_pad(t, VALUE);
		oomx_print(t, "(outer frames were not kept)\n");
	}
}

static void print_request(struct oomx_text *t, const struct oomx_facts *f)
{
	const struct oomx_trigger *tr = &f->trigger;

	if (tr->flags & OOMX_TRIGGER_NO_REQUEST) {
		label(t, "request");
		oomx_print(t, "n/a\n");
		return;
	}
	label(t, "gfp_mask");
	oomx_print(t, "%#x (", tr->gfp_mask);
	oomx_print_untrusted(t, oomx_fact_string(f, tr->gfp_flags));
	oomx_print(t, ")\n");
	label(t, "order");
	if (tr->order < 0)
		oomx_print(t, "%d (no request: sysrq)\n", tr->order);
	else
		oomx_print(t, "%d\n", tr->order);
	print_string(t, f, "nodemask", tr->nodemask);
	print_string(t, f, "cpuset mems", tr->cpuset_mems);
}

static void print_ids(struct oomx_text *t, const struct oomx_trigger *tr)
{
	const struct {
		const char *name;
		u32 id;
	} ids[] = {
		{ "pid", tr->pid }, { "tgid", tr->tgid }, { "ppid", tr->ppid }, { "uid", tr->uid },
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(ids); i++) {
		oomx_print(t, ", %s ", ids[i].name);
		oomx_print_id(t, 0, ids[i].id);
	}
	oomx_print(t, "\n");
}

static void print_trigger(struct oomx_text *t, const struct oomx_facts *f)
{
	const struct oomx_trigger *tr = &f->trigger;

	oomx_print(t, "\nTRIGGER\n");
	label(t, "task");
	oomx_print_untrusted(t, tr->comm);
	oomx_print(t, "%s", tr->flags & OOMX_TRIGGER_KTHREAD ? " (kernel thread)" : "");
	print_ids(t, tr);
	if (!f->imported) {
		label(t, "monotonic");
		oomx_print(t, "%llu.%06llu s\n",
			   (unsigned long long)tr->monotonic_ns / 1000000000,
			   (unsigned long long)tr->monotonic_ns / 1000 % 1000000);
	}
	label(t, "oom_score_adj");
	oomx_print_adj(t, 0, tr->oom_score_adj);
	oomx_print(t, ", on CPU ");
	oomx_print_id(t, 0, tr->cpu);
	oomx_print(t, "\n");
	print_string(t, f, "memory cgroup", tr->memcg);
	print_request(t, f);
	print_stack(t, f);
}

static void print_loss(struct oomx_text *t, const struct oomx_facts *f, const char *what,
		       u32 value, u32 *any)
{
	struct oomx_opt n = oomx_fact_capture(f, value);

	if (!n.known || !n.v)
		return;
	oomx_word(t, LABEL, "%s%s %llu", (*any)++ ? "" : "left out: ", what,
		  (unsigned long long)n.v);
}

/* Unknown in a dry run, and in records of older versions. */
static void print_context(struct oomx_text *t, struct oomx_opt context)
{
	const char *preemption = "";

	if (!context.known)
		return;
	if (context.v & OOMX_CONTEXT_PREEMPT_KNOWN)
		preemption = context.v & OOMX_CONTEXT_PREEMPT_OFF ?
			     ", preemption off" : ", preemption on";
	oomx_print(t, "  by %s, interrupts %s%s\n",
		   context.v & OOMX_CONTEXT_FTRACE ? "ftrace" : "kprobe",
		   context.v & OOMX_CONTEXT_IRQS_OFF ? "off" : "on", preemption);
}

static void print_capture(struct oomx_text *t, const struct oomx_facts *f)
{
	struct oomx_opt ns = oomx_fact_capture(f, OOMX_CAP_NS);
	u32 any = 0;

	oomx_print(t, "\nCAPTURE\n  took ");
	if (ns.known)
		oomx_print_ms(t, ns.v);
	else
		oomx_print(t, "n/a");
	oomx_print(t, ", %u bytes, record %llu\n", f->view->event->len,
		   (unsigned long long)f->view->event->seq);
	print_context(t, oomx_fact_capture(f, OOMX_CAP_CONTEXT));
	print_loss(t, f, "tasks", OOMX_CAP_DROPPED, &any);
	print_loss(t, f, "tasks not looked at, for lack of time", OOMX_CAP_UNSEEN, &any);
	print_loss(t, f, "paths of cgroups", OOMX_CAP_PATHS_SKIPPED, &any);
	print_loss(t, f, "locked tasks", OOMX_CAP_LOCKED, &any);
	print_loss(t, f, "kernel threads", OOMX_CAP_KTHREADS_DROPPED, &any);
	print_loss(t, f, "cgroups", OOMX_CAP_CGROUPS_DROPPED, &any);
	print_loss(t, f, "strings", OOMX_CAP_STRINGS_DROPPED, &any);
	print_loss(t, f, "cgroup levels", OOMX_CAP_MEMCGS_DROPPED, &any);
	print_loss(t, f, "zones", OOMX_CAP_ZONES_DROPPED, &any);
	print_loss(t, f, "nodes", OOMX_CAP_NODES_DROPPED, &any);
	if (any)
		oomx_print(t, "\n");
	else
		oomx_print(t, ns.known ? "  nothing was left out\n" :
			   "  what was left out is not known\n");
}

/* Of a log only what it holds; the rest is named at the end. */
static void print_imported(struct oomx_text *t, const struct oomx_facts *f)
{
	oomx_report_summary(t, f);
	if (f->zones.count)
		oomx_report_request(t, f);
	if (f->trigger.comm[0])
		print_trigger(t, f);
	if (f->zones.count)
		oomx_report_zones(t, f);
	if (f->buddy.count)
		oomx_report_buddy(t, f);
	if (f->nodes.count) {
		oomx_report_balance(t, f);
		oomx_report_nodes(t, f);
	}
	if (f->memcgs.count)
		oomx_report_memcgs(t, f);
	if (f->tasks.count)
		oomx_report_tasks(t, f);
	oomx_report_aftermath(t, f);
	oomx_report_log(t, f);
}

static void print_all(struct oomx_text *t, const struct oomx_facts *f)
{
	if (f->imported) {
		print_imported(t, f);
		return;
	}
	oomx_report_summary(t, f);
	oomx_report_request(t, f);
	print_trigger(t, f);
	oomx_report_zones(t, f);
	oomx_report_buddy(t, f);
	oomx_report_balance(t, f);
	oomx_report_nodes(t, f);
	oomx_report_memcgs(t, f);
	oomx_report_tasks(t, f);
	oomx_report_aftermath(t, f);
	print_capture(t, f);
}

static void print_ranking(struct oomx_text *t, const struct oomx_facts *f)
{
	oomx_wrap(t, LABEL);
	oomx_say_choice(t, f);
	oomx_wrap_end(t);
	oomx_print(t, "\n");
	oomx_report_tasks(t, f);
}

static size_t report(const struct oomx_view *view, char *buf, size_t size,
		     void (*print)(struct oomx_text *t, const struct oomx_facts *f))
{
	struct oomx_text t = { .buf = buf, .size = size };
	struct oomx_facts f;

	oomx_facts_load(&f, view);
	oomx_rank(&f.tasks, view->order);
	print_head(&t, &f);
	print(&t, &f);
	return oomx_text_end(&t);
}

/**
 * oomx_report() - the report of an event
 * @view: event, follow-ups, and room for the ranking
 * @buf: where to, or NULL to measure
 * @size: bytes of @buf
 *
 * Context: Any.
 * Return: as snprintf(): bytes of the whole text without its NUL.
 */
size_t oomx_report(const struct oomx_view *view, char *buf, size_t size)
{
	return report(view, buf, size, print_all);
}

/**
 * oomx_report_top() - the ranking of an event, alone
 * @view: event, follow-ups, and room for the ranking
 * @buf: where to, or NULL to measure
 * @size: bytes of @buf
 *
 * Context: Any.
 * Return: as oomx_report().
 */
size_t oomx_report_top(const struct oomx_view *view, char *buf, size_t size)
{
	return report(view, buf, size, print_ranking);
}
