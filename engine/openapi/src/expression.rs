//! Runtime expressions (OpenAPI 3.1 §4.8.20.4) and the URLs of callbacks that are written with them.

use std::fmt;

use crate::media_type::is_token;

/// What an expression stands for, known when a request was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expression {
    /// `$url`
    Url,
    /// `$method`
    Method,
    /// `$statusCode`
    StatusCode,
    /// `$request.…`
    Request(Place),
    /// `$response.…`; never a path or a query
    Response(Place),
}

/// Where in a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// `header.NAME`
    Header(Box<str>),
    /// `query.NAME`
    Query(Box<str>),
    /// `path.NAME`
    Path(Box<str>),
    /// `body`, `body#/pointer`: the JSON pointer (RFC 6901), empty for all of it
    Body(Box<str>),
}

/// The URL of a callback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UrlTemplate {
    parts: Box<[Part]>,
}

/// A piece of a URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// As written
    Text(Box<str>),
    /// Replaced by its value
    Value(Expression),
}

/// Why a text is no URL of a callback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// One sentence
    pub message: String,
    /// What would be right
    pub help: String,
}

impl UrlTemplate {
    /// Reads an expression that stands alone, or text with expressions in braces.
    ///
    /// # Errors
    /// Says what is wrong and what would be right.
    pub fn parse(text: &str) -> Result<UrlTemplate, Malformed> {
        if text.starts_with('$') {
            let parts = Box::new([Part::Value(Expression::parse(text)?)]);
            return Ok(UrlTemplate { parts });
        }
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once('{') {
            let Some((inside, after)) = behind.split_once('}') else { return Err(brace(text)) };
            push_text(before, &mut parts);
            parts.push(Part::Value(Expression::parse(inside)?));
            rest = after;
        }
        push_text(rest, &mut parts);
        if parts.iter().any(|part| matches!(part, Part::Text(text) if text.contains('}'))) {
            return Err(brace(text));
        }
        match parts.first() {
            Some(Part::Text(start)) if !names_http(start, parts.len() > 1) => Err(Malformed {
                message: format!("`{text}` is no URL that can be called"),
                help: "begin it with `http://` or `https://`, or with an expression that gives a whole URL"
                    .to_owned(),
            }),
            None => Err(Malformed {
                message: "a callback without a URL".to_owned(),
                help: "write an expression, as in `{$request.body#/callbackUrl}`".to_owned(),
            }),
            _ => Ok(UrlTemplate { parts: parts.into() }),
        }
    }

    /// In order.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The expressions, in order.
    pub fn expressions(&self) -> impl Iterator<Item = &Expression> {
        self.parts.iter().filter_map(|part| match part {
            Part::Value(expression) => Some(expression),
            Part::Text(_) => None,
        })
    }
}

fn push_text(text: &str, parts: &mut Vec<Part>) {
    if !text.is_empty() {
        parts.push(Part::Text(text.into()));
    }
}

/// Whether a URL that begins so is of HTTP; `is_more` follows, which may be the rest of the scheme.
fn names_http(start: &str, is_more: bool) -> bool {
    let begins = |scheme: &str| {
        let length = if is_more { start.len().min(scheme.len()) } else { scheme.len() };
        start.get(..length).is_some_and(|head| scheme[..length].eq_ignore_ascii_case(head))
    };
    begins("http://") || begins("https://")
}

fn brace(text: &str) -> Malformed {
    Malformed {
        message: format!("`{text}` has a brace without its partner"),
        help: "write expressions as `{$request.body#/callbackUrl}`".to_owned(),
    }
}

impl Expression {
    /// Reads one, without braces.
    ///
    /// # Errors
    /// Says what is wrong and what would be right.
    pub fn parse(text: &str) -> Result<Expression, Malformed> {
        let of_message = text.strip_prefix("$request.").map(|place| (true, place));
        let of_message = of_message.or_else(|| text.strip_prefix("$response.").map(|place| (false, place)));
        let expression = match (text, of_message) {
            ("$url", _) => Some(Expression::Url),
            ("$method", _) => Some(Expression::Method),
            ("$statusCode", _) => Some(Expression::StatusCode),
            (_, Some((is_request, place))) => match (is_request, Place::parse(place)) {
                (true, Some(place)) => Some(Expression::Request(place)),
                (false, Some(place @ (Place::Header(_) | Place::Body(_)))) => {
                    Some(Expression::Response(place))
                }
                _ => None,
            },
            _ => None,
        };
        expression.ok_or_else(|| Malformed {
            message: format!("`{text}` is no runtime expression"),
            help: remedy(text),
        })
    }
}

fn remedy(text: &str) -> String {
    let member = ["$request.body.", "$response.body.", "$request.body/", "$response.body/"]
        .iter()
        .find_map(|start| Some((&start[..start.len() - 1], text.strip_prefix(start)?)));
    match member {
        Some((body, member)) => format!("write `{body}#/{}`", member.replace('.', "/")),
        None => "write one like `$request.body#/callbackUrl`, `$request.query.callbackUrl`, `$response.header.Location` \
                 or `$url`"
            .to_owned(),
    }
}

