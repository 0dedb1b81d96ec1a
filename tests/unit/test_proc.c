/*
 * Starting programs. Run with an argument, this program is the child and tells
 * what it was given. Linked with --wrap for read.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/mem.h"
#include "lib/proc.h"

#define NOBODY 65534
#define AWAIT_MS 10000

ssize_t	 __real_read(int, void *, size_t);
ssize_t	 __wrap_read(int, void *, size_t);
ssize_t	 __wrap___read_chk(int, void *, size_t, size_t);

static char self[4096];
static bool read_fails;	/* once */

ssize_t
__wrap_read(int fd, void *buf, size_t len)
{
	if (!read_fails)
		return (__real_read(fd, buf, len));
	read_fails = false;
	errno = EIO;
	return (-1);
}

/* What read() is where the compiler knows the size of the buffer. */
ssize_t
__wrap___read_chk(int fd, void *buf, size_t len, size_t size)
{
	(void)size;
	return (__wrap_read(fd, buf, len));
}

static void
close_ends(const struct proc *proc)
{
	if (proc->in != -1)
		close(proc->in);
	close(proc->out);
	if (proc->err != -1)
		close(proc->err);
}

/* In the child: one line for each thing. */
static void
tell_signals(void)
{
	struct sigaction action;
	sigset_t mask;
	int blocked = 0, ignored = 0;

	sigprocmask(SIG_SETMASK, NULL, &mask);
	for (int sig = 1; sig <= SIGRTMAX; sig++) {
		blocked += sigismember(&mask, sig) == 1;
		ignored += sigaction(sig, NULL, &action) == 0 &&
		    action.sa_handler == SIG_IGN;
	}
	printf("blocked=%d ignored=%d\n", blocked, ignored);
}

