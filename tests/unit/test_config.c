/* The keys of glas.conf, and the two files that tell people about them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/conf.h"
#include "lib/mem.h"
#include "sms/msisdn.h"
#include "store/config.h"

static struct config *
load(const char *text, char *lines, size_t size)
{
	char path[] = "/tmp/glas-config.XXXXXX", *save, *line;
	int fd = mkstemp(path);
	struct buf problems = { 0 };
	struct config *config;
	size_t len = 0;

	assert_int_not_equal(fd, -1);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	config = config_load(path, &problems);
	unlink(path);
	lines[0] = '\0';
	for (line = strtok_r(buf_str(&problems), "\n", &save); line != NULL;
	    line = strtok_r(NULL, "\n", &save))
		len += (size_t)snprintf(lines + len, size - len, "%s%lu",
		    len != 0 ? " " : "",
		    strtoul(line + strlen(path) + 1, NULL, 10));
	assert_int_equal(config == NULL, lines[0] != '\0');
	buf_clear(&problems);
	return (config);
}

static const char *
setting(const struct config_link *link, const char *key)
{
	const char *value;

	value = json_string_value(json_object_get(link->settings, key));
	return (value != NULL ? value : "(none)");
}

static void
a_name_is_enough(void **state)
{
	char lines[80];
	struct config *c = load("[gateway]\nname=vranje\n", lines,
	    sizeof lines);

	(void)state;
	assert_string_equal(lines, "");
	assert_string_equal(c->gateway.name, "vranje");
	assert_string_equal(c->gateway.database, "service=glas");
	assert_string_equal(c->gateway.key_dir, "/var/lib/glas/keys");
	assert_string_equal(c->gateway.spool_dir, "/var/spool/glas");
	assert_string_equal(c->gateway.control, "/run/glas/control");
	assert_string_equal(c->gateway.language, "sr-Latn");
	assert_string_equal(c->gateway.country, "381");
	assert_string_equal(c->gateway.content_dir, GLAS_CONTENT_DIR);
	assert_string_equal(c->gateway.link_user, "glas-link");
	assert_string_equal(c->gateway.log_level, "info");
	assert_int_equal(c->gateway.keep_committed_hours, 48);
	assert_int_equal(c->limits.replies_per_hour, 6);
	assert_int_equal(c->limits.replies_per_day, 20);
	assert_int_equal(c->limits.segments_per_day, 500);
	assert_int_equal(c->limits.segments_per_reply, 3);
	assert_string_equal(c->limits.answer_prefixes,
	    msisdn_home_prefixes("381"));
	assert_int_equal(c->link_count, 0);
	config_free(c);
}

static void
a_modem_is_told_all_its_keys(void **state)
{
	char lines[80];
	struct config *c = load("[gateway]\nname=vranje\n[modem mts]\n"
	    "imei = 356938035643809\nbalance = *100#\npin-file = /k/pin\n"
	    "report = no\nrate = 10\nwindow = 7\ncommand = /opt/modem -x\n",
	    lines, sizeof lines);

	(void)state;
	assert_string_equal(lines, "");
	assert_int_equal(c->link_count, 1);
	assert_int_equal(c->links[0].kind, LINK_MODEM);
	assert_string_equal(c->links[0].name, "mts");
	assert_string_equal(c->links[0].command, "/opt/modem -x");
	assert_string_equal(c->links[0].pin_file, "/k/pin");
	assert_false(c->links[0].report);
	assert_int_equal(c->links[0].rate, 10);
	assert_int_equal(c->links[0].window, 7);
	assert_string_equal(setting(&c->links[0], "imei"), "356938035643809");
	assert_string_equal(setting(&c->links[0], "device"), "(none)");
	assert_string_equal(setting(&c->links[0], "balance"), "*100#");
	assert_string_equal(setting(&c->links[0], "connection"), "at115200");
	assert_string_equal(setting(&c->links[0], "deadline-send"), "75000");
	assert_string_equal(setting(&c->links[0], "sandbox"), "best-effort");
	config_free(c);
}

static void
a_link_of_others_is_told_what_it_asks_for(void **state)
{
	char lines[80];
	struct config *c = load("[gateway]\nname=vranje\n[web w]\n"
	    "listen = [::1]:80\nallow = ::1\n[link x]\ncommand = /bin/x -y\n"
	    "colour = red\nempty =\n", lines, sizeof lines);

	(void)state;
	assert_string_equal(lines, "");
	assert_int_equal(c->link_count, 2);
	assert_int_equal(c->links[0].kind, LINK_WEB);
	assert_null(c->links[0].command);
	assert_string_equal(setting(&c->links[0], "listen"), "[::1]:80");
	assert_int_equal(c->links[1].kind, LINK_OTHER);
	assert_string_equal(c->links[1].command, "/bin/x -y");
	assert_true(c->links[1].report);
	assert_string_equal(setting(&c->links[1], "colour"), "red");
	assert_string_equal(setting(&c->links[1], "empty"), "");
	config_free(c);
}

#define GATEWAY "[gateway]\nname=v\n"
#define MODEM GATEWAY "[modem m]\ndevice=/dev/x\n"
#define SENDS GATEWAY "[web w]\nallow=::1\n"
#define URL "send-url=http://127.0.0.1:8078/messaging\n"
#define LISTENS(one, other) GATEWAY "[web w]\nallow=::1\nlisten=" one \
	"\n[status p]\nlisten=" other "\n"
#define TEXT_53 "ccccccccccccccccccccccccccccccccccccccccccccccccccccc"
#define TEXT_106 TEXT_53 TEXT_53

static void
values_are_checked(void **state)
{
	static const struct {
		const char *text, *lines;
	} cases[] = {
		{ "", "0" },
		{ GATEWAY, "" },
		{ "[gateway]\nname=Vranje\n", "2" },
		{ "[gateway]\nname=\"v\"\n", "2" },
		{ GATEWAY "language=sr\n", "3" },
		{ GATEWAY "language=bg\ncountry=359\nlog-level=debug\n", "" },
		{ GATEWAY "country=+381\ncountry=0\nlog-level=loud\n", "3 4 5" },
		{ GATEWAY "spool-dir=spool\nkey-dir=keys\n", "3 4" },
		{ GATEWAY "[limits]\nreplies-per-hour=-1\n", "4" },
		{ GATEWAY "[limits]\nanswer-prefixes=+3816,+38344\n", "" },
		{ GATEWAY "[limits]\nanswer-prefixes=+\n", "" },
		{ GATEWAY "[limits]\nanswer-prefixes=+,+\n", "4" },
		{ GATEWAY "[limits]\nanswer-prefixes=3816\n", "4" },
		{ GATEWAY "[limits]\nanswer-prefixes=+3816,\n", "4" },
		{ GATEWAY "[limits]\nanswer-prefixes=+3816 +38344\n", "4" },
		{ GATEWAY "[modem m]\n", "3" },
		{ MODEM "", "" },
		{ MODEM "imei=356938035643809\n", "3" },
		{ GATEWAY "[modem m]\nimei=35693803564380\n", "4" },
		{ MODEM "connection=at\n", "" },
		{ MODEM "connection=at9600\n", "" },
		{ MODEM "connection=usb\n", "5" },
		{ MODEM "connection=at 9600\n", "5" },
		{ MODEM "connection=none\n", "3" },
		{ MODEM "connection=none\nmodel=dummy\n", "" },
		{ MODEM "smsc=+381650000000\nbalance=*100#\n", "" },
		{ MODEM "smsc=0650000000\nbalance=100 RSD\n", "5 6" },
		{ MODEM "balance-pattern=kredit {amount} din\n", "" },
		{ MODEM "balance-pattern=kredit*din\nbalance-every=9\n",
		    "5 6" },
		{ MODEM "deadline-send=99\npoll=1\nwindow=0\n", "5 6 7" },
		{ MODEM "sandbox=no\nreport=1\n", "5 6" },
		{ MODEM "colour=red\n", "5" },
		{ MODEM "[web m]\nallow=::1\n", "5" },
		{ GATEWAY "[web w]\n", "3" },
		{ GATEWAY "[web w]\nsecret-file=/s\n", "" },
		{ GATEWAY "[web w]\nallow=127.0.0.1\n", "" },
		{ GATEWAY "[web w]\nallow=127.0.0.1, ::1,192.0.2.1\n", "" },
		{ GATEWAY "[web w]\nallow=10.0.0.0/8\n", "4" },
		{ GATEWAY "[status s]\nallow=localhost\n", "4" },
		{ GATEWAY "[status s]\nallow=,\n", "4" },
		{ GATEWAY "[web w]\ncommand=/c\n", "" },
		{ GATEWAY "[web w]\nallow=::1\n"
		    "send-url=http://127.0.0.1:8078/messaging\n", "" },
		{ GATEWAY "[web w]\nallow=::1\n"
		    "send-url=http://[2001:db8::1]:8078/a?b=c\n", "" },
		{ GATEWAY "[web w]\nallow=::1\n"
		    "send-url=https://192.0.2.1/messaging\n", "3" },
		{ GATEWAY "[web w]\nallow=::1\n"
		    "send-url=http://api.example.org/messaging\n", "3" },
		{ GATEWAY "[web w]\ncommand=/c\n"
		    "send-url=https://api.example.org/messaging\n", "" },
		{ SENDS "send-url=http://127.0.0.1:99999/x\n", "3" },
		{ SENDS "send-url=http://127.0.0.1:/x\n", "3" },
		{ SENDS "send-url=http://127.0.0.1:80/x y\n", "3" },
		{ SENDS "send-url=http://127.0.0.1:80x\n", "3" },
		{ SENDS "send-url=http://[::1/x\n", "3" },
		{ SENDS "send-url=http://127.0.0.1/{to}\n", "3" },
		{ SENDS "send-url=http://127.0.0.1\n", "" },
		{ SENDS "send-url=http://127.0.0.1?a=%20b\n", "" },
		{ SENDS URL "send-body=to={to}\n", "3" },
		{ SENDS URL "send-body=text={text}\n", "3" },
		{ SENDS URL "send-body=a={digits}&b={text}\n", "" },
		{ SENDS "send-body=to={to}\n", "" },
		{ SENDS URL "send-header=apikey {key}\n", "6" },
		{ SENDS URL "send-header=api key: {key}\n", "6" },
		{ SENDS URL "send-header=: {key}\n", "6" },
		{ SENDS URL "send-header=apikey: {key}\n", "3" },
		{ SENDS URL "send-body={to}{text}{key}\n", "3" },
		{ SENDS URL "send-header=apikey: {key}\nsend-key-file=/k\n",
		    "" },
		{ SENDS URL "send-header=X-Fixed:1\n", "" },
		{ SENDS "protocol=smssync\n", "" },
		{ SENDS "protocol=smssync\nussd=last\n", "3" },
		{ SENDS "protocol=smssync\n" URL, "3" },
		{ GATEWAY "control=/" TEXT_106 "\n", "" },
		{ GATEWAY "control=/" TEXT_106 "c\n", "3" },
		{ GATEWAY "[web w]\nlisten=8077\n", "4" },
		{ GATEWAY "[web w]\nlisten=:8077\n", "4" },
		{ GATEWAY "[web w]\nlisten=127.0.0.1:0\n", "4" },
		{ GATEWAY "[web w]\nlisten=127.0.0.1:65536\n", "4" },
		{ GATEWAY "[web w]\nlisten=127.0.0.1:80x\n", "4" },
		{ MODEM "[modem n]\ndevice=/dev/y\n", "" },
		{ MODEM "[modem n]\ndevice=/dev/x\n", "0" },
		{ MODEM "[modem n]\ndevice=/dev/x\ncommand=/c\n", "" },
		{ GATEWAY "[modem m]\nimei=356938035643809\n"
		    "[modem n]\nimei=356938035643809\n", "0" },
		{ GATEWAY "[web w]\nallow=::1\n[web v]\nallow=::1\n", "0" },
		{ GATEWAY "[web w]\nallow=::1\n[status p]\n", "" },
		{ GATEWAY "[web w]\nallow=::1\n[status p]\n"
		    "listen=127.0.0.1:8077\n", "0" },
		{ LISTENS("127.0.0.1:9000", "0.0.0.0:9000"), "0" },
		{ LISTENS("0.0.0.0:9000", "127.0.0.1:09000"), "0" },
		{ LISTENS("[::]:9000", "127.0.0.1:9000"), "0" },
		{ LISTENS("[::1]:9000", "[::]:9000"), "0" },
		{ LISTENS("[::]:9000", "0.0.0.0:9000"), "0" },
		{ LISTENS("[::1]:9000", "0.0.0.0:9000"), "" },
		{ LISTENS("127.0.0.1:9000", "127.0.0.2:9000"), "" },
		{ LISTENS("0.0.0.0:9000", "127.0.0.1:9001"), "" },
		{ GATEWAY "[link x]\n", "3" },
		{ GATEWAY "[link outbox]\ncommand=/x\n", "3" },
		{ GATEWAY "[modem outbox]\ndevice=/dev/x\n", "3" },
		{ GATEWAY "[web outbox]\n", "3" },
		{ GATEWAY "[link x]\ncommand=/x\na=1\na=1\n", "6" },
	};
	char lines[200];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct config *c = load(cases[i].text, lines, sizeof lines);

		if (strcmp(lines, cases[i].lines) != 0)
			fail_msg("%s: problems in lines '%s', not '%s'",
			    cases[i].text, lines, cases[i].lines);
		config_free(c);
	}
}

static char *
read_file(const char *name)
{
	const char *top = getenv("top_srcdir");
	char *path = xasprintf("%s/%s", top != NULL ? top : ".", name);
	FILE *f = fopen(path, "re");
	struct buf text = { 0 };
	char chunk[1024];
	size_t got;

	if (f == NULL)
		fail_msg("%s: not there", path);
	while ((got = fread(chunk, 1, sizeof chunk, f)) > 0)
		buf_add(&text, chunk, got);
	fclose(f);
	free(path);
	return (buf_str(&text));
}

/* The table in the form to which the sample and the manual are brought. */
static void
table_write(struct buf *out)
{
	size_t count;
	const struct conf_section *sections = config_sections(&count);

	for (size_t i = 0; i < count; i++) {
		buf_printf(out, "[%s]\n", sections[i].kind);
		for (size_t j = 0; j < sections[i].key_count; j++) {
			const struct conf_key *key = &sections[i].keys[j];
			const char *value = key->fallback;

			if (value == NULL ||
			    (strcmp(value, GLAS_CONTENT_DIR) == 0 ||
			    strcmp(value, GLAS_OPERATORS_FILE) == 0))
				value = "";
			buf_printf(out, "%s=%s\n", key->name, value);
		}
	}
}

