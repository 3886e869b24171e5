//! YAML 1.2 into a tree, from the events of `libyaml-safer`.

use std::collections::HashMap;
use std::io::{BufReader, Chain, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use libyaml_safer::{Error, ErrorKind, Event, EventData, Parser, ScalarStyle};
use memchr::memmem;

use crate::builder::{self, Builder, Built, Fault, Place};
use crate::limits::{MAX_DEPTH, MAX_TAG_DIRECTIVES};
use crate::scalar::{self, Scalar};
use crate::tree::{KeyId, Tag};
use crate::{Diagnostic, FileId, Severity, Tree};

/// Bytes decoded at once; small enough to stay in the processor's cache.
const READ_BYTES: usize = 16 << 10;

type Scanner<'a> = Parser<BufReader<Chain<&'a [u8], &'static [u8]>>>;

/// Parses the first document of a YAML stream.
pub(crate) fn read(file: FileId, text: &str) -> (Tree, Vec<Diagnostic>) {
    let mut builder = Builder::new(file, text);
    if let Some(at) = memmem::find_iter(text.as_bytes(), "\n%TAG ").nth(MAX_TAG_DIRECTIVES) {
        return builder.fail(too_many_directives(at as u32 + 1));
    }
    // The scanner panics on a few malformed inputs (a tag straight before a flow comma, for one).
    let outcome = catch_unwind(AssertUnwindSafe(|| Reader::new(text, &mut builder).read_stream()));
    match outcome {
        Ok(Ok(())) => builder.finish(),
        Ok(Err(fault)) => builder.fail(fault),
        Err(_) => {
            let at = builder.last_offset();
            builder.fail(unscannable(at))
        }
    }
}

#[derive(Clone)]
enum Anchor {
    /// Of a container that is still being read.
    Open,
    Done(Built),
    /// Of a key, which is no value of the tree.
    Key(Tag, String),
}

/// What the next value of an object belongs to.
#[derive(Clone, Copy)]
enum Key {
    Member(KeyId, u32),
    Merge(u32),
}

struct Reader<'a, 'b> {
    text: &'a str,
    scanner: Scanner<'a>,
    builder: &'b mut Builder<'a>,
    anchors: HashMap<String, Anchor>,
    key: Option<Key>,
    /// Anchor and key of each open container.
    open: Vec<(Option<String>, Option<Key>)>,
}

impl<'a, 'b> Reader<'a, 'b> {
    fn new(text: &'a str, builder: &'b mut Builder<'a>) -> Self {
        let mut scanner = Parser::new();
        // The scanner needs a line break at the end.
        scanner.set_input(BufReader::with_capacity(READ_BYTES, text.as_bytes().chain(&b"\n"[..])));
        Reader { text, scanner, builder, anchors: HashMap::new(), key: None, open: Vec::new() }
    }

    fn read_stream(mut self) -> Result<(), Fault> {
        loop {
            let event = self.next()?;
            let at = offset(&event);
            match event.data {
                EventData::DocumentEnd { .. } => return self.read_rest(),
                EventData::StreamEnd => {
                    let message = "the file is empty".to_owned();
                    let fault = Fault { code: "empty-file", message, help: "", at: 0 };
                    self.builder.remark(Severity::Warning, fault, None);
                    return Ok(());
                }
                EventData::StreamStart { .. } | EventData::DocumentStart { .. } => {}
                EventData::SequenceEnd | EventData::MappingEnd => self.close()?,
                data if self.awaits_key() => self.read_key(data, at)?,
                data => self.read_value(data, at)?,
            }
        }
    }

    /// Looks whether anything follows the first document.
    fn read_rest(&mut self) -> Result<(), Fault> {
        let event = self.next()?;
        if matches!(event.data, EventData::DocumentStart { .. }) {
            let fault = Fault {
                code: "many-documents",
                message: "a second YAML document begins here; only the first one is read".to_owned(),
                help: "put each document into a file of its own",
                at: offset(&event),
            };
            self.builder.remark(Severity::Warning, fault, None);
        }
        Ok(())
    }

    fn next(&mut self) -> Result<Event, Fault> {
        self.scanner.parse().map_err(|error| syntax_fault(self.text, &error))
    }

    fn awaits_key(&self) -> bool {
        self.key.is_none() && self.builder.in_object() == Some(true)
    }

    fn read_key(&mut self, data: EventData, at: u32) -> Result<(), Fault> {
        match data {
            EventData::Scalar { value, tag: None, style: ScalarStyle::Plain, .. } if value == "<<" => {
                self.key = Some(Key::Merge(at));
            }
            EventData::Scalar { value, anchor, tag, style, .. } => {
                self.key = Some(Key::Member(self.builder.intern(&value), at));
                if let Some(anchor) = anchor {
                    let kind = match scalar::resolve(&value, tag.as_deref(), style == ScalarStyle::Plain) {
                        Scalar::Plain(kind) => kind,
                        Scalar::NotFinite => Tag::Null,
                    };
                    self.anchors.insert(anchor, Anchor::Key(kind, value));
                }
            }
            EventData::Alias { anchor } => match self.aliased_key(&anchor) {
                Some(text) => self.key = Some(Key::Member(self.builder.intern(&text), at)),
                None => self.skip_complex(None, at)?,
            },
            data => self.skip_complex(Some(data), at)?,
        }
        Ok(())
    }

    /// Leaves a member out whose key is no scalar.
    fn skip_complex(&mut self, key: Option<EventData>, at: u32) -> Result<(), Fault> {
        if let Some(key) = key {
            self.skip(&key)?;
        }
        let value = self.next()?.data;
        self.skip(&value)?;
        let fault = Fault {
            code: "complex-key",
            message: "a list or mapping cannot be a key; this member is left out".to_owned(),
            help: "where `{...}` or `[...]` is meant as text, put it in quotes",
            at,
        };
        self.builder.remark(Severity::Error, fault, None);
        Ok(())
    }

    /// Reads past a value; what nests too deep is refused here as well, for the scanner slows down with it.
    fn skip(&mut self, first: &EventData) -> Result<(), Fault> {
        let mut depth = usize::from(is_start(first));
        while depth > 0 {
            let event = self.next()?;
            if is_start(&event.data) {
                depth += 1;
            } else if matches!(event.data, EventData::SequenceEnd | EventData::MappingEnd) {
                depth -= 1;
            }
            if self.open.len() + depth > MAX_DEPTH {
                return Err(builder::too_deep(offset(&event)));
            }
        }
        Ok(())
    }

    fn read_value(&mut self, data: EventData, at: u32) -> Result<(), Fault> {
        let key = self.key.take();
        let place = match key {
            Some(Key::Member(key, key_at)) => Place { key, key_at, at },
            Some(Key::Merge(key_at)) => Place { key: self.builder.intern("<<"), key_at, at },
            None => Place { key: KeyId::NONE, key_at: at, at },
        };
        match data {
            EventData::Scalar { anchor, tag, value, style, .. } => {
                let plain = style == ScalarStyle::Plain;
                let built = self.put_scalar(&value, tag.as_deref(), plain, place)?;
                self.finish_value(built, anchor, key)
            }
            EventData::Alias { anchor } => self.put_alias(&anchor, key, place),
            EventData::SequenceStart { anchor, .. } => self.open(Tag::Array, anchor, key, place),
            EventData::MappingStart { anchor, .. } => self.open(Tag::Object, anchor, key, place),
            _ => Ok(()),
        }
    }

    fn put_scalar(
        &mut self,
        text: &str,
        tag: Option<&str>,
        plain: bool,
        place: Place,
    ) -> Result<Built, Fault> {
        match scalar::resolve(text, tag, plain) {
            Scalar::Plain(kind) => self.builder.scalar(kind, text, place),
            Scalar::NotFinite => {
                let built = self.builder.scalar(Tag::Null, text, place)?;
                let fault = Fault {
                    code: "number-range",
                    message: format!("JSON has no number `{text}`; it is read as null"),
                    help: "leave the value out, or put it in quotes",
                    at: place.at,
                };
                self.builder.remark(Severity::Warning, fault, Some(built.index));
                Ok(built)
            }
        }
    }

    fn put_alias(&mut self, name: &str, key: Option<Key>, place: Place) -> Result<(), Fault> {
        match (self.anchors.get(name).cloned(), key) {
            (Some(Anchor::Done(built)), Some(Key::Merge(at))) => {
                self.merge(built, at);
                Ok(())
            }
            (Some(Anchor::Done(built)), _) => self.builder.copy(built, place).map(drop),
            (Some(Anchor::Key(kind, text)), _) => self.builder.scalar(kind, &text, place).map(drop),
            (missing, _) => {
                let built = self.builder.scalar(Tag::Null, "", place)?;
                let fault = alias_fault(name, missing.is_some(), place.at);
                self.builder.remark(Severity::Error, fault, Some(built.index));
                Ok(())
            }
        }
    }

    /// The text of a key that is an alias.
    fn aliased_key(&self, name: &str) -> Option<String> {
        match self.anchors.get(name)? {
            Anchor::Done(built) => self.builder.scalar_text(built.index).map(str::to_owned),
            Anchor::Key(_, text) => Some(text.clone()),
            Anchor::Open => None,
        }
    }

    fn open(
        &mut self,
        tag: Tag,
        anchor: Option<String>,
        key: Option<Key>,
        place: Place,
    ) -> Result<(), Fault> {
        if let Some(anchor) = &anchor {
            self.anchors.insert(anchor.clone(), Anchor::Open);
        }
        self.builder.open(tag, place)?;
        self.open.push((anchor, key));
        Ok(())
    }

    fn close(&mut self) -> Result<(), Fault> {
        let built = self.builder.close()?;
        let (anchor, key) = self.open.pop().unwrap_or_default();
        self.finish_value(built, anchor, key)
    }

    fn finish_value(&mut self, built: Built, anchor: Option<String>, key: Option<Key>) -> Result<(), Fault> {
        if let Some(anchor) = anchor {
            self.anchors.insert(anchor, Anchor::Done(built));
        }
        if let Some(Key::Merge(at)) = key {
            self.builder.hide(built.index);
            self.merge(built, at);
        }
        Ok(())
    }

    fn merge(&mut self, source: Built, at: u32) {
        if self.builder.merge_later(source) {
            return;
        }
        let fault = Fault {
            code: "merge-key",
            message: "`<<` merges mappings, and this is none; it is left out".to_owned(),
            help: "write `<<: *anchor` or `<<: [*one, *two]`, or quote the key",
            at,
        };
        self.builder.remark(Severity::Error, fault, None);
    }
}

fn offset(event: &Event) -> u32 {
    event.start_mark.index as u32
}

fn is_start(data: &EventData) -> bool {
    matches!(data, EventData::SequenceStart { .. } | EventData::MappingStart { .. })
}

fn alias_fault(name: &str, recursive: bool, at: u32) -> Fault {
    if recursive {
        let message = format!("the alias `*{name}` stands inside of its own anchor; it is read as null");
        return Fault { code: "recursive-alias", message, help: "describe recursion with `$ref`", at };
    }
    let message = format!("there is no anchor `&{name}` before this alias; it is read as null");
    let help = "define the anchor above, or put text that begins with `*` in quotes";
    Fault { code: "unknown-alias", message, help, at }
}

fn too_many_directives(at: u32) -> Fault {
    let message = format!("the file has more than {MAX_TAG_DIRECTIVES} `%TAG` directives");
    Fault { code: "yaml-syntax", message, help: "leave them out: tags of your own are ignored", at }
}

fn unscannable(at: u32) -> Fault {
    let message = "this is not YAML: the scanner gave up after the value that begins here".to_owned();
    Fault { code: "yaml-syntax", message, help: "look for a stray tag (`!`), or an unclosed quote", at }
}

fn syntax_fault(text: &str, error: &Error) -> Fault {
    let mark = error.problem_mark();
    let at = if error.kind() == ErrorKind::Reader {
        first_control(text)
    } else {
        mark.map_or(0, |mark| mark.index as u32)
    };
    let message = match error.context() {
        Some(context) => format!("this is not YAML: {} {context}", error.problem()),
        None => format!("this is not YAML: {}", error.problem()),
    };
    Fault { code: "yaml-syntax", help: syntax_help(text, at, error.problem()), message, at }
}

/// The first character that YAML does not allow (YAML 1.2.2, 5.1).
fn first_control(text: &str) -> u32 {
    let allowed = |character: char| match character {
        '\t' | '\n' | '\r' | '\u{85}' => true,
        '\u{FFFE}' | '\u{FFFF}' => false,
        other => !other.is_control(),
    };
    text.find(|character| !allowed(character)).unwrap_or(0) as u32
}

fn syntax_help(text: &str, at: u32, problem: &str) -> &'static str {
    let before = text.get(..(at as usize).min(text.len())).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    let line = text[line_start..].lines().next().unwrap_or_default();
    let indent = &line[..line.len() - line.trim_start().len()];
    const HELP: [(&str, &str); 6] = [
        ("mapping values are not allowed", "put text that holds `: ` in quotes, and check the indentation"),
        ("could not find expected ':'", "write `key: value`, with the colon on the key's line"),
        ("block end", "indent this line like its neighbours"),
        ("control characters", "remove the character, or write it as `\\x..` in double quotes"),
        ("unexpected end of stream", "the file ends too early: close every quote and bracket"),
        ("document start", "remove what follows the end of the document, or indent it like the first line"),
    ];
    if indent.contains('\t') {
        return "indent with spaces: YAML allows no tabs there";
    }
    HELP.iter()
        .find(|(part, _)| problem.contains(part))
        .map_or("check indentation and quotes", |(_, help)| help)
}
