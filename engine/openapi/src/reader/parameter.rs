//! The Parameter Object (OpenAPI 3.1 §4.8.12).

use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use mocker_source::{Diagnostic, Kind, Node};

use super::Reader;
use crate::codes;
use crate::kind::kind_name;
use crate::limits::PARAMETERS;
use crate::model::{MediaType, Parameter, Place, Style};
use crate::suggest::nearest;
use crate::swagger2;
use crate::version::Family;
use mocker_schema::SchemaId;

/// A parameter and where it stands.
#[derive(Clone)]
pub(crate) struct ReadParameter<'t> {
    pub(crate) node: Node<'t>,
    pub(crate) name: &'t str,
    pub(crate) read: Read,
}

/// What a parameter is.
#[derive(Clone)]
pub(crate) enum Read {
    Plain(Arc<Parameter>),
    /// 2.0 `in: body`
    Body,
    /// 2.0 `in: formData`
    Form,
}

impl<'t> ReadParameter<'t> {
    /// Equal for parameters that have place and name in common; names of headers know no case
    /// (RFC 9110 §5.1).
    pub(super) fn key(&self) -> (Option<Place>, bool, Cow<'t, str>) {
        match &self.read {
            Read::Plain(model) if model.place == Place::Header => {
                (Some(Place::Header), false, Cow::Owned(self.name.to_ascii_lowercase()))
            }
            Read::Plain(model) => (Some(model.place), false, Cow::Borrowed(self.name)),
            Read::Body => (None, true, Cow::Borrowed("")),
            Read::Form => (None, false, Cow::Borrowed(self.name)),
        }
    }
}

/// A style with the places where it means something (OpenAPI 3.2 §4.12.3).
const STYLES: [(&str, Style, &[Place]); 8] = [
    ("matrix", Style::Matrix, &[Place::Path]),
    ("label", Style::Label, &[Place::Path]),
    ("simple", Style::Simple, &[Place::Path, Place::Header]),
    ("form", Style::Form, &[Place::Query, Place::Cookie]),
    ("spaceDelimited", Style::SpaceDelimited, &[Place::Query]),
    ("pipeDelimited", Style::PipeDelimited, &[Place::Query]),
    ("deepObject", Style::DeepObject, &[Place::Query]),
    ("cookie", Style::Cookie, &[Place::Cookie]),
];

/// The style that is meant where there is none.
pub(crate) fn default_style(place: Place) -> Style {
    match place {
        Place::Path | Place::Header => Style::Simple,
        Place::Query | Place::QueryString | Place::Cookie => Style::Form,
    }
}

/// The style of that name.
pub(super) fn style_named(name: &str) -> Option<Style> {
    STYLES.iter().find(|(known, ..)| *known == name).map(|(_, style, _)| *style)
}

