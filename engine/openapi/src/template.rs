//! Path templates (OpenAPI 3.1 §4.8.2): what stands between braces.

/// Names of the variables of a path template, in order, as written.
///
/// A name goes to the first `}` and holds no `/`; `{` without its `}` is plain text.
pub fn template_variables(path: &str) -> impl Iterator<Item = &str> {
    let mut rest = path;
    std::iter::from_fn(move || {
        loop {
            let open = rest.find('{')?;
            let inner = &rest[open + 1..];
            let Some(close) = inner.find(['}', '/']) else {
                rest = "";
                return None;
            };
            rest = &inner[close + 1..];
            if inner.as_bytes()[close] == b'}' {
                return Some(&inner[..close]);
            }
        }
    })
}

/// The template with every variable's name left out: equal for templates that match the same paths.
pub(crate) fn without_names(path: &str) -> String {
    let mut shape = String::with_capacity(path.len());
    let mut rest = path;
    for name in template_variables(path) {
        let slot = format!("{{{name}}}");
        let Some((before, after)) = rest.split_once(&slot) else { break };
        shape.push_str(before);
        shape.push_str("{}");
        rest = after;
    }
    shape.push_str(rest);
    shape
}

/// The names under which a parameter may describe a variable: `{proxy+}` and `{path*}` (greedy
/// variables of some gateways) are declared without their mark.
pub(crate) fn names_of_variable(variable: &str) -> [&str; 2] {
    [variable, variable.trim_end_matches(['+', '*'])]
}

#[cfg(test)]
mod tests {
    use super::{template_variables, without_names};

    #[test]
    fn variables_of_templates() {
        for (path, expected) in [
            ("/pets", vec![]),
            ("/pets/{id}", vec!["id"]),
            ("/{a}-{b}/{c}.json", vec!["a", "b", "c"]),
            ("/{proxy+}", vec!["proxy+"]),
            ("/{broken", vec![]),
            ("/{broken/{id}", vec!["id"]),
            ("/{}", vec![""]),
            ("/Orders(id={id},n={n})", vec!["id", "n"]),
            ("/é{ü}", vec!["ü"]),
        ] {
            assert_eq!(template_variables(path).collect::<Vec<_>>(), expected, "{path}");
        }
    }

    #[test]
    fn shapes() {
        assert_eq!(without_names("/a/{x}-{y}/b"), "/a/{}-{}/b");
        assert_eq!(without_names("/a/{x"), "/a/{x");
        assert_eq!(without_names("/a/{x/{y}"), "/a/{x/{}");
    }
}
