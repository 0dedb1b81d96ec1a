/*
 * Texts by the hour: the last 24 hours, and a month that ends with today. Runs
 * in glas-web; pure. The SVG is stretched to the room that it gets, so what is
 * written stands beside it.
 */
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "lib/mem.h"
#include "show/chart.h"
#include "show/html.h"
#include "show/status.h"

#define CHART_HOURS	720	/* that are told */
#define CHART_DAY	24
#define CHART_DAYS	30
#define CHART_HIGH	100	/* of the drawing */
#define CHART_TIME	40

/* Hours from `first` on; local seconds are those of the clocks in Serbia. */
struct chart {
	int64_t		 first;		/* local s of the first told */
	int		 count;		/* of hours told */
	const json_t	*received, *sent;
};

/* What is drawn: `slots` hours, the first of which is `from` in the chart. */
struct chart_part {
	const struct chart *chart;
	int		 from;
	int		 slots;
	int64_t		 top;		/* of the axis */
};

/* False: that is no count of hours. */
static bool
chart_read(struct chart *c, const json_t *hours)
{
	int64_t first = show_time(hours, "first");

	c->received = json_object_get(hours, "received");
	c->sent = json_object_get(hours, "sent");
	c->count = (int)json_array_size(c->received);
	c->first = first / 1000000 + show_number(hours, "offset_min") * 60;
	return (first != -1 && c->count == CHART_HOURS &&
	    json_array_size(c->sent) == CHART_HOURS);
}

/* In the hour; 0 before the first and after the last. */
static int64_t
chart_value(const struct chart *c, const json_t *counts, int hour)
{
	int64_t n = hour >= 0 && hour < c->count ?
	    json_integer_value(json_array_get(counts, (size_t)hour)) : 0;

	return (n > 0 ? n : 0);
}

static int64_t
chart_sum(const struct chart *c, const json_t *counts, int from, int hours)
{
	int64_t sum = 0;

	for (int n = from; n < from + hours; n++)
		sum += chart_value(c, counts, n);
	return (sum);
}

static const char *
chart_time(const struct chart *c, int hour, const char *format,
    char words[CHART_TIME])
{
	time_t at = (time_t)(c->first + (int64_t)hour * 3600);
	struct tm tm;

	if (gmtime_r(&at, &tm) == NULL ||
	    strftime(words, CHART_TIME, format, &tm) == 0)
		words[0] = '\0';
	return (words);
}

/* The hour with which the day begins that the last one is in. */
static int
chart_today(const struct chart *c)
{
	int64_t last = c->first / 3600 + c->count - 1;

	return (c->count - 1 - (int)(last % 24));
}

/* 2, 4, 10, 20, 40, 100, ...: halves of it are whole numbers. */
static int64_t
chart_top(const struct chart_part *p)
{
	static const int64_t steps[] = { 2, 4, 10 };
	int64_t most = 2, unit = 1, n;
	size_t step = 0;

	for (int h = p->from; h < p->from + p->slots; h++) {
		n = chart_value(p->chart, p->chart->received, h);
		most = n > most ? n : most;
		n = chart_value(p->chart, p->chart->sent, h);
		most = n > most ? n : most;
	}
	while (steps[step] * unit < most) {
		if (++step == 3) {
			step = 0;
			unit *= 10;
		}
	}
	return (steps[step] * unit);
}

/*
 * The drawing: a slot is ten wide.
 */

static double
chart_y(const struct chart_part *p, int64_t value)
{
	return (CHART_HIGH - (double)value * CHART_HIGH / (double)p->top);
}

static int
chart_told(const struct chart_part *p)
{
	int left = p->chart->count - p->from;

	return (left < p->slots ? left : p->slots);
}

static void
chart_bars(struct buf *b, const struct chart_part *p)
{
	for (int n = 0; n < chart_told(p); n++) {
		int64_t value = chart_value(p->chart, p->chart->received,
		    p->from + n);
		double y = chart_y(p, value);

		if (value != 0)
			buf_printf(b, "<rect class=\"in\" x=\"%d\" y=\"%.1f\" "
			    "width=\"8\" height=\"%.1f\"/>\n", n * 10 + 1, y,
			    CHART_HIGH - y);
	}
}

/* A line in steps; `closed`, the room below it. */
static void
chart_steps(struct buf *b, const struct chart_part *p, const json_t *counts,
    const char *class, bool closed)
{
	double at = -1, y;

	buf_printf(b, "<path class=\"%s\" d=\"M0 %d", class, CHART_HIGH);
	for (int n = 0; n < chart_told(p); n++) {
		y = chart_y(p, chart_value(p->chart, counts, p->from + n));
		if (y > at || y < at) {
			if (n != 0)
				buf_printf(b, "H%d", n * 10);
			buf_printf(b, "V%.1f", y);
		}
		at = y;
	}
	buf_printf(b, "H%d", chart_told(p) * 10);
	if (closed)
		buf_printf(b, "V%dZ", CHART_HIGH);
	buf_add_str(b, "\"/>\n");
}

/* What a pointer that rests there is told. */
static void
chart_tips(struct buf *b, const struct chart_part *p, int each,
    const char *format)
{
	const struct chart *c = p->chart;
	char words[CHART_TIME];

	for (int n = 0; n < chart_told(p); n += each) {
		buf_printf(b, "<rect class=\"tip\" x=\"%d\" y=\"0\" width="
		    "\"%d\" height=\"%d\"><title>%s: ", n * 10, each * 10,
		    CHART_HIGH, chart_time(c, p->from + n, format, words));
		html_count(b, chart_sum(c, c->received, p->from + n, each));
		buf_add_str(b, " received, ");
		html_count(b, chart_sum(c, c->sent, p->from + n, each));
		buf_add_str(b, " sent</title></rect>\n");
	}
}

