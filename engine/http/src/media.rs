//! Media types and their negotiation (RFC 9110 sections 8.3.1 and 12.5.1).

use crate::limits::MAX_ACCEPT_ELEMENTS;
use crate::request::is_token_byte;

/// A media type or range that a document offers, such as `application/json`, `text/*` or `*/*`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MediaName {
    /// In lower case.
    kind: Box<str>,
    /// In lower case, with its suffix: `vnd.api+json`.
    subtype: Box<str>,
    /// Names in lower case.
    parameters: Box<[(Box<str>, Box<str>)]>,
}

impl MediaName {
    /// Parses `type/subtype; name=value`. `None` if it is no media type or range.
    pub fn parse(text: &str) -> Option<Self> {
        let range = Range::parse(text.as_bytes())?;
        let lower = |text: &[u8]| String::from_utf8_lossy(text).to_ascii_lowercase().into_boxed_str();
        let parameters = parameters(range.parameters)
            .map(|(name, value)| (lower(name), String::from_utf8_lossy(&unescape(value)).into()))
            .collect();
        Some(Self { kind: lower(range.kind), subtype: lower(range.subtype), parameters })
    }

    /// The part before the '/'.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// The part behind the '/', with its suffix.
    pub fn subtype(&self) -> &str {
        &self.subtype
    }

    /// Whether this is `*/*` or `type/*`.
    pub fn is_range(&self) -> bool {
        &*self.subtype == "*"
    }

    /// How well a request's `Content-Type` fits this name; `None` if not at all. The greater fits better.
    pub fn fits(&self, content_type: &[u8]) -> Option<u8> {
        let sent = Range::parse(content_type).filter(|sent| sent.subtype != b"*")?;
        let offered = [&*self.kind, &*self.subtype];
        if !within(offered, sent.kind, sent.subtype) {
            return None;
        }
        let named = self.parameters.iter().all(|(name, value)| sent.has(name, value));
        Some(match (&*self.kind, &*self.subtype) {
            ("*", _) => 0,
            (_, "*") => 1,
            _ if !named => 2,
            _ if self.parameters.is_empty() => 3,
            _ => 4,
        })
    }
}

/// The index of the offered media type that an `Accept` field prefers: highest quality, then the most specific range,
/// then the order of the offer. `None` if nothing offered is acceptable.
///
/// Elements that cannot be read are left out; if none is left anything is acceptable, and the first is taken. Where
/// nothing matches with the parameters that the client named, they are left out of account.
pub fn negotiate<'n>(accept: &[u8], offered: impl Iterator<Item = &'n MediaName> + Clone) -> Option<usize> {
    if memchr::memchr3(b',', b';', b'"', accept).is_some() {
        return negotiate_lines(std::iter::once(accept), offered);
    }
    // A single type or range without parameters: nothing to weigh.
    match Range::parse(accept) {
        Some(range) => offered.into_iter().position(|name| range.specificity(name, true).is_some()),
        None => offered.into_iter().next().map(|_| 0),
    }
}

/// As [`negotiate`], for an `Accept` that came on several lines (RFC 9110 section 5.3).
pub fn negotiate_lines<'a, 'n>(
    accept: impl Iterator<Item = &'a [u8]>,
    offered: impl Iterator<Item = &'n MediaName> + Clone,
) -> Option<usize> {
    let mut room = [Element::ANYTHING; MAX_ACCEPT_ELEMENTS];
    let mut count = 0;
    let parsed = accept.flat_map(elements).take(MAX_ACCEPT_ELEMENTS).filter_map(Element::parse);
    for (slot, element) in room.iter_mut().zip(parsed) {
        *slot = element;
        count += 1;
    }
    // Without any element that could be read, anything is acceptable: what the first slot says.
    let elements = &room[..count.max(1)];
    best(elements, offered.clone(), true).or_else(|| best(elements, offered, false))
}

fn best<'n>(
    elements: &[Element<'_>],
    offered: impl Iterator<Item = &'n MediaName>,
    strict: bool,
) -> Option<usize> {
    let mut best: Option<(Preference, usize)> = None;
    for (index, name) in offered.enumerate() {
        if let Some(preference) = preference(elements, name, strict)
            && best.is_none_or(|(other, _)| preference > other)
        {
            best = Some((preference, index));
        }
    }
    best.map(|(_, index)| index)
}

/// How much a client likes an offer; the greater, the more.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Preference {
    /// Thousandths.
    quality: u16,
    specificity: u8,
}

/// What the most specific element that matches says of an offered name; `None` if none does or it says 0.
fn preference(elements: &[Element<'_>], name: &MediaName, strict: bool) -> Option<Preference> {
    let matching = elements.iter().filter_map(|element| {
        let specificity = element.range.specificity(name, strict)?;
        Some(Preference { quality: element.quality, specificity })
    });
    let best = matching.max_by_key(|preference| (preference.specificity, preference.quality))?;
    (best.quality > 0).then_some(best)
}

/// One element of an `Accept` field.
#[derive(Clone, Copy)]
struct Element<'a> {
    range: Range<'a>,
    /// Thousandths.
    quality: u16,
}

impl<'a> Element<'a> {
    const ANYTHING: Self =
        Self { range: Range { kind: b"*", subtype: b"*", parameters: b"" }, quality: 1000 };

