// SPDX-License-Identifier: GPL-2.0
/*
 * oomx_race: two threads that race on purpose, so that whoever looks for data races of oomx,
 * which go by the name of the module, can be seen to find one.
 */
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>

static struct task_struct *threads[2];
static unsigned long turns;	/* neither marked nor locked: that is the race */

static int race(void *unused)
{
	while (!kthread_should_stop()) {
		turns++;
		cond_resched();
	}
	return 0;
}

static void stop(unsigned int n)
{
	while (n--)
		kthread_stop(threads[n]);
}

static int __init race_init(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(threads); i++) {
		threads[i] = kthread_run(race, NULL, "race/%u", i);
		if (IS_ERR(threads[i])) {
			stop(i);
			return PTR_ERR(threads[i]);
		}
	}
	return 0;
}

static void __exit race_exit(void)
{
	stop(ARRAY_SIZE(threads));
}

module_init(race_init);
module_exit(race_exit);

MODULE_DESCRIPTION("A data race, for the selftests of oomx");
MODULE_LICENSE("GPL");
