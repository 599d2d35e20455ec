/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Record to verdicts: why the request failed, where the memory is, what the root cause is.
 */
#ifndef _OOMX_EXPLAIN_H
#define _OOMX_EXPLAIN_H

#include "oomx_report.h"

/* Could the request have had pages of a zone, at the moment of the record? */
enum oomx_verdict {
	OOMX_VERDICT_UNKNOWN,
	OOMX_VERDICT_OK,
	OOMX_VERDICT_BELOW_MIN,		/* not even over the min watermark */
	OOMX_VERDICT_RESERVE,		/* over min, not over min + the reserve kept from it */
	OOMX_VERDICT_HIGHATOMIC,	/* over both only with the highatomic reserve */
	OOMX_VERDICT_FRAGMENTED,	/* enough pages, no block of the order */
	OOMX_VERDICT_INELIGIBLE,	/* the request may not use the zone */
	OOMX_VERDICT_NR
};

/**
 * struct oomx_watermark - the arithmetic of __zone_watermark_ok() for one zone, in pages
 * @verdict: enum oomx_verdict
 * @free: free pages
 * @highatomic: of these, reserved for atomic requests, and not for this one
 * @cma: of these, only for movable pages, and not for this request
 * @usable: what is left of @free; may be negative
 * @min: min watermark with its boost, less what the gfp flags earn
 * @reserve: lowmem_reserve[] of the zone against requests of this kind
 * @missing: by how much @usable falls short of @min + @reserve
 */
struct oomx_watermark {
	u8 verdict;
	u64 free;
	u64 highatomic;
	u64 cma;
	s64 usable;
	u64 min;
	u64 reserve;
	u64 missing;
};

/**
 * struct oomx_verdicts - all zones together
 * @n: number of zones by verdict
 * @missing: pages that all zones of the request miss together
 * @elsewhere: free pages over the high watermark, in zones above those of the request
 */
struct oomx_verdicts {
	u32 n[OOMX_VERDICT_NR];
	u64 missing;
	u64 elsewhere;
};

extern const char *const oomx_verdict_names[OOMX_VERDICT_NR];	/* names.c */

/* watermark.c */
bool oomx_has_request(const struct oomx_facts *f);
void oomx_watermark(const struct oomx_facts *f, u32 zone, struct oomx_watermark *w);
void oomx_verdicts(const struct oomx_facts *f, struct oomx_verdicts *v);
u32 oomx_unusable_index(const struct oomx_facts *f, u32 zone, u32 order);
u64 oomx_free_below(const struct oomx_facts *f, u32 zone, u32 order);

/**
 * struct oomx_cause - the root cause
 * @class: enum oomx_cause_class
 * @nearest: the two classes that came nearest, where @class is unknown; 0: none has any
 * @name: the largest part of the class, as in struct oomx_balance; NULL: none
 * @part: pages of that part
 * @pages: pages of all parts of the class
 */
struct oomx_cause {
	u32 class;
	u32 nearest[2];
	const char *name;
	s64 part;
	s64 pages;
};

/* cause.c */
void oomx_cause(const struct oomx_facts *f, struct oomx_cause *c);
struct oomx_opt oomx_swap_full(const struct oomx_facts *f);

/* holders.c */
#define OOMX_HOLDERS	3

/**
 * struct oomx_holders - who holds the most of something
 * @index: of the task or of the cgroup, the largest first
 * @pages: how much
 * @n: entries
 * @total: of all tasks that were kept
 */
struct oomx_holders {
	u32 index[OOMX_HOLDERS];
	u64 pages[OOMX_HOLDERS];
	u32 n;
	u64 total;
};

typedef u64 (*oomx_size_of)(const struct oomx_facts *f, const struct oomx_task *task);

u64 oomx_size_resident(const struct oomx_facts *f, const struct oomx_task *task);
u64 oomx_size_pgtables(const struct oomx_facts *f, const struct oomx_task *task);
u64 oomx_size_swap(const struct oomx_facts *f, const struct oomx_task *task);
void oomx_largest_tasks(const struct oomx_facts *f, oomx_size_of size, struct oomx_holders *h);
void oomx_largest_cgroups(const struct oomx_facts *f, struct oomx_holders *h);

/* explain.c, explain_memcg.c: sentences */
void oomx_explain_cause(struct oomx_text *t, const struct oomx_facts *f,
			const struct oomx_cause *c);
void oomx_explain_memcg(struct oomx_text *t, const struct oomx_facts *f);
void oomx_explain_swap(struct oomx_text *t, const struct oomx_facts *f);
void oomx_explain_task(struct oomx_text *t, const struct oomx_facts *f, u32 index);
void oomx_explain_mb(struct oomx_text *t, struct oomx_opt pages, u32 page_size);
void oomx_explain_share(struct oomx_text *t, u64 pages, u64 of);

/* doing.c */
void oomx_explain_doing(struct oomx_text *t, const struct oomx_facts *f);

/* advice.c */
bool oomx_advice(struct oomx_text *t, const struct oomx_facts *f, const struct oomx_cause *c,
		 u32 *at);

/* explain_zones.c */
void oomx_explain_zones(struct oomx_text *t, const struct oomx_facts *f);
void oomx_report_request(struct oomx_text *t, const struct oomx_facts *f);

#endif /* _OOMX_EXPLAIN_H */
