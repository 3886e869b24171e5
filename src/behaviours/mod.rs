//! What the configuration, the documents and a folder of scripts add to operations, compiled for the engine.

mod chaos;
mod conditions;
mod fault;
mod imports;
mod lifecycle;
mod operations;
mod plugins;
mod scripts;
mod stubs;
mod templates;

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::Instant;

use mocker_engine::behaviour::{Behaviour, Behaviours, ScopeSource, Transition};
use mocker_plan::Plan;
use mocker_scripting::plugin::Builtin;
use mocker_scripting::{Hook, Library, ScriptId};
use mocker_source::Position;
use mocker_state::{Limits, Store};

use crate::config::section::scenarios::Scenario;
use crate::config::section::state::{Scope, State};
use crate::config::{Configuration, Loaded as Configured};
use crate::fingerprint::{fingerprint, of_shown};
use crate::sightings::Sightings;
use crate::talk;
pub(crate) use fault::Fault;
pub(crate) use lifecycle::{begin, end};
use operations::Operations;
pub(crate) use operations::{Origin, declared, named};
use plugins::Plugins;
use scripts::Scripts;
use stubs::Bench;
use templates::TemplateBook;

/// What is added to operations, what is wrong with it, and the files it comes from.
pub(crate) struct Added {
    pub(crate) behaviours: Behaviours,
    pub(crate) faults: Vec<Fault>,
    /// Files that were read, as they were before, beside those of documents and configuration
    pub(crate) seen: Sightings,
    /// Fingerprints of what was added, by number of the operation
    pub(crate) marks: Vec<u64>,
}

/// The store of a configuration.
pub(crate) fn store(state: &State) -> Store {
    Store::new(Limits {
        bytes: state.bytes as usize,
        value_bytes: state.value_bytes as usize,
        key_bytes: state.key_bytes as usize,
        keys: state.keys as usize,
        scopes: state.scopes as usize,
        scope_idle: state.scope_idle.as_millis() as u64,
    })
}

/// Compiles what is added to the operations of a plan.
pub(crate) fn compile(
    configured: &Configured,
    configuration: &Configuration,
    plan: &Plan,
    origins: &[Origin],
    store: Arc<Store>,
) -> Added {
    let all = Operations { plan, origins };
    let mut adding = Adding {
        all,
        configured,
        operations: (0..plan.len()).map(|_| None).collect(),
        faults: Vec::new(),
        builtins: Vec::new(),
        plugins: Vec::new(),
        book: TemplateBook::new(configured),
        marks: vec![0; plan.len()],
    };
    let (library, mut seen) = adding.scripts(configuration);
    adding.responses(configuration, &mut seen);
    adding.scenarios(&configuration.scenarios);
    adding.examples();
    let chaos = chaos::compile(configured, configuration, all, &mut adding.faults);
    let Adding { mut operations, mut faults, builtins, plugins, book, mut marks, .. } = adding;
    let name = |number| named(all.model(number)).into();
    let templates = book.finish(&mut operations, name, &mut faults);
    let named =
        |scenario: &Scenario| (scenario.name.value.as_str().into(), scenario.initial.value.as_str().into());
    let behaviours = Behaviours {
        operations,
        builtins,
        scenarios: configuration.scenarios.iter().map(named).collect(),
        templates,
        library,
        plugins,
        store,
        scope: scope(&configuration.state.scope),
        environment: Arc::new(environment(&configuration.scripting.environment)),
        log: Some(|line| talk::tell(line)),
        clock: configuration.scripting.clock,
        chaos: Arc::new(chaos),
    };
    let around = (of_shown(&behaviours.scope), &behaviours.environment, behaviours.clock);
    for (mark, operation) in marks.iter_mut().zip(&behaviours.operations) {
        *mark = operation.as_ref().map_or(*mark, |_| fingerprint((*mark, &around)));
    }
    Added { behaviours, faults, seen, marks }
}

/// What is compiled so far.
struct Adding<'a> {
    all: Operations<'a>,
    configured: &'a Configured,
    operations: Vec<Option<Box<Behaviour>>>,
    faults: Vec<Fault>,
    builtins: Vec<Arc<Builtin>>,
    plugins: Vec<ScriptId>,
    book: TemplateBook<'a>,
    /// Fingerprints of what was added so far
    marks: Vec<u64>,
}

