//! Files that change while the server runs: what is served then, and what is told.

use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use serde_json::json;

use crate::behaviours::{SPEC, serving, write};
use crate::client::{Client, get};
use crate::control::{PETSTORE, administered, ask};
use crate::server::Server;

#[test]
fn what_is_saved_is_served_and_what_is_broken_is_not() {
    let (server, folder) = serving(&[
        ("api.yaml", SPEC),
        ("mocker.yaml", "specs: api.yaml\nscripting: {dir: scripts}\n"),
        ("scripts/getB.rhai", "fn handle(req, ctx) { #{ b: 2 } }"),
    ]);
    let mut client = Client::connect(server.address);
    let b = |client: &mut Client| client.ask("GET", "/b", "").json()["b"].clone();
    assert_eq!(b(&mut client), 2);
    write(folder.path(), "scripts/getB.rhai", "fn handle(req, ctx) { #{ b: state::increment(\"b\") } }");
    server.heard("reloaded (");
    assert_eq!((b(&mut client), b(&mut client)), (json!(1), json!(2)));
    write(folder.path(), "scripts/getB.rhai", "fn handle(req, ctx) {\n  #{ b: \n}");
    assert!(server.heard("getB.rhai:").contains("error"), "the fault has its place");
    server.heard("not reloaded (");
    assert_eq!(b(&mut client), 3, "the last good one goes on, and so does its state");
    write(folder.path(), "scripts/getA.rhai", "fn handle(req, ctx) { #{ n: 1, fresh: true } }");
    write(folder.path(), "scripts/getB.rhai", "fn handle(req, ctx) { #{ b: 9 } }");
    server.heard("reloaded (scripts");
    while client.ask("GET", "/a/1", "").json()["fresh"] != true {
        server.heard("reloaded (scripts");
    }
    std::fs::remove_file(folder.path().join("scripts/getB.rhai")).unwrap();
    let told = server.heard("reloaded (");
    assert!(told.contains("3 operations"), "{told}");
    // What was written in two steps may have been reloaded in two.
    while b(&mut client) != 1 {
        server.heard("reloaded (");
    }
    let without_b = SPEC.split("  /b:").next().unwrap();
    write(
        folder.path(),
        "api.yaml",
        &format!("{without_b}  /c: {{get: {{responses: {{'204': {{description: d}}}}}}}}\n"),
    );
    let told = server.heard("reloaded (");
    assert!(told.contains("1 added (GET /c), 1 removed (GET /b)"), "{told}");
    assert_eq!((client.ask("GET", "/b", "").status, client.ask("GET", "/c", "").status), (404, 204));
    write(folder.path(), "mocker.yaml", "specs: api.yaml\nserver: {max_connections: 7}\n");
    server.heard("server.max_connections is what it was until the next start");
    server.signal("HUP");
    server.heard("reloaded (SIGHUP)");
}

#[test]
fn nobody_waits_for_a_pipe() {
    let (server, folder) = serving(&[
        ("api.yaml", SPEC),
        ("mocker.yaml", "specs: api.yaml\nscripts: {getB: b.rhai}\n"),
        ("b.rhai", "fn handle(req, ctx) { #{ b: 2 } }"),
    ]);
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for name in ["b.rhai", "api.yaml", "mocker.yaml"] {
        let file = folder.path().join(name);
        let text = std::fs::read_to_string(&file).unwrap();
        std::fs::hard_link(&pipe, folder.path().join("again")).unwrap();
        std::fs::rename(folder.path().join("again"), &file).unwrap();
        let told = server.heard("cannot be read");
        assert!(told.contains(name) && told.contains("is a pipe"), "{told}");
        server.heard("not reloaded (");
        write(folder.path(), name, &text);
        while !server.heard("reloaded (").starts_with("reloaded (") {}
    }
}

/// A document with one operation for each path.
fn document(paths: &[&str]) -> String {
    let operations: String = paths
        .iter()
        .map(|path| format!("  {path}: {{get: {{responses: {{'204': {{description: d}}}}}}}}\n"))
        .collect();
    format!("openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\npaths:\n{operations}")
}

fn status(server: &Server, path: &str) -> u16 {
    get(server.address, path).status
}

