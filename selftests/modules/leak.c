// SPDX-License-Identifier: GPL-2.0
/*
 * leak: forgets memory on purpose, so that whoever looks for leaks can be seen to find one.
 */
#include <linux/errno.h>
#include <linux/module.h>
#include <linux/slab.h>

/*
 * Of some a stale pointer is left on a stack, or, since objects are cached by CPU (7.x), in
 * the array that they were taken from, which holds some dozens.
 */
#define OBJECTS	1024

/* Not __init: the report of the leak names this function. */
static noinline int leak(void)
{
	unsigned int i;

	for (i = 0; i < OBJECTS; i++)
		if (!kmalloc(128, GFP_KERNEL))
			return -ENOMEM;
	return 0;
}

static int __init leak_init(void)
{
	return leak();
}

/* There is nothing left to give back, but without this it could not be unloaded. */
static void __exit leak_exit(void)
{
}

module_init(leak_init);
module_exit(leak_exit);

MODULE_DESCRIPTION("Leaks memory, for the selftests of oomx");
MODULE_LICENSE("GPL");
