/*
 * The state of the modem. Runs in glas-modem; owns what was last seen of
 * signal, network and store. Called from the main loop. What the modem cannot
 * tell is left out of what is said.
 */
#include <string.h>

#include "lib/clock.h"
#include "lib/log.h"
#include "modem/modem_gammu.h"
#include "modem/modem_loopback.h"
#include "modem/modem_slots.h"
#include "modem/modem_state.h"
#include "modem/modem_wire.h"

#define STATE_LOOK_MS		60000
#define STATE_SEARCHING_MS	10000
#define STATE_SIM_MS		20000	/* a SIM may need so long to wake up */
#define STATE_SIM_POLL_MS	500
#define STATE_PIN_MAX		8

static struct {
	bool			 tried, sandboxed;
	bool			 listing;
	char			 imei[24];
	char			 imsi[24];
	struct gammu_radio	 radio;
	int			 used, size;
	int64_t			 look_at;
} state = { .radio.registered = true, .used = -1 };

void
state_sandbox(bool sandboxed)
{
	state.tried = true;
	state.sandboxed = sandboxed;
}

static void
state_add(json_t *msg, const char *field, const char *value)
{
	json_t *string = value[0] != '\0' ? json_string(value) : NULL;

	if (string != NULL)
		json_object_set_new(msg, field, string);
}

void
state_say(const char *word, const char *detail)
{
	json_t *msg = json_pack("{s:s, s:s}", "t", "state", "state", word);
	const char *trouble = detail[0] != '\0' ? detail :
	    loopback_trouble();

	if (trouble[0] == '\0')
		trouble = slots_trouble();
	if (trouble[0] == '\0' && state.tried && !state.sandboxed)
		trouble = "unsandboxed";
	if (state.tried)
		json_object_set_new(msg, "sandbox",
		    json_boolean(state.sandboxed));
	state_add(msg, "detail", trouble);
	state_add(msg, "imei", state.imei);
	state_add(msg, "sim", state.imsi);
	state_add(msg, "operator", state.radio.operator_name);
	if (state.radio.dbm != 0)
		json_object_set_new(msg, "signal_dbm",
		    json_integer(state.radio.dbm));
	if (state.used >= 0) {
		json_object_set_new(msg, "sim_used",
		    json_integer(state.used));
		json_object_set_new(msg, "sim_size",
		    json_integer(state.size));
	}
	wire_say(msg);
}

void
state_tell(void)
{
	if (state.listing)
		state_say("listing", "");
	else if (state.radio.registered)
		state_say("ready", "");
	else
		state_say("searching", state.radio.denied ?
		    "registration-denied" : "");
}

bool
state_on_air(void)
{
	return (state.radio.registered);
}

void
state_listing(bool listing)
{
	state.listing = listing;
	state_tell();
}

/*
 * The SIM.
 */

static void
state_enter_pin(struct modem_settings *settings)
{
	enum gammu_result result;
	size_t digits = strspn(settings->pin, "0123456789");

	if (digits == 0)
		modem_down(settings->pin_spent ? "pin-refused" : "pin-needed",
		    MODEM_EXIT_PIN);
	if (digits > STATE_PIN_MAX || settings->pin[digits] != '\0')
		modem_down("pin-refused", MODEM_EXIT_PIN);
	/* glasd must know before: we may not live to tell. */
	state_say("starting", "entering-pin");
	wire_flush();
	result = gammu_enter_pin(settings->pin);
	explicit_bzero(settings->pin, strlen(settings->pin));
	if (result == GAMMU_GONE)
		modem_down(gammu_result_word(result), MODEM_EXIT_MODEM);
	/* Three wrong ones lock the SIM: whatever else went wrong, glasd must
	 * not give us this one again. */
	if (result != GAMMU_OK)
		modem_down("pin-refused", MODEM_EXIT_PIN);
	state_say("starting", "");
	log_notice("the SIM has taken its PIN");
}

void
state_unlock(struct modem_settings *settings)
{
	int64_t until = clock_mono_ms() + STATE_SIM_MS;
	enum gammu_sim sim;
	bool entered = false;

	while ((sim = gammu_sim()) != GAMMU_SIM_READY) {
		if (sim == GAMMU_SIM_PUK)
			modem_down("puk-needed", MODEM_EXIT_PIN);
		if (sim == GAMMU_SIM_PIN && !entered) {
			state_enter_pin(settings);
			entered = true;
		} else if (clock_mono_ms() < until) {
			modem_listen(STATE_SIM_POLL_MS);
		} else if (sim == GAMMU_SIM_UNKNOWN) {
			log_info("the modem does not tell of its SIM");
			break;
		} else {
			modem_down(sim == GAMMU_SIM_PIN ? "pin-refused" :
			    "no-sim", sim == GAMMU_SIM_PIN ? MODEM_EXIT_PIN :
			    MODEM_EXIT_MODEM);
		}
	}
	explicit_bzero(settings->pin, strlen(settings->pin));
}

const char *
state_sim_trouble(void)
{
	switch (gammu_sim()) {
	case GAMMU_SIM_NONE:
		return ("no-sim");
	case GAMMU_SIM_PIN:
		return ("sim-locked");
	case GAMMU_SIM_PUK:
		return ("puk-needed");
	case GAMMU_SIM_READY:
	case GAMMU_SIM_UNKNOWN:
		break;
	}
	return ("");
}

/* What came from a modem may be no digits at all. */
static void
state_digits(char *s)
{
	s[strspn(s, "0123456789")] = '\0';
}

/* A text is known again by its SIM: offered once without and once with its
 * number, it would be two. A SIM that has just woken up may not tell at once. */
static void
state_find_imsi(void)
{
	int64_t until = clock_mono_ms() + STATE_SIM_MS;

	for (;;) {
		gammu_imsi(state.imsi, sizeof state.imsi);
		state_digits(state.imsi);
		if (state.imsi[0] != '\0')
			return;
		if (clock_mono_ms() >= until)
			modem_down("sim-unknown", MODEM_EXIT_MODEM);
		modem_listen(STATE_SIM_POLL_MS);
	}
}

const char *
state_identify(void)
{
	gammu_imei(state.imei, sizeof state.imei);
	state_digits(state.imei);
	state_find_imsi();
	return (state.imsi);
}

/*
 * Looking.
 */

int64_t
state_due(void)
{
	return (state.look_at);
}

bool
state_step(void)
{
	if (clock_mono_ms() < state.look_at)
		return (false);
	gammu_radio(&state.radio);
	if (gammu_fill(&state.used, &state.size) == -1)
		state.used = -1;
	state.look_at = clock_mono_ms() + (state.radio.registered ?
	    STATE_LOOK_MS : STATE_SEARCHING_MS);
	state_tell();
	return (true);
}
