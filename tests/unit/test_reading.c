/* What texts mean, by the pack that is shipped. */
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

struct wanted {
	const char	*text;
	enum intent	 intent;
	const char	*code;
};

static void
all_mean(const struct wanted *w, size_t n)
{
	struct reading r;

	for (size_t i = 0; i < n; i++) {
		reading_make(&r, content, w[i].text, LANG_UND);
		if (r.intent != w[i].intent || strcmp(r.code, w[i].code) != 0)
			print_error("%s: %s %s\n%s", w[i].text,
			    intent_name(r.intent), r.code,
			    (const char *)r.trace.data);
		assert_int_equal(r.intent, w[i].intent);
		assert_string_equal(r.code, w[i].code);
		reading_clear(&r);
	}
}

#define ALL_MEAN(list) all_mean(list, sizeof list / sizeof *list)

static void
stop_is_a_command_only_when_it_stands_alone(void **state)
{
	static const struct wanted wanted[] = {
		{ "STOP", INTENT_STOP, "" },
		{ " stop!!", INTENT_STOP, "" },
		{ "СТОП", INTENT_STOP, "" },
		{ "\xd0\xa1TOP", INTENT_STOP, "" },	/* Cyrillic S */
		{ "stop poruke molim vas", INTENT_STOP, "" },
		{ "ne saljite mi vise poruke", INTENT_STOP, "" },
		{ "mos me dergo mesazhe", INTENT_STOP, "" },
		{ "stop, nema vode u Lebanu tri dana", INTENT_REPORT,
		    "WATER" },
		{ "stop nasilju u vranju policija nista ne radi",
		    INTENT_REPORT, "POL_NOACT" },
	};

	(void)state;
	ALL_MEAN(wanted);
}

static void
danger_wins_over_every_command(void **state)
{
	static const struct wanted wanted[] = {
		{ "STATUS gori kuca", INTENT_REPORT, "FIRE" },
		{ "JEZIK nasli smo bombu u selu", INTENT_REPORT, "UXO" },
		{ "hvala vam, nasli smo granatu u njivi", INTENT_REPORT,
		    "UXO" },
		{ "predlazem da dodjete, muz me tuce", INTENT_REPORT, "DV" },
	};

	(void)state;
	ALL_MEAN(wanted);
}

static void
a_place_or_a_word_for_asking_alone_says_nothing_yet(void **state)
{
	static const struct wanted wanted[] = {
		{ "Vranje", INTENT_REPORT, "" },
		{ "u Vranju", INTENT_REPORT, "" },
		{ "selo Dobrosin", INTENT_REPORT, "" },
		{ "Preshevë", INTENT_REPORT, "" },
		{ "GLASINA", INTENT_RUMOUR, "" },
		{ "СЛУХ", INTENT_RUMOUR, "" },
		{ "Thashethem", INTENT_RUMOUR, "" },
		{ "PITAJ", INTENT_REPORT, "DEBATE" },
		{ "ПИТАЙ", INTENT_REPORT, "DEBATE" },
		{ "PYET", INTENT_REPORT, "DEBATE" },
		/* With the digit of a group. */
		{ "PRIJAVA 2 VRANJE", INTENT_REPORT, "" },
		{ "P1 Vranje", INTENT_REPORT, "" },
		{ "P2vranje", INTENT_REPORT, "" },
		{ "П3 прешево", INTENT_REPORT, "" },
		{ "P7leskovac", INTENT_REPORT, "" },
		{ "R2presheve", INTENT_REPORT, "" },
	};
	struct reading r;

	(void)state;
	ALL_MEAN(wanted);
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
		reading_make(&r, content, wanted[i].text, LANG_UND);
		assert_true(r.bare);
		reading_clear(&r);
	}
	reading_make(&r, content, "PITAJ kada se popravlja put", LANG_UND);
	assert_false(r.bare);
	reading_clear(&r);
	reading_make(&r, content, "Vranje mrak", LANG_UND);
	assert_false(r.bare);
	reading_clear(&r);
}

/* Where what is told does not say what it is about, the digit does. */
static void
the_digit_of_a_group_says_what_words_do_not(void **state)
{
	static const struct {
		const char *text, *codes;
	} wanted[] = {
		{ "PRIJAVA 1 Vranje opet isto kao prosle godine",
		    "POL_ID POL_FORCE POL_BRIBE POL_SEARCH POL_DET "
		    "POL_NOACT POL_COND GEN_COND" },
		{ "P8 Vranje opet isto kao prosle godine",
		    "LIGHT ROAD WATER WASTE MUNI" },
		{ "P1 vranje nema vode tri dana", "WATER" },
	};
	struct reading r;

	(void)state;
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
		reading_make(&r, content, wanted[i].text, LANG_UND);
		assert_string_not_equal(r.guess, "");
		assert_non_null(strstr(wanted[i].codes, r.guess));
		reading_clear(&r);
	}
	/* Which of the group it is, the digit does not say. */
	reading_make(&r, content, "P 5 nesto se desilo juce kod skole u Vranju",
	    LANG_UND);
	assert_string_equal(r.code, "");
	assert_string_equal(r.guess, "VIOL");
	reading_clear(&r);
}

static enum emergency
danger_of(const char *text)
{
	enum emergency found;
	struct reading r;

	reading_make(&r, content, text, LANG_UND);
	found = r.emergency;
	reading_clear(&r);
	return (found);
}

static void
danger_is_told_from_words_about_it(void **state)
{
	static const char *const now[] = {
		"imam bolove u grudima ne mogu da disem",
		"dete mi se davi u bazenu",
		"drug u skoli me tuce svaki dan i trazi pare",
		"zena mi se poradja a put zavejan u Crna Trava",
		"komsija hoce da skoci sa zgrade u Vranju",
		"cerka mi pise da ce da se ubije pomozite",
		"neko pokusava da udje u kucu",
		"predlog: neko puca u selu",
		"STATUS 123455 puca neko u kuci",
		"kam frik burri m'tha do t'me mys",
		"plaku ra ne pus",
		"o shpetoni po na djeg shtepin",
		"не мога да дишам",
	};
	static const char *const none[] = {
		"sece se suma iznad sela bespravno",
		"secam se da je pre bilo bolje u Vranju",
		"upao mi telefon u sahtu kod poste u Vranju",
		"JAVLJANJE 0 mirno Vranje",
		"odlazim zauvek u Nemacku, pozdrav",
		"\xd0\xbc\xd0\xb8\xd0\xbd\xd0\xb0 \xd0\xb5\xd0\xb4\xd0\xbd\xd0\xb0 "
		    "\xd1\x81\xd0\xb5\xd0\xb4\xd0\xbc\xd0\xb8\xd1\x86\xd0\xb0 "
		    "\xd0\xb1\xd0\xb5\xd0\xb7 \xd0\xb2\xd0\xbe\xd0\xb4\xd0\xb0",
	};

	(void)state;
	assert_int_equal(danger_of("deca su nasla granatu kod potoka"),
	    EMERGENCY_UXO);
	assert_int_equal(danger_of("UPOMOC"), EMERGENCY_EMERG);
	assert_int_equal(danger_of("SOS"), EMERGENCY_EMERG);
	assert_int_equal(danger_of("S.O.S."), EMERGENCY_EMERG);
	assert_int_equal(danger_of("С.О.С."), EMERGENCY_EMERG);
	assert_int_equal(danger_of("\xf0\x9f\x86\x98"), EMERGENCY_EMERG);
	assert_int_equal(danger_of("\xf0\x9f\x9a\xa8\xf0\x9f\x9a\xa8"),
	    EMERGENCY_EMERG);
	assert_int_equal(danger_of("\xf0\x9f\x98\x80"), EMERGENCY_NONE);
	assert_int_equal(danger_of("Ndihme"), EMERGENCY_EMERG);
	assert_int_equal(danger_of("po digjet shtepia"), EMERGENCY_EMERG);
	assert_int_equal(danger_of("burri po me rreh"), EMERGENCY_EMERG);
	assert_int_equal(danger_of("sudar na putu ima povredjenih"),
	    EMERGENCY_EMERG);
	for (size_t i = 0; i < sizeof now / sizeof *now; i++) {
		if (danger_of(now[i]) != EMERGENCY_EMERG)
			print_error("no danger: %s\n", now[i]);
		assert_int_equal(danger_of(now[i]), EMERGENCY_EMERG);
	}
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		if (danger_of(none[i]) != EMERGENCY_NONE)
			print_error("danger: %s\n", none[i]);
		assert_int_equal(danger_of(none[i]), EMERGENCY_NONE);
	}
	assert_int_equal(danger_of("rupa na putu kod skole"), EMERGENCY_NONE);
	assert_int_equal(danger_of("pohvala za vatrogasce"), EMERGENCY_NONE);
	assert_int_equal(danger_of("nema lezeceg policajca kod skole"),
	    EMERGENCY_NONE);
	assert_int_equal(danger_of("INFO"), EMERGENCY_NONE);
	assert_int_equal(danger_of("PRAVO NASILJE"), EMERGENCY_NONE);
}

