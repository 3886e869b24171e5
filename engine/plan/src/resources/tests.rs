//! Small documents, and what is found in them.

use std::fmt::Write;

use mocker_openapi::{Document, Location, MemoryFetch, load};

use super::{Resources, find, operation_name};
use crate::limits::MAX_PROPERTIES;

fn document(paths: &str, schemas: &str) -> Document {
    let text = format!(
        "openapi: 3.1.0\ninfo: {{ title: T, version: '1' }}\npaths:\n{paths}\ncomponents:\n  schemas:\n{schemas}\n"
    );
    let place = Location::File("/openapi.yaml".into());
    let loaded = load(place.clone(), &mut MemoryFetch::default().with(place, text));
    let errors: Vec<_> = loaded.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    loaded.document.expect("a document")
}

/// One operation: method, path, schema of the answer (`-` for none), schema of what is sent.
fn paths(operations: &[(&str, &str, &str, &str)]) -> String {
    let mut text = String::new();
    let mut seen: Vec<&str> = Vec::new();
    for (_, path, ..) in operations {
        if seen.contains(path) {
            continue;
        }
        seen.push(path);
        let _ = writeln!(text, "  {path}:");
        for (method, _, answer, sent) in operations.iter().filter(|(_, other, ..)| other == path) {
            let content = |schema: &str| format!("content: {{ application/json: {{ schema: {schema} }} }}");
            let _ = writeln!(text, "    {method}:");
            if !sent.is_empty() {
                let _ = writeln!(text, "      requestBody: {{ {} }}", content(sent));
            }
            let _ = match *answer {
                "-" => writeln!(text, "      responses: {{ '204': {{ description: none }} }}"),
                schema => {
                    writeln!(text, "      responses: {{ '200': {{ description: ok, {} }} }}", content(schema))
                }
            };
        }
    }
    text
}

const SCHEMAS: &str = "
    Pet: { type: object, properties: { id: { type: integer }, name: { type: string }, ownerId: { type: integer } } }
    Owner: { type: object, properties: { id: { type: integer }, email: { type: string }, bestPet: { $ref: '#/components/schemas/Pet' } } }
    Note: { type: object, properties: { text: { type: string } } }
    Article: { type: object, properties: { slug: { type: string }, title: { type: string }, pet: { type: object, properties: { id: { type: integer } } } } }
    Pod: { type: object, properties: { kind: { type: string }, metadata: { type: object, properties: { name: { type: string } } } } }
    Thing: { type: object, properties: { id: { type: string }, type: { type: string }, attributes: { type: object, properties: { size: { type: integer } } } } }
";

const PET: &str = "{ $ref: '#/components/schemas/Pet' }";
const OWNER: &str = "{ $ref: '#/components/schemas/Owner' }";
const NOTE: &str = "{ $ref: '#/components/schemas/Note' }";
const PETS: &str = "{ type: array, items: { $ref: '#/components/schemas/Pet' } }";

fn told(document: &Document, found: &Resources) -> Vec<String> {
    let mut lines = Vec::new();
    for resource in &found.found {
        for action in &resource.actions {
            let operation = operation_name(document, action.operation);
            let at = action.body.as_ref().filter(|at| !at.0.is_empty()).map(|at| format!(" in {at}"));
            lines.push(format!(
                "{} {} {operation}{}",
                resource.name,
                action.role.verb(),
                at.unwrap_or_default()
            ));
        }
        let identity = resource.identity.as_ref().map(|identity| identity.property.join("."));
        lines.extend(identity.map(|identity| format!("{} by {identity}", resource.name)));
        lines.extend(resource.parent.as_ref().map(|parent| {
            let property = parent.property.as_ref().map(|property| format!(" by {}", property.join(".")));
            let parent = &found.found[parent.resource].name;
            format!("{} within {parent}{}", resource.name, property.unwrap_or_default())
        }));
        lines.extend(resource.references.iter().map(|reference| {
            let (property, target) = (reference.property.join("."), &found.found[reference.target].name);
            format!("{} {property} -> {target}", resource.name)
        }));
    }
    lines.extend(found.doubts.iter().map(|doubt| format!("? {}", operation_name(document, doubt.operation))));
    lines
}

fn check(operations: &[(&str, &str, &str, &str)], expected: &[&str]) {
    let document = document(&paths(operations), SCHEMAS);
    assert_eq!(told(&document, &find(&document)), expected);
}

