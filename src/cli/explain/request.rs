//! The request that is asked about, as a client would send it.

use std::fs;

use anyhow::{Context, bail};

use crate::limits::MAX_REQUEST_BODY;

/// A request.
pub(super) struct Asked {
    pub(super) method: String,
    /// Without the query
    pub(super) path: String,
    pub(super) query: String,
    /// Names and values, in order
    pub(super) fields: Vec<(String, String)>,
    /// All of it, as it is sent
    pub(super) bytes: Vec<u8>,
}

/// Where no URL says it.
const HOST: &str = "127.0.0.1:8080";

impl Asked {
    /// A request of what stands on the command line.
    ///
    /// # Errors
    /// When no client could send it, or the file of the body cannot be read.
    pub(super) fn of(
        method: &str,
        url: &str,
        headers: &[String],
        data: Option<&str>,
    ) -> anyhow::Result<Asked> {
        if method.is_empty() || !method.bytes().all(|byte| byte.is_ascii_graphic()) {
            bail!("`{}` is no method", method.escape_debug());
        }
        let (host, target) = split(url)?;
        let mut fields = vec![("Host".to_owned(), host.to_owned())];
        for header in headers {
            fields.push(field(header)?);
        }
        let body = data.map(body).transpose()?;
        let is_named = |fields: &[(String, String)], name: &str| {
            fields.iter().any(|(known, _)| known.eq_ignore_ascii_case(name))
        };
        if let Some(body) = &body {
            if is_named(&fields, "content-length") || is_named(&fields, "transfer-encoding") {
                bail!("how long the body is follows from --data");
            }
            if !is_named(&fields, "content-type") {
                fields.push(("Content-Type".to_owned(), "application/json".to_owned()));
            }
            fields.push(("Content-Length".to_owned(), body.len().to_string()));
        }
        // Who names a host in a field means that one.
        if fields.iter().filter(|(name, _)| name.eq_ignore_ascii_case("host")).count() > 1 {
            fields.remove(0);
        }
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        let (path, query) = (path.to_owned(), query.to_owned());
        let lines: String = fields.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let mut bytes = format!("{method} {target} HTTP/1.1\r\n{lines}\r\n").into_bytes();
        bytes.extend(body.unwrap_or_default());
        Ok(Asked { method: method.to_owned(), path, query, fields, bytes })
    }

    /// A header field by its name, in any case.
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        let is_named = |(known, _): &&(String, String)| known.eq_ignore_ascii_case(name);
        self.fields.iter().find(is_named).map(|(_, value)| value.as_str())
    }

    /// Path and query.
    pub(super) fn target(&self) -> String {
        if self.query.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, self.query) }
    }
}

/// Host and target of a URL, which may be a target alone. What may not stand in a target is escaped.
fn split(url: &str) -> anyhow::Result<(&str, String)> {
    let url = url.split('#').next().unwrap_or_default();
    let (host, target) = match url.split_once("://") {
        Some((_, rest)) => rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len())),
        None => (HOST, url),
    };
    let target =
        if target.is_empty() || target.starts_with('?') { format!("/{target}") } else { target.into() };
    if !target.starts_with('/') && target != "*" {
        bail!("the URL must begin with `/` or `http://`; it is `{}`", url.escape_debug());
    }
    let escaped = target.bytes().map(|byte| match byte {
        b'!'..=b'~' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    });
    Ok((host, escaped.collect()))
}

fn field(header: &str) -> anyhow::Result<(String, String)> {
    let Some((name, value)) = header.split_once(':') else {
        bail!("a header must be as `Name: value`; one is `{}`", header.escape_debug());
    };
    if name.trim().is_empty() || header.contains(['\r', '\n', '\0']) {
        bail!("`{}` is no header", header.escape_debug());
    }
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

fn body(data: &str) -> anyhow::Result<Vec<u8>> {
    let Some(file) = data.strip_prefix('@') else { return Ok(data.as_bytes().to_vec()) };
    let length = fs::metadata(file).with_context(|| format!("{file} cannot be read"))?.len();
    if length > MAX_REQUEST_BODY {
        bail!("{file} has more than {MAX_REQUEST_BODY} bytes");
    }
    fs::read(file).with_context(|| format!("{file} cannot be read"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::Asked;

    #[test]
    fn requests_are_as_clients_send_them() {
        let plain = "Host: 127.0.0.1:8080\r\n";
        for (url, headers, data, expected) in [
            ("/a?b=c#d", vec![], None, format!("GET /a?b=c HTTP/1.1\r\n{plain}\r\n")),
            ("http://h:1", vec![], None, "GET / HTTP/1.1\r\nHost: h:1\r\n\r\n".to_owned()),
            ("http://h?x", vec!["host:z"], None, "GET /?x HTTP/1.1\r\nhost: z\r\n\r\n".to_owned()),
            ("/a b/é", vec![], None, format!("GET /a%20b/%C3%A9 HTTP/1.1\r\n{plain}\r\n")),
            (
                "/",
                vec!["X: 1"],
                Some("{}"),
                format!(
                    "GET / HTTP/1.1\r\n{plain}X: 1\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}"
                ),
            ),
        ] {
            let headers: Vec<String> = headers.into_iter().map(str::to_owned).collect();
            let asked = Asked::of("GET", url, &headers, data).unwrap();
            assert_eq!(String::from_utf8(asked.bytes).unwrap(), expected, "{url}");
        }
    }

    #[test]
    fn what_nobody_could_send_is_refused() {
        for (method, url, header, data) in [
            ("", "/", "A: b", ""),
            ("G T", "/", "A: b", ""),
            ("GET", "a", "A: b", ""),
            ("GET", "/", "none", ""),
            ("GET", "/", "A: b\r\nC: d", ""),
            ("GET", "/", ": b", ""),
            ("GET", "/", "Content-Length: 1", "x"),
            ("GET", "/", "A: b", "@no/such/file"),
        ] {
            let asked = Asked::of(method, url, &[header.to_owned()], Some(data));
            assert!(asked.is_err(), "{method} {url} {header} {data}");
        }
    }
}
