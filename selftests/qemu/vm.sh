#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Boots a kernel in QEMU and runs a script in it. All settings come from the
# environment, as make passes them: SCRIPT KERNEL MEM CPUS FILES APPEND
# QEMU_ARGS TIMEOUT, and
#
#	NODES		NUMA nodes, of the same size, when there is to be more than one
#	DIMM		MB of memory that the guest can take away and bring back, on x86
#	MODULES		modules of that kernel which the script will modprobe; NAME?: if it has it
#	OUT		a directory: what the guest leaves in its /out comes here
#	ACCEL		QEMU's accelerator; tcg works everywhere
#
# A script can say what it needs in a comment, as shell assignments:
#
#	# vm: MEM=256 NODES=2 APPEND="quiet" MODULES=zram FILES=lib.sh
#
# The environment goes before it, and adds to its lists. FILES are named from
# the current directory, in the comment from the script's.
#
# A script that ends in a panic on purpose says so, with what the console must show; "." is
# also the end of a line:
#
#	# vm: PANIC="regular expression"
#
# In a script with
#
#	# vm: REBOOT=1
#
# the guest may reboot, by a panic for instance: the script runs once more then. The kernel leaves
# a megabyte of memory alone, which keeps what is in it: at $KEPT, for the script.
#
# The exit status is 0 only if the guest itself said that the script ended with
# 0, on a port that nothing else writes to.

set -euo pipefail
. "$(dirname "$0")/lib.sh"

# A warning or an oops is a failure like a panic; APPEND comes last and wins.
CMDLINE="panic=-1 oops=panic panic_on_warn=1 log_buf_len=4M"
# On slow kernels the serial port's interrupts come late: that must not turn off the console.
CMDLINE="$CMDLINE noirqdebug"
# ... but for data races, of which the kernel has its own: init tells them apart.
CMDLINE_KCSAN="panic_on_warn=0"
# KASAN takes the number of levels of page tables from the CPU's features, which identify_cpu()
# clears for a while: with five, a tick that came then was a wild access, and the end of the boot.
CMDLINE_KASAN="no5lvl"

# of_script VAR: its value in the script's own comment
of_script()
{
	(unset "$1"; eval "$(sed -n 's/^# vm: //p' "$SCRIPT")"; echo "${!1:-}")
}

settings()
{
	local v f own

	: "${OUT:=}" "${KERNEL:=$(default_kernel)}" "${ACCEL:=tcg}"
	for v in MEM CPUS NODES DIMM TIMEOUT; do
		[ -n "${!v:-}" ] || printf -v "$v" %s "$(of_script "$v")"
	done
	PANIC=$(of_script PANIC)
	REBOOT=$(of_script REBOOT)
	: "${MEM:=512}" "${CPUS:=2}" "${NODES:=1}" "${TIMEOUT:=600}"
	for v in APPEND QEMU_ARGS MODULES; do
		printf -v "$v" %s "$(of_script "$v") ${!v:-}"
	done
	own=$(of_script FILES)
	: "${FILES:=}"
	for f in $own; do
		FILES+=" $(dirname "$SCRIPT")/$f"
	done
}

# asks_for OPTION: does the configuration of a kernel of our own?
asks_for()
{
	local kind

	kind=$(kernel "$KERNEL" kind)
	grep -qsx "CONFIG_$1=y" "$QEMU_DIR/config/${kind#+}"
}

check_settings()
{
	local f

	for f in $FILES; do
		[ -e "$f" ] || die "no such file: $f (in FILES)"
	done
	arch=$(kernel "$KERNEL" arch)
	! asks_for KASAN || CMDLINE+=" $CMDLINE_KASAN"
	! asks_for KCSAN || CMDLINE+=" $CMDLINE_KCSAN"
}

# What differs between the machines: the console, and which ports carry verdict and /out.
machine()
{
	case $arch in
	amd64)	qemu=(qemu-system-x86_64 -M q35 -cpu max)
		ports=(-serial "file:$tmp/verdict" -serial "file:$tmp/out.tar")
		console=ttyS0 tty_verdict=ttyS1 tty_out=ttyS2
		kept=$((128 << 20)) keep="memmap=1M\$128M" ;;
	arm64)	qemu=(qemu-system-aarch64 -M virt -cpu cortex-a72)
		ports=(-chardev "file,id=verdict,path=$tmp/verdict"
			-chardev "file,id=out,path=$tmp/out.tar"
			-device "pci-serial,chardev=verdict" -device "pci-serial,chardev=out")
		console=ttyAMA0 tty_verdict=ttyS0 tty_out=ttyS1
		# the last one: the machine's memory begins at 1 GB
		kept=$(((1023 + MEM) << 20)) keep="mem=$((MEM - 1))M"
		# Debian sets a quarter of so small a machine aside for movable pages only
		CMDLINE+=" cma=0" ;;
	esac
}

