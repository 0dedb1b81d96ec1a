"""The office of doc/psql-tour.md, and what makes the screens in it.

The document is its own script. In its fenced blocks

    mira@glas> select 1;        is typed into the psql of that role
    Ana -> nema svetla          is texted by Ana
    Ana <- Primljeno ...        is what Ana hears of it, or has heard since

and all other lines are what is printed. A comment such as
<!-- 2026-11-30 09:00 --> says what time it becomes, in Serbia, and with words
behind a comma what happens then: a scene of TourOffice. Tour.run() gives the
document back with what is printed now.
"""

import datetime
import os
import re
import textwrap
import time

from cluster import find_bindir
from crowd import CrowdOffice
from office import SRC_DIR
from terminal import COLUMNS, Terminal

ZONE = datetime.timezone(datetime.timedelta(hours=1))   # Serbia in winter
PROMPT = r"[a-z]+@glas( \d+ new)?[*!]?> "
TYPED = re.compile(r"(?P<prompt>(?P<role>[a-z]+)@glas[^>]*> )(?P<line>.*)")
TEXTED = re.compile(r"(?P<who>[A-Z][a-z]+) -> (?P<text>.*)")
HEARD = re.compile(r"(?P<who>[A-Z][a-z]+) <-")
CLOCK = re.compile(r"<!-- (?P<at>\d{4}-\d\d-\d\d \d\d:\d\d)"
                   r"(?P<scene>, [a-z ]+)? -->$")

ORGANISATIONS = (
    ("Odbor Bujanovac", "ngo", "radnim danom 8-16"),
    ("Odbor Vranje", "ngo", ""),
    ("Pravna pomoć", "ngo", "advokati, utorkom"),
    ("Policijska uprava", "police", ""))
ROLES = (
    ("mira", "Odbor Bujanovac", "caseworker"),
    ("vesna", "Odbor Vranje", "caseworker"),
    ("ines", "Pravna pomoć", "caseworker"),
    ("kosta", "Odbor Bujanovac", "coordinator"),
    ("klara", "Odbor Vranje", "coordinator"),
    ("petra", "Odbor Vranje", "press"),
    ("oto", "Odbor Bujanovac", "operator"),
    ("rada", "Odbor Vranje", "auditor"))
COVERAGE = (
    ("Odbor Bujanovac", "Bujanovac", ""), ("Odbor Vranje", "Vranje", ""))
# Day, how many people, who answers them, what they write.
NOVEMBER = (
    ("09", 14, "mira", "Ne radi ulicna rasveta, Bujanovac"),
    ("12", 8, "mira", "Nuk ka uje, Bujanovac"),
    ("17", 9, "vesna", "Velika rupa na putu u centru, Vranje"))
# One number a name, whatever the document calls people.
FIRST_NUMBER = 381641000000
# What is drawn by lot is set to this before anybody reads it.
DUTY_CODE = "471108"
FACTOR = 36587

SETTLE_TIMES = """
    update glas_data.message set received_at = least(received_at, glas.now()),
           sent_at = least(sent_at, glas.now());
    update glas_data.body set received_at = least(received_at, glas.now())
     where received_at > glas.now();
    update glas_data.report
       set reported_at = least(reported_at, glas.now()),
           status_at = least(status_at, glas.now())
     where greatest(reported_at, status_at) > glas.now();
    update glas_data.outbox
       set created_at = least(created_at, glas.now()),
           sent_at = least(sent_at, glas.now())
     where greatest(created_at, sent_at) > glas.now();
    update glas_data.citizen set first_at = least(first_at, glas.now()),
           last_at = least(last_at, glas.now())
     where greatest(first_at, last_at) > glas.now();
    update glas_data.counted set at = null;
"""

MODEMS = """
    select glas_gw.connect('vranje', '1', value, interval '1 hour')
      from glas_data.setting where name = 'keyset';
    insert into glas_data.link (gateway, name, kind, state, detail, signal_dbm,
        operator, last_seen_at, day, received_today, sent_today)
    select 'vranje', 'yettel', 'modem', 'down', 'no SIM', null, '',
           glas.now() - interval '52 minutes', glas.now()::date, 3, 7;
    update glas_data.link
       set name = 'mts', kind = 'modem', signal_dbm = -73, operator = 'mts',
           last_seen_at = glas.now(), day = glas.now()::date,
           received_today = 11, sent_today = 14
     where gateway = 'bujanovac';
    select glas_gw.alive('vranje', interval '1 hour', '', jsonb_build_array(
        jsonb_build_object('name', 'link-down', 'link', 'yettel',
            'since', glas.now() - interval '52 minutes',
            'text', 'link yettel is down: no SIM',
            'remedy',
            'look whether the SIM sits in the modem, and has a PIN')),
        false);
    update glas_data.gateway set stale_since = null;
"""


