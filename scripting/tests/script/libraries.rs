//! What is told of scripts before they run, and what they may import.

use std::time::{Duration, Instant};

use mocker_scripting::{Hook, Library, Scripts, Source};
use mocker_source::Diagnostic;
use serde_json::json;

use crate::stage::{context_of, request, text};

fn told(diagnostic: &Diagnostic) -> String {
    let place = diagnostic.position.map(|position| format!("{}:{}", position.line, position.column));
    let help = diagnostic.help.as_deref().map(|help| format!(" ({help})"));
    format!(
        "{} {}: {}{}",
        diagnostic.code,
        place.unwrap_or_default(),
        diagnostic.message,
        help.unwrap_or_default()
    )
}

fn check(text: &str) -> Vec<String> {
    let (_, diagnostics) = Library::check(vec![Source::new("s", "s.rhai", text)], Instant::now);
    diagnostics.iter().map(told).collect()
}

#[test]
fn faults_and_slips_are_told_with_their_place() {
    for (text, expected) in [
        ("fn handle(req, ctx) {\n  1 +\n}", "script-syntax 3:1: "),
        (
            "fn handle(req, ctx) {\n  pet\n}",
            "script-syntax 2:3: undefined variable: pet (a function sees its own",
        ),
        ("fn handle(req, ctx) { eval(\"1\") }", "script-syntax 1:23: "),
        (
            "\n  fn handle(req) { 1 }",
            "script-hook 2:3: nothing calls `fn handle(req)` (write `fn handle(req, ctx)`)",
        ),
        (
            "fn handel(req, ctx) { 1 }",
            "script-hook 1:1: nothing calls `fn handel(req, ctx)` (write `fn handle(req, ctx)`)",
        ),
        (
            "fn afetr(a, b, c) { 1 }",
            "script-hook 1:1: nothing calls `fn afetr(a, b, c)` (write `fn after(req, res, ctx)`)",
        ),
        ("import \"lib\" as lib;\nfn handle(req, ctx) { 1 }", "script-import 1:8: `lib` cannot be imported"),
    ] {
        let told = check(text);
        assert!(told.len() == 1 && told[0].starts_with(expected), "{text}: {told:?}");
    }
    assert_eq!(check("fn handle(req, ctx) { 1 }\nfn helper(x) { x }\nfn init(config) { }"), [""; 0]);
    let inline = Source::new("s", "mocker.yaml", "fn handle(req, ctx) {\n  pet\n}").inside(10, 4);
    let (library, diagnostics) = Library::check(vec![inline], Instant::now);
    assert!(told(&diagnostics[0]).starts_with("script-syntax 12:7: "), "{}", told(&diagnostics[0]));
    assert_eq!(
        (library.find("s"), library.file(diagnostics[0].position.unwrap().file)),
        (None, Some("mocker.yaml"))
    );
}

fn folder(files: &[(&str, &str)]) -> Vec<Source> {
    files.iter().map(|(path, text)| Source::new(path, path, text).within("scripts", path)).collect()
}

#[test]
fn scripts_import_those_of_their_folder() {
    let sources = folder(&[
        (
            "pets/get.rhai",
            "import \"../lib/names\" as names;\nfn handle(req, ctx) { names::of(req.params.petId) }",
        ),
        ("lib/names.rhai", "import \"upper\" as upper;\nfn of(id) { upper::cased(\"pet \" + id) }"),
        ("lib/upper.rhai", "fn cased(text) { text.to_upper() }"),
        ("bad.rhai", "import \"lib/fails\" as fails;\nfn handle(req, ctx) {\n  fails::now()\n}"),
        ("lib/fails.rhai", "fn now() {\n  throw \"no\"\n}"),
    ]);
    let (library, diagnostics) = Library::check(sources, Instant::now);
    assert_eq!(diagnostics, []);
    let (get, bad) = (library.find("pets/get.rhai").unwrap(), library.find("bad.rhai").unwrap());
    let mut scripts = Scripts::new(library, Instant::now);
    let context = context_of(request());
    assert_eq!(text(&scripts.handle(get, &context).unwrap()), "PET 42");
    assert_eq!(scripts.handle(bad, &context).unwrap_err().to_string(), "lib/fails.rhai:2:3: no");

    for (path, expected) in [
        ("../../etc/passwd", "leads out of the folder"),
        ("/etc/passwd", "cannot be imported"),
        ("none", "there is no script `none` to import"),
        ("self", "scripts import each other: self.rhai -> self.rhai"),
    ] {
        let text = format!("import \"{path}\" as x;\nfn handle(req, ctx) {{ 1 }}");
        let (_, diagnostics) = Library::check(folder(&[("self.rhai", &text)]), Instant::now);
        assert_eq!((diagnostics.len(), diagnostics[0].code), (1, "script-import"), "{path}");
        assert!(diagnostics[0].message.contains(expected), "{path}: {}", told(&diagnostics[0]));
    }
}

#[test]
fn a_plugin_is_given_its_configuration() {
    let text = "fn init(config) { state::global::set(\"limit\", config.limit); }\n\
                fn handle(req, ctx) { [state::global::get(\"limit\"), ctx.config.limit] }";
    let source = Source::new("s", "s.rhai", text).with_config(json!({ "limit": 3 }));
    let (library, _) = Library::check(vec![source], Instant::now);
    let id = library.find("s").unwrap();
    assert!(library.has(id, Hook::Init) && !library.has(id, Hook::Cleanup));
    let mut scripts = Scripts::new(library, Instant::now);
    let context = context_of(request());
    scripts.init(id, &context).unwrap();
    assert_eq!(crate::stage::text(&scripts.handle(id, &context).unwrap()), "[3,3]");
}

#[test]
fn values_of_a_request_repeat_and_delays_add_up() {
    let body = "[random::int(1, 1_000_000), uuid(), fake::name(\"es\")]";
    assert_eq!(crate::stage::value(body), crate::stage::value(body));
    let mut scripts = crate::stage::script("fn handle(req, ctx) { sleep(20); sleep(0.5); 1 }");
    let id = scripts.library().find("test").unwrap();
    let context = context_of(request());
    scripts.handle(id, &context).unwrap();
    assert_eq!(context.delay(), Duration::from_micros(20_500));
}
