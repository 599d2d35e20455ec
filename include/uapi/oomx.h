/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * oomx: the binary record of an out-of-memory event.
 *
 * A record is self-contained: names, strings, page size and clock values travel
 * in it, so that it can be decoded on another machine, years later. It is laid
 * out in the byte order of the machine that wrote it:
 *
 *	struct oomx_record
 *	struct oomx_section, payload, padding to a multiple of 8
 *	struct oomx_section, payload, padding to a multiple of 8
 *	...
 *
 * Every section is a table of @count elements of @esize bytes. This ABI is
 * append-only: new section types are added, known elements grow at their end,
 * numbers are never reused. A reader skips types that it does not know and takes
 * from an element only the bytes that it knows. Padding and reserved bytes are 0.
 *
 * "0" and "unknown" differ. Elements that hold counters begin with a mask: bit n
 * says whether value n is known. Strings are offsets into OOMX_SEC_STRINGS; offset
 * 0 is the empty string and means "unknown". Sizes are pages unless said otherwise.
 *
 * A record may also have been read from a kernel log, of a machine without the module
 * (OOMX_RECORD_IMPORTED). What such a log does not hold is OOMX_NONE, OOMX_NO_ADJ or
 * OOMX_NO_TIME in numbers that name something; 0 with a flag that says so in numbers
 * that are added up; 0 in times and in counts that cannot be 0.
 */
#ifndef _UAPI_OOMX_H
#define _UAPI_OOMX_H

#include <linux/types.h>

#define OOMX_MAGIC	0x584d4f4fU	/* "OOMX" on a little-endian machine */
#define OOMX_VERSION	4
#define OOMX_ALIGN	8
#define OOMX_COMM_LEN	16
#define OOMX_ZONE_NAME_LEN 16

/* "no limit" and "no such index"; unknown values have their mask bit clear */
#define OOMX_UNLIMITED	(~(__u64)0)
#define OOMX_NONE	(~(__u32)0)
#define OOMX_NO_ADJ	(-32768)		/* an oom_score_adj that is not known */
#define OOMX_NO_TIME	(~(__u64)0)		/* a time since the trigger that is not known */

/* oomx_record.type */
enum oomx_record_type {
	OOMX_RECORD_EVENT	= 1,	/* taken on entry to out_of_memory() */
	OOMX_RECORD_FOLLOWUP	= 2	/* what became known later */
};

/* oomx_record.flags */
#define OOMX_RECORD_IMPORTED	0x1	/* read from a kernel log, has OOMX_SEC_LOG */

/**
 * struct oomx_record - head of every record
 * @magic: OOMX_MAGIC
 * @version: OOMX_VERSION of the writer
 * @type: enum oomx_record_type
 * @len: bytes, this header and all padding included; a multiple of OOMX_ALIGN
 * @flags: OOMX_RECORD_*
 * @seq: position in the ring: consecutive, so that gaps show
 * @event: number of the OOM event since the module was loaded, from 1
 */
struct oomx_record {
	__u32 magic;
	__u16 version;
	__u16 type;
	__u32 len;
	__u32 flags;
	__u64 seq;
	__u64 event;
};

/**
 * struct oomx_section - head of every section
 * @type: enum oomx_section_type
 * @esize: bytes of one element
 * @count: number of elements
 */
struct oomx_section {
	__u16 type;
	__u16 esize;
	__u32 count;
};

