//! Names of scopes as they stand in URLs: `global` is the one of all, and a session may be called so too.

use mocker_state::GLOBAL;

const ALL: &str = "global";
const ESCAPE: char = '~';

/// As it stands in a URL, before percent-encoding.
pub(crate) fn written(scope: &str) -> String {
    match scope {
        GLOBAL => ALL.to_owned(),
        _ if scope == ALL || scope.starts_with(ESCAPE) => format!("{ESCAPE}{scope}"),
        _ => scope.to_owned(),
    }
}

/// The scope that is written so.
pub(crate) fn read(text: &str) -> &str {
    match text {
        ALL => GLOBAL,
        _ => text.strip_prefix(ESCAPE).unwrap_or(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_can_be_written() {
        for (scope, text) in
            [("", "global"), ("global", "~global"), ("~a", "~~a"), ("a~", "a~"), ("::1", "::1")]
        {
            assert_eq!((written(scope).as_str(), read(text)), (text, scope));
        }
    }
}
