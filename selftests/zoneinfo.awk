# SPDX-License-Identifier: GPL-2.0
#
# /proc/zoneinfo as lines "key value", for what cannot move; kB, keys as in oomx.awk.

/^Node / {
	node = $2 + 0
	zone = "zone." node "." $4
	n = 0
	present = 0
}
$1 == "node_unreclaimable:" { print "node." node ".all_unreclaimable", $2 + 0 ? "yes" : "no" }
$1 ~ /^(boost|min|low|high|spanned|present|managed|cma)$/ && NF == 2 {
	line[n++] = zone "." $1 " " $2 * 4
	if ($1 == "present")
		present = $2
}
/protection:/ && present {
	gsub(/[(),]/, " ")
	text = ""
	for (i = 2; i <= NF; i++)
		text = text (i > 2 ? "," : "") $i * 4
	for (i = 0; i < n; i++)
		print line[i]
	print zone ".lowmem_reserve " text
}
