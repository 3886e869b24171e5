//! Entities that the author wrote down: the elements of a list's example. Who reads one of them gets it.

use std::collections::HashMap;
use std::sync::Arc;

use mocker_openapi::Document;
use mocker_schema::validate::Direction;
use serde_json::Value;

use crate::choice;
use crate::limits::MAX_AUTHORED;
use crate::options::Options;
use crate::resources::{Action, Resource, Role, Step};
use crate::source::Source;
use crate::variants::preferred;

/// What the author says of one entity: the JSON of its columns.
pub(super) type Columns = Box<[Option<Box<[u8]>>]>;

/// Entities that the author wrote down, by identity.
#[derive(Debug, Default)]
pub(super) struct Authored(HashMap<Box<str>, Columns>);

impl Authored {
    /// What the lists of a resource have as examples; `names` are those of the columns, and `is_sound` says whether what
    /// is written of an identity can be so. What lies within others is left out: no example says in which.
    pub(super) fn find(
        document: &Document,
        resource: &Resource,
        options: &Options,
        names: &[Arc<str>],
        is_sound: impl Fn(&str, &Columns) -> bool,
    ) -> Authored {
        let mut authored = HashMap::new();
        if options.ignores_examples || resource.collection.contains('{') {
            return Authored::default();
        }
        for entity in resource.of(Role::List).filter_map(|action| listed(document, action, options)).flatten()
        {
            let Some(identity) = identity(&entity, resource) else { continue };
            let written =
                |name: &Arc<str>| entity.get(&**name).map(|value| value.to_string().into_bytes().into());
            let columns: Columns = names.iter().map(written).collect();
            if authored.len() < MAX_AUTHORED
                && !authored.contains_key(&identity)
                && is_sound(&identity, &columns)
            {
                authored.insert(identity, columns);
            }
        }
        Authored(authored)
    }

    /// What the author says of an entity.
    #[inline]
    pub(super) fn get(&self, identity: &str) -> Option<&Columns> {
        if self.0.is_empty() { None } else { self.0.get(identity) }
    }
}

/// The elements of the example that a list is answered with.
fn listed(document: &Document, action: &Action, options: &Options) -> Option<Vec<Value>> {
    let operation = &document.operations[action.operation];
    let response = &operation.responses[choice::usual(&operation.responses)?.response].1;
    let media = &response.content[preferred(response)?];
    let (schemas, direction) = (&document.schemas, Direction::Response);
    let source = Source { schemas, media, options, direction, failure: None };
    let mut body = media.examples.iter().find_map(|example| source.json(example))?;
    for step in &action.body.as_ref()?.0 {
        let Step::Member(name) = step else { return None };
        body = body.get_mut(&**name)?.take();
    }
    match body {
        Value::Array(elements) => Some(elements),
        _ => None,
    }
}

fn identity(entity: &Value, resource: &Resource) -> Option<Box<str>> {
    let property = &resource.identity.as_ref()?.property;
    match property.iter().try_fold(entity, |value, name| value.get(&**name))? {
        Value::String(text) => Some(text.as_str().into()),
        Value::Number(number) => Some(number.to_string().into()),
        _ => None,
    }
}
