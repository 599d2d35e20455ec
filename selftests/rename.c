// SPDX-License-Identifier: GPL-2.0
/*
 * rename FROM TO: copies a file and gives the strings FROM in it, whole ones, another name that
 * is no longer. So a module asks the kernel for another function.
 */
#include <stdio.h>
#include <string.h>

static char bytes[8 << 20];

int main(int argc, char **argv)
{
	size_t len = fread(bytes, 1, sizeof(bytes), stdin), n, i;
	int found = 0;

	if (argc < 3 || strlen(argv[2]) > strlen(argv[1]))
		return 2;
	n = strlen(argv[1]) + 1;
	for (i = 1; i + n <= len; i++) {
		if (bytes[i - 1] || memcmp(bytes + i, argv[1], n))
			continue;
		memset(bytes + i, 0, n);
		strcpy(bytes + i, argv[2]);
		found++;
	}
	return fwrite(bytes, 1, len, stdout) != len || !found;
}
