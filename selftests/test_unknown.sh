#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: MEM=384 CPUS=2 NODES=2 APPEND="quiet loglevel=1"
# vm: FILES="lib.sh unknown.awk ../README.md"
#
# What the record does not know on this kernel is what README.md says, no more and no less: by the
# JSON, where the unknown is null. It takes a kernel with swap, huge pages and zsmalloc for granted.

. ./lib.sh

# pairs PREFIX: "PREFIX.name number|null" of each value
pairs()
{
	grep -oE '"[^"]+":(null|-?[0-9]+)' | tr -d '"' | sed "s/^/$1./; s/:/ /"
}

# section FILE NAME NEXT: the values between two names of the top level
section()
{
	sed "s/.*,\"$2\":[[{]//; s/,\"$3\":.*//" "$1" | pairs "$2"
}

# in_memcg FILE NAME: lines, one for each level of cgroups
in_memcg()
{
	sed 's/.*,"memcg":\[//; s/,"candidates":.*//' "$1" | grep -o "\"$2\":{[^}]*}"
}

# levels FILE: what a cgroup has, but for events and memory.stat
levels()
{
	sed 's/.*,"memcg":\[//; s/,"candidates":.*//' "$1" |
		sed 's/"events":{[^}]*}//g; s/"stat":{[^}]*}//g' | pairs memcg
}

by_readme()
{
	awk -v series="$(uname -r | grep -oE '^[0-9]+[.][0-9]+')" -f unknown.awk README.md \
		>readme.txt && return
	sed -n 's/^README/# &/p' readme.txt
	return 1
}

# Each once; what is known here and unknown there, twice. How far a zone can serve the request is no
# value of the kernel.
values()
{
	{
		section global.json system balance
		section global.json nodes zones
		section global.json zones memcg
		for file in global.json memcg.json; do
			in_memcg "$file" events | pairs events
			levels "$file"
		done
	} | grep -vE '^zones\.(usable|needed|short)_pages ' | sed 's/ [-0-9]*$/ known/' | sort -u
}

# What the kernel itself has no counter of
without()
{
	grep -q '^nr_shadow_call_stack ' /proc/vmstat || echo nodes.shadow_call_stack_kb
	[ -z "$no_variables" ] || echo system.swap_total_pages
}

make_ooms()
{
	cgroup small 16M
	in_dir "$CG/small" hog 64 >/dev/null
	wait_for settled
	oomx show last --json | tr -d ' \n' >memcg.json
	cat "$CG/small/memory.stat" >kernel_stat.txt
	killable hog 4096 >/dev/null
	wait_for settled
	oomx show last --json | tr -d ' \n' >global.json
	tr -s ' \n' ' ' <"$LAST" >text.txt
	grep -q '"kind":"memcg"' memcg.json && grep -q '"kind":"global"' global.json
}

by_table()
{
	values >values.txt
	sed -n 's/ null$//p' values.txt >unknown.txt
	{ grep '\.' readme.txt; without; } | sort >want.txt
	sections=$(cut -d . -f 1 values.txt | uniq | xargs)
	diag "$(wc -l <values.txt) values of $sections"
	diff want.txt unknown.txt >diff.txt && [ "$sections" = "events memcg nodes system zones" ] &&
		[ "$(wc -l <values.txt)" -gt 75 ] && return
	sed 's/^/# /' diff.txt
	return 1
}

# Known in one zone, node or cgroup is known in all.
the_same_everywhere()
{
	twice=$(cut -d ' ' -f 1 values.txt | uniq -d | xargs)
	diag "in some only: ${twice:-none}"
	[ -z "$twice" ]
}

# The text leaves counters out and says n/a of the rest.
by_text()
{
	! grep -qE '(pagetables|free_highatomic|bounce|writeback_tmp|swapcached) n/a' text.txt || return 1
	for name in "swap_cache_pages swap cache" "oom_group_kill oom_group_kill"; do
		is='[0-9]'
		! grep -q "\\.${name%% *}\$" want.txt || is=n/a
		grep -q "${name#* } $is" text.txt || return 1
	done
}

# listed NAME: README.md names it in this kernel's row of memory.stat
listed()
{
	for pattern in $patterns; do
		# shellcheck disable=SC2254 # a pattern it is
		case $1 in
		$pattern) return 0 ;;
		esac
	done
	return 1
}

# says NAME: is it known, by README.md and by the names of the kernel's own file?
says()
{
	if ! grep -q "^$1 " kernel_stat.txt; then
		echo unknown
	elif listed "$1"; then
		echo "$if_listed"
	else
		echo "$if_not"
	fi
}

