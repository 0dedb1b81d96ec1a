#!/usr/bin/env python3
"""Long tests, each a function that returns its figures beside their bars.

test_long.py runs them small, `make torture` and `make soak` whole: with fewer
rounds, never fewer kinds.
"""

import collections
import glob
import itertools
import os
import random
import time

import hostile
import modemfaults
import robots
from crowd import CrowdOffice
from figures import STOP_S, Figures, Growth, has_test_clock
from office import NO_LIMITS

ORDER = ("select count(*) from (select n, lag(n) over (partition by citizen"
         " order by id) as before from (select citizen, id, (regexp_match("
         "text, 'broj (\\d+)'))[1]::int as n from glas_data.message"
         " join glas_data.body on message = id) x) y"
         " where n <= before")
PLACES = ("Vranje", "Bujanovac", "Presevo", "Leskovac")
THINGS = ("rupa", "mrak", "smece", "nema vode", "kvar", "rasveta")


def number(n, prefix="64"):
    """Somebody's."""
    return f"+381{prefix}{n:07d}"


def calm(n):
    """A report of something that is nowhere else, the n-th of somebody."""
    return (f"PRIJAVA {THINGS[n % len(THINGS)]} broj {n}"
            f" {PLACES[n // 7 % len(PLACES)]}")


def danger(n):
    """What is told at once, and is a report."""
    return f"gori kuca broj {n}, Bujanovac"


def question(n):
    """What no receipt answers."""
    return (f"PRAVO 3 broj {n}", f"STATUS 100008 broj {n}",
            f"dobar dan, kako ste, broj {n}")[n % 3]


def write(crowd, people, texts, first=0, danger_every=50, questions=False):
    """So many texts of so many people, in turn; every so-manieth is of
    danger. With questions a third of the people have nothing else."""
    for n in range(first, first + texts):
        words = calm
        if danger_every and n % danger_every == 7:
            words = danger
        elif questions and n % people % 3 == 0:
            words = question
        crowd.text(number(n % people), words(n))


def stored(office):
    """text -> how often it is in the inbox."""
    return collections.Counter(office.sql(
        "select text from glas.inbox").split("\n"))


def count_texts(figures, office, lost=True):
    """Each text must be there, once, and each person's in order."""
    found = stored(office)
    texts = [words for _, words in office.crowd.texts]
    figures.note("texts", len(texts))
    if lost:
        figures.none("lost", [words for words in texts if words not in found])
    figures.none("stored twice", [words for words, times in found.items()
                                  if times > 1])
    figures.none("out of order for a person", int(office.sql(ORDER)))


def too_many(office, first=0, since=0):
    """Who was told more than they asked for: one reply for each text, two for
    danger."""
    allowed = collections.Counter()
    for who, words in office.crowd.texts[first:]:
        allowed[who] += 2 if words.startswith("gori") else 1
    return [(who, told) for who, told in office.crowd.told(since).items()
            if told > allowed[who]]


def unanswered(office):
    """Who wrote and has heard nothing at all."""
    told = office.crowd.told()
    return sorted({who for who, _ in office.crowd.texts if who not in told})


# ---- PostgreSQL away -------------------------------------------------------

def rate_of_backlog(office, texts):
    """Texts a second from now until all are stored."""
    since = time.monotonic()
    office.wait_acked()
    office.wait(office.is_stored, "end of the backlog")
    return texts / (time.monotonic() - since)


def under_load(office, condition, what):
    """Waits while people go on writing."""
    crowd = office.crowd

    def goes_on():
        if len(crowd.waiting) < 20:
            write(crowd, 500, 50, len(crowd.texts))
        return condition()
    office.wait(goes_on, what)


def minute_away(figures, office, scale, normal):
    """It is stopped while texts come, and they go on coming."""
    crowd, stop_s = office.crowd, max(4, 60 * scale)
    before = office.count("glas_data.message")
    crowd.pace = 100
    office.cluster.stop()
    over = time.monotonic() + stop_s
    under_load(office, lambda: time.monotonic() > over, "minute")
    spooled = before + crowd.acked
    office.cluster.start()
    since = time.monotonic()
    under_load(office, lambda: office.status()["database"] == "up",
               "database")
    up = time.monotonic()
    spooled = crowd.acked - before
    under_load(office, lambda: office.count("glas_data.message") >=
               before + spooled, "end of the backlog")
    share = spooled / (time.monotonic() - up) / normal
    crowd.pace = None
    office.settle()
    figures.note("stopped for, s", stop_s)
    figures.note("texts that waited", spooled)
    figures.most("back after its start, s", up - since, 25, timed=True)
    figures.least("catch-up, of the normal rate", share, 0.5, timed=True)


