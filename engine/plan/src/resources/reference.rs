//! Which properties name entities of other resources, and within which resource another lies.

use std::collections::HashMap;

use mocker_openapi::Document;
use mocker_openapi::expression::{Expression, Place as From};
use mocker_openapi::model::{Link, LinkTarget};
use mocker_schema::{SchemaId, Schemas, Types};

use super::author::Said;
use super::collection::one_of;
use super::naming::{singular, squashed};
use super::{Doubt, Form, Parent, Reference, Resource, Resources, Role, properties};
use crate::operation::method_name;

/// What a name ends with that holds an identity.
const IDENTITIES: [&str; 6] = ["id", "uuid", "guid", "sid", "key", "slug"];

/// Finds the parents and references of all resources.
pub(super) fn find(document: &Document, said: &[Said], resources: &mut Resources) {
    let mut by_path: HashMap<String, usize> = HashMap::new();
    for (index, resource) in resources.found.iter().enumerate() {
        if resource.identity.as_ref().is_some_and(|identity| identity.variable.is_some()) {
            by_path.entry(nameless(&resource.collection)).or_insert(index);
        }
    }
    let parents: Vec<Option<Parent>> =
        resources.found.iter().map(|resource| parent(document, resources, resource, &by_path)).collect();
    let finder = Finder::new(document, resources);
    let mut found: Vec<Vec<Reference>> = Vec::new();
    let mut doubts = Vec::new();
    for (index, resource) in resources.found.iter().enumerate() {
        let mut own = finder.authored(said, resource, &mut doubts);
        finder.linked(resource, &mut own);
        finder.guessed(index, resource, &mut own, &mut doubts);
        found.push(own);
    }
    for ((resource, parent), references) in resources.found.iter_mut().zip(parents).zip(found) {
        (resource.parent, resource.references) = (parent, references);
    }
    resources.doubts.extend(doubts);
}

/// The resource whose items' path the collection's begins with.
fn parent(
    document: &Document,
    resources: &Resources,
    resource: &Resource,
    by_path: &HashMap<String, usize>,
) -> Option<Parent> {
    let (before, variable) = inner(&resource.collection)?;
    let parent = *by_path.get(&nameless(before))?;
    let property = naming(&document.schemas, resource, &resources.found[parent], variable);
    let reason = format!("its path begins with that of one of `{}`", resources.found[parent].name);
    Some(Parent { resource: parent, variable: variable.into(), property, reason })
}

/// The property by which entities name the one of `ancestor` within which they lie; `variable` takes it in their path.
pub(crate) fn naming(
    schemas: &Schemas,
    resource: &Resource,
    ancestor: &Resource,
    variable: &str,
) -> Option<Vec<Box<str>>> {
    let one = one_of(ancestor);
    let names = properties::properties(schemas, resource.entity);
    let is_own = |name: &str| {
        resource
            .identity
            .as_ref()
            .is_some_and(|identity| matches!(&*identity.property, [own] if **own == *name))
    };
    let wanted = squashed(variable);
    let is_named = |name: &str| {
        let name = squashed(name);
        let stem = IDENTITIES.iter().find_map(|ending| name.strip_suffix(ending));
        (name == wanted && wanted != "id") || name == one || stem == Some(&one)
    };
    let is_scalar = |schema: SchemaId| {
        let branches = properties::branches(schemas, schema).into_iter();
        branches
            .map(|branch| properties::types(schemas, branch))
            .any(|types| types != Types::ANY && types.intersects(Types::STRING.or(Types::INTEGER)))
    };
    let mut direct = names.iter().filter(|(name, schema)| !is_own(name) && is_scalar(*schema));
    let direct = direct.find(|(name, _)| is_named(name));
    let nested = || {
        let (name, schema) = names.iter().find(|(name, _)| squashed(name) == one)?;
        let identity = &ancestor.identity.as_ref()?.property;
        let path: Vec<Box<str>> = std::iter::once((*name).into()).chain(identity.iter().cloned()).collect();
        properties::at(schemas, *schema, identity).map(|_| path)
    };
    direct.map(|(name, _)| vec![(*name).into()]).or_else(nested)
}

