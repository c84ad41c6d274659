//! Report-like Chinese text of any size from a seed, for benchmarks that anyone can repeat.
//!
//! A [`Model`] learns words, which word follows which, and paragraph lengths from real passages. Text is a
//! walk from word to word; now and then the walk jumps to any word by its frequency, and now and then it
//! takes a name from a pool that grows as in Simon's process (*On a class of skew distribution functions*,
//! 1955): mostly an old one, by how often it was used, sometimes a new one. So the vocabulary grows with
//! the text, as it does in a real archive, and nothing is one sentence repeated. Same model, seed and size:
//! same bytes. How close it comes is measured in `benches/closeness.rs`.

use std::collections::HashMap;
use std::fmt::Write;

use crate::text::fold::{MARK, fold};
use crate::text::numerals;
use crate::text::segment::Segmenter;

/// Share of steps that jump to any word by its frequency.
const JUMP: f64 = 0.12;

/// Share of steps that take a name.
const NAME: f64 = 0.03;

/// Share of names that are new.
const NEW_NAME: f64 = 0.08;

/// Characters of a report, about.
const REPORT: usize = 7_000;

/// SplitMix64 (Steele, Lea & Flood, *Fast splittable pseudorandom number generators*, 2014).
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// A generator from a seed.
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `bound`.
    ///
    /// # Panics
    /// If `bound` is 0.
    pub fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    fn chance(&mut self, share: f64) -> bool {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64 <= share
    }
}

/// What was learned from real passages.
pub struct Model {
    words: Vec<String>,
    /// Every word of the learned text in order: an index into it drawn at random is a word by its frequency.
    sequence: Vec<u32>,
    /// For each word the places in the sequence behind it.
    following: HashMap<u32, Vec<u32>>,
    /// Characters of paragraphs.
    lengths: Vec<usize>,
    /// Characters of the learned text that stand in words, for making names.
    characters: Vec<char>,
}

impl Model {
    /// Learns from passages. Nothing learned from nothing: an empty model writes empty reports.
    pub fn learn<'a>(passages: impl IntoIterator<Item = &'a str>, segmenter: &Segmenter) -> Model {
        let mut ids: HashMap<String, u32> = HashMap::new();
        let mut model = Model {
            words: Vec::new(),
            sequence: Vec::new(),
            following: HashMap::new(),
            lengths: Vec::new(),
            characters: Vec::new(),
        };
        for passage in passages {
            let original: Vec<char> = passage.chars().collect();
            let folded = fold(passage);
            let mut start = 0;
            for end in segmenter.word_ends(&folded) {
                let (from, to) = folded.origin_of(start, end - start);
                let is_mark = folded.chars[start] == MARK;
                // A mark is shown as it was written; words in their matching form, since quotes do not pair up.
                let word: String = if is_mark {
                    original[from..to].iter().collect()
                } else {
                    folded.chars[start..end].iter().collect()
                };
                let id = *ids.entry(word.clone()).or_insert_with(|| {
                    model.words.push(word.clone());
                    model.words.len() as u32 - 1
                });
                if let Some(&last) = model.sequence.last() {
                    model.following.entry(last).or_default().push(model.sequence.len() as u32);
                }
                model.sequence.push(id);
                if end - start > 1 && !is_mark {
                    model.characters.extend(word.chars().filter(|c| matches!(c, '\u{4E00}'..='\u{9FFF}')));
                }
                start = end;
            }
            if original.len() > 30 {
                model.lengths.push(original.len());
            }
        }
        model
    }

    /// Whether there is anything to generate from.
    pub fn is_empty(&self) -> bool {
        self.sequence.is_empty() || self.lengths.is_empty() || self.characters.is_empty()
    }
}

/// Writes reports after a model.
pub struct Generator<'a> {
    model: &'a Model,
    random: Random,
    /// Every name used so far, once for each use: drawing at random prefers those used often.
    names: Vec<String>,
    written: usize,
}

/// A report that was made up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generated {
    /// A file name, without ending.
    pub name: String,
    /// Its text, a paragraph a line.
    pub text: String,
}

