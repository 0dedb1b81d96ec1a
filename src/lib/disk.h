/* Where files are kept. */
#ifndef GLAS_DISK_H
#define GLAS_DISK_H

#include <stdbool.h>

/* Whether both are on one disk, as far as the kernel says: in one file system,
 * or in two partitions of one disk. False also when that cannot be known. */
bool	 disk_is_same(const char *a, const char *b);

#endif
