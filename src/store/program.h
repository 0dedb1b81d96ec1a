/*
 * The program behind a link, and the PIN that it is given.
 */
#ifndef GLAS_PROGRAM_H
#define GLAS_PROGRAM_H

struct config_link;

#define PROGRAM_WORDS_MAX	32	/* of a command, with the NULL */
#define PROGRAM_PIN_SIZE	11

/* The words of its command, ended by NULL: the one of the section, or the
 * installed one of its kind. To be freed with program_argv_free(). */
void	 program_argv(const struct config_link *,
	    char *argv[PROGRAM_WORDS_MAX]);
void	 program_argv_free(char **argv);

/* Reads the file. -1 with errno; EINVAL when what stands there is no PIN. The
 * caller wipes what it has read. */
int	 program_pin(const char *file, char pin[PROGRAM_PIN_SIZE])
	    __attribute__((warn_unused_result));

#endif
