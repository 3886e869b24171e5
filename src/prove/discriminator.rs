//! OpenAPI's `discriminator` of requests, said in JSON Schema. A request names by a property which branch of `oneOf` or
//! `anyOf` it means, and by that one alone it is judged, as Prism judges it (OpenAPI 3.0.3, "Discriminator Object").
//! Responses have to obey the keywords as they stand.

use mocker_schema::lower::Dialect;
use mocker_schema::validate::Direction;
use mocker_source::Node;
use serde_json::{Value, json};

use super::reading::Reading;

/// The branches of a keyword where the discriminator chooses among them; `branches` are translated, in their order.
/// `None` where it names none of them.
pub(super) fn chosen_by_tag<'t>(
    reading: Reading<'_, 't>,
    schema: Node<'t>,
    keyword: &str,
    branches: &[Value],
) -> Option<Value> {
    let discriminator = schema.get("discriminator").filter(|_| reading.direction == Direction::Request)?;
    let property = discriminator.as_str().or_else(|| discriminator.get("propertyName")?.as_str())?;
    let named = named(reading, discriminator, schema.get(keyword)?);
    if named.is_empty() {
        return None;
    }
    let is =
        |rule: Value| json!({ "type": "object", "required": [property], "properties": { property: rule } });
    let one = |(name, branch): &(&str, usize)| json!({ "if": is(json!({ "const": name })), "then": branches[*branch] });
    let names: Vec<&str> = named.iter().map(|(name, _)| *name).collect();
    Some(json!({
        "if": is(json!({ "enum": names })),
        "then": { "allOf": Value::from_iter(named.iter().map(one)) },
        "else": { keyword: branches },
    }))
}

/// Names with the branch that each stands for: those of `mapping`, then the last parts of the branches' references.
fn named<'t>(reading: Reading<'_, 't>, discriminator: Node<'t>, branches: Node<'t>) -> Vec<(&'t str, usize)> {
    let targets: Vec<Option<Node<'t>>> = branches.items().map(|branch| reading.resolved(branch)).collect();
    let mut known: Vec<&str> = Vec::new();
    let mut named = Vec::new();
    for (name, target) in discriminator.get("mapping").into_iter().flat_map(Node::entries) {
        let Some(target) = target.as_str().and_then(|text| mapped(reading, target, text)) else { continue };
        known.push(name);
        let target = reading.resolved(target);
        named.extend(targets.iter().position(|branch| *branch == target).map(|branch| (name, branch)));
    }
    for (index, branch) in branches.items().enumerate() {
        let Some(reference) = branch.get("$ref").and_then(Node::as_str) else { continue };
        let name = reference.rsplit(['/', '#']).next().unwrap_or(reference);
        if !name.is_empty() && !known.contains(&name) {
            known.push(name);
            named.push((name, index));
        }
    }
    named
}

/// A bare name is looked for among the document's schemas first (OpenAPI 3.1.1, "Discriminator Object").
fn mapped<'t>(reading: Reading<'_, 't>, at: Node<'t>, text: &str) -> Option<Node<'t>> {
    let folder = match reading.dialect {
        Dialect::Swagger2 => "#/definitions/",
        _ => "#/components/schemas/",
    };
    let component = || reading.references.target(at, &format!("{folder}{text}"));
    let is_bare = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'));
    is_bare.then(component).flatten().or_else(|| reading.references.target(at, text))
}
