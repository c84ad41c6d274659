//! The facade that every face of the program uses: index an archive, search it, read from it.
//!
//! Joins `ingest`, `index` and `search`, which do not know each other. `update` carries an `order` out by a `plan`
//! and tells of it in a `summary`; `load` reads one file safely, `figures` links what reports state in numbers, `copies` finds what is there twice, `watch` follows
//! folders. Never writes into an archive.

mod copies;
mod figures;
mod load;
mod order;
mod plan;
mod summary;
mod update;
mod watch;

use std::ops::Range;
use std::path::Path;

pub use self::figures::{Figures, Stated, figures};
pub use self::order::Order;
pub use self::summary::{Fate, Progress, Stages, Summary};
pub use self::update::update;
pub use self::watch::watch;
use crate::comparison::{self, Comparison, Mode, Side};
use crate::error::Error;
use crate::generate::Model;
use crate::index::reader;
pub use crate::index::reader::View;
use crate::index::reader::{Segment, Snapshot};
use crate::index::record::Header;
use crate::index::writer::Writer;
use crate::index::{DocId, Manifest, lexicon_name};
use crate::ingest::format::Format;
use crate::ingest::{self, Reading, Sink, Skipped};
use crate::model::{Passage, Report, Role};
use crate::query::{Field, Query};
use crate::search::absent::{self, Absence};
use crate::search::coverage::{self, Coverage};
use crate::search::{self, Options, Outcome};
use crate::suggest::{Suggester, Suggestion};
use crate::text::fold::fold;
use crate::text::lexicon::Lexicon;
use crate::text::segment::Segmenter;
use crate::usage::{Kinds, Usage};
use crate::wording::align::{self, Alignment};
use crate::wording::check;
use crate::wording::draft::Draft;
use crate::wording::finding::Check;
use crate::wording::place_names;
use crate::wording::quote::{self, Quotation};
use crate::wording::versions::{self, Version};

/// Segments what an index holds anew, with this lexicon, without reading the sources again.
///
/// Readers see the old state until it is done. What a literal search finds does not change.
///
/// # Errors
/// If there is no index, or it cannot be read or written.
pub fn resegment(index: &Path, lexicon: &Lexicon) -> Result<u64, Error> {
    let archive = Archive::open_with(index, View::All)?;
    let manifest = archive.manifest().clone();
    let ledger = reader::ledger(index, &manifest)?;
    let writer = Writer::open(index, load::threads(), &lexicon.words)?;
    writer.remove_all()?;
    let reports = archive.reports()?;
    for stored in &reports {
        let passages =
            stored.passages().map(|passage| passage.map(|(_, passage)| passage)).collect::<Result<_, _>>()?;
        // As it is stored: what tells it from others of the same identifier stands in the ledger.
        let header = stored.segment.stored_header(stored.doc).map_err(|source| archive.snapshot.failure(source))?;
        let Header { id, file, source, place, metadata, sections, .. } = header;
        writer.add(file, &Report { id, source, place, metadata, sections, passages, own_id: false })?;
    }
    writer.commit(&Manifest { lexicon: lexicon_name(&lexicon.words), ..manifest }, &ledger)?;
    Ok(reports.len() as u64)
}

/// An index open for reading.
pub struct Archive {
    snapshot: Snapshot,
}

/// A report in the index: its header and where its passages are.
pub struct Stored<'a> {
    /// What is known about it.
    pub header: Header,
    segment: &'a Segment,
    doc: DocId,
    archive: &'a Archive,
}

