/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the values of a record are called, in the words of the kernel's own report.
 */
#ifndef _OOMX_NAMES_H
#define _OOMX_NAMES_H

#include "oomx_types.h"

extern const char *const oomx_kind_names[OOMX_KIND_MANUAL + 1];
extern const char *const oomx_result_names[OOMX_RESULT_PANIC + 1];
extern const char *const oomx_status_names[OOMX_TASK_LOCKED + 1];
extern const char *const oomx_node_names[OOMX_NODE_NR];
extern const char *const oomx_zone_names[OOMX_ZONE_NR];
extern const char *const oomx_event_names[OOMX_EV_NR];
extern const char *const oomx_stat_names[OOMX_STAT_NR];
extern const char *const oomx_constraint_names[4];

const char *oomx_name(const char *const *names, u32 n, u32 i);
bool oomx_stat_is_bytes(u32 stat);
bool oomx_node_is_pages(u32 value);

#endif /* _OOMX_NAMES_H */
