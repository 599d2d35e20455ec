// SPDX-License-Identifier: GPL-2.0
/*
 * What is known once the kernel has decided: read inside mark_victim.
 */
#include <linux/mm.h>
#include <linux/oom.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

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
 * oomx_capture_victim() - the task that was marked
 * @b: follow-up in the making
 * @victim: the task; its mm is stable: the caller of mark_victim holds its alloc_lock, or
 *	it is current
 * @after_ns: time since the trigger
 *
 * Context: Inside mark_victim; may not sleep, may not lock the victim.
 */
void oomx_capture_victim(struct oomx_builder *b, struct task_struct *victim, u64 after_ns)
{
	struct oomx_victim *v = oomx_build_table(b, OOMX_SEC_VICTIM, sizeof(*v), 1);
	struct mm_struct *mm = victim->mm;

	if (!v)
		return;
	v->after_ns = after_ns;
	v->pid = victim->pid;
	v->tgid = victim->tgid;
	v->uid = __kuid_val(task_uid(victim));
	v->oom_score_adj = victim->signal->oom_score_adj;
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
 *
 * totalpages is 0 where the kernel got here before it looked for a victim (a dying
 * trigger): then there was no decision, and nothing is stored.
 *
 * Context: Inside mark_victim.
 */
void oomx_capture_decision(struct oomx_builder *b, const struct oom_control *oc)
{
	u64 *v;

	if (!oc->totalpages)
		return;
	v = oomx_build_table(b, OOMX_SEC_DECISION, OOMX_VALUES_SIZE(OOMX_DEC_NR), 1);
	if (!v)
		return;
	oomx_put(v, v + 1, OOMX_DEC_TOTALPAGES, oc->totalpages);
	oomx_put(v, v + 1, OOMX_DEC_CONSTRAINT, oc->constraint);
	oomx_put(v, v + 1, OOMX_DEC_CHOSEN_POINTS, oc->chosen_points);
}
