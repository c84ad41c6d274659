//! Bodies that a source holds more than once, one after the other, as some old saved pages do.
//!
//! A body repeats an earlier one where long paragraphs that were there before come back in their old order from an
//! earlier place on. A paragraph that merely comes twice begins no body.

use std::collections::HashMap;

use super::clean::Paragraph;

/// Least characters of a paragraph that is recognised again.
const LONG: usize = 20;

/// Least characters of a repeated body.
const MIN_BODY: usize = 500;

/// Least share of a repeated body's characters that were there before.
const MIN_SHARE: f64 = 0.7;

/// A long paragraph: its index, its length in characters, and the index of the first one with this text.
struct Recognised {
    at: usize,
    length: usize,
    first: usize,
}

/// Splits paragraphs into bodies; whether each repeats an earlier one.
pub fn split(paragraphs: Vec<Paragraph>) -> Vec<(bool, Vec<Paragraph>)> {
    let mut rest = paragraphs;
    let mut bodies = Vec::new();
    for start in starts(&rest).into_iter().rev() {
        bodies.push((true, rest.split_off(start)));
    }
    bodies.push((false, rest));
    bodies.reverse();
    bodies
}

/// Where bodies begin that repeat an earlier one, ascending.
fn starts(paragraphs: &[Paragraph]) -> Vec<usize> {
    let mut firsts: HashMap<&str, usize> = HashMap::new();
    let lengths = paragraphs.iter().map(|paragraph| paragraph.text.chars().count()).enumerate();
    let long: Vec<Recognised> = lengths
        .filter(|&(_, length)| length >= LONG)
        .map(|(at, length)| Recognised { at, length, first: *firsts.entry(&paragraphs[at].text).or_insert(at) })
        .collect();
    // Where the order falls back and goes on from there.
    let mut falls = Vec::new();
    let mut furthest = 0;
    for (i, paragraph) in long.iter().enumerate() {
        let next = long.get(i + 1).map(|next| next.first);
        if paragraph.first < furthest && next.is_some_and(|next| (paragraph.first + 1..furthest).contains(&next)) {
            falls.push(i);
            furthest = paragraph.first;
        }
        furthest = furthest.max(paragraph.first);
    }
    let ends = falls.iter().skip(1).copied().chain([long.len()]).collect::<Vec<_>>();
    let is_repeated = |&(start, end): &(usize, usize)| {
        let body = &long[start..end];
        let all: usize = body.iter().map(|p| p.length).sum();
        let again: usize = body.iter().filter(|p| p.first < p.at).map(|p| p.length).sum();
        all >= MIN_BODY && again as f64 >= all as f64 * MIN_SHARE
    };
    let repeated = falls.into_iter().zip(ends).filter(is_repeated);
    repeated.map(|(start, _)| with_what_stands_above(paragraphs, long[start].at, long[start].first)).collect()
}

/// Moves the start of a repeated body up over the lines that stand above the earlier one, too.
fn with_what_stands_above(paragraphs: &[Paragraph], start: usize, earlier: usize) -> usize {
    let above = paragraphs[..start].iter().rev().zip(paragraphs[..earlier].iter().rev());
    start - above.take_while(|(a, b)| a.text == b.text).count()
}

#[cfg(test)]
mod tests {
    use super::super::clean::paragraphs;
    use super::super::extract::lines_of;
    use super::*;

    fn body() -> String {
        let paragraph =
            |i: usize| format!("第{i}段说的是这一年里完成的工作，{}。\n\n", format!("有成绩{i}也有困难，").repeat(12));
        let slogan = "我们要紧密团结起来，为完成今年的各项任务，实现既定的目标而共同努力奋斗。\n\n";
        let text: String = (1..=12).map(paragraph).collect();
        format!("某年工作报告\n\n各位代表：\n\n{slogan}{text}{slogan}")
    }

    fn split_text(text: &str) -> Vec<(bool, usize, String)> {
        let bodies = split(paragraphs(text, &lines_of(text, 0)));
        bodies.into_iter().map(|(repeats, body)| (repeats, body.len(), body[0].text.clone())).collect()
    }

    #[test]
    fn three_times_the_same() {
        let again = split_text(&body().repeat(3));
        let title = "某年工作报告".to_owned();
        assert_eq!(again, [(false, 16, title.clone()), (true, 16, title.clone()), (true, 16, title)]);
    }

    #[test]
    fn a_slogan_that_comes_back_begins_nothing() {
        assert_eq!(split_text(&body()).len(), 1);
        let two = format!("{}{}", body(), body().replace("有成绩", "没有问题"));
        assert_eq!(split_text(&two).len(), 1);
    }
}
