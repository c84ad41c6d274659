//! Which reports are copies of each other, and which of them stands for all.
//!
//! Copies are the same text under the same title; texts of some length that share most of their phrases and whose
//! kind, year and region do not speak against it; and what is but a part of a report of the same kind, year and
//! region. The decision rests on records alone and is the same in whatever order files are read.

use std::collections::HashMap;

use rustc_hash::FxHashMap;

use crate::index::ledger::{CopyRecord, ReportRecord, twin_id};
use crate::model::Kind;
use crate::text::sketch::{LONG, SIZE, Sketch};

/// Least share of phrases that copies have in common. Reports of successive years share less than a quarter; the
/// same report from two sites more than nine tenths.
const RESEMBLANCE: f32 = 0.8;

/// From this resemblance on, kinds may differ: one of them was told wrongly.
const NEARLY_EQUAL: f32 = 0.95;

/// Least share of a shorter report's phrases, as far as sketches tell, that stand in the longer one it is part of.
const CONTAINED: f32 = 0.7;

/// Reports of one kind, year and region among which parts are looked for; more are no series but a collection.
const MOST_OF_A_KIND: usize = 500;

/// Hashes of a sketch by which texts are looked up: that all of them differ while four fifths of the phrases are
/// shared has a likelihood of a millionth.
const LOOKED_UP: usize = 8;

/// Reports that a phrase stands in from which on it is customary, and no text is looked up by it if it has others.
const CUSTOMARY: u16 = 100;

/// The copies among all reports, by key.
pub fn find(reports: &[ReportRecord]) -> Vec<CopyRecord> {
    let mut groups = Groups::new(reports);
    let phrases = Phrases::of(reports);
    let mut equals: FxHashMap<(u64, u32), Vec<u32>> = FxHashMap::default();
    let mut of_series: FxHashMap<SeriesYear, Vec<u32>> = FxHashMap::default();
    let mut is_compared = vec![false; reports.len()];
    for (i, report) in (0..).zip(reports) {
        let sketch = &report.sketch;
        if sketch.length == 0 {
            continue;
        }
        let equal = equals.entry((sketch.whole, sketch.length)).or_default();
        // Reports that are the same stand for each other: one of each sort is enough to compare with.
        let mut is_same = |other: u32| is_equal(&reports[other as usize], report) && groups.join(other, i);
        if equal.iter().any(|&other| is_same(other)) {
            continue;
        }
        equal.push(i);
        // Short texts are often made of customary phrases: they are copies only if they are equal.
        if sketch.length < LONG {
            continue;
        }
        let mut candidates: Vec<u32> =
            phrases.shared_with(sketch, i).filter(|&other| is_compared[other as usize]).collect();
        is_compared[i as usize] = true;
        if is_of_series(report) {
            let alike = of_series.entry(series_year(report)).or_default();
            if alike.len() < MOST_OF_A_KIND {
                candidates.extend(alike.iter());
            }
            alike.push(i);
        }
        candidates.sort_unstable();
        candidates.dedup();
        for other in candidates {
            if groups.of(other) != groups.of(i) && are_copies(&reports[other as usize], report) {
                groups.join(other, i);
            }
        }
    }
    records(reports, groups)
}

/// The phrases by which texts are looked up.
struct Phrases {
    /// About how many reports have each hash among the least of their sketches: counts of hashes that share a slot are
    /// added up, which is little beside [`CUSTOMARY`].
    counts: Vec<u16>,
    /// Hashes by which reports are looked up, with the reports, in order.
    reports: Vec<(u32, u32)>,
}

impl Phrases {
    fn of(reports: &[ReportRecord]) -> Phrases {
        let slots = (reports.len() * SIZE / 16).next_power_of_two().min(1 << 22);
        let mut phrases = Phrases { counts: vec![0; slots], reports: Vec::new() };
        for hash in reports.iter().flat_map(|report| &report.sketch.least) {
            let slot = phrases.slot(*hash);
            phrases.counts[slot] = phrases.counts[slot].saturating_add(1);
        }
        let looked_up = |(i, report): (u32, &ReportRecord)| {
            phrases.to_look_up(&report.sketch).into_iter().map(move |hash| (hash, i))
        };
        let mut looked_up: Vec<(u32, u32)> = (0..).zip(reports).flat_map(looked_up).collect();
        looked_up.sort_unstable();
        phrases.reports = looked_up;
        phrases
    }

