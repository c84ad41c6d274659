#!/usr/bin/env python3
"""Updates of an index that are killed at random moments, against updates that are left alone.

    python3 kills.py YINDE ARCHIVE [ROUNDS] [SEED]

A copy of ARCHIVE is changed at random every round: files are added, edited, replaced, deleted, renamed, swapped. The
update is carried out once on a copy of the index, which gives the new state and the time T that it takes, and then
killed (SIGKILL) one to three times between 0 and T on the index itself; every fifth round begins a new index. After
each kill what the index holds, and the answers to literal queries, must be exactly those before or after (where there
was no index, a message will do); after the update is run again, those after. Every 20 rounds and in the end a clean
build must hold the same. No file of the archive may change. Standard library only. Exit code 1 on any failure.
"""

import argparse
import collections
import hashlib
import itertools
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

CLEAN_EVERY, NEW_EVERY, QUERIES = 20, 5, 20
SENTENCES = ["要坚持稳中求进，推动高质量发展。", "城镇新增就业一千二百万人以上。", "全面推进乡村振兴，守住耕地红线。"]


class Program:
    """The program with an archive."""

    def __init__(self, path, archive):
        self.path, self.archive = path, archive

    def start(self, *arguments, **how):
        """A running command."""
        how = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **how}
        return subprocess.Popen([self.path, *map(str, arguments)], **how)

    def run(self, *arguments, given=None):
        """Exit code, output and messages of a command."""
        done = subprocess.run([self.path, *map(str, arguments)], input=given, capture_output=True, check=False,
                              **({} if given is not None else {"stdin": subprocess.DEVNULL}))
        return done.returncode, done.stdout, done.stderr.decode(errors="replace").strip()

    def update(self, index):
        """Brings an index up to date; seconds."""
        start = time.monotonic()
        code, out, messages = self.run("index", "--archive", self.archive, "--index", index, "--json")
        if code not in (0, 2) or not out:
            raise RuntimeError(f"update ended with {code}: {messages}")
        return time.monotonic() - start, json.loads(out)

    def state(self, index, queries):
        """What an index holds and answers; a message where it cannot be opened."""
        code, out, messages = self.run("dump", "--index", index)
        if code != 0:
            return (messages.splitlines() or [f"exit code {code}"])[0].replace(str(index), "INDEX")
        answers = []
        for copies in ["main", "all"]:
            code, found, messages = self.run(
                "search", "--index", index, "--batch", "-", "--json", "--literal", "--no-collapse", "--limit", 10**6,
                "--copies", copies, given="\n".join(queries).encode())
            if code not in (0, 1):
                raise RuntimeError(f"search ended with {code}: {messages}")
            answers.append([plain(json.loads(line)) for line in found.decode().splitlines()])
        return out.decode().splitlines(), [json.dumps(a, ensure_ascii=False) for both in answers for a in both]


def plain(answer):
    """An answer without its time, and without what an empty one proposes instead: that is found in a sample."""
    absence = {**(answer.get("absence") or {}), "nearest": []}
    return {**answer, "elapsed_ms": 0, "absence": absence}


class Changes:
    """Random changes of an archive."""

    def __init__(self, rng, archive, original):
        self.rng, self.archive = rng, archive
        self.pool = sorted(path for path in original.rglob("*") if path.is_file())
        self.number = 0

    def files(self):
        return sorted(path for path in self.archive.rglob("*") if path.is_file())

    def fresh(self, suffix):
        """A path where nothing is yet."""
        self.number += 1
        folder = self.archive / self.rng.choice(["", "新", "新/下", "移"])
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{self.number}{suffix}"

    def add(self):
        if self.rng.random() < 0.5:
            path = self.rng.choice(self.pool)
            shutil.copyfile(path, self.fresh(path.suffix))
        else:
            year = self.rng.randint(1990, 2026)
            text = "".join(self.rng.choices(SENTENCES, k=self.rng.randint(1, 60)))
            text = f"某市{year}年政府工作报告\n\n{self.number}、{text}\n"
            self.fresh(".txt").write_text(text, encoding="utf-8")

    def edit(self):
        path = self.rng.choice(self.files())
        if path.suffix in (".txt", ".html"):
            with path.open("ab") as file:
                file.write(f"\n{self.rng.choice(SENTENCES)}{self.rng.random()}\n".encode())
        else:
            shutil.copyfile(self.rng.choice(self.pool), path)

    def delete(self):
        if len(self.files()) > 10:
            self.rng.choice(self.files()).unlink()

    def rename(self):
        path = self.rng.choice(self.files())
        path.rename(self.fresh(path.suffix))

    def swap(self):
        a, b = self.rng.sample(self.files(), 2)
        between = self.archive / "between"
        a.rename(between)
        b.rename(a)
        between.rename(b)

    def touch(self):
        os.utime(self.rng.choice(self.files()), (self.rng.randrange(2**30), self.rng.randrange(2**30)))

    def some(self):
        names = ["add", "edit", "delete", "rename", "swap", "touch"]
        chosen = self.rng.choices(names, weights=[4, 4, 2, 3, 1, 1], k=self.rng.randint(1, 6))
        for name in chosen:
            getattr(self, name)()


