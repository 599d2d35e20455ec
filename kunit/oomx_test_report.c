// SPDX-License-Identifier: GPL-2.0
/*
 * The printers: the exact text of small records, and what must never come out.
 */
#include "../core/text.c"
#include "../core/names.c"
#include "../core/facts.c"
#include "../core/balance.c"
#include "../core/holders.c"
#include "../core/watermark.c"
#include "../core/cause.c"
#include "../core/explain.c"
#include "../core/explain_memcg.c"
#include "../core/explain_zones.c"
#include "../core/advice.c"
#include "../core/summary.c"
#include "../core/history.c"
#include "../core/report_memory.c"
#include "../core/report_memcg.c"
#include "../core/report_tasks.c"
#include "../core/report.c"

#include "oomx_test.h"

/* What an SRE would read; the sums are worked out beside the numbers below. */
static const char expected[] =
	"OOM event 5: memcg\n"
	"2000-02-29 00:00:00.123456 UTC, 61.000002 s after boot\n"
	"host n/a, Linux 6.1.0 x86_64, 4 CPUs online\n"
	"boot abababab-abab-abab-abab-abababababab\n"
	"\n"
	"  Cause: memcg_parent_limit\n"
	"  The memory cgroup /shop, above the task's own /shop/db, is at its limit: it\n"
	"  uses 1000 kB of 1024 kB, so that the request would fit by now. It ran into the\n"
	"  limit 9 times (failcnt). Reclaim had left: page cache n/a.\n"
	"  eat\\x0a\\x1b[1m (pid 42) asked for 16 kB (order 2, GFP_KERNEL). How much swap\n"
	"  there is could not be read.\n"
	"  The highest badness of 2 candidates: task (pid 60) with 128 points (score\n"
	"  500), then task (pid 50) with 20 points (score 78).\n"
	"  task (pid 60) was marked to be killed; it held 512 kB resident and gave up its\n"
	"  memory after 5.000 ms.\n"
	"\n"
	"TRIGGER\n"
	"  task            eat\\x0a\\x1b[1m, pid 42, tgid 41, ppid 7, uid 1000\n"
	"  monotonic       60.000001 s\n"
	"  oom_score_adj   -5, on CPU 3\n"
	"  memory cgroup   /shop/db\n"
	"  gfp_mask        0xcc0 (GFP_KERNEL)\n"
	"  order           2\n"
	"  nodemask        (null)\n"
	"  cpuset mems     0\n"
	"  stack           a+0x1/0x2\n"
	"                  b+0x3/0x4\n"
	"\n"
	"ZONES, kB (min, low and high with their boost; *: open to the request)\n"
	"  node  zone         free       min       low      high   present   managed\n"
	"     0  Normal        400       440       n/a       n/a      4800      4000 *\n"
	"\n"
	"     0  Normal  free_pcp 12 lowmem_reserve[] 0 28\n"
	"\n"
	"BUDDY LISTS, free blocks (U unmovable, M movable, E reclaimable,\n"
	"H highatomic, C CMA, I isolated)\n"
	"     0  Normal  90*4kB(UE) 5*8kB(M) = 400kB\n"
	"\n"
	"MEMORY of the machine, kB\n"
	"  free                            400   10.0 % ####\n"
	"  free, on per-CPU lists           12    0.3 %\n"
	"  anonymous memory               2080   52.0 % #####################\n"
	"  page cache                      200    5.0 % ##\n"
	"  shared memory                   120    3.0 % #\n"
	"  kernel stacks                    32    0.8 %\n"
	"  unaccounted                    1156   28.9 % ############\n"
	"  managed                        4000  (beside 800 reserved at boot)\n"
	"  largest tasks: task (pid 60) 512 kB (12 %), task (pid 50) 80 kB (2 %), task\n"
	"    (pid 1) 40 kB (1 %)\n"
	"  largest cgroups, by the tasks in them: n/a\n"
	"\n"
	"NODES, kB (kswapd_failures: from 16 on \"all_unreclaimable\")\n"
	"  all nodes     active_anon 2200 inactive_file 200 file_pages 320 shmem 120\n"
	"                kernel_stack 32\n"
	"  swap kB: total n/a, free n/a, swap cache n/a; page cache in all 320\n"
	"  beside: per-CPU areas n/a (partly reserved at boot), CMA n/a, hwpoisoned n/a\n"
	"\n"
	"MEMORY CGROUPS, kB (events and workingset_*: numbers), from the\n"
	"one that hit its limit (*) to the root\n"
	"        usage        max       high        low        min  failcnt  path\n"
	" *       1000       1024        max        n/a        n/a        9  /shop\n"
	"  /shop (id 77)\n"
	"    memory: highest usage ever n/a\n"
	"    events: low n/a high n/a max n/a oom n/a oom_kill n/a oom_group_kill n/a\n"
	"            swap_high n/a swap_max n/a swap_fail n/a\n"
	"    stat:   n/a: anon file kernel kernel_stack pagetables sec_pagetables percpu\n"
	"            sock vmalloc shmem zswap zswapped file_mapped file_dirty\n"
	"            file_writeback swapcached anon_thp file_thp shmem_thp inactive_anon\n"
	"            active_anon inactive_file active_file unevictable slab_reclaimable\n"
	"            slab_unreclaimable workingset_refault_anon workingset_refault_file\n"
	"            workingset_activate_anon workingset_activate_file\n"
	"            workingset_restore_anon workingset_restore_file\n"
	"            workingset_nodereclaim pgscan pgsteal pgscan_kswapd pgscan_direct\n"
	"            pgsteal_kswapd pgsteal_direct pgfault pgmajfault pgrefill pgactivate\n"
	"            pgdeactivate pglazyfree pglazyfreed zswpin zswpout thp_fault_alloc\n"
	"            thp_collapse_alloc\n"
	"\n"
	"CANDIDATES by badness; points are pages, score is points per 1000 of 256 pages\n"
	"rank  score    points    rss kB  swap kB  pgt kB   adj     pid name\n"
	"   1    500       128       512        0       0     0      60 task\n"
	"   2     78        20        80        0       0     0      50 task\n"
	"   -      -         -        40        0       0     0       1 task [init]\n"
	"\n"
	"  the same tasks: who they are, started (s after boot), memory in kB\n"
	"   pid   tgid   ppid    uid thr   started  total_vm    anon   file  shmem cgroup\n"
	"    60     60      0      0   0       1.5         0     512      0      0 n/a\n"
	"    50     50      0      0   0       1.5         0      80      0      0 n/a\n"
	"     1      1      0      0   0       1.5         0      40      0      0 n/a\n"
	"\n"
	"  and 1 kernel threads, never candidates:\n"
	"    kthreadd(2)\n"
	"\n"
	"WHAT BECAME OF IT\n"
	"  outcome: killed\n"
	"  after 2.000 ms: task (pid 60) marked as victim\n"
	"    tgid 60, uid 0, oom_score_adj 0; it held, in kB:\n"
	"    anon 512, file 0, shmem 0, swap 0, page tables 0\n"
	"    the kernel's own numbers: CONSTRAINT_MEMCG,\n"
	"    totalpages 256, points 128\n"
	"  after 5.000 ms: pid 60 gave up its address space\n"
	"\n"
	"CAPTURE\n"
	"  took 1.234 ms, 1592 bytes, record 0\n"
	"  by ftrace, interrupts off, preemption on\n"
	"  left out: tasks not looked at, for lack of time 7 paths of cgroups 3\n"
	"  locked tasks 4\n";

