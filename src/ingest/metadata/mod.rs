//! What a report is: title, kind, years, session, speaker, issuer, region; each with where it was found.
//!
//! Told from the report's own words first, then from fields beside the text, file and folder names; what the user
//! says overrides all of them. Matching is done on matching forms, so that traditional and full-width texts are
//! read alike. What is not certain is kept as a doubt.

mod dates;
mod doubts;
mod evidence;
mod kinds;
mod years;

use std::collections::BTreeMap;

use self::evidence::Evidence;
use super::structure::Article;
use crate::model::{Inferred, Kind, Level, Metadata, Origin};
use crate::text::fold::matching_form;
use crate::text::regions;

/// What is known of a report before its text is understood.
#[derive(Debug, Default)]
pub struct Surroundings<'a> {
    /// File or member name without its ending.
    pub stem: &'a str,
    /// Folder names, and zip names without their ending, outermost first.
    pub folders: Vec<&'a str>,
    /// Whether the source holds other articles, too: then its name is not this one's.
    pub shared: bool,
    /// A title that the format keeps outside the text.
    pub title: Option<&'a str>,
    /// A date that the format keeps outside the text.
    pub date: Option<&'a str>,
    /// Fields beside the text.
    pub fields: BTreeMap<String, String>,
    /// What the user says.
    pub given: BTreeMap<String, String>,
}

/// The names of each field beside a text or in a sidecar; the first is the one of [`Metadata`].
pub const FIELDS: [&[&str]; 11] = [
    &["title", "标题", "题名"],
    &["kind", "类型", "种类"],
    &["year", "年份", "年度"],
    &["delivered", "date", "日期"],
    &["covers", "回顾年份"],
    &["plans", "规划年份"],
    &["session", "会议"],
    &["speaker", "报告人"],
    &["issuer", "单位", "机构"],
    &["region", "地区"],
    &["level", "级别"],
];

/// Whether a value can be one of a field.
///
/// # Errors
/// A reason for a person.
pub fn check(field: &str, value: &str) -> Result<(), String> {
    let labels = |labels: Vec<&str>| labels.join("、");
    let (is_valid, expected) = match field {
        "kind" => (kind_of(value).is_some(), labels(Kind::ALL.iter().map(|kind| kind.label()).collect())),
        "level" => (level_of(value).is_some(), labels(Level::ALL.iter().map(|level| level.label()).collect())),
        "year" => (dates::year_of(value).is_some(), "四位数字的年份".to_owned()),
        "covers" | "plans" => (dates::stretch_of(value).is_some(), "年份或起止年份，如 2021-2025".to_owned()),
        "delivered" => (dates::is_date(value), "日期，如 2025-01-18、2025-01 或 2025".to_owned()),
        _ => (true, String::new()),
    };
    if is_valid { Ok(()) } else { Err(format!("{field} 的值“{value}”无法理解，应为{expected}")) }
}

fn kind_of(label: &str) -> Option<Kind> {
    Kind::ALL.iter().find(|kind| kind.label() == label).copied()
}

fn level_of(label: &str) -> Option<Level> {
    Level::ALL.iter().find(|level| level.label() == label).copied()
}

/// Values that stand beside the text.
struct Given<'a>(&'a Surroundings<'a>);

impl Given<'_> {
    /// The value of a field: the user's before the source's own.
    fn value(&self, field: &str) -> Option<Inferred<&str>> {
        let names = FIELDS.iter().find(|names| names[0] == field)?;
        let find = |values: &'_ BTreeMap<String, String>| {
            let found =
                names.iter().find_map(|name| values.get_key_value(*name)).filter(|(_, value)| !value.is_empty());
            found.map(|(key, _)| key.clone())
        };
        let around = self.0;
        if let Some(value) = around.given.get(field).filter(|value| !value.is_empty()) {
            return Some(Inferred::new(value, Origin::Sidecar));
        }
        let key = find(&around.fields)?;
        around.fields.get(&key).map(|value| Inferred::new(value.as_str(), Origin::Properties))
    }

    fn text(&self, field: &str) -> Option<Inferred<String>> {
        self.read(field, |value| Some(value.to_owned()))
    }

    /// A value that can be read; one that cannot counts as not there.
    fn read<T>(&self, field: &str, read: impl Fn(&str) -> Option<T>) -> Option<Inferred<T>> {
        let found = self.value(field)?;
        Some(Inferred::new(read(found.value)?, found.origin))
    }
}

