#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# What the kernel complained about since the script began; exit status 0 if there is any. "dmesg -c"
# hides what it has shown, from later ones; /dev/kmsg has it all.

mark="splat: up to here, $(cut -d ' ' -f 1 /proc/uptime)"
echo "$mark" >/dev/kmsg
echo "splat: sed reads one line more than it needs" >/dev/kmsg
sed "/;$mark\$/q" /dev/kmsg | awk -v mark="$mark" -f /splat.awk
