/* Compiling content packs: one is small and made here. */
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
#include "text/reading.h"

#define TEXT(key, lang, text) \
	"{\"key\":\"" key "\",\"lang\":\"" lang "\",\"text\":\"" text "\"," \
	"\"source\":\"s\",\"reviewer\":\"none\"," \
	"\"last_checked\":\"2026-11-01\"}"

static const char sound[] =
    "{\"languages\":{\"note\":\"\",\"entries\":["
    "{\"lang\":\"sr-Latn\",\"name\":\"srpski\",\"letters\":\"š\","
    "\"words\":[\"je\",\"nema\"]},"
    "{\"lang\":\"sq\",\"name\":\"shqip\",\"letters\":\"ë\","
    "\"words\":[\"nuk\",\"ka\"]}]},"
    "\"keywords\":{\"note\":\"\",\"entries\":["
    "{\"kind\":\"intent\",\"code\":\"stop\",\"lang\":\"sr\","
    "\"pattern\":\"^stop\"},"
    "{\"kind\":\"category\",\"code\":\"WATER\",\"lang\":\"sr\","
    "\"pattern\":\"нема воде\"},"
    "{\"kind\":\"category\",\"code\":\"COND\",\"lang\":\"sr\","
    "\"pattern\":\"@POLICE + viče*\"},"
    "{\"kind\":\"actor\",\"code\":\"POLICE\",\"lang\":\"sr\","
    "\"pattern\":\"polic*\"},"
    "{\"kind\":\"form\",\"code\":\"COUNT\",\"lang\":\"sr\","
    "\"pattern\":\"^brojanje\"},"
    "{\"kind\":\"topic\",\"code\":\"OMBUDS\",\"lang\":\"sr\","
    "\"pattern\":\"ombudsman*\"}]},"
    "\"emergency\":{\"note\":\"\",\"entries\":["
    "{\"cue\":\"alone\",\"lang\":\"sr\",\"pattern\":\"upomoc\"}]},"
    "\"categories\":{\"note\":\"\",\"entries\":["
    "{\"code\":\"WATER\",\"group\":8,\"named_in_reply\":true,"
    "\"urgent\":false,\"emergency_on_cue\":false,"
    "\"emergency_line\":\"LINE\",\"topic\":\"OMBUDS\","
    "\"names\":{\"sr-Latn\":\"voda\",\"sq\":\"uji\"}},"
    "{\"code\":\"COND\",\"group\":1,\"named_in_reply\":false,"
    "\"urgent\":false,\"emergency_on_cue\":false,"
    "\"emergency_line\":\"LINE\",\"names\":{}}]},"
    "\"topics\":{\"note\":\"\",\"entries\":["
    "{\"code\":\"OMBUDS\",\"number\":5,"
    "\"names\":{\"sr-Latn\":\"Ombudsman\"}}]},"
    "\"places\":{\"note\":\"\",\"entries\":["
    "{\"municipality\":\"Vranje\",\"settlement\":\"\","
    "\"kind\":\"city\",\"source\":\"s\"}]},"
    "\"settings\":{\"note\":\"\",\"entries\":["
    "{\"name\":\"unclear-every\",\"value\":7200,\"help\":\"h\"}]},"
    "\"forms\":{\"note\":\"\",\"entries\":["
    "{\"code\":\"COUNT\",\"names\":{\"sr-Latn\":\"Brojanje\"}}]},"
    "\"form_fields\":{\"note\":\"\",\"entries\":["
    "{\"form\":\"COUNT\",\"field\":\"sheep\",\"position\":1,"
    "\"type\":\"number\",\"required\":true,"
    "\"ask\":{\"sr-Latn\":\"Koliko ovaca?\"},"
    "\"example\":{\"sr-Latn\":\"12\"}},"
    "{\"form\":\"COUNT\",\"field\":\"state\",\"position\":2,"
    "\"type\":\"choice\",\"required\":false,"
    "\"choices\":{\"well\":\"zdrave\",\"ill\":\"bolesn*\"},"
    "\"ask\":{\"sr-Latn\":\"Kakve su?\"},"
    "\"example\":{\"sr-Latn\":\"zdrave\"}}]},"
    "\"replies\":{\"note\":\"\",\"entries\":["
    TEXT("EMERG", "sr-Latn", "Zovite 192") ","
    TEXT("UXO", "sr-Latn", "Ne dirajte") ","
    TEXT("ACK_PLAIN", "sr-Latn", "Broj {REF}. {LINE}{OFFER}") ","
    TEXT("LINE", "sr-Latn", "Hitno 192") ","
    TEXT("UNCLEAR", "sr-Latn", "Nismo razumeli") ","
    TEXT("HELP", "sr-Latn", "Pomoć") ","
    TEXT("HELP", "sr-Cyrl", "Помоћ") ","
    TEXT("HELP", "rom", "Zutipe") ","
    TEXT("STOPOK", "sr-Latn", "Kraj") ","
    TEXT("STARTOK", "sr-Latn", "Opet") "]}}";

