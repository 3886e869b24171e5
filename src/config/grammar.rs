//! Texts with a grammar that several sections use.

use mocker_plan::Selector;
use mocker_schema::pattern::Pattern;

use super::shape::Grammar;

/// Names operations.
pub(crate) static SELECTOR: Grammar = Grammar {
    name: "an operationId, a method and path, a tag, or a pattern with `*`",
    example: "GET /pets/{petId}",
    pattern: Some("\\S"),
    check: |text| Selector::parse(text).map(drop).map_err(|fault| fault.to_string()),
};

/// A name of the user's own.
pub(crate) static NAME: Grammar = Grammar {
    name: "a name of letters, digits, `-` and `_`",
    example: "checkout",
    pattern: Some("^[A-Za-z0-9_-]+$"),
    check: |text| {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        match !text.is_empty() && text.chars().all(fits) {
            true => Ok(()),
            false => Err("such a name has letters, digits, `-` and `_` only".to_owned()),
        }
    },
};

/// The name of a header field (RFC 9110, section 5.1).
pub(crate) static FIELD_NAME: Grammar = Grammar {
    name: "the name of a header field",
    example: "X-Request-Id",
    pattern: Some("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$"),
    check: |text| {
        let fits = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+.^_`|~-".contains(c);
        match !text.is_empty() && text.chars().all(fits) {
            true => Ok(()),
            false => Err("this cannot be the name of a header field".to_owned()),
        }
    },
};

/// A regular expression (ECMA-262), as schemas have them.
pub(crate) static REGEX: Grammar = Grammar {
    name: "a regular expression",
    example: "^v[0-9]+$",
    pattern: None,
    check: |text| match Pattern::new(text).problem() {
        Some(problem) => Err(format!("this is no regular expression: {problem}")),
        None => Ok(()),
    },
};