impl Stored<'_> {
    /// Where it stands in the index: its segment's number, and the documents of its passages.
    pub fn place(&self) -> (usize, Range<DocId>) {
        let number = self.archive.snapshot.segments.iter().position(|segment| std::ptr::eq(segment, self.segment));
        (number.unwrap_or_default(), self.doc + 1..self.doc + 1 + self.header.passages)
    }

    /// Whether it is a copy of another.
    pub fn is_copy(&self) -> bool {
        self.archive.snapshot.is_copy(self.segment, self.doc)
    }

    /// The report it is a copy of, if it is one.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn copy_of(&self) -> Result<Option<Header>, Error> {
        self.archive.snapshot.main_of(self.segment, self.doc).map_err(|source| self.archive.snapshot.failure(source))
    }

    /// The reports that are copies of it.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn copies(&self) -> Result<Vec<Header>, Error> {
        self.archive.snapshot.copies_of(self.segment, self.doc).map_err(|source| self.archive.snapshot.failure(source))
    }

    /// Its passages in order, each with its number from 1.
    pub fn passages(&self) -> impl Iterator<Item = Result<(u32, Passage), Error>> + '_ {
        (1..=self.header.passages).map(|number| Ok((number, self.passage(number)?)))
    }

    /// One passage by its number from 1.
    ///
    /// # Errors
    /// If there is none of this number, or the index is damaged.
    pub fn passage(&self, number: u32) -> Result<Passage, Error> {
        if number == 0 || number > self.header.passages {
            let (id, passages) = (self.header.id.clone(), self.header.passages);
            return Err(Error::NoSuchPassage { id, passage: number, passages });
        }
        self.segment.passage(self.doc + number).map_err(|source| self.archive.snapshot.failure(source))
    }
}

/// A report as it is compared.
fn side<'a>(header: &'a Header, passages: &'a [Passage]) -> Side<'a> {
    let metadata = &header.metadata;
    Side {
        report: &header.id,
        title: &metadata.title.value,
        year: metadata.year.as_ref().map(|year| year.value),
        issuer: metadata.issuer.as_ref().map(|issuer| issuer.value.as_str()),
        sections: &header.sections,
        passages,
    }
}

/// Candidates named when an abbreviated identifier is ambiguous.
const MAX_CANDIDATES: usize = 5;

impl Archive {
    /// Opens an index; each report counts once. No dictionary is loaded.
    ///
    /// # Errors
    /// If there is none, it is of another format, or it is damaged.
    pub fn open(index: &Path) -> Result<Archive, Error> {
        Archive::open_with(index, View::Main)
    }

    /// Opens an index, with or without copies.
    ///
    /// # Errors
    /// If there is none, it is of another format, or it is damaged.
    pub fn open_with(index: &Path, view: View) -> Result<Archive, Error> {
        Ok(Archive { snapshot: Snapshot::open(index, view)? })
    }

    /// What the index says about itself.
    pub fn manifest(&self) -> &Manifest {
        &self.snapshot.manifest
    }

