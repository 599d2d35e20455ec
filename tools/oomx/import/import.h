/* SPDX-License-Identifier: GPL-2.0 */
/*
 * oomx import: kernel logs to records.
 *
 *	scan.c		bytes -> the lines that may matter, as fast as memmem() goes
 *	unpack.c	colours and JSON
 *	prefix*.c	what stands before the kernel's own words: times, host, tag
 *	lines.c		what a line is
 *	reports.c	lines -> the lines of one report, by host
 *	next.c		where one report ends and the next begins
 *	wrap.c		lines that people or terminals have broken
 *	parse*.c	a report -> struct draft
 *	layout.c	which zones the kernel has
 *	vintage.c	oom_badness() by the version of the kernel
 *	choice.c	who was to be killed
 *	build.c		draft -> record
 *	pids.c		numbers by pid
 *	import.c	the command		summary.c	many events in a table
 */
#ifndef _IMPORT_H
#define _IMPORT_H

#include "tool.h"

#define MAX_ZONE_TYPES	8
#define MAX_ORDERS	24
#define MAX_COLUMNS	16
#define IDLE_MS		2000	/* follow: then nothing more of a report will come */
#define NO_CLOCK	U64_MAX

/**
 * struct stamp - when a line was written
 * @mono_us: printk's clock; NO_CLOCK: not known
 * @real_ns: wall clock; 0: not known
 * @flags: OOMX_TRIGGER_LOCAL_TIME, OOMX_TRIGGER_NO_YEAR
 */
struct stamp {
	u64 mono_us;
	u64 real_ns;
	u32 flags;
};

/* What a prefix consists of. */
enum {
	PART_PRIORITY	= 0x001,	/* <4> */
	PART_PRINTK	= 0x002,	/* [  128.496873] */
	PART_CALLER	= 0x004,	/* [  T118] */
	PART_CTIME	= 0x008,	/* [Thu Dec  7 00:29:05 2023] */
	PART_DELTA	= 0x010,	/* [Dec 7 00:29] and [  +0.000012] */
	PART_ISO	= 0x020,	/* 2023-12-07T00:29:05.123456+01:00 */
	PART_SYSLOG	= 0x040,	/* Dec  7 00:29:05 */
	PART_UNIX	= 0x080,	/* 1701905345.123456 */
	PART_TAG	= 0x100,	/* host kernel: */
	PART_LEVEL	= 0x200,	/* kern  :err   : */
	PART_STREAM	= 0x400,	/* stdout F */
	PART_KMSG	= 0x800,	/* 4,1234,128496873,-; */
	PART_FIELD	= 0x1000,	/* MESSAGE= */
	PART_VERSION	= 0x2000,	/* 1, of RFC 5424 */
	PART_FACILITY	= 0x4000,	/* kern.warn */
};

/**
 * struct prefix - what stands before the kernel's own words
 * @len: bytes
 * @parts: PART_*
 * @stamp: when
 * @host: its name in the line, or NULL
 * @host_len: bytes of @host
 * @caller: the task or CPU that printk() was called by; 0: not told
 * @foreign: another program's line
 */
struct prefix {
	size_t len;
	u32 parts;
	struct stamp stamp;
	const char *host;
	size_t host_len;
	u64 caller;
	bool foreign;
};

void prefix_parse(const char *line, struct prefix *p);
void prefix_untag(const char *line, struct prefix *p);

/* prefix_tag.c */
bool prefix_tag(const char **at, struct prefix *p);
bool prefix_facility(const char **at, struct prefix *p);
bool prefix_version(const char **at, struct prefix *p);
bool prefix_caller(const char **at, struct prefix *p);
bool prefix_kmsg(const char **at, struct prefix *p);
bool prefix_field(const char **at, struct prefix *p);
bool prefix_level(const char **at, struct prefix *p);
bool prefix_stream(const char **at, struct prefix *p);

