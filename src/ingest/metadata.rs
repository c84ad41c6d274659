//! What a report is: title, kind, year, session, issuer, region; each with where it was found.
//!
//! Told from the report's own words first, then from fields beside the text, file and folder names.
//! Matching is done on matching forms, so that traditional and full-width texts are read alike.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use super::region;
use super::structure::Article;
use crate::model::{Inferred, Kind, Metadata, Origin, Role};
use crate::text::fold::{MARK, matching_form};
use crate::text::{numerals, pattern, regions};

/// What is known of a report before its text is understood.
#[derive(Debug, Default)]
pub struct Surroundings<'a> {
    /// File or member name without its ending.
    pub stem: &'a str,
    /// Folder names, and zip names without their ending, outermost first.
    pub folders: Vec<&'a str>,
    /// Whether the source holds other articles, too: then its name is not this one's.
    pub shared: bool,
    /// A title that the format keeps outside the text.
    pub title: Option<&'a str>,
    /// Fields beside the text.
    pub fields: BTreeMap<String, String>,
}

/// Characters of the text that may say what a report is.
const HEAD: usize = 1_200;

/// Understands an article.
pub fn infer(article: &Article, around: &Surroundings) -> Metadata {
    let field = |names: &[&str]| names.iter().find_map(|name| around.fields.get(*name)).filter(|v| !v.is_empty());
    let given = |names: &[&str]| field(names).map(|value| Inferred::new(value.clone(), Origin::Properties));
    let title = title(article, around, field(&["title", "标题", "题名"]));
    let evidence = Evidence::new(&title.value, article, around);
    let kind = field(&["kind", "类型", "种类"])
        .and_then(|value| Kind::ALL.iter().find(|kind| kind.label() == value))
        .map(|&kind| Inferred::new(kind, Origin::Properties))
        .unwrap_or_else(|| evidence.kind());
    let delivered = given(&["date", "delivered", "日期"]).or_else(|| evidence.delivered());
    let given_year = field(&["year", "年份", "年度"])
        .and_then(|value| numerals::value(value.trim_end_matches('年')))
        .filter(|year| is_year(*year))
        .map(|year| Inferred::new(year as i32, Origin::Properties));
    let year = given_year.or_else(|| evidence.year(kind.value, delivered.as_ref()));
    let region = given(&["region", "地区"]).or_else(|| evidence.region(kind.value));
    let issuer = given(&["issuer", "单位", "机构"])
        .or_else(|| evidence.issuer(kind.value, region.as_ref().map(|r| r.value.as_str())));
    let level = region.as_ref().map(|r| Inferred::new(regions::level(&r.value), Origin::Inferred));
    let title = in_words(title, kind.value, year.as_ref(), issuer.as_ref());
    Metadata {
        title,
        kind,
        year,
        delivered,
        session: given(&["session", "会议"]).or_else(|| evidence.session()),
        issuer,
        region,
        level,
    }
}

/// A title that is but a number is made from what is known.
fn in_words(
    title: Inferred<String>,
    kind: Kind,
    year: Option<&Inferred<i32>>,
    issuer: Option<&Inferred<String>>,
) -> Inferred<String> {
    let says_something = title.value.chars().filter(|c| c.is_alphabetic()).count() >= 2;
    match (year, issuer) {
        (Some(year), Some(issuer)) if !says_something => {
            Inferred::new(format!("{}年{}{kind}", year.value, issuer.value), Origin::Inferred)
        }
        _ => title,
    }
}

fn title(article: &Article, around: &Surroundings, field: Option<&String>) -> Inferred<String> {
    if let Some(title) = field {
        return Inferred::new(title.clone(), Origin::Properties);
    }
    let tells = |title: &str| kind_of_title(&matching_form(title)).is_some();
    let in_text = article.title.as_deref();
    // A page's own title wins over a first line that says nothing.
    match (in_text, around.title) {
        (Some(text), Some(page)) if !tells(text) && tells(page) => Inferred::new(page.to_owned(), Origin::Properties),
        (Some(text), _) if tells(text) || around.shared || !tells(around.stem) => {
            Inferred::new(text.to_owned(), Origin::Text)
        }
        (None, Some(page)) => Inferred::new(page.to_owned(), Origin::Properties),
        _ => Inferred::new(around.stem.to_owned(), Origin::Filename),
    }
}

