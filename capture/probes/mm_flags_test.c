// SPDX-License-Identifier: GPL-2.0
/* mm->flags became a bitmap with accessors (v6.18) */
#include <linux/mm.h>

int probe(struct mm_struct *mm);
int probe(struct mm_struct *mm)
{
	return mm_flags_test(MMF_OOM_SKIP, mm);
}
