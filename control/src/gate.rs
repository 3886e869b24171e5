//! Who may ask: pages of other origins may not, whatever name they have this machine called by.

use std::net::IpAddr;

use axum::http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HOST, ORIGIN, TRANSFER_ENCODING};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, Method, StatusCode};

use crate::problem::Problem;
use crate::token::Token;

/// What a request must show before it is looked at.
#[derive(Clone, Debug)]
pub struct Gate {
    /// Names and addresses that clients may call the server by, in lower case; `None` for all
    hosts: Option<Vec<String>>,
    /// Whether it listens on every address of the machine: then any address is ours
    is_everywhere: bool,
    token: Option<Token>,
}

/// What the callbacks of a server bear, in lower case: the requests that mocker sends on behalf of others, which are never
/// let through.
pub const CALLBACK: &str = "x-mocker-callback";

/// Who sends a request, as browsers tell (W3C Fetch Metadata, 2.3).
const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
/// What for (W3C Fetch Metadata, 2.1).
const DESTINATION: HeaderName = HeaderName::from_static("sec-fetch-dest");

impl Gate {
    /// For a server that the user had listen on `host`, and that clients call by `others` too. `None` for a socket of the
    /// file system, which no page can reach: there the name does not matter.
    pub fn new(host: Option<&str>, others: &[String], token: Option<Token>) -> Gate {
        let is_everywhere = host.and_then(address).is_some_and(|address| address.is_unspecified());
        let names = host.map(|host| others.iter().map(String::as_str).chain([host]));
        Gate { hosts: names.map(|names| names.map(str::to_ascii_lowercase).collect()), is_everywhere, token }
    }

    /// Lets a request pass, or says why not. What it is about is not looked at.
    pub(crate) fn check(&self, request: &Parts) -> Result<(), Problem> {
        let host = self.host(request)?;
        origin(&request.headers, request, host)?;
        self.token(&request.headers)?;
        content_type(request)
    }

    /// The host as the client wrote it, with its port.
    fn host<'r>(&self, request: &'r Parts) -> Result<&'r str, Problem> {
        let refused = |detail: String| Problem::new(StatusCode::FORBIDDEN, detail);
        let mut fields = request.headers.get_all(HOST).iter();
        let host = match (fields.next().map(|host| host.to_str()), fields.next()) {
            (Some(Ok(host)), None) => host,
            _ => return Err(refused("the request names no host, or several".to_owned())),
        };
        // A whole URL as the target goes before the field (RFC 9112, 3.2.2).
        let authority = request.uri.authority().map(|authority| authority.as_str());
        for named in [Some(host), authority].into_iter().flatten() {
            if !self.is_ours(named) {
                return Err(refused(format!(
                    "the Admin API is not called `{named}`: call it by its address, or name it under `admin.hosts`"
                )));
            }
        }
        Ok(host)
    }

    fn is_ours(&self, host: &str) -> bool {
        let Some(hosts) = &self.hosts else { return true };
        let name = without_port(host).trim_end_matches('.').to_ascii_lowercase();
        if let Some(ip) = address(&name) {
            let is_named = || hosts.iter().any(|host| address(host) == Some(ip));
            return self.is_everywhere || ip.to_canonical().is_loopback() || is_named();
        }
        name == "localhost" || hosts.contains(&name)
    }

    fn token(&self, headers: &HeaderMap) -> Result<(), Problem> {
        let Some(token) = &self.token else { return Ok(()) };
        let given = headers.get(AUTHORIZATION).map(|value| value.as_bytes());
        let bearer = given.and_then(|value| value.split_at_checked(7));
        match bearer {
            Some((scheme, text)) if scheme.eq_ignore_ascii_case(b"bearer ") && token.is(text) => Ok(()),
            _ => {
                let detail = "the token of `admin.token` is needed: `Authorization: Bearer TOKEN`";
                Err(Problem::new(StatusCode::UNAUTHORIZED, detail))
            }
        }
    }
}

