/* Languages that Glas speaks. A script is part of the name. */
#ifndef GLAS_LANG_H
#define GLAS_LANG_H

enum lang {
	LANG_UND,	/* cannot be told: digits, STOP */
	LANG_SR_LATN,
	LANG_SR_CYRL,
	LANG_SQ,
	LANG_ROM,
	LANG_BG,
	LANG_EN,
	LANG_MIX,
	LANG_COUNT
};

/* "und", "sr-Latn", "sr-Cyrl", "sq", "rom", "bg", "en", "mix". */
const char	*lang_name(enum lang);
/* LANG_COUNT when there is no such name. */
enum lang	 lang_find(const char *);

#endif
