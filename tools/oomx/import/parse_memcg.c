// SPDX-License-Identifier: GPL-2.0
/*
 * The memory cgroup that hit its limit.
 */
#include "draft.h"
#include "oomx_names.h"

/* What cgroup v1 calls what v2 has another name for. */
static const struct {
	const char *name;
	u32 stat;
} old_names[] = {
	{ "cache", OOMX_STAT_FILE }, { "rss", OOMX_STAT_ANON },
	{ "rss_huge", OOMX_STAT_ANON_THP }, { "mapped_file", OOMX_STAT_FILE_MAPPED },
	{ "dirty", OOMX_STAT_FILE_DIRTY }, { "writeback", OOMX_STAT_FILE_WRITEBACK },
};

/* Limits from here on are none: PAGE_COUNTER_MAX of 64 kB pages, and of 32-bit machines. */
#define NO_LIMIT_KB	9007199254740928ULL
#define NO_LIMIT_32_KB	8589934588ULL

static void set(struct draft *d, u32 i, u64 value)
{
	d->has_memcg = true;
	oomx_put(&d->memcg.valid, d->memcg.v, i, value);
}

/**
 * parse_limit() - "Task in /a killed as a result of limit of /b"
 * @d: draft
 * @line: line
 */
void parse_limit(struct draft *d, const char *line)
{
	static const char middle[] = " killed as a result of limit of ";
	const char *own = line + strlen("Task in "), *limit = strstr(line, middle);

	d->memcg_words = true;
	d->victim_path = draft_string(d, own, limit - own);
	limit += strlen(middle);
	d->limit_path = draft_string(d, limit, strlen(limit));
}

/**
 * parse_usage() - "memory: usage 8388392kB, limit 8388608kB, failcnt 82406"
 * @d: draft
 * @line: line
 */
void parse_usage(struct draft *d, const char *line)
{
	u32 first = OOMX_MEMCG_USAGE;
	u64 v;

	if (!strncmp(line, "memory+swap:", 12))
		first = OOMX_MEMCG_MEMSW_USAGE;
	else if (!strncmp(line, "swap:", 5))
		first = OOMX_MEMCG_SWAP_USAGE;
	else if (!strncmp(line, "kmem:", 5))
		first = OOMX_MEMCG_KMEM_USAGE;
	if (first == OOMX_MEMCG_SWAP_USAGE)
		d->memcg.flags |= OOMX_MEMCG_V2;
	d->memcg_words = true;
	if (find_kb(line, "usage ", &v))
		set(d, first, v);
	if (find_kb(line, "limit ", &v))
		set(d, first + 1, v >= NO_LIMIT_KB || v == NO_LIMIT_32_KB ? OOMX_UNLIMITED : v);
	if (find_number(line, "failcnt ", &v))
		set(d, first + 2, v);
}

static int stat_index(const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(old_names); i++)
		if (strlen(old_names[i].name) == len && !memcmp(old_names[i].name, name, len))
			return old_names[i].stat;
	return name_index(oomx_stat_names, OOMX_STAT_NR, name, len);
}

static void add_old_stat(struct draft *d, u32 i, u64 kb)
{
	d->stat_valid |= 1ULL << i;
	d->stat[i] += oomx_stat_is_bytes(i) ? kb * 1024 : kb;
	if (!oomx_stat_is_bytes(i))
		d->stat_kb |= 1ULL << i;
}

/*
 * All on one line, for each group below the limit the pages of its own, even counts of pages
 * as kB. Source: mem_cgroup_print_oom_info() until 5.1.
 */
static void take_old_stats(struct draft *d, const char *line)
{
	struct pair p;
	int i;

	while (take_pair(&line, &p, true)) {
		if (p.len == 4 && !memcmp(p.name, "swap", 4))
			set(d, OOMX_MEMCG_SWAP_USAGE,
			    d->memcg.v[OOMX_MEMCG_SWAP_USAGE] + p.value);
		i = stat_index(p.name, p.len);
		if (i >= 0)
			add_old_stat(d, i, p.value);
	}
}

/**
 * parse_stats() - "Memory cgroup stats for /a: cache:0KB ..." or what stands above a list
 * @d: draft
 * @line: line
 *
 * The first is of the group that hit its limit, others are of groups below it.
 */
void parse_stats(struct draft *d, const char *line)
{
	const char *path = line + strlen("Memory cgroup stats"), *end;

	d->memcg_words = true;
	d->stats_of++;
	take(&path, " for ");
	end = strstr(path, ": ");
	if (!end)
		end = path + strlen(path) - (path[0] && path[strlen(path) - 1] == ':');
	if (!d->limit_path && *path == '/')
		d->limit_path = draft_string(d, path, end - path);
	take_old_stats(d, end);
}

/**
 * parse_stat() - "anon 8585138176"
 * @d: draft
 * @line: line
 */
void parse_stat(struct draft *d, const char *line)
{
	const char *name = line + strspn(line, " ");
	size_t len = strcspn(name, " ");
	u64 v;
	int i = name_index(oomx_stat_names, OOMX_STAT_NR, name, len);

	if (i < 0 || d->stats_of > 1 || !find_number(name, " ", &v))
		return;
	oomx_put(&d->stat_valid, d->stat, i, v);
}