static void
chart_grid(struct buf *b, const struct chart_part *p, int each)
{
	int wide = p->slots * 10;

	buf_printf(b, "<path class=\"grid\" d=\"M0 0H%d M0 %dH%d M0 %dH%d",
	    wide, CHART_HIGH / 2, wide, CHART_HIGH, wide);
	for (int n = 0; n < p->slots; n += each)
		buf_printf(b, " M%d 0V%d", n * 10, CHART_HIGH);
	buf_add_str(b, "\"/>\n");
}

/*
 * What stands beside it.
 */

static void
chart_begin(struct buf *b, const struct chart_part *p, const char *title,
    const char *label)
{
	buf_printf(b, "<figure>\n<figcaption><h3>%s</h3>\n<p><span class=\"key "
	    "in\"></span>received <span class=\"key out\"></span>sent</p>"
	    "</figcaption>\n<div class=\"plot\">\n<div class=\"axis\"><span>",
	    title);
	html_count(b, p->top);
	buf_add_str(b, "</span><span>");
	html_count(b, p->top / 2);
	buf_printf(b, "</span><span>0</span></div>\n<svg viewBox=\"0 0 %d %d\" "
	    "preserveAspectRatio=\"none\" role=\"img\" aria-label=\"%s\">\n",
	    p->slots * 10, CHART_HIGH, label);
}

static void
chart_end(struct buf *b, const struct chart_part *p, int each,
    const char *format)
{
	char words[CHART_TIME];

	buf_add_str(b, "</svg>\n<div></div><div class=\"times\">");
	for (int n = 0; n < p->slots; n += each)
		buf_printf(b, "<span>%s</span>", chart_time(p->chart,
		    p->from + n, format, words));
	buf_add_str(b, "</div>\n</div>\n</figure>\n");
}

static void
chart_day(struct buf *b, const struct chart *c)
{
	struct chart_part p = { .chart = c, .from = c->count - CHART_DAY,
		.slots = CHART_DAY };

	p.top = chart_top(&p);
	chart_begin(b, &p, "Texts an hour, one day",
	    "Texts an hour in the last 24 hours");
	chart_grid(b, &p, 6);
	chart_bars(b, &p);
	chart_steps(b, &p, c->sent, "out", false);
	chart_tips(b, &p, 1, "%H:%M");
	chart_end(b, &p, 6, "%H:%M");
}

static void
chart_month(struct buf *b, const struct chart *c)
{
	struct chart_part p = { .chart = c,
		.from = chart_today(c) - (CHART_DAYS - 1) * CHART_DAY,
		.slots = CHART_DAYS * CHART_DAY };

	p.top = chart_top(&p);
	chart_begin(b, &p, "Texts an hour, one month",
	    "Texts an hour in the last 30 days; the table below has the days");
	chart_grid(b, &p, 6 * CHART_DAY);
	chart_steps(b, &p, c->received, "in", true);
	chart_steps(b, &p, c->sent, "out thin", false);
	chart_tips(b, &p, CHART_DAY, "%a %e %b");
	chart_end(b, &p, 6 * CHART_DAY, "%e %b");
}

static void
chart_table(struct buf *b, const struct chart *c)
{
	int today = chart_today(c);
	char words[CHART_TIME];

	buf_add_str(b, "<details><summary>The days in numbers</summary>\n"
	    "<table><thead><tr><th scope=\"col\">day</th><th scope=\"col\">"
	    "received</th><th scope=\"col\">sent</th></tr></thead><tbody>\n");
	for (int day = 0; day < CHART_DAYS; day++) {
		int from = today - day * CHART_DAY;

		buf_printf(b, "<tr><th scope=\"row\">%s</th><td>",
		    chart_time(c, from, "%a %e %b", words));
		html_count(b, chart_sum(c, c->received, from, CHART_DAY));
		buf_add_str(b, "</td><td>");
		html_count(b, chart_sum(c, c->sent, from, CHART_DAY));
		buf_add_str(b, "</td></tr>\n");
	}
	buf_add_str(b, "</tbody></table></details>\n");
}

static void
chart_sums(struct buf *b, const struct chart *c)
{
	static const char *const which[] = { "Today ", "; yesterday " };
	int today = chart_today(c);

	buf_add_str(b, "<p>");
	for (int day = 0; day < 2; day++) {
		int from = today - day * CHART_DAY;

		buf_add_str(b, which[day]);
		html_count(b, chart_sum(c, c->received, from, CHART_DAY));
		buf_add_str(b, " received, ");
		html_count(b, chart_sum(c, c->sent, from, CHART_DAY));
		buf_add_str(b, " sent");
	}
	buf_add_str(b, ".");
}

void
chart_write(struct buf *b, const json_t *hours)
{
	int64_t at = show_time(hours, "at");
	struct chart c;
	char words[CHART_TIME];

	if (!chart_read(&c, hours) || at == -1) {
		buf_add_str(b, "<p>Not counted yet: the database counts the "
		    "texts some minutes after a start.</p>\n");
		return;
	}
	chart_sums(b, &c);
	at = at / 1000000 + show_number(hours, "offset_min") * 60;
	buf_printf(b, " Counted %s, by the clocks of Serbia.</p>\n"
	    "<div class=\"charts\">\n", chart_time(&(struct chart){
	    .first = at }, 0, "%e %b %H:%M", words));
	chart_day(b, &c);
	chart_month(b, &c);
	buf_add_str(b, "</div>\n");
	chart_table(b, &c);
}
