/* Reading configuration files against a table of keys. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/conf.h"
#include "lib/mem.h"

struct house {
	char	*street;
	char	*path;
	char	*colour;
	int	 floors;
	bool	 garden;
	bool	 ended;
	char	 settings[400];
};

struct town {
	struct house	 hall;		/* [hall] */
	struct house	 houses[8];	/* [house NAME], [shed NAME] */
	char		 names[8][40];
	size_t		 house_count;
};

static const char *
check_street(const char *value)
{
	return (strchr(value, '!') != NULL ? "shouts; write it quietly" : NULL);
}

static const struct conf_key keys[] = {
	{ .name = "street", .type = CONF_STRING, .required = true,
	    .check = check_street, .into = offsetof(struct house, street),
	    .help = "where it is" },
	{ .name = "path", .type = CONF_PATH,
	    .into = offsetof(struct house, path) },
	{ .name = "colour", .type = CONF_WORD, .words = "red dark-green blue",
	    .fallback = "blue", .into = offsetof(struct house, colour) },
	{ .name = "floors", .type = CONF_INT, .min = -2, .max = 30,
	    .fallback = "1", .into = offsetof(struct house, floors),
	    .help = "above the ground" },
	{ .name = "garden", .type = CONF_BOOL, .fallback = "yes",
	    .into = offsetof(struct house, garden) },
};

static void *
begin_hall(void *arg, const struct conf_section *section, const char *name)
{
	struct town *town = arg;

	(void)section;
	assert_null(name);
	return (&town->hall);
}

static void *
begin_house(void *arg, const struct conf_section *section, const char *name)
{
	struct town *town = arg;

	(void)section;
	assert_true(town->house_count < 8);
	snprintf(town->names[town->house_count], 40, "%s", name);
	return (&town->houses[town->house_count++]);
}

static const char *
house_setting(void *into, const char *key, const char *value)
{
	struct house *house = into;
	size_t len = strlen(house->settings);

	snprintf(house->settings + len, sizeof house->settings - len,
	    "%s=%s;", key, value);
	return (strcmp(value, "never") == 0 ? "is never so" : NULL);
}

static const char *
house_end(const void *into)
{
	const struct house *house = into;

	*(bool *)(uintptr_t)&house->ended = true;
	return (house->floors == 13 ? "thirteen floors" : NULL);
}

#define KEYS .keys = keys, .key_count = sizeof keys / sizeof keys[0]

static const struct conf_section sections[] = {
	{ .kind = "hall", KEYS, .begin = begin_hall, .end = house_end },
	{ .kind = "house", .named = true, KEYS, .begin = begin_house,
	    .setting = house_setting, .end = house_end },
	{ .kind = "shed", .named = true, .open = true, KEYS,
	    .begin = begin_house, .setting = house_setting },
};

/* Writes the text to a file and reads that. */
static int
read_text(const void *text, size_t len, struct town *town,
    struct buf *problems)
{
	char path[] = "/tmp/glas-conf.XXXXXX";
	int fd = mkstemp(path), result;

	assert_int_not_equal(fd, -1);
	assert_int_equal(write(fd, text, len), (ssize_t)len);
	close(fd);
	memset(town, 0, sizeof *town);
	memset(problems, 0, sizeof *problems);
	result = conf_read(path, sections, sizeof sections /
	    sizeof sections[0], town, problems);
	assert_int_equal(result == -1, problems->len != 0);
	unlink(path);
	return (result);
}

static void
town_clear(struct town *town, struct buf *problems)
{
	conf_section_clear(&sections[0], &town->hall);
	for (size_t i = 0; i < town->house_count; i++)
		conf_section_clear(&sections[1], &town->houses[i]);
	buf_clear(problems);
}

/* The line numbers of the problems, "3 5 5"; 0 is the file as a whole. */
static void
problem_lines(struct buf *problems, char *lines, size_t size)
{
	char *save, *line = strtok_r(buf_str(problems), "\n", &save);
	size_t len = 0;

	lines[0] = '\0';
	for (; line != NULL; line = strtok_r(NULL, "\n", &save)) {
		const char *colon = strchr(line, ':');

		assert_non_null(colon);
		len += (size_t)snprintf(lines + len, size - len, "%s%lu",
		    len != 0 ? " " : "", strtoul(colon + 1, NULL, 10));
	}
}

static void
every_type_arrives(void **state)
{
	static const char text[] = "[hall]\nstreet = Main street 5 ; old\n"
	    "path = /srv/a b\ncolour = dark-green\nfloors = -2\ngarden = no\n";
	struct town town;
	struct buf problems;

	(void)state;
	assert_int_equal(read_text(text, sizeof text - 1, &town, &problems),
	    0);
	assert_string_equal(town.hall.street, "Main street 5");
	assert_string_equal(town.hall.path, "/srv/a b");
	assert_string_equal(town.hall.colour, "dark-green");
	assert_int_equal(town.hall.floors, -2);
	assert_false(town.hall.garden);
	assert_true(town.hall.ended);
	town_clear(&town, &problems);
}

