/*
 * What the log says of replies, from some record on: what texts were answered
 * with, and what was handed to a radio without an outcome.
 */
#ifndef GLAS_REWOUND_LOG_H
#define GLAS_REWOUND_LOG_H

#include <stdint.h>

#include "lib/seal.h"

struct away_answer;
struct journal;
struct pg_params;

/* Nothing, when all is 0. */
struct rewound_log {
	void		*told;		/* struct away_answer, by identity */
	void		*last;		/* what it says last of a reply */
};

void		 rewound_log_read(struct rewound_log *, struct journal *,
		    uint64_t record);
void		 rewound_log_clear(struct rewound_log *);
/* What a text was answered with; NULL: nothing that it knows. */
const struct away_answer *rewound_log_told(const struct rewound_log *,
		    const uint8_t identity[SEAL_TOKEN_LEN]);
/* Adds the numbers of replies without an outcome to an array. */
void		 rewound_log_unsettled(const struct rewound_log *,
		    struct pg_params *);

#endif
