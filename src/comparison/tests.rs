//! Stories of whole comparisons, and what holds for all.

use proptest::prelude::*;

use super::*;
use crate::model::{Part, Role};

struct Report {
    sections: Vec<Section>,
    passages: Vec<Passage>,
}

/// A report whose lines are paragraphs; a line that begins with # is a heading, with * the review's and others the
/// plan's.
fn report(text: &str) -> Report {
    let mut report = Report { sections: Vec::new(), passages: Vec::new() };
    let mut part = Part::Plan;
    for line in text.lines().map(str::trim) {
        let section = report.sections.len().checked_sub(1).map(|section| section as u32);
        let heading = line.strip_prefix("#*").or(line.strip_prefix('#'));
        let (role, section, text) = match heading {
            Some(heading) => {
                part = if line.starts_with("#*") { Part::Review } else { Part::Plan };
                report.sections.push(Section { heading: Some(heading.to_owned()), parent: None, passage: None });
                (Role::Heading, Some(report.sections.len() as u32 - 1), heading)
            }
            None => (Role::Paragraph, section, line),
        };
        report.passages.push(Passage { role, part, section, text: text.to_owned(), bytes: Vec::new() });
    }
    report
}

fn side<'a>(report: &'a Report, name: &'a str) -> Side<'a> {
    let Report { sections, passages } = report;
    Side { report: name, title: name, year: None, issuer: None, sections, passages }
}

fn compared(a: &str, b: &str, mode: Mode) -> Comparison {
    let names = PlaceNames::new(["云汀市望澜区", "云汀市"]);
    compare(&side(&report(a), "甲"), &side(&report(b), "乙"), &names, mode)
}

/// Rows as a person would note them.
fn rows(comparison: &Comparison) -> Vec<String> {
    let text = |places: &[Place]| places.iter().map(|place| place.text.as_str()).collect::<Vec<_>>().join("+");
    let row = |row: &Row| {
        let moved = if row.moved { " moved" } else { "" };
        format!("{}{moved} {}|{}", row.state.label(), text(&row.a), text(&row.b))
    };
    comparison.rows.iter().map(row).collect()
}

#[test]
fn sentences_are_kept_reworded_dropped_and_new() {
    let a = "#一、任务\n修好澜江北岸六公里堤防。改造茶园两千亩，扶持制茶合作社。给老街铺青石板。";
    let b = "#一、任务\n修好澜江北岸六公里堤防。改造茶园三千亩，扶持制茶合作社和家庭茶坊。开通夜间渡轮。";
    let comparison = compared(a, b, Mode::Versions);
    let expected = [
        "kept 修好澜江北岸六公里堤防。|修好澜江北岸六公里堤防。",
        "reworded 改造茶园两千亩，扶持制茶合作社。|改造茶园三千亩，扶持制茶合作社和家庭茶坊。",
        "dropped 给老街铺青石板。|",
        "new |开通夜间渡轮。",
    ];
    assert_eq!(rows(&comparison), expected);
    assert_eq!(comparison.summary.count.of_a(State::Kept), Amount { sentences: 1, characters: 12 });
    assert_eq!(comparison.summary.count.all_of_b().sentences, 3);
}

#[test]
fn what_moves_to_another_section_is_not_dropped() {
    let a = "#一、农业\n改造茶园两千亩。发展林下养蜂。\n#二、文化\n办好乡村夜校。修缮古戏台。重印县志三百部。";
    let b = "#一、农业\n改造茶园两千亩。\n#二、文化\n办好乡村夜校。修缮古戏台。重印县志三百部。发展林下养蜂。";
    let comparison = compared(a, b, Mode::Versions);
    let moved: Vec<_> = comparison.rows.iter().filter(|row| row.moved).map(Row::after).collect();
    assert_eq!(moved, ["发展林下养蜂。"]);
    assert!(comparison.rows.iter().all(|row| row.state == State::Kept));
    assert!(comparison.sections.iter().all(|pair| pair.state == Some(State::Kept) && !pair.moved));
}