/// The texts that tell, as matching forms, best first.
struct Evidence {
    title: String,
    /// Lines between title and text: session, date, speaker.
    notes: String,
    /// Beginning of the text.
    head: String,
    /// Headings of the highest ranks.
    headings: Vec<String>,
    /// The source's name, unless it holds other articles, too.
    stem: String,
    /// The source's name in any case: a page has one date.
    page: String,
    folders: Vec<String>,
}

impl Evidence {
    fn new(title: &str, article: &Article, around: &Surroundings) -> Evidence {
        let of_role = |role: Role| article.paragraphs.iter().filter(move |p| p.role == role);
        let join = |texts: Vec<&str>| matching_form(&texts.join("。")).chars().take(HEAD).collect::<String>();
        let notes = of_role(Role::Note).take(6).map(|p| p.paragraph.text.as_str()).collect();
        let mut head = String::new();
        for placed in of_role(Role::Paragraph) {
            if head.len() > HEAD * 3 {
                break;
            }
            head.push_str(&matching_form(&placed.paragraph.text));
            head.push(MARK);
        }
        Evidence {
            title: matching_form(title),
            notes: join(notes),
            head: head.chars().take(HEAD).collect(),
            headings: of_role(Role::Heading).map(|p| matching_form(&p.paragraph.text)).collect(),
            stem: if around.shared { String::new() } else { matching_form(around.stem) },
            page: matching_form(around.stem),
            folders: around.folders.iter().map(|name| matching_form(name)).collect(),
        }
    }

