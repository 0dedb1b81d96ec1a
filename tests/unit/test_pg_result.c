/* Results as callers read them, and connection strings. No server. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/pg_private.h"

/* One row with one column; NULL is null. */
static struct pg_result
result_of(const char *value)
{
	static char name[] = "x";
	PGresAttDesc column = { .name = name, .typlen = -1, .atttypmod = -1 };
	struct pg_result r = {
		.res = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK)
	};
	char *copy = value != NULL ? xstrdup(value) : NULL;

	assert_int_equal(PQsetResultAttrs(r.res, 1, &column), 1);
	assert_int_equal(PQsetvalue(r.res, 0, 0, copy,
	    copy != NULL ? (int)strlen(copy) : -1), 1);
	free(copy);
	return (r);
}

static void
times_are_microseconds_since_1970(void **state)
{
	static const struct {
		const char	*text;
		int64_t		 us;
	} cases[] = {
		{ "1970-01-01 00:00:00+00", 0 },
		{ "2026-11-23 20:37:00+00", INT64_C(1795466220000000) },
		{ "2026-11-23 21:37:00+01", INT64_C(1795466220000000) },
		{ "2026-11-24 02:07:00+05:30", INT64_C(1795466220000000) },
		{ "2026-11-23 20:37:00.25+00", INT64_C(1795466220250000) },
		{ "2026-11-23 20:37:00.000001+00", INT64_C(1795466220000001) },
		{ "2026-11-23 20:37:00.999999-02", INT64_C(1795473420999999) },
		{ "1795466220", INT64_C(1795466220000000) },
		{ "1795466220.5", INT64_C(1795466220500000) },
		{ "", 0 },
		{ NULL, 0 },
		{ "infinity", 0 },
		{ ":", 0 },
		{ "10:00", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct pg_result r = result_of(cases[i].text);

		assert_int_equal(pg_time(&r, 0, 0), cases[i].us);
		PQclear(r.res);
	}
}

static void
octets_come_back_and_are_appended(void **state)
{
	struct pg_result r = result_of("\\x00ff41");
	struct buf out = { 0 };

	(void)state;
	buf_add(&out, "<", 1);
	pg_bytes(&r, 0, 0, &out);
	assert_int_equal(out.len, 4);
	assert_memory_equal(out.data, "<\0\xff\x41", 4);
	PQclear(r.res);
	r = result_of(NULL);
	pg_bytes(&r, 0, 0, &out);
	assert_int_equal(out.len, 4);
	PQclear(r.res);
	buf_clear(&out);
}

static void
null_reads_as_nothing(void **state)
{
	struct pg_result r = result_of(NULL);

	(void)state;
	assert_true(pg_null(&r, 0, 0));
	assert_string_equal(pg_text(&r, 0, 0), "");
	assert_int_equal(pg_int(&r, 0, 0), 0);
	assert_false(pg_bool(&r, 0, 0));
	assert_true(pg_float(&r, 0, 0) == 0);
	PQclear(r.res);
}

static void
numbers_and_truth(void **state)
{
	struct pg_result r = result_of("-9223372036854775808");

	(void)state;
	assert_true(pg_int(&r, 0, 0) == INT64_MIN);
	PQclear(r.res);
	r = result_of("t");
	assert_true(pg_bool(&r, 0, 0));
	PQclear(r.res);
	r = result_of("f");
	assert_false(pg_bool(&r, 0, 0));
	PQclear(r.res);
	r = result_of("2.5");
	assert_true(pg_float(&r, 0, 0) == 2.5);
	PQclear(r.res);
}

static void
lost_connection_is_an_error_of_its_own(void **state)
{
	struct pg_result none = { .res = NULL, .sqlstate = "08006" };
	struct pg_result broken = {
		.res = PQmakeEmptyPGresult(NULL, PGRES_FATAL_ERROR)
	};
	struct pg_result well = result_of("x");

	(void)state;
	assert_false(pg_ok(&none));
	assert_string_equal(pg_sqlstate(&none), "08006");
	assert_true(pg_error(&none)[0] != '\0');
	assert_int_equal(pg_rows(&none), 0);
	assert_false(pg_ok(&broken));
	assert_string_equal(pg_sqlstate(&broken), "08006");
	assert_true(pg_ok(&well));
	assert_string_equal(pg_sqlstate(&well), "");
	assert_string_equal(pg_error(&well), "");
	PQclear(broken.res);
	PQclear(well.res);
}

static void
user_of(const char *conninfo, const char *expected)
{
	char *user = pg_conninfo_get(conninfo, "user");

	if (expected == NULL)
		assert_null(user);
	else
		assert_string_equal(user, expected);
	free(user);
}

static void
user_of_a_connection_string(void **state)
{
	char path[] = "/tmp/glas-service-XXXXXX";
	int fd = mkstemp(path);

	(void)state;
	user_of("host=/tmp user=glasd", "glasd");
	user_of("postgresql://glasd@/glas", "glasd");
	user_of("dbname=glas", NULL);
	user_of("nonsense", NULL);
	user_of("user='", NULL);

	assert_int_equal(dprintf(fd, "[glas]\nuser=gate\n"), 17);
	close(fd);
	setenv("PGSERVICEFILE", path, 1);
	setenv("PGSERVICE", "kept", 1);
	user_of("service=glas", "gate");
	user_of("service=glas user=other", "other");
	assert_string_equal(getenv("PGSERVICE"), "kept");
	unsetenv("PGSERVICE");
	user_of("service=glas", "gate");
	assert_null(getenv("PGSERVICE"));
	unlink(path);
}

static void
assert_hosts(const char *conninfo, const char *expected)
{
	struct pg_hosts hosts;
	struct buf got = { 0 };

	pg_hosts_init(&hosts, conninfo);
	for (size_t n = 0; n < hosts.count; n++)
		buf_printf(&got, "%s|%s|%s;", hosts.at[n].host,
		    hosts.at[n].hostaddr, hosts.at[n].port);
	assert_string_equal(buf_str(&got), expected);
	buf_clear(&got);
	pg_hosts_clear(&hosts);
}

static void
each_server_of_a_connection_string_is_found(void **state)
{
	(void)state;
	assert_hosts("dbname=glas", "||;");
	assert_hosts("host=a", "a||;");
	assert_hosts("host=a,b port=1", "a||1;b||1;");
	assert_hosts("host=a,b,c port=1,,3", "a||1;b||5432;c||3;");
	assert_hosts("host=/x/y,b hostaddr=,10.0.0.2", "/x/y||;b|10.0.0.2|;");
	assert_hosts("hostaddr=10.0.0.1,10.0.0.2 port=5,6",
	    "|10.0.0.1|5;|10.0.0.2|6;");
	assert_hosts("postgresql://a:1,b/glas?user=u", "a||1;b||5432;");
	assert_hosts("no such thing", "||;");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times_are_microseconds_since_1970),
		cmocka_unit_test(octets_come_back_and_are_appended),
		cmocka_unit_test(null_reads_as_nothing),
		cmocka_unit_test(numbers_and_truth),
		cmocka_unit_test(lost_connection_is_an_error_of_its_own),
		cmocka_unit_test(user_of_a_connection_string),
		cmocka_unit_test(each_server_of_a_connection_string_is_found),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
