//! The steps of a request, in their order.

use mocker_engine::Source;
use mocker_engine::behaviour::{Behaviour, Pick};
use mocker_engine::chaos::Scenario;
use mocker_plan::request::{Mode, Severity};
use mocker_plan::{Operation, Reply, model};
use mocker_scripting::ScriptId;

use super::account::Explained;
use super::report::Step;
use crate::behaviours::named;

/// The steps that a request takes.
pub(super) fn of(explained: &Explained<'_>) -> Vec<Step> {
    let mut steps = vec![limits(explained)];
    if let Some(behaviour) = explained.behaviour().filter(|behaviour| !behaviour.plugins.is_empty()) {
        let names: Vec<&str> = behaviour.plugins.iter().map(|plugin| plugin.kind().name()).collect();
        steps.push(step("plugins", names.join(", "), Vec::new()));
    }
    steps.extend(chaos(explained));
    if let Some(operation) = explained.operation() {
        steps.extend(negotiation(explained));
        steps.extend(language(explained));
        steps.push(validation(explained, operation));
    }
    let behaviour = explained.behaviour();
    steps.extend(behaviour.and_then(|behaviour| hooks("before", explained, &behaviour.before)));
    steps.push(step("answer", source(explained), Vec::new()));
    steps.extend(behaviour.and_then(|behaviour| hooks("after", explained, &behaviour.after)));
    steps.extend(behaviour.and_then(moves));
    if explained.operation().is_some_and(Operation::has_callbacks) {
        steps.push(step("callbacks", "follow the answer, unless it refuses".to_owned(), Vec::new()));
    }
    steps
}

fn step(name: &'static str, text: String, details: Vec<String>) -> Step {
    Step { name, text, details }
}

fn limits(explained: &Explained<'_>) -> Step {
    let limits = &explained.deployment.settings.limits;
    let text = format!(
        "head up to {} bytes, target up to {}, body up to {}",
        limits.head, limits.target, limits.body
    );
    step("limits", text, Vec::new())
}

/// Scenarios that could strike.
fn chaos(explained: &Explained<'_>) -> Option<Step> {
    let number = explained.account.operation?;
    let scenarios = explained.deployment.behaviours.chaos.of_operation(number);
    let details: Vec<String> = scenarios.map(|(scenario, is_on)| scenario_line(scenario, is_on)).collect();
    let text = match explained.is_chaos_on {
        true => "could strike; the answer below is the one without",
        false => "is off",
    };
    (!details.is_empty()).then(|| step("chaos", text.to_owned(), details))
}

fn scenario_line(scenario: &Scenario, is_on: bool) -> String {
    let schedule = &scenario.schedule;
    let mut line = format!("{} ({})", scenario.name, scenario.effect.kind().name());
    if !is_on {
        line.push_str(", off");
    }
    line.push_str(&format!(", probability {}", schedule.probability));
    if schedule.every > 1 {
        line.push_str(&format!(", of {} requests the last", schedule.every));
    }
    if !scenario.scopes.is_empty() {
        line.push_str(&format!(", scopes {}", scenario.scopes.join(", ")));
    }
    line
}

/// Which media type was agreed on.
fn negotiation(explained: &Explained<'_>) -> Option<Step> {
    // A refusal does not ask what the client takes.
    let Source::Document { operation, reply, is_refusal: false, .. } = &explained.account.source else {
        return None;
    };
    let operation = explained.deployment.plan.operation(*operation);
    let media = media(operation, reply)?;
    let text = match explained.asked.field("accept") {
        Some(accept) => format!("Accept: {accept} gets {}", media.name),
        None => format!("no Accept gets {}", media.name),
    };
    Some(step("negotiation", text, Vec::new()))
}

/// Which language what is generated has.
fn language(explained: &Explained<'_>) -> Option<Step> {
    let (locale, range) = explained.account.language.as_ref()?;
    let tag = locale.tag();
    let text = match (range, explained.asked.field("accept-language")) {
        (Some(range), Some(field)) => format!("Accept-Language: {field} gets {tag}, by `{range}`"),
        (_, Some(field)) => {
            format!("Accept-Language: {field} names no locale and gets generation.locale, {tag}")
        }
        (_, None) => format!("no Accept-Language gets generation.locale, {tag}"),
    };
    Some(step("language", text, Vec::new()))
}

/// The media type of a reply.
pub(super) fn media<'o>(operation: &'o Operation, reply: &Reply) -> Option<&'o model::MediaType> {
    operation.model().responses.get(reply.response()?)?.1.content.get(reply.media()?)
}

