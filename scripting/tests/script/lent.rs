//! What the host does for a script costs the script nothing, a few times.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use mocker_schema::generate::Key;
use mocker_scripting::{Answers, Context, Library, Response, Scripts, Source};
use serde_json::Value;

use crate::stage::{NOW, Pets, request, store};

thread_local! {
    static SECONDS: Cell<u64> = const { Cell::new(0) };
    static HELD: Cell<i64> = const { Cell::new(0) };
}

fn clock() -> Instant {
    static START: OnceLock<Instant> = OnceLock::new();
    *START.get_or_init(Instant::now) + Duration::from_secs(SECONDS.get())
}

/// Answers that have to be compiled: a second and a gigabyte each.
struct Slow;

impl Answers for Slow {
    fn operation(&self) -> &str {
        Pets.operation()
    }

    fn generate(&self, code: Option<u16>) -> Result<Response, String> {
        SECONDS.set(SECONDS.get() + 1);
        HELD.set(HELD.get() + (1 << 30));
        Pets.generate(code)
    }

    fn example(&self, name: &str) -> Result<Response, String> {
        Pets.example(name)
    }

    fn parameter(&self, name: &str) -> Option<Value> {
        Pets.parameter(name)
    }
}

#[test]
fn answers_are_lent_a_few_times() {
    for (calls, budget) in [(1, None), (8, None), (9, Some("memory"))] {
        let text = format!(
            "fn handle(req, ctx) {{ for i in 0..{calls} {{ ctx.generate(); }} let n = 0; while n < 100 {{ n += 1; }} n }}"
        );
        let (library, _) = Library::check(vec![Source::new("case", "case.rhai", &text)], clock);
        let id = library.find("case").unwrap();
        let context = Context::new(Rc::new(request()), Rc::new(Slow), Key(7), "acme", NOW, store());
        let made = Scripts::measured(library, clock, || HELD.get()).handle(id, &Rc::new(context));
        assert_eq!(made.map_err(|fault| fault.budget).err(), budget.map(Some), "{calls} calls");
    }
}
