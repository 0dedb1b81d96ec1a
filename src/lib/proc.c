/*
 * Starts the links. Runs in glasd; owns nothing once proc_spawn() has returned:
 * pipes and child are the caller's. A child that cannot be made as it must be
 * is not run at all: it says why through a pipe that exec closes.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/proc.h"

#define PROC_FILES 64
#define PROC_FAILED 127
#define PROC_STATUS_FD 3
#define PROC_LOW_FD 10 /* above the numbers that the child's ends come to */

enum proc_step {
	PROC_STEP_PIPES,
	PROC_STEP_FORK,
	PROC_STEP_SIGNALS,
	PROC_STEP_FILES,
	PROC_STEP_SESSION,
	PROC_STEP_LIMITS,
	PROC_STEP_USER,
	PROC_STEP_TIE,
	PROC_STEP_EXEC
};

static const char *const proc_steps[] = {
	[PROC_STEP_PIPES] = "make pipes",
	[PROC_STEP_FORK] = "fork",
	[PROC_STEP_SIGNALS] = "reset its signals",
	[PROC_STEP_FILES] = "arrange its descriptors",
	[PROC_STEP_SESSION] = "make its session",
	[PROC_STEP_LIMITS] = "set its limits",
	[PROC_STEP_USER] = "become its user",
	[PROC_STEP_TIE] = "tie its life to ours",
	[PROC_STEP_EXEC] = "run it",
};

/* What the child says when it fails. */
struct proc_report {
	enum proc_step step;
	int error;
};

enum proc_pipe {
	PROC_PIPE_IN,
	PROC_PIPE_OUT,
	PROC_PIPE_ERR,
	PROC_PIPE_STATUS,
	PROC_PIPES
};

/* -1 where there is none. */
struct proc_ends {
	int ours[PROC_PIPES];
	int theirs[PROC_PIPES];
};

static void
proc_close_fd(int *fd)
{
	if (*fd != -1)
		close(*fd);
	*fd = -1;
}

static void
proc_close_ends(int ends[PROC_PIPES])
{
	for (int i = 0; i < PROC_PIPES; i++)
		proc_close_fd(&ends[i]);
}

/* Out of the way of 0-3, which may be closed in the parent and would then be
 * given out here. */
static int
proc_raise_fd(int *fd)
{
	int high = fcntl(*fd, F_DUPFD_CLOEXEC, PROC_LOW_FD);

	if (high == -1)
		return (-1);
	close(*fd);
	*fd = high;
	return (0);
}

static int
proc_make_pipe(struct proc_ends *e, enum proc_pipe which)
{
	bool we_write = which == PROC_PIPE_IN;
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) == -1)
		return (-1);
	e->ours[which] = fds[we_write];
	e->theirs[which] = fds[!we_write];
	if (proc_raise_fd(&e->ours[which]) == -1 ||
	    proc_raise_fd(&e->theirs[which]) == -1)
		return (-1);
	if (which == PROC_PIPE_STATUS)
		return (0);
	return (fcntl(e->ours[which], F_SETFL, O_NONBLOCK));
}

static int
proc_make_pipes(struct proc_ends *e, bool take_stderr)
{
	for (int i = 0; i < PROC_PIPES; i++)
		e->ours[i] = e->theirs[i] = -1;
	if (proc_make_pipe(e, PROC_PIPE_IN) == -1 ||
	    proc_make_pipe(e, PROC_PIPE_OUT) == -1 ||
	    proc_make_pipe(e, PROC_PIPE_STATUS) == -1)
		return (-1);
	return (take_stderr ? proc_make_pipe(e, PROC_PIPE_ERR) : 0);
}

/* From here to proc_child(): in the child, where only what is safe in a signal
 * handler may be called. */

static int
proc_child_signals(void)
{
	struct sigaction action = { .sa_handler = SIG_DFL };
	sigset_t none;

	sigemptyset(&action.sa_mask);
	for (int sig = 1; sig <= SIGRTMAX; sig++) {
		/* EINVAL: KILL, STOP, and those that libc keeps. */
		if (sigaction(sig, &action, NULL) == -1 && errno != EINVAL)
			return (-1);
	}
	sigemptyset(&none);
	return (sigprocmask(SIG_SETMASK, &none, NULL));
}

static int
proc_child_files(const struct proc_ends *e)
{
	if (dup2(e->theirs[PROC_PIPE_IN], STDIN_FILENO) == -1 ||
	    dup2(e->theirs[PROC_PIPE_OUT], STDOUT_FILENO) == -1 ||
	    (e->theirs[PROC_PIPE_ERR] != -1 &&
		dup2(e->theirs[PROC_PIPE_ERR], STDERR_FILENO) == -1) ||
	    dup3(e->theirs[PROC_PIPE_STATUS], PROC_STATUS_FD, O_CLOEXEC) == -1)
		return (-1);
	return (close_range(PROC_STATUS_FD + 1, ~0u, 0));
}

static int
proc_child_limits(const struct proc_settings *set)
{
	rlim_t files = set->files != 0 ? set->files : PROC_FILES;
	const struct rlimit core = { 0, 0 };
	struct rlimit nofile;

	if (!set->core && setrlimit(RLIMIT_CORE, &core) == -1)
		return (-1);
	/* Where there are fewer, they may be enough. */
	if (getrlimit(RLIMIT_NOFILE, &nofile) == -1)
		return (-1);
	if (nofile.rlim_max > files)
		nofile.rlim_max = files;
	nofile.rlim_cur = nofile.rlim_max;
	return (setrlimit(RLIMIT_NOFILE, &nofile));
}