# Each pattern of README.md stands for something: a name of the kernel's own file, where it was
# built with all that can be in there.
patterns_match()
{
	names=stat.txt
	case $KERNEL in
	5.10|6.1|6.12|7.2|7.3) names=kernel_stat.txt ;;
	esac
	for pattern in $patterns; do
		cut -d ' ' -f 1 "$names" | while read -r name; do
			# shellcheck disable=SC2254 # a pattern it is
			case $name in
			$pattern) echo "$name" ;;
			esac
		done | grep -q . || diag "README.md: nothing is named $pattern"
	done >nothing.txt
	cat nothing.txt
	[ ! -s nothing.txt ]
}

# level FILE N: memory.stat of the Nth cgroup of a record, as "name known|unknown"
level()
{
	in_memcg "$1" stat | sed -n "$2p" | pairs stat |
		sed 's/^stat\.//; s/ null$/ unknown/; s/ [-0-9]*$/ known/'
}

# The kernel's file has no more names than the record, but for "slab", which is a sum.
memory_stat()
{
	patterns=$(sed -n 's/^stat //p' readme.txt | tail -n +2 | xargs)
	if_listed=unknown if_not=known
	[ "$(sed -n 's/^stat //p' readme.txt | head -n 1)" = all ] || if_listed=known if_not=unknown
	set -f
	level memcg.json 1 >stat.txt
	bad=
	while read -r name is; do
		[ "$is" = "$(says "$name")" ] || bad="$bad $name"
	done <stat.txt
	[ "$if_not" = unknown ] || while read -r name _; do
		grep -q "^$name " stat.txt || [ "$name" = slab ] || bad="$bad $name"
	done <kernel_stat.txt
	diag "$(wc -l <stat.txt) values of memory.stat, $(grep -c ' known' stat.txt) known;" \
		"not as README.md says:${bad:- none}"
	patterns_match && [ -z "$bad" ] && grep -q ' known' stat.txt
	err=$?
	set +f
	return "$err"
}

# What the other tests let pass as unknown is no more than that.
private_list()
{
	differ=$(awk -v private="$private" -v lists="$lists" '
		NR == FNR { kernel[$1]; next }
		!($1 in kernel) { next }
		{
			passes = $1 ~ "^(" private ")$" && $1 !~ "^(" lists ")$"
			if (passes != ($2 == "unknown"))
				print $1
		}' kernel_stat.txt stat.txt | xargs)
	diag "lib.sh's private: differs in ${differ:-nothing}"
	[ -s stat.txt ] && [ -z "$differ" ]
}

# Where the lists are all, only the group that is out of memory has them.
other_levels()
{
	level memcg.json 2 >above.txt
	level global.json 1 >root.txt
	if [ "$if_not" = known ]; then
		cmp stat.txt above.txt && cmp stat.txt root.txt
	else
		[ -s above.txt ] && [ -s root.txt ] && ! grep ' known' above.txt root.txt
	fi
}

# in_balance NAME: it has its place in the balance
in_balance()
{
	grep -q "\"balance\":.*\"name\":\"$1\",\"pages\":[0-9].*\"nodes\":" global.json
}

# number IF-LINE WORDS: the text has a number of it, where /proc/meminfo has that line
number()
{
	! grep -q "^$1:" /proc/meminfo || grep -q " $2 [0-9]" text.txt
}

# What is found in variables of the kernel. Of Debian's kernels one is without.
by_variables()
{
	case $KERNEL in
	6.1-arm64) [ -n "$no_variables" ] || return 1 ;;
	*) [ -z "$no_variables" ] || return 1 ;;
	esac
	if [ -n "$no_variables" ]; then
		grep -q 'swap kB: total n/a, .* per-CPU areas n/a .* CMA n/a, hwpoisoned n/a ' \
			text.txt && ! in_balance vmalloc && ! in_balance hugetlb
	else
		grep -qE 'swap kB: total [0-9]+, .* per-CPU areas [0-9]+ ' text.txt &&
			number CmaTotal CMA && number HardwareCorrupted hwpoisoned &&
			in_balance vmalloc && in_balance hugetlb
	fi
}

plan 11
check "load" load
check "an OOM of a cgroup and one of the machine" make_ooms
check "README.md has a column for this kernel" by_readme
check "memory.stat" memory_stat
check "memory.stat, as the other tests have it" private_list
check "memory.stat of the other cgroups" other_levels
check "counters of the machine, its nodes, zones and cgroups" by_table
check "the same in all of them" the_same_everywhere
check "the text" by_text
check "what takes a variable of the kernel" by_variables
check "unload" rmmod oomx
finish
