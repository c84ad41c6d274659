//! Whole bodies: written, merged and read back, beside scans of the texts.

use std::collections::HashMap;
use std::sync::LazyLock;

use proptest::prelude::*;
use tantivy::directory::OwnedBytes;
use tantivy::indexer::NoMergePolicy;
use tantivy::schema::{INDEXED, Schema};
use tantivy::{Index, IndexWriter, Term as Key};

use super::*;
use crate::model::{Part, Role};
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
        let field = schema.add_custom_field("document", "document", serde_json::Value::Null);
        let removed = schema.add_u64_field("removed", INDEXED);
        let plugin = BodyPlugin { document: field, segmenter: SEGMENTER.clone(), backlog: Arc::default() };
        let builder = Index::builder().schema(schema.build()).register_plugin(Arc::new(plugin));
        let index = builder.create_in_ram().expect("made");
        let mut writer: IndexWriter = index.writer_with_num_threads(1, 15_000_000).expect("a writer");
        writer.set_merge_policy(Box::new(NoMergePolicy));
        for batch in batches {
            for (text, is_removed) in batch {
                let mut document = TantivyDocument::new();
                document.add_custom(field, &of_text(text));
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

    /// The texts that were not removed, by segment, as the bodies tell them; every body is checked. In one that was
    /// written at once it is known between which words every common pair stands.
    fn checked(&self, is_all_known: bool) -> Vec<String> {
        let mut texts = Vec::new();
        for segment in self.index.reader().expect("a reader").searcher().segment_readers() {
            let body = Body::open(segment).expect("opened");
            check(&body, segment.max_doc(), is_all_known);
            let characters: u64 = (0..segment.max_doc()).map(|doc| u64::from(body.card(doc).characters())).sum();
            assert_eq!(body.characters(), characters);
            for doc in segment.doc_ids_alive() {
                let (standing, text) = body.text(doc).expect("intact");
                assert_eq!(standing, standing_of(&text));
                assert_eq!(body.card(doc), card_of(&text));
                assert_eq!(body.fingerprint(doc), fingerprint(&fold(&text).chars));
                texts.push(text);
            }
        }
        texts.sort();
        texts
    }
}

fn card_of(text: &str) -> Card {
    let length = text.chars().count() as u32;
    Card::of_passage(length, Role::Note, Part::Plan, length % 3)
}

fn standing_of(text: &str) -> Standing {
    let length = text.len() as u64;
    Standing { section: text.starts_with('人').then_some(5), bytes: vec![length..length + 9; text.len() % 3] }
}

fn of_text(text: &str) -> Vec<u8> {
    document(card_of(text), Some((&standing_of(text), text, &fold(text))))
}

/// Every neighbouring pair of characters is in exactly one posting, every character in that of a word or a run, and
/// nothing else is; what is told of the words around pairs is true.
fn check(body: &Body, documents: DocId, is_all_known: bool) {
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
        assert_eq!(
            counted(body, body.pairs.pair(left, right).expect("intact"), &[left, right]),
            *expected,
            "{left}{right}"
        );
    }
    for &(left, right) in pairs.keys() {
        check_variants(body, &forms, left, right, is_all_known);
    }
    for (&c, expected) in &singles {
        assert_eq!(counted(body, body.pairs.character(c).expect("intact"), &[c]), *expected, "{c}");
    }
    for (left, right) in [('龘', '人'), ('人', '龘'), ('\0', '\0')].into_iter().filter(|pair| !pairs.contains_key(pair))
    {
        assert!(counted(body, body.pairs.pair(left, right).expect("intact"), &[left, right]).is_empty());
    }
}

