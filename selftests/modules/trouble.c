// SPDX-License-Identifier: GPL-2.0
/*
 * trouble: takes memory as a broken driver would, for the selftests.
 *
 *	slab_kb=N	in objects of 1 kB
 *	pages_kb=N	in single pages
 *	holes_kb=N	as pages_kb, then gives every second page back, and only these
 *	blocks_kb=N	in blocks of order 3
 *
 * Written to /sys/module/trouble/parameters; 0 gives everything back. The requests are
 * made by the writer, with GFP_KERNEL; one that was killed stops, and gives back 16 MB, so
 * that the machine lives on.
 */
#include <linux/gfp.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#define OBJECT_SIZE	1024
#define SPARE_KB	16384

/* Lies at the beginning of each object that was taken. */
struct object {
	struct object *next;
};

#define BLOCK_ORDER	3

static struct object *objects;
static LIST_HEAD(pages);
static LIST_HEAD(blocks);

static void give_back_objects(unsigned int kb)
{
	struct object *o;

	while (kb-- && (o = objects)) {
		objects = o->next;
		kfree(o);
	}
}

static void give_back_pages(unsigned int kb)
{
	unsigned int n = kb / (PAGE_SIZE / 1024);
	struct page *page, *next;

	list_for_each_entry_safe(page, next, &pages, lru) {
		if (!n--)
			break;
		list_del(&page->lru);
		__free_page(page);
	}
}

static void give_back_blocks(void)
{
	struct page *page, *next;

	list_for_each_entry_safe(page, next, &blocks, lru) {
		list_del(&page->lru);
		__free_pages(page, BLOCK_ORDER);
	}
}

static void give_back(void)
{
	give_back_blocks();
	give_back_objects(UINT_MAX);
	give_back_pages(UINT_MAX);
}

static int take_objects(unsigned int kb)
{
	struct object *o;

	while (kb--) {
		if (fatal_signal_pending(current)) {
			give_back_objects(SPARE_KB);
			return -EINTR;
		}
		o = kmalloc(OBJECT_SIZE, GFP_KERNEL);
		if (!o)
			return -ENOMEM;
		o->next = objects;
		objects = o;
	}
	return 0;
}

static int hold_pages(unsigned int kb)
{
	unsigned int n = kb / (PAGE_SIZE / 1024);
	struct page *page;

	while (n--) {
		if (fatal_signal_pending(current))
			return -EINTR;
		page = alloc_page(GFP_KERNEL);
		if (!page)
			return -ENOMEM;
		list_add(&page->lru, &pages);
	}
	return 0;
}

static int take_pages(unsigned int kb)
{
	int err = hold_pages(kb);

	if (err)
		give_back_pages(SPARE_KB);
	return err;
}

/* Every second page, as they lie in memory. */
static void make_holes(void)
{
	struct page *page, *next;

	list_for_each_entry_safe(page, next, &pages, lru) {
		if (page_to_pfn(page) % 2)
			continue;
		list_del(&page->lru);
		__free_page(page);
	}
}

static int take_holes(unsigned int kb)
{
	int err = hold_pages(kb);

	make_holes();
	return err;
}

static int take_blocks(unsigned int kb)
{
	unsigned int n = kb / (PAGE_SIZE / 1024) >> BLOCK_ORDER;
	struct page *page;

	while (n--) {
		if (fatal_signal_pending(current))
			return -EINTR;
		page = alloc_pages(GFP_KERNEL, BLOCK_ORDER);
		if (!page)
			return -ENOMEM;
		list_add(&page->lru, &blocks);
	}
	return 0;
}

static int trouble_set(const char *val, const struct kernel_param *kp)
{
	int (*take)(unsigned int n) = kp->arg;
	unsigned int n;
	int err = kstrtouint(val, 0, &n);

	if (err)
		return err;
	if (n)
		return take(n);
	give_back();
	return 0;
}

static const struct kernel_param_ops trouble_ops = {
	.set = trouble_set,
};

module_param_cb(slab_kb, &trouble_ops, take_objects, 0200);
module_param_cb(pages_kb, &trouble_ops, take_pages, 0200);
module_param_cb(holes_kb, &trouble_ops, take_holes, 0200);
module_param_cb(blocks_kb, &trouble_ops, take_blocks, 0200);

static int __init trouble_init(void)
{
	return 0;
}

static void __exit trouble_exit(void)
{
	give_back();
}

module_init(trouble_init);
module_exit(trouble_exit);

MODULE_DESCRIPTION("Takes memory, for the selftests of oomx");
MODULE_LICENSE("GPL");
