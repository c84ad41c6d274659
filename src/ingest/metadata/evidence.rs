//! What the words of a report, its file's name and its folders' names tell of it: kind, session, speaker, region
//! and issuer.

use std::sync::LazyLock;

use regex::Regex;

use super::super::region;
use super::super::structure::Article;
use super::{Surroundings, dates, kinds};
use crate::model::{Inferred, Kind, Origin, Part, Role};
use crate::text::fold::{MARK, matching_form};
use crate::text::{pattern, regions};

/// Characters of the text that may say what a report is.
const HEAD: usize = 1_200;

/// The texts that tell, as matching forms, best first.
pub(super) struct Evidence {
    pub(super) title: String,
    /// Where the title was found: what it tells was found there, too.
    pub(super) title_origin: Origin,
    /// Lines between title and text: session, date, speaker.
    pub(super) notes: String,
    /// The same as they stand.
    note_lines: Vec<String>,
    /// Beginning of the text.
    pub(super) head: String,
    /// Headings.
    pub(super) headings: Vec<String>,
    /// Whether any part of it sets tasks.
    pub(super) sets_tasks: bool,
    /// The source's name, unless it holds other articles, too.
    pub(super) stem: String,
    /// The source's name in any case: a page has one date.
    pub(super) page: String,
    pub(super) folders: Vec<String>,
}

impl Evidence {
    pub(super) fn new(title: &Inferred<String>, article: &Article, around: &Surroundings) -> Evidence {
        let of_role = |role: Role| article.paragraphs.iter().filter(move |p| p.role == role);
        let join = |texts: Vec<&str>| matching_form(&texts.join("。")).chars().take(HEAD).collect::<String>();
        let note_lines: Vec<String> = article
            .paragraphs
            .iter()
            .take(NOTES_WITHIN)
            .filter(|p| p.role == Role::Note)
            .take(6)
            .map(|p| p.paragraph.text.clone())
            .collect();
        let mut head = String::new();
        for placed in of_role(Role::Paragraph) {
            if head.len() > HEAD * 3 {
                break;
            }
            head.push_str(&matching_form(&placed.paragraph.text));
            head.push(MARK);
        }
        Evidence {
            title: matching_form(&title.value),
            title_origin: title.origin,
            notes: join(note_lines.iter().map(String::as_str).collect()),
            note_lines,
            head: head.chars().take(HEAD).collect(),
            headings: of_role(Role::Heading).map(|p| matching_form(&p.paragraph.text)).collect(),
            sets_tasks: article.paragraphs.iter().any(|p| p.part == Part::Plan),
            stem: if around.shared { String::new() } else { matching_form(around.stem) },
            page: matching_form(around.stem),
            folders: around.folders.iter().map(|name| matching_form(name)).collect(),
        }
    }

    pub(super) fn kind(&self) -> Inferred<Kind> {
        let by_title = kinds::of_title(&self.title);
        let by_name = || kinds::of_title(&self.stem);
        let by_folder = || self.folders.iter().rev().find_map(|folder| kinds::of_title(folder));
        if let Some(kind) = by_title.filter(|kind| *kind != Kind::Speech) {
            return Inferred::new(kind, self.title_origin);
        }
        // A subtitle: ——在某会议上的工作报告.
        if let Some(kind) = self
            .note_lines
            .iter()
            .filter(|line| line.contains("报告"))
            .find_map(|line| kinds::of_title(&matching_form(line)).filter(|kind| *kind != Kind::Speech))
        {
            return Inferred::new(kind, Origin::Text);
        }
        if let Some(kind) = self.kind_of_head() {
            return Inferred::new(kind, Origin::Text);
        }
        if let Some(kind) = by_name().filter(|kind| *kind != Kind::Speech) {
            return Inferred::new(kind, Origin::Filename);
        }
        if let Some(kind) = by_folder() {
            return Inferred::new(kind, Origin::Folder);
        }
        if let Some(kind) = by_title.or_else(by_name) {
            return Inferred::new(kind, Origin::Text);
        }
        if CONTINUED.is_match(&self.notes) {
            return Inferred::new(Kind::News, Origin::Inferred);
        }
        Inferred::new(Kind::Other, Origin::Inferred)
    }