static void
none_means(const char *const *texts, size_t count, enum intent intent)
{
	struct reading r;

	for (size_t i = 0; i < count; i++) {
		reading_make(&r, content, texts[i], LANG_UND);
		if (r.intent == intent)
			print_error("%s\n", texts[i]);
		assert_int_not_equal(r.intent, intent);
		reading_clear(&r);
	}
}

#define NONE_MEANS(list, intent) \
	none_means(list, sizeof (list) / sizeof *(list), intent)

static void
nobody_is_written_to_again_on_a_guess(void **state)
{
	static const char *const guesses[] = { "opet isto", "opet", "isto",
		"opet nista", "opet me stajali.", "ponovo", "prap", "palem",
		"posaljite hitnu opet", "dergoni prap ambulancen",
		"pustite me nazad u stan", "ponovo stizu pretnje",
		"opet mi pise bivsi", "send the ambulance again",
		"STOP opet", "poslala sam STOP a vi opet saljete",
		"hocu ponovo na posao, otpustili me jer nisam glasala",
		"kthema prap letenjoftimin, polici ma mori" };
	static const struct wanted wanted[] = {
		/* A word for it is one in any place. */
		{ "palem mangav te avel mange poruke, START", INTENT_START,
		    "" },
		{ "ponovo me ukljucite u poruke", INTENT_START, "" },
		{ "Пак ми пращайте известията, размислих", INTENT_START,
		    "" },
		{ "kthema prap mesazhet se gabimisht i kom nal",
		    INTENT_START, "" },
		{ "pale bicalen mange, o vi man chivdinden avri",
		    INTENT_START, "" },
		/* What cannot mean anything else needs none. */
		{ "dete mi pritislo stop pa ne stizu, pustite me nazad",
		    INTENT_START, "" },
		/* There are more ways to want no more. */
		{ "Немојте више да ми шаљете поруке", INTENT_STOP, "" },
		{ "Ju lutem me hiqni nga lista", INTENT_STOP, "" },
		{ "Baba sam, telefon je od unuke, molim vas nemojte vise da mi "
		    "saljete poruke", INTENT_STOP, "" },
	};
	/* Who is not to be sent is somebody else. */
	static const char *const cries[] = { "mos dergo burrin ketu",
		"ne salji mi muza ovde", "stop rape",
		"Nemojte mi vise pretiti", "skinite me sa krova",
		"ne saljite poruke saljite kola, otac se gusi",
		"prekinite poruke i saljite nekog, opkolili su nas",
		"mos dergoni sms, dergoni ambulanc, nana s po merr fryme",
		"odjava od zivota, nemam vise snage",
		"ne saljite vise djubre u nase selo",
		"dosta mi je njegovih poruka", "Stop ovo vise ne moze ovako" };

	(void)state;
	NONE_MEANS(guesses, INTENT_START);
	NONE_MEANS(cries, INTENT_STOP);
	ALL_MEAN(wanted);
}

static void
erasing_is_told_from_having_enough(void **state)
{
	static const struct wanted wanted[] = {
		{ "IZBRISI", INTENT_ERASE, "" }, { "БРИШИ", INTENT_ERASE, "" },
		{ "IZBRISI ME", INTENT_ERASE, "" },
		{ "hocu da izbrisete sve sto imate o meni", INTENT_ERASE, "" },
		{ "zelim da se moji podaci obrisu", INTENT_ERASE, "" },
		{ "me fshini prej sistemit", INTENT_ERASE, "" },
		{ "please erase everything about me", INTENT_ERASE, "" },
		{ "izbrisite moj broj", INTENT_STOP, "" },
		{ "vise mi ne saljite", INTENT_STOP, "" },
		{ "nemoj vise da saljes", INTENT_STOP, "" },
		{ "NE SALJI", INTENT_STOP, "" },
		{ "NE OBRISI", INTENT_UNCLASSIFIED, "" },
	};
	static const char *const others[] = { "ne salji policiju ovamo",
		"policija mi izbrisala snimak", "rekao mi je da izbrisem snimak",
		"izbrisali su me iz birackog spiska",
		"hoce da me izbrisu sa spiska", "NE IZBRISI ME" };

	(void)state;
	ALL_MEAN(wanted);
	NONE_MEANS(others, INTENT_ERASE);
}

static void
rights_are_asked_for_by_number_word_or_question(void **state)
{
	static const struct wanted wanted[] = {
		{ "PRAVO 5", INTENT_RIGHTS, "OMBUDS" },
		{ "pravo5", INTENT_RIGHTS, "OMBUDS" },
		{ "DREJTA 1", INTENT_RIGHTS, "POLICE" },
		{ "hakaj 10", INTENT_RIGHTS, "SOCIAL" },
		{ "RIGHTS lawyer", INTENT_RIGHTS, "LEGALAID" },
		{ "ПРАВО ПРЕТРЕС", INTENT_RIGHTS, "SEARCH" },
		{ "PRAVO", INTENT_RIGHTS, "" },
		{ "PRAVO 99", INTENT_RIGHTS, "" },
		{ "NASILJE", INTENT_RIGHTS, "DV" },
		{ "VOJSKA", INTENT_RIGHTS, "ARMY" },
		{ "PRAVO 99999999999999999999", INTENT_RIGHTS, "" },
		{ "ombudsman", INTENT_RIGHTS, "OMBUDS" },
		{ "da li policija sme da me drzi u pritvoru dva dana",
		    INTENT_RIGHTS, "ARREST" },
		{ "kako da dobijem socijalnu pomoc", INTENT_RIGHTS,
		    "SOCIAL" },
		{ "a guxon policia me hy ne shpi pa urdher", INTENT_RIGHTS,
		    "SEARCH" },
		{ "koja su moja prava kad me policija zaustavi",
		    INTENT_RIGHTS, "IDCHECK" },
		{ "cfare te drejta kam kur me ndal policia", INTENT_RIGHTS,
		    "IDCHECK" },
		{ "what are my rights when the police stop me",
		    INTENT_RIGHTS, "IDCHECK" },
	};

	(void)state;
	ALL_MEAN(wanted);
}

