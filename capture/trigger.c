// SPDX-License-Identifier: GPL-2.0
/*
 * Who asked for memory, when and for what; and where the record is taken.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cpumask.h>
#include <linux/cpuset.h>
#include <linux/cred.h>
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/nodemask.h>
#include <linux/oom.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/smp.h>
#include <linux/stacktrace.h>
#include <linux/swap.h>
#include <linux/timekeeping.h>
#include <linux/uidgid.h>
#include <linux/utsname.h>
#include <linux/uuid.h>

#include "capture.h"
#include "compat.h"

static uuid_t boot_id;

/* The boot id is the kernel's, so that records can be matched with other logs. */
static int read_boot_id(char *text, size_t size)
{
	struct file *f = filp_open("/proc/sys/kernel/random/boot_id", O_RDONLY, 0);
	loff_t pos = 0;
	ssize_t len;

	if (IS_ERR(f))
		return PTR_ERR(f);
	len = kernel_read(f, text, size - 1, &pos);
	filp_close(f, NULL);
	if (len < UUID_STRING_LEN)
		return -EIO;
	text[UUID_STRING_LEN] = '\0';
	return 0;
}

/**
 * oomx_system_init() - learn what does not change while the machine is up
 *
 * Context: Process, may sleep.
 */
void oomx_system_init(void)
{
	char text[UUID_STRING_LEN + 4];

	if (read_boot_id(text, sizeof(text)) || uuid_parse(text, &boot_id)) {
		uuid_copy(&boot_id, &uuid_null);
		pr_info("no boot id (is /proc mounted?): shown as n/a\n");
	}
}

static void take_system_values(struct oomx_capture *c)
{
	u64 *v = oomx_build_table(&c->b, OOMX_SEC_SYSTEM_VALUES, OOMX_VALUES_SIZE(OOMX_SYS_NR), 1);
	struct oomx_opt opt;
	u32 i;

	if (!v)
		return;
	for (i = 0; i < OOMX_SYS_NR; i++) {
		opt = oomx_read_symbol(i);
		if (opt.known)
			oomx_put(v, v + 1, i, opt.v);
	}
	oomx_put(v, v + 1, OOMX_SYS_TOTALRAM, totalram_pages());
	oomx_put(v, v + 1, OOMX_SYS_SWAP_FREE, get_nr_swap_pages());
}

/**
 * oomx_take_system() - where the record is taken
 * @c: capture
 *
 * Context: As oomx_capture_event().
 */
void oomx_take_system(struct oomx_capture *c)
{
	struct oomx_system *s = oomx_build_table(&c->b, OOMX_SEC_SYSTEM, sizeof(*s), 1);

	if (!s)
		return;
	export_uuid(s->boot_id, &boot_id);
	s->page_size = PAGE_SIZE;
	s->nr_orders = OOMX_NR_ORDERS;
	s->release = oomx_strings_add(&c->strings, init_uts_ns.name.release);
	s->machine = oomx_strings_add(&c->strings, init_uts_ns.name.machine);
	/* sethostname() may be at it, whose lock sleeps; the last byte is 0 at any time */
	s->nodename = data_race(oomx_strings_add(&c->strings, init_uts_ns.name.nodename));
	s->migratetypes = oomx_strings_add(&c->strings, OOMX_MIGRATETYPE_LETTERS);
	s->online_cpus = num_online_cpus();
	s->flags = IS_ENABLED(CONFIG_VMAP_STACK) ? OOMX_SYSTEM_VMAP_STACK : 0;
	take_system_values(c);
}

/* Format straight into the strings of the record. */
static __printf(2, 3) u32 add_text(struct oomx_capture *c, const char *fmt, ...)
{
	u32 room;
	char *to = oomx_strings_room(&c->strings, &room);
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(to, room, fmt, args);
	va_end(args);
	return oomx_strings_commit(&c->strings, len);
}

/*
 * Frames before those that are to be kept, our own. A breakpoint at the entry of a function
 * hides its caller from the trace on arm64: then its frame is overwritten with @caller.
 */
