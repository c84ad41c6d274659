//! What a person reads of a small comparison.

use yinde::comparison::{Comparison, Mode, Side, compare};
use yinde::model::{Part, Passage, Role, Section};
use yinde::text::slots::PlaceNames;

use super::html::Page;
use super::markdown::Markdown;

fn passages(text: &str, part: Part) -> Vec<Passage> {
    let paragraph = |line: &str| Passage {
        role: Role::Paragraph,
        part,
        section: Some(0),
        text: line.to_owned(),
        bytes: Vec::new(),
    };
    text.lines().map(paragraph).collect()
}

fn compared(a: &str, b: &str, mode: Mode) -> Comparison {
    let sections = [Section { heading: Some("一、<任务>".to_owned()), parent: None, passage: None }];
    let (a, b) =
        (passages(a, Part::Plan), passages(b, if mode == Mode::PlanReview { Part::Review } else { Part::Plan }));
    let side = |passages, year| Side {
        report: "r1",
        title: "望澜区\"政府\"工作报告",
        year: Some(year),
        issuer: Some("望澜区人民政府"),
        sections: &sections,
        passages,
    };
    compare(&side(&a, 2025), &side(&b, 2026), &PlaceNames::new(["云汀市望澜区"]), mode)
}

const A: &str = "疏浚澜江故道。改造茶园两千亩，扶持制茶合作社。\n给老街铺<b>青石板</b>。";
const B: &str = "疏浚澜江故道。改造茶园两千亩，扶持家庭茶坊和制茶合作社。\n开通夜间渡轮。";

#[test]
fn a_page_needs_nothing_else_and_no_text_is_markup() {
    let page = Page(&compared(A, B, Mode::Versions)).to_string();
    assert!(page.contains("逐句对照：2025年 → 2026年"));
    assert!(page.contains("扶持<ins>家庭茶坊和</ins>制茶合作社"));
    assert!(page.contains("给老街铺&lt;b&gt;青石板&lt;/b&gt;。") && page.contains("一、&lt;任务&gt;"));
    for absent in ["<script", "http", "src=", "<b>青石板", "\"政府\""] {
        assert!(!page.contains(absent), "{absent}");
    }
    for state in ["未改", "改写", "删去", "新增"] {
        assert!(page.contains(&format!(">{state}</b>")), "{state}");
    }
    assert!(page.contains("2025年 第1段，2026年 第1段"));
}

#[test]
fn what_is_not_found_is_said_with_care() {
    let page = Page(&compared(A, B, Mode::PlanReview)).to_string();
    assert!(page.contains("未见提及") && !page.contains("未落实"));
    assert!(page.contains("不等于没有做"));
}

#[test]
fn markdown_says_the_same() {
    let text = Markdown(&compared(A, B, Mode::Versions)).to_string();
    assert!(text.starts_with("# 逐句对照：2025年 → 2026年\n"));
    assert!(text.contains("- 1　**未改**（2025年 第1段，2026年 第1段）：疏浚澜江故道。\n"));
    assert!(text.contains("扶持<ins>家庭茶坊和</ins>制茶合作社。\n"));
    assert!(text.contains("- 3　**删去**（2025年 第2段）：给老街铺\\<b\\>青石板\\</b\\>。\n"));
    assert!(text.contains("| 一、\\<任务\\> | 1 | 1 | 1 | 1 |\n"));
}
