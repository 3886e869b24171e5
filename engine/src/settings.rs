//! What a user may decide about how requests are treated.

use mocker_http::Limits;

/// What a user may decide about how requests are treated.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Sizes that a request may have
    pub limits: Limits,
    /// Whether pages of any origin may call
    pub shares: bool,
    /// Whether an answer that breaks the contract becomes an error
    pub has_errors: bool,
    /// Whether HEAD is answered only where the document defines it
    pub is_head_strict: bool,
    /// Requests that are being answered at a time, of all workers together
    pub concurrency: Option<usize>,
    /// Whether clients reach it by `https`
    pub is_secure: bool,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            limits: Limits::default(),
            shares: true,
            has_errors: false,
            is_head_strict: false,
            concurrency: None,
            is_secure: false,
        }
    }
}
