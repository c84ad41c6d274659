//! Structure: articles of a page, headings and their nesting, roles and parts.
//!
//! Works on clean paragraphs; says nothing about kind, year or issuer (`metadata`).

mod headings;
mod parts;

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use self::headings::Outline;
use super::clean::{Paragraph, begins_licence};
use super::extract::BlockKind;
use super::{contents, repeats};
use crate::model::{Part, Role, Section};
use crate::text::pattern;

/// One article of a source: paragraphs with their place in it.
#[derive(Debug, Default)]
pub struct Article {
    /// Its title, if the text shows one.
    pub title: Option<String>,
    /// Its headings.
    pub sections: Vec<Section>,
    /// Its paragraphs with role, part and section.
    pub paragraphs: Vec<Placed>,
    /// Whether it is a body that the source holds already.
    pub repeats: bool,
}

/// A paragraph with its place in an article.
#[derive(Debug)]
pub struct Placed {
    /// The paragraph.
    pub paragraph: Paragraph,
    /// What it is.
    pub role: Role,
    /// What the part it stands in does.
    pub part: Part,
    /// The section it stands under.
    pub section: Option<u32>,
}

/// Splits a source into articles and finds the structure of each.
pub fn articles(paragraphs: Vec<Paragraph>) -> Vec<Article> {
    let begins_licence = |(i, p): (usize, &Paragraph)| begins_licence(&p.text, paragraphs.len() - i);
    let licence = paragraphs.iter().enumerate().position(begins_licence).unwrap_or(paragraphs.len());
    let mut paragraphs = paragraphs;
    paragraphs.truncate(licence);
    let of_body =
        |(repeats, body)| split(body).into_iter().map(move |article| Article { repeats, ..structured(article) });
    repeats::split(separate_notes(contents::removed(paragraphs))).into_iter().flat_map(of_body).collect()
}

static CONTINUATION: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^[（(](紧接|上接|下转|接)第?[〇一二三四五六七八九十0-9A-Z]{1,3}版[^（）()]{0,12}[)）]"));

/// Splits a continuation note off the paragraph it begins.
fn separate_notes(paragraphs: Vec<Paragraph>) -> Vec<Paragraph> {
    let mut separated = Vec::with_capacity(paragraphs.len());
    for paragraph in paragraphs {
        let note = CONTINUATION.find(&paragraph.text).map(|found| found.end());
        match (note, paragraph.pieces.first().cloned()) {
            // The note stands in the first piece as it stands in the text.
            (Some(end), Some(first)) if end < paragraph.text.len() && end <= first.len() => {
                let (note, rest) = paragraph.text.split_at(end);
                let note_piece = first.start..first.start + end;
                separated.push(Paragraph { text: note.to_owned(), pieces: vec![note_piece], kind: paragraph.kind });
                let margin = rest.len() - rest.trim_start().len();
                let mut pieces = paragraph.pieces.clone();
                pieces[0] = first.start + end + margin..first.end;
                pieces.retain(|piece| !piece.is_empty());
                separated.push(Paragraph { text: rest.trim_start().to_owned(), pieces, kind: paragraph.kind });
            }
            _ => separated.push(paragraph),
        }
    }
    separated
}

/// A new article begins at the title above a continuation note.
fn split(paragraphs: Vec<Paragraph>) -> Vec<Vec<Paragraph>> {
    let mut starts = vec![0];
    for (i, paragraph) in paragraphs.iter().enumerate() {
        let continues = CONTINUATION.is_match(&paragraph.text) && !paragraph.text.contains("下转");
        let title = (0..i).rev().take_while(|&j| is_fragment(&paragraphs[j].text)).take(3).last();
        let is_new = |start: &usize| continues && starts.last().is_some_and(|&last| *start > last + 1);
        let start = title.filter(is_new);
        starts.extend(start);
    }
    let mut rest = paragraphs;
    let mut articles = Vec::new();
    for start in starts.into_iter().rev() {
        articles.push(rest.split_off(start));
    }
    articles.reverse();
    articles.retain(|article| !article.is_empty());
    articles
}

/// Most characters of a title, heading or other line that stands by itself.
const MAX_FRAGMENT: usize = 60;

/// A line that is no sentence: short and without a closing mark.
fn is_fragment(text: &str) -> bool {
    let inner = text.trim_end_matches(['）', ')', '》', '”']);
    text.chars().count() <= MAX_FRAGMENT
        && !inner.ends_with(['。', '；', '：', '！', '？', '，', ',', ';', ':', '!', '?', '.'])
}

