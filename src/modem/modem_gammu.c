/*
 * The modem, by libgammu: opening it, listening to it, and the words for its
 * errors. This file and modem_gammu_*.c are the only ones that know libgammu.
 * Runs in glas-modem; owns the state machine. Called by the steps of the
 * program, one at a time. What fails is told to the caller, who ends the
 * program or tries again.
 */
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "modem/modem_alter.h"
#include "modem/modem_deadline.h"
#include "modem/modem_gammu_private.h"

#define GAMMU_FD_MAX	64	/* as RLIMIT_NOFILE */
#define GAMMU_OUT_MS	500	/* of a modem that is never quiet */

struct gammu gammu = { .fd = -1 };

/*
 * Words and numbers.
 */

enum gammu_result
gammu_result(GSM_Error error)
{
	switch (error) {
	case ERR_NONE:
		return (GAMMU_OK);
	case ERR_EMPTY:
	case ERR_INVALIDLOCATION:
		return (GAMMU_END);
	case ERR_UNKNOWN:
	case ERR_CORRUPTED:
	case ERR_NOTSUPPORTED:
	case ERR_FILENOTSUPPORTED:
	case ERR_INVALIDDATA:
	case ERR_INVALIDDATETIME:
		return (GAMMU_REFUSED);
	case ERR_SECURITYERROR:
	case ERR_NOSIM:
		return (GAMMU_LOCKED);
	case ERR_TIMEOUT:
		return (GAMMU_TIMEOUT);
	case ERR_DEVICEWRITEERROR:
	case ERR_DEVICEREADERROR:
	case ERR_DEVICENOTEXIST:
	case ERR_NOTCONNECTED:
		return (GAMMU_GONE);
	default:
		return (GAMMU_FAILED);
	}
}

const char *
gammu_result_word(enum gammu_result result)
{
	static const char *const words[] = {
		[GAMMU_OK] = "well",
		[GAMMU_END] = "empty",
		[GAMMU_SKIPPED] = "empty",
		[GAMMU_REFUSED] = "undecodable",
		[GAMMU_FAILED] = "failed",
		[GAMMU_LOCKED] = "sim-locked",
		[GAMMU_TIMEOUT] = "no-answer",
		[GAMMU_GONE] = "unplugged",
	};

	return (words[result]);
}

static const char *
gammu_open_word(GSM_Error error)
{
	switch (error) {
	case ERR_DEVICENOTEXIST:
	case ERR_DEVICENODRIVER:
	case ERR_DEVICENOTWORK:
		return ("no-device");
	case ERR_DEVICENOPERMISSION:
	case ERR_PERMISSION:
		return ("no-permission");
	case ERR_DEVICEOPENERROR:
	case ERR_DEVICELOCKED:
	case ERR_DEVICEBUSY:
		return ("device-in-use");
	case ERR_TIMEOUT:
		return ("no-answer");
	case ERR_UNKNOWNMODELSTRING:
	case ERR_UNKNOWNCONNECTIONTYPESTRING:
	case ERR_DISABLED:
		return ("bad-model");
	default:
		return ("init-failed");
	}
}

size_t
gammu_units(const unsigned char *utf16, size_t max)
{
	size_t n = 0;

	while (n < max && (utf16[2 * n] != 0 || utf16[2 * n + 1] != 0))
		n++;
	return (n);
}

void
gammu_utf8(char *dst, size_t size, const unsigned char *utf16, size_t max)
{
	alter_utf8(dst, size, utf16, gammu_units(utf16, max));
}

void
gammu_utf16(unsigned char *dst, size_t units, const char *ascii)
{
	size_t n = strnlen(ascii, units);

	memset(dst, 0, 2 * (units + 1));
	for (size_t i = 0; i < n; i++)
		dst[2 * i + 1] = (unsigned char)ascii[i];
}

/*
 * Opening.
 */

/* libgammu frees the strings, and writes into them. */
static char *
gammu_string(char *old, const char *s)
{
	free(old);
	return (xstrdup(s));
}

static void
gammu_configure(const struct modem_settings *settings)
{
	GSM_Config *c;

	if (gammu.machine == NULL &&
	    (gammu.machine = GSM_AllocStateMachine()) == NULL)
		fatal("out of memory: no state machine");
	c = GSM_GetConfig(gammu.machine, 0);
	c->Device = gammu_string(c->Device, settings->device);
	c->Connection = gammu_string(c->Connection, settings->connection);
	c->DebugFile = gammu_string(c->DebugFile, "");
	snprintf(c->Model, sizeof c->Model, "%s", settings->model);
	c->DebugLevel[0] = '\0';
	c->SyncTime = FALSE;
	c->LockDevice = FALSE;	/* wants /var/lock; flock is taken anyway */
	c->StartInfo = FALSE;
	c->UseGlobalDebugFile = FALSE;
	c->PhoneFeatures[0] = 0;
	for (size_t i = 0; i < 5; i++)
		c->CNMIParams[i] = -1;	/* 0 would switch +CMTI off */
	GSM_SetConfigNum(gammu.machine, 1);
}

/* libgammu keeps its descriptor to itself: it is the one that leads to the
 * same device. */
static int
gammu_find_tty(const char *device)
{
	struct stat wanted, st;

	if (stat(device, &wanted) == -1)
		return (-1);
	for (int fd = STDERR_FILENO + 1; fd < GAMMU_FD_MAX; fd++) {
		if (fstat(fd, &st) == 0 && S_ISCHR(st.st_mode) &&
		    st.st_rdev == wanted.st_rdev && st.st_ino == wanted.st_ino)
			return (fd);
	}
	return (-1);
}

