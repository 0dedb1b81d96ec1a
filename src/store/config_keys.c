/*
 * The sections of glas.conf and their keys, declared once: what is read, what
 * the manual and completion must name, and what a section lacks. Runs in glasd
 * and glasctl; owns nothing.
 */
#include <stddef.h>
#include <string.h>

#include "lib/conf.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "store/config_private.h"
#include "text/credit.h"

#define IN_GATEWAY(member) offsetof(struct config, gateway.member)
#define IN_LIMITS(member) offsetof(struct config, limits.member)
#define IN_LINK(member) offsetof(struct config_link, member)

static const struct conf_key config_gateway_keys[] = {
	{ .name = "name", .type = CONF_STRING, .required = true,
	    .check = config_check_name, .into = IN_GATEWAY(name),
	    .help = "a name for this gateway, of its own among all that share "
	    "the database" },
	{ .name = "database", .type = CONF_STRING, .fallback = "service=glas",
	    .into = IN_GATEWAY(database),
	    .help = "libpq connection string" },
	{ .name = "key-dir", .type = CONF_PATH,
	    .fallback = "/var/lib/glas/keys", .into = IN_GATEWAY(key_dir),
	    .help = "directory of the keys, 0700" },
	{ .name = "spool-dir", .type = CONF_PATH, .fallback = "/var/spool/glas",
	    .into = IN_GATEWAY(spool_dir),
	    .help = "directory of the log of texts, 0700" },
	{ .name = "keys-with-spool", .type = CONF_BOOL, .fallback = "no",
	    .into = IN_GATEWAY(keys_with_spool),
	    .help = "it is known that key-dir and spool-dir are on one disk: "
	    "no alert" },
	{ .name = "keep-committed", .type = CONF_INT, .min = 0, .max = 8760,
	    .fallback = "48", .into = IN_GATEWAY(keep_committed_hours),
	    .help = "hours that stored texts stay in the log, against a "
	    "database that is restored from a backup" },
	{ .name = "spool-reserve", .type = CONF_INT, .min = 16,
	    .max = 1048576, .into = IN_GATEWAY(spool_reserve_mib),
	    .help = "MiB of the disk of the spool that new texts leave free; "
	    "without it 5 % of the disk, from 50 to 1024" },
	{ .name = "control", .type = CONF_PATH,
	    .fallback = "/run/glas/control", .check = config_check_control,
	    .into = IN_GATEWAY(control),
	    .help = "socket for glasctl" },
	{ .name = "language", .type = CONF_WORD,
	    .words = "sr-Latn sr-Cyrl sq rom bg en", .fallback = "sr-Latn",
	    .into = IN_GATEWAY(language),
	    .help = "language for a citizen nothing is known about" },
	{ .name = "missed-calls", .type = CONF_WORD, .words = "queue menu note",
	    .fallback = "queue", .into = IN_GATEWAY(missed_calls),
	    .help = "what a missed call is for: queue, a person calls back; "
	    "menu, a text says what can be written; note, it is only stored" },
	{ .name = "country", .type = CONF_STRING, .fallback = "381",
	    .check = config_check_country, .into = IN_GATEWAY(country),
	    .help = "country code of numbers written without one" },
	{ .name = "content-dir", .type = CONF_PATH,
	    .fallback = GLAS_CONTENT_DIR, .into = IN_GATEWAY(content_dir),
	    .help = "directory of the content pack" },
	{ .name = "link-user", .type = CONF_STRING, .fallback = "glas-link",
	    .into = IN_GATEWAY(link_user),
	    .help = "user that links run as when glasd is started by root" },
	{ .name = "operator-phone", .type = CONF_STRING,
	    .check = config_check_number, .into = IN_GATEWAY(operator_phone),
	    .help = "who looks after this gateway: is told by text, once a day "
	    "at most, that a credit ends" },
	{ .name = "operators-file", .type = CONF_PATH,
	    .fallback = GLAS_OPERATORS_FILE, .into = IN_GATEWAY(operators_file),
	    .help = "how operators tell the credit" },
	{ .name = "log-level", .type = CONF_WORD,
	    .words = "error warn notice info debug", .fallback = "info",
	    .into = IN_GATEWAY(log_level),
	    .help = "the least important lines that are logged" },
};

