"""A browser without a window, to see a page as people do."""

import os
import shutil
import subprocess
import tempfile
import unittest

DEADLINE_S = 120


def browse(folder, *arguments):
    """Runs chromium, with a profile in that folder; returns what it prints."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise unittest.SkipTest("chromium is not installed")
    profile = tempfile.mkdtemp(dir=folder)
    return subprocess.run(
        [chromium, "--headless", "--no-sandbox", "--disable-gpu",
         "--hide-scrollbars", "--disable-dev-shm-usage",
         "--user-data-dir=" + profile, *arguments],
        check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        text=True, encoding="utf-8", timeout=DEADLINE_S,
        env={**os.environ, "HOME": profile}).stdout
