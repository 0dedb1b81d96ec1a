/*
 * Any octets as what a modem answers on the raw path: src/modem/modem_raw.c and
 * modem_at.c, whose system calls lead here (--wrap), so that no time passes. An
 * input is an octet that says how it goes, and answers with 0x1e between them.
 * Nothing may be deleted but what was offered, was acked and was just read again.
 */
#include <sys/types.h>
#include <assert.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <jansson.h>

#include "lib/clock.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "modem/modem_at.h"
#include "modem/modem_deadline.h"
#include "modem/modem_gammu.h"
#include "modem/modem_raw.h"
#include "modem/modem_state.h"
#include "modem/modem_wire.h"
#include "sms/link_msg.h"

#define FUZZ_FD		1000
#define FUZZ_WINDOW	8
#define FUZZ_FOLDER	100000
#define FUZZ_DAYS_MS	(INT64_C(48) * 3600 * 1000)

/* In the first octet. */
#define FUZZ_ALL_SLOTS	0x01	/* the whole store is gone through */
#define FUZZ_ACKS	0x02	/* what is offered is acked */
#define FUZZ_PIECES	0x04	/* the line gives a little at a time */
#define FUZZ_ALL	0x08	/* each command has its answer here */

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);
int64_t	__wrap_clock_mono_ms(void);
enum at_open __wrap_at_open(const char *, const char *, int *);
ssize_t	__wrap_read(int, void *, size_t);
ssize_t	__real_read(int, void *, size_t);
ssize_t	__wrap_write(int, const void *, size_t);
ssize_t	__real_write(int, const void *, size_t);
int	__wrap_poll(struct pollfd *, nfds_t, int);
int	__real_poll(struct pollfd *, nfds_t, int);
int	__wrap_tcflush(int, int);
int	__wrap_close(int);
int	__real_close(int);

struct fuzz_offer {
	char	*pdu;
	bool	 acked;
	void	(*done)(int);
	int	 tag;
};

static struct {
	uint8_t		 how;
	bool		 willing;	/* the modem answers what it should */
	const uint8_t	*next, *end;	/* answers to come */
	char		 answer[2 * AT_ANSWER_SIZE];
	size_t		 len, at;
	char		 command[64], before[64];
	char		 read_pdu[2 * AT_ANSWER_SIZE]; /* last of CMGR */
	size_t		 command_len;
	int64_t		 now_ms;
	struct fuzz_offer offers[2048];
	size_t		 count, unacked;
} fuzz;

/*
 * The world.
 */

int64_t
__wrap_clock_mono_ms(void)
{
	return (fuzz.now_ms);
}

enum at_open
__wrap_at_open(const char *device, const char *connection, int *fd)
{
	(void)device;
	(void)connection;
	*fd = FUZZ_FD;
	return (AT_OPENED);
}

int
__wrap_close(int fd)
{
	return (fd == FUZZ_FD ? 0 : __real_close(fd));
}

int
__wrap_tcflush(int fd, int queue)
{
	(void)fd;
	(void)queue;
	fuzz.len = fuzz.at = 0;
	return (0);
}

int
__wrap_poll(struct pollfd *fds, nfds_t count, int timeout_ms)
{
	if (count != 1 || fds->fd != FUZZ_FD)
		return (__real_poll(fds, count, timeout_ms));
	if ((fds->events & POLLOUT) != 0 || fuzz.at < fuzz.len)
		return (1);
	fuzz.now_ms += timeout_ms;
	return (0);
}

ssize_t
__wrap_read(int fd, void *to, size_t room)
{
	size_t n = fuzz.len - fuzz.at;

	if (fd != FUZZ_FD)
		return (__real_read(fd, to, room));
	if ((fuzz.how & FUZZ_PIECES) != 0 && n > 5)
		n = 5;
	if (n > room)
		n = room;
	memcpy(to, fuzz.answer + fuzz.at, n);
	fuzz.at += n;
	return ((ssize_t)n);
}

