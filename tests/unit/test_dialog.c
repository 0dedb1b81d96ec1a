/* Conversations: what was asked, what an answer to it is, and what leaves it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "lib/utf8.h"
#include "text/answer.h"
#include "text/places.h"
#include "text/silence.h"
#include "text/similar.h"

#include "answered.h"
#include "shipped.h"

#define SECOND INT64_C(1000000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define NOON (INT64_C(1795435200) * SECOND)	/* 2026-11-23T12:00:00Z */

static struct conversation person;
static struct answer answer;
static enum intent intent;
static char where[PLACE_TEXT_MAX];	/* that was read */
static int64_t now;
static int64_t late;	/* how long a text waited to be read */
static enum silence silence;
static unsigned int segments = 3;	/* budget of a reply */
static char *first;	/* text of the case */

/* Two polls are open, two events to come, and there are two lists. */
static void
add_live(json_t *pack)
{
	json_t *live = json_pack("{s:[{s:i, s:{s:s}, s:[s,s,s,s], s:b, s:I}, "
	    "{s:i, s:{s:s}, s:[s,s], s:b, s:I}],"
	    " s:[{s:i, s:{s:s}, s:s, s:I}, {s:i, s:{s:s}, s:s, s:I}],"
	    " s:[{s:s, s:[s,s]}, {s:s, s:[]}]}",
	    "polls", "number", 7, "title", "sr-Latn", "Sta prvo",
	    "options", "most", "put", "skola", "put do skole",
	    "yes_no", 0,
	    "closes_at", (json_int_t)((NOON + HOUR) / SECOND),
	    "number", 8, "title", "sr-Latn", "Park", "options", "da", "ne",
	    "yes_no", 1, "closes_at", (json_int_t)((NOON + DAY) / SECOND),
	    "events", "number", 3, "title", "sr-Latn", "Tribina", "venue",
	    "Dom kulture", "starts_at", (json_int_t)((NOON + DAY) / SECOND),
	    "number", 5, "title", "sr-Latn", "Skupstina", "venue", "Bioskop",
	    "starts_at", (json_int_t)((NOON + 4 * DAY) / SECOND),
	    "lists", "code", "VODA", "words", "uji", "vodovod",
	    "code", "POSLOVI", "words");
	assert_non_null(live);
	assert_int_equal(json_object_set_new(pack, "live", live), 0);
}

static int
load(void **state)
{
	(void)state;
	return (shipped_load_changed(add_live));
}

/* To the case, and speaks of this one, "" for nobody, or, with / before it, may be
 * about that. */
static bool
answered_adds(const struct answer *a, const char *of)
{
	const char *value = NULL;

	for (unsigned int i = 0; i < a->act_count; i++) {
		if (a->acts[i].kind == ACT_FOLLOW &&
		    strcmp(a->acts[i].key, "104828") == 0)
			value = a->acts[i].value;
	}
	if (value == NULL || *of == '/')
		return (value != NULL && strstr(value, of) != NULL);
	return (strcspn(value, "/") == strlen(of) &&
	    strncmp(value, of, strlen(of)) == 0);
}

static int
somebody(void **state)
{
	(void)state;
	memset(&person, 0, sizeof person);
	person.told_who = person.asked_group = true;
	now = NOON;
	late = 0;
	silence = SILENCE_NONE;
	return (0);
}

static int
forget(void **state)
{
	(void)state;
	answer_clear(&answer);
	free(first);
	first = NULL;
	return (0);
}

/* As the gateway does it: a report is the newest case from then on. */
static void
texts(const char *text)
{
	const struct answer_given given = { .reference = "104828",
		.code = "4711", .text = text, .at = now - late, .now = now,
		.segments = segments };
	struct conversation_case *c = &person.asked;
	struct reading r;

	answer_clear(&answer);
	reading_make(&r, content, text, person.lang);
	silence_narrow(silence, &r);
	answer_make(&answer, content, &r, &given, &person);
	intent = r.intent;
	where[0] = '\0';
	if (r.place != NULL)
		place_text(r.place, where);
	if (answer.report) {
		free(first);
		first = xstrdup(text);
		*c = (struct conversation_case){ .reference = "104828",
			.status = "new", .since = now, .reported_at = now,
			.text = first };
		snprintf(c->category, sizeof c->category, "%s", r.code);
		snprintf(c->municipality, sizeof c->municipality, "%s",
		    r.place != NULL ? r.place->municipality : "");
		snprintf(c->settlement, sizeof c->settlement, "%s",
		    r.place != NULL ? r.place->settlement : "");
	}
	reading_clear(&r);
	now += MINUTE;
}

/* A list that was left may be there. */
static void
nothing_is_asked(void)
{
	assert_true(person.dialog.ask == DIALOG_NOTHING ||
	    (dialog_is_list(&person.dialog) && person.dialog.until < now));
}

static void
is_asked_about(const char *reference)
{
	person.asked = (struct conversation_case){ .reference = "932434",
		.status = "open", .category = "LIGHT" };
	dialog_begin(&person.dialog, DIALOG_QUESTION, reference, 0, now + DAY);
}

static void
a_dialog_survives_as_a_line(void **state)
{
	struct dialog d, back;
	char line[DIALOG_LINE_MAX];

	(void)state;
	dialog_begin(&d, DIALOG_MORE, "RIGHTS_POLICE", 412, 99);
	dialog_print(&d, line);
	assert_string_equal(line, "more RIGHTS_POLICE 412");
	dialog_scan(&back, line, 99);
	assert_int_equal(back.ask, DIALOG_MORE);
	assert_string_equal(back.about, "RIGHTS_POLICE");
	assert_int_equal(back.at, 412);
	assert_true(dialog_asks(&back, DIALOG_MORE, 98));
	assert_false(dialog_asks(&back, DIALOG_MORE, 99));
	dialog_end(&d);
	dialog_print(&d, line);
	assert_string_equal(line, "");
	dialog_scan(&back, "nonsense 1 2", 99);
	assert_int_equal(back.ask, DIALOG_NOTHING);
}

static void
a_word_for_report_alone_is_asked_what_happened(void **state)
{
	static const char *const words[] = { "PRIJAVA", "prijavljujem.",
		"Zelim da prijavim", "PRIJAVA, molim", "ПРИЈАВА", "RAPORT",
		"REPORT", "СИГНАЛ", "hocu nesto da prijavim",
		"hteo bih da prijavim jednu stvar", "imam problem",
		"dobar dan, imam jedan problem", "имам проблем",
		"kam nje problem", "man si problemo", "I have a problem",
		"I want to report something" };

	(void)state;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		somebody(state);
		texts(words[i]);
		assert_int_equal(intent, INTENT_REPORT);
		assert_false(answer.report);
		assert_int_equal(answer.count, 1);
		assert_int_equal(person.dialog.ask, DIALOG_WHAT);
		assert_true(answered_says(&answer, "192"));
		assert_false(answered_says(&answer, "104828"));
	}
	somebody(state);
	texts("PRIJAVA");
	assert_true(answered_says(&answer, "Sta se desilo i gde?"));
	texts("nema vode u Ristovcu");
	assert_true(answer.report);
	assert_true(answered_says(&answer, "104828"));
	assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
	/* Not a word more of the case of before. */
	texts("PRIJAVA");
	assert_false(answer.report);
	assert_string_equal(answer.belongs, "");
	texts("isto kao kod Mileta");
	assert_int_equal(intent, INTENT_REPORT);
	assert_true(answer.report);
	assert_int_equal(person.dialog.ask, DIALOG_PLACE);
}

static void
a_word_for_report_and_a_place_is_asked_what_happened_there(void **state)
{
	static const struct {
		const char *text, *asked;
		enum lang chosen;
	} words[] = {
		{ "PRIJAVA RISTOVAC",
		    "Ristovac: sta se tamo desilo?", LANG_UND },
		{ "Prijavljujem iz Vranja",
		    "Vranje: sta se tamo desilo?", LANG_UND },
		{ "Dobar dan, zelim da prijavim, selo Ristovac",
		    "Ristovac: sta se tamo desilo?", LANG_UND },
		{ "ПРИЈАВА Ристовац",
		    "Ристовац: шта се десило?", LANG_SR_CYRL },
		{ "RAPORT Preshevë", "Presheve: cka ndodhi atje?", LANG_UND },
		/* Nobody has reviewed what is said in Romani. */
		{ "Mangav te vacarav ando Bujanovac",
		    "Bujanovac: sta se tamo desilo?", LANG_UND },
		{ "СИГНАЛ Босилеград", "Босилеград: какво стана?", LANG_BG },
		{ "I want to report, Bujanovac",
		    "Bujanovac: what happened there?", LANG_UND },
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		somebody(state);
		person.lang = words[i].chosen;
		person.lang_chosen = words[i].chosen != LANG_UND;
		person.cyrillic = words[i].chosen == LANG_SR_CYRL;
		texts(words[i].text);
		if (!answered_says(&answer, words[i].asked))
			print_error("%s: %s\n", words[i].text,
			    answer.count > 0 ? answer.replies[0].text : "");
		assert_int_equal(intent, INTENT_REPORT);
		assert_false(answer.report);
		assert_true(answered_says(&answer, words[i].asked));
		assert_true(answered_says(&answer, "192"));
		assert_int_equal(person.dialog.ask, DIALOG_WHAT);
	}
	/* Of something. */
	somebody(state);
	texts("PRIJAVA Ristovac voda");
	assert_true(answer.report);
}

static void
a_place_that_was_said_with_it_is_where_it_happened(void **state)
{
	char line[DIALOG_LINE_MAX];

	(void)state;
	texts("PRIJAVA Gornja Carsija");
	dialog_print(&person.dialog, line);
	assert_string_equal(line, "what Vranje/Gornja_Čaršija 0");
	dialog_scan(&person.dialog, line, person.dialog.until);
	texts("nema vode vec tri dana");
	assert_true(answer.report);
	assert_string_equal(where, "Vranje/Gornja Čaršija");
	assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
	/* Unless another one is said then. */
	texts("PRIJAVA RISTOVAC");
	texts("nema struje u Bujanovcu");
	assert_true(answer.report);
	assert_string_equal(where, "Bujanovac");
	/* A list that is not there any more has no such place. */
	texts("PRIJAVA RISTOVAC");
	snprintf(person.dialog.about, sizeof person.dialog.about, "Nowhere");
	texts("nema struje vec tri dana");
	assert_true(answer.report);
	assert_string_equal(where, "");
}

static void
a_place_alone_is_asked_what_happened_there(void **state)
{
	(void)state;
	texts("Vranje");
	assert_false(answer.report);
	assert_true(answered_says(&answer, "Vranje: sta se tamo desilo?"));
	assert_int_equal(person.dialog.ask, DIALOG_WHAT);
	texts("nema vode");
	assert_true(answer.report);
	assert_string_equal(where, "Vranje");
	assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
	/* Where it was asked for it is the answer. */
	somebody(state);
	texts("nema vode");
	assert_int_equal(person.dialog.ask, DIALOG_PLACE);
	texts("Vranje");
	assert_false(answer.report);
	assert_int_equal(intent, INTENT_ANSWER);
	assert_string_equal(answer.belongs, "104828");
	/* Where it is known it is said again, and nothing is asked. */
	texts("Vranje");
	assert_true(answered_adds(&answer, ""));
	assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
}

/* Nobody can say yet what happened, nor in which of them: one report in the end,
 * in any order. */
static void
a_shared_name_alone_is_asked_what_happened_there(void **state)
{
	static const struct {
		const char *text, *asked, *about;
		enum lang chosen;
	} words[] = {
		{ "Oraovica", "Oraovica: sta se tamo desilo?",
		    "/Oraovica", LANG_UND },
		{ "u Oraovici", "Oraovica: sta se tamo desilo?",
		    "/Oraovica", LANG_UND },
		{ "Dobar dan, selo Oraovica", "Oraovica: sta se tamo",
		    "/Oraovica", LANG_UND },
		{ "PRIJAVA ORAOVICA", "Oraovica: sta se tamo desilo?",
		    "/Oraovica", LANG_UND },
		{ "Ораовица", "Ораовица: шта се десило?", "/Oraovica",
		    LANG_SR_CYRL },
		{ "Oraovica", "Oraovica: cka ndodhi atje?", "/Oraovica",
		    LANG_SQ },
		{ "Oraovica", "Oraovica: what happened there?",
		    "/Oraovica", LANG_EN },
		{ "Ораовица", "Ораовица: какво стана?", "/Oraovica",
		    LANG_BG },
		{ "Ораовица", "Ораовица: шта се десило?", "/Oraovica",
		    LANG_SR_CYRL },
		{ "ando Oraovica", "Oraovica: sta se tamo desilo?",
		    "/Oraovica", LANG_ROM },
		/* Common words are a name where nothing else is said. */
		{ "Novo Selo", "Novo Selo: sta se tamo desilo?",
		    "/Novo_Selo", LANG_UND },
		{ "u novom selu", "Novo Selo: sta se tamo desilo?",
		    "/Novo_Selo", LANG_UND },
		{ "PRIJAVA Novo Selo", "Novo Selo: sta se tamo desilo?",
		    "/Novo_Selo", LANG_UND },
		{ "RAPORT NOVO SELO", "Novo Selo: cka ndodhi atje?",
		    "/Novo_Selo", LANG_SQ },
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		somebody(state);
		person.lang = words[i].chosen;
		person.lang_chosen = words[i].chosen != LANG_UND;
		person.cyrillic = words[i].chosen == LANG_SR_CYRL;
		texts(words[i].text);
		if (!answered_says(&answer, words[i].asked))
			print_error("%s: %s\n", words[i].text,
			    answer.count > 0 ? answer.replies[0].text : "");
		assert_false(answer.report);
		assert_true(answered_says(&answer, words[i].asked));
		assert_true(answered_says(&answer, "192"));
		assert_int_equal(person.dialog.ask, DIALOG_WHAT);
		assert_string_equal(person.dialog.about, words[i].about);
	}
	/* No name of a place among other words. */
	somebody(state);
	texts("napravili su novo selo");
	assert_int_not_equal(person.dialog.ask, DIALOG_WHAT);
}

static void
which_village_is_asked_when_it_is_told_what_happened(void **state)
{
	char line[DIALOG_LINE_MAX];

	(void)state;
	texts("Oraovica");
	dialog_print(&person.dialog, line);
	dialog_scan(&person.dialog, line, person.dialog.until);
	texts("nema vode vec tri dana");
	assert_true(answer.report);
	assert_string_equal(where, "");
	assert_true(answered_says(&answer, "1 Leskovac, 2 Presevo?"));
	texts("2");
	assert_false(answer.report);
	assert_true(answered_does(&answer,
	    ACT_PLACE, "104828", "Preševo/Oraovica"));
	/* The story first. */
	somebody(state);
	texts("nema vode vec tri dana");
	assert_true(answer.report);
	texts("Oraovica");
	assert_false(answer.report);
	assert_true(answered_says(&answer, "1 Leskovac, 2 Presevo?"));
	texts("1");
	assert_true(answered_does(&answer,
	    ACT_PLACE, "104828", "Leskovac/Oraovica"));
	/* The municipality is said with the story, or was said before it. */
	somebody(state);
	texts("Oraovica");
	texts("nema vode u Presevu");
	assert_true(answer.report);
	assert_string_equal(where, "Preševo/Oraovica");
	somebody(state);
	texts("Presevo");
	texts("nema vode u Oraovici");
	assert_true(answer.report);
	assert_string_equal(where, "Preševo/Oraovica");
	/* It has none of that name: both are left open. */
	somebody(state);
	texts("Bujanovac");
	texts("nema vode u Oraovici");
	assert_string_equal(where, "");
	assert_true(answered_says(&answer, "1 Leskovac, 2 Presevo?"));
	/* Another place is said than before. */
	somebody(state);
	texts("Oraovica");
	texts("nema vode u Ristovcu");
	assert_string_equal(where, "Vranje/Ristovac");
	/* What happened is asked once more, in another language. */
	somebody(state);
	texts("Oraovica");
	texts("ENGLISH");
	assert_true(answered_says(&answer, "Oraovica: what happened there?"));
	texts("no water for three days");
	assert_true(answer.report);
	assert_true(answered_says(&answer, "Which Oraovica: 1 Leskovac"));
}

static void
who_does_not_know_gets_the_list_once_more(void **state)
{
	static const char *const unknown[] = { "neznam koji", "nuk e di",
		"I don't know", "ne znam koji" };

	for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
		somebody(state);
		texts("nema vode u Vranju");
		texts("PRAVO");
		texts(unknown[i]);
		assert_string_equal(answer.belongs, "");
		assert_int_equal(answer.count, 1);
		assert_int_equal(person.dialog.ask, DIALOG_TOPIC);
		texts("5");
		assert_int_equal(intent, INTENT_RIGHTS);
	}
}

static void
who_does_not_know_has_closed_nothing(void **state)
{
	static const struct {
		const char *asks, *unknown;
		enum dialog_ask ask;
	} asked[] = {
		{ "PRAVO", "ne znam", DIALOG_TOPIC },
		{ "RIGHTS", "dont know", DIALOG_TOPIC },
		{ "JEZIK", "ne znam", DIALOG_LANGUAGE },
		{ "GLAS", "ne znam", DIALOG_VOTE },
		{ "VOTE", "Don't know", DIALOG_VOTE },
		{ "PRIJAVA", "ne znam", DIALOG_WHAT },
		{ "GLASINA", "ne znam", DIALOG_RUMOUR },
		{ "PITAJ", "ne znam", DIALOG_DEBATE },
		{ "RAPORT", "nuk e di", DIALOG_WHAT },
	};

	for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
		somebody(state);
		texts(asked[i].asks);
		texts(asked[i].unknown);
		assert_false(answered_says(&answer, "zatvoreno"));
		assert_false(answer.report);
		assert_int_equal(answer.act_count, 0);
		assert_int_equal(answer.count, 1);
		assert_int_equal(person.dialog.ask, asked[i].ask);
		assert_true(dialog_asks(&person.dialog, asked[i].ask, now));
	}
	somebody(state);
	texts("GLASINA");
	texts("mozda zatvaraju skolu");
	assert_true(answered_does(&answer, ACT_RUMOUR, "", ""));
	/* Twice is enough. */
	texts("RAPORT");
	texts("nuk e di");
	texts("nuk e di");
	assert_false(answer.report);
	nothing_is_asked();
	/* Where it was: the case has it. */
	somebody(state);
	texts("nema vode vec tri dana");
	texts("ne znam");
	assert_int_equal(intent, INTENT_ADD);
	assert_true(answered_says(&answer, "Dodato prijavi 104828"));
}

static void
a_number_with_its_sign_is_one_of_the_list(void **state)
{
	static const char *const said[] = { "no. 3", "No 3", "no 3", "no.3",
		"br. 3" };

	for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
		somebody(state);
		texts("RIGHTS");
		texts(said[i]);
		assert_int_equal(intent, INTENT_RIGHTS);
		somebody(state);
		now += 2 * HOUR;	/* a poll for yes or no is open */
		texts("GLAS");
		texts(i % 2 == 0 ? "no. 1" : "no 1");
		assert_true(answered_does(&answer, ACT_VOTE, "8", "1"));
	}
	texts("PRAVO");
	texts("ne, 3");
	assert_int_equal(person.dialog.ask, DIALOG_TOPIC);
	texts("PRAVO");
	texts("ne");
	assert_int_equal(intent, INTENT_ANSWER);
	nothing_is_asked();
}