static void
keys_left_out_or_blank_have_their_defaults(void **state)
{
	static const char text[] = "[hall]\nstreet=x\ncolour =\nfloors=  ;no\n";
	struct town town;
	struct buf problems;

	(void)state;
	assert_int_equal(read_text(text, sizeof text - 1, &town, &problems),
	    0);
	assert_null(town.hall.path);
	assert_string_equal(town.hall.colour, "blue");
	assert_int_equal(town.hall.floors, 1);
	assert_true(town.hall.garden);
	town_clear(&town, &problems);
}

static void
named_sections_keep_their_order_and_settings(void **state)
{
	static const char text[] = "[hall]\nstreet=x\n[house a-1]\nstreet=y\n"
	    "[shed b]\nstreet=z\nroof = tin, 3% new ; at last\nempty=\n"
	    "[ house \t c ] ; spaces do no harm\nstreet=q\n";
	struct town town;
	struct buf problems;

	(void)state;
	assert_int_equal(read_text(text, sizeof text - 1, &town, &problems),
	    0);
	assert_int_equal(town.house_count, 3);
	assert_string_equal(town.names[0], "a-1");
	assert_string_equal(town.names[1], "b");
	assert_string_equal(town.names[2], "c");
	assert_string_equal(town.houses[0].settings,
	    "street=y;colour=blue;floors=1;garden=yes;");
	assert_string_equal(town.houses[1].settings, "street=z;"
	    "roof=tin, 3% new;empty=;colour=blue;floors=1;garden=yes;");
	town_clear(&town, &problems);
}

static void
files_of_other_systems_are_read(void **state)
{
	static const char text[] = "\xef\xbb\xbf; note\r\n# note\r\n\r\n"
	    "  [hall]\r\n  street = \xd0\xa6\xd0\xb0\xd1\x80\xd0\xb0\r\n"
	    "\tfloors : 2";
	struct town town;
	struct buf problems;

	(void)state;
	assert_int_equal(read_text(text, sizeof text - 1, &town, &problems),
	    0);
	assert_string_equal(town.hall.street,
	    "\xd0\xa6\xd0\xb0\xd1\x80\xd0\xb0");
	assert_int_equal(town.hall.floors, 2);
	town_clear(&town, &problems);
}

static void
every_problem_is_found_in_its_line(void **state)
{
	static const struct {
		const char *text, *lines;
	} cases[] = {
		{ "", "0" },
		{ "[hall]\n", "1" },
		{ "\n[hall]\nstreet =\n", "2" },
		{ "[hall]\nstreet=x\nstret=y\n", "3" },
		{ "[hall]\nstreet=x\nnothing\n", "3" },
		{ "[hall]\nstreet=x\n= 5\n", "3" },
		{ "street=x\n[hall]\nstreet=x\n", "1" },
		{ "[hall]\nstreet=x\nfloors=1\nfloors=1\n", "4" },
		{ "[hall]\nstreet=x\nfloors=\nfloors=1\n", "4" },
		{ "[hall]\nstreet=x!\n", "2" },
		{ "[hall]\nstreet=x\npath=srv\n", "3" },
		{ "[hall]\nstreet=x\npath=/srv # here\n", "3" },
		{ "[hall]\nstreet=x\ncolour=dark\n", "3" },
		{ "[hall]\nstreet=x\ncolour=red dark-green\n", "3" },
		{ "[hall]\nstreet=x\ngarden=true\n", "3" },
		{ "[hall]\nstreet=x\nfloors=31\n", "3" },
		{ "[hall]\nstreet=x\nfloors=-3\n", "3" },
		{ "[hall]\nstreet=x\nfloors=-\n", "3" },
		{ "[hall]\nstreet=x\nfloors=1e1\n", "3" },
		{ "[hall]\nstreet=x\nfloors=99999999999999999999\n", "3" },
		{ "[hall]\nstreet=x\nfloors=18446744073709551617\n", "3" },
		{ "[hall]\nstreet=x\nfloors=13\n", "1" },
		/* a section without a mistake is judged as a whole, no other */
		{ "[hall]\nfloors=13\n", "1" },
		{ "[hall]\nstreet=x\n[hall]\nstreet=y\n", "3" },
		{ "[hall a]\nstreet=x\n", "1" },
		{ "[hall]\nstreet=x\n[house]\nstreet=y\nfoo=1\n", "3 5" },
		{ "[hall]\nstreet=x\n[house A]\nstreet=y\n", "3" },
		{ "[hall]\nstreet=x\n[house a b]\nstreet=y\n", "3" },
		{ "[hall]\nstreet=x\n[house abcdefghijklmnopqrstuvwxyz0123456]"
		    "\nstreet=y\n", "3" },
		{ "[hall]\nstreet=x\n[house a]\nstreet=y\n[shed a]\nstreet=z\n",
		    "5" },
		{ "[hall]\nstreet=x\n[shack a]\nstreet=y\njunk=2\n", "3" },
		{ "[hall]\nstreet=x\n[]\njunk=2\n", "3" },
		{ "[hall]\nstreet=x\n[house a\nstreet=y\n", "3" },
		{ "[hall] street=x\nstreet=x\n", "1" },
		{ "[hall]\nstreet=x\n[shed s]\nstreet=y\nroof=never\n", "5" },
		{ "[hall]\nstreet=x\x7f\n", "2 1" },
		{ "[hall]\nstreet=\x1b[31mx\n", "2 1" },
		{ "[hall]\nstreet=x\xff\n", "2 1" },
		{ "[hall]\nstreet=x\nfloors=a\ngarden=b\n[house Z]\npath=c\n",
		    "3 4 5 6 5" },
	};
	char lines[200];
	struct town town;
	struct buf problems;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		int result = read_text(cases[i].text, strlen(cases[i].text),
		    &town, &problems);

		problem_lines(&problems, lines, sizeof lines);
		if (strcmp(lines, cases[i].lines) != 0)
			fail_msg("%s: problems in lines '%s', not '%s'",
			    cases[i].text, lines, cases[i].lines);
		assert_int_equal(result == -1, cases[i].lines[0] != '\0');
		town_clear(&town, &problems);
	}
}

