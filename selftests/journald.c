// SPDX-License-Identifier: GPL-2.0
/*
 * journald SOCKET FILE N: receives N datagrams of the journal's native protocol, and writes
 * what they hold to FILE in the export format of journals.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static char buf[1 << 20];

/* The contents of the file whose descriptor came along. */
static ssize_t from_file(struct msghdr *msg)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(msg);
	struct stat st;
	int fd;

	if (!c || c->cmsg_type != SCM_RIGHTS)
		return -1;
	memcpy(&fd, CMSG_DATA(c), sizeof(fd));
	/* as journald: only what cannot change any more */
	if (fcntl(fd, F_GET_SEALS) != (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) ||
	    fstat(fd, &st) || st.st_size > (off_t)sizeof(buf))
		return -1;
	return pread(fd, buf, st.st_size, 0);
}

static ssize_t receive(int sock)
{
	char control[CMSG_SPACE(sizeof(int))];
	struct iovec iov = { buf, sizeof(buf) };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = control,
		.msg_controllen = sizeof(control),
	};
	ssize_t n = recvmsg(sock, &msg, 0);

	return n ? n : from_file(&msg);
}

int main(int argc, char **argv)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int sock = socket(AF_UNIX, SOCK_DGRAM, 0), i;
	FILE *to = argc == 4 ? fopen(argv[2], "w") : NULL;
	ssize_t n;

	if (!to || sock < 0)
		return 1;
	strncpy(addr.sun_path, argv[1], sizeof(addr.sun_path) - 1);
	if (bind(sock, (struct sockaddr *)&addr, sizeof(addr)))
		return 1;
	for (i = 0; i < atoi(argv[3]); i++) {
		n = receive(sock);
		if (n < 0)
			return 1;
		/* what the real one adds, and its own tools want */
		fprintf(to, "__REALTIME_TIMESTAMP=%d\n_BOOT_ID=%032x\n", 1000000 + i, 1);
		fwrite(buf, n, 1, to);
		fputc('\n', to);
	}
	return fclose(to);
}