def difference(state, expected):
    """Where two states first differ, for a person."""
    if isinstance(state, str) or isinstance(expected, str):
        return str(state)[:200]
    for part, got, wanted in zip(["dump", "answers"], state, expected):
        differing = [(a, b) for a, b in itertools.zip_longest(got, wanted, fillvalue="") if a != b]
        if differing:
            a, b = differing[0]
            at = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
            around = slice(max(0, at - 80), at + 80)
            return f"{part}, {len(differing)} lines: got {a[around]!r}, expected {b[around]!r}"
    return "the same"


def fingerprint(archive):
    """Content, time and rights of every file."""
    return {str(path): (hashlib.sha256(path.read_bytes()).digest(), path.stat().st_mtime_ns, path.stat().st_mode)
            for path in archive.rglob("*") if path.is_file()}


def draw_queries(rng, dump):
    """Strings of random passages."""
    passages = [json.loads(line)["matching"] for line in dump.decode().splitlines()]
    queries = []
    for passage in rng.choices(passages, k=QUERIES):
        start = rng.randrange(max(1, len(passage) - 4))
        queries.append(passage[start:start + rng.randint(2, 8)].replace('"', "").strip() or "发展")
    return queries


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("yinde")
    parser.add_argument("archive", type=pathlib.Path)
    parser.add_argument("rounds", type=int, nargs="?", default=200)
    parser.add_argument("seed", type=int, nargs="?", default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    found, failures, times = collections.Counter(), [], []

    def check(what, is_right):
        if not is_right:
            failures.append(what)
            print(what, file=sys.stderr)

    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        archive, index, beside = folder / "archive", folder / "index", folder / "beside"
        shutil.copytree(options.archive, archive)
        for path in [archive, *archive.rglob("*")]:
            path.chmod(path.stat().st_mode | 0o700)
        changes = Changes(rng, archive, options.archive)
        program = Program(options.yinde, archive)
        program.update(index)
        queries = draw_queries(rng, program.run("dump", "--index", index)[1])
        before = program.state(index, queries)
        for number in range(1, options.rounds + 1):
            changes.some()
            if number % NEW_EVERY == 0:
                shutil.rmtree(index)
                before = None
            sources = fingerprint(archive)
            if index.exists():
                shutil.copytree(index, beside)
            seconds, summary = program.update(beside)
            times.append(seconds)
            after = program.state(beside, queries)
            shutil.rmtree(beside)
            try:
                for _ in range(rng.randint(1, 3)):
                    running = program.start("index", "--archive", archive, "--index", index,
                                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                    time.sleep(rng.uniform(0, seconds))
                    found["ended before the kill" if running.poll() is not None else "killed"] += 1
                    running.kill()
                    running.wait()
                    state = program.state(index, queries)
                    if isinstance(state, str):
                        check(f"round {number}: {state}", before is None)
                        found[state] += 1
                        continue
                    check(f"round {number}: neither the state before nor the one after: {difference(state, after)}",
                          state in (before, after))
                    found["new state" if state == after else "old state"] += 1
                summary = program.update(index)[1]
                if summary["rebuilt"]:
                    found["rebuilt"] += 1
                    print(f"round {number}: read anew: {summary['rebuilt']}", file=sys.stderr)
                state = program.state(index, queries)
                check(f"round {number}: not the state after: {difference(state, after)}", state == after)
            except RuntimeError as error:
                check(f"round {number}: {error}", False)
                shutil.rmtree(index, ignore_errors=True)
                program.update(index)
            check(f"round {number}: no state after", not isinstance(after, str))
            if number % CLEAN_EVERY == 0 or number == options.rounds:
                program.update(beside)
                state = program.state(beside, queries)
                check(f"round {number}: a clean build differs: {difference(state, after)}", state == after)
                shutil.rmtree(beside)
                found["compared with a clean build"] += 1
            check(f"round {number}: a source changed", fingerprint(archive) == sources)
            before = after
    times.sort()
    print(f"{options.rounds} rounds, {len(failures)} failures; an update takes {times[len(times) // 2]:.2f} s (median)")
    print(", ".join(f"{name}: {count}" for name, count in sorted(found.items())))
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