#[test]
fn a_document_that_is_broken_takes_nothing_away() {
    let (one, other) = (document(&["/one"]), document(&["/other"]));
    for broken in [
        "openapi: 3.1.0\npaths: [",
        "",
        "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {/other: {get: 1}}\n",
        // Cut at the end of a line, without an error: before its paths, in them, behind its components.
        "openapi: 3.1.0\ninfo: {title: T, version: '1'}\n",
        "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n",
        "openapi: 3.1.0\ninfo: {title: T, version: '1'}\ncomponents: {schemas: {}}\n",
    ] {
        for specs in ["specs: [one/api.yaml, other/api.yaml]\n", "specs: .\n"] {
            let (server, folder) =
                serving(&[("one/api.yaml", &one), ("other/api.yaml", &other), ("mocker.yaml", specs)]);
            write(folder.path(), "other/api.yaml", broken);
            server.heard("not reloaded (");
            assert_eq!((status(&server, "/one"), status(&server, "/other")), (204, 204), "{broken}");
            // What else changes waits for the repair, and the repair is seen.
            write(folder.path(), "one/api.yaml", &document(&["/one", "/new"]));
            server.heard("not reloaded (");
            assert_eq!(status(&server, "/new"), 404);
            write(folder.path(), "other/api.yaml", &document(&["/other", "/more"]));
            let told = server.heard("reloaded (");
            assert!(told.contains("2 added"), "{told}");
            assert_eq!((status(&server, "/new"), status(&server, "/more")), (204, 204), "{broken}");
        }
    }
}

#[test]
fn faults_that_were_there_at_the_start_hold_nothing_up() {
    let faulty = document(&["/other"]).replace("paths:\n", "paths:\n  /wrong: {get: 1}\n");
    let (server, folder) = serving(&[
        ("one.yaml", &document(&["/one"])),
        ("other.yaml", &faulty),
        ("broken.yaml", "openapi: 3.1.0\npaths: ["),
        ("mocker.yaml", "specs: [one.yaml, other.yaml, broken.yaml]\nscripts: {GET /one: none.rhai}\n"),
    ]);
    write(folder.path(), "one.yaml", &document(&["/one", "/two"]));
    let told = server.heard("reloaded (");
    assert!(told.starts_with("reloaded (one.yaml changed): 3 operations, 1 added (GET /two)"), "{told}");
    assert_eq!((status(&server, "/two"), status(&server, "/other")), (204, 204));
    write(folder.path(), "other.yaml", &faulty.replace("/wrong: {get: 1}", "/wrong: {get: 1, put: 1}"));
    server.heard("not reloaded (other.yaml changed)");
    write(folder.path(), "other.yaml", &document(&["/other", "/wrong"]));
    server.heard("1 added (GET /wrong)");
    write(folder.path(), "broken.yaml", &document(&["/whole"]));
    server.heard("1 added (GET /whole)");
    write(folder.path(), "none.rhai", "fn handle(req, ctx) { #{ status: 201, body: 1 } }");
    server.heard("reloaded (none.rhai changed)");
    assert_eq!(status(&server, "/one"), 201);
}

#[test]
fn what_is_added_to_folders_is_seen() {
    let (server, folder) = serving(&[
        ("specs/inner/api.yaml", SPEC),
        ("mocker.yaml", "specs: specs\nscripting: {dir: scripts}\n"),
    ]);
    let b = || get(server.address, "/b").json()["b"].clone();
    let script = |answer: &str| format!("fn handle(req, ctx) {{ #{{ b: \"{answer}\" }} }}");
    assert_eq!(b(), 1, "without the folder of scripts");
    write(folder.path(), "scripts/inner/lib.rhai", "fn nothing() { }");
    server.heard("reloaded (scripts changed)");
    write(folder.path(), "scripts/inner/getB.rhai", &script("added"));
    server.heard("reloaded (scripts/inner changed)");
    assert_eq!(b(), "added");
    write(folder.path(), "specs/inner/more.yaml", &document(&["/more"]));
    server.heard("1 added (GET /more)");
    assert_eq!(status(&server, "/more"), 204);
}

