// SPDX-License-Identifier: GPL-2.0
/*
 * Variables of the kernel that no module can link, above all the size of swap, without
 * which no score can be computed.
 *
 * register_kprobe() looks up the address of any symbol before it refuses to put a probe
 * on data; the lookup is all that is wanted. An address counts only when kallsyms calls
 * it by the very name that was asked for. Nothing is ever called through an address
 * found here. What is missing stays unknown.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/hugetlb.h>
#include <linux/kallsyms.h>
#include <linux/kprobes.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "capture.h"
#include "compat.h"

/**
 * struct oomx_symbol - a variable
 * @name: its name in the kernel
 * @size: bytes of it: an int or a long
 * @addr: where it is, or NULL
 */
struct oomx_symbol {
	const char *name;
	size_t size;
	const void *addr;
};

enum { PCPU_POPULATED = OOMX_SYS_NR, PCPU_UNITS, HSTATES, MAX_HSTATE, NR_SYMBOLS };

static struct oomx_symbol symbols[NR_SYMBOLS] = {
	[OOMX_SYS_SWAP_TOTAL]	= { "total_swap_pages", sizeof(long) },
	[OOMX_SYS_VMALLOC]	= { "nr_vmalloc_pages", sizeof(long) },
	[OOMX_SYS_CMA_TOTAL]	= { "totalcma_pages", sizeof(long) },
	[OOMX_SYS_HWPOISONED]	= { "num_poisoned_pages", sizeof(long) },
	[OOMX_SYS_SWAPPINESS]	= { "vm_swappiness", sizeof(int) },
	[OOMX_SYS_PANIC_ON_OOM]	= { "sysctl_panic_on_oom", sizeof(int) },
	[OOMX_SYS_KILL_ALLOCATING] = { "sysctl_oom_kill_allocating_task", sizeof(int) },
	[PCPU_POPULATED]	= { "pcpu_nr_populated", sizeof(int) },
	[PCPU_UNITS]		= { "pcpu_nr_units", sizeof(int) },
	[HSTATES]		= { "hstates", sizeof(long) },
	[MAX_HSTATE]		= { "hugetlb_max_hstate", sizeof(int) },
};

/**
 * oomx_address_of() - the address of a symbol of the kernel
 * @name: of a function or a variable
 *
 * Context: Process, may sleep.
 * Return: address, of a function where a probe on its entry would stand; NULL: there is none.
 */
const void *oomx_address_of(const char *name)
{
	struct kprobe kp = { .symbol_name = name, .flags = KPROBE_FLAG_DISABLED };
	int err = register_kprobe(&kp);
	const void *addr = kp.addr;

	if (!err)
		unregister_kprobe(&kp);
	return addr;
}

/* Does kallsyms agree that @s->name stands at @addr? @sym: KSYM_SYMBOL_LEN bytes. */
static bool is_named(const void *addr, const struct oomx_symbol *s, char *sym)
{
	size_t len = strlen(s->name);

	sprint_symbol(sym, (unsigned long)addr);
	return !strncmp(sym, s->name, len) && !strncmp(sym + len, "+0x0/", 5);
}

/* What this kernel has no variable for, because it is known in another way. */
static bool is_wanted(const struct oomx_symbol *s)
{
	if (s == &symbols[OOMX_SYS_VMALLOC])
		return !OOMX_HAS_VMALLOC_COUNTER;
	if (s == &symbols[OOMX_SYS_SWAP_TOTAL])
		return IS_ENABLED(CONFIG_SWAP);
	if (s == &symbols[HSTATES] || s == &symbols[MAX_HSTATE])
		return IS_ENABLED(CONFIG_HUGETLB_PAGE);
	return s->name;
}

/**
 * oomx_symbols_init() - find the variables
 *
 * Context: Process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int oomx_symbols_init(void)
{
	char *sym = kmalloc(KSYM_SYMBOL_LEN, GFP_KERNEL);
	struct oomx_symbol *s;
	const void *addr;
	long value;

	if (!sym)
		return -ENOMEM;
	for (s = symbols; s < symbols + NR_SYMBOLS; s++) {
		s->addr = NULL;
		if (!is_wanted(s))
			continue;
		addr = oomx_address_of(s->name);
		if (!addr || !is_named(addr, s, sym) ||
		    copy_from_kernel_nofault(&value, addr, s->size))
			pr_info("no variable %s: what needs it is shown as n/a\n", s->name);
		else
			s->addr = addr;
	}
	kfree(sym);
	return 0;
}

static struct oomx_opt read_one(u32 i)
{
	const struct oomx_symbol *s = &symbols[i];
	struct oomx_opt opt = { 0 };
	s64 v;

	if (!s->addr)
		return opt;
	if (s->size == sizeof(int))
		v = READ_ONCE(*(const int *)s->addr);
	else
		v = READ_ONCE(*(const long *)s->addr);
	opt.known = true;
	opt.v = v;
	return opt;
}

/* pcpu_nr_pages() */
static struct oomx_opt percpu_pages(void)
{
	struct oomx_opt populated = read_one(PCPU_POPULATED), units = read_one(PCPU_UNITS);

	populated.known = populated.known && units.known;
	populated.v = populated.known ? populated.v * units.v : 0;
	return populated;
}

/* All pools of huge pages, used or not: /proc/meminfo's Hugetlb. */
static struct oomx_opt hugetlb_pages(void)
{
	const struct hstate *h = symbols[HSTATES].addr;
	struct oomx_opt n = read_one(MAX_HSTATE), pages = { .known = h && n.known };
	u64 i;

	for (i = 0; pages.known && i < n.v && i < OOMX_MAX_HSTATES; i++)
		pages.v += oomx_hstate_pages(&h[i]);
	return pages;
}

/* A variable, or a counter of nodes that took its place. */
static struct oomx_opt vmalloc_pages(void)
{
	if (!OOMX_HAS_VMALLOC_COUNTER)
		return read_one(OOMX_SYS_VMALLOC);
	return (struct oomx_opt){ .known = true, .v = oomx_vmalloc_pages() };
}

/**
 * oomx_read_symbol() - the value of a variable now
 * @sys_value: enum oomx_system_value
 *
 * Context: Any.
 * Return: the value, or one that is not known.
 */
struct oomx_opt oomx_read_symbol(u32 sys_value)
{
	if ((sys_value == OOMX_SYS_SWAP_TOTAL && !IS_ENABLED(CONFIG_SWAP)) ||
	    (sys_value == OOMX_SYS_HUGETLB && !IS_ENABLED(CONFIG_HUGETLB_PAGE)))
		return oomx_known(0);
	if (sys_value == OOMX_SYS_PERCPU)
		return percpu_pages();
	if (sys_value == OOMX_SYS_HUGETLB)
		return hugetlb_pages();
	if (sys_value == OOMX_SYS_VMALLOC)
		return vmalloc_pages();
	return read_one(sys_value);
}
