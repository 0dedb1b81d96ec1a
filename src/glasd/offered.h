/* Which texts links have offered, which of them more than once, and whose danger
 * was told. Pure. */
#ifndef GLAS_OFFERED_H
#define GLAS_OFFERED_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/seal.h"

#define OFFERED_RECORDS 1000	/* of the log, that are remembered at start
				   though all that they say is done */

struct offered;

struct offered	*offered_new(void);
void		 offered_free(struct offered *);

/* This text was offered, once more perhaps. */
void		 offered_note(struct offered *,
		    const uint8_t identity[SEAL_TOKEN_LEN]);
/* Whether it was noted twice: a link that has no ack offers what may be
 * stored already. */
bool		 offered_again(struct offered *,
		    const uint8_t identity[SEAL_TOKEN_LEN]);
/* Under the keys before, this text had another identity: what is known of that
 * one holds for this, and it was offered before. */
void		 offered_renew(struct offered *,
		    const uint8_t before[SEAL_TOKEN_LEN],
		    const uint8_t identity[SEAL_TOKEN_LEN]);
/* Its danger is being told, or was; or is not told after all. */
void		 offered_tell(struct offered *,
		    const uint8_t identity[SEAL_TOKEN_LEN], bool told);
bool		 offered_told(struct offered *,
		    const uint8_t identity[SEAL_TOKEN_LEN]);
/* It was to be told, and is not after all. */
bool		 offered_untold(struct offered *,
		    const uint8_t identity[SEAL_TOKEN_LEN]);

#endif
