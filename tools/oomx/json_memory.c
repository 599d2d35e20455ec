// SPDX-License-Identifier: GPL-2.0
/*
 * Nodes, zones and memory cgroups as JSON.
 */
#include "json.h"
#include "oomx_names.h"

static json_t *node_object(const struct oomx_node *n)
{
	json_t *o = json_object(), *v;
	u32 i;

	json_object_set_new(o, "id", json_number(n->node));
	for (i = 0; i < OOMX_NODE_NR; i++) {
		if (oomx_node_is_pages(i)) {
			json_put_pages(o, oomx_node_names[i],
				       oomx_value(n->valid, n->v, OOMX_NODE_NR, i));
			continue;
		}
		v = json_opt(oomx_value(n->valid, n->v, OOMX_NODE_NR, i));
		if (i == OOMX_NODE_KERNEL_STACK_KB || i == OOMX_NODE_SHADOW_STACK_KB)
			json_object_set_new(o, i == OOMX_NODE_KERNEL_STACK_KB ?
					    "kernel_stack_kb" : "shadow_call_stack_kb", v);
		else
			json_object_set_new(o, oomx_node_names[i], v);
	}
	return o;
}

/**
 * json_nodes() - the counters of each node
 * @f: facts
 *
 * Return: array.
 */
json_t *json_nodes(const struct oomx_facts *f)
{
	json_t *a = json_array();
	struct oomx_node n;
	u32 i;

	for (i = 0; oomx_table_get(&f->nodes, i, &n, sizeof(n)); i++)
		if (n.node != OOMX_NODE_ALL)
			json_array_append_new(a, node_object(&n));
	return a;
}

static json_t *types_string(const struct oomx_facts *f, u32 types)
{
	const char *letters = oomx_fact_string(f, f->sys.migratetypes);
	char text[33] = "";
	size_t n = 0, i;

	for (i = 0; letters && letters[i] && i < 32; i++)
		if (types >> i & 1)
			text[n++] = letters[i];
	/* logs before 3.9 do not tell */
	return letters && !strchr(text, '?') ? json_name(text) : json_null();
}

static json_t *zone_buddy(const struct oomx_facts *f, u32 zone)
{
	u32 orders = f->buddy.esize / sizeof(struct oomx_buddy), order;
	json_t *a = json_array(), *o;
	struct oomx_buddy b;

	for (order = 0; zone < f->buddy.count && order < orders; order++) {
		b = oomx_fact_buddy(f, zone, order);
		o = json_object();
		json_object_set_new(o, "order", json_number(order));
		json_object_set_new(o, "free", json_number(b.free));
		json_object_set_new(o, "types", types_string(f, b.types));
		json_array_append_new(a, o);
	}
	return a;
}

static json_t *zone_reserve(const struct oomx_facts *f, u32 zone)
{
	json_t *a = json_array();
	u64 reserve;
	u32 i;

	for (i = 0; zone < f->reserve.count && i < f->reserve.esize / sizeof(reserve); i++) {
		memcpy(&reserve, f->reserve.data + (size_t)f->reserve.esize * zone +
		       i * sizeof(reserve), sizeof(reserve));
		json_array_append_new(a, json_number(reserve));
	}
	return a;
}

static void put_verdict(json_t *o, const struct oomx_facts *f, u32 zone)
{
	struct oomx_watermark w;
	bool judged;

	oomx_watermark(f, zone, &w);
	judged = w.verdict != OOMX_VERDICT_UNKNOWN && w.verdict != OOMX_VERDICT_INELIGIBLE;
	json_object_set_new(o, "verdict", json_name(oomx_verdict_names[w.verdict]));
	json_object_set_new(o, "usable_pages", judged ? json_signed(w.usable) : json_null());
	json_object_set_new(o, "needed_pages",
			    judged ? json_number(w.min + w.reserve) : json_null());
	json_object_set_new(o, "short_pages", judged ? json_number(w.missing) : json_null());
}

static json_t *zone_object(const struct oomx_facts *f, u32 zone, struct oomx_zone *z)
{
	json_t *o = json_object();
	u32 i;

	z->name[OOMX_ZONE_NAME_LEN - 1] = '\0';
	json_object_set_new(o, "node", json_number(z->node));
	json_object_set_new(o, "name", json_name(z->name));
	for (i = 0; i < OOMX_ZONE_NR; i++)
		json_put_pages(o, oomx_zone_names[i],
			       oomx_value(z->valid, z->v, OOMX_ZONE_NR, i));
	json_object_set_new(o, "lowmem_reserve_pages", zone_reserve(f, zone));
	json_object_set_new(o, "buddy", zone_buddy(f, zone));
	put_verdict(o, f, zone);
	return o;
}

/**
 * json_zones() - the zones, with the verdict on each
 * @f: facts
 *
 * Return: array.
 */
json_t *json_zones(const struct oomx_facts *f)
{
	json_t *a = json_array();
	struct oomx_zone z;
	u32 i;

	for (i = 0; oomx_table_get(&f->zones, i, &z, sizeof(z)); i++)
		json_array_append_new(a, zone_object(f, i, &z));
	return a;
}

static json_t *named_values(const struct oomx_table *t, u32 row, const char *const *names, u32 n)
{
	json_t *o = json_object();
	u32 i;

	for (i = 0; i < n; i++)
		json_object_set_new(o, names[i], json_opt(oomx_table_value(t, row, i)));
	return o;
}

static json_t *memcg_object(const struct oomx_facts *f, u32 level, const struct oomx_memcg *m)
{
	static const struct {
		const char *name;
		u32 value;
	} limits[] = {
		{ "usage_pages", OOMX_MEMCG_USAGE }, { "max_pages", OOMX_MEMCG_MAX },
		{ "high_pages", OOMX_MEMCG_HIGH }, { "low_pages", OOMX_MEMCG_LOW },
		{ "min_pages", OOMX_MEMCG_MIN }, { "failcnt", OOMX_MEMCG_FAILCNT },
		{ "swap_usage_pages", OOMX_MEMCG_SWAP_USAGE },
		{ "swap_max_pages", OOMX_MEMCG_SWAP_MAX },
	};
	json_t *o = json_object();
	u32 i;

	json_object_set_new(o, "path", json_name(oomx_fact_string(f, m->path)));
	for (i = 0; i < ARRAY_SIZE(limits); i++)
		json_object_set_new(o, limits[i].name,
				    json_limit(oomx_memcg_value(m, limits[i].value)));
	json_object_set_new(o, "events",
			    named_values(&f->events, level, oomx_event_names, OOMX_EV_NR));
	json_object_set_new(o, "stat",
			    named_values(&f->stats, level, oomx_stat_names, OOMX_STAT_NR));
	json_object_set_new(o, "hit", json_boolean(m->flags & OOMX_MEMCG_IS_OOM));
	return o;
}

/**
 * json_memcgs() - the chain of memory cgroups, from the one at its limit up
 * @f: facts
 *
 * Return: array.
 */
json_t *json_memcgs(const struct oomx_facts *f)
{
	json_t *a = json_array();
	struct oomx_memcg m;
	u32 i;

	for (i = 0; oomx_table_get(&f->memcgs, i, &m, sizeof(m)); i++)
		json_array_append_new(a, memcg_object(f, i, &m));
	return a;
}
