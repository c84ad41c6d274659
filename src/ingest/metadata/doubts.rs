//! What is not certain of a report's metadata, so that a person can look and say.

use super::dates;
use super::evidence::Evidence;
use crate::model::{Doubt, Kind, Metadata, Origin};

/// The doubts about what was found. What the user said is certain.
pub(super) fn of(metadata: &Metadata, evidence: &Evidence) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    let mut doubt = |field: &str, reason: String| doubts.push(Doubt { field: field.to_owned(), reason });
    let kind = metadata.kind.value;
    if kind == Kind::Other && metadata.kind.origin != Origin::Sidecar {
        doubt("kind", "没有认出类型".to_owned());
    }
    match &metadata.year {
        None => doubt("year", "没有找到年份".to_owned()),
        Some(year) if year.origin == Origin::Inferred && !evidence.has_a_session_or_plan() => {
            doubt("year", format!("正文开头提到 {} 年，没有写明报告的年份", year.value));
        }
        Some(year) if year.origin == Origin::Text => {
            let named = dates::years(&evidence.stem);
            let around = |other: &i32| {
                let in_stretch = |years: &Option<crate::model::Inferred<crate::model::Years>>| {
                    years.as_ref().is_some_and(|y| (y.value.from..=y.value.to).contains(other))
                };
                *other == year.value || in_stretch(&metadata.covers) || in_stretch(&metadata.plans)
            };
            if let Some(other) = named.iter().find(|_| !named.iter().any(around)) {
                doubt("year", format!("正文为 {} 年，文件名为 {other} 年", year.value));
            }
        }
        Some(_) => {}
    }
    match &metadata.region {
        None if !matches!(kind, Kind::News | Kind::Notice) => doubt("region", "没有找到地区".to_owned()),
        Some(region) if region.origin == Origin::Text => {
            let other = evidence.region_of_names().filter(|other| !is_part_of(other, &region.value));
            if let Some(other) = other {
                doubt("region", format!("正文为{}，文件名或文件夹名为{other}", region.value));
            }
        }
        _ => {}
    }
    let has_issuer = !matches!(kind, Kind::News | Kind::Notice | Kind::Other | Kind::Speech | Kind::Special);
    if metadata.issuer.is_none() && metadata.region.is_some() && has_issuer {
        doubt("issuer", "没有找到单位".to_owned());
    }
    doubts
}

/// Whether one region's name is that of the other, or of what it belongs to.
fn is_part_of(name: &str, region: &str) -> bool {
    region.contains(name) || name.contains(region)
}
