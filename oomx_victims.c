// SPDX-License-Identifier: GPL-2.0
/*
 * Victims on their way out: what becomes of them after out_of_memory() returned.
 */
#include <linux/jiffies.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/ktime.h>
#include <linux/workqueue.h>

#include "oomx.h"
#include "capture/compat.h"

#define STUCK_SECONDS	10	/* a victim with its memory after that is stuck */
#define FOLLOWUP_SIZE	128
#define POLL		(HZ / 10)	/* how often to look at what others still use or free */

/**
 * struct oomx_inflight - a victim that has not given up its address space yet
 * @task: compared, never dereferenced; NULL: free
 * @nr: victims that were marked before it
 * @event: that it was marked for
 * @trigger_ns: monotonic time of its trigger
 * @marked: jiffies when it was marked
 * @pid: of the task
 * @tgid: its process
 * @skipped: the reaper had nothing to do for it, as was recorded
 * @stuck: as was recorded
 * @mm: its memory, with a reference, once the task is gone but others (of its threads, processes
 *	that share it, a walk of the reclaim) use it or are freeing it; looked at from time to time
 * @has_domain: @domain is kept
 * @domain: what was short
 *
 * A victim that finds no room replaces the oldest of those without @mm; where all have one, it is
 * not followed itself. A release that is not seen for that is counted.
 */
struct oomx_inflight {
	struct task_struct *task;
	u64 nr;
	u64 event;
	u64 trigger_ns;
	unsigned long marked;
	u32 pid;
	u32 tgid;
	bool skipped;
	bool stuck;
	struct mm_struct *mm;
	bool has_domain;
	struct oomx_domain domain;
};

#define NR_INFLIGHT	64
static struct oomx_inflight inflight[NR_INFLIGHT];	/* guarded by inflight_lock */
static u64 nr_marked;					/* guarded by inflight_lock */
static DEFINE_RAW_SPINLOCK(inflight_lock);

static void look_at_victims(struct work_struct *work);
static DECLARE_DELAYED_WORK(look_work, look_at_victims);

/**
 * oomx_push_moment() - record that something happened
 * @type: enum oomx_section_type, of struct oomx_moment
 * @event: that it belongs to
 * @after_ns: since its trigger
 * @pid: of the victim, or 0
 * @tgid: its process
 *
 * Context: Any but NMI.
 */
void oomx_push_moment(u16 type, u64 event, u64 after_ns, u32 pid, u32 tgid)
{
	struct oomx_moment moment = { .after_ns = after_ns, .pid = pid, .tgid = tgid };
	u8 buf[FOLLOWUP_SIZE] __aligned(OOMX_ALIGN);
	struct oomx_builder b;

	oomx_build_begin(&b, buf, sizeof(buf), OOMX_RECORD_FOLLOWUP, event);
	oomx_build_copy(&b, type, &moment, sizeof(moment), 1);
	oomx_build_end(&b);
	oomx_store_push((struct oomx_record *)buf);
}

static void drop(struct oomx_inflight *victim)
{
	if (victim->task && victim->has_domain)
		oomx_domain_put(&victim->domain);
	if (victim->task && victim->mm)
		oomx_mm_put(victim->mm);
	victim->task = NULL;
}

/*
 * A free slot, or that of the oldest; NULL: there is none. A last reference to an mm cannot be
 * dropped here, on PREEMPT_RT that sleeps: who has one stays until the worker sees it unused.
 */
static struct oomx_inflight *find_slot(void)
{
	struct oomx_inflight *slot, *oldest = NULL;

	for (slot = inflight; slot < inflight + NR_INFLIGHT; slot++) {
		if (!slot->task)
			return slot;
		if (!slot->mm && (!oldest || slot->nr < oldest->nr))
			oldest = slot;
	}
	return oldest;
}

/**
 * oomx_victims_add() - a task was marked as a victim
 * @victim: task
 * @event: number of the event
 * @trigger_ns: monotonic time of its trigger
 * @d: what is short
 *
 * Context: Inside mark_victim.
 */
void oomx_victims_add(struct task_struct *victim, u64 event, u64 trigger_ns,
		      const struct oomx_domain *d)
{
	struct oomx_inflight *to, old = { 0 };
	unsigned long flags;
	bool full;

	raw_spin_lock_irqsave(&inflight_lock, flags);
	to = find_slot();
	full = !to || to->task;
	if (to) {
		old = *to;
		*to = (struct oomx_inflight){
			.task = victim,
			.nr = nr_marked++,
			.event = event,
			.trigger_ns = trigger_ns,
			.marked = jiffies,
			.pid = victim->pid,
			.tgid = victim->tgid,
			.domain = *d,
		};
		to->has_domain = oomx_domain_get(&to->domain);
	}
	raw_spin_unlock_irqrestore(&inflight_lock, flags);
	if (full)
		oomx_count(OOMX_COUNT_VICTIMS_UNTRACKED);
	drop(&old);
	/* does nothing while an earlier one is still to come, which then asks for the next */
	schedule_delayed_work(&look_work, (STUCK_SECONDS + 1) * HZ);
}

/* Of two that match: the earlier one was missed, and its task_struct and pid are in use again. */
static struct oomx_inflight *later(struct oomx_inflight *a, struct oomx_inflight *b)
{
	return !a || b->nr > a->nr ? b : a;
}

