//! HTML pages: the article, without navigation, sidebars and scripts.
//!
//! Invariant: time and room are linear in the page, and nothing recurses, whatever the page holds. `tokens`
//! and `tree` know HTML, `page` what is shown, `content` which part is the article, `walk` makes it blocks.
//! Bytes are decoded before they come here: the charsets that pages declare are often wrong.

mod content;
mod line;
mod marks;
mod page;
mod tokens;
mod tree;
mod walk;

use std::sync::LazyLock;

use regex::Regex;

use crate::text::pattern;

use self::page::{Page, han_count};
use crate::ingest::extract::{Extracted, one_line};

/// Least number of Han characters of a title.
const MIN_TITLE: usize = 4;

/// Names of meta elements that hold the date of publication, then of writing.
const DATES: [&str; 10] = [
    "pubdate",
    "publishdate",
    "publish_date",
    "publishtime",
    "article:published_time",
    "og:release_date",
    "dc.date",
    "createdate",
    "created",
    "date",
];

/// Reads an HTML page.
pub fn read(html: &str) -> Extracted {
    let page = Page::new(html);
    let mut extracted = Extracted { title: title(&page), date: date(&page), ..Extracted::default() };
    walk::walk(&page, &content::article(&page), &mut extracted);
    extracted
}

fn elements<'a>(page: &'a Page, name: &'a str) -> impl Iterator<Item = usize> + 'a {
    (0..page.tree.nodes.len()).filter(move |&node| page.tree.nodes[node].name() == name)
}

/// What meta elements of this name hold.
fn meta(page: &Page, name: &str) -> Option<String> {
    let content = |node: usize| {
        let node = &page.tree.nodes[node];
        let is_named = |key| node.attribute(key).is_some_and(|found| found.eq_ignore_ascii_case(name));
        let content = node.attribute("content").filter(|content| !content.trim().is_empty())?;
        (is_named("name") || is_named("property")).then(|| content.into_owned())
    };
    elements(page, "meta").find_map(content)
}

fn title(page: &Page) -> Option<String> {
    let headings = elements(page, "h1").filter(|&node| !page.hidden[node]).take(1).map(|node| page.text(node));
    let title = elements(page, "title").next().map(|node| page.text(node)).unwrap_or_default();
    // "Title | Site", "Site_Title", "Title-Site": the longest part that names no site is the title.
    let mut parts: Vec<&str> = title.split(['|', '_']).collect();
    if let Some((before, site)) = title.rsplit_once('-').filter(|(_, site)| names_site(site)) {
        parts = before.split(['|', '_']).chain([site]).collect();
    }
    parts.sort_by_key(|part| std::cmp::Reverse((!names_site(part), part.chars().count())));
    let candidates = meta(page, "ArticleTitle").into_iter().chain(headings).chain(parts.into_iter().map(str::to_owned));
    let mut candidates: Vec<String> = candidates.map(|text| one_line(&text)).filter(|text| is_title(text)).collect();
    candidates.sort_by_key(|text| names_site(text));
    candidates.into_iter().next()
}

/// Whether a line may be a title: the heading of a chapter and a salutation are none.
fn is_title(text: &str) -> bool {
    let is_numbered = text.contains('、') && text.starts_with(['一', '壹', '（', '(', '1']);
    han_count(text) >= MIN_TITLE && !is_numbered && !text.ends_with(['：', '！', '。', '，', ':', '!'])
}

fn names_site(text: &str) -> bool {
    let ends = ["网", "网站", "门户", "平台", "首页", "人民政府", "统计局", "办公厅", "办公室"];
    ends.iter().any(|end| text.trim().ends_with(end))
}

/// A date as pages write it.
const DATE: &str = r"((?:19|20)[0-9]{2})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})";

fn date(page: &Page) -> Option<String> {
    static PLAIN: LazyLock<Regex> = LazyLock::new(|| pattern(DATE));
    static LABELLED: LazyLock<Regex> =
        LazyLock::new(|| pattern(&format!(r"(?:发布|发文|公开)(?:日期|时间)\s*[:：]?\s*{DATE}")));
    let of = |pattern: &Regex, text: &str| {
        let found = pattern.captures(text)?;
        let number = |i| found.get(i).and_then(|digits| digits.as_str().parse::<u32>().ok());
        let (year, month, day) = (number(1)?, number(2)?, number(3)?);
        ((1..=12).contains(&month) && (1..=31).contains(&day)).then(|| format!("{year}-{month:02}-{day:02}"))
    };
    let declared = DATES.iter().find_map(|name| of(&PLAIN, &meta(page, name)?));
    declared.or_else(|| of(&LABELLED, &page.text(0)))
}

#[cfg(test)]
mod tests;
