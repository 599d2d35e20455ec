// SPDX-License-Identifier: GPL-2.0
/*
 * What to do, where the numbers leave no doubt. Pure.
 *
 * A line comes only with the number that forces it.
 */
#include "oomx_explain.h"

/* From this share of the memory in question, in 100, a holder is worth a line. */
#define WORTH_PERCENT	25

/* The memory in question: the cgroup's usage, or all managed pages. */
static u64 domain_pages(const struct oomx_facts *f)
{
	struct oomx_memcg m;

	if (f->trigger.kind != OOMX_KIND_MEMCG)
		return oomx_fact_managed(f).v;
	oomx_table_get(&f->memcgs, 0, &m, sizeof(m));
	return oomx_memcg_value(&m, OOMX_MEMCG_USAGE).v;
}

static bool worth(const struct oomx_facts *f, u64 pages)
{
	u64 all = domain_pages(f);

	return all && pages * 100 >= all * WORTH_PERCENT;
}

static bool of_domain(const struct oomx_task *task)
{
	return task->status != OOMX_TASK_OTHER_MEMCG && task->status != OOMX_TASK_OTHER_CPUSET &&
	       task->status != OOMX_TASK_OTHER_MEMPOLICY;
}

static u64 size_pgtables(const struct oomx_facts *f, const struct oomx_task *task)
{
	return of_domain(task) ? oomx_size_pgtables(f, task) : 0;
}

static u64 size_unkillable(const struct oomx_facts *f, const struct oomx_task *task)
{
	return task->status == OOMX_TASK_ADJ_MIN ? oomx_size_resident(f, task) : 0;
}

static bool advise_pgtables(struct oomx_text *t, const struct oomx_facts *f,
			    const struct oomx_cause *c)
{
	struct oomx_holders h;

	oomx_largest_tasks(f, size_pgtables, &h);
	if (!h.n || !worth(f, h.pages[0]))
		return false;
	oomx_explain_mb(t, oomx_known(h.pages[0]), f->page_size);
	oomx_print(t, " of page tables belong to one process, ");
	oomx_explain_task(t, f, h.index[0]);
	oomx_print(t, ": huge pages, or fewer sparse mappings, would need less.");
	return true;
}

static bool advise_unkillable(struct oomx_text *t, const struct oomx_facts *f,
			      const struct oomx_cause *c)
{
	struct oomx_holders h;

	oomx_largest_tasks(f, size_unkillable, &h);
	if (!h.n || !worth(f, h.total))
		return false;
	oomx_explain_mb(t, oomx_known(h.total), f->page_size);
	oomx_print(t, " are held by tasks that cannot be killed (oom_score_adj -1000), ");
	oomx_explain_mb(t, oomx_known(h.pages[0]), f->page_size);
	oomx_print(t, " of it by ");
	oomx_explain_task(t, f, h.index[0]);
	oomx_print(t, ".");
	return true;
}

/* Page cache that was thrown out and read again is a working set that does not fit. */
static bool advise_refaults(struct oomx_text *t, const struct oomx_facts *f,
			    const struct oomx_cause *c)
{
	struct oomx_opt refaults = oomx_table_value(&f->stats, 0, OOMX_STAT_REFAULT_FILE);

	if (f->trigger.kind != OOMX_KIND_MEMCG || !refaults.known || !worth(f, refaults.v))
		return false;
	oomx_print(t, "The limit is below the working set: ");
	oomx_explain_mb(t, refaults, f->page_size);
	oomx_print(t, " of page cache were reclaimed and needed again (workingset_refault_file).");
	return true;
}

/* Killing tasks does not free the files of a tmpfs. */
static bool advise_shmem(struct oomx_text *t, const struct oomx_facts *f,
			 const struct oomx_cause *c)
{
	if (c->class != OOMX_CAUSE_HOST_SHMEM)
		return false;
	oomx_print(t, "Shared memory outlives its processes: ");
	oomx_explain_mb(t, oomx_known(c->pages), f->page_size);
	oomx_print(t, " stay until the files are removed (df -t tmpfs, ipcs -m).");
	return true;
}

/* A pool that is larger than half of the machine leaves too little for the rest. */
static bool advise_hugetlb(struct oomx_text *t, const struct oomx_facts *f,
			   const struct oomx_cause *c)
{
	if (c->class != OOMX_CAUSE_HOST_HUGETLB)
		return false;
	oomx_print(t, "The huge page pools leave ");
	oomx_explain_mb(t, oomx_known(domain_pages(f) - c->pages), f->page_size);
	oomx_print(t, " for everything else: vm.nr_hugepages is too large for this machine.");
	return true;
}

static bool (*const advisers[])(struct oomx_text *t, const struct oomx_facts *f,
				const struct oomx_cause *c) = {
	advise_pgtables, advise_shmem, advise_hugetlb, advise_unkillable, advise_refaults,
};

/**
 * oomx_advice() - the next line that the numbers force
 * @t: text
 * @f: facts
 * @c: cause of these facts
 * @at: 0 before the first call; where to go on
 *
 * Context: Any.
 * Return: false when there is no further line.
 */
bool oomx_advice(struct oomx_text *t, const struct oomx_facts *f, const struct oomx_cause *c,
		 u32 *at)
{
	while (*at < ARRAY_SIZE(advisers))
		if (advisers[(*at)++](t, f, c))
			return true;
	return false;
}
