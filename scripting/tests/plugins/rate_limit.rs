//! How often requests may come.

use std::net::IpAddr;

use mocker_scripting::Response;
use mocker_scripting::plugin::builtin::Kind;
use mocker_scripting::plugin::{Builtin, Notes, Verdict, Visit};
use serde_json::json;

use crate::{NOW, answered, configured, detail, field, passed, refused, request, text, visit};

fn limits(response: &Response) -> [Option<String>; 4] {
    ["RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "Retry-After"]
        .map(|name| field(response, name))
}

fn some(figures: [&str; 4]) -> [Option<String>; 4] {
    figures.map(|figure| (!figure.is_empty()).then(|| figure.to_owned()))
}

/// What an answer says, after all of it.
fn answer(rate_limit: &Builtin, visit: &Visit<'_>, fields: &[&str]) -> Response {
    let request = request("GET", "/pets", fields);
    let mut visit = visit.clone();
    let mut response = match rate_limit.before(&request, &visit) {
        Verdict::Pass(notes) => {
            visit.notes.add(notes);
            Response { status: 200, ..Response::default() }
        }
        Verdict::Answer(response) => response,
    };
    assert_eq!(rate_limit.after(&request, &visit, &mut response), None);
    response
}

#[test]
fn every_answer_tells_what_is_left() {
    let rate_limit = configured(Kind::RateLimit, &json!({ "limit": "2/m", "burst": 3 }));
    let at = |later: i64| Visit { now: NOW + later, ..visit() };
    for (later, status, figures) in [
        (0, 200, ["3", "2", "30", ""]),
        (0, 200, ["3", "1", "60", ""]),
        (0, 200, ["3", "0", "90", ""]),
        (0, 429, ["3", "0", "90", "30"]),
        (29_001, 429, ["3", "0", "61", "1"]),
        (30_000, 200, ["3", "0", "90", ""]),
        (30_000, 429, ["3", "0", "90", "30"]),
        // the clock goes back
        (0, 429, ["3", "0", "90", "30"]),
        (10 * 60_000, 200, ["3", "2", "30", ""]),
    ] {
        let response = answer(&rate_limit, &at(later), &[]);
        assert_eq!(response.status, status, "{later}: {}", text(&response));
        assert_eq!(limits(&response), some(figures), "{later}");
    }
}

#[test]
fn a_refusal_says_when_to_come_again() {
    let rate_limit = configured(Kind::RateLimit, &json!({ "limit": "1/s" }));
    passed(rate_limit.before(&request("GET", "/", &[]), &visit()));
    let response = answered(rate_limit.before(&request("GET", "/", &[]), &visit()));
    assert_eq!(detail(&response), "There were too many requests. Try again in 1 second.");
    assert_eq!(limits(&response), some(["1", "0", "1", "1"]));
}

#[test]
fn clients_keys_and_operations_are_counted_for_themselves() {
    let other: IpAddr = "2001:db8::1".parse().unwrap();
    let a = Visit { operation: "GET /a", ..visit() };
    let b = Visit { operation: "GET /b", ..visit() };
    let far = Visit { client: other, ..a.clone() };
    let (one, two, none) = (&["X-API-Key: 1"][..], &["x-api-key: 2"][..], &[][..]);
    // Each list: requests in turn, and whether each passes with one allowed.
    for (per, requests) in [
        (json!("client"), vec![(&a, one, true), (&b, two, false), (&far, one, true), (&far, none, false)]),
        (json!(["operation"]), vec![(&a, one, true), (&far, one, false), (&b, one, true)]),
        (
            json!("key"),
            vec![(&a, one, true), (&a, two, true), (&far, one, false), (&a, none, true), (&far, none, false)],
        ),
        (
            json!(["client", "operation"]),
            vec![(&a, one, true), (&b, one, true), (&far, one, true), (&a, two, false)],
        ),
        (
            json!(["client", "key", "operation"]),
            vec![(&a, one, true), (&a, two, true), (&b, one, true), (&far, one, true), (&a, one, false)],
        ),
    ] {
        let rate_limit = configured(Kind::RateLimit, &json!({ "limit": "1/d", "per": per }));
        for (index, (visit, fields, passes)) in requests.into_iter().enumerate() {
            let status = answer(&rate_limit, visit, fields).status;
            assert_eq!(status, if passes { 200 } else { 429 }, "{per} request {index}");
        }
    }
    let by_header =
        configured(Kind::RateLimit, &json!({ "limit": "1/d", "per": "key", "header": "X-Tenant" }));
    assert_eq!(answer(&by_header, &a, &["X-Tenant: 1", "X-API-Key: 1"]).status, 200);
    assert_eq!(answer(&by_header, &a, &["X-Tenant: 2", "X-API-Key: 1"]).status, 200);
    assert_eq!(answer(&by_header, &a, &["X-Tenant: 1", "X-API-Key: 2"]).status, 429);
}

#[test]
fn of_two_buckets_the_emptier_is_told() {
    let wide = configured(Kind::RateLimit, &json!({ "limit": "100/h", "per": "operation" }));
    let narrow = configured(Kind::RateLimit, &json!({ "limit": "5/s" }));
    let request = request("GET", "/", &[]);
    let mut visit = visit();
    for plugin in [&wide, &narrow] {
        let notes = passed(plugin.before(&request, &visit));
        visit.notes.add(notes);
    }
    let mut response = Response::default();
    for plugin in [&wide, &narrow] {
        plugin.after(&request, &visit, &mut response);
    }
    assert_eq!(limits(&response), some(["5", "4", "1", ""]));
}

#[test]
fn notes_of_others_stay() {
    let mut notes =
        Notes { user: Some("ann".into()), claims: Some(json!({ "sub": "ann" })), allowance: None };
    notes.add(Notes::default());
    assert_eq!((notes.user.as_deref(), notes.claims), (Some("ann"), Some(json!({ "sub": "ann" }))));
}

#[test]
fn all_cores_share_a_bucket() {
    let rate_limit = configured(Kind::RateLimit, &json!({ "limit": "1000/d", "per": "operation" }));
    let passes = std::thread::scope(|scope| {
        let ask = || (0..500).filter(|_| answer(&rate_limit, &visit(), &[]).status == 200).count();
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(ask)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum::<usize>()
    });
    assert_eq!(passes, 1000);
}

#[test]
fn configurations_are_checked() {
    for (config, pointer, says) in [
        (json!({}), "", "`limit` is missing"),
        (json!({ "limit": 100 }), "/limit", "must be string"),
        (json!({ "limit": "100 a minute" }), "/limit", "not written"),
        (json!({ "limit": "0/m" }), "/limit", "`0/m` is no limit"),
        (json!({ "limit": "1000001/m" }), "/limit", "no limit"),
        (json!({ "limit": "5/s", "burst": 0 }), "/burst", ">= 1"),
        (json!({ "limit": "5/s", "burst": 1_000_001 }), "/burst", "<= 1000000"),
        (json!({ "limit": "5/s", "per": "user" }), "/per", "not written"),
        (json!({ "limit": "5/s", "per": ["client", "user"] }), "/per/1", "client, key, operation"),
        (json!({ "limit": "5/s", "per": [] }), "/per", "fewer than 1"),
    ] {
        let faults = refused(Kind::RateLimit, &config);
        assert_eq!(faults.len(), 1, "{faults:#?}");
        assert!(faults[0].message.contains(says), "{faults:#?}");
        assert_eq!(faults[0].pointer, pointer, "{faults:#?}");
        assert!(faults[0].help.is_some(), "{faults:#?}");
    }
    configured(Kind::RateLimit, &json!({ "limit": "1000000/s", "burst": 1_000_000 }));
}
