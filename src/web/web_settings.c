/*
 * The settings, out of the `start` message. Runs in glas-web, once; the strings
 * stay for its life. Secrets are read here, before the sandbox leaves no file. A
 * door that would stand open to all ends the program.
 */
#include <sys/resource.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "lib/secret.h"
#include "sms/link_msg.h"
#include "web/web_address.h"
#include "web/web_settings.h"

#define SETTINGS_THIS_MACHINE	"127.0.0.1,::1"
#define SETTINGS_FILES_SPARE	24	/* for all but connections */

static char *
settings_text(const json_t *settings, const char *key, const char *fallback)
{
	const char *value = json_string_value(json_object_get(settings, key));

	return (xstrdup(value != NULL ? value : fallback));
}

static int
settings_number(const json_t *settings, const char *key, int fallback)
{
	char *value = settings_text(settings, key, "");
	int n = value[0] != '\0' ? (int)strtol(value, NULL, 10) : fallback;

	free(value);
	return (n > 0 ? n : fallback);
}

/* The first line of the file that a setting names; "" for no setting. */
static char *
settings_secret(const json_t *settings, const char *key)
{
	char *file = settings_text(settings, key, "");
	char secret[SECRET_SIZE] = "", *copy;

	if (file[0] != '\0' && secret_read(file, secret) == -1)
		web_down("no-secret");
	free(file);
	copy = xstrdup(secret);
	explicit_bzero(secret, sizeof secret);
	return (copy);
}

/* As addresses of who comes are written. */
static char *
settings_addresses(const json_t *settings, const char *key,
    const char *fallback)
{
	char *words = settings_text(settings, key, fallback);
	char *list = address_list(words);

	free(words);
	return (list);
}

static bool
settings_is(const json_t *settings, const char *key, const char *word)
{
	char *value = settings_text(settings, key, "");
	bool is = strcmp(value, word) == 0;

	free(value);
	return (is);
}

static void
settings_set_telephone(struct web_settings *s, const json_t *settings)
{
	if (settings_is(settings, "protocol", "smssync"))
		s->protocol = WEB_SMSSYNC;
	s->confirm = settings_is(settings, "confirm", "yes");
	s->away_s = settings_number(settings, "away-after", 900);
}

static void
settings_set_aggregator(struct web_settings *s, const json_t *settings)
{
	s->get = settings_is(settings, "get", "yes");
	s->ussd = settings_text(settings, "ussd", "no");
	s->id_field = settings_text(settings, "id-field", "id");
	s->from_field = settings_text(settings, "from-field", "from");
	s->text_field = settings_text(settings, "text-field", "text");
	s->coding_field = settings_text(settings, "coding-field", "");
	s->send_url = settings_text(settings, "send-url", "");
	s->send_json = settings_is(settings, "send-type", "json");
	s->send_get = settings_is(settings, "send-method", "get");
	s->send_header = settings_text(settings, "send-header", "");
	s->send_key = settings_secret(settings, "send-key-file");
	s->send_body = settings_text(settings, "send-body",
	    "to={to}&text={text}");
	s->send_success = settings_text(settings, "send-success", "");
	s->send_id = settings_text(settings, "send-id", "");
	s->report_id_field = settings_text(settings, "report-id-field", "id");
	s->report_status_field = settings_text(settings, "report-status-field",
	    "status");
	s->report_delivered = settings_text(settings, "report-delivered",
	    "delivered");
	s->report_failed = settings_text(settings, "report-failed", "failed");
}

/* As many as there are descriptors for, whatever is asked for: a connection
 * that cannot be taken would be tried for ever. */
static int
settings_connections(int wanted)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) == 0 &&
	    files.rlim_cur <= (rlim_t)wanted + SETTINGS_FILES_SPARE)
		return (files.rlim_cur > 2 * SETTINGS_FILES_SPARE ?
		    (int)files.rlim_cur - SETTINGS_FILES_SPARE : SETTINGS_FILES_SPARE);
	return (wanted);
}

void
settings_read(struct web_settings *s, const json_t *start)
{
	const json_t *settings = json_object_get(start, "settings");

	s->name = xstrdup(link_msg_str(start, "name"));
	s->status = strcmp(link_msg_str(start, "kind"), "status") == 0;
	s->window = (int)link_msg_int(start, "window");
	s->listen = settings_text(settings, "listen", "127.0.0.1:8077");
	s->secret = settings_secret(settings, "secret-file");
	s->allow = settings_addresses(settings, "allow", s->status &&
	    s->secret[0] == '\0' ? SETTINGS_THIS_MACHINE : "");
	s->connections = settings_connections(settings_number(settings,
	    "connections", 200));
	s->body_max = settings_number(settings, "body-max", 65536);
	s->seconds = settings_number(settings, "request-seconds", 10);
	settings_set_aggregator(s, settings);
	settings_set_telephone(s, settings);
	if (s->secret[0] == '\0' && s->allow[0] == '\0')
		web_down("no-secret");
	if (s->secret[0] != '\0' && strlen(s->secret) < SECRET_LEAST)
		web_down("short-secret");
}
