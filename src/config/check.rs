//! Values of a file against what may stand there: every fault at once, each with its place and its remedy.

use mocker_source::{Diagnostic, Kind, Node};

use super::describe::{described, kind_name, listed, ranged, remedy};
use super::grammar::NAME;
use super::nearest::{named_elsewhere, nearest};
use super::scalar::{Scalar, Unfit};
use super::shape::{Grammar, Rule, Shape, Table, Word};
use crate::limits::MAX_CONFIG_FAULTS;

/// Names the schema of a file, for editors.
pub(crate) const SCHEMA: &str = "$schema";

/// Adds what is wrong with a value. Its way from the top is `root`, empty for the whole configuration.
pub(crate) fn check(root: &str, shape: &Shape, node: Node<'_>, faults: &mut Vec<Diagnostic>) {
    Check { root, faults }.value(shape, node);
}

struct Check<'c> {
    root: &'c str,
    faults: &'c mut Vec<Diagnostic>,
}

impl Check<'_> {
    fn value(&mut self, shape: &Shape, node: Node<'_>) {
        if self.faults.len() > MAX_CONFIG_FAULTS {
            return;
        }
        match shape {
            Shape::Any => {}
            // A section whose lines are all comments
            Shape::Map { .. } | Shape::List(_) if node.is_null() && node.key().is_some() => {}
            Shape::Table(table) if node.is_null() && node.key().is_some() && !table.is_strict() => {}
            Shape::Table(table) if node.is_object() => self.table(table, node),
            Shape::Map { keys, of } if node.is_object() => self.map(keys, of, node),
            Shape::List(of) if node.is_array() => node.items().for_each(|item| self.value(of, item)),
            // One text in place of a list of one
            Shape::List(of) if shape.is_plain() && node.kind() == Kind::String => self.value(of, node),
            Shape::Either(shapes) => match shapes.iter().find(|shape| takes(shape, node)) {
                Some(shape) => self.value(shape, node),
                None => self.faults.push(self.wrong_kind(shape, node)),
            },
            Shape::Table(_) | Shape::Map { .. } | Shape::List(_) => {
                self.faults.push(self.wrong_kind(shape, node))
            }
            _ => self.scalar(shape, node),
        }
    }

    fn scalar(&mut self, shape: &Shape, node: Node<'_>) {
        match Scalar::of_node(shape, node) {
            Ok(_) => {}
            Err(Unfit::Kind) => self.faults.push(self.wrong_kind(shape, node)),
            Err(Unfit::Range) => {
                let message = format!("{} is {}, which is not allowed", self.named(node), shown(node));
                self.faults.push(
                    Diagnostic::error("config-range", node, message)
                        .with_help(format!("give {}", ranged(shape))),
                );
            }
            Err(Unfit::Reason(reason)) => {
                let fault =
                    Diagnostic::error("config-value", node, format!("{}: {reason}", self.named(node)));
                self.faults.push(fault.with_help(format!("give {}", described(shape))));
            }
        }
    }

    fn table(&mut self, table: &Table, node: Node<'_>) {
        for (key, member) in node.entries() {
            match table.shape(key) {
                Some(shape) => self.value(shape, member),
                // What editors know a file of JSON by
                None if key == SCHEMA && node.parent().is_none() => {}
                None => self.faults.push(self.unknown_key(table, node, key, member)),
            }
        }
        for field in table.fields.iter().filter(|field| field.is_required && node.get(field.key).is_none()) {
            let message = format!("{} lacks `{}`", self.named(node), field.key);
            let help = format!("give `{}`: {}", field.key, described(&field.shape));
            self.faults.push(Diagnostic::error("config-missing", node, message).with_help(help));
        }
        table.rules.iter().for_each(|rule| self.rule(rule, node));
        for field in table.fields {
            field.aliases.iter().for_each(|alias| self.count(&[field.key, alias], 0, node));
        }
    }

    fn rule(&mut self, rule: &Rule, node: Node<'_>) {
        let (keys, least) = match rule {
            Rule::OneOf(keys) => (*keys, 1),
            Rule::AtMostOne(keys) => (*keys, 0),
            Rule::NotEmpty => {
                if node.is_empty() {
                    let fault = Diagnostic::error(
                        "config-missing",
                        node,
                        format!("{} says nothing", self.named(node)),
                    );
                    self.faults.push(fault.with_help("give one of its keys at least, or leave it out"));
                }
                return;
            }
            Rule::Filled(key) => {
                let list = node.get(key).filter(|list| list.is_null() || list.is_array());
                if let Some(empty) = list.filter(|list| list.is_empty()) {
                    let message = format!("{} is empty", self.named(empty));
                    let fault = Diagnostic::error("config-missing", empty, message);
                    self.faults.push(fault.with_help("give one at least"));
                }
                return;
            }
            Rule::OneWord { key, unless, words } => {
                if !unless.iter().any(|key| node.get(key).is_some()) {
                    self.faults.extend(node.get(key).and_then(|word| self.unknown_word(word, unless, words)));
                }
                return;
            }
        };
        self.count(keys, least, node);
    }

    /// One of these keys at most, and so many at least.
    fn count(&mut self, keys: &[&str], least: usize, node: Node<'_>) {
        let given: Vec<&str> = keys.iter().copied().filter(|key| node.get(key).is_some()).collect();
        if given.len() > 1 {
            let message = format!("{} has {}, of which one can be", self.named(node), listed(&given, "and"));
            let place = node.get(given[1]).unwrap_or(node);
            self.faults
                .push(Diagnostic::error("config-conflict", place, message).with_help("keep one of them"));
        } else if given.len() < least {
            let message = format!("{} has none of {}", self.named(node), listed(keys, "and"));
            let help = format!("give {}", listed(keys, "or"));
            self.faults.push(Diagnostic::error("config-missing", node, message).with_help(help));
        }
    }

    fn unknown_word(&self, node: Node<'_>, unless: &[&str], words: &[Word]) -> Option<Diagnostic> {
        let text = node.as_str()?;
        let names: Vec<&str> = words.iter().map(|word| word.name).collect();
        if names.contains(&text) {
            return None;
        }
        let meant = match nearest(text, names.iter().copied()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("there are {}", listed(&names, "and")),
        };
        let message = format!("{} is `{text}`, which is not built in", self.named(node));
        let help = format!("{meant} Else give {}", listed(unless, "or"));
        Some(Diagnostic::error("config-name", node, message).with_help(help))
    }

    fn map(&mut self, keys: &Grammar, of: &Shape, node: Node<'_>) {
        for (key, member) in node.entries() {
            if let Err(reason) = (keys.check)(key) {
                let message = format!("`{key}` in {}: {reason}", self.named(node));
                let fault = Diagnostic {
                    position: node.key_position(key),
                    ..Diagnostic::error("config-key", member, message)
                };
                self.faults.push(fault.with_help(format!("give {}, such as `{}`", keys.name, keys.example)));
            }
            self.value(of, member);
        }
    }

    fn unknown_key(&self, table: &Table, node: Node<'_>, key: &str, member: Node<'_>) -> Diagnostic {
        let known = table.fields.iter().map(|field| field.key);
        let meant = meant_family(table, key).or_else(|| nearest(key, known.clone()).map(str::to_owned));
        let elsewhere = named_elsewhere(key).filter(|ours| ours.iter().all(|key| table.shape(key).is_some()));
        let help = match (elsewhere, meant) {
            (Some(ours), _) => format!("that is {} here", listed(ours, "and")),
            (None, Some(meant)) => format!("did you mean `{meant}`?"),
            (None, None) => {
                let families =
                    table.families.iter().map(|family| format!("{}{}", family.prefix, family.rest));
                let all: Vec<String> = known.map(str::to_owned).chain(families).collect();
                format!("there are {}", listed(&all, "and"))
            }
        };
        let message = match node.parent().is_none() && self.root.is_empty() {
            true => format!("there is no section `{key}`"),
            false => format!("{} has no setting `{key}`", self.named(node)),
        };
        let fault = Diagnostic {
            position: node.key_position(key),
            ..Diagnostic::error("config-unknown-key", member, message)
        };
        fault.with_help(help)
    }

    fn wrong_kind(&self, shape: &Shape, node: Node<'_>) -> Diagnostic {
        let message = match shape {
            Shape::Choice(_) | Shape::Size { .. } if node.kind() == Kind::String => {
                format!("{} cannot be {}", self.named(node), shown(node))
            }
            _ if node.is_null() => format!("{} has no value", self.named(node)),
            _ => format!("{} is {}", self.named(node), kind_name(node.kind())),
        };
        Diagnostic::error("config-type", node, message)
            .with_help(remedy(shape, node.as_str().unwrap_or_default()))
    }

    /// The value as messages name it, by its way from the top: `plugins[0].name`.
    fn named(&self, node: Node<'_>) -> String {
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
        match format!("{}{}", self.root, way.concat()).trim_start_matches('.') {
            "" => "the configuration".to_owned(),
            way => format!("`{way}`"),
        }
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

/// The key of a family that was meant: `query.limit` by `quary.limit`, `header.NAME` by `header`.
fn meant_family(table: &Table, key: &str) -> Option<String> {
    let (head, rest) = key.split_once('.').unwrap_or((key, ""));
    let heads = table.families.iter().filter_map(|family| family.prefix.split('.').next());
    let meant = nearest(head, heads)?;
    let family = table.families.iter().find(|family| family.prefix.split('.').next() == Some(meant))?;
    let is_whole = !rest.is_empty() && family.prefix.ends_with('.');
    Some(format!("{}{}", family.prefix, if is_whole { rest } else { family.rest }))
}

fn shown(node: Node<'_>) -> String {
    format!("`{}`", node.scalar_text().unwrap_or_default())
}
