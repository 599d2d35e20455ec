// SPDX-License-Identifier: GPL-2.0
/*
 * What the trigger needed the memory for, by the functions on its stack. Pure.
 */
#include "oomx_explain.h"

/*
 * From the inside out: the first frame that is one of these tells it. Names ending in '*'
 * are beginnings.
 */
static const struct {
	const char *function;
	const char *text;
} doings[] = {
	{ "balance_pgdat", "kswapd found nothing left to reclaim" },
	{ "moom_callback", "it was asked for by sysrq" },
	{ "memory_max_write", "memory.max was set below what could be reclaimed" },
	{ "mem_cgroup_resize_max", "the limit was set below what could be reclaimed" },
	{ "swapin_readahead", "a page came back from swap" },
	{ "do_swap_page", "a page came back from swap" },
	{ "add_to_page_cache*", "a page went into the page cache" },
	{ "__add_to_page_cache_locked", "a page went into the page cache" },
	{ "filemap_add_folio", "a page went into the page cache" },
	{ "__filemap_get_folio", "a page went into the page cache" },
	{ "page_cache_ra_*", "pages went into the page cache (read ahead)" },
	{ "shmem_*", "a page of shared memory or tmpfs was filled" },
	{ "do_anonymous_page", "a page of anonymous memory was touched first" },
	{ "do_cow_fault", "a page of a private mapping was written first" },
	{ "do_wp_page", "a page of a private mapping was written first" },
	{ "wp_page_copy", "a page of a private mapping was written first" },
	{ "__pte_alloc*", "a page table was needed" },
	{ "pte_alloc_one", "a page table was needed" },
	{ "__p?d_alloc", "a page table was needed" },
	{ "hugetlb_*", "a huge page was needed" },
	{ "obj_cgroup_charge*", "the kernel needed memory for the task's own" },
	{ "__memcg_kmem_charge*", "the kernel needed memory for the task's own" },
	{ "copy_process", "a process or a thread was being made" },
	{ "vmalloc*", "the kernel needed a large buffer" },
	{ "sk_page_frag_refill", "a socket needed a buffer" },
	{ "alloc_skb*", "a socket needed a buffer" },
	{ "handle_mm_fault", "a page fault needed memory" },
	{ "filemap_fault", "a page of a mapped file was read" },
};

/* '?' is any character, '*' the rest; a frame goes on with "+0x..." or ".isra.0". */
static bool matches(const char *pattern, const char *frame)
{
	for (; *pattern && *frame; pattern++, frame++) {
		if (*pattern == '*')
			return true;
		if (*pattern != '?' && *pattern != *frame)
			return false;
	}
	return *pattern == '*' || (!*pattern && (*frame == '+' || *frame == '.'));
}

static const char *doing(const char *frame)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(doings); i++)
		if (matches(doings[i].function, frame))
			return doings[i].text;
	return NULL;
}

/**
 * oomx_explain_doing() - what the trigger needed the memory for
 * @t: text
 * @f: facts
 *
 * Context: Any. Nothing is said where no frame of the stack tells it.
 */
void oomx_explain_doing(struct oomx_text *t, const struct oomx_facts *f)
{
	struct oomx_table stack = oomx_record_table(f->view->event, OOMX_SEC_STACK);
	const char *frame = (const char *)stack.data, *text;
	u32 at;

	if (f->trigger.kind == OOMX_KIND_MANUAL || f->trigger.kind == OOMX_KIND_SYSRQ)
		return;
	for (at = 0; at < stack.count; at += strlen(frame + at) + 1) {
		text = doing(frame + at);
		if (!text)
			continue;
		oomx_print(t, "By its stack, %s (", text);
		oomx_print_untrusted(t, frame + at);
		oomx_print(t, "). ");
		return;
	}
}
