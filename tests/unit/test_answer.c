/* What is answered, by the pack that is shipped, and what is remembered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "sms/segment.h"
#include "text/answer.h"

#include "shipped.h"

#define SECOND INT64_C(1000000)
#define HOUR (3600 * SECOND)
#define DAY (24 * HOUR)
#define NOON (INT64_C(1795435200) * SECOND)	/* 2026-11-23T12:00:00Z */

static struct conversation person;
static struct answer answer;
static int64_t now, waited;	/* since the text came */
static int64_t written_at;	/* days before that; 0: just then */
static unsigned int budget;	/* segments of a reply */

/* The last day on which that text is right, in every language. */
static void
let_search_expire(json_t *pack)
{
	json_t *text;
	size_t i;

	json_array_foreach(shipped_entries(pack, "replies"), i, text) {
		if (strcmp(json_string_value(json_object_get(text, "key")),
		    "RIGHTS_SEARCH") == 0)
			json_object_set_new(text, "valid_until",
			    json_string("2026-11-23"));
	}
}

static int
load(void **state)
{
	(void)state;
	return (shipped_load_changed(let_search_expire));
}

static int
nobody(void **state)
{
	(void)state;
	memset(&person, 0, sizeof person);
	person.told_who = person.asked_group = true;
	now = NOON;
	waited = written_at = 0;
	budget = 3;
	return (0);
}

static int
forget(void **state)
{
	(void)state;
	answer_clear(&answer);
	return (0);
}

/* The person texts; every reply keeps the budget and says something. */
static void
texts(const char *text)
{
	const struct answer_given given = { .reference = "104828",
		.code = "4711", .text = text, .at = now - waited, .now = now,
		.written_at = written_at,
		.segments = budget };
	struct reading r;

	answer_clear(&answer);
	reading_make(&r, content, text, person.lang);
	answer_make(&answer, content, &r, &given, &person);
	reading_clear(&r);
	assert_true(answer.count > 0 || answer.silent != NULL);
	for (unsigned int i = 0; i < answer.count; i++) {
		assert_true(strlen(answer.replies[i].text) > 0);
		assert_null(strchr(answer.replies[i].text, '{'));
		assert_true(segment_count(answer.replies[i].text, NULL,
		    NULL) <= budget);
	}
}

static const char *
reply(enum reply_kind kind)
{
	for (unsigned int i = 0; i < answer.count; i++) {
		if (answer.replies[i].kind == kind)
			return (answer.replies[i].text);
	}
	return (NULL);
}

static bool
says(enum reply_kind kind, const char *what)
{
	return (reply(kind) != NULL && strstr(reply(kind), what) != NULL);
}

static void
a_report_gets_its_number_in_one_segment(void **state)
{
	enum encoding encoding;

	(void)state;
	texts("rupa na putu u selu Ristovac");
	assert_true(answer.report);
	assert_int_equal(answer.count, 1);
	assert_true(says(REPLY_RECEIPT, "104828"));
	assert_true(says(REPLY_RECEIPT, "192"));
	assert_true(says(REPLY_RECEIPT, "Ristovac"));
	assert_int_equal(segment_count(reply(REPLY_RECEIPT), &encoding, NULL),
	    1);
	assert_int_equal(encoding, ENCODING_GSM7);
}

static void
a_delicate_report_is_not_named(void **state)
{
	static const char *const texts_of[] = { "policija me tukla u "
		"Bujanovcu", "muz me tuce, Lebane", "vojska na nasoj njivi u "
		"Rajincu", "u Vranju nece da prime moje dete jer smo Romi" };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		person.emergency_at = 0;
		texts(texts_of[i]);
		assert_true(answer.report);
		assert_true(says(REPLY_RECEIPT, "roj prijave 104828."));
	}
}

