//! What `specs/config/good/full.yaml` is read as.

#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::time::Duration;

use mocker_engine::chaos::{Effect, Latency, Mode, Schedule};
use serde_json::json;

use super::Configuration;
use super::answer::Body;
use super::condition::{Condition, Subject, Test};
use super::plugins::Source;
use super::responses::Then;
use super::scripts::Text;
use super::state::Scope;
use super::tls::Identity;
use crate::config::{Environment, Loaded, Request, load};

const FILE: &str = "specs/config/good/full.yaml";

fn loaded(file: &str, variables: &[(&str, &str)]) -> Loaded {
    let environment = Environment::of(variables);
    load(&Request { file: Some(Path::new(file)), flags: &[], environment: &environment }).unwrap()
}

fn full() -> Configuration {
    loaded(FILE, &[]).configuration.unwrap()
}

fn inside(path: &str) -> PathBuf {
    Path::new("specs/config/good").join(path)
}

#[test]
fn scripts_keep_their_order_and_places() {
    let scripts = full().scripts;
    let names: Vec<&str> = scripts.iter().map(|script| script.operations.value.text()).collect();
    assert_eq!(names, ["getPet", "get*", "GET /pets/{petId}", "/pets/*"]);
    assert_eq!(scripts[0].scripts[0].text, Text::File(inside("scripts/pet.rhai")));
    let position = scripts[1].scripts[1].position;
    assert_eq!((position.line, position.column), (55, 26));
    assert!(matches!(&scripts[2].scripts[0].text, Text::Inline(text) if text.starts_with("fn after")));
    let budgets: Vec<(&str, u64)> =
        scripts[2].scripts[0].budgets.iter().map(|budget| (budget.key, budget.value)).collect();
    assert_eq!(budgets, [("operations", 1000), ("time", 5)]);
    let position = scripts[2].operations.position;
    assert_eq!((position.line, position.column), (56, 3));
}

#[test]
fn sections_of_settings_are_typed() {
    let Configuration { server, scripting, state, .. } = full();
    assert_eq!(server.body_timeout, Duration::from_millis(2_500));
    assert_eq!((server.max_head_size, server.max_body_size), (64 << 10, 1_000_000));
    let identity = Identity::Files { cert: inside("tls/cert.pem"), key: inside("tls/key.pem") };
    assert_eq!(server.tls.identity, Some(identity));
    assert_eq!(server.tls.client_ca, Some(inside("tls/clients.pem")));
    assert_eq!(server.tls.handshake_timeout, Duration::from_secs(4));
    assert_eq!(scripting.dir, Some(inside("scripts/")));
    assert_eq!(scripting.environment, ["STAGE", "REGION"]);
    let budget = |key| scripting.budgets.iter().find(|budget| budget.key == key).unwrap().value;
    assert_eq!((budget("time"), budget("string_bytes"), budget("variables")), (20, 64 << 10, 256));
    assert_eq!(state.scope, Scope::Cookie("sid".to_owned()));
    assert_eq!((state.value_bytes, state.scope_idle), (100_000, Duration::from_secs(1_800)));
}

#[test]
fn scopes_have_three_forms() {
    for (scope, expected) in [
        ("client", Scope::Client),
        ("{header: X-A}", Scope::Header("X-A".to_owned())),
        ("jwt: sub", Scope::Jwt("sub".to_owned())),
    ] {
        let configuration = loaded(FILE, &[("MOCKER_STATE_SCOPE", scope)]).configuration.unwrap();
        assert_eq!(configuration.state.scope, expected);
    }
    let configuration = loaded("specs/config/good/empty.yaml", &[]).configuration.unwrap();
    assert_eq!(configuration.state.scope, Scope::Header("X-Mocker-Session".to_owned()));
}

#[test]
fn plugins_are_typed() {
    let plugins = loaded(FILE, &[("MOCKER_PLUGINS_JWT_SECRET", "other")]).configuration.unwrap().plugins;
    let sources: Vec<&Source> = plugins.iter().map(|plugin| &plugin.source).collect();
    let built_in = |name: &str| Source::BuiltIn(name.to_owned());
    let folder = Source::Folder(inside("plugins/audit"));
    assert_eq!(sources, [&built_in("cors"), &built_in("jwt"), &built_in("rate-limit"), &folder]);
    assert_eq!([plugins[0].is_enabled, plugins[1].is_enabled], [false, true]);
    assert_eq!(plugins[1].operations.len(), 3);
    assert_eq!(plugins[1].config, json!({ "algorithms": ["HS256"], "secret": "other" }));
    assert_eq!(plugins[3].config, json!({}));
}

#[test]
fn responses_are_typed() {
    let responses = full().responses;
    let errors = responses[0].errors.as_ref().unwrap();
    assert_eq!((errors.rate, errors.answer.status), (0.05, Some(503)));
    assert_eq!(
        (errors.answer.headers[0].0.as_str(), errors.answer.headers[0].1.value.as_str()),
        ("Retry-After", "2")
    );
    let [first, second] = &*responses[0].rules else { panic!("two rules") };
    assert_eq!(first.answer.body.as_ref().unwrap().value, Body::Value(json!({ "error": "upgrade" })));
    assert_eq!(second.answer.body.as_ref().unwrap().value, Body::File(inside("bodies/cart.json")));
    assert_eq!(second.answer.is_template, Some(true));
    let weights: Vec<u32> = responses[0].variants.iter().map(|variant| variant.weight).collect();
    assert_eq!(weights, [9, 1]);
    assert_eq!(responses[0].variants[1].answer.delay, Some(Duration::from_millis(250)));
    let sequence = responses[1].sequence.as_ref().unwrap();
    assert_eq!((sequence.answers.len(), sequence.then), (3, Then::Random));
    let tags: Vec<&str> = sequence.answers[1].headers.iter().map(|(_, value)| value.value.as_str()).collect();
    assert_eq!(tags, ["a", "b", "3"]);
}

