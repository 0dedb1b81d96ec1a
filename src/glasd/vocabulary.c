/*
 * The content that texts are read and answered by: that of the database, and
 * before it ever came the kept or the installed one. Runs in glasd, called by
 * database.c; owns every content in memory. One that texts on their way may
 * lead into is freed when none is on its way.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "glasd/gateway.h"
#include "glasd/mo.h"
#include "glasd/vocabulary.h"
#include "lib/jsonl.h"
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
	struct content		*retired[VOCABULARY_RETIRED_MAX];
	size_t			 retired_count;
};

struct vocabulary *
vocabulary_new(struct gateway *g, struct pg_pipe *pipe)
{
	struct vocabulary *v = xcalloc(1, sizeof *v);

	v->gateway = g;
	v->pipe = pipe;
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

static char *
vocabulary_cache(const struct vocabulary *v)
{
	return (xasprintf("%s/content.json",
	    v->gateway->config->gateway.spool_dir));
}

/* Kept beside the log, so that a start without the database understands. */
static void
vocabulary_keep(const struct vocabulary *v, const json_t *pack)
{
	char *path = vocabulary_cache(v);

	if (jsonl_keep(path, pack) == -1)
		log_warn("the content could not be kept in %s: %s", path,
		    strerror(errno));
	free(path);
}

/* Where the database gave none: the kept one, else the installed pack. Not
 * sooner: to hold two for a moment would double the memory of a start. */
void
vocabulary_need(struct vocabulary *v)
{
	struct gateway *g = v->gateway;
	struct buf problems = { 0 };
	char *path;
	json_t *pack;

	if (g->content != NULL)
		return;
	path = vocabulary_cache(v);
	pack = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);
	if (pack != NULL)
		g->content = content_new(pack, &problems);
	json_decref(pack);
	free(path);
	if (g->content == NULL) {
		buf_reset(&problems);
		pack = pack_read(g->config->gateway.content_dir, &problems);
		if (pack != NULL)
			g->content = content_new(pack, &problems);
		json_decref(pack);
	}
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

static void
vocabulary_got(void *arg, const struct pg_result *r)
{
	struct vocabulary *v = arg;
	struct buf problems = { 0 };
	struct content *content = NULL;
	json_t *pack;

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
	pack = json_loads(pg_text(r, 0, 0), JSON_REJECT_DUPLICATES, NULL);
	if (pack != NULL)
		content = content_new(pack, &problems);
	vocabulary_is(v, content != NULL ? v->version : NULL);
	if (content == NULL) {
		log_error("content=kept that of the database cannot be used: "
		    "run glasctl content check");
	} else {
		vocabulary_use(v, content);
		vocabulary_keep(v, pack);
		log_notice("content=loaded version=%s", v->version);
	}
	json_decref(pack);
	buf_clear(&problems);
}

static void
vocabulary_fetch(struct vocabulary *v)
{
	pg_pipe_send(v->pipe, "select glas_gw.content()", NULL,
	    vocabulary_got, v);
}

/* Fetches it when the version is another than the one in use. */
void
vocabulary_check(struct vocabulary *v, const char *version)
{
	if (v->version != NULL &&
	    strcmp(v->version, version) == 0)
		return;
	free(v->version);
	v->version = xstrdup(version);
	vocabulary_fetch(v);
}

const char *
vocabulary_used(const struct vocabulary *v)
{
	return (v->used != NULL ? v->used : "");
}
