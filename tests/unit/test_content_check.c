/* What is found in content packs before they are used. Those with a fault are
 * in tests/corpus/content, where the fuzzer finds them too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "text/content.h"
#include "text/content_template.h"

#include "shipped.h"

#define TODAY "2026-11-23"

static json_t *
corpus(const char *name)
{
	char *relative = xasprintf("tests/corpus/content/%s", name);
	char *path = shipped_path(relative);
	json_t *pack = json_load_file(path, 0, NULL);

	if (pack == NULL)
		print_error("%s\n", path);
	assert_non_null(pack);
	free(relative);
	free(path);
	return (pack);
}

/* Errors and warnings are counted; those wanted are looked for. */
struct findings {
	const char	*section;
	size_t		 entry;
	bool		 error;
	const char	*words;		/* in what is said; NULL: any */
	unsigned int	 found;
	unsigned int	 errors;
	unsigned int	 warnings;
};

static void
find(void *arg, const struct content_finding *f)
{
	struct findings *wanted = arg;
	bool there = wanted->section == NULL ? f->section == NULL :
	    f->section != NULL && strcmp(f->section, wanted->section) == 0;

	assert_true(strlen(f->what) > 0);
	wanted->errors += f->error;
	wanted->warnings += !f->error;
	if (there && f->entry == wanted->entry && f->error == wanted->error &&
	    (wanted->words == NULL || strstr(f->what, wanted->words) != NULL))
		wanted->found++;
}

/* Takes the pack. */
static struct findings
check(json_t *pack, const char *section, size_t entry, bool error,
    const char *words)
{
	struct findings f = { section, entry, error, words, 0, 0, 0 };

	content_check(pack, TODAY, find, &f);
	json_decref(pack);
	return (f);
}

static void
the_shipped_pack_waits_for_nothing(void **state)
{
	struct findings f = check(shipped_pack(), NULL, 0, true, NULL);

	(void)state;
	assert_int_equal(f.errors, 0);
	assert_int_equal(f.warnings, 0);
}

static void
each_fault_is_found_where_it_stands(void **state)
{
	static const struct {
		const char	*name, *section;
		size_t		 entry;
		bool		 error;
		const char	*words;
	} packs[] = {
		{ "unknown-field", "replies", 11, true, "{CAT}" },
		{ "open-brace", "replies", 11, true, "'{'" },
		{ "over-budget", "replies", 11, true, "2 segments" },
		{ "over-budget-by-its-fields", "replies", 11, true,
		    "1 is allowed" },
		{ "danger-in-two", "replies", 1, true, "1 is allowed" },
		{ "letters-lost", "replies", 11, true, "☎" },
		{ "letters-costly", "replies", 11, false, "[]€" },
		{ "letters-slipped", "replies", 11, false, "á" },
		{ "unused", "replies", 11, false, "RIGHTS_NOBODY" },
		{ "unused-key", "replies", 11, false, "WEATHER" },
		{ "two-topics", "keywords", 6, true, "OMBUDS and POLICE" },
		{ "two-intents", "keywords", 6, true, "stop and help" },
		{ "two-numbers", "topics", 2, true, "number 5" },
		{ "no-number", "topics", 1, true, "from 1 on" },
		{ "line-nowhere", "categories", 1, true, "LINE_LOST" },
		{ "body-nowhere", "categories", 2, true, "BODY_LOST" },
		{ "topic-nowhere", "categories", 2, true, "LOST" },
		{ "long-places", "places", 3, true, "shorten it" },
		{ "expired", "replies", 6, false, "2026-01-01" },
		{ "small", "topics", 1, true, "RIGHTS_OMBUDS" },
		{ "small", "topics", 1, true, "no name in sr-Cyrl sq rom" },
		{ "small", "categories", 1, true, "sr-Cyrl rom bg en" },
		{ "small", "replies", 6, true, "HELP is missing in sq bg" },
		{ "small", "languages", 0, true, "bg is missing" },
		{ "forms", "forms", 1, true, "no name in" },
		{ "forms", "form_fields", 1, true, "no ask in" },
		{ "forms", "form_fields", 1, true, "no example in" },
		{ "small", "replies", 0, true, "no text ACK_CAT in sr-Latn" },
		{ "small", "replies", 0, true, "no text GREETING in rom" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof packs / sizeof *packs; i++) {
		struct findings f = check(corpus(packs[i].name),
		    packs[i].section, packs[i].entry, packs[i].error,
		    packs[i].words);

		if (f.found != 1)
			print_error("%s: %u\n", packs[i].name, f.found);
		assert_int_equal(f.found, 1);
	}
}

static void
a_word_means_one_topic_in_all_languages(void **state)
{
	(void)state;
	json_t *pack = corpus("two-topics-apart");

	assert_int_equal(check(corpus("two-topics-apart"), "keywords", 6,
	    true, "OMBUDS and POLICE").found, 1);
	json_object_set_new(json_array_get(shipped_entries(pack, "keywords"),
	    5), "pattern", json_string("^ombudsman*"));
	assert_int_equal(check(pack, "keywords", 6, true,
	    "OMBUDS and POLICE").found, 1);
	/* One topic may be called the same in two. */
	pack = corpus("two-topics-apart");
	json_object_set_new(json_array_get(shipped_entries(pack, "keywords"),
	    5), "code", json_string("OMBUDS"));
	assert_int_equal(check(pack, "keywords", 6, true, NULL).found, 0);
}

static void
nobody_may_be_called_anonymous(void **state)
{
	static const char *const words[] = { "Anonimno ne vazi",
		"Anonime", "анонимна пријава", "Anonymous", "anonimnost",
		"анонимен" };

	(void)state;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		json_t *pack = corpus("small");

		json_object_set_new(json_array_get(shipped_entries(pack,
		    "replies"), 5), "text", json_string(words[i]));
		assert_int_equal(check(pack, "replies", 6, true,
		    "anonymous").found, 1);
	}
}