static const struct conf_key config_limits_keys[] = {
	{ .name = "replies-per-hour", .type = CONF_INT, .min = 0, .max = 1000,
	    .fallback = "6", .into = IN_LIMITS(replies_per_hour),
	    .help = "replies to a citizen in an hour" },
	{ .name = "replies-per-day", .type = CONF_INT, .min = 0, .max = 10000,
	    .fallback = "20", .into = IN_LIMITS(replies_per_day),
	    .help = "replies to a citizen in a day" },
	{ .name = "helper-replies-per-hour", .type = CONF_INT, .min = 0,
	    .max = 1000, .fallback = "30",
	    .into = IN_LIMITS(helper_replies_per_hour),
	    .help = "the same, to one who reports for others" },
	{ .name = "helper-replies-per-day", .type = CONF_INT, .min = 0,
	    .max = 10000, .fallback = "100",
	    .into = IN_LIMITS(helper_replies_per_day),
	    .help = "the same, to one who reports for others" },
	{ .name = "segments-per-day", .type = CONF_INT, .min = 0,
	    .max = 1000000, .fallback = "500",
	    .into = IN_LIMITS(segments_per_day),
	    .help = "spend cap of the whole gateway" },
	{ .name = "segments-per-reply", .type = CONF_INT, .min = 0, .max = 10,
	    .fallback = "3", .into = IN_LIMITS(segments_per_reply),
	    .help = "length of a reply" },
	{ .name = "answer-prefixes", .type = CONF_STRING,
	    .check = config_check_prefixes, .into = IN_LIMITS(answer_prefixes),
	    .help = "numbers that are answered and written to, + for all; "
	    "without it mobile ones from home and near" },
};

#define CONFIG_LINK_KEYS						\
	{ .name = "report", .type = CONF_BOOL, .fallback = "yes",	\
	    .into = IN_LINK(report), .help = "ask for status reports" }, \
	{ .name = "rate", .type = CONF_INT, .min = 0, .max = 6000,	\
	    .fallback = "0", .into = IN_LINK(rate),			\
	    .help = "segments sent in a minute, 0 as fast as it goes" }, \
	{ .name = "back-off", .type = CONF_INT, .min = 500,		\
	    .max = 3600000, .fallback = "60000", .into = IN_LINK(back_off_ms), \
	    .help = "milliseconds, at most, before a link that went down is" \
		" started again" },					\
	{ .name = "rest", .type = CONF_INT, .min = 100,			\
	    .max = 86400000, .fallback = "300000", .into = IN_LINK(rest_ms), \
	    .help = "milliseconds that nothing is sent when several texts" \
		" in a row were refused" },				\
	{ .name = "window", .type = CONF_INT, .min = 1, .max = 1000,	\
	    .fallback = "100", .into = IN_LINK(window),			\
	    .help = "messages from the link that may wait for an ack" }, \
	{ .name = "submit-window", .type = CONF_INT, .min = 1,		\
	    .max = 1000, .fallback = "1", .into = IN_LINK(submit_window), \
	    .help = "segments handed over whose outcome is not known yet;" \
		" so many may be sent twice after a crash" },		\
	{ .name = "segments-per-day", .type = CONF_INT, .min = 0,	\
	    .max = 1000000, .fallback = "0",				\
	    .into = IN_LINK(segments_per_day),				\
	    .help = "spend cap of this link, 0 = that of the gateway" },	\
	{ .name = "failover", .type = CONF_BOOL, .fallback = "yes",	\
	    .into = IN_LINK(failover),					\
	    .help = "whether texts of this link may go by another, and" \
		" those of others by this one" },			\
	{ .name = "failover-after", .type = CONF_INT, .min = 0,		\
	    .max = 10080, .fallback = "10", .into = IN_LINK(failover_min), \
	    .help = "minutes that a link cannot send before its texts go" \
		" by another; danger does not wait" }

/* Of what has a SIM, or may have one. */
#define CONFIG_CREDIT_KEYS						\
	{ .name = "balance", .type = CONF_STRING,			\
	    .check = config_check_ussd, .into = IN_LINK(balance),	\
	    .help = "USSD code that tells the credit" },		\
	{ .name = "validity", .type = CONF_STRING,			\
	    .check = config_check_ussd, .into = IN_LINK(validity),	\
	    .help = "USSD code that tells until when the SIM is valid, if" \
		" that of balance does not" },				\
	{ .name = "balance-every", .type = CONF_INT, .min = 10,		\
	    .max = 2592000, .fallback = "21600",			\
	    .into = IN_LINK(balance_every_s),				\
	    .help = "seconds between questions for the credit" },	\
	{ .name = "balance-pattern", .type = CONF_STRING,		\
	    .check = credit_pattern_check, .into = IN_LINK(balance_pattern), \
	    .help = "where the amount stands in the answer, when it is not" \
		" found without" },					\
	{ .name = "balance-low", .type = CONF_INT, .min = 0,		\
	    .max = 1000000, .fallback = "100", .into = IN_LINK(balance_low), \
	    .help = "a credit below this is low; 0 none is" },		\
	{ .name = "balance-days", .type = CONF_INT, .min = 0,		\
	    .max = 365, .fallback = "7", .into = IN_LINK(balance_days),	\
	    .help = "a credit that lasts for fewer days is low; 0 none is" }, \
	{ .name = "balance-valid", .type = CONF_INT, .min = 0,		\
	    .max = 365, .fallback = "14", .into = IN_LINK(balance_valid), \
	    .help = "a SIM that is valid for fewer days is warned of; 0 none" \
		" is" }

