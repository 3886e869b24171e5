//! `body` and `formData` parameters as a request body.

use std::sync::Arc;

use mocker_schema::SchemaId;
use mocker_source::{Diagnostic, Node};

use super::parameter::{collection_style, inline_schema};
use super::response::examples_for;
use super::{DEFAULT_MEDIA_TYPE, MediaTypes, essence, is_file};
use crate::codes;
use crate::model::{Encoding, MediaType, RequestBody, Style};
use crate::reader::{Read, ReadParameter, Reader};

const URLENCODED: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data";

/// The body that the operation's parameters describe.
pub(crate) fn request_body<'t>(
    reader: &mut Reader<'_, 't>,
    operation: Node<'t>,
    parameters: &[ReadParameter<'t>],
) -> Option<Arc<RequestBody>> {
    let consumes = MediaTypes::read(reader, operation, "consumes");
    let fields: Vec<&ReadParameter<'t>> =
        parameters.iter().filter(|parameter| matches!(parameter.read, Read::Form)).collect();
    let body = parameters.iter().find(|parameter| matches!(parameter.read, Read::Body));
    if let Some(body) = body {
        if let Some(field) = fields.first() {
            let message = "an operation has either a body or form fields; the fields are left out";
            let help = "describe the fields inside the body";
            reader.report(Diagnostic::warning(codes::BODY_DUPLICATE, field.node, message).with_help(help));
        }
        return Some(Arc::new(plain_body(reader, &consumes, body.node)));
    }
    (!fields.is_empty()).then(|| Arc::new(form(reader, &consumes, &fields)))
}

fn plain_body<'t>(reader: &mut Reader<'_, 't>, consumes: &MediaTypes<'t>, node: Node<'t>) -> RequestBody {
    let schema = reader.schema(node, "schema").or_else(|| inline_schema(reader, node));
    let names = if consumes.is_declared() { &consumes.names[..] } else { &[DEFAULT_MEDIA_TYPE] };
    let examples = node.get("x-examples").or_else(|| node.get("x-example"));
    let content = names.iter().map(|name| MediaType {
        name: (*name).into(),
        schema,
        item_schema: None,
        examples: examples.map(|map| examples_for(reader, map, name)).unwrap_or_default(),
        encoding: Vec::new(),
    });
    RequestBody { content: content.collect(), required: reader.flag(node, "required").unwrap_or_default() }
}

fn form<'t>(
    reader: &mut Reader<'_, 't>,
    consumes: &MediaTypes<'t>,
    fields: &[&ReadParameter<'t>],
) -> RequestBody {
    let mut required = Vec::with_capacity(fields.len());
    let mut members: Vec<(Arc<str>, SchemaId)> = Vec::with_capacity(fields.len());
    let mut styles = Vec::new();
    for field in fields {
        let schema =
            inline_schema(reader, field.node).unwrap_or_else(|| reader.lowering.lower_parameter(field.node));
        let name: Arc<str> = field.name.into();
        if reader.flag(field.node, "required").unwrap_or_default() {
            required.push(Arc::clone(&name));
        }
        members.push((name, schema));
        if field.node.get("items").is_some() {
            styles.push((field.name, collection_style(reader, field.node, Style::Form)));
        }
    }
    let any_required = !required.is_empty();
    let schema = reader.lowering.object(members, required);
    let has_file = fields.iter().any(|field| is_file(field.node));
    let content = form_types(consumes, has_file).into_iter().map(|name| MediaType {
        name: name.into(),
        schema: Some(schema),
        item_schema: None,
        examples: Vec::new(),
        encoding: styles.iter().map(|(name, style)| ((*name).into(), encoding(*style))).collect(),
    });
    RequestBody { content: content.collect(), required: any_required }
}

fn encoding((style, explode): (Style, bool)) -> Encoding {
    Encoding { style: Some(style), explode: Some(explode), ..Encoding::default() }
}

/// The form types among `consumes`; files need `multipart/form-data` whatever it says.
fn form_types<'t>(consumes: &MediaTypes<'t>, has_file: bool) -> Vec<&'t str> {
    let is = |name: &str, wanted: &str| essence(name).eq_ignore_ascii_case(wanted);
    let mut names = consumes.names.clone();
    names.retain(|name| is(name, URLENCODED) || is(name, MULTIPART));
    if names.is_empty() && !has_file {
        names = vec![URLENCODED, MULTIPART];
    }
    if has_file && !names.iter().any(|name| is(name, MULTIPART)) {
        names.push(MULTIPART);
    }
    names
}
