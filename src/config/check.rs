//! Values of a file against what may stand there: every fault at once, each with its place and its remedy.

use mocker_source::{Diagnostic, Kind, Node};

use super::describe::{described, kind_name, listed, ranged};
use super::grammar::NAME;
use super::nearest::nearest;
use super::scalar::{Scalar, Unfit};
use super::shape::{Grammar, Rule, Shape, Table, Word};

/// Names the schema of a file, for editors.
pub(crate) const SCHEMA: &str = "$schema";

/// Adds what is wrong with a value.
pub(crate) fn check(shape: &Shape, node: Node<'_>, faults: &mut Vec<Diagnostic>) {
    match shape {
        Shape::Any => {}
        // A section whose lines are all comments
        Shape::Table(_) | Shape::Map { .. } | Shape::List(_) if node.is_null() && node.key().is_some() => {}
        Shape::Table(table) if node.is_object() => check_table(table, node, faults),
        Shape::Map { keys, of } if node.is_object() => check_map(keys, of, node, faults),
        Shape::List(of) if node.is_array() => node.items().for_each(|item| check(of, item, faults)),
        // One text in place of a list of one
        Shape::List(of) if shape.is_plain() && node.kind() == Kind::String => check(of, node, faults),
        Shape::Either(shapes) => match shapes.iter().find(|shape| takes(shape, node)) {
            Some(shape) => check(shape, node, faults),
            None => faults.push(wrong_kind(shape, node)),
        },
        Shape::Table(_) | Shape::Map { .. } | Shape::List(_) => faults.push(wrong_kind(shape, node)),
        _ => check_scalar(shape, node, faults),
    }
}

/// Whether a value is of the kind that a shape has: enough to tell alternatives apart.
fn takes(shape: &Shape, node: Node<'_>) -> bool {
    match shape {
        Shape::Any => true,
        Shape::Table(_) | Shape::Map { .. } => node.is_object(),
        Shape::List(_) => node.is_array(),
        Shape::Either(shapes) => shapes.iter().any(|shape| takes(shape, node)),
        _ => !matches!(Scalar::of_node(shape, node), Err(Unfit::Kind)),
    }
}

fn check_scalar(shape: &Shape, node: Node<'_>, faults: &mut Vec<Diagnostic>) {
    match Scalar::of_node(shape, node) {
        Ok(_) => {}
        Err(Unfit::Kind) => faults.push(wrong_kind(shape, node)),
        Err(Unfit::Range) => {
            let message = format!("{} is {}, which is not allowed", named(node), shown(node));
            faults.push(
                Diagnostic::error("config-range", node, message).with_help(format!("give {}", ranged(shape))),
            );
        }
        Err(Unfit::Reason(reason)) => {
            let fault = Diagnostic::error("config-value", node, format!("{}: {reason}", named(node)));
            faults.push(fault.with_help(format!("give {}", described(shape))));
        }
    }
}

fn check_table(table: &Table, node: Node<'_>, faults: &mut Vec<Diagnostic>) {
    for (key, member) in node.entries() {
        match table.shape(key) {
            Some(shape) => check(shape, member, faults),
            // What editors know a file of JSON by
            None if key == SCHEMA && node.parent().is_none() => {}
            None => faults.push(unknown_key(table, node, key, member)),
        }
    }
    for field in table.fields.iter().filter(|field| field.is_required && node.get(field.key).is_none()) {
        let message = format!("{} lacks `{}`", named(node), field.key);
        let help = format!("give `{}`: {}", field.key, described(&field.shape));
        faults.push(Diagnostic::error("config-missing", node, message).with_help(help));
    }
    table.rules.iter().for_each(|rule| check_rule(rule, node, faults));
}

