//! A client walks through documents that are served as one world, and finds no contradiction: what is listed is what is
//! read, children name their parents, references lead to what they name, pages are disjoint.

use std::collections::{HashMap, HashSet, VecDeque};
use std::path::Path;

use mocker_openapi::model::{Operation, Place};
use mocker_openapi::{Document, Fetch, FetchError, Location, load};
use mocker_plan::resources::{self, Action, Reference, Resource, Resources, Role, Step};
use serde_json::Value;

use crate::client::{Answer, Client};
use crate::server::Server;

/// Requests of one walk.
const REQUESTS: usize = 4_000;

/// Entities that are followed from each page.
const FOLLOWED: usize = 2;

/// Lists within entities of lists.
const DEPTH: usize = 3;

/// Times that one operation is called as a list: its parents differ, it does not.
const VISITS: usize = 2;

/// What any security scheme of these documents takes.
const CREDENTIALS: &str = "Authorization: Bearer token\r\n";

struct Disk;

impl Fetch for Disk {
    fn fetch(&mut self, location: &Location) -> Result<Vec<u8>, FetchError> {
        let Location::File(path) = location else {
            return Err(FetchError { reason: "there is no network".to_owned() });
        };
        std::fs::read(path).map_err(|error| FetchError { reason: error.to_string() })
    }
}

/// A list still to be called: of which resource, within what, how deep.
struct Goal {
    resource: usize,
    /// Values of its path's variables
    values: Vec<String>,
    depth: usize,
}

struct Walk {
    document: Document,
    resources: Resources,
    client: Client,
    goals: VecDeque<Goal>,
    visits: HashMap<usize, usize>,
    tally: Tally,
    wrong: Vec<String>,
}

/// What was met on the way.
#[derive(Debug, Default)]
struct Tally {
    requests: usize,
    lists: usize,
    items: usize,
    pages: usize,
    references: usize,
    children: usize,
}

/// Walks a document, and tells what it met; a contradiction ends the test.
fn walk(path: &Path) -> Tally {
    let location = Location::File(path.to_owned());
    let document = load(location, &mut Disk).document.unwrap();
    let spec = path.to_str().unwrap();
    let server = Server::start(&["--spec", spec, "--ignore-examples", "--base-path", "none"]);
    let resources = resources::find(&document);
    let mut walk = Walk {
        client: Client::connect(server.address),
        goals: (0..resources.found.len())
            .map(|resource| Goal { resource, values: Vec::new(), depth: 0 })
            .collect(),
        document,
        resources,
        visits: HashMap::new(),
        tally: Tally::default(),
        wrong: Vec::new(),
    };
    while let Some(goal) = walk.goals.pop_front() {
        if walk.tally.requests < REQUESTS {
            walk.lists(&goal);
        }
    }
    eprintln!("{}: {:?}", path.display(), walk.tally);
    assert!(walk.wrong.is_empty(), "{} contradictions:\n{}", walk.wrong.len(), walk.wrong.join("\n"));
    walk.tally
}

impl Walk {
    fn get(&mut self, target: &str) -> Answer {
        self.tally.requests += 1;
        self.client.ask("GET", target, CREDENTIALS)
    }

    fn lists(&mut self, goal: &Goal) {
        let resource = &self.resources.found[goal.resource];
        let is_apt = |action: &&Action| {
            let operation = &self.document.operations[action.operation];
            variables(&operation.path) == goal.values.len() && !asks_more(operation)
        };
        let lists: Vec<usize> =
            resource.of(Role::List).filter(is_apt).map(|action| action.operation).collect();
        for operation in lists {
            let visits = self.visits.entry(operation).or_default();
            *visits += 1;
            if *visits <= VISITS {
                self.list(goal, operation);
            }
        }
    }

    fn list(&mut self, goal: &Goal, operation: usize) {
        let target = filled(&self.document.operations[operation].path, &goal.values);
        let answer = self.get(&target);
        if answer.status != 200 {
            return self.wrong.push(format!("{target}: status {}", answer.status));
        }
        let Some(entities) = self.entities(operation, &answer) else { return };
        self.tally.lists += 1;
        self.next_page(goal, operation, &target, &answer, &entities);
        for entity in entities.iter().take(FOLLOWED) {
            self.entity(goal, &target, entity);
        }
        self.names_parent(goal, &target, &entities);
    }

