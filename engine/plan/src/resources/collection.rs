//! Operations joined to resources: by their paths first, then by what their bodies say.

mod actions;
mod group;
mod roles;

use std::collections::HashMap;

use mocker_openapi::Document;
use mocker_schema::SchemaId;

use super::author::{self, Said};
use super::identity::{Asked, variable_types};
use super::{Doubt, Identity, Resource, Resources, Role, naming, properties, reference};
use group::{Group, groups};
use roles::Draft;

/// Finds the resources of a document.
pub fn find(document: &Document) -> Resources {
    let mut doubts = Vec::new();
    let said: Vec<Said> =
        (0..document.operations.len()).map(|index| heard(document, index, &mut doubts)).collect();
    let mut drafts: Vec<(Group<'_>, Draft)> = Vec::new();
    let (own, mut rest) = groups(document, &said);
    for mut group in own {
        let draft = roles::assign(document, &said, &mut group, &HashMap::new(), &mut doubts);
        rest.append(&mut group.returned);
        drafts.extend(draft.map(|draft| (group, draft)));
    }
    let known = known(document, &said, &drafts);
    for mut group in group::of_lists(document, rest, &said) {
        let draft = roles::assign(document, &said, &mut group, &known, &mut doubts);
        drafts.extend(draft.map(|draft| (group, draft)));
    }
    drafts.sort_by_key(|(_, draft)| draft.actions.iter().map(|action| action.operation).min());
    let names = names(&drafts);
    let finished = drafts.iter().zip(names).map(|((group, draft), name)| {
        let own = identity(document, &said, group, draft);
        let own = own.or_else(|| known.get(&properties::target(&document.schemas, draft.entity)).cloned());
        finish(document, group, draft, name, own)
    });
    let mut resources = Resources { found: finished.collect(), doubts };
    actions::find(document, &said, &mut resources.found);
    reference::find(document, &said, &mut resources);
    resources.doubts.sort_by_key(|doubt| doubt.operation);
    resources.doubts.dedup();
    resources
}

fn heard(document: &Document, index: usize, doubts: &mut Vec<Doubt>) -> Said {
    author::said(&document.operations[index]).unwrap_or_else(|reason| {
        doubts.push(Doubt { operation: index, reason });
        Said::default()
    })
}

/// For each resource the fewest of its last texts that tell it from all others; what the author calls it.
fn names(drafts: &[(Group<'_>, Draft)]) -> Vec<Box<str>> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let suffix = |texts: &[&str], count: usize| texts[texts.len().saturating_sub(count)..].join("/");
    for (group, _) in drafts {
        for count in 1..=group.texts.len() {
            *seen.entry(suffix(&group.texts, count)).or_default() += 1;
        }
    }
    let name = |(group, _): &(Group<'_>, Draft)| -> Box<str> {
        if let Some(name) = &group.name {
            return name.as_str().into();
        }
        let mut suffixes = (1..=group.texts.len()).map(|count| suffix(&group.texts, count));
        let unique = suffixes.find(|suffix| seen.get(suffix) == Some(&1));
        unique.unwrap_or_else(|| group.texts.join("/")).into()
    };
    drafts.iter().map(name).collect()
}

fn finish(
    document: &Document,
    group: &Group<'_>,
    draft: &Draft,
    name: Box<str>,
    identity: Option<Identity>,
) -> Resource {
    let first = draft.actions.iter().map(|action| action.operation).min().unwrap_or_default();
    Resource {
        name,
        collection: group.path(document, first),
        entity: draft.entity,
        listed: draft.listed,
        identity,
        parent: None,
        actions: draft.actions.iter().map(roles::Found::action).collect(),
        references: Vec::new(),
    }
}

/// What identifies entities of the schemas that something reads: it does where they are listed alone too.
fn known(document: &Document, said: &[Said], drafts: &[(Group<'_>, Draft)]) -> HashMap<SchemaId, Identity> {
    let mut known = HashMap::new();
    for (group, draft) in drafts {
        let Some(identity) = identity(document, said, group, draft) else { continue };
        let reason =
            format!("what `{}` deals in is identified so", group.texts.last().copied().unwrap_or_default());
        let schemas = [Some(draft.entity), draft.listed].into_iter().flatten();
        for schema in schemas.map(|schema| properties::target(&document.schemas, schema)) {
            let own = Identity { variable: None, reason: reason.clone(), ..identity.clone() };
            known.entry(schema).or_insert(own);
        }
    }
    known
}

/// What the author says, else the property that the path of the items asks for.
fn identity(document: &Document, said: &[Said], group: &Group<'_>, draft: &Draft) -> Option<Identity> {
    let schemas = &document.schemas;
    let variable = group.variable(draft);
    let authored = draft.actions.iter().find_map(|action| said[action.operation].identity.as_ref());
    let authored = authored.and_then(|property| {
        let schema = properties::at(schemas, draft.entity, property)?;
        let variable = variable.map(|(name, _)| name.into());
        Some(Identity {
            property: property.clone(),
            variable,
            schema,
            reason: "the author says so".to_owned(),
        })
    });
    let asked = Asked {
        schemas,
        entity: draft.entity,
        listed: draft.listed,
        collection: group.texts.last().copied().unwrap_or_default(),
        variable: variable
            .map(|(name, operation)| (name, variable_types(schemas, &document.operations[operation], name))),
    };
    authored.or_else(|| asked.answer())
}

impl Group<'_> {
    /// The last variable of the items' path, and an operation that has it.
    fn variable(&self, draft: &Draft) -> Option<(&str, usize)> {
        let order = [Role::Read, Role::Change, Role::Replace, Role::Delete];
        order.into_iter().find_map(|role| {
            let action = draft.actions.iter().find(|action| action.role == role)?;
            let member = self.members.iter().find(|member| member.operation == action.operation)?;
            Some((member.variables.last().copied()?, action.operation))
        })
    }

    /// The path of the collection with the names that `operation` gives its variables.
    fn path(&self, document: &Document, operation: usize) -> Box<str> {
        let place = super::path::Place::parse(&document.operations[operation].path);
        let mut variables = place.variables().into_iter();
        let segments = self.key.split('/').map(|segment| match segment {
            "{}" => format!("{{{}}}", variables.next().unwrap_or_default()),
            text => text.to_owned(),
        });
        segments.collect::<Vec<_>>().join("/").into()
    }
}

/// What one of a collection is called.
pub(super) fn one_of(resource: &Resource) -> String {
    let last = resource.collection.rsplit('/').find(|segment| !segment.starts_with('{'));
    naming::singular(last.unwrap_or_default())
}
