//! Rules of the code base that no compiler checks. What breaks one is listed with its place.

use std::fs;
use std::path::{Path, PathBuf};

/// Lines of a source file that nearly all stay under, and that none exceeds; tests may be longer.
const USUAL_LINES: usize = 550;
const MOST_LINES: usize = 700;
/// Lines of a function, from its signature to its last brace.
const FUNCTION_LINES: usize = 70;

/// A Rust file of the repository.
struct Source {
    path: PathBuf,
    text: String,
}

impl Source {
    /// Whether it is compiled into the command, as opposed to tests, benches and examples.
    fn is_shipped(&self) -> bool {
        let has = |name: &str| self.path.components().any(|part| part.as_os_str() == name);
        has("src") && !has("tests")
    }

    fn is_below(&self, folder: &str) -> bool {
        self.path.starts_with(folder)
    }

    /// Lines with their numbers, up to the unit tests.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text
            .lines()
            .enumerate()
            .map(|(index, line)| (index + 1, line))
            .take_while(|(_, line)| *line != "#[cfg(test)]")
    }

    /// `file:line: text` of every line that `is_wrong`.
    fn lines_that(&self, is_wrong: impl Fn(&str) -> bool) -> Vec<String> {
        let wrong = self.text.lines().enumerate().filter(|(_, line)| is_wrong(line));
        wrong.map(|(index, line)| format!("{}:{}: {}", self.path.display(), index + 1, line.trim())).collect()
    }
}

/// Every file of the repository with this ending, build results left out.
fn files(ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        let listed = if folder.as_os_str().is_empty() { Path::new(".") } else { &folder };
        for entry in fs::read_dir(listed).unwrap() {
            let entry = entry.unwrap();
            let path = folder.join(entry.file_name());
            let name = entry.file_name().to_string_lossy().into_owned();
            if entry.file_type().unwrap().is_dir() {
                if !name.starts_with('.') && name != "target" {
                    folders.push(path);
                }
            } else if name.ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Every Rust file but this one, which names what it forbids.
fn sources() -> Vec<Source> {
    let paths = files(".rs").into_iter().filter(|path| path != Path::new("tests/tidy.rs"));
    let sources: Vec<Source> =
        paths.map(|path| Source { text: fs::read_to_string(&path).unwrap(), path }).collect();
    assert!(sources.len() > 100, "the sources were not found: {}", sources.len());
    sources
}

/// Whether `word` stands in `line` on its own: `unsafe_code` is not `unsafe`.
fn has_word(line: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word)
        .any(|(at, _)| !line[..at].ends_with(is_part) && !line[at + word.len()..].starts_with(is_part))
}

/// A line without the comment at its end; lines that are only comment become empty.
fn without_comment(line: &str) -> &str {
    line.split_once("//").map_or(line, |(code, _)| code)
}

fn assert_none(wrong: Vec<String>, rule: &str) {
    assert!(wrong.is_empty(), "{rule}:\n{}", wrong.join("\n"));
}

#[test]
fn words_are_told_from_parts_of_words() {
    assert!(has_word("    unsafe { x() }", "unsafe") && has_word("unsafe", "unsafe"));
    assert!(!has_word("#![allow(unsafe_code)]", "unsafe") && !has_word("is_unsafe", "unsafe"));
    assert_eq!(without_comment("let a = 1; // unsafe"), "let a = 1; ");
}

#[test]
fn unsafe_code_is_in_the_runtime_only() {
    let wrong = sources()
        .iter()
        .filter(|source| !source.is_below("engine/runtime") && !source.is_below("tests/fuzz"))
        .flat_map(|source| source.lines_that(|line| has_word(without_comment(line), "unsafe")))
        .collect();
    assert_none(wrong, "`unsafe` outside engine/runtime");
}

#[test]
fn the_ring_is_named_in_the_runtime_only() {
    let names_it = |line: &str| has_word(line, "monoio") || line.contains("io_uring::");
    let sources = sources();
    assert!(
        sources.iter().any(|source| source.is_below("engine/runtime") && source.text.lines().any(names_it))
    );
    let elsewhere = sources.iter().filter(|source| !source.is_below("engine/runtime"));
    assert_none(elsewhere.flat_map(|source| source.lines_that(names_it)).collect(), "in sources");

    let mut manifests = Vec::new();
    for path in files("Cargo.toml") {
        let manifest = fs::read_to_string(&path).unwrap();
        let depends = |line: &str| line.starts_with("monoio.") || line.starts_with("io-uring.");
        if manifest.lines().any(depends) {
            manifests.push(path);
        }
    }
    assert_eq!(manifests, [Path::new("engine/runtime/Cargo.toml")]);
}

#[test]
fn files_clocks_and_terminals_are_where_the_architecture_says() {
    // What names it, and where it may be named besides `src`.
    let rules: [(&[&str], &[&str]); 3] = [
        (&["std::fs", "std::env", "std::io::stdin", "println!", "eprintln!", "print!"], &["engine/runtime"]),
        (&["Instant::now", "SystemTime::now"], &["engine/runtime", "engine/src"]),
        (&["TcpStream", "TcpListener", "UdpSocket", "socket2"], &["engine/runtime", "control"]),
    ];
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| source.is_shipped() && !source.is_below("src")) {
        for (names, homes) in rules {
            if !homes.iter().any(|home| source.is_below(home)) {
                let is_named = |line: &str| names.iter().any(|name| without_comment(line).contains(name));
                wrong.extend(source.lines_that(is_named));
            }
        }
    }
    assert_none(wrong, "files, clocks or sockets in a crate that has none");
}

