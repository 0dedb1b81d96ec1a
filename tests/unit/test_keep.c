/* A file that is whole at any time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/keep.h"
#include "lib/mem.h"

static char dir[64];

static int
setup(void **state)
{
	(void)state;
	snprintf(dir, sizeof dir, "/tmp/glas-keep-XXXXXX");
	return (mkdtemp(dir) != NULL ? 0 : -1);
}

static int
teardown(void **state)
{
	(void)state;
	return (rmdir(dir));
}

static void
holds(const char *file, const char *text)
{
	char is[16] = "";
	FILE *f = fopen(file, "r");

	assert_non_null(f);
	assert_int_equal(fread(is, 1, sizeof is - 1, f), strlen(text));
	fclose(f);
	assert_string_equal(is, text);
}

static void
what_is_new_takes_the_place_of_what_was_there(void **state)
{
	char *file = xasprintf("%s/f", dir);
	struct stat st;

	(void)state;
	assert_int_equal(keep_put(file, "longer", 6, 0600), 0);
	holds(file, "longer");
	assert_int_equal(keep_put(file, "new", 3, 0600), 0);
	holds(file, "new");
	assert_int_equal(stat(file, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(unlink(file), 0);
	free(file);
}

static void
what_was_left_behind_lends_it_no_mode(void **state)
{
	char *file = xasprintf("%s/f", dir), *aside = xasprintf("%s.new", file);
	struct stat st;
	FILE *f;

	(void)state;
	f = fopen(aside, "w");
	assert_non_null(f);
	fclose(f);
	assert_int_equal(chmod(aside, 0666), 0);
	assert_int_equal(keep_put(file, "new", 3, 0600), 0);
	holds(file, "new");
	assert_int_equal(stat(file, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(unlink(file), 0);
	free(aside);
	free(file);
}

static void
what_was_there_stays_when_the_new_cannot_be_written(void **state)
{
	char *file = xasprintf("%s/f", dir), *aside = xasprintf("%s.new", file);

	(void)state;
	assert_int_equal(keep_put(file, "old", 3, 0600), 0);
	assert_int_equal(mkdir(aside, 0700), 0);
	assert_int_equal(keep_put(file, "new", 3, 0600), -1);
	assert_int_equal(errno, EEXIST);
	holds(file, "old");
	assert_int_equal(rmdir(aside), 0);
	assert_int_equal(unlink(file), 0);
	free(aside);
	free(file);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_new_takes_the_place_of_what_was_there),
		cmocka_unit_test(what_was_left_behind_lends_it_no_mode),
		cmocka_unit_test(
		    what_was_there_stays_when_the_new_cannot_be_written),
	};

	return (cmocka_run_group_tests(tests, setup, teardown));
}
