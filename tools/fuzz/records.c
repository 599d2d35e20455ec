// SPDX-License-Identifier: GPL-2.0
/*
 * Any bytes as records: the checker, the walker, and every printer of the tool.
 *
 * What passes oomx_record_check() must print; what does not must be refused.
 */
#include <stdlib.h>

#include "tool.h"

int fuzz_one(const u8 *data, size_t size) __asm__("LLVMFuzzerTestOneInput");

static void print_all(struct event *ev)
{
	struct oomx_line line = { 0 };
	struct oomx_text t = { 0 };
	char *text;

	free(event_text(ev, oomx_report));
	free(event_text(ev, oomx_report_top));
	text = json_text(ev);
	/* one line, and nothing that a terminal would act on */
	for (size_t i = 0; text[i]; i++)
		if ((u8)text[i] < ' ')
			abort();
	free(text);
	oomx_line_add(&line, ev->view.event);
	oomx_line_print(&t, &line);
}

int fuzz_one(const u8 *data, size_t size)
{
	u8 *buf = xalloc(NULL, size);
	struct events e = { 0 };
	size_t at = 0, i;

	memcpy(buf, data, size);
	while (at < size && !oomx_record_check(buf + at, size - at, NULL)) {
		events_add(&e, (const struct oomx_record *)(buf + at));
		at += ((const struct oomx_record *)(buf + at))->len;
	}
	for (i = 0; i < e.n; i++)
		print_all(&e.v[i]);
	events_free(&e);
	free(buf);
	return 0;
}
