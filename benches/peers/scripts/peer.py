"""What the scripts for Xapian and Groonga share: the passages, the strings, the figures and their table.

The figures are those of the Rust package (see the head of src/main.rs): passages in memory, time and size of
indexing up to the finished commit, medians of warm searches for count and best ten, exactness beside a scan of
the matching forms. Runs are not interleaved with Yinde's, so take care that nothing else works on the machine.
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import tempfile
import time

QUERIES = open(os.path.join(os.path.dirname(__file__), "..", "queries.txt"), encoding="utf-8").read().split()
HITS = 10


def arguments():
    """The command line: a dump, and how often to build and to search."""
    parser = argparse.ArgumentParser()
    parser.add_argument("dump", help="JSON lines of `yinde dump` or `peers --generate … --save`")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--searches", type=int, default=50)
    return parser.parse_args()


def read(dump):
    """Texts and matching forms of all passages."""
    texts, forms = [], []
    with open(dump, encoding="utf-8") as lines:
        for line in lines:
            passage = json.loads(line)
            texts.append(passage["text"])
            forms.append(passage["matching"])
    return texts, forms


def cpu():
    """Seconds of processor time of this process and of its children that ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


def size(folder):
    """Bytes of the files of a folder, as they take place on the disk: some engines leave holes in theirs."""
    files = (os.path.join(path, name) for path, _, names in os.walk(folder) for name in names)
    return sum(os.stat(file).st_blocks * 512 for file in files)


def run(name, build, open_index):
    """Measures an engine and prints its table.

    build(texts, forms, folder) builds an index in an empty folder; open_index(folder) gives a function that
    searches a string and returns the count.
    """
    given = arguments()
    texts, forms = read(given.dump)
    text_mb = sum(len(text.encode()) for text in texts) / 1e6
    walls, cpus, sizes, folder = [], [], [], None
    for _ in range(given.runs):
        if folder:
            shutil.rmtree(folder)
        folder = tempfile.mkdtemp(prefix="peer-")
        wall, used = time.perf_counter(), cpu()
        build(texts, forms, folder)
        walls.append(time.perf_counter() - wall)
        cpus.append(cpu() - used)
        os.sync()
        sizes.append(size(folder) / 1e6)
    search = open_index(folder)
    medians, singles, rows, found, there = [], [], [], 0, 0
    for query in QUERIES:
        count, times = search(query), []
        for _ in range(given.searches):
            start = time.perf_counter()
            search(query)
            times.append((time.perf_counter() - start) * 1e3)
        scan = sum(query in form for form in forms)
        rows.append((query, scan, count, statistics.median(times)))
        medians.append(statistics.median(times))
        singles += times
        found, there = found + min(count, scan), there + scan
    shutil.rmtree(folder)
    exact = sum(scan == count for _, scan, count, _ in rows)
    p99 = sorted(singles)[max(0, -(-len(singles) * 99 // 100) - 1)]
    mb = statistics.median(sizes)
    print(f"{len(forms)} passages, {text_mb:.1f} MB of text; runs: {given.runs}\n")
    print(
        "| engine | index wall s | index CPU s | index MB | index ÷ text | query ms | p99 ms | slowest ms |"
        f" exact of {len(rows)} | recall % |"
    )
    print("|---|" + "---:|" * 9)
    print(
        f"| {name} | {statistics.median(walls):.2f} | {statistics.median(cpus):.2f} | {mb:.1f} | {mb / text_mb:.2f} |"
        f" {statistics.median(medians):.3f} | {p99:.3f} | {max(medians):.3f} | {exact} | {found / there * 100:.2f} |\n"
    )
    print(f"| passages | scan | {name} | ms |\n|---|---:|---:|---:|")
    for query, scan, count, ms in rows:
        print(f"| {query} | {scan} | {count} | {ms:.3f} |")
