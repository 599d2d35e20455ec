// SPDX-License-Identifier: GPL-2.0
/*
 * Every process, looked at as oom_evaluate_task() and oom_badness() do.
 *
 * Tasks stay while we hold the RCU read lock, their mm only while we hold alloc_lock.
 * That lock is tried, not waited for: the holder may be the task that we interrupted,
 * and on PREEMPT_RT it sleeps. A task whose lock is held has the status "locked".
 */
#include <linux/cpuset.h>
#include <linux/mm.h>
#include <linux/oom.h>
#include <linux/rculist.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/spinlock.h>
#include <linux/timekeeping.h>

#include "capture.h"
#include "compat.h"
#include "oomx_select.h"

#define LOCK_TRIES	1000	/* of alloc_lock; holders keep it for a few instructions */
#define TRIES_PER_LOOK	16	/* what they cost */
#define LOOKS_PER_CLOCK	64

/*
 * All else in a record is bounded by the sizes of its tables; the number of processes and of
 * their threads is not. The clock is read after so many @looks at them. What is left then is
 * not looked at, only counted.
 */
static bool is_late(struct oomx_capture *c, u32 looks)
{
	c->looks += looks;
	if (c->looks >= LOOKS_PER_CLOCK && !c->late) {
		c->looks = 0;
		c->late |= ktime_get_mono_fast_ns() > c->deadline;
	}
	return c->late;
}

/* Call @look with alloc_lock held. Return: false when the lock could not be had. */
static __always_inline bool with_task_lock(struct oomx_capture *c, struct task_struct *t,
					   void (*look)(struct task_struct *t, void *arg),
					   void *arg)
{
	int i;

	for (i = 0; i < LOCK_TRIES; i++) {
		if (spin_trylock(&t->alloc_lock)) {
			look(t, arg);
			spin_unlock(&t->alloc_lock);
			c->looks += i / TRIES_PER_LOOK;
			return true;
		}
		cpu_relax();
	}
	c->looks += LOCK_TRIES / TRIES_PER_LOOK;
	return false;
}

struct policy_look {
	const nodemask_t *mask;
	bool excludes;
};

static void look_at_policy(struct task_struct *t, void *arg)
{
	struct policy_look *look = arg;

	look->excludes = oomx_policy_excludes(t, look->mask);
}

/* Does the policy of one of its threads allow nodes of the request? Once late, it is not known. */
static u32 look_policy(struct oomx_capture *c, const struct signal_struct *sig)
{
	struct policy_look look = { .mask = c->oc->nodemask };
	struct task_struct *t;

	/* for_each_thread() would need a lock class that modules cannot link */
	list_for_each_entry_rcu(t, &sig->thread_head, thread_node, true) {
		if (!with_task_lock(c, t, look_at_policy, &look))
			return OOMX_LOOK_LOCKED;
		if (!look.excludes || is_late(c, 1))
			return 0;
	}
	return OOMX_LOOK_OTHER_POLICY;
}

static u32 look_cpuset(struct oomx_capture *c, const struct signal_struct *sig)
{
	struct task_struct *t;

	list_for_each_entry_rcu(t, &sig->thread_head, thread_node, true)
		if (oomx_mems_intersect(current, t) || is_late(c, 1))
			return 0;
	return OOMX_LOOK_OTHER_CPUSET;
}

/*
 * May this process be killed for this request at all? oom_unkillable_task() and below.
 * @inside: it lives in the group that is out of memory
 */
static u32 look_domain(struct oomx_capture *c, struct task_struct *p,
		       const struct signal_struct *sig, bool inside)
{
	if (is_global_init(p))
		return OOMX_LOOK_INIT;
	if (c->kind == OOMX_KIND_MEMCG)
		return inside ? 0 : OOMX_LOOK_OTHER_MEMCG;
	if (c->kind == OOMX_KIND_MEMPOLICY)
		return look_policy(c, sig);
	return c->one_node || c->manual ? 0 : look_cpuset(c, sig);
}

/* An earlier victim stops the kernel's scan, unless there is nothing to wait for. */
static u32 look_victim(struct mm_struct *oom_mm)
{
	return OOMX_LOOK_VICTIM | (oomx_mm_oom_skip(oom_mm) ? OOMX_LOOK_VICTIM_DONE : 0);
}

static void read_mm(struct oomx_task *to, struct task_struct *t)
{
	struct mm_struct *mm = t->mm;

	to->pid = t->pid;
	to->total_vm = READ_ONCE(mm->total_vm);
	to->rss_anon = oomx_mm_counter(mm, MM_ANONPAGES);
	to->rss_file = oomx_mm_counter(mm, MM_FILEPAGES);
	to->rss_shmem = oomx_mm_counter(mm, MM_SHMEMPAGES);
	to->swap = oomx_mm_counter(mm, MM_SWAPENTS);
	to->pgtables_bytes = mm_pgtables_bytes(mm);
	to->flags |= OOMX_TASK_HAS_MM;
}

