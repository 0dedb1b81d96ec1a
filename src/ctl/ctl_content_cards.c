/*
 * glasctl content cards: what people can text, on pages to print. Needs no
 * database; writes one file, whole or not at all.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "ctl/ctl.h"
#include "lib/keep.h"
#include "lib/mem.h"
#include "text/cards.h"

#define CARDS_NUMBER_MAX 24

/* As it is printed: digits in groups of somebody's liking. */
static bool
cards_is_number(const char *number)
{
	return (number == NULL || (strlen(number) <= CARDS_NUMBER_MAX &&
	    strspn(number, "+0123456789 /-") == strlen(number) &&
	    strpbrk(number, "0123456789") != NULL));
}

int
ctl_content_cards(const struct ctl *ctl, int argc, char **argv)
{
	struct ctl_options options;
	struct buf html = { 0 };
	struct content *content;
	int rest, result = CTL_FAILED;

	if (ctl_options_read(ctl, argc, argv, &options, 1, &rest) == -1)
		return (CTL_MISUSED);
	if (!cards_is_number(options.number)) {
		ctl_say(stderr, "glasctl: \"%s\" is no number to print; write "
		    "digits, spaces, + / and -, at most %d of them",
		    options.number, CARDS_NUMBER_MAX);
		return (CTL_MISUSED);
	}
	content = ctl_content_of_dir(options.content_dir);
	if (content == NULL)
		return (CTL_FAILED);
	cards_print(content, options.number, &html);
	if (keep_put(argv[rest], html.data, html.len, 0644) == 0) {
		ctl_say(stdout, "%s was written: A6 pages, to be printed at "
		    "100 per cent.", argv[rest]);
		result = CTL_DONE;
	} else {
		ctl_say(stderr, "glasctl: %s: %s; name a file that can be "
		    "written", argv[rest], strerror(errno));
	}
	content_free(content);
	buf_clear(&html);
	return (result);
}
