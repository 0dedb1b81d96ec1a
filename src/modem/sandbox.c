/*
 * The sandbox of glas-modem: Landlock, then seccomp. Runs before the first
 * call of libgammu, whose decoder crafted texts can overrun; owns nothing.
 * What the kernel cannot do is left out and said.
 */
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <unistd.h>

#include <asm/termbits.h>
#include <linux/landlock.h>
#include <seccomp.h>

#include "lib/log.h"
#include "modem/sandbox.h"

#define SANDBOX_FILES	64
#define SANDBOX_MEMORY	(256ul << 20)

/* A sanitizer's shadow is larger than any sensible limit. */
#if defined(__SANITIZE_ADDRESS__)
#define SANDBOX_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANDBOX_SANITIZED 1
#endif
#endif

/* Younger than the headers of Debian 12. */
#define SANDBOX_FS_TRUNCATE	(1ull << 14)	/* Landlock ABI 3 */
#define SANDBOX_FS_IOCTL_DEV	(1ull << 15)	/* 5 */
#define SANDBOX_NET		3ull		/* 4: bind, connect */
#define SANDBOX_SCOPE		3ull		/* 6: sockets, signals */

#define SANDBOX_READ	(LANDLOCK_ACCESS_FS_READ_FILE)
#define SANDBOX_DEVICE	(SANDBOX_READ | LANDLOCK_ACCESS_FS_WRITE_FILE | \
			SANDBOX_FS_IOCTL_DEV)
#define SANDBOX_PHONE	(SANDBOX_READ | LANDLOCK_ACCESS_FS_WRITE_FILE | \
			LANDLOCK_ACCESS_FS_READ_DIR | \
			LANDLOCK_ACCESS_FS_MAKE_DIR | \
			LANDLOCK_ACCESS_FS_MAKE_REG | \
			LANDLOCK_ACCESS_FS_REMOVE_FILE | SANDBOX_FS_TRUNCATE)

struct sandbox_ruleset {
	uint64_t	 fs;
	uint64_t	 net;
	uint64_t	 scope;
};

void
sandbox_limit(void)
{
	const struct rlimit files = { SANDBOX_FILES, SANDBOX_FILES };
	const struct rlimit core = { 0, 0 };

	close_range(STDERR_FILENO + 1, ~0u, 0);
	setrlimit(RLIMIT_NOFILE, &files);
	setrlimit(RLIMIT_CORE, &core);
#ifndef SANDBOX_SANITIZED
	const struct rlimit memory = { SANDBOX_MEMORY, SANDBOX_MEMORY };

	setrlimit(RLIMIT_AS, &memory);
#endif
	prctl(PR_SET_DUMPABLE, 0);
}

/*
 * Landlock.
 */

static uint64_t
sandbox_fs_of_abi(long abi)
{
	uint64_t all = LANDLOCK_ACCESS_FS_EXECUTE |
	    LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_READ_FILE |
	    LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_REMOVE_DIR |
	    LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR |
	    LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
	    LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |
	    LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM;

	if (abi >= 2)
		all |= LANDLOCK_ACCESS_FS_REFER;
	if (abi >= 3)
		all |= SANDBOX_FS_TRUNCATE;
	if (abi >= 5)
		all |= SANDBOX_FS_IOCTL_DEV;
	return (all);
}

static int
sandbox_allow_path(int ruleset, const char *path, uint64_t access)
{
	struct landlock_path_beneath_attr rule = { .allowed_access = access };
	int rc;

	rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (rule.parent_fd == -1)
		return (-1);
	rc = (int)syscall(SYS_landlock_add_rule, ruleset,
	    LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	close(rule.parent_fd);
	return (rc);
}

static int
sandbox_paths(const char *device, bool directory)
{
	struct sandbox_ruleset rules = { 0 };
	size_t size = offsetof(struct sandbox_ruleset, net);
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0,
	    LANDLOCK_CREATE_RULESET_VERSION);
	int fd, rc = -1;

	if (abi < 1)
		return (-1);
	rules.fs = sandbox_fs_of_abi(abi);
	if (abi >= 4) {
		rules.net = SANDBOX_NET;
		size = offsetof(struct sandbox_ruleset, scope);
	}
	if (abi >= 6) {
		rules.scope = SANDBOX_SCOPE;
		size = sizeof rules;
	}
	fd = (int)syscall(SYS_landlock_create_ruleset, &rules, size, 0);
	if (fd == -1)
		return (-1);
	/* Without a time zone the clock shows UTC. */
	(void)sandbox_allow_path(fd, "/etc/localtime", SANDBOX_READ);
	if (sandbox_allow_path(fd, device, rules.fs &
	    (directory ? SANDBOX_PHONE : SANDBOX_DEVICE)) == -1)
		goto out;
	rc = (int)syscall(SYS_landlock_restrict_self, fd, 0);
out:
	close(fd);
	return (rc);
}

