//! What a generated body is made of: the resource, the key, and from where each of its places comes.

use std::fmt::Write;

use mocker_engine::Source;
use mocker_plan::{Operation, resources};
use serde_json::{Value, json};

use super::account::Explained;
use crate::limits::MAX_EXPLAINED_FIELDS;

/// What a body is made of.
pub(super) struct Body {
    /// The resource of the operation, where it has one
    resource: Option<Resource>,
    /// What the body is a function of, part by part
    made_from: Vec<String>,
    /// Pointers, and from where their values come
    fields: Vec<(String, Vec<String>)>,
    /// Fields that are left out
    cut: usize,
}

struct Resource {
    name: String,
    /// `reads`
    verb: &'static str,
    /// Where its entities have their identity, and why
    identity: Option<(String, String)>,
}

/// What the answer's body is made of; `None` where it is not generated.
pub(super) fn of(explained: &Explained<'_>) -> Option<Body> {
    let Source::Document { operation, reply, entities, .. } = &explained.account.source else { return None };
    let operation = explained.deployment.plan.operation(*operation);
    let all = operation.origins(reply, entities.as_deref())?;
    let shown = all.iter().take(MAX_EXPLAINED_FIELDS);
    let fields = shown.map(|field| {
        let origins = field.origins.iter().map(ToString::to_string).collect();
        (field.pointer.clone(), origins)
    });
    Some(Body {
        resource: resource(operation),
        made_from: explained.account.made_from.clone(),
        fields: fields.collect(),
        cut: all.len().saturating_sub(MAX_EXPLAINED_FIELDS),
    })
}

fn resource(operation: &Operation) -> Option<Resource> {
    let document = operation.document();
    let index = document.operations.iter().position(|known| std::ptr::eq(known, operation.model()))?;
    let found = resources::find(document);
    let (resource, action) = found.of(index)?;
    let identity = resource.identity.as_ref();
    Some(Resource {
        name: resource.name.to_string(),
        verb: action.role.verb(),
        identity: identity.map(|identity| (identity.property.join("."), identity.reason.clone())),
    })
}

impl Resource {
    /// `pets, which the operation reads; identity id (...)`
    fn text(&self) -> String {
        let mut text = format!("{}, which the operation {}", self.name, self.verb);
        if let Some((property, reason)) = &self.identity {
            // Writing to a String cannot fail.
            let _ = write!(text, "; identity {property} ({reason})");
        }
        text
    }
}

impl Body {
    pub(super) fn text(&self) -> String {
        let mut out = "\nbody\n".to_owned();
        if let Some(resource) = &self.resource {
            let _ = writeln!(out, "  resource    {}", resource.text());
        }
        let _ = writeln!(out, "  made from   {}", self.made_from.join(", "));
        let width = self.fields.iter().map(|(pointer, _)| pointer.chars().count()).max().unwrap_or_default();
        for (pointer, origins) in &self.fields {
            let pointer = if pointer.is_empty() { "whole" } else { pointer };
            let _ = writeln!(out, "  {pointer:<width$}  {}", origins.join("; or "));
        }
        if self.cut > 0 {
            let _ = writeln!(out, "  and {} more", self.cut);
        }
        out
    }

    pub(super) fn json(&self) -> Value {
        let field =
            |(pointer, origins): &(String, Vec<String>)| json!({ "pointer": pointer, "sources": origins });
        let resource = self.resource.as_ref().map(|resource| {
            json!({
                "name": resource.name,
                "operation": resource.verb,
                "identity": resource.identity.as_ref().map(|(property, _)| property),
            })
        });
        json!({
            "resource": resource,
            "madeFrom": self.made_from,
            "fields": Value::from_iter(self.fields.iter().map(field)),
            "cut": self.cut,
        })
    }
}