/* The dummy phone tells nobody when a text arrives; its directory does. */
static int
gammu_watch_dummy(const char *device)
{
	int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	char *path;

	for (int folder = 1; fd != -1 && folder <= 3; folder += 2) {
		path = xasprintf("%s/sms/%d", device, folder);
		if (inotify_add_watch(fd, path, IN_CLOSE_WRITE | IN_MOVED_TO) ==
		    -1)
			log_warn("the dummy phone's folder %d is not watched",
			    folder);
		free(path);
	}
	return (fd);
}

void
gammu_listen(void)
{
	GSM_StateMachine *s = gammu.machine;

	GSM_SetIncomingSMSCallback(s, gammu_on_sms, NULL);
	GSM_SetIncomingCallCallback(s, gammu_on_call, NULL);
	GSM_SetIncomingUSSDCallback(s, gammu_on_ussd, NULL);
	deadline_begin(MODEM_CALL_STATUS);
	if (GSM_SetIncomingCall(s, TRUE) != ERR_NONE)
		log_info("the modem does not tell of calls");
	deadline_end();
	deadline_begin(MODEM_CALL_STATUS);
	if (GSM_SetIncomingUSSD(s, TRUE) != ERR_NONE)
		log_info("the modem does not tell of USSD answers");
	deadline_end();
	if (gammu.dummy)
		return;
	deadline_begin(MODEM_CALL_STATUS);
	if (GSM_SetIncomingSMS(s, TRUE) != ERR_NONE)
		log_warn("the modem does not tell of new texts: they are "
		    "polled for");
	deadline_end();
}

/* A fault of its model that libgammu knows. */
static bool
gammu_is_known_for(GSM_Feature feature)
{
	return (GSM_IsPhoneFeatureAvailable(GSM_GetModelInfo(gammu.machine),
	    feature) != FALSE);
}

const char *
gammu_open(const struct modem_settings *settings)
{
	GSM_Error error;

	gammu.dummy = settings->dummy;
	gammu_configure(settings);
	deadline_begin(MODEM_CALL_INIT);
	error = GSM_InitConnection(gammu.machine, 1);
	deadline_end();
	if (error != ERR_NONE) {
		log_warn("libgammu cannot open the modem: %s",
		    GSM_ErrorName(error));
		return (gammu_open_word(error));
	}
	gammu_receive_open();
	gammu_submit_open(settings);
	gammu.fd = gammu.dummy ? gammu_watch_dummy(settings->device) :
	    gammu_find_tty(settings->device);
	if (gammu.fd == -1)
		log_warn("nothing to wait on: the modem is only polled");
	gammu.from_zero = gammu_is_known_for(F_SMS_LOCATION_0);
	/* In text mode a text can forge the list that it stands in. */
	if (gammu_is_known_for(F_USE_SMSTEXTMODE) ||
	    gammu_is_known_for(F_READ_SMSTEXTMODE))
		return ("text-mode-only");
	return (NULL);
}

void
gammu_close(void)
{
	deadline_begin(MODEM_CALL_INIT);
	GSM_TerminateConnection(gammu.machine);
	deadline_end();
	if (gammu.dummy && gammu.fd != -1)
		close(gammu.fd);
	gammu.fd = -1;
}

/*
 * Listening.
 */

int
gammu_fd(void)
{
	return (gammu.fd);
}

static bool
gammu_hung_up(void)
{
	struct pollfd line = { .fd = gammu.fd, .events = POLLIN };

	if (gammu.dummy || gammu.fd == -1)
		return (false);
	return (poll(&line, 1, 0) == 1 &&
	    (line.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0);
}

enum gammu_result
gammu_hear(void)
{
	uint8_t events[4096];
	int n;

	if (gammu.dummy) {
		while (read(gammu.fd, events, sizeof events) > 0)
			gammu_receive_wake();
		return (GAMMU_OK);
	}
	deadline_begin_short();
	n = GSM_ReadDevice(gammu.machine, FALSE);
	deadline_end();
	return (n < 0 || gammu_hung_up() ? GAMMU_GONE : GAMMU_OK);
}

bool
gammu_pump(void)
{
	return (GSM_ReadDevice(gammu.machine, TRUE) >= 0 && !gammu_hung_up());
}

void
gammu_hear_out(void)
{
	int64_t until = clock_mono_ms() + GAMMU_OUT_MS;

	/* Each read waits for octets, up to 50 ms. */
	while (!gammu.dummy && clock_mono_ms() < until &&
	    GSM_ReadDevice(gammu.machine, FALSE) > 0)
		;
}

int64_t
gammu_pump_until(enum modem_call call)
{
	return (clock_mono_ms() + deadline_of(call) / 5 * 4 - 1000);
}

void
gammu_recover(void)
{
	static const char ask[] = "\rAT\r";
	int64_t quiet_at = clock_mono_ms() + 1000;
	int64_t until = quiet_at + deadline_of(MODEM_CALL_STATUS) / 2;

	if (gammu.dummy || gammu.fd == -1 ||
	    write(gammu.fd, ask, sizeof ask - 1) == -1)
		return;
	deadline_begin(MODEM_CALL_STATUS);
	while (clock_mono_ms() < quiet_at && clock_mono_ms() < until) {
		int n = GSM_ReadDevice(gammu.machine, TRUE);

		if (n < 0)
			break;
		if (n > 0)
			quiet_at = clock_mono_ms() + 1000;
	}
	deadline_end();
}
