//! Names of operations, as users write them in configuration and on the command line.

use std::fmt;

/// Names operations: `getPet`, `get*`, `GET /pets/{id}`, `/pets/*`, the name of a tag. A `*` stands for any characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector {
    text: String,
    /// A pattern for the method; `None`: any
    method: Option<String>,
    name: Name,
}

/// A pattern in which `*` stands for any characters.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Name {
    Path(String),
    /// An operationId or a tag
    Id(String),
}

/// A selector without a name in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a pattern is empty: write `GET /pets/{{id}}`, `/pets/*` or an operationId")]
pub struct EmptySelector;

impl Selector {
    /// Reads one. Methods are taken in any case.
    ///
    /// # Errors
    /// When there is nothing in it.
    pub fn parse(text: &str) -> Result<Selector, EmptySelector> {
        let text = text.trim();
        if text.is_empty() {
            return Err(EmptySelector);
        }
        let (method, name) = match text.split_once(char::is_whitespace) {
            Some((method, path)) => (Some(method.to_uppercase()), Name::Path(path.trim().to_owned())),
            None if text.starts_with('/') => (None, Name::Path(text.to_owned())),
            None => (None, Name::Id(text.to_owned())),
        };
        Ok(Selector { text: text.to_owned(), method, name })
    }

    /// Whether it names an operation: by its method and path template, by its operationId, or by one of its tags.
    pub fn matches<'t>(
        &self,
        method: &str,
        path: &str,
        id: Option<&str>,
        tags: impl IntoIterator<Item = &'t str>,
    ) -> bool {
        let has_method = self.method.as_ref().is_none_or(|wanted| glob(wanted, &method.to_uppercase()));
        has_method
            && match &self.name {
                Name::Path(wanted) => glob(wanted, path),
                Name::Id(wanted) => {
                    id.is_some_and(|id| glob(wanted, id)) || tags.into_iter().any(|tag| tag == wanted)
                }
            }
    }

    /// Of several that name an operation the greatest is meant: one without `*` before one with, then the longer one.
    pub fn precision(&self) -> (bool, usize) {
        let is_exact = !self.text.contains('*');
        (is_exact, self.text.chars().filter(|&c| c != '*').count())
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it is about paths, and whether it names the method too.
    pub fn form(&self) -> Form {
        match (&self.name, &self.method) {
            (Name::Id(_), _) => Form::Id,
            (Name::Path(_), None) => Form::Path,
            (Name::Path(_), Some(_)) => Form::MethodAndPath,
        }
    }
}

/// What a [`Selector`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// operationIds and tags
    Id,
    /// Paths of any method
    Path,
    /// Methods and paths
    MethodAndPath,
}

impl fmt::Display for Selector {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

/// Whether `pattern`, in which `*` stands for any characters, is the whole of `text`. Takes the product of their
/// lengths at most.
fn glob(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use proptest::prelude::*;

    #[test]
    fn stars_stand_for_anything() {
        for (pattern, text, expected) in [
            ("getPet", "getPet", true),
            ("getPet", "getPets", false),
            ("get*", "getPets", true),
            ("*", "", true),
            ("*Pet*", "getPets", true),
            ("a*b*c", "abc", true),
            ("a*b*c", "ac", false),
            ("a*a", "a", false),
            ("/pets/*", "/pets/{id}/toys", true),
            ("/pets/*", "/pets", false),
        ] {
            assert_eq!(glob(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn operations_are_named_in_many_ways() {
        for (selector, expected) in [
            ("getPet", true),
            ("get*", true),
            ("getpet", false),
            ("pets", true),
            ("pe*", false),
            ("GET /pets/{id}", true),
            ("get  /pets/{id}", true),
            ("* /pets/*", true),
            ("POST /pets/{id}", false),
            ("/pets/{id}", true),
            ("/pets", false),
        ] {
            let selector = Selector::parse(selector).unwrap();
            assert_eq!(
                selector.matches("GET", "/pets/{id}", Some("getPet"), ["pets"]),
                expected,
                "{selector}"
            );
        }
        assert_eq!(Selector::parse("  "), Err(EmptySelector));
    }

    #[test]
    fn the_more_precise_one_is_meant() {
        let ordered = ["*", "get*", "GET /pets/*", "getPet"].map(|text| Selector::parse(text).unwrap());
        assert!(ordered.windows(2).all(|pair| pair[0].precision() < pair[1].precision()));
    }

    proptest! {
        #[test]
        fn globs_agree_with_their_definition(pattern in "[ab*]{0,6}", text in "[ab]{0,6}") {
            fn slow(pattern: &[u8], text: &[u8]) -> bool {
                match (pattern, text) {
                    ([], []) => true,
                    ([b'*', rest @ ..], _) => (0..=text.len()).any(|at| slow(rest, &text[at..])),
                    ([p, rest @ ..], [t, behind @ ..]) => p == t && slow(rest, behind),
                    _ => false,
                }
            }
            prop_assert_eq!(glob(&pattern, &text), slow(pattern.as_bytes(), text.as_bytes()));
        }

        #[test]
        fn any_text_is_read(text in any::<String>(), path in any::<String>()) {
            if let Ok(selector) = Selector::parse(&text) {
                selector.matches("GET", &path, Some(&path), []);
            }
        }
    }
}
