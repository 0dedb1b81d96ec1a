/*
 * glasctl doctor: the ports of modems. Owns the list of them, with who had them
 * open when root looked. Nothing is opened: that alone can disturb a modem.
 */
#include <sys/stat.h>
#include <dirent.h>
#include <errno.h>
#include <glob.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/doctor.h"
#include "lib/mem.h"
#include "store/config.h"

#define PORT_GROUPS	64
#define PORT_MANAGER	"ModemManager"
#define PORT_OURS	"glas-modem"

struct doctor_port {
	const struct config_link *link;
	char		*path;
	struct stat	 st;
	int		 error;		/* of stat(), or 0 */
	bool		 found;		/* by a search for an IMEI */
	pid_t		 holder;	/* 0 = nobody */
	char		 program[32];
};

struct doctor_ports {
	struct doctor_port	*port;
	size_t			 count;
	bool			 manager;	/* ModemManager runs */
};

/*
 * Finding them.
 */

static void
port_add(struct doctor_ports *ports, const struct config_link *link,
    const char *path, bool found)
{
	struct doctor_port *port;

	ports->port = xreallocarray(ports->port, ports->count + 1,
	    sizeof *ports->port);
	port = &ports->port[ports->count++];
	*port = (struct doctor_port){ .link = link, .path = xstrdup(path),
	    .found = found };
	if (stat(path, &port->st) == -1)
		port->error = errno;
}

static void
port_add_link(struct doctor_ports *ports, const struct config_link *link)
{
	const char *device = config_setting(link, "device");
	glob_t g;

	if (strcmp(config_setting(link, "connection"), "none") == 0)
		return;
	if (device != NULL) {
		port_add(ports, link, device, false);
		return;
	}
	if (glob(config_setting(link, "device-glob"), 0, NULL, &g) == 0) {
		for (size_t i = 0; i < g.gl_pathc; i++)
			port_add(ports, link, g.gl_pathv[i], true);
		globfree(&g);
	}
}

static void
port_held(struct doctor_ports *ports, pid_t pid, const char *program,
    const struct stat *st)
{
	for (size_t i = 0; i < ports->count; i++) {
		struct doctor_port *port = &ports->port[i];

		if (port->error != 0 || port->holder != 0 ||
		    !S_ISCHR(st->st_mode) || st->st_rdev != port->st.st_rdev)
			continue;
		port->holder = pid;
		snprintf(port->program, sizeof port->program, "%s", program);
	}
}

static void
port_scan_process(struct doctor_ports *ports, pid_t pid)
{
	char path[64], program[32] = "";
	struct dirent *entry;
	struct stat st;
	FILE *f;
	DIR *d;

	snprintf(path, sizeof path, "/proc/%d/comm", (int)pid);
	if ((f = fopen(path, "re")) != NULL) {
		if (fgets(program, sizeof program, f) == NULL)
			program[0] = '\0';
		program[strcspn(program, "\n")] = '\0';
		fclose(f);
	}
	if (strcmp(program, PORT_MANAGER) == 0)
		ports->manager = true;
	snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
	if ((d = opendir(path)) == NULL)
		return;
	while ((entry = readdir(d)) != NULL) {
		if (fstatat(dirfd(d), entry->d_name, &st, 0) == 0)
			port_held(ports, pid, program, &st);
	}
	closedir(d);
}

/* Processes of others show their files to root alone. */
static void
port_scan(struct doctor_ports *ports)
{
	DIR *d = opendir("/proc");
	struct dirent *entry;
	char *end;
	long pid;

	while (d != NULL && (entry = readdir(d)) != NULL) {
		pid = strtol(entry->d_name, &end, 10);
		if (pid > 0 && *end == '\0')
			port_scan_process(ports, (pid_t)pid);
	}
	if (d != NULL)
		closedir(d);
}

struct doctor_ports *
doctor_ports_find(const struct config *config)
{
	struct doctor_ports *ports = xcalloc(1, sizeof *ports);

	for (size_t i = 0; i < config->link_count; i++) {
		if (config->links[i].kind == LINK_MODEM)
			port_add_link(ports, &config->links[i]);
	}
	if (ports->count > 0)
		port_scan(ports);
	return (ports);
}

void
doctor_ports_free(struct doctor_ports *ports)
{
	for (size_t i = 0; ports != NULL && i < ports->count; i++)
		free(ports->port[i].path);
	if (ports != NULL)
		free(ports->port);
	free(ports);
}

/*
 * Who may open them.
 */

static bool
port_in_group(gid_t gid, const gid_t *groups, int count)
{
	for (int i = 0; i < count; i++) {
		if (groups[i] == gid)
			return (true);
	}
	return (false);
}

/* Links of a gateway that is root's run as another user. */
static bool
port_opens_for(const char *user, const struct stat *st)
{
	const struct passwd *pw = getpwnam(user);
	gid_t groups[PORT_GROUPS];
	int count = PORT_GROUPS;

	if (pw == NULL || pw->pw_uid == 0)
		return (true);
	if (st->st_uid == pw->pw_uid)
		return ((st->st_mode & 0600) == 0600);
	if (getgrouplist(user, pw->pw_gid, groups, &count) == -1)
		count = 0;
	if (port_in_group(st->st_gid, groups, count))
		return ((st->st_mode & 0060) == 0060);
	return ((st->st_mode & 0006) == 0006);
}

