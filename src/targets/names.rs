//! Names of indicators: what a clause says before a value, without the words that only lead to it.
//!
//! By shape: words that lead in (全年, 力争, 其中), verbs and comparisons that lead out (比上年增长), and the few words
//! that reports add or leave out in one and the same name.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::line::is_hidden;
use crate::text::pattern;

/// What a verb says of the value behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    /// 增长 and the like.
    Up,
    /// 下降 and the like.
    Down,
    /// 达到, 降至 and the like.
    Level,
}

/// What stands before a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lead {
    /// Bytes of the name, empty if there is none.
    pub name: Range<usize>,
    /// The verb, if there is one.
    pub verb: Option<Verb>,
    /// Bytes of what leads out of the name.
    pub tail: Range<usize>,
    /// Bytes of what leads into the name.
    pub head: Range<usize>,
}

pub(super) const UP: &str = "增长|上涨|上升|提高|提升|增加|增产|扩大|上调|攀升|增收|增支|上浮|回升|延长";
pub(super) const DOWN: &str =
    "下降|降低|减少|回落|压减|压缩|下调|缩小|收窄|减产|削减|缩短|缩减|下滑|负增长|减亏|精简|下浮|减支|降";
const REACH: &str = "达|完成|实现|突破|超过|超|为|保持|[降减增升扩提]至|[到在有是以按由从至约近共]|跃上|跨越|跨上|迈上|迈过|迈进|站上|越过|首破|首超|冲破|冲刺|接近|合计|总计|安排为";

static VERB: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?:(?P<to>(?:{UP}|{DOWN})(?:到|至|为))|(?P<down>{DOWN}|减亏|减|少)|(?P<up>{UP}|涨|增|多)|(?P<level>{REACH}))(?:了|达|约|近)?"
    ))
});

/// Verbs, comparisons and other words that lead from a name to its value.
static TAIL: LazyLock<Regex> = LazyLock::new(|| {
    let change = format!("(?:{UP}|{DOWN})(?:到|至|为|了|达到|达|约|近)?");
    let base = r"(?:上年|去年|前年|上一年|同期|年初|年底|计划|预期|预算|上届|上次|(?:19|20)\d\d年|[一二][九〇○零][一二三四五六七八九〇○零]{2}年|“?[一二三四五六七八九十]+五”?(?:期|时期)?末?|[一二三四五六七八九十]+年前|解放前|建国前|建国初期|建国初|改革前|疫情前|新冠疫情前)";
    let compared = format!(
        "(?:比|较|同|与){base}(?:末|底|年末|年底|同期|全年|初)?(?:的)?(?:实际|预计|预期|完成数|决算数|预算|水平|平均)?(?:相比)?(?:净增|增|多|少|减|降|涨)?"
    );
    let long = "控制在|稳定在|保持在|维持在|降到|降至|减至|压减至|增至|增到|升至|升到|扩至|提至|跃升至|攀升至|\
    达到|达成|完成|实现|突破|超过|保持|跃上|跨越|跨上|迈上|迈过|迈进|站上|越过|首破|首超|冲破|\
    冲刺|接近|共有|共计|合计|总计|只有|仅有|安排为|定为|确定为|拟按|分别|依次|已经|可以|能够|双双|\
    首次|率先|成功|基本|预计|预期|预测|估计|力争|确保|争取|计划|规划|有望|目标|同比|环比|同口径|\
    可比口径|实际|名义|年均|平均每年|平均|每年|全年|累计|一共|总共|稳步|快速|大幅|大幅度|持续|\
    进一步|继续|逐步|连续|左右|一举|历史性|每人|我们|不低于|不超过|至少";
    let basis = "按可比价格?(?:计算)?|按可比口径(?:计算)?|按不变价格?(?:计算)?|(?:扣除|剔除)[^,、]{2,12}因素后?";
    let hidden = r"[比较]?[\x01\x{80}\x{E000}]+|[“”()\s、]";
    pattern(&format!("(?:{change}|{compared}|{long}|{basis}|{hidden})$"))
});

/// Single characters that lead from a name to its value, unless one of the others stands before them.
const LAST: [(char, &str); 34] = [
    ('达', "表传下发直通抵到"),
    ('超', ""),
    ('为', "作行认成以"),
    ('按', ""),
    ('以', "可所加予难"),
    ('是', "但"),
    ('有', "所拥国私公占特持保共"),
    ('在', "所存潜现"),
    ('由', "自理"),
    ('从', "服"),
    ('到', "得受收感遇看想见提"),
    ('至', "甚乃"),
    ('约', "节公大合"),
    ('近', "附临接"),
    ('共', "公"),
    ('各', ""),
    ('均', "人平"),
    ('都', "首成"),
    ('已', ""),
    ('将', ""),
    ('要', "需重主"),
    ('拟', "模虚"),
    ('再', ""),
    ('又', ""),
    ('也', ""),
    ('仍', ""),
    ('则', "规法原"),
    ('净', "洁"),
    ('的', "目"),
    ('了', ""),
    ('仅', ""),
    ('和', "总饱"),
    ('还', "归偿交"),
    ('占', "抢侵霸攻独强"),
];

