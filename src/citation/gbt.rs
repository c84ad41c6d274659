//! A citation by GB/T 7714—2015 《信息与文献 参考文献著录规则》, numeric system, without the number.
//!
//! The order is that of a monograph, to which reports belong (3.3, 4.1.2): 主要责任者. 题名: 其他题名信息[文献类型标识].
//! 其他责任者. 出版地: 出版者, 出版年: 引文页码. Of what the standard says, this rests on:
//!
//! - 8.1.3: without a known author the entry begins with the title;
//! - 8.1.4: bodies are written as the source has them;
//! - 8.2.3: what explains the title (here: date and session) stands behind a colon;
//! - 8.4.1.3, 8.4.2.3: place and publisher, where unknown, may be left out for electronic resources; texts of an
//!   archive are such, and 出版地不详 would claim that a search had been made;
//! - 8.4.3.2: dates of newspapers as YYYY-MM-DD; 8.4.3.3: an estimated year stands in square brackets;
//! - appendix B: `R` for reports, `N` for newspapers, `Z` for other documents. No carrier (`/OL`) is given, for that
//!   demands an address.
//!
//! Texts have no pages, so the heading path and the number of the passage stand where the page would. The order of
//! items and the clauses were read in a public transcription of the standard.

use super::{Appeared, Place, Sort, appeared, date_parts, on_one_line, responsible, session, sort};
use crate::model::Metadata;

/// The citation as a line of text.
pub(super) fn line(metadata: &Metadata, place: Option<&Place>) -> String {
    let (author, speaker) = responsible(metadata);
    let mark = match sort(metadata.kind.value) {
        Sort::Report => 'R',
        Sort::News => 'N',
        Sort::Other => 'Z',
    };
    let title = on_one_line(&metadata.title.value);
    let explained = explanation(metadata).map_or_else(String::new, |words| format!(": {words}"));
    let speaker = speaker.filter(|_| mark == 'R').map(|speaker| format!("{speaker}, 报告"));
    let year = year(metadata);
    let issue = match (year, place) {
        (Some(year), Some(place)) => Some(format!("{year}: {place}")),
        (year, place) => year.or_else(|| place.map(Place::to_string)),
    };
    let title = format!("{title}{explained}[{mark}]");
    let items: Vec<String> = [author, Some(title), speaker, issue].into_iter().flatten().collect();
    format!("{}.", items.join(". "))
}

/// What tells the report from others of its title: region, date and session, so far as nothing else says them.
fn explanation(metadata: &Metadata) -> Option<String> {
    let title = &metadata.title.value;
    let is_unsaid = |words: &String| !words.is_empty() && !title.contains(words.as_str());
    let region = metadata.region.as_ref().map(|region| on_one_line(&region.value)).filter(is_unsaid);
    // A body's name says where it is, and what is of the whole country needs no place.
    let region = region.filter(|region| metadata.issuer.is_none() && region != "全国");
    let date = match metadata.delivered.as_ref().and_then(|date| date_parts(&date.value)).as_deref() {
        // A newspaper's date stands where the year would.
        _ if sort(metadata.kind.value) == Sort::News => None,
        Some([year, month, day]) => Some(format!("{year}年{month}月{day}日")),
        Some([year, month]) => Some(format!("{year}年{month}月")),
        _ => None,
    };
    let covered = match (&metadata.year, appeared(metadata)) {
        (Some(year), Appeared::Unknown) => Some(format!("{}年", year.value)).filter(is_unsaid),
        _ => None,
    };
    let words: Vec<String> =
        [region, covered, date.filter(is_unsaid), session(metadata)].into_iter().flatten().collect();
    (!words.is_empty()).then(|| words.concat())
}

fn year(metadata: &Metadata) -> Option<String> {
    match appeared(metadata) {
        Appeared::On(date) if sort(metadata.kind.value) == Sort::News => {
            let parts: Vec<String> = date.iter().map(|part| format!("{part:02}")).collect();
            Some(parts.join("-"))
        }
        Appeared::On(date) => date.first().map(u32::to_string),
        Appeared::About(year) => Some(format!("[{year}]")),
        Appeared::Unknown => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::citation::tests::{bare, full, of_year, place};
    use crate::model::{Inferred, Kind, Origin};

    fn found(text: &str) -> Option<Inferred<String>> {
        Some(Inferred::new(text.to_owned(), Origin::Text))
    }

    #[test]
    fn a_report_is_cited_with_all_that_is_known() {
        assert_eq!(
            line(&full(), None),
            "望澜区人民政府. 政府工作报告: 2026年1月18日第三届第四次会议[R]. 陈望川, 报告. 2026."
        );
        assert_eq!(
            line(&full(), Some(&place())),
            "望澜区人民政府. 政府工作报告: 2026年1月18日第三届第四次会议[R]. 陈望川, 报告. \
             2026: 二、2026年主要任务 › （一）建设产业社区, 第37段."
        );
    }

    #[test]
    fn every_kind_has_the_mark_of_its_sort() {
        for (kind, mark) in [
            (Kind::Court, "[R]"),
            (Kind::Statistics, "[R]"),
            (Kind::News, "[N]"),
            (Kind::Plan, "[Z]"),
            (Kind::Notice, "[Z]"),
            (Kind::Speech, "[Z]"),
        ] {
            assert_eq!(line(&bare("望澜之声", kind), None), format!("望澜之声{mark}."));
        }
        for &kind in Kind::ALL {
            assert!(line(&full(), Some(&place())).ends_with("段."), "{kind}");
        }
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        let court =
            Metadata { region: found("云汀市望澜区"), ..of_year("法院工作报告", Kind::Court, 2025) };
        assert_eq!(line(&court, None), "法院工作报告: 云汀市望澜区[R]. [2025].");
        let nothing = bare("工作报告", Kind::Other);
        assert_eq!(line(&nothing, Some(&Place { section: Vec::new(), passage: 3 })), "工作报告[Z]. 第3段.");
        let national = Metadata { region: found("全国"), ..bare("公报", Kind::PartyPlenum) };
        assert_eq!(line(&national, None), "公报[Z].");
    }

    #[test]
    fn the_year_that_a_communique_covers_is_not_the_year_it_appeared() {
        let communique = of_year("望澜区国民经济和社会发展统计公报", Kind::Statistics, 2024);
        assert_eq!(line(&communique, None), "望澜区国民经济和社会发展统计公报: 2024年[R].");
        let named = of_year("望澜区2024年国民经济和社会发展统计公报", Kind::Statistics, 2024);
        assert_eq!(line(&named, None), "望澜区2024年国民经济和社会发展统计公报[R].");
        let dated = Metadata { delivered: found("2025-03"), ..named };
        assert_eq!(line(&dated, None), "望澜区2024年国民经济和社会发展统计公报: 2025年3月[R]. 2025.");
    }

    #[test]
    fn news_has_its_day_and_speeches_their_speaker() {
        let news = Metadata { delivered: found("2026-01-20"), ..bare("产业社区看望澜", Kind::News) };
        assert_eq!(line(&news, None), "产业社区看望澜[N]. 2026-01-20.");
        let speech = Metadata { speaker: found("陈望川"), ..full() };
        let speech = Metadata { kind: Inferred::new(Kind::Speech, Origin::Text), session: None, ..speech };
        assert_eq!(line(&speech, None), "陈望川. 政府工作报告: 2026年1月18日[Z]. 2026.");
    }
}