static void
a_field_of_an_entry_is_known_or_an_error(void **state)
{
	static const struct {
		const char	*field, *value;
		bool		 error;
	} wrong[] = {
		{ "txt", "polje koje nema", true },
		{ "last_checked", "1.11.2026", true },
		{ "last_checked", "2026-02-31", true },
		{ "valid_until", "2026-01-01", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		json_t *pack = corpus("small");

		json_object_set_new(json_array_get(shipped_entries(pack,
		    "replies"), 5), wrong[i].field,
		    json_string(wrong[i].value));
		assert_true(check(pack, "replies", 6, wrong[i].error,
		    NULL).found > 0);
	}
}

static void
what_stands_there_twice_is_found(void **state)
{
	json_t *pack = corpus("small");
	json_t *words = shipped_entries(pack, "keywords");
	json_t *places = shipped_entries(pack, "places");

	(void)state;
	json_array_append(places, json_array_get(places, 0));
	assert_int_equal(check(json_incref(pack), "places", 2, true,
	    "twice").found, 1);
	json_object_set_new(pack, "sections", json_object());
	assert_int_equal(check(json_incref(pack), NULL, 0, true,
	    "sections").found, 1);
	json_array_append(words, json_array_get(words, 0));
	assert_int_equal(check(pack, "keywords", 6, true, "twice").found, 1);
}

static void
words_of_a_list_are_checked_one_by_one(void **state)
{
	static const struct {
		const char	*kind, *code, *pattern, *words;
	} wrong[] = {
		{ "topic", "OMBUDS", "sasvim nova, Ombudsman*",
		    "\"ombudsman*\" is a word of topic OMBUDS already" },
		{ "intent", "help", "sasvim nova, ^stop", "stop and help" },
		{ "intent", "help", "a b c d e f g h i, sasvim nova",
		    "at most 8 words" },
		{ "intent", "help", ", ,", "only commas" },
		{ "intent", "help", "sasvim nova, po*cija", "within a word" },
		{ "intent", "help", "sasvim nova, nova + @NOPE",
		    "the actor NOPE" },
		{ "intent", "help", "sasvim nova, sasvim + nova, nova", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		json_t *pack = corpus("small");
		json_t *entries = shipped_entries(pack, "keywords");
		size_t number = json_array_size(entries) + 1;

		json_array_append_new(entries, json_pack(
		    "{s:s, s:s, s:s, s:s}", "kind", wrong[i].kind, "code",
		    wrong[i].code, "lang", "sr", "pattern",
		    wrong[i].pattern));
		assert_int_equal(check(pack, "keywords", number, true,
		    wrong[i].words).found, wrong[i].words != NULL);
	}
}

/* The text by that key in Serbian, in the shipped pack. */
static size_t
shipped_reply(json_t *pack, const char *key)
{
	json_t *text;
	size_t i;

	json_array_foreach(shipped_entries(pack, "replies"), i, text) {
		if (strcmp(json_string_value(json_object_get(text, "key")),
		    key) == 0 && strcmp(json_string_value(json_object_get(text,
		    "lang")), "sr-Latn") == 0)
			return (i);
	}
	fail();
	return (0);
}

static void
a_text_without_what_it_is_for_is_an_error(void **state)
{
	static const struct {
		const char	*key, *text, *words;
	} wrong[] = {
		{ "ERASE", "Posaljite OBRISI", "lacks {CODE}" },
		{ "ACK_PLAIN", "Primljeno. Hvala.", "lacks {REF}" },
		{ "ACK_PLAIN", "Primljeno. REF} {REF}", "without its '{'" },
		{ "HELP", "  ", "is empty" },
		{ "FORM_ASK", "Npr. {EXAMPLE}", "lacks {ASK}" },
		{ "TOPICS", "PRAVO: 1 POLICIJA 2 PRETRES 3 LICNA 4 HAPSENJE "
		    "5 ZASTITNIK 6 MRZNJA 7 ADVOKAT 8 ADRESA 9 UPIS 10 "
		    "SOCIJALNA 11 NASILJE 12 PREVARA 13 VOJSKA 14 JEZIK 15 "
		    "INFO", "2 PRETRES" },
		{ "TOPICS", "PRAVO: 1 POLICIJA", "no 2" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		json_t *pack = shipped_pack();
		size_t at = shipped_reply(pack, wrong[i].key);

		json_object_set_new(json_array_get(shipped_entries(pack,
		    "replies"), at), "text", json_string(wrong[i].text));
		assert_int_equal(check(pack, "replies", at + 1, true,
		    wrong[i].words).found, 1);
	}
}

static void
a_receipt_is_measured_with_its_longest_names(void **state)
{
	json_t *pack = shipped_pack(), *category, *text;
	struct findings f;
	size_t i;

	(void)state;
	json_array_foreach(shipped_entries(pack, "categories"), i, category) {
		if (json_is_true(json_object_get(category, "named_in_reply")))
			json_object_set_new(json_object_get(category, "names"),
			    "en", json_string("a name that goes on and on, "
			    "much longer than any name of a category should "
			    "be, and then some more of it to be sure of the "
			    "thing, with one more half of a line and another "
			    "one, until two segments are full to the last"));
	}
	json_array_foreach(shipped_entries(pack, "replies"), i, text) {
		if (strcmp(json_string_value(json_object_get(text, "key")),
		    "ACK_CAT") == 0 && strcmp(json_string_value(
		    json_object_get(text, "lang")), "en") == 0)
			break;
	}
	f = check(pack, "replies", i + 1, true, "ACK_CAT in en");
	assert_int_equal(f.found, 1);
	assert_int_equal(f.errors, 2);	/* ACK has that name, too */
}

/* The finding that a change of one field of an entry brings. */
static const struct {
	const char	*section;
	size_t		 entry;
	const char	*field, *value;	/* NULL: it is taken out */
} form_mistakes[] = {
	{ "form_fields", 1, "form", "\"GONE\"" },
	{ "form_fields", 1, "type", "\"colour\"" },
	{ "form_fields", 1, "field", "\"Sheep\"" },
	{ "form_fields", 1, "field", "\"unread\"" },
	{ "form_fields", 1, "min", "9999" },
	{ "form_fields", 1, "max", "-1" },
	{ "form_fields", 1, "ask", "{\"sq\":\"Sa?\"}" },
	{ "form_fields", 1, "example", "{\"sq\":\"12\"}" },
	{ "form_fields", 1, "example", "{\"sr-Latn\":\"mnogo\"}" },
	{ "form_fields", 1, "max", "11" },
	{ "form_fields", 2, "position", "1" },
	{ "form_fields", 2, "choices", NULL },
	{ "form_fields", 2, "choices", "{}" },
	{ "form_fields", 2, "choices", "{\"well\":\"bele\",\"bad\":\"\"}" },
	{ "form_fields", 2, "choices",
	    "{\"well\":\"bele\",\"bad\":\"crne, Bele\"}" },
	{ "form_fields", 2, "choices", "{\"well\":\"*\"}" },
	{ "form_fields", 2, "example", "{\"sr-Latn\":\"bele\"}" },
	{ "form_fields", 2, "type", "\"date\"" },
	{ "forms", 1, "code", "\"count\"" },
	{ "forms", 1, "thanks", "\"NOTHING\"" },
	{ "forms", 1, "thanks", "\"HELP\"" },
	{ "forms", 1, "thanks", "\"FORM_OK_COUNT\"" },
	{ "keywords", 6, "pattern", "\"^stop\"" },
	{ "keywords", 6, "pattern", "\"ombudsmana\"" },
	{ "keywords", 6, "pattern", "\"^ombu*\"" },
	{ "keywords", 6, "pattern", "\"^policija\"" },
	{ "keywords", 6, "pattern", "\"^Полиција\"" },
	{ "keywords", 6, "pattern", "\"^нема воде\"" },
	{ "keywords", 6, "pattern", "\"^upomoc\"" },
	{ "keywords", 6, "pattern", "\"^nema\"" },
	{ "keywords", 6, "pattern", "\"^vranje\"" },
	{ "keywords", 6, "pattern", "\"^vranj*\"" },
	{ "keywords", 6, "pattern", "\"^br\"" },
	{ "keywords", 6, "pattern", "\"^bro*\"" },
	{ "keywords", 6, "pattern", "\"^1\"" },
	{ "keywords", 6, "pattern", "\"^brojanje, ^da\"" },
	{ "keywords", 6, "code", "\"GONE\"" },
};

static json_t *
mistaken_form(size_t i)
{
	json_t *pack = corpus("forms");
	json_t *e = json_array_get(shipped_entries(pack, form_mistakes[i].section),
	    form_mistakes[i].entry - 1);

	if (form_mistakes[i].value == NULL)
		json_object_del(e, form_mistakes[i].field);
	else
		json_object_set_new(e, form_mistakes[i].field,
		    json_loads(form_mistakes[i].value, JSON_DECODE_ANY, NULL));
	return (pack);
}

static void
forms_that_cannot_work_are_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof form_mistakes / sizeof *form_mistakes;
	    i++) {
		struct findings f = check(mistaken_form(i),
		    form_mistakes[i].section, form_mistakes[i].entry, true,
		    NULL);

		if (f.found == 0)
			print_error("%s %s\n", form_mistakes[i].field,
			    form_mistakes[i].value);
		assert_true(f.found > 0);
	}
}

static void
a_form_has_fields_and_a_word(void **state)
{
	json_t *pack = corpus("forms");

	(void)state;
	json_array_clear(shipped_entries(pack, "form_fields"));
	assert_int_equal(check(pack, "forms", 1, true,
	    "has no fields").found, 1);
	pack = corpus("forms");
	json_array_remove(shipped_entries(pack, "keywords"), 5);
	assert_int_equal(check(pack, "forms", 1, false,
	    "nothing can be sent").found, 1);
}

/* How often the word of a second form is found to begin another. */
static unsigned int
second_form(const char *lang, const char *pattern)
{
	json_t *pack = corpus("forms");

	json_array_append_new(shipped_entries(pack, "forms"),
	    json_pack("{s:s, s:{}}", "code", "CENSUS", "names"));
	json_array_append_new(shipped_entries(pack, "keywords"),
	    json_pack("{s:s, s:s, s:s, s:s}", "kind", "form", "code",
	    "CENSUS", "lang", lang, "pattern", pattern));
	return (check(pack, "keywords", 7, true, "another form").found);
}

/* In whichever language, and with ^ or without. */
static void
one_word_begins_one_form(void **state)
{
	(void)state;
	assert_int_equal(second_form("sr", "^brojanje"), 1);
	assert_int_equal(second_form("sr", "brojanje"), 1);
	assert_int_equal(second_form("sq", "^brojanje"), 1);
	assert_int_equal(second_form("sr", "^brojan*"), 1);
	assert_int_equal(second_form("sr", "^brojanje ovaca"), 0);
	assert_int_equal(second_form("sr", "^popis"), 0);
}

/* Of what thanks, and asks, for a form. */
static void
texts_of_forms_are_measured_and_asked_for(void **state)
{
	json_t *pack = shipped_pack(), *text = NULL, *field;
	size_t i;

	(void)state;
	json_array_foreach(shipped_entries(pack, "replies"), i, text) {
		if (strcmp(json_string_value(json_object_get(text, "key")),
		    "FORM_ASK") == 0 && strcmp(json_string_value(
		    json_object_get(text, "lang")), "en") == 0)
			break;
	}
	field = json_array_get(shipped_entries(pack, "form_fields"), 0);
	json_object_set_new(json_object_get(field, "ask"), "en",
	    json_string("Please tell us, as exactly as you can, and of your "
	    "own village alone, without what was heard from elsewhere, how "
	    "many incidents there were in all of this week, from Monday in "
	    "the morning to Sunday night, and please count each of them once "
	    "even when many people have spoken of it to you, will you?"));
	assert_int_equal(check(pack, "replies", i + 1, true,
	    "FORM_ASK in en").found, 1);

	pack = corpus("forms");
	json_object_set_new(json_array_get(shipped_entries(pack, "forms"), 0),
	    "thanks", json_string("FORM_OK_COUNT"));
	json_array_append_new(shipped_entries(pack, "replies"), json_pack(
	    "{s:s, s:s, s:s, s:s, s:s, s:s}", "key", "FORM_OK_COUNT",
	    "lang", "sr-Latn", "text", "Hvala za {N}", "source", "s",
	    "reviewer", "none", "last_checked", "2026-11-01"));
	assert_int_equal(check(json_incref(pack), "forms", 1, true,
	    "thanks").found, 0);
	assert_int_equal(check(json_incref(pack), "replies", 11, false,
	    "nobody asks").found, 0);
	json_object_del(json_array_get(shipped_entries(pack, "forms"), 0),
	    "thanks");
	assert_int_equal(check(pack, "replies", 11, false,
	    "nobody asks").found, 1);
}

static void
texts_are_counted_by_language(void **state)
{
	struct content_counts counts[LANG_COUNT];
	json_t *pack = corpus("expired");

	(void)state;
	content_count(pack, TODAY, counts);
	json_decref(pack);
	assert_int_equal(counts[LANG_SR_LATN].texts, 8);
	assert_int_equal(counts[LANG_SR_LATN].samples, 7);
	assert_int_equal(counts[LANG_SR_LATN].expired, 1);
	assert_int_equal(counts[LANG_ROM].samples, 1);
	assert_int_equal(counts[LANG_BG].texts, 0);
}

static void
the_table_of_texts_is_in_order_and_found_by_key(void **state)
{
	const struct content_template *t;

	(void)state;
	for (size_t i = 1; (t = content_template_at(i)) != NULL; i++)
		assert_true(strcmp(content_template_at(i - 1)->key, t->key) <
		    0);
	assert_string_equal(content_template_find("LINE")->key, "LINE");
	assert_string_equal(content_template_find("LINE_UXO")->key, "LINE_*");
	assert_null(content_template_find("LINE_"));
	assert_null(content_template_find("NOTHING"));
	assert_null(content_template_find(""));
	assert_true(content_template_takes("ACK", "OFFER", 5));
	assert_true(content_template_takes("ACK", "REF", 3));
	assert_false(content_template_takes("ACK", "RE", 2));
	assert_false(content_template_takes("ACK", "", 0));
	assert_false(content_template_takes("HELP", "REF", 3));
	assert_false(content_template_takes("NOTHING", "REF", 3));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    the_shipped_pack_waits_for_nothing),
		cmocka_unit_test(each_fault_is_found_where_it_stands),
		cmocka_unit_test(
		    a_word_means_one_topic_in_all_languages),
		cmocka_unit_test(nobody_may_be_called_anonymous),
		cmocka_unit_test(a_field_of_an_entry_is_known_or_an_error),
		cmocka_unit_test(what_stands_there_twice_is_found),
		cmocka_unit_test(words_of_a_list_are_checked_one_by_one),
		cmocka_unit_test(a_text_without_what_it_is_for_is_an_error),
		cmocka_unit_test(a_receipt_is_measured_with_its_longest_names),
		cmocka_unit_test(forms_that_cannot_work_are_found),
		cmocka_unit_test(a_form_has_fields_and_a_word),
		cmocka_unit_test(one_word_begins_one_form),
		cmocka_unit_test(texts_of_forms_are_measured_and_asked_for),
		cmocka_unit_test(texts_are_counted_by_language),
		cmocka_unit_test(
		    the_table_of_texts_is_in_order_and_found_by_key),
	};

	return (cmocka_run_group_tests_name("content_check", tests, NULL,
	    NULL));
}
