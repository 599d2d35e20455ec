// SPDX-License-Identifier: GPL-2.0
/*
 * oom_badness() as the kernels of the past had it, on plain numbers.
 *
 *	2.6.36	a share of all memory in 1000, a63d83f427fb
 *	3.5	pages; root's oom_score_adj is 30 less, a7f638f999ff
 *	3.14	root is forgiven 3 % of what it uses instead, 778c14affaf9
 *	4.17	root is as others, d46078b28889
 *	5.9	points may be negative, 9066e5cfb73c
 *
 * Until 3.6 the table shows neither swap nor page tables, which the points count: these are
 * not known then. Root is who has CAP_SYS_ADMIN, for which uid 0 stands here.
 */
#include <stdlib.h>

#include "draft.h"
#include "oomx_select.h"

static u32 rules_of(u32 major, u32 minor)
{
	u32 v = major * 1000 + minor;

	if (v >= 5009)
		return OOMX_RULES_SIGNED;
	if (v >= 4017)
		return OOMX_RULES_POSITIVE;
	if (v >= 3014)
		return OOMX_RULES_ROOT_SHARE;
	return v >= 3005 ? OOMX_RULES_ROOT_ADJ : OOMX_RULES_OLD;
}

static bool has_column(const struct draft *d, enum column column)
{
	return d->n_columns && memchr(d->columns, column, d->n_columns);
}

/*
 * Without a version: from 4.17 on the rules differ only for points below 1, and what was
 * printed tells that it is later.
 */
static u32 guess(const struct draft *d)
{
	if (has_column(d, COL_ANON))
		return OOMX_RULES_SIGNED;
	if (d->constraint || (d->n_victims && d->victims[0].v.oom_score_adj != OOMX_NO_ADJ))
		return OOMX_RULES_POSITIVE;
	return OOMX_RULES_UNKNOWN;
}

/**
 * vintage_rules() - by which rules the kernel of the log counted
 * @d: draft; its log is told
 */
void vintage_rules(struct draft *d)
{
	const char *release = d->strings_buf + d->release;
	char *end;
	u32 major, minor;

	if (!d->release) {
		d->log.rules = guess(d);
		if (d->log.rules)
			d->log.flags |= OOMX_LOG_RULES_GUESSED;
		return;
	}
	major = strtoul(release, &end, 10);
	minor = *end == '.' ? strtoul(end + 1, NULL, 10) : 0;
	d->log.rules = rules_of(major, minor);
}

/**
 * vintage_known() - can the points of a task be told from the table?
 * @d: draft
 * @t: task
 *
 * Return: true if all is there that its kernel counted.
 */
bool vintage_known(const struct draft *d, const struct oomx_task *t)
{
	return d->log.rules != OOMX_RULES_UNKNOWN && d->log.rules != OOMX_RULES_OLD &&
	       !(t->flags & (OOMX_TASK_NO_SWAP | OOMX_TASK_NO_PGTABLES)) &&
	       t->oom_score_adj != OOMX_NO_ADJ && !(d->log.flags & OOMX_LOG_NO_PAGE_SIZE);
}

/**
 * vintage_points() - oom_badness() of the kernel of the log
 * @d: draft
 * @t: task of vintage_known()
 * @totalpages: base of the scores
 *
 * Return: points, pages.
 */
s64 vintage_points(const struct draft *d, const struct oomx_task *t, u64 totalpages)
{
	s64 points = oomx_task_usage(t, d->page_size), adj = t->oom_score_adj;

	if (d->log.rules == OOMX_RULES_ROOT_SHARE && !t->uid)
		points -= points * 3 / 100;
	if (d->log.rules == OOMX_RULES_ROOT_ADJ && !t->uid)
		adj -= 30;
	points += adj * (s64)(totalpages / 1000);
	return d->log.rules == OOMX_RULES_SIGNED || points > 0 ? points : 1;
}
