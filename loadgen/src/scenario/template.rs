//! Path templates filled with values.

use std::rc::Rc;

use mocker_plan::route::{Piece, is_query_expression, pieces, variable_name};

use super::encode;

/// What stands for a variable that no parameter describes.
const UNDECLARED: &str = "1";

/// The path of `template`: its variables replaced by `values`, which are encoded. Names match whatever the case of
/// their letters.
pub(super) fn filled(template: &str, values: &[(&str, Rc<str>)]) -> String {
    let mut path = String::with_capacity(template.len() + 32);
    for piece in pieces(template) {
        match piece {
            Piece::Text(text) => path.push_str(&encode::path(text)),
            Piece::Variable(expression) if is_query_expression(expression) => {}
            Piece::Variable(expression) => {
                let is_named = |(name, _): &&(&str, Rc<str>)| {
                    name.eq_ignore_ascii_case(expression)
                        || name.eq_ignore_ascii_case(variable_name(expression))
                };
                path.push_str(values.iter().find(is_named).map_or(UNDECLARED, |(_, value)| value));
            }
        }
    }
    if path.starts_with('/') { path } else { format!("/{path}") }
}

/// The pairs that a path key demands behind its `?` or `#`, encoded; a fragment is never sent, so it is said in the
/// query. A pair whose value is a variable is left to the parameter of its name, if there is one.
pub(super) fn condition(condition: &str, is_written: impl Fn(&str) -> bool) -> Vec<String> {
    let pairs = condition.split(['?', '#', '&']).filter(|pair| !pair.is_empty());
    let demanded = pairs.filter_map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        if value.starts_with('{') {
            return (!is_written(name)).then(|| format!("{}={UNDECLARED}", encode::value(name)));
        }
        Some(match value {
            "" => encode::value(name).into_owned(),
            value => format!("{}={}", encode::value(name), encode::value(value)),
        })
    });
    demanded.collect()
}
