//! One resource, ready to have its entities written: a record of what is read and listed, with the places in it that
//! are not chance - identity, parent, references - filled from elsewhere.

pub(super) mod origins;

use std::sync::Arc;

use mocker_openapi::Document;
use mocker_schema::generate::{Key, Record};
use mocker_schema::validate::Direction;
use mocker_schema::{SchemaId, Schemas, Types};
use serde_json::Value;

use super::authored::Columns;
use super::matter::{Matter, put, scaled};
use super::overlay::Overlay;
use super::roots::inner_roots;
use crate::options::Options;
use crate::resources::{self, Form, Place, Resource, Resources};

/// A resource whose entities can be written.
#[derive(Debug)]
pub(super) struct Kind {
    pub(super) matter: Arc<Matter>,
    fillers: Box<[Option<Filler>]>,
    /// What properties say of parents: the index of the variable, and what its value has to be there
    parents: Box<[(usize, SchemaId)]>,
}

/// A resource within which another lies.
struct Ancestor {
    resource: usize,
    /// Index of the variable that names one of it
    variable: usize,
    /// The property that does
    property: Vec<Box<str>>,
}

/// What a column is filled with.
#[derive(Debug)]
enum Filler {
    /// The entity's own identity
    Identity,
    /// A parent, by the index of what is said of it in [`Kind::parents`]
    Parent { parent: usize },
    /// The identity of an entity of another resource; what has one `choice` names one entity
    Reference { target: Arc<Matter>, is_many: bool, choice: u64 },
    /// Such an entity itself; a parent, where it is that
    Whole { target: Arc<Matter>, choice: u64, parent: Option<usize> },
    /// An object some of whose members are filled
    Inside { record: Record, fillers: Box<[Option<Filler>]> },
}

/// What is filled in; each is tried where the one before it breaks the schema.
const ATTEMPTS: [Wish; 3] = [
    Wish { wholes: true, references: true },
    Wish { wholes: false, references: true },
    Wish { wholes: false, references: false },
];

#[derive(Clone, Copy)]
struct Wish {
    wholes: bool,
    references: bool,
}

/// Entities that are judged before a resource is taken for sound.
const SAMPLES: u64 = 8;

/// Elements of a list of references.
const MANY: u64 = 2;

/// What the fillers of a resource are made with.
pub(super) struct Surroundings<'a> {
    pub(super) document: &'a Document,
    pub(super) resources: &'a Resources,
    pub(super) resource: &'a Resource,
    pub(super) options: &'a Options,
    /// The other resources, as far as they can be made
    pub(super) matter: &'a dyn Fn(usize) -> Option<Arc<Matter>>,
}