enum oomx_section_type {
	OOMX_SEC_STRINGS	= 1,	/* char[]: NUL-terminated strings */
	OOMX_SEC_SYSTEM		= 2,	/* struct oomx_system, one */
	OOMX_SEC_SYSTEM_VALUES	= 3,	/* struct oomx_values of enum oomx_system_value */
	OOMX_SEC_TRIGGER	= 4,	/* struct oomx_trigger, one */
	OOMX_SEC_STACK		= 5,	/* char[]: a NUL-terminated symbol+offset a frame */
	OOMX_SEC_NODE		= 6,	/* struct oomx_node; OOMX_NODE_ALL is the sum */
	OOMX_SEC_ZONE		= 7,	/* struct oomx_zone, populated zones */
	OOMX_SEC_BUDDY		= 8,	/* struct oomx_buddy[nr_orders] a zone */
	OOMX_SEC_RESERVE	= 9,	/* __u64[] a zone: lowmem_reserve[] */
	OOMX_SEC_MEMCG		= 10,	/* struct oomx_memcg, leaf to root */
	OOMX_SEC_MEMCG_EVENTS	= 11,	/* struct oomx_values a memcg, enum oomx_memcg_event */
	OOMX_SEC_MEMCG_STAT	= 12,	/* struct oomx_values a memcg, enum oomx_memcg_stat */
	OOMX_SEC_CGROUP		= 13,	/* struct oomx_cgroup: where the tasks live */
	OOMX_SEC_TASK		= 14,	/* struct oomx_task */
	OOMX_SEC_KTHREAD	= 15,	/* struct oomx_kthread */
	OOMX_SEC_CAPTURE	= 16,	/* struct oomx_values, one, enum oomx_capture_value */
	OOMX_SEC_VICTIM		= 17,	/* follow-up: struct oomx_victim */
	OOMX_SEC_RELEASE	= 18,	/* follow-up: struct oomx_release */
	OOMX_SEC_DECISION	= 19,	/* follow-up: oomx_values of enum oomx_decision_value */
	OOMX_SEC_CHOICE		= 20,	/* struct oomx_values, one, enum oomx_choice_value */
	OOMX_SEC_REAP		= 21,	/* follow-up: struct oomx_moment */
	OOMX_SEC_REAP_SKIP	= 22,	/* follow-up: struct oomx_moment */
	OOMX_SEC_STUCK		= 23,	/* follow-up: struct oomx_moment */
	OOMX_SEC_REPEAT		= 24,	/* follow-up: struct oomx_repeat */
	OOMX_SEC_NO_VICTIM	= 25,	/* follow-up: struct oomx_moment, pid 0 */
	OOMX_SEC_LOG		= 26,	/* struct oomx_log, one: where it was read */

	/* Types from here on never leave the kernel. */
	OOMX_SEC_PRIVATE	= 0x8000
};

/**
 * struct oomx_values - head of a block of counters
 * @valid: bit n set: value n is known
 *
 * As many __u64 values follow as the element size leaves room for.
 */
struct oomx_values {
	__u64 valid;
};

#define OOMX_VALUES_SIZE(n)	(sizeof(struct oomx_values) + (n) * sizeof(__u64))

/* oomx_system.flags */
#define OOMX_SYSTEM_VMAP_STACK	0x1	/* kernel stacks are vmalloc areas */

/**
 * struct oomx_system - where the record was taken
 * @boot_id: as in /proc/sys/kernel/random/boot_id; all 0 when unknown
 * @page_size: bytes
 * @nr_orders: block orders of the buddy allocator
 * @release: string: uname -r
 * @machine: string: uname -m
 * @nodename: string: uname -n
 * @migratetypes: string: the kernel's letter for bit 0, 1, ... of oomx_buddy.types
 * @online_cpus: CPUs online
 * @flags: OOMX_SYSTEM_*
 */
struct oomx_system {
	__u8 boot_id[16];
	__u32 page_size;
	__u32 nr_orders;
	__u32 release;
	__u32 machine;
	__u32 nodename;
	__u32 migratetypes;
	__u32 online_cpus;
	__u32 flags;
};

enum oomx_system_value {
	OOMX_SYS_TOTALRAM,		/* totalram_pages() */
	OOMX_SYS_SWAP_TOTAL,		/* total_swap_pages */
	OOMX_SYS_SWAP_FREE,		/* get_nr_swap_pages() */
	OOMX_SYS_VMALLOC,		/* pages of vmalloc areas */
	OOMX_SYS_PERCPU,		/* pages of per-cpu memory, the first chunk included */
	OOMX_SYS_CMA_TOTAL,		/* totalcma_pages */
	OOMX_SYS_HWPOISONED,		/* num_poisoned_pages */
	OOMX_SYS_SWAPPINESS,		/* vm.swappiness, a number */
	OOMX_SYS_PANIC_ON_OOM,		/* vm.panic_on_oom, a number */
	OOMX_SYS_KILL_ALLOCATING,	/* vm.oom_kill_allocating_task, a number */
	OOMX_SYS_HUGETLB,		/* pages of hugetlb pools */
	OOMX_SYS_RAM,			/* "pages RAM" of a kernel log */
	OOMX_SYS_RESERVED,		/* "pages reserved" of a kernel log */
	OOMX_SYS_NR
};

enum oomx_kind {
	OOMX_KIND_GLOBAL	= 1,
	OOMX_KIND_MEMCG		= 2,
	OOMX_KIND_CPUSET	= 3,
	OOMX_KIND_MEMPOLICY	= 4,
	OOMX_KIND_SYSRQ		= 5,
	OOMX_KIND_MANUAL	= 6	/* a dry run: nothing happened */
};

