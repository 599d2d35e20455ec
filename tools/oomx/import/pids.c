// SPDX-License-Identifier: GPL-2.0
/*
 * Numbers by pid, in constant time: a group of thousands may be killed at once.
 */
#include <stdlib.h>

#include "import.h"

static struct pid_slot *slot_of(const struct pids *p, u32 pid)
{
	size_t i = pid * 2654435761U;

	for (i &= p->room - 1; p->v[i].used && p->v[i].pid != pid; i = (i + 1) & (p->room - 1))
		;
	return &p->v[i];
}

static void grow(struct pids *p)
{
	struct pids more = { .room = p->room ? p->room * 2 : 16, .n = p->n };
	size_t i;

	more.v = xalloc(NULL, more.room * sizeof(*more.v));
	memset(more.v, 0, more.room * sizeof(*more.v));
	for (i = 0; i < p->room; i++)
		if (p->v[i].used)
			*slot_of(&more, p->v[i].pid) = p->v[i];
	free(p->v);
	*p = more;
}

/**
 * pids_add() - remember a number
 * @p: pids
 * @pid: of whom; the first number stays
 * @index: number
 *
 * Return: false when there is one already.
 */
bool pids_add(struct pids *p, u32 pid, u32 index)
{
	struct pid_slot *slot;

	if (p->n * 2 >= p->room)
		grow(p);
	slot = slot_of(p, pid);
	if (slot->used)
		return false;
	*slot = (struct pid_slot){ .pid = pid, .index = index, .used = true };
	p->n++;
	return true;
}

/**
 * pids_find() - look a number up
 * @p: pids
 * @pid: of whom
 * @index: set to it
 *
 * Return: false when there is none.
 */
bool pids_find(const struct pids *p, u32 pid, u32 *index)
{
	const struct pid_slot *slot = p->room ? slot_of(p, pid) : NULL;

	if (!slot || !slot->used)
		return false;
	*index = slot->index;
	return true;
}

/**
 * pids_free() - forget all
 * @p: pids
 */
void pids_free(struct pids *p)
{
	free(p->v);
	*p = (struct pids){ 0 };
}