# A reset ends the guest, unless it is to go on.
on_reset()
{
	if [ -n "$REBOOT" ]; then
		CMDLINE+=" $keep"
	else
		qemu+=(-no-reboot)
	fi
}

# The guest's shell and all that comes with it.
busybox_of()
{
	case $arch in
	amd64)	echo /bin/busybox ;;
	*)	echo "$("$QEMU_DIR/fetch.sh" deb "$arch" busybox-static)/bin/busybox" ;;
	esac
}

# nodes: the machine's memory in NODES parts, which arm64 cannot make up for itself
nodes()
{
	local i

	[ "$NODES" -gt 1 ] || return 0
	for ((i = 0; i < NODES; i++)); do
		qemu+=(-object "memory-backend-ram,id=m$i,size=$((MEM / NODES))M"
			-numa "node,nodeid=$i,memdev=m$i")
	done
}

# A machine without ACPI, as QEMU's arm64 is here, knows no such memory.
dimm()
{
	[ -n "$DIMM" ] && [ "$arch" = amd64 ] || return 0
	qemu+=(-m "slots=1,maxmem=$(((MEM + DIMM) * 2))M" -device "pc-dimm,memdev=dimm"
		-object "memory-backend-ram,id=dimm,size=${DIMM}M")
	CMDLINE+=" memhp_default_state=online_movable"
}

# A kernel with checkers is slow. KASAN keeps a part of the memory for itself, and for a while what
# was freed.
make_room()
{
	SLOW=
	case $(kernel "$KERNEL" kind) in
	+debug|+faults|+kcsan|+rtdebug) SLOW=1 ;;
	esac
	! asks_for KASAN || MEM=$((MEM * 3 / 2))
	[ -z "$SLOW" ] || TIMEOUT=$((TIMEOUT * 4))
}

# is_new EXE SOURCE
is_new()
{
	[ "$1" -nt "$2" ] && [ "$1" -nt "$TOP/selftests/guest.h" ]
}

