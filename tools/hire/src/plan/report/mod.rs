//! `hire plan --report`: one self-contained page with what was measured.

mod chart;

use std::fmt::Write;

use super::choose::Point;
use super::sparsity::SHARES;
use super::table::{Answer, SiteAnswer};
use chart::{Line, LineChart, Scale, bars, escape};

const STYLE: &str = "
:root { color-scheme: light dark; --ink: light-dark(#1d2433, #e6e6e6); --dim: light-dark(#667, #99a); }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; } h3 { font-size: 1rem; }
table { border-collapse: collapse; margin: 1rem 0; } td, th { padding: .2rem .8rem; text-align: right; }
th { border-bottom: 1px solid var(--dim); } td:first-child, th:first-child { text-align: left; }
tr.chosen { font-weight: 600; }
svg { width: 100%; height: auto; } svg text { font: 13px system-ui, sans-serif; fill: var(--ink); }
svg .tick { font-size: 11px; fill: var(--dim); } svg .grid { stroke: var(--dim); stroke-opacity: .25; fill: none; }
svg .line { fill: none; stroke-width: 2; } svg .level { stroke: var(--ink); stroke-dasharray: 5 4; fill: none; }
svg .mark { fill: none; stroke: var(--ink); stroke-width: 2; } p.note { color: var(--dim); }
";

/// The page.
pub(super) fn page(answer: &Answer) -> String {
    let mut page = String::new();
    write(&mut page, answer).expect("writing to a string cannot fail");
    page
}

fn write(page: &mut String, answer: &Answer) -> std::fmt::Result {
    let model = escape(&answer.model);
    writeln!(page, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">")?;
    writeln!(page, "<meta name=\"viewport\" content=\"width=device-width\">\n<title>hire plan: {model}</title>")?;
    writeln!(page, "<style>{STYLE}</style>\n</head>\n<body>\n<h1>Plan for {model}</h1>")?;
    writeln!(page, "<p>Bytes are those that a step reads.</p>")?;
    writeln!(page, "<h2>Bytes per step</h2>")?;
    let row = |name: &str, bytes: u64| (name.to_owned(), bytes as f64, megabytes(bytes));
    let mut rows = vec![
        row("whole step, dense", answer.bytes_per_step.dense),
        row("whole step, planned", answer.bytes_per_step.planned),
    ];
    for site in &answer.sites {
        rows.push(row(&format!("{}, dense", site.name), site.dense_bytes));
        rows.push(row(&format!("{}, planned", site.name), site.planned_bytes()));
    }
    writeln!(page, "<figure id=\"bytes\">{}</figure>", bars(&rows))?;
    if let Some(chart) = sparsity(answer) {
        writeln!(page, "<h2>Sparsity of activations</h2>\n<figure id=\"sparsity\">{}</figure>", chart.svg())?;
        writeln!(
            page,
            "<p class=\"note\">By layer: the share of neurons that are exactly zero, and the share of the energy (the sum of \
             squares) that the largest neurons hold; means over the evaluated positions.</p>"
        )?;
    }
    for (index, site) in answer.sites.iter().enumerate() {
        write_site(page, index, site)?;
    }
    writeln!(page, "</body>\n</html>")
}

fn write_site(page: &mut String, index: usize, site: &SiteAnswer) -> std::fmt::Result {
    let recall = site.recall;
    let [rows, d] = site.weight_shape;
    let takes = if site.k == 0 { "all".to_owned() } else { format!("the {} largest", site.k) };
    writeln!(page, "<h2>{}</h2>", escape(&site.name))?;
    writeln!(
        page,
        "<p>W is {rows} × {d}; the model takes {takes}. {} positions calibrated, ",
        site.calibration_positions
    )?;
    writeln!(page, "{} others are measured below.</p>", site.evaluation_positions)?;
    if !site.measured.is_empty() {
        write_curves(page, index, site, recall)?;
    }
    writeln!(page, "<h3>Likeness of neighbouring tokens</h3>")?;
    let overlap = &site.overlap;
    writeln!(
        page,
        "<p>Of a token's {} largest entries, {:.0}% were among those of the token before. {} entries are among those of nine \
         in ten tokens; they make up {:.1}% of a token's.</p>",
        overlap.largest,
        100.0 * overlap.with_previous,
        overlap.common_entries,
        100.0 * overlap.common_share
    )?;
    for remark in &site.remarks {
        writeln!(page, "<p class=\"note\">{}</p>", escape(remark))?;
    }
    Ok(())
}

fn write_curves(page: &mut String, index: usize, site: &SiteAnswer, recall: f64) -> std::fmt::Result {
    writeln!(page, "<h3>Recall against bytes</h3>")?;
    writeln!(page, "<figure id=\"recall-{index}\">{}</figure>", curves(site, recall).svg())?;
    writeln!(
        page,
        "<p class=\"note\">Each point is a k' (and a number of survivors, for cascades); a line joins a predictor's cheapest \
         ways to its recalls. The dashed line is the recall asked for, the ring the plan that was chosen.</p>"
    )?;
    write_points(page, site, recall)
}

fn write_points(page: &mut String, site: &SiteAnswer, recall: f64) -> std::fmt::Result {
    writeln!(page, "<table>\n<tr><th>predictor</th><th>survivors</th><th>k'</th><th>MB</th><th>recall</th>")?;
    writeln!(page, "<th>top-1</th><th>{}</th></tr>", site.last_column())?;
    for point in super::choose::by_candidate(&site.measured, recall) {
        writeln!(
            page,
            "<tr{}><td>{}</td><td>{}</td><td>{}</td><td>{:.1}</td><td>{:.4}</td><td>{:.4}</td><td>{:.4}</td></tr>",
            if site.chosen.as_ref().is_some_and(|chosen| chosen.plan == point.plan) { " class=\"chosen\"" } else { "" },
            escape(&point.predictor),
            point.survivors.map_or(String::new(), |n| n.to_string()),
            point.k_prime,
            point.bytes as f64 / 1e6,
            point.recall,
            point.top1,
            point.largest
        )?;
    }
    writeln!(page, "</table>")
}

/// Sparsity by layer, where there are feed-forward layers.
fn sparsity(answer: &Answer) -> Option<LineChart> {
    let layers: Vec<_> = answer.sites.iter().filter_map(|s| Some((s.name.as_str(), s.sparsity.as_ref()?))).collect();
    let last = layers.len().checked_sub(1)?;
    let line = |name: String, of: &dyn Fn(&super::sparsity::ActivationSparsity) -> f64| Line {
        points: layers
            .iter()
            .enumerate()
            .map(|(index, (site, sparsity))| {
                (index as f64, of(sparsity), format!("{site}, {name}: {:.4}", of(sparsity)))
            })
            .collect(),
        name,
    };
    let mut lines = vec![line("exact zeros".to_owned(), &|s| s.zeros)];
    for (index, share) in SHARES.iter().enumerate() {
        lines.push(line(format!("energy of {:.0}%", 100.0 * share), &move |s| s.energy[index]));
    }
    Some(LineChart {
        x: (Scale::Linear(0.0, last.max(1) as f64), "layer, in the program's order"),
        y: (Scale::Linear(0.0, 1.0), "share"),
        lines,
        levels: Vec::new(),
        mark: None,
    })
}

/// Recall against bytes, a line a predictor.
fn curves(site: &SiteAnswer, recall: f64) -> LineChart {
    let bytes = || site.measured.iter().map(|p| p.bytes as f64 / 1e6).chain([site.dense_bytes as f64 / 1e6]);
    let (least, most) = bytes().fold((f64::MAX, f64::MIN), |(least, most), x| (least.min(x), most.max(x)));
    let nearest = 0.5 / (site.evaluation_positions as f64 * site.k.max(1) as f64);
    let line = |points: &[Point]| Line {
        name: points.first().map(|p| p.predictor.clone()).unwrap_or_default(),
        points: frontier(points).into_iter().map(|p| (p.bytes as f64 / 1e6, p.recall, describe(p))).collect(),
    };
    let parts = site.measured.chunk_by(|a, b| a.predictor == b.predictor);
    LineChart {
        x: (Scale::Log(least * 0.9, most * 1.1), "MB per step"),
        y: (Scale::Nines(nearest.min(0.05)), "recall"),
        lines: parts.map(line).collect(),
        levels: vec![(recall, format!("recall asked for: {recall}"))],
        mark: site.chosen.as_ref().map(|chosen| (chosen.bytes as f64 / 1e6, chosen.recall)),
    }
}

/// The points that no cheaper one equals, bytes rising.
fn frontier(points: &[Point]) -> Vec<&Point> {
    let mut sorted: Vec<&Point> = points.iter().collect();
    sorted.sort_by(|a, b| a.bytes.cmp(&b.bytes).then(b.recall.total_cmp(&a.recall)));
    let mut kept: Vec<&Point> = Vec::new();
    for point in sorted {
        if kept.last().is_none_or(|last| point.recall > last.recall) {
            kept.push(point);
        }
    }
    kept
}

fn describe(point: &Point) -> String {
    let survivors = point.survivors.map_or(String::new(), |n| format!(", {n} survivors"));
    let Point { predictor, k_prime, recall, .. } = point;
    format!("{predictor}{survivors}, k' = {k_prime}: {} MB, recall {recall:.4}", point.bytes as f64 / 1e6)
}

fn megabytes(bytes: u64) -> String {
    if bytes < 1_000_000 { format!("{:.2} MB", bytes as f64 / 1e6) } else { format!("{:.1} MB", bytes as f64 / 1e6) }
}