/// Refuses what a page of another origin sends. A link to an answer may be followed: whoever set it does not see it.
fn origin(headers: &HeaderMap, request: &Parts, host: &str) -> Result<(), Problem> {
    if headers.contains_key(CALLBACK) {
        return Err(Problem::new(StatusCode::FORBIDDEN, "callbacks may not ask the Admin API"));
    }
    let refused = || Problem::new(StatusCode::FORBIDDEN, "pages of other origins may not ask the Admin API");
    for origin in headers.get_all(ORIGIN) {
        let own = origin.to_str().is_ok_and(|origin| {
            origin.strip_prefix("http://").is_some_and(|origin| origin.eq_ignore_ascii_case(host))
        });
        if !own {
            return Err(refused());
        }
    }
    let is_link =
        || request.method == Method::GET && headers.get(DESTINATION).is_some_and(|what| what == "document");
    match headers.get(SITE).map(|site| site.as_bytes()) {
        None | Some(b"same-origin" | b"none") => Ok(()),
        Some(_) if is_link() => Ok(()),
        Some(_) => Err(refused()),
    }
}

/// What changes something has JSON or nothing: forms of pages have neither.
fn content_type(request: &Parts) -> Result<(), Problem> {
    if matches!(request.method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    let headers = &request.headers;
    let has_body = headers.contains_key(TRANSFER_ENCODING)
        || headers.get(CONTENT_LENGTH).is_some_and(|length| length != "0");
    let essence = |value: &str| value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let given = headers.get(CONTENT_TYPE).map(|value| value.to_str().map(essence).unwrap_or_default());
    match given.as_deref() {
        None if !has_body => Ok(()),
        Some("application/json") => Ok(()),
        _ => {
            let detail = "a body is JSON, with `Content-Type: application/json`";
            Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail))
        }
    }
}

fn address(host: &str) -> Option<IpAddr> {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    bare.parse().ok()
}

