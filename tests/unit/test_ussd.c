/* USSD menus: each way through them, and that each screen fits on a phone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "lib/utf8.h"
#include "sms/segment.h"
#include "text/content_private.h"
#include "text/ussd.h"

#include "shipped.h"

#define SECOND INT64_C(1000000)
#define NOON (INT64_C(1795435200) * SECOND)	/* 2026-11-23T12:00:00Z */

static const enum lang langs[] = { LANG_SR_LATN, LANG_SR_CYRL, LANG_SQ,
	LANG_ROM, LANG_BG, LANG_EN };

#define LANGS (sizeof langs / sizeof *langs)

static struct ussd_state state;
static struct ussd_step step;
static struct buf screen;
static bool ended;

/* Two polls; the second one with nine options. */
static void
add_polls(json_t *pack)
{
	json_t *live = json_pack("{s:[{s:i, s:{s:s}, s:[s,s], s:b, s:I}, "
	    "{s:i, s:{s:s}, s:[s,s,s,s,s,s,s,s,s], s:b, s:I}]}",
	    "polls", "number", 7, "title", "sr-Latn", "Most", "options", "da",
	    "ne", "yes_no", 1, "closes_at", (json_int_t)(NOON / SECOND + 9),
	    "number", 9, "title", "sr-Latn", "Sta prvo? Recite nam sada",
	    "options", "most preko reke", "put do skole", "nova skola",
	    "vodovod u selu", "rasveta u selu", "igraliste za decu",
	    "zdravstvena stanica", "autobus do grada", "dom kulture",
	    "yes_no", 0, "closes_at", (json_int_t)(NOON / SECOND + 99));

	assert_non_null(live);
	assert_int_equal(json_object_set_new(pack, "live", live), 0);
}

static int
load(void **s)
{
	(void)s;
	return (shipped_load_changed(add_polls));
}

static int
somebody(void **s)
{
	(void)s;
	ussd_begin(&state, LANG_SR_LATN, false);
	return (0);
}

static int
forget(void **s)
{
	(void)s;
	free(step.text);
	step.text = NULL;
	buf_clear(&screen);
	return (0);
}

static void
look(void)
{
	enum encoding encoding;
	unsigned int units;
	const char *text;

	buf_reset(&screen);
	ended = ussd_screen(content, &state, NOON, &screen);
	text = buf_str(&screen);
	(void)segment_count(text, &encoding, &units);
	if (units > (encoding == ENCODING_GSM7 ? USSD_SEPTETS : USSD_UNITS) ||
	    screen.len == 0)
		print_error("%u units: %s\n", units, text);
	assert_true(units <= (encoding == ENCODING_GSM7 ? USSD_SEPTETS :
	    USSD_UNITS));
	assert_true(screen.len != 0 && utf8_valid(text, screen.len));
	assert_null(strchr(text, '{'));
}

static void
type(const char *input)
{
	free(step.text);
	ussd_input(content, &state, input, NOON, &step);
	look();
}

static void
types(const char *const *inputs)
{
	for (; *inputs != NULL; inputs++)
		type(*inputs);
}

#define TYPE(...) types((const char *const[]){ __VA_ARGS__, NULL })

static void
shows(const char *words)
{
	if (strstr(buf_str(&screen), words) == NULL)
		print_error("no \"%s\" in: %s\n", words, buf_str(&screen));
	assert_non_null(strstr(buf_str(&screen), words));
}

static struct reading
read_it(void)
{
	struct reading r;

	reading_make(&r, content, step.text, LANG_SR_LATN);
	ussd_read(&r, content, step.chosen);
	return (r);
}

static void
reads(enum intent intent, const char *code, const char *municipality)
{
	struct reading r = read_it();

	assert_int_equal(r.intent, intent);
	assert_string_equal(r.code, code);
	assert_string_equal(r.place != NULL ? r.place->municipality : "",
	    municipality);
	reading_clear(&r);
}

