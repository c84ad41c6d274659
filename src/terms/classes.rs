//! What words are to a term: which may stand at its ends, which are names, which say nothing by themselves.
//!
//! Parts of speech come from the dictionary, one word at a time; what it does not know is taken for a noun.

use std::collections::HashSet;

use crate::search::words::{Vocabulary, WordId};
use crate::text::lexicon;
use crate::text::regions::PROVINCES;
use crate::text::tags::Tagger;

/// What a word is to a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// A number, a sign or a numbered name: no term holds it.
    Barrier,
    /// A person, or a region of the archive: no term begins or ends with it.
    Name,
    /// A word of grammar, a measure or a time: no term begins or ends with it.
    Function,
    /// Says what is done, or how: a term seldom begins or ends with it.
    Verb,
    /// Says what something is like: a term seldom ends with it.
    Quality,
    /// Names what is spoken of: terms end with it.
    Noun,
}

/// Words of grammar, and of address, that the dictionary calls otherwise.
const FUNCTION: &str = "的了和是在等与及对为以将要把被从向到由于并而或也都就更最不有个其所之我这那使让给再还又很各每该此若如因但且即则已曾正着过地得们年月日时";

/// Parts of speech of words of grammar, measures, times and affixes.
const FUNCTION_TAGS: [&str; 24] = [
    "u", "uj", "ul", "uz", "ug", "ud", "uv", "p", "c", "r", "rr", "rz", "rg", "m", "mq", "q", "f", "y", "e", "o", "t",
    "tg", "k", "h",
];

/// Parts of speech of what is done and how.
const VERB_TAGS: [&str; 6] = ["v", "vd", "vg", "vi", "d", "ad"];

/// Words that turn what follows into its opposite: 毫不松懈 is no 松懈.
const NEGATIONS: [&str; 12] = ["不", "未", "没", "没有", "无", "非", "毫不", "决不", "绝不", "从不", "不能", "不得"];

/// Parts of speech of persons.
const PERSON_TAGS: [&str; 3] = ["nr", "nrt", "nrfg"];

/// What persons are called beside their names.
pub const ADDRESSES: [&str; 12] =
    ["同志", "总书记", "主席", "总理", "书记", "省长", "市长", "区长", "县长", "院长", "检察长", "主任"];

/// The classes of a vocabulary's words.
pub struct Classes {
    classes: Vec<Class>,
    /// Common words for doing something, which make no longer term of one that they stand before: 加快, 发展.
    generic: HashSet<WordId>,
    negations: Vec<WordId>,
}

/// A word is generic from this share of all words on.
const GENERIC: f64 = 0.001;

impl Classes {
    /// The classes of the words that have a count, of so many in `total`; `addressed` are those that stand beside one
    /// of [`ADDRESSES`] somewhere, `regions` which names of places the archive knows.
    pub fn of(
        vocabulary: &Vocabulary,
        counts: &[u64],
        total: u64,
        addressed: &HashSet<WordId>,
        regions: &[String],
    ) -> Classes {
        let tagger = Tagger::new();
        let numbered: HashSet<String> = lexicon::built_in().into_iter().collect();
        let places: HashSet<&str> = PROVINCES
            .iter()
            .flat_map(|&(short, full)| [short, full])
            .chain(regions.iter().map(String::as_str))
            .collect();
        let is_own_place = |word: &str| matches!(word.chars().collect::<Vec<_>>()[..], ['全' | '我', c] if "省市县区州镇乡".contains(c));
        // 周总理: name and address in one word.
        let is_addressed_name = |word: &str| {
            ADDRESSES.iter().any(|address| word.strip_suffix(address).is_some_and(|name| name.chars().count() == 1))
        };
        let mut classes = Vec::with_capacity(counts.len());
        let mut generic = HashSet::new();
        for (id, &count) in (0..).zip(counts) {
            let word = vocabulary.word(id);
            if count == 0 || numbered.contains(word) || !word.chars().all(char::is_alphabetic) {
                classes.push(Class::Barrier);
                continue;
            }
            let tag = tagger.part_of_speech(word);
            let is_of_grammar = word.chars().count() == 1 && FUNCTION.contains(word) || is_number(word);
            classes.push(if is_of_grammar || ADDRESSES.contains(&word) || FUNCTION_TAGS.contains(&tag.as_str()) {
                Class::Function
            } else if places.contains(word)
                || is_own_place(word)
                || is_addressed_name(word)
                || PERSON_TAGS.contains(&tag.as_str()) && addressed.contains(&id)
            {
                Class::Name
            } else if VERB_TAGS.contains(&tag.as_str()) {
                Class::Verb
            } else if tag == "a" {
                Class::Quality
            } else {
                Class::Noun
            });
            if tag.starts_with('v') && count as f64 >= GENERIC * total as f64 {
                generic.insert(id);
            }
        }
        let negations = NEGATIONS.iter().filter_map(|word| vocabulary.id(word)).collect();
        Classes { classes, generic, negations }
    }

    /// What a word is to a term.
    pub fn class(&self, word: WordId) -> Class {
        self.classes.get(word as usize).copied().unwrap_or(Class::Barrier)
    }

    /// Whether a word is a common one for doing something, and makes no longer term of one that it stands before.
    pub fn is_generic(&self, word: WordId) -> bool {
        self.generic.contains(&word)
    }

    /// Whether a term may begin or end with a word.
    pub fn may_end(&self, word: WordId) -> bool {
        matches!(self.class(word), Class::Verb | Class::Quality | Class::Noun)
    }

    /// Whether a word turns what follows into its opposite.
    pub fn is_negation(&self, word: WordId) -> bool {
        self.negations.contains(&word)
    }

    /// How likely words are a term by what they begin and end with, from 0 to 1.
    pub fn likelihood(&self, words: &[WordId]) -> f64 {
        let (Some(&first), Some(&last)) = (words.first(), words.last()) else { return 0.0 };
        let begins = if self.class(first) == Class::Verb { UNLIKELY } else { 1.0 };
        let ends = if matches!(self.class(last), Class::Verb | Class::Quality) { UNLIKELY } else { 1.0 };
        begins * ends
    }
}

/// What a verb at either end leaves of a term's likelihood: 拖欠企业账款 is one, 加快推进工业化 is not.
const UNLIKELY: f64 = 0.4;

/// Whether a word is a numeral, with or without a measure the dictionary took for part of it.
fn is_number(word: &str) -> bool {
    word.chars().all(|c| "〇零一二三四五六七八九十百千万亿两第几余多".contains(c))
}
