//! What issuers are called: the short names of a body, with its region and as it calls itself.
//!
//! Serves filters and hints only; counts of literal searches never depend on it.

use std::collections::HashMap;

/// Full names of bodies around a region, with what they are called for short.
///
/// Each row: what stands before the region, what stands after it, the short name after the region.
const BODIES: [(&str, &str, &str); 9] = [
    ("中国人民政治协商会议", "委员会", "政协"),
    ("政协", "委员会", "政协"),
    ("中国共产党", "纪律检查委员会", "纪委"),
    ("中国共产党", "委员会", "委"),
    ("中共", "委员会", "委"),
    ("", "人民代表大会", "人大"),
    ("", "人民政府", "政府"),
    ("", "人民法院", "法院"),
    ("", "人民检察院", "检察院"),
];

/// A body's region and short name, such as 杭州市钱塘区 and 政协.
fn body(issuer: &str) -> Option<(&str, String)> {
    // 常务委员会 is the standing body of the same: 区人大 and 区人大常委会 are both its names.
    let (name, standing) = match issuer.strip_suffix("常务委员会") {
        Some(name) => (name, "常委会"),
        None => (issuer, ""),
    };
    BODIES.iter().find_map(|(before, after, short)| {
        let region = name.strip_prefix(before)?.strip_suffix(after)?;
        (!region.is_empty()).then(|| (region, format!("{short}{standing}")))
    })
}

/// Short names of an issuer: with its whole region, with the last place of it, and as it calls itself.
pub fn names(issuer: &str) -> Vec<String> {
    let Some((region, short)) = body(issuer) else { return Vec::new() };
    let mut names: Vec<String> = regions(region).map(|region| format!("{region}{short}")).collect();
    names.extend(self_name(issuer));
    names
}

/// Whether an issuer is called so, in full, in part or for short.
pub fn is_called(issuer: &str, name: &str) -> bool {
    issuer.contains(name) || names(issuer).iter().any(|known| known.contains(name))
}

/// What an issuer calls itself in its own reports: 区政协, 市政府, 区委.
pub fn self_name(issuer: &str) -> Option<String> {
    let (region, short) = body(issuer)?;
    let level = region.chars().next_back().filter(|c| "省市区县州旗镇乡".contains(*c))?;
    Some(format!("{level}{short}"))
}

/// A text in which an issuer's name with its region is replaced by what it calls itself.
pub fn as_self(text: &str, issuer: &str) -> Option<String> {
    let own = self_name(issuer)?;
    let mut with_region = names(issuer);
    with_region.retain(|name| *name != own);
    with_region.push(issuer.to_owned());
    with_region.sort_by_key(|name| usize::MAX - name.len());
    with_region.into_iter().find(|name| text.contains(name.as_str())).map(|name| text.replace(&name, &own))
}

/// Names of one body among many, each with the fullest of them: 望澜区政协 is 云汀市望澜区's if no other place has a
/// 望澜区 of its own. Names that stand for themselves are left out.
pub fn fullest<'a>(names: impl Iterator<Item = &'a str> + Clone) -> HashMap<String, String> {
    let bodies = || names.clone().filter_map(|name| body(name).map(|(region, short)| (name, region, short)));
    // The regions and names of bodies, by what they are called and by each place that their region ends with.
    let mut by_place: HashMap<(String, &str), Vec<(&str, &str)>> = HashMap::new();
    for (name, region, short) in bodies() {
        for place in regions(region) {
            by_place.entry((short.clone(), place)).or_default().push((region, name));
        }
    }
    let mut fullest = HashMap::new();
    for (name, region, short) in bodies() {
        let mut same = by_place.get(&(short, region)).cloned().unwrap_or_default();
        same.sort_by_key(|(region, name)| (region.len(), name.len(), *name));
        // Of two places with a 望澜区 neither is meant.
        let is_one = same.windows(2).all(|pair| pair[1].0.ends_with(pair[0].0));
        if let Some((_, other)) = same.last().filter(|(_, other)| is_one && *other != name) {
            fullest.insert(name.to_owned(), (*other).to_owned());
        }
    }
    fullest
}

/// A region and the places it ends with: 杭州市钱塘区 and 钱塘区.
pub(super) fn regions(region: &str) -> impl Iterator<Item = &str> {
    let inner = region.char_indices().filter(|(_, c)| "省市州".contains(*c)).map(|(at, c)| at + c.len_utf8());
    // 杭州市钱塘区: 州 ends no place of its own there.
    let tails = inner
        .filter_map(|at| region.get(at..))
        .filter(|tail| !tail.starts_with(['省', '市']) && tail.chars().count() > 1);
    std::iter::once(region).chain(tails)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_have_short_names_and_names_of_their_own() {
        let cases = [
            ("中国人民政治协商会议杭州市钱塘区委员会", &["杭州市钱塘区政协", "钱塘区政协", "区政协"][..]),
            ("云汀市望澜区人民政府", &["云汀市望澜区政府", "望澜区政府", "区政府"]),
            ("望澜区人民代表大会常务委员会", &["望澜区人大常委会", "区人大常委会"]),
            ("中国共产党北京市委员会", &["北京市委", "市委"]),
            ("中国共产党望澜区纪律检查委员会", &["望澜区纪委", "区纪委"]),
            ("浙江省人民政府", &["浙江省政府", "省政府"]),
            ("国务院", &[]),
        ];
        for (issuer, expected) in cases {
            assert_eq!(names(issuer), expected, "{issuer}");
        }
        let issuer = "中国人民政治协商会议杭州市钱塘区委员会";
        assert_eq!(as_self("钱塘区政协常委会", issuer).as_deref(), Some("区政协常委会"));
        assert_eq!(as_self("上城区政协", issuer), None);
    }

    #[test]
    fn names_of_one_body_have_the_fullest_of_them() {
        let names = [
            "望澜区人民政府",
            "云汀市望澜区人民政府",
            "政协望澜区委员会",
            "中国人民政治协商会议望澜区委员会",
            "青崖县人民政府",
            "甲市鼓楼区人民法院",
            "乙市鼓楼区人民法院",
            "鼓楼区人民法院",
            "国务院",
        ];
        let fullest = fullest(names.iter().copied());
        let mut found: Vec<(&str, &str)> = fullest.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        found.sort_unstable();
        let expected =
            [("政协望澜区委员会", "中国人民政治协商会议望澜区委员会"), ("望澜区人民政府", "云汀市望澜区人民政府")];
        assert_eq!(found, expected);
    }
}
