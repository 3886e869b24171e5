//! The normal distribution, from chance to value.

/// Where the rational functions for the tails begin.
const TAIL: f64 = 0.02425;
const A: [f64; 6] = [
    -3.969683028665376e+01,
    2.209460984245205e+02,
    -2.759285104469687e+02,
    1.383_577_518_672_69e+02,
    -3.066479806614716e+01,
    2.506628277459239e+00,
];
const B: [f64; 6] = [
    -5.447609879822406e+01,
    1.615858368580409e+02,
    -1.556989798598866e+02,
    6.680131188771972e+01,
    -1.328068155288572e+01,
    1.0,
];
const C: [f64; 6] = [
    -7.784894002430293e-03,
    -3.223964580411365e-01,
    -2.400758277161838e+00,
    -2.549732539343734e+00,
    4.374664141464968e+00,
    2.938163982698783e+00,
];
const D: [f64; 5] =
    [7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00, 3.754408661907416e+00, 1.0];

/// The value below which a standard normal variable is with probability `fraction`; of 0 and 1 that of the nearest
/// number between them. P. J. Acklam's rational approximation: the relative error is below 1.2e-9.
pub(super) fn quantile(fraction: f64) -> f64 {
    let p = fraction.clamp(f64::MIN_POSITIVE, 1.0 - f64::EPSILON);
    if p < TAIL {
        return tail(p);
    }
    if p > 1.0 - TAIL {
        return -tail(1.0 - p);
    }
    let q = p - 0.5;
    let r = q * q;
    polynomial(&A, r) * q / polynomial(&B, r)
}

fn tail(p: f64) -> f64 {
    let q = (-2.0 * p.ln()).sqrt();
    polynomial(&C, q) / polynomial(&D, q)
}

/// Coefficients from the highest power on.
fn polynomial(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().fold(0.0, |sum, coefficient| sum * x + coefficient)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_the_tables() {
        for (fraction, expected) in [
            (0.5, 0.0),
            (0.975, 1.959_963_985),
            (0.025, -1.959_963_985),
            (0.99, 2.326_347_874),
            (0.02, -2.053_748_911),
            (0.84, 0.994_457_883),
            (0.001, -3.090_232_306),
            (0.999_999, 4.753_424_309),
        ] {
            assert!((quantile(fraction) - expected).abs() < 1e-7, "{fraction}: {}", quantile(fraction));
        }
        assert!(quantile(0.0).is_finite() && quantile(1.0).is_finite());
    }
}
