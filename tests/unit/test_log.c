/* The log, and who reads it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/log.h"

static int log_pipe[2], log_before;

/* Standard error is a pipe. */
static int
begin(void **state)
{
	(void)state;
	assert_int_equal(pipe(log_pipe), 0);
	log_before = dup(STDERR_FILENO);
	assert_int_equal(dup2(log_pipe[1], STDERR_FILENO), STDERR_FILENO);
	close(log_pipe[1]);
	log_init("test", LOG_LEVEL_INFO);
	return (0);
}

static int
end(void **state)
{
	(void)state;
	dup2(log_before, STDERR_FILENO);
	close(log_before);
	close(log_pipe[0]);
	return (0);
}

/* All that is in the pipe; the caller frees it. */
static char *
drain(void)
{
	size_t size = 1 << 20, len = 0;
	char *all = malloc(size);
	ssize_t n;

	assert_non_null(all);
	assert_int_equal(write(STDERR_FILENO, "\n", 1), 1);
	do {
		n = read(log_pipe[0], all + len, size - len - 1);
		assert_true(n > 0);
		len += (size_t)n;
	} while (len < 2 || memcmp(all + len - 2, "\n\n", 2) != 0);
	all[len] = '\0';
	return (all);
}

static unsigned int
count(const char *all, const char *word)
{
	unsigned int n = 0;

	for (; (all = strstr(all, word)) != NULL; all++)
		n++;
	return (n);
}

static void
who_does_not_read_stops_nobody_and_is_told_what_was_lost(void **state)
{
	unsigned long lost;
	char first[4097], *rest, *told;

	(void)state;
	for (int n = 0; n < 10000; n++)
		log_notice("event:%05d", n);
	assert_int_equal(read(log_pipe[0], first, 4096), 4096);
	first[4096] = '\0';
	log_notice("then");
	rest = drain();
	told = strstr(rest, "warn: ");
	assert_non_null(told);
	lost = strtoul(told + strlen("warn: "), NULL, 10);
	assert_non_null(strstr(told, "then"));
	/* One may lie across what was read. */
	assert_in_range(count(first, "event:") + count(rest, "event:") + lost,
	    9999, 10000);
	assert_in_range(lost, 1000, 9999);
	free(rest);
}

static void
a_line_is_never_longer_than_a_pipe_takes_at_once(void **state)
{
	char hostile[2000], *all;

	(void)state;
	memset(hostile, 0x1b, sizeof hostile - 1);
	hostile[sizeof hostile - 1] = '\0';
	log_error("%s", hostile);
	all = drain();
	assert_in_range(strlen(all), 2000, 4096 + 1);
	free(all);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    who_does_not_read_stops_nobody_and_is_told_what_was_lost,
		    begin, end),
		cmocka_unit_test_setup_teardown(
		    a_line_is_never_longer_than_a_pipe_takes_at_once, begin,
		    end),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
