//! Files that are made from the tables; `MOCKER_BLESS=1` writes them anew.

use std::fs;

/// Fails where a file is not what it should be.
pub(super) fn check_or_bless(path: &str, expected: &str) {
    if std::env::var_os("MOCKER_BLESS").is_some() {
        fs::write(path, expected).expect("the file can be written");
    }
    let written = fs::read_to_string(path).unwrap_or_default();
    assert!(written == expected, "{path} is stale: run the tests with MOCKER_BLESS=1");
}
