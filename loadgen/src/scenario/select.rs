//! Which operations of a scenario are sent, and how often each.

use mocker_plan::{Form, Selector};

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
    included: Vec<(Selector, Option<f64>)>,
    excluded: Vec<Selector>,
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
            Ok((parsed(pattern)?, weight))
        });
        let excluded = excluded.iter().map(|text| parsed(text));
        Ok(Selection {
            included: included.collect::<Result<_, Fault>>()?,
            excluded: excluded.collect::<Result<_, Fault>>()?,
        })
    }

    /// The weight of an operation; `None` where it is not sent.
    fn weight(&self, operation: &Operation) -> Option<f64> {
        if self.excluded.iter().any(|pattern| is_named(pattern, operation)) {
            return None;
        }
        if self.included.is_empty() {
            return Some(operation.weight);
        }
        self.naming(operation).map(|weight| weight.unwrap_or(UNWEIGHTED))
    }

    /// The weight that the pattern for an operation gives it, if it gives one; `None` where no pattern names it.
    pub(super) fn naming(&self, operation: &Operation) -> Option<Option<f64>> {
        self.included
            .iter()
            .rev()
            .find(|(pattern, _)| is_named(pattern, operation))
            .map(|(_, weight)| *weight)
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
            if !self.operations.iter().any(|operation| is_named(pattern, operation)) {
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

    fn unmatched(&self, pattern: &Selector) -> Fault {
        let names = self.operations.iter().flat_map(|operation| match pattern.form() {
            Form::Id => operation.id.clone(),
            Form::Path => Some(operation.path.clone()),
            Form::MethodAndPath => Some(operation.name()),
        });
        let wanted = pattern.text().to_lowercase();
        let near = |name: String| {
            let likeness = strsim::normalized_damerau_levenshtein(&wanted, &name.to_lowercase());
            (1.0 - likeness <= NEAREST).then_some((likeness, name))
        };
        let nearest = names.filter_map(near).max_by(|(a, _), (b, _)| a.total_cmp(b));
        let hint = nearest.map(|(_, name)| format!("; did you mean `{name}`?")).unwrap_or_default();
        Fault::new(format!("no operation matches `{}`{hint}", pattern.text()))
    }
}

fn is_named(pattern: &Selector, operation: &Operation) -> bool {
    pattern.matches(&operation.method, &operation.path, operation.id.as_deref(), [])
}

fn parsed(text: &str) -> Result<Selector, Fault> {
    Selector::parse(text).map_err(|fault| Fault::new(fault.to_string()))
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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
        fn any_text_is_read(texts in proptest::collection::vec(any::<String>(), 0..4)) {
            let _ = Selection::parse(&texts, &texts);
        }
    }
}
