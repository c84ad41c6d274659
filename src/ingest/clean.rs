//! Clean-up: physical lines to paragraphs, page furniture out, every byte accounted for.
//!
//! Invariant: a paragraph is made of pieces of the extracted text, in order, and shows that text's own
//! characters; only white space between pieces and the escapes that some sites leave behind (`<U+00A0>`)
//! are dropped, and spaced-out digits are closed up. Reversible: the pieces say where everything stood.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::extract::{Block, BlockKind};
use crate::text::pattern;

/// A paragraph with where it stood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paragraph {
    /// The text: no line breaks; tabs only between cells.
    pub text: String,
    /// The pieces of the extracted text it is made of, in bytes, ascending.
    pub pieces: Vec<Range<usize>>,
    /// What the format says it is.
    pub kind: BlockKind,
}

/// The paragraphs of an extracted text.
pub fn paragraphs(text: &str, blocks: &[Block]) -> Vec<Paragraph> {
    let lines = lines(text, blocks);
    let layout = Layout::of(&lines);
    let mut paragraphs: Vec<Open> = Vec::new();
    for line in lines {
        match paragraphs.last_mut() {
            Some(open) if layout.continues(open, &line) => open.append(line),
            _ => paragraphs.push(Open::new(line)),
        }
    }
    paragraphs.into_iter().map(Open::close).filter(|paragraph| !is_furniture(&paragraph.text)).collect()
}

/// A block without its margins.
struct Line<'a> {
    text: &'a str,
    range: Range<usize>,
    kind: BlockKind,
    /// Blank lines stood before it.
    after_blank: bool,
    indented: bool,
}

/// White space and what stands for it.
fn is_margin(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200B}'..='\u{200F}' | '\u{FEFF}' | '\u{2060}')
}

/// White space and zero-width characters that some sites leave spelled out.
static SPACE_ESCAPE: LazyLock<Regex> = LazyLock::new(|| pattern(r"<U\+(00A0|200[2-9A-F]|FEFF|3000)>"));

/// Longer lines, in characters, hold several paragraphs; they are cut at sentence ends.
const MAX_LINE: usize = 2_000;

/// How long the parts of such a line are at least.
const MIN_PART: usize = 400;

fn lines<'a>(text: &'a str, blocks: &[Block]) -> Vec<Line<'a>> {
    let mut lines: Vec<Line> = Vec::new();
    let mut in_comment = false;
    let mut last_end = 0;
    for (i, block) in blocks.iter().enumerate() {
        let Some(raw) = text.get(block.range.clone()) else { continue };
        let rest = || text.get(block.range.end..).unwrap_or_default();
        let begins_comment = || {
            let raw = raw.trim();
            raw.starts_with("<!--") && (raw.ends_with("-->") || !raw.contains("-->") && rest().contains("-->"))
        };
        if block.kind == BlockKind::Line && (in_comment || begins_comment()) {
            in_comment = !raw.contains("-->");
            continue;
        }
        if is_lone_number(text, blocks, i) {
            continue;
        }
        let after_blank = holds_blank_line(text, last_end..block.range.start);
        last_end = block.range.end;
        for part in parts(raw) {
            let trimmed = trim(part);
            if trimmed.is_empty() || is_furniture(trimmed) {
                continue;
            }
            let start = block.range.start + (trimmed.as_ptr() as usize - raw.as_ptr() as usize);
            lines.push(Line {
                text: trimmed,
                range: start..start + trimmed.len(),
                kind: row_of_text(block.kind, trimmed),
                after_blank,
                indented: trimmed.as_ptr() != part.as_ptr(),
            });
        }
    }
    lines
}

/// A page number (a number of up to three digits between blank lines) or reference mark (between brackets
/// on lines of their own). Other numbers on a line of their own are text that a line break split.
fn is_lone_number(text: &str, blocks: &[Block], i: usize) -> bool {
    let at = |i: usize| blocks.get(i).and_then(|block| text.get(block.range.clone())).unwrap_or_default().trim();
    let number = at(i);
    if blocks[i].kind != BlockKind::Line
        || number.len() > 3
        || number.is_empty()
        || !number.bytes().all(|b| b.is_ascii_digit())
    {
        return false;
    }
    let range = &blocks[i].range;
    let alone = (i == 0 || holds_blank_line(text, blocks[i - 1].range.end..range.start))
        && blocks.get(i + 1).is_none_or(|next| holds_blank_line(text, range.end..next.range.start));
    alone || i > 0 && at(i - 1) == "[" && at(i + 1) == "]"
}

