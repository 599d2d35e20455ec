// SPDX-License-Identifier: GPL-2.0
/*
 * When something happens: the probes and the notifiers.
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
 *	panic notifier		the record is lost; its sum goes to the console
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/oom.h>
#include <linux/sched.h>
#include <linux/tracepoint.h>

#include "oomx.h"
#include "capture/compat.h"

static struct tracepoint *victim_tp;
static struct tracepoint *reap_tp;
static struct tracepoint *reap_skip_tp;

static int on_out_of_memory(struct kprobe *kp, struct pt_regs *regs)
{
	oomx_event_begin((struct oom_control *)regs_get_kernel_argument(regs, 0),
			 oomx_caller(regs));
	return 0;
}

static int on_oom_notify(struct notifier_block *nb, unsigned long unused, void *freed)
{
	oomx_event_notified(*(unsigned long *)freed);
	return NOTIFY_OK;
}

static struct notifier_block oom_nb = {
	.notifier_call = on_oom_notify,
	.priority = INT_MIN,
};

OOMX_DEFINE_MARK_VICTIM(on_mark_victim, oomx_event_victim)

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

static int on_panic(struct notifier_block *nb, unsigned long unused, void *message)
{
	oomx_event_panic();
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