static int
tell(void)
{
	struct rlimit core, files;
	gid_t groups[8] = { 0 };
	char cwd[64];
	int open_fds = 0, tie = 0, group_count;

	for (int fd = 0; fd < 1024; fd++)
		open_fds += fcntl(fd, F_GETFD) != -1;
	printf("fds=%d 0-2=%d\n", open_fds, fcntl(0, F_GETFD) != -1 &&
	    fcntl(1, F_GETFD) != -1 && fcntl(2, F_GETFD) != -1);
	printf("environment=%d\n", environ[0] != NULL &&
	    strncmp(environ[0], "LSAN", 4) != 0);
	getrlimit(RLIMIT_CORE, &core);
	getrlimit(RLIMIT_NOFILE, &files);
	printf("core=%lu files=%lu\n", (unsigned long)core.rlim_max,
	    (unsigned long)files.rlim_max);
	prctl(PR_GET_PDEATHSIG, &tie);
	printf("session=%d tie=%d rights=%d\n", getsid(0) == getpid(), tie,
	    prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
	printf("cwd=%s\n", getcwd(cwd, sizeof cwd) != NULL ? cwd : "?");
	group_count = getgroups(8, groups);
	printf("uid=%d euid=%d gid=%d groups=%d first=%d\n", (int)getuid(),
	    (int)geteuid(), (int)getgid(), group_count,
	    (int)groups[0]);
	tell_signals();
	return (0);
}

static int
be_child(const char *what)
{
	if (strcmp(what, "tell") == 0)
		return (tell());
	if (strcmp(what, "complain") == 0) {
		fputs("something is wrong\n", stderr);
		return (3);
	}
	return (1);
}

/* All that comes until the end of the stream. */
static char *
drain(int fd)
{
	struct buf b = { 0 };
	char chunk[512], *text;
	ssize_t n;

	for (;;) {
		struct pollfd p = { .fd = fd, .events = POLLIN };

		assert_int_equal(poll(&p, 1, AWAIT_MS), 1);
		n = read(fd, chunk, sizeof chunk);
		assert_int_not_equal(n, -1);
		if (n == 0)
			break;
		buf_add(&b, chunk, (size_t)n);
	}
	text = xstrdup(buf_str(&b));
	buf_clear(&b);
	return (text);
}

static int
reap(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	return (status);
}

static void
assert_told(const char *text, const char *line)
{
	if (strstr(text, line) == NULL)
		fail_msg("no \"%s\" in:\n%s", line, text);
}

static void
the_child_has_nothing_but_its_pipes(void **state)
{
	char *argv[] = { self, (char[]){ "tell" }, NULL };
	const struct proc_settings set = { .argv = argv };
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct proc proc;
	sigset_t mask, old;
	char *text;
	int extra = open("/dev/null", O_RDONLY); /* inheritable */

	(void)state;
	sigaction(SIGUSR1, &ignore, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
	sigemptyset(&mask);
	sigaddset(&mask, SIGTERM);
	sigprocmask(SIG_BLOCK, &mask, &old);
	setenv("GLAS_SECRET", "1", 1);
	assert_int_equal(proc_spawn(&set, &proc), 0);
	text = drain(proc.out);
	assert_told(text, "fds=3 0-2=1\n");
	assert_told(text, "environment=0\n");
	assert_told(text, "core=0 files=64\n");
	assert_told(text, "session=1 tie=9 rights=1\n");
	assert_told(text, "cwd=/\n");
	assert_told(text, "blocked=0 ignored=0\n");
	free(text);
	assert_int_equal(reap(proc.pid), 0);
	close_ends(&proc);
	sigprocmask(SIG_SETMASK, NULL, &mask);
	assert_int_equal(sigismember(&mask, SIGTERM), 1);
	assert_int_equal(sigismember(&mask, SIGINT), 0);
	sigprocmask(SIG_SETMASK, &old, NULL);
	ignore.sa_handler = SIG_DFL;
	sigaction(SIGUSR1, &ignore, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
	close(extra);
}

static void
limits_are_settable(void **state)
{
	char *argv[] = { self, (char[]){ "tell" }, NULL };
	const struct proc_settings set = { .argv = argv, .files = 23 };
	struct proc proc;
	char *text;

	(void)state;
	assert_int_equal(proc_spawn(&set, &proc), 0);
	text = drain(proc.out);
	assert_told(text, "files=23\n");
	free(text);
	reap(proc.pid);
	close_ends(&proc);
}

/* In a process of its own: who is no root cannot undo it. */
static int
start_with_few(void)
{
	char *argv[] = { self, (char[]){ "tell" }, NULL };
	const struct proc_settings set = { .argv = argv };
	const struct rlimit few = { 40, 40 };
	struct proc proc;
	char text[4096] = "";
	struct pollfd p;

	if (setrlimit(RLIMIT_NOFILE, &few) == -1 ||
	    proc_spawn(&set, &proc) == -1 || waitpid(proc.pid, NULL, 0) == -1)
		return (1);
	p = (struct pollfd){ .fd = proc.out, .events = POLLIN };
	if (poll(&p, 1, AWAIT_MS) != 1 ||
	    read(proc.out, text, sizeof text - 1) <= 0)
		return (1);
	return (strstr(text, "files=40\n") != NULL ? 0 : 1);
}

static void
a_child_gets_what_descriptors_there_are(void **state)
{
	pid_t pid = fork();

	(void)state;
	assert_int_not_equal(pid, -1);
	if (pid == 0)
		_exit(start_with_few());
	assert_int_equal(reap(pid), 0);
}

static void
the_child_becomes_another_user(void **state)
{
	char *argv[] = { self, (char[]){ "tell" }, NULL };
	const gid_t groups[] = { 20 };
	const struct proc_settings set = { .argv = argv, .drop = true,
		.uid = NOBODY, .gid = NOBODY, .groups = groups,
		.group_count = 1 };
	struct proc proc;
	char *text;

	(void)state;
	if (geteuid() != 0) {
		print_message("SKIP: only root becomes another user\n");
		skip();
	}
	if (access(self, X_OK) == -1 || proc_spawn(&set, &proc) == -1) {
		print_message("SKIP: nobody may run %s\n", self);
		skip();
	}
	text = drain(proc.out);
	assert_told(text, "uid=65534 euid=65534 gid=65534 groups=1 first=20\n");
	assert_told(text, "tie=9");
	free(text);
	reap(proc.pid);
	close_ends(&proc);
}

static void
what_is_written_comes_back_and_ends_are_ours_alone(void **state)
{
	char *argv[] = { (char[]){ "/bin/cat" }, NULL };
	const struct proc_settings set = { .argv = argv };
	struct proc proc;
	char *text, c;

	(void)state;
	assert_int_equal(proc_spawn(&set, &proc), 0);
	assert_int_equal(proc.err, -1);
	assert_true(fcntl(proc.in, F_GETFD) & FD_CLOEXEC);
	assert_true(fcntl(proc.out, F_GETFD) & FD_CLOEXEC);
	assert_true(fcntl(proc.in, F_GETFL) & O_NONBLOCK);
	assert_int_equal(read(proc.out, &c, 1), -1);
	assert_int_equal(errno, EAGAIN);
	assert_int_equal(write(proc.in, "glas\n", 5), 5);
	close(proc.in);
	proc.in = -1;
	text = drain(proc.out);
	assert_string_equal(text, "glas\n");
	free(text);
	assert_int_equal(reap(proc.pid), 0);
	close_ends(&proc);
}

static void
standard_error_is_a_third_pipe_on_request(void **state)
{
	char *argv[] = { self, (char[]){ "complain" }, NULL };
	const struct proc_settings set = { .argv = argv, .take_stderr = true };
	char words[PROC_WORDS], *text;
	struct proc proc;

	(void)state;
	assert_int_equal(proc_spawn(&set, &proc), 0);
	text = drain(proc.err);
	assert_string_equal(text, "something is wrong\n");
	free(text);
	proc_describe(reap(proc.pid), words);
	assert_string_equal(words, "exit 3");
	close_ends(&proc);
}

static void
a_program_that_cannot_run_is_told_at_once(void **state)
{
	static const struct {
		const char *path;
		int error;
	} cases[] = {
		{ "/nowhere/glas-modem", ENOENT },
		{ "/etc/passwd", EACCES },
		{ "/", EACCES },
		{ "/etc/passwd/x", ENOTDIR },
	};
	int before = open("/dev/null", O_RDONLY | O_CLOEXEC), after;

	(void)state;
	close(before);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char path[64], *argv[] = { path, NULL };
		const struct proc_settings set = { .argv = argv,
			.take_stderr = true };
		struct proc proc;

		snprintf(path, sizeof path, "%s", cases[i].path);
		errno = 0;
		assert_int_equal(proc_spawn(&set, &proc), -1);
		assert_int_equal(errno, cases[i].error);
		assert_int_equal(proc.pid, -1);
		assert_int_equal(proc.in, -1);
		assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
		assert_int_equal(errno, ECHILD); /* no zombie */
	}
	after = open("/dev/null", O_RDONLY | O_CLOEXEC);
	assert_int_equal(after, before); /* no descriptor */
	close(after);
}

static void
a_child_that_cannot_be_heard_is_ended(void **state)
{
	char *argv[] = { (char[]){ "/bin/sleep" }, (char[]){ "600" }, NULL };
	const struct proc_settings set = { .argv = argv };
	struct proc proc;

	(void)state;
	read_fails = true;
	assert_int_equal(proc_spawn(&set, &proc), -1);
	assert_int_equal(errno, EIO);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static void
too_few_descriptors_are_an_error(void **state)
{
	char *argv[] = { (char[]){ "/bin/cat" }, NULL };
	const struct proc_settings set = { .argv = argv, .take_stderr = true };
	struct rlimit old, few;
	struct proc proc;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
	for (rlim_t n = 4; n < 16; n++) {
		few = (struct rlimit){ n, old.rlim_max };
		assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
		assert_int_equal(proc_spawn(&set, &proc), -1);
		assert_true(errno == EMFILE || errno == EINVAL);
	}
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
	assert_int_equal(proc_spawn(&set, &proc), 0);
	assert_int_equal(kill(proc.pid, SIGKILL), 0);
	reap(proc.pid);
	close_ends(&proc);
}

static void
a_killed_child_is_described(void **state)
{
	char *argv[] = { (char[]){ "/bin/cat" }, NULL };
	const struct proc_settings set = { .argv = argv };
	char words[PROC_WORDS];
	struct proc proc;

	(void)state;
	assert_int_equal(proc_spawn(&set, &proc), 0);
	assert_int_equal(kill(proc.pid, SIGKILL), 0);
	proc_describe(reap(proc.pid), words);
	assert_string_equal(words, "signal KILL");
	close_ends(&proc);
	proc_describe(SIGSEGV | 0x80, words);
	assert_string_equal(words, "signal SEGV, core");
	proc_describe(0, words);
	assert_string_equal(words, "exit 0");
}

/* A parent without standard descriptors, which spawns and waits to be shot. */
static void
be_parent(int report)
{
	/* Not one that ends by itself when its pipe does. */
	char *argv[] = { (char[]){ "/bin/sleep" }, (char[]){ "600" }, NULL };
	const struct proc_settings set = { .argv = argv };
	struct proc proc;

	close(0);
	close(1);
	if (proc_spawn(&set, &proc) == -1 ||
	    write(report, &proc.pid, sizeof proc.pid) !=
		(ssize_t)sizeof proc.pid)
		_exit(1);
	for (;;)
		pause();
}

static void
the_child_dies_with_its_parent(void **state)
{
	pid_t parent, child;
	char words[PROC_WORDS];
	int fds[2];

	(void)state;
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0);
	assert_int_equal(pipe(fds), 0);
	parent = fork();
	assert_int_not_equal(parent, -1);
	if (parent == 0)
		be_parent(fds[1]);
	assert_int_equal(read(fds[0], &child, sizeof child), sizeof child);
	assert_int_equal(kill(child, 0), 0);
	kill(parent, SIGKILL);
	reap(parent);
	proc_describe(reap(child), words); /* it is ours now */
	assert_string_equal(words, "signal KILL");
	close(fds[0]);
	close(fds[1]);
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0), 0);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_child_has_nothing_but_its_pipes),
		cmocka_unit_test(limits_are_settable),
		cmocka_unit_test(a_child_gets_what_descriptors_there_are),
		cmocka_unit_test(the_child_becomes_another_user),
		cmocka_unit_test(
		    what_is_written_comes_back_and_ends_are_ours_alone),
		cmocka_unit_test(standard_error_is_a_third_pipe_on_request),
		cmocka_unit_test(a_program_that_cannot_run_is_told_at_once),
		cmocka_unit_test(a_child_that_cannot_be_heard_is_ended),
		cmocka_unit_test(too_few_descriptors_are_an_error),
		cmocka_unit_test(a_killed_child_is_described),
		cmocka_unit_test(the_child_dies_with_its_parent),
	};
	ssize_t n;

	if (argc > 1)
		return (be_child(argv[1]));
	n = readlink("/proc/self/exe", self, sizeof self - 1);
	if (n == -1)
		return (1);
	self[n] = '\0';
	log_init("test_proc", LOG_LEVEL_ERROR);
	return (cmocka_run_group_tests(tests, NULL, NULL));
}
