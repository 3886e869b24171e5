//! Real documents as worlds: what a client finds that lists, and reads what was listed.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use mocker_openapi::{Document, Fetch, FetchError, Location, load};
use mocker_plan::resources::{self, Resource, Role, Step};
use mocker_plan::{UnknownIds, WorldOptions};
use serde_json::Value;

use crate::client::{Answer, Server, link};

struct Disk;

impl Fetch for Disk {
    fn fetch(&mut self, location: &Location) -> Result<Vec<u8>, FetchError> {
        match location {
            Location::File(path) => {
                std::fs::read(path).map_err(|error| FetchError { reason: error.to_string() })
            }
            Location::Url(url) => Err(FetchError { reason: format!("no network for {url}") }),
        }
    }
}

/// Documents that are walked: the first of the table of resources, and the demos.
const DOCUMENTS: [&str; 12] = [
    "museum-3.1.yaml",
    "train-travel-3.1.yaml",
    "scalar-galaxy-3.1.yaml",
    "oai-petstore-minimal.yaml",
    "realworld.yml",
    "google-drive.json",
    "docker-2.0.yaml",
    "typesense.yaml",
    "spotify.yaml",
    "stripe.json",
    "twilio.json",
    "github.json",
];

/// Reads of what was listed, and pages behind the first, that there are at least: fewer, and the walk proves little.
const READ: usize = 480;
const FOLLOWED: usize = 500;

/// Entities of a resource where pages are followed: one more than two pages have that nobody asked to be longer.
const LONG: u64 = 41;

/// What was found on a walk.
#[derive(Default)]
struct Walk {
    lists: usize,
    alone: Vec<String>,
    read: usize,
    /// Pages behind the first
    followed: usize,
    wrong: Vec<String>,
}

#[test]
fn real_documents_hang_together() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    if !folder.is_dir() {
        eprintln!("SKIPPED: no corpus of real documents at {}", folder.display());
        return;
    }
    let only = std::env::var("ONLY").unwrap_or_default();
    let mut walk = Walk::default();
    for name in DOCUMENTS.into_iter().filter(|name| name.contains(&only)) {
        let loaded = load(Location::File(folder.join(name)), &mut Disk);
        let document = Arc::new(loaded.document.unwrap());
        let before = (walk.lists, walk.alone.len(), walk.read);
        walk.document(name, &document);
        eprintln!(
            "{name}: {} lists, {} alone, {} read",
            walk.lists - before.0,
            walk.alone.len() - before.1,
            walk.read - before.2
        );
    }
    eprintln!("alone:\n{}", walk.alone.join("\n"));
    assert!(walk.wrong.is_empty(), "{} wrong:\n{}", walk.wrong.len(), walk.wrong.join("\n"));
    assert!(walk.alone.len() * 5 <= walk.lists, "{} of {} lists are alone", walk.alone.len(), walk.lists);
    eprintln!("{} lists, {} read, {} pages followed", walk.lists, walk.read, walk.followed);
    assert!(!only.is_empty() || walk.read >= READ, "{} read", walk.read);
    assert!(!only.is_empty() || walk.followed >= FOLLOWED, "{} pages followed", walk.followed);
}

#[test]
fn the_demos_hang_together() {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../specs");
    let mut walk = Walk::default();
    for name in ["petstore", "banking", "ecommerce", "shop"] {
        let loaded = load(Location::File(specs.join(name).join("openapi.yaml")), &mut Disk);
        walk.document(name, &Arc::new(loaded.document.unwrap()));
    }
    assert!(walk.wrong.is_empty(), "{}", walk.wrong.join("\n"));
    assert!(walk.alone.is_empty() && walk.read == 8, "{:?}, {} read", walk.alone, walk.read);
}

impl Walk {
    fn document(&mut self, name: &str, document: &Arc<Document>) {
        let world =
            WorldOptions { usual_size: Some(5), unknown_ids: UnknownIds::Exist, ..WorldOptions::default() };
        let server = Server::new(document, 3, world);
        let world = WorldOptions { usual_size: Some(LONG), ..WorldOptions::default() };
        let long = Server::new(document, 3, world);
        let found = resources::find(document);
        for resource in &found.found {
            self.resource(name, document, &server, resource);
            self.pages(name, document, &long, resource);
        }
    }