#define RECORD_SIZE	4096
#define TEXT_SIZE	16384

/* A record in the making, and its strings. */
struct draft {
	struct oomx_builder b;
	struct oomx_strings strings;
	char text[512];
	u64 buf[RECORD_SIZE / sizeof(u64)];
};

static void draft_trigger(struct draft *d, u32 kind)
{
	struct oomx_trigger *t = oomx_build_table(&d->b, OOMX_SEC_TRIGGER, sizeof(*t), 1);

	t->realtime_ns = 951782400123456789ULL;		/* 2000-02-29 00:00:00 UTC */
	t->boottime_ns = 61000002000ULL;
	t->monotonic_ns = 60000001999ULL;
	t->pid = 42;
	t->tgid = 41;
	t->ppid = 7;
	t->uid = 1000;
	t->oom_score_adj = -5;
	t->order = 2;
	t->gfp_mask = 0xcc0;
	t->cpu = 3;
	t->kind = kind;
	t->gfp_flags = oomx_strings_add(&d->strings, "GFP_KERNEL");
	t->memcg = oomx_strings_add(&d->strings, "/shop/db");
	t->nodemask = oomx_strings_add(&d->strings, "(null)");
	t->cpuset_mems = oomx_strings_add(&d->strings, "0");
	memcpy(t->comm, "eat\n\x1b[1m", 8);
}

