/* Content packs in directories. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/mem.h"
#include "store/pack.h"
#include "text/content_section.h"

#include "shipped.h"

static char *
scratch(void)
{
	char *dir = xstrdup("/tmp/test_pack.XXXXXX");

	assert_non_null(mkdtemp(dir));
	return (dir);
}

static void
remove_pack(char *dir)
{
	const struct content_section *s;
	char *file;

	for (size_t i = 0; (s = content_section_at(i)) != NULL; i++) {
		file = xasprintf("%s/%s.json", dir, s->name);
		unlink(file);
		free(file);
	}
	assert_int_equal(rmdir(dir), 0);
	free(dir);
}

static char *
file_text(const char *dir, const char *name)
{
	char *file = xasprintf("%s/%s.json", dir, name), *text;
	FILE *f = fopen(file, "r");
	struct stat st;

	assert_non_null(f);
	assert_int_equal(fstat(fileno(f), &st), 0);
	text = xcalloc((size_t)st.st_size + 1, 1);
	assert_int_equal(fread(text, 1, (size_t)st.st_size, f), st.st_size);
	fclose(f);
	free(file);
	return (text);
}

static void
write_text(const char *dir, const char *name, const char *text)
{
	char *file = xasprintf("%s/%s.json", dir, name);
	FILE *f = fopen(file, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
	free(file);
}

static json_t *
read_well(const char *dir)
{
	struct buf problems = { 0 };
	json_t *pack = pack_read(dir, &problems);

	if (problems.len > 0)
		print_error("%s", buf_str(&problems));
	assert_non_null(pack);
	assert_int_equal(problems.len, 0);
	return (pack);
}

static void
what_is_shipped_is_written_back_to_the_octet(void **state)
{
	char *from = shipped_path("etc/content"), *to = scratch(), *a, *b;
	struct buf problems = { 0 };
	const struct content_section *s;
	json_t *pack = read_well(from), *again;

	(void)state;
	assert_int_equal(pack_write(to, pack, &problems), 0);
	for (size_t i = 0; (s = content_section_at(i)) != NULL; i++) {
		a = file_text(from, s->name);
		b = file_text(to, s->name);
		if (strcmp(a, b) != 0)
			print_error("%s.json differs\n", s->name);
		assert_string_equal(a, b);
		free(a);
		free(b);
	}
	again = read_well(to);
	assert_true(json_equal(pack, again));
	json_decref(again);
	json_decref(pack);
	remove_pack(to);
	free(from);
}

static void
the_order_of_entries_and_fields_does_not_matter(void **state)
{
	char *from = shipped_path("etc/content"), *to = scratch(), *a, *b;
	json_t *pack = read_well(from), *list, *entry, *turned, *value;
	struct buf problems = { 0 };
	const char *key;

	(void)state;
	list = json_object_get(json_object_get(pack, "replies"), "entries");
	for (size_t n = json_array_size(list); n > 1; n--) {
		turned = json_object();
		entry = json_array_get(list, 0);
		json_object_foreach(entry, key, value)
			json_object_set(turned, key, value);
		json_array_insert_new(list, n, turned);
		json_array_remove(list, 0);
	}
	json_array_insert(list, 0, json_array_get(list,
	    json_array_size(list) - 1));
	json_array_remove(list, json_array_size(list) - 1);
	assert_int_equal(pack_write(to, pack, &problems), 0);
	a = file_text(from, "replies");
	b = file_text(to, "replies");
	assert_string_equal(a, b);
	free(a);
	free(b);
	json_decref(pack);
	remove_pack(to);
	free(from);
}

static void
a_file_that_cannot_be_read_is_named_by_its_line(void **state)
{
	static const struct {
		const char	*text;
		const char	*at;
	} wrong[] = {
		{ "{\n\"entries\": [\n{]\n", "topics.json:3:" },
		{ "{\n\"a\": \"\xff\"\n}\n", "topics.json:2:" },
		{ "{\n\"a\": 1,\n\"a\": 2}\n", "topics.json:3:" },
		{ "", "topics.json:1:" },
	};
	char *from = shipped_path("etc/content"), *to = scratch();
	struct buf problems = { 0 };
	json_t *pack = read_well(from);

	(void)state;
	assert_int_equal(pack_write(to, pack, &problems), 0);
	json_decref(pack);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		write_text(to, "topics", wrong[i].text);
		assert_null(pack_read(to, &problems));
		if (strstr(buf_str(&problems), wrong[i].at) == NULL)
			print_error("%s", buf_str(&problems));
		assert_non_null(strstr(buf_str(&problems), wrong[i].at));
		buf_reset(&problems);
	}
	assert_null(pack_read("/nowhere", &problems));
	assert_string_equal(buf_str(&problems), "/nowhere: No such file or "
	    "directory; name a directory with a content pack\n");
	buf_clear(&problems);
	remove_pack(to);
	free(from);
}

static void
a_file_that_no_pack_has_is_not_passed_over(void **state)
{
	char *from = shipped_path("etc/content"), *to = scratch(), *other;
	struct buf problems = { 0 };
	json_t *pack = read_well(from);

	(void)state;
	assert_int_equal(pack_write(to, pack, &problems), 0);
	json_decref(pack);
	write_text(to, "menus", "[]");
	assert_null(pack_read(to, &problems));
	assert_non_null(strstr(buf_str(&problems), "/menus.json:0: not a file "
	    "of a pack"));
	other = xasprintf("%s/menus.json", to);
	assert_int_equal(unlink(other), 0);
	json_decref(read_well(to));
	free(other);
	buf_clear(&problems);
	remove_pack(to);
	free(from);
}

static void
an_entry_is_found_by_its_line(void **state)
{
	char *dir = scratch();

	(void)state;
	write_text(dir, "topics", "{\n\"note\": \"a } { [ \\\" \",\n"
	    "\"entries\": [\n{\"code\": \"A\", \"names\": {\"sq\": \"x\"}},\n"
	    "\n{\"code\": \"B\"}, {\"code\":\n \"C\"},\n{\"code\": \"D\"}\n"
	    "]\n}\n");
	assert_int_equal(pack_line(dir, "topics", 0), 1);
	assert_int_equal(pack_line(dir, "topics", 1), 4);
	assert_int_equal(pack_line(dir, "topics", 2), 6);
	assert_int_equal(pack_line(dir, "topics", 3), 6);
	assert_int_equal(pack_line(dir, "topics", 4), 8);
	assert_int_equal(pack_line(dir, "topics", 5), 1);
	assert_int_equal(pack_line(dir, "places", 5), 1);
	remove_pack(dir);
}

static void
a_directory_that_cannot_be_written_is_an_error(void **state)
{
	struct buf problems = { 0 };
	json_t *pack = json_object();

	(void)state;
	assert_int_equal(pack_write("/dev/null/x", pack, &problems), -1);
	assert_true(problems.len > 0);
	buf_clear(&problems);
	json_decref(pack);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_shipped_is_written_back_to_the_octet),
		cmocka_unit_test(
		    the_order_of_entries_and_fields_does_not_matter),
		cmocka_unit_test(
		    a_file_that_cannot_be_read_is_named_by_its_line),
		cmocka_unit_test(
		    a_file_that_no_pack_has_is_not_passed_over),
		cmocka_unit_test(an_entry_is_found_by_its_line),
		cmocka_unit_test(
		    a_directory_that_cannot_be_written_is_an_error),
	};

	return (cmocka_run_group_tests_name("pack", tests, NULL, NULL));
}
