//! What is wrong with a request, in the words that Prism's users know.

use mocker_schema::validate::Violation;

/// Room for the sentence of a fault before it grows.
const USUAL_SENTENCE: usize = 128;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The request is refused
    Error,
    /// The request is answered; `sl-violations` tells
    Warning,
}

/// Which part of a message is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The body
    Body,
    /// Parameters of the path
    Path,
    /// Parameters of the query
    Query,
    /// Header fields
    Header,
    /// Cookies
    Cookie,
}

/// One thing wrong with a request: an entry of `validation` and of `sl-violations`.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// The part's name, then the way inside it; empty where there is no place to name (a body that is missing)
    pub location: Vec<String>,
    /// How bad it is
    pub severity: Severity,
    /// The keyword that was broken: `required`, `maxLength`
    pub code: &'static str,
    /// A sentence: `Request query parameter limit must be <= 10`
    pub message: String,
}

impl Part {
    /// As `location` begins: `query`.
    pub fn name(self) -> &'static str {
        match self {
            Part::Body => "body",
            Part::Path => "path",
            Part::Query => "query",
            Part::Header => "header",
            Part::Cookie => "cookie",
        }
    }

    /// What lies inside the part is called a property of a body, a parameter of anything else.
    fn inside(self) -> &'static str {
        if self == Part::Body { "property" } else { "parameter" }
    }
}

impl Fault {
    /// A broken rule of a schema, in `part` of a request.
    pub fn broken(part: Part, violation: Violation) -> Fault {
        Fault::of("Request", part, violation)
    }

    /// A broken rule of a schema, in the body of a response.
    pub fn in_response(violation: Violation) -> Fault {
        Fault::of("Response", Part::Body, violation)
    }

    fn of(message: &str, part: Part, violation: Violation) -> Fault {
        let Violation { path, keyword, message: rule, detail } = violation;
        let mut sentence = String::with_capacity(USUAL_SENTENCE);
        sentence.extend([message, " ", part.name()]);
        if !path.is_empty() {
            sentence.extend([" ", part.inside()]);
            for (index, name) in path.iter().enumerate() {
                sentence.extend([if index == 0 { " " } else { "." }, name]);
            }
        }
        sentence.extend([" ", &rule]);
        match (keyword, &detail) {
            (_, None) => {}
            ("enum", Some(values)) => sentence.extend([": ", values]),
            ("unevaluatedProperties", Some(name)) => sentence.extend([": '", name, "'"]),
            (_, Some(name)) => sentence.extend(["; found '", name, "'"]),
        }
        let mut location = path;
        location.insert(0, part.name().to_owned());
        Fault { location, severity: Severity::Error, code: keyword, message: sentence }
    }
}
