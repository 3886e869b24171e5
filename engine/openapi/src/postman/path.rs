//! Paths: `:name` and variables without value become variables of a template.

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
        let mut names: Vec<String> = Vec::new();
        let mut template = String::with_capacity(resolved.len() + 1);
        for segment in resolved.trim_start_matches('/').split('/') {
            template.push('/');
            match segment.strip_prefix(':').filter(|name| !name.is_empty()) {
                Some(name) => add_variable(&mut template, &mut names, name),
                None => {
                    for (plain, name) in pieces(segment) {
                        template.push_str(plain);
                        if let Some(name) = name {
                            self.report_unknown(url, name);
                            add_variable(&mut template, &mut names, name);
                        }
                    }
                }
            }
            if names.len() > TEMPLATE_VARIABLES {
                break;
            }
        }
        if names.len() > TEMPLATE_VARIABLES || template_variables(&template).count() > TEMPLATE_VARIABLES {
            let message = format!(
                "a path may have {TEMPLATE_VARIABLES} variables, that of `{}` has more",
                quoted(resolved)
            );
            self.error(codes::PATH_TEMPLATE, url, message, "leave some out");
            return None;
        }
        Some(template)
    }
}

/// Adds a variable under a name that the path does not have yet.
fn add_variable(template: &mut String, names: &mut Vec<String>, written: &str) {
    let plain = |c: char| if matches!(c, '{' | '}' | '/') { '_' } else { c };
    let mut name: String = written.trim().trim_start_matches(['$', ':']).chars().map(plain).collect();
    if name.is_empty() {
        name.push_str("variable");
    }
    if names.contains(&name) {
        name = format!("{name}_{}", names.len() + 1);
    }
    template.extend(["{", &name, "}"]);
    names.push(name);
}

#[cfg(test)]
mod tests {
    use super::add_variable;

    #[test]
    fn variables_have_names_of_their_own() {
        let (mut template, mut names) = (String::new(), Vec::new());
        for written in ["id", "$guid", "id", " a{b}/c ", "", ":x"] {
            add_variable(&mut template, &mut names, written);
        }
        assert_eq!(template, "{id}{guid}{id_3}{a_b__c}{variable}{x}");
    }
}
