//! What a YAML scalar means: the core schema of YAML 1.2.2 (10.3), with codes such as `007` left as text.

use crate::number;
use crate::tree::Tag;

const CORE: &str = "tag:yaml.org,2002:";

/// The kind of a scalar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scalar {
    /// A value as JSON has it.
    Plain(Tag),
    /// `.inf` or `.nan`, for which JSON has no value.
    NotFinite,
}

/// Resolves a scalar from its text, its tag, and whether it is written without quotes.
pub(crate) fn resolve(text: &str, tag: Option<&str>, plain: bool) -> Scalar {
    match tag.map(|tag| tag.strip_prefix(CORE).unwrap_or(tag)) {
        Some("int" | "float" | "bool" | "null") => untagged(text),
        Some("!" | "str" | "binary" | "timestamp") => Scalar::Plain(Tag::String),
        _ if plain => untagged(text),
        _ => Scalar::Plain(Tag::String),
    }
}

fn untagged(text: &str) -> Scalar {
    Scalar::Plain(match text {
        "" | "~" | "null" | "Null" | "NULL" => Tag::Null,
        "true" | "True" | "TRUE" => Tag::True,
        "false" | "False" | "FALSE" => Tag::False,
        _ if !text.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first)) => Tag::String,
        _ if number::parse(text).is_some() => Tag::Number,
        _ if is_not_finite(text) => return Scalar::NotFinite,
        _ => Tag::String,
    })
}

fn is_not_finite(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN")
}
