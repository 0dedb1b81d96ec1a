/*
 * A link without a network, for benchmarks: it offers texts as fast as the
 * window of glasd lets it, a hundred a second, or one by one, and says of every
 * segment that it is given that the network took it. Started by glasd as the command of a
 * [link NAME] section; so light that the machine is glasd's. It reads lines by
 * hand: what it hears comes from glasd alone.
 *
 * usage: load_link flood|paced|single COUNT REPORT GO
 *
 * Begins when the file GO is there. Appends lines to the file REPORT, which
 * the benchmark has made: times (CLOCK_MONOTONIC, microseconds), counts, and
 * in `paced` and `single` what each text took. What cannot be ends it with 1.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LOAD_LONG_EVERY	20	/* each so many texts one in two parts */
#define LOAD_PART	153
#define LOAD_NUMBER	6000000u	/* +38160 and these seven digits on */
#define LOAD_OUT_MAX	(1u << 20)	/* offered no further ahead */
#define LOAD_PAUSE_MS	20	/* after each text of `single` */
#define LOAD_PACE_MS	10	/* from one text of `paced` to the next */
#define LOAD_BEGIN	4097174400	/* 2099-11-01, stamp of the first text: of
				   a clock that nobody believes */

static struct {
	enum { LOAD_FLOOD, LOAD_PACED, LOAD_SINGLE } how;
	unsigned int	 count;
	const char	*report, *go;
	bool		 begun, greeted;
	unsigned int	 window, unacked;
	unsigned int	 text, part;	/* to be offered next, from 0 */
	unsigned int	 offered, acked, submits, submitted_acked;
	unsigned int	 replied, repeated;
	uint8_t		*answered;	/* by text */
	bool		 said_acked, said_replied;
	int64_t		 first_at, ack_at, next_at;
	int64_t		*offered_at;	/* by text */
	char		*in, *out;
	size_t		 in_len, in_room, out_len, out_room;
} load;

static int64_t
load_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ((int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000);
}

static void __attribute__((format(printf, 1, 2)))
load_report(const char *fmt, ...)
{
	FILE *f = fopen(load.report, "a");
	va_list ap;

	if (f == NULL)
		err(1, "%s", load.report);
	va_start(ap, fmt);
	vfprintf(f, fmt, ap);
	va_end(ap);
	if (fclose(f) != 0)
		err(1, "%s", load.report);
}

/*
 * Lines out.
 */

static char *
load_room(size_t more)
{
	while (load.out_len + more > load.out_room) {
		load.out_room = load.out_room * 2 + 65536;
		load.out = realloc(load.out, load.out_room);
		if (load.out == NULL)
			err(1, "output");
	}
	return (load.out + load.out_len);
}

static void __attribute__((format(printf, 1, 2)))
load_say(const char *fmt, ...)
{
	char *at = load_room(2048);
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(at, 2048, fmt, ap);
	va_end(ap);
	if (len < 0 || len >= 2048)
		errx(1, "a line is too long");
	load.out_len += (size_t)len;
}

static bool
load_is_long(unsigned int text)
{
	return (text % LOAD_LONG_EVERY == 7);
}

/* Different words each time, and the same ones in every run. */
static size_t
load_words(unsigned int text, char *to, size_t size)
{
	static const char *const words[] = { "ulica", "svetlo", "voda",
		"put", "skola", "autobus", "smece", "kanal", "most", "park",
		"rasveta", "trotoar", "semafor", "igraliste", "pijaca",
		"ambulanta" };
	uint32_t dice = text * 2654435761u + 12345u;
	int len = snprintf(to, size, "PRIJAVA POLICIJA VRANJE %s %s broj %u",
	    words[dice >> 28], words[dice >> 20 & 15], dice >> 8 & 4095);
	size_t at = (size_t)len;

	while (load_is_long(text) && at < 200) {
		dice = dice * 1664525u + 1013904223u;
		at += (size_t)snprintf(to + at, size - at, " %s",
		    words[dice >> 28]);
	}
	return (at);
}

/* UTF-16BE of ASCII, in hexadecimal. */
static void
load_hex(char *to, const char *from, size_t len)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t n = 0; n < len; n++) {
		*to++ = '0';
		*to++ = '0';
		*to++ = digits[from[n] >> 4];
		*to++ = digits[from[n] & 15];
	}
	*to = '\0';
}

