// SPDX-License-Identifier: GPL-2.0
/*
 * What the values of a record are called.
 */
#include "oomx_explain.h"
#include "oomx_names.h"

const char *const oomx_kind_names[OOMX_KIND_MANUAL + 1] = {
	[OOMX_KIND_GLOBAL]	= "global",
	[OOMX_KIND_MEMCG]	= "memcg",
	[OOMX_KIND_CPUSET]	= "cpuset",
	[OOMX_KIND_MEMPOLICY]	= "mempolicy",
	[OOMX_KIND_SYSRQ]	= "sysrq",
	[OOMX_KIND_MANUAL]	= "manual",
};

const char *const oomx_result_names[OOMX_RESULT_PANIC + 1] = {
	[OOMX_RESULT_KILLED]		= "killed",
	[OOMX_RESULT_GROUP_KILLED]	= "group_killed",
	[OOMX_RESULT_FREED_BY_NOTIFIER]	= "freed_by_notifier",
	[OOMX_RESULT_CURRENT_DYING]	= "current_dying",
	[OOMX_RESULT_VICTIM_EXITING]	= "victim_exiting",
	[OOMX_RESULT_NO_FS]		= "no_fs",
	[OOMX_RESULT_VICTIM_IN_FLIGHT]	= "victim_in_flight",
	[OOMX_RESULT_NO_KILLABLE]	= "no_killable",
	[OOMX_RESULT_PANIC]		= "panic",
};

const char *const oomx_status_names[OOMX_TASK_LOCKED + 1] = {
	[OOMX_TASK_CANDIDATE]	= "candidate",
	[OOMX_TASK_INIT]	= "init",
	[OOMX_TASK_KTHREAD]	= "kthread",
	[OOMX_TASK_OTHER_MEMCG]	= "other_memcg",
	[OOMX_TASK_OTHER_CPUSET] = "other_cpuset",
	[OOMX_TASK_OTHER_MEMPOLICY] = "other_mempolicy",
	[OOMX_TASK_IN_FLIGHT]	= "in_flight",
	[OOMX_TASK_OOM_SKIP]	= "oom_skip",
	[OOMX_TASK_OOM_ORIGIN]	= "oom_origin",
	[OOMX_TASK_NO_MM]	= "no_mm",
	[OOMX_TASK_ADJ_MIN]	= "adj_min",
	[OOMX_TASK_VFORK]	= "vfork",
	[OOMX_TASK_LOCKED]	= "locked",
};

const char *const oomx_node_names[OOMX_NODE_NR] = {
	[OOMX_NODE_ACTIVE_ANON]		= "active_anon",
	[OOMX_NODE_INACTIVE_ANON]	= "inactive_anon",
	[OOMX_NODE_ACTIVE_FILE]		= "active_file",
	[OOMX_NODE_INACTIVE_FILE]	= "inactive_file",
	[OOMX_NODE_UNEVICTABLE]		= "unevictable",
	[OOMX_NODE_ISOLATED_ANON]	= "isolated(anon)",
	[OOMX_NODE_ISOLATED_FILE]	= "isolated(file)",
	[OOMX_NODE_ANON_MAPPED]		= "anon_mapped",
	[OOMX_NODE_MAPPED]		= "mapped",
	[OOMX_NODE_FILE_PAGES]		= "file_pages",
	[OOMX_NODE_DIRTY]		= "dirty",
	[OOMX_NODE_WRITEBACK]		= "writeback",
	[OOMX_NODE_WRITEBACK_TEMP]	= "writeback_tmp",
	[OOMX_NODE_SHMEM]		= "shmem",
	[OOMX_NODE_SHMEM_THP]		= "shmem_thp",
	[OOMX_NODE_SHMEM_PMDMAPPED]	= "shmem_pmdmapped",
	[OOMX_NODE_FILE_THP]		= "file_thp",
	[OOMX_NODE_FILE_PMDMAPPED]	= "file_pmdmapped",
	[OOMX_NODE_ANON_THP]		= "anon_thp",
	[OOMX_NODE_KERNEL_STACK_KB]	= "kernel_stack",
	[OOMX_NODE_SHADOW_STACK_KB]	= "shadow_call_stack",
	[OOMX_NODE_PAGETABLES]		= "pagetables",
	[OOMX_NODE_SEC_PAGETABLES]	= "sec_pagetables",
	[OOMX_NODE_SLAB_RECLAIMABLE]	= "slab_reclaimable",
	[OOMX_NODE_SLAB_UNRECLAIMABLE]	= "slab_unreclaimable",
	[OOMX_NODE_MISC_RECLAIMABLE]	= "kernel_misc_reclaimable",
	[OOMX_NODE_SWAPCACHE]		= "swapcached",
	[OOMX_NODE_KSWAPD_FAILURES]	= "kswapd_failures",
	[OOMX_NODE_HUGETLB]		= "hugetlb",
	[OOMX_NODE_VMALLOC]		= "vmalloc",
	[OOMX_NODE_BALLOON]		= "balloon",
	[OOMX_NODE_GPU_ACTIVE]		= "gpu_active",
	[OOMX_NODE_GPU_RECLAIM]		= "gpu_reclaim",
};

