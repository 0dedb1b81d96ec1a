/*
 * The modem, by libgammu, and the only file that knows it. Runs in
 * glas-modem; owns the state machine and libgammu's big structs, which live on
 * the heap. Called by the steps of the program, one at a time: nothing here is
 * called out of a callback, where libgammu 1.42 hangs; callbacks note what
 * happened, and no more. What fails is told to the caller, who ends the
 * program or tries again.
 */
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gammu.h>

#include "lib/clock.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "modem/modem_alter.h"
#include "modem/modem_deadline.h"
#include "modem/modem_gammu.h"

#define GAMMU_AT_FOLDER		100000
#define GAMMU_DUMMY_FOLDER	10000
#define GAMMU_DIRECT_MAX	8
#define GAMMU_EMPTIES_MAX	16
#define GAMMU_LINE_MAX		1024	/* libgammu copies a line unbounded */
#define GAMMU_FD_MAX		64	/* as RLIMIT_NOFILE */
#define GAMMU_SEPTETS_MAX	160
#define GAMMU_UNITS_MAX		127	/* UCS-2 units in 255 octets */

static struct {
	GSM_StateMachine	*machine;
	GSM_MultiSMSMessage	*read;
	bool			 dummy;
	int			 from_zero;	/* 1: its slots begin at 0 */
	int			 fd;		/* tty, or inotify of the dummy */
	GSM_SMSC		 smsc;
	bool			 smsc_known;
	int			 empties;	/* met in a row */
	/* what callbacks noted */
	bool			 arrived;
	GSM_SMSMessage		*direct;	/* GAMMU_DIRECT_MAX */
	int			 directs;
	bool			 ringing;
	unsigned char		 caller[(GSM_MAX_NUMBER_LENGTH + 1) * 2];
	bool			 dialled, answered;
	unsigned char		 ussd[(GSM_MAX_USSD_LENGTH + 1) * 2];
	bool			 submitting, submitted;
	int			 status, mr;
} gammu = { .fd = -1 };

/*
 * Words and numbers.
 */

static enum gammu_result
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

/* Counts to the NUL, which libgammu puts behind numbers and names. */
static size_t
gammu_units(const unsigned char *utf16, size_t max)
{
	size_t n = 0;

	while (n < max && (utf16[2 * n] != 0 || utf16[2 * n + 1] != 0))
		n++;
	return (n);
}

static void
gammu_utf8(char *dst, size_t size, const unsigned char *utf16, size_t max)
{
	alter_utf8(dst, size, utf16, gammu_units(utf16, max));
}

static void
gammu_utf16(unsigned char *dst, size_t units, const char *ascii)
{
	size_t n = strnlen(ascii, units);

	memset(dst, 0, 2 * (units + 1));
	for (size_t i = 0; i < n; i++)
		dst[2 * i + 1] = (unsigned char)ascii[i];
}

/*
 * Callbacks.
 */

/* A state says that the whole text came along: it is in no slot. A bare +CMTI
 * or +CDSI leaves it 0, and only wakes us. */
static void
gammu_on_sms(GSM_StateMachine *s, GSM_SMSMessage *sms, void *arg)
{
	(void)s;
	(void)arg;
	if (sms->State == SMS_UnRead && gammu.directs < GAMMU_DIRECT_MAX)
		gammu.direct[gammu.directs++] = *sms;
	else
		gammu.arrived = true;
}

static void
gammu_on_call(GSM_StateMachine *s, GSM_Call *call, void *arg)
{
	(void)s;
	(void)arg;
	if (call->Status != GSM_CALL_IncomingCall)
		return;
	memcpy(gammu.caller, call->PhoneNumber, sizeof gammu.caller);
	gammu.ringing = true;
}

static void
gammu_on_ussd(GSM_StateMachine *s, GSM_USSDMessage *ussd, void *arg)
{
	(void)s;
	(void)arg;
	if (!gammu.dialled)	/* pushed by the network: not asked for */
		return;
	memcpy(gammu.ussd, ussd->Text, sizeof gammu.ussd);
	gammu.answered = true;
}

