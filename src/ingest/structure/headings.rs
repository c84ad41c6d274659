//! Headings: which paragraphs are some, their numbers, and how they nest.

use std::sync::LazyLock;

use regex::Regex;

use super::super::clean::Paragraph;
use super::super::extract::BlockKind;
use super::{is_bold_markdown, is_fragment, is_salutation, is_signature, without_markup};
use crate::model::Section;
use crate::text::{numerals, pattern};

/// A heading's rank in the hierarchy (smaller is higher) and its number, if it has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Numbering {
    rank: usize,
    number: Option<u32>,
}

/// Rank of what stands beside the chapters: 结束语, 名词解释.
const TOP: usize = 0;

/// Rank of the first style of numbers; there is room for one more between each and the next.
const FIRST: usize = 2;

/// Rank of headings that only bold type tells.
const BOLD: usize = 39;

/// Rank of headings without a number: below all numbered ones.
const UNNUMBERED: usize = 40;

/// Most characters of a numbered sentence that stands above its text as a heading does.
const STANDING: usize = 45;

/// Most characters of a salutation.
const SALUTATION_LENGTH: usize = 20;

/// Least characters of the text below it.
const TEXT_BELOW: usize = 60;

/// Styles of numbers, highest first.
static NUMBERING: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        r"^第([〇零一二三四五六七八九十百0-9]{1,5})(编|編|篇|部分|部)[\s　、：:]?",
        r"^第([〇零一二三四五六七八九十百0-9]{1,5})章[\s　、：:]?",
        r"^第([〇零一二三四五六七八九十百0-9]{1,5})节[\s　、：:]?",
        r"^([〇一二三四五六七八九十]{1,3})(?:[、．.，]|$)",
        r"^[（(]([〇一二三四五六七八九十]{1,3})[)）]",
        r"^([0-9]{1,2})(?:[、．]|\.(?:[^0-9]|$))",
        r"^[（(]([0-9]{1,2})[)）]",
        r"^([①-⑳])",
    ]
    .into_iter()
    .map(pattern)
    .collect()
});

/// What stands beside the chapters.
static BESIDE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^(结束语|结语|附[件录表]?|名词解释|名词注释|(名词|用语)说明|注释?)[0-9一二三四五六七八九十]{0,3}[:：]?$")
});

fn numbering(text: &str) -> Option<Numbering> {
    NUMBERING.iter().enumerate().find_map(|(style, pattern)| {
        let number = pattern.captures(text)?.get(1)?.as_str();
        let circled = number.chars().next().filter(|c| ('①'..='⑳').contains(c)).map(|c| c as u32 - '①' as u32 + 1);
        Some(Numbering { rank: FIRST + 2 * style, number: circled.or_else(|| numerals::value(number)) })
    })
}

/// Whether a text begins with a number as headings do.
pub(super) fn is_numbered(text: &str) -> bool {
    numbering(text).is_some()
}

/// The headings among paragraphs. The text begins at `body`; `is_title` tells the lines of the title.
pub(super) fn headings(
    paragraphs: &[Paragraph],
    body: usize,
    is_title: impl Fn(usize) -> bool,
) -> Vec<Option<Numbering>> {
    let of = |i: usize| heading(paragraphs, i, i >= body).filter(|_| !is_title(i));
    let mut headings: Vec<Option<Numbering>> = (0..paragraphs.len()).map(of).collect();
    // One without a number above the first of a numbered row is its parent.
    let mut next: Option<Numbering> = None;
    for heading in headings.iter_mut().rev().flatten() {
        if let Some(first) = next.filter(|next| next.number == Some(1) && heading.rank >= BOLD) {
            heading.rank = first.rank - 1;
        }
        next = Some(*heading);
    }
    headings
}

fn heading(paragraphs: &[Paragraph], i: usize, in_body: bool) -> Option<Numbering> {
    let paragraph = &paragraphs[i];
    let text = without_markup(&paragraph.text);
    let or_rank = |rank: usize| Some(numbering(text).unwrap_or(Numbering { rank, number: None }));
    let level = |level: usize| FIRST + 2 * level.min(6);
    if in_body && paragraph.kind != BlockKind::Row && BESIDE.is_match(text) {
        return Some(Numbering { rank: TOP, number: None });
    }
    match paragraph.kind {
        BlockKind::Row | BlockKind::Note => None,
        // Whatever style it is in.
        _ if is_salutation(text) && text.chars().count() <= SALUTATION_LENGTH => None,
        BlockKind::Bold if is_fragment(text) && in_body => or_rank(BOLD),
        BlockKind::Heading(outline) => or_rank(level(usize::from(outline))),
        BlockKind::Line if is_bold_markdown(&paragraph.text) && is_fragment(text) => or_rank(BOLD),
        BlockKind::Line if paragraph.text.starts_with("# ") || paragraph.text.starts_with("##") => {
            or_rank(level(paragraph.text.chars().take_while(|&c| c == '#').count()))
        }
        _ if stands_above_text(paragraphs, i) => numbering(text),
        _ if !is_fragment(text) || text.contains('。') => None,
        _ => numbering(text).or_else(|| {
            let previous_open = i > 0 && paragraphs[i - 1].text.ends_with(['，', '、']);
            let bare = in_body && !previous_open && is_bare_heading(text);
            bare.then_some(Numbering { rank: UNNUMBERED, number: None })
        }),
    }
}

