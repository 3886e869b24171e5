//! `mocker check --resources`: what was found in the documents, and why.

use std::fmt::Write;

use mocker_openapi::{Document, Loaded};
use mocker_plan::resources::{self, Form, Resource, Resources};
use serde_json::{Value, json};

use crate::cli::format::Format;
use crate::report;

/// The report of documents.
pub(super) fn report(documents: &[&Loaded], format: Format) -> String {
    let found = documents.iter().map(|loaded| (*loaded, loaded.document.as_ref()));
    let found =
        found.map(|(loaded, document)| (loaded, document, document.map(resources::find).unwrap_or_default()));
    match format {
        Format::Text => found
            .map(|(loaded, document, found)| as_text(loaded, document, &found))
            .collect::<Vec<_>>()
            .join("\n"),
        Format::Json => {
            let told = found.map(|(loaded, document, found)| as_json(loaded, document, &found));
            format!("{:#}\n", Value::from_iter(told))
        }
    }
}

/// One line of the table.
struct Line {
    what: &'static str,
    of: String,
    why: String,
}

fn as_text(loaded: &Loaded, document: Option<&Document>, found: &Resources) -> String {
    let mut out = String::new();
    let lines: Vec<(&Resource, Vec<Line>)> =
        found.found.iter().map(|resource| (resource, lines(document, found, resource))).collect();
    let all = lines.iter().flat_map(|(_, lines)| lines);
    let widest = all.map(|line| line.of.chars().count()).max().unwrap_or(0).min(super::WIDEST);
    for (resource, lines) in &lines {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{}  {}", resource.name, resource.collection);
        for Line { what, of, why } in lines {
            let _ = writeln!(out, "  {what:<10}  {of:widest$}  {why}");
        }
    }
    if let (Some(document), false) = (document, found.doubts.is_empty()) {
        let _ = writeln!(out, "left out");
        for doubt in &found.doubts {
            let _ =
                writeln!(out, "  {}: {}", resources::operation_name(document, doubt.operation), doubt.reason);
        }
    }
    let _ = writeln!(
        out,
        "{}: {}, {} of {} belong to one, {} left out",
        report::root(loaded),
        report::counted(found.found.len(), "resource"),
        found.found.iter().map(|resource| resource.actions.len()).sum::<usize>(),
        report::counted(document.map_or(0, |document| document.operations.len()), "operation"),
        found.doubts.len(),
    );
    out
}

fn lines(document: Option<&Document>, found: &Resources, resource: &Resource) -> Vec<Line> {
    let actions = resource.actions.iter().zip(document.into_iter().cycle()).map(|(action, document)| Line {
        what: action.role.verb(),
        of: resources::operation_name(document, action.operation),
        why: match &action.body {
            Some(at) if !at.0.is_empty() => format!("{} (in `{at}`)", action.reason),
            _ => action.reason.clone(),
        },
    });
    let identity = resource.identity.iter().map(|identity| Line {
        what: "identity",
        of: identity.property.join("."),
        why: identity.reason.clone(),
    });
    let nameless = resource.identity.is_none().then(|| Line {
        what: "identity",
        of: "none".to_owned(),
        why: "no property is what the path asks for".to_owned(),
    });
    let parent = resource.parent.iter().map(|parent| Line {
        what: "within",
        of: match &parent.property {
            Some(property) => format!("{} by {}", found.found[parent.resource].name, property.join(".")),
            None => found.found[parent.resource].name.to_string(),
        },
        why: parent.reason.clone(),
    });
    let references = resource.references.iter().map(|reference| Line {
        what: "refers to",
        of: format!("{} by {}", found.found[reference.target].name, reference.property.join(".")),
        why: reference.reason.clone(),
    });
    actions.chain(identity).chain(nameless).chain(parent).chain(references).collect()
}

fn as_json(loaded: &Loaded, document: Option<&Document>, found: &Resources) -> Value {
    let doubts = found.doubts.iter().zip(document.into_iter().cycle()).map(|(doubt, document)| {
        json!({ "operation": resources::operation_name(document, doubt.operation), "why": doubt.reason })
    });
    let resources = found.found.iter().zip(document.into_iter().cycle());
    json!({
        "file": report::root(loaded),
        "title": document.map(|document| &document.title),
        "resources": Value::from_iter(resources.map(|(resource, document)| resource_json(document, found, resource))),
        "leftOut": Value::from_iter(doubts),
    })
}

fn resource_json(document: &Document, found: &Resources, resource: &Resource) -> Value {
    let actions = resource.actions.iter().map(|action| {
        json!({
            "operation": resources::operation_name(document, action.operation),
            "role": action.role.name(),
            "in": action.body.as_ref().map(ToString::to_string),
            "why": action.reason,
        })
    });
    let references = resource.references.iter().map(|reference| {
        json!({
            "property": reference.property.join("."),
            "resource": found.found[reference.target].name,
            "by": match reference.form {
                Form::Identity => "identity",
                Form::Whole => "whole",
                Form::Either => "identity or whole",
            },
            "many": reference.is_many,
            "why": reference.reason,
        })
    });
    json!({
        "name": resource.name,
        "collection": resource.collection,
        "operations": Value::from_iter(actions),
        "identity": resource.identity.as_ref().map(|identity| json!({
            "property": identity.property.join("."),
            "variable": identity.variable,
            "why": identity.reason,
        })),
        "parent": resource.parent.as_ref().map(|parent| json!({
            "resource": found.found[parent.resource].name,
            "variable": parent.variable,
            "property": parent.property.as_ref().map(|property| property.join(".")),
            "why": parent.reason,
        })),
        "references": Value::from_iter(references),
    })
}
