//! The segmenter against jieba-rs itself, with the same dictionary and the same words added.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::LazyLock;

use super::{DICTIONARY_IDS, NO_WORD, Scratch, Segmenter, dictionary};
use crate::text::fold::matching_form;
use crate::text::lexicon;
use jieba_rs::Jieba;
use proptest::prelude::*;

/// Both with the same words.
struct Pair {
    jieba: Jieba,
    segmenter: Segmenter,
}

static PLAIN: LazyLock<Pair> = LazyLock::new(|| Pair::of(&[]));

static BUILT_IN: LazyLock<Pair> =
    LazyLock::new(|| Pair { segmenter: Segmenter::new(), ..PLAIN.with(&lexicon::built_in()) });

/// With so many words added that the filter of pairs lets most pass: parts of words, and words turned round.
static MANY: LazyLock<Pair> = LazyLock::new(|| {
    let turned = WORDS.iter().step_by(40).map(|word| word.chars().rev().collect());
    let parts = WORDS.iter().skip(7).step_by(40).map(|word| word.chars().skip(1).collect());
    PLAIN.with(&turned.chain(parts).collect::<Vec<String>>())
});

/// Words of the dictionary, in its order.
static WORDS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let lines = include_str!(env!("YINDE_DICTIONARY")).lines();
    lines.filter_map(|line| line.split(' ').next()).collect()
});

impl Pair {
    fn of(words: &[String]) -> Pair {
        Pair { jieba: Jieba::new(), segmenter: Segmenter::of([]) }.with(words)
    }

    /// The same dictionary with these words.
    fn with(&self, words: &[String]) -> Pair {
        let mut jieba = self.jieba.clone();
        for word in words {
            jieba.add_word(word, None, None);
        }
        Pair { jieba, segmenter: Segmenter::of(words.iter().map(String::as_str)) }
    }

    /// Checks one text, ids included.
    fn check(&self, text: &str, scratch: &mut Scratch, ids: &mut HashMap<u32, String>) {
        let expected: Vec<usize> = self.jieba.cut(text, false).iter().map(|token| token.end).collect();
        let chars: Vec<char> = text.chars().collect();
        let (mut ends, mut start) = (Vec::new(), 0);
        self.segmenter.cut(&chars, scratch, |end, id| {
            let token = &chars[start..end];
            start = end;
            ends.push(end);
            let word: String = token.iter().collect();
            if token.len() > 1 && !token.iter().all(|c| c.is_ascii()) {
                assert_ne!(id, NO_WORD, "{word} in {text:?}");
                assert!(self.jieba.has_word(&word), "{word} in {text:?}");
                assert_eq!((id < DICTIONARY_IDS).then_some(id), dictionary::find(token), "{word} in {text:?}");
            }
            if id != NO_WORD {
                assert_eq!(ids.entry(id).or_insert_with(|| word.clone()), &word, "{text:?}");
            }
        });
        assert_eq!(ends, expected, "{text:?}");
    }

    fn check_one(&self, text: &str) {
        self.check(text, &mut Scratch::default(), &mut HashMap::new());
    }
}

/// Characters of every kind that the rules tell apart.
fn mixed() -> impl Strategy<Value = String> {
    let kinds = prop_oneof![
        8 => "[人民政协中国十五二三四一届大全会党的了在和发展]",
        3 => "\\PC",
        2 => "[\u{4E00}-\u{9FFF}]",
        1 => "[\u{3400}-\u{4DBF}\u{20000}-\u{2A6DF}\u{2B81E}-\u{2B822}\u{2EBE0}-\u{2EBF0}\u{2F800}-\u{2FA1F}\u{F900}-\u{FAFF}]",
        3 => "[a-zA-Z0-9]",
        1 => "[-+#&._%]",
        1 => "[ \\t\\r\\n。，、！？“”〇○γ]",
        1 => prop_oneof![Just("\r\n"), Just("4S店"), Just("1号店"), Just("AT&T"), Just("γ射线"), Just("C++")]
            .prop_map(str::to_owned),
    ];
    prop::collection::vec(kinds, 0..40).prop_map(|parts| parts.concat())
}