    /// What the meeting and the opening words tell.
    fn kind_of_head(&self) -> Option<Kind> {
        kinds::of_opening(&self.notes.chars().chain(self.head.chars().take(400)).collect::<String>())
    }

    pub(super) fn session(&self) -> Option<Inferred<String>> {
        let opening: String = self.head.chars().take(200).collect();
        let session = |text: &str, in_running_text: bool| {
            let found = SESSION.captures_iter(text).find(|found| {
                let whole = found.get(0);
                let before = whole.and_then(|m| text.get(..m.start())).unwrap_or_default();
                let behind = whole.and_then(|m| text.get(m.end()..)).unwrap_or_default();
                // In running text it is the session that the report is given to, not one that it speaks of.
                !PAST_SESSION.is_match(behind) && (!in_running_text || GIVEN_TO.is_match(before))
            })?;
            let term = found.get(1).or(found.get(3))?.as_str();
            let session = found.get(2).or(found.get(4))?.as_str();
            Some(format!("第{term}届第{session}次会议"))
        };
        let sources = [
            (&self.notes, Origin::Text, false),
            (&self.title, self.title_origin, false),
            (&self.stem, Origin::Filename, false),
            (&opening, Origin::Text, true),
        ];
        sources.into_iter().find_map(|(text, origin, running)| Some(Inferred::new(session(text, running)?, origin)))
    }

    /// Who gave it: the name behind an office on a line before the text, or alone on one.
    pub(super) fn speaker(&self) -> Option<Inferred<String>> {
        let name = self.note_lines.iter().enumerate().find_map(|(i, line)| {
            let line: String = line.chars().filter(|c| !matches!(c, '　' | ' ' | '(' | ')' | '（' | '）')).collect();
            let name =
                |found: regex::Captures| found.iter().skip(1).flatten().next().map(|name| name.as_str().to_owned());
            let named = SPEAKER.captures(&line).and_then(name);
            let alone = || (i > 0 && NAME_ALONE.is_match(&line)).then(|| line.clone());
            named.or_else(alone).filter(|name| !NO_NAME.is_match(name) && region::at_start(name).is_none())
        })?;
        Some(Inferred::new(name, Origin::Text))
    }

    pub(super) fn region(&self, kind: Kind) -> Option<Inferred<String>> {
        let opening: String = self.head.chars().take(200).collect();
        let sources = [
            (&self.title, self.title_origin),
            (&self.notes, Origin::Text),
            (&self.stem, Origin::Filename),
            (&opening, Origin::Text),
        ];
        // News and notices mention places; only their titles and names say whose they are.
        let strangers = matches!(kind, Kind::News | Kind::Notice | Kind::Other);
        let of_source = |(text, origin): &(&String, Origin)| {
            // In titles and names a region may stand before anything, elsewhere before its institutions.
            let loose = std::ptr::eq(*text, &self.title) || *origin == Origin::Filename;
            let national = || NATIONAL_BODY.is_match(text).then(|| regions::NATIONAL.to_owned());
            // A session held in 北京人民大会堂 is no matter of Beijing's.
            let central = || SPEAKS_FOR_CENTRE.is_match(text).then(|| regions::NATIONAL.to_owned());
            Some(Inferred::new(central().or_else(|| region_in(text, loose)).or_else(national)?, *origin))
        };
        let told =
            sources.iter().enumerate().filter(|(i, _)| !strangers || matches!(i, 0 | 2)).map(|(_, source)| source);
        let found = told.into_iter().find_map(of_source).or_else(|| {
            let folder = self.folders.iter().rev().find_map(|folder| region_in(folder, true));
            folder.map(|region| Inferred::new(region, Origin::Folder))
        })?;
        Some(self.in_full(found))
    }

    /// The region that the file's name names, or else the innermost folder that names one.
    pub(super) fn region_of_names(&self) -> Option<String> {
        let names = std::iter::once(&self.stem).chain(self.folders.iter().rev());
        names.into_iter().find_map(|name| region_in(name, true))
    }

