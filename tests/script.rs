//! `mocker script`: scripts tried without a server.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn script(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mocker"));
    command.arg("script").args(arguments).current_dir(folder).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn check_tells_faults_with_their_place() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("good.rhai"), "import \"lib\" as lib;\nfn handle(req, ctx) { lib::one() }")
        .unwrap();
    fs::write(folder.path().join("lib.rhai"), "fn one() { 1 }").unwrap();
    fs::write(folder.path().join("odd.rhai"), "fn handel(req, ctx) { 1 }").unwrap();
    fs::write(folder.path().join("bad.rhai"), "fn handle(req, ctx) {\n  1 +\n}").unwrap();

    let output = script(folder.path(), &["check", "good.rhai"]);
    assert_eq!(
        (output.status.code(), text(&output.stdout).as_str()),
        (Some(0), "1 script, 0 errors, 0 warnings\n")
    );
    let output = script(folder.path(), &["check", "good.rhai", "odd.rhai"]);
    let told = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{told}");
    assert!(told.starts_with("odd.rhai:1:1: warning: nothing calls"), "{told}");
    assert!(
        told.contains("help: write `fn handle(req, ctx)`") && told.ends_with("0 errors, 1 warning\n"),
        "{told}"
    );
    let output = script(folder.path(), &["check", "bad.rhai"]);
    let told = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.starts_with("bad.rhai:3:1: error: ") && told.contains("[script-syntax]"), "{told}");
    assert_eq!(script(folder.path(), &["check", "none.rhai"]).status.code(), Some(2));
}

#[test]
fn run_prints_the_response() {
    let folder = tempfile::tempdir().unwrap();
    let spec = fs::canonicalize("specs/petstore/openapi.yaml").unwrap();
    let spec = spec.to_str().unwrap();
    fs::write(folder.path().join("req.http"), "GET /pets/42 HTTP/1.1\nX-A: b\n\n").unwrap();
    fs::write(
        folder.path().join("own.rhai"),
        "fn handle(req, ctx) { log::info(\"seen\"); #{ status: 201, body: #{ at: time::iso(), a: req.headers[\"x-a\"] } } }",
    )
    .unwrap();
    let output = script(
        folder.path(),
        &["run", "own.rhai", "--request", "req.http", "--clock", "2026-01-31T08:30:00Z"],
    );
    let expected =
        "HTTP/1.1 201\ncontent-type: application/json\n\n{\"a\":\"b\",\"at\":\"2026-01-31T08:30:00.000Z\"}\n";
    assert_eq!(text(&output.stdout), expected, "{}", text(&output.stderr));
    assert_eq!(text(&output.stderr), "info: own.rhai:1: seen\n");

    fs::write(
        folder.path().join("pet.rhai"),
        "fn handle(req, ctx) { let res = ctx.generate(); res.body = #{ id: req.param(\"petId\"), same: uuid() }; res }",
    )
    .unwrap();
    let run = |more: &[&str]| {
        script(folder.path(), &[&["run", "pet.rhai", "--request", "req.http"], more].concat())
    };
    let seeded = ["--spec", spec, "--operation", "GET /pets/{petId}", "--seed", "7"];
    let output = run(&seeded);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let answer = text(&output.stdout);
    assert!(answer.starts_with("HTTP/1.1 200\n") && answer.contains("{\"id\":42,\"same\":"), "{answer}");
    assert_eq!(text(&run(&seeded).stdout), answer);

    let output = run(&[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        text(&output.stderr).contains("pet.rhai:1:37: nothing can be generated"),
        "{}",
        text(&output.stderr)
    );
    let output = run(&["--spec", spec, "--operation", "nothing"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("no operation `nothing`"), "{}", text(&output.stderr));
}

#[test]
fn a_budget_that_is_used_up_is_named() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("req.http"), "GET /\n\n").unwrap();
    fs::write(folder.path().join("loop.rhai"), "fn handle(req, ctx) { loop { let a = 1; } }").unwrap();
    let output = script(folder.path(), &["run", "loop.rhai", "--request", "req.http"]);
    let told = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.starts_with("error: loop.rhai:1:") && told.contains("[budget: "), "{told}");
}