static void
what_happened_is_left_like_any_question(void **state)
{
	(void)state;
	texts("PRIJAVA");
	texts("PRAVO 3");
	assert_int_equal(intent, INTENT_RIGHTS);
	assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
	texts("PRIJAVA");
	texts("kraj");
	assert_int_equal(intent, INTENT_ANSWER);
	assert_false(person.stopped);
	texts("PRIJAVA");
	texts("hvala");
	assert_int_equal(answer.count, 0);
	assert_int_equal(person.dialog.ask, DIALOG_WHAT);
	now += DAY;
	texts("isto kao kod Mileta");
	assert_false(answer.report);
}

static void
a_place_that_is_missing_is_asked_for_once(void **state)
{
	(void)state;
	texts("nema vode vec tri dana");
	assert_true(answer.report);
	assert_true(answered_says(&answer, "104828"));
	assert_true(answered_says(&answer, "BUJANOVAC DOBROSIN"));
	assert_true(answered_says(&answer, "192"));
	texts("u Ristovcu");
	assert_int_equal(intent, INTENT_ANSWER);
	assert_false(answer.report);
	assert_true(answered_does(&answer,
	    ACT_PLACE, "104828", "Vranje/Ristovac"));
	assert_string_equal(answer.belongs, "104828");
	assert_true(answered_says(&answer, "Ristovac"));
	assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
}

static void
a_place_is_called_as_the_person_calls_it(void **state)
{
	(void)state;
	person.lang_chosen = person.cyrillic = true;
	person.lang = LANG_SR_CYRL;
	texts("нема воде већ три дана");
	texts("Добросин");
	assert_true(answered_does(&answer, ACT_PLACE, "104828",
	    "Bujanovac/Dobrosin"));
	assert_true(answered_says(&answer, "Добросин"));
	assert_false(answered_says(&answer, "Dobrosin"));
	somebody(state);
	person.lang_chosen = true;
	person.lang = LANG_SQ;
	texts("nuk ka uje tri dite");
	texts("Presheve");
	assert_true(answered_says(&answer, "Presheve"));
}

static void
a_place_that_begins_another_story_is_of_the_first(void **state)
{
	static const struct {
		const char	*story;
		unsigned int	 places;
	} told[] = {
		{ "Vranje, a i smece ne odnose vec mesec dana", 1 },
		{ "u Vranju. i ulicna rasveta ne radi nigde", 1 },
		{ "ukrali su nam ovce iz tora sinoc u Tularu, Medvedja", 0 },
		{ "u Vranju smece ne odnose vec mesec dana", 0 },
	};

	for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
		somebody(state);
		texts("nema vode vec tri dana");
		assert_int_equal(person.dialog.ask, DIALOG_PLACE);
		texts(told[i].story);
		assert_true(answer.report);
		assert_int_equal(answered_count(&answer, ACT_PLACE),
		    told[i].places);
		if (told[i].places > 0)
			assert_true(answered_does(&answer, ACT_PLACE,
			    "104828", "Vranje"));
	}
}

/* Two municipalities have a Bustranje, many a Novo Selo. */
static void
a_municipality_says_which_village_was_meant(void **state)
{
	static const struct {
		const char	*report, *answer, *place;
	} said[] = {
		{ "nema vode u Bustranju vec tri dana", "Presevo",
		    "Preševo/Buštranje" },
		{ "nema vode u Novom Selu vec tri dana", "opstina Trgoviste",
		    "Trgovište/Novo Selo" },
		/* None of that name is there. */
		{ "nema vode u Bustranju vec tri dana", "Leskovac",
		    "Leskovac" },
		{ "nema vode vec tri dana", "Presevo", "Preševo" },
	};

	for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
		somebody(state);
		texts(said[i].report);
		assert_int_equal(person.dialog.ask, DIALOG_PLACE);
		texts(said[i].answer);
		assert_true(answered_does(&answer, ACT_PLACE, "104828",
		    said[i].place));
	}
}

static void
a_village_is_looked_for_in_the_municipality_of_the_case(void **state)
{
	static const char *const said[] = { "DOPUNA Bustranje",
		"to je u Bustranju", "u selu Bustranje" };

	for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
		somebody(state);
		texts("nema vode u Presevu vec tri dana");
		assert_true(answer.report);
		texts(said[i]);
		assert_true(answered_does(&answer, ACT_PLACE, "104828",
		    "Preševo/Buštranje"));
	}
}

static void
two_municipalities_are_asked_about(void **state)
{
	static const char *const both[] = { "nema vode u Vranju i Presevu",
		"nuk ka uje ne Bujanoc dhe Presheve",
		"no water in Bujanovac and Presevo" };

	for (size_t i = 0; i < sizeof both / sizeof *both; i++) {
		somebody(state);
		texts(both[i]);
		assert_int_equal(person.dialog.ask, DIALOG_PLACE);
	}
	somebody(state);
	texts(both[0]);
	texts("Presevo");
	assert_true(answered_does(&answer, ACT_PLACE, "104828", "Preševo"));
}

static void
a_village_that_there_is_twice_is_asked_which(void **state)
{
	static const struct {
		const char *text, *asked;
		enum lang chosen;
	} words[] = {
		{ "nema vode u Oraovici", "Koje mesto Oraovica: "
		    "1 Leskovac, 2 Presevo? Odgovorite brojem.", LANG_UND },
		{ "нема воде у Ораовици",
		    "Које Ораовица: 1 Лесковац, 2 Прешево?", LANG_SR_CYRL },
		{ "nuk ka uje ne Oraovica",
		    "Cili fshat Oraovica: 1 Leskoc, 2 Presheve?", LANG_SQ },
		{ "no water in Oraovica", "Which Oraovica: "
		    "1 Leskovac, 2 Presevo?", LANG_EN },
		{ "няма вода в Ораовица",
		    "Кое Ораовица: 1 Лесковац, 2 Прешево?", LANG_BG },
		{ "nema struje u selu Novo Selo", "Koje mesto Novo Selo: "
		    "1 Lebane, 2 Leskovac, 3 Surdulica, 4 Trgoviste?",
		    LANG_UND },
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		somebody(state);
		person.lang = words[i].chosen;
		person.lang_chosen = words[i].chosen != LANG_UND;
		person.cyrillic = words[i].chosen == LANG_SR_CYRL;
		texts(words[i].text);
		if (!answered_says(&answer, words[i].asked))
			print_error("%s: %s\n", words[i].text,
			    answer.count > 0 ? answer.replies[0].text : "");
		assert_true(answer.report);
		assert_int_equal(answer.count, 1);
		assert_true(answered_says(&answer, words[i].asked));
		assert_true(answered_says(&answer, "104828"));
		assert_true(answered_says(&answer, "192"));
		texts("2");
		assert_int_equal(intent, INTENT_ANSWER);
		assert_false(answer.report);
		assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
	}
	assert_true(answered_does(&answer,
	    ACT_PLACE, "104828", "Leskovac/Novo Selo"));
}

static void
which_village_is_said_by_number_or_municipality(void **state)
{
	static const char *const said[] = { "2", "dva", "Presevo",
		"u Presevu", "kod Preseva je", "Oraovica, Presevo" };
	char line[DIALOG_LINE_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
		somebody(state);
		texts("nema vode u Oraovici");
		/* Its first text need not be known any more. */
		dialog_print(&person.dialog, line);
		assert_string_equal(line, "place 104828/Oraovica 0");
		dialog_scan(&person.dialog, line, person.dialog.until);
		person.asked.text = NULL;
		texts(said[i]);
		assert_int_equal(intent, INTENT_ANSWER);
		assert_true(answered_does(&answer,
		    ACT_PLACE, "104828", "Preševo/Oraovica"));
		assert_true(answered_says(&answer, "Presevo/Oraovica"));
		assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
	}
	/* A number is of no language, and the answer says which it was. */
	somebody(state);
	texts("nema vode u Oraovici");
	texts("drugo");
	assert_true(answered_says(&answer, "Presevo/Oraovica"));
	assert_int_equal(person.lang, LANG_SR_LATN);
	somebody(state);
	texts("CIRILICA");
	texts("nema vode u Oraovici");
	texts("2");
	assert_true(answered_says(&answer, "Прешево/Ораовица"));
	/* Another village is one, too. */
	somebody(state);
	texts("nema vode u Oraovici");
	texts("Ristovac");
	assert_true(answered_does(&answer,
	    ACT_PLACE, "104828", "Vranje/Ristovac"));
}

/* Once the list of them is not asked about any more. */
static void
a_municipality_says_which_village_of_the_case_it_is(void **state)
{
	static const char *const said[] = { "kod Lebana", "Lebane",
		"DOPUNA kod Lebana" };

	for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
		somebody(state);
		texts("nema struje u selu Novo Selo");
		texts("Novo Selo");
		texts("Novo Selo");
		nothing_is_asked();
		texts(said[i]);
		assert_true(answered_does(&answer,
		    ACT_PLACE, "104828", "Lebane/Novo Selo"));
	}
}

static void
what_is_not_on_the_list_of_villages_is_asked_again_once(void **state)
{
	(void)state;
	texts("nema vode u Oraovici");
	texts("7");
	assert_false(answer.report);
	assert_int_equal(answered_count(&answer, ACT_VOTE), 0);
	assert_true(answered_says(&answer, "1 Leskovac, 2 Presevo?"));
	assert_int_equal(person.dialog.ask, DIALOG_PLACE);
	texts("1");
	assert_true(answered_does(&answer,
	    ACT_PLACE, "104828", "Leskovac/Oraovica"));
	somebody(state);
	texts("nema vode u Oraovici");
	texts("Oraovica");
	assert_true(answered_says(&answer, "1 Leskovac, 2 Presevo?"));
	texts("Oraovica");
	assert_true(answered_adds(&answer, ""));
	/* In another language. */
	somebody(state);
	texts("nema vode u Oraovici");
	texts("ENGLISH");
	assert_true(answered_says(&answer, "Which Oraovica: 1 Leskovac"));
	texts("2");
	assert_true(answered_does(&answer,
	    ACT_PLACE, "104828", "Preševo/Oraovica"));
	/* What tells of something else is of its own. */
	texts("nema vode u Oraovici");
	texts("u Ristovcu nema struje vec tri dana i niko ne dolazi");
	assert_true(answer.report);
	assert_string_equal(where, "Vranje/Ristovac");
}

static void
a_village_that_there_is_twice_may_be_the_answer(void **state)
{
	(void)state;
	texts("nema vode vec tri dana");
	assert_true(answered_says(&answer, "BUJANOVAC DOBROSIN"));
	texts("u Novom Selu");
	assert_int_equal(intent, INTENT_ANSWER);
	assert_true(answered_adds(&answer, ""));
	assert_int_equal(answered_count(&answer, ACT_PLACE), 0);
	assert_true(answered_says(&answer, "3 Surdulica"));
	texts("Surdulica");
	assert_true(answered_does(&answer,
	    ACT_PLACE, "104828", "Surdulica/Novo Selo"));
	assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
}

static void
a_name_that_is_common_words_is_one_where_a_place_is_asked_for(void **state)
{
	static const char *const several[] = { "Novo Selo", "novo selo",
		"NOVO SELO", "u novom selu", "iz novog sela", "Ново Село",
		"у новом селу" };
	static const char *const none[] = { "na granici", "novo je selo",
		"u jednom podrumu", "na ploci" };

	(void)state;
	for (size_t i = 0; i < sizeof several / sizeof *several; i++) {
		somebody(state);
		texts("nema vode vec tri dana");
		texts(several[i]);
		assert_true(answered_adds(&answer, ""));
		assert_int_equal(answered_count(&answer, ACT_PLACE), 0);
		assert_string_equal(person.dialog.about, "104828/Novo_Selo");
		texts("3");
		assert_true(answered_does(&answer,
		    ACT_PLACE, "104828", "Surdulica/Novo Selo"));
	}
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		somebody(state);
		texts("nema vode vec tri dana");
		texts(none[i]);
		assert_int_equal(answered_count(&answer, ACT_PLACE), 0);
		assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
	}
	/* The list of another village is open. */
	somebody(state);
	texts("nema vode u Oraovici");
	texts("Novo Selo");
	assert_string_equal(person.dialog.about, "104828/Novo_Selo");
	texts("Novo Selo");
	assert_true(answered_says(&answer, "3 Surdulica"));
	texts("Novo Selo");
	assert_true(answered_adds(&answer, ""));
	nothing_is_asked();
}

/* The border, a spring, a cellar: each is far from the village of that name. */
static void
one_word_that_means_something_else_is_asked_back(void **state)
{
	static const struct {
		const char *text, *about, *options;
	} words[] = {
		{ "granica", "104828/Granica", "Granica: 1 Bojnik?" },
		{ "Granica", "104828/Granica", "Granica: 1 Bojnik?" },
		{ "GRANICA", "104828/Granica", "Granica: 1 Bojnik?" },
		{ "Izvor", "104828/Izvor", "Izvor: 1 Bosilegrad?" },
		{ "podrum", "104828/Podrum", "Podrum: 1 Leskovac?" },
		{ "Starac", "104828/Starac", "Starac: 1 Bujanovac?" },
		{ "pi", "104828/Pi", "Pi: 1 Vlasotince?" },
	};
	static const char *const meant[] = { "1", "Bojnik", "da" };
	static const char *const said[] = { "selo granica", "Granica, Bojnik",
		"bojnik granica", "kod Granice" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		somebody(state);
		texts("nema vode vec tri dana");
		texts(words[i].text);
		if (!answered_says(&answer, words[i].options))
			print_error("%s\n", words[i].text);
		assert_true(answered_says(&answer, words[i].options));
		assert_string_equal(answer.belongs, "104828");
		assert_int_equal(answered_count(&answer, ACT_PLACE), 0);
		assert_string_equal(person.dialog.about, words[i].about);
	}
	for (size_t i = 0; i < sizeof meant / sizeof *meant; i++) {
		somebody(state);
		texts("nema vode vec tri dana");
		texts("Granica");
		texts(meant[i]);
		assert_true(answered_does(&answer,
		    ACT_PLACE, "104828", "Bojnik/Granica"));
	}
	for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
		somebody(state);
		texts("nema vode vec tri dana");
		texts(said[i]);
		if (!answered_does(&answer, ACT_PLACE, "104828",
		    "Bojnik/Granica"))
			print_error("%s\n", said[i]);
		assert_true(answered_does(&answer,
		    ACT_PLACE, "104828", "Bojnik/Granica"));
	}
	/* Who meant the border says so, or nothing. */
	somebody(state);
	texts("nema vode vec tri dana");
	texts("granica");
	texts("kod Konculja");
	assert_int_equal(answered_count(&answer, ACT_PLACE), 1);
	assert_true(answered_does(&answer,
	    ACT_PLACE, "104828", "Bujanovac/Končulj"));
	somebody(state);
	texts("Granica. Policija ne pusta nikoga");
	assert_true(answer.report);
	assert_string_equal(where, "");
	assert_true(answered_says(&answer, "Granica: 1 Bojnik?"));
}

/* As one says it to a person, to what was just noted. */
static void
a_place_behind_a_no_corrects_the_one_of_the_case(void **state)
{
	static const struct {
		const char *text, *place;
	} said[] = {
		{ "ne, Vranje", "Vranje" }, { "ne, u Ristovcu",
		    "Vranje/Ristovac" }, { "не, Врање", "Vranje" },
		{ "jo, Vranje", "Vranje" }, { "no, Vranje", "Vranje" },
	};

	for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
		somebody(state);
		texts("nema vode u Presevu");
		texts(said[i].text);
		assert_false(answer.report);
		assert_true(answered_adds(&answer, ""));
		assert_true(answered_does(&answer, ACT_PLACE, "104828",
		    said[i].place));
		assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
	}
	/* Another place without it may be of another report, as with the
	 * Albanian for "in", and a day later nobody has just noted one. */
	for (size_t i = 0; i < 2; i++) {
		somebody(state);
		texts("nuk ka uje ne Presheve");
		texts(i == 0 ? "Vranje" : "ne Vranje");
		assert_int_equal(person.dialog.ask, DIALOG_WHAT);
	}
	somebody(state);
	texts("nema vode u Presevu");
	now += DAY;
	texts("ne, Vranje");
	assert_int_equal(person.dialog.ask, DIALOG_WHAT);
}

static void
what_is_no_place_is_kept_with_the_case(void **state)
{
	(void)state;
	texts("nema vode vec tri dana");
	texts("kod mene");
	assert_int_equal(intent, INTENT_ADD);
	assert_true(answered_adds(&answer, ""));
	assert_true(answered_says(&answer, "104828"));
	assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
	texts("kod one velike skole");
	assert_false(answered_says(&answer, "BUJANOVAC DOBROSIN"));
}

static void
a_place_said_later_is_where_it_happened(void **state)
{
	(void)state;
	texts("nema vode vec tri dana");
	texts("kod mene");
	assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
	texts("u Ristovcu je to");
	assert_int_equal(intent, INTENT_ADD);
	assert_true(answered_does(&answer, ACT_PLACE, "104828",
	    "Vranje/Ristovac"));
	assert_true(answered_adds(&answer, ""));
	assert_true(answered_says(&answer, "Ristovac"));
}

static void
a_place_sent_with_the_number_corrects_it(void **state)
{
	(void)state;
	texts("nema vode u Ristovcu vec tri dana");
	assert_true(answer.report);
	texts("DOPUNA 104828 Bujanovac Dobrosin");
	assert_int_equal(intent, INTENT_ADD);
	assert_true(answered_does(&answer, ACT_PLACE, "104828",
	    "Bujanovac/Dobrosin"));
	texts("DOPUNA 104828 komsija je vec dva puta zvao opstinu Vranje");
	assert_int_equal(intent, INTENT_ADD);
	assert_false(answered_does(&answer, ACT_PLACE, "104828", "Vranje"));
	/* With whom it speaks of. */
	assert_true(answered_adds(&answer, "MUNI"));
	texts("DOPUNA 104828 a policajac koji me je vredjao je opet bio tu");
	assert_true(answered_adds(&answer, "POLICE"));
}

/* Nobody is named, and yet it is the police. */
/* A guess that gives a report no category says nothing of the police. */
static void
what_is_hardly_about_anything_is_about_nothing(void **state)
{
	static const char *const added[] = {
		"opet isto", "i jos da kazem da smo vec zvali",
		"bilo je u 5 sati",
	};
	char text[128];

	(void)state;
	texts("nema vode u Ristovcu vec tri dana");
	for (size_t i = 0; i < sizeof added / sizeof *added; i++) {
		snprintf(text, sizeof text, "DOPUNA 104828 %s", added[i]);
		texts(text);
		assert_true(answered_adds(&answer, ""));
		assert_false(answered_adds(&answer, "/POL_"));
	}
}

/* By the police station is where it was, and perhaps not who. */
static void
a_place_by_the_police_is_a_place(void **state)
{
	static const char *const places[] = {
		"kod policijske stanice", "Vranje kod stanice policije",
		"Ristovac, policija zna",
	};

	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		somebody(state);
		texts("ne radi ulicna rasveta");
		assert_int_equal(person.dialog.ask, DIALOG_PLACE);
		texts(places[i]);
		assert_true(answered_adds(&answer, "?POLICE"));
	}
	/* With the word for it, it is said of them. */
	texts("DOPUNA 104828 policija zna");
	assert_true(answered_adds(&answer, "POLICE"));
}

