/*
 * Tries to get out of the sandbox of glas-modem, or of glas-web, as code of a
 * stranger would that has taken it over. Used by test_sandbox.py.
 *
 * escape sandbox|free|fatal|web|web-out DEVICE DIRECTORY VICTIM
 *
 * Says of each attempt in a line its name and "done" or the error. DIRECTORY
 * has a file `key`, VICTIM is a process of the same user. `sandbox` enters it,
 * with the device as its modem; `web` that of glas-web, `web-out` of one that
 * gives texts to an aggregator; `free` does not, each attempt in a child, so
 * that it is seen that there is something to be forbidden; `fatal` lets the
 * kernel end the process at the first.
 */
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "modem/sandbox.h"
#include "web/web_sandbox.h"

static const char *escape_device;
static pid_t	 escape_victim;
static int	 escape_inet;	/* sockets from before, not connected */
static int	 escape_unix;
static int	 escape_tty;

/* Each returns 0, or -1 and errno. */

static int
escape_open(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0600);

	return (fd == -1 ? -1 : close(fd));
}

static int
escape_read_key(void)
{
	return (escape_open("key", O_RDONLY));
}

static int
escape_read_passwd(void)
{
	return (escape_open("/etc/passwd", O_RDONLY));
}

static int
escape_read_memory(void)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/%d/mem", (int)escape_victim);
	return (escape_open(path, O_RDWR));
}

static int
escape_list_directory(void)
{
	return (escape_open(".", O_RDONLY | O_DIRECTORY));
}

static int
escape_write_key(void)
{
	return (escape_open("key", O_WRONLY));
}

static int
escape_make_file(void)
{
	return (escape_open("made", O_WRONLY | O_CREAT | O_EXCL));
}

static int
escape_make_directory(void)
{
	return (mkdir("directory", 0700));
}

static int
escape_remove_file(void)
{
	return (unlink("key2"));
}

static int
escape_rename(void)
{
	return (rename("key3", "key4"));
}

static int
escape_hard_link(void)
{
	return (link("key", "key5"));
}

static int
escape_symbolic_link(void)
{
	return (symlink("key", "key6"));
}

static int
escape_truncate(void)
{
	return (truncate("key7", 0));
}

static int
escape_mode(void)
{
	return (chmod("key", 0644));
}

static int
escape_socket_unix(void)
{
	return (socket(AF_UNIX, SOCK_STREAM, 0) == -1 ? -1 : 0);
}

static int
escape_socket_inet(void)
{
	return (socket(AF_INET, SOCK_STREAM, 0) == -1 ? -1 : 0);
}

static int
escape_socket_netlink(void)
{
	return (socket(AF_NETLINK, SOCK_RAW, 0) == -1 ? -1 : 0);
}

static int
escape_socket_pair(void)
{
	int pair[2];

	return (socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
}

static int
escape_connect_inet(void)
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
		.sin_port = htons(9), .sin_addr.s_addr =
		    htonl(INADDR_LOOPBACK) };
	int rc = connect(escape_inet, (struct sockaddr *)&sin, sizeof sin);

	/* Nobody is there; but it was asked. */
	return (rc == -1 && errno == ECONNREFUSED ? 0 : rc);
}

static int
escape_connect_by_send(void)
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
		.sin_port = htons(9), .sin_addr.s_addr =
		    htonl(INADDR_LOOPBACK) };
	ssize_t n = sendto(escape_inet, "x", 1, MSG_FASTOPEN,
	    (struct sockaddr *)&sin, sizeof sin);

	return (n == -1 && errno != ECONNREFUSED ? -1 : 0);
}

static int
escape_connect_unix(void)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX,
		.sun_path = "nobody" };
	int rc = connect(escape_unix, (struct sockaddr *)&sun, sizeof sun);

	return (rc == -1 && errno == ENOENT ? 0 : rc);
}

static int
escape_exec(void)
{
	char *argv[] = { (char []){ "true" }, NULL };

	return (execv("/bin/true", argv));
}

static int
escape_fork(void)
{
	pid_t pid = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);

	if (pid == 0)
		_exit(0);
	return (pid == -1 ? -1 : 0);
}

static void *
escape_nothing(void *arg)
{
	return (arg);
}

static int
escape_thread(void)
{
	pthread_t thread;
	int rc = pthread_create(&thread, NULL, escape_nothing, NULL);

	if (rc == 0)
		return (pthread_join(thread, NULL));
	/* What glibc makes of a clone that is forbidden. */
	errno = rc == EAGAIN ? EPERM : rc;
	return (-1);
}

static int
escape_ptrace(void)
{
	return (ptrace(PTRACE_SEIZE, escape_victim, NULL, NULL) == -1 ? -1 : 0);
}

static int
escape_read_process(void)
{
	char octet;
	struct iovec here = { &octet, 1 }, there = { (void *)0x1000, 1 };
	ssize_t n = process_vm_readv(escape_victim, &here, 1, &there, 1, 0);

	return (n == -1 && errno == EFAULT ? 0 : n == -1 ? -1 : 0);
}

