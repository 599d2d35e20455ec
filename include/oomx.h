/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the parts of the module share: the capture, the store, the hooks, /proc.
 */
#ifndef _OOMX_H
#define _OOMX_H

#include <linux/atomic.h>
#include <linux/mmzone.h>
#include <linux/types.h>

#include "oomx_record.h"
#include "oomx_ring.h"
#include "oomx_select.h"

struct mem_cgroup;
struct mm_struct;
struct oom_control;
struct oomx_capture;
struct oomx_choice;
struct task_struct;

/* Counters since load, /proc/oomx/stats. Names: oomx_counter_names[]. */
enum oomx_counter {
	OOMX_COUNT_GLOBAL,
	OOMX_COUNT_MEMCG,
	OOMX_COUNT_CPUSET,
	OOMX_COUNT_MEMPOLICY,
	OOMX_COUNT_SYSRQ,
	OOMX_COUNT_VICTIMS,
	OOMX_COUNT_SHARERS,		/* killed because they share a victim's memory */
	OOMX_COUNT_RELEASES,
	OOMX_COUNT_NOTIFIER_CALLS,
	OOMX_COUNT_VICTIMS_UNTRACKED,	/* victims whose release will not be seen */
	OOMX_COUNT_VICTIM_NO_CAPTURE,	/* mark_victim without a capture before it */
	OOMX_COUNT_NOTIFIER_NO_CAPTURE,	/* OOM notifier without a capture before it */
	OOMX_COUNT_TRUNCATED,		/* events of which something did not fit */
	OOMX_COUNT_LOCKED_TASKS,	/* tasks not read because their lock was held */
	OOMX_COUNT_CAPTURE_NS_LAST,
	OOMX_COUNT_CAPTURE_NS_MAX,
	OOMX_COUNT_READER_OVERRUNS,	/* a reader of the ring was told that it lost records */
	OOMX_COUNT_READER_LOST,		/* ... and how many, all readers together */
	OOMX_COUNT_CAPTURE_NS,		/* of all captures together */
	OOMX_COUNT_AGREEMENTS,		/* the kernel chose as predicted */
	OOMX_COUNT_DISAGREEMENTS,
	OOMX_COUNT_STUCK,		/* victims that had their memory after 10 s */
	OOMX_COUNT_REPEATS,		/* events less than 5 s after one of the same domain */
	OOMX_COUNT_UNSEEN_TASKS,	/* tasks not looked at because the time was up */
	OOMX_COUNT_PATHS_SKIPPED,	/* cgroup paths not read because their lock may sleep */
	OOMX_COUNT_IRQS_OFF,		/* events taken with interrupts off */
	OOMX_COUNT_PREEMPT_OFF,		/* ... with preemption off, where that can be told */
	OOMX_COUNT_RESULT,		/* enum oomx_result from 1 on: events that ended so */
	OOMX_COUNT_RESULT_LAST = OOMX_COUNT_RESULT + OOMX_RESULT_PANIC - 1,
	OOMX_COUNT_NR
};

extern atomic64_t oomx_counters[OOMX_COUNT_NR];

static inline void oomx_count(enum oomx_counter c)
{
	atomic64_inc(&oomx_counters[c]);
}

#define OOMX_MAX_FRAMES		32	/* of a trigger's stack */

/* oomx_probe.c: how functions are hooked */
enum oomx_backend { OOMX_BY_AUTO, OOMX_BY_KPROBE, OOMX_BY_FTRACE };

const char *oomx_probe_name(enum oomx_backend by);

/* capture/: the live kernel into records. Serialised by the kernel's oom_lock. */

/**
 * struct oomx_entry - how out_of_memory() was entered
 * @caller: address that it will return to; 0: not known
 * @function: where it was interrupted, as call traces show it; 0: they do not
 * @context: OOMX_CONTEXT_*
 */
struct oomx_entry {
	unsigned long caller;
	unsigned long function;
	u64 context;
};

const void *oomx_address_of(const char *name);
int oomx_capture_init(unsigned int max_tasks, unsigned int max_us);
void oomx_capture_exit(void);
size_t oomx_capture_size(u32 tasks);
u32 oomx_capture_tasks(void);
const struct oomx_capture *oomx_capture_event(void *buf, u32 tasks,
					      const struct oom_control *oc,
					      const struct oomx_entry *entry, u64 event);
const struct oomx_choice *oomx_capture_choice(const struct oomx_capture *c);
const struct oomx_domain *oomx_capture_domain(const struct oomx_capture *c);
u32 oomx_capture_kind(const struct oomx_capture *c);
struct oomx_record *oomx_capture_now(struct mem_cgroup *memcg);
u32 oomx_capture_decision(struct oomx_builder *b, const struct oom_control *oc,
			  struct task_struct *victim, struct oomx_opt kills);
void oomx_capture_victim(struct oomx_builder *b, struct task_struct *victim, u64 after_ns,
			 u32 flags);
void oomx_capture_sharers(struct task_struct *victim,
			  void (*found)(struct task_struct *p, u32 n));
struct mm_struct *oomx_mm_of_others(struct task_struct *victim);
bool oomx_mm_used(const struct mm_struct *mm);
void oomx_mm_put(struct mm_struct *mm);
bool oomx_capture_is_memcg(const struct oom_control *oc);
bool oomx_capture_is_sysrq(const struct oom_control *oc);
s64 oomx_capture_points(const struct oom_control *oc);
struct oomx_opt oomx_capture_kills(void);
struct mem_cgroup *oomx_capture_find_memcg(const char *path);
void oomx_capture_put_memcg(struct mem_cgroup *memcg);

