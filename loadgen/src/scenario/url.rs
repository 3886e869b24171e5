//! A scenario of one request that the user spells out.

use mocker_http::limits::MAX_METHOD;
use mocker_http::response::is_field_name;

use super::head::{Message, TOO_LONG};
use super::{Fault, Operation, Scenario, field};

/// One request, spelt out.
#[derive(Clone, Copy, Debug)]
pub struct Spelt<'a> {
    /// `GET`
    pub method: &'a str,
    /// `/pets?limit=5`, percent-encoded
    pub target: &'a str,
    /// Value of `Host`
    pub host: &'a str,
    /// Value of `User-Agent`; empty: not sent
    pub user_agent: &'a str,
    /// Further fields, which take the place of ours
    pub headers: &'a [(String, String)],
    /// The body, if there is one
    pub body: Option<&'a [u8]>,
}

/// The scenario of one operation with one request.
///
/// # Errors
/// What of it cannot be sent.
pub fn of_url(spelt: &Spelt<'_>) -> Result<Scenario, Fault> {
    if !is_field_name(spelt.method) || spelt.method.len() > MAX_METHOD {
        return Err(Fault::new(format!("`{}` is no request method", spelt.method)));
    }
    let is_target = spelt.target.starts_with('/')
        && spelt.target.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#');
    if !is_target {
        let target = spelt.target;
        return Err(Fault::new(format!(
            "`{target}` is no request target: it begins with `/`, and what is no printable ASCII is percent-encoded"
        )));
    }
    for (name, value) in spelt.headers {
        field(&format!("{name}: {value}"))?;
    }
    if field(&format!("Host: {}", spelt.host)).is_err() || spelt.host.is_empty() {
        return Err(Fault::new(format!("`{}` is no host", spelt.host)));
    }
    let mut fields = vec![("Host", spelt.host.into()), ("User-Agent", spelt.user_agent.into())];
    fields.push(("Accept", "*/*".into()));
    let message = Message { method: spelt.method, target: spelt.target, fields, body: spelt.body };
    let request = message
        .finish(spelt.headers)
        .map_err(|_| Fault::new(format!("the request cannot be sent: {TOO_LONG}")))?;
    let (method, path) = (spelt.method.to_owned(), spelt.target.to_owned());
    let operation = Operation {
        id: None,
        method,
        path,
        weight: 1.0,
        requests: vec![request],
        origin: None,
        expected: Vec::new(),
    };
    Ok(Scenario { operations: vec![operation] })
}
