/* Places named in texts, against the gazetteer that is shipped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "text/places.h"
#include "text/reading.h"

#include "shipped.h"

static void
place_is(const char *text, const char *wanted)
{
	char name[PLACE_TEXT_MAX];
	const char *got;
	struct reading r;

	reading_make(&r, content, text, LANG_UND);
	got = r.place != NULL ? place_text(r.place, name) : "";
	if (strcmp(got, wanted) != 0)
		print_error("%s\n", text);
	assert_string_equal(got, wanted);
	reading_clear(&r);
}

struct wanted {
	const char	*text;
	const char	*place;
};

static void
all_are(const struct wanted *w, size_t n)
{
	for (size_t i = 0; i < n; i++)
		place_is(w[i].text, w[i].place);
}

#define ALL_ARE(list) all_are(list, sizeof list / sizeof *list)

static void
serbian_names_are_found_in_every_case(void **state)
{
	static const struct wanted wanted[] = {
		{ "nema vode u Bujanovcu", "Bujanovac" },
		{ "rupa na putu iz Bujanovca", "Bujanovac" },
		{ "nema vode u Vranju", "Vranje" },
		{ "rasveta u Medveđi", "Medveđa" },
		{ "rasveta u medvedi", "Medveđa" },
		{ "put za Crnu Travu, rupe", "Crna Trava" },
		{ "psi u Vladičinom Hanu", "Vladičin Han" },
		{ "smeće u Vranjskoj Banji", "Vranjska Banja" },
		{ "rasveta u velikom trnovcu", "Bujanovac/Veliki Trnovac" },
		{ "rupa kod Ravnog Bučja", "Bujanovac/Ravno Bučje" },
		{ "voda u surdulici smrdi", "Surdulica" },
		{ "нема воде у Прешеву", "Preševo" },
	};

	(void)state;
	ALL_ARE(wanted);
}

static void
dialect_drops_the_cases(void **state)
{
	static const struct wanted wanted[] = {
		{ "nema struju u Bujanovac", "Bujanovac" },
		{ "nema rasveta kod Ristovac", "Vranje/Ristovac" },
		{ "smece u selo Mijovce", "Vranje/Mijovce" },
	};

	(void)state;
	ALL_ARE(wanted);
}

static void
albanian_and_romani_and_bulgarian_forms_are_found(void **state)
{
	static const struct wanted wanted[] = {
		{ "ska uje ne Presheve", "Preševo" },
		{ "komuna e Preshevës nuk punon", "Preševo" },
		{ "mbeturina ne Bujanoc", "Bujanovac" },
		{ "banorët e Bujanocit pa ujë", "Bujanovac" },
		{ "ska drita ne ternocit te madh", "Bujanovac/Veliki Trnovac" },
		{ "ska uj ne Konqul", "Bujanovac/Končulj" },
		{ "naj svetlo ande Leskovco", "Leskovac" },
		{ "няма вода в Цариброд", "Dimitrovgrad" },
	};

	(void)state;
	ALL_ARE(wanted);
}

static void
a_spelling_nobody_foresaw_is_heard(void **state)
{
	static const struct wanted wanted[] = {
		{ "rupa na putu u Orahovici, Presevo", "Preševo/Oraovica" },
		{ "mbeturina ne Lluqan", "Bujanovac/Lučane" },
	};

	(void)state;
	ALL_ARE(wanted);
}

static void
a_name_with_one_slip_is_understood(void **state)
{
	static const struct wanted wanted[] = {
		{ "nema struje u Vrnaju", "Vranje" },	/* exchanged */
		{ "nema struje u Surdlici", "Surdulica" },	/* left out */
		{ "nema struje u Bujamovcu", "Bujanovac" },	/* another */
		{ "nema struje u Leskovacu", "Leskovac" },	/* too many */
		{ "nema struje Bujanvac", "Bujanovac" },
		{ "нема воде у Прешевву", "Preševo" },
		{ "ska uj ne Bujanpc", "Bujanovac" },
		{ "nema vode u selo Klenkie", "Bujanovac/Klenike" },
		{ "rupa na putu vladicinhan", "Vladičin Han" },	/* a space */
		{ "nema vode u crnojtravi", "Crna Trava" },
		/* What is named as it is written is believed. */
		{ "Levski je u Bosilegradu isaran", "Bosilegrad" },
		{ "najis leske", "" },	/* "thanks to him" */
		{ "nema struje u lesku", "Leskovac" },
		/* Neither short words nor those that only look like villages. */
		{ "nema vode u nasu kucu", "" },
		{ "bolnica nema lekova", "" },
		{ "policajac Jovica me tukao", "" },
		{ "dal ste videli crnu kobilu s belu zvezdu na celo", "" },
	};

	(void)state;
	ALL_ARE(wanted);
}

/* As people write it who leave out what is not needed. */
static void
a_wrong_letter_is_seen_where_the_text_begins_or_ends(void **state)
{
	static const struct wanted wanted[] = {
		{ "vrnaje nema struje", "Vranje" },
		{ "surdulca mrak u ulici", "Surdulica" },
		{ "ne radi rasveta, bosilegrd", "Bosilegrad" },
		{ "rupa na putu vranie", "Vranje" },
		{ "qyteti i preshevs pa uje", "Preševo" },
		{ "rryma iken sa here fryn era, gajtani i poshtem",
		    "Medveđa/Donji Gajtan" },
		/* Nor is a village guessed, nor what stands in the middle. */
		{ "klenkie nema vode", "" },
		{ "jel postoji spisak onih brojeva sto varaju babe", "" },
	};

	(void)state;
	ALL_ARE(wanted);
}

