//! Time of one lookup among the paths of a large document, and of building the routes. The rival is `matchit`,
//! which knows paths only: it is given one entry a path and no method.

#![allow(clippy::unwrap_used, missing_docs)]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mocker_plan::route::{Captures, Outcome, Request, Route, Router};

const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus/github.json");
const LOOKUPS: usize = 5000;
const METHODS: [&str; 5] = ["get", "put", "post", "delete", "patch"];

/// Path templates with their methods.
type Paths = Vec<(String, Vec<&'static str>)>;

fn paths() -> (&'static str, Paths) {
    match std::fs::read(CORPUS) {
        Ok(text) => ("github", real_paths(&text)),
        Err(_) => {
            eprintln!("{CORPUS} is missing: measuring synthetic paths");
            ("synthetic", synthetic_paths())
        }
    }
}

fn real_paths(text: &[u8]) -> Paths {
    let document: serde_json::Value = serde_json::from_slice(text).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let methods =
        |item: &serde_json::Value| METHODS.into_iter().filter(|name| item.get(name).is_some()).collect();
    paths.iter().map(|(path, item)| (path.clone(), methods(item))).collect()
}

/// 1,000 paths of two to seven segments, about half of them variables.
fn synthetic_paths() -> Paths {
    let mut random = Random(1);
    let mut paths: Paths = Vec::new();
    while paths.len() < 1000 {
        let length = 1 + random.below(4);
        let mut path = format!("/{}", ["repos", "orgs", "users", "teams", "apps"][random.below(5)]);
        for _ in 0..length {
            path += if random.below(2) == 0 { "/{id}" } else { "" };
            path += &format!("/resource-{}", random.below(40));
        }
        if paths.iter().all(|(known, _)| *known != path) {
            paths.push((path, vec!["get", "post"]));
        }
    }
    paths
}

/// xorshift64: the same requests in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }
}

/// The template with its variables replaced.
fn expand(template: &str, random: &mut Random) -> String {
    let mut path = String::new();
    for segment in template.split('/').skip(1) {
        path.push('/');
        let value =
            ["octocat", "42", "hello-world", "6dcb09b5b57875f334f61aebed695e2e4193db5e"][random.below(4)];
        path += if segment.starts_with('{') { value } else { segment };
    }
    path
}

fn requests(paths: &Paths) -> Vec<(&'static str, String)> {
    let mut random = Random(7);
    let one = |_| {
        let (template, methods) = &paths[random.below(paths.len())];
        let method = methods[random.below(methods.len())];
        (METHODS.into_iter().find(|name| *name == method).unwrap(), expand(template, &mut random))
    };
    (0..LOOKUPS).map(one).collect()
}

fn routes(paths: &Paths) -> impl Iterator<Item = Route<'_>> {
    let pairs = paths.iter().flat_map(|(path, methods)| methods.iter().map(move |method| (path, *method)));
    pairs.zip(0..).map(|((template, method), operation)| Route { template, method, operation })
}

/// `matchit` wants one name for all variables in the same place.
fn rival(paths: &Paths) -> matchit::Router<usize> {
    let mut router = matchit::Router::new();
    for (index, (path, _)) in paths.iter().enumerate() {
        let same = path.split('/').map(|segment| if segment.starts_with('{') { "{x}" } else { segment });
        let mut count = 0;
        let numbered = same.map(|segment| match segment {
            "{x}" => {
                count += 1;
                format!("{{x{count}}}")
            }
            text => text.to_owned(),
        });
        let path = numbered.collect::<Vec<_>>().join("/");
        if let Err(error) = router.insert(&path, index) {
            eprintln!("matchit does not take {path}: {error}");
        }
    }
    router
}

fn find(router: &Router, method: &str, path: &[u8], captures: &mut Captures) -> bool {
    let request = Request { method: method.as_bytes(), path, query: b"" };
    matches!(router.find(&request, &|_| None, captures), Outcome::Operation(_))
}

fn lookup(criterion: &mut Criterion) {
    let (name, paths) = paths();
    let requests = requests(&paths);
    let requests: Vec<(String, String)> =
        requests.into_iter().map(|(method, path)| (method.to_uppercase(), path)).collect();
    let misses: Vec<(String, String)> =
        requests.iter().map(|(method, path)| (method.clone(), format!("{path}/nothing"))).collect();
    let (router, _) = Router::build(routes(&paths));
    let rival = rival(&paths);
    let mut captures = Captures::new();
    assert!(requests.iter().all(|(method, path)| find(&router, method, path.as_bytes(), &mut captures)));

    let mut group = criterion.benchmark_group(format!("route/{name}"));
    group.throughput(Throughput::Elements(LOOKUPS as u64));
    for (kind, requests) in [("hit", &requests), ("miss", &misses)] {
        group.bench_function(kind, |bench| {
            bench.iter(|| {
                for (method, path) in requests {
                    black_box(find(&router, black_box(method), black_box(path.as_bytes()), &mut captures));
                }
            });
        });
        group.bench_function(format!("{kind}/matchit"), |bench| {
            bench.iter(|| {
                for (_, path) in requests {
                    black_box(rival.at(black_box(path)).is_ok());
                }
            });
        });
    }
    group.finish();
    criterion.bench_function(&format!("route/{name}/build"), |bench| {
        bench.iter(|| black_box(Router::build(routes(&paths))));
    });
}

criterion_group!(benches, lookup);
criterion_main!(benches);