static void
load_offer(void)
{
	char words[320], ud[4 * LOAD_PART + 256], udh[16] = "", stamp[32];
	time_t at = LOAD_BEGIN + (time_t)load.text;
	size_t len = load_words(load.text, words, sizeof words);
	const char *from = words;
	struct tm tm;

	if (load_is_long(load.text)) {
		snprintf(udh, sizeof udh, "050003%02x02%02x",
		    load.text & 255, load.part + 1);
		from += load.part * LOAD_PART;
		len = load.part == 0 ? LOAD_PART : len - LOAD_PART;
	}
	load_hex(ud, from, len);
	strftime(stamp, sizeof stamp, "%FT%T+00:00", gmtime_r(&at, &tm));
	load_say("{\"t\":\"mo\",\"id\":\"m%u\",\"originator\":\"+38160%07u\","
	    "\"ton\":\"international\",\"scts\":\"%s\","
	    "\"smsc\":\"+381600000001\",\"sim\":\"220010000000001\","
	    "\"alphabet\":\"gsm7\",\"udh\":\"%s\",\"ud\":\"%s\"}\n",
	    load.offered, LOAD_NUMBER + load.text, stamp, udh, ud);
	load.offered++;
	load.unacked++;
	if (load_is_long(load.text) && load.part == 0) {
		load.part = 1;
	} else {
		load.part = 0;
		load.text++;
	}
}

static void
load_offer_whole(void)
{
	load.offered_at[load.text] = load_now();
	do
		load_offer();
	while (load.part != 0);
}

static void
load_offer_single(void)
{
	if (load.text != load.replied || load.unacked != 0)
		return;
	if (load.next_at == 0)
		load.next_at = load_now() + LOAD_PAUSE_MS * 1000;
	if (load_now() < load.next_at)
		return;
	load.next_at = 0;
	load_offer_whole();
}

static void
load_offer_paced(void)
{
	if (load.next_at == 0)
		load.next_at = load_now();
	while (load.text < load.count && load_now() >= load.next_at) {
		load.next_at += LOAD_PACE_MS * 1000;
		load_offer_whole();
	}
}

static void
load_offer_all(void)
{
	/* A quarter of the window is left for what is submitted: who fills it
	 * with texts could not say so. */
	while (load.text < load.count && load.out_len < LOAD_OUT_MAX &&
	    load.unacked < load.window - load.window / 4)
		load_offer();
}

static void
load_begin(void)
{
	if (!load.begun && load.greeted && access(load.go, F_OK) == 0) {
		load.begun = true;
		load.first_at = load_now();
		load_report("first %lld\n", (long long)load.first_at);
	}
	if (!load.begun || load.text == load.count)
		return;
	switch (load.how) {
	case LOAD_FLOOD:
		load_offer_all();
		break;
	case LOAD_PACED:
		load_offer_paced();
		break;
	case LOAD_SINGLE:
		load_offer_single();
		break;
	}
}

/*
 * Lines in.
 */

/* The number after `"name":`, quoted or not. */
static unsigned long
load_number(const char *line, const char *name)
{
	const char *at = strstr(line, name);

	if (at == NULL)
		errx(1, "no %s in: %s", name, line);
	return (strtoul(at + strlen(name), NULL, 10));
}

static void
load_got_start(const char *line)
{
	const char *at = strstr(line, "\"settings\"");

	/* The section has one as well, in quotes. */
	at = at != NULL ? strchr(at, '}') : NULL;
	if (at == NULL)
		errx(1, "no settings: %s", line);
	load.window = (unsigned int)load_number(at, "\"window\":");
	load_say("{\"t\":\"hello\",\"protocol\":1,\"kind\":\"load\"}\n"
	    "{\"t\":\"state\",\"state\":\"ready\"}\n");
	load.greeted = true;
}

static void
load_got_ack(const char *line)
{
	const char *at = strstr(line, "\"ids\":[");

	at = at != NULL ? strchr(at, '[') : NULL;
	for (; at != NULL && at[1] == '"'; at = strpbrk(at + 2, ",]")) {
		load.unacked--;
		if (at[2] == 'm')
			load.acked++;
		else
			load.submitted_acked++;
	}
	load.ack_at = load_now();
}

/* The last segment of a reply answers its text. */
static void
load_answered(const char *line, unsigned long number)
{
	const char *udh = strstr(line, "\"udh\":\"");
	unsigned long text = number - LOAD_NUMBER;
	int64_t now = load_now();

	udh = udh != NULL ? udh + 7 : "";
	if (strncmp(udh, "050003", 6) == 0 &&
	    strncmp(udh + 8, udh + 10, 2) != 0)
		return;
	if (number < LOAD_NUMBER || text >= load.count)
		errx(1, "a reply to nobody: %s", line);
	if (load.answered[text]++ != 0)
		load.repeated++;
	else
		load.replied++;
	if (load.how != LOAD_FLOOD)
		load_report("%s %lld %lld\n",
		    load.how == LOAD_PACED ? "paced" : "single",
		    (long long)(now - load.offered_at[text]),
		    (long long)(load.ack_at - load.offered_at[text]));
}

