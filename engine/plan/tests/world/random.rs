//! Documents made at random: whatever resources they have, lists and reads agree, pages are disjoint and complete, children
//! name their parents, references lead somewhere, and the order of requests changes nothing.

use std::collections::HashSet;
use std::fmt::Write;

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::Value;

use crate::client::{Answer, Server};

/// Entities of each resource.
const SIZE: u64 = 23;

const NOUNS: [&str; 6] = ["pet", "owner", "order", "branch", "category", "box"];
const PLURALS: [&str; 6] = ["pets", "owners", "orders", "branches", "categories", "boxes"];

/// A resource of a document.
#[derive(Clone, Debug)]
struct Made {
    identity: usize,
    envelope: usize,
    /// Whether the list tells less of an entity than the read
    is_short: bool,
    /// The resource that it lies within, if that is not itself
    parent: Option<Index>,
    /// Those that it refers to
    references: Vec<(Index, bool)>,
    /// Members that mean nothing
    members: Vec<usize>,
}

const IDENTITIES: [(&str, &str); 7] = [
    ("id", "{ type: integer }"),
    ("id", "{ type: string, format: uuid }"),
    ("id", "{ type: string }"),
    ("slug", "{ type: string, minLength: 3 }"),
    ("id", "{ type: string, pattern: '^[a-z]{2}_[0-9]{6}$' }"),
    ("uuid", "{ type: string, maxLength: 16 }"),
    ("number", "{ type: integer, minimum: 1000 }"),
];

const MEMBERS: [(&str, &str); 7] = [
    ("name", "{ type: string }"),
    ("status", "{ type: string, enum: [open, closed] }"),
    ("price", "{ type: number, minimum: 0, multipleOf: 0.01 }"),
    ("tags", "{ type: array, items: { type: string }, uniqueItems: true }"),
    ("created_at", "{ type: string, format: date-time }"),
    ("address", "{ type: object, required: [city], properties: { city: { type: string } } }"),
    ("kind", "{ oneOf: [{ type: string, maxLength: 9 }, { type: integer, minimum: 5 }] }"),
];

fn made() -> impl Strategy<Value = Made> {
    (
        0..IDENTITIES.len(),
        0..4_usize,
        any::<bool>(),
        proptest::option::of(any::<Index>()),
        prop::collection::vec((any::<Index>(), any::<bool>()), 0..3),
        prop::collection::vec(0..MEMBERS.len(), 0..4),
    )
        .prop_map(|(identity, envelope, is_short, parent, references, members)| Made {
            identity,
            envelope,
            is_short,
            parent,
            references,
            members,
        })
}

/// What a test needs to know of a resource.
struct Known {
    /// `/owners/{ownerId}/pets`
    collection: String,
    identity: &'static str,
    /// The resource it lies within
    parent: Option<usize>,
    /// Properties, and the resources they name
    references: Vec<(String, usize)>,
}