const char *const oomx_zone_names[OOMX_ZONE_NR] = {
	[OOMX_ZONE_FREE]		= "free",
	[OOMX_ZONE_BOOST]		= "boost",
	[OOMX_ZONE_MIN]			= "min",
	[OOMX_ZONE_LOW]			= "low",
	[OOMX_ZONE_HIGH]		= "high",
	[OOMX_ZONE_RESERVED_HIGHATOMIC]	= "reserved_highatomic",
	[OOMX_ZONE_FREE_HIGHATOMIC]	= "free_highatomic",
	[OOMX_ZONE_ACTIVE_ANON]		= "active_anon",
	[OOMX_ZONE_INACTIVE_ANON]	= "inactive_anon",
	[OOMX_ZONE_ACTIVE_FILE]		= "active_file",
	[OOMX_ZONE_INACTIVE_FILE]	= "inactive_file",
	[OOMX_ZONE_UNEVICTABLE]		= "unevictable",
	[OOMX_ZONE_WRITEPENDING]	= "writepending",
	[OOMX_ZONE_SPANNED]		= "spanned",
	[OOMX_ZONE_PRESENT]		= "present",
	[OOMX_ZONE_MANAGED]		= "managed",
	[OOMX_ZONE_MLOCKED]		= "mlocked",
	[OOMX_ZONE_BOUNCE]		= "bounce",
	[OOMX_ZONE_ZSPAGES]		= "zspages",
	[OOMX_ZONE_PAGETABLES]		= "pagetables",
	[OOMX_ZONE_FREE_PCP]		= "free_pcp",
	[OOMX_ZONE_LOCAL_PCP]		= "local_pcp",
	[OOMX_ZONE_FREE_CMA]		= "free_cma",
	[OOMX_ZONE_CMA]			= "cma",
};

const char *const oomx_event_names[OOMX_EV_NR] = {
	[OOMX_EV_LOW]		= "low",
	[OOMX_EV_HIGH]		= "high",
	[OOMX_EV_MAX]		= "max",
	[OOMX_EV_OOM]		= "oom",
	[OOMX_EV_OOM_KILL]	= "oom_kill",
	[OOMX_EV_OOM_GROUP_KILL] = "oom_group_kill",
	[OOMX_EV_SWAP_HIGH]	= "swap_high",
	[OOMX_EV_SWAP_MAX]	= "swap_max",
	[OOMX_EV_SWAP_FAIL]	= "swap_fail",
};

const char *const oomx_stat_names[OOMX_STAT_NR] = {
	[OOMX_STAT_ANON]		= "anon",
	[OOMX_STAT_FILE]		= "file",
	[OOMX_STAT_KERNEL]		= "kernel",
	[OOMX_STAT_KERNEL_STACK]	= "kernel_stack",
	[OOMX_STAT_PAGETABLES]		= "pagetables",
	[OOMX_STAT_SEC_PAGETABLES]	= "sec_pagetables",
	[OOMX_STAT_PERCPU]		= "percpu",
	[OOMX_STAT_SOCK]		= "sock",
	[OOMX_STAT_VMALLOC]		= "vmalloc",
	[OOMX_STAT_SHMEM]		= "shmem",
	[OOMX_STAT_ZSWAP]		= "zswap",
	[OOMX_STAT_ZSWAPPED]		= "zswapped",
	[OOMX_STAT_FILE_MAPPED]		= "file_mapped",
	[OOMX_STAT_FILE_DIRTY]		= "file_dirty",
	[OOMX_STAT_FILE_WRITEBACK]	= "file_writeback",
	[OOMX_STAT_SWAPCACHED]		= "swapcached",
	[OOMX_STAT_ANON_THP]		= "anon_thp",
	[OOMX_STAT_FILE_THP]		= "file_thp",
	[OOMX_STAT_SHMEM_THP]		= "shmem_thp",
	[OOMX_STAT_INACTIVE_ANON]	= "inactive_anon",
	[OOMX_STAT_ACTIVE_ANON]		= "active_anon",
	[OOMX_STAT_INACTIVE_FILE]	= "inactive_file",
	[OOMX_STAT_ACTIVE_FILE]		= "active_file",
	[OOMX_STAT_UNEVICTABLE]		= "unevictable",
	[OOMX_STAT_SLAB_RECLAIMABLE]	= "slab_reclaimable",
	[OOMX_STAT_SLAB_UNRECLAIMABLE]	= "slab_unreclaimable",
	[OOMX_STAT_REFAULT_ANON]	= "workingset_refault_anon",
	[OOMX_STAT_REFAULT_FILE]	= "workingset_refault_file",
	[OOMX_STAT_ACTIVATE_ANON]	= "workingset_activate_anon",
	[OOMX_STAT_ACTIVATE_FILE]	= "workingset_activate_file",
	[OOMX_STAT_RESTORE_ANON]	= "workingset_restore_anon",
	[OOMX_STAT_RESTORE_FILE]	= "workingset_restore_file",
	[OOMX_STAT_NODERECLAIM]		= "workingset_nodereclaim",
	[OOMX_STAT_PGSCAN]		= "pgscan",
	[OOMX_STAT_PGSTEAL]		= "pgsteal",
	[OOMX_STAT_PGSCAN_KSWAPD]	= "pgscan_kswapd",
	[OOMX_STAT_PGSCAN_DIRECT]	= "pgscan_direct",
	[OOMX_STAT_PGSTEAL_KSWAPD]	= "pgsteal_kswapd",
	[OOMX_STAT_PGSTEAL_DIRECT]	= "pgsteal_direct",
	[OOMX_STAT_PGFAULT]		= "pgfault",
	[OOMX_STAT_PGMAJFAULT]		= "pgmajfault",
	[OOMX_STAT_PGREFILL]		= "pgrefill",
	[OOMX_STAT_PGACTIVATE]		= "pgactivate",
	[OOMX_STAT_PGDEACTIVATE]	= "pgdeactivate",
	[OOMX_STAT_PGLAZYFREE]		= "pglazyfree",
	[OOMX_STAT_PGLAZYFREED]		= "pglazyfreed",
	[OOMX_STAT_ZSWPIN]		= "zswpin",
	[OOMX_STAT_ZSWPOUT]		= "zswpout",
	[OOMX_STAT_THP_FAULT_ALLOC]	= "thp_fault_alloc",
	[OOMX_STAT_THP_COLLAPSE_ALLOC]	= "thp_collapse_alloc",
};

