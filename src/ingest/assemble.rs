//! From what a reader extracted to reports: cleaned, structured and understood.

use std::collections::BTreeMap;
use std::ops::Range;

use super::clean;
use super::decode::Decoded;
use super::extract::{Extracted, Origin, lines_of};
use super::format::Format;
use super::jsonl;
use super::metadata::{self, Surroundings};
use super::sources;
use super::structure::{self, Article};
use super::table::Table;
use super::{Sink, Source};
use crate::model::{Metadata, Passage, Report};

/// Delivers the reports of an extracted source, whose bytes give them their identifiers.
pub(super) fn deliver(
    source: Source,
    format: Format,
    bytes: &[u8],
    extracted: Extracted,
    origin: &Origin,
    sink: &mut dyn Sink,
) {
    sink.extracted(source.name, format, &extracted.text);
    let articles = structure::articles(clean::paragraphs(&extracted.text, &extracted.blocks));
    if articles.is_empty() {
        return source.skip("没有正文", sink);
    }
    let shared = articles.iter().filter(|article| !article.repeats).count() > 1;
    let mut first: Option<Metadata> = None;
    for (place, article) in articles.into_iter().enumerate() {
        let around = Surroundings {
            title: extracted.title.as_deref(),
            date: extracted.date.as_deref().filter(|_| is_published(format)),
            shared,
            given: source.reading.sidecar.of(source.name, place as u32),
            ..sources::surroundings(source.name)
        };
        // A body that comes again is what it was the first time.
        let metadata = match &first {
            Some(first) if article.repeats && around.given.is_empty() => first.clone(),
            _ => metadata::infer(&article, &around),
        };
        first.get_or_insert_with(|| metadata.clone());
        let (id, name) = (sources::report_id(bytes, place), source.name.to_owned());
        let (place, sections, passages) = (place as u32, Vec::new(), Vec::new());
        let report = Report { id, source: name, place, metadata, sections, passages, own_id: false };
        sink.report(finish(report, article, origin), format);
    }
}

/// Whether a format's own date is that of publication. Office files carry that of their template.
fn is_published(format: Format) -> bool {
    matches!(format, Format::Html | Format::Mht | Format::Eml)
}

/// Delivers a table: one document of rows, or a report in each row.
pub(super) fn deliver_table(
    source: Source,
    format: Format,
    bytes: &[u8],
    read: Result<Table, String>,
    sink: &mut dyn Sink,
) {
    let (text, records) = match read {
        Err(reason) => return source.skip(reason, sink),
        Ok(Table::Rows(extracted)) => return source.deliver(format, bytes, Ok(extracted), sink),
        Ok(Table::Reports { text, records }) => (text, records),
    };
    sink.extracted(source.name, format, &text);
    for (place, record) in records.into_iter().enumerate() {
        let at = |range: &Range<usize>| text.get(range.clone()).unwrap_or_default();
        let body = at(&record.text);
        let title = record.title.as_ref().map(|range| (at(range), Origin::Extracted.of(range)));
        let (id, content_id) = (record.id, sources::report_id(body.as_bytes(), 0));
        let entry = Entry { id, content_id, place, title, text: body, fields: record.fields };
        sink.report(entry.report(source, &Origin::Part { start: record.text.start }), format);
    }
}

/// Delivers the reports of a JSONL text; `line` lines stand before it.
pub(super) fn read_jsonl(source: Source, decoded: &Decoded, line: usize, sink: &mut dyn Sink) {
    sink.extracted(source.name, Format::Jsonl, &decoded.text);
    let mut at = 0;
    for (i, text) in decoded.text.split_inclusive('\n').enumerate() {
        let (place, start) = (line + i, at);
        at += text.len();
        if text.trim().is_empty() {
            continue;
        }
        if !sink.is_wanted() {
            return;
        }
        match jsonl::parse(text, start) {
            Ok(line) => {
                let (body, offsets) = &line.text;
                let title = line.title.as_ref().map(|(title, offsets)| {
                    (title.as_str(), Origin::Escaped { decoded, offsets }.of(&(0..title.len())))
                });
                let (id, content_id) = (line.id, sources::report_id(text.trim().as_bytes(), 0));
                let entry = Entry { id, content_id, place, title, text: body, fields: line.fields };
                sink.report(entry.report(source, &Origin::Escaped { decoded, offsets }), Format::Jsonl);
            }
            Err(reason) => {
                let name = format!("{}:{}", source.name, place + 1);
                Source { name: &name, ..source }.skip(format!("第 {} 行{reason}", place + 1), sink);
            }
        }
    }
}

/// A report that stands as an entry among others: a line of JSONL, a row of a table.
struct Entry<'a> {
    /// Its own identifier, if it has one.
    id: Option<String>,
    /// The identifier that its content gives it.
    content_id: String,
    place: usize,
    /// Its title, and where it stands.
    title: Option<(&'a str, Range<u64>)>,
    text: &'a str,
    fields: BTreeMap<String, String>,
}

impl Entry<'_> {
    fn report(self, source: Source, origin: &Origin) -> Report {
        let articles = structure::articles(clean::paragraphs(self.text, &lines_of(self.text, 0)));
        let mut article = articles.into_iter().reduce(append).unwrap_or_default();
        let mut passages = Vec::new();
        if let Some((title, bytes)) = self.title {
            passages.push(sources::title_passage(title, vec![bytes]));
            article.title = Some(title.to_owned());
        }
        let place = self.place as u32;
        let around = Surroundings {
            fields: self.fields,
            given: source.reading.sidecar.of(source.name, place),
            ..sources::surroundings(source.name)
        };
        let metadata = metadata::infer(&article, &around);
        let name = source.name.to_owned();
        let own_id = self.id.is_some();
        let id = self.id.unwrap_or(self.content_id);
        finish(Report { id, source: name, place, metadata, sections: Vec::new(), passages, own_id }, article, origin)
    }
}

/// A text with an entry of its own is one report whatever it holds.
fn append(mut first: Article, next: Article) -> Article {
    let base = first.sections.len() as u32;
    let passages = first.paragraphs.len() as u32;
    first.sections.extend(next.sections.into_iter().map(|mut section| {
        section.parent = section.parent.map(|parent| parent + base);
        section.passage = section.passage.map(|passage| passage + passages);
        section
    }));
    first.paragraphs.extend(next.paragraphs.into_iter().map(|mut placed| {
        placed.section = placed.section.map(|section| section + base);
        placed
    }));
    first
}

/// Adds an article's sections and passages to a report, behind the passages that it has already.
fn finish(mut report: Report, article: Article, origin: &Origin) -> Report {
    let before = report.passages.len() as u32;
    report.sections = article.sections;
    for section in &mut report.sections {
        section.passage = section.passage.map(|passage| passage + before);
    }
    report.passages.extend(article.paragraphs.into_iter().map(|placed| Passage {
        role: placed.role,
        part: placed.part,
        section: placed.section,
        bytes: placed.paragraph.pieces.iter().map(|piece| origin.of(piece)).collect(),
        text: placed.paragraph.text,
    }));
    report
}
