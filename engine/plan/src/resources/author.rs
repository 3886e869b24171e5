//! `x-mocker-resource`: what the author says outright.

use mocker_openapi::model::Operation;
use serde_json::Value;

use super::{Pointer, Role, Step};

/// Name of the extension, a member of an operation.
pub(super) const EXTENSION: &str = "x-mocker-resource";

/// What the author says of one operation; empty where nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    /// The operation belongs to no resource
    pub(super) is_none: bool,
    /// What the resource is called
    pub(super) name: Option<String>,
    pub(super) role: Option<Role>,
    /// Property that identifies
    pub(super) identity: Option<Vec<Box<str>>>,
    /// Where the answer has the entities
    pub(super) body: Option<Pointer>,
    /// Properties, and the names of the resources they refer to
    pub(super) references: Vec<(Vec<Box<str>>, String)>,
}

/// Reads `x-mocker-resource` of an operation.
///
/// # Errors
/// A sentence that says what is not understood.
pub(super) fn said(operation: &Operation) -> Result<Said, String> {
    let own = operation.extensions.iter().find(|(name, _)| **name == *EXTENSION);
    let Some((_, value)) = own else { return Ok(Said::default()) };
    match value {
        Value::Bool(false) => Ok(Said { is_none: true, ..Said::default() }),
        Value::String(name) if !name.is_empty() => Ok(Said { name: Some(name.clone()), ..Said::default() }),
        Value::Object(members) => {
            let mut said = Said::default();
            for (key, value) in members {
                member(&mut said, key, value)?;
            }
            Ok(said)
        }
        _ => Err(format!("`{EXTENSION}` should be a name, an object or `false`")),
    }
}

fn member(said: &mut Said, key: &str, value: &Value) -> Result<(), String> {
    match (key, value) {
        ("name", Value::String(name)) if !name.is_empty() => said.name = Some(name.clone()),
        ("role", Value::String(name)) => {
            let role = Role::named(name).ok_or_else(|| {
                format!("`{EXTENSION}`: no role `{name}`; there are list, read, create, replace, change and delete")
            })?;
            said.role = Some(role);
        }
        ("identity", Value::String(path)) if !names(path).is_empty() => said.identity = Some(names(path)),
        ("items", Value::String(path)) => {
            said.body = Some(Pointer(names(path).into_iter().map(Step::Member).collect()));
        }
        ("references", Value::Object(references)) => {
            for (property, target) in references {
                let Value::String(target) = target else {
                    return Err(format!(
                        "`{EXTENSION}`: `references.{property}` should be the name of a resource"
                    ));
                };
                if names(property).is_empty() {
                    return Err(format!(
                        "`{EXTENSION}`: `references` has `{property}`, which names no property"
                    ));
                }
                said.references.push((names(property), target.clone()));
            }
        }
        ("identity", Value::String(path)) => {
            return Err(format!("`{EXTENSION}`: `identity` is `{path}`, which names no property"));
        }
        ("name" | "identity" | "items", _) => return Err(format!("`{EXTENSION}`: `{key}` should be a text")),
        ("role", _) => return Err(format!("`{EXTENSION}`: `role` should be list, read, create or the like")),
        ("references", _) => {
            return Err(format!("`{EXTENSION}`: `references` should have names of resources by property"));
        }
        _ => {
            return Err(format!(
                "`{EXTENSION}`: no member `{key}`; there are name, role, identity, items, references"
            ));
        }
    }
    Ok(())
}

/// `owner.id` as names of members.
fn names(path: &str) -> Vec<Box<str>> {
    path.split('.').filter(|name| !name.is_empty()).map(Into::into).collect()
}
