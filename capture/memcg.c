// SPDX-License-Identifier: GPL-2.0
/*
 * Memory cgroups: the chain from the group that is out of memory to the root, and the
 * groups that tasks live in.
 *
 * Groups stay while we hold the RCU read lock. Counters are single words.
 */
#include <linux/cgroup.h>
#include <linux/hash.h>
#include <linux/memcontrol.h>
#include <linux/page_counter.h>
#include <linux/rcupdate.h>
#include <linux/swap.h>

#include "capture.h"
#include "compat.h"

/**
 * oomx_cgroups_reset() - forget the groups of the last capture
 * @c: capture
 *
 * Context: As oomx_capture_event().
 */
void oomx_cgroups_reset(struct oomx_capture *c)
{
	c->nr_cgroups = 0;
	c->seen = (struct oomx_cgroup_slot){ .index = OOMX_NONE };
	if (!++c->capture_nr)	/* once in 2^32 captures */
		c->capture_nr = 1;
}

static u32 add_path(struct oomx_capture *c, struct cgroup *cgrp)
{
	u32 room;
	char *to = oomx_strings_room(&c->strings, &room);
	int len = room > 1 ? oomx_cgroup_path(cgrp, to, room) : (int)room;

	if (len < 0) {
		c->cap[OOMX_CAP_PATHS_SKIPPED]++;
		return 0;
	}
	/* a path that was cut has another meaning: better none */
	return oomx_strings_commit(&c->strings, len);
}

static u32 add_cgroup(struct oomx_capture *c, struct mem_cgroup *memcg)
{
	struct oomx_cgroup *to;

	if (c->nr_cgroups == OOMX_MAX_CGROUPS) {
		c->cap[OOMX_CAP_CGROUPS_DROPPED]++;
		return OOMX_NONE;
	}
	to = &c->cgroups[c->nr_cgroups];
	to->id = cgroup_id(memcg->css.cgroup);
	to->path = add_path(c, memcg->css.cgroup);
	to->reserved = 0;
	return c->nr_cgroups++;
}

static bool is_inside(const struct oomx_capture *c, struct mem_cgroup *memcg)
{
	return c->oc->memcg && mem_cgroup_is_descendant(memcg, c->oc->memcg);
}

/* Of a group in this capture; what is asked of a group is found out once. NULL: no room. */
static const struct oomx_cgroup_slot *slot_of(struct oomx_capture *c, struct mem_cgroup *memcg)
{
	u32 i = hash_ptr(memcg, OOMX_CGROUP_HASH_BITS);
	struct oomx_cgroup_slot *s = &c->slots[i];

	while (s->capture == c->capture_nr && s->memcg != memcg)
		s = &c->slots[++i % ARRAY_SIZE(c->slots)];
	if (s->capture == c->capture_nr)
		return s;
	s->index = add_cgroup(c, memcg);
	if (s->index == OOMX_NONE)
		return NULL;	/* the table is at most half full: probing ends */
	s->inside = is_inside(c, memcg);
	s->memcg = memcg;
	s->capture = c->capture_nr;
	return s;
}

/**
 * oomx_see_cgroup() - set the group that was seen last
 * @c: capture
 * @memcg: group
 *
 * Source of what counts as inside: mem_cgroup_scan_tasks(), which visits the leaders of the
 * group and those below it.
 *
 * Context: As oomx_capture_event(), under rcu_read_lock().
 */
void oomx_see_cgroup(struct oomx_capture *c, struct mem_cgroup *memcg)
{
	const struct oomx_cgroup_slot *s = slot_of(c, memcg);

	if (s) {
		c->seen = *s;
		return;
	}
	c->seen.memcg = memcg;
	c->seen.index = OOMX_NONE;
	c->seen.inside = is_inside(c, memcg);
}

