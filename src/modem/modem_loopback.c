/*
 * The loop-back text. Runs in glas-modem; owns the one that is awaited. Called
 * from the main loop, and by modem_receive.c with what arrives. A modem can
 * answer every command, show a network and hear nobody: the only proof is a
 * text that comes in. When none does in time, the modem is deaf; it is reset,
 * and deaf until it has heard something.
 */
#include <sys/random.h>
#include <stdio.h>
#include <string.h>

#include "lib/clock.h"
#include "lib/log.h"
#include "modem/modem_loopback.h"
#include "modem/modem_state.h"
#include "modem/modem_wire.h"
#include "sms/cause.h"

#define LOOPBACK_WORDS	"Glas echo "
#define LOOPBACK_SIZE	48
#define LOOPBACK_DIGITS	8	/* networks write the rest as they like */
#define LOOPBACK_NEVER	INT64_MAX

static struct {
	const struct modem_settings *settings;
	bool		 deaf;
	bool		 tried;		/* since the start */
	uint32_t	 seed, count;
	char		 text[LOOPBACK_SIZE];	/* the last one */
	int64_t		 send_at;
	int64_t		 until;		/* it must be back; 0: none awaited */
} loopback = { .send_at = LOOPBACK_NEVER };

static void
loopback_wait(void)
{
	loopback.until = 0;
	loopback.send_at = clock_mono_ms() + loopback.settings->loopback_ms;
}

void
loopback_init(const struct modem_settings *settings)
{
	if (settings->loopback_ms == 0 || settings->number[0] == '\0')
		return;
	loopback.settings = settings;
	loopback.deaf = settings->deaf;
	if (getrandom(&loopback.seed, sizeof loopback.seed, 0) == -1)
		log_warn("no random number: a loop-back text can be guessed");
	loopback_wait();
	if (loopback.deaf)	/* has the reset helped? */
		loopback.send_at = 0;
}

const char *
loopback_trouble(void)
{
	return (loopback.deaf ? "deaf" : "");
}

int64_t
loopback_due(void)
{
	if (loopback.until != 0)
		return (loopback.until);
	return (state_on_air() ? loopback.send_at : LOOPBACK_NEVER);
}

/*
 * Sending.
 */

static enum gammu_outcome
loopback_submit(int *cause)
{
	uint8_t ud[2 * LOOPBACK_SIZE];
	size_t len;
	bool astray;
	int mr;
	struct gammu_submit submit = {
		.recipient = loopback.settings->number,
		.validity_min = (int)(loopback.settings->loopback_within_ms /
		    60000) + 1,
		.ud = ud,
	};
	enum gammu_outcome outcome;

	snprintf(loopback.text, sizeof loopback.text, LOOPBACK_WORDS
	    "%08x%08x", loopback.seed, loopback.count++);
	len = strlen(loopback.text);
	for (size_t n = 0; n < len; n++) {
		ud[2 * n] = 0;
		ud[2 * n + 1] = (uint8_t)loopback.text[n];
	}
	submit.ud_len = 2 * len;
	outcome = gammu_submit(&submit, &mr, cause, &astray);
	if (astray)
		modem_down("no-answer", MODEM_EXIT_MODEM);
	return (outcome);
}

/* What the SIM or its account is the reason for proves nothing of the radio. */
static void
loopback_send(void)
{
	int cause;

	if (loopback_submit(&cause) == GAMMU_REJECTED &&
	    cause_of_cms(cause) != CAUSE_TRY_AGAIN) {
		log_info("a loop-back text was refused: %s",
		    cause_words(cause));
		loopback_wait();
		return;
	}
	loopback.until = clock_mono_ms() +
	    loopback.settings->loopback_within_ms;
}

/* A reset that has not helped is not repeated before another text has tried:
 * each costs a segment. */
static void
loopback_missed(void)
{
	bool reset = !loopback.deaf || loopback.tried;

	loopback.deaf = loopback.tried = true;
	loopback_wait();
	log_warn("a loop-back text has not come back: the modem is deaf");
	if (reset)
		modem_down("deaf", MODEM_EXIT_MODEM);
	state_tell();
}

bool
loopback_step(void)
{
	if (wire_room() == 0 || clock_mono_ms() < loopback_due())
		return (false);
	if (loopback.until != 0)
		loopback_missed();
	else
		loopback_send();
	return (true);
}

/*
 * Hearing.
 */

void
loopback_heard(void)
{
	bool was_deaf = loopback.deaf;

	if (loopback.settings == NULL)
		return;
	loopback.deaf = false;
	loopback_wait();
	if (was_deaf)
		state_tell();
}

static const char *
loopback_end_of(const char *number)
{
	size_t len = strlen(number);

	return (len > LOOPBACK_DIGITS ? number + len - LOOPBACK_DIGITS :
	    number);
}

static bool
loopback_says(const struct gammu_text *text, const char *words)
{
	size_t len = strlen(words);

	if (text->ud_len < 2 * len)
		return (false);
	for (size_t n = 0; n < len; n++) {
		if (text->ud[2 * n] != 0 ||
		    text->ud[2 * n + 1] != (uint8_t)words[n])
			return (false);
	}
	return (true);
}

/* One from before this start, or that is late, is ours as well. */
bool
loopback_is_ours(const struct gammu_text *text)
{
	if (loopback.settings == NULL || text->kind != GAMMU_DELIVER ||
	    strcmp(text->alphabet, "gsm7") != 0 ||
	    strcmp(loopback_end_of(text->originator),
	    loopback_end_of(loopback.settings->number)) != 0 ||
	    !loopback_says(text, LOOPBACK_WORDS))
		return (false);
	if (loopback.text[0] != '\0' && loopback_says(text, loopback.text))
		loopback_heard();
	return (true);
}
