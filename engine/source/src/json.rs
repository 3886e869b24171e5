//! JSON into a tree: `serde_json` judges the grammar, a second pass takes the values with their places.

use memchr::memchr2;
use serde::de::IgnoredAny;

use crate::builder::{Builder, Fault, Place};
use crate::number;
use crate::tree::{KeyId, Tag};
use crate::{Diagnostic, FileId, Severity, Tree};

/// Parses JSON (RFC 8259).
pub(crate) fn read(file: FileId, text: &str) -> Result<(Tree, Vec<Diagnostic>), Fault> {
    serde_json::from_str::<IgnoredAny>(text).map_err(|error| syntax_fault(text, &error))?;
    let mut reader = Reader { text, at: 0, key: None, builder: Builder::new(file, text) };
    match reader.read_all() {
        Ok(()) => Ok(reader.builder.finish()),
        Err(fault) => Ok(reader.builder.fail(fault)),
    }
}

/// Walks over text whose grammar is known to be right, so that commas and colons are blanks.
struct Reader<'a> {
    text: &'a str,
    at: usize,
    key: Option<(KeyId, u32)>,
    builder: Builder<'a>,
}

impl<'a> Reader<'a> {
    fn read_all(&mut self) -> Result<(), Fault> {
        while let Some(&byte) = self.text.as_bytes().get(self.at) {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' | b',' | b':' => self.at += 1,
                b'"' => self.string()?,
                b'{' => self.open(Tag::Object)?,
                b'[' => self.open(Tag::Array)?,
                b'}' | b']' => {
                    self.at += 1;
                    self.builder.close()?;
                }
                b't' => self.literal(Tag::True)?,
                b'f' => self.literal(Tag::False)?,
                b'n' => self.literal(Tag::Null)?,
                _ => self.number()?,
            }
        }
        Ok(())
    }

    fn open(&mut self, tag: Tag) -> Result<(), Fault> {
        let place = self.place(self.at);
        self.at += 1;
        self.builder.open(tag, place).map(drop)
    }

    fn literal(&mut self, tag: Tag) -> Result<(), Fault> {
        self.bare(tag).map(drop)
    }

    fn number(&mut self) -> Result<(), Fault> {
        let start = self.at;
        let literal = bare_literal(self.text, start);
        if number::parse(literal).is_some() {
            return self.bare(Tag::Number).map(drop);
        }
        let message =
            format!("the number `{literal}` is beyond what a 64-bit float can hold, and is read as null");
        let index = self.bare(Tag::Null)?;
        let fault = Fault { code: "number-range", message, help: "", at: start as u32 };
        self.builder.remark(Severity::Warning, fault, Some(index));
        Ok(())
    }

    fn bare(&mut self, tag: Tag) -> Result<u32, Fault> {
        let place = self.place(self.at);
        let literal = bare_literal(self.text, self.at);
        self.at += literal.len();
        self.builder.scalar(tag, literal, place).map(|built| built.index)
    }

    fn string(&mut self) -> Result<(), Fault> {
        let start = self.at;
        let (quoted, escaped) = quoted_string(self.text, start);
        self.at += quoted.len();
        let unescaped;
        let mut text = &quoted[1..quoted.len() - 1];
        if escaped {
            unescaped = self.unescape(quoted, start);
            text = &unescaped;
        }
        if self.key.is_none() && self.builder.in_object() == Some(true) {
            self.key = Some((self.builder.intern(text), start as u32));
            return Ok(());
        }
        let place = self.place(start);
        self.builder.scalar(Tag::String, text, place).map(drop)
    }

    fn unescape(&mut self, quoted: &str, start: usize) -> String {
        serde_json::from_str(quoted).unwrap_or_else(|_| {
            let fault = Fault {
                code: "lone-surrogate",
                message: "half of a surrogate pair stands in this string, and is read as U+FFFD".to_owned(),
                help: "write `\\uD83D\\uDE00`-like pairs whole, or the character itself",
                at: start as u32,
            };
            self.builder.remark(Severity::Warning, fault, None);
            replace_lone_surrogates(quoted)
        })
    }

    fn place(&mut self, at: usize) -> Place {
        let (key, key_at) = self.key.take().unwrap_or((KeyId::NONE, at as u32));
        Place { key, key_at, at: at as u32 }
    }
}

/// The string literal at `start` with its quotes, and whether there are escapes in it.
fn quoted_string(text: &str, start: usize) -> (&str, bool) {
    let bytes = text.as_bytes();
    let mut at = start + 1;
    let mut escaped = false;
    while let Some(found) = memchr2(b'"', b'\\', &bytes[at..]) {
        at += found;
        if bytes[at] == b'"' {
            break;
        }
        escaped = true;
        at += 2;
    }
    (&text[start..=at], escaped)
}

/// The literal at `start` that has no quotes.
fn bare_literal(text: &str, start: usize) -> &str {
    let rest = &text[start..];
    let end = rest.find([',', ']', '}', ' ', '\t', '\n', '\r']).unwrap_or(rest.len());
    &rest[..end]
}

/// Decodes each escape by itself where the string as a whole cannot be.
fn replace_lone_surrogates(quoted: &str) -> String {
    let mut rest = &quoted[1..quoted.len() - 1];
    let mut decoded = String::with_capacity(rest.len());
    while let Some(at) = rest.find('\\') {
        decoded.push_str(&rest[..at]);
        rest = &rest[at..];
        let lengths: &[usize] = if rest.as_bytes().get(1) == Some(&b'u') { &[12, 6] } else { &[2] };
        let whole = lengths.iter().find_map(|&length| {
            let escape = rest.get(..length)?;
            serde_json::from_str::<String>(&format!("\"{escape}\"")).ok().map(|text| (text, length))
        });
        let (text, length) = whole.unwrap_or_else(|| ("\u{FFFD}".to_owned(), 6.min(rest.len())));
        decoded.push_str(&text);
        rest = &rest[length..];
    }
    decoded.push_str(rest);
    decoded
}

fn syntax_fault(text: &str, error: &serde_json::Error) -> Fault {
    let line_start =
        text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
    let at = (line_start + error.column().saturating_sub(1)).min(text.len());
    let full = error.to_string();
    let message = full.split(" at line ").next().unwrap_or(&full);
    let message = format!("this is not JSON: {message}");
    Fault { code: "json-syntax", help: syntax_help(&message), message, at: at as u32 }
}

fn syntax_help(message: &str) -> &'static str {
    const HELP: [(&str, &str); 8] = [
        ("EOF while parsing", "the file ends too early: close every `{`, `[` and `\"`"),
        ("trailing comma", "remove the comma before the closing bracket"),
        ("key must be a string", "put the key in double quotes, and no comma behind the last member"),
        ("expected `,`", "put a comma between members, and none after the last"),
        ("expected `:`", "write `\"key\": value`"),
        ("trailing characters", "one file holds one value: remove what follows it"),
        ("control character", "write line breaks in strings as `\\n`, tabs as `\\t`"),
        ("invalid escape", "write a backslash in a string as `\\\\`"),
    ];
    let known = HELP.iter().find(|(part, _)| message.contains(part));
    known.map_or(
        "values are objects, arrays, strings in double quotes, numbers, true, false and null",
        |(_, help)| help,
    )
}