static int
proc_child_user(const struct proc_settings *set)
{
	if (set->drop) {
		if (setgroups(set->group_count, set->groups) == -1 ||
		    setresgid(set->gid, set->gid, set->gid) == -1 ||
		    setresuid(set->uid, set->uid, set->uid) == -1)
			return (-1);
		if (set->uid != 0 && setuid(0) == 0) {
			errno = EPERM;
			return (-1);
		}
	}
	return (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
}

/* After the change of user, which undoes it. A parent that died before has
 * sent no signal; the child sees another one then. */
static int
proc_child_tie(pid_t parent)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == -1)
		return (-1);
	if (getppid() != parent) {
		errno = ESRCH;
		return (-1);
	}
	return (0);
}

/* Returns only with the step that failed. */
static enum proc_step
proc_child_run(const struct proc_settings *set, const struct proc_ends *e,
    pid_t parent)
{
	static char *const no_environment[] = { NULL };

	if (proc_child_files(e) == -1)
		return (PROC_STEP_FILES);
	if (proc_child_signals() == -1)
		return (PROC_STEP_SIGNALS);
	if (setsid() == -1 || chdir("/") == -1)
		return (PROC_STEP_SESSION);
	if (proc_child_limits(set) == -1)
		return (PROC_STEP_LIMITS);
	if (proc_child_user(set) == -1)
		return (PROC_STEP_USER);
	if (proc_child_tie(parent) == -1)
		return (PROC_STEP_TIE);
	execve(set->argv[0], set->argv, no_environment);
	return (PROC_STEP_EXEC);
}

static void __attribute__((noreturn)) proc_child(
    const struct proc_settings *set, const struct proc_ends *e, pid_t parent)
{
	struct proc_report report;
	int status_fd = PROC_STATUS_FD;

	report.step = proc_child_run(set, e, parent);
	report.error = errno;
	if (report.step == PROC_STEP_FILES)
		status_fd = e->theirs[PROC_PIPE_STATUS];
	if (write(status_fd, &report, sizeof report) == -1)
		_exit(PROC_FAILED); /* the parent is gone */
	_exit(PROC_FAILED);
}

/* All signals wait while there are two of us with the parent's handlers. */
static pid_t
proc_fork(const struct proc_settings *set, const struct proc_ends *e)
{
	sigset_t all, before;
	pid_t pid, parent = getpid();
	int error;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	pid = fork();
	if (pid == 0)
		proc_child(set, e, parent);
	error = errno;
	sigprocmask(SIG_SETMASK, &before, NULL);
	errno = error;
	return (pid);
}

/* Waits for exec, which closes the pipe, or for the report and the end. Of a
 * child that nothing can be heard of it is not known whether it would end. */
static int
proc_await(pid_t pid, int status_fd, struct proc_report *report)
{
	ssize_t n;

	do
		n = read(status_fd, report, sizeof *report);
	while (n == -1 && errno == EINTR);
	if (n == 0)
		return (0);
	if (n != (ssize_t)sizeof *report) {
		*report = (struct proc_report){ PROC_STEP_FORK,
			n == -1 ? errno : EPIPE };
		(void)kill(pid, SIGKILL);
	}
	while (waitpid(pid, NULL, 0) == -1 && errno == EINTR)
		;
	return (-1);
}

int
proc_spawn(const struct proc_settings *set, struct proc *proc)
{
	struct proc_report report = { PROC_STEP_PIPES, 0 };
	struct proc_ends e;
	pid_t pid;

	*proc = (struct proc){ .pid = -1, .in = -1, .out = -1, .err = -1 };
	if (proc_make_pipes(&e, set->take_stderr) == -1)
		goto fail;
	report.step = PROC_STEP_FORK;
	if ((pid = proc_fork(set, &e)) == -1)
		goto fail;
	proc_close_ends(e.theirs);
	if (proc_await(pid, e.ours[PROC_PIPE_STATUS], &report) == -1) {
		errno = report.error;
		goto fail;
	}
	proc_close_fd(&e.ours[PROC_PIPE_STATUS]);
	*proc = (struct proc){ .pid = pid,
		.in = e.ours[PROC_PIPE_IN],
		.out = e.ours[PROC_PIPE_OUT],
		.err = e.ours[PROC_PIPE_ERR] };
	return (0);
fail:
	report.error = errno;
	proc_close_ends(e.ours);
	proc_close_ends(e.theirs);
	log_warn("%s: cannot %s: %s", set->argv[0], proc_steps[report.step],
	    strerror(report.error));
	errno = report.error;
	return (-1);
}

void
proc_describe(int status, char words[PROC_WORDS])
{
	const char *name;

	if (WIFEXITED(status)) {
		snprintf(words, PROC_WORDS, "exit %d", WEXITSTATUS(status));
	} else if (WIFSIGNALED(status)) {
		name = sigabbrev_np(WTERMSIG(status));
		if (name != NULL)
			snprintf(words, PROC_WORDS, "signal %.16s%s", name,
			    WCOREDUMP(status) ? ", core" : "");
		else
			snprintf(
			    words, PROC_WORDS, "signal %d", WTERMSIG(status));
	} else {
		snprintf(words, PROC_WORDS, "status %d", status);
	}
}
