//! The highest rate that holds: doubled until one breaks, bisected, and the winner held for longer.
//!
//! Pure: [`Search`] says what to measure next and is told what came of it. [`probe`] is what a probe comes to.

pub mod probe;

pub use probe::{Found, Probe, judge};

use crate::limits::{HIGHEST_RATE, SEARCH_PRECISION, STEP_DOWN, STEPS_DOWN};

/// What to measure next, in requests a second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// Whether this rate holds
    Probe(f64),
    /// Whether it holds for longer, too
    Confirm(f64),
    /// Nothing more
    Over(Outcome),
}

/// What a probe says of its rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// Every threshold holds
    Holds,
    /// One does not
    Breaks,
    /// The generator was the limit: it says nothing of the server
    Limited,
}

/// What a search comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Outcome {
    /// The highest rate known to hold, in requests a second; nothing where none is, or the longer run refuted it
    pub max: Option<f64>,
    /// The generator ended before the server did: the server's maximum is `max` or more
    pub generator_limited: bool,
    /// `max` held for longer than a probe, too
    pub confirmed: bool,
}

/// Where a search is.
#[derive(Clone, Debug)]
pub struct Search {
    stage: Stage,
    /// This rate was measured before, and what came of it is not believed yet
    is_second_look: bool,
    generator_limited: bool,
}

#[derive(Clone, Copy, Debug)]
enum Stage {
    Doubling {
        rate: f64,
        held: Option<f64>,
    },
    /// `low` holds, `high` does not
    Bisecting {
        low: f64,
        high: f64,
    },
    Confirming {
        rate: f64,
        steps_left: usize,
    },
    Over(Outcome),
}

impl Search {
    /// Begins at a rate above 0.
    pub fn new(from: f64) -> Search {
        let stage = Stage::Doubling { rate: from.min(HIGHEST_RATE), held: None };
        Search { stage, is_second_look: false, generator_limited: false }
    }

    /// What to measure now.
    pub fn step(&self) -> Step {
        match self.stage {
            Stage::Doubling { rate, .. } => Step::Probe(rate),
            Stage::Bisecting { low, high } => Step::Probe(middle(low, high)),
            Stage::Confirming { rate, .. } => Step::Confirm(rate),
            Stage::Over(outcome) => Step::Over(outcome),
        }
    }

    /// Takes what came of the step.
    pub fn take(&mut self, finding: Finding) {
        if self.deserves_second_look(finding) && !self.is_second_look {
            self.is_second_look = true;
            return;
        }
        self.is_second_look = false;
        self.stage = match self.stage {
            Stage::Doubling { rate, held } => self.doubled(rate, held, finding),
            Stage::Bisecting { low, high } => self.bisected(low, high, finding),
            Stage::Confirming { rate, steps_left } => self.confirmed(rate, steps_left, finding),
            over @ Stage::Over(_) => over,
        };
    }

    /// What is known if nothing more can be measured.
    pub fn abandoned(&self) -> Outcome {
        let max = match self.stage {
            Stage::Doubling { held, .. } => held,
            Stage::Bisecting { low, .. } => Some(low),
            Stage::Confirming { .. } => None,
            Stage::Over(outcome) => return outcome,
        };
        Outcome { max, generator_limited: self.generator_limited, confirmed: false }
    }

    /// A hiccup of the generator would end the search, one of the server while doubling would leave it far too low.
    fn deserves_second_look(&self, finding: Finding) -> bool {
        match finding {
            Finding::Holds => false,
            Finding::Breaks => matches!(self.stage, Stage::Doubling { .. }),
            Finding::Limited => true,
        }
    }

    fn doubled(&mut self, rate: f64, held: Option<f64>, finding: Finding) -> Stage {
        match (finding, held) {
            (Finding::Holds, _) if rate >= HIGHEST_RATE => confirming(rate),
            (Finding::Holds, _) => Stage::Doubling { rate: (rate * 2.0).min(HIGHEST_RATE), held: Some(rate) },
            (Finding::Breaks, None) => Stage::Over(Outcome::default()),
            (Finding::Breaks, Some(low)) => narrowed(low, rate),
            (Finding::Limited, None) => {
                Stage::Over(Outcome { generator_limited: true, ..Outcome::default() })
            }
            (Finding::Limited, Some(low)) => self.limited_above(low),
        }
    }