/// Understands an article.
pub fn infer(article: &Article, around: &Surroundings) -> Metadata {
    let given = Given(around);
    let title = given.text("title").unwrap_or_else(|| title(article, around));
    let evidence = Evidence::new(&title, article, around);
    let kind = given.read("kind", kind_of).unwrap_or_else(|| evidence.kind());
    let delivered = given
        .read("delivered", |date| dates::is_date(date).then(|| date.to_owned()))
        .or_else(|| evidence.delivered())
        .or_else(|| publication(kind.value, around.date));
    let told = evidence.years(kind.value, delivered.as_ref());
    let year = given.read("year", dates::year_of).or(told.year);
    let region = given.text("region").or_else(|| evidence.region(kind.value));
    let issuer =
        given.text("issuer").or_else(|| evidence.issuer(kind.value, region.as_ref().map(|r| r.value.as_str())));
    let of_region = || region.as_ref().map(|r| Inferred::new(regions::level(&r.value), Origin::Inferred));
    let level = given.read("level", level_of).or_else(of_region);
    let mut metadata = Metadata {
        title: in_words(title, kind.value, year.as_ref(), issuer.as_ref()),
        kind,
        year,
        delivered,
        covers: given.read("covers", dates::stretch_of).or(told.covers),
        plans: given.read("plans", dates::stretch_of).or(told.plans),
        session: given.text("session").or_else(|| evidence.session()),
        speaker: given.text("speaker").or_else(|| evidence.speaker()),
        issuer,
        region,
        level,
        doubts: Vec::new(),
    };
    metadata.doubts = doubts::of(&metadata, &evidence);
    metadata
}

/// The date of a page is that of what it publishes only where it appears when it is written.
fn publication(kind: Kind, date: Option<&str>) -> Option<Inferred<String>> {
    let appears = matches!(kind, Kind::News | Kind::Notice | Kind::Speech | Kind::Statistics | Kind::Resolution);
    date.filter(|date| appears && dates::is_date(date)).map(|date| Inferred::new(date.to_owned(), Origin::Properties))
}

/// A title that is but a number, or a file's name without Chinese words, is made from what is known.
fn in_words(
    title: Inferred<String>,
    kind: Kind,
    year: Option<&Inferred<i32>>,
    issuer: Option<&Inferred<String>>,
) -> Inferred<String> {
    let is_name = title.origin == Origin::Filename;
    let is_letter = |c: &char| c.is_alphabetic() && !(is_name && c.is_ascii());
    let says_something = title.value.chars().filter(is_letter).count() >= 2;
    match (year, issuer) {
        (Some(year), Some(issuer)) if !says_something => {
            Inferred::new(format!("{}年{}{kind}", year.value, issuer.value), Origin::Inferred)
        }
        _ => title,
    }
}

fn title(article: &Article, around: &Surroundings) -> Inferred<String> {
    let tells = |title: &str| kinds::of_title(&matching_form(title)).is_some();
    let in_text = article.title.as_deref();
    // A page's own title wins over a first line that says nothing, unless it is that of another article.
    let of_page = around.title.filter(|_| !around.shared || in_text.is_none());
    match (in_text, of_page) {
        (Some(text), Some(page)) if !tells(text) && tells(page) => Inferred::new(page.to_owned(), Origin::Properties),
        (Some(text), _) if tells(text) || around.shared || !tells(around.stem) => {
            Inferred::new(text.to_owned(), Origin::Text)
        }
        (None, Some(page)) if tells(page) || !tells(around.stem) => Inferred::new(page.to_owned(), Origin::Properties),
        _ => Inferred::new(around.stem.to_owned(), Origin::Filename),
    }
}

#[cfg(test)]
mod tests {
    use super::super::clean::paragraphs;
    use super::super::extract::lines_of;
    use super::super::structure::articles;
    use super::*;
    use crate::model::Years;

    fn read(stem: &str, text: &str) -> Metadata {
        let found = articles(paragraphs(text, &lines_of(text, 0)));
        infer(&found[0], &Surroundings { stem, ..Surroundings::default() })
    }

    fn summary(metadata: &Metadata) -> (Kind, Option<i32>, Option<&str>, Option<&str>) {
        (
            metadata.kind.value,
            metadata.year.as_ref().map(|y| y.value),
            metadata.region.as_ref().map(|r| r.value.as_str()),
            metadata.issuer.as_ref().map(|i| i.value.as_str()),
        )
    }

