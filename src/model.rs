//! The terms of the project as plain data: report, passage, section and what is known about them.
//!
//! Depends on nothing else in the crate. How the values are found belongs to `ingest`, how they are
//! kept to `index`.

use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Serialize};

/// Where a metadata value was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// The report's own text.
    Text,
    /// The name of the source file or zip member.
    Filename,
    /// A folder (or zip file) the source stands in.
    Folder,
    /// Fields the source carries beside its text, such as those of a JSONL line.
    Properties,
    /// What the user wrote in a sidecar.
    Sidecar,
    /// Reasoned from other values.
    Inferred,
}

/// A metadata value with where it came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inferred<T> {
    /// The value.
    pub value: T,
    /// Where it was found.
    pub origin: Origin,
}

impl<T> Inferred<T> {
    /// A value found at `origin`.
    pub fn new(value: T, origin: Origin) -> Self {
        Inferred { value, origin }
    }
}

macro_rules! labelled {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $label:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$doc])* #[serde(rename = $label)] $variant),+
        }

        impl $name {
            /// Every value, in order.
            pub const ALL: &[$name] = &[$($name::$variant),+];

            /// The name used in output and filters.
            pub fn label(self) -> &'static str {
                match self { $($name::$variant => $label),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.label())
            }
        }
    };
}

labelled! {
    /// What sort of document a report is.
    Kind {
        /// A government's report to its people's congress.
        Government = "政府工作报告",
        /// The report of a people's congress standing committee.
        Congress = "人大常委会工作报告",
        /// The report of a political consultative conference's standing committee.
        Consultative = "政协常委会工作报告",
        /// The report on proposals to a consultative conference.
        Proposals = "政协提案工作报告",
        /// A court's report.
        Court = "法院工作报告",
        /// A procuratorate's report.
        Procuratorate = "检察院工作报告",
        /// A discipline inspection commission's report.
        Discipline = "纪委工作报告",
        /// A report to a Party congress.
        PartyCongress = "党代会报告",
        /// A document of a Party committee's plenary session.
        PartyPlenum = "党委全会文件",
        /// A report on the plan for economic and social development.
        PlanReport = "计划报告",
        /// A budget report.
        Budget = "预算报告",
        /// An audit report.
        Audit = "审计报告",
        /// A statistical communiqué.
        Statistics = "统计公报",
        /// A plan or outline.
        Plan = "规划",
        /// A resolution.
        Resolution = "决议",
        /// A body's summary of its work.
        Summary = "工作总结",
        /// A body's main points of work for a year.
        MainPoints = "工作要点",
        /// A report on one subject: survey, inspection, supervision.
        Special = "专项报告",
        /// A motion put forward by a consultative conference.
        Motion = "建议案",
        /// A leader's speech.
        Speech = "领导讲话",
        /// News and comment.
        News = "评论与新闻",
        /// A notice and its attachments.
        Notice = "通知",
        /// Anything else.
        Other = "其他",
    }
}

labelled! {
    /// The administrative level of an issuer.
    Level {
        /// Central bodies.
        National = "国家",
        /// Provinces, autonomous regions, municipalities.
        Province = "省",
        /// Prefecture-level cities, autonomous prefectures, leagues.
        City = "市",
        /// Counties and city districts.
        County = "县区",
        /// Townships and subdistricts.
        Township = "乡镇街道",
        /// Development zones.
        Zone = "功能区",
    }
}

labelled! {
    /// What a part of a report does.
    Part {
        /// Looks back (回顾).
        Review = "review",
        /// Names problems (存在问题).
        Problems = "problems",
        /// Draws lessons (体会).
        Experience = "experience",
        /// States general requirements and targets (总体要求和目标).
        Requirements = "requirements",
        /// Sets tasks (部署).
        Plan = "plan",
        /// Closes.
        Closing = "closing",
        /// Appendix: glossary, tables (名词解释, 附表).
        Appendix = "appendix",
        /// Anything else.
        Other = "other",
    }
}

labelled! {
    /// What a passage is within its report.
    Role {
        /// The report's title.
        Title = "title",
        /// A heading.
        Heading = "heading",
        /// A paragraph of running text.
        Paragraph = "paragraph",
        /// A note: session, date and speaker lines, continuations, footnotes.
        Note = "note",
        /// A table row; its cells are separated by tabs.
        Row = "row",
    }
}

/// A heading with the passages under it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// The heading's text, or `None` where the source lacks an ancestor that the numbering implies.
    pub heading: Option<String>,
    /// Index of the section this one stands in.
    pub parent: Option<u32>,
    /// Index of the heading's own passage, if it has one.
    pub passage: Option<u32>,
}