/* ";key = default ; note", also without the first semicolon: then the value is
 * an example. A comment has a space behind its first sign. */
static void
sample_line(struct buf *out, char *line)
{
	const bool example = line[0] != ';';
	char *end;

	line += !example;
	if (line[0] == '[') {
		buf_printf(out, "%.*s]\n", (int)strcspn(line, " ]"), line);
	} else if (line[0] != ' ' && (end = strstr(line, " =")) != NULL) {
		buf_printf(out, "%.*s=", (int)(end - line), line);
		line = end + 2 + strspn(end + 2, " ");
		if ((end = strstr(line, " ;")) != NULL)
			*end = '\0';
		if (line[0] != ';' && !example)
			buf_printf(out, "%.*s", (int)strcspn(line, " "), line);
		buf_add_str(out, "\n");
	}
}

/* ".Ss Section kind", ".Ss Sections kind NAME", ".It Ic key" and ".It Ic key
 * Pq Li default". */
static void
manual_line(struct buf *out, char *line)
{
	char *value = strstr(line, " Pq Li "), kind[40];

	if (sscanf(line, ".Ss Sections %39s", kind) == 1 ||
	    sscanf(line, ".Ss Section %39s", kind) == 1) {
		buf_printf(out, "[%s]\n", kind);
	} else if (strncmp(line, ".It Ic ", 7) == 0) {
		buf_printf(out, "%.*s=%s\n", (int)strcspn(line + 7, " "),
		    line + 7, value != NULL ? value + 7 : "");
	}
}

