// SPDX-License-Identifier: GPL-2.0
/*
 * What is known once the kernel has decided: read inside mark_victim.
 */
#include <linux/cpumask.h>
#include <linux/mm.h>
#include <linux/oom.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/vmstat.h>

#include "capture.h"
#include "compat.h"

/**
 * oomx_capture_is_memcg() - is this the event of a memory cgroup?
 * @oc: of the event
 *
 * Context: Inside out_of_memory().
 * Return: true if it is.
 */
bool oomx_capture_is_memcg(const struct oom_control *oc)
{
	return oc->memcg;
}

/**
 * oomx_capture_is_sysrq() - was the event asked for by sysrq?
 * @oc: of the event
 *
 * Context: Inside out_of_memory().
 * Return: true if it was.
 */
bool oomx_capture_is_sysrq(const struct oom_control *oc)
{
	return oomx_is_sysrq(oc);
}

/**
 * oomx_capture_points() - of the task that the kernel chose
 * @oc: of the event
 *
 * Context: Inside mark_victim.
 * Return: points.
 */
s64 oomx_capture_points(const struct oom_control *oc)
{
	return oc->chosen_points;
}

/**
 * oomx_capture_kills() - kills by the OOM killer since boot
 *
 * All kills are made under oom_lock: of two readings inside of one event the difference is
 * exact, unless a CPU goes offline between them.
 *
 * Context: Inside out_of_memory().
 * Return: vmstat's oom_kill; not known in kernels without event counters.
 */
struct oomx_opt oomx_capture_kills(void)
{
	struct oomx_opt kills = { .known = IS_ENABLED(CONFIG_VM_EVENT_COUNTERS) };
	int cpu;

	for_each_online_cpu(cpu)
		kills.v += oomx_vm_event(OOM_KILL, cpu);
	return kills;
}

/**
 * oomx_capture_victim() - a task that was marked
 * @b: follow-up in the making
 * @victim: the task; its mm is stable: the caller of mark_victim holds its alloc_lock, or
 *	it is current, or it shares the mm of one for which that is true
 * @after_ns: time since the trigger
 * @flags: OOMX_VICTIM_*
 *
 * Context: Inside mark_victim; may not sleep, may not lock the victim.
 */
void oomx_capture_victim(struct oomx_builder *b, struct task_struct *victim, u64 after_ns,
			 u32 flags)
{
	struct oomx_victim *v = oomx_build_table(b, OOMX_SEC_VICTIM, sizeof(*v), 1);
	struct mm_struct *mm = flags & OOMX_VICTIM_SHARES_MM ? NULL : victim->mm;

	if (!v)
		return;
	v->after_ns = after_ns;
	v->pid = victim->pid;
	v->tgid = victim->tgid;
	v->uid = __kuid_val(task_uid(victim));
	v->oom_score_adj = READ_ONCE(victim->signal->oom_score_adj);
	v->flags = flags;
	oomx_copy_comm(v->comm, victim->comm);
	if (!mm)
		return;
	v->rss_anon = oomx_mm_counter(mm, MM_ANONPAGES);
	v->rss_file = oomx_mm_counter(mm, MM_FILEPAGES);
	v->rss_shmem = oomx_mm_counter(mm, MM_SHMEMPAGES);
	v->swap = oomx_mm_counter(mm, MM_SWAPENTS);
	v->pgtables_bytes = mm_pgtables_bytes(mm);
}

/**
 * oomx_capture_decision() - the kernel's own numbers
 * @b: follow-up in the making
 * @oc: of the event
 * @victim: task that was marked
 * @kills: kills counted since the trigger
 *
 * totalpages is 0 where the kernel got here before it looked for a victim (a dying
 * trigger): then there was no decision.
 *
 * Context: Inside mark_victim.
 * Return: enum oomx_result.
 */
u32 oomx_capture_decision(struct oomx_builder *b, const struct oom_control *oc,
			  struct task_struct *victim, struct oomx_opt kills)
{
	bool group = oomx_memcg_oom_group(victim, oc->memcg);
	u64 *v;

	if (!oc->totalpages)
		return oomx_mark_result(false, 0, false);
	v = oomx_build_table(b, OOMX_SEC_DECISION, OOMX_VALUES_SIZE(OOMX_DEC_NR), 1);
	if (v) {
		oomx_put(v, v + 1, OOMX_DEC_TOTALPAGES, oc->totalpages);
		oomx_put(v, v + 1, OOMX_DEC_CONSTRAINT, oc->constraint);
		oomx_put(v, v + 1, OOMX_DEC_CHOSEN_POINTS, oc->chosen_points);
		oomx_put(v, v + 1, OOMX_DEC_OOM_GROUP, group);
		if (kills.known)
			oomx_put(v, v + 1, OOMX_DEC_KILLS, kills.v);
	}
	return oomx_mark_result(true, kills.known ? kills.v : 1, group);
}

/**
 * oomx_capture_sharers() - other processes with the victim's memory
 * @victim: task that was marked; its mm is stable, as in oomx_capture_victim()
 * @found: called for each, under rcu_read_lock(); @n: calls before this one
 *
 * Source: __oom_kill_process(), process_shares_mm().
 *
 * Context: Inside mark_victim. Looks at all processes only where the mm has more users than
 * the victim has threads.
 */
void oomx_capture_sharers(struct task_struct *victim,
			  void (*found)(struct task_struct *p, u32 n))
{
	struct mm_struct *mm = victim->mm;
	struct task_struct *p;
	u32 n = 0;

	/* threads come and go: with one too few counted, the list is looked at in vain */
	if (!mm || atomic_read(&mm->mm_users) <= data_race(get_nr_threads(victim)))
		return;
	rcu_read_lock();
	for_each_process(p)
		if (READ_ONCE(p->mm) == mm && !same_thread_group(p, victim) &&
		    !(READ_ONCE(p->flags) & PF_KTHREAD) && !is_global_init(p))
			found(p, n++);
	rcu_read_unlock();
}

/**
 * oomx_mm_used() - is memory still used, or on its way back?
 * @mm: kept by a reference, or by the signal->oom_mm of a victim
 *
 * Source: __mmput(), which begins when mm_users is 0. It lets go of the executable after
 * exit_mmap(), which frees the pages.
 *
 * Context: Any.
 * Return: false once its last user has freed it.
 */
bool oomx_mm_used(const struct mm_struct *mm)
{
	return atomic_read(&mm->mm_users) || rcu_access_pointer(mm->exe_file);
}

/**
 * oomx_mm_of_others() - memory of a victim that others still use, or are about to free
 * @victim: current, which has just stopped to use it
 *
 * Context: At the entry of exit_oom_victim().
 * Return: the mm, to be given back with oomx_mm_put(); NULL: it is gone, or @victim is none.
 */
struct mm_struct *oomx_mm_of_others(struct task_struct *victim)
{
	struct mm_struct *mm = READ_ONCE(victim->signal->oom_mm);

	if (!mm || !oomx_mm_used(mm))
		return NULL;
	mmgrab(mm);
	return mm;
}

/**
 * oomx_mm_put() - drop the reference of oomx_mm_of_others()
 * @mm: mm
 *
 * Context: Any where the last reference to an mm may be dropped: process context, or where
 * another one is known to be held.
 */
void oomx_mm_put(struct mm_struct *mm)
{
	mmdrop(mm);
}
