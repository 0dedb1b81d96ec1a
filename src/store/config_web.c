/*
 * What a section [web NAME] must say, and what it says in vain: a mistake in how
 * texts are sent would else be found when none arrives. Runs in glasd and glasctl
 * while the file is read; pure. Called for the keys and the end of a section.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "store/config_private.h"

#define DIGITS	"0123456789"
#define ALNUM	DIGITS "abcdefghijklmnopqrstuvwxyz" \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define TOKEN	ALNUM "!#$%&'*+-.^_`|~"		/* RFC 9110, 5.6.2 */
#define PATH	ALNUM "-._~!$&'()*+,;=:@/?%"	/* RFC 3986, 3.3 and 3.4 */

#define PORT_MAX	65535

const char *
config_check_header(const char *value)
{
	const size_t len = strspn(value, TOKEN);

	return (len > 0 && value[len] == ':' ? NULL :
	    "is no header; write a name without spaces, a colon and the "
	    "value, such as apikey: {key}");
}

/* Of "HOST:PORT", the first of which may be in brackets. */
static long
web_port(const char *listen)
{
	return (strtol(strrchr(listen, ':') + 1, NULL, 10));
}

static bool
web_host_is(const char *listen, const char *host)
{
	const size_t len = (size_t)(strrchr(listen, ':') - listen);

	return (strlen(host) == len && strncmp(listen, host, len) == 0);
}

/* On Linux all of IPv6 is all of IPv4 as well. */
static bool
web_takes_all(const char *listen, const char *other)
{
	return (web_host_is(listen, "[::]") || web_host_is(listen, "::") ||
	    (web_host_is(listen, "0.0.0.0") && other[0] != '['));
}

bool
config_listens_clash(const char *a, const char *b)
{
	const size_t host = (size_t)(strrchr(a, ':') - a) + 1;

	return (web_port(a) == web_port(b) && (strncmp(a, b, host) == 0 ||
	    web_takes_all(a, b) || web_takes_all(b, a)));
}

/* The part of an address behind the host: a port, and where there; as the
 * library of glas-web reads it. */
static bool
web_is_place(const char *rest)
{
	if (*rest == ':') {
		const size_t digits = strspn(rest + 1, DIGITS);
		const long port = strtol(rest + 1, NULL, 10);

		if (digits == 0 || digits > 5 || port < 1 || port > PORT_MAX)
			return (false);
		rest += 1 + digits;
	}
	for (const char *p = rest; (p = strchr(p, '%')) != NULL; p++) {
		if (strspn(p + 1, DIGITS "abcdefABCDEF") < 2)
			return (false);
	}
	return ((*rest == '\0' || *rest == '/' || *rest == '?') &&
	    rest[strspn(rest, PATH)] == '\0');
}

/* glas-web looks no name up and speaks no TLS. */
static bool
web_is_url(const char *value)
{
	const char *host = value + strlen("http://"), *end;
	unsigned char address[sizeof(struct in6_addr)];
	bool six = strncmp(value, "http://[", 8) == 0, sound;
	char *word;

	if (strncmp(value, "http://", strlen("http://")) != 0)
		return (false);
	host += six;
	end = host + strcspn(host, six ? "]" : ":/?");
	if (six && *end != ']')
		return (false);
	word = xstrndup(host, (size_t)(end - host));
	sound = inet_pton(six ? AF_INET6 : AF_INET, word, address) == 1;
	free(word);
	return (sound && web_is_place(end + six));
}

/* Whether a request says it. */
static bool
web_sends(const struct config_link *link, const char *word)
{
	const char *header = config_setting(link, "send-header");

	return (strstr(config_setting(link, "send-body"), word) != NULL ||
	    (header != NULL && strstr(header, word) != NULL));
}

static const char *
web_check_send(const struct config_link *link)
{
	const char *url = config_setting(link, "send-url");

	if (url == NULL)
		return (NULL);
	if (!web_is_url(url))
		return ("send-url is not http:// with an address in digits, a "
		    "port up to 65535 and a path without spaces: let nginx "
		    "here speak to the aggregator, and name nginx: "
		    "http://127.0.0.1:8078/... (doc/web.md)");
	if (!web_sends(link, "{text}"))
		return ("nothing says what is sent: put {text} into send-body");
	if (!web_sends(link, "{to}") && !web_sends(link, "{digits}"))
		return ("nothing says to whom it is sent: put {to}, or "
		    "{digits}, into send-body");
	if (web_sends(link, "{key}") &&
	    config_setting(link, "send-key-file") == NULL)
		return ("{key} stands for nothing: write the secret into a "
		    "file, and name that in send-key-file");
	return (NULL);
}

/* It would be taken, and never be used. */
static const char *
web_check_telephone(const struct config_link *link)
{
	if (strcmp(config_setting(link, "ussd"), "no") != 0)
		return ("a telephone (protocol = smssync) brings no USSD "
		    "sessions: take ussd away, or give it to another section");
	if (config_setting(link, "send-url") != NULL)
		return ("a telephone (protocol = smssync) asks for the texts "
		    "that it sends: take send-url away");
	return (NULL);
}

/* A program of somebody's own may know whom it hears in another way. */
const char *
config_check_web(const struct config_link *link)
{
	if (!config_is_glas_web(link))
		return (NULL);
	if (config_setting(link, "secret-file") == NULL &&
	    config_setting(link, "allow") == NULL)
		return ("anybody could bring texts: give it secret-file or "
		    "allow");
	return (strcmp(config_setting(link, "protocol"), "smssync") == 0 ?
	    web_check_telephone(link) : web_check_send(link));
}
