// SPDX-License-Identifier: GPL-2.0
/*
 * Who asked for memory, and for what.
 */
#include <ctype.h>
#include <stdlib.h>

#include "draft.h"

#define STACK_BYTES_MAX	65536

/* The same bits in every kernel since 2.6.32. */
#define GFP_HIGH	0x20
#define GFP_MOVABLE	0x08
#define GFP_FS		0x80

static const struct {
	u32 gfp;
	u32 flag;
} gfp_flags[] = {
	{ GFP_HIGH, OOMX_TRIGGER_HIGH },
	{ GFP_MOVABLE, OOMX_TRIGGER_MOVABLE },
};

/* "0x100cca(GFP_HIGHUSER_MOVABLE), " */
static void take_gfp(struct draft *d, const char *at)
{
	char *end;
	size_t i;

	d->trigger.gfp_mask = strtoul(at, &end, 16);
	if (*end == '(')
		d->trigger.gfp_flags = draft_string(d, end + 1, strcspn(end + 1, ")"));
	for (i = 0; i < ARRAY_SIZE(gfp_flags); i++)
		if (d->trigger.gfp_mask & gfp_flags[i].gfp)
			d->trigger.flags |= gfp_flags[i].flag;
	if (!(d->trigger.gfp_mask & GFP_FS))
		d->trigger.flags |= OOMX_TRIGGER_NO_FS;
}

/* "nodemask=0,2-3, order=0": a list of numbers holds commas, but no space */
static u32 take_list(struct draft *d, const char *at)
{
	size_t len = strcspn(at, " ");

	if (*at == '(')
		len = strcspn(at, ")") + 1;
	else
		len = strspn(at, "0123456789,-");
	while (len && at[len - 1] == ',')
		len--;
	return draft_string(d, at, len);
}

static bool find_signed(const char *line, const char *after, s64 *v)
{
	const char *at = strstr(line, after);

	if (!at)
		return false;
	at += strlen(after);
	return take_signed(&at, v);
}

/* What is longer than a name is not one: there is a prefix in it that is not known. */
static void take_name(struct draft *d, const char *from, size_t len)
{
	if (len < OOMX_COMM_LEN)
		copy_comm(d->trigger.comm, from, len);
	else
		d->strange = true;
}

/**
 * parse_head() - "comm invoked oom-killer: gfp_mask=..., order=0, oom_score_adj=0"
 * @d: draft
 * @line: line
 */
void parse_head(struct draft *d, const char *line)
{
	const char *at = strstr(line, " invoked oom-killer:"), *list;
	s64 v;

	take_name(d, line, at - line);
	at += strlen(" invoked oom-killer:");
	list = strstr(at, "gfp_mask=");
	if (list && find_signed(at, "order=", &v) && v >= -1 && v < 64) {
		take_gfp(d, list + strlen("gfp_mask="));
		d->trigger.order = v;
		d->trigger.flags &= ~OOMX_TRIGGER_NO_REQUEST;
	}
	if (find_signed(at, "oom_score_adj=", &v) && v >= -1000 && v <= 1000)
		d->trigger.oom_score_adj = v;
	list = strstr(at, "nodemask=");
	if (list)
		d->trigger.nodemask = take_list(d, list + strlen("nodemask="));
}

/**
 * parse_cpuset() - "comm cpuset=/ mems_allowed=0"
 * @d: draft
 * @line: line
 */
void parse_cpuset(struct draft *d, const char *line)
{
	const char *cpuset = strstr(line, " cpuset=");
	const char *mems = strstr(cpuset, " mems_allowed=");

	if (!d->trigger.comm[0] && !d->strange)
		take_name(d, line, cpuset - line);
	if (mems)
		d->trigger.cpuset_mems = take_list(d, mems + strlen(" mems_allowed="));
}

