// SPDX-License-Identifier: GPL-2.0
/*
 * /proc/oomx: last, history, stats for eyes; format and ring (oomx_reader.c) for
 * programs; dry runs (oomx_now.c). For root with CAP_SYSLOG only.
 *
 * What is shown is copied when the file is opened: a reader sees one state, however
 * slowly it reads, and holds nothing that unloading would have to wait for.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/capability.h>
#include <linux/err.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>

#include "oomx.h"
#include "oomx_report.h"

static struct proc_dir_entry *dir;

/**
 * oomx_print_snapshot() - print straight into the buffer of a file
 * @m: file; when its buffer is too small, seq_file comes again
 * @snap: event
 *
 * Context: Process, may sleep.
 */
void oomx_print_snapshot(struct seq_file *m, const struct oomx_snapshot *snap)
{
	struct oomx_view view = {
		.event = snap->event,
		.followups = snap->followups,
		.followups_len = snap->followups_len,
		.order = snap->order,
		.sums = snap->sums,
	};
	char *buf;
	size_t size = seq_get_buf(m, &buf), len;

	len = oomx_report(&view, buf, size);
	seq_commit(m, len < size ? (int)len : -1);
}

static int last_show(struct seq_file *m, void *v)
{
	const struct oomx_snapshot *snap = m->private;

	if (!snap)
		seq_puts(m, "no OOM since the module was loaded\n");
	else
		oomx_print_snapshot(m, snap);
	return 0;
}

/**
 * oomx_may_open() - may current see what the whole machine does?
 *
 * As for the kernel's log, in which the report of an OOM is, too: the owner of the files is root
 * of a container as well, who sees the same /proc.
 *
 * Context: Process.
 * Return: 0 or -EPERM.
 */
int oomx_may_open(void)
{
	return capable(CAP_SYSLOG) ? 0 : -EPERM;
}

static int last_open(struct inode *inode, struct file *file)
{
	struct oomx_snapshot *snap;
	int err = oomx_may_open();

	if (err)
		return err;
	snap = oomx_snapshot_last();
	if (IS_ERR(snap))
		return PTR_ERR(snap);
	err = single_open(file, last_show, snap);
	if (err)
		oomx_snapshot_free(snap);
	return err;
}

static int last_release(struct inode *inode, struct file *file)
{
	oomx_snapshot_free(((struct seq_file *)file->private_data)->private);
	return single_release(inode, file);
}

static const struct proc_ops last_ops = {
	.proc_open	= last_open,
	.proc_read	= seq_read,
	.proc_lseek	= seq_lseek,
	.proc_release	= last_release,
};

static int history_show(struct seq_file *m, void *v)
{
	const struct oomx_history *h = m->private;
	struct oomx_text t = { 0 };
	size_t i, len;

	if (!h->count) {
		seq_puts(m, "no OOM since the module was loaded\n");
		return 0;
	}
	t.size = seq_get_buf(m, &t.buf);
	for (i = 0; i < h->count; i++)
		if (h->lines[i].event)
			oomx_line_print(&t, &h->lines[i]);
	len = oomx_text_end(&t);
	seq_commit(m, len < t.size ? (int)len : -1);
	return 0;
}

static int history_open(struct inode *inode, struct file *file)
{
	struct oomx_history *h;
	int err = oomx_may_open();

	if (err)
		return err;
	h = oomx_history_take();
	if (IS_ERR(h))
		return PTR_ERR(h);
	err = single_open(file, history_show, h);
	if (err)
		oomx_history_free(h);
	return err;
}

static int history_release(struct inode *inode, struct file *file)
{
	oomx_history_free(((struct seq_file *)file->private_data)->private);
	return single_release(inode, file);
}

static const struct proc_ops history_ops = {
	.proc_open	= history_open,
	.proc_read	= seq_read,
	.proc_lseek	= seq_lseek,
	.proc_release	= history_release,
};

#define COUNT_RESULT(name)	(OOMX_COUNT_RESULT + OOMX_RESULT_##name - 1)

