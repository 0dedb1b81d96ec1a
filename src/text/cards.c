/*
 * Cards to print. Runs in glasctl; owns nothing. What is said on them are texts
 * of the content under CARD_: two lines each, what to text and what comes back.
 * A command that has no word in a language is left out of its card.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "text/cards.h"
#include "text/content_private.h"

struct cards {
	const struct content *content;
	const char	*number;
	enum lang	 lang;
	bool		 sample;	/* a text that nobody has reviewed */
	struct buf	*html;
};

/* For people who see badly: large, black on white, one thing below the other.
 * What must not be missed has a border, which any printer prints. */
static const char cards_style[] =
    "@page{size:105mm 148mm;margin:0}\n"
    "*{box-sizing:border-box}\n"
    "html{-webkit-print-color-adjust:exact;print-color-adjust:exact}\n"
    "body{margin:0;background:#ddd;color:#000;font-family:'DejaVu Sans',"
    "Verdana,Arial,sans-serif;font-size:14pt;line-height:1.25}\n"
    "section{width:105mm;height:148mm;padding:7mm;margin:4mm auto;"
    "background:#fff;overflow:hidden;display:flex;flex-direction:column;"
    "break-after:page}\n"
    "section:last-child{break-after:auto}\n"
    "h2{font-size:15pt;line-height:1.2;margin:0 0 2mm}\n"
    "p{margin:0}\n"
    "b{font-size:20pt;letter-spacing:.02em}\n"
    ".danger{border:1.4mm solid #b00000;border-radius:3mm;padding:3mm 4mm;"
    "margin-bottom:4mm}\n"
    ".danger h2{color:#b00000}\n"
    ".danger p{font-size:16pt;font-weight:bold;line-height:1.3}\n"
    ".danger b{display:inline-block;min-width:19mm;font-size:24pt}\n"
    ".send{font-size:15pt;margin-bottom:1mm}\n"
    ".number{font-size:25pt;font-weight:bold;margin-bottom:3mm;"
    "white-space:nowrap}\n"
    ".blank{border-bottom:.6mm solid #000;height:11mm;flex:none}\n"
    ".row{border-top:.4mm solid #000;padding:3mm 0}\n"
    ".blank+.row{border-top:0}\n"
    ".row .text{font-weight:bold;font-size:15pt;margin-bottom:.8mm}\n"
    "ol{list-style:none;margin:0;padding:1.5mm 0 0;font-size:15pt;flex:1;"
    "display:flex;flex-direction:column;justify-content:space-between;"
    "border-top:.4mm solid #000}\n"
    "li{display:flex;line-height:1.15}\n"
    "li b{font-size:15pt;min-width:12mm;text-align:right;margin-right:4mm}\n"
    ".words{display:flex;flex-wrap:wrap;gap:1mm 5mm}\n"
    ".words b{font-size:18pt}\n"
    ".note{border-top:.4mm solid #000;padding-top:2.6mm;font-size:11pt;"
    "margin-top:auto}\n"
    ".sample{font-size:9pt;text-align:center;margin-bottom:2mm}\n"
    "@media print{body{background:none}section{margin:0}}\n";

static void
cards_put(struct cards *c, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		switch (text[i]) {
		case '&':
			buf_add_str(c->html, "&amp;");
			break;
		case '<':
			buf_add_str(c->html, "&lt;");
			break;
		case '>':
			buf_add_str(c->html, "&gt;");
			break;
		case '"':
			buf_add_str(c->html, "&quot;");
			break;
		default:
			buf_add(c->html, &text[i], 1);
		}
	}
}

/* Up to the end of a line, with the word in its place. */
static void
cards_put_line(struct cards *c, const char *text, const char *word)
{
	const char *end = strchrnul(text, '\n');
	const char *field = strstr(text, "{WORD}");

	if (field == NULL || field >= end) {
		cards_put(c, text, (size_t)(end - text));
		return;
	}
	cards_put(c, text, (size_t)(field - text));
	buf_add_str(c->html, "<b>");
	cards_put(c, word, strlen(word));
	buf_add_str(c->html, "</b>");
	field += strlen("{WORD}");
	cards_put(c, field, (size_t)(end - field));
}