static void
a_report_is_four_things_typed(void **s)
{
	(void)s;
	TYPE("1", "8", "Ristovac", "nema vode tri dana");
	assert_int_equal(step.deed, USSD_REPORT);
	assert_string_equal(step.text, "Ristovac: nema vode tri dana");
	reads(INTENT_REPORT, "WATER", "Vranje");
	snprintf(state.reference, sizeof state.reference, "104828");
	look();
	assert_true(ended);
	shows("104828");
	shows("192, 193, 194");
}

static void
a_place_that_is_not_known_is_kept_in_the_words(void **s)
{
	(void)s;
	TYPE("1", "9", "iza groblja", "nema vode");
	assert_string_equal(step.text, "iza groblja: nema vode");
	reads(INTENT_REPORT, "WATER", "");
	type("0");
	TYPE("1", "8", "1", "nema vode");
	assert_string_equal(step.text, "nema vode");
}

static void
the_words_tell_more_than_the_menu_but_not_something_else(void **s)
{
	(void)s;
	TYPE("1", "1", "Vranje", "pretukli su me u stanici");
	reads(INTENT_REPORT, "POL_FORCE", "Vranje");
	type("0");
	TYPE("1", "1", "Vranje", "traze mito");
	reads(INTENT_REPORT, "POL_BRIBE", "Vranje");
	type("0");
	TYPE("1", "4", "Vranje", "xyz");
	reads(INTENT_REPORT, "DSC", "Vranje");
	/* A command that is told as a report is one. */
	type("0");
	TYPE("1", "6", "Vranje", "STATUS");
	reads(INTENT_REPORT, "COR", "Vranje");
}

static void
danger_has_the_screen(void **s)
{
	struct reading r;

	(void)s;
	for (size_t n = 0; n < LANGS; n++) {
		ussd_begin(&state, langs[n], langs[n] == LANG_SR_CYRL);
		TYPE("1", "7", "Vranje", "gori kuca");
		assert_int_equal(state.emergency, EMERGENCY_EMERG);
		snprintf(state.reference, sizeof state.reference, "104828");
		look();
		shows("193");
		shows("104828");
		r = read_it();
		assert_int_equal(r.emergency, EMERGENCY_EMERG);
		reading_clear(&r);
		ussd_begin(&state, langs[n], langs[n] == LANG_SR_CYRL);
		TYPE("1", "3", "Vranje", "xyz");
		assert_int_equal(state.emergency, EMERGENCY_UXO);
		/* As long as they get. */
		snprintf(state.reference, sizeof state.reference,
		    "123456789012345");
		look();
		shows("192");
		shows("123456789012345");
	}
}

/* Everything that can be seen, page by page, in one language. */
static void
see_all(enum lang lang)
{
	static const char *const statuses[] = { "new", "open", "referred",
		"answered", "closed", "duplicate", "withdrawn", "not_for_us",
		"" };

	for (int at = 0; at < USSD_ATS; at++) {
		for (size_t n = 0; n < content->category_count + 1; n++) {
			ussd_begin(&state, lang, lang == LANG_SR_CYRL);
			state.at = (enum ussd_at)at;
			state.wrong = n % 2 == 1;
			snprintf(state.code, sizeof state.code, "%s",
			    at == USSD_TOPIC ? content->topics[n %
			    content->topic_count].code :
			    n == content->category_count ? "" :
			    content->categories[n].category.code);
			snprintf(state.reference, sizeof state.reference,
			    "%s", n == 0 ? "" : "104828");
			snprintf(state.status, sizeof state.status, "%s",
			    statuses[n % (sizeof statuses /
			    sizeof *statuses)]);
			state.since = NOON;
			state.poll = n % 2 == 0 ? 7 : 9;
			state.option = 1;
			look();
			while (ussd_has_next(content, &state, NOON)) {
				assert_false(ended);
				shows("9 ");
				state.page++;
				assert_true(state.page < 20);
				look();
			}
			assert_int_equal(ended, ussd_ended(&state));
		}
	}
}

static void
every_screen_of_every_language_fits(void **s)
{
	(void)s;
	for (size_t n = 0; n < LANGS; n++)
		see_all(langs[n]);
}

