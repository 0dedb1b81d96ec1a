/*
 * What is typed at a USSD menu. Runs in glasd, called by session.c there; owns
 * nothing but the texts that it hands out. Each place in the menus has a line
 * in a table: where `0` leads and what a choice does. A wrong one is told and
 * changes nothing. The screens: ussd_screen.c; what choices mean for a text:
 * ussd_read.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "lib/utf8.h"
#include "text/answer_private.h"
#include "text/cards.h"
#include "text/reference.h"
#include "text/ussd.h"

#define USSD_NEWEST "1"		/* typed instead of a reference */
#define USSD_NOWHERE "1"	/* typed instead of a place */
#define USSD_CHOICES "0123456789 -*#"	/* what has only these is no words */

static const enum lang ussd_languages[] = { LANG_SR_LATN, LANG_SR_CYRL,
	LANG_SQ, LANG_ROM, LANG_BG, LANG_EN };

#define USSD_LANGUAGES_COUNT \
	((long)(sizeof ussd_languages / sizeof *ussd_languages))

/* One thing that is typed. */
struct ussd_typed {
	const struct content *content;
	struct ussd_state *state;
	const char	*input;
	long		 number;	/* -1: it is none */
	int64_t		 now;
	struct ussd_step *step;
};

void
ussd_begin(struct ussd_state *s, enum lang lang, bool cyrillic)
{
	*s = (struct ussd_state){ .at = USSD_MAIN, .lang = lang,
		.cyrillic = cyrillic };
}

void
ussd_begin_again(struct ussd_state *s)
{
	const struct ussd_state before = *s;

	ussd_begin(s, before.lang, before.cyrillic);
	s->silence = before.silence;
	s->textless = before.textless;
}

static void
ussd_go(struct ussd_state *s, enum ussd_at at)
{
	s->at = at;
	s->page = 0;
}

/* It is shown before the list, which begins anew: its pages are cut with it. */
static void
ussd_wrong(const struct ussd_typed *t)
{
	t->state->wrong = true;
	t->state->page = 0;
}

/* As somebody would have texted it: "GLAS 1 2". */
static void
ussd_tell(const struct ussd_typed *t, enum intent intent, const char *code,
    const char *argument)
{
	struct buf text = { 0 };

	if (!cards_word(t->content, intent, code, t->state->lang, &text)) {
		buf_reset(&text);
		buf_add_str(&text, intent_name(intent));
	}
	if (*code == '\0')
		buf_printf(&text, " %s", argument);
	t->step->deed = USSD_TELL;
	t->step->text = buf_str(&text);
	snprintf(t->step->chosen, sizeof t->step->chosen, "%s %s",
	    intent_name(intent), argument);
}

/*
 * What a choice does, place by place.
 */

static bool
ussd_poll_open(const struct content_poll *p, int64_t now)
{
	return (now / ANSWER_SECOND < p->closes_at);
}

/* The next one after `p` that is open; NULL begins, NULL ends. */
static const struct content_poll *
ussd_poll_next(const struct ussd_typed *t, const struct content_poll *p)
{
	size_t i = p != NULL ? (size_t)(p - t->content->polls) + 1 : 0;

	for (; i < t->content->poll_count; i++) {
		if (ussd_poll_open(&t->content->polls[i], t->now))
			return (&t->content->polls[i]);
	}
	return (NULL);
}

static void
ussd_vote(const struct ussd_typed *t)
{
	const struct content_poll *p = ussd_poll_next(t, NULL);

	if (p == NULL) {
		ussd_wrong(t);
		return;
	}
	t->state->poll = p->number;
	ussd_go(t->state, ussd_poll_next(t, p) != NULL ? USSD_POLLS :
	    USSD_OPTIONS);
}

static void
ussd_type_main(const struct ussd_typed *t)
{
	static const enum ussd_at places[] = { USSD_MAIN, USSD_SUBJECT,
		USSD_TOPICS, USSD_REFERENCE, USSD_POLLS, USSD_LANGUAGES };

	if (t->number < 1 ||
	    t->number >= (long)(sizeof places / sizeof *places))
		ussd_wrong(t);
	else if (places[t->number] == USSD_POLLS)
		ussd_vote(t);
	else
		ussd_go(t->state, places[t->number]);
}

const char *
ussd_subject(const struct content *content, long number)
{
	enum lang used;
	const char *codes = content_text(content, "USSD_SUBJECT_CODES",
	    LANG_SR_LATN, false, &used);
	char code[USSD_WORD_MAX];

	if (codes == NULL || number < 1)
		return (NULL);
	for (; *codes != '\0' && number > 0; number--)
		codes = ussd_word(codes, code);
	return (number == 0 ? content_code(content, true, code) : NULL);
}