static const char *
cards_text(const struct cards *c, const char *key)
{
	const char *text = content_text(c->content, key, c->lang,
	    c->lang == LANG_SR_CYRL, NULL);

	return (text != NULL ? text : "");
}

static void
cards_put_text(struct cards *c, const char *tag, const char *key)
{
	buf_printf(c->html, "<%s>", tag);
	cards_put_line(c, cards_text(c, key), "");
	buf_printf(c->html, "</%.*s>\n", (int)strcspn(tag, " "), tag);
}

/* What to text, and below it what comes back. */
static void
cards_put_row(struct cards *c, enum intent intent, const char *key)
{
	const char *text = cards_text(c, key), *back = strchr(text, '\n');
	struct buf word = { 0 };

	if (*text != '\0' && cards_word(c->content, intent, "", c->lang,
	    &word)) {
		buf_add_str(c->html, "<div class=row><p class=text>");
		cards_put_line(c, text, buf_str(&word));
		buf_add_str(c->html, "</p>\n<p>");
		cards_put_line(c, back != NULL ? back + 1 : "", "");
		buf_add_str(c->html, "</p></div>\n");
	}
	buf_clear(&word);
}

static void
cards_open(struct cards *c)
{
	buf_printf(c->html, "<section lang=\"%s\">\n", lang_name(c->lang));
	if (c->sample)
		cards_put_text(c, "p class=sample", "CARD_SAMPLE");
}

static void
cards_close(struct cards *c)
{
	buf_add_str(c->html, "</section>\n");
}

/* "192 Police": each line a number and whose it is. */
static void
cards_put_calls(struct cards *c)
{
	const char *line = cards_text(c, "CARD_CALLS"), *end;
	size_t number;

	for (; *line != '\0'; line = *end != '\0' ? end + 1 : end) {
		end = strchrnul(line, '\n');
		number = strcspn(line, " \n");
		buf_add_str(c->html, "<p><b>");
		cards_put(c, line, number);
		buf_add_str(c->html, "</b>");
		cards_put(c, line + number, (size_t)(end - line) - number);
		buf_add_str(c->html, "</p>\n");
	}
}

static void
cards_page_report(struct cards *c)
{
	cards_open(c);
	buf_add_str(c->html, "<div class=danger>\n");
	cards_put_text(c, "h2", "CARD_DANGER");
	cards_put_calls(c);
	buf_add_str(c->html, "</div>\n");
	cards_put_text(c, "p class=send", "CARD_SEND");
	buf_printf(c->html, "<p class=\"number%s\">",
	    c->number != NULL ? "" : " blank");
	if (c->number != NULL)
		cards_put(c, c->number, strlen(c->number));
	buf_add_str(c->html, "</p>\n");
	cards_put_row(c, INTENT_REPORT, "CARD_REPORT");
	cards_put_text(c, "p class=note", "CARD_NOTE");
	cards_close(c);
}

static int
cards_topic_compare(const void *a, const void *b)
{
	const struct content_topic *const *x = a, *const *y = b;

	return (((*x)->number > (*y)->number) - ((*x)->number < (*y)->number));
}

static void
cards_put_topics(struct cards *c)
{
	size_t n = c->content->topic_count;
	const struct content_topic **topics = xcalloc(n, sizeof *topics);
	enum lang used = c->lang;
	const char *name;

	for (size_t i = 0; i < n; i++)
		topics[i] = &c->content->topics[i];
	if (n > 1)
		qsort(topics, n, sizeof *topics, cards_topic_compare);
	/* Names have no reviewer: they go with what stands above them. */
	(void)content_text(c->content, "CARD_RIGHTS", c->lang,
	    c->lang == LANG_SR_CYRL, &used);
	buf_add_str(c->html, "<ol>\n");
	for (size_t i = 0; i < n; i++) {
		name = content_topic_name(topics[i], used);
		buf_printf(c->html, "<li><b>%ld</b> ", topics[i]->number);
		cards_put(c, name, strlen(name));
		buf_add_str(c->html, "</li>\n");
	}
	buf_add_str(c->html, "</ol>\n");
	free(topics);
}

