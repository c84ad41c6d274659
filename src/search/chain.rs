//! Strings over several word boundaries, counted from postings: word by word, from the first boundary to the last.
//!
//! At each boundary the variants of its pair tell how often a word of the string stands before the next one. How often
//! both its neighbours are right follows where all its occurrences in a passage have the right neighbour on one side:
//! then the other side alone decides. Passages are short, so nearly always a word stands in one once, or always in the
//! same company. In the others the words themselves have to be read.

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

/// How often the string's beginning stands before a word's end, in each document.
struct Reached {
    /// From a word's start on.
    whole: Vec<u32>,
    /// From inside a word on.
    other: Vec<u32>,
    /// How often the word stands there altogether; `None` if that is not told.
    all: Option<Vec<u32>>,
}

/// What the postings at a string's boundaries tell of documents.
pub struct Settled {
    /// Occurrences that more than one word holds, in each of them.
    pub found: Vec<Match>,
    /// The documents of which the postings do not tell enough, ascending.
    pub left: Vec<DocId>,
}

/// Counts a string of three and more characters in documents, which ascend, by what `crossings` tell, which are all that it has. What a single word
/// holds is not counted.
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
        let (whole, other) = match link.from() {
            None if link.agreement.left == Reach::Whole => (link.counts.clone(), vec![0; docs.len()]),
            None => (vec![0; docs.len()], link.counts.clone()),
            Some(place) => match reached.get(&place) {
                None => continue,
                Some(before) => {
                    let mut over =
                        |before_link: &[u32], all: Option<&[u32]>| follow(before_link, link, all, &mut is_left);
                    (over(&before.whole, before.all.as_deref()), over(&before.other, before.all.as_deref()))
                }
            },
        };
        match link.to() {
            None => {
                let ends = u32::from(link.agreement.right == Reach::Whole);
                for (m, (whole, other)) in found.iter_mut().zip(whole.iter().zip(&other)) {
                    m.occurrences += whole + other;
                    m.whole += whole * ends;
                }
            }
            Some(place) => match reached.get_mut(&place) {
                Some(known) => {
                    known.whole.iter_mut().zip(whole).for_each(|(sum, more)| *sum += more);
                    known.other.iter_mut().zip(other).for_each(|(sum, more)| *sum += more);
                }
                None => {
                    let all = frequencies(segment, place.1, docs)?;
                    reached.insert(place, Reached { whole, other, all });
                }
            },
        }
    }
    let mut is_settled = is_left.iter().map(|is_left| !is_left);
    found.retain(|m| is_settled.next() == Some(true) && m.occurrences > 0);
    let left = docs.iter().zip(&is_left).filter(|(_, is_left)| **is_left);
    Ok(Settled { found, left: left.map(|(&doc, _)| doc).collect() })
}

/// How often a link is reached from where the string's beginning stands `before` it, in each document.
fn follow(before: &[u32], link: &Link, all: Option<&[u32]>, is_left: &mut [bool]) -> Vec<u32> {
    let each = |(i, (&before, &count)): (usize, (&u32, &u32))| {
        let all = all.map(|all| all[i]);
        match (before, count) {
            (0, _) | (_, 0) => 0,
            _ if all == Some(before) => count,
            _ if all == Some(count) => before,
            _ => {
                is_left[i] = true;
                0
            }
        }
    };
    before.iter().zip(&link.counts).enumerate().map(each).collect()
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