/// Words of the dictionary one after the other, now and then with something between.
fn glued() -> impl Strategy<Value = String> {
    let word = any::<prop::sample::Index>().prop_map(|index| index.get(&WORDS).to_string());
    let part = prop_oneof![12 => word, 1 => "[，。a1 ]", 1 => "[\u{4E00}-\u{9FFF}]"];
    prop::collection::vec(part, 0..30).prop_map(|parts| parts.concat())
}

/// A word as a user might add it, or as nobody would.
fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[人民政协中国十五二三四一届大全会党的]{1,6}",
        2 => any::<prop::sample::Index>().prop_map(|index| index.get(&WORDS).to_string()),
        1 => "[人民政协中国a-c1\u{20000}𠮷。γ]{0,4}",
        1 => "\\PC{1,3}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn cuts_any_text_as_jieba_does(text in mixed()) {
        PLAIN.check_one(&text);
        BUILT_IN.check_one(&text);
        MANY.check_one(&text);
    }

    #[test]
    fn cuts_words_in_a_row_as_jieba_does(text in glued()) {
        PLAIN.check_one(&text);
        BUILT_IN.check_one(&text);
        MANY.check_one(&text);
    }
}

proptest! {
    // Each case copies jieba's dictionary.
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn cuts_with_added_words_as_jieba_does(
        mut words in prop::collection::vec(word(), 0..30),
        texts in prop::collection::vec(prop_oneof![mixed(), glued()], 20),
    ) {
        // Some words twice: the second time they are known.
        words.extend_from_within(..words.len() / 4);
        let pair = PLAIN.with(&words);
        let (mut scratch, mut ids) = (Scratch::default(), HashMap::new());
        for text in &texts {
            pair.check(text, &mut scratch, &mut ids);
            pair.check(&words.concat(), &mut scratch, &mut ids);
            let woven: String = words.iter().zip(text.split_inclusive('人')).map(|(word, part)| word.clone() + part).collect();
            pair.check(&woven, &mut scratch, &mut ids);
        }
    }
}

#[test]
fn every_word_of_the_dictionary_is_cut_as_jieba_does() {
    let (mut scratch, mut ids) = (Scratch::default(), HashMap::new());
    for word in WORDS.iter() {
        PLAIN.check(word, &mut scratch, &mut ids);
        let chars: Vec<char> = word.chars().collect();
        let id = dictionary::find(&chars).expect(word);
        assert_eq!(ids.entry(id).or_insert_with(|| word.to_string()), word);
    }
}

#[test]
fn the_ends_of_a_text_do_not_lean_on_the_text_before() {
    let (mut scratch, mut ids) = (Scratch::default(), HashMap::new());
    for text in ["中国人民政治协商会议", "中国人民", "中", "", "中国", "人民政治协商会议全国委员会"]
    {
        BUILT_IN.check(text, &mut scratch, &mut ids);
    }
}

/// The real data, where it is there, line by line, as it stands and as matching forms.
#[test]
fn real_texts_are_cut_as_jieba_does() {
    let shared = std::env::var_os("YINDE_SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from);
    let (mut scratch, mut ids) = (Scratch::default(), HashMap::new());
    for entry in walkdir::WalkDir::new(shared).into_iter().flatten() {
        let is_text = entry.path().extension().is_some_and(|extension| extension == "md" || extension == "txt");
        let text = if is_text { std::fs::read_to_string(entry.path()).unwrap_or_default() } else { String::new() };
        for line in text.split_inclusive('\n') {
            BUILT_IN.check(line, &mut scratch, &mut ids);
            BUILT_IN.check(&matching_form(line), &mut scratch, &mut ids);
        }
    }
}
