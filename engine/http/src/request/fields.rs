//! Header fields of one message, with the well-known ones at hand.

use httparse::Header;

/// Fields that the engine asks for: recognised while the head is read, so that no later step searches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Known {
    /// `Host`
    Host,
    /// `Connection`
    Connection,
    /// `Content-Length`
    ContentLength,
    /// `Transfer-Encoding`
    TransferEncoding,
    /// `Expect`
    Expect,
    /// `Accept`
    Accept,
    /// `Accept-Encoding`
    AcceptEncoding,
    /// `Content-Type`
    ContentType,
    /// `Content-Encoding`
    ContentEncoding,
    /// `Prefer`
    Prefer,
    /// `Authorization`
    Authorization,
    /// `Cookie`
    Cookie,
    /// `Origin`
    Origin,
    /// `If-None-Match`
    IfNoneMatch,
    /// `Access-Control-Request-Method`
    AccessControlRequestMethod,
    /// `Access-Control-Request-Headers`
    AccessControlRequestHeaders,
}

const KNOWN: usize = Known::AccessControlRequestHeaders as usize + 1;
const ABSENT: u8 = u8::MAX;

impl Known {
    /// The well-known field of this name, which must be a token; names are case-insensitive.
    #[inline]
    pub fn of(name: &[u8]) -> Option<Self> {
        let known = match name.len() {
            4 if folds_to(name, b"host") => Self::Host,
            6 if folds_to(name, b"accept") => Self::Accept,
            6 if folds_to(name, b"cookie") => Self::Cookie,
            6 if folds_to(name, b"expect") => Self::Expect,
            6 if folds_to(name, b"origin") => Self::Origin,
            6 if folds_to(name, b"prefer") => Self::Prefer,
            10 if folds_to(name, b"connection") => Self::Connection,
            12 if folds_to(name, b"content-type") => Self::ContentType,
            13 if folds_to(name, b"authorization") => Self::Authorization,
            13 if folds_to(name, b"if-none-match") => Self::IfNoneMatch,
            14 if folds_to(name, b"content-length") => Self::ContentLength,
            15 if folds_to(name, b"accept-encoding") => Self::AcceptEncoding,
            16 if folds_to(name, b"content-encoding") => Self::ContentEncoding,
            17 if folds_to(name, b"transfer-encoding") => Self::TransferEncoding,
            29 if folds_to(name, b"access-control-request-method") => Self::AccessControlRequestMethod,
            30 if folds_to(name, b"access-control-request-headers") => Self::AccessControlRequestHeaders,
            _ => return None,
        };
        Some(known)
    }
}

/// Whether a token is `lower` (letters and '-' only) but for the case of its letters. Setting bit 5 is exact
/// here: among token bytes only a letter, or '-' itself, becomes a lower-case letter or '-'.
#[inline]
fn folds_to<const N: usize>(token: &[u8], lower: &[u8; N]) -> bool {
    match <&[u8; N]>::try_from(token) {
        Ok(token) => {
            token.iter().zip(lower).fold(0, |differing, (byte, lower)| differing | ((byte | 0x20) ^ lower))
                == 0
        }
        Err(_) => false,
    }
}

/// The header fields of one message, in the order they came.
#[derive(Clone, Copy)]
pub struct Fields<'a> {
    lines: &'a [Header<'a>],
    first: [u8; KNOWN],
    repeated: u16,
}

impl<'a> Fields<'a> {
    pub(crate) fn new(lines: &'a [Header<'a>]) -> Self {
        Self { lines, first: [ABSENT; KNOWN], repeated: 0 }
    }

    /// Remembers that the line of this index is of a well-known field.
    #[inline]
    pub(crate) fn note(&mut self, known: Known, index: usize) {
        let first = &mut self.first[known as usize];
        if *first == ABSENT {
            *first = index as u8;
        } else {
            self.repeated |= 1 << known as u16;
        }
    }

    /// The value of a well-known field, the first where it came several times. Without whitespace around it.
    #[inline]
    pub fn get(&self, known: Known) -> Option<&'a [u8]> {
        let line = self.lines.get(usize::from(self.first[known as usize]))?;
        Some(line.value)
    }

    /// Whether a well-known field came on more than one line.
    #[inline]
    pub fn is_repeated(&self, known: Known) -> bool {
        self.repeated & (1 << known as u16) != 0
    }

    /// All values of a well-known field: a list may be spread over several lines (RFC 9110 section 5.3).
    pub fn all(&self, known: Known) -> impl Iterator<Item = &'a [u8]> + Clone + use<'a> {
        let first = usize::from(self.first[known as usize]);
        let lines = match self.lines.get(first..) {
            Some(rest) if self.is_repeated(known) => rest,
            Some(rest) => &rest[..1],
            None => &[],
        };
        lines.iter().filter(move |line| Known::of(line.name.as_bytes()) == Some(known)).map(|line| line.value)
    }

    /// Names and values of all cookies in order, trimmed; one without `=` has an empty value (RFC 6265, sections 4.2.1 and
    /// 5.2).
    pub fn cookies(&self) -> impl Iterator<Item = (&'a [u8], &'a [u8])> + use<'a> {
        let pairs = self.all(Known::Cookie).flat_map(|line| line.split(|&byte| byte == b';'));
        pairs.map(<[u8]>::trim_ascii).filter(|pair| !pair.is_empty()).map(|pair| {
            let at = memchr::memchr(b'=', pair).unwrap_or(pair.len());
            (pair[..at].trim_ascii_end(), pair.get(at + 1..).unwrap_or_default().trim_ascii_start())
        })
    }

    /// The first value of the field of this name, whatever the case of its letters.
    pub fn find(&self, name: &str) -> Option<&'a [u8]> {
        self.find_all(name).next()
    }

    /// All values of the field of this name, whatever the case of its letters.
    pub fn find_all<'n>(&self, name: &'n str) -> impl Iterator<Item = &'a [u8]> + use<'a, 'n> {
        let lines = self.lines.iter();
        lines.filter(move |line| line.name.eq_ignore_ascii_case(name)).map(|line| line.value)
    }

    /// All fields, name and value, in the order they came.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&'a str, &'a [u8])> + use<'a> {
        self.lines.iter().map(|line| (line.name, line.value))
    }

    /// How many lines there are.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }
}

impl std::fmt::Debug for Fields<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_map()
            .entries(self.iter().map(|(name, value)| (name, value.escape_ascii().to_string())))
            .finish()
    }
}

/// Elements of a comma-separated list value, trimmed, empty ones left out (RFC 9110 section 5.6.1).
pub fn list(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    value.split(|&byte| byte == b',').map(<[u8]>::trim_ascii).filter(|element| !element.is_empty())
}
