//! Charts as SVG.
//!
//! Everything is drawn with plain elements and CSS classes, so that a page with charts needs no script and no other file.

use std::fmt::Write;

/// Size of the plotting area in user units.
const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 300.0;

/// Room around it for labels: left, right, top, bottom.
const MARGIN: [f64; 4] = [70.0, 20.0, 16.0, 46.0];

/// Colours that can be told apart, in the order in which lines take them.
pub(super) const COLOURS: [&str; 10] =
    ["#4477aa", "#ee6677", "#228833", "#aa7700", "#66aacc", "#aa3377", "#777777", "#cc6600", "#004488", "#997700"];

/// How values become places on an axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Scale {
    /// From the first to the second value.
    Linear(f64, f64),
    /// Logarithmic, from the first to the second value.
    Log(f64, f64),
    /// Shares from 0 to 1, each nine as much room as the one before, down to this distance from 1.
    Nines(f64),
}

impl Scale {
    /// The place of a value, 0 at the start of the axis and 1 at its end.
    pub(super) fn place(self, value: f64) -> f64 {
        let place = match self {
            Scale::Linear(from, to) => (value - from) / (to - from),
            Scale::Log(from, to) => (value / from).ln() / (to / from).ln(),
            Scale::Nines(nearest) => (1.0 - value).max(nearest).ln() / nearest.ln(),
        };
        place.clamp(0.0, 1.0)
    }

    /// Values worth a label.
    fn ticks(self) -> Vec<(f64, String)> {
        match self {
            Scale::Linear(from, to) => {
                (0..=4).map(|i| from + (to - from) * f64::from(i) / 4.0).map(|x| (x, number(x))).collect()
            }
            Scale::Log(from, to) => {
                let powers = (from.log10().floor() as i32)..=(to.log10().ceil() as i32);
                let steps = powers.flat_map(|p| [1.0, 2.0, 5.0].map(|m| m * 10f64.powi(p)));
                steps.filter(|x| (from..=to).contains(x)).map(|x| (x, number(x))).collect()
            }
            Scale::Nines(nearest) => {
                let mut ticks = vec![(0.0, "0".to_owned()), (0.5, "0.5".to_owned())];
                let nines = (1..9).map(|n| 10f64.powi(-n)).filter(|&distance| distance > nearest);
                ticks.extend(nines.map(|distance| (1.0 - distance, number(1.0 - distance))));
                ticks.push((1.0, "all".to_owned()));
                ticks
            }
        }
    }
}

