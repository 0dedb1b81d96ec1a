/* Forms: what is read from texts, in any order, by anybody. */
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
#include "text/answer.h"
#include "text/content_private.h"
#include "text/form.h"

#include "answered.h"
#include "shipped.h"

#define SECOND INT64_C(1000000)
#define NOON (INT64_C(1795435200) * SECOND)	/* 2026-11-23T12:00:00Z */

static struct conversation person;
static struct answer answer;
static enum intent intent;
static int64_t message;

/* Beside the one that is shipped: fields of one type, and a yes or no. */
static const char more_fields[] =
    "[{\"form\":\"COUNT\",\"field\":\"young\",\"position\":1,"
    "\"type\":\"number\",\"required\":true,\"max\":2000,"
    "\"labels\":{\"sr-Latn\":\"mladi*, mladih\"},"
    "\"ask\":{\"sr-Latn\":\"Mladih?\"},\"example\":{\"sr-Latn\":\"5\"}},"
    "{\"form\":\"COUNT\",\"field\":\"old\",\"position\":2,"
    "\"type\":\"number\",\"required\":true,"
    "\"labels\":{\"sr-Latn\":\"stari*, preko sezdeset\"},"
    "\"ask\":{\"sr-Latn\":\"Starih?\"},\"example\":{\"sr-Latn\":\"5\"}},"
    "{\"form\":\"COUNT\",\"field\":\"road\",\"position\":3,"
    "\"type\":\"choice\",\"required\":true,"
    "\"choices\":{\"yes\":\"da, po\",\"no\":\"ne, jo\"},"
    "\"labels\":{\"sr-Latn\":\"put\"},"
    "\"ask\":{\"sr-Latn\":\"Ima li puta?\"},"
    "\"example\":{\"sr-Latn\":\"da\"}},"
    "{\"form\":\"COUNT\",\"field\":\"water\",\"position\":4,"
    "\"type\":\"choice\",\"required\":false,"
    "\"choices\":{\"yes\":\"da\",\"no\":\"ne\"},"
    "\"labels\":{\"sr-Latn\":\"voda\"},"
    "\"ask\":{\"sr-Latn\":\"Ima li vode?\"},"
    "\"example\":{\"sr-Latn\":\"da\"}},"
    "{\"form\":\"COUNT\",\"field\":\"last\",\"position\":5,"
    "\"type\":\"text\",\"required\":true,"
    "\"ask\":{\"sr-Latn\":\"Jos nesto?\"},"
    "\"example\":{\"sr-Latn\":\"ne\"}},"
    "{\"form\":\"ROUTE\",\"field\":\"start\",\"position\":1,"
    "\"type\":\"place\",\"required\":true,"
    "\"labels\":{\"sr-Latn\":\"od\"},"
    "\"ask\":{\"sr-Latn\":\"Odakle?\"},"
    "\"example\":{\"sr-Latn\":\"Vranje\"}},"
    "{\"form\":\"ROUTE\",\"field\":\"finish\",\"position\":2,"
    "\"type\":\"place\",\"required\":true,"
    "\"labels\":{\"sr-Latn\":\"do\"},"
    "\"ask\":{\"sr-Latn\":\"Dokle?\"},"
    "\"example\":{\"sr-Latn\":\"Vranje\"}},"
    "{\"form\":\"ROUTE\",\"field\":\"cars\",\"position\":3,"
    "\"type\":\"number\",\"required\":false,"
    "\"labels\":{\"sr-Latn\":\"vozila\"},"
    "\"ask\":{\"sr-Latn\":\"Koliko?\"},"
    "\"example\":{\"sr-Latn\":\"5\"}}]";

static void
add_form(json_t *pack)
{
	json_t *entries = json_object_get(json_object_get(pack, "forms"),
	    "entries");
	json_t *fields = json_loads(more_fields, 0, NULL);

	json_array_append_new(entries, json_pack("{s:s, s:{}}", "code",
	    "COUNT", "names"));
	json_array_append_new(entries, json_pack("{s:s, s:{}}", "code",
	    "ROUTE", "names"));
	entries = json_object_get(json_object_get(pack, "keywords"),
	    "entries");
	json_array_append_new(entries, json_pack("{s:s, s:s, s:s, s:s}",
	    "kind", "form", "code", "COUNT", "lang", "sr", "pattern",
	    "^brojanje"));
	json_array_append_new(entries, json_pack("{s:s, s:s, s:s, s:s}",
	    "kind", "form", "code", "ROUTE", "lang", "sr", "pattern",
	    "^putovanje"));
	entries = json_object_get(json_object_get(pack, "form_fields"),
	    "entries");
	json_array_extend(entries, fields);
	json_decref(fields);
}

static int
load(void **state)
{
	(void)state;
	return (shipped_load_changed(add_form));
}

static int
somebody(void **state)
{
	(void)state;
	memset(&person, 0, sizeof person);
	person.told_who = person.asked_group = true;
	message = 11;
	return (0);
}

static int
forget(void **state)
{
	(void)state;
	answer_clear(&answer);
	return (0);
}

/* "incidents=5 mood=calm": what is found, in order; "!since" a wrong one, and
 * what is unread behind a bar. */
static char *
read_text(const char *code, const char *text, unsigned int have, int asked)
{
	const struct form_given given = { .now = NOON, .have = have,
		.asked = asked };
	const struct content_form *form;
	struct form_reading r;
	struct buf out = { 0 };

	form = &content->forms[content_find_form(content, code)];
	form_read(&r, content, form, text, &given);
	for (size_t i = 0; i < form->field_count; i++) {
		assert_int_equal(r.values[i] != NULL, (r.found >> i) & 1);
		if (r.values[i] != NULL)
			buf_printf(&out, "%s%s=%s", out.len > 0 ? " " : "",
			    form->fields[i].name, r.values[i]);
	}
	if (r.wrong != FORM_NO_FIELD)
		buf_printf(&out, "%s!%s", out.len > 0 ? " " : "",
		    form->fields[r.wrong].name);
	if (*r.unread != '\0')
		buf_printf(&out, " | %s", r.unread);
	assert_int_equal(r.found & have, 0);
	form_clear(&r);
	return (buf_str(&out));
}

