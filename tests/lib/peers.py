#!/usr/bin/env python3
"""Programs of others that a test needs, unpacked and not installed: their
packages would start daemons.  GLAS_PEERS_DIR names where they are, and
tests/lib/fetch-peers fills it."""

import os
import shutil
import subprocess

LIB = os.path.dirname(os.path.abspath(__file__))


def find_peer(path):
    """(the program, why there is none): `path` is that in its package."""
    found = shutil.which(os.path.basename(path))
    folder = os.environ.get("GLAS_PEERS_DIR")
    if found or not folder:
        return found, (f"{path} is not installed, and GLAS_PEERS_DIR names "
                       "no place to fetch it to")
    done = subprocess.run(
        [os.path.join(LIB, "fetch-peers"), folder], check=False, text=True,
        stdin=subprocess.DEVNULL, capture_output=True)
    if done.returncode:
        return None, "peers cannot be had: " + done.stderr.strip()
    return os.path.join(os.path.abspath(folder), path), None
