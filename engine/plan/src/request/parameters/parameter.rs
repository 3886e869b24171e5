//! One parameter, as far as the document decides it.

use mocker_openapi::model::{self, MediaType, Place, Style};
use mocker_schema::validate::Direction;
use mocker_schema::{SchemaId, Schemas, Types};

use super::reader::Reader;
use super::shape::{Form, ROOT, Shapes};
use super::{Request, cookie, header, json, path, query};
use crate::limits::MAX_BRACKETS;
use crate::media::{self, Kind};
use crate::request::text::Encoding;
use crate::request::{Part, Value};

/// Where only `deepObject` nests, an object has members, and these have elements.
const FLAT_LEVELS: usize = 2;

/// A parameter and how it is read.
#[derive(Debug)]
pub(crate) struct Parameter {
    /// As declared
    pub(crate) name: Box<str>,
    /// As faults name it: in lower case, but for cookies
    pub(crate) told: Box<str>,
    pub(crate) part: Part,
    pub(crate) place: Place,
    pub(crate) style: Style,
    pub(crate) explode: bool,
    pub(crate) content: Content,
    pub(crate) required: bool,
    pub(crate) deprecated: bool,
    pub(crate) schema: Option<SchemaId>,
    pub(crate) shapes: Shapes,
    blank: Blank,
    /// Names of the other parameters of the query, where this one takes what is not declared
    others: Box<[Box<str>]>,
}

/// How the text of a parameter is written.
#[derive(Debug)]
pub(crate) enum Content {
    /// By `style` and `explode`
    Styled,
    /// As JSON; the media type, for messages
    Json(Box<str>),
    /// As a form (`in: querystring`)
    Form,
    /// As the text itself
    Text,
}

/// What an empty value (`?limit=`) is.
#[derive(Clone, Copy, Debug)]
enum Blank {
    /// As good as not sent: the schema has no use for it
    Absent,
    /// `allowEmptyValue`: taken as it is, whatever the schema says
    Allowed,
    /// What the schema admits: the empty string, `null`, the empty list
    Text,
    Null,
    List,
}

/// What came of reading a parameter.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Reading<'a> {
    /// It was not sent
    Absent,
    /// No request could send it: a path variable that the template does not have
    Unasked,
    /// A value that the schema judges
    Value(Value<'a>),
    /// A value that is taken as it is
    Allowed(Value<'a>),
    /// A text that has not the form its style or media type asks for
    Malformed(Malformed),
}

/// Forms that a text may lack.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Malformed {
    /// `.` at the start
    Label,
    /// `;` and the name at the start
    Matrix,
    /// JSON
    Json,
}

impl Parameter {
    pub(crate) fn compile(
        schemas: &Schemas,
        model: &model::Parameter,
        all: &[&model::Parameter],
    ) -> Parameter {
        let part = match model.place {
            Place::Path => Part::Path,
            Place::Query | Place::QueryString => Part::Query,
            Place::Header => Part::Header,
            Place::Cookie => Part::Cookie,
        };
        let content = content(model);
        let schema = model.schema.or(model.content.as_ref().and_then(|media| media.schema));
        let shapes = match (&content, model.style) {
            (Content::Json(_), _) => Shapes::of(schemas, None, 0),
            (_, Style::DeepObject) => Shapes::of(schemas, schema, MAX_BRACKETS + 1),
            _ => Shapes::of(schemas, schema, FLAT_LEVELS),
        };
        let blank = match (model.allow_empty, &content) {
            (true, _) => Blank::Allowed,
            (false, Content::Json(_)) => Blank::Absent,
            _ => blank(schemas, schema, shapes[ROOT].types),
        };
        let root = &shapes[ROOT];
        let takes_rest = root.is_open && root.forms().all(|form| form == Form::Object);
        let others = all.iter().filter(|other| takes_rest && other.place == model.place);
        let others = others.filter(|other| other.name != model.name).map(|other| other.name.clone());
        Parameter {
            told: match part {
                Part::Cookie => model.name.clone(),
                _ => model.name.to_lowercase().into(),
            },
            name: model.name.clone(),
            part,
            place: model.place,
            style: model.style,
            explode: model.explode,
            content,
            required: model.required,
            deprecated: model.deprecated,
            schema,
            blank,
            others: others.collect(),
            shapes,
        }
    }