static void
a_status_is_asked_for_by_word_or_by_number_alone(void **state)
{
	static const struct wanted wanted[] = {
		{ "STATUS 104828", INTENT_STATUS, "104828" },
		{ "status 10 48-28", INTENT_STATUS, "104828" },
		{ "209171", INTENT_STATUS, "209171" },
		{ "status", INTENT_STATUS, "" },
		{ "STATUS 104829", INTENT_STATUS, "" },
		{ "STATUS 004828", INTENT_STATUS, "" },
		{ "gjendja 400762", INTENT_STATUS, "400762" },
		{ "Vas kod za potvrdu je 482913", INTENT_UNCLASSIFIED, "" },
		{ "482914", INTENT_STATUS, "" },
	};
	/* Who leaves a number of a telephone is to be called. */
	static const char *const called[] = { "nazovite me 0641234567",
		"pozovite me na 064 123 4567" };

	(void)state;
	ALL_MEAN(wanted);
	NONE_MEANS(called, INTENT_STATUS);
}

static void
votes_languages_help_and_start_are_commands(void **state)
{
	static const struct wanted wanted[] = {
		{ "GLAS 1", INTENT_VOTE, "1" },
		{ "glasam za 2", INTENT_VOTE, "2" },
		{ "ГЛАС ДА", INTENT_VOTE, "YES" },
		{ "voto jo", INTENT_VOTE, "NO" },
		{ "JEZIK SHQIP", INTENT_LANG, "sq" },
		{ "ЋИРИЛИЦА", INTENT_LANG, "sr-Cyrl" },
		{ "latinica", INTENT_LANG, "sr-Latn" },
		{ "romani čhib", INTENT_LANG, "rom" },
		{ "ENGLISH", INTENT_LANG, "en" },
		{ "JEZIK", INTENT_LANG, "" },
		{ "INFO", INTENT_HELP, "" },
		{ "?", INTENT_HELP, "" },
		{ "kako se pise prijava", INTENT_HELP, "" },
		/* What it costs is said by who runs it. */
		{ "da li ovo kosta", INTENT_WHO, "" },
		{ "koliko kosta poruka?", INTENT_WHO, "" },
		{ "sa kushton ky sms", INTENT_WHO, "" },
		{ "is this free", INTENT_WHO, "" },
		{ "koliko kosta advokat", INTENT_RIGHTS, "LEGALAID" },
		{ "START", INTENT_START, "" },
	};

	(void)state;
	ALL_MEAN(wanted);
}

static void
a_language_named_in_a_sentence_is_no_command(void **state)
{
	struct reading r;

	(void)state;
	reading_make(&r, content, "salter u opstini radi samo na srpskom, otac "
	    "ne zna nista", LANG_UND);
	assert_int_not_equal(r.intent, INTENT_LANG);
	reading_clear(&r);
}

static void
a_text_without_a_keyword_is_never_an_error(void **state)
{
	static const struct wanted wanted[] = {
		{ "", INTENT_UNCLASSIFIED, "" },
		{ "\xf0\x9f\x91\x8d", INTENT_UNCLASSIFIED, "" },
		{ "Dobar dan", INTENT_HELP, "" },
		{ "dobar dan sinko", INTENT_HELP, "" },
		{ "lacho djive", INTENT_HELP, "" },
		{ "Dobar den nasilie", INTENT_REPORT, "DV" },
		{ "mirdita polic", INTENT_UNCLASSIFIED, "" },
		{ "mirdita", INTENT_HELP, "" },
		{ "good evening", INTENT_HELP, "" },
		{ "what can I write", INTENT_HELP, "" },
		{ "cka mund te shkruaj", INTENT_HELP, "" },
		{ "sta treba da napisem", INTENT_HELP, "" },
		{ "komsija pravi nesto cudno svake noci", INTENT_REPORT,
		    "OTHER" },
		{ "qwrtz", INTENT_UNCLASSIFIED, "" },
	};

	(void)state;
	ALL_MEAN(wanted);
}

/* Whoever is in despair or beaten is heard before any command, and what
 * nobody asked for is not done. */
static void
a_cry_is_no_command(void **state)
{
	static const char *const cries[] = {
		"necu vise da trpim muza, bije me", "ne zelim vise da zivim",
		"dosta mi je zivota", "nemojte da nas bijete",
		"Prekinite da nas bijete", "I don't want to live anymore",
		"Hocu da se ubijem", "dua te vdes",
		"\xd0\x91\xd0\xb8\xd1\x8f\xd1\x82 \xd0\xbc\xd0\xb5",
	};
	static const char *const nothing[] = {
		"dosta mi je svega", "stavite me na listu",
		"saljite mi to sutra",
	};
	/* Of what, nobody knows. */
	static const char *const something[] = { "ne mogu vise",
		"kraj je nedelje danas", "da li mogu da glasam na izborima" };
	struct reading reading;

	(void)state;
	for (size_t i = 0; i < sizeof cries / sizeof *cries; i++) {
		reading_make(&reading, content, cries[i], LANG_UND);
		assert_int_equal(reading.intent, INTENT_REPORT);
		assert_int_equal(reading.emergency, EMERGENCY_EMERG);
		reading_clear(&reading);
	}
	for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++) {
		reading_make(&reading, content, nothing[i], LANG_UND);
		assert_int_equal(reading.intent, INTENT_UNCLASSIFIED);
		reading_clear(&reading);
	}
	for (size_t i = 0; i < sizeof something / sizeof *something; i++) {
		reading_make(&reading, content, something[i], LANG_UND);
		assert_false(reading.command);
		reading_clear(&reading);
	}
}

/* Who has a moment calls for the police, and names no reason. What was not
 * helped by them is a complaint. */
static void
a_call_for_the_police_is_a_cry(void **state)
{
	static const char *const cries[] = {
		"call police now", "HELP call the police", "help police",
		"help they are here", "POMOZITE UPADAJU", "zovite policiju",
		"pozovite 192", "POMOĆ, BRZO", "hitno policija",
		"pomoc zovite policiju komsija", "POMOC ZOVITE POLICIJU",
		"ndihme thirrni policine", "викнете полиция",
		"помощ викнете полиция", "zutipe akharen e policija",
		"pomoziteee!!", "raped", "изнасилиха ме",
		"stop poruke muz mi pise svaki dan preti",
	};
	static const struct wanted calm[] = {
		{ "zvala sam policiju i nisu dosli", INTENT_REPORT,
		    "POL_NOACT" },
		{ "zvao sam 192", INTENT_REPORT, "POL_NOACT" },
		{ "rekli su mi zovite policiju a oni ne dolaze", INTENT_REPORT,
		    "POL_NOACT" },
		{ "thirra policine nuk erdhi askush", INTENT_REPORT,
		    "POL_NOACT" },
		{ "kako da pozovem policiju", INTENT_RIGHTS, "POLICE" },
	};
	struct reading r;

	(void)state;
	for (size_t i = 0; i < sizeof cries / sizeof *cries; i++) {
		reading_make(&r, content, cries[i], LANG_UND);
		if (r.intent != INTENT_REPORT)
			print_error("%s: %s\n", cries[i],
			    intent_name(r.intent));
		assert_int_equal(r.intent, INTENT_REPORT);
		assert_int_equal(r.emergency, EMERGENCY_EMERG);
		assert_null(r.place);
		reading_clear(&r);
	}
	ALL_MEAN(calm);
	for (size_t i = 0; i < sizeof calm / sizeof *calm; i++)
		assert_int_equal(danger_of(calm[i].text), EMERGENCY_NONE);
	/* Our own line, quoted. */
	assert_int_equal(danger_of("Dobio sam ovo: Primljeno. Broj prijave "
	    "211037, put, Vranje. Za stanje posaljite STATUS 211037. Hitno "
	    "zovite 192, 193, 194. Odjava: STOP A rupa je i dalje tu."),
	    EMERGENCY_NONE);
}

