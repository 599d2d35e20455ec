// SPDX-License-Identifier: GPL-2.0
/*
 * The root cause as sentences with their numbers. Pure.
 */
#include "oomx_explain.h"
#include "oomx_names.h"

/**
 * oomx_explain_mb() - append pages, in kB or MB as is easier to read
 * @t: text
 * @pages: pages
 * @page_size: bytes
 *
 * Context: Any.
 */
void oomx_explain_mb(struct oomx_text *t, struct oomx_opt pages, u32 page_size)
{
	u64 kb = oomx_kb(pages.v, page_size);

	if (!pages.known)
		oomx_print(t, "n/a");
	else if (pages.v == OOMX_UNLIMITED)
		oomx_print(t, "no limit");
	else if (kb < 10240)
		oomx_print(t, "%llu kB", (unsigned long long)kb);
	else
		oomx_print(t, "%llu.%llu MB", (unsigned long long)kb / 1024,
			   (unsigned long long)kb % 1024 * 10 / 1024);
}

/**
 * oomx_explain_share() - append " (N %)"
 * @t: text
 * @pages: part
 * @of: whole; 0: nothing is appended
 *
 * Context: Any.
 */
void oomx_explain_share(struct oomx_text *t, u64 pages, u64 of)
{
	if (of)
		oomx_print(t, " (%llu %%)", (unsigned long long)(pages * 100 / of));
}

/**
 * oomx_explain_task() - append "comm (pid N)"
 * @t: text
 * @f: facts
 * @index: of the task in the record
 *
 * Context: Any.
 */
void oomx_explain_task(struct oomx_text *t, const struct oomx_facts *f, u32 index)
{
	struct oomx_task task;

	oomx_table_get(&f->tasks, index, &task, sizeof(task));
	task.comm[OOMX_COMM_LEN - 1] = '\0';
	oomx_print_untrusted(t, task.comm);
	oomx_print(t, " (pid %u)", task.tgid);
}

static u64 managed(const struct oomx_facts *f)
{
	return oomx_fact_managed(f).v;
}

/* "a has 10 MB (80 %), b 2 MB (16 %)". @of: what it is a share of. */
static void say_holders(struct oomx_text *t, const struct oomx_facts *f,
			const struct oomx_holders *h, u64 of)
{
	u32 i;

	for (i = 0; i < h->n; i++) {
		oomx_print(t, i ? ", " : "");
		oomx_explain_task(t, f, h->index[i]);
		oomx_print(t, i ? " " : " has ");
		oomx_explain_mb(t, oomx_known(h->pages[i]), f->page_size);
		oomx_explain_share(t, h->pages[i], of);
	}
}

static void say_part(struct oomx_text *t, const struct oomx_facts *f, const char *what, s64 pages)
{
	oomx_print(t, "%s ", what);
	oomx_explain_mb(t, oomx_known(pages > 0 ? pages : 0), f->page_size);
	oomx_explain_share(t, pages > 0 ? pages : 0, managed(f));
}

static void say_exhausted(struct oomx_text *t, const struct oomx_facts *f,
			  const struct oomx_cause *c)
{
	struct oomx_holders h;

	oomx_largest_tasks(f, oomx_size_resident, &h);
	oomx_print(t, "Processes hold the machine's memory: ");
	say_part(t, f, "anonymous memory and page cache are", c->pages);
	if (!h.n)
		return;
	if (h.pages[0] * 2 >= h.total) {
		oomx_print(t, ", most of it in one process: ");
		h.n = 1;
	} else {
		oomx_print(t, ", in many processes: ");
	}
	say_holders(t, f, &h, managed(f));
}

static void say_pagetables(struct oomx_text *t, const struct oomx_facts *f,
			   const struct oomx_cause *c)
{
	struct oomx_holders h;

	oomx_largest_tasks(f, oomx_size_pgtables, &h);
	say_part(t, f, "Page tables fill the machine: they are", c->pages);
	if (!h.n)
		return;
	oomx_print(t, "; ");
	h.n = min_t(u32, h.n, 2);
	say_holders(t, f, &h, managed(f));
}

static u64 size_shmem(const struct oomx_facts *f, const struct oomx_task *task)
{
	return task->rss_shmem;
}

/* Files in tmpfs need no process; what processes have mapped may be counted many times. */
static void say_shmem(struct oomx_text *t, const struct oomx_facts *f, const struct oomx_cause *c)
{
	struct oomx_holders h;

	oomx_largest_tasks(f, size_shmem, &h);
	say_part(t, f, "Shared memory (tmpfs files, SysV, memfd) fills the machine: it is",
		 c->pages);
	if (h.total * 2 < (u64)c->pages) {
		oomx_print(t, "; processes have mapped at most ");
		oomx_explain_mb(t, oomx_known(h.total), f->page_size);
		oomx_print(t, " of it, the rest is in files");
	} else {
		oomx_print(t, "; ");
		h.n = min_t(u32, h.n, 2);
		say_holders(t, f, &h, managed(f));
	}
}

