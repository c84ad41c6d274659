//! Parts: what a stretch of a report does, told from the headings above it, its own words and its place.

use std::sync::LazyLock;

use regex::Regex;

use super::{Article, is_salutation};
use crate::model::{Part, Role, section_path};
use crate::text::pattern;

static PARTS: LazyLock<Vec<(Part, Regex)>> = LazyLock::new(|| {
    [
        (Part::Closing, "^(结束语|结语)$"),
        (Part::Appendix, "名词解释|名词注释|附件|附表|注释|(名词|用语)说明"),
        (Part::Problems, "(存在|面临|主要).{0,6}(问题|不足|困难|短板)|问题(和|与)不足|困难(和|与)(挑战|问题)"),
        (Part::Review, "回顾|过去.{1,4}年|取得.{0,8}(成就|成绩|成效)|发展成就|决定性成就|工作成效|执行情况|(19|20)[0-9]{2}年.{0,6}工作总结|发展基础"),
        (Part::Experience, "体会|经验|启示"),
        (Part::Requirements, "总体要求|指导思想|总体思路|工作思路|主要目标|预期目标|奋斗目标|发展目标|工作目标|总体目标|指导方针|基本原则"),
        (Part::Plan, "安排|部署|任务$|(主要|重点|重大|工作|目标)任务|重点工作|(工作)?建议$|工作要点|打算|今年.{0,4}工作|下一步|工作计划|预算草案"),
        // 2025年目标任务和主要工作 sets tasks, 2024年主要工作 does not.
        (Part::Review, "工作情况|主要工作$|决算情况"),
    ]
    .into_iter()
    .map(|(part, words)| (part, pattern(words)))
    .collect()
});

static ADMITS_PROBLEMS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(清醒地?(看到|认识到)|也(要)?(看到|认识到)|我们也?(看到|认识到)|同时.{0,12}(看到|认识到|存在)|还存在|仍然?存在|仍面临).{0,80}(问题|不足|困难|短板|挑战|差距)|(不足|问题|困难)(主要)?(是|有|表现在)[:：]",
    )
});

/// Gives every paragraph of an article its part.
pub(super) fn assign(article: &mut Article) {
    let mut reviewed = false;
    for i in 0..article.paragraphs.len() {
        let placed = &article.paragraphs[i];
        let text = placed.paragraph.text.clone();
        let own = (placed.role == Role::Heading).then(|| super::without_markup(&text).to_owned());
        let mut path = section_path(&article.sections, placed.section);
        path.extend(own);
        let before = i.checked_sub(1).map(|i| article.paragraphs[i].part);
        let mut part = part(&text, &path, placed.role, reviewed);
        // 一是…：二是…: what follows an admission goes on with it.
        if part == Part::Review && before == Some(Part::Problems) && NEXT_ITEM.is_match(&text) {
            part = Part::Problems;
        }
        reviewed |= placed.role == Role::Heading && path.len() == 1 && part == Part::Review;
        article.paragraphs[i].part = part;
    }
    close(article);
}

/// Passages of the end: from the last salutation in the last tenth on, or what calls for joining forces.
fn close(article: &mut Article) {
    let paragraphs = &mut article.paragraphs;
    let is_text = |i: &usize| paragraphs[*i].role == Role::Paragraph;
    let end = paragraphs.iter().position(|placed| placed.part == Part::Appendix).unwrap_or(paragraphs.len());
    let Some(last) = (0..end).rev().find(is_text) else { return };
    let tenth = last - (last / 10).max(2).min(last);
    let salutation = (tenth..=last).rev().find(|i| is_text(i) && is_salutation(&paragraphs[*i].paragraph.text));
    let goes_on = |&start: &usize| last > 2 && (start..=last).all(|i| paragraphs[i].role != Role::Heading);
    let is_call = |i: &usize| is_text(i) && CLOSING.is_match(&paragraphs[*i].paragraph.text);
    let call = || (last.saturating_sub(2)..=last).find(is_call);
    if let Some(start) = salutation.filter(goes_on).or_else(call) {
        for placed in &mut paragraphs[start..=last] {
            if placed.role == Role::Paragraph {
                placed.part = Part::Closing;
            }
        }
    }
}

/// The part of a paragraph below these headings, outermost first; a heading's own is the last of them.
fn part(text: &str, path: &[String], role: Role, reviewed: bool) -> Part {
    if role == Role::Title || role == Role::Note && path.is_empty() {
        return Part::Other;
    }
    let of_heading = |heading: &str| PARTS.iter().find(|(_, words)| words.is_match(heading)).map(|&(part, _)| part);
    let by_headings: Vec<Part> = path.iter().map(String::as_str).filter_map(of_heading).collect();
    if by_headings.contains(&Part::Appendix) {
        return Part::Appendix;
    }
    if role == Role::Note {
        return Part::Other;
    }
    // A heading about problems or lessons inside a review is about them; others follow the outermost.
    let special =
        by_headings.iter().find(|part| matches!(part, Part::Problems | Part::Experience | Part::Requirements));
    let general = by_headings.first().copied();
    let may_admit = general == Some(Part::Review) || path.is_empty();
    if role == Role::Paragraph && may_admit && ADMITS_PROBLEMS.is_match(text) {
        return Part::Problems;
    }
    // After the chapter that looks back, one whose heading says nothing of the kind sets tasks.
    let after_review = (reviewed && path.first().is_some_and(|root| of_heading(root).is_none())).then_some(Part::Plan);
    special.copied().or(after_review).or(general).unwrap_or(Part::Other)
}

/// The second and later of a row of items.
static NEXT_ITEM: LazyLock<Regex> = LazyLock::new(|| pattern("^([二三四五六七八]是|第[二三四五六七八][，、])"));

static CLOSING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "(让我们|我们要?(更加)?紧密团结|更加紧密地?团结|为.{4,60}(而(努力)?奋斗|作出(新的|更大)?(更大)?(的)?贡献)|谱写)",
    )
});
