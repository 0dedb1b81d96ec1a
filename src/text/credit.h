/*
 * What an operator answers to a question for the credit, read. Pure.
 */
#ifndef GLAS_CREDIT_H
#define GLAS_CREDIT_H

#include <stdbool.h>
#include <stdint.h>

struct credit {
	int64_t		 hundredths;	/* may be below zero */
	char		 currency[4];	/* "RSD"; "" when none is named */
};

/* What is wrong with a pattern, for its writer; NULL when nothing is. Patterns
 * are words with {amount} in one place: * is anything, a space any space or
 * none; letters are compared without case, script and diacritics. */
const char	*credit_pattern_check(const char *pattern);
/* The same for patterns with {date} in one place, for how long a SIM is valid. */
const char	*credit_valid_check(const char *pattern);
/* Reads the amount where the pattern has it; pattern may be NULL. */
bool		 credit_match(const char *text, const char *pattern,
		    struct credit *)
		    __attribute__((warn_unused_result));
/* Reads the last day on which the SIM is valid, counted from 1970-01-01, where
 * the pattern has it. */
bool		 credit_valid(const char *text, const char *pattern, int *day)
		    __attribute__((warn_unused_result));
/* Reads the first amount that stands beside a currency. */
bool		 credit_guess(const char *text, struct credit *)
		    __attribute__((warn_unused_result));
/* For an answer that is kept: numbers that may be somebody's are covered. To be
 * freed. */
char		*credit_cover(const char *text);

#endif
