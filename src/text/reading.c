/*
 * From a text to a reading: fold it, find the keywords, then decide language,
 * place, subject, intent and danger, each in its own file. Runs in glasd and
 * glasctl; works on the stack for texts of usual length. Never fails: a text
 * that says nothing has a reading that says so.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/reading_private.h"

#define READING_TRACE_MAX 300	/* octets */
#define READING_WORDS_TRACED 6
#define READING_DIGITS 15
#define READING_CHOICE_WORDS 3	/* with more it is no bare yes or no */
#define READING_THANKS_WORDS 4	/* of thanks that end a text */
#define READING_THANKS_FROM 0.7	/* share of nothing, in a longer text */

static const char *const reading_intents[INTENT_COUNT] = {
	[INTENT_REPORT] = "report",
	[INTENT_RIGHTS] = "rights",
	[INTENT_HELP] = "help",
	[INTENT_STOP] = "stop",
	[INTENT_START] = "start",
	[INTENT_STATUS] = "status",
	[INTENT_VOTE] = "vote",
	[INTENT_LANG] = "lang",
	[INTENT_UNCLASSIFIED] = "unclassified",
	[INTENT_ADD] = "add",
	[INTENT_ANSWER] = "answer",
	[INTENT_MORE] = "more",
	[INTENT_ERASE] = "erase",
	[INTENT_WHO] = "who",
	[INTENT_BODY] = "body",
	[INTENT_ATTEND] = "attend",
	[INTENT_RATE] = "rate",
	[INTENT_DUTY] = "duty",
	[INTENT_TAKE] = "take",
	[INTENT_RUMOUR] = "rumour",
	[INTENT_SUBSCRIBE] = "subscribe",
	[INTENT_FORM] = "form",
};

const char *
intent_name(enum intent intent)
{
	return (intent < INTENT_COUNT ? reading_intents[intent] :
	    "unclassified");
}

enum intent
intent_find(const char *name)
{
	enum intent intent;

	for (intent = 0; intent < INTENT_COUNT; intent++) {
		if (strcmp(reading_intents[intent], name) == 0)
			break;
	}
	return (intent);
}

void
reader_trace(struct reader *r, const char *fmt, ...)
{
	char line[128];
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(line, sizeof line - 1, fmt, ap);
	va_end(ap);
	if (len < 0)
		return;
	if ((size_t)len > sizeof line - 2)
		len = sizeof line - 2;
	line[len++] = '\n';
	if (r->out->trace.len + (size_t)len <= READING_TRACE_MAX)
		buf_add(&r->out->trace, line, (size_t)len);
}

static void
reading_hit(void *arg, uint32_t keyword, size_t word, size_t words)
{
	struct reader *r = arg;
	struct reader_hit *hits = r->hits;

	if (r->hit_count == r->hit_room) {
		r->hit_room *= 2;
		if (hits == r->small_hits)
			hits = NULL;
		hits = xreallocarray(hits, r->hit_room, sizeof *hits);
		if (r->hits == r->small_hits)
			memcpy(hits, r->small_hits, sizeof r->small_hits);
		r->hits = hits;
	}
	r->hits[r->hit_count++] = (struct reader_hit){ .keyword = keyword,
		.word = (uint32_t)word, .words = (uint8_t)words };
}

static void
reading_look_up(struct reader *r)
{
	size_t octets;

	fold_make(&r->folded, r->text, r->len);
	spaced_read(&r->folded);
	digits_read(r->content, &r->folded);
	doubles_read(r->content, &r->folded);
	octets = r->folded.count * 2;
	r->hits = r->small_hits;
	r->hit_room = READER_HITS_SMALL;
	r->cover = r->small_octets;
	if (octets > sizeof r->small_octets)
		r->cover = xmalloc(octets);
	memset(r->cover, 0, octets);
	r->marks = r->cover + r->folded.count;
	for (size_t i = 0; i < r->folded.count; i++) {
		if (r->folded.words[i].digits)
			continue;
		lexicon_match(r->content->lexicon, &r->folded, i,
		    reading_hit, r);
		lexicon_match_glued(r->content->lexicon, &r->folded, i,
		    reading_hit, r);
	}
}

