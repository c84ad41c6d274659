//! A line chart as SVG.
//!
//! Lines break where there is no report; a point between two gaps stands as a marker. A place where no series has
//! a report is a shaded stretch with a hatched foot, one where only some have is a small ring on the axis. Labels
//! stand at the ends of their lines and are moved apart where they would touch.

use std::fmt::Write;

use super::chart::{Chart, Series};
use super::labels::apart;
use super::scale::{Scale, brief, written};
use super::svg::{AXIS, Anchor, Drawing, FAINT, GRID, INK, MARGIN, SIZE, WIDTH, fitted, width};

/// Least height of the plot.
const HEIGHT: f64 = 380.0;

/// Widest room for a label's words.
const LABELS: f64 = 210.0;

/// Room for the sample of the line before a label.
const SAMPLE: f64 = 40.0;

/// Distance from the plot to the labels.
const LEADER: f64 = 22.0;

/// Height of a line of a label.
const LABEL_LINE: f64 = 17.0;

/// Height of what marks gaps below the axis.
const FOOT: f64 = 8.0;

/// Colours that the colour-blind tell apart (Okabe and Ito, without the yellow that white drowns).
const COLOURS: [&str; 8] = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000", "#E69F00", "#56B4E9", "#767676"];

/// Dash patterns; a pattern is drawn from the beginning of each stretch.
const DASHES: [&str; 8] = ["", "9 4", "2 3", "12 3 2 3", "16 5", "5 2", "9 3 2 3 2 3", "1 2"];

/// Least distance between two markers of a series.
const MARKER_DISTANCE: f64 = 26.0;

/// Where things stand.
struct Plot {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    /// Room for one place of the horizontal axis.
    slot: f64,
    scale: Scale,
}

impl Plot {
    fn x(&self, place: usize) -> f64 {
        self.left + self.slot * (place as f64 + 0.5)
    }

    fn y(&self, value: f64) -> f64 {
        self.bottom - (self.bottom - self.top) * self.scale.position(value)
    }
}

/// The chart as an SVG file.
pub fn svg(chart: &Chart) -> String {
    let mut drawing = Drawing::new(&chart.title, &chart.subtitle);
    let scale = Scale::of(chart.series.iter().flat_map(|series| values(chart, series)).map(|(_, value)| value));
    let labels: Vec<Vec<String>> =
        chart.series.iter().map(|series| fitted(&label(chart, series), SIZE, LABELS, 2)).collect();
    let longest = labels.iter().flatten().map(|line| width(line, SIZE)).fold(0.0, f64::max);
    let ticks = scale.ticks.iter().map(|&tick| width(&scale.label(tick), SIZE)).fold(0.0, f64::max);
    let left = MARGIN + ticks + 8.0;
    let right = if labels.is_empty() { WIDTH - MARGIN } else { WIDTH - MARGIN - longest - SAMPLE - LEADER };
    let top = drawing.bottom + if chart.unit.is_empty() { 14.0 } else { 30.0 + SIZE };
    let needed: f64 = labels.iter().map(|lines| label_height(lines)).sum();
    let bottom = top + HEIGHT.max(needed);
    let slot = (right - left) / chart.x.len().max(1) as f64;
    let plot = Plot { left, right, top, bottom, slot, scale };
    let empty = if chart.series.is_empty() { Vec::new() } else { empty_stretches(chart) };
    shade(&mut drawing, &plot, &empty);
    axes(&mut drawing, &plot, chart);
    gaps(&mut drawing, &plot, chart, &empty);
    for (number, series) in chart.series.iter().enumerate() {
        line(&mut drawing, &plot, chart, series, number);
    }
    end_labels(&mut drawing, &plot, chart, &labels);
    drawing.finish(&chart.title, &description(chart), &chart.notes)
}

/// The values of a series that can be drawn, with their places.
fn values<'a>(chart: &'a Chart, series: &'a Series) -> impl Iterator<Item = (usize, f64)> {
    (0..chart.x.len()).filter_map(|place| Some((place, series.at(place)?)))
}

fn label(chart: &Chart, series: &Series) -> String {
    if values(chart, series).next().is_none() { format!("{}（无报告）", series.name) } else { series.name.clone() }
}

fn label_height(lines: &[String]) -> f64 {
    LABEL_LINE * lines.len().max(1) as f64 + 4.0
}

