// SPDX-License-Identifier: GPL-2.0
/*
 * oomx: a flight recorder for out-of-memory kills.
 *
 * On entry to out_of_memory() a complete record is taken without allocating: zones,
 * buddy lists, memory cgroups, every task with its badness. /proc/oomx shows it.
 * See README.md for what the record holds and what it cannot see.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/init.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/string.h>
#include <generated/utsrelease.h>

#include "oomx.h"

atomic64_t oomx_counters[OOMX_COUNT_NR];

/* A number with bounds: out of them, insmod fails and says which they are. */
struct oomx_param {
	unsigned int value;
	unsigned int min;
	unsigned int max;
};

static int param_set(const char *val, const struct kernel_param *kp)
{
	struct oomx_param *param = kp->arg;
	unsigned int n;
	int err = kstrtouint(val, 0, &n);

	if (err || n < param->min || n > param->max) {
		pr_err("parameter %s=%s: not a number from %u to %u\n",
		       kp->name, val, param->min, param->max);
		return err ?: -ERANGE;
	}
	param->value = n;
	return 0;
}

static int param_get(char *buffer, const struct kernel_param *kp)
{
	const struct oomx_param *param = kp->arg;

	return sprintf(buffer, "%u\n", param->value);
}

static const struct kernel_param_ops param_ops = {
	.set = param_set,
	.get = param_get,
};

static struct oomx_param ring_kb = { .value = 3744, .min = 512, .max = 1048576 };
module_param_cb(ring_kb, &param_ops, &ring_kb, 0444);
MODULE_PARM_DESC(ring_kb, "Size of the ring of records, kB (512 to 1048576, default 3744)");

static struct oomx_param candidates = { .value = 1024, .min = 16, .max = 65536 };
module_param_cb(candidates, &param_ops, &candidates, 0444);
MODULE_PARM_DESC(candidates,
		 "Tasks kept of an event, the highest scores first (16 to 65536, default 1024)");

static struct oomx_param max_us = { .value = 50000, .min = 100, .max = 10000000 };
module_param_cb(max_us, &param_ops, &max_us, 0444);
MODULE_PARM_DESC(max_us,
		 "Time for an event, us; tasks not looked at by then are left out (100 to 10000000, default 50000)");

/* The list is selftests/kernels. */
static void __init warn_if_untested(void)
{
	if (!OOMX_TESTED_SERIES)
		pr_warn("not tested on %s, only on the series %s\n", UTS_RELEASE, OOMX_SERIES);
}

static enum oomx_backend hook = OOMX_BY_AUTO;

static int hook_set(const char *val, const struct kernel_param *kp)
{
	enum oomx_backend by;

	for (by = OOMX_BY_AUTO; by <= OOMX_BY_FTRACE; by++) {
		if (sysfs_streq(val, oomx_probe_name(by))) {
			hook = by;
			return 0;
		}
	}
	pr_err("parameter hook=%s: neither auto, kprobe nor ftrace\n", val);
	return -EINVAL;
}

static int hook_get(char *buffer, const struct kernel_param *kp)
{
	return sprintf(buffer, "%s\n", oomx_probe_name(hook));
}

static const struct kernel_param_ops hook_ops = {
	.set = hook_set,
	.get = hook_get,
};

module_param_cb(hook, &hook_ops, NULL, 0444);
MODULE_PARM_DESC(hook, "How functions are hooked: kprobe, ftrace, or auto (default)");

/* All of it, or nothing is left. */
static int __init start(void)
{
	int err;

	err = oomx_capture_init(candidates.value, max_us.value);
	if (err)
		return err;
	if (ring_kb.value * 1024UL < 2 * oomx_capture_size(U32_MAX)) {
		pr_err("parameter ring_kb=%u: too small for candidates=%u, needs at least %zu\n",
		       ring_kb.value, candidates.value,
		       DIV_ROUND_UP(2 * oomx_capture_size(U32_MAX), 1024));
		err = -ERANGE;
		goto exit_capture;
	}
	err = oomx_store_init(ring_kb.value * 1024UL, oomx_capture_size(U32_MAX));
	if (err) {
		pr_err("parameter ring_kb=%u: so much memory is not available\n", ring_kb.value);
		goto exit_capture;
	}
	err = oomx_proc_init();
	if (err)
		goto exit_store;
	err = oomx_hook_init(hook);
	if (err)
		goto exit_proc;
	oomx_debugfs_init();
	pr_info("recording by %s, %u kB ring, %u candidates an event\n",
		oomx_probe_name(oomx_hook_backend()), ring_kb.value, candidates.value);
	return 0;

exit_proc:
	oomx_proc_exit();
exit_store:
	oomx_store_exit();
exit_capture:
	oomx_capture_exit();
	return err;
}

static int __init oomx_init(void)
{
	int err;

	warn_if_untested();
	err = start();
	if (err)
		pr_err("not loaded (%d)\n", err);
	return err;
}

static void __exit oomx_exit(void)
{
	oomx_hook_exit();
	oomx_debugfs_exit();
	oomx_proc_exit();
	oomx_store_exit();
	oomx_capture_exit();
}

module_init(oomx_init);
module_exit(oomx_exit);

MODULE_DESCRIPTION("Flight recorder for out-of-memory kills");
MODULE_AUTHOR("the oomx developers");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1");