static void
all_report(const char *const *texts, size_t n)
{
	struct reading r;

	for (size_t i = 0; i < n; i++) {
		reading_make(&r, content, texts[i], LANG_UND);
		if (r.intent != INTENT_REPORT)
			print_error("%s: %s\n", texts[i],
			    intent_name(r.intent));
		assert_int_equal(r.intent, INTENT_REPORT);
		reading_clear(&r);
	}
}

#define ALL_REPORT(list) all_report(list, sizeof list / sizeof *list)

/* The police, fines and inspectors are sent by others; registers of others are
 * none of ours. */
static void
what_others_send_is_not_stopped(void **state)
{
	static const char *const texts[] = {
		"nemojte da mi saljete policiju",
		"nemojte da saljete inspekciju kod mene",
		"obrisite me iz evidencije policije",
		"obrisali ste me iz spiska", "ne pisite mi kazne",
		"prestanite da mi pisete kazne", "не ми пращайте полиция",
		"не ми пишете глоби", "mos me shkruani gjobe",
		"skinite me sa spiska za iseljenje",
		"nemojte mi slati komunalnu", "stop writing me fines",
		"izbrisite me iz maticne knjige",
	};

	(void)state;
	ALL_REPORT(texts);
}

/* Whoever is beaten or fined for a language wishes for none of us. */
static void
a_complaint_about_a_language_changes_none(void **state)
{
	static const char *const texts[] = {
		"биха ме защото говоря български",
		"ne daju mi da pisem na albanskom", "zabranjuju nam albanski",
		"kazna jer pricam albanski",
		"šefica mi ne da da pričam romski",
		"zabranili su nam cirilicu", "table samo na cirilici",
		"nemaju formular na bugarskom", "presuda nije na albanskom",
		"me gjobiten pse fola shqip",
	};
	static const struct wanted wishes[] = {
		{ "pisite mi na albanskom molim vas", INTENT_LANG, "sq" },
		{ "не разбирам сръбски, пишете ми на български", INTENT_LANG,
		    "bg" },
		{ "mos me shkruani serbisht, une shqip di", INTENT_LANG,
		    "sq" },
		{ "hocu poruke na romskom", INTENT_LANG, "rom" },
	};

	(void)state;
	ALL_REPORT(texts);
	ALL_MEAN(wishes);
}

/* What happened, and where, is told: the right is offered with the receipt. */
static void
what_happened_somewhere_is_told_in_a_question_too(void **state)
{
	static const char *const texts[] = {
		"Ku me u ankue, polici me rrahi dje ne Presheve",
		"where can I complain, the police hit me in Vranje yesterday",
		"къде да се оплача, полицай ме удари в Босилеград вчера",
		"kaj te dav zalba, e policija mardas man ando Vranje",
		"Kude da se zalim sto me panduri pretukose u Vranje na Cesmu",
		"policajac mi je juce u Bujanovcu uzeo telefon, sme li to?",
		"imaju li pravo da mi pretresu kucu? upali su jutros u "
		    "Trnovcu",
		"imam li pravo na odstetu, vojska mi je izgazila njivu u "
		    "Dobrosinu",
		"kome da se zalim, saobracajac me vredjao u Vranju",
		"да ли смеју, претресли су ме у Бујановцу",
		"къде да се оплача, отказаха ми документ в Босилеград",
	};
	static const char *const asked[] = {
		"da li policija u Vranju sme da mi trazi licnu kartu",
		"where can I complain about the police in Vranje",
		"smeju li da me vredjaju u Vranju, kome da se zalim",
	};
	struct reading r;

	(void)state;
	ALL_REPORT(texts);
	for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
		reading_make(&r, content, asked[i], LANG_UND);
		assert_int_equal(r.intent, INTENT_RIGHTS);
		reading_clear(&r);
	}
}

/* Words for who is competent, and those of a form, begin stories too. */
static void
a_story_is_told_whatever_it_begins_with(void **state)
{
	static const struct wanted wanted[] = {
		{ "nadlezni cute a deponija se siri u Vranju", INTENT_REPORT,
		    "WASTE" },
		{ "nadlezni ne rade nista, kanalizacija se izliva u Ristovcu",
		    INTENT_REPORT, "WATER" },
		{ "nadlezan inspektor trazi mito u Leskovcu", INTENT_REPORT,
		    "COR" },
		{ "responsible clerk asked me for a bribe in Vranje",
		    INTENT_REPORT, "COR" },
		{ "ko je nadlezan za semafor u Leskovcu, vec tri udesa bila",
		    INTENT_REPORT, "TRAF" },
		{ "javljanje lekara nemoguce u Vranju", INTENT_REPORT,
		    "MUNI" },
		{ "NADLEZNOST rasveta Vranje", INTENT_BODY, "LIGHT" },
		{ "NADLEZNOST smece ispred zgrade u Vranju", INTENT_BODY,
		    "WASTE" },
		{ "nadlezan za rasvetu u Vranju", INTENT_BODY, "LIGHT" },
		{ "ko je nadlezan za rasvetu u Vranju", INTENT_BODY,
		    "LIGHT" },
		{ "NADLEZNI", INTENT_BODY, "" },
		{ "JAVLJANJE 5 mirno Ristovac", INTENT_FORM, "CHECKIN" },
		{ "javljanje u Ristovcu je sve mirno", INTENT_FORM,
		    "CHECKIN" },
	};

	(void)state;
	ALL_MEAN(wanted);
}

/* "Now" stands in a question, too; the police are whom texts speak of; a number
 * may be sent twice; a word for a report says what a text is. */
static void
what_sounds_of_something_else_is_meant(void **state)
{
	static const struct wanted meant[] = {
		{ "pomoc oko slanja", INTENT_HELP, "" },
		{ "kako sada da posaljem prijavu", INTENT_HELP, "" },
		{ "how do i send it now", INTENT_HELP, "" },
		{ "si te shkruaj tani", INTENT_HELP, "" },
		{ "POMOC POMOC POMOC", INTENT_HELP, "" },
		{ "nemojte da mi pisete na ovaj broj, ovo je sluzbeni telefon",
		    INTENT_STOP, "" },
		{ "odjavite me sa tih obavestenja o policiji", INTENT_STOP,
		    "" },
		{ "prestanite da mi saljete poruke o inspekciji", INTENT_STOP,
		    "" },
		{ "mos me dergo sms, punoj ne gjykate", INTENT_STOP, "" },
		{ "policajac mi salje sms svaku noc, prekinite",
		    INTENT_REPORT, "POL_COND" },
		{ "pogresio sam sa STOP hocu da mi pisete", INTENT_START, "" },
		{ "331579 331579 jel me cujete", INTENT_STATUS, "331579" },
		{ "PRIJAVA POLICIJA", INTENT_REPORT, "POL_COND" },
		{ "nadlezan organ nije odgovorio na zahtev", INTENT_REPORT,
		    "" },
		{ "competent authority did not reply to my request",
		    INTENT_REPORT, "" },
	};

	(void)state;
	ALL_MEAN(meant);
	assert_int_equal(danger_of("POMOC POMOC POMOC"), EMERGENCY_EMERG);
}