static void draft_system(struct draft *d)
{
	struct oomx_system *s = oomx_build_table(&d->b, OOMX_SEC_SYSTEM, sizeof(*s), 1);

	memset(s->boot_id, 0xab, sizeof(s->boot_id));
	s->page_size = 4096;
	s->nr_orders = 2;
	s->release = oomx_strings_add(&d->strings, "6.1.0");
	s->machine = oomx_strings_add(&d->strings, "x86_64");
	s->migratetypes = oomx_strings_add(&d->strings, "UME");
	s->online_cpus = 4;
}

/* 1000 managed pages, 100 of them free: 90 single ones and 5 pairs. */
static void draft_zone(struct draft *d)
{
	struct oomx_zone *z = oomx_build_table(&d->b, OOMX_SEC_ZONE, sizeof(*z), 1);
	struct oomx_buddy *buddy;
	u64 *reserve;

	strcpy(z->name, "Normal");
	z->flags = OOMX_ZONE_IN_ALL;
	z->valid = 1ULL << OOMX_ZONE_FREE | 1ULL << OOMX_ZONE_MIN | 1ULL << OOMX_ZONE_PRESENT |
		   1ULL << OOMX_ZONE_MANAGED | 1ULL << OOMX_ZONE_FREE_PCP;
	z->v[OOMX_ZONE_FREE] = 100;
	z->v[OOMX_ZONE_MIN] = 110;
	z->v[OOMX_ZONE_PRESENT] = 1200;
	z->v[OOMX_ZONE_MANAGED] = 1000;
	z->v[OOMX_ZONE_FREE_PCP] = 3;
	buddy = oomx_build_table(&d->b, OOMX_SEC_BUDDY, 2 * sizeof(*buddy), 1);
	buddy[0] = (struct oomx_buddy){ .free = 90, .types = 5 };
	buddy[1] = (struct oomx_buddy){ .free = 5, .types = 2 };
	reserve = oomx_build_table(&d->b, OOMX_SEC_RESERVE, 2 * sizeof(*reserve), 1);
	reserve[1] = 7;
}

/* 600 pages on the LRU lists: 50 page cache, 30 shared, so 520 anonymous; 8 of stacks. */
static void draft_node(struct draft *d)
{
	struct oomx_node *n = oomx_build_table(&d->b, OOMX_SEC_NODE, sizeof(*n), 1);

	n->node = OOMX_NODE_ALL;
	n->valid = 1ULL << OOMX_NODE_ACTIVE_ANON | 1ULL << OOMX_NODE_INACTIVE_FILE |
		   1ULL << OOMX_NODE_FILE_PAGES | 1ULL << OOMX_NODE_SHMEM |
		   1ULL << OOMX_NODE_KERNEL_STACK_KB;
	n->v[OOMX_NODE_ACTIVE_ANON] = 550;
	n->v[OOMX_NODE_INACTIVE_FILE] = 50;
	n->v[OOMX_NODE_FILE_PAGES] = 80;
	n->v[OOMX_NODE_SHMEM] = 30;
	n->v[OOMX_NODE_KERNEL_STACK_KB] = 32;
}