#[test]
fn sections_that_change_places_move_as_wholes() {
    let (tea, school, canal) =
        ("#茶业\n改造茶园两千亩。扶持制茶合作社。", "#夜校\n办好乡村夜校。", "#水利\n疏浚澜江故道。");
    let a = [tea, school, canal].join("\n");
    let b = [school, tea, canal].join("\n");
    let comparison = compared(&a, &b, Mode::Versions);
    let moved: Vec<_> = comparison.sections.iter().filter(|pair| pair.moved).map(|pair| pair.b.as_deref()).collect();
    assert_eq!(moved, [Some("夜校")]);
    assert_eq!(comparison.summary.count.moved, 0);
}

#[test]
fn a_sentence_cut_in_two_stands_in_one_row() {
    let a = "疏浚澜江故道十二公里，并在两岸栽植乌桕和水杉三万株。给老街铺青石板。";
    let b = "疏浚澜江故道十二公里。在两岸栽植乌桕和水杉三万株。给老街铺青石板。";
    let expected = "reworded 疏浚澜江故道十二公里，并在两岸栽植乌桕和水杉三万株。|疏浚澜江故道十二公里。+在两岸栽植乌桕和水杉三万株。";
    assert_eq!(rows(&compared(a, b, Mode::Versions))[0], expected);
    let joined = rows(&compared(b, a, Mode::Versions));
    assert!(joined[0].starts_with("reworded 疏浚澜江故道十二公里。+在两岸"), "{joined:?}");
}

#[test]
fn repeated_sentences_align_by_their_neighbours() {
    let block = |work: &str| format!("今年要抓好{work}。各级各部门要压实责任。每月通报一次进度。");
    let a = [block("茶业"), block("水利"), block("夜校")].join("\n");
    let b = [block("水利"), block("夜校")].join("\n");
    let comparison = compared(&a, &b, Mode::Versions);
    let kept = comparison.rows.iter().filter(|row| row.state == State::Kept);
    let passages: Vec<_> = kept.map(|row| (row.a[0].passage, row.b[0].passage)).collect();
    assert_eq!(passages, [(2, 1), (2, 1), (2, 1), (3, 2), (3, 2), (3, 2)]);
}

#[test]
fn enumerators_formulas_and_headings_are_no_wording() {
    let a = "#一、任务\n各位代表！\n一是修好水渠。二是补种茶苗。";
    let b = "#二、任务\n（一）补种茶苗。（二）修好水渠。";
    let comparison = compared(a, b, Mode::Versions);
    assert_eq!(rows(&comparison), ["kept 补种茶苗。|补种茶苗。", "kept 修好水渠。|修好水渠。"]);
    assert_eq!(comparison.sections[1].state, Some(State::Kept));
}

#[test]
fn what_is_dropped_stands_where_it_stood() {
    let a = "疏浚澜江故道。给老街铺青石板。办好乡村夜校。修缮古戏台。";
    let b = "疏浚澜江故道。开通夜间渡轮。办好乡村夜校。修缮古戏台。";
    let states: Vec<State> = compared(a, b, Mode::Versions).rows.iter().map(|row| row.state).collect();
    assert_eq!(states, [State::Kept, State::Dropped, State::New, State::Kept, State::Kept]);
}

const PLAN: &str = "#*一、去年回顾\n栽下第一批乌桕。\n#二、今年任务\n疏浚澜江故道十二公里，开通夜间渡轮。建成乡村夜校二十所。\
     给老街铺青石板。组建女子龙舟队。";

#[test]
fn a_review_answers_a_plan_by_what_it_speaks_of() {
    let review = "#*一、去年回顾\n二十三所乡村夜校相继开课。澜江故道疏浚工程提前完工，两岸重现水杉。新建气象站一座。\n#二、今年任务\n给老街铺青石板。";
    let comparison = compared(PLAN, review, Mode::PlanReview);
    let noted: Vec<(State, String)> = comparison.rows.iter().map(|row| (row.state, row.after())).collect();
    let expected = [
        (State::Partial, "澜江故道疏浚工程提前完工，两岸重现水杉。"),
        (State::Found, "二十三所乡村夜校相继开课。"),
        (State::Unseen, ""),
        (State::Unseen, ""),
        (State::New, "新建气象站一座。"),
    ];
    assert_eq!(noted, expected.map(|(state, text)| (state, text.to_owned())));
    assert_eq!(comparison.rows[1].shared, ["乡村夜校"]);
}

