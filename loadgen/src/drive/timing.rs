//! What a server says of the time it took (W3C Server Timing).

use mocker_http::request::Fields;
use mocker_http::server_timing::metrics;

use crate::limits::HIGHEST_LATENCY;

/// What a server says of one answer, in nanoseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Timing {
    /// `app`: what it took to make the answer
    pub(super) app: Option<u64>,
    /// `inj`: what it waited on purpose
    pub(super) injected: u64,
}

impl Timing {
    /// Reads the field; of several metrics of a name the first counts.
    pub(super) fn of(fields: &Fields<'_>) -> Timing {
        let (mut app, mut injected) = (None, None);
        for metric in metrics(fields.find_all("Server-Timing")) {
            let place = match metric.name {
                b"app" => &mut app,
                b"inj" => &mut injected,
                _ => continue,
            };
            *place = place.or(metric.duration.map(nanoseconds));
        }
        Timing { app, injected: injected.unwrap_or(0) }
    }
}

fn nanoseconds(milliseconds: f64) -> u64 {
    (milliseconds * 1e6).min(HIGHEST_LATENCY as f64) as u64
}
