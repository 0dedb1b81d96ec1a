/*
 * glas-web: HTTP as a link of glasd. main() and the settings; each subject is
 * the file of its name. It has one thread and one event loop, neither key nor
 * database, and when in doubt it ends: glasd starts it again.
 *
 *	start, hello			web.c, web_link.c
 *	the server			web_gate.c, web_http.c
 *	texts of an aggregator		web_sms.c
 *	texts to it			web_submit.c, web_peer.c
 *	a telephone, both ways		web_smssync.c
 *	USSD sessions			web_ussd.c
 *	status page, metrics		web_status.c
 *	sandbox				web_sandbox.c
 */
#include "config.h"

#include <sys/resource.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "lib/log.h"
#include "lib/mem.h"
#include "lib/secret.h"
#include "sms/link_msg.h"
#include "web/web.h"
#include "web/web_http.h"
#include "web/web_link.h"
#include "web/web_sandbox.h"
#include "web/web_smssync.h"
#include "web/web_status.h"
#include "web/web_submit.h"

#define WEB_THIS_MACHINE	"127.0.0.1,::1"
#define WEB_FILES_SPARE	24	/* for all but connections */

struct web_settings web_settings;
struct event_base *web_base;

void
web_leave(int status)
{
	_exit(status);
}

/* It cannot work; glasd shows the word. */
static void __attribute__((noreturn))
web_down(const char *detail)
{
	log_warn("leaving: %s", detail);
	link_say(json_pack("{s:s, s:s, s:s}", "t", "state", "state", "down",
	    "detail", detail));
	web_leave(1);
}

static char *
web_setting(const json_t *settings, const char *key, const char *fallback)
{
	const char *value = json_string_value(json_object_get(settings, key));

	return (xstrdup(value != NULL ? value : fallback));
}

static int
web_number(const json_t *settings, const char *key, int fallback)
{
	char *value = web_setting(settings, key, "");
	int n = value[0] != '\0' ? (int)strtol(value, NULL, 10) : fallback;

	free(value);
	return (n > 0 ? n : fallback);
}

/* The first line of the file that a setting names; "" for no setting. */
static char *
web_secret(const json_t *settings, const char *key)
{
	char *file = web_setting(settings, key, "");
	char secret[SECRET_SIZE] = "", *copy;

	if (file[0] != '\0' && secret_read(file, secret) == -1)
		web_down("no-secret");
	free(file);
	copy = xstrdup(secret);
	explicit_bzero(secret, sizeof secret);
	return (copy);
}

static bool
web_is(const json_t *settings, const char *key, const char *word)
{
	char *value = web_setting(settings, key, "");
	bool is = strcmp(value, word) == 0;

	free(value);
	return (is);
}

static void
web_set_telephone(struct web_settings *s, const json_t *settings)
{
	if (web_is(settings, "protocol", "smssync"))
		s->protocol = WEB_SMSSYNC;
	s->confirm = web_is(settings, "confirm", "yes");
	s->away_s = web_number(settings, "away-after", 900);
}

static void
web_set_aggregator(struct web_settings *s, const json_t *settings)
{
	s->get = web_is(settings, "get", "yes");
	s->ussd = web_setting(settings, "ussd", "no");
	s->id_field = web_setting(settings, "id-field", "id");
	s->from_field = web_setting(settings, "from-field", "from");
	s->text_field = web_setting(settings, "text-field", "text");
	s->coding_field = web_setting(settings, "coding-field", "");
	s->send_url = web_setting(settings, "send-url", "");
	s->send_type = web_setting(settings, "send-type", "form");
	s->send_get = web_is(settings, "send-method", "get");
	s->send_header = web_setting(settings, "send-header", "");
	s->send_key = web_secret(settings, "send-key-file");
	s->send_body = web_setting(settings, "send-body",
	    "to={to}&text={text}");
	s->send_success = web_setting(settings, "send-success", "");
	s->send_id = web_setting(settings, "send-id", "");
	s->report_id_field = web_setting(settings, "report-id-field", "id");
	s->report_status_field = web_setting(settings, "report-status-field",
	    "status");
	s->report_delivered = web_setting(settings, "report-delivered",
	    "delivered");
	s->report_failed = web_setting(settings, "report-failed", "failed");
}

/* As many as there are descriptors for, whatever is asked for: a connection
 * that cannot be taken would be tried for ever. */
static int
web_connections(int wanted)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) == 0 &&
	    files.rlim_cur <= (rlim_t)wanted + WEB_FILES_SPARE)
		return (files.rlim_cur > 2 * WEB_FILES_SPARE ?
		    (int)files.rlim_cur - WEB_FILES_SPARE : WEB_FILES_SPARE);
	return (wanted);
}

static void
web_set(struct web_settings *s, const json_t *start)
{
	const json_t *settings = json_object_get(start, "settings");

	s->name = xstrdup(link_msg_str(start, "name"));
	s->status = strcmp(link_msg_str(start, "kind"), "status") == 0;
	s->window = (int)link_msg_int(start, "window");
	s->listen = web_setting(settings, "listen", "127.0.0.1:8077");
	s->allow = web_setting(settings, "allow", "");
	s->connections = web_connections(web_number(settings,
	    "connections", 200));
	s->body_max = web_number(settings, "body-max", 65536);
	s->seconds = web_number(settings, "request-seconds", 10);
	s->secret = web_secret(settings, "secret-file");
	web_set_aggregator(s, settings);
	web_set_telephone(s, settings);
	if (s->secret[0] == '\0' && s->allow[0] == '\0' && s->status) {
		free(s->allow);
		s->allow = xstrdup(WEB_THIS_MACHINE);
	}
	if (s->secret[0] == '\0' && s->allow[0] == '\0')
		web_down("no-secret");
	if (s->secret[0] != '\0' && strlen(s->secret) < SECRET_LEAST)
		web_down("short-secret");
}

int
main(void)
{
	const char *why;
	json_t *start;
	bool confined, waits;

	log_init("glas-web", LOG_LEVEL_INFO);
	signal(SIGPIPE, SIG_IGN);
	json_object_seed(0);	/* while /dev/urandom can be read */
	web_base = event_base_new();
	if (web_base == NULL)
		fatal("libevent cannot be started");
	start = link_begin();
	web_set(&web_settings, start);
	json_decref(start);
	why = submit_init();
	if (why != NULL)
		web_down(why);
	if (http_listen() == -1)
		web_down("cannot-listen");
	status_init();
	confined = web_sandbox_enter();
	link_listen();
	waits = web_settings.protocol == WEB_SMSSYNC;
	link_say(json_pack("{s:s, s:s, s:s, s:b}", "t", "state",
	    "state", waits ? "searching" : "ready",
	    "detail", waits ? SMSSYNC_AWAY : "", "sandbox", confined));
	return (event_base_dispatch(web_base) == 0 ? 0 : 1);
}