/// Words that lead into a name.
const LEADS: &str = "去年 上年 今年 全年 年末 年底 当年 年内 五年 三年 其中 其余 在此基础上 届时 预计 预期 \
    力争 确保 争取 努力 原定为 原定 主要预期目标是 主要预期目标 主要目标是 主要目标 预期目标是 \
    预期目标为 预期目标 目标是 目标为 推动 促进 带动 拉动 使得 让 实现 全面完成 完成 保持 坚持 \
    达到 取得 累计 一共 总共 共计 合计 总计 共有 分别 以及 与 并且 且 而 同时 另外 此外 也 \
    已经 又 将 年均 平均每年 每年 同比 我国 我省 我市 我县 我区 我州 我们 各位代表 一年来 \
    五年来 五年间 截至目前 目前 截至 截止 至 以上 左右 顺利 加快 扎实 大力 深入 积极 持续 \
    继续 进一步 着力 统筹 致力 较好 圆满 首次 约 境内外";

/// Words that lead into a name unless one of the characters beside them follows.
const LEADS_UNLESS: [(&str, &str); 18] = [
    ("其", "他实"),
    ("年", "龄度均轻末底产纪会"),
    ("计划", "生经"),
    ("目标", "任"),
    ("使", "用馆命"),
    ("共", "建青产享同性"),
    ("及", "时"),
    ("和", "谐平田"),
    ("并", "购网轨"),
    ("还", "款建"),
    ("已", "建"),
    ("再", "生造贷担制"),
    ("要", "素求闻"),
    ("全国", "重文百先劳十一人政统和、及与"),
    ("把", "握关"),
    ("到", "位户达期账岗"),
    ("成功", "率"),
    ("近", "海视代郊"),
];

static LEADING: LazyLock<Vec<(&str, &str)>> =
    LazyLock::new(|| LEADS.split(' ').map(|word| (word, "")).chain(LEADS_UNLESS).collect());

/// Numbering that leads into a name.
static NUMBERING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:[①-⑳]|[一二三四五六七八九十]+[是、]|\d{1,2}[.、]|(?:全|我)(?:省|市|县|区|州|旗|盟|镇|乡|街道|自治区|院)(?:法院|检察机关)?(?:共)?)",
    )
});

/// A name goes on only behind the last of these.
const CUTS: [&str; 16] = [
    "推动", "带动", "促进", "拉动", "使得", "确保", "力争", "实现", "预计", "其中", "取得", "争取", "达到", "努力",
    "完成", "保持",
];

/// What ends the name of an indicator.
pub(super) const ENDS: &str = "营收|产量|增加值|总产值|产值|生产总值|总值|可支配收入|纯收入|收入|支出|投资|总额|销售额|零售额|交易额|成交额|金额|余额|占比|比重|比例|人数|人口|面积|里程|数量|价格|[\\p{Han}]数|[\\p{Han}]率|产能|能力|用电量|发电量|吞吐量|货运量|货运值|客运量|能耗|排放量|排放|浓度|存款|贷款|出口|进口|强度|利润|税收|规模|增速|增幅|涨幅";

static INDICATOR_END: LazyLock<Regex> = LazyLock::new(|| pattern(&format!("(?:{ENDS})$")));

/// Whether a name is plainly that of an indicator.
pub(super) fn is_plain(name: &str) -> bool {
    INDICATOR_END.is_match(name)
}

/// Names that say little without whose they are.
const GENERAL: [&str; 16] = [
    "增加值",
    "总产值",
    "产值",
    "收入",
    "利润",
    "利润总额",
    "利税",
    "税收",
    "营业收入",
    "主营业务收入",
    "销售收入",
    "总收入",
    "投资",
    "产量",
    "销售额",
    "零售额",
];

/// What has been done before 、 and has nothing to do with the name behind it.
static DONE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "(?:[0-9万亿]|覆盖|收官|开工|建成|落地|揭牌|完成|投产|投用|改善|增强|加快|优化|启动|成立|入选|突破|见效|好转|回升|向好|丰收|提速|扩容|提质|发展)[、]",
    )
});