/* Words of machines and commands are quoted, denied, and said of others. */
static void
a_word_for_something_does_not_make_it_so(void **state)
{
	static const struct wanted wanted[] = {
		{ "OVO NIJE HITNA SLUZBA? Pa gde da zovem, gori kuca",
		    INTENT_REPORT, "FIRE" },
		{ "nuk eshte sherbim urgjent? po me rreh burri",
		    INTENT_REPORT, "DV" },
		{ "Kome da prijavim naso sam bombu na njivi", INTENT_REPORT,
		    "UXO" },
		{ "Pravo 5 policajaca tuce mi sina", INTENT_REPORT,
		    "POL_FORCE" },
		{ "Obrisi snimak ili te ubijem, rekao policajac",
		    INTENT_REPORT, "POL_COND" },
		{ "akcija policije u nasem selu, lome vrata, bonus",
		    INTENT_REPORT, "POL_SEARCH" },
		{ "PRAVO 11", INTENT_RIGHTS, "DV" },
		{ "OBRISI", INTENT_ERASE, "" },
		{ "Stop hvala", INTENT_STOP, "" },
		{ "STOP STOP STOP", INTENT_STOP, "" },
		{ "STOP MOLIM VAS", INTENT_STOP, "" },
		{ "STOP glasanje", INTENT_STOP, "" },
		{ "stop reklame", INTENT_STOP, "" },
		{ "ndalo votimin", INTENT_STOP, "" },
		{ "stop mesazhet", INTENT_STOP, "" },
		{ "odjava hvala", INTENT_STOP, "" },
	};
	static const char *const stays[] = { "Nemojte da me odjavite",
		"mos me hiqni nga lista", "don't unsubscribe me",
		"\xd0\xbd\xd0\xb5 \xd0\xbc\xd0\xb5 \xd0\xbe\xd1\x82\xd0\xbf"
		"\xd0\xb8\xd1\x81\xd0\xb2\xd0\xb0\xd0\xb9\xd1\x82\xd0\xb5",
		"bivsi mi salje 50 poruka dnevno, ne zelim vise da primam "
		    "njegove poruke",
		"Prekinite nasilje", "nemojte mi vise tuci sina",
		"ne saljite me nazad njemu", "dosta udaraca",
		"prekinite sa porukama pretnje" };

	(void)state;
	ALL_MEAN(wanted);
	NONE_MEANS(stays, INTENT_STOP);
}

/* A key that is held down is no other word; a wish is no other text. */
static void
danger_is_told_whatever_stands_beside_it(void **state)
{
	static const char *const cries[] = { "upomoccc", "tuuuce me",
		"UPOMOOOOC", "jo serbisht, po me vrasin",
		"Write in English, not in Serbian, he is choking me",
		"ponovo pisem, udara me, saljite nekog" };
	struct reading reading;

	(void)state;
	for (size_t i = 0; i < sizeof cries / sizeof *cries; i++) {
		reading_make(&reading, content, cries[i], LANG_UND);
		assert_int_equal(reading.emergency, EMERGENCY_EMERG);
		reading_clear(&reading);
	}
	reading_make(&reading, content, "nasla sam nesto zakopano okruglo u "
	    "basti", LANG_UND);
	assert_int_equal(reading.emergency, EMERGENCY_UXO);
	reading_clear(&reading);
}

/* What people answer and say besides: where they are, when, how it rains. Nobody
 * is told to call for help, and nothing is reported by it. */
static void
everyday_words_are_no_danger(void **state)
{
	static const char *const nothing[] = { "podrum", "u podrumu",
		"u kuhinji", "iza kuce", "u zgradi", "pored skole",
		"ne, mozda drugi put", "ne mogu sad", "sad ne mogu da pisem",
		"sama sam kod kuce", "muz mi je na poslu", "svake noci",
		"не, можда други пут", "у подруму", "пада киша", "ne bodrum",
		"ne shtepi", "po bie shi", "burri im eshte ne pune",
		"prane shkolles", "ando kher", "aver drom", "brisind del",
		"в мазето", "вали дъжд", "мъжът ми е на работа", "друг път",
		"maybe another time", "in the cellar", "I don't know",
		"it is raining", "behind the house" };
	/* Told, and nobody is in it. */
	static const char *const told[] = { "voda u podrumu",
		"вода у подруму", "uje ne bodrum", "вода в мазето",
		"water in the cellar", "imam problem sa komsijom",
		"problem sa strujom", "ne radi lift", "struja puca",
		"slavina suva", "kam problem me rrymen", "noise at night" };
	static const char *const cries[] = { "voda u podrumu raste",
		"podrum je pun vode", "zatvorena sam u podrumu",
		"tuce je u podrumu", "dim u podrumu", "ubija je", "ne disem",
		"krv svuda", "krijem se u kupatilu", "burri im me rreh",
		"zjarr", "мъжът ми ме удари", "затвори ме в стаята",
		"mudarel la", "phabol o kher", "he locked me in" };
	struct reading r;

	(void)state;
	for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++) {
		reading_make(&r, content, nothing[i], LANG_UND);
		if (r.intent != INTENT_UNCLASSIFIED)
			print_error("%s\n", nothing[i]);
		assert_int_equal(r.intent, INTENT_UNCLASSIFIED);
		assert_int_equal(r.emergency, EMERGENCY_NONE);
		reading_clear(&r);
	}
	for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
		reading_make(&r, content, told[i], LANG_UND);
		assert_int_equal(r.intent, INTENT_REPORT);
		assert_int_equal(r.emergency, EMERGENCY_NONE);
		reading_clear(&r);
	}
	for (size_t i = 0; i < sizeof cries / sizeof *cries; i++) {
		reading_make(&r, content, cries[i], LANG_UND);
		if (r.emergency == EMERGENCY_NONE)
			print_error("%s\n", cries[i]);
		assert_int_equal(r.emergency, EMERGENCY_EMERG);
		reading_clear(&r);
	}
}

/* The same words on both sides: a lamp does not burn, a mine is a name, a door is
 * locked; and somebody is in danger without a word for it. */
static void
danger_is_told_from_what_is_like_it(void **state)
{
	static const char *const near[] = { "lampa ne gori vec nedelju dana",
		"i lampa na phabol anglo amaro kher", "svetlo na phabol",
		"drita e rruges nuk kallet", "Mina ti je rodila cerku, cestitamo",
		"учебната тревога мина по план, благодарим",
		"koncert je bio bomba, svaka cast opstini",
		"umoran sam od posla, idem da spavam",
		"prati me na instagramu", "sipaj kiselinu u akumulator",
		"u apoteci nema trakica za secer", "bomb muzika te dasma",
		"sin mi polozio zakletvu u vojsci, ponosna sam",
		"poklopac od sahte lupa kad prodje auto" };
	static const char *const danger[] = {
		"iskljucili nam struju a dete je na aparatu za disanje",
		"boca za kiseonik prazna",
		"ostali smo bez insulina, dete ima secer 25",
		"gjyshi rri me oksigjen, rrymen e kan nal",
		"Decaka od 15 god pokupila patrola, majka ne zna gde je",
		"djalin 15 vjeq e muren polici, s'po dijm ku osht",
		"astarde me chave, si le 15 bersha, na dzanav kaj si",
		"прибраха сина ми на 15, никой не казва къде е",
		"najradije bi da me nema",
		"legla bi samo i da se vise ne probudim",
		"nuk du me u zgju ma, u lodha",
		"na mangav majbut te dzivdinav, jertinen man",
		"policija me izbila, na levo oko ne vidim",
		"jedan covek ide za mnom od stanice, ne smem kuci",
		"kaze police me kiselinom", "zakljucali su nas u magacinu",
		"phabol o kher ke komshije",
		"sahta bez poklopca pred vrticem, deca se igraju oko rupe" };
	struct reading r;

	(void)state;
	for (size_t i = 0; i < sizeof near / sizeof *near; i++) {
		reading_make(&r, content, near[i], LANG_UND);
		if (r.emergency != EMERGENCY_NONE)
			print_error("%s\n", near[i]);
		assert_int_equal(r.emergency, EMERGENCY_NONE);
		reading_clear(&r);
	}
	for (size_t i = 0; i < sizeof danger / sizeof *danger; i++) {
		reading_make(&r, content, danger[i], LANG_UND);
		if (r.emergency == EMERGENCY_NONE)
			print_error("%s\n", danger[i]);
		assert_int_equal(r.emergency, EMERGENCY_EMERG);
		reading_clear(&r);
	}
	reading_make(&r, content, "deca nasla minu u potoku", LANG_UND);
	assert_int_equal(r.emergency, EMERGENCY_UXO);
	reading_clear(&r);
}

