//! What is added to a document: scripts, templates, answers of one's own, scenarios, state, and their reloading.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::client::{Answer, Client};
use crate::server::Server;

/// `mocker start` in a folder, whose `mocker.yaml` it takes.
fn in_folder(folder: &Path, variables: &[(&str, &str)]) -> Server {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mocker"));
    command.args(["start", "--host", "127.0.0.1", "--port", "0"]);
    command.envs(variables.iter().copied()).current_dir(folder).stderr(Stdio::piped());
    Server::spawn(command)
}

/// The shop of `specs/shop`.
fn shop() -> Server {
    in_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("specs/shop"), &[])
}

/// A folder with these files, served.
pub fn serving(files: &[(&str, &str)]) -> (Server, tempfile::TempDir) {
    serving_in(files, &[])
}

/// The same, in an environment with these variables.
pub fn serving_in(files: &[(&str, &str)], variables: &[(&str, &str)]) -> (Server, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        write(folder.path(), name, text);
    }
    (in_folder(folder.path(), variables), folder)
}

/// In one step: a server that watches sees no half of it.
pub fn write(folder: &Path, name: &str, text: &str) {
    let (path, next) = (folder.join(name), folder.with_extension("next"));
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&next, text).unwrap();
    std::fs::rename(next, path).unwrap();
}

pub fn send(client: &mut Client, method: &str, target: &str, fields: &str, body: Option<&Value>) -> Answer {
    let body = body.map(Value::to_string).unwrap_or_default();
    let framing = match body.is_empty() {
        true => String::new(),
        false => format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len()),
    };
    client
        .send(format!("{method} {target} HTTP/1.1\r\nHost: test\r\n{fields}{framing}\r\n{body}").as_bytes());
    client.answer(method == "HEAD")
}

#[test]
fn a_login_gives_a_token_that_says_who_asks() {
    let server = shop();
    let mut client = Client::connect(server.address);
    let body = json!({"user": "ann", "password": "secret"});
    let token =
        send(&mut client, "POST", "/login", "", Some(&body)).json()["token"].as_str().unwrap().to_owned();
    assert_eq!(token.split('.').count(), 3, "{token}");
    let me = client.ask("GET", "/me", &format!("Authorization: Bearer {token}\r\n"));
    assert_eq!((me.status, &me.json()["name"]), (200, &json!("ann")));
    assert!(me.json()["email"].is_string(), "the rest is generated: {}", me.text());
    assert_eq!(client.ask("GET", "/me", "").status, 401);
    let wrong = send(&mut client, "POST", "/login", "", Some(&json!({"user": "ann", "password": "guess"})));
    assert_eq!((wrong.status, wrong.header("Content-Type")), (401, Some("application/problem+json")));
    // What breaks the contract never gets to the script.
    let broken = send(&mut client, "POST", "/login", "", Some(&json!({"user": "ann"})));
    assert_eq!(broken.status, 422, "{}", broken.text());
}

#[test]
fn a_cart_remembers_in_each_session_for_itself() {
    let server = shop();
    let mut client = Client::connect(server.address);
    for (session, article) in [("a", 3), ("b", 5), ("a", 4)] {
        let fields = format!("X-Mocker-Session: {session}\r\n");
        let item = json!({"article": article, "count": 2});
        assert_eq!(send(&mut client, "POST", "/cart/items", &fields, Some(&item)).status, 201);
    }
    let cart = |client: &mut Client, fields: &str| client.ask("GET", "/cart", fields).json();
    assert_eq!(
        cart(&mut client, "X-Mocker-Session: a\r\n"),
        json!({"items": [{"article": 3, "count": 2}, {"article": 4, "count": 2}], "count": 4})
    );
    assert_eq!(cart(&mut client, "X-Mocker-Session: b\r\n")["count"], 2);
    assert_eq!(cart(&mut client, "")["count"], 0);
    assert_eq!(client.ask("DELETE", "/cart", "X-Mocker-Session: a\r\n").status, 204);
    assert_eq!(cart(&mut client, "X-Mocker-Session: a\r\n")["items"], json!([]));
}

