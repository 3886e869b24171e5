//! Plugins that are built in: they look at a request's head before the document does, and at every answer last.

use std::net::IpAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use mocker_http::request::Version;
use mocker_scripting::plugin::{Builtin, Notes, Verdict, Visit};
use mocker_scripting::{Request, Response};

use super::staged::Arrived;
use super::{Behaviour, Behaviours, Made, made};
use crate::dispatch::Outcome;
use crate::judge::Asked;
use crate::publication::Served;

/// A request that plugins have seen.
pub(crate) struct Visited {
    served: Rc<Served>,
    operation: u32,
    request: Rc<Request>,
    notes: Notes,
    /// Plugins that had seen it before scripts made it this request
    earlier: Vec<Arc<Builtin>>,
    client: IpAddr,
    is_1_0: bool,
    begun: Instant,
}

impl Visited {
    /// Shows a request's head to the plugins of its operation. One of them may answer it: then it goes no further, and
    /// those behind it do not see it. Each sees a request once, as the client sent it; only what an operation asks of credentials is
    /// judged for each operation that scripts lead the request to.
    pub(super) fn begin(
        served: &Rc<Served>,
        arrived: &Arrived<'_>,
        asked: &Asked<'_>,
    ) -> Option<(Visited, Option<Response>)> {
        let behaviour = served.behaviours.of(asked.number)?;
        if behaviour.plugins.is_empty() && arrived.earlier.is_none() {
            return None;
        }
        let mut visited = Visited {
            served: Rc::clone(served),
            operation: asked.number,
            request: Rc::new(arrived.builder(asked).finish(b"")),
            notes: arrived.earlier.map(|earlier| earlier.notes.clone()).unwrap_or_default(),
            earlier: arrived.earlier.map(Visited::seen).unwrap_or_default(),
            client: arrived.client,
            is_1_0: arrived.head.version == Version::Http10,
            begun: Instant::now(),
        };
        for plugin in &behaviour.plugins {
            if visited.is_earlier(plugin) && !plugin.kind().judges_credentials() {
                continue;
            }
            let verdict = visited.visit(behaviour, plugin, |visit| plugin.before(&visited.request, visit));
            match verdict {
                Verdict::Pass(notes) => visited.notes.add(notes),
                Verdict::Answer(response) => return Some((visited, Some(response))),
            }
        }
        Some((visited, None))
    }

    fn is_earlier(&self, plugin: &Arc<Builtin>) -> bool {
        self.earlier.iter().any(|earlier| Arc::ptr_eq(earlier, plugin))
    }

    /// Plugins that have seen the request, up to now.
    fn seen(&self) -> Vec<Arc<Builtin>> {
        let own = self.served.behaviours.of(self.operation).map_or(&[][..], |behaviour| &behaviour.plugins);
        self.earlier.iter().chain(own).cloned().collect()
    }

    /// What plugins found out.
    pub(super) fn notes(&self) -> &Notes {
        &self.notes
    }

    /// Shows the answer to the plugins.
    pub(crate) fn end(self, outcome: Outcome) -> Outcome {
        let Some(behaviour) = self.served.behaviours.of(self.operation) else { return outcome };
        let mut made = match outcome {
            Outcome::Made(made) => *made,
            Outcome::Answer(answer) => match made::breach(&answer) {
                Some(problem) => Made::of_problem(&problem),
                None => Made::of_document(&answer),
            },
            Outcome::Problem(problem) => Made::of_problem(&problem),
            other => return other,
        };
        for plugin in behaviour.plugins.iter().rev().filter(|plugin| !self.is_earlier(plugin)) {
            let line =
                self.visit(behaviour, plugin, |visit| plugin.after(&self.request, visit, &mut made.response));
            if let (Some(line), Some(log)) = (line, self.served.behaviours.log) {
                log(&line);
            }
        }
        Outcome::Made(Box::new(made))
    }

    fn visit<T>(&self, behaviour: &Behaviour, plugin: &Builtin, act: impl FnOnce(&Visit<'_>) -> T) -> T {
        let begun = self.served.part().map(|part| (part, Instant::now()));
        let made = act(&Visit {
            client: self.client,
            protocol: if self.is_1_0 { "HTTP/1.0" } else { "HTTP/1.1" },
            now: self.served.behaviours.now(),
            took: self.begun.elapsed(),
            operation: &behaviour.name,
            scopes: &behaviour.scopes,
            notes: self.notes.clone(),
        });
        if let Some((part, begun)) = begun {
            part.visited(plugin.kind(), begun.elapsed());
        }
        made
    }
}

/// A preflight of a page (Fetch, section 3.3.2), where plugins decide about sharing.
#[cold]
pub(crate) fn preflight(behaviours: &Behaviours, arrived: &Arrived<'_>) -> Option<Outcome> {
    let head = arrived.head;
    let mut builder = arrived.line();
    for (name, value) in head.fields.iter() {
        builder.field(name, value);
    }
    let request = builder.finish(b"");
    let visit = Visit {
        client: arrived.client,
        protocol: "HTTP/1.1",
        now: behaviours.now(),
        took: Duration::ZERO,
        operation: "",
        scopes: &[],
        notes: Notes::default(),
    };
    behaviours.sharing().find_map(|plugin| match plugin.before(&request, &visit) {
        Verdict::Answer(mut response) => {
            plugin.after(&request, &visit, &mut response);
            Some(Outcome::Made(Box::new(Made::alone(response))))
        }
        Verdict::Pass(_) => None,
    })
}