static void draft_memcg(struct draft *d)
{
	struct oomx_memcg *m = oomx_build_table(&d->b, OOMX_SEC_MEMCG, sizeof(*m), 1);

	m->id = 77;
	m->path = oomx_strings_add(&d->strings, "/shop");
	m->flags = OOMX_MEMCG_IS_OOM | OOMX_MEMCG_V2;
	m->valid = 1ULL << OOMX_MEMCG_USAGE | 1ULL << OOMX_MEMCG_MAX | 1ULL << OOMX_MEMCG_FAILCNT |
		   1ULL << OOMX_MEMCG_HIGH;
	m->v[OOMX_MEMCG_USAGE] = 250;
	m->v[OOMX_MEMCG_MAX] = 256;
	m->v[OOMX_MEMCG_FAILCNT] = 9;
	m->v[OOMX_MEMCG_HIGH] = OOMX_UNLIMITED;
}

static void draft_task(struct oomx_task *t, u32 pid, u8 status, s64 points)
{
	t->pid = pid;
	t->tgid = pid;
	t->status = status;
	t->scan = pid;
	t->points = points;
	t->rss_anon = points;
	t->cgroup = OOMX_NONE;
	t->start_ns = 1500000000;
	t->flags = OOMX_TASK_HAS_MM | (status == OOMX_TASK_CANDIDATE ? OOMX_TASK_HAS_POINTS : 0);
	memcpy(t->comm, "task", 5);
}

static void draft_tasks(struct draft *d)
{
	struct oomx_task *t = oomx_build_table(&d->b, OOMX_SEC_TASK, sizeof(*t), 3);
	struct oomx_kthread *k;
	u64 *cap;

	draft_task(&t[0], 1, OOMX_TASK_INIT, 10);
	draft_task(&t[1], 50, OOMX_TASK_CANDIDATE, 20);
	draft_task(&t[2], 60, OOMX_TASK_CANDIDATE, 128);
	k = oomx_build_table(&d->b, OOMX_SEC_KTHREAD, sizeof(*k), 1);
	k->pid = 2;
	memcpy(k->comm, "kthreadd", 9);
	cap = oomx_build_table(&d->b, OOMX_SEC_CAPTURE, OOMX_VALUES_SIZE(OOMX_CAP_NR), 1);
	cap[0] = (1ULL << OOMX_CAP_NR) - 1;
	cap[1 + OOMX_CAP_NS] = 1234567;
	cap[1 + OOMX_CAP_CANDIDATES] = 2;
	cap[1 + OOMX_CAP_KTHREADS] = 1;
	cap[1 + OOMX_CAP_TOTALPAGES] = 256;
	cap[1 + OOMX_CAP_LOCKED] = 4;
	cap[1 + OOMX_CAP_PATHS_SKIPPED] = 3;
	cap[1 + OOMX_CAP_UNSEEN] = 7;
	cap[1 + OOMX_CAP_CONTEXT] = OOMX_CONTEXT_FTRACE | OOMX_CONTEXT_IRQS_OFF |
				    OOMX_CONTEXT_PREEMPT_KNOWN;
}

static struct draft *draft_begin(struct kunit *test)
{
	struct draft *d = oomx_test_alloc(test, sizeof(*d));

	oomx_strings_init(&d->strings, d->text, sizeof(d->text));
	oomx_build_begin(&d->b, d->buf, sizeof(d->buf), OOMX_RECORD_EVENT, 5);
	return d;
}

