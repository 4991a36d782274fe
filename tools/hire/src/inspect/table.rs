//! The answer for people.

use std::io::{self, Write};

use super::{Answer, OpRow, SiteCost};

/// The longest operations that are shown.
const SHOWN_OPS: usize = 12;

pub(super) fn write(out: &mut dyn Write, answer: &Answer) -> io::Result<()> {
    writeln!(out, "{}: {}, {}", answer.dir, answer.topology, answer.compiler)?;
    writeln!(
        out,
        "step estimate {:.0} us ({:.0} cycles); {:.1} MB of HBM traffic at {:.0} B/cycle; peak memory {:.1} MB",
        answer.step_estimate_us,
        answer.step_estimate_cycles,
        answer.hbm_bytes / 1e6,
        answer.bytes_per_cycle,
        answer.peak_bytes as f64 / 1e6
    )?;
    writeln!(out, "were the fixed cost of copies paid side by side: {:.0} us", answer.copies_side_by_side_us)?;
    if let Some(versus) = &answer.versus {
        writeln!(
            out,
            "{}: {:.0} us, {:.2} times as long (copies side by side: {:.0} us, {:.2} times)",
            versus.dir,
            versus.step_estimate_us,
            versus.ratio,
            versus.copies_side_by_side_us,
            versus.copies_side_by_side_ratio
        )?;
    }
    writeln!(out, "\n{:>9} {:>11} {:>9} {:>5}  site", "us", "cycles", "HBM MB", "ops")?;
    for site in sites(answer) {
        let predictor = site.predictor.as_ref().map_or(String::new(), |p| format!("  ({p})"));
        writeln!(
            out,
            "{:>9.1} {:>11.0} {:>9.2} {:>5}  {}{predictor}",
            site.step_estimate_us,
            site.cycles,
            site.hbm_bytes / 1e6,
            site.ops,
            site.name
        )?;
    }
    let mut longest: Vec<&OpRow> = answer.ops.iter().collect();
    longest.sort_by(|a, b| b.cycles.total_cmp(&a.cycles));
    writeln!(out, "\n{:>11} {:>9} {:>9}  longest operations", "cycles", "stated", "HBM MB")?;
    for op in longest.iter().take(SHOWN_OPS) {
        let stated = op.stated_cycles.map_or("-".to_owned(), |stated| format!("{stated:.0}"));
        let trips = if op.trips == 1.0 { String::new() } else { format!(" x{}", op.trips) };
        writeln!(
            out,
            "{:>11.0} {stated:>9} {:>9.2}  {}{trips}  {} {}",
            op.cycles,
            op.hbm_bytes / 1e6,
            op.opcode,
            op.name,
            op.op_name
        )?;
    }
    for name in &answer.unknown_loops {
        writeln!(out, "loop {name} counts once: libtpu does not state how often it runs")?;
    }
    for defect in &answer.defects {
        writeln!(out, "defect: {defect}")?;
    }
    Ok(())
}

/// The sites; many of a kind as one line of their sum.
fn sites(answer: &Answer) -> Vec<SiteCost> {
    const MOST_LINES: usize = 8;
    if answer.sites.len() <= MOST_LINES {
        return answer.sites.clone();
    }
    let kind =
        |name: &str| -> String { name.split('/').filter(|part| !part.contains('.')).collect::<Vec<_>>().join("/") };
    let mut sums: Vec<SiteCost> = Vec::new();
    for site in &answer.sites {
        let name = kind(&site.name);
        let at = sums.iter().position(|sum| sum.name == name).unwrap_or_else(|| {
            sums.push(SiteCost { name: name.clone(), predictor: site.predictor.clone(), ..SiteCost::default() });
            sums.len() - 1
        });
        let sum = &mut sums[at];
        sum.step_estimate_us += site.step_estimate_us;
        sum.cycles += site.cycles;
        sum.hbm_bytes += site.hbm_bytes;
        sum.ops += site.ops;
    }
    for sum in &mut sums {
        let count = answer.sites.iter().filter(|site| kind(&site.name) == sum.name).count();
        if count > 1 {
            sum.name = format!("{} ({count} sites)", sum.name);
        }
    }
    sums
}
