//! Ways from page to page: whoever follows them sees each entity once, and comes to an end.

use std::collections::HashSet;

use serde_json::Value;

use crate::client::{Answer, Server, link};
use crate::written::pets;

const INTEGER: &str = "{ type: integer }";
const TEXT: &str = "{ type: string }";
const ID: (&str, &str) = ("id", INTEGER);

fn entities(body: &Value) -> &Vec<Value> {
    body.as_array().or_else(|| body["data"].as_array()).unwrap()
}

fn ids(body: &Value) -> Vec<u64> {
    entities(body).iter().map(|pet| pet["id"].as_u64().unwrap()).collect()
}

/// The identities on all pages from `target` on.
fn followed(server: &Server, target: &str, next: impl Fn(&str, &Value) -> Option<String>) -> Vec<u64> {
    let (mut target, mut seen, mut asked) = (target.to_owned(), Vec::new(), HashSet::new());
    loop {
        assert!(asked.insert(target.clone()), "{target} leads back to itself");
        let Answer::World { head, body } = server.get(&target) else { panic!("{target} is made alone") };
        seen.extend(ids(&body));
        match next(&head, &body) {
            Some(next) => target = next,
            None => return seen,
        }
    }
}

#[test]
fn links_come_to_an_end() {
    let by_cursor = [("per_page", INTEGER), ("after", TEXT), ("page", INTEGER)];
    let by_both = [("limit", INTEGER), ("offset", INTEGER), ("cursor", TEXT)];
    let by_all = [("size", INTEGER), ("skip", INTEGER), ("page", INTEGER), ("marker", TEXT)];
    for (query, target, first) in [
        (&by_cursor[..], "/pets?per_page=7", 1),
        (&by_cursor, "/pets?per_page=7&page=2", 8),
        (&by_cursor, "/pets?per_page=7&after=3", 4),
        (&by_cursor, "/pets?after=3&per_page=7&page=1", 4),
        (&by_both, "/pets?limit=10&offset=5", 6),
        (&by_both, "/pets?limit=10&cursor=12&offset=5", 13),
        (&by_all, "/pets?size=4&marker=2&page=9&skip=3", 3),
        (&[("startingAfter", INTEGER), ("limit", INTEGER)], "/pets?limit=7", 1),
        (&[("starting_after", INTEGER), ("limit", INTEGER)], "/pets?limit=7&starting_after=11", 12),
        (
            &[("page[after]", "{ type: string, maxLength: 2 }"), ("page[size]", INTEGER)],
            "/pets?page[size]=4",
            1,
        ),
    ] {
        let server = Server::of(&pets(query, &[], &[ID]), 45);
        let seen = followed(&server, target, |head, _| link(head, "next"));
        assert_eq!(seen, (first..=45).collect::<Vec<u64>>(), "{target}");
        let Answer::World { head, .. } = server.get(target) else { panic!("alone") };
        let last = link(&head, "last").unwrap();
        assert_eq!(ids(&server.body(&last)).last(), Some(&45), "{last}");
        let start = link(&head, "first").unwrap();
        assert_eq!(ids(&server.body(&start)).first(), Some(&1), "{start}");
    }
}

#[test]
fn a_member_may_hold_the_number_of_a_page() {
    for (page, member, admits_null) in [
        (TEXT, "{ type: [string, 'null'] }", true),
        (TEXT, "{ type: string, maxLength: 5 }", false),
        (INTEGER, "{ type: [integer, 'null'] }", true),
        (INTEGER, INTEGER, false),
        ("{ type: integer, minimum: 0, default: 0 }", INTEGER, false),
    ] {
        let envelope = [("next_page", member), ("previousPage", member), ("last_page", INTEGER)];
        let server = Server::of(&pets(&[("limit", INTEGER), ("page", page)], &envelope, &[ID]), 45);
        let seen = followed(&server, "/pets?limit=20", |_, body| {
            let next = match &body["next_page"] {
                Value::String(text) => text.clone(),
                Value::Number(number) => number.to_string(),
                _ => return None,
            };
            Some(format!("/pets?limit=20&page={next}"))
        });
        assert_eq!(seen, (1..=45).collect::<Vec<u64>>(), "{page}, {member}");
        let body = server.body("/pets?limit=20");
        assert_eq!(body.get("previousPage").is_some(), admits_null);
        let last = server.body(&format!("/pets?limit=20&page={}", body["last_page"]));
        assert_eq!(ids(&last).last(), Some(&45), "{page}, {member}");
    }
    let envelope = [("next_page", "{ type: string, format: uri-reference }")];
    let server = Server::of(&pets(&[("page", INTEGER)], &envelope, &[ID]), 45);
    assert_eq!(server.body("/pets")["next_page"], "/pets?page=2");
}

#[test]
fn identities_are_not_taken_for_cursors() {
    let query = [("starting_after", TEXT), ("limit", INTEGER)];
    let server = Server::of(&pets(&query, &[], &[("id", "{ type: string, maxLength: 8 }")]), 200);
    let all = server.body("/pets?limit=200");
    let texts: Vec<&str> = entities(&all).iter().map(|pet| pet["id"].as_str().unwrap()).collect();
    assert!(texts.iter().any(|text| text.starts_with('c')));
    for pair in texts.windows(2) {
        let next = server.body(&format!("/pets?limit=1&starting_after={}", pair[0]));
        assert_eq!(next[0]["id"], pair[1], "behind {}", pair[0]);
    }
}

