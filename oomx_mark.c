// SPDX-License-Identifier: GPL-2.0
/*
 * The marks of the benchmark; see include/oomx_mark.h. Not in the module of users.
 */
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/string.h>

#include "oomx_mark.h"

unsigned long oomx_marks[OOMX_MARK_NR];
unsigned long oomx_marked;	/* at the last mark; guarded by the kernel's oom_lock */

module_param_array_named(marks, oomx_marks, ulong, NULL, 0444);
MODULE_PARM_DESC(marks, "Clock cycles of the last event, by section");
