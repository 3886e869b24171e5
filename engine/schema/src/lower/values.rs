//! `type`, `enum`, `const` and `format`, which real documents let contradict one another.

use mocker_source::{Kind, Node};
use serde_json::Value;

use super::notes::notes;
use super::schema::Draft;
use super::{Lowering, Resolve};
use crate::Types;
use crate::format::Format;
use crate::validate::equality::{equal, hash};

impl<'t, R: Resolve<'t>> Lowering<'t, R> {
    pub(super) fn format(&mut self, draft: &mut Draft<'t>, value: Node<'t>) {
        match value.as_str() {
            Some(name) => {
                let format = Format::from_name(name);
                if format == Format::Other {
                    notes(draft).format = Some(name.into());
                }
                draft.node.format = Some(format);
            }
            None => self.warn("keyword-type", value, "`format` is a string; it is ignored"),
        }
    }

    /// `type`, then the values that agree with it.
    pub(super) fn types_and_values(&mut self, draft: &mut Draft<'t>) {
        if let Some(types) = draft.types {
            self.types(draft, types);
        }
        if let Some(enumeration) = draft.enumeration {
            self.enumeration(draft, enumeration);
        }
        let Some(constant) = draft.constant.map(Node::to_json) else { return };
        match &mut draft.node.values {
            Some(values) if values.iter().any(|value| equal(value, &constant)) => *values = [constant].into(),
            Some(values) => *values = [].into(),
            None => draft.node.values = Some([constant].into()),
        }
        draft.node.constant = draft.enumeration.is_none();
    }

    fn types(&mut self, draft: &mut Draft<'t>, value: Node<'t>) {
        let named = match value.kind() {
            Kind::String => self.type_named(draft, value),
            Kind::Array if !value.is_empty() => {
                let members: Vec<_> = value.items().map(|member| self.type_named(draft, member)).collect();
                members.into_iter().try_fold(Types::NONE, |all, one| Some(all.or(one?)))
            }
            _ => {
                self.warn("type-unknown", value, "`type` is a name or a list of names; it is ignored");
                None
            }
        };
        if let Some(types) = named {
            draft.node.types = types;
        }
    }

    fn type_named(&mut self, draft: &mut Draft<'t>, value: Node<'t>) -> Option<Types> {
        let Some(name) = value.as_str() else {
            if value.is_null() {
                return Some(Types::NULL);
            }
            self.warn("type-unknown", value, "`type` is a string; it is ignored");
            return None;
        };
        if let Some(types) = known_type(name) {
            return Some(types);
        }
        if name == "file" {
            draft.node.format = Some(Format::Binary);
            return Some(Types::STRING);
        }
        let folded = known_type(&name.to_ascii_lowercase());
        match folded {
            Some(_) => {
                let right = name.to_ascii_lowercase();
                self.warn("type-unknown", value, format!("no type is named `{name}`; read as `{right}`"));
            }
            None => {
                self.warn("type-unknown", value, format!("no type is named `{name}`; any value is allowed"))
            }
        }
        folded
    }

    fn enumeration(&mut self, draft: &mut Draft<'t>, list: Node<'t>) {
        if list.kind() != Kind::Array || list.is_empty() {
            self.warn("enum-empty", list, "`enum` is a list of at least one value; it is ignored");
            return;
        }
        let types = if draft.nullable { draft.node.types.or(Types::NULL) } else { draft.node.types };
        let mut values: Vec<Value> = list.items().map(Node::to_json).collect();
        let agreeing = values.iter().filter(|value| types.contains(Types::of(value))).count();
        if agreeing == 0
            && draft.node.types == Types::STRING
            && list.items().all(|value| value.scalar_text().is_some())
        {
            self.warn("enum-type", list, "the values of `enum` are no strings; read as their text");
            let texts = list.items().filter_map(|value| value.scalar_text());
            values = texts.map(|text| Value::String(text.to_owned())).collect();
        } else if agreeing == 0 {
            let wanted = types.names().join(" or ");
            self.warn(
                "enum-type",
                list,
                format!("no value of `enum` is of type {wanted}; nothing is allowed"),
            );
        } else if agreeing < values.len() {
            let wanted = types.names().join(" or ");
            self.warn(
                "enum-type",
                list,
                format!("values of `enum` that are not of type {wanted} are left out"),
            );
            values.retain(|value| types.contains(Types::of(value)));
        }
        deduplicate(&mut values);
        draft.node.values = Some(values.into());
    }
}

fn known_type(name: &str) -> Option<Types> {
    Some(match name {
        "string" => Types::STRING,
        "integer" => Types::INTEGER,
        "number" => Types::NUMBER,
        "boolean" => Types::BOOLEAN,
        "array" => Types::ARRAY,
        "object" => Types::OBJECT,
        "null" => Types::NULL,
        _ => return None,
    })
}

fn deduplicate(values: &mut Vec<Value>) {
    let mut seen: std::collections::HashMap<u64, Vec<usize>> = std::collections::HashMap::new();
    let mut kept: Vec<Value> = Vec::with_capacity(values.len());
    for value in values.drain(..) {
        let same = seen.entry(hash(&value)).or_default();
        if !same.iter().any(|index| equal(&kept[*index], &value)) {
            same.push(kept.len());
            kept.push(value);
        }
    }
    *values = kept;
}