class TourOffice(CrowdOffice):
    """Four organisations, eight people at psql, and whoever writes."""

    def __init__(self, cluster=None, begin="2026-11-09 08:00"):
        super().__init__(cluster=cluster, name="bujanovac", introduces=True)
        self.numbers = {}
        self.now = None
        self.sql(f"update glas_data.setting set value = '{FACTOR}'"
                 " where name = 'reference_factor'")
        self.crowd.stamp = self.stamp
        self.set_clock(begin, tend=False)
        for name, kind, comment in ORGANISATIONS:
            self.sql(f"select glas.organisation_add('{name}', '{kind}',"
                     f" '{comment}')")
        for name, organisation, kind in ROLES:
            self.glasctl("admin", "add", "--database", self.dsn("postgres"),
                         name, organisation, kind)
        for organisation, place, category in COVERAGE:
            self.sql(f"select glas.cover('{organisation}', '{place}',"
                     f" '{category}')")
        self.begin()
        self.november()

    def november(self):
        """What there was before the document begins: cases that are closed."""
        for day, people, organisation, words in NOVEMBER:
            self.set_clock(f"2026-11-{day} 11:00", tend=False)
            for n in range(people):
                self.crowd.text(self.number(f"{day}/{n}"), words)
            self.settle()
            self.set_clock(f"2026-11-{day} 15:30", tend=False)
            self.sql("select glas.reply(reference, 'Prijavljeno je, hvala.'),"
                     " glas.set_status(reference, 'closed', 'popravljeno')"
                     " from glas.reports where status = 'new'",
                     user=organisation)
            self.settle()
        for reply in self.crowd.replies.values():
            reply.told = True

    def stamp(self):
        """Each text is a second later than the one before, for its network."""
        self.crowd.stamps += 1
        return (self.now + datetime.timedelta(
            seconds=self.crowd.stamps)).isoformat()

    def number(self, name):
        """The telephone of somebody in the document."""
        return self.numbers.setdefault(
            name, f"+{FIRST_NUMBER + len(self.numbers)}")

    def set_clock(self, at, tend=True):
        """It becomes that time in Serbia, and what happens by itself then
        has happened."""
        self.now = datetime.datetime.strptime(at, "%Y-%m-%d %H:%M").replace(
            tzinfo=ZONE)
        self.sql("begin; create or replace function glas.now() returns"
                 " timestamptz language sql stable parallel safe as"
                 f" $$ select timestamptz '{self.now.isoformat()}' $$;"
                 "update glas_data.gateway set alive_until ="
                 " glas.now() + interval '1 hour';"
                 "update glas_data.believed set at = glas.now(); commit")
        self.move_clock(int(self.now.timestamp() - time.time()) + 1)
        if tend:
            before = None
            while before != (before := self.everything()):
                self.sql("select glas_gw.duty(), glas_gw.tend()")
                self.settle()

    def everything(self):
        """What changes as long as something still happens by itself."""
        return self.sql(
            "select count(*) from glas_data.outbox union all"
            " select count(*) from glas_data.report_history union all"
            " select count(*) from glas_data.broadcast_history union all"
            " select count(*) from glas_data.duty_told")

    def _nothing_goes(self):
        """Of what is to go by now."""
        return not self.crowd.unacked and self.sql(
            "select count(*) from glas_data.outbox where state = 'inflight'"
            " or (state = 'queued' and coalesce(due_at, glas.now())"
            " <= glas.now())") == "0"

    def settle(self):
        if self.process is None:
            return
        super().settle()
        self.sql(SETTLE_TIMES)
        self.sql("select glas_gw.count_anew() from generate_series(1, 6)")
        self.sql(f"update glas_data.duty_code set code = '{DUTY_CODE}'")

    def scene(self, words):
        """Something that happens beside what is typed and texted."""
        {"a modem fails": self.modem_fails}[words]()

    def modem_fails(self):
        """The gateway rests, so that nothing changes under the eyes of who
        reads; and that of another office has lost its modem."""
        self.stop()
        self.sql(MODEMS)

    def text(self, name, words):
        """Somebody writes, and is answered."""
        self.crowd.text(self.number(name), words,
                        alphabet="gsm7" if words.isascii() else "ucs2")
        self.settle()

    def heard(self, name):
        """What somebody has heard since this was asked last."""
        self.settle()
        return [reply for reply in list(self.crowd.replies.values())
                if reply.recipient == self.number(name)
                and not getattr(reply, "told", False)]

    def psql(self, role):
        """A psql of that role, with the settings that are delivered."""
        return Terminal(
            [os.path.join(find_bindir(), "psql"), "-n"],
            {**self.cluster.environment(self.database, role),
             "PGCLIENTENCODING": "UTF8", "LANG": "C.UTF-8",
             "LC_ALL": "C.UTF-8",
             "PSQLRC": os.path.join(SRC_DIR, "contrib", "glas.psqlrc")},
            PROMPT)


