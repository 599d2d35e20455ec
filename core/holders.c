// SPDX-License-Identifier: GPL-2.0
/*
 * Who holds the most. Pure.
 */
#include "oomx_explain.h"

/**
 * oomx_size_resident() - memory that a task holds
 * @f: facts
 * @task: task
 *
 * Shared pages count in full for each task.
 *
 * Context: Any.
 * Return: resident pages and page tables, pages.
 */
u64 oomx_size_resident(const struct oomx_facts *f, const struct oomx_task *task)
{
	return task->rss_anon + task->rss_file + task->rss_shmem + oomx_size_pgtables(f, task);
}

/**
 * oomx_size_pgtables() - page tables of a task
 * @f: facts
 * @task: task
 *
 * Context: Any.
 * Return: pages.
 */
u64 oomx_size_pgtables(const struct oomx_facts *f, const struct oomx_task *task)
{
	return task->pgtables_bytes / f->page_size;
}

/**
 * oomx_size_swap() - what a task has in swap
 * @f: facts
 * @task: task
 *
 * Context: Any.
 * Return: pages.
 */
u64 oomx_size_swap(const struct oomx_facts *f, const struct oomx_task *task)
{
	return task->swap;
}

static void insert(struct oomx_holders *h, u32 index, u64 pages)
{
	u32 i;

	h->total += pages;
	if (!pages || (h->n == OOMX_HOLDERS && pages <= h->pages[h->n - 1]))
		return;
	if (h->n < OOMX_HOLDERS)
		h->n++;
	for (i = h->n - 1; i && h->pages[i - 1] < pages; i--) {
		h->pages[i] = h->pages[i - 1];
		h->index[i] = h->index[i - 1];
	}
	h->pages[i] = pages;
	h->index[i] = index;
}

/**
 * oomx_largest_tasks() - the tasks that hold the most
 * @f: facts
 * @size: of what
 * @h: set to them, and to the sum over all tasks of the record
 *
 * Context: Any.
 */
void oomx_largest_tasks(const struct oomx_facts *f, oomx_size_of size, struct oomx_holders *h)
{
	struct oomx_task task;
	u32 i;

	memset(h, 0, sizeof(*h));
	for (i = 0; oomx_table_get(&f->tasks, i, &task, sizeof(task)); i++)
		insert(h, i, size(f, &task));
}

/**
 * oomx_largest_cgroups() - the memory cgroups whose tasks hold the most
 * @f: facts; nothing is found where the view has no room for sums
 * @h: set to them, and to the sum over all tasks of the record
 *
 * Context: Any.
 */
void oomx_largest_cgroups(const struct oomx_facts *f, struct oomx_holders *h)
{
	u64 *sums = f->view->sums;
	struct oomx_task task;
	u32 i;

	memset(h, 0, sizeof(*h));
	if (!sums)
		return;
	memset(sums, 0, f->cgroups.count * sizeof(*sums));
	for (i = 0; oomx_table_get(&f->tasks, i, &task, sizeof(task)); i++)
		if (task.cgroup < f->cgroups.count)
			sums[task.cgroup] += oomx_size_resident(f, &task);
	for (i = 0; i < f->cgroups.count; i++)
		insert(h, i, sums[i]);
}