static void
who_was_beaten_by_police_is_not_only_told_to_call_them(void **state)
{
	(void)state;
	texts("policija me tukla u stanici u Bujanovcu");
	assert_true(says(REPLY_RECEIPT, "194"));
	assert_true(says(REPLY_RECEIPT, "PRAVO 5"));
	assert_false(says(REPLY_RECEIPT, "192"));
}

static void
danger_comes_first_and_once_an_hour(void **state)
{
	(void)state;
	texts("gori kuca u Vranju");
	assert_int_equal(answer.count, 2);
	assert_int_equal(answer.replies[0].kind, REPLY_EMERGENCY);
	assert_true(says(REPLY_EMERGENCY, "193"));
	assert_int_equal(segment_count(reply(REPLY_EMERGENCY), NULL, NULL), 1);
	assert_int_equal(person.emergency_at, now);
	now += HOUR - SECOND;
	texts("gori i komsijina kuca");
	assert_null(reply(REPLY_EMERGENCY));
	assert_true(says(REPLY_RECEIPT, "193"));
	now += SECOND;
	texts("gori i stala");
	assert_non_null(reply(REPLY_EMERGENCY));
}

static void
who_wrote_days_ago_is_told_when(void **state)
{
	(void)state;
	written_at = now - 10 * 24 * HOUR;
	texts("PRIJAVA rupa na putu, Vranje");
	assert_non_null(strstr(answer.replies[0].text, "104828"));
	assert_non_null(strstr(answer.replies[0].text, "13.11.2026."));
	written_at = 0;
	texts("PRIJAVA nema rasvete, Vranje");
	assert_null(strstr(answer.replies[0].text, "Pisali ste"));
}

static void
danger_is_not_told_late_to_who_had_been_told(void **state)
{
	(void)state;
	texts("gori kuca u Vranju");
	now += 24 * HOUR;
	waited = 24 * HOUR - HOUR / 2;
	texts("gori i komsijina kuca");
	assert_null(reply(REPLY_EMERGENCY));
	waited = 22 * HOUR;
	texts("gori i stala");
	assert_non_null(reply(REPLY_EMERGENCY));
}

static void
a_find_of_ordnance_says_do_not_touch(void **state)
{
	(void)state;
	texts("nasli smo granatu kod Dobrosina");
	assert_true(says(REPLY_EMERGENCY, "NE DIRAJTE"));
	assert_true(says(REPLY_RECEIPT, "Ne dirajte"));
	texts("gjeta nje granate ne Zarbice");
	assert_true(says(REPLY_RECEIPT, "Mos e prekni"));
}

static void
two_machines_do_not_keep_each_other_busy(void **state)
{
	static const char *const echoes[] = {
		"OVO NIJE HITNA SLUZBA. Poruke se ne citaju odmah. Ako je "
		"neko u opasnosti zovite sada: POLICIJA 192, VATROGASCI 193, "
		"HITNA POMOC 194. Pozivi su besplatni.",
		"Nismo razumeli poruku. Napisite sta se desilo i gde.",
		"Vas kod za potvrdu je 482913.",
	};
	char *said;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		texts(echoes[i]);
		assert_int_equal(answer.count, 0);
		assert_non_null(answer.silent);
	}
	texts("asdf");
	said = xstrdup(reply(REPLY_UNCLEAR));
	texts(said);
	assert_int_equal(answer.count, 0);
	free(said);
}

static void
what_is_not_understood_is_said_once_a_day(void **state)
{
	(void)state;
	texts("abcd efgh");
	assert_non_null(reply(REPLY_UNCLEAR));
	assert_false(answer.report);
	texts("qwertz");
	assert_int_equal(answer.count, 0);
	now += DAY;
	texts("abcd efgh");
	assert_non_null(reply(REPLY_UNCLEAR));
}

