/* Our own words, coming back, told from what people write. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "text/content_private.h"
#include "text/content_template.h"
#include "text/echo.h"
#include "text/fold.h"
#include "text/reading.h"

#include "shipped.h"

static bool
echoes(const char *text)
{
	struct folded f;
	bool is;

	fold_make(&f, text, strlen(text));
	is = echo_is(content->echo, &f);
	fold_clear(&f);
	return (is);
}

/* What the gateway puts into a field, for any language. */
static const char *
value_of(const char *field, size_t len, enum lang lang)
{
	static const struct {
		const char *field, *value;
	} values[] = { { "REF", "104828" }, { "DATE", "12.11.2026." },
		{ "TIME", "18:30" }, { "N", "3" }, { "CODE", "0417" },
		{ "HOURS", "6" },
		{ "CAT", "rasveta i putevi" }, { "PLACE", "Vranje, Suvi Dol" },
		{ "EVENT", "Tribina o vodi u domu kulture" },
		{ "VENUE", "Dom kulture" }, { "LIST", "VRANJE" },
		{ "ORG", "Odbor Vranje" },
		{ "POLL", "7" },
		{ "OPTION", "most" }, { "OPTIONS", "1 most 2 put 3 nista" },
		{ "MEMBER", "mira" },
		{ "ASK", "Koliko je ljudi?" }, { "EXAMPLE", "5" } };

	if (len == 4 && memcmp(field, "LINE", 4) == 0)
		return (content_text_unreviewed(content, "LINE", lang));
	if (len == 6 && memcmp(field, "TOPICS", 6) == 0)
		return (content_text_unreviewed(content, "TOPICS", lang));
	if (len == 5 && memcmp(field, "OFFER", 5) == 0)
		return ("");
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		if (strlen(values[i].field) == len &&
		    memcmp(values[i].field, field, len) == 0)
			return (values[i].value);
	}
	fail_msg("no value for {%.*s}", (int)len, field);
	return (NULL);
}

/* To be freed. */
static char *
filled(const char *text, enum lang lang)
{
	struct buf out = { 0 };
	char *said;

	while (*text != '\0') {
		size_t len = strcspn(text, "{");

		buf_add(&out, text, len);
		text += len;
		if (*text == '\0')
			break;
		len = strcspn(text, "}");
		buf_add_str(&out, value_of(text + 1, len - 1, lang));
		text += len + 1;
	}
	said = xstrdup(buf_str(&out));
	buf_clear(&out);
	return (said);
}

static unsigned int
words_of(const char *text)
{
	struct folded f;
	unsigned int words;

	fold_make(&f, text, strlen(text));
	words = (unsigned int)f.count;
	fold_clear(&f);
	return (words);
}

/* Calls for each text that is sent, in each language, filled in. */
static void
each_reply(void (*look)(const char *key, enum lang lang, const char *said,
    const char *raw))
{
	for (size_t i = 0; i < content->reply_count; i++) {
		const struct content_reply *r = &content->replies[i];
		const struct content_template *t =
		    content_template_find(r->key);

		/* A screen is shown, and no machine texts it back. */
		if (t == NULL || t->narrow == 0 ||
		    strncmp(r->key, "USSD_", 5) == 0 ||
		    strncmp(r->key, "LINE", 4) == 0 ||
		    strcmp(r->key, "OFFER") == 0 ||
		    strcmp(r->key, "MORE") == 0)
			continue;
		for (enum lang lang = 0; lang < LANG_COUNT; lang++) {
			char *said;

			if (r->text[lang] == NULL)
				continue;
			said = filled(r->text[lang], lang);
			look(r->key, lang, said, r->text[lang]);
			free(said);
		}
	}
}

static unsigned int missed, seen;

static void
look_whole(const char *key, enum lang lang, const char *said, const char *raw)
{
	/* Three words are said by people, too, and no more of a form's
	 * question is ours; what begins with a field is an invitation, and no
	 * answer. */
	if (words_of(said) < 5 || raw[0] == '{' || strcmp(key, "FORM_ASK") == 0)
		return;
	seen++;
	if (!echoes(said)) {
		print_error("%s %s: %s\n", key, lang_name(lang), said);
		missed++;
	}
}

static void
every_reply_that_we_send_is_known_when_it_comes_back(void **state)
{
	(void)state;
	missed = seen = 0;
	each_reply(look_whole);
	assert_true(seen > 300);
	assert_int_equal(missed, 0);
}

static void
look_quoted(const char *key, enum lang lang, const char *said,
    const char *raw)
{
	static const char *const before[] = { "Zasto ste mi pisali: ",
		"Dobio sam ", "Cka do me thene " };
	static const char *const after[] = {
		" a niko nije dosao vec tri dana",
		". Sta to znaci? Ja pitam za svoju majku",
		" por askush nuk ka ardhur" };
	bool field_last = raw[strlen(raw) - 1] == '}' ||
	    strcmp(raw + strlen(raw) - 2, "}.") == 0;

	for (size_t i = 0; i < 3; i++) {
		char *quote = xasprintf("%s%s", before[i], said);

		seen++;
		if (echoes(quote)) {
			print_error("%s %s: %s\n", key, lang_name(lang), quote);
			missed++;
		}
		free(quote);
		quote = xasprintf("%s%s", said, after[i]);
		if (!field_last && echoes(quote)) {
			print_error("%s %s: %s\n", key, lang_name(lang), quote);
			missed++;
		}
		free(quote);
	}
}