/* What uname -m says, where the name of the release tells it. */
static void find_machine(struct draft *d, const char *release, size_t len)
{
	static const char *const machines[] = {
		"x86_64", "aarch64", "ppc64le", "ppc64", "s390x", "i686", "i586", "riscv64",
		"armv7l", "armv7hl",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(machines) && !d->machine; i++)
		if (memmem(release, len, machines[i], strlen(machines[i])))
			d->machine = draft_string(d, machines[i], strlen(machines[i]));
}

/* The word before " #1" is the release, whatever taints stand before it. */
static void find_release(struct draft *d, const char *line)
{
	const char *end = NULL, *at = line, *word;

	/* the last: a name may look so, too */
	while ((at = strstr(at + 1, " #")))
		if (isdigit((unsigned char)at[2]))
			end = at;
	if (!end)
		return;
	for (word = end; word > line && word[-1] != ' '; word--)
		;
	if (!isdigit((unsigned char)*word) || !memchr(word, '.', end - word))
		return;
	d->release = draft_string(d, word, end - word);
	find_machine(d, word, end - word);
}

static bool is_named(const char *line, const char *comm)
{
	const char *at = strstr(line, " Comm: ");
	size_t len = strlen(comm);

	if (!at)
		at = strstr(line, " comm: ");
	return at && !strncmp(at + 7, comm, len) && at[7 + len] == ' ';
}

/**
 * parse_cpu() - "CPU: 5 PID: 111 Comm: kswapd0 Not tainted 6.9.8 #1", "Pid: 118, comm: ..."
 * @d: draft
 * @line: line
 */
void parse_cpu(struct draft *d, const char *line)
{
	u64 v;

	if (d->trigger.pid != OOMX_NONE)
		return;
	if ((find_number(line, " PID: ", &v) || find_number(line, "Pid: ", &v)) && v < OOMX_NONE)
		d->trigger.pid = v;
	if (find_number(line, "CPU: ", &v) && v < OOMX_NONE)
		d->trigger.cpu = v;
	d->comm_twice = is_named(line, d->trigger.comm);
	if (find_number(line, " UID: ", &v) && v < OOMX_NONE)
		d->trigger.uid = v;
	find_release(d, line);
}

/* Frames above out_of_memory() are those of the printing. */
static void add_frame(struct draft *d, const char *frame, size_t len)
{
	if (d->stack_len + len >= STACK_BYTES_MAX) {
		d->trigger.flags |= OOMX_TRIGGER_STACK_CUT;
		return;
	}
	d->stack = xalloc(d->stack, d->stack_len + len + 1);
	memcpy(d->stack + d->stack_len, frame, len);
	d->stack[d->stack_len + len] = '\0';
	d->stack_len += len + 1;
}

/**
 * parse_frame() - a frame of the stack of the trigger
 * @d: draft
 * @line: line
 *
 * Those that the kernel is not sure of are left out.
 */
void parse_frame(struct draft *d, const char *line)
{
	const char *at = line + strspn(line, " ");

	if (*at == '[') {
		at += strcspn(at, "]");
		at += strspn(at, "] ");
	}
	if (*at == '?')
		return;
	if (d->below)
		add_frame(d, at, strcspn(at, " "));
	if (!strncmp(at, "out_of_memory+", 14))
		d->below = true;
	if (!strncmp(at, "kthread+", 8))
		d->trigger.flags |= OOMX_TRIGGER_KTHREAD;
	/* order -1 came later than the request by sysrq */
	if (!strncmp(at, "moom_callback+", 14))
		d->trigger.order = -1;
	if (!strncmp(at, "mem_cgroup_out_of_memory+", 25))
		d->memcg_words = true;
}

/**
 * parse_head_end() - may what stands in the name of the trigger be a host?
 * @d: draft, all lines of which were seen
 *
 * Behind a time that a daemon wrote without a tag, "host name" looks like a name with a space.
 */
void parse_head_end(struct draft *d)
{
	u32 times = PART_ISO | PART_SYSLOG | PART_UNIX;

	if (d->head_parts & times && !(d->head_parts & PART_TAG) && !d->comm_twice &&
	    strchr(d->trigger.comm, ' '))
		memset(d->trigger.comm, 0, sizeof(d->trigger.comm));
}