static struct oomx_view draft_end(struct kunit *test, struct draft *d)
{
	struct oomx_view view = { .event = (const struct oomx_record *)d->buf };

	oomx_build_copy(&d->b, OOMX_SEC_STRINGS, d->text, 1, d->strings.len);
	oomx_build_end(&d->b);
	KUNIT_ASSERT_FALSE(test, d->b.overflow);
	OOMX_EXPECT_EQ(test, oomx_record_check(d->buf, sizeof(d->buf), NULL), 0);
	view.order = oomx_test_alloc(test, 8 * sizeof(*view.order));
	return view;
}

static struct oomx_view whole_record(struct kunit *test)
{
	struct draft *d = draft_begin(test);

	draft_trigger(d, OOMX_KIND_MEMCG);
	draft_system(d);
	draft_memcg(d);
	draft_zone(d);
	draft_node(d);
	draft_tasks(d);
	oomx_build_copy(&d->b, OOMX_SEC_STACK, "a+0x1/0x2\0b+0x3/0x4", 1, 20);
	return draft_end(test, d);
}

static const char *print_report(struct kunit *test, const struct oomx_view *view)
{
	char *text = oomx_test_alloc(test, TEXT_SIZE);

	KUNIT_EXPECT_LT(test, oomx_report(view, text, TEXT_SIZE), (size_t)TEXT_SIZE);
	return text;
}

/* Victim 60 was marked after 2 ms and gave up its memory after 5 ms. */
static void add_followups(struct kunit *test, struct oomx_view *view)
{
	u8 *buf = oomx_test_alloc(test, 512);
	struct oomx_builder b;
	struct oomx_victim *v;
	struct oomx_release *r;
	u64 *decision;

	oomx_build_begin(&b, buf, 256, OOMX_RECORD_FOLLOWUP, 5);
	v = oomx_build_table(&b, OOMX_SEC_VICTIM, sizeof(*v), 1);
	*v = (struct oomx_victim){ .after_ns = 2000000, .rss_anon = 128, .pid = 60, .tgid = 60 };
	memcpy(v->comm, "task", 5);
	decision = oomx_build_table(&b, OOMX_SEC_DECISION, OOMX_VALUES_SIZE(OOMX_DEC_NR), 1);
	decision[0] = 7;
	decision[1 + OOMX_DEC_TOTALPAGES] = 256;
	decision[1 + OOMX_DEC_CONSTRAINT] = 3;
	decision[1 + OOMX_DEC_CHOSEN_POINTS] = 128;
	view->followups_len = oomx_build_end(&b);
	oomx_build_begin(&b, buf + view->followups_len, 256, OOMX_RECORD_FOLLOWUP, 5);
	r = oomx_build_table(&b, OOMX_SEC_RELEASE, sizeof(*r), 1);
	*r = (struct oomx_release){ .after_ns = 5000000, .pid = 60, .tgid = 60 };
	view->followups_len += oomx_build_end(&b);
	view->followups = buf;
}

static void report_is_exact(struct kunit *test)
{
	struct oomx_view view = whole_record(test);

	add_followups(test, &view);
	KUNIT_EXPECT_STREQ(test, print_report(test, &view), (const char *)expected);
}

static void line_is_exact(struct kunit *test)
{
	struct oomx_view view = whole_record(test);
	struct oomx_line *line = oomx_test_alloc(test, sizeof(*line));
	char *buf = oomx_test_alloc(test, 256);
	struct oomx_text t = { .buf = buf, .size = 256 };

	add_followups(test, &view);
	oomx_line_add(line, view.event);
	oomx_line_add(line, view.followups);
	oomx_line_print(&t, line);
	oomx_text_end(&t);
	KUNIT_EXPECT_STREQ(test, (const char *)buf,
			   "5 2000-02-29 00:00:00.123456 UTC memcg /shop; "
			   "trigger eat\\x0a\\x1b[1m (pid 42), order 2; "
			   "victim task (pid 60)\n");
}