static struct oomx_opt swappiness(struct mem_cgroup *memcg)
{
	/* mem_cgroup_swappiness(): global on cgroup v2 and for the root */
	if (cgroup_subsys_on_dfl(memory_cgrp_subsys) || !memcg->css.parent)
		return oomx_read_symbol(OOMX_SYS_SWAPPINESS);
	return oomx_memcg_swappiness(memcg);
}

/**
 * oomx_memcg_totalpages() - the base of the scores of a memcg OOM
 * @memcg: group that is out of memory
 *
 * Source: mem_cgroup_get_max().
 *
 * Context: As oomx_capture_event().
 * Return: pages, or a value that is not known.
 */
struct oomx_opt oomx_memcg_totalpages(struct mem_cgroup *memcg)
{
	u64 max = READ_ONCE(memcg->memory.max), swap;
	struct oomx_opt total = oomx_read_symbol(OOMX_SYS_SWAP_TOTAL);
	struct oomx_opt wants_swap = swappiness(memcg);

	if (cgroup_subsys_on_dfl(memory_cgrp_subsys))
		swap = READ_ONCE(memcg->swap.max);
	else
		swap = READ_ONCE(memcg->memsw.max) - max;
	total.known = !swap || (total.known && wants_swap.known);
	if (wants_swap.v)
		max += min(swap, total.v);
	total.v = max ?: 1;
	return total;
}

static u64 limit(unsigned long pages)
{
	return pages >= PAGE_COUNTER_MAX ? OOMX_UNLIMITED : pages;
}

/*
 * @event: that mem_cgroup_print_oom_meminfo() shows for the failures of a counter of cgroup v2
 * where these are not counted; NULL: none
 */
static void take_counter(struct oomx_memcg *m, u32 usage, const struct page_counter *counter,
			 const atomic_long_t *event)
{
	bool counted = !event || oomx_has_failcnt(counter);
	u64 failures = counted ? READ_ONCE(counter->failcnt) : atomic_long_read(event);

	/* usage, max, failcnt stand next to each other in the enums */
	oomx_put(&m->valid, m->v, usage, atomic_long_read(&counter->usage));
	oomx_put(&m->valid, m->v, usage + 1, limit(READ_ONCE(counter->max)));
	oomx_put(&m->valid, m->v, usage + 2, failures);
}

static void take_memory(struct oomx_memcg *m, struct mem_cgroup *memcg)
{
	const struct page_counter *memory = &memcg->memory;

	take_counter(m, OOMX_MEMCG_USAGE, memory, &memcg->memory_events[MEMCG_MAX]);
	oomx_put(&m->valid, m->v, OOMX_MEMCG_WATERMARK, READ_ONCE(memory->watermark));
	if (!(m->flags & OOMX_MEMCG_V2))
		return;
	oomx_put(&m->valid, m->v, OOMX_MEMCG_HIGH, limit(READ_ONCE(memory->high)));
	oomx_put(&m->valid, m->v, OOMX_MEMCG_LOW, limit(READ_ONCE(memory->low)));
	oomx_put(&m->valid, m->v, OOMX_MEMCG_MIN, limit(READ_ONCE(memory->min)));
	oomx_put(&m->valid, m->v, OOMX_MEMCG_OOM_GROUP, READ_ONCE(memcg->oom_group));
}

static void take_v1(struct oomx_memcg *m, struct mem_cgroup *memcg)
{
	const struct page_counter *kmem = oomx_memcg_kmem(memcg);
	struct oomx_opt swappiness = oomx_memcg_swappiness(memcg);

	take_counter(m, OOMX_MEMCG_MEMSW_USAGE, &memcg->memsw, NULL);
	if (kmem)
		take_counter(m, OOMX_MEMCG_KMEM_USAGE, kmem, NULL);
	if (swappiness.known)
		oomx_put(&m->valid, m->v, OOMX_MEMCG_SWAPPINESS, swappiness.v);
}

