/*
 * The PIN of a SIM. Runs in glasd; owns SPOOL-DIR/pin.NAME, which holds a
 * keyed hash of a PIN that was entered, from before its entry until the SIM is
 * known to have taken it. Called by link.c. A PIN that cannot be read is
 * logged and left out.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "glasd/gateway.h"
#include "glasd/link_pin.h"
#include "lib/hex.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "store/program.h"

#define PIN_HEX		(2 * SEAL_TOKEN_LEN)

static char *
link_pin_file(const struct gateway *g, const struct config_link *link)
{
	return (xasprintf("%s/pin.%s", g->config->gateway.spool_dir,
	    link->name));
}

/* Which PIN for which link, told by nobody without the keys. */
static void
link_pin_token(struct link_pin *p, const struct gateway *g,
    const struct config_link *link, const char *pin)
{
	char *what = xasprintf("pin %s %s", link->name, pin);

	seal_token(g->keys, SEAL_TOKEN, what, strlen(what), p->token);
	explicit_bzero(what, strlen(what));
	free(what);
}

/* True when this PIN was entered before and not taken. */
static bool
link_pin_is_spent(const struct link_pin *p, const struct gateway *g,
    const struct config_link *link)
{
	char *file = link_pin_file(g, link);
	char wanted[PIN_HEX + 1], kept[PIN_HEX + 1] = "";
	FILE *f = fopen(file, "re");

	hex_encode(wanted, p->token, sizeof p->token);
	if (f != NULL && fgets(kept, sizeof kept, f) == NULL)
		kept[0] = '\0';
	if (f != NULL)
		fclose(f);
	free(file);
	return (strcmp(wanted, kept) == 0);
}

void
link_pin_give(struct link_pin *p, const struct gateway *g,
    const struct config_link *link, json_t *settings)
{
	char pin[PROGRAM_PIN_SIZE];
	bool again = p->unkept;
	uint8_t before[SEAL_TOKEN_LEN];

	memcpy(before, p->token, sizeof before);
	p->given = false;
	if (link->pin_file == NULL)
		return;
	if (program_pin(link->pin_file, pin) == -1) {
		log_error("link=%s no PIN can be read from %s: %s",
		    link->name, link->pin_file, strerror(errno));
		return;
	}
	link_pin_token(p, g, link, pin);
	again = again && memcmp(before, p->token, sizeof before) == 0;
	if (again || link_pin_is_spent(p, g, link)) {
		log_error("link=%s its PIN was entered and not taken: put the "
		    "right one into %s; if it is right, remove %s/pin.%s",
		    link->name, link->pin_file,
		    g->config->gateway.spool_dir, link->name);
		json_object_set_new(settings, "pin-spent",
		    json_string("yes"));
	} else {
		p->entered = p->unkept = false;
		p->given = true;
		json_object_set_new(settings, "pin", json_string(pin));
	}
	explicit_bzero(pin, sizeof pin);
}

/* The name of a new file is in its directory. */
static int
link_pin_sync_dir(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), rc, reason;

	if (fd == -1)
		return (-1);
	rc = fsync(fd);
	reason = errno;
	close(fd);
	errno = reason;
	return (rc);
}

static void
link_pin_entering(struct link_pin *p, const struct gateway *g,
    const struct config_link *link)
{
	char *file = link_pin_file(g, link), hex[PIN_HEX + 1];
	int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	p->entered = true;
	hex_encode(hex, p->token, sizeof p->token);
	p->unkept = fd == -1 || write(fd, hex, PIN_HEX) != PIN_HEX ||
	    fsync(fd) == -1 ||
	    link_pin_sync_dir(g->config->gateway.spool_dir) == -1;
	if (p->unkept)
		log_error("%s cannot be written: %s: if glasd is started "
		    "again, it gives the same PIN again", file,
		    strerror(errno));
	if (fd != -1)
		close(fd);
	free(file);
}

static void
link_pin_taken(struct link_pin *p, const struct gateway *g,
    const struct config_link *link)
{
	char *file = link_pin_file(g, link);

	p->entered = p->unkept = false;
	if (unlink(file) == -1)
		log_warn("%s cannot be removed: %s", file, strerror(errno));
	free(file);
}

void
link_pin_said(struct link_pin *p, const struct gateway *g,
    const struct config_link *link, const char *state, const char *detail)
{
	bool entering = strcmp(detail, "entering-pin") == 0;

	if (!p->given)
		return;
	if (entering && !p->entered)
		link_pin_entering(p, g, link);
	else if (!entering && p->entered && strcmp(state, "down") != 0)
		link_pin_taken(p, g, link);
}
