/* Cards to print: what stands on them is what is understood. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "text/cards.h"
#include "text/content_private.h"
#include "text/reading.h"

#include "shipped.h"

static const enum lang langs[] = { LANG_SR_LATN, LANG_SR_CYRL, LANG_SQ,
	LANG_ROM, LANG_BG, LANG_EN };

#define LANGS (sizeof langs / sizeof *langs)

static void
read_as(const char *word, const char *more, enum lang lang, enum intent intent,
    const char *code)
{
	char *text = xasprintf("%s%s", word, more);
	struct reading r;

	reading_make(&r, content, text, lang);
	if (r.intent != intent)
		print_error("%s: %s\n", text, intent_name(r.intent));
	assert_int_equal(r.intent, intent);
	if (code != NULL)
		assert_string_equal(r.code, code);
	reading_clear(&r);
	free(text);
}

static void
each_word_of_a_card_is_that_command(void **state)
{
	static const struct {
		enum intent	 intent;
		const char	*more, *code;
	} commands[] = {
		{ INTENT_REPORT, "", NULL },
		{ INTENT_REPORT, " Vranje, nema vode", "WATER" },
		{ INTENT_RIGHTS, "", "" },
		{ INTENT_RIGHTS, " 3", "IDCHECK" },
		{ INTENT_STATUS, "", "" },
		{ INTENT_STATUS, " 104828", "104828" },
		{ INTENT_STOP, "", "" },
		{ INTENT_START, "", "" },
		{ INTENT_ERASE, "", "" },
		{ INTENT_WHO, "", "" },
		{ INTENT_SUBSCRIBE, "", "" },
		{ INTENT_SUBSCRIBE, " VRANJE", "Vranje" },
		{ INTENT_VOTE, "", "" },
		{ INTENT_VOTE, " 2", "2" },
	};
	struct buf word = { 0 };

	(void)state;
	for (size_t l = 0; l < LANGS; l++) {
		for (size_t i = 0; i < sizeof commands / sizeof *commands;
		    i++) {
			if (!cards_word(content, commands[i].intent, "",
			    langs[l], &word))
				print_error("%s: no word for %s\n",
				    lang_name(langs[l]),
				    intent_name(commands[i].intent));
			assert_true(word.len > 0);
			read_as(buf_str(&word), commands[i].more, langs[l],
			    commands[i].intent, commands[i].code);
			read_as(buf_str(&word), commands[i].more, LANG_UND,
			    commands[i].intent, commands[i].code);
		}
	}
	buf_clear(&word);
}

static void
each_language_is_asked_for_in_itself(void **state)
{
	struct buf word = { 0 };

	(void)state;
	for (size_t l = 0; l < LANGS; l++) {
		assert_true(cards_word(content, INTENT_LANG,
		    lang_name(langs[l]), langs[l], &word));
		read_as(buf_str(&word), "", LANG_UND, INTENT_LANG,
		    lang_name(langs[l]));
	}
	buf_clear(&word);
}

static void
words_are_spelt_as_the_replies_spell_them(void **state)
{
	static const struct {
		enum lang	 lang;
		enum intent	 intent;
		const char	*code, *word;
	} words[] = {
		{ LANG_SR_LATN, INTENT_REPORT, "", "PRIJAVA" },
		{ LANG_SR_CYRL, INTENT_REPORT, "", "ПРИЈАВА" },
		{ LANG_SQ, INTENT_WHO, "", "KUSH JENI" },
		{ LANG_ROM, INTENT_RIGHTS, "", "ČAČIPE" },
		{ LANG_BG, INTENT_REPORT, "", "СИГНАЛ" },
		{ LANG_BG, INTENT_STOP, "", "СТОП" },
		{ LANG_BG, INTENT_LANG, "bg", "БЪЛГАРСКИ" },
		{ LANG_SR_CYRL, INTENT_LANG, "sr-Cyrl", "ЋИРИЛИЦА" },
		{ LANG_EN, INTENT_ERASE, "", "ERASE" },
		{ LANG_BG, INTENT_ERASE, "", "ИЗТРИЙ" },
		/* No reply names it. */
		{ LANG_BG, INTENT_BODY, "", "КОМПЕТЕНТНОСТ" },
		/* The keyword leaves its ending open. */
		{ LANG_SQ, INTENT_REPORT, "", "RAPORT" },
	};
	struct buf word = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		assert_true(cards_word(content, words[i].intent,
		    words[i].code, words[i].lang, &word));
		assert_string_equal(buf_str(&word), words[i].word);
	}
	assert_false(cards_word(content, INTENT_BODY, "", LANG_MIX, &word));
	assert_int_equal(word.len, 0);
	buf_clear(&word);
}

