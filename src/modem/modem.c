/*
 * glas-modem: one GSM modem as a link of glasd. main() and the order of
 * events; each step is the file of its name. Owns the settings. It blocks, it
 * has one thread, and when in doubt it ends: glasd starts it again.
 *
 *	start, hello		modem.c, modem_link.c
 *	where is the modem	modem_port.c
 *	sandbox			sandbox.c
 *	open it, unlock it	modem_gammu.c, modem_state.c
 *	then, in turn:
 *	a segment to send	modem_submit.c
 *	texts to fetch		modem_receive.c, modem_raw.c
 *	a missed call		modem_call.c
 *	a USSD code		modem_ussd.c
 *	how it is		modem_state.c
 *	does it hear?		modem_loopback.c
 */
#include "config.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "modem/modem.h"
#include "modem/modem_call.h"
#include "modem/modem_deadline.h"
#include "modem/modem_gammu.h"
#include "modem/modem_link.h"
#include "modem/modem_loopback.h"
#include "modem/modem_port.h"
#include "modem/modem_raw.h"
#include "modem/modem_receive.h"
#include "modem/modem_state.h"
#include "modem/modem_submit.h"
#include "modem/modem_ussd.h"
#include "modem/sandbox.h"

#define MODEM_WINDOW_MAX	1024
#define MODEM_POLL_MS		30000

static bool modem_stopping;

/*
 * Ways out.
 */

void
modem_leave(enum modem_exit code)
{
	link_flush();
	_exit((int)code);
}

void
modem_down(const char *detail, enum modem_exit code)
{
	log_warn("leaving: %s", detail);
	state_say("down", detail);
	modem_leave(code);
}

/*
 * Settings.
 */

/* glasd gives every key as a string; other links' keepers may not. */
static char *
modem_setting(const json_t *settings, const char *key, const char *fallback)
{
	const json_t *value = json_object_get(settings, key);

	if (json_is_string(value))
		return (xstrdup(json_string_value(value)));
	if (json_is_integer(value))
		return (xasprintf("%lld",
		    (long long)json_integer_value(value)));
	if (json_is_boolean(value))
		return (xstrdup(json_is_true(value) ? "yes" : "no"));
	return (xstrdup(fallback));
}

static bool
modem_setting_yes(const json_t *settings, const char *key)
{
	char *word = modem_setting(settings, key, "no");
	bool yes = strcmp(word, "yes") == 0;

	free(word);
	return (yes);
}

static int
modem_setting_number(const json_t *settings, const char *key, int fallback,
    int min, int max)
{
	char *value = modem_setting(settings, key, "");
	long n = value[0] != '\0' ? strtol(value, NULL, 10) : fallback;

	free(value);
	return (n < min ? min : n > max ? max : (int)n);
}

static enum modem_sandbox
modem_setting_sandbox(const json_t *settings)
{
	char *word = modem_setting(settings, "sandbox", "");
	enum modem_sandbox sandbox = MODEM_SANDBOX_BEST_EFFORT;

	if (strcmp(word, "required") == 0)
		sandbox = MODEM_SANDBOX_REQUIRED;
	else if (strcmp(word, "kill") == 0)
		sandbox = MODEM_SANDBOX_KILL;
	free(word);
	return (sandbox);
}

static void
modem_set_deadlines(struct modem_settings *s, const json_t *settings)
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
		s->deadline_ms[i] = modem_setting_number(settings,
		    defaults[i].key, defaults[i].ms, 100, 3600000);
	deadline_init(s->deadline_ms);
}

static void
modem_set_loopback(struct modem_settings *s, const json_t *settings)
{
	s->number = modem_setting(settings, "number", "");
	s->loopback_ms = 1000 * (int64_t)modem_setting_number(settings,
	    "loopback", 0, 0, 604800);
	s->loopback_within_ms = 1000 * (int64_t)modem_setting_number(settings,
	    "loopback-within", 600, 1, 86400);
	s->deaf = modem_setting_yes(settings, "deaf");
}

static void
modem_set(struct modem_settings *s, const json_t *start)
{
	const json_t *settings = json_object_get(start, "settings");

	s->name = xstrdup(link_msg_str(start, "name"));
	s->device = modem_setting(settings, "device", "");
	s->connection = modem_setting(settings, "connection", "at115200");
	s->dummy = strcmp(s->connection, "none") == 0;
	/* "at" spares libgammu its guess at other protocols; it knows the
	 * faults of models by what the modem says of itself. */
	s->model = modem_setting(settings, "model", "");
	if (s->model[0] == '\0') {
		free(s->model);
		s->model = xstrdup(s->dummy ? "dummy" : "at");
	}
	s->imei = modem_setting(settings, "imei", "");
	s->device_glob = modem_setting(settings, "device-glob",
	    "/dev/serial/by-id/*");
	s->pin = modem_setting(settings, "pin", "");
	s->smsc = modem_setting(settings, "smsc", "");
	s->one_by_one = modem_setting_yes(settings, "one-by-one");
	s->raw_slot = modem_setting_number(settings, "raw-slot", 0, 0,
	    INT32_MAX);
	s->reset = modem_setting_yes(settings, "reset");
	s->pin_spent = modem_setting_yes(settings, "pin-spent");
	modem_set_loopback(s, settings);
	s->poll_ms = modem_setting_number(settings, "poll", MODEM_POLL_MS,
	    100, 600000);
	s->window = (int)link_msg_int(start, "window");
	if (s->window < 1 || s->window > MODEM_WINDOW_MAX)
		s->window = s->window < 1 ? 1 : MODEM_WINDOW_MAX;
	s->sandbox = modem_setting_sandbox(settings);
	modem_set_deadlines(s, settings);
}

