//! Answers that are made for one request: written like others, with the lines that all answers have.

use mocker_http::response::{BodyRule, DateCache, Persistence, Sending, Writer, body_rule, is_own_field};
use mocker_plan::request::violations;
use mocker_plan::without;
use mocker_schema::generate::Key;
use mocker_scripting::Response;

use crate::dispatch::Answer;
use crate::problem::Problem;

/// What names of fields about cross-origin sharing begin with.
const SHARING: &str = "access-control-";
/// From this status on an answer says that nothing was done.
const LEAST_ERROR: u16 = 400;
/// What `Vary` says where the language is agreed on.
const BY_LANGUAGE: &[u8] = b"Accept-Language";

/// An answer made for one request.
#[derive(Clone)]
pub(crate) struct Made {
    pub(crate) response: Response,
    /// Field lines that tell what is wrong with the request
    pub(crate) lines: Vec<u8>,
    /// What values of the callbacks that follow are made from; nothing where none follow
    pub(crate) key: Option<Key>,
}

impl Made {
    /// An answer that no operation gives.
    pub(crate) fn alone(response: Response) -> Made {
        Made { response, lines: Vec::new(), key: None }
    }

    /// The user's answer in place of a document's.
    pub(super) fn by_user(mut response: Response, instead_of: &Answer) -> Made {
        let mut lines = language_line(&mut response, instead_of);
        violations::append(&instead_of.faults, &[], &mut lines);
        let key = (response.status < LEAST_ERROR).then_some(instead_of.key);
        Made { response, lines, key }
    }

    /// A document's answer, to be changed.
    pub(super) fn of_document(answer: &Answer) -> Made {
        let ready = answer.served.plan.operation(answer.operation).ready(&answer.reply);
        let mut response = of_answer(answer);
        let mut lines = [&*language_line(&mut response, answer), &answer.lines].concat();
        violations::append(&answer.faults, ready.verdict(), &mut lines);
        Made { response, lines, key: (!answer.is_refusal).then_some(answer.key) }
    }

    /// A refusal, to be changed.
    pub(crate) fn of_problem(problem: &Problem) -> Made {
        let mut bytes = Vec::new();
        problem.write(&DateCache::new(0), Persistence::Stays, false, b"", &mut bytes);
        Made::alone(read(bytes))
    }

    /// Appends the answer; `shared` are the lines about cross-origin sharing.
    pub(crate) fn write(
        &self,
        date: &DateCache,
        persistence: Persistence,
        head_only: bool,
        shared: &[u8],
        out: &mut Vec<u8>,
    ) {
        let Response { status, fields, body } = &self.response;
        let mut writer = Writer::new(*status, out).date(date);
        for (name, value) in fields.iter().filter(|(name, _)| !is_own_field(name)) {
            writer = writer.field(name, value);
        }
        let has_body = body_rule(*status) == BodyRule::Body;
        let writer = if has_body { writer.length(body.len()) } else { writer };
        let is_sharing =
            |name: &str| name.get(..SHARING.len()).is_some_and(|start| start.eq_ignore_ascii_case(SHARING));
        let own: Vec<Box<str>> = fields
            .iter()
            .filter(|(name, _)| is_sharing(name) || name.eq_ignore_ascii_case("vary"))
            .map(|(name, _)| name.clone())
            .collect();
        let mut left = Vec::new();
        let shared = match own.is_empty() {
            true => shared,
            false => {
                without(shared, &own, &mut left);
                &left
            }
        };
        writer.lines(&self.lines).lines(shared).persistence(persistence).finish();
        if has_body && !head_only {
            out.extend_from_slice(body);
        }
    }
}

/// What is answered in place of a document's answer that breaks the contract, where that is an error.
#[inline]
pub(crate) fn breach(answer: &Answer) -> Option<Problem> {
    if !answer.served.settings.has_errors {
        return None;
    }
    let ready = answer.served.plan.operation(answer.operation).ready(&answer.reply);
    let verdict = ready.verdict();
    (!verdict.is_empty()).then(|| Problem::Violations(verdict.to_vec()))
}

/// The document's answer as a value.
pub(super) fn of_answer(answer: &Answer) -> Response {
    let ready = answer.served.plan.operation(answer.operation).ready(&answer.reply);
    let date = DateCache::new(0);
    let status = answer.reply.status();
    let sending =
        Sending { date: &date, persistence: Persistence::Stays, head_only: false, status, lines: Some(b"") };
    let mut bytes = Vec::new();
    ready.write_entities(sending, answer.key, answer.asked.as_deref(), &mut bytes);
    read(bytes)
}

/// Takes the line out of a response that says that its language was agreed on: it stands beside what sharing says of `Vary`,
/// not in its place as a user's does.
fn language_line(response: &mut Response, answer: &Answer) -> Vec<u8> {
    let mut line = Vec::new();
    if answer.reply.locale().is_some() {
        let before = response.fields.len();
        response
            .fields
            .retain(|(name, value)| !(name.eq_ignore_ascii_case("vary") && **value == *BY_LANGUAGE));
        if response.fields.len() < before {
            Writer::line("Vary", BY_LANGUAGE, &mut line);
        }
    }
    line
}

/// Takes apart what was written by ourselves.
fn read(mut bytes: Vec<u8>) -> Response {
    let end = memchr::memmem::find(&bytes, b"\r\n\r\n").unwrap_or(bytes.len());
    let mut lines = bytes[..end].split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii);
    let status = lines.next().and_then(|line| std::str::from_utf8(line.get(9..12)?).ok()?.parse().ok());
    let field = |line: &[u8]| {
        let colon = memchr::memchr(b':', line)?;
        let name = std::str::from_utf8(&line[..colon]).ok()?;
        (!is_own_field(name)).then(|| (name.into(), line[colon + 1..].trim_ascii().into()))
    };
    let fields = lines.filter_map(field).collect();
    bytes.drain(..(end + 4).min(bytes.len()));
    Response { status: status.unwrap_or(200), fields, body: bytes }
}
