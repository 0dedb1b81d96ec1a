/*
 * The program behind a link, and the PIN that it is given. Runs in glasd, which
 * starts the one and hands over the other, and in glasctl doctor, which looks
 * whether both are there. Owns nothing between calls.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "lib/secret.h"
#include "store/config.h"
#include "store/program.h"

#define PROGRAM_PIN_MIN	4	/* digits */
#define PROGRAM_PIN_MAX	8

void
program_argv(const struct config_link *link, char *argv[PROGRAM_WORDS_MAX])
{
	enum link_kind kind = link->kind == LINK_STATUS ? LINK_WEB :
	    link->kind;
	char *command = link->command != NULL ? xstrdup(link->command) :
	    xasprintf("%s/glas-%s", GLAS_LIBEXEC_DIR, link_kind_name(kind));
	size_t n = 0;

	for (char *word = strtok(command, " \t");
	    word != NULL && n < PROGRAM_WORDS_MAX - 1;
	    word = strtok(NULL, " \t"))
		argv[n++] = xstrdup(word);
	argv[n] = NULL;
	free(command);
}

void
program_argv_free(char **argv)
{
	while (*argv != NULL)
		free(*argv++);
}

int
program_pin(const char *file, char pin[PROGRAM_PIN_SIZE])
{
	char secret[SECRET_SIZE];
	size_t digits;

	pin[0] = '\0';
	if (secret_read(file, secret) == -1)
		return (-1);
	digits = strspn(secret, "0123456789");
	if (secret[digits] == '\0' && digits >= PROGRAM_PIN_MIN &&
	    digits <= PROGRAM_PIN_MAX)
		memcpy(pin, secret, digits + 1);
	else
		errno = EINVAL;
	explicit_bzero(secret, sizeof secret);
	return (pin[0] != '\0' ? 0 : -1);
}
