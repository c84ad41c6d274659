//! What the right answers are: a scan of all matching forms, without the index's postings.
//!
//! One pass counts every string of every query: at each character, the strings that begin with it and the next one
//! are compared. So all answers are checked, not a sample. Passages are read one by one from the index, copies as
//! well, whose bytes the index holds; memory does not grow with the archive.

use std::collections::HashMap;
use std::thread;

use rustc_hash::FxHashMap;

use super::machine::cores;
use super::queries::Drawn;
use crate::archive::{Archive, Stored, View};
use crate::error::Error;
use crate::model::Metadata;
use crate::query::Field;
use crate::search::Count;
use crate::text::fold::matching_form;

/// What a scan found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scanned {
    /// Bytes of the texts of all passages, copies included.
    pub text_bytes: u64,
    /// Passages and occurrences of each query.
    pub counts: Vec<Count>,
}

/// Scans an archive opened with copies; those count where `view` says so.
///
/// # Errors
/// If the index is damaged.
pub fn scan(all: &Archive, view: View, queries: &[Drawn]) -> Result<Scanned, Error> {
    let reports = all.reports()?;
    let needles = Needles::new(queries);
    let part = |reports: &[Stored]| {
        let mut scan = Scan::new(&needles, queries);
        reports.iter().try_for_each(|report| scan.report(report, view))?;
        Ok::<_, Error>(scan.found)
    };
    let each = reports.len().div_ceil(cores()).max(1);
    thread::scope(|scope| {
        let running: Vec<_> = reports.chunks(each).map(|reports| scope.spawn(move || part(reports))).collect();
        let mut total = Scanned { text_bytes: 0, counts: vec![Count::default(); queries.len()] };
        for running in running {
            let found = running.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
            total.text_bytes += found.text_bytes;
            for (total, found) in total.counts.iter_mut().zip(found.counts) {
                total.passages += found.passages;
                total.occurrences += found.occurrences;
            }
        }
        Ok(total)
    })
}

/// The different strings of some queries.
struct Needles {
    strings: Vec<Vec<char>>,
    /// The strings that begin with these two characters.
    beginning: FxHashMap<(char, char), Vec<usize>>,
    /// The strings of each query.
    of_query: Vec<Vec<usize>>,
    /// The queries that ask for a string first.
    led_by: Vec<Vec<usize>>,
}

impl Needles {
    fn new(queries: &[Drawn]) -> Needles {
        let mut numbers: HashMap<&str, usize> = HashMap::new();
        let mut needles =
            Needles { strings: Vec::new(), beginning: FxHashMap::default(), of_query: Vec::new(), led_by: Vec::new() };
        for (query, drawn) in queries.iter().enumerate() {
            let mut of_query = Vec::new();
            for string in drawn.query.strings() {
                let number = *numbers.entry(string).or_insert(needles.strings.len());
                if number == needles.strings.len() {
                    needles.add(string.chars().collect());
                }
                of_query.push(number);
            }
            if let Some(&first) = of_query.first() {
                needles.led_by[first].push(query);
            }
            needles.of_query.push(of_query);
        }
        needles
    }

    fn add(&mut self, string: Vec<char>) {
        if let [first, second, ..] = string[..] {
            self.beginning.entry((first, second)).or_default().push(self.strings.len());
        }
        self.strings.push(string);
        self.led_by.push(Vec::new());
    }
}

/// A scan under way.
struct Scan<'a> {
    needles: &'a Needles,
    queries: &'a [Drawn],
    /// Occurrences of each string in the passage at hand, and which strings have any.
    occurrences: Vec<u64>,
    present: Vec<usize>,
    found: Scanned,
}

impl<'a> Scan<'a> {
    fn new(needles: &'a Needles, queries: &'a [Drawn]) -> Scan<'a> {
        let found = Scanned { text_bytes: 0, counts: vec![Count::default(); queries.len()] };
        Scan { needles, queries, occurrences: vec![0; needles.strings.len()], present: Vec::new(), found }
    }

    fn report(&mut self, report: &Stored, view: View) -> Result<(), Error> {
        let counts = view == View::All || !report.is_copy();
        for passage in report.passages() {
            let text = passage?.1.text;
            self.found.text_bytes += text.len() as u64;
            if counts {
                let form: Vec<char> = matching_form(&text).chars().collect();
                self.passage(&form, &report.header.metadata);
            }
        }
        Ok(())
    }

    fn passage(&mut self, form: &[char], metadata: &Metadata) {
        let needles = self.needles;
        for (start, pair) in form.windows(2).enumerate() {
            for &number in needles.beginning.get(&(pair[0], pair[1])).into_iter().flatten() {
                if form[start..].starts_with(&needles.strings[number]) {
                    if self.occurrences[number] == 0 {
                        self.present.push(number);
                    }
                    self.occurrences[number] += 1;
                }
            }
        }
        for &query in self.present.iter().flat_map(|&number| &needles.led_by[number]) {
            let strings = &needles.of_query[query];
            let holds = strings.iter().all(|&number| self.occurrences[number] > 0);
            if holds && self.queries[query].filter.iter().all(|field| has(metadata, field)) {
                let count = &mut self.found.counts[query];
                count.passages += 1;
                count.occurrences += strings.iter().map(|&number| self.occurrences[number]).sum::<u64>();
            }
        }
        for number in self.present.drain(..) {
            self.occurrences[number] = 0;
        }
    }
}

/// Whether a report has a property that queries are drawn with.
fn has(metadata: &Metadata, field: &Field) -> bool {
    match field {
        Field::Year(ranges) => {
            metadata.year.as_ref().is_some_and(|year| ranges.iter().any(|range| range.contains(&year.value)))
        }
        Field::Kind(labels) => labels.iter().any(|label| metadata.kind.value.label().contains(label.as_str())),
        _ => false,
    }
}
