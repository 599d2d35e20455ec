// SPDX-License-Identifier: GPL-2.0
/*
 * What was recorded after the trigger, in the order it came. Pure.
 */
#include "oomx_names.h"
#include "oomx_outcome.h"

static void print_after(struct oomx_text *t, u64 ns)
{
	if (ns == OOMX_NO_TIME) {
		oomx_print(t, "  then: ");
		return;
	}
	oomx_print(t, "  after ");
	oomx_print_ms(t, ns);
	oomx_print(t, ": ");
}

/* "anon 480072", or n/a with a flag that says so */
static void print_size(struct oomx_text *t, const char *name, u64 kb, bool unknown)
{
	oomx_print(t, "%s ", name);
	oomx_print_opt(t, 0, (struct oomx_opt){ .v = kb, .known = !unknown });
}

static void print_sizes(struct oomx_text *t, const struct oomx_facts *f,
			const struct oomx_victim *v)
{
	bool none = v->flags & OOMX_VICTIM_NO_RSS;

	print_size(t, "    anon", oomx_kb(v->rss_anon, f->page_size), none);
	print_size(t, ", file", oomx_kb(v->rss_file, f->page_size), none);
	print_size(t, ", shmem", oomx_kb(v->rss_shmem, f->page_size),
		   v->flags & OOMX_VICTIM_NO_SHMEM);
	print_size(t, ", swap", oomx_kb(v->swap, f->page_size), v->flags & OOMX_VICTIM_NO_SWAP);
	print_size(t, ", page tables", v->pgtables_bytes / 1024,
		   v->flags & OOMX_VICTIM_NO_PGTABLES);
	oomx_print(t, "\n");
}

static void print_victim(struct oomx_text *t, const struct oomx_facts *f,
			 const struct oomx_table *table)
{
	struct oomx_victim v;

	oomx_table_get(table, 0, &v, sizeof(v));
	v.comm[OOMX_COMM_LEN - 1] = '\0';
	print_after(t, v.after_ns);
	oomx_print_untrusted(t, v.comm);
	if (v.flags & OOMX_VICTIM_SHARES_MM) {
		oomx_print(t, " (pid %u) killed: shares the memory\n", v.pid);
		return;
	}
	oomx_print(t, " (pid %u) %s\n    tgid ", v.pid,
		   f->imported ? "killed" : "marked as victim");
	oomx_print_id(t, 0, v.tgid);
	oomx_print(t, ", uid ");
	oomx_print_id(t, 0, v.uid);
	oomx_print(t, ", oom_score_adj ");
	oomx_print_adj(t, 0, v.oom_score_adj);
	oomx_print(t, "; it held, in kB:\n");
	print_sizes(t, f, &v);
}

static const char *constraint_name(struct oomx_opt constraint)
{
	return oomx_name(oomx_constraint_names, ARRAY_SIZE(oomx_constraint_names),
			 min_t(u64, constraint.v, U32_MAX));
}

static void print_decision(struct oomx_text *t, const struct oomx_table *table)
{
	struct oomx_opt freed = oomx_table_value(table, 0, OOMX_DEC_NOTIFIER_FREED);
	struct oomx_opt points = oomx_table_value(table, 0, OOMX_DEC_CHOSEN_POINTS);
	struct oomx_opt constraint = oomx_table_value(table, 0, OOMX_DEC_CONSTRAINT);

	if (freed.known)
		oomx_print(t, "  OOM notifiers gave back %llu pages\n",
			   (unsigned long long)freed.v);
	if (!points.known && constraint.known)
		oomx_print(t, "    constraint: %s\n", constraint_name(constraint));
	if (!points.known)
		return;
	oomx_print(t, "    the kernel's own numbers: %s,\n    totalpages ",
		   constraint_name(constraint));
	oomx_print_opt(t, 0, oomx_table_value(table, 0, OOMX_DEC_TOTALPAGES));
	oomx_print(t, ", points %lld\n", (long long)points.v);
}

static void print_release(struct oomx_text *t, const struct oomx_facts *f,
			  const struct oomx_table *table)
{
	struct oomx_release r;

	oomx_table_get(table, 0, &r, sizeof(r));
	print_after(t, r.after_ns);
	oomx_print(t, "pid %u gave up its address space%s", r.pid,
		   r.flags & OOMX_RELEASE_LATE ? ", as did its last user" : "");
	if (r.flags & OOMX_RELEASE_HAS_FREED) {
		oomx_print(t, "\n    %s by then: %s%llu kB",
			   f->trigger.kind == OOMX_KIND_MEMCG ? "uncharged" : "freed",
			   r.freed < 0 ? "-" : "",
			   (unsigned long long)oomx_kb(oomx_magnitude(r.freed), f->page_size));
	}
	oomx_print(t, "\n");
}

static void print_moment(struct oomx_text *t, const struct oomx_table *table, const char *what)
{
	struct oomx_moment m;

	oomx_table_get(table, 0, &m, sizeof(m));
	print_after(t, m.after_ns);
	if (m.pid)
		oomx_print(t, "pid %u ", m.pid);
	oomx_print(t, "%s\n", what);
}

static void print_repeat(struct oomx_text *t, const struct oomx_table *table)
{
	struct oomx_repeat r;

	oomx_table_get(table, 0, &r, sizeof(r));
	print_after(t, r.after_ns);
	oomx_print(t, "out of memory again, event %llu\n", (unsigned long long)r.event);
}

static void print_followup(struct oomx_text *t, const struct oomx_facts *f,
			   const struct oomx_section *s)
{
	struct oomx_table table = oomx_section_table(s);

	switch (s->type) {
	case OOMX_SEC_VICTIM:
		print_victim(t, f, &table);
		break;
	case OOMX_SEC_RELEASE:
		print_release(t, f, &table);
		break;
	case OOMX_SEC_DECISION:
		print_decision(t, &table);
		break;
	case OOMX_SEC_REAP:
		print_moment(t, &table, "reaped: the OOM reaper took its memory");
		break;
	case OOMX_SEC_REAP_SKIP:
		print_moment(t, &table, "left alone by the OOM reaper, the first time");
		break;
	case OOMX_SEC_STUCK:
		print_moment(t, &table, "is stuck: it still has its memory");
		break;
	case OOMX_SEC_NO_VICTIM:
		print_moment(t, &table, "the next event, and no victim was marked");
		break;
	case OOMX_SEC_REPEAT:
		print_repeat(t, &table);
		break;
	}
}

/**
 * oomx_report_aftermath() - what was recorded after the trigger
 * @t: text
 * @f: facts
 *
 * Context: Any.
 */
void oomx_report_aftermath(struct oomx_text *t, const struct oomx_facts *f)
{
	struct oomx_followup at = { 0 };
	struct oomx_outcome o;
	bool any = false;

	oomx_outcome(f, &o);
	oomx_print(t, "\nWHAT BECAME OF IT\n  outcome: %s%s\n",
		   oomx_result_name(o.result) ? oomx_result_name(o.result) : "n/a",
		   o.inferred ? " (inferred)" : "");
	while (oomx_followup_next(f->view, &at)) {
		print_followup(t, f, at.section);
		any = true;
	}
	if (!any && f->imported)
		oomx_print(t, "  the log does not tell\n");
	else if (!any && !o.result && f->trigger.kind != OOMX_KIND_MANUAL)
		oomx_print(t, "  nothing was recorded after the trigger: no victim was marked,\n"
			   "  or it was not seen (see victims_without_capture in stats)\n");
}
