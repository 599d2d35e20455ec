#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: MEM=384 CPUS=2 NODES=2 APPEND="quiet loglevel=1" MODULES=zram
# vm: FILES="lib.sh unknown.awk ../README.md"
#
# What the record does not know on this kernel is what README.md says, no more and no less: by the
# JSON, where the unknown is null.

. ./lib.sh

# section NAME NEXT: the values between two names of the top level, as "NAME.value number|null"
section()
{
	sed "s/.*,\"$1\":[[{]//; s/,\"$2\":.*//" record.json | pairs "$1"
}

# in_memcg NAME: those of the cgroup that comes first
in_memcg()
{
	sed 's/.*,"memcg":\[//' record.json | grep -o "\"$1\":{[^}]*}" | head -n 1 | pairs "$1"
}

pairs()
{
	grep -oE '"[^"]+":(null|-?[0-9]+)' | tr -d '"' | sed "s/^/$1./; s/:/ /"
}

by_readme()
{
	awk -v series="$(uname -r | grep -oE '^[0-9]+[.][0-9]+')" -f unknown.awk README.md \
		>readme.txt && return
	sed -n 's/^README/# &/p' readme.txt
	return 1
}

# Each once; what is known here and unknown there, twice.
values()
{
	{
		section system balance
		section nodes zones
		section zones memcg
		in_memcg events
	} | sed 's/ [-0-9]*$/ known/' | sort -u
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
	grep -q '"kind":"memcg"' memcg.json && grep -q '"kind":"global"' global.json
}

by_table()
{
	cp global.json record.json
	values >values.txt
	sed -n 's/ null$//p' values.txt >unknown.txt
	{ grep '\.' readme.txt; without; } | sort >want.txt
	diff want.txt unknown.txt >diff.txt && [ "$(wc -l <values.txt)" -gt 60 ] && return
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

# says NAME: unknown or known, by README.md
says()
{
	if listed "$1"; then
		echo "$then"
	else
		echo "$otherwise"
	fi
}

# Of what the kernel's own file has.
memory_stat()
{
	cp memcg.json record.json
	patterns=$(sed -n 's/^stat //p' readme.txt | tail -n +2 | xargs)
	then=unknown otherwise=known
	[ "$(sed -n 's/^stat //p' readme.txt | head -n 1)" = all ] || then=known otherwise=unknown
	set -f
	compared=0 bad=
	in_memcg stat | sed 's/^stat\.//; s/ null$/ unknown/; s/ [-0-9]*$/ known/' >stat.txt
	while read -r name is; do
		grep -q "^$name " kernel_stat.txt || continue
		compared=$((compared + 1))
		[ "$is" = "$(says "$name")" ] || bad="$bad $name"
	done <stat.txt
	set +f
	diag "$compared values of memory.stat; not as README.md says:${bad:- none}"
	[ "$compared" -gt 20 ] && [ -z "$bad" ]
}

# in_balance NAME: it has its place in the balance
in_balance()
{
	grep -q "\"balance\":.*\"name\":\"$1\",\"pages\":[0-9].*\"nodes\":" global.json
}

# What is found in variables of the kernel, by the sentence of README.md on those without
by_variables()
{
	tr -s ' \n' ' ' <"$LAST" >last.txt
	if [ -n "$no_variables" ]; then
		grep -q 'swap kB: total n/a, .* per-CPU areas n/a .* CMA n/a, hwpoisoned n/a ' \
			last.txt && ! in_balance vmalloc && ! in_balance hugetlb
	else
		grep -qE 'swap kB: total [0-9]+, .* per-CPU areas [0-9]+ ' last.txt &&
			in_balance vmalloc && in_balance hugetlb
	fi
}

plan 7
modprobe zram
check "load" load
check "an OOM of a cgroup and one of the machine" make_ooms
check "README.md has a column for it" by_readme
check "memory.stat" memory_stat
check "counters of the machine, its nodes and zones" by_table
check "the same in all of them" the_same_everywhere
check "what takes a variable of the kernel" by_variables
rmmod oomx
finish