static void
pages_lose_no_word(void **s)
{
	struct buf all = { 0 };
	const char *raw, *word;
	enum lang used;

	(void)s;
	TYPE("2", "2");
	raw = content_text(content, "RIGHTS_ARREST", LANG_SR_LATN, false,
	    &used);
	for (;;) {
		buf_add(&all, screen.data, screen.len);
		if (!ussd_has_next(content, &state, NOON))
			break;
		type("9");
	}
	/* Words without letters that are sent as others. */
	for (word = raw; *word != '\0'; word += strcspn(word, " ") +
	    (word[strcspn(word, " ")] == ' ')) {
		size_t len = strcspn(word, " ");
		char *one = xstrndup(word, len);
		bool plain = true;

		for (size_t i = 0; i < len; i++)
			plain = plain && (unsigned char)one[i] < 0x80;
		if (plain)
			assert_non_null(strstr(buf_str(&all), one));
		free(one);
	}
	buf_clear(&all);
}

static void
zero_leads_back_and_what_is_no_choice_nowhere(void **s)
{
	(void)s;
	look();
	shows("4 Glasanje");
	for (const char *const *wrong = (const char *const[]){ "7", "x", "-1",
	    "99999", "1x", NULL }; *wrong != NULL; wrong++) {
		type(*wrong);
		shows("Nema tog izbora");
		assert_int_equal(state.at, USSD_MAIN);
	}
	TYPE("1", "1", "Vranje");
	assert_int_equal(state.at, USSD_TEXT);
	TYPE("0", "0", "0", "0");
	assert_int_equal(state.at, USSD_MAIN);
	type("");
	assert_int_equal(step.deed, USSD_NOTHING);
}

static void
zero_leads_back_by_a_page_first(void **s)
{
	char *first;

	(void)s;
	for (size_t n = 0; n < LANGS; n++) {
		ussd_begin(&state, langs[n], langs[n] == LANG_SR_CYRL);
		TYPE("2", "77");
		first = xstrdup(buf_str(&screen));
		while (ussd_has_next(content, &state, NOON))
			type("9");
		assert_int_not_equal(state.page, 0);
		while (state.page > 0)
			type("0");
		assert_string_equal(buf_str(&screen), first);
		type("0");
		assert_int_equal(state.at, USSD_MAIN);
		free(first);
	}
}

/* The list as it stands on its pages, up to the last one. */
static void
page_through(struct buf *all)
{
	buf_reset(all);
	for (unsigned int n = 0; n < 20; n++) {
		buf_printf(all, "\n%s", buf_str(&screen));
		if (!ussd_has_next(content, &state, NOON))
			return;
		type("9");
	}
}

static void
a_wrong_choice_hides_nothing_of_a_list(void **s)
{
	struct buf all = { 0 };
	char line[8];

	(void)s;
	for (size_t n = 0; n < LANGS; n++) {
		ussd_begin(&state, langs[n], langs[n] == LANG_SR_CYRL);
		TYPE("2", "77");
		assert_true(state.wrong);
		page_through(&all);
		for (size_t i = 0; i < content->topic_count; i++) {
			snprintf(line, sizeof line, "\n%s%ld ",
			    content->topics[i].number == 9 ? "0" : "",
			    content->topics[i].number);
			assert_non_null(strstr(buf_str(&all), line));
		}
		assert_int_equal(state.at, USSD_TOPICS);
		/* From a further page. */
		type("77");
		assert_true(state.wrong);
		assert_int_equal(state.page, 0);
		type("01");
		assert_false(state.wrong);
		assert_int_equal(state.at, USSD_TOPIC);
	}
	buf_clear(&all);
}

static void
nine_is_what_the_screen_says(void **s)
{
	(void)s;
	TYPE("1", "9");
	assert_int_equal(state.at, USSD_PLACE);
	assert_string_equal(state.code, "OTHER");
	ussd_begin(&state, LANG_SR_CYRL, true);
	TYPE("1", "9");
	assert_int_equal(state.at, USSD_SUBJECT);
	assert_int_equal(state.page, 1);
	ussd_begin(&state, LANG_SR_LATN, false);
	type("2");
	shows("\n09 ");
	type("09");
	assert_int_equal(state.at, USSD_TOPIC);
	assert_string_equal(state.code, "BIRTH");
}

