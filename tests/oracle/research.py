#!/usr/bin/env python3
"""What researchers count, against plain scans: kwic, trend, first, terms, and that a second run gives the same bytes.

    python3 research.py YINDE INDEX TABLE [--queries 60] [--seed 1]

Passages come from `yinde dump`, matching forms from the second implementation beside this file. For random strings and
for some chosen ones: kwic has as many lines as a scan finds occurrences, each a stretch of its passage; the rows of trend
(by year, over the central reports and over all) have the scan's occurrences, passages, reports and characters, years
without reports are null, rates and shares are recomputed; first and last year are the scan's. New and dropped
expressions stand nowhere in the reports that must not have them. Standard library only. Exit code 1 on any mismatch.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import matching_form

NO_REPORTS = {"评论与新闻", "通知"}


class Yinde:
    def __init__(self, program, index):
        self.program, self.index = program, index

    def run(self, *arguments):
        return subprocess.run([self.program, "--index", self.index, *arguments], capture_output=True, text=True)

    def json(self, *arguments):
        done = self.run(*arguments, "--json")
        if done.returncode > 1:
            sys.exit(f"{arguments}: {done.stderr}")
        return [json.loads(line) for line in done.stdout.splitlines()]


class Checks:
    def __init__(self):
        self.made, self.failed = 0, 0

    def equal(self, found, expected, what):
        self.made += 1
        if found != expected:
            self.failed += 1
            if self.failed <= 20:
                print(f"MISMATCH {what}: found {found}, expected {expected}")


def occurrences(form, string):
    count, at = 0, form.find(string)
    while at >= 0:
        count += 1
        at = form.find(string, at + 1)
    return count


def scanned(passages, form):
    """By year: occurrences, occurrences outside appendices, passages, reports."""
    rows = defaultdict(lambda: [0, 0, 0, set()])
    for passage in passages:
        count = occurrences(passage["form"], form)
        if count:
            row = rows[passage.get("year")]
            row[0] += count
            row[1] += 0 if passage["part"] == "appendix" else count
            row[2] += 1
            row[3].add(passage["report"])
    return rows


def check_trend(yinde, checks, string, form, passages, conditions):
    found = yinde.json("trend", f'"{string}"', *conditions)[0]
    expected = scanned(passages, form)
    totals, characters = defaultdict(set), defaultdict(int)
    for passage in passages:
        totals[passage.get("year")].add(passage["report"])
        characters[passage.get("year")] += 0 if passage["part"] == "appendix" else len(passage["form"])
    years = [year for year in totals if year is not None]
    rows = {row["key"]: row for row in found["rows"]}
    checks.equal(sorted(int(key) for key in rows if key is not None), list(range(min(years), max(years) + 1)),
                 f"years of {string}")
    for key, row in rows.items():
        year = None if key is None else int(key)
        if year not in totals:
            checks.equal([row[name] for name in ("occurrences", "passages", "reports", "per_10k", "share")], [None] * 5,
                         f"the gap {year}")
            continue
        count, outside, holding, reports = expected[year]
        per_10k = round(outside * 1e4 / characters[year], 4) if characters[year] else None
        share = round(len(reports) / len(totals[year]), 4)
        got = [row[name] for name in ("occurrences", "passages", "reports", "reports_total", "characters")]
        checks.equal(got, [count, holding, len(reports), len(totals[year]), characters[year]], f"{string} {year}")
        for name, value in (("per_10k", per_10k), ("share", share)):
            checks.equal(row[name] is not None and abs(row[name] - value) < 2e-4, value is not None,
                         f"{name} of {string} {year}: {row[name]} beside {value}")


def check_kwic(yinde, checks, string, form, passages, by_place):
    lines = yinde.json("kwic", f'"{string}"', "-w", "8")
    checks.equal(len(lines), sum(occurrences(passage["form"], form) for passage in passages), f"kwic lines of {string}")
    for line in lines:
        text = by_place[line["report"], line["passage"]]["text"].replace("\t", " ")
        checks.equal(line["left"] + line["match"] + line["right"] in text, True, f"a line of {string}: {line}")
    whole = yinde.json("kwic", f'"{string}"', "-w", "8", "--sort", "right")
    paged = [line for offset in range(0, len(whole), 7)
             for line in yinde.json("kwic", f'"{string}"', "-w", "8", "--sort", "right", "--offset", str(offset), "-n", "7")
             ] if len(whole) < 60 else whole
    checks.equal(paged, whole, f"pages of {string}")


def check_first(yinde, checks, string, form, passages):
    found = yinde.json("first", f'"{string}"')[0]
    rows = scanned(passages, form)
    years = sorted(year for year in rows if year is not None)
    checks.equal([found[end] and found[end]["year"] for end in ("first", "last")],
                 [years[0], years[-1]] if years else [None, None], f"first and last of {string}")
    checks.equal({year["year"]: year["occurrences"] for year in found["years"]},
                 {year: rows[year][0] for year in years}, f"years of {string}")


def check_novelty(yinde, checks, passages, year, direction):
    terms = yinde.json("terms", f"--{direction}", str(year), "地区:全国", "-n", "40")[0]
    silent = [p["form"] for p in passages if p.get("region") == "全国" and p.get("year") is not None
              and (p["year"] < year if direction == "new" else p["year"] >= year)]
    for term in terms:
        holding = sum(term["term"] in form for form in silent)
        checks.equal(holding, 0, f"{direction} {year}: {term['term']} in passages that must not have it")
    return [term["term"] for term in terms]


def check_same_bytes(yinde, checks):
    with tempfile.TemporaryDirectory() as folder:
        for name, arguments in (("csv", ["trend", "改革"]), ("xlsx", ["trend", "改革"]), ("md", ["collocates", "改革"]),
                                ("svg", ["trend", "改革", "开放"]), ("xlsx", ["kwic", "新质生产力"]),
                                ("html", ["compare", "--issuer", "国务院", "--years", "2024,2025"])):
            path = Path(folder) / f"file.{name}"
            written = []
            for _ in range(2):
                options = [] if name == "html" else ["--methods"]
                yinde.run(*arguments, f"--{name}", str(path), *options)
                written.append(path.read_bytes())
            checks.equal(written[0], written[1], f"bytes of {name}")
    notes = [yinde.run("trend", "改革", "--methods").stdout for _ in range(2)]
    checks.equal(notes[0], notes[1], "methods note")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("yinde")
    parser.add_argument("index")
    parser.add_argument("table")
    parser.add_argument("--queries", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    yinde, checks = Yinde(arguments.yinde, arguments.index), Checks()
    table = matching_form.load_table(arguments.table)
    dump = [json.loads(line) for line in yinde.run("dump").stdout.splitlines()]
    passages = [passage for passage in dump if not passage.get("copy_of")]
    for passage in passages:
        passage["form"] = matching_form.matching_form(passage["text"], table)
    by_place = {(passage["report"], passage["passage"]): passage for passage in passages}
    reports = [passage for passage in passages if passage["kind"] not in NO_REPORTS]
    central = [p for p in passages if p.get("issuer") == "国务院" and p["kind"] == "政府工作报告"]
    of_central = ["单位:国务院", "类型:政府工作报告"]

    for string in ("改革", "新质生产力"):
        check_trend(yinde, checks, string, string, central, of_central)
        check_trend(yinde, checks, string, string, reports, [])
        print(f"{string} over {len({p['report'] for p in central})} central reports:",
              sum(row[0] for row in scanned(central, string).values()))
    rng = random.Random(arguments.seed)
    strings = ["改革", "新质生产力", "六保", "5%", "，", "的", "从未说过的话"]
    while len(strings) < arguments.queries:
        form = rng.choice(passages)["form"]
        length = rng.randint(1, 8)
        start = rng.randrange(max(1, len(form) - length + 1))
        string = form[start:start + length].strip("。 ")
        if string and '"' not in string:
            strings.append(string)
    for string in strings:
        form = matching_form.matching_form(string, table)
        if not form.strip("。"):
            continue
        check_trend(yinde, checks, string, form, reports, [])
        check_first(yinde, checks, string, form, reports)
        if len(form) > 1:
            check_kwic(yinde, checks, string, form, passages, by_place)
    new = check_novelty(yinde, checks, reports, 2024, "new")
    checks.equal("新质生产力" in new[:10], True, f"新质生产力 among the first ten new expressions of 2024: {new[:10]}")
    for year in (1979, 1993, 2004, 2015, 2021):
        check_novelty(yinde, checks, reports, year, "new")
        check_novelty(yinde, checks, reports, year, "gone")
    check_same_bytes(yinde, checks)
    print(f"{checks.made} checks over {len(strings)} strings, {checks.failed} failed")
    sys.exit(1 if checks.failed else 0)


if __name__ == "__main__":
    main()