static void forget_mm(struct oomx_task *to)
{
	to->total_vm = 0;
	to->rss_anon = 0;
	to->rss_file = 0;
	to->rss_shmem = 0;
	to->swap = 0;
	to->pgtables_bytes = 0;
}

struct mm_look {
	struct oomx_task *to;
	u32 look;
};

static void look_at_mm(struct task_struct *t, void *arg)
{
	struct mm_look *look = arg;

	if (!t->mm)
		return;
	read_mm(look->to, t);
	look->look = OOMX_LOOK_MM;
	if (oomx_mm_oom_skip(t->mm))
		look->look |= OOMX_LOOK_MM_SKIP;
	/* asked once more by in_vfork(), at more cost */
	if (READ_ONCE(t->vfork_done) && in_vfork(t))
		look->look |= OOMX_LOOK_VFORK;
}

/* find_lock_task_mm(): the first thread that still has an mm counts. Once late, it is not known. */
static u32 look_mm(struct oomx_capture *c, struct oomx_task *to, const struct signal_struct *sig)
{
	struct mm_look look = { .to = to };
	struct task_struct *t;

	list_for_each_entry_rcu(t, &sig->thread_head, thread_node, true) {
		if (!with_task_lock(c, t, look_at_mm, &look)) {
			look.look = OOMX_LOOK_LOCKED;
			break;
		}
		if (look.look) {
			c->looks += c->looks_of_sums;
			return look.look;
		}
		if (is_late(c, 1))
			break;
	}
	forget_mm(to);
	return look.look;
}

/* Without an adjustment the base of the scores is not needed. */
static void take_points(struct oomx_capture *c, struct oomx_task *to)
{
	to->points = 0;
	if (to->status != OOMX_TASK_CANDIDATE || (to->oom_score_adj && !c->totalpages_known))
		return;
	to->points = oomx_badness(to, PAGE_SIZE, c->totalpages);
	to->flags |= OOMX_TASK_HAS_POINTS;
}

/*
 * What the choice depends on. Of all fields each has to be set: the memory may be used.
 * Return: false when the time was up meanwhile: then nothing was seen.
 */
static bool take_score(struct oomx_capture *c, struct oomx_task *to, struct task_struct *p)
{
	const struct oomx_cgroup_slot *in = oomx_cgroup_of(c, p);
	const struct signal_struct *sig = p->signal;
	struct mm_struct *oom_mm = READ_ONCE(sig->oom_mm);
	u32 look;

	to->pid = p->pid;
	to->tgid = p->tgid;
	to->oom_score_adj = READ_ONCE(sig->oom_score_adj);
	to->flags = 0;
	to->cgroup = in->index;
	look = look_domain(c, p, sig, in->inside) | look_mm(c, to, sig);
	if (c->late)
		return false;
	if (oom_mm) {
		to->flags |= OOMX_TASK_VICTIM;
		look |= look_victim(oom_mm);
	}
	if (READ_ONCE(sig->oom_flag_origin))
		look |= OOMX_LOOK_ORIGIN;
	to->status = oomx_task_status(look, to->oom_score_adj, oomx_is_sysrq(c->oc));
	if (look & OOMX_LOOK_LOCKED)
		c->cap[OOMX_CAP_LOCKED]++;
	take_points(c, to);
	if (oomx_task_selectable(to))
		c->cap[OOMX_CAP_CANDIDATES]++;
	oomx_choice_see(&c->choice, to);
	return true;
}

/* ... and what else is told of a task that is kept. */
static void take_identity(struct oomx_task *to, struct task_struct *p, u32 scan)
{
	const struct signal_struct *sig = p->signal;

	to->start_ns = p->start_boottime;
	to->ppid = rcu_dereference(p->real_parent)->tgid;
	to->uid = __kuid_val(__task_cred(p)->uid);
	to->threads = data_race(sig->nr_threads);	/* a word that changes at any time */
	to->scan = scan;
	oomx_copy_comm(to->comm, p->comm);
	if (READ_ONCE(sig->flags) & SIGNAL_GROUP_EXIT || READ_ONCE(p->flags) & PF_EXITING)
		to->flags |= OOMX_TASK_DYING;
}

static void count_dropped(struct oomx_capture *c, const struct oomx_task *t)
{
	c->cap[OOMX_CAP_DROPPED]++;
	c->cap[OOMX_CAP_DROPPED_RSS] += t->rss_anon + t->rss_file + t->rss_shmem;
	c->cap[OOMX_CAP_DROPPED_SWAP] += t->swap;
	c->cap[OOMX_CAP_DROPPED_PGTABLES] += t->pgtables_bytes;
}

static struct oomx_task *row(const struct oomx_capture *c, u32 i)
{
	return (struct oomx_task *)c->tasks.data + i;
}

/* The table is full: from now on the rows of those that rank lowest are used again. */
static void rank_rows(struct oomx_capture *c)
{
	c->tasks.count = c->end - row(c, 0);
	oomx_heap_make(&c->tasks, c->heap);
}