static void
fuzz_answer(const void *octets, size_t len)
{
	fuzz.at = 0;
	fuzz.len = len < sizeof fuzz.answer - 1 ? len : sizeof fuzz.answer - 1;
	memcpy(fuzz.answer, octets, fuzz.len);
	fuzz.answer[fuzz.len] = '\0';
}

static const char *
fuzz_willing_answer(void)
{
	if (strcmp(fuzz.command, "AT+CPMS=?") == 0)
		return ("\r\n+CPMS: (\"SM\",\"ME\"),(\"SM\")\r\n\r\nOK\r\n");
	if (strncmp(fuzz.command, "AT+CPMS", 7) == 0)
		return ("\r\n+CPMS: 0,2,0,2,0,2\r\n\r\nOK\r\n");
	if (strncmp(fuzz.command, "AT+CMGR", 7) == 0)
		return ("\r\n+CMS ERROR: 321\r\n");
	return ("\r\nOK\r\n");
}

static void
fuzz_next_answer(void)
{
	const uint8_t *from = fuzz.next, *cut;

	if (fuzz.willing || ((fuzz.how & FUZZ_ALL) == 0 &&
	    (strcmp(fuzz.command, "AT") == 0 ||
	    strcmp(fuzz.command, "AT+CMGF=0") == 0))) {
		fuzz_answer(fuzz_willing_answer(),
		    strlen(fuzz_willing_answer()));
		return;
	}
	cut = from == fuzz.end ? NULL :
	    memchr(from, 0x1e, (size_t)(fuzz.end - from));
	fuzz.next = cut != NULL ? cut + 1 : fuzz.end;
	fuzz_answer(from, (size_t)((cut != NULL ? cut : fuzz.end) - from));
}

static void
fuzz_deleted(void)
{
	bool owed = false;

	assert(strcmp(fuzz.before + strlen("AT+CMGR="),
	    fuzz.command + strlen("AT+CMGD=")) == 0);
	assert(strncmp(fuzz.before, "AT+CMGR=", 8) == 0);
	for (size_t n = 0; n < fuzz.count && !owed; n++)
		owed = fuzz.offers[n].acked &&
		    strstr(fuzz.read_pdu, fuzz.offers[n].pdu) != NULL;
	assert(owed);
}

static void
fuzz_command_end(void)
{
	fuzz.command[fuzz.command_len] = '\0';
	if (strncmp(fuzz.command, "AT+CMGD=", 8) == 0)
		fuzz_deleted();
	fuzz_next_answer();
	if (strncmp(fuzz.command, "AT+CMGR=", 8) == 0) {
		for (size_t i = 0; i <= fuzz.len; i++)
			fuzz.read_pdu[i] = fuzz.answer[i] == '\0' &&
			    i < fuzz.len ? ' ' : fuzz.answer[i];
	}
	memcpy(fuzz.before, fuzz.command, sizeof fuzz.before);
	fuzz.command_len = 0;
}

ssize_t
__wrap_write(int fd, const void *octets, size_t len)
{
	const char *s = octets;

	if (fd != FUZZ_FD)
		return (__real_write(fd, octets, len));
	for (size_t i = 0; i < len; i++) {
		if (s[i] == '\r') {
			fuzz_command_end();
			continue;
		}
		assert(fuzz.command_len + 1 < sizeof fuzz.command);
		fuzz.command[fuzz.command_len++] = s[i];
	}
	return ((ssize_t)len);
}

/*
 * What else glas-modem is made of.
 */

const char *
gammu_open(const struct modem_settings *settings)
{
	(void)settings;
	return (NULL);
}

void
gammu_listen(void)
{
}

void
gammu_close(void)
{
}

void
gammu_slot(int slot, int *folder, int *number)
{
	*folder = slot / FUZZ_FOLDER + 1;
	*number = slot % FUZZ_FOLDER;
}

int
gammu_flat(int folder, int number)
{
	return ((folder - 1) * FUZZ_FOLDER + number);
}

