/*
 * Answers to what people report: receipts, what is added to a case, the state
 * of one. Runs in glasd and glasctl. A receipt names what it is about only
 * where the category's row allows it, always carries a line for emergencies,
 * and asks at most for the place. A word for report alone, or a place with
 * it, is asked what there is to report.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "sms/segment.h"
#include "text/answer_private.h"

/* What a receipt is made of. */
struct answer_receipt {
	const struct content_category *category; /* NULL: left open */
	enum lang	 lang;		/* of the text */
	bool		 named;		/* the category may be named */
	const char	*line;		/* key of the emergency line */
	char		 place[PLACE_TEXT_MAX]; /* "": none */
	char		 number[16];	/* of the topic to offer; "": none */
	struct answer_which which;	/* villages to choose from */
};

void
answer_place_name(const struct place *p, enum lang lang,
    char out[PLACE_TEXT_MAX])
{
	const char *name = lang == LANG_SQ ? p->sq : "";

	if (lang == LANG_BG)
		name = p->bg;
	if (*name == '\0' && answer_keeps_letters(lang))
		name = p->cyrillic;
	if (*name != '\0')
		snprintf(out, PLACE_TEXT_MAX, "%s", name);
	else
		(void)place_text(p, out);
}

static void
answer_receipt_prepare(const struct answering *a, struct answer_receipt *r)
{
	int i = content_find_category(a->content, a->reading->code);
	const struct content_category *cat = NULL;

	*r = (struct answer_receipt){ .lang = LANG_SR_LATN, .line = "LINE" };
	(void)answer_text(a, "ACK_PLAIN", &r->lang);
	if (a->reading->place != NULL)
		answer_place_name(a->reading->place, r->lang, r->place);
	if (i == CONTENT_NONE)
		return;
	r->category = cat = &a->content->categories[i];
	if (answer_text(a, cat->category.emergency_line, NULL) != NULL)
		r->line = cat->category.emergency_line;
	if (cat->topic != CONTENT_NONE)
		snprintf(r->number, sizeof r->number, "%ld",
		    a->content->topics[cat->topic].number);
	r->named = cat->category.named_in_reply && a->reading->confidence >=
	    a->content->settings[CONTENT_NAMED_FROM];
}

static char *
answer_receipt_fill(const struct answering *a, const struct answer_receipt *r,
    const char *key, const char *offer)
{
	const char *text = answer_text(a, key, NULL);
	const struct answer_field fields[] = {
		{ "REF", a->given->reference },
		{ "CAT", content_name(a->content, a->reading->code,
		    r->lang) },
		{ "PLACE", *r->which.name != '\0' ? r->which.name :
		    r->place },
		{ "OPTIONS", r->which.options },
		{ "LINE", answer_text(a, r->line, NULL) },
		{ "OFFER", offer },
		{ NULL, NULL },
	};

	if (text == NULL)
		return (NULL);
	return (answer_fill(key, text, fields,
	    answer_keeps_letters(r->lang)));
}

/* A receipt by key; with the offer of a rights topic if there is one and it
 * costs no segment more. */
static char *
answer_receipt_text(const struct answering *a, const struct answer_receipt *r,
    const char *key)
{
	const struct answer_field fields[] = { { "N", r->number },
		{ NULL, NULL } };
	char *plain = answer_receipt_fill(a, r, key, ""), *offered;
	const char *offer = answer_text(a, "OFFER", NULL);
	char *line, *spaced;

	if (plain == NULL || offer == NULL || *r->number == '\0')
		return (plain);
	line = answer_fill("OFFER", offer, fields,
	    answer_keeps_letters(r->lang));
	spaced = xasprintf(" %s", line);
	offered = answer_receipt_fill(a, r, key, spaced);
	free(line);
	free(spaced);
	if (segment_count(offered, NULL, NULL) >
	    segment_count(plain, NULL, NULL)) {
		free(offered);
		return (plain);
	}
	free(plain);
	return (offered);
}

/* Where it happened is asked once, and not where somebody may be in danger or
 * where a second text could endanger. */
static bool
answer_asks_place(const struct answering *a, const struct answer_receipt *r)
{
	const struct category *c = r->category != NULL ?
	    &r->category->category : NULL;

	return (a->reading->place == NULL &&
	    a->reading->emergency == EMERGENCY_NONE &&
	    (c == NULL || (c->emergency == EMERGENCY_NONE &&
	    r->category->group != CONTENT_VOICE)));
}