static void
reads(const char *code, const char *text, int asked, const char *wanted)
{
	char *found = read_text(code, text, 0, asked);

	if (strcmp(found, wanted) != 0)
		print_error("%s\n", text);
	assert_string_equal(found, wanted);
	free(found);
}

struct example {
	const char	*text;
	const char	*wanted;
};

static void
reads_all(const struct example *e, size_t count)
{
	for (size_t i = 0; i < count; i++)
		reads("CHECKIN", e[i].text, FORM_NO_FIELD, e[i].wanted);
}

#define READS_ALL(list) reads_all(list, sizeof (list) / sizeof *(list))

/* Two fields are for places. */
static void
each_place_goes_where_its_label_says_else_in_order(void **state)
{
	static const struct {
		const char	*text;
		unsigned int	 have;
		int		 asked;
		const char	*wanted;
	} e[] = {
		{ "PUTOVANJE od: Vranje, do: Ristovac", 0, FORM_NO_FIELD,
		    "start=Vranje finish=Vranje/Ristovac" },
		{ "PUTOVANJE do: Ristovac, od: Vranje, vozila 3", 0,
		    FORM_NO_FIELD,
		    "start=Vranje finish=Vranje/Ristovac cars=3" },
		{ "putovanje od Bujanovca do Preseva", 0, FORM_NO_FIELD,
		    "start=Bujanovac finish=Preševo" },
		{ "putovanje 3 od Ristovca, Vranje do Preseva", 0,
		    FORM_NO_FIELD,
		    "start=Vranje/Ristovac finish=Preševo cars=3" },
		{ "putovanje Bujanovac, Presevo, 4", 0, FORM_NO_FIELD,
		    "start=Bujanovac finish=Preševo cars=4" },
		{ "putovanje Bujanovac Presevo 4", 0, FORM_NO_FIELD,
		    "start=Bujanovac finish=Preševo cars=4" },
		{ "putovanje iz Vranja u Ristovac", 0, FORM_NO_FIELD,
		    "start=Vranje finish=Vranje/Ristovac" },
		{ "putovanje Vranje, do: Ristovac", 0, FORM_NO_FIELD,
		    "start=Vranje finish=Vranje/Ristovac" },
		{ "putovanje Ristovac, od: Vranje", 0, FORM_NO_FIELD,
		    "start=Vranje finish=Vranje/Ristovac" },
		{ "putovanje do Preseva", 0, FORM_NO_FIELD,
		    "finish=Preševo" },
		{ "putovanje od: Nigdina, do: Ristovac", 0, FORM_NO_FIELD,
		    "finish=Vranje/Ristovac !start | Nigdina" },
		{ "putovanje od Oraovice do Vranja", 0, FORM_NO_FIELD,
		    "finish=Vranje !start | Oraovice" },
		/* What is there is not noted for the other. */
		{ "do Preseva", 1, 1, "finish=Preševo" },
		{ "od Bujanovca do Preseva", 1, 1,
		    "finish=Preševo | od Bujanovca" },
		{ "Ristovac, Vranje", 1, 1, "finish=Vranje/Ristovac" },
		{ "Ristovac, Vranje", 0, 0, "start=Vranje/Ristovac" },
	};
	char *found;

	(void)state;
	for (size_t i = 0; i < sizeof e / sizeof *e; i++) {
		found = read_text("ROUTE", e[i].text, e[i].have, e[i].asked);
		if (strcmp(found, e[i].wanted) != 0)
			print_error("%s: %s\n", e[i].text, found);
		assert_string_equal(found, e[i].wanted);
		free(found);
	}
}

static void
values_come_in_any_order_separated_by_anything(void **state)
{
	static const struct example e[] = {
		{ "JAVLJANJE 5 mirno Ristovac",
		    "incidents=5 mood=calm place=Vranje/Ristovac" },
		{ "javljanje Ristovac, mirno, 5",
		    "incidents=5 mood=calm place=Vranje/Ristovac" },
		{ "javljanje mirno/5/Ristovac",
		    "incidents=5 mood=calm place=Vranje/Ristovac" },
		{ "JAVLJANJE\n5\nmirno\nRistovac\n",
		    "incidents=5 mood=calm place=Vranje/Ristovac" },
		{ "JAVLJANJE;5;mirno;u Ristovcu.",
		    "incidents=5 mood=calm place=Vranje/Ristovac" },
		{ "javljanje - 5 - mirno - selo Ristovac - od juce",
		    "incidents=5 mood=calm place=Vranje/Ristovac "
		    "since=2026-11-22" },
		{ "checkin:mirno;broj=5", "incidents=5 mood=calm" },
		{ "Nedeljno javljanje 0 mirno Vranje",
		    "incidents=0 mood=calm place=Vranje" },
		{ "javljanje 007 mirno", "incidents=7 mood=calm" },
		{ "JAVLJANJE5mirno", "incidents=5 mood=calm" },
		{ "javljanje", "" },
		{ "javljanje !!! ...", "" },
	};

	(void)state;
	READS_ALL(e);
}

