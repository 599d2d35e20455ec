// SPDX-License-Identifier: GPL-2.0
/*
 * What an event from a kernel log tells of itself, as JSON.
 */
#include <time.h>

#include "json.h"

/* Without a zone, and maybe without a year, as the log has it. */
static json_t *local_time(const struct oomx_trigger *t)
{
	time_t s = t->realtime_ns / 1000000000;
	char text[64];
	struct tm tm;

	if (!(t->flags & OOMX_TRIGGER_LOCAL_TIME) || !gmtime_r(&s, &tm))
		return json_null();
	strftime(text, sizeof(text), t->flags & OOMX_TRIGGER_NO_YEAR ? "--%m-%dT%H:%M:%S" :
		 "%Y-%m-%dT%H:%M:%S", &tm);
	return json_string(text);
}

/**
 * json_time() - when it was
 * @f: facts
 *
 * Return: object.
 */
json_t *json_time(const struct oomx_facts *f)
{
	const struct oomx_trigger *t = &f->trigger;
	bool real = t->realtime_ns && !(t->flags & OOMX_TRIGGER_LOCAL_TIME);
	json_t *o = json_object();

	json_object_set_new(o, "realtime_ns", json_known(t->realtime_ns, real || !f->imported));
	json_object_set_new(o, "boottime_ns", json_known(t->boottime_ns, !f->imported));
	json_object_set_new(o, "monotonic_ns",
			    json_known(t->monotonic_ns, t->monotonic_ns || !f->imported));
	json_object_set_new(o, "local", local_time(t));
	return o;
}

static const char *rules_name(u32 rules)
{
	static const char *const names[] = {
		[OOMX_RULES_SIGNED] = "5.9", [OOMX_RULES_POSITIVE] = "4.17",
		[OOMX_RULES_ROOT_SHARE] = "3.14", [OOMX_RULES_ROOT_ADJ] = "3.5",
		[OOMX_RULES_OLD] = "2.6",
	};

	return rules < ARRAY_SIZE(names) ? names[rules] : NULL;
}

/**
 * json_log() - where it was read
 * @f: facts
 *
 * Return: object; null for what the module recorded.
 */
json_t *json_log(const struct oomx_facts *f)
{
	u32 flags = f->log.flags;
	json_t *o;

	if (!f->imported)
		return json_null();
	o = json_object();
	json_object_set_new(o, "line", json_number(f->log.line));
	json_object_set_new(o, "offset", json_number(f->log.offset));
	json_object_set_new(o, "lines", json_number(f->log.lines));
	json_object_set_new(o, "cut_rows", json_number(f->log.cut));
	json_object_set_new(o, "rules_since", json_name(rules_name(f->log.rules)));
	json_object_set_new(o, "rules_guessed", json_boolean(flags & OOMX_LOG_RULES_GUESSED));
	json_object_set_new(o, "start_missing", json_boolean(flags & OOMX_LOG_NO_START));
	json_object_set_new(o, "end_missing", json_boolean(flags & OOMX_LOG_NO_END));
	json_object_set_new(o, "kill_only", json_boolean(flags & OOMX_LOG_KILL_ONLY));
	return o;
}
