/*
 * Names of languages. Runs in glasd and glasctl; pure.
 */
#include <string.h>

#include "text/lang.h"

static const char *const lang_names[LANG_COUNT] = {
	[LANG_UND] = "und",
	[LANG_SR_LATN] = "sr-Latn",
	[LANG_SR_CYRL] = "sr-Cyrl",
	[LANG_SQ] = "sq",
	[LANG_ROM] = "rom",
	[LANG_BG] = "bg",
	[LANG_EN] = "en",
	[LANG_MIX] = "mix",
};

const char *
lang_name(enum lang lang)
{
	return (lang < LANG_COUNT ? lang_names[lang] : "und");
}

enum lang
lang_find(const char *name)
{
	enum lang lang;

	for (lang = 0; lang < LANG_COUNT; lang++) {
		if (strcmp(lang_names[lang], name) == 0)
			break;
	}
	return (lang);
}
