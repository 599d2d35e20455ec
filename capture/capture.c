// SPDX-License-Identifier: GPL-2.0
/*
 * Taking a record, on entry to out_of_memory().
 *
 * Context of everything below oomx_capture_event(): a handler at that entry, oom_lock held by
 * current. Preemption and even interrupts may be off (oomx_probe.c), so the time is bounded.
 * Nothing here may allocate, sleep, print, or take a lock that reclaim or the allocator may
 * hold. A dry run takes the same way in process context.
 */
#include <linux/slab.h>
#include <linux/mm.h>
#include <linux/nodemask.h>
#include <linux/pid_namespace.h>
#include <linux/timekeeping.h>
#include <linux/vmalloc.h>

#include "capture.h"
#include "compat.h"
#include "oomx_mark.h"

static struct oomx_capture *of_events;
static unsigned int max_tasks;
static unsigned int max_us;

/* Processes that may come while others are looked at. */
#define NEW_TASKS	64

/* Nodes and zones as many as this machine can have. */
static size_t fixed_size(void)
{
	size_t nodes = min_t(size_t, num_possible_nodes(), OOMX_MAX_NODES);
	size_t zones = min_t(size_t, nodes * MAX_NR_ZONES, OOMX_MAX_ZONES);

	return sizeof(struct oomx_record) + 32 * sizeof(struct oomx_section) +
	       sizeof(struct oomx_system) + sizeof(struct oomx_trigger) +
	       OOMX_VALUES_SIZE(OOMX_SYS_NR) + OOMX_VALUES_SIZE(OOMX_CAP_NR) +
	       OOMX_VALUES_SIZE(OOMX_CHOICE_NR) + OOMX_MAX_FRAMES * sizeof(u64) +
	       (nodes + 1) * sizeof(struct oomx_node) +
	       zones * (sizeof(struct oomx_zone) + OOMX_NR_ORDERS * sizeof(struct oomx_buddy) +
			MAX_NR_ZONES * sizeof(u64)) +
	       OOMX_MAX_MEMCGS * (sizeof(struct oomx_memcg) + OOMX_VALUES_SIZE(OOMX_EV_NR) +
				  OOMX_VALUES_SIZE(OOMX_STAT_NR)) +
	       OOMX_MAX_CGROUPS * sizeof(struct oomx_cgroup) + OOMX_STRINGS_SIZE;
}

/**
 * oomx_capture_size() - the largest record among so many tasks
 * @tasks: processes and kernel threads, U32_MAX: as many as can be kept
 *
 * Context: Any, after oomx_capture_init().
 * Return: bytes, a multiple of OOMX_ALIGN.
 */
size_t oomx_capture_size(u32 tasks)
{
	size_t rows = (size_t)min(tasks, max_tasks) + OOMX_SPARE_ROWS;

	return round_up(fixed_size() + rows * sizeof(struct oomx_task) +
			min_t(size_t, tasks, OOMX_MAX_KTHREADS) * sizeof(struct oomx_kthread),
			OOMX_ALIGN);
}

static void free_capture(struct oomx_capture *c)
{
	if (!c)
		return;
	vfree(c->strings.buf);
	vfree(c->heap);
	vfree(c->kthreads);
	vfree(c->cgroups);
	vfree(c);
}

static struct oomx_capture *new_capture(void)
{
	struct oomx_capture *c = vzalloc(sizeof(*c));

	if (!c)
		return NULL;
	c->strings.buf = vmalloc(OOMX_STRINGS_SIZE);
	c->heap = vmalloc(array_size(max_tasks, sizeof(*c->heap)));
	c->kthreads = vmalloc(OOMX_MAX_KTHREADS * sizeof(*c->kthreads));
	c->cgroups = vmalloc(OOMX_MAX_CGROUPS * sizeof(*c->cgroups));
	if (c->strings.buf && c->heap && c->kthreads && c->cgroups)
		return c;
	free_capture(c);
	return NULL;
}

/**
 * oomx_capture_init() - allocate all that captures need
 * @tasks: tasks to keep of an event
 * @us: time that an event may take, microseconds
 *
 * Context: Process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int oomx_capture_init(unsigned int tasks, unsigned int us)
{
	max_tasks = tasks;
	max_us = us;
	of_events = new_capture();
	if (!of_events)
		return -ENOMEM;
	if (oomx_symbols_init()) {
		oomx_capture_exit();
		return -ENOMEM;
	}
	oomx_system_init();
	return 0;
}

/**
 * oomx_capture_exit() - free all that captures need
 *
 * Context: Process. No hook is left.
 */
void oomx_capture_exit(void)
{
	free_capture(of_events);
	of_events = NULL;
}

/**
 * oomx_capture_tasks() - as many tasks as a record has to have room for now
 *
 * Each thread has a number in the initial namespace. Of those that come while the record is
 * taken some have room, the others are counted.
 *
 * Context: Any.
 * Return: how many.
 */
