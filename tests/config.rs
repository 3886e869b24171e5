//! The configuration: files, variables and flags, and `mocker config`. `specs/config/good` has files that are valid;
//! beside each of `specs/config/bad` stands what is told of it. `MOCKER_BLESS=1` writes the latter anew.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, SystemTime};

use mocker_source::{FileId, parse, parse_toml};
use serde_json::{Map, Value, json};

use crate::client::get;
use crate::server::Server;

/// What the schema cannot tell, says the first line of such a file.
const BEYOND_SCHEMA: &str = "# The schema cannot tell";

/// `mocker` in an environment without variables of ours.
fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mocker"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("MOCKER_")) {
        command.env_remove(name);
    }
    command.args(arguments);
    command
}

fn mocker(arguments: &[&str]) -> Output {
    command(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Configurations of a folder of `specs/config`.
fn files(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(Path::new("specs/config").join(folder)).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let is_configuration = |path: &PathBuf| path.extension().is_some_and(|extension| extension != "expected");
    let mut files: Vec<PathBuf> = paths.filter(is_configuration).collect();
    files.sort();
    files
}

fn value_of(path: &Path) -> Option<Value> {
    let bytes = fs::read(path).unwrap();
    let is_toml = path.extension().is_some_and(|extension| extension == "toml");
    let (tree, faults) = if is_toml { parse_toml(FileId(0), &bytes) } else { parse(FileId(0), &bytes) };
    let is_readable = !faults.iter().any(|fault| fault.is_error());
    is_readable.then(|| tree.root().to_json()).filter(|value| !value.is_null())
}

fn schema() -> Value {
    serde_json::from_slice(&mocker(&["config", "schema"]).stdout).unwrap()
}

/// Every setting by its path, with `value` and `from`.
fn shown(mut command: Command) -> Map<String, Value> {
    let output = command.args(["--format", "json"]).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn good_files_are_valid_and_the_schema_agrees() {
    let schema = jsonschema::validator_for(&schema()).unwrap();
    let files = files("good");
    assert!(files.len() >= 5, "{files:?}");
    for file in files {
        let name = file.to_str().unwrap();
        let output = mocker(&["config", "validate", name]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
        assert_eq!(text(&output.stdout), format!("{name}: 0 errors, 0 warnings\n"));
        if let Some(value) = value_of(&file) {
            let faults: Vec<String> = schema
                .iter_errors(&value)
                .map(|fault| format!("{fault} at {}", fault.instance_path()))
                .collect();
            assert!(faults.is_empty(), "{name}: {faults:?}");
        }
    }
}

#[test]
fn every_fault_of_a_bad_file_is_told_and_the_schema_agrees() {
    let schema = jsonschema::validator_for(&schema()).unwrap();
    let mut wrong = Vec::new();
    let files = files("bad");
    assert!(files.len() >= 12, "{files:?}");
    for file in files {
        let name = file.to_str().unwrap();
        let output = mocker(&["config", "validate", name]);
        let told = text(&output.stdout).replace("specs/config/bad/", "");
        assert_eq!(output.status.code(), Some(1), "{told}");
        let expected =
            file.with_file_name(format!("{}.expected", file.file_name().unwrap().to_str().unwrap()));
        if std::env::var_os("MOCKER_BLESS").is_some() {
            fs::write(&expected, &told).unwrap();
        }
        if fs::read_to_string(&expected).unwrap_or_default() != told {
            wrong.push(format!("{name} is told as\n{told}"));
        }
        let is_beyond = fs::read_to_string(&file).unwrap().starts_with(BEYOND_SCHEMA);
        if value_of(&file).is_some_and(|value| schema.is_valid(&value) != is_beyond) {
            wrong.push(format!("{name}: the schema says something else"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// Each line of `specs/config/one-fault.txt` is a configuration in YAML with one fault, which both find.
#[test]
fn the_schema_refuses_each_fault_by_itself() {
    let schema = jsonschema::validator_for(&schema()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let lines = fs::read_to_string("specs/config/one-fault.txt").unwrap();
    assert!(lines.lines().count() > 30);
    for line in lines.lines() {
        let file = folder.path().join("mocker.yaml");
        fs::write(&file, line).unwrap();
        let output = mocker(&["config", "validate", file.to_str().unwrap()]);
        assert!(
            text(&output.stdout).ends_with(": 1 error, 0 warnings\n"),
            "{line}\n{}",
            text(&output.stdout)
        );
        assert!(!schema.is_valid(&value_of(&file).unwrap()), "the schema takes {line}");
    }
}

#[test]
fn the_schema_is_one_and_is_shipped() {
    let schema = schema();
    assert!(jsonschema::meta::is_valid(&schema));
    let shipped: Value =
        serde_json::from_str(&fs::read_to_string("docs/mocker.schema.json").unwrap()).unwrap();
    assert_eq!(schema, shipped);
}

#[test]
fn so_many_faults_are_listed_and_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mocker.yaml");
    for (faults, lines) in [(200, 200), (201, 201), (5_000, 201)] {
        let keys: String = (0..faults).map(|number| format!("unknown{number}: 1\n")).collect();
        fs::write(&file, keys).unwrap();
        let told = text(&mocker(&["config", "validate", file.to_str().unwrap()]).stdout);
        assert_eq!(told.matches("error: ").count(), lines, "{faults}");
        assert_eq!(told.contains("there are more than 200 faults"), faults > 200);
    }
}

#[test]
fn machines_are_told_the_same() {
    let output = mocker(&["config", "validate", "--format", "json", "specs/config/bad/positions.toml"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["errors"], 4);
    let first = &report["diagnostics"][0];
    assert_eq!(
        (&first["line"], &first["column"], &first["code"]),
        (&json!(1), &json!(1), &json!("config-unknown-key"))
    );
}

#[test]
fn flags_go_before_variables_before_the_file_before_defaults() {
    let file = "specs/config/good/full.yaml";
    let show = |flags: &[&str], variables: &[(&str, &str)]| {
        let mut command = command(&["config", "show", "--config", file]);
        command.args(flags).envs(variables.iter().copied());
        let shown = shown(command);
        (shown["server.max_head_size"].clone(), shown["generation.mode"].clone(), shown["state.keys"].clone())
    };
    let variables = [("MOCKER_SERVER_MAX_HEAD_SIZE", "1KiB"), ("MOCKER_GENERATION_MODE", "static")];
    let (head, mode, keys) = show(&[], &[]);
    assert_eq!(head, json!({ "value": "64KiB", "from": format!("{file}:12:18") }));
    assert_eq!(mode, json!({ "value": "realistic", "from": format!("{file}:39:9") }));
    assert_eq!(keys, json!({ "value": 100_000, "from": "default" }));
    let (head, mode, _) = show(&[], &variables);
    assert_eq!(head, json!({ "value": "1KiB", "from": "MOCKER_SERVER_MAX_HEAD_SIZE" }));
    assert_eq!(mode, json!({ "value": "static", "from": "MOCKER_GENERATION_MODE" }));
    let (head, mode, _) = show(&["--max-head-size", "512", "-d"], &variables);
    assert_eq!(head, json!({ "value": "512B", "from": "--max-head-size" }));
    assert_eq!(mode, json!({ "value": "dynamic", "from": "--dynamic" }));
}

/// What a file says can be said by variables too, setting by setting.
#[test]
fn every_setting_has_its_variable() {
    let of_file = shown(command(&["config", "show", "--config", "specs/config/good/full.yaml"]));
    let mut with_variables = command(&["config", "show"]);
    // Masked
    let is_tried = |path: &str| path != "plugins";
    for (path, row) in of_file.iter().filter(|(path, _)| is_tried(path)) {
        let value = match &row["value"] {
            Value::String(text) => text.clone(),
            Value::Array(texts) if texts.iter().all(Value::is_string) => {
                texts.iter().map(|text| text.as_str().unwrap()).collect::<Vec<_>>().join(",")
            }
            other => other.to_string(),
        };
        with_variables.env(format!("MOCKER_{}", path.replace('.', "_").to_uppercase()), value);
    }
    let of_variables = shown(with_variables);
    assert!(of_file.len() > 45);
    for (path, row) in of_file.iter().filter(|(path, _)| is_tried(path)) {
        assert_eq!(row["value"], of_variables[path]["value"], "{path}");
        assert!(of_variables[path]["from"].as_str().unwrap().starts_with("MOCKER_"), "{path}");
    }
}

/// What flags give is what variables and files give: every flag of `start` appears in `config show`.
#[test]
fn every_flag_is_a_setting() {
    let flags = [
        ("--host ::1", "server.host", json!("::1")),
        ("-t 3", "server.threads", json!(3)),
        ("--base-path /x/", "server.base_path", json!("/x/")),
        ("--driver epoll", "server.driver", json!("epoll")),
        ("--no-callbacks", "server.callbacks", json!(false)),
        ("--cors=false", "server.cors", json!(false)),
        ("--cors", "server.cors", json!(true)),
        ("--strict-head", "server.strict_head", json!(true)),
        ("--idle-timeout 2.5", "server.idle_timeout", json!("2s500ms")),
        ("--max-body-size 10MB", "server.max_body_size", json!("10MB")),
        ("-s a -s b", "specs", json!(["a", "b"])),
        ("--validate-request false", "validation.requests", json!("off")),
        ("--errors", "validation.errors", json!(true)),
        ("--seed abc", "generation.seed", json!("abc")),
        ("--fresh", "generation.fresh", json!(true)),
        ("--static", "generation.mode", json!("static")),
        ("--ignoreExamples", "generation.ignore_examples", json!(true)),
        ("--no-example-match", "generation.match_examples", json!(false)),
        ("--json-schema-faker-fillProperties false", "generation.fill_properties", json!(false)),
        ("--scripts x/", "scripting.dir", json!("x/")),
        ("--admin off", "admin.address", json!("off")),
    ];
    for (flag, path, expected) in flags {
        let mut command = command(&["config", "show"]);
        command.args(flag.split(' '));
        let row = shown(command)[path].clone();
        assert_eq!(row["value"], expected, "{flag}");
        assert!(row["from"].as_str().unwrap().starts_with("--"), "{flag}");
    }
}

#[test]
fn variables_are_told_like_files() {
    let mut faulty = command(&["start", "specs/petstore/openapi.yaml"]);
    faulty
        .env("MOCKER_SERVER_PORT", "x")
        .env("MOCKER_STATE_SCOPE", "{heder: a}")
        .env("MOCKER_SERVER_HOTS", "y");
    let output = faulty.output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let told = text(&output.stderr);
    for expected in [
        "error: MOCKER_SERVER_PORT cannot be `x` [config-variable]\n    help: give a whole number from 0 to 65535",
        "MOCKER_STATE_SCOPE:1:2: error: `state.scope` has no setting `heder`",
        "did you mean `header`?",
        "warning: MOCKER_SERVER_HOTS is no setting [config-variable]\n    help: did you mean `MOCKER_SERVER_HOST`?",
    ] {
        assert!(told.contains(expected), "{expected}\n\n{told}");
    }
}

#[test]
fn a_variable_may_name_the_file_of_its_value() {
    let folder = tempfile::tempdir().unwrap();
    let (port, secret) = (folder.path().join("port"), folder.path().join("secret"));
    fs::write(&port, "3001\n").unwrap();
    fs::write(&secret, "hush\n").unwrap();
    let mut with_files = command(&["config", "show"]);
    with_files
        .env("MOCKER_SERVER_PORT_FILE", &port)
        .env("MOCKER_PLUGINS", "[{name: jwt}, {name: jwt-admin, builtin: jwt}]");
    with_files.env("MOCKER_PLUGINS_JWT_SECRET_FILE", &secret).env("MOCKER_PLUGINS_JWT_REALM", "pets");
    with_files.env("MOCKER_PLUGINS_JWT_ADMIN_REALM_FILE", &secret).env("MOCKER_PLUGINS_JWT_ISSUER", "");
    with_files.env("MOCKER_SERVER_HOST_FILE", "").env("MOCKER_SERVER_HOST", "");
    let shown = shown(with_files);
    assert_eq!(shown["server.port"], json!({ "value": 3001, "from": "MOCKER_SERVER_PORT_FILE" }));
    let plugins = json!([
        { "name": "jwt", "config": { "secret": "********", "realm": "pets" } },
        { "name": "jwt-admin", "builtin": "jwt", "config": { "realm": "********" } },
    ]);
    assert_eq!(
        shown["plugins"]["value"], plugins,
        "what a file keeps is a secret, and what is empty is none"
    );
    assert_eq!(shown["server.host"]["from"], "default");

    let output = command(&["config", "show"]).env("MOCKER_SERVER_PORT_FILE", "no/such").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        text(&output.stderr),
        "error: MOCKER_SERVER_PORT_FILE: no/such cannot be read: no such file [config-variable]\n"
    );
}

#[test]
fn what_is_wrong_with_one_variable_hides_nothing_else() {
    use std::os::unix::ffi::OsStrExt;

    let mut faulty = command(&["config", "show"]);
    faulty
        .env("MOCKER_ADMIN_TOKEN", std::ffi::OsStr::from_bytes(b"s\xff"))
        .env("MOCKER_SERVER_HOST_FILE", "no/such");
    faulty.env("MOCKER_PLUGINS", "[{name: jwt}]").env("MOCKER_PLUGINS_JWT_SECRET_FILE", "no/secret");
    let output = faulty.env("MOCKER_SERVER_PORT", "x").output().unwrap();
    let told = text(&output.stderr);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0), "{told}");
    for expected in [
        "error: the value of MOCKER_ADMIN_TOKEN is not UTF-8 [config-variable]",
        "error: MOCKER_SERVER_HOST_FILE: no/such cannot be read: no such file [config-variable]",
        "error: MOCKER_PLUGINS_JWT_SECRET_FILE: no/secret cannot be read: no such file [config-variable]",
        "error: MOCKER_SERVER_PORT cannot be `x` [config-variable]",
    ] {
        assert!(told.contains(expected), "{expected}\n\n{told}");
    }
    // A server that has a token is not asked without it.
    let mut status = command(&["status", "--admin", "127.0.0.1:1"]);
    let output = status.env("MOCKER_ADMIN_TOKEN_FILE", "no/such").output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
}

#[test]
fn paths_of_the_file_start_at_it() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("conf")).unwrap();
    let file = folder.path().join("conf/mocker.yaml");
    for (address, expected) in [
        ("unix:run/m.sock", "unix:conf/run/m.sock"),
        ("unix:/run/m.sock", "unix:/run/m.sock"),
        ("127.0.0.1:9091", "127.0.0.1:9091"),
        ("off", "off"),
    ] {
        fs::write(&file, format!("admin: {{address: '{address}'}}\n")).unwrap();
        let mut show = command(&["config", "show", "--config", "conf/mocker.yaml"]);
        show.current_dir(&folder);
        assert_eq!(shown(show)["admin.address"]["value"], expected);
    }
    let mut show = command(&["config", "show", "--config", "conf/mocker.yaml"]);
    show.current_dir(&folder).env("MOCKER_ADMIN_ADDRESS", "unix:run/m.sock");
    assert_eq!(shown(show)["admin.address"]["value"], "unix:run/m.sock");
}

#[test]
fn secrets_in_urls_are_not_shown() {
    let url = "http://ann:s3cret@127.0.0.1:1/api.yaml?token=s3cret";
    let shown_url = "http://********@127.0.0.1:1/api.yaml?token=********";
    for (arguments, code) in [(&["config", "show"][..], 0), (&["start"], 2), (&["check"], 2)] {
        let output = command(arguments).env("MOCKER_SPECS", url).output().unwrap();
        let told = text(&output.stdout) + &text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{told}");
        assert!(told.contains(shown_url) && !told.contains("s3cret"), "{told}");
    }
}

#[test]
fn nothing_is_shown_of_what_does_not_hold() {
    let output = mocker(&["config", "show", "--config", "specs/config/bad/positions.json"]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    assert_eq!(text(&output.stderr).matches("error: ").count(), 3, "{}", text(&output.stderr));
}

#[test]
fn secrets_are_not_shown() {
    let output = mocker(&["config", "show", "--config", "specs/config/good/full.yaml"]);
    let told = text(&output.stdout);
    assert!(told.contains("********") && !told.contains("not-to-be-shown"), "{told}");
}

#[test]
fn init_writes_a_file_of_comments_and_overwrites_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| command(arguments).current_dir(&folder).output().unwrap();
    assert_eq!(run(&["config", "init"]).status.code(), Some(0));
    let file = folder.path().join("mocker.yaml");
    let written = fs::read_to_string(&file).unwrap();
    assert!(written.lines().all(|line| line.is_empty() || line.starts_with('#')), "{written}");
    assert_eq!(run(&["config", "validate"]).status.code(), Some(0));

    fs::write(&file, "mine").unwrap();
    let output = run(&["config", "init"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(text(&output.stderr), "error: mocker.yaml is there already; --force overwrites it\n");
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
    assert_eq!(run(&["config", "init", "--force"]).status.code(), Some(0));
    assert_eq!(fs::read_to_string(&file).unwrap(), written);
    assert_eq!(run(&["config", "init", "mocker.toml"]).status.code(), Some(2));
}

#[test]
fn what_init_writes_is_valid_without_its_comment_signs() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| command(arguments).current_dir(&folder).output().unwrap();
    run(&["config", "init"]);
    let file = folder.path().join("mocker.yaml");
    let written = fs::read_to_string(&file).unwrap();
    let settings = written.lines().filter(|line| !line.starts_with("# "));
    let bare: Vec<&str> = settings.map(|line| line.strip_prefix('#').unwrap_or(line)).collect();
    fs::write(&file, bare.join("\n")).unwrap();
    let output = run(&["config", "validate"]);
    assert_eq!(text(&output.stdout), "mocker.yaml: 0 errors, 0 warnings\n", "{}", bare.join("\n"));
    let schema = jsonschema::validator_for(&schema()).unwrap();
    let faults: Vec<String> =
        schema.iter_errors(&value_of(&file).unwrap()).map(|fault| fault.to_string()).collect();
    assert!(faults.is_empty(), "{faults:?}");
}

#[test]
fn without_a_configuration_it_is_said() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [&["config", "validate"][..], &["config", "edit"]] {
        let output = command(arguments).current_dir(&folder).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output.stderr).contains("there is no mocker.yaml here"), "{}", text(&output.stderr));
    }
    let output = command(&["start"]).current_dir(&folder).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        text(&output.stderr).contains("nothing to serve: give `--spec FILE`"),
        "{}",
        text(&output.stderr)
    );
    let output = command(&["start", "--config", "no.yaml"]).current_dir(&folder).output().unwrap();
    assert_eq!(text(&output.stderr), "error: no.yaml cannot be read: no such file\n");
    let output = command(&["start", "--config", "mocker.ini"]).current_dir(&folder).output().unwrap();
    assert!(text(&output.stderr).contains("a configuration is called .yaml, .yml, .json or .toml"));
}

/// A folder with a configuration, and an editor that writes what it is told to.
struct Edited {
    folder: tempfile::TempDir,
}

impl Edited {
    fn new() -> Edited {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("mocker.yaml"), "server:\n  port: 1\n").unwrap();
        Edited { folder }
    }

    /// Edits with a script that has the copy's name in `$1`.
    fn edit(&self, script: &str) -> Output {
        let editor = self.folder.path().join("an editor");
        fs::write(&editor, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&editor, fs::Permissions::from_mode(0o755)).unwrap();
        let mut edit = command(&["config", "edit"]);
        edit.current_dir(&self.folder).env("EDITOR", "'./an editor'").env_remove("VISUAL").output().unwrap()
    }

    fn file(&self) -> String {
        fs::read_to_string(self.folder.path().join("mocker.yaml")).unwrap()
    }

    fn rejected(&self) -> Option<String> {
        fs::read_to_string(self.folder.path().join("mocker.edited.yaml")).ok()
    }
}

#[test]
fn a_valid_edit_takes_the_place_of_the_file() {
    let edited = Edited::new();
    let output = edited.edit("sed -i 's/1/2/' \"$1\"");
    assert_eq!(text(&output.stdout), "mocker.yaml is replaced\n", "{}", text(&output.stderr));
    assert_eq!((edited.file().as_str(), edited.rejected()), ("server:\n  port: 2\n", None));
    let output = edited.edit("true");
    assert_eq!(text(&output.stdout), "mocker.yaml is as it was\n");
    assert_eq!(edited.rejected(), None);
}

#[test]
fn an_invalid_edit_is_kept_aside_and_opened_again() {
    let edited = Edited::new();
    let output = edited.edit("sed -i 's/port/prot/' \"$1\"");
    let told = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("mocker.edited.yaml:2:3: error: `server` has no setting `prot`"), "{told}");
    assert!(told.ends_with("mocker.yaml is as it was; what you wrote is in mocker.edited.yaml\n"), "{told}");
    assert_eq!(edited.file(), "server:\n  port: 1\n");
    assert_eq!(edited.rejected().as_deref(), Some("server:\n  prot: 1\n"));

    let output = edited.edit("sed -i 's/prot: 1/port: 3/' \"$1\"");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_eq!((edited.file().as_str(), edited.rejected()), ("server:\n  port: 3\n", None));
}