static void
a_slip_in_a_command_is_forgiven(void **state)
{
	static const struct wanted wanted[] = {
		{ "PRVAO 5", INTENT_RIGHTS, "OMBUDS" },
		{ "Stauts 104828", INTENT_STATUS, "104828" },
		{ "gjendjja 104828", INTENT_STATUS, "104828" },
		{ "DPOUNA 104828 jos je tako", INTENT_ADD, "104828" },
		{ "DALEJ", INTENT_MORE, "" },
		{ "dalejj", INTENT_UNCLASSIFIED, "" },	/* two slips */
		/* More words are a story, or a cry. */
		{ "Prave bombu", INTENT_REPORT, "UXO" },
		{ "delite gori kuca", INTENT_REPORT, "FIRE" },
		{ "DPOUNA 104828 gori kuca", INTENT_REPORT, "FIRE" },
		{ "Zdrave vode nema", INTENT_REPORT, "WATER" },
		/* A place is one. */
		{ "Stance", INTENT_REPORT, "" },
		/* Nobody is silenced, or written to again, on a guess. */
		/* Likely to be nothing, and no less likely to be all else. */
		{ "Mrs panduri!!!", INTENT_UNCLASSIFIED, "" },
		{ "odjva", INTENT_UNCLASSIFIED, "" },
		{ "stari", INTENT_UNCLASSIFIED, "" },
	};

	(void)state;
	ALL_MEAN(wanted);
}

/* More than one space parts words. */
static void
words_may_be_written_letter_by_letter(void **state)
{
	static const struct wanted wanted[] = {
		{ "N E M A  V O D E", INTENT_REPORT, "WATER" },
		{ "n e m a  v o d e  u  V r a nj u", INTENT_REPORT, "WATER" },
		{ "н е м а  в о д е", INTENT_REPORT, "WATER" },
		{ "u selu n e m a  v o d e već tri dana", INTENT_REPORT,
		    "WATER" },
		{ "policija t.u.k.l.a brata", INTENT_REPORT, "POL_FORCE" },
		{ "S T O P", INTENT_STOP, "" },
		/* Initials, and a list. */
		{ "S. T. O. P.", INTENT_UNCLASSIFIED, "" },
		{ "s, t, o, p", INTENT_UNCLASSIFIED, "" },
		{ "s t o", INTENT_UNCLASSIFIED, "" },
	};
	struct reading r;

	(void)state;
	ALL_MEAN(wanted);
	reading_make(&r, content, "n e m a  s t r u j e  u  L e b a n u",
	    LANG_UND);
	assert_string_equal(r.place->municipality, "Lebane");
	reading_clear(&r);
}

static void
a_digit_may_stand_for_a_letter(void **state)
{
	static const struct wanted wanted[] = {
		{ "pol1cija me tukla u Leb4ne", INTENT_REPORT, "POL_FORCE" },
		{ "nema v0de u Vr4nju", INTENT_REPORT, "WATER" },
		{ "P0LICAJAC TRAZI MITO U VRANJU", INTENT_REPORT,
		    "POL_BRIBE" },
		{ "pol1c1ja traz1 p4re", INTENT_REPORT, "POL_BRIBE" },
		{ "PRIJAVA8LESKOVAC rupa na putu", INTENT_REPORT, "ROAD" },
		{ "PRIJAVA1VRANJE tukli me policajci", INTENT_REPORT,
		    "POL_FORCE" },
	};
	static const char *const places[] = { "Lebane", "Vranje", "Vranje",
		NULL, "Leskovac", "Vranje" };
	struct reading r;

	(void)state;
	ALL_MEAN(wanted);
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		if (places[i] == NULL)
			continue;
		reading_make(&r, content, wanted[i].text, LANG_UND);
		assert_non_null(r.place);
		assert_string_equal(r.place->municipality, places[i]);
		reading_clear(&r);
	}
}

static void
letters_twice_or_in_each_others_place_are_read(void **state)
{
	static const struct wanted wanted[] = {
		{ "nema vvode u selu", INTENT_REPORT, "WATER" },
		{ "nema sturje vec tri dana", INTENT_REPORT, "MUNI" },
		{ "pollicajac trazi paree", INTENT_REPORT, "POL_BRIBE" },
		{ "razbijeno stakol na kontejenru, smcee svuda",
		    INTENT_REPORT, "WASTE" },
	};

	(void)state;
	ALL_MEAN(wanted);
}

static void
the_actor_turns_the_category(void **state)
{
	static const struct wanted wanted[] = {
		{ "opstinski sluzbenik trazi pare da mi sredi papir",
		    INTENT_REPORT, "COR" },
		{ "policajac trazi pare", INTENT_REPORT, "POL_BRIBE" },
		{ "PRIJAVA policija", INTENT_REPORT, "POL_COND" },
		{ "vojska izgazila nasu njivu u Rajincu", INTENT_REPORT,
		    "ARM_LAND" },
	};

	(void)state;
	ALL_MEAN(wanted);
}

static bool
worth_answer(const char *text)
{
	struct reading r;
	bool worth;

	reading_make(&r, content, text, LANG_UND);
	worth = r.worth_answer;
	reading_clear(&r);
	return (worth);
}

static void
machines_adverts_and_thanks_want_no_answer(void **state)
{
	(void)state;
	assert_false(worth_answer("Akcija! Popust 50%. Za odjavu STOP na 3030"));
	assert_false(worth_answer("Vas kod za potvrdu je 482913."));
	assert_false(worth_answer("Stanje na racunu 120.50 din."));
	assert_false(worth_answer("Hvala"));
	assert_false(worth_answer("faleminderit"));
	assert_false(worth_answer(""));
	assert_false(worth_answer("OVO NIJE HITNA SLUZBA. Poruke se ne "
	    "citaju odmah. Ako je neko u opasnosti zovite sada: POLICIJA "
	    "192, VATROGASCI 193, HITNA POMOC 194. Pozivi su besplatni."));
	assert_false(worth_answer("Nismo razumeli poruku. Napisite sta se "
	    "desilo i gde, svojim recima."));
	assert_true(worth_answer("Dobar dan"));
	assert_true(worth_answer("nema vode u Lebanu, hvala"));
	assert_true(worth_answer("hvala sto nemamo vodu"));
	assert_true(worth_answer("popust 50% na kaznu ako das na ruke"));
	assert_true(worth_answer("stigao mi vas kod 4471 pa mi nestalo 30000 sa "
	    "racuna"));
}

static void
lang_is(const char *text, enum lang before, enum lang wanted)
{
	struct reading r;

	reading_make(&r, content, text, before);
	if (r.lang != wanted)
		print_error("%s: %s\n", text, lang_name(r.lang));
	assert_int_equal(r.lang, wanted);
	reading_clear(&r);
}