/* Whether a text tells people to send a command in Latin letters. Languages are
 * asked for in their own. */
static bool
names_latin_command(const char *text)
{
	static const char capitals[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	const char *from = text;
	bool names = false;

	while (*(text += strcspn(text, capitals)) != '\0' && !names) {
		size_t len = strspn(text, capitals);
		bool field = text > from && text[-1] == '{';
		char *word = xstrndup(text, len);
		struct reading r;

		reading_make(&r, content, word, LANG_UND);
		names = !field && len > 2 && r.command &&
		    r.intent != INTENT_LANG;
		if (names)
			print_error("%s\n", word);
		reading_clear(&r);
		free(word);
		text += len;
	}
	return (names);
}

static void
cyrillic_texts_name_commands_in_cyrillic(void **state)
{
	static const enum intent intents[] = { INTENT_REPORT, INTENT_RIGHTS,
		INTENT_STATUS, INTENT_STOP, INTENT_START, INTENT_ERASE,
		INTENT_WHO, INTENT_SUBSCRIBE, INTENT_VOTE };
	static const enum lang cyrillic[] = { LANG_BG, LANG_SR_CYRL };
	struct buf word = { 0 };
	const char *text;

	(void)state;
	for (size_t l = 0; l < 2; l++) {
		for (size_t i = 0; i < sizeof intents / sizeof *intents; i++) {
			assert_true(cards_word(content, intents[i], "",
			    cyrillic[l], &word));
			assert_false(names_latin_command(buf_str(&word)));
		}
		for (size_t i = 0; i < content->reply_count; i++) {
			text = content->replies[i].text[cyrillic[l]];
			assert_false(text != NULL &&
			    names_latin_command(text));
		}
	}
	assert_true(names_latin_command("Край: STOP"));
	buf_clear(&word);
}

static unsigned int
count(const char *text, const char *what)
{
	unsigned int n = 0;

	for (; (text = strstr(text, what)) != NULL; text += strlen(what))
		n++;
	return (n);
}

static void
the_document_stands_alone(void **state)
{
	struct buf html = { 0 };
	const char *text;

	(void)state;
	cards_print(content, "063 123-45<67>", &html);
	text = buf_str(&html);
	assert_int_equal(count(text, "<section "), 4 * LANGS);
	assert_int_equal(count(text, "</section>"), 4 * LANGS);
	assert_int_equal(count(text, "063 123-45&lt;67&gt;"), LANGS);
	assert_int_equal(count(text, "<li>"), 15 * LANGS);
	assert_int_equal(count(text, "<b>192</b>"), LANGS);
	/* Topics have their own names, not those of categories. */
	assert_int_equal(count(text, "<b>12</b> Prevare<"), 2);
	/* Romani that nobody has reviewed is Serbian, names as well. */
	assert_int_equal(count(text, "<b>11</b> Nasilje<"), 2);
	assert_int_equal(count(text, "<b>11</b> Maripe<"), 0);
	assert_int_equal(count(text, "<b>12</b> Fraud<"), 1);
	assert_int_equal(count(text, "<script"), 0);
	assert_int_equal(count(text, "http"), 0);
	assert_int_equal(count(text, "url("), 0);
	assert_int_equal(count(text, "{"), count(text, "}"));
	assert_null(strstr(strstr(text, "</style>"), "{"));
	/* Nobody has reviewed it yet. */
	assert_int_equal(count(text, "class=sample"), 4 * LANGS);
	buf_clear(&html);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_word_of_a_card_is_that_command),
		cmocka_unit_test(each_language_is_asked_for_in_itself),
		cmocka_unit_test(words_are_spelt_as_the_replies_spell_them),
		cmocka_unit_test(cyrillic_texts_name_commands_in_cyrillic),
		cmocka_unit_test(the_document_stands_alone),
	};

	return (cmocka_run_group_tests_name("cards", tests, shipped_load,
	    shipped_unload));
}
