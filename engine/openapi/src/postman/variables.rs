//! `{{name}}`: variables of a collection, and their values in texts.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use mocker_source::Node;

use super::Collection;
use crate::codes;
use crate::limits::{TOTAL_VARIABLE_BYTES, VARIABLE_BYTES, VARIABLE_NESTING};
use crate::reader::{Reader, quoted};

/// What the collection says of its variables.
pub(super) struct Variables<'t> {
    /// `None` where the value is blank: a script fills it
    values: HashMap<&'t str, Option<&'t str>>,
    /// Bytes that values have added to texts so far
    spent: usize,
    /// Unknown ones that have been reported
    told: HashSet<String>,
    /// Values were left out because they are too long, which has been reported
    full: bool,
}

/// The values make a text larger than they may.
struct TooLong;

impl<'t> Variables<'t> {
    /// The list `variable` of the collection.
    pub(super) fn read(reader: &mut Reader<'_, 't>, root: Node<'t>) -> Variables<'t> {
        let mut values = HashMap::new();
        if let Some(list) = root.get("variable").filter(|list| !list.is_null()) {
            if !list.is_array() {
                reader.wrong_type(list, "variable", "an array");
            }
            for variable in list.items().filter(|variable| variable.is_object()) {
                if reader.flag(variable, "disabled") == Some(true) {
                    continue;
                }
                let name = reader.text(variable, "key").or_else(|| reader.text(variable, "id"));
                let Some(name) = name else { continue };
                let value = reader.text(variable, "value").filter(|value| !value.trim().is_empty());
                values.insert(name.trim(), value);
            }
        }
        Variables { values, spent: 0, told: HashSet::new(), full: false }
    }

    /// Its value; `None` where it has none, or is to be filled by a script.
    pub(super) fn value(&self, name: &str) -> Option<&'t str> {
        self.values.get(name.trim()).copied().flatten()
    }

    fn resolve<'s>(&mut self, text: &'s str) -> Result<Cow<'s, str>, TooLong> {
        let mut current = Cow::Borrowed(text);
        for _ in 0..VARIABLE_NESTING {
            if !current.contains("{{") {
                break;
            }
            let most = text.len() + VARIABLE_BYTES.min(TOTAL_VARIABLE_BYTES - self.spent);
            let mut next = String::with_capacity(current.len());
            let mut changed = false;
            for (plain, name) in pieces(&current) {
                let value = name.and_then(|name| self.value(name));
                changed |= value.is_some();
                let filled = match (name, value) {
                    (_, Some(value)) => [plain, value, "", ""],
                    (Some(name), None) => [plain, "{{", name, "}}"],
                    (None, None) => [plain, "", "", ""],
                };
                if next.len() + filled.map(str::len).iter().sum::<usize>() > most {
                    self.spend(next.len().saturating_sub(text.len()));
                    return Err(TooLong);
                }
                next.extend(filled);
            }
            if !changed {
                break;
            }
            self.spend(next.len().saturating_sub(text.len()));
            current = Cow::Owned(next);
        }
        Ok(current)
    }

    fn spend(&mut self, bytes: usize) {
        self.spent = (self.spent + bytes).min(TOTAL_VARIABLE_BYTES);
    }
}

impl<'t> Collection<'_, '_, 't> {
    /// `text`, which stands at `at`, with the values of its variables; those without one stay.
    pub(super) fn resolved<'s>(&mut self, at: Node<'t>, text: &'s str) -> Cow<'s, str> {
        if let Ok(resolved) = self.variables.resolve(text) {
            return resolved;
        }
        if !std::mem::replace(&mut self.variables.full, true) {
            let message = format!(
                "the values of variables add more than {VARIABLE_BYTES} bytes; they are left out here and \
                 wherever else they are too long"
            );
            self.warn(codes::VARIABLE_LIMIT, at, message, "do not let variables hold each other");
        }
        Cow::Borrowed(text)
    }

    /// Reports, once for each, a variable that takes part in a path and has no value. One that the collection
    /// declares is filled by a script, and `$guid` and the like by Postman.
    pub(super) fn report_unknown(&mut self, at: Node<'t>, name: &str) {
        let known = name.starts_with('$') || self.variables.values.contains_key(name.trim());
        if known || !self.variables.told.insert(name.to_owned()) {
            return;
        }
        let message = format!(
            "the collection has no value for `{{{{{}}}}}`; it is read as a variable of the path",
            quoted(name)
        );
        let help = "add it to `variable`, or write it as `:name`";
        self.warn(codes::VARIABLE_UNKNOWN, at, message, help);
    }
}

/// The text in order: what is plain, and the name between braces behind it.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let Some(close) = rest.find("}}") else {
            return Some((std::mem::take(&mut rest), None));
        };
        let (before, behind) = (&rest[..close], &rest[close + 2..]);
        let piece = match before.rfind("{{") {
            Some(open) => (&before[..open], Some(&before[open + 2..])),
            None => (&rest[..close + 2], None),
        };
        rest = behind;
        Some(piece)
    })
}

#[cfg(test)]
mod tests {
    use super::pieces;

    #[test]
    fn texts_fall_into_pieces() {
        for (text, expected) in [
            ("", vec![]),
            ("a", vec![("a", None)]),
            ("a{{b}}c", vec![("a", Some("b")), ("c", None)]),
            ("{{a}}{{b}}", vec![("", Some("a")), ("", Some("b"))]),
            ("{{{a}}}", vec![("{", Some("a")), ("}", None)]),
            ("{{a}", vec![("{{a}", None)]),
            ("a}}{{b}}", vec![("a}}", None), ("", Some("b"))]),
            ("{{é}}ü", vec![("", Some("é")), ("ü", None)]),
        ] {
            assert_eq!(pieces(text).collect::<Vec<_>>(), expected, "{text}");
        }
    }
}
