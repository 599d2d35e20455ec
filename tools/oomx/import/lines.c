// SPDX-License-Identifier: GPL-2.0
/*
 * What a line of a log is, by the words that the kernel prints.
 */
#include <ctype.h>
#include <strings.h>

#include "draft.h"

static bool begins(const char *line, const char *word)
{
	return !strncmp(line, word, strlen(word));
}

/* "Node 0 " or nothing, then the name of a zone; what follows it is left in @line. */
static bool past_zone(const char **line)
{
	const char *at = *line;
	u64 node;

	if (take(&at, "Node ") && (!take_number(&at, &node) || !take(&at, " ")))
		return false;
	if (!isupper((unsigned char)*at))
		return false;
	while (isalnum((unsigned char)*at))
		at++;
	*line = at;
	return true;
}

static enum line_kind zone_kind(const char *line)
{
	const char *at = line;
	u64 n;

	if (take(&at, "Node ") && take_number(&at, &n) && take(&at, " ")) {
		if (begins(at, "active_anon:"))
			return LINE_NODE;
		if (begins(at, "hugepages_total="))
			return LINE_HUGE;
	}
	at = line;
	if (!past_zone(&at))
		return LINE_OTHER;
	if (begins(at, " free:") && isdigit((unsigned char)at[6]))
		return LINE_ZONE;
	if (take(&at, ": ") && take_number(&at, &n) && take(&at, "*") && take_number(&at, &n))
		return LINE_BUDDY;
	return LINE_OTHER;
}

/* [   61]     0    61 ... */
static bool is_row(const char *line)
{
	u64 v;

	if (!take(&line, "["))
		return false;
	line += strspn(line, " ");
	if (!take_number(&line, &v) || !take(&line, "]"))
		return false;
	line += strspn(line, " ");
	return take_number(&line, &v) && *line == ' ' && isdigit(line[strspn(line, " ")]);
}

static bool is_columns(const char *line)
{
	if (!take(&line, "["))
		return false;
	line += strspn(line, " ");
	return begins(line, "pid") && strstr(line, "] ") && strstr(line, "total_vm");
}

/* function+0x48/0x70, after an address, a question mark, or both */
static bool is_frame(const char *line)
{
	const char *at = line + strspn(line, " "), *plus;

	if (*at == '[')
		at += strcspn(at, "]");
	plus = strstr(at, "+0x");
	if (!plus || plus == at)
		return false;
	plus += strlen("+0x");
	return plus[strspn(plus, "0123456789abcdef")] == '/';
}

static bool is_total(const char *line)
{
	static const char *const ends[] = {
		"total pagecache pages", "pages in swap cache", "pages RAM", "pages HighMem",
		"pages reserved", "reserved pages", "pages cma reserved", "pages hwpoisoned",
		"pages non-shared",
	};
	size_t i;
	u64 v;

	if (begins(line, "Free swap ") || begins(line, "Total swap "))
		return true;
	if (!take_number(&line, &v) || !take(&line, " "))
		return false;
	for (i = 0; i < ARRAY_SIZE(ends); i++)
		if (begins(line, ends[i]))
			return true;
	return false;
}

/* anon 8585138176 */
static bool is_stat(const char *line)
{
	u64 v;

	line += strspn(line, " ");
	if (!islower((unsigned char)*line))
		return false;
	line += strspn(line, "abcdefghijklmnopqrstuvwxyz_0123456789");
	return take(&line, " ") && take_number(&line, &v) && !*line;
}

static bool is_usage(const char *line)
{
	return begins(line, "memory: usage ") || begins(line, "memory+swap: usage ") ||
	       begins(line, "swap: usage ") || begins(line, "kmem: usage ");
}

static bool is_cpu(const char *line)
{
	return (begins(line, "CPU: ") && strstr(line, " Comm: ")) ||
	       (begins(line, "Pid: ") && strstr(line, " comm: "));
}

/* Past what the kernel says first: any program can have the words behind it in its messages. */
static const char *past_message(const char *line)
{
	static const char *const messages[] = {
		"Out of memory: ", "Memory cgroup out of memory: ",
		"Out of memory (oom_kill_allocating_task): ",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(messages); i++)
		if (begins(line, messages[i]))
			return line + strlen(messages[i]);
	return line;
}

/* "Kill process 118 (x) score 922 ..." and "Killed process 118 (x) ...", and what they mean */
static enum line_kind kill_kind(const char *line)
{
	const char *at = past_message(line);

	if (begins(at, "Killed process ") && isdigit((unsigned char)at[15]))
		return LINE_KILLED;
	if ((begins(at, "Kill process ") || begins(at, "kill process ")) &&
	    isdigit((unsigned char)at[13]) && strstr(at, "score "))
		return LINE_CHOSEN;
	return LINE_OTHER;
}

static bool is_panic(const char *line)
{
	static const char before[] = "Kernel panic - not syncing: ";

	return begins(line, before) &&
	       (!strncasecmp(line + strlen(before), "out of memory", 13) ||
		begins(line + strlen(before), "System is deadlocked on memory"));
}

