//! Tables of contents, which are not text: lines that end in page numbers, and lists of headings below 目录.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

use super::clean::Paragraph;
use super::extract::BlockKind;
use crate::text::pattern;

static LEADER: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(\.{4,}|…{2,}|·{4,}|．{4,}|[\t ]{2,}|\t)\s*[（(]?[0-9]{1,3}[)）]?$"));

static PAGE: LazyLock<Regex> = LazyLock::new(|| pattern(r"[\s.…·．]*[（(]?[0-9]{1,3}[)）]?$"));

/// Most characters of an entry.
const LONGEST: usize = 60;

/// Paragraphs without tables of contents.
pub fn removed(paragraphs: Vec<Paragraph>) -> Vec<Paragraph> {
    let mut is_contents = vec![false; paragraphs.len()];
    for (i, paragraph) in paragraphs.iter().enumerate() {
        if is_title(&paragraph.text) {
            let end = end_of_list(&paragraphs, i + 1);
            if end > i + 1 {
                is_contents[i..end].fill(true);
            }
        }
        is_contents[i] |= has_leader(paragraph);
    }
    let kept = paragraphs.into_iter().zip(is_contents).filter(|(_, is_contents)| !is_contents);
    kept.map(|(paragraph, _)| paragraph).collect()
}

fn is_title(text: &str) -> bool {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    matches!(text.trim_matches(['#', '*', '【', '】']), "目录" | "目錄" | "目次")
}

fn is_entry(paragraph: &Paragraph) -> bool {
    let text = &paragraph.text;
    text.chars().count() <= LONGEST && !text.ends_with(['。', '；', '！', '：', ':'])
}

/// A row of cells ends in a number as often as not; only leaders of dots tell there.
fn has_leader(paragraph: &Paragraph) -> bool {
    let dots = || paragraph.text.contains("....") || paragraph.text.contains("……");
    is_entry(paragraph) && LEADER.is_match(&paragraph.text) && (paragraph.kind != BlockKind::Row || dots()) && dots()
}

/// Where the list of headings ends that begins at `start`: before the line that its first entry repeats. Without
/// one it is a list only if its lines end in page numbers.
fn end_of_list(paragraphs: &[Paragraph], start: usize) -> usize {
    let bare = |paragraph: &Paragraph| -> String {
        PAGE.replace(&paragraph.text, "").chars().filter(|c| !c.is_whitespace()).collect()
    };
    let entries = paragraphs[start..].iter().take_while(|paragraph| is_entry(paragraph)).count();
    let mut seen = HashSet::new();
    let again = (start..start + entries).find(|&i| !seen.insert(bare(&paragraphs[i])));
    if let Some(mut end) = again {
        // What no later line repeats, such as a heading above the first entry's, is no entry.
        let later: HashSet<String> = paragraphs[end..].iter().map(bare).collect();
        while end > start && !later.contains(&bare(&paragraphs[end - 1])) {
            end -= 1;
        }
        return end;
    }
    // The first heading of the text may follow directly, too long to be an entry or not.
    let numbered = paragraphs[start..start + entries].iter().take_while(|p| PAGE.is_match(&p.text)).count();
    let later: HashSet<String> = paragraphs[start + entries..].iter().map(bare).collect();
    let repeated = paragraphs[start..start + entries].iter().take_while(|p| later.contains(&bare(p))).count();
    start + numbered.max(repeated)
}

#[cfg(test)]
mod tests {
    use super::super::clean::paragraphs;
    use super::super::extract::lines_of;
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        removed(paragraphs(text, &lines_of(text, 0))).into_iter().map(|p| p.text).collect()
    }

    #[test]
    fn lists_of_headings_are_not_text() {
        let body = "一、发展环境\n\n过去五年，成绩很大，经验很多。\n\n二、主要目标\n\n到2030年，实现目标，完成任务。\n";
        let expected = texts(&format!("某区规划纲要\n\n{body}"));
        for list in [
            "目　录\n\n一、发展环境\n\n二、主要目标\n\n",
            "目录\n\n一、发展环境……………3\n\n二、主要目标……………12\n\n",
            "目 录\n\n一、发展环境 1\n\n二、主要目标 15\n\n",
            "一、发展环境........3\n\n二、主要目标........12\n\n",
        ] {
            assert_eq!(texts(&format!("某区规划纲要\n\n{list}{body}")), expected, "{list}");
        }
    }

    #[test]
    fn a_heading_above_the_first_entry_stays() {
        let text = "目录\n\n第一章 环境\n\n第二章 目标\n\n第一篇 开启新征程\n\n第一章 环境\n\n机遇很多，挑战也有。\n\n第二章 目标\n\n目标宏伟，任务明确。\n";
        assert_eq!(texts(text)[0], "第一篇 开启新征程");
        assert_eq!(texts(text).len(), 5);
    }

    #[test]
    fn text_about_contents_stays() {
        let text = "目录\n\n编制权责清单目录，公布事项，接受监督。\n\n共有事项120\n";
        assert_eq!(texts(text).len(), 3);
    }
}
