//! Which requests are made of an operation, and what is in their heads and bodies.

use mocker_loadgen::scenario::{Coverage, Operation, Options, Share, of_document};
use mocker_openapi::Document;
use std::sync::Arc;

use crate::corpus::judge;
use crate::documents::of_text;

/// A document of one path with these operations.
fn document(paths: &str, rest: &str) -> Arc<Document> {
    of_text(&format!("openapi: 3.1.0\ninfo: {{title: t, version: '1'}}\npaths:\n{paths}\n{rest}\n"))
}

fn texts(operation: &Operation) -> Vec<String> {
    operation.requests.iter().map(|request| String::from_utf8_lossy(&request.bytes).into_owned()).collect()
}

/// The requests of the first operation, none of which the server refuses.
fn made(document: &Arc<Document>, options: &Options) -> Vec<String> {
    let (scenario, unmade) = of_document(document, options);
    assert!(unmade.is_empty(), "{unmade:?}");
    let (_, refused) = judge(document, &scenario, &options.base_path);
    assert!(refused.is_empty(), "{}", refused.join("\n"));
    texts(&scenario.operations[0])
}

const PETS: &str = "
  /pets/{id}:
    put:
      operationId: putPet
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer, examples: [7, true]}}
        - {name: kind, in: query, schema: {enum: [cat, dog, fish]}}
        - {name: X-Trace, in: header, schema: {type: string, minLength: 1}}
      requestBody:
        required: true
        content:
          application/json:
            example: {name: Rex}
            schema:
              type: object
              required: [name]
              properties:
                id: {type: integer, readOnly: true}
                name: {type: string}
                tag: {type: string, const: good}
      responses:
        '200': {description: ok, content: {application/xml: {}, application/json: {}}}";

#[test]
fn examples_then_bounds_then_seeded_values() {
    let document = document(PETS, "");
    let requests = made(&document, &Options { host: "h:1".to_owned(), ..Options::default() });
    assert_eq!(
        requests[0],
        "PUT /pets/7?kind=cat HTTP/1.1\r\nHost: h:1\r\nUser-Agent: mocker/0.1.0\r\n\
         Accept: application/json, */*;q=0.1\r\nContent-Type: application/json\r\nContent-Length: 14\r\n\r\n{\"name\":\"Rex\"}"
    );
    assert!(
        requests[1].starts_with("PUT /pets/7?kind=dog ") && requests[2].starts_with("PUT /pets/7?kind=fish ")
    );
    let (least, most) = (&requests[3], &requests[4]);
    assert!(!least.contains('?') && !least.contains("X-Trace") && !least.contains("good"), "{least}");
    assert!(
        most.contains("?kind=") && most.contains("X-Trace: ") && most.contains("\"tag\":\"good\""),
        "{most}"
    );
    assert!(requests.iter().all(|request| !request.contains("\"id\"")), "{requests:?}");
    assert_eq!(requests.len(), 8);
}

#[test]
fn seeds_decide_and_equal_requests_are_one() {
    let document = document(PETS, "");
    let of_seed = |seed| made(&document, &Options { seed, ..Options::default() });
    assert_eq!(of_seed(1), of_seed(1));
    assert_eq!(of_seed(1)[..3], of_seed(2)[..3]);
    assert_ne!(of_seed(1)[3..], of_seed(2)[3..]);
    for variants in [0, 1, 2, 3, 20, 1000] {
        let requests = made(&document, &Options { variants, ..Options::default() });
        assert!((1..=variants.clamp(1, 256)).contains(&requests.len()), "{variants}: {}", requests.len());
    }
    let plain = of_text(
        "{openapi: 3.0.0, info: {title: t, version: '1'}, paths: {/a: {get: {responses: {'204': {description: n}}}}}}",
    );
    assert_eq!(made(&plain, &Options::default()).len(), 1);
}

