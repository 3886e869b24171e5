//! How sure a ratio of medians is, by drawing from the values again and again (Efron: Bootstrap methods, 1979).

use crate::limits::BOOTSTRAP_ROUNDS;
use crate::random::Random;

/// The middle value, or the mean of the two in the middle; nothing of nothing.
pub(super) fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let half = sorted.len() / 2;
    match sorted.len() % 2 {
        _ if sorted.is_empty() => None,
        0 => Some((sorted[half - 1] + sorted[half]) / 2.0),
        _ => Some(sorted[half]),
    }
}

/// The 95 % interval of the median of `now` over that of `base`, by percentiles of the drawn ratios; nothing where a
/// group is empty or a base is 0.
pub(super) fn interval_of_ratio(now: &[f64], base: &[f64], seed: u64) -> Option<(f64, f64)> {
    let mut random = Random::new(seed, 0);
    let mut ratios = Vec::with_capacity(BOOTSTRAP_ROUNDS);
    for _ in 0..BOOTSTRAP_ROUNDS {
        let above = median(&drawn(now, &mut random))?;
        let below = median(&drawn(base, &mut random))?;
        if below <= 0.0 {
            return None;
        }
        ratios.push(above / below);
    }
    ratios.sort_by(f64::total_cmp);
    let at = |part: f64| ratios.get((part * ratios.len() as f64) as usize).copied();
    Some((at(0.025)?, at(0.975)?))
}

/// As many values again, each of them any of the group.
fn drawn(values: &[f64], random: &mut Random) -> Vec<f64> {
    let any = |_: &f64| values[(random.next() % values.len() as u64) as usize];
    values.iter().map(any).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_are_in_the_middle() {
        let cases: [(&[f64], Option<f64>); 5] = [
            (&[], None),
            (&[3.0], Some(3.0)),
            (&[9.0, 1.0], Some(5.0)),
            (&[9.0, 1.0, 2.0], Some(2.0)),
            (&[4.0, 1.0, 3.0, 2.0], Some(2.5)),
        ];
        for (values, expected) in cases {
            assert_eq!(median(values), expected, "{values:?}");
        }
    }

    #[test]
    fn intervals_hold_the_ratio_and_belong_to_the_seed() {
        let base = [1.0, 1.1, 0.9, 1.05, 0.95];
        let now = base.map(|value| value * 2.0);
        let (low, high) = interval_of_ratio(&now, &base, 7).expect("values");
        assert!(low < 2.0 && 2.0 < high && low > 1.6 && high < 2.5, "{low} {high}");
        assert_eq!(interval_of_ratio(&now, &base, 7), Some((low, high)));
        assert_eq!(interval_of_ratio(&[2.0; 5], &[1.0; 5], 7), Some((2.0, 2.0)));
        assert_eq!(interval_of_ratio(&[2.0; 5], &[0.0; 5], 7), None);
        assert_eq!(interval_of_ratio(&[], &base, 7), None);
    }
}
