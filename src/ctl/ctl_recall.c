/*
 * glasctl key recall: a key pair for recall copies. Owns the private half while
 * it runs, and wipes it: it goes into a file that is carried away, and nothing
 * here can open what is sealed for it. Neither file is ever replaced.
 *
 * The file: a first line that says what it is, then 64 hexadecimal digits.
 */
#include <sys/stat.h>
#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "lib/hex.h"
#include "lib/mem.h"
#include "lib/seal.h"

#define CTL_RECALL_HEAD	"glas recall key 1\n"
#define CTL_RECALL_HEX	(2 * SEAL_RECALL_KEY_LEN)

/* Beside the keys it would be kept with what it is to be kept from. */
static bool
ctl_recall_is_inside(const char *dir, const char *file)
{
	char *name = xstrdup(file);
	struct stat keys, parent;
	bool inside = stat(dir, &keys) == 0 &&
	    stat(dirname(name), &parent) == 0 &&
	    keys.st_dev == parent.st_dev && keys.st_ino == parent.st_ino;

	free(name);
	return (inside);
}

static int
ctl_recall_put(const char *path, const char *head,
    const uint8_t key[SEAL_RECALL_KEY_LEN])
{
	char hex[CTL_RECALL_HEX + 1];
	struct buf text = { 0 };
	int result;

	hex_encode(hex, key, SEAL_RECALL_KEY_LEN);
	buf_printf(&text, "%s%s\n", head, hex);
	result = ctl_key_write(path, &text);
	ctl_key_wipe(&text);
	seal_wipe(hex, sizeof hex);
	return (result);
}

/* The private half first: a public one alone would seal what nobody opens. */
static int
ctl_recall_write(const char *file, const char *public_path)
{
	uint8_t pub[SEAL_RECALL_KEY_LEN], private[SEAL_RECALL_KEY_LEN];
	int result = -1;

	seal_recall_make(pub, private);
	if (ctl_recall_put(file, CTL_RECALL_HEAD, private) == 0) {
		result = ctl_recall_put(public_path, "", pub);
		if (result == -1)
			unlink(file);
	}
	seal_wipe(private, sizeof private);
	return (result);
}

static int
ctl_recall_run(const char *dir, const char *file)
{
	char *path = xasprintf("%s/%s", dir, SEAL_RECALL_FILE);
	int result = -1;

	if (seal_init() == -1)
		ctl_say(stderr, "glasctl: no libsodium");
	else if (access(path, F_OK) == 0)
		ctl_say(stderr, "glasctl: %s: there is a key already, and what "
		    "is sealed for it opens with its own private half alone; "
		    "move it away to make another", path);
	else if (ctl_recall_is_inside(dir, file))
		ctl_say(stderr, "glasctl: %s: is beside the keys of this "
		    "machine; name a file on a medium that is carried away",
		    file);
	else
		result = ctl_recall_write(file, path);
	if (result == 0 && seal_give(dir, SEAL_RECALL_FILE) == -1)
		ctl_say(stderr, "glasctl: %s: cannot be given to whom the "
		    "directory belongs to: chown it by hand", path);
	if (result == 0)
		ctl_say(stdout, "The private half is in %s: carry it away, "
		    "keep it offline, and let no copy stay here. From its next "
		    "start on, glasd seals the number of whoever writes for "
		    "it, too; glasctl reveal --offline-key opens that. Other "
		    "offices get the public half with glasctl key export.",
		    file);
	free(path);
	return (result);
}

int
ctl_key_recall(const struct ctl *ctl, int argc, char **argv)
{
	return (ctl_key_with(ctl, argc, argv, ctl_recall_run));
}

int
ctl_recall_read(const char *file, uint8_t private[SEAL_RECALL_KEY_LEN])
{
	char head[sizeof CTL_RECALL_HEAD] = "", hex[CTL_RECALL_HEX + 2] = "";
	uint8_t pub[SEAL_RECALL_KEY_LEN];
	FILE *f = fopen(file, "re");
	int result = -1;

	if (f == NULL) {
		ctl_say(stderr, "glasctl: %s: %s", file, strerror(errno));
		return (-1);
	}
	setvbuf(f, NULL, _IONBF, 0);
	if (fgets(head, sizeof head, f) != NULL &&
	    strcmp(head, CTL_RECALL_HEAD) == 0 &&
	    fgets(hex, sizeof hex, f) != NULL) {
		hex[strcspn(hex, "\n")] = '\0';
		if (hex_decode(private, SEAL_RECALL_KEY_LEN, hex) ==
		    SEAL_RECALL_KEY_LEN)
			result = seal_recall_public(private, pub);
	}
	if (result == -1)
		ctl_say(stderr, "glasctl: %s: is not the private half that "
		    "glasctl key recall writes", file);
	fclose(f);
	seal_wipe(hex, sizeof hex);
	return (result);
}