#[test]
fn files_are_one_thing() {
    let sources = sources();
    let shipped: Vec<&Source> = sources.iter().filter(|source| source.is_shipped()).collect();
    let longer_than = |most: usize| {
        let long = shipped.iter().filter(move |source| source.text.lines().count() > most);
        long.map(|source| source.path.display().to_string()).collect::<Vec<_>>()
    };
    assert_none(longer_than(MOST_LINES), "files over 700 lines");
    let long = longer_than(USUAL_LINES);
    assert!(long.len() * 20 <= shipped.len(), "more than one file in twenty is over 550 lines: {long:?}");
}

#[test]
fn functions_do_one_thing() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for source in sources().iter().filter(|source| source.is_shipped()) {
        let mut open: Option<(usize, String)> = None;
        for (number, line) in source.code() {
            // rustfmt puts a function's last brace under its first letter.
            match &open {
                Some((start, end)) if line == end => {
                    seen += 1;
                    if number + 1 - start > FUNCTION_LINES {
                        wrong.push(format!(
                            "{}:{start}: {} lines",
                            source.path.display(),
                            number + 1 - start
                        ));
                    }
                    open = None;
                }
                None if is_signature(line) && !line.ends_with(['}', ';']) => {
                    let indent = &line[..line.len() - line.trim_start().len()];
                    open = Some((number, format!("{indent}}}")));
                }
                _ => {}
            }
        }
    }
    assert!(seen > 1_000, "only {seen} functions were found");
    assert_none(wrong, "functions over 70 lines");
}

fn is_signature(line: &str) -> bool {
    let mut words = line.trim_start().split(' ');
    let mut qualifiers = words.by_ref().take_while(|word| *word != "fn");
    let only_qualifiers =
        qualifiers.all(|word| word.starts_with("pub") || matches!(word, "const" | "async" | "unsafe"));
    only_qualifiers && has_word(line, "fn")
}

#[test]
fn nothing_is_left_undone() {
    let undone = ["todo!(", "unimplemented!(", "dbg!("];
    let is_undone = |line: &str| undone.iter().any(|name| without_comment(line).contains(name));
    assert_none(sources().iter().flat_map(|source| source.lines_that(is_undone)).collect(), "left undone");
}

#[test]
fn files_are_named_after_what_they_are() {
    let nameless = ["util", "utils", "common", "helper", "helpers", "manager", "misc"];
    let is_nameless = |path: &PathBuf| {
        path.with_extension("").iter().any(|part| nameless.iter().any(|name| *part == **name))
    };
    let wrong = files(".rs").into_iter().filter(is_nameless);
    assert_none(wrong.map(|path| path.display().to_string()).collect(), "names that say nothing");
}

#[test]
fn limits_have_their_file() {
    // `engine/src` only joins: what its parts may cost, they bound.
    let crates = [
        "control",
        "engine/http",
        "engine/openapi",
        "engine/plan",
        "engine/runtime",
        "engine/schema",
        "engine/source",
    ];
    for folder in crates.into_iter().chain(["."]) {
        assert!(Path::new(folder).join("src/limits.rs").is_file(), "{folder} has no src/limits.rs");
    }
    let is_limit = |line: &str| line.contains("const MAX_");
    let elsewhere =
        sources().into_iter().filter(|source| source.is_shipped() && !source.path.ends_with("limits.rs"));
    assert_none(
        elsewhere.flat_map(|source| source.lines_that(is_limit)).collect(),
        "limits outside limits.rs",
    );
}
