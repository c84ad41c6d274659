//! From what a reader extracted to reports: cleaned, structured and understood.

use super::clean;
use super::decode::Decoded;
use super::extract::{Extracted, Origin, lines_of};
use super::format::Format;
use super::jsonl;
use super::metadata::{self, Surroundings};
use super::sources;
use super::structure::{self, Article};
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
            date: extracted.date.as_deref(),
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
        let report =
            Report { id, source: name, place: place as u32, metadata, sections: Vec::new(), passages: Vec::new() };
        sink.report(finish(report, article, origin), format);
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
        match jsonl::parse(text, start) {
            Ok(parsed) => {
                let own_id = || sources::report_id(text.trim().as_bytes(), 0);
                let report = jsonl_report(source, decoded, place, own_id, parsed);
                sink.report(report, Format::Jsonl);
            }
            Err(reason) => {
                let name = format!("{}:{}", source.name, place + 1);
                Source { name: &name, ..source }.skip(format!("第 {} 行{reason}", place + 1), sink);
            }
        }
    }
}

fn jsonl_report(
    source: Source,
    decoded: &Decoded,
    place: usize,
    own_id: impl FnOnce() -> String,
    line: jsonl::Line,
) -> Report {
    let (text, offsets) = &line.text;
    let article = structure::articles(clean::paragraphs(text, &lines_of(text, 0))).into_iter().reduce(append);
    let mut article = article.unwrap_or_default();
    let mut title_passage = None;
    if let Some((title, title_offsets)) = &line.title {
        let whole = 0..title.len();
        let bytes = vec![Origin::Escaped { decoded, offsets: title_offsets }.of(&whole)];
        title_passage = Some(sources::title_passage(title, bytes));
        article.title = Some(title.clone());
    }
    let around = Surroundings {
        fields: line.fields,
        given: source.reading.sidecar.of(source.name, place as u32),
        ..sources::surroundings(source.name)
    };
    let metadata = metadata::infer(&article, &around);
    let id = line.id.unwrap_or_else(own_id);
    let origin = Origin::Escaped { decoded, offsets };
    let passages = title_passage.into_iter().collect();
    let source = source.name.to_owned();
    finish(Report { id, source, place: place as u32, metadata, sections: Vec::new(), passages }, article, &origin)
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
