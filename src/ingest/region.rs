//! Regions: full names and levels of the places that reports are given for.
//!
//! Provinces are a closed list; cities, counties and below are told by the shape of their names.

use std::sync::LazyLock;

use regex::Regex;

use super::clean::pattern;
use crate::model::Level;

/// The region name of central bodies.
pub const NATIONAL: &str = "全国";

/// Short and full names of the provincial regions.
const PROVINCES: [(&str, &str); 34] = [
    ("北京", "北京市"),
    ("天津", "天津市"),
    ("河北", "河北省"),
    ("山西", "山西省"),
    ("内蒙古", "内蒙古自治区"),
    ("辽宁", "辽宁省"),
    ("吉林", "吉林省"),
    ("黑龙江", "黑龙江省"),
    ("上海", "上海市"),
    ("江苏", "江苏省"),
    ("浙江", "浙江省"),
    ("安徽", "安徽省"),
    ("福建", "福建省"),
    ("江西", "江西省"),
    ("山东", "山东省"),
    ("河南", "河南省"),
    ("湖北", "湖北省"),
    ("湖南", "湖南省"),
    ("广东", "广东省"),
    ("广西", "广西壮族自治区"),
    ("海南", "海南省"),
    ("重庆", "重庆市"),
    ("四川", "四川省"),
    ("贵州", "贵州省"),
    ("云南", "云南省"),
    ("西藏", "西藏自治区"),
    ("陕西", "陕西省"),
    ("甘肃", "甘肃省"),
    ("青海", "青海省"),
    ("宁夏", "宁夏回族自治区"),
    ("新疆", "新疆维吾尔自治区"),
    ("香港", "香港特别行政区"),
    ("澳门", "澳门特别行政区"),
    ("台湾", "台湾省"),
];

static PLACE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?:\p{Han}{2,3}省|内蒙古自治区|\p{Han}{2,6}?自治区)?",
        r"(?:\p{Han}{2,9}?自治州|\p{Han}{2,5}?(?:地区|盟|市))?",
        r"(?:\p{Han}{2,12}?自治县|\p{Han}{1,4}?(?:新区|开发区|高新区|林区|特区|区|县|旗|市))?",
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
    let common = ["城市", "地区", "省市", "市区", "园区"];
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
        "合理",
        "伟大",
    ];
    text.chars().count() >= 2 && !common.contains(&text) && !other.iter().any(|word| text.contains(word))
}

/// The level of a region by the ending of its name.
pub fn level(region: &str) -> Level {
    let is_province = PROVINCES.iter().any(|(_, full)| *full == region);
    if region == NATIONAL {
        Level::National
    } else if is_province || region.ends_with('省') || region.ends_with("自治区") {
        Level::Province
    } else if ["开发区", "高新区", "新区", "园区", "示范区"].iter().any(|end| region.ends_with(end)) {
        Level::Zone
    } else if ["街道", "镇", "乡"].iter().any(|end| region.ends_with(end)) {
        Level::Township
    } else if ["自治州", "地区", "盟"].iter().any(|end| region.ends_with(end)) {
        Level::City
    } else if region.ends_with('市') {
        // A city under a city is of county level.
        let above = region.trim_end_matches('市');
        if above.contains('市') { Level::County } else { Level::City }
    } else {
        Level::County
    }
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
        ] {
            assert_eq!(at_start(text).map(|(name, _)| name).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn levels_by_name() {
        assert_eq!(level("全国"), Level::National);
        assert_eq!(level("上海市"), Level::Province);
        assert_eq!(level("宜春市"), Level::City);
        assert_eq!(level("杭州市钱塘区"), Level::County);
        assert_eq!(level("滨江新区"), Level::Zone);
    }
}