static void
the_answer_is_in_the_language_of_the_text(void **state)
{
	enum encoding encoding;

	(void)state;
	texts("ska uje ne Presheve");
	assert_true(says(REPLY_RECEIPT, "E pranuam"));
	assert_int_equal(person.lang, LANG_SQ);
	texts("STOP");
	assert_true(says(REPLY_SERVICE, "START"));
	assert_true(says(REPLY_SERVICE, "dergojme"));
	nobody(state);
	texts("няма вода в Босилеград");
	assert_true(says(REPLY_RECEIPT, "Приехме"));
	segment_count(reply(REPLY_RECEIPT), &encoding, NULL);
	assert_int_equal(encoding, ENCODING_UCS2);
	nobody(state);
	texts("no water in Presevo for days");
	assert_true(says(REPLY_RECEIPT, "Received"));
}

static void
cyrillic_is_sent_only_when_asked_for(void **state)
{
	(void)state;
	texts("нема воде у Врању");
	assert_true(says(REPLY_RECEIPT, "Primljeno"));
	texts("ЋИРИЛИЦА");
	assert_true(person.cyrillic && person.lang_chosen);
	texts("nema vode u Vranju");
	assert_true(says(REPLY_RECEIPT, "Примљено"));
	assert_true(says(REPLY_RECEIPT, "Врање"));
	texts("gori kuca");
	assert_true(says(REPLY_EMERGENCY, "ХИТНА"));
	assert_int_equal(segment_count(reply(REPLY_EMERGENCY), NULL, NULL), 1);
	texts("latinica");
	assert_false(person.cyrillic);
	assert_true(says(REPLY_SERVICE, "latinicom"));
}

static void
a_chosen_language_stays(void **state)
{
	(void)state;
	texts("JEZIK SHQIP");
	assert_int_equal(person.lang, LANG_SQ);
	texts("nema vode u Vranju");
	assert_int_equal(person.lang, LANG_SQ);
	assert_true(says(REPLY_RECEIPT, "E pranuam"));
	texts("JEZIK");
	assert_true(says(REPLY_SERVICE, "SRPSKI"));
}

static void
romani_is_greeted_and_answered_in_serbian_until_reviewed(void **state)
{
	(void)state;
	texts("naj paj ande mahala Leskovco");
	assert_int_equal(person.lang, LANG_ROM);
	assert_true(says(REPLY_RECEIPT, "Lacho djive. Primljeno"));
}

static void
every_topic_is_answered_in_every_language(void **state)
{
	static const char *const words[] = { "PRAVO", "DREJTA", "RIGHTS",
		"ПРАВО" };
	static const enum lang langs[] = { LANG_SR_LATN, LANG_SQ, LANG_EN,
		LANG_BG };
	char text[32];

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		for (int n = 1; n <= 15; n++) {
			nobody(state);
			person.lang = langs[i];
			person.lang_chosen = true;
			snprintf(text, sizeof text, "%s %d", words[i], n);
			texts(text);
			assert_int_equal(answer.count, 1);
			assert_non_null(reply(REPLY_RIGHTS));
		}
		texts(words[i]);
		for (int n = 1; n <= 15; n++) {
			snprintf(text, sizeof text, " %d ", n);
			assert_true(says(REPLY_RIGHTS, text));
		}
	}
}