#[test]
fn a_configuration_is_watched_from_the_start() {
    let (server, folder) =
        serving(&[("api.yaml", &document(&["/one"])), ("mocker.yaml", "specs: api.yaml\n")]);
    write(
        folder.path(),
        "mocker.yaml",
        "specs: api.yaml\nresponses: {GET /one: {variants: [{status: 202}]}}\n",
    );
    server.heard("reloaded (mocker.yaml changed)");
    assert_eq!(status(&server, "/one"), 202);
    write(folder.path(), "mocker.yaml", "specs: [api.yaml, later.yaml]\n");
    server.heard("not reloaded (mocker.yaml changed)");
    write(folder.path(), "later.yaml", &document(&["/later"]));
    server.heard("reloaded (later.yaml changed)");
    assert_eq!((status(&server, "/one"), status(&server, "/later")), (204, 204));
}

#[test]
fn a_configuration_that_goes_away_takes_nothing_with_it() {
    let guarded = "specs: api.yaml\nplugins: [{name: basic, config: {users: {ann: swordfish}}}]\n";
    let more = format!("{guarded}responses: {{GET /one: {{variants: [{{status: 202}}]}}}}\n");
    let asked =
        |server: &Server, fields: &str| Client::connect(server.address).ask("GET", "/one", fields).status;
    let known = "Authorization: Basic YW5uOnN3b3JkZmlzaA==\r\n";
    let (server, folder) = serving(&[("api.yaml", &document(&["/one"])), ("mocker.yaml", guarded)]);
    let file = folder.path().join("mocker.yaml");
    let replace = |text: &str| {
        write(folder.path(), "other", text);
        std::fs::rename(folder.path().join("other"), &file).unwrap();
    };
    assert_eq!((asked(&server, ""), asked(&server, known)), (401, 204));
    for (served, next, then) in [(204, &*more, 202), (202, guarded, 204)] {
        std::fs::remove_file(&file).unwrap();
        server.heard("error: mocker.yaml cannot be read: no such file");
        server.heard("not reloaded (mocker.yaml changed)");
        assert_eq!((asked(&server, ""), asked(&server, known)), (401, served), "deleted");
        // As editors do that empty a file before they write it.
        for empty in ["", "# nothing but a comment\n"] {
            replace(empty);
            server.heard("error: mocker.yaml says nothing any more");
            server.heard("not reloaded (mocker.yaml changed)");
            assert_eq!((asked(&server, ""), asked(&server, known)), (401, served), "{empty:?}");
        }
        replace("specs: [");
        server.heard("mocker.yaml:1:9: error: this is not YAML");
        server.heard("not reloaded (mocker.yaml changed)");
        replace(next);
        server.heard("1 changed (GET /one)");
        assert_eq!((asked(&server, ""), asked(&server, known)), (401, then));
    }
    // Another that would be looked for in its place is not taken.
    write(folder.path(), "mocker.yml", "specs: api.yaml\n");
    std::fs::remove_file(&file).unwrap();
    server.heard("not reloaded (mocker.yaml changed)");
    server.signal("HUP");
    server.heard("not reloaded (SIGHUP)");
    assert_eq!(asked(&server, ""), 401);
}

#[test]
fn a_document_that_comes_back_is_seen() {
    let (server, folder) = serving(&[("api.yaml", &versioned(0)), ("mocker.yaml", "specs: api.yaml\n")]);
    let file = folder.path().join("api.yaml");
    let served = || get(server.address, "/a").json()["last"].as_u64();
    let whole = versioned(1);
    let (half, _) = whole.split_at(whole.find("example").unwrap() + 9);
    std::fs::remove_file(&file).unwrap();
    server.heard("not reloaded (api.yaml changed)");
    assert_eq!(served(), Some(0), "deleted");
    write(folder.path(), "half", half);
    std::fs::rename(folder.path().join("half"), &file).unwrap();
    server.heard("not reloaded (api.yaml changed)");
    assert_eq!(served(), Some(0), "half written");
    // The rest of it, as whoever writes in two steps does.
    let mut open = std::fs::OpenOptions::new().append(true).open(&file).unwrap();
    std::io::Write::write_all(&mut open, &whole.as_bytes()[half.len()..]).unwrap();
    server.heard("1 changed (GET /a)");
    assert_eq!(served(), Some(1));
}

