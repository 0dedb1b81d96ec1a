/*
 * What a key of a configuration file may be: types, ranges, misspellings. Runs
 * in glasd and glasctl; pure. Called by conf.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/conf.h"
#include "lib/mem.h"

static const char *
conf_store_text(const struct conf_key *key, const char *value, void *into)
{
	char **text;

	if (key->into == CONF_NOWHERE)
		return (NULL);
	text = (char **)(void *)((char *)into + key->into);
	free(*text);
	*text = xstrdup(value);
	return (NULL);
}

static const char *
conf_store_path(const struct conf_key *key, const char *value, void *into)
{
	if (value[0] != '/')
		return ("is no absolute path; begin it with /");
	if (strstr(value, " #") != NULL)
		return ("holds ' #'; a comment after a value begins with ' ;'");
	return (conf_store_text(key, value, into));
}

static const char *
conf_store_word(const struct conf_key *key, const char *value, void *into)
{
	static char why[160];
	const size_t len = strlen(value);

	for (const char *p = key->words; *p != '\0'; p += *p == ' ') {
		const size_t word = strcspn(p, " ");

		if (word == len && strncmp(p, value, len) == 0)
			return (conf_store_text(key, value, into));
		p += word;
	}
	snprintf(why, sizeof why, "is none of: %s", key->words);
	return (why);
}

static const char *
conf_store_int(const struct conf_key *key, const char *value, void *into)
{
	static char why[320];
	const char *digits = value + (value[0] == '-');
	long n;

	snprintf(why, sizeof why, "is no whole number from %d to %d: %s",
	    key->min, key->max, key->help);
	if (digits[0] == '\0' || digits[strspn(digits, "0123456789")] != '\0')
		return (why);
	n = strtol(value, NULL, 10);
	if (n < key->min || n > key->max)
		return (why);
	if (key->into != CONF_NOWHERE)
		*(int *)(void *)((char *)into + key->into) = (int)n;
	return (NULL);
}

static const char *
conf_store_bool(const struct conf_key *key, const char *value, void *into)
{
	const bool yes = strcmp(value, "yes") == 0;

	if (!yes && strcmp(value, "no") != 0)
		return ("is neither yes nor no");
	if (key->into != CONF_NOWHERE)
		*(bool *)((char *)into + key->into) = yes;
	return (NULL);
}

const char *
conf_store(const struct conf_key *key, const char *value, void *into)
{
	static const char *(*const store[])(const struct conf_key *,
	    const char *, void *) = {
		[CONF_STRING] = conf_store_text,
		[CONF_PATH] = conf_store_path,
		[CONF_WORD] = conf_store_word,
		[CONF_INT] = conf_store_int,
		[CONF_BOOL] = conf_store_bool,
	};
	const char *why = key->check != NULL ? key->check(value) : NULL;

	return (why != NULL ? why : store[key->type](key, value, into));
}

void
conf_section_clear(const struct conf_section *section, void *into)
{
	for (size_t i = 0; i < section->key_count; i++) {
		const struct conf_key *key = &section->keys[i];
		char **text;

		if (key->into == CONF_NOWHERE || key->type == CONF_INT ||
		    key->type == CONF_BOOL)
			continue;
		text = (char **)(void *)((char *)into + key->into);
		free(*text);
		*text = NULL;
	}
}

bool
conf_name_valid(const char *name)
{
	const size_t len = strlen(name);

	return (len >= 1 && len <= CONF_NAME_MAX &&
	    strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == len);
}

/* Edits that make one word the other: letters put in, left out, exchanged. */
static size_t
conf_distance(const char *a, const char *b)
{
	size_t row[64], len = strlen(b);

	if (len >= sizeof row / sizeof row[0])
		return (SIZE_MAX);
	for (size_t j = 0; j <= len; j++)
		row[j] = j;
	for (size_t i = 0; a[i] != '\0'; i++) {
		size_t diagonal = row[0];

		row[0] = i + 1;
		for (size_t j = 0; j < len; j++) {
			size_t best = diagonal + (a[i] != b[j]);

			diagonal = row[j + 1];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (diagonal + 1 < best)
				best = diagonal + 1;
			row[j + 1] = best;
		}
	}
	return (row[len]);
}

const char *
conf_nearer(const char *wrong, const char *best, const char *other)
{
	size_t distance = conf_distance(wrong, other);

	if (distance > strlen(wrong) / 3 + 1 || distance >= strlen(other))
		return (best);
	if (best != NULL && conf_distance(wrong, best) <= distance)
		return (best);
	return (other);
}
