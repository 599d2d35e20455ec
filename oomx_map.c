// SPDX-License-Identifier: GPL-2.0
/*
 * The memory of the ring.
 */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "oomx.h"

static void free_pages_of(struct page **pages, size_t n)
{
	while (n--)
		if (pages[n])
			__free_page(pages[n]);
}

/* Less than what is available: page tables, too, and the machine has to go on. */
static bool fits(size_t n)
{
	long available = si_mem_available();

	return available > 0 && n + n / 8 < (unsigned long)available;
}

static bool alloc_pages_of(struct page **pages, size_t n)
{
	const gfp_t gfp = GFP_KERNEL | __GFP_ZERO | __GFP_RETRY_MAYFAIL | __GFP_NOWARN;
	size_t i;

	for (i = 0; i < n; i++) {
		pages[i] = alloc_page(gfp);
		if (!pages[i] || fatal_signal_pending(current))
			return false;
	}
	return true;
}

/**
 * oomx_map_twice() - zeroed memory, of which the beginning is once more behind the end
 * @n: pages
 * @more: how many of them are mapped again, at most @n
 *
 * Context: Process, may sleep. What would take nearly all the memory that is available is
 * refused before a page of it is taken.
 * Return: the memory, to be freed with oomx_unmap(), or NULL.
 */
void *oomx_map_twice(size_t n, size_t more)
{
	struct page **pages = fits(n) ? kvcalloc(n + more, sizeof(*pages), GFP_KERNEL) : NULL;
	void *buf = NULL;

	if (!pages)
		return NULL;
	if (alloc_pages_of(pages, n)) {
		memcpy(pages + n, pages, more * sizeof(*pages));
		buf = vmap(pages, n + more, VM_MAP, PAGE_KERNEL);
	}
	if (!buf)
		free_pages_of(pages, n);
	kvfree(pages);
	return buf;
}

/**
 * oomx_unmap() - free memory of oomx_map_twice()
 * @buf: memory
 * @n: pages, without those mapped again
 *
 * The pages are found by what maps them, one after the other: this needs no memory.
 *
 * Context: Process, may sleep.
 */
void oomx_unmap(void *buf, size_t n)
{
	struct page *page, *pages = NULL;

	while (n--) {
		page = vmalloc_to_page(buf + n * PAGE_SIZE);
		set_page_private(page, (unsigned long)pages);
		pages = page;
	}
	vunmap(buf);
	while (pages) {
		page = pages;
		pages = (struct page *)page_private(page);
		set_page_private(page, 0);
		__free_page(page);
	}
}
