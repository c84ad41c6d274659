#!/usr/bin/env python3
"""The matching form of a string: a second, independent implementation.

The search engine has its own implementation in Rust. This one was written from
the text of the specification alone, is kept deliberately apart from the Rust
code and shares nothing with it but the character table, so that each can be
tested against the other. It takes the five steps one after the other.

    python3 matching_form.py TABLE < lines.jsonl
    python3 matching_form.py [TABLE] --self-test

Each input line is JSON: a string, whose matching form is printed as a JSON
string on standard output, or an object with "text" and "matching", which is
checked. The counts and first mismatches go to standard error at the end; exit
code 1 if a check failed, 2 if a line is malformed. The self-test has a small
table of its own, used unless TABLE is given.

Standard library only. General categories are those of Python's unicodedata
(see unicodedata.unidata_version): characters assigned in a later version of
Unicode have category Cn here and so are left as they are.
"""

import argparse
import json
import re
import sys
from unicodedata import category

DIGITS = frozenset("0123456789")
ALNUM = DIGITS | frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
MIDDLE_DOTS = frozenset("\u00b7\u2022\u30fb\u2219")  # · • ・ ∙
QUOTES_AND_BRACKETS = frozenset("“”‘’\"'「」『』《》〈〉()（）[]【】〔〕{}")
DASHES = frozenset("-\u2013\u2014")  # - – — (the full-width one is folded in step 1)
LITERAL_EVERYWHERE = frozenset("%‰℃+~/")
MARK = "。"