#[test]
fn pages_are_cut_out_by_typed_parameters() {
    let server = shop();
    let mut client = Client::connect(server.address);
    let page = client.ask("GET", "/articles?page=5&limit=10", "").json();
    assert_eq!(
        (&page["total"], &page["pages"], page["items"].as_array().unwrap().len()),
        (&json!(42), &json!(5), 2)
    );
    assert_eq!(page["items"][0], json!({"id": 41, "name": "Article 41", "price": 46.0}));
    assert_eq!(client.ask("GET", "/articles?limit=51", "").status, 422);
}

#[test]
fn a_flaky_endpoint_comes_back_and_a_scenario_goes_on() {
    let server = shop();
    let mut client = Client::connect(server.address);
    let statuses: Vec<u16> = (0..6).map(|_| client.ask("GET", "/stock/7", "").status).collect();
    assert_eq!(statuses, [503, 503, 200, 503, 503, 200]);
    assert_eq!(client.ask("GET", "/stock/7", "").header("Retry-After"), Some("1"));
    // Who asks for an answer of the document gets it.
    assert_eq!(client.ask("GET", "/stock/7", "Prefer: code=200\r\n").status, 200);
    let checkout = |client: &mut Client| client.ask("POST", "/checkout", "");
    assert_eq!(checkout(&mut client).status, 409);
    assert_eq!(
        send(&mut client, "POST", "/cart/items", "", Some(&json!({"article": 1, "count": 1}))).status,
        201
    );
    let paid = checkout(&mut client);
    assert_eq!((paid.status, &paid.json()["state"]), (200, &json!("paid")));
    assert_eq!(checkout(&mut client).json()["title"], "Paid already");
    client.ask("DELETE", "/cart", "");
    assert_eq!(checkout(&mut client).json()["title"], "The cart is empty");
}

#[test]
fn examples_and_answers_of_ones_own_are_templates() {
    let server = shop();
    let mut client = Client::connect(server.address);
    let article = client.ask("GET", "/articles/7", "").json();
    assert_eq!((&article["id"], &article["price"]), (&json!(7), &json!(9.5)));
    assert!(article["name"].as_str().unwrap().ends_with(" number 7"), "{article}");
    assert_eq!(client.ask("GET", "/articles/7", "").json(), article, "the same URL gives the same bytes");
    let missing = client.ask("GET", "/articles/77", "");
    assert_eq!((missing.status, &missing.json()["title"]), (404, &json!("There is no article 77")));
}

pub const SPEC: &str = "
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /a/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get:
      operationId: getA
      responses: {'200': {description: d, content: {application/json: {schema: {type: object, required: [n], properties: {n: {const: 1}}}}}}}
    post:
      operationId: postA
      requestBody: {content: {application/json: {schema: {type: object, properties: {n: {type: integer}}}}}}
      responses: {'200': {description: d, content: {application/json: {example: {ok: true}}}}}
  /b: {get: {operationId: getB, responses: {'200': {description: d, content: {application/json: {example: {b: 1}}}}}}}
";

