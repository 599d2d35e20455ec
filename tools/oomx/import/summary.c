// SPDX-License-Identifier: GPL-2.0
/*
 * Many events, counted by cause, victim, cgroup and hour.
 */
#include <jansson.h>
#include <search.h>
#include <stdlib.h>
#include <time.h>

#include "../json.h"
#include "import.h"
#include "oomx_explain.h"
#include "oomx_names.h"
#include "oomx_outcome.h"

#define ROWS_MAX	20	/* of each table, as text */

/* The tables; names in JSON. */
enum { BY_CAUSE, BY_VICTIM, BY_CGROUP, BY_HOUR, TABLES };

static const char *const titles[TABLES] = { "CAUSE", "VICTIM", "CGROUP", "HOUR" };
static const char *const keys[TABLES] = { "by_cause", "by_victim", "by_cgroup", "by_hour" };

struct row {
	char *name;
	u64 n;
};

/**
 * struct table - rows, in the order in which they came
 * @v: array of @n rows
 * @n: how many
 * @by_name: tree of the same rows
 */
struct table {
	struct row **v;
	size_t n;
	void *by_name;
};

struct summary {
	u64 events;
	u64 kills;
	struct table tables[TABLES];
};

/**
 * summary_new() - nothing is counted yet
 *
 * Return: to be given to summary_free().
 */
struct summary *summary_new(void)
{
	struct summary *s = xalloc(NULL, sizeof(*s));

	memset(s, 0, sizeof(*s));
	return s;
}