void
deadline_begin(enum modem_call call)
{
	(void)call;
}

void
deadline_end(void)
{
}

void
state_say(const char *state, const char *detail)
{
	(void)state;
	(void)detail;
}

void
modem_down(const char *detail, enum modem_exit how)
{
	(void)detail;
	(void)how;
	abort();
}

int
wire_room(void)
{
	return (FUZZ_WINDOW - (int)fuzz.unacked);
}

/* Whether it is one that glasd takes. */
static void
fuzz_offered(json_t *msg)
{
	unsigned int extra;
	const char *why;

	json_object_set_new(msg, "id", json_string("raw"));
	assert(link_msg_check(msg, LINK_MSG_FROM_LINK, &why, &extra) ==
	    LINK_MSG_RAW);
	assert(strlen(link_msg_str(msg, "pdu")) % 2 == 0);
}

void
wire_offer(json_t *msg, const char *origin, void (*done)(int), int tag)
{
	assert(msg != NULL && origin[0] != '\0' && wire_room() > 0);
	assert(fuzz.count < sizeof fuzz.offers / sizeof fuzz.offers[0]);
	fuzz_offered(msg);
	fuzz.offers[fuzz.count++] = (struct fuzz_offer){ .done = done,
		.pdu = xstrdup(link_msg_str(msg, "pdu")), .tag = tag };
	fuzz.unacked++;
	json_decref(msg);
}

static void
fuzz_ack(void)
{
	for (size_t n = 0; n < fuzz.count; n++) {
		if (fuzz.offers[n].acked)
			continue;
		fuzz.offers[n].acked = true;
		fuzz.offers[n].done(fuzz.offers[n].tag);
	}
	fuzz.unacked = 0;
}

void
modem_listen(int timeout_ms)
{
	if ((fuzz.how & FUZZ_ACKS) != 0)
		fuzz_ack();
	fuzz.now_ms += timeout_ms;
}

/* What cannot be decoded is known by its last digit. */
static enum raw_decoded
fuzz_decode(int slot, const char *pdu)
{
	size_t len = strlen(pdu);

	assert(!raw_knows(slot) && len > 2 && len % 2 == 0);
	if (pdu[len - 1] == '0')
		return (RAW_DECODED);
	return (pdu[len - 1] == '1' ? RAW_LATER : RAW_UNDECODABLE);
}

/*
 * The runs.
 */

/* All is acked, and gone from the modem: nothing is remembered. */
static void
fuzz_forget(void)
{
	int none;

	fuzz_ack();
	fuzz.now_ms += FUZZ_DAYS_MS;
	fuzz.willing = true;
	raw_session(&none, 0, fuzz_decode);
	assert(!raw_owes());
	for (size_t n = 0; n < fuzz.count; n++) {
		assert(!raw_knows(fuzz.offers[n].tag));
		free(fuzz.offers[n].pdu);
	}
	fuzz.count = 0;
	fuzz.willing = false;
}

static void
fuzz_session(void)
{
	int slots[] = { 1, 2, FUZZ_FOLDER + 1, 3, 4, 5, 6, 7 };

	if ((fuzz.how & FUZZ_ALL_SLOTS) != 0)
		raw_session_all(1, fuzz_decode);
	raw_session(slots, sizeof slots / sizeof slots[0], fuzz_decode);
	fuzz.now_ms += FUZZ_DAYS_MS;
	if (raw_owes())
		raw_session(slots, 0, fuzz_decode);
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	static char name[] = "/dev/null", connection[] = "at";
	static const struct modem_settings settings = { .device = name,
		.connection = connection };

	if (len == 0)
		return (0);
	log_init("fuzz", LOG_LEVEL_ERROR);
	raw_init(&settings, "220010000000001");
	fuzz.how = octets[0];
	fuzz.next = octets + 1;
	fuzz.end = octets + len;
	fuzz_session();
	fuzz_forget();
	return (0);
}
