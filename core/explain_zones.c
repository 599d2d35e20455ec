// SPDX-License-Identifier: GPL-2.0
/*
 * Why the zones could not serve the request, as text. Pure.
 */
#include "oomx_explain.h"
#include "oomx_names.h"

#define INDENT	2

static unsigned long long kb(const struct oomx_facts *f, u64 pages)
{
	return oomx_kb(pages, f->page_size);
}

static void print_name(struct oomx_text *t, const struct oomx_facts *f, u32 zone)
{
	struct oomx_zone z;

	oomx_table_get(&f->zones, zone, &z, sizeof(z));
	z.name[OOMX_ZONE_NAME_LEN - 1] = '\0';
	oomx_pad(t, INDENT);
	oomx_print(t, "node %u ", z.node);
	oomx_print_untrusted(t, z.name);
	oomx_print(t, ":");
}

/* Why a zone was not for this request. */
static void print_ineligible(struct oomx_text *t, const struct oomx_facts *f, u32 zone)
{
	struct oomx_zone z;
	struct oomx_opt free;

	oomx_table_get(&f->zones, zone, &z, sizeof(z));
	free = oomx_value(z.valid, z.v, OOMX_ZONE_NR, OOMX_ZONE_FREE);
	oomx_word(t, 6, "free %llu kB,", kb(f, free.v));
	if (!(z.flags & OOMX_ZONE_IN_GFP))
		oomx_words(t, 6, "not for this request: its gfp mask allows no zone so high");
	else if (!(z.flags & OOMX_ZONE_IN_NODEMASK))
		oomx_words(t, 6, "not for this request: not in its nodemask");
	else
		oomx_words(t, 6, "not for this request: not in its cpuset");
}

static void print_unusable(struct oomx_text *t, const struct oomx_facts *f,
			   const struct oomx_watermark *w)
{
	if (w->highatomic)
		oomx_word(t, 6, "- highatomic %llu kB", kb(f, w->highatomic));
	if (w->cma)
		oomx_word(t, 6, "- CMA %llu kB", kb(f, w->cma));
	if (f->trigger.order)
		oomx_word(t, 6, "- %llu kB for the order", kb(f, (1ULL << f->trigger.order) - 1));
	if (w->usable < (s64)w->free)
		oomx_word(t, 6, "= %s%llu kB,", w->usable < 0 ? "-" : "",
			  kb(f, oomx_magnitude(w->usable)));
}

static void print_blocks(struct oomx_text *t, const struct oomx_facts *f, u32 zone)
{
	u32 order = f->trigger.order, index = oomx_unusable_index(f, zone, order);

	oomx_words(t, 6, "In blocks below order");
	oomx_word(t, 6, "%u:", order);
	oomx_word(t, 6, "%llu kB of", kb(f, oomx_free_below(f, zone, order)));
	oomx_word(t, 6, "%llu kB;", kb(f, oomx_free_below(f, zone, 32)));
	oomx_words(t, 6, "unusable free index");
	oomx_word(t, 6, "%u.%03u.", index / 1000, index % 1000);
}

/* free 1608 kB, needs more than min 1644 kB + reserve 0 kB: 36 kB short */
static void print_sum(struct oomx_text *t, const struct oomx_facts *f,
		      const struct oomx_watermark *w)
{
	s64 over = oomx_minus(w->usable, (s64)(w->min + w->reserve));

	oomx_word(t, 6, "free %llu kB%s", kb(f, w->free), w->usable < (s64)w->free ? "" : ",");
	print_unusable(t, f, w);
	oomx_words(t, 6, "needs more than");
	oomx_word(t, 6, "min %llu kB", kb(f, w->min));
	oomx_word(t, 6, "+ reserve %llu kB:", kb(f, w->reserve));
	if (over > 0)
		oomx_word(t, 6, "%llu kB over", kb(f, over));
	else if (w->missing)
		oomx_word(t, 6, "%llu kB short", kb(f, w->missing));
	else
		oomx_words(t, 6, "just not over");
}

static void print_zone(struct oomx_text *t, const struct oomx_facts *f, u32 zone)
{
	struct oomx_watermark w;

	oomx_watermark(f, zone, &w);
	print_name(t, f, zone);
	switch (w.verdict) {
	case OOMX_VERDICT_UNKNOWN:
		oomx_word(t, 6, "n/a");
		break;
	case OOMX_VERDICT_INELIGIBLE:
		print_ineligible(t, f, zone);
		break;
	default:
		print_sum(t, f, &w);
		oomx_word(t, 6, "(%s)%s", oomx_verdict_names[w.verdict],
			  f->trigger.order ? "." : "");
		if (f->trigger.order)
			print_blocks(t, f, zone);
	}
	oomx_print(t, "\n");
}

/**
 * oomx_explain_zones() - in one sentence, why no zone could serve the request
 * @t: text
 * @f: facts
 *
 * Context: Any. Nothing is said where there was no such request.
 */
void oomx_explain_zones(struct oomx_text *t, const struct oomx_facts *f)
{
	struct oomx_verdicts v;
	u32 open;

	oomx_verdicts(f, &v);
	open = f->zones.count - v.n[OOMX_VERDICT_INELIGIBLE] - v.n[OOMX_VERDICT_UNKNOWN];
	if (!oomx_has_request(f) || !open)
		return;
	if (v.n[OOMX_VERDICT_OK]) {
		oomx_print(t, "%u of the %u zones open to it could serve it by now: ",
			   v.n[OOMX_VERDICT_OK], open);
		oomx_print(t, "memory was freed meanwhile, or the caller does not go by the ");
		oomx_print(t, "min watermark (kswapd, MGLRU). ");
		return;
	}
	if (open == 1)
		oomx_print(t, "The one zone open to it could not serve it");
	else
		oomx_print(t, "None of the %u zones open to it could serve it", open);
	if (v.missing) {
		oomx_print(t, open == 1 ? ": it is " : ": they are ");
		oomx_explain_mb(t, oomx_known(v.missing), f->page_size);
		oomx_print(t, open == 1 ? " short" : " short together");
	}
	oomx_print(t, ". ");
}

/**
 * oomx_report_request() - why the request failed, zone by zone
 * @t: text
 * @f: facts
 *
 * Context: Any. Prints nothing where there was no such request.
 */
void oomx_report_request(struct oomx_text *t, const struct oomx_facts *f)
{
	u32 i;

	if (!oomx_has_request(f))
		return;
	oomx_print(t, "\nWHY THE REQUEST FAILED, as __zone_watermark_ok() counts\n");
	for (i = 0; i < f->zones.count; i++)
		print_zone(t, f, i);
}
