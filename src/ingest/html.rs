//! HTML pages: the article, without navigation, sidebars and scripts.
//!
//! The article is found by the names that government sites give it, else as the smallest element that
//! still holds most of the page's Han characters outside links.

use scraper::{ElementRef, Html, Node, Selector};

use super::extract::{BlockKind, Extracted};

/// Content elements of widespread publishing systems, most specific first.
const CONTENT: &str = "#UCAP-CONTENT, .TRS_Editor, #zoom, #Zoom, #zoomcon, .zoomcon, .view.TRS_UEDITOR, \
    .trs_editor_view, .pages_content, .article-content, .article_content, .content-text, #article, #mw-content-text, \
    #js_content, article";

/// Least number of Han characters that a named content element needs to be believed.
const MIN_CONTENT: usize = 100;

/// Share of the page's Han characters that the article keeps when it is found by density.
const ARTICLE_SHARE: f64 = 0.8;

/// Elements nested deeper than this are not entered.
const MAX_DEPTH: usize = 400;

/// Reads an HTML page.
pub fn read(html: &str) -> Extracted {
    let page = Html::parse_document(html);
    let mut extracted = Extracted { title: title(&page), ..Extracted::default() };
    let mut walk = Walk { extracted: &mut extracted, line: String::new(), heading: None };
    walk.children(content(&page), 0);
    walk.flush();
    extracted
}

fn select<'a>(page: &'a Html, selector: &str) -> impl Iterator<Item = ElementRef<'a>> + use<'a> {
    let found: Vec<ElementRef> = Selector::parse(selector).map(|s| page.select(&s).collect()).unwrap_or_default();
    found.into_iter()
}

fn title(page: &Html) -> Option<String> {
    let meta = select(page, "meta[name='ArticleTitle' i]").find_map(|meta| meta.attr("content").map(str::to_owned));
    let heading = || Some(select(page, "h1").next()?.text().collect::<String>());
    let title = || {
        let whole = select(page, "title").next()?.text().collect::<String>();
        // "Title | Site" or "Site | Title": the longer half is the title.
        whole.split(['|', '_']).map(str::trim).max_by_key(|half| half.chars().count()).map(str::to_owned)
    };
    let one_line = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    [meta, heading(), title()].into_iter().flatten().map(one_line).find(|text| han_count(text) >= 4)
}

fn content(page: &Html) -> ElementRef<'_> {
    let named = select(page, CONTENT).max_by_key(|element| weight(*element, 0));
    if let Some(element) = named.filter(|element| weight(*element, 0) >= MIN_CONTENT) {
        return element;
    }
    let mut best = select(page, "body").next().unwrap_or_else(|| page.root_element());
    let least = (weight(best, 0) as f64 * ARTICLE_SHARE) as usize;
    for _ in 0..MAX_DEPTH {
        let Some(smaller) = best.child_elements().filter(|child| is_container(*child)).max_by_key(|c| weight(*c, 0))
        else {
            break;
        };
        if weight(smaller, 0) < least {
            break;
        }
        best = smaller;
    }
    best
}

fn is_container(element: ElementRef) -> bool {
    matches!(
        element.value().name(),
        "div" | "table" | "tbody" | "tr" | "td" | "section" | "article" | "main" | "center" | "form" | "font" | "span"
    )
}

/// Han characters of an element outside links and what is not shown.
fn weight(element: ElementRef, depth: usize) -> usize {
    if depth > MAX_DEPTH || is_hidden(element) || element.value().name() == "a" {
        return 0;
    }
    let own = |node: &Node| node.as_text().map_or(0, |text| han_count(text));
    element
        .children()
        .map(|child| ElementRef::wrap(child).map_or_else(|| own(child.value()), |e| weight(e, depth + 1)))
        .sum()
}

fn han_count(text: &str) -> usize {
    text.chars().filter(|c| matches!(c, '\u{3400}'..='\u{9FFF}')).count()
}

