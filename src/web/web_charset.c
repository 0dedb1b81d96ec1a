/*
 * Letters that are not in UTF-8. Runs in glas-web, called by web_fields.c; owns
 * a converter for each charset that people here may write in. All of them are
 * opened before the sandbox, and none is after it: the C library loads a file
 * for each.
 */
#include <iconv.h>
#include <string.h>

#include <event2/util.h>

#include "lib/log.h"
#include "lib/mem.h"
#include "web/web_charset.h"

#define CHARSET_UTF8_MAX 3	/* octets that one octet becomes, at most */
#define CHARSET_NONE	((iconv_t)-1)

static struct charset {
	const char	*name;
	iconv_t		 converter;
} charsets[] = {
	{ "iso-8859-1", CHARSET_NONE }, { "latin1", CHARSET_NONE },
	{ "iso-8859-2", CHARSET_NONE }, { "latin2", CHARSET_NONE },
	{ "iso-8859-5", CHARSET_NONE }, { "iso-8859-15", CHARSET_NONE },
	{ "iso-8859-16", CHARSET_NONE }, { "windows-1250", CHARSET_NONE },
	{ "cp1250", CHARSET_NONE }, { "windows-1251", CHARSET_NONE },
	{ "cp1251", CHARSET_NONE }, { "windows-1252", CHARSET_NONE },
	{ "cp1252", CHARSET_NONE },
};

#define CHARSETS (sizeof charsets / sizeof charsets[0])

void
charset_init(void)
{
	for (size_t n = 0; n < CHARSETS; n++) {
		charsets[n].converter = iconv_open("UTF-8", charsets[n].name);
		if (charsets[n].converter == CHARSET_NONE)
			log_warn("charset=%s is not known here: texts in it are"
			    " refused; install the gconv modules of the C"
			    " library", charsets[n].name);
	}
}

/* The value of charset= in a Content-Type, and its length; or NULL. */
static const char *
charset_value(const char *type, size_t *len)
{
	static const char key[] = "charset=";
	const char *p = type;

	while (p != NULL && (p = strchr(p, ';')) != NULL) {
		p += 1 + strspn(p + 1, " \t");
		if (evutil_ascii_strncasecmp(p, key, sizeof key - 1) != 0)
			continue;
		p += sizeof key - 1;
		p += *p == '"';
		*len = strcspn(p, "\"; \t");
		return (p);
	}
	return (NULL);
}

const struct charset *
charset_of(const char *type)
{
	size_t len = 0;
	const char *name = charset_value(type, &len);

	for (size_t n = 0; name != NULL && n < CHARSETS; n++) {
		if (strlen(charsets[n].name) == len &&
		    evutil_ascii_strncasecmp(charsets[n].name, name, len) == 0)
			return (charsets[n].converter != CHARSET_NONE ?
			    &charsets[n] : NULL);
	}
	return (NULL);
}

char *
charset_decode(const struct charset *c, const char *octets, size_t len,
    size_t *size)
{
	size_t room = CHARSET_UTF8_MAX * len;
	char *decoded = xmalloc(room + 1), *out = decoded;
	char *in = (char *)(uintptr_t)octets;

	iconv(c->converter, NULL, NULL, NULL, NULL);
	while (len != 0 && iconv(c->converter, &in, &len, &out, &room) ==
	    (size_t)-1) {
		if (len == 0 || room < CHARSET_UTF8_MAX)
			break;
		memcpy(out, "\xef\xbf\xbd", CHARSET_UTF8_MAX);
		out += CHARSET_UTF8_MAX;
		room -= CHARSET_UTF8_MAX;
		in++;
		len--;
	}
	*size = (size_t)(out - decoded);
	*out = '\0';
	return (decoded);
}