/// The document, and what is known of it.
fn written(resources: &[Made]) -> (String, Vec<Known>) {
    let roots: Vec<usize> = (0..resources.len()).filter(|index| resources[*index].parent.is_none()).collect();
    let mut known: Vec<Known> = Vec::new();
    let mut schemas = String::new();
    let mut paths = String::new();
    for (index, resource) in resources.iter().enumerate() {
        let (identity, identity_schema) = IDENTITIES[resource.identity];
        let parent = resource.parent.filter(|_| !roots.is_empty()).map(|parent| *parent.get(&roots));
        let label = ("label".to_owned(), "{ type: string }".to_owned());
        let mut properties = vec![(identity.to_owned(), identity_schema.to_owned()), label];
        let named = |target: usize| (format!("{}Id", NOUNS[target]), without_example(target, resources));
        let mut references = Vec::new();
        if let Some(parent) = parent {
            properties.push(named(parent));
        }
        for (target, _) in &resource.references {
            if let Some(target) = other(target, index, &roots) {
                let (name, schema) = named(target);
                if properties.iter().all(|(known, _)| *known != name) {
                    references.push((name.clone(), target));
                    properties.push((name, schema));
                }
            }
        }
        let mut short = properties.clone();
        for member in &resource.members {
            let (name, schema) = MEMBERS[*member];
            if properties.iter().all(|(known, _)| known != name) {
                properties.push((name.to_owned(), schema.to_owned()));
            }
        }
        if !resource.is_short {
            short.clone_from(&properties);
        }
        let object = |properties: &[(String, String)]| {
            let members: Vec<String> =
                properties.iter().map(|(name, schema)| format!("{name}: {schema}")).collect();
            let names: Vec<&str> = properties.iter().map(|(name, _)| &**name).collect();
            format!(
                "{{ type: object, required: [{}], properties: {{ {} }} }}",
                names.join(", "),
                members.join(", ")
            )
        };
        let _ = writeln!(
            schemas,
            "    One{index}: {}\n    Short{index}: {}",
            object(&properties),
            object(&short)
        );
        let prefix = parent.map_or_else(String::new, |parent| {
            format!("/{}/{{{}}}", PLURALS[parent], variable(parent, resources))
        });
        let collection = format!("{prefix}/{}", PLURALS[index]);
        let listed = if resource.is_short { "Short" } else { "One" };
        let item = format!("{{ $ref: '#/components/schemas/{listed}{index}' }}");
        let list = format!("{{ type: array, items: {item} }}");
        let list = match resource.envelope {
            0 => list,
            1 => format!(
                "{{ type: object, required: [data, total], properties: {{ data: {list}, total: {{ type: integer }} }} }}"
            ),
            2 => format!(
                "{{ type: object, required: [items], properties: {{ items: {list}, meta: {{ type: object, properties: {{ total: {{ type: integer }}, page: {{ type: integer }} }} }} }} }}"
            ),
            _ => format!(
                "{{ type: object, required: [_embedded], properties: {{ _embedded: {{ type: object, required: [{0}], properties: {{ {0}: {list} }} }} }} }}",
                PLURALS[index]
            ),
        };
        let parameters: Vec<String> = parent
            .iter()
            .map(|parent| {
                format!(
                    "{{ name: {}, in: path, required: true, schema: {{}} }}",
                    variable(*parent, resources)
                )
            })
            .collect();
        let answer = |schema: &str| {
            format!(
                "responses: {{ '200': {{ description: ok, content: {{ application/json: {{ schema: {schema} }} }} }} }}"
            )
        };
        let _ = writeln!(
            paths,
            "  {collection}:\n    parameters: [{}]\n    get: {{ parameters: [{{ name: limit, in: query, schema: {{ type: integer }} }}, {{ name: offset, in: query, schema: {{ type: integer }} }}], {} }}",
            parameters.join(", "),
            answer(&list),
        );
        let own =
            format!("{{ name: {}, in: path, required: true, schema: {{}} }}", variable(index, resources));
        let both: Vec<String> = parameters.iter().cloned().chain([own]).collect();
        let _ = writeln!(
            paths,
            "  {collection}/{{{}}}:\n    parameters: [{}]\n    get: {{ {} }}",
            variable(index, resources),
            both.join(", "),
            answer(&format!("{{ $ref: '#/components/schemas/One{index}' }}")),
        );
        known.push(Known { collection, identity, parent, references });
    }
    (
        format!(
            "openapi: 3.1.0\ninfo: {{ title: T, version: '1' }}\npaths:\n{paths}components:\n  schemas:\n{schemas}"
        ),
        known,
    )
}

/// Another resource than the one of `index`: `{pet_id}` would be `petId` of a pet that has one.
fn other(target: &Index, index: usize, roots: &[usize]) -> Option<usize> {
    (!roots.is_empty()).then(|| *target.get(roots)).filter(|target| *target != index)
}

/// `pet_id`
fn variable(index: usize, resources: &[Made]) -> String {
    format!("{}_{}", NOUNS[index], IDENTITIES[resources[index].identity].0)
}

