"""What tests of the sources share: reading them, and speaking TAP."""

import os
import sys

TOP = os.environ.get("top_srcdir", ".")


def read(*path):
    """A file of the project as text."""
    with open(os.path.join(TOP, *path), encoding="utf-8") as file:
        return file.read()


def run(tests):
    """Runs all; each returns what is wrong, in lines."""
    status = 0
    print(f"1..{len(tests)}")
    for number, test in enumerate(tests, 1):
        wrong = list(test())
        print(f"{'not ok' if wrong else 'ok'} {number} - {test.__name__}")
        for line in wrong:
            print(f"# {line}")
        status = 1 if wrong else status
    sys.exit(status)
