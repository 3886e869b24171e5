//! `maxItems minItems uniqueItems prefixItems items contains unevaluatedItems`

use super::Validator;
use super::equality::{has_duplicate, told_duplicate};
use super::evaluated;
use super::instance::Instance;
use super::path::Path;
use super::sink::{Quiet, Sink};
use crate::node::ArrayRules;
use crate::{SchemaId, Types};

impl Validator<'_> {
    /// The keywords of arrays, in Ajv's order; `schema` is the node that `rules` belongs to.
    pub(super) fn array<'a, I: Instance<'a>, S: Sink>(
        &mut self,
        schema: SchemaId,
        rules: &ArrayRules,
        array: I,
        path: &Path<'_>,
        sink: &mut S,
    ) -> bool {
        let mut valid = array_size(rules, self.has_typed_scalars(rules), array, path, sink);
        if (valid || S::ALL) && !self.elements(rules, array, path, sink) {
            valid = false;
        }
        if (valid || S::ALL) && rules.contains.is_some() && !self.contains(rules, array, path, sink) {
            valid = false;
        }
        if let Some(rest) = rules.unevaluated
            && (valid || S::ALL)
            && !self.unevaluated_items(schema, rest, array, path, sink)
        {
            valid = false;
        }
        valid
    }

    /// Whether `items` itself names types, none of them a container: there Ajv looks for duplicates in another way.
    fn has_typed_scalars(&self, rules: &ArrayRules) -> bool {
        let types = rules.items.map_or(Types::ANY, |items| self.schemas[items].types);
        !types.is_none() && !types.intersects(Types::ARRAY.or(Types::OBJECT))
    }

    fn elements<'a, I: Instance<'a>, S: Sink>(
        &mut self,
        rules: &ArrayRules,
        array: I,
        path: &Path<'_>,
        sink: &mut S,
    ) -> bool {
        let mut valid = true;
        let prefix = rules.prefix.len();
        if rules.items.is_some_and(|items| self.schemas.refuses_all(items)) && array.len() > prefix {
            valid = false;
            if sink.report(path, "items", || format!("must NOT have more than {prefix} items")) {
                return false;
            }
        }
        let rest = rules.items.filter(|items| !self.schemas.refuses_all(*items));
        if prefix == 0 && rest.is_none_or(|rest| self.schemas.accepts_all(rest)) {
            return valid;
        }
        for (index, item) in array.items().enumerate() {
            let Some(schema) = rules.prefix.get(index).copied().or(rest) else { break };
            if !self.node(schema, item, &Path::Element(path, index), sink) {
                valid = false;
                if !S::ALL {
                    return false;
                }
            }
        }
        valid
    }

    fn contains<'a, I: Instance<'a>, S: Sink>(
        &mut self,
        rules: &ArrayRules,
        array: I,
        path: &Path<'_>,
        sink: &mut S,
    ) -> bool {
        let Some(schema) = rules.contains else { return true };
        let (least, most) = (rules.min_contains, rules.max_contains);
        let mark = sink.mark();
        let mut found = 0;
        for (index, item) in array.items().enumerate() {
            if self.node(schema, item, &Path::Element(path, index), sink) {
                found += 1;
            }
            if most.map_or(found >= least, |most| found > most) {
                break;
            }
        }
        if found >= least && most.is_none_or(|most| found <= most) {
            sink.rewind(mark);
            return true;
        }
        sink.report(path, "contains", || match most {
            None => format!("must contain at least {least} valid item(s)"),
            Some(most) => format!("must contain at least {least} and no more than {most} valid item(s)"),
        });
        false
    }

    fn unevaluated_items<'a, I: Instance<'a>, S: Sink>(
        &mut self,
        schema: SchemaId,
        rest: SchemaId,
        array: I,
        path: &Path<'_>,
        sink: &mut S,
    ) -> bool {
        let seen = evaluated::items(self, schema, array);
        let mut valid = true;
        for (index, item) in array.items().enumerate().filter(|(index, _)| !seen.contains(*index)) {
            if self.schemas.refuses_all(rest) {
                sink.report(path, "unevaluatedItems", || format!("must NOT have more than {index} items"));
                return false;
            }
            if !self.node(rest, item, &Path::Element(path, index), sink) {
                valid = false;
                if !S::ALL {
                    return false;
                }
            }
        }
        valid
    }

    /// Whether `value` obeys `schema`, silently.
    pub(super) fn accepts<'a, I: Instance<'a>>(&mut self, schema: SchemaId, value: I) -> bool {
        self.node(schema, value, &Path::Root, &mut Quiet)
    }
}

fn array_size<'a, I: Instance<'a>, S: Sink>(
    rules: &ArrayRules,
    has_typed_scalars: bool,
    array: I,
    path: &Path<'_>,
    sink: &mut S,
) -> bool {
    let length = array.len() as u64;
    let mut valid = true;
    if let Some(most) = rules.max_items.filter(|most| length > *most) {
        valid = false;
        if sink.report(path, "maxItems", || format!("must NOT have more than {most} items")) {
            return false;
        }
    }
    let least = rules.min_items;
    if length < least {
        valid = false;
        if sink.report(path, "minItems", || format!("must NOT have fewer than {least} items")) {
            return false;
        }
    }
    if rules.unique && has_duplicate(array) {
        valid = false;
        sink.report(path, "uniqueItems", || {
            let (one, other) = told_duplicate(array, has_typed_scalars).unwrap_or_default();
            format!("must NOT have duplicate items (items ## {one} and {other} are identical)")
        });
    }
    valid
}