/// `[::1]` of `[::1]:9090`
fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) && !name.ends_with(':') => name,
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use axum::http::Request;

    use super::*;

    fn status(gate: &Gate, method: &str, fields: &[(&str, &str)]) -> u16 {
        let mut request = Request::builder().method(method).uri("/api/v1/status");
        for (name, value) in fields {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        gate.check(&parts).map_or_else(|problem| problem.status.as_u16(), |()| 200)
    }

    #[test]
    fn only_our_names_are_answered() {
        let loopback = Gate::new(Some("127.0.0.1"), &["mock.test".to_owned()], None);
        let named = Gate::new(Some("Dev.Example"), &[], None);
        let everywhere = Gate::new(Some("0.0.0.0"), &[], None);
        let sixth = Gate::new(Some("2001:db8::1"), &["10.1.2.4".to_owned()], None);
        let unix = Gate::new(None, &[], None);
        for (host, expected) in [
            ("127.0.0.1:9090", [200, 200, 200, 200]),
            ("127.0.0.1", [200, 200, 200, 200]),
            ("127.9.9.9:1", [200, 200, 200, 200]),
            ("localhost:9090", [200, 200, 200, 200]),
            ("LocalHost.:9090", [200, 200, 200, 200]),
            ("[::1]:9090", [200, 200, 200, 200]),
            ("[::ffff:127.0.0.1]:9090", [200, 200, 200, 200]),
            ("mock.test:9090", [200, 403, 403, 200]),
            ("dev.example:9090", [403, 200, 403, 200]),
            ("10.1.2.3:9090", [403, 403, 200, 200]),
            ("evil.example:9090", [403, 403, 403, 200]),
            ("localhost.evil.example", [403, 403, 403, 200]),
            ("127.0.0.1.evil.example", [403, 403, 403, 200]),
            ("evil.example:9090@127.0.0.1", [403, 403, 403, 200]),
            ("", [403, 403, 403, 200]),
        ] {
            let seen =
                [&loopback, &named, &everywhere, &unix].map(|gate| status(gate, "GET", &[("Host", host)]));
            assert_eq!(seen, expected, "{host}");
        }
        for (host, expected) in [
            ("[2001:DB8::1]:9090", 200),
            ("[2001:db8:0::1]", 200),
            ("[2001:db8::2]", 403),
            ("10.1.2.4:1", 200),
        ] {
            assert_eq!(status(&sixth, "GET", &[("Host", host)]), expected, "{host}");
        }
        assert_eq!(status(&loopback, "GET", &[]), 403);
        assert_eq!(status(&loopback, "GET", &[("Host", "localhost"), ("Host", "localhost")]), 403);
    }

    #[test]
    fn a_target_with_a_host_is_held_to_the_same() {
        let gate = Gate::new(Some("127.0.0.1"), &[], None);
        let ask = |uri: &str| {
            let request = Request::builder().uri(uri).header("Host", "localhost").body(()).unwrap();
            gate.check(&request.into_parts().0).is_ok()
        };
        assert!(ask("http://localhost:9090/api/v1/status"));
        assert!(!ask("http://evil.example/api/v1/status"));
    }

    #[test]
    fn pages_of_other_origins_are_refused() {
        let gate = Gate::new(Some("127.0.0.1"), &[], None);
        let host = ("Host", "localhost:9090");
        for (fields, expected) in [
            (vec![("Origin", "http://localhost:9090")], 200),
            (vec![("Origin", "http://LOCALHOST:9090"), ("Sec-Fetch-Site", "same-origin")], 200),
            (vec![("Origin", "http://localhost:8080")], 403),
            (vec![("Origin", "https://localhost:9090")], 403),
            (vec![("Origin", "http://127.0.0.1:9090")], 403),
            (vec![("Origin", "null")], 403),
            (vec![("Origin", "")], 403),
            (vec![("Origin", "http://localhost:9090"), ("Origin", "http://evil.example")], 403),
            (vec![("Sec-Fetch-Site", "none")], 200),
            (vec![("Sec-Fetch-Site", "same-site")], 403),
            (vec![("Sec-Fetch-Site", "cross-site")], 403),
            (vec![("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Dest", "document")], 200),
            (vec![("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Dest", "iframe")], 403),
        ] {
            let all: Vec<_> = [host].into_iter().chain(fields).collect();
            assert_eq!(status(&gate, "GET", &all), expected, "{all:?}");
        }
        // A link may be followed, and a callback that looks like one may not.
        let called = [host, ("X-Mocker-Callback", ""), ("Sec-Fetch-Dest", "document")];
        assert_eq!(["GET", "POST"].map(|method| status(&gate, method, &called)), [403, 403]);
        let link = [host, ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Dest", "document")];
        assert_eq!(status(&gate, "POST", &link), 403);
    }

    #[test]
    fn what_changes_something_has_json_or_nothing() {
        let gate = Gate::new(Some("127.0.0.1"), &[], None);
        for (fields, expected) in [
            (vec![], 200),
            (vec![("Content-Length", "0")], 200),
            (vec![("Content-Length", "2"), ("Content-Type", "application/json")], 200),
            (vec![("Content-Length", "2"), ("Content-Type", "Application/JSON; charset=utf-8")], 200),
            (vec![("Content-Length", "2")], 415),
            (vec![("Transfer-Encoding", "chunked")], 415),
            (vec![("Content-Length", "2"), ("Content-Type", "text/plain")], 415),
            (vec![("Content-Length", "0"), ("Content-Type", "application/x-www-form-urlencoded")], 415),
            (vec![("Content-Length", "2"), ("Content-Type", "application/json-patch")], 415),
        ] {
            let all: Vec<_> = [("Host", "localhost")].into_iter().chain(fields).collect();
            assert_eq!(status(&gate, "POST", &all), expected, "{all:?}");
            assert_eq!(status(&gate, "GET", &all), 200, "{all:?}");
        }
    }

    #[test]
    fn a_token_is_asked_for_where_there_is_one() {
        let gate = Gate::new(Some("127.0.0.1"), &[], Some(Token::new("sesame").unwrap()));
        for (value, expected) in [
            (None, 401),
            (Some("Bearer sesame"), 200),
            (Some("bearer sesame"), 200),
            (Some("Bearer  sesame"), 401),
            (Some("Bearer other"), 401),
            (Some("Bearer"), 401),
            (Some("Basic c2VzYW1l"), 401),
            (Some("sesame"), 401),
        ] {
            let fields: Vec<_> = [("Host", "localhost")]
                .into_iter()
                .chain(value.map(|value| ("Authorization", value)))
                .collect();
            assert_eq!(status(&gate, "GET", &fields), expected, "{value:?}");
        }
    }
}
