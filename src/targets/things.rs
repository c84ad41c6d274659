//! What is done and counted: verbs whose object stands behind the value (新增200家企业), the nouns there, and the
//! values that are no items.
//!
//! Word lists and shapes only; nothing here knows of years or of the sentence before.

use std::sync::LazyLock;

use regex::Regex;

use super::Nature;
use super::line::is_hidden;
use super::values::Written;
use crate::text::pattern;

/// Verbs whose object may stand behind the value: 新增200家企业.
pub(super) const LIST_VERBS: &str = "新增加?|净增|新建|改建|扩建|新改扩建|改扩建|建成|建设|建立|创建|兴建|续建|共建|组建|筹建|开工|\
    改造|改良|整治|修复|修建|完工|竣工|投产|培育|培养|引进|引入|引育|招引|引聚|落地|签约|实施|\
    开展|举办|集聚|聘请|聘用|推出|推进|打造|发放|发行|下达|安排|投入|筹集|筹措|争取|支持|资助|\
    救助|帮助|帮扶|扶持|培训|招录|招聘|招收|选派|选聘|聘任|选拔|受理|办理|办结|审结|审理|执结|\
    起诉|批捕|逮捕|查处|查办|处理|处置|化解|调处|调解|立案|收到|提出|提交|采纳|制定|修订|制修订|\
    出台|颁布|发布|审议|审查|开通|开辟|开行|新开|新设|设立|增设|布局|认定|获批|获得|授予|入选|\
    新入选|拥有|现有|建有|打通|拆除|清理|淘汰|关停|关闭|取缔|退出|压减|取消|下放|减免|减轻|\
    为企业减负|盘活|收回|消化|供应|供给|提供|配备|配建|购置|更新|更换|安装|加装|种植|营造|治理|\
    检查|排查|整改|巡查|破获|侦破|抓获|打掉|挽回|追回|追缴|吸纳|安置|转移|带动|惠及|覆盖|接待|\
    服务|吸引|组织|动员|调研|视察|走访|慰问|征集|收集|编印|编纂|编撰|举行|派出|派驻|纳入|上线|\
    归集|推广|兑付|兑现|缓解|减少|增加|完成|实现|评选|表彰|命名|新认定|新培育|梳理|督办|承办|协商|\
    列入|达成|签订|签署|运营|储备|谋划|解决|清欠|清退|发出|移送|公开|减税|支出|拨付|补助|补贴|\
    贷款|投放|融资|引导|联系|结对|成立|新组建|迁建|再造|植树|造林|绿化|扩容|修缮|提升|升级|创办|\
    开办|开设|打击|缴获|收缴|罚没|处分|问责|通报|回访|跟踪|建言|撰写|形成|刊发|编发|宣讲|启动|\
    启用|投用|建好|办好|抓好|做好|用好|承接|备案|登记|注册";

pub(super) static LIST_VERB: LazyLock<Regex> = LazyLock::new(|| pattern(&format!("(?:{LIST_VERBS})")));

pub(super) static LIST_VERB_END: LazyLock<Regex> = LazyLock::new(|| pattern(&format!("(?:{LIST_VERBS}|、|和)+$")));

/// Verbs that say enough with 人, 件 and the like behind them.
pub(super) static BARE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "^(?:受理|审结|审理|执结|办结|起诉|批捕|逮捕|立案|培训|救助|招收|招录|处分|查处|查办|安置|服务|贷款|减税|造林|植树|抓获|破获|移送)+$",
    )
});

/// Units of work, which adds up over the years.
pub(super) const WORK: [&str; 9] = ["件", "起", "场", "场次", "次", "人次", "批次", "宗", "件次"];

/// What is done within years, by the verb that its name begins with.
pub(super) static FLOW: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "^(?:新增|净增|新建|新设|新开|改造|改建|建成|完成|实施|开工|发放|审结|受理|执结|办结|起诉|批捕|查处|立案|救助|培训|引进|招引|制定|修订|取消|清理|淘汰|关停|化解|治理|修复|减免|举办|开展|提出|收到|办理|扫除|解决)|新增|综合治理|涉案|标的额|到位",
    )
});

/// What is measured at one time, whatever its name begins with.
pub(super) static RATIO: LazyLock<Regex> = LazyLock::new(|| pattern("(?:率|比重|占比|比例|余额|人口|强度|标准)$"));

/// What stands at the end of a year.
pub(super) static STOCK: LazyLock<Regex> =
    LazyLock::new(|| pattern("(?:率|人口|余额|覆盖|总量|里程|规模|储备|比重|占比|水平|面积|收入比|拥有量|达标)$"));

/// Whether a name says that something is done, rather than that it is there.
pub(super) fn is_flow(name: &str) -> bool {
    static THERE: LazyLock<Regex> =
        LazyLock::new(|| pattern("^(?:拥有|现有|建有|覆盖|纳入|联系|储备|登记|注册|备案|综合)"));
    let is_done = LIST_VERB.find(name).is_some_and(|verb| verb.start() == 0) && !THERE.is_match(name);
    is_done || FLOW.is_match(name)
}

/// Units of things that are named behind them unless a verb says otherwise.
pub(super) const LOOSE_COUNTS: [&str; 16] =
    ["个", "家", "所", "座", "项", "条", "名", "位", "场", "只", "支", "辆", "台", "套", "部", "张"];

