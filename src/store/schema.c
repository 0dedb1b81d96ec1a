/*
 * Migrations. Runs in glasctl init and migrate; owns nothing but the advisory
 * lock while it works. Each migration is a transaction of its own, the code
 * (functions, views, grants) is one more; a failure rolls the current one back
 * and is told with the name of its file. Work goes on beside them: what ends in
 * a deadlock with it is done again.
 */
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/clock.h"
#include "lib/mem.h"
#include "store/pg.h"
#include "store/schema.h"

/* Any number will do, as long as every glasctl takes the same: "glas". */
#define SCHEMA_LOCK "begin; set local lock_timeout = %jd; " \
	"select pg_catalog.pg_advisory_lock(1735156083); commit"
#define SCHEMA_LOCK_MS 60000
#define SCHEMA_UNLOCK "select pg_catalog.pg_advisory_unlock(1735156083)"
#define SCHEMA_BEGIN "begin; set local role glas_owner"
#define SCHEMA_ATTEMPTS 5

/* What functions here return that run something; 0 and more: done. */
#define SCHEMA_FAILED (-1)
#define SCHEMA_DEADLOCK (-2)

/* Stands outside the migrations because it is what counts them. */
static const char schema_table[] =
    "create table if not exists glas_data.schema_version ("
    "    number int primary key,"
    "    name text not null,"
    "    applied_at timestamptz not null default pg_catalog.now());"
    "comment on table glas_data.schema_version is"
    "    'Migrations that this database has had; rows are only added.';"
    "comment on column glas_data.schema_version.number is 'Its number.';"
    "comment on column glas_data.schema_version.name is 'Its file.';"
    "comment on column glas_data.schema_version.applied_at is 'When.';";

struct schema_files {
	char	*dir;
	char	**names;
	size_t	 count;
};

static int
schema_names_compare(const void *a, const void *b)
{
	return (strcmp(*(char *const *)a, *(char *const *)b));
}

static void
schema_files_clear(struct schema_files *files)
{
	for (size_t i = 0; i < files->count; i++)
		free(files->names[i]);
	free(files->names);
	free(files->dir);
	*files = (struct schema_files){ 0 };
}

/* Whether this is a file of ours: digits, then "_", ".sql" at the end. */
static bool
schema_name_ok(const char *name)
{
	size_t digits = strspn(name, "0123456789"), len = strlen(name);

	return (digits > 0 && name[digits] == '_' && len > 4 &&
	    strcmp(name + len - 4, ".sql") == 0);
}

/* The files of a directory in the order of their names. */
static int
schema_files_list(struct schema_files *files, const char *sql_dir,
    const char *part, struct buf *problem)
{
	struct dirent *entry;
	DIR *dir;

	files->dir = xasprintf("%s/%s", sql_dir, part);
	dir = opendir(files->dir);
	if (dir == NULL) {
		buf_printf(problem, "%s: %s; --sql names the directory with "
		    "the files of the schema", files->dir, strerror(errno));
		return (-1);
	}
	while ((entry = readdir(dir)) != NULL) {
		if (!schema_name_ok(entry->d_name))
			continue;
		files->names = xreallocarray(files->names, files->count + 1,
		    sizeof *files->names);
		files->names[files->count++] = xstrdup(entry->d_name);
	}
	closedir(dir);
	if (files->count > 1)
		qsort(files->names, files->count, sizeof *files->names,
		    schema_names_compare);
	return (0);
}

static int
schema_read(struct buf *text, const char *dir, const char *name,
    struct buf *problem)
{
	char *path = xasprintf("%s/%s", dir, name), part[8192];
	FILE *f = fopen(path, "re");
	int result = -1;
	size_t n;

	if (f == NULL)
		goto out;
	while ((n = fread(part, 1, sizeof part, f)) > 0)
		buf_add(text, part, n);
	if (!ferror(f))
		result = 0;
out:
	if (result == -1)
		buf_printf(problem, "%s: %s", path, strerror(errno));
	if (f != NULL)
		fclose(f);
	free(path);
	return (result);
}

/* Runs a script; `what` names it when it fails. */
static int
schema_run(struct pg_client *c, const char *what, const char *script,
    struct buf *problem)
{
	struct pg_result *r = pg_script(c, script);
	int result = 0;

	if (!pg_ok(r)) {
		result = strcmp(pg_sqlstate(r), "40P01") == 0 ?
		    SCHEMA_DEADLOCK : SCHEMA_FAILED;
		buf_printf(problem, "%s: %s (%s)", what, pg_error(r),
		    pg_sqlstate(r));
	}
	pg_result_free(r);
	return (result);
}

static int
schema_run_file(struct pg_client *c, const char *dir, const char *name,
    struct buf *problem)
{
	struct buf text = { 0 };
	int result = SCHEMA_FAILED;

	if (schema_read(&text, dir, name, problem) == 0)
		result = schema_run(c, name, buf_str(&text), problem);
	buf_clear(&text);
	return (result);
}

/* Ends a transaction: as it should, or not at all. */
static int
schema_end(struct pg_client *c, int result, struct buf *problem)
{
	if (result == 0)
		return (schema_run(c, "commit", "commit", problem));
	pg_result_free(pg_script(c, "rollback"));
	return (result);
}

static int
schema_record(struct pg_client *c, int number, const char *name,
    struct buf *problem)
{
	struct pg_params params = { 0 };
	struct pg_result *r;
	int result;

	pg_param_int(&params, PG_INT4, number);
	pg_param_text(&params, name);
	r = pg_query(c, "insert into glas_data.schema_version (number, name) "
	    "values ($1, $2)", &params);
	result = pg_ok(r) ? 0 : SCHEMA_FAILED;
	if (result == SCHEMA_FAILED)
		buf_printf(problem, "%s: %s", name, pg_error(r));
	pg_result_free(r);
	pg_params_clear(&params);
	return (result);
}

