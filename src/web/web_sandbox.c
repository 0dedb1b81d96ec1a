/*
 * The sandbox of glas-web: Landlock, which leaves no file, and seccomp, which
 * leaves TCP: of those who come, and to whom texts are given. Runs once, before the first octet from outside; owns nothing.
 */
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <errno.h>
#include <unistd.h>

#include <linux/landlock.h>
#include <seccomp.h>

#include "lib/log.h"
#include "web/web_sandbox.h"

static int
web_sandbox_files(void)
{
	const struct landlock_ruleset_attr all = {
		.handled_access_fs = LANDLOCK_ACCESS_FS_EXECUTE |
		    LANDLOCK_ACCESS_FS_WRITE_FILE |
		    LANDLOCK_ACCESS_FS_READ_FILE |
		    LANDLOCK_ACCESS_FS_READ_DIR |
		    LANDLOCK_ACCESS_FS_REMOVE_DIR |
		    LANDLOCK_ACCESS_FS_REMOVE_FILE |
		    LANDLOCK_ACCESS_FS_MAKE_CHAR |
		    LANDLOCK_ACCESS_FS_MAKE_DIR |
		    LANDLOCK_ACCESS_FS_MAKE_REG |
		    LANDLOCK_ACCESS_FS_MAKE_SOCK |
		    LANDLOCK_ACCESS_FS_MAKE_FIFO |
		    LANDLOCK_ACCESS_FS_MAKE_BLOCK |
		    LANDLOCK_ACCESS_FS_MAKE_SYM
	};
	int fd = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof all,
	    0), rc;

	if (fd == -1)
		return (-1);
	rc = (int)syscall(SYS_landlock_restrict_self, fd, 0);
	close(fd);
	return (rc);
}

/* What glibc, jansson and libevent use. */
static const int web_sandbox_calls[] = {
	SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(readv), SCMP_SYS(writev),
	SCMP_SYS(close), SCMP_SYS(fstat), SCMP_SYS(newfstatat),
	SCMP_SYS(fcntl), SCMP_SYS(fcntl64), SCMP_SYS(ioctl),
	SCMP_SYS(lseek),
	SCMP_SYS(accept), SCMP_SYS(accept4),
	SCMP_SYS(shutdown), SCMP_SYS(getsockopt), SCMP_SYS(setsockopt),
	SCMP_SYS(getsockname), SCMP_SYS(getpeername), SCMP_SYS(recvfrom),
	SCMP_SYS(recvmsg), SCMP_SYS(epoll_wait), SCMP_SYS(epoll_pwait),
	SCMP_SYS(epoll_pwait2), SCMP_SYS(epoll_ctl), SCMP_SYS(timerfd_settime),
	SCMP_SYS(poll), SCMP_SYS(ppoll),
	SCMP_SYS(nanosleep), SCMP_SYS(clock_nanosleep),
	SCMP_SYS(clock_gettime), SCMP_SYS(clock_gettime64),
	SCMP_SYS(gettimeofday), SCMP_SYS(time),
	SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise),
	SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn), SCMP_SYS(sigaltstack), SCMP_SYS(getpid),
	SCMP_SYS(gettid), SCMP_SYS(getrandom), SCMP_SYS(futex),
	SCMP_SYS(sched_yield), SCMP_SYS(restart_syscall), SCMP_SYS(exit),
	SCMP_SYS(exit_group),
};

/* No code out of data, no signal to others, and no connection by a send: with
 * MSG_FASTOPEN that makes one. */
static int
web_sandbox_some(scmp_filter_ctx filter)
{
	static const int memory[] = { SCMP_SYS(mmap), SCMP_SYS(mprotect) };
	pid_t pid = getpid();

	for (size_t i = 0; i < 2; i++) {
		if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, memory[i], 1,
		    SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) != 0)
			return (-1);
	}
	return (seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(sendto), 1,
	    SCMP_A3(SCMP_CMP_MASKED_EQ, MSG_FASTOPEN, 0)) != 0 ||
	    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(sendmsg), 1,
	    SCMP_A2(SCMP_CMP_MASKED_EQ, MSG_FASTOPEN, 0)) != 0 ||
	    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
	    SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)pid, 0)) != 0 ? -1 : 0);
}

/* To whom texts are given, nobody looks up: TCP is enough. */
static int
web_sandbox_out(scmp_filter_ctx filter)
{
	static const int families[] = { AF_INET, AF_INET6 };

	for (size_t i = 0; i < 2; i++) {
		if (seccomp_rule_add(filter, SCMP_ACT_ALLOW,
		    SCMP_SYS(socket), 2, SCMP_A0(SCMP_CMP_EQ,
		    (scmp_datum_t)families[i], 0), SCMP_A1(SCMP_CMP_MASKED_EQ,
		    0xf, SOCK_STREAM)) != 0)
			return (-1);
	}
	return (seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(connect),
	    0) != 0 ? -1 : 0);
}

static int
web_sandbox_system_calls(bool out)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int rc = -1;

	if (filter == NULL)
		return (-1);
	for (size_t i = 0; i < sizeof web_sandbox_calls /
	    sizeof web_sandbox_calls[0]; i++) {
		if (seccomp_rule_add(filter, SCMP_ACT_ALLOW,
		    web_sandbox_calls[i], 0) != 0)
			goto out;
	}
	if (web_sandbox_some(filter) == 0 &&
	    (!out || web_sandbox_out(filter) == 0) &&
	    seccomp_load(filter) == 0)
		rc = 0;
out:
	seccomp_release(filter);
	return (rc);
}

bool
web_sandbox_enter(bool out)
{
	const struct rlimit core = { 0, 0 };
	bool files, calls;

	setrlimit(RLIMIT_CORE, &core);
	prctl(PR_SET_DUMPABLE, 0);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
		return (false);
	files = web_sandbox_files() == 0;
	calls = web_sandbox_system_calls(out) == 0;
	if (!files)
		log_warn("Landlock does not confine this process");
	if (!calls)
		log_warn("seccomp does not confine this process");
	return (files && calls);
}