static void
a_vote_is_for_a_poll_that_is_open(void **s)
{
	(void)s;
	type("4");
	shows("7 Most");
	shows("09 Sta prvo");
	type("5");
	shows("Nema tog izbora.\n7 Most");
	type("9");
	shows("1 most");
	type("9");
	shows("09 dom kulture");
	type("3");
	assert_int_equal(step.deed, USSD_TELL);
	reads(INTENT_VOTE, "9 3", "");
	shows("nova skola");
	assert_true(ended);
	/* Gone while they looked. */
	state.poll = 5;
	look();
	/* Closed then. */
	ussd_begin(&state, LANG_SR_LATN, false);
	TYPE("4", "7");
	free(step.text);
	ussd_input(content, &state, "1", NOON + 10 * SECOND, &step);
	assert_int_equal(step.deed, USSD_NOTHING);
	assert_int_equal(state.at, USSD_MAIN);
	assert_true(state.wrong);
}

/* It is told so, and written down. */
static void
who_is_silenced_casts_no_vote_and_reports_danger_alone(void **s)
{
	static const struct {
		enum silence silence;
		const char *text;
		enum ussd_at at;
		enum ussd_deed deed;
		const char *shown;
	} cases[] = {
		{ SILENCE_NONE, "nema vode", USSD_REPORTED, USSD_REPORT, "" },
		{ SILENCE_SILENCED, "nema vode", USSD_UNHEARD, USSD_TELL,
		    "ne obra" },
		{ SILENCE_SILENCED, "nasli smo bombu", USSD_REPORTED,
		    USSD_REPORT, "NE DIRAJTE" },
		{ SILENCE_BLOCKED, "nasli smo bombu", USSD_UNHEARD, USSD_TELL,
		    "NE DIRAJTE" },
	};

	(void)s;
	for (size_t n = 0; n < sizeof cases / sizeof *cases; n++) {
		ussd_begin(&state, LANG_SR_LATN, false);
		state.silence = cases[n].silence;
		TYPE("1", "8", "Vranje", cases[n].text);
		assert_int_equal(state.at, cases[n].at);
		assert_int_equal(step.deed, cases[n].deed);
		shows(cases[n].shown);
		if (n == 0)
			continue;
		type("0");
		TYPE("4", "7", "1");
		assert_int_equal(state.at, USSD_UNHEARD);
		assert_int_equal(step.deed, USSD_TELL);
		shows("ne obra");
		assert_true(ended);
		ussd_begin_again(&state);
		assert_int_equal(state.silence, cases[n].silence);
	}
}

/* As by text: of a case they are told nothing, whatever was typed before. */
static void
who_is_silenced_or_blocked_looks_nothing_up(void **s)
{
	static const enum silence silences[] = { SILENCE_SILENCED,
		SILENCE_BLOCKED };

	(void)s;
	for (size_t n = 0; n < sizeof silences / sizeof *silences; n++) {
		ussd_begin(&state, LANG_SR_LATN, false);
		state.silence = silences[n];
		TYPE("1", "8", "Vranje", "nasli smo bombu");
		type("0");
		TYPE("3", "104828");
		assert_int_equal(state.at, USSD_UNHEARD);
		assert_int_equal(step.deed, USSD_TELL);
		assert_string_equal(step.text, "STATUS 104828");
		shows("ne obra");
		assert_true(ended);
	}
	/* It was not known when they began. */
	ussd_begin(&state, LANG_SR_LATN, false);
	TYPE("3", "104828");
	assert_int_equal(step.deed, USSD_LOOK_UP);
	state.silence = SILENCE_BLOCKED;
	ussd_not_found_out(content, &state, &step);
	assert_int_equal(state.at, USSD_UNHEARD);
	assert_int_equal(step.deed, USSD_TELL);
}

