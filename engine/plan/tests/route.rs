//! The router against a matcher that is too simple to be wrong, and against the paths of real documents.

#![allow(clippy::unwrap_used)]

use std::cmp::Reverse;

use mocker_plan::route::{Captures, Outcome, Request, Route, Router};
use proptest::prelude::*;

const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus");

/// What a lookup found: the operation and its values, or the methods there are.
#[derive(Clone, Debug, PartialEq)]
enum Found {
    Operation(u32, Vec<String>),
    Allow(String),
    Nothing,
}

fn find(router: &Router, method: &str, path: &str) -> Found {
    let mut captures = Captures::new();
    let request = Request { method: method.as_bytes(), path: path.as_bytes(), query: b"" };
    match router.find(&request, &|_| None, &mut captures) {
        Outcome::NotFound => Found::Nothing,
        Outcome::MethodNotAllowed { allow } => Found::Allow(allow.to_owned()),
        Outcome::Operation(matched) => {
            assert_eq!(captures.len(), router.names(matched.template).len());
            let text = |value: &[u8]| String::from_utf8(value.to_vec()).unwrap();
            Found::Operation(matched.operation, captures.values(path.as_bytes()).map(text).collect())
        }
    }
}

/// Rank of a segment's kind: static, mixed by literal text, variable, rest.
type Rank = (u8, Reverse<usize>, usize, usize);

/// A template of the simple matcher: segments as text with `{}` for variables, `{+}` for the rest of the path.
struct Simple {
    segments: Vec<String>,
    method: &'static str,
    operation: u32,
}

impl Simple {
    /// The values, if the path matches.
    fn values(&self, path: &str) -> Option<Vec<String>> {
        let mut values = Vec::new();
        let mut rest: Vec<&str> = path.split('/').skip(1).collect();
        for segment in &self.segments {
            if segment == "{+}" {
                let all = rest.join("/");
                values.push(all.clone());
                return (!rest.is_empty() && !all.is_empty()).then_some(values);
            }
            if rest.is_empty() {
                return None;
            }
            values.extend(segment_values(segment, rest.remove(0))?);
        }
        rest.is_empty().then_some(values)
    }

    /// Smaller is preferred. `order` is the first template with the same text in its place.
    fn rank(&self, all: &[Simple]) -> Vec<Rank> {
        let first =
            |at: usize| all.iter().position(|other| other.segments.get(..=at) == self.segments.get(..=at));
        let rank = |(at, segment): (usize, &String)| {
            let variables = segment.matches("{}").count();
            let literal = segment.len() - 2 * variables;
            match (segment.as_str(), variables) {
                ("{+}", _) => (3, Reverse(0), 0, 0),
                ("{}", _) => (2, Reverse(0), 0, 0),
                (_, 0) => (0, Reverse(0), 0, 0),
                _ => (1, Reverse(literal), variables, first(at).unwrap()),
            }
        };
        self.segments.iter().enumerate().map(rank).collect()
    }
}

/// Every way to cut `text` is tried, the shortest values first.
fn segment_values(pattern: &str, text: &str) -> Option<Vec<String>> {
    let Some((before, after)) = pattern.split_once("{}") else {
        return (pattern == text).then(Vec::new);
    };
    let text = text.strip_prefix(before)?;
    (1..=text.len()).find_map(|end| {
        let mut values = vec![text[..end].to_owned()];
        values.extend(segment_values(after, &text[end..])?);
        Some(values)
    })
}

fn find_simply(all: &[Simple], method: &str, path: &str) -> Found {
    let mut matching: Vec<(&Simple, Vec<String>)> =
        all.iter().filter_map(|simple| Some((simple, simple.values(path)?))).collect();
    matching.sort_by_key(|(simple, _)| simple.rank(all));
    let has = |simple: &Simple, method: &str| {
        let get_for_head = || {
            method == "HEAD"
                && simple.method == "GET"
                && !all.iter().any(|other| other.segments == simple.segments && other.method == "HEAD")
        };
        simple.method == method || get_for_head()
    };
    if let Some((simple, values)) = matching.iter().find(|(simple, _)| has(simple, method)) {
        return Found::Operation(simple.operation, values.clone());
    }
    let Some((first, _)) = matching.first() else {
        return Found::Nothing;
    };
    let same: Vec<&Simple> = all.iter().filter(|simple| simple.segments == first.segments).collect();
    let allowed = ["GET", "HEAD", "POST", "DELETE"].into_iter();
    let allowed: Vec<&str> = allowed.filter(|method| same.iter().any(|simple| has(simple, method))).collect();
    Found::Allow(allowed.join(", "))
}

fn segment() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[ab]{1,2}",
        4 => Just("{}".to_owned()),
        3 => "(a|b|-){0,2}\\{\\}(a|-|b-){1,2}(\\{\\})?",
        1 => "a?\\{\\}-\\{\\}b?",
        1 => Just(String::new()),
    ]
}

fn template() -> impl Strategy<Value = Vec<String>> {
    (prop::collection::vec(segment(), 1..4), prop::bool::weighted(0.15)).prop_map(|(mut segments, rest)| {
        segments.extend(rest.then(|| "{+}".to_owned()));
        segments
    })
}

fn method() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["GET", "POST", "DELETE", "HEAD"])
}

