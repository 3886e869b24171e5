//! The contract of one operation's requests.

use mocker_openapi::Document;
use mocker_openapi::model::Operation;

use super::body::Bodies;
use super::{Mode, Parameters, Security};
use crate::options::Options;

/// What a request of one operation must be, and what becomes of one that is not.
#[derive(Debug)]
pub struct Rules {
    /// What becomes of one that breaks the contract; security is checked in every mode
    pub mode: Mode,
    /// Credentials
    pub security: Security,
    /// Parameters of path, query, header and cookies
    pub parameters: Parameters,
    /// Bodies
    pub bodies: Bodies,
}

impl Rules {
    pub(crate) fn compile(document: &Document, operation: &Operation, options: &Options) -> Rules {
        Rules {
            mode: Mode::of(operation, options.validation),
            security: Security::compile(document, operation, options.checks_scopes),
            parameters: Parameters::compile(document, operation),
            bodies: Bodies::compile(document, operation),
        }
    }
}
