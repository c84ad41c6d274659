//! Keys: the form of an indicator's name under which its items are grouped.
//!
//! Reports name one indicator in several ways (GDP, 生产总值) and add or leave out words that make no difference to what
//! is counted (总额, 地方). Whatever makes a difference (农村, 规模以上) stays.

use std::sync::LazyLock;

use regex::Regex;

use crate::text::fold::fold;
use crate::text::pattern;

/// Names of one indicator that differ; the first stands for all.
const SAME: [&[&str]; 13] = [
    &[
        "地区生产总值",
        "国内生产总值",
        "生产总值",
        "gdp",
        "地区生产总值gdp",
        "国内生产总值gdp",
        "生产总值gdp",
        "全区生产总值",
        "经济",
        "经济总量",
    ],
    &["一般公共预算收入", "公共财政预算收入", "财政一般公共预算收入"],
    &["社会消费品零售", "社零", "社会商品零售", "消费品零售"],
    &["居民人均可支配收入", "全体居民人均可支配收入", "城乡居民人均可支配收入", "居民收入"],
    &["城镇居民人均可支配收入", "城镇常住居民人均可支配收入", "城市居民人均可支配收入"],
    &["农村居民人均可支配收入", "农村常住居民人均可支配收入"],
    &["农民人均纯收入", "农村居民人均纯收入"],
    &["居民消费价格", "居民消费价格总水平", "居民消费价格指数", "cpi", "居民消费价格指数cpi"],
    &["进出口", "外贸进出口", "货物进出口", "对外贸易进出口", "货物贸易进出口"],
    &["研发经费投入强度", "全社会研发经费投入强度", "研发投入强度", "全社会研发投入强度"],
    &["城镇新增就业", "新增城镇就业", "城镇新增就业人员"],
    &["常住人口城镇化率", "城镇化率"],
    &[
        "单位地区生产总值能耗",
        "万元地区生产总值能耗",
        "单位国内生产总值能耗",
        "万元gdp能耗",
        "单位gdp能耗",
        "单位生产总值能耗",
        "万元生产总值能耗",
        "单位地区生产总值能源消耗",
        "单位国内生产总值能源消耗",
    ],
];

/// Replaced wherever they stand in a name.
const SPELLINGS: [(&str, &str); 7] = [
    ("规模以上", "规上"),
    ("限额以上", "限上"),
    ("国内生产总值", "地区生产总值"),
    ("研究与试验发展", "研发"),
    ("r&d", "研发"),
    ("第三产业", "服务业"),
    ("的比重", "比重"),
];

/// What reports add to a name or leave out.
static NEUTRAL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "^(?:地方|全社会(?:用电)?|全口径)??(?P<name>.+?)(?:总额|总量|总数|人数|个数|数量|合计|总计|累计|增速|涨幅|增幅|额)?$",
    )
});

/// Whether a key is one that several names share.
pub(super) fn is_known(key: &str) -> bool {
    SAME.iter().any(|names| names[0] == key)
}

/// See [`super::key`].
pub(super) fn key(indicator: &str) -> String {
    let mut form: String = fold(indicator).text().replace('。', "");
    for (word, spelling) in SPELLINGS {
        form = form.replace(word, spelling);
    }
    let known = |form: &str| SAME.iter().find(|names| names.contains(&form)).map(|names| names[0].to_owned());
    if let Some(name) = known(&form) {
        return name;
    }
    let name = NEUTRAL.captures(&form).map_or(form.clone(), |found| found["name"].to_owned());
    let name = if name.chars().count() < 2 { form } else { name };
    let name = name.strip_prefix("地方").filter(|rest| rest.contains("收入")).map_or(name.clone(), str::to_owned);
    known(&name).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_indicator_has_one_key() {
        for (a, b) in [
            ("GDP", "地区生产总值"),
            ("规模以上工业增加值", "规上工业增加值"),
            ("地方一般公共预算收入", "一般公共预算收入"),
            ("社会消费品零售总额", "社会消费品零售额"),
            ("城镇新增就业人数", "新增城镇就业"),
            ("单位GDP能耗", "万元国内生产总值能耗"),
        ] {
            assert_eq!(key(a), key(b), "{a} {b}");
        }
        assert_ne!(key("农村居民人均可支配收入"), key("居民人均可支配收入"));
    }
}
