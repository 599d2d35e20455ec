// SPDX-License-Identifier: GPL-2.0
/*
 * Events into the systemd journal, by its native protocol: a datagram of fields, or a
 * sealed memory file where they are too long for one. (libsystemd, which does the same,
 * cannot be linked statically.)
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "oomx_explain.h"
#include "oomx_names.h"
#include "oomx_outcome.h"
#include "oomx_select.h"
#include "tool.h"

#define SOCKET		"/run/systemd/journal/socket"

/* Of all events; the catalog explains it. */
#define MESSAGE_ID	"3d9a2f0c6b5e4a0f9c1d7e84b2a6f513"
#define PRIORITY_ERR	"3"

struct fields {
	u8 *data;
	size_t len;
};

static void put(struct fields *f, const void *bytes, size_t len)
{
	f->data = xalloc(f->data, f->len + len);
	memcpy(f->data + f->len, bytes, len);
	f->len += len;
}

/* The form with a length holds any bytes, newlines too. */
static void put_field(struct fields *f, const char *name, const char *value)
{
	u64 len = strlen(value);
	u8 le[8];
	int i;

	for (i = 0; i < 8; i++)
		le[i] = len >> (8 * i);
	put(f, name, strlen(name));
	put(f, "\n", 1);
	put(f, le, sizeof(le));
	put(f, value, len);
	put(f, "\n", 1);
}

static void put_number(struct fields *f, const char *name, u64 value)
{
	char text[24];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)value);
	put_field(f, name, text);
}

static void put_victim(struct fields *fields, const struct oomx_facts *f, char *message,
		       size_t size)
{
	struct oomx_text t = { .buf = message, .size = size };
	struct oomx_followup at = { 0 };
	struct oomx_victim v;

	oomx_print(&t, "Out of memory (%s): ",
		   oomx_name(oomx_kind_names, ARRAY_SIZE(oomx_kind_names), f->trigger.kind));
	if (oomx_victim_next(f, &at, &v)) {
		put_number(fields, "OOMX_VICTIM_PID", v.pid);
		put_number(fields, "OOMX_VICTIM_UID", v.uid);
		put_field(fields, "OOMX_VICTIM_COMM", v.comm);
		oomx_print(&t, "victim ");
		oomx_print_untrusted(&t, v.comm);
		oomx_print(&t, " (pid %u)", v.pid);
	} else {
		oomx_print(&t, "no victim");
	}
	oomx_text_end(&t);
}

static void put_cgroup(struct fields *fields, const struct oomx_facts *f)
{
	struct oomx_memcg m;
	const char *path;

	oomx_table_get(&f->memcgs, 0, &m, sizeof(m));
	path = oomx_fact_string(f, m.path);
	if (m.flags & OOMX_MEMCG_IS_OOM && path)
		put_field(fields, "OOMX_CGROUP", path);
}

static void fill(struct fields *fields, const struct event *ev)
{
	char *report = event_text(ev, oomx_report), *json = json_text(ev);
	struct oomx_outcome outcome;
	struct oomx_cause cause;
	char message[256];
	struct oomx_facts f;

	oomx_facts_load(&f, &ev->view);
	oomx_rank(&f.tasks, ev->view.order);
	oomx_cause(&f, &cause);
	oomx_outcome(&f, &outcome);
	put_field(fields, "MESSAGE_ID", MESSAGE_ID);
	put_field(fields, "PRIORITY", PRIORITY_ERR);
	put_field(fields, "SYSLOG_IDENTIFIER", "oomx");
	put_number(fields, "OOMX_EVENT", ev->view.event->event);
	put_number(fields, "OOMX_REALTIME_NS", f.trigger.realtime_ns);
	put_field(fields, "OOMX_KIND", oomx_name(oomx_kind_names, ARRAY_SIZE(oomx_kind_names),
						 f.trigger.kind));
	put_field(fields, "OOMX_CAUSE", oomx_cause_names[cause.class]);
	if (oomx_result_name(outcome.result))
		put_field(fields, "OOMX_OUTCOME", oomx_result_name(outcome.result));
	put_number(fields, "OOMX_TRIGGER_PID", f.trigger.pid);
	put_field(fields, "OOMX_TRIGGER_COMM", f.trigger.comm);
	put_cgroup(fields, &f);
	put_victim(fields, &f, message, sizeof(message));
	put_field(fields, "MESSAGE", message);
	put_field(fields, "OOMX_REPORT", report);
	put_field(fields, "OOMX_JSON", json);
	free(report);
	free(json);
}

static int sealed_file(const struct fields *f)
{
	int fd = memfd_create("oomx-journal", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	int seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;

	if (fd < 0)
		return -1;
	if (write(fd, f->data, f->len) == (ssize_t)f->len && !fcntl(fd, F_ADD_SEALS, seals))
		return fd;
	close(fd);
	return -1;
}

/* The file's descriptor goes along with an empty datagram. */
static int send_file(int sock, const struct fields *f)
{
	union {
		struct cmsghdr head;
		u8 room[CMSG_SPACE(sizeof(int))];
	} control = { .head = {
		.cmsg_len = CMSG_LEN(sizeof(int)),
		.cmsg_level = SOL_SOCKET,
		.cmsg_type = SCM_RIGHTS,
	} };
	struct msghdr msg = { .msg_control = &control, .msg_controllen = sizeof(control) };
	int fd = sealed_file(f), ret;

	if (fd < 0)
		return -1;
	memcpy(CMSG_DATA(&control.head), &fd, sizeof(fd));
	ret = sendmsg(sock, &msg, MSG_NOSIGNAL) < 0 ? -1 : 0;
	close(fd);
	return ret;
}

static int connect_journal(void)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX, .sun_path = SOCKET };
	int sock = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (sock < 0 || !connect(sock, (struct sockaddr *)&addr, sizeof(addr)))
		return sock;
	close(sock);
	return -1;
}

/**
 * journal_send() - write an event to the journal
 * @ev: event
 *
 * Return: exit code, errors were said.
 */
int journal_send(const struct event *ev)
{
	struct fields f = { 0 };
	int sock = connect_journal(), ret;

	if (sock < 0) {
		complain("cannot reach the journal at " SOCKET ": %m");
		return STATUS_FAILED;
	}
	fill(&f, ev);
	ret = send(sock, f.data, f.len, MSG_NOSIGNAL) < 0 ? -1 : 0;
	if (ret && (errno == EMSGSIZE || errno == ENOBUFS))
		ret = send_file(sock, &f);
	if (ret)
		complain("cannot write to the journal: %m");
	close(sock);
	free(f.data);
	return ret ? STATUS_FAILED : STATUS_OK;
}
