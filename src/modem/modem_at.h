/*
 * A few AT commands of our own, where libgammu is not or cannot be asked: each
 * with a deadline, none with a surprise.
 */
#ifndef GLAS_MODEM_AT_H
#define GLAS_MODEM_AT_H

#define AT_ANSWER_SIZE	4096

enum at_open {
	AT_OPENED,
	AT_IN_USE,	/* somebody else has locked it */
	AT_NOT_THERE
};

/* Opens and locks a tty, raw, at the speed that stands in `connection`
 * ("at115200"; with plain "at" the speed is left alone), and ends the entry of a
 * text that another left in the middle. */
enum at_open at_open(const char *device, const char *connection, int *fd);

/* Sends a command, reads until its final result. 0 for OK, -1 for an error,
 * silence, or an answer that is too long. The answer is a string of lines. */
int	 at_command(int fd, const char *command, int timeout_ms,
	    char answer[AT_ANSWER_SIZE]) __attribute__((warn_unused_result));

/* The line that begins with `prefix`, or NULL; and the line after it. Both are
 * cut off at their end, so the answer is used up. */
char	*at_line(char *answer, const char *prefix);
char	*at_line_after(char *answer, const char *prefix);

#endif
