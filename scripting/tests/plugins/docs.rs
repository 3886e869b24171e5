//! Tables of `docs/plugins.md` are made from the schemas; `MOCKER_BLESS=1` writes them. Examples of it are sound.

use std::fmt::Write as _;
use std::fs;

use mocker_scripting::plugin::builtin::Kind;
use mocker_source::FileId;
use serde_json::Value;

use crate::{configured, repository};

const DOCS: &str = "docs/plugins.md";

fn table(kind: Kind) -> String {
    let manifest = kind.manifest();
    let schema = manifest.config.document();
    let required: Vec<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let mut table = "| key | value | default | meaning |\n|---|---|---|---|\n".to_owned();
    for (key, property) in schema["properties"].as_object().unwrap() {
        let default = match (property.get("default"), required.contains(&&**key)) {
            (Some(default), _) => format!("`{}`", plain(default)),
            (None, true) => "required".to_owned(),
            (None, false) => String::new(),
        };
        let example = property["examples"].get(0).map(|example| format!(". Example: `{}`", plain(example)));
        let description = property["description"].as_str().unwrap();
        let _ = writeln!(
            table,
            "| `{key}` | {} | {default} | {description}{} |",
            kind_of(property),
            example.unwrap_or_default()
        );
    }
    table
}

fn kind_of(property: &Value) -> String {
    let items = |of: &Value| {
        of["enum"].as_array().map(|values| values.iter().map(plain).collect::<Vec<_>>().join("`, `"))
    };
    if let Some(values) = items(property) {
        return format!("`{values}`");
    }
    let name = |kind: &Value| match (kind.as_str().unwrap(), items(&property["items"])) {
        ("string", _) => "text".to_owned(),
        ("array", Some(values)) => format!("list of `{values}`"),
        ("array", None) => "list".to_owned(),
        ("object", _) => "mapping".to_owned(),
        ("integer", _) => range(property),
        (kind, _) => kind.to_owned(),
    };
    match &property["type"] {
        Value::Array(kinds) => kinds.iter().map(name).collect::<Vec<_>>().join(" or "),
        kind => name(kind),
    }
}

fn range(property: &Value) -> String {
    match (&property["minimum"], &property["maximum"]) {
        (Value::Null, Value::Null) => "whole number".to_owned(),
        (least, most) => format!("{least} to {most}"),
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[test]
fn tables_are_those_of_the_schemas() {
    let path = repository(DOCS);
    let docs = fs::read_to_string(&path).unwrap();
    let mut made = docs.clone();
    for kind in Kind::ALL {
        let (begin, end) = (format!("<!-- table: {} -->\n", kind.name()), "<!-- end -->\n");
        let start = made.find(&begin).unwrap_or_else(|| panic!("no {begin}")) + begin.len();
        let length = made[start..].find(end).unwrap();
        made.replace_range(start..start + length, &format!("\n{}\n", table(kind)));
    }
    if std::env::var_os("MOCKER_BLESS").is_some() {
        fs::write(&path, &made).unwrap();
    }
    assert!(fs::read_to_string(&path).unwrap() == made, "{DOCS} is stale: MOCKER_BLESS=1 writes its tables");
}

/// Blocks of code of a language.
fn blocks(docs: &str, language: &str) -> Vec<String> {
    let begin = format!("```{language}\n");
    docs.split(&begin).skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

#[test]
fn the_plugin_is_shown_as_it_is() {
    let docs = fs::read_to_string(repository(DOCS)).unwrap();
    for (language, file) in [("yaml", "plugin.yaml"), ("rust", "plugin.rhai")] {
        let text = fs::read_to_string(repository("specs/plugins/request-id").join(file)).unwrap();
        assert!(blocks(&docs, language).contains(&text), "{DOCS} does not show {file} as it is");
    }
}

#[test]
fn examples_are_configurations_that_are_taken() {
    let docs = fs::read_to_string(repository(DOCS)).unwrap();
    let mut seen = Vec::new();
    for block in blocks(&docs, "yaml") {
        let (tree, faults) = mocker_source::parse(FileId(0), block.as_bytes());
        assert!(faults.is_empty(), "{block}\n{faults:?}");
        let plugins =
            tree.root().get("plugins").into_iter().flat_map(|plugins| plugins.items().collect::<Vec<_>>());
        for plugin in plugins {
            let name = plugin.get("builtin").or(plugin.get("name")).unwrap().as_str().unwrap();
            let Some(kind) = Kind::of(name) else { continue };
            let config =
                plugin.get("config").map_or_else(|| serde_json::json!({}), |config| config.to_json());
            // Files that the examples name are not there; those of the tests are.
            let text = config
                .to_string()
                .replace("keys/jwks.json", "jwks.json")
                .replace("keys/public.pem", "rsa.pub.pem");
            configured(kind, &serde_json::from_str(&text).unwrap());
            seen.push(kind);
        }
    }
    for kind in Kind::ALL {
        assert!(seen.contains(&kind), "{DOCS} has no example of {}", kind.name());
    }
}