/// A condition without its places.
fn bare(condition: &Condition) -> String {
    let list = |parts: &[Condition]| parts.iter().map(bare).collect::<Vec<_>>().join(", ");
    match condition {
        Condition::Test { subject, test, .. } => format!("{subject:?} {test:?}"),
        Condition::All(parts) => format!("all({})", list(parts)),
        Condition::Any(parts) => format!("any({})", list(parts)),
        Condition::Not(part) => format!("not({})", bare(part)),
    }
}

#[test]
fn conditions_are_typed() {
    let responses = full().responses;
    let when = |rule: usize| bare(&responses[0].rules[rule].when);
    let test = |subject: Subject, test: Test| format!("{subject:?} {test:?}");
    let header = test(Subject::Header("X-Plan".to_owned()), Test::Equals(json!("free")));
    let limit = Subject::Query("limit".to_owned());
    let (more, less) = (test(limit.clone(), Test::Greater(10.0)), test(limit, Test::Less(100.0)));
    assert_eq!(when(0), format!("all({header}, {more}, {less})"));
    let parts = [
        format!(
            "any({}, {})",
            test(Subject::Method, Test::Equals(json!("POST"))),
            test(Subject::Scenario("checkout".to_owned()), Test::Equals(json!("filled"))),
        ),
        format!("not({})", test(Subject::Body("/user/name".to_owned()), Test::Exists(true))),
        format!(
            "all({}, {}, {})",
            test(Subject::Cookie("beta".to_owned()), Test::Equals(json!("1"))),
            test(Subject::Param("petId".to_owned()), Test::Matches("^[0-9]+$".to_owned())),
            test(Subject::Body(String::new()), Test::Contains("rex".to_owned())),
        ),
    ];
    assert_eq!(when(1), format!("all({})", parts.join(", ")));
}

#[test]
fn scenarios_are_typed() {
    let scenarios = full().scenarios;
    let states: Vec<&str> = scenarios[0].states().collect();
    assert_eq!(
        (scenarios[0].name.value.as_str(), states),
        ("checkout", vec!["empty", "filled", "empty", "paid"])
    );
    let from: Vec<usize> = scenarios[0].transitions.iter().map(|step| step.from.len()).collect();
    assert_eq!(from, [1, 2, 0]);
    assert!(scenarios[0].transitions[1].on.value.matches("DELETE", "/cart", None, []));
    assert!(scenarios[0].transitions[1].when.is_some());
}

#[test]
fn chaos_is_typed() {
    let chaos = full().chaos;
    assert_eq!((chaos.is_enabled, chaos.seed.as_deref(), chaos.allows_fields), (true, Some("7"), false));
    let ms = Duration::from_millis;
    let effect = |index: usize| &chaos.scenarios[index].compiled.effect;
    assert_eq!(*effect(0), Effect::Latency(Latency::Lognormal { median: ms(20), sigma: 0.5 }, Mode::Set));
    let points = Box::new([(50.0, ms(20)), (99.9, ms(300))]);
    assert_eq!(*effect(1), Effect::Latency(Latency::Percentiles(points), Mode::Add));
    assert_eq!(*effect(2), Effect::SlowAccept(Latency::Uniform { min: ms(1), max: ms(2) }));
    let Effect::Error(error) = effect(4) else { panic!("{:?}", effect(4)) };
    let fields: Vec<String> = error
        .fields
        .iter()
        .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value)))
        .collect();
    assert_eq!(fields, ["X-Tag: a", "X-Tag: b", "Retry-After: 2", "Content-Type: application/json"]);
    assert_eq!((error.status, error.body.as_deref()), (503, Some(&br#"{"error":"later"}"#[..])));
    assert_eq!(*effect(6), Effect::Truncate { bytes: Some(1024) });
    assert_eq!(*effect(7), Effect::Dribble { chunks: 10, duration: ms(2_000) });
    assert_eq!(*effect(8), Effect::Bandwidth { bytes_per_second: 56_000 });
    let first = &chaos.scenarios[0];
    let schedule = Schedule { probability: 0.5, every: 3, from: ms(10_000), lasting: Some(ms(90_000)) };
    assert_eq!(first.compiled.schedule, schedule);
    assert_eq!((first.endpoints.len(), &*first.compiled.scopes), (3, &["vip".into(), "7".into()][..]));
    let enabled: Vec<bool> = chaos.scenarios.iter().map(|scenario| scenario.compiled.is_enabled).collect();
    assert_eq!(enabled[..4], [true, true, false, true]);
}

#[test]
fn places_are_told_by_file_line_and_column() {
    let loaded = loaded(FILE, &[]);
    let position = loaded.configuration.as_ref().unwrap().scripts[0].operations.position;
    assert_eq!(loaded.place(position), Some((FILE.to_owned(), 54, 3)));
}

#[test]
fn makers_of_values_are_read() {
    let generation = full().generation;
    assert_eq!((generation.locale.tag(), generation.negotiates_locale), ("de-DE", true));
    let shown = format!("{:?}", generation.fakers.unwrap());
    for expected in
        ["\"loyaltytier\"", "\"bronze\"", "\"customerref\"", "\"plate\"", "\"B-AB 123\"", "\"stars\""]
    {
        assert!(shown.contains(expected), "{expected} in {shown}");
    }
}