/* oomx_trigger.flags */
#define OOMX_TRIGGER_KTHREAD	0x1	/* kswapd, a kworker, ... */
#define OOMX_TRIGGER_STACK_CUT	0x2	/* more frames than were kept */
#define OOMX_TRIGGER_HIGH	0x100	/* the request has __GFP_HIGH */
#define OOMX_TRIGGER_MOVABLE	0x200	/* ... is for movable pages, and may use CMA */
#define OOMX_TRIGGER_VICTIM	0x400	/* ... comes from an OOM victim */
#define OOMX_TRIGGER_NO_FS	0x800	/* ... has no __GFP_FS: the kernel kills nothing for it */
#define OOMX_TRIGGER_NO_REQUEST	0x1000	/* order and gfp mask are not known */
#define OOMX_TRIGGER_LOCAL_TIME	0x2000	/* realtime_ns is of a time zone that is not known */
#define OOMX_TRIGGER_NO_YEAR	0x4000	/* ... and so is the year: 1972 stands for it */

/**
 * struct oomx_trigger - who asked for memory, when, and for what
 * @realtime_ns: wall clock (CLOCK_REALTIME)
 * @boottime_ns: since boot, suspend included (CLOCK_BOOTTIME)
 * @monotonic_ns: CLOCK_MONOTONIC
 * @pid: thread that entered out_of_memory()
 * @tgid: its process
 * @ppid: its parent
 * @uid: its user, as the initial user namespace counts
 * @oom_score_adj: of its process
 * @order: of the request; -1: asked for by sysrq
 * @gfp_mask: of the request, in the bits of this kernel
 * @cpu: where it ran
 * @gfp_flags: string: @gfp_mask in this kernel's names
 * @memcg: string: path of the trigger's own memory cgroup
 * @cpuset_mems: string: nodes its cpuset allows
 * @nodemask: string: nodes the request allowed; "(null)": no restriction
 * @highest_zone: index of the highest zone the request may use
 * @flags: OOMX_TRIGGER_*
 * @kind: enum oomx_kind
 * @reserved: 0
 * @comm: its name, NUL-terminated, any bytes
 */
struct oomx_trigger {
	__u64 realtime_ns;
	__u64 boottime_ns;
	__u64 monotonic_ns;
	__u32 pid;
	__u32 tgid;
	__u32 ppid;
	__u32 uid;
	__s32 oom_score_adj;
	__s32 order;
	__u32 gfp_mask;
	__u32 cpu;
	__u32 gfp_flags;
	__u32 memcg;
	__u32 cpuset_mems;
	__u32 nodemask;
	__u32 highest_zone;
	__u32 flags;
	__u32 kind;
	__u32 reserved;
	char comm[OOMX_COMM_LEN];
};

enum oomx_node_value {
	OOMX_NODE_ACTIVE_ANON,
	OOMX_NODE_INACTIVE_ANON,
	OOMX_NODE_ACTIVE_FILE,
	OOMX_NODE_INACTIVE_FILE,
	OOMX_NODE_UNEVICTABLE,
	OOMX_NODE_ISOLATED_ANON,
	OOMX_NODE_ISOLATED_FILE,
	OOMX_NODE_ANON_MAPPED,
	OOMX_NODE_MAPPED,
	OOMX_NODE_FILE_PAGES,		/* page cache, shmem and swap cache */
	OOMX_NODE_DIRTY,
	OOMX_NODE_WRITEBACK,
	OOMX_NODE_WRITEBACK_TEMP,
	OOMX_NODE_SHMEM,
	OOMX_NODE_SHMEM_THP,
	OOMX_NODE_SHMEM_PMDMAPPED,
	OOMX_NODE_FILE_THP,
	OOMX_NODE_FILE_PMDMAPPED,
	OOMX_NODE_ANON_THP,
	OOMX_NODE_KERNEL_STACK_KB,	/* KiB */
	OOMX_NODE_SHADOW_STACK_KB,	/* KiB */
	OOMX_NODE_PAGETABLES,
	OOMX_NODE_SEC_PAGETABLES,
	OOMX_NODE_SLAB_RECLAIMABLE,
	OOMX_NODE_SLAB_UNRECLAIMABLE,
	OOMX_NODE_MISC_RECLAIMABLE,
	OOMX_NODE_SWAPCACHE,
	OOMX_NODE_KSWAPD_FAILURES,	/* a number; 16 and more: "all_unreclaimable" */
	OOMX_NODE_HUGETLB,
	OOMX_NODE_VMALLOC,
	OOMX_NODE_BALLOON,
	OOMX_NODE_GPU_ACTIVE,
	OOMX_NODE_GPU_RECLAIM,
	OOMX_NODE_NR
};

#define OOMX_NODE_ALL	OOMX_NONE

