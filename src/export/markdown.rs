//! A table as Markdown (GitHub's dialect), the notes as a section behind it.
//!
//! What stands in a cell stays as it is: marks that Markdown or HTML would take for theirs are escaped. Numbers
//! stand to the right.

use super::{NOTES, Table};

/// The table under its title, with its notes.
pub fn markdown(table: &Table) -> String {
    let mut lines = Vec::new();
    if !table.title.is_empty() {
        lines.extend([format!("## {}", escaped(&table.title)), String::new()]);
    }
    if !table.columns.is_empty() {
        lines.push(line(table.columns.iter().map(|column| escaped(&column.name))));
        let rule = |column: &super::Column| if column.kind.is_numeric() { "---:" } else { ":---" };
        lines.push(line(table.columns.iter().map(|column| rule(column).to_owned())));
        for row in &table.rows {
            lines.push(line(table.cells(row).map(|(column, cell)| escaped(&cell.shown(column.kind)))));
        }
    }
    if !table.notes.is_empty() {
        lines.extend([String::new(), format!("### {NOTES}"), String::new()]);
        lines.extend(table.notes.iter().map(|note| format!("- {}", escaped(note))));
    }
    lines.join("\n") + "\n"
}

fn line(cells: impl Iterator<Item = String>) -> String {
    cells.fold("|".to_owned(), |line, cell| format!("{line} {cell} |"))
}

/// Text that Markdown shows as it is, on one line.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.trim().replace("\r\n", "\n").chars() {
        match c {
            '\\' | '|' | '*' | '_' | '`' | '[' | ']' | '~' | '#' => escaped.extend(['\\', c]),
            '<' => escaped.push_str("&lt;"),
            '&' => escaped.push_str("&amp;"),
            '\n' | '\r' => escaped.push_str("<br>"),
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::tests::sample;

    #[test]
    fn cells_keep_their_marks_and_numbers_stand_to_the_right() {
        let expected = "\
## “临港新城”的用法

| 年份 | 提法 | 次数 | 每万字 | 占比 |
| :--- | :--- | ---: | ---: | ---: |
| 2024 | 建设临港新城 | 3 | 1.50 | 25.0% |
| 2025 | =SUM(A1)\\|“甲”,乙<br>丙 | 12 | -0.13 | 100.0% |
| 2026 |  |  |  |  |

### 口径说明

- 按段计数，副本不计。
";
        assert_eq!(markdown(&sample()), expected);
    }

    #[test]
    fn marks_of_markdown_and_html_are_escaped() {
        assert_eq!(escaped("a_b*c <U+00A0> [1] \\ &\t~"), "a\\_b\\*c &lt;U+00A0> \\[1\\] \\\\ &amp; \\~");
        assert_eq!(escaped("甲\r\n乙\r丙\n"), "甲<br>乙<br>丙");
    }
}
