//! What a path key demands besides its path: `/rest?method=info`, `/{bucket}#acl`.

use super::encoded::means;

/// One `key=value` behind the `?` or `#` of a path key.
///
/// The specification knows neither, but several large families of documents tell operations apart with them.
/// A fragment is never sent: its pairs are looked for in the query and in the header fields
/// (`#Action=ListTopics`, `#X-Amz-Target=Table.Get`, `#tagging`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Condition {
    key: Box<str>,
    /// Absent: any value, or none
    value: Option<Box<[u8]>>,
    place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Place {
    Query,
    Fragment,
}

impl Condition {
    /// Reads what stands behind the path of a path key, from its `?` or `#` on.
    pub(super) fn parse(text: &str) -> Vec<Condition> {
        let (query, fragment) = text.split_once('#').unwrap_or((text, ""));
        let query = pairs(query.trim_start_matches('?'), Place::Query);
        query.chain(pairs(fragment, Place::Fragment)).collect()
    }

    /// Whether only the fragment names it, so that a client may not know how to say it.
    pub(super) fn is_fragment(&self) -> bool {
        self.place == Place::Fragment
    }

    /// Whether the request says it.
    pub(super) fn is_met<'a>(&self, query: &[u8], header: &dyn Fn(&str) -> Option<&'a [u8]>) -> bool {
        let in_query = query.split(|&byte| byte == b'&').filter(|pair| !pair.is_empty()).any(|pair| {
            let equals = pair.iter().position(|&byte| byte == b'=');
            let (key, value) = equals.map_or((pair, &pair[..0]), |at| (&pair[..at], &pair[at + 1..]));
            means(key, self.key.as_bytes()) && self.accepts(|wanted| means(value, wanted))
        });
        in_query
            || (self.is_fragment()
                && header(&self.key).is_some_and(|value| self.accepts(|wanted| value == wanted)))
    }

    fn accepts(&self, equals: impl FnOnce(&[u8]) -> bool) -> bool {
        self.value.as_deref().is_none_or(equals)
    }
}

fn pairs(text: &str, place: Place) -> impl Iterator<Item = Condition> {
    text.split('&').filter(|pair| !pair.is_empty()).map(move |pair| {
        let (key, value) = pair.split_once('=').map_or((pair, None), |(key, value)| (key, Some(value)));
        // `?type={type}` asks for the key only
        let value = value.filter(|value| !value.starts_with('{')).map(|value| value.as_bytes().into());
        Condition { key: key.into(), value, place }
    })
}
