//! What is shown of a long passage: the sentences that match best, whole where they fit.
//!
//! Pure functions over the passage's text; positions are characters.

use std::cmp::Reverse;
use std::collections::HashSet;

use crate::text::sentences::sentences;

/// A shortened text and where its spans stand in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// The text; `…` stands for what is left out.
    pub text: String,
    /// The spans that lie in what is shown, as ranges of its characters.
    pub spans: Vec<(usize, usize)>,
}

/// Sentences of `text` up to about `most` characters, shown in their order, each with `context` sentences on
/// either side. First come those that together hold every different thing that is marked, then those with most
/// marked. A text that is short enough stays whole.
pub fn snippet(text: &str, spans: &[(usize, usize)], most: usize, context: usize) -> Snippet {
    let chars: Vec<char> = text.chars().collect();
    if chars.len() <= most {
        return Snippet { text: text.to_owned(), spans: spans.to_vec() };
    }
    let sentences = sentences(&chars);
    let inside = |range: (usize, usize)| spans.iter().filter(move |span| range.0 <= span.0 && span.0 < range.1);
    let marked = |span: &(usize, usize)| &chars[span.0..span.1];
    let mut unseen: HashSet<&[char]> = spans.iter().map(marked).collect();
    let mut shown = vec![false; sentences.len()];
    let mut length = 0;
    loop {
        let new =
            |i: usize| inside(sentences[i]).map(marked).filter(|m| unseen.contains(m)).collect::<HashSet<_>>().len();
        let merit = |&i: &usize| (new(i), inside(sentences[i]).count(), Reverse(i));
        let best = (0..sentences.len()).filter(|&i| !shown[i]).max_by_key(merit);
        let Some(best) = best.filter(|&i| length == 0 || inside(sentences[i]).next().is_some()) else { break };
        let size = (sentences[best].1 - sentences[best].0).min(most);
        // Something new is worth some room; more of the same is not.
        let room = if new(best) > 0 { 2 * most } else { most };
        if length > 0 && length + size > room {
            break;
        }
        let seen: HashSet<&[char]> = inside(sentences[best]).map(marked).collect();
        unseen.retain(|marked| !seen.contains(marked));
        shown[best] = true;
        length += size;
    }
    let with_spans = shown.clone();
    for (i, _) in with_spans.iter().enumerate().filter(|(_, shown)| **shown) {
        let last = (i + context).min(sentences.len() - 1);
        shown[i.saturating_sub(context)..=last].fill(true);
    }
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for (&sentence, _) in sentences.iter().zip(&shown).filter(|(_, shown)| **shown) {
        if sentence.1 - sentence.0 <= most || context > 0 {
            ranges.push(sentence);
            continue;
        }
        // Of a long sentence, what stands around each different thing that is marked in it.
        let mut seen = HashSet::new();
        let firsts: Vec<(usize, usize)> = inside(sentence).filter(|span| seen.insert(marked(span))).copied().collect();
        let firsts = if firsts.is_empty() { vec![(sentence.0, sentence.0)] } else { firsts };
        let each = (most / firsts.len()).max(MIN_WINDOW);
        ranges.extend(firsts.iter().map(|&span| clause_window(&chars, sentence, span, each)));
    }
    assemble(&chars, spans, &joined(ranges))
}

/// Least room for what stands around a span, in characters.
const MIN_WINDOW: usize = 30;

/// Ascending ranges, those that touch made one.
fn joined(ranges: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    let mut joined: Vec<(usize, usize)> = Vec::new();
    for (start, end) in ranges {
        match joined.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => joined.push((start, end)),
        }
    }
    joined
}

