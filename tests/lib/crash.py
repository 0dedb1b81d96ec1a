#!/usr/bin/env python3
"""What survives a crash: an office that texts keep coming to while its parts
are killed, and the count of what became of each text.

The programs are the real ones: glasd, glas-modem with libgammu, PostgreSQL; the
modem is simulated and knows what it was told to delete and to send.
test_crash.py runs a little of this with each kind of fault, torture.py much of
it.

In a test:

    with CrashOffice() as office:
        office.feed(20)
        office.wait_told(40)
        office.strike("glasd"); office.revive()
        office.settle()
        office.figures().faults()         # [] when all is well
"""

import collections
import contextlib
import dataclasses
import glob
import os
import random
import shlex
import shutil
import signal
import time

import pdu
from cluster import Cluster, ClusterError, children_of, send_signal, wait_until
from office import BUILD_DIR, NO_LIMITS, Office, program
from simmodem import SimModem

SETTLE_S = 60
REPLY_S = 0.3   # glas-modem listens 50 ms behind each, and reads its report
OPENS = 2       # of the port by each glas-modem: a look at it, then libgammu
HASTEN = os.path.join(BUILD_DIR, "tests", "lib", "hasten.so")
FINAL = "('accepted', 'delivered')"
PROGRAMS = ("glasd", "glas-modem")
SERVERS = ("postgres", "postmaster", "backend")
KINDS = PROGRAMS + SERVERS


@dataclasses.dataclass
class Text:
    """What somebody wrote, and the beginnings of the replies it must get."""
    number: str
    words: str
    replies: tuple


RECEIPT, DANGER = "Primljeno.", "OVO NIJE HITNA"
FORMS = (
    ("PRIJAVA rupa kod kuce %d Vranje", (RECEIPT,)),
    ("PRIJAVA rupa kod kuce %d Vranje", (RECEIPT,)),
    ("gori kuca %d, Bujanovac", (DANGER, RECEIPT)),
    ("PRIJAVA rasveta ne radi vec tri nedelje u nasoj ulici, deca idu po mraku"
     " u skolu i plase se, zvali smo vise puta i niko nije dosao da popravi,"
     " kuca %d, molim vas pomozite, Vranje", (RECEIPT,)),
)
# One reply each.
CALM = tuple(form for form in FORMS if DANGER not in form[1])


@dataclasses.dataclass
class Kill:
    """Which part died, and in which life of the port."""
    kind: str
    life: int
    stored: bool        # the database knew what became of its last text


@dataclasses.dataclass
class Figures:
    """What is counted when all has settled."""
    texts: int = 0
    lost: list = dataclasses.field(default_factory=list)
    twice: list = dataclasses.field(default_factory=list)
    unanswered: list = dataclasses.field(default_factory=list)
    refused: list = dataclasses.field(default_factory=list)     # and why
    unknown: int = 0            # never sent, and said so in glas.outbox
    repeated: int = 0           # where the outcome was unknowable
    unexcused: list = dataclasses.field(default_factory=list)
    inside: int = 0             # kills that fell inside a submit

    def faults(self):
        """What must not be, in words."""
        return ["%s: %s" % (what, found[:5]) for what, found in (
            ("lost", self.lost), ("stored twice", self.twice),
            ("not answered", self.unanswered),
            ("in quarantine", self.refused),
            ("answered twice", self.unexcused)) if found]


def at_home(folder):
    """The processes that work in a folder."""
    found = []
    for path in glob.glob("/proc/[0-9]*"):
        with contextlib.suppress(OSError):
            if os.readlink(path + "/cwd") == folder:
                found.append(int(path.split("/")[2]))
    return found


