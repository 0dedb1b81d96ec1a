/*
 * Which disk a file is on, and how full it is. Runs in any program; owns
 * nothing. Behind an encrypted or a joined volume no disk is found: only the
 * file system counts then.
 */
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/disk.h"

#define DISK_MIB	(UINT64_C(1) << 20)
#define DISK_LEAST	(50 * DISK_MIB)
#define DISK_MOST	(1024 * DISK_MIB)
#define DISK_PART	20		/* one in so many octets: 5 % */

#define DISK_NAME_MAX	64	/* "8:0" */

/* The whole disk that the file system is on, or the file system itself. */
static int
disk_of(const char *path, char name[DISK_NAME_MAX])
{
	struct stat st;
	char file[DISK_NAME_MAX + 64];
	FILE *f = NULL;

	if (stat(path, &st) == -1)
		return (-1);
	snprintf(name, DISK_NAME_MAX, "%u:%u", major(st.st_dev),
	    minor(st.st_dev));
	snprintf(file, sizeof file, "/sys/dev/block/%s/partition", name);
	if (access(file, F_OK) == 0) {
		snprintf(file, sizeof file, "/sys/dev/block/%s/../dev", name);
		f = fopen(file, "re");
	}
	if (f == NULL)
		return (0);
	if (fgets(name, DISK_NAME_MAX, f) == NULL)
		name[0] = '\0';
	name[strcspn(name, "\n")] = '\0';
	fclose(f);
	return (name[0] != '\0' ? 0 : -1);
}

bool
disk_is_same(const char *a, const char *b)
{
	char x[DISK_NAME_MAX], y[DISK_NAME_MAX];

	return (disk_of(a, x) == 0 && disk_of(b, y) == 0 &&
	    strcmp(x, y) == 0);
}

bool
disk_is_memory(const char *path)
{
	struct statfs fs;

	return (statfs(path, &fs) == 0 && (fs.f_type == TMPFS_MAGIC ||
	    fs.f_type == RAMFS_MAGIC));
}

int
disk_room(const char *path, uint64_t *room, uint64_t *size)
{
	struct statvfs st;

	if (statvfs(path, &st) == -1)
		return (-1);
	*room = (uint64_t)st.f_bavail * st.f_frsize;
	*size = (uint64_t)st.f_blocks * st.f_frsize;
	return (0);
}

uint64_t
disk_reserve(uint64_t size, int mib)
{
	uint64_t part = size / DISK_PART;

	if (mib != 0)
		return ((uint64_t)mib * DISK_MIB);
	if (part < DISK_LEAST)
		return (DISK_LEAST);
	return (part < DISK_MOST ? part : DISK_MOST);
}