#[test]
fn what_may_be_read_again_is_read_again() {
    use std::os::unix::fs::PermissionsExt;

    let (server, folder) = serving(&[("api.yaml", &versioned(0)), ("mocker.yaml", "specs: api.yaml\n")]);
    let file = folder.path().join("api.yaml");
    let mode = |mode| std::fs::set_permissions(&file, PermissionsExt::from_mode(mode)).unwrap();
    mode(0o000);
    // Root may read it all the same.
    let is_refused = server.heard("reloaded (api.yaml changed)").starts_with("not ");
    let is_root = std::fs::read(&file).is_ok();
    assert_eq!(is_refused, !is_root);
    mode(0o644);
    let told = server.heard("reloaded (api.yaml changed)");
    assert!(told.starts_with("reloaded ("), "{told}");
}

#[test]
fn reloads_at_once_are_each_told_what_came_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.yaml");
    std::fs::write(&file, versioned(0)).unwrap();
    let server = administered(&[file.to_str().unwrap(), "--watch=false"]);
    let admin = server.admin();
    let is_over = AtomicBool::new(false);
    let looked = thread::scope(|scope| {
        let askers: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    for _ in 0..10 {
                        let reloaded = ask(admin, "POST", "/api/v1/reload", None);
                        assert_eq!(reloaded.status, 200, "{}", reloaded.text());
                    }
                })
            })
            .collect();
        let looking = scope.spawn(|| {
            let mut looked = 0;
            while !is_over.load(Ordering::Relaxed) {
                let health = ask(admin, "GET", "/api/v1/health", None).json();
                assert_eq!(health["status"], "healthy", "{health}");
                looked += 1;
            }
            looked
        });
        let ended: Vec<_> = askers.into_iter().map(|asker| asker.join()).collect();
        is_over.store(true, Ordering::Relaxed);
        ended.into_iter().for_each(|ended| ended.unwrap());
        looking.join().unwrap()
    });
    assert!(looked > 0);
}

#[test]
fn what_does_not_hold_is_not_told_as_if_it_did() {
    let folder = tempfile::tempdir().unwrap();
    let configure = |server: &str, level: &str| {
        let text = format!("specs: api.yaml\nserver: {{{server}}}\nlogging: {{level: {level}}}\n");
        write(folder.path(), "mocker.yaml", &text);
    };
    write(folder.path(), "api.yaml", &document(&["/one"]));
    configure("max_connections: 7, watch: false", "info");
    let file = folder.path().join("mocker.yaml");
    let server = administered(&["--config", file.to_str().unwrap()]);
    configure("max_connections: 8, watch: true", "warn");
    let reloaded = ask(server.admin(), "POST", "/api/v1/reload", None).json();
    let told: Vec<&str> =
        reloaded["diagnostics"].as_array().unwrap().iter().filter_map(|line| line.as_str()).collect();
    let expected = ["server.watch", "server.max_connections"];
    let expected = expected.map(|name| format!("warning: {name} is what it was until the next start"));
    assert_eq!(told, expected);
    let settings = ask(server.admin(), "GET", "/api/v1/config", None).json();
    let value = |name: &str| settings[name]["value"].clone();
    assert_eq!((value("server.max_connections"), value("server.watch")), (json!(7), json!(false)));
    assert_eq!(value("logging.level"), "warn", "what can change has changed");
}

