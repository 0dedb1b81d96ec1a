/*
 * Any octets as a text of a citizen, read and answered with the pack that is
 * shipped, and against its forms. Goes through all of src/text but the checks
 * of a pack.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "lib/utf8.h"
#include "sms/segment.h"
#include "text/answer.h"
#include "text/content_private.h"
#include "text/form.h"

#include "shipped_pack.h"

#define FUZZ_NOW INT64_C(1795435200000000)

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);
	struct answer_given given = { .reference = "104828", .code = "4711",
		.now = FUZZ_NOW };

static void
fuzz_check_reading(const struct reading *r)
{
	assert(r->intent < INTENT_COUNT && r->lang < LANG_COUNT);
	assert(r->code != NULL && r->second != NULL && r->actor != NULL);
	assert(r->confidence >= 0 && r->confidence <= 100);
	assert(r->trace.len <= 300);
	assert(utf8_valid((const char *)r->trace.data, r->trace.len));
	if (r->intent == INTENT_REPORT && *r->code != '\0')
		assert(content_category(fuzz_content(), r->code) != NULL);
}

static void
fuzz_check_answer(const struct answer *a, const struct reading *r)
{
	assert(a->count <= ANSWER_REPLIES_MAX);
	assert(a->count > 0 || a->silent != NULL);
	assert(a->report == (r->intent == INTENT_REPORT && !r->bare));
	for (unsigned int i = 0; i < a->count; i++) {
		const char *text = a->replies[i].text;

		assert(utf8_valid(text, strlen(text)) && *text != '\0');
		assert(segment_count(text, NULL, NULL) <= 3);
	}
}

/* Against every form, for any of its fields, twice the same. */
static void
fuzz_forms(const char *text, uint8_t octet)
{
	const struct content *c = fuzz_content();
	struct form_given from = { .now = FUZZ_NOW, .have = octet & 7 };
	struct form_reading r, again;

	for (size_t i = 0; i < c->form_count; i++) {
		from.asked = octet % ((int)c->forms[i].field_count + 1) - 1;
		form_read(&r, c, &c->forms[i], text, &from);
		form_read(&again, c, &c->forms[i], text, &from);
		assert(r.found == again.found && r.wrong == again.wrong &&
		    strcmp(r.unread, again.unread) == 0);
		assert((r.found & from.have) == 0 &&
		    utf8_valid(r.unread, strlen(r.unread)));
		for (int n = 0; n < FORM_FIELDS_MAX; n++) {
			const char *s = r.values[n];

			assert((s != NULL) == ((r.found >> n & 1) != 0));
			assert(s == NULL || (*s != '\0' &&
			    utf8_valid(s, strlen(s)) &&
			    strcmp(s, again.values[n]) == 0));
		}
		form_clear(&r);
		form_clear(&again);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	struct conversation person = { .emergency_at = FUZZ_NOW };
	struct reading reading, again;
	struct answer answer;
	char *text;

	if (len == 0)
		return (0);
	/* The first octet is what is known of the person. */
	person.lang = (enum lang)(octets[0] % LANG_COUNT);
	person.cyrillic = (octets[0] & 0x20) != 0;
	person.stopped = (octets[0] & 0x40) != 0;
	person.told_who = person.helper = (octets[0] & 0x80) != 0;
	/* And what they were asked. */
	dialog_begin(&person.dialog, (enum dialog_ask)(octets[0] % 9),
	    octets[0] % 9 == DIALOG_FIELD ? "CHECKIN/mood/11" : "104828",
	    octets[0] & 29, FUZZ_NOW + 1);
	if ((octets[0] & 0x10) != 0)
		person.asked = (struct conversation_case){
			.reference = "104828", .status = "new",
			.reported_at = FUZZ_NOW, .category = "WATER",
			.municipality = "Vranje", .text = "nema vode" };
	text = xstrndup((const char *)octets + 1, len - 1);
	if (utf8_valid(text, strlen(text))) {
		reading_make(&reading, fuzz_content(), text, person.lang);
		reading_make(&again, fuzz_content(), text, person.lang);
		fuzz_forms(text, octets[0]);
		fuzz_check_reading(&reading);
		assert(reading.intent == again.intent &&
		    strcmp(reading.code, again.code) == 0 &&
		    reading.place == again.place);
		given.text = text;
		given.segments = 1 + octets[0] % 3;
		answer_make(&answer, fuzz_content(), &reading, &given,
		    &person);
		fuzz_check_answer(&answer, &reading);
		answer_clear(&answer);
		reading_clear(&reading);
		reading_clear(&again);
	}
	free(text);
	return (0);
}
