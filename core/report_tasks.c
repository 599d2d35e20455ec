// SPDX-License-Identifier: GPL-2.0
/*
 * The candidates by rank, as text.
 */
#include "oomx_names.h"
#include "oomx_outcome.h"
#include "oomx_select.h"

static const char *status_name(const struct oomx_task *task)
{
	return oomx_name(oomx_status_names, ARRAY_SIZE(oomx_status_names), task->status);
}

static void print_points(struct oomx_text *t, const struct oomx_facts *f,
			 const struct oomx_task *task)
{
	struct oomx_opt score = oomx_fact_score(f, task);

	if (score.known)
		oomx_print(t, " %6lld", (long long)score.v);
	else
		oomx_print(t, " %6s", "-");
	if (task->flags & OOMX_TASK_HAS_POINTS)
		oomx_print(t, " %9lld", (long long)task->points);
	else
		oomx_print(t, " %9s", "-");
}

/* Is it known of a task? @unknown: the flag that says that it is not */
static bool known(const struct oomx_task *task, u8 unknown)
{
	return task->flags & OOMX_TASK_HAS_MM && !(task->flags & unknown);
}

static void print_size(struct oomx_text *t, int width, u64 size, bool known)
{
	oomx_print(t, " ");
	oomx_print_opt(t, width - 1, (struct oomx_opt){ .v = size, .known = known });
}

static void print_mm(struct oomx_text *t, const struct oomx_facts *f,
		     const struct oomx_task *task)
{
	u64 rss = task->rss_anon + task->rss_file + task->rss_shmem;

	print_size(t, 10, oomx_kb(rss, f->page_size), task->flags & OOMX_TASK_HAS_MM);
	print_size(t, 9, oomx_kb(task->swap, f->page_size), known(task, OOMX_TASK_NO_SWAP));
	print_size(t, 8, task->pgtables_bytes / 1024, known(task, OOMX_TASK_NO_PGTABLES));
}

static void print_rank(struct oomx_text *t, const struct oomx_facts *f,
		       const struct oomx_task *task, u32 rank)
{
	if (oomx_task_selectable(task))
		oomx_print(t, "%4u", rank + 1);
	else
		oomx_print(t, "%4s", "-");
	print_points(t, f, task);
	print_mm(t, f, task);
	oomx_print(t, " ");
	oomx_print_adj(t, 5, task->oom_score_adj);
	oomx_print(t, " %7u ", task->pid);
	oomx_print_untrusted(t, task->comm);
	if (task->status != OOMX_TASK_CANDIDATE)
		oomx_print(t, " [%s]", status_name(task));
	if (task->flags & OOMX_TASK_DYING)
		oomx_print(t, " [dying]");
	oomx_print(t, "\n");
}

/* A log tells neither. */
static void print_started(struct oomx_text *t, const struct oomx_facts *f,
			  const struct oomx_task *task)
{
	u64 ms = task->start_ns / 1000000;

	if (f->imported)
		oomx_print(t, " %3s %9s", "n/a", "n/a");
	else
		oomx_print(t, " %3u %7llu.%llu", task->threads, (unsigned long long)ms / 1000,
			   (unsigned long long)ms / 100 % 10);
}

static void print_details(struct oomx_text *t, const struct oomx_facts *f,
			  const struct oomx_task *task)
{
	bool parts = known(task, OOMX_TASK_RSS_SUM);

	oomx_print(t, "%6u %6u ", task->pid, task->tgid);
	oomx_print_id(t, 6, task->ppid);
	oomx_print(t, " ");
	oomx_print_id(t, 6, task->uid);
	print_started(t, f, task);
	print_size(t, 10, oomx_kb(task->total_vm, f->page_size), known(task, 0));
	print_size(t, 8, oomx_kb(task->rss_anon, f->page_size), parts);
	print_size(t, 7, oomx_kb(task->rss_file, f->page_size), parts);
	print_size(t, 7, oomx_kb(task->rss_shmem, f->page_size), parts);
	oomx_print(t, " ");
	oomx_print_untrusted(t, oomx_fact_cgroup(f, task->cgroup));
	oomx_print(t, "\n");
}