class CrashOffice(Office):
    """An office with a modem, whose parts can be killed and come back."""

    def __init__(self, *, seed=1, cluster=None, slots=30, settings=None,
                 section="", **more):
        self.random = random.Random(seed)
        self.texts = []
        self.lives = []         # of the port, for each submit
        self.kills = []
        self.sim = SimModem(slots=slots, on_event=self._heard, seed=seed,
                            report_delay_s=0.02)
        # No power cut is played here, and a server that syncs takes its time.
        super().__init__(cluster=cluster or Cluster(fsync=False),
                         limits=NO_LIMITS,
                         settings=settings, **more)
        self.own_cluster = cluster is None
        self.sim.start()
        self.modem = self.path("modem")
        self.modem_runner()
        self.sections = (f"[modem sim]\ncommand = {self.modem}\n"
                         f"device = {self.sim.path}\n"
                         "connection = at115200\npoll = 1000\n" + section)
        self.init()

    # ---- running -----------------------------------------------------------

    def _heard(self, event):
        if event["event"] == "submitted":
            self.lives.append(self.sim.opens)

    def modem_runner(self, *runner):
        """Starts of glas-modem go through this command; the first one alone
        when it is not empty."""
        once = self.path("once")
        words = " ".join(map(shlex.quote, runner))
        env = shutil.which("env")       # links have no PATH
        quick = (f"LD_PRELOAD={HASTEN} ASAN_OPTIONS=verify_asan_link_order=0"
                 ":detect_leaks=0")
        with contextlib.suppress(FileNotFoundError):
            os.unlink(once)
        if runner:
            os.close(os.open(once, os.O_CREAT | os.O_WRONLY, 0o600))
        draft = self.modem + ".new"
        with open(draft, "w", encoding="ascii") as script:
            script.write(
                "#!/bin/sh\n"
                f"{quick}; export ASAN_OPTIONS\n"
                f"if [ -e {once} ]; then rm {once}; exec {words} {env}"
                f" LD_PRELOAD=$LD_PRELOAD {program('glas-modem')}; fi\n"
                f"export LD_PRELOAD; exec {program('glas-modem')}\n")
        os.chmod(draft, 0o755)
        os.rename(draft, self.modem)

    def modem_pid(self):
        """The process of the link, or None."""
        pids = children_of(self.process.pid) if self.process else []
        return pids[0] if pids else None

    def wait_link(self, timeout_s=SETTLE_S):
        """Until the modem is in use."""
        self.wait_status(lambda s: [link["state"] for link
                                    in s.get("links", ())] == ["ready"],
                         "a modem in use", timeout_s)

    # ---- the load ----------------------------------------------------------

    def feed(self, count, forms=FORMS):
        """So many texts come, each from somebody else."""
        for _ in range(count):
            n = 1000 + len(self.texts)
            form, replies = self.random.choice(forms)
            text = Text("+38164%07d" % n, form % n, replies)
            self.texts.append(text)
            # The clock may be moved.
            self.sim.deliver(text.number, text.words, scts=pdu.NO_TIME)

    def told(self):
        """How much the modem has been told, a measure of how far it is."""
        return sum(self.sim.commands.values())

    def wait_told(self, commands, timeout_s=SETTLE_S):
        """Until it has been told so many commands more, or has no work."""
        goal = self.told() + commands
        wait_until(lambda: self.told() >= goal or self._is_idle(), timeout_s,
                   f"{commands} commands: {self.tail()}")

    def _is_idle(self):
        if self.sim.stored() or self.sim.waiting():
            return False
        status = self.status() or {}
        return (status.get("database") == "up"
                and status["spool"]["octets"] == 0
                and status["spool"]["texts"] == 0
                and status["outbox"]["waiting"] == 0)

    # ---- faults ------------------------------------------------------------

    def strike(self, kind):
        """Ends one of KINDS at once, and notes what that may excuse."""
        if kind in SERVERS:
            self._kill_server(kind)
            return
        if kind == "glasd":
            modem = self.modem_pid()
            self.kill()
            wait_until(lambda: modem is None or self._is_dead(modem),
                       SETTLE_S, "end of the link")
            self.note(kind, self.sim.opens)
        else:
            modem = self.modem_pid()
            if modem is None:
                return
            life = self.sim.opens
            send_signal(modem, signal.SIGKILL)
            wait_until(lambda: self._is_dead(modem), SETTLE_S,
                       "end of the link")
            self.note(kind, life)

    @staticmethod
    def _is_dead(pid):
        """Gone, or a zombie."""
        try:
            with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
                return stat.read().rpartition(")")[2].split()[0] == "Z"
        except OSError:
            return True

    def note(self, kind, life):
        """What was sent last in that life of the port, which has ended, may be
        sent once more, unless the database knows its outcome."""
        self.sim.take_in()      # it may stand in the line still
        sent = [submit for submit, of in zip(self.sim.submitted, self.lives)
                if of == life]
        if not sent:
            return
        last, stored = sent[-1], False
        words = [text.words for text in self.texts
                 if text.number == last.recipient]
        with contextlib.suppress(ClusterError):     # it may be down
            stored = bool(words) and self.count(
                "glas_data.outbox o join glas_data.message m using (citizen)"
                " join glas_data.body b on b.message = m.id",
                f"b.text = '{words[0]}' and o.text = '{last.text}'"
                f" and o.state in {FINAL}") > 0
        self.kills.append(Kill(kind, life, stored))

    def _kill_server(self, kind):
        cluster = self.cluster
        # It ends by itself when its recovery was killed, and has no children
        # between two lives.
        server = cluster.pid
        children = children_of(server)
        if kind == "postgres":
            cluster.kill()
        elif kind == "postmaster" and server is not None:
            send_signal(server, signal.SIGKILL)
            cluster._server.wait()
            wait_until(lambda: all(map(self._is_dead, children)), SETTLE_S,
                       "end of the backends")
        elif kind == "backend" and children:
            send_signal(self.random.choice(children), signal.SIGKILL)
        self.kills.append(Kill(kind, 0, True))

    def revive(self):
        """Starts what is not running."""
        deadline = time.monotonic() + SETTLE_S
        while not self.cluster.running:
            # A backend that was being born when the others died has the
            # shared memory still.
            for pid in at_home(self.cluster.data):
                send_signal(pid, signal.SIGKILL)
            with contextlib.suppress(ClusterError):
                self.cluster.start()
            if time.monotonic() > deadline:
                raise AssertionError(self.cluster.log())
        if self.process is None or self.process.poll() is not None:
            self.start(wait=False)

    # ---- counting ----------------------------------------------------------

    def settle(self, unanswered=0):
        """Until nothing is under way anywhere. So many texts may wait for
        their replies: a modem sends more slowly than they come."""
        self.wait_or_tell(self._is_settled, "a settled office",
                          SETTLE_S + unanswered * REPLY_S)

    def wait_or_tell(self, condition, what, timeout_s=SETTLE_S):
        """Until it holds; else, where things are."""
        try:
            wait_until(condition, timeout_s, what)
        except ClusterError as error:
            raise AssertionError(f"{error}: {self.where()}") from None

    def where(self):
        """Where things are, when they should have settled."""
        replies = left = ""
        with contextlib.suppress(ClusterError):
            replies = self.sql("select state, reason, count(*) "
                               "from glas.outbox group by 1, 2")
            left = self.sql("select id, state, kind, attempts, due_at "
                            "from glas_data.outbox "
                            "where state in ('queued', 'inflight')")
        # What a modem does all the time tells nothing.
        log = [line for line in self.tail(100000).splitlines()
               if "state=listing" not in line and "state=ready" not in line]
        return (f"stored={self.sim.stored()} waiting={self.sim.waiting()}"
                f" opened={self.sim.opened}\nstatus={self.status()}\n"
                f"outbox={replies}\nleft={left}\n" + "\n".join(log[-100:]))

    def _is_settled(self):
        if self.process.poll() is not None:
            raise AssertionError(f"glasd ended: {self.tail()}")
        with contextlib.suppress(ClusterError):
            return self._is_idle() and self.count(
                "glas.outbox", "state in ('queued', 'inflight')") == 0
        return False

    def figures(self):
        """Compares what the modem saw with what the database holds."""
        figures = Figures(texts=len(self.texts))
        stored = collections.Counter(
            self.sql("select text from glas.inbox").split("\n"))
        for text in self.texts:
            found = stored.pop(text.words, 0)
            if found == 0:
                figures.lost.append(text.words)
            elif found > 1:
                figures.twice.append(text.words)
        figures.twice += [words for words in stored if words]
        figures.refused += self.sql(
            "select reason from glas.quarantine").splitlines()
        self._count_replies(figures)
        return figures

    def _count_replies(self, figures):
        sent = collections.defaultdict(list)
        for submit, life in zip(self.sim.submitted, self.lives):
            sent[submit.recipient, submit.text].append(life)
        beginnings = collections.defaultdict(list)
        for recipient, words in sent:
            beginnings[recipient].append(words)
        for text in self.texts:
            words = beginnings.pop(text.number, [])
            if len(words) != len(text.replies) or not all(
                    any(each.startswith(begin) for each in words)
                    for begin in text.replies):
                if len(words) < len(text.replies) and self._is_unknown(text):
                    figures.unknown += 1
                else:
                    figures.unanswered.append((text.words, words))
        figures.unexcused += list(beginnings.items())
        self._count_repeats(figures, sent)

    def _is_unknown(self, text):
        return self.count(
            "glas.outbox",
            "state = 'unknown' and reference = (select reference"
            f" from glas.inbox where text = '{text.words}')") > 0

    def _count_repeats(self, figures, sent):
        """A kill excuses one repeat, of what was sent last before it."""
        last = {}
        for n, life in enumerate(self.lives):
            last[life] = n
        ended = {kill.life for kill in self.kills
                 if kill.kind not in SERVERS and not kill.stored}
        numbers = collections.defaultdict(list)
        for n, submit in enumerate(self.sim.submitted):
            numbers[submit.recipient, submit.text].append(n)
        figures.inside = len(ended)
        for key, times in numbers.items():
            for n in times[:-1]:
                life = self.lives[n]
                if life in ended and last[life] == n and len(times) == 2:
                    figures.repeated += 1
                else:
                    figures.unexcused.append(key)

    def close(self):
        if self.process is not None and self.process.poll() is not None:
            self.process = None
        super().close()
        self.sim.stop()


