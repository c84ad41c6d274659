//! Reads a query. Nothing a person types or pastes is an error: what is no operator is text (`tokens`).
//!
//! Grammar, loosest first: `|` and `OR`; a space or `AND`; `-` and `NOT`; then terms: `( … )`,
//! `SENTENCE( … )`, quoted text with `~n`, `/regex/`, `field:value`, `A ... B`, `A*B`, and bare text, each
//! with an optional `^weight`; in a bare term `*` and `?` in ASCII between other characters.

use std::collections::HashSet;

use super::tokens::{Token, Tokenizer, quotation};
use super::{Gap, Node, Query, Reading, Text, equivalents};
use crate::text::fold::{MARK, fold_keeping_marks, matching_form};

/// Groups inside groups deeper than this are read as text.
const MAX_DEPTH: usize = 24;

/// Most strings of a sequence, or near each other; more are read as one text.
const MOST_PIECES: usize = 12;

pub(super) fn read(text: &str, reading: &Reading) -> Query {
    let mut parser = Parser { reading: reading.clone(), remarks: Vec::new() };
    let chars: Vec<char> = text.chars().collect();
    let root = if parser.reading.literal { parser.literal(&chars) } else { parser.query(&chars, MAX_DEPTH) };
    Query { text: text.to_owned(), root, remarks: parser.remarks }
}

struct Parser {
    reading: Reading,
    remarks: Vec<String>,
}

impl Parser {
    /// Terms between spaces, `"…"` around a whole one, nothing else.
    fn literal(&mut self, chars: &[char]) -> Option<Node> {
        let mut nodes = Vec::new();
        let mut i = 0;
        while let Some(start) = (i..chars.len()).find(|&j| !chars[j].is_whitespace()) {
            let quoted = (chars[start] == '"').then(|| quotation(chars, start)).flatten();
            i = match quoted {
                Some(end) => {
                    nodes.extend(self.text(&chars[start + 1..end - 1], true));
                    end
                }
                None => {
                    let end = (start..chars.len()).find(|&j| chars[j].is_whitespace()).unwrap_or(chars.len());
                    nodes.extend(self.text(&chars[start..end], false));
                    end
                }
            };
        }
        all(nodes)
    }

    fn query(&mut self, chars: &[char], depth: usize) -> Option<Node> {
        let mut tokens = self.tokens(chars, depth);
        // A setting holds for the whole of the query, wherever it stands, and decides what quotes mean.
        let marks = tokens.iter().rev().find_map(|token| if let Token::Marks(on) = token { Some(*on) } else { None });
        if let Some(marks) = marks.filter(|marks| *marks != self.reading.marks) {
            self.reading.marks = marks;
            tokens = self.tokens(chars, depth);
        }
        // An exclusion and nothing else would find nearly everything: a dash before a pasted term is text.
        if depth == MAX_DEPTH && matches!(tokens.as_slice(), [Token::Not, Token::Bare(_)]) && chars.contains(&'-') {
            tokens.remove(0);
            self.remarks.push("只有排除没有要找的，减号按文字看待；要排除用 NOT".to_owned());
        }
        let mut branches = Vec::new();
        for branch in tokens.split(|token| *token == Token::Or) {
            branches.extend(self.conjunction(branch, depth));
        }
        match branches.len() {
            0 | 1 => branches.pop(),
            _ => {
                count_once(&mut branches);
                Some(Node::Any(branches))
            }
        }
    }

    fn tokens(&mut self, chars: &[char], depth: usize) -> Vec<Token> {
        Tokenizer { marks: self.reading.marks, remarks: &mut self.remarks }.tokens(chars, depth)
    }

