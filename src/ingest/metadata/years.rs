//! When a report was given, which years it looks back on and which it plans for.
//!
//! The year of a report is the one whose tasks it sets, or, for one that sets none, the one it covers.

use std::sync::LazyLock;

use regex::Regex;

use super::dates::{
    DATE, DATE_OF_SESSION, PARTY_CONGRESS, PEOPLES_CONGRESS, STRETCH, five_year_plan, is_year, year_of, years,
    years_between,
};
use super::evidence::Evidence;
use crate::model::{Inferred, Kind, Origin, Years};
use crate::text::fold::MARK;
use crate::text::{numerals, pattern};

/// The year, and the years before and after it.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) year: Option<Inferred<i32>>,
    pub(super) covers: Option<Inferred<Years>>,
    pub(super) plans: Option<Inferred<Years>>,
}

/// The first month of the sessions that set the next year's tasks.
const FIRST_MONTH_AHEAD: u32 = 10;

impl Evidence {
    pub(super) fn delivered(&self) -> Option<Inferred<String>> {
        // In running text a date is one of many unless a session is named with it; an agency's dateline is its own.
        let opening: String = self.head.chars().take(120).collect();
        let notes = self.notes.split(MARK).filter(|line| !line.ends_with('电')).collect::<Vec<_>>().join("。");
        let sources = [(&*DATE_OF_SESSION, &self.notes), (&*DATE, &notes), (&*DATE_OF_SESSION, &opening)];
        sources.into_iter().find_map(|(pattern, text)| {
            let date = pattern.captures(text)?;
            // In words, or in figures alone.
            let number = |i: usize| date.get(i).or(date.get(i + 3)).and_then(|m| numerals::value(m.as_str()));
            let year = number(1).filter(|year| is_year(*year))?;
            let value = match (number(2), number(3)) {
                (Some(month), Some(day)) => format!("{year}-{month:02}-{day:02}"),
                (Some(month), None) => format!("{year}-{month:02}"),
                _ => year.to_string(),
            };
            Some(Inferred::new(value, Origin::Text))
        })
    }

    pub(super) fn years(&self, kind: Kind, delivered: Option<&Inferred<String>>) -> Told {
        let of_delivery = delivered.and_then(|date| {
            let year = date.value.split('-').next()?.parse::<i32>().ok()?;
            Some(Inferred::new(year, date.origin))
        });
        let mut told = match kind {
            Kind::Plan => self.of_plan(),
            Kind::Statistics | Kind::Audit => Told { covers: self.of_title(), ..Told::default() },
            Kind::Summary | Kind::MainPoints | Kind::Budget | Kind::PlanReport => self.of_year_end(kind),
            Kind::Notice | Kind::News | Kind::Speech | Kind::Other | Kind::Resolution | Kind::Special => {
                Told::default()
            }
            Kind::PartyPlenum => self.of_plan(),
            _ => self.of_session(kind, delivered.map(|date| date.value.as_str()), of_delivery.as_ref()),
        };
        let whole = |years: &Inferred<Years>| Inferred::new(years.value.to, years.origin);
        let of_plans = || told.plans.as_ref().filter(|p| p.value.from == p.value.to).map(whole);
        let of_covers = || told.covers.as_ref().map(whole);
        told.year = match kind {
            Kind::Plan => told.plans.as_ref().map(|plans| Inferred::new(plans.value.from, plans.origin)),
            Kind::Statistics | Kind::Audit => of_covers(),
            Kind::Summary | Kind::MainPoints | Kind::Budget | Kind::PlanReport => of_plans().or_else(of_covers),
            _ => told.year,
        };
        told.year = told.year.or(of_delivery).or_else(|| self.year_by_any(kind));
        told
    }