fn is_hidden(element: ElementRef) -> bool {
    let name = element.value().name();
    let style = element.attr("style").unwrap_or_default();
    matches!(
        name,
        "script"
            | "style"
            | "noscript"
            | "head"
            | "nav"
            | "footer"
            | "select"
            | "button"
            | "iframe"
            | "template"
            | "svg"
    ) || style.replace(' ', "").contains("display:none")
}

struct Walk<'a> {
    extracted: &'a mut Extracted,
    line: String,
    heading: Option<u8>,
}

impl Walk<'_> {
    fn children(&mut self, element: ElementRef, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        for child in element.children() {
            if let Some(element) = ElementRef::wrap(child) {
                self.element(element, depth + 1);
            } else if let Some(text) = child.value().as_text() {
                self.text(text);
            }
        }
    }

    fn element(&mut self, element: ElementRef, depth: usize) {
        if is_hidden(element) {
            return;
        }
        match element.value().name() {
            "br" => self.flush(),
            "tr" => self.row(element, depth),
            name @ ("h1" | "h2" | "h3" | "h4" | "h5" | "h6") => {
                self.flush();
                self.heading = name.trim_start_matches('h').parse().ok();
                self.children(element, depth);
                self.flush();
                self.heading = None;
            }
            "p" | "div" | "section" | "article" | "main" | "ul" | "ol" | "li" | "dl" | "dd" | "dt" | "table"
            | "tbody" | "blockquote" | "center" | "pre" | "hr" | "header" | "aside" | "form" | "figure"
            | "figcaption" => {
                self.flush();
                self.children(element, depth);
                self.flush();
            }
            _ => self.children(element, depth),
        }
    }

    /// A row whose cells hold no further blocks is a table row; others only lay out the page.
    fn row(&mut self, row: ElementRef, depth: usize) {
        self.flush();
        let cells: Vec<ElementRef> =
            row.child_elements().filter(|cell| matches!(cell.value().name(), "td" | "th")).collect();
        let is_layout = |cell: &ElementRef| {
            let paragraphs = cell.descendants().filter_map(ElementRef::wrap);
            paragraphs.filter(|e| matches!(e.value().name(), "p" | "table" | "br")).count() > 3
        };
        if cells.len() < 2 || cells.iter().any(is_layout) {
            self.children(row, depth);
            self.flush();
            return;
        }
        let text = |cell: ElementRef| cell.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ");
        let cells: Vec<String> = cells.into_iter().map(text).collect();
        self.extracted.push(BlockKind::Row, &cells.join("\t"));
    }

    fn text(&mut self, text: &str) {
        // As browsers do: a run of white space is one space, and none stands at a line's start.
        for c in text.chars() {
            let collapses = c.is_ascii_whitespace();
            if !collapses {
                self.line.push(c);
            } else if !self.line.is_empty() && !self.line.ends_with(' ') {
                self.line.push(' ');
            }
        }
    }

    fn flush(&mut self) {
        let kind = self.heading.map_or(BlockKind::Paragraph, BlockKind::Heading);
        let line = std::mem::take(&mut self.line);
        self.extracted.push(kind, &line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_article_without_the_page_around_it() {
        let body = "推动高质量发展，".repeat(20);
        let html = format!(
            "<html><head><title>某某公报 | 某某网</title><script>var 发展=1</script></head><body>\
             <div><a href=x>首页导航</a></div><div class='zoomcon'><h2>一、综合</h2><p>{body}<b>好</b>。</p>\
             <table><tr><td>指标</td><td>数值&amp;单位</td></tr></table></div><div>版权所有</div></body></html>"
        );
        let extracted = read(&html);
        let blocks: Vec<(BlockKind, &str)> =
            extracted.blocks.iter().map(|b| (b.kind, &extracted.text[b.range.clone()])).collect();
        let paragraph = format!("{body}好。");
        assert_eq!(
            blocks,
            [
                (BlockKind::Heading(2), "一、综合"),
                (BlockKind::Paragraph, paragraph.as_str()),
                (BlockKind::Row, "指标\t数值&单位"),
            ]
        );
        assert_eq!(extracted.title.as_deref(), Some("某某公报"));
    }

    #[test]
    fn deep_nesting_is_no_panic() {
        let html = "<div>".repeat(20_000) + "文字";
        read(&html);
    }
}
