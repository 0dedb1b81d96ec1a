/*
 * Secrets that people put into files of their own: what requests over HTTP must
 * bring, the PIN of a SIM. The first line is the secret.
 */
#ifndef GLAS_SECRET_H
#define GLAS_SECRET_H

#define SECRET_SIZE 255		/* octets with the end */
#define SECRET_LEAST 16		/* of one that strangers may guess at */

/* -1 with errno and "": EINVAL when the line is empty or does not fit. The
 * caller wipes what it has read. */
int	 secret_read(const char *file, char secret[SECRET_SIZE])
	    __attribute__((warn_unused_result));

#endif