def fold(begin, text):
    """Lines of eighty columns, further ones as far in as the first begins."""
    return textwrap.wrap(
        text, COLUMNS, initial_indent=begin, break_on_hyphens=False,
        subsequent_indent=" " * len(begin)) or [begin.rstrip()]


class Tour:
    """Runs a document of that kind in an office."""

    def __init__(self, office):
        self.office = office
        self.sessions = {}

    def close(self):
        for session in self.sessions.values():
            session.close()

    def session(self, role):
        """The psql of a role, which stays as a person's does."""
        if role not in self.sessions:
            self.sessions[role] = self.office.psql(role)
        return self.sessions[role]

    def run(self, document):
        """The document, with what is printed now."""
        written, lines = [], document.splitlines()
        while lines:
            line = lines.pop(0)
            written.append(line)
            clock = CLOCK.match(line)
            if clock:
                self.office.set_clock(clock["at"])
                if clock["scene"]:
                    self.office.scene(clock["scene"][2:])
            elif line == "```":
                end = lines.index("```")
                written += self.block(lines[:end]) + ["```"]
                del lines[:end + 1]
        return "\n".join(written) + "\n"

    def block(self, lines):
        """One fenced block: what is typed in it stands, the rest is new."""
        written = []
        while lines:
            line = lines.pop(0)
            for pattern, act in ((TYPED, self.statement), (TEXTED, self.text),
                                 (HEARD, self.hears)):
                match = pattern.match(line)
                if match:
                    written += act(match, lines)
                    break
        return written

    def statement(self, match, lines):
        """A statement, whose further lines stand as far in as the first."""
        session = self.session(match["role"])
        line, indent = match["line"], len(self.prompt_of(session))
        shown, typed = self.prompt_of(session), 1
        while not re.search(r";$|^[:\\]|\\g .*\)$", line):
            shown += session.more(line, indent)
            line = lines.pop(0).strip()
            typed += 1
        shown += session.type(line)
        while shown.endswith(": "):
            question = shown.rpartition("\n")[2]
            answer = next(text for text in lines
                          if text.startswith(question.rstrip()))
            del lines[:lines.index(answer) + 1]
            shown += session.type(answer[len(question):])
            typed += 1
        # A code is drawn by lot.
        shown = re.sub(r"(?<=DEZURSTVO )\d{6}", DUTY_CODE, shown)
        *rows, session.screen = shown.split("\n")
        self.office.settle()
        # What is too long goes on in the next row of a terminal.
        return rows[:typed] + [
            row[n:n + COLUMNS].rstrip() for row in rows[typed:]
            for n in range(0, max(1, len(row)), COLUMNS)]

    @staticmethod
    def prompt_of(session):
        """What stands before what is typed next."""
        return session.screen.rpartition("\n")[2]

    def text(self, match, lines):
        """A text, and nothing of what comes of it."""
        words = match["text"]
        begin = match["who"] + " -> "
        while lines and lines[0].startswith(" " * len(begin)):
            words += " " + lines.pop(0).strip()
        self.office.text(match["who"], words)
        return fold(begin, words)

    def hears(self, match, lines):
        """All that this person has heard since."""
        begin = match["who"] + " <- "
        while lines and lines[0].startswith(
                (begin.rstrip(), " " * len(begin))):
            lines.pop(0)
        written = []
        for reply in self.office.heard(match["who"]):
            reply.told = True
            written += fold(begin, reply.text)
        if not written:
            raise AssertionError(f"{match['who']} has heard nothing")
        return written
