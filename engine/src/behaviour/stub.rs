//! Answers that the user wrote, outside of the document.

use std::time::Duration;

use mocker_scripting::TemplateId;

/// One answer of the user's.
#[derive(Clone, Debug, Default)]
pub struct Stub {
    /// `None` for the one that would be sent without it, 200 where the body is the user's
    pub status: Option<u16>,
    /// Fields in place of those of the same name
    pub fields: Vec<(Box<str>, Text)>,
    /// The body
    pub body: Content,
    /// What the answer waits before it is sent
    pub delay: Duration,
}

/// A text that is known, or made for each request.
#[derive(Clone, Debug)]
pub enum Text {
    /// As it stands
    Plain(Box<str>),
    /// What the template renders
    Template(TemplateId),
}

/// The body of a [`Stub`].
#[derive(Clone, Debug, Default)]
pub enum Content {
    /// What the document describes for the status; none where it describes none
    #[default]
    Described,
    /// The document's example of this name
    Example(Box<str>),
    /// As it stands
    Bytes {
        /// `Content-Type`
        media: Box<str>,
        /// The body
        bytes: Box<[u8]>,
    },
    /// What the template renders
    Template {
        /// `Content-Type`
        media: Box<str>,
        /// Which one
        template: TemplateId,
    },
}