/// Whether what stands between two blocks holds a blank line.
fn holds_blank_line(text: &str, between: Range<usize>) -> bool {
    let between = text.get(between).unwrap_or_default();
    between.matches('\n').count().max(between.matches('\r').count()) > 1
}

/// A line, or the parts of one that holds several paragraphs.
fn parts(line: &str) -> Vec<&str> {
    if line.len() <= MAX_LINE || line.chars().count() <= MAX_LINE {
        return vec![line];
    }
    let mut parts = Vec::new();
    let (mut start, mut length) = (0, 0);
    for (at, c) in line.char_indices() {
        length += 1;
        let end = at + c.len_utf8();
        let next_closes = || line.get(end..).is_some_and(|rest| rest.starts_with(['”', '’', '」', '』', '）', ')']));
        if length >= MIN_PART && matches!(c, '。' | '！' | '？') && !next_closes() {
            parts.extend(line.get(start..end));
            (start, length) = (end, 0);
        }
    }
    parts.extend(line.get(start..));
    parts
}

fn trim(raw: &str) -> &str {
    let mut rest = raw.trim_matches(is_margin);
    while let Some(escape) = SPACE_ESCAPE.find(rest).filter(|found| found.start() == 0) {
        rest = rest.get(escape.end()..).unwrap_or_default().trim_start_matches(is_margin);
    }
    while let Some(escape) = SPACE_ESCAPE.find_iter(rest).last().filter(|found| found.end() == rest.len()) {
        rest = rest.get(..escape.start()).unwrap_or_default().trim_end_matches(is_margin);
    }
    rest
}

/// A line of plain text with tabs between short cells is a table row.
fn row_of_text(kind: BlockKind, text: &str) -> BlockKind {
    let short_cells = || text.split('\t').all(|cell| cell.chars().count() <= 30);
    if kind == BlockKind::Line && text.contains('\t') && short_cells() { BlockKind::Row } else { kind }
}

/// How the lines of a text are laid out.
struct Layout {
    /// Characters of a full line, if the text is wrapped at one width.
    width: Option<usize>,
    /// Whether most paragraphs are told apart by indentation or blank lines.
    marked: bool,
    /// Whether most lines have a blank line between them: then a line break alone may be one inside a paragraph.
    spaced: bool,
}

impl Layout {
    fn of(lines: &[Line]) -> Layout {
        let mut lengths: Vec<usize> =
            lines.iter().filter(|l| l.kind == BlockKind::Line).map(|l| l.text.chars().count()).collect();
        lengths.sort_unstable();
        let marked = lines.iter().filter(|l| l.indented || l.after_blank).count() * 10 >= lines.len();
        let width = lengths.get(lengths.len() * 9 / 10).copied().filter(|&width| {
            let full = lengths.iter().filter(|&&length| length + 3 >= width && length <= width + 3).count();
            lengths.len() >= 10 && (12..=120).contains(&width) && full * 2 >= lengths.len()
        });
        let blank = lines.iter().filter(|l| l.after_blank).count();
        let spaced = lines.len() >= 10 && blank * 2 > lines.len();
        Layout { width, marked, spaced }
    }

    /// Whether a line goes on with the paragraph before it.
    fn continues(&self, open: &Open, line: &Line) -> bool {
        if open.kind != BlockKind::Line || line.kind != BlockKind::Line || is_markdown_heading(&open.text) {
            return false;
        }
        if line.text.starts_with(is_continuation) {
            return true;
        }
        if begins_unit(line.text) {
            return false;
        }
        let full = self.width.is_some_and(|width| open.last_line + 1 >= width);
        let apart = line.after_blank || line.indented;
        let soft = self.spaced && !line.after_blank;
        if is_complete(&open.text) {
            return soft && open.is_run_in_lead() && !is_short_line(line.text) || full && self.marked && !apart;
        }
        if open.text.ends_with(OPEN_ENDS) {
            return true;
        }
        if line.after_blank && (line.indented || open.is_short_line()) || line.indented && !open.is_running() {
            return false;
        }
        open.is_running() || full && !apart
    }
}

/// How no paragraph ends.
const OPEN_ENDS: [char; 15] = ['，', ',', '、', '《', '“', '‘', '—', '－', '的', '和', '与', '及', '或', '把', '被'];

