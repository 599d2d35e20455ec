// SPDX-License-Identifier: GPL-2.0
/*
 * Events in one line each. Pure.
 */
#include "oomx_names.h"
#include "oomx_outcome.h"
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
	struct oomx_table choice = oomx_record_table(r, OOMX_SEC_CHOICE);
	struct oomx_trigger t;

	oomx_table_get(&table, 0, &t, sizeof(t));
	line->event = r->event;
	line->result = oomx_table_value(&choice, 0, OOMX_CHOICE_RESULT).v;
	line->realtime_ns = t.realtime_ns;
	line->kind = t.kind;
	line->flags = t.flags;
	line->order = t.order;
	line->pid = t.pid;
	memcpy(line->comm, t.comm, sizeof(line->comm) - 1);
	if (t.kind == OOMX_KIND_MEMCG)
		add_path(line, r);
}

static void add_end(struct oomx_line *line, const struct oomx_record *r)
{
	struct oomx_table d = oomx_record_table(r, OOMX_SEC_DECISION);

	if (oomx_table_value(&d, 0, OOMX_DEC_RESULT).known)
		line->result = oomx_table_value(&d, 0, OOMX_DEC_RESULT).v;
	if (oomx_table_value(&d, 0, OOMX_DEC_NOTIFIER_FREED).v && line->kind != OOMX_KIND_SYSRQ)
		line->result = OOMX_RESULT_FREED_BY_NOTIFIER;
	if (oomx_record_table(r, OOMX_SEC_NO_VICTIM).count)
		line->result = OOMX_RESULT_VICTIM_EXITING;
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
	else
		add_end(line, r);
	table = oomx_record_table(r, OOMX_SEC_VICTIM);
	if (!oomx_table_get(&table, 0, &v, sizeof(v)) || line->victims++)
		return;
	line->result = oomx_followup_result(r);
	line->victim_pid = v.pid;
	memcpy(line->victim_comm, v.comm, sizeof(line->victim_comm) - 1);
}

static void print_requester(struct oomx_text *t, const struct oomx_line *line)
{
	if (!line->comm[0] && line->pid == OOMX_NONE) {
		oomx_print(t, "; trigger n/a; ");
		return;
	}
	oomx_print(t, "; trigger ");
	oomx_print_untrusted(t, line->comm);
	oomx_print(t, " (pid ");
	oomx_print_id(t, 0, line->pid);
	if (line->flags & OOMX_TRIGGER_NO_REQUEST)
		oomx_print(t, "), order n/a; ");
	else
		oomx_print(t, "), order %d; ", line->order);
}

static void print_no_victim(struct oomx_text *t, const struct oomx_line *line)
{
	if (line->result == OOMX_RESULT_KILLED || !oomx_result_name(line->result))
		oomx_print(t, "no victim known\n");
	else
		oomx_print(t, "no victim, %s\n", oomx_result_name(line->result));
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
	if (line->realtime_ns)
		oomx_print_moment(t, line->realtime_ns, line->flags);
	else
		oomx_print(t, "time n/a");
	oomx_print(t, " %s", oomx_name(oomx_kind_names, ARRAY_SIZE(oomx_kind_names), line->kind));
	if (line->path[0]) {
		oomx_print(t, " ");
		oomx_print_untrusted(t, line->path);
		oomx_print(t, line->path_cut ? "... (cut)" : "");
	}
	print_requester(t, line);
	if (!line->victims) {
		print_no_victim(t, line);
		return;
	}
	oomx_print(t, "victim ");
	oomx_print_untrusted(t, line->victim_comm);
	oomx_print(t, " (pid %u)", line->victim_pid);
	if (line->victims > 1)
		oomx_print(t, " and %u more", line->victims - 1);
	if (line->result != OOMX_RESULT_KILLED && oomx_result_name(line->result))
		oomx_print(t, ", %s", oomx_result_name(line->result));
	oomx_print(t, "\n");
}
