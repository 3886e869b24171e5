//! Which members or elements a schema has looked at, for `unevaluatedProperties` and
//! `unevaluatedItems` (JSON Schema 2020-12 core, section 11): collected by a second walk over
//! the schemas that stand over the same value, only where one of the two keywords is present.

use super::Validator;
use super::instance::Instance;
use crate::SchemaId;
use crate::node::Schema;

/// Marks by position among the members or elements.
pub(super) struct Evaluated {
    all: bool,
    marks: Vec<bool>,
}

impl Evaluated {
    fn new(length: usize) -> Self {
        Evaluated { all: false, marks: vec![false; length] }
    }
    pub(super) fn contains(&self, index: usize) -> bool {
        self.all || self.marks.get(index).copied().unwrap_or(false)
    }
}

/// The members of `object` evaluated by `schema`, its own `unevaluatedProperties` aside.
pub(super) fn properties<'a, I: Instance<'a>>(
    validator: &mut Validator<'_>,
    schema: SchemaId,
    object: I,
) -> Evaluated {
    let mut seen = Evaluated::new(object.len());
    let schemas = validator.schemas;
    mark_properties(&schemas[schema], object, &mut seen);
    in_place(validator, &schemas[schema], object, &mut seen, walk_properties);
    seen
}

/// The elements of `array` evaluated by `schema`, its own `unevaluatedItems` aside.
pub(super) fn items<'a, I: Instance<'a>>(
    validator: &mut Validator<'_>,
    schema: SchemaId,
    array: I,
) -> Evaluated {
    let mut seen = Evaluated::new(array.len());
    let schemas = validator.schemas;
    mark_items(validator, &schemas[schema], array, &mut seen);
    in_place(validator, &schemas[schema], array, &mut seen, walk_items);
    seen
}

type Walk<I> = fn(&mut Validator<'_>, SchemaId, I, &mut Evaluated);

fn walk_properties<'a, I: Instance<'a>>(
    validator: &mut Validator<'_>,
    id: SchemaId,
    object: I,
    seen: &mut Evaluated,
) {
    let schema = &validator.schemas[id];
    if seen.all || !validator.enter() {
        return;
    }
    if schema.object.as_ref().is_some_and(|rules| rules.unevaluated.is_some()) {
        seen.all = true;
    } else {
        mark_properties(schema, object, seen);
        in_place(validator, schema, object, seen, walk_properties);
    }
    validator.leave();
}

fn walk_items<'a, I: Instance<'a>>(
    validator: &mut Validator<'_>,
    id: SchemaId,
    array: I,
    seen: &mut Evaluated,
) {
    let schema = &validator.schemas[id];
    if seen.all || !validator.enter() {
        return;
    }
    if schema.array.as_ref().is_some_and(|rules| rules.unevaluated.is_some()) {
        seen.all = true;
    } else {
        mark_items(validator, schema, array, seen);
        in_place(validator, schema, array, seen, walk_items);
    }
    validator.leave();
}

fn mark_properties<'a, I: Instance<'a>>(schema: &Schema, object: I, seen: &mut Evaluated) {
    let Some(rules) = &schema.object else { return };
    if rules.additional.is_some() {
        seen.all = true;
        return;
    }
    for (index, (name, _)) in object.entries().enumerate() {
        if rules.property(name).is_some() || rules.patterns.iter().any(|(p, _)| p.is_match(name)) {
            seen.marks[index] = true;
        }
    }
}

fn mark_items<'a, I: Instance<'a>>(
    validator: &mut Validator<'_>,
    schema: &Schema,
    array: I,
    seen: &mut Evaluated,
) {
    let Some(rules) = &schema.array else { return };
    if rules.items.is_some() {
        seen.all = true;
        return;
    }
    seen.marks.iter_mut().take(rules.prefix.len()).for_each(|mark| *mark = true);
    if let Some(contains) = rules.contains {
        for (index, item) in array.items().enumerate() {
            seen.marks[index] = seen.marks[index] || validator.accepts(contains, item);
        }
    }
}

/// Walks the schemas under `schema` that hold for this `value` (those that fail leave no mark).
fn in_place<'a, I: Instance<'a>>(
    validator: &mut Validator<'_>,
    schema: &Schema,
    value: I,
    seen: &mut Evaluated,
    walk: Walk<I>,
) {
    if let Some(target) = schema.reference {
        walk(validator, target, value, seen);
    }
    if let Some(rules) = &schema.object {
        for (_, dependent) in rules.dependent_schemas.iter().filter(|(name, _)| value.get(name).is_some()) {
            walk(validator, *dependent, value, seen);
        }
    }
    let Some(logic) = &schema.logic else { return };
    for branch in &logic.all_of {
        walk(validator, *branch, value, seen);
    }
    for branch in logic.any_of.iter().chain(&logic.one_of) {
        if !seen.all && validator.accepts(*branch, value) {
            walk(validator, *branch, value, seen);
        }
    }
    if let Some(condition) = logic.condition {
        let branch = if validator.accepts(condition, value) {
            walk(validator, condition, value, seen);
            logic.then
        } else {
            logic.otherwise
        };
        if let Some(branch) = branch {
            walk(validator, branch, value, seen);
        }
    }
}
