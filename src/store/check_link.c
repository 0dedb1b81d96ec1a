/*
 * What a start of the gateway would find of its links: programs, files that they
 * need, doors that they open. Runs in glasd for glasd -t, and in glasctl doctor;
 * starts and changes nothing.
 */
#include <sys/stat.h>
#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/mem.h"
#include "lib/secret.h"
#include "store/check.h"
#include "store/config.h"
#include "store/program.h"
#include "text/reference.h"

bool
check_link_user(const struct config *config, struct buf *problems)
{
	const char *user = config->gateway.link_user;

	if (geteuid() != 0 || getpwnam(user) != NULL)
		return (true);
	buf_printf(problems, "%s: there is no user %s, and links of a glasd "
	    "that is root's would run as root: systemd-sysusers makes it, or "
	    "name another in link-user\n", config->file, user);
	return (false);
}

static bool
check_link_program(const struct config *config, const struct config_link *link,
    struct buf *problems)
{
	char *argv[PROGRAM_WORDS_MAX];
	bool well = true;

	program_argv(link, argv);
	if (argv[0] == NULL || access(argv[0], X_OK) == -1) {
		buf_printf(problems, "%s: [%s %s]: %s cannot be run: %s: "
		    "install it, or correct the command\n", config->file,
		    link_kind_name(link->kind), link->name,
		    argv[0] != NULL ? argv[0] : "its program",
		    argv[0] != NULL ? strerror(errno) : "none is named");
		well = false;
	}
	program_argv_free(argv);
	return (well);
}

/* Whether anybody on this machine may read it. */
static bool
check_is_open(const char *file)
{
	struct stat st;

	return (stat(file, &st) == 0 && (st.st_mode & 07) != 0);
}

static bool
check_link_pin(const struct config *config, const struct config_link *link,
    struct buf *problems, struct buf *warnings)
{
	const char *kind = link_kind_name(link->kind);
	char pin[PROGRAM_PIN_SIZE];
	bool well = true;

	if (link->pin_file == NULL)
		return (true);
	if (program_pin(link->pin_file, pin) == -1) {
		buf_printf(problems, "%s: [%s %s]: %s: %s\n", config->file,
		    kind, link->name, link->pin_file, errno == EINVAL ?
		    "no PIN stands there: write its 4 to 8 digits, alone" :
		    errno == EACCES ? "the gateway may not read it: let it be "
		    "of its user, mode 0400" :
		    "the file of its PIN cannot be read: make it, with the 4 "
		    "to 8 digits alone, or leave pin-file out");
		well = false;
	} else if (check_is_open(link->pin_file)) {
		buf_printf(warnings, "%s: [%s %s]: %s: anybody here may read "
		    "the PIN: chmod o= %s\n", config->file, kind,
		    link->name, link->pin_file, link->pin_file);
	}
	explicit_bzero(pin, sizeof pin);
	return (well);
}

/* Not refused: there are modems whose own last digit is a wrong one. */
static void
check_link_imei(const struct config *config, const struct config_link *link,
    struct buf *warnings)
{
	const char *imei = link->kind == LINK_MODEM ?
	    config_setting(link, "imei") : NULL;

	if (imei != NULL && !reference_luhn(imei, strlen(imei)))
		buf_printf(warnings, "%s: [modem %s]: the last digit of its "
		    "imei does not go with the others: see whether one is "
		    "mistyped\n", config->file, link->name);
}

/* What is wrong with the secret in a file, and what to do; NULL: nothing. */
static char *
check_secret(const char *file, size_t least)
{
	char secret[SECRET_SIZE];
	int result = secret_read(file, secret), reason = errno;
	size_t len = strlen(secret);

	explicit_bzero(secret, sizeof secret);
	if (result == 0 && len >= least)
		return (NULL);
	if (result == -1 && reason != EINVAL)
		return (xasprintf("%s: %s: make it with openssl rand -hex 16, "
		    "and let the user of links read it: mode 0440, and its "
		    "group", file, strerror(reason)));
	return (xasprintf("%s: its first line is to have %zu to %d characters: "
	    "openssl rand -hex 16 makes 32", file, least, SECRET_SIZE - 1));
}

/* Of glas-web: what requests bring, and what is brought to the aggregator. */
static bool
check_link_secrets(const struct config *config, const struct config_link *link,
    struct buf *problems, struct buf *warnings)
{
	static const struct {
		const char	*key;
		size_t		 least;
	} secrets[] = { { "secret-file", SECRET_LEAST },
		{ "send-key-file", 1 } };
	const char *kind = link_kind_name(link->kind);
	bool well = true;

	if (link->kind != LINK_WEB && link->kind != LINK_STATUS)
		return (true);
	for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++) {
		const char *file = config_setting(link, secrets[i].key);
		char *wrong = file != NULL ? check_secret(file,
		    secrets[i].least) : NULL;

		if (wrong != NULL)
			buf_printf(problems, "%s: [%s %s]: %s %s\n",
			    config->file, kind, link->name, secrets[i].key,
			    wrong);
		else if (file != NULL && check_is_open(file))
			buf_printf(warnings, "%s: [%s %s]: %s: anybody here "
			    "may read the secret: chmod o= %s\n", config->file,
			    kind, link->name, file, file);
		well = well && wrong == NULL;
		free(wrong);
	}
	return (well);
}

bool
check_link(const struct config *config, const struct config_link *link,
    struct buf *problems, struct buf *warnings)
{
	bool well = check_link_program(config, link, problems);

	check_link_imei(config, link, warnings);
	well = check_link_secrets(config, link, problems, warnings) && well;
	return (check_link_pin(config, link, problems, warnings) && well);
}