static void
ussd_type_subject(const struct ussd_typed *t)
{
	const char *code = ussd_subject(t->content, t->number);

	if (code == NULL) {
		ussd_wrong(t);
		return;
	}
	snprintf(t->state->code, sizeof t->state->code, "%s", code);
	ussd_go(t->state, USSD_PLACE);
}

static bool
ussd_is_danger(const struct ussd_typed *t)
{
	struct reading r;
	bool danger;

	reading_make(&r, t->content, t->input, t->state->lang);
	danger = r.emergency != EMERGENCY_NONE;
	reading_clear(&r);
	return (danger);
}

static void	ussd_type_text(const struct ussd_typed *);

/* What the gazetteer does not know is a place all the same. Danger does not wait
 * for another hop, which may not come. */
static void
ussd_type_place(const struct ussd_typed *t)
{
	char *place = t->state->place;
	size_t len;

	if (strlen(t->input) >= USSD_PLACE_MAX || ussd_is_danger(t)) {
		place[0] = '\0';
		ussd_type_text(t);
		return;
	}
	snprintf(place, USSD_PLACE_MAX, "%s",
	    strcmp(t->input, USSD_NOWHERE) == 0 ? "" : t->input);
	len = strlen(place);
	/* Not half a letter. */
	while (len > 0 && !utf8_valid(place, len))
		place[--len] = '\0';
	for (char *p = place; *p != '\0'; p++) {
		if (*p == '\n')
			*p = ' ';
	}
	ussd_go(t->state, USSD_TEXT);
}

/* What is read here is only for the screen; the text is read again. */
static void
ussd_look(const struct ussd_typed *t)
{
	struct ussd_state *s = t->state;
	struct reading r;

	reading_make(&r, t->content, t->step->text, s->lang);
	ussd_read(&r, t->content, t->step->chosen);
	s->emergency = r.emergency;
	snprintf(s->code, sizeof s->code, "%s", r.code);
	reading_clear(&r);
}

bool
ussd_is_heard(const struct ussd_state *s)
{
	return (silence_lets(s->silence, s->emergency != EMERGENCY_NONE));
}

static void
ussd_type_text(const struct ussd_typed *t)
{
	struct ussd_state *s = t->state;
	char *chosen = t->step->chosen;
	size_t len;

	snprintf(chosen, sizeof t->step->chosen, "%s %s %.60s",
	    intent_name(INTENT_REPORT), s->code, s->place);
	/* Not half a letter. */
	for (len = strlen(chosen); len > 0 && !utf8_valid(chosen, len);)
		chosen[--len] = '\0';
	t->step->text = *s->place != '\0' ? xasprintf("%s: %s", s->place,
	    t->input) : xstrdup(t->input);
	ussd_look(t);
	s->reference[0] = '\0';
	t->step->deed = ussd_is_heard(s) ? USSD_REPORT : USSD_TELL;
	ussd_go(s, ussd_is_heard(s) ? USSD_REPORTED : USSD_UNHEARD);
}

static void
ussd_type_topic(const struct ussd_typed *t)
{
	int i = content_topic_by_number(t->content, t->number);

	if (t->number < 0 || i == CONTENT_NONE) {
		ussd_wrong(t);
		return;
	}
	snprintf(t->state->code, sizeof t->state->code, "%s",
	    t->content->topics[i].code);
	ussd_go(t->state, USSD_TOPIC);
}

/* How a case stands; to who is not heard, as by text, nothing is told of it. */
static void
ussd_ask_by_text(const struct ussd_typed *t)
{
	if (!ussd_is_heard(t->state) || !t->state->textless)
		ussd_tell(t, INTENT_STATUS, "", t->state->reference);
	ussd_go(t->state, ussd_is_heard(t->state) ? USSD_LATER :
	    USSD_UNHEARD);
}

/* Spaces and dashes inside are dropped, as in a text. */
static void
ussd_type_reference(const struct ussd_typed *t)
{
	char digits[REFERENCE_MAX + 1];
	size_t len = 0;

	for (const char *p = t->input; *p != '\0'; p++) {
		if (*p == ' ' || *p == '-')
			continue;
		if (*p < '0' || *p > '9' || len == REFERENCE_MAX) {
			len = 0;
			break;
		}
		digits[len++] = *p;
	}
	digits[len] = '\0';
	if (strcmp(digits, USSD_NEWEST) == 0)
		len = 0;
	else if (!reference_sound(digits, len)) {
		ussd_wrong(t);
		return;
	}
	memcpy(t->state->reference, digits, len);
	t->state->reference[len] = '\0';
	t->state->emergency = EMERGENCY_NONE;
	if (ussd_is_heard(t->state))
		t->step->deed = USSD_LOOK_UP;
	else
		ussd_ask_by_text(t);
}

