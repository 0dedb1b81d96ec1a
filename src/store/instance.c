/*
 * The id of a daemon, in the file `instance` of its spool: two with the same
 * name are told apart by it. Made by glasd, read by glasctl doctor too; owns
 * nothing. What does not look like an id is none: another is made.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/hex.h"
#include "lib/keep.h"
#include "lib/mem.h"
#include "lib/seal.h"
#include "store/instance.h"

#define INSTANCE_LEN	((INSTANCE_SIZE - 1) / 2)

static char *
instance_file(const char *spool_dir)
{
	return (xasprintf("%s/instance", spool_dir));
}

void
instance_read(const char *spool_dir, char id[INSTANCE_SIZE])
{
	uint8_t octets[INSTANCE_LEN];
	char *path = instance_file(spool_dir);
	FILE *f = fopen(path, "re");

	if (f == NULL || fgets(id, INSTANCE_SIZE, f) == NULL ||
	    hex_decode(octets, sizeof octets, id) != sizeof octets)
		id[0] = '\0';
	if (f != NULL)
		fclose(f);
	free(path);
}

int
instance_keep(const char *spool_dir, const char *id)
{
	char *path = instance_file(spool_dir);
	int rc = keep_put(path, id, strlen(id), 0600);

	free(path);
	return (rc);
}

int
instance_make(const char *spool_dir, char id[INSTANCE_SIZE])
{
	uint8_t octets[INSTANCE_LEN];

	instance_read(spool_dir, id);
	if (id[0] != '\0')
		return (0);
	seal_random(octets, sizeof octets);
	hex_encode(id, octets, sizeof octets);
	return (instance_keep(spool_dir, id));
}
