#!/usr/bin/env python3
"""Machines that answer what they get, with glasd at the other end, minute by
minute of a clock that is moved.

What is counted is the replies that glasd gives in that time.
"""

import collections
import contextlib

from crowd import CrowdOffice

FIRST = "PRIJAVA rupa na putu, Vranje"
QUOTED = 6          # who quotes us may be a person: replies-per-hour
SAID = 3            # so often the same is answered, numbers aside


def echoes(heard, _count):
    """Sends back what it gets."""
    return heard


def says_it_is_one(_heard, count):
    """An answering machine that says so."""
    return f"Ovo je automatski odgovor. Javicemo se uskoro ({count})."


def thanks(_heard, _count):
    """Always the same words."""
    return "Hvala na poruci, primili smo je."


def thanks_and_counts(_heard, count):
    """Never the same words."""
    return f"Postovani, Vas zahtev {1000 + count} je evidentiran."


def quotes(heard, _count):
    """What it got, in words of its own."""
    return f"Vasa poruka: {heard} Hvala!"


def files(_heard, count):
    """The office of a municipality, with a place of ours."""
    return (f"Postovani, vas zahtev je zaprimljen pod brojem 2026-{100 + count}"
            ". Sistem 48 sati Vranje")


def registers(_heard, count):
    return f"Vasa prijava broj {4800 + count} je primljena. Hvala, Opstina Vranje"


def registers_in_albanian(_heard, count):
    return f"Kerkesa juaj u pranua me numer {4000 + count}. Komuna Bujanovac"


def does_not_understand(_heard, _count):
    return "Unknown command. Send HELP for help."


def is_rejected(_heard, _count):
    """A telephone whose owner rejects what calls."""
    return "Can't talk now. What's up?"


# How many replies each is given.
MACHINES = {echoes: 1, says_it_is_one: 1, thanks: 1, thanks_and_counts: 1,
            quotes: QUOTED, files: SAID, registers: SAID,
            registers_in_albanian: SAID, does_not_understand: SAID,
            is_rejected: 1}


class RobotOffice(CrowdOffice):
    """An office, the number that others know it by, and its clock."""

    def __init__(self, name, number, cluster):
        super().__init__(name=name, cluster=cluster, limits={},
                         database=f"glas_{name}", introduces=True)
        self.number = number
        self.carried = 0
        self.begin()

    def move(self, minutes):
        """So many minutes after the beginning it is."""
        self.move_clock(60 * minutes)
        self.move_database_clock(60 * minutes)

    def sent(self):
        """The replies that were given since the last time."""
        self.wait_acked()
        self.wait(self.spool_settled, "answer")
        replies = list(self.crowd.replies.values())[self.carried:]
        self.carried += len(replies)
        return replies


def two_offices(cluster, minutes, look):
    """Each is to the other a number that writes; how many replies both gave.
    look() sees them at the end."""
    with contextlib.ExitStack() as stack:
        one, two = offices = [
            stack.enter_context(RobotOffice(name, f"+38164200000{n}", cluster))
            for n, name in enumerate(("vranje", "leskovac"))]
        one.crowd.text(two.number, FIRST)
        for minute in range(minutes):
            for sender, receiver in ((one, two), (two, one)):
                sender.move(minute)
                for reply in sender.sent():
                    for udh, alphabet, words in reply.parts.values():
                        receiver.crowd.text(sender.number, words, udh,
                                            alphabet)
        replies = sum(len(office.crowd.replies) for office in offices)
        look(one, two)
        return replies


def machines(cluster, minutes):
    """Each machine writes once, and then answers whatever it is told; how many
    replies each was given."""
    with RobotOffice("nis", "", cluster) as office:
        who = {f"+38164100000{n}": answer
               for n, answer in enumerate(MACHINES)}
        heard = collections.Counter()
        for number, answer in who.items():
            office.crowd.text(number, answer(FIRST, 0))
        for minute in range(minutes):
            office.move(minute)
            for reply in office.sent():
                to = reply.recipient
                heard[to] += 1
                office.crowd.text(to, who[to](reply.text, heard[to]))
        told = office.crowd.told()
        return {answer: told[number] for number, answer in who.items()}
