//! Strings over several word boundaries, counted from postings: word by word, from the first boundary to the last.
//!
//! At each boundary the variants of its pair tell how often a word of the string stands before the next one. How often
//! both its neighbours are right follows where all its occurrences in a passage have the right neighbour on one side:
//! then the other side alone decides. Passages are short, so nearly always a word stands in one once, or always in the
//! same company. In the others the words themselves have to be read.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::io;

use tantivy::DocId;

use super::agreement::{Agreement, Agreements, Reach, Says};
use super::covers::{Crossing, Match};
use crate::index::reader::Segment;

/// A word inside the string: the pair at its start, and its rank.
type Place = (usize, u32);

/// Words that follow each other over a boundary, and how often in each document.
struct Link {
    /// The pair at the boundary.
    pair: usize,
    agreement: Agreement,
    counts: Vec<u32>,
}

impl Link {
    /// The word inside the string that it comes from, if it does not begin with the string's first word.
    fn from(&self) -> Option<Place> {
        match self.agreement.left {
            Reach::Short { word, length } => Some((self.pair - length, word)),
            Reach::Whole | Reach::Beyond => None,
        }
    }

    /// The word inside the string that it leads to, if it does not end with the last word.
    fn to(&self) -> Option<Place> {
        match self.agreement.right {
            Reach::Short { word, .. } => Some((self.pair, word)),
            Reach::Whole | Reach::Beyond => None,
        }
    }
}

/// How often something stands in each document, with the string's beginning before it.
struct Counts {
    /// From a word's start on.
    whole: Vec<u32>,
    /// From inside a word on.
    other: Vec<u32>,
}

impl Counts {
    fn add(&mut self, more: &Counts) {
        self.whole.iter_mut().zip(&more.whole).for_each(|(sum, more)| *sum += more);
        self.other.iter_mut().zip(&more.other).for_each(|(sum, more)| *sum += more);
    }
}

/// A word inside the string, with the string's beginning before it.
struct Reached {
    counts: Counts,
    /// How often each document holds the word, whatever stands before it; `None` if that is not told.
    all: Option<Vec<u32>>,
}

/// What the postings at a string's boundaries tell of documents.
pub struct Settled {
    /// Occurrences that several words hold, or a run.
    pub found: Vec<Match>,
    /// The documents of which the postings do not tell enough, ascending.
    pub left: Vec<DocId>,
}

/// Counts a string of three and more characters in documents, which ascend, by what all its `crossings` tell. What a
/// single Han word holds is not counted.
///
/// # Errors
/// If the index is damaged.
pub fn settle(segment: &Segment, chars: &[char], crossings: &[Crossing], docs: &[DocId]) -> io::Result<Settled> {
    let mut is_left = vec![false; docs.len()];
    let mut links = Vec::new();
    for crossing in crossings {
        add_links(segment, chars, crossing, docs, &mut links, &mut is_left)?;
    }
    links.sort_by_key(|link| link.pair);
    keep_what_leads_to_the_end(&mut links);
    let mut found: Vec<Match> = docs.iter().map(|&doc| Match { doc, ..Match::default() }).collect();
    let mut reached: HashMap<Place, Reached> = HashMap::new();
    for link in &links {
        let Some(counts) = over(link, &reached, &mut is_left) else { continue };
        match link.to().map(|place| reached.entry(place)) {
            None => {
                let ends = u32::from(link.agreement.right == Reach::Whole);
                for (m, (whole, other)) in found.iter_mut().zip(counts.whole.iter().zip(&counts.other)) {
                    m.occurrences += whole + other;
                    m.whole += whole * ends;
                }
            }
            Some(Entry::Occupied(mut known)) => known.get_mut().counts.add(&counts),
            Some(Entry::Vacant(new)) => {
                let all = frequencies(segment, new.key().1, docs)?;
                new.insert(Reached { counts, all });
            }
        }
    }
    let mut is_settled = is_left.iter().map(|is_left| !is_left);
    found.retain(|m| is_settled.next() == Some(true) && m.occurrences > 0);
    let left = docs.iter().zip(&is_left).filter(|(_, is_left)| **is_left);
    Ok(Settled { found, left: left.map(|(&doc, _)| doc).collect() })
}