static struct oomx_inflight *find(struct task_struct *task)
{
	struct oomx_inflight *slot, *found = NULL;

	for (slot = inflight; slot < inflight + NR_INFLIGHT; slot++)
		if (slot->task == task && !slot->mm)
			found = later(found, slot);
	return found;
}

static void push_release(const struct oomx_inflight *victim)
{
	u8 buf[FOLLOWUP_SIZE] __aligned(OOMX_ALIGN);
	struct oomx_release release = { .pid = victim->pid, .tgid = victim->tgid };
	struct oomx_builder b;

	release.after_ns = ktime_get_mono_fast_ns() - victim->trigger_ns;
	if (victim->has_domain) {
		release.freed = oomx_domain_freed(&victim->domain);
		release.flags = OOMX_RELEASE_HAS_FREED;
	}
	if (victim->mm)
		release.flags |= OOMX_RELEASE_LATE;
	oomx_count(OOMX_COUNT_RELEASES);
	oomx_build_begin(&b, buf, sizeof(buf), OOMX_RECORD_FOLLOWUP, victim->event);
	oomx_build_copy(&b, OOMX_SEC_RELEASE, &release, sizeof(release), 1);
	oomx_build_end(&b);
	oomx_store_push((struct oomx_record *)buf);
}

/**
 * oomx_victims_released() - a task gave up its address space
 * @task: current, a victim or not
 *
 * Its memory comes back when the last thread, and the last process that shares it, does so.
 *
 * Context: At the entry of exit_oom_victim().
 */
void oomx_victims_released(struct task_struct *task)
{
	struct mm_struct *mm = oomx_mm_of_others(task);
	struct oomx_inflight victim, *found;
	unsigned long flags;

	raw_spin_lock_irqsave(&inflight_lock, flags);
	found = find(task);
	if (found && mm) {
		found->mm = mm;
	} else if (found) {
		victim = *found;
		found->task = NULL;
	}
	raw_spin_unlock_irqrestore(&inflight_lock, flags);
	if (found && mm)
		mod_delayed_work(oomx_system_wq, &look_work, POLL);
	else if (mm)
		oomx_mm_put(mm);
	if (!found || mm)
		return;
	push_release(&victim);
	drop(&victim);
}

/**
 * oomx_victims_reaped() - the OOM reaper looked at a victim
 * @pid: of the victim
 * @skipped: it could or need not do anything; may come many times, the first one counts
 *
 * Context: Any but NMI.
 */
void oomx_victims_reaped(u32 pid, bool skipped)
{
	struct oomx_inflight victim = { 0 }, *slot, *found = NULL;
	unsigned long flags;

	raw_spin_lock_irqsave(&inflight_lock, flags);
	for (slot = inflight; slot < inflight + NR_INFLIGHT; slot++)
		if (slot->task && slot->pid == pid)
			found = later(found, slot);
	if (found && (!skipped || !found->skipped))
		victim = *found;
	if (found)
		found->skipped |= skipped;
	raw_spin_unlock_irqrestore(&inflight_lock, flags);
	if (victim.task)
		oomx_push_moment(skipped ? OOMX_SEC_REAP_SKIP : OOMX_SEC_REAP, victim.event,
				 ktime_get_mono_fast_ns() - victim.trigger_ns, pid, victim.tgid);
}

enum news { NOTHING, RELEASED, STUCK };

static enum news news_of(const struct oomx_inflight *victim)
{
	if (victim->mm && !oomx_mm_used(victim->mm))
		return RELEASED;
	if (!victim->stuck && time_after(jiffies, victim->marked + STUCK_SECONDS * HZ))
		return STUCK;
	return NOTHING;
}

/* A victim of which there is news; @next: when to look again at the others, 0: never. */
static enum news take_news(struct oomx_inflight *victim, unsigned long *next)
{
	enum news news = NOTHING;
	unsigned long flags;
	unsigned int i;

	*next = 0;
	raw_spin_lock_irqsave(&inflight_lock, flags);
	for (i = 0; i < NR_INFLIGHT && !news; i++) {
		if (!inflight[i].task)
			continue;
		news = news_of(&inflight[i]);
		if (news == STUCK)
			inflight[i].stuck = true;
		*victim = inflight[i];
		if (news == RELEASED)
			inflight[i].task = NULL;
		else if (inflight[i].mm)
			*next = POLL;
		else if (!inflight[i].stuck && !*next)
			*next = HZ;
	}
	raw_spin_unlock_irqrestore(&inflight_lock, flags);
	return news;
}

static void look_at_victims(struct work_struct *work)
{
	struct oomx_inflight victim;
	unsigned long next;
	enum news news;

	while ((news = take_news(&victim, &next))) {
		if (news == RELEASED) {
			push_release(&victim);
			drop(&victim);
			continue;
		}
		oomx_count(OOMX_COUNT_STUCK);
		oomx_push_moment(OOMX_SEC_STUCK, victim.event,
				 ktime_get_mono_fast_ns() - victim.trigger_ns, victim.pid,
				 victim.tgid);
	}
	if (next)
		schedule_delayed_work(&look_work, next);
}

/**
 * oomx_victims_exit() - forget all victims
 *
 * Context: Process, may sleep. No hook is left.
 */
void oomx_victims_exit(void)
{
	unsigned int i;

	cancel_delayed_work_sync(&look_work);
	for (i = 0; i < NR_INFLIGHT; i++)
		drop(&inflight[i]);
}
