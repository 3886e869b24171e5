//! Request bodies: what an operation takes, compiled once; [`Bodies::choose`] when a head is there,
//! [`Bodies::judge`] when the body is.

mod choose;
mod deep;
mod duplicates;
mod field;
mod fields;
mod form;
mod json;
mod judge;
mod multipart;
mod parameter;
mod sent;
mod tape;
#[cfg(test)]
mod tests;
mod xml;

use mocker_http::media::MediaName;
use mocker_openapi::Document;
use mocker_openapi::model::{MediaType, Operation};
use mocker_schema::{SchemaId, Schemas};

use super::{Fault, Severity};
use crate::media::{self, Kind};
use fields::Fields;

pub use choose::{Chosen, Refusal};
pub use json::Scratch;
pub use judge::Bench;

/// The bodies that an operation takes.
#[derive(Debug)]
pub struct Bodies {
    required: bool,
    contents: Box<[Content]>,
}

/// One media type of a request body.
#[derive(Debug)]
struct Content {
    /// As the document writes it
    name: Box<str>,
    /// `None` where that is no media type
    media: Option<MediaName>,
    /// `None` for a range
    kind: Option<Kind>,
    schema: Option<SchemaId>,
    item_schema: Option<SchemaId>,
    /// Where the body may be a form
    fields: Option<Fields>,
}

impl Bodies {
    /// What `operation` of `document` takes.
    pub fn compile(document: &Document, operation: &Operation) -> Bodies {
        let Some(body) = &operation.request_body else {
            return Bodies { required: false, contents: Box::default() };
        };
        let content = |media: &MediaType| Content::compile(&document.schemas, media);
        Bodies { required: body.required, contents: body.content.iter().map(content).collect() }
    }
}

impl Content {
    fn compile(schemas: &Schemas, media: &MediaType) -> Content {
        let written = media::written(&media.name);
        let kind = (!media::essence(written).contains('*')).then(|| media::kind(written));
        let is_form = matches!(kind, None | Some(Kind::Form | Kind::Multipart));
        Content {
            name: media.name.clone(),
            media: MediaName::parse(written),
            kind: kind.or_else(|| media::essence(written).ends_with("+json").then_some(Kind::Json)),
            schema: media.schema,
            item_schema: media.item_schema,
            fields: is_form.then(|| Fields::compile(schemas, media.schema, &media.encoding)),
        }
    }
}

fn absent() -> Fault {
    let message = "Body parameter is required".to_owned();
    Fault { location: Vec::new(), severity: Severity::Error, code: "required", message }
}
