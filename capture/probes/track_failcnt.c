// SPDX-License-Identifier: GPL-2.0
/* with it failcnt counts on cgroup v1 only, and the report shows events instead */
#include <linux/page_counter.h>

bool probe(struct page_counter *counter);
bool probe(struct page_counter *counter)
{
	return counter->track_failcnt;
}