# The Unicode property White_Space, except the tab, which is a boundary mark.
WHITE_SPACE = "\n\x0b\x0c\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
WHITE_SPACE_RUN = re.compile(f"[{WHITE_SPACE}]+")
VARIATION_SELECTORS = re.compile("[\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def with_neighbours(s):
    """Yield (character before, character, character after), "" at the ends."""
    for i, c in enumerate(s):
        yield (s[i - 1] if i > 0 else ""), c, s[i + 1:i + 2]


def step_1_fold(s, table):
    """Full-width ASCII to half-width, A-Z to lower case, then one look-up in the table."""
    out = []
    for c in s:
        if "\uff01" <= c <= "\uff5e":
            c = chr(ord(c) - 0xFEE0)
        if "A" <= c <= "Z":
            c = c.lower()
        out.append(table.get(c, c))
    return "".join(out)


def step_2_white_space(s):
    """Drop zero-width characters, then white space, save one space between Latin or digits."""
    s = VARIATION_SELECTORS.sub("", s)
    s = "".join(c for c in s if category(c) != "Cf")

    def replace(run):
        before = s[run.start() - 1] if run.start() > 0 else ""
        after = s[run.end():run.end() + 1]
        return " " if before in ALNUM and after in ALNUM else ""

    return WHITE_SPACE_RUN.sub(replace, s)


def step_3_transparent(s):
    """Drop quotes, brackets and middle dots; a middle dot directly between digits is a point."""
    out = []
    for before, c, after in with_neighbours(s):
        if c in MIDDLE_DOTS:
            if before in DIGITS and after in DIGITS:
                out.append(".")
        elif c not in QUOTES_AND_BRACKETS:
            out.append(c)
    return "".join(out)


def steps_4_and_5_marks(s):
    """Write punctuation and tabs as boundary marks, a run as one; all else stays itself."""
    out = []
    for before, c, after in with_neighbours(s):
        between_digits = before in DIGITS and after in DIGITS
        if c in LITERAL_EVERYWHERE or (c in ".," and between_digits):
            out.append(c)
        elif c in DASHES and before in ALNUM and after in ALNUM:
            out.append("-")  # single: neither neighbour is a dash
        elif c == "\t" or category(c).startswith("P"):
            if out[-1:] != [MARK]:  # every 。 in the output is a mark
                out.append(MARK)
        else:
            out.append(c)
    return "".join(out)


def matching_form(s: str, table: dict[str, str]) -> str:
    return steps_4_and_5_marks(step_3_transparent(step_2_white_space(step_1_fold(s, table))))


def load_table(path):
    """Read lines of source, tab, target (one character each); # begins a comment line."""
    table = {}
    with open(path, encoding="utf-8", newline="\n") as lines:
        for number, line in enumerate(lines, 1):
            line = line.rstrip("\r\n")
            if not line or line.startswith("#"):
                continue
            pair = line.split("\t")
            if len(pair) != 2 or len(pair[0]) != 1 or len(pair[1]) != 1:
                raise ValueError(f"{path}:{number}: not one character, tab, one character")
            if table.setdefault(pair[0], pair[1]) != pair[1]:
                raise ValueError(f"{path}:{number}: second target for {pair[0]}")
    return table


def report(passed, mismatches):
    """Print the counts and the first few mismatches; return the exit code."""
    print(f"{passed} passed, {len(mismatches)} failed", file=sys.stderr)
    for where, text, expected, got in mismatches[:10]:
        print(f"{where}: {text!r}\n  expected {expected!r}\n  got      {got!r}", file=sys.stderr)
    return 1 if mismatches else 0


def run(lines, table):
    passed, printed, mismatches = 0, 0, []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
            if isinstance(item, str):
                print(json.dumps(matching_form(item, table), ensure_ascii=False), flush=True)
                printed += 1
                continue
            text, expected = item["text"], item["matching"]
            got = matching_form(text, table)
        except (ValueError, KeyError, TypeError) as error:
            print(f"line {number}: neither a string nor a case: {error!r}", file=sys.stderr)
            return 2
        if got == expected:
            passed += 1
        else:
            mismatches.append((f"line {number}", text, expected, got))
    return 0 if printed and not (passed or mismatches) else report(passed, mismatches)


SMALL_TABLE = {"蘊": "蕴", "著": "着", "\u2f08": "人", "\uf90a": "金"}
CASES = [
    # The fixed cases of the specification, and the examples in its steps.
    ("“十五五”规划", "十五五规划"), ("９·５％", "9.5%"), ("AI  agent", "ai agent"),
    ("2026 年", "2026年"), ("19：00", "19。00"), ("！”、", "。"), ("2021—2025年", "2021-2025年"),
    ("1.2。", "1.2。"), ("（一）", "一"), ("《》", ""), ("底蘊", "底蕴"), ("著", "着"),
    ("19·5％", "19.5%"), ("发展，推动", "发展。推动"), ("发展,推动", "发展。推动"), ("～", "~"),
    # Step 1: folding, ASCII case only, radicals and compatibility characters.
    ("ＡＩ\u3000Ａｇｅｎｔ", "ai agent"), ("\u00c9A \u03a9", "\u00c9a\u03a9"), ("\u2f08\uf90a", "人金"),
    # Step 2: zero-width characters go first; a tab is a mark, U+001F is no white space.
    ("A \u200b B", "a b"), ("1\u200b.\ufe0f2", "1.2"), ("葛\U000e0100城", "葛城"),
    ("AI\r\nagent", "ai agent"), ("a \t b", "a。b"), ("一，\t。二", "一。二"),
    ("a\x1fb \x1f c", "a\x1fb\x1fc"), (" a ", "a"), ("1 9 9 3 年", "1 9 9 3年"),
    ("a\u180eb\u00a0c\u2028d", "ab c d"), ("AI “agent”", "aiagent"),
    # Step 3: the middle dot is judged before anything is dropped in this step.
    ("1··5", "15"), ("1 · 5", "1.5"), ("1“·5", "15"), ("1·2・3", "1.2.3"), ("a·b•∙", "ab"),
    # Step 4: point, comma and dash are judged after step 3; a run is one mark.
    ("1，000．5", "1,000.5"), ("1.“5", "1.5"), ("1.·5", "1.5"), ("1.,5", "1。5"), (".5,", "。5。"),
    ("a—b–c-d－e", "a-b-c-d-e"), ("a——b", "a。b"), ("a-”-b", "a。b"), ("中-b", "中。b"),
    ("2021 － （2025）", "2021-2025"), ("a\u2010b\u2212c\u301cd", "a。b\u2212c。d"),
    ("，“、”·。", "。"), ("a_b&c", "a。b。c"), ("１／２＋‰℃％", "1/2+‰℃%"), ("，%，", "。%。"),
    # Step 5, and brackets, dots and digits that no list names.
    ("a=b|$1", "a=b|$1"), ("〖一〗｢二｣･", "。一。二。"), ("٣.٤", "٣。٤"), ("", ""),
]


def main():
    parser = argparse.ArgumentParser(description="Matching form of a string, as a test oracle.")
    parser.add_argument("table", nargs="?", metavar="TABLE", help="file of source, tab, target")
    parser.add_argument("--self-test", action="store_true", help="run the built-in cases")
    args = parser.parse_args()
    if args.table is None and not args.self_test:
        parser.error("TABLE is needed")
    for stream in (sys.stdout, sys.stderr):  # a lone surrogate comes out as its JSON escape
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    table = load_table(args.table) if args.table else SMALL_TABLE
    if not args.self_test:
        return run(sys.stdin.buffer, table)
    results = [(f"case {n}", t, e, matching_form(t, table)) for n, (t, e) in enumerate(CASES, 1)]
    mismatches = [r for r in results if r[2] != r[3]]
    return report(len(results) - len(mismatches), mismatches)


if __name__ == "__main__":
    sys.exit(main())
