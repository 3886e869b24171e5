//! `mocker completion`: shells take the scripts, and complete by them.

use std::path::Path;
use std::process::{Command, Output};

use crate::command::{mocker, text};

fn script(shell: &str) -> String {
    let output = mocker(&["completion", shell]);
    assert_eq!(output.status.code(), Some(0), "{shell}");
    text(&output.stdout)
}

#[test]
fn shells_take_the_scripts() {
    for shell in ["bash", "zsh", "fish"] {
        let script = script(shell);
        assert!(script.contains("exclude-endpoint") && script.contains("candidates"), "{shell}: {script}");
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), script).unwrap();
        match Command::new(shell).arg("-n").arg(file.path()).output() {
            Ok(output) => assert!(output.status.success(), "{shell}: {}", text(&output.stderr)),
            Err(_) => eprintln!("SKIPPED: there is no {shell} here to take its script"),
        }
    }
}

/// What bash would offer behind these words, the last of which is being typed.
fn offered(folder: &Path, words: &[&str]) -> Vec<String> {
    let array: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
    let last = words.len() - 1;
    let (current, previous) = (words[last], words[last - 1]);
    let program = format!(
        "source ./script; COMP_WORDS=({}); COMP_CWORD={last}; COMP_LINE='{}'; COMP_POINT=${{#COMP_LINE}}
        _mocker_named mocker '{current}' '{previous}'; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        array.join(" "),
        words.join(" "),
    );
    let binary = Path::new(env!("CARGO_BIN_EXE_mocker")).parent().unwrap();
    let path = format!("{}:{}", binary.display(), std::env::var("PATH").unwrap());
    let mut bash = Command::new("bash");
    let Output { stdout, stderr, .. } =
        bash.args(["-c", &program]).current_dir(folder).env("PATH", path).output().unwrap();
    assert!(stderr.is_empty(), "{words:?}: {}", text(&stderr));
    text(&stdout).lines().map(str::to_owned).collect()
}

#[test]
fn bash_completes() {
    if Command::new("bash").arg("--version").output().is_err() {
        eprintln!("SKIPPED: there is no bash here to complete by");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("script"), script("bash")).unwrap();
    std::fs::copy("specs/petstore/openapi.yaml", folder.join("openapi.yaml")).unwrap();
    let scenario = |name: &str| format!("    - {{ name: {name}, type: reset, endpoints: [getPet] }}\n");
    let scenarios: String = ["slow-pets", "lost-pets"].into_iter().map(scenario).collect();
    let configuration = format!("specs: [openapi.yaml]\nchaos:\n  scenarios:\n{scenarios}");
    std::fs::write(folder.join("mocker.yaml"), configuration).unwrap();
    let elsewhere = format!("specs: [openapi.yaml]\nchaos:\n  scenarios:\n{}", scenario("elsewhere"));
    std::fs::write(folder.join("other.yaml"), elsewhere).unwrap();
    for (words, expected) in [
        (&["mocker", "exp"][..], &["explain"][..]),
        (&["mocker", "chaos", "start", "--scenario", ""], &["slow-pets", "lost-pets"]),
        (&["mocker", "chaos", "start", "--scenario", "s"], &["slow-pets"]),
        (&["mocker", "chaos", "start", "--scenario", "=", "l"], &["lost-pets"]),
        (&["mocker", "load-test", "--endpoint", "listP"], &["listPets"]),
        (&["mocker", "script", "run", "x.rhai", "--operation", "getP"], &["getPet"]),
        (&["mocker", "chaos", "start", "--config", "=", "other.yaml", "--scenario", ""], &["elsewhere"]),
        (&["mocker", "chaos", "start", "--config", "other.yaml", "--scenario", "s"], &[]),
        (&["mocker", "script", "run", "x.rhai", "--spec", "gone.yaml", "--operation", "getP"], &[]),
        (&["mocker", "start", "--base-p"], &["--base-path"]),
        (&["mocker", "start", "--driver", "io"], &["io-uring"]),
        (&["mocker", "start", "--config", "mock"], &["mocker.yaml"]),
        (&["mocker", "completion", "f"], &["fish"]),
        (&["mocker", "cand"], &[]),
    ] {
        let mut offered = offered(folder, words);
        offered.retain(|offer| !offer.is_empty());
        assert_eq!(offered, expected, "{words:?}");
    }
}

/// What documents say is not ours: a shell that completes by it runs nothing of it.
#[test]
fn names_are_not_run() {
    const HOSTILE: [&str; 7] =
        ["$(touch${IFS}PWNED)", "`touch PWNED`", "a;touch PWNED", "x$IFS*", "'quoted\" name", "plain", "-n"];
    if Command::new("bash").arg("--version").output().is_err() {
        eprintln!("SKIPPED: there is no bash here to complete by");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("script"), script("bash")).unwrap();
    let operation = |(index, name): (usize, &&str)| {
        let id = serde_json::Value::from(*name);
        format!("  /{index}: {{get: {{operationId: {id}, responses: {{'204': {{description: d}}}}}}}}\n")
    };
    let paths: String = HOSTILE.iter().chain(&["two\nlines\u{1b}[2J"]).enumerate().map(operation).collect();
    let document = format!("openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\npaths:\n{paths}");
    std::fs::write(folder.join("api.yaml"), document).unwrap();
    std::fs::write(folder.join("mocker.yaml"), "specs: api.yaml\n").unwrap();
    let offered = offered(folder, &["mocker", "load-test", "--endpoint", ""]);
    assert_eq!(offered.len(), HOSTILE.len(), "{offered:?}");
    // What stands on the line then is one word, and the name.
    for (offer, name) in offered.iter().zip(HOSTILE) {
        let line = format!("printf %s {offer}");
        let output = Command::new("bash").args(["-c", &line]).current_dir(folder).output().unwrap();
        assert_eq!(text(&output.stdout), name, "{offer}");
    }
    assert!(!folder.join("PWNED").exists());
}

/// Who is typing hears no faults: what cannot be read has no names.
#[test]
fn where_nothing_can_be_read_nothing_is_offered() {
    let folder = tempfile::tempdir().unwrap();
    let candidates = |kind: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mocker"));
        let output = command.args(["candidates", kind]).current_dir(folder.path()).output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        assert_eq!((text(&output.stdout), text(&output.stderr)), (String::new(), String::new()), "{kind}");
    };
    ["scenarios", "operations"].into_iter().for_each(candidates);
    let large = 4 * 1024 * 1024 + 1;
    let configurations =
        ["specs: [gone.yaml]", "specs: [http://127.0.0.1:9/a]", "nonsense: [", "specs: [large.yaml]"];
    std::fs::write(folder.path().join("large.yaml"), " ".repeat(large)).unwrap();
    for configuration in configurations {
        std::fs::write(folder.path().join("mocker.yaml"), configuration).unwrap();
        ["scenarios", "operations"].into_iter().for_each(candidates);
    }
}
