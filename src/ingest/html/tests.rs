//! Whole pages.

use super::read;
use crate::ingest::extract::{BlockKind, Extracted};

fn blocks(extracted: &Extracted) -> Vec<(BlockKind, &str)> {
    extracted.blocks.iter().map(|b| (b.kind, &extracted.text[b.range.clone()])).collect()
}

#[test]
fn the_article_without_the_page_around_it() {
    let body = "推动高质量发展，".repeat(20);
    let html = format!(
        "<html><head><title>某某公报 | 某某网</title><script>var 发展=1</script>\
         <meta name=PubDate content='2026-1-20 09:30'></head><body>\
         <div><a href=x>首页导航</a></div><div class='zoomcon'><h2>一、综合</h2><p>{body}<b>好</b>。</p>\
         <table><tr><td>指标</td><td>数值&amp;单位</td></tr></table></div><div>版权所有</div></body></html>"
    );
    let extracted = read(&html);
    let paragraph = format!("{body}好。");
    assert_eq!(
        blocks(&extracted),
        [
            (BlockKind::Heading(2), "一、综合"),
            (BlockKind::Paragraph, paragraph.as_str()),
            (BlockKind::Row, "指标\t数值&单位"),
        ]
    );
    assert_eq!(extracted.title.as_deref(), Some("某某公报"));
    assert_eq!(extracted.date.as_deref(), Some("2026-01-20"));
}

#[test]
fn deep_nesting_loses_nothing() {
    let html = "<div>".repeat(100_000) + "甲<b>乙</b>" + &"</div>".repeat(50_000) + "丙";
    assert_eq!(blocks(&read(&html)), [(BlockKind::Paragraph, "甲乙"), (BlockKind::Paragraph, "丙")]);
    let tables = "<div id=zoom>".to_owned() + &"<table><tr><td>甲<td>".repeat(20_000);
    assert_eq!(read(&tables).blocks.len(), 20_000);
}

#[test]
fn an_old_page_laid_out_by_tables() {
    let text = "全面深化改革，扩大对外开放，".repeat(10);
    let html = format!(
        "<table><tr><td><a href=1>首页</a><a href=2>政务公开</a><a href=3>办事服务</a></td></tr></table>\
         <table><tr><td width=200><a href=4>某县召开会议</a><br><a href=5>某县召开会议</a><br><a href=6>某市召开会议</a></td>\
         <td><font size=5><b>某县工作报告</b></font><br>&nbsp;&nbsp;　　{text}<br>　　{text}<br>\
         <table><tr><td>指标<br>名称</td><td><p>数</p><p>值</p></td></tr></table>{text}<p><strong>一、</strong><b>回顾</b></p>\
         </td></tr></table>主办：某县人民政府，网站标识码1"
    );
    let extracted = read(&html);
    assert_eq!(
        blocks(&extracted),
        [
            (BlockKind::Bold, "某县工作报告"),
            (BlockKind::Paragraph, text.as_str()),
            (BlockKind::Paragraph, text.as_str()),
            (BlockKind::Row, "指标 名称\t数 值"),
            (BlockKind::Paragraph, text.as_str()),
            (BlockKind::Bold, "一、回顾"),
        ]
    );
}

#[test]
fn a_wiki_page() {
    let text = "经济总量迈上新台阶，民生持续改善。".repeat(6);
    let html = format!(
        "<div id=mw-content-text><div id=toc class=toc><ul><li><a href=#a>经济</a></ul></div>\
         <h2><span>经济</span><span class=mw-editsection>[<a href=e>编辑</a>]</span></h2>\
         <p>{text}<sup class=reference><a href='#cite_note-1'>[1]</a></sup>面积10km<sup>2</sup>。<span style='display: none'>隐</span></p>\
         <h3>人口[编辑]</h3><ol><li>甲</li><li>乙</li></ol>\
         <ol class=references><li id=cite_note-1><a href='#cite_ref-1'>↑</a> 某年鉴</li></ol></div>"
    );
    let extracted = read(&html);
    let paragraph = format!("{text}面积10km2。");
    assert_eq!(
        blocks(&extracted),
        [
            (BlockKind::Heading(2), "经济"),
            (BlockKind::Paragraph, paragraph.as_str()),
            (BlockKind::Heading(3), "人口"),
            (BlockKind::Paragraph, "甲"),
            (BlockKind::Paragraph, "乙"),
            (BlockKind::Note, "某年鉴"),
        ]
    );
}

#[test]
fn related_links_and_hidden_text_are_left_out() {
    let text = "推动高质量发展，增进民生福祉。".repeat(6);
    let html = format!(
        "<div id=zoom><!--#include virtual=\"/top.shtml\"--><p>{text}</p><p hidden>隐藏</p><p aria-hidden=true>隐藏</p>\
         <p>附件：<a href=f>某某表</a></p><p>相关链接：</p><p><a href=1>某县召开会议</a></p><p>上一篇：<a href=2>某文</a></p>\
         <ul><li><a href=3>某市召开会议</a><li><a href=4>某省召开会议</a><li><a href=5>某县召开会议</a></ul></div>"
    );
    assert_eq!(blocks(&read(&html)), [(BlockKind::Paragraph, text.as_str()), (BlockKind::Paragraph, "附件：某某表")]);
}
