/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A report taken apart, on its way to a record.
 */
#ifndef _DRAFT_H
#define _DRAFT_H

#include "import.h"

/**
 * struct zone_draft - a zone as the log shows it
 * @zone: what becomes part of the record; in kB until the page size is known
 * @reserve: lowmem_reserve[], pages
 * @reserves: entries of @reserve
 * @buddy: free blocks by order
 * @orders: entries of @buddy
 */
struct zone_draft {
	struct oomx_zone zone;
	u64 reserve[MAX_ZONE_TYPES];
	u32 reserves;
	struct oomx_buddy buddy[MAX_ORDERS];
	u32 orders;
};

/**
 * struct victim_draft - a task that the log says was killed
 * @v: what becomes part of the record; sizes in kB
 * @total_vm_kb: as printed; 0: not told
 * @stamp: when it was said
 * @reaped: when the OOM reaper was done with it
 * @has_reaped: it was
 * @skipped: the OOM reaper gave up
 */
struct victim_draft {
	struct oomx_victim v;
	u64 total_vm_kb;
	struct stamp stamp;
	struct stamp reaped;
	bool has_reaped;
	bool skipped;
};

/**
 * struct decided - the end of the line "oom-kill:"
 * @pid: of the task
 * @uid: its user
 * @comm: its name
 */
struct decided {
	u32 pid;
	u32 uid;
	char comm[OOMX_COMM_LEN];
};

/* Columns of the task table, whatever their order. */
enum column {
	COL_UNKNOWN, COL_PID, COL_UID, COL_TGID, COL_TOTAL_VM, COL_RSS, COL_ANON, COL_FILE,
	COL_SHMEM, COL_PTES, COL_PMDS, COL_PUDS, COL_PGTABLES, COL_SWAP, COL_ADJ, COL_OLD_ADJ,
	COL_NAME,
};

/**
 * struct draft - a report taken apart
 * @trigger: of the record
 * @start: when the first line was written
 * @log: of the record
 * @strings: of the record
 * @strings_buf: memory of @strings
 * @release: string
 * @machine: string
 * @host: string
 * @limit_path: string: the cgroup that hit its limit
 * @victim_path: string: the cgroup of the victim
 * @page_size: bytes; 0: not known yet
 * @sys: enum oomx_system_value
 * @sys_valid: which of @sys are known
 * @nodes: per-node counters; the first is the whole machine
 * @added: of each node, the counters that were added up from its zones
 * @n_nodes: how many
 * @zones: array of @n_zones
 * @n_zones: how many
 * @meminfo: Mem-Info was seen, and its counters belong to this report
 * @saw_cache: "total pagecache pages" was seen
 * @memcg: the cgroup that hit its limit; sizes in kB
 * @has_memcg: there are numbers of it
 * @stat: memory.stat; pages where the kernel printed kB
 * @stat_valid: which of @stat are known
 * @stat_kb: which of @stat are in kB still
 * @stats_of: groups whose memory.stat was printed
 * @stack: frames, each with a NUL
 * @stack_len: bytes of @stack
 * @below: out_of_memory() was seen in the stack
 * @columns: of the task table
 * @n_columns: how many; 0: not known
 * @no_header: they follow from their number; rows may be missing
 * @tasks: array of @n_tasks
 * @n_tasks: how many
 * @tables_in_pages: their page tables are counted in pages, not bytes
 * @victims: array of @n_victims
 * @n_victims: how many
 * @by_pid: their indexes
 * @decided: task that "oom-kill:" names; pid 0: none
 * @result: enum oomx_result that the log tells; 0: none
 * @score: of the chosen task, as printed
 * @chosen: pid of the chosen task, where its child was killed; 0: the same
 * @chosen_comm: its name
 * @constraint: enum oomx_kind that "constraint=" tells; 0: none
 * @allocating: the kernel said oom_kill_allocating_task
 * @memcg_words: the kernel spoke of a memory cgroup
 * @group: memory.oom.group
 * @head_parts: of the prefix of the line that names the trigger
 * @comm_twice: another line names it, too
 * @strange: the kernel's own words begin behind something that is not known
 */