/// Most characters of a line that may stand by itself: a heading, a signature, a date.
const SHORT_LINE: usize = 60;

/// Whether a line is short and ends as no sentence does.
fn is_short_line(text: &str) -> bool {
    text.chars().count() <= SHORT_LINE && !is_complete(text)
}

/// Punctuation that no paragraph begins with.
fn is_continuation(c: char) -> bool {
    matches!(
        c,
        '，' | '。'
            | '、'
            | '；'
            | '：'
            | '！'
            | '？'
            | '）'
            | '》'
            | '」'
            | '』'
            | '”'
            | '’'
            | '】'
            | ','
            | ')'
            | ';'
            | '%'
            | '％'
    )
}

/// Whether a text ends as a paragraph does.
fn is_complete(text: &str) -> bool {
    let inner = text.trim_end_matches(['”', '’', '」', '』', '）', ')', '》', '】', ']', '>', '"']);
    inner.len() < text.len() || inner.ends_with(['。', '！', '？', '!', '?', '；', ';', '：', ':', '…', '.'])
}

static UNIT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(第[〇零一二三四五六七八九十百0-9]{1,5}[章节編编篇部]|[〇一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十0-9]{1,3}[)）]|[0-9]{1,2}[、．]|[0-9]{1,2}\.[^0-9]|[①-⑳⑴-⒇●■◆★▲□○]|#{1,6} |——|【|各位(代表|委员|同志|领导)|同志们|女士们|[（(](紧接|上接|下转|接)第)",
    )
});

/// Whether a line by its look begins a heading, item, salutation or continuation note.
fn begins_unit(text: &str) -> bool {
    UNIT.is_match(text)
}

fn is_markdown_heading(text: &str) -> bool {
    text.starts_with('#')
}

static FURNITURE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"^((当前位置|您(现在)?(的|所在的?)位置|首页\s*[>》]|中央政府门户网站|[（(]?\s*责任?编辑)[^。，；！？]{0,80}$",
        r"|【?字[体号]\s*[:：][^。，；！？]{0,20}$|【?E-?mail推荐[^。，；！？]{0,10}$|】$|\)$|）$",
        r"|[【\[]?(打印|下载|全屏|关闭|收藏|分享|返回顶部)[】\]]?([\s　|｜/]*[【\[]?(打印|下载|全屏|关闭|收藏|分享|复制链接|返回顶部)[】\]]?)*$",
        r"|.{0,30}责任编辑\s*[:：].{0,20}$|第\s*[0-9]{1,3}\s*版\s*[:：].{0,30}$|\p{Han}{2,8}[日晚]报[\s　]+(19|20)[0-9]{2}年.{0,20}$",
        r"|(分享到|扫一扫|上一篇|下一篇|版权所有|浏览次数|点击数|阅读(次)?数|访问量|打印本页|关闭窗口)[^。，；！？]{0,20}$",
        r"|粗体文字$|[·'‘’`]$|上一页[\s0-9]*(下一页)?$|[|<‹«\s]*[0-9\s]+[|>›»\s]*下一页.*$",
        r"|发布(日期|时间)\s*[:：][^。，；！？]{0,20}$|(信息)?来源\s*[:：]\s*\S{1,20}$|Public domain$|false$|↑$|\[$|\]$",
        r"|-\s*[0-9]{1,4}\s*-$|—\s*[0-9]{1,4}\s*—$|第\s*[0-9]{1,4}\s*页([，,\s/共]*[0-9]*\s*页?)?$)"
    ))
});

static LICENCE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        "^(本作品(是|为)?中华人民共和国的?|本作品来自|[这這]部作品在.{0,30}以前|本模板所指",
        "|注：中文维基文库社群认为|中国共产党的领导人讲话和其它文件是否属于以上范围)"
    ))
});

/// What a licence says, and a report about copyright may say, too.
static PUBLIC_DOMAIN: LazyLock<Regex> = LazyLock::new(|| pattern("^.{0,60}(作品|文件|版权|版權).{0,60}公有[领領]域"));

/// Paragraphs at the end among which that is a licence.
const TAIL: usize = 12;

/// Whether a text is part of the page rather than of a report.
fn is_furniture(text: &str) -> bool {
    FURNITURE.is_match(text)
}

/// Whether a licence notice of a wiki begins here, so many paragraphs before the end; what follows it is furniture,
/// too.
pub fn begins_licence(text: &str, before_end: usize) -> bool {
    LICENCE.is_match(text) || before_end <= TAIL && PUBLIC_DOMAIN.is_match(text)
}

