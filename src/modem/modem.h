/*
 * What all of glas-modem shares: its settings and its ways out.
 */
#ifndef GLAS_MODEM_H
#define GLAS_MODEM_H

#include <stdbool.h>
#include <stdint.h>

/* Exit codes; glasd starts the program again after each but the first. */
enum modem_exit {
	MODEM_EXIT_STOP = 0,
	MODEM_EXIT_FATAL = 1,	/* as fatal() does: settings, memory */
	MODEM_EXIT_PROTOCOL = 2,
	MODEM_EXIT_PIN = 3,	/* the SIM wants a PIN or PUK that we lack */
	MODEM_EXIT_MODEM = 4	/* gone, mute or astray */
};

/* The calls that may block; each kind has its deadline. */
enum modem_call {
	MODEM_CALL_INIT,
	MODEM_CALL_LIST,
	MODEM_CALL_DELETE,
	MODEM_CALL_SEND,
	MODEM_CALL_USSD,
	MODEM_CALL_STATUS,
	MODEM_CALLS
};

enum modem_sandbox {
	MODEM_SANDBOX_BEST_EFFORT,
	MODEM_SANDBOX_REQUIRED,
	MODEM_SANDBOX_KILL	/* required, and the first forbidden system
				   call ends the process: for tests */
};

struct modem_settings {
	char	*device;	/* tty, or directory of the dummy phone */
	char	*connection;
	char	*model;
	char	*imei;
	char	*device_glob;
	char	*pin;
	char	*smsc;
	char	*number;	/* of the SIM */
	int64_t	 loopback_ms;	/* 0: never */
	int64_t	 loopback_within_ms;
	bool	 deaf;		/* was found to be, before this start */
	bool	 reset;		/* the modem, and nothing else */
	bool	 pin_spent;	/* none is given: it was not taken before */
	bool	 dummy;		/* libgammu's dummy phone */
	bool	 one_by_one;	/* slots: a list has killed us */
	int	 raw_slot;	/* this one has; 0: none */
	int	 poll_ms;
	int	 window;
	enum modem_sandbox sandbox;
	int	 deadline_ms[MODEM_CALLS];
};

/* Says state `down` with the detail, and leaves. */
void	 modem_down(const char *detail, enum modem_exit)
	    __attribute__((noreturn));
/* Leaves without a word, what was said before flushed. */
void	 modem_leave(enum modem_exit) __attribute__((noreturn));

/* Obeys what glasd has said; waits at most so long for it to say something.
 * Takes no step of its own, so it may be called in the middle of one. */
void	 modem_listen(int timeout_ms);

#endif