/* A path that does not fit into a line is cut, and the line says so. */
static void long_path_is_cut(struct kunit *test)
{
	struct oomx_line *line = oomx_test_alloc(test, sizeof(*line));
	char *path = oomx_test_alloc(test, OOMX_LINE_PATH + 1), *buf;
	struct draft *d = draft_begin(test);
	struct oomx_memcg *m;
	struct oomx_text t = { .size = 512 };

	memset(path, 'x', OOMX_LINE_PATH);
	draft_trigger(d, OOMX_KIND_MEMCG);
	m = oomx_build_table(&d->b, OOMX_SEC_MEMCG, sizeof(*m), 1);
	m->path = oomx_strings_add(&d->strings, path);
	oomx_line_add(line, draft_end(test, d).event);
	buf = oomx_test_alloc(test, t.size);
	t.buf = buf;
	oomx_line_print(&t, line);
	oomx_text_end(&t);
	path[OOMX_LINE_PATH - 1] = '\0';
	KUNIT_EXPECT_TRUE(test, strstr(buf, path));
	KUNIT_EXPECT_TRUE(test, strstr(buf, "xx... (cut); trigger"));
}

/* A record that holds only its trigger: nothing is made up, and nothing breaks. */
static void unknown_is_not_zero(struct kunit *test)
{
	struct draft *d = draft_begin(test);
	struct oomx_view view;
	const char *text;

	draft_trigger(d, OOMX_KIND_GLOBAL);
	view = draft_end(test, d);
	text = print_report(test, &view);
	KUNIT_EXPECT_TRUE(test, strstr(text, "The machine is out of memory: n/a of n/a are free."));
	KUNIT_EXPECT_TRUE(test, strstr(text, "n/a: counters are missing"));
	KUNIT_EXPECT_TRUE(test, strstr(text, "n/a: no memory controller"));
	KUNIT_EXPECT_TRUE(test, strstr(text, "No task could be killed."));
	KUNIT_EXPECT_TRUE(test, strstr(text, "nothing was recorded after the trigger"));
	KUNIT_EXPECT_TRUE(test, strstr(text, "boot n/a"));
	KUNIT_EXPECT_TRUE(test, strstr(text, "CAPTURE\n  took n/a, "));
	KUNIT_EXPECT_TRUE(test, strstr(text, "what was left out is not known"));
	KUNIT_EXPECT_FALSE(test, strstr(text, "nothing was left out"));
}

/* Nobody is said to come first where others have points that are not known. */
static void points_may_be_unknown(struct kunit *test)
{
	struct oomx_view view = whole_record(test);
	struct oomx_table tasks = oomx_record_table(view.event, OOMX_SEC_TASK);
	struct oomx_task *task = (struct oomx_task *)tasks.data;
	const char *text;

	task[1].flags &= ~OOMX_TASK_HAS_POINTS;
	text = print_report(test, &view);
	KUNIT_EXPECT_FALSE(test, strstr(text, "highest badness"));
	KUNIT_EXPECT_TRUE(test, strstr(text, "The points of 1 of 2"));
	KUNIT_EXPECT_TRUE(test, strstr(text, "task (pid 60) with 128"));
	task[2].flags &= ~OOMX_TASK_HAS_POINTS;
	text = print_report(test, &view);
	KUNIT_EXPECT_TRUE(test, strstr(text, "The points of 2 of 2"));
	KUNIT_EXPECT_TRUE(test, strstr(text, "largest:"));
}

