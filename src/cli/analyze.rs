//! `yinde analyze`: the matching form of a text and the words it is cut into.

use std::io::Write;

use clap::Args;
use yinde::text::fold::fold;
use yinde::text::segment::Segmenter;

use super::settings::Settings;
use super::{Ending, write_json};

/// 看一段文字的匹配形和分词
#[derive(Args)]
pub struct Arguments {
    /// 文字
    #[arg(value_name = "文字", required = true)]
    text: Vec<String>,
}

/// Prints matching form and words.
pub fn run(arguments: &Arguments, settings: &Settings, json: bool, out: &mut dyn Write) -> anyhow::Result<Ending> {
    let text = arguments.text.join(" ");
    let folded = fold(&text);
    let mut start = 0;
    let words: Vec<String> = Segmenter::with_words(&settings.lexicon()?.words)
        .word_ends(&folded)
        .into_iter()
        .map(|end| {
            let word = folded.chars[start..end].iter().collect();
            start = end;
            word
        })
        .collect();
    if json {
        write_json(out, &serde_json::json!({"text": text, "matching": folded.text(), "words": words}))?;
    } else {
        writeln!(out, "匹配形：{}\n分词：{}", folded.text(), words.join(" / "))?;
    }
    Ok(if words.is_empty() { Ending::Nothing } else { Ending::Found })
}