static void
what_is_added_is_kept_with_what_it_may_be_about(void **state)
{
	static const char *const added[][2] = {
		{ "uniformisani uzimaju pare od ljudi", "/POL_BRIBE" },
		{ "interventna nas tukla pendrecima", "/POL_FORCE" },
	};
	char text[128];

	(void)state;
	texts("nema vode u Ristovcu vec tri dana");
	for (size_t i = 0; i < sizeof added / sizeof *added; i++) {
		snprintf(text, sizeof text, "DOPUNA 104828 %s", added[i][0]);
		texts(text);
		assert_true(answered_adds(&answer, added[i][1]));
	}
	texts("DOPUMA 104828 uniformisani uzimaju pare od ljudi");
	assert_true(answered_adds(&answer, "/POL_BRIBE"));
	texts("DOPUNA 104828 DOPUNA");
	assert_true(answered_adds(&answer, ""));
	/* To where it happened, as well. */
	somebody(state);
	texts("nema vode vec tri dana");
	texts("Ristovac, policija zna");
	assert_int_equal(intent, INTENT_ANSWER);
	assert_true(answered_adds(&answer, "?POLICE"));
	assert_true(answered_does(&answer, ACT_PLACE, "104828",
	    "Vranje/Ristovac"));
}

static bool
adds_urgent(const char *text)
{
	texts(text);
	return (answered_adds(&answer, "/urgent"));
}

static void
who_is_held_is_urgent_in_what_is_added_too(void **state)
{
	(void)state;
	texts("policija me legitimise svaki dan u Bujanovcu");
	assert_true(answer.report);
	assert_true(adds_urgent("DOPUNA 104828 policija mi odvela brata"));
	assert_true(adds_urgent("DOPUNA uhapsili su ga jutros"));
	assert_false(adds_urgent("DOPUNA 104828 i dalje isto"));
	assert_false(adds_urgent("DOPUNA 104828 traze licnu kartu"));
	assert_false(adds_urgent("DOPUNA 104828 kod policijske stanice"));
}

/* "Top-up", of a card: they have no case that it could be added to. */
static void
what_is_added_to_no_case_is_a_report(void **state)
{
	(void)state;
	texts("DOPUNA");
	assert_false(answer.report);
	texts("DOPUNA 104828 nema vode");
	assert_false(answer.report);
	texts("dopuna kartice ne radi vec tri dana");
	assert_true(answer.report);
	assert_int_equal(intent, INTENT_REPORT);
	texts("DOPUNA ne radi ni danas");
	assert_false(answer.report);
	assert_true(answered_adds(&answer, ""));
}

static void
danger_is_not_asked_back(void **state)
{
	(void)state;
	texts("muz me tuce, bojim se");
	assert_false(answered_says(&answer, "BUJANOVAC DOBROSIN"));
	assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
}

static void
a_command_or_a_new_report_leaves_a_question(void **state)
{
	(void)state;
	texts("nema vode vec tri dana");
	texts("PRAVO 3");
	assert_int_equal(intent, INTENT_RIGHTS);
	assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
	somebody(state);
	texts("nema vode vec tri dana");
	texts("ukrali su mi dve ovce iz tora sinoc u Tularu, Medvedja");
	assert_true(answer.report);
	assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
}

static void
end_and_no_close_a_question_and_nothing_else(void **state)
{
	static const char *const words[] = { "kraj", "NE", "dosta" };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		somebody(state);
		texts("nema vode vec tri dana");
		texts(words[i]);
		assert_int_equal(intent, INTENT_ANSWER);
		assert_false(person.stopped);
		assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
	}
	texts("KRAJ");
	assert_int_equal(intent, INTENT_STOP);
	assert_true(person.stopped);
}

static void
a_question_is_forgotten_in_time(void **state)
{
	(void)state;
	texts("nema vode vec tri dana");
	now += DAY;
	texts("NE");
	assert_int_not_equal(intent, INTENT_ANSWER);
}

static void
what_is_said_next_belongs_to_the_case(void **state)
{
	(void)state;
	texts("nema struje u Bujanovcu, selo Klenike");
	assert_true(answer.report);
	texts("i jos da kazem da smo vec zvali");
	assert_int_equal(intent, INTENT_ADD);
	assert_true(answered_adds(&answer, ""));
	now += DAY;
	texts("i jos da kazem da smo vec zvali");
	assert_int_not_equal(intent, INTENT_ADD);
}

/* Of a case of days before, which was finished then. */
static void
is_written_to(const char *status)
{
	person.asked = (struct conversation_case){ .reference = "104828",
		.category = "WATER", .municipality = "Vranje",
		.reported_at = now - 2 * DAY, .since = now - MINUTE,
		.told_at = now - MINUTE };
	person.last_at = now - 2 * DAY;
	snprintf(person.asked.status, sizeof person.asked.status, "%s", status);
}

static void
what_is_said_to_an_answer_belongs_to_its_case(void **state)
{
	static const char *const more[] = { "Nije popravljeno",
		"Nije popravljeno, i dalje nema vode",
		"nije tacno, niko nije dolazio", "Nije reseno",
		"nuk u zgjidh", "nema vode opet" };

	(void)state;
	for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
		is_written_to(i % 2 == 0 ? "answered" : "closed");
		now += 5 * HOUR;
		texts(more[i]);
		assert_int_equal(intent, INTENT_ADD);
		assert_false(answer.report);
		assert_true(answered_adds(&answer, ""));
	}
}

static void
who_is_held_is_urgent_in_what_is_said_to_an_answer(void **state)
{
	static const char *const held[] = {
		"Nisu popravili vodu a policija mi je odvela sina Vranje",
		"jos nije reseno, odveli su mi muza u pritvor",
		"Nije popravljeno, a sina mi je policija uhapsila" };

	(void)state;
	for (size_t i = 0; i < sizeof held / sizeof *held; i++) {
		is_written_to("answered");
		assert_true(adds_urgent(held[i]));
	}
	is_written_to("answered");
	assert_false(adds_urgent("jos nije reseno, pitao sam i policiju"));
}

static void
what_is_finished_is_opened_by_what_tells_something(void **state)
{
	static const char *const nothing[] = { "OK", "u redu",
		"it works again", "hvala, idem u opstinu",
		"Mama kad dolazis kuci" };

	(void)state;
	for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++) {
		is_written_to("closed");
		texts(nothing[i]);
		assert_int_not_equal(intent, INTENT_ADD);
		assert_int_equal(answered_count(&answer, ACT_FOLLOW), 0);
	}
}

static void
an_answer_takes_in_no_other_report(void **state)
{
	static const char *const others[] = {
		"nema struje u Bujanovcu, selo Klenike vec dva dana",
		"PRIJAVA nema rasvete u Vranju", "muz me bije, pomozite",
		"STATUS", "trafika kod gimnazije prodaje cigare deci",
		"kafana pod prozorom pusta ozvucenje do zore vikendom",
		"fabrika pusta neki smrad uvece, prozor ne otvaramo" };

	(void)state;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		is_written_to("answered");
		texts(others[i]);
		assert_int_not_equal(intent, INTENT_ADD);
	}
	is_written_to("closed");
	texts("nije popravljeno");
	assert_int_equal(intent, INTENT_ADD);
	is_written_to("withdrawn");
	texts("nije popravljeno");
	assert_int_not_equal(intent, INTENT_ADD);
	is_written_to("answered");
	now += 2 * DAY;
	texts("dobro, videcemo sutra");
	assert_int_not_equal(intent, INTENT_ADD);
}

static void
the_same_told_twice_is_one_report(void **state)
{
	(void)state;
	texts("nema vode u Ristovcu vec tri dana");
	now += 2 * HOUR;
	texts("NEMA VODE U RISTOVCU vec tri dana!!!");
	assert_int_equal(intent, INTENT_ADD);
	now += 2 * DAY;
	texts("nema vode u Ristovcu vec tri dana");
	assert_true(answer.report);
}

static void
the_same_in_another_place_is_another_report(void **state)
{
	static const char *const told[][2] = {
		{ "PRIJAVA nema vode u Vranju vec tri dana",
		    "PRIJAVA nema vode u Leskovcu vec tri dana" },
		{ "PRIJAVA nema vode u Ristovcu vec tri dana",
		    "PRIJAVA nema vode u Davidovcu vec tri dana" },
		/* There are several of that name. */
		{ "PRIJAVA nema vode u Ristovcu vec tri dana",
		    "PRIJAVA nema vode u Novom Selu vec tri dana" },
	};

	for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
		somebody(state);
		texts(told[i][0]);
		assert_true(answer.report);
		now += 2 * HOUR;
		texts(told[i][1]);
		assert_true(answer.report);
		assert_int_equal(answered_count(&answer, ACT_FOLLOW), 0);
	}
	/* The village that was not named before. */
	somebody(state);
	texts("PRIJAVA nema vode vec tri dana u Vranju");
	now += 2 * HOUR;
	texts("PRIJAVA nema vode vec tri dana u Vranju, Ristovac");
	assert_false(answer.report);
}

static void
dopuna_adds_to_the_case_or_says_that_there_is_none(void **state)
{
	(void)state;
	texts("DOPUNA bilo je u 5 sati");
	assert_int_equal(answer.act_count, 0);
	assert_true(answered_says(&answer, "prijave nema"));
	texts("nema struje u Bujanovcu");
	now += DAY;
	texts("DOPUNA 104828 bilo je u 5 sati");
	assert_true(answered_adds(&answer, ""));
	assert_true(answered_says(&answer, "104828"));
}

static void
another_language_asks_the_open_question_again(void **state)
{
	static const struct {
		const char	*asked, *again, *answer;
		enum intent	 is;
	} said[] = {
		{ "PRIJAVA Ristovac", "Ristovac: cka ndodhi atje?",
		    "nuk ka uje", INTENT_REPORT },
		{ "nema vode", "komunen dhe fshatin", "Ristovac",
		    INTENT_ANSWER },
		{ "PRAVO", "DREJTA, nr", "4", INTENT_RIGHTS },
		{ "OBRISI", "4711", "4711", INTENT_ERASE },
		{ "JAVLJANJE mirno Vranje", "Sa incidente", "3",
		    INTENT_ANSWER },
		{ "GLASINA", "THASHETHEM", "po mbyllet shkolla ne Presheve",
		    INTENT_RUMOUR },
		{ "PITAJ", "PYET", "kada se popravlja put za Ristovac",
		    INTENT_REPORT },
		{ "GLAS", "VOTO", "1", INTENT_VOTE },
	};

	for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
		enum dialog_ask ask;

		somebody(state);
		now = NOON + 2 * HOUR;	/* one poll is open */
		texts(said[i].asked);
		ask = person.dialog.ask;
		assert_int_not_equal(ask, DIALOG_NOTHING);
		texts("SHQIP");
		assert_int_equal(intent, INTENT_LANG);
		assert_int_equal(person.dialog.ask, ask);
		assert_true(answer.count >= 1);
		if (!answered_says(&answer, said[i].again))
			print_error("%s\n", answer.replies[answer.count -
			    1].text);
		assert_true(answered_says(&answer, said[i].again));
		texts(said[i].answer);
		assert_int_equal(intent, said[i].is);
	}
	/* The list of languages has its answer with that. */
	texts("JEZIK");
	texts("SHQIP");
	assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
}

static void
a_yes_to_something_else_is_asked_again_and_is_no_vote(void **state)
{
	static const struct {
		const char	*asked, *again;
	} said[] = {
		{ "PRIJAVA", "Sta se desilo i gde" },
		{ "nema vode", "U kom mestu" },
		{ "PRAVO", "PRAVO br" },
		{ "OBRISI", "4711" },
		{ "JEZIK", "SHQIP" },
	};

	for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
		enum dialog_ask ask;

		somebody(state);
		now = NOON + 2 * HOUR;	/* a poll for yes or no is open */
		texts(said[i].asked);
		ask = person.dialog.ask;
		texts("DA");
		assert_int_equal(answer.act_count, 0);
		assert_true(answered_says(&answer, said[i].again));
		assert_int_equal(person.dialog.ask, ask);
	}
	somebody(state);
	now = NOON + 2 * HOUR;
	texts("DA");
	assert_true(answered_does(&answer, ACT_VOTE, "8", "1"));
}

/* A list that is forgotten, or was left for something else. */
static void
a_number_for_a_list_of_before_brings_it_and_is_no_vote(void **state)
{
	static const struct {
		const char *before, *said;
		enum dialog_ask ask;
		enum intent answered;
	} asked[] = {
		{ "PRAVO", "3", DIALOG_TOPIC, INTENT_RIGHTS },
		{ "JEZIK", "3", DIALOG_LANGUAGE, INTENT_LANG },
		{ "nema vode u Vranju", "1", DIALOG_GROUP, INTENT_ANSWER },
		{ "nema struje u selu Novo Selo", "2", DIALOG_PLACE,
		    INTENT_ANSWER },
	};
	static const char *const between[] = { NULL, "STATUS", "KO STE",
		"ukrali mi kravu u Bujanovcu sinoc", "ne znam koje mesto je" };

	for (size_t i = 0; i < sizeof asked / sizeof *asked *
	    (sizeof between / sizeof *between); i++) {
		size_t n = i % (sizeof asked / sizeof *asked);
		const char *left = between[i / (sizeof asked / sizeof *asked)];

		somebody(state);
		person.asked_group = n != 2;
		texts(asked[n].before);
		assert_int_equal(person.dialog.ask, asked[n].ask);
		if (left != NULL)
			texts(left);
		now += 7 * HOUR;
		texts(asked[n].said);
		if (person.dialog.ask != asked[n].ask)
			print_error("%s, %s\n", asked[n].before,
			    left != NULL ? left : "-");
		assert_int_equal(answered_count(&answer, ACT_VOTE), 0);
		assert_int_equal(person.dialog.ask, asked[n].ask);
		assert_int_equal(answer.count, 1);
		assert_int_not_equal(intent, asked[n].answered);
		texts(asked[n].said);
		assert_int_equal(intent, asked[n].answered);
	}
}

/* Who has said in the meantime which village it was. */
static void
a_list_that_was_answered_later_does_not_come_back(void **state)
{
	(void)state;
	texts("nema struje u selu Novo Selo");
	texts("STATUS");
	texts("Leskovac");
	assert_int_equal(answered_count(&answer, ACT_PLACE), 1);
	assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
}

/* It is not in the way of what has nothing to do with it. */
static void
a_list_of_before_is_not_open(void **state)
{
	char line[DIALOG_LINE_MAX];

	(void)state;
	texts("nema struje u selu Novo Selo");
	texts("STATUS");
	assert_int_equal(intent, INTENT_STATUS);
	dialog_print(&person.dialog, line);
	assert_string_equal(line, "place 104828/Novo_Selo 0");
	assert_false(dialog_asks(&person.dialog, DIALOG_PLACE, now));
	texts("ukrali mi kravu u Lebanu");
	assert_true(answer.report);
	assert_int_equal(answer.act_count, 0);
	texts("GLAS 7 2");
	assert_true(answered_does(&answer, ACT_VOTE, "7", "2"));
	texts("GLAS");
	texts("7 1");
	assert_true(answered_does(&answer, ACT_VOTE, "7", "1"));
	/* What was chosen from, or closed, is done, and a day is enough. */
	somebody(state);
	texts("JEZIK");
	texts("1");
	assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
	texts("PRAVO");
	texts("KRAJ");
	assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
	now = NOON - 2 * DAY;
	texts("PRAVO");
	now += 31 * HOUR;
	texts("8");
	assert_int_equal(intent, INTENT_VOTE);
	assert_int_equal(person.dialog.ask, DIALOG_VOTE);
}

static void
what_is_asked_is_sent_again_once(void **state)
{
	static const char *const lists[] = { "PRAVO", "JEZIK" };

	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		somebody(state);
		now = NOON + 2 * HOUR;	/* a poll for yes or no is open */
		texts(lists[i]);
		texts("DA");
		assert_int_equal(answer.act_count, 0);
		assert_int_equal(answer.count, 1);
		texts("DA");
		assert_true(answered_does(&answer, ACT_VOTE, "8", "1"));
		nothing_is_asked();
	}
	somebody(state);
	person.asked_group = false;
	texts("nema vode u Vranju");
	assert_int_equal(person.dialog.ask, DIALOG_GROUP);
	texts("DA");
	assert_true(answered_says(&answer, "Rom"));
	texts("DA");
	assert_true(answered_adds(&answer, ""));
	somebody(state);
	texts("nema vode");
	texts("DA");
	assert_true(answered_says(&answer, "U kom mestu"));
	texts("DA");
	assert_true(answered_adds(&answer, ""));
	assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
	/* What happened is no vote. */
	somebody(state);
	now = NOON + 2 * HOUR;
	texts("PRIJAVA");
	texts("DA");
	assert_true(answered_says(&answer, "Sta se desilo i gde"));
	texts("DA");
	assert_false(answered_says(&answer, "Sta se desilo i gde"));
	assert_int_equal(answer.act_count, 0);
	assert_int_equal(person.dialog.ask, DIALOG_WHAT);
	texts("DA");
	assert_int_equal(answer.count, 0);
}

/* Who works on the case may have asked something. */
static void
a_yes_that_nobody_asked_for_is_of_the_open_case_and_no_vote(void **state)
{
	static const char *const said[] = { "DA", "Ne", "po", "jo", "yes" };

	for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
		somebody(state);
		now = NOON + 2 * HOUR;	/* a poll for yes or no is open */
		texts("nema vode u Vranju");
		now += i > 0 ? 20 * HOUR : 0;
		texts(said[i]);
		assert_int_equal(intent, INTENT_ADD);
		assert_true(answered_adds(&answer, ""));
		assert_int_equal(answered_count(&answer, ACT_VOTE), 0);
	}
	/* The word for a vote is one, and so is what the list asks for. */
	texts("GLAS DA");
	assert_true(answered_does(&answer, ACT_VOTE, "8", "1"));
	texts("GLAS");
	assert_int_equal(person.dialog.ask, DIALOG_VOTE);
	texts("NE");
	assert_int_equal(answered_count(&answer, ACT_FOLLOW), 0);
	texts("GLAS");
	texts("DA");
	assert_true(answered_does(&answer, ACT_VOTE, "8", "1"));
	/* Nobody waits for more of a case that is closed. */
	snprintf(person.asked.status, sizeof person.asked.status, "closed");
	texts("DA");
	assert_true(answered_does(&answer, ACT_VOTE, "8", "1"));
}

static void
digits_answer_every_menu(void **state)
{
	(void)state;
	texts("PRAVO");
	assert_int_equal(person.dialog.ask, DIALOG_TOPIC);
	texts("4");
	assert_int_equal(intent, INTENT_RIGHTS);
	assert_true(answered_says(&answer, "PRETRES"));
	texts("PRAVO");
	texts("98");
	assert_true(answered_says(&answer, "Teme 98 nema. PRAVO"));
	texts("4");
	assert_true(answered_says(&answer, "PRETRES"));
	texts("PRAVO");
	texts("932434");
	assert_false(answered_says(&answer, "932434"));
	texts("JEZIK");
	texts("3");
	assert_int_equal(person.lang, LANG_SQ);
	texts("gjuha");
	texts("1");
	assert_int_equal(person.lang, LANG_SR_LATN);
}

static void
words_for_digits_answer_every_menu(void **state)
{
	(void)state;
	texts("PRAVO");
	texts("pet");
	assert_true(answered_says(&answer, "ZASTITNIK"));
	texts("четврто");
	assert_true(answered_says(&answer, "PRETRES"));
	texts("JEZIK");
	texts("treci");
	assert_int_equal(person.lang, LANG_SQ);
	texts("gjuha");
	texts("e para");
	assert_int_equal(person.lang, LANG_SR_LATN);
	now += 2 * HOUR;	/* one poll is open */
	texts("GLAS dva");
	assert_true(answered_does(&answer, ACT_VOTE, "8", "2"));
	texts("GLAS");
	texts("jedan");
	assert_true(answered_does(&answer, ACT_VOTE, "8", "1"));
}

