//! One resource, ready to have its entities written: a record of what is read and listed, with the places in it that
//! are not chance - identity, parent, references - filled from elsewhere.

use std::sync::Arc;

use mocker_openapi::Document;
use mocker_schema::generate::{Key, Record};
use mocker_schema::validate::Direction;
use mocker_schema::{SchemaId, Schemas, Types};
use serde_json::Value;

use super::codec::{Codec, Wanted};
use crate::options::Options;
use crate::resources::{self, Form, Place, Resource, Resources, Role};

/// What a resource's entities are made of, before anything is filled in.
#[derive(Debug)]
pub(super) struct Matter {
    pub(super) record: Record,
    pub(super) codec: Codec,
    pub(super) size: u64,
    /// Column of the identity, and the way from there
    identity: Option<(usize, Box<[Box<str>]>)>,
    /// What the keys of its entities begin with
    pub(super) salt: Key,
    /// Columns that are written where one is read, and where many are listed
    pub(super) read: Box<[bool]>,
    pub(super) listed: Box<[bool]>,
}

/// A resource whose entities can be written.
#[derive(Debug)]
pub(super) struct Kind {
    pub(super) matter: Arc<Matter>,
    fillers: Box<[Option<Filler>]>,
}

/// What a column is filled with.
#[derive(Debug)]
enum Filler {
    /// The entity's own identity
    Identity,
    /// The value of a variable of the path: where it stands among them, and what it has to be
    Parent { variable: usize, schema: SchemaId },
    /// The identity of an entity of another resource
    Reference { target: Arc<Matter>, is_many: bool },
    /// Such an entity itself
    Whole { target: Arc<Matter> },
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

impl Matter {
    /// What `resource` is made of; `None` where its identity or its entities cannot be made.
    pub(super) fn compile(
        document: &Document,
        resource: &Resource,
        options: &Options,
        size: u64,
    ) -> Option<Matter> {
        let schemas = &document.schemas;
        let found = resource.identity.as_ref()?;
        let own = resources::target(schemas, resource.entity);
        let listed = resource.listed.map(|listed| resources::target(schemas, listed)).filter(|id| *id != own);
        let roots: Vec<SchemaId> = std::iter::once(own).chain(listed).collect();
        let generate = options.generation(Direction::Response);
        let record = Record::compile(schemas, &roots, &generate).ok()?;
        let column = record.names().iter().position(|name| **name == *found.property[0]);
        let salt = Key(options.seed).with(b"world").with(resource.name.as_bytes());
        let property: Vec<SchemaId> =
            roots.iter().filter_map(|root| resources::at(schemas, *root, &found.property)).collect();
        let wanted = Wanted {
            schemas,
            property: &property,
            variable: variable(document, resource),
            is_name: found.property.last().is_some_and(|name| {
                matches!(&*resources::squashed(name), "name" | "slug" | "login" | "username" | "handle")
            }),
            size,
            // not of the seed alone: entities of two resources have different identities
            salt: salt.with(b"identity").0,
        };
        let (codec, size) = wanted.codec(&record, column.filter(|_| found.property.len() == 1))?;
        let has = |root: SchemaId| -> Box<[bool]> {
            let has = |name: &Arc<str>| resources::property(schemas, root, name).is_some();
            record.names().iter().map(has).collect()
        };
        let all = || vec![true; record.names().len()].into();
        let read = if listed.is_some() { has(own) } else { all() };
        let listed = listed.map_or_else(all, has);
        let identity = column.map(|column| (column, found.property[1..].into()));
        Some(Matter { record, codec, size, identity, salt, read, listed })
    }

    /// What an entity is a function of.
    pub(super) fn key(&self, base: Key, identity: &str) -> Key {
        base.with(identity.as_bytes())
    }

    /// The same for entities within `parents`.
    pub(super) fn base<'p>(&self, parents: impl Iterator<Item = &'p str>) -> Key {
        parents.fold(self.salt, |key, parent| key.with(parent.as_bytes()))
    }

    /// The identity of some entity, chosen by a key.
    fn some(&self, key: Key) -> String {
        self.codec.text(((u128::from(key.0) * u128::from(self.size)) >> 64) as u64)
    }
}