/* unpack.c */
void line_unpack(char *text, size_t size);

/* What a line is. */
enum line_kind {
	LINE_OTHER,
	LINE_HEAD,		/* comm invoked oom-killer: gfp_mask=... */
	LINE_CPUSET,		/* comm cpuset=/ mems_allowed=0 */
	LINE_CPU,		/* CPU: 0 PID: 118 Comm: ... Not tainted 6.1.0 #1 */
	LINE_TRACE,		/* Call Trace: */
	LINE_FRAME,		/* function+0x48/0x70 */
	LINE_MEMINFO,		/* Mem-Info: */
	LINE_GLOBAL,		/* active_anon:120239 inactive_anon:11 ... */
	LINE_NODE,		/* Node 0 active_anon:... */
	LINE_ZONE,		/* Node 0 DMA free:... */
	LINE_RESERVE,		/* lowmem_reserve[]: */
	LINE_BUDDY,		/* Node 0 DMA: 1*4kB (U) ... */
	LINE_TOTAL,		/* 262144 pages RAM, Free swap  = 0kB, ... */
	LINE_HUGE,		/* Node 0 hugepages_total=... */
	LINE_LIMIT,		/* Task in /a killed as a result of limit of /b */
	LINE_USAGE,		/* memory: usage 8388392kB, limit 8388608kB, failcnt 82406 */
	LINE_STATS,		/* Memory cgroup stats for /a: */
	LINE_STAT,		/* anon 8585138176 */
	LINE_TASKS,		/* Tasks state (memory values in pages): */
	LINE_COLUMNS,		/* [ pid ]   uid  tgid ... */
	LINE_ROW,		/* [   61]     0    61 ... */
	LINE_DECISION,		/* oom-kill:constraint=... */
	LINE_GROUP,		/* Tasks in /a are going to be killed due to memory.oom.group set */
	LINE_CHOSEN,		/* Out of memory: Kill process 118 (x) score 922 or ... */
	LINE_KILLED,		/* Killed process 118 (x) total-vm:... */
	LINE_REAPED,		/* oom_reaper: reaped process 118 (x), now anon-rss:... */
	LINE_UNREAPED,		/* oom_reaper: unable to reap pid:118 (x) */
	LINE_EXITING,		/* OOM victim 118 (x) is already exiting. ... */
	LINE_NOBODY,		/* Out of memory and no killable processes... */
	LINE_PANIC,		/* Kernel panic - not syncing: Out of memory: ... */
	LINE_FAILURE,		/* x: page allocation failure: order:4, mode:0x40dc0(...) */
	LINE_BOOT,		/* Linux version 6.1.0-18-amd64 ..., -- Reboot -- */
};

enum line_kind line_classify(const char *line);
bool line_is_proof(enum line_kind kind);
bool line_can_start(enum line_kind kind);

/**
 * struct line - a line of a report
 * @at: where it begins in the text of the report
 * @kind: what it is
 * @parts: of its prefix; 0: it has none, and may go on where the last one ended
 * @width: bytes of the line as it stood in the log
 * @stamp: when it was written
 */
struct line {
	size_t at;
	enum line_kind kind;
	u32 parts;
	size_t width;
	struct stamp stamp;
};

/**
 * struct pids - numbers by pid
 * @v: hash table of @room slots
 * @room: a power of 2, or 0
 * @n: how many
 */
struct pids {
	struct pid_slot {
		u32 pid;
		u32 index;
		bool used;
	} *v;
	size_t room;
	size_t n;
};

/* pids.c */
bool pids_add(struct pids *p, u32 pid, u32 index);
bool pids_find(const struct pids *p, u32 pid, u32 *index);
void pids_free(struct pids *p);

/* What was out of memory. */
enum scope { SCOPE_UNKNOWN, SCOPE_MACHINE, SCOPE_MEMCG };

