//! Which elements of a page are its article.
//!
//! The names that publishing systems give to the article's element decide, if it holds a fair share of the
//! page's text; else the smallest element that still holds nearly all sentences. Links do not count.

use super::page::Page;
use super::tree::is_cell;

/// Identifiers and class names of the article in widespread publishing systems, in lower case.
const NAMES: [&str; 37] = [
    "ucap-content",
    "trs_editor",
    "zoom",
    "zoomcon",
    "ozoom",
    "fontzoom",
    "trs_ueditor",
    "trs_editor_view",
    "pages_content",
    "article-content",
    "article_content",
    "articlecontent",
    "article-con",
    "article_con",
    "article_text",
    "article-body",
    "articlebody",
    "artibody",
    "article",
    "content-text",
    "content_text",
    "mw-content-text",
    "mw-parser-output",
    "js_content",
    "rich_media_content",
    "rm_txt_con",
    "vsb_content",
    "v_news_content",
    "wp_articlecontent",
    "news_content",
    "newscontent",
    "news-content",
    "detail-content",
    "p-detail",
    "con_text",
    "textcontent",
    "entry-content",
];

/// A named element is believed if it holds at least one part in so many of the page's text.
const NAMED_PART: usize = 8;

/// Parts in ten of the text that a smaller element must keep to be chosen instead of a larger one.
const KEPT: usize = 9;

/// Least Han characters in sentences of an element beside the article that still belongs to it.
const MIN_BESIDE: usize = 20;

/// The elements of the article, in order.
pub fn article(page: &Page) -> Vec<usize> {
    named(page).unwrap_or_else(|| densest(page))
}

fn named(page: &Page) -> Option<Vec<usize>> {
    let is_named = |names: &[String]| NAMES.iter().any(|name| names.iter().any(|found| found == name));
    let weight = |node: usize| page.measures[node].han;
    let nodes = 1..page.tree.nodes.len();
    let candidates: Vec<(usize, Vec<String>)> = nodes
        .filter(|&node| weight(node) > 0)
        .map(|node| (node, page.names(node)))
        .filter(|(node, names)| is_named(names) || page.tree.nodes[*node].name() == "article")
        .collect();
    let most = candidates.iter().map(|(node, _)| weight(*node)).max()?;
    if most * NAMED_PART < weight(0) {
        return None;
    }
    let (best, names) = candidates
        .iter()
        .filter(|(node, _)| weight(*node) * 10 >= most * KEPT)
        .min_by_key(|(node, _)| weight(*node))?;
    // An article may be spread over several elements of the same class.
    let shares_name =
        |other: &[String]| other.iter().any(|name| names.contains(name) && NAMES.contains(&name.as_str()));
    let mut chosen = vec![*best];
    let mut end = 0;
    for (node, other) in &candidates {
        if *node >= end
            && page.measures[*node].sentences > 0
            && shares_name(other)
            && !page.tree.subtree(*node).contains(best)
        {
            end = page.tree.nodes[*node].end;
            chosen.push(*node);
        }
    }
    chosen.retain(|node| node == best || !page.tree.subtree(*best).contains(node));
    chosen.sort_unstable();
    // Where most sentences stand elsewhere, the name misleads, or a stray end tag cut the element short.
    let sentences: usize = chosen.iter().map(|&node| page.measures[node].sentences).sum();
    (sentences * 2 >= page.measures[0].sentences).then_some(chosen)
}

fn densest(page: &Page) -> Vec<usize> {
    let has_sentences = page.measures[0].sentences > 0;
    let weight = |node: usize| if has_sentences { page.measures[node].sentences } else { page.measures[node].han };
    let mut best = 0;
    while let Some(smaller) = page.tree.children(best).max_by_key(|&child| weight(child)) {
        let node = &page.tree.nodes[smaller];
        let is_layout = !is_cell(node.name()) || page.is_layout_row(node.parent);
        if node.name().is_empty() || weight(smaller) == 0 || weight(smaller) * 10 < weight(0) * KEPT || !is_layout {
            break;
        }
        best = smaller;
    }
    if best == 0 {
        return vec![0];
    }
    // Notes and signatures may stand beside what holds the sentences.
    let belongs = |node: usize| {
        let measure = page.measures[node];
        node == best
            || measure.sentences >= MIN_BESIDE && measure.linked * 4 < measure.han && !is_imprint(&page.text(node))
    };
    page.tree.children(page.tree.nodes[best].parent).filter(|&node| belongs(node)).collect()
}

/// Whether a text is the small print below a page.
fn is_imprint(text: &str) -> bool {
    ["版权所有", "ICP备", "主办单位", "主办：", "网站标识码"].iter().any(|mark| text.contains(mark))
}