static void say_slab(struct oomx_text *t, const struct oomx_facts *f, const struct oomx_cause *c)
{
	say_part(t, f, "The kernel's slab caches fill the machine: they are", c->pages);
	oomx_print(t, ", of which ");
	oomx_explain_mb(t, oomx_fact_node(f, OOMX_NODE_SLAB_UNRECLAIMABLE), f->page_size);
	oomx_print(t, f->imported ?
		   " cannot be reclaimed; the log may list them: \"Unreclaimable slab info\"" :
		   " cannot be reclaimed; which cache it is, /proc/slabinfo knows");
}

/* Of the parts of the class, that is the one that holds pools whose size could not be read. */
static bool may_be_hugetlb(const struct oomx_facts *f, const struct oomx_cause *c)
{
	return !oomx_fact_sys(f, OOMX_SYS_HUGETLB).known && !strcmp(c->name, "unaccounted");
}

static void say_unaccounted(struct oomx_text *t, const struct oomx_facts *f,
			    const struct oomx_cause *c)
{
	struct oomx_holders h;

	oomx_largest_tasks(f, oomx_size_resident, &h);
	oomx_print(t, "No process explains where the memory is: ");
	say_part(t, f, c->name, c->part);
	oomx_print(t, ", while all tasks together hold ");
	oomx_explain_mb(t, oomx_known(h.total), f->page_size);
	oomx_print(t, may_be_hugetlb(f, c) ?
		   "; the kernel, a driver or pools of huge pages, whose size is not known, took" :
		   "; the kernel or a driver took");
	oomx_print(t, " the rest");
}

static void say_reserve(struct oomx_text *t, const struct oomx_facts *f)
{
	struct oomx_verdicts v;

	oomx_verdicts(f, &v);
	oomx_explain_mb(t, oomx_fact_zones(f, OOMX_ZONE_FREE), f->page_size);
	oomx_print(t, " are free, but this request may not use them: ");
	if (v.elsewhere > v.missing) {
		oomx_explain_mb(t, oomx_known(v.elsewhere), f->page_size);
		oomx_print(t, " over the high watermark are in zones above those of the request");
	} else {
		oomx_print(t, "every zone is over its min watermark, and keeps the rest ");
		oomx_print(t, "back for requests that can use no other");
	}
}

static void say_fragmentation(struct oomx_text *t, const struct oomx_facts *f)
{
	u64 small = 0;
	u32 i;

	for (i = 0; i < f->zones.count; i++)
		small += oomx_free_below(f, i, f->trigger.order);
	oomx_print(t, "There is enough free memory, but no block of order %d (",
		   f->trigger.order);
	oomx_explain_mb(t, oomx_known(1ULL << f->trigger.order), f->page_size);
	oomx_print(t, ") that the request may use: ");
	oomx_explain_mb(t, oomx_known(small), f->page_size);
	oomx_print(t, " of ");
	oomx_explain_mb(t, oomx_fact_zones(f, OOMX_ZONE_FREE), f->page_size);
	oomx_print(t, " free are in smaller blocks");
}

static void say_free(struct oomx_text *t, const struct oomx_facts *f)
{
	oomx_explain_mb(t, oomx_fact_zones(f, OOMX_ZONE_FREE), f->page_size);
	oomx_print(t, " of ");
	oomx_explain_mb(t, oomx_fact_managed(f), f->page_size);
	oomx_print(t, " are free");
}

static void say_nodes(struct oomx_text *t, const struct oomx_facts *f, const char *who, u32 nodes)
{
	oomx_print(t, "The nodes that a %s allows (", who);
	oomx_print_untrusted(t, oomx_fact_string(f, nodes));
	oomx_print(t, ") are out of memory; in the whole machine ");
	say_free(t, f);
}

static void say_unknown(struct oomx_text *t, const struct oomx_facts *f,
			const struct oomx_cause *c)
{
	if (f->imported && !f->zones.count) {
		oomx_print(t, "The machine was out of memory; where it was the log does not tell");
		return;
	}
	oomx_print(t, "The machine is out of memory: ");
	say_free(t, f);
	oomx_print(t, ". No single cause stands out");
	if (c->nearest[0] && c->nearest[1])
		oomx_print(t, "; the nearest are %s and %s", oomx_cause_names[c->nearest[0]],
			   oomx_cause_names[c->nearest[1]]);
	else if (c->nearest[0])
		oomx_print(t, "; the nearest is %s", oomx_cause_names[c->nearest[0]]);
}