    /// Of a plan for several years: the stretch that its title names, or its number among five-year plans.
    fn of_plan(&self) -> Told {
        let texts = [(&self.title, Origin::Text), (&self.stem, Origin::Filename)];
        let stretch = |(text, origin): &(&String, Origin)| {
            let found = STRETCH.captures(text)?;
            let year = |i: usize| year_of(found.get(i)?.as_str());
            Some(Inferred::new(years_between(year(1)?, year(2)?)?, *origin))
        };
        let numbered = |(text, origin): &(&String, Origin)| {
            let from = five_year_plan(text)?;
            Some(Inferred::new(Years { from, to: from + 4 }, *origin))
        };
        let plans = texts.iter().find_map(stretch).or_else(|| texts.iter().find_map(numbered));
        Told { plans, ..Told::default() }
    }

    /// Of what a title or a name says covers a year, and may plan for the next.
    fn of_year_end(&self, kind: Kind) -> Told {
        let named = |text: &str| {
            let mut named = years(text);
            named.sort_unstable();
            named.dedup();
            named
        };
        let (named, origin) = match named(&self.title) {
            years if years.is_empty() => (named(&self.page), Origin::Filename),
            years => (years, Origin::Text),
        };
        let one = |year: &i32| Some(Inferred::new(Years { from: *year, to: *year }, origin));
        match (kind, named.as_slice()) {
            (_, []) => Told::default(),
            (Kind::MainPoints, [.., year]) => Told { plans: one(year), ..Told::default() },
            // A draft alone is a plan.
            (Kind::PlanReport | Kind::Budget, [year]) if self.title.contains("草案") => {
                Told { plans: one(year), ..Told::default() }
            }
            (_, [year]) => {
                let ahead = self.in_headings(&TASKS).map(|y| y.value).filter(|ahead| *ahead == year + 1);
                let plans = ahead.and_then(|ahead| one(&ahead));
                Told { covers: one(year), plans, ..Told::default() }
            }
            (_, [.., before, last]) => Told { covers: one(before), plans: one(last), ..Told::default() },
        }
    }

    /// Of a report to a session: the year before and this one, or, at the end of a term, five.
    fn of_session(&self, kind: Kind, date: Option<&str>, of_delivery: Option<&Inferred<i32>>) -> Told {
        let tasks = self.in_headings(&TASKS);
        let month = date.and_then(|date| date.split('-').nth(1)?.parse::<u32>().ok());
        // A session late in the year sets the next year's tasks.
        let is_ahead = |year: i32| of_delivery.is_some_and(|given| year == given.value + 1);
        let ahead = tasks.as_ref().filter(|tasks| is_ahead(tasks.value) && month >= Some(FIRST_MONTH_AHEAD));
        // Without a year in any heading, one in December does, unless its name says otherwise.
        let named = || years(&self.title).into_iter().chain(years(&self.page)).any(|year| !is_ahead(year));
        let in_december = of_delivery.filter(|_| month == Some(12) && tasks.is_none() && !named());
        let next = in_december.map(|given| Inferred::new(given.value + 1, Origin::Inferred));
        let year =
            ahead.cloned().or(next).or_else(|| of_delivery.cloned()).or_else(|| self.year_by_any(Kind::Government));
        let Some(year) = year else { return Told::default() };
        let term = |pattern: &Regex| self.headings.iter().any(|heading| pattern.is_match(heading));
        let stretch = |from, to, origin| Some(Inferred::new(Years { from, to }, origin));
        let opening: String = self.head.chars().take(400).collect();
        let covers = if kind == Kind::PartyCongress {
            // Held every five years.
            stretch(year.value - 5, year.value, Origin::Inferred)
        } else if term(&FIVE_YEARS_BACK) {
            stretch(year.value - 5, year.value - 1, Origin::Text)
        } else if SEVERAL_YEARS.is_match(&opening) {
            None
        } else {
            match self.looked_back_on() {
                Some(back) if (year.value - 1..=year.value).contains(&back.value) => {
                    stretch(back.value, back.value, Origin::Text)
                }
                _ => stretch(year.value - 1, year.value - 1, Origin::Inferred),
            }
        };
        let plans = if term(&FIVE_YEARS_AHEAD) {
            stretch(year.value, year.value + 4, Origin::Text)
        } else if kind == Kind::PartyCongress {
            None
        } else if tasks.is_some_and(|tasks| tasks.value == year.value) {
            stretch(year.value, year.value, Origin::Text)
        } else {
            let sets_tasks = self.sets_tasks || kind == Kind::Government;
            sets_tasks.then(|| stretch(year.value, year.value, Origin::Inferred)).flatten()
        };
        Told { year: Some(year), covers, plans }
    }

