//! Names with values: queries, header fields, form fields. As lists of objects, or as one text.

use std::borrow::Cow;

use mocker_source::{Kind, Node};
use percent_encoding::percent_decode_str;

use super::Collection;
use crate::codes;
use crate::limits::PARAMETERS;

/// A name with its value, where it is sent.
pub(super) struct Pair<'t> {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) node: Node<'t>,
}

/// How pairs are written.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Syntax {
    /// `name=value&name=value`, and objects with what stands in the URL
    Query,
    /// `name=value&name=value`, or objects with what is meant
    Form,
    /// `name: value`, one a line
    Fields,
}

impl Syntax {
    fn marks(self) -> (char, char) {
        match self {
            Syntax::Query | Syntax::Form => ('&', '='),
            Syntax::Fields => ('\n', ':'),
        }
    }
}

impl<'t> Collection<'_, '_, 't> {
    /// The pairs of the member `key`, without those that are disabled.
    pub(super) fn pairs(&mut self, holder: Node<'t>, key: &str, syntax: Syntax) -> Vec<Pair<'t>> {
        let Some(member) = holder.get(key) else { return Vec::new() };
        match member.kind() {
            Kind::Null => Vec::new(),
            Kind::String => self.pairs_of_text(member, member.as_str().unwrap_or_default(), syntax),
            Kind::Array => {
                self.check_count(member, member.len());
                let items = member.items().take(PARAMETERS);
                items.filter_map(|item| self.pair(item, key, syntax)).collect()
            }
            _ => {
                self.reader.wrong_type(member, key, "an array");
                Vec::new()
            }
        }
    }

    /// The pairs of a text that stands at `node`.
    pub(super) fn pairs_of_text(&mut self, node: Node<'t>, text: &str, syntax: Syntax) -> Vec<Pair<'t>> {
        let parts = || text.split(syntax.marks().0).filter(|part| !part.trim().is_empty());
        self.check_count(node, parts().count());
        parts().take(PARAMETERS).filter_map(|part| self.written(node, part, syntax)).collect()
    }

    fn check_count(&mut self, node: Node<'t>, count: usize) {
        if count > PARAMETERS {
            let message = format!("more than {PARAMETERS} names with values; the rest is left out");
            self.error(codes::TOO_MANY_PARAMETERS, node, message, "leave some out");
        }
    }

    fn pair(&mut self, item: Node<'t>, key: &str, syntax: Syntax) -> Option<Pair<'t>> {
        match item.kind() {
            Kind::Null => None,
            Kind::String => self.written(item, item.as_str()?, syntax),
            Kind::Object if self.reader.flag(item, "disabled") == Some(true) => None,
            Kind::Object => {
                let name = self.reader.text(item, "key")?;
                let value = self.reader.text(item, "value").unwrap_or_default();
                match syntax {
                    Syntax::Query => self.named(item, &decoded(name), &decoded(value)),
                    Syntax::Form | Syntax::Fields => self.named(item, name, value),
                }
            }
            _ => {
                self.reader.wrong_type(item, key, "an object");
                None
            }
        }
    }

    fn written(&mut self, node: Node<'t>, text: &str, syntax: Syntax) -> Option<Pair<'t>> {
        let (name, value) = text.split_once(syntax.marks().1).unwrap_or((text, ""));
        match syntax {
            Syntax::Query | Syntax::Form => self.named(node, &decoded(name), &decoded(value)),
            Syntax::Fields => self.named(node, name, value),
        }
    }

    /// Nothing can be sent under an empty name, or one that nobody knows.
    fn named(&mut self, node: Node<'t>, name: &str, value: &str) -> Option<Pair<'t>> {
        let name = self.resolved(node, name.trim()).into_owned();
        if name.is_empty() || name.contains("{{") {
            return None;
        }
        let value = self.resolved(node, value.trim()).into_owned();
        Some(Pair { name, value, node })
    }
}

fn decoded(text: &str) -> Cow<'_, str> {
    percent_decode_str(text).decode_utf8_lossy()
}
