//! The terminal: width in columns, colour, marked text, messages on stderr.

use std::io::Write;

use unicode_width::UnicodeWidthChar;
use yinde::wording::compare::Change;

/// What output may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terminal {
    /// Columns of a line.
    pub width: usize,
    /// Whether stdout takes colour: a terminal, and `NO_COLOR` is not set.
    pub color: bool,
}

/// Lines of files and pipes, where no terminal gives a width.
const DEFAULT_WIDTH: usize = 100;

/// No line is made narrower than this, whatever the terminal says.
const MIN_WIDTH: usize = 20;

impl Terminal {
    /// The terminal of this process.
    pub fn detect() -> Terminal {
        let of_environment = std::env::var("COLUMNS").ok().and_then(|value| value.parse().ok());
        let of_terminal = console::Term::stdout().size_checked().map(|(_, columns)| usize::from(columns));
        let width = of_environment.or(of_terminal).unwrap_or(DEFAULT_WIDTH);
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Terminal { width: width.clamp(MIN_WIDTH, 200), color: !plain && console::colors_enabled() }
    }

    /// Prints a message for a person to stderr.
    pub fn message(&self, label: &str, text: &str) {
        // A closed stderr leaves nowhere to complain.
        let _ = writeln!(std::io::stderr(), "{label}{text}");
    }

    /// Text with its spans (ranges of characters) marked, wrapped, each line indented by `indent` columns.
    pub fn marked(&self, text: &str, spans: &[(usize, usize)], indent: usize) -> String {
        let mut lines = String::new();
        let mut column = 0;
        let mut inside = false;
        for (i, c) in text.chars().enumerate() {
            let begins = !inside && spans.iter().any(|&(start, end)| start <= i && i < end);
            let ends = inside && !spans.iter().any(|&(start, end)| start <= i && i < end);
            if ends {
                lines.push_str(self.closing());
            }
            let width = display_width(c) + if begins && !self.color { 2 } else { 0 };
            if column == 0 || column + width > self.width {
                if column > 0 {
                    lines.push('\n');
                }
                lines.extend(std::iter::repeat_n(' ', indent));
                column = indent;
            }
            if begins {
                lines.push_str(self.opening());
            }
            inside = (inside || begins) && !ends;
            lines.push(if c == '\t' { ' ' } else { c });
            column += width;
        }
        if inside {
            lines.push_str(self.closing());
        }
        lines
    }

    fn opening(&self) -> &'static str {
        if self.color { "\u{1b}[1;31m" } else { "【" }
    }

    fn closing(&self) -> &'static str {
        if self.color { "\u{1b}[0m" } else { "】" }
    }

    /// Text that is left out (删).
    pub fn deleted(&self, text: &str) -> String {
        if self.color { format!("\u{1b}[9;31m{text}\u{1b}[0m") } else { format!("［删：{text}］") }
    }

    /// Text that is put in (增).
    pub fn inserted(&self, text: &str) -> String {
        if self.color { format!("\u{1b}[4;32m{text}\u{1b}[0m") } else { format!("［增：{text}］") }
    }

    /// How one text came from another, with what is left out and put in marked.
    pub fn changes(&self, diff: &[(Change, String)]) -> String {
        let piece = |(change, text): &(Change, String)| match change {
            Change::Kept => text.clone(),
            Change::Deleted => self.deleted(text),
            Change::Inserted => self.inserted(text),
        };
        diff.iter().map(piece).collect()
    }

    /// Text in bold, where there is colour.
    pub fn bold(&self, text: &str) -> String {
        if self.color { format!("\u{1b}[1m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    /// Text set back, where there is colour.
    pub fn faint(&self, text: &str) -> String {
        if self.color { format!("\u{1b}[2m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

fn display_width(c: char) -> usize {
    c.width().unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_take_two_columns() {
        let terminal = Terminal { width: 20, color: false };
        let marked = terminal.marked("着眼“十五五”规划，推动产业社区建设", &[(3, 6)], 2);
        assert_eq!(marked, "  着眼“【十五五】”规划\n  ，推动产业社区建设");
        let colored = Terminal { width: 80, color: true }.marked("发展", &[(0, 2)], 0);
        assert_eq!(colored, "\u{1b}[1;31m发展\u{1b}[0m");
    }
}