static void
every_language_and_script_is_read(void **state)
{
	static const struct example e[] = {
		{ "ЈАВЉАЊЕ 3 лоше Босилеград",
		    "incidents=3 mood=bad place=Bosilegrad" },
		{ "Јављање, напето, Врање, дванаест инцидената",
		    "incidents=12 mood=tense place=Vranje" },
		{ "Lajmerim javor 5 qetë Dobrosin dje",
		    "incidents=5 mood=calm place=Bujanovac/Dobrosin "
		    "since=2026-11-22" },
		{ "lajmerim javor shtatë incidente, të tensionuar, Preshevë, "
		    "para 3 ditësh",
		    "incidents=7 mood=tense place=Preševo "
		    "since=2026-11-20" },
		{ "Седмично: два инцидента, спокойно, Босилеград, от вчера",
		    "incidents=2 mood=calm place=Bosilegrad "
		    "since=2026-11-22" },
		{ "kurkesko trin incidentija bilačhe Bujanovac",
		    "incidents=3 mood=bad place=Bujanovac" },
		{ "weekly check: two incidents, people are afraid in "
		    "Bujanovac since yesterday",
		    "incidents=2 mood=bad place=Bujanovac since=2026-11-22 "
		    "remark=people are" },
		{ "check in twenty calm", "incidents=20 mood=calm" },
		{ "JAVLJANJE QETË 4", "incidents=4 mood=calm" },
		{ "javljanje ŠEST mirno", "incidents=6 mood=calm" },
	};

	(void)state;
	READS_ALL(e);
}

static void
numbers_are_read_as_people_write_them(void **state)
{
	static const struct example e[] = {
		{ "javljanje oko 30", "incidents=30" },
		{ "javljanje 5ak", "incidents=5" },
		{ "javljanje 5-ak", "incidents=5" },
		{ "javljanje otprilike 15", "incidents=15" },
		{ "javljanje pet", "incidents=5" },
		{ "javljanje nula", "incidents=0" },
		{ "javljanje jedan", "incidents=1" },
		{ "javljanje jedan covek kaze da je bilo 5",
		    "incidents=5 remark=jedan covek kaze da je bilo" },
		{ "javljanje nema incidenata", "incidents=0" },
		{ "javljanje nema struje", "remark=nema struje" },
		{ "javljanje broj: 7", "incidents=7" },
		{ "javljanje incidenata: 7, a bilo je 9 ljudi",
		    "incidents=7 remark=a bilo je 9 ljudi" },
		{ "javljanje bilo je 9 ljudi, incidenata: 7",
		    "incidents=7 remark=bilo je 9 ljudi" },
		{ "javljanje 7 incidenata", "incidents=7" },
		{ "javljanje u 17:30 bilo je 4", "incidents=4 "
		    "remark=u 17:30 bilo je" },
		{ "javljanje vec 5 dana nema vode",
		    "remark=vec 5 dana nema vode" },
		{ "javljanje kradja 200 evra, 2",
		    "incidents=2 remark=kradja 200 evra" },
		{ "javljanje zovite 0641234567, 2",
		    "incidents=2 remark=zovite 0641234567" },
		{ "javljanje 5000 mirno",
		    "mood=calm !incidents | 5000" },
		{ "javljanje 5000 ovaca, 3",
		    "incidents=3 remark=5000 ovaca" },
		{ "javljanje broj: 5000", "!incidents | 5000" },
		{ "javljanje broj: mnogo, mirno",
		    "mood=calm !incidents | mnogo" },
		{ "javljanje 99999999999999999999999",
		    "remark=99999999999999999999999" },
	};

	(void)state;
	READS_ALL(e);
	reads("COUNT", "brojanje 1.200 mladih, 900 starih", FORM_NO_FIELD,
	    "young=1200 old=900");
	reads("COUNT", "brojanje 5 7", FORM_NO_FIELD, "young=5 old=7");
	reads("COUNT", "brojanje stari 5 mladi 7", FORM_NO_FIELD,
	    "young=7 old=5");
	reads("COUNT", "brojanje 5 starih, 7 mladih", FORM_NO_FIELD,
	    "young=7 old=5");
	reads("COUNT", "brojanje preko sezdeset: 4, 8", FORM_NO_FIELD,
	    "young=8 old=4");
	reads("COUNT", "brojanje 5/3", FORM_NO_FIELD, "young=5 old=3");
}

static void
a_number_of_several_words_is_one(void **state)
{
	static const struct example e[] = {
		{ "javljanje dvadeset pet", "incidents=25" },
		{ "javljanje trideset i dva mirno", "incidents=32 mood=calm" },
		{ "javljanje sto dvadeset", "incidents=120" },
		{ "javljanje dve stotine", "incidents=200" },
		{ "javljanje sto", "remark=sto" },
		{ "javljanje sto nema vode", "remark=sto nema vode" },
		{ "checkin njëzet e pesë", "incidents=25" },
		{ "checkin two hundred and six", "incidents=206" },
		{ "јављање двадесет пет", "incidents=25" },
		{ "javljanje dva tri", "!incidents | dva tri" },
		{ "javljanje dva, tri kradje", "incidents=2 remark=tri "
		    "kradje" },
		{ "javljanje broj: dve hiljade", "!incidents | dve hiljade" },
	};

	(void)state;
	READS_ALL(e);
	reads("CHECKIN", "sto", 0, "incidents=100");
	reads("COUNT", "brojanje hiljadu i pet mladih, sto starih",
	    FORM_NO_FIELD, "young=1005 old=100");
	reads("COUNT", "brojanje pet sedam", FORM_NO_FIELD, "young=5 old=7");
	reads("COUNT", "1 200", 0, "young=1 old=200");
	reads("COUNT", "1 000", 0, "young=1000");
	reads("COUNT", "2 hiljade", 0, "young=2000");
	reads("CHECKIN", "10 000", 0, "!incidents | 10 000");
}

