#!/usr/bin/env python3
"""`yinde check` against scans: planted sentences, foreign sentences and the runs a draft shares.

    python3 wording.py YINDE INDEX VARIANTS --news FOLDER [--sentences 1000] [--seed 1] [--list]

INDEX is one of the archive; FOLDER holds texts that are none of it, as Markdown. Three checks:

1. Planted drafts. Sentences of the archive, altered by 0, 1, 3 and 6 edits, are checked. The first match
   has to be the passage the sentence was taken from, or one that holds the unaltered sentence, too.
2. Foreign sentences. Sentences of the news that do not stand in the archive are checked. Few may be called
   verbatim or near; --list prints those that are.
3. Runs. The provincial government reports of 2025 are checked against the national ones before 2026. The
   runs and their numbers of passages have to equal those found by brute force in the forms of the dump,
   and each has to stand in the draft where its offsets say.

Standard library only. Exit code 1 if a limit is missed or a run differs.
"""

import argparse
import bisect
import html
import json
import random
import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import matching_form

# Number of edits: the share of planted sentences whose source has to be ranked first.
RANKED_FIRST = {0: 0.999, 1: 0.995, 3: 0.99, 6: 0.97}
# The share of foreign sentences that may be called verbatim or near.
FOREIGN = 0.02
# The characters a run has at least, in the matching form.
RUN = 12
MARK = "。"
SENTENCE = re.compile(r"[^。！？\t\n]+[。！？]")
TAG = re.compile(r"</?[A-Za-z][^<>]*>")


class Oracle:
    """The program under test, and the independent matching form."""

    def __init__(self, yinde, index, variants):
        self.yinde, self.index = yinde, index
        self.table = matching_form.load_table(variants)

    def form(self, text):
        return matching_form.matching_form(text, self.table)

    def core(self, text):
        """The form of a text taken out of its context, without the marks at its ends."""
        return self.form(text).strip(MARK)

    def run(self, *arguments):
        done = subprocess.run([self.yinde, *arguments], capture_output=True, check=False)
        if done.returncode:
            sys.exit(f"yinde {arguments[0]}: {done.stderr.decode().strip()}")
        return done.stdout.decode()

    def check(self, path, *options):
        return json.loads(self.run("check", str(path), "--json", "--index", self.index, *options))

    def dump(self, index):
        # Copies are in no count.
        passages = (json.loads(line) for line in self.run("dump", "--index", index).splitlines())
        return [passage for passage in passages if not passage["copy_of"]]


def sentences_of(text):
    # A quote or bracket that closes belongs to the sentence before.
    found = (m.group().strip().lstrip("”’」』）》 ") for m in SENTENCE.finditer(text))
    return [s for s in found if 15 <= len(s) <= 80]


def write_draft(path, paragraphs):
    """Write one paragraph a sentence; return where in the file each begins and ends, in characters."""
    path.write_text("\n\n".join(paragraphs) + "\n", encoding="utf-8")
    places, at = [], 0
    for paragraph in paragraphs:
        places.append((at, at + len(paragraph)))
        at += len(paragraph) + 2
    return places


def sentences_at(places, sentences):
    """The sentence of the answer at each place: that which begins there, else that which overlaps most."""
    sentences = sorted(sentences, key=lambda s: s["start"])
    starts = [s["start"] for s in sentences]
    for start, end in places:
        first = bisect.bisect_left(starts, start)
        if first < len(starts) and starts[first] == start and sentences[first]["end"] >= end - 1:
            yield sentences[first]
            continue
        overlapping = sentences[max(first - 1, 0):bisect.bisect_left(starts, end)]
        best = max(overlapping, key=lambda s: min(end, s["end"]) - max(start, s["start"]), default=None)
        yield best if best and best["end"] > start and best["start"] < end else None


# Planted drafts

def edited(rng, text, han):
    """One edit of a sentence, its last character excepted."""
    kind = rng.choice(["substitute", "delete", "insert", "swap", "number"])
    if kind == "number":
        numbers = list(re.finditer(r"\d+(\.\d+)?", text))
        if numbers:
            number = rng.choice(numbers)
            return text[:number.start()] + str(rng.randint(1, 999)) + text[number.end():]
    if kind == "swap":
        clauses = text[:-1].split("，")
        if len(clauses) > 1:
            i = rng.randrange(len(clauses) - 1)
            clauses[i], clauses[i + 1] = clauses[i + 1], clauses[i]
            return "，".join(clauses) + text[-1]
    at = rng.randrange(len(text) - 1)
    if kind == "delete":
        return text[:at] + text[at + 1:]
    # A sentence without numbers or clauses gets another character instead.
    return text[:at] + rng.choice(han) + text[at + (kind != "insert"):]


