// SPDX-License-Identifier: GPL-2.0
/*
 * asuser UID CMD...: runs CMD as an ordinary user.
 * asuser container CMD...: as root of a container, without CAP_SYSLOG and CAP_SYS_ADMIN.
 */
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static int become(const char *whom)
{
	if (!strcmp(whom, "container"))
		return prctl(PR_CAPBSET_DROP, CAP_SYSLOG) ||
		       prctl(PR_CAPBSET_DROP, CAP_SYS_ADMIN);
	return setgid(atoi(whom)) || setuid(atoi(whom));
}

int main(int argc, char **argv)
{
	if (argc < 3 || become(argv[1]))
		return 125;
	execvp(argv[2], argv + 2);
	return 126;
}
