//! No input stops the reader, and what is valid stays as it was written.

use mocker_http::Limits;
use mocker_http::request::{Fields, Progress, Slots, head};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::Case;

const SCHEMAS: [&str; 8] = [
    "{ type: integer }",
    "{ type: string }",
    "{}",
    "{ type: array, items: { type: integer } }",
    "{ type: object, properties: { a: { type: integer }, b: { type: array, items: { type: object } } } }",
    "{ type: object, additionalProperties: { type: string } }",
    "{ anyOf: [{ type: integer }, { type: array }, { type: object }] }",
    "{ type: [boolean, 'null'] }",
];

const STYLES: [(&str, &str); 13] = [
    ("path", "style: simple"),
    ("path", "style: label"),
    ("path", "style: matrix"),
    ("query", "style: form"),
    ("query", "style: spaceDelimited"),
    ("query", "style: pipeDelimited"),
    ("query", "style: deepObject"),
    ("query", "content: { application/json: {} }"),
    ("querystring", "content: { application/x-www-form-urlencoded: {} }"),
    ("querystring", "content: { application/json: {} }"),
    ("header", "style: simple"),
    ("cookie", "style: form"),
    ("cookie", "style: cookie"),
];

/// Every style, exploded or not, with every schema.
fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (place, how) in STYLES {
        for schema in SCHEMAS {
            for explode in [false, true] {
                let how = match how.strip_suffix("{} }") {
                    Some(content) => format!("{content}{{ schema: {schema} }} }}"),
                    None => format!("{how}, explode: {explode}, schema: {schema}"),
                };
                let parameter = format!("{{ name: p, in: {place}, required: true, {how} }}");
                cases.push(Case::new("/a/{p}", &[&parameter]));
            }
        }
    }
    cases
}

/// Calls with header fields whose values are arbitrary; bytes that no field can have are left out.
fn with_fields<T>(value: &[u8], call: impl FnOnce(&Fields<'_>) -> T) -> T {
    let value: Vec<u8> = value.iter().copied().filter(|byte| *byte >= 32 && *byte != 127).collect();
    let lines =
        [b"Host: x\r\nP: ", &value[..], b"\r\nCookie: p=", &value, b"\r\nCookie: ", &value, b"\r\n\r\n"];
    let input = [b"GET / HTTP/1.1\r\n", &lines.concat()[..]].concat();
    let mut slots = Slots::new();
    let limits = Limits { head: 2 << 20, ..Limits::default() };
    let head = head(&input, &mut Progress::default(), &limits, &mut slots).unwrap().unwrap();
    call(&head.fields)
}

/// Bytes of which many mean something to some style.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let marks = prop::sample::select(&b"p=p&;.,|[]%20+{}\"a1-\0\xff\t "[..]);
    prop::collection::vec(prop_oneof![4 => marks, 1 => any::<u8>()], 0..60)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_are_judged_in_every_style(sent in bytes(), name in "(p=|p\\[|p\\[a\\]\\[|;p=|\\.|)") {
        thread_local!(static CASES: Vec<Case> = cases());
        let sent = [name.as_bytes(), &sent].concat();
        let segment: Vec<u8> = sent.iter().copied().filter(|byte| *byte != b'/').collect();
        let path = [b"/a/x", &segment[..]].concat();
        CASES.with(|cases| with_fields(&sent, |fields| {
            for case in cases {
                let (faults, _) = case.judge(&path, &sent, fields);
                prop_assert!(faults.iter().all(|fault| !fault.message.is_empty()));
            }
            Ok(())
        }))?;
    }

    #[test]
    fn strings_come_through_as_they_were(texts in prop::collection::vec("\\PC{1,8}", 1..5)) {
        let encoded: Vec<String> = texts.iter().map(|text| {
            text.bytes().map(|byte| format!("%{byte:02x}")).collect()
        }).collect();
        let list = "schema: { type: array, items: { type: string } } }";
        let query = Case::new("/a", &[&format!("{{ name: p, in: query, {list}")]);
        let sent = encoded.iter().map(|text| format!("p={text}")).collect::<Vec<_>>().join("&");
        prop_assert_eq!(query.value(&format!("/a?{sent}")), Some(json!(texts)));
        let matrix = format!("{{ name: p, in: path, required: true, style: matrix, explode: true, {list}");
        let sent: String = encoded.iter().map(|text| format!(";p={text}")).collect();
        prop_assert_eq!(Case::new("/a/{p}", &[&matrix]).value(&format!("/a/{sent}")), Some(json!(texts)));
        let deep = "{ name: p, in: query, style: deepObject, schema: { type: object } }";
        let members: serde_json::Map<String, Json> = texts.iter().map(|text| (text.clone(), json!(text))).collect();
        let members: serde_json::Map<String, Json> = members.into_iter().filter(|(name, _)| !name.contains(['[', ']'])).collect();
        let encode = |text: &str| text.bytes().map(|byte| format!("%{byte:02x}")).collect::<String>();
        let sent: Vec<String> = members.keys().map(|name| format!("p[{0}]={0}", encode(name))).collect();
        let expected = if members.is_empty() { None } else { Some(Json::Object(members)) };
        prop_assert_eq!(Case::new("/a", &[deep]).value(&format!("/a?{}", sent.join("&"))), expected);
    }
}

/// Also a way to see that reading is linear: this takes a moment, and with twice the length twice that.
#[test]
fn long_input_is_read() {
    const LENGTH: usize = 32 << 10;
    let repeated =
        ["p[a]", "p=1&", "&", "[", "p[0]=1&", "p[][a]=1&", ",", ";p=1", ".", "%", "\"", "{\"a\":", "1", "+"];
    let cases = cases();
    for text in repeated {
        let sent = text.repeat(LENGTH / text.len());
        let path = format!("/a/{sent}x");
        with_fields(sent.as_bytes(), |fields| {
            for case in &cases {
                case.judge(path.as_bytes(), sent.as_bytes(), fields);
            }
        });
    }
}