impl Place {
    fn parse(text: &str) -> Option<Place> {
        if let Some(pointer) = text.strip_prefix("body") {
            let pointer = if pointer.is_empty() { pointer } else { pointer.strip_prefix('#')? };
            let is_pointer = pointer.is_empty() || pointer.starts_with('/');
            return is_pointer.then(|| Place::Body(pointer.into()));
        }
        let (place, name) = text.split_once('.')?;
        let is_name = !name.is_empty() && !name.contains(['{', '}']);
        match place {
            "header" if is_token(name) => Some(Place::Header(name.into())),
            "query" if is_name => Some(Place::Query(name.into())),
            "path" if is_name => Some(Place::Path(name.into())),
            _ => None,
        }
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expression::Url => out.write_str("$url"),
            Expression::Method => out.write_str("$method"),
            Expression::StatusCode => out.write_str("$statusCode"),
            Expression::Request(place) => write!(out, "$request.{place}"),
            Expression::Response(place) => write!(out, "$response.{place}"),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Header(name) => write!(out, "header.{name}"),
            Place::Query(name) => write!(out, "query.{name}"),
            Place::Path(name) => write!(out, "path.{name}"),
            Place::Body(pointer) if pointer.is_empty() => out.write_str("body"),
            Place::Body(pointer) => write!(out, "body#{pointer}"),
        }
    }
}

impl fmt::Display for UrlTemplate {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A pointer may hold braces, so alone it goes without any.
        if let [Part::Value(expression)] = &*self.parts {
            return expression.fmt(out);
        }
        for part in &self.parts {
            match part {
                Part::Text(text) => out.write_str(text)?,
                Part::Value(expression) => write!(out, "{{{expression}}}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn expressions() {
        for text in [
            "$url",
            "$method",
            "$statusCode",
            "$request.path.id",
            "$request.query.callback url",
            "$request.query.a.b",
            "$request.header.X-Url",
            "$request.body",
            "$request.body#/url",
            "$request.body#/a~1b/0/",
            "$response.header.Location",
            "$response.body",
            "$response.body#/links/self",
        ] {
            let expression = Expression::parse(text).expect(text);
            assert_eq!(expression.to_string(), text);
        }
        assert_eq!(
            Expression::parse("$request.body#").map(|e| e.to_string()),
            Ok("$request.body".to_owned())
        );
    }

    #[test]
    fn what_is_none() {
        for (text, help) in [
            ("$request.body.data.url", "write `$request.body#/data/url`"),
            ("$response.body/url", "write `$response.body#/url`"),
            ("$request.body#url", "write one like"),
            ("$request.bodyguard", "write one like"),
            ("$request.header.", "write one like"),
            ("$request.header.a b", "write one like"),
            ("$request.query.", "write one like"),
            ("$request.cookie.a", "write one like"),
            ("$response.query.a", "write one like"),
            ("$response.path.a", "write one like"),
            ("$request", "write one like"),
            ("$Url", "write one like"),
            ("url", "write one like"),
            ("", "write one like"),
        ] {
            let fault = Expression::parse(text).expect_err(text);
            assert!(fault.help.starts_with(help), "{text}: {}", fault.help);
        }
    }

    #[test]
    fn urls() {
        let value = |text: &str| Part::Value(Expression::parse(text).expect(text));
        let text = |text: &str| Part::Text(text.into());
        for (written, expected) in [
            ("$request.body#/url", vec![value("$request.body#/url")]),
            ("{$request.body#/url}", vec![value("$request.body#/url")]),
            ("$request.body#/a}{b", vec![value("$request.body#/a}{b")]),
            ("{$request.query.url}/data", vec![value("$request.query.url"), text("/data")]),
            ("http://a.b/c", vec![text("http://a.b/c")]),
            ("HTTP{$method}", vec![text("HTTP"), value("$method")]),
            (
                "https://a?id={$request.body#/id}&m={$method}",
                vec![text("https://a?id="), value("$request.body#/id"), text("&m="), value("$method")],
            ),
        ] {
            let template = UrlTemplate::parse(written).expect(written);
            assert_eq!(template.parts(), expected, "{written}");
            assert_eq!(UrlTemplate::parse(&template.to_string()), Ok(template), "{written}");
        }
        for (written, message) in [
            ("", "without a URL"),
            ("/data", "no URL that can be called"),
            ("ftp://{$request.body}", "no URL that can be called"),
            ("ht", "no URL that can be called"),
            ("{$request.body#/url", "a brace"),
            ("http://a}", "a brace"),
            ("http://{id}", "no runtime expression"),
            ("$request.query.url?x={$method}", "no runtime expression"),
        ] {
            let fault = UrlTemplate::parse(written).expect_err(written);
            assert!(fault.message.contains(message), "{written}: {}", fault.message);
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC*|[${}.#/a-z]{0,40}|(\\{?\\$(request|response)\\.(body|query\\.|path\\.|header\\.)[#/~a-z{}]{0,9}\\}?){1,3}") {
            if let Ok(template) = UrlTemplate::parse(&text) {
                let again = UrlTemplate::parse(&template.to_string());
                prop_assert_eq!(again, Ok(template));
            }
        }
    }
}
