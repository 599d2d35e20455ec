// SPDX-License-Identifier: GPL-2.0
/*
 * An event as JSON. Every field is always there; see oomx-event.schema.json.
 */
#include <stdlib.h>

#include "json.h"
#include "oomx_names.h"
#include "oomx_select.h"
#include "tool.h"

static void put_head(json_t *o, const struct oomx_facts *f)
{
	char boot[OOMX_BOOT_ID_LEN];

	json_object_set_new(o, "schema", json_integer(1));
	json_object_set_new(o, "id", json_number(f->view->event->event));
	json_object_set_new(o, "boot_id",
			    oomx_fact_boot_id(f, boot) ? json_string(boot) : json_null());
	json_object_set_new(o, "host", json_name(oomx_fact_string(f, f->sys.nodename)));
	json_object_set_new(o, "kernel", json_name(oomx_fact_string(f, f->sys.release)));
	json_object_set_new(o, "machine", json_name(oomx_fact_string(f, f->sys.machine)));
	json_object_set_new(o, "page_size",
			    f->sys.page_size ? json_number(f->sys.page_size) : json_null());
	json_object_set_new(o, "time", json_time(f));
	json_object_set_new(o, "kind",
			    json_name(oomx_name(oomx_kind_names, ARRAY_SIZE(oomx_kind_names),
						f->trigger.kind)));
}

static json_t *cause(const struct oomx_facts *f)
{
	struct oomx_opt full = oomx_swap_full(f);
	struct oomx_text t = { 0 };
	json_t *o = json_object();
	struct oomx_cause c;
	char *text;
	size_t len;

	oomx_cause(f, &c);
	oomx_explain_cause(&t, f, &c);
	t = (struct oomx_text){ .size = t.len + 1, .buf = xalloc(NULL, t.len + 1) };
	text = t.buf;
	oomx_explain_cause(&t, f, &c);
	len = oomx_text_end(&t);
	while (len && text[len - 1] == ' ')
		text[--len] = '\0';
	json_object_set_new(o, "class", json_string(oomx_cause_names[c.class]));
	json_object_set_new(o, "text", json_string(text));
	json_object_set_new(o, "swap_full", full.known ? json_boolean(full.v) : json_null());
	free(text);
	return o;
}

static json_t *stack(const struct oomx_facts *f)
{
	struct oomx_table frames = oomx_record_table(f->view->event, OOMX_SEC_STACK);
	const char *frame = (const char *)frames.data;
	json_t *a = json_array();
	u32 at;

	for (at = 0; at < frames.count; at += strlen(frame + at) + 1)
		json_array_append_new(a, json_name(frame + at));
	return a;
}

static json_t *trigger(const struct oomx_facts *f)
{
	const struct oomx_trigger *t = &f->trigger;
	bool request = !(t->flags & OOMX_TRIGGER_NO_REQUEST);
	json_t *o = json_object();

	json_object_set_new(o, "comm",
			    t->comm[0] || !f->imported ? json_comm(t->comm) : json_null());
	json_object_set_new(o, "pid", json_id(t->pid));
	json_object_set_new(o, "tgid", json_id(t->tgid));
	json_object_set_new(o, "ppid", json_id(t->ppid));
	json_object_set_new(o, "uid", json_id(t->uid));
	json_object_set_new(o, "oom_score_adj", json_adj(t->oom_score_adj));
	json_object_set_new(o, "cpu", json_id(t->cpu));
	json_object_set_new(o, "memcg", json_name(oomx_fact_string(f, t->memcg)));
	json_object_set_new(o, "cpuset_mems", json_name(oomx_fact_string(f, t->cpuset_mems)));
	json_object_set_new(o, "nodemask", json_name(oomx_fact_string(f, t->nodemask)));
	json_object_set_new(o, "gfp_mask", json_known(t->gfp_mask, request));
	json_object_set_new(o, "gfp_flags", json_name(oomx_fact_string(f, t->gfp_flags)));
	json_object_set_new(o, "order",
			    request || t->order < 0 ? json_signed(t->order) : json_null());
	json_object_set_new(o, "stack", stack(f));
	return o;
}

static json_t *machine_memory(const struct oomx_facts *f)
{
	struct oomx_opt present = oomx_fact_zones(f, OOMX_ZONE_PRESENT);
	struct oomx_opt managed = oomx_fact_managed(f), reserved = { 0 };
	json_t *o = json_object();

	if (present.known && managed.known && present.v >= managed.v)
		reserved = oomx_known(present.v - managed.v);
	if (f->imported) {
		present = oomx_fact_sys(f, OOMX_SYS_RAM);
		reserved = oomx_fact_sys(f, OOMX_SYS_RESERVED);
	}
	json_put_pages(o, "ram", present);
	json_put_pages(o, "managed", managed);
	json_put_pages(o, "reserved", reserved);
	json_put_pages(o, "swap_total", oomx_fact_sys(f, OOMX_SYS_SWAP_TOTAL));
	json_put_pages(o, "swap_free", oomx_fact_sys(f, OOMX_SYS_SWAP_FREE));
	json_put_pages(o, "swap_cache", oomx_fact_node(f, OOMX_NODE_SWAPCACHE));
	return o;
}

static json_t *balance(const struct oomx_facts *f)
{
	struct oomx_balance parts[OOMX_BALANCE_MAX];
	u32 n = oomx_balance(f, parts), i;
	json_t *a = json_array(), *o;

	for (i = 0; i < n; i++) {
		o = json_object();
		json_object_set_new(o, "name", json_string(parts[i].key));
		json_object_set_new(o, "pages", json_signed(parts[i].pages));
		json_array_append_new(a, o);
	}
	return a;
}

