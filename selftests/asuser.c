// SPDX-License-Identifier: GPL-2.0
/*
 * asuser UID CMD...: runs CMD as an ordinary user.
 */
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	if (argc < 3 || setgid(atoi(argv[1])) || setuid(atoi(argv[1])))
		return 125;
	execvp(argv[2], argv + 2);
	return 126;
}
