//! Judges answers by what the description says of their operation.

use std::sync::Arc;

use mocker_openapi::Document;
use mocker_openapi::model::{self, StatusKey};
use mocker_plan::media::{self, Kind};
use mocker_schema::validate::Direction;
use serde_json::Value;

use super::Mode;
use super::fault::{shortened, violations};
use super::offer::{Offer, fitting};
use crate::scenario::Scenario;

/// What answers are held against.
#[derive(Debug)]
pub struct Verifier {
    mode: Mode,
    documents: Vec<Arc<Document>>,
    /// By the operation's index in the scenario; nothing where no document describes it
    operations: Vec<Option<Expected>>,
}

/// What a document says of the answers of one operation.
#[derive(Debug)]
struct Expected {
    name: String,
    document: usize,
    responses: Vec<(StatusKey, Vec<Offer>)>,
}

/// An answer, as much as is judged of it.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// The operation's index in the scenario
    pub operation: u32,
    /// Its status
    pub status: u16,
    /// Value of `Content-Type`
    pub content_type: Option<&'a [u8]>,
    /// The body without its framing; nothing where an answer of its kind has none (RFC 9110, section 6.4.1)
    pub body: Option<&'a [u8]>,
}

impl Verifier {
    /// For a scenario whose operations name their places in `documents`.
    pub fn new(documents: &[Arc<Document>], scenario: &Scenario, mode: Mode) -> Verifier {
        let expected = |operation: &crate::scenario::Operation| {
            let origin = operation.origin?;
            let described = documents.get(origin.document)?.operations.get(origin.operation)?;
            let responses = responses(described);
            Some(Expected { name: operation.name(), document: origin.document, responses })
        };
        let operations = scenario.operations.iter().map(expected).collect();
        Verifier { mode, documents: documents.to_vec(), operations }
    }

    /// Which answers it is for.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// How many operations there are.
    pub(crate) fn operations(&self) -> usize {
        self.operations.len()
    }

    /// Judges an answer: its status, its media type, and a JSON body by its schema. What the description is silent
    /// about holds.
    ///
    /// # Errors
    /// What is wrong with it: `GET /pets 200: /0/name must be string`.
    pub fn judge(&self, answer: &Answer<'_>) -> Result<(), String> {
        let Some(Some(expected)) = self.operations.get(answer.operation as usize) else { return Ok(()) };
        let Some(document) = self.documents.get(expected.document) else { return Ok(()) };
        expected
            .judge(document, answer)
            .map_err(|why| shortened(format!("{} {}: {why}", expected.name, answer.status)))
    }
}

fn responses(operation: &model::Operation) -> Vec<(StatusKey, Vec<Offer>)> {
    let responses = operation.responses.iter();
    responses.map(|(key, response)| (*key, response.content.iter().map(Offer::of).collect())).collect()
}

impl Expected {
    fn judge(&self, document: &Document, answer: &Answer<'_>) -> Result<(), String> {
        if self.responses.is_empty() {
            return Ok(());
        }
        let offers =
            self.offers(answer.status).ok_or_else(|| format!("undocumented status {}", answer.status))?;
        let Some(body) = answer.body else { return Ok(()) };
        if offers.is_empty() {
            return Ok(());
        }
        let Some(content_type) = answer.content_type else {
            return Err(format!("no media type, documented: {}", listed(offers)));
        };
        let sent = String::from_utf8_lossy(content_type);
        let offer = fitting(offers, content_type)
            .ok_or_else(|| format!("undocumented media type {sent}, documented: {}", listed(offers)))?;
        match (offer.schema, media::kind(&sent)) {
            (Some(schema), Kind::Json) => {
                let value: Value =
                    serde_json::from_slice(body).map_err(|error| format!("no JSON: {error}"))?;
                match document.schemas.is_valid(schema, &value, Direction::Response) {
                    true => Ok(()),
                    false => {
                        let broken = document.schemas.validate(schema, &value, Direction::Response);
                        Err(violations(&broken))
                    }
                }
            }
            _ => Ok(()),
        }
    }

    /// What the response of this status is described with: the exact code, else its range, else `default`
    /// (OpenAPI 3.1.1, section 4.8.16).
    fn offers(&self, status: u16) -> Option<&[Offer]> {
        let range = StatusKey::Range((status / 100) as u8);
        let keys = [StatusKey::Code(status), range, StatusKey::Default];
        let find = |wanted: StatusKey| self.responses.iter().find(|(key, _)| *key == wanted);
        keys.into_iter().find_map(find).map(|(_, offers)| offers.as_slice())
    }
}

fn listed(offers: &[Offer]) -> String {
    offers.iter().map(|offer| &*offer.written).collect::<Vec<_>>().join(", ")
}
