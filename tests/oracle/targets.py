#!/usr/bin/env python3
"""The program's targets and results against a table that a person has checked.

    yinde targets --json | python3 targets.py TABLE [-v]

TABLE is tab-separated with a header; a row is
an item that a sentence holds: report, passage, from and to (characters of the sentence), start and end (characters of
the value), and what is said; a sentence without an item has a row with its place alone. Rows marked optional count
neither way.

An item is found if value, unit and place agree and the indicator does: one name holds the other, quotes and 的 apart,
and the shorter has at least half of the longer's characters. Prints precision, recall and how many of the items found
agree by field; exit code 1 below the least figures. Standard library only.
"""

import csv
import json
import sys

FIELDS = ["measure", "year", "status", "qualifier", "scope"]
LEAST = {"precision": 0.95, "recall": 0.95, "measure": 0.98, "year": 0.94, "status": 0.97, "qualifier": 0.97, "scope": 0.97}
SPELLINGS = [("规模以上", "规上"), ("限额以上", "限上"), ("gdp", "国内生产总值")]


def name(text):
    """The form in which names are compared."""
    text = "".join(c for c in text.lower() if c.isalnum()).replace("的", "").replace("已", "")
    for word, spelling in SPELLINGS:
        text = text.replace(word, spelling)
    return text


def is_same_name(a, b):
    a, b = sorted((name(a), name(b)), key=len)
    return a in b and 2 * len(a) >= len(b)


def is_same_value(row, item):
    if row["low"] == "":
        return item["low"] is None
    if item["low"] is None or row["unit"] != item["unit"]:
        return False
    near = lambda a, b: abs(a - b) <= 1e-6 * max(abs(a), abs(b), 1)
    return near(float(row["low"]), item["low"]) and near(float(row["high"]), item["high"])


def words(text):
    return {word for word in text.split("、") if word}


def field(item, which):
    """What an item says in a field, in the form of the table."""
    listed = lambda value: set(value) if isinstance(value, list) else words(value or "")
    if which == "year":
        return str(item["year_from"] or ""), str(item["year_to"] or "")
    if which in ("qualifier", "scope"):
        return listed(item[which])
    return item[which]


def expected(row, which):
    if which == "year":
        return row["year_from"], row["year_to"]
    return words(row[which]) if which in ("qualifier", "scope") else row[which]


def main():
    table, verbose = sys.argv[1], "-v" in sys.argv[2:]
    items = {}
    for item in json.load(sys.stdin)["items"]:
        items.setdefault((item["report"], item["passage"]), []).append(item)
    with open(table, encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    sentences, expecting = set(), []
    for row in rows:
        place = row["report"], int(row["passage"])
        sentences.add((*place, int(row["from"]), int(row["to"])))
        if row["indicator"]:
            expecting.append((place, int(row["start"]), int(row["end"]), row))
    found, right, missing, ignored = set(), dict.fromkeys(FIELDS, 0), [], set()
    counted = 0
    for place, start, end, row in expecting:
        near = [i for i in items.get(place, []) if i["start"] < end and start < i["end"] and is_same_value(row, i)]
        near = [i for i in near if id(i) not in found]
        same = [i for i in near if is_same_name(row["indicator"], i["indicator"])]
        if row["optional"]:
            ignored.update(id(i) for i in near[:1])
            continue
        if not same:
            missing.append((row, near))
            continue
        # The item whose value ends nearest to the value's end.
        item = min(same, key=lambda i: abs(i["end"] - end))
        found.add(id(item))
        counted += 1
        for which in FIELDS:
            if field(item, which) == expected(row, which):
                right[which] += 1
            elif verbose:
                print(f"{which}: {row['report']} {row['passage']} {row['indicator']} {row['low']}: "
                      f"{field(item, which)}, should be {expected(row, which)}")
    given = []
    for report, passage, first, last in sentences:
        for item in items.get((report, passage), []):
            if first < item["end"] <= last and id(item) not in ignored:
                given.append(item)
    wrong = [item for item in given if id(item) not in found]
    if verbose:
        for row, near in missing:
            print(f"missing: {row['report']} {row['passage']} {row['indicator']} {row['low']}{row['unit']}"
                  f" (said of {[i['indicator'] for i in near]})")
        for item in wrong:
            print(f"wrong: {item['report']} {item['passage']} {item['indicator']} {item['low']}{item['unit']}")
    expected_count = sum(1 for *_, row in expecting if not row["optional"])
    figures = {
        "precision": (len(given) - len(wrong), len(given)),
        "recall": (counted, expected_count),
        **{which: (count, counted) for which, count in right.items()},
    }
    low = False
    for which, (count, of) in figures.items():
        share = count / of if of else 0.0
        low |= share < LEAST[which]
        print(f"{which} {count}/{of} = {share:.3f} (at least {LEAST[which]:.2f})")
    sys.exit(1 if low else 0)


if __name__ == "__main__":
    main()