static SIGNATURE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(省长|市长|区长|县长|主席|主任|院长|检察长|总理|书记|局长)[\s　]*\p{Han}[\p{Han}·\s　]{1,6}$|年[0-9一二三四五六七八九十〇]{1,3}月|记者|^新华社|[0-9]日电$|^附[:：]?$|人民政府$|委员会$|办公室$",
    )
});

fn is_signature(text: &str) -> bool {
    SIGNATURE.is_match(text)
}

fn is_salutation(text: &str) -> bool {
    SALUTATION.is_match(text)
}

static SALUTATION: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(各位(代表|委员|同志|领导)|同志们|主任、|主席、)"));

fn structured(paragraphs: Vec<Paragraph>) -> Article {
    let begins_in_the_middle =
        paragraphs.iter().take(4).any(|p| CONTINUATION.is_match(&p.text) && !p.text.contains("下转"));
    let body_start = body_start(&paragraphs);
    let title_lines = title_lines(&paragraphs[..body_start]);
    let headings = headings::headings(&paragraphs, body_start, |i| title_lines.contains(&i));
    let mut article = Article {
        title: (!title_lines.is_empty()).then(|| title_text(&paragraphs[title_lines.clone()])),
        ..Article::default()
    };
    let mut outline = Outline::new(begins_in_the_middle, &headings, &mut article.sections);
    for (i, paragraph) in paragraphs.into_iter().enumerate() {
        let (role, section) = match headings[i] {
            Some(_) => (Role::Heading, outline.enter(&headings[i..], &paragraph.text, i, &mut article.sections)),
            None if title_lines.contains(&i) => (Role::Title, None),
            None if paragraph.kind == BlockKind::Row => (Role::Row, outline.current()),
            None if paragraph.kind == BlockKind::Note => (Role::Note, outline.current()),
            None if i < body_start || CONTINUATION.is_match(&paragraph.text) => (Role::Note, None),
            None if is_fragment(&paragraph.text) && is_signature(&paragraph.text) => (Role::Note, outline.current()),
            None => (Role::Paragraph, outline.current()),
        };
        article.paragraphs.push(Placed { paragraph, role, part: Part::Other, section });
    }
    parts::assign(&mut article);
    complete_review(&mut article);
    article
}

/// What stands under a missing heading before a part that sets tasks looks back.
fn complete_review(article: &mut Article) {
    let root = |section: u32| {
        let mut section = section as usize;
        while let Some(parent) = article.sections[section].parent {
            section = parent as usize;
        }
        section
    };
    let begins_missing = article.sections.first().is_some_and(|section| section.heading.is_none());
    let next = article.sections.iter().skip(1).find(|section| section.parent.is_none());
    let passage = next.and_then(|section| section.passage);
    let sets_tasks = passage.is_some_and(|i| article.paragraphs[i as usize].part == Part::Plan);
    if !begins_missing || !sets_tasks {
        return;
    }
    let under_missing: Vec<bool> =
        article.paragraphs.iter().map(|placed| placed.section.is_some_and(|section| root(section) == 0)).collect();
    for (placed, under_missing) in article.paragraphs.iter_mut().zip(under_missing) {
        if under_missing && placed.part == Part::Other {
            placed.part = Part::Review;
        }
    }
}

/// Index of the first paragraph of the text proper; title, session and speaker lines stand before it.
fn body_start(paragraphs: &[Paragraph]) -> usize {
    let begins = |p: &Paragraph| {
        p.kind == BlockKind::Row
            || is_salutation(&p.text)
            || CONTINUATION.is_match(&p.text)
            || headings::is_numbered(&p.text)
            || !is_fragment(&p.text) && !p.text.starts_with(['—', '－', '-', '（', '('])
    };
    paragraphs.iter().position(begins).filter(|&i| i <= 15).unwrap_or(0)
}

static TITLE_WORD: LazyLock<Regex> = LazyLock::new(|| {
    pattern("(报告|報告|公报|规划|纲要|决议|决定|总结|要点|建议|讲话|意见|通知|方案|大纲|标准)([（(].{1,12}[)）])?$")
});

/// The lines of the title among those before the text proper.
fn title_lines(head: &[Paragraph]) -> Range<usize> {
    let stands_alone = |text: &str| is_fragment(text) && !text.starts_with(['—', '－', '-', '（', '(']);
    let can_be = |p: &Paragraph| {
        let text = without_markup(&p.text);
        stands_alone(text) && text.chars().count() >= 4 && !is_signature(text)
    };
    let candidates = || head.iter().enumerate().filter(|(_, p)| can_be(p)).map(|(i, _)| i);
    let Some(last) = candidates().find(|&i| TITLE_WORD.is_match(&head[i].text)).or_else(|| candidates().next()) else {
        return 0..0;
    };
    // 某某局 / 2024年工作总结: a title that begins with its year or 关于 goes on from the line above.
    let goes_on = CONTINUED_TITLE.is_match(&head[last].text);
    let first = last.checked_sub(1).filter(|&above| goes_on && stands_alone(&head[above].text)).unwrap_or(last);
    first..last + 1
}