static void
languages_are_told_by_letters_then_words(void **state)
{
	(void)state;
	lang_is("nema vode u selu", LANG_UND, LANG_SR_LATN);
	lang_is("нема воде у селу", LANG_UND, LANG_SR_CYRL);
	lang_is("няма вода в селото", LANG_UND, LANG_BG);
	lang_is("ska uje ne fshat", LANG_UND, LANG_SQ);
	lang_is("naj paj ande mahala", LANG_UND, LANG_ROM);
	lang_is("there is no water in the village", LANG_UND, LANG_EN);
	lang_is("dobar dan у selu краду нам стоку", LANG_UND, LANG_MIX);
	lang_is("STOP", LANG_UND, LANG_UND);
	lang_is("VOJSKA", LANG_UND, LANG_SR_LATN);
	lang_is("\xd0\x9f\xd0\xa0\xd0\x90\xd0\x92\xd0\x9e 2", LANG_UND,
	    LANG_SR_CYRL);
	lang_is("SOS", LANG_UND, LANG_UND);
	lang_is("S.O.S.", LANG_UND, LANG_UND);
	lang_is("С.О.С.", LANG_UND, LANG_UND);
	lang_is("HELP", LANG_UND, LANG_EN);
	lang_is("NDIHME", LANG_UND, LANG_SQ);
	lang_is("POMOSHT", LANG_UND, LANG_BG);
	lang_is("ПОМОЩ", LANG_UND, LANG_BG);
	/* A command of one language, and a word of the other elsewhere. */
	lang_is("СИГНАЛ", LANG_UND, LANG_BG);
	lang_is("СИГНАЛ БОСИЛЕГРАД", LANG_UND, LANG_BG);
	lang_is("нема сигнала", LANG_UND, LANG_SR_CYRL);
	lang_is("STOP", LANG_SQ, LANG_SQ);
	lang_is("104828", LANG_SQ, LANG_UND);
}

/* Such a word is answered in the language of the person or the gateway. */
static void
a_word_that_languages_share_is_of_none(void **state)
{
	static const char *const words[] = { "CHECKIN", "CHECKIN 3",
		"CHECKIN 3, Bujanovac", "STOP", "START", "STATUS", "INFO" };
	static const enum lang langs[] = { LANG_UND, LANG_SR_LATN,
		LANG_SR_CYRL, LANG_SQ, LANG_ROM, LANG_BG, LANG_EN };
	struct reading r;

	(void)state;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		for (size_t l = 0; l < sizeof langs / sizeof *langs; l++) {
			reading_make(&r, content, words[i], langs[l]);
			if (r.lang != LANG_UND && r.lang != langs[l])
				print_error("%s after %s: %s\n", words[i],
				    lang_name(langs[l]), lang_name(r.lang));
			assert_true(r.lang == LANG_UND ||
			    r.lang == langs[l]);
			reading_clear(&r);
		}
	}
}

static void
a_trace_says_each_decision_and_stays_short(void **state)
{
	struct reading r;

	(void)state;
	reading_make(&r, content, "PRIJAVA rupa na putu u Vranju", LANG_UND);
	assert_true(r.trace.len > 0 && r.trace.len <= 300);
	assert_non_null(strstr((const char *)r.trace.data, "Vranje"));
	assert_non_null(strstr((const char *)r.trace.data, "ROAD"));
	reading_clear(&r);
}

static void
an_endless_text_is_read_like_any_other(void **state)
{
	struct buf text = { 0 };
	struct reading r;

	(void)state;
	for (int i = 0; i < 20000; i++)
		buf_add_str(&text, "nema vode u Lebanu a1 ");
	reading_make(&r, content, buf_str(&text), LANG_UND);
	assert_int_equal(r.intent, INTENT_REPORT);
	assert_string_equal(r.code, "WATER");
	assert_string_equal(r.place->municipality, "Lebane");
	reading_clear(&r);
	buf_clear(&text);
}

/* The labelled corpus: how many of its texts are read as a person would. */

struct figures {
	unsigned int	 all, intent, both, place, lang, langs;
	unsigned int	 dangers, danger, alarms;
};

static bool
noted(const char *note, const char *intent, const char *code)
{
	char *bare = xasprintf("[ALT:%s]", code);
	char *full = xasprintf("[ALT:%s/%s]", intent, code);
	bool found = strstr(note, bare) != NULL || strstr(note, full) != NULL;

	free(bare);
	free(full);
	return (found);
}

static void
count(struct figures *f, char *cells[6])
{
	struct reading r;
	char name[PLACE_TEXT_MAX], alt[32];
	const char *place;
	const char *note = cells[5];
	bool intent, both;

	reading_make(&r, content, cells[0], LANG_UND);
	place = r.place != NULL ? place_text(r.place, name) : "";
	f->dangers += strstr(note, "[EMERG]") != NULL;
	if (strstr(note, "[EMERG]") != NULL)
		f->danger += r.emergency != EMERGENCY_NONE;
	else
		f->alarms += r.emergency != EMERGENCY_NONE;
	if (strstr(note, "[LOWCONF") == NULL) {
		intent = strcmp(intent_name(r.intent), cells[1]) == 0;
		both = (intent && strcmp(r.code, cells[2]) == 0) ||
		    noted(note, intent_name(r.intent), r.code);
		f->all++;
		f->intent += intent || both;
		f->both += both;
		f->place += strcmp(place, cells[3]) == 0;
		snprintf(alt, sizeof alt, "[ALTLANG:%s]", lang_name(r.lang));
		if (strcmp(cells[4], "und") != 0) {
			f->langs++;
			f->lang += strcmp(lang_name(r.lang), cells[4]) == 0 ||
			    strstr(note, alt) != NULL;
		}
	}
	reading_clear(&r);
}

static void
the_corpus_is_read_as_people_labelled_it(void **state)
{
	char *file = shipped_path("tests/corpus/texts.tsv"), *line = NULL;
	struct figures f = { 0 };
	FILE *corpus = fopen(file, "r");
	size_t room = 0;
	char *cells[6], *rest;

	(void)state;
	assert_non_null(corpus);
	while (getline(&line, &room, corpus) > 0) {
		line[strcspn(line, "\n")] = '\0';
		rest = line;
		for (size_t i = 0; i < 6; i++) {
			cells[i] = strsep(&rest, "\t");
			assert_non_null(cells[i]);
		}
		if (strcmp(cells[1], "intent") != 0)
			count(&f, cells);
	}
	print_message("intent %u, category %u, place %u of %u, language %u of "
	    "%u, danger %u of %u, false alarms %u\n", f.intent, f.both,
	    f.place, f.all, f.lang, f.langs, f.danger, f.dangers, f.alarms);
	assert_true(f.intent * 100 >= f.all * 98);
	assert_true(f.both * 100 >= f.all * 95);
	assert_true(f.place * 100 >= f.all * 96);
	assert_true(f.lang * 100 >= f.langs * 97);
	assert_true(f.danger >= 30);
	assert_true(f.alarms <= 5);
	free(line);
	free(file);
	fclose(corpus);
}