/* Others of libgammu's connections run shell commands or open sockets. */
static const char *
modem_connection_wrong(const struct modem_settings *s)
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

/*
 * Listening.
 */

static void
modem_obey(enum link_msg_type type, json_t *msg)
{
	switch (type) {
	case LINK_MSG_PING:
		link_say(json_pack("{s:s}", "t", "pong"));
		return;
	case LINK_MSG_STOP:
		modem_stopping = true;
		return;
	case LINK_MSG_ACK:
	case LINK_MSG_NACK:
		link_settle(msg, type);
		return;
	case LINK_MSG_SUBMIT:
		submit_take(msg);
		return;
	case LINK_MSG_USSD:
		ussd_take(msg);
		return;
	case LINK_MSG_START:
	case LINK_MSG_ANSWER:
	case LINK_MSG_HELLO:
	case LINK_MSG_STATE:
	case LINK_MSG_BUSY:
	case LINK_MSG_PONG:
	case LINK_MSG_MO:
	case LINK_MSG_RAW:
	case LINK_MSG_CALL:
	case LINK_MSG_SESSION:
	case LINK_MSG_SUBMITTED:
	case LINK_MSG_STATUS_REPORT:
	case LINK_MSG_USSD_RESULT:
	case LINK_MSG_LOOK:
	case LINK_MSG_STATUS:
	case LINK_MSG_TYPES:
		break;
	}
	log_error("glasd sent a %s, which is not for a modem",
	    link_msg_name(type));
	modem_leave(MODEM_EXIT_PROTOCOL);
}

static void
modem_obey_all(void)
{
	enum link_msg_type type;
	json_t *msg;

	while ((msg = link_next(&type)) != NULL) {
		modem_obey(type, msg);
		json_decref(msg);
	}
	if (modem_stopping)
		modem_leave(MODEM_EXIT_STOP);
}

void
modem_listen(int timeout_ms)
{
	bool hangup;

	if (timeout_ms == 0)
		link_flush();
	else
		link_free();
	(void)link_wait(-1, timeout_ms, &hangup);
	modem_obey_all();
}

/* Sleeps until glasd or the modem says something, or something is due. */
static void
modem_idle(void)
{
	int64_t due = link_repeat(), left;
	bool hangup = false;

	if (receive_due() < due)
		due = receive_due();
	if (state_due() < due)
		due = state_due();
	if (loopback_due() < due)
		due = loopback_due();
	left = due - clock_mono_ms();
	if (left < 0)
		left = 0;
	link_free();
	if (link_wait(gammu_fd(), left > INT32_MAX ? INT32_MAX : (int)left,
	    &hangup) && (gammu_hear() == GAMMU_GONE || hangup))
		modem_down("unplugged", MODEM_EXIT_MODEM);
	modem_obey_all();
}

/*
 * The life of the program.
 */

/* The first message, and the answer to it. */
static void
modem_start(struct modem_settings *s)
{
	enum link_msg_type type;
	bool hangup;
	json_t *msg;

	while ((msg = link_next(&type)) == NULL)
		(void)link_wait(-1, -1, &hangup);
	if (type != LINK_MSG_START ||
	    link_msg_int(msg, "protocol") != LINK_PROTOCOL) {
		log_error("the first message is no start of protocol %d",
		    LINK_PROTOCOL);
		modem_leave(MODEM_EXIT_PROTOCOL);
	}
	modem_set(s, msg);
	json_decref(msg);
	link_set_window(s->window);
	link_say(json_pack("{s:s, s:i, s:s, s:s}", "t", "hello",
	    "protocol", LINK_PROTOCOL, "kind", "modem",
	    "version", PACKAGE_VERSION));
	link_flush();
}

static void
modem_confine(struct modem_settings *s)
{
	bool confined = sandbox_enter(s->device, s->dummy,
	    s->sandbox == MODEM_SANDBOX_KILL);

	state_sandbox(confined);
	if (!confined && s->sandbox != MODEM_SANDBOX_BEST_EFFORT)
		modem_down("unsandboxed", MODEM_EXIT_FATAL);
}

/* In a word what is in the way of the modem, or NULL. */
static const char *
modem_open(struct modem_settings *s)
{
	const char *why = modem_connection_wrong(s);

	state_say("starting", "");
	if (why == NULL)
		why = port_find(s);
	if (why == NULL && s->reset)
		why = port_reset(s);
	if (why == NULL)
		why = port_check(s);
	if (why != NULL)
		return (why);
	modem_confine(s);
	return (gammu_open(s));
}

static void
modem_run(void)
{
	for (;;) {
		bool did;

		modem_listen(0);
		(void)link_repeat();
		did = submit_step();
		did = receive_step() || did;
		did = call_step() || did;
		did = ussd_step() || did;
		did = state_step() || did;
		did = loopback_step() || did;
		if (!did)
			modem_idle();
	}
}

int
main(void)
{
	static struct modem_settings settings;
	const char *why, *imsi;

	sandbox_limit();
	log_init("glas-modem", LOG_LEVEL_INFO);
	signal(SIGPIPE, SIG_IGN);
	json_object_seed(0);	/* while /dev/urandom can be read */
	link_init();
	modem_start(&settings);
	why = modem_open(&settings);
	if (why != NULL)
		modem_down(why, MODEM_EXIT_MODEM);
	state_unlock(&settings);
	imsi = state_identify();
	receive_init(&settings, imsi);
	raw_init(&settings, imsi);
	loopback_init(&settings);
	gammu_listen();
	if (settings.one_by_one && !settings.dummy)
		receive_one_by_one(settings.raw_slot);
	modem_run();
}