/* A dry run has no cause: the state is all there is to say. */
static void say_manual(struct oomx_text *t, const struct oomx_facts *f)
{
	struct oomx_memcg m;

	oomx_table_get(&f->memcgs, 0, &m, sizeof(m));
	if (m.flags & OOMX_MEMCG_IS_OOM) {
		oomx_print(t, "As if the memory cgroup ");
		oomx_print_untrusted(t, oomx_fact_string(f, m.path));
		oomx_print(t, " were at its limit: it uses ");
		oomx_explain_mb(t, oomx_memcg_value(&m, OOMX_MEMCG_USAGE), f->page_size);
		oomx_print(t, ", limit ");
		oomx_explain_mb(t, oomx_memcg_value(&m, OOMX_MEMCG_MAX), f->page_size);
	} else {
		oomx_print(t, "As if the machine were out of memory: ");
		say_free(t, f);
	}
}

static void say_host(struct oomx_text *t, const struct oomx_facts *f, const struct oomx_cause *c)
{
	switch (c->class) {
	case OOMX_CAUSE_HOST_EXHAUSTED:
		say_exhausted(t, f, c);
		break;
	case OOMX_CAUSE_HOST_LEAK_SLAB:
		say_slab(t, f, c);
		break;
	case OOMX_CAUSE_HOST_PAGETABLES:
		say_pagetables(t, f, c);
		break;
	case OOMX_CAUSE_HOST_SHMEM:
		say_shmem(t, f, c);
		break;
	case OOMX_CAUSE_HOST_HUGETLB:
		say_part(t, f, "Pools of huge pages fill the machine, used or not: they are",
			 c->pages);
		break;
	case OOMX_CAUSE_HOST_UNACCOUNTED:
		say_unaccounted(t, f, c);
		break;
	}
}

/**
 * oomx_explain_cause() - the root cause in one sentence
 * @t: text
 * @f: facts
 * @c: cause of these facts
 *
 * Context: Any.
 */
void oomx_explain_cause(struct oomx_text *t, const struct oomx_facts *f,
			const struct oomx_cause *c)
{
	switch (c->class) {
	case OOMX_CAUSE_MEMCG_LIMIT:
	case OOMX_CAUSE_MEMCG_PARENT_LIMIT:
		oomx_explain_memcg(t, f);
		return;
	case OOMX_CAUSE_CPUSET:
		say_nodes(t, f, "cpuset", f->trigger.cpuset_mems);
		break;
	case OOMX_CAUSE_MEMPOLICY:
		say_nodes(t, f, "memory policy", f->trigger.nodemask);
		break;
	case OOMX_CAUSE_SYSRQ:
		oomx_print(t, "An OOM kill was asked for by sysrq-f; memory need not be short: ");
		say_free(t, f);
		break;
	case OOMX_CAUSE_ZONE_RESERVE:
		say_reserve(t, f);
		break;
	case OOMX_CAUSE_FRAGMENTATION:
		say_fragmentation(t, f);
		break;
	case OOMX_CAUSE_UNKNOWN:
		if (f->trigger.kind == OOMX_KIND_MEMCG) {
			oomx_explain_memcg(t, f);	/* whole sentences, as above */
			return;
		}
		if (f->trigger.kind == OOMX_KIND_MANUAL)
			say_manual(t, f);
		else
			say_unknown(t, f, c);
		break;
	default:
		say_host(t, f, c);
	}
	oomx_print(t, ". ");
}

/**
 * oomx_explain_swap() - could swap have helped?
 * @t: text
 * @f: facts
 *
 * Context: Any.
 */
void oomx_explain_swap(struct oomx_text *t, const struct oomx_facts *f)
{
	struct oomx_opt total = oomx_fact_sys(f, OOMX_SYS_SWAP_TOTAL);
	struct oomx_opt free = oomx_fact_sys(f, OOMX_SYS_SWAP_FREE);
	struct oomx_opt full = oomx_swap_full(f);
	struct oomx_holders h;

	if (!full.known) {
		oomx_print(t, f->imported ? "How much swap there is the log does not tell. " :
					    "How much swap there is could not be read. ");
		return;
	}
	if (!total.v) {
		oomx_print(t, "There is no swap. ");
		return;
	}
	oomx_print(t, "Swap is %s: ", full.v ? "full" : "not full");
	oomx_explain_mb(t, free, f->page_size);
	oomx_print(t, " of ");
	oomx_explain_mb(t, total, f->page_size);
	oomx_print(t, " are free");
	oomx_largest_tasks(f, oomx_size_swap, &h);
	if (h.n) {
		oomx_print(t, "; in it, ");
		say_holders(t, f, &h, total.v);
	}
	oomx_print(t, ". ");
}