impl Surroundings<'_> {
    /// The resource with as much filled in as its schemas allow; `None` where not even identities can be.
    pub(super) fn kind(&self, matter: &Arc<Matter>) -> Option<Kind> {
        ATTEMPTS.into_iter().find_map(|wish| {
            let kind = self.filled(matter, wish)?;
            self.is_sound(&kind).then_some(kind)
        })
    }

    /// Whether entities obey their schemas, as read and as listed.
    fn is_sound(&self, kind: &Kind) -> bool {
        let schemas = &self.document.schemas;
        let parents = some_parents(self.resources, self.resource, 0, self.matter);
        let spread = kind.matter.size.div_ceil(SAMPLES).max(1);
        (0..SAMPLES).map(|sample| (sample * spread).min(kind.matter.size - 1)).all(|index| {
            let identity = kind.matter.codec.text(index);
            let scene = Scene::new(schemas, kind, &parents);
            let (read, listed) = (&kind.matter.read, &kind.matter.listed);
            let judged = [(Some(self.resource.entity), read), (self.resource.listed, listed)];
            judged.into_iter().all(|(schema, columns)| {
                let Some(schema) = schema else { return true };
                let mut bytes = Vec::new();
                kind.write(&scene, &identity, columns, &mut bytes);
                serde_json::from_slice(&bytes)
                    .is_ok_and(|value: Value| schemas.is_valid(schema, &value, Direction::Response))
            })
        })
    }

    /// The resources within which this one lies and which its entities name, outermost first.
    fn ancestors(&self) -> Vec<Ancestor> {
        let ancestors = self.resources.ancestors(self.resource).filter_map(|(variable, resource, name)| {
            let found = &self.resources.found[resource];
            let property = resources::naming(&self.document.schemas, self.resource, found, name)?;
            Some(Ancestor { resource, variable, property })
        });
        let mut ancestors: Vec<Ancestor> = ancestors.collect();
        ancestors.reverse();
        ancestors
    }

    fn filled(&self, matter: &Arc<Matter>, wish: Wish) -> Option<Kind> {
        let schemas = &self.document.schemas;
        let mut fillers: Vec<Option<Filler>> = matter.record.names().iter().map(|_| None).collect();
        let ancestors = self.ancestors();
        let mut parents: Vec<(usize, SchemaId)> = Vec::new();
        for reference in self.resource.references.iter().filter(|_| wish.references) {
            let stem = resources::stem(&reference.property);
            let is_named = |one: &&Ancestor| {
                one.resource == reference.target
                    && resources::stem(&one.property) == stem
                    && !reference.is_many
            };
            let parent = ancestors.iter().find(is_named).map(|ancestor| ancestor.variable);
            if let Some(filler) = self.reference(reference, wish, parent, &mut parents) {
                self.place(matter, &mut fillers, &reference.property, filler);
            }
        }
        for ancestor in &ancestors {
            let column = matter.record.names().iter().position(|name| **name == *ancestor.property[0]);
            let is_whole =
                column.is_some_and(|column| fillers[column].as_ref().is_some_and(Filler::is_parent));
            if let (false, Some(schema)) =
                (is_whole, resources::at(schemas, self.resource.entity, &ancestor.property))
            {
                parents.push((ancestor.variable, schema));
                let filler = Filler::Parent { parent: parents.len() - 1 };
                self.place(matter, &mut fillers, &ancestor.property, filler);
            }
        }
        let identity = &self.resource.identity.as_ref()?.property;
        let is_placed = self.place(matter, &mut fillers, identity, Filler::Identity);
        is_placed.then(|| Kind {
            matter: Arc::clone(matter),
            fillers: fillers.into(),
            parents: parents.into(),
        })
    }

    /// Puts a filler where its property is; whether there is one.
    fn place(
        &self,
        matter: &Matter,
        fillers: &mut [Option<Filler>],
        property: &[Box<str>],
        filler: Filler,
    ) -> bool {
        let Some((first, rest)) = property.split_first() else { return false };
        let Some(column) = matter.record.names().iter().position(|name| **name == **first) else {
            return false;
        };
        let inner = match rest {
            [] => Some(filler),
            [name] => self.inside(first, name, fillers[column].take(), filler),
            _ => None,
        };
        let is_placed = inner.is_some();
        fillers[column] = inner;
        is_placed
    }

    /// An object with one member more filled.
    fn inside(&self, outer: &str, name: &str, known: Option<Filler>, filler: Filler) -> Option<Filler> {
        let schemas = &self.document.schemas;
        let (record, mut fillers) = match known {
            Some(Filler::Inside { record, fillers }) => (record, fillers),
            _ => {
                let roots = inner_roots(schemas, self.resource, outer);
                let generate = self.options.generation(Direction::Response);
                let record = Record::varied(schemas, &roots, &generate).ok()?;
                let fillers = record.names().iter().map(|_| None).collect();
                (record, fillers)
            }
        };
        let column = record.names().iter().position(|known| **known == *name)?;
        fillers[column] = Some(filler);
        Some(Filler::Inside { record, fillers })
    }

    /// What a reference is filled with; `variable` names the parent that it refers to, where it is one.
    fn reference(
        &self,
        reference: &resources::Reference,
        wish: Wish,
        variable: Option<usize>,
        parents: &mut Vec<(usize, SchemaId)>,
    ) -> Option<Filler> {
        let target = &self.resources.found[reference.target];
        // an entity within another cannot be named by its own identity alone
        if target.collection.contains('{') {
            return None;
        }
        let matter = (self.matter)(reference.target)?;
        let stem = resources::stem(&reference.property);
        let choice = Key(0).with(target.name.as_bytes()).with(stem.as_bytes()).0;
        let mut parent = |schema: SchemaId| {
            parents.push((variable?, schema));
            Some(parents.len() - 1)
        };
        match reference.form {
            Form::Identity | Form::Either => {
                let schema =
                    resources::at(&self.document.schemas, self.resource.entity, &reference.property)?;
                let by_chance = Filler::Reference { target: matter, is_many: reference.is_many, choice };
                Some(parent(schema).map_or(by_chance, |parent| Filler::Parent { parent }))
            }
            Form::Whole if reference.is_many || !wish.wholes => None,
            // what is filled in there would have to be filled in here too
            Form::Whole => {
                let identity = target.identity.as_ref()?;
                let is_plain = target.references.is_empty() && identity.property.len() == 1;
                (is_plain && self.is_same(reference, target)).then(|| Filler::Whole {
                    target: matter,
                    choice,
                    parent: parent(identity.schema),
                })
            }
        }
    }

    /// Whether a property is of the very schema that the resource reads or lists.
    fn is_same(&self, reference: &resources::Reference, target: &Resource) -> bool {
        let schemas = &self.document.schemas;
        let known = [Some(target.entity), target.listed];
        let known: Vec<SchemaId> =
            known.into_iter().flatten().map(|id| resources::target(schemas, id)).collect();
        resources::at(schemas, self.resource.entity, &reference.property)
            .is_some_and(|schema| known.contains(&resources::target(schemas, schema)))
    }
}