/* The richest receipt that fits into one segment, else the plain one. */
static char *
answer_receipt_best(const struct answering *a, const struct answer_receipt *r)
{
	static const char *const keys[] = { "ACK", "ACK_CAT" };
	char *text;

	for (size_t i = *r->place != '\0' ? 0 : 1; r->named && i < 2; i++) {
		text = answer_receipt_text(a, r, keys[i]);
		if (text != NULL && segment_count(text, NULL, NULL) == 1)
			return (text);
		free(text);
	}
	return (answer_receipt_text(a, r, "ACK_PLAIN"));
}

/* Which village it is where there are a few of the name, else in which place. */
static char *
answer_receipt_where(struct answering *a, struct answer_receipt *r)
{
	const struct place *among = a->reading->among;
	const char *name = among != NULL ? among->settlement : "";
	char *text = NULL;

	if (answer_which(a, name, r->lang, &r->which))
		text = answer_receipt_fill(a, r, "ASKWHICH", "");
	else
		name = "";
	if (text == NULL) {
		name = "";
		text = answer_receipt_fill(a, r, "ASKPLACE", "");
	}
	if (text != NULL)
		answer_where_begin(a, a->given->reference, name);
	return (text);
}

static void
answer_receipt(struct answering *a)
{
	struct answer_receipt r;
	char *text = NULL;

	answer_receipt_prepare(a, &r);
	if (answer_asks_place(a, &r))
		text = answer_receipt_where(a, &r);
	if (text == NULL)
		text = answer_receipt_best(a, &r);
	if (text != NULL)
		answer_add(a, REPLY_RECEIPT, answer_greet(a, text, r.lang));
}

/* What happened; and where, unless that was said. */
static void
answer_say_what(struct answering *a, const struct place *p,
    const struct place *among)
{
	struct answer_which which;
	char where[PLACE_TEXT_MAX] = "";
	const struct answer_field fields[] = {
		{ "PLACE", where },
		{ "LINE", answer_text(a, "LINE", NULL) },
		{ NULL, NULL },
	};
	enum lang lang;
	const char *key = answer_key(a, "ASKWHAT", "HELP");

	if ((p != NULL || among != NULL) &&
	    answer_text(a, "ASKTHERE", &lang) != NULL) {
		key = "ASKTHERE";
		if (p != NULL) {
			answer_place_name(p, lang, where);
		} else {
			(void)answer_which(a, among->settlement, lang, &which);
			snprintf(where, sizeof where, "%s", which.name);
		}
	}
	answer_say(a, REPLY_SERVICE, key, fields);
}

void
answer_what_again(struct answering *a)
{
	const struct place *among, *p = answer_said_place(a, &among);

	answer_say_what(a, p, among);
}

/* Who has no case, and adds what could be one, has told of it. */
static bool
answer_adds_to_nothing(const struct reading *r, const struct conversation *c)
{
	return (r->intent == INTENT_ADD && !r->bare && *r->code == '\0' &&
	    *c->asked.reference == '\0' && ((*r->about[0] != '\0' &&
	    strcmp(r->about[0], "OTHER") != 0) ||
	    r->emergency != EMERGENCY_NONE));
}

bool
answer_may_report(const struct reading *r, const struct conversation *c)
{
	return ((r->intent == INTENT_REPORT && !r->bare) ||
	    answer_adds_to_nothing(r, c) ||
	    c->dialog.ask == DIALOG_WHAT || c->dialog.ask == DIALOG_DEBATE);
}

void
answer_report(struct answering *a)
{
	const struct reading *r = a->reading;

	/* Who was told a number has a report, whatever it says. */
	if (r->bare && !a->given->told) {
		if (*r->code != '\0') {
			answer_ask(a, DIALOG_DEBATE, "", 0);
			answer_say(a, REPLY_SERVICE, answer_key(a, "ASK_HOW",
			    "HELP"), NULL);
		} else {
			answer_ask_what(a);
			answer_say_what(a, r->place, r->among);
		}
		return;
	}
	if (a->conversation->dialog.ask == DIALOG_WHAT)
		dialog_end(&a->conversation->dialog);
	a->answer->report = true;
	if (strcmp(r->code, "DEBATE") == 0)
		answer_act(a, ACT_QUESTION, a->given->reference, "");
	if (*r->helped != '\0' && a->conversation->helper)
		answer_act(a, ACT_HELPED, a->given->reference, r->helped);
	answer_form_beside(a);
	answer_receipt(a);
}

