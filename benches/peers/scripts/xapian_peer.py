#!/usr/bin/env python3
"""Xapian with its n-grams of Chinese characters, beside a scan: `xapian_peer.py DUMP.jsonl`.

Needs Debian's python3-xapian. The text as it stands is the document's data; the terms come from the matching
form with FLAG_CJK_NGRAM, which is what XAPIAN_CJK_NGRAM=1 sets: characters and bigrams, with positions for the
characters. A string goes through the query parser in quotes, which makes the phrase of its characters. Without
quotes the parser makes an AND of all its n-grams.

Xapian gives marks no position, so a phrase also matches across them: it may count more than the scan. Numbers
and Latin words are single terms: `2025年` is not found in `12025年`.
"""

import xapian

import peer


def build(texts, forms, folder):
    database = xapian.WritableDatabase(folder + "/x", xapian.DB_CREATE_OR_OVERWRITE)
    generator = xapian.TermGenerator()
    generator.set_flags(xapian.TermGenerator.FLAG_CJK_NGRAM)
    for text, form in zip(texts, forms):
        document = xapian.Document()
        document.set_data(text)
        generator.set_document(document)
        generator.index_text(form)
        database.add_document(document)
    database.commit()
    # What its documentation recommends for an index that is only searched from now on.
    database.compact(folder + "/compact")
    database.close()
    peer.shutil.rmtree(folder + "/x")


def open_index(folder):
    database = xapian.Database(folder + "/compact")
    parser = xapian.QueryParser()
    parser.set_database(database)
    flags = xapian.QueryParser.FLAG_CJK_NGRAM | xapian.QueryParser.FLAG_PHRASE

    def search(string):
        enquire = xapian.Enquire(database)
        enquire.set_query(parser.parse_query('"' + string + '"', flags))
        # To look at all matches makes the count exact.
        return enquire.get_mset(0, peer.HITS, database.get_doccount()).get_matches_estimated()

    return search


peer.run("xapian", build, open_index)