def seconds_to_noon():
    """From now until a noon at least a day away; by UTC, when it is day in
    Belgrade in winter and in summer."""
    return 86400 + 86400 - int(time.time() - 12 * 3600) % 86400


def day_away(figures, office, scale, normal):
    """It is stopped, texts come, and a day later it is started."""
    crowd = office.crowd
    texts, first = max(200, int(5000 * scale)), len(crowd.texts)
    before = len(crowd.replies)
    later = seconds_to_noon()
    office.move_database_clock(later)
    office.cluster.stop()
    office.wait_database("away", 60)
    write(crowd, texts // 10, texts, first, questions=True)
    office.wait_acked()
    office.wait(lambda: office.status()["outbox"]["waiting"] == 0,
                "end of what is told at once")
    at_once = len(crowd.replies)
    office.move_clock(later)
    office.cluster.start()
    office.wait_database("up", 60)
    share = rate_of_backlog(office, texts) / normal
    office.settle()
    late = crowd.told(at_once)
    figures.note("texts of yesterday", texts)
    figures.note("replies at once", at_once - before)
    figures.note("replies a day later", sum(late.values()))
    figures.most("to one person a day later", max(late.values(), default=0),
                 1)
    figures.least("catch-up, of the normal rate", share, 0.5, timed=True)


def outage(cluster, scale=1):
    """PostgreSQL is stopped for a minute under load, then for a day."""
    figures = Figures()
    with CrowdOffice(cluster=cluster, database="outage") as office:
        office.begin()
        texts = max(200, int(5000 * scale))
        write(office.crowd, 500, texts)
        normal = rate_of_backlog(office, texts)
        office.settle()
        figures.note("normal rate, texts/s", normal)
        minute_away(figures, office, scale, normal)
        if has_test_clock():
            day_away(figures, office, scale, normal)
        else:
            figures.skip("a day away", "configure --enable-test-clock")
        count_texts(figures, office)
        figures.none("told more than they asked for", too_many(office))
        figures.none("not answered", unanswered(office))
        figures.memory("glasd: peak memory", office.rss_kib())
        figures.ended(office)
    return figures


# ---- machines --------------------------------------------------------------

def machines(cluster, scale=1):
    """An hour of machines that answer each other."""
    figures = Figures()
    if not has_test_clock():
        figures.skip("machines", "configure --enable-test-clock")
        return figures
    minutes = max(10, int(60 * scale))

    def look(one, two):
        figures.most("two offices: texts that came", one.count(
            "glas_data.message") + two.count("glas_data.message"), 2)
        figures.none("two offices: reports out of replies",
                     two.count("glas.reports"))
    figures.most("two offices: replies",
                 robots.two_offices(cluster, minutes, look), 1)
    for answer, replies in robots.machines(cluster, minutes).items():
        figures.most(f"one that {answer.__name__.replace('_', ' ')}: replies",
                     replies, robots.MACHINES[answer])
    return figures


# ---- hostile messages ------------------------------------------------------

HEALTHY_EVERY, HEALTHY = 50, "69"
REPLIES_A_DAY = 20          # replies-per-day, as it is by default
SHOWN = ("select table_name, quote_ident(column_name) from information_schema.columns"
         " where table_schema = 'glas' and table_name in (select table_name"
         " from information_schema.views) and data_type in ('text', 'name',"
         " 'character varying', 'ARRAY', 'jsonb')")


def speak_badly(crowd, messages):
    """Says these messages, with healthy texts among them."""
    for n, message in enumerate(messages):
        crowd.say(message)
        if n % HEALTHY_EVERY == 0:
            crowd.text(number(len(crowd.texts), HEALTHY),
                       calm(len(crowd.texts)))


def what_is_shown(office):
    """What psql shows that must not get to a terminal: (view, column,
    characters)."""
    found = []
    for line in office.sql(SHOWN).split("\n"):
        view, column = line.split("|")
        for octets in office.sql(
                f"select encode(convert_to({column}::text, 'UTF8'), 'hex')"
                f" from glas.{view}").split("\n"):
            bad = hostile.shown(bytes.fromhex(octets).decode())
            if bad:
                found.append((view, column, bad))
    words = office.sql(
        "select encode(convert_to(e, 'UTF8'), 'hex') from (select id from"
        " glas.inbox order by md5(id::text) limit 300) i,"
        " glas.explain(i.id) e")
    found += [("explain", bad) for bad in map(hostile.shown, bytes.fromhex(
        words.replace("\n", "0a")).decode().split("\n")) if bad]
    return found


def hostility(cluster, scale=1, seed=1):
    """Hostile messages, and people who are answered all the same."""
    figures, total = Figures(), max(1500, int(100_000 * scale))
    with CrowdOffice(cluster=cluster, database="hostile",
                     limits={"segments-per-day": 0}) as office:
        office.begin()
        crowd, growth, lives = office.crowd, Growth(office), office.crowd.lives
        messages = hostile.messages(seed, crowd.stamp)
        chunks = 20 if scale >= 0.1 else 6
        for _ in range(chunks):
            speak_badly(crowd, itertools.islice(messages, total // chunks))
            office.wait_acked()
            office.wait(office.is_stored, "end of the backlog")
            growth.look()
        office.settle()
        figures.note("hostile messages", total)
        figures.none("link hung up on", crowd.lives - lives
                     + office.status()["links"][0]["violations"])
        judge_hostility(figures, office)
        growth.judge(figures)
        figures.ended(office)
    return figures


def without_a_trace(office):
    """How many messages are neither known nor in quarantine; the same once
    more is counted there, and a call without a number is nothing."""
    said = office.crowd.said
    withheld = sum(link["calls_withheld"]
                   for link in office.status()["links"])
    return abs(said["mo"] + said["call"] - withheld - int(office.sql(
        "select sum(seen) from glas_data.identity"))) + abs(
            said["raw"] - int(office.sql(
                "select coalesce(sum(seen), 0) from glas_data.quarantine")))


def judge_hostility(figures, office):
    """Who is healthy is heard, who is not is not flooded, and nothing that is
    shown does harm."""
    told, found = office.crowd.told(), stored(office)
    texts = office.crowd.texts
    figures.note("healthy texts among them", len(texts))
    figures.none("messages without a trace", without_a_trace(office))
    figures.none("healthy: not answered once", [
        who for who, _ in texts if told[who] != 1])
    figures.none("healthy: not stored once", [
        words for _, words in texts if found[words] != 1])
    figures.most("replies to one hostile number", max(
        times for who, times in told.items()
        if who[4:6] != HEALTHY), REPLIES_A_DAY)
    figures.none("forbidden characters in what psql shows",
                 what_is_shown(office))
    figures.note("in quarantine", office.count("glas.quarantine"))
    figures.none("texts in quarantine", office.sql(
        "select reason from glas.quarantine"
        " where reason <> 'the link cannot read it'"
    ).splitlines())


# ---- a log that is found at the start --------------------------------------

def spoil(office):
    """Turns an octet in the middle of the log, of what was written first."""
    path = sorted(glob.glob(office.path("spool", "log.*")))[0]
    with open(path, "r+b") as log:
        octets = log.read().rstrip(b"\0")
        log.seek(len(octets) // 2)
        log.write(bytes((octets[len(octets) // 2] ^ 0xff,)))


def runs(numbers):
    """How many runs of neighbours there are."""
    return sum(n - 1 not in numbers for n in numbers)


def recovery(cluster, scale=1):
    """glasd starts with a log full of texts, one record of which is bad."""
    figures, texts = Figures(), max(300, int(50_000 * scale))
    with CrowdOffice(cluster=cluster, database="recovery") as office:
        office.begin()
        crowd = office.crowd
        cluster.stop()
        office.wait_database("away", 60)
        write(crowd, texts, texts, danger_every=1000)
        office.wait_acked()
        office.wait(lambda: office.status()["outbox"]["waiting"] == 0
                    and not crowd.unacked, "end of what is told at once")
        figures.memory("glasd: peak memory before", office.rss_kib())
        office.kill()
        spoil(office)
        lives, since = crowd.lives, time.monotonic()
        office.start()
        office.wait(lambda: crowd.lives > lives, "link")
        figures.note("texts in the log", texts)
        figures.most("recovery at start, s", time.monotonic() - since, 10,
                     timed=True)
        # Until it understands texts without the database.
        office.wait_database("away", 60)
        figures.memory("glasd: memory after recovery", office.rss_kib())
        cluster.start()
        office.wait_database("up", 60)
        rate = rate_of_backlog(office, texts)
        office.settle()
        figures.note("catch-up, texts/s", rate)
        judge_recovery(figures, office)
        figures.memory("glasd: peak memory", office.rss_kib())
        figures.ended(office)
    return figures


def judge_recovery(figures, office):
    """What is missing was in one record."""
    found = stored(office)
    texts = [words for _, words in office.crowd.texts]
    missing = {n for n, words in enumerate(texts) if words not in found}
    figures.note("texts in the bad record", len(missing))
    figures.most("runs of texts that are missing", runs(missing), 1)
    figures.least("set aside", len(os.listdir(office.path("spool", "bad"))),
                  1)
    figures.none("stored twice", [words for words, times in found.items()
                                  if times > 1])
    figures.none("told more than they asked for", too_many(office))
    figures.none("not answered", [
        who for who in unanswered(office)
        if int(who[-7:]) not in missing])


# ---- soak ------------------------------------------------------------------

SOAK_PEOPLE, SOAK_WINDOW = 5000, 10


def reload(office, _dice):
    """The configuration is read again, and is another."""
    office.limits = {**NO_LIMITS, "segments-per-reply":
                     2 + office.limits.get("segments-per-reply", 3) % 2}
    office.write_conf()
    office.reload()


def restart_database(office, dice):
    """It stops in one of its ways, and is started."""
    office.cluster.restart(dice.choice(("fast", "immediate")))


def kill_database(office, _dice):
    """As a power cut does."""
    office.cluster.kill()
    office.cluster.start()


def hang_up(office, _dice):
    """The link ends."""
    office.crowd.hang_up()


def ask(office, _dice):
    """The state is asked for."""
    for words in ("status", "status --json"):
        office.glasctl(*words.split(), check=False)


def restart(office, _dice):
    """glasd ends in order, and is started."""
    status = office.stop(STOP_S)
    if status != 0:
        raise AssertionError(f"glasd ended with {status}: {office.tail()}")
    office.start()


def kill(office, _dice):
    """glasd ends at once, and is started."""
    office.kill()
    office.start()


EVENTS = (reload, restart_database, hang_up, kill_database, ask)
STARTS = (restart, kill)


def soak_round(office, texts, event, dice):
    """Texts, in the midst of which something happens."""
    crowd = office.crowd
    acked = crowd.acked + dice.randrange(texts)
    write(crowd, SOAK_PEOPLE, texts, len(crowd.texts), danger_every=0)
    office.wait(lambda: crowd.acked >= acked or crowd.is_acked(), "acks")
    event(office, dice)
    office.settle()


def soak(cluster, scale=1, seed=1, deadline=None):
    """Texts without end, while all parts but glasd are restarted; then glasd
    is, again and again."""
    figures, dice = Figures(), random.Random(seed)
    total = max(600, int(200_000 * scale))
    rounds = max(len(EVENTS + STARTS), int(100 * scale))
    starts = max(len(STARTS), rounds // 5)
    with CrowdOffice(cluster=cluster, database="soak",
                     submit_window=SOAK_WINDOW) as office:
        office.begin()
        growth, happened = Growth(office), []
        for n in range(rounds):
            last = n >= rounds - starts
            events = STARTS if last else EVENTS
            if last and happened[-1] not in STARTS:
                growth.judge(figures)
            happened.append(events[n % len(events)])
            soak_round(office, total // rounds, happened[-1], dice)
            growth.look()
            if deadline and time.monotonic() > deadline:
                break
        figures.least("rounds", len(happened), rounds // 2)
        for event in EVENTS + STARTS:
            figures.note(event.__doc__.rstrip(".").lower(),
                         happened.count(event))
        count_texts(figures, office)
        figures.none("told more than they asked for", too_many(office))
        figures.none("not answered", unanswered(office))
        figures.most("segments repeated",
                     sum(reply.repeated for reply in
                         office.crowd.replies.values()),
                     SOAK_WINDOW * sum(map(happened.count, (kill, hang_up))))
        figures.ended(office)
    return figures


# ---- modems ----------------------------------------------------------------

def faults(cluster, scale=1, seed=1, deadline=None):
    """One modem of three has one fault after the other."""
    figures, wanted = Figures(), max(len(modemfaults.Faults.KINDS),
                                     int(500 * scale))
    found = modemfaults.storm(cluster, wanted, seed, deadline=deadline)
    done = sum(found["kinds"].values())
    figures.least("faults", done, wanted / 2)
    figures.note("kinds of them", len(found["kinds"]))
    figures.note("texts", found["texts"])
    figures.none("lost", found["lost"])
    figures.none("stored twice", found["which"])
    figures.note("what cannot be read", found["crooked"])
    figures.none("not in quarantine", found["crooked_lost"])
    figures.most("answered twice", found["answered_twice"],
                 found["restarts"]["bad"])
    figures.none("restarts of the other two",
                 found["restarts"]["one"] + found["restarts"]["two"])
    figures.least("the other two, of their rate", found["rate_among"]
                  / found["rate_without"], 0.8, timed=True)
    return figures