/// What a property is about that names an entity: `owner` of `ownerId`, `owner` and `owner.id`.
pub(crate) fn stem(property: &[Box<str>]) -> String {
    let name = property.first().map(|first| squashed(first)).unwrap_or_default();
    let stems = IDENTITIES.iter().filter_map(|ending| name.strip_suffix(ending));
    stems.filter(|stem| !stem.is_empty()).map(str::to_owned).next().unwrap_or(name)
}

/// `/owners` and `id` of `/owners/{id}/pets`.
fn inner(collection: &str) -> Option<(&str, &str)> {
    let (before, _) = collection.rsplit_once('/')?;
    let mut before = before;
    // texts between: `/accounts/{id}/settings/keys`
    while !before.ends_with('}') {
        before = before.rsplit_once('/')?.0;
    }
    let (before, variable) = before.rsplit_once("/{")?;
    (!before.ends_with('}')).then_some((before, variable.trim_end_matches('}')))
}

fn nameless(path: &str) -> String {
    let segments = path.split('/').map(|segment| if segment.starts_with('{') { "{}" } else { segment });
    segments.collect::<Vec<_>>().join("/")
}

struct Finder<'a> {
    document: &'a Document,
    schemas: &'a Schemas,
    resources: &'a [Resource],
    /// What one of each is called
    ones: Vec<String>,
    /// Resources by what one of them is called
    by_name: HashMap<String, Vec<usize>>,
    /// Resources by the schema of their entities
    by_schema: HashMap<SchemaId, Vec<usize>>,
}

impl<'a> Finder<'a> {
    fn new(document: &'a Document, resources: &'a Resources) -> Self {
        let (mut by_name, mut by_schema) = (HashMap::new(), HashMap::new());
        let ones: Vec<String> = resources.found.iter().map(one_of).collect();
        for (index, resource) in resources.found.iter().enumerate().filter(|(_, one)| is_findable(one)) {
            by_name.entry(ones[index].clone()).or_insert_with(Vec::new).push(index);
            let described = [Some(resource.entity), resource.listed].into_iter().flatten();
            for schema in described.flat_map(|schema| properties::branches(&document.schemas, schema)) {
                let known: &mut Vec<usize> = by_schema.entry(schema).or_default();
                if known.last() != Some(&index) {
                    known.push(index);
                }
            }
        }
        Finder { document, schemas: &document.schemas, resources: &resources.found, ones, by_name, by_schema }
    }

    fn authored(&self, said: &[Said], resource: &Resource, doubts: &mut Vec<Doubt>) -> Vec<Reference> {
        let mut found: Vec<Reference> = Vec::new();
        for action in &resource.actions {
            for (property, name) in &said[action.operation].references {
                let target = self.resources.iter().position(|other| *other.name == **name);
                let schema = properties::at(self.schemas, resource.entity, property);
                match (target, schema) {
                    (Some(target), Some(schema)) => {
                        let reason = "the author says so".to_owned();
                        push(&mut found, self.reference(property.clone(), schema, target, reason));
                    }
                    (None, _) => {
                        let reason =
                            format!("`references.{}`: there is no resource `{name}`", property.join("."));
                        doubts.push(Doubt { operation: action.operation, reason });
                    }
                    (_, None) => {
                        let reason =
                            format!("`references.{0}`: there is no property `{0}`", property.join("."));
                        doubts.push(Doubt { operation: action.operation, reason });
                    }
                }
            }
        }
        found
    }

    /// What `links` say: a variable of a read is taken from the body.
    fn linked(&self, resource: &Resource, found: &mut Vec<Reference>) {
        let single = resource.actions.iter().filter(|action| action.role != Role::List);
        for action in single {
            let operation = &self.document.operations[action.operation];
            let links = operation.responses.iter().flat_map(|(_, response)| &response.links);
            for link in links {
                let Some((target, variable)) = self.reads(&link.target) else { continue };
                let Some(property) = taken(link, variable, action.body.as_ref()) else { continue };
                let is_own = resource.identity.as_ref().is_some_and(|identity| identity.property == property);
                let schema = properties::at(self.schemas, resource.entity, &property);
                if let (false, Some(schema)) = (is_own, schema) {
                    let reason = format!("link `{}` says so", link.name);
                    push(found, self.reference(property, schema, target, reason));
                }
            }
        }
    }