    fn resource(&mut self, name: &str, document: &Document, server: &Server, resource: &Resource) {
        let Some(identity) = &resource.identity else { return };
        for list in resource.of(Role::List) {
            let Some(read) = resource.of(Role::Read).next() else { continue };
            let path = |operation: usize, identity: &str| -> String {
                let written = &document.operations[operation].path;
                let count = written.matches('{').count();
                let is_item = operation == read.operation;
                let mut seen = 0;
                let segments = written.split('/').map(|segment| match segment.find('{') {
                    Some(at) => {
                        seen += 1;
                        let end = segment.find('}').unwrap();
                        let value = if is_item && seen == count { identity } else { "1" };
                        format!("{}{value}{}", &segment[..at], &segment[end + 1..])
                    }
                    None => segment.to_owned(),
                });
                segments.collect::<Vec<_>>().join("/")
            };
            self.lists += 1;
            let Answer::World { body, .. } = server.get(&path(list.operation, "")) else {
                self.alone.push(format!("{name}: {}", document.operations[list.operation].path));
                continue;
            };
            let entities = at(&body, list.body.as_ref().map_or(&[], |way| &way.0));
            let Some(entities) = entities.and_then(Value::as_array) else {
                self.wrong.push(format!("{name}: no list in {}", document.operations[list.operation].path));
                continue;
            };
            for entity in entities.iter().take(2) {
                let own = identity.property.iter().try_fold(entity, |value, name| value.get(&**name));
                let Some(own) = own else { continue };
                let text = own.as_str().map_or_else(|| own.to_string(), str::to_owned);
                let target = path(read.operation, &text);
                let Answer::World { body, .. } = server.get(&target) else { continue };
                self.read += 1;
                let one =
                    at(&body, read.body.as_ref().map_or(&[], |way| &way.0)).cloned().unwrap_or_default();
                self.compare(&format!("{name}: {target}"), entity, &one);
            }
        }
    }

    /// Follows the pages of lists: none leads back, and no entity comes twice.
    fn pages(&mut self, name: &str, document: &Document, server: &Server, resource: &Resource) {
        let Some(identity) = &resource.identity else { return };
        for list in resource.of(Role::List) {
            let path =
                document.operations[list.operation].path.split('/').map(|segment| match segment.find('{') {
                    Some(at) => format!("{}1{}", &segment[..at], &segment[segment.find('}').unwrap() + 1..]),
                    None => segment.to_owned(),
                });
            let mut target = path.collect::<Vec<_>>().join("/");
            let place = format!("{name}: {target}");
            let (mut asked, mut seen) = (HashSet::new(), HashSet::new());
            while let Answer::World { head, body } = server.get(&target) {
                let entities =
                    at(&body, list.body.as_ref().map_or(&[], |way| &way.0)).and_then(Value::as_array);
                let own = |entity: &Value| {
                    identity
                        .property
                        .iter()
                        .try_fold(entity.clone(), |value, name| value.get(&**name).cloned())
                };
                for own in entities.into_iter().flatten().filter_map(own) {
                    if !seen.insert(own.to_string()) {
                        self.wrong.push(format!("{place}: {own} comes twice"));
                    }
                }
                let Some(next) = link(&head, "next") else { break };
                self.followed += 1;
                if !asked.insert(next.clone()) {
                    self.wrong.push(format!("{place}: {next} comes twice"));
                    break;
                }
                target = next;
            }
        }
    }

    fn compare(&mut self, place: &str, listed: &Value, read: &Value) {
        for (name, value) in listed.as_object().into_iter().flatten() {
            if read.get(name).is_some_and(|read| read != value) {
                self.wrong
                    .push(format!("{place}: {name} is {value} in the list, {} in the read", read[name]));
            }
        }
    }
}

fn at<'v>(body: &'v Value, way: &[Step]) -> Option<&'v Value> {
    way.iter().try_fold(body, |value, step| match step {
        Step::Member(name) => value.get(&**name),
        Step::Only => value.get(0),
    })
}