/// The noun that a text begins with.
pub(super) fn noun(behind: &str) -> Option<&str> {
    static NOUN: LazyLock<Regex> = LazyLock::new(|| pattern(r#"^[\p{Han}“”a-z0-9+·/]{2,60}"#));
    static STOP: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            "和[0-9]|及[0-9]|具有|基础上|担任|进行|开展|支持|实现|完成|达到|增长|同比|比|较|均|占|用于|投入|建成|开工|获|入选|纳入|被|得到|提前|高于|低于|快于|居|位居|位列|创|增速|连续|的|等|在|为|与|向|全部|基本|已|正|按|由|参加|参与|从|到|以|并|是|有|将|成为|落户|签约|投产|投用|投运|开通|竣工|启用|挂牌|名列|总投资|累计|涉及|覆盖|惠及|其中|支持|带动|推动|加快|超过|突破|近|约|左右|以上|下降|提高|减少|上升|来|及|或|于|给|让|使|通过|新增|全面|共|分|也|都|则|才|因|对|不",
        )
    });
    let found = NOUN.find(behind)?.as_str();
    let stop = STOP.find(found);
    // 1亿人居住的城镇: what follows only describes a noun.
    if stop.is_some_and(|stop| stop.as_str() == "的") {
        return None;
    }
    let noun = found.get(..stop.map_or(found.len(), |stop| stop.start()))?.trim_end_matches(['和', '及', '与']);
    let length = noun.chars().count();
    (2..=16).contains(&length).then_some(noun)
}

pub(super) static GROWTH_BEHIND: LazyLock<Regex> =
    LazyLock::new(|| pattern("^的(?:年均|平均|较快|中高速|较高)?(?:增长|增速|速度|增幅|增长率)"));

pub(super) static PROJECT: LazyLock<Regex> = LazyLock::new(|| pattern("项目|工程|机组|装置|生产线|基地|电站|风电场"));

pub(super) const TERMS: [&str; 4] = ["天", "个工作日", "小时", "分钟"];

pub(super) static DAYS: LazyLock<Regex> = LazyLock::new(|| pattern("天数|时间|周期|时长|期限|用时"));

/// What is counted in meetings and papers is work, not a result.
pub(super) static NO_INDICATOR: LazyLock<Regex> =
    LazyLock::new(|| pattern("排名|位次|会议|座谈会|恳谈会|推进会|例会|主席会|文件$|简报|公报$|岁$|年龄"));

/// Whether what stands before a value makes it no item; see the words of [`super`].
pub(super) fn is_no_item(text: &str, value: &Written) -> bool {
    static PLANNED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            "(?:预算|计划|目标|任务|进度|指标)(?:数|任务|目标)?的$|计划(?:增长|下降|增加|减少)?$|(?:完成|达到|为|占).{0,8}(?:预算|计划|任务)(?:数)?$",
        )
    });
    static OTHER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            "(?:高于|低于|快于|慢于|高出|好于|优于|多于|少于|领先|落后|超出|高过)[^,、]{1,18}$|(?:比|较)(?:全国|全省|全市|全区|[^,]{0,6}平均)[^,、]{0,10}(?:高|低|快|慢|多|少)$|偏[快高低慢多少]$|[快慢]$|[^提]高$|[^降]低$",
        )
    });
    static RATIO: LazyLock<Regex> = LazyLock::new(|| pattern("的$"));
    let is_rate = ["%", "个百分点", "倍"].contains(&value.unit.as_str());
    if !is_rate {
        return text.ends_with('的');
    }
    // 进入世界前1%.
    if text.ends_with('前') {
        return true;
    }
    let bound = |found: &regex::Match<'_>| text.get(..found.start()).is_some_and(|before| before.ends_with('不'));
    let other = OTHER.find(text).is_some_and(|found| !bound(&found));
    PLANNED.is_match(text) || other || RATIO.is_match(text) && !text.contains('占')
}

/// Words before a value that say that it is reached.
pub(super) const REACHES: [&str; 5] = ["突破", "超过", "超", "达到约", "接近"];

/// What stands between the names of a list.
pub(super) static SEPARATOR: LazyLock<Regex> = LazyLock::new(|| pattern("、|以及|和|与|及"));

/// Whether 预计 stands before the names of a clause, so that it holds for those behind as well.
pub(super) fn is_led_by_estimate(text: &str) -> bool {
    let plain: String = text.chars().filter(|c| !is_hidden(*c)).collect();
    let plain = plain.trim_start_matches(['“', ' ']);
    ["预计", "初步预计", "全年预计", "据预计", "初步核算", "初步统计", "经初步核算"]
        .iter()
        .any(|word| plain.starts_with(word))
}

static NATURE: LazyLock<Regex> = LazyLock::new(|| pattern("约束性|预期性"));

/// What a text says of how binding its target is.
pub(super) fn nature(text: &str) -> Option<Nature> {
    let found = NATURE.find(text)?;
    Some(if found.as_str() == "约束性" { Nature::Binding } else { Nature::Expected })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Part;
    use crate::targets::prose::tests::shown;

    #[test]
    fn nouns_end_where_something_is_said_of_them() {
        assert_eq!(noun("科技型企业，"), Some("科技型企业"));
        assert_eq!(noun("司法所完成改造"), Some("司法所"));
        assert_eq!(noun("有条件的街道"), None);
        assert_eq!(noun("、"), None);
    }

    #[test]
    fn ranks_shares_of_plans_and_other_comparisons_are_no_items() {
        for text in [
            "完成年度计划的103%。",
            "增速高于全市2.1个百分点。",
            "财政收入是十年前的3.2倍。",
            "三所学校进入全市前10%。",
            "产值超过百亿元的企业。",
            "召开常委会会议8次。",
            "从立案到宣判仅用6天。",
            "综合排名上升2位。",
        ] {
            assert_eq!(shown(Part::Review, text), [""; 0], "{text}");
        }
    }
}