#[test]
fn hooks_answer_early_change_requests_and_change_answers() {
    let (server, _folder) = serving(&[
        ("api.yaml", SPEC),
        ("mocker.yaml", "specs: api.yaml\nscripts: {getA: hooks.rhai}\n"),
        (
            "hooks.rhai",
            r#"
            fn before(req, ctx) {
                if req.headers["X-Banned"] == "yes" { return #{ status: 403, body: #{ why: "banned" } }; }
                if req.params.id == "1" { req.path = "/a/2"; req.headers["X-Seen"] = "before"; }
                ctx.vars.from = req.path;
            }
            fn after(req, res, ctx) {
                res.headers["X-Path"] = req.path;
                res.headers["X-Seen"] = req.headers["X-Seen"] ?? "nothing";
                res.body.m = req.param("id") + 1;
            }
            "#,
        ),
    ]);
    let mut client = Client::connect(server.address);
    let early = client.ask("GET", "/a/5", "X-Banned: yes\r\n");
    assert_eq!((early.status, early.json()["why"].as_str()), (403, Some("banned")));
    let changed = client.ask("GET", "/a/1", "");
    assert_eq!((changed.header("X-Path"), changed.header("X-Seen")), (Some("/a/2"), Some("before")));
    assert_eq!(changed.json(), json!({"m": 3, "n": 1}));
    let plain = client.ask("GET", "/a/5", "");
    assert_eq!((plain.header("X-Seen"), plain.json()["m"].as_i64()), (Some("nothing"), Some(6)));
    assert_eq!(client.ask("HEAD", "/a/5", "").header("X-Path"), Some("/a/5"));
}

#[test]
fn a_script_may_wait_and_holds_nobody_up() {
    let (server, _folder) = serving(&[
        ("api.yaml", SPEC),
        ("mocker.yaml", "specs: api.yaml\nserver: {threads: 1}\nscripts: {getA: slow.rhai}\n"),
        ("slow.rhai", "fn handle(req, ctx) { sleep(400); #{ n: 1 } }"),
    ]);
    let (mut slow, mut other) = (Client::connect(server.address), Client::connect(server.address));
    let begun = std::time::Instant::now();
    slow.send(b"GET /a/1 HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(other.ask("GET", "/b", "").status, 200);
    assert!(begun.elapsed() < Duration::from_millis(400), "{:?}", begun.elapsed());
    assert_eq!(slow.answer(false).json(), json!({"n": 1}));
    assert!(begun.elapsed() >= Duration::from_millis(400), "{:?}", begun.elapsed());
    assert_eq!(slow.answer(false).json(), json!({"b": 1}), "what was pipelined behind it follows");
}

#[test]
fn hostile_scripts_cost_their_own_request() {
    let scripts = [
        ("loop", "fn handle(req, ctx) { loop { } }"),
        ("recursion", "fn f(n) { f(n + 1) } fn handle(req, ctx) { f(0) }"),
        ("text", "fn handle(req, ctx) { let s = \"x\"; loop { s += s; } }"),
        ("array", "fn handle(req, ctx) { let a = [1]; loop { a += a; } }"),
        ("nested", "fn handle(req, ctx) { let a = []; loop { a = [a, a]; } }"),
        ("throw", "fn handle(req, ctx) {\n    throw \"no\";\n}"),
        ("nonsense", "fn handle(req, ctx) { #{ status: 9000, body: 1 } }"),
        ("pointer", "fn handle(req, ctx) { Fn(\"handle\") }"),
        ("regex", "fn handle(req, ctx) { regex::is_match(\"x\", \"((a{100}){100}){100}\") }"),
        (
            "search",
            "fn handle(req, ctx) { let t = \"a\"; t.pad(60000, 'a'); loop { regex::is_match(t, \"(a|aa)+$x\"); } }",
        ),
        ("key", "fn handle(req, ctx) { let k = \"k\"; k.pad(900000, 'k'); state::set(k, 1); 1 }"),
        ("header", "fn handle(req, ctx) { #{ headers: #{ \"X-A\": \"a\\r\\nX-B: b\" }, body: 1 } }"),
    ];
    let rules: String = scripts.iter().map(|(name, _)| format!("  GET /{name}: {name}.rhai\n")).collect();
    let paths: String = scripts
        .iter()
        .map(|(name, _)| format!("  /{name}: {{get: {{responses: {{'200': {{description: d}}}}}}}}\n"))
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let spec = format!(
        "openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\npaths:\n{paths}  /quiet: {{get: {{responses: {{'204': {{description: d}}}}}}}}\n"
    );
    write(folder.path(), "api.yaml", &spec);
    write(
        folder.path(),
        "mocker.yaml",
        &format!("specs: api.yaml\nserver: {{threads: 1}}\nscripts:\n{rules}"),
    );
    for (name, text) in scripts {
        write(folder.path(), &format!("{name}.rhai"), text);
    }
    let server = in_folder(folder.path(), &[]);
    let mut client = Client::connect(server.address);
    for (name, _) in scripts {
        let answer = client.ask("GET", &format!("/{name}"), "");
        assert_eq!(answer.status, 500, "{name}: {}", answer.text());
        assert_eq!(answer.header("Content-Type"), Some("application/problem+json"), "{name}");
        let problem = answer.json();
        assert!(problem["file"].as_str().unwrap().ends_with(&format!("{name}.rhai")), "{name}: {problem}");
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.len() > 10), "{name}: {problem}");
        let has_budget = ["loop", "recursion", "text", "array", "nested", "search"].contains(&name);
        assert_eq!(problem["budget"].is_string(), has_budget, "{name}: {problem}");
        assert_eq!(client.ask("GET", "/quiet", "").status, 204, "the core goes on");
    }
    let thrown = client.ask("GET", "/throw", "").json();
    assert_eq!((&thrown["line"], &thrown["column"]), (&json!(2), &json!(5)), "{thrown}");
}