/// A numbered line of so many characters without a full stop is a heading, though it hold a comma.
const MAX_HEADING: usize = 45;

/// A paragraph that may go on.
struct Open {
    text: String,
    pieces: Vec<Range<usize>>,
    kind: BlockKind,
    /// Characters of the last physical line.
    last_line: usize,
}

impl Open {
    fn new(line: Line) -> Open {
        let mut open = Open { text: String::new(), pieces: Vec::new(), kind: line.kind, last_line: 0 };
        open.append(line);
        open
    }

    fn append(&mut self, line: Line) {
        let is_word = |c: char| c.is_ascii_alphabetic();
        if self.text.ends_with(is_word) && line.text.starts_with(is_word) {
            self.text.push(' ');
        }
        self.last_line = line.text.chars().count();
        self.text.push_str(line.text);
        self.pieces.push(line.range);
    }

    /// Whether it is but one short line that no page break has cut off: a number at its end would be.
    fn is_short_line(&self) -> bool {
        self.pieces.len() == 1
            && self.text.chars().count() <= SHORT_LINE
            && !self.text.contains('。')
            && !self.text.ends_with(|c: char| c.is_ascii_digit())
    }

    /// Whether it is one short sentence, as paragraphs begin with, and no salutation or numbered heading.
    fn is_run_in_lead(&self) -> bool {
        self.pieces.len() == 1
            && self.text.ends_with('。')
            && self.text.chars().count() <= SHORT_LINE
            && !begins_unit(&self.text)
    }

    /// Whether it is running text rather than a heading or a line that stands by itself.
    fn is_running(&self) -> bool {
        if begins_unit(&self.text) && self.text.chars().count() <= MAX_HEADING && !self.text.contains('。') {
            return false;
        }
        let inner =
            self.text.char_indices().skip(1).filter(|(_, c)| matches!(c, '，' | '。' | '；' | '：' | ',' | '、'));
        let marks = inner.filter(|(at, c)| *c != '、' || *at > 9).count();
        marks > 0 && self.text.chars().count() >= 12
    }

    fn close(self) -> Paragraph {
        let mut text = SPACE_ESCAPE.replace_all(&self.text, " ").into_owned();
        if self.kind != BlockKind::Row {
            text = text.replace(['\t', '\n', '\r', '\u{2028}', '\u{2029}', '\u{85}', '\u{0B}', '\u{0C}'], " ");
        }
        Paragraph { text: close_up_digits(&text), pieces: self.pieces, kind: self.kind }
    }
}

static SPACED_DIGITS: LazyLock<Regex> = LazyLock::new(|| pattern(r"[0-9０-９]([ 　][0-9０-９]){2,}"));

/// `1 9 9 3 年` → `1993 年`: three and more single digits with a space between each.
fn close_up_digits(text: &str) -> String {
    let is_single = |found: &regex::Match| {
        let before = text.get(..found.start()).and_then(|before| before.chars().next_back());
        let after = text.get(found.end()..).and_then(|after| after.chars().next());
        !before.is_some_and(char::is_numeric) && !after.is_some_and(char::is_numeric)
    };
    let replace = |found: &regex::Captures| match found.get(0) {
        Some(whole) if is_single(&whole) => whole.as_str().chars().filter(|c| !c.is_whitespace()).collect(),
        whole => whole.map_or("", |whole| whole.as_str()).to_owned(),
    };
    SPACED_DIGITS.replace_all(text, replace).into_owned()
}