/**
 * struct report - the lines of one report
 * @host: of the log, "" where it tells none
 * @text: the lines without their prefixes, each with a NUL
 * @len: bytes of @text
 * @room: bytes there is room for
 * @lines: array of @n
 * @n: lines
 * @lines_room: lines there is room for
 * @number: of its first line in the log
 * @offset: of that line, bytes
 * @used: when a line was added last, in lines of the log
 * @parts: of the prefix of its first line
 * @broken_at: width of the longest line that went on in the next; 0: none did
 * @open: it goes on
 * @proof: it is one of the OOM killer, not of a failed allocation
 * @last: kind of the last line
 * @said_end: the line that ends a report was seen
 * @stamp: of the last line that tells when
 * @seen_ms: now_ms() when its last line came
 * @caller: of its lines; 0: not told
 * @scope: what its lines say was out of memory
 * @decided: pid that "oom-kill:" names; 0: none
 * @killed: tasks that it says were killed
 */
struct report {
	char host[256];
	char *text;
	size_t len;
	size_t room;
	struct line *lines;
	size_t n;
	size_t lines_room;
	u64 number;
	u64 offset;
	u64 used;
	u32 parts;
	size_t broken_at;
	bool open;
	bool proof;
	bool said_end;
	enum line_kind last;
	struct stamp stamp;
	u64 seen_ms;
	u64 caller;
	enum scope scope;
	u32 decided;
	struct pids killed;
};

u64 now_ms(void);
void report_add(struct report *r, const char *text, const struct prefix *p, enum line_kind kind);
void report_reset(struct report *r);
void report_free(struct report *r);
void report_unwrap(struct report *r);
bool report_continues(const struct report *r, const char *text, const struct prefix *p,
		      enum line_kind kind);

/* next.c */
void next_note(struct report *r, const char *text, const struct prefix *p, enum line_kind kind);
bool next_names(const struct report *r, u32 pid);
bool next_is_foreign(const struct report *r, const struct prefix *p, enum line_kind kind);
bool next_begins(const struct report *r, const char *text, const struct prefix *p,
		 enum line_kind kind);

/**
 * struct zone_draft - a zone as the log shows it
 * @zone: what becomes part of the record; in kB until the page size is known
 * @reserve: lowmem_reserve[], pages
 * @reserves: entries of @reserve
 * @buddy: free blocks by order
 * @orders: entries of @buddy
 */
struct zone_draft {
	struct oomx_zone zone;
	u64 reserve[MAX_ZONE_TYPES];
	u32 reserves;
	struct oomx_buddy buddy[MAX_ORDERS];
	u32 orders;
};

/**
 * struct victim_draft - a task that the log says was killed
 * @v: what becomes part of the record; sizes in kB
 * @total_vm_kb: as printed; 0: not told
 * @stamp: when it was said
 * @reaped: when the OOM reaper was done with it
 * @has_reaped: it was
 * @skipped: the OOM reaper gave up
 */
struct victim_draft {
	struct oomx_victim v;
	u64 total_vm_kb;
	struct stamp stamp;
	struct stamp reaped;
	bool has_reaped;
	bool skipped;
};

/**
 * struct decided - the end of the line "oom-kill:"
 * @pid: of the task
 * @uid: its user
 * @comm: its name
 */
struct decided {
	u32 pid;
	u32 uid;
	char comm[OOMX_COMM_LEN];
};

/* Columns of the task table, whatever their order. */
enum column {
	COL_UNKNOWN, COL_PID, COL_UID, COL_TGID, COL_TOTAL_VM, COL_RSS, COL_ANON, COL_FILE,
	COL_SHMEM, COL_PTES, COL_PMDS, COL_PUDS, COL_PGTABLES, COL_SWAP, COL_ADJ, COL_OLD_ADJ,
	COL_NAME,
};

