/*
 * glasctl doctor: what its parts share. Each looks at one thing and says one
 * line of it, or one for each link.
 */
#ifndef GLAS_CTL_DOCTOR_H
#define GLAS_CTL_DOCTOR_H

struct buf;
struct config;
struct doctor_ports;
struct seal_keys;

enum doctor_level {
	DOCTOR_OK,
	DOCTOR_WARNING,
	DOCTOR_WRONG
};

struct doctor {
	const struct config	*config;
	struct doctor_ports	*ports;
	struct seal_keys	*keys;		/* or NULL */
	enum doctor_level	 worst;
};

/* A sentence about a part of the gateway, on lines of 80 columns. */
void	 doctor_say(struct doctor *, enum doctor_level, const char *about,
	    const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* The same for each line of findings. */
void	 doctor_say_lines(struct doctor *, enum doctor_level,
	    const char *about, struct buf *lines);

/* Becomes the user that the gateway runs as, when this is root. */
void	 doctor_user(struct doctor *);
void	 doctor_clock(struct doctor *);
void	 doctor_spool(struct doctor *);
void	 doctor_sandbox(struct doctor *);

/* Finds the ports of modems, and, when this is root, who has them open: to be
 * called before doctor_user(). */
struct doctor_ports *doctor_ports_find(const struct config *)
	    __attribute__((warn_unused_result));
void	 doctor_ports_free(struct doctor_ports *);
void	 doctor_ports_look(struct doctor *);

/* Whether what speaks HTTP can listen where it is to. */
void	 doctor_listen(struct doctor *);

void	 doctor_database(struct doctor *);

#endif