static int
schema_apply(struct pg_client *c, const char *dir, const char *name,
    int number, struct buf *problem)
{
	int result = schema_run(c, name, SCHEMA_BEGIN, problem);

	if (result == 0)
		result = schema_run_file(c, dir, name, problem);
	if (result == 0)
		result = schema_run(c, name, schema_table, problem);
	if (result == 0)
		result = schema_record(c, number, name, problem);
	return (schema_end(c, result, problem));
}

/* The migrations must be 1, 2, ... SCHEMA_VERSION, or the files are not those
 * of this program. */
static int
schema_check(const struct schema_files *files, struct buf *problem)
{
	for (size_t i = 0; i < files->count; i++) {
		if (strtoul(files->names[i], NULL, 10) != i + 1) {
			buf_printf(problem, "%s: %s: number %zu is expected "
			    "here", files->dir, files->names[i], i + 1);
			return (-1);
		}
	}
	if (files->count != SCHEMA_VERSION) {
		buf_printf(problem, "%s: has %zu migrations, this program "
		    "belongs to %d: install both from the same version",
		    files->dir, files->count, SCHEMA_VERSION);
		return (-1);
	}
	return (0);
}

/* Version of the connected database, 0 when there is no Glas in it, -1 with the
 * reason in `problem`. */
static int
schema_version(struct pg_client *c, struct buf *problem)
{
	struct pg_result *r;
	int version = -1;

	r = pg_query(c, "select to_regclass('glas_data.schema_version') is "
	    "null", NULL);
	if (pg_ok(r) && pg_bool(r, 0, 0)) {
		pg_result_free(r);
		return (0);
	}
	if (pg_ok(r)) {
		pg_result_free(r);
		r = pg_query(c, "select coalesce(max(number), 0) from "
		    "glas_data.schema_version", NULL);
	}
	if (pg_ok(r))
		version = (int)pg_int(r, 0, 0);
	else
		buf_printf(problem, "version of the schema: %s", pg_error(r));
	pg_result_free(r);
	return (version);
}

static int
schema_apply_migrations(struct pg_client *c, const char *sql_dir,
    struct buf *problem)
{
	struct schema_files files = { 0 };
	int result = SCHEMA_FAILED, have = schema_version(c, problem);

	if (have == -1 ||
	    schema_files_list(&files, sql_dir, "migrations", problem) == -1 ||
	    schema_check(&files, problem) == -1)
		goto out;
	if (have > SCHEMA_VERSION) {
		buf_printf(problem, "the database has version %d of the "
		    "schema, this program knows %d: install the newer Glas",
		    have, SCHEMA_VERSION);
		goto out;
	}
	result = 0;
	for (int n = have + 1; n <= SCHEMA_VERSION && result == 0; n++)
		result = schema_apply(c, files.dir, files.names[n - 1], n,
		    problem);
out:
	schema_files_clear(&files);
	return (result);
}

static int
schema_apply_code(struct pg_client *c, const char *sql_dir,
    struct buf *problem)
{
	struct schema_files files = { 0 };
	int result = SCHEMA_FAILED;
	size_t i = 0;

	if (schema_files_list(&files, sql_dir, "code", problem) == -1 ||
	    schema_run(c, "begin", SCHEMA_BEGIN, problem) != 0)
		goto out;
	for (result = 0; i < files.count && result == 0; i++)
		result = schema_run_file(c, files.dir, files.names[i],
		    problem);
	result = schema_end(c, result, problem);
out:
	schema_files_clear(&files);
	return (result);
}

static int
schema_bring_up(struct pg_client *c, const char *sql_dir, struct buf *problem)
{
	int result = schema_run_file(c, sql_dir, "roles.sql", problem);

	if (result == 0)
		result = schema_apply_migrations(c, sql_dir, problem);
	if (result == 0)
		result = schema_apply_code(c, sql_dir, problem);
	return (result);
}

/* Anybody who is let in may hold the lock, and be found. */
static int
schema_lock(struct pg_client *c, struct buf *problem)
{
	char *script = xasprintf(SCHEMA_LOCK, (intmax_t)clock_limit_ms(
	    "GLAS_MIGRATE_LOCK_MS", SCHEMA_LOCK_MS));
	struct pg_result *r = pg_script(c, script);
	bool well = pg_ok(r);

	if (!well && strcmp(pg_sqlstate(r), "55P03") == 0)
		buf_printf(problem, "another glasctl migrate has been at it "
		    "for a minute, or somebody holds its lock: select pid, "
		    "usename from pg_stat_activity join pg_locks using (pid) "
		    "where locktype = 'advisory' and granted, then "
		    "pg_terminate_backend(pid)");
	else if (!well)
		buf_printf(problem, "lock: %s", pg_error(r));
	pg_result_free(r);
	free(script);
	if (!well)
		pg_result_free(pg_script(c, "rollback"));
	return (well ? 0 : -1);
}

int
schema_migrate(struct pg_client *c, const char *sql_dir, struct buf *problem)
{
	int before, result = SCHEMA_DEADLOCK;

	if (schema_lock(c, problem) != 0)
		return (-1);
	before = schema_version(c, problem);
	for (int n = 0; before != -1 && n < SCHEMA_ATTEMPTS &&
	    result == SCHEMA_DEADLOCK; n++) {
		buf_reset(problem);
		result = schema_bring_up(c, sql_dir, problem);
	}
	pg_result_free(pg_script(c, SCHEMA_UNLOCK));
	return (result == 0 ? SCHEMA_VERSION - before : -1);
}
