//! XML as OpenAPI's `xml` object shapes it (OpenAPI 3.1, section 4.8.26).

use std::borrow::Cow;

use mocker_schema::SchemaId;
use mocker_schema::node::Xml;
use serde_json::Value;

use super::{Typed, scalar, view};
use crate::limits::MAX_XML_DEPTH;

/// A document with `value` as its root element.
pub(super) fn write(typed: Typed<'_>, value: &Value) -> Vec<u8> {
    let mut writer = Writer { typed, out: String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n") };
    let schema = typed.schema;
    let own = schema.and_then(|id| view::xml(typed.schemas, id));
    let named = own.and_then(|xml| xml.name.as_deref());
    let component = schema.and_then(|id| view::name(typed.schemas, id));
    let name = named.or(component).unwrap_or(if value.is_array() { "items" } else { "root" });
    match value {
        Value::Array(items) => writer.wrapped(name, own, schema, items, 0),
        single => writer.element(name, own, schema, single, 0),
    }
    writer.out.into_bytes()
}

struct Writer<'s> {
    typed: Typed<'s>,
    out: String,
}

impl Writer<'_> {
    fn xml(&self, schema: Option<SchemaId>) -> Option<&Xml> {
        schema.and_then(|id| view::xml(self.typed.schemas, id))
    }

    /// One value as one element.
    fn element(
        &mut self,
        name: &str,
        xml: Option<&Xml>,
        schema: Option<SchemaId>,
        value: &Value,
        depth: usize,
    ) {
        let tag = qualified(name, xml);
        self.out.push('<');
        self.out.push_str(&tag);
        self.namespace(xml);
        if let Value::Object(members) = value {
            for (member, value) in members {
                self.attribute(schema, member, value);
            }
        }
        if value.is_null() || depth > MAX_XML_DEPTH {
            self.out.push_str("/>");
            return;
        }
        self.out.push('>');
        match value {
            Value::Object(members) => {
                for (member, value) in members {
                    self.member(schema, member, value, depth + 1);
                }
            }
            Value::Array(items) => self.items(name, schema, items, depth + 1),
            single => escape(&scalar(single), &mut self.out),
        }
        self.out.push_str("</");
        self.out.push_str(&tag);
        self.out.push('>');
    }

    fn namespace(&mut self, xml: Option<&Xml>) {
        let Some(xml) = xml else { return };
        let Some(namespace) = &xml.namespace else { return };
        match &xml.prefix {
            Some(prefix) => self.out.push_str(&format!(" xmlns:{}=\"", sane(prefix))),
            None => self.out.push_str(" xmlns=\""),
        }
        escape(namespace, &mut self.out);
        self.out.push('"');
    }

    fn attribute(&mut self, parent: Option<SchemaId>, member: &str, value: &Value) {
        let schema = parent.and_then(|id| view::property(self.typed.schemas, id, member));
        let Some(xml) = self.xml(schema).filter(|xml| xml.attribute).cloned() else { return };
        if value.is_object() || value.is_array() {
            return;
        }
        self.out.push(' ');
        self.out.push_str(&qualified(xml.name.as_deref().unwrap_or(member), Some(&xml)));
        self.out.push_str("=\"");
        escape(&scalar(value), &mut self.out);
        self.out.push('"');
    }

    fn member(&mut self, parent: Option<SchemaId>, member: &str, value: &Value, depth: usize) {
        let schema = parent.and_then(|id| view::property(self.typed.schemas, id, member));
        let xml = self.xml(schema).cloned();
        let xml = xml.as_ref();
        let structured = value.is_object() || value.is_array();
        if xml.is_some_and(|xml| xml.attribute) && !structured {
            return;
        }
        if xml.is_some_and(|xml| xml.text) && !structured {
            escape(&scalar(value), &mut self.out);
            return;
        }
        let name = xml.and_then(|xml| xml.name.as_deref()).unwrap_or(member);
        match value {
            Value::Array(items) if xml.is_some_and(|xml| xml.wrapped) => {
                self.wrapped(name, xml, schema, items, depth)
            }
            Value::Array(items) => self.items(name, schema, items, depth),
            single => self.element(name, xml, schema, single, depth),
        }
    }

    /// An array inside an element of its own.
    fn wrapped(
        &mut self,
        name: &str,
        xml: Option<&Xml>,
        schema: Option<SchemaId>,
        items: &[Value],
        depth: usize,
    ) {
        let tag = qualified(name, xml);
        let xml = xml.cloned();
        self.out.push_str(&format!("<{tag}"));
        self.namespace(xml.as_ref());
        self.out.push('>');
        self.items(name, schema, items, depth + 1);
        self.out.push_str(&format!("</{tag}>"));
    }

    /// Each element of an array, named by the items' own `xml.name`, else as the array.
    fn items(&mut self, name: &str, schema: Option<SchemaId>, items: &[Value], depth: usize) {
        if depth > MAX_XML_DEPTH {
            return;
        }
        for (index, value) in items.iter().enumerate() {
            let schema = schema.and_then(|id| view::item(self.typed.schemas, id, index));
            let xml = self.xml(schema).cloned();
            let own = xml.as_ref().and_then(|xml| xml.name.as_deref());
            self.element(own.unwrap_or(name), xml.as_ref(), schema, value, depth);
        }
    }
}

fn qualified(name: &str, xml: Option<&Xml>) -> String {
    // A prefix that no namespace declares would make the document ill-formed to namespace-aware readers.
    match xml.filter(|xml| xml.namespace.is_some()).and_then(|xml| xml.prefix.as_deref()) {
        Some(prefix) => format!("{}:{}", sane(prefix), sane(name)),
        None => sane(name).into_owned(),
    }
}

/// A legal element name (XML 1.0, production 5, its ASCII part and letters).
fn sane(name: &str) -> Cow<'_, str> {
    let starts = |c: char| c.is_alphabetic() || c == '_';
    let continues = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    if name.starts_with(starts) && name.chars().all(continues) {
        return Cow::Borrowed(name);
    }
    let mut legal: String = name.chars().map(|c| if continues(c) { c } else { '_' }).collect();
    if !legal.starts_with(starts) {
        legal.insert(0, '_');
    }
    Cow::Owned(legal)
}

/// Text with markup escaped; characters that XML cannot hold (production 2) are left out.
fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(c),
            c if c < ' ' || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mocker_schema::Schemas;

    #[test]
    fn elements_nest_within_the_limit() {
        let schemas = Schemas::default();
        let written = |depth: usize| {
            let value = (0..depth).fold(Value::from("deep"), |inner, _| serde_json::json!({ "a": inner }));
            let bytes = write(Typed { schemas: &schemas, schema: None }, &value);
            String::from_utf8_lossy(&bytes).contains("deep")
        };
        assert!(written(MAX_XML_DEPTH) && !written(MAX_XML_DEPTH + 1));
    }
}
