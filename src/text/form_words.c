/*
 * What words say in numbers and days in Serbian, Albanian, Romani, Bulgarian
 * and English, folded. Runs in glasd and glasctl. Grammar, not content: nobody
 * who makes a form has to write it down.
 */
#include <string.h>

#include "text/form_private.h"

#define COUNT(list) (sizeof (list) / sizeof *(list))

struct form_meaning {
	const char	*word;
	int		 value;
	enum form_use use;
};

static const struct form_meaning form_numbers_said[] = {
	{ "nula", 0, FORM_ANYWHERE }, { "zero", 0, FORM_ANYWHERE },
	{ "nijedan", 0, FORM_ANYWHERE }, { "nijedna", 0, FORM_ANYWHERE },
	{ "nijedno", 0, FORM_ANYWHERE }, { "asnje", 0, FORM_ANYWHERE },
	{ "none", 0, FORM_ANYWHERE },
	{ "nema", 0, FORM_ANSWER }, { "nista", 0, FORM_ANSWER },
	{ "njama", 0, FORM_ANSWER }, { "nisto", 0, FORM_ANSWER },
	{ "asgje", 0, FORM_ANSWER }, { "naj", 0, FORM_ANSWER },
	{ "nothing", 0, FORM_ANSWER }, { "no", 0, FORM_ANSWER },
	{ "jedan", 1, FORM_ALONE }, { "jedna", 1, FORM_ALONE },
	{ "jedno", 1, FORM_ALONE }, { "jednu", 1, FORM_ALONE },
	{ "nje", 1, FORM_ALONE }, { "njeri", 1, FORM_ALONE },
	{ "jekh", 1, FORM_ALONE }, { "jek", 1, FORM_ALONE },
	{ "ek", 1, FORM_ALONE }, { "edin", 1, FORM_ALONE },
	{ "edna", 1, FORM_ALONE }, { "edno", 1, FORM_ALONE },
	{ "one", 1, FORM_ALONE },
	{ "dva", 2, FORM_ANYWHERE }, { "dve", 2, FORM_ANYWHERE },
	{ "dvije", 2, FORM_ANYWHERE }, { "dvoje", 2, FORM_ANYWHERE },
	{ "dy", 2, FORM_ANYWHERE }, { "duj", 2, FORM_ANYWHERE },
	{ "two", 2, FORM_ANYWHERE },
	{ "tri", 3, FORM_ANYWHERE }, { "troje", 3, FORM_ANYWHERE },
	{ "tre", 3, FORM_ANYWHERE }, { "trin", 3, FORM_ANYWHERE },
	{ "three", 3, FORM_ANYWHERE },
	{ "cetiri", 4, FORM_ANYWHERE }, { "cetri", 4, FORM_ANYWHERE },
	{ "kater", 4, FORM_ANYWHERE }, { "star", 4, FORM_ALONE },
	{ "stare", 4, FORM_ALONE }, { "four", 4, FORM_ANYWHERE },
	{ "pet", 5, FORM_ANYWHERE }, { "pese", 5, FORM_ANYWHERE },
	{ "panc", 5, FORM_ANYWHERE }, { "pandz", 5, FORM_ANYWHERE },
	{ "pandj", 5, FORM_ANYWHERE }, { "panz", 5, FORM_ANYWHERE },
	{ "five", 5, FORM_ANYWHERE },
	{ "sest", 6, FORM_ANYWHERE }, { "gjashte", 6, FORM_ANYWHERE },
	{ "sov", 6, FORM_ALONE }, { "shov", 6, FORM_ALONE },
	{ "six", 6, FORM_ANYWHERE },
	{ "sedam", 7, FORM_ANYWHERE }, { "sedem", 7, FORM_ANYWHERE },
	{ "shtate", 7, FORM_ANYWHERE }, { "efta", 7, FORM_ANYWHERE },
	{ "seven", 7, FORM_ANYWHERE },
	{ "osam", 8, FORM_ANYWHERE }, { "osem", 8, FORM_ANYWHERE },
	{ "tete", 8, FORM_ANYWHERE }, { "ohto", 8, FORM_ANYWHERE },
	{ "oxto", 8, FORM_ANYWHERE }, { "eight", 8, FORM_ANYWHERE },
	{ "devet", 9, FORM_ANYWHERE }, { "nente", 9, FORM_ANYWHERE },
	{ "enja", 9, FORM_ANYWHERE }, { "inja", 9, FORM_ANYWHERE },
	{ "nine", 9, FORM_ANYWHERE },
	{ "deset", 10, FORM_ANYWHERE }, { "dhjete", 10, FORM_ANYWHERE },
	{ "des", 10, FORM_ALONE }, { "desh", 10, FORM_ALONE },
	{ "ten", 10, FORM_ANYWHERE },
	{ "jedanaest", 11, FORM_ANYWHERE }, { "jedanajst", 11, FORM_ANYWHERE },
	{ "edinadeset", 11, FORM_ANYWHERE },
	{ "edinadesit", 11, FORM_ANYWHERE },
	{ "edinajset", 11, FORM_ANYWHERE },
	{ "njembedhjete", 11, FORM_ANYWHERE },
	{ "desujekh", 11, FORM_ANYWHERE }, { "desujek", 11, FORM_ANYWHERE },
	{ "eleven", 11, FORM_ANYWHERE },
	{ "dvanaest", 12, FORM_ANYWHERE }, { "dvanajst", 12, FORM_ANYWHERE },
	{ "dvanadeset", 12, FORM_ANYWHERE },
	{ "dvanajset", 12, FORM_ANYWHERE },
	{ "dymbedhjete", 12, FORM_ANYWHERE },
	{ "desuduj", 12, FORM_ANYWHERE }, { "twelve", 12, FORM_ANYWHERE },
	{ "trinaest", 13, FORM_ANYWHERE }, { "trinajst", 13, FORM_ANYWHERE },
	{ "trinadeset", 13, FORM_ANYWHERE },
	{ "trinajset", 13, FORM_ANYWHERE },
	{ "trembedhjete", 13, FORM_ANYWHERE },
	{ "desutrin", 13, FORM_ANYWHERE }, { "thirteen", 13, FORM_ANYWHERE },
	{ "cetrnaest", 14, FORM_ANYWHERE }, { "cetrnajst", 14, FORM_ANYWHERE },
	{ "cetirinadeset", 14, FORM_ANYWHERE },
	{ "cetirinajset", 14, FORM_ANYWHERE },
	{ "katermbedhjete", 14, FORM_ANYWHERE },
	{ "desustar", 14, FORM_ANYWHERE }, { "fourteen", 14, FORM_ANYWHERE },
	{ "petnaest", 15, FORM_ANYWHERE }, { "petnajst", 15, FORM_ANYWHERE },
	{ "petnadeset", 15, FORM_ANYWHERE },
	{ "petnajset", 15, FORM_ANYWHERE },
	{ "pesembedhjete", 15, FORM_ANYWHERE },
	{ "desupandz", 15, FORM_ANYWHERE }, { "desupanz", 15, FORM_ANYWHERE },
	{ "desupandj", 15, FORM_ANYWHERE }, { "fifteen", 15, FORM_ANYWHERE },
	{ "sesnaest", 16, FORM_ANYWHERE }, { "sesnajst", 16, FORM_ANYWHERE },
	{ "sestnadeset", 16, FORM_ANYWHERE },
	{ "sesnajset", 16, FORM_ANYWHERE },
	{ "gjashtembedhjete", 16, FORM_ANYWHERE },
	{ "desusov", 16, FORM_ANYWHERE }, { "sixteen", 16, FORM_ANYWHERE },
	{ "sedamnaest", 17, FORM_ANYWHERE },
	{ "sedamnajst", 17, FORM_ANYWHERE },
	{ "sedemnadeset", 17, FORM_ANYWHERE },
	{ "sedemnajset", 17, FORM_ANYWHERE },
	{ "shtatembedhjete", 17, FORM_ANYWHERE },
	{ "desefta", 17, FORM_ANYWHERE }, { "desuefta", 17, FORM_ANYWHERE },
	{ "seventeen", 17, FORM_ANYWHERE },
	{ "osamnaest", 18, FORM_ANYWHERE }, { "osamnajst", 18, FORM_ANYWHERE },
	{ "osemnadeset", 18, FORM_ANYWHERE },
	{ "osemnajset", 18, FORM_ANYWHERE },
	{ "tetembedhjete", 18, FORM_ANYWHERE },
	{ "desohto", 18, FORM_ANYWHERE }, { "desuohto", 18, FORM_ANYWHERE },
	{ "eighteen", 18, FORM_ANYWHERE },
	{ "devetnaest", 19, FORM_ANYWHERE },
	{ "devetnajst", 19, FORM_ANYWHERE },
	{ "devetnadeset", 19, FORM_ANYWHERE },
	{ "devetnajset", 19, FORM_ANYWHERE },
	{ "nentembedhjete", 19, FORM_ANYWHERE },
	{ "desenja", 19, FORM_ANYWHERE }, { "desuenja", 19, FORM_ANYWHERE },
	{ "nineteen", 19, FORM_ANYWHERE },
	{ "dvadeset", 20, FORM_ANYWHERE }, { "dvaes", 20, FORM_ANYWHERE },
	{ "dvades", 20, FORM_ANYWHERE }, { "dvajset", 20, FORM_ANYWHERE },
	{ "njezet", 20, FORM_ANYWHERE }, { "bis", 20, FORM_ALONE },
	{ "bish", 20, FORM_ALONE }, { "twenty", 20, FORM_ANYWHERE },
	{ "trideset", 30, FORM_ANYWHERE }, { "trijes", 30, FORM_ANYWHERE },
	{ "tridhjete", 30, FORM_ANYWHERE }, { "trianda", 30, FORM_ANYWHERE },
	{ "trijanda", 30, FORM_ANYWHERE }, { "thirty", 30, FORM_ANYWHERE },
	{ "cetrdeset", 40, FORM_ANYWHERE },
	{ "cetirideset", 40, FORM_ANYWHERE }, { "dyzet", 40, FORM_ANYWHERE },
	{ "saranda", 40, FORM_ANYWHERE }, { "forty", 40, FORM_ANYWHERE },
	{ "pedeset", 50, FORM_ANYWHERE }, { "petdeset", 50, FORM_ANYWHERE },
	{ "pesedhjete", 50, FORM_ANYWHERE }, { "pinda", 50, FORM_ANYWHERE },
	{ "penda", 50, FORM_ANYWHERE }, { "fifty", 50, FORM_ANYWHERE },
	{ "sezdeset", 60, FORM_ANYWHERE }, { "sestdeset", 60, FORM_ANYWHERE },
	{ "gjashtedhjete", 60, FORM_ANYWHERE }, { "sixty", 60, FORM_ANYWHERE },
	{ "sedamdeset", 70, FORM_ANYWHERE },
	{ "sedemdeset", 70, FORM_ANYWHERE },
	{ "shtatedhjete", 70, FORM_ANYWHERE }, { "seventy", 70, FORM_ANYWHERE },
	{ "osamdeset", 80, FORM_ANYWHERE }, { "osemdeset", 80, FORM_ANYWHERE },
	{ "tetedhjete", 80, FORM_ANYWHERE }, { "eighty", 80, FORM_ANYWHERE },
	{ "devedeset", 90, FORM_ANYWHERE }, { "devetdeset", 90, FORM_ANYWHERE },
	{ "nentedhjete", 90, FORM_ANYWHERE }, { "ninety", 90, FORM_ANYWHERE },
	{ "sto", 100, FORM_ANSWER }, { "sel", 100, FORM_ANSWER },
	{ "stotinu", 100, FORM_ANYWHERE }, { "stotina", 100, FORM_ANYWHERE },
	{ "stotine", 100, FORM_ANYWHERE }, { "stotini", 100, FORM_ANYWHERE },
	{ "stotin", 100, FORM_ANYWHERE }, { "njeqind", 100, FORM_ANYWHERE },
	{ "qind", 100, FORM_ANYWHERE }, { "hundred", 100, FORM_ANYWHERE },
	{ "dvesta", 200, FORM_ANYWHERE }, { "dvesto", 200, FORM_ANYWHERE },
	{ "dyqind", 200, FORM_ANYWHERE }, { "trista", 300, FORM_ANYWHERE },
	{ "tristo", 300, FORM_ANYWHERE }, { "treqind", 300, FORM_ANYWHERE },
	{ "cetiristo", 400, FORM_ANYWHERE }, { "cetristo", 400, FORM_ANYWHERE },
	{ "katerqind", 400, FORM_ANYWHERE }, { "petsto", 500, FORM_ANYWHERE },
	{ "peseqind", 500, FORM_ANYWHERE }, { "seststo", 600, FORM_ANYWHERE },
	{ "gjashteqind", 600, FORM_ANYWHERE },
	{ "sedamsto", 700, FORM_ANYWHERE },
	{ "shtateqind", 700, FORM_ANYWHERE }, { "osamsto", 800, FORM_ANYWHERE },
	{ "teteqind", 800, FORM_ANYWHERE }, { "devetsto", 900, FORM_ANYWHERE },
	{ "nenteqind", 900, FORM_ANYWHERE }, { "hiljadu", 1000, FORM_ANYWHERE },
	{ "hiljada", 1000, FORM_ANYWHERE }, { "hiljade", 1000, FORM_ANYWHERE },
	{ "iljada", 1000, FORM_ANYWHERE }, { "iljadu", 1000, FORM_ANYWHERE },
	{ "iljade", 1000, FORM_ANYWHERE }, { "hiljadi", 1000, FORM_ANYWHERE },
	{ "mije", 1000, FORM_ANYWHERE }, { "njemije", 1000, FORM_ANYWHERE },
	{ "milja", 1000, FORM_ANYWHERE }, { "thousand", 1000, FORM_ANYWHERE },
};