#[test]
fn fields_of_the_user_take_the_place_of_ours() {
    let document = document(PETS, "");
    let headers = [
        ("host", "elsewhere"),
        ("USER-AGENT", "u"),
        ("X-Trace", "t"),
        ("X-More", "m"),
        ("Content-Length", "999"),
        ("Transfer-Encoding", "chunked"),
        ("bad name", "x"),
        ("X-Bad", "a\r\nX-Smuggled: b"),
    ];
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    for request in made(&document, &Options { headers, base_path: "/v1/".to_owned(), ..Options::default() }) {
        let (head, body) = request.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("PUT /v1/pets/"), "{head}");
        let lines: Vec<&str> = head.lines().collect();
        for (field, expected) in
            [("host", "elsewhere"), ("user-agent", "u"), ("x-trace", "t"), ("x-more", "m")]
        {
            let of_field = lines.iter().filter(|line| line.to_lowercase().starts_with(&format!("{field}:")));
            let values: Vec<&str> = of_field.map(|line| line.split_once(": ").unwrap().1).collect();
            assert_eq!(values, [expected], "{head}");
        }
        assert!(head.ends_with(&format!("Content-Length: {}", body.len())), "{head}");
        assert!(!head.contains("Bad") && !head.contains("bad") && !head.contains("chunked"), "{head}");
    }
}

#[test]
fn credentials_of_every_kind() {
    let schemes = "
components:
  securitySchemes:
    basic: {type: http, scheme: Basic}
    digest: {type: http, scheme: digest}
    bearer: {type: http, scheme: bearer}
    odd: {type: http, scheme: hoba}
    oauth: {type: oauth2, flows: {}}
    openid: {type: openIdConnect, openIdConnectUrl: 'http://x/'}
    header: {type: apiKey, in: header, name: X-Key}
    query: {type: apiKey, in: query, name: key}
    cookie: {type: apiKey, in: cookie, name: sid}
    tls: {type: mutualTLS}";
    for (security, expected) in [
        ("[{basic: []}]", "\r\nAuthorization: Basic bW9ja2VyOm1vY2tlcg==\r\n"),
        ("[{digest: []}]", "uri=\"/a\", response=\"0"),
        ("[{bearer: []}]", "\r\nAuthorization: Bearer mocker\r\n"),
        ("[{odd: []}]", "\r\nAuthorization: hoba mocker\r\n"),
        ("[{oauth: [read]}]", "\r\nAuthorization: Bearer mocker\r\n"),
        ("[{openid: []}]", "\r\nAuthorization: Bearer mocker\r\n"),
        ("[{header: []}]", "\r\nX-Key: mocker\r\n"),
        ("[{query: []}]", "GET /a?key=mocker HTTP"),
        ("[{cookie: []}]", "\r\nCookie: sid=mocker\r\n"),
        ("[{tls: []}]", "Accept: */*\r\n\r\n"),
        ("[{}, {basic: []}]", "Accept: */*\r\n\r\n"),
        ("[{basic: [], bearer: []}, {header: [], cookie: []}]", "X-Key: mocker\r\nCookie: sid=mocker\r\n"),
        ("[{oauth: [a], bearer: []}]", "\r\nAuthorization: Bearer mocker\r\n"),
    ] {
        let paths =
            format!("  /a: {{get: {{security: {security}, responses: {{'204': {{description: n}}}}}}}}");
        let requests = made(&document(&paths, schemes), &Options::default());
        assert!(requests.len() == 1 && requests[0].contains(expected), "{security}: {requests:?}");
    }
}

