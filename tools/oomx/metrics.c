// SPDX-License-Identifier: GPL-2.0
/*
 * Counters for Prometheus.
 *
 * The text format of Prometheus, with the end mark of OpenMetrics. The two differ in what
 * the family of a counter is called; OpenMetrics leaves "_total" out of that name.
 */
#include <stdlib.h>

#include "oomx_names.h"
#include "oomx_outcome.h"
#include "tool.h"

#define MAX_STATS	64

struct stat {
	char name[64];
	u64 value;
};

/**
 * struct metrics - what is printed
 * @o: options
 * @stats: the module's counters, or the same counted from a file
 * @n: how many
 * @last: the newest event, or NULL
 */
struct metrics {
	const struct options *o;
	struct stat stats[MAX_STATS];
	size_t n;
	const struct event *last;
};

static int take_stat(void *arg, const char *name, u64 value)
{
	struct metrics *m = arg;

	if (m->n == MAX_STATS)
		return STATUS_OK;
	snprintf(m->stats[m->n].name, sizeof(m->stats[m->n].name), "%s", name);
	m->stats[m->n++].value = value;
	return STATUS_OK;
}

static u64 *stat_of(struct metrics *m, const char *prefix, const char *name)
{
	char full[64];
	size_t i;

	snprintf(full, sizeof(full), "%s%s", prefix, name);
	for (i = 0; i < m->n; i++)
		if (!strcmp(m->stats[i].name, full))
			return &m->stats[i].value;
	return NULL;
}

static void add(struct metrics *m, const char *prefix, const char *name, u64 value)
{
	u64 *stat = stat_of(m, prefix, name);
	char full[64];

	snprintf(full, sizeof(full), "%s%s", prefix, name);
	if (stat)
		*stat += value;
	else
		take_stat(m, full, value);
}

/* What the module would have counted, from saved records. */
static void count_event(struct metrics *m, const struct event *ev)
{
	struct oomx_followup at = { 0 };
	struct oomx_outcome outcome;
	struct oomx_decision d;
	struct oomx_facts f;
	struct oomx_victim v;

	oomx_facts_load(&f, &ev->view);
	oomx_outcome(&f, &outcome);
	oomx_decision(&f, &d);
	add(m, "events_", oomx_name(oomx_kind_names, ARRAY_SIZE(oomx_kind_names),
				    f.trigger.kind), 1);
	if (oomx_result_name(outcome.result))
		add(m, "outcome_", oomx_result_name(outcome.result), 1);
	while (oomx_victim_next(&f, &at, &v))
		add(m, "victims", v.flags & OOMX_VICTIM_SHARES_MM ? "_sharing_memory" : "", 1);
	if (d.agrees.known)
		add(m, d.agrees.v ? "agreements" : "disagreements", "", 1);
	add(m, "capture_ns_total", "", oomx_fact_capture(&f, OOMX_CAP_NS).v);
}

static void count_all(struct metrics *m, const struct events *e)
{
	static const char *const zero[] = {
		"victims", "victims_sharing_memory", "agreements", "disagreements",
		"capture_ns_total",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(zero); i++)
		add(m, zero[i], "", 0);
	for (i = 1; i < ARRAY_SIZE(oomx_kind_names) - 1; i++)
		add(m, "events_", oomx_kind_names[i], 0);
	for (i = 1; i < ARRAY_SIZE(oomx_result_names); i++)
		add(m, "outcome_", oomx_result_names[i], 0);
	for (i = 0; i < e->n; i++)
		count_event(m, &e->v[i]);
}

static void head(FILE *to, const struct metrics *m, const char *name, const char *type,
		 const char *help)
{
	bool strip = m->o->openmetrics && !strcmp(type, "counter");
	int len = strlen(name) - (strip ? strlen("_total") : 0);

	fprintf(to, "# HELP %.*s %s\n# TYPE %.*s %s\n", len, name, help, len, name, type);
}

/* A counter for each name of a closed set. */
static void print_set(FILE *to, struct metrics *m, const char *name, const char *help,
		      const char *prefix, const char *label, const char *const *names, size_t n)
{
	bool any = false;
	size_t i;
	u64 *stat;

	for (i = 1; i < n; i++) {
		stat = stat_of(m, prefix, names[i]);
		if (!stat)
			continue;
		if (!any)
			head(to, m, name, "counter", help);
		any = true;
		fprintf(to, "%s{%s=\"%s\"} %llu\n", name, label, names[i],
			(unsigned long long)*stat);
	}
}