    #[test]
    fn reports_of_many_kinds() {
        let cases = [
            (
                "2025年宁夏政府工作报告",
                "2025年宁夏政府工作报告\n——2025年1月20日在宁夏回族自治区第十三届人民代表大会第三次会议上\n各位代表：\n现在，我代表自治区人民政府，向大会报告工作，请予审议。",
                (Kind::Government, Some(2025), Some("宁夏回族自治区"), Some("宁夏回族自治区人民政府")),
            ),
            (
                "1999",
                "1999年国务院政府工作报告\n——1999年3月5日在第九届全国人民代表大会第二次会议上\n各位代表：\n现在，我代表国务院，向大会作政府工作报告，请予审议。",
                (Kind::Government, Some(1999), Some("全国"), Some("国务院")),
            ),
            (
                "高举旗帜 (十六大)",
                "高举旗帜 (十六大)\n同志们：\n现在，我代表第十五届中央委员会向大会作报告。",
                (Kind::PartyCongress, Some(2002), Some("全国"), Some("中国共产党中央委员会")),
            ),
            (
                "p2",
                "中国人民政治协商会议第一届临江市青禾区委员会常务委员会工作报告\n\n(紧接第1版)开展活动400余场,成效明显。\n\n二、2026年主要任务\n\n做好工作,认真履职。",
                (Kind::Consultative, Some(2026), Some("临江市青禾区"), Some("中国人民政治协商会议临江市青禾区委员会")),
            ),
            (
                "万安县2015年国民经济和社会发展统计公报",
                "2016年3月20日发布，初步核算，全年实现地区生产总值若干亿元，比上年增长。",
                (Kind::Statistics, Some(2015), Some("万安县"), Some("万安县统计局")),
            ),
            (
                "区司法局2021年度工作总结",
                "区司法局2021年度工作总结\n一年来，在区委的领导下，工作取得新进展。",
                (Kind::Summary, Some(2021), None, Some("司法局")),
            ),
        ];
        for (stem, text, expected) in cases {
            assert_eq!(summary(&read(stem, text)), expected, "{stem}");
        }
    }

    #[test]
    fn the_years_that_a_report_looks_back_on_and_plans_for() {
        let years = |metadata: &Metadata| {
            let text = |years: &Option<Inferred<Years>>| years.as_ref().map(|y| y.value.to_string());
            (metadata.year.as_ref().map(|y| y.value), text(&metadata.covers), text(&metadata.plans))
        };
        let expect = |year, covers: &str, plans: &str| {
            let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            (Some(year), some(covers), some(plans))
        };
        let five_years = "云某区政府工作报告\n——2022年1月8日在云某区第五届人民代表大会第一次会议上\n云某区代区长　李某\n各位代表：\n现在，我代表区人民政府向大会报告工作。\n一、过去五年工作回顾\n成绩很大。\n二、今后五年的奋斗目标\n目标宏伟。\n三、2022年重点工作\n安排如下。\n";
        let found = read("x", five_years);
        assert_eq!(years(&found), expect(2022, "2017-2021", "2022-2026"));
        assert_eq!(found.speaker.as_ref().map(|s| s.value.as_str()), Some("李某"));
        let december = "云某区人民法院工作报告\n——2025年12月26日在云某区第五届人民代表大会第六次会议上\n各位代表：\n一、2025年主要工作\n办案若干。\n二、2026年工作安排\n继续办案。\n";
        assert_eq!(years(&read("x", december)), expect(2026, "2025", "2026"));
        let plan = "关于云某区2024年国民经济和社会发展计划执行情况与2025年国民经济和社会发展计划草案的报告\n——2025年1月8日在云某区第五届人民代表大会第五次会议上\n一、执行情况\n良好。\n";
        assert_eq!(years(&read("x", plan)), expect(2025, "2024", "2025"));
        let outline = "云某区国民经济和社会发展第十五个五年规划纲要\n第一章　发展环境\n机遇很多，挑战也有。\n";
        assert_eq!(years(&read("x", outline)), expect(2026, "", "2026-2030"));
        let communique = "云某区2023年国民经济和社会发展统计公报\n初步核算，全年增长，一切都好。\n";
        assert_eq!(years(&read("x", communique)), expect(2023, "2023", ""));
    }

    #[test]
    fn the_user_has_the_last_word_and_doubts_are_named() {
        let text = "工作情况\n这里写了一些事情，没有说明是谁的，也没有说明时间。\n";
        let found = articles(paragraphs(text, &lines_of(text, 0)));
        let given = BTreeMap::from([("year".to_owned(), "2021".to_owned())]);
        let metadata = infer(&found[0], &Surroundings { stem: "某材料", given, ..Surroundings::default() });
        assert_eq!(metadata.year, Some(Inferred::new(2021, Origin::Sidecar)));
        let fields: Vec<&str> = metadata.doubts.iter().map(|doubt| doubt.field.as_str()).collect();
        assert_eq!(fields, ["kind", "region"]);
        let conflict = "云某区政府工作报告\n——2022年1月8日在云某区第五届人民代表大会第一次会议上\n各位代表：\n现在，我代表区人民政府报告工作。\n";
        let doubts = read("云某区2020年政府工作报告", conflict).doubts;
        assert!(doubts.iter().any(|doubt| doubt.field == "year" && doubt.reason.contains("2020")), "{doubts:?}");
    }
}
