# SPDX-License-Identifier: GPL-2.0
#
# awk -v minimum=N [-v private=REGEX] [-v partial=1] [-v no_variables=1] [-v no_path=1] \
#	[-v split_rss=1] [-v exact=1] -f compare.awk ours.txt kernel.txt
#
# Is every value of the kernel's report in the record, and the same? Exit status 1 when one is
# not, or fewer than N were compared. exact: both are from the same text, and nothing moves.
# private: what may be n/a of memory.stat, beside the LRU lists.
#
# Equal must be what cannot move between the trigger and the kernel's report some
# milliseconds later. What can move may differ by SLACK_KB or SLACK_PART, whichever is
# more; blocks of the buddy lists by SLACK_BLOCKS. The letters of the migrate types must
# be the same where the number of blocks is. kswapd goes on moving pages between the active
# and the inactive list of a kind while the kernel prints (1344 kB were seen, with swap):
# each of the two may differ by SLACK_LRU. It also takes back the boost of the watermarks:
# min, low and high are compared without it. And it may give up a node meanwhile: on 7.3 it
# counted from 0 to the 16 failures of "all_unreclaimable" in 3 ms, as the first OOM came up.

BEGIN { SLACK_KB = 256; SLACK_PART = 0.02; SLACK_BLOCKS = 8; SLACK_LRU = 4096 }

function moves(key) {
	if (exact)
		return 0
	if (key ~ /^zone\..*\.boost$/)
		return 1
	return key ~ /^(global|node|stat|buddy|victim)\./ && key !~ /all_unreclaimable|victim.pid/ ||
	       key ~ /^zone\..*\.(free|free_pcp|local_pcp|free_cma|(in)?active_[a-z]+|unevictable|writepending|mlocked|bounce)$/ ||
	       key ~ /^total\.(file_pages|swap_free|swapcached)$/ ||
	       key ~ /^memcg\..*\.usage$/ || key ~ /^task\..*\.(rss|swapents)$/
}

# Watermarks without the boost that both reports include.
function unboosted(key, value, from,    zone) {
	if (key !~ /^zone\..*\.(min|low|high)$/)
		return value
	zone = key
	sub(/\.[a-z]+$/, "", zone)
	return (zone ".boost") in from ? value - from[zone ".boost"] : value
}

# 5.10 prints no boost: kswapd may have taken it back or not.
function boost_is_hidden(key, value,    zone) {
	zone = key
	if (!sub(/\.(min|low|high)$/, "", zone) || ((zone ".boost") in theirs))
		return 0
	return ours[key] == value || ours[key] - ours[zone ".boost"] == value
}

# Not the other way round: that takes a reclaim with success.
function given_up_since(key, value) {
	return key ~ /\.all_unreclaimable$/ && ours[key] == "no" && value == "yes"
}

function near(key, a, b,    delta, slack) {
	if (!moves(key))
		return 0
	# The kernel prints after SIGKILL: the victim may have given up some or all of it; split_rss:
	# its exit first adds what each thread still counted by itself, of up to 64 faults.
	if (key ~ /^victim\./)
		return a + (split_rss && key ~ /-rss$/ ? SLACK_KB : 0) >= b
	delta = a > b ? a - b : b - a
	slack = key ~ /^buddy/ ? SLACK_BLOCKS : SLACK_KB
	if (key ~ /boost$/)
		return 1
	if (key ~ /active_(anon|file)$/)
		slack = SLACK_LRU
	if (slack < b * SLACK_PART)
		slack = b * SLACK_PART
	if (delta > worst && key !~ /^buddy/) {
		worst = delta
		worst_key = key
	}
	return delta <= slack
}

# Keys that the record has no room for: what the report of the kernel only adds up.
function derived(key) {
	if (partial && key == "global.free_pcp")
		return 1	# the kernel adds up the nodes that it shows
	# a log tells whether there are many, and not how many
	if (exact && key ~ /all_unreclaimable$/)
		return 1
	# the kernel adds up once more, while pages come and go; ours are sums of the zones
	if (exact && key ~ /^global\.(free|free_pcp|free_cma|bounce)$/)
		return 1
	if (exact && partial && key ~ /^total\.(present|reserved)$/)
		return 1	# of the machine, where ours add up the nodes of the log
	if (value == "n/a")
		return 1	# of a report that was imported
	# 5.10 tells it in its log only
	if (key ~ /\.swapcached$/ && ours["total.swapcached"] == "n/a")
		return 1
	# not in this kernel, which prints a constant
	if (key ~ /\.(bounce|zspages)$/ && value == 0 && (!(key in ours) || ours[key] == "n/a"))
		return 1
	return key ~ /^(stat\.slab|victim\.total-vm|victim\.UID|victim\.oom_score_adj)$/
}

function is_private(key) {
	if (!sub(/^stat\./, "", key))
		return 0
	return exact || (key ~ "^(" private ")$" && key !~ "^(" lists ")$")
}

{
	key = $1
	value = $0
	sub(/^[^ ]+ /, "", value)
}

NR == FNR { ours[key] = value; next }
{ theirs[key] = value }
derived(key) { next }

# Letters say nothing where blocks came or went meanwhile.
key ~ /^buddy/ {
	same_blocks[substr(key, 7)] = (key in ours) && ours[key] + 0 == value + 0
}
key ~ /^letters/ && !same_blocks[substr(key, 9)] { moved++; next }

!(key in ours) || ours[key] == "n/a" {
	compared++
	if (is_private(key) || (no_variables && key ~ /^(total\.swap|top\.totalpages)$/) ||
	    (no_path && key == "memcg.path")) {
		hidden++
	} else {
		print "# missing: " key " (kernel: " value ")"
		bad++
	}
	next
}

{
	compared++
	if (unboosted(key, ours[key], ours) == unboosted(key, value, theirs)) {
		equal++
	} else if (boost_is_hidden(key, value)) {
		equal++
	} else if (given_up_since(key, value)) {
		within++
	} else if (near(key, ours[key] + 0, value + 0)) {
		within++
	} else {
		print "# differs: " key ": oomx " ours[key] ", kernel " value
		bad++
	}
}

END {
	print "# compared " compared + 0 ": equal " equal + 0 ", within tolerance " within + 0 \
	      ", n/a " hidden + 0 ", bad " bad + 0 "; letters of moved blocks " moved + 0
	if (worst)
		print "# largest difference " worst " kB: " worst_key
	exit bad || compared < minimum
}