# The C programs of selftests/, built static: the guest has no libraries.
helpers()
{
	local c exe

	mkdir -p "$BUILD/guest-$arch"
	for c in "$TOP"/selftests/*.c; do
		[ -e "$c" ] || continue
		exe=$BUILD/guest-$arch/$(basename "$c" .c)
		is_new "$exe" "$c" || "$(gcc_of "$arch")" -static -pthread -D_GNU_SOURCE -O2 \
			-Wall -Wextra -Werror -I "$TOP/include" -o "$exe.$$" "$c" || die "cannot build $c"
		is_new "$exe" "$c" || mv "$exe.$$" "$exe"
		cp "$exe" "$1/bin/"
	done
}

# guest_modules ROOT: MODULES and what they depend on, for busybox's modprobe
guest_modules()
{
	local release m

	[ -n "${MODULES// /}" ] || return 0
	release=$(cat "$kernel/release")
	for m in $MODULES; do
		modprobe -d "$kernel" -S "$release" --show-depends "${m%\?}" ||
			[ "${m%\?}" != "$m" ] || die "kernel $KERNEL has no module $m"
	done | awk '$1 == "insmod" { print $2 }' | sort -u | while read -r m; do
		m=${m#"$kernel"/}
		(cd "$kernel" && cp --parents "$m" "$1")
		[ "${m%.xz}" = "$m" ] || xz -d "$1/$m"
	done
	# there is none where all of them were "NAME?"
	[ ! -d "$1/lib/modules" ] || depmod -b "$1" "$release" 2>/dev/null
}

# guest_root DIR: the file system of the guest
guest_root()
{
	local root=$1 f

	mkdir -p "$root"/{bin,dev,etc,lib,out,proc,root,sys,tmp,usr}
	cp "$(busybox_of)" "$root/bin/"
	busybox --list | while read -r f; do
		[ "$f" = busybox ] || ln -sfn busybox "$root/bin/$f"
	done
	ln -s bin "$root/sbin"
	ln -s ../bin "$root/usr/bin"
	ln -s ../bin "$root/usr/sbin"
	cp "$QEMU_DIR/init" "$root/init"
	cp "$TOP"/selftests/splat.{sh,awk} "$root/"
	cp "$QEMU_DIR/killable" "$root/bin/"
	helpers "$root"
	cp "$("$QEMU_DIR/tool.sh" "$arch")" "$root/bin/oomx"
	guest_modules "$root"
	cp "$SCRIPT" "$root/root/"
	for f in $FILES; do
		cp -r "$f" "$root/root/"
	done
	cp "$modules/oomx.ko" "$modules"/selftests/modules/*.ko "$root/"
	[ ! -d "$modules/signed" ] || cp -r "$modules/signed" "$root/"
	printf "%s='%s'\n" SCRIPT "$(basename "$SCRIPT")" OUT "${OUT:+1}" REBOOT "$REBOOT" KEPT "$kept" \
		TTY_VERDICT "$tty_verdict" TTY_OUT "$tty_out" KERNEL "$KERNEL" SLOW "$SLOW" >"$root/etc/vm"
	chmod 755 "$root/init" "$root/bin/killable"
}

# Takes the place of a shell of its own. QEMU dies with timeout, and timeout with
# this script, however that ends.
qemu()
{
	# shellcheck disable=SC2086 # QEMU_ARGS is a list of words
	exec setpriv --pdeathsig TERM timeout -k 5 "$TIMEOUT" \
		setpriv --pdeathsig KILL "${qemu[@]}" -accel "$ACCEL" -smp "$CPUS" -m "$MEM" \
		-nodefaults -display none \
		-kernel "$kernel/image" -initrd "$tmp/initramfs" \
		-append "console=$console $CMDLINE $APPEND" \
		-serial stdio "${ports[@]}" $QEMU_ARGS </dev/null
}

# The shell heeds signals while it waits, not while a foreground command runs.
boot()
{
	local rc=0 guest filter

	mkfifo "$tmp/pipe"
	sed -u 's/\r*$//' <"$tmp/pipe" | tee "$tmp/console" &
	filter=$!
	qemu >"$tmp/pipe" &
	guest=$!
	wait $guest || rc=$?
	wait $filter
	return $rc
}

# why_not QEMU_STATUS: what to tell when there is no verdict
why_not()
{
	local panic

	panic=$(sed -n 's/.*Kernel panic - not syncing: //p' "$tmp/console")
	if [ "$1" -eq 124 ] || [ "$1" -eq 137 ]; then
		die "vm: the guest did not end in $TIMEOUT s"
	elif [ -n "$panic" ]; then
		die "vm: the guest panicked: $panic"
	fi
	die "vm: the guest ended without a verdict (QEMU: $1)"
}

# The guest is gone, and with it what it would have sent: the console is the evidence, of what else
# the kernel complained about, too.
judge_panic()
{
	local word="not ok"

	! awk -f "$TOP/selftests/splat.awk" "$tmp/console" ||
		die "vm: the guest's kernel complained"
	! grep -aq 'Kernel panic - not syncing' "$tmp/console" ||
		! grep -azqE "$PANIC" "$tmp/console" || word=ok
	if [ -n "$OUT" ]; then
		mkdir -p "$OUT"
		printf 'KTAP version 1\n1..1\n%s 1 the panic, as the console tells it\n' "$word" \
			>"$OUT/stdout"
	fi
	[ "$word" = ok ] || die "vm: no panic with '$PANIC' on the console"
}

judge()
{
	[ -z "$PANIC" ] || { judge_panic; return; }
	case $(cat "$tmp/verdict" 2>/dev/null) in
	"verdict 0") ;;
	"verdict splat") die "vm: the guest's kernel complained" ;;
	"verdict "*) die "vm: the script ended with" \
		"$(sed 's/verdict //' "$tmp/verdict")" ;;
	*) why_not "$1" ;;
	esac
}

main()
{
	local rc=0

	[ -n "${SCRIPT:-}" ] || die "which script? make vm SCRIPT=path"
	[ -f "$SCRIPT" ] || die "no such script: $SCRIPT"
	settings
	check_settings
	make_room
	if [ "$arch" = amd64 ]; then
		need_for vm
	else
		need_for "$arch"
	fi
	kernel=$("$QEMU_DIR/modules.sh" --kernel "$KERNEL")
	modules=$("$QEMU_DIR/modules.sh" "$KERNEL")
	tmp=$(mktemp -d)
	machine
	nodes
	dimm
	on_reset
	trap 'rm -rf "$tmp"' EXIT
	trap 'exit 130' INT TERM HUP
	guest_root "$tmp/root"
	(cd "$tmp/root" && find . | cpio -o -H newc -R 0:0 --quiet) \
		>"$tmp/initramfs"
	rm -rf "$tmp/root"
	step "booting $KERNEL ($(cat "$kernel/release")) for $(basename "$SCRIPT")"
	boot || rc=$?
	# An emulated CPU may run into code that another one is patching while the kernel boots.
	if ! grep -q '^init: the script starts' "$tmp/console"; then
		step "the guest did not get as far as the script; once more"
		rm -f "$tmp"/{pipe,verdict,out.tar}
		rc=0
		boot || rc=$?
	fi
	if [ -n "$OUT" ] && [ -s "$tmp/out.tar" ]; then
		mkdir -p "$OUT"
		tar -C "$OUT" --no-same-owner -xf "$tmp/out.tar" ||
			die "vm: /out did not arrive whole"
	fi
	judge $rc
}

main