/// How often a link is there with the string's beginning before it; `None` if nothing leads to it.
fn over(link: &Link, reached: &HashMap<Place, Reached>, is_left: &mut [bool]) -> Option<Counts> {
    let none = || vec![0; link.counts.len()];
    let Some(place) = link.from() else {
        let counts = link.counts.clone();
        let is_whole = link.agreement.left == Reach::Whole;
        return Some(if is_whole {
            Counts { whole: counts, other: none() }
        } else {
            Counts { whole: none(), other: counts }
        });
    };
    let Reached { counts, all } = reached.get(&place)?;
    let mut follow = |before: &[u32]| {
        let each = |(i, (&before, &behind)): (usize, (&u32, &u32))| {
            let all = all.as_ref().map(|all| all[i]);
            match (before, behind) {
                (0, _) | (_, 0) => 0,
                _ if all == Some(before) => behind,
                _ if all == Some(behind) => before,
                _ => {
                    is_left[i] = true;
                    0
                }
            }
        };
        before.iter().zip(&link.counts).enumerate().map(each).collect()
    };
    Some(Counts { whole: follow(&counts.whole), other: follow(&counts.other) })
}

fn add_links(
    segment: &Segment,
    chars: &[char],
    crossing: &Crossing,
    docs: &[DocId],
    links: &mut Vec<Link>,
    is_left: &mut [bool],
) -> io::Result<()> {
    let &Crossing { pair, term } = crossing;
    let mut among = Among { docs, next: 0 };
    let Some(agreements) = Agreements::of(segment, chars, pair, term)? else {
        return segment.body.for_each_document(term, |doc, _| {
            if let Some(i) = among.find(doc) {
                is_left[i] = true;
            }
        });
    };
    if agreements.is_empty() {
        return Ok(());
    }
    let link = |agreement: &Agreement| Link { pair, agreement: *agreement, counts: vec![0; docs.len()] };
    let mut of_pair: Vec<Link> = agreements.kinds.iter().map(link).collect();
    segment.body.for_each_document(term, |doc, occurrences| {
        let Some(i) = among.find(doc) else { return };
        for occurrence in occurrences {
            match agreements.says(occurrence) {
                Says::Nothing => is_left[i] = true,
                Says::Elsewhere => {}
                Says::Agrees(kind) => of_pair[kind].counts[i] += 1,
            }
        }
    })?;
    // Boundaries tell of runs that hold a part of the string. One that holds all of it is counted at its first pair.
    let is_part = |reach: Reach| matches!(reach, Reach::Short { .. });
    let is_over = |link: &Link| {
        let Agreement { left, right, is_inside } = link.agreement;
        !is_inside || pair == 0 && !is_part(left) && !is_part(right)
    };
    links.extend(of_pair.into_iter().filter(is_over));
    Ok(())
}

/// Drops links, which ascend, that lead to words behind which the string does not go on.
fn keep_what_leads_to_the_end(links: &mut Vec<Link>) {
    let mut wanted: HashSet<Place> = HashSet::new();
    let mut leads: Vec<bool> = Vec::with_capacity(links.len());
    for link in links.iter().rev() {
        let leads_on = link.to().is_none_or(|place| wanted.contains(&place));
        if leads_on {
            wanted.extend(link.from());
        }
        leads.push(leads_on);
    }
    let mut leads = leads.into_iter().rev();
    links.retain(|_| leads.next() == Some(true));
}

