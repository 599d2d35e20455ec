// SPDX-License-Identifier: GPL-2.0
/* Must compile everywhere: if it does not, the probes say nothing. */
#include <linux/mm.h>

int probe(void);
int probe(void)
{
	return 0;
}
