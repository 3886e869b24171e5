//! HTTP Archive (HAR 1.2): one JSON object, `log.entries[].request`. It is read as it comes; bodies and all else are
//! passed over and never held.

use std::fmt;
use std::io::{BufReader, Read};

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::asked::Asked;
use super::line::Line;

/// Where the entries are.
const ENTRIES: [&str; 2] = ["log", "entries"];

#[derive(Deserialize)]
struct Entry {
    request: Option<Request>,
}

#[derive(Deserialize)]
struct Request {
    method: Option<String>,
    url: Option<String>,
}

/// Reads what each entry says, and whether there were any.
///
/// # Errors
/// What is wrong with the JSON or the types of what is read.
pub(super) fn read(reader: impl Read, take: &mut dyn FnMut(Line)) -> Result<bool, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_reader(BufReader::new(reader));
    let found = Within { path: &ENTRIES, take }.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(found)
}

/// Whether a text begins as a HAR: `{"log":{`. In lines of JSON `log` is a text, if there is one.
pub(super) fn begins(text: &[u8]) -> bool {
    let tokens: [&[u8]; 4] = [b"{", b"\"log\"", b":", b"{"];
    let rest = tokens.iter().try_fold(text, |rest, token| rest.trim_ascii_start().strip_prefix(*token));
    rest.is_some()
}

impl Entry {
    fn line(self) -> Line {
        let Some(Request { method: Some(method), url: Some(url) }) = self.request else {
            return Line::Unknown;
        };
        let Some(asked) = Asked::new(method.as_bytes(), url.as_bytes()) else { return Line::Unknown };
        // Pictures in `data:` and the browser's own pages are not asked of a server.
        match asked.target().scheme {
            b"http" | b"https" | b"ws" | b"wss" => Line::Asked(asked),
            _ if url.starts_with('/') => Line::Asked(asked),
            _ => Line::Silent,
        }
    }
}

/// The list at the end of a path of keys. Gives whether it is there.
struct Within<'p, 't> {
    path: &'p [&'static str],
    take: &'t mut dyn FnMut(Line),
}

impl<'de> DeserializeSeed<'de> for Within<'_, '_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        match self.path.is_empty() {
            true => deserializer.deserialize_seq(self),
            false => deserializer.deserialize_map(self),
        }
    }
}

impl<'de> Visitor<'de> for Within<'_, '_> {
    type Value = bool;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.first() {
            Some(key) => write!(out, "an object with `{key}`"),
            None => out.write_str("a list of entries"),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<bool, A::Error> {
        let mut found = false;
        while let Some(key) = object.next_key::<String>()? {
            match self.path.split_first() {
                Some((wanted, path)) if key == *wanted => {
                    found |= object.next_value_seed(Within { path, take: &mut *self.take })?;
                }
                _ => drop(object.next_value::<IgnoredAny>()?),
            }
        }
        Ok(found)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<bool, A::Error> {
        while let Some(entry) = list.next_element::<Entry>()? {
            (self.take)(entry.line());
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn lines(text: &str) -> Result<Vec<String>, String> {
        let mut lines = Vec::new();
        let mut take = |line| {
            lines.push(match line {
                Line::Asked(asked) => format!("{} {}", asked.method, String::from_utf8_lossy(&asked.target)),
                Line::Silent => "silent".to_owned(),
                Line::Unknown => "unknown".to_owned(),
            });
        };
        let found = read(text.as_bytes(), &mut take).map_err(|error| error.to_string())?;
        assert!(found || lines.is_empty());
        found.then_some(lines).ok_or_else(|| "no entries".to_owned())
    }

    #[test]
    fn entries_are_read_and_all_else_is_passed_over() {
        let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
        let text = format!(
            r#"{{"log": {{"version": "1.2", "pages": [{{"id": "p"}}], "_deep": {deep}, "entries": [
                {{"startedDateTime": "x", "request": {{"method": "GET", "url": "https://h/pets?a=%20", "headers": [],
                  "postData": {{"text": "\"url\": \"https://evil/\""}}}},
                  "response": {{"content": {{"text": "R0lGODlhAQ==", "encoding": "base64"}}}}}},
                {{"request": {{"url": "/pets", "method": "post"}}}},
                {{"request": {{"method": "GET", "url": "wss://h/live"}}}},
                {{"request": {{"method": "GET", "url": "data:image/gif;base64,R0lG"}}}},
                {{"request": {{"method": "GET", "url": "chrome-extension://id/page"}}}},
                {{"request": {{"method": "", "url": "https://h/"}}}},
                {{"request": {{"method": "GET", "url": null}}}},
                {{"request": null}}, {{}}
            ]}}}}"#
        );
        let expected = [
            "GET https://h/pets?a=%20",
            "POST /pets",
            "GET wss://h/live",
            "silent",
            "silent",
            "unknown",
            "unknown",
            "unknown",
            "unknown",
        ];
        assert_eq!(lines(&text).unwrap(), expected);
    }

    #[test]
    fn what_is_no_har_is_told() {
        for (text, expected) in [
            ("{}", "no entries"),
            (r#"{"log": {}}"#, "no entries"),
            (r#"{"entries": []}"#, "no entries"),
            (r#"{"log": []}"#, "expected an object with `entries`"),
            (r#"{"log": {"entries": {}}}"#, "expected a list of entries"),
            (r#"{"log": {"entries": [5]}}"#, "invalid type"),
            (r#"{"log": {"entries": [{"request": {"method": 5}}]}}"#, "invalid type"),
            (r#"{"log": {"entries": [{}"#, "EOF"),
            (r#"{"log": {"entries": []}} more"#, "trailing"),
            ("[]", "expected an object with `log`"),
            ("", "EOF"),
        ] {
            let error = lines(text).unwrap_err();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }

    #[test]
    fn archives_are_told_from_lines_by_their_beginning() {
        for (text, expected) in [
            (r#"{"log":{"#, true),
            ("{\r\n  \"log\" : {\n", true),
            (r#"{"log":"GET / "#, false),
            (r#"{"method":"GET"}"#, false),
            ("{", false),
        ] {
            assert_eq!(begins(text.as_bytes()), expected, "{text}");
        }
    }
}