/// Beside which words a pair stands in each document, one after the other, and where in a run: the word before the
/// boundary, or the run, as far as the pair; and what follows.
fn check_variants(body: &Body, forms: &[Form], left: char, right: char, is_all_known: bool) {
    let holders = body.pairs.pair(left, right).expect("intact");
    for (term, is_whole) in [(holders.cross, false), (holders.whole, true)] {
        let Some(term) = term else { continue };
        let variants = body.variants(term).expect("intact");
        assert_eq!(variants.is_some(), term.count as usize >= variants::TOLD_FROM);
        let Some(variants) = variants else { continue };
        let spelled = |rank: u32| {
            let mut word = Vec::new();
            body.spell(rank, &mut word).expect("intact");
            word
        };
        let mut at = 0;
        let each = |docs: &[DocId], _: &[u32]| {
            for &doc in docs {
                let form = &forms[doc as usize];
                for (start, starts, ends) in form.occurrences(&[left, right]) {
                    let is_across = form.is_boundary(start + 1);
                    let begin = (0..=start).rev().find(|&at| form.is_boundary(at)).unwrap_or_default();
                    let end = (start + 2..).find(|&at| form.is_boundary(at)).unwrap_or_default();
                    let is_term = !is_across && encode::is_term(&form.chars[begin..end]);
                    if (starts && ends) != is_whole || is_term {
                        continue;
                    }
                    let known = variants.number(at).map(|number| variants.known[number]);
                    at += 1;
                    let expected = (form.chars[begin..=start].to_vec(), form.chars[start + 1..end].to_vec());
                    match known {
                        None => assert!(!is_all_known),
                        Some(Variant::Across { left, right }) => {
                            assert!(is_across);
                            assert_eq!((spelled(left), spelled(right)), expected);
                        }
                        Some(Variant::Inside { run, at }) => {
                            let (before, behind) = expected;
                            assert_eq!(
                                (spelled(run), at as usize + 1),
                                ([&before[..], &behind].concat(), before.len())
                            );
                        }
                    }
                }
            }
        };
        body.for_each_block(term, each).expect("intact");
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
    assert_eq!(made.checked(true), [text]);
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
        (0..variants::TOLD_FROM).for_each(|_| collector.add(&of_text(text)));
    }
    let files = Files { body: Vec::new(), pairs: Vec::new(), cards: Vec::new() };
    let Files { body, pairs, cards } = collector.write(files).expect("written");
    let intact = [body, pairs, cards];
    for (file, at) in (0..3).flat_map(|file| (0..intact[file].len()).map(move |at| (file, at))) {
        for value in [0, 0x7F, 0xFF] {
            let mut damaged = intact.clone();
            damaged[file][at] = value;
            let [body, pairs, cards] = damaged.map(OwnedBytes::new);
            let Ok(body) = Body::of(Files { body, pairs, cards }) else { continue };
            read_everything(&body);
        }
    }
}

fn read_everything(body: &Body) {
    for doc in [0, 20, 40, 50] {
        let _ = body.text(doc);
    }
    let mut pairs = body.pairs.iter();
    while let Ok(Some((_, term))) = pairs.next() {
        let _ = body.variants(term).map(|variants| variants.map(|variants| variants.number(3)));
    }
    for (left, right) in [('人', '民'), ('政', '协'), ('革', '开')] {
        for holders in [body.pairs.pair(left, right), body.pairs.character(left)].into_iter().flatten() {
            for term in holders.cross.into_iter().chain(holders.words.iter().flat_map(|&rank| body.word(rank))) {
                let _ = body.for_each_block(term, |_, _| ());
            }
        }
    }
}

fn batches() -> impl Strategy<Value = Vec<Vec<(String, bool)>>> {
    let text = prop_oneof![
        "[人民政协十五改革开放发展的了a1B2 ，。“”！\t]{0,40}",
        "(人民政协|十五五|一是|改革开放|，|。|的|2026|GDP|年|“|”){0,20}",
    ];
    proptest::collection::vec(proptest::collection::vec((text, proptest::bool::weighted(0.2)), 1..60), 1..4)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn bodies_hold_what_texts_hold_before_and_after_merging(batches in batches()) {
        let mut made = Made::of(&batches);
        let expected = texts_of(&batches);
        prop_assert_eq!(&made.checked(true), &expected);
        made.merge();
        prop_assert!(made.index.searchable_segments().expect("listed").len() <= 1);
        prop_assert_eq!(&made.checked(false), &expected);
    }
}
