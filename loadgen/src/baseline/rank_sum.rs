//! The Mann–Whitney U test (Mann and Whitney: On a test of whether one of two random variables is stochastically
//! larger than the other, 1947), exact, with ties.

/// The chance that two groups differ as much as these or more if nothing tells them apart; two-sided, 0 to 1. 1 where
/// a group is empty. Takes time and memory with the cube of the number of values: it is for dozens.
pub fn p_value(ours: &[f64], theirs: &[f64]) -> f64 {
    if ours.is_empty() || theirs.is_empty() {
        return 1.0;
    }
    let ranks = doubled_ranks(ours, theirs);
    let observed: usize = ranks[..ours.len()].iter().sum();
    // Twice the mean rank is one more than the number of values.
    let expected = ours.len() * (ranks.len() + 1);
    let distance = observed.abs_diff(expected);
    let ways = ways_to_sum(&ranks, ours.len());
    let all: f64 = ways.iter().sum();
    let far = ways.iter().enumerate().filter(|(sum, _)| sum.abs_diff(expected) >= distance);
    far.map(|(_, ways)| ways).sum::<f64>() / all
}

/// The least that groups of this size can come to: all of one above all of the other.
pub fn least_p_value(ours: usize, theirs: usize) -> f64 {
    let ways = (1..=ours).fold(1.0, |ways, index| ways * (theirs + index) as f64 / index as f64);
    (2.0 / ways).min(1.0)
}

/// Twice the rank of each value, ours first; those that tie share the mean of their ranks, which doubled is whole.
fn doubled_ranks(ours: &[f64], theirs: &[f64]) -> Vec<usize> {
    let all: Vec<f64> = ours.iter().chain(theirs).copied().collect();
    let rank = |value: &f64| {
        let below = all.iter().filter(|other| *other < value).count();
        let equal = all.iter().filter(|other| *other == value).count();
        2 * below + equal + 1
    };
    all.iter().map(rank).collect()
}

/// By sum: in how many ways so many of the ranks add up to it. Counts below 2^53 are exact, others as good as.
fn ways_to_sum(ranks: &[usize], count: usize) -> Vec<f64> {
    let most: usize = ranks.iter().sum();
    // By how many were taken, by their sum.
    let mut ways = vec![vec![0.0; most + 1]; count + 1];
    ways[0][0] = 1.0;
    for &rank in ranks {
        for taken in (1..=count).rev() {
            let (fewer, more) = ways.split_at_mut(taken);
            let (from, to) = (&fewer[taken - 1], &mut more[0]);
            for (to, from) in to[rank..].iter_mut().zip(from) {
                *to += from;
            }
        }
    }
    ways.swap_remove(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Groups without ties of which `u` pairs have ours above theirs.
    fn groups(ours: usize, theirs: usize, mut u: usize) -> (Vec<f64>, Vec<f64>) {
        let placed = (0..ours).map(|index| {
            let above = u.min(theirs);
            u -= above;
            above as f64 + 0.5 + index as f64 * 1e-3
        });
        (placed.collect(), (1..=theirs).map(|value| value as f64).collect())
    }

    fn p_of(ours: usize, theirs: usize, u: usize) -> f64 {
        let (ours, theirs) = groups(ours, theirs, u);
        p_value(&ours, &theirs)
    }

    /// Critical values of U, two-sided, at 5 % (Milton: An extended table of critical values for the Mann–Whitney
    /// two-sample statistic, 1964).
    #[test]
    fn tables_agree() {
        let cases = [
            (4, 4, 0),
            (3, 5, 0),
            (5, 5, 2),
            (5, 8, 6),
            (6, 6, 5),
            (7, 7, 8),
            (8, 8, 13),
            (9, 9, 17),
            (10, 10, 23),
            (10, 15, 39),
            (12, 12, 37),
            (15, 15, 64),
            (20, 20, 127),
        ];
        for (ours, theirs, critical) in cases {
            let (at, beyond) = (p_of(ours, theirs, critical), p_of(ours, theirs, critical + 1));
            assert!(at <= 0.05 && beyond > 0.05, "{ours} and {theirs}: {at} at {critical}, then {beyond}");
            let mirrored = p_of(ours, theirs, ours * theirs - critical);
            assert!((at - mirrored).abs() < 1e-12, "{ours} and {theirs}: {at}, {mirrored}");
        }
    }

    #[test]
    fn small_groups_are_counted() {
        // 1 of 252 ways each side; 3 of 20; the middle is certain.
        assert!((p_of(5, 5, 0) - 2.0 / 252.0).abs() < 1e-12);
        assert!((p_of(5, 5, 1) - 4.0 / 252.0).abs() < 1e-12);
        assert!((p_of(3, 3, 0) - 2.0 / 20.0).abs() < 1e-12);
        assert!((p_of(1, 1, 0) - 1.0).abs() < 1e-12);
        for (ours, theirs) in [(5, 5), (3, 8), (10, 10), (30, 30)] {
            let (exact, least) = (p_of(ours, theirs, 0), least_p_value(ours, theirs));
            assert!((exact / least - 1.0).abs() < 1e-9, "{ours} and {theirs}: {exact}, {least}");
        }
    }

    #[test]
    fn ties_share_their_ranks() {
        assert_eq!(p_value(&[1.0; 5], &[1.0; 5]), 1.0);
        assert_eq!(p_value(&[], &[1.0]), 1.0);
        // Of the 6 ways to take two of 1, 2, 2, 3, two are as far out as {1, 2}, and two as {2, 3}.
        assert!((p_value(&[1.0, 2.0], &[2.0, 3.0]) - 4.0 / 6.0).abs() < 1e-12);
        assert!((p_value(&[1.0, 1.0, 1.0, 1.0], &[2.0, 2.0, 2.0, 2.0]) - 2.0 / 70.0).abs() < 1e-12);
    }
}
