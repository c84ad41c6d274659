//! A citation as an entry for BibTeX: `@techreport` for reports, `@misc` for everything else.
//!
//! Braces keep names and titles as they are. Marks that TeX would take for its own are escaped, braces in such a way
//! that those of the entry stay balanced, which BibTeX counts without regard to backslashes. The key is made of the
//! report's identifier alone, hence stable, and different for different identifiers.

use super::{Appeared, Place, Sort, appeared, date_parts, on_one_line, responsible, session, sort};
use crate::model::Metadata;

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// The entry, with a line break behind it.
pub(super) fn entry(metadata: &Metadata, report_id: &str, source: &str, place: Option<&Place>) -> String {
    let is_report = sort(metadata.kind.value) == Sort::Report;
    let (author, speaker) = responsible(metadata);
    let kept = |text: &str| format!("{{{{{}}}}}", escaped(text));
    let plain = |text: &str| format!("{{{}}}", escaped(text));
    let institution = metadata.issuer.as_ref().filter(|_| is_report);
    let (year, month) = match appeared(metadata) {
        Appeared::On(date) => (date.first().map(u32::to_string), date.get(1).copied()),
        Appeared::About(year) => (Some(year.to_string()), None),
        Appeared::Unknown => (None, None),
    };
    let month = month.and_then(|month| MONTHS.get(month.checked_sub(1)? as usize));
    let genre = if is_report { "type" } else { "howpublished" };
    let fields = [
        ("author", author.map(|author| kept(&author))),
        ("title", Some(kept(&metadata.title.value))),
        (genre, Some(plain(metadata.kind.value.label()))),
        ("institution", institution.map(|issuer| kept(&issuer.value))),
        ("year", year.map(|year| plain(&year))),
        ("month", month.map(|&month| month.to_owned())),
        ("language", Some(plain("chinese"))),
        ("note", Some(plain(&notes(metadata, speaker, source, place)))),
    ];
    let name = if is_report { "techreport" } else { "misc" };
    let mut entry = format!("@{name}{{{},\n", key(report_id));
    for (field, value) in fields {
        if let Some(value) = value {
            entry.push_str(&format!("  {field} = {value},\n"));
        }
    }
    entry + "}\n"
}

/// What has no field of its own.
fn notes(metadata: &Metadata, speaker: Option<String>, source: &str, place: Option<&Place>) -> String {
    let date = metadata.delivered.as_ref().filter(|date| date_parts(&date.value).is_some_and(|parts| parts.len() == 3));
    let covered = match (&metadata.year, appeared(metadata)) {
        (Some(_), Appeared::About(_)) => Some("年份系推定".to_owned()),
        (Some(year), Appeared::Unknown) => Some(format!("{}年", year.value)),
        _ => None,
    };
    let notes = [
        place.map(Place::to_string),
        session(metadata),
        date.map(|date| on_one_line(&date.value)),
        speaker.map(|speaker| format!("报告人：{speaker}")),
        covered,
        Some(format!("来源文件：{}", on_one_line(source))),
    ];
    notes.into_iter().flatten().collect::<Vec<_>>().join("；")
}

/// A key of ASCII letters, digits and `-` for any identifier: what is neither is written as its code point.
fn key(report_id: &str) -> String {
    let mut key = "yinde".to_owned();
    key.push('-');
    for c in report_id.chars() {
        if c.is_ascii_alphanumeric() || c == '-' {
            key.push(c);
        } else {
            key.push_str(&format!("_{:x}_", u32::from(c)));
        }
    }
    key
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in on_one_line(text).chars() {
        match c {
            '#' | '$' | '%' | '&' | '_' => escaped.extend(['\\', c]),
            '\\' => escaped.push_str("\\textbackslash{}"),
            '{' => escaped.push_str("\\textbraceleft{}"),
            '}' => escaped.push_str("\\textbraceright{}"),
            '~' => escaped.push_str("\\textasciitilde{}"),
            '^' => escaped.push_str("\\textasciicircum{}"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::citation::tests::{bare, full, of_year, place};
    use crate::model::Kind;

    #[test]
    fn a_report_is_a_techreport_with_all_that_is_known() {
        let expected = "\
@techreport{yinde-0a1b2c3d4e5f,
  author = {{望澜区人民政府}},
  title = {{政府工作报告}},
  type = {政府工作报告},
  institution = {{望澜区人民政府}},
  year = {2026},
  month = jan,
  language = {chinese},
  note = {二、2026年主要任务 › （一）建设产业社区, 第37段；第三届第四次会议；2026-01-18；报告人：陈望川；来源文件：望澜区/2026\\_政府.docx},
}
";
        assert_eq!(entry(&full(), "0a1b2c3d4e5f", "望澜区/2026_政府.docx", Some(&place())), expected);
    }

    #[test]
    fn what_is_no_report_is_misc_and_what_is_unknown_is_left_out() {
        let expected = "\
@misc{yinde-7,
  title = {{产业社区看望澜}},
  howpublished = {评论与新闻},
  language = {chinese},
  note = {来源文件：a.txt},
}
";
        assert_eq!(entry(&bare("产业社区看望澜", Kind::News), "7", "a.txt", None), expected);
        let court = entry(&of_year("法院工作报告", Kind::Court, 2025), "8", "a.txt", None);
        assert!(court.contains("year = {2025}") && court.contains("年份系推定"), "{court}");
        let communique = entry(&of_year("统计公报", Kind::Statistics, 2025), "8", "a.txt", None);
        assert!(!communique.contains("year =") && communique.contains("2025年；来源"), "{communique}");
    }

    #[test]
    fn keys_are_ascii_and_differ_where_identifiers_do() {
        assert_eq!(key("0a1b2c"), "yinde-0a1b2c");
        assert_eq!(key("望澜 2026"), "yinde-_671b__6f9c__20_2026");
        let keys: std::collections::BTreeSet<String> = ["a_b", "a_5f_b", "a b", "a,b", "ab"].map(key).into();
        assert_eq!(keys.len(), 5);
    }

    #[test]
    fn marks_of_tex_are_escaped_and_braces_stay_balanced() {
        let text = "50%_{甲}\\&#~^$\n}}";
        let escaped = escaped(text);
        assert_eq!(escaped.matches('{').count(), escaped.matches('}').count());
        assert!(escaped.starts_with("50\\%\\_\\textbraceleft{}甲\\textbraceright{}\\textbackslash{}\\&"), "{escaped}");
    }
}