static enum line_kind end_kind(const char *line)
{
	if (begins(line, "oom_reaper: reaped process "))
		return LINE_REAPED;
	if (begins(line, "oom_reaper: unable to reap pid:"))
		return LINE_UNREAPED;
	if (begins(line, "Linux version ") || begins(line, "-- Boot ") ||
	    begins(line, "-- Reboot --"))
		return LINE_BOOT;
	if (strstr(line, ": page allocation failure: order:") ||
	    strstr(line, ": page allocation failure. order:") ||
	    strstr(line, ": page allocation stall"))
		return LINE_FAILURE;
	if (begins(past_message(line), "OOM victim ") && strstr(line, ") is already exiting"))
		return LINE_EXITING;
	if (begins(line, "Tasks in ") && strstr(line, "due to memory.oom.group set"))
		return LINE_GROUP;
	if (is_panic(line))
		return LINE_PANIC;
	if (begins(line, "Out of memory and no killable processes") ||
	    begins(line, "Memory cgroup out of memory and no killable processes"))
		return LINE_NOBODY;
	return kill_kind(line);
}

static enum line_kind memory_kind(const char *line)
{
	if (begins(line, "Mem-Info:"))
		return LINE_MEMINFO;
	if (begins(line, "lowmem_reserve[]:"))
		return LINE_RESERVE;
	if (is_total(line))
		return LINE_TOTAL;
	if (is_usage(line))
		return LINE_USAGE;
	if (begins(line, "Memory cgroup stats"))
		return LINE_STATS;
	if (begins(line, "Task in ") && strstr(line, " killed as a result of limit of "))
		return LINE_LIMIT;
	if (begins(line, "Tasks state ("))
		return LINE_TASKS;
	return zone_kind(line);
}

/* Counters of the whole machine: "active_anon:1 ..." and the lines below it. */
static bool is_global(const char *line)
{
	static const char *const names[] = {
		"active_anon:", "active_file:", "unevictable:", "slab_reclaimable:", "free:",
		"mapped:", "free_cma:", "sec_pagetables:", "kernel_misc_reclaimable:", "shmem:",
	};
	size_t i;

	line += strspn(line, " ");
	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (begins(line, names[i]) && isdigit((unsigned char)line[strlen(names[i])]))
			return true;
	return false;
}

/**
 * line_classify() - what a line is
 * @line: line without its prefix, NUL-terminated
 *
 * Names that users choose can stand in front of what is looked for only where they must: in
 * the head, whose words are longer than a name can be, and in the line of the cpuset.
 *
 * Return: its kind.
 */
enum line_kind line_classify(const char *line)
{
	enum line_kind kind;

	if (is_row(line))
		return LINE_ROW;
	if (is_columns(line))
		return LINE_COLUMNS;
	if (begins(line, "oom-kill:constraint="))
		return LINE_DECISION;
	if (strstr(line, " invoked oom-killer:"))
		return LINE_HEAD;
	kind = end_kind(line);
	if (!kind)
		kind = memory_kind(line);
	if (kind)
		return kind;
	if (is_cpu(line))
		return LINE_CPU;
	if (begins(line, "Call Trace:") || begins(line, "Call trace:"))
		return LINE_TRACE;
	if (is_frame(line))
		return LINE_FRAME;
	if (is_global(line))
		return LINE_GLOBAL;
	if (strstr(line, " cpuset=") && strstr(line, " mems_allowed="))
		return LINE_CPUSET;
	return is_stat(line) ? LINE_STAT : LINE_OTHER;
}

/**
 * line_is_proof() - does only the OOM killer print such a line?
 * @kind: of the line
 *
 * A failed allocation, and sysrq-m, print zones and nodes as well.
 *
 * Return: true if so.
 */
bool line_is_proof(enum line_kind kind)
{
	switch (kind) {
	case LINE_HEAD:
	case LINE_LIMIT:
	case LINE_USAGE:
	case LINE_STATS:
	case LINE_TASKS:
	case LINE_COLUMNS:
	case LINE_DECISION:
	case LINE_GROUP:
	case LINE_CHOSEN:
	case LINE_KILLED:
	case LINE_EXITING:
	case LINE_NOBODY:
	case LINE_PANIC:
		return true;
	default:
		return false;
	}
}

/**
 * line_can_start() - may a report begin with such a line?
 * @kind: of the line
 *
 * What comes before it may be missing.
 *
 * Return: true if so.
 */
bool line_can_start(enum line_kind kind)
{
	switch (kind) {
	case LINE_OTHER:
	case LINE_FRAME:
	case LINE_TRACE:
	case LINE_STAT:
	case LINE_GLOBAL:
	case LINE_TOTAL:
	case LINE_GROUP:
	case LINE_REAPED:
	case LINE_UNREAPED:
	case LINE_FAILURE:
	case LINE_BOOT:
		return false;
	default:
		return true;
	}
}