void
reader_end(struct reader *r)
{
	if (r->hits != r->small_hits)
		free(r->hits);
	if (r->cover != r->small_octets)
		free(r->cover);
	fold_clear(&r->folded);
}

/* Words that neither a keyword nor what was learnt knows may be names with a
 * letter wrong. */
static void
reading_strangers(struct reader *r)
{
	const struct folded *f = &r->folded;

	if (r->content->weights == NULL)
		return;
	for (size_t i = 0; i < f->count; i++) {
		const struct fold_word *w = &f->words[i];

		if (r->marks[i] == 0 && w->len >= PLACES_STRANGE_MIN &&
		    !known_learnt(r->content, f->text + w->at, w->len))
			r->marks[i] = PLACES_STRANGE;
	}
}

/* What a keyword is to the name of a place beside it. */
static uint8_t
reading_mark(const struct keyword *k)
{
	if (k->kind == KEYWORD_INTENT)
		return (k->code == INTENT_REPORT ?
		    PLACES_TAKEN | PLACES_EMPTY : PLACES_TAKEN);
	if (k->kind != KEYWORD_SIGN)
		return (PLACES_TAKEN);
	if (k->code == SIGN_AT)
		return (PLACES_TAKEN | PLACES_AT);
	if (k->code == SIGN_VILLAGE)
		return (PLACES_TAKEN | PLACES_VILLAGE);
	return (k->code == SIGN_GREETING || k->code == SIGN_POLITE ||
	    k->code == SIGN_THANKS ?
	    PLACES_TAKEN | PLACES_EMPTY : PLACES_TAKEN);
}

static void
reading_place(struct reader *r, bool asked)
{
	for (size_t i = 0; i < r->hit_count; i++) {
		const struct keyword *k = reader_keyword(r, &r->hits[i]);

		if (!reader_means(k))
			continue;
		for (size_t w = 0; w < r->hits[i].words; w++)
			r->marks[r->hits[i].word + w] |= reading_mark(k);
	}
	reading_strangers(r);
	r->out->place = places_find(r->content->places, &r->folded, asked,
	    r->marks, &r->out->trace, &r->out->among);
	for (size_t i = 0; i < r->folded.count; i++) {
		if ((r->marks[i] & PLACES_NAME) != 0)
			r->out->somewhere = true;
	}
}

/* Something of what is said means something. */
static bool
reading_knows(const struct reader *r)
{
	for (size_t i = 0; i < r->hit_count; i++) {
		if (r->hits[i].word == 0 &&
		    reader_means(reader_keyword(r, &r->hits[i])))
			return (true);
	}
	return (r->out->place != NULL);
}

static void
reading_trace_words(struct reader *r)
{
	size_t said = 0;

	for (size_t i = 0; i < r->hit_count; i++) {
		const struct keyword *k = reader_keyword(r, &r->hits[i]);
		const char *about;

		if (r->hits[i].mute || said == READING_WORDS_TRACED)
			continue;
		if (k->kind == KEYWORD_CATEGORY)
			about = r->content->categories[k->code].category.code;
		else if (k->kind == KEYWORD_INTENT)
			about = intent_name((enum intent)k->code);
		else if (k->kind == KEYWORD_CUE)
			about = "danger";
		else
			continue;
		reader_trace(r, "word %u '%s': %s", r->hits[i].word + 1,
		    k->pattern, about);
		said++;
	}
}

static int
reading_sure_of_intent(const struct reader *r)
{
	switch (r->out->intent) {
	case INTENT_HELP:
	case INTENT_STOP:
	case INTENT_START:
	case INTENT_STATUS:
	case INTENT_VOTE:
	case INTENT_LANG:
	case INTENT_ADD:
	case INTENT_MORE:
	case INTENT_ERASE:
	case INTENT_WHO:
	case INTENT_BODY:
	case INTENT_ATTEND:
	case INTENT_RUMOUR:
	case INTENT_SUBSCRIBE:
	case INTENT_FORM:
	case INTENT_RATE:
	case INTENT_DUTY:
	case INTENT_TAKE:
		return (r->folded.count < 4 ? 95 : 80);
	case INTENT_RIGHTS:
		if (*r->out->code == '\0')
			return (60);
		return (r->intent_first[INTENT_RIGHTS] ? 95 : 75);
	case INTENT_UNCLASSIFIED:
	case INTENT_REPORT:
	case INTENT_ANSWER:
	case INTENT_COUNT:
		break;
	}
	return (30);
}

