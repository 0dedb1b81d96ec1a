#!/usr/bin/env python3
"""Runs all benchmarks of this directory and sums up: make bench.

usage: run.py [NAME...]         (default: all; bench_NAME.py)
"""

import glob
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


def main():
    names = sys.argv[1:] or sorted(
        os.path.basename(path)[len("bench_"):-len(".py")]
        for path in glob.glob(os.path.join(HERE, "bench_*.py")))
    failed = []
    with tempfile.NamedTemporaryFile("r", encoding="utf-8") as summary:
        for name in names:
            done = subprocess.run(
                [sys.executable, "-B",
                 os.path.join(HERE, f"bench_{name}.py")], check=False,
                env={**os.environ, "GLAS_BENCH_SUMMARY": summary.name})
            if done.returncode != 0:
                failed.append(name)
        print("\nSummary\n" + summary.read())
    if failed:
        print("below the bar: " + ", ".join(failed))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
