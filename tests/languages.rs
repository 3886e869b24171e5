//! `--negotiate-locale`: each client gets generated data in the language that it asks for.

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::client::{Answer, Client};
use crate::server::Server;

const SPEC: &str = "
openapi: 3.1.0
info: {title: people, version: '1'}
paths:
  /people:
    get:
      parameters: [{name: limit, in: query, schema: {type: integer}}, {name: offset, in: query, schema: {type: integer}}]
      responses: {'200': {description: d, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Person'}}}}}}
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Person'}}}}
      responses: {'201': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Person'}}}}}
  /people/{personId}:
    get:
      parameters: [{name: personId, in: path, required: true, schema: {type: integer}}]
      responses:
        '200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Person'}}}}
        '404': {description: none, content: {application/json: {example: {error: none}}}}
  /orders/{orderId}:
    get:
      parameters: [{name: orderId, in: path, required: true, schema: {type: integer}}]
      responses: {'200': {description: d, content: {application/json: {schema: {type: object, required: [id, personId], properties: {id: {type: integer}, personId: {type: integer}}}}}}}
  /orders:
    get:
      responses: {'200': {description: d, content: {application/json: {schema: {type: array, items: {type: object, required: [id, personId], properties: {id: {type: integer}, personId: {type: integer}}}}}}}}
  /example:
    get: {responses: {'200': {description: d, headers: {X-Fixed: {schema: {type: string}, example: a}}, content: {application/json: {example: {name: Ann}, schema: {$ref: '#/components/schemas/Person'}}}}}}
  /headed:
    get: {responses: {'200': {description: d, headers: {Place: {schema: {type: object, required: [city], properties: {city: {type: string}}}}}, content: {application/json: {example: 1}}}}}
  /declared:
    get: {responses: {'200': {description: d, headers: {Vary: {schema: {type: string}, example: Accept}, Content-Language: {schema: {type: string}, example: xx}}, content: {application/json: {schema: {$ref: '#/components/schemas/Person'}}}}}}
  /scripted:
    get: {responses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Person'}}}}}}
components:
  schemas:
    Person:
      type: object
      required: [id, name, country, city]
      properties: {id: {type: integer}, name: {type: string}, country: {type: string}, city: {type: string}}
";

struct Served {
    server: Server,
    /// Where its files are
    _folder: tempfile::TempDir,
}

fn serve(arguments: &[&str]) -> Served {
    let folder = tempfile::tempdir().unwrap();
    let spec = folder.path().join("api.yaml");
    fs::write(&spec, SPEC).unwrap();
    let server = Server::start(&[&["--spec", spec.to_str().unwrap()], arguments].concat());
    Served { server, _folder: folder }
}

impl Served {
    fn ask(&self, method: &str, target: &str, languages: &str) -> Answer {
        let field = match languages {
            "" => String::new(),
            languages => format!("Accept-Language: {languages}\r\n"),
        };
        Client::connect(self.server.address).ask(method, target, &field)
    }

    fn get(&self, target: &str, languages: &str) -> Answer {
        let answer = self.ask("GET", target, languages);
        assert_eq!(answer.status, 200, "{target}: {}", answer.text());
        answer
    }
}

/// All values of a field.
fn all<'a>(answer: &'a Answer, name: &str) -> Vec<&'a str> {
    let fields = answer.head.lines().filter_map(|line| line.split_once(':'));
    fields.filter(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).collect()
}

#[test]
fn each_client_gets_its_language() {
    for world in ["off", "on"] {
        let served = serve(&["--negotiate-locale", "--locale", "nl", "--world", world]);
        for (languages, tag, country) in [
            ("de", "de-DE", Some("Deutschland")),
            ("fr-CA, fr;q=0.9, de;q=0.8", "fr-FR", Some("France")),
            ("de;q=0.1, fr;q=0.3", "fr-FR", Some("France")),
            ("xx", "nl-NL", None),
            ("", "nl-NL", None),
            ("*", "nl-NL", None),
            ("de;q=0", "nl-NL", None),
            ("*, nl;q=0, en;q=0", "de-DE", Some("Deutschland")),
        ] {
            let answer = served.get("/people/7", languages);
            assert_eq!(all(&answer, "content-language"), [tag], "{languages}");
            assert_eq!(all(&answer, "vary"), ["Accept-Language"], "{languages}");
            let usual = served.get("/people/7", "");
            assert_eq!(answer.body == usual.body, country.is_none(), "{languages}: {}", answer.text());
            let head = served.ask("HEAD", "/people/7", languages);
            let length = |answer: &Answer| answer.header("content-length").map(str::to_owned);
            assert_eq!(
                (all(&head, "content-language"), length(&head)),
                (vec![tag], length(&answer)),
                "{languages}"
            );
        }
    }
}