const char *const oomx_cause_names[OOMX_CAUSE_NR] = {
	[OOMX_CAUSE_UNKNOWN]		= "unknown",
	[OOMX_CAUSE_MEMCG_LIMIT]	= "memcg_limit",
	[OOMX_CAUSE_MEMCG_PARENT_LIMIT]	= "memcg_parent_limit",
	[OOMX_CAUSE_HOST_EXHAUSTED]	= "host_exhausted",
	[OOMX_CAUSE_HOST_LEAK_SLAB]	= "host_leak_slab",
	[OOMX_CAUSE_HOST_PAGETABLES]	= "host_pagetables",
	[OOMX_CAUSE_HOST_SHMEM]		= "host_shmem",
	[OOMX_CAUSE_HOST_HUGETLB]	= "host_hugetlb",
	[OOMX_CAUSE_HOST_UNACCOUNTED]	= "host_unaccounted",
	[OOMX_CAUSE_CPUSET]		= "cpuset",
	[OOMX_CAUSE_MEMPOLICY]		= "mempolicy",
	[OOMX_CAUSE_ZONE_RESERVE]	= "zone_reserve",
	[OOMX_CAUSE_FRAGMENTATION]	= "fragmentation",
	[OOMX_CAUSE_SYSRQ]		= "sysrq",
};

const char *const oomx_verdict_names[OOMX_VERDICT_NR] = {
	[OOMX_VERDICT_OK]		= "ok",
	[OOMX_VERDICT_BELOW_MIN]	= "below_min",
	[OOMX_VERDICT_RESERVE]		= "reserve",
	[OOMX_VERDICT_HIGHATOMIC]	= "highatomic",
	[OOMX_VERDICT_FRAGMENTED]	= "fragmented",
	[OOMX_VERDICT_INELIGIBLE]	= "ineligible",
};

/* In the order of the kernel's enum oom_constraint. */
const char *const oomx_constraint_names[4] = {
	"CONSTRAINT_NONE", "CONSTRAINT_CPUSET", "CONSTRAINT_MEMORY_POLICY", "CONSTRAINT_MEMCG",
};

/**
 * oomx_name() - a name from a table
 * @names: table
 * @n: its entries
 * @i: index, not trusted
 *
 * Context: Any.
 * Return: the name, or "unknown".
 */
const char *oomx_name(const char *const *names, u32 n, u32 i)
{
	return i < n && names[i] ? names[i] : "unknown";
}

/**
 * oomx_stat_is_bytes() - unit of a value of memory.stat
 * @stat: enum oomx_memcg_stat
 *
 * Context: Any.
 * Return: true for bytes, false for a number of events.
 */
bool oomx_stat_is_bytes(u32 stat)
{
	return stat < OOMX_STAT_REFAULT_ANON;
}

/**
 * oomx_node_is_pages() - unit of a value of a node
 * @value: enum oomx_node_value
 *
 * Context: Any.
 * Return: true for pages; false for kB or a number, see the enum.
 */
bool oomx_node_is_pages(u32 value)
{
	return value != OOMX_NODE_KERNEL_STACK_KB && value != OOMX_NODE_SHADOW_STACK_KB &&
	       value != OOMX_NODE_KSWAPD_FAILURES;
}
