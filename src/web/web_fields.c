/*
 * What a request brings: the fields of its address, or of a body that is a form,
 * a JSON object, or a text. Runs in glas-web, called by what answers requests;
 * owns nothing.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <event2/buffer.h>
#include <event2/http.h>

#include "lib/hex.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "web/web.h"
#include "web/web_charset.h"
#include "web/web_fields.h"

#define FIELDS_MAX	64

/* In UTF-8 all the same, as some say what they do not do; else in the charset
 * that the Content-Type names. NULL: it is no text. */
static json_t *
fields_letters(const struct charset *charset, const char *octets, size_t size)
{
	json_t *value;
	char *letters;

	if (memchr(octets, '\0', size) != NULL)
		return (NULL);
	value = json_stringn(octets, size);
	if (value != NULL || charset == NULL)
		return (value);
	letters = charset_decode(charset, octets, size, &size);
	value = json_stringn(letters, size);
	free(letters);
	return (value);
}

/* What is no text is {"hex": its octets}: no field but that of the text may be
 * so. */
static json_t *
fields_octets(const struct charset *charset, const char *octets, size_t size)
{
	json_t *value = fields_letters(charset, octets, size);
	char *hex;

	if (value == NULL) {
		hex = xmalloc(2 * size + 1);
		hex_encode(hex, octets, size);
		value = json_pack("{s:s}", "hex", hex);
		free(hex);
	}
	return (value);
}

static json_t *
fields_value(const struct charset *charset, const char *escaped, size_t len)
{
	char *copy = xstrndup(escaped, len), *octets;
	json_t *value;
	size_t size;

	octets = evhttp_uridecode(copy, 1, &size);
	if (octets == NULL)
		fatal("out of memory: no value of a form");
	value = fields_octets(charset, octets, size);
	free(octets);
	free(copy);
	return (value);
}

/* Takes the value. One that is there with another is a list of nothing, which
 * is no value: which of the two was meant is not known, and who reads the field
 * refuses it. What is not read refuses no text. */
static void
fields_put(json_t *fields, const char *name, json_t *value)
{
	const json_t *before = json_object_get(fields, name);

	if (before != NULL && !json_equal(before, value)) {
		json_decref(value);
		value = json_array();
	}
	json_object_set_new(fields, name, value);
}

/* NAME=VALUE, or a name alone. What has none is no field of ours: a text is not
 * refused for it. */
static void
fields_add(json_t *fields, const struct charset *charset, const char *field,
    size_t len)
{
	const char *end = field + len, *equals = memchr(field, '=', len);
	const char *value = equals != NULL ? equals + 1 : end;
	json_t *name = fields_value(charset, field,
	    (size_t)((equals != NULL ? equals : end) - field));

	if (json_is_string(name) && json_string_length(name) != 0)
		fields_put(fields, json_string_value(name),
		    fields_value(charset, value, (size_t)(end - value)));
	json_decref(name);
}

/* NULL: something else. */
static json_t *
fields_form(const struct charset *charset, const char *form)
{
	json_t *fields;
	unsigned int count = 0;

	if (*form != '\0' && strchr(form, '=') == NULL)
		return (NULL);
	fields = json_object();
	for (const char *p = form; *p != '\0';) {
		size_t len = strcspn(p, "&");

		if (++count > FIELDS_MAX) {
			json_decref(fields);
			return (NULL);
		}
		fields_add(fields, charset, p, len);
		p += len + (p[len] == '&');
	}
	return (fields);
}

json_t *
fields_query(struct evhttp_request *req)
{
	const char *query = evhttp_uri_get_query(
	    evhttp_request_get_evhttp_uri(req));

	return (fields_form(NULL, query != NULL ? query : ""));
}

static bool
fields_type_is(const char *type, const char *wanted)
{
	return (type != NULL && evutil_ascii_strncasecmp(type, wanted,
	    strlen(wanted)) == 0);
}

/* As Kannel writes what a post-url gets: the text is the body, and all else
 * stands in the address. */
static json_t *
fields_text(struct evhttp_request *req, const struct charset *charset,
    const char *body, size_t len)
{
	json_t *fields = fields_query(req);

	if (fields != NULL)
		json_object_set_new(fields, web_settings.text_field,
		    fields_octets(charset, body, len));
	return (fields);
}

/* What an escape stands for, -1: it is none. */
static int
fields_unit(const char *s)
{
	char digits[5] = "";

	if (s[0] != '\\' || s[1] != 'u' ||
	    strspn(s + 2, "0123456789abcdefABCDEF") < 4)
		return (-1);
	memcpy(digits, s + 2, 4);
	return ((int)strtol(digits, NULL, 16));
}

/* Half a letter, as where a text was cut between its two units, and U+0000 are
 * no text: U+FFFD stands for them. */
static void
fields_mend(char *body)
{
	static const char replacement[] = "\\ufffd";
	int unit;

	for (char *s = body; (s = strchr(s, '\\')) != NULL;) {
		unit = fields_unit(s);
		if (unit >= 0xd800 && unit < 0xdc00 &&
		    fields_unit(s + 6) >= 0xdc00 &&
		    fields_unit(s + 6) < 0xe000) {
			s += 12;
			continue;
		}
		if (unit == 0 || (unit >= 0xd800 && unit < 0xe000))
			memcpy(s, replacement, 6);
		s += unit >= 0 ? 6 : s[1] != '\0' ? 2 : 1;
	}
}

static json_t *
fields_json_utf8(char *body, size_t len)
{
	static const char bom[] = "\xef\xbb\xbf";
	size_t skip = strncmp(body, bom, 3) == 0 ? 3 : 0;
	json_t *fields = json_loadb(body + skip, len - skip,
	    JSON_REJECT_DUPLICATES, NULL);

	if (fields != NULL)
		return (fields);
	fields_mend(body);
	return (json_loadb(body + skip, len - skip, JSON_REJECT_DUPLICATES,
	    NULL));
}

static json_t *
fields_json(const struct charset *charset, char *body, size_t len)
{
	json_t *fields = fields_json_utf8(body, len);
	char *letters;

	if (fields != NULL || charset == NULL)
		return (fields);
	letters = charset_decode(charset, body, len, &len);
	fields = fields_json_utf8(letters, len);
	free(letters);
	return (fields);
}

json_t *
fields_given(struct evhttp_request *req)
{
	struct evbuffer *input = evhttp_request_get_input_buffer(req);
	size_t len = evbuffer_get_length(input);
	const char *type = evhttp_find_header(
	    evhttp_request_get_input_headers(req), "Content-Type");
	const struct charset *charset = charset_of(type);
	char *body;
	json_t *fields;

	if (evhttp_request_get_command(req) == EVHTTP_REQ_GET)
		return (fields_query(req));
	body = xmalloc(len + 1);
	evbuffer_copyout(input, body, len);
	body[len] = '\0';
	if (fields_type_is(type, "application/json"))
		fields = fields_json(charset, body, len);
	else if (fields_type_is(type, "text/plain") ||
	    fields_type_is(type, "application/octet-stream"))
		fields = fields_text(req, charset, body, len);
	else if (strlen(body) == len && !fields_type_is(type, "multipart/"))
		fields = fields_form(charset, body);
	else
		fields = NULL;
	free(body);
	if (!json_is_object(fields)) {
		json_decref(fields);
		return (NULL);
	}
	return (fields);
}