static void
dates_are_read_as_people_write_them(void **state)
{
	static const struct example e[] = {
		{ "javljanje 23.11.", "since=2026-11-23" },
		{ "javljanje 23.11", "since=2026-11-23" },
		{ "javljanje 1.1.", "since=2027-01-01" },
		{ "javljanje 1.6.", "since=2026-06-01" },
		{ "javljanje 23. 11. 2026. 5", "incidents=5 since=2026-11-23" },
		{ "javljanje 23.11.26", "since=2026-11-23" },
		{ "javljanje 23/11", "since=2026-11-23" },
		{ "javljanje 23/11/2025 5", "incidents=5 since=2025-11-23" },
		{ "javljanje 23-11-2025", "since=2025-11-23" },
		{ "javljanje 2025-11-23", "since=2025-11-23" },
		{ "javljanje 23.11. 5", "incidents=5 since=2026-11-23" },
		{ "javljanje 5 od 23.11", "incidents=5 since=2026-11-23" },
		{ "javljanje 23. novembra 5", "incidents=5 since=2026-11-23" },
		{ "javljanje 23 nëntor", "since=2026-11-23" },
		{ "javljanje November 23, 2025", "since=2025-11-23" },
		{ "javljanje 5. maja", "since=2026-05-05" },
		{ "јављање 23 ноември", "since=2026-11-23" },
		{ "javljanje danas", "since=2026-11-23" },
		{ "javljanje juče", "since=2026-11-22" },
		{ "javljanje prekjuče", "since=2026-11-21" },
		{ "javljanje dje", "since=2026-11-22" },
		{ "јављање вчера", "since=2026-11-22" },
		{ "checkin yesterday", "since=2026-11-22" },
		{ "javljanje pre 30 dana", "since=2026-10-24" },
		{ "javljanje pre tri dana 2", "incidents=2 since=2026-11-20" },
		{ "checkin 3 days ago", "since=2026-11-20" },
		{ "javljanje 29.2.2024", "since=2024-02-29" },
		{ "javljanje 31.12.2026.", "since=2026-12-31" },
		{ "javljanje 31.2. 5", "incidents=5 !since | 31.2." },
		{ "javljanje 29.2.2026", "!since | 29.2.2026" },
		{ "javljanje 29.2.", "!since | 29.2." },
		{ "javljanje 35.13. 5", "incidents=5 !since | 35.13." },
		{ "javljanje 0.0.", "!since | 0.0." },
		{ "javljanje datum: ponedeljak, 5",
		    "incidents=5 !since | ponedeljak" },
		{ "javljanje 31.2. ili 1.3.", "since=2026-03-01 "
		    "remark=ili | 31.2." },
	};

	(void)state;
	READS_ALL(e);
}

static void
choices_are_read_by_their_words(void **state)
{
	static const struct example e[] = {
		{ "javljanje nije mirno", "mood=tense" },
		{ "javljanje nije lose", "remark=nije lose" },
		{ "javljanje mirno pa napeto", "mood=calm remark=pa napeto" },
		{ "javljanje raspolozenje: ljubicasto, 5",
		    "incidents=5 !mood | ljubicasto" },
		{ "javljanje raspolozenje lose", "mood=bad" },
		{ "javljanje zabrinuti smo", "mood=tense remark=smo" },
		{ "javljanje mesto: Nigdina, mirno",
		    "mood=calm !place | Nigdina" },
	};

	(void)state;
	READS_ALL(e);
	reads("COUNT", "brojanje put da voda ne", FORM_NO_FIELD,
	    "road=yes water=no");
	reads("COUNT", "brojanje voda: ne, put: da", FORM_NO_FIELD,
	    "road=yes water=no");
	reads("COUNT", "brojanje da ne", FORM_NO_FIELD, "road=yes water=no");
	reads("COUNT", "brojanje po", FORM_NO_FIELD, "road=yes");
}

static void
what_is_left_is_text(void **state)
{
	static const struct example e[] = {
		{ "javljanje 5, deca se boje u školu, mirno Vranje",
		    "incidents=5 mood=calm place=Vranje "
		    "remark=deca se boje u školu" },
		/* Of two places one is the value. */
		{ "javljanje 1 mirno Ristovac, dolaze iz Bujanovca",
		    "incidents=1 mood=calm place=Bujanovac "
		    "remark=Ristovac, dolaze" },
		{ "javljanje 1 mirno n'Preshevë",
		    "incidents=1 mood=calm place=Preševo" },
		{ "javljanje 5 napomena: nema 3 lekara. mirno je",
		    "incidents=5 mood=calm remark=nema 3 lekara. je" },
		{ "javljanje remark: dođite!", "remark=dođite!" },
		{ "javljanje 5 i u", "incidents=5" },
		{ "javljanje \xf0\x9f\x98\x80 5", "incidents=5" },
		{ "javljanje ǆip u dvorištu", "remark=ǆip u dvorištu" },
	};

	(void)state;
	READS_ALL(e);
}

static void
an_answer_is_for_what_was_asked(void **state)
{
	(void)state;
	reads("CHECKIN", "pet", 0, "incidents=5");
	reads("CHECKIN", "nema", 0, "incidents=0");
	reads("CHECKIN", "nema vode", 0, " | nema vode");
	reads("CHECKIN", "jedan incident", 0, "incidents=1");
	reads("CHECKIN", "oko 30 ljudi", 0, "incidents=30 | ljudi");
	reads("CHECKIN", "ne znam", 0, " | ne znam");
	reads("CHECKIN", "4000", 0, "!incidents | 4000");
	reads("CHECKIN", "5 dana", 0, "incidents=5 | dana");
	reads("CHECKIN", "sve je u redu", 1, "mood=calm");
	reads("CHECKIN", "odlicno", 1, " | odlicno");
	reads("CHECKIN", "u Ristovcu", 2, "place=Vranje/Ristovac");
	reads("CHECKIN", "31.2.", 3, "!since | 31.2.");
	reads("CHECKIN", "  5 mirno.  ", 4, "remark=5 mirno.");
	reads("COUNT", "7", 1, "old=7");
	reads("COUNT", "7 i 9", 1, "young=9 old=7 | i");
	reads("COUNT", "ne", 3, "water=no");
}

