/*
 * Why something could not be done, for an out parameter `const char **error`
 * of what reads the files of a gateway: "FILE: what; what to do".
 */
#ifndef GLAS_ERROR_H
#define GLAS_ERROR_H

/* Static, until the next call; that one may still be given it as an argument.
 * Leaves errno alone. */
const char *error_text(const char *, ...) __attribute__((format(printf, 1, 2)));

#endif
