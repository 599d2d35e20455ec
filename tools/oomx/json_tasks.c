// SPDX-License-Identifier: GPL-2.0
/*
 * Tasks, the choice among them, and what came of it, as JSON.
 */
#include "json.h"
#include "oomx_names.h"
#include "oomx_outcome.h"
#include "oomx_select.h"

static json_t *status(u32 status)
{
	return json_name(oomx_name(oomx_status_names, ARRAY_SIZE(oomx_status_names), status));
}

static void put_mm(json_t *o, const struct oomx_task *task)
{
	bool mm = task->flags & OOMX_TASK_HAS_MM, parts = mm && !(task->flags & OOMX_TASK_RSS_SUM);

	json_object_set_new(o, "total_vm_pages", json_known(task->total_vm, mm));
	json_object_set_new(o, "rss_pages",
			    json_known(task->rss_anon + task->rss_file + task->rss_shmem, mm));
	json_object_set_new(o, "rss_anon_pages", json_known(task->rss_anon, parts));
	json_object_set_new(o, "rss_file_pages", json_known(task->rss_file, parts));
	json_object_set_new(o, "rss_shmem_pages", json_known(task->rss_shmem, parts));
	json_object_set_new(o, "swap_pages",
			    json_known(task->swap, mm && !(task->flags & OOMX_TASK_NO_SWAP)));
	json_object_set_new(o, "pgtables_bytes",
			    json_known(task->pgtables_bytes,
				       mm && !(task->flags & OOMX_TASK_NO_PGTABLES)));
}

static json_t *signed_opt(struct oomx_opt v)
{
	return v.known ? json_signed((s64)v.v) : json_null();
}

static void put_points(json_t *o, const struct oomx_facts *f, const struct oomx_task *task)
{
	bool known = task->flags & OOMX_TASK_HAS_POINTS;

	json_object_set_new(o, "oom_score_adj", json_adj(task->oom_score_adj));
	json_object_set_new(o, "points", known ? json_signed(task->points) : json_null());
	json_object_set_new(o, "score", signed_opt(oomx_fact_score(f, task)));
	json_object_set_new(o, "status", status(task->status));
}

static json_t *task_object(const struct oomx_facts *f, const struct oomx_task *task, u32 rank)
{
	json_t *o = json_object();

	json_object_set_new(o, "rank",
			    oomx_task_selectable(task) ? json_number(rank + 1) : json_null());
	json_object_set_new(o, "pid", json_number(task->pid));
	json_object_set_new(o, "tgid", json_number(task->tgid));
	json_object_set_new(o, "ppid", json_id(task->ppid));
	json_object_set_new(o, "uid", json_id(task->uid));
	json_object_set_new(o, "comm", json_comm(task->comm));
	json_object_set_new(o, "memcg", json_name(oomx_fact_cgroup(f, task->cgroup)));
	json_object_set_new(o, "threads", json_known(task->threads, !f->imported));
	json_object_set_new(o, "start_ns", json_known(task->start_ns, !f->imported));
	put_mm(o, task);
	put_points(o, f, task);
	return o;
}

/* Kernel threads have the same fields, and nothing in most of them. */
static json_t *kthread_object(const struct oomx_kthread *k)
{
	static const char *const unknown[] = {
		"rank", "ppid", "uid", "memcg", "threads", "start_ns", "total_vm_pages",
		"rss_pages", "rss_anon_pages", "rss_file_pages", "rss_shmem_pages", "swap_pages",
		"pgtables_bytes", "oom_score_adj", "points", "score",
	};
	json_t *o = json_object();
	u32 i;

	json_object_set_new(o, "pid", json_number(k->pid));
	json_object_set_new(o, "tgid", json_number(k->pid));
	json_object_set_new(o, "comm", json_comm(k->comm));
	for (i = 0; i < ARRAY_SIZE(unknown); i++)
		json_object_set_new(o, unknown[i], json_null());
	json_object_set_new(o, "status", status(OOMX_TASK_KTHREAD));
	return o;
}

