// SPDX-License-Identifier: GPL-2.0
/*
 * Who was chosen and killed.
 */
#include "draft.h"

/* The last place of a word before @end. */
static const char *before(const char *text, const char *end, const char *word)
{
	const char *at, *found = NULL;

	for (at = strstr(text, word); at && at < end; at = strstr(at + 1, word))
		found = at;
	return found;
}

/* The string between two words; 0 when one of them is not there. */
static u32 between(struct draft *d, const char *line, const char *from, const char *to)
{
	const char *at = strstr(line, from), *end;

	if (!at)
		return 0;
	at += strlen(from);
	end = strstr(at, to);
	return end ? draft_string(d, at, end - at) : 0;
}

static void take_constraint(struct draft *d, const char *line)
{
	static const struct {
		const char *name;
		u32 kind;
	} kinds[] = {
		{ "NONE,", OOMX_KIND_GLOBAL }, { "CPUSET,", OOMX_KIND_CPUSET },
		{ "MEMORY_POLICY,", OOMX_KIND_MEMPOLICY }, { "MEMCG,", OOMX_KIND_MEMCG },
	};
	const char *at = line + strlen("oom-kill:constraint=CONSTRAINT_");
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (!strncmp(at, kinds[i].name, strlen(kinds[i].name)))
			d->constraint = kinds[i].kind;
}

/* Paths and names may hold commas: what stands behind them is looked for from the end. */
static void take_paths(struct draft *d, const char *line)
{
	const char *end = line + strlen(line), *pid = before(line, end, ",pid=");
	const char *task = before(line, pid ? pid : end, ",task=");
	const char *own = strstr(line, ",task_memcg="), *limit = strstr(line, ",oom_memcg=");

	if (limit && own && limit < own) {
		limit += strlen(",oom_memcg=");
		d->limit_path = draft_string(d, limit, own - limit);
	}
	if (own && task && own < task) {
		own += strlen(",task_memcg=");
		d->victim_path = draft_string(d, own, task - own);
	}
}

/**
 * decided_by() - ",task=java,pid=161175,uid=2405"
 * @line: "oom-kill:..."
 * @who: set to it
 *
 * Return: false when the line does not hold all of it.
 */
bool decided_by(const char *line, struct decided *who)
{
	const char *end = line + strlen(line), *pid = before(line, end, ",pid=");
	const char *task = before(line, pid ? pid : end, ",task=");
	u64 v;

	if (!pid || !task || !find_number(pid, ",pid=", &v) || v >= OOMX_NONE ||
	    !strstr(pid, ",uid="))
		return false;
	who->pid = v;
	task += strlen(",task=");
	copy_comm(who->comm, task, pid - task);
	who->uid = find_number(pid, ",uid=", &v) && v < OOMX_NONE ? v : OOMX_NONE;
	return true;
}

/**
 * parse_decision() - "oom-kill:constraint=...,nodemask=...,cpuset=...,mems_allowed=...,..."
 * @d: draft
 * @line: line
 */
void parse_decision(struct draft *d, const char *line)
{
	const char *mems = strstr(line, ",global_oom,") ? ",global_oom," : ",oom_memcg=";

	take_constraint(d, line);
	d->trigger.cpuset_mems = between(d, line, ",mems_allowed=", mems);
	if (!d->trigger.nodemask)
		d->trigger.nodemask = between(d, line, "nodemask=", ",cpuset=");
	take_paths(d, line);
	if (!decided_by(line, &d->decided))
		d->decided.pid = 0;
}

static void take_message(struct draft *d, const char *line)
{
	if (strstr(line, "Memory cgroup out of memory"))
		d->memcg_words = true;
	if (strstr(line, "(oom_kill_allocating_task):"))
		d->allocating = true;
}

/**
 * parse_chosen() - "Out of memory: Kill process 118 (x) score 922 or sacrifice child"
 * @d: draft
 * @line: line
 */
void parse_chosen(struct draft *d, const char *line)
{
	const char *at = strstr(line, "ill process ") + strlen("ill process ");
	u64 pid, score;

	take_message(d, line);
	if (!take_number(&at, &pid) || pid >= OOMX_NONE || !take(&at, " ("))
		return;
	d->chosen = pid;
	take_comm(&at, ") score ", d->chosen_comm);
	/* at the end of a line it may be cut */
	at += strspn(at, " ");
	if (take(&at, "score ") && take_number(&at, &score) && *at)
		d->score = oomx_known(score);
}

/* All of resident memory; kernels before 4.5 count what is shared with files. */
static void take_rss(struct victim_draft *k, const char *line, bool old)
{
	const char *file = strstr(line, "file-rss:");

	if (!find_kb(line, "shmem-rss:", &k->v.rss_shmem))
		k->v.flags |= OOMX_VICTIM_NO_SHMEM;
	if (!find_kb(line, "anon-rss:", &k->v.rss_anon) ||
	    !find_kb(line, "file-rss:", &k->v.rss_file))
		k->v.flags |= OOMX_VICTIM_NO_RSS;
	/* the line is cut behind the size before */
	else if (k->v.flags & OOMX_VICTIM_NO_SHMEM && (!old || strchr(file, ',')))
		k->v.flags |= OOMX_VICTIM_NO_RSS;
}

