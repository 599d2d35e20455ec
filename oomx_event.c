// SPDX-License-Identifier: GPL-2.0
/*
 * The event in progress.
 *
 * All callers of out_of_memory() hold oom_lock, so there is one event at a time and one
 * slot is enough. Nothing tells when out_of_memory() returns: a slot is stale once its
 * task is not inside any more. What is checked for that is below.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <linux/string.h>

#include "oomx.h"
#include "oomx_mark.h"
#include "oomx_names.h"
#include "oomx_outcome.h"
#include "oomx_report.h"

/**
 * struct oomx_slot - the event in progress
 * @task: who is inside out_of_memory()
 * @oc: its oom_control, on its stack
 * @event: number of the event; 0: none yet
 * @trigger_ns: monotonic time of the trigger
 * @kills: vmstat's oom_kill at the trigger
 * @choice: the replay
 * @domain: what is short; no reference is held
 * @kind: enum oomx_kind
 * @notified: the OOM notifier ran for this event
 * @ended: how it ended is known, and was counted
 *
 * Written under oom_lock by the task that is the trigger. oomx_event_open() reads @event and
 * @ended without it.
 */
struct oomx_slot {
	struct task_struct *task;
	struct oom_control *oc;
	u64 event;
	u64 trigger_ns;
	struct oomx_opt kills;
	struct oomx_choice choice;
	struct oomx_domain domain;
	u32 kind;
	bool notified;
	bool ended;
};

static struct oomx_slot slot;

/* Room of the follow-up records: header, sections, values. */
#define FOLLOWUP_SIZE	256

/* Others that share a victim's memory: more are not recorded. */
#define SHARERS_MAX	16

static void count_result(u32 result)
{
	WRITE_ONCE(slot.ended, true);
	if (result)
		oomx_count(OOMX_COUNT_RESULT + result - 1);
}

/*
 * The next event has begun, and the last one left no trace: either it needed no victim, or
 * the one chosen was gone before it could be marked.
 */
static void end_last(void)
{
	u32 result = slot.choice.result;

	if (!slot.event || slot.ended)
		return;
	if (result == OOMX_RESULT_KILLED) {
		result = oomx_hook_sees_victim() ? OOMX_RESULT_VICTIM_EXITING : 0;
		if (result)
			oomx_push_moment(OOMX_SEC_NO_VICTIM, slot.event,
					 ktime_get_mono_fast_ns() - slot.trigger_ns, 0, 0);
	}
	count_result(result);
}

/**
 * oomx_event_begin() - memory ran out
 * @oc: argument of out_of_memory()
 * @entry: how it was entered
 *
 * Context: Entry of out_of_memory(), guarded by oom_lock.
 */
void oomx_event_begin(struct oom_control *oc, const struct oomx_entry *entry)
{
	u32 tasks = oomx_capture_tasks();
	const struct oomx_capture *c;
	void *buf;

	oomx_mark_begin();
	end_last();
	slot.task = current;
	slot.oc = oc;
	WRITE_ONCE(slot.event, slot.event + 1);
	slot.trigger_ns = ktime_get_mono_fast_ns();
	slot.notified = false;
	WRITE_ONCE(slot.ended, false);
	oomx_mark(OOMX_MARK_OTHER);
	buf = oomx_store_reserve(oomx_capture_size(tasks));
	oomx_mark(OOMX_MARK_RING);
	c = oomx_capture_event(buf, tasks, oc, entry, slot.event);
	slot.kind = oomx_capture_kind(c);
	slot.choice = *oomx_capture_choice(c);
	slot.domain = *oomx_capture_domain(c);
	slot.kills = oomx_capture_kills();
	oomx_count(OOMX_COUNT_GLOBAL + slot.kind - OOMX_KIND_GLOBAL);
	oomx_mark(OOMX_MARK_OTHER);
	oomx_store_commit(slot.event);
	oomx_mark(OOMX_MARK_RING);
}

/* Is current inside the out_of_memory() call that the slot describes? */
static bool slot_is_current(void)
{
	unsigned long oc = (unsigned long)slot.oc;

	/* oc lies in a frame of a caller; the stack grows down to us */
	return slot.task == current && object_is_on_stack(slot.oc) &&
	       oc > (unsigned long)&oc;
}

static void push_freed(u64 pages)
{
	u8 buf[FOLLOWUP_SIZE] __aligned(OOMX_ALIGN);
	struct oomx_builder b;
	u64 *v;

	oomx_build_begin(&b, buf, sizeof(buf), OOMX_RECORD_FOLLOWUP, slot.event);
	v = oomx_build_table(&b, OOMX_SEC_DECISION, OOMX_VALUES_SIZE(OOMX_DEC_NR), 1);
	v[0] = BIT_ULL(OOMX_DEC_NOTIFIER_FREED);
	v[1 + OOMX_DEC_NOTIFIER_FREED] = pages;
	oomx_build_end(&b);
	oomx_store_push((struct oomx_record *)buf);
}

/**
 * oomx_event_notified() - the OOM notifiers were called
 * @pages: what they gave back
 *
 * Context: OOM notifier.
 */
void oomx_event_notified(unsigned long pages)
{
	oomx_count(OOMX_COUNT_NOTIFIER_CALLS);
	if (!slot_is_current() || oomx_capture_is_memcg(slot.oc) || slot.notified) {
		oomx_count(OOMX_COUNT_NOTIFIER_NO_CAPTURE);
		slot.task = NULL;
		return;
	}
	slot.notified = true;
	if (!pages)
		return;
	push_freed(pages);
	if (!oomx_capture_is_sysrq(slot.oc))
		count_result(OOMX_RESULT_FREED_BY_NOTIFIER);
}

