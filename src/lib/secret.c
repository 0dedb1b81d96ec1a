/*
 * Secrets in files. Runs in all programs that are given one; owns nothing.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lib/secret.h"

int
secret_read(const char *file, char secret[SECRET_SIZE])
{
	char line[SECRET_SIZE + 1] = "";	/* with the newline */
	FILE *f = fopen(file, "re");
	size_t len;

	secret[0] = '\0';
	if (f == NULL)
		return (-1);
	if (fgets(line, sizeof line, f) == NULL)
		line[0] = '\0';
	fclose(f);
	len = strcspn(line, "\r\n");
	if (len > 0 && len < SECRET_SIZE) {
		memcpy(secret, line, len);
		secret[len] = '\0';
	} else {
		errno = EINVAL;
	}
	explicit_bzero(line, sizeof line);
	return (secret[0] != '\0' ? 0 : -1);
}