u32 oomx_capture_tasks(void)
{
	return (READ_ONCE(init_pid_ns.pid_allocated) & ~PIDNS_ADDING) + NEW_TASKS;
}

static void take_summary(struct oomx_capture *c, u64 start)
{
	u64 *v = oomx_build_table(&c->b, OOMX_SEC_CAPTURE, OOMX_VALUES_SIZE(OOMX_CAP_NR), 1);
	u32 i;

	c->cap[OOMX_CAP_NS] = ktime_get_mono_fast_ns() - start;
	if (!v)
		return;
	c->cap[OOMX_CAP_STRINGS_DROPPED] += c->strings.dropped;
	c->cap[OOMX_CAP_TOTALPAGES] = c->totalpages;
	for (i = 0; i < OOMX_CAP_NR; i++)
		if ((i != OOMX_CAP_TOTALPAGES || c->totalpages_known) &&
		    (i != OOMX_CAP_CONTEXT || !c->manual))
			oomx_put(v, v + 1, i, c->cap[i]);
}

static void count_time(u64 ns)
{
	atomic64_set(&oomx_counters[OOMX_COUNT_CAPTURE_NS_LAST], ns);
	atomic64_add(ns, &oomx_counters[OOMX_COUNT_CAPTURE_NS]);
	if (ns > (u64)atomic64_read(&oomx_counters[OOMX_COUNT_CAPTURE_NS_MAX]))
		atomic64_set(&oomx_counters[OOMX_COUNT_CAPTURE_NS_MAX], ns);
}

static void count_losses(const struct oomx_capture *c)
{
	const u64 *cap = c->cap;

	atomic64_add(cap[OOMX_CAP_LOCKED], &oomx_counters[OOMX_COUNT_LOCKED_TASKS]);
	atomic64_add(cap[OOMX_CAP_UNSEEN], &oomx_counters[OOMX_COUNT_UNSEEN_TASKS]);
	atomic64_add(cap[OOMX_CAP_PATHS_SKIPPED], &oomx_counters[OOMX_COUNT_PATHS_SKIPPED]);
	if (c->b.overflow || cap[OOMX_CAP_DROPPED] || cap[OOMX_CAP_KTHREADS_DROPPED] ||
	    cap[OOMX_CAP_CGROUPS_DROPPED] || cap[OOMX_CAP_STRINGS_DROPPED] ||
	    cap[OOMX_CAP_MEMCGS_DROPPED] || cap[OOMX_CAP_ZONES_DROPPED] ||
	    cap[OOMX_CAP_NODES_DROPPED] || cap[OOMX_CAP_UNSEEN])
		oomx_count(OOMX_COUNT_TRUNCATED);
}

/* The base of the scores, as constrained_alloc() will find it. */
static void find_totalpages(struct oomx_capture *c)
{
	struct oomx_opt swap = oomx_read_symbol(OOMX_SYS_SWAP_TOTAL), total;

	if (c->kind == OOMX_KIND_MEMCG) {
		total = oomx_memcg_totalpages(c->oc->memcg);
	} else {
		total.known = swap.known;
		total.v = swap.v + oomx_policy_pages(c->oc, c->kind);
	}
	c->totalpages_known = total.known;
	c->totalpages = total.v;
}

static u32 kind_of(const struct oom_control *oc)
{
	if (oc->memcg)
		return OOMX_KIND_MEMCG;
	if (oomx_is_sysrq(oc))
		return OOMX_KIND_SYSRQ;
	return oomx_constraint_kind(oc);
}

static void take_choice(struct oomx_capture *c)
{
	u64 *v = oomx_build_table(&c->b, OOMX_SEC_CHOICE, OOMX_VALUES_SIZE(OOMX_CHOICE_NR), 1);
	struct oomx_request req = {
		.kind = c->kind,
		.no_fs = oomx_is_no_fs(c->oc),
		.panic_on_oom = oomx_read_symbol(OOMX_SYS_PANIC_ON_OOM),
		.kill_allocating = oomx_read_symbol(OOMX_SYS_KILL_ALLOCATING),
	};

	oomx_choice_end(&c->choice, &req);
	if (v)
		v[0] = oomx_choice_values(&c->choice, v + 1);
	if (v && !c->manual)
		oomx_put(v, v + 1, OOMX_CHOICE_REPEATS, c->repeats);
}

/*
 * @tasks: that @buf has room for
 * @entry: NULL: it is a dry run, which has all the time it needs
 */
