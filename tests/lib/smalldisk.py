#!/usr/bin/env python3
"""A folder with a small file system of its own, to be filled."""

import contextlib
import os
import subprocess

BALLAST = "ballast"


def mounted(folder, size):
    """True when a small file system of its own is there now."""
    return os.getuid() == 0 and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size},mode=0700", "glas-test",
         folder], stderr=subprocess.DEVNULL, check=False).returncode == 0


def unmount(folder):
    subprocess.run(["umount", "-l", folder], check=False)


def free(folder):
    """Octets."""
    disk = os.statvfs(folder)
    return disk.f_bavail * disk.f_frsize


def fill(folder, leave=0):
    """Fills it but for so many octets."""
    with contextlib.suppress(OSError), open(
            os.path.join(folder, BALLAST), "ab") as ballast:
        while free(folder) >= leave + (1 << 16):
            ballast.write(bytes(1 << 16))
            ballast.flush()
        if leave == 0:
            ballast.write(bytes(1 << 16))


def empty(folder):
    """There is room again."""
    os.unlink(os.path.join(folder, BALLAST))