    /// Finds and decodes the parameter in a request.
    #[inline]
    pub(crate) fn read<'a>(&self, request: &Request<'_, 'a>) -> Reading<'a> {
        match self.place {
            Place::Header => header::read(self, request),
            Place::Query => query::read(self, request),
            Place::QueryString => query::read_whole(self, request),
            Place::Path => path::read(self, request),
            Place::Cookie => cookie::read(self, request),
        }
    }

    /// Makes values of this parameter from text written in `encoding`.
    pub(crate) fn reader<'r, 'a>(&'r self, request: &Request<'r, 'a>, encoding: Encoding) -> Reader<'r, 'a> {
        Reader { schemas: request.schemas, shapes: &self.shapes, encoding, arena: request.arena }
    }

    pub(crate) fn admits(&self, form: Form) -> bool {
        self.shapes[ROOT].admits(form)
    }

    pub(crate) fn is_only(&self, form: Form) -> bool {
        self.shapes[ROOT].forms().all(|admitted| admitted == form)
    }

    /// Whether an object that is spread over the whole query has `name` among its members.
    pub(crate) fn picks(&self, name: &str) -> bool {
        let root = &self.shapes[ROOT];
        root.declared(name).is_some()
            || (root.is_open
                && self.is_only(Form::Object)
                && !self.others.iter().any(|other| other.eq_ignore_ascii_case(name)))
    }

    /// What an empty text is.
    pub(crate) fn blank<'a>(&self) -> Reading<'a> {
        match self.blank {
            Blank::Absent => Reading::Absent,
            Blank::Allowed => Reading::Allowed(Value::String("")),
            Blank::Text => Reading::Value(Value::String("")),
            Blank::Null => Reading::Value(Value::Null),
            Blank::List => Reading::Value(Value::Array(&[])),
        }
    }

    /// The value of a text that `content` describes.
    pub(crate) fn read_content<'a>(&self, reader: &Reader<'_, 'a>, raw: &'a [u8]) -> Reading<'a> {
        match &self.content {
            _ if raw.is_empty() => self.blank(),
            Content::Json(_) => match json::parse(reader.text(raw), reader.arena) {
                Some(value) => Reading::Value(value),
                None => Reading::Malformed(Malformed::Json),
            },
            _ => Reading::Value(reader.scalar(Some(ROOT), raw)),
        }
    }

    pub(crate) fn is_styled(&self) -> bool {
        matches!(self.content, Content::Styled)
    }
}

fn content(model: &model::Parameter) -> Content {
    let of = |media: &MediaType| match media::kind(&media.name) {
        Kind::Json => Content::Json(media.name.clone()),
        Kind::Form if model.place == Place::QueryString => Content::Form,
        _ => Content::Text,
    };
    match &model.content {
        Some(media) => of(media),
        None if model.place == Place::QueryString => Content::Form,
        None => Content::Styled,
    }
}

/// What of the empty values a schema admits.
fn blank(schemas: &Schemas, schema: Option<SchemaId>, asked: Types) -> Blank {
    let Some(id) = schema else { return Blank::Text };
    let admits = |value: Value<'_>| schemas.is_valid(id, value, Direction::Request);
    if (asked.is_none() || asked.contains(Types::STRING)) && admits(Value::String("")) {
        Blank::Text
    } else if asked.contains(Types::NULL) && admits(Value::Null) {
        Blank::Null
    } else if asked.contains(Types::ARRAY) && admits(Value::Array(&[])) {
        Blank::List
    } else {
        Blank::Absent
    }
}
