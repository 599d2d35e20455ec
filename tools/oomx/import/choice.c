// SPDX-License-Identifier: GPL-2.0
/*
 * Who had to be killed, by the task table of a log.
 */
#include "draft.h"
#include "oomx_outcome.h"
#include "oomx_select.h"

static struct oomx_opt memcg_value(const struct draft *d, u32 i)
{
	return oomx_value(d->memcg.valid, d->memcg.v, OOMX_MEMCG_NR, i);
}

/*
 * Of a memory cgroup: its limit, and as much swap as it may use, of which the log does not
 * tell how much there is. Source: mem_cgroup_get_max().
 */
static void memcg_total(const struct draft *d, struct totalpages *t)
{
	struct oomx_opt max = memcg_value(d, OOMX_MEMCG_MAX);
	struct oomx_opt swap = memcg_value(d, OOMX_MEMCG_SWAP_MAX);
	struct oomx_opt both = memcg_value(d, OOMX_MEMCG_MEMSW_MAX);

	if (!max.known || max.v == OOMX_UNLIMITED)
		return;
	t->known = true;
	t->min = max.v;
	if (both.known && both.v != OOMX_UNLIMITED)
		t->max = max_t(u64, both.v, max.v);
	if (swap.known && swap.v != OOMX_UNLIMITED)
		t->max = max.v + swap.v;
}

/**
 * choice_total() - the base of the scores
 * @d: draft
 * @t: set to what the log allows
 *
 * Source: constrained_alloc(). Of a cpuset or a memory policy it is the memory of its nodes,
 * present pages and all; those are all in the log only if each of them is.
 */
void choice_total(const struct draft *d, struct totalpages *t)
{
	u64 both = 1ULL << OOMX_SYS_TOTALRAM | 1ULL << OOMX_SYS_SWAP_TOTAL;

	*t = (struct totalpages){ .max = U64_MAX };
	if (d->trigger.kind == OOMX_KIND_MEMCG) {
		memcg_total(d, t);
	} else if ((d->trigger.kind == OOMX_KIND_GLOBAL || d->trigger.kind == OOMX_KIND_SYSRQ) &&
		   (d->sys_valid & both) == both) {
		t->known = true;
		t->min = d->sys[OOMX_SYS_TOTALRAM] + d->sys[OOMX_SYS_SWAP_TOTAL];
		t->max = t->min;
	}
}

/* Points that are the same whatever the base is, within what is possible. */
static bool has_points(const struct draft *d, const struct oomx_task *task,
		       const struct totalpages *t)
{
	if (!oomx_task_selectable(task) || !vintage_known(d, task))
		return false;
	if (t->known && t->min == t->max)
		return true;
	return vintage_points(d, task, 0) == vintage_points(d, task, 1000000);
}

/* Does @a have as many points as @b, whatever the base is? */
static bool never_below(const struct draft *d, const struct oomx_task *a,
			const struct oomx_task *b, const struct totalpages *t)
{
	u64 far = t->max == U64_MAX ? t->min + (1ULL << 40) : t->max;

	return vintage_points(d, a, t->min) >= vintage_points(d, b, t->min) &&
	       vintage_points(d, a, far) >= vintage_points(d, b, far);
}

static bool is_victim(const struct draft *d, const struct oomx_task *task)
{
	u32 pid = d->chosen ? d->chosen : d->n_victims ? d->victims[0].v.pid : 0;

	return pid && task->pid == pid;
}

/* Which of equal ones the kernel saw last cannot be told: it is the one that it took. */
static bool goes_before(const struct draft *d, const struct oomx_task *a,
			const struct oomx_task *b, const struct totalpages *t)
{
	s64 pa = vintage_points(d, a, t->min), pb = vintage_points(d, b, t->min);

	return pa != pb ? pa > pb : is_victim(d, a) || !is_victim(d, b);
}

