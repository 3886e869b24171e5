//! Tables as CSV (RFC 4180), units in the names of the columns.

use std::io::{self, Write};

use super::latency::{Latency, PERCENTILES};
use super::{Report, all_errors_of, errors_of};
use crate::figures;
use crate::percentile::Percentile;
use crate::record::ErrorClass;

const PERCENTILE_COLUMNS: [&str; PERCENTILES.len()] =
    ["p50_us", "p75_us", "p90_us", "p95_us", "p99_us", "p999_us", "p9999_us"];

/// One line for each operation, in the scenario's order.
pub(super) fn write_operations(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let classes = ErrorClass::ALL.map(ErrorClass::name).join(",");
    let percentiles = PERCENTILE_COLUMNS.join(",");
    writeln!(
        out,
        "operation_id,method,path,share,count,rate_per_s,min_us,mean_us,stdev_us,{percentiles},max_us,errors,{classes}"
    )?;
    for (operation, record) in report.operations() {
        let latency = record.and_then(|record| Latency::of(&record.response));
        let count = record.map_or(0, |record| record.response.len());
        let mut fields = vec![
            text(operation.id.as_deref().unwrap_or("")),
            text(&operation.method),
            text(&operation.path),
            format!("{:.6}", figures::share_of_weight(operation.weight, report.scenario)),
            count.to_string(),
            format!("{:.3}", figures::per_second(count, report.run)),
        ];
        fields.extend(latencies(latency.as_ref()));
        fields.push(all_errors_of(record).to_string());
        fields.extend(ErrorClass::ALL.map(|class| errors_of(record, class).to_string()));
        writeln!(out, "{}", fields.join(","))?;
    }
    Ok(())
}

/// Nothing in a field is what has no value.
fn latencies(latency: Option<&Latency>) -> Vec<String> {
    let Some(latency) = latency else { return vec![String::new(); PERCENTILES.len() + 4] };
    let before = [latency.min, latency.mean, latency.stdev];
    let percentiles = PERCENTILES.map(|percentile| latency.percentile(percentile));
    before.into_iter().chain(percentiles).chain([latency.max]).map(microseconds).collect()
}

/// One line for each second, from the end of the warm-up.
pub(super) fn write_series(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "t_s,sent,errors,count,p50_us,p90_us,p99_us,max_us")?;
    for (second, seen) in report.run.record.seconds.iter().enumerate() {
        let of = |percentile: Percentile| {
            percentile.of(&seen.response).map_or(String::new(), |value| microseconds(value as f64))
        };
        let max =
            if seen.response.is_empty() { String::new() } else { microseconds(seen.response.max() as f64) };
        let (p50, p90, p99) = (of(Percentile::P50), of(Percentile::P90), of(Percentile::P99));
        let count = seen.response.len();
        writeln!(out, "{second},{},{},{count},{p50},{p90},{p99},{max}", seen.sent, seen.errors)?;
    }
    Ok(())
}

fn microseconds(nanoseconds: f64) -> String {
    format!("{:.3}", nanoseconds / 1e3)
}

/// A text out of a document. What a spreadsheet would take for a formula gets a quote before it.
fn text(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if is_formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) {
        return format!("\"{}\"", text.replace('"', "\"\""));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_stay_one_field_and_no_formula() {
        let cases = [
            ("listPets", "listPets"),
            ("/pets,all", "\"/pets,all\""),
            ("a\"b", "\"a\"\"b\""),
            ("a\nb", "\"a\nb\""),
            ("=1+1", "'=1+1"),
            ("@SUM(A1,A2)", "\"'@SUM(A1,A2)\""),
        ];
        for (given, expected) in cases {
            assert_eq!(text(given), expected);
        }
    }
}
