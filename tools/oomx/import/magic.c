// SPDX-License-Identifier: GPL-2.0
/*
 * Files that are no log as they are, but hold one.
 */
#include "import.h"

static const struct {
	const char *begins;
	size_t len;
	const char *what;
	const char *reader;
} magics[] = {
	{ "\x1f\x8b", 2, "is compressed", "zcat %s" },
	{ "\xfd\x37zXZ", 5, "is compressed", "xzcat %s" },
	{ "\x28\xb5\x2f\xfd", 4, "is compressed", "zstdcat %s" },
	{ "BZh", 3, "is compressed", "bzcat %s" },
	{ "LPKSHHRH", 8, "is a journal", "journalctl -k --file %s" },
	{ "\xff\xfe", 2, "is UTF-16", "iconv -f UTF-16 %s" },
	{ "\xfe\xff", 2, "is UTF-16", "iconv -f UTF-16 %s" },
};

/**
 * magic_refuse() - say how to read a file that is no log as it is
 * @path: file; "-" is standard input
 * @buf: its beginning
 * @len: bytes of @buf
 *
 * Return: false when it may be a log.
 */
bool magic_refuse(const char *path, const char *buf, size_t len)
{
	const char *name = strcmp(path, "-") ? path : "FILE";
	char command[512];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(magics); i++) {
		if (len < magics[i].len || memcmp(buf, magics[i].begins, magics[i].len))
			continue;
		/* the formats are above */
		snprintf(command, sizeof(command), magics[i].reader, name);
		complain("%s %s: %s | oomx import", strcmp(path, "-") ? path : "standard input",
			 magics[i].what, command);
		return true;
	}
	return false;
}
