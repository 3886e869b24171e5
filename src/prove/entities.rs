//! The proof of what is made of the entities of a world: pages of lists, single entities, and what clients send joined
//! to them.

use mocker_plan::Operation;
use mocker_schema::generate::Options;
use mocker_schema::validate::Direction;

use super::operation::{Prover, Subject, is_json, status_name};
use super::{Part, PartKind};

impl Prover<'_, '_> {
    /// The response in which an operation answers with entities, if it does.
    pub(super) fn entities(&self, operation: &Operation, parts: &mut Vec<Part>) {
        let model = operation.model();
        let Some((response, media)) = operation.entities_at() else { return };
        let (status, response) = &model.responses[response];
        let Some((media, schema)) =
            response.content.get(media).and_then(|media| Some((media, media.schema?)))
        else {
            return;
        };
        let mut bodies = (0..self.samples).map_while(|sample| self.answered(operation, sample)).peekable();
        if bodies.peek().is_none() {
            return;
        }
        let subject = Subject {
            kind: PartKind::Entities,
            name: format!("{} {} of the world", status_name(*status), media.name),
            schemas: operation.schemas(),
            schema,
            found: self.parts.response(self.references, model, *status, &media.name),
            examples: &[],
            direction: Direction::Response,
        };
        let read = |body: Vec<u8>| {
            serde_json::from_slice(&body).map_err(|error| format!("the body is no JSON: {error}"))
        };
        parts.push(self.proved(subject, bodies.map(read)));
    }

    /// What a request gets; it sends a body where the operation takes one as JSON, every second one without what is
    /// optional.
    fn answered(&self, operation: &Operation, sample: u64) -> Option<Vec<u8>> {
        let content = operation.model().request_body.iter().flat_map(|body| &body.content);
        let sent = content.filter(|media| is_json(media)).find_map(|media| Some((media, media.schema?)));
        let mut body = Vec::new();
        if let Some((_, schema)) = sent {
            let options = Options::new(Direction::Request, sample.is_multiple_of(2));
            let program = self.programs.get(operation.schemas(), schema, &options);
            program.write(operation.key(None).with(b"sent").with_number(sample), &mut body);
        }
        let name = sent.map_or("", |(media, _)| &*media.name);
        operation.entities_of(sample, name, &body)
    }
}