static void
gammu_on_submit(GSM_StateMachine *s, int status, int mr, void *arg)
{
	(void)s;
	(void)arg;
	if (!gammu.submitting)
		return;
	gammu.status = status;
	gammu.mr = mr;
	gammu.submitted = true;
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

	if (gammu.machine == NULL) {
		gammu.machine = GSM_AllocStateMachine();
		if (gammu.machine == NULL)
			fatal("out of memory: no state machine");
		gammu.read = xcalloc(1, sizeof *gammu.read);
		gammu.direct = xcalloc(GAMMU_DIRECT_MAX, sizeof *gammu.direct);
	}
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
	gammu.smsc_known = settings->smsc[0] != '\0';
	gammu_utf16(gammu.smsc.Number, GSM_MAX_NUMBER_LENGTH, settings->smsc);
	gammu_configure(settings);
	deadline_begin(MODEM_CALL_INIT);
	error = GSM_InitConnection(gammu.machine, 1);
	deadline_end();
	if (error != ERR_NONE) {
		log_warn("libgammu cannot open the modem: %s",
		    GSM_ErrorName(error));
		return (gammu_open_word(error));
	}
	/* Init clears callbacks, and the dummy phone calls this one blindly. */
	GSM_SetSendSMSStatusCallback(gammu.machine, gammu_on_submit, NULL);
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
			gammu.arrived = true;
		return (GAMMU_OK);
	}
	deadline_begin_short();
	n = GSM_ReadDevice(gammu.machine, FALSE);
	deadline_end();
	return (n < 0 || gammu_hung_up() ? GAMMU_GONE : GAMMU_OK);
}

