//! The cases of `specs/http/*.case`: bytes that a client sends, and what the server must do. The format stands in
//! `specs/http/README.md`.

use std::path::{Path, PathBuf};

/// One case.
#[derive(Debug)]
pub struct Case {
    /// The file's name without its ending.
    pub name: String,
    /// What the client sends and what it must get, in order.
    pub steps: Vec<Step>,
    /// How the connection stands at the end.
    pub ending: Ending,
}

/// One step of a case.
#[derive(Debug)]
pub enum Step {
    /// The client sends these bytes.
    Send(Vec<u8>),
    /// The client must get this answer.
    Expect(Answer),
}

/// An answer that the client must get.
#[derive(Debug, Default)]
pub struct Answer {
    /// Three digits, of which 'x' stands for any.
    pub status: String,
    /// Fields that it must have, or must not have.
    pub fields: Vec<(String, Option<String>)>,
    /// The body that it must have, to the byte.
    pub body: Option<Vec<u8>>,
    /// How the server must have read the request: `method`, `path`, `query`, `authority`, `body`.
    pub read: Vec<(String, Vec<u8>)>,
}

impl Answer {
    /// Whether a status code is the one that must come.
    pub fn allows(&self, status: u16) -> bool {
        let status = status.to_string();
        status.len() == self.status.len()
            && status.chars().zip(self.status.chars()).all(|(is, must)| must == 'x' || is == must)
    }
}

/// How a connection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The server waits for the next request.
    Open,
    /// The server waits for the rest of a request.
    Waiting,
    /// The server closed the connection.
    Closed,
}

impl Case {
    /// All bytes that the client sends.
    pub fn sent(&self) -> Vec<u8> {
        let sent = self
            .steps
            .iter()
            .filter_map(|step| if let Step::Send(bytes) = step { Some(&bytes[..]) } else { None });
        sent.flatten().copied().collect()
    }

    /// All answers that the client must get.
    pub fn answers(&self) -> impl Iterator<Item = &Answer> {
        self.steps.iter().filter_map(|step| if let Step::Expect(answer) = step { Some(answer) } else { None })
    }
}

/// Reads all cases of a folder, sorted by name.
///
/// # Panics
/// If a file cannot be read or is no case: a test that cannot be read has failed.
pub fn load(folder: &Path) -> Vec<Case> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a readable folder").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "case"));
    paths.sort();
    paths.iter().map(|path| parse(path)).collect()
}

fn parse(path: &Path) -> Case {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let mut case = Case { name, steps: Vec::new(), ending: Ending::Waiting };
    let mut ended = false;
    for (index, line) in text.lines().enumerate() {
        assert!(!ended || line.is_empty(), "{}:{}: lines behind the ending", path.display(), index + 1);
        let known = parse_line(line, &mut case, &mut ended);
        known.unwrap_or_else(|| panic!("{}:{}: cannot read {line:?}", path.display(), index + 1));
    }
    assert!(ended, "{}: the ending is missing", path.display());
    case
}

fn parse_line(line: &str, case: &mut Case, ended: &mut bool) -> Option<()> {
    match line.as_bytes().first() {
        None | Some(b'#') => {}
        Some(b'>') => send(case, line)?,
        Some(b'<') => {
            let status = line.strip_prefix("< ")?.to_owned();
            case.steps.push(Step::Expect(Answer { status, ..Answer::default() }));
        }
        Some(b'=') => {
            *ended = true;
            case.ending = match line {
                "= open" => Ending::Open,
                "= waiting" => Ending::Waiting,
                "= closed" => Ending::Closed,
                _ => return None,
            };
        }
        Some(_) => condition(case, line)?,
    }
    Some(())
}

/// `> text` or `>*times text`.
fn send(case: &mut Case, line: &str) -> Option<()> {
    let (times, text) = match line.strip_prefix(">*") {
        Some(rest) => rest.split_once(' ').and_then(|(times, text)| Some((times.parse().ok()?, text)))?,
        None => (1, line.strip_prefix("> ")?),
    };
    let bytes = unescape(text)?.repeat(times);
    match case.steps.last_mut() {
        Some(Step::Send(before)) => before.extend(bytes),
        _ => case.steps.push(Step::Send(bytes)),
    }
    Some(())
}

/// An indented line, which says more of the answer above it.
fn condition(case: &mut Case, line: &str) -> Option<()> {
    let Some(Step::Expect(answer)) = case.steps.last_mut() else { return None };
    let line = line.strip_prefix("  ")?;
    if let Some(name) = line.strip_prefix('!') {
        answer.fields.push((name.to_owned(), None));
    } else if let Some(read) = line.strip_prefix("? ") {
        let (what, value) = read.split_once(' ').unwrap_or((read, ""));
        answer.read.push((what.to_owned(), unescape(value)?));
    } else if let Some(body) = line.strip_prefix("body:") {
        answer.body = Some(unescape(body.strip_prefix(' ').unwrap_or(body))?);
    } else {
        let (name, value) = line.split_once(": ")?;
        answer.fields.push((name.to_owned(), Some(value.to_owned())));
    }
    Some(())
}

/// `\r`, `\n`, `\t`, `\\` and `\xHH`.
fn unescape(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        (out, rest) = match (first, behind) {
            (b'\\', [b'x', high, low, behind @ ..]) => {
                let digits = [*high, *low];
                out.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
                (out, behind)
            }
            (b'\\', [letter, behind @ ..]) => {
                out.push(match letter {
                    b'r' => b'\r',
                    b'n' => b'\n',
                    b't' => b'\t',
                    b'\\' => b'\\',
                    _ => return None,
                });
                (out, behind)
            }
            (b'\\', []) => return None,
            (byte, behind) => {
                out.push(*byte);
                (out, behind)
            }
        };
    }
    Some(out)
}