#[test]
fn a_script_that_uses_up_budgets_again_and_again_has_to_rest_and_no_other() {
    let (server, _folder) = serving(&[
        ("api.yaml", SPEC),
        (
            "mocker.yaml",
            "specs: api.yaml\nserver: {threads: 1}\nscripting: {budgets: {operations: 1000000000, time: 80ms}}\n\
             scripts: {getA: endless.rhai, getB: two.rhai}\n",
        ),
        ("endless.rhai", "fn handle(req, ctx) {\n    loop { let n = 1; }\n}"),
        ("two.rhai", "fn handle(req, ctx) { #{ b: 2 } }"),
    ]);
    let mut client = Client::connect(server.address);
    // How many the allowance lets pass is a matter of time.
    let mut answers = (0..9).map(|_| client.ask("GET", "/a/1", ""));
    assert_eq!(answers.next().unwrap().status, 500);
    let refused = answers.find(|answer| answer.status != 500).expect("it has to rest");
    assert_eq!(refused.status, 503, "{}", refused.text());
    drop(answers);
    let seconds: u64 = refused.header("Retry-After").unwrap().parse().unwrap();
    assert!((1..=31).contains(&seconds), "{seconds}");
    let problem = refused.json();
    assert_eq!((&problem["line"], &problem["budget"]), (&json!(2), &json!("time")), "{problem}");
    assert!(problem["detail"].as_str().unwrap().contains("is not called for"), "{problem}");
    assert_eq!(client.ask("GET", "/b", "").status, 200);
}

