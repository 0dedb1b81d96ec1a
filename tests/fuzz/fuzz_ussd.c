/*
 * Whatever is typed at the USSD menus, line by line, with the pack that is
 * shipped: each screen fits on a phone, and where somebody stands is the same
 * out of the log. Also a line of the log that is none.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "lib/utf8.h"
#include "sms/segment.h"
#include "text/ussd.h"

#include "shipped_pack.h"

#define FUZZ_NOW INT64_C(1795435200000000)
#define FUZZ_LINES_MAX 40

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
fuzz_screen(const struct ussd_state *s)
{
	struct buf screen = { 0 };
	enum encoding encoding;
	unsigned int units;

	(void)ussd_screen(fuzz_content(), s, FUZZ_NOW, &screen);
	(void)segment_count(buf_str(&screen), &encoding, &units);
	assert(screen.len != 0 && units <= (encoding == ENCODING_GSM7 ?
	    USSD_SEPTETS : USSD_UNITS));
	assert(utf8_valid(buf_str(&screen), screen.len));
	buf_clear(&screen);
}

static void
fuzz_again(const struct ussd_state *s)
{
	char line[USSD_LINE_MAX], again[USSD_LINE_MAX];
	struct ussd_state back;

	ussd_print(s, line);
	assert(ussd_scan(&back, line));
	ussd_print(&back, again);
	assert(strcmp(line, again) == 0);
}

static void
fuzz_told(const struct ussd_step *step)
{
	struct reading r;

	reading_make(&r, fuzz_content(), step->text, LANG_SR_LATN);
	ussd_read(&r, fuzz_content(), step->chosen);
	if (step->deed == USSD_REPORT) {
		assert(r.intent == INTENT_REPORT && !r.bare);
		/* Left open only where none was chosen. */
		assert(*r.code != '\0' ?
		    content_category(fuzz_content(), r.code) != NULL :
		    strcmp(step->chosen, "report  ") == 0);
	}
	assert(utf8_valid(step->text, strlen(step->text)));
	reading_clear(&r);
}

static void
fuzz_type(struct ussd_state *s, const char *input, uint8_t chance)
{
	struct ussd_step step;

	ussd_input(fuzz_content(), s, input, FUZZ_NOW, &step);
	if (step.deed == USSD_LOOK_UP && chance % 2 == 0)
		ussd_not_found_out(fuzz_content(), s, &step);
	else if (step.deed == USSD_LOOK_UP)
		ussd_found(s, "104828", chance % 3 == 0 ? "open" : "",
		    FUZZ_NOW);
	if (step.text != NULL)
		fuzz_told(&step);
	free(step.text);
	fuzz_screen(s);
	fuzz_again(s);
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	struct ussd_state s;
	char *all, *rest, *line;

	if (len == 0)
		return (0);
	ussd_begin(&s, (enum lang)(octets[0] % LANG_COUNT),
	    (octets[0] & 0x40) != 0);
	all = rest = xstrndup((const char *)octets + 1, len - 1);
	for (int n = 0; n < FUZZ_LINES_MAX &&
	    (line = strsep(&rest, "\n")) != NULL; n++)
		fuzz_type(&s, line, octets[0]);
	free(all);
	all = xstrndup((const char *)octets + 1, len - 1);
	if (ussd_scan(&s, all) && utf8_valid(all, strlen(all)))
		fuzz_screen(&s);
	free(all);
	return (0);
}