#[test]
fn a_collection_and_its_items() {
    check(
        &[
            ("get", "/pets", PETS, ""),
            ("post", "/pets", PET, PET),
            ("get", "/pets/{petId}", PET, ""),
            ("put", "/pets/{petId}", "-", PET),
            ("patch", "/pets/{petId}", PET, ""),
            ("delete", "/pets/{petId}", "-", ""),
            ("delete", "/pets", "-", ""),
            ("post", "/pets/{petId}/feed", "-", ""),
        ],
        &[
            "pets lists GET /pets",
            "pets creates POST /pets",
            "pets reads GET /pets/{petId}",
            "pets replaces PUT /pets/{petId}",
            "pets changes PATCH /pets/{petId}",
            "pets deletes DELETE /pets/{petId}",
            "pets by id",
        ],
    );
}

#[test]
fn envelopes() {
    let within =
        |member: &str| format!("{{ type: object, properties: {{ total: {{ type: integer }}, {member} }} }}");
    let thing = "{ $ref: '#/components/schemas/Thing' }";
    for (list, read, lists, reads) in [
        (within(&format!("data: {PETS}")), PET.to_owned(), " in data", ""),
        (within(&format!("pets: {PETS}")), PET.to_owned(), " in pets", ""),
        (
            within(&format!("stuff: {PETS}, notes: {{ type: array, items: {NOTE} }}")),
            PET.to_owned(),
            " in stuff",
            "",
        ),
        (
            within(&format!("_embedded: {{ type: object, properties: {{ pets: {PETS} }} }}")),
            PET.to_owned(),
            " in _embedded.pets",
            "",
        ),
        (within(&format!("data: {PETS}")), within(&format!("data: {PET}")), " in data", " in data"),
        (PETS.to_owned(), within(&format!("pet: {PET}")), "", " in pet"),
        (within(&format!("data: {PETS}")), within(&format!("data: {PETS}")), " in data", " in data[0]"),
        (
            within(&format!("data: {{ type: array, items: {thing} }}")),
            within(&format!("data: {thing}")),
            " in data",
            " in data",
        ),
    ] {
        check(
            &[("get", "/pets", &list, ""), ("get", "/pets/{id}", &read, "")],
            &[
                &format!("pets lists GET /pets{lists}"),
                &format!("pets reads GET /pets/{{id}}{reads}"),
                "pets by id",
            ],
        );
    }
}

#[test]
fn parents_and_references() {
    let article = "{ $ref: '#/components/schemas/Article' }";
    check(
        &[
            ("get", "/owners/{ownerId}", OWNER, ""),
            ("get", "/owners/{ownerId}/pets", PETS, ""),
            ("get", "/owners/{ownerId}/pets/{id}", PET, ""),
            ("get", "/articles/{slug}", article, ""),
        ],
        &[
            "owners reads GET /owners/{ownerId}",
            "owners by id",
            "owners bestPet -> pets",
            "pets lists GET /owners/{ownerId}/pets",
            "pets reads GET /owners/{ownerId}/pets/{id}",
            "pets by id",
            "pets within owners by ownerId",
            "pets ownerId -> owners",
            "articles reads GET /articles/{slug}",
            "articles by slug",
            "articles pet.id -> pets",
        ],
    );
}

#[test]
fn identities() {
    let of = |properties: &str| format!("{{ type: object, properties: {{ {properties} }} }}");
    let text = "{ type: string }";
    for (path, entity, expected) in [
        ("/pets/{petId}", of(&format!("petId: {text}, id: {text}")), "petId"),
        ("/pets/{pet_id}", of(&format!("PetID: {text}, id: {text}")), "PetID"),
        ("/pets/{pet_number}", of(&format!("id: {text}, number: {text}")), "number"),
        ("/pets/{pet}", of(&format!("name: {text}, id: {text}")), "id"),
        ("/pets/{pet}", of(&format!("color: {text}, name: {text}")), "name"),
        ("/pets/{exposed_id}", of(&format!("name: {text}, id: {text}")), "id"),
        ("/pets/{uuid}", of(&format!("id: {text}, uuid: {text}")), "uuid"),
        ("/people/{personSlug}", of(&format!("id: {text}, slug: {text}")), "slug"),
        ("/users/{username}", of(&format!("name: {text}, login: {text}")), "login"),
        ("/users/{user}", of(&format!("name: {text}, username: {text}")), "username"),
        ("/people/{handle}", of(&format!("name: {text}, login: {text}, handle: {text}")), "handle"),
        ("/orgs/{org}", of(&format!("name: {text}, login: {text}")), "login"),
        ("/tags/{tag}", of(&format!("name: {text}, slug: {text}")), "slug"),
        (
            "/bans/{user_id}",
            of(&format!("reason: {text}, user: {{ type: object, properties: {{ id: {text} }} }}")),
            "user.id",
        ),
        ("/pods/{name}", "{ $ref: '#/components/schemas/Pod' }".to_owned(), "metadata.name"),
    ] {
        let collection = path.trim_matches('/').split('/').next().unwrap_or_default();
        let reads = format!("{collection} reads GET {path}");
        check(&[("get", path, &entity, "")], &[&reads, &format!("{collection} by {expected}")]);
    }
}

