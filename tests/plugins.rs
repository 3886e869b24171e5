//! Plugins around answers: built in, and folders of scripts.

use std::process::Command;

use serde_json::{Value, json};

use crate::behaviours::{send, serving, write};
use crate::client::Client;

const SPEC: &str = "
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /a:
    get: {operationId: getA, responses: {'200': {description: d, content: {application/json: {example: {a: 1}}}}}}
    post:
      operationId: postA
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [n]}}}}
      responses: {'201': {description: d, content: {application/json: {example: {a: 2}}}}}
  /open: {get: {operationId: getOpen, responses: {'204': {description: d}}}}
";

/// What `mocker check` tells of a configuration in a folder of its own, with a variable.
fn checked(configuration: &str, (name, value): (&str, &str)) -> String {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "conf/api.yaml", SPEC);
    write(folder.path(), "conf/mocker.yaml", configuration);
    let mut check = Command::new(env!("CARGO_BIN_EXE_mocker"));
    check.arg("check").current_dir(&folder).env("MOCKER_CONFIG", "conf/mocker.yaml").env(name, value);
    let output = check.output().unwrap();
    String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
}

#[test]
fn a_fault_of_its_configuration_has_the_place_of_the_key() {
    let limited = |limit: &str| {
        format!(
            "specs: api.yaml\nplugins:\n  - name: rate-limit\n    config:\n      burst: 2\n      limit: {limit}\n"
        )
    };
    let none = ("MOCKER_PLUGINS_RATE_LIMIT_BURST", "");
    let told = checked(&limited("many"), none);
    assert!(
        told.contains("conf/mocker.yaml:6:14: error: the configuration of the plugin `rate-limit`"),
        "{told}"
    );
    // What a variable gives stands nowhere in the file.
    let told = checked(&limited("1/s"), ("MOCKER_PLUGINS_RATE_LIMIT_LIMIT", "many"));
    assert!(
        told.contains("conf/mocker.yaml:5:7: error: the configuration of the plugin `rate-limit`"),
        "{told}"
    );
}

#[test]
fn paths_start_where_they_are_named() {
    let jwt = |config: &str| format!("specs: api.yaml\nplugins:\n  - {{name: jwt, config: {{{config}}}}}\n");
    let told = checked(&jwt("public_key: keys/p.pem"), ("MOCKER_PLUGINS_JWT_ISSUER", "me"));
    assert!(told.contains("conf/keys/p.pem cannot be read"), "{told}");
    let told = checked(&jwt("issuer: me"), ("MOCKER_PLUGINS_JWT_PUBLIC_KEY", "keys/p.pem"));
    assert!(told.contains(" keys/p.pem cannot be read"), "{told}");
}

#[test]
fn credentials_are_asked_for_before_the_request_is_judged() {
    let (server, _folder) = serving(&[
        ("api.yaml", SPEC),
        (
            "mocker.yaml",
            "specs: api.yaml\nplugins:\n  - {name: api-key, operations: [/a], config: {keys: [sesame]}}\n",
        ),
    ]);
    let mut client = Client::connect(server.address);
    let refused = send(&mut client, "POST", "/a", "", Some(&json!({})));
    assert_eq!((refused.status, refused.header("Content-Type")), (401, Some("application/problem+json")));
    assert!(refused.header("Access-Control-Allow-Origin").is_some(), "refusals are shared like answers");
    let key = "X-API-Key: sesame\r\n";
    assert_eq!(send(&mut client, "POST", "/a", key, Some(&json!({}))).status, 422);
    assert_eq!(send(&mut client, "POST", "/a", key, Some(&json!({"n": 1}))).json(), json!({"a": 2}));
    assert_eq!(client.ask("GET", "/open", "").status, 204);
}

#[test]
fn a_rate_is_limited_and_told_on_every_answer() {
    let (server, _folder) = serving(&[
        ("api.yaml", SPEC),
        (
            "mocker.yaml",
            "specs: api.yaml\nplugins:\n  - {name: rate-limit, config: {limit: 2/h, burst: 2}}\n",
        ),
    ]);
    let mut client = Client::connect(server.address);
    let first = client.ask("GET", "/a", "");
    assert_eq!((first.status, first.header("RateLimit-Remaining")), (200, Some("1")));
    assert_eq!(first.json(), json!({"a": 1}));
    assert_eq!(client.ask("GET", "/a", "").header("RateLimit-Remaining"), Some("0"));
    let last = client.ask("GET", "/a", "");
    assert_eq!(last.status, 429);
    assert!(
        last.header("Retry-After").is_some() && last.header("RateLimit-Limit") == Some("2"),
        "{}",
        last.head
    );
}