static void
a_reference_is_looked_up_or_taken_down(void **s)
{
	(void)s;
	TYPE("3", "104829");
	assert_int_equal(step.deed, USSD_NOTHING);
	shows("Nema tog izbora");
	type("10-48 28");
	assert_int_equal(step.deed, USSD_LOOK_UP);
	assert_string_equal(state.reference, "104828");
	ussd_found(&state, "104828", "open", NOON);
	look();
	shows("104828");
	shows("23.11.2026");
	assert_true(ended);
	type("0");
	TYPE("3", "1");
	assert_string_equal(state.reference, "");
	ussd_found(&state, "", "", 0);
	look();
	shows("nema sa ovog telefona");
	type("0");
	TYPE("3", "104828");
	ussd_not_found_out(content, &state, &step);
	reads(INTENT_STATUS, "104828", "");
	look();
	shows("SMS");
}

/* By a link that sends nothing, or without a number. */
static void
who_gets_no_text_is_promised_none(void **s)
{
	(void)s;
	for (size_t n = 0; n < LANGS; n++) {
		ussd_begin(&state, langs[n], langs[n] == LANG_SR_CYRL);
		state.textless = true;
		TYPE("3", "1");
		ussd_not_found_out(content, &state, &step);
		assert_null(step.text);
		look();
		assert_true(ended);
		assert_null(strstr(buf_str(&screen), "SMS"));
		assert_null(strstr(buf_str(&screen), "text"));
		ussd_begin_again(&state);
		TYPE("1", "8", "Vranje", "nema vode");
		assert_int_equal(step.deed, USSD_REPORT);
		look();
		assert_null(strstr(buf_str(&screen), "SMS"));
		assert_null(strstr(buf_str(&screen), "text"));
		shows("192");
	}
	ussd_begin_again(&state);
	state.silence = SILENCE_SILENCED;
	TYPE("3", "1");
	assert_int_equal(step.deed, USSD_TELL);
}

static void
a_language_is_told_and_spoken_at_once(void **s)
{
	static const char *const names[] = { "sr-Latn", "sr-Cyrl", "sq",
		"rom", "bg", "en" };
	char number[2] = "1";

	(void)s;
	for (size_t n = 0; n < LANGS; n++, number[0]++) {
		ussd_begin(&state, LANG_SR_LATN, false);
		TYPE("5", number);
		assert_int_equal(step.deed, USSD_TELL);
		reads(INTENT_LANG, names[n], "");
		assert_int_equal(state.lang, langs[n]);
		assert_int_equal(state.at, USSD_MAIN);
	}
	shows("1 Report");
}

static void
names_are_in_the_language_of_their_title(void **s)
{
	(void)s;
	ussd_begin(&state, LANG_ROM, false);
	TYPE("2");
	shows("Vasa prava:");
	shows("Hapsenje");
	assert_null(strstr(buf_str(&screen), "Bijandipe"));
	TYPE("9");
	assert_null(strstr(buf_str(&screen), "Maripe"));
	ussd_begin(&state, LANG_SQ, false);
	TYPE("2");
	shows("Arrestimi");
	/* Cyrillic letters are asked for apart from the language. */
	ussd_begin(&state, LANG_SR_LATN, true);
	TYPE("2");
	shows("Хапшење");
}

static void
it_is_the_same_out_of_the_log(void **s)
{
	char line[USSD_LINE_MAX], again[USSD_LINE_MAX];
	struct ussd_state back;

	(void)s;
	TYPE("1", "8", "Gornje Ono Drugo");
	state.page = 3;
	state.wrong = true;
	ussd_print(&state, line);
	assert_true(ussd_scan(&back, line));
	assert_memory_equal(&back, &state, sizeof back);
	ussd_begin(&state, LANG_SQ, true);
	ussd_print(&state, line);
	assert_true(ussd_scan(&back, line));
	ussd_print(&back, again);
	assert_string_equal(again, line);
	assert_false(ussd_scan(&back, ""));
	assert_true(ussd_scan(&back, "1 sq 0 0 0 - - - 0 0 0 0 2 "));
	assert_int_equal(back.silence, SILENCE_BLOCKED);
	assert_false(ussd_scan(&back, "99 sq 0 0 0 - - - 0 0 0 0 0 "));
	assert_false(ussd_scan(&back, "1 xx 0 0 0 - - - 0 0 0 0 0 "));
	assert_false(ussd_scan(&back, "1 sq 0 0 0 - - - 0 0 0 7 0 "));
	assert_false(ussd_scan(&back, "1 sq 0 0 0 - - - 0 0 0 0 3 "));
}

