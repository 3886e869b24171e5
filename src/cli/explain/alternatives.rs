//! Why not the others: operations, responses, media types, examples and rules that did not become the answer.

use std::cmp::Reverse;

use mocker_engine::Source;
use mocker_plan::{Match, Operation, Reply, method_name};

use super::account::Explained;
use super::report::Others;
use super::steps::{key_text, media};
use crate::limits::MAX_NEAREST_PATHS;

/// What did not become the answer, by kind; only kinds of which there are some.
pub(super) fn of(explained: &Explained<'_>, matching: &[Match]) -> Vec<Others> {
    let mut others = operations(explained, matching);
    if let Source::Document { operation, reply, .. } = &explained.account.source {
        let operation = explained.deployment.plan.operation(*operation);
        others.extend(responses(operation, reply));
    }
    others.push(Others { kind: "rules", reasons: rules(explained) });
    if !explained.is_answered() && matching.is_empty() {
        others.push(Others { kind: "nearest paths", reasons: nearest(explained) });
    }
    others.retain(|others| !others.reasons.is_empty());
    others
}

/// Other operations whose paths match.
fn operations(explained: &Explained<'_>, matching: &[Match]) -> Vec<Others> {
    let method = &*explained.asked.method;
    let chosen = matching.iter().find(|found| Some(found.operation) == explained.account.operation);
    let (mut methods, mut templates) = (Vec::new(), Vec::new());
    for found in matching.iter().filter(|found| Some(found.operation) != explained.account.operation) {
        let of = explained.deployment.plan.operation(found.operation);
        let other = method_name(&of.model().method);
        let declared = explained.declared(found.operation).text();
        match chosen {
            _ if other != method => methods.push(format!("{declared}: is asked for by {other}")),
            Some(chosen) if shape(&chosen.template) == shape(&found.template) => {
                templates.push(format!(
                    "{declared}: has the same paths, and is not the one that comes first and fits"
                ));
            }
            Some(chosen) => {
                templates.push(format!(
                    "{declared}: {} is less concrete than {}",
                    found.template, chosen.template
                ));
            }
            None => templates.push(format!("{declared}: is not reachable under {}", found.template)),
        }
    }
    vec![
        Others { kind: "other methods", reasons: methods },
        Others { kind: "other paths", reasons: templates },
    ]
}

/// A template without the names of its variables.
fn shape(template: &str) -> String {
    let mut shape = String::new();
    let mut is_inside = false;
    for c in template.chars() {
        match c {
            '{' => is_inside = true,
            '}' => is_inside = false,
            _ if is_inside => continue,
            _ => {}
        }
        shape.push(c);
    }
    shape
}

/// Responses, media types and examples beside those that are sent.
fn responses(operation: &Operation, reply: &Reply) -> Vec<Others> {
    let all = operation.model().responses.iter().enumerate();
    let others = all.filter(|(index, _)| Some(*index) != reply.response()).map(|(_, (key, _))| {
        let key = key_text(*key);
        match key.parse::<u16>() {
            Ok(code) => format!("{key}: is asked for by `Prefer: code={code}`"),
            Err(_) => format!("{key}: answers a code of its own that is asked for by `Prefer: code=...`"),
        }
    });
    let responses = Others { kind: "other responses", reasons: others.collect() };
    let content = reply.response().map(|index| &operation.model().responses[index].1.content);
    let content = content.into_iter().flatten().enumerate();
    let others = content
        .filter(|(index, _)| Some(*index) != reply.media())
        .map(|(_, media)| format!("{}: is asked for by `Accept: {0}`", media.name));
    let types = Others { kind: "other media types", reasons: others.collect() };
    vec![responses, types, Others { kind: "other examples", reasons: examples(operation, reply) }]
}

fn examples(operation: &Operation, reply: &Reply) -> Vec<String> {
    let Some(media) = media(operation, reply) else { return Vec::new() };
    let is_generated = operation.generates(reply) == Some(true);
    let sent =
        operation.example_of(reply).filter(|_| !is_generated).map(|(.., example)| usize::from(example));
    let others = media.examples.iter().enumerate().filter(|(index, _)| Some(*index) != sent);
    let reason = |(_, example): (usize, &mocker_plan::model::Example)| match &*example.name {
        "" => "the example: is not sent where data is generated".to_owned(),
        name => format!("{name}: is asked for by `Prefer: example={name}`"),
    };
    others.map(reason).collect()
}

/// Rules of the user's that are not the answer.
fn rules(explained: &Explained<'_>) -> Vec<String> {
    use mocker_engine::behaviour::Pick;
    let responses = explained.behaviour().and_then(|behaviour| behaviour.responses.as_ref());
    let rules = responses.map(|responses| responses.rules.as_slice()).unwrap_or_default();
    let reason = |(index, (rule, holds)): (usize, (&mocker_engine::behaviour::Rule, &bool))| {
        let why = if *holds { "holds, but something goes before it" } else { "does not hold" };
        (explained.account.pick != Some(Pick::Rule(index)))
            .then(|| format!("rule {}: {} {why}", index + 1, rule.when))
    };
    rules.iter().zip(&explained.account.rules).enumerate().filter_map(reason).collect()
}

/// The paths that look most like the one that was asked for.
fn nearest(explained: &Explained<'_>) -> Vec<String> {
    let plan = &explained.deployment.plan;
    let paths = (0..plan.len() as u32).flat_map(|number| plan.paths(number));
    let mut near: Vec<(usize, Match)> =
        paths.map(|path| (distance(&path.template, &explained.asked.path), path)).collect();
    near.sort_by_key(|(distance, path)| (*distance, Reverse(path.base_path.len())));
    let mut named: Vec<String> = Vec::new();
    for (_, path) in near {
        let method = method_name(&plan.operation(path.operation).model().method);
        let line = format!("{method} {}", path.template);
        if named.len() < MAX_NEAREST_PATHS && !named.contains(&line) {
            named.push(line);
        }
    }
    named
}

/// How far a path is from a template, by segments: a variable is near to anything.
fn distance(template: &str, path: &str) -> usize {
    let (mut template, mut path) = (template.split('/'), path.split('/'));
    let mut sum = 0;
    loop {
        sum += match (template.next(), path.next()) {
            (None, None) => return sum,
            (Some(one), Some(other)) if one.starts_with('{') && !other.is_empty() => 0,
            (Some(one), Some(other)) => strsim::osa_distance(one, other) * 2,
            (Some(one), None) | (None, Some(one)) => 1 + one.len().min(4),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::{distance, shape};

    #[test]
    fn names_of_variables_do_not_count() {
        assert_eq!(shape("/a/{b}-{c}/d"), shape("/a/{x}-{y}/d"));
        assert_ne!(shape("/a/{b}"), shape("/a/b"));
    }

    #[test]
    fn a_misspelt_path_is_nearest_to_what_was_meant() {
        let templates = ["/pets", "/pets/{id}", "/owners", "/pets/{id}/photos"];
        for (path, expected) in
            [("/pest", "/pets"), ("/pet/7", "/pets/{id}"), ("/pets/7/fotos", "/pets/{id}/photos")]
        {
            let nearest = templates.iter().min_by_key(|template| distance(template, path));
            assert_eq!(nearest, Some(&expected), "{path}");
        }
    }
}
