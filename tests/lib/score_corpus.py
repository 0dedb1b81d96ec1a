#!/usr/bin/env python3
"""How well `glasctl interpret` reads labelled corpora, with the weights of the
pack and by keywords alone.

    score_corpus.py [-v] --content DIR GLASCTL CORPUS.tsv...

The corpus has the columns text, intent, category, place, lang, note (and a
header).  A note may carry [ALT:CODE] or [ALT:intent/CODE] (accepted, too),
[ALTLANG:x], [EMERG] (a danger text is due) and [LOWCONF...] (left out).
With the intent `-` it says only whether danger is due.  Prints one line a
figure; -v every text that the weights read otherwise.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import tempfile


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

    def words(self):
        """So many per cent."""
        share = 100 * self.good / self.all if self.all else 100
        return f"{self.good:5}/{self.all:<5}{share:5.1f} %"

    def show_misses(self):
        """Prints each text that was read otherwise."""
        for row, got in self.misses:
            print(f"    {row['text'][:100]}\n        wanted"
                  f" {row['intent']} {row['category']} {row['place']}"
                  f" {row['lang']} {row['note'][:40]}\n        got   "
                  f" {got['intent']} {got['category']} {got['place']}"
                  f" {got['lang']} {got['emergency']}")


def figures(rows, got):
    """All figures of one reading of a corpus."""
    intent, both = Figure("intent"), Figure("intent and category")
    place, lang = Figure("place"), Figure("language")
    danger, alarm = Figure("danger found"), Figure("no false alarm")
    for row, said in zip(rows, got, strict=True):
        due = "[EMERG]" in row["note"]
        (danger if due else alarm).count(
            bool(said["emergency"]) == due, row, said)
        if "[LOWCONF" in row["note"] or row["intent"] == "-":
            continue
        pairs = accepted(row)
        intent.count(said["intent"] in {i for i, _ in pairs}, row, said)
        both.count((said["intent"], said["category"]) in pairs, row, said)
        place.count(said["place"] == row["place"], row, said)
        if row["lang"] != "und":
            alts = set(re.findall(r"\[ALTLANG:([^\]]*)\]", row["note"]))
            lang.count(said["lang"] in alts | {row["lang"]}, row, said)
    return intent, both, place, lang, danger, alarm


def without_weights(content, folder):
    """A copy of a pack with which the plain keyword reader reads."""
    pack = os.path.join(folder, "content")
    shutil.copytree(content, pack)
    with open(os.path.join(pack, "weights.json"), "w",
              encoding="utf-8") as out:
        json.dump({"note": "", "entries": []}, out)
    return pack


def main():
    """Runs the program over the corpora and prints the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("-v", action="store_true", dest="verbose")
    parser.add_argument("--content", required=True)
    parser.add_argument("program")
    parser.add_argument("corpus", nargs="+")
    args = parser.parse_args()

    with tempfile.TemporaryDirectory() as folder:
        keywords = without_weights(args.content, folder)
        for name in args.corpus:
            rows = list(corpus(name))
            texts = [row["text"] for row in rows]
            read = [figures(rows, interpret(args.program, pack, texts))
                    for pack in (args.content, keywords)]
            print(f"{os.path.basename(name):20} {'learnt':>17}"
                  f" {'keywords':>17}")
            for learnt, plain in zip(*read):
                if not learnt.all:
                    continue
                print(f"{learnt.name:20} {learnt.words():>17}"
                      f" {plain.words():>17}")
                if args.verbose:
                    learnt.show_misses()


if __name__ == "__main__":
    main()
