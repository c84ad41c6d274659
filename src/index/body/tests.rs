//! Whole bodies: written, merged and read back, beside scans of the texts.

use std::collections::HashMap;
use std::sync::LazyLock;

use proptest::prelude::*;
use tantivy::indexer::NoMergePolicy;
use tantivy::schema::{INDEXED, Schema};
use tantivy::{Index, IndexWriter, Term as Key};

use super::*;
use crate::text::fold::{MARK, fold};

static SEGMENTER: LazyLock<Arc<Segmenter>> = LazyLock::new(|| Arc::new(Segmenter::new()));

/// An index in memory with a segment for each batch of texts, those that are marked removed afterwards.
struct Made {
    index: Index,
    writer: IndexWriter,
}

impl Made {
    fn of(batches: &[Vec<(String, bool)>]) -> Made {
        let mut schema = Schema::builder();
        let passage = schema.add_custom_field("passage", "passage", serde_json::Value::Null);
        let removed = schema.add_u64_field("removed", INDEXED);
        let plugin = BodyPlugin { passage, segmenter: SEGMENTER.clone(), backlog: Arc::default() };
        let builder = Index::builder().schema(schema.build()).register_plugin(Arc::new(plugin));
        let index = builder.create_in_ram().expect("made");
        let mut writer: IndexWriter = index.writer_with_num_threads(1, 15_000_000).expect("a writer");
        writer.set_merge_policy(Box::new(NoMergePolicy));
        for batch in batches {
            for (text, is_removed) in batch {
                let mut document = TantivyDocument::new();
                document.add_custom(passage, &super::passage(text, &fold(text)));
                document.add_u64(removed, u64::from(*is_removed));
                writer.add_document(document).expect("added");
            }
            writer.commit().expect("committed");
        }
        writer.delete_term(Key::from_field_u64(removed, 1));
        writer.commit().expect("committed");
        Made { index, writer }
    }

    fn merge(&mut self) {
        let segments = self.index.searchable_segment_ids().expect("listed");
        if !segments.is_empty() {
            self.writer.merge(&segments).wait().expect("merged");
        }
    }

    /// The texts that were not removed, by segment, as the bodies tell them; every body is checked.
    fn checked(&self) -> Vec<String> {
        let mut texts = Vec::new();
        for segment in self.index.reader().expect("a reader").searcher().segment_readers() {
            let body = Body::open(segment).expect("opened");
            check(&body, segment.max_doc());
            texts.extend(segment.doc_ids_alive().map(|doc| body.text(doc).expect("intact")));
        }
        texts.sort();
        texts
    }
}

/// Every neighbouring pair of characters is in exactly one posting, every character in that of a word or a run, and
/// nothing else is.
fn check(body: &Body, documents: DocId) {
    let forms: Vec<Form> = (0..documents)
        .map(|doc| {
            let mut form = Form::default();
            body.form(doc, &mut form).expect("intact");
            form
        })
        .collect();
    let mut pairs: HashMap<(char, char), HashMap<DocId, (u32, u32)>> = HashMap::new();
    let mut singles: HashMap<char, HashMap<DocId, (u32, u32)>> = HashMap::new();
    for (doc, form) in (0..).zip(&forms) {
        for (at, &c) in form.chars.iter().enumerate().filter(|(_, c)| **c != MARK) {
            let count = |known: &mut HashMap<DocId, (u32, u32)>, end| {
                let (occurrences, whole) = known.entry(doc).or_default();
                *occurrences += 1;
                *whole += u32::from(form.is_boundary(at) && form.is_boundary(end));
            };
            count(singles.entry(c).or_default(), at + 1);
            if let Some(&next) = form.chars.get(at + 1).filter(|&&next| next != MARK) {
                count(pairs.entry((c, next)).or_default(), at + 2);
            }
        }
    }
    for (&(left, right), expected) in &pairs {
        assert_eq!(counted(body, body.pair(left, right).expect("intact"), &[left, right]), *expected, "{left}{right}");
    }
    for (&c, expected) in &singles {
        assert_eq!(counted(body, body.character(c).expect("intact"), &[c]), *expected, "{c}");
    }
    for (left, right) in [('龘', '人'), ('人', '龘'), ('\0', '\0')].into_iter().filter(|pair| !pairs.contains_key(pair))
    {
        assert!(counted(body, body.pair(left, right).expect("intact"), &[left, right]).is_empty());
    }
}