    fn of_title(&self) -> Option<Inferred<Years>> {
        let last = |text: &str, origin| {
            let year = years(text).into_iter().max()?;
            Some(Inferred::new(Years { from: year, to: year }, origin))
        };
        last(&self.title, Origin::Text).or_else(|| last(&self.page, Origin::Filename))
    }

    /// The latest year in headings that a pattern matches.
    fn in_headings(&self, pattern: &Regex) -> Option<Inferred<i32>> {
        let headings = self.headings.iter().filter(|heading| pattern.is_match(heading));
        let year = headings.flat_map(|heading| years(heading)).max()?;
        Some(Inferred::new(year, Origin::Text))
    }

    /// The first year in headings that look back.
    fn looked_back_on(&self) -> Option<Inferred<i32>> {
        let looks_back =
            |heading: &&String| LOOKS_BACK.is_match(heading) && (heading.contains("回顾") || !TASKS.is_match(heading));
        let year = self.headings.iter().filter(looks_back).find_map(|heading| years(heading).into_iter().min())?;
        Some(Inferred::new(year, Origin::Text))
    }

    fn year_by_any(&self, kind: Kind) -> Option<Inferred<i32>> {
        let last = |text: &str, origin| years(text).into_iter().max().map(|year| Inferred::new(year, origin));
        last(&self.title, Origin::Text)
            .or_else(|| self.in_headings(&TASKS))
            .or_else(|| self.year_after_review())
            .or_else(|| last(&self.page, Origin::Filename))
            .or_else(|| self.folders.iter().rev().find_map(|folder| last(folder, Origin::Folder)))
            .or_else(|| self.year_of_session())
            .or_else(|| self.year_of_head(kind))
    }

    /// The year after the one that is looked back on, if tasks are set; else that one.
    fn year_after_review(&self) -> Option<Inferred<i32>> {
        let review = self.looked_back_on()?;
        Some(Inferred::new(review.value + i32::from(self.sets_tasks), Origin::Inferred))
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
        let plan = || texts.iter().find_map(|text| five_year_plan(text));
        party.or_else(people).or_else(plan).map(|year| Inferred::new(year, Origin::Inferred))
    }

    /// Whether a congress or plan fixes the year.
    pub(super) fn has_a_session_or_plan(&self) -> bool {
        self.year_of_session().is_some()
    }

    /// The latest year that the beginning of the text names; only for what is dated by its text.
    fn year_of_head(&self, kind: Kind) -> Option<Inferred<i32>> {
        let dated = !matches!(kind, Kind::Other | Kind::Notice | Kind::News);
        let year = years(&self.head).into_iter().max().filter(|_| dated)?;
        Some(Inferred::new(year, Origin::Inferred))
    }
}

static TASKS: LazyLock<Regex> =
    LazyLock::new(|| pattern("任务|安排|部署|重点|工作(建议|打算|思路|计划)|今年|总体要求|目标"));
static LOOKS_BACK: LazyLock<Regex> =
    LazyLock::new(|| pattern("回顾|工作总结|主要工作$|工作情况|取得|成效|执行情况|过去一年"));
static FIVE_YEARS_BACK: LazyLock<Regex> = LazyLock::new(|| {
    pattern("过去(的)?五年|五年来|五年(工作|的)?.{0,6}回顾|的五年$|本届政府.{0,8}(工作|回顾)|届.{0,12}以来")
});
static SEVERAL_YEARS: LazyLock<Regex> = LazyLock::new(|| pattern("[二两三四六七八九十]年来|过去(的)?[二两三四六]年"));
static FIVE_YEARS_AHEAD: LazyLock<Regex> = LazyLock::new(|| {
    pattern("(今后|未来|下一个|接下来的?)五年|“?十[一二三四五六七八九]?五”?(时期|期间).{0,12}(目标|任务|思路|要求)")
});
