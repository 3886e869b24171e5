//! What a running server watches besides documents: files of variables, and a configuration that comes later.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::behaviours::{serving_in, write};
use crate::client::Client;
use crate::server::{ADMIN, FORMAT, Server};

const SPEC: &str = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n  /one: {get: {responses: {'204': {description: d}}}}\n";

fn asked(server: &Server, field: &str) -> (u16, Option<String>) {
    let answer = Client::connect(server.address).ask("GET", "/one", "");
    (answer.status, answer.header(field).map(str::to_owned))
}

#[test]
fn files_of_variables_are_watched() {
    let secrets = tempfile::tempdir().unwrap();
    let at = |name: &str| secrets.path().join(name).to_str().unwrap().to_owned();
    // As Kubernetes mounts a Secret: each file is a link through a folder that is a link.
    for (version, realm) in [("v1", "first"), ("v2", "second")] {
        write(secrets.path(), &format!("{version}/realm"), realm);
    }
    std::os::unix::fs::symlink("v1", at("data")).unwrap();
    std::os::unix::fs::symlink("data/realm", at("realm")).unwrap();
    write(secrets.path(), "token", "a long token of the admin");
    let configuration = "specs: api.yaml\nplugins: [{name: basic, config: {users: {ann: swordfish}}}]\n";
    let (server, _folder) = serving_in(
        &[("api.yaml", SPEC), ("mocker.yaml", configuration)],
        &[("MOCKER_PLUGINS_BASIC_REALM_FILE", &at("realm")), ("MOCKER_ADMIN_TOKEN_FILE", &at("token"))],
    );
    let realm = || asked(&server, "WWW-Authenticate").1.unwrap();
    assert!(realm().contains("first"), "{}", realm());
    std::os::unix::fs::symlink("v2", at("data~")).unwrap();
    std::fs::rename(at("data~"), at("data")).unwrap();
    let told = server.heard("reloaded (");
    assert!(told.starts_with("reloaded (") && told.contains("/realm changed)"), "{told}");
    assert!(realm().contains("second"), "{}", realm());
    // What is emptied before it is written, and what goes away, takes nothing with it.
    for (spoil, fault) in [(Some(""), "says nothing"), (None, "no such file")] {
        match spoil {
            Some(text) => write(secrets.path(), "v2/realm", text),
            None => std::fs::remove_file(at("v2/realm")).unwrap(),
        }
        let told = server.heard("MOCKER_PLUGINS_BASIC_REALM_FILE");
        assert!(told.contains(fault), "{told}");
        server.heard("not reloaded (");
        assert!(realm().contains("second"), "{}", realm());
    }
    write(secrets.path(), "v2/realm", "third\n");
    server.heard("realm changed)");
    assert!(realm().contains("third"), "{}", realm());
    write(secrets.path(), "token", "another token of the admin");
    server.heard("warning: admin.token is what it was until the next start");
    server.heard("token changed)");
}

/// `mocker start api.yaml` in a folder without a configuration.
fn unconfigured(folder: &Path) -> Server {
    write(folder, "api.yaml", SPEC);
    let mut command = Command::new(env!("CARGO_BIN_EXE_mocker"));
    command.args(["start", "--host", "127.0.0.1", "--port", "0", "api.yaml"]).current_dir(folder);
    command.stderr(Stdio::piped());
    Server::spawn(command)
}

