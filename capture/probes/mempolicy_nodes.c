// SPDX-License-Identifier: GPL-2.0
/* 269fbe72cded ("mm/mempolicy: use unified 'nodes' for bind/interleave/prefer", v5.14) */
#include <linux/mempolicy.h>

int probe(struct mempolicy *policy);
int probe(struct mempolicy *policy)
{
	return nodes_empty(policy->nodes);
}
