/*
 * The port. Runs in glas-modem before the sandbox stands; owns nothing. A USB
 * modem has several ports and none keeps its number, so each candidate is
 * locked and asked for its IMEI: one that another process has locked is not
 * disturbed.
 */
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/log.h"
#include "modem/modem_at.h"
#include "modem/modem_deadline.h"
#include "modem/modem_port.h"

#define PORT_ANSWER_MS	1500
#define PORT_RESET_MS	5000
#define PORT_TAC_SERIAL	14	/* digits of an IMEI without its check digit,
				   for which some modems say 0 */
#define PORT_ROUNDS	3

enum port_is {
	PORT_OURS,
	PORT_OTHER,
	PORT_IN_USE
};

static enum port_is
port_ask(const char *device, const struct modem_settings *settings)
{
	char answer[AT_ANSWER_SIZE], *digits;
	enum port_is is = PORT_OTHER;
	int fd;

	switch (at_open(device, settings->connection, &fd)) {
	case AT_IN_USE:
		return (PORT_IN_USE);
	case AT_NOT_THERE:
		return (PORT_OTHER);
	case AT_OPENED:
		break;
	}
	/* The first one may fall victim to what was left in the line. */
	if ((at_command(fd, "AT", PORT_ANSWER_MS, answer) == 0 ||
	    at_command(fd, "AT", PORT_ANSWER_MS, answer) == 0) &&
	    at_command(fd, "AT+CGSN", PORT_ANSWER_MS, answer) == 0) {
		digits = answer;
		while ((digits = strpbrk(digits, "0123456789")) != NULL) {
			size_t len = strspn(digits, "0123456789");

			if (len >= PORT_TAC_SERIAL && strncmp(digits,
			    settings->imei, PORT_TAC_SERIAL) == 0)
				is = PORT_OURS;
			digits += len;
		}
	}
	close(fd);
	return (is);
}

/* One round over all candidates; *locked tells whether one was left out. */
static char *
port_search(const struct modem_settings *settings, bool *locked)
{
	char *found = NULL;
	glob_t g;

	*locked = false;
	if (glob(settings->device_glob, 0, NULL, &g) != 0)
		return (NULL);
	for (size_t i = 0; i < g.gl_pathc && found == NULL; i++) {
		deadline_begin(MODEM_CALL_INIT);
		switch (port_ask(g.gl_pathv[i], settings)) {
		case PORT_OURS:
			found = realpath(g.gl_pathv[i], NULL);
			break;
		case PORT_IN_USE:
			*locked = true;
			break;
		case PORT_OTHER:
			break;
		}
		deadline_end();
	}
	globfree(&g);
	return (found);
}

static const char *
port_find_imei(struct modem_settings *settings)
{
	char *device = NULL;
	bool locked = true;

	/* Another one's search may hold the port just now. */
	for (int round = 0; round < PORT_ROUNDS && locked && device == NULL;
	    round++) {
		if (round > 0)
			modem_listen(1000 + (int)(getpid() % 500));
		device = port_search(settings, &locked);
	}
	if (device == NULL) {
		log_warn("no port has a modem of this IMEI");
		return ("no-modem-of-this-imei");
	}
	free(settings->device);
	settings->device = device;
	return (NULL);
}

const char *
port_find(struct modem_settings *settings)
{
	char *device;

	if (settings->device[0] == '\0')
		return (settings->imei[0] == '\0' ? "no-device-set" :
		    port_find_imei(settings));
	device = realpath(settings->device, NULL);
	if (device == NULL)
		return ("no-device");
	free(settings->device);
	settings->device = device;
	return (NULL);
}

static int
port_least(int a, int b)
{
	return (a < b ? a : b);
}

/* Those that makers have for it; which one works is found out. A modem that
 * takes one goes away before it has said so, or soon after. */
const char *
port_reset(const struct modem_settings *settings)
{
	static const char *const commands[] = { "AT+CFUN=1,1", "AT^RESET",
		"AT+CRESET" };
	char answer[AT_ANSWER_SIZE];
	/* The AT and all of them within the deadline, with room to spare. */
	int part_ms = settings->deadline_ms[MODEM_CALL_INIT] /
	    (int)(sizeof commands / sizeof commands[0] + 2);
	int fd;

	if (settings->dummy ||
	    at_open(settings->device, settings->connection, &fd) != AT_OPENED)
		return (NULL);
	log_notice("resetting the modem");
	deadline_begin(MODEM_CALL_INIT);
	if (at_command(fd, "AT", port_least(part_ms, PORT_ANSWER_MS),
	    answer) == -1)
		log_info("the modem does not answer; it is told all the same");
	for (size_t n = 0; n < sizeof commands / sizeof commands[0]; n++) {
		if (at_command(fd, commands[n], port_least(part_ms,
		    PORT_RESET_MS), answer) == 0)
			break;
	}
	deadline_end();
	close(fd);
	return ("reset");
}

const char *
port_check(const struct modem_settings *settings)
{
	char answer[AT_ANSWER_SIZE], *modes = NULL;
	const char *why = NULL;
	int fd;

	if (settings->dummy)
		return (NULL);
	deadline_begin(MODEM_CALL_INIT);
	switch (at_open(settings->device, settings->connection, &fd)) {
	case AT_IN_USE:
		why = "device-in-use";
		break;
	case AT_NOT_THERE:
		why = access(settings->device, R_OK | W_OK) == -1 ?
		    "no-permission" : "no-device";
		break;
	case AT_OPENED:
		if (at_command(fd, "AT+CMGF=?", PORT_ANSWER_MS, answer) == 0)
			modes = at_line(answer, "+CMGF:");
		if (modes != NULL && strchr(modes, '0') == NULL)
			why = "text-mode-only";
		close(fd);
		break;
	}
	deadline_end();
	return (why);
}