/// A number without needless digits.
fn number(x: f64) -> String {
    let text = format!("{x:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Points joined by a line.
pub(super) struct Line {
    /// For the legend.
    pub name: String,
    /// x, y and what to say of the point.
    pub points: Vec<(f64, f64, String)>,
}

/// Lines over two axes.
pub(super) struct LineChart {
    /// The horizontal axis and what it shows.
    pub x: (Scale, &'static str),
    /// The vertical axis and what it shows.
    pub y: (Scale, &'static str),
    /// The lines.
    pub lines: Vec<Line>,
    /// Values of y to mark by a dashed line, with a label.
    pub levels: Vec<(f64, String)>,
    /// A point to mark by a ring.
    pub mark: Option<(f64, f64)>,
}

impl LineChart {
    /// The chart as an SVG element.
    pub(super) fn svg(&self) -> String {
        let mut svg = String::new();
        self.write(&mut svg).expect("writing to a string cannot fail");
        svg
    }

    fn at(&self, x: f64, y: f64) -> (f64, f64) {
        (MARGIN[0] + WIDTH * self.x.0.place(x), MARGIN[2] + HEIGHT * (1.0 - self.y.0.place(y)))
    }

    fn write(&self, svg: &mut String) -> std::fmt::Result {
        let (right, bottom) = (MARGIN[0] + WIDTH, MARGIN[2] + HEIGHT);
        let legend = 20.0 * self.lines.len() as f64;
        let total = (right + MARGIN[1] + 190.0, (bottom + MARGIN[3]).max(MARGIN[2] + legend));
        writeln!(svg, r#"<svg viewBox="0 0 {} {}" role="img" xmlns="http://www.w3.org/2000/svg">"#, total.0, total.1)?;
        for (value, label) in self.x.0.ticks() {
            let x = MARGIN[0] + WIDTH * self.x.0.place(value);
            writeln!(svg, r#"<path class="grid" d="M{x:.1} {}V{bottom}"/>"#, MARGIN[2])?;
            writeln!(
                svg,
                r#"<text class="tick" x="{x:.1}" y="{}" text-anchor="middle">{label}</text>"#,
                bottom + 16.0
            )?;
        }
        for (value, label) in self.y.0.ticks() {
            let y = MARGIN[2] + HEIGHT * (1.0 - self.y.0.place(value));
            writeln!(svg, r#"<path class="grid" d="M{} {y:.1}H{right}"/>"#, MARGIN[0])?;
            writeln!(
                svg,
                r#"<text class="tick" x="{}" y="{:.1}" text-anchor="end">{label}</text>"#,
                MARGIN[0] - 6.0,
                y + 4.0
            )?;
        }
        writeln!(
            svg,
            r#"<text x="{}" y="{}" text-anchor="middle">{}</text>"#,
            MARGIN[0] + WIDTH / 2.0,
            bottom + 38.0,
            escape(self.x.1)
        )?;
        let middle = MARGIN[2] + HEIGHT / 2.0;
        writeln!(
            svg,
            r#"<text x="16" y="{middle}" text-anchor="middle" transform="rotate(-90 16 {middle})">{}</text>"#,
            escape(self.y.1)
        )?;
        for (value, label) in &self.levels {
            let y = MARGIN[2] + HEIGHT * (1.0 - self.y.0.place(*value));
            writeln!(
                svg,
                r#"<path class="level" d="M{} {y:.1}H{right}"><title>{}</title></path>"#,
                MARGIN[0],
                escape(label)
            )?;
        }
        for (index, line) in self.lines.iter().enumerate() {
            self.line(svg, index, line)?;
        }
        if let Some((x, y)) = self.mark {
            let (x, y) = self.at(x, y);
            writeln!(svg, r#"<circle class="mark" cx="{x:.1}" cy="{y:.1}" r="8"/>"#)?;
        }
        svg.push_str("</svg>\n");
        Ok(())
    }

    fn line(&self, svg: &mut String, index: usize, line: &Line) -> std::fmt::Result {
        let colour = COLOURS[index % COLOURS.len()];
        let places: Vec<(f64, f64)> = line.points.iter().map(|&(x, y, _)| self.at(x, y)).collect();
        let points: Vec<String> = places.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        writeln!(svg, r#"<polyline class="line" stroke="{colour}" points="{}"/>"#, points.join(" "))?;
        for ((x, y), (_, _, label)) in places.iter().zip(&line.points) {
            let label = escape(label);
            writeln!(
                svg,
                r#"<circle cx="{x:.1}" cy="{y:.1}" r="3.5" fill="{colour}"><title>{label}</title></circle>"#
            )?;
        }
        let (x, y) = (MARGIN[0] + WIDTH + 14.0, MARGIN[2] + 12.0 + 20.0 * index as f64);
        writeln!(svg, r#"<rect x="{x}" y="{}" width="12" height="12" fill="{colour}"/>"#, y - 10.0)?;
        writeln!(svg, r#"<text x="{}" y="{y}">{}</text>"#, x + 18.0, escape(&line.name))
    }
}

/// Horizontal bars, one a row, with the same scale.
pub(super) fn bars(rows: &[(String, f64, String)]) -> String {
    let most = rows.iter().map(|(_, value, _)| *value).fold(f64::MIN_POSITIVE, f64::max);
    let height = 30.0 * rows.len() as f64 + 8.0;
    let mut svg = format!(r#"<svg viewBox="0 0 920 {height}" role="img" xmlns="http://www.w3.org/2000/svg">"#);
    for (index, (name, value, label)) in rows.iter().enumerate() {
        let (y, width) = (30.0 * index as f64 + 4.0, 480.0 * value / most);
        let colour = COLOURS[index % 2];
        let (name, label) = (escape(name), escape(label));
        write!(
            svg,
            r#"<text x="290" y="{}" text-anchor="end">{name}</text><rect class="bar" x="300" y="{y}" width="{width:.1}" height="22" fill="{colour}"/><text x="{:.1}" y="{}">{label}</text>"#,
            y + 16.0,
            308.0 + width,
            y + 16.0
        )
        .expect("writing to a string cannot fail");
    }
    svg.push_str("</svg>\n");
    svg
}

/// Text as it stands in HTML and SVG.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_shares_of_the_axis() {
        assert_eq!(Scale::Linear(2.0, 6.0).place(3.0), 0.25);
        assert!((Scale::Log(1.0, 100.0).place(10.0) - 0.5).abs() < 1e-12);
        let nines = Scale::Nines(1e-4);
        assert!((nines.place(0.9) - 0.25).abs() < 1e-9 && (nines.place(0.99) - 0.5).abs() < 1e-9);
        assert_eq!((nines.place(0.0), nines.place(1.0)), (0.0, 1.0));
    }

    #[test]
    fn ticks_lie_on_the_axis_and_read_well() {
        let labels = |scale: Scale| scale.ticks().into_iter().map(|(_, l)| l).collect::<Vec<_>>();
        assert_eq!(labels(Scale::Linear(0.0, 1.0)), ["0", "0.25", "0.5", "0.75", "1"]);
        assert_eq!(labels(Scale::Log(3.0, 60.0)), ["5", "10", "20", "50"]);
        assert_eq!(labels(Scale::Nines(5e-4)), ["0", "0.5", "0.9", "0.99", "0.999", "all"]);
    }
}
