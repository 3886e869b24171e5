//! From values to places on an axis, 0 to 1.

/// An axis.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    min: f64,
    max: f64,
    is_logarithmic: bool,
}

/// Ticks of a linear axis, about.
const TICKS: f64 = 4.0;
/// Powers of ten up to which an axis has ticks between them.
const DECADES_WITH_PARTS: f64 = 2.5;

impl Scale {
    /// From 0 to at least the highest value.
    pub(super) fn linear(highest: f64) -> Scale {
        let highest = if highest > 0.0 { highest } else { 1.0 };
        let step = step(highest / TICKS);
        Scale { min: 0.0, max: (highest / step).ceil() * step, is_logarithmic: false }
    }

    /// From 0 to just the highest value.
    pub(super) fn exact(highest: f64) -> Scale {
        Scale { min: 0.0, max: if highest > 0.0 { highest } else { 1.0 }, is_logarithmic: false }
    }

    /// Logarithmic, around values above 0; without values one decade.
    pub(super) fn around(values: impl Iterator<Item = f64>) -> Scale {
        let (mut min, mut max) = (f64::INFINITY, 0.0_f64);
        for value in values.filter(|value| *value > 0.0 && value.is_finite()) {
            min = min.min(value);
            max = max.max(value);
        }
        if max <= 0.0 {
            return Scale { min: 1e6, max: 1e7, is_logarithmic: true };
        }
        let (min, max) = (below(min), above(max));
        Scale { min, max: if max > min { max } else { min * 10.0 }, is_logarithmic: true }
    }

    /// Logarithmic, from 1.
    pub(super) fn decades(highest: f64) -> Scale {
        Scale { min: 1.0, max: highest.max(10.0), is_logarithmic: true }
    }

    pub(super) fn max(self) -> f64 {
        self.max
    }

    /// 0 at the start of the axis, 1 at its end; what lies beyond is put there.
    pub(super) fn place(self, value: f64) -> f64 {
        let (value, min, max) = match self.is_logarithmic {
            true => (value.max(self.min).log10(), self.min.log10(), self.max.log10()),
            false => (value, self.min, self.max),
        };
        ((value - min) / (max - min)).clamp(0.0, 1.0)
    }

    /// Round values along the axis.
    pub(super) fn ticks(self) -> Vec<f64> {
        if !self.is_logarithmic {
            let step = step(self.max / TICKS);
            return (0..=(self.max / step + 1e-9) as usize).map(|index| index as f64 * step).collect();
        }
        let (first, last) = (self.min.log10().floor() as i32, self.max.log10().ceil() as i32);
        let has_parts = self.max.log10() - self.min.log10() <= DECADES_WITH_PARTS;
        let parts: &[f64] = if has_parts { &[1.0, 2.0, 5.0] } else { &[1.0] };
        let all = (first..=last).flat_map(|power| parts.iter().map(move |part| part * 10_f64.powi(power)));
        all.filter(|tick| *tick >= self.min * 0.999 && *tick <= self.max * 1.001).collect()
    }
}

/// The 1, 2 or 5 times a power of ten that is next from above.
fn step(value: f64) -> f64 {
    above(value)
}

fn above(value: f64) -> f64 {
    let power = 10_f64.powf(value.log10().floor());
    let factor = [1.0, 2.0, 5.0].into_iter().find(|factor| factor * power >= value * 0.999_999);
    factor.unwrap_or(10.0) * power
}

fn below(value: f64) -> f64 {
    let power = 10_f64.powf(value.log10().floor());
    let factor = [5.0, 2.0, 1.0].into_iter().find(|factor| factor * power <= value * 1.000_001);
    factor.unwrap_or(1.0) * power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_within_the_axis() {
        assert_eq!(Scale::linear(10_499.8).ticks(), [0.0, 5_000.0, 10_000.0, 15_000.0]);
        assert_eq!(Scale::linear(0.0).ticks(), [0.0, 0.5, 1.0]);
        assert_eq!(Scale::exact(30.0).ticks(), [0.0, 10.0, 20.0, 30.0]);
        let ticks = Scale::around([110_000.0, 7_210_000.0].into_iter()).ticks();
        let expected = [1e5, 2e5, 5e5, 1e6, 2e6, 5e6, 1e7];
        assert_eq!(ticks.len(), expected.len(), "{ticks:?}");
        assert!(ticks.iter().zip(expected).all(|(a, b)| (a / b - 1.0).abs() < 1e-9), "{ticks:?}");
    }

    #[test]
    fn no_value_leaves_the_axis() {
        let scales = [
            Scale::linear(0.0),
            Scale::linear(f64::MIN_POSITIVE),
            Scale::exact(0.0),
            Scale::around(std::iter::empty()),
            Scale::around([0.0, f64::NAN].into_iter()),
            Scale::around([5.0].into_iter()),
            Scale::decades(0.0),
        ];
        for scale in scales {
            for value in [0.0, 1e-9, 1.0, 1e12] {
                let place = scale.place(value);
                assert!((0.0..=1.0).contains(&place), "{scale:?} {value}: {place}");
            }
            assert!(scale.ticks().len() < 20, "{scale:?}");
        }
    }
}
