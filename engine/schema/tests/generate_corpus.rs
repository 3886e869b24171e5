//! Every schema of every document of the corpus gives values that obey it.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

use std::path::PathBuf;
use std::time::{Duration, Instant};

use mocker_schema::SchemaId;
use mocker_schema::generate::{Key, Options, Program};
use mocker_schema::lower::{self, Dialect};
use mocker_schema::validate::Direction;
use mocker_source::{FileId, Kind, Node};

const KEYS: u64 = 3;

fn corpus() -> Option<PathBuf> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let folder = std::env::var_os("MOCKER_CORPUS").map_or(folder, PathBuf::from);
    if !folder.is_dir() {
        eprintln!("SKIPPED: no corpus at {}", folder.display());
        return None;
    }
    Some(folder)
}

fn dialect(root: Node<'_>) -> Option<Dialect> {
    let version = root.get("openapi").or(root.get("swagger"))?;
    let version = version.as_str().map_or_else(|| version.as_f64().unwrap_or(0.0).to_string(), str::to_owned);
    match &version {
        v if v.starts_with('2') => Some(Dialect::Swagger2),
        v if v.starts_with("3.0") => Some(Dialect::OpenApi30),
        v if v.starts_with('3') => Some(Dialect::OpenApi31),
        _ => None,
    }
}

/// Component schemas and every value of a key `schema`.
fn schemas<'t>(node: Node<'t>, depth: usize, found: &mut Vec<Node<'t>>) {
    for (key, value) in node.entries() {
        match key {
            "example" | "examples" | "default" | "enum" => {}
            "schema" if value.kind() == Kind::Object => found.push(value),
            "schemas" | "definitions" if depth < 2 => found.extend(value.entries().map(|(_, schema)| schema)),
            _ => schemas(value, depth + 1, found),
        }
    }
    for item in node.items() {
        schemas(item, depth + 1, found);
    }
}

#[derive(Default)]
struct Tally {
    schemas: usize,
    refused: Vec<String>,
    wrong: Vec<String>,
    slowest: (Duration, String),
    total: Duration,
    largest: (usize, String),
    body: (usize, String),
}

fn check(name: &str, text: &[u8], fill_optional: bool, tally: &mut Tally) {
    let (tree, _) = mocker_source::parse(FileId(0), text);
    let Some(dialect) = dialect(tree.root()) else { return };
    let mut nodes = Vec::new();
    schemas(tree.root(), 0, &mut nodes);
    let mut lowering = lower::local(&tree, dialect);
    let roots: Vec<(SchemaId, Node<'_>)> = nodes.iter().map(|node| (lowering.lower(*node), *node)).collect();
    let (schemas, _) = lowering.finish();
    let mut seen = std::collections::HashSet::new();
    for (root, node) in roots.into_iter().filter(|(root, _)| seen.insert(*root)) {
        for direction in [Direction::Response, Direction::Request] {
            let place = format!("{name} {} {direction:?}", node.pointer());
            tally.schemas += 1;
            let start = Instant::now();
            let program = Program::compile(&schemas, root, &Options { direction, fill_optional });
            let took = start.elapsed();
            tally.total += took;
            tally.slowest = std::mem::take(&mut tally.slowest).max((took, place.clone()));
            let program = match program {
                Ok(program) => program,
                Err(refused) => {
                    let at = schemas[refused.schema].position;
                    tally.refused.push(format!("{place}: {} ({at:?})", refused.reason));
                    continue;
                }
            };
            tally.largest = std::mem::take(&mut tally.largest).max((program.size(), place.clone()));
            for key in 0..KEYS {
                let mut body = Vec::new();
                program.write(Key(7).with_number(key), &mut body);
                tally.body = std::mem::take(&mut tally.body).max((body.len(), place.clone()));
                let value: serde_json::Value = serde_json::from_slice(&body).unwrap();
                let broken = schemas.validate(root, &value, direction);
                if let Some(broken) = broken.first() {
                    tally.wrong.push(format!("{place}: {broken:?}"));
                    break;
                }
            }
        }
    }
}

#[test]
fn every_schema_of_the_corpus_gives_valid_values() {
    let Some(folder) = corpus() else { return };
    let only = std::env::var("ONLY").ok();
    let mut all = Tally::default();
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for path in files.iter().filter(|path| path.is_file()) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if only.as_ref().is_some_and(|only| !name.contains(only.as_str())) || name.ends_with(".tsv") {
            continue;
        }
        let mut tally = Tally::default();
        let text = std::fs::read(path).unwrap();
        check(&name, &text, true, &mut tally);
        check(&name, &text, false, &mut tally);
        eprintln!(
            "{name}: {} schemas, {} refused, {} wrong, {:?} in all, slowest {:?} {}, largest program {} {}, body {} {}",
            tally.schemas,
            tally.refused.len(),
            tally.wrong.len(),
            tally.total,
            tally.slowest.0,
            tally.slowest.1,
            tally.largest.0,
            tally.largest.1,
            tally.body.0,
            tally.body.1,
        );
        all.schemas += tally.schemas;
        all.refused.extend(tally.refused);
        all.wrong.extend(tally.wrong);
    }
    eprintln!("{} schemas; refused: {}\n{}", all.schemas, all.refused.len(), all.refused.join("\n"));
    assert!(all.wrong.is_empty(), "{} wrong:\n{}", all.wrong.len(), all.wrong.join("\n"));
    assert!(only.is_some() || all.schemas > 5_000, "only {} schemas", all.schemas);
}

#[test]
fn nearly_every_pattern_of_the_corpus_gives_a_matching_string() {
    let Some(folder) = corpus() else { return };
    let patterns: Vec<String> =
        serde_json::from_slice(&std::fs::read(folder.join("patterns.json")).unwrap()).unwrap();
    let mut failed = Vec::new();
    for pattern in &patterns {
        let schema = serde_json::json!({"type": "string", "pattern": pattern});
        let (tree, _) = mocker_source::parse(FileId(0), schema.to_string().as_bytes());
        let mut lowering = lower::local(&tree, Dialect::OpenApi31);
        let id = lowering.lower(tree.root());
        let (schemas, _) = lowering.finish();
        let options = Options { direction: Direction::Response, fill_optional: true };
        let compiled = Program::compile(&schemas, id, &options);
        let is_known = mocker_schema::pattern::Pattern::new(pattern).problem().is_none();
        match compiled {
            Ok(program) if is_known => {
                assert!(schemas.is_valid(id, &program.value(Key(1)), Direction::Response))
            }
            _ => failed.push(pattern.as_str()),
        }
    }
    let made = patterns.len() - failed.len();
    eprintln!("{made} of {} patterns; not: {failed:#?}", patterns.len());
    assert!(made * 100 >= patterns.len() * 98, "{made} of {}", patterns.len());
}
