//! Proposes words for a user's lexicon: slogans in quotes and terms that segmentation takes apart.
//!
//! A term is a run of two to four words that stand together far more often than chance has it (pointwise
//! mutual information, the least over its splits) and with changing neighbours on both sides (entropy, the
//! lesser of the two): the measures of Church & Hanks 1990 and of Tanaka-Ishii & Jin 2006. Pure functions
//! over forms and word ends; nothing is written anywhere.

use std::collections::{HashMap, HashSet};

use crate::text::fold::{Folded, MARK, matching_form};

/// A proposed word.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Suggestion {
    /// Its matching form.
    pub word: String,
    /// How often it occurs.
    pub occurrences: u64,
    /// How often it stands in quotes.
    pub quoted: u64,
    /// Pointwise mutual information in bits, the least over its splits; 0 for a slogan known from quotes alone.
    pub pmi: f32,
    /// Entropy of its neighbours in bits, the lesser side; 0 for a slogan known from quotes alone.
    pub entropy: f32,
}

/// Least mutual information of a term, in bits.
const MIN_PMI: f32 = 5.0;

/// Least entropy on either side, in bits.
const MIN_ENTROPY: f32 = 1.5;

/// Longest term, in characters.
const LONGEST: usize = 10;

/// Most words of a term.
const MOST_WORDS: usize = 4;

/// Share of a term's occurrences from which on a longer one that holds it takes its place.
const SUBSUMED: f64 = 0.7;

/// Words that no term begins or ends with.
const EDGES: &str =
    "的了和是在等与及对为以将要把被从向到由于并而或也都就更最不有个中上下内外新大这那其所之年月日我们全们";

/// Collects texts, then proposes.
#[derive(Default)]
pub struct Suggester {
    ids: HashMap<String, u32>,
    words: Vec<String>,
    /// Words of all texts one after the other; [`BARRIER`] between what does not belong together.
    sequence: Vec<u32>,
    quoted: HashMap<String, u64>,
}

const BARRIER: u32 = u32::MAX;

type Gram = Vec<u32>;

impl Suggester {
    /// Takes in a passage: its text, its matching form and the ends of its words.
    pub fn add(&mut self, text: &str, folded: &Folded, ends: &[usize]) {
        self.add_quoted(text);
        let mut start = 0;
        for &end in ends {
            let word = &folded.chars[start..end];
            let belongs = word[0] != MARK && word.iter().all(|c| c.is_alphabetic());
            if !belongs || folded.breaks[start] {
                self.sequence.push(BARRIER);
            }
            if belongs {
                let word: String = word.iter().collect();
                let next = self.words.len() as u32;
                let id = *self.ids.entry(word.clone()).or_insert(next);
                if id == next {
                    self.words.push(word);
                }
                self.sequence.push(id);
            }
            start = end;
        }
        self.sequence.push(BARRIER);
    }

    fn add_quoted(&mut self, text: &str) {
        for (open, close) in [('“', '”'), ('「', '」')] {
            for rest in text.split(open).skip(1) {
                let Some((inner, _)) = rest.split_once(close) else { continue };
                let form = matching_form(inner);
                let length = form.chars().count();
                if (2..=LONGEST).contains(&length) && form.chars().all(char::is_alphanumeric) {
                    *self.quoted.entry(form).or_default() += 1;
                }
            }
        }
    }

    /// Up to `most` proposals that occur at least `least` times, the best first.
    pub fn suggest(&self, least: u64, most: usize) -> Vec<Suggestion> {
        let least = least.max(2);
        let counts = self.counts(least);
        let mut found: Vec<Suggestion> = self.terms(&counts);
        let known: HashSet<String> = found.iter().map(|suggestion| suggestion.word.clone()).collect();
        let slogans = self.quoted.iter().filter(|(word, count)| {
            **count >= least
                && !known.contains(*word)
                && !self.ids.contains_key(*word)
                && !word.chars().all(|c| c.is_ascii_digit())
        });
        found.extend(slogans.map(|(word, &count)| Suggestion {
            word: word.clone(),
            occurrences: count,
            quoted: count,
            pmi: 0.0,
            entropy: 0.0,
        }));
        drop_subsumed(&mut found);
        let merit = |s: &Suggestion| {
            let together = if s.pmi > 0.0 { s.pmi * s.entropy } else { MIN_PMI * MIN_ENTROPY };
            together * (s.occurrences as f32).ln() * if s.quoted > 0 { 1.5 } else { 1.0 }
        };
        found.sort_by(|a, b| merit(b).total_cmp(&merit(a)).then_with(|| a.word.cmp(&b.word)));
        found.truncate(most);
        found
    }

    /// Counts of single words and of every run of words that is frequent, as all its parts are.
    fn counts(&self, least: u64) -> HashMap<Gram, u64> {
        let mut counts: HashMap<Gram, u64> = HashMap::new();
        for length in 1..=MOST_WORDS {
            let mut of_length: HashMap<&[u32], u64> = HashMap::new();
            for gram in self.sequence.windows(length).filter(|gram| !gram.contains(&BARRIER)) {
                let frequent = |part: &[u32]| counts.contains_key(part);
                if length == 1 || (frequent(&gram[1..]) && frequent(&gram[..length - 1])) {
                    *of_length.entry(gram).or_default() += 1;
                }
            }
            let frequent: Vec<(Gram, u64)> = of_length
                .into_iter()
                .filter(|(_, count)| *count >= least)
                .map(|(gram, count)| (gram.to_vec(), count))
                .collect();
            counts.extend(frequent);
        }
        counts
    }

