//! What is done to one entity by a path or method of its own: favourites, cancellations, deletions.

use serde_json::{Value, json};

use crate::client::{Answer, Server};
use crate::written::{document, many, object, one};

const INTEGER: &str = "{ type: integer }";
const TEXT: &str = "{ type: string }";
const FLAG: &str = "{ type: boolean }";
const ID: (&str, &str) = ("id", INTEGER);

/// Jobs with these properties and operations.
fn jobs(operations: &[(&str, &str)], job: &[(&str, &str)]) -> Server {
    let (list, read) = (many("Job"), one("Job"));
    let of_jobs = [("GET /jobs", &[][..], &*list), ("GET /jobs/{id}", &[][..], &*read)];
    let others = operations.iter().map(|(operation, schema)| (*operation, &[][..], *schema));
    let all: Vec<_> = of_jobs.into_iter().chain(others).collect();
    Server::of(&document(&all, &[("Job", &object(job))]), 20)
}

#[test]
fn actions_answer_with_the_entity_of_the_path() {
    let job = one("Job");
    let wrapped = format!("{{ type: object, required: [job], properties: {{ job: {job} }} }}");
    let server = jobs(
        &[("POST /jobs/{id}/run", &job), ("POST /jobs/{id}:cancel", &job), ("PUT /jobs/{id}/wrap", &wrapped)],
        &[ID, ("name", TEXT), ("rank", INTEGER)],
    );
    let read = server.body("/jobs/7");
    assert_eq!(server.ask("POST", "/jobs/7/run", None, b"").body(""), read);
    assert_eq!(server.ask("POST", "/jobs/7:cancel", None, b"").body(""), read);
    assert_eq!(server.ask("PUT", "/jobs/7/wrap", None, b"").body("")["job"], read);
    assert_eq!(server.send("POST", "/jobs/7/run", &json!({ "rank": 5 })).body("")["rank"], 5);
}

/// What goes on behind the last page of a list goes on for ever.
#[test]
fn lists_of_what_is_read_elsewhere_end() {
    let pod = "{ type: object, required: [metadata], properties: { metadata: { type: object, required: [name], properties: { name: { type: string } } } } }";
    let list = "{ type: object, required: [items, metadata], properties: { items: { type: array, items: { $ref: '#/components/schemas/Pod' } }, metadata: { type: object, properties: { continue: { type: string } } } } }";
    let query = [("limit", INTEGER), ("continue", TEXT)];
    let text = document(
        &[
            ("GET /ns/{ns}/pods", &query, list),
            ("GET /ns/{ns}/pods/{name}", &[], &one("Pod")),
            ("GET /pods", &query, list),
        ],
        &[("Pod", pod)],
    );
    let server = Server::of(&text, 45);
    for path in ["/ns/a/pods", "/pods"] {
        let (mut seen, mut next) = (0, String::new());
        loop {
            let page = server.body(&format!("{path}?limit=20{next}"));
            seen += page["items"].as_array().unwrap().len();
            match page["metadata"]["continue"].as_str().filter(|text| !text.is_empty()) {
                Some(text) => next = format!("&continue={text}"),
                None => break,
            }
            assert!(seen < 45, "{path}");
        }
        assert_eq!(seen, 45, "{path}");
    }
}

/// `{user_id}` is the id of a member's `user`.
#[test]
fn what_has_another_may_be_named_after_it() {
    let user =
        "{ type: object, required: [id], properties: { id: { type: string }, tag: { type: string } } }";
    let text = document(
        &[("GET /members", &[], &many("Member")), ("GET /members/{user_id}", &[], &one("Member"))],
        &[("Member", &object(&[("nick", TEXT), ("user", user)]))],
    );
    let server = Server::of(&text, 20);
    let list = server.body("/members");
    for member in list.as_array().unwrap() {
        assert_eq!(&server.body(&format!("/members/{}", member["user"]["id"].as_str().unwrap())), member);
    }
    assert_eq!(list.as_array().unwrap().len(), 20);
}

#[test]
fn the_name_of_an_action_sets_its_flag() {
    let job = one("Job");
    for (word, flag) in [
        ("favorite", "favorited"),
        ("follow", "following"),
        ("archive", "is_archived"),
        ("star", "starred"),
        ("lock", "locked"),
        ("like", "isLiked"),
        ("pin", "pinned"),
        ("mute", "muted"),
        ("block", "blocked"),
        ("subscribe", "subscribed"),
        ("read", "read"),
    ] {
        let done = format!("POST /jobs/{{id}}/{word}");
        let (undone, other) = (format!("DELETE /jobs/{{id}}/{word}"), format!("POST /jobs/{{id}}/un{word}"));
        let server = jobs(&[(&done, &job), (&undone, &job), (&other, &job)], &[ID, (flag, FLAG)]);
        for id in 1..8 {
            let flag_of = |method: &str, word: &str| {
                let answer = server.ask(method, &format!("/jobs/{id}/{word}"), None, b"").body(word);
                (answer["id"].clone(), answer[flag].clone())
            };
            assert_eq!(flag_of("POST", word), (json!(id), json!(true)), "{word}");
            assert_eq!(flag_of("DELETE", word), (json!(id), json!(false)), "{word}");
            assert_eq!(flag_of("POST", &format!("un{word}")), (json!(id), json!(false)), "{word}");
        }
    }
    let server =
        jobs(&[("POST /jobs/{id}/star", &job)], &[ID, ("starred", "{ type: boolean, enum: [false] }")]);
    assert_eq!(server.ask("POST", "/jobs/1/star", None, b"").body("")["starred"], false);
}