static void
a_line_too_long_is_refused_not_cut(void **state)
{
	char text[300], lines[40];
	struct town town;
	struct buf problems;

	(void)state;
	for (int len = 196; len <= 202; len++) {
		snprintf(text, sizeof text, "[hall]\nstreet=%0*d\n", len - 7,
		    5);
		read_text(text, strlen(text), &town, &problems);
		problem_lines(&problems, lines, sizeof lines);
		assert_string_equal(lines, len <= 199 ? "" : "2 1");
		if (len <= 199)
			assert_int_equal(strlen(town.hall.street), len - 7);
		town_clear(&town, &problems);
	}
}

static void
a_nul_does_not_hide_the_rest_of_a_line(void **state)
{
	static const char text[] = "[hall]\nstreet=x\nfloors=1\0garbage\n";
	char lines[40];
	struct town town;
	struct buf problems;

	(void)state;
	assert_int_equal(read_text(text, sizeof text - 1, &town, &problems),
	    -1);
	problem_lines(&problems, lines, sizeof lines);
	assert_string_equal(lines, "3");
	town_clear(&town, &problems);
}

static void
a_file_of_another_sort_is_given_up(void **state)
{
	char text[2000];
	size_t count = 0;
	struct town town;
	struct buf problems;

	(void)state;
	for (size_t i = 0; i < sizeof text; i++)
		text[i] = i % 4 == 3 ? '\n' : 'x';
	assert_int_equal(read_text(text, sizeof text, &town, &problems), -1);
	for (const char *p = buf_str(&problems); *p != '\0'; p++)
		count += *p == '\n';
	assert_int_equal(count, 51);
	town_clear(&town, &problems);
}

static void
a_file_that_cannot_be_read_is_one_problem(void **state)
{
	static const char *const files[] = { "/nonexistent/glas.conf", "/tmp" };
	char lines[40];

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct town town = { 0 };
		struct buf problems = { 0 };

		assert_int_equal(conf_read(files[i], sections, 3, &town,
		    &problems), -1);
		/* No line is named where there is none. */
		assert_memory_equal(problems.data, files[i],
		    strlen(files[i]));
		assert_memory_equal(problems.data + strlen(files[i]),
		    ": cannot", sizeof ": cannot" - 1);
		problem_lines(&problems, lines, sizeof lines);
		assert_string_equal(lines, "0");
		town_clear(&town, &problems);
	}
}

static void
misspelt_words_find_the_nearest(void **state)
{
	static const struct {
		const char *wrong, *meant;
	} cases[] = {
		{ "spool_dir", "spool-dir" },
		{ "spooldir", "spool-dir" },
		{ "spol-dri", "spool-dir" },
		{ "key", NULL },
		{ "keydir", "key-dir" },
		{ "Control", "control" },
		{ "foo", NULL },
		{ "", NULL },
		{ "colour-of-the-house", NULL },
	};
	static const char *const words[] = { "name", "spool-dir", "key-dir",
		"control" };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const char *near = NULL;

		for (size_t j = 0; j < 4; j++)
			near = conf_nearer(cases[i].wrong, near, words[j]);
		if (cases[i].meant == NULL)
			assert_null(near);
		else
			assert_string_equal(near, cases[i].meant);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_type_arrives),
		cmocka_unit_test(keys_left_out_or_blank_have_their_defaults),
		cmocka_unit_test(named_sections_keep_their_order_and_settings),
		cmocka_unit_test(files_of_other_systems_are_read),
		cmocka_unit_test(every_problem_is_found_in_its_line),
		cmocka_unit_test(a_line_too_long_is_refused_not_cut),
		cmocka_unit_test(a_nul_does_not_hide_the_rest_of_a_line),
		cmocka_unit_test(a_file_of_another_sort_is_given_up),
		cmocka_unit_test(a_file_that_cannot_be_read_is_one_problem),
		cmocka_unit_test(misspelt_words_find_the_nearest),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