#[test]
fn a_reload_says_which_operations_changed() {
    let configuration = |status: u16| {
        format!(
            "specs: api.yaml\nscripts: {{getA: a.rhai}}\nresponses: {{postA: {{variants: [{{status: {status}, body_file: body.json}}]}}}}\n"
        )
    };
    let (server, folder) = serving(&[
        ("api.yaml", SPEC),
        ("mocker.yaml", &configuration(200)),
        ("a.rhai", "import \"lib\" as lib;\nfn handle(req, ctx) { lib::answer() }"),
        ("lib.rhai", "fn answer() { #{ n: 1 } }"),
        ("body.json", "{\"ok\": 1}"),
    ]);
    let saved = |name: &str, text: &str| {
        // In one step: each is to be one reload.
        write(folder.path(), "other", text);
        std::fs::rename(folder.path().join("other"), folder.path().join(name)).unwrap();
        server.heard("reloaded (")
    };
    for (name, text, expected) in [
        ("lib.rhai", "fn answer() { #{ n: 2 } }", "3 operations, 1 changed (GET /a/{id}), in"),
        ("mocker.yaml", &*configuration(201), "3 operations, 1 changed (POST /a/{id}), in"),
        ("body.json", "{\"ok\": 2}", "3 operations, 1 changed (POST /a/{id}), in"),
        (
            "api.yaml",
            &SPEC.replace("example: {b: 1}", "example: {b: 2}"),
            "3 operations, 1 changed (GET /b), in",
        ),
        (
            "api.yaml",
            &SPEC.replace("example: {b: 1}", "\n\n example: {b: 2}").replace("\n\n ", ""),
            "3 operations, in",
        ),
        (
            "mocker.yaml",
            &configuration(201).replace("specs:", "validation: {errors: true}\nspecs:"),
            "3 changed (GET /a/{id}, GET /b, POST /a/{id}), in",
        ),
    ] {
        let told = saved(name, text);
        assert!(told.contains(expected), "{name}: {told}");
    }
}

#[test]
fn what_standard_input_said_holds() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.yaml");
    std::fs::write(&file, document(&["/one"])).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_mocker"));
    command.args(["start", "-", "--host", "127.0.0.1", "--port", "0"]).current_dir(&folder);
    command.stdin(std::fs::File::open(&file).unwrap()).stderr(Stdio::piped());
    let server = Server::spawn(command);
    for _ in 0..2 {
        server.signal("HUP");
        let told = server.heard("reloaded (SIGHUP)");
        assert!(told.starts_with("reloaded (SIGHUP): 1 operation, in"), "{told}");
        assert_eq!(status(&server, "/one"), 204);
    }
}

#[test]
fn a_hangup_reloads_though_nothing_is_watched() {
    let configuration = "specs: api.yaml\nserver: {watch: false}\n";
    let (server, folder) = serving(&[("api.yaml", &document(&["/one"])), ("mocker.yaml", configuration)]);
    for paths in [&["/one", "/two"][..], &["/two"]] {
        write(folder.path(), "api.yaml", &document(paths));
        server.signal("HUP");
        server.heard("reloaded (SIGHUP)");
        assert_eq!(status(&server, "/one"), if paths.len() == 2 { 204 } else { 404 });
        assert_eq!(status(&server, "/two"), 204);
    }
    server.signal("TERM");
    assert_eq!(server.wait().0.code(), Some(0));
}

/// A document whose answers name its version three times.
fn versioned(version: usize) -> String {
    format!(
        "openapi: 3.1.0\ninfo: {{title: T, version: '{version}'}}\npaths:\n  /a:\n    get:\n      responses:\n        '200':\n          \
         description: d\n          headers: {{X-Version: {{schema: {{const: '{version}'}}}}}}\n          content:\n            \
         application/json: {{example: {{first: {version}, last: {version}}}}}\n"
    )
}

#[test]
fn a_hundred_reloads_cost_no_request_and_mix_no_answers() {
    const RELOADS: usize = 100;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.yaml");
    std::fs::write(&file, versioned(0)).unwrap();
    let path = file.to_str().unwrap();
    let server = administered(&[path, "--threads", "2", "--watch=false"]);
    let is_over = AtomicBool::new(false);
    let answered: Vec<Vec<usize>> = thread::scope(|scope| {
        let clients: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let mut client = Client::connect(server.address);
                    let mut versions = Vec::new();
                    while !is_over.load(Ordering::Relaxed) {
                        let answer = client.ask("GET", "/a", "");
                        let body = answer.json();
                        let named = [&body["first"], &body["last"]].map(ToString::to_string);
                        assert_eq!(named, [answer.header("X-Version").unwrap(); 2], "{}", answer.head);
                        versions.push(named[0].parse().unwrap());
                    }
                    versions
                })
            })
            .collect();
        for version in 1..=RELOADS {
            std::fs::write(&file, versioned(version)).unwrap();
            let reloaded = ask(server.admin(), "POST", "/api/v1/reload", None);
            assert_eq!(reloaded.json()["reloaded"], true, "{}", reloaded.text());
        }
        is_over.store(true, Ordering::Relaxed);
        clients.into_iter().map(|client| client.join().unwrap()).collect()
    });
    for versions in answered {
        assert!(versions.is_sorted(), "an older plan answered behind a newer one");
        assert!(versions.len() > RELOADS, "{}", versions.len());
    }
    assert_eq!(Client::connect(server.address).ask("GET", "/a", "").json()["last"], RELOADS);
}