impl<'a> Generator<'a> {
    /// A generator from a seed.
    pub fn new(model: &'a Model, seed: u64) -> Generator<'a> {
        Generator { model, random: Random::new(seed), names: Vec::new(), written: 0 }
    }

    /// The next report.
    pub fn report(&mut self) -> Generated {
        let (place, year) = (self.written / 12, 2015 + self.written % 12);
        self.written += 1;
        let region = format!("{}区", self.region(place));
        let name = format!("{region}{year}年政府工作报告");
        let mut text = format!("{name}\n——{year}年1月在{region}人民代表大会会议上\n各位代表：\n");
        let mut length = 0;
        for (chapter, title) in [format!("{}年工作回顾", year - 1), format!("{year}年主要任务")].into_iter().enumerate()
        {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{}、{title}", numerals::name(chapter as u32 + 1));
            for section in 1.. {
                let _ = writeln!(text, "（{}）{}", numerals::name(section.min(99)), self.words(8));
                for _ in 0..2 + self.random.below(3) {
                    let paragraph = self.paragraph();
                    length += paragraph.chars().count();
                    let _ = writeln!(text, "{paragraph}");
                }
                if length > REPORT * (chapter + 1) / 2 || self.model.is_empty() {
                    break;
                }
            }
        }
        Generated { name, text }
    }

    /// The name of a place, the same for the same number.
    fn region(&self, number: usize) -> String {
        let mut random = Random::new(number as u64 ^ 0x5EED);
        let characters = &self.model.characters;
        if characters.is_empty() {
            return format!("第{number}");
        }
        (0..3).map(|_| characters[random.below(characters.len())]).collect()
    }

    fn paragraph(&mut self) -> String {
        if self.model.is_empty() {
            return String::new();
        }
        let length = self.model.lengths[self.random.below(self.model.lengths.len())];
        let mut text = self.words(length);
        text.push('。');
        text
    }

    /// A walk of at least so many characters, without a mark at its end.
    fn words(&mut self, length: usize) -> String {
        let model = self.model;
        let mut text = String::new();
        let mut written = 0;
        let mut at: Option<u32> = None;
        while written < length && !model.is_empty() {
            if self.random.chance(NAME) {
                let name = self.name();
                written += name.chars().count();
                text.push_str(&name);
                continue;
            }
            let followers = at.and_then(|word| model.following.get(&word)).filter(|_| !self.random.chance(JUMP));
            let place = match followers {
                Some(places) => places[self.random.below(places.len())] as usize,
                None => self.random.below(model.sequence.len()),
            };
            let id = model.sequence[place];
            at = Some(id);
            let word = &model.words[id as usize];
            if word.chars().all(|c| c.is_ascii_digit()) {
                text.extend((0..word.len()).map(|_| char::from(b'0' + self.random.below(10) as u8)));
            } else {
                text.push_str(word);
            }
            written += word.chars().count();
        }
        text.trim_matches(|c: char| !c.is_alphanumeric()).to_owned()
    }

    fn name(&mut self) -> String {
        let name = if self.names.is_empty() || self.random.chance(NEW_NAME) {
            let length = 2 + self.random.below(2);
            let characters = &self.model.characters;
            (0..length).map(|_| characters[self.random.below(characters.len())]).collect()
        } else {
            self.names[self.random.below(self.names.len())].clone()
        };
        // Enough to draw from; the pool need not hold every use.
        if self.names.len() < 1 << 20 {
            self.names.push(name.clone());
        }
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_reports() {
        let segmenter = Segmenter::new();
        let passages = [
            "全面推动高质量发展，切实提高城市治理水平，建成产业社区7个，群众满意度达到96.5%，形成了人人参与的良好格局。",
            "深入实施创新驱动发展战略，完善政策体系，强化服务保障，推动经济实现质的有效提升和量的合理增长，取得新成效。",
        ];
        let model = Model::learn(passages, &segmenter);
        let reports = |seed| {
            let mut generator = Generator::new(&model, seed);
            [generator.report(), generator.report()]
        };
        assert_eq!(reports(1), reports(1));
        assert_ne!(reports(1)[0].text, reports(2)[0].text);
        let [first, second] = reports(1);
        assert_ne!(first.text, second.text);
        assert!(first.text.chars().count() > REPORT && first.text.contains("二、2015年主要任务"), "{}", first.text);
    }

    #[test]
    fn an_empty_model_is_no_panic() {
        let model = Model::learn([], &Segmenter::new());
        assert!(model.is_empty());
        assert!(!Generator::new(&model, 1).report().text.is_empty());
    }
}