static int by_name(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/* Rows are the table's, not the tree's. */
static void keep(void *row)
{
}

/**
 * summary_free() - forget all
 * @s: summary, or NULL
 */
void summary_free(struct summary *s)
{
	struct table *t;
	size_t i, k;

	for (i = 0; s && i < TABLES; i++) {
		t = &s->tables[i];
		tdestroy(t->by_name, keep);
		for (k = 0; k < t->n; k++) {
			free(t->v[k]->name);
			free(t->v[k]);
		}
		free(t->v);
	}
	free(s);
}

static void count(struct table *t, const char *name)
{
	struct row key = { (char *)(name ? name : "n/a"), 1 }, **found, *row;

	found = tfind(&key, &t->by_name, by_name);
	if (found) {
		(*found)->n++;
		return;
	}
	row = xalloc(NULL, sizeof(*row));
	*row = key;
	row->name = strdup(key.name);
	if (!row->name || !tsearch(row, &t->by_name, by_name))
		exit(STATUS_FAILED);
	if (!(t->n & (t->n - 1)))
		t->v = xalloc(t->v, 2 * (t->n + 1) * sizeof(*t->v));
	t->v[t->n++] = row;
}

/* As exact as the log tells it. */
static void count_hour(struct table *t, const struct oomx_trigger *tr)
{
	time_t s = tr->realtime_ns / 1000000000;
	char text[64] = "n/a";
	struct tm tm;

	if (tr->realtime_ns && gmtime_r(&s, &tm))
		strftime(text, sizeof(text), tr->flags & OOMX_TRIGGER_NO_YEAR ? "%m-%d %H:00" :
			 tr->flags & OOMX_TRIGGER_LOCAL_TIME ? "%Y-%m-%d %H:00" :
			 "%Y-%m-%d %H:00 UTC", &tm);
	else if (tr->monotonic_ns)
		snprintf(text, sizeof(text), "hour %llu after boot",
			 (unsigned long long)(tr->monotonic_ns / 3600000000000ULL));
	count(t, text);
}

static void count_victims(struct summary *s, const struct oomx_facts *f)
{
	struct oomx_followup at = { 0 };
	struct oomx_victim v;

	while (oomx_victim_next(f, &at, &v)) {
		count(&s->tables[BY_VICTIM], v.comm);
		s->kills++;
	}
}

/* The group that hit its limit, or where the victim was. */
static const char *cgroup(const struct oomx_facts *f)
{
	struct oomx_memcg m;

	if (oomx_table_get(&f->memcgs, 0, &m, sizeof(m)))
		return oomx_fact_string(f, m.path);
	return f->cgroups.count == 1 ? oomx_fact_cgroup(f, 0) : NULL;
}

/**
 * summary_add() - count an event
 * @s: summary
 * @ev: event
 */
void summary_add(struct summary *s, const struct event *ev)
{
	struct oomx_cause cause;
	struct oomx_facts f;

	oomx_facts_load(&f, &ev->view);
	oomx_cause(&f, &cause);
	s->events++;
	count(&s->tables[BY_CAUSE], oomx_cause_names[cause.class]);
	count(&s->tables[BY_CGROUP], cgroup(&f));
	count_hour(&s->tables[BY_HOUR], &f.trigger);
	count_victims(s, &f);
}

static int rows_by_number(const void *a, const void *b)
{
	const struct row *x = *(struct row *const *)a, *y = *(struct row *const *)b;

	return x->n != y->n ? (x->n < y->n ? 1 : -1) : strcmp(x->name, y->name);
}

static int rows_by_name(const void *a, const void *b)
{
	return by_name(*(struct row *const *)a, *(struct row *const *)b);
}

static void sort(struct summary *s)
{
	size_t i;

	for (i = 0; i < TABLES; i++)
		if (s->tables[i].n)
			qsort(s->tables[i].v, s->tables[i].n, sizeof(struct row *),
			      i == BY_HOUR ? rows_by_name : rows_by_number);
}

static void text_table(struct oomx_text *t, const struct table *table, const char *title)
{
	size_t i;

	oomx_print(t, "\n%8s  %s\n", "events", title);
	for (i = 0; i < table->n && i < ROWS_MAX; i++) {
		oomx_print(t, "%8llu  ", (unsigned long long)table->v[i]->n);
		oomx_print_untrusted(t, table->v[i]->name);
		oomx_print(t, "\n");
	}
	if (table->n > ROWS_MAX)
		oomx_print(t, "          ... and %llu more\n",
			   (unsigned long long)(table->n - ROWS_MAX));
}

static size_t as_text(const struct summary *s, char *buf, size_t size)
{
	struct oomx_text t = { .buf = buf, .size = size };
	size_t i;

	oomx_print(&t, "%llu events, %llu tasks killed\n", (unsigned long long)s->events,
		   (unsigned long long)s->kills);
	for (i = 0; i < TABLES && s->events; i++)
		text_table(&t, &s->tables[i], titles[i]);
	return oomx_text_end(&t);
}

static json_t *as_json(const struct summary *s)
{
	json_t *o = json_object(), *a;
	size_t i, k;

	json_object_set_new(o, "schema", json_integer(1));
	json_object_set_new(o, "events", json_number(s->events));
	json_object_set_new(o, "kills", json_number(s->kills));
	for (i = 0; i < TABLES; i++) {
		a = json_array();
		for (k = 0; k < s->tables[i].n; k++)
			json_array_append_new(a, json_pack("{so so}", "name",
							   json_name(s->tables[i].v[k]->name),
							   "n", json_number(s->tables[i].v[k]->n)));
		json_object_set_new(o, keys[i], a);
	}
	return o;
}

/**
 * summary_print() - print the tables
 * @s: summary; is sorted
 * @json: as JSON, with all rows
 *
 * Return: exit code.
 */
int summary_print(struct summary *s, bool json)
{
	char *text;
	json_t *o;
	int ret;

	sort(s);
	if (json) {
		o = as_json(s);
		json_dumpf(o, stdout, JSON_INDENT(2));
		json_decref(o);
		puts("");
		return print_end();
	}
	text = xalloc(NULL, as_text(s, NULL, 0) + 1);
	as_text(s, text, as_text(s, NULL, 0) + 1);
	ret = print_text(text);
	free(text);
	return ret;
}