static void
a_long_place_is_not_cut(void **s)
{
	struct buf place = { 0 };

	(void)s;
	TYPE("1", "8");
	for (int n = 0; n < 100; n++)
		buf_add_str(&place, "\xc5\xa1");
	type(buf_str(&place));
	assert_string_equal(state.place, buf_str(&place));
	type("traze mito");
	assert_int_equal(strncmp(step.text, buf_str(&place), place.len), 0);
	assert_true(utf8_valid(step.chosen, strlen(step.chosen)));
	buf_clear(&place);
}

/* Whoever tells all where the place is asked for has told it. */
static void
words_in_the_wrong_place_are_a_report(void **s)
{
	struct buf story = { 0 };

	(void)s;
	type("upomoc ubice me");
	assert_int_equal(step.deed, USSD_REPORT);
	assert_int_equal(state.emergency, EMERGENCY_EMERG);
	TYPE("0", "1", "8");
	for (int n = 0; n < 60; n++)
		buf_add_str(&story, "mito ");
	type(buf_str(&story));
	assert_int_equal(step.deed, USSD_REPORT);
	assert_int_equal(strlen(step.text), story.len - 1);
	buf_clear(&story);
}

static void
danger_is_told_wherever_it_is_typed(void **s)
{
	static const char *const ways[] = { "1", "2", "3", "4", "5", NULL };

	(void)s;
	for (const char *const *way = ways; *way != NULL; way++) {
		ussd_begin(&state, LANG_SR_LATN, false);
		TYPE(*way, "gori kuca, pomoc, ima ljudi unutra");
		assert_int_equal(step.deed, USSD_REPORT);
		shows("193");
		ussd_begin(&state, LANG_SR_LATN, false);
		TYPE(*way, "upomoc");
		assert_int_equal(step.deed, USSD_REPORT);
		assert_string_equal(step.text, "upomoc");
	}
	/* Of two pages of rights, on the first. */
	ussd_begin(&state, LANG_SR_LATN, false);
	TYPE("2", "2", "policija me tuce");
	assert_int_equal(step.deed, USSD_REPORT);
	/* What was chosen is known. */
	ussd_begin(&state, LANG_SR_LATN, false);
	TYPE("1", "5", "upomoc tuku me Vranje");
	assert_int_equal(step.deed, USSD_REPORT);
	assert_int_equal(state.emergency, EMERGENCY_EMERG);
	reads(INTENT_REPORT, "VIOL", "Vranje");
	/* A place is one. */
	ussd_begin(&state, LANG_SR_LATN, false);
	TYPE("1", "5", "kod bolnice u Vranju");
	assert_int_equal(state.at, USSD_TEXT);
}

/* The topic of what would be a question in a text is no category. */
static void
a_report_has_a_category_or_none(void **s)
{
	(void)s;
	type("prava policija");
	assert_int_equal(step.deed, USSD_REPORT);
	reads(INTENT_REPORT, "", "");
}

/* A number without its name would be no choice. */
static void
a_list_is_cut_between_its_lines(void **s)
{
	static const char *const pages[] = {
		"\n3 мина/оружје\n9",
		("4 дискриминација\n5 насиље\n6 мито/крађа\n"
		"7 пожар/удес\n8 комунално\n9 остало\n0"),
	};

	(void)s;
	ussd_begin(&state, LANG_SR_CYRL, true);
	TYPE("1");
	for (size_t n = 0; n < sizeof pages / sizeof *pages; n++) {
		shows(pages[n]);
		type("9");
	}
	assert_int_equal(state.at, USSD_PLACE);
}