/**
 * struct oomx_node - counters of one NUMA node, or of the whole machine
 * @valid: which of @v are known
 * @node: its number, or OOMX_NODE_ALL
 * @reserved: 0
 * @v: enum oomx_node_value
 */
struct oomx_node {
	__u64 valid;
	__u32 node;
	__u32 reserved;
	__u64 v[OOMX_NODE_NR];
};

enum oomx_zone_value {
	OOMX_ZONE_FREE,
	OOMX_ZONE_BOOST,
	OOMX_ZONE_MIN,			/* min, low and high include the boost */
	OOMX_ZONE_LOW,
	OOMX_ZONE_HIGH,
	OOMX_ZONE_RESERVED_HIGHATOMIC,
	OOMX_ZONE_FREE_HIGHATOMIC,
	OOMX_ZONE_ACTIVE_ANON,
	OOMX_ZONE_INACTIVE_ANON,
	OOMX_ZONE_ACTIVE_FILE,
	OOMX_ZONE_INACTIVE_FILE,
	OOMX_ZONE_UNEVICTABLE,
	OOMX_ZONE_WRITEPENDING,
	OOMX_ZONE_SPANNED,
	OOMX_ZONE_PRESENT,
	OOMX_ZONE_MANAGED,
	OOMX_ZONE_MLOCKED,
	OOMX_ZONE_BOUNCE,
	OOMX_ZONE_ZSPAGES,
	OOMX_ZONE_PAGETABLES,
	OOMX_ZONE_FREE_PCP,
	OOMX_ZONE_LOCAL_PCP,
	OOMX_ZONE_FREE_CMA,
	OOMX_ZONE_CMA,
	OOMX_ZONE_NR
};

/* oomx_zone.flags: may the request take pages here? */
#define OOMX_ZONE_IN_GFP	0x1	/* not above the gfp mask's highest zone */
#define OOMX_ZONE_IN_NODEMASK	0x2
#define OOMX_ZONE_IN_CPUSET	0x4
#define OOMX_ZONE_IN_ALL \
	(OOMX_ZONE_IN_GFP | OOMX_ZONE_IN_NODEMASK | OOMX_ZONE_IN_CPUSET)

/**
 * struct oomx_zone - one populated zone
 * @valid: which of @v are known
 * @node: NUMA node
 * @index: of the zone in its node; indexes lowmem_reserve[]
 * @flags: OOMX_ZONE_IN_*
 * @reserved: 0
 * @name: NUL-terminated
 * @v: enum oomx_zone_value
 */
struct oomx_zone {
	__u64 valid;
	__u32 node;
	__u32 index;
	__u32 flags;
	__u32 reserved;
	char name[OOMX_ZONE_NAME_LEN];
	__u64 v[OOMX_ZONE_NR];
};

/**
 * struct oomx_buddy - the free blocks of one order in one zone
 * @free: number of free blocks
 * @types: bit n set: some of them are of migrate type n
 */
struct oomx_buddy {
	__u32 free;
	__u32 types;
};

enum oomx_memcg_value {
	OOMX_MEMCG_USAGE,
	OOMX_MEMCG_MAX,			/* limits may be OOMX_UNLIMITED */
	OOMX_MEMCG_FAILCNT,		/* a number, as the kernel's report prints it */
	OOMX_MEMCG_HIGH,
	OOMX_MEMCG_LOW,
	OOMX_MEMCG_MIN,
	OOMX_MEMCG_SWAP_USAGE,		/* cgroup v2 */
	OOMX_MEMCG_SWAP_MAX,
	OOMX_MEMCG_SWAP_FAILCNT,
	OOMX_MEMCG_MEMSW_USAGE,		/* cgroup v1: memory+swap */
	OOMX_MEMCG_MEMSW_MAX,
	OOMX_MEMCG_MEMSW_FAILCNT,
	OOMX_MEMCG_KMEM_USAGE,		/* cgroup v1 */
	OOMX_MEMCG_KMEM_MAX,
	OOMX_MEMCG_KMEM_FAILCNT,
	OOMX_MEMCG_WATERMARK,		/* highest usage ever seen */
	OOMX_MEMCG_OOM_GROUP,		/* memory.oom.group, 0 or 1 */
	OOMX_MEMCG_SWAPPINESS,		/* cgroup v1, a number */
	OOMX_MEMCG_NR
};

/* oomx_memcg.flags */
#define OOMX_MEMCG_IS_OOM	0x1	/* the group whose limit was hit */
#define OOMX_MEMCG_IS_ROOT	0x2
#define OOMX_MEMCG_V2		0x4	/* memory controller on the default hierarchy */
#define OOMX_MEMCG_STAT_STALE	0x8	/* statistics as of the last flush, up to 2 s old */

