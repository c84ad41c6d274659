#!/usr/bin/env python3
"""The exactness contract against a scan: random strings, counted by the program and by brute force.

    python3 exactness.py YINDE INDEX [--queries 10000] [--absent 2000] [--seed 1] [--table VARIANTS]

Strings of 1 to 30 characters, some of up to 200, are drawn from the matching forms that `yinde dump` prints; as many more
are shuffled until they occur nowhere. All are asked quoted, through `yinde search --batch - --count
--json`, and passages and occurrences (overlapping ones included) have to equal those of a plain scan.
With a table, every `matching` of the dump and of the answers is checked against the independent
implementation beside this file. Standard library only. Exit code 1 on any mismatch.
"""

import argparse
import bisect
import json
import random
import subprocess
import sys

import matching_form


def draw(rng, passages, count):
    """Substrings of random passages, every position of the archive equally likely."""
    weights = [len(p) for p in passages]
    drawn = []
    for passage in rng.choices(passages, weights=weights, k=count * 2):
        # Now and then one that is longer than most sentences.
        length = rng.randint(1, 200 if rng.random() < 0.05 else 30)
        start = rng.randrange(max(1, len(passage) - length + 1))
        string = passage[start:start + length]
        # A query is one line; a space or quote inside would be read as more than one string.
        if string and '"' not in string and "\n" not in string:
            drawn.append(string)
    return drawn[:count]


def absent(rng, whole, drawn, count):
    """Shuffled strings that occur nowhere."""
    found = []
    while len(found) < count:
        chars = list(rng.choice(drawn)) + list(rng.choice(drawn))
        rng.shuffle(chars)
        string = "".join(chars[:rng.randint(2, 30)])
        if string.strip() and string not in whole:
            found.append(string)
    return found


def scan(whole, starts, string):
    """Passages and overlapping occurrences of a string."""
    occurrences, holding = 0, set()
    at = whole.find(string)
    while at >= 0:
        occurrences += 1
        holding.add(bisect.bisect_right(starts, at))
        at = whole.find(string, at + 1)
    return len(holding), occurrences


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("yinde")
    parser.add_argument("index")
    parser.add_argument("--queries", type=int, default=10_000)
    parser.add_argument("--absent", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--table")
    options = parser.parse_args()
    rng = random.Random(options.seed)

    dump = subprocess.run([options.yinde, "dump", "--index", options.index], capture_output=True, check=True)
    lines = [json.loads(line) for line in dump.stdout.decode().splitlines()]
    # Copies are in no count.
    lines = [line for line in lines if not line["copy_of"]]
    passages = [line["matching"] for line in lines]
    failures = 0
    table = matching_form.load_table(options.table) if options.table else None
    if table:
        wrong = [line for line in lines if matching_form.matching_form(line["text"], table) != line["matching"]]
        failures += len(wrong)
        for line in wrong[:5]:
            print("matching differs:", line["report"], line["passage"], file=sys.stderr)
        print(f"matching forms: {len(lines) - len(wrong)} of {len(lines)} passages equal")

    # Passages are joined by a character that no matching form holds.
    whole = "\n".join(passages)
    starts = [0]
    for passage in passages[:-1]:
        starts.append(starts[-1] + len(passage) + 1)
    drawn = draw(rng, passages, options.queries)
    strings = drawn + absent(rng, whole, drawn, options.absent)
    batch = "".join(f'"{string}"\n' for string in strings).encode()
    answered = subprocess.run(
        [options.yinde, "search", "--index", options.index, "--batch", "-", "--count", "--json"],
        input=batch, capture_output=True, check=False)
    answers = [json.loads(line) for line in answered.stdout.decode().splitlines()]
    if len(answers) != len(strings):
        sys.exit(f"{len(strings)} queries, {len(answers)} answers: {answered.stderr.decode()}")

    mismatches, cross = 0, 0
    for string, answer in zip(strings, answers):
        form = answer["matching"]
        if table and matching_form.matching_form(string, table) != form:
            failures += 1
            print("matching of query differs:", repr(string), repr(form), file=sys.stderr)
        expected = scan(whole, starts, form) if form else (0, 0)
        got = (answer["passages"], answer["occurrences"])
        tiers = answer["tiers"]
        if got != expected or tiers["whole"] + tiers["cross"] != answer["occurrences"]:
            mismatches += 1
            if mismatches <= 10:
                print("mismatch:", repr(string), "got", got, "expected", expected, tiers, file=sys.stderr)
        cross += tiers["cross"] > 0
    print(f"queries: {len(strings)}, {mismatches} mismatches ({cross} with occurrences across words)")
    sys.exit(1 if failures or mismatches else 0)


if __name__ == "__main__":
    main()
