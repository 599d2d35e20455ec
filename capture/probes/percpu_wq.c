// SPDX-License-Identifier: GPL-2.0
/* system_wq has this name since v6.17 */
#include <linux/workqueue.h>

void *probe(void);
void *probe(void)
{
	return system_percpu_wq;
}
