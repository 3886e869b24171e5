//! Lines of access logs: the request line stands in quotation marks. So it is in the common and combined formats of
//! NCSA (Apache, nginx, Traefik), in those of Envoy, HAProxy and Amazon's load balancers, and in what servers print;
//! whatever stands before it (a date, a virtual host, what a collector adds) does not matter.

use std::borrow::Cow;

use super::asked::{Asked, is_target};
use super::line::Line;

/// Reads one line.
pub(super) fn read(line: &[u8]) -> Line {
    let mut rest = line;
    while let Some((text, behind)) = quoted(rest) {
        if let Some(asked) = request_line(&unescaped(text)) {
            return Line::Asked(asked);
        }
        // Where the request was none (`-`, a TLS greeting), quotation marks further on hold what the client claims.
        if has_status(behind) {
            return Line::Silent;
        }
        rest = behind;
    }
    Line::Unknown
}

/// `GET /pets HTTP/1.1`, with or without a version.
pub(super) fn request_line(text: &[u8]) -> Option<Asked> {
    let text = text.trim_ascii();
    let space = text.iter().position(|&byte| byte == b' ')?;
    let (method, rest) = (&text[..space], text[space..].trim_ascii());
    let last = rest.iter().rposition(|&byte| byte == b' ');
    match last.filter(|&at| is_version(&rest[at + 1..])) {
        Some(at) => Asked::new(method, rest[..at].trim_ascii()),
        None if is_target(rest) => Asked::new(method, rest),
        None => None,
    }
}

/// `HTTP/1.1`
pub(super) fn is_version(text: &[u8]) -> bool {
    let number = text.strip_prefix(b"HTTP/");
    number.is_some_and(|number| number.first().is_some_and(u8::is_ascii_digit))
}

/// Whether a status and nothing longer comes next: ` 400 `.
fn has_status(text: &[u8]) -> bool {
    let word = text.strip_prefix(b" ").unwrap_or_default();
    let digits = word.iter().take_while(|byte| byte.is_ascii_digit()).count();
    digits == 3 && word.get(3).is_none_or(|&byte| byte == b' ')
}

/// What stands between the first two quotation marks that no `\` is before, and what follows.
fn quoted(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let start = text.iter().position(|&byte| byte == b'"')? + 1;
    let mut is_escaped = false;
    let ends = |byte: &u8| {
        let ends = *byte == b'"' && !is_escaped;
        is_escaped = *byte == b'\\' && !is_escaped;
        ends
    };
    let end = start + text[start..].iter().position(ends)?;
    Some((&text[start..end], &text[end + 1..]))
}

/// Undoes what servers do to quotation marks and control characters: `\"`, `\\`, `\x22`, `\n`. Any other `\` stands
/// for itself.
fn unescaped(text: &[u8]) -> Cow<'_, [u8]> {
    if !text.contains(&b'\\') {
        return Cow::Borrowed(text);
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, behind)) = rest.split_first() {
        let (plain, length) = match (byte, behind) {
            (b'\\', [mark @ (b'"' | b'\\'), ..]) => (*mark, 2),
            (b'\\', [b'n', ..]) => (b'\n', 2),
            (b'\\', [b'r', ..]) => (b'\r', 2),
            (b'\\', [b't', ..]) => (b'\t', 2),
            (b'\\', [b'x', high, low, ..]) => match (hexadecimal(*high), hexadecimal(*low)) {
                (Some(high), Some(low)) => (high << 4 | low, 4),
                _ => (byte, 1),
            },
            _ => (byte, 1),
        };
        bytes.push(plain);
        rest = &rest[length..];
    }
    Cow::Owned(bytes)
}

