//! `mocker version`: which build this is.

use std::process::Command;

use regex::Regex;

fn said(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_mocker")).args(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn version_commit_and_day_are_told() {
    let line = r"0\.1\.0 \(commit: ([0-9a-f]{7,12}|unknown), built: (\d{4}-\d\d-\d\d|unknown)\)\n$";
    let told = said(&["version"]);
    assert!(Regex::new(&format!("^mocker version {line}")).unwrap().is_match(&told), "{told}");
    assert_eq!(said(&["--version"]), told);
    let json: serde_json::Value = serde_json::from_str(&said(&["version", "--json"])).unwrap();
    let text = |name: &str| json[name].as_str().unwrap().to_owned();
    let (version, commit, built) = (text("version"), text("commit"), text("built"));
    assert_eq!(told, format!("mocker version {version} (commit: {commit}, built: {built})\n"));
    if !std::path::Path::new(".git").exists() {
        eprintln!("SKIPPED: no checkout to hold the commit against");
        return;
    }
    let mut git = Command::new("git");
    git.args(["show", "-s", "--format=%cd", "--date=format-local:%Y-%m-%d", &commit]).env("TZ", "UTC");
    let day = git.output().unwrap();
    if std::env::var_os("SOURCE_DATE_EPOCH").is_none() {
        assert_eq!(String::from_utf8(day.stdout).unwrap().trim(), built);
    }
}
