#!/usr/bin/env python3
"""Groonga with its bigram index, beside a scan: `groonga_peer.py DUMP.jsonl`.

Needs the program `groonga` (Debian's groonga-bin). One table with the text as it stands and the matching form,
one index of the matching forms: TokenBigramSplitSymbolAlphaDigit, which makes bigrams of marks, letters and
digits too, as an exact count of strings needs; no normalizer, since matching forms are folded already. The
texts are loaded first and the index made at the end, which is Groonga's fast way. A search goes through the
pipe of one running process, without the cache of answers; its time has Groonga's writing of JSON in it.
"""

import json
import subprocess

import peer

SCHEMA = """table_create Passages TABLE_NO_KEY
column_create Passages text COLUMN_SCALAR Text
column_create Passages matching COLUMN_SCALAR Text
table_create Terms TABLE_PAT_KEY ShortText --default_tokenizer TokenBigramSplitSymbolAlphaDigit
"""
INDEX = "column_create Terms found COLUMN_INDEX|WITH_POSITION Passages matching\n"


def build(texts, forms, folder):
    process = subprocess.Popen(
        ["groonga", "-n", folder + "/g"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, encoding="utf-8"
    )
    process.stdin.write(SCHEMA + "load --table Passages\n[\n")
    for text, form in zip(texts, forms):
        passage = json.dumps({"text": text, "matching": form}, ensure_ascii=False)
        process.stdin.write(passage + ",\n")
    process.stdin.write("]\n" + INDEX)
    process.stdin.close()
    assert process.wait() == 0, "groonga failed"


def open_index(folder):
    process = subprocess.Popen(
        ["groonga", folder + "/g"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )

    def search(string):
        filter_ = json.dumps("matching @ " + json.dumps(string, ensure_ascii=False), ensure_ascii=False)
        process.stdin.write(
            f"select Passages --filter {filter_} --output_columns _id,_score --sort_keys -_score --limit {peer.HITS}"
            " --cache no\n"
        )
        process.stdin.flush()
        head, body = json.loads(process.stdout.readline())[:2]
        assert head[0] == 0, head
        return body[0][0][0]

    return search


peer.run("groonga", build, open_index)