static void
reading_trial(struct reader *r)
{
	const struct folded *f = &r->folded;

	if (r->signs[SIGN_TEST] == 0)
		return;
	r->out->test = true;
	r->out->behind = r->len;
	for (size_t i = 0; i < r->hit_count; i++) {
		const struct keyword *k = reader_keyword(r, &r->hits[i]);

		if (k->kind == KEYWORD_SIGN && k->code == SIGN_TEST &&
		    r->hits[i].words < f->count)
			r->out->behind = f->words[r->hits[i].words].from;
	}
}

/* All that there is, read as one number over spaces; -1: it is none. */
static long
reading_number(const struct folded *f)
{
	long number = 0;
	size_t digits = 0;

	for (size_t i = 0; i < f->count; i++) {
		const struct fold_word *w = &f->words[i];

		digits += w->len;
		if (!w->digits || digits > READING_DIGITS)
			return (-1);
		for (size_t n = 0; n < w->len; n++)
			number = number * 10 + f->text[w->at + n] - '0';
	}
	return (f->count > 0 ? number : -1);
}

/* Thanks and nothing that wants an answer: what is longer may be a farewell. */
static bool
reading_thanks(const struct reader *r)
{
	double shares[INTENT_COUNT];

	weigh_intents(r, shares);
	return (r->signs[SIGN_THANKS] > 0 && (!r->weighing.done ||
	    r->folded.count <= READER_MANNERS_WORDS ||
	    shares[INTENT_UNCLASSIFIED] >= READING_THANKS_FROM));
}

/* What an answer to a question is made of; only short texts are one. */
static void
reading_answer(struct reader *r)
{
	const struct folded *f = &r->folded;
	struct reading *out = r->out;

	out->words = (unsigned int)f->count;
	for (size_t i = 0; i < f->count; i++)
		out->said += (r->marks[i] & PLACES_EMPTY) == 0;
	out->number = f->count > 0 && intent_is_negative(r, 0) ? -1 :
	    reading_number(f);
	if (f->count <= READING_CHOICE_WORDS && (r->options[OPTION_NO] > 0 ||
	    r->signs[SIGN_REFUSAL] > 0))
		out->choice = CHOICE_NO;
	else if (f->count <= READING_CHOICE_WORDS &&
	    r->options[OPTION_YES] > 0)
		out->choice = CHOICE_YES;
	out->consent = consent_read(r);
	out->ends = f->count == 1 && r->signs[SIGN_END] > 0;
	out->thanks = reading_thanks(r);
	out->votes = r->intent_first[INTENT_VOTE];
	out->unsolved = r->signs[SIGN_UNSOLVED] > 0;
	out->solved = solved_read(r);
	out->asks = f->question || r->signs[SIGN_QUESTION] > 0;
	if (r->form != CONTENT_NONE)
		out->form = r->content->forms[r->form].code;
	helped_read(r);
	reading_trial(r);
}

static void
reading_open(struct reader *r, struct reading *out,
    const struct content *content, const char *text, enum lang before)
{
	memset(out, 0, sizeof *out);
	out->code = out->guess = out->second = out->actor = out->form = "";
	out->about[0] = out->about[1] = "";
	out->worth_answer = true;
	/* The arrays of usual length need no zeros. */
	memset(r, 0, offsetof(struct reader, folded));
	r->hit_count = 0;
	memset(r->seen, 0, offsetof(struct reader, weighing) -
	    offsetof(struct reader, seen));
	r->content = content;
	r->text = text;
	r->len = strlen(text);
	r->before = before;
	r->out = out;
	reading_look_up(r);
}

void
reader_begin(struct reader *r, struct reading *out,
    const struct content *content, const char *text, enum lang before)
{
	struct reader_hit typo;

	reading_open(r, out, content, text, before);
	reading_place(r, false);
	r->mistyped = !reading_knows(r) && command_typo(r, &typo);
	if (r->mistyped)
		reading_hit(r, typo.keyword, typo.word, typo.words);
	language_decide(r);
	category_score(r);
}