fn axes(drawing: &mut Drawing, plot: &Plot, chart: &Chart) {
    for &tick in &plot.scale.ticks {
        let y = plot.y(tick);
        drawing.line((plot.left, y), (plot.right, y), GRID, 1.0, "");
        drawing.text(plot.left - 8.0, y + SIZE * 0.36, &plot.scale.label(tick), Anchor::End, FAINT);
    }
    drawing.line((plot.left, plot.bottom), (plot.right, plot.bottom), AXIS, 1.2, "");
    if !chart.unit.is_empty() {
        drawing.text(MARGIN, plot.top - 18.0, &chart.unit, Anchor::Start, FAINT);
    }
    let names: Vec<String> = chart.x.iter().map(|name| fitted(name, SIZE, 130.0, 1).concat()).collect();
    let longest = names.iter().map(|name| width(name, SIZE)).fold(0.0, f64::max);
    let y = plot.bottom + FOOT + SIZE + 6.0;
    for place in written(&chart.x, plot.slot, longest + 10.0) {
        let x = plot.x(place);
        drawing.line((x, plot.bottom), (x, plot.bottom + FOOT), AXIS, 1.0, "");
        if let Some(name) = names.get(place) {
            drawing.text(x, y, name, Anchor::Middle, INK);
        }
    }
    drawing.bottom = drawing.bottom.max(y + 4.0);
}

/// The stretches of places where no series has a report, half open.
fn empty_stretches(chart: &Chart) -> Vec<(usize, usize)> {
    let is_empty = |place: &usize| chart.series.iter().all(|series| series.at(*place).is_none());
    let places: Vec<usize> = (0..chart.x.len()).filter(is_empty).collect();
    let stretches = places.chunk_by(|a, b| a + 1 == *b);
    stretches.filter_map(|stretch| Some((*stretch.first()?, stretch.last()? + 1))).collect()
}

/// Shades the stretches without a report; drawn first, below everything.
fn shade(drawing: &mut Drawing, plot: &Plot, empty: &[(usize, usize)]) {
    for &(first, end) in empty {
        let wide = plot.slot * (end - first) as f64;
        drawing.rectangle(plot.x(first) - plot.slot / 2.0, plot.top, wide, plot.bottom - plot.top, "#f6f6f6");
    }
}

/// Marks on the axis where there is no report, and says what the marks mean.
fn gaps(drawing: &mut Drawing, plot: &Plot, chart: &Chart, empty: &[(usize, usize)]) {
    for &(first, end) in empty {
        let wide = plot.slot * (end - first) as f64;
        drawing.hatched(plot.x(first) - plot.slot / 2.0, plot.bottom + 0.5, wide, FOOT);
    }
    // A series without any value says so in its label.
    let known: Vec<&Series> = chart.series.iter().filter(|series| values(chart, series).next().is_some()).collect();
    let count = |place: usize| known.iter().filter(|series| series.at(place).is_some()).count();
    let is_partial = |place: &usize| (1..known.len()).contains(&count(*place));
    let partial: Vec<usize> = (0..chart.x.len()).filter(is_partial).collect();
    for &place in &partial {
        ring(drawing, plot.x(place), plot.bottom + FOOT);
    }
    let y = drawing.bottom + SIZE + 6.0;
    let mut x = plot.left;
    if !empty.is_empty() {
        drawing.hatched(x, y - 10.0, 22.0, 10.0);
        drawing.text(x + 28.0, y, "无报告", Anchor::Start, FAINT);
        x += 28.0 + width("无报告", SIZE) + 24.0;
    }
    if !partial.is_empty() {
        ring(drawing, x + 5.0, y - 5.0);
        drawing.text(x + 14.0, y, "部分无报告（线在此断开）", Anchor::Start, FAINT);
    }
    if !(empty.is_empty() && partial.is_empty()) {
        drawing.bottom = y + 4.0;
    }
}

fn ring(drawing: &mut Drawing, x: f64, y: f64) {
    drawing.element(&format!(
        "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"2.6\" fill=\"#ffffff\" stroke=\"#666666\" stroke-width=\"1\"/>"
    ));
}

/// How a series is drawn: its colour, dashes and the number of its marker. Sixty-four series differ.
fn look(number: usize) -> (&'static str, &'static str, usize) {
    let round = number / COLOURS.len();
    let colour = COLOURS[number % COLOURS.len()];
    (colour, DASHES[(number + round) % DASHES.len()], (number + 3 * round) % 8)
}