/// How often each document holds a word; `None` of a run, which has no postings.
fn frequencies(segment: &Segment, word: u32, docs: &[DocId]) -> io::Result<Option<Vec<u32>>> {
    if segment.body.is_run(word) {
        return Ok(None);
    }
    let mut all = vec![0; docs.len()];
    let mut among = Among { docs, next: 0 };
    segment.body.for_each_document(segment.body.word(word)?, |doc, occurrences| {
        if let Some(i) = among.find(doc) {
            all[i] = occurrences.len() as u32;
        }
    })?;
    Ok(Some(all))
}

/// Finds documents among others; both ascend.
struct Among<'a> {
    docs: &'a [DocId],
    next: usize,
}

impl Among<'_> {
    fn find(&mut self, doc: DocId) -> Option<usize> {
        while *self.docs.get(self.next)? < doc {
            self.next += 1;
        }
        (self.docs[self.next] == doc).then_some(self.next)
    }
}

#[cfg(test)]
mod tests {
    use super::super::covers::Covers;
    use super::super::testing::indexed;
    use super::*;
    use proptest::prelude::*;

    /// What is settled, and what words say: occurrences over boundaries in each passage.
    fn compared(texts: &[String], string: &str) -> (Settled, Vec<Match>) {
        let (_folder, snapshot) = indexed(texts);
        let segment = &snapshot.segments[0];
        let chars: Vec<char> = string.chars().collect();
        let docs: Vec<DocId> = segment.passages().collect();
        let covers = Covers::of(segment, &chars).expect("intact");
        let settled = settle(segment, &chars, covers.crossings(), &docs).expect("intact");
        let mut expected = Vec::new();
        for doc in docs {
            let form = segment.form(doc).expect("intact");
            let mut found = Match { doc, ..Match::default() };
            for (start, starts, ends) in form.occurrences(&chars) {
                if (start + 1..start + chars.len()).any(|at| form.is_boundary(at)) {
                    found.occurrences += 1;
                    found.whole += u32::from(starts && ends);
                }
            }
            expected.push(found);
        }
        (settled, expected)
    }

    #[test]
    fn a_string_over_two_boundaries_is_counted_without_reading() {
        // The word in the middle stands once in each, or always in the same company.
        let text = ["全力建设现代产业体系", "建设现代，产业", "建设现代产业就是建设现代产业的基础", "建设城市"];
        let texts: Vec<String> = (0..80).map(|i| text[i % 4].to_owned()).collect();
        let (settled, expected) = compared(&texts, "设现代产");
        assert!(settled.left.is_empty());
        assert_eq!(settled.found.iter().map(|m| m.occurrences).sum::<u32>(), 60);
        assert!(settled.found.iter().all(|m| expected.contains(m)));
    }

    #[test]
    fn where_a_word_stands_in_other_company_on_either_side_its_passage_is_left() {
        let text = "建设现代城市，发展现代产业";
        let texts = vec![text.to_owned(); 20];
        let (settled, _) = compared(&texts, "设现代产");
        assert_eq!((settled.found.len(), settled.left.len()), (0, 20));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn what_is_settled_is_what_words_say(
            texts in proptest::collection::vec("(人民|政协|政治|协商|会议|的|中国|国人|2026|年|主要|任务|，){0,9}", 1..400),
            string in "(人民|政协|政治|协商|会|议|的|中国|国|人|26|年|主要|任){2,5}",
        ) {
            prop_assume!(string.chars().nth(2).is_some());
            let (settled, expected) = compared(&texts, &string);
            prop_assert!(settled.left.is_sorted());
            let mut found = settled.found.into_iter().peekable();
            for wanted in expected {
                if settled.left.binary_search(&wanted.doc).is_err() {
                    let told = found.next_if(|m| m.doc == wanted.doc);
                    prop_assert_eq!(told.unwrap_or(Match { doc: wanted.doc, ..Match::default() }), wanted, "{}", string);
                }
            }
            prop_assert!(found.next().is_none());
        }
    }
}
