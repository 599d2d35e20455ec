// SPDX-License-Identifier: GPL-2.0
/*
 * Where one report ends and the next begins.
 *
 * The end of a report may be missing: the machine died, or the log lost lines. What the next
 * one says is not to be taken for it.
 */
#include "draft.h"

#define TEXT_MAX	(64 << 20)	/* bytes: a table of half a million tasks */
#define GROUP_GAP_US	500000	/* between two kills of one group the kernel does not sleep */
#define GAP_US		10000000	/* nor this long in a report, however slow its console is */
#define BACK_US		1000000	/* the clocks of CPUs differ by less: the machine was started */
#define REAL_GAP_NS	60000000000ULL	/* daemons that write logs may be starved, too */

static bool begins(const char *text, const char *word)
{
	return !strncmp(text, word, strlen(word));
}

static bool is_memcg_kill(const char *text)
{
	return begins(text, "Memory cgroup out of memory");
}

/* The pid that such a line tells; false: not all of it may be there. */
static bool kill_pid(const char *text, u32 *pid)
{
	const char *at = strstr(text, "Killed process ");
	u64 v;

	if (!at)
		return false;
	at += strlen("Killed process ");
	if (!take_number(&at, &v) || (*at != ' ' && *at != ',') || v >= OOMX_NONE)
		return false;
	*pid = v;
	return true;
}

static void note_scope(struct report *r, const char *text, enum line_kind kind)
{
	switch (kind) {
	case LINE_LIMIT:
	case LINE_USAGE:
	case LINE_STATS:
		r->scope = SCOPE_MEMCG;
		break;
	case LINE_MEMINFO:
		if (!r->scope)
			r->scope = SCOPE_MACHINE;
		break;
	case LINE_DECISION:
		if (begins(text, "oom-kill:constraint=CONSTRAINT_MEMCG,"))
			r->scope = SCOPE_MEMCG;
		else if (strstr(text, ",global_oom,"))
			r->scope = SCOPE_MACHINE;
		break;
	default:
		break;
	}
}

/**
 * next_note() - keep of a line what tells whether later ones belong to its report
 * @r: report
 * @text: the line
 * @p: prefix
 * @kind: of the line
 */
void next_note(struct report *r, const char *text, const struct prefix *p, enum line_kind kind)
{
	struct decided who;
	u32 pid;

	if (p->stamp.mono_us != NO_CLOCK || p->stamp.real_ns)
		r->stamp = p->stamp;
	if (!r->caller)
		r->caller = p->caller;
	note_scope(r, text, kind);
	if (kind == LINE_DECISION)
		r->decided = decided_by(text, &who) ? who.pid : 0;
	if (kind == LINE_KILLED && kill_pid(text, &pid))
		pids_add(&r->killed, pid, 0);
}

/**
 * next_names() - does a report say that a task is killed?
 * @r: report
 * @pid: of the task
 *
 * Return: true if so.
 */
bool next_names(const struct report *r, u32 pid)
{
	u32 index;

	return r->decided == pid || pids_find(&r->killed, pid, &index);
}

/**
 * next_is_foreign() - is this the line of something else that speaks at the same time?
 * @r: report
 * @p: prefix
 * @kind: of the line
 *
 * Return: true if so: it is to be left out.
 */
bool next_is_foreign(const struct report *r, const struct prefix *p, enum line_kind kind)
{
	return r->caller && p->caller && p->caller != r->caller && !line_is_proof(kind);
}

static bool is_late(const struct stamp *last, const struct stamp *now, u64 gap_us)
{
	return last->mono_us != NO_CLOCK && now->mono_us != NO_CLOCK &&
	       now->mono_us > last->mono_us + gap_us;
}

/* Is there too much time between a report and a line, or another start of the machine? */
static bool is_apart(const struct stamp *last, const struct stamp *now)
{
	if (last->mono_us != NO_CLOCK && now->mono_us != NO_CLOCK)
		return is_late(last, now, GAP_US) || last->mono_us > now->mono_us + BACK_US;
	return last->real_ns && now->real_ns && last->flags == now->flags &&
	       now->real_ns > last->real_ns + REAL_GAP_NS;
}

/* The task that was decided on may be gone, and a thread of its process be killed for it. */
static bool is_thread(const struct report *r, u32 pid)
{
	u64 row_pid, tgid;
	const char *at;
	size_t i;

	for (i = 0; i < r->n; i++) {
		at = r->text + r->lines[i].at;
		if (r->lines[i].kind != LINE_ROW || !find_number(at, "[", &row_pid) ||
		    row_pid != pid)
			continue;
		at = strchr(at, ']') + 1;
		at += strspn(at, " ");
		at += strcspn(at, " ");	/* uid */
		return find_number(at, " ", &tgid) && tgid == r->decided;
	}
	return false;
}

/* Does the line of a kill speak of another one than the report? */
static bool is_other_kill(const struct report *r, const char *text, enum line_kind kind)
{
	u32 pid;

	if (kind != LINE_KILLED && kind != LINE_CHOSEN)
		return false;
	if (!r->proof)
		return true;
	if (r->scope == SCOPE_MACHINE ? is_memcg_kill(text) :
	    r->scope && begins(text, "Out of memory"))
		return true;
	/* until 5.0 a child may be killed instead, but other lines say so before */
	return kind == LINE_KILLED && r->last == LINE_DECISION && r->decided &&
	       kill_pid(text, &pid) && pid != r->decided && !is_thread(r, pid);
}

/**
 * next_begins() - does another report begin with this line?
 * @r: report under way
 * @text: the line
 * @p: prefix
 * @kind: of the line
 *
 * What is no report of an OOM may come again.
 *
 * Return: true if so.
 */
bool next_begins(const struct report *r, const char *text, const struct prefix *p,
		 enum line_kind kind)
{
	if (kind == LINE_HEAD || (kind == LINE_CHOSEN && r->last == LINE_CHOSEN))
		return true;
	if ((kind == LINE_MEMINFO && r->n && !r->proof) || r->len > TEXT_MAX)
		return true;
	if (kind != LINE_OTHER && (is_apart(&r->stamp, &p->stamp) ||
				   (r->caller && p->caller && r->caller != p->caller)))
		return true;
	if (is_other_kill(r, text, kind))
		return true;
	if (!r->said_end)
		return false;
	if (kind == LINE_GROUP || (kind == LINE_PANIC && r->last == LINE_NOBODY))
		return false;
	if (kind == LINE_KILLED)
		return r->last != LINE_GROUP || is_late(&r->stamp, &p->stamp, GROUP_GAP_US);
	return kind != LINE_OTHER || r->last != LINE_GROUP;
}