    fn bisected(&mut self, low: f64, high: f64, finding: Finding) -> Stage {
        let rate = middle(low, high);
        match finding {
            Finding::Holds => narrowed(rate, high),
            Finding::Breaks => narrowed(low, rate),
            Finding::Limited => self.limited_above(low),
        }
    }

    fn confirmed(&mut self, rate: f64, steps_left: usize, finding: Finding) -> Stage {
        let generator_limited = self.generator_limited;
        match finding {
            Finding::Holds => Stage::Over(Outcome { max: Some(rate), generator_limited, confirmed: true }),
            Finding::Limited => {
                Stage::Over(Outcome { max: Some(rate), generator_limited: true, confirmed: false })
            }
            // What holds is below this: whatever limits the generator is above.
            Finding::Breaks => {
                self.generator_limited = false;
                match steps_left {
                    0 => Stage::Over(Outcome::default()),
                    _ => Stage::Confirming { rate: round(rate * STEP_DOWN), steps_left: steps_left - 1 },
                }
            }
        }
    }

    fn limited_above(&mut self, low: f64) -> Stage {
        self.generator_limited = true;
        confirming(low)
    }
}

fn confirming(rate: f64) -> Stage {
    Stage::Confirming { rate, steps_left: STEPS_DOWN }
}

fn narrowed(low: f64, high: f64) -> Stage {
    if high / low <= SEARCH_PRECISION { confirming(low) } else { Stage::Bisecting { low, high } }
}

/// Halves the ratio. Rounding moves it by half a percent at most, so that it stays between the two.
fn middle(low: f64, high: f64) -> f64 {
    round((low * high).sqrt())
}

