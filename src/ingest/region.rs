//! Regions as texts and names of files write them: where a name begins and ends, and its full form.
//!
//! Provinces are a closed list; cities, counties and below are told by the shape of their names.

use std::sync::LazyLock;

use regex::Regex;

use crate::text::pattern;
use crate::text::regions::PROVINCES;

static PLACE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?:\p{Han}{2,3}省|内蒙古自治区|\p{Han}{2,6}?自治区)?",
        r"(?:\p{Han}{2,9}?自治州|\p{Han}{2,5}?(?:地区|盟|市))?",
        r"(?:\p{Han}{2,12}?自治县|\p{Han}{1,4}?(?:(?:经济技术|高新技术产业|高新技术|经济)?开发区|新区|高新区|林区|特区|区|县|旗|市))?",
        r"(?:\p{Han}{2,4}?(?:街道|镇|乡))?"
    ))
});

/// The region whose name a text begins with, written in full.
///
/// Returns the name and what follows it. Short provincial names count, too (宁夏政府工作报告).
pub fn at_start(text: &str) -> Option<(String, &str)> {
    let found = PLACE.find_at(text, 0).filter(|m| m.start() == 0 && !m.is_empty()).map(|m| m.as_str());
    let place = found.filter(|place| is_place(place));
    let names_hall = |short: &str| text.get(short.len()..).is_some_and(|rest| rest.starts_with("人民大会堂"));
    let province = PROVINCES.iter().find(|(short, _)| text.starts_with(short) && !names_hall(short));
    let (name, written) = match (place, province) {
        // 江苏南京市: the short name stands for the full one.
        (Some(place), Some((short, full))) if !place.starts_with(full) => {
            (format!("{full}{}", place.trim_start_matches(short)), place.len())
        }
        (Some(place), _) => (place.to_owned(), place.len()),
        (None, Some((short, full))) => ((*full).to_owned(), short.len()),
        (None, None) => return None,
    };
    Some((name, text.get(written..).unwrap_or_default()))
}

/// Refuses words that only look like places.
fn is_place(text: &str) -> bool {
    let common = [
        "城市",
        "地区",
        "省市",
        "市区",
        "园区",
        "经开区",
        "高新区",
        "开发区",
        "新区",
        "自治县",
        "自治州",
        "街道",
        "全区",
        "全县",
    ];
    let other = [
        "人民",
        "政府",
        "报告",
        "国民",
        "工作",
        "会议",
        "代表",
        "委员",
        "关于",
        "法院",
        "年",
        "届",
        "第",
        "在",
        "政协",
        "中共",
        "共产党",
        "中国",
        "社区",
        "局",
        "我",
        "全",
        "本",
        "各",
        "城区",
        "片区",
        "灾区",
        "山区",
        "老区",
        "特区",
        "景区",
        "库区",
        "牧区",
        "高举",
        "实施",
        "建设",
        "发展",
        "推进",
        "加快",
        "深入",
        "履行",
        "印发",
        "转发",
        "批转",
        "下达",
        "合理",
        "伟大",
    ];
    text.chars().count() >= 2 && !common.contains(&text) && !other.iter().any(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_at_the_start_of_names() {
        for (text, expected) in [
            ("宁夏政府工作报告", Some("宁夏回族自治区")),
            ("上海市政府工作报告", Some("上海市")),
            ("内蒙古自治区政府工作报告", Some("内蒙古自治区")),
            ("杭州市钱塘区委员会常务委员会", Some("杭州市钱塘区")),
            ("万载县2015年国民经济", Some("万载县")),
            ("江西省2022年", Some("江西省")),
            ("云汀市望澜区人民政府", Some("云汀市望澜区")),
            ("望澜区人民法院工作报告", Some("望澜区")),
            ("国务院政府工作报告", None),
            ("政府工作报告", None),
            ("全区经济工作会议", None),
            ("区司法局", None),
            ("江苏南京市", Some("江苏省南京市")),
            ("高举某某理论伟大旗帜", None),
            ("深入实施产业立区战略", None),
            ("印发云川县重点任务", None),
        ] {
            assert_eq!(at_start(text).map(|(name, _)| name).as_deref(), expected, "{text}");
        }
    }
}