/**
 * struct draft - a report taken apart
 * @trigger: of the record
 * @start: when the first line was written
 * @log: of the record
 * @strings: of the record
 * @strings_buf: memory of @strings
 * @release: string
 * @machine: string
 * @host: string
 * @limit_path: string: the cgroup that hit its limit
 * @victim_path: string: the cgroup of the victim
 * @page_size: bytes; 0: not known yet
 * @sys: enum oomx_system_value
 * @sys_valid: which of @sys are known
 * @nodes: per-node counters; the first is the whole machine
 * @added: of each node, the counters that were added up from its zones
 * @n_nodes: how many
 * @zones: array of @n_zones
 * @n_zones: how many
 * @meminfo: Mem-Info was seen, and its counters belong to this report
 * @saw_cache: "total pagecache pages" was seen
 * @memcg: the cgroup that hit its limit; sizes in kB
 * @has_memcg: there are numbers of it
 * @stat: memory.stat; pages where the kernel printed kB
 * @stat_valid: which of @stat are known
 * @stat_kb: which of @stat are in kB still
 * @stats_of: groups whose memory.stat was printed
 * @stack: frames, each with a NUL
 * @stack_len: bytes of @stack
 * @below: out_of_memory() was seen in the stack
 * @columns: of the task table
 * @n_columns: how many; 0: not known
 * @no_header: they follow from their number; rows may be missing
 * @tasks: array of @n_tasks
 * @n_tasks: how many
 * @tables_in_pages: their page tables are counted in pages, not bytes
 * @victims: array of @n_victims
 * @n_victims: how many
 * @by_pid: their indexes
 * @decided: task that "oom-kill:" names; pid 0: none
 * @result: enum oomx_result that the log tells; 0: none
 * @score: of the chosen task, as printed
 * @chosen: pid of the chosen task, where its child was killed; 0: the same
 * @chosen_comm: its name
 * @constraint: enum oomx_kind that "constraint=" tells; 0: none
 * @allocating: the kernel said oom_kill_allocating_task
 * @memcg_words: the kernel spoke of a memory cgroup
 * @group: memory.oom.group
 * @head_parts: of the prefix of the line that names the trigger
 * @comm_twice: another line names it, too
 * @strange: the kernel's own words begin behind something that is not known
 */
struct draft {
	struct oomx_trigger trigger;
	struct stamp start;
	struct oomx_log log;
	struct oomx_strings strings;
	char *strings_buf;
	u32 release;
	u32 machine;
	u32 host;
	u32 limit_path;
	u32 victim_path;
	u32 page_size;
	u64 sys[OOMX_SYS_NR];
	u64 sys_valid;
	struct oomx_node *nodes;
	u64 *added;
	u32 n_nodes;
	struct zone_draft *zones;
	u32 n_zones;
	bool meminfo;
	bool saw_cache;
	struct oomx_memcg memcg;
	bool has_memcg;
	u64 stat[OOMX_STAT_NR];
	u64 stat_valid;
	u64 stat_kb;
	u32 stats_of;
	char *stack;
	u32 stack_len;
	bool below;
	u8 columns[MAX_COLUMNS];
	u32 n_columns;
	bool no_header;
	struct oomx_task *tasks;
	u32 n_tasks;
	bool tables_in_pages;
	struct victim_draft *victims;
	u32 n_victims;
	struct pids by_pid;
	struct decided decided;
	u32 result;
	struct oomx_opt score;
	u32 chosen;
	char chosen_comm[OOMX_COMM_LEN];
	u32 constraint;
	bool allocating;
	bool memcg_words;
	bool group;
	u32 head_parts;
	bool comm_twice;
	bool strange;
};

/* parse.c */
struct draft *draft_of(const struct report *r);
void draft_free(struct draft *d);

/* words.c: words of a line */
bool take(const char **p, const char *word);
bool take_number(const char **p, u64 *v);
bool take_signed(const char **p, s64 *v);
bool find_number(const char *line, const char *after, u64 *v);
bool find_kb(const char *line, const char *after, u64 *v);
void take_comm(const char **p, const char *before, char comm[OOMX_COMM_LEN]);
void copy_comm(char to[OOMX_COMM_LEN], const char *from, size_t len);
u32 draft_string(struct draft *d, const char *from, size_t len);