static void
load_got_submit(const char *line)
{
	unsigned int id = load.submits++;

	load_answered(line, load_number(line, "\"recipient\":\"+38160"));
	load_say("{\"t\":\"submitted\",\"id\":\"s%u\",\"mt\":%lu,"
	    "\"segment\":%lu,\"outcome\":\"accepted\",\"mr\":%u}\n", id,
	    load_number(line, "\"mt\":"), load_number(line, "\"segment\":"),
	    id & 255);
	load.unacked++;
}

static void
load_got(const char *line)
{
	static const char type[] = "{\"t\":\"";
	const char *t = line + sizeof type - 1;

	if (strncmp(line, type, sizeof type - 1) != 0)
		errx(1, "not a line of glasd: %s", line);
	if (strncmp(t, "submit\"", 7) == 0)
		load_got_submit(line);
	else if (strncmp(t, "ack\"", 4) == 0)
		load_got_ack(line);
	else if (strncmp(t, "start\"", 6) == 0)
		load_got_start(line);
	else if (strncmp(t, "ping\"", 5) == 0)
		load_say("{\"t\":\"pong\"}\n");
	else if (strncmp(t, "stop\"", 5) == 0)
		exit(0);
	else
		errx(1, "not expected: %s", line);
}

static void
load_progress(void)
{
	if (!load.said_acked && load.text == load.count &&
	    load.acked == load.offered) {
		load.said_acked = true;
		load_report("acked %lld %u\n", (long long)load_now(),
		    load.acked);
	}
	if (!load.said_replied && load.said_acked &&
	    load.replied == load.count) {
		load.said_replied = true;
		load_report("replied %lld %u\n", (long long)load_now(),
		    load.submits);
	}
}

/*
 * The loop.
 */

static void
load_read(void)
{
	char *line, *end;
	ssize_t n;

	if (load.in_room - load.in_len < 65536) {
		load.in_room = load.in_room * 2 + 131072;
		load.in = realloc(load.in, load.in_room);
		if (load.in == NULL)
			err(1, "input");
	}
	n = read(0, load.in + load.in_len, load.in_room - load.in_len);
	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0)
		exit(0);
	load.in_len += (size_t)n;
	line = load.in;
	while ((end = memchr(line, '\n',
	    (size_t)(load.in + load.in_len - line))) != NULL) {
		*end = '\0';
		load_got(line);
		line = end + 1;
	}
	load.in_len -= (size_t)(line - load.in);
	memmove(load.in, line, load.in_len);
	load_progress();
}

static void
load_write(void)
{
	ssize_t n = write(1, load.out, load.out_len);

	if (n == -1 && errno != EAGAIN && errno != EINTR)
		exit(0);
	if (n > 0) {
		load.out_len -= (size_t)n;
		memmove(load.out, load.out + n, load.out_len);
	}
}

static void
load_run(void)
{
	struct pollfd fds[] = { { .fd = 0, .events = POLLIN }, { .fd = 1 } };

	for (;;) {
		load_begin();
		fds[1].events = load.out_len != 0 ? POLLOUT : 0;
		/* The clock is needed for GO and for the pauses only. */
		if (poll(fds, 2, load.begun && load.how == LOAD_FLOOD ?
		    -1 : 1) == -1 &&
		    errno != EINTR)
			err(1, "poll");
		if (fds[0].revents != 0)
			load_read();
		if (load.out_len != 0)
			load_write();
	}
}

int
main(int argc, char **argv)
{
	if (argc != 5)
		errx(1, "usage: load_link flood|paced|single COUNT REPORT GO");
	load.how = strcmp(argv[1], "single") == 0 ? LOAD_SINGLE :
	    strcmp(argv[1], "paced") == 0 ? LOAD_PACED : LOAD_FLOOD;
	load.count = (unsigned int)strtoul(argv[2], NULL, 10);
	load.report = argv[3];
	load.go = argv[4];
	load.answered = calloc(load.count + 1, 1);
	load.offered_at = calloc(load.count + 1, sizeof *load.offered_at);
	if (load.answered == NULL || load.offered_at == NULL ||
	    fcntl(0, F_SETFL, O_NONBLOCK) == -1 ||
	    fcntl(1, F_SETFL, O_NONBLOCK) == -1)
		err(1, "start");
	load_run();
}