/* Which of a list, and not how many: the beginning of a word. */
static const struct form_meaning form_places_said[] = {
	{ "prvi", 1, FORM_ALONE }, { "prva", 1, FORM_ALONE },
	{ "prvo", 1, FORM_ALONE }, { "prvu", 1, FORM_ALONE },
	{ "pari", 1, FORM_ALONE }, { "para", 1, FORM_ALONE },
	{ "paren", 1, FORM_ALONE }, { "parv*", 1, FORM_ALONE },
	{ "jekhto", 1, FORM_ALONE }, { "first", 1, FORM_ALONE },
	{ "drugi", 2, FORM_ALONE }, { "druga", 2, FORM_ALONE },
	{ "drugo", 2, FORM_ALONE }, { "drugu", 2, FORM_ALONE },
	{ "dyt*", 2, FORM_ALONE }, { "dujto", 2, FORM_ALONE },
	{ "vtori*", 2, FORM_ALONE }, { "vtoro*", 2, FORM_ALONE },
	{ "vtora*", 2, FORM_ALONE }, { "second", 2, FORM_ALONE },
	{ "treci", 3, FORM_ALONE }, { "treca", 3, FORM_ALONE },
	{ "trece", 3, FORM_ALONE }, { "trecu", 3, FORM_ALONE },
	{ "treti*", 3, FORM_ALONE }, { "treta*", 3, FORM_ALONE },
	{ "treto*", 3, FORM_ALONE }, { "treten", 3, FORM_ALONE },
	{ "trinto", 3, FORM_ALONE }, { "third", 3, FORM_ALONE },
	{ "cetvrti", 4, FORM_ALONE }, { "cetvrta", 4, FORM_ALONE },
	{ "cetvrto", 4, FORM_ALONE }, { "cetvrtu", 4, FORM_ALONE },
	{ "katert*", 4, FORM_ALONE }, { "starto", 4, FORM_ALONE },
	{ "cetvarti*", 4, FORM_ALONE }, { "cetvarto*", 4, FORM_ALONE },
	{ "cetvartata", 4, FORM_ALONE }, { "fourth", 4, FORM_ALONE },
	{ "peti", 5, FORM_ALONE }, { "peta", 5, FORM_ALONE },
	{ "peto", 5, FORM_ALONE }, { "petu", 5, FORM_ALONE },
	{ "petoto", 5, FORM_ALONE }, { "petiat", 5, FORM_ALONE },
	{ "pesti", 5, FORM_ALONE }, { "pesta", 5, FORM_ALONE },
	{ "pesten", 5, FORM_ALONE }, { "pandzto", 5, FORM_ALONE },
	{ "fifth", 5, FORM_ALONE },
	{ "sesti", 6, FORM_ALONE }, { "sesta", 6, FORM_ALONE },
	{ "sesto", 6, FORM_ALONE }, { "sestu", 6, FORM_ALONE },
	{ "sestoto", 6, FORM_ALONE }, { "sestiat", 6, FORM_ALONE },
	{ "gjashti", 6, FORM_ALONE }, { "gjashta", 6, FORM_ALONE },
	{ "gjashten", 6, FORM_ALONE }, { "sixth", 6, FORM_ALONE },
	{ "sedmi", 7, FORM_ALONE }, { "sedma", 7, FORM_ALONE },
	{ "sedmo", 7, FORM_ALONE }, { "sedmu", 7, FORM_ALONE },
	{ "sedmoto", 7, FORM_ALONE }, { "sedmiat", 7, FORM_ALONE },
	{ "shtati", 7, FORM_ALONE }, { "shtata", 7, FORM_ALONE },
	{ "shtaten", 7, FORM_ALONE }, { "seventh", 7, FORM_ALONE },
	{ "osmi", 8, FORM_ALONE }, { "osma", 8, FORM_ALONE },
	{ "osmo", 8, FORM_ALONE }, { "osmu", 8, FORM_ALONE },
	{ "osmoto", 8, FORM_ALONE }, { "osmiat", 8, FORM_ALONE },
	{ "teti", 8, FORM_ALONE }, { "teta", 8, FORM_ALONE },
	{ "teten", 8, FORM_ALONE }, { "eighth", 8, FORM_ALONE },
	{ "deveti", 9, FORM_ALONE }, { "deveta", 9, FORM_ALONE },
	{ "deveto", 9, FORM_ALONE }, { "devetu", 9, FORM_ALONE },
	{ "devetoto", 9, FORM_ALONE }, { "devetiat", 9, FORM_ALONE },
	{ "nenti", 9, FORM_ALONE }, { "nenta", 9, FORM_ALONE },
	{ "nenten", 9, FORM_ALONE }, { "ninth", 9, FORM_ALONE },
	{ "deseti", 10, FORM_ALONE }, { "deseta", 10, FORM_ALONE },
	{ "deseto", 10, FORM_ALONE }, { "desetu", 10, FORM_ALONE },
	{ "desetoto", 10, FORM_ALONE }, { "desetiat", 10, FORM_ALONE },
	{ "dhjeti", 10, FORM_ALONE }, { "dhjeta", 10, FORM_ALONE },
	{ "dhjeten", 10, FORM_ALONE }, { "tenth", 10, FORM_ALONE },
};