    fn kind(&self) -> Inferred<Kind> {
        let by_title = kind_of_title(&self.title);
        let by_name = || kind_of_title(&self.stem);
        let by_folder = || self.folders.iter().rev().find_map(|folder| kind_of_title(folder));
        if let Some(kind) = by_title.filter(|kind| *kind != Kind::Speech) {
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
        let opening: String = self.notes.chars().chain(self.head.chars().take(400)).collect();
        OPENINGS.iter().find(|(_, words)| words.is_match(&opening)).map(|&(kind, _)| kind)
    }

    fn delivered(&self) -> Option<Inferred<String>> {
        // In running text a date is one of many unless a session is named with it.
        let opening: String = self.head.chars().take(120).collect();
        [(&*DATE, &self.notes), (&*DATE_OF_SESSION, &opening)].into_iter().find_map(|(pattern, text)| {
            let date = pattern.captures(text)?;
            let number = |i: usize| date.get(i).and_then(|m| numerals::value(m.as_str()));
            let year = number(1).filter(|year| is_year(*year))?;
            let value = match (number(2), number(3)) {
                (Some(month), Some(day)) => format!("{year}-{month:02}-{day:02}"),
                (Some(month), None) => format!("{year}-{month:02}"),
                _ => year.to_string(),
            };
            Some(Inferred::new(value, Origin::Text))
        })
    }

    fn year(&self, kind: Kind, delivered: Option<&Inferred<String>>) -> Option<Inferred<i32>> {
        let of_title = years(&self.title);
        let last = |years: Vec<u32>, origin| years.into_iter().max().map(|year| Inferred::new(year as i32, origin));
        // What covers a year names it in its title; what sets tasks is of the year it was given in.
        if matches!(
            kind,
            Kind::Statistics | Kind::Summary | Kind::MainPoints | Kind::Audit | Kind::Budget | Kind::PlanReport
        ) && !of_title.is_empty()
        {
            return last(of_title, Origin::Text);
        }
        let of_delivery = delivered.and_then(|date| {
            let year = date.value.split('-').next()?.parse().ok()?;
            Some(Inferred::new(year, date.origin))
        });
        let tasks = || {
            let plan = self.headings.iter().filter(|heading| TASKS.is_match(heading));
            last(plan.flat_map(|heading| years(heading)).collect(), Origin::Text)
        };
        of_delivery
            .or_else(|| last(of_title, Origin::Text))
            .or_else(tasks)
            .or_else(|| last(years(&self.page), Origin::Filename))
            .or_else(|| self.folders.iter().rev().find_map(|folder| last(years(folder), Origin::Folder)))
            .or_else(|| self.year_of_session())
            .or_else(|| self.year_of_head(kind))
    }

    /// Congress numbers fix the year: the Party's from the eleventh (1977) on, every five years; the
    /// National People's Congress's from the sixth (1983) on, a session a year; earlier ones are listed.
    fn year_of_session(&self) -> Option<Inferred<i32>> {
        let texts = [&self.title, &self.stem, &self.notes];
        let number = |found: Option<regex::Match>| found.and_then(|m| numerals::value(m.as_str()));
        let party = texts.iter().find_map(|text| {
            let found = PARTY_CONGRESS.captures(text)?;
            let n = number(found.get(1).or(found.get(2)))?;
            const EARLY: [i32; 10] = [1921, 1922, 1923, 1925, 1927, 1928, 1945, 1956, 1969, 1973];
            match n {
                1..=10 => Some(EARLY[n as usize - 1]),
                11..=60 => Some(1977 + 5 * (n as i32 - 11)),
                _ => None,
            }
        });
        let people = || {
            texts.iter().find_map(|text| {
                let found = PEOPLES_CONGRESS.captures(text)?;
                let (term, session) = (number(found.get(1))? as usize, number(found.get(2))? as usize);
                const EARLY: [&[i32]; 5] = [
                    &[1954, 1955, 1956, 1957, 1958],
                    &[1959, 1960, 1962, 1963],
                    &[1964],
                    &[1975],
                    &[1978, 1979, 1980, 1981, 1982],
                ];
                match term {
                    1..=5 => EARLY[term - 1].get(session.checked_sub(1)?).copied(),
                    6..=60 if (1..=5).contains(&session) => Some(1983 + 5 * (term as i32 - 6) + session as i32 - 1),
                    _ => None,
                }
            })
        };
        let plan = || {
            let found = texts.iter().find_map(|text| FIVE_YEAR_PLAN.captures(text))?;
            let n = number(found.get(1)).filter(|n| (3..=60).contains(n))?;
            Some(1966 + 5 * (n as i32 - 3))
        };
        party.or_else(people).or_else(plan).map(|year| Inferred::new(year, Origin::Inferred))
    }

    /// The latest year that the beginning of the text names; only for what is dated by its text.
    fn year_of_head(&self, kind: Kind) -> Option<Inferred<i32>> {
        let dated = !matches!(kind, Kind::Other | Kind::Notice | Kind::News);
        let year = years(&self.head).into_iter().max().filter(|_| dated)?;
        Some(Inferred::new(year as i32, Origin::Inferred))
    }

    fn session(&self) -> Option<Inferred<String>> {
        [&self.title, &self.notes, &self.stem, &self.head.chars().take(200).collect()].into_iter().find_map(|text| {
            let found = SESSION.captures(text)?;
            let term = found.get(1).or(found.get(3))?.as_str();
            let session = found.get(2).or(found.get(4))?.as_str();
            Some(Inferred::new(format!("第{term}届第{session}次会议"), Origin::Text))
        })
    }

    fn region(&self, kind: Kind) -> Option<Inferred<String>> {
        let opening: String = self.head.chars().take(200).collect();
        let sources = [
            (&self.title, Origin::Text),
            (&self.stem, Origin::Filename),
            (&self.notes, Origin::Text),
            (&opening, Origin::Text),
        ];
        // News and notices mention places; only their titles and names say whose they are.
        let telling = if matches!(kind, Kind::News | Kind::Notice | Kind::Other) { 2 } else { sources.len() };
        let of_source = |(text, origin): &(&String, Origin)| {
            // In titles and names a region may stand before anything, elsewhere before its institutions.
            let loose = std::ptr::eq(*text, &self.title) || *origin == Origin::Filename;
            let national = || NATIONAL_BODY.is_match(text).then(|| regions::NATIONAL.to_owned());
            // A session held in 北京人民大会堂 is no matter of Beijing's.
            let central = || SPEAKS_FOR_CENTRE.is_match(text).then(|| regions::NATIONAL.to_owned());
            Some(Inferred::new(central().or_else(|| region_in(text, loose)).or_else(national)?, *origin))
        };
        let found = sources.iter().take(telling).find_map(of_source).or_else(|| {
            let folder = self.folders.iter().rev().find_map(|folder| region_in(folder, true));
            folder.map(|region| Inferred::new(region, Origin::Folder))
        })?;
        Some(self.in_full(found))
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

    fn issuer(&self, kind: Kind, region: Option<&str>) -> Option<Inferred<String>> {
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
            Kind::Court => "人民法院",
            Kind::Procuratorate if national => return inferred("最高人民检察院".to_owned()),
            Kind::Procuratorate => "人民检察院",
            Kind::Discipline if national => return inferred("中国共产党中央纪律检查委员会".to_owned()),
            Kind::Discipline => "纪律检查委员会",
            Kind::PartyCongress | Kind::PartyPlenum if national => return inferred("中国共产党中央委员会".to_owned()),
            Kind::PartyCongress | Kind::PartyPlenum => return inferred(format!("中国共产党{}委员会", region?)),
            Kind::Resolution if PEOPLES_CONGRESS.is_match(&self.title) || PEOPLES_CONGRESS.is_match(&self.stem) => {
                return inferred(format!("{}人民代表大会", region?));
            }
            Kind::Statistics => "统计局",
            Kind::Summary | Kind::MainPoints => {
                let name = ISSUER_OF_SUMMARY.captures(&self.title)?.get(1)?.as_str();
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

fn kind_of_title(title: &str) -> Option<Kind> {
    TITLES.iter().find(|(_, words)| words.is_match(title)).map(|&(kind, _)| kind)
}

fn compiled(rules: &[(Kind, &str)]) -> Vec<(Kind, Regex)> {
    rules.iter().map(|&(kind, words)| (kind, pattern(words))).collect()
}

/// What titles say, most telling first.
static TITLES: LazyLock<Vec<(Kind, Regex)>> = LazyLock::new(|| {
    compiled(&[
        (Kind::Resolution, "关于.*(报告|规划|计划|预算).*的?决议"),
        (Kind::Audit, "审计(工作)?(情况的)?报告"),
        (Kind::Budget, "预算.*报告|财政决算"),
        (Kind::PlanReport, "(经济|社会)发展计划.*报告|计划执行情况|国民经济计划.*报告"),
        (Kind::Statistics, "统计公报"),
        (Kind::Proposals, "提案工作.*报告|提案.*情况的报告"),
        (Kind::Motion, "建议案"),
        (Kind::Consultative, "(政协|政治协商会议).*(工作报告|报告)"),
        (Kind::Discipline, "(纪委|纪律检查委员会).*(工作报告|报告)"),
        (Kind::Congress, "(人大|人民代表大会)常(委会|务委员会).*报告"),
        (Kind::Court, "法院.*工作.*报告|法院工作报告"),
        (Kind::Procuratorate, "检察院.*工作.*报告"),
        (Kind::PartyPlenum, "(中共|共产党|全体会议|全会).*(决定|建议|公报|决议)"),
        (
            Kind::PartyCongress,
            "(共产党|党)第.{1,3}次.*代表大会.*报告|代表大会上的政治报告|(全国)?代表大会上的报告|报告[一二三四五六七八九十]{1,2}大$",
        ),
        (Kind::Government, "政府工作报告|国务院.*工作报告"),
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
        (Kind::Court, "代表.{0,20}人民法院.{0,20}报告"),
        (Kind::Procuratorate, "代表.{0,20}人民检察院.{0,20}报告"),
        (Kind::Government, "代表.{0,12}(人民政府|国务院|政府).{0,30}(报告|提出)|国务院.{0,8}提出.{0,40}报告"),
        (Kind::Resolution, "^.{0,120}决定批准这个报告|会议(审议|听取).{0,60}决定(予以)?批准"),
    ])
});

static CONTINUED: LazyLock<Regex> = LazyLock::new(|| pattern("上接第"));
static TASKS: LazyLock<Regex> = LazyLock::new(|| pattern("任务|安排|部署|重点|工作(建议|打算|思路|计划)|今年"));
static DATE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "([0-9〇○零一二三四五六七八九]{4})年(?:([0-9一二三四五六七八九十]{1,3})月(?:([0-9一二三四五六七八九十]{1,3})日)?)",
    )
});
static DATE_OF_SESSION: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!("{}.{{0,4}}在.{{2,40}}(会议|大会)上", DATE.as_str())));
static SPEAKS_FOR_CENTRE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "代表(国务院|中央人民政府|中国共产党第.{1,3}届中央委员会|第.{1,3}届中央委员会)|国务院总理|第.{1,3}届全国(人民代表大会|人大)(第|.次)",
    )
});
static YEAR: LazyLock<Regex> = LazyLock::new(|| pattern("([0-9〇○零一二三四五六七八九]{4})(?:年|度|$|[^0-9%.,年])"));
static PARTY_CONGRESS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "共产党第([一二三四五六七八九十]{1,3})次全国代表大会|(?:^|[^0-9〇一二三四五六七八九十年])([一二三四五六七八九十]{1,3})大$",
    )
});
static PEOPLES_CONGRESS: LazyLock<Regex> = LazyLock::new(|| {
    pattern("第([一二三四五六七八九十]{1,3})届全国人民代表大会(?:常务委员会)?第([一二三四五六七八九十]{1,3})次会议")
});
static FIVE_YEAR_PLAN: LazyLock<Regex> =
    LazyLock::new(|| pattern("第([一二三四五六七八九十]{1,3})个五年(?:规划|计划)"));
