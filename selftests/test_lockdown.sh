#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: MEM=256 CPUS=2 APPEND="quiet loglevel=1"
# vm: FILES="lib.sh kernel.awk oomx.awk compare.awk"
#
# A kernel that is locked down after the module was loaded, as far as that goes: everything
# works as before. Then it is not loaded again, for it is not signed; signed, it is.

. ./lib.sh

LOCKDOWN=/sys/kernel/security/lockdown

lock_down()
{
	mount -t securityfs securityfs /sys/kernel/security && [ -w $LOCKDOWN ] &&
		echo confidentiality >$LOCKDOWN && grep -qF '[confidentiality]' $LOCKDOWN
}

machine()
{
	fresh_log
	killable hog 4096 >/dev/null
	save_reports
	agrees 100
}

group()
{
	fresh_log
	in_dir "$CG/small" hog 64 >/dev/null
	save_reports
	agrees 30
}

is_read()
{
	oomx show >show.txt && cmp show.txt "$LAST" && oomx now >/dev/null &&
		oomx list | cmp - /proc/oomx/history && counter_is victims_without_capture 0 &&
		no_misses
}

# The kernel's own words, and nothing of the module is left behind.
refused()
{
	fresh_log
	! load 2>error.txt && dmesg >log.txt
	status=$?
	sed 's/^/# /' error.txt log.txt
	[ "$status" = 0 ] && grep -q 'Operation not permitted' error.txt &&
		grep -q 'Lockdown: insmod: unsigned module loading is restricted' log.txt &&
		[ ! -e /proc/oomx ]
}

signed()
{
	KO=/signed/oomx.ko load && twice group && twice machine && is_read
}

plan 7
cgroup small 32M
check "load" load
if lock_down || built_for_it; then
	check "a memcg OOM agrees with the kernel's report" twice group
	check "a global OOM agrees with the kernel's report" twice machine
	check "the tool reads it all" is_read
	check "unload" rmmod oomx
	check "not loaded unsigned, and it is said why" refused
	if [ -d /signed ] || built_for_it; then
		check "loaded signed, and it agrees with the kernel's reports" signed
	else
		skip "loaded signed" "the key of this kernel is not at hand"
	fi
else
	for name in "a memcg OOM" "a global OOM" "the tool" "unload" "not loaded unsigned" \
			"loaded signed"; do
		skip "$name" "no CONFIG_SECURITY_LOCKDOWN_LSM"
	done
fi
finish
