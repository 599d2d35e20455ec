// SPDX-License-Identifier: GPL-2.0
/*
 * The report of an event: record to text. Pure; see include/oomx_report.h.
 */
#include "oomx_explain.h"
#include "oomx_names.h"
#include "oomx_report.h"
#include "oomx_select.h"

#define LABEL	2	/* columns where labels and values of the trigger begin */
#define VALUE	18

static const char *kind_name(const struct oomx_facts *f)
{
	return oomx_name(oomx_kind_names, ARRAY_SIZE(oomx_kind_names), f->trigger.kind);
}

static void print_boot_id(struct oomx_text *t, const struct oomx_facts *f)
{
	static const u8 none[16];
	u32 i;

	if (!memcmp(f->sys.boot_id, none, sizeof(none))) {
		oomx_print(t, "n/a");
		return;
	}
	for (i = 0; i < 16; i++)
		oomx_print(t, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "",
			   f->sys.boot_id[i]);
}

static void print_head(struct oomx_text *t, const struct oomx_facts *f)
{
	u64 us = f->trigger.boottime_ns / 1000;

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
	oomx_print(t, ", %u CPUs online\nboot ", f->sys.online_cpus);
	print_boot_id(t, f);
	oomx_print(t, "\n\n");
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

static void print_trigger(struct oomx_text *t, const struct oomx_facts *f)
{
	const struct oomx_trigger *tr = &f->trigger;

	oomx_print(t, "\nTRIGGER\n");
	label(t, "task");
	oomx_print_untrusted(t, tr->comm);
	oomx_print(t, "%s, pid %u, tgid %u, ppid %u, uid %u\n",
		   tr->flags & OOMX_TRIGGER_KTHREAD ? " (kernel thread)" : "",
		   tr->pid, tr->tgid, tr->ppid, tr->uid);
	label(t, "monotonic");
	oomx_print(t, "%llu.%06llu s\n", (unsigned long long)tr->monotonic_ns / 1000000000,
		   (unsigned long long)tr->monotonic_ns / 1000 % 1000000);
	label(t, "oom_score_adj");
	oomx_print(t, "%d, on CPU %u\n", tr->oom_score_adj, tr->cpu);
	print_string(t, f, "memory cgroup", tr->memcg);
	print_request(t, f);
	print_stack(t, f);
}

static void print_after(struct oomx_text *t, u64 ns)
{
	oomx_print(t, "  after ");
	oomx_print_ms(t, ns);
	oomx_print(t, ": ");
}

static void print_victim(struct oomx_text *t, const struct oomx_facts *f, struct oomx_victim *v)
{
	v->comm[OOMX_COMM_LEN - 1] = '\0';
	print_after(t, v->after_ns);
	oomx_print_untrusted(t, v->comm);
	oomx_print(t, " (pid %u) marked as victim\n", v->pid);
	oomx_print(t, "    tgid %u, uid %u, oom_score_adj %d; it held, in kB:\n",
		   v->tgid, v->uid, v->oom_score_adj);
	oomx_print(t, "    anon %llu, file %llu, shmem %llu, swap %llu, page tables %llu\n",
		   (unsigned long long)oomx_kb(v->rss_anon, f->page_size),
		   (unsigned long long)oomx_kb(v->rss_file, f->page_size),
		   (unsigned long long)oomx_kb(v->rss_shmem, f->page_size),
		   (unsigned long long)oomx_kb(v->swap, f->page_size),
		   (unsigned long long)v->pgtables_bytes / 1024);
}

static void print_decision(struct oomx_text *t, const struct oomx_table *table)
{
	struct oomx_opt freed = oomx_table_value(table, 0, OOMX_DEC_NOTIFIER_FREED);
	struct oomx_opt points = oomx_table_value(table, 0, OOMX_DEC_CHOSEN_POINTS);
	struct oomx_opt constraint = oomx_table_value(table, 0, OOMX_DEC_CONSTRAINT);

	if (freed.known)
		oomx_print(t, "  OOM notifiers gave back %llu pages\n",
			   (unsigned long long)freed.v);
	if (!points.known)
		return;
	oomx_print(t, "    the kernel's own numbers: %s,\n    totalpages ",
		   oomx_name(oomx_constraint_names, ARRAY_SIZE(oomx_constraint_names),
			     min_t(u64, constraint.v, U32_MAX)));
	oomx_print_opt(t, 0, oomx_table_value(table, 0, OOMX_DEC_TOTALPAGES));
	oomx_print(t, ", points %lld\n", (long long)points.v);
}

static void print_followup(struct oomx_text *t, const struct oomx_facts *f,
			   const struct oomx_section *s)
{
	struct oomx_table table = {
		.data = OOMX_SECTION_DATA(s), .esize = s->esize, .count = s->count,
	};
	struct oomx_release release;
	struct oomx_victim victim;

	switch (s->type) {
	case OOMX_SEC_VICTIM:
		oomx_table_get(&table, 0, &victim, sizeof(victim));
		print_victim(t, f, &victim);
		break;
	case OOMX_SEC_RELEASE:
		oomx_table_get(&table, 0, &release, sizeof(release));
		print_after(t, release.after_ns);
		oomx_print(t, "pid %u gave up its address space\n", release.pid);
		break;
	case OOMX_SEC_DECISION:
		print_decision(t, &table);
		break;
	}
}

static void print_aftermath(struct oomx_text *t, const struct oomx_facts *f)
{
	struct oomx_followup at = { 0 };
	bool any = false;

	oomx_print(t, "\nWHAT BECAME OF IT\n");
	while (oomx_followup_next(f->view, &at)) {
		print_followup(t, f, at.section);
		any = true;
	}
	if (!any)
		oomx_print(t, "  nothing was recorded after the trigger: no victim was marked,\n"
			   "  or it was not seen (see victims_without_capture in stats)\n");
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

static void print_capture(struct oomx_text *t, const struct oomx_facts *f)
{
	u32 any = 0;

	oomx_print(t, "\nCAPTURE\n  took ");
	oomx_print_ms(t, oomx_fact_capture(f, OOMX_CAP_NS).v);
	oomx_print(t, ", %u bytes, record %llu\n", f->view->event->len,
		   (unsigned long long)f->view->event->seq);
	print_loss(t, f, "tasks", OOMX_CAP_DROPPED, &any);
	print_loss(t, f, "locked tasks", OOMX_CAP_LOCKED, &any);
	print_loss(t, f, "kernel threads", OOMX_CAP_KTHREADS_DROPPED, &any);
	print_loss(t, f, "cgroups", OOMX_CAP_CGROUPS_DROPPED, &any);
	print_loss(t, f, "strings", OOMX_CAP_STRINGS_DROPPED, &any);
	print_loss(t, f, "cgroup levels", OOMX_CAP_MEMCGS_DROPPED, &any);
	print_loss(t, f, "zones", OOMX_CAP_ZONES_DROPPED, &any);
	print_loss(t, f, "nodes", OOMX_CAP_NODES_DROPPED, &any);
	oomx_print(t, any ? "\n" : "  nothing was left out\n");
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
	struct oomx_text t = { .buf = buf, .size = size };
	struct oomx_facts f;

	oomx_facts_load(&f, view);
	oomx_rank(&f.tasks, view->order);
	print_head(&t, &f);
	oomx_report_summary(&t, &f);
	oomx_report_request(&t, &f);
	print_trigger(&t, &f);
	oomx_report_zones(&t, &f);
	oomx_report_buddy(&t, &f);
	oomx_report_balance(&t, &f);
	oomx_report_nodes(&t, &f);
	oomx_report_memcgs(&t, &f);
	oomx_report_tasks(&t, &f);
	print_aftermath(&t, &f);
	print_capture(&t, &f);
	return oomx_text_end(&t);
}
