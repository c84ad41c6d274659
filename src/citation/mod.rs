//! Citations of a report, or of a passage in it: GB/T 7714—2015, BibTeX, CSL-JSON.
//!
//! A citation says what is known and nothing else: a field that is not known is left out. Place and publisher of a
//! printed edition are never known, and no address on the web is, so neither is claimed. How the values were found
//! belongs to `ingest`; numbering and sorting a list of references to whoever makes the list.
//!
//! Whom a report is ascribed to: the body that gives it; a speech and a report to a Party congress, as is
//! customary, the person who gave it. When it appeared: the year of its delivery; where that is not known, the year
//! whose tasks it sets is an estimate and marked as one, and the year that a communiqué, an audit or a summary
//! covers is none, since these appear later.

mod bibtex;
mod csl;
mod gbt;

use std::fmt;

use crate::model::{Kind, Metadata};

use csl::csl;

/// A way of writing citations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// The Chinese national standard for references, as a line of text.
    GbT7714,
    /// An entry for BibTeX or biblatex.
    BibTex,
    /// An item of CSL-JSON, as Zotero and pandoc read it.
    CslJson,
}

/// Where in a report a passage stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Its heading path, outermost first; may be empty.
    pub section: Vec<String>,
    /// Its number in the report, from 1.
    pub passage: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.section.is_empty() {
            write!(f, "{}, ", on_one_line(&self.section.join(" › ")))?;
        }
        write!(f, "第{}段", self.passage)
    }
}

/// The citation of a report, or of the passage at `place`.
///
/// `source` is the file that the report was read from, as in [`Report::source`](crate::model::Report::source); it
/// goes into notes, since it is no address that others can follow.
pub fn cite(metadata: &Metadata, report_id: &str, source: &str, place: Option<&Place>, style: Style) -> String {
    match style {
        Style::GbT7714 => gbt::line(metadata, place),
        Style::BibTex => bibtex::entry(metadata, report_id, source, place),
        Style::CslJson => format!("{:#}", csl(metadata, report_id, source, place)),
    }
}

/// What sort of document a citation says it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Report,
    News,
    Other,
}

fn sort(kind: Kind) -> Sort {
    match kind {
        Kind::Government
        | Kind::Congress
        | Kind::Consultative
        | Kind::Proposals
        | Kind::Court
        | Kind::Procuratorate
        | Kind::Discipline
        | Kind::PartyCongress
        | Kind::PlanReport
        | Kind::Budget
        | Kind::Audit
        | Kind::Statistics
        | Kind::Summary
        | Kind::Special => Sort::Report,
        Kind::News => Sort::News,
        Kind::PartyPlenum
        | Kind::Plan
        | Kind::Resolution
        | Kind::MainPoints
        | Kind::Motion
        | Kind::Speech
        | Kind::Notice
        | Kind::Other => Sort::Other,
    }
}

/// Whom the report is ascribed to, and the speaker if that is somebody else.
fn responsible(metadata: &Metadata) -> (Option<String>, Option<String>) {
    let said = |value: &Option<crate::model::Inferred<String>>| {
        value.as_ref().map(|value| on_one_line(&value.value)).filter(|value| !value.is_empty())
    };
    let (issuer, speaker) = (said(&metadata.issuer), said(&metadata.speaker));
    match (issuer, speaker) {
        (_, Some(speaker)) if matches!(metadata.kind.value, Kind::Speech | Kind::PartyCongress) => {
            (Some(speaker), None)
        }
        (None, speaker) => (speaker, None),
        both => both,
    }
}

/// When a report appeared.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Appeared {
    /// Year, month and day, as far as they are known.
    On(Vec<u32>),
    /// The year is an estimate.
    About(i32),
    /// Not known.
    Unknown,
}

fn appeared(metadata: &Metadata) -> Appeared {
    if let Some(date) = metadata.delivered.as_ref().and_then(|date| date_parts(&date.value)) {
        return Appeared::On(date);
    }
    match &metadata.year {
        Some(year) if !matches!(metadata.kind.value, Kind::Statistics | Kind::Audit | Kind::Summary) => {
            Appeared::About(year.value)
        }
        _ => Appeared::Unknown,
    }
}