impl<'t> Reader<'_, 't> {
    /// The list `parameters` of a path item or an operation.
    pub(super) fn parameters(&mut self, holder: Node<'t>) -> Rc<[ReadParameter<'t>]> {
        let Some(list) = self.array(holder, "parameters") else { return Rc::default() };
        if let Some(known) = self.parameter_lists.get(&list.id()) {
            return Rc::clone(known);
        }
        let parameters: Rc<[ReadParameter<'t>]> = self.read_parameters(list).into();
        self.parameter_lists.insert(list.id(), Rc::clone(&parameters));
        parameters
    }

    fn read_parameters(&mut self, list: Node<'t>) -> Vec<ReadParameter<'t>> {
        if list.len() > PARAMETERS {
            let message = format!("more than {PARAMETERS} parameters; the rest is left out");
            self.report(Diagnostic::error(codes::TOO_MANY_PARAMETERS, list, message));
        }
        let mut parameters: Vec<ReadParameter<'t>> = Vec::with_capacity(list.len().min(PARAMETERS));
        let mut places = HashMap::new();
        for item in list.items().take(PARAMETERS) {
            let Some(parameter) = self.parameter(item) else { continue };
            match places.insert(parameter.key(), parameters.len()) {
                Some(first) => {
                    self.report_duplicate(&parameter, item);
                    places.insert(parameter.key(), first);
                    parameters[first] = parameter;
                }
                None => parameters.push(parameter),
            }
        }
        parameters
    }

    fn report_duplicate(&mut self, parameter: &ReadParameter<'t>, item: Node<'t>) {
        let (code, message) = match parameter.read {
            Read::Body => {
                (codes::BODY_DUPLICATE, "an operation has one body; the last one counts".to_owned())
            }
            _ => (
                codes::PARAMETER_DUPLICATE,
                format!("`{}` is there twice; the last one counts", parameter.name),
            ),
        };
        self.report(Diagnostic::warning(code, item, message).with_help("leave one of them out"));
    }

    fn parameter(&mut self, item: Node<'t>) -> Option<ReadParameter<'t>> {
        let node = self.deref(item)?;
        if node.kind() != Kind::Object {
            let message = format!("a parameter should be an object, this is {}", kind_name(node));
            self.report(
                Diagnostic::error(codes::PARAMETER_INVALID, node, message)
                    .with_help("write `{ name: ..., in: query }`"),
            );
            return None;
        }
        let Some(name) = self.text(node, "name") else {
            let message = "a parameter without `name` cannot be found in a request";
            self.report(
                Diagnostic::error(codes::PARAMETER_INVALID, node, message).with_help("give it a `name`"),
            );
            return None;
        };
        let written = self.text(node, "in").unwrap_or_default();
        let place = match (written, self.family) {
            ("path", _) => Place::Path,
            ("query", _) => Place::Query,
            ("header", _) => Place::Header,
            ("cookie", _) => Place::Cookie,
            ("querystring", family) if family >= Family::V31 => Place::QueryString,
            ("body", Family::Swagger2) => return Some(ReadParameter { node, name, read: Read::Body }),
            ("formData", Family::Swagger2) => return Some(ReadParameter { node, name, read: Read::Form }),
            _ => {
                self.report_place(node, name, written);
                return None;
            }
        };
        // OpenAPI 3.1 §4.8.12.2.1: these definitions are ignored
        let ignored = ["accept", "content-type", "authorization"];
        let is_ignored = |name: &str| ignored.iter().any(|header| name.eq_ignore_ascii_case(header));
        if place == Place::Header && self.family != Family::Swagger2 && is_ignored(name) {
            return None;
        }
        let model = self.memoized_parameter(node, name, place);
        Some(ReadParameter { node, name, read: Read::Plain(model) })
    }

    fn report_place(&mut self, node: Node<'t>, name: &str, written: &str) {
        let message = match written {
            "" => format!("the parameter `{name}` does not say where it is"),
            _ => format!("the parameter `{name}` cannot be in `{written}`"),
        };
        let help = match written {
            "body" | "formData" | "form" => "OpenAPI 3 describes bodies by `requestBody`".to_owned(),
            _ => match nearest(written, ["path", "query", "header", "cookie"].into_iter()) {
                Some(near) => format!("did you mean `in: {near}`?"),
                None => "write `in: query`, `path`, `header` or `cookie`".to_owned(),
            },
        };
        let at = node.get("in").unwrap_or(node);
        self.report(Diagnostic::error(codes::PARAMETER_INVALID, at, message).with_help(help));
    }

    fn memoized_parameter(&mut self, node: Node<'t>, name: &'t str, place: Place) -> Arc<Parameter> {
        if let Some(known) = self.parameters.get(&node.id()) {
            return Arc::clone(known);
        }
        let model = Arc::new(match self.family {
            Family::Swagger2 => swagger2::parameter(self, node, name, place),
            _ => self.read_parameter(node, name, place),
        });
        self.parameters.insert(node.id(), Arc::clone(&model));
        model
    }

    fn read_parameter(&mut self, node: Node<'t>, name: &'t str, place: Place) -> Parameter {
        let style = self.parameter_style(node, place);
        let explode = self.flag(node, "explode");
        let (schema, content) = self.schema_or_content(node);
        Parameter {
            name: name.into(),
            place,
            required: place == Place::Path || self.flag(node, "required").unwrap_or_default(),
            deprecated: self.flag(node, "deprecated").unwrap_or_default(),
            style,
            // OpenAPI 3.2 §4.12.3: `cookie` as `form`
            explode: explode.unwrap_or(matches!(style, Style::Form | Style::Cookie)),
            allow_reserved: self.flag(node, "allowReserved").unwrap_or_default(),
            allow_empty: self.flag(node, "allowEmptyValue").unwrap_or_default(),
            schema,
            content,
            examples: self.examples(node),
        }
    }

    fn parameter_style(&mut self, node: Node<'t>, place: Place) -> Style {
        let default = default_style(place);
        let Some(written) = self.text(node, "style") else { return default };
        let known = STYLES.iter().find(|(name, ..)| *name == written);
        match known {
            Some((_, style, places)) if places.contains(&place) => *style,
            _ => {
                let message = match known {
                    Some(_) => format!("the style `{written}` does not exist for parameters of this place"),
                    None => format!("there is no style `{written}`"),
                };
                let fitting =
                    STYLES.iter().filter(|(.., places)| places.contains(&place)).map(|(name, ..)| *name);
                let help = format!("write one of `{}`", fitting.collect::<Vec<_>>().join("`, `"));
                let at = node.get("style").unwrap_or(node);
                self.report(Diagnostic::warning(codes::PARAMETER_STYLE, at, message).with_help(help));
                default
            }
        }
    }

    /// `schema` or `content` of a parameter or header. A type beside them, as 2.0 has it, is understood.
    pub(super) fn schema_or_content(&mut self, node: Node<'t>) -> (Option<SchemaId>, Option<MediaType>) {
        let schema = self.schema(node, "schema");
        let content = self.content(node).into_iter().next();
        if schema.is_some() || content.is_some() {
            return (schema, content);
        }
        let Some(at) = node.get("type").filter(|kind| matches!(kind.kind(), Kind::String | Kind::Array))
        else {
            return (None, None);
        };
        let message = "`type` belongs inside `schema`";
        self.report(
            Diagnostic::warning(codes::PARAMETER_TYPE, at, message)
                .with_help("write `schema: { type: ... }`"),
        );
        (Some(self.lowering.lower_parameter(node)), None)
    }
}
