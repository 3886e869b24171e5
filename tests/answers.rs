//! Which answer a request gets, and in what form.

use std::io::Write;

use crate::client::{Client, get};
use crate::server::Server;

fn serve(text: &str, arguments: &[&str]) -> (Server, tempfile::NamedTempFile) {
    let mut file = tempfile::Builder::new().suffix(".yaml").tempfile().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    let mut all = vec!["--spec", file.path().to_str().unwrap()];
    all.extend(arguments);
    (Server::start(&all), file)
}

const KINDS: &str = "
openapi: 3.1.0
info: {title: kinds, version: '1'}
servers: [{url: 'https://example.com/v1'}]
paths:
  /many:
    get:
      responses:
        '404': {description: no}
        '201':
          description: made
          headers:
            X-Total: {schema: {type: integer, minimum: 5, maximum: 5}}
            Location: {schema: {type: string}, example: /many/1}
            Content-Length: {schema: {type: integer}, example: 1}
          content:
            text/plain: {schema: {type: string, const: hello}}
            application/json: {schema: {type: object, required: [a], properties: {a: {const: 1}}}}
            application/xml: {schema: {type: object, xml: {name: thing}, required: [a, b], properties: {a: {const: 1, xml: {attribute: true}}, b: {const: '<'}}}}
            application/x-www-form-urlencoded: {schema: {type: object, required: [a], properties: {a: {const: 'x y'}}}}
            image/png: {schema: {type: string, format: binary}}
  /empty: {get: {responses: {'204': {description: none}}}}
  /items/{id}:
    get:
      responses:
        '200':
          description: ok
          content: {application/json: {schema: {type: object, required: [n], properties: {n: {type: integer, minimum: 0, maximum: 1000000000}}}}}
    delete: {responses: {'204': {description: gone}}}
";

#[test]
fn the_media_type_follows_accept() {
    let (server, _file) = serve(KINDS, &[]);
    for (accept, content_type, body) in [
        ("", "application/json", "{\"a\":1}"),
        ("Accept: */*\r\n", "text/plain", "hello"),
        ("Accept: text/plain\r\n", "text/plain", "hello"),
        (
            "Accept: text/*;q=0.5, application/xml\r\n",
            "application/xml",
            "<thing a=\"1\"><b>&lt;</b></thing>",
        ),
        ("Accept: application/x-www-form-urlencoded\r\n", "application/x-www-form-urlencoded", "a=x+y"),
        ("Accept: image/png\r\n", "image/png", "PNG"),
        ("Accept: bad/, ,;;\r\n", "text/plain", "hello"),
    ] {
        let answer = Client::connect(server.address).ask("GET", "/many", accept);
        assert_eq!(answer.status, 201);
        assert_eq!(answer.header("content-type"), Some(content_type), "{accept}");
        assert!(answer.text().contains(body), "{accept}: {}", answer.text());
    }
}

#[test]
fn declared_headers_are_sent_and_framing_is_ours() {
    let (server, _file) = serve(KINDS, &[]);
    let answer = get(server.address, "/many");
    assert_eq!(answer.header("x-total"), Some("5"));
    assert_eq!(answer.header("location"), Some("/many/1"));
    assert_eq!(answer.header("content-length"), Some("7"));
    assert!(answer.header("date").is_some_and(|date| date.ends_with(" GMT")));
}

#[test]
fn head_has_the_head_of_get() {
    let (server, _file) = serve(KINDS, &[]);
    for target in ["/many", "/items/1"] {
        let mut client = Client::connect(server.address);
        let get = client.ask("GET", target, "");
        let head = client.ask("HEAD", target, "");
        assert_eq!(head.status, get.status, "{target}");
        assert_eq!(head.header("content-length"), get.header("content-length"), "{target}");
        assert_eq!(client.ask("GET", target, "").body, get.body, "{target}");
    }
}

#[test]
fn no_content_has_neither_body_nor_length() {
    let (server, _file) = serve(KINDS, &[]);
    let answer = get(server.address, "/empty");
    assert_eq!((answer.status, answer.header("content-length"), answer.body.len()), (204, None, 0));
}

#[test]
fn refusals_are_problem_documents() {
    let (server, _file) = serve(KINDS, &[]);
    let missing = get(server.address, "/nope?x=1");
    assert_eq!((missing.status, missing.header("content-type")), (404, Some("application/problem+json")));
    assert_eq!(missing.json()["detail"], "The route /nope hasn't been found in the specification file");
    let wrong = Client::connect(server.address).ask("PUT", "/items/1", "");
    assert_eq!((wrong.status, wrong.header("allow")), (405, Some("GET, HEAD, DELETE")));
    assert_eq!(wrong.json()["type"], "https://stoplight.io/prism/errors#NO_METHOD_MATCHED_ERROR");
}