    /// The resource that the operation of a link reads, and the variable it takes.
    fn reads(&self, target: &LinkTarget) -> Option<(usize, &'a str)> {
        let operation = self.document.operations.iter().position(|operation| match target {
            LinkTarget::Id(id) => operation.id.as_deref() == Some(id),
            LinkTarget::Path { path, method } => {
                *operation.path == **path && method_name(&operation.method).eq_ignore_ascii_case(method)
            }
        })?;
        let index = self
            .resources
            .iter()
            .position(|resource| resource.of(Role::Read).any(|action| action.operation == operation))?;
        Some((index, self.resources[index].identity.as_ref()?.variable.as_deref()?))
    }

    fn guessed(
        &self,
        index: usize,
        resource: &Resource,
        found: &mut Vec<Reference>,
        doubts: &mut Vec<Doubt>,
    ) {
        for (name, schema) in properties::properties(self.schemas, resource.entity) {
            let is_own = resource
                .identity
                .as_ref()
                .is_some_and(|identity| identity.property.first().is_some_and(|own| **own == *name));
            if is_own {
                continue;
            }
            match self.meant(index, name, schema) {
                Ok(Some(reference)) => push(found, reference),
                Ok(None) => {}
                Err(reason) => doubts.push(Doubt { operation: resource.actions[0].operation, reason }),
            }
        }
    }

    /// What a property refers to.
    fn meant(&self, from: usize, name: &str, schema: SchemaId) -> Result<Option<Reference>, String> {
        let path = vec![Box::from(name)];
        let single =
            properties::elements(self.schemas, schema).filter(|_| properties::is_array(self.schemas, schema));
        let of_schema = properties::branches(self.schemas, single.unwrap_or(schema))
            .into_iter()
            .filter_map(|branch| self.by_schema.get(&branch));
        let of_schema = self.readable(of_schema.flatten().copied());
        if !of_schema.is_empty() {
            let Some(target) = self.nearest(from, &of_schema, name) else {
                return self.unclear(name, &of_schema);
            };
            let called = properties::name(self.schemas, self.resources[target].entity);
            let called = called.map_or_else(|| "its schema".to_owned(), |called| format!("`{called}`"));
            let reason = format!("{called} is what `{}` deals in", self.resources[target].name);
            return Ok(Some(self.reference(path, schema, target, reason)));
        }
        let (stem, path, holder) = match self.stem(name, schema) {
            Some(stem) => (stem, path, single.unwrap_or(schema)),
            None => match self.inside(name, schema) {
                Some((stem, path, inner)) => (stem, path, inner),
                None => return Ok(None),
            },
        };
        let Some(named) = self.by_name.get(&stem) else { return Ok(None) };
        let fitting = self.readable(named.iter().copied().filter(|target| self.fits(*target, holder)));
        if fitting.is_empty() {
            return Ok(None);
        }
        let Some(target) = self.nearest(from, &fitting, name) else {
            return self.unclear(name, &fitting);
        };
        let reason = format!("it is named after one of `{}`", self.resources[target].name);
        let is_many = single.is_some();
        Ok(Some(Reference { property: path, target, form: Form::Identity, is_many, reason }))
    }

    /// `owner` of `ownerId`, `owner_ids`.
    fn stem(&self, name: &str, schema: SchemaId) -> Option<String> {
        let name = match properties::is_array(self.schemas, schema) {
            true => singular(name),
            false => squashed(name),
        };
        let stems = IDENTITIES.iter().filter_map(|ending| name.strip_suffix(ending));
        stems.filter(|stem| !stem.is_empty()).map(str::to_owned).find(|stem| self.by_name.contains_key(stem))
    }

    /// `owner` of an object `owner` that has the identity and is no schema of its own.
    fn inside(&self, name: &str, schema: SchemaId) -> Option<(String, Vec<Box<str>>, SchemaId)> {
        let stem = squashed(name);
        let targets = self.readable(self.by_name.get(&stem)?.iter().copied());
        let (identity, inner) = targets.into_iter().find_map(|target| {
            let identity = &self.resources[target].identity.as_ref()?.property;
            Some((identity, properties::at(self.schemas, schema, identity)?))
        })?;
        let path = std::iter::once(Box::from(name)).chain(identity.iter().cloned()).collect();
        Some((stem, path, inner))
    }