#[test]
fn nothing_is_lost_when_every_core_counts() {
    const CLIENTS: usize = 64;
    const ROUNDS: usize = 8;
    const AT_ONCE: usize = 50;
    const EACH: usize = ROUNDS * AT_ONCE;
    /// So often a request increments in its scope and for all, and compares and sets.
    const TIMES: usize = 4;
    const { assert!(2 * TIMES * CLIENTS * EACH >= 200_000) };
    let (server, _folder) = serving(&[
        ("api.yaml", SPEC),
        (
            "mocker.yaml",
            "specs: api.yaml\nserver: {threads: 2}\nscripting: {budgets: {time: 10s}}\nscripts: {getA: count.rhai, getB: read.rhai}\n",
        ),
        (
            "count.rhai",
            "fn handle(req, ctx) {
                let n = 0;
                for time in 0..4 {
                    n = state::increment(\"n\");
                    state::global::increment(\"n\");
                    loop {
                        let seen = state::global::get(\"swapped\");
                        if state::global::compare_and_set(\"swapped\", seen, (seen ?? 0) + 1) { break; }
                    }
                }
                n
            }",
        ),
        (
            "read.rhai",
            "fn handle(req, ctx) {
                #{ mine: state::get(\"n\"), all: state::global::get(\"n\"), swapped: state::global::get(\"swapped\") }
            }",
        ),
    ]);
    let address = server.address;
    let all_are_there = Arc::new(Barrier::new(CLIENTS));
    let clients: Vec<_> = (0..CLIENTS)
        .map(|number| {
            let all_are_there = Arc::clone(&all_are_there);
            thread::spawn(move || {
                // Two connections of one session may be served by different cores; each sees what it was answered.
                let (mut one, mut other) = (Client::connect(address), Client::connect(address));
                let session = format!("X-Mocker-Session: {number}\r\n");
                for client in [&mut one, &mut other] {
                    assert_eq!(client.ask("GET", "/b", &session).status, 200);
                }
                all_are_there.wait();
                let requests = format!("GET /a/1 HTTP/1.1\r\nHost: test\r\n{session}\r\n").repeat(AT_ONCE);
                for round in 0..ROUNDS {
                    let client = if round % 2 == 0 { &mut one } else { &mut other };
                    client.send(requests.as_bytes());
                    for count in 1..=AT_ONCE {
                        assert_eq!(
                            client.answer(false).text(),
                            (TIMES * (round * AT_ONCE + count)).to_string()
                        );
                    }
                }
                one.ask("GET", "/b", &session).json()["mine"].as_u64().unwrap()
            })
        })
        .collect();
    assert!(clients.into_iter().all(|client| client.join().unwrap() == (TIMES * EACH) as u64));
    let all = Client::connect(address).ask("GET", "/b", "").json();
    assert_eq!(
        (&all["all"], &all["swapped"]),
        (&json!(TIMES * CLIENTS * EACH), &json!(TIMES * CLIENTS * EACH))
    );
}

#[test]
fn what_clients_send_to_fill_state_is_refused_and_costs_nobody_else() {
    const SCOPES: usize = 10_000;
    const HELD: usize = 1_000;
    let (server, _folder) = serving(&[
        ("api.yaml", SPEC),
        (
            "mocker.yaml",
            "specs: api.yaml\nserver: {threads: 1}\nstate: {scopes: 1000}\nscripts: {getA: scope.rhai, postA: key.rhai}\n",
        ),
        ("scope.rhai", "fn handle(req, ctx) { #{ n: state::increment(\"n\") } }"),
        ("key.rhai", "fn handle(req, ctx) { state::global::set(req.json().key, 1); #{ ok: true } }"),
    ]);
    let (mut client, mut other) = (Client::connect(server.address), Client::connect(server.address));
    let mut held = 0;
    for round in 0..SCOPES / 100 {
        let request = |number: usize| {
            let session = round * 100 + number;
            format!("GET /a/1 HTTP/1.1\r\nHost: test\r\nX-Mocker-Session: {session}\r\n\r\n")
        };
        client.send((0..100).map(request).collect::<String>().as_bytes());
        for _ in 0..100 {
            let answer = client.answer(false);
            held += usize::from(answer.status == 200);
            assert!(matches!(answer.status, 200 | 507), "{}", answer.text());
        }
        assert_eq!(other.ask("GET", "/b", "").status, 200);
    }
    assert_eq!(held, HELD);
    assert_eq!(
        client.ask("GET", "/a/1", "X-Mocker-Session: 0\r\n").json()["n"],
        2,
        "who has a scope keeps it"
    );
    let key = json!({ "n": 1, "key": "k".repeat(1 << 20) });
    for _ in 0..10 {
        let refused = send(&mut client, "POST", "/a/1", "", Some(&key));
        assert_eq!(refused.status, 500, "{}", refused.text());
        assert_eq!(other.ask("GET", "/b", "").status, 200);
    }
    let small = json!({ "n": 1, "key": "k" });
    assert_eq!(send(&mut client, "POST", "/a/1", "", Some(&small)).status, 200);
}

#[test]
fn eval_is_no_part_of_the_language() {
    let (server, _folder) = serving(&[
        ("api.yaml", SPEC),
        ("mocker.yaml", "specs: api.yaml\nscripts: {getB: eval.rhai}\n"),
        ("eval.rhai", "fn handle(req, ctx) {\n    eval(\"loop { }\")\n}"),
    ]);
    assert!(server.heard("eval.rhai:2:").contains("error"));
    assert_eq!(Client::connect(server.address).ask("GET", "/b", "").json(), json!({"b": 1}));
}

#[test]
fn faults_of_what_is_added_have_their_place_and_the_rest_is_served() {
    let (server, _folder) = serving(&[
        ("api.yaml", SPEC),
        (
            "mocker.yaml",
            "specs: api.yaml\nscripts:\n  getA: broken.rhai\n  getNothing: none.rhai\n  getB: good.rhai\n\
             responses:\n  postA:\n    variants: [{body: '{{ nobody }}'}]\n",
        ),
        ("broken.rhai", "fn handle(req, ctx) {\n    let x = ;\n}"),
        ("good.rhai", "fn handle(req, ctx) { #{ b: 3 } }"),
    ]);
    let mut client = Client::connect(server.address);
    assert_eq!(client.ask("GET", "/b", "").json(), json!({"b": 3}));
    assert_eq!(client.ask("GET", "/a/1", "").json(), json!({"n": 1}), "as without the script");
    server.signal("TERM");
    let said = server.last_words();
    for expected in [
        "broken.rhai:2:",
        "mocker.yaml:4:3: warning: no operation is `getNothing`",
        "none.rhai cannot be read",
        "nobody",
    ] {
        assert!(said.contains(expected), "{expected}: {said}");
    }
}

#[test]
fn documents_bring_scripts_and_files_of_their_own() {
    let spec = r#"
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /inline:
    get:
      x-mocker-script: "fn handle(req, ctx) { #{ at: time::iso(), env: env(\"STAGE\") } }"
      responses: {'200': {description: d}}
  /file:
    get:
      x-mocker-script: scripts/file.rhai
      responses: {'200': {description: d, content: {application/json: {example: {n: 1}}}}}
  /body:
    get:
      responses: {'200': {description: d, content: {application/json: {x-mocker-body-file: bodies/list.json}}}}
  /written:
    get:
      responses: {'200': {description: d, content: {application/json: {example: {prompt: 'Answer: {{item.input}}'}}}}}
  /meant:
    get:
      responses: {'200': {description: d, content: {application/json: {x-mocker-template: false, example: {a: '{{ uuid() }}'}}}}}
"#;
    let (server, _folder) = serving_in(
        &[
            ("api.yaml", spec),
            (
                "mocker.yaml",
                "specs: api.yaml\nscripting: {environment: [STAGE], clock: 2026-01-31T12:00:00Z}\n",
            ),
            ("scripts/file.rhai", "fn handle(req, ctx) { let res = ctx.generate(); res.body.n += 1; res }"),
            (
                "bodies/list.json",
                "[{% for i in range(3) %}{\"n\": {{ i }}}{% if not loop.last %}, {% endif %}{% endfor %}]",
            ),
        ],
        &[("STAGE", "test")],
    );
    let mut client = Client::connect(server.address);
    let mut get = |path: &str| client.ask("GET", path, "").json();
    assert_eq!(get("/inline"), json!({"at": "2026-01-31T12:00:00.000Z", "env": "test"}));
    assert_eq!(get("/file"), json!({"n": 2}));
    assert_eq!(get("/body"), json!([{"n": 0}, {"n": 1}, {"n": 2}]));
    assert_eq!(
        get("/written"),
        json!({"prompt": "Answer: {{item.input}}"}),
        "names of somebody else's templates"
    );
    assert_eq!(get("/meant"), json!({"a": "{{ uuid() }}"}));
    let told = server.heard("item");
    assert!(told.contains("api.yaml:") && told.contains("warning"), "{told}");
}

#[test]
fn the_most_precise_selector_is_meant() {
    let (server, _folder) = serving(&[
        ("api.yaml", SPEC),
        (
            "mocker.yaml",
            "specs: api.yaml\nresponses:\n  get*: {variants: [{status: 201, body: all}]}\n  getB: {variants: [{status: 202, body: b}]}\n",
        ),
    ]);
    let mut client = Client::connect(server.address);
    assert_eq!((client.ask("GET", "/b", "").status, client.ask("GET", "/a/1", "").status), (202, 201));
}

#[test]
fn a_script_has_the_budgets_of_each_place_that_names_it() {
    let (server, _folder) = serving(&[
        ("api.yaml", SPEC),
        (
            "mocker.yaml",
            "specs: api.yaml\nscripts:\n  getA: {file: count.rhai, budgets: {operations: 100}}\n  getB: count.rhai\n",
        ),
        ("count.rhai", "fn handle(req, ctx) { let n = 0; for i in 0..1000 { n += 1; } #{ n: n } }"),
    ]);
    let mut client = Client::connect(server.address);
    assert_eq!(client.ask("GET", "/b", "").json(), json!({"n": 1000}));
    let refused = client.ask("GET", "/a/1", "");
    assert_eq!((refused.status, refused.json()["budget"].as_str()), (500, Some("operations")));
}

#[test]
fn scripts_of_every_origin_import_what_lies_beside_them() {
    let spec = r#"
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /named: {get: {operationId: named, responses: {'200': {description: d}}}}
  /written: {get: {operationId: written, responses: {'200': {description: d}}}}
  /file: {get: {x-mocker-script: own/file.rhai, responses: {'200': {description: d}}}}
  /inline:
    get:
      x-mocker-script: |
        import "own/lib/names" as names;
        fn handle(req, ctx) { names::shown("inline") }
      responses: {'200': {description: d}}
  /computed: {get: {operationId: computed, responses: {'200': {description: d}}}}
  /plugin: {get: {responses: {'204': {description: d}}}}
  /outside: {get: {operationId: outside, responses: {'200': {description: d, content: {application/json: {example: {}}}}}}}
"#;
    let import = |path: &str, name: &str| {
        format!("import \"{path}\" as names;\nfn handle(req, ctx) {{ names::shown(\"{name}\") }}")
    };
    let (server, folder) = serving(&[
        ("api.yaml", spec),
        (
            "mocker.yaml",
            "specs: api.yaml\nplugins: [{name: own, path: plugin, operations: [/plugin]}]\nscripts:\n  named: own/named.rhai\n  \
             computed: own/computed.rhai\n  outside: own/outside.rhai\n  written: {inline: 'import \"own/lib/names\" as names; \
             fn handle(req, ctx) { names::shown(\"written\") }'}\n",
        ),
        ("own/named.rhai", &import("lib/names", "named")),
        ("own/file.rhai", &import("./lib/names.rhai", "file")),
        (
            "own/computed.rhai",
            "fn handle(req, ctx) { import \"lib/\" + \"names\" as names; names::shown(\"computed\") }",
        ),
        ("own/outside.rhai", &import("../names", "outside")),
        ("names.rhai", "fn shown(name) { \"out of the folder\" }"),
        (
            "own/lib/names.rhai",
            "import \"quoted\" as quoted;\nfn shown(name) { \"by \" + quoted::text(name) }",
        ),
        ("own/lib/quoted.rhai", "fn text(name) { `'${name}'` }"),
        ("own/unused.txt", "fn nothing(] {"),
        ("plugin/plugin.yaml", "name: own\nversion: 1.0.0\ndescription: d\nhooks: [before]\n"),
        ("plugin/plugin.rhai", "import \"lib/answer\" as answer;\nfn before(req, ctx) { answer::given() }"),
        ("plugin/lib/answer.rhai", "fn given() { #{ status: 203, body: \"plugin\" } }"),
    ]);
    let mut client = Client::connect(server.address);
    for name in ["named", "written", "file", "inline", "computed"] {
        let answer = client.ask("GET", &format!("/{name}"), "");
        assert_eq!((answer.status, answer.text()), (200, format!("by '{name}'")), "{name}");
    }
    assert_eq!(client.ask("GET", "/plugin", "").status, 203);
    assert!(server.heard("own/outside.rhai:1:").contains("leads out of the folder"));
    assert_eq!(client.ask("GET", "/outside", "").json(), json!({}), "as without the script");
    write(folder.path(), "own/lib/quoted.rhai", "fn text(name) { `<${name}>` }");
    server.heard("reloaded (");
    assert_eq!(client.ask("GET", "/named", "").text(), "by <named>");
}