/* The first victim of an event tells how it ends, and whether that was predicted. */
static void judge(struct task_struct *victim, u32 result)
{
	const struct oomx_choice *c = &slot.choice;
	bool by_points = c->rule == OOMX_RULE_BADNESS;

	if (slot.ended)
		return;
	count_result(result);
	/* there was no choice, or no prediction */
	if (result == OOMX_RESULT_CURRENT_DYING || !c->result)
		return;
	if (oomx_agrees(c->pid ? c->tgid : 0, c->points, by_points, victim->tgid,
			oomx_capture_points(slot.oc)))
		oomx_count(OOMX_COUNT_AGREEMENTS);
	else
		oomx_count(OOMX_COUNT_DISAGREEMENTS);
}

static struct oomx_opt kills_since(void)
{
	struct oomx_opt kills = oomx_capture_kills();

	kills.v -= slot.kills.v;
	return kills;
}

/* __oom_kill_process() kills them, unmarked. @n: how many there were before. */
static void push_sharer(struct task_struct *p, u32 n)
{
	u8 buf[FOLLOWUP_SIZE] __aligned(OOMX_ALIGN);
	struct oomx_builder b;

	oomx_count(OOMX_COUNT_SHARERS);
	if (n >= SHARERS_MAX)
		return;
	oomx_build_begin(&b, buf, sizeof(buf), OOMX_RECORD_FOLLOWUP, slot.event);
	oomx_capture_victim(&b, p, ktime_get_mono_fast_ns() - slot.trigger_ns,
			    OOMX_VICTIM_SHARES_MM);
	oomx_build_end(&b);
	oomx_store_push((struct oomx_record *)buf);
}

/**
 * oomx_event_victim() - a task was marked as a victim
 * @victim: task
 *
 * Context: Inside mark_victim.
 */
void oomx_event_victim(struct task_struct *victim)
{
	u8 buf[FOLLOWUP_SIZE] __aligned(OOMX_ALIGN);
	struct oomx_builder b;
	u32 result;

	if (!slot_is_current()) {
		oomx_count(OOMX_COUNT_VICTIM_NO_CAPTURE);
		return;
	}
	oomx_mark_again();
	oomx_count(OOMX_COUNT_VICTIMS);
	oomx_victims_add(victim, slot.event, slot.trigger_ns, &slot.domain);
	oomx_build_begin(&b, buf, sizeof(buf), OOMX_RECORD_FOLLOWUP, slot.event);
	oomx_capture_victim(&b, victim, ktime_get_mono_fast_ns() - slot.trigger_ns, 0);
	result = oomx_capture_decision(&b, slot.oc, victim, kills_since());
	oomx_build_end(&b);
	oomx_store_push((struct oomx_record *)buf);
	judge(victim, result);
	if (result == OOMX_RESULT_KILLED || result == OOMX_RESULT_GROUP_KILLED)
		oomx_capture_sharers(victim, push_sharer);
	oomx_mark(OOMX_MARK_VICTIM);
}

/* Panics of mm/oom_kill.c. Another one may come to a task whose OOM is long over. */
static bool is_of_oom(const char *message)
{
	return strstarts(message, "Out of memory: ") ||
	       strstarts(message, "System is deadlocked on memory");
}

/* A line of the summary, shorter than what printk() would cut without a word. */
#define PANIC_LINE	800

static void print_summary(const struct oomx_record *r)
{
	static char buf[PANIC_LINE];
	struct oomx_view view = { .event = r };
	struct oomx_facts f;
	struct oomx_text t;
	size_t len;
	u32 i;

	oomx_facts_load(&f, &view);
	for (i = 0; i < OOMX_PANIC_LINES; i++) {
		t = (struct oomx_text){ .buf = buf, .size = sizeof(buf) };
		oomx_report_panic(&t, &f, i);
		len = oomx_text_end(&t);
		if (len)
			pr_emerg("%s%s\n", strim(buf), len < sizeof(buf) ? "" : "... (cut)");
	}
}

/**
 * oomx_event_panic() - the machine goes
 * @message: of the panic
 *
 * The record dies with it: its summary goes to the console, and to where the kernel's log is
 * saved next (pstore).
 *
 * Context: Panic notifier. Takes no lock, as any may be held; allocates nothing.
 */
void oomx_event_panic(const char *message)
{
	const struct oomx_record *r;

	if (!slot.event || !slot_is_current() || slot.ended || !is_of_oom(message))
		return;
	pr_emerg("event %llu (%s): panic after %llu ms: %s\n", slot.event,
		 oomx_name(oomx_kind_names, ARRAY_SIZE(oomx_kind_names), slot.kind),
		 (ktime_get_mono_fast_ns() - slot.trigger_ns) / NSEC_PER_MSEC, message);
	r = oomx_store_of_panic(slot.event);
	if (r)
		print_summary(r);
}

/**
 * oomx_event_open() - is it still open how the last event ends?
 *
 * Context: Any. A moment's value.
 * Return: true until a victim is marked, a notifier frees memory, or the next event begins.
 */
bool oomx_event_open(void)
{
	return READ_ONCE(slot.event) && !READ_ONCE(slot.ended);
}