/// Year, month and day of a date such as `2025-01-18`, `2025-01` or `2025`.
fn date_parts(date: &str) -> Option<Vec<u32>> {
    let parts: Option<Vec<u32>> = date.trim().split('-').map(|part| part.parse().ok()).collect();
    parts.filter(|parts| {
        let is_valid =
            |(i, range): (usize, std::ops::RangeInclusive<u32>)| parts.get(i).is_none_or(|part| range.contains(part));
        parts.len() <= 3 && [1..=9999, 1..=12, 1..=31].into_iter().enumerate().all(is_valid)
    })
}

/// The session as its title does not say it.
fn session(metadata: &Metadata) -> Option<String> {
    let session = on_one_line(&metadata.session.as_ref()?.value);
    let title = &metadata.title.value;
    let is_said = |part: &str| title.contains(part);
    // The title names the body between the two: 第三届望澜区人民代表大会第四次会议.
    let (term, meeting) = session.split_once('届').unwrap_or(("", &session));
    let is_unsaid = !is_said(term) || !is_said(meeting);
    Some(session).filter(|session| is_unsaid && !session.is_empty())
}

fn on_one_line(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    spaced.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Inferred, Origin};

    fn found<T>(value: T) -> Option<Inferred<T>> {
        Some(Inferred::new(value, Origin::Text))
    }

    /// A report of which nothing but title and kind is known.
    pub(super) fn bare(title: &str, kind: Kind) -> Metadata {
        Metadata::new(Inferred::new(title.to_owned(), Origin::Text), Inferred::new(kind, Origin::Text))
    }

    /// A report of which much is known.
    pub(super) fn full() -> Metadata {
        Metadata {
            year: found(2026),
            delivered: found("2026-01-18".to_owned()),
            session: found("第三届第四次会议".to_owned()),
            speaker: found("陈望川".to_owned()),
            issuer: found("望澜区人民政府".to_owned()),
            region: found("云汀市望澜区".to_owned()),
            ..bare("政府工作报告", Kind::Government)
        }
    }

    pub(super) fn of_year(title: &str, kind: Kind, year: i32) -> Metadata {
        Metadata { year: found(year), ..bare(title, kind) }
    }

    pub(super) fn place() -> Place {
        Place {
            section: vec!["二、2026年主要任务".to_owned(), "（一）建设产业社区".to_owned()], passage: 37
        }
    }

    #[test]
    fn places_are_named_by_heading_and_passage() {
        assert_eq!(place().to_string(), "二、2026年主要任务 › （一）建设产业社区, 第37段");
        assert_eq!(Place { section: Vec::new(), passage: 1 }.to_string(), "第1段");
    }

    #[test]
    fn reports_are_ascribed_to_bodies_and_speeches_to_persons() {
        let who = |kind| responsible(&Metadata { kind: Inferred::new(kind, Origin::Text), ..full() });
        let (body, person) = (Some("望澜区人民政府".to_owned()), Some("陈望川".to_owned()));
        assert_eq!(who(Kind::Government), (body, person.clone()));
        assert_eq!(who(Kind::Speech), (person.clone(), None));
        assert_eq!(responsible(&Metadata { issuer: None, ..full() }), (person, None));
        assert_eq!(responsible(&bare("报告", Kind::Court)), (None, None));
    }

    #[test]
    fn years_are_known_estimated_or_not_said() {
        assert_eq!(appeared(&full()), Appeared::On(vec![2026, 1, 18]));
        assert_eq!(appeared(&of_year("法院工作报告", Kind::Court, 2025)), Appeared::About(2025));
        assert_eq!(appeared(&of_year("统计公报", Kind::Statistics, 2024)), Appeared::Unknown);
        for (date, parts) in [
            ("2025-01", Some(vec![2025, 1])),
            ("2025", Some(vec![2025])),
            ("2025-13", None),
            ("去年", None),
            ("", None),
            ("2025-01-02-03", None),
        ] {
            assert_eq!(date_parts(date), parts, "{date}");
        }
    }

    #[test]
    fn a_session_that_the_title_names_is_not_said_twice() {
        assert_eq!(session(&full()).as_deref(), Some("第三届第四次会议"));
        let title = Inferred::new("望澜区第三届人民代表大会第四次会议关于政府工作报告的决议".to_owned(), Origin::Text);
        assert_eq!(session(&Metadata { title, ..full() }), None);
    }
}