    /// The fullest name that ends with a region's: 云汀市望澜区 for 望澜区.
    fn in_full(&self, region: Inferred<String>) -> Inferred<String> {
        for text in [&self.title, &self.notes, &self.head] {
            for (at, _) in text.match_indices(region.value.as_str()) {
                let before: Vec<char> = text.get(..at).unwrap_or_default().chars().collect();
                if before.last() != Some(&'市') {
                    continue;
                }
                for length in (3..=4).filter(|&length| length <= before.len()) {
                    let city: String = before[before.len() - length..].iter().collect();
                    let preceded = before.len() == length
                        || before[before.len() - length - 1] == MARK
                        || "届在共于年".contains(before[before.len() - length - 1]);
                    if preceded && region::at_start(&city).is_some_and(|(name, _)| name == city) {
                        return Inferred::new(format!("{city}{}", region.value), Origin::Text);
                    }
                }
            }
        }
        region
    }

    pub(super) fn issuer(&self, kind: Kind, region: Option<&str>) -> Option<Inferred<String>> {
        let inferred = |name: String| Some(Inferred::new(name, Origin::Inferred));
        let national = region == Some(regions::NATIONAL);
        let body = match kind {
            Kind::Government | Kind::Plan | Kind::PlanReport | Kind::Budget if national => {
                return inferred("国务院".to_owned());
            }
            Kind::Government | Kind::Plan | Kind::PlanReport | Kind::Budget => "人民政府",
            Kind::Congress if national => return inferred("全国人民代表大会常务委员会".to_owned()),
            Kind::Congress => "人民代表大会常务委员会",
            Kind::Consultative | Kind::Proposals | Kind::Motion => {
                return inferred(format!("中国人民政治协商会议{}委员会", region?));
            }
            Kind::Court if national => return inferred("最高人民法院".to_owned()),
            Kind::Court => {
                match [&self.title, &self.notes, &self.head].into_iter().find_map(|text| COURT.captures(text)) {
                    Some(found) if &found[1] == "高级" => "高级人民法院",
                    Some(_) => "中级人民法院",
                    None => "人民法院",
                }
            }
            Kind::Procuratorate if national => return inferred("最高人民检察院".to_owned()),
            Kind::Procuratorate => "人民检察院",
            Kind::Discipline if national => return inferred("中国共产党中央纪律检查委员会".to_owned()),
            Kind::Discipline => return inferred(format!("中国共产党{}纪律检查委员会", region?)),
            Kind::Audit if national => return inferred("审计署".to_owned()),
            Kind::Audit => "审计局",
            Kind::PartyCongress | Kind::PartyPlenum if national => return inferred("中国共产党中央委员会".to_owned()),
            Kind::PartyCongress | Kind::PartyPlenum => return inferred(format!("中国共产党{}委员会", region?)),
            Kind::Resolution
                if dates::PEOPLES_CONGRESS.is_match(&self.title) || dates::PEOPLES_CONGRESS.is_match(&self.stem) =>
            {
                return inferred(format!("{}人民代表大会", region?));
            }
            Kind::Statistics => "统计局",
            Kind::Summary | Kind::MainPoints => {
                let name = ISSUER_OF_SUMMARY.captures(&self.title)?.get(1)?.as_str();
                if NO_BODY.is_match(name) {
                    return None;
                }
                let name =
                    name.strip_prefix('区').or(name.strip_prefix('县')).or(name.strip_prefix('市')).unwrap_or(name);
                let name = match region {
                    Some(region) if !name.contains(short(region)) => format!("{region}{name}"),
                    _ => name.to_owned(),
                };
                return Some(Inferred::new(name, Origin::Text));
            }
            _ => return None,
        };
        inferred(format!("{}{body}", region?))
    }
}

/// The last part of a region's name: 望澜区 of 云汀市望澜区.
fn short(region: &str) -> &str {
    region
        .char_indices()
        .find(|(at, c)| *c == '市' && at + c.len_utf8() < region.len())
        .map_or(region, |(at, c)| region.get(at + c.len_utf8()..).unwrap_or(region))
}