    fn terms(&self, counts: &HashMap<Gram, u64>) -> Vec<Suggestion> {
        let total = self.sequence.iter().filter(|&&id| id != BARRIER).count() as f32;
        let share = |gram: &[u32]| counts.get(gram).map_or(0.0, |&count| count as f32 / total);
        let mut candidates: HashMap<&[u32], (f32, Sides)> = HashMap::new();
        for gram in counts.keys().filter(|gram| gram.len() > 1 && self.may_be_term(gram)) {
            let splits = (1..gram.len()).map(|at| (share(gram) / (share(&gram[..at]) * share(&gram[at..]))).log2());
            let pmi = splits.fold(f32::INFINITY, f32::min);
            if pmi >= MIN_PMI {
                candidates.insert(gram, (pmi, Sides::default()));
            }
        }
        for length in 2..=MOST_WORDS {
            for (i, gram) in self.sequence.windows(length).enumerate() {
                if let Some((_, sides)) = candidates.get_mut(gram) {
                    let before = i.checked_sub(1).map_or(BARRIER, |before| self.sequence[before]);
                    let after = self.sequence.get(i + length).copied().unwrap_or(BARRIER);
                    sides.left.add(before);
                    sides.right.add(after);
                }
            }
        }
        candidates
            .into_iter()
            .map(|(gram, (pmi, sides))| {
                let word = self.spelled(gram);
                let quoted = self.quoted.get(&word).copied().unwrap_or(0);
                let entropy = sides.left.entropy().min(sides.right.entropy());
                Suggestion { word, occurrences: counts[gram], quoted, pmi, entropy }
            })
            .filter(|suggestion| suggestion.entropy >= MIN_ENTROPY)
            .collect()
    }

    fn spelled(&self, gram: &[u32]) -> String {
        gram.iter().filter_map(|&id| self.words.get(id as usize)).map(String::as_str).collect()
    }

    fn may_be_term(&self, gram: &[u32]) -> bool {
        let is_edge = |id: &u32| self.words.get(*id as usize).is_none_or(|word| EDGES.contains(word.as_str()));
        let length = self.spelled(gram).chars().count();
        length > 2 && length <= LONGEST && !gram.first().is_none_or(is_edge) && !gram.last().is_none_or(is_edge)
    }
}

/// A shorter term that mostly stands inside a longer one gives way to it.
fn drop_subsumed(found: &mut Vec<Suggestion>) {
    found.sort_by_key(|suggestion| std::cmp::Reverse(suggestion.word.len()));
    let mut kept: Vec<Suggestion> = Vec::new();
    for suggestion in found.drain(..) {
        let holds = |longer: &Suggestion| {
            longer.word.contains(&suggestion.word)
                && longer.occurrences as f64 >= SUBSUMED * suggestion.occurrences as f64
        };
        if !kept.iter().any(holds) {
            kept.push(suggestion);
        }
    }
    *found = kept;
}

#[derive(Default)]
struct Sides {
    left: Neighbours,
    right: Neighbours,
}

/// What stands beside a term, how often. Every barrier is a neighbour of its own.
#[derive(Default)]
struct Neighbours {
    counts: HashMap<u32, u32>,
    barriers: u32,
}

impl Neighbours {
    fn add(&mut self, id: u32) {
        if id == BARRIER {
            self.barriers += 1;
        } else {
            *self.counts.entry(id).or_default() += 1;
        }
    }

    fn entropy(&self) -> f32 {
        let total = (self.counts.values().sum::<u32>() + self.barriers) as f32;
        let part = |count: f32| -(count / total) * (count / total).log2();
        self.counts.values().map(|&count| part(count as f32)).sum::<f32>()
            + self.barriers as f32 * if total > 0.0 { part(1.0) } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold::fold;

    /// Every character a word, as the hardest case.
    fn suggester(texts: &[&str]) -> Suggester {
        let mut suggester = Suggester::default();
        for text in texts {
            let folded = fold(text);
            let ends: Vec<usize> = (1..=folded.chars.len()).collect();
            suggester.add(text, &folded, &ends);
        }
        suggester
    }

    #[test]
    fn terms_come_out_whole_and_slogans_from_quotes() {
        let filler = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥";
        let chars: Vec<char> = filler.chars().collect();
        let texts: Vec<String> = (0..20)
            .map(|i| format!("{}产业社区{}。“三个年”{filler}{filler}", chars[i], chars[(i * 7 + 3) % chars.len()]))
            .collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let found = suggester(&texts).suggest(5, 10);
        let words: Vec<&str> = found.iter().map(|suggestion| suggestion.word.as_str()).collect();
        assert!(words.contains(&"产业社区") && words.contains(&"三个年"), "{words:?}");
        assert!(!words.contains(&"产业社") && !words.contains(&"业社区"), "{words:?}");
        assert!(suggester(&[]).suggest(2, 10).is_empty());
    }
}