def planted(oracle, rng, passages, count, folder):
    origins = {}
    for p in passages:
        if p["role"] == "paragraph":
            for sentence in sentences_of(p["text"]):
                origins.setdefault(sentence, p)
    picked = rng.sample(sorted(origins), min(count, len(origins)))
    han = [c for p in rng.sample(passages, 300) for c in p["text"] if "\u4e00" <= c <= "\u9fff"]
    missed = False
    for edits, limit in RANKED_FIRST.items():
        drafts = list(picked)
        for _ in range(edits):
            drafts = [edited(rng, draft, han) for draft in drafts]
        path = folder / f"planted-{edits}.txt"
        places = write_draft(path, drafts)
        answers = sentences_at(places, oracle.check(path)["sentences"])
        failures = []
        for sentence, draft, answer in zip(picked, drafts, answers):
            match = next(iter(answer["matches"]), None) if answer else None
            origin = origins[sentence]
            if match and (match["report"], match["passage"]) == (origin["report"], origin["passage"]):
                continue
            if not match or oracle.core(sentence) not in oracle.form(match["text"]):
                failures.append((sentence, draft, match))
        share = 1 - len(failures) / len(picked)
        wrong = share < limit
        missed |= wrong
        print(f"{'MISSED' if wrong else 'ok':8}{edits} edits: {share:.1%} of {len(picked)} ranked first "
              f"(at least {limit:.1%})")
        for sentence, draft, match in failures[:3]:
            print(f"        {draft}\n          of    {sentence}\n          first {closest(match)}")
    return missed


def closest(match):
    if not match:
        return "nothing"
    start, end = match["span"]
    return f"{match['similarity']:.2f} {match['text'][start:end]}"


# Foreign sentences

def foreign(oracle, rng, passages, options, folder):
    archive = "\n".join(p["matching"] for p in passages)
    found = set()
    for path in sorted(Path(options.news).rglob("*.md")):
        text = html.unescape(TAG.sub("", path.read_text(encoding="utf-8", errors="replace")))
        found.update(sentences_of(text))
    # All in a random order; the first that do not stand in the archive.
    order = rng.sample(sorted(found), len(found))
    picked = []
    for sentence in order:
        if len(picked) < options.sentences and oracle.core(sentence) not in archive:
            picked.append(sentence)
    if not picked:
        sys.exit(f"no sentences in {options.news}")
    path = folder / "foreign.txt"
    places = write_draft(path, picked)
    answers = list(sentences_at(places, oracle.check(path)["sentences"]))
    missing = sum(answer is None for answer in answers)
    like = [(s, a) for s, a in zip(picked, answers) if a and a["verdict"] in ("near", "verbatim")]
    wrong = len(like) > FOREIGN * len(picked) or missing > 0
    print(f"{'MISSED' if wrong else 'ok':8}foreign: {len(like)} of {len(picked)} near or verbatim "
          f"(at most {FOREIGN:.0%}), {missing} missing from the answer")
    if options.list:
        for sentence, answer in sorted(like, key=lambda pair: -pair[1]["similarity"]):
            print(f"        {answer['verdict']} {answer['similarity']:.2f} {sentence}\n"
                  f"          {closest(next(iter(answer['matches']), None))}")
    return wrong


# Runs