static void
what_is_not_in_a_list_brings_it_once_more(void **state)
{
	static const char *const words[] = { "PRAVO", "JEZIK", "GLAS" };

	now += 2 * HOUR;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		char *list;

		texts(words[i]);
		list = xstrdup(answer.replies[0].text);
		texts("hmm onaj tamo");
		assert_int_equal(answer.count, 1);
		assert_string_equal(answer.replies[0].text, list);
		free(list);
		texts("1");
		assert_false(answer.report);
		assert_true(intent != INTENT_UNCLASSIFIED);
		somebody(state);
		now += 2 * HOUR;
	}
	texts("PRAVO");
	texts("hmm onaj tamo");
	texts("hmm onaj tamo");
	assert_true(answered_says(&answer, "Nismo razumeli"));
	nothing_is_asked();
}

static void
the_group_is_told_in_words_too(void **state)
{
	static const struct {
		const char	*text, *group;
	} said[] = {
		{ "Romkinja sam", "roma" }, { "tri", "woman" },
		{ "žena", "woman" }, { "prvo", "roma" },
		{ "ne zelim", "private" }, { "ne želim", "private" },
		{ "ne zelim da kazem", "private" },
	};

	for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
		somebody(state);
		person.asked_group = false;
		texts("nema struje u Bujanovcu");
		texts(said[i].text);
		assert_true(answered_does(&answer, ACT_GROUP, "",
		    said[i].group));
	}
	/* This only sounds of danger, to who has learnt from others. */
	somebody(state);
	person.asked_group = false;
	texts("no electricity in Bujanovac");
	texts("I am a woman");
	assert_true(answered_does(&answer, ACT_GROUP, "", "woman"));
	assert_int_equal(answer.count, 1);
	assert_int_not_equal(answer.replies[0].kind, REPLY_EMERGENCY);
	somebody(state);
	person.asked_group = false;
	texts("no electricity in Bujanovac");
	texts("woman is dying");
	assert_int_equal(answered_count(&answer, ACT_GROUP), 0);
	assert_int_equal(answer.replies[0].kind, REPLY_EMERGENCY);
	/* "No" wants none of it. */
	somebody(state);
	person.asked_group = false;
	texts("nema struje u Bujanovcu");
	texts("ne");
	assert_int_equal(answer.act_count, 0);
	nothing_is_asked();
	somebody(state);
	person.asked_group = false;
	texts("nema struje u Bujanovcu");
	texts("1 2");
	assert_int_equal(answered_count(&answer, ACT_GROUP), 0);
	assert_true(answered_says(&answer, "1 Rom"));
	texts("2");
	assert_true(answered_does(&answer, ACT_GROUP, "", "elderly"));
	somebody(state);
	person.asked_group = false;
	texts("nema struje u Bujanovcu");
	texts("kod stare skole");
	assert_string_equal(answer.belongs, "104828");
}

static void
who_asks_for_help_has_left_nothing(void **state)
{
	static const char *const asked[] = { "?", "POMOC", "KO STE" };

	(void)state;
	for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
		texts("PRAVO");
		texts(asked[i]);
		assert_true(answered_says(&answer, i < 2 ? "Hitno" : "STOP"));
		texts("4");
		assert_true(answered_says(&answer, "PRETRES"));
	}
}

static void
what_a_word_alone_announced_is_taken_when_it_comes(void **state)
{
	(void)state;
	texts("PITAJ");
	texts("zasto policija ne ide nocu kroz selo");
	assert_true(answer.report);
	assert_true(answered_does(&answer, ACT_QUESTION, "104828", ""));
	texts("GLASINA");
	texts("da ce da zatvore bolnicu u Surdulici");
	assert_int_equal(intent, INTENT_RUMOUR);
	assert_true(answered_does(&answer, ACT_RUMOUR, "", ""));
	assert_false(answer.report);
	texts("DOPUNA");
	assert_int_equal(answer.act_count, 0);
	assert_true(answered_says(&answer, "Sta dodajete prijavi 104828?"));
	texts("zvao sam vodovod, nisu se javili");
	assert_true(answered_adds(&answer, ""));
	assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
}

static void
a_yes_or_a_place_alone_is_no_rumour_and_no_question(void **state)
{
	static const char *const words[] = { "GLASINA", "PITAJ" };
	static const char *const said[] = { "DA", "Vranje", "u Vranju" };

	for (size_t i = 0; i < sizeof words / sizeof *words *
	    (sizeof said / sizeof *said); i++) {
		somebody(state);
		now += 2 * HOUR;	/* a poll for yes or no is open */
		texts(words[i % 2]);
		texts(said[i / 2]);
		assert_int_equal(answer.act_count, 0);
		assert_false(answer.report);
		assert_int_equal(answer.count, 1);
		assert_int_equal(person.dialog.ask, i % 2 == 0 ?
		    DIALOG_RUMOUR : DIALOG_DEBATE);
		texts("zatvaraju skolu u Vranju od ponedeljka");
		assert_int_equal(answer.act_count, 1);
	}
}

/* What only a guess takes for a command has no word for one in front. */
static void
words_that_are_waited_for_are_no_command_on_a_guess(void **state)
{
	static const char *const told[] = { "policija hapsi sve po redu",
		"odbili su mi socijalnu pomoc",
		"ma kane ndalur ndihmen sociale", "отказаха ми социална помощ",
		"kažu da dolazi vojska" };

	for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
		somebody(state);
		texts("PRIJAVA");
		texts(told[i]);
		assert_int_equal(intent, INTENT_REPORT);
		assert_true(answer.report);
		assert_true(answered_says(&answer, "104828"));
		assert_int_not_equal(person.dialog.ask, DIALOG_WHAT);
		somebody(state);
		texts("GLASINA");
		texts(told[i]);
		assert_int_equal(intent, INTENT_RUMOUR);
		assert_true(answered_does(&answer, ACT_RUMOUR, "", ""));
		somebody(state);
		texts("nema vode u Ristovcu");
		is_asked_about("104828");
		texts(told[i]);
		assert_int_equal(intent, INTENT_ANSWER);
		assert_true(answered_adds(&answer, "") ||
		    answered_adds(&answer, "POLICE") ||
		    answered_adds(&answer, "ARMY"));
		assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
	}
	is_asked_about("104828");
	texts("imam, kako da vam posaljem");
	assert_int_equal(intent, INTENT_ANSWER);
	assert_true(answered_says(&answer, "Dodato prijavi 104828"));
	/* What we are asked is no report, and neither is a command. */
	texts("PRIJAVA");
	texts("sta da radim ako me uhapse");
	assert_int_equal(intent, INTENT_RIGHTS);
	texts("PRIJAVA");
	texts("PRAVO policija hapsi");
	assert_int_equal(intent, INTENT_RIGHTS);
	is_asked_about("104828");
	texts("PRAVO 4");
	assert_int_equal(intent, INTENT_RIGHTS);
	assert_int_equal(person.dialog.ask, DIALOG_QUESTION);
}

/* Thanks beside it take nothing of it away. */
static void
more_of_the_case_is_added_though_it_thanks(void **state)
{
	static const char *const more[] = { "jos nema, hvala",
		"nije stigla, hvala", "popravili su, hvala",
		"popravili su hvala", "kod skole, hvala",
		"ulica Kosovska, hvala", "reseno, hvala", "hvala, reseno",
		"erdhi uji faleminderit", "оправиха, благодаря",
		"fixed, thanks", "jos nije, mnogo hvala",
		"Kosovska 12, hvala" };
	static const char *const manners[] = { "hvala", "Hvala, Milica",
		"ok, hvala", "u redu hvala", "vazi, hvala", "mnogo ti hvala",
		"veliko hvala", "shume faleminderit", "ne, hvala",
		"da, hvala", "hvala na pomoci", "many thanks" };

	for (size_t i = 0; i < sizeof more / sizeof *more * 2; i++) {
		size_t n = i / 2;

		somebody(state);
		texts("nema vode u Vranju");
		if (i % 2 == 1) {
			now += 2 * DAY;
			person.asked.told_at = now - HOUR;
		}
		texts(more[n]);
		if (intent != INTENT_ADD)
			print_error("%s\n", more[n]);
		assert_int_equal(intent, INTENT_ADD);
		assert_true(answered_adds(&answer, ""));
		assert_true(answered_says(&answer, "104828"));
	}
	for (size_t i = 0; i < sizeof manners / sizeof *manners; i++) {
		somebody(state);
		texts("nema vode u Vranju");
		texts(manners[i]);
		if (answer.count > 0)
			print_error("%s\n", manners[i]);
		assert_int_equal(answer.count, 0);
		assert_string_equal(answer.belongs, "");
	}
	somebody(state);
	texts("PRIJAVA");
	texts("komsija, hvala");
	assert_true(answer.report);
}

/* A debate is prepared by other people, and in days. */
static void
who_is_in_danger_has_reported_and_asks_no_debate(void **state)
{
	static const char *const danger[] = {
		"PITAJ sta da radim muz me tuce i preti da ce me ubiti",
		"PITAJ upomoc gori kuca",
		"ASK what to do my husband beats me and will kill me" };

	for (size_t i = 0; i < sizeof danger / sizeof *danger; i++) {
		somebody(state);
		texts(danger[i]);
		assert_true(answer.report);
		assert_int_equal(answered_count(&answer, ACT_QUESTION), 0);
		assert_string_not_equal(person.asked.category, "DEBATE");
		assert_int_equal(answer.replies[0].kind, REPLY_EMERGENCY);
	}
	texts("PITAJ zasto nema patrole nocu u Vranju");
	assert_true(answered_does(&answer, ACT_QUESTION, "104828", ""));
}

static void
who_was_beaten_has_reported_and_asks_for_no_rumour(void **state)
{
	(void)state;
	person.emergency_at = now;
	texts("GLASINA");
	texts("u Vranju me pretukla policija");
	assert_true(answer.report);
	assert_int_equal(answer.act_count, 0);
	assert_false(answered_says(&answer, "prosledjujte"));
	texts("GLASINA");
	texts("vojska dolazi u selo");
	assert_true(answered_does(&answer, ACT_RUMOUR, "", ""));
}

static void
what_was_announced_is_left_for_danger_reports_and_commands(void **state)
{
	static const char *const words[] = { "PITAJ", "GLASINA" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		somebody(state);
		texts(words[i]);
		texts("gori kuca u Vranju");
		assert_true(answer.report);
		assert_int_equal(answer.act_count, 0);
		texts(words[i]);
		texts("PRIJAVA ukrali mi kravu u Lebanu");
		assert_true(answer.report);
		assert_int_equal(answer.act_count, 0);
		texts(words[i]);
		texts("PRAVO 4");
		assert_int_equal(intent, INTENT_RIGHTS);
		texts(words[i]);
		texts("NE");
		assert_int_equal(intent, INTENT_ANSWER);
		assert_int_equal(answer.act_count, 0);
	}
}

static void
thanks_and_guesses_are_not_answered_with_something_else(void **state)
{
	(void)state;
	texts("hvala vam puno resili ste problem sa vodom");
	assert_int_equal(answer.count, 0);
	texts("mir mbrama, a osht ky numri per me lajmru");
	assert_false(answered_says(&answer, "NDIHMA SOCIALE"));
	assert_true(answered_says(&answer, "DREJTA numri 1-15"));
}

static void
a_number_that_is_no_reports_is_answered_with_no_other(void **state)
{
	static const char *const mistyped[] = { "STATUS 111111",
		"STATUS 12345", "STATUS 12", "status prijave 104829 molim",
		"STATUS 10 48 29" };

	(void)state;
	texts("nema vode u Trgovistu");
	for (size_t i = 0; i < sizeof mistyped / sizeof *mistyped; i++) {
		texts(mistyped[i]);
		assert_true(answered_says(&answer, "Takve prijave nema"));
		assert_false(answered_says(&answer, "104828"));
	}
	texts("111111");
	assert_true(answered_says(&answer, "Nismo razumeli"));
	texts("STATUS");
	assert_true(answered_says(&answer, "104828: primljena"));
	texts("STATUS 104828");
	assert_true(answered_says(&answer, "104828: primljena"));
	texts("sta je sa mojom prijavom, zvao sam sa 064 123 4567");
	assert_true(answered_says(&answer, "104828: primljena"));
}

static void
what_is_added_to_a_mistyped_number_is_added_to_no_other(void **state)
{
	static const char *const mistyped[] = { "DOPUNA 12345 jos nema",
		"DOPUNA 999999 jos nema vode", "DOPUNA 1048280 ulica Kosovska",
		"DOPUNA 12345", "DOPUNA 99 99 99 jos nema" };
	static const char *const added[] = { "DOPUNA jos nema vode",
		"DOPUNA 3 dana nema vode", "DOPUNA trazili 20000 dinara",
		"DOPUNA 10000 dinara kazna" };

	(void)state;
	texts("nema vode u Trgovistu");
	for (size_t i = 0; i < sizeof mistyped / sizeof *mistyped; i++) {
		texts(mistyped[i]);
		assert_true(answered_says(&answer, "Takve prijave nema"));
		assert_int_equal(answer.act_count, 0);
		assert_string_equal(answer.belongs, "");
	}
	for (size_t i = 0; i < sizeof added / sizeof *added; i++) {
		texts(added[i]);
		assert_true(answered_adds(&answer, ""));
	}
}

/* That it is danger only what was learnt says. */
static void
what_only_sounds_of_danger_answers_a_question(void **state)
{
	(void)state;
	texts("rupa na putu u Vranju");
	texts("DOPUNA");
	texts("duboka je metar");
	assert_int_equal(intent, INTENT_ANSWER);
	assert_false(answer.report);
	assert_true(answered_adds(&answer, ""));
	assert_true(answered_says(&answer, "Dodato prijavi 104828"));
	texts("DOPUNA");
	texts("gori kuca u Vranju");
	assert_true(answer.report);
	assert_int_equal(intent, INTENT_REPORT);
}

static void
what_begins_with_a_word_for_the_rest_may_be_more_of_the_case(void **state)
{
	static const char *const more[] = { "jos nema", "jos uvek",
		"evo vec treci dan" };

	(void)state;
	for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
		texts("nema vode u Trgovistu");
		texts(more[i]);
		assert_int_equal(intent, INTENT_ADD);
		now += 2 * DAY;
	}
	texts("JOS");
	assert_int_equal(intent, INTENT_HELP);
}

static void
a_digit_that_is_not_in_a_menu_leaves_it_open(void **state)
{
	(void)state;
	texts("JEZIK");
	assert_true(answered_says(&answer, "3 SHQIP"));
	texts("9");
	assert_true(answered_says(&answer, "3 SHQIP"));
	texts("3");
	assert_int_equal(person.lang, LANG_SQ);
	somebody(state);
	texts("PRAVO");
	texts("5");
	assert_true(answered_says(&answer, "ZASTITNIK"));
	texts("4");
	assert_true(answered_says(&answer, "PRETRES"));
	texts("nema vode u Trgovistu");
	texts("4");
	assert_int_not_equal(intent, INTENT_RIGHTS);
}

static void
all_of_me_is_erased_in_as_many_words_as_it_takes(void **state)
{
	static const char *const asked[] = {
		"OBRISI sve moje podatke molim", "fshij te dhenat e mia",
		"delete everything about me please" };

	(void)state;
	for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
		somebody(state);
		texts(asked[i]);
		assert_int_equal(intent, INTENT_ERASE);
		assert_true(answered_says(&answer, "4711"));
		assert_false(person.stopped);
	}
	texts("obrisite uvredljive grafite sa zida skole");
	assert_int_equal(intent, INTENT_REPORT);
}

static void
another_story_is_no_answer_to_where(void **state)
{
	static const char *const stories[] = { "policija me tukla u Bujanovcu",
		"pucaju u Bujanovcu" };

	for (size_t i = 0; i < sizeof stories / sizeof *stories; i++) {
		somebody(state);
		texts("nema vode vec tri dana");
		texts(stories[i]);
		assert_int_equal(intent, INTENT_REPORT);
		assert_string_equal(where, "Bujanovac");
	}
	/* One that comes late is taken all the same. */
	somebody(state);
	texts("nema vode vec tri dana");
	texts("kod crkve");
	texts("Vranje");
	assert_int_equal(intent, INTENT_ADD);
	assert_true(answered_adds(&answer, ""));
	assert_true(answered_says(&answer, "Vranje"));
}

static void
who_said_stop_is_told_that_no_answer_comes(void **state)
{
	static const char *const promised[] = { "nema vode u Vranju",
		"GLASINA zatvaraju bolnicu u Vranju" };

	(void)state;
	texts("STOP");
	assert_false(answered_says(&answer, "STOP vazi"));
	for (size_t i = 0; i < sizeof promised / sizeof *promised; i++) {
		texts(promised[i]);
		assert_true(answered_says(&answer, "STOP vazi"));
	}
	texts("STATUS");
	assert_false(answered_says(&answer, "STOP vazi"));
	texts("START");
	texts("rupa na putu u Vranju");
	assert_false(answered_says(&answer, "STOP vazi"));
}

static void
the_same_trouble_is_told_further(void **state)
{
	static const char *const more[] = { "i dalje nema vode",
		"kod nas u ulici nema vode od juce" };

	(void)state;
	texts("nema vode u Vranju");
	for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
		texts(more[i]);
		assert_int_equal(intent, INTENT_ADD);
	}
	texts("nema vode u Lebanu");
	assert_int_equal(intent, INTENT_REPORT);
}

/* Whoever asks for the code again has no more guesses for it. */
static void
a_code_is_the_same_until_its_question_is_closed(void **state)
{
	(void)state;
	texts("OBRISI");
	texts("OBRISI 0815");
	texts("OBRISI 0816");
	texts("OBRISI");
	assert_true(answered_says(&answer, "OBRISI 4711"));
	texts("OBRISI 0817");
	assert_true(answered_says(&answer, "6 sati"));
	somebody(state);
	texts("OBRISI");
	texts("NE");
	assert_int_equal(intent, INTENT_ANSWER);
	assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
}

/* What they were asked, when that is a yes or no that binds them. */
static void
asked_step(void **state)
{
	somebody(state);
	dialog_begin(&person.dialog, DIALOG_STEP, "104828/7", 0, now + DAY);
}

static void
only_what_is_nothing_else_is_consent(void **state)
{
	static const char *const yes[] = { "Da", "DA!", "da, naravno",
		"Da hvala", "Po", "po pajtohem", "ova", "Yes please", "moze",
		"Da, slazem se", "да", "Може", "u redu, pristajem" };
	static const char *const no[] = { "ne", "Ne. Hvala", "da necu",
		"Da, necu", "da nemoj", "Da ali necu", "Da, nikako",
		"Da, opasno je", "da nema potrebe", "Po nuk dua", "Po s dua",
		"Po mos", "Po ka rrezik", "yes, not safe", "yes unsafe",
		"yes dont", "nije", "Ne mogu da pricam", "NE, nije bezbedno",
		"Jo, nuk eshte e sigurt", "не бива, опасно е" };
	static const char *const neither[] = { "mozda", "sta da radim",
		"ko da zove", "Za sta", "za koga", "a za sto", "po pse",
		"Po kush jeni", "for what", "da li je to obavezno", "da?",
		"na koji broj" };

	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
		asked_step(state);
		texts(yes[i]);
		if (!answered_does(&answer, ACT_STEP, "104828/7", "yes"))
			print_error("%s\n", yes[i]);
		assert_true(answered_does(&answer, ACT_STEP, "104828/7",
		    "yes"));
	}
	for (size_t i = 0; i < sizeof no / sizeof *no; i++) {
		asked_step(state);
		texts(no[i]);
		if (!answered_does(&answer, ACT_STEP, "104828/7", "no"))
			print_error("%s\n", no[i]);
		assert_true(answered_does(&answer, ACT_STEP, "104828/7",
		    "no"));
	}
	for (size_t i = 0; i < sizeof neither / sizeof *neither; i++) {
		asked_step(state);
		texts(neither[i]);
		if (answered_does(&answer, ACT_STEP, "104828/7", "yes") ||
		    answered_does(&answer, ACT_STEP, "104828/7", "no"))
			print_error("%s\n", neither[i]);
		assert_false(answered_does(&answer, ACT_STEP, "104828/7",
		    "yes"));
		assert_false(answered_does(&answer, ACT_STEP, "104828/7",
		    "no"));
		forget(state);
	}
}

