/*
 * glas-web: HTTP as a link of glasd. main(); each subject is the file of its
 * name. It has one thread and one event loop, neither key nor database, and
 * when in doubt it ends: glasd starts it again.
 *
 *	start, hello			web_settings.c, web_wire.c
 *	the server			web_gate.c, web_http.c, web_fields.c
 *	addresses of who comes		web_address.c
 *	what it refuses			web_refused.c
 *	letters not in UTF-8		web_charset.c
 *	texts of an aggregator		web_sms.c
 *	texts to it			web_submit.c, web_peer.c
 *	a telephone, both ways		web_smssync.c
 *	USSD sessions			web_ussd.c
 *	status page, metrics		web_status.c
 *	sandbox				web_sandbox.c
 */
#include <signal.h>
#include <unistd.h>

#include <event2/event.h>

#include "lib/log.h"
#include "web/web.h"
#include "web/web_charset.h"
#include "web/web_http.h"
#include "web/web_sandbox.h"
#include "web/web_settings.h"
#include "web/web_smssync.h"
#include "web/web_status.h"
#include "web/web_submit.h"
#include "web/web_wire.h"

struct web_settings web_settings;
struct event_base *web_base;

void
web_leave(int status)
{
	_exit(status);
}

void
web_down(const char *detail)
{
	log_warn("leaving: %s", detail);
	wire_say(json_pack("{s:s, s:s, s:s}", "t", "state", "state", "down",
	    "detail", detail));
	web_leave(1);
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
	start = wire_begin();
	settings_read(&web_settings, start);
	json_decref(start);
	why = submit_init();
	if (why != NULL)
		web_down(why);
	if (http_listen() == -1)
		web_down("cannot-listen");
	status_init();
	charset_init();
	confined = web_sandbox_enter(
	    web_settings.send_url[0] != '\0');
	wire_listen();
	waits = web_settings.protocol == WEB_SMSSYNC;
	wire_say(json_pack("{s:s, s:s, s:s, s:b}", "t", "state",
	    "state", waits ? "searching" : "ready",
	    "detail", waits ? SMSSYNC_AWAY : "", "sandbox", confined));
	return (event_base_dispatch(web_base) == 0 ? 0 : 1);
}