#[cfg(test)]
mod tests {
    use super::super::extract::lines_of;
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        paragraphs(text, &lines_of(text, 0)).into_iter().map(|p| p.text).collect()
    }

    #[test]
    fn sentences_broken_by_page_ends_are_joined() {
        assert_eq!(
            texts(
                "标题在此\n\n全年接待省市调研，考察38\n\n次，推进有力。围绕持续\n\n改善生态环境，开展监督。严格执行“三\n\n商”制度。\n"
            ),
            ["标题在此", "全年接待省市调研，考察38次，推进有力。围绕持续改善生态环境，开展监督。严格执行“三商”制度。"]
        );
    }

    #[test]
    fn lines_split_by_links_are_joined() {
        assert_eq!(
            texts("会议听了\n关于宪法草案的报告\n，进行了讨论，按照\n共同纲领\n的规定，完成了统一。\n\n下一段。"),
            ["会议听了", "关于宪法草案的报告，进行了讨论，按照共同纲领的规定，完成了统一。", "下一段。"]
        );
    }

    /// A title of several words in bold was once followed by its own text as another paragraph.
    #[test]
    fn a_lead_on_a_line_of_its_own_begins_its_paragraph() {
        let paragraph = "今年要全面实施各项措施，加大投入，办好开发区，促进成果转化，各项工作都要有新的进展和成效，一项一项抓落实。";
        let text: String =
            (0..8).map(|_| format!("{paragraph}\n\n　　\n促进科技和经济的紧密结合。\n{paragraph}\n\n")).collect();
        let found = texts(&text);
        assert_eq!(found.len(), 16);
        assert_eq!(found[1], format!("促进科技和经济的紧密结合。{paragraph}"));
    }

    /// A heading with a comma was once joined with the paragraph below it.
    #[test]
    fn a_blank_line_and_an_indent_begin_a_paragraph() {
        let text = "　　第三，搞好商业工作，发展对外贸易\n\n　　商业是联结工业同农业的桥梁，要办好。\n\n";
        assert_eq!(texts(text), ["第三，搞好商业工作，发展对外贸易", "商业是联结工业同农业的桥梁，要办好。"]);
    }

    #[test]
    fn headings_and_salutations_stand_alone() {
        let text = "一、工作回顾\n过去一年，成绩很大。\n（一）经济\n各位代表：\n现在，我报告工作";
        assert_eq!(
            texts(text),
            ["一、工作回顾", "过去一年，成绩很大。", "（一）经济", "各位代表：", "现在，我报告工作"]
        );
    }

    #[test]
    fn wrapped_text_is_joined_at_its_width() {
        let paragraph =
            "坚持稳中求进工作总基调，完整准确全面贯彻新发展理念，扎实推动高质量发展，".repeat(8) + "取得新成效。";
        let chars: Vec<char> = paragraph.chars().collect();
        let wrapped: Vec<String> = chars.chunks(30).map(|line| line.iter().collect()).collect();
        let text = format!("　　{}\n　　{}\n", wrapped.join("\n"), wrapped.join("\n"));
        let expected = paragraph;
        assert_eq!(texts(&text), [expected.clone(), expected]);
    }

    #[test]
    fn page_furniture_is_dropped() {
        let text = "当前位置： 首页>> 概况\n【字体：大 中 小】\n<U+00A0><U+00A0> 各位代表：\n<!--\n 注释 -->\n下载 打印 全屏\n（责任编辑： 某某\n ）\n正文。";
        assert_eq!(texts(text), ["各位代表：", "正文。"]);
    }

    /// A number on a line of its own, and sentences that begin as furniture does, once vanished.
    #[test]
    fn text_that_looks_like_furniture_stays() {
        assert_eq!(
            texts("全年完成任务，累计投入各类资金\n300\n万元，办结率100%。"),
            ["全年完成任务，累计投入各类资金300万元，办结率100%。"]
        );
        assert_eq!(
            texts("各项重点任务正在推进。围绕中心工作，着力持续\n\n12\n\n改善环境，取得成效。"),
            ["各项重点任务正在推进。围绕中心工作，着力持续改善环境，取得成效。"]
        );
        for text in
            ["访问量达到300万人次，同比增长5%。", "版权所有权登记改革试点取得成效。", "<!-- 没有结尾，仍是正文。"]
        {
            assert_eq!(texts(text), [text]);
        }
        assert!(begins_licence("本作品来自1949年10月1日（含）之后的中国共产党文件。根据某某规定，属于", 30));
        assert!(!begins_licence("本作品是我区首部版权登记剧目，反响热烈。", 2));
    }

    #[test]
    fn spaced_out_digits_close_up() {
        assert_eq!(close_up_digits("1 9 9 3 年 5 月，2 3"), "1993 年 5 月，2 3");
        assert_eq!(close_up_digits("12 3 4 5"), "12 3 4 5");
    }

    #[test]
    fn pieces_lead_back() {
        let text = "全年接待省市政协调研，累计38\n\n次。\n指标\t2025年";
        let found = paragraphs(text, &lines_of(text, 0));
        let joined: String = found[0].pieces.iter().map(|piece| &text[piece.clone()]).collect();
        assert_eq!(joined, found[0].text);
        assert_eq!(found[1].kind, BlockKind::Row);
    }
}