impl Adding<'_> {
    fn of(&mut self, number: u32) -> &mut Behaviour {
        let name = || named(self.all.model(number)).into();
        let slot = &mut self.operations[number as usize];
        slot.get_or_insert_with(|| Box::new(Behaviour { name: name(), ..Behaviour::default() }))
    }

    /// More of an operation's behaviour has this fingerprint.
    fn mark(&mut self, number: u32, with: u64) {
        let mark = &mut self.marks[number as usize];
        *mark = fingerprint((*mark, with));
    }

    fn scripts(&mut self, configuration: &Configuration) -> (Arc<Library>, Sightings) {
        let mut scripts = Scripts::gather(self.configured, configuration, self.all);
        let plugins = Plugins::gather(self.configured, configuration, self.all, &mut scripts);
        imports::complete(&mut scripts);
        let Scripts { sources, attached, seen, faults, .. } = scripts;
        self.faults.extend(faults);
        if sources.is_empty() {
            // An interpreter to check scripts with is not small.
            self.built_in(plugins.builtins);
            return (Arc::default(), seen);
        }
        let names: Vec<Box<str>> =
            plugins.scripts.iter().map(|(index, ..)| sources[*index].name.clone()).collect();
        let of_scripts = imports::fingerprints(&sources);
        let (library, diagnostics) = Library::check(sources, Instant::now);
        let place = |position: Position| {
            Some((library.file(position.file)?.to_owned(), position.line, position.column))
        };
        // The same file with other budgets has the same faults.
        let mut told = HashSet::new();
        let found = diagnostics.into_iter().map(|diagnostic| Fault::of(diagnostic, place));
        self.faults.extend(found.filter(|fault| told.insert(fault.to_string())));
        self.built_in(plugins.builtins);
        for ((index, hooks, numbers), name) in plugins.scripts.into_iter().zip(names) {
            let Some(script) = library.id(index) else {
                let message = format!("{name} does not compile");
                self.faults.push(Fault::error(None, "plugin-script", message));
                continue;
            };
            self.plugins.push(script);
            for number in numbers {
                self.attach(number, script, |hook| hooks.contains(&hook) && library.has(script, hook));
                self.mark(number, of_scripts[index]);
            }
        }
        for (number, index) in attached {
            let Some(script) = library.id(index) else { continue };
            self.attach(number, script, |hook| library.has(script, hook));
            self.mark(number, of_scripts[index]);
        }
        (library, seen)
    }

    fn built_in(&mut self, plugins: Vec<(Arc<Builtin>, u64, Vec<u32>)>) {
        for (plugin, of_plugin, numbers) in plugins {
            self.builtins.push(Arc::clone(&plugin));
            for number in numbers {
                let scopes = operations::scopes(self.all.model(number));
                let behaviour = self.of(number);
                behaviour.scopes = scopes;
                behaviour.plugins.push(Arc::clone(&plugin));
                self.mark(number, of_plugin);
            }
        }
    }

    /// Of several scripts of an operation the first that answers does; those that look at answers come in the
    /// opposite order of those that look at requests.
    fn attach(&mut self, number: u32, script: ScriptId, has: impl Fn(Hook) -> bool) {
        let behaviour = self.of(number);
        if has(Hook::Before) {
            behaviour.before.push(script);
        }
        if has(Hook::Handle) {
            behaviour.handle.get_or_insert(script);
        }
        if has(Hook::After) {
            behaviour.after.insert(0, script);
        }
    }

    fn responses(&mut self, configuration: &Configuration, seen: &mut Sightings) {
        let mut responses: Vec<_> = configuration.responses.iter().collect();
        responses.sort_by_key(|written| Reverse(written.operations.value.precision()));
        for written in responses {
            let numbers = self.all.matching(&written.operations.value);
            if numbers.is_empty() {
                let place = self.configured.place(written.operations.position);
                self.faults.push(self.all.unknown(&written.operations.value, place));
            }
            for number in numbers {
                let mut faults = Vec::new();
                let operation = self.all.plan.operation(number);
                let mut bench =
                    Bench { operation, book: &mut self.book, faults: &mut faults, seen, of_files: 0 };
                let responses = bench.responses(written);
                let of_files = bench.of_files;
                self.mark(number, fingerprint((of_shown(written), of_files)));
                // Of several selectors that name an operation the most precise has it.
                self.of(number).responses.get_or_insert(responses);
                let place = |position| self.configured.place(position);
                self.faults.extend(faults.into_iter().map(|fault| Fault::of(fault, place)));
            }
        }
    }

    fn scenarios(&mut self, scenarios: &[Scenario]) {
        for scenario in scenarios {
            for written in &scenario.transitions {
                let numbers = self.all.matching(&written.on.value);
                if numbers.is_empty() {
                    let place = self.configured.place(written.on.position);
                    self.faults.push(self.all.unknown(&written.on.value, place));
                }
                let mut faults = Vec::new();
                let when = written.when.as_ref().map(|when| conditions::condition(when, &mut faults));
                let place = |position| self.configured.place(position);
                self.faults.extend(faults.into_iter().map(|fault| Fault::of(fault, place)));
                for number in numbers {
                    let transition = Transition {
                        scenario: scenario.name.value.as_str().into(),
                        initial: scenario.initial.value.as_str().into(),
                        from: written.from.iter().map(|from| from.value.as_str().into()).collect(),
                        to: written.to.value.as_str().into(),
                        when: when.clone(),
                    };
                    self.of(number).transitions.push(transition);
                    self.mark(number, of_shown(scenario));
                }
            }
        }
    }

    /// Examples of documents that are templates.
    fn examples(&mut self) {
        for number in self.all.numbers() {
            for (at, example, media) in templates::examples(self.all.model(number)) {
                let place = self.all.place(number, example.position);
                self.book.example(number, at, example, media, place);
            }
        }
    }
}

fn scope(written: &Scope) -> ScopeSource {
    match written {
        Scope::Header(name) => ScopeSource::Header(name.as_str().into()),
        Scope::Cookie(name) => ScopeSource::Cookie(name.as_str().into()),
        Scope::Jwt(claim) => ScopeSource::Claim(claim.as_str().into()),
        Scope::Client => ScopeSource::Client,
    }
}

/// The variables that the user lets scripts see; those that are not set are not there.
fn environment(names: &[String]) -> BTreeMap<String, String> {
    names.iter().filter_map(|name| Some((name.clone(), std::env::var(name).ok()?))).collect()
}
