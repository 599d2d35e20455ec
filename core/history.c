// SPDX-License-Identifier: GPL-2.0
/*
 * Events in one line each. Pure.
 */
#include "oomx_names.h"
#include "oomx_report.h"

static void add_path(struct oomx_line *line, const struct oomx_record *r)
{
	struct oomx_table memcgs = oomx_record_table(r, OOMX_SEC_MEMCG);
	struct oomx_memcg m;
	const char *path;
	size_t len;

	oomx_table_get(&memcgs, 0, &m, sizeof(m));
	path = oomx_record_string(r, m.path);
	if (!path)
		path = "n/a";
	len = strlen(path);
	line->path_cut = len >= sizeof(line->path);
	len = min_t(size_t, len, sizeof(line->path) - 1);
	memcpy(line->path, path, len);
	line->path[len] = '\0';
}

static void add_event(struct oomx_line *line, const struct oomx_record *r)
{
	struct oomx_table table = oomx_record_table(r, OOMX_SEC_TRIGGER);
	struct oomx_trigger t;

	oomx_table_get(&table, 0, &t, sizeof(t));
	line->event = r->event;
	line->realtime_ns = t.realtime_ns;
	line->kind = t.kind;
	line->order = t.order;
	line->pid = t.pid;
	memcpy(line->comm, t.comm, sizeof(line->comm) - 1);
	if (t.kind == OOMX_KIND_MEMCG)
		add_path(line, r);
}

/**
 * oomx_line_add() - add what a record says of an event
 * @line: line, zeroed before the first record
 * @r: the event or a follow-up of it, well-formed
 *
 * Context: Any.
 */
void oomx_line_add(struct oomx_line *line, const struct oomx_record *r)
{
	struct oomx_table table;
	struct oomx_victim v;

	if (r->type == OOMX_RECORD_EVENT)
		add_event(line, r);
	table = oomx_record_table(r, OOMX_SEC_VICTIM);
	if (!oomx_table_get(&table, 0, &v, sizeof(v)) || line->victims++)
		return;
	line->victim_pid = v.pid;
	memcpy(line->victim_comm, v.comm, sizeof(line->victim_comm) - 1);
}

/**
 * oomx_line_print() - print an event in one line
 * @t: text
 * @line: line
 *
 * Context: Any.
 */
void oomx_line_print(struct oomx_text *t, const struct oomx_line *line)
{
	oomx_print(t, "%llu ", (unsigned long long)line->event);
	oomx_print_time(t, line->realtime_ns);
	oomx_print(t, " %s", oomx_name(oomx_kind_names, ARRAY_SIZE(oomx_kind_names), line->kind));
	if (line->path[0]) {
		oomx_print(t, " ");
		oomx_print_untrusted(t, line->path);
		oomx_print(t, line->path_cut ? "... (cut)" : "");
	}
	oomx_print(t, "; trigger ");
	oomx_print_untrusted(t, line->comm);
	oomx_print(t, " (pid %u), order %d; ", line->pid, line->order);
	if (!line->victims) {
		oomx_print(t, "no victim known\n");
		return;
	}
	oomx_print(t, "victim ");
	oomx_print_untrusted(t, line->victim_comm);
	oomx_print(t, " (pid %u)", line->victim_pid);
	if (line->victims > 1)
		oomx_print(t, " and %u more", line->victims - 1);
	oomx_print(t, "\n");
}
