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
            valid &= match self.named_branch(logic, value) {
                Some(branch) => self.node(branch, value, path, sink),
                None => self.branches(logic, value, path, sink),
            };
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

    /// The one branch that a request's discriminator names (OpenAPI, "Discriminator Object"). A name that stands
    /// for none is left to all of them.
    fn named_branch<'a, I: Instance<'a>>(&self, logic: &Logic, value: I) -> Option<SchemaId> {
        let discriminator = logic.discriminator.as_ref().filter(|_| self.direction == Direction::Request)?;
        let tag = value.get(&discriminator.property)?.as_str()?;
        let (_, named) = discriminator.mapping.iter().find(|(name, _)| **name == *tag)?;
        let mut branches = logic.one_of.iter().chain(&logic.any_of);
        branches
            .any(|branch| branch == named || self.schemas[*branch].reference == Some(*named))
            .then_some(*named)
    }

    fn branches<'a, I: Instance<'a>, S: Sink>(
        &mut self,
        logic: &Logic,
        value: I,
        path: &Path<'_>,
        sink: &mut S,
    ) -> bool {
        let mut valid = logic.any_of.is_empty() || self.any_of(&logic.any_of, value, path, sink);
        if (valid || S::ALL) && !logic.one_of.is_empty() && !self.one_of(&logic.one_of, value, path, sink) {
            valid = false;
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