static void
what_is_there_is_not_read_again(void **state)
{
	char *found = read_text("CHECKIN", "7 mirno Vranje 23.11.", 3, 2);

	(void)state;
	assert_string_equal(found, "place=Vranje since=2026-11-23 | 7 mirno");
	free(found);
}

/* No text may break it, take long, or make what is no UTF-8. */
static void
hostile_texts_are_read_as_text(void **state)
{
	static const char *const pieces[] = { "5", "31.2.", "23.11.",
		"javljanje", "broj:", "broj", ":", "mirno", "Vranje", "1.000.000.000.000",
		"\xcc\x81", "\xe2\x80\x8d", "e\xcc\x81", "ǆ", "/", "-", "pre",
		"dana", "novembra", "2026", ".", " ", "\n", "napomena:",
		"ne", "\xf0\x9f\x98\x80", "\xcd\x8f", "Ħ", "999999999" };
	size_t count = sizeof pieces / sizeof *pieces, seed = 1;
	struct buf text = { 0 };

	(void)state;
	for (size_t n = 0; n < 2000; n++) {
		char *found;

		buf_reset(&text);
		for (size_t i = 0; i < 1 + n % 40; i++) {
			seed = seed * 6364136223846793005u +
			    1442695040888963407u;
			buf_add_str(&text, pieces[(seed >> 33) % count]);
			if ((seed >> 20 & 1) != 0)
				buf_add_str(&text, " ");
		}
		found = read_text(n % 2 == 0 ? "CHECKIN" : "COUNT",
		    buf_str(&text), (unsigned int)(n % 4), n % 3 == 0 ?
		    (int)(4 - n % 5) | 2 : FORM_NO_FIELD);
		assert_true(utf8_valid(found, strlen(found)));
		free(found);
	}
	buf_clear(&text);
}

static void
long_texts_take_time_by_their_length(void **state)
{
	struct buf text = { 0 };
	char *found;

	(void)state;
	buf_add_str(&text, "javljanje ");
	for (size_t i = 0; i < 20000; i++)
		buf_add_str(&text, "broj 5 ne mirno 31.2. pre ");
	found = read_text("CHECKIN", buf_str(&text), 0, FORM_NO_FIELD);
	assert_true(strlen(found) > 100000);
	free(found);
	buf_clear(&text);
}

/* As the gateway does it. */
static void
texts(const char *text)
{
	const struct answer_given given = { .reference = "104828",
		.code = "4711", .text = text, .message = message,
		.now = NOON, .segments = 3 };
	struct reading r;

	answer_clear(&answer);
	reading_make(&r, content, text, person.lang);
	answer_make(&answer, content, &r, &given, &person);
	intent = r.intent;
	reading_clear(&r);
	message++;
}

static void
a_whole_form_is_thanked_for(void **state)
{
	(void)state;
	texts("JAVLJANJE 5 mirno Ristovac");
	assert_int_equal(intent, INTENT_FORM);
	assert_false(answer.report);
	assert_true(answered_does(&answer,
	    ACT_ENTRY, "11/CHECKIN", "complete"));
	assert_true(answered_does(&answer, ACT_VALUE, "11/incidents", "5"));
	assert_true(answered_does(&answer, ACT_VALUE, "11/mood", "calm"));
	assert_true(answered_does(&answer,
	    ACT_VALUE, "11/place", "Vranje/Ristovac"));
	assert_int_equal(answer.act_count, 4);
	assert_true(answered_says(&answer, ": 3"));
	assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
}

static void
what_is_missing_is_asked_for_one_thing_at_a_time(void **state)
{
	char line[DIALOG_LINE_MAX];

	(void)state;
	texts("JAVLJANJE Ristovac");
	assert_true(answered_does(&answer, ACT_ENTRY, "11/CHECKIN", ""));
	assert_true(answered_says(&answer, "Koliko"));
	assert_true(answered_says(&answer, "npr. 3"));
	dialog_print(&person.dialog, line);
	assert_string_equal(line, "field CHECKIN/incidents/11/place 0");
	dialog_scan(&person.dialog, line, person.dialog.until);
	texts("5");
	assert_int_equal(intent, INTENT_ANSWER);
	assert_true(answered_does(&answer, ACT_ENTRY, "11/CHECKIN", ""));
	assert_true(answered_does(&answer, ACT_VALUE, "11/incidents", "5"));
	assert_true(answered_says(&answer, "mirno, napeto"));
	texts("dobro je, mirno");
	assert_true(answered_does(&answer,
	    ACT_ENTRY, "11/CHECKIN", "complete"));
	assert_true(answered_does(&answer, ACT_VALUE, "11/mood", "calm"));
	assert_true(answered_says(&answer, ": 3"));
	assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
}

static void
one_answer_may_have_all_that_is_missing(void **state)
{
	(void)state;
	texts("JAVLJANJE");
	texts("mirno, 5, Vranje");
	assert_int_equal(intent, INTENT_ANSWER);
	assert_true(answered_does(&answer,
	    ACT_ENTRY, "11/CHECKIN", "complete"));
	assert_true(answered_does(&answer, ACT_VALUE, "11/place", "Vranje"));
	assert_true(answered_says(&answer, ": 3"));
}

static void
what_cannot_be_read_is_kept_and_asked_for_once(void **state)
{
	(void)state;
	texts("JAVLJANJE mirno Vranje");
	texts("bogami ne znam");
	assert_int_equal(intent, INTENT_ANSWER);
	assert_true(answered_does(&answer, ACT_UNREAD, "11", "bogami ne znam"));
	assert_true(answered_does(&answer, ACT_ENTRY, "11/CHECKIN", ""));
	assert_true(answered_says(&answer, ": 2"));
	assert_true(answered_says(&answer, "procitace ga covek"));
	assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
}

