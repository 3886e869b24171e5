//! Parameters and headers with inline types (Swagger 2.0, Parameter, Header and Items Objects).

use mocker_schema::SchemaId;
use mocker_source::{Diagnostic, Node};

use crate::codes;
use crate::model::{Example, Header, Parameter, Place, Style};
use crate::reader::{Reader, default_style};

/// A parameter that is neither body nor form field.
pub(crate) fn parameter<'t>(
    reader: &mut Reader<'_, 't>,
    node: Node<'t>,
    name: &str,
    place: Place,
) -> Parameter {
    let (style, explode) = collection_style(reader, node, default_style(place));
    Parameter {
        name: name.into(),
        place,
        required: place == Place::Path || reader.flag(node, "required").unwrap_or_default(),
        deprecated: reader.flag(node, "x-deprecated").unwrap_or_default(),
        style,
        explode,
        allow_reserved: false,
        allow_empty: reader.flag(node, "allowEmptyValue").unwrap_or_default(),
        schema: inline_schema(reader, node),
        content: None,
        examples: vendor_example(reader, node),
    }
}

/// A header of a response.
pub(crate) fn header<'t>(reader: &mut Reader<'_, 't>, name: &str, node: Node<'t>) -> Header {
    Header {
        name: name.into(),
        required: false,
        explode: false,
        schema: inline_schema(reader, node),
        content: None,
        examples: vendor_example(reader, node),
    }
}

/// `collectionFormat` as style and explode.
pub(super) fn collection_style<'t>(
    reader: &mut Reader<'_, 't>,
    node: Node<'t>,
    plain: Style,
) -> (Style, bool) {
    match reader.text(node, "collectionFormat") {
        None | Some("csv") => (plain, false),
        Some("ssv") => (Style::SpaceDelimited, false),
        Some("tsv") => (Style::TabDelimited, false),
        Some("pipes") => (Style::PipeDelimited, false),
        Some("multi") => (Style::Form, true),
        Some(other) => {
            let at = node.get("collectionFormat").unwrap_or(node);
            let message = format!("there is no collectionFormat `{other}`; it is read as `csv`");
            let help = "write `csv`, `ssv`, `tsv`, `pipes` or `multi`";
            reader.report(Diagnostic::warning(codes::PARAMETER_STYLE, at, message).with_help(help));
            (plain, false)
        }
    }
}

/// The node's own keywords, read as a schema.
pub(super) fn inline_schema<'t>(reader: &mut Reader<'_, 't>, node: Node<'t>) -> Option<SchemaId> {
    if let Some(schema) = node.get("schema").filter(|schema| schema.is_object()) {
        let message = "`schema` is for `in: body`; here the type stands in the parameter itself";
        reader.report(
            Diagnostic::warning(codes::PARAMETER_TYPE, schema, message).with_help("write `type: ...`"),
        );
        return Some(reader.lowering.lower(schema));
    }
    let keywords = ["type", "format", "items", "enum", "pattern", "minimum", "maximum", "default"];
    keywords.iter().any(|key| node.get(key).is_some()).then(|| reader.lowering.lower_parameter(node))
}

/// `x-example`, or `example` where it does not belong.
fn vendor_example<'t>(reader: &mut Reader<'_, 't>, node: Node<'t>) -> Vec<Example> {
    let example = ["x-example", "example"].iter().find_map(|key| node.get(key));
    example.map(|example| reader.bare_example("default", example)).into_iter().collect()
}