static SESSION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "第([一二三四五六七八九十]{1,3})届.{0,24}?第([一二三四五六七八九十]{1,3})次(?:全体)?会议|([一二三四五六七八九十]{1,3})届([一二三四五六七八九十]{1,3})次(?:全体)?会议",
    )
});
static NATIONAL_BODY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "国务院|中华人民共和国|全国人民代表大会|全国人大|中国共产党(第.{1,3}次|中央)|共产党第.{1,3}(次|届)|代表.{0,8}中央(委员会|人民政府)|最高人民|第.{1,3}届中央委员会|全国委员会|(一|二|三|四|五|六|七|八|九|十)大$|中央机关",
    )
});
static ISSUER_OF_SUMMARY: LazyLock<Regex> =
    LazyLock::new(|| pattern("^(?:[0-9]{4}年(?:度)?)?(.{2,30}?)(?:关于)?(?:[0-9]{4}年|上半年|下半年|年度|工作)"));
static REGION_LEAD: LazyLock<Regex> =
    LazyLock::new(|| pattern("(^|。|[0-9]{4}年度?|第.{1,3}届|政协|政治协商会议|中共|中国共产党|在|代表|关于|届)"));

static INSTITUTION: LazyLock<Regex> =
    LazyLock::new(|| pattern("^(第|人民|政府|委|政协|人大|法院|检察院|党|(19|20)[0-9]{2}|$|。)"));