fn line(drawing: &mut Drawing, plot: &Plot, chart: &Chart, series: &Series, number: usize) {
    let (colour, dashes, shape) = look(number);
    let points: Vec<(usize, f64)> = values(chart, series).collect();
    let every = (MARKER_DISTANCE / plot.slot.max(0.1)).ceil().max(1.0) as usize;
    for stretch in points.chunk_by(|(a, _), (b, _)| a + 1 == *b) {
        let mut path = String::new();
        for &(place, value) in stretch {
            let command = if path.is_empty() { 'M' } else { 'L' };
            let _ = write!(path, "{command}{:.1} {:.1}", plot.x(place), plot.y(value));
        }
        if stretch.len() > 1 {
            drawing.element(&format!(
                "<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" \
                 stroke-linejoin=\"round\"{}/>",
                dash_attribute(dashes)
            ));
        }
        for (i, &(place, value)) in stretch.iter().enumerate() {
            // Markers of different series are set at different places, so that they stay apart.
            let is_end = i == 0 || i + 1 == stretch.len();
            if is_end || place % every == number % every {
                marker(drawing, plot.x(place), plot.y(value), colour, shape);
            }
        }
    }
}

fn dash_attribute(dashes: &str) -> String {
    if dashes.is_empty() { String::new() } else { format!(" stroke-dasharray=\"{dashes}\"") }
}