/// Schema of the variable by which one is read.
fn variable(document: &Document, resource: &Resource) -> Option<SchemaId> {
    let name = resource.identity.as_ref()?.variable.as_deref()?;
    let read = resource.of(Role::Read).next()?;
    let parameters = document.operations[read.operation].parameters.iter();
    let mut own = parameters.filter(|parameter| {
        parameter.place == mocker_openapi::model::Place::Path
            && crate::route::variable_name(&parameter.name) == name
    });
    own.next()?.schema
}

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
            let kind = Kind { matter: Arc::clone(matter), fillers: self.fillers(matter, wish)? };
            self.is_sound(&kind).then_some(kind)
        })
    }

    /// Whether entities obey their schemas, as read and as listed.
    fn is_sound(&self, kind: &Kind) -> bool {
        let schemas = &self.document.schemas;
        let parents = vec![Box::from("1"); self.variables().len()];
        let spread = kind.matter.size.div_ceil(SAMPLES).max(1);
        (0..SAMPLES).map(|sample| (sample * spread).min(kind.matter.size - 1)).all(|index| {
            let identity = kind.matter.codec.text(index);
            let scene = Scene::new(schemas, kind, &parents);
            let judged = [(Some(self.resource.entity), false), (self.resource.listed, true)];
            judged.into_iter().all(|(schema, is_listed)| {
                let Some(schema) = schema else { return true };
                let mut bytes = Vec::new();
                kind.write(&scene, &identity, is_listed, &mut bytes);
                serde_json::from_slice(&bytes)
                    .is_ok_and(|value: Value| schemas.is_valid(schema, &value, Direction::Response))
            })
        })
    }

    fn variables(&self) -> Vec<&str> {
        Place::parse(&self.resource.collection).variables()
    }

    fn fillers(&self, matter: &Arc<Matter>, wish: Wish) -> Option<Box<[Option<Filler>]>> {
        let mut fillers: Vec<Option<Filler>> = matter.record.names().iter().map(|_| None).collect();
        if wish.references {
            for reference in &self.resource.references {
                let filler = self.reference(reference, wish);
                if let Some(filler) = filler {
                    self.place(matter, &mut fillers, &reference.property, filler);
                }
            }
        }
        if let Some((property, filler)) = self.parent() {
            self.place(matter, &mut fillers, &property, filler);
        }
        let identity = &self.resource.identity.as_ref()?.property;
        let is_placed = self.place(matter, &mut fillers, identity, Filler::Identity);
        is_placed.then(|| fillers.into())
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
                let declared = [Some(self.resource.entity), self.resource.listed].into_iter().flatten();
                let mut roots: Vec<SchemaId> =
                    declared.filter_map(|root| resources::property(schemas, root, outer)).collect();
                roots.dedup();
                let generate = self.options.generation(Direction::Response);
                let record = Record::compile(schemas, &roots, &generate).ok()?;
                let fillers = record.names().iter().map(|_| None).collect();
                (record, fillers)
            }
        };
        let column = record.names().iter().position(|known| **known == *name)?;
        fillers[column] = Some(filler);
        Some(Filler::Inside { record, fillers })
    }

    fn parent(&self) -> Option<(Vec<Box<str>>, Filler)> {
        let parent = self.resource.parent.as_ref()?;
        let property = parent.property.clone()?;
        let variable = self.variables().iter().rposition(|name| *name == &*parent.variable)?;
        let schema = resources::at(&self.document.schemas, self.resource.entity, &property)?;
        Some((property, Filler::Parent { variable, schema }))
    }

    fn reference(&self, reference: &resources::Reference, wish: Wish) -> Option<Filler> {
        let target = &self.resources.found[reference.target];
        // an entity within another cannot be named by its own identity alone
        if target.collection.contains('{') {
            return None;
        }
        let matter = (self.matter)(reference.target)?;
        match reference.form {
            Form::Identity | Form::Either => {
                Some(Filler::Reference { target: matter, is_many: reference.is_many })
            }
            Form::Whole if reference.is_many || !wish.wholes => None,
            // what is filled in there would have to be filled in here too
            Form::Whole => {
                let is_plain = target.references.is_empty()
                    && target.identity.as_ref().is_some_and(|identity| identity.property.len() == 1);
                (is_plain && self.is_same(reference, target)).then_some(Filler::Whole { target: matter })
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

/// What the entities of one request have in common.
pub(super) struct Scene<'a> {
    /// What their keys begin with
    pub(super) base: Key,
    /// Values of the path's variables, as the properties that name parents have them
    parents: Vec<Option<Value>>,
    kind: &'a Kind,
}

impl<'a> Scene<'a> {
    /// The entities of `kind` within `parents`.
    pub(super) fn new(schemas: &Schemas, kind: &'a Kind, parents: &[Box<str>]) -> Scene<'a> {
        let base = kind.matter.base(parents.iter().map(|parent| &**parent));
        let wanted =
            |variable: usize| kind.fillers.iter().flatten().find_map(|filler| filler.parent(variable));
        let value = |(index, text): (usize, &str)| fitting(schemas, wanted(index)?, text);
        let parents = parents.iter().map(|parent| &**parent);
        Scene { base, parents: parents.enumerate().map(value).collect(), kind }
    }

    /// The same without parents, of an entity that stands inside another.
    fn key(&self, identity: &str) -> Key {
        self.kind.matter.key(self.base, identity)
    }
}

/// The text as a value of the schema: a number where it admits numbers and no texts.
pub(super) fn fitting(schemas: &Schemas, schema: SchemaId, text: &str) -> Option<Value> {
    let types = resources::types(schemas, schema);
    let number = || text.parse::<i64>().ok().map(Value::from);
    let value = if types.intersects(Types::STRING) { Some(Value::from(text)) } else { number() };
    value.filter(|value| schemas.is_valid(schema, value, Direction::Response))
}

impl Filler {
    /// What the variable has to be, if this is filled with it.
    fn parent(&self, wanted: usize) -> Option<SchemaId> {
        match self {
            Filler::Parent { variable, schema } if *variable == wanted => Some(*schema),
            Filler::Inside { fillers, .. } => {
                fillers.iter().flatten().find_map(|filler| filler.parent(wanted))
            }
            _ => None,
        }
    }
}

impl Kind {
    /// Appends the entity of an identity.
    #[inline]
    pub(super) fn write(&self, scene: &Scene<'_>, identity: &str, is_listed: bool, out: &mut Vec<u8>) {
        let columns = if is_listed { &self.matter.listed } else { &self.matter.read };
        let key = scene.key(identity);
        let put = |column: usize, out: &mut Vec<u8>| {
            fill(&self.matter, &self.fillers, column, scene, key, identity, out)
        };
        self.matter.record.write(key, out, |column| columns[column], put);
    }

    /// Appends what the entity of an identity has in a column; whether it has it.
    pub(super) fn value(&self, scene: &Scene<'_>, identity: &str, column: usize, out: &mut Vec<u8>) -> bool {
        let key = scene.key(identity);
        let start = out.len();
        let has = self.matter.record.value(key, column, out);
        let drawn = out.len();
        if has && fill(&self.matter, &self.fillers, column, scene, key, identity, out) {
            out.drain(start..drawn);
        }
        has
    }

    /// The column that refers to another resource by identity, if it is filled so.
    pub(super) fn refers(&self, column: usize) -> bool {
        matches!(self.fillers.get(column), Some(Some(Filler::Reference { is_many: false, .. })))
    }
}

/// Appends what a column is filled with; whether it is.
fn fill(
    matter: &Matter,
    fillers: &[Option<Filler>],
    column: usize,
    scene: &Scene<'_>,
    key: Key,
    identity: &str,
    out: &mut Vec<u8>,
) -> bool {
    let Some(filler) = &fillers[column] else { return false };
    match filler {
        Filler::Identity => scene.kind.matter.codec.write(identity, out),
        Filler::Parent { variable, .. } => match scene.parents.get(*variable) {
            // Writing to memory does not fail.
            Some(Some(value)) => drop(serde_json::to_writer(out, value)),
            _ => return false,
        },
        Filler::Reference { target, is_many } => {
            let chosen = key.with_number(column as u64).with(b"reference");
            match is_many {
                false => target.codec.write(&target.some(chosen), out),
                true => several(target, chosen, out),
            }
        }
        Filler::Whole { target } => {
            let chosen = target.some(key.with_number(column as u64).with(b"reference"));
            target.write_bare(&chosen, out);
        }
        Filler::Inside { record, fillers } => {
            let inner = key.with(matter.record.names()[column].as_bytes());
            record.write(
                inner,
                out,
                |_| true,
                |column, out| fill_inside(fillers, column, scene, inner, identity, out),
            );
        }
    }
    true
}

/// The same inside an object of an entity; deeper ones are not filled.
fn fill_inside(
    fillers: &[Option<Filler>],
    column: usize,
    scene: &Scene<'_>,
    key: Key,
    identity: &str,
    out: &mut Vec<u8>,
) -> bool {
    match &fillers[column] {
        None | Some(Filler::Inside { .. }) => false,
        Some(_) => fill(&scene.kind.matter, fillers, column, scene, key, identity, out),
    }
}

fn several(target: &Matter, chosen: Key, out: &mut Vec<u8>) {
    out.push(b'[');
    let first = ((u128::from(chosen.0) * u128::from(target.size)) >> 64) as u64;
    for number in 0..MANY.min(target.size) {
        if number > 0 {
            out.push(b',');
        }
        target.codec.write(&target.codec.text((first + number) % target.size), out);
    }
    out.push(b']');
}

impl Matter {
    /// Appends an entity of which only the identity is filled in, as it stands inside others.
    fn write_bare(&self, identity: &str, out: &mut Vec<u8>) {
        let key = self.key(self.salt, identity);
        let own = self.identity.as_ref().filter(|(_, rest)| rest.is_empty()).map(|(column, _)| *column);
        self.record.write(
            key,
            out,
            |column| self.read[column],
            |column, out| {
                let is_own = own == Some(column);
                if is_own {
                    self.codec.write(identity, out);
                }
                is_own
            },
        );
    }
}
