//! How callbacks become the model.

use mocker_openapi::MemoryFetch;
use mocker_openapi::limits::{CALLBACKS, Limits};
use mocker_openapi::load_within;
use mocker_openapi::model::Method;

use crate::disk::{assert_clean, file, lines, load_text};

const HEAD: &str = "openapi: 3.0.4\ninfo: { title: T, version: '1' }\n";
const NONE: &str = "responses: { '204': { description: none } }";

#[test]
fn callbacks_are_read_with_their_references() {
    let loaded = load_text(&format!(
        "{HEAD}paths:
  /a:
    post:
      {NONE}
      callbacks:
        x-mine: 1
        own:
          '{{$request.body#/url}}?m={{$method}}':
            parameters: [{{ name: X-Event, in: header, schema: {{ type: string }} }}]
            post: {{ operationId: first, {NONE} }}
            put: {{ {NONE} }}
          http://localhost/b: {{ post: {{ {NONE} }} }}
        shared: {{ $ref: '#/components/callbacks/shared' }}
  /b:
    post: {{ {NONE}, callbacks: {{ again: {{ $ref: '#/components/callbacks/shared' }} }} }}
components:
  callbacks:
    shared:
      $request.query.url:
        post: {{ operationId: second, {NONE}, callbacks: {{ inner: {{ $ref: '#/components/callbacks/shared' }} }} }}
"
    ));
    assert_clean(&loaded);
    let document = loaded.document.unwrap();
    let seen = |index: usize| {
        let of = |callback: &mocker_openapi::model::Callback| {
            let methods: Vec<Method> = callback.operations.iter().map(|o| o.method.clone()).collect();
            (callback.name.to_string(), callback.url.to_string(), methods)
        };
        document.operations[index].callbacks.iter().map(of).collect::<Vec<_>>()
    };
    let (own, shared) = ("own".to_owned(), "$request.query.url".to_owned());
    let post = vec![Method::Post];
    assert_eq!(
        seen(0),
        [
            (own.clone(), "{$request.body#/url}?m={$method}".to_owned(), vec![Method::Post, Method::Put]),
            (own, "http://localhost/b".to_owned(), post.clone()),
            ("shared".to_owned(), shared.clone(), post.clone()),
        ]
    );
    assert_eq!(seen(1), [("again".to_owned(), shared, post)]);
    let first = &document.operations[0].callbacks[0].operations[0];
    assert_eq!((&*first.path, &*first.parameters[0].name), ("", "X-Event"));
    assert!(document.operations[1].callbacks[0].operations[0].callbacks.is_empty());
}

#[test]
fn an_operation_id_is_one_of_all() {
    let loaded = load_text(&format!(
        "{HEAD}paths:\n  /a:\n    post:\n      operationId: same\n      {NONE}\n      callbacks:\n        \
         a: {{ http://a/: {{ post: {{ operationId: same, {NONE} }} }} }}\n"
    ));
    assert_eq!(lines(&loaded), ["warning operation-id-duplicate 9:48"]);
}

#[test]
fn callbacks_have_their_limits() {
    let urls = |count: usize| {
        let of = |index| format!("          http://a/{index}: {{ post: {{ {NONE} }} }}\n");
        (0..count).map(of).collect::<String>()
    };
    for (count, reported) in [(CALLBACKS, 0), (CALLBACKS + 2, 1)] {
        let text = format!(
            "{HEAD}paths:\n  /a:\n    post:\n      {NONE}\n      callbacks:\n        a:\n{}",
            urls(count)
        );
        let loaded = load_text(&text);
        assert_eq!(lines(&loaded), ["warning list-too-long 8:9"][..reported]);
        assert_eq!(loaded.document.unwrap().operations[0].callbacks.len(), CALLBACKS);
    }
    let whole = urls(CALLBACKS + 1);
    let text = format!(
        "{HEAD}paths:\n  /a:\n    post:\n      {NONE}\n      callbacks:\n        a:\n{whole}        b: unread\n"
    );
    assert_eq!(lines(&load_text(&text)), ["warning list-too-long 8:9"], "members that are left out");
    let text =
        format!("{HEAD}paths:\n  /a:\n    post:\n      {NONE}\n      callbacks:\n        a:\n{}", urls(3));
    let mut fetch = MemoryFetch::default().with(file("api.yaml"), text);
    let loaded = load_within(file("api.yaml"), &mut fetch, &Limits { operations: 2, ..Limits::default() });
    assert_eq!(lines(&loaded), ["error too-many-operations 1:1"]);
}