/* Waits at most a second; false when the device is gone. */
static bool
gammu_pump(void)
{
	return (GSM_ReadDevice(gammu.machine, TRUE) >= 0 && !gammu_hung_up());
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

/*
 * Receiving.
 */

void
gammu_slot(int slot, int *folder, int *number)
{
	if (gammu.dummy) {
		*folder = slot / GAMMU_DUMMY_FOLDER;
		*number = slot % GAMMU_DUMMY_FOLDER;
	} else {
		*folder = slot / GAMMU_AT_FOLDER + 1;
		*number = slot % GAMMU_AT_FOLDER - gammu.from_zero;
	}
}

int
gammu_flat(int folder, int number)
{
	if (gammu.dummy)
		return (folder * GAMMU_DUMMY_FOLDER + number);
	return ((folder - 1) * GAMMU_AT_FOLDER + number + gammu.from_zero);
}

/* Folder and memory are left to libgammu to find: what it says of them while
 * it lists one store is wrong after a deletion in the other one. */
static void
gammu_aim(int slot)
{
	gammu.read->Number = 0;
	gammu.read->SMS[0].Folder = 0;
	gammu.read->SMS[0].Memory = 0;
	gammu.read->SMS[0].Location = slot;
	gammu.read->SMS[0].PDU = 0;
}

/* Where the reading stands. After an error the dummy phone leaves the number
 * in its folder, not the flat one. */
static int
gammu_aimed(void)
{
	const GSM_SMSMessage *sms = &gammu.read->SMS[0];

	if (gammu.dummy && sms->Location > 0 &&
	    sms->Location < GAMMU_DUMMY_FOLDER)
		return (sms->Folder * GAMMU_DUMMY_FOLDER + sms->Location);
	return (sms->Location);
}

enum gammu_result
gammu_next(bool first, int *slot)
{
	int before = first ? 0 : *slot;
	enum gammu_result result;
	GSM_Error error;

	gammu_aim(before);
	deadline_begin(MODEM_CALL_LIST);
	error = GSM_GetNextSMS(gammu.machine, gammu.read, first);
	deadline_end();
	result = gammu_result(error);
	*slot = gammu_aimed();
	/* Only the dummy phone can have several texts in one slot. */
	if (result == GAMMU_OK && gammu.read->Number != 1)
		result = GAMMU_REFUSED;
	/* A PDU that is only "00" is called empty, but it is not the end. To
	 * modems that cannot list, libgammu moves on at the end as well. */
	if (result == GAMMU_END && *slot > before &&
	    ++gammu.empties < GAMMU_EMPTIES_MAX)
		return (GAMMU_SKIPPED);
	if (result != GAMMU_END || first)
		gammu.empties = 0;
	/* Refused without a slot: it was the list that it did not like. */
	if (result == GAMMU_REFUSED && *slot <= before)
		return (GAMMU_FAILED);
	return (result);
}

enum gammu_result
gammu_read(int slot)
{
	GSM_Error error;

	gammu_aim(slot);
	deadline_begin(MODEM_CALL_STATUS);
	error = GSM_GetSMS(gammu.machine, gammu.read);
	deadline_end();
	return (gammu_result(error));
}

enum gammu_result
gammu_delete(int slot)
{
	GSM_Error error;

	gammu_aim(slot);
	deadline_begin(MODEM_CALL_DELETE);
	error = GSM_DeleteSMS(gammu.machine, &gammu.read->SMS[0]);
	deadline_end();
	return (gammu_result(error));
}

static void
gammu_time(char *dst, size_t size, const GSM_DateTime *t)
{
	int zone = t->Timezone / 60;

	dst[0] = '\0';
	if (t->Year < 1970 || t->Year > 9999 || t->Month < 1 ||
	    t->Month > 12 || t->Day < 1 || t->Day > 31 || t->Hour < 0 ||
	    t->Hour > 23 || t->Minute < 0 || t->Minute > 59 ||
	    t->Second < 0 || t->Second > 59 || zone <= -24 * 60 ||
	    zone >= 24 * 60)
		return;
	snprintf(dst, size, "%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d",
	    t->Year, t->Month, t->Day, t->Hour, t->Minute, t->Second,
	    zone < 0 ? '-' : '+', abs(zone) / 60, abs(zone) % 60);
}

/* Length counts what came from the air: septets before escapes were joined,
 * UCS-2 units before "~" was doubled, octets. */
static int
gammu_user_data(const GSM_SMSMessage *sms, struct gammu_text *text)
{
	size_t length = (size_t)sms->Length;

	switch (sms->Coding) {
	case SMS_Coding_Default_No_Compression:
		if (sms->Length < 0 || sms->Length > GAMMU_SEPTETS_MAX)
			return (-1);
		text->alphabet = "gsm7";
		text->ud_len = 2 * gammu_units(sms->Text, length);
		memcpy(text->ud, sms->Text, text->ud_len);
		return (0);
	case SMS_Coding_Unicode_No_Compression:
		if (sms->Length < 0 || sms->Length > (gammu.dummy ?
		    GAMMU_SEPTETS_MAX : GAMMU_UNITS_MAX))
			return (-1);
		text->alphabet = "ucs2";
		text->ud_len = 2 * length;
		if (gammu.dummy)	/* from a file, unaltered */
			memcpy(text->ud, sms->Text, text->ud_len);
		else
			alter_restore(text->ud, sms->Text, length);
		return (0);
	case SMS_Coding_8bit:
		if (sms->Length < 0 || length > sizeof text->ud)
			return (-1);
		text->alphabet = "binary";
		text->ud_len = length;
		memcpy(text->ud, sms->Text, text->ud_len);
		return (0);
	case SMS_Coding_Unicode_Compression:
	case SMS_Coding_Default_Compression:
		break;
	}
	return (-1);
}

static enum gammu_kind
gammu_kind(const GSM_SMSMessage *sms)
{
	if (sms->PDU == SMS_Status_Report)
		return (GAMMU_REPORT);
	return (sms->PDU == SMS_Deliver && sms->InboxFolder ? GAMMU_DELIVER :
	    GAMMU_OTHER);
}

int
gammu_text(struct gammu_text *text)
{
	const GSM_SMSMessage *sms = &gammu.read->SMS[0];

	memset(text, 0, offsetof(struct gammu_text, udh));
	text->udh_len = text->ud_len = 0;
	/* A longer header has been written over the fields behind it. */
	if (sms->UDH.Length < 0 || sms->UDH.Length > (int)sizeof text->udh)
		return (-1);
	text->kind = gammu_kind(sms);
	gammu_utf8(text->originator, sizeof text->originator, sms->Number,
	    GSM_MAX_NUMBER_LENGTH);
	gammu_utf8(text->smsc, sizeof text->smsc, sms->SMSC.Number,
	    GSM_MAX_NUMBER_LENGTH);
	gammu_time(text->scts, sizeof text->scts, &sms->DateTime);
	text->class = sms->Class;
	text->replace = sms->ReplaceMessage;
	text->mr = sms->MessageReference;
	text->status = sms->DeliveryStatus;
	if (text->kind == GAMMU_REPORT) {
		gammu_time(text->discharge, sizeof text->discharge,
		    &sms->SMSCTime);
		return (0);
	}
	text->udh_len = (size_t)sms->UDH.Length;
	memcpy(text->udh, sms->UDH.Text, text->udh_len);
	return (gammu_user_data(sms, text));
}

/*
 * What has happened meanwhile.
 */

bool
gammu_arrived(void)
{
	bool arrived = gammu.arrived;

	gammu.arrived = false;
	return (arrived);
}

bool
gammu_take_direct(void)
{
	if (gammu.directs == 0)
		return (false);
	gammu.read->SMS[0] = gammu.direct[0];
	gammu.read->Number = 1;
	gammu.directs--;
	memmove(gammu.direct, gammu.direct + 1,
	    (size_t)gammu.directs * sizeof *gammu.direct);
	return (true);
}

bool
gammu_take_call(char number[GAMMU_NUMBER_SIZE])
{
	bool ringing = gammu.ringing;

	if (ringing)
		gammu_utf8(number, GAMMU_NUMBER_SIZE, gammu.caller,
		    GSM_MAX_NUMBER_LENGTH);
	gammu.ringing = false;
	return (ringing);
}

void
gammu_hang_up(void)
{
	GSM_Error error;

	deadline_begin(MODEM_CALL_STATUS);
	error = GSM_CancelCall(gammu.machine, 0, TRUE);
	deadline_end();
	if (error != ERR_NONE)
		log_info("a call could not be rejected: %s",
		    GSM_ErrorName(error));
}

/*
 * Sending.
 */

static void
gammu_find_smsc(void)
{
	GSM_Error error;

	if (gammu.smsc_known)
		return;
	gammu.smsc.Location = 1;
	deadline_begin(MODEM_CALL_STATUS);
	error = GSM_GetSMSC(gammu.machine, &gammu.smsc);
	deadline_end();
	gammu.smsc_known = error == ERR_NONE;
	if (error != ERR_NONE)
		log_warn("the SIM does not tell its service centre: %s; set "
		    "smsc in the section of this modem", GSM_ErrorName(error));
}

static int
gammu_compose(const struct gammu_submit *submit, GSM_SMSMessage *sms)
{
	uint8_t ud[2 * ALTER_UNITS_MAX];
	size_t len = submit->ud_len;

	if (!alter_fits(submit->ucs2, submit->ud, len, submit->udh_len) ||
	    gammu_units(submit->ud, len / 2) != len / 2)
		return (-1);
	GSM_SetDefaultSMSData(sms);
	sms->PDU = submit->want_report ? SMS_Status_Report : SMS_Submit;
	sms->Class = -1;
	sms->SMSC.Location = 0;	/* the number is here, do not ask for it */
	memcpy(sms->SMSC.Number, gammu.smsc.Number, sizeof sms->SMSC.Number);
	sms->SMSC.Validity.Format = SMS_Validity_RelativeFormat;
	sms->SMSC.Validity.Relative =
	    (GSM_ValidityPeriod)alter_validity(submit->validity_min);
	gammu_utf16(sms->Number, GSM_MAX_NUMBER_LENGTH, submit->recipient);
	if (submit->udh_len != 0) {
		sms->UDH.Type = UDH_UserUDH;
		sms->UDH.Length = (int)submit->udh_len;
		memcpy(sms->UDH.Text, submit->udh, submit->udh_len);
	}
	memset(sms->Text, 0, sizeof sms->Text);
	if (submit->ucs2) {
		sms->Coding = SMS_Coding_Unicode_No_Compression;
		len = alter_prepare(ud, submit->ud, len);
		memcpy(sms->Text, ud, len);
	} else {
		sms->Coding = SMS_Coding_Default_No_Compression;
		memcpy(sms->Text, submit->ud, len);
	}
	sms->Length = (int)(len / 2);
	return (0);
}

/* Between handing it over and the modem's word: within four fifths of the
 * deadline, so that the outcome can still be told. */
static GSM_Error
gammu_hand_over(GSM_SMSMessage *sms)
{
	int64_t until = clock_mono_ms() + deadline_of(MODEM_CALL_SEND) / 5 * 4;
	GSM_Error error;

	gammu.submitted = false;
	gammu.submitting = true;
	deadline_begin(MODEM_CALL_SEND);
	error = GSM_SendSMS(gammu.machine, sms);
	while (error == ERR_NONE && !gammu.submitted &&
	    clock_mono_ms() < until) {
		if (!gammu_pump())
			error = ERR_DEVICEREADERROR;
	}
	deadline_end();
	gammu.submitting = false;
	return (error);
}

enum gammu_outcome
gammu_submit(const struct gammu_submit *submit, int *mr, int *cause,
    bool *astray)
{
	GSM_SMSMessage *sms = &gammu.read->SMS[0];
	GSM_Error error;

	*mr = *cause = -1;
	*astray = false;
	gammu_find_smsc();
	if (!gammu.smsc_known || gammu_compose(submit, sms) == -1)
		return (GAMMU_REJECTED);
	error = gammu_hand_over(sms);
	if (gammu.submitted && gammu.status == 0) {
		*mr = gammu.mr;
		return (GAMMU_ACCEPTED);
	}
	if (gammu.submitted) {
		*cause = gammu.status;
		return (GAMMU_REJECTED);
	}
	log_warn("a submit has no outcome: %s", GSM_ErrorName(error));
	/* A late answer would be taken for that to the next submit. */
	*astray = true;
	/* No prompt came: the text itself was never written. */
	return (error == ERR_TIMEOUT ? GAMMU_REJECTED : GAMMU_UNKNOWN);
}

void
gammu_dial(const char *code, char *text, size_t size)
{
	int64_t until = clock_mono_ms() + deadline_of(MODEM_CALL_USSD) / 5 * 4;
	char dialled[32];
	GSM_Error error;

	text[0] = '\0';
	snprintf(dialled, sizeof dialled, "%s", code);
	gammu.answered = false;
	gammu.dialled = true;
	deadline_begin(MODEM_CALL_USSD);
	error = GSM_DialService(gammu.machine, dialled);
	while (error == ERR_NONE && !gammu.answered &&
	    clock_mono_ms() < until && gammu_pump())
		;
	deadline_end();
	gammu.dialled = false;
	if (gammu.answered)
		gammu_utf8(text, size, gammu.ussd, GSM_MAX_USSD_LENGTH);
	else
		log_info("no answer to a USSD code: %s", GSM_ErrorName(error));
}

/*
 * The state of things.
 */

enum gammu_sim
gammu_sim(void)
{
	GSM_SecurityCodeType code = SEC_None;
	GSM_Error error;

	deadline_begin(MODEM_CALL_STATUS);
	error = GSM_GetSecurityStatus(gammu.machine, &code);
	deadline_end();
	if (error == ERR_NOSIM)
		return (GAMMU_SIM_NONE);
	if (error != ERR_NONE)
		return (GAMMU_SIM_UNKNOWN);
	switch (code) {
	case SEC_Pin:
		return (GAMMU_SIM_PIN);
	case SEC_Puk:
		return (GAMMU_SIM_PUK);
	case SEC_None:
	case SEC_SecurityCode:
	case SEC_Pin2:
	case SEC_Puk2:
	case SEC_Phone:
	case SEC_Network:
		break;
	}
	return (GAMMU_SIM_READY);
}

enum gammu_result
gammu_enter_pin(const char *pin)
{
	GSM_SecurityCode code = { .Type = SEC_Pin };
	GSM_Error error;

	snprintf(code.Code, sizeof code.Code, "%s", pin);
	deadline_begin(MODEM_CALL_STATUS);
	error = GSM_EnterSecurityCode(gammu.machine, &code);
	deadline_end();
	explicit_bzero(&code, sizeof code);
	return (gammu_result(error));
}

void
gammu_imei(char *imei, size_t size)
{
	char value[GAMMU_LINE_MAX] = "";

	deadline_begin(MODEM_CALL_STATUS);
	if (GSM_GetIMEI(gammu.machine, value) != ERR_NONE)
		value[0] = '\0';
	deadline_end();
	snprintf(imei, size, "%s", value);
}

void
gammu_imsi(char *imsi, size_t size)
{
	char value[GAMMU_LINE_MAX] = "";

	deadline_begin(MODEM_CALL_STATUS);
	if (GSM_GetSIMIMSI(gammu.machine, value) != ERR_NONE)
		value[0] = '\0';
	deadline_end();
	snprintf(imsi, size, "%s", value);
}

/* The dummy phone knows only a percentage. */
static int
gammu_dbm(const GSM_SignalQuality *signal)
{
	if (signal->SignalStrength < -1)
		return (signal->SignalStrength);
	if (signal->SignalPercent >= 0)
		return (-113 + signal->SignalPercent * 62 / 100);
	return (0);
}

void
gammu_radio(struct gammu_radio *radio)
{
	GSM_SignalQuality signal = { .SignalStrength = -1,
		.SignalPercent = -1 };
	GSM_NetworkInfo network = { .State = GSM_NetworkStatusUnknown };
	GSM_Error error;

	*radio = (struct gammu_radio){ .registered = true };
	deadline_begin(MODEM_CALL_STATUS);
	error = GSM_GetSignalQuality(gammu.machine, &signal);
	deadline_end();
	if (error == ERR_NONE)
		radio->dbm = gammu_dbm(&signal);
	deadline_begin(MODEM_CALL_STATUS);
	error = GSM_GetNetworkInfo(gammu.machine, &network);
	deadline_end();
	if (error != ERR_NONE)	/* many modems cannot tell */
		return;
	radio->registered = network.State != GSM_NoNetwork &&
	    network.State != GSM_RequestingNetwork &&
	    network.State != GSM_RegistrationDenied;
	gammu_utf8(radio->operator_name, sizeof radio->operator_name,
	    network.NetworkName, sizeof network.NetworkName / 2);
	if (radio->operator_name[0] == '\0')
		snprintf(radio->operator_name, sizeof radio->operator_name,
		    "%.*s", (int)sizeof network.NetworkCode,
		    network.NetworkCode);
}

int
gammu_fill(int *used, int *size)
{
	GSM_SMSMemoryStatus fill = { 0 };
	GSM_Error error;

	if (gammu.dummy)
		return (-1);
	deadline_begin(MODEM_CALL_STATUS);
	error = GSM_GetSMSStatus(gammu.machine, &fill);
	deadline_end();
	if (error != ERR_NONE)
		return (-1);
	*used = fill.SIMUsed + fill.PhoneUsed;
	*size = fill.SIMSize + fill.PhoneSize;
	return (0);
}
