# SPDX-License-Identifier: GPL-2.0
#
# The kernel's report of an OOM (dmesg, one report) as lines "key value". Sizes in kB;
# the keys are those of oomx.awk.

function put(key, value) { print key, value }
function kb(pages) { return pages * 4 }

# "name:12kB name:3 ..." under a prefix; unit: kB of one
function counters(prefix, text, unit,    n, i, words, part) {
	gsub(/: /, ":", text)
	n = split(text, words, " ")
	for (i = 1; i <= n; i++) {
		if (split(words[i], part, ":") != 2 || part[2] !~ /^[0-9]+/)
			continue
		gsub(/\(/, "_", part[1])
		gsub(/\)/, "", part[1])
		put(prefix "." part[1], part[2] * unit)
	}
}

function limit(text) {
	return text >= 9007199254740000 ? "max" : text + 0
}

function field(name,    rest) {
	rest = $0
	if (!sub(".*[,:]" name "=", "", rest))
		return ""
	if (name != "nodemask" && name != "mems_allowed")
		sub(/,.*/, "", rest)
	else
		sub(/,[a-z_].*/, "", rest)
	return rest
}

{ sub(/^\[ *[0-9]+\.[0-9]+\] ?/, "") }

# What is being killed may lack a page for its own fault meanwhile, and a kernel of 7.2 tells
# that a task has waited 10 s for one: reports like this one.
/: page allocation (failure|stall)/ { failure = 1 }
/ invoked oom-killer: / { failure = 0 }
failure && !/Killed process |oom_reaper: / { next }

# kernels without NUMA do not name the node
/^(DMA|DMA32|Normal|Movable)( free:|: [0-9]+\*)/ { $0 = "Node 0 " $0 }

/ invoked oom-killer: / {
	line = $0
	sub(/ invoked oom-killer: .*/, "", line)
	put("trigger.comm", line)
	line = $0
	sub(/.*gfp_mask=/, "", line)
	put("trigger.gfp_mask", substr(line, 1, index(line, "(") - 1))
	sub(/^[^(]*\(/, "", line)
	put("trigger.gfp_flags", substr(line, 1, index(line, ")") - 1))
	sub(/.*order=/, "", line)
	put("trigger.order", line + 0)
	sub(/.*oom_score_adj=/, "", line)
	put("trigger.adj", line + 0)
}

/^Call [Tt]race:/ { stack = 1; below = 0; frames = 0; next }
/^ *<\/TASK>/ || /^[^ ]/ { stack = 0 }
stack && /^ [^ ?<]/ {
	if (below)
		put("stack." frames++, $1)
	if ($1 ~ /^out_of_memory/)
		below = 1
}

/^Mem-Info:/ { global = 1; next }
global && /^Node / { global = 0 }
global { counters("global", $0, 4) }

/^Node [0-9]+ active_anon:/ {
	prefix = "node." $2
	put(prefix ".all_unreclaimable", /all_unreclaimable\? yes/ ? "yes" : "no")
	sub(/Balloon:/, "balloon:")
	counters(prefix, $0, 1)
}

/^Node [0-9]+ [A-Za-z0-9]+ free:/ {
	zone = "zone." $2 "." $3
	counters(zone, $0, 1)
}

/^lowmem_reserve\[\]:/ {
	line = ""
	for (i = 2; i <= NF; i++)
		line = line (i > 2 ? "," : "") kb($i)
	put(zone ".lowmem_reserve", line)
}

/^Node [0-9]+ [A-Za-z0-9]+: [0-9]+\*/ {
	name = $3
	sub(/:/, "", name)
	prefix = $2 "." name
	for (i = 4; i <= NF && $i != "="; i++) {
		if ($i ~ /\*/) {
			split($i, part, "*")
			order = part[2]
			put("buddy." prefix "." order, part[1])
		} else {
			put("letters." prefix "." order, $i)
		}
	}
}

/ total pagecache pages$/ { put("total.file_pages", kb($1)) }
/ pages in swap cache$/ { put("total.swapcached", kb($1)) }
/^Free swap  = / { put("total.swap_free", $4 + 0) }
/^Total swap = / { put("total.swap", $4 + 0) }
/ pages RAM$/ { put("total.present", kb($1)) }
/ pages reserved$/ && !/cma/ { put("total.reserved", kb($1)) }

/^(memory|swap|memory\+swap|kmem): usage / {
	name = $1
	sub(/:/, "", name)
	put("memcg." name ".usage", $3 + 0)
	put("memcg." name ".limit", limit($5 + 0))
	put("memcg." name ".failcnt", $7)
}

/^Memory cgroup stats for / {
	line = $0
	sub(/^Memory cgroup stats for /, "", line)
	sub(/:.*/, "", line)
	put("memcg.path", line)
	stats = 1
	next
}
/^Tasks state/ { stats = 0; tasks = 1; next }
stats && NF == 2 {
	if ($1 !~ /^(workingset_|pg|zswp|thp_)/)
		$2 = int($2 / 1024)
	put("stat." $1, $2)
}

# Which columns there are, and where, depends on the version.
tasks && /^\[ *pid *\]/ {
	gsub(/[][]/, " ")
	for (i = 1; i <= NF; i++)
		column[$i] = i
}
tasks && /^\[ *[0-9]+\] +[0-9]/ {
	line = $0
	gsub(/[][]/, " ", line)
	split(line, f, " ")
	prefix = "task." f[1]
	put(prefix ".uid", f[column["uid"]])
	put(prefix ".tgid", f[column["tgid"]])
	put(prefix ".total_vm", kb(f[column["total_vm"]]))
	put(prefix ".rss", kb(f[column["rss"]]))
	put(prefix ".pgtables", int(f[column["pgtables_bytes"]] / 1024))
	put(prefix ".swapents", kb(f[column["swapents"]]))
	put(prefix ".adj", f[column["oom_score_adj"]])
	put(prefix ".name", f[column["name"]])
}

/^oom-kill:/ {
	tasks = 0
	put("decision.constraint", field("constraint"))
	put("decision.pid", field("pid"))
	if (field("mems_allowed") != "")
		put("trigger.mems", field("mems_allowed"))
	if (field("nodemask") != "(null)")
		put("trigger.nodemask", field("nodemask"))
}

/Killed process [0-9]+ / {
	line = $0
	sub(/.*Killed process /, "", line)
	put("victim.pid", line + 0)
	sub(/.* total-vm:/, "total-vm:", line)
	gsub(/,/, "", line)
	counters("victim", line, 1)
}
