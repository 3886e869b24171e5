//! Which response of an operation is sent.

use std::sync::Arc;

use mocker_openapi::model::{Response, StatusKey};

/// The responses of an operation, in document order.
pub type Responses = [(StatusKey, Arc<Response>)];

/// A status to send and the response that describes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Status code, never 1xx
    pub status: u16,
    /// Index among the operation's responses
    pub response: usize,
}

/// What a valid request gets: the lowest 2xx, else `default` (as 200), else the first that can end an exchange.
pub fn usual(responses: &Responses) -> Option<Choice> {
    let keys = || responses.iter().map(|(key, _)| *key).enumerate();
    let success = keys().filter(|(_, key)| is_success(*key)).min_by_key(|(_, key)| *key);
    let fallback = || keys().find(|(_, key)| *key == StatusKey::Default);
    let first = || keys().find(|(_, key)| status(*key) >= 200);
    let (response, key) = success.or_else(fallback).or_else(first)?;
    Some(Choice { status: status(key), response })
}

/// What a client gets that asks for `code`: the exact response, else its range, else `default`.
pub(crate) fn of_code(responses: &Responses, code: u16) -> Option<Choice> {
    let response = described(responses, code).or_else(|| find(responses, StatusKey::Default))?;
    Some(Choice { status: code, response })
}

/// What a refused request gets: for the first of `codes` that is described exactly or by its range that response,
/// else `default` with the first code.
pub(crate) fn refusing(responses: &Responses, codes: &[u16]) -> Option<Choice> {
    let of = |&status: &u16| described(responses, status).map(|response| Choice { status, response });
    let fallback = || {
        let response = find(responses, StatusKey::Default)?;
        codes.first().map(|&status| Choice { status, response })
    };
    codes.iter().find_map(of).or_else(fallback)
}

fn described(responses: &Responses, code: u16) -> Option<usize> {
    let range = StatusKey::Range((code / 100) as u8);
    find(responses, StatusKey::Code(code)).or_else(|| find(responses, range))
}

fn find(responses: &Responses, wanted: StatusKey) -> Option<usize> {
    responses.iter().position(|(key, _)| *key == wanted)
}

/// Whether a response under `key` is one of this status.
pub(crate) fn covers(key: StatusKey, status: u16) -> bool {
    match key {
        StatusKey::Code(code) => code == status,
        StatusKey::Range(hundreds) => u16::from(hundreds) == status / 100,
        StatusKey::Default => true,
    }
}

fn is_success(key: StatusKey) -> bool {
    matches!(key, StatusKey::Code(200..=299) | StatusKey::Range(2))
}

/// The status a response is sent with where nobody asks for another of its range.
pub(crate) fn status(key: StatusKey) -> u16 {
    match key {
        StatusKey::Code(code) => code,
        StatusKey::Range(hundreds) => u16::from(hundreds) * 100,
        StatusKey::Default => 200,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use StatusKey::{Code, Default, Range};

    fn responses(keys: &[StatusKey]) -> Vec<(StatusKey, Arc<Response>)> {
        let response =
            || Arc::new(Response { description: "".into(), headers: vec![], content: vec![], links: vec![] });
        keys.iter().map(|key| (*key, response())).collect()
    }

    fn told(choice: Option<Choice>) -> Option<(u16, usize)> {
        choice.map(|choice| (choice.status, choice.response))
    }

    #[test]
    fn the_usual_response() {
        for (keys, expected) in [
            (&[Code(404), Code(201), Code(200)][..], Some((200, 2))),
            (&[Default, Range(2)], Some((200, 1))),
            (&[Code(404), Default], Some((200, 1))),
            (&[Code(101), Range(5), Code(404)], Some((500, 1))),
            (&[], None),
        ] {
            assert_eq!(told(usual(&responses(keys))), expected, "{keys:?}");
        }
    }

    #[test]
    fn a_response_that_is_asked_for() {
        for (keys, code, expected) in [
            (&[Range(4), Code(404), Default][..], 404, Some((404, 1))),
            (&[Range(4), Code(404), Default], 418, Some((418, 0))),
            (&[Range(4), Default], 500, Some((500, 1))),
            (&[Code(200)], 404, None),
        ] {
            assert_eq!(told(of_code(&responses(keys), code)), expected, "{keys:?} {code}");
        }
    }

    #[test]
    fn a_response_that_refuses() {
        for (keys, codes, expected) in [
            (&[Code(400), Code(422)][..], &[422, 400][..], Some((422, 1))),
            (&[Code(400), Default], &[422, 400], Some((400, 0))),
            (&[Range(4), Code(400)], &[422, 400], Some((422, 0))),
            (&[Code(200), Default], &[422, 400], Some((422, 1))),
            (&[Code(200)], &[401], None),
        ] {
            assert_eq!(told(refusing(&responses(keys), codes)), expected, "{keys:?} {codes:?}");
        }
    }
}