#define OOMX_MAX_NODES		64
#define OOMX_DOMAIN_ZONES	(OOMX_MAX_NODES * MAX_NR_ZONES)

/**
 * struct oomx_domain - what is short
 * @memcg: memory cgroup at its limit, or NULL
 * @zones: without @memcg: zones that the request may use, by node and index
 * @id: the same for events of the same domain
 * @pages: at the event: free in @zones, or used by @memcg
 */
struct oomx_domain {
	struct mem_cgroup *memcg;
	DECLARE_BITMAP(zones, OOMX_DOMAIN_ZONES);
	u64 id;
	s64 pages;
};

bool oomx_domain_get(struct oomx_domain *d);
void oomx_domain_put(struct oomx_domain *d);
s64 oomx_domain_freed(const struct oomx_domain *d);

/* oomx_repeat.c */
u32 oomx_repeats(const struct oomx_domain *d, u64 event);

/* oomx_victims.c */
void oomx_victims_exit(void);
void oomx_victims_add(struct task_struct *victim, u64 event, u64 trigger_ns,
		      const struct oomx_domain *d);
void oomx_victims_released(struct task_struct *task);
void oomx_victims_reaped(u32 pid, bool skipped);
void oomx_push_moment(u16 type, u64 event, u64 after_ns, u32 pid, u32 tgid);

/* oomx_map.c */
void *oomx_map_twice(size_t n, size_t more);
void oomx_unmap(void *buf, size_t n);

/* oomx_store.c: the ring, its lock, and copies of what is in it */

/**
 * struct oomx_snapshot - an event and its follow-ups, copied out of the ring
 * @event: the event's record, fit to leave the kernel
 * @followups: follow-up records, back to back
 * @followups_len: bytes of @followups
 * @order: room for the ranking: an entry a task
 * @sums: room for a number a cgroup that tasks live in
 */
struct oomx_snapshot {
	struct oomx_record *event;
	void *followups;
	size_t followups_len;
	struct oomx_ranked *order;
	u64 *sums;
};

/**
 * struct oomx_store_state - figures of the store at one moment
 * @size: bytes of the ring
 * @used: bytes in use
 * @records: records in the ring
 * @overwritten: records lost to newer ones
 * @rejected: records that did not fit at all
 * @events: number of the newest event
 */
struct oomx_store_state {
	u64 size;
	u64 used;
	u64 records;
	u64 overwritten;
	u64 rejected;
	u64 events;
};

int oomx_store_init(size_t size, size_t max);
void oomx_store_exit(void);
void oomx_store_push(const struct oomx_record *r);
void *oomx_store_reserve(size_t size);
void oomx_store_commit(u64 event);
const struct oomx_record *oomx_store_of_panic(u64 event);
void oomx_store_state(struct oomx_store_state *state);
struct wait_queue_head *oomx_store_readers(void);
void oomx_store_first(struct oomx_cursor *c);
void oomx_store_last(struct oomx_cursor *c);
u64 oomx_store_resume(struct oomx_cursor *c);
int oomx_store_seek(struct oomx_cursor *c, u64 seq);
int oomx_store_next(struct oomx_cursor *c, void **buf, size_t *size);
struct oomx_snapshot *oomx_snapshot_last(void);
struct oomx_snapshot *oomx_snapshot_of(const struct oomx_record *r);
void oomx_snapshot_free(struct oomx_snapshot *snap);

/* oomx_export.c */
struct oomx_record *oomx_export(const struct oomx_record *r);
size_t oomx_export_size(void);

/* oomx_history.c */
struct oomx_line;

/**
 * struct oomx_history - the events in the ring, a line each
 * @count: entries of @lines
 * @lines: oldest first; one with event 0 was overwritten meanwhile
 */
struct oomx_history {
	size_t count;
	struct oomx_line *lines;
};

struct oomx_history *oomx_history_take(void);
void oomx_history_free(struct oomx_history *h);

/* oomx_event.c */
void oomx_event_begin(struct oom_control *oc, const struct oomx_entry *entry);
void oomx_event_notified(unsigned long pages);
void oomx_event_victim(struct task_struct *victim);
void oomx_event_panic(const char *message);
bool oomx_event_open(void);

/* oomx_hook.c */
int oomx_hook_init(enum oomx_backend by);
enum oomx_backend oomx_hook_backend(void);
void oomx_hook_exit(void);
bool oomx_hook_live(void);
bool oomx_hook_counts_misses(void);
u64 oomx_hook_missed(void);
bool oomx_hook_sees_release(void);
bool oomx_hook_sees_victim(void);
bool oomx_hook_sees_reaper(void);

/* oomx_now.c */
struct proc_dir_entry;

int oomx_now_init(struct proc_dir_entry *dir);

/* oomx_proc.c */

struct seq_file;

int oomx_proc_init(void);
void oomx_proc_exit(void);
int oomx_may_open(void);
void oomx_print_snapshot(struct seq_file *m, const struct oomx_snapshot *snap);

/* oomx_reader.c */
int oomx_reader_init(struct proc_dir_entry *dir);
void oomx_reader_exit(void);

/* oomx_debugfs.c */
void oomx_debugfs_init(void);
void oomx_debugfs_exit(void);

#endif /* _OOMX_H */
