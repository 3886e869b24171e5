//! Why a threshold cannot be used. The messages say what would be right.

use crate::duration;
use crate::limits::{FLOOR_TIMES, MAX_THRESHOLD_BYTES};
use crate::rate;

/// Why a threshold cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Fault {
    /// Nothing there
    #[error("a threshold is missing: write what must hold, as in `p99<5ms`")]
    Empty,
    /// Beyond [`MAX_THRESHOLD_BYTES`]
    #[error("a threshold has at most {MAX_THRESHOLD_BYTES} bytes")]
    TooLong,
    /// No `<` or `>`
    #[error("`{0}` compares nothing: write what must hold, as in `p99<5ms` or `rps>=99.9%`")]
    NoComparison(String),
    /// `=`, `=>`, `!=`
    #[error("`{sign}` in `{text}` is no comparison: {hint}")]
    Comparison {
        /// The whole text
        text: String,
        /// What stands between metric and limit
        sign: String,
        /// What to write
        hint: String,
    },
    /// Nothing before the comparison
    #[error("`{0}` names no metric: write `p99`, `max`, `rps` or `error_rate` before the comparison")]
    NoMetric(String),
    /// A metric that is none
    #[error("`{metric}` is no metric{}: there are p50, p99.9 and so on, min, mean, max, stdev, rps, error_rate, \
             errors and window_p99", nearest.as_ref().map_or(String::new(), |name| format!(", did you mean `{name}`?")))]
    Metric {
        /// As written
        metric: String,
        /// What is meant most likely
        nearest: Option<String>,
    },
    /// A percentile that is none
    #[error("`{metric}` is no percentile: {hint}")]
    Percentile {
        /// As written
        metric: String,
        /// What to write
        hint: String,
    },
    /// `service.rps`
    #[error("`{clock}.` stands before latencies alone: `{metric}` is none, write `{metric}` without it")]
    ClockOfCount {
        /// As written, without the point
        clock: String,
        /// As written
        metric: String,
    },
    /// `service.window_p99`
    #[error("windows know the response time alone: write `{0}` without `{1}.`")]
    ClockOfWindow(String, String),
    /// `service.p99{GET /pets}`
    #[error("operations know the response time alone: write `{0}{{…}}` without `{1}.`")]
    ClockOfOperation(String, String),
    /// `window_p99{GET /pets}`
    #[error("windows are of the whole run: write `{0}` without an operation")]
    WindowOfOperation(String),
    /// `{` without `}`
    #[error("the scope in `{0}` does not end: write `p99{{GET /pets}}<3ms`")]
    OpenScope(String),
    /// `{}`
    #[error("the scope in `{0}` is empty: write `p99{{GET /pets}}<3ms`")]
    EmptyScope(String),
    /// `p99<3ms{GET /pets}`
    #[error("the scope in `{0}` stands behind the metric: write `p99{{GET /pets}}<3ms`")]
    MisplacedScope(String),
    /// Nothing behind the comparison
    #[error("`{0}` has no limit: write `{0}{1}`")]
    NoLimit(String, &'static str),
    /// `p99<5`
    #[error("`{limit}` has no unit: write `{limit}ms`, as in `{metric}<{limit}ms`")]
    NoUnit {
        /// As written
        metric: String,
        /// As written
        limit: String,
    },
    /// `p99<5%`
    #[error("`{metric}` is a time, `{limit}` is none: write `{metric}<5ms`")]
    NotATime {
        /// As written
        metric: String,
        /// As written
        limit: String,
    },
    /// A time that cannot be read
    #[error(transparent)]
    Duration(duration::Fault),
    /// A rate that cannot be read
    #[error("the limit of `rps`: {0}; a part of the target rate is written `99.9%`")]
    Rate(rate::Fault),
    /// `rps>max`
    #[error("`max` is no limit of `rps`: write `rps>=99.9%` or `rps>10k`")]
    MaxRate,
    /// `error_rate<1`
    #[error("`{0}` is no part of a whole: write `{0}%`, or a fraction below 1 as in `error_rate<0.001`")]
    NoShare(String),
    /// `error_rate<often`
    #[error("`{0}` is no error rate: write `0.1%`, or a fraction as in `error_rate<0.001`")]
    ErrorRate(String),
    /// `errors<1%`
    #[error(
        "`{0}` is no number of errors: write `errors<=10`, or `error_rate<0.1%` for a part of all requests"
    )]
    Count(String),
    /// `errors<0`
    #[error("`{0}` can never hold: write `{1}`")]
    Never(String, String),
    /// A scope that is no operation of the scenario
    #[error("`{scope}` is none of the operations{}", nearest.as_ref().map_or(String::new(), |name| format!(": did you mean `{name}`?")))]
    Scope {
        /// As written
        scope: String,
        /// What is meant most likely
        nearest: Option<String>,
    },
    /// `rps>=99.9%` without a rate
    #[error("`{0}` is a part of the target rate, and a closed loop has none: write a rate, as in `rps>10k`")]
    NoTarget(String),
    /// Too near to what the generator itself takes
    #[error(
        "`{text}` is below {FLOOR_TIMES} times the floor: the generator itself takes {floor} (p99) on this \
         machine, so that the lowest limit it can judge is {least}"
    )]
    Floor {
        /// The whole threshold
        text: String,
        /// As measured
        floor: String,
        /// What would be accepted
        least: String,
    },
}