/// What one client is answered in its language, all are where it is the server's.
#[test]
fn a_language_is_the_locale_of_that_name() {
    let negotiated = serve(&["--negotiate-locale"]);
    let german = serve(&["--locale", "de"]);
    for target in ["/people", "/people/7", "/orders/3", "/headed"] {
        let (one, other) = (negotiated.get(target, "de-CH"), german.get(target, "fr"));
        assert_eq!(one.body, other.body, "{target}");
        assert_eq!(one.header("place"), other.header("place"), "{target}");
    }
}

#[test]
fn without_the_setting_nobody_is_asked() {
    let served = serve(&[]);
    for target in ["/people", "/people/7", "/headed"] {
        let (usual, german) = (served.get(target, ""), served.get(target, "de"));
        assert_eq!(usual.body, german.body, "{target}");
        assert_eq!((german.header("content-language"), german.header("vary")), (None, None), "{target}");
    }
}

#[test]
fn a_world_hangs_together_in_each_language() {
    let served = serve(&["--negotiate-locale"]);
    let entities = |target: &str, language: &str| -> Vec<Value> {
        serde_json::from_slice(&served.get(target, language).body).unwrap()
    };
    let ids = |list: &[Value]| -> Vec<Value> { list.iter().map(|entity| entity["id"].clone()).collect() };
    let english = entities("/people?limit=5&offset=5", "en");
    for language in ["de", "fr", "ja"] {
        let list = entities("/people?limit=5&offset=5", language);
        assert_eq!(ids(&list), ids(&english), "{language}");
        for (entity, other) in list.iter().zip(&english) {
            let read = served.get(&format!("/people/{}", entity["id"]), language);
            assert_eq!(read.json(), *entity, "{language}");
            assert_ne!(entity["name"], other["name"], "{language}");
        }
        let order = &entities("/orders", language)[0];
        let owner = served.get(&format!("/people/{}", order["personId"]), language);
        assert_eq!(owner.json()["id"], order["personId"], "{language}");
    }
}

#[test]
fn what_is_created_is_in_the_language_too() {
    let served = serve(&["--negotiate-locale", "--validate-request", "false"]);
    let created = |language: &str| {
        let mut client = Client::connect(served.server.address);
        let sent = "{\"name\": \"Ann\"}";
        client.send(
            format!(
                "POST /people HTTP/1.1\r\nHost: a\r\nAccept-Language: {language}\r\n\
                 Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{sent}",
                sent.len()
            )
            .as_bytes(),
        );
        let answer = client.answer(false);
        assert_eq!(
            (answer.status, answer.header("content-language")),
            (201, Some(language)),
            "{}",
            answer.text()
        );
        answer.json()
    };
    let (german, french) = (created("de-DE"), created("fr-FR"));
    assert_eq!((&german["name"], &german["id"]), (&french["name"], &french["id"]));
    assert_ne!(german["city"], french["city"]);
}

#[test]
fn what_the_author_wrote_is_in_its_own() {
    let served = serve(&["--negotiate-locale"]);
    for language in ["de", "fr", ""] {
        let answer = served.get("/example", language);
        assert_eq!(answer.text(), "{\"name\":\"Ann\"}");
        assert_eq!((answer.header("content-language"), answer.header("vary")), (None, None), "{language}");
    }
    let made = Client::connect(served.server.address).ask(
        "GET",
        "/example",
        "Accept-Language: de\r\nPrefer: dynamic=true, seed=1\r\n",
    );
    assert_eq!(made.header("content-language"), Some("de-DE"));
    // a header is made though the body is not
    let headed = served.get("/headed", "de");
    assert_eq!((headed.header("content-language"), all(&headed, "vary")), (None, vec!["Accept-Language"]));
    assert_ne!(headed.header("place"), served.get("/headed", "fr").header("place"));
}

#[test]
fn fields_that_are_there_are_kept_beside() {
    let served = serve(&["--negotiate-locale"]);
    let answer = Client::connect(served.server.address).ask(
        "GET",
        "/declared",
        "Accept-Language: it\r\nOrigin: http://a.b\r\n",
    );
    let mut vary = all(&answer, "vary");
    vary.sort_unstable();
    assert_eq!(vary, ["Accept", "Accept-Language", "Origin"]);
    assert_eq!(all(&answer, "content-language"), ["it-IT"]);
}