static void
ussd_type_poll(const struct ussd_typed *t)
{
	const struct content_poll *p = NULL;

	while ((p = ussd_poll_next(t, p)) != NULL) {
		if (p->number != t->number)
			continue;
		t->state->poll = p->number;
		ussd_go(t->state, USSD_OPTIONS);
		return;
	}
	ussd_wrong(t);
}

/* Closed while they looked at it, it is no choice any more. */
static void
ussd_type_option(const struct ussd_typed *t)
{
	const struct content_poll *p = NULL;
	char argument[48];

	while ((p = ussd_poll_next(t, p)) != NULL &&
	    p->number != t->state->poll)
		;
	if (p == NULL || t->number < 1 ||
	    t->number > (long)p->option_count) {
		ussd_wrong(t);
		if (p == NULL)
			ussd_go(t->state, USSD_MAIN);
		return;
	}
	t->state->option = t->number;
	t->state->emergency = EMERGENCY_NONE;
	snprintf(argument, sizeof argument, "%ld %ld", p->number, t->number);
	ussd_tell(t, INTENT_VOTE, "", argument);
	ussd_go(t->state, ussd_is_heard(t->state) ? USSD_VOTED :
	    USSD_UNHEARD);
}

static void
ussd_type_language(const struct ussd_typed *t)
{
	struct ussd_state *s = t->state;

	if (t->number < 1 || t->number > USSD_LANGUAGES_COUNT) {
		ussd_wrong(t);
		return;
	}
	s->lang = ussd_languages[t->number - 1];
	s->cyrillic = s->lang == LANG_SR_CYRL;
	ussd_tell(t, INTENT_LANG, lang_name(s->lang), lang_name(s->lang));
	ussd_go(s, USSD_MAIN);
}

/* To be left alone, by all or by one list, or not any more, or forgotten: said
 * by its word and nothing else, wherever they are. A word that may end a
 * conversation is none. INTENT_COUNT: none of these. */
static enum intent
ussd_wish(const struct ussd_typed *t, char about[USSD_WORD_MAX])
{
	const char *space = strchr(t->input, ' ');
	enum intent wish = INTENT_COUNT;
	struct reading r;

	if (space != NULL && strchr(space + 1, ' ') != NULL)
		return (INTENT_COUNT);
	reading_make(&r, t->content, t->input, t->state->lang);
	if (r.command && !r.ends && (r.intent == INTENT_STOP ||
	    r.intent == INTENT_START || r.intent == INTENT_ERASE))
		wish = r.intent;
	ussd_word(r.code, about);
	reading_clear(&r);
	return (wish);
}

static void
ussd_wished(const struct ussd_typed *t, enum intent wish, const char *about)
{
	struct ussd_state *s = t->state;

	s->emergency = EMERGENCY_NONE;
	ussd_tell(t, wish, "", about);
	ussd_go(s, !ussd_is_heard(s) ? USSD_UNHEARD : s->textless ?
	    USSD_MAIN : USSD_LATER);
}

/* Words where a number is asked for: a report where one may begin, and danger
 * wherever it is. Elsewhere "STATUS 104828" is the number, badly put. */
static bool
ussd_is_told(const struct ussd_typed *t)
{
	enum ussd_at at = t->state->at;
	const char *in = t->input;

	if (at == USSD_PLACE || at == USSD_TEXT ||
	    in[strspn(in, USSD_CHOICES)] == '\0')
		return (false);
	return (((at == USSD_MAIN || at == USSD_SUBJECT) &&
	    strchr(in, ' ') != NULL) || ussd_is_danger(t));
}

/* As it stands: nothing was chosen. */
static void
ussd_told(const struct ussd_typed *t)
{
	t->state->code[0] = t->state->place[0] = '\0';
	ussd_type_text(t);
}

