//! The summary for people: the verdict first, then what it rests on.

mod bars;
mod comparison;
mod search;
mod tables;

use std::io::{self, Write};

pub(super) use comparison::{growth, interval, of_metric, verdict_of};
pub(super) use search::{answer, said};

use super::table::{pad_right, shown, width};
use super::{Report, Spec, Style, Target};
use crate::duration::Written;
use crate::figures;
use crate::limits::NAME_WIDTH;
use crate::load::{Load, Model};
use crate::number;
use crate::record::ErrorClass;
use crate::scenario::Scenario;
use crate::verdict::threshold::{Limit, Metric};
use crate::verdict::{Outcome, Verdict};

/// Widest line that two thresholds share.
const LINE_WIDTH: usize = 110;

/// Colours of a terminal.
#[derive(Clone, Copy)]
enum Color {
    Green,
    Red,
    Yellow,
}

/// One line on what will be sent, for before the run: `mocker load-test petstore.yaml → 127.0.0.1:8080 …`.
pub fn heading(scenario: &Scenario, load: &Load, target: &Target, spec: Option<&Spec>) -> String {
    let mut parts = Vec::new();
    let from = spec.map_or(String::new(), |spec| format!(" {}", shown(&spec.path, NAME_WIDTH)));
    parts.push(format!("mocker load-test{from} → {}", shown(&target.address, NAME_WIDTH)));
    let operations = scenario.operations.len();
    parts.push(format!("{operations} {}", if operations == 1 { "operation" } else { "operations" }));
    parts.push(match (&load.model, figures::target_rate(load)) {
        (Model::Open { stages, .. }, Some(rate)) if stages.len() > 1 => {
            format!("open loop {}/s in {} stages", number::rate(rate), stages.len())
        }
        (Model::Open { .. }, Some(rate)) => format!("open loop {}/s", number::rate(rate)),
        _ => "closed loop".to_owned(),
    });
    let duration = Written(load.model.duration());
    parts.push(match load.warmup.is_zero() {
        true => duration.to_string(),
        false => format!("{duration} (+{} warm-up)", Written(load.warmup)),
    });
    parts.push(format!("{} conns", load.concurrency));
    parts.push(format!("seed {}", load.seed));
    parts.join("   ")
}

pub(super) fn write(report: &Report<'_>, style: Style, out: &mut dyn Write) -> io::Result<()> {
    if let Some(found) = report.search {
        search::write(found, style, out)?;
    }
    verdict(report, style, out)?;
    thresholds(&report.judgement.outcomes, style, out)?;
    let warnings = report.judgement.warnings.iter().cloned();
    for warning in warnings.chain(report.judgement.validity.warnings.iter().map(ToString::to_string)) {
        writeln!(out, "  {} {}", paint(style, Color::Yellow, "warning:"), shown(&warning, usize::MAX))?;
    }
    writeln!(out)?;
    tables::rate(report, out)?;
    tables::latencies(report, out)?;
    if style.bars {
        bars::write(&report.run.record.response, out)?;
    }
    tables::operations(report, style, out)?;
    tables::statuses(report, out)?;
    tables::verification(report, out)?;
    match report.comparison {
        Some(comparison) => comparison::write(comparison, style, out),
        None => Ok(()),
    }
}

fn verdict(report: &Report<'_>, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let judgement = report.judgement;
    let (word, color) = match judgement.verdict {
        Verdict::Pass => ("PASS", Color::Green),
        Verdict::Fail => ("FAIL", Color::Red),
        Verdict::Invalid => ("INVALID", Color::Yellow),
        Verdict::Unreachable => ("UNREACHABLE", Color::Red),
        Verdict::Interrupted => ("INTERRUPTED", Color::Yellow),
    };
    let said = match judgement.verdict {
        Verdict::Unreachable => {
            format!("not one connection to {} could be made", shown(&report.target.address, NAME_WIDTH))
        }
        Verdict::Interrupted => format!(
            "after {:.1} s of {}, {}",
            figures::seconds(report.run),
            Written(report.load.model.duration()),
            validity(report)
        ),
        _ => validity(report),
    };
    writeln!(out, "{}   {said}", paint(style, color, word))?;
    for reason in &judgement.validity.reasons {
        writeln!(out, "  {} {reason}", paint(style, Color::Red, "✗"))?;
    }
    let broken = figures::errors(&report.run.record.counts, ErrorClass::Schema);
    if broken > 0 {
        let answers = if broken == 1 { "answer is" } else { "answers are" };
        let mark = paint(style, Color::Red, "✗");
        writeln!(out, "  {mark} {} {answers} not as the description says", number::count(broken))?;
    }
    for failure in report.run.verification.iter().flat_map(|verification| &verification.first_failures) {
        writeln!(out, "    {}", shown(failure, usize::MAX))?;
    }
    if let Some(comparison) = report.comparison {
        comparison::write_regressions(comparison, style, out)?;
    }
    Ok(())
}