static WHERE: LazyLock<Regex> = LazyLock::new(|| pattern("(?:全|我)(?:国|省|市|县|区|州|旗|盟|镇|乡|自治区)"));

/// Where the name begins in a text.
fn head(text: &str) -> usize {
    let mut at = 0;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let Some(first) = rest.chars().next() else { return at };
        if is_hidden(first) || first.is_whitespace() || "“”（）()、.的了;:—-".contains(first) {
            at += first.len_utf8();
        } else if let Some(found) = NUMBERING.find(rest) {
            at += found.end();
        } else {
            let follows = |word: &str| rest.get(word.len()..).and_then(|rest| rest.chars().next());
            let leads = |&&(word, unless): &&(&str, &str)| {
                rest.starts_with(word) && follows(word).is_none_or(|next| !unless.contains(next))
            };
            match LEADING.iter().filter(leads).max_by_key(|(word, _)| word.len()) {
                Some((word, _)) => at += word.len(),
                None => return at,
            }
        }
    }
}

/// Whether a text holds nothing but words that lead into a name.
pub(super) fn leads_only(text: &str) -> bool {
    head(text) == text.len()
}

/// Where the name ends in a text.
fn tail(text: &str) -> usize {
    let mut end = text.len();
    loop {
        let rest = text.get(..end).unwrap_or_default();
        // Patterns that end where the text does are sought in its end alone.
        let window = rest.char_indices().nth_back(LONGEST_TAIL).map_or(0, |(at, _)| at);
        let last = rest.get(window..).unwrap_or_default();
        if let Some(found) = TAIL.find(last).filter(|found| !found.is_empty()) {
            end = window + found.start();
            continue;
        }
        let mut last = rest.chars().rev();
        let (Some(c), before) = (last.next(), last.next()) else { return end };
        let leads = |&(word, unless): &(char, &str)| word == c && before.is_none_or(|before| !unless.contains(before));
        if !LAST.iter().any(leads) {
            return end;
        }
        end -= c.len_utf8();
    }
}

/// Takes what stands before a value apart; bytes are those of `form`, of which `left` is the range before the value.
pub(super) fn lead(form: &str, left: Range<usize>) -> Lead {
    let text = form.get(left.clone()).unwrap_or_default();
    let tail_at = tail(text);
    let tail = text.get(tail_at..).unwrap_or_default();
    let said = |found: regex::Captures<'_>| match () {
        () if found.name("up").is_some() => Verb::Up,
        () if found.name("down").is_some() => Verb::Down,
        () => Verb::Level,
    };
    let verbs: Vec<Verb> = VERB.captures_iter(tail).map(said).collect();
    // 增长目标为 says a growth, 提高到 (one verb) a level.
    let verb = verbs.iter().rfind(|verb| **verb != Verb::Level).or(verbs.last()).copied();
    let name = text.get(..tail_at).unwrap_or_default();
    let first = head(name);
    let is_enough = |at: &usize| name.get(*at..).is_some_and(|rest| seen(rest) >= LEAST_BEHIND_CUT);
    let is_general = |at: &usize| name.get(*at..).is_some_and(|rest| GENERAL.contains(&rest));
    let cut = |word: &&str| {
        let at = name.rfind(*word)?;
        // 批发业实现增加值: what is reached says nothing without who reaches it.
        let says_who = at > first && is_general(&(at + word.len()));
        Some(at + word.len()).filter(|at| is_enough(at) && !says_who)
    };
    let done = DONE.find_iter(name).last().map(|found| found.end()).filter(|at| is_enough(at));
    let mut start = CUTS.iter().filter_map(cut).chain(done).max().unwrap_or(0).max(first);
    // What a cut leaves may be led into again: 推动全省|.
    if start > first {
        start += head(name.get(start..).unwrap_or_default());
    }
    let start = with_quote(text, start.min(tail_at), tail_at);
    Lead {
        name: left.start + start..left.start + tail_at,
        verb,
        tail: left.start + tail_at..left.end,
        head: left.start..left.start + start,
    }
}

/// The start of a name, before the quote that it begins with.
fn with_quote(text: &str, start: usize, end: usize) -> usize {
    let name = text.get(start..end).unwrap_or_default();
    let closes = name.matches('”').count() > name.matches('“').count();
    let before = text.get(..start).unwrap_or_default().strip_suffix('“');
    before.filter(|_| closes).map_or(start, str::len)
}

/// No word that leads out of a name has more characters.
const LONGEST_TAIL: usize = 30;

/// Shorter remainders behind a cut, in characters, are no names.
const LEAST_BEHIND_CUT: usize = 3;

fn seen(text: &str) -> usize {
    text.chars().filter(|c| !is_hidden(*c)).count()
}

