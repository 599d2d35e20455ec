# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034,SC2154
#
# Random families of processes that run out of memory: is the kernel's choice the one that
# was predicted? Sourced; SEEDS and the number of OOMs of each kind come from the script.

ZOO=$CG/zoo

make_zoo()
{
	modprobe zram
	echo 64M >/sys/block/zram0/disksize
	mkswap /dev/zram0 >/dev/null
	swapon /dev/zram0
	echo "+memory +cpuset" >"$CG/cgroup.subtree_control"
	for group in "" /a; do
		mkdir -p "$ZOO$group"
		echo "+memory +cpuset" >"$ZOO$group/cgroup.subtree_control"
	done
	mkdir -p "$ZOO/a/b" "$ZOO/a/d" "$ZOO/c" "$ZOO/e"
	echo 1 >"$ZOO/c/cpuset.mems"
	echo 0 >"$ZOO/a/b/cpuset.mems"
}

# families KIND N: prints what failed
families()
{
	i=0
	while [ "$i" -lt "$2" ]; do
		i=$((i + 1))
		seed=$((seed + 1))
		zoo "$seed" "$1" "$ZOO" || diag "zoo $seed $1: nothing was killed"
	done
}

# Events by what the kernel made of the prediction; each that differs, with its cause.
count_events()
{
	oomx list --json >events.json || return 1
	awk '
		function field(name,  s) {
			s = $0
			if (!sub(".*\"decision\":\\{[^}]*\"" name "\":", "", s))
				return ""
			sub("[,}].*", "", s)
			return s
		}
		{
			kind = $0
			sub(/.*"kind":"/, "", kind)
			sub(/".*/, "", kind)
			agrees = field("agrees")
			ties = field("ties")
			if (agrees == "true")
				yes[kind]++
			else if (agrees == "null")
				none[kind]++
			else if (ties > 0)
				tied[kind]++
			else {
				no[kind]++
				id = $0
				sub(/.*"id":/, "", id)
				sub(/,.*/, "", id)
				print "differs " id
			}
			kinds[kind] = 1
		}
		END {
			for (k in kinds)
				printf "kind %s: agree %d, tied %d, no decision %d, differ %d\n",
					k, yes[k], tied[k], none[k], no[k]
		}' events.json
}

# Why an event differs: what the report says of it.
explain_differing()
{
	sed -n 's/^differs //p' counts.txt | while read -r id; do
		oomx show "$id" | sed -n '/WHAT BECAME/,/^$/p; /not predicted/p' | sed 's/^/# /'
	done
}

# all_agree MINIMUM
all_agree()
{
	count_events >counts.txt || return 1
	sed -n 's/^kind/# kind/p' counts.txt
	explain_differing
	total=$(sed -n 's/^kind.*agree \([0-9]*\), tied \([0-9]*\),.*/\1 \2/p' counts.txt |
		awk '{ n += $1 + $2 } END { print n + 0 }')
	diag "$total OOMs with a choice; agreements $(counter agreements)," \
		"disagreements $(counter disagreements)"
	! grep -q '^differs' counts.txt && [ "$total" -ge "$1" ]
}
