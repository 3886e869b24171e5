//! Shapes in words.

use mocker_source::Kind;
use std::time::Duration;

use mocker_loadgen::duration::Written;

use super::nearest::nearest;
use super::scalar::Scalar;
use super::shape::{Bare, Shape};

/// What a value may be, with an article: for help behind "give".
pub(crate) fn described(shape: &Shape) -> String {
    match shape {
        Shape::Bool => "`true` or `false`".to_owned(),
        Shape::Text => "a text".to_owned(),
        Shape::Scalar => "a text or a number".to_owned(),
        Shape::Choice(words) => {
            let names: Vec<&str> = words.iter().map(|word| word.name).collect();
            listed(&names, "or")
        }
        Shape::Integer { .. } | Shape::Number { .. } | Shape::Time { .. } | Shape::Size { .. } => {
            ranged(shape)
        }
        Shape::Parsed(grammar) => format!("{}, such as `{}`", grammar.name, grammar.example),
        Shape::File => "a file".to_owned(),
        Shape::Document => "a file, a folder or a URL".to_owned(),
        Shape::Any => "any value".to_owned(),
        Shape::List(of) if shape.is_plain() => format!("{}, or a list of such", described(of)),
        Shape::List(of) => format!("a list, each {}", described(of)),
        Shape::Map { keys, .. } => format!("a mapping whose keys are each {}", keys.name),
        Shape::Table(table) => {
            let fields = table.fields.iter().map(|field| field.key.to_owned());
            let families = table.families.iter().map(|family| format!("{}{}", family.prefix, family.rest));
            let keys: Vec<String> = fields.chain(families).collect();
            format!("a mapping of {}", listed(&keys, "and"))
        }
        Shape::Either(shapes) => {
            let all: Vec<String> = shapes.iter().map(described).collect();
            all.join(", or ")
        }
    }
}

/// What to give in place of `wrong`: the word that was meant, where one is near, and all that there are.
pub(crate) fn remedy(shape: &Shape, wrong: &str) -> String {
    let meant = match shape {
        Shape::Choice(words) => nearest(wrong, words.iter().map(|word| word.name)),
        _ => None,
    };
    match meant {
        Some(meant) => format!("did you mean `{meant}`? Else give {}", described(shape)),
        None => format!("give {}", described(shape)),
    }
}

/// A value with its range, as far as it has one.
pub(crate) fn ranged(shape: &Shape) -> String {
    match shape {
        Shape::Integer { least, most: u64::MAX } => format!("a whole number, {least} or more"),
        Shape::Integer { least, most } => format!("a whole number from {least} to {most}"),
        Shape::Number { most: f64::MAX, .. } => "a number".to_owned(),
        Shape::Number { least, most } => format!("a number from {least} to {most}"),
        Shape::Time { least, most, bare } => {
            let [least, most] = [least, most].map(|millis| Written(Duration::from_millis(*millis)));
            let form = match bare {
                Bare::Seconds => "a time such as `10s` or `250ms`, or a number of seconds",
                Bare::Nothing => "a time such as `10s` or `250ms`",
            };
            format!("{form}, from {least} to {most}")
        }
        Shape::Size { least, most } if *most >= i64::MAX as u64 => {
            format!(
                "a size such as `10MB` or `64KiB`, or a number of bytes, from {} on",
                Scalar::Size(*least)
            )
        }
        Shape::Size { least, most } => {
            let [least, most] = [least, most].map(|bytes| Scalar::Size(*bytes));
            format!("a size such as `10MB` or `64KiB`, or a number of bytes, from {least} to {most}")
        }
        other => described(other),
    }
}

/// `a`, `b` and `c`, each as code.
pub(crate) fn listed<T: AsRef<str>>(names: &[T], last: &str) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{}`", name.as_ref())).collect();
    match quoted.split_last() {
        Some((end, [])) => end.clone(),
        Some((end, rest)) => format!("{} {last} {end}", rest.join(", ")),
        None => String::new(),
    }
}

pub(crate) fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Null => "empty",
        Kind::Bool => "`true` or `false`",
        Kind::Number => "a number",
        Kind::String => "a text",
        Kind::Array => "a list",
        Kind::Object => "a mapping",
    }
}