static json_t *
sound_pack(void)
{
	json_error_t error;
	json_t *pack = json_loads(sound, 0, &error);

	if (pack == NULL)
		print_error("%d: %s\n", error.column, error.text);
	assert_non_null(pack);
	return (pack);
}

static json_t *
entries_of(json_t *pack, const char *section)
{
	return (json_object_get(json_object_get(pack, section), "entries"));
}

/* Takes the pack. */
static struct content *
compile(json_t *pack, unsigned int *problems)
{
	struct buf found = { 0 };
	struct content *c = content_new(pack, &found);

	*problems = 0;
	for (size_t i = 0; i < found.len; i++)
		*problems += found.data[i] == '\n';
	buf_clear(&found);
	return (c);
}

static void
a_sound_pack_compiles_and_is_read_with(void **state)
{
	unsigned int problems;
	struct content *c = compile(sound_pack(), &problems);
	struct reading r;

	(void)state;
	assert_non_null(c);
	assert_int_equal(problems, 0);
	reading_make(&r, c, "nema vode u Vranju", LANG_UND);
	assert_int_equal(r.intent, INTENT_REPORT);
	assert_string_equal(r.code, "WATER");
	assert_string_equal(r.place->municipality, "Vranje");
	reading_clear(&r);
	reading_make(&r, c, "policajac vise ne vice, vikao je, vičem",
	    LANG_UND);
	assert_string_equal(r.code, "COND");
	assert_string_equal(r.actor, "POLICE");
	reading_clear(&r);
	content_free(c);
}

static void
texts_fall_back_to_the_nearest_language(void **state)
{
	unsigned int problems;
	struct content *c = compile(sound_pack(), &problems);
	enum lang used;

	(void)state;
	assert_string_equal(content_text(c, "HELP", LANG_SR_LATN, false,
	    &used), "Pomoć");
	assert_string_equal(content_text(c, "HELP", LANG_SR_CYRL, false,
	    &used), "Pomoć");
	assert_string_equal(content_text(c, "HELP", LANG_SR_LATN, true,
	    &used), "Помоћ");
	assert_int_equal(used, LANG_SR_CYRL);
	assert_string_equal(content_text(c, "HELP", LANG_BG, false, &used),
	    "Помоћ");
	assert_string_equal(content_text(c, "EMERG", LANG_BG, false, &used),
	    "Zovite 192");
	assert_string_equal(content_text(c, "HELP", LANG_EN, false, &used),
	    "Pomoć");
	/* Nobody has reviewed the Romani one. */
	assert_string_equal(content_text(c, "HELP", LANG_ROM, false, &used),
	    "Pomoć");
	assert_int_equal(used, LANG_SR_LATN);
	assert_null(content_text(c, "NONE", LANG_SQ, false, NULL));
	content_free(c);
}

static void
a_reviewed_romani_text_is_used(void **state)
{
	json_t *pack = sound_pack();
	unsigned int problems;
	struct content *c;

	(void)state;
	json_object_set_new(json_array_get(entries_of(pack, "replies"), 7),
	    "reviewer", json_string("a speaker"));
	c = compile(pack, &problems);
	assert_string_equal(content_text(c, "HELP", LANG_ROM, false, NULL),
	    "Zutipe");
	content_free(c);
}

