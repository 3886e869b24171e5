//! Templates: texts and JSON values with `{{ }}` and `{% %}` in them, compiled once, rendered for each request.
//!
//! The way of a template: [`lex`] cuts it into tags, [`guard`] puts the operators that make texts under the budget,
//! [`assemble`] and [`structured`] put together what MiniJinja compiles and remember where each part came from,
//! [`build`] compiles and judges it. At run time [`functions`] and [`filters`] bind the host's topics, [`print`] writes
//! what `{{ }}` gives, [`meter`] keeps the budgets, [`fault`] finds the way back to the user's file.

mod assemble;
mod build;
mod convert;
mod fault;
mod filters;
mod functions;
mod guard;
mod lex;
pub mod limits;
mod meter;
mod print;
mod structured;

use std::io;
use std::rc::Rc;

use minijinja::Environment;
use minijinja::value::Value;
use mocker_source::{FileId, Node};

pub use meter::Budgets;

use crate::Fault;
use crate::context::{self, Context};
use crate::script::Clock;
use assemble::Assembled;

/// Whether a text is a template: it holds `{{` or `{%`.
pub fn is_template(text: &str) -> bool {
    text.as_bytes().windows(2).any(|pair| pair[0] == b'{' && matches!(pair[1], b'{' | b'%'))
}

/// Whether a text of a value, or the name of a member, is a template.
pub fn has_template(value: &serde_json::Value) -> bool {
    match value {
        serde_json::Value::String(text) => is_template(text),
        serde_json::Value::Array(elements) => elements.iter().any(has_template),
        serde_json::Value::Object(members) => {
            members.iter().any(|(name, member)| is_template(name) || has_template(member))
        }
        _ => false,
    }
}

/// Names that every template knows, in the order of the alphabet.
pub fn function_names() -> &'static [&'static str] {
    functions::NAMES
}

/// Filters that every template knows.
pub fn filter_names() -> impl Iterator<Item = &'static str> {
    filters::names()
}

/// What a template is made from.
#[derive(Clone, Debug)]
pub struct TemplateSource {
    /// What it is, for people: as ``example `cat` of GET /pets``
    pub name: Box<str>,
    /// The file as the user named it
    pub file: Box<str>,
    /// The file in diagnostics
    pub file_id: Option<FileId>,
    /// Of its first character, from 1
    pub line: usize,
    /// Of its first character, from 1, in characters. The lines of a text are taken to start in the same column.
    pub column: usize,
    /// The template
    pub content: Content,
}

/// The two forms of templates.
#[derive(Clone, Debug)]
pub enum Content {
    /// A text that is rendered to JSON: texts that are printed are escaped for the inside of a string
    Json(Box<str>),
    /// Any other text: what is printed is not escaped
    Text(Box<str>),
    /// A JSON value whose texts and names may be templates
    Value {
        /// The value
        value: serde_json::Value,
        /// Line and column of its texts by JSON pointer, where they are known
        places: Vec<(Box<str>, usize, usize)>,
    },
}

impl Content {
    /// A value of a document, with the places of its texts.
    pub fn of_node(node: Node<'_>) -> Content {
        let mut found = Vec::new();
        find_places(node, node.pointer().len(), &mut found);
        Content::Value { value: node.to_json(), places: found }
    }
}

/// Places of the texts that are templates, by their pointers without the first `base` bytes.
fn find_places(node: Node<'_>, base: usize, found: &mut Vec<(Box<str>, usize, usize)>) {
    if node.as_str().is_some_and(is_template) {
        let position = node.position();
        let pointer = node.pointer().get(base..).unwrap_or_default().into();
        found.push((pointer, position.line as usize, position.column as usize));
    }
    for item in node.items() {
        find_places(item, base, found);
    }
    for (key, _) in node.entries() {
        if let Some(member) = node.get(key) {
            find_places(member, base, found);
        }
    }
}

/// Which template of a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TemplateId(pub u32);

/// Compiled templates, shared by all cores.
pub struct Templates {
    environment: Environment<'static>,
    entries: Vec<Entry>,
    budgets: Budgets,
    /// Without one the budget of time is not looked at
    clock: Option<Clock>,
    root: Value,
}

/// One template.
struct Entry {
    /// The interpreter's name for it
    key: Box<str>,
    file: Box<str>,
    assembled: Assembled,
    /// Why it cannot be rendered
    fault: Option<Fault>,
}

impl Default for Templates {
    fn default() -> Templates {
        Templates {
            environment: Environment::empty(),
            entries: Vec::new(),
            budgets: Budgets::default(),
            clock: None,
            root: Value::UNDEFINED,
        }
    }
}

impl Templates {
    /// The same, with a clock for the budget of time.
    pub fn with_clock(self, clock: Clock) -> Templates {
        Templates { clock: Some(clock), ..self }
    }

    /// How many there are, those that cannot be rendered among them.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether a template can be rendered: its faults were told when it was compiled.
    pub fn is_sound(&self, id: TemplateId) -> bool {
        self.entries.get(id.0 as usize).is_some_and(|entry| entry.fault.is_none())
    }

    /// Renders a template behind what `out` has; `out` is as before when it fails.
    ///
    /// # Errors
    /// When the template fails, uses up a budget, or could not be compiled.
    pub fn render(&self, id: TemplateId, context: &Rc<Context>, out: &mut Vec<u8>) -> Result<(), Fault> {
        let Some(entry) = self.entries.get(id.0 as usize) else {
            return Err(fault::unplaced(format!("there is no template {}", id.0)));
        };
        if let Some(fault) = &entry.fault {
            return Err(fault.clone());
        }
        let start = out.len();
        let mut limited = Limited { left: self.budgets.output_bytes, out };
        meter::start(&self.budgets, self.clock);
        let rendered = context::with(context, || {
            let template = self.environment.get_template(&entry.key)?;
            template.render_captured_to(&self.root, &mut limited).map(drop)
        });
        let ended = meter::end();
        rendered.map_err(|error| {
            out.truncate(start);
            fault::of(&error, ended, entry, &self.budgets)
        })
    }
}

/// An output that takes so much and no more.
struct Limited<'a> {
    out: &'a mut Vec<u8>,
    left: usize,
}

impl io::Write for Limited<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(left) = self.left.checked_sub(bytes.len()) else {
            let _ = meter::exceed("output");
            return Err(io::Error::other("the output is full"));
        };
        self.left = left;
        self.out.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
