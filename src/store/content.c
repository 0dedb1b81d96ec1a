/*
 * Content between the database and JSON. Runs in glasctl and in glasd -t; owns
 * nothing. What a pack means stands in the SQL functions content_pack() and
 * content_import(), which are each other's inverse.
 */
#include <stdlib.h>

#include "lib/mem.h"
#include "store/content.h"
#include "store/pg.h"

int
content_is_there(struct pg_client *c, struct buf *problem)
{
	struct pg_result *r;
	int there = -1;

	r = pg_query(c, "select glas_data.setting('content_version') <> '0'",
	    NULL);
	if (pg_ok(r))
		there = pg_bool(r, 0, 0);
	else
		buf_printf(problem, "content: %s", pg_error(r));
	pg_result_free(r);
	return (there);
}

json_t *
content_fetch(struct pg_client *c, struct buf *problem)
{
	struct pg_result *r = pg_query(c, "select glas_gw.content()", NULL);
	json_t *pack = NULL;
	json_error_t error;

	if (!pg_ok(r)) {
		buf_printf(problem, "content: %s", pg_error(r));
	} else {
		pack = json_loads(pg_text(r, 0, 0), 0, &error);
		if (pack == NULL)
			buf_printf(problem, "content: %s", error.text);
		/* What is going on is no part of a pack. */
		json_object_del(pack, "live");
	}
	pg_result_free(r);
	return (pack);
}

static void
content_changes(const struct pg_result *r, struct buf *changes)
{
	size_t before = changes->len;

	for (int i = 0; i < pg_rows(r); i++) {
		buf_printf(changes, "%s: %s added, %s changed, %s removed\n",
		    pg_text(r, i, 0), pg_text(r, i, 1), pg_text(r, i, 2),
		    pg_text(r, i, 3));
	}
	if (changes->len == before)
		buf_add_str(changes, "nothing changed\n");
}

int
content_import(struct pg_client *c, const json_t *pack, struct buf *changes,
    struct buf *problem)
{
	struct pg_params params = { 0 };
	struct pg_result *r;
	char *text = json_dumps(pack, JSON_COMPACT);
	int result = -1;

	if (text == NULL) {
		buf_add_str(problem, "content: the pack is not valid UTF-8");
		return (-1);
	}
	pg_param_text(&params, text);
	r = pg_query(c, "select what, added, changed, removed "
	    "from glas_data.content_import($1::jsonb) "
	    "where added + changed + removed > 0", &params);
	if (pg_ok(r)) {
		content_changes(r, changes);
		result = 0;
	} else {
		buf_printf(problem, "content: %s (%s)", pg_error(r),
		    pg_sqlstate(r));
	}
	pg_result_free(r);
	pg_params_clear(&params);
	free(text);
	return (result);
}
