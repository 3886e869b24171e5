//! Cursors: where a page begins, in a text that the parameter's schema admits.

use mocker_schema::validate::Direction;
use mocker_schema::{SchemaId, Schemas};
use serde_json::Value;

/// How the cursors of one list are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Cursor {
    /// `c` and so many hexadecimal digits, or more where the number asks for it
    #[default]
    Short,
    Long,
    Longer,
    /// In the last digits of a UUID
    Uuid,
    /// The number itself
    Decimal,
}

/// What a UUID begins with that is a cursor.
const UUID: &str = "00000000-0000-4000-8000-";

/// Each goes before those behind it.
const ALL: [Cursor; 5] = [Cursor::Short, Cursor::Long, Cursor::Longer, Cursor::Uuid, Cursor::Decimal];

impl Cursor {
    /// The first that a parameter of this schema may be where there are so many entities; `None` where it may be none.
    pub(super) fn of(schemas: &Schemas, schema: Option<SchemaId>, size: u64) -> Option<Cursor> {
        let Some(schema) = schema else { return Some(Cursor::default()) };
        let admits = |value: Value| schemas.is_valid(schema, &value, Direction::Request);
        let is_fit = |cursor: &Cursor| {
            [0, size / 2, size].into_iter().all(|offset| {
                let text = cursor.text(offset);
                admits(Value::from(text)) || (*cursor == Cursor::Decimal && admits(Value::from(offset)))
            })
        };
        ALL.into_iter().find(is_fit)
    }

    /// The cursor of the page that begins there.
    pub(super) fn text(self, offset: u64) -> String {
        match self {
            Cursor::Short => format!("c{offset:x}"),
            Cursor::Long => format!("c{offset:015x}"),
            Cursor::Longer => format!("c{offset:031x}"),
            Cursor::Uuid => format!("{UUID}{offset:012x}"),
            Cursor::Decimal => offset.to_string(),
        }
    }

    /// Where the page of a cursor begins; `None` for a text that is none.
    pub(super) fn offset(self, text: &str) -> Option<u64> {
        let digits = match self {
            Cursor::Short | Cursor::Long | Cursor::Longer => text.strip_prefix('c')?,
            Cursor::Uuid => text.strip_prefix(UUID)?,
            Cursor::Decimal => return text.parse().ok(),
        };
        let offset = u64::from_str_radix(digits, 16).ok()?;
        (self.text(offset) == text).then_some(offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_lead_back_and_nothing_else_does() {
        for cursor in ALL {
            for offset in [0, 1, 20, 1 << 40] {
                assert_eq!(cursor.offset(&cursor.text(offset)), Some(offset), "{cursor:?}");
            }
            for text in ["", "c", "c+1", "x", "cc0ffee-", "00000000-0000-4000-8000-00"] {
                assert_eq!(cursor.offset(text), None, "{cursor:?} {text}");
            }
        }
    }
}