static void
a_village_inside_the_named_municipality_wins(void **state)
{
	static const struct wanted wanted[] = {
		{ "kradu ovce, selo Tulare Medvedja", "Medveđa/Tulare" },
		{ "nema vode, Oraovica, Leskovac", "Leskovac/Oraovica" },
		{ "nema vode, Oraovica, Presevo", "Preševo/Oraovica" },
		{ "autobus iz Medvedje za Sijarinsku banju ne ide",
		    "Medveđa/Sijarinska Banja" },
		{ "rupe, put Vranje, selo Sebevranje",
		    "Vranjska Banja/Sebevranje" },
	};

	(void)state;
	ALL_ARE(wanted);
}

static void
what_may_be_several_places_is_none(void **state)
{
	static const struct wanted wanted[] = {
		{ "nema vode u Novom Selu", "" },
		{ "nema vode u Buštranju", "" },
		{ "los put od Vranja do Leskovca", "" },
	};

	(void)state;
	ALL_ARE(wanted);
}

static void
ordinary_words_are_no_places(void **state)
{
	static const struct wanted wanted[] = {
		{ "obijaju mi podrum svake noci", "" },
		{ "na granici cekamo satima", "" },
		{ "izvor je zagadjen, voda smrdi", "" },
		{ "policija nista ne radi", "" },
		{ "helikopter leti nisko", "" },
		{ "nema vode, selo Podrum, Leskovac", "Leskovac/Podrum" },
	};

	(void)state;
	ALL_ARE(wanted);
}

static void
short_names_need_a_cue_or_the_end(void **state)
{
	static const struct wanted wanted[] = {
		{ "nema vode tri dana, Han", "Vladičin Han" },
		{ "rupe na putu za Han svuda", "Vladičin Han" },
		{ "jak han voda nema dugo ovde", "" },
	};

	(void)state;
	ALL_ARE(wanted);
}

static void
adjectives_stand_for_places(void **state)
{
	static const struct wanted wanted[] = {
		{ "bujanovacka policija trazi pare", "Bujanovac" },
		{ "vranjska bolnica nema lekara", "Vranje" },
		{ "bujanovacka policija u selu Miratovac trazi pare",
		    "Preševo/Miratovac" },
	};

	(void)state;
	ALL_ARE(wanted);
}

struct forms {
	const char	*wanted;
	unsigned int	 seen;
	unsigned int	 count;
};

static void
form(void *arg, const char *text)
{
	struct forms *f = arg;

	f->count++;
	f->seen += strcmp(text, f->wanted) == 0;
}

static unsigned int
forms_seen(const char *name, enum places_grammar grammar, const char *wanted)
{
	struct forms f = { .wanted = wanted };

	places_forms(name, grammar, form, &f);
	assert_true(f.count < 2500);
	return (f.seen);
}

static void
names_are_declined_by_how_they_end(void **state)
{
	(void)state;
	assert_int_equal(forms_seen("bujanovac", PLACES_SERBIAN,
	    "bujanovcu"), 1);
	assert_int_equal(forms_seen("lucane", PLACES_SERBIAN, "lucanima"), 1);
	assert_int_equal(forms_seen("crna trava", PLACES_SERBIAN,
	    "crnu travu"), 1);
	assert_int_equal(forms_seen("presheve", PLACES_ALBANIAN,
	    "presheves"), 1);
	assert_int_equal(forms_seen("ternoc i madh", PLACES_ALBANIAN,
	    "ternocit te madh"), 1);
	assert_int_equal(forms_seen("vranja", PLACES_AS_IS, "vranju"), 0);
	assert_int_equal(forms_seen("", PLACES_SERBIAN, ""), 0);
}

static void
a_long_name_has_no_more_forms_than_one_of_three_words(void **state)
{
	static const char six[] = "stara velika crvena bela mala reka";
	static const char seven[] = "a stara velika crvena bela mala reka";

	(void)state;
	assert_true(places_name_fits(six));
	assert_int_equal(forms_seen(six, PLACES_SERBIAN,
	    "staru veliku crvena bela mala reku"), 1);
	assert_false(places_name_fits(seven));
	assert_int_equal(forms_seen(seven, PLACES_SERBIAN, seven), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(serbian_names_are_found_in_every_case),
		cmocka_unit_test(dialect_drops_the_cases),
		cmocka_unit_test(
		    albanian_and_romani_and_bulgarian_forms_are_found),
		cmocka_unit_test(a_spelling_nobody_foresaw_is_heard),
		cmocka_unit_test(a_name_with_one_slip_is_understood),
		cmocka_unit_test(
		    a_wrong_letter_is_seen_where_the_text_begins_or_ends),
		cmocka_unit_test(a_village_inside_the_named_municipality_wins),
		cmocka_unit_test(what_may_be_several_places_is_none),
		cmocka_unit_test(ordinary_words_are_no_places),
		cmocka_unit_test(short_names_need_a_cue_or_the_end),
		cmocka_unit_test(adjectives_stand_for_places),
		cmocka_unit_test(names_are_declined_by_how_they_end),
		cmocka_unit_test(
		    a_long_name_has_no_more_forms_than_one_of_three_words),
	};

	return (cmocka_run_group_tests_name("places", tests, shipped_load,
	    shipped_unload));
}
