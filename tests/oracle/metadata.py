#!/usr/bin/env python3
"""What the program says of each report against a table that a person has checked.

    python3 metadata.py YINDE INDEX TABLE

TABLE is tab-separated with a header: source, place (from 1, among the reports of the source), kind, year, region,
issuer; an empty cell stands for what the text does not say. Prints every disagreement and how many cells agree by
field; exit code 1 if there is one. Standard library only.
"""

import csv
import json
import subprocess
import sys

FIELDS = ["kind", "year", "region", "issuer"]


def reports(yinde, index):
    """Metadata by source and place."""
    dump = subprocess.run([yinde, "dump", "--index", index], capture_output=True, check=True)
    places, found = {}, {}
    for line in dump.stdout.decode().splitlines():
        passage = json.loads(line)
        # Reports of a source follow each other in order.
        order = places.setdefault(passage["source"], [])
        if passage["report"] not in order:
            order.append(passage["report"])
            found[passage["source"], len(order)] = passage
    return found


def main():
    yinde, index, table = sys.argv[1:]
    found = reports(yinde, index)
    right, wrong = dict.fromkeys(FIELDS, 0), 0
    with open(table, encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    for row in rows:
        passage = found.get((row["source"], int(row["place"])))
        if passage is None:
            print(f"missing: {row['source']} {row['place']}")
            wrong += 1
            continue
        for field in FIELDS:
            said = "" if passage[field] is None else str(passage[field])
            if said == row[field]:
                right[field] += 1
            else:
                wrong += 1
                print(f"{row['source']} {row['place']}: {field} {said or '–'}, should be {row[field] or '–'}")
    print(", ".join(f"{field} {count}/{len(rows)}" for field, count in right.items()))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
