#!/usr/bin/env python3
"""Where a program spends its time, by groups of functions, with perf.

A sample counts for the innermost of its callers that belongs to a group, so
that what JSON allocates is JSON's.
"""

import collections
import os
import shutil
import signal
import subprocess
import time

FREQUENCY = 997     # samples a second; a prime, not to beat with timers

# group: (beginnings of functions, beginnings of libraries)
GROUPS = {
    "JSON": (("json", "link_msg_"), ("libjansson",)),
    "crypto": (("seal_",), ("libsodium",)),
    "understanding": (
        ("reading_", "answer_", "content_", "lexicon_", "fold_", "places_",
         "place_", "intent_", "form_", "category_", "script_", "lang_",
         "language_", "utf8_", "mo_understand", "reply_text"),
        ("libutf8proc",)),
    "database": (("pg_", "PQ", "pq"), ("libpq",)),
    "log on disk": (("wal_", "journal_", "record_"), ()),
    "links": (("link_", "links_", "hex_", "msisdn_"), ()),
    "texts in (mo)": (("mo_", "concat_", "udh_", "alphabet_"), ()),
    "texts out (mt)": (("mt_", "segment_", "segments_"), ()),
    "event loop": (("event_", "glasd_"), ("libevent",)),
}


def missing():
    """Why this cannot be done here, or None."""
    return None if shutil.which("perf") else "no perf (package linux-perf)"


class Recording:
    """perf, from its making until stop()."""

    def __init__(self, pid, folder):
        self.path = os.path.join(folder, "perf.data")
        self.perf = subprocess.Popen(
            ["perf", "record", "-q", "-e", "cpu-clock", "-F", str(FREQUENCY),
             "--call-graph", "dwarf,8192", "-p", str(pid), "-o", self.path],
            stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while not (os.path.exists(self.path) and
                   os.path.getsize(self.path) > 0):
            if time.monotonic() > deadline or self.perf.poll() is not None:
                raise AssertionError("perf does not record")
            time.sleep(0.01)

    def stop(self):
        """{group: share}, largest first."""
        self.perf.send_signal(signal.SIGINT)
        self.perf.wait()
        script = subprocess.run(
            ["perf", "script", "-i", self.path, "-F", "ip,sym,dso"],
            stdin=subprocess.DEVNULL, capture_output=True, check=True)
        counts = collections.Counter(
            group_of(stack) for stack in
            stacks(script.stdout.decode("utf-8", "replace")))
        total = sum(counts.values()) or 1
        return {group: count / total
                for group, count in counts.most_common()}


def stacks(script):
    """Lists of (function, library), the innermost first."""
    for sample in script.split("\n\n"):
        frames = []
        for line in sample.splitlines():
            words = line.split()
            if len(words) >= 3:
                library = os.path.basename(words[-1].strip("()"))
                frames.append((words[1], library))
        if frames:
            yield frames


def group_of(frames):
    for function, library in frames:
        for group, (functions, libraries) in GROUPS.items():
            if function.startswith(functions) or (
                    libraries and library.startswith(libraries)):
                return group
    return "other"


def words(shares):
    return ", ".join(f"{group} {share:.0%}"
                     for group, share in shares.items() if share >= 0.005)
