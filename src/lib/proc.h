/*
 * A program of ours beside this one: started with two or three pipes and as
 * little else as can be. It has no environment, no descriptor but 0-2, the
 * directory /, default signals, a session of its own, no way to more rights
 * (no_new_privs), and it dies with the process that started it.
 */
#ifndef GLAS_PROC_H
#define GLAS_PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct proc_settings {
	char *const	*argv;		/* argv[0]: an absolute path */
	bool		 drop;		/* become uid, gid and groups: root only */
	uid_t		 uid;
	gid_t		 gid;
	const gid_t	*groups;	/* supplementary ones, all of them */
	size_t		 group_count;
	bool		 take_stderr;	/* a third pipe; else it has ours */
	bool		 core;		/* may dump core; else RLIMIT_CORE 0 */
	unsigned int	 files;		/* RLIMIT_NOFILE, 0 = 64; or fewer, where
					   there are no more */
};

/* The caller's ends, close-on-exec and non-blocking; the caller owns them. */
struct proc {
	pid_t	 pid;
	int	 in;	/* write: its standard input */
	int	 out;	/* read: its standard output */
	int	 err;	/* read: its standard error, or -1 */
};

/* Returns when the program runs, or did not come to run: then -1 with errno,
 * logged with the step that failed, and nothing is left of it. Its end is to
 * be waited for with waitpid(). Call it from the thread that lives longest:
 * the program dies with that. */
int	 proc_spawn(const struct proc_settings *, struct proc *)
	    __attribute__((warn_unused_result));

/* A wait status in words: "exit 3", "signal SEGV", "signal ABRT, core". */
#define PROC_WORDS 32
void	 proc_describe(int status, char words[PROC_WORDS]);

#endif
