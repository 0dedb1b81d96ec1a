/*
 * The settings, out of the `start` message. Runs in glas-modem, once; the strings
 * stay for its life. A number that cannot be is taken for the next that can.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "modem/modem_settings.h"
#include "sms/link_msg.h"

#define SETTINGS_WINDOW_MAX	1024
#define SETTINGS_POLL_MS	30000

/* glasd gives every key as a string; other links' keepers may not. */
static char *
settings_text(const json_t *settings, const char *key, const char *fallback)
{
	const json_t *value = json_object_get(settings, key);

	if (json_is_string(value))
		return (xstrdup(json_string_value(value)));
	if (json_is_integer(value))
		return (xasprintf("%lld", (long long)json_integer_value(value)));
	if (json_is_boolean(value))
		return (xstrdup(json_is_true(value) ? "yes" : "no"));
	return (xstrdup(fallback));
}

static bool
settings_yes(const json_t *settings, const char *key)
{
	char *word = settings_text(settings, key, "no");
	bool yes = strcmp(word, "yes") == 0;

	free(word);
	return (yes);
}

static int
settings_number(const json_t *settings, const char *key, int fallback,
    int min, int max)
{
	char *value = settings_text(settings, key, "");
	long n = value[0] != '\0' ? strtol(value, NULL, 10) : fallback;

	free(value);
	return (n < min ? min : n > max ? max : (int)n);
}

static enum modem_sandbox
settings_sandbox(const json_t *settings)
{
	char *word = settings_text(settings, "sandbox", "");
	enum modem_sandbox sandbox = MODEM_SANDBOX_BEST_EFFORT;

	if (strcmp(word, "required") == 0)
		sandbox = MODEM_SANDBOX_REQUIRED;
	else if (strcmp(word, "kill") == 0)
		sandbox = MODEM_SANDBOX_KILL;
	free(word);
	return (sandbox);
}

static void
settings_set_deadlines(struct modem_settings *s, const json_t *settings)
{
	static const struct {
		const char	*key;
		int		 ms;
	} defaults[MODEM_CALLS] = {
		[MODEM_CALL_INIT] = { "deadline-init", 60000 },
		[MODEM_CALL_LIST] = { "deadline-list", 45000 },
		[MODEM_CALL_DELETE] = { "deadline-delete", 15000 },
		[MODEM_CALL_SEND] = { "deadline-send", 75000 },
		[MODEM_CALL_USSD] = { "deadline-ussd", 60000 },
		[MODEM_CALL_STATUS] = { "deadline-status", 20000 },
	};

	for (int i = 0; i < MODEM_CALLS; i++)
		s->deadline_ms[i] = settings_number(settings,
		    defaults[i].key, defaults[i].ms, 100, 3600000);
}

static void
settings_set_loopback(struct modem_settings *s, const json_t *settings)
{
	s->number = settings_text(settings, "number", "");
	s->loopback_ms = 1000 * (int64_t)settings_number(settings,
	    "loopback", 0, 0, 604800);
	s->loopback_within_ms = 1000 * (int64_t)settings_number(settings,
	    "loopback-within", 600, 1, 86400);
	s->deaf = settings_yes(settings, "deaf");
}

void
settings_read(struct modem_settings *s, const json_t *start)
{
	const json_t *settings = json_object_get(start, "settings");

	s->device = settings_text(settings, "device", "");
	s->connection = settings_text(settings, "connection", "at115200");
	s->dummy = strcmp(s->connection, "none") == 0;
	/* "at" spares libgammu its guess at other protocols; it knows the
	 * faults of models by what the modem says of itself. */
	s->model = settings_text(settings, "model", "");
	if (s->model[0] == '\0') {
		free(s->model);
		s->model = xstrdup(s->dummy ? "dummy" : "at");
	}
	s->imei = settings_text(settings, "imei", "");
	s->device_glob = settings_text(settings, "device-glob",
	    "/dev/serial/by-id/*");
	s->pin = settings_text(settings, "pin", "");
	s->smsc = settings_text(settings, "smsc", "");
	s->one_by_one = settings_yes(settings, "one-by-one");
	s->raw_slot = settings_number(settings, "raw-slot", 0, 0, INT32_MAX);
	s->reset = settings_yes(settings, "reset");
	s->pin_spent = settings_yes(settings, "pin-spent");
	settings_set_loopback(s, settings);
	s->poll_ms = settings_number(settings, "poll", SETTINGS_POLL_MS, 100,
	    600000);
	s->window = (int)link_msg_int(start, "window");
	if (s->window < 1 || s->window > SETTINGS_WINDOW_MAX)
		s->window = s->window < 1 ? 1 : SETTINGS_WINDOW_MAX;
	s->sandbox = settings_sandbox(settings);
	settings_set_deadlines(s, settings);
}

/* Others of libgammu's connections run shell commands or open sockets. */
const char *
settings_wrong(const struct modem_settings *s)
{
	const char *speed = s->connection + 2;

	if (s->dummy)
		return (strcmp(s->model, "dummy") == 0 ? NULL :
		    "bad-model");
	if (strncmp(s->connection, "at", 2) != 0 ||
	    speed[strspn(speed, "0123456789")] != '\0' ||
	    strlen(speed) > 7)
		return ("bad-connection");
	return (strcmp(s->model, "dummy") == 0 ? "bad-model" : NULL);
}