/* Each page is one more thing to type, unless the number is known. */
static void
subjects_take_two_pages_at_most(void **s)
{
	(void)s;
	for (size_t n = 0; n < LANGS; n++) {
		ussd_begin(&state, langs[n], langs[n] == LANG_SR_CYRL);
		TYPE("1");
		if (ussd_has_next(content, &state, NOON))
			type("9");
		assert_false(ussd_has_next(content, &state, NOON));
		ussd_begin(&state, langs[n], langs[n] == LANG_SR_CYRL);
		TYPE("1", "09");
		assert_int_equal(state.at, USSD_PLACE);
		assert_string_equal(state.code, "OTHER");
	}
}

static void
each_subject_is_a_category(void **s)
{
	(void)s;
	for (long n = 1; n <= 9; n++)
		assert_non_null(ussd_subject(content, n));
	assert_null(ussd_subject(content, 0));
	assert_null(ussd_subject(content, 10));
}

static void
who_wants_no_texts_says_so_wherever_they_are(void **s)
{
	static const struct {
		const char *word;
		enum intent intent;
	} wishes[] = { { "STOP", INTENT_STOP }, { "odjava", INTENT_STOP },
		{ "OBRISI", INTENT_ERASE }, { "START", INTENT_START } };

	(void)s;
	for (size_t i = 0; i < sizeof wishes / sizeof *wishes; i++) {
		somebody(s);
		type(wishes[i].word);
		assert_int_equal(step.deed, USSD_TELL);
		reads(wishes[i].intent, "", "");
		shows("SMS");
		somebody(s);
		TYPE("1", "8", "Vranje", wishes[i].word);
		assert_int_equal(step.deed, USSD_TELL);
		reads(wishes[i].intent, "", "");
	}
	somebody(s);
	TYPE("1", "8", "Vranje", "STOP nasilju u skoli, tuku decu");
	assert_int_equal(step.deed, USSD_REPORT);
}

static void
words_and_danger_are_taken_with_their_stars(void **s)
{
	(void)s;
	assert_false(ussd_takes_text(content, &state, "1*8*Vranje*nema vode"));
	assert_true(ussd_takes_text(content, &state, "nema vode * hitno"));
	TYPE("1", "8");
	assert_false(ussd_takes_text(content, &state, "Vranje*nema vode"));
	assert_true(ussd_takes_text(content, &state, "tuku me * Vranje"));
	type("Vranje");
	assert_true(ussd_takes_text(content, &state, "1*2"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, somebody, forget)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_report_is_four_things_typed),
		TEST(a_place_that_is_not_known_is_kept_in_the_words),
		TEST(the_words_tell_more_than_the_menu_but_not_something_else),
		TEST(danger_has_the_screen),
		TEST(who_wants_no_texts_says_so_wherever_they_are),
		TEST(words_and_danger_are_taken_with_their_stars),
		TEST(every_screen_of_every_language_fits),
		TEST(pages_lose_no_word),
		TEST(zero_leads_back_and_what_is_no_choice_nowhere),
		TEST(zero_leads_back_by_a_page_first),
		TEST(a_wrong_choice_hides_nothing_of_a_list),
		TEST(nine_is_what_the_screen_says),
		TEST(a_vote_is_for_a_poll_that_is_open),
		TEST(who_is_silenced_casts_no_vote_and_reports_danger_alone),
		TEST(who_is_silenced_or_blocked_looks_nothing_up),
		TEST(a_reference_is_looked_up_or_taken_down),
		TEST(who_gets_no_text_is_promised_none),
		TEST(a_language_is_told_and_spoken_at_once),
		TEST(names_are_in_the_language_of_their_title),
		TEST(it_is_the_same_out_of_the_log),
		TEST(a_long_place_is_not_cut),
		TEST(words_in_the_wrong_place_are_a_report),
		TEST(danger_is_told_wherever_it_is_typed),
		TEST(a_report_has_a_category_or_none),
		TEST(a_list_is_cut_between_its_lines),
		TEST(subjects_take_two_pages_at_most),
		TEST(each_subject_is_a_category),
	};

	return (cmocka_run_group_tests(tests, load, shipped_unload));
}