#define CONFIG_DEADLINE(call, ms)					\
	{ .name = "deadline-" call, .type = CONF_INT, .min = 100,	\
	    .max = 3600000, .fallback = ms, .into = CONF_NOWHERE,	\
	    .help = "milliseconds after which a modem hangs" }

static const struct conf_key config_modem_keys[] = {
	{ .name = "device", .type = CONF_PATH, .into = CONF_NOWHERE,
	    .help = "port of the modem" },
	{ .name = "imei", .type = CONF_STRING, .check = config_check_imei,
	    .into = CONF_NOWHERE,
	    .help = "the modem's number, by which its port is found" },
	{ .name = "device-glob", .type = CONF_PATH,
	    .fallback = "/dev/serial/by-id/*", .into = CONF_NOWHERE,
	    .help = "ports that are searched for the IMEI" },
	{ .name = "connection", .type = CONF_STRING, .fallback = "at115200",
	    .check = config_check_connection, .into = CONF_NOWHERE,
	    .help = "at, at with a speed, or none with model = dummy" },
	{ .name = "model", .type = CONF_STRING, .into = CONF_NOWHERE,
	    .help = "libgammu's name of the model, where it must be told" },
	{ .name = "pin-file", .type = CONF_PATH, .into = IN_LINK(pin_file),
	    .help = "file with the PIN of the SIM, 0400" },
	{ .name = "smsc", .type = CONF_STRING, .check = config_check_number,
	    .into = CONF_NOWHERE,
	    .help = "service centre, where the SIM does not know it" },
	{ .name = "number", .type = CONF_STRING, .check = config_check_number,
	    .into = CONF_NOWHERE, .help = "the SIM's own number" },
	{ .name = "loopback", .type = CONF_INT, .min = 0, .max = 604800,
	    .fallback = "0", .into = CONF_NOWHERE,
	    .help = "seconds without a text from anybody, after which the "
	    "modem sends one to itself; 0 never" },
	{ .name = "loopback-within", .type = CONF_INT, .min = 1,
	    .max = 86400, .fallback = "600", .into = CONF_NOWHERE,
	    .help = "seconds in which that text must come back" },
	CONFIG_CREDIT_KEYS,
	{ .name = "poll", .type = CONF_INT, .min = 100, .max = 600000,
	    .fallback = "30000", .into = CONF_NOWHERE,
	    .help = "milliseconds between looks into the SIM" },
	CONFIG_LINK_KEYS,
	CONFIG_DEADLINE("init", "60000"),
	CONFIG_DEADLINE("list", "45000"),
	CONFIG_DEADLINE("delete", "15000"),
	CONFIG_DEADLINE("send", "75000"),
	CONFIG_DEADLINE("ussd", "60000"),
	CONFIG_DEADLINE("status", "20000"),
	{ .name = "sandbox", .type = CONF_WORD,
	    .words = "required best-effort kill", .fallback = "best-effort",
	    .into = CONF_NOWHERE,
	    .help = "whether the modem runs where the kernel cannot confine "
	    "it" },
	{ .name = "command", .type = CONF_STRING, .into = IN_LINK(command),
	    .help = "program to run instead of glas-modem" },
};

/* Keys that glas-web reads, and nobody here. */
#define CONFIG_WEB(key, kind, value, words)				\
	{ .name = key, .type = kind, .fallback = value,			\
	    .into = CONF_NOWHERE, .help = words }
#define CONFIG_WEB_NUMBER(key, value, least, most, words)		\
	{ .name = key, .type = CONF_INT, .fallback = value, .min = least, \
	    .max = most, .into = CONF_NOWHERE, .help = words }

