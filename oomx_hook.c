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
 *	*_task_reaping		tracepoints: the OOM reaper took a victim's memory, or did not
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
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task_stack.h>
#include <linux/timekeeping.h>
#include <linux/tracepoint.h>

#include "oomx.h"
#include "oomx_names.h"
#include "oomx_outcome.h"
#include "capture/compat.h"

/**
 * struct oomx_slot - the event in progress
 * @task: who is inside out_of_memory()
 * @oc: its oom_control, on its stack
 * @event: number of the event; 0: none yet
 * @trigger_ns: monotonic time of the trigger
 * @kills: vmstat's oom_kill at the trigger
 * @choice: the replay
 * @domain: what is short; no reference is held
 * @kind: enum oomx_kind
 * @notified: the OOM notifier ran for this event
 * @ended: how it ended is known, and was counted
 *
 * Written under oom_lock by the task that is the trigger.
 */
struct oomx_slot {
	struct task_struct *task;
	struct oom_control *oc;
	u64 event;
	u64 trigger_ns;
	struct oomx_opt kills;
	struct oomx_choice choice;
	struct oomx_domain domain;
	u32 kind;
	bool notified;
	bool ended;
};

static struct oomx_slot slot;

/* Room of the follow-up records: header, sections, values. */
#define FOLLOWUP_SIZE	256

/* Others that share a victim's memory: more are not recorded. */
#define SHARERS_MAX	16

static struct tracepoint *victim_tp;
static struct tracepoint *reap_tp;
static struct tracepoint *reap_skip_tp;

static void count_result(u32 result)
{
	slot.ended = true;
	if (result)
		oomx_count(OOMX_COUNT_RESULT + result - 1);
}

/*
 * The next event has begun, and the last one left no trace: either it needed no victim, or
 * the one chosen was gone before it could be marked.
 */
static void end_last(void)
{
	u32 result = slot.choice.result;

	if (!slot.event || slot.ended)
		return;
	if (result == OOMX_RESULT_KILLED) {
		result = victim_tp ? OOMX_RESULT_VICTIM_EXITING : 0;
		if (victim_tp)
			oomx_push_moment(OOMX_SEC_NO_VICTIM, slot.event,
					 ktime_get_mono_fast_ns() - slot.trigger_ns, 0, 0);
	}
	count_result(result);
}

