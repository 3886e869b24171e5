//! What text is brought to before a schema judges it: everything is text in a request, and only the schema
//! knows that it means a number or a list.

use std::collections::{HashMap, HashSet, VecDeque};

use mocker_schema::{SchemaId, Schemas, Types};

use crate::limits::{MAX_SCHEMA_VISITS, MAX_SHAPES};

/// Index of a shape among those of its parameter.
pub(crate) type ShapeId = u16;

/// What one text, or the text of one place inside a parameter, may mean.
#[derive(Debug)]
pub(crate) struct Shape {
    /// Types that the schemas of this place ask for, in any branch; none: text stays text
    pub(crate) types: Types,
    /// Of elements
    pub(crate) items: Option<ShapeId>,
    /// Of declared members, sorted by name
    pub(crate) properties: Box<[(Box<str>, ShapeId)]>,
    /// Of other members
    pub(crate) additional: Option<ShapeId>,
    /// Whether members that are not declared belong to it too
    pub(crate) is_open: bool,
    /// The schema of this place, where it is a single one
    pub(crate) schema: Option<SchemaId>,
}

/// A form that a value of a shape may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Scalar,
    Array,
    Object,
}

/// The shapes of one parameter; the first is of the parameter itself.
#[derive(Debug)]
pub(crate) struct Shapes(Box<[Shape]>);

/// The shape of the parameter itself.
pub(crate) const ROOT: ShapeId = 0;

impl Shape {
    /// Whether a value may take the form. Text that no schema speaks of is a scalar.
    pub(crate) fn admits(&self, form: Form) -> bool {
        match form {
            Form::Array => self.types.intersects(Types::ARRAY),
            Form::Object => self.types.intersects(Types::OBJECT),
            Form::Scalar => {
                let scalars = Types::BOOLEAN.or(Types::NUMBER).or(Types::STRING);
                self.types.intersects(scalars) || !self.types.intersects(Types::ARRAY.or(Types::OBJECT))
            }
        }
    }

    /// The forms a value may take, scalars first.
    pub(crate) fn forms(&self) -> impl Iterator<Item = Form> {
        [Form::Scalar, Form::Array, Form::Object].into_iter().filter(|form| self.admits(*form))
    }

    /// The shape of the member `name`.
    pub(crate) fn member(&self, name: &str) -> Option<ShapeId> {
        self.declared(name).or(self.additional)
    }

    /// The shape of the member `name`, where it is declared.
    pub(crate) fn declared(&self, name: &str) -> Option<ShapeId> {
        let index = self.properties.binary_search_by(|(known, _)| (**known).cmp(name)).ok()?;
        Some(self.properties[index].1)
    }
}

impl std::ops::Index<ShapeId> for Shapes {
    type Output = Shape;

    #[inline]
    fn index(&self, id: ShapeId) -> &Shape {
        &self.0[usize::from(id)]
    }
}

impl Shapes {
    /// The shapes of a schema and of what lies up to `levels` inside it, at most [`MAX_SHAPES`].
    pub(crate) fn of(schemas: &Schemas, schema: Option<SchemaId>, levels: usize) -> Shapes {
        let mut builder =
            Builder { schemas, known: HashMap::new(), pending: VecDeque::new(), level: 0, levels };
        let mut shapes = Vec::new();
        builder.reserve(schema.into_iter().collect());
        while let Some((level, ids)) = builder.pending.pop_front() {
            builder.level = level + 1;
            shapes.push(builder.shape(&ids));
        }
        Shapes(shapes.into())
    }
}

struct Builder<'s> {
    schemas: &'s Schemas,
    known: HashMap<Vec<SchemaId>, ShapeId>,
    /// Schemas of shapes that have a number and wait to be made, in the order of numbers, with their levels
    pending: VecDeque<(usize, Vec<SchemaId>)>,
    /// Of what lies inside the shape that is being made
    level: usize,
    levels: usize,
}

/// What the schemas of one place say, every branch of them.
struct Gathered {
    types: Types,
    items: Vec<SchemaId>,
    properties: Vec<(Box<str>, SchemaId)>,
    additional: Vec<SchemaId>,
    seen: HashSet<SchemaId>,
}

impl Builder<'_> {
    fn reserve(&mut self, mut ids: Vec<SchemaId>) -> Option<ShapeId> {
        ids.sort_unstable();
        ids.dedup();
        if let Some(id) = self.known.get(&ids) {
            return Some(*id);
        }
        if self.known.len() == MAX_SHAPES || self.level > self.levels {
            return None;
        }
        let id = self.known.len() as ShapeId;
        self.known.insert(ids.clone(), id);
        self.pending.push_back((self.level, ids));
        Some(id)
    }

    fn shape(&mut self, ids: &[SchemaId]) -> Shape {
        let mut gathered = Gathered {
            types: Types::NONE,
            items: Vec::new(),
            properties: Vec::new(),
            additional: Vec::new(),
            seen: HashSet::new(),
        };
        let mut pending = ids.to_vec();
        while let Some(id) = pending.pop() {
            if gathered.seen.len() < MAX_SCHEMA_VISITS && gathered.seen.insert(id) {
                gathered.take(self.schemas, id, &mut pending);
            }
        }
        let Gathered { types, items, mut properties, additional, .. } = gathered;
        properties.sort();
        let by_name = properties.chunk_by(|a, b| a.0 == b.0);
        let properties: Vec<_> = by_name
            .filter_map(|same| {
                let ids = same.iter().map(|(_, id)| *id).collect();
                Some((same[0].0.clone(), self.reserve(ids)?))
            })
            .collect();
        let some = |ids: Vec<SchemaId>| (!ids.is_empty()).then_some(ids);
        Shape {
            types,
            is_open: properties.is_empty() || !additional.is_empty(),
            items: some(items).and_then(|ids| self.reserve(ids)),
            properties: properties.into(),
            additional: some(additional).and_then(|ids| self.reserve(ids)),
            schema: if let [id] = ids { Some(*id) } else { None },
        }
    }
}

impl Gathered {
    fn take(&mut self, schemas: &Schemas, id: SchemaId, pending: &mut Vec<SchemaId>) {
        let schema = &schemas[id];
        self.types = self.types.or(asked(schema));
        pending.extend(schema.reference);
        if let Some(logic) = &schema.logic {
            let lists = [&logic.all_of, &logic.any_of, &logic.one_of];
            pending.extend(lists.into_iter().flatten());
            pending.extend(logic.then.into_iter().chain(logic.otherwise));
        }
        if let Some(rules) = &schema.array {
            self.items.extend(rules.items.iter().chain(&rules.prefix));
        }
        if let Some(rules) = &schema.object {
            let properties = rules.properties.iter();
            self.properties.extend(properties.map(|(name, id)| (Box::from(&**name), *id)));
            let others = rules.additional.into_iter().chain(rules.patterns.iter().map(|(_, id)| *id));
            self.additional.extend(others.filter(|id| !schemas[*id].types.is_none()));
        }
    }
}

/// The types that a schema asks for: those it names, else those its keywords are about.
fn asked(schema: &mocker_schema::Schema) -> Types {
    if schema.types != Types::ANY {
        return schema.types;
    }
    if let Some(values) = &schema.values {
        return values.iter().map(Types::of).fold(Types::NONE, Types::or);
    }
    let array = if schema.array.is_some() { Types::ARRAY } else { Types::NONE };
    let object = if schema.object.is_some() { Types::OBJECT } else { Types::NONE };
    array.or(object)
}