    fn conjunction(&mut self, tokens: &[Token], depth: usize) -> Option<Node> {
        let mut nodes: Vec<Node> = Vec::new();
        let mut negated = false;
        let mut i = 0;
        while i < tokens.len() {
            // `A ... B`: as many as are linked.
            let mut linked = 1;
            while matches!(tokens.get(i + linked), Some(Token::Then))
                && is_text(tokens.get(i + linked + 1))
                && is_text(tokens.get(i))
            {
                linked += 2;
            }
            let node = match &tokens[i] {
                Token::Not => {
                    negated = !negated;
                    i += 1;
                    continue;
                }
                Token::Weight(weight) => {
                    if let Some(last) = nodes.pop() {
                        nodes.push(weighted(last, *weight));
                    }
                    None
                }
                Token::Or | Token::And | Token::Then | Token::Marks(_) => None,
                _ if linked > 1 => self.linked(&tokens[i..i + linked]),
                Token::Group(inner) => self.query(inner, depth - 1),
                Token::Scoped(scope, inner) => {
                    let scope = *scope;
                    self.query(inner, depth - 1).map(|node| Node::Within(scope, Box::new(node)))
                }
                Token::Quoted(inner) => self.text(inner, true),
                Token::Near(inner, within) => self.near(inner, *within),
                Token::Regex(pattern) => Some(Node::Regex(pattern.clone())),
                Token::Field(field) => Some(Node::Field(field.clone())),
                Token::Bare(bare) => self.bare(bare),
            };
            if let Some(node) = node {
                nodes.push(if negated { Node::Not(Box::new(node)) } else { node });
                negated = false;
            }
            i += linked;
        }
        all(nodes)
    }

    /// A bare term: text, or pieces with wildcards between them.
    fn bare(&mut self, chars: &[char]) -> Option<Node> {
        match pieces(chars) {
            Some((pieces, gaps)) => sequence(pieces, gaps).or_else(|| self.text(chars, false)),
            None => self.text(chars, false),
        }
    }

    /// `A ... B`.
    fn linked(&mut self, tokens: &[Token]) -> Option<Node> {
        let (mut all_pieces, mut all_gaps) = (Vec::new(), Vec::new());
        for token in tokens {
            let (found, gaps) = match token {
                Token::Bare(chars) => pieces(chars).unwrap_or_else(|| (vec![chars.clone()], Vec::new())),
                Token::Quoted(chars) => (vec![chars.clone()], Vec::new()),
                _ => continue,
            };
            if !all_pieces.is_empty() {
                all_gaps.push(Gap::Any);
            }
            all_pieces.extend(found);
            all_gaps.extend(gaps);
        }
        sequence(all_pieces, all_gaps)
    }

    fn near(&mut self, chars: &[char], within: u32) -> Option<Node> {
        let text: String = chars.iter().collect();
        let strings: Vec<String> =
            text.split_whitespace().map(|word| trimmed(&matching_form(word))).filter(|form| !form.is_empty()).collect();
        if (2..=MOST_PIECES).contains(&strings.len()) {
            Some(Node::Near { strings, within })
        } else {
            self.text(chars, true)
        }
    }

    fn text(&self, chars: &[char], exact: bool) -> Option<Node> {
        let typed: String = chars.iter().collect();
        let whole = matching_form(&typed);
        let form = if exact || self.reading.marks { whole } else { trimmed(&whole) };
        let verbatim = self.reading.marks.then(|| fold_keeping_marks(&typed).text());
        if form.is_empty() && verbatim.as_ref().is_none_or(String::is_empty) {
            return None;
        }
        let widened = !(exact || self.reading.literal || self.reading.marks);
        let equivalents =
            if widened { equivalents::of(&form, &self.reading.without, &self.reading.synonyms) } else { Vec::new() };
        Some(Node::Text(Text { form, verbatim, equivalents }))
    }
}

fn trimmed(form: &str) -> String {
    form.trim_matches(MARK).to_owned()
}

fn all(mut nodes: Vec<Node>) -> Option<Node> {
    match nodes.len() {
        0 | 1 => nodes.pop(),
        _ => Some(Node::All(nodes)),
    }
}

/// Takes from the alternatives what another one finds already: 十五五 | 第十五个五年规划 are each other's
/// equivalents, and their occurrences count once.
fn count_once(branches: &mut [Node]) {
    let text = |node: &Node| if let Node::Text(text) = node { Some(text.form.clone()) } else { None };
    let mut seen: HashSet<String> = branches.iter().filter_map(text).collect();
    for branch in branches {
        if let Node::Text(text) = branch {
            text.equivalents.retain(|equivalent| equivalent.pattern.is_some() || seen.insert(equivalent.form.clone()));
        }
    }
}

fn weighted(node: Node, weight: f32) -> Node {
    match node {
        // Weight means nothing to what is excluded.
        Node::Not(_) => node,
        node => Node::Weighted(Box::new(node), weight),
    }
}

fn is_text(token: Option<&Token>) -> bool {
    matches!(token, Some(Token::Bare(_) | Token::Quoted(_)))
}