/* The task in the next row, of that @key, is kept: the row of the lowest one is next now. */
static void replace_lowest(struct oomx_capture *c, s64 key)
{
	struct oomx_task *lowest = row(c, c->heap[0].index), *t = c->next;

	count_dropped(c, lowest);
	oomx_heap_replace(c->heap, c->tasks.count,
			  (struct oomx_ranked){ key, t->scan, t - row(c, 0) });
	c->next = lowest;
}

/* The task in the next row would be chosen: it is left out of the ranking until another would. */
static void keep_best(struct oomx_capture *c)
{
	struct oomx_task *before = c->best;
	s64 key;

	c->best = c->next;
	c->next = before ?: c->end + 1;
	if (!before)
		return;
	key = oomx_rank_key(before);
	if (key > c->heap[0].key)
		replace_lowest(c, key);
	else
		count_dropped(c, before);
}

/* Of the rows behind the table those that are in use move into the ones in it that are not. */
static void close_gaps(struct oomx_capture *c, struct oomx_task *gap, struct oomx_task *other)
{
	struct oomx_task *last;

	for (last = c->end + OOMX_SPARE_ROWS - 1; last >= c->end; last--) {
		if (last == gap || last == other)
			continue;
		if (gap >= c->end)
			swap(gap, other);
		*gap = *last;
		gap = last;
	}
}

/* Of a full table: the one that would be chosen joins it, and all rows get together. */
static void end_table(struct oomx_capture *c)
{
	struct oomx_task *gap = c->end + 1;

	if (c->best) {
		gap = c->next;
		c->next = c->best;
		replace_lowest(c, oomx_rank_key(c->best));
	}
	close_gaps(c, gap, c->next);
}

static void keep_kthread(struct oomx_capture *c, struct task_struct *p)
{
	u64 n = c->cap[OOMX_CAP_KTHREADS]++;

	if (n >= c->max_kthreads) {
		c->cap[OOMX_CAP_KTHREADS_DROPPED]++;
		return;
	}
	c->kthreads[n].pid = p->pid;
	oomx_copy_comm(c->kthreads[n].comm, p->comm);
}

/* The task in the next row and a full table: of those that rank the same the first stay. */
static void rank_task(struct oomx_capture *c, struct task_struct *p, u32 scan)
{
	bool best = oomx_choice_is(&c->choice, c->next);
	s64 key = oomx_rank_key(c->next);

	if (!best && key <= c->heap[0].key) {
		count_dropped(c, c->next);
		return;
	}
	take_identity(c->next, p, scan);
	if (best)
		keep_best(c);
	else
		replace_lowest(c, key);
}

static void see_task(struct oomx_capture *c, struct task_struct *p)
{
	u32 scan;

	if (!take_score(c, c->next, p)) {
		c->cap[OOMX_CAP_UNSEEN]++;
		return;
	}
	scan = c->cap[OOMX_CAP_TASKS]++;
	if (c->tasks.count) {
		rank_task(c, p, scan);
		return;
	}
	take_identity(c->next, p, scan);
	if (++c->next == c->end)
		rank_rows(c);
}

static void scan_tasks(struct oomx_capture *c)
{
	struct task_struct *p;

	rcu_read_lock();
	for_each_process(p) {
		if (is_late(c, 1))
			c->cap[OOMX_CAP_UNSEEN]++;
		else if (READ_ONCE(p->flags) & PF_KTHREAD)
			keep_kthread(c, p);
		else
			see_task(c, p);
	}
	rcu_read_unlock();
	if (c->tasks.count)
		end_table(c);
	else
		c->tasks.count = c->next - row(c, 0);
}

/* Return: false when there is no room for even one of them. */
static bool open_table(struct oomx_capture *c)
{
	u32 room;

	if (!oomx_build_open(&c->b, OOMX_SEC_TASK, sizeof(struct oomx_task)))
		return false;
	room = oomx_build_room(&c->b);
	if (room <= OOMX_SPARE_ROWS)
		return false;
	c->tasks.data = c->b.buf + c->b.len;
	c->tasks.esize = sizeof(struct oomx_task);
	c->tasks.count = 0;
	c->next = row(c, 0);
	c->end = row(c, min(c->max_tasks, room - OOMX_SPARE_ROWS));
	c->best = NULL;
	return true;
}

/**
 * oomx_take_tasks() - every process as a candidate
 * @c: capture
 *
 * Context: As oomx_capture_event().
 */
void oomx_take_tasks(struct oomx_capture *c)
{
	u32 kept;

	c->one_node = num_online_nodes() == 1;
	oomx_choice_begin(&c->choice, current->tgid);
	if (open_table(c)) {
		scan_tasks(c);
		c->choice.cut = c->cap[OOMX_CAP_UNSEEN];
		oomx_build_grow(&c->b, c->tasks.count);
	} else {
		c->choice.cut = true;
		c->b.overflow = true;
	}
	oomx_build_close(&c->b);
	kept = min_t(u64, c->cap[OOMX_CAP_KTHREADS], c->max_kthreads);
	oomx_build_copy(&c->b, OOMX_SEC_KTHREAD, c->kthreads, sizeof(*c->kthreads), kept);
}