/*
 * seccomp.
 */

/* What glibc, jansson and libgammu's AT and dummy drivers use; the older calls
 * are for other architectures and libraries. */
static const int sandbox_calls[] = {
	SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(readv), SCMP_SYS(writev),
	SCMP_SYS(close), SCMP_SYS(lseek), SCMP_SYS(_llseek),
	SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(fstat), SCMP_SYS(fstat64),
	SCMP_SYS(stat), SCMP_SYS(stat64), SCMP_SYS(lstat), SCMP_SYS(lstat64),
	SCMP_SYS(newfstatat), SCMP_SYS(fstatat64), SCMP_SYS(statx),
	SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2),
	SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(getcwd),
	SCMP_SYS(mkdir), SCMP_SYS(mkdirat), SCMP_SYS(unlink),
	SCMP_SYS(unlinkat), SCMP_SYS(getdents), SCMP_SYS(getdents64),
	SCMP_SYS(ftruncate), SCMP_SYS(umask), SCMP_SYS(fcntl),
	SCMP_SYS(fcntl64), SCMP_SYS(flock), SCMP_SYS(fadvise64),
	SCMP_SYS(inotify_init1), SCMP_SYS(inotify_add_watch),
	SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(ppoll_time64),
	SCMP_SYS(select), SCMP_SYS(_newselect), SCMP_SYS(pselect6),
	SCMP_SYS(pselect6_time64),
	SCMP_SYS(nanosleep), SCMP_SYS(clock_nanosleep),
	SCMP_SYS(clock_nanosleep_time64), SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_gettime64), SCMP_SYS(clock_getres),
	SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(setitimer),
	SCMP_SYS(alarm), SCMP_SYS(restart_syscall),
	SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise),
	SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn), SCMP_SYS(sigreturn), SCMP_SYS(sigaltstack),
	SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(getuid),
	SCMP_SYS(geteuid), SCMP_SYS(uname), SCMP_SYS(sysinfo),
	SCMP_SYS(getrandom), SCMP_SYS(futex), SCMP_SYS(futex_time64),
	SCMP_SYS(sched_yield), SCMP_SYS(exit), SCMP_SYS(exit_group),
};

/* What a tty is asked; pushing input into one (TIOCSTI) is not among it. */
static const unsigned int sandbox_ioctls[] = {
	TCGETS, TCSETS, TCSETSW, TCSETSF, TCFLSH, TCSBRK, TIOCEXCL, TIOCNXCL,
	TIOCMGET, TIOCMSET, TIOCMBIS, TIOCMBIC, TIOCINQ, TIOCOUTQ, TIOCGWINSZ,
#ifdef TCGETS2
	TCGETS2, TCSETS2, TCSETSW2, TCSETSF2,
#endif
};

static int
sandbox_allow_some(scmp_filter_ctx filter)
{
	pid_t pid = getpid();

	for (size_t i = 0; i < sizeof sandbox_ioctls /
	    sizeof sandbox_ioctls[0]; i++) {
		if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(ioctl),
		    1, SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffff,
		    sandbox_ioctls[i])) != 0)
			return (-1);
	}
	/* No new code, and no signal but to itself, as abort() sends. */
	if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
	    SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) != 0 ||
	    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap2), 1,
	    SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) != 0 ||
	    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
	    SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) != 0 ||
	    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
	    SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)pid, 0)) != 0)
		return (-1);
	return (0);
}

static int
sandbox_system_calls(bool fatally)
{
	scmp_filter_ctx filter = seccomp_init(fatally ?
	    SCMP_ACT_KILL_PROCESS : SCMP_ACT_ERRNO(EPERM));
	int rc = -1;

	if (filter == NULL)
		return (-1);
	for (size_t i = 0; i < sizeof sandbox_calls /
	    sizeof sandbox_calls[0]; i++) {
		if (seccomp_rule_add(filter, SCMP_ACT_ALLOW,
		    sandbox_calls[i], 0) != 0)
			goto out;
	}
	if (sandbox_allow_some(filter) == -1 || seccomp_load(filter) != 0)
		goto out;
	rc = 0;
out:
	seccomp_release(filter);
	return (rc);
}

bool
sandbox_enter(const char *device, bool directory, bool fatally)
{
	bool paths, calls;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
		return (false);
	paths = sandbox_paths(device, directory) == 0;
	calls = sandbox_system_calls(fatally) == 0;
	if (!paths)
		log_warn("Landlock does not confine this process");
	if (!calls)
		log_warn("seccomp does not confine this process");
	return (paths && calls);
}