static bool
port_opens(const struct doctor_port *port, const struct config *config)
{
	if (geteuid() == 0)
		return (port_opens_for(config->gateway.link_user, &port->st));
	return (access(port->path, R_OK | W_OK) == 0);
}

/* To let somebody in: a group, where the port has one that is for this. */
static void
port_say_closed(struct doctor *d, const struct doctor_port *port)
{
	const struct group *gr = getgrgid(port->st.st_gid);
	const struct passwd *pw = geteuid() == 0 ?
	    getpwnam(d->config->gateway.link_user) : getpwuid(geteuid());
	const char *user = pw != NULL ? pw->pw_name : "the user of links";

	if (gr != NULL && gr->gr_gid != 0 && (port->st.st_mode & 0060) == 0060)
		doctor_say(d, DOCTOR_WRONG, "ports", "[modem %s]: %s is for "
		    "the group %s, and %s is not in it: adduser %s %s, then "
		    "restart glasd", port->link->name, port->path, gr->gr_name,
		    user, user, gr->gr_name);
	else
		doctor_say(d, DOCTOR_WRONG, "ports", "[modem %s]: %s has mode "
		    "%04o and is closed to %s: a udev rule gives it a group "
		    "and mode 0660", port->link->name, port->path,
		    (unsigned int)port->st.st_mode & 07777, user);
}

/*
 * Saying it.
 */

static void
port_say_held(struct doctor *d, const struct doctor_port *port)
{
	if (strcmp(port->program, PORT_MANAGER) == 0)
		doctor_say(d, DOCTOR_WRONG, "ports", "[modem %s]: ModemManager "
		    "(process %d) has %s open: systemctl disable --now "
		    "ModemManager, or a udev rule with "
		    "ID_MM_DEVICE_IGNORE for this modem", port->link->name,
		    (int)port->holder, port->path);
	else
		doctor_say(d, DOCTOR_WRONG, "ports", "[modem %s]: %s (process "
		    "%d) has %s open: end it", port->link->name, port->program,
		    (int)port->holder, port->path);
}

/* The link before it that names the same port, by whatever name. */
static const struct config_link *
port_rival(const struct doctor_ports *ports, const struct doctor_port *port)
{
	for (const struct doctor_port *p = ports->port; p < port; p++) {
		if (!p->found && p->error == 0 && p->link != port->link &&
		    p->st.st_rdev == port->st.st_rdev)
			return (p->link);
	}
	return (NULL);
}

static void
port_say(struct doctor *d, const struct doctor_port *port)
{
	bool ours = strcmp(port->program, PORT_OURS) == 0;
	const struct config_link *rival = port->found ? NULL :
	    port_rival(d->ports, port);

	if (port->error != 0)
		doctor_say(d, DOCTOR_WRONG, "ports", "[modem %s]: %s: %s: put "
		    "the modem in; ls -l /dev/serial/by-id shows those that "
		    "are there", port->link->name, port->path,
		    strerror(port->error));
	else if (!S_ISCHR(port->st.st_mode))
		doctor_say(d, DOCTOR_WRONG, "ports", "[modem %s]: %s is no "
		    "port: name one of those in /dev/serial/by-id",
		    port->link->name, port->path);
	else if (rival != NULL)
		doctor_say(d, DOCTOR_WRONG, "ports", "[modem %s]: %s is the "
		    "port of [modem %s] under another name: take one of the "
		    "two sections out, or name the port of its own modem",
		    port->link->name, port->path, rival->name);
	else if (!port_opens(port, d->config))
		port_say_closed(d, port);
	else if (port->holder != 0 && !ours)
		port_say_held(d, port);
	else if (d->ports->manager && !ours)
		doctor_say(d, DOCTOR_WARNING, "ports", "[modem %s]: %s is "
		    "free, but ModemManager runs and may take it: systemctl "
		    "disable --now ModemManager", port->link->name,
		    port->path);
	else
		doctor_say(d, DOCTOR_OK, "ports", "[modem %s]: %s%s",
		    port->link->name, port->path, ours ?
		    ", in use by glas-modem" : port->found ?
		    " can be searched for its IMEI" : " can be opened");
}

static size_t
port_count_of(const struct doctor_ports *ports, const struct config_link *link)
{
	size_t n = 0;

	for (size_t i = 0; i < ports->count; i++)
		n += ports->port[i].link == link;
	return (n);
}

void
doctor_ports_look(struct doctor *d)
{
	for (size_t i = 0; i < d->ports->count; i++)
		port_say(d, &d->ports->port[i]);
	for (size_t i = 0; i < d->config->link_count; i++) {
		const struct config_link *link = &d->config->links[i];

		if (link->kind == LINK_MODEM &&
		    config_setting(link, "imei") != NULL &&
		    port_count_of(d->ports, link) == 0)
			doctor_say(d, DOCTOR_WRONG, "ports", "[modem %s]: no "
			    "port is there to be searched for its IMEI (%s): "
			    "put the modem in, or correct device-glob",
			    link->name, config_setting(link, "device-glob"));
	}
}
