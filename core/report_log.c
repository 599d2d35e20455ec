// SPDX-License-Identifier: GPL-2.0
/*
 * What is different in the report of an event that was read from a kernel log. Pure.
 */
#include "oomx_names.h"
#include "oomx_report.h"

static void print_when(struct oomx_text *t, const struct oomx_facts *f)
{
	const struct oomx_trigger *tr = &f->trigger;
	u64 us = tr->monotonic_ns / 1000;

	if (tr->realtime_ns)
		oomx_print_moment(t, tr->realtime_ns, tr->flags);
	else
		oomx_print(t, "time n/a");
	if (tr->monotonic_ns)
		oomx_print(t, ", %llu.%06llu s after boot", (unsigned long long)us / 1000000,
			   (unsigned long long)us % 1000000);
	oomx_print(t, "\n");
}

/**
 * oomx_report_log_head() - the head of the report of an imported event
 * @t: text
 * @f: facts
 *
 * Context: Any.
 */
void oomx_report_log_head(struct oomx_text *t, const struct oomx_facts *f)
{
	oomx_print(t, "OOM event %llu: %s, from line %llu of a kernel log\n",
		   (unsigned long long)f->view->event->event,
		   oomx_name(oomx_kind_names, ARRAY_SIZE(oomx_kind_names), f->trigger.kind),
		   (unsigned long long)f->log.line);
	print_when(t, f);
	oomx_print(t, "host ");
	oomx_print_untrusted(t, oomx_fact_string(f, f->sys.nodename));
	oomx_print(t, ", Linux ");
	oomx_print_untrusted(t, oomx_fact_string(f, f->sys.release));
	oomx_print(t, "\n\n");
}

static const char *rules(u32 rules)
{
	static const char *const names[] = {
		[OOMX_RULES_SIGNED] = "5.9 and later",
		[OOMX_RULES_POSITIVE] = "4.17 to 5.8 (1 point at least)",
		[OOMX_RULES_ROOT_SHARE] = "3.14 to 4.16 (root, here uid 0, uses 3 % less)",
		[OOMX_RULES_ROOT_ADJ] = "3.5 to 3.13 (root, here uid 0, has 30 less of adj)",
		[OOMX_RULES_OLD] = "n/a, this kernel counts what its table does not show",
	};

	return rules < ARRAY_SIZE(names) && names[rules] ? names[rules] :
	       "n/a, the log does not tell the version of the kernel";
}

/* Whole parts of a report that the log has nothing of. */
static void print_missing(struct oomx_text *t, const struct oomx_facts *f)
{
	const struct {
		const char *name;
		bool there;
	} parts[] = {
		{ "request", !(f->trigger.flags & OOMX_TRIGGER_NO_REQUEST) },
		{ "stack", oomx_record_table(f->view->event, OOMX_SEC_STACK).count },
		{ "zones", f->zones.count }, { "buddy lists", f->buddy.count },
		{ "nodes", f->nodes.count }, { "memory cgroups", f->memcgs.count },
		{ "tasks", f->tasks.count },
	};
	u32 i;

	oomx_print(t, "  not in the log:");
	for (i = 0; i < ARRAY_SIZE(parts); i++)
		if (!parts[i].there)
			oomx_word(t, 4, "%s,", parts[i].name);
	oomx_words(t, 4, "kernel threads, when memory was released");
	oomx_print(t, "\n");
}

static void print_flags(struct oomx_text *t, const struct oomx_facts *f)
{
	static const struct {
		u32 flag;
		const char *text;
	} flags[] = {
		{ OOMX_LOG_NO_START, "the beginning of the report is missing" },
		{ OOMX_LOG_NO_END, "the end of the report is missing" },
		{ OOMX_LOG_NO_PAGE_SIZE, "the page size is not told: 4 kB is assumed" },
		{ OOMX_LOG_RULES_GUESSED, "the version is not told: by what was printed" },
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(flags); i++)
		if (f->log.flags & flags[i].flag)
			oomx_print(t, "  %s\n", flags[i].text);
	if (f->log.cut)
		oomx_print(t, "  %u rows of the task table are not whole, and left out\n",
			   f->log.cut);
}

/**
 * oomx_report_log() - what was read where, and what was not there
 * @t: text
 * @f: facts of an imported event
 *
 * Context: Any.
 */
void oomx_report_log(struct oomx_text *t, const struct oomx_facts *f)
{
	oomx_print(t, "\nLOG\n  %u lines from line %llu on (byte %llu)\n", f->log.lines,
		   (unsigned long long)f->log.line, (unsigned long long)f->log.offset);
	print_missing(t, f);
	print_flags(t, f);
	if (!f->tasks.count)
		return;
	oomx_print(t, "  points by the rules of");
	oomx_words(t, 4, rules(f->log.rules));
	oomx_print(t, "\n");
}
