/*
 * The table of the texts that the program asks for. Runs in glasd, where a text
 * or a field that does not stand here is not sent, and in glasctl, which checks
 * packs against it.
 */
#include <string.h>

#include "text/content_template.h"

static const struct content_template content_templates[] = {
	{ "ACK", "REF! CAT PLACE LINE OFFER", 2, 2, LANG_UND },
	{ "ACK_CAT", "REF! CAT LINE OFFER", 2, 2, LANG_UND },
	{ "ACK_PLAIN", "REF! LINE OFFER", 1, 2, LANG_UND },
	{ "ADDED", "REF! LINE", 1, 2, LANG_UND },
	{ "ADD_HOW", "REF LINE", 1, 2, LANG_UND },
	{ "ASKPLACE", "REF! LINE", 2, 2, LANG_UND },
	{ "ASKTHERE", "PLACE LINE", 2, 2, LANG_UND },
	{ "ASKWHAT", "LINE", 1, 2, LANG_UND },
	{ "ASKWHICH", "REF! PLACE! OPTIONS! LINE", 2, 2, LANG_UND },
	{ "ASK_HOW", "", 1, 2, LANG_UND },
	{ "BODY", "", 2, 3, LANG_UND },
	{ "BODY_*", "", 2, 3, LANG_UND },
	{ "CARD_CALLS", "", 0, 0, LANG_UND },
	{ "CARD_DANGER", "", 0, 0, LANG_UND },
	{ "CARD_ERASE", "WORD!", 0, 0, LANG_UND },
	{ "CARD_LANGUAGE", "", 0, 0, LANG_UND },
	{ "CARD_NEWS", "WORD!", 0, 0, LANG_UND },
	{ "CARD_NOTE", "", 0, 0, LANG_UND },
	{ "CARD_REPORT", "WORD!", 0, 0, LANG_UND },
	{ "CARD_RIGHTS", "WORD!", 0, 0, LANG_UND },
	{ "CARD_SAMPLE", "", 0, 0, LANG_UND },
	{ "CARD_SEND", "", 0, 0, LANG_UND },
	{ "CARD_START", "WORD!", 0, 0, LANG_UND },
	{ "CARD_STATUS", "WORD!", 0, 0, LANG_UND },
	{ "CARD_STOP", "WORD!", 0, 0, LANG_UND },
	{ "CARD_VOTE", "WORD!", 0, 0, LANG_UND },
	{ "CARD_WHO", "WORD!", 0, 0, LANG_UND },
	{ "CLOSED", "", 1, 2, LANG_UND },
	{ "COMING", "EVENT! DATE VENUE", 2, 3, LANG_UND },
	{ "DUTY_CALL", "REF! PLACE", 1, 1, LANG_UND },
	{ "DUTY_HELD", "REF! MEMBER", 1, 2, LANG_UND },
	{ "DUTY_MORE", "N! REF", 1, 2, LANG_UND },
	{ "DUTY_NONE", "", 1, 2, LANG_UND },
	{ "DUTY_OK", "", 1, 2, LANG_UND },
	{ "DUTY_TAKEN", "REF!", 1, 2, LANG_UND },
	{ "DUTY_WRONG", "", 1, 2, LANG_UND },
	{ "EMERG", "", 1, 1, LANG_UND },
	{ "EMERG_LIFE", "", 1, 1, LANG_UND },
	{ "ERASE", "CODE! HOURS", 1, 2, LANG_UND },
	{ "ERASED", "", 1, 2, LANG_UND },
	{ "ERASE_SHUT", "HOURS!", 1, 2, LANG_UND },
	{ "ERASE_WRONG", "CODE!", 1, 2, LANG_UND },
	{ "EVENT_INVITE", "EVENT! VENUE DATE! TIME LIST", 2, 3, LANG_UND },
	{ "EVENT_OFF", "EVENT! VENUE DATE TIME", 2, 3, LANG_UND },
	{ "EVENT_WHICH", "OPTIONS! N", 3, 3, LANG_UND },
	{ "EXPIRED", "", 1, 2, LANG_UND },
	{ "FORM_ASK", "ASK! EXAMPLE", 2, 2, LANG_UND },
	{ "FORM_KEPT", "N", 1, 2, LANG_UND },
	{ "FORM_NO_DAY", "ASK! EXAMPLE", 2, 2, LANG_UND },
	{ "FORM_OK", "N", 1, 2, LANG_UND },
	{ "FORM_OK_*", "N", 1, 2, LANG_UND },
	{ "FORM_WHICH", "PLACE! OPTIONS!", 2, 2, LANG_UND },
	{ "FORM_WRONG", "ASK! EXAMPLE", 2, 2, LANG_UND },
	{ "FOR_ONESELF", "", 1, 2, LANG_UND },
	{ "GREETING", "", 1, 1, LANG_ROM },
	{ "GROUP", "", 1, 2, LANG_UND },
	{ "HELP", "", 1, 2, LANG_UND },
	{ "LANGASK", "", 1, 2, LANG_UND },
	{ "LANGOK", "", 1, 2, LANG_UND },
	{ "LANG_LATER", "", 1, 1, LANG_SR_LATN },
	{ "LEFT", "LIST!", 1, 2, LANG_UND },
	{ "LINE", "", 1, 1, LANG_UND },
	{ "LINE_*", "", 1, 1, LANG_UND },
	{ "LIST_HOW", "", 1, 2, LANG_UND },
	{ "LIST_LEAVE", "LIST!", 1, 1, LANG_UND },
	{ "LIST_OK", "LIST!", 1, 2, LANG_UND },
	{ "MORE", "", 1, 1, LANG_UND },
	{ "NOT_COMING", "EVENT! DATE", 2, 2, LANG_UND },
	{ "NO_EVENT", "", 1, 2, LANG_UND },
	{ "NO_TOPIC", "N TOPICS!", 2, 3, LANG_UND },
	{ "OFFER", "N!", 1, 1, LANG_UND },
	{ "PLACEOK", "REF! PLACE LINE", 2, 3, LANG_UND },
	{ "RATED", "", 1, 1, LANG_UND },
	{ "REFER_ASK", "REF! ORG", 2, 3, LANG_UND },
	{ "REMIND", "REF! DATE", 1, 2, LANG_UND },
	{ "REVEALED", "REF!", 1, 2, LANG_UND },
	{ "RIGHTS_*", "", 3, 3, LANG_UND },
	{ "RUMOUR", "", 1, 2, LANG_UND },
	{ "RUMOUR_HOW", "", 1, 2, LANG_UND },
	{ "SENT", "DATE!", 1, 1, LANG_UND },
	{ "SOLVED_ASK", "REF!", 1, 2, LANG_UND },
	{ "SOLVED_NO", "REF! LINE", 1, 2, LANG_UND },
	{ "SOLVED_YES", "", 1, 2, LANG_UND },
	{ "SPLIT", "REF!", 1, 2, LANG_UND },
	{ "STARTOK", "", 1, 2, LANG_UND },
	{ "STATUS_ANSWERED", "REF! DATE", 1, 2, LANG_UND },
	{ "STATUS_CLOSED", "REF! DATE", 1, 2, LANG_UND },
	{ "STATUS_DUPLICATE", "REF! DATE", 1, 2, LANG_UND },
	{ "STATUS_NEW", "REF! DATE", 1, 2, LANG_UND },
	{ "STATUS_NOT_FOR_US", "REF! DATE", 1, 2, LANG_UND },
	{ "STATUS_OPEN", "REF! DATE", 1, 2, LANG_UND },
	{ "STATUS_REFERRED", "REF! DATE", 1, 2, LANG_UND },
	{ "STATUS_UNKNOWN", "", 1, 2, LANG_UND },
	{ "STATUS_WITHDRAWN", "REF! DATE", 1, 2, LANG_UND },
	{ "STEP_CONTACT_ALLOWED", "REF!", 1, 2, LANG_UND },
	{ "STEP_FILED", "REF!", 1, 2, LANG_UND },
	{ "STEP_HOW", "", 1, 1, LANG_UND },
	{ "STEP_MANDATE", "REF!", 1, 2, LANG_UND },
	{ "STEP_NO", "", 1, 2, LANG_UND },
	{ "STEP_SAFE", "REF", 1, 2, LANG_UND },
	{ "STEP_YES", "", 1, 2, LANG_UND },
	{ "STOPOK", "", 1, 2, LANG_UND },
	{ "STOP_STANDS", "", 1, 1, LANG_UND },
	{ "THANKS", "", 1, 1, LANG_UND },
	{ "TOPICS", "", 2, 3, LANG_UND },
	{ "UNCLEAR", "", 1, 2, LANG_UND },
	{ "USSD_AGAIN", "", 1, 1, LANG_UND },
	{ "USSD_BACK", "", 1, 1, LANG_UND },
	{ "USSD_DONE", "REF! LINE", 1, 1, LANG_UND },
	{ "USSD_LANGUAGES", "", 1, 2, LANG_UND },
	{ "USSD_LATER", "", 1, 1, LANG_UND },
	{ "USSD_MAIN", "VOTE", 1, 2, LANG_UND },
	{ "USSD_MAIN_VOTE", "", 1, 1, LANG_UND },
	{ "USSD_NEXT", "", 1, 1, LANG_UND },
	{ "USSD_NOTED", "", 1, 1, LANG_UND },
	{ "USSD_NUMBER", "REF!", 1, 1, LANG_UND },
	{ "USSD_PLACE", "", 1, 1, LANG_UND },
	{ "USSD_REFERENCE", "", 1, 1, LANG_UND },
	{ "USSD_SUBJECT", "", 1, 3, LANG_UND },
	{ "USSD_SUBJECT_CODES", "", 0, 0, LANG_SR_LATN },
	{ "USSD_TEXT", "LINE", 1, 2, LANG_UND },
	{ "USSD_TOPICS", "", 1, 1, LANG_UND },
	{ "USSD_UNHEARD", "", 1, 1, LANG_UND },
	{ "USSD_WRONG", "", 1, 1, LANG_UND },
	{ "UXO", "", 1, 1, LANG_UND },
	{ "VOTE_ASK", "N OPTIONS!", 3, 3, LANG_UND },
	{ "VOTE_CLOSED", "", 1, 2, LANG_UND },
	{ "VOTE_HOW", "N OPTIONS!", 3, 3, LANG_UND },
	{ "VOTE_NOT_OPEN", "POLL N OPTIONS!", 3, 3, LANG_UND },
	{ "VOTE_OK", "OPTION! DATE", 1, 2, LANG_UND },
	{ "WHO", "", 3, 3, LANG_UND },
	{ "WHO_SHORT", "", 1, 1, LANG_UND },
};

#define CONTENT_TEMPLATES \
	(sizeof content_templates / sizeof *content_templates)

const struct content_template *
content_template_at(size_t index)
{
	return (index < CONTENT_TEMPLATES ? &content_templates[index] : NULL);
}

bool
content_template_is_family(const struct content_template *t)
{
	return (t->key[strlen(t->key) - 1] == '*');
}

const struct content_template *
content_template_find(const char *key)
{
	const struct content_template *t, *family = NULL;
	size_t stem;

	for (size_t i = 0; (t = content_template_at(i)) != NULL; i++) {
		if (strcmp(t->key, key) == 0)
			return (t);
		stem = strlen(t->key) - 1;
		if (content_template_is_family(t) &&
		    strncmp(t->key, key, stem) == 0 && key[stem] != '\0')
			family = t;
	}
	return (family);
}

bool
content_template_takes(const char *key, const char *field, size_t len)
{
	const struct content_template *t = content_template_find(key);
	const char *s = t != NULL ? t->fields : "";
	size_t n;

	while (*s != '\0') {
		n = strcspn(s, " !");
		if (n == len && strncmp(s, field, n) == 0)
			return (true);
		s += strcspn(s, " ");
		s += *s == ' ';
	}
	return (false);
}