static void print_dropped(struct oomx_text *t, const struct oomx_facts *f)
{
	struct oomx_opt n = oomx_fact_capture(f, OOMX_CAP_DROPPED);
	struct oomx_opt tables = oomx_fact_capture(f, OOMX_CAP_DROPPED_PGTABLES);

	if (!n.known || !n.v)
		return;
	oomx_print(t, "  and %llu tasks of lower rank, not kept: rss ", (unsigned long long)n.v);
	oomx_print_kb(t, 0, oomx_fact_capture(f, OOMX_CAP_DROPPED_RSS), f->page_size);
	oomx_print(t, " kB,\n  swap ");
	oomx_print_kb(t, 0, oomx_fact_capture(f, OOMX_CAP_DROPPED_SWAP), f->page_size);
	oomx_print(t, " kB, page tables %llu kB together (module parameter candidates)\n",
		   (unsigned long long)tables.v / 1024);
}

static void print_kthreads(struct oomx_text *t, const struct oomx_facts *f)
{
	struct oomx_opt seen = oomx_fact_capture(f, OOMX_CAP_KTHREADS);
	struct oomx_kthread k;
	u32 i;

	oomx_print(t, "\n  and %llu kernel threads, never candidates:\n   ",
		   (unsigned long long)seen.v);
	for (i = 0; oomx_table_get(&f->kthreads, i, &k, sizeof(k)); i++) {
		k.comm[OOMX_COMM_LEN - 1] = '\0';
		/* room for the name, each byte of it escaped in the worst case */
		if (t->column + 14 + strlen(k.comm) > OOMX_COLUMNS)
			oomx_print(t, "\n   ");
		oomx_print(t, " ");
		oomx_print_untrusted(t, k.comm);
		oomx_print(t, "(%u)", k.pid);
	}
	if (seen.v > f->kthreads.count)
		oomx_print(t, "\n    and %llu more, not kept",
			   (unsigned long long)seen.v - f->kthreads.count);
	oomx_print(t, "\n");
}

/**
 * oomx_report_tasks() - every task, by rank
 * @t: text
 * @f: facts; the order of the view is filled
 *
 * Context: Any.
 */
void oomx_report_tasks(struct oomx_text *t, const struct oomx_facts *f)
{
	struct oomx_opt total = oomx_fact_capture(f, OOMX_CAP_TOTALPAGES);
	struct oomx_opt kernel = oomx_fact_totalpages(f);
	struct oomx_task task;
	u32 i;

	oomx_print(t, "\nCANDIDATES by badness; points are pages, score is points per 1000 of ");
	oomx_print_opt(t, 0, total);
	if (kernel.v != total.v)
		oomx_print(t, " pages\n(score of the kernel's %llu", (unsigned long long)kernel.v);
	oomx_print(t, " pages%s\nrank %6s %9s %9s %8s %7s %5s %7s name\n",
		   kernel.v != total.v ? ")" : "", "score", "points",
		   "rss kB", "swap kB", "pgt kB", "adj", "pid");
	for (i = 0; oomx_fact_task(f, i, &task); i++)
		print_rank(t, f, &task, i);
	print_dropped(t, f);
	oomx_print(t, "\n  the same tasks: who they are, started (s after boot), memory in kB\n");
	oomx_print(t, "%6s %6s %6s %6s thr %9s %9s %7s %6s %6s cgroup\n", "pid", "tgid", "ppid",
		   "uid", "started", "total_vm", "anon", "file", "shmem");
	for (i = 0; oomx_fact_task(f, i, &task); i++)
		print_details(t, f, &task);
	if (!f->imported)
		print_kthreads(t, f);
}