# ---- kinds of torture ------------------------------------------------------

def storm(office, kills, texts_per_kill, report=None):
    """Kills each kind in turn, at random moments of a load of texts."""
    order = []
    for n in range(kills):
        if not order:
            order = list(KINDS)
            office.random.shuffle(order)
        kind = order.pop()
        office.feed(texts_per_kill)
        office.wait_told(office.random.randrange(5 * texts_per_kill))
        time.sleep(office.random.random() * 0.02)
        office.strike(kind)
        office.revive()
        if report:
            report(n + 1, kind)
    office.settle(kills * texts_per_kill)
    return office.figures()


# What glasd and glas-modem ask of the system when a text passes. A call that
# is refused an answer of its own kind is not asked to fail.
CALLS = {
    "glasd": ("write", "writev", "pwrite64", "fdatasync", "fsync", "renameat",
              "rename", "unlinkat", "unlink", "fallocate", "sendto",
              "recvfrom", "read"),
    "glas-modem": ("write", "read"),
}
ERRORS = ("EIO", "ENOSPC")


def strace(log, what):
    """A command that runs another one with strace beside it: not above it, so
    that signals and exit statuses are the other's."""
    return ("strace", "-D", "-q", "-o", log, *what)


def count_calls(office, part, texts):
    """How often each of CALLS is made for so many texts, with the start."""
    log = office.path("calls")
    run_traced(office, part, strace(
        log, ("-e", "trace=" + ",".join(CALLS[part]))), texts)
    office.settle()
    office.strike("glasd")
    with open(log, encoding="utf-8", errors="replace") as lines:
        calls = collections.Counter(line.partition("(")[0] for line in lines)
    assert calls, f"strace saw no call of {part}: {office.tail()}"
    return calls