#[test]
fn bodies_of_every_media_type() {
    let schema = "schema: {type: object, required: [a, b, c], properties: {a: {const: 'x y'}, b: {type: array, items: {type: integer}, const: [1, 2]}, c: {const: {d: true}}}}";
    for (content, expected) in [
        ("application/json: {SCHEMA}", "\r\n\r\n{\"a\":\"x y\",\"b\":[1,2],\"c\":{\"d\":true}}"),
        ("application/x-www-form-urlencoded: {SCHEMA}", "\r\n\r\na=x+y&b=1&b=2&c=%7B%22d%22%3Atrue%7D"),
        (
            "application/x-www-form-urlencoded: {SCHEMA, encoding: {b: {style: pipeDelimited}, c: {style: deepObject}}}",
            "\r\n\r\na=x+y&b=1%7C2&c%5Bd%5D=true",
        ),
        (
            "multipart/form-data: {SCHEMA}",
            "form-data; name=\"a\"\r\nContent-Type: text/plain\r\n\r\nx y\r\n--mocker",
        ),
        (
            "multipart/form-data: {SCHEMA}",
            "form-data; name=\"b\"\r\nContent-Type: text/plain\r\n\r\n2\r\n--mocker",
        ),
        (
            "multipart/form-data: {SCHEMA}",
            "form-data; name=\"c\"\r\nContent-Type: application/json\r\n\r\n{\"d\":true}\r\n--mocker",
        ),
        (
            "multipart/form-data: {schema: {type: object, required: [f], properties: {f: {type: string, format: binary}}}, encoding: {f: {contentType: 'image/*'}}}",
            "name=\"f\"; filename=\"file\"\r\nContent-Type: image/png\r\n\r\n",
        ),
        ("application/xml: {SCHEMA}", "<a>x y</a><b>1</b><b>2</b><c><d>true</d></c>"),
        (
            "text/plain: {schema: {const: hello}}",
            "Content-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello",
        ),
        ("application/octet-stream: {}", "Content-Type: application/octet-stream\r\n"),
        ("application/x-ndjson: {schema: {const: plain words}}", "\r\n\r\n\"plain words\"\n"),
        ("'*/*': {SCHEMA}", "Content-Type: application/json\r\n"),
        ("application/json: {example: '{\"a\": 1}', schema: {type: object}}", "\r\n\r\n{\"a\":1}"),
    ] {
        let content = content.replace("SCHEMA", schema);
        let paths = format!(
            "  /a: {{post: {{requestBody: {{required: true, content: {{{content}}}}}, responses: {{'204': {{description: n}}}}}}}}"
        );
        let requests = made(&document(&paths, ""), &Options::default());
        assert!(requests[0].contains(expected), "{content}: {expected}\n{}", requests[0]);
    }
}

#[test]
fn media_types_take_turns_and_are_counted() {
    let paths = "
  /a/{id}:
    post:
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer}}
        - {name: q, in: query, schema: {type: string}}
        - {name: Accept, in: header, schema: {type: string}}
      requestBody:
        content:
          application/json: {schema: {type: object}}
          application/x-www-form-urlencoded: {schema: {type: object, properties: {n: {type: integer}}}}
          text/plain: {schema: {type: 'null'}}
          application/xml: {schema: false}
      responses: {'204': {description: n}}
  /b:
    get:
      parameters: [{name: x, in: query, required: true, schema: {type: integer, minimum: 3, maximum: 2}}]
      responses: {'204': {description: n}}";
    let document = document(paths, "");
    let (scenario, unmade) = of_document(&document, &Options::default());
    let reasons: Vec<String> =
        unmade.iter().map(|unmade| format!("{}: {:.28}", unmade.operation, unmade.reason)).collect();
    assert_eq!(
        reasons,
        ["POST /a/{id}: no body in application/xml: ", "GET /b: parameter `x`: nothing obeys"]
    );
    let coverage = Coverage::of(&document, "", &scenario);
    assert_eq!(coverage.operations, Share { hit: 1, declared: 2 });
    assert_eq!(coverage.parameters, Share { hit: 2, declared: 3 });
    assert_eq!(coverage.media_types, Share { hit: 3, declared: 4 });
}