/* Nobody has said yet where it happened, or only in which municipality; or a
 * place alone, sent with the number of the case or behind a no, corrects it. */
static bool
answer_adds_place(const struct answering *a)
{
	const struct conversation_case *c = &a->conversation->asked;
	const struct reading *r = a->reading;

	return (r->place != NULL && (*c->municipality == '\0' ||
	    (*c->settlement == '\0' && *r->place->settlement != '\0' &&
	    strcmp(r->place->municipality, c->municipality) == 0) ||
	    ((r->command || r->choice == CHOICE_NO) &&
	    r->words <= ANSWER_PLACE_WORDS)));
}

/* With whom it speaks of, and of what: what is said of the police is not theirs
 * to read. Which that is, the database knows. */
void
answer_follow(struct answering *a, const char *reference)
{
	const struct reading *r = a->reading;
	bool guess = r->nearby && *r->actor != '\0';
	bool urgent = r->emergency != EMERGENCY_NONE ||
	    (r->urgent && !r->nearby);
	char *of = xasprintf("%s%s/%s/%s%s", guess ? "?" : "", r->actor,
	    r->about[0], r->about[1], urgent ? "/urgent" : "");

	snprintf(a->answer->belongs, sizeof a->answer->belongs, "%.15s",
	    reference);
	answer_act(a, ACT_FOLLOW, reference, of);
	free(of);
}

/* With a thank-you that names the case; the emergency line is in it. Where they
 * are asked for a yes or no that binds them, nothing is named. */
void
answer_add_to_case(struct answering *a)
{
	const struct conversation_case *c = &a->conversation->asked;
	const struct answer_field fields[] = {
		{ "REF", c->reference },
		{ "LINE", answer_text(a, "LINE", NULL) },
		{ NULL, NULL },
	};

	/* While the database is away nobody knows whether they have one. */
	if (answer_adds_to_nothing(a->reading, a->conversation) &&
	    *a->given->reference != '\0') {
		a->reading->intent = INTENT_REPORT;
		a->reading->code = a->reading->guess = a->reading->about[0];
		answer_report(a);
		return;
	}
	/* A number that is no report's adds to no other. */
	if (*c->reference == '\0' || (a->reading->command &&
	    *a->reading->code == '\0' && *a->reading->argument != '\0')) {
		answer_say(a, REPLY_STATUS, "STATUS_UNKNOWN", NULL);
		return;
	}
	if (a->reading->bare && !answer_adds_place(a)) {
		answer_ask(a, DIALOG_QUESTION, c->reference, 0);
		answer_say(a, REPLY_SERVICE, answer_key(a, "ADD_HOW",
		    "ASKWHAT"), fields);
		return;
	}
	if (answer_adds_place(a)) {
		answer_place(a);
		return;
	}
	answer_follow(a, c->reference);
	if (a->conversation->dialog.ask == DIALOG_STEP && !a->reading->command)
		answer_say(a, REPLY_SERVICE, answer_key(a, "STEP_HOW",
		    "THANKS"), NULL);
	else
		answer_say(a, REPLY_RECEIPT, "ADDED", fields);
}

void
answer_status(struct answering *a)
{
	const struct conversation *c = a->conversation;
	char key[32] = "STATUS_", date[16];
	const struct answer_field fields[] = {
		{ "REF", c->asked.reference },
		{ "DATE", date },
		{ NULL, NULL },
	};
	/* A number that is no report's is not answered with another's. */
	bool theirs = *c->asked.reference != '\0' &&
	    (*a->reading->code != '\0' || *a->reading->argument == '\0');
	size_t len = strlen(key);

	/* A number alone counts only if it is one of theirs. */
	if (a->reading->number >= 0 && !theirs) {
		answer_unclear(a);
		return;
	}
	answer_date(c->asked.since, date);
	for (const char *s = c->asked.status; *s != '\0'; s++)
		key[len++] = (char)(*s >= 'a' && *s <= 'z' ? *s - 32 : *s);
	key[len] = '\0';
	if (!theirs || answer_text(a, key, NULL) == NULL)
		snprintf(key, sizeof key, "STATUS_UNKNOWN");
	answer_say(a, REPLY_STATUS, key, fields);
}