/* What is neither is answered without a word of what it is about. */
static void
consent_waits_for_a_clear_word(void **state)
{
	asked_step(state);
	texts("mozda");
	assert_true(answered_says(&answer, "samo sa DA ili NE"));
	assert_int_equal(person.dialog.ask, DIALOG_STEP);
	texts("NE, nije bezbedno");
	assert_true(answered_does(&answer, ACT_STEP, "104828/7", "no"));
	assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
	forget(state);
	asked_step(state);
	person.asked = (struct conversation_case){ .reference = "104828",
		.status = "open", .since = now, .reported_at = now,
		.category = "DV" };
	person.last_at = now;
	texts("ne znam jos, pitacu sestru pa javljam");
	assert_false(answered_says(&answer, "104828"));
}

static void
the_group_is_asked_once_with_the_first_receipt(void **state)
{
	(void)state;
	person.told_who = person.asked_group = false;
	texts("nema struje u Bujanovcu");
	assert_true(answered_says(&answer, "KO STE"));
	assert_true(answered_says(&answer, "1 Rom"));
	texts("1");
	assert_true(answered_does(&answer, ACT_GROUP, "", "roma"));
	texts("PRIJAVA rupa na putu u Vranju");
	assert_false(answered_says(&answer, "1 Rom"));
}

/* The receipt asks for the place, and one thing at a time is asked. */
static void
the_group_is_asked_later_where_something_else_is(void **state)
{
	(void)state;
	person.asked_group = false;
	texts("nema struje");
	assert_false(answered_says(&answer, "1 Rom"));
	texts("PRAVO 1");
	assert_false(answered_says(&answer, "1 Rom"));
	texts("STATUS");
	assert_true(answered_says(&answer, "1 Rom"));
	assert_true(person.asked_group);
	texts("2");
	assert_true(answered_does(&answer, ACT_GROUP, "", "elderly"));
	texts("STATUS");
	assert_false(answered_says(&answer, "1 Rom"));
}

static void
the_group_is_not_asked_of_who_closes_a_question(void **state)
{
	static const char *const closes[] = { "kraj", "ne" };

	for (size_t i = 0; i < 2; i++) {
		somebody(state);
		person.asked_group = false;
		texts("nema vode vec tri dana");
		assert_int_equal(person.dialog.ask, DIALOG_PLACE);
		texts(closes[i]);
		assert_true(answered_says(&answer, "pitanje je zatvoreno"));
		assert_false(answered_says(&answer, "statistiku"));
		assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
		assert_false(person.asked_group);
	}
}

static void
the_group_is_not_asked_where_it_is_delicate(void **state)
{
	(void)state;
	person.asked_group = false;
	texts("policija me legitimisala bez razloga u Vranju");
	texts("STATUS");
	assert_false(answered_says(&answer, "1 Rom"));
}

static void
erasure_takes_the_code_that_was_sent(void **state)
{
	(void)state;
	texts("OBRISI");
	assert_true(answered_says(&answer, "OBRISI 4711"));
	assert_false(answered_says(&answer, "nije tacan"));
	texts("OBRISI 4712");
	assert_false(answered_does(&answer, ACT_ERASE, "", ""));
	assert_true(answered_says(&answer, "Kod nije tacan"));
	assert_true(answered_says(&answer, "OBRISI 4711"));
	texts("obrisi 4711");
	assert_true(answered_does(&answer, ACT_ERASE, "", ""));
	texts("OBRISI 4711");
	assert_false(answered_does(&answer, ACT_ERASE, "", ""));
	texts("4711");
	assert_true(answered_does(&answer, ACT_ERASE, "", ""));
}

static void
an_erasure_is_not_guessed(void **state)
{
	(void)state;
	texts("OBRISI");
	for (int i = 0; i < 2; i++) {
		texts("OBRISI 0815");
		assert_true(answered_says(&answer, "OBRISI 4711"));
	}
	/* No code that would not be taken. */
	texts("0815");
	assert_true(answered_says(&answer, "6 sati"));
	assert_false(answered_says(&answer, "4711"));
	texts("OBRISI 4711");
	assert_false(answered_does(&answer, ACT_ERASE, "", ""));
	assert_int_equal(answer.count, 0);
	now += DAY;
	texts("OBRISI");
	texts("OBRISI 4711");
	assert_true(answered_does(&answer, ACT_ERASE, "", ""));
}

/* The list that came between is closed: whose digits these are is plain. */
static void
digits_are_meant_for_the_code_where_nothing_else_is_asked(void **state)
{
	(void)state;
	texts("nema vode u Vranju");
	texts("OBRISI");
	texts("PRAVO");
	texts("kraj");
	texts("1111");
	assert_int_equal(intent, INTENT_ERASE);
	assert_string_equal(answer.belongs, "");
	assert_true(answered_says(&answer, "Kod nije tacan"));
	assert_int_equal(person.erase.at, 1);
	texts("4711");
	assert_true(answered_does(&answer, ACT_ERASE, "", ""));
	/* Not what else has digits, nor where nobody waits for any. */
	somebody(state);
	texts("nema vode u Vranju");
	texts("OBRISI");
	texts("PRAVO");
	texts("kraj");
	texts("u 1111 je stiglo");
	assert_true(answered_adds(&answer, ""));
	assert_int_equal(person.erase.at, 0);
	somebody(state);
	texts("nema vode u Vranju");
	texts("1111");
	assert_true(answered_adds(&answer, ""));
}

static void
no_other_question_gives_new_guesses(void **state)
{
	(void)state;
	texts("OBRISI");
	for (int i = 0; i < 3; i++)
		texts("OBRISI 0815");
	assert_true(answered_says(&answer, "6 sati"));
	texts("PRAVO 2");
	texts("NE");
	texts("OBRISI");
	assert_int_equal(answer.count, 0);
	texts("OBRISI 4711");
	assert_int_equal(answer.count, 0);
	assert_int_equal(answered_count(&answer, ACT_ERASE), 0);
}

static void
a_code_is_good_whatever_else_is_asked(void **state)
{
	(void)state;
	texts("OBRISI");
	texts("STATUS");
	texts("JEZIK");
	texts("4711");
	assert_true(answered_does(&answer, ACT_ERASE, "", ""));
	somebody(state);
	texts("OBRISI");
	texts("JAVLJANJE mirno Vranje");
	texts("0815");
	assert_int_equal(answered_count(&answer, ACT_ERASE), 0);
	assert_int_equal(person.erase.at, 0);
	texts("OBRISI 4711");
	assert_true(answered_does(&answer, ACT_ERASE, "", ""));
	assert_int_equal(person.erase.ask, DIALOG_NOTHING);
}

static void
a_code_that_came_too_late_is_said_to_be(void **state)
{
	(void)state;
	texts("OBRISI");
	now += DAY;
	texts("OBRISI 4711");
	assert_false(answered_does(&answer, ACT_ERASE, "", ""));
	assert_true(answered_says(&answer, "istekao"));
	assert_true(answered_says(&answer, "OBRISI 4711"));
}

static void
no_in_a_report_closes_nothing(void **state)
{
	static const char *const reports[] = { "Ne radi semafor",
		"ne bije me", "jo drita", "ne dolazi hitna" };

	for (size_t i = 0; i < sizeof reports / sizeof *reports; i++) {
		somebody(state);
		texts("nema vode vec tri dana");
		assert_int_equal(person.dialog.ask, DIALOG_PLACE);
		texts(reports[i]);
		assert_false(answered_says(&answer, "zatvoreno"));
		assert_true(answer.report || *answer.belongs != '\0');
	}
	somebody(state);
	texts("nema vode vec tri dana");
	texts("GLAS NE");
	assert_int_equal(intent, INTENT_VOTE);
}

static void
the_rest_of_a_text_is_in_its_language(void **state)
{
	(void)state;
	segments = 1;
	person.lang = LANG_SR_LATN;
	texts("PRAVO 1");
	assert_int_equal(person.dialog.ask, DIALOG_MORE);
	texts("ОЩЕ");
	segments = 3;
	assert_int_equal(person.lang, LANG_SR_LATN);
	assert_true(answer.count > 0);
	/* Whatever has become of the text since. */
	for (unsigned int at = 0; at < 400; at++) {
		person.lang = LANG_BG;
		person.lang_chosen = true;
		dialog_begin(&person.dialog, DIALOG_MORE, "RIGHTS_POLICE", at,
		    now + DAY);
		texts("DALJE");
		assert_true(answer.count == 0 || utf8_valid(
		    answer.replies[0].text, strlen(answer.replies[0].text)));
	}
}

static void
a_list_is_joined_and_left_by_its_municipality(void **state)
{
	(void)state;
	texts("VESTI VRANJE");
	assert_true(answered_does(&answer, ACT_SUBSCRIBE, "Vranje", ""));
	texts("STOP VRANJE");
	assert_true(answered_does(&answer, ACT_LEAVE, "Vranje", ""));
	assert_false(person.stopped);
	texts("VESTI");
	assert_true(answered_says(&answer, "VESTI VRANJE"));
	texts("stop nasilju u Vranju");
	assert_int_not_equal(intent, INTENT_STOP);
}

static void
a_vote_counts_in_the_poll_that_is_meant(void **state)
{
	(void)state;
	texts("GLAS 2");
	assert_int_equal(answer.act_count, 0);
	assert_true(answered_says(&answer, "7 2 put"));
	assert_true(answered_says(&answer, "npr. GLAS 8 1."));
	texts("GLAS 7 2");
	assert_true(answered_does(&answer, ACT_VOTE, "7", "2"));
	assert_true(answered_says(&answer, "put"));
	texts("GLAS 7 9");
	assert_int_equal(answer.act_count, 0);
	assert_true(answered_says(&answer, "GLAS 7 1. Sta prvo: 7 1 most"));
	now += 2 * HOUR;
	texts("GLAS 7 1");
	assert_int_equal(answer.act_count, 0);
	assert_true(answered_says(&answer, "Glasanje 7 nije otvoreno"));
	assert_true(answered_says(&answer, "GLAS 8 1: Park: 8 1 da"));
	texts("glasam za");
	assert_true(answered_does(&answer, ACT_VOTE, "8", "1"));
	texts("GLAS 2");
	assert_true(answered_does(&answer, ACT_VOTE, "8", "2"));
	now += DAY;
	texts("GLAS 2");
	assert_int_equal(answer.act_count, 0);
	assert_true(answered_says(&answer, "nije otvoreno"));
}

static void
a_digit_or_a_name_votes_where_one_poll_is_meant(void **state)
{
	(void)state;
	texts("GLAS 7 9");
	assert_true(answered_says(&answer, "2 put"));
	texts("2");
	assert_true(answered_does(&answer, ACT_VOTE, "7", "2"));
	texts("2");
	assert_false(answered_does(&answer, ACT_VOTE, "7", "2"));
	/* Two are open, and nobody can tell which is meant. */
	texts("GLAS 9");
	texts("2");
	assert_int_equal(answer.act_count, 0);
	assert_true(answered_says(&answer, "7 2 put"));
	texts("7 2");
	assert_true(answered_does(&answer, ACT_VOTE, "7", "2"));
	texts("GLAS");
	texts("8 1 da");
	assert_true(answered_does(&answer, ACT_VOTE, "8", "1"));
	now += 2 * HOUR;	/* now one is */
	texts("GLAS");
	texts("104828");
	assert_int_equal(answer.act_count, 0);
	texts("glasam za ne");
	assert_true(answered_does(&answer, ACT_VOTE, "8", "2"));
}

static void
no_counts_as_yes_does_where_a_poll_asks_for_it(void **state)
{
	static const char *const yes[] = { "da", "da, hvala", "8 da", "PO",
		"за" };
	static const char *const no[] = { "ne", "ne, hvala", "8 ne", "jo",
		"Не", "protiv" };

	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
		somebody(state);
		texts("GLAS");
		texts(yes[i]);
		if (!answered_does(&answer, ACT_VOTE, "8", "1"))
			print_error("%s\n", yes[i]);
		assert_true(answered_does(&answer, ACT_VOTE, "8", "1"));
	}
	for (size_t i = 0; i < sizeof no / sizeof *no; i++) {
		somebody(state);
		texts("GLAS");
		texts(no[i]);
		if (!answered_does(&answer, ACT_VOTE, "8", "2"))
			print_error("%s\n", no[i]);
		assert_true(answered_does(&answer, ACT_VOTE, "8", "2"));
	}
	/* Where none asks for it, and in other words, it closes the list. */
	somebody(state);
	texts("GLAS 7");
	texts("ne");
	assert_int_equal(intent, INTENT_ANSWER);
	assert_int_equal(answer.act_count, 0);
	texts("GLAS");
	texts("ne znam");
	assert_int_equal(answer.act_count, 0);
	texts("GLAS");
	texts("kraj");
	assert_int_equal(intent, INTENT_ANSWER);
}

static void
what_is_listed_is_voted_for_by_its_name(void **state)
{
	(void)state;
	texts("GLAS");
	texts("most");
	assert_false(answer.report);
	assert_true(answered_does(&answer, ACT_VOTE, "7", "1"));
	texts("GLAS");
	texts("школа!");
	assert_true(answered_does(&answer, ACT_VOTE, "7", "3"));
	texts("GLAS");
	texts("ne radi put");
	assert_int_equal(answered_count(&answer, ACT_VOTE), 0);
	/* The poll, and the number in words. */
	texts("GLAS 7 dva");
	assert_true(answered_does(&answer, ACT_VOTE, "7", "2"));
	texts("GLAS 7");
	assert_true(answered_says(&answer, "GLAS 7 1. Sta prvo: 7 1 most"));
	assert_false(answered_says(&answer, "Park"));
	texts("drugo");
	assert_true(answered_does(&answer, ACT_VOTE, "7", "2"));
}

static void
a_word_for_a_vote_alone_is_told_what_there_is(void **state)
{
	(void)state;
	now += 2 * HOUR;
	texts("GLAS");
	assert_true(answered_says(&answer, "GLAS 1. Park: 1 da, 2 ne."));
	assert_false(answered_says(&answer, "nema"));
	assert_int_equal(person.dialog.ask, DIALOG_VOTE);
	texts("GLAS 9");
	assert_true(answered_says(&answer, "Tog odgovora nema"));
}

static void
an_option_is_voted_for_by_its_name(void **state)
{
	(void)state;
	texts("GLAS 7 put");
	assert_true(answered_does(&answer, ACT_VOTE, "7", "2"));
	texts("GLAS 7 ŠKOLA");
	assert_true(answered_does(&answer, ACT_VOTE, "7", "3"));
	texts("GLAS 7 park");
	assert_int_equal(answer.act_count, 0);
	texts("glasam za most");
	assert_true(answered_does(&answer, ACT_VOTE, "7", "1"));
	/* Whatever else it would tell of. */
	texts("GLAS put do skole");
	assert_true(answered_does(&answer, ACT_VOTE, "7", "4"));
	assert_false(answer.report);
	texts("GLAS 7: put do skole");
	assert_true(answered_does(&answer, ACT_VOTE, "7", "4"));
	texts("GLAS put do skole je propao");
	assert_true(answer.report);
	texts("ne glasam za most");
	assert_int_equal(answer.act_count, 0);
}

static void
a_vote_is_what_a_person_means_by_it(void **state)
{
	static const struct {
		const char *text, *option;	/* "": there is no such answer */
	} votes[] = {
		{ "GLAS 2.", "2" }, { "GLAS dva", "2" }, { "GLAS-2", "2" },
		{ "GLAS - 2", "2" }, { "GLAS: 2!", "2" }, { "2", "2" },
		{ "GLAS 2 hvala", "2" }, { "GLAS 2, hvala lepo", "2" },
		{ "2 hvala", "2" }, { "2. Hvala vam!", "2" },
		{ "VOTE 2 thank you very much", "2" },
		{ "GLAS -1", "" }, { "GLAS 0", "" }, { "GLAS 99", "" },
		{ "GLAS 99 hvala", "" }, { "GLAS -2 hvala", "" },
		{ "GLAS 1000000", "" },
		{ "GLAS 99999999999999999999999999", "" },
	};

	for (size_t i = 0; i < sizeof votes / sizeof *votes; i++) {
		somebody(state);
		now += 2 * HOUR;
		texts(votes[i].text);
		if (*votes[i].option != '\0' && !answered_does(&answer,
		    ACT_VOTE, "8", votes[i].option))
			print_error("%s\n", votes[i].text);
		assert_false(answer.report);
		assert_int_equal(answer.count, 1);
		if (*votes[i].option != '\0') {
			assert_true(answered_does(&answer,
			    ACT_VOTE, "8", votes[i].option));
			continue;
		}
		assert_int_equal(answer.act_count, 0);
		assert_true(answered_says(&answer, "npr. GLAS 1."));
		assert_int_equal(person.dialog.ask, DIALOG_VOTE);
	}
}

static void
a_vote_in_between_leaves_what_is_asked(void **state)
{
	(void)state;
	now += 2 * HOUR;
	texts("nema vode u Oraovici");
	texts("GLAS 1");
	assert_true(answered_does(&answer, ACT_VOTE, "8", "1"));
	texts("2");
	assert_int_equal(answered_count(&answer, ACT_VOTE), 0);
	assert_true(answered_does(&answer,
	    ACT_PLACE, "104828", "Preševo/Oraovica"));
	texts("JAVLJANJE mirno Vranje");
	texts("GLAS 2");
	texts("2");
	assert_true(answered_does(&answer, ACT_VALUE, "0/incidents", "2"));
	texts("PITAJ");
	texts("GLAS 1");
	texts("zasto nema lekara u ambulanti");
	assert_true(answered_does(&answer, ACT_QUESTION, "104828", ""));
	dialog_begin(&person.dialog, DIALOG_GROUP, "", 0, now + DAY);
	texts("GLAS 1");
	texts("2");
	assert_true(answered_does(&answer, ACT_GROUP, "", "elderly"));
	dialog_begin(&person.dialog, DIALOG_ATTEND, "3", 0, now + DAY);
	texts("GLAS 1");
	texts("da dolazim, hvala");
	assert_true(answered_does(&answer, ACT_ATTEND, "3", "yes"));
	/* What there is to vote for is the newer list. */
	texts("JAVLJANJE mirno Vranje");
	texts("GLAS 9");
	texts("1");
	assert_true(answered_does(&answer, ACT_VOTE, "8", "1"));
}

/* A list of options does not take the place of what binds somebody, or of what a
 * case worker has asked. */
static void
a_vote_that_does_not_count_leaves_what_people_asked(void **state)
{
	static const char *const votes[] = { "GLAS 9", "GLAS" };

	for (size_t i = 0; i < sizeof votes / sizeof *votes; i++) {
		somebody(state);
		now += 2 * HOUR;
		dialog_begin(&person.dialog, DIALOG_STEP, "104828/7", 0,
		    now + DAY);
		texts(votes[i]);
		assert_int_equal(person.dialog.ask, DIALOG_STEP);
		texts("da");
		assert_int_equal(answered_count(&answer, ACT_VOTE), 0);
		assert_true(answered_does(&answer, ACT_STEP, "104828/7",
		    "yes"));
	}
}