static void
a_report_is_taken_in_whatever_words_with_its_number(void **state)
{
	static const struct wanted wanted[] = {
		{ "PREUZIMAM", INTENT_TAKE, "" },
		{ "preuzimam prijavu 588335 idem tamo", INTENT_TAKE, "588335" },
		{ "ja preuzimam 588335", INTENT_TAKE, "588335" },
		{ "OK preuzimam 588335", INTENT_TAKE, "588335" },
		{ "588335 preuzimam", INTENT_TAKE, "588335" },
		{ "preuzeo sam prijavu 588335 i krecem odmah", INTENT_TAKE,
		    "588335" },
		{ "преузимам 588335 идем одмах", INTENT_TAKE, "588335" },
		{ "une e marr 588335", INTENT_TAKE, "588335" },
		{ "marr persiper 588335, po nisem", INTENT_TAKE, "588335" },
		{ "ok, me lav 588335", INTENT_TAKE, "588335" },
		{ "I take 588335, on my way now", INTENT_TAKE, "588335" },
		{ "az poemam 588335 i otivam", INTENT_TAKE, "588335" },
		{ "ne brinite, preuzimam 588335", INTENT_TAKE, "588335" },
		{ "krecem na put preuzimam 588335", INTENT_TAKE, "588335" },
	};

	(void)state;
	ALL_MEAN(wanted);
}

/* What is about the border is kept as what is about the police is. */
static void
a_crossing_of_a_road_is_not_the_border(void **state)
{
	static const struct {
		const char *text, *actor;
	} about[] = {
		{ "nema svetla na pesackom prelazu kod skole", "" },
		{ "rupa na putu na pruznom prelazu", "" },
		{ "granicnik ograde je pao na put", "" },
		{ "deca prelaze ulicu kod skole bez semafora", "" },
		{ "granicari nas ne pustaju", "BORDER" },
		{ "cekamo na granici tri sata", "BORDER" },
		{ "na granicnom prelazu nas drze satima", "BORDER" },
		{ "na prelazu Depce cekamo po 2 sata", "BORDER" },
		{ "прелаз код Рибараца не ради", "BORDER" },
	};
	struct reading r;

	(void)state;
	for (size_t i = 0; i < sizeof about / sizeof *about; i++) {
		reading_make(&r, content, about[i].text, LANG_UND);
		assert_string_equal(r.actor, about[i].actor);
		reading_clear(&r);
	}
}

static void
who_does_not_take_a_report_has_not_taken_it(void **state)
{
	static const char *const others[] = {
		"policija je preuzela slucaj 588335 i nista",
		"ne preuzimam 588335, nisam u gradu",
		"ne mogu da preuzimam 588335", "588335 ne preuzimam",
		"nuk e marr 588335", "nuk e marr dot 588335",
		"nuk po e marr 588335", "s e marr 588335",
		"s'e marr 588335", "nuk mund ta marr persiper 588335",
		"me na lav la 588335", "ne poemam 588335",
		"не преузимам 588335",
		"DOPUNA 588335 preuzeo sam dete iz skole",
		"DOPUNA 588335 policajac kaze ja preuzimam slucaj" };
	struct reading r;

	(void)state;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		reading_make(&r, content, others[i], LANG_UND);
		if (r.intent == INTENT_TAKE)
			fail_msg("%s", others[i]);
		reading_clear(&r);
	}
}

/* By its category, or besides it. */
static bool
is_urgent(const char *text, const char *code)
{
	struct reading r;
	bool urgent;

	reading_make(&r, content, text, LANG_UND);
	urgent = r.urgent || strcmp(r.code, code) == 0;
	if (r.urgent && strcmp(r.code, code) != 0)
		assert_string_equal(r.second, code);
	reading_clear(&r);
	return (urgent);
}

static void
who_is_held_is_urgent_whatever_else_is_told(void **state)
{
	static const char *const held[] = {
		"Policija mi je istukla i odvela sina u stanicu, Vranje",
		"policajci su pretukli brata i uhapsili ga Vranje",
		"Policija me tukla i uhapsila bez razloga u Vranju",
		"zandarmerija je uhapsila brata Presevo",
		"pretukli su ga i drze ga u pritvoru Vranje",
		"policija upala u kucu pretresla i odvela oca Vranje",
		"usli bez naloga, odveli mi brata Bujanovac",
		"granicna policija mi zadrzala muza na prelazu Presevo",
		"policija mi uzela pare i zatvorila me Vranje",
	};
	static const char *const not_held[] = {
		"policajac trazi pare na putu za Vranje",
		"policija me istukla Vranje",
		"nane doktori ki ambulanta Predejane, sa phandli",
		"policija nije dosla kad su mi obili kucu, Vranje",
		"nema vode u Vranju tri dana",
	};

	(void)state;
	for (size_t i = 0; i < sizeof held / sizeof *held; i++) {
		if (!is_urgent(held[i], "POL_DET"))
			fail_msg("%s", held[i]);
	}
	for (size_t i = 0; i < sizeof not_held / sizeof *not_held; i++) {
		if (is_urgent(not_held[i], "POL_DET"))
			fail_msg("%s", not_held[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_report_is_taken_in_whatever_words_with_its_number),
		cmocka_unit_test(who_does_not_take_a_report_has_not_taken_it),
		cmocka_unit_test(a_crossing_of_a_road_is_not_the_border),
		cmocka_unit_test(
		    who_is_held_is_urgent_whatever_else_is_told),
		cmocka_unit_test(stop_is_a_command_only_when_it_stands_alone),
		cmocka_unit_test(erasing_is_told_from_having_enough),
		cmocka_unit_test(danger_wins_over_every_command),
		cmocka_unit_test(
		    a_place_or_a_word_for_asking_alone_says_nothing_yet),
		cmocka_unit_test(the_digit_of_a_group_says_what_words_do_not),
		cmocka_unit_test(danger_is_told_from_words_about_it),
		cmocka_unit_test(nobody_is_written_to_again_on_a_guess),
		cmocka_unit_test(
		    rights_are_asked_for_by_number_word_or_question),
		cmocka_unit_test(
		    a_status_is_asked_for_by_word_or_by_number_alone),
		cmocka_unit_test(votes_languages_help_and_start_are_commands),
		cmocka_unit_test(a_language_named_in_a_sentence_is_no_command),
		cmocka_unit_test(a_text_without_a_keyword_is_never_an_error),
		cmocka_unit_test(a_cry_is_no_command),
		cmocka_unit_test(a_call_for_the_police_is_a_cry),
		cmocka_unit_test(what_others_send_is_not_stopped),
		cmocka_unit_test(a_complaint_about_a_language_changes_none),
		cmocka_unit_test(
		    what_happened_somewhere_is_told_in_a_question_too),
		cmocka_unit_test(a_story_is_told_whatever_it_begins_with),
		cmocka_unit_test(what_sounds_of_something_else_is_meant),
		cmocka_unit_test(a_word_for_something_does_not_make_it_so),
		cmocka_unit_test(danger_is_told_whatever_stands_beside_it),
		cmocka_unit_test(everyday_words_are_no_danger),
		cmocka_unit_test(danger_is_told_from_what_is_like_it),
		cmocka_unit_test(a_slip_in_a_command_is_forgiven),
		cmocka_unit_test(words_may_be_written_letter_by_letter),
		cmocka_unit_test(a_digit_may_stand_for_a_letter),
		cmocka_unit_test(
		    letters_twice_or_in_each_others_place_are_read),
		cmocka_unit_test(the_actor_turns_the_category),
		cmocka_unit_test(machines_adverts_and_thanks_want_no_answer),
		cmocka_unit_test(languages_are_told_by_letters_then_words),
		cmocka_unit_test(a_word_that_languages_share_is_of_none),
		cmocka_unit_test(a_trace_says_each_decision_and_stays_short),
		cmocka_unit_test(an_endless_text_is_read_like_any_other),
		cmocka_unit_test(the_corpus_is_read_as_people_labelled_it),
	};

	return (cmocka_run_group_tests_name("reading", tests, shipped_load,
	    shipped_unload));
}
