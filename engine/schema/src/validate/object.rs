//! `maxProperties minProperties required propertyNames additionalProperties properties
//! patternProperties unevaluatedProperties dependentRequired dependentSchemas`

use super::evaluated;
use super::instance::{Instance, Text};
use super::path::Path;
use super::sink::Sink;
use super::{Direction, Validator};
use crate::SchemaId;
use crate::node::ObjectRules;

impl Validator<'_> {
    /// The keywords of objects, in Ajv's order; `schema` is the node that `rules` belongs to.
    pub(super) fn object<'a, I: Instance<'a>, S: Sink>(
        &mut self,
        schema: SchemaId,
        rules: &ObjectRules,
        object: I,
        path: &Path<'_>,
        sink: &mut S,
    ) -> bool {
        let mut valid = object_size(rules, object, path, sink);
        if !valid && !S::ALL {
            return false;
        }
        // Without messages, members may be judged first: on the way most objects show all that is required.
        let mut members = true;
        let mut has_required = rules.required.is_empty();
        if !S::ALL {
            (members, has_required) = self.members_at_once(rules, object, path, sink);
            if !members {
                return false;
            }
        }
        if !has_required && !self.required(rules, object, path, sink) {
            valid = false;
        }
        if (valid || S::ALL) && !self.property_names(rules, object, path, sink) {
            valid = false;
        }
        if S::ALL {
            members = self.members_in_order(rules, object, path, sink);
        }
        valid &= members;
        if let Some(rest) = rules.unevaluated
            && (valid || S::ALL)
            && !self.unevaluated_properties(schema, rest, object, path, sink)
        {
            valid = false;
        }
        if (valid || S::ALL) && !self.dependents(rules, object, path, sink) {
            valid = false;
        }
        valid
    }

    fn required<'a, I: Instance<'a>, S: Sink>(
        &mut self,
        rules: &ObjectRules,
        object: I,
        path: &Path<'_>,
        sink: &mut S,
    ) -> bool {
        let mut valid = true;
        for name in &rules.required {
            if object.get(name).is_some() || self.is_hidden(rules, name) {
                continue;
            }
            valid = false;
            if sink.report(path, "required", || format!("must have required property '{name}'")) {
                return false;
            }
        }
        valid
    }

    /// The schema of a declared member. Requests do not declare what is `readOnly`: as in Prism, such a member
    /// is judged like any other that nobody speaks of.
    fn declared(&self, property: Option<SchemaId>) -> Option<SchemaId> {
        property
            .filter(|property| self.direction == Direction::Response || !self.schemas.is_read_only(*property))
    }

    /// Whether the direction lets the property be absent (OpenAPI 3.0.3, "Schema Object",
    /// `readOnly` and `writeOnly`).
    fn is_hidden(&self, rules: &ObjectRules, name: &str) -> bool {
        rules.property(name).is_some_and(|property| match self.direction {
            Direction::Request => self.schemas.is_read_only(property),
            Direction::Response => self.schemas.is_write_only(property),
        })
    }

    fn property_names<'a, I: Instance<'a>, S: Sink>(
        &mut self,
        rules: &ObjectRules,
        object: I,
        path: &Path<'_>,
        sink: &mut S,
    ) -> bool {
        let Some(names) = rules.names else { return true };
        let mut valid = true;
        for (name, _) in object.entries() {
            if self.node(names, Text(name), path, sink) {
                continue;
            }
            valid = false;
            let detail = || Some(name.to_owned());
            if sink.report_with(path, "propertyNames", || "property name must be valid".to_owned(), detail) {
                return false;
            }
        }
        valid
    }

    /// `properties`, `patternProperties`, `additionalProperties`, member by member. Also whether all that is
    /// required was seen, in its order.
    fn members_at_once<'a, I: Instance<'a>, S: Sink>(
        &mut self,
        rules: &ObjectRules,
        object: I,
        path: &Path<'_>,
        sink: &mut S,
    ) -> (bool, bool) {
        let judges_none =
            rules.properties.is_empty() && rules.patterns.is_empty() && rules.additional.is_none();
        if judges_none && rules.required.is_empty() {
            return (true, true);
        }
        let mut required = rules.required.iter().peekable();
        let mut next = 0;
        for (name, value) in object.entries() {
            required.next_if(|required| ***required == *name);
            if judges_none {
                continue;
            }
            let here = Path::Member(path, name);
            let property = self.declared(rules.property_in_turn(name, &mut next));
            if property.is_some_and(|property| !self.node(property, value, &here, sink)) {
                return (false, false);
            }
            let mut known = property.is_some();
            for (pattern, schema) in &rules.patterns {
                if pattern.is_match(name) {
                    known = true;
                    if !self.node(*schema, value, &here, sink) {
                        return (false, false);
                    }
                }
            }
            if !known && rules.additional.is_some_and(|rest| !self.node(rest, value, &here, sink)) {
                return (false, false);
            }
        }
        (true, required.peek().is_none())
    }

    /// The same keyword by keyword, for messages in Ajv's order.
    fn members_in_order<'a, I: Instance<'a>, S: Sink>(
        &mut self,
        rules: &ObjectRules,
        object: I,
        path: &Path<'_>,
        sink: &mut S,
    ) -> bool {
        let mut valid = self.additional(rules, object, path, sink);
        let mut entries = object.entries().peekable();
        for (name, schema) in &rules.properties {
            // most members come in the order of the schema
            let expected = entries.next_if(|(member, _)| *member == &**name).map(|(_, value)| value);
            if let Some(schema) = self.declared(Some(*schema))
                && let Some(value) = expected.or_else(|| object.get(name))
            {
                valid &= self.node(schema, value, &Path::Member(path, name), sink);
            }
        }
        for (pattern, schema) in &rules.patterns {
            for (name, value) in object.entries().filter(|(name, _)| pattern.is_match(name)) {
                valid &= self.node(*schema, value, &Path::Member(path, name), sink);
            }
        }
        valid
    }

    fn additional<'a, I: Instance<'a>, S: Sink>(
        &mut self,
        rules: &ObjectRules,
        object: I,
        path: &Path<'_>,
        sink: &mut S,
    ) -> bool {
        let Some(rest) = rules.additional else { return true };
        let mut valid = true;
        let mut next = 0;
        for (name, value) in object.entries() {
            let property = self.declared(rules.property_in_turn(name, &mut next));
            if property.is_some() || rules.patterns.iter().any(|(p, _)| p.is_match(name)) {
                continue;
            }
            if self.schemas.refuses_all(rest) {
                let message = || "must NOT have additional properties".to_owned();
                sink.report_with(path, "additionalProperties", message, || Some(name.to_owned()));
                valid = false;
            } else {
                valid &= self.node(rest, value, &Path::Member(path, name), sink);
            }
        }
        valid
    }

    fn unevaluated_properties<'a, I: Instance<'a>, S: Sink>(
        &mut self,
        schema: SchemaId,
        rest: SchemaId,
        object: I,
        path: &Path<'_>,
        sink: &mut S,
    ) -> bool {
        let seen = evaluated::properties(self, schema, object);
        let mut valid = true;
        for (name, value) in object.entries().enumerate().filter(|(i, _)| !seen.contains(*i)).map(|(_, m)| m)
        {
            let accepted = if self.schemas.refuses_all(rest) {
                let message = || "must NOT have unevaluated properties".to_owned();
                sink.report_with(path, "unevaluatedProperties", message, || Some(name.to_owned()));
                false
            } else {
                self.node(rest, value, &Path::Member(path, name), sink)
            };
            valid &= accepted;
            if !valid && !S::ALL {
                return false;
            }
        }
        valid
    }

    fn dependents<'a, I: Instance<'a>, S: Sink>(
        &mut self,
        rules: &ObjectRules,
        object: I,
        path: &Path<'_>,
        sink: &mut S,
    ) -> bool {
        let mut valid = true;
        for (name, needed) in rules.dependent_required.iter().filter(|(name, _)| object.get(name).is_some()) {
            for _ in needed.iter().filter(|other| object.get(other).is_none()) {
                valid = false;
                if sink.report(path, "dependentRequired", || dependency_message(name, needed)) {
                    return false;
                }
            }
        }
        for (name, schema) in &rules.dependent_schemas {
            if object.get(name).is_some() && !self.node(*schema, object, path, sink) {
                valid = false;
                if !S::ALL {
                    return false;
                }
            }
        }
        valid
    }
}

fn dependency_message(name: &str, needed: &[std::sync::Arc<str>]) -> String {
    let noun = if needed.len() == 1 { "property" } else { "properties" };
    format!("must have {noun} {} when property {name} is present", needed.join(", "))
}

fn object_size<'a, I: Instance<'a>, S: Sink>(
    rules: &ObjectRules,
    object: I,
    path: &Path<'_>,
    sink: &mut S,
) -> bool {
    let size = object.len() as u64;
    let mut valid = true;
    if let Some(most) = rules.max_properties.filter(|most| size > *most) {
        valid = false;
        if sink.report(path, "maxProperties", || format!("must NOT have more than {most} properties")) {
            return false;
        }
    }
    let least = rules.min_properties;
    if size < least {
        valid = false;
        sink.report(path, "minProperties", || format!("must NOT have fewer than {least} properties"));
    }
    valid
}