static void
reading_decide(struct reader *r)
{
	intent_decide(r);
	if (r->out->intent != INTENT_REPORT || r->out->bare) {
		if (r->out->confidence == 0)
			r->out->confidence = reading_sure_of_intent(r);
	} else if (r->signs[SIGN_ASK] > 0 && !reader_in_danger(r)) {
		/* Who may be in danger has reported, whatever the word. */
		r->out->guess = r->out->code = "DEBATE";
		r->out->confidence = 95;
	} else if (r->weighing.done) {
		subject_weighed(r);
	} else {
		subject_by_words(r);
	}
	danger_decide(r);
}

/* The octet at which thanks begin that end a text, with a word or two of them
 * behind: "thank you very much"; 0: there are none. */
static size_t
reading_before_thanks(const struct reader *r)
{
	const struct folded *f = &r->folded;
	size_t from = 0;

	for (size_t i = 0; i < r->hit_count; i++) {
		const struct reader_hit *h = &r->hits[i];
		const struct keyword *k = reader_keyword(r, h);

		if (k->kind == KEYWORD_SIGN && k->code == SIGN_THANKS &&
		    h->word > 0 && r->cover[h->word] <= h->words &&
		    f->count - h->word <= READING_THANKS_WORDS &&
		    (from == 0 || f->words[h->word].from < from))
			from = f->words[h->word].from;
	}
	for (size_t i = 0; from > 0 && i < r->hit_count; i++) {
		const struct reader_hit *h = &r->hits[i];
		const struct keyword *k = reader_keyword(r, h);

		if (f->words[h->word].from > from && (k->kind == KEYWORD_CATEGORY ||
		    k->kind == KEYWORD_INTENT))
			return (0);
	}
	return (from);
}

/* Returns where thanks begin that end the text, 0: nowhere. */
static size_t
reading_make_all(struct reading *out, const struct content *content,
    const char *text, enum lang before)
{
	struct reader r;
	size_t thanks;

	reader_begin(&r, out, content, text, before);
	weigh_text(&r);
	out->lang = weigh_language(&r);
	if (!r.weighing.done)
		reading_trace_words(&r);
	reading_decide(&r);
	reading_answer(&r);
	subject_about(&r);
	buf_str(&out->trace);
	thanks = r.signs[SIGN_THANKS] > 0 ? reading_before_thanks(&r) : 0;
	reader_end(&r);
	return (thanks);
}

/* A number and a command are what they are without the thanks behind them. */
static void
reading_without(struct reading *out, const struct content *content,
    const char *text, size_t thanks, enum lang before)
{
	char *said = xstrndup(text, thanks);
	struct reading r;

	(void)reading_make_all(&r, content, said, before);
	if (r.words == 1 || (r.words == 2 && r.choice == CHOICE_YES))
		out->polite = r.choice;
	if (r.lang == LANG_UND)
		r.lang = out->lang;
	if (r.number >= 0 || r.command)
		reading_take(out, &r);
	reading_clear(&r);
	free(said);
}

void
reading_make(struct reading *out, const struct content *content,
    const char *text, enum lang before)
{
	size_t thanks = reading_make_all(out, content, text, before);

	out->thanks_at = thanks;
	/* Where thanks hide what stands before them. */
	if (thanks > 0 && !out->command && out->intent != INTENT_REPORT &&
	    out->machine == MACHINE_NONE)
		reading_without(out, content, text, thanks, before);
}

void
reading_where(struct reading *out, const struct content *content,
    const char *text)
{
	struct reading where;
	struct reader r;

	reading_open(&r, &where, content, text, out->lang);
	reading_place(&r, true);
	reader_end(&r);
	out->place = where.place;
	out->among = where.among;
	out->somewhere = where.somewhere;
	reading_clear(&where);
}

void
reading_clear(struct reading *r)
{
	buf_clear(&r->trace);
}

void
reading_take(struct reading *r, struct reading *from)
{
	bool own = from->code == from->argument;

	reading_clear(r);
	*r = *from;
	if (own)
		r->code = r->argument;
	memset(from, 0, sizeof *from);
}