static void
a_topic_that_is_none_is_said_to_be(void **state)
{
	static const struct {
		const char	*text, *says;
	} texted[] = {
		{ "PRAVO 99", "Teme 99 nema. PRAVO br 1 POLICIJA" },
		{ "PRAVO 0", "Teme 0 nema. PRAVO" },
		{ "DREJTA 16", "Tema 16 nuk ekziston. DREJTA" },
		{ "RIGHTS 100", "There is no topic 100. RIGHTS" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof texted / sizeof *texted; i++) {
		nobody(state);
		texts(texted[i].text);
		assert_true(says(REPLY_RIGHTS, texted[i].says));
		assert_int_equal(person.dialog.ask, DIALOG_TOPIC);
	}
	/* Perhaps somebody's telephone: not told back. */
	texts("PRAVO 0641234567");
	assert_true(says(REPLY_RIGHTS, "PRAVO br"));
	assert_false(says(REPLY_RIGHTS, "64"));
	texts("PRAVO 99999999999999999999999999");
	assert_true(says(REPLY_RIGHTS, "PRAVO br"));
	assert_false(says(REPLY_RIGHTS, "99"));
}

static void
a_small_budget_is_kept_and_dalje_brings_the_rest(void **state)
{
	char *whole, *parts;

	(void)state;
	texts("PRAVO 1");
	whole = xstrdup(reply(REPLY_RIGHTS));
	budget = 1;
	texts("PRAVO 1");
	assert_true(says(REPLY_RIGHTS, "... Dalje: DALJE"));
	parts = xstrndup(reply(REPLY_RIGHTS),
	    strlen(reply(REPLY_RIGHTS)) - strlen("... Dalje: DALJE"));
	for (int i = 0; i < 5 && person.dialog.ask == DIALOG_MORE; i++) {
		char *before = parts;
		const char *next, *cut;

		texts("DALJE");
		next = reply(REPLY_SERVICE);
		cut = strstr(next, "... Dalje: DALJE");
		parts = xasprintf("%s %.*s", before, cut != NULL ?
		    (int)(cut - next) : (int)strlen(next), next);
		free(before);
	}
	assert_string_equal(parts, whole);
	free(parts);
	free(whole);
	budget = 3;
	texts("DALJE");
	assert_true(says(REPLY_SERVICE, "Prava: PRAVO"));
}

static void
the_rest_of_a_text_that_has_changed_is_its_beginning(void **state)
{
	(void)state;
	budget = 1;
	texts("PRAVO 1");
	assert_int_equal(person.dialog.ask, DIALOG_MORE);
	/* Somebody imports a pack; here the person has another language. */
	person.lang_chosen = true;
	person.lang = LANG_EN;
	texts("DALJE");
	assert_true(strncmp(reply(REPLY_SERVICE), "In danger call 192.",
	    19) == 0);
	assert_int_equal(person.dialog.ask, DIALOG_MORE);
	/* What is shorter than what was sent is no empty text. */
	person.dialog.at = 100000;
	texts("DALJE");
	assert_true(says(REPLY_SERVICE, "In danger call 192."));
}

static void
a_right_that_expires_is_not_told_to_its_end(void **state)
{
	(void)state;
	budget = 1;
	now = NOON + 11 * HOUR + 30 * 60 * SECOND;
	texts("PRAVO 4");
	assert_int_equal(person.dialog.ask, DIALOG_MORE);
	now += HOUR;
	texts("DALJE");
	assert_true(says(REPLY_SERVICE, "upravo proverava"));
	assert_false(says(REPLY_SERVICE, "PRETRES"));
}

static void
another_right_is_chosen_while_one_is_told_and_after(void **state)
{
	(void)state;
	texts("PRAVO");
	budget = 1;
	texts("1");
	assert_int_equal(person.dialog.ask, DIALOG_MORE);
	texts("2");
	assert_true(says(REPLY_RIGHTS, "HAPSENJE"));
	for (int i = 0; i < 5 && person.dialog.ask == DIALOG_MORE; i++)
		texts("DALJE");
	assert_int_equal(person.dialog.ask, DIALOG_TOPIC);
	texts("3");
	assert_true(says(REPLY_RIGHTS, "LEGITIMISANJE"));
}

static void
a_right_that_may_have_changed_is_not_told(void **state)
{
	(void)state;
	texts("PRAVO 4");
	assert_true(says(REPLY_RIGHTS, "PRETRES"));
	now += DAY;
	texts("PRAVO 4");
	assert_false(says(REPLY_RIGHTS, "PRETRES"));
	assert_true(says(REPLY_RIGHTS, "011 2068 100"));
	texts("PRAVO 3");
	assert_true(says(REPLY_RIGHTS, "LEGITIMISANJE"));
}

static void
the_first_reply_ever_says_who_writes(void **state)
{
	(void)state;
	person.told_who = false;
	texts("gori kuca u Vranju");
	assert_false(says(REPLY_EMERGENCY, "KO STE"));
	assert_false(says(REPLY_RECEIPT, "KO STE"));
	texts("rupa na putu u Vranju");
	assert_true(says(REPLY_RECEIPT, "KO STE"));
	assert_true(person.told_who);
	texts("nema vode u Lebanu");
	assert_false(says(REPLY_RECEIPT, "KO STE"));
	texts("KO STE");
	assert_true(says(REPLY_SERVICE, "OBRISI"));
	assert_true(says(REPLY_SERVICE, "sud"));
}

static void
an_authority_is_named_for_a_problem(void **state)
{
	(void)state;
	texts("NADLEZNOST nema svetla u ulici");
	assert_true(says(REPLY_RIGHTS, "opstina"));
	assert_false(answer.report);
	texts("nadleznost policija me tukla");
	assert_true(says(REPLY_RIGHTS, "unutrasnje kontrole"));
	texts("nadleznost");
	assert_true(says(REPLY_RIGHTS, "Zastitniku"));
	texts("NADLEZNOST struja");
	assert_true(says(REPLY_RIGHTS, "snabdevac"));
	texts("KOMPETENCA rryma");
	assert_true(says(REPLY_RIGHTS, "furnizuesi"));
	texts("КОМПЕТЕНТНОСТ ток");
	assert_true(says(REPLY_RIGHTS, "доставчикът"));
	texts("NADLEZNOST oruzje");
	assert_true(says(REPLY_RIGHTS, "192"));
}

/* The word for who is competent makes no question of a cry. */
static void
whoever_is_in_danger_is_not_told_who_is_competent(void **state)
{
	static const char *const cries[] = { "NADLEZNOST ubicu se",
		"NADLEZNOST dete ne dise", "NADLEZNOST pucaju na mene",
		"nadleznost nasao sam bombu", "NADLEZNOST muz me tuce" };

	for (size_t i = 0; i < sizeof cries / sizeof *cries; i++) {
		nobody(state);
		texts(cries[i]);
		assert_true(answer.report);
		assert_true(says(REPLY_EMERGENCY, "192"));
	}
}

static void
stop_holds_and_answers_only_what_is_asked(void **state)
{
	(void)state;
	texts("STOP");
	assert_true(person.stopped);
	assert_int_equal(answer.count, 1);
	assert_true(says(REPLY_SERVICE, "OBRISI"));
	texts("stop");
	assert_int_equal(answer.count, 0);
	texts("qwertz");
	assert_int_equal(answer.count, 0);
	texts("rupa na putu u Vranju");
	assert_non_null(reply(REPLY_RECEIPT));
	assert_true(person.stopped);
	texts("PRAVO 3");
	assert_non_null(reply(REPLY_RIGHTS));
	texts("gori kuca");
	assert_non_null(reply(REPLY_EMERGENCY));
	texts("START");
	assert_false(person.stopped);
	assert_non_null(reply(REPLY_SERVICE));
}

static void
a_status_tells_only_the_own_case(void **state)
{
	static const char *const states[] = { "new", "open", "referred",
		"answered", "closed", "duplicate", "withdrawn", "not_for_us" };
	char *unknown;

	(void)state;
	texts("STATUS 209171");
	unknown = xstrdup(reply(REPLY_STATUS));
	assert_null(strstr(unknown, "209171"));
	texts("status");
	assert_string_equal(reply(REPLY_STATUS), unknown);
	texts("209171");
	assert_null(reply(REPLY_STATUS));
	texts("209 171");
	assert_null(reply(REPLY_STATUS));
	snprintf(person.asked.reference, sizeof person.asked.reference,
	    "104828");
	person.asked.since = now;
	for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
		snprintf(person.asked.status, sizeof person.asked.status,
		    "%s", states[i]);
		texts("STATUS 104828");
		assert_true(says(REPLY_STATUS, "104828"));
		assert_true(says(REPLY_STATUS, "23.11.2026."));
	}
	/* Half past midnight in Serbia. */
	person.asked.since = now + 11 * HOUR + HOUR / 2;
	texts("STATUS 104828");
	assert_true(says(REPLY_STATUS, "24.11.2026."));
	snprintf(person.asked.status, sizeof person.asked.status, "odd");
	texts("STATUS 104828");
	assert_string_equal(reply(REPLY_STATUS), unknown);
	free(unknown);
}

