//! Scripts that mean harm: each ends within its budget, with its place, and the next call is answered.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use mocker_scripting::{Budgets, Fault, FaultKind, Library, Response, Scripts, Source};

use crate::stage::{context_of, request};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/script/hostile");
/// Stack of a worker, as `std` gives it to a thread.
const STACK: usize = 2 << 20;

/// A script with what it says of itself in its first lines.
struct Case {
    name: String,
    text: String,
}

impl Case {
    fn said(&self, what: &str) -> Option<&str> {
        self.text.lines().find_map(|line| line.strip_prefix("// ")?.strip_prefix(what)?.strip_prefix(": "))
    }

    fn source(&self) -> Source {
        let mut budgets = Budgets::default();
        if self.said("expect") != Some("time") {
            // Debug builds on busy machines would run out of it before anything else.
            budgets.set("time", 10_000).unwrap();
        }
        if let Some((name, value)) = self.said("budget").and_then(|budget| budget.split_once(' ')) {
            budgets.set(name, value.parse().unwrap()).unwrap();
        }
        Source::new("case", &self.name, &self.text).within("hostile", &self.name).with_budgets(budgets)
    }
}

fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = fs::read_dir(Path::new(FOLDER))
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| Case {
            name: entry.file_name().to_string_lossy().into_owned(),
            text: fs::read_to_string(entry.path()).unwrap(),
        })
        .collect();
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    cases
}

/// Runs a case as a worker would; what became of it and how long it took.
fn run(case: &Case) -> (Result<Response, Fault>, Duration) {
    let good = Source::new("good", "good.rhai", "fn handle(req, ctx) { 1 }");
    let (library, _) = Library::check(vec![case.source(), good], Instant::now);
    let (id, good) = (library.find("case").unwrap(), library.find("good").unwrap());
    let mut scripts = Scripts::new(library, Instant::now);
    let context = context_of(request());
    let start = Instant::now();
    let answer = scripts.handle(id, &context);
    let time = start.elapsed();
    assert_eq!(scripts.handle(good, &context).unwrap().body, b"1", "{}: the next call fails", case.name);
    (answer, time)
}

fn judge(case: &Case) {
    let expected = case.said("expect").unwrap();
    if matches!(expected, "syntax" | "import") {
        let (library, diagnostics) = Library::check(vec![case.source()], Instant::now);
        assert_eq!(diagnostics[0].code, format!("script-{expected}"), "{}", case.name);
        assert_eq!((diagnostics.len(), library.find("case")), (1, None), "{}: {diagnostics:?}", case.name);
        return;
    }
    let (answer, time) = run(case);
    // A hang is minutes.
    assert!(time < Duration::from_secs(8), "{}: {time:?}", case.name);
    match (expected, answer) {
        ("answer", Ok(_)) => {}
        (_, Ok(response)) => panic!("{} answers {:?}", case.name, String::from_utf8_lossy(&response.body)),
        ("answer", Err(fault)) => panic!("{fault}"),
        (_, Err(fault)) => {
            let place = (&*fault.file, fault.line > 0, fault.column > 0);
            assert_eq!(place, (case.name.as_str(), true, true), "{fault}");
            match expected {
                "nothing" => assert_eq!(fault.budget, None, "{fault}"),
                "full" => assert_eq!(fault.kind, FaultKind::Full, "{fault}"),
                // Slow machines may run out of time before they run out of anything else.
                budget => {
                    assert!(fault.budget == Some(budget) || fault.budget == Some("time"), "{budget}: {fault}")
                }
            }
            let says = case.said("says").unwrap_or_default();
            assert!(fault.message.contains(says), "{fault}");
            eprintln!("{time:>9.1?} {fault}");
        }
    }
}

#[test]
fn hostile_scripts_end_within_their_budgets() {
    let cases = cases();
    assert!(cases.len() >= 45, "{}", cases.len());
    let run_all = move || cases.iter().for_each(judge);
    std::thread::Builder::new().stack_size(STACK).spawn(run_all).unwrap().join().unwrap();
}

#[test]
fn a_budget_names_the_loop_that_used_it_up() {
    let ended = |text: &str| {
        let source = Source::new("case", "case.rhai", text).inside(10, 4);
        let (library, _) = Library::check(vec![source], Instant::now);
        let id = library.find("case").unwrap();
        let fault = Scripts::new(library, Instant::now).handle(id, &context_of(request())).unwrap_err();
        // Slow machines run out of time first.
        let budget =
            fault.budget.filter(|budget| matches!(*budget, "operations" | "time")).expect(&fault.message);
        let said = format!("the script used up its budget `{budget}`");
        (fault.line, fault.column, fault.message.strip_prefix(&said).expect(&said).to_owned())
    };
    let one = "fn wait(n) {\n  while n > 0 { n += 1; }\n}\nfn handle(req, ctx) {\n  wait(1)\n}";
    assert_eq!(ended(one), (12, 7, String::new()));
    let two = "fn handle(req, ctx) {\n  for x in [1] { x += 1; }\n  loop { }\n}";
    assert_eq!(ended(two), (11, 5, "; its loops begin at 12:7, 13:7".to_owned()));
    let none = "fn handle(req, ctx) { twice(20) }\nfn twice(n) { if n > 0 { twice(n - 1); twice(n - 1); } }";
    assert_eq!(ended(none), (11, 5, String::new()));
}

#[test]
fn memory_is_judged_by_what_the_host_tells() {
    thread_local! {
        static HELD: std::cell::Cell<i64> = const { std::cell::Cell::new(0) };
    }
    /// As if every look found one more megabyte.
    fn held() -> i64 {
        HELD.set(HELD.get() + (1 << 20));
        HELD.get()
    }
    let text = "fn handle(req, ctx) { let i = 0; while i < 2_000 { i += 1; } i }";
    let (library, _) = Library::check(vec![Source::new("case", "case.rhai", text)], Instant::now);
    let id = library.find("case").unwrap();
    let fault = Scripts::measured(library.clone(), Instant::now, held)
        .handle(id, &context_of(request()))
        .unwrap_err();
    assert_eq!((fault.budget, fault.line), (Some("memory"), 1), "{fault}");
    assert!(Scripts::measured(library, Instant::now, || 0).handle(id, &context_of(request())).is_ok());
}
