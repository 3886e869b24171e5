//! What saved values have in common, as a schema: their types, the members of their objects.

use std::collections::HashMap;
use std::sync::Arc;

use mocker_schema::lower::Composition;
use mocker_schema::validate::Direction;
use mocker_schema::{SchemaId, Types};
use serde_json::Value;

use super::Collection;
use crate::limits::INFERRED_MEMBERS;

/// The types of all values seen at one place.
pub(super) struct Shape {
    types: Types,
    /// Anything may be here, whatever was seen
    is_open: bool,
    items: Option<Box<Shape>>,
    members: Vec<Member>,
    /// Index of a member by its name
    index: HashMap<Arc<str>, usize>,
    /// Objects seen
    objects: usize,
}

struct Member {
    name: Arc<str>,
    shape: Shape,
    /// Objects that had it
    objects: usize,
}

impl Default for Shape {
    /// Nothing seen so far
    fn default() -> Self {
        Shape {
            types: Types::NONE,
            is_open: false,
            items: None,
            members: Vec::new(),
            index: HashMap::new(),
            objects: 0,
        }
    }
}

impl Shape {
    /// Values of these types.
    pub(super) fn of(types: Types) -> Shape {
        Shape { types, ..Shape::default() }
    }

    /// Values of which nothing can be known.
    pub(super) fn open() -> Shape {
        Shape { is_open: true, ..Shape::of(Types::ANY) }
    }

    /// Arrays of strings.
    pub(super) fn strings() -> Shape {
        Shape { items: Some(Box::new(Shape::of(Types::STRING))), ..Shape::of(Types::ARRAY) }
    }

    /// Takes one more value into account. It recurses as deep as `serde_json` reads.
    pub(super) fn add(&mut self, value: &Value) {
        if self.is_open {
            return;
        }
        self.types = self.types.or(match value {
            Value::Null => Types::NULL,
            Value::Bool(_) => Types::BOOLEAN,
            Value::Number(number) if number.is_f64() => Types::NUMBER,
            Value::Number(_) => Types::INTEGER,
            Value::String(_) => Types::STRING,
            Value::Array(_) => Types::ARRAY,
            Value::Object(_) => Types::OBJECT,
        });
        match value {
            Value::Array(elements) if !elements.is_empty() => {
                let items = self.items.get_or_insert_default();
                elements.iter().for_each(|element| items.add(element));
            }
            Value::Object(members) => {
                self.objects += 1;
                for (name, value) in members {
                    if let Some(member) = self.member(name) {
                        member.objects += 1;
                        member.shape.add(value);
                    }
                }
            }
            _ => {}
        }
    }

    /// A field of a form: text, if not anything. One that is there twice has an array.
    pub(super) fn add_field(&mut self, name: &str, is_text: bool, is_repeated: bool) {
        if self.is_open {
            return;
        }
        self.types = self.types.or(Types::OBJECT);
        match self.member(name) {
            Some(member) if !is_text => member.shape = Shape::open(),
            Some(member) if member.shape.is_open => {}
            Some(member) if is_repeated => member.shape = Shape::strings(),
            Some(member) => member.shape.types = member.shape.types.or(Types::STRING),
            None => {}
        }
    }

    fn member(&mut self, name: &str) -> Option<&mut Member> {
        let at = match self.index.get(name) {
            Some(at) => *at,
            None if self.members.len() >= INFERRED_MEMBERS => return None,
            None => {
                let name: Arc<str> = name.into();
                self.index.insert(Arc::clone(&name), self.members.len());
                self.members.push(Member { name, shape: Shape::default(), objects: 0 });
                self.members.len() - 1
            }
        };
        self.members.get_mut(at)
    }

    fn is_scalar(&self) -> bool {
        self.items.is_none() && self.members.is_empty()
    }

    /// What is known of the types. Nothing is where only `null` was seen. Requests may have a fraction where an
    /// integer was seen, for nobody said that they may not.
    fn types(&self, direction: Direction) -> Types {
        if self.types.is_none() || self.types == Types::NULL {
            return Types::ANY;
        }
        match direction {
            Direction::Request if self.types.intersects(Types::INTEGER) => self.types.or(Types::NUMBER),
            _ => self.types,
        }
    }
}

impl Collection<'_, '_, '_> {
    /// The schema of a shape. Members of responses that none of their objects lacks are required: generated
    /// bodies have them. Requests may leave anything out.
    pub(super) fn schema(&mut self, shape: Shape, direction: Direction) -> SchemaId {
        let types = shape.types(direction);
        if shape.is_scalar() {
            return self.scalar(types);
        }
        let objects = shape.objects;
        let mut required = Vec::new();
        let mut members = Vec::with_capacity(shape.members.len());
        for member in shape.members {
            if direction == Direction::Response && member.objects == objects {
                required.push(Arc::clone(&member.name));
            }
            members.push((member.name, self.schema(member.shape, direction)));
        }
        let items = shape.items.map(|items| self.schema(*items, direction));
        self.reader.lowering.compose(Composition { types, members, required, items })
    }

    /// The schema that says no more than this.
    pub(super) fn scalar(&mut self, types: Types) -> SchemaId {
        if let Some((_, known)) = self.scalars.iter().find(|(known, _)| *known == types) {
            return *known;
        }
        let composition = Composition { types, members: Vec::new(), required: Vec::new(), items: None };
        let schema = self.reader.lowering.compose(composition);
        self.scalars.push((types, schema));
        schema
    }
}
