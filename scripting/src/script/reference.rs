//! The reference page of the host API, made from what is registered.

use std::fmt::Write;

use rhai::{Engine, Shared};
use serde_json::Value;

use super::host::{Section, sections};

const HEAD: &str = "# What scripts can call

Made from the functions that the server registers; [scripting.md](scripting.md) is the walk-through.
Besides these, a script has the language and the standard functions of [Rhai](https://rhai.rs/book/), without `eval`
and its clock. A parameter of type `any` takes every value; what gives `nothing` gives `()`.

";

/// The page in Markdown: all functions by topic, each with its signature, what it does, and an example.
pub fn reference() -> String {
    let sections = sections();
    let mut page = HEAD.to_owned();
    for section in &sections {
        let anchor = section.title.to_lowercase().replace(' ', "-").replace(['`', ':', ',', '.'], "");
        // Writing to a String cannot fail.
        let _ = writeln!(page, "- [{}](#{anchor})", section.title);
    }
    for section in sections {
        write_section(section, &mut page);
    }
    page
}

/// A function or property, as the registry tells it.
struct Entry {
    name: String,
    signature: String,
    docs: String,
}

fn write_section(section: Section, page: &mut String) {
    let docs = match section.docs {
        Some(docs) => docs.to_owned(),
        None => without_slashes(section.module.doc()),
    };
    let _ = write!(page, "\n## {}\n\n{}\n", section.title, wrapped(&docs));
    for Entry { signature, docs, .. } in entries(section) {
        let _ = write!(page, "\n### `{signature}`\n\n{docs}\n");
    }
}

fn entries(section: Section) -> Vec<Entry> {
    let (receiver, topic) = (section.receiver, section.topic);
    let mut engine = Engine::new_raw();
    engine.register_global_module(Shared::new(section.module));
    let listed = engine.gen_fn_metadata_to_json(true).unwrap_or_default();
    let listed: Value = serde_json::from_str(&listed).unwrap_or_default();
    let functions: Vec<&Value> = listed["functions"].as_array().into_iter().flatten().collect();
    let names: Vec<&str> = functions.iter().filter_map(|function| function["name"].as_str()).collect();
    let mut entries: Vec<Entry> =
        functions.iter().filter_map(|function| entry(function, receiver, topic, &names)).collect();
    entries.sort_by(|a, b| (is_method(a), &a.name, &a.signature).cmp(&(is_method(b), &b.name, &b.signature)));
    entries
}

fn is_method(entry: &Entry) -> bool {
    entry.signature.contains('(')
}

/// What is told of a function; nothing of one without documentation, such as a setter.
fn entry(function: &Value, receiver: Option<&str>, topic: Option<&str>, names: &[&str]) -> Option<Entry> {
    let comments = function["docComments"].as_array()?;
    let docs: Vec<String> = comments.iter().filter_map(Value::as_str).map(without_slashes).collect();
    let name = function["name"].as_str()?;
    let gives = type_word(function["returnType"].as_str().unwrap_or_default());
    let mut parameters: Vec<String> = function["params"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|parameter| parameter["type"] != "NativeCallContext")
        .map(|parameter| {
            let word = type_word(parameter["type"].as_str().unwrap_or_default());
            format!("{}: {word}", parameter["name"].as_str().unwrap_or("value"))
        })
        .collect();
    let signature = match (receiver, topic, name.strip_prefix("get$")) {
        (Some(receiver), _, Some(property)) => {
            let can_be_set = names.contains(&format!("set${property}").as_str());
            format!("{receiver}.{property}: {gives}{}", if can_be_set { ", can be set" } else { "" })
        }
        (Some(receiver), ..) => {
            parameters.remove(0);
            format!("{receiver}.{name}({}) -> {gives}", parameters.join(", "))
        }
        (None, Some(topic), _) => format!("{topic}::{name}({}) -> {gives}", parameters.join(", ")),
        (None, None, _) => format!("{name}({}) -> {gives}", parameters.join(", ")),
    };
    let name = name.trim_start_matches("get$").to_owned();
    Some(Entry { name, signature: signature.replace(" -> nothing", ""), docs: wrapped(&docs.join("\n")) })
}

/// A type of Rust as scripts know it.
fn type_word(name: &str) -> &'static str {
    let inner = name.trim_start_matches("Result<").trim_start_matches("RhaiResultOf<");
    let inner = inner.split([',', '>']).next().unwrap_or(inner).trim();
    match inner.trim_start_matches("&mut ").trim_start_matches('&').rsplit("::").next().unwrap_or(inner) {
        "INT" | "i64" | "int" => "int",
        "FLOAT" | "f64" | "float" => "float",
        "bool" => "bool",
        "str" | "String" | "ImmutableString" | "string" => "text",
        "Array" | "Vec<Dynamic" | "array" => "array",
        "Map" | "map" => "map",
        "Blob" | "blob" => "blob",
        "ResponseObject" | "Response" => "response",
        "Fields" | "Headers" => "headers",
        "()" | "" => "nothing",
        _ => "any",
    }
}

/// Doc comments without their slashes.
fn without_slashes(docs: &str) -> String {
    let bare = |line: &str| {
        let line = line.trim_start().trim_start_matches("///");
        line.strip_prefix(' ').unwrap_or(line).to_owned()
    };
    docs.lines().map(bare).collect::<Vec<_>>().join("\n")
}

/// Text as it is, its end without empty lines.
fn wrapped(text: &str) -> String {
    text.trim_end().to_owned()
}
