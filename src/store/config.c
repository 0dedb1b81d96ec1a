/*
 * The file glas.conf as glasd and glasctl have it, each of which loads it once
 * at start. Its keys stand in config_keys.c; glas.conf(5) and etc/glas.conf say
 * the same, which a test checks.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/conf.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "sms/msisdn.h"
#include "store/config_private.h"

const char *
link_kind_name(enum link_kind kind)
{
	switch (kind) {
	case LINK_MODEM:
		return ("modem");
	case LINK_WEB:
		return ("web");
	case LINK_STATUS:
		return ("status");
	case LINK_OTHER:
		return ("link");
	}
	panic("link kind %d", (int)kind);
}

const char *
config_setting(const struct config_link *link, const char *key)
{
	return (json_string_value(json_object_get(link->settings, key)));
}

bool
config_is_glas_web(const struct config_link *link)
{
	static const char name[] = "/glas-web";
	const size_t name_len = sizeof name - 1;
	size_t len;

	if (link->kind != LINK_WEB && link->kind != LINK_STATUS)
		return (false);
	if (link->command == NULL)
		return (true);
	len = strcspn(link->command, " ");
	return (len >= name_len && memcmp(link->command + len - name_len,
	    name, name_len) == 0);
}

/* Of a country that is not known, its own numbers. */
static char *
config_home_prefixes(const char *country)
{
	const char *prefixes = msisdn_home_prefixes(country);

	return (prefixes != NULL ? xstrdup(prefixes) :
	    xasprintf("+%s", country));
}

/* A program of somebody's own may read the keys in another way. */
static bool
config_link_is_ours(const struct config_link *link)
{
	return (link->command == NULL || config_is_glas_web(link));
}

static bool
config_is_same(const char *a, const char *b)
{
	return (strcmp(a, b) == 0);
}

/* The key whose value both have, and only one can. */
static const char *
config_links_clash(const struct config_link *a, const struct config_link *b)
{
	static const struct {
		const char	*key;
		bool		(*clash)(const char *, const char *);
	} keys[] = {
		{ "device", config_is_same },
		{ "imei", config_is_same },
		{ "listen", config_listens_clash },
	};

	if (!config_link_is_ours(a) || !config_link_is_ours(b))
		return (NULL);
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
		const char *of_a = config_setting(a, keys[i].key);
		const char *of_b = config_setting(b, keys[i].key);

		if (of_a != NULL && of_b != NULL && keys[i].clash(of_a, of_b))
			return (keys[i].key);
	}
	return (NULL);
}

static bool
config_links_apart(const struct config *config, struct buf *problems)
{
	const size_t before = problems->len;

	for (size_t i = 0; i < config->link_count; i++) {
		for (size_t j = 0; j < i; j++) {
			const struct config_link *a = &config->links[j];
			const struct config_link *b = &config->links[i];
			const char *key = config_links_clash(a, b);

			if (key == NULL)
				continue;
			buf_printf(problems, "%s: [%s %s] has the %s of [%s "
			    "%s]; give it one of its own\n", config->file,
			    link_kind_name(b->kind), b->name, key,
			    link_kind_name(a->kind), a->name);
		}
	}
	return (problems->len == before);
}

struct config *
config_load(const char *file, struct buf *problems)
{
	struct config *config = xcalloc(1, sizeof *config);
	size_t count;
	const struct conf_section *sections = config_sections(&count);

	config->file = xstrdup(file);
	if (conf_read(file, sections, count, config, problems) == -1 ||
	    !config_links_apart(config, problems)) {
		config_free(config);
		return (NULL);
	}
	if (config->limits.answer_prefixes == NULL)
		config->limits.answer_prefixes =
		    config_home_prefixes(config->gateway.country);
	return (config);
}

static void
config_link_clear(struct config_link *link)
{
	size_t count;
	const struct conf_section *sections = config_sections(&count);

	for (size_t i = 0; i < count; i++) {
		if (strcmp(sections[i].kind, link_kind_name(link->kind)) == 0)
			conf_section_clear(&sections[i], link);
	}
	json_decref(link->settings);
	free(link->name);
}

void
config_free(struct config *config)
{
	size_t count;
	const struct conf_section *sections = config_sections(&count);

	if (config == NULL)
		return;
	for (size_t i = 0; i < config->link_count; i++)
		config_link_clear(&config->links[i]);
	free(config->links);
	for (size_t i = 0; i < count; i++) {
		if (!sections[i].named)
			conf_section_clear(&sections[i], config);
	}
	free(config->file);
	free(config);
}