/// Identities of entities within which one of `resource` can lie: those at `index`, round and round.
pub(super) fn some_parents(
    resources: &Resources,
    resource: &Resource,
    index: u64,
    matter: &dyn Fn(usize) -> Option<Arc<Matter>>,
) -> Vec<Box<str>> {
    let mut parents = vec![Box::from("1"); Place::parse(&resource.collection).variables().len()];
    for (variable, ancestor, _) in resources.ancestors(resource) {
        if let (Some(parent), Some(matter)) = (parents.get_mut(variable), matter(ancestor)) {
            *parent = matter.codec.text(index % matter.size).into();
        }
    }
    parents
}

/// What the entities of one request have in common.
pub(super) struct Scene<'a> {
    /// What their keys begin with
    pub(super) base: Key,
    /// Values of the path's variables, as [`Kind::parents`] has them
    parents: Vec<Option<Value>>,
    kind: &'a Kind,
}

impl<'a> Scene<'a> {
    /// The entities of `kind` within `parents`.
    pub(super) fn new(schemas: &Schemas, kind: &'a Kind, parents: &[Box<str>]) -> Scene<'a> {
        let base = kind.matter.base(parents.iter().map(|parent| &**parent));
        let value =
            |(variable, schema): &(usize, SchemaId)| fitting(schemas, *schema, parents.get(*variable)?);
        Scene { base, parents: kind.parents.iter().map(value).collect(), kind }
    }

    fn entity<'e>(&'e self, identity: &'e str) -> Entity<'e> {
        let matter = &self.kind.matter;
        Entity {
            scene: self,
            key: matter.key(self.base, identity),
            identity,
            own: matter.authored.get(identity),
        }
    }

    fn parent(&self, parent: usize) -> Option<&Value> {
        self.parents.get(parent)?.as_ref()
    }
}

/// One of them.
struct Entity<'e> {
    scene: &'e Scene<'e>,
    key: Key,
    identity: &'e str,
    /// What the author wrote of it
    own: Option<&'e Columns>,
}

/// The text as a value of the schema: a number where it admits numbers and no texts.
pub(super) fn fitting(schemas: &Schemas, schema: SchemaId, text: &str) -> Option<Value> {
    let types = resources::types(schemas, schema);
    let number = || text.parse::<i64>().ok().map(Value::from);
    let value = if types.intersects(Types::STRING) { Some(Value::from(text)) } else { number() };
    value.filter(|value| schemas.is_valid(schema, value, Direction::Response))
}

impl Filler {
    fn is_its_place(&self) -> bool {
        matches!(self, Filler::Identity) || self.is_parent()
    }

    fn is_parent(&self) -> bool {
        matches!(self, Filler::Parent { .. } | Filler::Whole { parent: Some(_), .. })
    }
}

impl Kind {
    /// Appends the entity of an identity, with those of its columns.
    #[inline]
    pub(super) fn write(&self, scene: &Scene<'_>, identity: &str, columns: &[bool], out: &mut Vec<u8>) {
        let entity = scene.entity(identity);
        let put = |column: usize, out: &mut Vec<u8>| self.fill(column, &entity, out);
        self.matter.record(identity).write(entity.key, out, |column| columns[column], put);
    }

