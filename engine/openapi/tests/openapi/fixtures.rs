//! Every diagnostic has a description that causes it, in `specs/invalid`: `CODE.yaml` (or
//! `CODE-more.yaml`, or `.json`) with `CODE.expected` beside it. `MOCKER_BLESS=1` writes the latter.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use mocker_openapi::{Location, load};

use crate::disk::{Disk, lines, repository};

/// Codes that no small file can cause; the tests that do it otherwise.
const ELSEWHERE: [(&str, &str); 8] = [
    ("file-unreadable", "files::a_missing_root_is_one_error"),
    ("file-limit", "files::limits_hold_at_their_edge"),
    ("too-many-faults", "files::limits_hold_at_their_edge"),
    ("too-many-operations", "files::limits_hold_at_their_edge"),
    ("too-many-parameters", "model::lists_have_their_limits"),
    ("file-too-large", "mocker-source"),
    ("too-many-values", "mocker-source"),
    ("too-many-schemas", "mocker-schema"),
];

fn fixtures() -> Vec<PathBuf> {
    let folder = fs::read_dir(repository("specs/invalid")).unwrap();
    let paths = folder.map(|entry| entry.unwrap().path());
    let is_description =
        |path: &PathBuf| path.extension().is_some_and(|extension| extension == "yaml" || extension == "json");
    let mut fixtures: Vec<PathBuf> = paths.filter(is_description).collect();
    fixtures.sort();
    fixtures
}

fn stem(path: &Path) -> &str {
    path.file_stem().unwrap().to_str().unwrap()
}

#[test]
fn fixtures_give_what_is_expected() {
    let mut wrong = Vec::new();
    for path in fixtures() {
        let mut loaded = load(Location::File(path.clone()), &mut Disk);
        if let Some(document) = &loaded.document {
            loaded.diagnostics.extend(document.schemas.pattern_faults());
        }
        let got = lines(&loaded).join("\n") + "\n";
        let expected = path.with_extension("expected");
        if std::env::var_os("MOCKER_BLESS").is_some() {
            fs::write(&expected, &got).unwrap();
        }
        let expected = fs::read_to_string(&expected).unwrap_or_default();
        if got != expected {
            wrong.push(format!(
                "{}: expected\n{expected}got\n{got}{:#?}",
                path.display(),
                loaded.diagnostics
            ));
        }
        let causes_its_code =
            loaded.diagnostics.iter().any(|diagnostic| stem(&path).starts_with(diagnostic.code));
        if !causes_its_code {
            wrong.push(format!("{} does not cause the code it is named after", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn every_code_has_a_fixture() {
    let mut caused: BTreeSet<String> = ELSEWHERE.iter().map(|(code, _)| (*code).to_owned()).collect();
    for path in fixtures() {
        let expected = fs::read_to_string(path.with_extension("expected")).unwrap();
        caused.extend(expected.lines().filter_map(|line| line.split(' ').nth(1)).map(str::to_owned));
    }
    let codes = codes_of_sources();
    assert!(codes.len() > 50, "the sources were not found: {codes:?}");
    let missing: Vec<&String> = codes.difference(&caused).collect();
    assert!(missing.is_empty(), "no fixture in specs/invalid causes {missing:?}");
}

/// Codes as the sources write them: the first string behind what makes a diagnostic.
fn codes_of_sources() -> BTreeSet<String> {
    let makers = ["code: ", "warn(", "error(", "warning(", "error_at(", "warning_at(", "&str = "];
    let mut codes = BTreeSet::new();
    for folder in ["engine/source/src", "engine/schema/src", "engine/openapi/src"] {
        for text in sources(&repository(folder)) {
            // what follows are tests of the file
            let text = text.split("#[cfg(test)]").next().unwrap();
            for maker in makers {
                let behind = text.split(maker).skip(1);
                codes.extend(behind.filter_map(|rest| code(rest.trim_start())).map(str::to_owned));
            }
        }
    }
    codes
}

fn code(text: &str) -> Option<&str> {
    let (code, _) = text.strip_prefix('"')?.split_once('"')?;
    let kebab =
        code.contains('-') && code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    kebab.then_some(code)
}

fn sources(folder: &Path) -> Vec<String> {
    let mut texts = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            texts.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            texts.push(fs::read_to_string(path).unwrap());
        }
    }
    texts
}