/// Occurrences and whole ones by document, from frequencies alone.
fn counted(body: &Body, holders: Holders, string: &[char]) -> HashMap<DocId, (u32, u32)> {
    let mut found: HashMap<DocId, (u32, u32)> = HashMap::new();
    let mut add = |term: Term, times: u32, whole: u32| {
        body.for_each_block(term, |docs, frequencies| {
            for (&doc, &frequency) in docs.iter().zip(frequencies) {
                let (occurrences, of_whole) = found.entry(doc).or_default();
                *occurrences += frequency * times;
                *of_whole += frequency * whole;
            }
        })
        .expect("intact");
    };
    holders.cross.into_iter().for_each(|term| add(term, 1, 0));
    holders.whole.into_iter().for_each(|term| add(term, 1, 1));
    for rank in holders.words {
        let mut word = Vec::new();
        body.spell(rank, &mut word).expect("intact");
        let times = word.windows(string.len()).filter(|part| *part == string).count() as u32;
        assert!(times > 0, "{word:?} does not hold {string:?}");
        add(body.word(rank).expect("intact"), times, u32::from(word.len() == string.len()));
    }
    found
}

fn texts_of(batches: &[Vec<(String, bool)>]) -> Vec<String> {
    let kept = batches.iter().flatten().filter(|(_, removed)| !removed);
    let mut texts: Vec<String> = kept.map(|(text, _)| text.clone()).collect();
    texts.sort();
    texts
}

#[test]
fn words_marks_items_and_runs_come_back() {
    let text = "一是谋划“十五五”，GDP增长5.5%。人民政协的AI agent人人人有责";
    let made = Made::of(&[vec![(text.to_owned(), false)]]);
    assert_eq!(made.checked(), [text]);
    let searcher = made.index.reader().expect("a reader").searcher();
    let body = Body::open(&searcher.segment_readers()[0]).expect("opened");
    let mut form = Form::default();
    body.form(0, &mut form).expect("intact");
    assert_eq!(String::from_iter(&form.chars), "一是谋划十五五。gdp增长5.5%。人民政协的ai agent人人人有责");
    assert_eq!((form.flags[0] & ITEM, form.flags[17] & SENTENCE_END), (ITEM, SENTENCE_END));
}

#[test]
fn a_damaged_body_is_an_error_not_a_panic() {
    let mut collector = Collector::new(SEGMENTER.clone());
    for text in ["人民政协为人民，人民代表2026", "", "改革“开放”"] {
        collector.add(&super::passage(text, &fold(text)));
    }
    let bytes = collector.write(Vec::new()).expect("written");
    for at in 0..bytes.len() {
        for value in [0, 0x7F, 0xFF] {
            let mut damaged = bytes.clone();
            damaged[at] = value;
            let Ok(body) = Body::of(tantivy::directory::OwnedBytes::new(damaged)) else { continue };
            for doc in 0..4 {
                let _ = body.text(doc);
            }
            for (left, right) in [('人', '民'), ('政', '协'), ('革', '开')] {
                for holders in [body.pair(left, right), body.character(left)].into_iter().flatten() {
                    for term in holders.cross.into_iter().chain(holders.words.iter().flat_map(|&rank| body.word(rank)))
                    {
                        let _ = body.for_each_block(term, |_, _| ());
                    }
                }
            }
        }
    }
}

fn batches() -> impl Strategy<Value = Vec<Vec<(String, bool)>>> {
    let text = prop_oneof![
        "[人民政协十五改革开放发展的了a1B2 ，。“”！\t]{0,40}",
        "(人民政协|十五五|一是|改革开放|，|。|的|2026|GDP|年|“|”){0,20}",
    ];
    proptest::collection::vec(proptest::collection::vec((text, proptest::bool::weighted(0.2)), 1..12), 1..4)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn bodies_hold_what_texts_hold_before_and_after_merging(batches in batches()) {
        let mut made = Made::of(&batches);
        let expected = texts_of(&batches);
        prop_assert_eq!(&made.checked(), &expected);
        made.merge();
        prop_assert!(made.index.searchable_segments().expect("listed").len() <= 1);
        prop_assert_eq!(&made.checked(), &expected);
    }
}
