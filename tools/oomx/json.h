/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Private to the JSON printer.
 */
#ifndef _JSON_H
#define _JSON_H

#include <jansson.h>

#include "oomx_explain.h"

json_t *json_number(u64 v);
json_t *json_signed(s64 v);
json_t *json_opt(struct oomx_opt v);
json_t *json_limit(struct oomx_opt v);
json_t *json_id(u32 id);
json_t *json_adj(s32 adj);
json_t *json_known(u64 v, bool known);
json_t *json_name(const char *str);
json_t *json_comm(const char comm[OOMX_COMM_LEN]);
void json_put_pages(json_t *to, const char *name, struct oomx_opt pages);

/* json_memory.c */
json_t *json_nodes(const struct oomx_facts *f);
json_t *json_zones(const struct oomx_facts *f);
json_t *json_memcgs(const struct oomx_facts *f);

/* json_tasks.c */
json_t *json_candidates(const struct oomx_facts *f);
json_t *json_decision(const struct oomx_facts *f);
json_t *json_outcome(const struct oomx_facts *f);

/* json_log.c */
json_t *json_time(const struct oomx_facts *f);
json_t *json_log(const struct oomx_facts *f);

#endif /* _JSON_H */