/* Where the machine's memory is matters when the machine is out of it. */
static void machine_is_told(struct kunit *test)
{
	struct draft *d = draft_begin(test);
	struct oomx_view view;
	const char *text;

	draft_trigger(d, OOMX_KIND_GLOBAL);
	draft_system(d);
	draft_zone(d);
	draft_node(d);
	view = draft_end(test, d);
	text = print_report(test, &view);
	KUNIT_EXPECT_TRUE(test, strstr(text, "the most is: anonymous memory 2080 kB (52 %),"));
	KUNIT_EXPECT_TRUE(test, strstr(text, "The one zone"));
}

/* All of the text, whatever the names are: printable, and lines. */
static void nothing_raw_comes_out(struct kunit *test)
{
	struct draft *d = draft_begin(test);
	struct oomx_view view;
	struct oomx_task *t;
	const char *c;

	draft_trigger(d, OOMX_KIND_SYSRQ);
	draft_zone(d);
	t = oomx_build_table(&d->b, OOMX_SEC_TASK, sizeof(*t), 1);
	memset(t->comm, 0xff, sizeof(t->comm));		/* not even terminated */
	t->comm[3] = '\n';
	view = draft_end(test, d);
	for (c = print_report(test, &view); *c; c++)
		KUNIT_EXPECT_TRUE(test, *c == '\n' || (*c >= ' ' && *c < 0x7f));
}

/* As snprintf(): the length of the whole text whatever the room, and always a NUL. */
static void measures_as_snprintf(struct kunit *test)
{
	struct oomx_view view = whole_record(test);
	char *text = oomx_test_alloc(test, TEXT_SIZE);
	size_t len = oomx_report(&view, NULL, 0);

	OOMX_EXPECT_EQ(test, oomx_report(&view, text, TEXT_SIZE), len);
	OOMX_EXPECT_EQ(test, strlen(text), len);
	text[10] = 'x';
	OOMX_EXPECT_EQ(test, oomx_report(&view, text, 10), len);
	OOMX_EXPECT_EQ(test, strlen(text), 9);
	OOMX_EXPECT_EQ(test, text[10], 'x');
}

/* The lines for the console, each with its breaks. There is no order of the tasks. */
static const char *panic_text(struct kunit *test, struct oomx_view view)
{
	struct oomx_facts *f = oomx_test_alloc(test, sizeof(*f));
	char *buf = oomx_test_alloc(test, 1024);
	struct oomx_text t = { .buf = buf, .size = 1024 };
	u32 i;

	view.order = NULL;
	oomx_facts_load(f, &view);
	for (i = 0; i < OOMX_PANIC_LINES; i++) {
		oomx_wrap(&t, 0);
		oomx_report_panic(&t, f, i);
		oomx_wrap_end(&t);
		oomx_print(&t, "\n");
	}
	oomx_text_end(&t);
	return buf;
}

static void panic_is_exact(struct kunit *test)
{
	KUNIT_EXPECT_STREQ(test, panic_text(test, whole_record(test)),
			   "Cause: memcg_parent_limit. The memory cgroup /shop, above the task's own\n"
			   "/shop/db, is at its limit: it uses 1000 kB of 1024 kB, so that the request would\n"
			   "fit by now. It ran into the limit 9 times (failcnt). Reclaim had left: page\n"
			   "cache n/a.\n"
			   "eat\\x0a\\x1b[1m (pid 42) asked for 16 kB (order 2, GFP_KERNEL). How much swap\n"
			   "there is could not be read.\n"
			   "7 tasks were not looked at, for lack of time. The highest badness of 2\n"
			   "candidates: task (pid 60) with 128 points (score 500).\n");
}

/* "System is deadlocked on memory": the largest of those that may not be killed, and why. */
static void panic_tells_who_is_spared(struct kunit *test)
{
	struct draft *d = draft_begin(test);
	struct oomx_task *t;

	draft_trigger(d, OOMX_KIND_GLOBAL);
	t = oomx_build_table(&d->b, OOMX_SEC_TASK, sizeof(*t), 3);
	draft_task(&t[0], 1, OOMX_TASK_INIT, 10);
	draft_task(&t[1], 60, OOMX_TASK_ADJ_MIN, 128);
	draft_task(&t[2], 70, OOMX_TASK_ADJ_MIN, 20);
	KUNIT_EXPECT_TRUE(test, strstr(panic_text(test, draft_end(test, d)),
				       "No task could be killed. Not task (pid 60) with 512 kB: "));
}

