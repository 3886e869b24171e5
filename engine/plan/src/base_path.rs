//! Under which prefixes the paths of a document are reachable.

use std::collections::BTreeSet;

use mocker_openapi::model::{Operation, Server};

/// Most prefixes of one operation; further `servers` are reachable as written only.
const MAX_PREFIXES: usize = 16;

/// `--base-path`
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BasePath {
    /// As written, and under the path of each of the `servers`
    Auto,
    /// As written only
    None,
    /// Under this prefix only; starts with `/`, has no final one
    Prefix(String),
}

impl std::str::FromStr for BasePath {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "auto" => Ok(BasePath::Auto),
            "none" => Ok(BasePath::None),
            prefix if prefix.starts_with('/') => {
                Ok(BasePath::Prefix(prefix.trim_end_matches('/').to_owned()))
            }
            other => Err(format!("`{other}` is neither `auto`, `none` nor a path that begins with `/`")),
        }
    }
}

impl BasePath {
    /// The prefixes of one operation, `""` for as written, without repetition.
    pub(crate) fn prefixes<'d>(&'d self, document: &'d [Server], operation: &'d Operation) -> Vec<&'d str> {
        match self {
            BasePath::None => vec![""],
            BasePath::Prefix(prefix) => vec![prefix],
            BasePath::Auto => {
                let servers = if operation.servers.is_empty() { document } else { &operation.servers };
                let mut seen = BTreeSet::from([""]);
                let own = servers.iter().map(|server| server.base_path.as_str());
                let others: Vec<&str> = own.filter(|base| seen.insert(base)).take(MAX_PREFIXES).collect();
                std::iter::once("").chain(others).collect()
            }
        }
    }
}
