//! The cases of `specs/features`: a document, and beside it conversations with the server that serves it. The format
//! stands in `specs/features/README.md`.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use regex::{Captures, Regex};

use crate::client::{Answer, Client};
use crate::server::Server;

/// Arguments of the server, and what is asked of it.
struct Conversation {
    arguments: Vec<String>,
    exchanges: Vec<Exchange>,
}

#[derive(Default)]
struct Exchange {
    title: String,
    /// Request line and fields
    head: Vec<String>,
    body: Vec<String>,
    expected: Expected,
}

#[derive(Default)]
struct Expected {
    status: String,
    /// Fields that the answer has with this value, or has not
    fields: Vec<(String, Option<String>)>,
    body: Option<Vec<String>>,
    pattern: Option<String>,
    /// Texts that the body has
    texts: Vec<String>,
    /// Whether the body is that of the exchange before, or another one
    repeats: Option<bool>,
}

#[test]
fn features() {
    let files = files(Path::new("specs/features"), &["http"]);
    assert!(files.len() >= 10, "only {} files", files.len());
    let faults: Vec<String> = files.iter().flat_map(|file| play(file)).collect();
    assert!(faults.is_empty(), "{} faults\n\n{}", faults.len(), faults.join("\n\n"));
}

#[test]
fn every_document_has_a_conversation() {
    let folder = Path::new("specs/features");
    let served: HashSet<PathBuf> =
        files(folder, &["http"]).iter().map(|conversation| document_of(conversation)).collect();
    let texts: Vec<String> = served.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    // a document may name another one
    let is_named = |path: &Path| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap();
        texts.iter().any(|text| text.contains(name))
    };
    let documents = files(folder, &["yaml", "yml", "json"]);
    let unused: Vec<_> = documents.iter().filter(|path| !served.contains(*path) && !is_named(path)).collect();
    assert!(unused.is_empty(), "nothing asks for {unused:?}");
}

#[test]
#[should_panic(expected = "neither `same` nor `other`")]
fn a_misspelt_word_is_not_the_other_one() {
    parse("### a\n> GET /\n< 200\n= smae\n");
}

/// All files below `folder` with one of these extensions.
fn files(folder: &Path, extensions: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            found.extend(files(&path, extensions));
        } else if extensions
            .iter()
            .any(|wanted| path.extension().is_some_and(|extension| extension == *wanted))
        {
            found.push(path);
        }
    }
    found
}

/// What went wrong, one text an exchange.
fn play(file: &Path) -> Vec<String> {
    let conversation = parse(&fs::read_to_string(file).unwrap());
    assert!(!conversation.exchanges.is_empty(), "{} asks nothing", file.display());
    let document = document_of(file);
    let mut arguments = vec!["--spec", document.to_str().unwrap(), "--threads", "1"];
    arguments.extend(conversation.arguments.iter().map(String::as_str));
    let server = Server::start(&arguments);
    let mut before = String::new();
    let fault = |exchange: &Exchange| {
        let mut client = Client::connect(server.address);
        client.send(&request(exchange));
        let answer = client.answer(exchange.head[0].starts_with("HEAD "));
        let mut wrong = differences(&exchange.expected, &answer);
        let is_repeated = std::mem::replace(&mut before, answer.text()) == answer.text();
        if exchange.expected.repeats.is_some_and(|repeats| repeats != is_repeated) {
            wrong.push(format!("body is {} before", if is_repeated { "as" } else { "not as" }));
        }
        let told = || {
            format!(
                "{}: {}\n  {}\n  answered:\n{}\n\n{}",
                file.display(),
                exchange.title,
                wrong.join("\n  "),
                answer.head.trim_end(),
                answer.text()
            )
        };
        (!wrong.is_empty()).then(told)
    };
    conversation.exchanges.iter().filter_map(fault).collect()
}

/// `NAME.yaml` or `NAME.json` beside `NAME.http` or `NAME.VARIANT.http`.
fn document_of(file: &Path) -> PathBuf {
    let name = file.file_name().and_then(|name| name.to_str()?.split('.').next()).unwrap();
    let documents = ["yaml", "json"].map(|extension| file.with_file_name(format!("{name}.{extension}")));
    let document = documents.into_iter().find(|path| path.exists());
    document.unwrap_or_else(|| panic!("{} has no document beside it", file.display()))
}