static CONTINUED_TITLE: LazyLock<Regex> =
    LazyLock::new(|| pattern("^((19|20)[0-9]{2}年度?(工作|招|计划|重点)|关于|[与和及暨为])"));

/// A heading or title without the marks of markdown.
fn without_markup(text: &str) -> &str {
    let text = text.trim_start_matches('#').trim();
    if is_bold_markdown(text) { text.trim_matches('*').trim() } else { text }
}

/// Whether a line is nothing but bold text in markdown.
fn is_bold_markdown(text: &str) -> bool {
    let inner = text.strip_prefix("**").and_then(|rest| rest.strip_suffix("**"));
    inner.is_some_and(|inner| !inner.is_empty() && !inner.contains("**"))
}

/// Title lines as one, without markup and reference marks.
fn title_text(lines: &[Paragraph]) -> String {
    let text: String = lines.iter().map(|line| without_markup(&line.text)).collect();
    let text = REFERENCE.replace(&text, "");
    if SPACED_OUT.is_match(&text) { text.split_whitespace().collect() } else { text.into_owned() }
}

/// A title in which every character stands by itself.
static SPACED_OUT: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(\p{Han}[ 　]+)+\p{Han}$"));

static REFERENCE: LazyLock<Regex> = LazyLock::new(|| pattern(r"[\[【〔][0-9]{1,2}[\]】〕]$"));

#[cfg(test)]
mod tests {
    use super::super::clean::paragraphs;
    use super::super::extract::lines_of;
    use super::*;
    use crate::model::{MISSING_HEADING, section_path};

    fn read(text: &str) -> Vec<Article> {
        articles(paragraphs(text, &lines_of(text, 0)))
    }

    fn path_of(article: &Article, needle: &str) -> Vec<String> {
        let placed = article.paragraphs.iter().find(|p| p.paragraph.text.contains(needle)).expect("there");
        section_path(&article.sections, placed.section)
    }

    #[test]
    fn headings_nest_and_restart() {
        let found = read(
            "某区政府工作报告\n——2025年1月8日在某区第一届人民代表大会第二次会议上\n区长　某某\n各位代表：\n现在报告工作。\n一、2024年工作回顾\n（一）经济\n经济好。\n（二）民生\n民生好。\n二、2025年工作安排\n（一）产业\n产业强。\n",
        );
        let article = &found[0];
        assert_eq!(article.title.as_deref(), Some("某区政府工作报告"));
        assert_eq!(path_of(article, "民生好"), ["一、2024年工作回顾", "（二）民生"]);
        assert_eq!(path_of(article, "产业强"), ["二、2025年工作安排", "（一）产业"]);
        let parts: Vec<Part> = article.paragraphs.iter().map(|p| p.part).collect();
        assert_eq!(parts[6], Part::Review);
        assert_eq!(parts[parts.len() - 1], Part::Plan);
        assert_eq!(article.paragraphs[1].role, Role::Note);
    }

    #[test]
    fn a_page_that_begins_in_the_middle_says_so_and_splits() {
        let found = read(
            "某区政协工作报告\n\n(紧接第1版)全年开会77次,成绩很好。\n\n(二) 坚持服务大局\n\n紧扣中心工作,履职尽责。\n\n二、2026年任务\n\n安排如下,认真做好。\n\n贯彻全会精神 开创新局面\n\n(上接第1版)\n要抓好落实,不断前进。\n",
        );
        assert_eq!(found.len(), 2);
        assert_eq!(path_of(&found[0], "紧扣"), [MISSING_HEADING, "(二) 坚持服务大局"]);
        assert_eq!(path_of(&found[0], "全年开会"), [MISSING_HEADING]);
        assert_eq!(path_of(&found[0], "安排如下"), ["二、2026年任务"]);
        assert_eq!(found[0].paragraphs[1].paragraph.text, "(紧接第1版)");
        assert_eq!(found[1].title.as_deref(), Some("贯彻全会精神 开创新局面"));
    }

    #[test]
    fn run_in_leads_are_no_headings() {
        let found =
            read("标题文字报告\n各位代表：\n一、回顾\n国民经济保持较快增长。\n（一）经济运行稳进提质。全年增长5%。\n");
        assert!(found[0].paragraphs.iter().filter(|p| p.role == Role::Heading).count() == 1);
    }
}
