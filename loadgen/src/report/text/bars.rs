//! Response times as bars, in the way oha draws them.

use std::io::{self, Write};

use hdrhistogram::Histogram;

use crate::number::{self, Unit};
use crate::percentile::Percentile;
use crate::report::table::pad_left;

/// Steps from the shortest to the 99th percentile; one more bar is what lies above.
const STEPS: u64 = 10;
/// Longest bar, in characters.
const LENGTH: u64 = 32;

pub(super) fn write(histogram: &Histogram<u64>, out: &mut dyn Write) -> io::Result<()> {
    let Some(most) = Percentile::P99.of(histogram) else { return Ok(()) };
    let rows = rows(histogram, most);
    let longest = rows.iter().map(|(_, count)| *count).max().unwrap_or(0).max(1);
    let unit = Unit::fitting(Percentile::P50.of(histogram).unwrap_or(most) as f64);
    let labels: Vec<String> = rows.iter().map(|(bound, _)| unit.of(*bound as f64)).collect();
    let counts: Vec<String> = rows.iter().map(|(_, count)| number::count(*count)).collect();
    let widest = |texts: &[String]| texts.iter().map(String::len).max().unwrap_or(0);
    let (label_width, count_width) = (widest(&labels), widest(&counts));
    writeln!(out, "Response times up to")?;
    for ((label, count), (_, seen)) in labels.iter().zip(&counts).zip(&rows) {
        let length = (u128::from(*seen) * u128::from(LENGTH)).div_ceil(u128::from(longest)) as usize;
        let (label, count) = (pad_left(label, label_width), pad_left(count, count_width));
        writeln!(out, "  {label} {} [{count}] |{}", unit.name(), "■".repeat(length))?;
    }
    Ok(())
}

/// Upper bounds in nanoseconds, each with the samples between it and the one before.
fn rows(histogram: &Histogram<u64>, most: u64) -> Vec<(u64, u64)> {
    let least = histogram.min();
    let mut bounds: Vec<u64> = (1..=STEPS)
        .map(|step| histogram.highest_equivalent(least + most.saturating_sub(least) * step / STEPS))
        .collect();
    bounds.push(histogram.max());
    bounds.dedup();
    let mut rows: Vec<(u64, u64)> = bounds.into_iter().map(|bound| (bound, 0)).collect();
    for value in histogram.iter_recorded() {
        let row = rows.iter_mut().find(|(bound, _)| value.value_iterated_to() <= *bound);
        if let Some((_, count)) = row {
            *count += value.count_at_value();
        }
    }
    rows
}
