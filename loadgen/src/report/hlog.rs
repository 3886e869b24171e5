//! Histograms second by second, as HdrHistogram logs them (format 1.3, histograms V2 compressed).

use std::io::{self, Write};
use std::time::Duration;

use hdrhistogram::serialization::V2DeflateSerializer;
use hdrhistogram::serialization::interval_log::{IntervalLogWriterBuilder, Tag};

use super::Report;

/// Maxima are written in milliseconds; the histograms themselves are in nanoseconds.
const VALUE_DIVISOR: f64 = 1e6;

/// Response times of what was due in each second, from the end of the warm-up.
pub(super) fn write(report: &Report<'_>, mut out: &mut dyn Write) -> io::Result<()> {
    let from = report.started_at + report.load.warmup;
    let mut serializer = V2DeflateSerializer::new();
    let mut log = IntervalLogWriterBuilder::new()
        .add_comment("[Histogram log format version 1.3]")
        .with_start_time(from)
        .with_base_time(from)
        .with_max_value_divisor(VALUE_DIVISOR)
        .begin_log_with(&mut out, &mut serializer)?;
    let elapsed = Duration::from_nanos(report.run.elapsed);
    for (second, seen) in report.run.record.seconds.iter().enumerate() {
        let start = Duration::from_secs(second as u64);
        let length = elapsed.saturating_sub(start).min(Duration::from_secs(1));
        log.write_histogram(&seen.response, start, length, Tag::new("response"))
            .map_err(|error| io::Error::other(error.to_string()))?;
    }
    Ok(())
}