/* Thanks do not make a vote, or an answer to an invitation, of any words. */
static void
thanks_for_what_is_not_wanted_are_no_vote(void **state)
{
	static const char *const no[] = { "hvala, ne glasam", "ne zelim, hvala",
		"ne sada, hvala", "hvala ne treba", "no vote, thanks",
		"not now thanks" };

	for (size_t i = 0; i < sizeof no / sizeof *no; i++) {
		somebody(state);
		now += 2 * HOUR;
		texts("GLAS");
		assert_int_equal(person.dialog.ask, DIALOG_VOTE);
		texts(no[i]);
		if (answer.act_count != 0)
			print_error("%s\n", no[i]);
		assert_int_equal(answer.act_count, 0);
	}
	somebody(state);
	dialog_begin(&person.dialog, DIALOG_ATTEND, "3", 0, now + DAY);
	texts("hvala na pozivu");
	assert_int_equal(answered_count(&answer, ACT_ATTEND), 0);
	dialog_begin(&person.dialog, DIALOG_ATTEND, "3", 0, now + DAY);
	texts("ne, hvala");
	assert_true(answered_does(&answer, ACT_ATTEND, "3", "no"));
}

/* Its number is of that list; nothing is voted for with it. */
static void
stop_behind_a_number_of_another_list_is_no_vote(void **state)
{
	somebody(state);
	now += 2 * HOUR;
	texts("nema vode u Oraovici");
	texts("2 STOP");
	assert_int_equal(answered_count(&answer, ACT_VOTE), 0);
	assert_true(person.stopped);
}

static void
a_line_before_a_number_makes_it_none(void **state)
{
	somebody(state);
	now += 2 * HOUR;
	texts("GLAS");
	texts("-1");
	assert_int_equal(answered_count(&answer, ACT_VOTE), 0);
	texts("nema vode u Oraovici");
	texts("3");
	texts("3");
	assert_int_equal(answered_count(&answer, ACT_VOTE), 0);
}

/* STOP holds whatever stands before it, and the vote was cast before. */
static void
stop_behind_a_vote_is_both(void **state)
{
	static const char *const both[] = { "GLAS 2 STOP", "2 STOP",
		"GLAS 2, stop!", "VOTE 2 STOP", "ГЛАС 2 СТОП" };

	for (size_t i = 0; i < sizeof both / sizeof *both; i++) {
		somebody(state);
		now += 2 * HOUR;
		texts(both[i]);
		assert_true(answered_does(&answer, ACT_VOTE, "8", "2"));
		assert_true(person.stopped);
		assert_int_equal(answer.count, 1);
		assert_true(answered_says(&answer, "START"));
	}
	somebody(state);
	now += 2 * HOUR;
	texts("GLAS 99 STOP");
	assert_true(person.stopped);
	assert_int_equal(answer.act_count, 0);
	assert_true(answered_says(&answer, "npr. GLAS 1."));
	assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
	/* What only closes a question stops nothing. */
	somebody(state);
	now += 2 * HOUR;
	texts("GLAS 2 kraj");
	assert_true(answered_does(&answer, ACT_VOTE, "8", "2"));
	assert_false(person.stopped);
	/* Nothing is open: STOP is left. */
	somebody(state);
	now += 2 * DAY;
	texts("GLAS 2 STOP");
	assert_true(person.stopped);
	assert_true(answered_says(&answer, "Odjavljeni ste"));
}

/* Whoever may be a machine does not vote; STOP holds, whatever is open. */
static void
of_who_is_silenced_no_more_than_stop_is_done(void **state)
{
	static const char *const both[] = { "GLAS 2 STOP", "2 STOP" };

	for (size_t i = 0; i < 2 * (sizeof both / sizeof *both); i++) {
		somebody(state);
		now += 2 * HOUR;
		if (i % 2 != 0)
			texts("GLAS");
		silence = SILENCE_SILENCED;
		texts(both[i / 2]);
		assert_int_equal(intent, INTENT_STOP);
		assert_true(person.stopped);
		assert_int_equal(answer.act_count, 0);
		assert_int_equal(answer.count, 1);
		assert_true(answered_says(&answer, "Odjavljeni ste"));
		assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
	}
}

static void
an_answer_that_thanks_is_one(void **state)
{
	(void)state;
	texts("nema vode u Oraovici");
	texts("2 hvala");
	assert_true(answered_does(&answer,
	    ACT_PLACE, "104828", "Preševo/Oraovica"));
	texts("PRAVO");
	texts("5, hvala!");
	assert_int_equal(intent, INTENT_RIGHTS);
	texts("OBRISI");
	texts("4711 hvala");
	assert_true(answered_does(&answer, ACT_ERASE, "", ""));
	texts("JAVLJANJE 5 Vranje");
	texts("napeto, hvala");
	assert_true(answered_does(&answer, ACT_VALUE, "0/mood", "tense"));
	somebody(state);
	person.invited[0] = 3;
	dialog_begin(&person.dialog, DIALOG_ATTEND, "3", 0, now + DAY);
	texts("ne, hvala");
	assert_true(answered_does(&answer, ACT_ATTEND, "3", "no"));
	dialog_begin(&person.dialog, DIALOG_ATTEND, "3", 0, now + DAY);
	texts("da hvala");
	assert_true(answered_does(&answer, ACT_ATTEND, "3", "yes"));
	dialog_begin(&person.dialog, DIALOG_GROUP, "", 0, now + DAY);
	texts("žena, hvala");
	assert_true(answered_does(&answer, ACT_GROUP, "", "woman"));
	now += 2 * HOUR;
	texts("GLAS");
	texts("da hvala");
	assert_true(answered_does(&answer, ACT_VOTE, "8", "1"));
	/* Nothing but thanks leaves what is asked. */
	texts("nema vode u Oraovici");
	texts("hvala lepo");
	assert_int_equal(answer.count, 0);
	assert_int_equal(person.dialog.ask, DIALOG_PLACE);
}

/* They waited for the database. */
static void
what_came_in_time_is_taken_though_it_is_read_late(void **state)
{
	(void)state;
	texts("PRIJAVA rupa na putu");
	now += 2 * HOUR;
	late = 2 * HOUR;
	texts("Bujanovac");
	assert_false(answer.report);
	assert_string_equal(where, "Bujanovac");
	late = 0;
	texts("OBRISI");
	now += 7 * HOUR;
	late = 7 * HOUR;
	texts("OBRISI 4711");
	assert_true(answered_does(&answer, ACT_ERASE, "", ""));
}

static void
what_is_said_two_seconds_later_goes_on_though_it_is_read_late(void **state)
{
	(void)state;
	texts("PRIJAVA rupa na putu, Bujanovac");
	now += 2 * HOUR;
	late = 2 * HOUR;
	texts("duboka je pola metra");
	assert_false(answer.report);
	assert_string_equal(answer.belongs, "104828");
	late = 0;
	now += DAY;
	texts("duboka je pola metra");
	assert_string_equal(answer.belongs, "");
}

static void
a_vote_that_came_in_time_counts_though_it_is_read_late(void **state)
{
	(void)state;
	now += DAY + HOUR;
	late = 2 * HOUR;
	texts("GLAS 2");
	assert_true(answered_does(&answer, ACT_VOTE, "8", "2"));
	late = 0;
	texts("GLAS 2");
	assert_int_equal(answer.act_count, 0);
	assert_true(answered_says(&answer, "nije otvoreno"));
}

/* There is no rest, and nobody knows them: the word is all that tells. */
static void
a_word_for_more_tells_the_language_of_who_is_new(void **state)
{
	static const struct {
		const char *word;
		enum lang lang;
	} words[] = { { "ОЩЕ", LANG_BG }, { "VAZHDO", LANG_SQ },
		{ "ME SHUME", LANG_SQ }, { "DUREDER", LANG_ROM } };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		somebody(state);
		texts(words[i].word);
		assert_int_equal(person.lang, words[i].lang);
	}
	somebody(state);
	texts("nema vode u Vranju");
	texts("VAZHDO");
	assert_int_equal(person.lang, LANG_SR_LATN);
}

/* The options are the one field that is not known from before. */
static void
the_rest_of_many_options_comes_with_them(void **state)
{
	(void)state;
	segments = 1;
	person.lang = LANG_SR_CYRL;
	person.lang_chosen = person.cyrillic = true;
	texts("GLAS");
	assert_true(answered_says(&answer, "Sta prvo: 7 1 most"));
	assert_true(answered_says(&answer, "ДАЉЕ"));
	assert_false(answered_says(&answer, "8 2 ne"));
	texts("DALJE");
	assert_true(answered_says(&answer, "8 2 ne"));
	assert_false(answered_says(&answer, "7 1 most"));
	segments = 3;
}

static void
an_invitation_is_answered_by_yes_and_no(void **state)
{
	(void)state;
	person.invited[0] = 3;
	texts("DOLAZIM");
	assert_true(answered_does(&answer, ACT_ATTEND, "3", "yes"));
	assert_true(answered_says(&answer, "Dom kulture"));
	texts("ne mogu");
	assert_true(answered_does(&answer, ACT_ATTEND, "3", "no"));
	texts("ne dolazim");
	assert_true(answered_does(&answer, ACT_ATTEND, "3", "no"));
	dialog_begin(&person.dialog, DIALOG_ATTEND, "3", 0, now + DAY);
	texts("da");
	assert_true(answered_does(&answer, ACT_ATTEND, "3", "yes"));
	dialog_begin(&person.dialog, DIALOG_ATTEND, "3", 0, now + DAY);
	texts("jo");
	assert_true(answered_does(&answer, ACT_ATTEND, "3", "no"));
	now += 2 * DAY;
	texts("DOLAZIM");
	assert_int_equal(answer.act_count, 0);
}

static void
who_comes_comes_to_what_they_were_invited_to(void **state)
{
	(void)state;
	/* Not the next of all. */
	person.invited[0] = 5;
	texts("DOLAZIM");
	assert_true(answered_does(&answer, ACT_ATTEND, "5", "yes"));
	/* To several: asked, and answered with the number. */
	person.invited[0] = 3;
	person.invited[1] = 5;
	texts("NE MOGU");
	assert_int_equal(answer.act_count, 0);
	assert_true(answered_says(&answer,
	    "3 Tribina, 24.11.2026. 5 Skupstina, 27.11.2026."));
	texts("NE MOGU 5");
	assert_true(answered_does(&answer, ACT_ATTEND, "5", "no"));
	texts("DOLAZIM 3");
	assert_true(answered_does(&answer, ACT_ATTEND, "3", "yes"));
	/* A yes is of the one that was asked about. */
	dialog_begin(&person.dialog, DIALOG_ATTEND, "5", 0, now + DAY);
	texts("da");
	assert_true(answered_does(&answer, ACT_ATTEND, "5", "yes"));
	/* To none: whoever heard of one says which. */
	somebody(state);
	texts("DOLAZIM");
	assert_int_equal(answer.act_count, 0);
	assert_true(answered_says(&answer, "DOLAZIM 3 ili NE MOGU 3"));
	texts("DOLAZIM 3");
	assert_true(answered_does(&answer, ACT_ATTEND, "3", "yes"));
	texts("DOLAZIM 4");
	assert_int_equal(answer.act_count, 0);
}

static void
yes_to_a_list_of_one_event_is_that_one(void **state)
{
	static const char *const yes[] = { "da", "da, hvala", "po", "yes" };

	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
		somebody(state);
		now += 2 * DAY;
		texts("DOLAZIM");
		assert_string_equal(person.dialog.about, "yes");
		texts(yes[i]);
		assert_true(answered_does(&answer, ACT_ATTEND, "5", "yes"));
		assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
	}
	/* Of two it is not said which. */
	somebody(state);
	texts("DOLAZIM");
	texts("da");
	assert_int_equal(answered_count(&answer, ACT_ATTEND), 0);
	assert_true(answered_says(&answer, "DOLAZIM 3 ili NE MOGU 3"));
}

static void
which_event_is_said_by_its_number(void **state)
{
	(void)state;
	now += 2 * HOUR;	/* one poll is open */
	texts("DOLAZIM");
	assert_true(answered_says(&answer, "3 Tribina"));
	assert_int_equal(person.dialog.ask, DIALOG_ATTEND);
	texts("9");
	assert_int_equal(answer.act_count, 0);
	assert_true(answered_says(&answer, "3 Tribina"));
	texts("3");
	assert_true(answered_does(&answer, ACT_ATTEND, "3", "yes"));
	assert_int_equal(answered_count(&answer, ACT_VOTE), 0);
	assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
	texts("NE MOGU");
	texts("5 hvala");
	assert_true(answered_does(&answer, ACT_ATTEND, "5", "no"));
	/* To none of them. */
	texts("DOLAZIM");
	texts("ne");
	assert_int_equal(intent, INTENT_ANSWER);
	assert_int_equal(answer.act_count, 0);
	assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
	texts("DOLAZIM");
	texts("GLAS 1");
	assert_true(answered_does(&answer, ACT_VOTE, "8", "1"));
}

static void
one_of_a_list_is_said_in_words(void **state)
{
	static const char *const second[] = { "the second one", "the 2nd",
		"number two, please", "drugi", "onaj drugi", "druga opcija",
		"drugu opciju", "drugi po redu", "pod brojem dva",
		"pod rednim brojem 2", "za drugo", "2 molim", "друго",
		"под бројем два", "i dyti", "e dyta", "të dytin",
		"opsioni 2", "dy ju lutem", "o dujto", "numero duj",
		"второто", "номер 2" };
	static const char *const seventh[] = { "seventh", "sedmo",
		"i shtati", "седмото", "broj sedam" };
	static const char *const none[] = { "nesto drugo", "a second time",
		"cetvrtak", "park", "vtornik" };

	for (size_t i = 0; i < sizeof second / sizeof *second; i++) {
		somebody(state);
		texts("nema vode u Oraovici");
		texts(second[i]);
		if (!answered_does(&answer,
		    ACT_PLACE, "104828", "Preševo/Oraovica"))
			print_error("%s\n", second[i]);
		assert_true(answered_does(&answer,
		    ACT_PLACE, "104828", "Preševo/Oraovica"));
		somebody(state);
		texts("PRAVO");
		texts(second[i]);
		assert_true(answered_says(&answer, "HAPSENJE:"));
		assert_int_equal(person.lang, LANG_SR_LATN);
	}
	for (size_t i = 0; i < sizeof seventh / sizeof *seventh; i++) {
		somebody(state);
		texts("PRAVO 7");
		free(first);
		first = xstrdup(answer.replies[0].text);
		somebody(state);
		texts("PRAVO");
		texts(seventh[i]);
		assert_true(answered_says(&answer, first));
	}
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		somebody(state);
		texts("PRAVO");
		texts(none[i]);
		assert_false(answered_says(&answer, "HAPSENJE:"));
	}
	/* Their numbers are not where they stand in the list. */
	somebody(state);
	texts("DOLAZIM");
	texts("the second one");
	assert_true(answered_does(&answer, ACT_ATTEND, "5", "yes"));
	texts("NE MOGU");
	texts("prvi");
	assert_true(answered_does(&answer, ACT_ATTEND, "3", "no"));
	texts("DOLAZIM");
	/* Two words that say no number bring the list once more. */
	texts("ono veliko");
	assert_true(answered_says(&answer, "5 Skupstina"));
	texts("5");
	assert_true(answered_does(&answer, ACT_ATTEND, "5", "yes"));
}

static void
who_does_not_know_is_not_taken_for_a_no(void **state)
{
	static const char *const said[] = { "ne znam", "ne znam jos",
		"не знам", "mozda", "nuk e di", "I dont know" };

	for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
		somebody(state);
		dialog_begin(&person.dialog, DIALOG_SOLVED, "104828", 0,
		    now + DAY);
		texts(said[i]);
		assert_int_equal(intent, INTENT_ANSWER);
		assert_int_equal(answer.act_count, 0);
		assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
		dialog_begin(&person.dialog, DIALOG_ATTEND, "3", 0, now + DAY);
		texts(said[i]);
		assert_int_equal(answer.act_count, 0);
		assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
	}
	/* What tells of something is not lost. */
	dialog_begin(&person.dialog, DIALOG_ATTEND, "3", 0, now + DAY);
	texts("mozda nema vode u Ristovcu");
	assert_true(answer.report);
	dialog_begin(&person.dialog, DIALOG_ATTEND, "3", 0, now + DAY);
	texts("mozda nema struje");
	assert_true(answer.report);
}

static void
an_answer_that_thanks_besides_is_one(void **state)
{
	static const char *const answers[] = { "u utorak, hvala",
		"Hvala, 15", "Milan, hvala", "Hvala, Milan Petrovic",
		"Hvala, bilo je u utorak", "Hvala, radi", "hvala, popravljeno",
		"Milan i Jovan. Hvala vam" };
	static const char *const thanks[] = { "hvala", "Hvala!",
		"hvala vam puno", "Puno hvala.", "Hvala, pozdrav",
		"Hvala puno, sve najbolje", "Hvala, prijatno vece",
		"Hvala, Milica", "Hvala, laku noc!", "Pozdrav, hvala",
		"Hvala lepo. Prijatan dan", "hvala, dovidjenja i pozdrav",
		"Хвала, пријатно вече", "Хвала Вам, свако добро",
		"Faleminderit, ju pershendes", "Faleminderit, naten e mire",
		"Flm, gjithe te mirat", "Najis, ačhen Devlesa",
		"Благодаря, лека нощ", "Мерси, всичко добро",
		"Thanks, good night", "Thank you, best regards" };
	static const char *const places[] = { "novo selo hvala",
		"Novo Selo, hvala", "u novom selu, hvala vam" };

	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
		somebody(state);
		dialog_begin(&person.dialog, DIALOG_QUESTION, "104828", 0,
		    now + DAY);
		texts(answers[i]);
		assert_int_equal(intent, INTENT_ANSWER);
		assert_string_equal(answer.belongs, "104828");
	}
	for (size_t i = 0; i < sizeof thanks / sizeof *thanks; i++) {
		somebody(state);
		dialog_begin(&person.dialog, DIALOG_QUESTION, "104828", 0,
		    now + DAY);
		texts(thanks[i]);
		if (*answer.belongs != '\0')
			print_error("%s\n", thanks[i]);
		assert_string_equal(answer.belongs, "");
		assert_int_equal(person.dialog.ask, DIALOG_QUESTION);
	}
	somebody(state);
	texts("nema vode vec tri dana");
	texts("Oraovica hvala");
	assert_true(answered_says(&answer, "1 Leskovac, 2 Presevo"));
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		somebody(state);
		texts("nema vode vec tri dana");
		texts(places[i]);
		if (!answered_says(&answer, "3 Surdulica"))
			print_error("%s\n", places[i]);
		assert_true(answered_says(&answer, "3 Surdulica"));
	}
	somebody(state);
	texts("nema vode vec tri dana");
	texts("izvor, hvala");
	assert_true(answered_says(&answer, "Izvor: 1 Bosilegrad?"));
	somebody(state);
	texts("nema vode vec tri dana");
	texts("hvala vam");
	assert_int_equal(person.dialog.ask, DIALOG_PLACE);
}