fn hexadecimal(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).map(|value| value as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(line: &[u8]) -> String {
        match read(line) {
            Line::Asked(asked) => format!("{} {}", asked.method, String::from_utf8_lossy(&asked.target)),
            Line::Silent => "silent".to_owned(),
            Line::Unknown => "unknown".to_owned(),
        }
    }

    #[test]
    fn logs_of_the_usual_servers_are_read() {
        for (line, expected) in [
            // common and combined
            (
                r#"127.0.0.1 - - [10/Oct/2025:13:55:36 +0000] "GET /pets?x=1 HTTP/1.1" 200 512"#,
                "GET /pets?x=1",
            ),
            (
                r#"10.1.1.1 - ann [10/Oct/2025:13:55:36 +0000] "POST /pets HTTP/2.0" 201 5 "-" "curl/8""#,
                "POST /pets",
            ),
            (
                r#"2001:db8::1 - - [10/Oct/2025:13:55:36 +0000] "GET /pets/7 HTTP/3" 200 5 "-" "x""#,
                "GET /pets/7",
            ),
            (r#"::1 - - [x] "PATCH /caf%C3%A9/a%2Fb?q=%22 HTTP/2" 200 1"#, "PATCH /caf%C3%A9/a%2Fb?q=%22"),
            (r#"shop.example:443 ::1 - - [x] "GET / HTTP/1.0" 200 1 "-" "-""#, "GET /"),
            (r#"1.2.3.4 - "" [x] "HEAD /a HTTP/1.1" 200 0"#, "HEAD /a"),
            // escaped as Apache and nginx do
            (r#"::1 - - [x] "GET /a?q=\"b\" HTTP/1.1" 200 1 "-" "-""#, r#"GET /a?q="b""#),
            (r#"::1 - - [x] "GET /a?q=\x22b\x22\xC3\xA9 HTTP/1.1" 200 1"#, "GET /a?q=\"b\"é"),
            (r#"::1 - - [x] "GET /a\\ HTTP/1.1" 404 1"#, r"GET /a\"),
            (r#"::1 - - [x] "GET /\x4\q HTTP/1.1" 404 1"#, r"GET /\x4\q"),
            (r#"::1 - - [x] "GET /a b HTTP/1.1" 400 1"#, "GET /a b"),
            (r#"::1 - - [x] "GET /old" 400 1"#, "GET /old"),
            // proxies
            (
                r#"::1 - - [x] "GET http://shop.example/pets?x HTTP/1.1" 200 1"#,
                "GET http://shop.example/pets?x",
            ),
            (r#"::1 - - [x] "CONNECT shop.example:443 HTTP/1.1" 405 1"#, "CONNECT shop.example:443"),
            (r#"::1 - - [x] "OPTIONS * HTTP/1.1" 200 1"#, "OPTIONS *"),
            (
                r#"[2025-04-15T20:17:00.310Z] "POST /api/v1/l HTTP/2" 204 - 154 0 226 100 "10.0.0.28" "n" "cc" "l:80" "t""#,
                "POST /api/v1/l",
            ),
            (
                r#"h2 2025-07-02T22:23:00.186641Z app/my/50 10.0.1.252:48160 10.0.0.66:9000 0.000 0.002 0.000 200 200 5 257 "GET https://10.0.2.105:773/ HTTP/2.0" "curl/7.46.0" E"#,
                "GET https://10.0.2.105:773/",
            ),
            (
                r#"haproxy[14389]: 10.0.1.2:33317 [06/Feb/2009:12:14:14.655] in s/s1 10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 {1} {} "GET /index.html HTTP/1.1""#,
                "GET /index.html",
            ),
            (
                r#"172.1.0.1 - - [x] "GET /who HTTP/1.1" 200 10 "-" "-" 42 "who@docker" "http://172.1.0.3:80" 1ms"#,
                "GET /who",
            ),
            (r#"INFO:     127.0.0.1:54321 - "GET /items/5?q=a HTTP/1.1" 200 OK"#, "GET /items/5?q=a"),
            (r#"2025-01-01T00:00:00.0Z stdout F ::1 - - [x] "GET /k HTTP/1.1" 200 1"#, "GET /k"),
            (r#""::1" "GET /custom HTTP/1.1" "200""#, "GET /custom"),
        ] {
            assert_eq!(asked(line.as_bytes()), expected, "{line}");
        }
    }

    #[test]
    fn what_is_no_request_is_not_taken_for_one() {
        for (line, expected) in [
            (r#"::1 - - [x] "-" 408 0 "-" "-""#, "silent"),
            (r#"::1 - - [x] "" 400 0 "-" "-""#, "silent"),
            (r#"::1 - - [x] "\x16\x03\x01\x02\x00\x01" 400 150 "-" "-""#, "silent"),
            (r#"::1 - - [x] "- - HTTP/1.1" 400 150"#, "silent"),
            (r#"::1 - - [x] "GET  HTTP/1.1" 400 150"#, "silent"),
            // what a client says of itself is not what it asked
            (r#"::1 - - [x] "-" 400 0 "-" "GET /evil HTTP/1.1""#, "silent"),
            (r#"::1 - - [x] "\"GET /evil HTTP/1.1\"" 400 0"#, "silent"),
            (r#"::1 - - [x] "GET /pets HTTP/1.1"#, "unknown"),
            (r#"::1 - - [x] "GET /pets HTTP/1.1\" 200"#, "unknown"),
            ("2025-01-01 12:00:00 GET /iis - 80", "unknown"),
            (r#"the "quick" brown "fox""#, "unknown"),
            ("\0\0\0", "unknown"),
            ("\"", "unknown"),
            ("", "unknown"),
        ] {
            assert_eq!(asked(line.as_bytes()), expected, "{line}");
        }
        assert_eq!(asked(b"::1 - - [x] \"GET /\xFF HTTP/1.1\" 400 0"), "GET /\u{fffd}");
    }
}