#[test]
fn sharing_is_the_plugins_to_decide() {
    let (server, _folder) = serving(&[
        ("api.yaml", SPEC),
        (
            "mocker.yaml",
            "specs: api.yaml\nplugins:\n  - {name: cors, config: {origins: ['https://shop.example']}}\n",
        ),
    ]);
    let mut client = Client::connect(server.address);
    let preflight = "Access-Control-Request-Method: POST\r\n";
    let mut asked = |origin: &str| client.ask("OPTIONS", "/a", &format!("Origin: {origin}\r\n{preflight}"));
    let allowed = asked("https://shop.example");
    assert_eq!(
        allowed.header("Access-Control-Allow-Origin"),
        Some("https://shop.example"),
        "{}",
        allowed.head
    );
    assert!(asked("https://evil.example").status == 403);
    let answer = client.ask("GET", "/a", "Origin: https://evil.example\r\n");
    assert_eq!((answer.status, answer.header("Access-Control-Allow-Origin")), (200, None), "{}", answer.head);
}

#[test]
fn a_folder_of_scripts_is_a_plugin() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/specs/plugins/request-id");
    let configuration = format!(
        "specs: api.yaml\nplugins:\n  - name: request-id\n    path: {folder}\n    config: {{banned: [BadBot]}}\n"
    );
    let (server, _folder) = serving(&[("api.yaml", SPEC), ("mocker.yaml", &configuration)]);
    let mut client = Client::connect(server.address);
    let answer = client.ask("GET", "/a", "");
    assert_eq!(answer.json(), json!({"a": 1}));
    assert!(answer.head.to_ascii_lowercase().contains("request-id: "), "{}", answer.head);
    let banned = client.ask("GET", "/a", "User-Agent: BadBot/1.0\r\n");
    assert_eq!(banned.status, 403, "{}", banned.text());
}

