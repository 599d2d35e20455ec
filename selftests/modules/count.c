// SPDX-License-Identifier: GPL-2.0
/*
 * count: how often out_of_memory() was entered, counted by a probe of its own, for the
 * selftests. In /sys/module/count/parameters: all entries, and those for a memory cgroup.
 */
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/oom.h>
#include <linux/ptrace.h>

static unsigned long entries;	/* both are written under the kernel's oom_lock */
module_param(entries, ulong, 0444);
MODULE_PARM_DESC(entries, "Entries of out_of_memory()");

static unsigned long memcg;
module_param(memcg, ulong, 0444);
MODULE_PARM_DESC(memcg, "Those of them that are for a memory cgroup");

static int count_entry(struct kprobe *kp, struct pt_regs *regs)
{
	const struct oom_control *oc = (void *)regs_get_kernel_argument(regs, 0);

	entries++;
	if (oc->memcg)
		memcg++;
	return 0;
}

static struct kprobe probe = {
	.symbol_name = "out_of_memory",
	.pre_handler = count_entry,
};

static int __init count_init(void)
{
	return register_kprobe(&probe);
}

static void __exit count_exit(void)
{
	unregister_kprobe(&probe);
}

module_init(count_init);
module_exit(count_exit);

MODULE_DESCRIPTION("Counts entries of out_of_memory(), for the selftests of oomx");
MODULE_LICENSE("GPL");