    /// The same with what a client sent of it.
    pub(super) fn write_over(
        &self,
        scene: &Scene<'_>,
        identity: &str,
        columns: &[bool],
        overlay: &Overlay<'_>,
        out: &mut Vec<u8>,
    ) {
        let entity = scene.entity(identity);
        let mut written = vec![false; columns.len()];
        let put = |column: usize, out: &mut Vec<u8>| {
            written[column] = true;
            overlay.write(column, out) || self.fill(column, &entity, out)
        };
        self.matter.record(identity).write(
            entity.key,
            out,
            |column| columns[column] && !overlay.is_gone(column),
            put,
        );
        overlay.complete(self.matter.record.names(), &written, out);
    }

    /// Appends what the entity of an identity has in a column; whether it has it.
    pub(super) fn value(&self, scene: &Scene<'_>, identity: &str, column: usize, out: &mut Vec<u8>) -> bool {
        let entity = scene.entity(identity);
        let start = out.len();
        let has = self.matter.record(identity).value(entity.key, column, out);
        let drawn = out.len();
        if has && self.fill(column, &entity, out) {
            out.drain(start..drawn);
        }
        has
    }

    /// Whether a column says which entity this is, or whose.
    pub(super) fn is_its_place(&self, column: usize) -> bool {
        self.fillers.get(column).is_some_and(|filler| filler.as_ref().is_some_and(Filler::is_its_place))
    }

    /// Names of the members of a column that say so.
    pub(super) fn places_inside(&self, column: usize) -> Vec<Arc<str>> {
        let Some(Some(Filler::Inside { record, fillers })) = self.fillers.get(column) else {
            return Vec::new();
        };
        let named = record.names().iter().zip(fillers);
        let places = named.filter(|(_, filler)| filler.as_ref().is_some_and(Filler::is_its_place));
        places.map(|(name, _)| Arc::clone(name)).collect()
    }

    /// Whether a column refers to another resource by identity.
    pub(super) fn refers(&self, column: usize) -> bool {
        matches!(self.fillers.get(column), Some(Some(Filler::Reference { is_many: false, .. })))
    }
}

impl Kind {
    /// Appends what a column is filled with; whether it is.
    fn fill(&self, column: usize, entity: &Entity<'_>, out: &mut Vec<u8>) -> bool {
        if entity.own.is_some_and(|columns| put(columns, column, out)) {
            return true;
        }
        let Some(Filler::Inside { record, fillers }) = &self.fillers[column] else {
            return self.fillers[column].as_ref().is_some_and(|filler| filler.write(entity, out));
        };
        let key = entity.key.with(self.matter.record.names()[column].as_bytes());
        let put = |column: usize, out: &mut Vec<u8>| {
            fillers[column].as_ref().is_some_and(|filler| filler.write(entity, out))
        };
        let is_first = self.matter.is_first(entity.identity);
        let record = if is_first { record.first() } else { record };
        record.write(key, out, |_| true, put);
        true
    }
}

impl Filler {
    /// Appends the value; whether there is one. Of what lies deeper in an entity there is none.
    fn write(&self, entity: &Entity<'_>, out: &mut Vec<u8>) -> bool {
        let chosen = |choice: u64| entity.key.with_number(choice).with(b"reference");
        match self {
            Filler::Identity => entity.scene.kind.matter.codec.write(entity.identity, out),
            Filler::Parent { parent } => match entity.scene.parent(*parent) {
                // Writing to memory does not fail.
                Some(value) => drop(serde_json::to_writer(out, value)),
                None => return false,
            },
            Filler::Reference { target, is_many: true, choice } => several(target, chosen(*choice), out),
            Filler::Reference { target, choice, .. } => {
                target.codec.write(&target.some(chosen(*choice)), out);
            }
            Filler::Whole { target, choice, parent } => {
                match parent.and_then(|parent| entity.scene.parent(parent)) {
                    Some(Value::String(text)) => target.write_bare(text, out),
                    Some(value) => target.write_bare(&value.to_string(), out),
                    None => target.write_bare(&target.some(chosen(*choice)), out),
                }
            }
            Filler::Inside { .. } => return false,
        }
        true
    }
}

fn several(target: &Matter, chosen: Key, out: &mut Vec<u8>) {
    out.push(b'[');
    let first = scaled(chosen, target.size);
    for number in 0..MANY.min(target.size) {
        if number > 0 {
            out.push(b',');
        }
        target.codec.write(&target.codec.text((first + number) % target.size), out);
    }
    out.push(b']');
}
