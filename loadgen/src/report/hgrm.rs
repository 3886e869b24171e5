//! The percentile distribution of HdrHistogram as text, which its plotting page and other tools read. The lines are
//! those of `AbstractHistogram.outputPercentileDistribution` (org.HdrHistogram) with five ticks per half distance.

use std::io::{self, Write};

use hdrhistogram::{Counter, Histogram};

const TICKS_PER_HALF_DISTANCE: u32 = 5;
/// Nanoseconds of the unit that values are in, the millisecond.
const UNIT: f64 = 1e6;

/// Values in milliseconds.
pub(super) fn write<T: Counter>(histogram: &Histogram<T>, out: &mut dyn Write) -> io::Result<()> {
    let digits = usize::from(histogram.sigfig());
    writeln!(out, "{:>12} {:>14} {:>10} {:>14}\n", "Value", "Percentile", "TotalCount", "1/(1-Percentile)")?;
    let mut total = 0;
    let ticks = (!histogram.is_empty()).then(|| histogram.iter_quantiles(TICKS_PER_HALF_DISTANCE));
    for tick in ticks.into_iter().flatten() {
        total += tick.count_since_last_iteration();
        let value = tick.value_iterated_to() as f64 / UNIT;
        let quantile = tick.quantile_iterated_to();
        write!(out, "{value:12.digits$} {quantile:2.12} {total:10}")?;
        if quantile < 1.0 {
            write!(out, " {:14.2}", 1.0 / (1.0 - quantile))?;
        }
        writeln!(out)?;
    }
    let max = if histogram.is_empty() { 0 } else { histogram.max() };
    let (mean, deviation) = (histogram.mean() / UNIT, histogram.stdev() / UNIT);
    let (buckets, sub_buckets) = (histogram.buckets(), sub_buckets(histogram.sigfig()));
    writeln!(out, "#[Mean    = {mean:12.digits$}, StdDeviation   = {deviation:12.digits$}]")?;
    writeln!(out, "#[Max     = {:12.digits$}, Total count    = {:12}]", max as f64 / UNIT, histogram.len())?;
    writeln!(out, "#[Buckets = {buckets:12}, SubBuckets     = {sub_buckets:12}]")
}

/// So many values of one magnitude are told apart: a power of two, at least twice the digits ask for.
fn sub_buckets(digits: u8) -> u64 {
    (2 * 10_u64.pow(u32::from(digits))).next_power_of_two()
}