    /// Searches.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn search(&self, query: &Query, options: &Options) -> Result<Outcome, Error> {
        search::search(&self.snapshot, query, options)
    }

    /// Looks an expression up for counting, among the passages that the query's conditions and `filter` let through.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn usage(&self, query: &Query, filter: &[Field], kinds: Kinds) -> Result<Usage<'_>, Error> {
        Usage::of(&self.snapshot, query, filter, kinds)
    }

    /// Some reports as a whole, looked through.
    pub fn usage_of(&self, reports: &[&Stored]) -> Usage<'_> {
        let places: Vec<_> = reports.iter().map(|report| report.place()).collect();
        Usage::of_reports(&self.snapshot, &places)
    }

    /// Why strings, given as matching forms, are found nowhere.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn explain(&self, strings: &[&str], filter: &[Field]) -> Result<Absence, Error> {
        absent::explain(&self.snapshot, strings, filter).map_err(|source| self.snapshot.failure(source))
    }

    /// For every sentence and clause of a draft, the closest earlier wording.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn check(&self, draft: &Draft, options: &check::Options) -> Result<Check, Error> {
        check::check(&self.snapshot, draft, options)
    }

    /// Whether a quotation is exactly in the archive, or in the reports that `filter` lets through.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn quote(&self, text: &str, filter: &[Field], limit: usize) -> Result<Quotation, Error> {
        quote::quote(&self.snapshot, text, filter, limit)
    }

    /// The versions of a passage over the years: of the same series, or of all reports.
    ///
    /// # Errors
    /// If there is no such report or passage, or the index is damaged.
    pub fn versions(&self, report: &str, number: u32, everywhere: bool) -> Result<Vec<Version>, Error> {
        let stored = self.report(report)?;
        stored.passage(number)?;
        let place = (stored.place().0, stored.doc + number);
        versions::versions(&self.snapshot, &stored.header.metadata, place, everywhere)
    }

    /// The formulations of issuers' latest reports before a year beside a draft.
    ///
    /// # Errors
    /// If no report of these issuers is there, or the index is damaged.
    pub fn align(&self, draft: &Draft, issuers: &[String], before: Option<i32>) -> Result<Alignment, Error> {
        align::align(&self.snapshot, draft, issuers, before)
    }

    /// Two reports side by side.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn compare(&self, a: &Stored, b: &Stored, mode: Mode) -> Result<Comparison, Error> {
        let names = place_names(&self.snapshot)?;
        let passages = |report: &Stored| -> Result<Vec<Passage>, Error> {
            report.passages().map(|passage| passage.map(|(_, passage)| passage)).collect()
        };
        let (of_a, of_b) = (passages(a)?, passages(b)?);
        Ok(comparison::compare(&side(&a.header, &of_a), &side(&b.header, &of_b), &names, mode))
    }

    /// The reports that a filter lets through, and what is missing between them.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn coverage(&self, filter: &[Field]) -> Result<Coverage, Error> {
        coverage::coverage(&self.snapshot, filter).map_err(|source| self.snapshot.failure(source))
    }

    /// The fullest name that the archive has for an issuer.
    pub fn fullest(&self, issuer: &str) -> String {
        self.snapshot.fullest(issuer.to_owned())
    }

    /// All reports, by source and place in it.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn reports(&self) -> Result<Vec<Stored<'_>>, Error> {
        let mut reports = Vec::new();
        for segment in &self.snapshot.segments {
            for doc in segment.headers() {
                reports.push(self.stored(segment, doc)?);
            }
        }
        reports.sort_by(|a, b| (&a.header.source, a.header.place).cmp(&(&b.header.source, b.header.place)));
        Ok(reports)
    }

    fn stored<'a>(&'a self, segment: &'a Segment, doc: DocId) -> Result<Stored<'a>, Error> {
        let header = segment.header(doc).map_err(|source| self.snapshot.failure(source))?;
        Ok(Stored { header, segment, doc, archive: self })
    }

    /// A report by its identifier, the beginning of it, or part of its source's name or title.
    ///
    /// # Errors
    /// If there is none or more than one, or the index is damaged.
    pub fn report(&self, id: &str) -> Result<Stored<'_>, Error> {
        for segment in &self.snapshot.segments {
            if let Some(doc) = segment.find_report(id).map_err(|source| self.snapshot.failure(source))? {
                return self.stored(segment, doc);
            }
        }
        let answers = |header: &Header| {
            header.id.starts_with(id) || header.source.contains(id) || header.metadata.title.value.contains(id)
        };
        let mut found: Vec<Stored> = self.reports()?.into_iter().filter(|report| answers(&report.header)).collect();
        // A name means the report itself rather than its copies.
        if found.iter().any(|report| !report.is_copy()) {
            found.retain(|report| !report.is_copy());
        }
        match found.len() {
            0 => Err(Error::NoSuchReport { id: id.to_owned() }),
            1 => Ok(found.swap_remove(0)),
            _ => {
                let name = |report: &Stored| format!("{}（{}）", report.header.id, report.header.source);
                let candidates = found.iter().take(MAX_CANDIDATES).map(name).collect();
                Err(Error::AmbiguousReport { id: id.to_owned(), candidates })
            }
        }
    }
}

/// Learns a generator's model from the running text of an archive.
///
/// # Errors
/// If the index is damaged.
pub fn generator_model(archive: &Archive) -> Result<Model, Error> {
    let mut texts = Vec::new();
    for report in archive.reports()? {
        for passage in report.passages() {
            let (_, passage) = passage?;
            texts.extend((passage.role == Role::Paragraph).then_some(passage.text));
        }
    }
    Ok(Model::learn(texts.iter().map(String::as_str), &Segmenter::new()))
}

