/*
 * What a USSD screen shows. Runs in glasd, called by session.c there, and by
 * ussd.c; owns nothing. A screen is a text of the content, or a list made of its
 * names; what does not fit is cut into pages between words. Where there are
 * several, `9` leads on; `0` leads back, but from what ends.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "lib/utf8.h"
#include "sms/alphabet.h"
#include "text/answer_private.h"
#include "text/script.h"
#include "text/ussd.h"

#define USSD_PAGES_MAX 40

/* A screen being made. */
struct ussd_drawing {
	struct answering answering;	/* only for its texts */
	struct conversation conversation;
	const struct ussd_state *state;
	int64_t		 now;
	struct buf	*out;
};

static const struct answer_field ussd_no_fields[] = { { NULL, NULL } };

/* A text that the content does not have leaves its place empty. */
static void
ussd_say(const struct ussd_drawing *d, const char *key,
    const struct answer_field *fields)
{
	enum lang used;
	const char *raw = answer_text(&d->answering, key, &used);
	char *text;

	if (raw == NULL)
		return;
	text = answer_fill(key, raw, fields, answer_keeps_letters(used));
	buf_add_str(d->out, text);
	free(text);
}

static void
ussd_say_plain(const struct ussd_drawing *d, const char *key)
{
	ussd_say(d, key, ussd_no_fields);
}

/* Whether what is drawn next has a line of its own. */
static bool
ussd_begins_line(const struct buf *out)
{
	return (out->len == 0 || out->data[out->len - 1] == '\n');
}

/* A name of the content on a line of its own. What stands behind 9 has a zero
 * before it: 9 alone may lead on. */
static void
ussd_list(const struct ussd_drawing *d, long number, const char *name)
{
	enum lang used = LANG_SR_LATN;
	struct buf line = { 0 };

	(void)answer_text(&d->answering, "USSD_MAIN", &used);
	buf_printf(&line, "%s%s%ld %s", ussd_begins_line(d->out) ? "" : "\n",
	    number == 9 ? "0" : "", number, name);
	script_to_gsm7(d->out, (const char *)line.data, line.len,
	    answer_keeps_letters(used));
	buf_clear(&line);
}

static void
ussd_title(const struct ussd_drawing *d, const char *title)
{
	enum lang used = LANG_SR_LATN;

	(void)answer_text(&d->answering, "USSD_MAIN", &used);
	script_to_gsm7(d->out, title, strlen(title),
	    answer_keeps_letters(used));
}

/*
 * Place by place.
 */

static const struct content_poll *
ussd_poll(const struct ussd_drawing *d, long number)
{
	const struct content *c = d->answering.content;

	for (size_t i = 0; i < c->poll_count; i++) {
		if (c->polls[i].number == number)
			return (&c->polls[i]);
	}
	return (NULL);
}

static bool
ussd_votes(const struct ussd_drawing *d)
{
	const struct content *c = d->answering.content;

	for (size_t i = 0; i < c->poll_count; i++) {
		if (d->now / ANSWER_SECOND < c->polls[i].closes_at)
			return (true);
	}
	return (false);
}

static void
ussd_draw_main(const struct ussd_drawing *d)
{
	const char *vote = ussd_votes(d) ?
	    answer_text(&d->answering, "USSD_MAIN_VOTE", NULL) : NULL;
	char *line = xasprintf("%s%s", vote != NULL ? "\n" : "",
	    vote != NULL ? vote : "");
	const struct answer_field fields[] = { { "VOTE", line },
		{ NULL, NULL } };

	ussd_say(d, "USSD_MAIN", fields);
	free(line);
}

static void
ussd_draw_subject(const struct ussd_drawing *d)
{
	ussd_say_plain(d, "USSD_SUBJECT");
}

static void
ussd_draw_place(const struct ussd_drawing *d)
{
	ussd_say_plain(d, "USSD_PLACE");
}

static void
ussd_draw_text(const struct ussd_drawing *d)
{
	const struct answer_field fields[] = {
		{ "LINE", answer_text(&d->answering, "LINE", NULL) },
		{ NULL, NULL } };

	ussd_say(d, "USSD_TEXT", fields);
}

