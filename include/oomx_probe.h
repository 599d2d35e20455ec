/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Being called at the entry of a function of the kernel.
 */
#ifndef _OOMX_PROBE_H
#define _OOMX_PROBE_H

#include <linux/kprobes.h>

#include "oomx.h"
#include "capture/compat.h"

#define OOMX_MAX_PROBES	2
#define OOMX_PROBE_CODE	16	/* bytes: the hook is among the first instructions */

/**
 * struct oomx_probe - one function
 * @symbol: its name
 * @address: where it is; NULL: that is to be found by the name
 * @handler: called at its entry with its first argument, and the address it returns to
 * @by: how it is attached; OOMX_BY_AUTO: it is not
 * @entry: where it is hooked
 * @code: what stood there before
 * @kp: for OOMX_BY_KPROBE
 * @ops: for OOMX_BY_FTRACE
 */
struct oomx_probe {
	const char *symbol;
	void *address;
	void (*handler)(unsigned long arg, unsigned long caller);
	enum oomx_backend by;
	const void *entry;
	u8 code[OOMX_PROBE_CODE];
	struct kprobe kp;
	struct ftrace_ops ops;
};

int oomx_probe_attach(struct oomx_probe *p, enum oomx_backend by);
void oomx_probes_detach(struct oomx_probe **probes, int n);
unsigned long oomx_probe_address(const struct oomx_probe *p);
u64 oomx_probe_missed(const struct oomx_probe *p);
void oomx_trial(bool *called);
bool oomx_probe_live(const struct oomx_probe *p);

#endif /* _OOMX_PROBE_H */
