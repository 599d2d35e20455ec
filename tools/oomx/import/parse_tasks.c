// SPDX-License-Identifier: GPL-2.0
/*
 * The task table, whatever its columns.
 */
#include "draft.h"

static const char *const columns[] = {
	[COL_PID] = "pid", [COL_UID] = "uid", [COL_TGID] = "tgid", [COL_TOTAL_VM] = "total_vm",
	[COL_RSS] = "rss", [COL_ANON] = "rss_anon", [COL_FILE] = "rss_file",
	[COL_SHMEM] = "rss_shmem", [COL_PTES] = "nr_ptes", [COL_PMDS] = "nr_pmds",
	[COL_PUDS] = "nr_puds", [COL_PGTABLES] = "pgtables_bytes", [COL_SWAP] = "swapents",
	[COL_ADJ] = "oom_score_adj", [COL_OLD_ADJ] = "oom_adj", [COL_NAME] = "name",
};

/* The first ones have been the same since 2.6.32. */
static const u8 always[] = { COL_PID, COL_UID, COL_TGID, COL_TOTAL_VM, COL_RSS };

#define OLD_ADJ_MIN	(-17)	/* OOM_DISABLE of oom_adj */

/**
 * parse_columns() - "[ pid ]   uid  tgid total_vm ..."
 * @d: draft
 * @line: line
 */
void parse_columns(struct draft *d, const char *line)
{
	size_t len;
	int i;

	for (d->n_columns = 0; d->n_columns < MAX_COLUMNS; line += len) {
		line += strspn(line, " []");
		len = strcspn(line, " []");
		if (!len)
			return;
		i = name_index(columns, ARRAY_SIZE(columns), line, len);
		d->columns[d->n_columns++] = i < 0 ? COL_UNKNOWN : i;
	}
}

static void add_tables(struct draft *d, struct oomx_task *t, s64 v)
{
	t->pgtables_bytes += v;
	t->flags &= ~OOMX_TASK_NO_PGTABLES;
}

static void put(struct draft *d, struct oomx_task *t, enum column column, s64 v)
{
	switch (column) {
	case COL_PID:
		t->pid = v;
		break;
	case COL_UID:
		t->uid = v;
		break;
	case COL_TGID:
		t->tgid = v;
		break;
	case COL_TOTAL_VM:
		t->total_vm = v;
		break;
	case COL_RSS:
		t->rss_anon = v;
		break;
	case COL_ANON:
		t->rss_anon = v;
		t->flags &= ~OOMX_TASK_RSS_SUM;
		break;
	case COL_FILE:
		t->rss_file = v;
		break;
	case COL_SHMEM:
		t->rss_shmem = v;
		break;
	case COL_PTES:
	case COL_PMDS:
	case COL_PUDS:
		d->tables_in_pages = true;
		add_tables(d, t, v);
		break;
	case COL_PGTABLES:
		add_tables(d, t, v);
		break;
	case COL_SWAP:
		t->swap = v;
		t->flags &= ~OOMX_TASK_NO_SWAP;
		break;
	case COL_ADJ:
		t->oom_score_adj = v;
		break;
	case COL_OLD_ADJ:
		if (v == OLD_ADJ_MIN && t->oom_score_adj == OOMX_NO_ADJ)
			t->oom_score_adj = -1000;
		break;
	default:
		break;
	}
}

/* Numbers by column; false: the row ends too early, or they are none. */
static bool take_numbers(struct draft *d, const char **line, struct oomx_task *t)
{
	const u8 *column = d->n_columns ? d->columns : always;
	u32 n = d->n_columns ? d->n_columns : ARRAY_SIZE(always), i;
	s64 v;

	for (i = 0; i < n && column[i] != COL_NAME; i++) {
		*line += strspn(*line, " []");
		if (!take_signed(line, &v))
			return false;
		/* only oom_score_adj and oom_adj may be negative */
		if (v < 0 && column[i] != COL_ADJ && column[i] != COL_OLD_ADJ)
			return false;
		put(d, t, column[i], v);
	}
	return true;
}

/*
 * Without a header: so many numbers are in no other table than that of 6.8 and later; where
 * there are fewer, those behind the first could be of several columns.
 */
static const u8 newest[] = {
	COL_PID, COL_UID, COL_TGID, COL_TOTAL_VM, COL_RSS, COL_ANON, COL_FILE, COL_SHMEM,
	COL_PGTABLES, COL_SWAP, COL_ADJ, COL_NAME,
};

static u32 skip_numbers(const char **line)
{
	const char *at = *line;
	u32 n = 0;
	s64 v;

	for (; *at == ' ' || *at == '[' || *at == ']'; *line = at, n++) {
		at += strspn(at, " []");
		if (!take_signed(&at, &v))
			break;
	}
	return n;
}

static void find_columns(struct draft *d, const char *line)
{
	if (skip_numbers(&line) != ARRAY_SIZE(newest) - 1)
		return;
	memcpy(d->columns, newest, sizeof(newest));
	d->n_columns = ARRAY_SIZE(newest);
	d->no_header = true;
}

/**
 * parse_row() - "[   61]     0    61      883 ..."
 * @d: draft
 * @line: line
 *
 * A row that is not whole is counted and left out.
 */
void parse_row(struct draft *d, const char *line)
{
	struct oomx_task t = {
		.ppid = OOMX_NONE, .cgroup = OOMX_NONE, .oom_score_adj = OOMX_NO_ADJ,
		.flags = OOMX_TASK_HAS_MM | OOMX_TASK_RSS_SUM | OOMX_TASK_NO_SWAP |
			 OOMX_TASK_NO_PGTABLES,
	};

	if (!d->n_columns)
		find_columns(d, line);
	if (!take_numbers(d, &line, &t)) {
		d->log.cut++;
		return;
	}
	if (!d->n_columns)
		skip_numbers(&line);
	line += strspn(line, " ");
	if (!*line) {
		d->log.cut++;
		return;
	}
	copy_comm(t.comm, line, strlen(line));
	t.scan = d->n_tasks;
	if (!(d->n_tasks & (d->n_tasks - 1)))
		d->tasks = xalloc(d->tasks, 2 * (d->n_tasks + 1ULL) * sizeof(t));
	d->tasks[d->n_tasks++] = t;
}
