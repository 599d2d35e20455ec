// SPDX-License-Identifier: GPL-2.0
/*
 * Being called at the entry of a function of the kernel, in one of two ways.
 *
 *	kprobe	On x86 it runs with preemption off and interrupts on; on arm64, which
 *		enters it through a breakpoint exception, interrupts are off.
 *	ftrace	Interrupts are on everywhere, and from 6.1 on it can be preempted, unless
 *		somebody else traces the function as well. On PREEMPT_RT only there may locks
 *		be taken that sleep.
 *
 * What the context of an event really was is looked at for each, and shown. Either way can be
 * switched off in the kernel, which a probe of our own function tells.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/errno.h>
#include <linux/kprobes.h>
#include <linux/string.h>

#include "oomx_probe.h"

static int kprobe_entry(struct kprobe *kp, struct pt_regs *regs)
{
	struct oomx_probe *p = container_of(kp, struct oomx_probe, kp);

	p->handler(regs_get_kernel_argument(regs, 0), oomx_caller(regs));
	return 0;
}

static void look_at_code(struct oomx_probe *p, const void *entry)
{
	p->entry = entry;
	memcpy(p->code, entry, sizeof(p->code));
}

/* Is other code there than before? */
static bool is_armed(const struct oomx_probe *p)
{
	return memcmp(p->code, p->entry, sizeof(p->code));
}

static int attach_kprobe(struct oomx_probe *p)
{
	int err;

	p->kp = (struct kprobe){ .pre_handler = kprobe_entry, .flags = KPROBE_FLAG_DISABLED };
	if (p->address)
		p->kp.addr = p->address;
	else
		p->kp.symbol_name = p->symbol;
	err = register_kprobe(&p->kp);
	if (err)
		return err;
	look_at_code(p, p->kp.addr);
	err = enable_kprobe(&p->kp);
	if (err)
		unregister_kprobe(&p->kp);
	return err;
}

static void ftrace_entry(unsigned long ip, unsigned long caller, struct ftrace_ops *ops,
			 struct oomx_ftrace_regs *regs)
{
	struct oomx_probe *p = container_of(ops, struct oomx_probe, ops);

	p->handler(oomx_ftrace_argument(regs), caller);
}

/* An empty filter takes no memory. (5.10 does not export ftrace_free_filter().) */
static void free_filter(struct oomx_probe *p)
{
	ftrace_set_filter(&p->ops, NULL, 0, 1);
}

/* By its address: the filter by name would take functions of other modules, too. */
static int attach_ftrace(struct oomx_probe *p)
{
	unsigned long address = (unsigned long)(p->address ?: oomx_address_of(p->symbol));
	int err;

	if (!OOMX_HAS_FTRACE)
		return -EOPNOTSUPP;
	if (!address)
		return -ENOENT;
	look_at_code(p, (void *)address);
	p->ops = (struct ftrace_ops){ .func = ftrace_entry, .flags = OOMX_FTRACE_FLAGS };
	err = ftrace_set_filter_ip(&p->ops, address, 0, 1);
	err = err ?: register_ftrace_function(&p->ops);
	if (err)
		free_filter(p);
	return err;
}

static void detach_ftrace(struct oomx_probe *p)
{
	unregister_ftrace_function(&p->ops);
	free_filter(p);
}

/* The first call may come before this returns. */
static int attach_one(struct oomx_probe *p, enum oomx_backend by)
{
	int err;

	p->by = by;
	err = by == OOMX_BY_FTRACE ? attach_ftrace(p) : attach_kprobe(p);
	if (err)
		p->by = OOMX_BY_AUTO;
	return err;
}

/**
 * oomx_trial() - a function to be hooked and called, to see whether that works
 * @called: set by the hook
 *
 * What is switched off in the kernel (debugfs kprobes/enabled, kernel.ftrace_enabled) can still be
 * attached, without a word, and is never called.
 *
 * Context: Any.
 */
noinline __noclone void oomx_trial(bool *called)
{
	barrier_data(called);
}

static void on_trial(unsigned long called, unsigned long caller)
{
	WRITE_ONCE(*(bool *)called, true);
}

static struct oomx_probe trial = {
	.symbol = "oomx_trial",
	.address = oomx_trial,
	.handler = on_trial,
};

static bool is_called(void)
{
	bool called = false;

	oomx_trial(&called);
	return READ_ONCE(called);
}

/**
 * oomx_probe_live() - would the handler be called now?
 * @p: probe, attached
 *
 * Without a trial by the code that is there: somebody who began to trace the function later may
 * hide that we do not any more.
 *
 * Context: Process.
 * Return: false while the way it is attached in is switched off.
 */
