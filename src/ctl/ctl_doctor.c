/*
 * glasctl doctor: looks at all that a gateway needs, from its modem to its
 * database, and says of each whether it is well and, if not, what to do. Owns
 * the keys while it runs, to see that they can be read. Changes nothing; works
 * while the gateway, or the database, or both are down.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "ctl/ctl.h"
#include "ctl/doctor.h"
#include "lib/disk.h"
#include "lib/mem.h"
#include "lib/seal.h"
#include "show/status.h"
#include "store/check.h"
#include "store/config.h"
#include "store/control_ask.h"

static const char *const doctor_levels[] = {
	[DOCTOR_OK] = "ok       ",
	[DOCTOR_WARNING] = "warning  ",
	[DOCTOR_WRONG] = "wrong    ",
};

void
doctor_say(struct doctor *d, enum doctor_level level, const char *about,
    const char *fmt, ...)
{
	char *words, *line;
	va_list ap;

	va_start(ap, fmt);
	words = xvasprintf(fmt, ap);
	va_end(ap);
	line = xasprintf("%s: %s", about, words);
	/* What others say may have lines of its own. */
	for (char *p = line; (p = strpbrk(p, "\n\t")) != NULL;)
		*p = ' ';
	ctl_say_wrapped(doctor_levels[level], line);
	if (level > d->worst)
		d->worst = level;
	free(line);
	free(words);
}

void
doctor_say_lines(struct doctor *d, enum doctor_level level, const char *about,
    struct buf *lines)
{
	char *rest = buf_str(lines), *line;

	while ((line = strsep(&rest, "\n")) != NULL) {
		if (*line != '\0')
			doctor_say(d, level, about, "%s", line);
	}
}

/*
 * What glasd -t looks at as well.
 */

static void
doctor_keys(struct doctor *d)
{
	const struct config *c = d->config;
	struct buf problems = { 0 };

	d->keys = check_keys(c, &problems);
	if (d->keys != NULL)
		check_recall(c, &problems);
	doctor_say_lines(d, DOCTOR_WRONG, "keys", &problems);
	if (problems.len == 0 && !c->gateway.keys_with_spool &&
	    disk_is_same(c->gateway.key_dir, c->gateway.spool_dir))
		doctor_say(d, DOCTOR_WARNING, "keys", "%s is on the disk of "
		    "the spool, and who takes it can read the numbers: move it "
		    "to another disk or a USB stick, or say keys-with-spool = "
		    "yes in %s", c->gateway.key_dir, c->file);
	else if (problems.len == 0)
		doctor_say(d, DOCTOR_OK, "keys", "%s, for nobody else to read",
		    c->gateway.key_dir);
	buf_clear(&problems);
}

static void
doctor_links(struct doctor *d)
{
	const struct config *c = d->config;
	struct buf problems = { 0 }, warnings = { 0 };
	size_t carry = 0;

	for (size_t i = 0; i < c->link_count; i++)
		carry += c->links[i].kind != LINK_STATUS;
	if (carry == 0)
		doctor_say(d, DOCTOR_WRONG, "links", "no modem is configured, "
		    "and nobody can be heard or answered: add a section [modem "
		    "NAME] with its imei or device to %s", c->file);
	for (size_t i = 0; i < c->link_count; i++) {
		if (check_link(c, &c->links[i], &problems, &warnings))
			doctor_say(d, DOCTOR_OK, "links", "[%s %s], its "
			    "program is there%s",
			    link_kind_name(c->links[i].kind), c->links[i].name,
			    c->links[i].pin_file != NULL ? ", and its PIN" :
			    "");
	}
	(void)check_link_user(c, &problems);
	doctor_say_lines(d, DOCTOR_WRONG, "links", &problems);
	doctor_say_lines(d, DOCTOR_WARNING, "links", &warnings);
	buf_clear(&problems);
	buf_clear(&warnings);
}

static void
doctor_pack(struct doctor *d)
{
	struct buf problems = { 0 };

	if (check_content(d->config, &problems))
		doctor_say(d, DOCTOR_OK, "pack", "%s, which serves until the "
		    "database was heard", d->config->gateway.content_dir);
	doctor_say_lines(d, DOCTOR_WRONG, "pack", &problems);
	buf_clear(&problems);
}

/*
 * The running gateway.
 */

static void
doctor_gateway(struct doctor *d)
{
	const char *control = d->config->gateway.control;
	struct buf why = { 0 }, problems = { 0 };
	json_t *status = control_ask(d->config,
	    json_pack("{s:s}", "do", "status"), &why);
	size_t alerts = json_array_size(json_object_get(status, "alerts"));

	if (!check_control(d->config, &problems) ||
	    !check_control_other(d->config, status, &problems))
		doctor_say_lines(d, DOCTOR_WRONG, "gateway", &problems);
	else if (status == NULL)
		doctor_say(d, DOCTOR_WRONG, "gateway", "glasd does not answer "
		    "at %s: %s: systemctl start glas; journalctl -u glas says "
		    "why it ended", control, buf_str(&why));
	else if (strcmp(show_text(status, "state"), "well") != 0)
		doctor_say(d, DOCTOR_WARNING, "gateway", "%s runs and is %s, "
		    "with %zu alert%s: glasctl status says what to do",
		    show_text(status, "gateway"), show_text(status, "state"),
		    alerts, alerts == 1 ? "" : "s");
	else
		doctor_say(d, DOCTOR_OK, "gateway", "%s runs and is well",
		    show_text(status, "gateway"));
	json_decref(status);
	buf_clear(&problems);
	buf_clear(&why);
}

/* In the order in which an installation is mended: what comes first explains
 * what comes after. */
static void (*const doctor_parts[])(struct doctor *) = {
	doctor_user,
	doctor_keys,
	doctor_spool,
	doctor_clock,
	doctor_sandbox,
	doctor_links,
	doctor_ports_look,
	doctor_listen,
	doctor_pack,
	doctor_database,
	doctor_gateway,
};

static enum doctor_level
doctor_run(const struct ctl *ctl)
{
	struct doctor d = { 0 };
	struct buf problems = { 0 };
	struct config *config = config_load(ctl->config_file, &problems);

	if (config != NULL) {
		doctor_say(&d, DOCTOR_OK, "configuration", "%s, gateway %s",
		    ctl->config_file, config->gateway.name);
		d.config = config;
		d.ports = doctor_ports_find(config);
		for (size_t i = 0; i < sizeof doctor_parts /
		    sizeof doctor_parts[0]; i++)
			doctor_parts[i](&d);
		doctor_ports_free(d.ports);
		seal_keys_free(d.keys);
	}
	doctor_say_lines(&d, DOCTOR_WRONG, "configuration", &problems);
	buf_clear(&problems);
	config_free(config);
	return (d.worst);
}

int
ctl_doctor(const struct ctl *ctl, int argc, char **argv)
{
	(void)argv;
	if (argc != 1)
		return (ctl_misused(ctl));
	switch (doctor_run(ctl)) {
	case DOCTOR_OK:
		return (CTL_DONE);
	case DOCTOR_WARNING:
		return (CTL_DEGRADED);
	case DOCTOR_WRONG:
		break;
	}
	return (CTL_DOWN);
}