static const struct conf_key config_web_keys[] = {
	{ .name = "listen", .type = CONF_STRING, .fallback = "127.0.0.1:8077",
	    .check = config_check_listen, .into = CONF_NOWHERE,
	    .help = "address and port" },
	CONFIG_WEB("secret-file", CONF_PATH, NULL,
	    "file with the secret that a request must bring"),
	{ .name = "allow", .type = CONF_STRING, .check = config_check_allow,
	    .into = CONF_NOWHERE,
	    .help = "addresses that requests may come from, by commas" },
	CONFIG_WEB_NUMBER("connections", "200", 1, 4000,
	    "connections at a time"),
	CONFIG_WEB_NUMBER("request-seconds", "10", 1, 600,
	    "for a whole request and its answer"),
	CONFIG_WEB_NUMBER("body-max", "65536", 1024, 1048576,
	    "octets of a request"),
	{ .name = "protocol", .type = CONF_WORD,
	    .words = "aggregator smssync", .fallback = "aggregator",
	    .into = CONF_NOWHERE,
	    .help = "smssync: a telephone brings texts and asks for them" },
	{ .name = "get", .type = CONF_WORD, .words = "yes no",
	    .fallback = "no", .into = CONF_NOWHERE,
	    .help = "whether texts and reports may come by GET" },
	CONFIG_WEB("id-field", CONF_STRING, "id",
	    "field of the id that the aggregator gives a text"),
	CONFIG_WEB("from-field", CONF_STRING, "from",
	    "field of the number that wrote"),
	CONFIG_WEB("text-field", CONF_STRING, "text",
	    "field of what was written"),
	CONFIG_WEB("coding-field", CONF_STRING, NULL,
	    "field that is 1 for octets and 2 for UTF-16"),
	{ .name = "ussd", .type = CONF_WORD, .words = "no cumulative last",
	    .fallback = "no", .into = CONF_NOWHERE,
	    .help = "whether it brings USSD sessions, and what a request of "
	    "one says: all that was typed, or the last" },
	CONFIG_WEB("send-url", CONF_STRING, NULL,
	    "where texts are sent: http, and an address in digits"),
	{ .name = "send-method", .type = CONF_WORD, .words = "post get",
	    .fallback = "post", .into = CONF_NOWHERE,
	    .help = "get: send-body becomes a part of the address" },
	{ .name = "send-type", .type = CONF_WORD, .words = "form json",
	    .fallback = "form", .into = CONF_NOWHERE,
	    .help = "how values are written into send-body" },
	CONFIG_WEB("send-body", CONF_STRING, "to={to}&text={text}",
	    "what is sent; {to}, {digits}, {text}, {coding}, {ref}, "
	    "{report} and {key} are filled in"),
	{ .name = "send-header", .type = CONF_STRING,
	    .check = config_check_header, .into = CONF_NOWHERE,
	    .help = "one more header, such as apikey: {key}" },
	CONFIG_WEB("send-key-file", CONF_PATH, NULL,
	    "file with the secret that {key} stands for"),
	CONFIG_WEB("send-success", CONF_STRING, NULL,
	    "words that stand in the answer when the text was taken"),
	CONFIG_WEB("send-id", CONF_STRING, NULL,
	    "words before the id of the text in the answer"),
	CONFIG_WEB("report-id-field", CONF_STRING, "id",
	    "field of that id in a delivery report"),
	CONFIG_WEB("report-status-field", CONF_STRING, "status",
	    "field of the state in a delivery report"),
	CONFIG_WEB("report-delivered", CONF_STRING, "delivered",
	    "states that mean delivered, by spaces"),
	CONFIG_WEB("report-failed", CONF_STRING, "failed",
	    "states that mean that it never will be"),
	{ .name = "confirm", .type = CONF_WORD, .words = "yes no",
	    .fallback = "no", .into = CONF_NOWHERE,
	    .help = "smssync: the telephone says which texts it has taken" },
	CONFIG_WEB_NUMBER("away-after", "900", 2, 86400,
	    "smssync: seconds without a request until it is away"),
	CONFIG_LINK_KEYS,
	{ .name = "command", .type = CONF_STRING, .into = IN_LINK(command),
	    .help = "program to run instead of glas-web" },
};

/* It carries no texts: what is said of those is not for it. */
static const struct conf_key config_status_keys[] = {
	{ .name = "listen", .type = CONF_STRING, .fallback = "127.0.0.1:8079",
	    .check = config_check_listen, .into = CONF_NOWHERE,
	    .help = "address and port" },
	CONFIG_WEB("secret-file", CONF_PATH, NULL,
	    "file with the secret that a request must bring"),
	{ .name = "allow", .type = CONF_STRING, .check = config_check_allow,
	    .into = CONF_NOWHERE,
	    .help = "addresses that requests may come from, by commas; without "
	    "it and secret-file, this machine alone" },
	CONFIG_WEB_NUMBER("connections", "50", 1, 4000,
	    "connections at a time"),
	CONFIG_WEB_NUMBER("request-seconds", "10", 1, 600,
	    "for a whole request and its answer"),
	{ .name = "back-off", .type = CONF_INT, .min = 500, .max = 3600000,
	    .fallback = "60000", .into = IN_LINK(back_off_ms),
	    .help = "milliseconds, at most, before it is started again" },
	{ .name = "command", .type = CONF_STRING, .into = IN_LINK(command),
	    .help = "program to run instead of glas-web" },
};