    fn fits(&self, target: usize, holder: SchemaId) -> bool {
        let Some(identity) = &self.resources[target].identity else { return false };
        let own = properties::types(self.schemas, identity.schema);
        let scalar = Types::STRING.or(Types::INTEGER);
        own.and(properties::types(self.schemas, holder)).intersects(scalar)
    }

    /// Those whose entities can be read; all, where none can.
    fn readable(&self, among: impl Iterator<Item = usize>) -> Vec<usize> {
        let mut among: Vec<usize> = among.collect();
        among.sort_unstable();
        among.dedup();
        let is_read = |index: &usize| self.resources[*index].of(Role::Read).next().is_some();
        let readable: Vec<usize> = among.iter().copied().filter(is_read).collect();
        if readable.is_empty() { among } else { readable }
    }

    /// The one of several resources that is meant: the only one, one that lies within what the referring one lies
    /// within, the only one that lies within none.
    fn nearest(&self, from: usize, among: &[usize], name: &str) -> Option<usize> {
        if let [only] = *among {
            return Some(only);
        }
        // what is only listed here and there is nobody's in particular
        if among.iter().all(|index| self.resources[*index].of(Role::Read).next().is_none()) {
            return None;
        }
        let name = squashed(name);
        let named: Vec<usize> =
            among.iter().copied().filter(|index| name.contains(&self.ones[*index])).collect();
        let among = if named.is_empty() { among } else { &named };
        let only = |test: &dyn Fn(&Resource) -> bool| {
            let mut fitting = among.iter().copied().filter(|index| test(&self.resources[*index]));
            fitting.next().filter(|_| fitting.next().is_none())
        };
        let own = nameless(&self.resources[from].collection);
        let prefix = own.rsplit_once('/').map_or("", |(before, _)| before);
        only(&|_| true)
            .or_else(|| {
                only(&|one| {
                    nameless(&one.collection).rsplit_once('/').map(|(before, _)| before) == Some(prefix)
                })
            })
            .or_else(|| only(&|one| !one.collection.contains('{')))
    }

    /// Several could be meant: worth telling where at least one can be read.
    fn unclear(&self, name: &str, among: &[usize]) -> Result<Option<Reference>, String> {
        if among.iter().all(|index| self.resources[*index].of(Role::Read).next().is_none()) {
            return Ok(None);
        }
        let names: Vec<&str> = among.iter().map(|index| &*self.resources[*index].name).collect();
        Err(format!("`{name}` may refer to {}", names.join(" or ")))
    }

    fn reference(
        &self,
        property: Vec<Box<str>>,
        schema: SchemaId,
        target: usize,
        reason: String,
    ) -> Reference {
        let is_many = properties::is_array(self.schemas, schema);
        let one = properties::elements(self.schemas, schema).filter(|_| is_many).unwrap_or(schema);
        let types = properties::branches(self.schemas, one)
            .into_iter()
            .map(|branch| properties::types(self.schemas, branch))
            .fold(Types::NONE, Types::or);
        let form = match (types.intersects(Types::OBJECT), types.intersects(Types::STRING.or(Types::INTEGER)))
        {
            (true, true) => Form::Either,
            (true, false) => Form::Whole,
            _ => Form::Identity,
        };
        Reference { property, target, form, is_many, reason }
    }
}

/// Whether something can refer to its entities.
fn is_findable(resource: &Resource) -> bool {
    resource.identity.is_some()
}

/// The property that a link takes the variable from.
fn taken(link: &Link, variable: &str, body: Option<&super::Pointer>) -> Option<Vec<Box<str>>> {
    let (_, expression) = link.parameters.iter().find(|(name, _)| **name == *variable)?;
    let Expression::Response(From::Body(pointer)) = expression else { return None };
    let names =
        pointer.split('/').skip(1).map(|token| Box::from(token.replace("~1", "/").replace("~0", "~")));
    let names: Vec<Box<str>> = names.collect();
    let depth = body.map_or(0, |body| body.0.len());
    names.get(depth..).filter(|names| !names.is_empty()).map(<[_]>::to_vec)
}

fn push(found: &mut Vec<Reference>, reference: Reference) {
    if found.iter().all(|known| known.property != reference.property) {
        found.push(reference);
    }
}
