//! Pages, filters and order of lists.

use std::collections::HashSet;

use mocker_plan::WorldOptions;
use mocker_schema::validate::Direction;
use serde_json::Value;

use crate::client::{Answer, Server, document};

/// A list of 45 with these parameters; `status` is one of three, `rank` a number.
fn server(parameters: &str, envelope: &str) -> Server {
    Server::of(&pets(parameters, envelope), 45)
}

fn pets(parameters: &str, envelope: &str) -> String {
    let list = "{ type: array, items: { $ref: '#/components/schemas/Pet' } }";
    let schema = match envelope {
        "" => list.to_owned(),
        members => format!("{{ type: object, required: [data], properties: {{ data: {list}, {members} }} }}"),
    };
    let pet = "{ type: object, required: [id, status, rank], properties: { id: { type: integer }, status: { type: string, enum: [new, old, gone] }, rank: { type: integer } } }";
    format!(
        "openapi: 3.1.0\ninfo: {{ title: T, version: '1' }}\npaths:\n  /pets:\n    get: {{ parameters: [{parameters}], responses: {{ '200': {{ description: ok, content: {{ application/json: {{ schema: {schema} }} }} }} }} }}\n  /pets/{{id}}:\n    get: {{ parameters: [{{ name: id, in: path, required: true, schema: {{}} }}], responses: {{ '200': {{ description: ok, content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/Pet' }} }} }} }} }} }}\ncomponents: {{ schemas: {{ Pet: {pet} }} }}\n"
    )
}

fn parameter(name: &str, schema: &str) -> String {
    format!("{{ name: '{name}', in: query, schema: {schema} }}")
}

fn ids(list: &Value) -> Vec<u64> {
    list.as_array().unwrap().iter().map(|pet| pet["id"].as_u64().unwrap()).collect()
}

#[test]
fn pages_are_disjoint_and_complete() {
    let integer = "{ type: integer }";
    for (parameters, pages) in [
        (
            vec![("limit", integer), ("offset", integer)],
            ["limit=20&offset=0", "limit=20&offset=20", "limit=20&offset=40"],
        ),
        (
            vec![("per_page", integer), ("page", integer)],
            ["per_page=20", "per_page=20&page=2", "per_page=20&page=3"],
        ),
        (
            vec![("size", integer), ("page", "{ type: integer, default: 0 }")],
            ["size=20&page=0", "size=20&page=1", "size=20&page=2"],
        ),
        (
            vec![("page[size]", integer), ("page[number]", integer)],
            [
                "page[size]=20&page[number]=1",
                "page%5Bsize%5D=20&page%5Bnumber%5D=2",
                "page[size]=20&page[number]=3",
            ],
        ),
        (
            vec![("limit", integer), ("starting_after", integer)],
            ["limit=20", "limit=20&starting_after=20", "limit=20&starting_after=40"],
        ),
        (vec![("page", integer)], ["", "page=2", "page=3"]),
    ] {
        let parameters: Vec<String> =
            parameters.iter().map(|(name, schema)| parameter(name, schema)).collect();
        let server = server(&parameters.join(", "), "");
        let seen: Vec<Vec<u64>> =
            pages.iter().map(|page| ids(&server.body(&format!("/pets?{page}")))).collect();
        assert_eq!(seen.iter().map(Vec::len).collect::<Vec<_>>(), [20, 20, 5], "{pages:?}");
        let all: HashSet<u64> = seen.into_iter().flatten().collect();
        assert_eq!(all.len(), 45, "{pages:?}");
    }
}

/// A client that sends what it was told breaks no rule of the parameter.
#[test]
fn cursors_are_what_their_parameter_may_be() {
    for schema in [
        "{ type: string, pattern: '^[A-Za-z0-9_-]{8,64}$' }",
        "{ type: string, minLength: 20 }",
        "{ type: string, format: uuid }",
        "{ type: integer }",
        "{ type: string, maxLength: 4 }",
        "{ type: string, enum: [none] }",
    ] {
        let parameters = [parameter("limit", "{ type: integer }"), parameter("cursor", schema)].join(", ");
        let server = server(&parameters, "next_cursor: { type: [string, 'null'] }");
        let operation = &server.document.operations[0];
        let schema = operation.parameters.iter().find(|one| &*one.name == "cursor").unwrap().schema.unwrap();
        let (mut seen, mut query) = (Vec::new(), "limit=20".to_owned());
        for _ in 0..4 {
            let page = server.body(&format!("/pets?{query}"));
            seen.extend(ids(&page["data"]));
            let Some(next) = page["next_cursor"].as_str() else { break };
            let schemas = &server.document.schemas;
            let number = next.parse::<u64>().map(Value::from).unwrap_or_default();
            let is_fit = |value: &Value| schemas.is_valid(schema, value, Direction::Request);
            assert!(is_fit(&next.into()) || is_fit(&number), "{next}");
            query = format!("limit=20&cursor={next}");
        }
        let all: HashSet<u64> = seen.iter().copied().collect();
        let expected = if query == "limit=20" { 20 } else { 45 };
        assert_eq!((seen.len(), all.len()), (expected, expected), "{query}");
    }
}