static unsigned int skip_own(unsigned long *frames, unsigned int n, const struct oomx_entry *entry)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (frames[i] == entry->caller)
			return i;
	for (i = 0; i < n && entry->caller; i++) {
		if (entry->function && frames[i] == entry->function) {
			frames[i] = entry->caller;
			return i;
		}
	}
	return 0;	/* nothing in it that is known to be ours or theirs */
}

/* Return addresses from the caller of out_of_memory() on. */
static void take_stack(struct oomx_capture *c, struct oomx_trigger *t,
		       const struct oomx_entry *entry)
{
	unsigned long *frames = c->frames;
	unsigned int n = stack_trace_save(frames, ARRAY_SIZE(c->frames), 0), first, i;
	u64 *to;

	first = skip_own(frames, n, entry);
	if (n - first > OOMX_MAX_FRAMES || n == ARRAY_SIZE(c->frames))
		t->flags |= OOMX_TRIGGER_STACK_CUT;
	n = min_t(unsigned int, n - first, OOMX_MAX_FRAMES);
	to = oomx_build_table(&c->b, OOMX_SEC_PRIVATE, sizeof(u64), n);
	for (i = 0; to && i < n; i++)
		to[i] = frames[first + i];
}

/* What __zone_watermark_ok() makes of the request, beside its order. */
static u32 request_flags(gfp_t gfp)
{
	u32 flags = 0;

	if (gfp & __GFP_HIGH)
		flags |= OOMX_TRIGGER_HIGH;
	if ((gfp & (__GFP_RECLAIMABLE | __GFP_MOVABLE)) == __GFP_MOVABLE)
		flags |= OOMX_TRIGGER_MOVABLE;
	if (tsk_is_oom_victim(current))
		flags |= OOMX_TRIGGER_VICTIM;
	return flags;
}

static void take_request(struct oomx_capture *c, struct oomx_trigger *t)
{
	const struct oom_control *oc = c->oc;
	nodemask_t *mems = &cpuset_current_mems_allowed;

	t->kind = c->manual ? OOMX_KIND_MANUAL : c->kind;
	t->order = oc->order;
	t->gfp_mask = (__force u32)oc->gfp_mask;
	t->highest_zone = gfp_zone(oc->gfp_mask);
	t->flags |= request_flags(oc->gfp_mask);
	if (oomx_is_no_fs(oc))
		t->flags |= OOMX_TRIGGER_NO_FS;
	t->gfp_flags = add_text(c, "%pGg", &oc->gfp_mask);
	/* words of a mask that is being changed, as the kernel prints it */
	t->cpuset_mems = data_race(add_text(c, "%*pbl", nodemask_pr_args(mems)));
	/* this one as well, if it is of a policy that is moved to other nodes */
	t->nodemask = data_race(add_text(c, "%*pbl", nodemask_pr_args(oc->nodemask)));
}

/**
 * oomx_take_trigger() - who asked for memory, when and for what
 * @c: capture
 * @entry: how out_of_memory() was entered; NULL: it was not
 *
 * Context: As oomx_capture_event().
 */
void oomx_take_trigger(struct oomx_capture *c, const struct oomx_entry *entry)
{
	struct oomx_trigger *t = oomx_build_table(&c->b, OOMX_SEC_TRIGGER, sizeof(*t), 1);
	u32 cgroup;

	if (!t)
		return;
	t->realtime_ns = ktime_get_real_fast_ns();
	t->boottime_ns = ktime_get_boot_fast_ns();
	t->monotonic_ns = ktime_get_mono_fast_ns();
	t->pid = current->pid;
	t->tgid = current->tgid;
	t->uid = __kuid_val(current_uid());
	t->oom_score_adj = READ_ONCE(current->signal->oom_score_adj);
	t->cpu = raw_smp_processor_id();
	oomx_copy_comm(t->comm, current->comm);
	if (current->flags & PF_KTHREAD)
		t->flags |= OOMX_TRIGGER_KTHREAD;
	rcu_read_lock();
	t->ppid = rcu_dereference(current->real_parent)->tgid;
	cgroup = oomx_cgroup_of(c, current)->index;
	rcu_read_unlock();
	if (cgroup != OOMX_NONE)
		t->memcg = c->cgroups[cgroup].path;
	take_request(c, t);
	if (entry)
		take_stack(c, t, entry);
}