fn check_rule(rule: &Rule, node: Node<'_>, faults: &mut Vec<Diagnostic>) {
    let (keys, least) = match rule {
        Rule::OneOf(keys) => (*keys, 1),
        Rule::AtMostOne(keys) => (*keys, 0),
        Rule::NotEmpty => {
            if node.is_empty() {
                let fault =
                    Diagnostic::error("config-missing", node, format!("{} says nothing", named(node)));
                faults.push(fault.with_help("give one of its keys at least, or leave it out"));
            }
            return;
        }
        Rule::OneWord { key, unless, words } => {
            if !unless.iter().any(|key| node.get(key).is_some()) {
                faults.extend(node.get(key).and_then(|word| unknown_word(word, unless, words)));
            }
            return;
        }
    };
    let given: Vec<&str> = keys.iter().copied().filter(|key| node.get(key).is_some()).collect();
    if given.len() > 1 {
        let message = format!("{} has {}, of which one can be", named(node), listed(&given, "and"));
        let place = node.get(given[1]).unwrap_or(node);
        faults.push(Diagnostic::error("config-conflict", place, message).with_help("keep one of them"));
    } else if given.len() < least {
        let message = format!("{} has none of {}", named(node), listed(keys, "and"));
        let help = format!("give {}", listed(keys, "or"));
        faults.push(Diagnostic::error("config-missing", node, message).with_help(help));
    }
}

fn unknown_word(node: Node<'_>, unless: &[&str], words: &[Word]) -> Option<Diagnostic> {
    let text = node.as_str()?;
    let names: Vec<&str> = words.iter().map(|word| word.name).collect();
    if names.contains(&text) {
        return None;
    }
    let meant = match nearest(text, names.iter().copied()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("there are {}", listed(&names, "and")),
    };
    let message = format!("{} is `{text}`, which is not built in", named(node));
    let help = format!("{meant} Else give {}", listed(unless, "or"));
    Some(Diagnostic::error("config-name", node, message).with_help(help))
}

fn check_map(keys: &Grammar, of: &Shape, node: Node<'_>, faults: &mut Vec<Diagnostic>) {
    for (key, member) in node.entries() {
        if let Err(reason) = (keys.check)(key) {
            let message = format!("`{key}` in {}: {reason}", named(node));
            let fault = Diagnostic {
                position: node.key_position(key),
                ..Diagnostic::error("config-key", member, message)
            };
            faults.push(fault.with_help(format!("give {}, such as `{}`", keys.name, keys.example)));
        }
        check(of, member, faults);
    }
}

fn unknown_key(table: &Table, node: Node<'_>, key: &str, member: Node<'_>) -> Diagnostic {
    let known = table.fields.iter().map(|field| field.key);
    let prefixes: Vec<&str> = table.families.iter().map(|family| family.prefix).collect();
    let help = match nearest(key, known.clone().chain(prefixes.iter().copied())) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => {
            let families = table.families.iter().map(|family| format!("{}{}", family.prefix, family.rest));
            let all: Vec<String> = known.map(str::to_owned).chain(families).collect();
            format!("there are {}", listed(&all, "and"))
        }
    };
    let message = match node.parent() {
        Some(_) => format!("{} has no setting `{key}`", named(node)),
        None => format!("there is no section `{key}`"),
    };
    let fault = Diagnostic {
        position: node.key_position(key),
        ..Diagnostic::error("config-unknown-key", member, message)
    };
    fault.with_help(help)
}

fn wrong_kind(shape: &Shape, node: Node<'_>) -> Diagnostic {
    let message = match shape {
        Shape::Choice(_) | Shape::Size { .. } if node.kind() == Kind::String => {
            format!("{} cannot be {}", named(node), shown(node))
        }
        _ if node.is_null() => format!("{} has no value", named(node)),
        _ => format!("{} is {}", named(node), kind_name(node.kind())),
    };
    Diagnostic::error("config-type", node, message).with_help(format!("give {}", described(shape)))
}

/// The value as messages name it, by its way from the top: `plugins[0].name`.
fn named(node: Node<'_>) -> String {
    let mut way = Vec::new();
    let mut next = Some(node);
    while let Some(here) = next {
        next = here.parent();
        match (here.key(), next) {
            (Some(key), _) if (NAME.check)(key).is_ok() => way.push(format!(".{key}")),
            (Some(key), _) => way.push(format!("[\"{key}\"]")),
            (None, Some(list)) => {
                way.push(format!("[{}]", list.items().take_while(|item| *item != here).count()));
            }
            (None, None) => {}
        }
    }
    way.reverse();
    match way.is_empty() {
        true => "the configuration".to_owned(),
        false => format!("`{}`", way.concat().trim_start_matches('.')),
    }
}

fn shown(node: Node<'_>) -> String {
    format!("`{}`", node.scalar_text().unwrap_or_default())
}