/* Days from today on. */
static const struct form_meaning form_days_said[] = {
	{ "danas", 0, FORM_ANYWHERE }, { "jutros", 0, FORM_ANYWHERE },
	{ "veceras", 0, FORM_ANYWHERE }, { "nocas", 0, FORM_ANYWHERE },
	{ "sot", 0, FORM_ANYWHERE }, { "sonte", 0, FORM_ANYWHERE },
	{ "avdive", 0, FORM_ANYWHERE }, { "adive", 0, FORM_ANYWHERE },
	{ "agjive", 0, FORM_ANYWHERE }, { "dnes", 0, FORM_ANYWHERE },
	{ "today", 0, FORM_ANYWHERE }, { "tonight", 0, FORM_ANYWHERE },
	{ "juce", -1, FORM_ANYWHERE }, { "jucer", -1, FORM_ANYWHERE },
	{ "jucerasnji", -1, FORM_ANYWHERE }, { "sinoc", -1, FORM_ANYWHERE },
	{ "vcera", -1, FORM_ANYWHERE }, { "snosti", -1, FORM_ANYWHERE },
	{ "dje", -1, FORM_ANYWHERE }, { "mbreme", -1, FORM_ANYWHERE },
	{ "idj", -1, FORM_ALONE }, { "idz", -1, FORM_ALONE },
	{ "ic", -1, FORM_ALONE }, { "yesterday", -1, FORM_ANYWHERE },
	{ "prekjuce", -2, FORM_ANYWHERE }, { "prekjucer", -2, FORM_ANYWHERE },
	{ "zavcera", -2, FORM_ANYWHERE }, { "pardje", -2, FORM_ANYWHERE },
	{ "sutra", 1, FORM_ANYWHERE }, { "neser", 1, FORM_ANYWHERE },
	{ "utre", 1, FORM_ANYWHERE }, { "tehara", 1, FORM_ANYWHERE },
	{ "tasja", 1, FORM_ANYWHERE }, { "tomorrow", 1, FORM_ANYWHERE },
	{ "prekosutra", 2, FORM_ANYWHERE }, { "pasneser", 2, FORM_ANYWHERE },
};