#[test]
fn a_subordinate_takes_over_what_its_superior_sets() {
    let superior =
        "#任务\n市政府要建成智慧渡口。全市推行河湖警长制，健全巡河日志。办好乡村夜校。鼓励酿造业申报老字号。";
    let own = "#任务\n区政府要建成智慧渡口。推行河湖警长制，健全巡河日志和月报。夜间渡轮延时一小时，方便夜校师生。";
    let comparison = compared(superior, own, Mode::Superior);
    let states: Vec<State> = comparison.rows.iter().map(|row| row.state).collect();
    assert_eq!(states[..2], [State::Kept, State::Reworded]);
    assert_eq!(states[3], State::Unseen);
}

#[test]
fn strange_input_is_no_trouble() {
    for text in ["", "#", "。", "一是\n（一）", "；；；\t", "#标题\n#标题"] {
        for mode in [Mode::Versions, Mode::PlanReview, Mode::Superior] {
            assert!(compared(text, "#*一\n一。", mode).rows.len() <= 1, "{text}");
            assert!(compared("办好乡村夜校。", text, mode).rows.len() <= 2, "{text}");
        }
    }
}

/// Where the sentences of a report stand, by passage and first character.
fn places<'a>(rows: &'a [Row], of: impl Fn(&'a Row) -> &'a [Place]) -> Vec<(u32, usize)> {
    let mut places: Vec<_> = rows.iter().flat_map(of).map(|place| (place.passage, place.chars.start)).collect();
    places.sort_unstable();
    places
}

fn sentences(text: &str) -> Vec<(u32, usize)> {
    let names = PlaceNames::new([]);
    let report = report(text);
    let text = Text::of(&side(&report, "甲"), &[], &names);
    text.pieces.iter().map(|piece| (piece.passage as u32 + 1, piece.chars.start)).collect()
}

/// Reports from sentences with little in common, under one to three headings.
fn text() -> impl Strategy<Value = String> {
    const SENTENCES: [&str; 14] = [
        "疏浚澜江故道十二公里。",
        "办好乡村夜校；",
        "修缮古戏台，恢复社火巡游。",
        "一是补种茶苗，二是重修茶亭。",
        "给老街铺青石板。",
        "开通夜间渡轮三条。",
        "开通夜间渡轮五条，方便夜班职工。",
        "组建女子龙舟队！",
        "发展林下养蜂。",
        "扶持发展林下养蜂和采笋。",
        "重印县志三百部。",
        "每月通报一次进度。",
        "#一、农事",
        "#二、文教",
    ];
    let line = (0..SENTENCES.len(), any::<bool>());
    proptest::collection::vec(line, 0..16).prop_map(|lines| {
        let mut text = String::new();
        for (number, breaks) in lines {
            let is_heading = SENTENCES[number].starts_with('#');
            if (breaks || is_heading) && !text.is_empty() && !text.ends_with('\n') {
                text.push('\n');
            }
            text += SENTENCES[number];
            if is_heading {
                text.push('\n');
            }
        }
        text
    })
}

proptest! {
    #[test]
    fn every_sentence_stands_in_one_row(a in text(), b in text()) {
        let comparison = compared(&a, &b, Mode::Versions);
        prop_assert_eq!(places(&comparison.rows, |row| &row.a), sentences(&a));
        prop_assert_eq!(places(&comparison.rows, |row| &row.b), sentences(&b));
        let answered = compared(&a, &b, Mode::Superior);
        prop_assert_eq!(places(&answered.rows, |row| &row.a), sentences(&a));
    }

    #[test]
    fn a_report_is_kept_in_itself(a in text()) {
        let comparison = compared(&a, &a, Mode::Versions);
        prop_assert!(comparison.rows.iter().all(|row| row.state == State::Kept && !row.moved && row.a[0].passage == row.b[0].passage));
        prop_assert!(comparison.sections.iter().all(|pair| pair.state == Some(State::Kept) && !pair.moved));
    }

    #[test]
    fn the_other_way_round_dropped_is_new(a in text(), b in text()) {
        let (there, back) = (compared(&a, &b, Mode::Versions), compared(&b, &a, Mode::Versions));
        let count = |comparison: &Comparison, state| comparison.rows.iter().filter(|row| row.state == state).count();
        prop_assert_eq!(count(&there, State::Dropped), count(&back, State::New));
        prop_assert_eq!(count(&there, State::New), count(&back, State::Dropped));
        prop_assert_eq!(count(&there, State::Kept), count(&back, State::Kept));
    }
}