/**
 * struct oomx_memcg - one level of the chain from the OOMing group to the root
 * @valid: which of @v are known
 * @id: cgroup id (inode number in cgroupfs)
 * @path: string
 * @flags: OOMX_MEMCG_*
 * @v: enum oomx_memcg_value
 */
struct oomx_memcg {
	__u64 valid;
	__u64 id;
	__u32 path;
	__u32 flags;
	__u64 v[OOMX_MEMCG_NR];
};

/* memory.events, hierarchical as in the file of that name */
enum oomx_memcg_event {
	OOMX_EV_LOW,
	OOMX_EV_HIGH,
	OOMX_EV_MAX,
	OOMX_EV_OOM,
	OOMX_EV_OOM_KILL,
	OOMX_EV_OOM_GROUP_KILL,
	OOMX_EV_SWAP_HIGH,
	OOMX_EV_SWAP_MAX,
	OOMX_EV_SWAP_FAIL,
	OOMX_EV_NR
};

/* memory.stat: bytes up to slab; numbers from workingset_* on */
enum oomx_memcg_stat {
	OOMX_STAT_ANON,
	OOMX_STAT_FILE,
	OOMX_STAT_KERNEL,
	OOMX_STAT_KERNEL_STACK,
	OOMX_STAT_PAGETABLES,
	OOMX_STAT_SEC_PAGETABLES,
	OOMX_STAT_PERCPU,
	OOMX_STAT_SOCK,
	OOMX_STAT_VMALLOC,
	OOMX_STAT_SHMEM,
	OOMX_STAT_ZSWAP,
	OOMX_STAT_ZSWAPPED,
	OOMX_STAT_FILE_MAPPED,
	OOMX_STAT_FILE_DIRTY,
	OOMX_STAT_FILE_WRITEBACK,
	OOMX_STAT_SWAPCACHED,
	OOMX_STAT_ANON_THP,
	OOMX_STAT_FILE_THP,
	OOMX_STAT_SHMEM_THP,
	OOMX_STAT_INACTIVE_ANON,
	OOMX_STAT_ACTIVE_ANON,
	OOMX_STAT_INACTIVE_FILE,
	OOMX_STAT_ACTIVE_FILE,
	OOMX_STAT_UNEVICTABLE,
	OOMX_STAT_SLAB_RECLAIMABLE,
	OOMX_STAT_SLAB_UNRECLAIMABLE,
	OOMX_STAT_REFAULT_ANON,
	OOMX_STAT_REFAULT_FILE,
	OOMX_STAT_ACTIVATE_ANON,
	OOMX_STAT_ACTIVATE_FILE,
	OOMX_STAT_RESTORE_ANON,
	OOMX_STAT_RESTORE_FILE,
	OOMX_STAT_NODERECLAIM,
	OOMX_STAT_PGSCAN,		/* from here on: events */
	OOMX_STAT_PGSTEAL,
	OOMX_STAT_PGSCAN_KSWAPD,
	OOMX_STAT_PGSCAN_DIRECT,
	OOMX_STAT_PGSTEAL_KSWAPD,
	OOMX_STAT_PGSTEAL_DIRECT,
	OOMX_STAT_PGFAULT,
	OOMX_STAT_PGMAJFAULT,
	OOMX_STAT_PGREFILL,
	OOMX_STAT_PGACTIVATE,
	OOMX_STAT_PGDEACTIVATE,
	OOMX_STAT_PGLAZYFREE,
	OOMX_STAT_PGLAZYFREED,
	OOMX_STAT_ZSWPIN,
	OOMX_STAT_ZSWPOUT,
	OOMX_STAT_THP_FAULT_ALLOC,
	OOMX_STAT_THP_COLLAPSE_ALLOC,
	OOMX_STAT_NR
};

/**
 * struct oomx_cgroup - a memory cgroup that tasks live in
 * @id: cgroup id
 * @path: string; offset 0: the path did not fit
 * @reserved: 0
 */
struct oomx_cgroup {
	__u64 id;
	__u32 path;
	__u32 reserved;
};

