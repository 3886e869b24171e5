//! The schemas that what a resource has must obey.

use mocker_schema::{SchemaId, Schemas};

use crate::resources::{self, Resource};

/// The schemas that a resource's entities obey: as read, and as listed where that is another.
pub(super) fn roots(schemas: &Schemas, resource: &Resource) -> Vec<SchemaId> {
    let own = resources::target(schemas, resource.entity);
    let listed = resource.listed.map(|listed| resources::target(schemas, listed)).filter(|id| *id != own);
    std::iter::once(own).chain(listed).collect()
}

/// The schemas of an object inside them.
pub(super) fn inner_roots(schemas: &Schemas, resource: &Resource, outer: &str) -> Vec<SchemaId> {
    let declared = [Some(resource.entity), resource.listed].into_iter().flatten();
    let mut roots: Vec<SchemaId> =
        declared.filter_map(|root| resources::property(schemas, root, outer)).collect();
    roots.dedup();
    roots
}