static const struct conf_key config_other_keys[] = {
	{ .name = "command", .type = CONF_STRING, .required = true,
	    .into = IN_LINK(command),
	    .help = "the program to run, with its arguments" },
	CONFIG_CREDIT_KEYS,
	CONFIG_LINK_KEYS,
};

static void *
config_begin(void *arg, const struct conf_section *section, const char *name)
{
	(void)section;
	(void)name;
	return (arg);
}

static void *
config_link_begin(void *arg, const struct conf_section *section,
    const char *name)
{
	struct config *config = arg;
	struct config_link *link;
	enum link_kind kind = LINK_MODEM;

	while (strcmp(link_kind_name(kind), section->kind) != 0)
		kind++;
	config->links = xreallocarray(config->links, config->link_count + 1,
	    sizeof config->links[0]);
	link = &config->links[config->link_count++];
	*link = (struct config_link){ .kind = kind, .name = xstrdup(name),
		.settings = json_object() };
	if (link->settings == NULL)
		fatal("out of memory for the settings of a link");
	return (link);
}

static const char *
config_link_setting(void *into, const char *key, const char *value)
{
	struct config_link *link = into;

	if (config_setting(link, key) != NULL)
		return ("stands in this section already; keep one of them");
	if (json_object_set_new(link->settings, key, json_string(value)) == -1)
		fatal("out of memory for the settings of a link");
	return (NULL);
}

static const char *
config_link_end(const void *into)
{
	const struct config_link *link = into;

	return (strcmp(link->name, CONFIG_OUTBOX) != 0 ? NULL :
	    "no link is called " CONFIG_OUTBOX ": give it another name");
}

static const char *
config_modem_end(const void *into)
{
	const struct config_link *link = into;
	const char *device = config_setting(link, "device");
	const char *imei = config_setting(link, "imei");
	const char *loopback = config_setting(link, "loopback");
	const char *connection = config_setting(link, "connection");
	const char *model = config_setting(link, "model");

	if (config_link_end(link) != NULL)
		return (config_link_end(link));
	if (device == NULL && imei == NULL)
		return ("the modem has neither device nor imei; give it one");
	if (device != NULL && imei != NULL)
		return ("the modem has both device and imei; keep one of them");
	if (loopback != NULL && strcmp(loopback, "0") != 0 &&
	    config_setting(link, "number") == NULL)
		return ("loopback goes with number only; say the number of "
		    "the SIM");
	if (connection != NULL && strcmp(connection, "none") == 0 &&
	    (model == NULL || strcmp(model, "dummy") != 0))
		return ("connection = none goes with model = dummy only; give "
		    "the modem another connection");
	return (NULL);
}

static const char *
config_web_end(const void *into)
{
	const char *why = config_link_end(into);

	return (why != NULL ? why : config_check_web(into));
}

#define CONFIG_KEYS(table)						\
	.keys = table, .key_count = sizeof table / sizeof table[0]

static const struct conf_section config_table[] = {
	{ .kind = "gateway", CONFIG_KEYS(config_gateway_keys),
	    .begin = config_begin },
	{ .kind = "limits", CONFIG_KEYS(config_limits_keys),
	    .begin = config_begin },
	{ .kind = "modem", .named = true, CONFIG_KEYS(config_modem_keys),
	    .begin = config_link_begin, .setting = config_link_setting,
	    .end = config_modem_end },
	{ .kind = "web", .named = true, CONFIG_KEYS(config_web_keys),
	    .begin = config_link_begin, .setting = config_link_setting,
	    .end = config_web_end },
	{ .kind = "status", .named = true, CONFIG_KEYS(config_status_keys),
	    .begin = config_link_begin, .setting = config_link_setting,
	    .end = config_link_end },
	{ .kind = "link", .named = true, .open = true,
	    CONFIG_KEYS(config_other_keys), .begin = config_link_begin,
	    .setting = config_link_setting, .end = config_link_end },
};

const struct conf_section *
config_sections(size_t *count)
{
	*count = sizeof config_table / sizeof config_table[0];
	return (config_table);
}
