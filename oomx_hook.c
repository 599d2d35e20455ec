// SPDX-License-Identifier: GPL-2.0
/*
 * When something happens: the probes and the notifier.
 *
 *	kprobe out_of_memory	the trigger: the record is taken here. A plain probe on
 *				the entry: a return probe would damage the call trace
 *				of the kernel's own report.
 *	OOM notifier		only global and sysrq events; called last, so that it sees
 *				what other notifiers freed. Never writes to @freed.
 *	mark_victim		tracepoint, inside out_of_memory() in the same task: the
 *				oom_control of the trigger is live and decided.
 *	kprobe exit_oom_victim	a victim has given up its address space
 *
 * All callers of out_of_memory() hold oom_lock, so there is one event at a time and one
 * slot is enough. Nothing tells when out_of_memory() returns: a slot is stale once its
 * task is not inside any more. What is checked for that is below.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/oom.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <linux/timekeeping.h>
#include <linux/tracepoint.h>

#include "oomx.h"
#include "capture/compat.h"

/**
 * struct oomx_slot - the event in progress
 * @task: who is inside out_of_memory()
 * @oc: its oom_control, on its stack
 * @event: number of the event
 * @trigger_ns: monotonic time of the trigger
 * @notified: the OOM notifier ran for this event
 *
 * Written under oom_lock by the task that is the trigger.
 */
struct oomx_slot {
	struct task_struct *task;
	struct oom_control *oc;
	u64 event;
	u64 trigger_ns;
	bool notified;
};

static struct oomx_slot slot;
static u64 nr_events;	/* guarded by oom_lock */

/*
 * Victims that have not given up their address space yet. A victim that finds no room
 * replaces the oldest: its release is then not seen, which is counted.
 */
struct oomx_inflight {
	struct task_struct *task;	/* compared, never dereferenced */
	u64 event;
	u64 trigger_ns;
	u32 pid;
	u32 tgid;
};

#define NR_INFLIGHT	64
static struct oomx_inflight inflight[NR_INFLIGHT];
static unsigned int inflight_next;
static DEFINE_RAW_SPINLOCK(inflight_lock);

/* Rooms of the follow-up records: header, sections, values. */
#define FOLLOWUP_SIZE	256

static int on_out_of_memory(struct kprobe *kp, struct pt_regs *regs)
{
	struct oom_control *oc = (struct oom_control *)regs_get_kernel_argument(regs, 0);
	struct oomx_record *r;

	slot.task = current;
	slot.oc = oc;
	slot.event = ++nr_events;
	slot.trigger_ns = ktime_get_mono_fast_ns();
	slot.notified = false;
	r = oomx_capture_event(oc, oomx_caller(regs), slot.event);
	oomx_count(OOMX_COUNT_GLOBAL + oomx_capture_kind(r) - OOMX_KIND_GLOBAL);
	oomx_store_push(r);
	return 0;
}

/* Is current inside the out_of_memory() call that the slot describes? */
static bool slot_is_current(void)
{
	unsigned long oc = (unsigned long)slot.oc;

	/* oc lies in a frame of a caller; the stack grows down to us */
	return slot.task == current && object_is_on_stack(slot.oc) &&
	       oc > (unsigned long)&oc;
}

static int on_oom_notify(struct notifier_block *nb, unsigned long unused, void *freed)
{
	u8 buf[FOLLOWUP_SIZE] __aligned(OOMX_ALIGN);
	struct oomx_builder b;
	u64 *v;

	oomx_count(OOMX_COUNT_NOTIFIER_CALLS);
	if (!slot_is_current() || oomx_capture_is_memcg(slot.oc) || slot.notified) {
		oomx_count(OOMX_COUNT_NOTIFIER_NO_CAPTURE);
		slot.task = NULL;
		return NOTIFY_OK;
	}
	slot.notified = true;
	if (!*(unsigned long *)freed)
		return NOTIFY_OK;
	oomx_build_begin(&b, buf, sizeof(buf), OOMX_RECORD_FOLLOWUP, slot.event);
	v = oomx_build_table(&b, OOMX_SEC_DECISION, OOMX_VALUES_SIZE(OOMX_DEC_NR), 1);
	v[0] = BIT_ULL(OOMX_DEC_NOTIFIER_FREED);
	v[1 + OOMX_DEC_NOTIFIER_FREED] = *(unsigned long *)freed;
	oomx_build_end(&b);
	oomx_store_push((struct oomx_record *)buf);
	return NOTIFY_OK;
}

static struct notifier_block oom_nb = {
	.notifier_call = on_oom_notify,
	.priority = INT_MIN,
};

static void inflight_add(struct task_struct *victim)
{
	struct oomx_inflight *to;
	unsigned long flags;

	raw_spin_lock_irqsave(&inflight_lock, flags);
	to = &inflight[inflight_next++ % NR_INFLIGHT];
	if (to->task)
		oomx_count(OOMX_COUNT_VICTIMS_UNTRACKED);
	*to = (struct oomx_inflight){
		.task = victim,
		.event = slot.event,
		.trigger_ns = slot.trigger_ns,
		.pid = victim->pid,
		.tgid = victim->tgid,
	};
	raw_spin_unlock_irqrestore(&inflight_lock, flags);
}