static void print_counter(FILE *to, struct metrics *m, const char *name, const char *stat,
			  const char *help)
{
	u64 *value = stat_of(m, stat, "");

	if (!value)
		return;
	head(to, m, name, "counter", help);
	fprintf(to, "%s %llu\n", name, (unsigned long long)*value);
}

static void print_seconds(FILE *to, struct metrics *m, const char *name, const char *type,
			  u64 ns, const char *help)
{
	head(to, m, name, type, help);
	fprintf(to, "%s %llu.%09llu\n", name, (unsigned long long)(ns / 1000000000),
		(unsigned long long)(ns % 1000000000));
}

static void print_capture(FILE *to, struct metrics *m)
{
	u64 *ns = stat_of(m, "capture_ns_", "total"), *max = stat_of(m, "capture_ns_", "max");

	if (ns)
		print_seconds(to, m, "oomx_capture_seconds_total", "counter", *ns,
			      "Time spent taking records.");
	if (max)
		print_seconds(to, m, "oomx_capture_max_seconds", "gauge", *max,
			      "Time spent on the record that took longest.");
}

static void print_last(FILE *to, struct metrics *m)
{
	struct oomx_outcome outcome;
	struct oomx_facts f;

	if (!m->last)
		return;
	oomx_facts_load(&f, &m->last->view);
	oomx_outcome(&f, &outcome);
	print_seconds(to, m, "oomx_last_event_timestamp_seconds", "gauge", f.trigger.realtime_ns,
		      "When the last event was, Unix time.");
	if (!outcome.freed.known)
		return;
	head(to, m, "oomx_last_freed_bytes", "gauge",
	     "Memory that came back to what was short in the last event.");
	fprintf(to, "oomx_last_freed_bytes %lld\n",
		(long long)outcome.freed.v * (long long)f.page_size);
}

static const struct {
	const char *name;
	const char *stat;
	const char *help;
} counters[] = {
	{ "oomx_kills_total", "victims", "Tasks marked as victims." },
	{ "oomx_shared_kills_total", "victims_sharing_memory",
	  "Processes killed because they share a victim's memory." },
	{ "oomx_agreements_total", "agreements", "Choices of the kernel that were predicted." },
	{ "oomx_disagreements_total", "disagreements",
	  "Choices of the kernel that were predicted otherwise." },
	{ "oomx_lost_records_total", "records_overwritten", "Records overwritten by newer ones." },
	{ "oomx_reader_lost_records_total", "reader_lost_records",
	  "Records overwritten before a reader had read them." },
	{ "oomx_stuck_victims_total", "victims_stuck",
	  "Victims that had their memory after 10 s." },
};

static int print_metrics(FILE *to, void *arg)
{
	struct metrics *m = arg;
	size_t i;

	print_set(to, m, "oomx_events_total", "Entries of out_of_memory().", "events_", "kind",
		  oomx_kind_names, ARRAY_SIZE(oomx_kind_names));
	print_set(to, m, "oomx_outcomes_total", "How the events ended.", "outcome_", "outcome",
		  oomx_result_names, ARRAY_SIZE(oomx_result_names));
	for (i = 0; i < ARRAY_SIZE(counters); i++)
		print_counter(to, m, counters[i].name, counters[i].stat, counters[i].help);
	print_capture(to, m);
	print_last(to, m);
	fputs("# EOF\n", to);
	return STATUS_OK;
}

/**
 * cmd_metrics() - counters for Prometheus
 * @o: options
 *
 * Return: exit code.
 */
int cmd_metrics(const struct options *o)
{
	struct metrics m = { .o = o };
	struct events e;
	int ret = events_load(&e, o);

	if (!ret && o->input)
		count_all(&m, &e);
	else if (!ret)
		ret = live_stats(take_stat, &m);
	if (e.n)
		m.last = &e.v[e.n - 1];
	if (!ret && o->textfile)
		ret = file_replace(o->textfile, print_metrics, &m);
	else if (!ret)
		ret = print_metrics(stdout, &m) ? STATUS_FAILED : print_end();
	events_free(&e);
	return ret;
}