static int
escape_signal(void)
{
	return (kill(escape_victim, SIGCONT));
}

static int
escape_push_input(void)
{
	return (ioctl(escape_tty, TIOCSTI, "x"));
}

static int
escape_line_discipline(void)
{
	int n = 0;

	return (ioctl(escape_tty, TIOCSETD, &n));
}

static int
escape_new_code(void)
{
	return (mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -1 : 0);
}

static int
escape_data_to_code(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return (page == MAP_FAILED ? -1 :
	    mprotect(page, 4096, PROT_READ | PROT_EXEC));
}

static int
escape_memory_file(void)
{
	return (memfd_create("x", 0) == -1 ? -1 : 0);
}

static int
escape_namespace(void)
{
	return ((int)syscall(SYS_unshare, 0x10000000 /* CLONE_NEWUSER */));
}

static int
escape_root(void)
{
	return (chroot("."));
}

static int
escape_user(void)
{
	return (setuid(getuid()));
}

static int
escape_rings(void)
{
	char parameters[120] = { 0 };

	return (syscall(SYS_io_uring_setup, 1, parameters) == -1 ? -1 : 0);
}

static const struct {
	const char	*name;
	int		(*try)(void);
} escape_attempts[] = {
	{ "read-key", escape_read_key },
	{ "read-passwd", escape_read_passwd },
	{ "read-memory", escape_read_memory },
	{ "list-directory", escape_list_directory },
	{ "write-key", escape_write_key },
	{ "make-file", escape_make_file },
	{ "make-directory", escape_make_directory },
	{ "remove-file", escape_remove_file },
	{ "rename", escape_rename },
	{ "hard-link", escape_hard_link },
	{ "symbolic-link", escape_symbolic_link },
	{ "truncate", escape_truncate },
	{ "mode", escape_mode },
	{ "socket-unix", escape_socket_unix },
	{ "socket-inet", escape_socket_inet },
	{ "socket-netlink", escape_socket_netlink },
	{ "socket-pair", escape_socket_pair },
	{ "connect-inet", escape_connect_inet },
	{ "connect-by-send", escape_connect_by_send },
	{ "connect-unix", escape_connect_unix },
	{ "exec", escape_exec },
	{ "fork", escape_fork },
	{ "thread", escape_thread },
	{ "ptrace", escape_ptrace },
	{ "read-process", escape_read_process },
	{ "signal", escape_signal },
	{ "push-input", escape_push_input },
	{ "line-discipline", escape_line_discipline },
	{ "new-code", escape_new_code },
	{ "data-to-code", escape_data_to_code },
	{ "memory-file", escape_memory_file },
	{ "namespace", escape_namespace },
	{ "root", escape_root },
	{ "user", escape_user },
	{ "rings", escape_rings },
};

/* In a child, since without a sandbox it works. */
static int
escape_apart(int (*try)(void))
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0)
		_exit(try() == 0 ? 0 : errno);
	if (pid == -1 || waitpid(pid, &status, 0) == -1)
		return (errno);
	return (WIFEXITED(status) ? WEXITSTATUS(status) : EINTR);
}

/* What the modem needs is still there. */
static bool
escape_device_works(void)
{
	int fd = open(escape_device, O_RDWR | O_NOCTTY | O_CLOEXEC), queued;
	bool works = fd != -1 && ioctl(fd, TIOCINQ, &queued) == 0 &&
	    write(fd, "AT\r", 3) == 3;

	if (fd != -1)
		close(fd);
	return (works);
}

static bool
escape_enter(const char *how)
{
	if (strncmp(how, "web", 3) == 0)
		return (web_sandbox_enter(strcmp(how, "web-out") == 0));
	return (sandbox_enter(escape_device, false,
	    strcmp(how, "fatal") == 0));
}

int
main(int argc, char *argv[])
{
	bool is_free;

	if (argc != 5 || chdir(argv[3]) == -1)
		return (2);
	is_free = strcmp(argv[1], "free") == 0;
	escape_device = argv[2];
	escape_victim = (pid_t)atoi(argv[4]);
	if (!is_free)
		sandbox_limit();
	escape_inet = socket(AF_INET, SOCK_STREAM, 0);
	escape_unix = socket(AF_UNIX, SOCK_STREAM, 0);
	escape_tty = open(escape_device, O_RDWR | O_NOCTTY);
	if (escape_inet == -1 || escape_unix == -1 || escape_tty == -1)
		return (2);
	if (!is_free)
		printf("sandbox %s\n", escape_enter(argv[1]) ? "entered" :
		    "partly");
	printf("device %s\n", escape_device_works() ? "works" : "is lost");
	fflush(stdout);
	for (size_t i = 0; i < sizeof escape_attempts /
	    sizeof *escape_attempts; i++) {
		int error = is_free ? escape_apart(escape_attempts[i].try) :
		    escape_attempts[i].try() == 0 ? 0 : errno;

		printf("%s %s\n", escape_attempts[i].name,
		    error == 0 ? "done" : strerrorname_np(error));
		fflush(stdout);
	}
	/* A sanitizer would want more system calls at the end. */
	_exit(0);
}