static void take_memcg(struct oomx_capture *c, struct oomx_memcg *m, struct mem_cgroup *memcg)
{
	const struct oomx_cgroup_slot *slot = slot_of(c, memcg);

	m->id = cgroup_id(memcg->css.cgroup);
	if (slot)
		m->path = c->cgroups[slot->index].path;
	if (memcg == c->oc->memcg)
		m->flags |= OOMX_MEMCG_IS_OOM;
	if (!memcg->css.parent)
		m->flags |= OOMX_MEMCG_IS_ROOT;
	if (cgroup_subsys_on_dfl(memory_cgrp_subsys))
		m->flags |= OOMX_MEMCG_V2;
	take_memory(m, memcg);
	if (m->flags & OOMX_MEMCG_V2)
		take_counter(m, OOMX_MEMCG_SWAP_USAGE, &memcg->swap,
			     &memcg->memory_events[MEMCG_SWAP_MAX]);
	else
		take_v1(m, memcg);
}

static const u8 event_items[OOMX_EV_NR] = {
	[OOMX_EV_LOW]		= MEMCG_LOW,
	[OOMX_EV_HIGH]		= MEMCG_HIGH,
	[OOMX_EV_MAX]		= MEMCG_MAX,
	[OOMX_EV_OOM]		= MEMCG_OOM,
	[OOMX_EV_OOM_KILL]	= MEMCG_OOM_KILL,
	[OOMX_EV_OOM_GROUP_KILL] = OOMX_MEMCG_OOM_GROUP_KILL,
	[OOMX_EV_SWAP_HIGH]	= MEMCG_SWAP_HIGH,
	[OOMX_EV_SWAP_MAX]	= MEMCG_SWAP_MAX,
	[OOMX_EV_SWAP_FAIL]	= MEMCG_SWAP_FAIL,
};

static void take_events(u64 *v, struct mem_cgroup *memcg)
{
	u32 i;

	for (i = 0; i < OOMX_EV_NR; i++)
		if (event_items[i] != OOMX_NO_ITEM)
			oomx_put(v, v + 1, i,
				 atomic_long_read(&memcg->memory_events[event_items[i]]));
}

static u32 chain_length(struct oomx_capture *c, struct mem_cgroup *memcg)
{
	u32 n = 0;

	for (; memcg; memcg = parent_mem_cgroup(memcg))
		n++;
	if (n > OOMX_MAX_MEMCGS)
		c->cap[OOMX_CAP_MEMCGS_DROPPED] = n - OOMX_MAX_MEMCGS;
	return min_t(u32, n, OOMX_MAX_MEMCGS);
}

/**
 * oomx_take_memcgs() - the chain of groups
 * @c: capture
 *
 * From the group that is out of memory to the root; of other events the chain of the
 * trigger.
 *
 * Context: As oomx_capture_event().
 */
void oomx_take_memcgs(struct oomx_capture *c)
{
	const u32 events_size = OOMX_VALUES_SIZE(OOMX_EV_NR);
	const u32 stat_size = OOMX_VALUES_SIZE(OOMX_MEMCG_NR_STATS);
	struct mem_cgroup *memcg;
	struct oomx_memcg *m;
	u64 *events, *stat;
	u32 n, i;

	if (mem_cgroup_disabled())
		return;
	rcu_read_lock();
	memcg = c->oc->memcg ?: mem_cgroup_from_task(current);
	n = chain_length(c, memcg);
	m = oomx_build_table(&c->b, OOMX_SEC_MEMCG, sizeof(*m), n);
	events = oomx_build_table(&c->b, OOMX_SEC_MEMCG_EVENTS, events_size, n);
	stat = oomx_build_table(&c->b, OOMX_SEC_MEMCG_STAT, stat_size, n);
	for (i = 0; m && events && stat && i < n; i++, memcg = parent_mem_cgroup(memcg)) {
		take_memcg(c, &m[i], memcg);
		take_events(&events[i * events_size / sizeof(u64)], memcg);
		m[i].flags |= oomx_take_memcg_stat(&stat[i * stat_size / sizeof(u64)], memcg,
						   m[i].flags & OOMX_MEMCG_IS_OOM);
	}
	rcu_read_unlock();
}