/// The first region that a text names where a title, an institution or a session names one; unless `loose`
/// is set, an institution or session has to follow.
fn region_in(text: &str, loose: bool) -> Option<String> {
    let text: String = text.chars().take(300).collect();
    REGION_LEAD.find_iter(&text).find_map(|lead| {
        let (name, rest) = region::at_start(text.get(lead.end()..)?)?;
        (loose || INSTITUTION.is_match(rest)).then_some(name)
    })
}

fn is_year(year: u32) -> bool {
    (1900..=2099).contains(&year)
}

/// The years that a text names.
fn years(text: &str) -> Vec<u32> {
    YEAR.captures_iter(text)
        .filter_map(|found| numerals::value(found.get(1)?.as_str()))
        .filter(|y| is_year(*y))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::clean::paragraphs;
    use super::super::extract::lines_of;
    use super::super::structure::articles;
    use super::*;

    fn read(stem: &str, text: &str) -> Metadata {
        let found = articles(paragraphs(text, &lines_of(text, 0)));
        infer(&found[0], &Surroundings { stem, ..Surroundings::default() })
    }

    fn summary(metadata: &Metadata) -> (Kind, Option<i32>, Option<&str>, Option<&str>) {
        (
            metadata.kind.value,
            metadata.year.as_ref().map(|y| y.value),
            metadata.region.as_ref().map(|r| r.value.as_str()),
            metadata.issuer.as_ref().map(|i| i.value.as_str()),
        )
    }

    #[test]
    fn reports_of_many_kinds() {
        let cases = [
            (
                "2025年宁夏政府工作报告",
                "2025年宁夏政府工作报告\n——2025年1月20日在宁夏回族自治区第十三届人民代表大会第三次会议上\n各位代表：\n现在，我代表自治区人民政府，向大会报告工作，请予审议。",
                (Kind::Government, Some(2025), Some("宁夏回族自治区"), Some("宁夏回族自治区人民政府")),
            ),
            (
                "1999",
                "1999年国务院政府工作报告\n——1999年3月5日在第九届全国人民代表大会第二次会议上\n各位代表：\n现在，我代表国务院，向大会作政府工作报告，请予审议。",
                (Kind::Government, Some(1999), Some("全国"), Some("国务院")),
            ),
            (
                "高举旗帜 (十六大)",
                "高举旗帜 (十六大)\n同志们：\n现在，我代表第十五届中央委员会向大会作报告。",
                (Kind::PartyCongress, Some(2002), Some("全国"), Some("中国共产党中央委员会")),
            ),
            (
                "p2",
                "中国人民政治协商会议第一届临江市青禾区委员会常务委员会工作报告\n\n(紧接第1版)开展活动400余场,成效明显。\n\n二、2026年主要任务\n\n做好工作,认真履职。",
                (Kind::Consultative, Some(2026), Some("临江市青禾区"), Some("中国人民政治协商会议临江市青禾区委员会")),
            ),
            (
                "万安县2015年国民经济和社会发展统计公报",
                "2016年3月20日发布，初步核算，全年实现地区生产总值若干亿元，比上年增长。",
                (Kind::Statistics, Some(2015), Some("万安县"), Some("万安县统计局")),
            ),
            (
                "区司法局2021年度工作总结",
                "区司法局2021年度工作总结\n一年来，在区委的领导下，工作取得新进展。",
                (Kind::Summary, Some(2021), None, Some("司法局")),
            ),
        ];
        for (stem, text, expected) in cases {
            assert_eq!(summary(&read(stem, text)), expected, "{stem}");
        }
    }

    #[test]
    fn all_patterns_compile() {
        for words in [&*CONTINUED, &*TASKS, &*DATE, &*YEAR, &*SESSION, &*ISSUER_OF_SUMMARY, &*REGION_LEAD] {
            assert!(!words.as_str().is_empty());
        }
        assert!(TITLES.len() > 20 && OPENINGS.len() > 5);
    }
}
