//! A document after every dialect was brought to the 3.x model and every reference
//! followed. Owned: the text and the trees it was read from can be dropped.

use std::sync::Arc;

use mocker_schema::{SchemaId, Schemas};
use mocker_source::Position;
use serde_json::Value;

use crate::expression::{Expression, UrlTemplate};

/// One API description.
#[derive(Debug)]
pub struct Document {
    /// `info.title`
    pub title: String,
    /// The version as written: `3.1.0`, `2.0`
    pub version: String,
    /// Root `servers` (2.0: from `schemes`, `host`, `basePath`)
    pub servers: Vec<Server>,
    /// In document order; an operation with an error is absent
    pub operations: Vec<Operation>,
    /// All schemas of the document
    pub schemas: Schemas,
    /// `components.securitySchemes` / `securityDefinitions`
    pub security_schemes: Vec<(Arc<str>, SecurityScheme)>,
}

/// `servers[]`: the URL with variables replaced by their defaults
#[derive(Clone, Debug, PartialEq)]
pub struct Server {
    /// As written, with `{variables}`
    pub template: String,
    /// With the variables' defaults
    pub url: String,
    /// Path part of `url`, without a final slash; `""` for the root
    pub base_path: String,
}

/// Request methods an OpenAPI document can name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// `get`
    Get,
    /// `put`
    Put,
    /// `post`
    Post,
    /// `delete`
    Delete,
    /// `options`
    Options,
    /// `head`
    Head,
    /// `patch`
    Patch,
    /// `trace`
    Trace,
    /// 3.2 `query`
    Query,
    /// 3.2 `additionalOperations`, as written
    Other(Box<str>),
}

/// One method of one path.
#[derive(Debug)]
pub struct Operation {
    /// Method
    pub method: Method,
    /// Path template as written, `/pets/{id}`, without the query string and fragment that some
    /// authors put there, and with the first `/` that some forget
    pub path: Arc<str>,
    /// What stood behind the path in the key of `paths`, from its `?` or `#` on, as written;
    /// tells apart operations that have method and path in common
    pub path_condition: Option<Box<str>>,
    /// `operationId`
    pub id: Option<Arc<str>>,
    /// `summary`
    pub summary: Option<Box<str>>,
    /// `tags`
    pub tags: Vec<Arc<str>>,
    /// `deprecated`
    pub deprecated: bool,
    /// Operation parameters over path-item ones (same name and place: the operation's wins)
    pub parameters: Vec<Arc<Parameter>>,
    /// `requestBody` (2.0: from `body` and `formData` parameters and `consumes`)
    pub request_body: Option<Arc<RequestBody>>,
    /// In document order
    pub responses: Vec<(StatusKey, Arc<Response>)>,
    /// Alternatives (OR) of requirements (AND) of scheme name and scopes; the document's
    /// where the operation has none; empty: no security
    pub security: Vec<Requirement>,
    /// Operation or path-item `servers`; empty: the document's
    pub servers: Vec<Server>,
    /// `callbacks`, one entry a URL; empty for operations of callbacks
    pub callbacks: Vec<Callback>,
    /// `x-*` members of the operation
    pub extensions: Vec<(Box<str>, Value)>,
    /// Where the operation stands
    pub position: Position,
}

/// What is sent to one URL when an operation was answered.
#[derive(Debug)]
pub struct Callback {
    /// Key in `callbacks`
    pub name: Arc<str>,
    /// Where it is sent
    pub url: Arc<UrlTemplate>,
    /// What is sent; their `path` is empty
    pub operations: Arc<[Operation]>,
}

/// Schemes that are needed together, each with its scopes; empty: no credentials are needed.
pub type Requirement = Vec<(Arc<str>, Vec<Box<str>>)>;

/// Where a parameter is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// `in: path`
    Path,
    /// `in: query`
    Query,
    /// 3.2 `in: querystring`
    QueryString,
    /// `in: header`
    Header,
    /// `in: cookie`
    Cookie,
}

/// How a parameter's value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `matrix`
    Matrix,
    /// `label`
    Label,
    /// `form`
    Form,
    /// `simple`
    Simple,
    /// `spaceDelimited` (2.0: `ssv`)
    SpaceDelimited,
    /// `pipeDelimited` (2.0: `pipes`)
    PipeDelimited,
    /// 2.0 `tsv`
    TabDelimited,
    /// `deepObject`
    DeepObject,
    /// 3.2 `cookie`
    Cookie,
}

/// A parameter; 2.0's non-body ones too, their inline type lowered to a schema.
#[derive(Debug)]
pub struct Parameter {
    /// `name`
    pub name: Box<str>,
    /// `in`
    pub place: Place,
    /// `required` (always true in paths)
    pub required: bool,
    /// `deprecated`
    pub deprecated: bool,
    /// `style`, or its default for the place
    pub style: Style,
    /// `explode`, or its default for the style
    pub explode: bool,
    /// `allowReserved`
    pub allow_reserved: bool,
    /// `allowEmptyValue`
    pub allow_empty: bool,
    /// `schema`
    pub schema: Option<SchemaId>,
    /// `content`: the one media type
    pub content: Option<MediaType>,
    /// `example`, `examples`
    pub examples: Vec<Example>,
}

/// A request body.
#[derive(Debug)]
pub struct RequestBody {
    /// `required`
    pub required: bool,
    /// In document order
    pub content: Vec<MediaType>,
}

