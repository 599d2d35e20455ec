#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Every checker that can judge the tree without running it. A finding of any kind
# fails; so does a checker that looked at nothing.

set -euo pipefail
. "$(dirname "$0")/lib.sh"

LOG=$BUILD/lint
passed=0 failed=0

# check NAME CMD...: CMD prints findings and fails if it has any
check()
{
	local name=$1 log=$LOG/${1// /-}

	shift
	if "$@" >"$log" 2>&1; then
		passed=$((passed + 1))
		printf '  ok    %s\n' "$name"
	else
		failed=$((failed + 1))
		printf '  FAIL  %s\n' "$name"
		head -n 40 "$log" | sed "s,$TOP/,,g; s/^/        /"
	fi
}

# (named from the top: checkpatch judges include/uapi/ by its name)
c_files()
{
	find . -name .build -prune -o -name '*.[ch]' -print | sed 's,^\./,,' | sort
}

scripts()
{
	find . \( -name .build -o -name .git \) -prune -o -type f -print |
		sort | while read -r f; do
			! head -n 1 "$f" | grep -aqE "^#! ?/bin/$1\$" || echo "$f"
		done
}

# MACRO_ARG_REUSE: what walks a list by a macro has to name its cursor more than once.
checkpatch()
{
	# it stops at an empty file, and calls that success
	c_files | while read -r f; do
		[ -s "$f" ] || echo "$f: empty"
	done
	c_files | xargs perl "$source/scripts/checkpatch.pl" --no-tree --strict \
		--ignore MACRO_ARG_REUSE \
		--terse --show-types -f 2>&1 | grep -v '^total: ' || true
	rm -f .checkpatch-camelcase.*	# its cache, which it leaves where it runs
}

kernel_doc()
{
	c_files | xargs perl "$source/scripts/kernel-doc" -none -Werror
}

# compile TREE KDIR MAKE-ARGUMENT...: all of the module, into a log
compile()
{
	local tree=$1 kdir=$2 dir=$LOG/build-$1

	shift 2
	fresh "$dir"
	mirror "$dir" >/dev/null
	make -C "$kdir" M="$dir" W=1 C=2 CHECK=sparse CONFIG_DEBUG_INFO_BTF_MODULES= \
		OOMX_TEST_MODULES=y -j"$(nproc)" -O "$@" modules \
		>"$LOG/$tree.log" 2>&1 ||
		echo "$tree: error: the module does not build" >>"$LOG/$tree.log"
	# of the kernel's build, which would use it for type information that is not wanted
	sed -i "s,$dir/,,g; /^warning: pahole version differs/d" "$LOG/$tree.log"
}

no_warnings()
{
	! grep -A 2 -E '(warning|error):|WARNING|ERROR|\*\*\*' "$LOG/$1.log"
}

# Sparse can be refused or skipped without a word: hold it against the compiler.
sparse_ran()
{
	local log=$LOG/$1.log

	grep -q '^ *CC ' "$log" || echo "nothing was compiled"
	sed -n 's/^ *CC \[M\] *\(.*\)\.o$/\1.c/p' "$log" | grep -v '\.mod\.c$' |
		sed 's,^oomx_main\.c$,oomx.c,' | while read -r f; do
			grep -qE "^ *CHECK +$f\$" "$log" || echo "not checked: $f"
		done
}

# unlisted_warns KDIR: oomx.c, in the tree that was compiled, must hold the warning once the list
# is without this kernel's series, and not before.
unlisted_warns()
{
	local dir=$LOG/build-gcc words='not tested on'

	! grep -a "$words" "$dir/oomx_main.o" || echo "of a listed kernel"
	awk '/^#/ || $2 != "6.1"' "$TOP/selftests/kernels" >"$dir/selftests/kernels"
	make -C "$1" M="$dir" CC=gcc oomx_main.o >"$LOG/unlisted.log" 2>&1 || cat "$LOG/unlisted.log"
	grep -aq "$words" "$dir/oomx_main.o" || echo "no warning"
	grep -aq '5\.10, 6\.12' "$dir/oomx_main.o" || echo "the list is not named"
}

# refused KDIR: where the configuration lacks something the build stops, and names it
refused()
{
	! make -C "$1" M="$LOG/build-gcc" CC=gcc CONFIG_KPROBES= modules >"$LOG/refused.log" 2>&1 ||
		echo "built without kprobes"
	grep -q 'oomx: needs a kernel with CONFIG_KPROBES\.' "$LOG/refused.log" ||
		cat "$LOG/refused.log"
}

# plain_ftrace KDIR: where ftrace cannot be set on one function it is built, too, and does without
plain_ftrace()
{
	local dir=$LOG/build-gcc

	printf '#undef CONFIG_DYNAMIC_FTRACE%s\n' '' _WITH_REGS _WITH_ARGS _WITH_DIRECT_CALLS \
		>"$dir/plain_ftrace.h"
	make -C "$1" M="$dir" CC=gcc KCFLAGS="-include $dir/plain_ftrace.h" oomx_probe.o \
		>"$LOG/plain_ftrace.log" 2>&1 || cat "$LOG/plain_ftrace.log"
	! nm -u "$dir/oomx_probe.o" | grep -w register_ftrace_function
}

# races: of the reports in a sample those count that have a function "counts"
races()
{
	diff <(awk -f selftests/splat.awk selftests/races.txt) <(grep 'BUG:.*counts' selftests/races.txt)
}

# silent CMD...: for checks whose words are their findings
silent()
{
	local said

	if ! said=$("$@" 2>&1) || [ -n "$said" ]; then
		echo "${said:-it failed without a word}"
		return 1
	fi
}

# A function that does not fit on a screen wants to be two.
short_functions()
{
	c_files | grep '\.c$' | while read -r f; do
		awk '/^{/ { start = FNR; name = last }
			/^}/ { if (start && FNR - start - 1 > 60)
				print FILENAME ":" start ": " name ": " \
					FNR - start - 1 " lines"
				start = 0 }
			/^[a-z]/ { last = $0 }' "$f"
	done
}

