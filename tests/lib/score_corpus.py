#!/usr/bin/env python3
"""How well `glasctl interpret` reads a labelled corpus.

    score_corpus.py [-v] [--content DIR] GLASCTL CORPUS.tsv

The corpus has the columns text, intent, category, place, lang, note (and a
header).  A note may carry [ALT:CODE] or [ALT:intent/CODE] (accepted, too),
[ALTLANG:x], [EMERG] (a danger text is due) and [LOWCONF...] (left out).
Prints one line a figure; -v prints every text that was read otherwise.
"""

import argparse
import json
import re
import subprocess


def corpus(path):
    """The rows, as dicts."""
    with open(path, encoding="utf-8") as file:
        lines = file.read().split("\n")
    head = lines[0].split("\t")
    for line in lines[1:]:
        cells = line.split("\t")
        if len(cells) > 1:
            yield dict(zip(head, cells + [""] * len(head)))


def interpret(program, content, texts):
    """What the program says, one object a text."""
    command = [program, "interpret", "--json"]
    if content:
        command += ["--content", content]
    run = subprocess.run(command, input="\n".join(texts) + "\n", check=True,
                         stdout=subprocess.PIPE, encoding="utf-8")
    return [json.loads(line) for line in run.stdout.splitlines()]


def accepted(row):
    """(intent, category) pairs that are right."""
    pairs = {(row["intent"], row["category"])}
    for alt in re.findall(r"\[ALT:([^\]]*)\]", row["note"]):
        intent, slash, code = alt.partition("/")
        pairs.add((intent, code) if slash else (row["intent"], alt))
    return pairs


class Figure:
    """So many out of so many."""

    def __init__(self, name):
        self.name, self.good, self.all, self.misses = name, 0, 0, []

    def count(self, good, row, got):
        """One more text."""
        self.all += 1
        self.good += good
        if not good:
            self.misses.append((row, got))

    def show(self, verbose):
        """Prints it."""
        share = 100 * self.good / self.all if self.all else 100
        print(f"{self.name}\t{self.good}/{self.all}\t{share:.1f} %")
        for row, got in self.misses if verbose else []:
            print(f"    {row['text'][:100]}\n        wanted"
                  f" {row['intent']} {row['category']} {row['place']}"
                  f" {row['lang']} {row['note'][:40]}\n        got   "
                  f" {got['intent']} {got['category']} {got['place']}"
                  f" {got['lang']} {got['emergency']}")


def main():
    """Runs the program over the corpus and prints the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("-v", action="store_true", dest="verbose")
    parser.add_argument("--content")
    parser.add_argument("program")
    parser.add_argument("corpus")
    args = parser.parse_args()

    rows = list(corpus(args.corpus))
    got = interpret(args.program, args.content, [r["text"] for r in rows])
    intent, both = Figure("intent"), Figure("intent+category")
    place, lang = Figure("place"), Figure("language")
    danger, alarm = Figure("danger"), Figure("no false alarm")
    for row, said in zip(rows, got, strict=True):
        due = "[EMERG]" in row["note"]
        (danger if due else alarm).count(
            bool(said["emergency"]) == due, row, said)
        if "[LOWCONF" in row["note"]:
            continue
        pairs = accepted(row)
        intent.count(said["intent"] in {i for i, _ in pairs}, row, said)
        both.count((said["intent"], said["category"]) in pairs, row, said)
        place.count(said["place"] == row["place"], row, said)
        if row["lang"] != "und":
            alts = set(re.findall(r"\[ALTLANG:([^\]]*)\]", row["note"]))
            lang.count(said["lang"] in alts | {row["lang"]}, row, said)
    for figure in (intent, both, place, lang, danger, alarm):
        figure.show(args.verbose)


if __name__ == "__main__":
    main()
