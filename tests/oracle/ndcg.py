#!/usr/bin/env python3
"""Ranking quality of relaxed search on judged questions: nDCG@10, MRR@10, R@100.

    python3 ndcg.py YINDE INDEX QUERIES.jsonl QRELS.trec [FIELD …]

QUERIES holds an object a line with `id` and one or more query fields (question, keywords); QRELS is in
TREC form (query 0 document grade). The index is one of the judged collection; a document is a report.
Each field is asked as a batch of `yinde search --relaxed --per-report 1 -n 100 --json`. Gains are
2^grade - 1, discounts log2(rank + 1). Only queries with judgements and a non-empty field count.
Standard library only.
"""

import json
import math
import subprocess
import sys


def main():
    yinde, index, queries_path, qrels_path, *fields = sys.argv[1:]
    relevant = {}
    with open(qrels_path, encoding="utf-8") as lines:
        for line in lines:
            query, _, document, grade = line.split()
            if int(grade) > 0:
                relevant.setdefault(query, {})[document] = int(grade)
    with open(queries_path, encoding="utf-8") as lines:
        queries = [json.loads(line) for line in lines]
    for field in fields or ["question", "keywords"]:
        asked = [q for q in queries if q.get(field, "").strip() and q["id"] in relevant]
        batch = "".join(q[field].replace("\n", " ") + "\n" for q in asked).encode()
        command = [yinde, "search", "--index", index, "--relaxed", "--per-report", "1", "-n", "100",
                   "--json", "--batch", "-"]
        answered = subprocess.run(command, input=batch, capture_output=True, check=False)
        answers = [json.loads(line) for line in answered.stdout.decode().splitlines()]
        assert len(answers) == len(asked), answered.stderr.decode()
        ndcg = mrr = recall = 0.0
        for query, answer in zip(asked, answers):
            grades = relevant[query["id"]]
            ranked = [grades.get(hit["report"], 0) for hit in answer["hits"]]
            gain = sum((2 ** g - 1) / math.log2(i + 2) for i, g in enumerate(ranked[:10]))
            ideal = sorted(grades.values(), reverse=True)[:10]
            ndcg += gain / sum((2 ** g - 1) / math.log2(i + 2) for i, g in enumerate(ideal))
            mrr += next((1 / (i + 1) for i, g in enumerate(ranked[:10]) if g), 0.0)
            recall += sum(1 for g in ranked[:100] if g) / len(grades)
        n = len(asked)
        print(f"{field}: queries {n}, nDCG@10 {ndcg / n:.4f}, MRR@10 {mrr / n:.4f}, R@100 {recall / n:.4f}")


if __name__ == "__main__":
    main()
