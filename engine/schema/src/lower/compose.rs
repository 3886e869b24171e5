//! Schemas that no value of the document stands for.

use std::sync::Arc;

use super::{Lowering, Resolve};
use crate::node::{ObjectRules, Schema};
use crate::{SchemaId, Types};

impl<'t, R: Resolve<'t>> Lowering<'t, R> {
    /// An object with these members: the fields of a Swagger 2.0 form, each of which is a
    /// parameter of its own. Of members with the same name the last counts.
    pub fn object(&mut self, members: Vec<(Arc<str>, SchemaId)>, required: Vec<Arc<str>>) -> SchemaId {
        if self.nodes.len() >= self.node_limit {
            return self.always();
        }
        let mut properties: Vec<(Arc<str>, SchemaId)> = Vec::with_capacity(members.len());
        for (name, schema) in members {
            match properties.iter_mut().find(|(known, _)| *known == name) {
                Some((_, known)) => *known = schema,
                None => properties.push((name, schema)),
            }
        }
        let mut sorted: Vec<u32> = (0..properties.len() as u32).collect();
        sorted.sort_unstable_by(|a, b| properties[*a as usize].0.cmp(&properties[*b as usize].0));
        let rules = ObjectRules {
            properties: properties.into(),
            sorted: sorted.into(),
            required: required.into(),
            ..ObjectRules::default()
        };
        self.push(Schema { types: Types::OBJECT, object: Some(Box::new(rules)), ..Schema::default() })
    }
}