static int on_out_of_memory(struct kprobe *kp, struct pt_regs *regs)
{
	struct oom_control *oc = (struct oom_control *)regs_get_kernel_argument(regs, 0);
	const struct oomx_capture *c;

	end_last();
	slot.task = current;
	slot.oc = oc;
	slot.event++;
	slot.trigger_ns = ktime_get_mono_fast_ns();
	slot.notified = false;
	slot.ended = false;
	c = oomx_capture_event(oc, oomx_caller(regs), slot.event);
	slot.kind = oomx_capture_kind(c);
	slot.choice = *oomx_capture_choice(c);
	slot.domain = *oomx_capture_domain(c);
	slot.kills = oomx_capture_kills();
	oomx_count(OOMX_COUNT_GLOBAL + slot.kind - OOMX_KIND_GLOBAL);
	oomx_store_push(oomx_capture_record(c));
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

static void push_freed(u64 pages)
{
	u8 buf[FOLLOWUP_SIZE] __aligned(OOMX_ALIGN);
	struct oomx_builder b;
	u64 *v;

	oomx_build_begin(&b, buf, sizeof(buf), OOMX_RECORD_FOLLOWUP, slot.event);
	v = oomx_build_table(&b, OOMX_SEC_DECISION, OOMX_VALUES_SIZE(OOMX_DEC_NR), 1);
	v[0] = BIT_ULL(OOMX_DEC_NOTIFIER_FREED);
	v[1 + OOMX_DEC_NOTIFIER_FREED] = pages;
	oomx_build_end(&b);
	oomx_store_push((struct oomx_record *)buf);
}

static int on_oom_notify(struct notifier_block *nb, unsigned long unused, void *freed)
{
	unsigned long pages = *(unsigned long *)freed;

	oomx_count(OOMX_COUNT_NOTIFIER_CALLS);
	if (!slot_is_current() || oomx_capture_is_memcg(slot.oc) || slot.notified) {
		oomx_count(OOMX_COUNT_NOTIFIER_NO_CAPTURE);
		slot.task = NULL;
		return NOTIFY_OK;
	}
	slot.notified = true;
	if (!pages)
		return NOTIFY_OK;
	push_freed(pages);
	if (!oomx_capture_is_sysrq(slot.oc))
		count_result(OOMX_RESULT_FREED_BY_NOTIFIER);
	return NOTIFY_OK;
}

static struct notifier_block oom_nb = {
	.notifier_call = on_oom_notify,
	.priority = INT_MIN,
};

/* The first victim of an event tells how it ends, and whether that was predicted. */
static void judge(struct task_struct *victim, u32 result)
{
	const struct oomx_choice *c = &slot.choice;
	bool by_points = c->rule == OOMX_RULE_BADNESS;

	if (slot.ended)
		return;
	count_result(result);
	if (result == OOMX_RESULT_CURRENT_DYING)
		return;
	if (oomx_agrees(c->pid ? c->tgid : 0, c->points, by_points, victim->tgid,
			oomx_capture_points(slot.oc)))
		oomx_count(OOMX_COUNT_AGREEMENTS);
	else
		oomx_count(OOMX_COUNT_DISAGREEMENTS);
}

static struct oomx_opt kills_since(void)
{
	struct oomx_opt kills = oomx_capture_kills();

	kills.v -= slot.kills.v;
	return kills;
}

static void push_sharer(struct task_struct *p)
{
	u8 buf[FOLLOWUP_SIZE] __aligned(OOMX_ALIGN);
	struct oomx_builder b;

	oomx_build_begin(&b, buf, sizeof(buf), OOMX_RECORD_FOLLOWUP, slot.event);
	oomx_capture_victim(&b, p, ktime_get_mono_fast_ns() - slot.trigger_ns,
			    OOMX_VICTIM_SHARES_MM);
	oomx_build_end(&b);
	oomx_store_push((struct oomx_record *)buf);
}

/* Other processes with the victim's memory: __oom_kill_process() kills them, unmarked. */
static void push_sharers(struct task_struct *victim)
{
	struct mm_struct *mm = victim->mm;
	struct task_struct *p;
	unsigned int n = 0;

	if (!mm || atomic_read(&mm->mm_users) <= get_nr_threads(victim))
		return;
	rcu_read_lock();
	for_each_process(p) {
		if (READ_ONCE(p->mm) != mm || same_thread_group(p, victim) ||
		    p->flags & PF_KTHREAD || is_global_init(p))
			continue;
		oomx_count(OOMX_COUNT_SHARERS);
		if (n++ < SHARERS_MAX)
			push_sharer(p);
	}
	rcu_read_unlock();
}

static void on_victim(struct task_struct *victim)
{
	u8 buf[FOLLOWUP_SIZE] __aligned(OOMX_ALIGN);
	struct oomx_builder b;
	u32 result;

	if (!slot_is_current()) {
		oomx_count(OOMX_COUNT_VICTIM_NO_CAPTURE);
		return;
	}
	oomx_count(OOMX_COUNT_VICTIMS);
	oomx_victims_add(victim, slot.event, slot.trigger_ns, &slot.domain);
	oomx_build_begin(&b, buf, sizeof(buf), OOMX_RECORD_FOLLOWUP, slot.event);
	oomx_capture_victim(&b, victim, ktime_get_mono_fast_ns() - slot.trigger_ns, 0);
	result = oomx_capture_decision(&b, slot.oc, victim, kills_since());
	oomx_build_end(&b);
	oomx_store_push((struct oomx_record *)buf);
	judge(victim, result);
	if (result == OOMX_RESULT_KILLED || result == OOMX_RESULT_GROUP_KILLED)
		push_sharers(victim);
}

OOMX_DEFINE_MARK_VICTIM(on_mark_victim, on_victim)

static int on_exit_oom_victim(struct kprobe *kp, struct pt_regs *regs)
{
	oomx_victims_released(current);
	return 0;
}

static void on_finish_reaping(void *data, int pid)
{
	oomx_victims_reaped(pid, false);
}

static void on_skip_reaping(void *data, int pid)
{
	oomx_victims_reaped(pid, true);
}

/* The record dies with the machine: what it says in short goes to the console. */
static int on_panic(struct notifier_block *nb, unsigned long unused, void *message)
{
	const struct oomx_choice *c = &slot.choice;

	if (!slot.event || !slot_is_current() || slot.ended)
		return NOTIFY_DONE;
	pr_emerg("event %llu (%s): panic; %u candidates, %lld points the most\n", slot.event,
		 oomx_name(oomx_kind_names, ARRAY_SIZE(oomx_kind_names), slot.kind), c->n,
		 c->n ? c->points : 0);
	return NOTIFY_DONE;
}

static struct notifier_block panic_nb = {
	.notifier_call = on_panic,
};

static struct kprobe trigger_probe = {
	.symbol_name = "out_of_memory",
	.pre_handler = on_out_of_memory,
};

static struct kprobe release_probe = {
	.symbol_name = "exit_oom_victim",
	.pre_handler = on_exit_oom_victim,
};

static bool release_probed;

static void find_tracepoint(struct tracepoint *tp, void *unused)
{
	if (!strcmp(tp->name, "mark_victim"))
		victim_tp = tp;
	else if (!strcmp(tp->name, "finish_task_reaping"))
		reap_tp = tp;
	else if (!strcmp(tp->name, "skip_task_reaping"))
		reap_skip_tp = tp;
}

static void hook_tracepoint(struct tracepoint **tp, void *handler, const char *what)
{
	if (*tp && tracepoint_probe_register(*tp, handler, NULL))
		*tp = NULL;
	if (!*tp)
		pr_warn("a tracepoint of the OOM killer is missing: %s not recorded\n", what);
}

static void unhook_tracepoint(struct tracepoint *tp, void *handler)
{
	if (tp)
		tracepoint_probe_unregister(tp, handler, NULL);
}

/* The victims are a bonus: without them the trigger is still recorded. */
static void hook_victims(void)
{
	int err = register_kprobe(&release_probe);

	release_probed = !err;
	if (err)
		pr_warn("cannot probe exit_oom_victim (%d): releases are not recorded\n", err);
	for_each_kernel_tracepoint(find_tracepoint, NULL);
	hook_tracepoint(&victim_tp, on_mark_victim, "victims are");
	hook_tracepoint(&reap_tp, on_finish_reaping, "what the reaper does is");
	hook_tracepoint(&reap_skip_tp, on_skip_reaping, "what the reaper skips is");
}

static void unhook_victims(void)
{
	unhook_tracepoint(victim_tp, on_mark_victim);
	unhook_tracepoint(reap_tp, on_finish_reaping);
	unhook_tracepoint(reap_skip_tp, on_skip_reaping);
	tracepoint_synchronize_unregister();
	if (release_probed)
		unregister_kprobe(&release_probe);
	oomx_victims_exit();
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
	if (!err) {
		atomic_notifier_chain_register(&panic_notifier_list, &panic_nb);
		return 0;
	}
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
	atomic_notifier_chain_unregister(&panic_notifier_list, &panic_nb);
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

/**
 * oomx_hook_sees_reaper() - is the OOM reaper recorded?
 *
 * Context: Any, between oomx_hook_init() and oomx_hook_exit().
 * Return: true when its tracepoint was found.
 */
bool oomx_hook_sees_reaper(void)
{
	return reap_tp;
}

/**
 * oomx_hook_open() - is it still open how the last event ends?
 *
 * Context: Any. A moment's value.
 * Return: true until a victim is marked, a notifier frees memory, or the next event begins.
 */
bool oomx_hook_open(void)
{
	return READ_ONCE(slot.event) && !READ_ONCE(slot.ended);
}
