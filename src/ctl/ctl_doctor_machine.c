/*
 * glasctl doctor: the machine. Whose eyes it looks with, the clock, the disk of
 * the spool, and whether the kernel can lock a modem's program in. Owns nothing.
 */
#include <sys/stat.h>
#include <sys/syscall.h>
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/doctor.h"
#include "lib/clock.h"
#include "lib/disk.h"
#include "lib/mem.h"
#include "store/check.h"
#include "store/config.h"

#define DOCTOR_USER		"glas"	/* of the package */
#define DOCTOR_EARLIEST_S	1767225600	/* 2026: before there was Glas */
#define DOCTOR_LANDLOCK_VERSION	1
#define DOCTOR_MIB		(UINT64_C(1) << 20)

/*
 * The user.
 */

/* Whoever the keys belong to; the one of the package where there are none. */
static const struct passwd *
doctor_user_find(const struct config *config)
{
	struct stat st;

	if (stat(config->gateway.key_dir, &st) == 0)
		return (getpwuid(st.st_uid));
	return (getpwnam(DOCTOR_USER));
}

static int
doctor_user_become(const struct passwd *pw)
{
	if (pw->pw_uid == 0)
		return (0);
	if (initgroups(pw->pw_name, pw->pw_gid) == -1 ||
	    setresgid(pw->pw_gid, pw->pw_gid, pw->pw_gid) == -1 ||
	    setresuid(pw->pw_uid, pw->pw_uid, pw->pw_uid) == -1)
		return (-1);
	/* Where libpq looks for passwords and services. */
	return (setenv("HOME", pw->pw_dir, 1));
}

void
doctor_user(struct doctor *d)
{
	const struct passwd *pw = doctor_user_find(d->config);
	const char *dir = d->config->gateway.key_dir;

	if (pw == NULL)
		doctor_say(d, DOCTOR_WRONG, "user", "nobody here is the owner "
		    "of %s, and there is no user " DOCTOR_USER ": "
		    "systemd-sysusers makes it; then glasctl init", dir);
	else if (geteuid() != 0 && geteuid() != pw->pw_uid)
		doctor_say(d, DOCTOR_WARNING, "user", "the gateway is %s's and "
		    "you are not: what follows is as you see it; run this as "
		    "root", pw->pw_name);
	else if (geteuid() == 0 && doctor_user_become(pw) == -1)
		doctor_say(d, DOCTOR_WARNING, "user", "cannot become %s: %s: "
		    "what follows is as root sees it", pw->pw_name,
		    strerror(errno));
	else if (access(d->config->file, R_OK) == -1)
		doctor_say(d, DOCTOR_WRONG, "user", "%s, whose the gateway is, "
		    "cannot read %s: %s: chgrp %s %s, and chmod 0640",
		    pw->pw_name, d->config->file, strerror(errno),
		    pw->pw_name, d->config->file);
	else
		doctor_say(d, DOCTOR_OK, "user", "what follows is as %s sees "
		    "it, whose the gateway is", pw->pw_name);
}

/*
 * The spool.
 */

static void
doctor_room(struct doctor *d)
{
	const char *dir = d->config->gateway.spool_dir;
	uint64_t room, size, reserve;

	if (disk_room(dir, &room, &size) == -1) {
		doctor_say(d, DOCTOR_WRONG, "spool", "%s: %s", dir,
		    strerror(errno));
		return;
	}
	reserve = disk_reserve(size, d->config->gateway.spool_reserve_mib);
	if (room < reserve)
		doctor_say(d, DOCTOR_WRONG, "spool", "%s: %llu MiB are free "
		    "on its disk, and new texts are taken from %llu on: free "
		    "space, or give the spool a larger disk", dir,
		    (unsigned long long)(room / DOCTOR_MIB),
		    (unsigned long long)(reserve / DOCTOR_MIB));
	else if (room < 2 * reserve)
		doctor_say(d, DOCTOR_WARNING, "spool", "%s: only %llu MiB are "
		    "free on its disk, below %llu no text is taken: free space",
		    dir, (unsigned long long)(room / DOCTOR_MIB),
		    (unsigned long long)(reserve / DOCTOR_MIB));
	else
		doctor_say(d, DOCTOR_OK, "spool", "%s, %llu MiB free on its "
		    "disk", dir, (unsigned long long)(room / DOCTOR_MIB));
}

void
doctor_spool(struct doctor *d)
{
	struct buf problems = { 0 }, warnings = { 0 };

	if (check_spool(d->config, &problems, &warnings))
		doctor_room(d);
	doctor_say_lines(d, DOCTOR_WRONG, "spool", &problems);
	doctor_say_lines(d, DOCTOR_WARNING, "spool", &warnings);
	buf_clear(&problems);
	buf_clear(&warnings);
}

/*
 * Clock and kernel.
 */

void
doctor_clock(struct doctor *d)
{
	int64_t now_us = clock_wall_us();
	char now[32];

	clock_format(now_us, now, sizeof now);
	if (now_us / 1000000 < DOCTOR_EARLIEST_S)
		doctor_say(d, DOCTOR_WRONG, "clock", "it says %s, which is "
		    "past long since: deadlines and limits go by it: set it "
		    "with timedatectl set-time, and see why it was lost", now);
	else if (!clock_is_kept())
		doctor_say(d, DOCTOR_WARNING, "clock", "it says %s, and "
		    "nobody keeps it right: apt-get install chrony, or "
		    "timedatectl set-ntp true", now);
	else
		doctor_say(d, DOCTOR_OK, "clock", "%s, and kept right", now);
}

void
doctor_sandbox(struct doctor *d)
{
	if (syscall(SYS_landlock_create_ruleset, NULL, 0,
	    DOCTOR_LANDLOCK_VERSION) < 1)
		doctor_say(d, DOCTOR_WARNING, "kernel", "it has no Landlock, "
		    "and the program that reads what strangers send is not "
		    "kept from the rest: use a kernel of Debian 12 or later, "
		    "with landlock in its list of lsm=");
	else
		doctor_say(d, DOCTOR_OK, "kernel", "it can lock the program "
		    "of a modem in (Landlock)");
}