    /// The entities of a list's answer; `None` where it has no list.
    fn entities(&mut self, operation: usize, answer: &Answer) -> Option<Vec<Value>> {
        let (_, action) = self.resources.of(operation)?;
        let body: Value = serde_json::from_slice(&answer.body).ok()?;
        Some(at(&body, &action.body.as_ref()?.0)?.as_array()?.clone())
    }

    /// The page behind has none of this one's entities.
    fn next_page(
        &mut self,
        goal: &Goal,
        operation: usize,
        target: &str,
        answer: &Answer,
        entities: &[Value],
    ) {
        let of_link = answer.header("link").and_then(|link| {
            let next = link.split(", ").find(|part| part.ends_with("rel=\"next\""))?;
            let target = next.split_once('<')?.1.split_once('>')?.0;
            // what the author wrote as an example leads elsewhere
            target.starts_with('/').then(|| target.to_owned())
        });
        let has_more =
            serde_json::from_slice::<Value>(&answer.body).is_ok_and(|body| body["has_more"] == true);
        let parameters = &self.document.operations[operation].parameters;
        let has_cursor = parameters.iter().any(|parameter| &*parameter.name == "starting_after");
        let last = entities.last().and_then(|last| self.identity(goal.resource, last));
        let of_cursor = last
            .filter(|_| has_more && has_cursor)
            .map(|last| format!("{target}?starting_after={}", encoded(&last)));
        for next in of_link.into_iter().chain(of_cursor) {
            let answer = self.get(&next);
            let Some(others) = self.entities(operation, &answer) else {
                self.wrong.push(format!("{next}: status {}, no list", answer.status));
                continue;
            };
            self.tally.pages += 1;
            let identity = |entity: &Value| self.identity(goal.resource, entity);
            let first: HashSet<String> = entities.iter().filter_map(identity).collect();
            let again: Vec<String> =
                others.iter().filter_map(identity).filter(|one| first.contains(one)).collect();
            if !again.is_empty() || others.is_empty() {
                self.wrong.push(format!("{next}: {} entities, again {again:?}", others.len()));
            }
        }
    }

    /// What is listed is what is read; it is followed from there.
    fn entity(&mut self, goal: &Goal, list: &str, entity: &Value) {
        self.references(goal, list, entity);
        let Some(identity) = self.identity(goal.resource, entity) else { return };
        let values: Vec<String> = goal.values.iter().cloned().chain([identity.clone()]).collect();
        if goal.depth < DEPTH {
            let is_child = |other: &Resource| {
                other.parent.as_ref().is_some_and(|parent| parent.resource == goal.resource)
            };
            let children =
                (0..self.resources.found.len()).filter(|index| is_child(&self.resources.found[*index]));
            let goals =
                children.map(|resource| Goal { resource, values: values.clone(), depth: goal.depth + 1 });
            self.goals.extend(goals.collect::<Vec<_>>());
        }
        let Some((target, read)) = self.read(goal.resource, &values, list) else { return };
        self.tally.items += 1;
        for (name, value) in entity.as_object().into_iter().flatten() {
            if read.get(name).is_some_and(|read| read != value) {
                self.wrong.push(format!("{target}: {name} is {value} in {list}, {} here", read[name]));
            }
        }
        self.references(goal, &target, &read);
    }

    /// The entity of these identities, where anything reads it by them.
    fn read(&mut self, resource: usize, values: &[String], from: &str) -> Option<(String, Value)> {
        let apt = self.resources.found[resource].of(Role::Read).find(|read| {
            let operation = &self.document.operations[read.operation];
            variables(&operation.path) == values.len() && !asks_more(operation)
        });
        let (operation, way) = apt.map(|read| (read.operation, read.body.clone().unwrap_or_default()))?;
        let target = filled(&self.document.operations[operation].path, values);
        let answer = self.get(&target);
        let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let entity = at(&body, &way.0).filter(|_| answer.status == 200).cloned();
        let own = entity.as_ref().and_then(|entity| self.identity(resource, entity));
        if own.as_ref() != values.last() {
            self.wrong.push(format!("{target} of {from}: status {}, identity {own:?}", answer.status));
        }
        Some((target, entity?))
    }