/// The places that a text counts in, 我省 as 全省.
pub(super) fn places(text: &str) -> Vec<String> {
    let mut places: Vec<String> = WHERE.find_iter(text).map(|found| found.as_str().replace('我', "全")).collect();
    places.dedup();
    places
}

/// A name as it is shown: no brackets, no hidden characters, no marks at its ends.
pub(super) fn tidy(name: &str) -> String {
    static FOOTNOTE: LazyLock<Regex> = LazyLock::new(|| pattern(r"[\[［〔]\d+[\]］〕]"));
    let name = FOOTNOTE.replace_all(name, "");
    let mut depth = 0usize;
    let mut tidy = String::new();
    for c in name.chars() {
        match c {
            '(' | '（' => depth += 1,
            ')' | '）' => depth = depth.saturating_sub(1),
            _ if depth == 0 && !is_hidden(c) && !c.is_whitespace() => tidy.push(c),
            _ => {}
        }
    }
    let tidy = tidy.trim_matches(|c: char| "、，,；;：:。的“”\"'·—-".contains(c) && c != '“');
    // Quotes are kept where both are there.
    let unbalanced = tidy.matches('“').count() != tidy.matches('”').count();
    if unbalanced { tidy.replace(['“', '”'], "") } else { tidy.to_owned() }
}

/// Names that say nothing without what stands elsewhere.
static VAGUE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "^(?:总量|总数|总面积|总产值|总规模|总里程|总额|数量|规模|增速|增幅|涨幅|降幅|增量|增长率|比重|占比|比例|新增|净增|投资额|总投资|资金|速度|平均|其余|前者|后者|人均|户均|亩均|这|那|他们|它|方面|发展)$",
    )
});

/// What no name begins with, or holds.
static NO_NAME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^\d+[^\d分岁万亿元吨人号]|^\d+(?:分|岁|万元|亿元|元|吨|人)(?:[^以及]|$)|等$|占$|^第.{1,3}$|^(?:会上|虽然|但是|但|如果|尽管|对[^外口]|向|由|以|把|按|据|随着|通过|围绕|每|凡|如|若|比|较|等|者|被)|我们|什么|要求|每位|[?!]|\d{3,}[^\d的以]{0,4}$",
    )
});

/// Whether a name can be that of one indicator.
pub(super) fn is_telling(name: &str) -> bool {
    let han = name.chars().filter(|c| !c.is_ascii_punctuation()).count();
    // 在校生 and 在建项目 are names, 在五个城市 is none.
    let stands_in =
        name.strip_prefix('在').is_some_and(|rest| !rest.starts_with(['校', '建', '职', '册', '岗', '押', '地', '线']));
    (2..=32).contains(&han) && !stands_in && !VAGUE.is_match(name) && !NO_NAME.is_match(name)
}

/// Whether a name says little without whose it is.
pub(super) fn is_general(name: &str) -> bool {
    GENERAL.contains(&name)
}

/// How an indicator is counted, from its name and what stands around it.
pub(super) fn counted(text: &str) -> Vec<String> {
    const WORDS: [(&str, &str); 9] = [
        ("规模以上", "规上"),
        ("规上", "规上"),
        ("限额以上", "限上"),
        ("限上", "限上"),
        ("人均", "人均"),
        ("年均", "年均"),
        ("平均每年", "年均"),
        ("每年", "年均"),
        ("累计", "累计"),
    ];
    let mut counted: Vec<String> = Vec::new();
    for (word, scope) in WORDS {
        if text.contains(word) && !counted.iter().any(|known| known == scope) {
            counted.push(scope.to_owned());
        }
    }
    counted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(left: &str) -> String {
        let lead = lead(left, 0..left.len());
        format!("{} {:?}", tidy(left.get(lead.name).unwrap_or_default()), lead.verb)
    }

    #[test]
    fn names_are_freed_of_what_stands_around_them() {
        for (left, expected) in [
            ("全年完成固定资产投资", "固定资产投资 None"),
            ("力争地区生产总值比上年增长", "地区生产总值 Some(Up)"),
            ("推动规模以上工业增加值同比实际下降", "规模以上工业增加值 Some(Down)"),
            ("居民消费价格涨幅控制在", "居民消费价格涨幅 Some(Level)"),
            ("常住人口城镇化率提高到", "常住人口城镇化率 Some(Level)"),
            ("城镇新增就业", "城镇新增就业 None"),
            ("实现生产总值(GDP)", "生产总值 None"),
            ("比上年增长", " Some(Up)"),
        ] {
            assert_eq!(shown(left), expected, "{left}");
        }
    }
}
