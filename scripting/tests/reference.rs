//! `docs/templates.md`, held against what templates do. `MOCKER_BLESS=1` writes its generated parts.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use mocker_schema::generate::Key;
use mocker_scripting::host::fake::{fakers, locales};
use mocker_scripting::template::{
    Budgets, Content, TemplateId, TemplateSource, Templates, filter_names, function_names,
};
use mocker_scripting::{Answers, Context, Fault, RequestBuilder, Response};
use mocker_state::{Limits, Store};
use regex::Regex;
use serde_json::Value;

/// 2024-02-29T12:34:56Z
const NOW: i64 = 1_709_210_096_000;

struct NoAnswers;

impl Answers for NoAnswers {
    fn operation(&self) -> &str {
        "POST /pets/{petId}"
    }

    fn generate(&self, _: Option<u16>) -> Result<Response, String> {
        Err("nothing".into())
    }

    fn example(&self, _: &str) -> Result<Response, String> {
        Err("nothing".into())
    }

    fn parameter(&self, _: &str) -> Option<Value> {
        None
    }
}

fn page_path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/templates.md")
}

fn page() -> String {
    fs::read_to_string(page_path()).expect("the page of templates")
}

/// The request that the page shows, with nothing in the state.
fn context(page: &str) -> Rc<Context> {
    let start = page.find("```http\n").expect("a request") + 8;
    let text = &page[start..start + page[start..].find("\n```").expect("its end")];
    let (head, body) = text.split_once("\n\n").expect("a body");
    let mut lines = head.lines();
    let mut line = lines.next().expect("a request line").split(' ');
    let (method, target) = (line.next().expect("a method"), line.next().expect("a target"));
    let (path, query) = target.split_once('?').expect("a query");
    let mut request = RequestBuilder::new(method, path.as_bytes(), query.as_bytes());
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        request.field(name, value.as_bytes());
    }
    request.param("petId", b"7");
    let request = Rc::new(request.finish(body.as_bytes()));
    let store = Arc::new(Store::new(Limits::default()));
    let mut context = Context::new(request, Rc::new(NoAnswers), Key(42), "client", NOW, store);
    context.environment = Arc::new([("STAGE".to_owned(), "test".to_owned())].into());
    Rc::new(context)
}

fn render(content: Content, context: &Rc<Context>) -> Result<String, Fault> {
    let source = TemplateSource {
        name: "an example of the page".into(),
        file: "docs/templates.md".into(),
        file_id: None,
        line: 1,
        column: 1,
        content,
    };
    let (templates, diagnostics) =
        Templates::new(&[source], Budgets { time: Duration::from_secs(20), ..Budgets::default() });
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let mut out = Vec::new();
    templates.render(TemplateId(0), context, &mut out)?;
    Ok(String::from_utf8(out).expect("the page is a text"))
}

/// Cells of a row that are code, with `\|` as `|`.
fn cells(row: &str) -> Option<(String, String)> {
    let inner = row.strip_prefix("| `")?.strip_suffix("` |")?;
    let (left, right) = inner.split_once("` | `")?;
    Some((left.replace("\\|", "|"), right.replace("\\|", "|")))
}

#[test]
fn every_example_gives_what_the_page_says() {
    let page = page();
    let mut heading = "";
    let (mut count, mut wrong) = (0, Vec::new());
    for line in page.lines() {
        if let Some(first) = line.strip_prefix("| ").and_then(|line| line.strip_suffix(" | gives |")) {
            heading = first;
        }
        let Some((template, expected)) = cells(line).filter(|(template, _)| template.contains(['{', '[']))
        else {
            continue;
        };
        let content = match heading {
            "value" => {
                let value =
                    serde_json::from_str(&template).unwrap_or_else(|error| panic!("{template}: {error}"));
                Content::Value { value, places: Vec::new() }
            }
            _ => Content::Text(template.as_str().into()),
        };
        let given = render(content, &context(&page)).unwrap_or_else(|fault| fault.to_string());
        let is_right = match expected.strip_prefix('/').and_then(|pattern| pattern.strip_suffix('/')) {
            Some(pattern) => Regex::new(pattern).expect("a pattern").is_match(&given),
            None => given == expected,
        };
        if !is_right {
            wrong.push(format!("{template} gives {given}, not {expected}"));
        }
        count += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 80, "only {count} examples were found");
}

#[test]
fn every_name_is_on_the_page() {
    let page = page();
    for name in function_names() {
        let shown = ['(', '.', '['].iter().any(|sign| page.contains(&format!("{name}{sign}")));
        assert!(shown, "`{name}` is not on the page");
    }
    for name in filter_names() {
        let shown = Regex::new(&format!(r"\\\| {name}\b")).expect("a pattern").is_match(&page);
        assert!(shown, "the filter `{name}` is not on the page");
    }
}

#[test]
fn the_tables_are_those_of_the_registry() {
    let written = page();
    let locales: Vec<String> = locales().map(|(name, _)| format!("`{name}`")).collect();
    let mut table = String::from("| faker | gives | for example | locales |\n|---|---|---|---|\n");
    for faker in fakers() {
        let marked = if faker.is_localized { "yes" } else { "" };
        let range = match faker.range {
            Some((min, max)) => format!("; from `min` ({min}) to `max` ({max})"),
            None => String::new(),
        };
        let example = faker.example().to_string().replace('|', "\\|");
        let _ = writeln!(table, "| `{}` | {}{range} | `{example}` | {marked} |", faker.name, faker.gives);
    }
    let page = replaced(&written, "locales", &locales.join(", "));
    let page = replaced(&page, "fakers", &format!("\n{table}"));
    if std::env::var_os("MOCKER_BLESS").is_some() {
        fs::write(page_path(), &page).expect("the page is written");
        return;
    }
    assert!(page == written, "docs/templates.md is stale: run this test with MOCKER_BLESS=1");
}

fn replaced(page: &str, part: &str, with: &str) -> String {
    let (before, rest) = page.split_once(&format!("<!-- {part} -->")).expect("the start of the part");
    let (_, after) = rest.split_once(&format!("<!-- /{part} -->")).expect("the end of the part");
    format!("{before}<!-- {part} -->{with}<!-- /{part} -->{after}")
}