/* A record without tasks: nothing is said of them. */
static void panic_without_tasks(struct kunit *test)
{
	struct draft *d = draft_begin(test);

	draft_trigger(d, OOMX_KIND_GLOBAL);
	KUNIT_EXPECT_FALSE(test, strstr(panic_text(test, draft_end(test, d)), "task"));
}

/* 100 + 3 + 520 + 50 + 30 + 8 are explained, 289 are not: 1000 managed pages. */
static void balance_adds_up(struct kunit *test)
{
	struct oomx_view view = whole_record(test);
	struct oomx_balance parts[OOMX_BALANCE_MAX];
	struct oomx_facts *f = oomx_test_alloc(test, sizeof(*f));
	s64 sum = 0;
	u32 n, i;

	oomx_facts_load(f, &view);
	n = oomx_balance(f, parts);
	for (i = 0; i < n; i++)
		sum += parts[i].pages;
	OOMX_EXPECT_EQ(test, sum, 1000);
	KUNIT_EXPECT_STREQ(test, parts[n - 1].name, "unaccounted");
	OOMX_EXPECT_EQ(test, parts[n - 1].pages, 289);
}

/* Counters that cannot be: a bar has an end, and so has the text. */
static void bars_have_an_end(struct kunit *test)
{
	struct oomx_view view = whole_record(test);
	struct oomx_table zones = oomx_record_table(view.event, OOMX_SEC_ZONE);

	((struct oomx_zone *)zones.data)->v[OOMX_ZONE_FREE] = S64_MAX;
	OOMX_EXPECT_EQ(test, oomx_report(&view, NULL, 0) < TEXT_SIZE, true);
}

/* Days that calendars get wrong; seconds since 1970 from date(1). */
static void dates_are_right(struct kunit *test)
{
	static const struct {
		u64 s;
		const char *text;
	} rows[] = {
		{ 0, "1970-01-01 00:00:00.000000 UTC" },
		{ 951868799, "2000-02-29 23:59:59.000000 UTC" },
		{ 951868800, "2000-03-01 00:00:00.000000 UTC" },
		{ 1709164800, "2024-02-29 00:00:00.000000 UTC" },
		{ 1798761599, "2026-12-31 23:59:59.000000 UTC" },
		{ 4107542400, "2100-03-01 00:00:00.000000 UTC" },
	};
	char buf[64];
	u32 i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct oomx_text t = { .buf = buf, .size = sizeof(buf) };

		oomx_print_time(&t, rows[i].s * 1000000000);
		oomx_text_end(&t);
		KUNIT_EXPECT_STREQ(test, (const char *)buf, rows[i].text);
	}
}

static struct kunit_case report_cases[] = {
	KUNIT_CASE(report_is_exact),
	KUNIT_CASE(line_is_exact),
	KUNIT_CASE(long_path_is_cut),
	KUNIT_CASE(unknown_is_not_zero),
	KUNIT_CASE(points_may_be_unknown),
	KUNIT_CASE(machine_is_told),
	KUNIT_CASE(nothing_raw_comes_out),
	KUNIT_CASE(measures_as_snprintf),
	KUNIT_CASE(panic_is_exact),
	KUNIT_CASE(panic_tells_who_is_spared),
	KUNIT_CASE(panic_without_tasks),
	KUNIT_CASE(balance_adds_up),
	KUNIT_CASE(bars_have_an_end),
	KUNIT_CASE(dates_are_right),
	{}
};

struct kunit_suite oomx_report_suite = {
	.name = "oomx_report",
	.test_cases = report_cases,
};
