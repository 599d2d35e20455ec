// SPDX-License-Identifier: GPL-2.0
/*
 * meter: calls out_of_memory() and says what the call took, for the benchmark.
 *
 * Written to /proc/meter:
 *
 *	global		as the page allocator calls it
 *	sysrq		as sysrq f does
 *	memcg		as for the cgroup of the writer, whether it is full or not
 *
 * /sys/module/meter/parameters/cycles is what the last call took. In an emulator that counts
 * instructions a cycle is one instruction.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cgroup.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/memcontrol.h>
#include <linux/mmzone.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/oom.h>
#include <linux/proc_fs.h>
#include <linux/slab.h>
#include <linux/static_call.h>
#include <linux/string.h>
#include <linux/timex.h>

typedef bool oom_fn(struct oom_control *oc);

static bool no_function(struct oom_control *oc)
{
	return false;
}

/* A direct call: no function pointer that could have been anything. */
DEFINE_STATIC_CALL(oom, no_function);

static struct mutex *lock;	/* the kernel's oom_lock */

static unsigned long cycles;	/* written under @lock */
module_param(cycles, ulong, 0444);
MODULE_PARM_DESC(cycles, "Clock cycles of the last call");

/* Where a symbol stands; a probe looks it up even where it then refuses to be put there. */
static unsigned long address_of(const char *name)
{
	struct kprobe kp = { .symbol_name = name, .flags = KPROBE_FLAG_DISABLED };

	if (!register_kprobe(&kp))
		unregister_kprobe(&kp);
	return (unsigned long)kp.addr;
}

static int call(struct oom_control *oc)
{
	cycles_t start;
	int err = mutex_lock_killable(lock);

	if (err)
		return err;
	start = get_cycles();
	static_call(oom)(oc);
	cycles = get_cycles() - start;
	mutex_unlock(lock);
	return 0;
}

static int call_for(struct zonelist *zonelist, int order, struct mem_cgroup *memcg)
{
	struct oom_control oc = {
		.zonelist = zonelist, .gfp_mask = GFP_KERNEL, .order = order, .memcg = memcg,
	};

	return call(&oc);
}

static int call_for_memcg(void)
{
	struct mem_cgroup *memcg;
	int err;

	rcu_read_lock();
	memcg = mem_cgroup_from_task(current);
	if (memcg && !css_tryget(&memcg->css))
		memcg = NULL;
	rcu_read_unlock();
	if (!memcg)
		return -EINVAL;
	err = call_for(NULL, 0, memcg);
	css_put(&memcg->css);
	return err;
}

static int run(const char *cmd)
{
	struct zonelist *zonelist = node_zonelist(first_memory_node, GFP_KERNEL);

	if (sysfs_streq(cmd, "global"))
		return call_for(zonelist, 0, NULL);
	if (sysfs_streq(cmd, "sysrq"))
		return call_for(zonelist, -1, NULL);
	if (sysfs_streq(cmd, "memcg"))
		return call_for_memcg();
	return -EINVAL;
}

static ssize_t meter_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	char *cmd = count < PAGE_SIZE ? memdup_user_nul(buf, count) : ERR_PTR(-EINVAL);
	int err;

	if (IS_ERR(cmd))
		return PTR_ERR(cmd);
	err = run(cmd);
	kfree(cmd);
	return err ?: count;
}

static const struct proc_ops meter_ops = {
	.proc_write = meter_write,
};

static int __init meter_init(void)
{
	unsigned long function = address_of("out_of_memory");

	lock = (struct mutex *)address_of("oom_lock");
	if (!function || !lock)
		return -ENOENT;
	static_call_update(oom, (oom_fn *)function);
	return proc_create("meter", 0200, NULL, &meter_ops) ? 0 : -ENOMEM;
}

static void __exit meter_exit(void)
{
	remove_proc_entry("meter", NULL);
}

module_init(meter_init);
module_exit(meter_exit);

MODULE_DESCRIPTION("Measures out_of_memory(), for the benchmark of oomx");
MODULE_LICENSE("GPL");
