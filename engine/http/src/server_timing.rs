//! The `Server-Timing` field (W3C Server Timing, section 3).

use crate::media::split_unquoted;

/// One metric of a server's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Metric<'a> {
    /// Its name, as sent
    pub name: &'a [u8],
    /// `dur`, in milliseconds; finite and not negative
    pub duration: Option<f64>,
}

/// The metrics of all lines of the field, in order; what cannot be read is left out.
pub fn metrics<'a>(lines: impl Iterator<Item = &'a [u8]>) -> impl Iterator<Item = Metric<'a>> {
    lines.flat_map(|line| split_unquoted(line, b',')).filter_map(|text| {
        let mut parts = split_unquoted(text, b';').map(<[u8]>::trim_ascii);
        let name = parts.next().filter(|name| !name.is_empty())?;
        // The first of a name counts.
        let duration = parts.find_map(duration_text).and_then(milliseconds);
        Some(Metric { name, duration })
    })
}

fn duration_text(parameter: &[u8]) -> Option<&[u8]> {
    let at = memchr::memchr(b'=', parameter)?;
    let is_duration = parameter[..at].trim_ascii().eq_ignore_ascii_case(b"dur");
    is_duration.then(|| parameter[at + 1..].trim_ascii())
}

fn milliseconds(text: &[u8]) -> Option<f64> {
    let text = text.strip_prefix(b"\"").and_then(|text| text.strip_suffix(b"\"")).unwrap_or(text);
    let value: f64 = std::str::from_utf8(text).ok()?.parse().ok()?;
    (value.is_finite() && value >= 0.0).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_of_all_shapes() {
        for (lines, expected) in [
            (&["app;dur=0.021"][..], &[("app", Some(0.021))][..]),
            (
                &["app;dur=1.5, inj;dur=\"20\";desc=\"a, b; dur=7\"", "miss"],
                &[("app", Some(1.5)), ("inj", Some(20.0)), ("miss", None)],
            ),
            (&["a; DUR = 2 ;dur=3"], &[("a", Some(2.0))]),
            (
                &["a;dur=x,b;dur=-1,c;dur=inf,d;dur=NaN,e;dur"],
                &[("a", None), ("b", None), ("c", None), ("d", None), ("e", None)],
            ),
            (&["", ", ;dur=1,"], &[]),
        ] {
            let found = metrics(lines.iter().map(|line| line.as_bytes()));
            let found: Vec<_> = found
                .map(|metric| (std::str::from_utf8(metric.name).unwrap_or("?"), metric.duration))
                .collect();
            assert_eq!(found, expected, "{lines:?}");
        }
    }
}