static void
what_else_is_missing_is_asked_for_all_the_same(void **state)
{
	(void)state;
	texts("JAVLJANJE mirno");
	texts("bogami ne znam");
	assert_true(strstr(person.dialog.about, "/place/") != NULL);
	texts("Ristovac");
	assert_true(answered_does(&answer,
	    ACT_VALUE, "11/place", "Vranje/Ristovac"));
	assert_true(answered_does(&answer, ACT_ENTRY, "11/CHECKIN", ""));
	assert_true(answered_says(&answer, ": 2"));
	assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
}

/* What a version before the names asked, with fields by position. */
static void
a_question_of_before_knows_what_was_given(void **state)
{
	(void)state;
	dialog_begin(&person.dialog, DIALOG_FIELD, "COUNT/old/11",
	    1u << 0 | 1u << (16 + 2), INT64_MAX);
	texts("7");
	assert_true(answered_does(&answer, ACT_VALUE, "11/old", "7"));
	assert_string_equal(person.dialog.about,
	    "COUNT/last/11/young,old,-road");
}

static void
a_village_that_there_is_twice_is_asked_which(void **state)
{
	static const char *const said[] = { "2", "dva", "Presevo",
		"u Presevu", "Oraovica, Presevo", "2 hvala" };
	char line[DIALOG_LINE_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
		somebody(state);
		texts("JAVLJANJE 5 mirno Oraovica");
		assert_true(answered_does(&answer,
		    ACT_UNREAD, "11", "Oraovica"));
		assert_true(answered_says(&answer, "Koje mesto Oraovica: "
		    "1 Leskovac, 2 Presevo? Odgovorite brojem, npr. 1"));
		dialog_print(&person.dialog, line);
		assert_string_equal(line,
		    "field CHECKIN/place/11/incidents,mood/Oraovica 0");
		dialog_scan(&person.dialog, line, person.dialog.until);
		texts(said[i]);
		assert_true(answered_does(&answer,
		    ACT_VALUE, "11/place", "Preševo/Oraovica"));
		assert_true(answered_does(&answer,
		    ACT_ENTRY, "11/CHECKIN", "complete"));
		assert_int_equal(answered_count(&answer, ACT_VALUE), 1);
		assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
	}
	/* It may be the answer; and the rest may come with the number. */
	somebody(state);
	texts("JAVLJANJE 5 mirno");
	texts("Novo Selo");
	assert_true(answered_says(&answer, "3 Surdulica"));
	texts("ENGLISH");
	assert_true(answered_says(&answer, "Which Novo Selo: 1 Lebane"));
	texts("4, 23.11. ");
	assert_true(answered_does(&answer,
	    ACT_VALUE, "11/place", "Trgovište/Novo Selo"));
	assert_true(answered_does(&answer,
	    ACT_VALUE, "11/since", "2026-11-23"));
}

static void
a_name_that_is_common_words_is_the_answer_to_where(void **state)
{
	(void)state;
	texts("JAVLJANJE 5 mirno");
	texts("granica");	/* the border, too */
	assert_int_equal(answered_count(&answer, ACT_VALUE), 0);
	assert_true(answered_says(&answer, "1 Bojnik"));
	texts("1");
	assert_true(answered_does(&answer,
	    ACT_VALUE, "11/place", "Bojnik/Granica"));
	assert_true(answered_does(&answer,
	    ACT_ENTRY, "11/CHECKIN", "complete"));
	/* There is one alone. */
	somebody(state);
	texts("JAVLJANJE 5 mirno");
	texts("granica");
	texts("da");
	assert_true(answered_does(&answer,
	    ACT_VALUE, "11/place", "Bojnik/Granica"));
	assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
	somebody(state);
	texts("JAVLJANJE 5 mirno");
	texts("у новом селу");
	assert_int_equal(answered_count(&answer, ACT_VALUE), 0);
	texts("2");
	assert_true(answered_does(&answer,
	    ACT_VALUE, "11/place", "Leskovac/Novo Selo"));
}

static void
which_village_is_asked_once(void **state)
{
	(void)state;
	texts("JAVLJANJE mirno Oraovica");
	texts("Oraovica");
	assert_true(answered_says(&answer, "Koliko"));
	texts("5");
	assert_true(answered_says(&answer, "procitace ga covek"));
	assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
	/* Another number is no village. */
	somebody(state);
	texts("JAVLJANJE mirno Oraovica");
	texts("7");
	assert_true(answered_does(&answer, ACT_VALUE, "11/incidents", "7"));
	assert_int_equal(answered_count(&answer, ACT_VALUE), 1);
}

/* The form as somebody has changed it while its question was open. */
static void
change_form(void (*change)(json_t *pack))
{
	content_free(content);
	content = shipped_content(change);
	assert_non_null(content);
}

static void
turn_fields(json_t *pack)
{
	json_t *fields = shipped_entries(pack, "form_fields"), *field;
	size_t i;

	json_array_foreach(fields, i, field) {
		json_object_set_new(field, "position", json_integer(10 -
		    json_integer_value(json_object_get(field, "position"))));
	}
}

static void
drop_incidents(json_t *pack)
{
	json_t *fields = shipped_entries(pack, "form_fields");

	turn_fields(pack);
	for (size_t i = 0; i < json_array_size(fields); i++) {
		if (strcmp(json_string_value(json_object_get(
		    json_array_get(fields, i), "field")), "incidents") == 0)
			json_array_remove(fields, i--);
	}
}

