# SPDX-License-Identifier: GPL-2.0
#
# Of /dev/kmsg or a console: what the kernel complained about since the script began. Exit status 0
# if there is any. Of data races the kernel has its own: only those count that oomx takes part in,
# by a function of its own or by one that it called itself: it is among the two on top of a stack.
# Where it is deeper it waits, or allocates, and the race is the kernel's: a heuristic.
# -v mark=LINE: the last one; without it something may be missing, which is a complaint, too.

/init: the script starts/ { n = 0 }
{ text = $0 }
sub(/^(\[[^]]*\])+ |^[0-9]+,[0-9]+,[0-9]+,[^;]*;/, "", text) == 0 { next }
text == mark { seen = 1 }
text ~ /^BUG: KCSAN: / { race = $0 }
text ~ /^(value changed|Reported by|=+$)/ { race = "" }
text ~ /^(read|write|read-write|assert|race at unknown)[ :(]/ { frames = 0 }
text ~ /^ / { frames++ }
race != "" && text ~ /\[oomx/ && (text ~ /^BUG: / || (text ~ /^ / && frames <= 2)) {
	said[n++] = race
	race = ""
}
text ~ /^([a-z]+:? )?(BUG|UBSAN|WARNING|INFO|Oops)(:| at) / && text !~ /BUG: KCSAN: / {
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