fn marker(drawing: &mut Drawing, x: f64, y: f64, colour: &str, shape: usize) {
    let filled = format!("fill=\"{colour}\" stroke=\"#ffffff\" stroke-width=\"0.8\"");
    let hollow = format!("fill=\"#ffffff\" stroke=\"{colour}\" stroke-width=\"1.6\"");
    let open = format!("fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"");
    let (path, style) = match shape {
        0 => ("m-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z", filled),
        1 => ("m-3.8 -3.8h7.6v7.6h-7.6z", filled),
        2 => ("m0 -5l4.8 8.4h-9.6z", filled),
        3 => ("m0 -5.2l5.2 5.2l-5.2 5.2l-5.2 -5.2z", hollow),
        4 => ("m-3.6 -3.6l7.2 7.2m0 -7.2l-7.2 7.2", open),
        5 => ("m0 5l4.8 -8.4h-9.6z", filled),
        6 => ("m-3.6 0a3.6 3.6 0 1 0 7.2 0a3.6 3.6 0 1 0 -7.2 0z", hollow),
        _ => ("m-4.6 0h9.2m-4.6 -4.6v9.2", open),
    };
    drawing.element(&format!("<path d=\"M{x:.1} {y:.1}{path}\" {style}/>"));
}

/// Labels at the ends of the lines, each with a sample of its line.
fn end_labels(drawing: &mut Drawing, plot: &Plot, chart: &Chart, labels: &[Vec<String>]) {
    let ends: Vec<Option<(usize, f64)>> = chart.series.iter().map(|series| values(chart, series).last()).collect();
    let wanted: Vec<(f64, f64)> = (ends.iter().zip(labels))
        .map(|(end, lines)| (end.map_or(plot.bottom, |(_, value)| plot.y(value)), label_height(lines)))
        .collect();
    let middles = apart(&wanted, plot.top, plot.bottom);
    let sample = plot.right + LEADER;
    for (((end, lines), middle), number) in ends.iter().zip(labels).zip(middles).zip(0..) {
        let (colour, dashes, shape) = look(number);
        if let Some((place, value)) = *end {
            let from = (plot.x(place) + 7.0, plot.y(value));
            let dotted = " stroke-dasharray=\"1 2.5\"";
            // Across the plot it runs level, so that it is not taken for a part of the line.
            let turn = (plot.right.max(from.0), from.1);
            drawing.line(from, turn, "#8a8a8a", 0.9, dotted);
            drawing.line(turn, (sample - 4.0, middle), "#8a8a8a", 0.9, dotted);
        }
        let (start, stop) = ((sample, middle), (sample + SAMPLE - 8.0, middle));
        drawing.line(start, stop, colour, 2.0, &dash_attribute(dashes));
        marker(drawing, (start.0 + stop.0) / 2.0, middle, colour, shape);
        let first = middle - LABEL_LINE * lines.len().saturating_sub(1) as f64 / 2.0 + SIZE * 0.36;
        for (text, down) in lines.iter().zip(0_u32..) {
            drawing.text(sample + SAMPLE, first + LABEL_LINE * f64::from(down), text, Anchor::Start, INK);
        }
    }
}

/// What screen readers say.
fn description(chart: &Chart) -> Vec<String> {
    let mut said: Vec<String> =
        [&chart.subtitle, &chart.unit].into_iter().filter(|text| !text.is_empty()).cloned().collect();
    if let (Some(first), Some(last)) = (chart.x.first(), chart.x.last()) {
        said.push(format!("横轴：{first} 至 {last}，共 {} 处。", chart.x.len()));
    }
    for series in &chart.series {
        let points: Vec<(usize, f64)> = values(chart, series).collect();
        let highest = points.iter().copied().reduce(|best, next| if next.1 > best.1 { next } else { best });
        let Some((place, value)) = highest else {
            said.push(format!("{}：无报告。", series.name));
            continue;
        };
        let name = chart.x.get(place).map_or("", String::as_str);
        let mut line = format!("{}：{} 个值，最高 {}（{name}）", series.name, points.len(), brief(value));
        let missing = chart.x.len() - points.len();
        if missing > 0 {
            let _ = write!(line, "，{missing} 处无报告");
        }
        said.push(line + "。");
    }
    said
}

#[cfg(test)]
pub(super) mod tests {
    use quick_xml::Reader;
    use quick_xml::events::Event;

    use super::*;

    /// Checks that a drawing is well-formed and that all its numbers are finite.
    pub(in crate::export) fn check(svg: &str) {
        let mut reader = Reader::from_str(svg);
        reader.config_mut().check_end_names = true;
        loop {
            match reader.read_event().expect("well-formed XML") {
                Event::Eof => break,
                Event::Start(tag) | Event::Empty(tag) => {
                    for attribute in tag.attributes() {
                        let attribute = attribute.expect("an attribute");
                        let value = attribute.value.into_owned();
                        let is_word = attribute.key.as_ref() == "font-family" || value.starts_with("http");
                        assert!(is_word || !(value.contains("NaN") || value.contains("inf")), "{value}");
                    }
                }
                _ => {}
            }
        }
    }

    fn chart(years: std::ops::RangeInclusive<i32>, series: &[(&str, Vec<Option<f64>>)]) -> Chart {
        let series = series.iter().map(|(name, points)| Series { name: (*name).to_owned(), points: points.clone() });
        Chart {
            title: "“产业社区”历年用法".to_owned(),
            x: years.map(|year| year.to_string()).collect(),
            series: series.collect(),
            unit: "次".to_owned(),
            ..Chart::default()
        }
    }

    #[test]
    fn lines_break_at_gaps_and_lone_points_are_seen() {
        let points = vec![Some(1.0), Some(2.0), None, Some(5.0), None, Some(0.0), Some(3.0)];
        let svg = svg(&chart(2019..=2025, &[("望澜区", points)]));
        check(&svg);
        assert_eq!(svg.matches("stroke-linejoin").count(), 2);
        // Five points and the sample at the label.
        assert_eq!(svg.matches("a4 4 0 1 0 8 0").count(), 6);
        assert!(svg.contains(">无报告</text>"));
        assert!(svg.contains("望澜区：5 个值，最高 5（2022），2 处无报告。"), "{svg}");
    }

    #[test]
    fn gaps_of_some_series_are_marked_otherwise_than_gaps_of_all() {
        let series = [("甲", vec![Some(1.0), None, None]), ("乙", vec![Some(2.0), Some(1.0), None])];
        let svg = svg(&chart(2023..=2025, &series));
        assert!(svg.contains("部分无报告") && svg.contains(">无报告</text>"));
        assert!(!super::svg(&chart(2023..=2023, &series)).contains("无报告"));
    }

    #[test]
    fn no_input_breaks_the_drawing() {
        check(&svg(&Chart::default()));
        let nothing = vec![None, None];
        let zero = vec![Some(0.0), Some(-2.0)];
        let huge = vec![Some(f64::MAX), Some(f64::NAN), Some(f64::NEG_INFINITY), Some(1.0)];
        let long = "名".repeat(500);
        check(&svg(&chart(2024..=2025, &[])));
        check(&svg(&chart(2024..=2025, &[("甲", nothing)])));
        check(&svg(&chart(2024..=2025, &[("<乙>", zero.clone())])));
        check(&svg(&chart(2024..=2025, &[(&long, huge.clone()), ("", Vec::new())])));
        check(&svg(&chart(1..=3000, &[("丙", huge.clone())])));
        check(&svg(&Chart { x: Vec::new(), ..chart(2024..=2025, &[("丁", zero)]) }));
        let many: Vec<(&str, Vec<Option<f64>>)> = (0..70).map(|_| ("戊", huge.clone())).collect();
        check(&svg(&chart(2022..=2025, &many)));
    }

    #[test]
    fn series_differ_without_colour_and_bytes_are_always_the_same() {
        let looks: std::collections::BTreeSet<_> = (0..64).map(look).collect();
        assert_eq!(looks.len(), 64);
        let dashes: std::collections::BTreeSet<_> = (0..8).map(|number| look(number).1).collect();
        let markers: std::collections::BTreeSet<_> = (0..8).map(|number| look(number).2).collect();
        assert_eq!((dashes.len(), markers.len()), (8, 8));
        let chart = chart(2024..=2025, &[("甲", vec![Some(1.0), Some(2.0)])]);
        assert_eq!(svg(&chart), svg(&chart));
    }
}
