/*
 * Where somebody stands in USSD menus, as a line of words for the log. Runs in
 * glasd, called by session_log.c; owns nothing. A line that cannot be is
 * refused: the session begins anew.
 */
#include <stdio.h>
#include <string.h>

#include "text/ussd.h"

static const char *
ussd_or_none(const char *word)
{
	return (*word != '\0' ? word : "-");
}

void
ussd_print(const struct ussd_state *s, char line[USSD_LINE_MAX])
{
	snprintf(line, USSD_LINE_MAX,
	    "%d %s %d %d %u %s %s %s %lld %ld %ld %d %d %s",
	    (int)s->at, lang_name(s->lang), s->cyrillic, s->wrong, s->page,
	    ussd_or_none(s->code), ussd_or_none(s->reference),
	    ussd_or_none(s->status), (long long)s->since, s->poll, s->option,
	    (int)s->emergency, (int)s->silence, s->place);
}

static void
ussd_scan_word(char *into, size_t size, const char *word)
{
	snprintf(into, size, "%s", strcmp(word, "-") != 0 ? word : "");
}

bool
ussd_scan(struct ussd_state *s, const char *line)
{
	char lang[16], code[16], reference[16], status[16];
	int at, cyrillic, wrong, emergency, silence, end = 0;
	long long since;

	*s = (struct ussd_state){ .at = USSD_MAIN };
	if (sscanf(line, "%d %15s %d %d %u %15s %15s %15s %lld %ld %ld %d %d%n",
	    &at, lang, &cyrillic, &wrong, &s->page, code, reference, status,
	    &since, &s->poll, &s->option, &emergency, &silence, &end) != 13 ||
	    at < 0 || at >= USSD_ATS || emergency < 0 ||
	    emergency > EMERGENCY_UXO || silence < 0 ||
	    silence > SILENCE_BLOCKED || lang_find(lang) == LANG_COUNT)
		return (false);
	s->at = (enum ussd_at)at;
	s->lang = lang_find(lang);
	s->cyrillic = cyrillic != 0;
	s->wrong = wrong != 0;
	s->emergency = (enum emergency)emergency;
	s->silence = (enum silence)silence;
	s->since = since;
	ussd_scan_word(s->code, sizeof s->code, code);
	ussd_scan_word(s->reference, sizeof s->reference, reference);
	ussd_scan_word(s->status, sizeof s->status, status);
	snprintf(s->place, sizeof s->place, "%s",
	    line + end + (line[end] == ' '));
	return (true);
}
