// SPDX-License-Identifier: GPL-2.0
/*
 * Files: records back to back in, and safe replacing of files.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tool.h"

#define STEP	65536

struct bytes {
	u8 *data;	/* of malloc(), so aligned enough for a record */
	size_t len;
};

static int read_all(FILE *f, const char *path, struct bytes *b)
{
	size_t n;

	do {
		b->data = xalloc(b->data, b->len + STEP);
		n = fread(b->data + b->len, 1, STEP, f);
		b->len += n;
	} while (n);
	if (!ferror(f))
		return STATUS_OK;
	complain("cannot read %s: %m", path);
	return STATUS_FAILED;
}

static int corrupt(const char *path, const struct bytes *b, size_t at)
{
	struct oomx_record r = { 0 };
	size_t left = b->len - at, where = 0;

	memcpy(&r, b->data + at, left < sizeof(r) ? left : sizeof(r));
	oomx_record_check(b->data + at, left, &where);
	if (r.magic == __builtin_bswap32(OOMX_MAGIC))
		complain("%s: written on a machine of the other byte order", path);
	else if (left < sizeof(r) || (r.magic == OOMX_MAGIC && r.len > left))
		complain("%s: cut off at byte %zu: the record at byte %zu is not whole",
			 path, b->len, at);
	else if (r.magic != OOMX_MAGIC)
		complain("%s: byte %zu: not a record of oomx", path, at);
	else
		complain("%s: byte %zu: the record at byte %zu is damaged", path,
			 at + where, at);
	return STATUS_CORRUPT;
}

static int walk(const char *path, const struct bytes *b,
		int (*take)(void *arg, const struct oomx_record *r), void *arg)
{
	const struct oomx_record *r;
	size_t at;
	int ret;

	if (!b->len) {
		complain("%s: is empty", path);
		return STATUS_CORRUPT;
	}
	for (at = 0; at < b->len; at += r->len) {
		r = (const void *)(b->data + at);
		if (oomx_record_check(r, b->len - at, NULL))
			return corrupt(path, b, at);
		ret = take(arg, r);
		if (ret)
			return ret;
	}
	return STATUS_OK;
}

static int read_one(const char *path, int (*take)(void *arg, const struct oomx_record *r),
		    void *arg)
{
	bool std = !strcmp(path, "-");
	struct bytes b = { 0 };
	FILE *f = std ? stdin : fopen(path, "re");
	int ret;

	if (!f) {
		complain("cannot open %s: %m", path);
		return STATUS_FAILED;
	}
	ret = read_all(f, path, &b);
	if (!ret)
		ret = walk(std ? "standard input" : path, &b, take, arg);
	free(b.data);
	if (!std)
		fclose(f);
	return ret;
}

static int is_record_file(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return len > 5 && !strcmp(entry->d_name + len - 5, ".oomx");
}

/* What "import --save" left there, in the order of the names. */
static int read_dir(const char *path, int (*take)(void *arg, const struct oomx_record *r),
		    void *arg)
{
	struct dirent **names = NULL;
	int n = scandir(path, &names, is_record_file, alphasort), i, ret = STATUS_OK;
	char *file = NULL;

	if (n <= 0) {
		complain(n ? "cannot read %s: %m" : "%s: no *.oomx in it", path);
		ret = n ? STATUS_FAILED : STATUS_CORRUPT;
	}
	for (i = 0; i < n; i++) {
		if (asprintf(&file, "%s/%s", path, names[i]->d_name) < 0)
			exit(STATUS_FAILED);
		if (!ret)
			ret = read_one(file, take, arg);
		free(file);
		free(names[i]);
	}
	free(names);
	return ret;
}

/**
 * file_read() - read a file of records
 * @path: file; "-" is standard input; or a directory of files *.oomx
 * @take: called for each; its return value, if not STATUS_OK, ends it
 * @arg: for @take
 *
 * All before a damaged record was handed over when the damage is found.
 *
 * Return: exit code, errors were said.
 */
int file_read(const char *path, int (*take)(void *arg, const struct oomx_record *r), void *arg)
{
	struct stat st;

	if (strcmp(path, "-") && !stat(path, &st) && S_ISDIR(st.st_mode))
		return read_dir(path, take, arg);
	return read_one(path, take, arg);
}

static int write_to(FILE *f, int (*write)(FILE *to, void *arg), void *arg)
{
	int ret = write(f, arg);

	if (ret)
		return ret;
	if (!fflush(f) && !ferror(f) && !fsync(fileno(f)))
		return STATUS_OK;
	complain("cannot write: %m");
	return STATUS_FAILED;
}

/**
 * file_replace() - write a file, of which no reader sees a part
 * @path: file; what it was before stays, unless all could be written
 * @write: writes it; its return value, if not STATUS_OK, ends it
 * @arg: for @write
 *
 * Return: exit code, errors were said.
 */
int file_replace(const char *path, int (*write)(FILE *to, void *arg), void *arg)
{
	char *tmp = xalloc(NULL, strlen(path) + 16);
	int fd, ret = STATUS_FAILED;
	FILE *f;

	sprintf(tmp, "%s.XXXXXX", path);
	fd = mkstemp(tmp);
	f = fd < 0 ? NULL : fdopen(fd, "w");
	if (!f || fchmod(fd, 0644)) {
		complain("cannot create %s: %m", tmp);
	} else {
		ret = write_to(f, write, arg);
		if (!ret && rename(tmp, path)) {
			complain("cannot rename to %s: %m", path);
			ret = STATUS_FAILED;
		}
	}
	if (f)
		fclose(f);
	if (ret && fd >= 0)
		unlink(tmp);
	free(tmp);
	return ret;
}