/* oomx_task.status: why a task is a candidate or not; first match in scan order */
enum oomx_task_status {
	OOMX_TASK_CANDIDATE	= 1,
	OOMX_TASK_INIT		= 2,	/* the global init */
	OOMX_TASK_KTHREAD	= 3,	/* only in OOMX_SEC_KTHREAD */
	OOMX_TASK_OTHER_MEMCG	= 4,	/* not below the cgroup that is out of memory */
	OOMX_TASK_OTHER_CPUSET	= 5,	/* no node in common with the trigger */
	OOMX_TASK_OTHER_MEMPOLICY = 6,
	OOMX_TASK_IN_FLIGHT	= 7,	/* an earlier victim: the kernel waits for it */
	OOMX_TASK_OOM_SKIP	= 8,	/* its memory was reaped, or is shared with init */
	OOMX_TASK_OOM_ORIGIN	= 9,	/* asked to be killed first (swapoff, ksm) */
	OOMX_TASK_NO_MM		= 10,	/* no thread has an address space left */
	OOMX_TASK_ADJ_MIN	= 11,	/* oom_score_adj is -1000 */
	OOMX_TASK_VFORK		= 12,	/* between vfork() and exec() */
	OOMX_TASK_LOCKED	= 13	/* its lock was held: not known */
};

/* oomx_task.flags */
#define OOMX_TASK_HAS_MM	0x1	/* total_vm ... pgtables_bytes are known */
#define OOMX_TASK_HAS_POINTS	0x2	/* points is known */
#define OOMX_TASK_DYING		0x4	/* a fatal signal is pending, or exiting */
#define OOMX_TASK_VICTIM	0x8	/* marked as a victim before this event */
#define OOMX_TASK_RSS_SUM	0x10	/* rss_anon is all that is resident, its parts unknown */
#define OOMX_TASK_NO_SWAP	0x20	/* swap is not known */
#define OOMX_TASK_NO_PGTABLES	0x40	/* pgtables_bytes is not known */

/**
 * struct oomx_task - a task as the OOM killer looks at it
 * @start_ns: when it was started, CLOCK_BOOTTIME
 * @total_vm: mapped pages
 * @rss_anon: resident anonymous pages
 * @rss_file: resident file pages
 * @rss_shmem: resident shared memory pages
 * @swap: pages in swap
 * @pgtables_bytes: bytes of page tables
 * @points: oom_badness() of this kernel for the totalpages of this event
 * @pid: the thread whose mm was read, as the kernel's task table prints it
 * @tgid: the process
 * @ppid: its parent
 * @uid: its user, as the initial user namespace counts
 * @threads: number of threads
 * @cgroup: index into OOMX_SEC_CGROUP, or OOMX_NONE
 * @scan: position in the order of the task list
 * @oom_score_adj: -1000 to 1000
 * @status: enum oomx_task_status
 * @flags: OOMX_TASK_*
 * @comm: name, NUL-terminated, any bytes
 */
struct oomx_task {
	__u64 start_ns;
	__u64 total_vm;
	__u64 rss_anon;
	__u64 rss_file;
	__u64 rss_shmem;
	__u64 swap;
	__u64 pgtables_bytes;
	__s64 points;
	__u32 pid;
	__u32 tgid;
	__u32 ppid;
	__u32 uid;
	__u32 threads;
	__u32 cgroup;
	__u32 scan;
	__s16 oom_score_adj;
	__u8 status;
	__u8 flags;
	char comm[OOMX_COMM_LEN];
};

/**
 * struct oomx_kthread - a kernel thread: never a candidate
 * @pid: its pid
 * @comm: name, NUL-terminated
 */
struct oomx_kthread {
	__u32 pid;
	char comm[OOMX_COMM_LEN];
};

enum oomx_capture_value {
	OOMX_CAP_NS,			/* time the capture took, ns */
	OOMX_CAP_TASKS,			/* processes seen, kernel threads left out */
	OOMX_CAP_KTHREADS,		/* kernel threads seen */
	OOMX_CAP_CANDIDATES,		/* tasks with status candidate or oom_origin */
	OOMX_CAP_DROPPED,		/* tasks that did not fit: how many */
	OOMX_CAP_DROPPED_RSS,		/* ... and what they held together */
	OOMX_CAP_DROPPED_SWAP,
	OOMX_CAP_DROPPED_PGTABLES,	/* bytes */
	OOMX_CAP_LOCKED,		/* tasks whose lock was held */
	OOMX_CAP_KTHREADS_DROPPED,
	OOMX_CAP_CGROUPS_DROPPED,
	OOMX_CAP_STRINGS_DROPPED,	/* strings that did not fit, or were cut */
	OOMX_CAP_MEMCGS_DROPPED,	/* levels of the chain that did not fit */
	OOMX_CAP_TOTALPAGES,		/* the kernel's base of the scores, replayed */
	OOMX_CAP_ZONES_DROPPED,
	OOMX_CAP_NODES_DROPPED,
	OOMX_CAP_UNSEEN,		/* tasks not looked at: the time for the capture was up */
	OOMX_CAP_PATHS_SKIPPED,		/* cgroups whose path could not be read there */
	OOMX_CAP_CONTEXT,		/* OOMX_CONTEXT_* */
	OOMX_CAP_NR
};