    fn slot(&self, hash: u32) -> usize {
        // Of the least hashes of texts the low bits are what differs.
        hash as usize % self.counts.len()
    }

    /// The hashes by which a text is looked up: the first that are not customary, then any.
    fn to_look_up(&self, sketch: &Sketch) -> Vec<u32> {
        let is_customary = |hash: &&u32| self.counts[self.slot(**hash)] >= CUSTOMARY;
        let (customary, others): (Vec<&u32>, Vec<&u32>) = sketch.least.iter().partition(is_customary);
        others.into_iter().chain(customary).take(LOOKED_UP).copied().collect()
    }

    /// The reports before one that are looked up by a hash that it is looked up by, too; some more than once.
    fn shared_with(&self, sketch: &Sketch, report: u32) -> impl Iterator<Item = u32> {
        self.to_look_up(sketch).into_iter().flat_map(move |hash| {
            let first = self.reports.partition_point(|entry| *entry < (hash, 0));
            let end = self.reports.partition_point(|entry| *entry < (hash, report));
            self.reports[first..end].iter().map(|(_, other)| *other)
        })
    }
}

/// Whether a source says itself that two of its reports are not the same: it names each.
fn are_told_apart(a: &ReportRecord, b: &ReportRecord) -> bool {
    a.own_id && b.own_id && a.source == b.source
}

/// Whether reports with the same text are the same: by their bytes, by their titles, or where a title is but a
/// file's name.
fn is_equal(a: &ReportRecord, b: &ReportRecord) -> bool {
    let by_name = a.title == 0 || b.title == 0 || a.title == b.title;
    !are_told_apart(a, b) && (by_name || !a.own_id && a.id == b.id)
}

fn are_copies(a: &ReportRecord, b: &ReportRecord) -> bool {
    if are_told_apart(a, b) {
        return false;
    }
    let of_part = is_of_series(a) && series_year(a) == series_year(b);
    let least = if of_part { RESEMBLANCE.min(resemblance_of_part(a, b)) } else { RESEMBLANCE };
    let Some(resemblance) = a.sketch.resemblance(&b.sketch, least) else { return false };
    if resemblance < RESEMBLANCE {
        return true;
    }
    let loose = |kind: Kind| matches!(kind, Kind::Other | Kind::News | Kind::Notice | Kind::Speech);
    let kinds = a.kind == b.kind || loose(a.kind) || loose(b.kind) || resemblance >= NEARLY_EQUAL;
    // Where one of them says less of itself, the texts have to say more.
    let is_vague = a.year.is_some() != b.year.is_some() || a.region.is_some() != b.region.is_some();
    kinds && (!is_vague || resemblance >= NEARLY_EQUAL || a.title == b.title)
}

/// Kind, year and region.
type SeriesYear<'a> = (Kind, Option<i32>, Option<&'a str>);

fn series_year(report: &ReportRecord) -> SeriesYear<'_> {
    (report.kind, report.year, report.region.as_deref())
}

/// Whether a report may be a part of another one: only of what is known to be of its kind, year and region.
fn is_of_series(report: &ReportRecord) -> bool {
    report.year.is_some() && report.region.is_some()
}

/// The resemblance from which on about [`CONTAINED`] of the shorter text's phrases stand in the longer one: of sets with
/// the Jaccard index J, J / (1 + J) of their sizes' sum are shared.
fn resemblance_of_part(a: &ReportRecord, b: &ReportRecord) -> f32 {
    let (a, b) = (a.sketch.length as f32, b.sketch.length as f32);
    let share = CONTAINED * a.min(b) / (a + b);
    share / (1.0 - share)
}