fn validation(explained: &Explained<'_>, operation: &Operation) -> Step {
    let faults = &explained.account.faults;
    let is_fault = faults.iter().any(|fault| fault.severity == Severity::Error);
    let text = match (operation.rules().mode, is_fault) {
        (Mode::Off, _) => "is off; credentials are looked at all the same",
        (Mode::On, true) => "refuses the request",
        (Mode::On, false) => "nothing is wrong with what was judged",
        (Mode::Warn, true) => "only warns of what is wrong",
        (Mode::Warn, false) => "only warns, and has nothing to warn of",
    };
    let details = faults.iter().map(|fault| {
        let place = if fault.location.is_empty() { "request".to_owned() } else { fault.location.join(".") };
        format!("{place}: {} [{}]", fault.message, fault.code)
    });
    step("validation", text.to_owned(), details.collect())
}

fn hooks(name: &'static str, explained: &Explained<'_>, scripts: &[ScriptId]) -> Option<Step> {
    let library = &explained.deployment.behaviours.library;
    let files: Vec<&str> = scripts.iter().map(|script| library.file_of(*script)).collect();
    (!files.is_empty()).then(|| step(name, files.join(", "), Vec::new()))
}

/// Scenarios of states that the request moves on.
fn moves(behaviour: &Behaviour) -> Option<Step> {
    let moves = behaviour.transitions.iter().map(|transition| {
        let from =
            if transition.from.is_empty() { "any state".to_owned() } else { transition.from.join(", ") };
        let when = transition.when.as_ref().map(|when| format!(", when {when}")).unwrap_or_default();
        format!("{}: from {from} to {}{when}", transition.scenario, transition.to)
    });
    let details: Vec<String> = moves.collect();
    (!details.is_empty()).then(|| step("scenarios", "may be moved on".to_owned(), details))
}

/// Where the answer comes from.
fn source(explained: &Explained<'_>) -> String {
    let plan = &explained.deployment.plan;
    match &explained.account.source {
        Source::Own => "the server itself".to_owned(),
        Source::Problem => "a refusal of the server's own".to_owned(),
        Source::Plugin => "a plugin".to_owned(),
        Source::Made => made(explained),
        Source::Document { operation, reply, is_refusal, .. } => {
            let other = (Some(*operation) != explained.account.operation).then(|| {
                format!(", of {}, where scripts led the request", named(plan.operation(*operation).model()))
            });
            let refusal = if *is_refusal { ", which refuses" } else { "" };
            format!("{}{refusal}{}", described(plan.operation(*operation), reply), other.unwrap_or_default())
        }
    }
}

fn described(operation: &Operation, reply: &Reply) -> String {
    let response = reply.response().and_then(|index| operation.model().responses.get(index));
    let Some((key, _)) = response else { return "the document describes no response".to_owned() };
    let status = reply.status().map(|status| format!(" as {status}")).unwrap_or_default();
    let response = format!("response {}{status}", key_text(*key));
    match (media(operation, reply), operation.example_of(reply), operation.generates(reply)) {
        (None, ..) => format!("{response}, without a body"),
        (Some(media), _, Some(true)) => format!("{response}, {}, generated from the schema", media.name),
        (Some(media), Some((_, _, example)), _) => match media.examples.get(usize::from(example)) {
            Some(example) if !example.name.is_empty() => {
                format!("{response}, {}, example `{}`", media.name, example.name)
            }
            _ => format!("{response}, {}, the example", media.name),
        },
        (Some(media), None, _) => format!("{response}, {}", media.name),
    }
}

fn made(explained: &Explained<'_>) -> String {
    let Some(behaviour) = explained.behaviour() else { return "made for this request".to_owned() };
    let or_before = if behaviour.before.is_empty() { "" } else { ", unless a script before it answers" };
    if let Some(handler) = behaviour.handle {
        let file = explained.deployment.behaviours.library.file_of(handler);
        return format!("handler {file}{or_before}");
    }
    let what = match explained.account.pick {
        Some(Pick::Error) => "the error of `responses` that comes now and then".to_owned(),
        Some(Pick::Rule(index)) => match rule(behaviour, index) {
            Some(when) => format!("rule {} of `responses`: {when}", index + 1),
            None => format!("rule {} of `responses`", index + 1),
        },
        Some(Pick::Sequence(index)) => format!("answer {} of the sequence of `responses`", index + 1),
        Some(Pick::Variant(index)) => format!("variant {} of `responses`", index + 1),
        None if !behaviour.examples.is_empty() => "an example of the document that is a template".to_owned(),
        None => "the document's answer, as scripts leave it".to_owned(),
    };
    format!("{what}{or_before}")
}

fn rule(behaviour: &Behaviour, index: usize) -> Option<String> {
    behaviour.responses.as_ref()?.rules.get(index).map(|rule| rule.when.to_string())
}

/// `200`, `4XX`, `default`.
pub(super) fn key_text(key: model::StatusKey) -> String {
    match key {
        model::StatusKey::Code(code) => code.to_string(),
        model::StatusKey::Range(hundreds) => format!("{hundreds}XX"),
        model::StatusKey::Default => "default".to_owned(),
    }
}