static void
a_form_that_is_changed_meanwhile_has_what_it_had(void **state)
{
	(void)state;
	texts("JAVLJANJE mirno");
	assert_true(answered_says(&answer, "Koliko"));
	change_form(turn_fields);
	texts("5");
	assert_true(answered_does(&answer, ACT_VALUE, "11/incidents", "5"));
	assert_true(answered_says(&answer, "Iz kog mesta"));
	texts("Ristovac");
	assert_true(answered_does(&answer,
	    ACT_ENTRY, "11/CHECKIN", "complete"));
	assert_true(answered_says(&answer, ": 3"));
	/* What was asked in vain is not asked again. */
	change_form(add_form);
	message = 21;
	texts("JAVLJANJE mirno");
	texts("bogami ne znam");
	assert_true(answered_says(&answer, "Iz kog mesta"));
	change_form(turn_fields);
	texts("Ristovac");
	assert_true(answered_says(&answer, ": 2"));
	assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
	change_form(add_form);
}

static void
what_answers_for_a_field_that_is_gone_is_kept_as_text(void **state)
{
	(void)state;
	texts("JAVLJANJE mirno");
	assert_true(answered_says(&answer, "Koliko"));
	change_form(drop_incidents);
	texts("5 ili 6");
	assert_int_equal(intent, INTENT_ANSWER);
	assert_true(answered_does(&answer, ACT_UNREAD, "11", "5 ili 6"));
	assert_int_equal(answered_count(&answer, ACT_VALUE), 0);
	assert_true(answered_says(&answer, "Iz kog mesta"));
	texts("Ristovac");
	assert_true(answered_does(&answer,
	    ACT_ENTRY, "11/CHECKIN", "complete"));
	/* Asked in another language: what is there still. */
	change_form(add_form);
	texts("JAVLJANJE mirno");
	change_form(drop_incidents);
	texts("ENGLISH");
	assert_true(answered_says(&answer, "Which place"));
	change_form(add_form);
}

static void
a_day_that_is_not_there_is_told_kindly(void **state)
{
	(void)state;
	texts("JAVLJANJE 5 mirno Vranje 31.2.");
	assert_true(answered_does(&answer,
	    ACT_ENTRY, "11/CHECKIN", "complete"));
	assert_true(answered_does(&answer, ACT_UNREAD, "11", "31.2."));
	assert_true(answered_says(&answer, "nema u kalendaru"));
	assert_true(answered_says(&answer, "23.11."));
	texts("28.2.");
	assert_true(answered_does(&answer,
	    ACT_VALUE, "11/since", "2026-02-28"));
	assert_true(answered_says(&answer, ": 4"));
	texts("JAVLJANJE 5 mirno Vranje 31.2.");
	texts("31.4.");
	assert_true(answered_says(&answer, "procitace ga covek"));
	texts("JAVLJANJE raspolozenje: ljubicasto, 5 Vranje");
	assert_true(answered_says(&answer,
	    "nismo razumeli") || answered_says(&answer, "mirno, napeto"));
	assert_true(answered_does(&answer, ACT_UNREAD, "15", "ljubicasto"));
}

static void
questions_are_in_the_language_of_the_person(void **state)
{
	(void)state;
	texts("lajmerim javor qetë Dobrosin");
	assert_true(answered_says(&answer, "Sa incidente"));
	texts("shtatë");
	assert_true(answered_says(&answer, "Faleminderit"));
	somebody(state);
	texts("weekly check 2 Bujanovac, nothing new");
	assert_true(answered_says(&answer, "calm, tense or bad"));
	somebody(state);
	person.lang_chosen = person.cyrillic = true;
	person.lang = LANG_SR_CYRL;
	texts("јављање 5 мирно");
	assert_true(answered_says(&answer, "Из ког места"));
	assert_true(answered_says(&answer, "Ристовац"));
	somebody(state);
	texts("седмично 5 спокойно");
	assert_true(answered_says(&answer, "населено място"));
}

static void
a_question_is_left_by_commands_and_reports(void **state)
{
	(void)state;
	texts("JAVLJANJE mirno Vranje");
	texts("PRIJAVA");
	assert_int_equal(person.dialog.ask, DIALOG_WHAT);
	texts("JAVLJANJE mirno Vranje");
	texts("ukrali su nam ovce iz tora sinoc u Tularu, Medvedja");
	assert_true(answer.report);
	assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
	texts("JAVLJANJE mirno Vranje");
	texts("NE");
	assert_int_equal(intent, INTENT_ANSWER);
	assert_int_equal(answer.act_count, 0);
	assert_false(person.stopped);
	texts("JAVLJANJE mirno Vranje");
	texts("JAVLJANJE 5 lose Bujanovac");
	assert_true(answered_does(&answer,
	    ACT_ENTRY, "18/CHECKIN", "complete"));
}

static void
a_question_waits_while_something_else_is_asked_for(void **state)
{
	static const char *const asked[] = { "?", "STATUS", "PRAVO 3",
		"GLASINA da li je tacno da se zatvara skola",
		"smeju li da mi uzmu telefon" };

	(void)state;
	for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
		message = 11;
		texts("JAVLJANJE mirno Vranje");
		texts(asked[i]);
		assert_int_equal(answered_count(&answer, ACT_UNREAD), 0);
		texts("pet");
		assert_true(answered_does(&answer, ACT_VALUE, "11/incidents",
		    "5"));
	}
}

static void
what_only_a_guess_takes_for_a_command_is_kept_with_the_entry(void **state)
{
	(void)state;
	message = 11;
	texts("JAVLJANJE 5 Vranje");
	texts("odbili su mi socijalnu pomoc");
	assert_int_equal(intent, INTENT_ANSWER);
	assert_true(answered_does(&answer, ACT_UNREAD, "11",
	    "odbili su mi socijalnu pomoc"));
}

