#!/usr/bin/env python3
"""As much of an SMPP 3.4 centre as a test needs: one ESME that binds as a
transceiver, texts to it, what it submits, and receipts."""

import contextlib
import itertools
import socket
import struct
import threading

BIND_TRANSCEIVER, SUBMIT_SM, DELIVER_SM = 0x9, 0x4, 0x5
UNBIND, ENQUIRE_LINK, RESPONSE = 0x6, 0x15, 0x80000000
UDHI, RECEIPT = 0x40, 0x04
UCS2 = 8
INVALID_DESTINATION = 0x0b


def string(octets, at):
    """A C octet string, and where the next field begins."""
    end = octets.index(b"\0", at)
    return octets[at:end].decode("ascii"), end + 1


def read_submit(body):
    """The fields of a submit_sm."""
    _, at = string(body, 0)
    sender, at = string(body, at + 2)
    to, at = string(body, at + 2)
    esm = body[at]
    _, at = string(body, at + 3)
    _, at = string(body, at)
    registered, _, coding, _, length = body[at:at + 5]
    words = body[at + 5:at + 5 + length]
    udh = b""
    if esm & UDHI:
        udh, words = words[:words[0] + 1], words[words[0] + 1:]
    return {"from": sender, "to": to, "coding": coding, "udh": udh,
            "octets": words, "report": registered}


def words_of(parts):
    """The text of the parts of one message, in their order; GSM-7 as far as
    it is ASCII."""
    return "".join(
        part["octets"].decode("utf-16-be" if part["coding"] == UCS2
                              else "ascii", "replace")
        for part in sorted(parts, key=lambda part: part["udh"][-1:]))


class SmppCentre:
    """Listens until it is closed.  `outcome` is that of what is submitted:
    delivered, failed (both by a receipt), or refused at once."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.submits = []
        self.acked = set()
        self.outcome = "delivered"
        self.peer = None
        self.sequence = itertools.count(1)
        self.ids = itertools.count(1001)
        self.lock = threading.Lock()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                self.peer, _ = self.listener.accept()
            except OSError:
                return
            with self.peer, contextlib.suppress(OSError):
                self._talk(self.peer.makefile("rb"))

    def _talk(self, stream):
        while len(head := stream.read(16)) == 16:
            length, command, status, sequence = struct.unpack(">IIII", head)
            body = stream.read(length - 16)
            if command == DELIVER_SM | RESPONSE:
                self.acked.add((sequence, status))
            elif command == SUBMIT_SM:
                self._take(sequence, body)
            elif command == BIND_TRANSCEIVER:
                self._say(command | RESPONSE, 0, sequence, b"centre\0")
            elif command in (ENQUIRE_LINK, UNBIND):
                self._say(command | RESPONSE, 0, sequence)

    def _say(self, command, status, sequence, body=b""):
        with self.lock:
            self.peer.sendall(struct.pack(
                ">IIII", 16 + len(body), command, status, sequence) + body)

    def _take(self, sequence, body):
        if self.outcome == "refused":
            self._say(SUBMIT_SM | RESPONSE, INVALID_DESTINATION, sequence)
            return
        submit = read_submit(body)
        number = str(next(self.ids))
        self._say(SUBMIT_SM | RESPONSE, 0, sequence, number.encode() + b"\0")
        self.submits.append(submit)
        if submit["report"] & 1:
            self._receipt(submit, number)

    def _receipt(self, submit, number):
        state = "DELIVRD" if self.outcome == "delivered" else "UNDELIV"
        self.deliver(submit["to"], (
            f"id:{number} sub:001 dlvrd:001 submit date:2611281200"
            f" done date:2611281201 stat:{state} err:000 text:").encode(),
            to=submit["from"], esm=RECEIPT)

    def deliver(self, sender, octets, *, to="1234", coding=0, esm=0, udh=b""):
        """A deliver_sm; returns its sequence number."""
        sequence = next(self.sequence)
        words = udh + octets
        self._say(DELIVER_SM, 0, sequence, (
            b"\0\1\1" + sender.lstrip("+").encode() + b"\0\0\1"
            + to.encode() + b"\0"
            + bytes([esm | (UDHI if udh else 0), 0, 0]) + b"\0\0"
            + bytes([0, 0, coding, 0, len(words)]) + words))
        return sequence

    def close(self):
        """Nobody can bind any more."""
        self.listener.close()
        if self.peer is not None:
            self.peer.close()
