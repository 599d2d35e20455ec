# SPDX-License-Identifier: GPL-2.0
#
# /proc/oomx/last, or the report of an imported event, as lines "key value". Sizes in kB.

function put(key, value) { print key, value }

# "name value name value ..." from word i on, under a prefix
function pairs(prefix, i,    name) {
	for (; i < NF; i += 2) {
		if ($i == "n/a:") {
			for (i++; i <= NF; i++)
				put(prefix "." $i, "n/a")
			missing = 1
			return
		}
		name = $i
		gsub(/\(/, "_", name)
		gsub(/\)/, "", name)
		put(prefix "." name, $(i + 1))
		if (prefix == node) {
			sum[name] = $(i + 1)
			if (name == "kswapd_failures")
				put(prefix ".all_unreclaimable", $(i + 1) >= 16 ? "yes" : "no")
			if (all)
				put("global." name, $(i + 1))
		}
	}
}

function text_from(column) { return substr($0, column) }

/^[A-Z][A-Z]+/ { section = $1 " " $2; table = 0 }

section ~ /^TRIGGER/ && /^  task / {
	line = text_from(19)
	sub(/( \(kernel thread\))?, pid [0-9]+, tgid .*/, "", line)
	put("trigger.comm", line)
}
section ~ /^TRIGGER/ && /^  oom_score_adj / { put("trigger.adj", $2 + 0) }
section ~ /^TRIGGER/ && /^  gfp_mask / {
	put("trigger.gfp_mask", $2)
	gsub(/[()]/, "", $3)
	put("trigger.gfp_flags", $3)
}
section ~ /^TRIGGER/ && /^  order / { put("trigger.order", $2) }
section ~ /^TRIGGER/ && /^  nodemask / { put("trigger.nodemask", $2) }
section ~ /^TRIGGER/ && /^  cpuset mems / { put("trigger.mems", $3) }
section ~ /^TRIGGER/ && /^  stack / { put("stack." frames++, $2); next }
section ~ /^TRIGGER/ && frames && /^                  [^ (]/ { put("stack." frames++, $1) }

# The table of the zones, then the rest of their counters in words.
section ~ /^ZONES/ && /^ +[0-9]+  [A-Za-z]/ && !words {
	prefix = "zone." $1 "." $2
	put(prefix ".free", $3); put(prefix ".min", $4); put(prefix ".low", $5)
	put(prefix ".high", $6); put(prefix ".present", $7); put(prefix ".managed", $8)
	free += $3; present += $7; managed += $8
	next
}
section ~ /^ZONES/ && /^$/ {
	words = 1
	next
}
section ~ /^ZONES/ && words {
	i = 1
	if ($0 ~ /^ {0,8}[0-9]/) {
		if (reserve != "")
			put(zone ".lowmem_reserve", reserve)
		zone = "zone." $1 "." $2
		reserve = ""; inside = 0; i = 3
	}
	for (; i <= NF; i++) {
		if ($i == "lowmem_reserve[]") {
			inside = 1
		} else if (inside) {
			reserve = reserve (reserve != "" ? "," : "") $i
		} else if (held == "") {
			held = $i
		} else {
			put(zone "." held, $i)
			sum[held] += $i
			held = ""
		}
	}
}
section ~ /^BUDDY/ && reserve != "" {
	put(zone ".lowmem_reserve", reserve)
	put("global.free", free)
	put("global.free_pcp", sum["free_pcp"])
	put("global.free_cma", sum["free_cma"])
	put("global.bounce", sum["bounce"])
	put("total.present", present)
	put("total.reserved", present - managed)
	reserve = ""
}

section ~ /^BUDDY/ && /\*/ {
	i = 1
	if ($0 ~ /^ {0,8}[0-9]+  [A-Za-z]/) {
		buddy = $1 "." $2
		i = 3
	}
	for (; i <= NF && $i != "="; i++) {
		n = split($i, part, /[*()]/)
		put("buddy." buddy "." part[2], part[1])
		if (n > 2)
			put("letters." buddy "." part[2], "(" part[3] ")")
	}
}

section ~ /^NODES/ && /^  (node|all) / {
	node = $1 == "all" ? "global" : "node." $2
	if ($1 == "node" && !many)
		all = 1		# one node is all there is
	else
		many = 1
	pairs(node, 3)
	next
}
section ~ /^NODES/ && /^                [a-z]/ { pairs(node, 1) }
section ~ /^NODES/ && /^  swap kB: / {
	gsub(/[,;]/, "")
	put("total.swap", $4); put("total.swap_free", $6)
	put("total.swapcached", $9); put("total.file_pages", $14)
}

# Only the first group of the chain: the kernel prints no other.
section ~ /^MEMORY CGROUPS/ && /^ [ *] +[0-9]+ / && !group {
	sub(/^ \*/, "  ")
	put("memcg.memory.usage", $1); put("memcg.memory.limit", $2)
	put("memcg.memory.failcnt", $6); put("memcg.path", $7)
	group = 1
}
section ~ /^MEMORY CGROUPS/ && /^  (\/|n\/a \(id)/ { level++ }
level == 1 && /^    (swap|memory\+swap|kmem): usage / {
	name = $1
	sub(/:/, "", name)
	put("memcg." name ".usage", $3); put("memcg." name ".limit", $5)
	put("memcg." name ".failcnt", $7)
}
level == 1 && /^    events:/ { pairs("event", 2); stat = "event"; next }
level == 1 && /^    stat:/ { pairs("stat", 2); stat = "stat"; next }
level == 1 && /^            / && section ~ /^MEMORY CGROUPS/ {
	if (missing)
		for (i = 1; i <= NF; i++)
			put(stat "." $i, "n/a")
	else
		pairs(stat, 1)
}

section ~ /^CANDIDATES/ && /^CANDIDATES/ { total = $(NF - 1) }
section ~ /^CANDIDATES/ && /^rank / { table = 1; next }
section ~ /^CANDIDATES/ && /^   pid / { table = 2; next }
section ~ /^CANDIDATES/ && /^$/ { table = 0 }
table == 1 && NF >= 9 && $8 ~ /^[0-9]+$/ {
	prefix = "task." $8
	put(prefix ".points", $3); put(prefix ".rss", $4); put(prefix ".swapents", $5)
	put(prefix ".pgtables", $6); put(prefix ".adj", $7); put(prefix ".name", $9)
	status = $0 ~ /\[[a-z_]+\]$/ ? $NF : "[candidate]"
	put(prefix ".status", status)
	if ($1 == 1) {
		put("top.pid", $8); put("top.points", $3); put("top.totalpages", total)
	}
}
table == 2 && $1 ~ /^[0-9]+$/ {
	prefix = "task." $1
	put(prefix ".tgid", $2); put(prefix ".uid", $4); put(prefix ".total_vm", $7)
}

section ~ /^WHAT/ && /\(pid [0-9]+\) (marked as victim|killed)$/ {
	line = $0
	sub(/.*\(pid /, "", line)
	if (!victims++) {
		put("decision.pid", line + 0)
		put("victim.pid", line + 0)
	}
}
section ~ /^WHAT/ && /^    anon / && victims == 1 {
	gsub(/,/, "")
	put("victim.anon-rss", $2); put("victim.file-rss", $4)
	put("victim.shmem-rss", $6); put("victim.pgtables", $11)
}
section ~ /^WHAT/ && /own numbers: / && victims == 1 {
	sub(/,$/, "")
	put("decision.constraint", $NF)
}
section ~ /^WHAT/ && /^    constraint: / { put("decision.constraint", $2) }
section ~ /^WHAT/ && /^    totalpages / && victims == 1 {
	gsub(/,/, "")
	put("decision.totalpages", $2); put("decision.points", $4)
}
END { put("victims", victims + 0) }