static const struct ussd_place {
	enum ussd_at	 back;
	void		(*type)(const struct ussd_typed *); /* NULL: ended */
} ussd_places[USSD_ATS] = {
	[USSD_MAIN] = { USSD_MAIN, ussd_type_main },
	[USSD_SUBJECT] = { USSD_MAIN, ussd_type_subject },
	[USSD_PLACE] = { USSD_SUBJECT, ussd_type_place },
	[USSD_TEXT] = { USSD_PLACE, ussd_type_text },
	[USSD_REPORTED] = { USSD_MAIN, NULL },
	[USSD_TOPICS] = { USSD_MAIN, ussd_type_topic },
	[USSD_TOPIC] = { USSD_TOPICS, NULL },
	[USSD_REFERENCE] = { USSD_MAIN, ussd_type_reference },
	[USSD_STATUS] = { USSD_MAIN, NULL },
	[USSD_POLLS] = { USSD_MAIN, ussd_type_poll },
	[USSD_OPTIONS] = { USSD_MAIN, ussd_type_option },
	[USSD_VOTED] = { USSD_MAIN, NULL },
	[USSD_LANGUAGES] = { USSD_MAIN, ussd_type_language },
	[USSD_LATER] = { USSD_MAIN, NULL },
	[USSD_UNHEARD] = { USSD_MAIN, NULL },
};

bool
ussd_takes_text(const struct content *content, struct ussd_state *s,
    const char *input)
{
	char *first = xstrdup(input);
	const struct ussd_typed t = { .content = content, .state = s,
		.input = first };
	bool text = s->at == USSD_TEXT;

	first[strcspn(first, "*")] = '\0';
	if (!text && first[strspn(first, USSD_CHOICES)] != '\0')
		text = s->at != USSD_PLACE || ussd_is_danger(&t);
	free(first);
	return (text);
}

bool
ussd_ended(const struct ussd_state *s)
{
	return (ussd_places[s->at].type == NULL);
}

bool
ussd_is_over(const struct content *content, const struct ussd_state *s,
    int64_t now)
{
	return (ussd_ended(s) && !ussd_has_next(content, s, now));
}

/* Two digits may have a zero before them: where 9 is the next page, 09 is a
 * choice. */
static long
ussd_number(const char *input)
{
	size_t len = strlen(input);

	if (len == 0 || len > 4 || strspn(input, "0123456789") != len)
		return (-1);
	return (strtol(input, NULL, 10));
}

static char *
ussd_trim(const char *input)
{
	struct buf clean = { 0 };
	char *s, *end;

	utf8_visible(&clean, input, strlen(input));
	s = buf_str(&clean);
	end = s + strlen(s);
	while (end > s && (end[-1] == ' ' || end[-1] == '\n'))
		*--end = '\0';
	memmove(s, s + strspn(s, " \n"), strlen(s + strspn(s, " \n")) + 1);
	return (s);
}

static void
ussd_type(const struct ussd_typed *t)
{
	struct ussd_state *s = t->state;
	char about[USSD_WORD_MAX];
	enum intent wish;

	if (strcmp(t->input, "9") == 0 &&
	    ussd_has_next(t->content, s, t->now)) {
		s->page++;
		return;
	}
	if (strcmp(t->input, "0") == 0 && s->page > 0) {
		s->page--;
		return;
	}
	s->wrong = false;
	if (strcmp(t->input, "0") == 0)
		ussd_go(s, ussd_places[s->at].back);
	else if ((wish = ussd_wish(t, about)) != INTENT_COUNT)
		ussd_wished(t, wish, about);
	else if (ussd_is_told(t))
		ussd_told(t);
	else if (ussd_ended(s))
		ussd_go(s, USSD_MAIN);
	else
		ussd_places[s->at].type(t);
}

void
ussd_input(const struct content *content, struct ussd_state *s,
    const char *input, int64_t now, struct ussd_step *step)
{
	char *typed = ussd_trim(input);
	const struct ussd_typed t = { .content = content, .state = s,
		.input = typed, .number = ussd_number(typed), .now = now,
		.step = step };

	*step = (struct ussd_step){ .deed = USSD_NOTHING };
	if (*typed != '\0')
		ussd_type(&t);
	free(typed);
}

void
ussd_found(struct ussd_state *s, const char *reference, const char *status,
    int64_t since)
{
	snprintf(s->reference, sizeof s->reference, "%s", reference);
	snprintf(s->status, sizeof s->status, "%s", status);
	s->since = since;
	ussd_go(s, USSD_STATUS);
}

void
ussd_not_found_out(const struct content *content, struct ussd_state *s,
    struct ussd_step *step)
{
	const struct ussd_typed t = { .content = content, .state = s,
		.step = step };

	ussd_ask_by_text(&t);
}