/* Unknown when one of them is. */
static struct oomx_opt sum(struct oomx_opt a, struct oomx_opt b)
{
	return (struct oomx_opt){ a.known && b.known ? a.v + b.v : 0, a.known && b.known };
}

static void put_dropped(json_t *o, const struct oomx_facts *f)
{
	struct oomx_opt pages = sum(oomx_fact_capture(f, OOMX_CAP_DROPPED_RSS),
				    oomx_fact_capture(f, OOMX_CAP_DROPPED_SWAP));
	struct oomx_opt tables = oomx_fact_capture(f, OOMX_CAP_DROPPED_PGTABLES);

	tables.v /= f->page_size;
	json_object_set_new(o, "candidates_total",
			    json_opt(sum(oomx_fact_capture(f, OOMX_CAP_TASKS),
					 oomx_fact_capture(f, OOMX_CAP_KTHREADS))));
	json_object_set_new(o, "candidates_dropped",
			    json_opt(sum(oomx_fact_capture(f, OOMX_CAP_DROPPED),
					 oomx_fact_capture(f, OOMX_CAP_KTHREADS_DROPPED))));
	json_object_set_new(o, "dropped_pages", json_opt(sum(pages, tables)));
}

static json_t *context(struct oomx_opt flags)
{
	bool known = flags.v & OOMX_CONTEXT_PREEMPT_KNOWN;

	if (!flags.known)
		return json_null();
	return json_pack("{ss sb so}",
			 "hook", flags.v & OOMX_CONTEXT_FTRACE ? "ftrace" : "kprobe",
			 "interrupts_off", !!(flags.v & OOMX_CONTEXT_IRQS_OFF),
			 "preemption_off", known ?
			 json_boolean(flags.v & OOMX_CONTEXT_PREEMPT_OFF) : json_null());
}

static json_t *capture(const struct oomx_facts *f)
{
	static const struct {
		const char *name;
		u32 value;
	} losses[] = {
		{ "dropped_tasks", OOMX_CAP_DROPPED }, { "locked_tasks", OOMX_CAP_LOCKED },
		{ "dropped_kthreads", OOMX_CAP_KTHREADS_DROPPED },
		{ "dropped_cgroups", OOMX_CAP_CGROUPS_DROPPED },
		{ "dropped_strings", OOMX_CAP_STRINGS_DROPPED },
		{ "dropped_memcgs", OOMX_CAP_MEMCGS_DROPPED },
		{ "dropped_zones", OOMX_CAP_ZONES_DROPPED },
		{ "dropped_nodes", OOMX_CAP_NODES_DROPPED },
		{ "unseen_tasks", OOMX_CAP_UNSEEN },
		{ "skipped_paths", OOMX_CAP_PATHS_SKIPPED },
	};
	json_t *o = json_object();
	struct oomx_opt lost;
	bool truncated = false;
	u32 i;

	json_object_set_new(o, "ns", json_opt(oomx_fact_capture(f, OOMX_CAP_NS)));
	json_object_set_new(o, "bytes", json_number(f->view->event->len));
	for (i = 0; i < ARRAY_SIZE(losses); i++) {
		lost = oomx_fact_capture(f, losses[i].value);
		truncated = truncated || lost.v;
		json_object_set_new(o, losses[i].name, json_opt(lost));
	}
	json_object_set_new(o, "truncated", json_boolean(truncated));
	json_object_set_new(o, "context", context(oomx_fact_capture(f, OOMX_CAP_CONTEXT)));
	return o;
}

static json_t *event_object(const struct event *ev)
{
	json_t *o = json_object();
	struct oomx_facts f;

	oomx_facts_load(&f, &ev->view);
	oomx_rank(&f.tasks, ev->view.order);
	put_head(o, &f);
	json_object_set_new(o, "cause", cause(&f));
	json_object_set_new(o, "trigger", trigger(&f));
	json_object_set_new(o, "system", machine_memory(&f));
	json_object_set_new(o, "balance", balance(&f));
	json_object_set_new(o, "nodes", json_nodes(&f));
	json_object_set_new(o, "zones", json_zones(&f));
	json_object_set_new(o, "memcg", json_memcgs(&f));
	json_object_set_new(o, "candidates", json_candidates(&f));
	put_dropped(o, &f);
	json_object_set_new(o, "decision", json_decision(&f));
	json_object_set_new(o, "outcome", json_outcome(&f));
	json_object_set_new(o, "capture", capture(&f));
	json_object_set_new(o, "log", json_log(&f));
	return o;
}

static char *dump(const struct event *ev, size_t flags)
{
	json_t *o = event_object(ev);
	char *text = json_dumps(o, flags);

	json_decref(o);
	if (text)
		return text;
	complain("out of memory");
	exit(STATUS_FAILED);
}

/**
 * json_text() - an event as JSON
 * @ev: event
 *
 * Return: one line without its newline, to be freed.
 */
char *json_text(const struct event *ev)
{
	return dump(ev, JSON_COMPACT);
}

/**
 * json_print() - print an event as JSON
 * @ev: event
 * @one_line: in one line; otherwise indented
 *
 * Return: exit code.
 */
int json_print(const struct event *ev, bool one_line)
{
	char *text = dump(ev, one_line ? JSON_COMPACT : JSON_INDENT(2));

	puts(text);
	free(text);
	return print_end();
}