/// What a property has to be that names an entity of `target`.
fn without_example(target: usize, resources: &[Made]) -> String {
    IDENTITIES[resources[target].identity].1.to_owned()
}

fn list(body: &Value) -> Vec<Value> {
    let found = match body {
        Value::Array(items) => Some(items),
        Value::Object(members) => {
            let inner = members.get("_embedded").and_then(Value::as_object).unwrap_or(members);
            inner.values().find_map(Value::as_array)
        }
        _ => None,
    };
    found.cloned().unwrap_or_default()
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The path of a collection, within the entity `parent` of its parent.
fn path(known: &[Known], index: usize, parent: &str) -> String {
    match known[index].parent {
        Some(_) => {
            let (before, rest) = known[index].collection.split_once('{').unwrap();
            format!("{before}{parent}{}", rest.split_once('}').unwrap().1)
        }
        None => known[index].collection.clone(),
    }
}

/// All entities of a collection, page by page.
fn all(server: &Server, path: &str, limit: u64) -> Vec<Value> {
    let mut entities = Vec::new();
    loop {
        let page = list(&server.body(&format!("{path}?limit={limit}&offset={}", entities.len())));
        assert!(page.len() as u64 <= limit);
        if page.is_empty() {
            return entities;
        }
        entities.extend(page);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn a_world_hangs_together(resources in prop::collection::vec(made(), 1..=6), limit in 1_u64..30) {
        let (text_of, known) = written(&resources);
        let server = Server::strict(&text_of, SIZE);
        for (index, resource) in known.iter().enumerate() {
            let parent = resource.parent.map(|parent| {
                assert_ne!(server.get(&known[parent].collection), Answer::Alone, "{text_of}");
                let entities = list(&server.body(&format!("{}?limit=3", known[parent].collection)));
                text(&entities[entities.len() - 1][known[parent].identity])
            });
            let path = path(&known, index, parent.as_deref().unwrap_or_default());
            prop_assert_ne!(server.get(&path), Answer::Alone, "{}\n{}", path, text_of);
            let entities = all(&server, &path, limit);
            prop_assert_eq!(entities.len() as u64, SIZE, "{}\n{}", path, text_of);
            let ids: HashSet<String> = entities.iter().map(|entity| text(&entity[resource.identity])).collect();
            prop_assert_eq!(ids.len() as u64, SIZE, "{}\n{}", path, text_of);
            for entity in entities.iter().take(5) {
                let read = server.body(&format!("{path}/{}", text(&entity[resource.identity])));
                for (name, value) in entity.as_object().unwrap() {
                    prop_assert_eq!(&read[name], value, "{} of {}\n{}", name, path, text_of);
                }
                if let (Some(parent), Some(of)) = (&parent, resource.parent) {
                    prop_assert_eq!(&text(&read[format!("{}Id", NOUNS[of])]), parent, "{}\n{}", path, text_of);
                }
                for (name, target) in &resource.references {
                    let found = server.get(&format!("{}/{}", known[*target].collection, text(&read[name])));
                    let is_there = matches!(found, Answer::World { .. });
                    prop_assert!(is_there, "{} of {} is {}\n{}", name, path, read[name], text_of);
                }
            }
            let missing = server.get(&format!("{path}/~nothing~"));
            prop_assert_eq!(missing, Answer::Unknown);
        }
    }

    #[test]
    fn any_order_gives_the_same(resources in prop::collection::vec(made(), 2..=4)) {
        let (text_of, known) = written(&resources);
        let paths: Vec<String> = (0..known.len()).map(|index| path(&known, index, "1")).collect();
        for path in &paths {
            assert_ne!(Server::of(&text_of, 9).get(path), Answer::Alone, "{path}\n{text_of}");
        }
        let (one, other) = (Server::of(&text_of, 9), Server::of(&text_of, 9));
        let first: Vec<Value> = paths.iter().map(|path| one.body(path)).collect();
        let mut last: Vec<Value> = paths.iter().rev().map(|path| other.body(path)).collect();
        last.reverse();
        prop_assert_eq!(first, last);
    }
}