/// A name alone makes nothing of a parameter that cannot have what it would have.
#[test]
fn parameters_mean_what_their_schemas_admit() {
    let date = "{ type: string, format: date-time }";
    for (name, schema) in [
        ("from", date),
        ("start", date),
        ("page", "{ type: string, enum: [front, back] }"),
        ("after", date),
        ("marker", "{ type: boolean }"),
    ] {
        let server = Server::of(&pets(&[(name, schema), ("limit", INTEGER)], &[], &[ID]), 45);
        let Answer::World { head, body } = server.get("/pets") else { panic!("alone") };
        assert_eq!((entities(&body).len(), link(&head, "next")), (45, None), "{name}: {schema}");
    }
    let sizes = [("size", "{ type: string, enum: [S, M, L], default: M }"), ("offset", INTEGER)];
    let server = Server::of(&pets(&sizes, &[], &[ID]), 45);
    assert_eq!(entities(&server.body("/pets?size=S")).len(), 20);
    let uuid = "{ type: string, format: uuid }";
    let by_uuid = [("after", uuid), ("limit", INTEGER)];
    let server = Server::of(&pets(&by_uuid, &[], &[("id", uuid)]), 45);
    let Answer::World { head, body } = server.get("/pets?limit=7") else { panic!("alone") };
    let last = body[6]["id"].as_str().unwrap();
    assert_eq!(link(&head, "next"), Some(format!("/pets?limit=7&after={last}")));
}

#[test]
fn nothing_overflows() {
    let query = [("limit", INTEGER), ("offset", INTEGER), ("cursor", TEXT), ("page", INTEGER)];
    let envelope = [("page", INTEGER), ("offset", INTEGER)];
    let server = Server::of(&pets(&query, &envelope, &[ID]), 45);
    for sent in [
        "limit=1&offset=18446744073709551615",
        "limit=1&cursor=~ffffffffffffffff",
        "limit=1&cursor=9223372036854775807",
        "limit=1&page=18446744073709551615",
        "limit=1000&page=18446744073709551615",
    ] {
        assert!(entities(&server.body(&format!("/pets?{sent}"))).is_empty(), "{sent}");
    }
    let high = ("id", "{ type: integer, minimum: 9223372036854775800 }");
    let few = Server::strict(&pets(&[("offset", INTEGER)], &[], &[high]), 45);
    let seen: HashSet<u64> = ids(&few.body("/pets")).into_iter().collect();
    assert_eq!(seen.len(), 8, "there are no more");
    assert!(matches!(few.get(&format!("/pets/{}", i64::MAX)), Answer::World { .. }));
}

#[test]
fn addresses_have_the_characters_that_they_may() {
    let query = [("limit", INTEGER), ("page[number]", INTEGER)];
    let envelope = [("next", "{ type: string, format: uri-reference }")];
    let server = Server::of(&pets(&query, &envelope, &[ID]), 45);
    let sent = "/pets?limit=20&q=<a>\"b[|c]^`{d}\\&page[number]=1&e=%41%";
    let Answer::World { head, body } = server.get(sent) else { panic!("alone") };
    let next = "/pets?limit=20&q=%3Ca%3E%22b%5B%7Cc%5D%5E%60%7Bd%7D%5C&e=%41%25&page%5Bnumber%5D=2";
    assert_eq!(body["next"], next);
    assert_eq!(link(&head, "next").as_deref(), Some(next));
    assert_eq!(followed(&server, sent, |head, _| link(head, "next")).len(), 45);
}

#[test]
fn behind_the_end_the_last_page_is_the_one_before() {
    let server = Server::of(&pets(&[("limit", INTEGER), ("offset", INTEGER)], &[], &[ID]), 45);
    for (offset, before) in
        [(20, Some(0)), (30, Some(10)), (44, Some(24)), (45, Some(40)), (1000, Some(40)), (0, None)]
    {
        let Answer::World { head, .. } = server.get(&format!("/pets?limit=20&offset={offset}")) else {
            panic!("alone")
        };
        let expected = before.map(|before| format!("/pets?limit=20&offset={before}"));
        assert_eq!(link(&head, "prev"), expected, "{offset}");
    }
}

/// As Spring's `Page` has them.
#[test]
fn members_say_whether_there_are_others() {
    let boolean = "{ type: boolean }";
    let envelope = [("first", boolean), ("last", boolean), ("has_more", boolean), ("hasPrevious", boolean)];
    let query = [("size", INTEGER), ("page", "{ type: integer, default: 0 }")];
    let server = Server::of(&pets(&query, &envelope, &[ID]), 45);
    for (page, is_first, is_last) in [(0, true, false), (1, false, false), (2, false, true), (9, false, true)]
    {
        let body = server.body(&format!("/pets?size=20&page={page}"));
        let said = ["first", "last", "has_more", "hasPrevious"].map(|name| body[name].as_bool().unwrap());
        assert_eq!(said, [is_first, is_last, !is_last, !is_first], "{page}");
    }
}