    fn parse(text: &'a [u8]) -> Option<Self> {
        let range = Range::parse(text)?;
        let quality = match parameters(range.parameters).find(|(name, _)| is_quality(name)) {
            Some((_, value)) => quality(value)?,
            None => 1000,
        };
        Some(Self { range, quality })
    }
}

/// `type/subtype` or a range, with its parameters still as text.
#[derive(Clone, Copy)]
struct Range<'a> {
    kind: &'a [u8],
    subtype: &'a [u8],
    parameters: &'a [u8],
}

impl<'a> Range<'a> {
    fn parse(text: &'a [u8]) -> Option<Self> {
        let end = memchr::memchr(b';', text).unwrap_or(text.len());
        let (essence, parameters) = (text[..end].trim_ascii(), &text[end..]);
        let slash = memchr::memchr(b'/', essence)?;
        let (kind, subtype) = (&essence[..slash], &essence[slash + 1..]);
        let is_range = kind != b"*" || subtype == b"*";
        (is_token(kind) && is_token(subtype) && is_range).then_some(Self { kind, subtype, parameters })
    }

    /// How specifically this range names the offer; `None` if it does not.
    fn specificity(&self, offer: &MediaName, strict: bool) -> Option<u8> {
        if self.kind == b"*" {
            return Some(0);
        }
        let offered = [&*offer.kind, &*offer.subtype];
        if self.subtype == b"*" {
            return (offered[0] == "*" || same(self.kind, offered[0])).then_some(1);
        }
        if !within(offered, self.kind, self.subtype) {
            return None;
        }
        let mut named = parameters(self.parameters).filter(|(name, _)| !is_quality(name)).peekable();
        if !strict || named.peek().is_none() {
            return Some(2);
        }
        named
            .all(|(name, value)| offer.parameters.iter().any(|(n, v)| is_parameter(name, value, n, v)))
            .then_some(3)
    }

    fn has(&self, name: &str, value: &str) -> bool {
        parameters(self.parameters).any(|(n, v)| is_parameter(n, v, name, value))
    }
}

/// Whether a type lies within an offered type or range.
fn within([kind, subtype]: [&str; 2], sent_kind: &[u8], sent_subtype: &[u8]) -> bool {
    kind == "*" || (same(sent_kind, kind) && (subtype == "*" || same(sent_subtype, subtype)))
}

fn same(text: &[u8], lower: &str) -> bool {
    text.eq_ignore_ascii_case(lower.as_bytes())
}

/// Names are case-insensitive; of values only `charset`'s (RFC 9110 section 8.3.2).
fn is_parameter(name: &[u8], value: &[u8], wanted_name: &str, wanted_value: &str) -> bool {
    let (value, wanted) = (unescape(value), wanted_value.as_bytes());
    same(name, wanted_name)
        && (*value == *wanted || (wanted_name == "charset" && value.eq_ignore_ascii_case(wanted)))
}

fn is_quality(name: &[u8]) -> bool {
    name.eq_ignore_ascii_case(b"q")
}

/// A quality between 0 and 1 in thousandths; more digits than the three allowed are cut off.
pub(crate) fn quality(text: &[u8]) -> Option<u16> {
    let (whole, fraction) = match memchr::memchr(b'.', text) {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text, &[][..]),
    };
    let thousandths = (0..3).try_fold(0u16, |value, index| {
        let digit = fraction.get(index).map_or(Some(0), |byte| (*byte as char).to_digit(10))?;
        Some(value * 10 + digit as u16)
    })?;
    match whole {
        b"1" => Some(1000),
        b"0" => Some(thousandths),
        b"" if !fraction.is_empty() => Some(thousandths),
        _ => None,
    }
}

fn is_token(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(|&byte| is_token_byte(byte))
}

/// Elements of a list at its commas, but for those in quotes.
fn elements(list: &[u8]) -> impl Iterator<Item = &[u8]> {
    split_unquoted(list, b',').map(<[u8]>::trim_ascii).filter(|element| !element.is_empty())
}

/// Name and value of each parameter; values may still be quoted. Those that cannot be read are left out.
fn parameters(text: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    split_unquoted(text, b';').filter_map(|parameter| {
        let at = memchr::memchr(b'=', parameter)?;
        let (name, value) = (parameter[..at].trim_ascii(), parameter[at + 1..].trim_ascii());
        is_token(name).then_some((name, value))
    })
}

pub(crate) fn split_unquoted(text: &[u8], separator: u8) -> impl Iterator<Item = &[u8]> {
    let (mut quoted, mut escaped) = (false, false);
    text.split(move |&byte| {
        if escaped {
            escaped = false;
        } else {
            match byte {
                b'"' => quoted = !quoted,
                b'\\' if quoted => escaped = true,
                _ => return byte == separator && !quoted,
            }
        }
        false
    })
}

/// The value of a quoted string, or the text itself (RFC 9110 section 5.6.4).
fn unescape(value: &[u8]) -> std::borrow::Cow<'_, [u8]> {
    let inner = match value {
        [b'"', inner @ .., b'"'] => inner,
        _ => return value.into(),
    };
    if !inner.contains(&b'\\') {
        return inner.into();
    }
    let mut out = Vec::with_capacity(inner.len());
    let mut bytes = inner.iter();
    while let Some(&byte) = bytes.next() {
        out.push(if byte == b'\\' { *bytes.next().unwrap_or(&byte) } else { byte });
    }
    out.into()
}