static void take_record(struct oomx_capture *c, void *buf, u32 tasks,
			const struct oom_control *oc, const struct oomx_entry *entry, u64 event)
{
	u64 start = ktime_get_mono_fast_ns();

	oomx_build_begin(&c->b, buf, oomx_capture_size(tasks), OOMX_RECORD_EVENT, event);
	oomx_strings_init(&c->strings, c->strings.buf, OOMX_STRINGS_SIZE);
	memset(c->cap, 0, sizeof(c->cap));
	c->cap[OOMX_CAP_CONTEXT] = entry ? entry->context : 0;
	c->deadline = entry ? start + (u64)max_us * NSEC_PER_USEC : U64_MAX;
	c->late = false;
	c->looks = 0;
	c->looks_of_sums = oomx_looks_of_sums();
	c->max_tasks = min(tasks, max_tasks);
	c->max_kthreads = min_t(u32, tasks, OOMX_MAX_KTHREADS);
	c->oc = oc;
	c->kind = kind_of(oc);
	find_totalpages(c);
	oomx_cgroups_reset(c);
	oomx_domain_take(&c->domain, oc, c->kind);
	c->repeats = c->manual ? 0 : oomx_repeats(&c->domain, event);
	oomx_mark(OOMX_MARK_DOMAIN);

	oomx_take_trigger(c, entry);
	oomx_mark(OOMX_MARK_TRIGGER);
	oomx_take_system(c);
	oomx_mark(OOMX_MARK_SYSTEM);
	oomx_take_memcgs(c);
	oomx_mark(OOMX_MARK_MEMCG);
	oomx_take_zones(c);
	oomx_mark(OOMX_MARK_ZONE);
	oomx_take_nodes(c);
	oomx_mark(OOMX_MARK_NODE);
	oomx_take_tasks(c);
	oomx_mark(OOMX_MARK_TASK);
	take_choice(c);
	oomx_build_copy(&c->b, OOMX_SEC_CGROUP, c->cgroups, sizeof(*c->cgroups), c->nr_cgroups);
	oomx_build_copy(&c->b, OOMX_SEC_STRINGS, c->strings.buf, 1, c->strings.len);
	take_summary(c, start);
	oomx_build_end(&c->b);
	oomx_mark(OOMX_MARK_REST);
}

/**
 * oomx_capture_event() - take the record of an OOM event
 * @buf: memory for it, aligned to OOMX_ALIGN
 * @tasks: that it has room for: it has oomx_capture_size() bytes of these
 * @oc: argument of out_of_memory(), at its entry
 * @entry: how it was entered
 * @event: number of the event
 *
 * Context: Entry of out_of_memory(), see above. Guarded by oom_lock.
 * Return: the capture, valid until the next call.
 */
const struct oomx_capture *oomx_capture_event(void *buf, u32 tasks,
					      const struct oom_control *oc,
					      const struct oomx_entry *entry, u64 event)
{
	struct oomx_capture *c = of_events;

	take_record(c, buf, tasks, oc, entry, event);
	count_losses(c);
	count_time(c->cap[OOMX_CAP_NS]);
	return c;
}

/**
 * oomx_capture_now() - take the record of an OOM that did not happen
 * @memcg: memory cgroup at its limit, or NULL: the machine is out of memory
 *
 * Context: Process, may sleep.
 * Return: the record, to be freed with kvfree(), or NULL.
 */
struct oomx_record *oomx_capture_now(struct mem_cgroup *memcg)
{
	struct oomx_record *r = kvmalloc(oomx_capture_size(U32_MAX), GFP_KERNEL);
	struct oom_control oc = { .gfp_mask = GFP_KERNEL, .memcg = memcg };
	struct oomx_capture *c = r ? new_capture() : NULL;

	if (!c) {
		kvfree(r);
		return NULL;
	}
	c->manual = true;
	take_record(c, r, U32_MAX, &oc, NULL, 0);
	free_capture(c);
	return r;
}

/**
 * oomx_capture_choice() - the replay of the choice
 * @c: capture
 *
 * Context: As oomx_capture_event().
 * Return: the choice.
 */
const struct oomx_choice *oomx_capture_choice(const struct oomx_capture *c)
{
	return &c->choice;
}

/**
 * oomx_capture_domain() - what is short
 * @c: capture
 *
 * Context: As oomx_capture_event().
 * Return: the domain.
 */
const struct oomx_domain *oomx_capture_domain(const struct oomx_capture *c)
{
	return &c->domain;
}

/**
 * oomx_capture_kind() - what kind of event it is
 * @c: capture
 *
 * Context: As oomx_capture_event().
 * Return: enum oomx_kind.
 */
u32 oomx_capture_kind(const struct oomx_capture *c)
{
	return c->kind;
}

/**
 * oomx_capture_find_memcg() - a memory cgroup by its path
 * @path: as oomx_memcg_of_path()
 *
 * Context: Process, may sleep.
 * Return: as oomx_memcg_of_path().
 */
struct mem_cgroup *oomx_capture_find_memcg(const char *path)
{
	return oomx_memcg_of_path(path);
}

/**
 * oomx_capture_put_memcg() - drop the reference of oomx_capture_find_memcg()
 * @memcg: memory cgroup, or NULL
 *
 * Context: Process.
 */
void oomx_capture_put_memcg(struct mem_cgroup *memcg)
{
	if (memcg)
		oomx_memcg_put(memcg);
}
