//! What scripts see, return and change.

use mocker_scripting::{Before, Hook};

use crate::stage::{after, before, context_of, handle, request, script, text, value};

#[test]
fn a_script_sees_the_whole_request() {
    for (expression, expected) in [
        ("req.method", r#""POST""#),
        ("req.path", r#""/pets/42""#),
        ("req.params", r#"{"petId":"42"}"#),
        ("req.params.petId", r#""42""#),
        ("req.params.none", "null"),
        ("req.param(\"petId\")", "42"),
        ("req.param(\"limit\")", r#""5""#),
        ("req.param(\"none\") ?? 20", "20"),
        ("req.query", r#"{"limit":"5","q":"x y","tag":"a"}"#),
        ("parse_int(req.query.limit ?? \"20\") + 1", "6"),
        ("req.query_all(\"tag\")", r#"["a","b"]"#),
        ("req.headers[\"x-tenant\"]", r#""acme""#),
        ("req.headers.host", r#""localhost""#),
        ("req.headers[\"x-none\"]", "null"),
        ("\"X-TENANT\" in req.headers", "true"),
        ("req.headers.all(\"host\")", r#"["localhost"]"#),
        ("req.headers.to_map()[\"x-tenant\"]", r#""acme""#),
        ("req.cookies.session", r#""abc""#),
        ("req.body.len()", "28"),
        ("req.bytes().len()", "28"),
        ("req.json().items[1] + req.json().items.len()", "4"),
        ("req.form()", r#"{"{\"items\":[1,2],\"name\":\"Rex\"}":""}"#),
        ("ctx.operation", r#""GET /pets/{petId}""#),
        ("ctx.scope", r#""acme""#),
        ("ctx.config", "{}"),
        ("ctx.vars", "{}"),
        (
            "[req.query, req.json(), ctx.generate().body]",
            r#"[{"limit":"5","q":"x y","tag":"a"},{"items":[1,2],"name":"Rex"},{"id":7,"name":"Tom","tags":["a","b"]}]"#,
        ),
        (
            "let m = #{}; m.b = ctx.generate().body; m.c = m.b; m",
            r#"{"b":{"id":7,"name":"Tom","tags":["a","b"]},"c":{"id":7,"name":"Tom","tags":["a","b"]}}"#,
        ),
        ("let r = ctx.generate(); let b = r.body; b.id = 1; r.body.id", "7"),
        (
            "let r = ctx.generate(); r.body.tags.push(\"c\"); r.body.tags[0] = 1; r.body.tags",
            r#"[1,"b","c"]"#,
        ),
        ("let r = ctx.generate(); let f = || r.body.id; f.call()", "7"),
    ] {
        assert_eq!(value(expression), expected, "{expression}");
    }
}

#[test]
fn a_handler_answers_or_falls_through() {
    let response =
        handle("fn handle(req, ctx) { #{ status: 201, body: #{ id: req.param(\"petId\") } } }").unwrap();
    assert_eq!((response.status, text(&response).as_str()), (201, r#"{"id":42}"#));
    let generated = r#"{ "name": "Tom", "id": 7, "tags": ["a", "b"] }"#;
    for same in [
        "fn handle(req, ctx) { }",
        "fn handle(req, ctx) { ctx.generate() }",
        "fn handle(req, ctx) { let r = ctx.generate(); if r.body.tags.len() > 9 { throw 1; } r }",
    ] {
        assert_eq!(text(&handle(same).unwrap()), generated, "{same}");
    }
    let changed =
        handle("fn handle(req, ctx) { let r = ctx.generate(); r.body.name = \"Rex\"; r.status = 202; r }")
            .unwrap();
    assert_eq!((changed.status, text(&changed).as_str()), (202, r#"{"id":7,"name":"Rex","tags":["a","b"]}"#));
    assert_eq!(handle("fn handle(req, ctx) { ctx.generate(404) }").unwrap().status, 404);
    assert_eq!(text(&handle("fn handle(req, ctx) { ctx.example(\"cat\") }").unwrap()), "a cat");
    let refused = handle("fn handle(req, ctx) {\n  ctx.generate(500)\n}").unwrap_err();
    assert_eq!(refused.to_string(), "test.rhai:2:7: the document describes no 500; it has 200 and 404");
}

#[test]
fn before_answers_changes_or_lets_through() {
    assert!(matches!(before("fn before(req, ctx) { }").unwrap(), Before::Continue(None)));
    let Before::Answer(response) = before("fn before(req, ctx) { unauthorized(\"no\") }").unwrap() else {
        panic!("no answer")
    };
    assert_eq!(response.status, 401);
    assert_eq!(response.field("content-type"), Some(b"application/problem+json".as_slice()));
    let changed = before(
        r#"fn before(req, ctx) {
            req.method = "PUT";
            req.path = "/pets/9";
            req.query.limit = 7;
            req.query.tag = ();
            req.query.extra = "a&b";
            req.headers["x-tenant"] = "other";
            req.headers["x-new"] = ["1", 2];
            req.body = #{ a: 1 };
            if req.headers["X-Tenant"] != "other" || req.query.limit != "7" || req.body != "{\"a\":1}" { throw "not seen"; }
        }"#,
    );
    let Before::Continue(Some(request)) = changed.unwrap() else { panic!("not changed") };
    assert_eq!((request.method(), request.path()), ("PUT".into(), "/pets/9".into()));
    assert_eq!(request.query_text(), "limit=7&q=x%20y&extra=a%26b");
    assert_eq!(request.field("X-Tenant").as_deref(), Some("other"));
    let new: Vec<_> =
        request.fields().filter(|(name, _)| name == "x-new").map(|(_, value)| value.into_owned()).collect();
    assert_eq!(new, ["1", "2"]);
    assert_eq!((request.body(), request.param("petId").as_deref()), (b"{\"a\":1}".as_slice(), Some("42")));
    let refused = handle("fn handle(req, ctx) { req.path = \"/x\"; }").unwrap_err();
    assert_eq!(refused.to_string(), "test.rhai:1:27: a request can be changed in `before` only");
    for (change, expected) in [
        ("req.method = \"A B\"", "is no method"),
        ("req.path = \"x\"", "is no path"),
        ("req.path = \"/a b\"", "is no path"),
        ("req.headers[\"a\"] = \"b\\r\\nc: d\"", "control characters"),
        ("req.headers[\"content-length\"] = 3", "set by the server"),
        ("req.headers = 3", "headers must be a map"),
        ("req.query.a = #{}", "a must be a text"),
    ] {
        let fault = before(&format!("fn before(req, ctx) {{ {change} }}")).unwrap_err();
        assert!(fault.message.contains(expected) && fault.line == 1, "{change}: {fault}");
    }
}

#[test]
fn after_changes_what_was_generated() {
    let response =
        after("fn after(req, res, ctx) { res.headers[\"X-A\"] = [1, 2]; res.body.seen = req.method; }")
            .unwrap();
    assert_eq!(text(&response), r#"{"id":7,"name":"Tom","seen":"POST","tags":["a","b"]}"#);
    assert_eq!(response.fields.iter().filter(|(name, _)| &**name == "X-A").count(), 2);
    let untouched = after("fn after(req, res, ctx) { res.headers = #{ a: 1 }; }").unwrap();
    assert_eq!(text(&untouched), r#"{ "name": "Tom", "id": 7, "tags": ["a", "b"] }"#);
    assert_eq!(untouched.fields.len(), 1);
    assert_eq!(text(&after("fn after(req, res, ctx) { res.body = \"x\"; }").unwrap()), "\"x\"");
    assert_eq!(text(&after("fn after(req, res, ctx) { \"x\" }").unwrap()), "x");
    assert_eq!(text(&after("fn after(req, res, ctx) { res }").unwrap()), text(&untouched));
}

#[test]
fn hooks_of_a_request_share_variables() {
    let mut scripts = script(
        r#"
        fn before(req, ctx) { ctx.vars.seen = [req.method]; }
        fn handle(req, ctx) { ctx.vars.seen.push("handled"); #{ body: ctx.vars.seen } }
        fn after(req, res, ctx) { res.body.push(ctx.vars.seen.len()); }
        "#,
    );
    let id = scripts.library().find("test").unwrap();
    let context = context_of(request());
    scripts.before(id, &context).unwrap();
    let response = scripts.handle(id, &context).unwrap();
    assert_eq!(text(&scripts.after(id, &context, response).unwrap()), r#"["POST","handled",2]"#);
    for (hook, is_there) in
        [(Hook::Handle, true), (Hook::Before, true), (Hook::After, true), (Hook::Init, false)]
    {
        assert_eq!(scripts.library().has(id, hook), is_there, "{hook:?}");
    }
}
