/*
 * The content that texts are read and answered by: that of the database; before
 * it came, what was kept of it, and where nothing was, the installed one. Runs
 * in glasd, called by database.c; owns every content in memory. One that texts
 * on their way may lead into is freed when none is on its way.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "glasd/gateway.h"
#include "glasd/mo.h"
#include "glasd/vocabulary.h"
#include "lib/keep.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "store/config.h"
#include "store/pack.h"
#include "store/pg.h"
#include "text/content.h"

#define VOCABULARY_RETIRED_MAX 8

struct vocabulary {
	struct gateway		*gateway;
	struct pg_pipe		*pipe;
	char			*version;	/* fetched last */
	char			*used;		/* NULL: of a file */
	bool			 kept;		/* in use is what is kept */
	bool			 lost;		/* what was kept */
	struct content		*retired[VOCABULARY_RETIRED_MAX];
	size_t			 retired_count;
};

static char *
vocabulary_cache(const struct vocabulary *v)
{
	return (xasprintf("%s/content.json",
	    v->gateway->config->gateway.spool_dir));
}

static void
vocabulary_load_kept(struct vocabulary *v)
{
	struct buf problems = { 0 };
	char *path = vocabulary_cache(v);

	v->gateway->content = content_new(json_load_file(path,
	    JSON_REJECT_DUPLICATES, NULL), &problems);
	v->kept = v->gateway->content != NULL;
	free(path);
	buf_clear(&problems);
}

/* Sessions do not wait for the database, which mostly has what was kept: then
 * that is in use already when it comes. */
struct vocabulary *
vocabulary_new(struct gateway *g, struct pg_pipe *pipe)
{
	struct vocabulary *v = xcalloc(1, sizeof *v);

	v->gateway = g;
	v->pipe = pipe;
	vocabulary_load_kept(v);
	return (v);
}

void
vocabulary_free(struct vocabulary *v)
{
	while (v->retired_count != 0)
		content_free(v->retired[--v->retired_count]);
	free(v->version);
	free(v->used);
	free(v);
}

static void
vocabulary_use(struct vocabulary *v, struct content *content)
{
	struct gateway *g = v->gateway;

	/* Readings of texts on their way lead into the old one. */
	if (g->content != NULL &&
	    v->retired_count < VOCABULARY_RETIRED_MAX)
		v->retired[v->retired_count++] = g->content;
	g->content = content;
}

void
vocabulary_free_old(struct vocabulary *v)
{
	if (mo_count(v->gateway->mo) != 0)
		return;
	while (v->retired_count != 0)
		content_free(v->retired[--v->retired_count]);
}

/* Kept beside the log, so that a start without the database understands; as it
 * came, so that it is known again. */
static void
vocabulary_keep(struct vocabulary *v, const char *text)
{
	char *path = vocabulary_cache(v);

	v->kept = keep_put(path, text, strlen(text), 0600) == 0;
	if (!v->kept)
		log_warn("the content could not be kept in %s: %s", path,
		    strerror(errno));
	free(path);
}

/* Whether the file holds these very octets. */
static bool
vocabulary_same(const char *path, const char *text)
{
	FILE *f = fopen(path, "re");
	size_t n, len = strlen(text);
	char chunk[8192];

	if (f == NULL)
		return (false);
	while ((n = fread(chunk, 1, sizeof chunk, f)) != 0 && n <= len &&
	    memcmp(chunk, text, n) == 0) {
		text += n;
		len -= n;
	}
	fclose(f);
	return (n == 0 && len == 0);
}

/* After a start it mostly has what was kept: to read that once more would hold
 * two of it, and the JSON of one, in memory. */
static bool
vocabulary_has(const struct vocabulary *v, const char *text)
{
	char *path = vocabulary_cache(v);
	bool has = v->kept && vocabulary_same(path, text);

	free(path);
	return (has);
}

/* Where the database gave none, and none was kept. Not sooner: to hold two for a
 * moment would double the memory of a first start. */
void
vocabulary_need(struct vocabulary *v)
{
	struct gateway *g = v->gateway;
	struct buf problems = { 0 };

	if (g->content == NULL)
		g->content = content_new(pack_read(
		    g->config->gateway.content_dir, &problems), &problems);
	if (g->content == NULL)
		fatal("no content can be used: %s", buf_str(&problems));
	buf_clear(&problems);
}

/* What vocabulary_used() says; NULL: nothing of the database. */
static void
vocabulary_is(struct vocabulary *v, const char *version)
{
	free(v->used);
	v->used = version != NULL ? xstrdup(version) : NULL;
}

/* False: that of the database cannot be used. */
static bool
vocabulary_take(struct vocabulary *v, const char *text)
{
	struct buf problems = { 0 };
	struct content *content = content_new(json_loads(text,
	    JSON_REJECT_DUPLICATES, NULL), &problems);

	buf_clear(&problems);
	if (content == NULL)
		return (false);
	vocabulary_use(v, content);
	vocabulary_keep(v, text);
	return (true);
}

static void
vocabulary_got(void *arg, const struct pg_result *r)
{
	struct vocabulary *v = arg;

	if (!pg_ok(r)) {
		/* The next answer to database_alive() asks again. */
		free(v->version);
		v->version = NULL;
		return;
	}
	if (pg_rows(r) != 1 || pg_null(r, 0, 0)) {
		log_warn("content=kept the database has none: run glasctl "
		    "content import");
		return;
	}
	if (vocabulary_has(v, pg_text(r, 0, 0)) ||
	    vocabulary_take(v, pg_text(r, 0, 0))) {
		vocabulary_is(v, v->version);
		log_notice("content=loaded version=%s", v->version);
	} else {
		vocabulary_is(v, NULL);
		log_error("content=kept that of the database cannot be used: "
		    "run glasctl content check");
	}
}

static void
vocabulary_fetch(struct vocabulary *v)
{
	pg_pipe_send(v->pipe, "select glas_gw.content()", NULL,
	    vocabulary_got, v);
}

/* Fetches it when the version is another than the one in use, or is not kept
 * any more. */
void
vocabulary_check(struct vocabulary *v, const char *version)
{
	if (v->version != NULL && !v->lost &&
	    strcmp(v->version, version) == 0)
		return;
	v->lost = false;
	free(v->version);
	v->version = xstrdup(version);
	vocabulary_fetch(v);
}

void
vocabulary_lost(struct vocabulary *v)
{
	v->lost = true;
	v->kept = false;
}

const char *
vocabulary_used(const struct vocabulary *v)
{
	return (v->used != NULL ? v->used : "");
}
