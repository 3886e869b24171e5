//! What constrains nothing: `default`, examples, `title`, `x-faker`, `xml`.

use mocker_source::{Kind, Node};

use super::schema::Draft;
use super::{Lowering, Resolve};
use crate::node::{Notes, Xml};

impl<'t, R: Resolve<'t>> Lowering<'t, R> {
    pub(super) fn note(&mut self, draft: &mut Draft<'t>, keyword: &str, value: Node<'t>) {
        let notes = notes(draft);
        match keyword {
            "default" => notes.default = Some(value.to_json()),
            "x-faker" => notes.faker = Some(Box::new(value.to_json())),
            _ => notes.xml = Some(Box::new(xml(value))),
        }
    }

    /// `example` first, then the list of `examples` (an object of named ones, as media types
    /// have them, occurs too).
    pub(super) fn examples(&mut self, draft: &mut Draft<'t>) {
        if let Some(title) = draft.title.and_then(Node::as_str) {
            let name = self.intern(title);
            notes(draft).name = Some(name);
        }
        let listed = draft.examples.filter(|list| list.kind() == Kind::Array);
        if draft.example.is_none() && listed.is_none() {
            return;
        }
        let all = draft.example.into_iter().chain(listed.into_iter().flat_map(Node::items));
        notes(draft).examples = all.map(Node::to_json).collect();
    }
}

pub(super) fn notes<'d>(draft: &'d mut Draft<'_>) -> &'d mut Notes {
    draft.node.notes.get_or_insert_with(Box::<Notes>::default)
}

fn xml(value: Node<'_>) -> Xml {
    let text = |key: &str| value.get(key).and_then(Node::as_str);
    let flag = |key: &str| value.get(key).and_then(Node::as_bool).unwrap_or(false);
    let node_type = text("nodeType");
    Xml {
        name: text("name").map(Into::into),
        namespace: text("namespace").map(Into::into),
        prefix: text("prefix").map(Into::into),
        attribute: flag("attribute") || node_type == Some("attribute"),
        wrapped: flag("wrapped") || node_type == Some("element"),
        text: matches!(node_type, Some("text" | "cdata")),
    }
}