/// Key of a response: `404`, `4XX`, `default`. Orders as the choice prefers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StatusKey {
    /// An exact code
    Code(u16),
    /// `1XX` to `5XX`: the hundreds digit
    Range(u8),
    /// `default`
    Default,
}

/// A response.
#[derive(Debug)]
pub struct Response {
    /// `description`
    pub description: Box<str>,
    /// Declared headers (without `Content-Type`, which the specification ignores)
    pub headers: Vec<Header>,
    /// In document order; empty: no body
    pub content: Vec<MediaType>,
    /// `links`, those that can be read
    pub links: Vec<Link>,
}

/// One entry of a response's `links`.
#[derive(Debug)]
pub struct Link {
    /// Key in `links`
    pub name: Box<str>,
    /// Where it leads
    pub target: LinkTarget,
    /// `parameters`, those that are a runtime expression: the name, without the place before it, and the expression
    pub parameters: Vec<(Box<str>, Expression)>,
}

/// The operation that a link leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkTarget {
    /// `operationId`
    Id(Box<str>),
    /// `operationRef` into the same document: the path as written, and the method in lower case
    Path {
        /// Key in `paths`
        path: Box<str>,
        /// `get`
        method: Box<str>,
    },
}

/// A declared response header.
#[derive(Debug)]
pub struct Header {
    /// Name as written
    pub name: Box<str>,
    /// `required`
    pub required: bool,
    /// `explode` of style `simple`
    pub explode: bool,
    /// `schema` (2.0: the inline type)
    pub schema: Option<SchemaId>,
    /// `content`: the one media type
    pub content: Option<MediaType>,
    /// `example`, `examples`
    pub examples: Vec<Example>,
}

/// One entry of `content`.
#[derive(Debug)]
pub struct MediaType {
    /// As written: `application/json; charset=utf-8`, `*/*`
    pub name: Box<str>,
    /// `schema`
    pub schema: Option<SchemaId>,
    /// 3.2 `itemSchema` of sequential media types
    pub item_schema: Option<SchemaId>,
    /// `example` (named `default`) first, else `examples` in order
    pub examples: Vec<Example>,
    /// `encoding`, by property name
    pub encoding: Vec<(Box<str>, Encoding)>,
}

/// An author's example.
#[derive(Debug)]
pub struct Example {
    /// Key in `examples`; `default` for `example`
    pub name: Box<str>,
    /// The value
    pub value: ExampleValue,
    /// It holds `{{` or `{%`, and `x-mocker-template` does not say that these mean nothing
    pub is_template: bool,
    /// Where it stands
    pub position: Position,
}

impl Example {
    /// An example of the document's.
    pub fn new(name: impl Into<Box<str>>, value: ExampleValue, position: Position) -> Example {
        Example { name: name.into(), is_template: value.looks_templated(), value, position }
    }
}

impl ExampleValue {
    /// Whether it holds what begins an expression or a statement of a template.
    fn looks_templated(&self) -> bool {
        let bytes = match self {
            ExampleValue::Json(text) => text.as_bytes(),
            ExampleValue::Serialized(text) => text.as_bytes(),
            ExampleValue::Content(bytes) => bytes,
            ExampleValue::External(_) => return false,
        };
        bytes.windows(2).any(|pair| matches!(pair, b"{{" | b"{%")) && std::str::from_utf8(bytes).is_ok()
    }
}

/// What an example holds.
#[derive(Clone, Debug, PartialEq)]
pub enum ExampleValue {
    /// `value` (3.2 `dataValue`) as compact JSON text; shared by all that refer to it. JSON that the
    /// author wrote as a string stays one (`"{\"a\":1}"`): whether it is meant as JSON hangs on the
    /// media type and the schema
    Json(Arc<str>),
    /// 3.2 `serializedValue`: the bytes as they go out
    Serialized(Box<str>),
    /// The content of the file that `externalValue` names: the bytes as they go out
    Content(Arc<[u8]>),
    /// `externalValue` that could not be read: a URL or file, resolved against the file that names it
    External(Box<str>),
}

/// One entry of a form's `encoding`.
#[derive(Debug, Default)]
pub struct Encoding {
    /// `contentType`
    pub content_type: Option<Box<str>>,
    /// `style`
    pub style: Option<Style>,
    /// `explode`
    pub explode: Option<bool>,
    /// `allowReserved`
    pub allow_reserved: bool,
}

impl Encoding {
    /// What stands between the elements of a list that is written as one field; `None` where each has a field of its
    /// own.
    pub fn separator(&self) -> Option<char> {
        let is_whole = self.explode != Some(true);
        match self.style {
            Some(Style::SpaceDelimited) if is_whole => Some(' '),
            Some(Style::PipeDelimited) if is_whole => Some('|'),
            Some(Style::TabDelimited) => Some('\t'),
            Some(Style::Simple) => Some(','),
            _ if self.explode == Some(false) => Some(','),
            _ => None,
        }
    }
}

/// A security scheme; how it is checked is the engine's business.
#[derive(Clone, Debug, PartialEq)]
pub enum SecurityScheme {
    /// `type: http` with its scheme, lower-cased (2.0 `basic`)
    Http(Box<str>),
    /// `type: apiKey`
    ApiKey {
        /// Where the key is sent
        place: Place,
        /// Its name there
        name: Box<str>,
    },
    /// `type: oauth2`
    OAuth2,
    /// `type: openIdConnect`
    OpenIdConnect,
    /// `type: mutualTLS`
    MutualTls,
}
