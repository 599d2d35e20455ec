// SPDX-License-Identifier: GPL-2.0
/* 72ba14deb40a ("mm: update mark_victim tracepoints fields", v6.9, and stable) */
#include <linux/mm.h>
#include <linux/sched.h>
#include <trace/events/oom.h>

void probe(void (*handler)(void *data, struct task_struct *task, uid_t uid));
void probe(void (*handler)(void *data, struct task_struct *task, uid_t uid))
{
	check_trace_callback_type_mark_victim(handler);
}