/* How and where the record was taken. */
#define OOMX_CONTEXT_FTRACE		0x1	/* by ftrace; else by a kprobe */
#define OOMX_CONTEXT_IRQS_OFF		0x2	/* interrupts were off */
#define OOMX_CONTEXT_PREEMPT_OFF	0x4	/* preemption was off */
#define OOMX_CONTEXT_PREEMPT_KNOWN	0x8	/* this kernel counts preemption */

/* How an entry of out_of_memory() ended. */
enum oomx_result {
	OOMX_RESULT_KILLED		= 1,
	OOMX_RESULT_GROUP_KILLED	= 2,	/* with its memory cgroup (memory.oom.group) */
	OOMX_RESULT_FREED_BY_NOTIFIER	= 3,	/* an OOM notifier gave memory back */
	OOMX_RESULT_CURRENT_DYING	= 4,	/* the trigger was about to die anyway */
	OOMX_RESULT_VICTIM_EXITING	= 5,	/* the chosen task was about to die anyway */
	OOMX_RESULT_NO_FS		= 6,	/* the request has no __GFP_FS */
	OOMX_RESULT_VICTIM_IN_FLIGHT	= 7,	/* an earlier victim still has its memory */
	OOMX_RESULT_NO_KILLABLE		= 8,
	OOMX_RESULT_PANIC		= 9
};

/* By which rule a task is chosen. */
enum oomx_rule {
	OOMX_RULE_BADNESS	= 1,	/* the most points */
	OOMX_RULE_ORIGIN	= 2,	/* it asked to be killed first */
	OOMX_RULE_ALLOCATING	= 3	/* vm.oom_kill_allocating_task: the trigger itself */
};

/* The replay of the choice, before the kernel made its own. */
enum oomx_choice_value {
	OOMX_CHOICE_RESULT,		/* enum oomx_result, if no notifier frees memory */
	OOMX_CHOICE_RULE,		/* enum oomx_rule; unknown where no task is chosen */
	OOMX_CHOICE_PID,		/* of the task chosen, as in struct oomx_task */
	OOMX_CHOICE_TGID,
	OOMX_CHOICE_POINTS,		/* signed; unknown for rules that need none */
	OOMX_CHOICE_MARGIN,		/* points to the second; unknown when there is none */
	OOMX_CHOICE_TIES,		/* other tasks with the same points */
	OOMX_CHOICE_IN_FLIGHT,		/* tgid of the earlier victim, if there is one */
	OOMX_CHOICE_REPEATS,		/* OOMs of this domain before, each within 5 s of next */
	OOMX_CHOICE_NR
};

/* oomx_victim.flags */
#define OOMX_VICTIM_SHARES_MM	0x1	/* killed because it shares the victim's memory */
#define OOMX_VICTIM_NO_RSS	0x2	/* none of its sizes is known */
#define OOMX_VICTIM_NO_SHMEM	0x4	/* rss_shmem is not known */
#define OOMX_VICTIM_NO_SWAP	0x8	/* swap is not known */
#define OOMX_VICTIM_NO_PGTABLES	0x10	/* pgtables_bytes is not known */

/**
 * struct oomx_victim - a task was marked as a victim
 * @after_ns: since the trigger
 * @rss_anon: resident anonymous pages when marked
 * @rss_file: resident file pages
 * @rss_shmem: resident shared memory pages
 * @swap: pages in swap
 * @pgtables_bytes: bytes of page tables
 * @pid: thread that was marked
 * @tgid: its process
 * @uid: its user
 * @oom_score_adj: of its process
 * @comm: its name, NUL-terminated
 * @flags: OOMX_VICTIM_*
 * @cgroup: 1 + index into OOMX_SEC_CGROUP of the event; 0: not known
 */
struct oomx_victim {
	__u64 after_ns;
	__u64 rss_anon;
	__u64 rss_file;
	__u64 rss_shmem;
	__u64 swap;
	__u64 pgtables_bytes;
	__u32 pid;
	__u32 tgid;
	__u32 uid;
	__s32 oom_score_adj;
	char comm[OOMX_COMM_LEN];
	__u32 flags;
	__u32 cgroup;
};

/* oomx_release.flags */
#define OOMX_RELEASE_HAS_FREED	0x1	/* freed is known */
#define OOMX_RELEASE_LATE	0x2	/* others used it, or freed it; up to 0.1 s late */

/**
 * struct oomx_release - a victim gave up its address space
 * @after_ns: since the trigger
 * @pid: thread that was marked
 * @tgid: its process
 * @freed: pages that came back to what was short since the trigger: free pages of the
 *	zones of the request, or the usage of the memory cgroup; negative: less than then
 * @flags: OOMX_RELEASE_*
 * @reserved: 0
 */
