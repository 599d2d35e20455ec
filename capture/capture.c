// SPDX-License-Identifier: GPL-2.0
/*
 * Taking a record, on entry to out_of_memory().
 *
 * Context of everything below oomx_capture_event(): a probe handler, preemption off,
 * on some architectures interrupts off, oom_lock held by current. Nothing here may
 * allocate, sleep, print, or take a lock that reclaim or the allocator may hold.
 */
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include <linux/vmalloc.h>

#include "capture.h"
#include "compat.h"

static struct oomx_capture capture;
static void *record_buf;
static size_t record_size;

static size_t fixed_size(void)
{
	return sizeof(struct oomx_record) + 32 * sizeof(struct oomx_section) +
	       sizeof(struct oomx_system) + sizeof(struct oomx_trigger) +
	       OOMX_VALUES_SIZE(OOMX_SYS_NR) + OOMX_VALUES_SIZE(OOMX_CAP_NR) +
	       OOMX_MAX_FRAMES * sizeof(u64) +
	       (OOMX_MAX_NODES + 1) * sizeof(struct oomx_node) +
	       OOMX_MAX_ZONES * (sizeof(struct oomx_zone) +
				 OOMX_NR_ORDERS * sizeof(struct oomx_buddy) +
				 MAX_NR_ZONES * sizeof(u64)) +
	       OOMX_MAX_MEMCGS * (sizeof(struct oomx_memcg) + OOMX_VALUES_SIZE(OOMX_EV_NR) +
				  OOMX_VALUES_SIZE(OOMX_STAT_NR)) +
	       OOMX_MAX_CGROUPS * sizeof(struct oomx_cgroup) +
	       OOMX_MAX_KTHREADS * sizeof(struct oomx_kthread) + OOMX_STRINGS_SIZE;
}

/**
 * oomx_capture_init() - allocate all that captures need
 * @max_tasks: tasks to keep of an event
 *
 * Context: Process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int oomx_capture_init(unsigned int max_tasks)
{
	char *strings = vmalloc(OOMX_STRINGS_SIZE);

	record_size = fixed_size() + (size_t)max_tasks * sizeof(struct oomx_task);
	record_buf = vmalloc(record_size);
	capture.heap = vmalloc(array_size(max_tasks, sizeof(*capture.heap)));
	capture.kthreads = vmalloc(OOMX_MAX_KTHREADS * sizeof(*capture.kthreads));
	capture.cgroups = vmalloc(OOMX_MAX_CGROUPS * sizeof(*capture.cgroups));
	capture.strings.buf = strings;
	capture.max_tasks = max_tasks;
	if (!strings || !record_buf || !capture.heap || !capture.kthreads || !capture.cgroups) {
		oomx_capture_exit();
		return -ENOMEM;
	}
	oomx_symbols_init();
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
	vfree(capture.strings.buf);
	vfree(record_buf);
	vfree(capture.heap);
	vfree(capture.kthreads);
	vfree(capture.cgroups);
}

/**
 * oomx_capture_size() - the largest record that can be taken
 *
 * Context: Any, after oomx_capture_init().
 * Return: bytes.
 */
size_t oomx_capture_size(void)
{
	return record_size;
}

static void take_summary(struct oomx_capture *c, u64 start)
{
	u64 *v = oomx_build_table(&c->b, OOMX_SEC_CAPTURE, OOMX_VALUES_SIZE(OOMX_CAP_NR), 1);
	u64 ns = ktime_get_mono_fast_ns() - start;
	u32 i;

	if (!v)
		return;
	c->cap[OOMX_CAP_NS] = ns;
	c->cap[OOMX_CAP_STRINGS_DROPPED] += c->strings.dropped;
	c->cap[OOMX_CAP_TOTALPAGES] = c->totalpages;
	for (i = 0; i < OOMX_CAP_NR; i++)
		if (i != OOMX_CAP_TOTALPAGES || c->totalpages_known)
			oomx_put(v, v + 1, i, c->cap[i]);
	atomic64_set(&oomx_counters[OOMX_COUNT_CAPTURE_NS_LAST], ns);
	if (ns > (u64)atomic64_read(&oomx_counters[OOMX_COUNT_CAPTURE_NS_MAX]))
		atomic64_set(&oomx_counters[OOMX_COUNT_CAPTURE_NS_MAX], ns);
}

static void count_losses(const struct oomx_capture *c)
{
	const u64 *cap = c->cap;

	atomic64_add(cap[OOMX_CAP_LOCKED], &oomx_counters[OOMX_COUNT_LOCKED_TASKS]);
	if (c->b.overflow || cap[OOMX_CAP_DROPPED] || cap[OOMX_CAP_KTHREADS_DROPPED] ||
	    cap[OOMX_CAP_CGROUPS_DROPPED] || cap[OOMX_CAP_STRINGS_DROPPED] ||
	    cap[OOMX_CAP_MEMCGS_DROPPED] || cap[OOMX_CAP_ZONES_DROPPED] ||
	    cap[OOMX_CAP_NODES_DROPPED])
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

/**
 * oomx_capture_event() - take the record of an OOM event
 * @oc: argument of out_of_memory(), at its entry
 * @caller: address that out_of_memory() will return to
 * @event: number of the event
 *
 * Context: Entry of out_of_memory(), see above. Guarded by oom_lock.
 * Return: the record, valid until the next call.
 */
struct oomx_record *oomx_capture_event(const struct oom_control *oc, unsigned long caller,
				       u64 event)
{
	u64 start = ktime_get_mono_fast_ns();
	struct oomx_capture *c = &capture;

	oomx_build_begin(&c->b, record_buf, record_size, OOMX_RECORD_EVENT, event);
	oomx_strings_init(&c->strings, c->strings.buf, OOMX_STRINGS_SIZE);
	memset(c->cap, 0, sizeof(c->cap));
	c->oc = oc;
	c->kind = kind_of(oc);
	find_totalpages(c);
	oomx_cgroups_reset(c);

	oomx_take_trigger(c, caller);
	oomx_take_system(c);
	oomx_take_memcgs(c);
	oomx_take_zones(c);
	oomx_take_nodes(c);
	oomx_take_tasks(c);
	oomx_build_copy(&c->b, OOMX_SEC_CGROUP, c->cgroups, sizeof(*c->cgroups), c->nr_cgroups);
	oomx_build_copy(&c->b, OOMX_SEC_STRINGS, c->strings.buf, 1, c->strings.len);
	take_summary(c, start);
	count_losses(c);
	oomx_build_end(&c->b);
	return record_buf;
}

/**
 * oomx_capture_kind() - what kind of event a record just taken is of
 * @r: return value of oomx_capture_event()
 *
 * Context: As oomx_capture_event().
 * Return: enum oomx_kind.
 */
u32 oomx_capture_kind(const struct oomx_record *r)
{
	return capture.kind;
}