/* Whoever is beaten by the police is not told only to call the police. */
static const char *
ussd_line(const struct ussd_drawing *d)
{
	const struct category *c = content_category(d->answering.content,
	    d->state->code);
	const char *key = d->state->emergency == EMERGENCY_UXO ? "LINE_UXO" :
	    c != NULL ? c->emergency_line : "LINE";
	const char *line = answer_text(&d->answering, key, NULL);

	return (line != NULL ? line :
	    answer_text(&d->answering, "LINE", NULL));
}

static unsigned int ussd_units(const char *, size_t, bool);
static bool ussd_is_wide(const char *);

/* Danger has the whole screen, with the number of the report where there is
 * room for both. */
static bool
ussd_draw_danger(const struct ussd_drawing *d,
    const struct answer_field *fields)
{
	struct buf both = { 0 };
	struct ussd_drawing own = *d;
	bool fits, wide;

	own.out = &both;
	ussd_say_plain(&own, d->state->emergency == EMERGENCY_UXO ? "UXO" :
	    "EMERG");
	buf_add_str(&both, "\n");
	ussd_say(&own, "USSD_NUMBER", fields);
	wide = ussd_is_wide(buf_str(&both));
	fits = ussd_units(buf_str(&both), both.len, wide) <=
	    (wide ? USSD_UNITS : USSD_SEPTETS);
	if (fits)
		buf_add(d->out, both.data, both.len);
	buf_clear(&both);
	return (fits);
}

/* Danger is told all the same, and every other has the line. */
static void
ussd_draw_unnumbered(const struct ussd_drawing *d, const char *key)
{
	const char *line = ussd_line(d);

	if (d->state->emergency != EMERGENCY_NONE) {
		ussd_say_plain(d, d->state->emergency == EMERGENCY_UXO ?
		    "UXO" : "EMERG");
		return;
	}
	ussd_say_plain(d, key);
	if (line != NULL) {
		buf_add_str(d->out, "\n");
		ussd_title(d, line);
	}
}

static void
ussd_draw_reported(const struct ussd_drawing *d)
{
	const struct answer_field fields[] = {
		{ "REF", d->state->reference },
		{ "LINE", ussd_line(d) },
		{ NULL, NULL } };

	if (*d->state->reference == '\0')
		ussd_draw_unnumbered(d, d->state->textless ? "USSD_NOTED" :
		    "USSD_LATER");
	else if (d->state->emergency == EMERGENCY_NONE ||
	    !ussd_draw_danger(d, fields))
		ussd_say(d, "USSD_DONE", fields);
}

/* By number, which is not how they are kept. Names have no reviewer: they are in
 * the language of what stands above them. */
static void
ussd_draw_topics(const struct ussd_drawing *d)
{
	const struct content *c = d->answering.content;
	enum lang used = LANG_SR_LATN;
	long most = 0;

	(void)answer_text(&d->answering, "USSD_TOPICS", &used);
	ussd_say_plain(d, "USSD_TOPICS");
	for (size_t i = 0; i < c->topic_count; i++) {
		if (c->topics[i].number > most)
			most = c->topics[i].number;
	}
	for (long n = 1; n <= most; n++) {
		int i = content_topic_by_number(c, n);

		if (i != CONTENT_NONE)
			ussd_list(d, n, content_topic_name(&c->topics[i],
			    used));
	}
}

static void
ussd_draw_topic(const struct ussd_drawing *d)
{
	char key[48];

	snprintf(key, sizeof key, "RIGHTS_%s", d->state->code);
	ussd_say_plain(d, content_text_expired(d->answering.content, key,
	    d->state->lang, d->state->cyrillic, d->now) ? "EXPIRED" : key);
}

static void
ussd_draw_reference(const struct ussd_drawing *d)
{
	ussd_say_plain(d, "USSD_REFERENCE");
}

static void
ussd_draw_status(const struct ussd_drawing *d)
{
	char key[32] = "STATUS_", date[16];
	const struct answer_field fields[] = {
		{ "REF", d->state->reference }, { "DATE", date },
		{ NULL, NULL } };
	size_t len = strlen(key);

	answer_date(d->state->since, date);
	for (const char *s = d->state->status; *s != '\0'; s++)
		key[len++] = (char)(*s >= 'a' && *s <= 'z' ? *s - 32 : *s);
	key[len] = '\0';
	if (*d->state->status == '\0' ||
	    answer_text(&d->answering, key, NULL) == NULL)
		snprintf(key, sizeof key, "STATUS_UNKNOWN");
	ussd_say(d, key, fields);
}