/// To three significant digits.
fn round(rate: f64) -> f64 {
    let unit = 10_f64.powi(rate.log10().floor() as i32 - 2);
    (rate / unit).round() * unit
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::random::Random;

    /// More steps than any search takes.
    const ENOUGH: usize = 200;

    /// Plays a search against what a server (and a generator) does at a rate; the flag tells a confirmation.
    fn play(from: f64, mut measure: impl FnMut(f64, bool) -> Finding) -> (Outcome, Vec<f64>) {
        let mut search = Search::new(from);
        let mut rates = Vec::new();
        for _ in 0..ENOUGH {
            let (rate, is_long) = match search.step() {
                Step::Probe(rate) => (rate, false),
                Step::Confirm(rate) => (rate, true),
                Step::Over(outcome) => return (outcome, rates),
            };
            rates.push(rate);
            search.take(measure(rate, is_long));
        }
        panic!("the search does not end: {rates:?}");
    }

    fn holds_up_to(most: f64) -> impl Fn(f64, bool) -> Finding {
        move |rate, _| if rate <= most { Finding::Holds } else { Finding::Breaks }
    }

    #[test]
    fn rates_double_then_close_in() {
        let (outcome, rates) = play(100.0, holds_up_to(1_000.0));
        assert_eq!(
            rates,
            [100.0, 200.0, 400.0, 800.0, 1_600.0, 1_600.0, 1_130.0, 951.0, 1_040.0, 995.0, 995.0]
        );
        assert_eq!(outcome, Outcome { max: Some(995.0), generator_limited: false, confirmed: true });
    }

    #[test]
    fn ends_are_told_apart() {
        use Finding::{Breaks, Holds, Limited};
        let limited = |max, confirmed| Outcome { max, generator_limited: true, confirmed };
        let cases: [(&[Finding], Outcome); 6] = [
            (&[Breaks, Breaks], Outcome::default()),
            (&[Limited, Limited], limited(None, false)),
            (&[Holds, Limited, Limited, Holds], limited(Some(100.0), true)),
            (&[Holds, Limited, Limited, Limited, Limited], limited(Some(100.0), false)),
            // Once is a hiccup.
            (&[Limited, Breaks], Outcome::default()),
            (&[Holds, Limited, Limited, Breaks, Breaks, Breaks, Breaks, Breaks, Breaks], Outcome::default()),
        ];
        for (findings, expected) in cases {
            let mut left = findings.iter();
            let (outcome, _) = play(100.0, |_, _| *left.next().expect("a step too many"));
            assert_eq!(outcome, expected, "{findings:?}");
            assert_eq!(left.next(), None, "{findings:?}");
        }
    }

    #[test]
    fn what_is_abandoned_says_what_held() {
        let mut search = Search::new(100.0);
        assert_eq!(search.abandoned(), Outcome::default());
        search.take(Finding::Holds);
        assert_eq!(search.abandoned().max, Some(100.0));
        search.take(Finding::Breaks);
        search.take(Finding::Breaks);
        search.take(Finding::Holds);
        assert_eq!(search.abandoned(), Outcome { max: Some(141.0), ..Outcome::default() });
    }

    #[test]
    fn rates_end_where_schedules_do() {
        let (outcome, _) = play(1.0, |_, _| Finding::Holds);
        assert_eq!(outcome.max, Some(HIGHEST_RATE));
    }

    proptest! {
        #[test]
        fn a_threshold_is_found_within_the_precision(from in 0.5..5_000.0, times in 1.0..100_000.0) {
            let most = from * times;
            let (outcome, rates) = play(from, holds_up_to(most));
            let max = outcome.max.expect("the first rate holds");
            prop_assert!(outcome.confirmed && !outcome.generator_limited);
            prop_assert!(max <= most && most <= max * SEARCH_PRECISION, "{max} of {most}");
            prop_assert!(rates.len() <= 30, "{rates:?}");
        }

        #[test]
        fn a_limit_of_the_generator_is_told(from in 0.5..5_000.0, times in 0.5..10_000.0, above in 1.01..10.0) {
            let limit = from * times;
            let most = limit * above;
            let (outcome, _) = play(from, |rate, long| {
                if rate > limit { Finding::Limited } else { holds_up_to(most)(rate, long) }
            });
            // The server's own limit may be seen before, if the generator's is within the last doubling.
            match outcome.max {
                None => prop_assert!(limit < from && outcome.generator_limited),
                Some(max) => prop_assert!(outcome.generator_limited && max <= limit && limit < 2.0 * max),
            }
        }

        #[test]
        fn what_breaks_later_is_stepped_down_from(most in 100.0..100_000.0, part in 0.5..1.0) {
            let lasting = most * part;
            let (outcome, _) = play(100.0, |rate, is_long| {
                holds_up_to(if is_long { lasting } else { most })(rate, is_long)
            });
            match outcome.max {
                Some(max) => {
                    let least = (lasting * STEP_DOWN).min(most / SEARCH_PRECISION) * 0.99;
                    prop_assert!(outcome.confirmed && max <= lasting && max >= least, "{max} of {lasting}");
                }
                None => {
                    let lowest = most * STEP_DOWN.powi(STEPS_DOWN as i32);
                    prop_assert!(!outcome.confirmed && lasting < lowest * 1.03, "{lasting} of {most}");
                }
            }
        }

        #[test]
        fn noise_near_the_threshold_stays_near_it(most in 200.0..100_000.0, seed: u64) {
            let mut random = Random::new(seed, 0);
            let (outcome, _) = play(100.0, |rate, long| {
                holds_up_to(most * (0.95 + 0.1 * random.unit()))(rate, long)
            });
            if let Some(max) = outcome.max {
                prop_assert!((0.85 * most..=1.05 * most).contains(&max), "{max} of {most}");
            }
        }

        #[test]
        fn whatever_is_found_the_search_ends(from in 0.001..1e9, seed: u64) {
            let mut random = Random::new(seed, 1);
            let (outcome, _) = play(from, |_, _| match random.next() % 4 {
                0 => Finding::Limited,
                1 => Finding::Breaks,
                _ => Finding::Holds,
            });
            prop_assert!(!outcome.confirmed || outcome.max.is_some());
        }
    }
}
