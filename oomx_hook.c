// SPDX-License-Identifier: GPL-2.0
/*
 * When something happens: the probes and the notifiers.
 *
 *	out_of_memory()	the trigger: the record is taken here. Its entry alone is
 *			hooked (oomx_probe.c): a return probe would damage the call
 *			trace of the kernel's own report.
 *	OOM notifier	only global and sysrq events; called last, so that it sees
 *			what other notifiers freed. Never writes to @freed.
 *	mark_victim	tracepoint, inside out_of_memory() in the same task: the
 *			oom_control of the trigger is live and decided.
 *	exit_oom_victim() a victim has given up its address space
 *	*_task_reaping	tracepoints: the OOM reaper took a victim's memory, or did not
 *	panic notifier	the record is lost; its summary goes to the console
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/irqflags.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/oom.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/tracepoint.h>

#include <trace/events/oom.h>

#include "oomx.h"
#include "oomx_probe.h"
#include "capture/compat.h"

static struct tracepoint *victim_tp;
static struct tracepoint *reap_tp;
static struct tracepoint *reap_skip_tp;

static struct oomx_probe trigger_probe;

/* preempt_count() stays 0 in kernels that do not count. */
static u64 context_now(void)
{
	u64 context = trigger_probe.by == OOMX_BY_FTRACE ? OOMX_CONTEXT_FTRACE : 0;

	if (irqs_disabled()) {
		context |= OOMX_CONTEXT_IRQS_OFF;
		oomx_count(OOMX_COUNT_IRQS_OFF);
	}
	if (!IS_ENABLED(CONFIG_PREEMPT_COUNT))
		return context;
	context |= OOMX_CONTEXT_PREEMPT_KNOWN;
	if (preempt_count()) {
		context |= OOMX_CONTEXT_PREEMPT_OFF;
		oomx_count(OOMX_COUNT_PREEMPT_OFF);
	}
	return context;
}

static void on_out_of_memory(unsigned long oc, unsigned long caller)
{
	struct oomx_entry entry = {
		.caller = caller,
		.function = oomx_probe_address(&trigger_probe),
		.context = context_now(),
	};

	oomx_event_begin((struct oom_control *)oc, &entry);
}

static struct oomx_probe trigger_probe = {
	.symbol = "out_of_memory",
	.handler = on_out_of_memory,
};

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

static void on_exit_oom_victim(unsigned long unused, unsigned long caller)
{
	oomx_victims_released(current);
}

static struct oomx_probe release_probe = {
	.symbol = "exit_oom_victim",
	.handler = on_exit_oom_victim,
};

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
	oomx_event_panic(message);
	return NOTIFY_DONE;
}

static struct notifier_block panic_nb = {
	.notifier_call = on_panic,
};

static void find_tracepoint(struct tracepoint *tp, void *unused)
{
	if (!strcmp(tp->name, "mark_victim"))
		victim_tp = tp;
	else if (!strcmp(tp->name, "finish_task_reaping"))
		reap_tp = tp;
	else if (!strcmp(tp->name, "skip_task_reaping"))
		reap_skip_tp = tp;
}

/*
 * The handlers go through pointers to void: what the kernel will call them as (kCFI checks that),
 * the compiler checks here.
 */
static void check_handlers(void)
{
	check_trace_callback_type_mark_victim(on_mark_victim);
	check_trace_callback_type_finish_task_reaping(on_finish_reaping);
	check_trace_callback_type_skip_task_reaping(on_skip_reaping);
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
static void hook_victims(enum oomx_backend by)
{
	int err = oomx_probe_attach(&release_probe, by);

	if (err)
		pr_warn("cannot hook exit_oom_victim (%d): releases are not recorded\n", err);
	check_handlers();
	for_each_kernel_tracepoint(find_tracepoint, NULL);
	hook_tracepoint(&victim_tp, on_mark_victim, "victims are");
	hook_tracepoint(&reap_tp, on_finish_reaping, "what the reaper does is");
	hook_tracepoint(&reap_skip_tp, on_skip_reaping, "what the reaper skips is");
}

static struct oomx_probe *probes[OOMX_MAX_PROBES] = { &trigger_probe, &release_probe };

static void unhook_victims(void)
{
	unhook_tracepoint(victim_tp, on_mark_victim);
	unhook_tracepoint(reap_tp, on_finish_reaping);
	unhook_tracepoint(reap_skip_tp, on_skip_reaping);
	tracepoint_synchronize_unregister();
	oomx_victims_exit();
}

/**
 * oomx_hook_init() - start recording
 * @by: how functions are hooked
 *
 * Context: Process, may sleep. The store and the capture are ready.
 * Return: 0 or -errno, with a message.
 */
int oomx_hook_init(enum oomx_backend by)
{
	int err;

	hook_victims(by);
	err = register_oom_notifier(&oom_nb);
	if (err)
		goto unhook;
	err = oomx_probe_attach(&trigger_probe, by);
	if (!err) {
		atomic_notifier_chain_register(&panic_notifier_list, &panic_nb);
		return 0;
	}
	pr_err("cannot hook %s by %s (%d): nothing could be recorded\n", trigger_probe.symbol,
	       oomx_probe_name(by), err);
	unregister_oom_notifier(&oom_nb);
unhook:
	oomx_probes_detach(probes, ARRAY_SIZE(probes));
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
	oomx_probes_detach(probes, ARRAY_SIZE(probes));
	unregister_oom_notifier(&oom_nb);
	unhook_victims();
}

/**
 * oomx_hook_counts_misses() - does any of the two functions have a kprobe?
 *
 * Context: Any.
 * Return: true if oomx_hook_missed() knows of one at least.
 */
bool oomx_hook_counts_misses(void)
{
	return trigger_probe.by == OOMX_BY_KPROBE || release_probe.by == OOMX_BY_KPROBE;
}

/**
 * oomx_hook_missed() - how often a probe could not run
 *
 * Context: Any.
 * Return: hits of both functions that the kprobe layer had to skip, since load.
 */
u64 oomx_hook_missed(void)
{
	return oomx_probe_missed(&trigger_probe) + oomx_probe_missed(&release_probe);
}

/**
 * oomx_hook_backend() - how the trigger is hooked
 *
 * Context: Any, between oomx_hook_init() and oomx_hook_exit().
 * Return: the way that was taken.
 */
enum oomx_backend oomx_hook_backend(void)
{
	return trigger_probe.by;
}

/**
 * oomx_hook_live() - would the trigger be seen now?
 *
 * Context: Process.
 * Return: false while the way it is hooked in is switched off.
 */
bool oomx_hook_live(void)
{
	return oomx_probe_live(&trigger_probe);
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
 * Return: true when exit_oom_victim() could be hooked.
 */
bool oomx_hook_sees_release(void)
{
	return release_probe.by != OOMX_BY_AUTO;
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
