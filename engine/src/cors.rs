//! Cross-origin sharing (Fetch, section 3.3): any page may call the mock.

use mocker_http::request::{Head, Known, Method};
use mocker_http::response::Writer;
use mocker_plan::SHARED_WITH_ANYBODY;

/// What every answer to a page says beside what the page asked for.
const WITH_ORIGIN: &[u8] =
    b"Access-Control-Allow-Credentials: true\r\nAccess-Control-Expose-Headers: *\r\nVary: Origin\r\n";

/// Bytes of the lines of one answer, but for what is the page's.
const USUAL_LINES: usize = 192;

/// The sharing lines of one answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Sharing {
    /// None: switched off
    #[default]
    Off,
    /// For anybody
    Anybody,
    /// For the origin that asked
    Origin(Vec<u8>),
}

impl Sharing {
    /// What the answer to this request says.
    #[inline]
    pub(crate) fn of(head: &Head<'_>) -> Sharing {
        match head.fields.get(Known::Origin) {
            None => Sharing::Anybody,
            Some(origin) => Sharing::Origin(lines(head, origin)),
        }
    }

    /// Whole field lines.
    #[inline]
    pub(crate) fn lines(&self) -> &[u8] {
        match self {
            Sharing::Off => b"",
            Sharing::Anybody => SHARED_WITH_ANYBODY,
            Sharing::Origin(lines) => lines,
        }
    }

    /// Whether it is what answers are prepared with.
    #[inline]
    pub(crate) fn is_usual(&self) -> bool {
        !matches!(self, Sharing::Origin(_))
    }
}

/// Whether a page asks whether it may ask (Fetch, section 3.3.5).
#[inline]
pub(crate) fn is_preflight(head: &Head<'_>) -> bool {
    head.method == Method::Options
        && head.fields.get(Known::Origin).is_some()
        && head.fields.get(Known::AccessControlRequestMethod).is_some()
}

/// What a preflight's answer allows: the method that is asked for.
#[cold]
pub(crate) fn allowed(head: &Head<'_>) -> Box<[u8]> {
    let method = head.fields.get(Known::AccessControlRequestMethod).unwrap_or_default();
    let mut line = Vec::new();
    Writer::line("Access-Control-Allow-Methods", method, &mut line);
    line.into()
}

fn lines(head: &Head<'_>, origin: &[u8]) -> Vec<u8> {
    let asked = head.fields.get(Known::AccessControlRequestHeaders).unwrap_or(b"*");
    let mut lines = Vec::with_capacity(USUAL_LINES + origin.len() + asked.len());
    Writer::line("Access-Control-Allow-Origin", origin, &mut lines);
    Writer::line("Access-Control-Allow-Headers", asked, &mut lines);
    lines.extend_from_slice(WITH_ORIGIN);
    lines
}
