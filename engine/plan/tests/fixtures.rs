//! Every diagnostic of loading and judging has a description that causes it, in `specs/invalid`: `CODE.yaml`
//! (or `CODE-more.yaml`, or `.json`) with `CODE.expected` beside it. `MOCKER_BLESS=1` writes the latter.
#![allow(clippy::unwrap_used, missing_docs)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use mocker_openapi::{Fetch, FetchError, Loaded, Location, load};
use mocker_plan::check;

/// Codes that no small file can cause; the tests that do it otherwise.
const ELSEWHERE: [(&str, &str); 9] = [
    ("file-unreadable", "mocker-openapi: files::a_missing_root_is_one_error"),
    ("file-limit", "mocker-openapi: files::limits_hold_at_their_edge"),
    ("too-many-faults", "mocker-openapi: files::limits_hold_at_their_edge"),
    ("too-many-operations", "mocker-openapi: files::limits_hold_at_their_edge"),
    ("too-many-parameters", "mocker-openapi: model::lists_have_their_limits"),
    ("file-too-large", "mocker-source"),
    ("toml-syntax", "mocker-source: toml::every_fault_is_told_with_its_place"),
    ("too-many-values", "mocker-source"),
    ("too-many-schemas", "mocker-schema"),
];

struct Disk;

impl Fetch for Disk {
    fn fetch(&mut self, location: &Location) -> Result<Vec<u8>, FetchError> {
        match location {
            Location::File(path) => fs::read(path).map_err(|error| FetchError { reason: error.to_string() }),
            Location::Url(_) => Err(FetchError { reason: "tests do not use the network".to_owned() }),
        }
    }
}

/// A path below the root of the repository.
fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

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

/// `severity code line:column`, with the file before the line where it is not the root.
fn lines(loaded: &Loaded) -> Vec<String> {
    let line = |diagnostic: &mocker_source::Diagnostic| {
        let severity = if diagnostic.is_error() { "error" } else { "warning" };
        let place = diagnostic.position.map_or_else(String::new, |position| {
            let file = match (position.file.0, &loaded.files[usize::from(position.file.0)]) {
                (0, _) => String::new(),
                (_, Location::File(path)) => format!("{}:", path.file_name().unwrap().to_string_lossy()),
                (_, Location::Url(url)) => format!("{url}:"),
            };
            format!(" {file}{}:{}", position.line, position.column)
        });
        format!("{severity} {}{place}", diagnostic.code)
    };
    loaded.diagnostics.iter().map(line).collect()
}

#[test]
fn fixtures_give_what_is_expected() {
    let mut wrong = Vec::new();
    for path in fixtures() {
        let mut loaded = load(Location::File(path.clone()), &mut Disk);
        if let Some(document) = &loaded.document {
            loaded.diagnostics.extend(check::document(document).0);
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
    for place in ["engine/source/src", "engine/schema/src", "engine/openapi/src", "engine/plan/src/check.rs"]
    {
        for text in sources(&repository(place)) {
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
    let kebab = code.contains('-')
        && !code.starts_with("x-")
        && code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    kebab.then_some(code)
}

fn sources(path: &Path) -> Vec<String> {
    if path.is_dir() {
        let entries = fs::read_dir(path).unwrap();
        return entries.flat_map(|entry| sources(&entry.unwrap().path())).collect();
    }
    let is_source = path.extension().is_some_and(|extension| extension == "rs");
    is_source.then(|| fs::read_to_string(path).unwrap()).into_iter().collect()
}