#[test]
fn scripts_get_bodies_in_the_language() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("api.yaml"), SPEC).unwrap();
    let script = "fn handle(req, ctx) { let res = ctx.generate(); res.headers[\"x-by\"] = \"script\"; res }";
    fs::write(folder.path().join("a.rhai"), script).unwrap();
    let settings =
        "specs: [api.yaml]\ngeneration: { negotiate_locale: true }\nscripts: { GET /scripted: a.rhai }\n";
    let config = folder.path().join("mocker.yaml");
    fs::write(&config, settings).unwrap();
    let server = Server::start(&["--config", config.to_str().unwrap()]);
    let served = Served { server, _folder: folder };
    let ask = |language: &str| {
        let fields = format!("Accept-Language: {language}\r\nOrigin: http://a.b\r\n");
        Client::connect(served.server.address).ask("GET", "/scripted", &fields)
    };
    let (german, french) = (ask("de"), ask("fr"));
    for (answer, tag) in [(&german, "de-DE"), (&french, "fr-FR")] {
        assert_eq!(answer.header("x-by"), Some("script"), "{}", answer.text());
        assert_eq!(answer.header("content-language"), Some(tag));
        let mut vary = all(answer, "vary");
        vary.sort_unstable();
        assert_eq!(vary, ["Accept-Language", "Origin"]);
    }
    assert_ne!(german.body, french.body);
}

#[test]
fn pipelined_requests_have_languages_of_their_own() {
    let served = serve(&["--negotiate-locale"]);
    let languages = ["de", "fr", "", "tr", "de"];
    let requests: String = languages
        .iter()
        .map(|language| format!("GET /people/7 HTTP/1.1\r\nHost: a\r\nAccept-Language: {language}\r\n\r\n"))
        .collect();
    let mut client = Client::connect(served.server.address);
    client.send(requests.as_bytes());
    for language in languages {
        assert_eq!(client.answer(false).body, served.get("/people/7", language).body, "{language}");
    }
}

#[test]
fn a_hostile_field_is_answered() {
    let served = serve(&["--negotiate-locale", "--locale", "de"]);
    for field in [
        "fr;q=9".to_owned(),
        format!("x{}", "-a".repeat(4000)),
        vec!["xx;q=0.5"; 850].join(","),
        ",".repeat(8000),
        "*;;;q=,".repeat(1000),
    ] {
        let answer = served.get("/people/7", &field);
        assert_eq!(answer.header("content-language"), Some("de-DE"), "{}", field.len());
    }
}

#[test]
fn a_reload_switches_it() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("api.yaml"), SPEC).unwrap();
    let config = folder.path().join("mocker.yaml");
    let settings = |is_on: bool| format!("specs: [api.yaml]\ngeneration: {{ negotiate_locale: {is_on} }}\n");
    fs::write(&config, settings(false)).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_mocker"));
    command.args(["start", "--config", config.to_str().unwrap(), "--host", "127.0.0.1", "--port", "0"]);
    let server = Server::spawn_with_errors(command);
    let mut client = Client::connect(server.address);
    let mut language = || {
        let answer = client.ask("GET", "/people/7", "Accept-Language: de\r\n");
        answer.header("content-language").map(str::to_owned)
    };
    assert_eq!(language(), None);
    for (is_on, expected) in [(true, Some("de-DE")), (false, None)] {
        fs::write(&config, settings(is_on)).unwrap();
        server.heard("reloaded");
        assert_eq!(language().as_deref(), expected);
    }
}

#[test]
fn explain_tells_the_language_and_why() {
    let folder = tempfile::tempdir().unwrap();
    let spec = folder.path().join("api.yaml");
    fs::write(&spec, SPEC).unwrap();
    let explain = |settings: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mocker"));
        command.args(["explain", "GET", "/people/7", "--spec", spec.to_str().unwrap()]).args(settings);
        String::from_utf8_lossy(&command.output().unwrap().stdout).into_owned()
    };
    for (field, expected) in [
        ("Accept-Language: xx, de-AT;q=0.5", "Accept-Language: xx, de-AT;q=0.5 gets de-DE, by `de-AT`"),
        ("Accept-Language: xx", "names no locale and gets generation.locale, en"),
        ("Accept: */*", "no Accept-Language gets generation.locale, en"),
    ] {
        let told = explain(&["--negotiate-locale", "-H", field]);
        assert!(told.contains(expected), "{told}");
        assert!(!explain(&["-H", field]).contains("language"), "{field}");
    }
}
