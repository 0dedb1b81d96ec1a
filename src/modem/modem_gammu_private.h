/*
 * What the files that know libgammu share: modem_gammu.c and modem_gammu_*.c.
 */
#ifndef GLAS_MODEM_GAMMU_PRIVATE_H
#define GLAS_MODEM_GAMMU_PRIVATE_H

#include <gammu.h>

#include "modem/modem_gammu.h"

/* The modem that is open. */
struct gammu {
	GSM_StateMachine *machine;
	bool		 dummy;
	bool		 from_zero;	/* its slots begin at 0 */
	int		 fd;		/* tty, or inotify of the dummy */
};
extern struct gammu gammu;

enum gammu_result gammu_result(GSM_Error);
/* Lets libgammu take in what the modem says; waits at most a second. False
 * when the device is gone. */
bool		 gammu_pump(void);
/* Lets it take in what the modem held back during a command and says behind the
 * answer, calls above all: those that end while another command is under way
 * libgammu forgets. */
void		 gammu_hear_out(void);
/* When to begin no more of it (clock_mono_ms()): four fifths of a deadline
 * from now, the last second included, so that the outcome can be told. */
int64_t		 gammu_pump_until(enum modem_call);

/* libgammu's strings, of UTF-16BE up to a NUL. */
size_t		 gammu_units(const unsigned char *utf16, size_t max);
void		 gammu_utf8(char *dst, size_t size, const unsigned char *utf16,
		    size_t max);
/* Room for units + 1. */
void		 gammu_utf16(unsigned char *dst, size_t units,
		    const char *ascii);

/* Each file's part of gammu_open(). */
void		 gammu_receive_open(void);
void		 gammu_submit_open(const struct modem_settings *);

/* Callbacks: libgammu hangs when it is called out of one, so they note what
 * happened, and no more. */
void		 gammu_on_sms(GSM_StateMachine *, GSM_SMSMessage *, void *);
void		 gammu_on_call(GSM_StateMachine *, GSM_Call *, void *);
void		 gammu_on_ussd(GSM_StateMachine *, GSM_USSDMessage *, void *);
/* What has arrived in the dummy phone's directory. */
void		 gammu_receive_wake(void);

#endif
