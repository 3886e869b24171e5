//! One resource, ready to have its entities written: a record of what is read and listed, with the places in it that
//! are not chance - identity, parent, references - filled from elsewhere.

use std::sync::Arc;

use mocker_openapi::Document;
use mocker_schema::generate::{self, Key, Record};
use mocker_schema::validate::Direction;
use mocker_schema::{SchemaId, Schemas, Types};
use serde_json::Value;

use super::matter::{Matter, scaled};
use super::overlay::Overlay;
use crate::options::Options;
use crate::resources::{self, Form, Place, Resource, Resources};

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
                let generate = generate::Options {
                    direction: Direction::Response,
                    fill_optional: self.options.fills_properties,
                };
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
    fn is_its_place(&self) -> bool {
        matches!(self, Filler::Identity | Filler::Parent { .. })
    }

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
    /// Appends the entity of an identity, with those of its columns.
    #[inline]
    pub(super) fn write(&self, scene: &Scene<'_>, identity: &str, columns: &[bool], out: &mut Vec<u8>) {
        let key = scene.key(identity);
        let put = |column: usize, out: &mut Vec<u8>| {
            fill(&self.matter, &self.fillers, column, scene, key, identity, out)
        };
        self.matter.record.write(key, out, |column| columns[column], put);
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
        let key = scene.key(identity);
        let mut written = vec![false; columns.len()];
        let put = |column: usize, out: &mut Vec<u8>| {
            written[column] = true;
            overlay.write(column, out) || fill(&self.matter, &self.fillers, column, scene, key, identity, out)
        };
        self.matter.record.write(key, out, |column| columns[column] && !overlay.is_gone(column), put);
        overlay.complete(self.matter.record.names(), &written, out);
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
    let first = scaled(chosen, target.size);
    for number in 0..MANY.min(target.size) {
        if number > 0 {
            out.push(b',');
        }
        target.codec.write(&target.codec.text((first + number) % target.size), out);
    }
    out.push(b']');
}
