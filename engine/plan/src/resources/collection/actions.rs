//! Operations on one item that have a name of their own and answer with it: `POST /articles/{slug}/favorite`.

use std::collections::HashMap;

use mocker_openapi::Document;
use mocker_openapi::model::Method;

use super::super::author::Said;
use super::super::path::Place;
use super::super::properties::target;
use super::super::shape::{Candidate, singles};
use super::super::{Action, Resource, Role, Step};
use super::roles::answered;

/// Adds to each resource what changes one of it and answers with it.
pub(super) fn find(document: &Document, said: &[Said], resources: &mut [Resource]) {
    let taken: Vec<usize> = resources
        .iter()
        .flat_map(|resource| resource.actions.iter().map(|action| action.operation))
        .collect();
    let mut by_collection: HashMap<String, usize> = HashMap::new();
    for (index, resource) in resources.iter().enumerate() {
        let key = Place::parse(&resource.collection).positions().into_iter().next();
        by_collection.extend(key.map(|position| (position.collection, index)));
    }
    for (index, operation) in document.operations.iter().enumerate() {
        let may_change =
            matches!(operation.method, Method::Post | Method::Put | Method::Patch | Method::Delete);
        if !may_change || taken.contains(&index) || said[index] != Said::default() {
            continue;
        }
        let place = Place::parse(&operation.path);
        let Some((position, word)) = place.action() else { continue };
        let Some(resource) = by_collection.get(&position.collection) else { continue };
        let resource = &mut resources[*resource];
        resource.actions.extend(action(document, index, resource, word));
    }
    for resource in resources {
        resource.actions.sort_by_key(|action| action.operation);
    }
}

/// The action that an operation is where its answer is one of the resource's, of that very schema.
fn action(document: &Document, operation: usize, resource: &Resource, word: &str) -> Option<Action> {
    let schemas = &document.schemas;
    resource.of(Role::Read).next()?;
    let collection = Place::parse(&resource.collection);
    let called = collection.texts().last().copied().unwrap_or_default();
    let own = target(schemas, resource.entity);
    let given = singles(schemas, answered(document, operation)?, called);
    let is_one = |one: &Candidate| !one.at.0.contains(&Step::Only) && target(schemas, one.entity) == own;
    let one = given.into_iter().find(is_one)?;
    let reason = format!("`{word}` is done to one, and its answer is one");
    Some(Action { operation, role: Role::Change, body: Some(one.at), reason })
}