fn records(reports: &[ReportRecord], mut groups: Groups<'_>) -> Vec<CopyRecord> {
    let groups: Vec<usize> = (0..reports.len() as u32).map(|i| groups.of(i) as usize).collect();
    let mut in_source: HashMap<(usize, &str), usize> = HashMap::new();
    for (report, group) in reports.iter().zip(&groups) {
        *in_source.entry((*group, &report.source)).or_default() += 1;
    }
    let mut longest: HashMap<usize, u32> = HashMap::new();
    for (report, group) in reports.iter().zip(&groups) {
        let longest = longest.entry(*group).or_default();
        *longest = report.sketch.length.max(*longest);
    }
    let preference = |i: usize| {
        let (report, group) = (&reports[i], groups[i]);
        let is_part = (report.sketch.length as f32) < longest[&group] as f32 * RESEMBLANCE;
        preference(report, is_part, in_source[&(group, report.source.as_str())])
    };
    let mut best: HashMap<usize, usize> = HashMap::new();
    for (i, group) in groups.iter().enumerate() {
        let main = best.entry(*group).or_insert(i);
        if preference(i) < preference(*main) {
            *main = i;
        }
    }
    // Reports with the same identifier are numbered: those that stand for others first, then by source.
    let mut twins: HashMap<&str, Vec<usize>> = HashMap::new();
    for (i, report) in reports.iter().enumerate() {
        twins.entry(&report.id).or_default().push(i);
    }
    let mut numbers = vec![0; reports.len()];
    for (id, same) in twins.iter().filter(|(_, same)| same.len() > 1) {
        let mut same = same.clone();
        same.sort_by_key(|&i| (best[&groups[i]] != i, &reports[i].source, reports[i].place));
        let free = (2..).filter(|number| !twins.contains_key(twin_id(id, *number).as_str()));
        for (number, &i) in free.zip(same.iter().skip(1)) {
            numbers[i] = number;
        }
    }
    let record = |i: usize| {
        let main = best[&groups[i]];
        let main = (main != i).then(|| reports[main].key);
        (main.is_some() || numbers[i] > 0).then(|| CopyRecord { key: reports[i].key, main, twin: numbers[i] })
    };
    let mut records: Vec<CopyRecord> = (0..reports.len()).filter_map(record).collect();
    records.sort_unstable_by_key(|record| record.key);
    records
}

/// What makes a report stand for its copies; the least is the best. A part of it is worse than the whole, a source
/// that holds it `times` over worse than one that holds it once.
fn preference(report: &ReportRecord, is_part: bool, times: usize) -> (bool, usize, u8, u32, Vec<&str>, u32) {
    (is_part, times, report.fidelity, report.doubts, report.source.split('/').collect(), report.place)
}

/// Sets that are joined (union by the smaller index, with path halving), unless what is known of one speaks against
/// the other: no set holds reports of different years or regions, however they resemble each other.
struct Groups<'a> {
    parents: Vec<u32>,
    known: Vec<(Option<i32>, Option<&'a str>)>,
}