/// A bare term split at its wildcards; `None` if it has none.
fn pieces(chars: &[char]) -> Option<(Vec<Vec<char>>, Vec<Gap>)> {
    let (mut pieces, mut gaps) = (vec![Vec::new()], Vec::new());
    let mut i = 0;
    while i < chars.len() {
        let run = chars[i..].iter().take_while(|c| matches!(c, '*' | '?')).count();
        let last = pieces.len() - 1;
        if run > 0 && i > 0 && i + run < chars.len() {
            let any = chars[i..i + run].contains(&'*');
            gaps.push(if any { Gap::Any } else { Gap::Exactly(run as u32) });
            pieces.push(Vec::new());
            i += run;
        } else {
            pieces[last].push(chars[i]);
            i += 1;
        }
    }
    (!gaps.is_empty()).then_some((pieces, gaps))
}

/// A sequence of pieces, if at least two have something to find.
fn sequence(pieces: Vec<Vec<char>>, gaps: Vec<Gap>) -> Option<Node> {
    let count = pieces.len();
    let forms: Vec<String> = pieces
        .into_iter()
        .enumerate()
        .map(|(i, piece)| {
            let form = matching_form(&piece.iter().collect::<String>());
            // Marks count between pieces, not at the ends of the whole.
            let form = if i == 0 { form.trim_start_matches(MARK) } else { &form };
            if i + 1 == count { form.trim_end_matches(MARK).to_owned() } else { form.to_owned() }
        })
        .collect();
    ((2..=MOST_PIECES).contains(&forms.len()) && forms.iter().all(|form| !form.is_empty()))
        .then_some(Node::Sequence { pieces: forms, gaps })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A query as an expression of its parts.
    fn shown(node: &Node) -> String {
        let list = |nodes: &[Node], link: &str| nodes.iter().map(shown).collect::<Vec<_>>().join(link);
        match node {
            Node::All(nodes) => format!("({})", list(nodes, " & ")),
            Node::Any(nodes) => format!("({})", list(nodes, " | ")),
            Node::Not(node) => format!("!{}", shown(node)),
            Node::Text(text) => text.verbatim.as_ref().map_or(text.form.clone(), |verbatim| format!("={verbatim}")),
            Node::Near { strings, within } => format!("near{within}[{}]", strings.join(" ")),
            Node::Sequence { pieces, gaps } => format!("seq{pieces:?}{gaps:?}"),
            Node::Regex(pattern) => format!("/{pattern}/"),
            Node::Within(scope, node) => format!("{}[{}]", scope.names().0, shown(node)),
            Node::Field(field) => format!("{}:{}", field.names().0, field.value()),
            Node::Weighted(node, weight) => format!("{}^{weight}", shown(node)),
        }
    }

    fn parsed(text: &str) -> String {
        Query::parse(text).root.as_ref().map_or(String::new(), shown)
    }

    #[test]
    fn operators() {
        for (text, expected) in [
            ("十五五 产业社区", "(十五五 & 产业社区)"),
            ("十五五　产业社区", "(十五五 & 产业社区)"),
            ("甲 OR 乙", "(甲 | 乙)"),
            ("甲|乙 丙", "(甲 | (乙 & 丙))"),
            ("(甲 | 乙) 丙", "((甲 | 乙) & 丙)"),
            ("甲 AND 乙", "(甲 & 乙)"),
            ("甲 -乙", "(甲 & !乙)"),
            ("甲 NOT 乙", "(甲 & !乙)"),
            ("甲 -(乙 丙)", "(甲 & !(乙 & 丙))"),
            ("\"甲 乙\"~5", "near5[甲 乙]"),
            ("甲 ... 乙 … 丙", "seq[\"甲\", \"乙\", \"丙\"][Any, Any]"),
            ("以*为抓手", "seq[\"以\", \"为抓手\"][Any]"),
            ("从*到?转变", "seq[\"从\", \"到\", \"转变\"][Any, Exactly(1)]"),
            ("SENTENCE(甲 乙)", "SENTENCE[(甲 & 乙)]"),
            ("同项（甲 | 乙） 丙", "(ITEM[(甲 | 乙)] & 丙)"),
            ("REPORT(甲 -乙)", "REPORT[(甲 & !乙)]"),
            ("甲^2 乙", "(甲^2 & 乙)"),
            ("(甲 | 乙)^1.5", "(甲 | 乙)^1.5"),
            ("/增长[0-9]+%/ 甲", "(/增长[0-9]+%/ & 甲)"),
            ("甲 year:2021..2025 类型：政府", "(甲 & year:2021..2025 & kind:政府)"),
            ("标题:“十五五”规划 -part:回顾", "(title:十五五规划 & !part:review)"),
            ("issuer:\"国务院 办公厅\" 甲", "(issuer:国务院 办公厅 & 甲)"),
            ("marks:on “十五”", "=“十五”"),
        ] {
            assert_eq!(parsed(text), expected, "{text}");
        }
    }

    #[test]
    fn pasted_text_is_text() {
        for (text, expected) in [
            ("“三重一大”事项", "三重一大事项"),
            ("4+1", "4+1"),
            ("1+7+N", "1+7+n"),
            ("2.5万", "2.5万"),
            ("(一)", "一"),
            ("(一)坚持服务大局", "一坚持服务大局"),
            ("《十五五规划》", "十五五规划"),
            ("发展，", "发展"),
            ("发展,推动", "发展。推动"),
            ("\"发展，\"", "发展。"),
            ("“发展，”", "发展。"),
            ("\"AI agent\" 算力", "(ai agent & 算力)"),
            ("\"不成对", "不成对"),
            ("一\"二 三\"四", "(一二 & 三四)"),
            ("2021-2025年", "2021-2025年"),
            ("元/吨", "元/吨"),
            ("单位：亿元", "单位。亿元"),
            ("年份:去年", "年份。去年"),
            ("AI/BI", "ai/bi"),
            ("什么?", "什么"),
            ("*号", "号"),
            ("OR", ""),
            ("ORACLE", "oracle"),
            ("-", ""),
            ("- 甲", "甲"),
            ("--甲", "甲"),
            ("-5%", "5%"),
            ("-2020年中国农村扶贫开发纲要", "2020年中国农村扶贫开发纲要"),
            ("NOT 甲", "!甲"),
            ("kind:不存在 甲", "(kind。不存在 & 甲)"),
            ("甲 -", "甲"),
            ("甲 |", "甲"),
            ("/[/ 甲", "(// & 甲)"),
            ("(甲", "甲"),
            ("《》 ，", ""),
            ("\"\"", ""),
            ("", ""),
        ] {
            assert_eq!(parsed(text), expected, "{text}");
        }
        for remarked in ["/[/", "-5%", "year:去年 甲", &"甲 ".repeat(300)] {
            assert_eq!(Query::parse(remarked).remarks.len(), 1, "{remarked}");
        }
        assert!(Query::parse("甲 -乙 year:2024").remarks.is_empty());
    }

    #[test]
    fn literal_reading_knows_only_straight_quotes() {
        let literal = Reading { literal: true, ..Reading::default() };
        for (text, expected) in [
            ("甲 OR 乙", "(甲 & or & 乙)"),
            ("甲|乙 -丙", "(甲|乙 & 丙)"),
            ("\"甲 乙。\" year:2024", "(甲乙。 & year。2024)"),
            ("以*为抓手", "以。为抓手"),
        ] {
            let query = Query::read(text, &literal);
            assert_eq!(query.root.as_ref().map(shown).unwrap_or_default(), expected, "{text}");
        }
        assert!(
            Query::read("2026年", &literal)
                .root
                .is_some_and(|root| matches!(root, Node::Text(text) if text.equivalents.is_empty()))
        );
    }

    #[test]
    fn deep_groups_do_not_overflow() {
        let deep = format!("{}甲{}", "(".repeat(5_000), ")".repeat(5_000));
        assert_eq!(parsed(&deep), "甲");
        assert!(parsed(&"-".repeat(10_000)).is_empty());
    }

    proptest! {
        #[test]
        fn nothing_is_an_error(text in "\\PC{0,60}") {
            for string in Query::parse(&text).strings() {
                prop_assert!(!string.is_empty());
            }
        }

        #[test]
        fn nothing_made_of_operators_is_an_error(
            text in "[甲乙十五年2 \"“”「」()（）|*?~^/:：.…+0-9a-zA-Z%，。-]{0,40}",
        ) {
            let _ = Query::parse(&text);
            let _ = Query::read(&text, &Reading { marks: true, ..Reading::default() });
        }

        /// A quoted string is found as it stands, whatever it holds.
        #[test]
        fn quoted_text_is_exact(text in "[甲乙十五年2 “”()|*?~^/:.%，。-]{1,20}") {
            let query = Query::parse(&format!("\"{text}\""));
            let form = matching_form(&text);
            let expected: Vec<&str> = if form.is_empty() { Vec::new() } else { vec![&form] };
            prop_assert_eq!(query.strings(), expected);
        }
    }
}