static void
names_and_categories_are_found_by_code(void **state)
{
	unsigned int problems;
	struct content *c = compile(sound_pack(), &problems);

	(void)state;
	assert_true(content_category(c, "WATER")->named_in_reply);
	assert_null(content_category(c, "NONE"));
	assert_string_equal(content_name(c, "WATER", LANG_SQ), "uji");
	assert_string_equal(content_name(c, "WATER", LANG_EN), "voda");
	assert_string_equal(content_name(c, "OMBUDS", LANG_SQ), "Ombudsman");
	assert_string_equal(content_name(c, "COND", LANG_SQ), "COND");
	assert_string_equal(content_name(c, "?", LANG_SQ), "?");
	content_free(c);
}

static void
an_entry_that_cannot_be_used_is_left_out(void **state)
{
	static const char *const wrong[][2] = {
		{ "keywords", "{\"kind\":\"intent\",\"code\":\"x\","
		    "\"lang\":\"sr\",\"pattern\":\"a\"}" },
		{ "keywords", "{\"kind\":\"x\",\"code\":\"stop\","
		    "\"lang\":\"sr\",\"pattern\":\"a\"}" },
		{ "keywords", "{\"kind\":\"intent\",\"code\":\"stop\","
		    "\"lang\":\"xx\",\"pattern\":\"a\"}" },
		{ "keywords", "{\"kind\":\"intent\",\"code\":\"stop\","
		    "\"lang\":\"sr\",\"pattern\":\"*\"}" },
		{ "keywords", "{\"kind\":\"intent\"}" },
		{ "keywords", "7" },
		{ "emergency", "{\"cue\":\"x\",\"lang\":\"sr\","
		    "\"pattern\":\"a\"}" },
		{ "languages", "{\"lang\":\"xx\",\"name\":\"x\","
		    "\"words\":[]}" },
		{ "settings", "{\"name\":\"x\",\"value\":1,"
		    "\"help\":\"h\"}" },
		{ "settings", "{\"name\":\"unclear-every\",\"value\":1,"
		    "\"help\":\"h\"}" },
		{ "replies", "{\"key\":\"A\",\"lang\":\"xx\",\"text\":\"t\","
		    "\"source\":\"s\",\"reviewer\":\"none\","
		    "\"last_checked\":\"2026-11-01\"}" },
		{ "categories", "{\"code\":\"X\"}" },
		{ "topics", "{\"code\":\"X\",\"number\":\"1\","
		    "\"names\":{}}" },
		{ "places", "{\"municipality\":\"\",\"kind\":\"x\","
		    "\"source\":\"s\"}" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		json_t *pack = sound_pack();
		unsigned int problems;
		struct content *c;

		json_array_append_new(entries_of(pack, wrong[i][0]),
		    json_loads(wrong[i][1], JSON_DECODE_ANY, NULL));
		c = compile(pack, &problems);
		assert_non_null(c);
		assert_true(problems >= 1);
		content_free(c);
	}
}

static void
without_the_texts_that_matter_there_is_no_content(void **state)
{
	unsigned int problems;
	json_t *pack = sound_pack();

	(void)state;
	json_array_remove(entries_of(pack, "replies"), 0);
	assert_null(compile(pack, &problems));
	assert_int_equal(problems, 1);
	assert_null(compile(json_object(), &problems));
	assert_null(compile(json_integer(1), &problems));
}

static void
a_form_is_what_its_word_begins(void **state)
{
	unsigned int problems;
	struct content *c = compile(sound_pack(), &problems);
	struct reading r;

	(void)state;
	assert_int_equal(problems, 0);
	reading_make(&r, c, "BROJANJE 12 zdrave", LANG_UND);
	assert_int_equal(r.intent, INTENT_FORM);
	assert_string_equal(r.code, "COUNT");
	reading_clear(&r);
	reading_make(&r, c, "ovo brojanje 12", LANG_UND);
	assert_int_not_equal(r.intent, INTENT_FORM);
	assert_string_equal(r.form, "");
	reading_clear(&r);
	content_free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sound_pack_compiles_and_is_read_with),
		cmocka_unit_test(texts_fall_back_to_the_nearest_language),
		cmocka_unit_test(a_reviewed_romani_text_is_used),
		cmocka_unit_test(names_and_categories_are_found_by_code),
		cmocka_unit_test(an_entry_that_cannot_be_used_is_left_out),
		cmocka_unit_test(
		    without_the_texts_that_matter_there_is_no_content),
		cmocka_unit_test(a_form_is_what_its_word_begins),
	};

	return (cmocka_run_group_tests_name("content", tests, NULL, NULL));
}