static void
a_cry_for_help_gets_the_numbers_before_the_manual(void **state)
{
	(void)state;
	texts("POMOC");
	assert_int_equal(answer.replies[0].kind, REPLY_EMERGENCY);
	assert_true(says(REPLY_SERVICE, "192 193 194"));
	nobody(state);
	texts("INFO");
	assert_int_equal(answer.count, 1);
	assert_memory_equal(reply(REPLY_SERVICE), "Hitno: 192", 10);
}

/* Whoever may be in trouble is first told whom to call. */
static void
the_police_alone_are_named_with_their_number(void **state)
{
	(void)state;
	texts("POLICIJA");
	assert_memory_equal(reply(REPLY_RIGHTS), "Hitno zovite 192.", 17);
	nobody(state);
	texts("ПОЛИЦИЯ");
	assert_true(says(REPLY_RIGHTS, "192"));
}

static void
a_receipt_points_to_the_right_that_helps(void **state)
{
	(void)state;
	texts("uhapsili su mi brata, sta da radim");
	assert_true(says(REPLY_RECEIPT, "PRAVO 2"));
	assert_false(says(REPLY_RECEIPT, "PRAVO 5"));
	nobody(state);
	texts("lekar u bolnici u Vranju trazi 200 evra za operaciju");
	assert_false(says(REPLY_RECEIPT, "Povrede"));
	assert_true(says(REPLY_RECEIPT, "192"));
}

