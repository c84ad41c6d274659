//! A citation as an item of CSL-JSON (schema 1.0.2), as Zotero, pandoc and citeproc read it.
//!
//! Names are literal: Chinese names are not divided, and bodies cannot be. An estimated year is marked `circa`. The
//! report's file goes into `note`, for it is no address.

use serde_json::{Value, json};

use super::{Appeared, Place, Sort, appeared, on_one_line, responsible, session, sort};
use crate::model::{Kind, Metadata};

/// The citation as an item of CSL-JSON; several make an array.
pub fn csl(metadata: &Metadata, report_id: &str, source: &str, place: Option<&Place>) -> Value {
    let (author, speaker) = responsible(metadata);
    let named = |name: String| json!([{ "literal": name }]);
    let kind = metadata.kind.value;
    let item_type = match (sort(kind), kind) {
        (Sort::Report, _) => "report",
        (Sort::News, _) => "article-newspaper",
        (Sort::Other, Kind::Speech) => "speech",
        (Sort::Other, _) => "document",
    };
    let publisher = metadata.issuer.as_ref().filter(|_| item_type == "report");
    let session = session(metadata);
    let fields = [
        ("author", author.map(named)),
        ("contributor", speaker.map(named)),
        ("issued", issued(metadata)),
        ("event-title", session.map(Value::from)),
        ("publisher", publisher.map(|issuer| on_one_line(&issuer.value).into())),
        ("locator", place.map(|place| place.to_string().into())),
    ];
    let mut item = json!({
        "id": report_id,
        "type": item_type,
        "title": on_one_line(&metadata.title.value),
        "genre": kind.label(),
        "language": "zh-CN",
        "note": format!("来源文件：{}", on_one_line(source)),
    });
    for (field, value) in fields {
        if let Some(value) = value {
            item[field] = value;
        }
    }
    item
}

fn issued(metadata: &Metadata) -> Option<Value> {
    match appeared(metadata) {
        Appeared::On(date) => Some(json!({ "date-parts": [date] })),
        Appeared::About(year) => Some(json!({ "date-parts": [[year]], "circa": true })),
        Appeared::Unknown => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::citation::tests::{bare, full, of_year, place};
    use crate::citation::{Style, cite};

    #[test]
    fn a_report_says_all_that_is_known() {
        let expected = json!({
            "id": "0a1b2c3d4e5f",
            "type": "report",
            "title": "政府工作报告",
            "genre": "政府工作报告",
            "language": "zh-CN",
            "author": [{ "literal": "望澜区人民政府" }],
            "contributor": [{ "literal": "陈望川" }],
            "issued": { "date-parts": [[2026, 1, 18]] },
            "event-title": "第三届第四次会议",
            "publisher": "望澜区人民政府",
            "locator": "二、2026年主要任务 › （一）建设产业社区, 第37段",
            "note": "来源文件：望澜区/2026.docx",
        });
        assert_eq!(csl(&full(), "0a1b2c3d4e5f", "望澜区/2026.docx", Some(&place())), expected);
        let text = cite(&full(), "0a1b2c3d4e5f", "望澜区/2026.docx", Some(&place()), Style::CslJson);
        assert_eq!(serde_json::from_str::<Value>(&text).expect("JSON"), expected);
    }

    #[test]
    fn every_kind_has_a_type_and_what_is_unknown_is_left_out() {
        for (kind, expected) in [
            (Kind::Audit, "report"),
            (Kind::News, "article-newspaper"),
            (Kind::Speech, "speech"),
            (Kind::Plan, "document"),
        ] {
            let item = csl(&bare("望澜之声", kind), "1", "a.txt", None);
            assert_eq!(item["type"], expected);
            assert_eq!(item.as_object().map(serde_json::Map::len), Some(6), "{item}");
        }
        let estimated = csl(&of_year("法院工作报告", Kind::Court, 2025), "1", "a.txt", None);
        assert_eq!(estimated["issued"], json!({ "date-parts": [[2025]], "circa": true }));
    }
}
