//! What is known of a request, put together from the engine's account and the plan.

use mocker_engine::behaviour::Behaviour;
use mocker_engine::{Account, Deployment, Source};
use mocker_plan::{Match, Operation};

use super::report::{Answer, Declared, Report};
use super::request::Asked;
use super::{alternatives, body, steps};
use crate::behaviours::{Origin, declared, named};
use crate::limits::MAX_EXPLAINED_BODY;

/// A request, what came of it, and by what.
pub(super) struct Explained<'a> {
    pub(super) asked: &'a Asked,
    pub(super) account: &'a Account,
    pub(super) deployment: &'a Deployment,
    pub(super) origins: &'a [Origin],
    /// Whether chaos would strike on a server
    pub(super) is_chaos_on: bool,
}

impl Explained<'_> {
    /// Whether an operation, or the server itself, has the request.
    pub(super) fn is_answered(&self) -> bool {
        self.account.operation.is_some() || self.account.source == Source::Own
    }

    pub(super) fn report(&self) -> Report {
        let matching = self.matching();
        let chosen = matching.iter().find(|found| Some(found.operation) == self.account.operation);
        let place = |parameter: &(mocker_plan::model::Place, String, serde_json::Value)| {
            let (place, name, value) = parameter;
            (place_name(*place), name.clone(), value.clone())
        };
        Report {
            request: format!("{} {}", self.asked.method, self.asked.target()),
            operation: self.account.operation.map(|number| self.declared(number)),
            template: chosen.map(|chosen| chosen.template.clone()),
            base_path: chosen.map(|chosen| chosen.base_path.clone()),
            variables: self.account.variables.clone(),
            parameters: self.account.parameters.iter().map(place).collect(),
            steps: steps::of(self),
            body: body::of(self),
            answer: answer(&self.account.answer),
            others: alternatives::of(self, &matching),
        }
    }

    /// All operations whose paths match.
    fn matching(&self) -> Vec<Match> {
        let field = |name: &str| self.asked.field(name).map(str::as_bytes);
        self.deployment.plan.matching(self.asked.path.as_bytes(), self.asked.query.as_bytes(), &field)
    }

    pub(super) fn operation(&self) -> Option<&Operation> {
        self.account.operation.map(|number| self.deployment.plan.operation(number))
    }

    /// What the user added to the operation.
    pub(super) fn behaviour(&self) -> Option<&Behaviour> {
        let number = self.account.operation? as usize;
        self.deployment.behaviours.operations.get(number)?.as_deref()
    }

    pub(super) fn declared(&self, number: u32) -> Declared {
        let operation = self.deployment.plan.operation(number);
        let model = operation.model();
        Declared {
            name: named(model),
            id: model.id.as_deref().map(str::to_owned),
            document: operation.document().title.clone(),
            place: declared(self.origins, operation),
        }
    }
}

fn place_name(place: mocker_plan::model::Place) -> &'static str {
    use mocker_plan::model::Place;
    match place {
        Place::Path => "path",
        Place::Query | Place::QueryString => "query",
        Place::Header => "header",
        Place::Cookie => "cookie",
    }
}

/// Status, head and the first part of the body.
fn answer(bytes: &[u8]) -> Answer {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or(bytes.len());
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let body = bytes.get(end + 4..).unwrap_or_default();
    let shown = &body[..body.len().min(MAX_EXPLAINED_BODY)];
    Answer {
        status: head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default(),
        head: head.split("\r\n").map(str::to_owned).collect(),
        // A character that was cut in two is left out.
        body: String::from_utf8_lossy(shown).trim_end_matches('\u{FFFD}').to_owned(),
        length: body.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_EXPLAINED_BODY, answer};

    #[test]
    fn a_long_body_is_cut() {
        for (length, shown) in
            [(0, 0), (MAX_EXPLAINED_BODY, MAX_EXPLAINED_BODY), (MAX_EXPLAINED_BODY + 1, MAX_EXPLAINED_BODY)]
        {
            let bytes = format!("HTTP/1.1 201 Created\r\nA: b\r\n\r\n{}", "x".repeat(length));
            let answer = answer(bytes.as_bytes());
            assert_eq!((answer.status, answer.head.len()), (201, 2));
            assert_eq!((answer.body.len(), answer.length), (shown, length));
        }
    }
}
