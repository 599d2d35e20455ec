// SPDX-License-Identifier: GPL-2.0
/*
 * What happened, in a few sentences. Pure.
 */
#include "oomx_report.h"
#include "oomx_select.h"

#define INDENT	2

/* A sentence is gathered here, so that it can be broken over lines. */
struct sentence {
	struct oomx_text text;
	char buf[1024];
};

static void begin(struct sentence *s)
{
	memset(&s->text, 0, sizeof(s->text));
	s->text.buf = s->buf;
	s->text.size = sizeof(s->buf) - 1;
}

static void end(struct sentence *s, struct oomx_text *t)
{
	s->buf[min_t(size_t, s->text.len, s->text.size)] = '\0';
	oomx_words(t, INDENT, s->buf);
}

static void print_mb(struct oomx_text *t, struct oomx_opt pages, u32 page_size)
{
	u64 kb = oomx_kb(pages.v, page_size);

	if (!pages.known)
		oomx_print(t, "n/a");
	else if (pages.v == OOMX_UNLIMITED)
		oomx_print(t, "no limit");
	else if (kb < 10240)
		oomx_print(t, "%llu kB", (unsigned long long)kb);
	else
		oomx_print(t, "%llu.%llu MB", (unsigned long long)kb / 1024,
			   (unsigned long long)kb % 1024 * 10 / 1024);
}

static struct oomx_opt pages_of(u64 pages)
{
	return (struct oomx_opt){ .known = true, .v = pages };
}

static void say_memcg(struct oomx_text *t, const struct oomx_facts *f)
{
	struct oomx_opt usage, max, failcnt;
	struct oomx_memcg m;

	oomx_table_get(&f->memcgs, 0, &m, sizeof(m));
	usage = oomx_value(m.valid, m.v, OOMX_MEMCG_NR, OOMX_MEMCG_USAGE);
	max = oomx_value(m.valid, m.v, OOMX_MEMCG_NR, OOMX_MEMCG_MAX);
	failcnt = oomx_value(m.valid, m.v, OOMX_MEMCG_NR, OOMX_MEMCG_FAILCNT);
	oomx_print(t, "The memory cgroup ");
	oomx_print_untrusted(t, oomx_fact_string(f, m.path));
	oomx_print(t, " is out of memory: it uses ");
	print_mb(t, usage, f->page_size);
	oomx_print(t, " of a limit of ");
	print_mb(t, max, f->page_size);
	oomx_print(t, ", which it ran into ");
	oomx_print_opt(t, 0, failcnt);
	oomx_print(t, " times (failcnt). ");
}

static void say_free(struct oomx_text *t, const struct oomx_facts *f)
{
	struct oomx_opt swap = oomx_fact_sys(f, OOMX_SYS_SWAP_TOTAL);

	print_mb(t, oomx_fact_zones(f, OOMX_ZONE_FREE), f->page_size);
	oomx_print(t, " of ");
	print_mb(t, oomx_fact_zones(f, OOMX_ZONE_MANAGED), f->page_size);
	oomx_print(t, " are free, ");
	if (swap.known && !swap.v) {
		oomx_print(t, "and there is no swap. ");
		return;
	}
	print_mb(t, oomx_fact_sys(f, OOMX_SYS_SWAP_FREE), f->page_size);
	oomx_print(t, " of ");
	print_mb(t, swap, f->page_size);
	oomx_print(t, " of swap. ");
}

static void say_kind(struct oomx_text *t, const struct oomx_facts *f)
{
	switch (f->trigger.kind) {
	case OOMX_KIND_MEMCG:
		say_memcg(t, f);
		return;
	case OOMX_KIND_SYSRQ:
		oomx_print(t, "An OOM kill was asked for by sysrq-f; memory need not be short. ");
		break;
	case OOMX_KIND_CPUSET:
		oomx_print(t, "The nodes that a cpuset allows (");
		oomx_print_untrusted(t, oomx_fact_string(f, f->trigger.cpuset_mems));
		oomx_print(t, ") are out of memory. In the whole machine ");
		break;
	case OOMX_KIND_MEMPOLICY:
		oomx_print(t, "The nodes that a memory policy allows (");
		oomx_print_untrusted(t, oomx_fact_string(f, f->trigger.nodemask));
		oomx_print(t, ") are out of memory. In the whole machine ");
		break;
	default:
		oomx_print(t, "The machine is out of memory. ");
	}
	say_free(t, f);
}

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
		print_mb(t, pages_of(max_t(s64, parts[max].pages, 0)), f->page_size);
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
		print_mb(t, pages_of(1ULL << tr->order), f->page_size);
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
		print_mb(t, pages_of(v.rss_anon + v.rss_file + v.rss_shmem), f->page_size);
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
	struct sentence s;

	begin(&s);
	say(&s.text, f);
	end(&s, t);
}

static void say_outcome(struct oomx_text *t, const struct oomx_facts *f)
{
	if (!say_victims(t, f))
		oomx_print(t, "No task is known to have been marked to be killed. ");
}

/**
 * oomx_report_summary() - what happened, in a few sentences
 * @t: text
 * @f: facts; the order of the view is filled
 *
 * Context: Any.
 */
void oomx_report_summary(struct oomx_text *t, const struct oomx_facts *f)
{
	paragraph(t, f, say_kind);
	paragraph(t, f, say_request);
	oomx_print(t, "\n");
	paragraph(t, f, say_balance);
	oomx_print(t, "\n");
	paragraph(t, f, say_ranking);
	oomx_print(t, "\n");
	paragraph(t, f, say_outcome);
	oomx_print(t, "\n");
}
