/*
 * All of libgammu that glas-modem uses, in plain types. One modem a process;
 * every function may block until its deadline ends the process, none may be
 * called before the sandbox stands.
 */
#ifndef GLAS_MODEM_GAMMU_H
#define GLAS_MODEM_GAMMU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "modem/modem.h"

#define GAMMU_NUMBER_SIZE 608	/* of UTF-8 for libgammu's 200 characters */
#define GAMMU_UD_SIZE	 1304

enum gammu_result {
	GAMMU_OK,
	GAMMU_END,	/* nothing there, or nothing more */
	GAMMU_SKIPPED,	/* a slot that holds nothing */
	GAMMU_REFUSED,	/* there is something that libgammu cannot handle */
	GAMMU_FAILED,	/* not now, and not because of one text */
	GAMMU_LOCKED,	/* no SIM, or it wants a PIN */
	GAMMU_TIMEOUT,
	GAMMU_GONE	/* the device is not there any more */
};
const char	*gammu_result_word(enum gammu_result);

/* Opens the modem. NULL, or in a word why not. Again after gammu_close(). */
const char	*gammu_open(const struct modem_settings *);
/* Asks the modem to tell of texts, calls and USSD, once its SIM is ready. */
void		 gammu_listen(void);
void		 gammu_close(void);

/* What becomes readable when the modem says something, or -1; then
 * gammu_hear() takes it in. */
int		 gammu_fd(void);
enum gammu_result gammu_hear(void);
/* After a command without an answer: makes the modem say something, so that
 * what libgammu has read so far is over, and listens until the line has been
 * quiet for a second. Otherwise the answer to the next command is not seen. */
void		 gammu_recover(void);

/*
 * Receiving. Slots have flat numbers, from 1, over all folders.
 */
enum gammu_kind {
	GAMMU_DELIVER,
	GAMMU_REPORT,
	GAMMU_OTHER	/* a draft, something sent: not ours to touch */
};

struct gammu_text {
	enum gammu_kind	 kind;
	char		 originator[GAMMU_NUMBER_SIZE];	/* of a report: the
							   recipient */
	char		 smsc[GAMMU_NUMBER_SIZE];
	char		 scts[32];	/* RFC 3339, or "" */
	char		 discharge[32];
	const char	*alphabet;	/* "gsm7", "ucs2", "binary" */
	int		 class;		/* -1: none */
	int		 replace;	/* 1-7: overwrites its like in the SIM */
	int		 mr;
	int		 status;
	uint8_t		 udh[140];
	size_t		 udh_len;
	uint8_t		 ud[GAMMU_UD_SIZE];
	size_t		 ud_len;
};

/* Reads the first slot, or the one behind *slot; *slot is moved there, also
 * for GAMMU_REFUSED. What was deleted since the first slot was read may still
 * be returned: libgammu reads a list ahead. */
enum gammu_result gammu_next(bool first, int *slot);
/* Reads one slot. */
enum gammu_result gammu_read(int slot);
/* Decodes the PDU of a slot, in hexadecimal, without the modem; then it is what
 * was read last. */
enum gammu_result gammu_decode(int slot, const char *pdu);
/* What was read last; -1 when its fields cannot be trusted. */
int		 gammu_text(struct gammu_text *);
/* GAMMU_END: it was free already. */
enum gammu_result gammu_delete(int slot);
/* The folder of a flat number, from 1, and the modem's own number in it; and
 * the other way. */
void		 gammu_slot(int slot, int *folder, int *number);
int		 gammu_flat(int folder, int number);

/* True once after a text has arrived. */
bool		 gammu_arrived(void);
/* Takes a text that the modem handed over without a slot; then it is what
 * was read last. */
bool		 gammu_take_direct(void);
/* Whether it has rung since that was asked last, and may still. */
bool		 gammu_rings(void);
/* Takes the number of the next who has called, "" where it is hidden. */
bool		 gammu_take_call(char number[GAMMU_NUMBER_SIZE]);
void		 gammu_hang_up(void);

/*
 * Sending.
 */
enum gammu_outcome {
	GAMMU_ACCEPTED,
	GAMMU_REJECTED,
	GAMMU_UNKNOWN
};

struct gammu_submit {
	const char	*recipient;
	bool		 ucs2;
	bool		 want_report;
	int		 validity_min;
	const uint8_t	*udh;		/* with its length octet */
	size_t		 udh_len;
	const uint8_t	*ud;		/* UTF-16BE */
	size_t		 ud_len;
};

/* *mr is -1 where the modem did not say, *cause the +CMS or +CME number, -1
 * where there was none; *astray is set when the modem should not be trusted
 * with another command. */
enum gammu_outcome gammu_submit(const struct gammu_submit *, int *mr,
	    int *cause, bool *astray);

/* Dials a code of digits, * and #; `text` is UTF-8, "" without an answer;
 * `outcome` is "answered", "menu" (it was closed), or why there is no text. */
void		 gammu_dial(const char *code, char *text, size_t size,
		    char *outcome, size_t outcome_size);

/*
 * The state of things.
 */
enum gammu_sim {
	GAMMU_SIM_READY,
	GAMMU_SIM_PIN,
	GAMMU_SIM_PUK,
	GAMMU_SIM_NONE,
	GAMMU_SIM_UNKNOWN	/* it did not say */
};
enum gammu_sim	 gammu_sim(void);
enum gammu_result gammu_enter_pin(const char *);

void		 gammu_imei(char *, size_t);
void		 gammu_imsi(char *, size_t);

struct gammu_radio {
	int	 dbm;			/* 0: not known */
	bool	 registered;		/* also where the modem cannot tell */
	bool	 denied;		/* the network does not want this SIM */
	char	 operator_name[128];
};
void		 gammu_radio(struct gammu_radio *);
/* Slots used and there in all stores; -1 when that is not known, as with the
 * dummy phone, which would open 50,000 files. */
int		 gammu_fill(int *used, int *size);

#endif