/// The unit that is indexed and returned: a paragraph, heading, title, note or table row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// What it is.
    pub role: Role,
    /// What the part of the report it stands in does.
    pub part: Part,
    /// Index into [`Report::sections`] of the heading it stands under.
    pub section: Option<u32>,
    /// The cleaned text: no line breaks; cells of a row joined by tabs.
    pub text: String,
    /// Where it stands: byte ranges of the file for plain text and JSONL, of the extracted text otherwise.
    pub bytes: Vec<Range<u64>>,
}

/// What is known about a report beside its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metadata {
    /// Title, on one line.
    pub title: Inferred<String>,
    /// What sort of document it is.
    pub kind: Inferred<Kind>,
    /// The year whose tasks it sets, or, for one that sets none, the year it covers.
    pub year: Option<Inferred<i32>>,
    /// Date of delivery or adoption, as `2025-01-18`, `2025-01` or `2025`.
    pub delivered: Option<Inferred<String>>,
    /// The years that it looks back on.
    pub covers: Option<Inferred<Years>>,
    /// The years whose tasks it sets.
    pub plans: Option<Inferred<Years>>,
    /// The session it was given to, such as `第十四届第三次会议`.
    pub session: Option<Inferred<String>>,
    /// Who gave it.
    pub speaker: Option<Inferred<String>>,
    /// The body that gives it.
    pub issuer: Option<Inferred<String>>,
    /// Full name of the region; 全国 for central bodies.
    pub region: Option<Inferred<String>>,
    /// Administrative level of the issuer.
    pub level: Option<Inferred<Level>>,
    /// What is not certain of all this.
    pub doubts: Vec<Doubt>,
}

impl Metadata {
    /// A report of which nothing but title and kind is known.
    pub fn new(title: Inferred<String>, kind: Inferred<Kind>) -> Metadata {
        Metadata {
            title,
            kind,
            year: None,
            delivered: None,
            covers: None,
            plans: None,
            session: None,
            speaker: None,
            issuer: None,
            region: None,
            level: None,
            doubts: Vec::new(),
        }
    }
}

/// A stretch of years, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Years {
    /// The first.
    pub from: i32,
    /// The last; not before the first.
    pub to: i32,
}

impl fmt::Display for Years {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.from == self.to { write!(f, "{}", self.from) } else { write!(f, "{}-{}", self.from, self.to) }
    }
}

/// A value of a report's metadata that is not certain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubt {
    /// The field's name, as in [`Metadata`].
    pub field: String,
    /// Why, for a person.
    pub reason: String,
}

/// What the system says of the state of a file: whatever changes it, changes this.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// When its content was last changed, in nanoseconds since 1970; 0 where unknown.
    pub modified: u64,
    /// When anything of it was last changed, likewise; 0 where the system does not say.
    pub changed: u64,
    /// Which file it is on its disk; 0 where the system does not say.
    pub number: u64,
}

/// A source, or part of one, that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// The file or zip member.
    pub source: String,
    /// Why, for a person.
    pub reason: String,
}

/// One document found in a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Stable identifier: the source's own where it has one, else derived from the source's content, so that it
    /// stays the same wherever the source is moved.
    pub id: String,
    /// The file, or the zip member as `a.zip!/b.docx`, relative to the archive folder.
    pub source: String,
    /// Its place among the reports of the source, from 0.
    pub place: u32,
    /// What is known about it.
    pub metadata: Metadata,
    /// Its headings.
    pub sections: Vec<Section>,
    /// Its passages in reading order.
    pub passages: Vec<Passage>,
    /// Whether the identifier is the source's own word.
    pub own_id: bool,
}

impl Report {
    /// Characters of its passages' texts.
    pub fn characters(&self) -> u64 {
        self.passages.iter().map(|passage| passage.text.chars().count() as u64).sum()
    }
}

/// The heading path of a section, outermost first; a missing ancestor is shown as such.
pub fn section_path(sections: &[Section], section: Option<u32>) -> Vec<String> {
    let mut path = Vec::new();
    let mut next = section;
    while let Some(current) = next.and_then(|i| sections.get(i as usize)) {
        path.push(current.heading.clone().unwrap_or_else(|| MISSING_HEADING.to_owned()));
        // Parents always come first, so a damaged chain cannot loop.
        next = current.parent.filter(|&parent| Some(parent) < next);
    }
    path.reverse();
    path
}

/// How an ancestor heading that the source lacks is shown in a section path.
pub const MISSING_HEADING: &str = "〔上级标题缺〕";
