//! What sort of document titles and opening words say a report is.
//!
//! Patterns over matching forms, most telling first.

use std::sync::LazyLock;

use regex::Regex;

use crate::model::Kind;
use crate::text::pattern;

/// What a title or name says, in its matching form.
pub(super) fn of_title(title: &str) -> Option<Kind> {
    TITLES.iter().find(|(_, words)| words.is_match(title)).map(|&(kind, _)| kind)
}

/// What the session line and the opening words say, in their matching form.
pub(super) fn of_opening(opening: &str) -> Option<Kind> {
    OPENINGS.iter().find(|(_, words)| words.is_match(opening)).map(|&(kind, _)| kind)
}

fn compiled(rules: &[(Kind, &str)]) -> Vec<(Kind, Regex)> {
    rules.iter().map(|&(kind, words)| (kind, pattern(words))).collect()
}

/// What titles say, most telling first.
static TITLES: LazyLock<Vec<(Kind, Regex)>> = LazyLock::new(|| {
    compiled(&[
        (Kind::Resolution, "关于.*(报告|规划|计划|预算).*的?决议"),
        (Kind::Audit, "审计.{0,40}报告"),
        (Kind::Budget, "预算.*报告|财政决算"),
        (Kind::PlanReport, "(经济|社会)发展计划.*报告|计划执行情况|国民经济计划.*报告"),
        (Kind::Statistics, "统计公报"),
        (Kind::Proposals, "提案工作.*报告|提案.*情况的报告"),
        (Kind::Motion, "建议案"),
        (Kind::Consultative, "(政协|政治协商会议).*(工作报告|报告)"),
        (Kind::Discipline, "(纪委|纪律检查委员会).*(工作报告|报告)"),
        (Kind::Special, "执法检查.{0,20}报告"),
        (Kind::Congress, "(人大|人民代表大会)常(委会|务委员会).*报告"),
        (Kind::Court, "法院.*工作.*报告|法院工作报告"),
        (Kind::Procuratorate, "检察院.*工作.*报告"),
        (Kind::PartyPlenum, "(中共|共产党|全体会议|全会).*(决定|建议|公报|决议)"),
        (
            Kind::PartyCongress,
            "(共产党|党)第.{1,3}次.*代表大会.*报告|代表大会上的政治报告|(全国)?代表大会上的报告|报告[一二三四五六七八九十]{1,2}大$",
        ),
        (Kind::PartyCongress, "中共.{1,20}委员会.{0,6}工作报告"),
        (Kind::Government, "政府工作报告|国务院.*工作报告|(办事处|管委会|管理委员会).{0,12}工作报告"),
        (Kind::Plan, "规划|计划纲要"),
        (Kind::Summary, "工作总结|年度总结|工作情况(的)?(汇报|报告)$|总结"),
        (Kind::MainPoints, "工作要点"),
        (Kind::Special, "调研报告|视察报告|民主监督.*报告|专题报告|调查报告"),
        (Kind::Resolution, "决议"),
        (Kind::News, "新闻联播|^要闻"),
        (Kind::Notice, "通知|附件|大纲|公告"),
        (Kind::Speech, "讲话|致辞"),
    ])
});

/// What the session line and the opening words say.
static OPENINGS: LazyLock<Vec<(Kind, Regex)>> = LazyLock::new(|| {
    compiled(&[
        (
            Kind::PartyCongress,
            "(代表|受).{0,16}中央委员会.{0,20}(向.{0,20})?(大会|代表大会).{0,6}报告|共产党第.{1,3}次全国代表大会上的.{0,2}报告|第.{1,3}次.{0,4}代表大会上的.{0,2}报告",
        ),
        (Kind::Consultative, "政协.{0,30}常(务委员会|委会).{0,20}报告工作"),
        (Kind::Congress, "人(大|民代表大会)常(务委员会|委会).{0,20}报告工作"),
        (Kind::Discipline, "纪律检查委员会.{0,30}(报告工作|作工作报告|全体会议上的.{0,6}报告)"),
        (Kind::Court, "代表.{0,20}人民法院.{0,20}报告"),
        (Kind::Procuratorate, "代表.{0,20}人民检察院.{0,20}报告"),
        (Kind::Government, "代表.{0,12}(人民政府|国务院|政府).{0,30}(报告|提出)|国务院.{0,8}提出.{0,40}报告"),
        (Kind::Resolution, "^.{0,120}决定批准这个报告|会议(审议|听取).{0,60}决定(予以)?批准"),
    ])
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_patterns_compile() {
        assert!(TITLES.len() > 20 && OPENINGS.len() > 5);
    }
}