/* Months are declined: * is any ending, as in keywords. */
static const char *const form_months[12][9] = {
	{ "januar*", "janar*", "jan" },
	{ "februar*", "fevruar*", "shkurt*", "feb", "fev" },
	{ "mart*", "mars*", "march", "mar" },
	{ "april*", "prill*", "apr" },
	{ "maj", "maja", "majit", "mai", "may" },
	{ "jun", "juna", "juni", "june", "qershor*" },
	{ "jul", "jula", "juli", "july", "korrik*" },
	{ "avgust*", "august*", "gusht*", "avg", "aug" },
	{ "septem*", "shtator*", "sep", "sept" },
	{ "oktom*", "oktob*", "octob*", "tetor*", "okt", "oct" },
	{ "novem*", "noemvri", "nentor*", "nov", "noe" },
	{ "decem*", "dekem*", "dhjetor*", "dec", "dek" },
};

static const char *const form_classes[][48] = {
	[FORM_NOT] = { "ne", "nije", "nisu", "nismo", "nuk", "s", "nane",
	    "nasti", "nae", "njama", "not", "isnt", "never", "nikad", "nema" },
	[FORM_ABOUT] = { "oko", "otprilike", "cirka", "okolo", "okolu",
	    "rreth", "afersisht", "about", "around", "cca", "nekih", "bar",
	    "ukupno", "total" },
	[FORM_UNIT] = { "h", "sati", "sat", "casova", "casa", "cas", "ore",
	    "ora", "oclock", "am", "pm", "din", "dinara", "evra", "eur",
	    "euro", "leva", "km" },
	[FORM_AGO] = { "pre", "prije", "predi", "pred", "para", "anglal",
	    "angla", "ago" },
	[FORM_DAYS] = { "dan", "dana", "den", "dena", "dni", "dit", "dite",
	    "ditesh", "dive", "divesa", "day", "days" },
	[FORM_AND] = { "i", "e", "thaj", "taj", "hem", "and" },
	[FORM_NUMBER_SIGN] = { "broj", "broju", "brojem", "br", "pod",
	    "rednim", "opcija", "opciju", "opcijata", "odgovor", "za",
	    "glasam", "biram", "hocu", "onaj", "ono", "ona", "onu", "ovaj",
	    "ovo", "ova", "ovu", "taj",
	    "to", "tu", "numri", "numrin", "nr", "opsioni", "opsionin",
	    "per", "zgjedh", "te", "number", "no", "option", "the", "nomer",
	    "numero", "broji", "e", "i", "o" },
	[FORM_NUMBER_BEHIND] = { "opcija", "opciju", "odgovor", "po", "redu",
	    "molim", "vas", "te", "opsion", "opsioni", "ju", "lutem", "one",
	    "option", "answer", "please", "st", "nd", "rd", "th", "otgovor",
	    "mangav" },
	[FORM_ABOUT_SUFFIX] = { "ak", "tak", "ka", "x", "kom" },
};

