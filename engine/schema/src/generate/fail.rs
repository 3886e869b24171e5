//! Why a schema gave no value.

use std::borrow::Cow;

use super::Unsatisfiable;
use crate::SchemaId;

/// What stood in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// The schema contradicts itself: the same wherever it stands
    Contradiction,
    /// The schema stands inside itself here; elsewhere it may be fine
    Recursion,
    /// A bound of ours
    Limit,
}

/// A schema that gave no value.
#[derive(Clone, Debug)]
pub(super) struct Fail {
    pub(super) schema: SchemaId,
    pub(super) reason: Cow<'static, str>,
    pub(super) cause: Cause,
}

impl Fail {
    pub(super) fn contradiction(schema: SchemaId, reason: impl Into<Cow<'static, str>>) -> Fail {
        Fail { schema, reason: reason.into(), cause: Cause::Contradiction }
    }
    pub(super) fn recursion(schema: SchemaId) -> Fail {
        let reason = Cow::Borrowed("the schema requires itself, without an end");
        Fail { schema, reason, cause: Cause::Recursion }
    }
    pub(super) fn limit(schema: SchemaId, reason: impl Into<Cow<'static, str>>) -> Fail {
        Fail { schema, reason: reason.into(), cause: Cause::Limit }
    }
    pub(super) fn too_large(schema: SchemaId) -> Fail {
        Fail::limit(schema, format!("values are larger than {} bytes", super::limits::BODY))
    }
}

impl From<Fail> for Unsatisfiable {
    fn from(fail: Fail) -> Unsatisfiable {
        Unsatisfiable { schema: fail.schema, reason: fail.reason.into_owned() }
    }
}