    /// What an entity refers to can be read.
    fn references(&mut self, goal: &Goal, place: &str, entity: &Value) {
        let resources = &self.resources.found;
        let of = |reference: &Reference| -> Vec<(usize, String)> {
            let target = &resources[reference.target];
            let value = reference.property.iter().try_fold(entity, |value, name| value.get(&**name));
            let Some(value) = value.filter(|_| !target.collection.contains('{')) else { return Vec::new() };
            let each = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
            let identity = |value: &Value| match value {
                Value::Object(_) => self.identity(reference.target, value),
                value => text(value),
            };
            each.iter().filter_map(identity).map(|identity| (reference.target, identity)).collect()
        };
        let found: Vec<(usize, String)> = resources[goal.resource].references.iter().flat_map(of).collect();
        for (target, identity) in found {
            self.tally.references += 1;
            self.read(target, &[identity], place);
        }
    }

    /// Each child names the parent within which it is listed.
    fn names_parent(&mut self, goal: &Goal, target: &str, entities: &[Value]) {
        let parent = self.resources.found[goal.resource].parent.as_ref();
        let Some(property) = parent.and_then(|parent| parent.property.clone()) else { return };
        for entity in entities {
            let named = property.iter().try_fold(entity, |value, name| value.get(&**name)).and_then(text);
            if named.is_some() {
                self.tally.children += 1;
            }
            if named.is_some() && named.as_ref() != goal.values.last() {
                self.wrong.push(format!("{target}: {} is {named:?}", property.join(".")));
            }
        }
    }

    fn identity(&self, resource: usize, entity: &Value) -> Option<String> {
        let property = &self.resources.found[resource].identity.as_ref()?.property;
        property.iter().try_fold(entity, |value, name| value.get(&**name)).and_then(text)
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn variables(path: &str) -> usize {
    path.matches('{').count()
}

/// Whether an operation wants to be told more than its path.
fn asks_more(operation: &Operation) -> bool {
    operation.parameters.iter().any(|parameter| parameter.required && parameter.place != Place::Path)
}

fn filled(path: &str, values: &[String]) -> String {
    let mut values = values.iter();
    let mut out = String::new();
    let mut rest = path;
    while let Some((before, behind)) = rest.split_once('{') {
        out.push_str(before);
        out.push_str(&encoded(values.next().unwrap()));
        rest = behind.split_once('}').unwrap().1;
    }
    out + rest
}

fn encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

fn at<'v>(body: &'v Value, way: &[Step]) -> Option<&'v Value> {
    way.iter().try_fold(body, |value, step| match step {
        Step::Member(name) => value.get(&**name),
        Step::Only => value.get(0),
    })
}

/// Walks a document of the corpus, where there is one.
fn of_corpus(name: &str) -> Option<Tally> {
    let path = Path::new("../shared/corpus").join(name);
    if !path.is_file() {
        eprintln!("SKIPPED: no {}", path.display());
        return None;
    }
    Some(walk(&path))
}

#[test]
fn the_demos_hang_together() {
    for (name, lists, items) in [("ecommerce", 1, 2), ("petstore", 1, 2), ("banking", 2, 2)] {
        let tally = walk(&Path::new("specs").join(name).join("openapi.yaml"));
        assert!(tally.lists >= lists && tally.items >= items, "{name}: {tally:?}");
    }
}

#[test]
fn github_hangs_together() {
    let Some(tally) = of_corpus("github.json") else { return };
    assert!(tally.lists >= 50 && tally.items >= 25 && tally.pages >= 50 && tally.children >= 50, "{tally:?}");
}

#[test]
fn stripe_hangs_together() {
    let Some(tally) = of_corpus("stripe.json") else { return };
    assert!(tally.lists > 50 && tally.items > 50 && tally.pages > 50 && tally.references > 50, "{tally:?}");
}