#[test]
fn nothing_is_served_without_a_plugin_that_is_wanted() {
    for (plugin, told) in [
        ("{name: rate-limit, config: {limit: often}}", "mocker.yaml:3:"),
        ("{name: jwt, config: {secrets: typo}}", "secrets"),
        ("{name: own, path: nowhere}", "nowhere/plugin.yaml cannot be read"),
        ("{name: own, path: broken}", "broken/plugin.rhai:1:"),
        (
            "{name: api-key, operations: [getAll], config: {keys: [k]}}",
            "mocker.yaml:3:34: error: no operation is `getAll`",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let configuration = format!("specs: api.yaml\nplugins:\n  - {plugin}\n");
        std::fs::create_dir(folder.path().join("broken")).unwrap();
        for (name, text) in [
            ("api.yaml", SPEC),
            ("mocker.yaml", &configuration),
            ("broken/plugin.yaml", "{name: own, version: 1.0.0, description: d, hooks: [before]}"),
            ("broken/plugin.rhai", "fn before(req, ctx) { let = }"),
        ] {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_mocker"));
        let output = command.args(["start", "--port", "0"]).current_dir(&folder).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{plugin}: {said}");
        assert!(said.contains(told) && said.contains("what it is to refuse would pass"), "{plugin}: {said}");
    }
}

#[test]
fn claims_that_were_verified_are_the_scripts_to_use() {
    let (server, _folder) = serving(&[
        ("api.yaml", SPEC),
        (
            "mocker.yaml",
            "specs: api.yaml\nplugins:\n  - {name: jwt, operations: [getA], config: {secret: a-long-secret-of-the-test}}\n\
             scripts: {getA: who.rhai, postA: sign.rhai}\n",
        ),
        ("who.rhai", "fn handle(req, ctx) { #{ who: ctx.vars.claims.sub } }"),
        (
            "sign.rhai",
            "fn handle(req, ctx) { #{ token: jwt::sign(#{ sub: \"ann\" }, \"a-long-secret-of-the-test\") } }",
        ),
    ]);
    let mut client = Client::connect(server.address);
    assert_eq!(client.ask("GET", "/a", "").status, 401);
    let token: Value = send(&mut client, "POST", "/a", "", Some(&json!({"n": 1}))).json()["token"].clone();
    let field = format!("Authorization: Bearer {}\r\n", token.as_str().unwrap());
    assert_eq!(client.ask("GET", "/a", &field).json(), json!({"who": "ann"}));
    assert_eq!(client.ask("GET", "/a", &field.replace("Bearer ", "Bearer x")).status, 401);
}

#[test]
fn a_request_that_one_plugin_changes_is_shown_to_the_next() {
    let manifest = |name: &str| format!("{{name: {name}, version: 1.0.0, description: d, hooks: [before]}}");
    let (edits, refuses) = (manifest("edits"), manifest("refuses"));
    let (server, _folder) = serving(&[
        ("api.yaml", SPEC),
        (
            "mocker.yaml",
            "specs: api.yaml\nplugins:\n  - {name: edits, path: edits}\n  - {name: refuses, path: refuses}\n\
             scripts: {getOpen: last.rhai}\n",
        ),
        ("edits/plugin.yaml", &edits),
        (
            "edits/plugin.rhai",
            "fn before(req, ctx) { req.headers[\"X-Edited\"] = \"yes\"; if req.query.to == \"a\" { req.path = \"/a\"; } }",
        ),
        ("refuses/plugin.yaml", &refuses),
        (
            "refuses/plugin.rhai",
            "fn before(req, ctx) { if req.headers[\"X-Key\"] != \"sesame\" { \
             return #{ status: 401, body: req.headers[\"X-Edited\"] }; } }",
        ),
        (
            "last.rhai",
            "fn before(req, ctx) { if req.headers[\"X-Last\"] == \"no\" { return #{ status: 403 }; } }",
        ),
    ]);
    let mut client = Client::connect(server.address);
    let refused = client.ask("GET", "/a", "");
    assert_eq!((refused.status, &*refused.text()), (401, "yes"));
    assert_eq!(client.ask("GET", "/a", "X-Key: sesame\r\n").json(), json!({"a": 1}));
    assert_eq!(client.ask("GET", "/open", "X-Key: sesame\r\nX-Last: no\r\n").status, 403);
    let moved = client.ask("GET", "/open?to=a", "X-Key: sesame\r\n");
    assert_eq!((moved.status, moved.json()), (200, json!({"a": 1})));
    assert_eq!(client.ask("GET", "/open?to=a", "").status, 401);
}

#[test]
fn hooks_of_the_operation_that_a_request_is_led_to_see_it() {
    let (server, _folder) = serving(&[
        ("api.yaml", SPEC),
        ("mocker.yaml", "specs: api.yaml\nscripts: {getA: guard.rhai, getOpen: lead.rhai}\n"),
        ("lead.rhai", "fn before(req, ctx) { req.path = \"/a\"; }"),
        ("guard.rhai", "fn before(req, ctx) { #{ status: 403, body: req.path } }"),
    ]);
    let mut client = Client::connect(server.address);
    let led = client.ask("GET", "/open", "");
    assert_eq!((led.status, &*led.text()), (403, "/a"));
}

#[test]
fn a_plugin_sees_a_request_once_though_scripts_change_it() {
    let (server, _folder) = serving(&[
        ("api.yaml", SPEC),
        (
            "mocker.yaml",
            "specs: api.yaml\nplugins:\n  - {name: rate-limit, config: {limit: 4/h, burst: 4}}\n  - name: logging\n\
             scripts: {getOpen: lead.rhai}\n",
        ),
        ("lead.rhai", "fn before(req, ctx) { req.path = \"/a\"; }"),
    ]);
    let mut client = Client::connect(server.address);
    for left in ["3", "2"] {
        let answer = client.ask("GET", "/open", "");
        assert_eq!((answer.json(), answer.header("RateLimit-Remaining")), (json!({"a": 1}), Some(left)));
    }
    drop(client);
    server.signal("TERM");
    let lines = server.last_words();
    assert_eq!(lines.matches("/open").count(), 2, "{lines}");
}

#[test]
fn what_one_operation_asks_of_credentials_is_judged_though_another_led_there() {
    let document = "
openapi: 3.1.0
info: {title: T, version: '1'}
components: {securitySchemes: {o: {type: oauth2, flows: {clientCredentials: {tokenUrl: 'https://a/t', scopes: {read: r, write: w}}}}}}
paths:
  /read: {get: {operationId: read, security: [{o: [read]}], responses: {'204': {description: d}}}}
  /write: {get: {operationId: write, security: [{o: [write]}], responses: {'204': {description: d}}}}
  /sign: {get: {operationId: sign, responses: {'200': {description: d}}}}
";
    let (server, _folder) = serving(&[
        ("api.yaml", document),
        (
            "mocker.yaml",
            "specs: api.yaml\nvalidation: {requests: off}\nplugins:\n\
             \x20 - {name: jwt, operations: [read, write], config: {secret: a-long-secret-of-the-test}}\n\
             \x20 - {name: rate-limit, operations: [read, write], config: {limit: 9/h, burst: 9}}\n\
             scripts: {read: lead.rhai, sign: sign.rhai}\n",
        ),
        ("lead.rhai", "fn before(req, ctx) { if req.query.to == \"write\" { req.path = \"/write\"; } }"),
        (
            "sign.rhai",
            "fn handle(req, ctx) { jwt::sign(#{ sub: \"ann\", scope: req.query.scope }, \"a-long-secret-of-the-test\") }",
        ),
    ]);
    let mut client = Client::connect(server.address);
    for (scope, status) in [("read", 403), ("read%20write", 204)] {
        let token =
            client.ask("GET", &format!("/sign?scope={scope}"), "").text().trim_matches('"').to_owned();
        let field = format!("Authorization: Bearer {token}\r\n");
        let left = |answer: &crate::client::Answer| {
            answer.header("RateLimit-Remaining").unwrap().parse::<u8>().unwrap()
        };
        let read = client.ask("GET", "/read", &field);
        assert_eq!(read.status, 204, "{}", read.text());
        let led = client.ask("GET", "/read?to=write", &field);
        assert_eq!(led.status, status, "{scope}: {}", led.text());
        assert_eq!(left(&led) + 1, left(&read), "it is one request");
    }
}

#[test]
fn plugins_are_not_asked_twice_behind_an_operation_that_has_none() {
    let (server, _folder) = serving(&[
        ("api.yaml", SPEC),
        (
            "mocker.yaml",
            "specs: api.yaml\nplugins:\n  - {name: rate-limit, operations: [getA, postA], config: {limit: 9/h, burst: 9}}\n\
             scripts: {getA: away.rhai, getOpen: back.rhai}\n",
        ),
        ("away.rhai", "fn before(req, ctx) { req.path = \"/open\"; }"),
        (
            "back.rhai",
            "fn before(req, ctx) { req.path = \"/a\"; req.method = \"POST\"; req.body = #{ n: 1 }; }",
        ),
    ]);
    let mut client = Client::connect(server.address);
    for left in ["8", "7"] {
        let answer = client.ask("GET", "/a", "");
        assert_eq!((answer.json(), answer.header("RateLimit-Remaining")), (json!({"a": 2}), Some(left)));
    }
}

#[test]
fn answers_that_plugins_see_keep_what_is_said_of_them() {
    let document = SPEC.replace("example: {a: 1}", "schema: {type: string}, example: {a: 1}");
    let files = |more: &str| {
        format!("specs: api.yaml\n{more}plugins: [{{name: rate-limit, config: {{limit: 9/h}}}}]\n")
    };
    let (plain, strict) = (files(""), files("validation: {errors: true}\n"));
    let (server, _folder) = serving(&[("api.yaml", &document), ("mocker.yaml", &plain)]);
    let answer = Client::connect(server.address).ask("GET", "/a", "");
    assert_eq!(answer.status, 200);
    let told = answer.header("sl-violations").expect("what is wrong with the example is told");
    assert!(told.contains("response"), "{told}");
    let (server, _folder) = serving(&[("api.yaml", &document), ("mocker.yaml", &strict)]);
    let answer = Client::connect(server.address).ask("GET", "/a", "");
    assert_eq!((answer.status, answer.header("RateLimit-Remaining")), (500, Some("8")), "{}", answer.text());
}

#[test]
fn scripts_lead_a_request_only_so_far() {
    use std::fmt::Write;

    /// As the engine's limit of this name.
    const MAX_ROUNDS: usize = 8;

    let mut document = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n".to_owned();
    let mut configuration = "specs: api.yaml\nscripts:\n".to_owned();
    let mut scripts = Vec::new();
    for number in 0..=MAX_ROUNDS {
        let operation = "responses: {'200': {description: d, content: {application/json: {example: 1}}}}";
        writeln!(document, "  /{number}: {{get: {{operationId: o{number}, {operation}}}}}").unwrap();
        if number < MAX_ROUNDS {
            writeln!(configuration, "  o{number}: {number}.rhai").unwrap();
            let script = format!("fn before(req, ctx) {{ req.path = \"/{}\"; }}", number + 1);
            scripts.push((format!("{number}.rhai"), script));
        }
    }
    let mut files = vec![("api.yaml", &*document), ("mocker.yaml", &*configuration)];
    files.extend(scripts.iter().map(|(name, text)| (&**name, &**text)));
    let (server, _folder) = serving(&files);
    let mut client = Client::connect(server.address);
    assert_eq!(client.ask("GET", "/1", "").status, 200);
    let refused = client.ask("GET", "/0", "");
    assert_eq!(refused.status, 500);
    assert!(refused.text().contains("more than 8 operations"), "{}", refused.text());
}

/// The files of a plugin that counts in state what it is told, and fails when told to.
fn told(name: &str) -> [(String, String); 2] {
    let manifest = format!(
        "{{name: {name}, version: 1.0.0, description: d, hooks: [init, cleanup], \
         config: {{type: object, properties: {{fails: {{type: boolean}}}}}}}}"
    );
    let script = format!(
        "fn init(config) {{ log::info(\"{name} begins\"); if config.fails == true {{ throw \"{name} fails\"; }} }}\n\
         fn cleanup(config) {{ log::info(\"{name} ends\"); }}"
    );
    [(format!("{name}/plugin.yaml"), manifest), (format!("{name}/plugin.rhai"), script)]
}

fn with_plugins(lists: &str) -> (crate::server::Server, tempfile::TempDir) {
    let configuration = format!("specs: api.yaml\nplugins: {lists}\n");
    let (one, other) = (told("one"), told("other"));
    let own = one.iter().chain(&other).map(|(name, text)| (&**name, &**text));
    let mut files = vec![("api.yaml", SPEC), ("mocker.yaml", &*configuration)];
    files.extend(own);
    serving(&files)
}

#[test]
fn plugins_are_told_of_their_beginning_and_their_end_once() {
    let both = |fails: &str| {
        format!("[{{name: one, path: one}}, {{name: other, path: other, config: {{{fails}}}}}]")
    };
    let (server, folder) = with_plugins(&both(""));
    let (begins, ends) = (["one begins", "other begins"], ["one ends", "other ends"]);
    begins.iter().for_each(|what| drop(server.heard(what)));
    let configure = |plugins: &str| {
        write(folder.path(), "mocker.yaml", &format!("specs: api.yaml\nplugins: {plugins}\n"));
    };
    configure(&both("fails: true"));
    begins.iter().for_each(|what| drop(server.heard(what)));
    server.heard("other fails");
    server.heard(ends[0]);
    server.heard("not reloaded (");
    configure(&both("fails: false"));
    begins.iter().chain(&ends).for_each(|what| drop(server.heard(what)));
    server.heard("reloaded (");
    server.signal("TERM");
    let said = server.last_words();
    let counts = begins.iter().chain(&ends).map(|what| said.matches(what).count()).collect::<Vec<_>>();
    assert_eq!(counts, [0, 0, 1, 1], "{said}");
}

#[test]
fn what_else_is_wrong_does_not_keep_a_plugin_from_its_beginning() {
    let (server, _folder) = with_plugins("[{name: one, path: one}]\nscripts: {getA: none.rhai}");
    server.heard("none.rhai cannot be read");
    server.heard("one begins");
    assert_eq!(Client::connect(server.address).ask("GET", "/a", "").status, 200);
}

#[test]
fn a_reload_gives_nobody_a_new_start() {
    let configuration = |limit: &str| {
        format!("specs: api.yaml\nplugins:\n  - {{name: rate-limit, config: {{limit: {limit}, burst: 3}}}}\n")
    };
    let (server, folder) = serving(&[("api.yaml", SPEC), ("mocker.yaml", &configuration("3/h"))]);
    let mut client = Client::connect(server.address);
    let mut left = || client.ask("GET", "/a", "").header("RateLimit-Remaining").map(str::to_owned);
    assert_eq!(left().as_deref(), Some("2"));
    write(folder.path(), "api.yaml", &SPEC.replace("a: 1", "a: 3"));
    server.heard("reloaded (");
    assert_eq!(left().as_deref(), Some("1"));
    write(folder.path(), "mocker.yaml", &configuration("4/h"));
    server.heard("reloaded (");
    assert_eq!(left().as_deref(), Some("2"), "another rate begins anew");
}