static const char *const counter_names[OOMX_COUNT_NR] = {
	[OOMX_COUNT_GLOBAL]		= "events_global",
	[OOMX_COUNT_MEMCG]		= "events_memcg",
	[OOMX_COUNT_CPUSET]		= "events_cpuset",
	[OOMX_COUNT_MEMPOLICY]		= "events_mempolicy",
	[OOMX_COUNT_SYSRQ]		= "events_sysrq",
	[OOMX_COUNT_VICTIMS]		= "victims",
	[OOMX_COUNT_RELEASES]		= "releases",
	[OOMX_COUNT_NOTIFIER_CALLS]	= "notifier_calls",
	[OOMX_COUNT_VICTIMS_UNTRACKED]	= "victims_untracked",
	[OOMX_COUNT_VICTIM_NO_CAPTURE]	= "victims_without_capture",
	[OOMX_COUNT_NOTIFIER_NO_CAPTURE] = "notifiers_without_capture",
	[OOMX_COUNT_TRUNCATED]		= "events_truncated",
	[OOMX_COUNT_LOCKED_TASKS]	= "skipped_locks",
	[OOMX_COUNT_CAPTURE_NS_LAST]	= "capture_ns_last",
	[OOMX_COUNT_CAPTURE_NS_MAX]	= "capture_ns_max",
	[OOMX_COUNT_READER_OVERRUNS]	= "reader_overruns",
	[OOMX_COUNT_READER_LOST]	= "reader_lost_records",
	[OOMX_COUNT_SHARERS]		= "victims_sharing_memory",
	[OOMX_COUNT_CAPTURE_NS]		= "capture_ns_total",
	[OOMX_COUNT_AGREEMENTS]		= "agreements",
	[OOMX_COUNT_DISAGREEMENTS]	= "disagreements",
	[OOMX_COUNT_STUCK]		= "victims_stuck",
	[OOMX_COUNT_REPEATS]		= "events_repeated",
	[OOMX_COUNT_UNSEEN_TASKS]	= "unseen_tasks",
	[OOMX_COUNT_PATHS_SKIPPED]	= "skipped_paths",
	[OOMX_COUNT_IRQS_OFF]		= "events_interrupts_off",
	[OOMX_COUNT_PREEMPT_OFF]	= "events_preemption_off",
	[COUNT_RESULT(KILLED)]		= "outcome_killed",
	[COUNT_RESULT(GROUP_KILLED)]	= "outcome_group_killed",
	[COUNT_RESULT(FREED_BY_NOTIFIER)] = "outcome_freed_by_notifier",
	[COUNT_RESULT(CURRENT_DYING)]	= "outcome_current_dying",
	[COUNT_RESULT(VICTIM_EXITING)]	= "outcome_victim_exiting",
	[COUNT_RESULT(NO_FS)]		= "outcome_no_fs",
	[COUNT_RESULT(VICTIM_IN_FLIGHT)] = "outcome_victim_in_flight",
	[COUNT_RESULT(NO_KILLABLE)]	= "outcome_no_killable",
	[COUNT_RESULT(PANIC)]		= "outcome_panic",
};

/* As proc_create_single() makes it, but that not everybody may open it. */
#define SINGLE_FILE(name)							\
static int name##_open(struct inode *inode, struct file *file)			\
{										\
	return oomx_may_open() ?: single_open(file, name##_show, NULL);		\
}										\
										\
static const struct proc_ops name##_ops = {					\
	.proc_open	= name##_open,						\
	.proc_read_iter	= seq_read_iter,					\
	.proc_lseek	= seq_lseek,						\
	.proc_release	= single_release,					\
}

static void show_stat(struct seq_file *m, const char *name, u64 value)
{
	seq_printf(m, "%s %llu\n", name, value);
}

/* Is it counted at all on this kernel? What is not known has no line, rather than a 0. */
static bool is_counted(u32 counter)
{
	return counter != OOMX_COUNT_PREEMPT_OFF || IS_ENABLED(CONFIG_PREEMPT_COUNT);
}

static int stats_show(struct seq_file *m, void *v)
{
	struct oomx_store_state state;
	u32 i;

	for (i = 0; i < OOMX_COUNT_NR; i++)
		if (is_counted(i))
			show_stat(m, counter_names[i], atomic64_read(&oomx_counters[i]));
	oomx_store_state(&state);
	show_stat(m, "hook_ftrace", oomx_hook_backend() == OOMX_BY_FTRACE);
	show_stat(m, "hook_live", oomx_hook_live());
	if (oomx_hook_counts_misses())
		show_stat(m, "probe_misses", oomx_hook_missed());
	show_stat(m, "hook_victims", oomx_hook_sees_victim());
	show_stat(m, "hook_releases", oomx_hook_sees_release());
	show_stat(m, "hook_reaper", oomx_hook_sees_reaper());
	show_stat(m, "outcome_open", oomx_event_open());
	show_stat(m, "records", state.records);
	show_stat(m, "records_overwritten", state.overwritten);
	show_stat(m, "records_rejected", state.rejected);
	show_stat(m, "ring_bytes", state.size);
	show_stat(m, "ring_used_bytes", state.used);
	return 0;
}

SINGLE_FILE(stats);

/* What a program needs to know before it reads the ring. */
static int format_show(struct seq_file *m, void *v)
{
	seq_printf(m, "version %u\n", OOMX_VERSION);
	seq_printf(m, "byte_order %s\n", IS_ENABLED(CONFIG_CPU_BIG_ENDIAN) ? "big" : "little");
	seq_puts(m, "clock CLOCK_MONOTONIC\n");
	seq_printf(m, "page_size %lu\n", PAGE_SIZE);
	seq_printf(m, "max_record_bytes %zu\n", oomx_export_size());
	return 0;
}

SINGLE_FILE(format);

/**
 * oomx_proc_init() - create /proc/oomx
 *
 * Context: Process, may sleep.
 * Return: 0 or -ENOMEM, with a message.
 */
int oomx_proc_init(void)
{
	dir = proc_mkdir_mode("oomx", 0500, NULL);
	if (dir && proc_create("last", 0400, dir, &last_ops) &&
	    proc_create("history", 0400, dir, &history_ops) &&
	    proc_create("stats", 0400, dir, &stats_ops) &&
	    proc_create("format", 0400, dir, &format_ops) && !oomx_reader_init(dir) &&
	    !oomx_now_init(dir))
		return 0;
	pr_err("cannot create /proc/oomx\n");
	oomx_proc_exit();
	return -ENOMEM;
}

/**
 * oomx_proc_exit() - remove /proc/oomx
 *
 * Context: Process, may sleep. Waits for reads in progress; files that are still open
 * read as errors from then on.
 */
void oomx_proc_exit(void)
{
	oomx_reader_exit();
	proc_remove(dir);
}
