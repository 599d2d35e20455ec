# SPDX-License-Identifier: GPL-2.0
#
# Of /dev/kmsg or a console: what the kernel complained about since the script began. Exit status 0
# if there is any. Of data races the kernel has its own: only those with oomx in them count.
# -v mark=LINE: the last one; without it something may be missing, which is a complaint, too.

/init: the script starts/ { n = 0 }
{ text = $0 }
sub(/^(\[[^]]*\])+ |^[0-9]+,[0-9]+,[0-9]+,[^;]*;/, "", text) == 0 { next }
text == mark { seen = 1 }
text ~ /^([a-z]+:? )?(BUG|UBSAN|WARNING|INFO|Oops)(:| at) / && (text !~ /BUG: KCSAN: / || /oomx/) {
	said[n++] = $0
}
text ~ /^Internal error: |^Unable to handle kernel / { said[n++] = $0 }

END {
	if (mark != "" && !seen)
		said[n++] = "the log of the kernel ends before: " mark
	for (i = 0; i < n; i++)
		print said[i]
	exit n == 0
}
