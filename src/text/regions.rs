//! Regions: the provinces, and the level of a place by its name. Pure data and functions.
//!
//! Where a region's name stands in a text is found by `ingest`.

use crate::model::Level;

/// The region name of central bodies.
pub const NATIONAL: &str = "全国";

/// Short and full names of the provincial regions.
pub const PROVINCES: [(&str, &str); 34] = [
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
    fn levels_by_name() {
        assert_eq!(level("全国"), Level::National);
        assert_eq!(level("上海市"), Level::Province);
        assert_eq!(level("宜春市"), Level::City);
        assert_eq!(level("杭州市钱塘区"), Level::County);
        assert_eq!(level("滨江新区"), Level::Zone);
    }
}