#[test]
fn a_configuration_that_comes_later_is_taken() {
    let answering = |status: u16| format!("responses: {{GET /one: {{variants: [{{status: {status}}}]}}}}\n");
    for (name, text) in [
        ("mocker.yaml", answering(202)),
        ("mocker.yml", answering(202)),
        ("mocker.json", r#"{"responses": {"GET /one": {"variants": [{"status": 202}]}}}"#.to_owned()),
        ("mocker.toml", "[[responses.'GET /one'.variants]]\nstatus = 202\n".to_owned()),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let server = unconfigured(folder.path());
        assert_eq!(asked(&server, "X").0, 204);
        write(folder.path(), "unrelated.yaml", "of no concern\n");
        write(folder.path(), name, &text);
        server.heard(&format!("reloaded ({name} changed): 1 operation, 1 changed (GET /one)"));
        assert_eq!(asked(&server, "X").0, 202, "{name}");
    }
}

#[test]
fn a_configuration_that_comes_later_is_held_to_the_rules_of_an_edit() {
    let folder = tempfile::tempdir().unwrap();
    let server = unconfigured(folder.path());
    // As editors do that make a file before they write it: nothing is lost, nothing is gained.
    write(folder.path(), "mocker.yaml", "");
    server.heard("reloaded (mocker.yaml changed): 1 operation, in");
    write(folder.path(), "mocker.yaml", "responses: [");
    server.heard("mocker.yaml:1:13: error: this is not YAML");
    server.heard("not reloaded (mocker.yaml changed)");
    assert_eq!(asked(&server, "X").0, 204);
    write(folder.path(), "mocker.yaml", "server: {threads: 7}\ncors: true\n");
    server.heard("mocker.yaml:2:1: error: there is no section `cors`");
    server.heard("not reloaded (mocker.yaml changed)");
    let sound = "server: {max_connections: 7}\nresponses: {GET /one: {variants: [{status: 202}]}}\n";
    write(folder.path(), "mocker.yaml", sound);
    server.heard("warning: server.max_connections is what it was until the next start");
    server.heard("1 changed (GET /one)");
    assert_eq!(asked(&server, "X").0, 202);
    // From now on it is the configuration that the server has.
    std::fs::remove_file(folder.path().join("mocker.yaml")).unwrap();
    server.heard("error: mocker.yaml cannot be read: no such file");
    server.heard("not reloaded (mocker.yaml changed)");
    assert_eq!(asked(&server, "X").0, 202);
}

#[test]
fn a_configuration_that_was_never_taken_may_go_again() {
    let folder = tempfile::tempdir().unwrap();
    let server = unconfigured(folder.path());
    write(folder.path(), "mocker.toml", "responses = [");
    server.heard("not reloaded (mocker.toml changed)");
    std::fs::remove_file(folder.path().join("mocker.toml")).unwrap();
    server.heard("reloaded (mocker.toml changed): 1 operation, in");
    // Nor is one lost that never said anything.
    for text in ["", "# nothing but a comment\n"] {
        write(folder.path(), "mocker.yml", text);
        server.heard("reloaded (mocker.yml changed): 1 operation, in");
        std::fs::remove_file(folder.path().join("mocker.yml")).unwrap();
        let told = server.heard("reloaded (mocker.yml changed)");
        assert!(told.starts_with("reloaded ("), "{told}");
    }
    write(folder.path(), "mocker.yaml", "responses: {GET /one: {variants: [{status: 202}]}}\n");
    server.heard("reloaded (mocker.yaml changed): 1 operation, 1 changed");
}

/// What `mocker start` says that is to fail; it must not hang.
fn refused(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> String {
    let mut command = Command::new("timeout");
    command.args(["60", env!("CARGO_BIN_EXE_mocker"), "start", "--port", "0"]).args(arguments);
    command.envs(variables.iter().copied()).env(ADMIN, "off").env(FORMAT, "human");
    let output = command.current_dir(folder).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn no_start_waits_for_a_pipe() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    write(folder.path(), "api.yaml", SPEC);
    for name in ["pipe", "pipe.yaml"] {
        assert!(Command::new("mkfifo").arg(at(name)).status().unwrap().success());
    }
    let regular = "must be a regular file";
    let named = "is a named pipe";
    for (arguments, variables, path, why) in [
        (&["--config", "pipe.yaml"][..], &[][..], "pipe.yaml", regular),
        (&["api.yaml"], &[("MOCKER_CONFIG", "pipe.yaml")], "pipe.yaml", regular),
        (&["pipe.yaml"], &[], "pipe.yaml", named),
        (&["api.yaml", "--tls-cert", "pipe", "--tls-key", "pipe"], &[], "pipe", named),
        (&["api.yaml", "--access-log", "json", "--access-file", "pipe"], &[], "pipe", "nobody reads"),
        (&["api.yaml", "--tls", "self-signed", "--tls-cert-out", "pipe"], &[], "pipe", "nobody reads"),
    ] {
        let told = refused(folder.path(), arguments, variables);
        assert!(told.contains(path) && told.contains(why), "{arguments:?}: {told}");
    }
    let told = refused(folder.path(), &["api.yaml"], &[("MOCKER_SERVER_HOST_FILE", "pipe")]);
    assert!(told.contains("MOCKER_SERVER_HOST_FILE: pipe cannot be read: is a named pipe"), "{told}");
    // One that would be looked for is not passed over.
    std::fs::rename(at("pipe.yaml"), at("mocker.yaml")).unwrap();
    let told = refused(folder.path(), &["api.yaml"], &[]);
    assert!(told.contains("mocker.yaml cannot be read") && told.contains(regular), "{told}");
}

#[test]
fn an_access_log_may_be_a_pipe_that_is_read() {
    use std::io::{BufRead, BufReader};

    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let mut reader = Command::new("cat").arg(&pipe).stdout(Stdio::piped()).spawn().unwrap();
    // Opened for both, it waits for nobody, and the reader has somebody who writes.
    let kept = std::fs::File::options().read(true).write(true).open(&pipe).unwrap();
    let configuration = "specs: api.yaml\nlogging: {access: json, access_file: pipe}\n";
    write(folder.path(), "api.yaml", SPEC);
    write(folder.path(), "mocker.yaml", configuration);
    let mut command = Command::new(env!("CARGO_BIN_EXE_mocker"));
    command.args(["start", "--host", "127.0.0.1", "--port", "0"]).current_dir(&folder);
    let server = Server::spawn_with_errors(command);
    drop(kept);
    let mut lines = BufReader::new(reader.stdout.take().unwrap()).lines();
    for _ in 0..2 {
        assert_eq!(asked(&server, "X").0, 204);
        let line = lines.next().unwrap().unwrap();
        assert!(line.contains("\"/one\""), "{line}");
        server.signal("HUP");
        server.heard("reloaded (SIGHUP)");
    }
    // The reader goes: reloads and answers do not wait for another.
    reader.kill().unwrap();
    reader.wait().unwrap();
    server.signal("HUP");
    server.heard("reloaded (SIGHUP)");
    assert_eq!(asked(&server, "X").0, 204);
}