static void
cards_page_rights(struct cards *c)
{
	cards_open(c);
	cards_put_row(c, INTENT_RIGHTS, "CARD_RIGHTS");
	cards_put_topics(c);
	cards_close(c);
}

static const enum lang cards_langs[] = { LANG_SR_LATN, LANG_SR_CYRL, LANG_SQ,
	LANG_ROM, LANG_BG, LANG_EN };

#define CARDS_LANGS (sizeof cards_langs / sizeof *cards_langs)

/* Each in its own language: who cannot read this card finds theirs. */
static void
cards_put_languages(struct cards *c)
{
	struct buf word = { 0 };

	buf_add_str(c->html, "<div class=row>\n");
	cards_put_text(c, "p class=text", "CARD_LANGUAGE");
	buf_add_str(c->html, "<p class=words>");
	for (size_t i = 0; i < CARDS_LANGS; i++) {
		if (cards_langs[i] == c->lang || !cards_word(c->content,
		    INTENT_LANG, lang_name(cards_langs[i]), cards_langs[i],
		    &word))
			continue;
		buf_printf(c->html, "<b lang=\"%s\">",
		    lang_name(cards_langs[i]));
		cards_put(c, buf_str(&word), word.len);
		buf_add_str(c->html, "</b> ");
	}
	buf_add_str(c->html, "</p></div>\n");
	buf_clear(&word);
}

static void
cards_page_case(struct cards *c)
{
	cards_open(c);
	cards_put_row(c, INTENT_STATUS, "CARD_STATUS");
	cards_put_row(c, INTENT_STOP, "CARD_STOP");
	cards_put_row(c, INTENT_START, "CARD_START");
	cards_put_languages(c);
	cards_close(c);
}

static void
cards_page_more(struct cards *c)
{
	cards_open(c);
	cards_put_row(c, INTENT_ERASE, "CARD_ERASE");
	cards_put_row(c, INTENT_WHO, "CARD_WHO");
	cards_put_row(c, INTENT_SUBSCRIBE, "CARD_NEWS");
	cards_put_row(c, INTENT_VOTE, "CARD_VOTE");
	cards_close(c);
}

/* Whether a text of the cards in this language waits for its reviewer. */
static bool
cards_are_sample(const struct cards *c)
{
	static const char cards[] = "CARD_";
	const struct content_reply *r;
	enum lang used;

	for (size_t i = 0; i < c->content->reply_count; i++) {
		r = &c->content->replies[i];
		if (strncmp(r->key, cards, strlen(cards)) == 0 &&
		    content_text(c->content, r->key, c->lang,
		    c->lang == LANG_SR_CYRL, &used) != NULL &&
		    !r->reviewed[used])
			return (true);
	}
	return (false);
}

void
cards_print(const struct content *content, const char *number,
    struct buf *html)
{
	struct cards c = { .content = content, .number = number,
		.html = html };

	buf_printf(html, "<!DOCTYPE html>\n<html lang=\"sr-Latn\">\n<head>\n"
	    "<meta charset=\"utf-8\">\n<title>Glas</title>\n"
	    "<style>\n%s</style>\n</head>\n<body>\n", cards_style);
	for (size_t i = 0; i < CARDS_LANGS; i++) {
		c.lang = cards_langs[i];
		c.sample = cards_are_sample(&c);
		cards_page_report(&c);
		cards_page_rights(&c);
		cards_page_case(&c);
		cards_page_more(&c);
	}
	buf_add_str(html, "</body>\n</html>\n");
	buf_str(html);
}
