//! Every request made of a real document is one that the server takes.

use std::collections::HashMap;
use std::sync::Arc;

use mocker_loadgen::scenario::{Coverage, Options, Scenario, Share, Unmade, of_document};
use mocker_openapi::Document;
use mocker_plan::method_name;

use crate::documents::{corpus, of_file};
use crate::server::Server;

/// Operations sent of one document; of more, every so many is taken. `EVERY=1` takes all.
const OPERATIONS: usize = 40;

/// What cannot be made, for the documents contradict themselves: two paths that no request can tell apart.
const UNMADE: [(&str, &str, &str); 1] = [(
    "xero-accounting.yaml",
    "GET /Contacts/{ContactID}",
    "its requests are taken by GET /Contacts/{ContactNumber}",
)];

#[test]
fn no_request_is_refused() {
    let Some(documents) = corpus() else { return };
    let (mut sent, mut refused, mut unexpected) = (0, Vec::new(), Vec::new());
    for (name, path) in documents {
        let document = of_file(&path);
        let (scenario, unmade) = of_document(&document, &Options::default());
        let is_known = |unmade: &Unmade| UNMADE.contains(&(&name, &unmade.operation, &unmade.reason));
        let absent = unmade.iter().filter(|unmade| is_known(unmade)).count();
        unexpected.extend(
            unmade.into_iter().filter(|unmade| !is_known(unmade)).map(|unmade| (name.clone(), unmade)),
        );
        let Coverage { operations, parameters, media_types } = Coverage::of(&document, "", &scenario);
        assert_eq!(operations, Share { hit: document.operations.len() - absent, ..operations }, "{name}");
        assert!(absent > 0 || parameters.hit == parameters.declared, "{name}: {parameters:?}");
        assert_eq!(media_types.hit, media_types.declared, "{name}");
        let (count, faults) = judge(&document, &scenario, "");
        sent += count;
        refused.extend(faults.into_iter().map(|fault| format!("{name}: {fault}")));
    }
    eprintln!("{sent} requests sent");
    assert!(unexpected.is_empty(), "{unexpected:#?}");
    assert!(refused.is_empty(), "{} of {sent}:\n{}", refused.len(), refused.join("\n"));
}

/// How many requests were sent, and which of them were refused and why.
pub(crate) fn judge(document: &Arc<Document>, scenario: &Scenario, base_path: &str) -> (usize, Vec<String>) {
    let server = Server::of(document, base_path);
    let mut places = HashMap::new();
    for (index, operation) in document.operations.iter().enumerate() {
        let condition = operation.path_condition.as_deref().unwrap_or_default();
        let name = format!("{} {}{condition}", method_name(&operation.method), operation.path);
        places.entry(name).or_insert(index);
    }
    let every = std::env::var("EVERY").ok().and_then(|every| every.parse().ok());
    let every = every.unwrap_or(scenario.operations.len().div_ceil(OPERATIONS).max(1));
    let (mut sent, mut refused) = (0, Vec::new());
    for operation in scenario.operations.iter().step_by(every) {
        let index = places[&operation.name()];
        for request in &operation.requests {
            sent += 1;
            if let Some(why) = server.refusal(index, &request.bytes) {
                let text = String::from_utf8_lossy(&request.bytes);
                refused.push(format!("{}: {why}\n{text:.1500}\n", operation.name()));
            }
        }
    }
    (sent, refused)
}