# Differences between kernels live in headers, not among the code.
no_if_in_bodies()
{
	find ./*.c core capture -name '*.c' -exec awk '
		/^{/ { inside = 1 }
		/^}/ { inside = 0 }
		inside && /^[ \t]*#[ \t]*(if|el|endif)/ {
			print FILENAME ":" FNR ": " $0 }' {} +
}

# The table of README.md as lines "kernel tests"
readme_kernels()
{
	sed -n '/^## Kernels/,/^What a/s/^| \(\x60.*\)/\1/p' README.md | tr -d '\140' |
		awk -F ' *[|] *' '{ n = split($1, names, " ")
			for (i = 1; i <= n; i++)
				print names[i], $3 }'
}

# What README.md and dkms.conf say of the kernels is what selftests/kernels has, and dkms.conf needs
# what Kbuild needs.
kernels_agree()
{
	local series needs arch

	needs=$(sed -n 's/^oomx-needs := //p' Kbuild)
	grep -qxF "BUILD_EXCLUSIVE_CONFIG=\"CONFIG_${needs// / CONFIG_}\"" dkms.conf ||
		echo "dkms.conf does not need $needs"

	diff <(awk '!/^#/ { print $1, $5 }' selftests/kernels | sort) \
		<(readme_kernels | sort)
	series=$(awk '!/^#/ { print $2 }' selftests/kernels | sort -u -V | sed 's/\./\\./g')
	grep -qxF "BUILD_EXCLUSIVE_KERNEL=\"^(${series//$'\n'/|})[.-]\"" dkms.conf ||
		echo "dkms.conf is not for the series" "$series"
	arch=$(awk '!/^#/ { print $3 }' selftests/kernels | sort -u |
		sed 's/^amd64$/x86_64/; s/^arm64$/aarch64/' | sort -r | paste -sd '|')
	grep -qxF "BUILD_EXCLUSIVE_ARCH=\"^($arch)\$\"" dkms.conf ||
		echo "dkms.conf is not for $arch"
	grep -qxF "PACKAGE_VERSION=\"$(sed -n 's/^MODULE_VERSION("\(.*\)");/\1/p' oomx.c)\"" \
		dkms.conf || echo "dkms.conf has another version"
}

# README.md's table of what is unknown can be held against each series (selftests/test_unknown.sh).
unknown_values()
{
	local series

	awk '!/^#/ { print $2 }' selftests/kernels | sort -u | while read -r series; do
		awk -v series="$series" -f selftests/unknown.awk README.md | grep '^README' || true
	done
}

shell()
{
	scripts bash | xargs shellcheck -x -s bash -P SCRIPTDIR &&
		scripts sh | xargs shellcheck -x -s dash -P SCRIPTDIR
}

main()
{
	local stock clang series kdir ends

	need_for kernel clang g++ shellcheck sparse
	mkdir -p "$LOG"
	source=$("$QEMU_DIR/fetch.sh" source 6.1)
	stock=$("$QEMU_DIR/fetch.sh" stock 6.1)
	clang=$("$QEMU_DIR/build.sh" clang 6.1)

	cd "$TOP"
	step "lint"
	check "checkpatch --strict" silent checkpatch
	check "kernel-doc" kernel_doc
	compile gcc "$stock/build" CC=gcc
	check "gcc W=1 and sparse, stock headers" no_warnings gcc
	check "sparse saw every file (gcc)" silent sparse_ran gcc
	check "a kernel that is not listed is warned of" silent unlisted_warns "$stock/build"
	check "a kernel without kprobes is refused" silent refused "$stock/build"
	check "without dynamic ftrace only the kprobe remains" silent plain_ftrace "$stock/build"
	# the oldest and the newest
	mapfile -t ends < <(awk '$4 == "amd64" { print $1 }' selftests/kernels | sort -V |
		sed -n '1p; $p')
	[ "${#ends[@]}" = 2 ] || die "selftests/kernels has no two stock kernels"
	for series in "${ends[@]}"; do
		kdir=$("$QEMU_DIR/fetch.sh" stock "$series")/build
		# shellcheck disable=SC2046 # words
		compile "$series" "$kdir" C=0 $("$QEMU_DIR/modules.sh" --compiler "$series")
		check "gcc W=1, stock headers of $series" no_warnings "$series"
	done
	# no kernel was linked there, so symbols are not looked at
	compile clang "$clang/build" CC=clang KBUILD_MODPOST_WARN=1
	sed -i '/WARNING: modpost: .*\(undefined!\|unresolved symbol\)/d
		/WARNING: Module.symvers is missing/d' \
		"$LOG/clang.log"
	check "clang W=1 and sparse, with KUnit" no_warnings clang
	check "sparse saw every file (clang)" silent sparse_ran clang
	check "which data races count" silent races
	check "functions of at most 60 lines" silent short_functions
	check "no #if inside functions" silent no_if_in_bodies
	check "user space compiles the header and the core" silent "$TOP/tools/check-user.sh"
	check "README, dkms.conf and the list of kernels agree" silent kernels_agree
	check "README tells of each series what is unknown" silent unknown_values
	check "shellcheck" shell
	echo "$passed passed, $failed failed"
	[ $failed -eq 0 ]
}

main "$@"