static void
an_invitation_and_a_mark_are_answered_in_words(void **state)
{
	static const char *const yes[] = { "da", "ok", "vazi, dolazim",
		"naravno dolazim", "po" };

	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
		somebody(state);
		dialog_begin(&person.dialog, DIALOG_ATTEND, "3", 0, now + DAY);
		texts(yes[i]);
		if (!answered_does(&answer, ACT_ATTEND, "3", "yes"))
			print_error("%s\n", yes[i]);
		assert_true(answered_does(&answer, ACT_ATTEND, "3", "yes"));
	}
	dialog_begin(&person.dialog, DIALOG_ATTEND, "3", 0, now + DAY);
	texts("nazalost, ne mogu");
	assert_true(answered_does(&answer, ACT_ATTEND, "3", "no"));
	dialog_begin(&person.dialog, DIALOG_SOLVED, "104828", 1, now + DAY);
	texts("pet");
	assert_true(answered_does(&answer, ACT_RATING, "104828", "5"));
}

static void
how_something_stands_is_asked_at_a_debate_by_who_has_no_case(void **state)
{
	(void)state;
	texts("PITAJ");
	texts("sta je sa putem");
	assert_true(answered_does(&answer, ACT_QUESTION, "104828", ""));
	texts("PITAJ");
	texts("sta je sa prijavom");
	assert_int_equal(intent, INTENT_STATUS);
}

static void
what_a_person_asked_waits_for_who_says_that_they_come(void **state)
{
	(void)state;
	now += 2 * HOUR;	/* one poll is open */
	dialog_begin(&person.dialog, DIALOG_STEP, "104828/7", 0, now + DAY);
	texts("DOLAZIM");
	assert_true(answered_says(&answer, "DOLAZIM 3"));
	assert_int_equal(person.dialog.ask, DIALOG_STEP);
	/* Neither a vote nor an event. */
	texts("2");
	assert_int_equal(answer.act_count, 0);
	assert_true(answered_says(&answer, "samo sa DA ili NE"));
	texts("DOLAZIM 3");
	assert_true(answered_does(&answer, ACT_ATTEND, "3", "yes"));
	texts("da");
	assert_true(answered_does(&answer, ACT_STEP, "104828/7", "yes"));
	dialog_begin(&person.dialog, DIALOG_QUESTION, "104828", 0, now + DAY);
	texts("NE MOGU");
	assert_true(answered_says(&answer, "NE MOGU 3"));
	assert_int_equal(person.dialog.ask, DIALOG_QUESTION);
	texts("bilo je u utorak");
	assert_string_equal(answer.belongs, "104828");
	/* What they began waits, and makes room for the list. */
	texts("PRIJAVA");
	texts("DOLAZIM 5");
	assert_int_equal(person.dialog.ask, DIALOG_WHAT);
	texts("DOLAZIM");
	assert_int_equal(person.dialog.ask, DIALOG_ATTEND);
}

static void
a_number_that_is_of_no_event_leaves_the_invitation(void **state)
{
	static const char *const said[] = { "dolazim u 18", "Dolazim, nas 3",
		"dolazim sutra u 5", "dolazim 3. decembra", "DOLAZIM 18",
		"necu doci u 3", "vij ne ora 3" };
	static const char *const of_other[] = { "DOLAZIM 3", "dolazim: 3",
		"NE MOGU 3", "Ne dolazim 3", "ne mogu doci 3", "nuk vij 3",
		"ja dolazim 3" };

	for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
		somebody(state);
		person.invited[0] = 5;
		texts(said[i]);
		if (answered_count(&answer, ACT_ATTEND) == 0)
			print_error("%s\n", said[i]);
		assert_int_equal(answered_count(&answer, ACT_ATTEND), 1);
		assert_true(answered_says(&answer, "Skupstina"));
	}
	/* Which of several is asked. */
	person.invited[1] = 3;
	texts("Dolazim, nas 3");
	assert_int_equal(answer.act_count, 0);
	for (size_t i = 0; i < sizeof of_other / sizeof *of_other; i++) {
		somebody(state);
		person.invited[0] = 5;
		texts(of_other[i]);
		if (!answered_says(&answer, "Tribina"))
			print_error("%s\n", of_other[i]);
		assert_true(answered_says(&answer, "Tribina"));
		assert_int_equal(answered_count(&answer, ACT_ATTEND), 1);
	}
}

/* An invitation comes in the middle of something else. */
static void
the_words_of_an_invitation_count_whatever_else_is_asked(void **state)
{
	(void)state;
	person.invited[0] = 3;
	now += 2 * HOUR;	/* a poll for yes or no is open */
	texts("JAVLJANJE mirno Vranje");
	assert_int_equal(person.dialog.ask, DIALOG_FIELD);
	texts("DOLAZIM");
	assert_true(answered_does(&answer, ACT_ATTEND, "3", "yes"));
	assert_int_equal(answered_count(&answer, ACT_VOTE), 0);
}

static void
is_asked_whether_solved(void)
{
	person.asked = (struct conversation_case){ .reference = "200006",
		.status = "answered", .category = "LIGHT",
		.municipality = "Vranje" };
	dialog_begin(&person.dialog, DIALOG_SOLVED, "104828", 0, now + DAY);
}

static void
yes_it_is_solved_and_how_well_is_asked(void **state)
{
	(void)state;
	is_asked_whether_solved();
	texts("da");
	assert_int_equal(intent, INTENT_ANSWER);
	assert_int_equal(answer.act_count, 1);
	assert_true(answered_does(&answer, ACT_SOLVED, "104828", "yes"));
	assert_true(answered_says(&answer, "od 1 (lose) do 5"));
	texts("4");
	assert_int_equal(answer.act_count, 1);
	assert_true(answered_does(&answer, ACT_RATING, "104828", "4"));
	assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
}

static void
no_it_is_not_solved_and_what_comes_next_is_kept(void **state)
{
	(void)state;
	is_asked_whether_solved();
	texts("NE");
	assert_int_equal(answer.act_count, 1);
	assert_true(answered_does(&answer, ACT_SOLVED, "104828", "no"));
	assert_true(answered_says(&answer, "104828 je ponovo otvorena"));
	assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
	is_asked_whether_solved();
	person.lang = LANG_SQ;
	texts("jo");
	assert_true(answered_does(&answer, ACT_SOLVED, "104828", "no"));
}

static void
that_it_is_not_mended_is_a_no_and_kept(void **state)
{
	static const char *const no[] = { "Nije reseno, opet je mrak",
		"nisu popravili, svaki dan isto", "Nije popravljeno jos uvek",
		"nuk eshte rregulluar, prape terr", "not fixed, it is dark again",
		"не е поправено, пак е тъмно", "nane reseno, pale tomna si" };

	(void)state;
	for (size_t i = 0; i < sizeof no / sizeof *no; i++) {
		is_asked_whether_solved();
		texts(no[i]);
		assert_int_equal(intent, INTENT_ANSWER);
		assert_true(answered_does(&answer, ACT_SOLVED, "104828", "no"));
		assert_true(answered_adds(&answer, ""));
		assert_false(answer.report);
		assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
	}
	is_asked_whether_solved();
	texts("NE");
	assert_int_equal(answered_count(&answer, ACT_FOLLOW), 0);
	assert_true(answered_says(&answer, "Napisite sta nije reseno"));
	is_asked_whether_solved();
	texts("nije reseno");
	assert_true(answered_says(&answer, "Napisite sta nije reseno"));
	/* Who has written it is not asked to. */
	is_asked_whether_solved();
	texts("Nije reseno, opet je mrak");
	assert_true(answered_says(&answer, "Dodato prijavi 104828"));
	is_asked_whether_solved();
	texts("PRIJAVA nije reseno nista, nema vode u Bujanovcu");
	assert_true(answer.report);
}

static void
a_no_in_many_words_is_a_no_and_kept(void **state)
{
	static const char *const no[] = { "NE jos uvek ne radi",
		"NE, i dalje ne radi rasveta", "Ne. I dalje je mrak",
		"ne nije, jos nema svetla", "jok i dalje mrak",
		"Ne radi i dalje", "Jo, ende nuk punon", "не, пак е тъмно е",
		"Ne, i dalje ne radi rasveta u Vranju kod skole, hvala vam",
		"Dobar dan, ne, i dalje je mrak", "na, pale tomna si kate",
		"No, it is still dark here", "Nuk punon ende drita",
		("Ne, vec nedelju dana u celoj ulici nema svetla, deca se boje "
		    "da idu u skolu, zovite ih ponovo"),
		"Popravili su ali opet ne radi", "Da, ali opet je mrak",
		"i dalje mrak", "nema svetla jos uvek", "S'punon ende",
		"Jos uvek je mrak u celoj nasoj ulici od skole do crkve",
		"zavrsili su ulicu a nas preskocili",
		"popravili samo jednu sijalicu",
		"popravili kod skole, kod nas i dalje mrak" };
	static const char *const other[] = {
		"ne radi rasveta u Bujanovcu vec tri dana",
		"Ne Bujanoc nuk ka uje tri dite",
		"Da prijavim, nema vode u Vranju tri dana",
		"Ne, policija me tukla sinoc", "i dalje policija maltretira decu",
		"Dosli su iz policije i pretukli mi brata",
		"Erdhi nje qen dhe me kafshoi ne rruge" };
	static const char *const none[] = {
		"ne znam jos, bicu tamo sutra", "radi li to neko",
		"Radi se na putu u Vranju", "radi kafana celu noc buka" };

	(void)state;
	for (size_t i = 0; i < sizeof no / sizeof *no; i++) {
		is_asked_whether_solved();
		texts(no[i]);
		if (!answered_does(&answer, ACT_SOLVED, "104828", "no"))
			print_error("%s\n", no[i]);
		assert_true(answered_does(&answer, ACT_SOLVED, "104828", "no"));
		assert_true(answered_adds(&answer, ""));
		assert_false(answer.report);
		assert_true(answered_says(&answer, "104828"));
		assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
	}
	for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
		is_asked_whether_solved();
		strcpy(person.asked.reference, "104828");
		texts(other[i]);
		if (!answer.report)
			print_error("%s\n", other[i]);
		assert_true(answer.report);
		assert_int_equal(answered_count(&answer, ACT_SOLVED), 0);
	}
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		is_asked_whether_solved();
		texts(none[i]);
		assert_int_equal(answered_count(&answer, ACT_SOLVED), 0);
	}
}

static void
that_it_is_mended_is_a_yes_thanks_or_not(void **state)
{
	static const char *const yes[] = { "Jeste reseno, hvala puno",
		"popravljeno je, hvala", "Popravljeno je", "Hvala, reseno je",
		"da, sve radi", "Da, popravili su juce", "reseno",
		"U rregullua, faleminderit", "Erdhi drita",
		"U redu je sad, hvala vam puno", "Danas je popravljeno hvala",
		"оправиха го, благодаря", "It is fixed now", "fixed, thanks",
		"da, hvala vam lepo sto ste brzo reagovali" };
	static const char *const none[] = { "Popravite vec jednom", "ok hvala",
		"Da li je neko uopste dolazio", "ne brinite, javicu vam" };

	(void)state;
	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
		is_asked_whether_solved();
		texts(yes[i]);
		if (!answered_does(&answer, ACT_SOLVED, "104828", "yes"))
			print_error("%s\n", yes[i]);
		assert_true(answered_does(&answer, ACT_SOLVED, "104828",
		    "yes"));
		assert_int_equal(person.dialog.ask, DIALOG_SOLVED);
		assert_false(answer.report);
	}
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		is_asked_whether_solved();
		texts(none[i]);
		assert_int_equal(answered_count(&answer, ACT_SOLVED), 0);
	}
}

static void
a_mark_is_said_in_words(void **state)
{
	(void)state;
	is_asked_whether_solved();
	texts("ocena pet");
	assert_true(answered_does(&answer, ACT_RATING, "104828", "5"));
	is_asked_whether_solved();
	texts("nota kater");
	assert_true(answered_does(&answer, ACT_RATING, "104828", "4"));
	is_asked_whether_solved();
	texts("ocena deset");
	assert_int_equal(answered_count(&answer, ACT_RATING), 0);
}

static void
a_mark_is_taken_before_and_after_the_question(void **state)
{
	(void)state;
	texts("OCENA 4");
	assert_int_equal(answer.act_count, 0);
	is_asked_whether_solved();
	texts("OCENA 5");
	assert_true(answered_does(&answer, ACT_RATING, "104828", "5"));
	texts("da");
	assert_true(answered_does(&answer, ACT_SOLVED, "104828", "yes"));
	texts("ne hvala");
	assert_int_equal(answer.act_count, 0);
	assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
	/* Of their newest, when nothing is asked. */
	texts("NOTA 2");
	assert_true(answered_does(&answer, ACT_RATING, "200006", "2"));
	assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
	texts("ocena 7");
	assert_int_equal(answer.act_count, 0);
	texts("3");
	assert_true(answered_does(&answer, ACT_RATING, "200006", "3"));
}

static void
whether_solved_is_left_like_any_question(void **state)
{
	(void)state;
	is_asked_whether_solved();
	texts("nema vode u Bujanovcu tri dana");
	assert_true(answer.report);
	assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
	is_asked_whether_solved();
	texts("STATUS");
	assert_int_equal(answer.act_count, 0);
	assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
	is_asked_whether_solved();
	texts("9");
	assert_false(answered_does(&answer, ACT_RATING, "104828", "9"));
	is_asked_whether_solved();
	now += 2 * DAY;
	texts("ne");
	assert_int_equal(answered_count(&answer, ACT_SOLVED), 0);
}

static void
a_step_is_agreed_to_in_so_many_words(void **state)
{
	(void)state;
	person.asked = (struct conversation_case){ .reference = "104828",
		.status = "open", .category = "POL_FORCE" };
	dialog_begin(&person.dialog, DIALOG_STEP, "104828/7", 0, now + DAY);
	texts("DA");
	assert_true(answered_does(&answer, ACT_STEP, "104828/7", "yes"));
	assert_int_equal(answer.act_count, 1);
	assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
	dialog_begin(&person.dialog, DIALOG_STEP, "104828/8", 0, now + DAY);
	texts("ne");
	assert_true(answered_does(&answer, ACT_STEP, "104828/8", "no"));
	assert_true(answered_says(&answer, "Bez vaseg pristanka"));
	/* A number, or the end of it, is no consent. */
	dialog_begin(&person.dialog, DIALOG_STEP, "104828/9", 0, now + DAY);
	texts("1");
	assert_false(answered_does(&answer, ACT_STEP, "104828/9", "yes"));
	dialog_begin(&person.dialog, DIALOG_STEP, "104828/9", 0, now + DAY);
	texts("KRAJ");
	assert_int_equal(answer.act_count, 0);
	dialog_begin(&person.dialog, DIALOG_STEP, "104828/9", 0, now + DAY);
	now += 2 * DAY;
	texts("da");
	assert_int_equal(answered_count(&answer, ACT_STEP), 0);
}

static void
a_step_waits_while_more_is_told(void **state)
{
	static const char *const told[] = { "mozda", "STATUS", "hvala" };

	(void)state;
	person.asked = (struct conversation_case){ .reference = "104828",
		.status = "open", .category = "POL_FORCE" };
	for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
		person.last_at = now;
		dialog_begin(&person.dialog, DIALOG_STEP, "104828/7", 0,
		    now + DAY);
		texts(told[i]);
		assert_int_equal(person.dialog.ask, DIALOG_STEP);
		texts("DA");
		assert_true(answered_does(&answer, ACT_STEP, "104828/7",
		    "yes"));
	}
	dialog_begin(&person.dialog, DIALOG_STEP, "104828/7", 0, now + DAY);
	texts("STOP");
	assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
}

static void
what_is_said_next_answers_a_question_of_a_person(void **state)
{
	static const char *const said[] = { "Cara Dusana 4", "ne", "ne, ne radi",
		"da", "4", "nema vode u Ristovcu vec tri dana" };

	(void)state;
	for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
		is_asked_about("104828");
		texts(said[i]);
		assert_int_equal(intent, INTENT_ANSWER);
		assert_true(answered_adds(&answer, ""));
		assert_string_equal(answer.belongs, "104828");
		assert_true(answered_says(&answer, "104828"));
		assert_false(answer.report);
		assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
	}
}

static void
another_story_elsewhere_is_no_answer_to_a_question(void **state)
{
	(void)state;
	texts("nema struje u Bujanovcu");
	texts("DOPUNA");
	texts("STATUS");
	texts("ukrali su nam ovce iz tora sinoc u Tularu, Medvedja");
	assert_true(answer.report);
	texts("nema struje u Bujanovcu");
	texts("DOPUNA");
	texts("ukradeni su i kablovi u Bujanovcu");
	assert_false(answer.report);
}

static void
a_question_of_a_person_waits_for_commands_and_not_for_ever(void **state)
{
	(void)state;
	is_asked_about("104828");
	texts("STATUS");
	assert_int_equal(intent, INTENT_STATUS);
	assert_int_equal(person.dialog.ask, DIALOG_QUESTION);
	texts("hvala");
	assert_int_equal(person.dialog.ask, DIALOG_QUESTION);
	texts("kod skole");
	assert_true(answered_adds(&answer, ""));
	/* Who begins with the word for it, or is in danger, reports. */
	is_asked_about("104828");
	texts("PRIJAVA nema vode u Ristovcu vec tri dana");
	assert_true(answer.report);
	is_asked_about("104828");
	texts("upomoc, muz me tuce, ubice me");
	assert_true(answer.report);
	is_asked_about("104828");
	texts("KRAJ");
	assert_int_equal(answer.act_count, 0);
	assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
	is_asked_about("104828");
	now += 2 * DAY;
	texts("nema vode u Ristovcu vec tri dana");
	assert_true(answer.report);
}