/**
 * json_candidates() - every task in the order of the ranking, then the kernel threads
 * @f: facts; the order of the view is filled
 *
 * Return: array.
 */
json_t *json_candidates(const struct oomx_facts *f)
{
	json_t *a = json_array();
	struct oomx_kthread k;
	struct oomx_task task;
	u32 i;

	for (i = 0; oomx_fact_task(f, i, &task); i++)
		json_array_append_new(a, task_object(f, &task, i));
	for (i = 0; oomx_table_get(&f->kthreads, i, &k, sizeof(k)); i++)
		json_array_append_new(a, kthread_object(&k));
	return a;
}

/**
 * json_decision() - what was predicted, and what the kernel decided
 * @f: facts; the order of the view is filled
 *
 * Return: object.
 */
json_t *json_decision(const struct oomx_facts *f)
{
	json_t *o = json_object();
	struct oomx_decision d;

	oomx_decision(f, &d);
	json_object_set_new(o, "totalpages", json_opt(d.totalpages));
	json_object_set_new(o, "predicted_pid", json_opt(d.predicted));
	json_object_set_new(o, "points", signed_opt(d.points));
	json_object_set_new(o, "margin_points", signed_opt(d.margin));
	json_object_set_new(o, "ties", json_opt(d.ties));
	json_object_set_new(o, "kernel_points", signed_opt(d.kernel_points));
	json_object_set_new(o, "kernel_score", signed_opt(d.kernel_score));
	json_object_set_new(o, "agrees", d.agrees.known ? json_boolean(d.agrees.v) : json_null());
	return o;
}

static json_t *victim_object(const struct oomx_facts *f, const struct oomx_victim *v)
{
	struct oomx_opt reaped = oomx_victim_reaped(f, v->pid);
	json_t *o = json_object();

	json_object_set_new(o, "pid", json_number(v->pid));
	json_object_set_new(o, "comm", json_comm(v->comm));
	json_object_set_new(o, "marked_ns", json_known(v->after_ns, v->after_ns != OOMX_NO_TIME));
	reaped.known = reaped.known && reaped.v != OOMX_NO_TIME;
	json_object_set_new(o, "reaped_ns", json_opt(reaped));
	json_object_set_new(o, "released_ns", json_opt(oomx_victim_released(f, v->pid)));
	json_object_set_new(o, "rss_pages",
			    json_known(v->rss_anon + v->rss_file + v->rss_shmem,
				       !(v->flags & OOMX_VICTIM_NO_RSS)));
	json_object_set_new(o, "memcg",
			    json_name(v->cgroup ? oomx_fact_cgroup(f, v->cgroup - 1) : NULL));
	json_object_set_new(o, "shares_mm", json_boolean(v->flags & OOMX_VICTIM_SHARES_MM));
	return o;
}

/**
 * json_outcome() - how the event ended, and for whom
 * @f: facts
 *
 * Return: object.
 */
json_t *json_outcome(const struct oomx_facts *f)
{
	json_t *o = json_object(), *victims = json_array();
	struct oomx_followup at = { 0 };
	struct oomx_outcome outcome;
	struct oomx_victim v;

	oomx_outcome(f, &outcome);
	while (oomx_victim_next(f, &at, &v))
		json_array_append_new(victims, victim_object(f, &v));
	json_object_set_new(o, "result", json_name(oomx_result_name(outcome.result)));
	json_object_set_new(o, "inferred", json_boolean(outcome.inferred));
	json_object_set_new(o, "victims", victims);
	json_object_set_new(o, "freed_pages", signed_opt(outcome.freed));
	json_object_set_new(o, "notifier_freed_pages", json_opt(outcome.notifier_freed));
	json_object_set_new(o, "again_ns", json_opt(outcome.again_ns));
	json_object_set_new(o, "again_id", json_opt(outcome.again_event));
	json_object_set_new(o, "repeats", json_opt(oomx_fact_choice(f, OOMX_CHOICE_REPEATS)));
	return o;
}