static void
who_wants_to_die_is_not_left_alone(void **state)
{
	static const struct {
		const char *text, *kind;
	} cries[] = {
		{ "hocu da se ubijem", "Niste sami" },
		{ "nuk dua te jetoj", "Nuk jeni vetem" },
		{ "I want to kill myself", "You are not alone" },
		{ "не искам да живея", "Не сте сами" },
		{ "ne mogu vise ovako, najradije bih se ubila",
		    "Niste sami" },
		{ "skocicu sa mosta", "Niste sami" },
		{ "ne vredi ziveti", "Niste sami" },
		{ "popicu sve lekove i gotovo", "Niste sami" },
		{ "ka mudarav man", "Niste sami" },
		{ "s'du me jetu ma", "Nuk jeni vetem" },
		{ "jeta s'ka kuptim, du me vdek", "Nuk jeni vetem" },
		{ "не ми се живее", "Не сте сами" },
		{ "i dont want to be here anymore", "You are not alone" },
	};

	for (size_t i = 0; i < sizeof cries / sizeof *cries; i++) {
		nobody(state);
		texts(cries[i].text);
		assert_true(says(REPLY_EMERGENCY, cries[i].kind));
		assert_true(says(REPLY_EMERGENCY, "194"));
		assert_int_equal(segment_count(reply(REPLY_EMERGENCY), NULL,
		    NULL), 1);
	}
	nobody(state);
	texts("gori kuca");
	assert_false(says(REPLY_EMERGENCY, "Niste sami"));
}

