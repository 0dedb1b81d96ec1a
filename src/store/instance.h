/* Which daemon this is, whatever name it was given: an id out of its spool. */
#ifndef GLAS_INSTANCE_H
#define GLAS_INSTANCE_H

#define INSTANCE_SIZE 33	/* octets with the end */

/* "" when there is none yet, or it cannot be read. */
void	 instance_read(const char *spool_dir, char id[INSTANCE_SIZE]);
/* The same; where there is none, one is made. -1 with errno when that cannot be
 * kept: it serves until the next start. */
int	 instance_make(const char *spool_dir, char id[INSTANCE_SIZE])
	    __attribute__((warn_unused_result));
/* Puts it there. -1 with errno. */
int	 instance_keep(const char *spool_dir, const char *id)
	    __attribute__((warn_unused_result));

#endif
