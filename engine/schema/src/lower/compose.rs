//! Schemas that no value of the document stands for.

use std::sync::Arc;

use super::{Lowering, Resolve};
use crate::node::{ArrayRules, ObjectRules, Schema};
use crate::{SchemaId, Types};

/// What values have in common for which nobody wrote a schema.
#[derive(Debug)]
pub struct Composition {
    /// The types they may have
    pub types: Types,
    /// Members of the objects among them; no name stands here twice
    pub members: Vec<(Arc<str>, SchemaId)>,
    /// Members that no object lacks
    pub required: Vec<Arc<str>>,
    /// Elements of the arrays among them
    pub items: Option<SchemaId>,
}

impl<'t, R: Resolve<'t>> Lowering<'t, R> {
    /// The node for values that the document shows and does not describe.
    pub fn compose(&mut self, composition: Composition) -> SchemaId {
        if self.nodes.len() >= self.node_limit {
            return self.always();
        }
        let Composition { types, members, required, items } = composition;
        let object = (!members.is_empty() || !required.is_empty()).then(|| {
            let mut sorted: Vec<u32> = (0..members.len() as u32).collect();
            sorted.sort_unstable_by(|a, b| members[*a as usize].0.cmp(&members[*b as usize].0));
            Box::new(ObjectRules {
                properties: members.into(),
                sorted: sorted.into(),
                required: required.into(),
                ..ObjectRules::default()
            })
        });
        let array = items.map(|_| Box::new(ArrayRules { items, min_contains: 1, ..ArrayRules::default() }));
        self.push(Schema { types, object, array, ..Schema::default() })
    }

    /// An object with these members: the fields of a Swagger 2.0 form, each of which is a
    /// parameter of its own. Of members with the same name the last counts.
    pub fn object(&mut self, members: Vec<(Arc<str>, SchemaId)>, required: Vec<Arc<str>>) -> SchemaId {
        let mut distinct: Vec<(Arc<str>, SchemaId)> = Vec::with_capacity(members.len());
        for (name, schema) in members {
            match distinct.iter_mut().find(|(known, _)| *known == name) {
                Some((_, known)) => *known = schema,
                None => distinct.push((name, schema)),
            }
        }
        self.compose(Composition { types: Types::OBJECT, members: distinct, required, items: None })
    }
}