static void
a_word_for_asking_alone_is_told_how(void **state)
{
	(void)state;
	texts("GLASINA");
	assert_true(says(REPLY_SERVICE, "GLASINA"));
	assert_int_equal(answer.act_count, 0);
	texts("PITAJ");
	assert_false(answer.report);
	assert_true(says(REPLY_SERVICE, "PITAJ"));
	assert_int_equal(person.dialog.ask, DIALOG_DEBATE);
	texts("PITAJ kada se popravlja put za Ristovac");
	assert_true(answer.report);
}

/* No dead end in the scripts that cost most. */
static void
who_has_no_report_is_told_to_write_one(void **state)
{
	static const struct {
		const char *text, *told;
		enum lang lang;
	} asked[] = {
		{ "СТАТУС", "шта се десило", LANG_SR_CYRL },
		{ "СТАТУС", "какво стана", LANG_BG },
		{ "ДА", "ИНФО", LANG_SR_CYRL },
		{ "ДА", "ИНФО", LANG_BG },
	};

	for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
		nobody(state);
		person.lang = asked[i].lang;
		person.lang_chosen = true;
		person.cyrillic = person.lang == LANG_SR_CYRL;
		texts(asked[i].text);
		assert_non_null(strstr(answer.replies[0].text,
		    asked[i].told));
		assert_int_equal(segment_count(answer.replies[0].text, NULL,
		    NULL), 1);
	}
	nobody(state);
	texts("няма вода в Босилеград");
	assert_true(says(REPLY_RECEIPT, "СТАТУС 104828"));
}

static void
kinds_have_names(void **state)
{
	(void)state;
	assert_string_equal(reply_kind_name(REPLY_EMERGENCY), "emergency");
	assert_string_equal(reply_kind_name(REPLY_UNCLEAR), "unclear");
	assert_string_equal(act_kind_name(ACT_ERASE), "erase");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, nobody, forget)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_report_gets_its_number_in_one_segment),
		TEST(a_delicate_report_is_not_named),
		TEST(who_wrote_days_ago_is_told_when),
		TEST(who_was_beaten_by_police_is_not_only_told_to_call_them),
		TEST(danger_comes_first_and_once_an_hour),
		TEST(danger_is_not_told_late_to_who_had_been_told),
		TEST(a_find_of_ordnance_says_do_not_touch),
		TEST(two_machines_do_not_keep_each_other_busy),
		TEST(what_is_not_understood_is_said_once_a_day),
		TEST(the_answer_is_in_the_language_of_the_text),
		TEST(cyrillic_is_sent_only_when_asked_for),
		TEST(a_chosen_language_stays),
		TEST(romani_is_greeted_and_answered_in_serbian_until_reviewed),
		TEST(every_topic_is_answered_in_every_language),
		TEST(a_topic_that_is_none_is_said_to_be),
		TEST(a_small_budget_is_kept_and_dalje_brings_the_rest),
		TEST(the_rest_of_a_text_that_has_changed_is_its_beginning),
		TEST(a_right_that_expires_is_not_told_to_its_end),
		TEST(another_right_is_chosen_while_one_is_told_and_after),
		TEST(a_right_that_may_have_changed_is_not_told),
		TEST(the_first_reply_ever_says_who_writes),
		TEST(an_authority_is_named_for_a_problem),
		TEST(whoever_is_in_danger_is_not_told_who_is_competent),
		TEST(stop_holds_and_answers_only_what_is_asked),
		TEST(a_status_tells_only_the_own_case),
		TEST(a_cry_for_help_gets_the_numbers_before_the_manual),
		TEST(the_police_alone_are_named_with_their_number),
		TEST(a_receipt_points_to_the_right_that_helps),
		TEST(who_wants_to_die_is_not_left_alone),
		TEST(a_word_for_asking_alone_is_told_how),
		TEST(who_has_no_report_is_told_to_write_one),
		TEST(kinds_have_names),
	};

	return (cmocka_run_group_tests_name("answer", tests, load,
	    shipped_unload));
}