static bool
form_word_is(const struct folded *f, size_t word, const char *s)
{
	const struct fold_word *w = &f->words[word];

	return (strncmp(s, f->text + w->at, w->len) == 0 &&
	    s[w->len] == '\0');
}

bool
form_word_of(enum form_class cls, const struct folded *f, size_t word)
{
	const char *const *s = form_classes[cls];

	while (*s != NULL && !form_word_is(f, word, *s))
		s++;
	return (*s != NULL);
}

int
form_word_number(const struct folded *f, size_t word, enum form_use *use)
{
	for (size_t i = 0; i < COUNT(form_numbers_said); i++) {
		if (!form_word_is(f, word, form_numbers_said[i].word))
			continue;
		*use = form_numbers_said[i].use;
		return (form_numbers_said[i].value);
	}
	return (-1);
}

bool
form_word_day(const struct folded *f, size_t word, int *days,
    enum form_use *use)
{
	for (size_t i = 0; i < COUNT(form_days_said); i++) {
		if (!form_word_is(f, word, form_days_said[i].word))
			continue;
		*days = form_days_said[i].value;
		*use = form_days_said[i].use;
		return (true);
	}
	return (false);
}

static bool
form_word_matches(const struct folded *f, size_t word, const char *pattern)
{
	const struct fold_word *w = &f->words[word];
	size_t len = strlen(pattern);

	if (pattern[len - 1] != '*')
		return (form_word_is(f, word, pattern));
	return (w->len >= len - 1 &&
	    memcmp(pattern, f->text + w->at, len - 1) == 0);
}

int
form_word_place(const struct folded *f, size_t word)
{
	for (size_t i = 0; i < COUNT(form_places_said); i++) {
		if (form_word_matches(f, word, form_places_said[i].word))
			return (form_places_said[i].value);
	}
	return (-1);
}

int
form_word_month(const struct folded *f, size_t word)
{
	for (size_t i = 0; i < COUNT(form_months); i++) {
		for (const char *const *s = form_months[i]; *s != NULL; s++) {
			if (form_word_matches(f, word, *s))
				return ((int)i + 1);
		}
	}
	return (-1);
}