def run_traced(office, part, runner, texts):
    """Starts the office with one part under strace, and texts come."""
    if part == "glasd":
        office.runner = runner
    else:
        office.modem_runner(*runner)
    # LeakSanitizer cannot work beside another that traces; and libpq does not
    # say that a send has failed, so that an answer is waited for.
    office.start(wait=False, ASAN_OPTIONS="detect_leaks=0",
                 GLAS_DATABASE_DROP_MS="4000")
    office.runner = ()
    office.feed(texts)


def inject(office, part, call, how, when, texts):
    """One part is killed, or refused, at its call number `when`; the rest goes
    on without faults.  True when it came so far."""
    fault = "signal=SIGKILL" if how == "KILL" else "error=" + how
    log = office.path("calls")
    life = office.sim.opens + OPENS
    run_traced(office, part, strace(
        log, ("-e", "trace=" + call, "-e",
              f"inject={call}:{fault}:when={when}")), texts)
    office.wait_or_tell(lambda: office.process.poll() is not None or
                        office._is_idle(), "an end of this run")
    with open(log, encoding="utf-8", errors="replace") as lines:
        struck = any("INJECTED" in line or "killed by SIGKILL" in line
                     for line in lines)
    if office.process.poll() is not None:
        office.process = None
        wait_until(lambda: not office.sim.opened, SETTLE_S, "end of the link")
        office.note(part, office.sim.opens)
    elif struck:
        office.note(part, life)
    else:
        # It would come at some later moment.
        office.strike("glasd")
    office.revive()
    office.settle()
    office.strike("glasd")
    return struck


def cut_after_commit(office, proxy, texts):
    """A text is stored, and the connection ends before glasd hears so."""
    office.feed(texts)
    words = office.texts[-1].words
    proxy.swallow(words.encode())
    proxy.wait(SETTLE_S)
    wait_until(lambda: office.count("glas.inbox", f"text = '{words}'") == 1,
               SETTLE_S, "a commit")
    proxy.cut()