static void
ussd_draw_polls(const struct ussd_drawing *d)
{
	const struct content *c = d->answering.content;

	for (size_t i = 0; i < c->poll_count; i++) {
		const struct content_poll *p = &c->polls[i];

		if (d->now / ANSWER_SECOND < p->closes_at)
			ussd_list(d, p->number, content_poll_title(p,
			    d->state->lang));
	}
}

static void
ussd_draw_options(const struct ussd_drawing *d)
{
	const struct content_poll *p = ussd_poll(d, d->state->poll);

	if (p == NULL)
		return;
	ussd_title(d, content_poll_title(p, d->state->lang));
	for (size_t i = 0; i < p->option_count; i++)
		ussd_list(d, (long)i + 1, p->options[i]);
}

static void
ussd_draw_voted(const struct ussd_drawing *d)
{
	const struct content_poll *p = ussd_poll(d, d->state->poll);
	long option = d->state->option;
	char date[16];
	struct answer_field fields[] = { { "OPTION", "" }, { "DATE", date },
		{ NULL, NULL } };

	if (p != NULL)
		answer_last_day(p, date);
	else
		answer_date(d->now, date);
	if (p != NULL && option >= 1 && option <= (long)p->option_count)
		fields[0].value = p->options[option - 1];
	ussd_say(d, "VOTE_OK", fields);
}

static void
ussd_draw_languages(const struct ussd_drawing *d)
{
	ussd_say_plain(d, "USSD_LANGUAGES");
}

static void
ussd_draw_later(const struct ussd_drawing *d)
{
	ussd_say_plain(d, d->state->textless ? "USSD_AGAIN" : "USSD_LATER");
}

static void
ussd_draw_unheard(const struct ussd_drawing *d)
{
	ussd_draw_unnumbered(d, "USSD_UNHEARD");
}

static void (*const ussd_drawings[USSD_ATS])(const struct ussd_drawing *) = {
	[USSD_MAIN] = ussd_draw_main,
	[USSD_SUBJECT] = ussd_draw_subject,
	[USSD_PLACE] = ussd_draw_place,
	[USSD_TEXT] = ussd_draw_text,
	[USSD_REPORTED] = ussd_draw_reported,
	[USSD_TOPICS] = ussd_draw_topics,
	[USSD_TOPIC] = ussd_draw_topic,
	[USSD_REFERENCE] = ussd_draw_reference,
	[USSD_STATUS] = ussd_draw_status,
	[USSD_POLLS] = ussd_draw_polls,
	[USSD_OPTIONS] = ussd_draw_options,
	[USSD_VOTED] = ussd_draw_voted,
	[USSD_LANGUAGES] = ussd_draw_languages,
	[USSD_LATER] = ussd_draw_later,
	[USSD_UNHEARD] = ussd_draw_unheard,
};

/*
 * Pages.
 */

static bool
ussd_is_wide(const char *text)
{
	const char *end = text + strlen(text);

	while (text < end) {
		if (alphabet_septets(utf8_next(&text, end)) == 0)
			return (true);
	}
	return (false);
}

static unsigned int
ussd_units(const char *text, size_t len, bool wide)
{
	const char *end = text + len;
	unsigned int units = 0;

	while (text < end) {
		uint32_t c = utf8_next(&text, end);

		units += wide ? 1 + (c > 0xffff) : alphabet_septets(c);
	}
	return (units);
}

/* As much of it as fits: whole lines of a list, else whole words. */
static size_t
ussd_cut(const char *text, unsigned int room, bool wide)
{
	const char *end = text + strlen(text), *p = text, *before;
	unsigned int units = 0;
	size_t line = 0, word = 0;

	while (p < end) {
		before = p;
		(void)utf8_next(&p, end);
		units += ussd_units(before, (size_t)(p - before), wide);
		if (units > room && (line != 0 || word != 0))
			return (line != 0 ? line : word);
		if (units > room)
			return ((size_t)(before - text));
		if (*p == '\n')
			line = (size_t)(p - text);
		if (*p == ' ' || *p == '\n' || *p == '\0')
			word = (size_t)(p - text);
	}
	return ((size_t)(end - text));
}

