// SPDX-License-Identifier: GPL-2.0
/*
 * oomx: the command line.
 */
#include <argp.h>
#include <signal.h>
#include <stdlib.h>

#include "tool.h"

const char *argp_program_version = "oomx " OOMX_TOOL_VERSION;

static const char doc[] =
	"Show what the kernel module oomx recorded of out-of-memory events.\v"
#include "help.h"
;

enum {
	OPT_JSON = 256, OPT_JOURNAL, OPT_TEXTFILE, OPT_ALL, OPT_OPENMETRICS, OPT_FOLLOW, OPT_LIST,
	OPT_SUMMARY, OPT_SAVE,
};

static const struct argp_option options[] = {
	{ "input", 'i', "FILE", 0, "Read records saved in FILE (-: standard input)", 0 },
	{ "json", OPT_JSON, NULL, 0,
	  "list, show, now: JSON; follow, import: a line of JSON an event", 0 },
	{ "journal", OPT_JOURNAL, NULL, 0, "follow: into the systemd journal", 0 },
	{ "all", OPT_ALL, NULL, 0, "follow: the events that are there first", 0 },
	{ "textfile", OPT_TEXTFILE, "PATH", 0,
	  "metrics: replace PATH, for the textfile collector", 0 },
	{ "openmetrics", OPT_OPENMETRICS, NULL, 0,
	  "metrics: strictly by OpenMetrics, where the family of a counter has no _total", 0 },
	{ "follow", OPT_FOLLOW, NULL, 0, "import: the log goes on (tail -f)", 0 },
	{ "list", OPT_LIST, NULL, 0, "import: a line an event", 0 },
	{ "summary", OPT_SUMMARY, NULL, 0, "import: counts by cause, victim, cgroup and hour", 0 },
	{ "save", OPT_SAVE, "DIR", 0, "import: the records into DIR, a file an event", 0 },
	{ 0 }
};

/* What each command takes. @arg: 0 none, 1 may, 2 must have one. */
static const struct command {
	const char *name;
	int (*run)(const struct options *o);
	int arg;
	bool json;
	bool input;
} commands[] = {
	{ "list", cmd_list, 0, true, true },
	{ "show", cmd_show, 1, true, true },
	{ "top", cmd_top, 1, false, true },
	{ "follow", cmd_follow, 0, true, true },
	{ "now", cmd_now, 1, true, false },
	{ "save", cmd_save, 2, false, true },
	{ "metrics", cmd_metrics, 0, false, true },
	{ "import", cmd_import, 1, true, false },
};

static const struct command *find_command(const char *name)
{
	size_t i;

	for (i = 0; name && i < ARRAY_SIZE(commands); i++)
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	return NULL;
}

static void check_import(struct argp_state *state, const struct options *o, bool import)
{
	if ((o->follow || o->list || o->summary || o->save) && !import)
		argp_error(state, "--follow, --list, --summary and --save belong to import");
	else if (o->summary && (o->follow || o->list || o->save))
		argp_error(state, "--summary goes with --json only");
	else if (o->list && o->json)
		argp_error(state, "--list or --json?");
}

static void check_options(struct argp_state *state, const struct options *o)
{
	const struct command *c = find_command(o->command);

	if (!o->command)
		argp_error(state, "which command? (%s)",
			   "list, show, top, follow, now, save, metrics, import");
	else if (!c)
		argp_error(state, "unknown command: %s", o->command);
	else if (o->arg && !c->arg)
		argp_error(state, "%s takes no argument", c->name);
	else if (!o->arg && c->arg == 2)
		argp_error(state, "%s: where to? (oomx save FILE)", c->name);
	else if (o->json && !c->json)
		argp_error(state, "%s knows no --json", c->name);
	else if (o->input && c->run == cmd_import)
		argp_error(state, "import FILE, without --input");
	else if (o->input && !c->input)
		argp_error(state, "%s looks at the machine as it is: no --input", c->name);
	else if ((o->journal || o->all) && c->run != cmd_follow)
		argp_error(state, "--journal and --all belong to follow");
	else if (o->journal && o->json)
		argp_error(state, "--journal or --json?");
	else if ((o->textfile || o->openmetrics) && c->run != cmd_metrics)
		argp_error(state, "--textfile and --openmetrics belong to metrics");
	else
		check_import(state, o, c->run == cmd_import);
}

static int parse_arg(struct options *o, char *arg)
{
	if (!o->command)
		o->command = arg;
	else if (!o->arg)
		o->arg = arg;
	else
		return ARGP_ERR_UNKNOWN;
	return 0;
}

static error_t parse_import(int key, char *arg, struct options *o)
{
	switch (key) {
	case OPT_FOLLOW:
		o->follow = true;
		break;
	case OPT_LIST:
		o->list = true;
		break;
	case OPT_SUMMARY:
		o->summary = true;
		break;
	case OPT_SAVE:
		o->save = arg;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 'i':
		o->input = arg;
		break;
	case OPT_JSON:
		o->json = true;
		break;
	case OPT_JOURNAL:
		o->journal = true;
		break;
	case OPT_ALL:
		o->all = true;
		break;
	case OPT_TEXTFILE:
		o->textfile = arg;
		break;
	case OPT_OPENMETRICS:
		o->openmetrics = true;
		break;
	case ARGP_KEY_ARG:
		return parse_arg(o, arg);
	case ARGP_KEY_END:
		check_options(state, o);
		break;
	default:
		return parse_import(key, arg, o);
	}
	return 0;
}

int main(int argc, char **argv)
{
	static const struct argp argp = {
		.options = options, .parser = parse, .args_doc = "COMMAND [ARGUMENT]", .doc = doc,
	};
	struct options o = { 0 };

	argp_err_exit_status = STATUS_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &o);
	signal(SIGPIPE, SIG_DFL);
	return find_command(o.command)->run(&o);
}