static void
lists_are_asked_for_and_left_by_their_words(void **state)
{
	static const struct {
		const char *text, *list;
	} asked[] = {
		{ "VESTI VODA", "VODA" }, { "vesti poslovi", "POSLOVI" },
		{ "ВЕСТИ ВОДОВОД", "VODA" }, { "lajme Uji", "VODA" },
		{ "VESTI VRANJE", "Vranje" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
		texts(asked[i].text);
		assert_true(answered_does(&answer, ACT_SUBSCRIBE,
		    asked[i].list, ""));
	}
	texts("STOP VODA");
	assert_true(answered_does(&answer, ACT_LEAVE, "VODA", ""));
	assert_false(person.stopped);
	texts("VESTI o vodi");
	assert_false(answered_does(&answer, ACT_SUBSCRIBE, "VODA", ""));
	texts("STOP");
	assert_true(person.stopped);
}

static void
those_on_duty_are_answered_by_the_database(void **state)
{
	(void)state;
	texts("DEZURSTVO 471108");
	assert_true(answered_does(&answer, ACT_DUTY, "471108", ""));
	assert_int_equal(answer.count, 0);
	assert_non_null(answer.silent);
	texts("дежурство 471 108");
	assert_true(answered_does(&answer, ACT_DUTY, "471108", ""));
	texts("PREUZIMAM 104828");
	assert_true(answered_does(&answer, ACT_TAKE, "104828", ""));
	assert_int_equal(answer.count, 0);
	texts("marr 104 828");
	assert_true(answered_does(&answer, ACT_TAKE, "104828", ""));
	texts("preuzimam");
	assert_true(answered_does(&answer, ACT_TAKE, "", ""));
	texts("dezurstvo u domu zdravlja ne radi");
	assert_int_not_equal(intent, INTENT_DUTY);
	texts("preuzimam stvar u svoje ruke");
	assert_int_not_equal(intent, INTENT_TAKE);
}

static void
questions_and_rumours_are_collected(void **state)
{
	(void)state;
	texts("PITAJ zasto policija nema patrolu nocu");
	assert_true(answer.report);
	assert_true(answered_does(&answer, ACT_QUESTION, "104828", ""));
	texts("GLASINA zatvaraju skolu u Klenikama");
	assert_int_equal(intent, INTENT_RUMOUR);
	assert_true(answered_does(&answer, ACT_RUMOUR, "", ""));
}

static void
only_a_helper_reports_for_somebody(void **state)
{
	(void)state;
	texts("ZA Mica nema struje u Bujanovcu");
	assert_int_equal(answer.act_count, 0);
	somebody(state);
	person.helper = true;
	texts("ZA Mica nema struje u Bujanovcu");
	assert_true(answered_does(&answer, ACT_HELPED, "104828", "mica"));
}

static void
a_helper_names_whom_it_is_about(void **state)
{
	static const struct {
		const char	*text, *name;
	} told[] = {
		{ "Za Baba Rada nema struje u Bujanovcu", "baba rada" },
		{ "za baba rada: nema struje u Bujanovcu", "baba rada" },
		{ "ZA MICA NEMA STRUJE U BUJANOVCU", "mica" },
		{ "Za Mica Vranje nema struje", "mica" },
		{ "Per Fatime nuk ka rryme ne Bujanoc", "fatime" },
		{ "ZA moju majku nema struje u Vranju", "moju majku" },
		{ "ZA MOJU TETKU NEMA STRUJE U VRANJU", "moju tetku" },
		{ "ZA komšiju Peru nema struje u Vranju", "komsiju peru" },
		{ "ZA komsiju nema struje u Vranju", "komsiju" },
		{ "ZA moju komsinicu Peru nema struje u Vranju",
		    "moju komsinicu peru" },
		{ "ZA deda Mitra nema vode u Vranju", "deda mitra" },
		{ "za deda stojana nema vode u Vranju", "deda stojana" },
		{ "FOR my mother no water in Vranje", "my mother" },
		{ "FOR my aunt no water in Vranje", "my aunt" },
		{ "FOR my neighbour the police beat him in Vranje",
		    "my neighbour" },
		{ "VAS o Ramo nane pani ando Bujanovac", "o ramo" },
		{ "Per nenen time nuk ka uje ne Bujanoc", "nenen time" },
		{ "ZA moju majku Milicu nema vode u Vranju",
		    "moju majku milicu" },
		{ "ZA moju majku, Vranje, nema vode", "moju majku" },
	};

	for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
		somebody(state);
		person.helper = true;
		texts(told[i].text);
		if (!answered_does(&answer, ACT_HELPED, "104828",
		    told[i].name))
			print_error("%s: %s\n", told[i].text,
			    answer.act_count > 0 ? answer.acts[0].value : "");
		assert_true(answered_does(&answer, ACT_HELPED, "104828",
		    told[i].name));
	}
}

/* One word of a name would be that of many. */
static void
whose_aunt_it_is_does_not_make_one_of_two(void **state)
{
	static const char *const two[][2] = {
		{ "ZA moju majku nema struje u Vranju",
		    "ZA moju tetku nema struje u Vranju" },
		{ "ZA komšiju Peru nema struje u Vranju",
		    "ZA komšiju Miku nema struje u Vranju" },
		{ "FOR my mother no electricity in Vranje",
		    "FOR my aunt no electricity in Vranje" },
		{ "ZA deda Mitra nema struje u Vranju",
		    "ZA deda Stojana nema struje u Vranju" },
		{ "VAS o Ramo nane struja ando Vranje",
		    "VAS o Kemal nane struja ando Vranje" } };
	static const char *const one[][2] = {
		{ "ZA Mica nema struje u Vranju vec tri dana",
		    "ZA Micu nema struje u Vranju vec tri dana" },
		{ "ZA moja majka: nema struje u Vranju vec tri dana, hladno "
		    "je i mracno, zvali smo elektrodistribuciju",
		    "ZA moju majku: nema struje u Vranju vec tri dana, hladno "
		    "je i mracno, zvali smo elektrodistribuciju" } };

	for (size_t i = 0; i < sizeof two / sizeof *two; i++) {
		somebody(state);
		person.helper = true;
		texts(two[i][0]);
		assert_true(answer.report);
		texts(two[i][1]);
		if (!answer.report)
			print_error("%s\n", two[i][1]);
		assert_true(answer.report);
	}
	for (size_t i = 0; i < sizeof one / sizeof *one; i++) {
		somebody(state);
		person.helper = true;
		texts(one[i][0]);
		assert_true(answer.report);
		texts(one[i][1]);
		assert_false(answer.report);
		assert_string_equal(answer.belongs, "104828");
	}
}

static void
two_who_are_helped_have_two_cases(void **state)
{
	(void)state;
	person.helper = true;
	texts("ZA Mica nema struje");
	assert_int_equal(person.dialog.ask, DIALOG_PLACE);
	texts("ZA Zoran nema struje");
	assert_true(answer.report);
	assert_true(answered_does(&answer, ACT_HELPED, "104828", "zoran"));
	texts("Bujanovac");
	assert_int_equal(intent, INTENT_ANSWER);
}

static void
a_helper_asks_for_somebody_and_does_not_vote_for_them(void **state)
{
	static const char *const own[] = { "ZA Mica GLAS 1", "ZA Mica 2",
		"ZA Mica glasam 2", "za Mica: da", "ZA Mica STOP",
		"ZA Mica OBRISI", "ZA Mica DOLAZIM", "ZA Mica VESTI VRANJE",
		"Za Baba Rada GLAS 1", "ZA Mica JAVLJANJE 3 mirno Vranje",
		"ZA Mica JAVLJANJE u Vranju je mirno, incidenata 3" };

	for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
		somebody(state);
		person.helper = true;
		texts(own[i]);
		assert_true(answered_says(&answer, "Za drugoga"));
		assert_int_equal(answer.act_count, 0);
		assert_false(person.stopped);
		assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
	}
	texts("ZA Mica PRAVO 3");
	assert_int_equal(intent, INTENT_RIGHTS);
	assert_true(answered_says(&answer, "LEGITIMISANJE"));
	texts("ZA Mica nema struje u Bujanovcu");
	assert_true(answer.report);
	texts("ZA Mica STATUS 104828");
	assert_int_equal(intent, INTENT_STATUS);
	assert_true(answered_says(&answer, "104828"));
	texts("ZA Mica DOPUNA 104828 nema ni vode");
	assert_string_equal(answer.belongs, "104828");
	/* It tells of votes. */
	texts("ZA Mica glasali su umesto nje na izborima u Vranju");
	assert_true(answer.report);
}

static void
a_word_for_something_else_is_no_vote(void **state)
{
	static const char *const said[] = { "za brata pravo 2 molim",
		"ZA Mica PRAVO 3", "molim status 2", "imam pravo 1" };

	(void)state;
	now += 2 * HOUR;	/* one poll is open then */
	for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
		texts(said[i]);
		assert_int_equal(answered_count(&answer, ACT_VOTE), 0);
	}
}

static void
the_same_told_twice_of_one_person_is_one_report(void **state)
{
	(void)state;
	person.helper = true;
	texts("ZA Mica nema struje u Bujanovcu vec tri dana");
	assert_true(answer.report);
	texts("Za Mica: nema struje u Bujanovcu vec tri dana!");
	assert_false(answer.report);
	assert_string_equal(answer.belongs, "104828");
	texts("ZA Zoran nema struje u Bujanovcu vec tri dana");
	assert_true(answer.report);
}

static void
where_it_was_is_said_for_whom_it_happened_to(void **state)
{
	(void)state;
	person.helper = true;
	now += 2 * HOUR;	/* one poll is open */
	texts("ZA Mica nema vode u Novom Selu");
	assert_true(answered_says(&answer, "3 Surdulica"));
	texts("ZA Mica 3");
	assert_int_equal(intent, INTENT_ANSWER);
	assert_true(answered_does(&answer,
	    ACT_PLACE, "104828", "Surdulica/Novo Selo"));
	texts("ZA Mica nema struje vec tri dana");
	texts("ZA Mica u Bujanovcu");
	assert_false(answer.report);
	assert_true(answered_does(&answer, ACT_PLACE, "104828", "Bujanovac"));
	/* Of somebody else it is no answer. */
	texts("ZA Mica ne radi ambulanta");
	texts("ZA Pera 3");
	assert_int_equal(answer.act_count, 0);
	texts("ZA Mica nema vode vec tri dana");
	texts("ZA Pera u Bujanovcu");
	assert_int_equal(answered_count(&answer, ACT_PLACE), 0);
}

static void
a_name_alone_is_asked_what_happened(void **state)
{
	(void)state;
	person.helper = true;
	texts("ZA baba Rada:");
	assert_false(answer.report);
	assert_int_equal(person.dialog.ask, DIALOG_WHAT);
	texts("nema struje u Bujanovcu vec tri dana");
	assert_true(answer.report);
	assert_true(answered_does(&answer, ACT_HELPED, "104828", "baba rada"));
}

static void
likeness_is_by_words(void **state)
{
	(void)state;
	assert_true(similar("nema vode", "НЕМА ВОДЕ!") > 0.99);
	assert_true(similar("nema vode u selu", "nema struje u selu") > 0.5);
	assert_true(similar("a b c", "d e f") < 0.01);
	assert_true(similar("", "") < 0.01);
	assert_true(similar("a a a a", "a") > 0.99);
}

/* Each tenth of what somebody has labelled, one after the other: some means
 * whatever was asked, none is without a meaning. */
static void
whatever_was_learnt_from_is_answered(void **state)
{
	char *pattern = shipped_path("etc/training/*.tsv"), *line = NULL;
	size_t room = 0, n = 0;
	glob_t files;

	(void)state;
	assert_int_equal(glob(pattern, 0, NULL, &files), 0);
	for (size_t i = 0; i < files.gl_pathc; i++) {
		FILE *texts_of = fopen(files.gl_pathv[i], "r");

		assert_non_null(texts_of);
		while (getline(&line, &room, texts_of) > 0) {
			if (n++ % 10 != 0)
				continue;
			line[strcspn(line, "\t\n")] = '\0';
			texts(line);
			assert_true(intent < INTENT_COUNT);
			assert_true(answer.count > 0 || answer.silent != NULL);
		}
		fclose(texts_of);
	}
	globfree(&files);
	free(line);
	free(pattern);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, somebody, forget)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_dialog_survives_as_a_line),
		TEST(a_word_for_report_alone_is_asked_what_happened),
		TEST(a_word_for_report_and_a_place_is_asked_what_happened_there),
		TEST(a_place_that_was_said_with_it_is_where_it_happened),
		TEST(a_place_alone_is_asked_what_happened_there),
		TEST(a_shared_name_alone_is_asked_what_happened_there),
		TEST(which_village_is_asked_when_it_is_told_what_happened),
		TEST(who_does_not_know_gets_the_list_once_more),
		TEST(who_does_not_know_has_closed_nothing),
		TEST(a_number_with_its_sign_is_one_of_the_list),
		TEST(what_happened_is_left_like_any_question),
		TEST(a_place_that_is_missing_is_asked_for_once),
		TEST(a_place_is_called_as_the_person_calls_it),
		TEST(a_place_that_begins_another_story_is_of_the_first),
		TEST(a_municipality_says_which_village_was_meant),
		TEST(a_village_is_looked_for_in_the_municipality_of_the_case),
		TEST(two_municipalities_are_asked_about),
		TEST(a_village_that_there_is_twice_is_asked_which),
		TEST(which_village_is_said_by_number_or_municipality),
		TEST(a_municipality_says_which_village_of_the_case_it_is),
		TEST(what_is_not_on_the_list_of_villages_is_asked_again_once),
		TEST(a_village_that_there_is_twice_may_be_the_answer),
		TEST(a_name_that_is_common_words_is_one_where_a_place_is_asked_for),
		TEST(one_word_that_means_something_else_is_asked_back),
		TEST(a_place_behind_a_no_corrects_the_one_of_the_case),
		TEST(what_is_no_place_is_kept_with_the_case),
		TEST(a_place_said_later_is_where_it_happened),
		TEST(a_place_sent_with_the_number_corrects_it),
		TEST(what_is_hardly_about_anything_is_about_nothing),
		TEST(a_place_by_the_police_is_a_place),
		TEST(what_is_added_is_kept_with_what_it_may_be_about),
		TEST(who_is_held_is_urgent_in_what_is_added_too),
		TEST(what_is_added_to_no_case_is_a_report),
		TEST(danger_is_not_asked_back),
		TEST(a_command_or_a_new_report_leaves_a_question),
		TEST(end_and_no_close_a_question_and_nothing_else),
		TEST(a_question_is_forgotten_in_time),
		TEST(what_is_said_next_belongs_to_the_case),
		TEST(what_is_said_to_an_answer_belongs_to_its_case),
		TEST(who_is_held_is_urgent_in_what_is_said_to_an_answer),
		TEST(what_is_finished_is_opened_by_what_tells_something),
		TEST(an_answer_takes_in_no_other_report),
		TEST(the_same_told_twice_is_one_report),
		TEST(the_same_in_another_place_is_another_report),
		TEST(dopuna_adds_to_the_case_or_says_that_there_is_none),
		TEST(another_language_asks_the_open_question_again),
		TEST(a_yes_to_something_else_is_asked_again_and_is_no_vote),
		TEST(a_number_for_a_list_of_before_brings_it_and_is_no_vote),
		TEST(a_list_that_was_answered_later_does_not_come_back),
		TEST(a_list_of_before_is_not_open),
		TEST(what_is_asked_is_sent_again_once),
		TEST(a_yes_that_nobody_asked_for_is_of_the_open_case_and_no_vote),
		TEST(digits_answer_every_menu),
		TEST(words_for_digits_answer_every_menu),
		TEST(what_is_not_in_a_list_brings_it_once_more),
		TEST(the_group_is_told_in_words_too),
		TEST(who_asks_for_help_has_left_nothing),
		TEST(what_a_word_alone_announced_is_taken_when_it_comes),
		TEST(a_yes_or_a_place_alone_is_no_rumour_and_no_question),
		TEST(words_that_are_waited_for_are_no_command_on_a_guess),
		TEST(more_of_the_case_is_added_though_it_thanks),
		TEST(who_is_in_danger_has_reported_and_asks_no_debate),
		TEST(who_was_beaten_has_reported_and_asks_for_no_rumour),
		TEST(what_was_announced_is_left_for_danger_reports_and_commands),
		TEST(thanks_and_guesses_are_not_answered_with_something_else),
		TEST(a_number_that_is_no_reports_is_answered_with_no_other),
		TEST(what_is_added_to_a_mistyped_number_is_added_to_no_other),
		TEST(what_only_sounds_of_danger_answers_a_question),
		TEST(what_begins_with_a_word_for_the_rest_may_be_more_of_the_case),
		TEST(a_digit_that_is_not_in_a_menu_leaves_it_open),
		TEST(all_of_me_is_erased_in_as_many_words_as_it_takes),
		TEST(another_story_is_no_answer_to_where),
		TEST(the_same_trouble_is_told_further),
		TEST(who_said_stop_is_told_that_no_answer_comes),
		TEST(a_code_is_the_same_until_its_question_is_closed),
		TEST(only_what_is_nothing_else_is_consent),
		TEST(consent_waits_for_a_clear_word),
		TEST(the_group_is_asked_once_with_the_first_receipt),
		TEST(the_group_is_asked_later_where_something_else_is),
		TEST(the_group_is_not_asked_of_who_closes_a_question),
		TEST(the_group_is_not_asked_where_it_is_delicate),
		TEST(erasure_takes_the_code_that_was_sent),
		TEST(an_erasure_is_not_guessed),
		TEST(no_other_question_gives_new_guesses),
		TEST(digits_are_meant_for_the_code_where_nothing_else_is_asked),
		TEST(a_code_is_good_whatever_else_is_asked),
		TEST(a_code_that_came_too_late_is_said_to_be),
		TEST(no_in_a_report_closes_nothing),
		TEST(the_rest_of_a_text_is_in_its_language),
		TEST(a_list_is_joined_and_left_by_its_municipality),
		TEST(a_vote_counts_in_the_poll_that_is_meant),
		TEST(a_digit_or_a_name_votes_where_one_poll_is_meant),
		TEST(no_counts_as_yes_does_where_a_poll_asks_for_it),
		TEST(what_is_listed_is_voted_for_by_its_name),
		TEST(a_word_for_a_vote_alone_is_told_what_there_is),
		TEST(an_option_is_voted_for_by_its_name),
		TEST(a_vote_is_what_a_person_means_by_it),
		TEST(a_vote_in_between_leaves_what_is_asked),
		TEST(a_vote_that_does_not_count_leaves_what_people_asked),
		TEST(thanks_for_what_is_not_wanted_are_no_vote),
		TEST(stop_behind_a_number_of_another_list_is_no_vote),
		TEST(a_line_before_a_number_makes_it_none),
		TEST(stop_behind_a_vote_is_both),
		TEST(of_who_is_silenced_no_more_than_stop_is_done),
		TEST(an_answer_that_thanks_is_one),
		TEST(what_came_in_time_is_taken_though_it_is_read_late),
		TEST(what_is_said_two_seconds_later_goes_on_though_it_is_read_late),
		TEST(a_vote_that_came_in_time_counts_though_it_is_read_late),
		TEST(a_word_for_more_tells_the_language_of_who_is_new),
		TEST(the_rest_of_many_options_comes_with_them),
		TEST(an_invitation_is_answered_by_yes_and_no),
		TEST(who_comes_comes_to_what_they_were_invited_to),
		TEST(yes_to_a_list_of_one_event_is_that_one),
		TEST(which_event_is_said_by_its_number),
		TEST(one_of_a_list_is_said_in_words),
		TEST(who_does_not_know_is_not_taken_for_a_no),
		TEST(an_answer_that_thanks_besides_is_one),
		TEST(an_invitation_and_a_mark_are_answered_in_words),
		TEST(how_something_stands_is_asked_at_a_debate_by_who_has_no_case),
		TEST(what_a_person_asked_waits_for_who_says_that_they_come),
		TEST(a_number_that_is_of_no_event_leaves_the_invitation),
		TEST(the_words_of_an_invitation_count_whatever_else_is_asked),
		TEST(yes_it_is_solved_and_how_well_is_asked),
		TEST(no_it_is_not_solved_and_what_comes_next_is_kept),
		TEST(that_it_is_not_mended_is_a_no_and_kept),
		TEST(a_no_in_many_words_is_a_no_and_kept),
		TEST(that_it_is_mended_is_a_yes_thanks_or_not),
		TEST(a_mark_is_said_in_words),
		TEST(a_mark_is_taken_before_and_after_the_question),
		TEST(whether_solved_is_left_like_any_question),
		TEST(a_step_is_agreed_to_in_so_many_words),
		TEST(a_step_waits_while_more_is_told),
		TEST(what_is_said_next_answers_a_question_of_a_person),
		TEST(another_story_elsewhere_is_no_answer_to_a_question),
		TEST(a_question_of_a_person_waits_for_commands_and_not_for_ever),
		TEST(lists_are_asked_for_and_left_by_their_words),
		TEST(those_on_duty_are_answered_by_the_database),
		TEST(questions_and_rumours_are_collected),
		TEST(only_a_helper_reports_for_somebody),
		TEST(a_helper_names_whom_it_is_about),
		TEST(whose_aunt_it_is_does_not_make_one_of_two),
		TEST(two_who_are_helped_have_two_cases),
		TEST(a_helper_asks_for_somebody_and_does_not_vote_for_them),
		TEST(a_word_for_something_else_is_no_vote),
		TEST(the_same_told_twice_of_one_person_is_one_report),
		TEST(where_it_was_is_said_for_whom_it_happened_to),
		TEST(a_name_alone_is_asked_what_happened),
		TEST(whatever_was_learnt_from_is_answered),
		TEST(likeness_is_by_words),
	};

	return (cmocka_run_group_tests_name("dialog", tests, load,
	    shipped_unload));
}
