//! Under which prefixes the paths of a document are reachable.

use std::collections::BTreeSet;

use mocker_openapi::model::{Operation, Server};

use crate::limits::MAX_PREFIXES;

/// `--base-path`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum BasePath {
    /// As written, and under the path of each of the `servers`
    #[default]
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
    pub fn prefixes<'d>(&'d self, document: &'d [Server], operation: &'d Operation) -> Vec<&'d str> {
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use mocker_openapi::{Location, MemoryFetch, load};

    #[test]
    fn servers_give_so_many_prefixes_and_no_more() {
        for (servers, expected) in [(MAX_PREFIXES, MAX_PREFIXES + 1), (MAX_PREFIXES + 1, MAX_PREFIXES + 1)] {
            let list: Vec<_> = (0..servers).map(|index| format!("{{\"url\": \"/v{index}\"}}")).collect();
            let text = format!(
                r#"{{"openapi": "3.1.0", "info": {{"title": "t", "version": "1"}}, "servers": [{}],
                    "paths": {{"/a": {{"get": {{"responses": {{"200": {{"description": "ok"}}}}}}}}}}}}"#,
                list.join(",")
            );
            let root = Location::File("openapi.json".into());
            let mut files = MemoryFetch::default().with(root.clone(), text.as_bytes());
            let document = load(root, &mut files).document.unwrap();
            let prefixes = BasePath::Auto.prefixes(&document.servers, &document.operations[0]);
            assert_eq!(prefixes.len(), expected);
            assert_eq!((prefixes[0], prefixes[MAX_PREFIXES]), ("", "/v15"));
        }
    }
}
