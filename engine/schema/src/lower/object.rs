//! Keywords of objects.

use std::sync::Arc;

use mocker_source::{Kind, Node};

use super::schema::Draft;
use super::{Lowering, Resolve};
use crate::node::{Named, Names, ObjectRules};

impl<'t, R: Resolve<'t>> Lowering<'t, R> {
    pub(super) fn properties(&mut self, draft: &mut Draft<'t>, value: Node<'t>) {
        let Some(properties) = self.schema_map(value, "properties") else { return };
        for ((name, property), (_, id)) in value.entries().zip(&*properties) {
            self.note_code(name, property, *id);
        }
        let mut sorted: Vec<u32> = (0..properties.len() as u32).collect();
        sorted.sort_unstable_by(|a, b| properties[*a as usize].0.cmp(&properties[*b as usize].0));
        let rules = rules(draft);
        (rules.properties, rules.sorted) = (properties, sorted.into());
    }

    /// `required`: a list of names. Draft 3's boolean inside a property means nothing here.
    pub(super) fn required(&mut self, draft: &mut Draft<'t>, value: Node<'t>) {
        if value.kind() == Kind::Bool {
            let help = "list the property's name under `required` of the object that holds it";
            self.warn(
                "required-boolean",
                value,
                format!("`required` is a list of names; it is ignored: {help}"),
            );
            return;
        }
        if let Some(names) = self.names(value, "required") {
            rules(draft).required = names;
        }
    }

    pub(super) fn object_rule(&mut self, draft: &mut Draft<'t>, keyword: &str, value: Node<'t>) {
        match keyword {
            "additionalProperties" => rules(draft).additional = Some(self.id_of(value)),
            "propertyNames" => rules(draft).names = Some(self.id_of(value)),
            "unevaluatedProperties" => rules(draft).unevaluated = Some(self.id_of(value)),
            "minProperties" => {
                if let Some(count) = self.count(value, keyword) {
                    rules(draft).min_properties = count;
                }
            }
            "maxProperties" => {
                if let Some(count) = self.count(value, keyword) {
                    rules(draft).max_properties = Some(count);
                }
            }
            "patternProperties" => {
                let Some(members) = self.schema_map(value, keyword) else { return };
                let patterns =
                    members.iter().map(|(source, schema)| (self.pattern(source), *schema)).collect();
                rules(draft).patterns = patterns;
            }
            "dependentSchemas" => {
                if let Some(members) = self.schema_map(value, keyword) {
                    rules(draft).dependent_schemas = members;
                }
            }
            _ => self.dependencies(draft, keyword, value),
        }
    }

    /// `dependentRequired`, or `dependencies` of older drafts: lists of names, and schemas.
    fn dependencies(&mut self, draft: &mut Draft<'t>, keyword: &str, value: Node<'t>) {
        if value.kind() != Kind::Object {
            self.warn("keyword-type", value, format!("`{keyword}` is an object; it is ignored"));
            return;
        }
        let (mut names, mut schemas) = (Vec::new(), Vec::new());
        for (name, member) in value.entries() {
            let name = self.intern(name);
            if member.kind() == Kind::Array {
                names.extend(self.names(member, keyword).map(|needed| (name, needed)));
            } else if keyword == "dependencies" {
                schemas.push((name, self.id_of(member)));
            }
        }
        let rules = rules(draft);
        rules.dependent_required = names.into();
        if !schemas.is_empty() {
            rules.dependent_schemas = schemas.into();
        }
    }

    /// The names of a list, each once.
    fn names(&mut self, value: Node<'t>, keyword: &str) -> Option<Names> {
        if value.kind() != Kind::Array {
            self.warn("keyword-type", value, format!("`{keyword}` is a list of names; it is ignored"));
            return None;
        }
        let mut names: Vec<Arc<str>> = Vec::with_capacity(value.len());
        let mut seen = std::collections::HashSet::with_capacity(value.len());
        for member in value.items() {
            match member.as_str() {
                Some(name) if seen.insert(name) => names.push(self.intern(name)),
                Some(_) => {}
                None => {
                    self.warn("keyword-type", member, format!("`{keyword}` lists names; this one is ignored"))
                }
            }
        }
        Some(names.into())
    }

    /// The named schemas of an object; `None` (reported) where it is no object.
    fn schema_map(&mut self, value: Node<'t>, keyword: &str) -> Option<Named> {
        if value.kind() != Kind::Object {
            self.warn("keyword-type", value, format!("`{keyword}` is an object of schemas; it is ignored"));
            return None;
        }
        Some(value.entries().map(|(name, schema)| (self.intern(name), self.id_of(schema))).collect())
    }
}

fn rules<'d>(draft: &'d mut Draft<'_>) -> &'d mut ObjectRules {
    draft.node.object.get_or_insert_with(Box::<ObjectRules>::default)
}