#[test]
fn what_replaces_at_the_collection_is_named_in_its_body() {
    let job = one("Job");
    let text = document(
        &[("GET /jobs/{id}", &[], &job), ("PUT /jobs", &[], &job)],
        &[("Job", &object(&[ID, ("name", TEXT), ("rank", INTEGER)]))],
    );
    let body = format!("requestBody: {{ content: {{ application/json: {{ schema: {job} }} }} }}, responses");
    let (before, put) = text.split_once("    put: {").unwrap();
    let server = Server::of(&format!("{before}    put: {{{}", put.replacen("responses", &body, 1)), 20);
    let answer = server.send("PUT", "/jobs", &json!({ "id": 12, "name": "Fid" }));
    assert!(answer.fields("location").is_empty());
    let answer = answer.body("");
    assert_eq!((&answer["id"], &answer["name"]), (&json!(12), &json!("Fid")));
    assert_eq!(answer["rank"], server.body("/jobs/12")["rank"]);
}

#[test]
fn deletions_name_what_they_delete() {
    let told = object(&[ID, ("deleted", FLAG), ("note", TEXT)]);
    let server = jobs(&[("DELETE /jobs/{id}", &told)], &[ID]);
    for id in 1..10 {
        let answer = server.ask("DELETE", &format!("/jobs/{id}"), None, b"").body("");
        assert_eq!((&answer["id"], &answer["deleted"]), (&json!(id), &json!(true)));
    }
    let server = jobs(&[("DELETE /jobs/{id}", &one("Job"))], &[ID, ("name", TEXT)]);
    assert_eq!(server.ask("DELETE", "/jobs/3", None, b"").body(""), server.body("/jobs/3"));
    for other in [object(&[("id", "{ type: integer, enum: [99] }")]), object(&[("done", FLAG)])] {
        let server = jobs(&[("DELETE /jobs/{id}", &other)], &[ID]);
        assert_eq!(server.ask("DELETE", "/jobs/3", None, b""), Answer::Alone, "{other}");
    }
}

/// `To`, `to` and `TO` are one property where there is one.
#[test]
fn names_are_told_apart_by_their_words() {
    let sent = |job: &[(&str, &str)], body: &Value| {
        let job_of = one("Job");
        jobs(&[("PUT /jobs/{id}", &job_of)], job).send("PUT", "/jobs/7", body).body("")
    };
    let job = [ID, ("first_name", TEXT), ("to", TEXT)];
    for body in [
        json!({ "firstName": "Al", "To": "x" }),
        json!({ "FirstName": "Al", "TO": "x" }),
        json!({ "first-name": "Al", "to": "x" }),
        json!({ "firstName": "no", "first_name": "Al", "to": "x", "To": "no" }),
    ] {
        let answer = sent(&job, &body);
        assert_eq!((&answer["first_name"], &answer["to"]), (&json!("Al"), &json!("x")), "{body}");
        assert!(answer.get("firstName").is_none());
    }
    let two = sent(&[ID, ("from", TEXT), ("From", TEXT)], &json!({ "FROM": "x" }));
    assert!(two["from"] != "x" && two["From"] != "x", "{two}");
    assert_eq!(sent(&job, &json!({ "ID": 9 }))["id"], 7, "the identity is the path's");
}

/// What clients may not read of an object leaves the rest of it.
#[test]
fn secrets_inside_objects_are_left_out_alone() {
    let card = "{ oneOf: [{ type: object, required: [name, cvc], properties: { name: { type: string }, cvc: { type: string, writeOnly: true }, at: { type: object, properties: { city: { type: string }, code: { type: string, writeOnly: true } } } } }, { type: object, required: [iban], properties: { iban: { type: string } } }] }";
    let server = jobs(&[("PUT /jobs/{id}", &one("Job"))], &[ID, ("card", card)]);
    let body = json!({ "card": { "name": "Al", "cvc": "123", "at": { "city": "Rome", "code": "1" } } });
    let answer = server.send("PUT", "/jobs/7", &body).body("");
    assert_eq!(answer["card"], json!({ "name": "Al", "at": { "city": "Rome" } }));
}
