/*
 * Words and numbers in HTML. Runs in glas-web; pure. What links and databases
 * say is shown, and runs nothing.
 */
#include "lib/mem.h"
#include "show/html.h"

void
html_text(struct buf *b, const char *words)
{
	static const struct {
		char		 c;
		const char	*entity;
	} special[] = { { '&', "&amp;" }, { '<', "&lt;" }, { '>', "&gt;" },
		{ '"', "&quot;" }, { '\'', "&#39;" } };
	size_t n;

	for (; *words != '\0'; words++) {
		for (n = 0; n < sizeof special / sizeof special[0] &&
		    special[n].c != *words; n++)
			;
		if (n < sizeof special / sizeof special[0])
			buf_add_str(b, special[n].entity);
		else
			buf_add(b, words, 1);
	}
}

void
html_count(struct buf *b, int64_t number)
{
	if (number < 0)
		buf_add_str(b, "\xe2\x88\x92");
	number = number < 0 ? -number : number;
	if (number >= 1000) {
		html_count(b, number / 1000);
		buf_printf(b, ",%03d", (int)(number % 1000));
	} else {
		buf_printf(b, "%d", (int)number);
	}
}

void
html_octets(struct buf *b, int64_t octets)
{
	static const char *const units[] = { "KiB", "MiB", "GiB", "TiB" };
	double size = (double)octets / 1024;
	size_t n = 0;

	if (octets < 1024) {
		buf_printf(b, "%d octets", (int)octets);
		return;
	}
	for (; size >= 1000 && n < 3; n++)
		size /= 1024;
	buf_printf(b, "%.*f %s", size < 10 ? 1 : 0, size, units[n]);
}
