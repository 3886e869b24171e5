//! What a search for the highest rate found, before the report of its last run: the answer, then the curve.

use std::io::{self, Write};

use super::{Color, paint};
use crate::duration::Written;
use crate::number::{self, NONE};
use crate::report::Style;
use crate::report::table::{Table, shown};
use crate::search::{Found, Outcome, Probe};
use crate::verdict::Verdict;

pub(super) fn write(found: &Found, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let color = if found.outcome.confirmed { Color::Green } else { Color::Yellow };
    writeln!(out, "{}   {}", paint(style, color, "MAX"), answer(found))?;
    curve(&found.probes, out)?;
    match found.probes.last() {
        Some(last) => {
            let (rate, duration) = (number::rate(last.rate), Written(last.duration));
            writeln!(out, "\nThe last run, {rate}/s for {duration}:")
        }
        None => Ok(()),
    }
}

/// `8,450/s: confirmed over 9s`.
pub(in crate::report) fn answer(found: &Found) -> String {
    let last = found.probes.last();
    let held = last.map_or(String::new(), |probe| Written(probe.duration).to_string());
    let lowest = found.probes.first().map_or(0.0, |probe| probe.rate);
    if last.is_some_and(|probe| probe.finding().is_none()) {
        let held = found.outcome.max.map_or("nothing".to_owned(), |max| format!("{}/s", number::rate(max)));
        return format!("not found: the search was broken off, {held} held until then");
    }
    match found.outcome {
        Outcome { max: Some(max), generator_limited: true, confirmed: true } => {
            format!(
                ">= {}/s, generator-limited: confirmed over {held}; the server may take more",
                number::rate(max)
            )
        }
        Outcome { max: Some(max), generator_limited: true, confirmed: false } => {
            format!(">= {}/s, generator-limited: it held once and could not be confirmed", number::rate(max))
        }
        Outcome { max: Some(max), .. } => format!("{}/s: confirmed over {held}", number::rate(max)),
        Outcome { max: None, generator_limited: true, .. } => {
            format!("not found: generator-limited already at {}/s", number::rate(lowest))
        }
        Outcome { max: None, .. } if last.is_some_and(|probe| probe.is_confirmation) => {
            format!("not found: no rate that held once held for {held}")
        }
        Outcome { max: None, .. } => format!("none: not even {}/s holds", number::rate(lowest)),
    }
}

/// Slow rates first.
fn curve(probes: &[Probe], out: &mut dyn Write) -> io::Result<()> {
    let mut sorted: Vec<&Probe> = probes.iter().collect();
    sorted.sort_by(|a, b| a.rate.total_cmp(&b.rate));
    let mut table = Table::new(&["  rate/s", "answered/s", "p50", "p99", "p99.9", "errors", "verdict"]);
    for probe in sorted {
        let latency =
            |value: Option<u64>| value.map_or(NONE.to_owned(), |value| number::latency(value as f64));
        table.push(vec![
            format!("  {}", number::rate(probe.rate)),
            number::rate(probe.completed),
            latency(probe.p50),
            latency(probe.p99),
            latency(probe.p999),
            number::count(probe.errors),
            said(probe),
        ]);
    }
    table.write(out)
}

/// What came of a probe.
pub(in crate::report) fn said(probe: &Probe) -> String {
    let broken = || probe.broken.iter().map(|text| shown(text, usize::MAX)).collect::<Vec<_>>().join(", ");
    match probe.verdict {
        Verdict::Pass if probe.is_confirmation => format!("holds for {}", Written(probe.duration)),
        Verdict::Pass => "holds".to_owned(),
        Verdict::Fail if probe.broken.is_empty() => "breaks: not all was answered".to_owned(),
        Verdict::Fail => format!("breaks: {}", broken()),
        Verdict::Invalid => "generator-limited".to_owned(),
        Verdict::Unreachable | Verdict::Interrupted => probe.verdict.name().to_owned(),
    }
}