#[test]
fn a_hundred_reloads_under_load_break_no_answer() {
    const RELOADS: usize = 100;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("openapi.yaml");
    let petstore = std::fs::read_to_string(PETSTORE).unwrap();
    std::fs::write(&file, &petstore).unwrap();
    let server = administered(&[file.to_str().unwrap(), "--threads", "1", "--watch=false"]);
    let target = format!("http://{}", server.address);
    let mut load = Command::new(env!("CARGO_BIN_EXE_mocker"));
    load.args(["load-test", PETSTORE, "--target", &target, "--rps", "500", "-d", "10m", "--warmup", "0s"]);
    load.args(["-c", "8", "--threads", "1", "--verify", "all", "--no-tui", "-o", "json"]);
    let load = load.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let metrics = || ask(server.admin(), "GET", "/metrics", None).text();
    let answered = || -> u64 {
        let metrics = metrics();
        let counts = metrics.lines().filter(|line| line.starts_with("mocker_requests_total{"));
        counts.filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok()).sum()
    };
    while answered() == 0 {}
    for number in 1..=RELOADS {
        // One operation comes and another goes.
        let more = format!("{petstore}\n# {number}\n").replace(
            "paths:\n",
            &format!("paths:\n  /more{number}:\n    get: {{responses: {{'204': {{description: d}}}}}}\n"),
        );
        std::fs::write(&file, more).unwrap();
        let reloaded = ask(server.admin(), "POST", "/api/v1/reload", None).json();
        assert_eq!(reloaded["reloaded"], true, "{reloaded}");
    }
    let before = answered();
    while answered() == before {}
    Command::new("kill").args(["-s", "INT", &load.id().to_string()]).status().unwrap();
    let output = load.wait_with_output().unwrap();
    let summary: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let requests = &summary["requests"];
    assert!(requests["completed"].as_u64().unwrap() >= RELOADS as u64, "{requests}");
    assert_eq!((&requests["failed"], &requests["timed_out"]), (&json!(0), &json!(0)), "{requests}");
    let verify = &summary["verify"];
    assert_eq!((&verify["checked"], &verify["invalid"]), (&requests["completed"], &json!(0)), "{verify}");
    let statuses = summary["status"].as_object().unwrap();
    assert!(statuses.keys().all(|status| status.starts_with('2')), "{statuses:?}");
    assert_eq!(get(server.address, &format!("/more{RELOADS}")).status, 204);
}

#[test]
fn a_document_in_the_making_is_not_served() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.yaml");
    std::fs::write(&file, versioned(0)).unwrap();
    let server = administered(&[file.to_str().unwrap(), "--watch=false"]);
    let mut client = Client::connect(server.address);
    let mut last = || client.ask("GET", "/a", "").json()["last"].as_u64();
    let reloaded = || ask(server.admin(), "POST", "/api/v1/reload", None).json()["reloaded"].clone();
    let whole = versioned(1);
    let (half, _) = whole.split_at(whole.find("example").unwrap() + 9);
    // Half of it, nothing, none, a folder in its place: each time what was served is served on.
    let steps: [(&str, &dyn Fn()); 4] = [
        ("half written", &|| std::fs::write(&file, half).unwrap()),
        ("empty", &|| std::fs::write(&file, "").unwrap()),
        ("deleted", &|| std::fs::remove_file(&file).unwrap()),
        ("a folder", &|| std::fs::create_dir(&file).unwrap()),
    ];
    for (what, step) in steps {
        step();
        assert_eq!((reloaded(), last()), (json!(false), Some(0)), "{what}");
    }
    std::fs::remove_dir(&file).unwrap();
    std::fs::write(&file, &whole).unwrap();
    assert_eq!((reloaded(), last()), (json!(true), Some(1)));
    let health = ask(server.admin(), "GET", "/api/v1/health", None).json();
    assert_eq!(health["status"], "healthy", "{health}");
}
