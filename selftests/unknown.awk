# SPDX-License-Identifier: GPL-2.0
#
# usage: awk -v series=6.1 -f unknown.awk README.md
#
# README.md's table of what a kernel does not show, for one kernel: "section.name" of each value
# of zones, nodes and the machine that is not known there, and of memory.stat
#
#	stat all | stat only	what follows is unknown, or all that is known
#	stat PATTERN		of the name of a value
#
# A row that is not known here is an error: nobody would hold it against the kernels.

BEGIN {
	FS = " *[|] *"
	names["secondary page tables, swap cache"] = \
		"nodes.sec_pagetables_pages nodes.swapcached_pages system.swap_cache_pages"
	names["event `oom_group_kill`"] = "events.oom_group_kill"
	names["free pages of the highatomic reserve"] = "zones.free_highatomic_pages"
	names["bounce and writeback_tmp pages"] = "zones.bounce_pages nodes.writeback_tmp_pages"
	names["huge pages and vmalloc by node"] = "nodes.hugetlb_pages nodes.vmalloc_pages"
	names["balloon and GPU pages"] = \
		"nodes.balloon_pages nodes.gpu_active_pages nodes.gpu_reclaim_pages"
}

function bad(what) {
	print FILENAME ":" FNR ": " what
	failed = 1
}

# its columns: "| | 5.10 | 6.1 | 6.12 | 7.2, 7.3 |"
/^[|] [|] 5\.10 / {
	for (i = 3; i < NF; i++)
		if (index(", " $i ",", ", " series ","))
			column = i
	table = 1
	next
}
/^[|]---/ { next }
!/^[|]/ { table = 0 }
!table { next }
!column { exit }

function patterns(cell,    n, part, words, i) {
	n = split(cell, part, "`")
	for (i = 2; i <= n; i += 2)
		words = words " " part[i]
	n = split(words, part, " ")
	for (i = 1; i <= n; i++)
		print "stat " part[i]
}

$2 == "`memory.stat` of a cgroup" {
	if ($column ~ /^all but /) {
		print "stat all"
		patterns($column)
	} else if ($column == "the LRU lists, of the group that ran out") {
		print "stat only"
		patterns("`*active_anon *active_file unevictable`")
	} else {
		bad("memory.stat: " $column)
	}
	next
}
$2 == "page tables" {
	if ($column == "by node")
		print "zones.pagetables_pages"
	else if ($column != "by zone, summed up")
		bad("page tables: " $column)
	next
}
!($2 in names) { bad("no value is known for " $2); next }
$column ~ /^n\/a/ {
	n = split(names[$2], part, " ")
	for (i = 1; i <= n; i++)
		print part[i]
	next
}
$column != "yes" { bad($2 ": " $column) }

END {
	if (!column)
		bad("no column for " series)
	exit failed
}