class National:
    """The forms the drafts are compared with: where in them the strings of RUN characters of the drafts stand."""

    def __init__(self, forms, drafts):
        # Passages are joined by a character that no matching form holds.
        self.whole = "\n".join(forms) + "\n"
        self.starts = [0]
        for form in forms[:-1]:
            self.starts.append(self.starts[-1] + len(form) + 1)
        wanted = {draft[i:i + RUN] for draft in drafts for i in range(len(draft) - RUN + 1)}
        self.at = defaultdict(list)
        for i in range(len(self.whole) - RUN):
            gram = self.whole[i:i + RUN]
            if gram in wanted:
                self.at[gram].append(i)

    def longest(self, draft, start):
        """Where the longest stretch of the draft that begins at `start` and stands here ends; None if too short."""
        places = self.at.get(draft[start:start + RUN])
        if not places:
            return None
        end = start + RUN
        while end < len(draft):
            places = [p for p in places if self.whole[p + end - start] == draft[end]]
            if not places:
                break
            end += 1
        return end

    def holding(self, string):
        """The number of passages that hold a string of at least RUN characters."""
        places = self.at.get(string[:RUN], ())
        return len({bisect.bisect_right(self.starts, p) for p in places if self.whole.startswith(string, p)})

    def runs(self, draft):
        """The runs of one passage of a draft."""
        stretches = set()
        for start in range(len(draft) - RUN + 1):
            end = self.longest(draft, start)
            if end is None:
                continue
            trimmed = start + (draft[start] == MARK), end - (draft[end - 1] == MARK)
            if trimmed[1] - trimmed[0] >= RUN:
                stretches.add(trimmed)
        # In this order one that holds another comes before it.
        kept = []
        for start, end in sorted(stretches, key=lambda s: (s[0], -s[1])):
            if not kept or end > kept[-1][1]:
                kept.append((start, end))
        return [draft[start:end] for start, end in kept]


def runs(oracle, passages, folder):
    provincial = defaultdict(list)
    for p in passages:
        if p["kind"] == "政府工作报告" and p["region"] not in (None, "全国") and p["year"] == 2025:
            provincial[p["report"]].append(p["text"])
    drafts = folder / "drafts"
    drafts.mkdir()
    for report, texts in provincial.items():
        write_draft(drafts / f"{report}.txt", texts)
    # What the program reads as the passages of a draft: clean-up may join or drop paragraphs.
    oracle.run("index", str(drafts), "--index", str(folder / "index"))
    forms = defaultdict(list)
    for p in oracle.dump(str(folder / "index")):
        forms[Path(p["source"]).stem].append(oracle.form(p["text"]))
    if set(forms) != set(provincial):
        sys.exit(f"{len(provincial)} drafts written, {len(forms)} read")

    def check(report):
        return oracle.check(drafts / f"{report}.txt", "--in", "地区:全国", "--before", "2026")["runs"]
    with ThreadPoolExecutor(2) as pool:
        answers = pool.map(check, provincial)
        national = National(
            [oracle.form(p["text"]) for p in passages
             if p["region"] == "全国" and p["year"] is not None and p["year"] < 2026],
            [form for of_report in forms.values() for form in of_report])
        answers = dict(zip(provincial, answers))
    compared, differences = 0, []
    for report, answered in answers.items():
        # Out of context the form of a stretch that begins at a point or dash is another: so both are taken out.
        expected = Counter((oracle.core(run), len(run), national.holding(run))
                           for form in forms[report] for run in national.runs(form))
        got = Counter((oracle.core(run["text"]), run["characters"], run["passages"]) for run in answered)
        compared += max(expected.total(), got.total())
        differences += [(report, "not found", run) for run in (expected - got).elements()]
        differences += [(report, "not expected", run) for run in (got - expected).elements()]
        draft = (drafts / f"{report}.txt").read_text(encoding="utf-8")
        for run in answered:
            if oracle.core(draft[run["start"]:run["end"]]) != oracle.core(run["text"]):
                differences.append((report, "elsewhere", (run["text"], run["start"], run["end"])))
            if oracle.core(run["text"]) not in oracle.form(run["source"]["text"]):
                differences.append((report, "not in its source", (run["text"], run["source"]["source"])))
    wrong = bool(differences) or not compared
    print(f"{'DIFFERS' if wrong else 'ok':8}runs: {len(provincial)} reports, {compared} runs compared, "
          f"{len(differences)} differences")
    for report, what, run in differences[:5]:
        print(f"        {report} {what}: {' '.join(map(str, run))}")
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("yinde")
    parser.add_argument("index")
    parser.add_argument("variants")
    parser.add_argument("--news", required=True, metavar="FOLDER")
    parser.add_argument("--sentences", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--list", action="store_true", help="print the foreign sentences that are near or verbatim")
    options = parser.parse_args()
    oracle = Oracle(options.yinde, options.index, options.variants)
    rng = random.Random(options.seed)
    passages = oracle.dump(options.index)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wrong = planted(oracle, rng, passages, options.sentences, folder)
        wrong |= foreign(oracle, rng, passages, options, folder)
        wrong |= runs(oracle, passages, folder)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
