//! A line of a page while it is put together, and what a finished one is: text, or furniture made of links.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use crate::text::pattern;

/// A line.
#[derive(Debug, Default)]
pub struct Line {
    /// Its text so far.
    pub text: String,
    /// A character that is not bold stands in it.
    pub has_plain: bool,
    /// The part of the text that stands in no link.
    unlinked: String,
    /// White space was read last.
    gap: Option<Gap>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gap {
    Space,
    /// Only a line break in the source and what stands around it, which parts no Chinese words.
    SourceBreak,
}

/// What a finished line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Nothing.
    Empty,
    /// Text of the page.
    Text,
    /// What heads a list of links to other pages.
    Label,
    /// A link to another page, or one that operates this page.
    Furniture,
}

impl Line {
    /// Appends a text as browsers do: a run of white space is one space, and none stands at the line's start.
    /// A line break in the source between two wide characters is none in the text.
    pub fn append(&mut self, text: &str, is_bold: bool, is_linked: bool) {
        for c in text.chars() {
            if c.is_ascii_whitespace() {
                let is_break = matches!(c, '\n' | '\r') || self.gap == Some(Gap::SourceBreak);
                self.gap = Some(if is_break && self.gap != Some(Gap::Space) { Gap::SourceBreak } else { Gap::Space });
                continue;
            }
            if let (Some(gap), Some(last)) = (self.gap.take(), self.text.chars().next_back())
                && !(gap == Gap::SourceBreak && is_wide(last) && is_wide(c))
            {
                self.text.push(' ');
            }
            self.text.push(c);
            if !is_linked {
                self.unlinked.push(c);
            }
            self.has_plain |= !is_bold && !c.is_whitespace();
        }
    }

    /// Parts what follows from what stands before.
    pub fn part(&mut self) {
        self.gap = Some(Gap::Space);
    }

    /// The text without a wiki's link to edit it.
    pub fn content(&self) -> Cow<'_, str> {
        EDIT.replace(self.text.trim(), "")
    }

    /// What the line is, if it stands directly below a label or not.
    pub fn role(&self, is_below_label: bool) -> Role {
        let text = self.content();
        let unlinked = self.unlinked.trim();
        let is_linked = unlinked.len() < self.text.trim().len();
        if text.is_empty() {
            Role::Empty
        } else if LABEL.is_match(unlinked) {
            Role::Label
        } else if is_linked && STEP.is_match(unlinked)
            || is_linked && unlinked.is_empty() && (is_below_label || BUTTON.is_match(&text))
        {
            Role::Furniture
        } else {
            Role::Text
        }
    }
}

fn is_wide(c: char) -> bool {
    matches!(c, '\u{2018}'..='\u{201D}' | '\u{2026}' | '\u{2014}' | '\u{3000}'..='\u{303F}')
        || matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{FF00}'..='\u{FFEF}')
}

/// What heads a list of links.
static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^[【\[]?(相关|延伸|推荐|热门)(链接|新闻|阅读|文章|报道|稿件|信息|解读)[】\]]?\s*[:：>》]*$")
});

/// What stands before a link to a neighbouring page.
static STEP: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[|\s]*(([上下前后]一[篇条页则]|返回)[|\s:：]*)+$"));

/// Links that operate the page.
static BUTTON: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"^([\[【]?(打印(本页)?|关闭(窗口|本页)?|返回(顶部|列表|首页)?|收藏|分享|首页|更多|[上下]一[篇条页]",
        r"|查看更多|回到顶部)[\]】]?\s*)+$"
    ))
});

/// The link behind a wiki's headings.
static EDIT: LazyLock<Regex> = LazyLock::new(|| pattern(r"\s*[\[［【]\s*(编辑|編輯|edit)[^\]］】]{0,10}[\]］】]$"));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_as_browsers_show_it() {
        let mut line = Line::default();
        line.append("\n  推动高质量\n发展 and \n\t growth，\r\n  好 了", false, false);
        assert_eq!(line.text, "推动高质量发展 and growth，好 了");
    }

    #[test]
    fn furniture_is_told_from_text() {
        let role = |unlinked: &str, linked: &str, is_below| {
            let mut line = Line::default();
            line.append(unlinked, false, false);
            line.append(linked, false, true);
            line.role(is_below)
        };
        assert_eq!(role("相关链接：", "", false), Role::Label);
        assert_eq!(role("相关解读：", "解读一", false), Role::Label);
        assert_eq!(role("", "某县召开会议", true), Role::Furniture);
        assert_eq!(role("", "某县召开会议", false), Role::Text);
        assert_eq!(role("上一篇：", "某县召开会议", false), Role::Furniture);
        assert_eq!(role("", "打印", false), Role::Furniture);
        assert_eq!(role("打印", "", false), Role::Text);
        assert_eq!(role("下一篇文章要讲的是", "某事", false), Role::Text);
    }
}
