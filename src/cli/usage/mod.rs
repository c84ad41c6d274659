//! The commands about how an expression is used: `kwic`, `trend`, `first`, `collocates`.

pub mod collocates;
pub mod first;
pub mod kwic;
pub mod trend;

use serde::Serialize;
use yinde::usage::located::Located;

/// Where an occurrence stands, in JSON.
#[derive(Serialize)]
pub struct PlaceOutput<'a> {
    report: &'a str,
    passage: u32,
    title: &'a str,
    year: Option<i32>,
    issuer: Option<&'a str>,
    source: &'a str,
}

impl<'a> PlaceOutput<'a> {
    pub fn of(at: &'a Located) -> PlaceOutput<'a> {
        PlaceOutput {
            report: &at.header.id,
            passage: at.number,
            title: &at.header.metadata.title.value,
            year: at.year(),
            issuer: at.issuer(),
            source: &at.header.source,
        }
    }
}

/// Year and issuer, for people.
pub fn issued(at: &Located) -> String {
    let year = at.year().map_or_else(|| "年份不详".to_owned(), |year| year.to_string());
    format!("{year} {}", at.issuer().unwrap_or("单位不详"))
}
