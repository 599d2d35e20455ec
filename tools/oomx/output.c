// SPDX-License-Identifier: GPL-2.0
/*
 * Where words go: errors, and text with colour on a terminal.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "tool.h"

#define BOLD	"\033[1m"
#define ALERT	"\033[1;31m"
#define HINT	"\033[36m"
#define PLAIN	"\033[0m"

/**
 * complain() - say what is wrong, on standard error
 * @fmt: as of printf, without a newline
 */
void complain(const char *fmt, ...)
{
	va_list args;

	fputs("oomx: ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
}

/**
 * xalloc() - realloc() that does not fail
 * @old: as of realloc()
 * @size: as of realloc()
 *
 * Return: the memory; the program ends when there is none.
 */
void *xalloc(void *old, size_t size)
{
	void *p = realloc(old, size ? size : 1);

	if (!p) {
		complain("out of memory");
		exit(STATUS_FAILED);
	}
	return p;
}

static bool colourful(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && !(no && *no) && !(term && !strcmp(term, "dumb"));
}

/* Headings begin in the first column with two capitals. */
static const char *colour_of(const char *line)
{
	if (!strncmp(line, "  Cause:", 8))
		return ALERT;
	if (!strncmp(line, "  Advice:", 9))
		return HINT;
	if (line[0] >= 'A' && line[0] <= 'Z' && line[1] >= 'A' && line[1] <= 'Z')
		return BOLD;
	return NULL;
}

static void print_line(const char *line, size_t len)
{
	const char *colour = colour_of(line);

	if (colour)
		printf("%s%.*s" PLAIN "\n", colour, (int)len, line);
	else
		printf("%.*s\n", (int)len, line);
}

/**
 * print_text() - print a text of whole lines
 * @text: text; control characters in it were escaped when it was made
 *
 * Return: as print_end().
 */
int print_text(const char *text)
{
	size_t len;

	if (!colourful()) {
		fputs(text, stdout);
		return print_end();
	}
	for (; *text; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		print_line(text, len);
	}
	return print_end();
}

/**
 * print_end() - what was printed must have arrived
 *
 * Return: STATUS_OK; STATUS_FAILED when it has not, with a message.
 */
int print_end(void)
{
	if (!fflush(stdout) && !ferror(stdout))
		return STATUS_OK;
	if (errno != EPIPE)
		complain("cannot write: %m");
	return STATUS_FAILED;
}