#[test]
fn what_others_wrote_meanwhile_is_not_replaced() {
    let edited = Edited::new();
    edited.edit("sed -i 's/port/prot/' \"$1\"");
    // A rejected copy is of what the file was then.
    let file = edited.folder.path().join("mocker.yaml");
    fs::write(&file, "server:\n  port: 9\n").unwrap();
    fs::File::open(&file).unwrap().set_modified(SystemTime::now() + Duration::from_secs(60)).unwrap();
    let output = edited.edit("sed -i 's/prot/port/' \"$1\"");
    let told = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains("mocker.edited.yaml was rejected before, and mocker.yaml is newer"), "{told}");
    assert_eq!(edited.file(), "server:\n  port: 9\n");
    fs::remove_file(edited.folder.path().join("mocker.edited.yaml")).unwrap();
    // The same while the editor is open: what was written is kept, and is of the file as it was.
    let output = edited.edit("sed -i 's/9/10/' \"$1\"; printf 'server: {port: 11}\\n' > mocker.yaml");
    let told = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(
        told.ends_with("mocker.yaml was changed meanwhile; what you wrote is in mocker.edited.yaml\n"),
        "{told}"
    );
    assert_eq!(edited.file(), "server: {port: 11}\n");
    assert_eq!(edited.rejected().as_deref(), Some("server:\n  port: 10\n"));
}