#[test]
fn a_text_of_the_path_may_be_a_number() {
    let task = "{ type: object, properties: { uid: { type: integer } } }";
    let text = paths(&[("get", "/tasks/{taskUid}", task, "")]).replace(
        "    get:",
        "    parameters: [{ name: taskUid, in: path, required: true, schema: { type: string } }]\n    get:",
    );
    let document = document(&text, SCHEMAS);
    let told = told(&document, &find(&document));
    assert_eq!(told, ["tasks reads GET /tasks/{taskUid}", "tasks by uid"]);
}

/// What identifies where something is read does where it is only listed.
#[test]
fn lists_of_what_is_read_elsewhere_have_its_identity() {
    let pod = "{ $ref: '#/components/schemas/Pod' }";
    let pods = format!("{{ type: object, properties: {{ items: {{ type: array, items: {pod} }} }} }}");
    check(
        &[("get", "/namespaces/{ns}/pods/{name}", pod, ""), ("get", "/pods", &pods, "")],
        &[
            "namespaces/pods reads GET /namespaces/{ns}/pods/{name}",
            "namespaces/pods by metadata.name",
            "pods lists GET /pods in items",
            "pods by metadata.name",
        ],
    );
}

#[test]
fn what_is_done_to_one_changes_it() {
    let wrapped = format!("{{ type: object, properties: {{ pet: {PET} }} }}");
    check(
        &[
            ("get", "/pets/{id}", PET, ""),
            ("post", "/pets/{id}/adopt", PET, ""),
            ("delete", "/pets/{id}/adopt", &wrapped, ""),
            ("post", "/pets/{id}:wash", PET, ""),
            ("post", "/pets/{id}/notes", NOTE, ""),
            ("post", "/pets/{id}/breed", PETS, ""),
            ("delete", "/pets/{id}", PETS, ""),
            ("put", "/pets", PET, PET),
        ],
        &[
            "pets reads GET /pets/{id}",
            "pets deletes DELETE /pets/{id}",
            "pets changes POST /pets/{id}/adopt",
            "pets changes DELETE /pets/{id}/adopt in pet",
            "pets changes POST /pets/{id}:wash",
            "pets replaces PUT /pets",
            "pets by id",
        ],
    );
}

#[test]
fn selections_and_forms_of_answers() {
    check(
        &[
            ("get", "/pet/findByTags", PETS, ""),
            ("get", "/pet/notes", &format!("{{ type: array, items: {NOTE} }}"), ""),
            ("get", "/pet/{petId}", PET, ""),
        ],
        &["pet lists GET /pet/findByTags", "pet reads GET /pet/{petId}", "pet by id", "? GET /pet/notes"],
    );
    check(
        &[
            ("get", "/pets.json", PETS, ""),
            ("get", "/pets/{id}/json", PET, ""),
            ("delete", "/pets/{id}", "-", ""),
        ],
        &[
            "pets lists GET /pets.json",
            "pets reads GET /pets/{id}/json",
            "pets deletes DELETE /pets/{id}",
            "pets by id",
        ],
    );
}

