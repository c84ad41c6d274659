//! The commands about how an expression is used: `kwic`, `trend`, `first`, `collocates`.

pub mod collocates;
pub mod first;
pub mod kwic;
pub mod trend;

use serde::Serialize;
use yinde::Header;
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

/// Year, issuer and place of a passage, for people.
pub fn place(header: &Header, passage: u32) -> String {
    let metadata = &header.metadata;
    let year = metadata.year.as_ref().map_or_else(|| "年份不详".to_owned(), |year| year.value.to_string());
    let issuer = metadata.issuer.as_ref().map_or("单位不详", |issuer| issuer.value.as_str());
    format!("{year} {issuer} {}#{passage}", header.id)
}
