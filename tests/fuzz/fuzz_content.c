/*
 * Any JSON as a content pack: compiled, checked and, where it can be used, read
 * with. Goes through src/text/content*.c, places.c and lexicon.c.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "lib/mem.h"
#include "text/answer.h"

#define FUZZ_NOW INT64_C(1795435200000000)

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
fuzz_finding(void *arg, const struct content_finding *f)
{
	(void)arg;
	assert(f->what != NULL && *f->what != '\0');
	assert(f->section != NULL || f->entry == 0);
}

static void
fuzz_text(const struct content *content, const char *text)
{
	const struct answer_given given = { .reference = "104828",
		.code = "4711", .text = text, .now = FUZZ_NOW, .segments = 3 };
	struct conversation person = { .lang = LANG_UND };
	struct reading reading;
	struct answer answer;

	reading_make(&reading, content, text, LANG_UND);
	answer_make(&answer, content, &reading, &given, &person);
	answer_clear(&answer);
	reading_clear(&reading);
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	static const char *const texts[] = { "stop", "nema vode u Vranju",
		"policajac vice", "upomoc gori", "a b c d e f g h i j",
		"PRAVO 5", "JEZIK SHQIP", "104828",
		"BROJANJE 12 zdrave, ovaca: 7, od 31.2. pre 3 dana" };
	struct buf problems = { 0 };
	struct content *content;
	json_t *pack;

	pack = json_loadb((const char *)octets, len, JSON_DECODE_ANY, NULL);
	if (pack == NULL)
		return (0);
	content_check(pack, "2026-11-23", fuzz_finding, NULL);
	content = content_new(pack, &problems);
	for (size_t i = 0; content != NULL && i < sizeof texts / sizeof *texts;
	    i++)
		fuzz_text(content, texts[i]);
	content_free(content);
	buf_clear(&problems);
	return (0);
}