/// The bytes to send: `Host` and the body's length are added where they are not written.
fn request(exchange: &Exchange) -> Vec<u8> {
    let body = unescaped(&exchange.body.join("\n"));
    let has = |name: &str| exchange.head.iter().any(|line| line.to_lowercase().starts_with(name));
    let mut bytes = Vec::new();
    for (index, line) in exchange.head.iter().enumerate() {
        bytes.extend(unescaped(line));
        bytes.extend_from_slice(if index == 0 { b" HTTP/1.1\r\n" } else { b"\r\n" });
    }
    if !has("host:") {
        bytes.extend_from_slice(b"Host: test\r\n");
    }
    if !exchange.body.is_empty() && !has("content-length:") && !has("transfer-encoding:") {
        bytes.extend(format!("Content-Length: {}\r\n", body.len()).into_bytes());
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend(body);
    bytes
}

/// `\xHH`, `\r`, `\n` and `\\` as bytes, `\(TEXT*N)` as often as it says.
fn unescaped(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let text = repeated(text);
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let (value, length) = match (byte, after) {
            (b'\\', [b'r', ..]) => (b'\r', 2),
            (b'\\', [b'n', ..]) => (b'\n', 2),
            (b'\\', [b'\\', ..]) => (b'\\', 2),
            (b'\\', [b'x', high, low, ..]) => {
                let digits = [*high, *low];
                (u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap(), 4)
            }
            _ => (byte, 1),
        };
        bytes.push(value);
        rest = &rest[length..];
    }
    bytes
}

fn repeated(text: &str) -> String {
    let repetition = Regex::new(r"\\\((.*?)\*(\d+)\)").unwrap();
    let written_out = |found: &Captures<'_>| found[1].repeat(found[2].parse().unwrap());
    repetition.replace_all(text, written_out).into_owned()
}

fn differences(expected: &Expected, answer: &Answer) -> Vec<String> {
    let mut wrong = Vec::new();
    if answer.status.to_string() != expected.status {
        wrong.push(format!("status is {}, not {}", answer.status, expected.status));
    }
    for (name, value) in &expected.fields {
        let value = value.as_deref();
        let pattern = value.and_then(|value| value.strip_prefix("~ "));
        let is_met = match pattern {
            Some(pattern) => {
                answer.header(name).is_some_and(|sent| Regex::new(pattern).unwrap().is_match(sent))
            }
            None => answer.header(name) == value,
        };
        if !is_met {
            wrong.push(format!("{name} is {:?}, not {value:?}", answer.header(name)));
        }
    }
    if let Some(body) = &expected.body
        && answer.text() != body.join("\n")
    {
        wrong.push(format!("body is not\n{}", body.join("\n")));
    }
    if let Some(pattern) = &expected.pattern
        && !Regex::new(pattern).unwrap().is_match(&answer.text())
    {
        wrong.push(format!("body does not match {pattern}"));
    }
    let missing = expected.texts.iter().filter(|text| !answer.text().contains(text.as_str()));
    wrong.extend(missing.map(|text| format!("body has not {text}")));
    wrong
}

fn parse(text: &str) -> Conversation {
    let mut conversation = Conversation { arguments: Vec::new(), exchanges: Vec::new() };
    for line in text.lines() {
        match line.split_at_checked(2).unwrap_or((line, "")) {
            ("$ ", arguments) => conversation.arguments.extend(arguments.split(' ').map(str::to_owned)),
            ("##", title) => {
                let title = title.trim_start_matches(['#', ' ']).to_owned();
                conversation.exchanges.push(Exchange { title, ..Exchange::default() });
            }
            _ if line.starts_with('#') || line.trim().is_empty() => {}
            _ => {
                let exchange = conversation.exchanges.last_mut().expect("a title (`### ...`) stands first");
                exchange.line(line);
            }
        }
    }
    conversation
}

impl Exchange {
    fn line(&mut self, line: &str) {
        let (mark, rest) = line.split_at(1);
        let rest = rest.strip_prefix(' ').unwrap_or(rest);
        match mark {
            ">" if self.head.last().is_some_and(String::is_empty) => self.body.push(rest.to_owned()),
            ">" => self.head.push(rest.to_owned()),
            "<" if self.expected.status.is_empty() => {
                self.head.retain(|line| !line.is_empty());
                self.expected.status = rest.to_owned();
            }
            "<" if self.expected.body.is_some() => {
                self.expected.body.iter_mut().for_each(|body| body.push(rest.to_owned()))
            }
            "<" if rest.is_empty() => self.expected.body = Some(Vec::new()),
            "<" => self.expected.fields.push(field(rest)),
            "~" => self.expected.pattern = Some(rest.to_owned()),
            "=" => self.expected.repeats = Some(repeats(rest)),
            "+" => self.expected.texts.push(rest.to_owned()),
            _ => panic!("{line:?} is neither a request (`>`) nor an answer (`<`, `~`, `+`, `=`)"),
        }
    }
}

fn repeats(word: &str) -> bool {
    match word {
        "same" => true,
        "other" => false,
        _ => panic!("{word:?} is neither `same` nor `other`"),
    }
}

fn field(line: &str) -> (String, Option<String>) {
    match (line.strip_prefix('!'), line.split_once(": ")) {
        (Some(name), _) => (name.to_owned(), None),
        (None, Some((name, value))) => (name.to_owned(), Some(value.to_owned())),
        (None, None) => panic!("{line:?} is no field"),
    }
}