#[test]
fn paths_are_reachable_under_the_servers_path() {
    for (base, bare, prefixed, other) in [
        ("auto", 204, 204, 404),
        ("none", 204, 404, 404),
        ("/mine", 404, 404, 204),
        ("/mine/", 404, 404, 204),
    ] {
        let (server, _file) = serve(KINDS, &["--base-path", base]);
        let status = |target| get(server.address, target).status;
        assert_eq!(
            (status("/empty"), status("/v1/empty"), status("/mine/empty")),
            (bare, prefixed, other),
            "{base}"
        );
    }
}

#[test]
fn the_same_seed_and_url_give_the_same_bytes() {
    let (server, file) = serve(KINDS, &["--threads", "2"]);
    let body = |target: &str| get(server.address, target).body;
    assert_eq!(body("/items/1"), body("/items/1"));
    assert_ne!(body("/items/1"), body("/items/2"));
    let again = Server::start(&["--spec", file.path().to_str().unwrap()]);
    assert_eq!(get(again.address, "/items/1").body, body("/items/1"));
    let seeded = Server::start(&["--spec", file.path().to_str().unwrap(), "--seed", "9"]);
    assert_ne!(get(seeded.address, "/items/1").body, body("/items/1"));
}

#[test]
fn fresh_bodies_differ() {
    let (server, _file) = serve(KINDS, &["--fresh"]);
    let mut client = Client::connect(server.address);
    let bodies: std::collections::BTreeSet<_> =
        (0..8).map(|_| client.ask("GET", "/items/1", "").body).collect();
    assert!(bodies.len() > 6, "{} different bodies of 8", bodies.len());
}

#[test]
fn health_is_out_of_the_documents_way() {
    let (server, _file) = serve(KINDS, &[]);
    assert_eq!(get(server.address, "/health").status, 404);
    let health = get(server.address, "/__mocker/health");
    assert_eq!((health.status, health.json()["status"].as_str()), (200, Some("healthy")));
}

#[test]
fn a_document_comes_from_a_url_with_what_it_refers_to() {
    let schema = "Thing: {type: object, required: [a], properties: {a: {const: 1}}}";
    let body = "{application/json: {schema: {$ref: 'shared/parts.yaml#/Thing'}}}";
    let document = format!(
        "openapi: 3.1.0\ninfo: {{title: t, version: '1'}}\npaths:\n  /a: {{get: {{responses: {{'200': {{description: ok, content: {body}}}}}}}}}\n"
    );
    let files =
        files_over_http(vec![("/api/openapi.yaml", document), ("/api/shared/parts.yaml", schema.to_owned())]);
    let server = Server::start(&["--spec", &format!("http://{files}/api/openapi.yaml")]);
    assert_eq!(get(server.address, "/a").text(), "{\"a\":1}");
}

/// A server that gives each of these files once, in this order.
fn files_over_http(files: Vec<(&'static str, String)>) -> std::net::SocketAddr {
    use std::io::{BufRead, BufReader};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for (path, text) in files {
            let (mut stream, _) = listener.accept().unwrap();
            let head = BufReader::new(stream.try_clone().unwrap()).lines();
            let head: Vec<String> = head.map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
            let found = head[0].split(' ').nth(1) == Some(path);
            let (status, body) = if found { ("200 OK", text.as_str()) } else { ("404 Not Found", "") };
            let length = body.len();
            let answer =
                format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}");
            stream.write_all(answer.as_bytes()).unwrap();
        }
    });
    address
}

#[test]
fn path_keys_with_queries_and_fragments_are_told_apart() {
    let operation = |text: &str| {
        format!(
            "{{get: {{responses: {{'200': {{description: ok, content: {{text/plain: {{example: {text}}}}}}}}}}}}}"
        )
    };
    let document = format!(
        "openapi: 3.0.3\ninfo: {{title: t, version: '1'}}\npaths:\n  /rest?method=info: {}\n  /rest?method=list: {}\n  '/aws#Action=A': {}\n  '/aws#Action=B': {}\n",
        operation("info"),
        operation("list"),
        operation("A"),
        operation("B")
    );
    let (server, _file) = serve(&document, &[]);
    for (target, body) in
        [("/rest?method=info", "info"), ("/rest?x=1&method=list", "list"), ("/aws?Action=B", "B")]
    {
        assert_eq!(get(server.address, target).text(), body, "{target}");
    }
    assert_eq!(get(server.address, "/rest").status, 404);
}

#[test]
fn an_example_is_served_however_deep_it_is_nested() {
    let example = format!("{}{}", "[".repeat(200), "]".repeat(200));
    let text = format!(
        "{{openapi: 3.1.0, info: {{title: deep, version: '1'}}, paths: {{/deep: {{get: {{responses: {{'200': \
         {{description: ok, content: {{application/json: {{example: {example}}}}}}}}}}}}}}}}}"
    );
    let (server, _file) = serve(&text, &[]);
    assert_eq!(get(server.address, "/deep").text(), example);
}
