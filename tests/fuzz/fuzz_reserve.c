/*
 * Any octets as the file of reserved references and ids: what is drawn from it
 * can be a reference or an id, and no id comes twice. Through
 * src/glasd/reserve.c.
 */
#include <sys/mman.h>
#include <assert.h>
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "glasd/database.h"
#include "glasd/gateway.h"
#include "glasd/mo.h"
#include "glasd/reserve.h"
#include "lib/mem.h"
#include "text/reference.h"

#define FUZZ_BLOCKS_MAX	120
#define FUZZ_BLOCK	100

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static char fuzz_file[32];

/* It is away: nothing can be reserved anew. */
bool
database_ready(const struct database *d)
{
	(void)d;
	return (false);
}

struct pg_pipe *
database_pipe(struct database *d)
{
	(void)d;
	return (NULL);
}

void
database_failed(struct database *d, enum database_work work,
    const struct pg_result *r)
{
	(void)d;
	(void)work;
	(void)r;
}

void
mo_pump(struct mo *mo)
{
	(void)mo;
}

static void
fuzz_write(const uint8_t *octets, size_t len)
{
	static int fd = -1;

	if (fd == -1) {
		if ((fd = memfd_create("reserve", MFD_CLOEXEC)) == -1)
			err(1, "a file in memory");
		snprintf(fuzz_file, sizeof fuzz_file, "/proc/self/fd/%d", fd);
	}
	if (ftruncate(fd, 0) == -1 ||
	    pwrite(fd, octets, len, 0) != (ssize_t)len)
		err(1, "%s", fuzz_file);
}

/* They come in blocks, none of which reaches into another. */
static void
fuzz_draw_ids(struct reserve *r, bool (*draw)(struct reserve *, int64_t *))
{
	int64_t first[FUZZ_BLOCKS_MAX], id;
	size_t count = 0;

	while (draw(r, &id)) {
		size_t block = count / FUZZ_BLOCK, in = count % FUZZ_BLOCK;

		assert(id > 0 && block < FUZZ_BLOCKS_MAX);
		if (in == 0)
			first[block] = id;
		assert(id == first[block] + (int64_t)in);
		for (size_t n = 0; in == 0 && n < block; n++)
			assert(llabs(first[n] - id) >= FUZZ_BLOCK);
		count++;
	}
	assert(count % FUZZ_BLOCK == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	struct gateway gateway = { 0 };
	struct reserve *r;
	char reference[16];

	fuzz_write(octets, len);
	r = reserve_new(&gateway, fuzz_file);
	if (len != 0)
		reserve_used(r, "123455", octets[0]);
	(void)reserve_enough(r);
	while (reserve_reference(r, reference))
		assert(strspn(reference, "0123456789") == strlen(reference) &&
		    reference_sound(reference, strlen(reference)));
	fuzz_draw_ids(r, reserve_message);
	fuzz_draw_ids(r, reserve_outbox);
	assert(reserve_count(r) == 0);
	reserve_free(r);
	return (0);
}