/// About `most` characters of a sentence around a span, cut after a mark where one is near.
fn clause_window(chars: &[char], sentence: (usize, usize), span: (usize, usize), most: usize) -> (usize, usize) {
    let room = most.saturating_sub(span.1 - span.0) / 2;
    let start = span.0.saturating_sub(room).max(sentence.0);
    let end = (span.1 + room).min(sentence.1).max(span.1);
    let is_mark = |i: &usize| matches!(chars[*i], '，' | ',' | '；' | ';' | '：' | ':' | '、');
    let start = if start == sentence.0 { start } else { (start..span.0).find(is_mark).map_or(start, |i| i + 1) };
    let end = if end == sentence.1 { end } else { (span.1..end).rev().find(is_mark).map_or(end, |i| i + 1) };
    (start, end)
}

fn assemble(chars: &[char], spans: &[(usize, usize)], ranges: &[(usize, usize)]) -> Snippet {
    let mut snippet = Snippet { text: String::new(), spans: Vec::new() };
    let mut length = 0;
    let mut last_end = 0;
    for &(start, end) in ranges {
        if start > last_end {
            snippet.text.push('…');
            length += 1;
        }
        // A span that reaches over the end of what is shown is marked as far as it is.
        let visible = spans.iter().filter(|span| span.0 >= start && span.0 < end);
        snippet.spans.extend(visible.map(|span| (span.0 - start + length, span.1.min(end) - start + length)));
        snippet.text.extend(&chars[start..end]);
        length += end - start;
        last_end = end;
    }
    if last_end < chars.len() {
        snippet.text.push('…');
    }
    snippet
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn span_of(text: &str, word: &str) -> (usize, usize) {
        let start = text[..text.find(word).expect("there")].chars().count();
        (start, start + word.chars().count())
    }

    #[test]
    fn the_sentences_that_match_are_shown_whole() {
        let text = "开头的一句话说的是别的事情。这里谈发展和改革。中间又有一句无关紧要的话。最后再谈发展。完了。";
        let last = text.chars().count() - 6;
        let spans = [span_of(text, "发展"), span_of(text, "改革"), (last, last + 2)];
        let shown = snippet(text, &spans, 30, 0);
        assert_eq!(shown.text, "…这里谈发展和改革。…最后再谈发展。…");
        let chars: Vec<char> = shown.text.chars().collect();
        let marked: Vec<String> = shown.spans.iter().map(|&(start, end)| chars[start..end].iter().collect()).collect();
        assert_eq!(marked, ["发展", "改革", "发展"]);
        let wider = snippet(text, &spans[..1], 30, 1);
        assert_eq!(wider.text, "开头的一句话说的是别的事情。这里谈发展和改革。中间又有一句无关紧要的话。…");
        assert_eq!(snippet("短。", &[], 30, 0).text, "短。");
    }

    #[test]
    fn a_long_sentence_is_cut_at_clauses() {
        let clause = "一二三四五六七八九十，";
        let text = format!("{}这里谈发展，{}", clause.repeat(10), clause.repeat(10));
        let shown = snippet(&text, &[span_of(&text, "发展")], 40, 0);
        assert!(shown.text.starts_with("…一二三") && shown.text.ends_with("十，…"), "{}", shown.text);
        assert!(shown.text.contains("这里谈发展，") && shown.text.chars().count() <= 42);
    }

    proptest! {
        #[test]
        fn spans_stay_on_their_characters(
            text in "[一二三，。！a\t]{0,80}",
            starts in proptest::collection::vec((0usize..80, 1usize..4), 0..5),
            most in 1usize..40,
            context in 0usize..3,
        ) {
            let chars: Vec<char> = text.chars().collect();
            let mut spans: Vec<(usize, usize)> = starts
                .into_iter()
                .map(|(start, length)| (start, start + length))
                .filter(|span| span.1 <= chars.len())
                .collect();
            spans.sort_unstable();
            let shown = snippet(&text, &spans, most, context);
            let visible: Vec<char> = shown.text.chars().collect();
            prop_assert!(shown.spans.len() <= spans.len());
            for (start, end) in shown.spans {
                prop_assert!(start < end && end <= visible.len());
            }
            prop_assert!(spans.is_empty() || !visible.is_empty());
        }
    }
}
