//! Which answer an operation gives: chosen from the head of a request, written when the request is whole.

use std::borrow::Cow;

use mocker_schema::generate::Locale;

/// What a client asks for beyond the request itself (`Prefer`, `__code` and the like).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish<'a> {
    /// Status of the answer
    pub code: Option<u16>,
    /// Name of the example
    pub example: Option<Cow<'a, str>>,
    /// Whether the body is generated anew, examples or not
    pub dynamic: Option<bool>,
    /// What generated data is made from
    pub seed: Option<Cow<'a, str>>,
    /// Whose names and places generated data has; `None` for those of all other clients
    pub locale: Option<Locale>,
}

impl Wish<'_> {
    /// Whether nothing is asked of the body.
    #[inline]
    pub(crate) fn is_plain(&self) -> bool {
        self.example.is_none() && self.dynamic.is_none() && self.seed.is_none()
    }

    /// The same wish, without the request it was read from.
    pub fn to_owned(&self) -> Wish<'static> {
        let owned = |text: &Option<Cow<'_, str>>| text.as_ref().map(|text| Cow::Owned(text.to_string()));
        Wish {
            code: self.code,
            example: owned(&self.example),
            dynamic: self.dynamic,
            seed: owned(&self.seed),
            locale: self.locale,
        }
    }
}

/// An answer of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Index among the operation's responses; `None` where the document describes none
    pub(crate) response: Option<u16>,
    /// Index among the response's media types; `None` for no body
    pub(crate) media: Option<u16>,
    /// Where the body comes from
    pub(crate) from: From,
    /// The status, where it is not the one the response is described under
    pub(crate) status: Option<u16>,
    /// The language that was agreed on, where there is a choice
    pub(crate) locale: Option<Locale>,
}

/// Where a body comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum From {
    /// The first example, else the schema
    Usual,
    /// One of the media type's examples
    Example(u16),
    /// The schema, though there may be examples
    Schema,
    /// Entities of the world
    World,
}

/// Why an operation cannot answer as it was asked to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unanswerable {
    /// `code` is not described
    #[error("Requested status code {code} is not defined in the document.")]
    NoCode {
        /// As asked for
        code: u16,
    },
    /// No example of this name
    #[error("Response for contentType: {content_type} and exampleKey: {example} does not exist.")]
    NoExample {
        /// Of the media type chosen
        content_type: Box<str>,
        /// As asked for
        example: Box<str>,
    },
    /// `dynamic`, and nothing to generate from
    #[error("Tried to force a dynamic response for: {content_type} but schema is not defined.")]
    NoSchema {
        /// Of the media type chosen
        content_type: Box<str>,
    },
    /// Nothing that `Accept` names is offered
    #[error("Unable to find content for {accept}")]
    NotAcceptable {
        /// The field's elements, joined by `,`
        accept: Box<str>,
    },
}