/**
 * struct pair - "name:12kB"
 * @name: in the line
 * @len: bytes of @name
 * @value: the number
 */
struct pair {
	const char *name;
	size_t len;
	u64 value;
};

bool take_pair(const char **p, struct pair *pair, bool unit);
int name_index(const char *const *names, u32 n, const char *name, size_t len);

/* parse_head.c, parse_memory.c, parse_memcg.c, parse_tasks.c, parse_end.c */
void parse_head(struct draft *d, const char *line);
void parse_cpuset(struct draft *d, const char *line);
void parse_head_end(struct draft *d);
void parse_cpu(struct draft *d, const char *line);
void parse_frame(struct draft *d, const char *line);
void parse_global(struct draft *d, const char *line);
void parse_node(struct draft *d, const char *line);
void parse_zone(struct draft *d, const char *line);
void parse_reserve(struct draft *d, const char *line);
void parse_buddy(struct draft *d, const char *line);
void parse_total(struct draft *d, const char *line);
void parse_huge(struct draft *d, const char *line);
void parse_memory_end(struct draft *d);
void parse_limit(struct draft *d, const char *line);
void parse_usage(struct draft *d, const char *line);
void parse_stats(struct draft *d, const char *line);
void parse_stat(struct draft *d, const char *line);
void parse_columns(struct draft *d, const char *line);
void parse_row(struct draft *d, const char *line);
void parse_decision(struct draft *d, const char *line);
void parse_chosen(struct draft *d, const char *line);
void parse_killed(struct draft *d, const char *line, const struct stamp *when);
void parse_outcome(struct draft *d, enum line_kind kind);
void parse_decided(struct draft *d);
bool parse_reaped(const char *line, u32 *pid);
bool draft_reaped(struct draft *d, const char *line, enum line_kind kind,
		  const struct stamp *when);

bool decided_by(const char *line, struct decided *who);

/* layout.c */
void layout_zones(struct draft *d);

/* vintage.c */
void vintage_rules(struct draft *d);
bool vintage_known(const struct draft *d, const struct oomx_task *t);
s64 vintage_points(const struct draft *d, const struct oomx_task *t, u64 totalpages);

/**
 * struct totalpages - the base of the scores, between what the log allows
 * @min: at least
 * @max: at most; U64_MAX: any
 * @known: @min can be told; when it is @max, it is the base
 */
struct totalpages {
	u64 min;
	u64 max;
	bool known;
};

/* choice.c */
void choice_total(const struct draft *d, struct totalpages *t);
bool choice_whole(const struct draft *d);
u64 choice_make(struct draft *d, const struct totalpages *t, u64 v[OOMX_CHOICE_NR]);

/* build.c */
void build_event(struct draft *d, u64 id, struct events *to);

/* summary.c */
struct summary;
struct summary *summary_new(void);
void summary_add(struct summary *s, const struct event *ev);
int summary_print(struct summary *s, bool json);
void summary_free(struct summary *s);

/* reports.c */
struct reports;
struct reports *reports_new(void (*done)(void *arg, struct report *r),
			    void (*after)(void *arg, const char *line, enum line_kind kind,
					  const struct prefix *p), void *arg);
void reports_free(struct reports *rs);
bool reports_open(const struct reports *rs);
void reports_line(struct reports *rs, const char *line, u64 number, u64 offset);
void reports_end(struct reports *rs);
void reports_idle(struct reports *rs);

/* magic.c */
bool magic_refuse(const char *path, const char *buf, size_t len);

/* scan.c */
int scan_file(const char *path, bool follow, struct reports *rs, int (*idle)(void *arg), void *arg);

#endif /* _IMPORT_H */