bool oomx_probe_live(const struct oomx_probe *p)
{
	return trial.by == OOMX_BY_AUTO ? p->entry && is_armed(p) : is_called();
}

static int try_way(enum oomx_backend by)
{
	int err = 0;

	if (trial.by != by) {
		oomx_probes_detach(NULL, 0);
		err = attach_one(&trial, by);
	}
	if (err || is_called())
		return err;
	pr_warn("nothing is called by %s: see kernel.ftrace_enabled and debugfs kprobes/enabled\n",
		oomx_probe_name(by));
	return -EOPNOTSUPP;
}

/*
 * The code at the entry tells that the probe is there. It does not where somebody else traces the
 * function, too, and where nothing is called: there it takes a trial.
 */
static int attach(struct oomx_probe *p, enum oomx_backend by)
{
	int err = attach_one(p, by);

	if (err || is_armed(p))
		return err;
	err = try_way(by);
	if (err)
		oomx_probes_detach(&p, 1);
	return err;
}

/**
 * oomx_probe_attach() - have a handler called from now on
 * @p: probe; its symbol and handler are set
 * @by: how; OOMX_BY_AUTO: in the way that suits this kernel, or else in the other
 *
 * Context: Process, may sleep.
 * Return: 0 or -errno.
 */
int oomx_probe_attach(struct oomx_probe *p, enum oomx_backend by)
{
	enum oomx_backend best = OOMX_FTRACE_IS_BETTER ? OOMX_BY_FTRACE : OOMX_BY_KPROBE;
	int err;

	if (by != OOMX_BY_AUTO)
		return attach(p, by);
	err = attach(p, best);
	if (!err)
		return 0;
	pr_info("cannot attach to %s by %s (%d), trying the other way\n", p->symbol,
		oomx_probe_name(best), err);
	return attach(p, best == OOMX_BY_FTRACE ? OOMX_BY_KPROBE : OOMX_BY_FTRACE);
}

/* Return: 1 when it is a kprobe, which is to be taken away yet, and stands in @kp; or 0. */
static int detach(struct oomx_probe *p, struct kprobe **kp)
{
	if (p->by == OOMX_BY_FTRACE)
		detach_ftrace(p);
	if (p->by != OOMX_BY_KPROBE)
		return 0;
	*kp = &p->kp;
	return 1;
}

/**
 * oomx_probes_detach() - no more calls
 * @probes: probes, attached or not
 * @n: how many of them, at most OOMX_MAX_PROBES
 *
 * The one of the trial goes with them. Kprobes are taken away together: the kernel waits for all
 * CPUs once, and not for each.
 *
 * Context: Process, may sleep. When it returns no handler runs and none will.
 */
void oomx_probes_detach(struct oomx_probe **probes, int n)
{
	struct kprobe *kps[OOMX_MAX_PROBES + 1];
	int nr_kps = detach(&trial, kps), i;

	for (i = 0; i < n; i++)
		nr_kps += detach(probes[i], &kps[nr_kps]);
	if (nr_kps)
		unregister_kprobes(kps, nr_kps);
	while (n--)	/* a handler may have looked at it so far */
		probes[n]->by = OOMX_BY_AUTO;
	trial.by = OOMX_BY_AUTO;
}

/**
 * oomx_probe_address() - where the function is interrupted
 * @p: probe, attached
 *
 * Context: Any.
 * Return: address, as it stands in a call trace taken in the handler; 0: the trace shows the
 * function's caller, and this is not needed.
 */
unsigned long oomx_probe_address(const struct oomx_probe *p)
{
	return p->by == OOMX_BY_KPROBE ? (unsigned long)p->kp.addr : 0;
}

/**
 * oomx_probe_missed() - calls that are known to have been missed
 * @p: probe
 *
 * Context: Any.
 * Return: how many; ftrace counts none.
 */
u64 oomx_probe_missed(const struct oomx_probe *p)
{
	/* the kernel adds to it without a lock */
	return p->by == OOMX_BY_KPROBE ? data_race(p->kp.nmissed) : 0;
}

/**
 * oomx_probe_name() - what a way is called
 * @by: way
 *
 * Context: Any.
 * Return: a word.
 */
const char *oomx_probe_name(enum oomx_backend by)
{
	static const char *const names[] = {
		[OOMX_BY_AUTO]		= "auto",
		[OOMX_BY_KPROBE]	= "kprobe",
		[OOMX_BY_FTRACE]	= "ftrace",
	};

	return names[by];
}