static bool inflight_take(struct task_struct *task, struct oomx_inflight *found)
{
	unsigned long flags;
	unsigned int i;

	raw_spin_lock_irqsave(&inflight_lock, flags);
	for (i = 0; i < NR_INFLIGHT; i++)
		if (inflight[i].task == task)
			break;
	if (i < NR_INFLIGHT) {
		*found = inflight[i];
		inflight[i].task = NULL;
	}
	raw_spin_unlock_irqrestore(&inflight_lock, flags);
	return i < NR_INFLIGHT;
}

static void on_victim(struct task_struct *victim)
{
	u8 buf[FOLLOWUP_SIZE] __aligned(OOMX_ALIGN);
	struct oomx_builder b;

	if (!slot_is_current()) {
		oomx_count(OOMX_COUNT_VICTIM_NO_CAPTURE);
		return;
	}
	oomx_count(OOMX_COUNT_VICTIMS);
	inflight_add(victim);
	oomx_build_begin(&b, buf, sizeof(buf), OOMX_RECORD_FOLLOWUP, slot.event);
	oomx_capture_victim(&b, victim, ktime_get_mono_fast_ns() - slot.trigger_ns);
	oomx_capture_decision(&b, slot.oc);
	oomx_build_end(&b);
	oomx_store_push((struct oomx_record *)buf);
}

OOMX_DEFINE_MARK_VICTIM(on_mark_victim, on_victim)

static int on_exit_oom_victim(struct kprobe *kp, struct pt_regs *regs)
{
	u8 buf[FOLLOWUP_SIZE] __aligned(OOMX_ALIGN);
	struct oomx_inflight victim;
	struct oomx_release release;
	struct oomx_builder b;

	if (!inflight_take(current, &victim))
		return 0;
	oomx_count(OOMX_COUNT_RELEASES);
	release.after_ns = ktime_get_mono_fast_ns() - victim.trigger_ns;
	release.pid = victim.pid;
	release.tgid = victim.tgid;
	oomx_build_begin(&b, buf, sizeof(buf), OOMX_RECORD_FOLLOWUP, victim.event);
	oomx_build_copy(&b, OOMX_SEC_RELEASE, &release, sizeof(release), 1);
	oomx_build_end(&b);
	oomx_store_push((struct oomx_record *)buf);
	return 0;
}

static struct kprobe trigger_probe = {
	.symbol_name = "out_of_memory",
	.pre_handler = on_out_of_memory,
};

static struct kprobe release_probe = {
	.symbol_name = "exit_oom_victim",
	.pre_handler = on_exit_oom_victim,
};

static bool release_probed;
static struct tracepoint *victim_tp;

static void find_mark_victim(struct tracepoint *tp, void *unused)
{
	if (!strcmp(tp->name, "mark_victim"))
		victim_tp = tp;
}

/* The victims are a bonus: without them the trigger is still recorded. */
static void hook_victims(void)
{
	int err = register_kprobe(&release_probe);

	release_probed = !err;
	if (err)
		pr_warn("cannot probe exit_oom_victim (%d): releases are not recorded\n", err);
	for_each_kernel_tracepoint(find_mark_victim, NULL);
	if (victim_tp && tracepoint_probe_register(victim_tp, on_mark_victim, NULL))
		victim_tp = NULL;
	if (!victim_tp)
		pr_warn("no tracepoint oom:mark_victim: victims are not recorded\n");
}

static void unhook_victims(void)
{
	if (victim_tp)
		tracepoint_probe_unregister(victim_tp, on_mark_victim, NULL);
	tracepoint_synchronize_unregister();
	if (release_probed)
		unregister_kprobe(&release_probe);
}

/**
 * oomx_hook_init() - start recording
 *
 * Context: Process, may sleep. The store and the capture are ready.
 * Return: 0 or -errno, with a message.
 */
int oomx_hook_init(void)
{
	int err;

	hook_victims();
	err = register_oom_notifier(&oom_nb);
	if (err)
		goto unhook;
	err = register_kprobe(&trigger_probe);
	if (!err)
		return 0;
	pr_err("cannot probe out_of_memory (%d): nothing could be recorded\n", err);
	unregister_oom_notifier(&oom_nb);
unhook:
	unhook_victims();
	return err;
}

/**
 * oomx_hook_exit() - stop recording
 *
 * Context: Process, may sleep. When it returns no hook runs and none will.
 */
void oomx_hook_exit(void)
{
	unregister_kprobe(&trigger_probe);
	unregister_oom_notifier(&oom_nb);
	unhook_victims();
}

/**
 * oomx_hook_missed() - how often a probe could not run
 *
 * Context: Any.
 * Return: hits of both probes that the kprobe layer had to skip, since load.
 */
u64 oomx_hook_missed(void)
{
	return trigger_probe.nmissed + release_probe.nmissed;
}

/**
 * oomx_hook_sees_victim() - are victims recorded?
 *
 * Context: Any, between oomx_hook_init() and oomx_hook_exit().
 * Return: true when the tracepoint was found.
 */
bool oomx_hook_sees_victim(void)
{
	return victim_tp;
}

/**
 * oomx_hook_sees_release() - are releases recorded?
 *
 * Context: Any, between oomx_hook_init() and oomx_hook_exit().
 * Return: true when exit_oom_victim() could be probed.
 */
bool oomx_hook_sees_release(void)
{
	return release_probed;
}