struct oomx_release {
	__u64 after_ns;
	__u32 pid;
	__u32 tgid;
	__s64 freed;
	__u32 flags;
	__u32 reserved;
};

/**
 * struct oomx_moment - something happened to a victim
 * @after_ns: since the trigger
 * @pid: thread that was marked
 * @tgid: its process
 */
struct oomx_moment {
	__u64 after_ns;
	__u32 pid;
	__u32 tgid;
};

/**
 * struct oomx_repeat - what was short is short again
 * @after_ns: since the trigger
 * @event: number of the next event of the same domain
 */
struct oomx_repeat {
	__u64 after_ns;
	__u64 event;
};

/* What the kernel itself had decided when it marked the victim. */
enum oomx_decision_value {
	OOMX_DEC_TOTALPAGES,		/* oc->totalpages */
	OOMX_DEC_CONSTRAINT,		/* oc->constraint: enum oom_constraint */
	OOMX_DEC_CHOSEN_POINTS,		/* oc->chosen_points, signed */
	OOMX_DEC_NOTIFIER_FREED,	/* pages that OOM notifiers gave back */
	OOMX_DEC_KILLS,			/* kills counted (vmstat oom_kill) since the trigger */
	OOMX_DEC_OOM_GROUP,		/* 1: memory.oom.group of the victim's cgroup applies */
	OOMX_DEC_RESULT,		/* enum oomx_result, as a kernel log tells it */
	OOMX_DEC_SCORE,			/* "score N" of that log */
	OOMX_DEC_CHOSEN,		/* pid chosen there; a child of it was killed instead */
	OOMX_DEC_NR
};

/* Which oom_badness() made the points of an imported record, by the kernel's version. */
enum oomx_rules {
	OOMX_RULES_UNKNOWN	= 0,
	OOMX_RULES_SIGNED	= 1,	/* 5.9 and later: points may be negative */
	OOMX_RULES_POSITIVE	= 2,	/* 4.17: 1 at least */
	OOMX_RULES_ROOT_SHARE	= 3,	/* 3.14: root is forgiven 3 % of what it uses */
	OOMX_RULES_ROOT_ADJ	= 4,	/* 3.5: root's oom_score_adj is 30 less */
	OOMX_RULES_OLD		= 5	/* before; the log does not show all they count */
};

/* oomx_log.flags */
#define OOMX_LOG_NO_START	0x1	/* the first lines of the report are missing */
#define OOMX_LOG_NO_END		0x2	/* the last lines are */
#define OOMX_LOG_NO_PAGE_SIZE	0x4	/* the page size is not told; 4096 was assumed */
#define OOMX_LOG_RULES_GUESSED	0x8	/* no version told: the rules go by what was printed */
#define OOMX_LOG_KILL_ONLY	0x10	/* there is no more than the lines of the kill */

/**
 * struct oomx_log - where an imported record was read
 * @line: number of its first line in the log, from 1
 * @offset: of that line, bytes
 * @lines: lines that were taken from the log
 * @cut: rows of the task table that were not whole, and left out
 * @rules: enum oomx_rules
 * @flags: OOMX_LOG_*
 */
struct oomx_log {
	__u64 line;
	__u64 offset;
	__u32 lines;
	__u32 cut;
	__u32 rules;
	__u32 flags;
};

/* Walking a record that passed oomx_record_check(), or that is trusted otherwise. */
#define OOMX_ROUND_UP(n)	(((n) + OOMX_ALIGN - 1) & ~((__u64)OOMX_ALIGN - 1))
#define OOMX_SECTION_DATA(s)	((const void *)((const struct oomx_section *)(s) + 1))
#define OOMX_SECTION_BYTES(s)	((__u64)(s)->esize * (s)->count)
#define OOMX_SECTION_FIRST(r) \
	((const struct oomx_section *)((const struct oomx_record *)(r) + 1))
#define OOMX_SECTION_NEXT(s) \
	((const struct oomx_section *)((const char *)OOMX_SECTION_DATA(s) + \
				       OOMX_ROUND_UP(OOMX_SECTION_BYTES(s))))
#define OOMX_SECTION_END(r, s) \
	((const char *)(s) >= (const char *)(r) + (r)->len)
#define OOMX_FOR_EACH_SECTION(r, s) \
	for ((s) = OOMX_SECTION_FIRST(r); !OOMX_SECTION_END(r, s); (s) = OOMX_SECTION_NEXT(s))

#endif /* _UAPI_OOMX_H */