/* Place, number and choice are open in turn. */
static void
a_story_is_a_report_though_it_begins_with_the_value(void **state)
{
	static const struct {
		const char	*form, *story, *key, *value;
	} told[] = {
		{ "JAVLJANJE 5 mirno", "u Vranju su me prebili policajci u "
		    "stanici", NULL, NULL },
		{ "JAVLJANJE 5 mirno", "Vranje, sinoc su zandari upali u kucu "
		    "i sve isprevrtali", "11/place", "Vranje" },
		{ "JAVLJANJE mirno Vranje", "2 policajca su mi uzela pasos i "
		    "traze 200 evra da ga vrate", NULL, NULL },
		{ "JAVLJANJE 5 Vranje", "strah nas je, policija mi je odvela "
		    "brata i ne daju da ga vidimo", NULL, NULL },
		{ "JAVLJANJE 5 Vranje", "napeto, policija mi je odvela brata "
		    "i ne daju da ga vidimo", "11/mood", "tense" },
	};

	for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
		somebody(state);
		person.emergency_at = NOON;
		texts(told[i].form);
		assert_int_equal(person.dialog.ask, DIALOG_FIELD);
		texts(told[i].story);
		assert_true(answer.report);
		assert_int_equal(answered_count(&answer, ACT_UNREAD), 0);
		assert_int_equal(answered_count(&answer, ACT_VALUE),
		    told[i].key != NULL);
		if (told[i].key != NULL)
			assert_true(answered_does(&answer, ACT_VALUE,
			    told[i].key, told[i].value));
	}
	/* What a text is asked for may be a story. */
	somebody(state);
	texts("BROJANJE 5 7 put da");
	texts("ovde nema vode vec nedelju dana i niko nista ne preduzima");
	assert_int_equal(intent, INTENT_ANSWER);
}

static void
no_is_an_answer_where_it_is_a_choice(void **state)
{
	(void)state;
	texts("BROJANJE 5 7");
	assert_true(answered_says(&answer, "Ima li puta"));
	texts("ne");
	assert_true(answered_does(&answer, ACT_VALUE, "11/road", "no"));
	assert_true(answered_says(&answer, "Jos nesto"));
	texts("ne");
	assert_int_equal(answer.act_count, 0);
	assert_int_equal(person.dialog.ask, DIALOG_NOTHING);
}

static void
danger_goes_first_and_the_values_are_kept(void **state)
{
	(void)state;
	texts("JAVLJANJE 5 lose Vranje upomoc tuku nas");
	assert_int_equal(intent, INTENT_REPORT);
	assert_true(answer.report);
	assert_int_equal(answer.replies[0].kind, REPLY_EMERGENCY);
	assert_true(answered_does(&answer,
	    ACT_ENTRY, "11/CHECKIN", "complete"));
	assert_true(answered_does(&answer, ACT_VALUE, "11/mood", "bad"));
	texts("JAVLJANJE mirno Vranje");
	texts("upomoc, puca se");
	assert_int_equal(intent, INTENT_REPORT);
}

/* "broj" is a label of a field here. */
static void
a_mark_is_a_word_and_no_number(void **state)
{
	(void)state;
	reads("CHECKIN", "JAVLJANJE mirno Vranje [broj 1]", FORM_NO_FIELD,
	    "mood=calm place=Vranje remark=[broj 1]");
	reads("CHECKIN", "JAVLJANJE 5 mirno, zovite [broj 2] hitno, Vranje",
	    FORM_NO_FIELD, "incidents=5 mood=calm place=Vranje "
	    "remark=zovite [broj 2] hitno");
	reads("CHECKIN", "[broj 1]", 0, " | [broj 1]");
	reads("CHECKIN", "broj 3 [JMBG] [broj 12]", FORM_NO_FIELD,
	    "incidents=3 remark=[JMBG] [broj 12]");
	reads("COUNT", "[broj 1]", 4, "last=[broj 1]");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, somebody, forget)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(
		    each_place_goes_where_its_label_says_else_in_order),
		TEST(values_come_in_any_order_separated_by_anything),
		TEST(every_language_and_script_is_read),
		TEST(numbers_are_read_as_people_write_them),
		TEST(a_number_of_several_words_is_one),
		TEST(dates_are_read_as_people_write_them),
		TEST(choices_are_read_by_their_words),
		TEST(what_is_left_is_text),
		TEST(an_answer_is_for_what_was_asked),
		TEST(what_is_there_is_not_read_again),
		TEST(hostile_texts_are_read_as_text),
		TEST(long_texts_take_time_by_their_length),
		TEST(a_whole_form_is_thanked_for),
		TEST(what_is_missing_is_asked_for_one_thing_at_a_time),
		TEST(one_answer_may_have_all_that_is_missing),
		TEST(what_cannot_be_read_is_kept_and_asked_for_once),
		TEST(what_else_is_missing_is_asked_for_all_the_same),
		TEST(a_village_that_there_is_twice_is_asked_which),
		TEST(a_question_of_before_knows_what_was_given),
		TEST(a_name_that_is_common_words_is_the_answer_to_where),
		TEST(which_village_is_asked_once),
		TEST(a_form_that_is_changed_meanwhile_has_what_it_had),
		TEST(what_answers_for_a_field_that_is_gone_is_kept_as_text),
		TEST(a_day_that_is_not_there_is_told_kindly),
		TEST(questions_are_in_the_language_of_the_person),
		TEST(a_question_is_left_by_commands_and_reports),
		TEST(a_question_waits_while_something_else_is_asked_for),
		TEST(what_only_a_guess_takes_for_a_command_is_kept_with_the_entry),
		TEST(a_story_is_a_report_though_it_begins_with_the_value),
		TEST(no_is_an_answer_where_it_is_a_choice),
		TEST(danger_goes_first_and_the_values_are_kept),
		TEST(a_mark_is_a_word_and_no_number),
	};

	return (cmocka_run_group_tests_name("form", tests, load, shipped_unload));
}
