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
 *	pages.c		kB -> pages, nodes -> the machine
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
