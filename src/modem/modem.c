/*
 * glas-modem: one GSM modem as a link of glasd. main() and the order of
 * events; each step is the file of its name. It blocks, it has one thread, and
 * when in doubt it ends: glasd starts it again.
 *
 *	start, hello		modem_settings.c, modem_wire.c
 *	where is the modem	modem_port.c
 *	sandbox			sandbox.c
 *	open it, unlock it	modem_gammu.c, modem_state.c
 *	then, in turn:
 *	a segment to send	modem_submit.c
 *	texts to fetch		modem_receive.c, modem_slots.c, modem_raw.c
 *	a missed call		modem_call.c
 *	a USSD code		modem_ussd.c
 *	how it is		modem_state.c
 *	does it hear?		modem_loopback.c
 */
#include "config.h"

#include <signal.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/log.h"
#include "modem/modem.h"
#include "modem/modem_call.h"
#include "modem/modem_deadline.h"
#include "modem/modem_gammu.h"
#include "modem/modem_loopback.h"
#include "modem/modem_port.h"
#include "modem/modem_raw.h"
#include "modem/modem_receive.h"
#include "modem/modem_settings.h"
#include "modem/modem_slots.h"
#include "modem/modem_state.h"
#include "modem/modem_submit.h"
#include "modem/modem_ussd.h"
#include "modem/modem_wire.h"
#include "modem/sandbox.h"

static bool modem_stopping;

/*
 * Ways out.
 */

void
modem_leave(enum modem_exit code)
{
	wire_flush();
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
 * Listening.
 */

static void
modem_obey(enum link_msg_type type, json_t *msg)
{
	switch (type) {
	case LINK_MSG_PING:
		wire_say(json_pack("{s:s}", "t", "pong"));
		return;
	case LINK_MSG_STOP:
		modem_stopping = true;
		return;
	case LINK_MSG_ACK:
	case LINK_MSG_NACK:
		wire_settle(msg, type);
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
	case LINK_MSG_REFUSED:
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

	while ((msg = wire_next(&type)) != NULL) {
		modem_obey(type, msg);
		json_decref(msg);
	}
	if (modem_stopping)
		modem_leave(MODEM_EXIT_STOP);
}

void
modem_listen(int timeout_ms)
{
	if (timeout_ms == 0)
		wire_flush();
	else
		wire_idle();
	(void)wire_wait(-1, timeout_ms);
	modem_obey_all();
}

/* Sleeps until glasd or the modem says something, or something is due. */
static void
modem_idle(void)
{
	int64_t due = wire_repeat(), left;
	enum wire_heard heard;

	if (receive_due() < due)
		due = receive_due();
	if (state_due() < due)
		due = state_due();
	if (loopback_due() < due)
		due = loopback_due();
	left = due - clock_mono_ms();
	if (left < 0)
		left = 0;
	wire_idle();
	heard = wire_wait(gammu_fd(), left > INT32_MAX ? INT32_MAX : (int)left);
	if (heard != WIRE_HEARD_NOTHING &&
	    (gammu_hear() == GAMMU_GONE || heard == WIRE_HEARD_END))
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
	json_t *msg;

	while ((msg = wire_next(&type)) == NULL)
		(void)wire_wait(-1, -1);
	if (type != LINK_MSG_START ||
	    link_msg_int(msg, "protocol") != LINK_PROTOCOL) {
		log_error("the first message is no start of protocol %d",
		    LINK_PROTOCOL);
		modem_leave(MODEM_EXIT_PROTOCOL);
	}
	settings_read(s, msg);
	deadline_init(s->deadline_ms);
	json_decref(msg);
	wire_set_window(s->window);
	wire_say(json_pack("{s:s, s:i, s:s, s:s}", "t", "hello",
	    "protocol", LINK_PROTOCOL, "kind", "modem",
	    "version", PACKAGE_VERSION));
	wire_flush();
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
	const char *why = settings_wrong(s);

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
		(void)wire_repeat();
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
	modem_start(&settings);
	why = modem_open(&settings);
	if (why != NULL)
		modem_down(why, MODEM_EXIT_MODEM);
	state_unlock(&settings);
	imsi = state_identify();
	slots_init(&settings);
	receive_init(&settings, imsi);
	raw_init(&settings, imsi);
	loopback_init(&settings);
	gammu_listen();
	if (settings.one_by_one && !settings.dummy)
		receive_one_by_one(settings.raw_slot);
	modem_run();
}
