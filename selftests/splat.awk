# SPDX-License-Identifier: GPL-2.0
#
# Of a kernel's log or a console: what it complained about since the script began. Exit status 0 if
# there is any. Of data races the kernel has its own: only those with oomx in them count.

/init: the script starts/ { n = 0 }
/^\[[^]]*\] ([a-z]+:? )?(BUG|WARNING|INFO|Oops)(:| at) / && (!/BUG: KCSAN: / || /oomx/) {
	said[n++] = $0
}

END {
	for (i = 0; i < n; i++)
		print said[i]
	exit n == 0
}
