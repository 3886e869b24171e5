//! What the configuration may hold, as data: everything that knows its keys is made from these tables - parsing, the
//! help for unknown keys, flags, variables, the schema for editors, the commented file, the page of the docs.

use std::path::Path;

/// What a value may be.
pub(crate) enum Shape {
    /// `true` or `false`
    Bool,
    /// Text
    Text,
    /// Text, number or boolean, taken as the text that is written
    Scalar,
    /// One of these words
    Choice(&'static [Word]),
    /// A whole number
    Integer { least: u64, most: u64 },
    /// Any number
    Number { least: f64, most: f64 },
    /// A time, in milliseconds
    Time { least: u64, most: u64, bare: Bare },
    /// A size, in bytes
    Size { least: u64, most: u64 },
    /// Text with a grammar of its own
    Parsed(&'static Grammar),
    /// A file; relative to the file that names it
    File,
    /// An API description: a file or folder, relative to the file that names it, a URL, or `-`
    Document,
    /// Any value
    Any,
    /// Values in order
    List(&'static Shape),
    /// Values under names of the user's
    Map { keys: &'static Grammar, of: &'static Shape },
    /// Known keys
    Table(&'static Table),
    /// One of several, told apart by what kind of value they are
    Either(&'static [Shape]),
}

/// What a number without a unit means where a time stands.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Bare {
    /// Seconds, as the flags have it
    Seconds,
    /// Nothing: a unit is needed
    Nothing,
}

/// One word of a choice.
pub(crate) struct Word {
    pub(crate) name: &'static str,
    /// Another way to write it
    pub(crate) alias: Option<&'static str>,
    pub(crate) about: &'static str,
}

/// A grammar of texts.
pub(crate) struct Grammar {
    /// What such a text is, with an article
    pub(crate) name: &'static str,
    pub(crate) example: &'static str,
    /// What JSON Schema can say of it (ECMA-262)
    pub(crate) pattern: Option<&'static str>,
    /// What would be right, where it is not
    pub(crate) check: fn(&str) -> Result<(), String>,
}

/// A mapping of known keys.
pub(crate) struct Table {
    /// Its name among the definitions of the schema
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) fields: &'static [Field],
    /// Keys that begin in a known way
    pub(crate) families: &'static [Family],
    pub(crate) rules: &'static [Rule],
}

/// Keys with a common beginning, such as `header.X-Session`.
pub(crate) struct Family {
    pub(crate) prefix: &'static str,
    /// What follows it, as the docs name it
    pub(crate) rest: &'static str,
    pub(crate) shape: Shape,
    pub(crate) about: &'static str,
}

/// What a table asks of its keys together.
pub(crate) enum Rule {
    /// One of them, and no other
    OneOf(&'static [&'static str]),
    /// One of them at most
    AtMostOne(&'static [&'static str]),
    /// Something must stand there
    NotEmpty,
    /// The list under this key has something in it
    Filled(&'static str),
    /// A key is one of these words, unless one of the other keys is there
    OneWord { key: &'static str, unless: &'static [&'static str], words: &'static [Word] },
}

/// One key of a table.
pub(crate) struct Field {
    pub(crate) key: &'static str,
    /// Names that other servers have for it; fields of a table may share one
    pub(crate) aliases: &'static [&'static str],
    pub(crate) shape: Shape,
    /// One or two sentences without a final stop
    pub(crate) about: &'static str,
    /// As text
    pub(crate) default: Option<&'static str>,
    pub(crate) flags: &'static [Flag],
    /// Over its flags in the help of `mocker start`
    pub(crate) heading: Option<&'static str>,
    pub(crate) is_required: bool,
    /// Lines of YAML, indented as in the file, key included
    pub(crate) example: Option<&'static str>,
    /// A text of a file with the path in it joined to the file's folder, where its shape does not say that it is one
    pub(crate) joined: Option<fn(&Path, &str) -> String>,
}

/// A flag that gives a value. Names are separated by blanks: the long one, aliases of it, a short one.
pub(crate) enum Flag {
    /// `--name VALUE`, with the name of the value
    Value(&'static str, &'static str),
    /// `--name`, or `--name=false`
    Switch(&'static str),
    /// `--name` alone stands for a value; what it does
    Stands(&'static str, &'static str, &'static str),
}

impl Field {
    pub(crate) const fn new(key: &'static str, shape: Shape, about: &'static str) -> Field {
        Field {
            key,
            aliases: &[],
            shape,
            about,
            default: None,
            flags: &[],
            heading: None,
            is_required: false,
            example: None,
            joined: None,
        }
    }

    pub(crate) const fn also(self, aliases: &'static [&'static str]) -> Field {
        Field { aliases, ..self }
    }

    pub(crate) const fn default(self, default: &'static str) -> Field {
        Field { default: Some(default), ..self }
    }

    pub(crate) const fn flags(self, flags: &'static [Flag]) -> Field {
        Field { flags, ..self }
    }

    pub(crate) const fn under(self, heading: &'static str) -> Field {
        Field { heading: Some(heading), ..self }
    }

    pub(crate) const fn required(self) -> Field {
        Field { is_required: true, ..self }
    }

    pub(crate) const fn example(self, example: &'static str) -> Field {
        Field { example: Some(example), ..self }
    }

    pub(crate) const fn joined(self, joined: fn(&Path, &str) -> String) -> Field {
        Field { joined: Some(joined), ..self }
    }
}

impl Flag {
    /// All names, dashes and all.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> {
        let (Flag::Value(names, _) | Flag::Switch(names) | Flag::Stands(names, ..)) = self;
        names.split(' ')
    }

    /// `--port`
    pub(crate) fn long(&self) -> &'static str {
        self.names().next().unwrap_or_default()
    }
}

impl Table {
    /// Whether it cannot be empty of value, as a section is whose lines are all comments.
    pub(crate) fn is_strict(&self) -> bool {
        !self.rules.is_empty() || self.fields.iter().any(|field| field.is_required)
    }

    /// The shape of the value under a key, where that key may stand.
    pub(crate) fn shape(&self, key: &str) -> Option<&'static Shape> {
        let is_named = |field: &&Field| field.key == key || field.aliases.contains(&key);
        let field = self.fields.iter().find(is_named).map(|field| &field.shape);
        let of = |family: &&Family| key.strip_prefix(family.prefix).is_some_and(|rest| !rest.is_empty());
        field.or_else(|| self.families.iter().find(of).map(|family| &family.shape))
    }
}

impl Shape {
    /// Whether it is one value, or a list of texts: what a variable or a flag can give as it stands.
    pub(crate) fn is_plain(&self) -> bool {
        match self {
            Shape::List(of) => {
                matches!(of, Shape::Text | Shape::Parsed(_) | Shape::File | Shape::Document)
            }
            Shape::Any | Shape::Map { .. } | Shape::Table(_) | Shape::Either(_) => false,
            _ => true,
        }
    }
}