#[test]
fn what_is_doubtful_is_left_out_and_said() {
    let several = format!("{{ type: object, properties: {{ a: {PETS}, b: {PETS} }} }}");
    for (operations, expected) in [
        (
            vec![("get", "/pets", NOTE, ""), ("get", "/pets/{petId}", PET, "")],
            vec!["pets reads GET /pets/{petId}", "pets by id", "? GET /pets"],
        ),
        (
            vec![("get", "/pets", PETS, ""), ("get", "/pets/{petId}", NOTE, "")],
            vec!["? GET /pets", "? GET /pets/{petId}"],
        ),
        (vec![("get", "/pets", &several, "")], vec![]),
        (vec![("get", "/notes/{id}", NOTE, "")], vec!["? GET /notes/{id}"]),
        (
            vec![("get", "/pets/{id}", PET, ""), ("get", "/pets/{id}/{version}", PET, "")],
            vec!["pets reads GET /pets/{id}", "pets by id", "? GET /pets/{id}/{version}"],
        ),
        (
            vec![("get", "/pets/{id}", PET, ""), ("post", "/pets", NOTE, NOTE)],
            vec!["pets reads GET /pets/{id}", "pets by id", "? POST /pets"],
        ),
        (vec![("get", "/status", NOTE, ""), ("get", "/{tenant}", PET, "")], vec![]),
    ] {
        check(&operations, &expected);
    }
}

#[test]
fn what_the_author_says_goes_first() {
    let answer = |schema: &str| {
        format!(
            "responses: {{ '200': {{ description: ok, content: {{ application/json: {{ schema: {schema} }} }} }} }}"
        )
    };
    let text = format!(
        "  /all:\n    get:\n      x-mocker-resource: {{ name: animals, role: list }}\n      {}\n  \
         /one/{{key}}:\n    get:\n      x-mocker-resource: {{ name: animals, role: read, identity: name, references: {{ ownerId: owners, gone: owners }} }}\n      {}\n  \
         /owners/{{id}}:\n    get:\n      {}\n  \
         /pets/{{id}}:\n    get:\n      x-mocker-resource: false\n      {}\n  \
         /cats/{{id}}:\n    get:\n      x-mocker-resource: {{ roll: list }}\n      {}\n",
        answer(PETS),
        answer(PET),
        answer(OWNER),
        answer(PET),
        answer(PET),
    );
    let document = document(&text, SCHEMAS);
    let found = find(&document);
    let lines = told(&document, &found);
    for expected in [
        "animals lists GET /all",
        "animals reads GET /one/{key}",
        "animals by name",
        "animals ownerId -> owners",
        "owners reads GET /owners/{id}",
        "cats reads GET /cats/{id}",
        "? GET /one/{key}",
        "? GET /cats/{id}",
    ] {
        assert!(lines.contains(&expected.to_owned()), "{expected} is not among {lines:#?}");
    }
    assert!(lines.iter().all(|line| !line.contains("/pets/")), "{lines:#?}");
}

/// A path of no names names no property.
#[test]
fn empty_paths_are_refused() {
    for said in ["identity: '.'", "identity: '..'", "identity: ''", "references: { '.': pets }"] {
        let text = format!(
            "  /pets/{{id}}:\n    get:\n      x-mocker-resource: {{ {said} }}\n      \
             responses: {{ '200': {{ description: ok, content: {{ application/json: {{ schema: {PET} }} }} }} }}\n"
        );
        let document = document(&text, SCHEMAS);
        let lines = told(&document, &find(&document));
        assert_eq!(lines, ["pets reads GET /pets/{id}", "pets by id", "? GET /pets/{id}"], "{said}");
    }
}

#[test]
fn links_are_followed() {
    let text = format!(
        "  /pets/{{id}}:\n    get:\n      responses:\n        '200':\n          description: ok\n          \
         content: {{ application/json: {{ schema: {{ type: object, properties: {{ id: {{ type: integer }}, keeper: {{ type: integer }} }} }} }} }}\n          \
         links: {{ keeper: {{ operationId: readOwner, parameters: {{ id: $response.body#/keeper }} }} }}\n  \
         /owners/{{id}}:\n    get:\n      operationId: readOwner\n      \
         responses: {{ '200': {{ description: ok, content: {{ application/json: {{ schema: {OWNER} }} }} }} }}\n",
    );
    let document = document(&text, SCHEMAS);
    let lines = told(&document, &find(&document));
    assert!(lines.contains(&"pets keeper -> owners".to_owned()), "{lines:#?}");
}

#[test]
fn properties_beyond_the_limit_are_not_looked_at() {
    for (count, expected) in [(MAX_PROPERTIES - 1, 1), (MAX_PROPERTIES, 0)] {
        let many = (0..count).fold(String::new(), |mut text, index| {
            let _ = write!(text, "p{index}: {{}}, ");
            text
        });
        let entity = format!("{{ type: object, properties: {{ {many} id: {{ type: string }} }} }}");
        let document = document(&paths(&[("get", "/pets/{id}", &entity, "")]), SCHEMAS);
        assert_eq!(find(&document).found.len(), expected, "{count} before `id`");
    }
}
