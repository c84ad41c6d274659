//! Formulas (套话): what every report says to open, close and hand over. A check leaves them out of its shares.

use crate::text::fold::MARK;

/// Whom a report is given to.
const SALUTATIONS: [&str; 15] = [
    "各位代表",
    "各位委员",
    "各位领导",
    "各位同志",
    "各位来宾",
    "各位嘉宾",
    "各位列席人员",
    "同志们",
    "朋友们",
    "女士们",
    "先生们",
    "主席",
    "主席团",
    "大会主席团",
    "主任",
];

/// Clauses that are formulas wherever they stand.
const FIXED: [&str; 10] = [
    "现在",
    "下面",
    "谢谢",
    "谢谢大家",
    "报告完毕",
    "我的报告完了",
    "我的报告完毕",
    "以上报告",
    "请审查批准",
    "请予审查批准",
];

/// Whether a sentence's matching form is a formula: every clause of it is one.
pub fn is_formula(form: &[char]) -> bool {
    let mut clauses = form.split(|&c| c == MARK).filter(|clause| !clause.is_empty()).peekable();
    clauses.peek().is_some() && clauses.all(|clause| is_formula_clause(&clause.iter().collect::<String>()))
}

fn is_formula_clause(clause: &str) -> bool {
    let addressed = clause.strip_prefix("尊敬的").unwrap_or(clause);
    // 提请审议 asks for something else.
    let asks = clause.starts_with("请") || clause.starts_with("并请") || clause.starts_with("现请");
    let hands_over = ["审议", "审查", "提出意见", "提出意见和建议"].iter().any(|end| clause.ends_with(end));
    let speaks_for = clause.starts_with("我代表")
        || clause.starts_with("我受") && clause.ends_with("委托")
        || clause.starts_with('受') && clause.ends_with("委托");
    let reports = clause.starts_with("向大会") || clause.starts_with("向本次大会") || clause.starts_with("向会议");
    SALUTATIONS.contains(&addressed)
        || FIXED.contains(&clause)
        || asks && hands_over
        || ["请予审议", "请予审查"].iter().any(|end| clause.ends_with(end))
        || speaks_for
        || reports
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold::fold;

    #[test]
    fn salutations_and_handing_over_are_formulas() {
        for (text, expected) in [
            ("各位代表！", true),
            ("现在，我代表市人民政府，向大会报告政府工作，请予审议，并请市政协委员和其他列席人员提出意见。", true),
            ("各位代表，面对严峻形势，我们迎难而上。", false),
            ("以上报告，请予审议。", true),
            ("提请审议地方性法规12件。", false),
            ("各位代表，请予审议这个关于发展产业的重大决定。", false),
            ("广泛征求政协委员提出意见的办理工作。", false),
            ("主席、各位代表：", true),
            ("报告完毕，谢谢大家！", true),
            ("受市人民政府委托，向大会报告2025年计划执行情况，请予审查。", true),
        ] {
            assert_eq!(is_formula(&fold(text).chars), expected, "{text}");
        }
    }
}
