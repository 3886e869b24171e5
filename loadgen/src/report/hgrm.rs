//! The percentile distribution of HdrHistogram as text, which its plotting page and other tools read. The lines are
//! those of `AbstractHistogram.outputPercentileDistribution` (org.HdrHistogram) with five ticks per half distance.

use std::io::{self, Write};

use hdrhistogram::{Counter, Histogram};

const TICKS_PER_HALF_DISTANCE: u32 = 5;
/// In nanoseconds.
const MILLISECOND: f64 = 1e6;

/// Values in milliseconds, of a histogram of nanoseconds.
pub(super) fn write<T: Counter>(histogram: &Histogram<T>, out: &mut dyn Write) -> io::Result<()> {
    write_in(MILLISECOND, histogram, out)
}

/// Values in units of so many.
fn write_in<T: Counter>(unit: f64, histogram: &Histogram<T>, out: &mut dyn Write) -> io::Result<()> {
    let digits = usize::from(histogram.sigfig());
    writeln!(out, "{:>12} {:>14} {:>10} {:>14}\n", "Value", "Percentile", "TotalCount", "1/(1-Percentile)")?;
    let mut total = 0;
    let ticks = (!histogram.is_empty()).then(|| histogram.iter_quantiles(TICKS_PER_HALF_DISTANCE));
    for tick in ticks.into_iter().flatten() {
        total += tick.count_since_last_iteration();
        let value = tick.value_iterated_to() as f64 / unit;
        let quantile = tick.quantile_iterated_to();
        write!(out, "{value:12.digits$} {quantile:2.12} {total:10}")?;
        if quantile < 1.0 {
            write!(out, " {:14.2}", 1.0 / (1.0 - quantile))?;
        }
        writeln!(out)?;
    }
    let max = if histogram.is_empty() { 0 } else { histogram.max() };
    let (mean, deviation) = (histogram.mean() / unit, histogram.stdev() / unit);
    let (buckets, sub_buckets) = (histogram.buckets(), sub_buckets(histogram.sigfig()));
    writeln!(out, "#[Mean    = {mean:12.digits$}, StdDeviation   = {deviation:12.digits$}]")?;
    writeln!(out, "#[Max     = {:12.digits$}, Total count    = {:12}]", max as f64 / unit, histogram.len())?;
    writeln!(out, "#[Buckets = {buckets:12}, SubBuckets     = {sub_buckets:12}]")
}

/// So many values of one magnitude are told apart: a power of two, at least twice the digits ask for.
fn sub_buckets(digits: u8) -> u64 {
    (2 * 10_u64.pow(u32::from(digits))).next_power_of_two()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What HdrHistogram's own tests expect of 25, 50 and 75.
    const PUBLISHED: &str = "       \
Value     Percentile TotalCount 1/(1-Percentile)

      25.000 0.000000000000          1           1.00
      25.000 0.100000000000          1           1.11
      25.000 0.200000000000          1           1.25
      25.000 0.300000000000          1           1.43
      50.000 0.400000000000          2           1.67
      50.000 0.500000000000          2           2.00
      50.000 0.550000000000          2           2.22
      50.000 0.600000000000          2           2.50
      50.000 0.650000000000          2           2.86
      75.000 0.700000000000          3           3.33
      75.000 1.000000000000          3
#[Mean    =       50.000, StdDeviation   =       20.412]
#[Max     =       75.000, Total count    =            3]
#[Buckets =           43, SubBuckets     =         2048]
";

    #[test]
    fn the_text_is_that_of_the_published_tools() {
        let mut histogram = Histogram::<u64>::new_with_bounds(1, (1 << 53) - 1, 3).expect("bounds");
        for value in [25, 50, 75] {
            histogram.record(value).expect("within bounds");
        }
        let mut out = Vec::new();
        write_in(1.0, &histogram, &mut out).expect("memory");
        assert_eq!(String::from_utf8_lossy(&out), PUBLISHED);
    }
}