#[test]
fn an_editor_that_fails_changes_nothing() {
    let edited = Edited::new();
    let output = edited.edit("echo x > \"$1\"; exit 3");
    assert_eq!(output.status.code(), Some(2));
    assert!(
        text(&output.stderr).contains("failed; the configuration is as it was"),
        "{}",
        text(&output.stderr)
    );
    assert_eq!(edited.file(), "server:\n  port: 1\n");
    let mut edit = command(&["config", "edit"]);
    edit.current_dir(&edited.folder).env_remove("EDITOR").env_remove("VISUAL");
    let output = edit.output().unwrap();
    assert!(text(&output.stderr).contains("set VISUAL or EDITOR"), "{}", text(&output.stderr));
}

#[test]
fn start_serves_what_the_configuration_names() {
    // The full one names a plugin that is not there.
    for name in ["small.toml", "small.json"] {
        let server = Server::spawn(command(&["start", "--config", &format!("specs/config/good/{name}")]));
        assert!(server.start_line.contains("http://127.0.0.1:"), "{}", server.start_line);
        let answer = get(server.address, "/pets");
        assert_eq!(answer.status, 200, "{name}");
        assert!(answer.header("access-control-allow-origin").is_some(), "{name}");
    }
}

#[test]
fn start_finds_the_configuration_of_its_folder_and_flags_win() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("api")).unwrap();
    fs::copy("specs/petstore/openapi.yaml", folder.path().join("api/pets.yaml")).unwrap();
    let configuration =
        "specs: api/pets.yaml\nserver: { host: 127.0.0.1, port: 1, cors: true, threads: 1 }\n";
    fs::write(folder.path().join("mocker.yaml"), configuration).unwrap();
    let mut start = command(&["start", "--port", "0", "--cors=false"]);
    start.current_dir(&folder);
    let server = Server::spawn(start);
    let answer = get(server.address, "/pets");
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("access-control-allow-origin"), None);

    // Named from elsewhere, its paths are still its own.
    let mut start = command(&["start", "-p", "0"]);
    start.env("MOCKER_CONFIG", folder.path().join("mocker.yaml"));
    let server = Server::spawn(start);
    assert_eq!(get(server.address, "/pets").status, 200);
}

#[test]
fn start_tells_all_faults_and_serves_nothing() {
    let output =
        mocker(&["start", "--config", "specs/config/bad/unknown-keys.yaml", "specs/petstore/openapi.yaml"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    assert!(text(&output.stderr).matches(": error: ").count() >= 10, "{}", text(&output.stderr));
}