/* The whole, the way back and the way on. */
struct ussd_sheet {
	struct buf	 body, back, next;
	bool		 wide, ends;
};

static void
ussd_sheet_draw(struct ussd_sheet *sheet, const struct content *content,
    const struct ussd_state *s, int64_t now)
{
	struct ussd_drawing d = { .state = s, .now = now };

	*sheet = (struct ussd_sheet){ .ends = ussd_ended(s) };
	d.conversation = (struct conversation){ .lang = s->lang,
		.cyrillic = s->cyrillic };
	d.answering = (struct answering){ .content = content,
		.conversation = &d.conversation };
	d.out = &sheet->body;
	if (s->wrong) {
		ussd_say_plain(&d, "USSD_WRONG");
		buf_add_str(d.out, "\n");
	}
	ussd_drawings[s->at](&d);
	/* What the content had, and has no more. */
	if (d.out->len == 0)
		ussd_say_plain(&d, "USSD_WRONG");
	d.out = &sheet->back;
	if (s->at != USSD_MAIN) {
		buf_add_str(d.out, "\n");
		ussd_say_plain(&d, "USSD_BACK");
	}
	d.out = &sheet->next;
	buf_add_str(d.out, "\n");
	ussd_say_plain(&d, "USSD_NEXT");
	sheet->wide = ussd_is_wide(buf_str(&sheet->body)) ||
	    ussd_is_wide(buf_str(&sheet->back)) ||
	    ussd_is_wide(buf_str(&sheet->next));
}

static void
ussd_sheet_clear(struct ussd_sheet *sheet)
{
	buf_clear(&sheet->body);
	buf_clear(&sheet->back);
	buf_clear(&sheet->next);
}

/* One page; *len octets of the body from `from` on. Returns whether another
 * follows. */
static bool
ussd_sheet_page(struct ussd_sheet *sheet, size_t from, size_t *len)
{
	const char *rest = buf_str(&sheet->body) + from;
	unsigned int room = sheet->wide ? USSD_UNITS : USSD_SEPTETS;
	unsigned int back = ussd_units(buf_str(&sheet->back),
	    sheet->back.len, sheet->wide);

	*len = strlen(rest);
	if (ussd_units(rest, *len, sheet->wide) +
	    (sheet->ends ? 0 : back) <= room)
		return (false);
	room -= back + ussd_units(buf_str(&sheet->next), sheet->next.len,
	    sheet->wide);
	*len = ussd_cut(rest, room, sheet->wide);
	return (true);
}

/* Goes to the page of the state, or to the last one. */
static bool
ussd_sheet_find(struct ussd_sheet *sheet, unsigned int page, size_t *from,
    size_t *len)
{
	bool more;

	*from = 0;
	more = ussd_sheet_page(sheet, 0, len);
	for (unsigned int n = 0; more && n < page && n < USSD_PAGES_MAX; n++) {
		*from += *len;
		*from += strspn(buf_str(&sheet->body) + *from, " \n");
		more = ussd_sheet_page(sheet, *from, len);
	}
	return (more);
}

bool
ussd_has_next(const struct content *content, const struct ussd_state *s,
    int64_t now)
{
	struct ussd_sheet sheet;
	size_t from, len;
	bool more;

	ussd_sheet_draw(&sheet, content, s, now);
	more = ussd_sheet_find(&sheet, s->page, &from, &len);
	ussd_sheet_clear(&sheet);
	return (more);
}

bool
ussd_screen(const struct content *content, const struct ussd_state *s,
    int64_t now, struct buf *out)
{
	struct ussd_sheet sheet;
	size_t from, len;
	bool more, ends;

	ussd_sheet_draw(&sheet, content, s, now);
	more = ussd_sheet_find(&sheet, s->page, &from, &len);
	ends = sheet.ends && !more;
	buf_add(out, buf_str(&sheet.body) + from, len);
	if (more)
		buf_add(out, sheet.next.data, sheet.next.len);
	if (!ends)
		buf_add(out, sheet.back.data, sheet.back.len);
	ussd_sheet_clear(&sheet);
	return (ends);
}