/// `{}` with names: `{v0}`, `{v1}`.
fn named(segments: &[String], operation: usize) -> String {
    let text: String = segments.iter().flat_map(|segment| ["/", segment]).collect();
    text.replace("{+}", "{rest+}").replace("{}", &format!("{{v{operation}}}"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn agrees_with_the_simple_matcher(
        templates in prop::collection::vec((template(), method()), 1..14),
        requests in prop::collection::vec(("(/[ab-]{0,4}){1,4}", method()), 1..40),
    ) {
        let mut all: Vec<Simple> = Vec::new();
        for ((segments, method), operation) in templates.into_iter().zip(0..) {
            if !all.iter().any(|simple| simple.segments == segments && simple.method == method) {
                all.push(Simple { segments, method, operation });
            }
        }
        let texts: Vec<String> = all.iter().zip(0..).map(|(simple, at)| named(&simple.segments, at)).collect();
        let routes = all.iter().zip(&texts).map(|(simple, template)| Route {
            template,
            method: simple.method,
            operation: simple.operation,
        });
        let (router, refused) = Router::build(routes);
        prop_assert_eq!(refused, vec![]);
        for (path, method) in requests {
            let expected = find_simply(&all, method, &path);
            prop_assert_eq!(find(&router, method, &path), expected.clone(), "{} {} among {:?}", method, path, texts);
            if !matches!(expected, Found::Operation(..)) {
                continue;
            }
            // the same path, spelled otherwise
            let encoded = path.replace('a', "%61").replace('-', "%2D");
            let operation = |found| match found {
                Found::Operation(operation, _) => Some(operation),
                _ => None,
            };
            prop_assert_eq!(operation(find(&router, method, &encoded)), operation(expected), "{}", encoded);
        }
    }

    #[test]
    fn no_bytes_do_harm(path in prop::collection::vec(any::<u8>(), 0..80), seed in "[/%a{}+*?#-]{0,40}") {
        let templates = [seed.as_str(), "/{a}", "/{a}-{b}", "/a/{b+}", "/{x}{y}/%"];
        let (router, _) = Router::build(templates.iter().zip(0..).map(|(template, operation)| Route {
            template,
            method: "GET",
            operation,
        }));
        let path = [b"/".as_slice(), &path].concat();
        let mut captures = Captures::new();
        let request = Request { method: b"GET", path: &path, query: b"a&b=%" };
        if let Outcome::Operation(matched) = router.find(&request, &|_| None, &mut captures) {
            prop_assert_eq!(captures.len(), router.names(matched.template).len());
            prop_assert!(captures.values(&path).all(|value| !value.is_empty()));
        }
    }
}

/// Path templates with their methods, of a JSON document; none where the corpus is missing.
fn corpus_paths(file: &str) -> Vec<(String, Vec<String>)> {
    let file = format!("{CORPUS}/{file}");
    let Ok(text) = std::fs::read(&file) else {
        eprintln!("SKIPPED: {file} is missing");
        return Vec::new();
    };
    let document: serde_json::Value = serde_json::from_slice(&text).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let known = ["get", "put", "post", "delete", "patch", "head", "options"];
    let methods = |item: &serde_json::Value| {
        known.into_iter().filter(|name| item.get(name).is_some()).map(str::to_uppercase).collect()
    };
    paths.iter().map(|(path, item)| (path.clone(), methods(item))).collect()
}

/// Expands every template and asks for every method of it.
fn reaches_all(file: &str) {
    let paths = corpus_paths(file);
    let all: Vec<(&str, &str)> = paths
        .iter()
        .flat_map(|(path, methods)| methods.iter().map(move |method| (&**path, &**method)))
        .collect();
    let routes =
        all.iter().zip(0..).map(|(&(template, method), operation)| Route { template, method, operation });
    let (router, refused) = Router::build(routes);
    assert_eq!(refused, [], "{file}");
    for (&(template, method), operation) in all.iter().zip(0u32..) {
        let (path, query) = expand(template);
        let mut captures = Captures::new();
        let request = Request { method: method.as_bytes(), path: path.as_bytes(), query: query.as_bytes() };
        let Outcome::Operation(matched) = router.find(&request, &|_| None, &mut captures) else {
            panic!("{method} {path}?{query} of {template} in {file} finds nothing");
        };
        assert_eq!(matched.operation, operation, "{method} {path}?{query} of {template} in {file}");
        assert!(captures.values(path.as_bytes()).all(|value| value.starts_with(b"val")), "{path}");
    }
}

/// `val1` for every variable; a fragment's pairs go into the query.
fn expand(template: &str) -> (String, String) {
    let (path, query) = template.split_once(['?', '#']).unwrap_or((template, ""));
    let mut expanded = String::new();
    let mut rest = path;
    while let Some((before, (_, after))) =
        rest.split_once('{').and_then(|(text, end)| Some((text, end.split_once('}')?)))
    {
        expanded += before;
        expanded += "val1";
        rest = after;
    }
    let spaces = (expanded + rest).replace(' ', "%20");
    (spaces, query.to_owned())
}

#[test]
fn every_operation_of_the_corpus_is_reached() {
    let files = [
        "torture/t05-paths.json",
        "github.json",
        "kubernetes-2.0.json",
        "twilio.json",
        "stripe.json",
        "discord-3.1.json",
        "argocd-2.0.json",
        "google-drive.json",
        "slack-2.0.json",
    ];
    files.into_iter().for_each(reaches_all);
}