static void
compare(const char *file, void (*take)(struct buf *, char *))
{
	struct buf table = { 0 }, shown = { 0 };
	char *text = read_file(file), *save, *line;

	table_write(&table);
	for (line = strtok_r(text, "\n", &save); line != NULL;
	    line = strtok_r(NULL, "\n", &save))
		take(&shown, line);
	assert_string_equal(buf_str(&shown), buf_str(&table));
	buf_clear(&table);
	buf_clear(&shown);
	free(text);
}

static void
the_sample_shows_every_key_and_default(void **state)
{
	(void)state;
	compare("etc/glas.conf", sample_line);
}

static void
the_manual_shows_every_key_and_default(void **state)
{
	(void)state;
	compare("doc/glas.conf.5", manual_line);
}

/* Two that are both installed and left as they are must not have one name. */
static void
the_sample_works_once_it_has_a_name(void **state)
{
	static const char key[] = "name = ";
	char *text = read_file("etc/glas.conf"), lines[80];
	char *name = strstr(text, key) + strlen(key);
	struct config *c;

	(void)state;
	assert_null(load(text, lines, sizeof lines));
	memcpy(name, "vranje", strlen("vranje"));
	c = load(text, lines, sizeof lines);
	assert_string_equal(lines, "");
	assert_int_equal(c->link_count, 0);
	config_free(c);
	free(text);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_is_enough),
		cmocka_unit_test(a_modem_is_told_all_its_keys),
		cmocka_unit_test(a_link_of_others_is_told_what_it_asks_for),
		cmocka_unit_test(values_are_checked),
		cmocka_unit_test(the_sample_shows_every_key_and_default),
		cmocka_unit_test(the_manual_shows_every_key_and_default),
		cmocka_unit_test(the_sample_works_once_it_has_a_name),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