#[test]
fn requests_lead_to_their_operation() {
    let responses = "responses: {'204': {description: n}}";
    let id = "{name: id, in: path, required: true, schema: {type: string, enum: [mine, yours]}}";
    let paths = format!(
        "
  /pets/mine: {{get: {{{responses}}}}}
  /pets/{{id}}: {{get: {{parameters: [{id}], {responses}}}}}
  /only/mine: {{get: {{{responses}}}}}
  /only/{{id}}: {{get: {{parameters: [{{name: id, in: path, required: true, schema: {{const: mine}}}}], {responses}}}}}
  /files/{{a}}-{{b}}.json:
    get:
      parameters:
        - {{name: a, in: path, required: true, schema: {{enum: [x-y, x]}}}}
        - {{name: b, in: path, required: true, schema: {{enum: [p.q]}}}}
      {responses}
  /rest?method=info: {{get: {{{responses}}}}}
  /rest#kind=a: {{get: {{{responses}}}}}
  /by/{{number}}: {{get: {{parameters: [{{name: number, in: path, required: true, schema: {{type: integer}}}}], {responses}}}}}
  /by/{{name}}: {{get: {{parameters: [{{name: name, in: path, required: true, schema: {{enum: ['5', five]}}}}], {responses}}}}}"
    );
    let document = document(&paths, "");
    let (scenario, unmade) = of_document(&document, &Options::default());
    let (_, refused) = judge(&document, &scenario, "");
    assert!(refused.is_empty(), "{}", refused.join("\n"));
    assert_eq!(unmade.len(), 1, "{unmade:?}");
    assert_eq!(unmade[0].operation, "GET /only/{id}");
    assert_eq!(unmade[0].reason, "its requests are taken by GET /only/mine");
    let lines = |path: &str| -> Vec<String> {
        let operation = scenario.operations.iter().find(|operation| operation.path == path).unwrap();
        texts(operation).iter().map(|text| text.lines().next().unwrap().to_owned()).collect()
    };
    assert_eq!(lines("/pets/{id}"), ["GET /pets/yours HTTP/1.1"]);
    assert_eq!(lines("/rest?method=info"), ["GET /rest?method=info HTTP/1.1"]);
    assert_eq!(lines("/rest#kind=a"), ["GET /rest?kind=a HTTP/1.1"]);
    assert_eq!(lines("/by/{name}"), ["GET /by/five HTTP/1.1"]);
}

#[test]
fn a_request_that_no_server_would_take_is_left_out() {
    let paths = "
  /a:
    get:
      parameters: [{name: x, in: query, schema: {type: string, minLength: 9000}}]
      responses: {'204': {description: n}}
    post:
      parameters: [{name: x, in: query, required: true, schema: {type: string, minLength: 9000}}]
      responses: {'204': {description: n}}";
    let (scenario, unmade) = of_document(&document(paths, ""), &Options::default());
    assert_eq!(scenario.operations.len(), 1);
    assert_eq!(texts(&scenario.operations[0]).len(), 1);
    assert_eq!(unmade[0].operation, "POST /a");
    assert!(unmade[0].reason.contains("longer than servers take"), "{unmade:?}");
}

#[test]
fn head_requests_say_so() {
    let paths = "
  /a:
    get: {responses: {'200': {description: n}}}
    head: {responses: {'200': {description: n}}}";
    let (scenario, _) = of_document(&document(paths, ""), &Options::default());
    let mut are_head: Vec<(String, bool)> = scenario
        .operations
        .iter()
        .map(|operation| (operation.name(), operation.requests[0].is_head))
        .collect();
    are_head.sort();
    assert_eq!(are_head, [("GET /a".to_owned(), false), ("HEAD /a".to_owned(), true)]);
}

#[test]
fn a_document_cannot_write_lines_into_a_head() {
    let rest = r#"
components:
  securitySchemes:
    line: {type: apiKey, in: header, name: "X\r\nY"}
    cookie: {type: apiKey, in: cookie, name: "a; b"}
    query: {type: apiKey, in: query, name: "a&b c"}
    scheme: {type: http, scheme: "x\r\nY:"}"#;
    let paths = r#"
  /a:
    post:
      security: [{line: []}, {cookie: []}, {scheme: []}, {query: []}]
      parameters:
        - {name: "X\r\nY", in: header, schema: {type: string}}
        - {name: "c; d", in: cookie, schema: {type: string}}
        - {name: X-Ok, in: header, schema: {type: string}, example: "a\r\nY: b"}
        - {name: Cookie, in: header, required: true, schema: {const: e=f}}
      requestBody:
        content:
          "text/plain;\r\nY=1": {schema: {const: t}}
          "multipart/form-data": {schema: {type: object, required: ["n\"\r\nY: b"], properties: {"n\"\r\nY: b": {const: t}}}}
      responses: {'200': {description: n, content: {"application/json\r\nY: b": {}}}}"#;
    let (scenario, _) = of_document(&document(paths, rest), &Options::default());
    let requests = texts(&scenario.operations[0]);
    assert!(requests[0].starts_with("POST /a?a%26b%20c=mocker HTTP/1.1\r\n"), "{requests:?}");
    assert!(requests.iter().all(|request| !request.contains("\nY")), "{requests:?}");
    assert!(requests.iter().all(|request| request.contains("\r\nCookie: e=f\r\n")), "{requests:?}");
}