#[test]
fn envelopes_agree_with_their_pages() {
    let parameters =
        [parameter("limit", "{ type: integer }"), parameter("offset", "{ type: integer }")].join(", ");
    let server = server(
        &parameters,
        "total: { type: integer }, has_more: { type: boolean }, next: { type: [string, 'null'] }, prev: { type: string }, meta: { type: object, properties: { offset: { type: integer }, totalPages: { type: integer } } }",
    );
    let mut target = "/pets?limit=20".to_owned();
    let mut seen = Vec::new();
    loop {
        let page = server.body(&target);
        assert_eq!((&page["total"], &page["meta"]["totalPages"]), (&Value::from(45), &Value::from(3)));
        assert_eq!(page["meta"]["offset"], seen.len());
        assert_eq!(page.get("prev").is_some(), !seen.is_empty());
        seen.extend(ids(&page["data"]));
        assert_eq!(page["has_more"], seen.len() < 45);
        match page["next"].as_str() {
            Some(next) => target = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(seen, (1..=45).collect::<Vec<u64>>());
}

#[test]
fn urls_of_pages_begin_as_the_clients_did() {
    let text = pets(&parameter("offset", "{ type: integer }"), "next: { type: string, format: uri }");
    for (is_secure, scheme) in [(false, "http"), (true, "https")] {
        let world = WorldOptions { usual_size: Some(45), is_secure, ..WorldOptions::default() };
        let next = Server::new(&document(&text), 7, world).body("/pets?offset=5")["next"].clone();
        assert_eq!(next, format!("{scheme}://a.b/pets?offset=25"));
    }
}

#[test]
fn cursors_and_links_lead_through_all() {
    let parameters =
        [parameter("pageSize", "{ type: integer }"), parameter("pageToken", "{ type: string }")].join(", ");
    let server = server(&parameters, "nextPageToken: { type: string }");
    let (mut token, mut seen) = (String::new(), Vec::new());
    loop {
        let Answer::World { head, body } = server.get(&format!("/pets?pageSize=7{token}")) else {
            panic!("alone")
        };
        seen.extend(ids(&body["data"]));
        let has_next = head.contains("rel=\"next\"");
        match body.get("nextPageToken") {
            Some(next) => {
                token = format!("&pageToken={}", next.as_str().unwrap());
                assert!(has_next && head.contains(&format!("pageSize=7{token}")), "{head}");
            }
            None => {
                assert!(!has_next, "{head}");
                break;
            }
        }
    }
    assert_eq!(seen, (1..=45).collect::<Vec<u64>>());
}

#[test]
fn filters_give_what_matches_and_all_of_it() {
    let parameters = [
        parameter("status", "{ type: string }"),
        parameter("limit", "{ type: integer }"),
        parameter("offset", "{ type: integer }"),
    ];
    let server = server(&parameters.join(", "), "total: { type: integer }");
    let mut all = 0;
    for status in ["new", "old", "gone", "never"] {
        let mut seen = Vec::new();
        for _ in 0..4 {
            let page = server.body(&format!("/pets?status={status}&limit=4&offset={}", seen.len()));
            let pets = page["data"].as_array().unwrap();
            assert!(pets.iter().all(|pet| pet["status"] == status), "{page}");
            seen.extend(ids(&page["data"]));
            if pets.is_empty() || page["total"] == seen.len() {
                break;
            }
        }
        all += seen.len();
    }
    assert_eq!(all, 45);
}

#[test]
fn lists_are_sorted() {
    let parameters =
        [parameter("sort", "{ type: string }"), parameter("order", "{ type: string }")].join(", ");
    let server = server(&parameters, "");
    let ranks = |query: &str| -> Vec<i64> {
        server
            .body(&format!("/pets?{query}"))
            .as_array()
            .unwrap()
            .iter()
            .map(|pet| pet["rank"].as_i64().unwrap())
            .collect()
    };
    let mut sorted = ranks("");
    sorted.sort_unstable();
    assert_eq!(ranks("sort=rank"), sorted);
    sorted.reverse();
    for query in ["sort=-rank", "sort=rank:desc", "sort=rank&order=desc", "sort=rank+desc"] {
        assert_eq!(ranks(query), sorted, "{query}");
    }
    assert_eq!(ranks("sort=nothing"), ranks(""), "what is no property orders nothing");
}

#[test]
fn what_cannot_be_read_is_as_good_as_not_there() {
    let parameters =
        [parameter("limit", "{ type: integer }"), parameter("offset", "{ type: integer }")].join(", ");
    let server = server(&parameters, "");
    for (query, count) in [
        ("limit=x", 20),
        ("limit=0", 1),
        ("limit=18446744073709551615", 45),
        ("limit=5&offset=18446744073709551615", 0),
        ("limit=5&offset=44", 1),
        ("limit", 20),
        ("&&=&limit=5", 5),
    ] {
        assert_eq!(server.body(&format!("/pets?{query}")).as_array().unwrap().len(), count, "{query}");
    }
}