/* "UID:998 pgtables:", "UID 0, " */
static void take_uid(struct victim_draft *k, const char *line)
{
	const char *at = strstr(line, "UID");
	u64 uid;

	if (!at)
		return;
	at += strlen("UID") + 1;
	if (at[-1] && take_number(&at, &uid) && *at && uid < OOMX_NONE)
		k->v.uid = uid;
}

/* Sizes stay in kB until the record is made. */
static void take_sizes(struct victim_draft *k, const char *line, bool old)
{
	const char *at = strstr(line, "oom_score_adj:");
	s64 adj;

	take_rss(k, line, old);
	if (!find_kb(line, "pgtables:", &k->v.pgtables_bytes))
		k->v.flags |= OOMX_VICTIM_NO_PGTABLES;
	if (!find_kb(line, "total-vm:", &k->total_vm_kb))
		find_kb(line, "vsz:", &k->total_vm_kb);
	if (!at)
		return;
	at += strlen("oom_score_adj:");
	if (take_signed(&at, &adj) && adj >= -1000 && adj <= 1000)
		k->v.oom_score_adj = adj;
}

static struct victim_draft *new_victim(struct draft *d, u32 pid)
{
	struct victim_draft *k;

	/* with memory.oom.group the chosen task is killed twice */
	if (!pids_add(&d->by_pid, pid, d->n_victims))
		return NULL;
	if (!(d->n_victims & (d->n_victims - 1)))
		d->victims = xalloc(d->victims, 2 * (d->n_victims + 1ULL) * sizeof(*k));
	k = &d->victims[d->n_victims++];
	memset(k, 0, sizeof(*k));
	k->v.pid = pid;
	k->v.tgid = OOMX_NONE;
	k->v.uid = OOMX_NONE;
	k->v.oom_score_adj = OOMX_NO_ADJ;
	k->v.flags = OOMX_VICTIM_NO_SWAP;
	return k;
}

/**
 * parse_killed() - "Killed process 118 (x) total-vm:483268kB, anon-rss:480072kB, ..."
 * @d: draft
 * @line: line
 * @when: it was written
 */
void parse_killed(struct draft *d, const char *line, const struct stamp *when)
{
	const char *at = strstr(line, "Killed process ") + strlen("Killed process "), *after_pid;
	struct victim_draft *k;
	u64 pid;

	take_message(d, line);
	if (!take_number(&at, &pid) || !*at || pid >= OOMX_NONE)
		return;
	k = new_victim(d, pid);
	if (!k)
		return;
	k->stamp = *when;
	after_pid = at;
	at += strcspn(at, "(");
	take(&at, "(");
	take_comm(&at, strstr(at, ") total-vm:") ? ") total-vm:" :
		  strstr(at, ") vsz:") ? ") vsz:" : ") ", k->v.comm);
	take_uid(k, strstr(at, "UID") ? at : after_pid);
	take_sizes(k, at, !strncmp(line, "Killed process ", 15));
	d->result = d->n_victims > 1 ? OOMX_RESULT_GROUP_KILLED : OOMX_RESULT_KILLED;
}

/**
 * parse_outcome() - the kernel says that nothing was killed
 * @d: draft
 * @kind: LINE_EXITING, LINE_NOBODY or LINE_PANIC
 */
void parse_outcome(struct draft *d, enum line_kind kind)
{
	if (d->n_victims)
		return;
	if (kind == LINE_PANIC)
		d->result = OOMX_RESULT_PANIC;
	else
		d->result = kind == LINE_NOBODY ? OOMX_RESULT_NO_KILLABLE :
						  OOMX_RESULT_VICTIM_EXITING;
}

/**
 * parse_decided() - a log without the line of the kill names the victim all the same
 * @d: draft, all lines of which were seen
 */
void parse_decided(struct draft *d)
{
	struct victim_draft *k;

	if (d->n_victims || !d->decided.pid || d->result)
		return;
	k = new_victim(d, d->decided.pid);
	k->stamp.mono_us = NO_CLOCK;
	k->v.uid = d->decided.uid;
	k->v.flags |= OOMX_VICTIM_NO_RSS | OOMX_VICTIM_NO_SHMEM | OOMX_VICTIM_NO_PGTABLES;
	memcpy(k->v.comm, d->decided.comm, sizeof(k->v.comm));
	d->result = OOMX_RESULT_KILLED;
}

/**
 * parse_reaped() - "oom_reaper: reaped process 118 (x), ..." and "unable to reap pid:118 (x)"
 * @line: line
 * @pid: set to the pid
 *
 * Return: false when it tells none.
 */
bool parse_reaped(const char *line, u32 *pid)
{
	u64 v;

	if (!find_number(line, "reaped process ", &v) && !find_number(line, "reap pid:", &v))
		return false;
	*pid = v;
	return v < OOMX_NONE;
}

/**
 * draft_reaped() - what the OOM reaper did to a task
 * @d: draft
 * @line: what it says
 * @kind: of the line
 * @when: it was written
 *
 * Return: false when the task was not killed by this report.
 */
bool draft_reaped(struct draft *d, const char *line, enum line_kind kind,
		  const struct stamp *when)
{
	struct victim_draft *k;
	u32 pid, i;

	if (!parse_reaped(line, &pid) || !pids_find(&d->by_pid, pid, &i))
		return false;
	k = &d->victims[i];
	k->reaped = *when;
	k->has_reaped = k->has_reaped || kind == LINE_REAPED;
	k->skipped = k->skipped || kind == LINE_UNREAPED;
	return true;
}
