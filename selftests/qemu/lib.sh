# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What every script of the harness shares; sourced, never run.
#
# Results go to stdout, progress and errors to stderr.

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
QEMU_DIR=$TOP/selftests/qemu
CACHE=${OOMX_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/oomx}
BUILD=$TOP/.build

# A kernel's makefiles must not see the settings of ours.
unset MAKEFLAGS MFLAGS MAKEOVERRIDES MAKELEVEL

# One clock for all scripts of a run.
export OOMX_T0=${OOMX_T0:-$(date +%s)}

step()
{
	printf '[%4ds] %s\n' $(($(date +%s) - OOMX_T0)) "$*" >&2
}

die()
{
	printf 'oomx: %s\n' "$*" >&2
	exit 1
}

# Says every 20 s that LABEL goes on; on a terminal one moving line.
ticker()
{
	local label=$1 log=$2 start=$SECONDS every=20

	[ -t 2 ] && every=1
	while sleep $every && kill -0 $$ 2>/dev/null; do
		if [ -t 2 ]; then
			printf '\r\033[K  ... %s, %ds: %.50s' "$label" \
				$((SECONDS - start)) "$(tail -n 1 "$log")" >&2
		else
			step "... $label, $((SECONDS - start))s"
		fi
	done
}

# long LABEL CMD...: runs CMD quietly, shows that it lives, and the end of its
# output if it fails. CMD stays in the foreground so that ctrl-C reaches it.
long()
{
	local label=$1 log rc=0 tick

	shift
	step "$label"
	log=$(mktemp "$CACHE/log.XXXXXX")
	ticker "$label" "$log" 9>&- &
	tick=$!
	"$@" >"$log" 2>&1 </dev/null || rc=$?
	kill $tick 2>/dev/null
	wait $tick 2>/dev/null || true
	[ -t 2 ] && printf '\r\033[K' >&2
	[ $rc -eq 0 ] || tail -n 40 "$log" >&2
	rm -f "$log"
	[ $rc -eq 0 ] || die "failed: $label"
}

# locked NAME CMD...: one run at a time may change this part of the cache.
locked()
{
	local name=$1

	shift
	mkdir -p "$CACHE"
	(
		flock -n 9 || { step "waiting for another run ($name)"; flock 9; }
		"$@"
	) 9>"$CACHE/lock.$name"
}

# A directory of the cache counts only once its stamp is there, which is the
# last thing written: what was interrupted is made anew. (Made in place, not
# renamed into it: kernel trees hold absolute paths.)
whole()
{
	[ -e "$1/.whole" ]
}

# fresh DIR: an empty directory that is not whole yet
fresh()
{
	rm -rf "$1"
	mkdir -p "$1"
}

# the files that kbuild reads
sources()
{
	(cd "$TOP" && find Kbuild ./*.[ch] selftests/kernels core capture include kunit selftests/modules -type f |
		sed 's,^\./,,')
}

# mirror DIR: copies them; compared by content, for a checkout may set any time; what is gone
# from the tree goes from the mirror, the objects stay. Prints what it changed.
mirror()
{
	local dir=$1 f

	sources | sort >"$dir/.sources.new"
	if [ -e "$dir/.sources" ]; then
		comm -13 "$dir/.sources.new" "$dir/.sources" |
			(cd "$dir" && xargs -r rm -fv)
	fi
	mv "$dir/.sources.new" "$dir/.sources"
	while read -r f; do
		cmp -s "$TOP/$f" "$dir/$f" ||
			(cd "$TOP" && cp -v --parents "$f" "$dir")
	done <"$dir/.sources"
}

# missing PACKAGE...: those that are not installed, each on a line
missing()
{
	local p

	for p; do
		[ "$(dpkg-query -W -f '${db:Status-Status}' "$p" 2>/dev/null)" = installed ] || echo "$p"
	done
}

# install_packages PACKAGE...: those that no other run has installed meanwhile
install_packages()
{
	local packages

	mapfile -t packages < <(missing "$@")
	[ ${#packages[@]} -gt 0 ] || return 0
	export DEBIAN_FRONTEND=noninteractive
	long "refreshing the package lists" apt-get -q update
	long "installing ${packages[*]}" apt-get -qy \
		-o Dpkg::Options::=--force-confold \
		install --no-install-recommends "${packages[@]}"
}

# need PACKAGE...: installs what is missing, or says how to.
need()
{
	local packages

	packages=$(missing "$@" | xargs)
	[ -n "$packages" ] || return 0
	if [ "$(id -u)" -ne 0 ]; then
		die "packages are missing; install them with
	sudo apt-get install --no-install-recommends $packages"
	fi
	locked packages install_packages "$@"
}

# need_for JOB PACKAGE...: what each job needs on a bare Debian 12, and more
need_for()
{
	local job=$1

	shift
	case $job in
	build)	need gcc make libc6-dev libelf1 kmod xz-utils "$@" ;;
	tool)	need gcc libc6-dev libjansson-dev make "$@" ;;
	vm)	need_for build libjansson-dev busybox-static cpio qemu-system-x86 "$@" ;;
	arm64)	need_for vm gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-system-arm "$@" ;;
	kernel)	need_for vm bc bison flex libelf-dev libssl-dev openssl perl python3 "$@" ;;
	esac
}

kernel_names()
{
	awk '!/^#/ { print $1 }' "$TOP/selftests/kernels"
}

default_kernel()
{
	kernel_names | sed -n 1p
}

# kernel NAME COLUMN: a field of its line in selftests/kernels
kernel()
{
	local column value

	case $2 in
	series)	column=2 ;;
	arch)	column=3 ;;
	kind)	column=4 ;;
	tests)	column=5 ;;
	suites)	column=6 ;;
	esac
	value=$(awk -v k="$1" -v c="$column" '!/^#/ && $1 == k { print $c }' "$TOP/selftests/kernels")
	[ -n "$value" ] || die "unknown kernel '$1'; known are:" \
		"$(kernel_names | xargs)"
	echo "$value"
}

# kernel_dir NAME: where its image, build tree and release are
kernel_dir()
{
	case $(kernel "$1" kind) in
	+*)	"$QEMU_DIR/build.sh" kernel "$1" ;;
	*)	"$QEMU_DIR/fetch.sh" stock "$1" ;;
	esac
}

# gcc_of ARCH: the machine's own compiler for it
gcc_of()
{
	case $1 in
	amd64)	echo gcc ;;
	arm64)	echo aarch64-linux-gnu-gcc ;;
	esac
}

# config_gcc KDIR: major version of the gcc that a kernel was built with, 0 if it was none
config_gcc()
{
	local n

	n=$(sed -n 's/^CONFIG_GCC_VERSION=//p' "$1/include/config/auto.conf")
	echo $((${n:-0} / 10000))
}