/// Proposes words for a lexicon, beside those it has, from an archive's passages.
///
/// # Errors
/// If the index is damaged.
pub fn suggest(archive: &Archive, lexicon: &Lexicon, least: u64, most: usize) -> Result<Vec<Suggestion>, Error> {
    let segmenter = Segmenter::with_words(&lexicon.words);
    let mut suggester = Suggester::default();
    for report in archive.reports()? {
        for passage in report.passages() {
            let (_, passage) = passage?;
            let folded = fold(&passage.text);
            suggester.add(&passage.text, &folded, &segmenter.word_ends(&folded));
        }
    }
    Ok(suggester.suggest(least, most))
}

/// What was read from one source.
#[derive(Debug, Default)]
pub struct Extract {
    /// Texts by source, before clean-up.
    pub texts: Vec<(String, String)>,
    /// Reports.
    pub reports: Vec<Report>,
    /// What could not be read.
    pub skipped: Vec<Skipped>,
}

impl Sink for Extract {
    fn report(&mut self, report: Report, _format: Format) {
        self.reports.push(report);
    }

    fn skipped(&mut self, skipped: Skipped) {
        self.skipped.push(skipped);
    }

    fn extracted(&mut self, source: &str, _format: Format, text: &str) {
        self.texts.push((source.to_owned(), text.to_owned()));
    }
}

/// Reads one file, or one zip member named as `a.zip!/b.docx`, without an index.
///
/// # Errors
/// If the file cannot be opened, or the zip has no such member.
pub fn extract(source: &str, reading: &Reading) -> Result<Extract, Error> {
    let (path, member) = match source.split_once("!/") {
        Some((path, _)) if !Path::new(source).exists() => (path, Some(source)),
        _ => (source, None),
    };
    let mut extract = Extract::default();
    ingest::read(path, &bytes_of(path, reading)?, reading, &mut extract);
    if let Some(member) = member {
        extract.texts.retain(|(name, _)| name == member);
        extract.reports.retain(|report| report.source == member);
        extract.skipped.retain(|skipped| skipped.source == member);
        if extract.texts.is_empty() && extract.skipped.is_empty() {
            return Err(Error::Unreadable {
                source_name: source.to_owned(),
                reason: "压缩包内没有这个文件".to_owned(),
            });
        }
    }
    Ok(extract)
}

/// The bytes of a file that was asked for by itself.
fn bytes_of(path: &str, reading: &Reading) -> Result<Vec<u8>, Error> {
    let unreadable = |reason: String| Error::Unreadable { source_name: path.to_owned(), reason };
    let limit = reading.limits.file;
    let bytes = load::read_whole(Path::new(path), limit).map_err(|error| unreadable(format!("无法打开（{error}）")))?;
    if bytes.len() as u64 > limit {
        Err(unreadable(format!("文件超过 {} MB 上限", limit >> 20)))
    } else {
        Ok(bytes)
    }
}

/// Reads a draft from a file, with the readers of the archive. Nothing of it is kept.
///
/// # Errors
/// If it cannot be read, holds no text, or holds several files.
pub fn read_draft(path: &str) -> Result<Draft, Error> {
    draft(path, &bytes_of(path, &Reading::default())?)
}

/// Reads a draft, which is called `name`, from its bytes.
///
/// # Errors
/// If it cannot be read, holds no text, or holds several files.
pub fn draft(name: &str, bytes: &[u8]) -> Result<Draft, Error> {
    let unreadable = |reason: &str| Error::Unreadable { source_name: name.to_owned(), reason: reason.to_owned() };
    // Decoded first, so that positions are those of the text and not of bytes in some encoding.
    let text = ingest::plain_text(bytes);
    let mut extract = Extract::default();
    let bytes = text.as_ref().map_or(bytes, |text| text.as_bytes());
    ingest::read(name, bytes, &Reading::default(), &mut extract);
    match (extract.texts.len(), extract.skipped.first()) {
        (1, None) => {
            let (_, text) = extract.texts.swap_remove(0);
            Ok(Draft { text, reports: extract.reports })
        }
        (0, Some(skipped)) => Err(unreadable(&skipped.reason)),
        _ => Err(unreadable("一次只能读一份文稿")),
    }
}