/// `run VALID: generator headroom 2.4x, floor p99 0.18 ms, sched-lag p99 0.041 ms (limit 0.250)`.
fn validity(report: &Report<'_>) -> String {
    let validity = &report.judgement.validity;
    let mut known = Vec::new();
    if let Some(headroom) = validity.headroom {
        known.push(format!("generator headroom {headroom:.1}x"));
    }
    if let Some(floor) = report.conditions.floor {
        known.push(format!("floor p99 {}", number::latency(floor.as_nanos() as f64)));
    }
    if let Some(lag) = validity.lag {
        let limit = validity.lag_limit as f64 / 1e6;
        known.push(format!("sched-lag p99 {:.3} ms (limit {limit:.3})", lag as f64 / 1e6));
    }
    let word = match report.judgement.verdict {
        Verdict::Invalid => "the figures say nothing of the server",
        _ if validity.is_valid() => "run VALID",
        _ => "run INVALID",
    };
    if known.is_empty() { word.to_owned() } else { format!("{word}: {}", known.join(", ")) }
}

/// Two to a line where they fit.
fn thresholds(outcomes: &[Outcome], style: Style, out: &mut dyn Write) -> io::Result<()> {
    let text = |outcome: &Outcome| shown(&outcome.bound.threshold.text, NAME_WIDTH);
    let column = outcomes.iter().map(|outcome| width(&text(outcome))).max().unwrap_or(0);
    let cells: Vec<(bool, String)> = outcomes
        .iter()
        .map(|outcome| {
            (outcome.passed, format!("{}  {}", pad_right(&text(outcome), column), observed(outcome)))
        })
        .collect();
    let cell = cells.iter().map(|(_, text)| width(text)).max().unwrap_or(0);
    let per_line = if 2 * (cell + 7) <= LINE_WIDTH { 2 } else { 1 };
    for line in cells.chunks(per_line) {
        for (index, (passed, text)) in line.iter().enumerate() {
            let mark =
                if *passed { paint(style, Color::Green, "✓") } else { paint(style, Color::Red, "✗") };
            let is_last = index + 1 == line.len();
            let text = if is_last { text.clone() } else { pad_right(text, cell) };
            let gap = if index == 0 { "  " } else { "     " };
            write!(out, "{gap}{mark} {text}")?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// `1.93 ms  [1.88, 1.99] near limit`.
pub(super) fn observed(outcome: &Outcome) -> String {
    let Some(value) = outcome.observed else { return number::NONE.to_owned() };
    let mut text = in_its_unit(outcome, value);
    if let Some((low, high)) = outcome.interval {
        let unit = number::Unit::fitting(value);
        text.push_str(&format!("  [{}, {}]", unit.of(low), unit.of(high)));
    }
    if outcome.is_near_limit() {
        text.push_str(" near limit");
    }
    text
}

/// `5.00 ms`.
pub(super) fn limit(outcome: &Outcome) -> String {
    in_its_unit(outcome, outcome.bound.limit)
}

fn in_its_unit(outcome: &Outcome, value: f64) -> String {
    let threshold = &outcome.bound.threshold;
    match (threshold.metric, threshold.limit) {
        (Metric::Latency(..) | Metric::Window(_), _) => number::latency(value),
        (_, Limit::PerSecond(_) | Limit::OfTarget(_)) => format!("{}/s", number::rate(value)),
        (_, Limit::Share(_)) => number::percent(value, 3),
        _ => number::count(value as u64),
    }
}

fn paint(style: Style, color: Color, text: &str) -> String {
    if !style.color {
        return text.to_owned();
    }
    let code = match color {
        Color::Green => 32,
        Color::Red => 31,
        Color::Yellow => 33,
    };
    format!("\u{1b}[1;{code}m{text}\u{1b}[0m")
}