impl<'a> Groups<'a> {
    fn new(reports: &'a [ReportRecord]) -> Groups<'a> {
        let known = reports.iter().map(|report| (report.year, report.region.as_deref())).collect();
        Groups { parents: (0..reports.len() as u32).collect(), known }
    }

    fn of(&mut self, mut i: u32) -> u32 {
        while self.parents[i as usize] != i {
            self.parents[i as usize] = self.parents[self.parents[i as usize] as usize];
            i = self.parents[i as usize];
        }
        i
    }

    /// Joins two sets; whether they are one now.
    fn join(&mut self, a: u32, b: u32) -> bool {
        let (a, b) = (self.of(a) as usize, self.of(b) as usize);
        if a == b {
            return true;
        }
        let ((year_a, region_a), (year_b, region_b)) = (self.known[a], self.known[b]);
        let regions = match (region_a, region_b) {
            (Some(a), Some(b)) => a.ends_with(b) || b.ends_with(a),
            _ => true,
        };
        if year_a.is_some() && year_b.is_some() && year_a != year_b || !regions {
            return false;
        }
        let fuller = region_a.into_iter().chain(region_b).max_by_key(|region| region.len());
        self.parents[a.max(b)] = a.min(b) as u32;
        self.known[a.min(b)] = (year_a.or(year_b), fuller);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::ledger::key_of_report;
    use crate::text::sketch::Sketcher;

    fn report(source: &str, place: u32, year: i32, text: &str) -> ReportRecord {
        let mut sketcher = Sketcher::default();
        sketcher.add(&text.chars().collect::<Vec<_>>());
        ReportRecord {
            file: 0,
            key: key_of_report(source, place),
            id: format!("{:x}", key_of_report(text, 0)),
            source: source.to_owned(),
            place,
            own_id: false,
            fidelity: 0,
            title: 1,
            kind: Kind::Government,
            year: Some(year),
            region: None,
            doubts: 0,
            sketch: sketcher.finish(),
        }
    }

    fn text(year: usize) -> String {
        (0..300).map(|i| format!("第{i}项工作完成情况是{}，", (i * 7919) % (year + i))).collect()
    }

    #[test]
    fn the_same_twice_is_one_with_a_copy_and_a_number() {
        let (a, b) = (report("乙/a.txt", 0, 2024, &text(24)), report("甲/a.txt", 0, 2024, &text(24)));
        let c = report("甲/b.txt", 0, 2025, &text(99));
        let copies = find(&[a.clone(), b.clone(), c]);
        assert_eq!(copies, [CopyRecord { key: b.key, main: Some(a.key), twin: 2 }]);
    }

    /// Reports of a series that begin alike once were all compared with each other, of which there are millions.
    #[test]
    fn copies_are_found_among_many_that_share_customary_phrases() {
        let customary = text(7);
        let with_customary = |rest: usize| {
            let number = |i: usize| format!("{}项，", i * (7_919 + rest * 104_729) % 1_000_003);
            (1..300).fold(customary.clone(), |text, i| text + &number(i))
        };
        let mut reports: Vec<ReportRecord> =
            (0..300).map(|i| report(&format!("{i:03}.txt"), 0, 2024, &with_customary(i))).collect();
        reports.push(report("site/150.html", 0, 2024, &format!("{}本页打印关闭", with_customary(150))));
        let phrases = Phrases::of(&reports);
        let pairs: usize = (0..).zip(&reports).map(|(i, report)| phrases.shared_with(&report.sketch, i).count()).sum();
        assert!(pairs < reports.len() * LOOKED_UP, "{pairs}");
        let copies = find(&reports);
        assert_eq!(
            copies.iter().map(|copy| (copy.key, copy.main)).collect::<Vec<_>>(),
            [(reports[300].key, Some(reports[150].key))]
        );
    }

    #[test]
    fn a_part_of_a_report_is_a_copy_of_the_whole() {
        let whole = text(24);
        let part: String = whole.chars().take(whole.chars().count() / 4).collect();
        let with_region = |report: ReportRecord| ReportRecord { region: Some("某区".to_owned()), ..report };
        let (part, whole) = (report("a.txt", 0, 2024, &part), report("b.txt", 0, 2024, &whole));
        assert!(find(&[part.clone(), whole.clone()]).is_empty());
        let copies = find(&[with_region(part.clone()), with_region(whole.clone())]);
        assert_eq!(copies, [CopyRecord { key: part.key, main: Some(whole.key), twin: 0 }]);
    }

    /// One without a year once made copies of all years of a notice.
    #[test]
    fn what_says_less_of_itself_does_not_join_what_differs() {
        let of_year = |year: i32| report(&format!("{year}.txt"), 0, year, &text(24));
        let vague = ReportRecord { year: None, source: "x.txt".to_owned(), key: 7, ..of_year(2021) };
        let copies = find(&[of_year(2021), of_year(2022), vague]);
        assert_eq!(copies.iter().filter(|copy| copy.main.is_some()).count(), 1);
        let named = |place: u32| ReportRecord {
            own_id: true,
            id: format!("{place}"),
            ..report("a.jsonl", place, 2024, &text(24))
        };
        assert!(find(&[named(0), named(1)]).is_empty(), "a source that names its reports tells them apart");
    }

    #[test]
    fn nearly_the_same_is_a_copy_unless_the_year_differs() {
        let mut other = text(24);
        other.push_str("站点加上的一行说明");
        let copies = find(&[report("a.txt", 0, 2024, &text(24)), report("b.pdf", 0, 2024, &other)]);
        assert_eq!(copies.len(), 1);
        assert_eq!(copies[0].main, Some(key_of_report("a.txt", 0)));
        assert!(find(&[report("a.txt", 0, 2024, &text(24)), report("b.pdf", 0, 2023, &other)]).is_empty());
        assert!(find(&[report("a.txt", 0, 2024, "短文"), report("b.txt", 0, 2024, "短文字")]).is_empty());
    }
}