struct draft {
	struct oomx_trigger trigger;
	struct stamp start;
	struct oomx_log log;
	struct oomx_strings strings;
	char *strings_buf;
	u32 release;
	u32 machine;
	u32 host;
	u32 limit_path;
	u32 victim_path;
	u32 page_size;
	u64 sys[OOMX_SYS_NR];
	u64 sys_valid;
	struct oomx_node *nodes;
	u64 *added;
	u32 n_nodes;
	struct zone_draft *zones;
	u32 n_zones;
	bool meminfo;
	bool saw_cache;
	struct oomx_memcg memcg;
	bool has_memcg;
	u64 stat[OOMX_STAT_NR];
	u64 stat_valid;
	u64 stat_kb;
	u32 stats_of;
	char *stack;
	u32 stack_len;
	bool below;
	u8 columns[MAX_COLUMNS];
	u32 n_columns;
	bool no_header;
	struct oomx_task *tasks;
	u32 n_tasks;
	bool tables_in_pages;
	struct victim_draft *victims;
	u32 n_victims;
	struct pids by_pid;
	struct decided decided;
	u32 result;
	struct oomx_opt score;
	u32 chosen;
	char chosen_comm[OOMX_COMM_LEN];
	u32 constraint;
	bool allocating;
	bool memcg_words;
	bool group;
	u32 head_parts;
	bool comm_twice;
	bool strange;
};

/* parse.c */
struct draft *draft_of(const struct report *r);
void draft_free(struct draft *d);

/* words.c: words of a line */
bool take(const char **p, const char *word);
bool take_number(const char **p, u64 *v);
bool take_signed(const char **p, s64 *v);
bool find_number(const char *line, const char *after, u64 *v);
bool find_kb(const char *line, const char *after, u64 *v);
void take_comm(const char **p, const char *before, char comm[OOMX_COMM_LEN]);
void copy_comm(char to[OOMX_COMM_LEN], const char *from, size_t len);
u32 draft_string(struct draft *d, const char *from, size_t len);

/**
 * struct pair - "name:12kB"
 * @name: in the line
 * @len: bytes of @name
 * @value: the number
 */
struct pair {
	const char *name;
	size_t len;
	u64 value;
};

bool take_pair(const char **p, struct pair *pair, bool unit);
int name_index(const char *const *names, u32 n, const char *name, size_t len);

/* parse_head.c, parse_memory.c, parse_memcg.c, parse_tasks.c, parse_end.c */
void parse_head(struct draft *d, const char *line);
void parse_cpuset(struct draft *d, const char *line);
void parse_head_end(struct draft *d);
void parse_cpu(struct draft *d, const char *line);
void parse_frame(struct draft *d, const char *line);
void parse_global(struct draft *d, const char *line);
void parse_node(struct draft *d, const char *line);
void parse_zone(struct draft *d, const char *line);
void parse_reserve(struct draft *d, const char *line);
void parse_buddy(struct draft *d, const char *line);
void parse_total(struct draft *d, const char *line);
void parse_huge(struct draft *d, const char *line);
struct oomx_node *node_of(struct draft *d, u32 number);
void parse_limit(struct draft *d, const char *line);
void parse_usage(struct draft *d, const char *line);
void parse_stats(struct draft *d, const char *line);
void parse_stat(struct draft *d, const char *line);
void parse_columns(struct draft *d, const char *line);
void parse_row(struct draft *d, const char *line);
void parse_decision(struct draft *d, const char *line);
void parse_chosen(struct draft *d, const char *line);
void parse_killed(struct draft *d, const char *line, const struct stamp *when);
void parse_outcome(struct draft *d, enum line_kind kind);
void parse_decided(struct draft *d);
bool parse_reaped(const char *line, u32 *pid);
bool draft_reaped(struct draft *d, const char *line, enum line_kind kind,
		  const struct stamp *when);

bool decided_by(const char *line, struct decided *who);

/* pages.c */
void pages_end(struct draft *d);

/* layout.c */
void layout_zones(struct draft *d);

/* vintage.c */
void vintage_rules(struct draft *d);
bool vintage_known(const struct draft *d, const struct oomx_task *t);
s64 vintage_points(const struct draft *d, const struct oomx_task *t, u64 totalpages);

/**
 * struct totalpages - the base of the scores, between what the log allows
 * @min: at least
 * @max: at most; U64_MAX: any
 * @known: @min can be told; when it is @max, it is the base
 */
struct totalpages {
	u64 min;
	u64 max;
	bool known;
};

/* choice.c */
void choice_total(const struct draft *d, struct totalpages *t);
bool choice_whole(const struct draft *d);
u64 choice_make(struct draft *d, const struct totalpages *t, u64 v[OOMX_CHOICE_NR]);

/* build.c */
void build_event(struct draft *d, u64 id, struct events *to);

#endif /* _DRAFT_H */
