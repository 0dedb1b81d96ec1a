/*
 * What a client of the control socket asks for. Pure: octets in, a request out.
 */
#ifndef GLAS_CONTROL_REQUEST_H
#define GLAS_CONTROL_REQUEST_H

#include <stddef.h>

#define CONTROL_LINE_MAX 4096	/* octets, with the newline */

enum control_verb {
	CONTROL_STATUS,
	CONTROL_PAUSE,
	CONTROL_RESUME,
	CONTROL_USSD,
	CONTROL_USSD_ANSWER,
	CONTROL_VERBS		/* none of these */
};

enum control_got {
	CONTROL_MORE,		/* there is no whole line yet */
	CONTROL_REQUEST,	/* there is; it may ask for nothing sound */
	CONTROL_ENDLESS		/* and there will be none: hang up */
};

struct control_request {
	enum control_verb verb;
	const char	*error;		/* why there is no verb; else NULL */
	char		 link[64];	/* "" = none, or none of ours */
	char		 code[32];	/* to dial */
};

/* Reads the first line of what came. */
enum control_got control_request_read(struct control_request *,
		    const char *octets, size_t len);

#endif
