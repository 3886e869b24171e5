//! Documents made at random: whatever resources they have, lists and reads agree, pages are disjoint and complete, children
//! name their parents, references lead somewhere, and the order of requests changes nothing.

use std::collections::HashSet;

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::Value;

use crate::client::{Answer, Server, is_world, link};
use crate::written::{document, many, object, one};

/// Entities of each resource.
const SIZE: u64 = 23;

const NOUNS: [&str; 6] = ["pet", "owner", "order", "branch", "category", "box"];
const PLURALS: [&str; 6] = ["pets", "owners", "orders", "branches", "categories", "boxes"];

/// A resource of a document.
#[derive(Clone, Debug)]
struct Made {
    identity: usize,
    envelope: usize,
    /// How pages are asked for
    paging: usize,
    /// Whether the list tells less of an entity than the read
    is_short: bool,
    /// Whether the path says of an identity what the property does not
    is_typed: bool,
    /// Whether its entities refer to each other
    is_own: bool,
    /// The resource that it lies within, of those before it
    parent: Option<Index>,
    /// Those that it refers to, and whether by a whole entity too
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

/// Parameters of lists: all can be followed from page to page.
const PAGINGS: [&[(&str, &str)]; 5] = [
    &[("limit", "{ type: integer }"), ("offset", "{ type: integer }")],
    &[("limit", "{ type: integer }"), ("page", "{ type: integer }")],
    &[("limit", "{ type: integer }"), ("cursor", "{ type: string }")],
    &[("limit", "{ type: integer }"), ("page", "{ type: string }"), ("after", "{ type: string }")],
    &[
        ("limit", "{ type: integer }"),
        ("from", "{ type: string, format: date-time }"),
        ("offset", "{ type: integer }"),
    ],
];

fn made() -> impl Strategy<Value = Made> {
    let flags = (any::<bool>(), any::<bool>(), any::<bool>());
    (
        (0..IDENTITIES.len(), 0..4_usize, 0..PAGINGS.len()),
        flags,
        proptest::option::of(any::<Index>()),
        prop::collection::vec((any::<Index>(), any::<bool>()), 0..3),
        prop::collection::vec(0..MEMBERS.len(), 0..4),
    )
        .prop_map(|((identity, envelope, paging), flags, parent, references, members)| Made {
            identity,
            envelope,
            paging,
            is_short: flags.0,
            is_typed: flags.1,
            is_own: flags.2,
            parent,
            references,
            members,
        })
}

/// What a test needs to know of a resource.
struct Known {
    /// `/owners/{owner_id}/pets`
    collection: String,
    identity: &'static str,
    /// Variable of the path that names one
    variable: String,
    /// The resources that it lies within, outermost first
    ancestors: Vec<usize>,
    /// Properties, and the resources they name
    references: Vec<(String, usize)>,
    /// Properties that are whole entities, each with the one that names it
    wholes: Vec<(String, String, usize)>,
}

/// The document, and what is known of it.
fn written(resources: &[Made]) -> (String, Vec<Known>) {
    let mut known: Vec<Known> = Vec::new();
    let (mut schemas, mut operations) = (Vec::new(), Vec::new());
    for (index, resource) in resources.iter().enumerate() {
        let place = placed(resources, &known, index);
        let (properties, one) = properties(resources, index, place);
        let mut whole = properties.clone();
        for (name, schema) in resource.members.iter().map(|member| MEMBERS[*member]) {
            if properties.iter().all(|(known, _)| known != name) {
                whole.push((name.to_owned(), schema.to_owned()));
            }
        }
        let of = |properties: &[(String, String)]| {
            let properties: Vec<(&str, &str)> =
                properties.iter().map(|(name, schema)| (&**name, &**schema)).collect();
            object(&properties)
        };
        schemas.push((format!("One{index}"), of(&whole)));
        schemas.push((format!("Short{index}"), of(if resource.is_short { &properties } else { &whole })));
        let list = many(&format!("{}{index}", if resource.is_short { "Short" } else { "One" }));
        let paging = PAGINGS[resource.paging];
        operations.push((
            format!("GET {}", one.collection),
            paging,
            enveloped(resource.envelope, &list, PLURALS[index]),
        ));
        let item = format!("GET {}/{{{}}}", one.collection, one.variable);
        operations.push((item, &[][..], self::one(&format!("One{index}"))));
        known.push(one);
    }
    let operations: Vec<_> =
        operations.iter().map(|(name, query, answer)| (&**name, *query, &**answer)).collect();
    let schemas: Vec<(&str, &str)> = schemas.iter().map(|(name, schema)| (&**name, &**schema)).collect();
    let mut text = document(&operations, &schemas);
    for (resource, known) in
        resources.iter().zip(&known).filter(|(resource, known)| is_typed(resource, known))
    {
        let variable = format!("name: {}, in: path, required: true, schema: ", known.variable);
        text = text
            .replace(&format!("{variable}{{}}"), &format!("{variable}{}", IDENTITIES[resource.identity].1));
        text = text.replace(&format!("{variable}{{ type: string }}"), &format!("{variable}{UUID}"));
    }
    (text, known)
}

/// What the path of a text is, where it is said.
const UUID: &str = "{ type: string, format: uuid }";

/// Whether it is said; of a name that others have too it would be said of them.
fn is_typed(resource: &Made, known: &Known) -> bool {
    resource.is_typed && known.variable != known.identity
}

/// Where a resource lies; nothing is known of its properties yet.
fn placed(resources: &[Made], known: &[Known], index: usize) -> Known {
    let resource = &resources[index];
    let parent = resource.parent.filter(|_| index > 0).map(|parent| parent.index(index));
    let identity = IDENTITIES[resource.identity].0;
    let is_own = resource.is_own && parent.is_none();
    let (mut ancestors, mut prefix) = (Vec::new(), String::new());
    if let Some(parent) = parent {
        ancestors.clone_from(&known[parent].ancestors);
        ancestors.push(parent);
        prefix = format!("{}/{{{}}}", known[parent].collection, known[parent].variable);
    }
    Known {
        collection: format!("{prefix}/{}", PLURALS[index]),
        identity,
        // `{pet_id}` would be `petId` of a pet that has one
        variable: if is_own { identity.to_owned() } else { format!("{}_{identity}", NOUNS[index]) },
        ancestors,
        references: Vec::new(),
        wholes: Vec::new(),
    }
}

/// The properties of a resource with what they refer to.
fn properties(resources: &[Made], index: usize, mut known: Known) -> (Vec<(String, String)>, Known) {
    let resource = &resources[index];
    let (identity, schema) = IDENTITIES[resource.identity];
    let label = ("label".to_owned(), "{ type: string }".to_owned());
    let mut properties = vec![(identity.to_owned(), schema.to_owned()), label];
    let named =
        |target: usize| (format!("{}Id", NOUNS[target]), IDENTITIES[resources[target].identity].1.to_owned());
    properties.extend(known.ancestors.iter().map(|ancestor| named(*ancestor)));
    if resource.is_own && known.ancestors.is_empty() {
        known.references.push((named(index).0, index));
        properties.push(named(index));
    }
    let roots: Vec<usize> = (0..resources.len()).filter(|index| is_root(resources, *index)).collect();
    for (target, is_whole) in &resource.references {
        let target = *target.get(&roots);
        let (name, schema) = named(target);
        if target != index && properties.iter().all(|(known, _)| *known != name) {
            known.references.push((name.clone(), target));
            properties.push((name.clone(), schema));
        }
        let noun = NOUNS[target].to_owned();
        // what refers to others cannot be repeated
        let is_plain = resources[target].references.is_empty() && !resources[target].is_own;
        if *is_whole && is_plain && target != index && properties.iter().all(|(known, _)| *known != noun) {
            known.wholes.push((noun.clone(), name, target));
            properties.push((noun, one(&format!("One{target}"))));
        }
    }
    (properties, known)
}

/// Whether a resource lies within none: the first always does.
fn is_root(resources: &[Made], index: usize) -> bool {
    index == 0 || resources[index].parent.is_none()
}

fn enveloped(envelope: usize, list: &str, plural: &str) -> String {
    match envelope {
        0 => list.to_owned(),
        1 => object(&[("data", list), ("total", "{ type: integer }")]),
        2 => format!(
            "{{ type: object, required: [items], properties: {{ items: {list}, meta: {{ type: object, properties: {{ total: {{ type: integer }}, page: {{ type: integer }} }} }} }} }}"
        ),
        _ => object(&[("_embedded", &object(&[(plural, list)]))]),
    }
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

/// The path of a collection within some entity of each that it lies within, and their identities.
fn path(server: &Server, known: &[Known], index: usize) -> (String, Vec<String>) {
    let mut parents: Vec<String> = Vec::new();
    for ancestor in &known[index].ancestors {
        let entities =
            list(&server.body(&format!("{}?limit=3", within(&known[*ancestor].collection, &parents))));
        parents.push(text(&entities[entities.len() - 1][known[*ancestor].identity]));
    }
    (within(&known[index].collection, &parents), parents)
}

fn within(template: &str, values: &[String]) -> String {
    let (mut path, mut values) = (String::new(), values.iter());
    for part in template.split('{') {
        match part.split_once('}') {
            Some((_, rest)) => path.push_str(&format!("{}{rest}", values.next().unwrap())),
            None => path.push_str(part),
        }
    }
    path
}

/// All entities of a collection, page by page as `Link` leads.
fn all(server: &Server, path: &str, limit: u64) -> Vec<Value> {
    let mut entities = Vec::new();
    let mut target = format!("{path}?limit={limit}");
    loop {
        let Answer::World { head, body } = server.get(&target) else { panic!("{target} is made alone") };
        let page = list(&body);
        assert!(page.len() as u64 <= limit && !page.is_empty(), "{target}: {}", page.len());
        entities.extend(page);
        match link(&head, "next") {
            Some(next) => target = next,
            None => return entities,
        }
        assert!(entities.len() as u64 <= SIZE, "{target}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn a_world_hangs_together(resources in prop::collection::vec(made(), 1..=6), limit in 1_u64..30) {
        let (text_of, known) = written(&resources);
        let server = Server::strict(&text_of, SIZE);
        for (index, resource) in known.iter().enumerate() {
            let (path, parents) = path(&server, &known, index);
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
                for (ancestor, parent) in resource.ancestors.iter().zip(&parents) {
                    let own = text(&read[format!("{}Id", NOUNS[*ancestor])]);
                    prop_assert_eq!(&own, parent, "{}\n{}", path, text_of);
                }
                for (name, target) in &resource.references {
                    let found = server.get(&format!("{}/{}", known[*target].collection, text(&read[name])));
                    prop_assert!(is_world(&found), "{} of {} is {}\n{}", name, path, read[name], text_of);
                }
                for (name, by, target) in &resource.wholes {
                    let target = &known[*target];
                    prop_assert_eq!(&read[name][target.identity], &read[by], "{} of {}\n{}", name, path, text_of);
                    let found = server.body(&format!("{}/{}", target.collection, text(&read[by])));
                    prop_assert_eq!(&read[name], &found, "{} of {}\n{}", name, path, text_of);
                }
            }
            let missing = server.get(&format!("{path}/~nothing~"));
            prop_assert_eq!(missing, Answer::Unknown);
        }
    }

    #[test]
    fn any_order_gives_the_same(resources in prop::collection::vec(made(), 2..=4)) {
        let (text_of, known) = written(&resources);
        let server = Server::of(&text_of, 9);
        let paths: Vec<String> = (0..known.len()).map(|index| path(&server, &known, index).0).collect();
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
