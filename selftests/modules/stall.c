// SPDX-License-Identifier: GPL-2.0
/*
 * stall: ends of an OOM that user space cannot bring about, for the selftests.
 *
 * Written to /proc/stall, by the task that it is to happen to, or that does it to another:
 *
 *	hold MS		sleep so long, deaf to signals, or until "go"
 *	lock PID	hold the alloc_lock of that task until "go", 15 s at most
 *	go		let all go on that sleep or hold one
 *	notifier KB	take KB; when memory runs out, an OOM notifier gives them back, once;
 *			ENOMEM, and nothing taken, if there is not so much
 *	nofs		take memory with GFP_NOFS until that is the second OOM, which tells how the
 *			first one ended; a worker then gives it back
 *	dying		be killed, and take memory until the OOM killer lets it have the reserves
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/delay.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/notifier.h>
#include <linux/oom.h>
#include <linux/pid.h>
#include <linux/proc_fs.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#define LOCK_TIME	(15 * HZ)	/* less than what a watchdog takes for a lockup */

static LIST_HEAD(pages);
static unsigned long nr_pages;
static DEFINE_SPINLOCK(pages_lock);	/* @pages and @nr_pages */
static bool armed;			/* the notifier gives back all pages */
static struct task_struct *nofs_task;	/* takes memory until @stop */
static unsigned int nofs_ooms;		/* of @nofs_task */
static bool stop;
static unsigned int nr_goes;
static bool locked;			/* a lock is held now */
module_param(locked, bool, 0444);
static DECLARE_WAIT_QUEUE_HEAD(holding);	/* for @nr_goes to change */

static unsigned long give_back(void)
{
	struct page *page, *next;
	unsigned long n;
	LIST_HEAD(all);

	spin_lock(&pages_lock);
	list_splice_init(&pages, &all);
	n = nr_pages;
	nr_pages = 0;
	spin_unlock(&pages_lock);
	list_for_each_entry_safe(page, next, &all, lru) {
		list_del(&page->lru);
		__free_page(page);
	}
	return n;
}

/* Take one page. Return: false when there is none. */
static bool take(gfp_t gfp)
{
	struct page *page = alloc_page(gfp);

	if (!page)
		return false;
	spin_lock(&pages_lock);
	list_add(&page->lru, &pages);
	nr_pages++;
	spin_unlock(&pages_lock);
	return true;
}

static void rescue(struct work_struct *work)
{
	WRITE_ONCE(stop, true);
	give_back();
}

static DECLARE_WORK(rescue_work, rescue);

static int on_oom(struct notifier_block *nb, unsigned long unused, void *freed)
{
	if (xchg(&armed, false))
		*(unsigned long *)freed += give_back();
	if (current == READ_ONCE(nofs_task) && ++nofs_ooms == 2)
		schedule_work(&rescue_work);
	return NOTIFY_OK;
}

static struct notifier_block oom_nb = {
	.notifier_call = on_oom,
};

static int do_hold(unsigned int ms)
{
	unsigned int before = READ_ONCE(nr_goes);

	wait_event_timeout(holding, READ_ONCE(nr_goes) != before, msecs_to_jiffies(ms));
	return 0;
}

static int do_go(unsigned int unused)
{
	WRITE_ONCE(nr_goes, nr_goes + 1);
	wake_up_all(&holding);
	return 0;
}

static int do_lock(unsigned int nr)
{
	unsigned int before = READ_ONCE(nr_goes);
	unsigned long end = jiffies + LOCK_TIME;
	struct pid *pid = find_get_pid(nr);
	struct task_struct *task = get_pid_task(pid, PIDTYPE_PID);

	put_pid(pid);
	if (!task)
		return -ESRCH;
	task_lock(task);
	WRITE_ONCE(locked, true);
	while (READ_ONCE(nr_goes) == before && time_before(jiffies, end))
		mdelay(1);
	WRITE_ONCE(locked, false);
	task_unlock(task);
	put_task_struct(task);
	return 0;
}

static int do_notifier(unsigned int kb)
{
	unsigned int n = kb / (PAGE_SIZE / 1024);

	/* with __GFP_NORETRY there is no OOM before the notifier is there to end it */
	while (n--) {
		if (!take(GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN)) {
			give_back();
			return -ENOMEM;
		}
	}
	WRITE_ONCE(armed, true);
	return 0;
}

static int do_nofs(unsigned int unused)
{
	WRITE_ONCE(stop, false);
	nofs_ooms = 0;
	WRITE_ONCE(nofs_task, current);
	while (!READ_ONCE(stop) && take(GFP_NOFS))
		;
	WRITE_ONCE(nofs_task, NULL);
	flush_work(&rescue_work);
	give_back();
	return 0;
}

static int do_dying(unsigned int unused)
{
	send_sig(SIGKILL, current, 1);
	while (!tsk_is_oom_victim(current) && take(GFP_KERNEL))
		;
	give_back();
	return 0;
}

static const struct {
	const char *name;
	int (*run)(unsigned int n);
} commands[] = {
	{ "hold", do_hold }, { "notifier", do_notifier }, { "nofs", do_nofs },
	{ "dying", do_dying }, { "go", do_go }, { "lock", do_lock },
};

static int run(const char *line)
{
	unsigned int n = 0, i;
	char name[16];

	if (sscanf(line, "%15s %u", name, &n) < 1)
		return -EINVAL;
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strcmp(name, commands[i].name))
			return commands[i].run(n);
	return -EINVAL;
}

static ssize_t stall_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	char *line = count < PAGE_SIZE ? memdup_user_nul(buf, count) : ERR_PTR(-EINVAL);
	int err;

	if (IS_ERR(line))
		return PTR_ERR(line);
	err = run(line);
	kfree(line);
	return err ?: count;
}

static const struct proc_ops stall_ops = {
	.proc_write = stall_write,
};

static int __init stall_init(void)
{
	if (!proc_create("stall", 0200, NULL, &stall_ops))
		return -ENOMEM;
	return register_oom_notifier(&oom_nb);
}

static void __exit stall_exit(void)
{
	remove_proc_entry("stall", NULL);
	unregister_oom_notifier(&oom_nb);
	cancel_work_sync(&rescue_work);
	give_back();
}

module_init(stall_init);
module_exit(stall_exit);

MODULE_DESCRIPTION("Ends of an OOM that need the kernel's help, for the selftests of oomx");
MODULE_LICENSE("GPL");