static void
who_quotes_us_in_words_of_their_own_is_a_person(void **state)
{
	(void)state;
	missed = seen = 0;
	each_reply(look_quoted);
	assert_true(seen > 300);
	assert_int_equal(missed, 0);
}

static void
a_reply_that_is_put_together_or_cut_is_known(void **state)
{
	(void)state;
	/* With a line on rights and an offer, in letters as they are sent. */
	assert_true(echoes("Primljeno. Broj prijave 104828. Sacuvajte broj. "
	    "Za stanje posaljite STATUS 104828. Povrede: hitna 194. Zastitnik "
	    "gradjana: PRAVO 5. Prava: PRAVO 3. Odjava: STOP"));
	/* And with who we are behind it. */
	assert_true(echoes("Primljeno. Broj prijave 104828. Sacuvajte broj. "
	    "Za stanje posaljite STATUS 104828. Hitno zovite 192, 193, 194. "
	    "Odjava: STOP\nGlas, mreza gradjana za poverenje. Broj cuvamo "
	    "sifrovano i ne dajemo ga bez vaseg pristanka. Operater vidi "
	    "poruke. Vise: KO STE"));
	/* Cut by us, and by somebody at the end of a segment. */
	assert_true(echoes("Primljeno. Broj prijave 104828. Sacuvajte broj. "
	    "Za stanje ... Dalje: DALJE"));
	assert_true(echoes("Primljeno. Broj prijave 104828. Sacuvajte broj. "
	    "Za stanje posa"));
	assert_false(echoes("Primljeno. Broj prijave 104828."));
	assert_false(echoes("Primljeno."));
	assert_false(echoes(""));
}

static void
look_file(const char *name)
{
	char *path = shipped_path(name), line[4096];
	FILE *in = fopen(path, "r");

	assert_non_null(in);
	while (fgets(line, sizeof line, in) != NULL) {
		char *text = strchr(line, '\t');

		if (line[0] == '#' || text == NULL)
			continue;
		for (char *column = strtok(line, "\t"); column != NULL;
		    column = strtok(NULL, "\t\n")) {
			seen++;
			if (echoes(column)) {
				print_error("%s: %s\n", name, column);
				missed++;
			}
		}
	}
	fclose(in);
	free(path);
}

static void
nothing_that_people_wrote_is_ours(void **state)
{
	(void)state;
	missed = seen = 0;
	look_file("tests/corpus/texts.tsv");
	look_file("tests/corpus/heldout.tsv");
	look_file("etc/training/sr1.tsv");
	look_file("etc/training/sq.tsv");
	look_file("etc/training/other.tsv");
	assert_true(seen > 3000);
	assert_int_equal(missed, 0);
}

/* All words of receipts, in an order that fits as long as it can. */
static void
a_text_made_to_take_long_does_not(void **state)
{
	struct buf text = { 0 };

	(void)state;
	for (int n = 0; n < 400; n++)
		buf_add_str(&text, "Primljeno. Broj prijave 1 2 3 4 ");
	for (int n = 0; n < 2000; n++)
		assert_false(echoes(buf_str(&text)));
	buf_clear(&text);
}

static void
expect(const char *text, enum machine machine)
{
	struct reading r;

	reading_make(&r, content, text, LANG_UND);
	if (r.machine != machine)
		fail_msg("%d: %s", r.machine, text);
	assert_int_equal(r.worth_answer, machine == MACHINE_NONE);
	if (machine != MACHINE_NONE) {
		assert_int_equal(r.intent, INTENT_UNCLASSIFIED);
		assert_int_equal(r.emergency, EMERGENCY_NONE);
	}
	reading_clear(&r);
}

static void
a_machine_is_read_as_one_and_in_no_danger(void **state)
{
	(void)state;
	expect("OVO NIJE HITNA SLUZBA. Poruke se ne citaju odmah. Ako je neko "
	    "u opasnosti zovite sada: POLICIJA 192, VATROGASCI 193, HITNA POMOC "
	    "194. Pozivi su besplatni.", MACHINE_ECHO);
	expect("Ovo je automatski odgovor. Javicu se kasnije.", MACHINE_AUTO);
	expect("Automatic reply: I am out of office until Monday",
	    MACHINE_AUTO);
	expect("I'm driving, I'll call you later.", MACHINE_AUTO);
	expect("Pergjigje automatike: nuk jam ne zyre", MACHINE_AUTO);
	expect("Автоматичен отговор: няма ме", MACHINE_AUTO);
	expect("Dobio sam samo automatski odgovor od opstine Vranje, a vode "
	    "nema", MACHINE_NONE);
	expect("Ovo je automatski odgovor ali gori kuca, upomoc",
	    MACHINE_NONE);
	expect("Nema vode u Vranju", MACHINE_NONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    every_reply_that_we_send_is_known_when_it_comes_back),
		cmocka_unit_test(
		    who_quotes_us_in_words_of_their_own_is_a_person),
		cmocka_unit_test(a_reply_that_is_put_together_or_cut_is_known),
		cmocka_unit_test(nothing_that_people_wrote_is_ours),
		cmocka_unit_test(a_text_made_to_take_long_does_not),
		cmocka_unit_test(a_machine_is_read_as_one_and_in_no_danger),
	};

	return (cmocka_run_group_tests(tests, shipped_load, shipped_unload));
}
