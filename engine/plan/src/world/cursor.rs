//! Cursors: where a page begins, in a text that the parameter's schema admits.

use super::matter::Matter;

/// How the cursors of one list are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cursor {
    /// `~`, which no identity that we make begins with, and so many hexadecimal digits
    Short,
    /// `c` and hexadecimal digits, for those who want more characters or others
    Long,
    Longer,
    /// In the last digits of a UUID
    Uuid,
    /// The number itself
    Decimal,
    /// The identity of the entity before the page
    Identity,
}

/// What a UUID begins with that is a cursor.
const UUID: &str = "00000000-0000-4000-8000-";

/// Each goes before those behind it.
const ALL: [Cursor; 6] =
    [Cursor::Short, Cursor::Identity, Cursor::Long, Cursor::Longer, Cursor::Uuid, Cursor::Decimal];

impl Cursor {
    /// The first that a parameter admits where these entities are listed; `None` where it admits none.
    pub(super) fn of(matter: &Matter, admits: impl Fn(&str) -> bool) -> Option<Cursor> {
        let last = matter.size.saturating_sub(1);
        let is_fit = |cursor: &Cursor| {
            [0, matter.size / 2, last].into_iter().all(|offset| {
                let text = cursor.text(offset).unwrap_or_else(|| matter.codec.text(offset));
                admits(&text)
            })
        };
        ALL.into_iter().find(is_fit)
    }

    /// The cursor of the page that begins there; `None` where it is an identity.
    pub(super) fn text(self, offset: u64) -> Option<String> {
        Some(match self {
            Cursor::Short => format!("~{offset:x}"),
            Cursor::Long => format!("c{offset:015x}"),
            Cursor::Longer => format!("c{offset:031x}"),
            Cursor::Uuid => format!("{UUID}{offset:012x}"),
            Cursor::Decimal => offset.to_string(),
            Cursor::Identity => return None,
        })
    }

    /// Where the page of a cursor begins; `None` for a text that is none.
    pub(super) fn offset(self, text: &str) -> Option<u64> {
        let digits = match self {
            Cursor::Short => text.strip_prefix('~')?,
            Cursor::Long | Cursor::Longer => text.strip_prefix('c')?,
            Cursor::Uuid => text.strip_prefix(UUID)?,
            Cursor::Decimal => return text.parse().ok(),
            Cursor::Identity => return None,
        };
        let offset = u64::from_str_radix(digits, 16).ok()?;
        (self.text(offset).as_deref() == Some(text)).then_some(offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_lead_back_and_nothing_else_does() {
        for cursor in ALL.into_iter().filter(|cursor| *cursor != Cursor::Identity) {
            for offset in [0, 1, 20, 1 << 40] {
                let text = cursor.text(offset).expect("a text of its own");
                assert_eq!(cursor.offset(&text), Some(offset), "{cursor:?}");
            }
            for text in ["", "c", "c+1", "~+1", "x", "cc0ffee-", "00000000-0000-4000-8000-00"] {
                assert_eq!(cursor.offset(text), None, "{cursor:?} {text}");
            }
        }
    }
}
