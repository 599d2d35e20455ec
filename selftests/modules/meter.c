// SPDX-License-Identifier: GPL-2.0
/*
 * meter: calls out_of_memory() and says what the call took, for the benchmark.
 *
 * Written to /proc/meter:
 *
 *	global		as the page allocator calls it
 *	sysrq		as sysrq f does
 *	memcg PATH	as for the cgroup at PATH, whether it is full or not
 *
 * What is read there is the time of the last call in clock cycles. In an emulator that counts
 * instructions a cycle is one instruction.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cgroup.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/memcontrol.h>
#include <linux/mmzone.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/oom.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/static_call.h>
#include <linux/string.h>
#include <linux/timex.h>
#include <linux/uaccess.h>

typedef bool oom_fn(struct oom_control *oc);

static bool no_function(struct oom_control *oc)
{
	return false;
}

/* A direct call: no function pointer that could have been anything. */
DEFINE_STATIC_CALL(oom, no_function);

static struct mutex *lock;	/* the kernel's oom_lock */
static u64 cycles;		/* of the last call; guarded by @lock */

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
	u64 start;
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

static int call_memcg(const char *path)
{
	struct cgroup *cgrp = cgroup_get_from_path(path);
	struct cgroup_subsys_state *css;
	int err = -EINVAL;

	if (IS_ERR(cgrp))
		return PTR_ERR(cgrp);
	rcu_read_lock();
	css = rcu_dereference(cgrp->subsys[memory_cgrp_id]);
	if (css && !css_tryget(css))
		css = NULL;
	rcu_read_unlock();
	if (css) {
		err = call_for(NULL, 0, mem_cgroup_from_css(css));
		css_put(css);
	}
	cgroup_put(cgrp);
	return err;
}

static ssize_t meter_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	struct zonelist *zonelist = node_zonelist(first_memory_node, GFP_KERNEL);
	char line[64], *cmd;
	int err = -EINVAL;

	if (count >= sizeof(line))
		return -EINVAL;
	if (copy_from_user(line, buf, count))
		return -EFAULT;
	line[count] = '\0';
	cmd = strim(line);
	if (!strcmp(cmd, "global"))
		err = call_for(zonelist, 0, NULL);
	else if (!strcmp(cmd, "sysrq"))
		err = call_for(zonelist, -1, NULL);
	else if (!strncmp(cmd, "memcg ", 6))
		err = call_memcg(cmd + 6);
	return err ?: count;
}

static int meter_show(struct seq_file *m, void *unused)
{
	seq_printf(m, "%llu\n", cycles);
	return 0;
}

static int meter_open(struct inode *inode, struct file *file)
{
	return single_open(file, meter_show, NULL);
}

static const struct proc_ops meter_ops = {
	.proc_open = meter_open,
	.proc_read = seq_read,
	.proc_write = meter_write,
	.proc_lseek = seq_lseek,
	.proc_release = single_release,
};

static int __init meter_init(void)
{
	unsigned long function = address_of("out_of_memory");

	lock = (struct mutex *)address_of("oom_lock");
	if (!function || !lock)
		return -ENOENT;
	static_call_update(oom, (oom_fn *)function);
	return proc_create("meter", 0600, NULL, &meter_ops) ? 0 : -ENOMEM;
}

static void __exit meter_exit(void)
{
	remove_proc_entry("meter", NULL);
}

module_init(meter_init);
module_exit(meter_exit);

MODULE_DESCRIPTION("Measures out_of_memory(), for the benchmark of oomx");
MODULE_LICENSE("GPL");
