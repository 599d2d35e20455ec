// SPDX-License-Identifier: GPL-2.0
/* d19ad0775dcd ("ftrace: Have the callbacks receive a struct ftrace_regs", v5.11) */
#include <linux/ftrace.h>

struct pt_regs *probe(struct ftrace_regs *fregs);
struct pt_regs *probe(struct ftrace_regs *fregs)
{
	return ftrace_get_regs(fregs);
}
