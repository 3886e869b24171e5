//! `not anyOf oneOf allOf if then else`

use super::instance::Instance;
use super::path::Path;
use super::sink::Sink;
use super::{Direction, Validator};
use crate::SchemaId;
use crate::node::Logic;

impl Validator<'_> {
    /// Schemas about schemas, in Ajv's order.
    pub(super) fn logic<'a, I: Instance<'a>, S: Sink>(
        &mut self,
        logic: &Logic,
        value: I,
        path: &Path<'_>,
        sink: &mut S,
    ) -> bool {
        let mut valid = true;
        if logic.not.is_some_and(|not| self.accepts(not, value)) {
            valid = false;
            sink.report(path, "not", || "must NOT be valid".to_owned());
        }
        if valid || S::ALL {
            valid &= self.branches(logic, value, path, sink);
        }
        for schema in &logic.all_of {
            if !valid && !S::ALL {
                return false;
            }
            valid &= self.node(*schema, value, path, sink);
        }
        if (valid || S::ALL) && !self.conditional(logic, value, path, sink) {
            valid = false;
        }
        valid
    }

    /// What a request's discriminator names (OpenAPI, "Discriminator Object"). A name that stands for nothing is
    /// left to all branches.
    fn named<'a, I: Instance<'a>>(&self, logic: &Logic, value: I) -> Option<SchemaId> {
        let discriminator = logic.discriminator.as_ref().filter(|_| self.direction == Direction::Request)?;
        let tag = value.get(&discriminator.property)?.as_str()?;
        discriminator.mapping.iter().find(|(name, _)| **name == *tag).map(|(_, named)| *named)
    }

    /// Of the branches of a keyword one counts alone where the discriminator names it.
    fn branches<'a, I: Instance<'a>, S: Sink>(
        &mut self,
        logic: &Logic,
        value: I,
        path: &Path<'_>,
        sink: &mut S,
    ) -> bool {
        let named = self.named(logic, value);
        let is_named = |branch: &SchemaId| {
            Some(*branch) == named || (named.is_some() && self.schemas[*branch].reference == named)
        };
        let any_of = named.filter(|_| logic.any_of.iter().any(is_named));
        let one_of = named.filter(|_| logic.one_of.iter().any(is_named));
        let mut valid = match any_of {
            Some(branch) => self.node(branch, value, path, sink),
            None => logic.any_of.is_empty() || self.any_of(&logic.any_of, value, path, sink),
        };
        if valid || S::ALL {
            valid &= match one_of {
                Some(branch) => any_of == one_of || self.node(branch, value, path, sink),
                None => logic.one_of.is_empty() || self.one_of(&logic.one_of, value, path, sink),
            };
        }
        valid
    }

    fn any_of<'a, I: Instance<'a>, S: Sink>(
        &mut self,
        branches: &[SchemaId],
        value: I,
        path: &Path<'_>,
        sink: &mut S,
    ) -> bool {
        let mark = sink.mark();
        for branch in branches {
            if self.node(*branch, value, path, sink) {
                sink.rewind(mark);
                return true;
            }
        }
        sink.report(path, "anyOf", || "must match a schema in anyOf".to_owned());
        false
    }

    fn one_of<'a, I: Instance<'a>, S: Sink>(
        &mut self,
        branches: &[SchemaId],
        value: I,
        path: &Path<'_>,
        sink: &mut S,
    ) -> bool {
        let mark = sink.mark();
        let mut matches = 0;
        for branch in branches {
            matches += u8::from(self.node(*branch, value, path, sink));
            if matches > 1 {
                break;
            }
        }
        if matches == 1 {
            sink.rewind(mark);
            return true;
        }
        sink.report(path, "oneOf", || "must match exactly one schema in oneOf".to_owned());
        false
    }

    fn conditional<'a, I: Instance<'a>, S: Sink>(
        &mut self,
        logic: &Logic,
        value: I,
        path: &Path<'_>,
        sink: &mut S,
    ) -> bool {
        let Some(condition) = logic.condition else { return true };
        if logic.then.is_none() && logic.otherwise.is_none() {
            return true;
        }
        let (name, branch) =
            if self.accepts(condition, value) { ("then", logic.then) } else { ("else", logic.otherwise) };
        if branch.is_none_or(|branch| self.node(branch, value, path, sink)) {
            return true;
        }
        sink.report(path, "if", || format!("must match \"{name}\" schema"));
        false
    }
}
