//! Horizontal bars as SVG: a name, a bar and its value on every line.

use super::chart::{Bars, drawable};
use super::scale::{Scale, number, places};
use super::svg::{AXIS, Anchor, Drawing, FAINT, GRID, INK, MARGIN, SIZE, WIDTH, fitted, width};

/// Height of a line with one line of name.
const LINE: f64 = 24.0;

/// Height of a bar.
const THICKNESS: f64 = 15.0;

/// Widest room for names.
const NAMES: f64 = 320.0;

/// Room for the values behind the bars.
const VALUES: f64 = 90.0;

const COLOUR: &str = "#0072B2";

/// The bars as an SVG file.
pub fn bars(chart: &Bars) -> String {
    let mut drawing = Drawing::new(&chart.title, &chart.subtitle);
    let longest = chart.bars.iter().map(|bar| width(&bar.name, SIZE)).fold(0.0, f64::max).min(NAMES);
    let left = MARGIN + longest + 10.0;
    let right = WIDTH - MARGIN - VALUES;
    let names: Vec<Vec<String>> = chart.bars.iter().map(|bar| fitted(&bar.name, SIZE, longest + 1.0, 2)).collect();
    let scale = Scale::of(chart.bars.iter().filter_map(|bar| drawable(bar.value)));
    let exact = places(chart.bars.iter().filter_map(|bar| drawable(bar.value)));
    let top = drawing.bottom + 12.0;
    let heights: Vec<f64> =
        names.iter().map(|lines| LINE + SIZE * 1.2 * lines.len().saturating_sub(1) as f64).collect();
    let bottom = top + heights.iter().sum::<f64>() + 6.0;
    axis(&mut drawing, &scale, (left, right), (top, bottom), &chart.unit);
    let mut y = top + 3.0;
    for ((bar, lines), height) in chart.bars.iter().zip(&names).zip(heights) {
        let middle = y + height / 2.0;
        let first = middle - SIZE * 1.2 * lines.len().saturating_sub(1) as f64 / 2.0 + SIZE * 0.36;
        for (line, at) in lines.iter().zip(0_u32..) {
            drawing.text(left - 10.0, first + SIZE * 1.2 * f64::from(at), line, Anchor::End, INK);
        }
        match drawable(bar.value) {
            Some(value) => {
                let long = (right - left) * scale.position(value);
                drawing.rectangle(left, middle - THICKNESS / 2.0, long, THICKNESS, COLOUR);
                drawing.text(left + long + 6.0, middle + SIZE * 0.36, &number(value, exact), Anchor::Start, INK);
            }
            None => {
                drawing.hatched(left, middle - THICKNESS / 2.0, 24.0, THICKNESS);
                drawing.text(left + 30.0, middle + SIZE * 0.36, "无报告", Anchor::Start, FAINT);
            }
        }
        y += height;
    }
    drawing.line((left, top), (left, bottom), AXIS, 1.2, "");
    drawing.finish(&chart.title, &description(chart, exact), &chart.notes)
}

fn axis(drawing: &mut Drawing, scale: &Scale, (left, right): (f64, f64), (top, bottom): (f64, f64), unit: &str) {
    for &tick in &scale.ticks {
        let x = left + (right - left) * scale.position(tick);
        drawing.line((x, top), (x, bottom), GRID, 1.0, "");
        drawing.text(x, bottom + SIZE + 4.0, &scale.label(tick), Anchor::Middle, FAINT);
    }
    drawing.bottom = bottom + SIZE + 8.0;
    if !unit.is_empty() {
        drawing.text((left + right) / 2.0, bottom + 2.0 * SIZE + 10.0, unit, Anchor::Middle, FAINT);
        drawing.bottom += SIZE + 6.0;
    }
}

/// What screen readers say.
fn description(chart: &Bars, exact: usize) -> Vec<String> {
    let said = |bar: &super::chart::Bar| match drawable(bar.value) {
        Some(value) => format!("{}：{}", bar.name, number(value, exact)),
        None => format!("{}：无报告", bar.name),
    };
    let values: Vec<String> = chart.bars.iter().map(said).collect();
    let head = [&chart.subtitle, &chart.unit].into_iter().filter(|text| !text.is_empty()).cloned();
    head.chain([values.join("；")]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::chart::Bar;
    use crate::export::lines::tests::check;

    fn bar(name: &str, value: impl Into<Option<f64>>) -> Bar {
        Bar { name: name.to_owned(), value: value.into() }
    }

    #[test]
    fn every_bar_has_its_name_and_value_and_gaps_are_no_zero() {
        let chart = Bars {
            title: "各区提到“产业社区”的次数".to_owned(),
            bars: vec![bar("望澜区", 12.0), bar("北渚区", 0.0), bar("石浦区", None), bar("东亭区", f64::NAN)],
            unit: "次".to_owned(),
            ..Bars::default()
        };
        let svg = bars(&chart);
        check(&svg);
        assert!(svg.contains("望澜区：12；北渚区：0；石浦区：无报告；东亭区：无报告"), "{svg}");
        assert_eq!(svg.matches(">无报告</text>").count(), 2);
        assert_eq!(svg, bars(&chart));
    }

    #[test]
    fn no_input_breaks_the_drawing() {
        check(&bars(&Bars::default()));
        let names = ["", "名".repeat(300).as_str(), "<&>"].map(|name| bar(name, 1e308));
        check(&bars(&Bars { bars: names.to_vec(), ..Bars::default() }));
        check(&bars(&Bars { bars: vec![bar("甲", -3.0), bar("乙", f64::INFINITY)], ..Bars::default() }));
    }
}
