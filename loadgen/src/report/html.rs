//! The report as one page that needs no network and runs no script. Whatever comes out of a document is escaped.

mod comparison;
mod search;
mod tables;

use std::io::{self, Write};

use super::table::shown;
use super::{Report, plot, series, text, timestamp};
use crate::figures;
use crate::load::Model;
use crate::number;
use crate::percentile::Percentile;
use crate::record::ErrorClass;

const TEMPLATE: &str = include_str!("report.html");

pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    // One pass: what is filled in is not looked at again, whatever braces a document has.
    let mut rest = TEMPLATE;
    while let Some((before, behind)) = rest.split_once("{{") {
        out.write_all(before.as_bytes())?;
        let (name, behind) = behind.split_once("}}").unwrap_or((behind, ""));
        out.write_all(filled(report, name).as_bytes())?;
        rest = behind;
    }
    out.write_all(rest.as_bytes())
}

fn filled(report: &Report<'_>, name: &str) -> String {
    let verdict = report.judgement.verdict.name();
    match name {
        "verdict" => verdict.to_uppercase(),
        "verdict_class" => verdict.to_owned(),
        "target" => escaped(&report.target.address),
        "heading" => escaped(&text::heading(report.scenario, report.load, report.target, report.spec)),
        "started_at" => timestamp::rfc3339(report.started_at),
        "machine" => machine(report),
        "remarks" => remarks(report),
        "tiles" => tiles(report),
        "thresholds" => tables::thresholds(report),
        "search" => search::section(report),
        "comparison" => comparison::section(report),
        "curve" => plot::latency_curve(&report.run.record),
        "timeline" => plot::timeline(&series::points(report.run)),
        "latencies" => tables::latencies(report),
        "clock" => clock(report).to_owned(),
        "operations" => tables::operations(report),
        "more" => tables::more_operations(report),
        "statuses" => tables::statuses(report),
        "errors" => tables::errors(report),
        "verification" => tables::verification(report),
        "version" => escaped(report.version),
        _ => String::new(),
    }
}

/// Safe between tags and in attributes; what cannot be seen is made visible.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in shown(text, usize::MAX).chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

fn machine(report: &Report<'_>) -> String {
    let host = report.host;
    let place = if host.same_host { "server on the same machine" } else { "server on another machine" };
    format!("{} CPUs, {} · {place} · {}", host.cpus, escaped(&host.kernel), escaped(&report.target.protocol))
}

fn remarks(report: &Report<'_>) -> String {
    let judgement = report.judgement;
    let reasons = judgement.validity.reasons.iter().map(|reason| ("invalid", reason.to_string()));
    let of_run = judgement.validity.warnings.iter().map(|warning| ("warning", warning.to_string()));
    let of_thresholds = judgement.warnings.iter().map(|warning| ("warning", warning.clone()));
    let remarks = reasons.chain(of_thresholds).chain(of_run);
    remarks.map(|(class, text)| format!(r#"<p class="{class}">{}</p>"#, escaped(&text))).collect()
}

fn tiles(report: &Report<'_>) -> String {
    let run = report.run;
    let counts = &run.record.counts;
    let at = |percentile: Percentile| {
        let value =
            percentile.of(&run.record.response).filter(|_| percentile.has_tail(run.record.response.len()));
        value.map_or(number::NONE.to_owned(), |value| number::latency(value as f64))
    };
    let max = match run.record.response.is_empty() {
        true => number::NONE.to_owned(),
        false => number::latency(run.record.response.max() as f64),
    };
    let target = figures::target_rate(report.load);
    let tiles = [
        ("target", target.map_or("closed loop".to_owned(), |rate| format!("{}/s", number::rate(rate)))),
        ("completed", format!("{}/s", number::rate(figures::per_second(counts.completed, run)))),
        ("requests sent", number::count(counts.sent)),
        ("never sent", number::count(counts.unsent)),
        ("p50", at(Percentile::P50)),
        ("p99", at(Percentile::P99)),
        ("max", max),
        (
            "errors",
            figures::error_rate(counts).map_or(number::NONE.to_owned(), |rate| number::percent(rate, 3)),
        ),
        ("timeouts", number::count(figures::errors(counts, ErrorClass::Timeout))),
    ];
    tiles.iter().map(|(name, value)| format!("<div><b>{value}</b><span>{name}</span></div>")).collect()
}

fn clock(report: &Report<'_>) -> &'static str {
    match report.load.model {
        Model::Open { .. } => "Response is from when a request was due, wire from when it was sent.",
        Model::Closed { .. } => "Response is from when a request was sent: a closed loop has no schedule.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_documents_say_is_text() {
        let cases = [
            ("GET /pets", "GET /pets"),
            ("<script>alert('x')</script>", "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"),
            ("\" onload=\"x", "&quot; onload=&quot;x"),
            ("a&amp;b", "a&amp;amp;b"),
            ("\u{202e}\u{0}", "\u{fffd}\u{fffd}"),
        ];
        for (text, expected) in cases {
            assert_eq!(escaped(text), expected);
        }
    }

    #[test]
    fn every_field_of_the_template_is_filled() {
        let names =
            TEMPLATE.split("{{").skip(1).filter_map(|rest| rest.split_once("}}")).map(|(name, _)| name);
        let known = include_str!("html.rs");
        for name in names {
            assert!(known.contains(&format!("\"{name}\" =>")), "{name}");
        }
    }
}
