//! Paths: `:name` and variables without value become variables of a template.

use std::collections::HashSet;

use mocker_source::Node;

use super::Collection;
use super::variables::pieces;
use crate::codes;
use crate::limits::TEMPLATE_VARIABLES;
use crate::reader::quoted;
use crate::template::template_variables;

impl<'t> Collection<'_, '_, 't> {
    /// The path as a template; `None`, and an error, where it has more variables than may be.
    pub(super) fn template(&mut self, url: Node<'t>, path: &str) -> Option<String> {
        let resolved = self.resolved(url, path);
        let resolved = resolved.split(['?', '#']).next().unwrap_or_default().trim();
        let path = resolved.trim_start_matches('/');
        let mut template = Template::with_names_of(path);
        for segment in path.split('/') {
            template.text.push('/');
            match variable_of(segment) {
                Some(name) => template.add_variable(name),
                None => self.add_pieces(&mut template, url, segment),
            }
            if template.is_full() {
                break;
            }
        }
        if template.is_full() || template_variables(&template.text).count() > TEMPLATE_VARIABLES {
            let message = format!(
                "a path may have {TEMPLATE_VARIABLES} variables, that of `{}` has more",
                quoted(resolved)
            );
            self.error(codes::PATH_TEMPLATE, url, message, "leave some out");
            return None;
        }
        Some(template.text)
    }

    fn add_pieces(&mut self, template: &mut Template, url: Node<'t>, segment: &str) {
        for (plain, name) in pieces(segment) {
            template.text.push_str(plain);
            if let Some(name) = name {
                self.report_unknown(url, name);
                template.add_variable(name);
            }
            if template.is_full() {
                break;
            }
        }
    }
}

/// The name in a segment that is `:name`.
fn variable_of(segment: &str) -> Option<&str> {
    segment.strip_prefix(':').filter(|name| !name.is_empty())
}

/// A template that is being written.
#[derive(Default)]
struct Template {
    text: String,
    /// Of its variables, and of what stands in single braces in its text
    names: HashSet<String>,
}

impl Template {
    /// An empty one, in which the names that stand in single braces in `path` are taken.
    fn with_names_of(path: &str) -> Template {
        let segments = path.split('/').filter(|segment| variable_of(segment).is_none());
        let plain = segments.flat_map(pieces).map(|(plain, _)| plain);
        let names = plain.flat_map(template_variables).take(TEMPLATE_VARIABLES + 1).map(str::to_owned);
        Template { text: String::with_capacity(path.len() + 1), names: names.collect() }
    }

    /// Whether it has more variables than may be.
    fn is_full(&self) -> bool {
        self.names.len() > TEMPLATE_VARIABLES
    }

    /// Adds a variable under a name that the path does not have yet.
    fn add_variable(&mut self, written: &str) {
        let plain = |c: char| if matches!(c, '{' | '}' | '/') { '_' } else { c };
        let mut name: String = written.trim().trim_start_matches(['$', ':']).chars().map(plain).collect();
        if name.is_empty() {
            name.push_str("variable");
        }
        let mut number = self.names.len() + 1;
        let mut unused = name.clone();
        while !self.names.insert(unused.clone()) {
            unused = format!("{name}_{number}");
            number += 1;
        }
        self.text.extend(["{", &unused, "}"]);
    }
}

#[cfg(test)]
mod tests {
    use super::Template;

    #[test]
    fn variables_have_names_of_their_own() {
        let mut template = Template::with_names_of("{x}/a-{x_8}.{y/:z{w}");
        for written in ["id", "$guid", "id", " a{b}/c ", "", ":x", "y", "w"] {
            template.add_variable(written);
        }
        assert_eq!(template.text, "{id}{guid}{id_5}{a_b__c}{variable}{x_9}{y}{w}");
    }
}
