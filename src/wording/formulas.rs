//! Formulas (套话): what every report says to open, close and hand over. A check leaves them out of its shares.

use crate::text::fold::MARK;

/// Sentences that are formulas by themselves, in their matching form without marks.
const SENTENCES: [&str; 14] = [
    "各位代表",
    "各位委员",
    "各位领导",
    "同志们",
    "同志们朋友们",
    "各位代表同志们",
    "各位委员同志们",
    "谢谢大家",
    "谢谢",
    "请予审议",
    "请审议",
    "请予审查",
    "以上报告请予审议",
    "以上报告请审议",
];

/// What a sentence that hands a report over or asks for its deliberation holds.
const HANDING_OVER: [&str; 8] = [
    "请予审议",
    "请予审查",
    "请各位代表审议",
    "请一并审议",
    "列席人员提出意见",
    "列席会议的同志提出意见",
    "列席同志提出意见",
    "政协委员提出意见",
];

/// Longer sentences, in characters, say something of their own beside a formula.
const LONGEST: usize = 90;

/// Whether a sentence's matching form is a formula.
pub fn is_formula(form: &[char]) -> bool {
    if form.len() > LONGEST {
        return false;
    }
    let plain: String = form.iter().filter(|c| c.is_alphanumeric()).collect();
    // 提请审议 asks for something else.
    let asks = || form.split(|&c| c == MARK).any(|clause| clause.starts_with(&['请', '审', '议']));
    SENTENCES.contains(&plain.as_str()) || HANDING_OVER.iter().any(|part| plain.contains(part)) || asks()
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
        ] {
            assert_eq!(is_formula(&fold(text).chars), expected, "{text}");
        }
    }
}