/* The task with the most points; NULL: it cannot be told. */
static const struct oomx_task *best(const struct draft *d, const struct totalpages *t)
{
	const struct oomx_task *first = NULL, *task;
	u32 i;

	for (i = 0; i < d->n_tasks; i++) {
		task = &d->tasks[i];
		if (!oomx_task_selectable(task))
			continue;
		if (!vintage_known(d, task))
			return NULL;
		if (!first || goes_before(d, task, first, t))
			first = task;
	}
	for (i = 0; first && i < d->n_tasks; i++)
		if (oomx_task_selectable(&d->tasks[i]) && !never_below(d, first, &d->tasks[i], t))
			return NULL;
	return first;
}

/* Of those with points; the others cannot have more when the first is known. */
static void put_margin(const struct draft *d, const struct oomx_task *first, u64 *valid, u64 *v)
{
	s64 second = S64_MIN;
	u32 i, ties = 0;

	for (i = 0; i < d->n_tasks; i++) {
		if (&d->tasks[i] == first || !oomx_task_selectable(&d->tasks[i]))
			continue;
		if (!(d->tasks[i].flags & OOMX_TASK_HAS_POINTS))
			return;
		second = max_t(s64, second, d->tasks[i].points);
		ties += d->tasks[i].points == first->points;
	}
	oomx_put(valid, v, OOMX_CHOICE_TIES, ties);
	if (second != S64_MIN)
		oomx_put(valid, v, OOMX_CHOICE_MARGIN, first->points - second);
}

/* The trigger itself, by vm.oom_kill_allocating_task. */
static u64 allocating(const struct draft *d, u64 v[OOMX_CHOICE_NR])
{
	u64 valid = 0;

	oomx_put(&valid, v, OOMX_CHOICE_RESULT, OOMX_RESULT_KILLED);
	oomx_put(&valid, v, OOMX_CHOICE_RULE, OOMX_RULE_ALLOCATING);
	if (d->trigger.pid == OOMX_NONE || d->trigger.tgid == OOMX_NONE)
		return valid;
	oomx_put(&valid, v, OOMX_CHOICE_PID, d->trigger.pid);
	oomx_put(&valid, v, OOMX_CHOICE_TGID, d->trigger.tgid);
	return valid;
}

/**
 * choice_whole() - does the log hold the whole task table?
 * @d: draft
 *
 * Return: false when the one that was chosen might be missing.
 */
bool choice_whole(const struct draft *d)
{
	return d->n_columns && !d->no_header && !d->log.cut && !(d->log.flags & OOMX_LOG_NO_END);
}

/**
 * choice_make() - points of the tasks, and who has the most
 * @d: draft; the points of its tasks are set
 * @t: base of the scores
 * @v: set to the values of OOMX_SEC_CHOICE
 *
 * Return: mask of the values that are known.
 */
u64 choice_make(struct draft *d, const struct totalpages *t, u64 v[OOMX_CHOICE_NR])
{
	const struct oomx_task *first;
	u64 valid = 0;
	u32 i;

	for (i = 0; i < d->n_tasks; i++) {
		if (!has_points(d, &d->tasks[i], t))
			continue;
		d->tasks[i].points = vintage_points(d, &d->tasks[i], t->min);
		d->tasks[i].flags |= OOMX_TASK_HAS_POINTS;
	}
	memset(v, 0, OOMX_CHOICE_NR * sizeof(*v));
	if (d->allocating)
		return allocating(d, v);
	first = choice_whole(d) ? best(d, t) : NULL;
	if (!first)
		return 0;
	oomx_put(&valid, v, OOMX_CHOICE_RESULT, OOMX_RESULT_KILLED);
	oomx_put(&valid, v, OOMX_CHOICE_RULE, OOMX_RULE_BADNESS);
	oomx_put(&valid, v, OOMX_CHOICE_PID, first->pid);
	oomx_put(&valid, v, OOMX_CHOICE_TGID, first->tgid);
	if (!(first->flags & OOMX_TASK_HAS_POINTS))
		return valid;
	oomx_put(&valid, v, OOMX_CHOICE_POINTS, first->points);
	put_margin(d, first, &valid, v);
	return valid;
}