/// Whether a numbered sentence has its text below it, as in （一）坚持创新引领。 on a line of its own.
fn stands_above_text(paragraphs: &[Paragraph], i: usize) -> bool {
    let text = &paragraphs[i].text;
    let one_sentence = text.ends_with('。') && text.matches('。').count() == 1;
    // The last of a row of items is none.
    let is_item = i > 0 && is_numbered(&paragraphs[i - 1].text);
    let below = || paragraphs.get(i + 1).filter(|next| next.kind != BlockKind::Row);
    one_sentence
        && !is_item
        && text.chars().count() <= STANDING
        && is_numbered(text)
        && below().is_some_and(|next| next.text.chars().count() >= TEXT_BELOW && !is_numbered(&next.text))
}

/// A short line of words alone between paragraphs.
fn is_bare_heading(text: &str) -> bool {
    if NO_HEADING.is_match(text) {
        return false;
    }
    let length = text.chars().count();
    let plain = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '　' | '、' | '“' | '”' | '，' | ',' | '《' | '》');
    (2..=30).contains(&length) && text.chars().all(plain) && !is_signature(text)
}

/// An ordinal that a line break has cut off from its sentence, and the caption of a table or figure.
static NO_HEADING: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^([一二三四五六七八九十]{1,2}[是要靠]|[在关于]{1,2}|(附?表|图)\s*[0-9]{1,3}.*)$"));

/// The open headings, outermost first.
pub(super) struct Outline {
    open: Vec<Open>,
}

struct Open {
    heading: Numbering,
    section: u32,
}

impl Outline {
    /// An article that begins in the middle, or whose first heading is not the first of its kind although
    /// higher ones follow, stands under a heading that is missing.
    pub(super) fn new(
        begins_in_the_middle: bool,
        headings: &[Option<Numbering>],
        sections: &mut Vec<Section>,
    ) -> Outline {
        let mut numbered = headings.iter().flatten().filter(|h| (FIRST..BOLD).contains(&h.rank));
        let lacks_parent = numbered.next().is_some_and(|first| {
            let later_higher = numbered.any(|h| h.rank < first.rank && h.number.is_some_and(|n| n > 1));
            begins_in_the_middle || later_higher && first.number.is_some_and(|n| n > 1)
        });
        if !lacks_parent {
            return Outline { open: Vec::new() };
        }
        // It ranks as the highest heading there is, so the first of those closes it.
        let rank = headings.iter().flatten().map(|h| h.rank).filter(|&rank| rank > TOP).min().unwrap_or(FIRST);
        sections.push(Section { heading: None, parent: None, passage: None });
        Outline { open: vec![Open { heading: Numbering { rank, number: None }, section: 0 }] }
    }

    /// The section that is open.
    pub(super) fn current(&self) -> Option<u32> {
        self.open.last().map(|open| open.section)
    }

    /// Opens the section of the first of these headings, whose text and passage these are; returns the one it stands
    /// in.
    pub(super) fn enter(
        &mut self,
        headings: &[Option<Numbering>],
        text: &str,
        passage: usize,
        sections: &mut Vec<Section>,
    ) -> Option<u32> {
        let mut following = headings.iter().flatten();
        let &heading = following.next()?;
        let stays = |open: &Open| {
            // Some reports number the other way round: 一、 below （一）. Then the outer row goes on later.
            let goes_on = || {
                let next = following.clone().find(|next| next.rank == open.heading.rank);
                let successor = open.heading.number.map(|number| number + 1);
                heading.number == Some(1) && next.is_some_and(|next| next.number == successor)
            };
            open.heading.rank < heading.rank || open.heading.number.is_some() && goes_on()
        };
        match self.open.iter().rposition(|open| open.heading.rank == heading.rank) {
            Some(sibling) => self.open.truncate(sibling),
            None => while self.open.pop_if(|open| !stays(open)).is_some() {},
        }
        let parent = self.current();
        let section = sections.len() as u32;
        sections.push(Section {
            heading: Some(without_markup(text).to_owned()),
            parent,
            passage: Some(passage as u32),
        });
        self.open.push(Open { heading, section });
        parent
    }
}