static CONTINUED: LazyLock<Regex> = LazyLock::new(|| pattern("上接第"));
static SPEAKS_FOR_CENTRE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "代表(国务院|中央人民政府|中国共产党第.{1,3}届中央委员会|第.{1,3}届中央委员会)|国务院总理|第.{1,3}届全国(人民代表大会|人大)(第|.次)",
    )
});
static SESSION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "第([一二三四五六七八九十]{1,3})届.{0,24}?第([一二三四五六七八九十]{1,3})次(?:全体)?会议|([一二三四五六七八九十]{1,3})届(?:人大|政协|人民代表大会|委员会|全委会)?([一二三四五六七八九十]{1,3})次(?:全体)?会议",
    )
});
/// What stands behind a session that is spoken of.
static PAST_SESSION: LazyLock<Regex> =
    LazyLock::new(|| pattern("^.{0,2}(以来|以后|之后|闭幕|期间|通过|批准|确定|提出)"));
/// What stands before the session that a report is given to.
static GIVEN_TO: LazyLock<Regex> = LazyLock::new(|| pattern("(向|在)([^。]{0,24})$"));
/// Within how many paragraphs the lines before the text stand.
const NOTES_WITHIN: usize = 16;

static SPEAKER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?:省长|市长|区长|县长|州长|盟长|旗长|镇长|乡长|主席|主任|委员长|院长|检察长|总理|书记|部长|局长|报告人)[:：]?",
        r"(?:(\p{Han}{2,4}|\p{Han}{1,8}·\p{Han}{1,8})$|(\p{Han}{2,3}?)(?:同志)?(?:在|作|向|代表))"
    ))
});

/// What follows an office and is no name.
static NO_NAME: LazyLock<Regex> = LazyLock::new(|| pattern("会议|通过|委托|工作|同志|决定|报告|代表|政府|办公"));

/// A surname (of the commonest hundred, by the census of 2020) and one or two characters.
static NAME_ALONE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "^[王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤习]\\p{Han}{1,2}$|^(欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|夏侯)\\p{Han}{1,2}$",
    )
});

static NATIONAL_BODY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "国务院|中华人民共和国|全国人民代表大会|全国人大|中国共产党(第.{1,3}次|中央)|共产党第.{1,3}(次|届)|代表.{0,8}中央(委员会|人民政府)|最高人民|第.{1,3}届中央委员会|全国委员会|(一|二|三|四|五|六|七|八|九|十)大$|中央机关",
    )
});
static NO_BODY: LazyLock<Regex> = LazyLock::new(|| pattern("^(年终|年度|全年|上半年|下半年|半年|个人|本年度?)$"));
static COURT: LazyLock<Regex> = LazyLock::new(|| pattern("(高级|中级)人民法院"));
static ISSUER_OF_SUMMARY: LazyLock<Regex> =
    LazyLock::new(|| pattern("^(?:[0-9]{4}年(?:度)?)?(.{2,30}?)(?:关于)?(?:[0-9]{4}年|上半年|下半年|年度|工作)"));
static REGION_LEAD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "(。|[0-9]{4}年度?([0-9]{1,2}月)?|第.{1,3}届|政协|政治协商会议|中共|中国共产党|在|代表|关于|印发|转发|批转|下达|届)",
    )
});

static INSTITUTION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "^(第|人民|政府|委|政协|人大|法院|检察院|党|[一二三四五六七八九十]{1,3}届|[省市区县州镇乡]长|(19|20)[0-9]{2}|$|。)",
    )
});

/// The first region that a text names where a title, an institution or a session names one; unless `loose`
/// is set, an institution or session has to follow.
fn region_in(text: &str, loose: bool) -> Option<String> {
    let text: String = text.chars().take(300).collect();
    let leads = REGION_LEAD.find_iter(&text).map(|lead| lead.end());
    std::iter::once(0).chain(leads).find_map(|end| {
        let (name, rest) = region::at_start(text.get(end..)?)?;
        (loose || INSTITUTION.is_match(rest)).then_some(name)
    })
}
