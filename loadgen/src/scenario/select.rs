//! Which operations of a scenario are sent, and how often each.

use super::{Fault, Operation, Scenario};
use crate::limits::MAX_PATTERNS;

/// Characters that two names may differ by, as a share of the longer one, for one to be named as what was meant.
const NEAREST: f64 = 0.4;
/// Weight of an operation that is named without one.
const UNWEIGHTED: f64 = 1.0;

/// Which operations are sent: those that a pattern names, with its weight.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Selection {
    /// Of several that match the last one gives the weight; none: every operation
    included: Vec<(Pattern, Option<f64>)>,
    excluded: Vec<Pattern>,
}

/// Names operations: `GET /pets/{id}`, `/pets/*`, `getPet`, `get*`.
#[derive(Clone, Debug, PartialEq)]
struct Pattern {
    /// As given
    text: String,
    /// A pattern for the method; `None`: any
    method: Option<String>,
    name: Name,
}

/// A pattern in which `*` stands for any characters.
#[derive(Clone, Debug, PartialEq)]
enum Name {
    Path(String),
    Id(String),
}

impl Selection {
    /// Reads patterns of operations that are sent, each with a weight behind a last `=` or without, and of operations
    /// that are not.
    ///
    /// # Errors
    /// What is wrong with one of them.
    pub fn parse(included: &[String], excluded: &[String]) -> Result<Selection, Fault> {
        if included.len() + excluded.len() > MAX_PATTERNS {
            return Err(Fault::new(format!("there are more than {MAX_PATTERNS} patterns")));
        }
        let included = included.iter().map(|text| {
            let (pattern, weight) = weighted(text)?;
            Ok((Pattern::parse(pattern)?, weight))
        });
        let excluded = excluded.iter().map(|text| Pattern::parse(text));
        Ok(Selection {
            included: included.collect::<Result<_, Fault>>()?,
            excluded: excluded.collect::<Result<_, Fault>>()?,
        })
    }

    /// The weight of an operation; `None` where it is not sent.
    fn weight(&self, operation: &Operation) -> Option<f64> {
        if self.excluded.iter().any(|pattern| pattern.matches(operation)) {
            return None;
        }
        if self.included.is_empty() {
            return Some(operation.weight);
        }
        self.naming(operation).map(|weight| weight.unwrap_or(UNWEIGHTED))
    }

    /// The weight that the pattern for an operation gives it, if it gives one; `None` where no pattern names it.
    pub(super) fn naming(&self, operation: &Operation) -> Option<Option<f64>> {
        self.included.iter().rev().find(|(pattern, _)| pattern.matches(operation)).map(|(_, weight)| *weight)
    }
}

impl Scenario {
    /// The operations that `selection` names.
    ///
    /// # Errors
    /// A pattern that names none, or nothing that is left.
    pub fn select(self, selection: &Selection) -> Result<Scenario, Fault> {
        let included = selection.included.iter().map(|(pattern, _)| pattern);
        for pattern in included.chain(&selection.excluded) {
            if !self.operations.iter().any(|operation| pattern.matches(operation)) {
                return Err(self.unmatched(pattern));
            }
        }
        let weighted = self.operations.into_iter().filter_map(|mut operation| {
            operation.weight = selection.weight(&operation)?;
            Some(operation)
        });
        let operations: Vec<Operation> = weighted.collect();
        match operations.is_empty() {
            true => Err(Fault::new("no operation is left to send requests to")),
            false => Ok(Scenario { operations }),
        }
    }

    fn unmatched(&self, pattern: &Pattern) -> Fault {
        let names = self.operations.iter().flat_map(|operation| match (&pattern.name, &operation.id) {
            (Name::Id(_), Some(id)) => [Some(id.clone()), None],
            (Name::Id(_), None) => [None, None],
            (Name::Path(_), _) if pattern.method.is_none() => [Some(operation.path.clone()), None],
            (Name::Path(_), _) => [Some(operation.name()), None],
        });
        let wanted = pattern.text.to_lowercase();
        let near = |name: String| {
            let likeness = strsim::normalized_damerau_levenshtein(&wanted, &name.to_lowercase());
            (1.0 - likeness <= NEAREST).then_some((likeness, name))
        };
        let nearest = names.flatten().filter_map(near).max_by(|(a, _), (b, _)| a.total_cmp(b));
        let hint = nearest.map(|(_, name)| format!("; did you mean `{name}`?")).unwrap_or_default();
        Fault::new(format!("no operation matches `{}`{hint}", pattern.text))
    }
}

impl Pattern {
    fn parse(text: &str) -> Result<Pattern, Fault> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Fault::new(
                "a pattern is empty: write `GET /pets/{id}`, `/pets/*` or an operationId",
            ));
        }
        let (method, name) = match text.split_once(char::is_whitespace) {
            Some((method, path)) => (Some(method.to_uppercase()), Name::Path(path.trim().to_owned())),
            None if text.starts_with('/') => (None, Name::Path(text.to_owned())),
            None => (None, Name::Id(text.to_owned())),
        };
        Ok(Pattern { text: text.to_owned(), method, name })
    }

    fn matches(&self, operation: &Operation) -> bool {
        let has_method =
            self.method.as_ref().is_none_or(|method| glob(method, &operation.method.to_uppercase()));
        has_method
            && match &self.name {
                Name::Path(path) => glob(path, &operation.path),
                Name::Id(id) => operation.id.as_ref().is_some_and(|known| glob(id, known)),
            }
    }
}

/// A pattern and the weight behind its last `=`, if there is one. What follows it there and is no number belongs to
/// the pattern.
fn weighted(text: &str) -> Result<(&str, Option<f64>), Fault> {
    let Some((pattern, weight)) = text.rsplit_once('=') else { return Ok((text, None)) };
    match weight.trim().parse::<f64>() {
        Ok(weight) if weight > 0.0 && weight.is_finite() => Ok((pattern, Some(weight))),
        Ok(_) => Err(Fault::new(format!("the weight of `{text}` is no number above 0"))),
        Err(_) => Ok((text, None)),
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
    fn weights_stand_behind_the_last_equals_sign() {
        for (text, expected) in [
            ("getPet", Some(("getPet", None))),
            ("GET /pets/{id}=3", Some(("GET /pets/{id}", Some(3.0)))),
            ("getPet=0.5", Some(("getPet", Some(0.5)))),
            ("/rest?method=info", Some(("/rest?method=info", None))),
            ("/rest?v=2=3", Some(("/rest?v=2", Some(3.0)))),
            ("getPet=0", None),
            ("getPet=-1", None),
            ("getPet=inf", None),
            ("getPet=nan", None),
        ] {
            assert_eq!(weighted(text).ok(), expected, "{text}");
        }
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
        fn any_text_is_read(texts in proptest::collection::vec(any::<String>(), 0..4)) {
            let _ = Selection::parse(&texts, &texts);
        }
    }
}
