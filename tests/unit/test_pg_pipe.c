/* The connection in an event loop, to a server that says nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <event2/event.h>

#include "lib/log.h"
#include "lib/mem.h"
#include "store/pg.h"

/* What was said of it. */
struct heard {
	unsigned int	 downs;
	char		 why[128];
};

static void
never_up(void *arg)
{
	(void)arg;
	fail_msg("a server that says nothing is no server");
}

static void
heard_down(void *arg, const char *sqlstate, const char *why)
{
	struct heard *heard = arg;

	assert_string_equal(sqlstate, "");
	heard->downs++;
	snprintf(heard->why, sizeof heard->why, "%s", why);
}

static const struct pg_pipe_events events = { .up = never_up,
	.down = heard_down, .notified = never_up };

/* Takes connections into its backlog. */
static int
silent_server(char folder[sizeof "/tmp/glas-pipe-XXXXXX"], char **socket_path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_non_null(mkdtemp(folder));
	*socket_path = xasprintf("%s/.s.PGSQL.5432", folder);
	strcpy(address.sun_path, *socket_path);
	assert_int_not_equal(fd, -1);
	assert_int_equal(bind(fd, (struct sockaddr *)&address,
	    sizeof address), 0);
	assert_int_equal(listen(fd, 8), 0);
	return (fd);
}

/* The lowest numbers that are free. */
static void
free_numbers(int numbers[], int count)
{
	for (int fd = 3, n = 0; n < count; fd++) {
		if (fcntl(fd, F_GETFD) == -1)
			numbers[n++] = fd;
	}
}

static void
one_that_cannot_be_watched_is_given_up_at_once(void **state)
{
	char folder[] = "/tmp/glas-pipe-XXXXXX", *path, *conninfo;
	int server = silent_server(folder, &path), numbers[3];
	struct event_base *base = event_base_new();
	struct heard heard = { 0 };
	struct rlimit old, few;
	struct pg_pipe *pipe;

	(void)state;
	conninfo = xasprintf("host=%s port=5432 user=x dbname=x", folder);
	pipe = pg_pipe_new(base, conninfo, "x", &events, &heard);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
	for (rlim_t room = 0; room < 3; room++) {
		/* The socket needs one, and so does who looks at it. */
		free_numbers(numbers, 3);
		few = (struct rlimit){ (rlim_t)numbers[room], old.rlim_max };
		assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
		heard = (struct heard){ 0 };
		pg_pipe_start(pipe);
		assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
		assert_int_equal(heard.downs, room < 2 ? 1 : 0);
		if (room < 2)
			assert_non_null(strstr(heard.why, strerror(EMFILE)));
	}
	pg_pipe_free(pipe);
	event_base_free(base);
	close(server);
	unlink(path);
	rmdir(folder);
	free(path);
	free(conninfo);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    one_that_cannot_be_watched_is_given_up_at_once),
	};

	log_init("test_pg_pipe", LOG_LEVEL_ERROR);
	return (cmocka_run_group_tests(tests, NULL, NULL));
}
