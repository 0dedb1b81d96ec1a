/* Where files are kept. */
#ifndef GLAS_DISK_H
#define GLAS_DISK_H

#include <stdbool.h>
#include <stdint.h>

/* Whether both are on one disk, as far as the kernel says: in one file system,
 * or in two partitions of one disk. False also when that cannot be known. */
bool	 disk_is_same(const char *a, const char *b);

/* Whether what is written there is gone at the next start of the machine. */
bool	 disk_is_memory(const char *path);

/* Octets of its file system: what this process may still write, and all. -1
 * with errno. */
int	 disk_room(const char *path, uint64_t *room, uint64_t *size)
	    __attribute__((warn_unused_result));

/* What is to stay free of a disk of that size: a part of it between a least and
 * a most, or `mib` where somebody has said so (not 0). */
uint64_t disk_reserve(uint64_t size, int mib);

#endif
