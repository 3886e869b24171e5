//! Which specification a file follows, or that it follows none.

use mocker_schema::lower::Dialect;
use mocker_source::{Diagnostic, Kind, Node, Severity};

use crate::codes;
use crate::kind::kind_name;
use crate::postman;

/// The specification a description is read by.
#[derive(Clone, Debug)]
pub(crate) struct Version {
    /// As written, or as guessed
    pub(crate) text: String,
    pub(crate) family: Family,
}

/// What the differences between versions hang on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Family {
    Postman,
    Swagger2,
    V30,
    V31,
    V32,
}

impl Version {
    fn new(text: &str, family: Family) -> Option<Version> {
        Some(Version { text: text.to_owned(), family })
    }

    pub(crate) fn is_swagger2(&self) -> bool {
        self.family == Family::Swagger2
    }

    /// Whether `$ref` means something.
    pub(crate) fn has_references(&self) -> bool {
        self.family != Family::Postman
    }

    /// How its schemas are written.
    pub(crate) fn dialect(&self) -> Dialect {
        match self.family {
            Family::Swagger2 => Dialect::Swagger2,
            Family::V30 | Family::Postman => Dialect::OpenApi30,
            Family::V31 | Family::V32 => Dialect::OpenApi31,
        }
    }
}

/// The version of the root file; `None`, and one error, when it is no API description.
pub(crate) fn detect(
    root: Node<'_>,
    of_parsing: &[Diagnostic],
    out: &mut Vec<Diagnostic>,
) -> Option<Version> {
    if root.kind() != Kind::Object {
        // what cannot be parsed has said so already
        if !of_parsing.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
            let message =
                format!("this is no API description: an object is expected, this is {}", kind_name(root));
            out.push(not_openapi(root, message));
        }
        return None;
    }
    let (written, node) = match (root.get("openapi"), root.get("swagger")) {
        (Some(node), _) | (None, Some(node)) => (scalar(node), node),
        (None, None) => return without_version(root, out),
    };
    let written = written.trim();
    match written.split('.').next().unwrap_or_default() {
        "2" => Version::new(written, Family::Swagger2),
        "1" => refuse_swagger_1(node, written, out),
        "3" => of_version_3(node, written, out),
        _ => {
            let guess = guess(root);
            let message = format!("there is no version `{written}` of the specification");
            out.push(Diagnostic::warning(codes::VERSION_UNKNOWN, node, message).with_help(reading_as(guess)));
            Version::new(if written.is_empty() { name(guess) } else { written }, guess)
        }
    }
}

fn of_version_3(node: Node<'_>, written: &str, out: &mut Vec<Diagnostic>) -> Option<Version> {
    let family = match written.split('.').nth(1).map(str::trim) {
        Some("0") | None => Family::V30,
        Some("1") => Family::V31,
        Some("2") => Family::V32,
        Some(_) => {
            let message = format!("version `{written}` is newer than what is known here");
            out.push(
                Diagnostic::warning(codes::VERSION_UNKNOWN, node, message).with_help(reading_as(Family::V32)),
            );
            Family::V32
        }
    };
    Version::new(written, family)
}

fn refuse_swagger_1(node: Node<'_>, written: &str, out: &mut Vec<Diagnostic>) -> Option<Version> {
    let message = format!("Swagger {written} is not supported");
    let help = "convert the description to OpenAPI 3 or Swagger 2.0";
    out.push(Diagnostic::error(codes::SWAGGER_1, node, message).with_help(help));
    None
}

fn without_version(root: Node<'_>, out: &mut Vec<Diagnostic>) -> Option<Version> {
    if let Some(node) = root.get("swaggerVersion") {
        return refuse_swagger_1(node, &scalar(node), out);
    }
    match postman::detect(root, out) {
        postman::Detected::Version(text) => return Version::new(&text, Family::Postman),
        postman::Detected::Refused => return None,
        postman::Detected::Other => {}
    }
    let other = [
        ("asyncapi", "an AsyncAPI document"),
        ("arazzo", "an Arazzo document"),
        ("overlay", "an Overlay document"),
        ("$schema", "a JSON Schema"),
        ("__schema", "a GraphQL schema"),
    ];
    if !["paths", "webhooks", "components"].iter().any(|key| is_object(root, key)) {
        let found = other.iter().find(|(key, _)| root.get(key).is_some());
        let message = match found {
            Some((_, what)) => format!("this is no API description but {what}"),
            None => {
                "this is no API description: it has neither `openapi` nor `swagger` nor `paths`, and is no Postman \
                 collection"
                    .to_owned()
            }
        };
        out.push(not_openapi(root, message));
        return None;
    }
    let guess = guess(root);
    let message = "the version is missing".to_owned();
    out.push(Diagnostic::warning(codes::VERSION_MISSING, root, message).with_help(reading_as(guess)));
    Version::new(name(guess), guess)
}

fn not_openapi(root: Node<'_>, message: String) -> Diagnostic {
    Diagnostic::error(codes::NOT_OPENAPI, root, message).with_help(
        "give a file that begins with `openapi: 3.1.0` or `swagger: \"2.0\"`, or a Postman collection",
    )
}

fn guess(root: Node<'_>) -> Family {
    let of_2 = ["definitions", "basePath", "host", "schemes", "consumes", "produces", "securityDefinitions"];
    if of_2.iter().any(|key| root.get(key).is_some()) {
        Family::Swagger2
    } else if root.get("webhooks").is_some() || root.get("jsonSchemaDialect").is_some() {
        Family::V31
    } else {
        Family::V30
    }
}

fn reading_as(family: Family) -> String {
    format!("it is read as {}; write `{}`", name(family), field(family))
}

fn name(family: Family) -> &'static str {
    match family {
        Family::Postman => "2.1.0",
        Family::Swagger2 => "2.0",
        Family::V30 => "3.0.4",
        Family::V31 => "3.1.1",
        Family::V32 => "3.2.0",
    }
}

fn field(family: Family) -> &'static str {
    match family {
        Family::Postman => "info: { schema: ... }",
        Family::Swagger2 => "swagger: \"2.0\"",
        Family::V30 => "openapi: 3.0.4",
        Family::V31 => "openapi: 3.1.1",
        Family::V32 => "openapi: 3.2.0",
    }
}

fn is_object(root: Node<'_>, key: &str) -> bool {
    root.get(key).is_some_and(|value| value.kind() == Kind::Object)
}

/// The text of a string or number, as written: `swagger: 2.0` is a number in YAML.
fn scalar(node: Node<'_>) -> String {
    node.scalar_text().unwrap_or_default().to_owned()
}
